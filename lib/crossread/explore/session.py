"""What happens on the page, answered: each event changes the state, and the regions that differ are sent back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from crossread import figures
from crossread.errors import CrossreadError
from crossread.explore import pages
from crossread.explore.export import export_view
from crossread.explore.model import Workbench
from crossread.explore.reading import ATTACH
from crossread.explore.state import PAGED, Edit, State, read_state
from crossread.explore.working import working_diff, working_text

MOST_SAVED = 20_000  # lines of a list saved as CSV


class Session:
    """One reader's analysis. It knows no widget: events come in as dicts, messages go out as dicts.

    Parameters
    ----------
    bench : Workbench
    state : State, optional
        Where to begin.
    folder : path, optional
        Where analyses, working copies and exports are saved; figures/mine unless said otherwise.

    Examples
    --------
    >>> from crossread import from_texts
    >>> from crossread.lexicon import make_lexicon
    >>> bench = Workbench(from_texts({"a": "Costs rise."}), make_lexicon("demo", {"cost": ["costs"]}))
    >>> session = Session(bench)
    >>> messages = list(session.handle({"do": "unit", "value": "share"}))
    >>> session.state.unit, "how-much" in messages[0]["regions"]
    ('share', True)
    """

    def __init__(self, bench: Workbench, state: State | None = None, folder: Path | str | None = None):
        self.bench = bench
        self.state = bench.check(state or State()).change(corpus=bench.corpus.name)
        self.folder = Path(folder) if folder is not None else figures.folder()
        self._shown: dict[str, str] = {}

    def handle(self, event: dict) -> Iterator[dict]:
        """Answer one event: first the quick regions that changed, then the slower ones."""
        do = str(event.get("do", ""))
        answer = getattr(self, "_do_" + do.replace("-", "_"), None)
        if answer is None:
            return
        before = self.state
        try:
            message = answer(event) or {}
            self.bench.check(self.state)
        except (CrossreadError, OSError) as error:
            self.state = before
            yield {"status": str(error), "error": True, "done": event.get("asked")}
            return
        if do == "suggest":
            yield message
            return
        late = {name: message.pop(name) for name in ("show", "focus") if name in message}
        regions = message.pop("regions", {}) | self._changed(pages.QUICK)
        yield {**message, "regions": regions, "state": self.state.to_json(), **late}
        yield {"regions": self._changed(pages.SLOW) | self._files(), "done": event.get("asked")}

    def _changed(self, makers: dict) -> dict[str, str]:
        return self._new({name: make(self.bench, self.state) for name, make in makers.items()})

    def _files(self) -> dict[str, str]:
        saved = sorted(path.stem for path in self.folder.glob("*.analysis.json"))
        return self._new(
            {"files": pages.files(self.bench, self.state, [name.removesuffix(".analysis") for name in saved])}
        )

    def _new(self, regions: dict) -> dict[str, str]:
        different = {name: str(html) for name, html in regions.items() if self._shown.get(name) != html}
        self._shown.update(different)
        return different

    def _change(self, **changes) -> None:
        # what is turned over page by page begins anew where it is another list
        first = [0] if "find" in changes else []
        if changes.keys() & {"documents", "keys", "query", "edits", "unit"}:
            first += [1, 2, 3]
        if changes.keys() & {"listed", "sort"}:
            first += [3]
        pages = tuple(0 if place in first else number for place, number in enumerate(self.state.pages))
        self.state = self.state.change(**{"pages": pages} | changes)

    # --- events ---------------------------------------------------------------------------------------------------

    def _do_hello(self, event):
        self._shown = {}
        message = {"status": f"“{self.bench.corpus.name}” is open: {len(self.bench.doc_ids):,} documents."}
        if event.get("value"):
            try:
                self.state = self.bench.check(read_state(event["value"])).change(corpus=self.bench.corpus.name)
            except CrossreadError as error:
                message = {"status": str(error), "error": True}
        self._shown["frame"] = ""
        regions = {"frame": str(pages.frame())}
        return message | {"regions": regions}

    def _do_documents(self, event):
        chosen = tuple(doc_id for doc_id in self.bench.doc_ids if doc_id in set(event["value"]))
        if not chosen:
            raise CrossreadError("At least one document stays selected.")
        self._change(documents=() if len(chosen) == len(self.bench.doc_ids) else chosen, listed=("", ""))
        return {"status": f"{len(chosen)} documents selected."}

    def _do_documents_all(self, event):
        self._change(documents=(), listed=("", ""))
        return {"status": f"All {len(self.bench.doc_ids):,} documents selected."}

    def _do_find(self, event):
        text = " ".join(str(event.get("text", "")).split())
        found = self.bench.documents_named(text)
        if not found:
            raise CrossreadError(f"“{text}” is in the name, title, authors or year of no document.")
        self._change(find=text)
        told = f"{len(found):,} documents found; tick those to read." if text else "All documents are offered again."
        return {"status": told}

    def _do_pick(self, event):
        shown, _, _ = pages.offered(self.bench, self.state)
        ticked, kept = set(event["value"]), set(self.state.documents) - set(shown)
        return self._choose([doc_id for doc_id in self.bench.doc_ids if doc_id in kept or doc_id in ticked])

    def _do_find_all(self, event):
        return self._choose(self.bench.documents_named(self.state.find))

    def _choose(self, chosen):
        if len(chosen) > pages.MOST_CHOSEN:
            raise CrossreadError(
                f"These are {len(chosen):,} documents; choose at most {pages.MOST_CHOSEN:,}, or all of them."
            )
        self._change(documents=tuple(chosen), listed=("", ""))
        if not chosen:
            return {"status": f"None is ticked: all {len(self.bench.doc_ids):,} documents selected."}
        return {"status": f"{len(chosen):,} document{'' if len(chosen) == 1 else 's'} selected."}

    def _do_turn(self, event):
        name, _, number = str(event["value"]).partition("|")
        if name not in PAGED or not number.isdecimal():
            raise CrossreadError(f"There is no page “{event['value']}”.")
        turned = list(self.state.pages)
        turned[PAGED.index(name)] = int(number)
        self._change(pages=tuple(turned))
        return {"status": f"Page {int(number) + 1:,}.", "focus": f"cr-page-{name}"}

    def _do_keys(self, event):
        known = self.bench.working_copy(self.state).keys
        chosen = tuple(key for key in known if key in set(event["value"]))
        if not chosen:
            raise CrossreadError("At least one theme stays selected.")
        self._change(keys=() if len(chosen) == len(known) else chosen, listed=("", ""))
        return {"status": f"{len(chosen)} themes selected."}

    def _do_unit(self, event):
        self._change(unit=event["value"])
        return {"status": f"Shown: {pages.UNITS[self.state.unit]}."}

    def _do_smoothing(self, event):
        if not str(event["value"]).isdecimal():
            raise CrossreadError(f"A smoothing is a number of tokens, not “{event['value']}”.")
        self._change(smoothing=int(event["value"]))
        return {"status": "Smoothing changed."}

    def _do_compare(self, event):
        self._change(compare=bool(event["value"]))
        return {"status": "Documents are compared in pairs." if self.state.compare else "Documents are not compared."}

    def _do_sort(self, event):
        self._change(sort=event["value"])
        return {"status": f"Sorted by {self.state.sort}."}

    def _do_document(self, event):
        self._change(document=event["value"], sentence="")
        self.bench.check(self.state)
        return {"status": f"{self.bench.labels[event['value']]} is open."}

    def _do_open(self, event, show="focus"):
        sentence = str(event["value"])
        self._change(sentence=sentence)
        self.bench.check(self.state)
        document = self.bench.corpus.sentences.loc[sentence, "doc_id"]
        self._change(document=document)
        if not self.bench.corpus.attached:
            return {"status": f"Sentence {sentence}. {ATTACH.format(name=self.bench.corpus.name)}"}
        return {"status": f"Sentence {sentence} of {self.bench.labels[document]} is open.", "show": show}

    def _do_step(self, event):
        sentence = self.bench.step(self.state, forward=event["value"] != "back")
        if not sentence:
            raise CrossreadError("There is no hit of this selection to go to.")
        return self._do_open({"value": sentence}, show=event.get("focus") and "focus" or "scroll")

    def _do_list(self, event):
        doc_id, _, key = str(event["value"]).partition("|")
        self._change(listed=(doc_id, key))
        count = len(self.bench.listed_hits(self.state))
        if doc_id and not count:
            return {
                "status": f"There is no hit of {key} with a known sentence in {self.bench.labels.get(doc_id, doc_id)}."
            }
        return {"status": f"{count:,} hits listed.", "focus": "cr-lines"}

    def _do_save_list(self, event):
        total = len(self.bench.listed_hits(self.state))
        table = self.bench.listing(self.state, most=MOST_SAVED)
        left = f", the first of {total:,}" if len(table) < total else ""
        return {
            "status": f"{len(table):,} lines saved as hits.csv{left}.",
            "download": {"name": "hits.csv", "text": table.to_csv(index=False), "type": "text/csv"},
        }

    def _do_suggest(self, event):
        return {"suggestions": self.bench.suggest(str(event["value"])[:200])}

    def _do_query(self, event):
        pattern = " ".join(str(event.get("pattern", "")).split())
        if not pattern:
            return self._do_clear(event)
        rates = self.bench.query_rates(pattern)
        self._change(query=pattern, listed=("", ""))
        found = int((rates["count"] > 0).sum())
        return {"status": f"“{pattern}”: {int(rates['count'].sum()):,} hits in {found:,} of {len(rates):,} documents."}

    def _do_clear(self, event):
        self._change(query="", listed=("", ""))
        return {"status": "No query."}

    # --- the working copy -------------------------------------------------------------------------------------------

    def _do_add(self, event):
        key, reason = (str(event.get(name, "")).strip() for name in ("key", "reason"))
        edit = Edit("add", key, self.state.query, reason)
        self._change(edits=(*self.state.edits, edit))
        self.bench.check(self.state)
        self._change(query="", listed=("", ""))
        return {
            "status": f"“{edit.entry}” is in the working copy under {key}; what it changes stands under Working copy."
        }

    def _do_remove(self, event):
        key, _, entry = str(event.get("entry", "")).partition("|")
        self._change(edits=(*self.state.edits, Edit("remove", key, entry)), listed=("", ""))
        left = self.bench.working_copy(self.state).keys
        self._change(keys=tuple(key for key in self.state.keys if key in left))
        return {"status": f"“{entry}” is left out of the working copy."}

    def _do_undo(self, event):
        number = int(event["value"]) if str(event["value"]).isdecimal() else -1
        edits = tuple(edit for place, edit in enumerate(self.state.edits) if place != number)
        self._change(edits=edits, listed=("", ""))
        left = self.bench.working_copy(self.state).keys
        self._change(keys=tuple(key for key in self.state.keys if key in left))
        return {"status": "The change is undone.", "focus": "cr-remove"}

    def _do_save_lexicon(self, event):
        name = self.bench.lexicon.name
        text = working_text(self.bench.lexicon, self.state.edits)
        _write(self.folder / f"{name}.yml", text)
        _write(self.folder / f"{name}.diff", working_diff(self.bench.lexicon, self.state.edits))
        return {"status": f"Saved {name}.yml and {name}.diff in {self.folder.name}/."}

    # --- files ------------------------------------------------------------------------------------------------------

    def _do_save(self, event):
        name = _file_name(event.get("name", ""))
        _write(self.folder / f"{name}.analysis.json", self.state.to_json() + "\n")
        return {"status": f"Saved {name}.analysis.json in {self.folder.name}/."}

    def _do_reopen(self, event):
        path = self.folder / f"{_file_name(event.get('name', ''))}.analysis.json"
        return self._reopen(path.read_text(encoding="utf-8"), path.name)

    def _do_reopen_json(self, event):
        return self._reopen(str(event.get("json", "")), "The analysis")

    def _reopen(self, text: str, what: str):
        self.state = self.bench.check(read_state(text)).change(corpus=self.bench.corpus.name)
        return {"status": f"{what} is open again.", "show": "scroll"}

    def _do_export(self, event):
        written = export_view(self.bench, self.state, str(event.get("view", "")), self.folder)
        return {"status": f"Exported to {self.folder.name}/: {', '.join(path.name for path in written)}."}


def _file_name(name) -> str:
    name = str(name).strip()
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}", name):
        raise CrossreadError(f"“{name}” is no name for a file here: use letters, digits, - and _.")
    return name


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
