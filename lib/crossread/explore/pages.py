"""The controls and the views of the explorer as HTML, every view with its finding in words."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crossread.errors import CrossreadError
from crossread.explore.export import place_of
from crossread.explore.markup import Safe, element, join
from crossread.explore.model import QUERY, Workbench
from crossread.explore.reading import listing, reading_pane, short_names, turn
from crossread.explore.state import SMOOTHINGS, UNITS, State
from crossread.tables import spoken

MOST_BOXES = 24  # documents that are chosen by boxes; more are found by name
MOST_OFFERED = 12  # of them on a page
MOST_CHOSEN = 1_000
MOST_LANES = 12
MOST_MARKS = 150  # in one lane; more are put together
MOST_BARS = 20
MOST_PAIRS = 15
VIEWS = ("where", "how-much", "with-what")


def _button(words, do: str, value: str = "", id_: str | None = None, **attributes) -> Safe:
    return element("button", words, type="button", data_do=do, data_value=value or None, id=id_, **attributes)


def _number(value: float, unit: str = "per_1000") -> str:
    if not np.isfinite(value):
        return "unknown"
    return f"{100 * value:.0f} %" if unit == "share" else f"{value:.1f}"


def _finding(words: str) -> Safe:
    return element("p", words, class_="finding")


def _table(caption, head, rows, id_: str) -> Safe:
    """A table that announces its headers; the first cell of each row names it."""
    thead = element("thead", element("tr", [element("th", words, scope="col") for words in head]))
    body = [
        element("tr", element("th", row[0], scope="row"), [element("td", cell) for cell in row[1:]]) for row in rows
    ]
    table = element("table", element("caption", caption), thead, element("tbody", body))
    return element("div", table, class_="scroll", tabindex="0", role="region", aria_label=caption, id=id_)


# --- controls -----------------------------------------------------------------------------------------------------


def selection(bench: Workbench, state: State) -> Safe:
    """Return the controls of what is selected."""
    if len(bench.doc_ids) <= MOST_BOXES:
        documents = set(bench.documents(state))
        boxes = [_box("document", doc_id, bench.labels[doc_id], doc_id in documents) for doc_id in bench.doc_ids]
        choice = element("fieldset", element("legend", "Documents"), boxes, data_do="documents")
    else:
        choice = _picker(bench, state)
    keys = [key for key in bench.keys(state) if key != QUERY]
    names = short_names(bench.working_copy(state).keys)
    themes = [_box("key", key, f"{spoken(key)} ({names[key]})", key in keys) for key in names]
    units = [element("option", words, value=unit, selected=unit == state.unit) for unit, words in UNITS.items()]
    widths = [
        element("option", f"{width} tokens" if width else "none", value=width, selected=width == state.smoothing)
        for width in SMOOTHINGS
    ]
    return join(
        [
            choice,
            element("fieldset", element("legend", "Themes"), themes, data_do="keys"),
            element(
                "div",
                element(
                    "div",
                    element("label", "Unit", for_="cr-unit"),
                    element("select", units, id="cr-unit", data_do="unit"),
                ),
                element(
                    "div",
                    element("label", "Smoothing", for_="cr-smoothing"),
                    element("select", widths, id="cr-smoothing", data_do="smoothing"),
                ),
                class_="bar",
            ),
        ]
    )


def offered(bench: Workbench, state: State) -> tuple[list[str], int, int]:
    """Return the documents offered on this page of the choice, how many there are on all, and the page."""
    found = bench.documents_named(state.find)
    if not state.find and state.documents:
        chosen = bench.documents(state)
        found = chosen + [doc_id for doc_id in found if doc_id not in set(chosen)]
    page = min(state.pages[0], max(0, (len(found) - 1) // MOST_OFFERED))
    return found[page * MOST_OFFERED : (page + 1) * MOST_OFFERED], len(found), page


def _picker(bench: Workbench, state: State) -> Safe:
    """A search for documents by their names, and a page of what it finds, to be ticked or read."""
    shown, total, page = offered(bench, state)
    ticked = set(state.documents)
    rows = [
        element(
            "div",
            _box("document", doc_id, bench.labels[doc_id], doc_id in ticked),
            _button("Read", "document", doc_id, f"cr-read-{doc_id}", aria_label=f"Read {bench.labels[doc_id]}"),
            class_="offer",
        )
        for doc_id in shown
    ]
    if state.documents:
        told = f"Documents: {len(state.documents):,} of {len(bench.doc_ids):,} selected"
    else:
        told = f"Documents: all {len(bench.doc_ids):,} selected; tick some to select only these"
    first = page * MOST_OFFERED
    what = f"“{state.find}” is found in {total:,}" if state.find else f"{total:,} documents"
    return join(
        [
            element(
                "form",
                element("label", "Find documents by name, title, author or year", for_="cr-find"),
                element("input", type="search", id="cr-find", name="text", value=state.find, autocomplete="off"),
                element("button", "Find", type="submit"),
                data_do="find",
                class_="bar",
            ),
            element("fieldset", element("legend", told), element("div", rows, class_="offers"), data_do="pick"),
            element(
                "div",
                element(
                    "span", f"{what}; shown {first + 1:,} to {first + len(shown):,}.", id="cr-page-found", tabindex="-1"
                ),
                turn(0, page, total, MOST_OFFERED, "documents"),
                _button(f"Select these {total:,}", "find-all", id_="cr-find-all")
                if state.find and total <= MOST_CHOSEN
                else None,
                _button("Select all documents", "documents-all", id_="cr-all") if state.documents else None,
                class_="bar",
            ),
        ]
    )


def _box(group: str, value: str, words: str, checked: bool) -> Safe:
    name = f"cr-{group}-{value}"
    box = element("input", type="checkbox", id=name, value=value, checked=checked)
    return element("div", box, element("label", words, for_=name), class_="box")


def query_box(bench: Workbench, state: State) -> Safe:
    """Return the form of the query, with the button that takes it into the working copy."""
    keys = [element("option", value=key) for key in bench.working_copy(state).keys]
    add = None
    if state.query:
        add = element(
            "form",
            element("label", "Add it to the theme", for_="cr-add-key"),
            element("input", id="cr-add-key", name="key", list="cr-keys", required=True, autocomplete="off"),
            element("datalist", keys, id="cr-keys"),
            element("label", "Reason", for_="cr-add-reason"),
            element("input", id="cr-add-reason", name="reason", autocomplete="off"),
            element("button", "Add to the working copy", type="submit"),
            data_do="add",
            class_="bar",
        )
    return join(
        [
            element(
                "form",
                element("label", "Any pattern", for_="cr-pattern"),
                element(
                    "input",
                    id="cr-pattern",
                    name="pattern",
                    value=state.query,
                    list="cr-suggestions",
                    autocomplete="off",
                    spellcheck="false",
                    data_suggest=True,
                    aria_describedby="cr-pattern-help",
                ),
                element("datalist", id="cr-suggestions"),
                element("button", "Count", type="submit"),
                _button("Clear", "clear", id_="cr-clear") if state.query else None,
                data_do="query",
                class_="bar",
            ),
            element(
                "p",
                "cost* · fair (share|deal) · pay* ~5 ally|allies · burden ! burden of proof",
                id="cr-pattern-help",
                class_="note",
            ),
            add,
        ]
    )


# --- where --------------------------------------------------------------------------------------------------------


def where(bench: Workbench, state: State) -> Safe:
    """Return a lane for each document and theme, on which every hit is a button that opens its sentence."""
    documents, keys = bench.documents(state), bench.keys(state)
    names = short_names(keys)
    without = bench.without_places(state)
    keys = keys[:-1] if QUERY in without else keys
    counted = bench.hits_per_document(state)
    shown, page, paged = documents, 0, []
    if len(documents) > MOST_LANES:
        numbers = np.flatnonzero(bench.is_chosen(state))
        numbers = numbers[np.argsort(-counted[numbers], kind="stable")]
        page = min(state.pages[1], (len(documents) - 1) // MOST_LANES)
        shown = [bench.doc_ids[number] for number in numbers[page * MOST_LANES :][:MOST_LANES]]
        first = page * MOST_LANES + 1
        told = f"Documents {first:,} to {first + len(shown) - 1:,} of {len(documents):,}, those with most hits first."
        paged = [
            element("span", told, id="cr-page-where", tabindex="-1"),
            *turn(1, page, len(documents), MOST_LANES, "documents"),
        ]
    notes = []
    if QUERY in without:
        notes.append(f"Where “{state.query}” stands is not known without the texts; how much is.")
    if other := [spoken(key) for key in without if key != QUERY]:
        notes.append(f"Of {', '.join(other)} only the published hits have a place; what was added is counted alone.")
    table = bench.where(state, shown)
    groups = dict(list(table.groupby(["doc_id", "key"], sort=False)))
    empty = table.iloc[:0]
    curves, highest = {}, 1e-9
    densest = ("", "", 0)
    if state.smoothing:
        for doc_id in shown:
            for key in keys:
                rows = groups.get((doc_id, key), empty)
                curve = curves[doc_id, key] = bench.curve(rows["position"], doc_id, state.smoothing)
                if curve.max() > highest:
                    highest, densest = curve.max(), (doc_id, key, curve.argmax() / (len(curve) - 1))
    sections = []
    for doc_id in shown:
        lanes = []
        for number, key in enumerate(keys):
            rows = groups.get((doc_id, key), empty)
            lanes.append(_lane(bench, doc_id, key, number, names[key], rows, curves.get((doc_id, key)), highest, state))
        title = element(
            "h3", bench.labels[doc_id], " ", element("small", f"{bench.n_tokens[bench.number_of[doc_id]]:,} tokens")
        )
        sections.append(element("section", title, lanes, aria_label=bench.labels[doc_id], class_="document"))
    legend = ", ".join(f"{names[key]} {spoken(key)}" for key in keys)
    return join(
        [
            _finding(_where_finding(bench, state, counted, densest)),
            element(
                "p",
                f"{legend}. Each document fills the width. Arrow keys move along a line, Enter opens a sentence.",
                class_="note",
            ),
            [element("p", note, class_="note") for note in notes],
            element("div", paged, class_="bar") if paged else None,
            sections,
        ]
    )


def _lane(bench, doc_id, key, number, name, rows, curve, highest, state) -> Safe:
    label = bench.labels[doc_id]
    marks = []
    for place, words, sentence in _marks(rows):
        marks.append(
            element(
                "button",
                type="button",
                class_="mark",
                style=f"left:{100 * place:.2f}%",
                data_do="open",
                data_value=sentence,
                tabindex="0" if not marks else "-1",
                aria_label=f"{spoken(key)}, {words}",
                title=words,
                aria_current="true" if sentence == state.sentence else None,
            )
        )
    line = None
    if curve is not None:
        points = " ".join(f"{300 * i / (len(curve) - 1):.1f},{24 - 22 * y / highest:.1f}" for i, y in enumerate(curve))
        line = Safe(
            '<svg viewBox="0 0 300 25" preserveAspectRatio="none" aria-hidden="true">'
            f'<polyline points="0,25 {points} 300,25"/></svg>'
        )
    return element(
        "div",
        element("span", f"{name} {len(rows)}", class_="name", aria_hidden="true"),
        element(
            "div",
            line,
            marks,
            class_=f"lane k{number % 5}",
            role="group",
            data_lane=True,
            aria_label=f"{label}, {spoken(key)}: {len(rows)} hits",
        ),
        class_="row",
    )


def _marks(rows: pd.DataFrame):
    """Yield place, words and sentence of each mark: one a sentence with hits, or of many hits one a hundredth."""
    marks: dict = {}
    many = len(rows) > MOST_MARKS
    columns = (rows[name].tolist() for name in ("place", "sentence_id", "entry"))
    for place, sentence, entry in zip(*columns, strict=True):
        marks.setdefault(int(place * 100) if many else sentence, []).append((place, sentence, entry))
    for hits in marks.values():
        place, sentence, _ = hits[0]
        alone = all(other == sentence for _, other, _ in hits)
        entries = ", ".join(dict.fromkeys(entry for *_, entry in hits)) if alone else "several sentences"
        entries = entries if len(entries) <= 60 else entries[:59] + "…"
        count = f"{len(hits)} hit{'' if len(hits) == 1 else 's'}"
        yield place, f"sentence {sentence}, at {place:.0%}, {count}: {entries}", sentence


def _where_finding(bench, state, counted, densest) -> str:
    total = int(counted.sum())
    if not total:
        return "No hit of this selection has a known place."
    most = bench.labels[bench.doc_ids[counted.argmax()]]
    documents = len(bench.documents(state))
    words = f"{total:,} hits in {documents:,} documents, most in {most} ({counted.max():,})."
    if densest[0]:
        among = ", of the lines shown," if documents > MOST_LANES else ""
        words += (
            f" They stand closest{among} where {bench.labels[densest[0]]} speaks of {spoken(densest[1])}, "
            f"at {100 * densest[2]:.0f} % of its length."
        )
    return words


# --- how much -----------------------------------------------------------------------------------------------------


def how_much(bench: Workbench, state: State) -> Safe:
    """Return the rates with their limits and verdicts, one table a theme; a bar lists the sentences counted in it."""
    table = bench.how_much(state)
    value, low, high = ("per_1000", "low", "high") if state.unit == "per_1000" else ("share", "share_low", "share_high")
    present = table[table["count"] > 0]
    widest = float(np.nanmax(present[high])) if len(present) and present[high].notna().any() else 1.0
    parts = []
    total = len(bench.documents(state))
    page = min(state.pages[2], (total - 1) // MOST_BARS)
    first = page * MOST_BARS
    for number, (key, rows) in enumerate(table.groupby("key", sort=False)):
        shown = rows
        if total > MOST_BARS:
            shown = rows.sort_values(value, ascending=False, kind="stable")[first : first + MOST_BARS]
        cells = []
        for row in shown.itertuples():
            estimate, lower, upper = getattr(row, value), getattr(row, low), getattr(row, high)
            label = bench.labels[row.doc_id]
            count = row.count if state.unit == "per_1000" else row.sentences_with_hit
            bar = element(
                "button",
                _bar(estimate, lower, upper, widest, number),
                type="button",
                class_="bar-button",
                data_do="list",
                data_value=f"{row.doc_id}|{key}",
                id=f"cr-bar-{row.doc_id}-{key}",
                aria_label=f"List the hits of {spoken(key)} in {label}",
            )
            cells.append(
                (
                    label,
                    bar,
                    f"{count:,.0f}" if np.isfinite(count) else "unknown",
                    _two_lines(
                        _number(estimate, state.unit),
                        f"{_number(lower, state.unit)} to {_number(upper, state.unit)}",
                    ),
                    row.verdict,
                )
            )
        more = f", {first + 1:,} to {first + len(shown):,} of {total:,}, the highest first" if total > MOST_BARS else ""
        caption = f"{spoken(key) if key != QUERY else f'query “{state.query}”'}: {UNITS[state.unit]}{more}"
        counted = "Hits" if state.unit == "per_1000" else "Sentences"
        rate = "Rate" if state.unit == "per_1000" else "Share"
        head = ("Document", "Chart", counted, f"{rate}, 95 % limits", "Verdict")
        parts.append(_finding(_rate_finding(bench, state, rows, key, value, low, high)))
        parts.append(_table(caption, head, cells, f"cr-rates-{key}"))
    if total > MOST_BARS:
        told = element(
            "span", f"Page {page + 1:,} of {-(-total // MOST_BARS):,}.", id="cr-page-how-much", tabindex="-1"
        )
        parts.insert(0, element("div", told, turn(2, page, total, MOST_BARS, "documents"), class_="bar"))
    if without := [spoken(key) if key != QUERY else f"“{state.query}”" for key in bench.without_places(state)]:
        parts.append(
            element(
                "p",
                f"Without the texts {', '.join(without)} is counted by passage: the limits rest on passages, and "
                "shares of sentences, places, neighbours and scores are not known.",
                class_="note",
            )
        )
    parts.append(_validated(bench, state))
    return join(parts)


def _bar(estimate, low, high, widest: float, number: int) -> Safe:
    if not np.isfinite(estimate):
        return Safe('<svg viewBox="0 0 200 18" aria-hidden="true"></svg>')
    x, a, b = (min(1.0, v / widest) * 196 + 2 for v in (estimate, low, high))
    cap = "" if high > widest else f'<path d="M{b:.1f} 5V13"/>'
    return Safe(
        f'<svg viewBox="0 0 200 18" preserveAspectRatio="none" aria-hidden="true" class="k{number % 5}">'
        f'<rect x="2" y="4" width="{max(0.0, x - 2):.1f}" height="10"/>'
        f'<path d="M{a:.1f} 9H{b:.1f}M{a:.1f} 5V13"/>{cap}</svg>'
    )


def _rate_finding(bench, state, rows, key, value, low, high) -> str:
    name = spoken(key) if key != QUERY else f"“{state.query}”"
    if not rows[value].notna().any():
        return f"{name}: sentences cannot be told without the texts; hits per 1,000 tokens can."
    if not (rows["count"] > 0).any():
        allowed = _number(rows[high].min(), state.unit)
        return f"{name}: not found in any of these documents; the longest silence allows {allowed} at most."
    said = []
    for row, words in ((rows.loc[rows[value].idxmax()], "most often in"), (rows.loc[rows[value].idxmin()], "least in")):
        limits = f"{_number(row[low], state.unit)} to {_number(row[high], state.unit)}"
        said.append(f"{words} {bench.labels[row['doc_id']]} ({_number(row[value], state.unit)}; {limits})")
    return f"{name}: {said[0]}" + (f", {said[1]}." if len(rows) > 1 else ".")


def _validated(bench: Workbench, state: State) -> Safe:
    if bench.codes is None:
        return element("p", "This lexicon is not validated here: there are no codes.", class_="note")
    known = [spoken(key) for key in bench.keys(state) if key in bench.codes]
    missing = [spoken(key) for key in bench.keys(state) if key not in bench.codes]
    words = f"Scored against codes under Working copy: {', '.join(known)}. " if known else ""
    words += f"Not validated here: {', '.join(missing)}." if missing else ""
    return element("p", words, class_="note")


def contrasts(bench: Workbench, state: State) -> Safe:
    """Return the pairs of documents compared, those that differ first; only when asked for."""
    box = element("input", type="checkbox", id="cr-compare", checked=state.compare, data_do="compare", value="yes")
    choice = element("div", box, element("label", "Compare the documents in pairs", for_="cr-compare"), class_="box")
    if not state.compare:
        return choice
    try:
        table = bench.contrasts(state)
    except CrossreadError as error:
        return join([choice, element("p", str(error), class_="note")])
    rank = table["verdict"].map({"supported": 0, "not distinguishable": 1}).fillna(2)
    order = np.lexsort((-table["difference"].abs(), rank))
    supported = int((table["verdict"] == "supported").sum())
    finding = f"{supported} of {len(table)} comparisons are supported (Holm over all of them)."
    unit = state.unit
    rows = [
        (
            _two_lines(spoken(row.key), f"{bench.labels[row.doc_a]} less {bench.labels[row.doc_b]}"),
            _two_lines(_signed(row.difference, unit), f"{_signed(row.low, unit)} to {_signed(row.high, unit)}"),
            _two_lines(row.verdict, f"p {row.p_adjusted:.3f}"),
        )
        for row in table.iloc[order].head(MOST_PAIRS).itertuples()
    ]
    more = f", the first {MOST_PAIRS} of {len(table)}" if len(table) > MOST_PAIRS else ""
    head = ("Theme, documents", "Difference, 95 % limits", "Verdict, p (Holm)")
    caption = f"differences in {UNITS[unit]}{more}"
    return join([choice, _finding(finding), _table(caption, head, rows, "cr-contrasts")])


def _two_lines(first: str, second: str) -> Safe:
    """A number with what belongs to it beneath, so that tables fit into narrow windows."""
    return join([first, element("br"), element("small", second)])


def _signed(value: float, unit: str) -> str:
    if not np.isfinite(value):
        return "unknown"
    return f"{100 * value:+.0f} %" if unit == "share" else f"{value:+.1f}"


# --- with what ----------------------------------------------------------------------------------------------------


def with_what(bench: Workbench, state: State) -> Safe:
    """Return the words and the actors that stand with each theme, and the actors named together."""
    parts = []
    left = [spoken(key) if key != QUERY else f"“{state.query}”" for key in bench.without_places(state)]
    if left and not bench.corpus.attached:
        words = f"What stands with {', '.join(left)} is not known without the texts."
        parts.append(element("p", words, class_="note"))
    parts += _guarded(lambda: _company(bench.with_words(state), "term", "words within five tokens", "word"))
    parts += _guarded(lambda: _company(bench.with_actors(state), "actor", "actors in the same sentence", "actor"))
    parts += _guarded(lambda: _ties(bench, state))
    return join(parts)


def _guarded(make) -> list[Safe]:
    try:
        return [make()]
    except CrossreadError as error:
        return [element("p", str(error), class_="note")]


def _company(table, column: str, what: str, one: str) -> Safe:
    asked, clear = len(table), table[table["low"] > 1]
    if len(clear):
        first = clear.loc[clear["ratio"].idxmax()]
        finding = (
            f"With {spoken(first['key'])}, “{spoken(first[column])}” stands {first['ratio']:.1f} times as often as "
            "by chance "
            f"({first['low']:.1f} to {first['high']:.1f})."
        )
    else:
        finding = f"No {one} stands clearly more often with one of these themes than by chance."
    count = "sentences" if column == "actor" else "count"
    rows = [
        (
            _two_lines(spoken(row[column]), spoken(row["key"])),
            _two_lines(f"{row[count]:,}", f"{row['expected']:.1f}"),
            _two_lines(f"{row['ratio']:.1f}", f"{row['low']:.1f} to {row['high']:.1f}"),
        )
        for _, row in clear.iterrows()
    ]
    if not rows:
        return _finding(finding)
    head = (f"{one.capitalize()}, theme", "Found, by chance", "Times, 95 % limits")
    caption = f"{what}, three times or more, with limits above chance: {len(rows)} of the {asked} most likely"
    return join([_finding(finding), _table(caption, head, rows, f"cr-with-{column}")])


def _ties(bench, state) -> Safe:
    table = bench.ties(state)
    if table.empty:
        return _finding("No two actors are named together in two sentences of these documents.")
    first = table.iloc[0]
    finding = (
        f"Most often together: {spoken(first['actor_a'])} and {spoken(first['actor_b'])}, "
        f"in {first['sentences']} sentences; "
        + ("chance alone explains it." if first["explained"] else "more than chance explains.")
    )
    rows = [
        (
            f"{spoken(row.actor_a)} and {spoken(row.actor_b)}",
            _two_lines(f"{row.sentences}", f"{row.expected:.1f}"),
            _two_lines(f"{row.npmi:.2f}", f"{row.low:.2f} to {row.high:.2f}"),
            "yes" if row.explained else "no",
        )
        for row in table.itertuples()
    ]
    head = ("Actors", "Sentences, by chance", "NPMI, 95 % limits", "Chance explains it")
    return join([_finding(finding), _table("actors named in one sentence", head, rows, "cr-ties")])


# --- the working copy, files, and the whole page ------------------------------------------------------------------


def working(bench: Workbench, state: State) -> Safe:
    """Return what the working copy of the lexicon changes, or the scores of the lexicon as it is."""
    remove = element(
        "form",
        element("label", "Leave out the entry", for_="cr-remove"),
        element(
            "select",
            [
                element("option", _short(f"{spoken(e.key)}: {e.text}"), value=f"{e.key}|{e.text}")
                for e in bench.working_copy(state)
            ],
            id="cr-remove",
            name="entry",
        ),
        element("button", "Leave out", type="submit"),
        data_do="remove",
        class_="bar",
    )
    if not state.edits:
        return join([element("p", "No entry was added or left out.", class_="note"), remove])
    effect = bench.effect(state)
    changes = [
        element(
            "li",
            f"{'added to' if e.do == 'add' else 'left out of'} {spoken(e.key)}: {e.entry}",
            " ",
            _button("Undo", "undo", str(number), f"cr-undo-{number}", aria_label=f"Undo: {e.entry}"),
        )
        for number, e in enumerate(state.edits)
    ]
    rates = [
        (
            bench.labels[row.doc_id],
            spoken(row.key),
            _change(row.count_before, row.count, "{:,.0f}"),
            _change(row.per_1000_before, row.per_1000, "{:.1f}"),
            f"{row.low:.1f} to {row.high:.1f}",
        )
        for row in effect["rates"].head(60).itertuples()
    ]
    scores = [
        (
            _two_lines(spoken(row.key), f"{row.n_coded:,} sentences coded"),
            _change(row.precision_before, row.precision, "{:.2f}"),
            _change(row.recall_before, row.recall, "{:.2f}"),
            _change(row.f1_before, row.f1, "{:.2f}"),
        )
        for row in effect["validation"].itertuples()
    ]
    verdicts = [
        (
            _two_lines(spoken(row.key), f"{bench.labels[row.doc_a]} less {bench.labels[row.doc_b]}"),
            row.verdict_before,
            row.verdict,
        )
        for row in effect["contrasts"].itertuples()
    ]
    changed = int((effect["rates"]["count"] != effect["rates"]["count_before"]).sum())
    finding = (
        f"The working copy changes {changed} of {len(effect['rates'])} counts "
        f"and {len(verdicts)} verdicts of contrasts."
    )
    parts = [
        _finding(finding),
        element("ul", changes),
        remove,
        _table(
            "rates before and after",
            ("Document", "Theme", "Hits", "Per 1,000 tokens", "95 % limits now"),
            rates,
            "cr-effect",
        ),
        _table(
            "scores against the codes, before and after; not validated here where empty",
            ("Theme", "Precision", "Recall", "F1"),
            scores,
            "cr-scores",
        ),
    ]
    if verdicts:
        head = ("Theme, documents", "Verdict before", "Verdict now")
        parts.append(_table("contrasts that change their verdict", head, verdicts, "cr-verdicts"))
    parts.append(
        element(
            "details",
            element("summary", "What changes in the file"),
            element("pre", effect["diff"], tabindex="0", aria_label="Changes of the lexicon"),
        )
    )
    parts.append(
        element(
            "div", _button("Save the working copy and its changes", "save-lexicon", id_="cr-save-lexicon"), class_="bar"
        )
    )
    return join(parts)


def _short(text: str, most: int = 80) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _change(before: float, now: float, form: str) -> str:
    told = [form.format(value) if np.isfinite(value) else "—" for value in (before, now)]
    return told[1] if told[0] == told[1] else f"{told[0]} → {told[1]}"


def files(bench: Workbench, state: State, saved: list[str]) -> Safe:
    """Return the controls that save, open and export."""
    options = [element("option", name, value=name) for name in saved]
    exports = [(view, view.replace("-", " ")) for view in VIEWS]
    return join(
        [
            element(
                "form",
                element("label", "Name", for_="cr-save-name"),
                element("input", id="cr-save-name", name="name", value="analysis", autocomplete="off"),
                element("button", "Save this analysis", type="submit"),
                data_do="save",
                class_="bar",
            ),
            element(
                "form",
                element("label", "Saved", for_="cr-open-name"),
                element("select", options, id="cr-open-name", name="name"),
                element("button", "Open", type="submit"),
                data_do="reopen",
                class_="bar",
            )
            if saved
            else None,
            element(
                "form",
                element("label", "This analysis as JSON; paste another to open it", for_="cr-json"),
                element("textarea", state.to_json(), id="cr-json", name="json", rows="3", spellcheck="false"),
                element("button", "Open this JSON", type="submit"),
                data_do="reopen-json",
            ),
            element(
                "p",
                "The address of this page holds this analysis too: copy it, and it opens again as it is now.",
                class_="note in-address",
            ),
            element(
                "p",
                "In JupyterLab the address is JupyterLab's own. To share this analysis, hand on the JSON above, or its "
                "file. This line opens it in any notebook; the page of “python3 run.py explore” opens it when the JSON "
                "follows a # in its address:",
                class_="note in-notebook",
            ),
            element(
                "pre",
                f"explorer({place_of(bench.corpus)!r}, {state.to_json()!r})",
                tabindex="0",
                aria_label="Line of code that opens this analysis",
                id="cr-code",
            ),
            element(
                "form",
                element("label", "View", for_="cr-export-view"),
                element(
                    "select",
                    [element("option", words, value=view) for view, words in exports],
                    id="cr-export-view",
                    name="view",
                ),
                element("button", "Export this view", type="submit"),
                data_do="export",
                class_="bar",
            ),
        ]
    )


def frame() -> Safe:
    """Return the page without its contents: headings, and a place for each region."""

    def view(name: str, title: str, *extra) -> Safe:
        return element(
            "section",
            element("h2", title, id=f"cr-title-{name}"),
            extra,
            element("div", id=f"cr-{name}"),
            aria_labelledby=f"cr-title-{name}",
            class_="view",
        )

    return join(
        [
            element("p", id="cr-status", role="status", aria_live="polite"),
            element("div", view("selection", "Selection"), view("query", "Query"), class_="controls"),
            element(
                "div",
                element("div", view("where", "Where"), class_="first"),
                element("div", view("read", "Read"), view("list", "Sentences"), class_="reading"),
                element(
                    "div",
                    view("how-much", "How much"),
                    element("div", id="cr-contrasts-view", class_="view"),
                    view("with-what", "With what"),
                    class_="second",
                ),
                class_="views",
            ),
            view("working", "Working copy of the lexicon"),
            view("files", "Save, share, export"),
        ]
    )


QUICK = {
    "selection": selection,
    "query": query_box,
    "where": where,
    "how-much": how_much,
    "read": reading_pane,
    "list": listing,
}
SLOW = {"contrasts-view": contrasts, "with-what": with_what, "working": working}
