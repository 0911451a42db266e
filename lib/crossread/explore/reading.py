"""The reading pane and the list beside it, as HTML: the text with every hit marked, and each hit in its line."""

from __future__ import annotations

import pandas as pd

from crossread.explore.markup import Safe, element, join
from crossread.explore.model import MOST_SORTED, Workbench
from crossread.explore.state import PAGED, State
from crossread.tables import spoken
from crossread.tokens import fold, token_pattern

PAGE = 150  # sentences of a long document shown at once
MOST_LISTED = 100  # lines on a page of the list
MOST_OFFERED = 300  # documents in the list beside the text; more are opened where they are chosen
ATTACH = (
    "The texts of “{name}” are not here; attached with “crossread attach FOLDER”, this pane shows them with every hit "
    "marked, and each line of the list opens its sentence."
)


def short_names(keys) -> dict[str, str]:
    """Return for each key its initials, made different by a number where two agree.

    Examples
    --------
    >>> short_names(["burden_sharing", "china_rise", "bad_signs", "query"])
    {'burden_sharing': 'BS', 'china_rise': 'CR', 'bad_signs': 'BS2', 'query': 'Q'}
    """
    names: dict[str, str] = {}
    for key in keys:
        initials = "".join(part[0] for part in key.replace(".", "_").split("_") if part).upper()
        name, number = initials, 2
        while name in names.values():
            name, number = f"{initials}{number}", number + 1
        names[key] = name
    return names


def mark_sentence(text: str, n_tokens: int, spans, places: dict[str, int], names: dict[str, str]) -> Safe:
    """Return a sentence with its hits marked.

    Parameters
    ----------
    text : str
        The sentence.
    n_tokens : int
        How many tokens it was counted to have.
    spans : list of (start, end, key, entry)
        Hits, in tokens of the sentence.
    places : dict
        The number of each key, for its look.
    names : dict
        The initials of each key.

    Examples
    --------
    >>> mark_sentence("Costs < rise.", 2, [(0, 1, "cost", "cost*")], {"cost": 0}, {"cost": "C"})
    '<mark class="k0">Costs<sup><abbr title="cost: cost*">C</abbr></sup></mark> &lt; rise.'
    """
    if not spans:
        return join([text])
    words = [match.span() for match in token_pattern().finditer(text) if fold(match.group())]
    if len(words) != n_tokens:  # tokenised otherwise than it reads: the whole sentence is the mark
        spans, words = [(0, 1, key, entry) for _, _, key, entry in spans], [(0, len(text))]
    bounds = sorted({0, len(text), *(words[a][0] for a, *_ in spans), *(words[b - 1][1] for _, b, *_ in spans)})
    pieces = []
    for start, end in zip(bounds, bounds[1:], strict=False):
        inside = [hit for hit in spans if words[hit[0]][0] <= start and end <= words[hit[1] - 1][1]]
        if not inside:
            pieces.append(text[start:end])
            continue
        keys = dict.fromkeys(sorted((hit[2] for hit in inside), key=places.__getitem__))
        ending = [hit for hit in inside if words[hit[1] - 1][1] == end]
        tags = [element("abbr", names[key], title=f"{spoken(key)}: {entry}") for _, _, key, entry in ending]
        look = " ".join(f"k{places[key] % 5}" for key in keys)
        pieces.append(element("mark", text[start:end], element("sup", tags) if tags else None, class_=look))
    return join(pieces)


def reading_pane(bench: Workbench, state: State) -> Safe:
    """Return the pane: which document and sentence is open, and the text around it with its hits marked."""
    if not bench.corpus.attached:
        return element("p", ATTACH.format(name=bench.corpus.name), class_="note")
    document = state.document or bench.documents(state)[0]
    rows = bench.sentences_of([document])
    keys = bench.keys(state)
    places, names = {key: number for number, key in enumerate(keys)}, short_names(keys)
    hits = _hits_by_sentence(bench, state, document)
    text = rows[rows["kind"] != "note"]
    notes = rows[rows["kind"] == "note"]
    first = 0
    if len(text) > PAGE:
        here = text.index.get_loc(state.sentence) if state.sentence in text.index else 0
        first = max(0, min(here - PAGE // 3, len(text) - PAGE))
    shown = text.iloc[first : first + PAGE]
    blocks = []
    for (kind, _), group in shown.groupby([shown["kind"], shown["paragraph"]], sort=False):
        inner = [_sentence(row, hits, places, names, state.sentence) for row in group.itertuples()]
        blocks.append(element("h3" if kind == "heading" else "p", _spaced(inner)))
    if len(notes):
        items = [element("p", _sentence(row, hits, places, names, state.sentence)) for row in notes.itertuples()]
        blocks.append(element("aside", element("h3", "Notes (not counted)"), items, aria_label="Notes"))
    return join(
        [
            _toolbar(bench, state, document, rows),
            _more(text, first, "before"),
            element(
                "div",
                blocks,
                id="cr-text",
                class_="text",
                tabindex="0",
                role="region",
                aria_label=f"Text of {bench.labels[document]}",
            ),
            _more(text, first, "after"),
        ]
    )


def _hits_by_sentence(bench: Workbench, state: State, document: str) -> dict[str, list]:
    hits = bench.as_table(bench.hits_to_mark(state, document))
    store = bench.corpus.tokens
    offset = int(store.document_pointers[bench.number_of[document]])
    found: dict[str, list] = {}
    for hit in hits.itertuples():
        first = int(store.sentence_pointers[hit.row]) - offset
        span = (int(hit.start_token) - first, int(hit.end_token) - first, hit.key, hit.entry)
        found.setdefault(hit.sentence_id, []).append(span)
    return found


def _sentence(row, hits, places, names, open_sentence: str) -> Safe:
    is_open = row.Index == open_sentence
    marked = mark_sentence(row.text, row.n_tokens, hits.get(row.Index, ()), places, names)
    return element(
        "span",
        marked,
        id=f"s-{row.Index}",
        class_="sentence" + (" open" if is_open else ""),
        tabindex="-1",
        aria_current="true" if is_open else None,
    )


def _spaced(items):
    return [piece for item in items for piece in (item, " ")][:-1]


def _more(text: pd.DataFrame, first: int, side: str) -> Safe | None:
    left = first if side == "before" else len(text) - first - PAGE
    if left <= 0:
        return None
    target = text.index[max(0, first - PAGE // 2) if side == "before" else min(len(text) - 1, first + PAGE + PAGE // 3)]
    words = f"{left:,} more sentences {side} these"
    return element("button", words, type="button", data_do="open", data_value=target, id=f"cr-{side}")


def _toolbar(bench: Workbench, state: State, document: str, rows: pd.DataFrame) -> Safe:
    about = bench.corpus.documents.loc[document]
    title = str(about.get("title") or "") or bench.labels[document]
    told = [element("strong", title)]
    if state.sentence in rows.index:
        row = rows.loc[state.sentence]
        digest = str(about["sha256"])[:12]
        told.append(
            f" — sentence {state.sentence}, characters {row['start']:,} to {row['end']:,} "
            f"of the source (sha256 {digest}…)"
        )
    chooser = None
    offered = bench.doc_ids if len(bench.doc_ids) <= MOST_OFFERED else bench.documents(state)
    if len(offered) <= MOST_OFFERED:
        offered = offered if document in offered else [document, *offered]
        options = [
            element("option", bench.labels[doc_id], value=doc_id, selected=doc_id == document) for doc_id in offered
        ]
        chooser = [
            element("label", "Document", for_="cr-document"),
            element("select", options, id="cr-document", data_do="document"),
        ]
    buttons = [
        element("button", "← Previous hit", type="button", id="cr-previous", data_do="step", data_value="back"),
        element("button", "Next hit →", type="button", id="cr-next", data_do="step", data_value="on"),
    ]
    return join([element("div", chooser, buttons, class_="bar"), element("p", told, class_="note")])


def listing(bench: Workbench, state: State) -> Safe:
    """Return the concordance as a table whose lines open their sentence and whose headers sort it."""
    total = len(bench.listed_hits(state))
    keys = bench.keys(state)
    names = short_names(keys)
    doc_id, key = state.listed
    what = " and ".join(filter(None, [spoken(key) if key else "", bench.labels.get(doc_id, "")])) or "the selection"
    without = [spoken(k) for k in bench.without_places(state) if not key or k == key]
    note = f"Hits counted by passage only, of {', '.join(without)}, cannot be listed without the texts."
    note = element("p", note, class_="note") if without else None
    if not total:
        return join([element("p", f"No hit of {what} to list.", class_="note"), note])
    within = min(total, MOST_SORTED) if bench.corpus.attached and state.sort != "position" else total
    page = min(state.pages[3], (within - 1) // MOST_LISTED)
    table = bench.listing(state, page * MOST_LISTED, MOST_LISTED)
    shown = f"{total:,} hit{'' if total == 1 else 's'} of {what}"
    if len(table) < total:
        shown += f", {page * MOST_LISTED + 1:,} to {page * MOST_LISTED + len(table):,} shown"
    if within < total:
        shown += f"; sorted are the first {within:,} in the order of the texts"
    bar = [
        element("button", "Save the list as CSV", type="button", id="cr-list-save", data_do="save-list"),
        element("button", "List the whole selection", type="button", id="cr-list-all", data_do="list")
        if doc_id or key
        else None,
    ]
    attached = bench.corpus.attached
    head = [
        _header(state, name, words, attached)
        for name, words in (("position", "Place"), ("left", "Before"), ("match", "Hit"), ("right", "After"))
    ]
    if not attached:
        head = [element("th", words, scope="col") for words in ("Place", "Entry")]
    body = []
    for row in table.itertuples():
        place = f"{bench.labels[row.doc_id]}, {row.sentence_id.rsplit('-', 1)[-1].lstrip('0') or '0'}"
        if attached:
            place = element("button", place, type="button", data_do="open", data_value=row.sentence_id, class_="link")
        tag = element("abbr", names[row.key], title=f"{spoken(row.key)}: {row.entry}")
        cells = (
            [
                element("td", row.left, class_="left"),
                element("td", row.match, " ", element("sup", tag)),
                element("td", row.right),
            ]
            if attached
            else [element("td", row.entry, " ", element("sup", tag), class_="entry")]
        )
        body.append(element("tr", element("th", place, scope="row"), cells))
    caption = element("caption", shown)
    table = element("table", caption, element("thead", element("tr", head)), element("tbody", body), class_="lines")
    return join(
        [
            element("div", bar, turn(3, page, within, MOST_LISTED, "lines"), class_="bar"),
            note,
            element(
                "div", table, class_="scroll", tabindex="0", role="region", aria_label="List of hits", id="cr-lines"
            ),
        ]
    )


def turn(which: int, page: int, total: int, size: int, what: str) -> list[Safe]:
    """Return the buttons that turn over one of the lists, none where all of it is shown."""
    buttons = []
    for step, words in ((-1, f"← {size} {what} before"), (1, f"{size} {what} more →")):
        if 0 <= page + step and (page + step) * size < total:
            value = f"{PAGED[which]}|{page + step}"
            name = f"cr-turn-{PAGED[which]}-{'on' if step > 0 else 'back'}"
            buttons.append(element("button", words, type="button", data_do="turn", data_value=value, id=name))
    return buttons


def _header(state: State, name: str, words: str, sortable: bool) -> Safe:
    order = "ascending" if state.sort == name else None
    button = element("button", words, type="button", id=f"cr-sort-{name}", data_do="sort", data_value=name)
    return element("th", button if sortable else words, scope="col", aria_sort=order)
