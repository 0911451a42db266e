"""OpenDocument texts (.odt, .fodt) to text with the kinds of their paragraphs."""

from __future__ import annotations

from pathlib import Path

from crossread.corpus.reading.archive import Archive
from crossread.corpus.reading.source import Block, Parts, with_mark
from crossread.corpus.reading.xml import parse, split_tag
from crossread.errors import CrossreadError
from crossread.wording import number_of

_SKIPPED = frozenset(
    "tracked-changes ruby-text annotation annotation-end sequence-decls forms meta settings scripts font-face-decls "
    "note-citation title desc event-listeners binary-data tracked-change-info".split()
)
_LEFT_OUT = {"tracked-changes": "deleted text", "ruby-text": "reading aids (ruby)", "annotation": "comments"}
_CONTENTS = frozenset("table-of-content illustration-index table-index alphabetical-index object-index".split())


class _Odt:
    """Takes the events of the styles and the text of an OpenDocument file."""

    def __init__(self):
        self.parts, self.notes = Parts(), Parts()
        self.open: list[tuple[list[str], str, Parts]] = []  # the paragraphs now open: words, kind, boxes in it
        self.kinds: list[str] = []  # of what stands around them
        self.raised: dict[str, bool] = {}  # styles that raise letters
        self.heads: set[str] = set()  # styles of titles
        self.hidden_styles: set[str] = set()
        self.style = ""
        self.spans: list[str] = []
        self.raised_words: list[str] = []
        self.skipped = 0
        self.counting = ""
        self.n_notes = 0
        self.amounts: dict[str, int] = {}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        space, name = split_tag(tag)
        given = {split_tag(key)[1]: value for key, value in attributes.items()}
        is_hidden = name == "section" and given.get("display") == "none"
        is_field = space.endswith(":text:1.0") and name in ("meta", "title")
        is_apart = name in _SKIPPED and not is_field and not space.endswith(":style:1.0")
        if self.skipped or is_hidden or is_apart:
            if not self.skipped:
                self.counting = "a hidden section" if is_hidden else _LEFT_OUT.get(name, "")
            self.skipped += 1
            return
        if space.endswith(":style:1.0"):
            self._style(name, given)
        elif name in ("p", "h") and space.endswith(":text:1.0"):
            self._paragraph(name, given)
        elif name in _CONTENTS:
            self.kinds.append("table of contents")
        elif name == "list":
            self.kinds.append("list")
        elif name == "note" and space.endswith(":text:1.0"):
            self.n_notes += 1
            self._write(f"[^{self.n_notes}]", plain=True)
            self.kinds.append("note")
        elif name == "span":
            self._settle_if(given.get("style-name", ""))
            self.spans.append(given.get("style-name", ""))
        elif name in ("s", "tab", "line-break", "soft-page-break"):
            count = given.get("c", "1")
            n_spaces = min(int(count), 1_000) if count.isdecimal() and len(count) < 6 else 1
            self._write({"tab": "\t", "line-break": "\n", "s": " " * n_spaces}.get(name, ""))

    def _style(self, name: str, given: dict[str, str]) -> None:
        if name == "style":
            self.style = given.get("name", "")
            shown = (given.get("display-name") or self.style).lower().replace("_20_", " ")
            parent = given.get("parent-style-name", "")
            if shown in ("title", "subtitle") or parent.lower() in ("title", "subtitle") or parent in self.heads:
                self.heads.add(self.style)
            if parent in self.raised:
                self.raised[self.style] = self.raised[parent]
        elif name == "text-properties":
            position = given.get("text-position", "").split(" ")[0]
            self.raised[self.style] = position == "super" or (
                position.endswith("%") and position[:1].isdigit() and position != "0%"
            )
            if given.get("display") == "none":
                self.hidden_styles.add(self.style)

    def _paragraph(self, name: str, given: dict[str, str]) -> None:
        style = given.get("style-name", "")
        kind = self.kinds[-1] if self.kinds else "body"
        if kind in ("body", "list") and (name == "h" or style in self.heads or style in ("Title", "Subtitle")):
            kind = "heading"
        if kind == "body" and style in ("Caption", "Illustration", "Table", "Drawing"):
            kind = "note"
        first = (
            f"[^{self.n_notes}] " if kind == "note" and self.kinds[-1:] == ["note"] and self._is_first_of_note() else ""
        )
        self.open.append(([first] if first else [], kind, Parts()))

    def _is_first_of_note(self) -> bool:
        first, self._noted = getattr(self, "_noted", 0) != self.n_notes, self.n_notes
        return first

    def end(self, tag: str) -> None:
        space, name = split_tag(tag)
        if self.skipped:
            self.skipped -= 1
            return
        if name in ("p", "h") and space.endswith(":text:1.0") and self.open:
            self._settle()
            words, kind, boxes = self.open.pop()
            into = self.notes if kind == "note" and self.open else self.open[-1][2] if self.open else self.parts
            into.add(kind, "".join(words))
            into.extend(boxes)
        elif (name in _CONTENTS or name == "list" or name == "note" and space.endswith(":text:1.0")) and self.kinds:
            self.kinds.pop()
        elif name == "span" and self.spans:
            self._settle()
            self.spans.pop()

    def take(self, text: str) -> None:
        if self.skipped:
            if self.counting and text.strip():
                self._leave_out(self.counting, len(text))
        elif any(style in self.hidden_styles for style in self.spans):
            self._leave_out("hidden text", len(text))
        else:
            self._write(" ".join(text.split("\n")))

    def _leave_out(self, what: str, n_characters: int) -> None:
        self.amounts[what] = self.amounts.get(what, 0) + n_characters

    def _write(self, text: str, plain: bool = False) -> None:
        if not self.open:
            return
        if not plain and self.spans and self.raised.get(self.spans[-1]):
            self.raised_words.append(text)
        else:
            self._settle()
            self.open[-1][0].append(text)

    def _settle_if(self, style: str) -> None:
        if not self.raised.get(style):
            self._settle()

    def _settle(self) -> None:
        if self.raised_words and self.open:
            raised = "".join(self.raised_words)
            words = self.open[-1][0]
            words.append(with_mark("".join(words[-8:]), raised))
        self.raised_words.clear()


def read_odt(path: Path, data: bytes, max_bytes: int) -> tuple[str, tuple[Block, ...], list[str]]:
    odt = _Odt()
    if path.suffix.lower() == ".fodt":
        parse(path, data, odt.start, odt.end, odt.take, max_bytes)
    else:
        archive = Archive(path, data, max_bytes, "OpenDocument file")
        if "content.xml" not in archive.names:
            raise CrossreadError(f"{path}: called .odt but there is no OpenDocument text in it. Save it again as .odt.")
        if b"encryption-data" in (
            archive.read("META-INF/manifest.xml") if "META-INF/manifest.xml" in archive.names else b""
        ):
            raise CrossreadError(f"{path}: protected by a password. Open it and save it without one.")
        if "styles.xml" in archive.names:
            styles = _Odt()
            parse(path, archive.read("styles.xml"), styles.start, styles.end, lambda text: None, max_bytes)
            odt.raised, odt.heads, odt.hidden_styles = styles.raised, styles.heads, styles.hidden_styles
        parse(path, archive.read("content.xml"), odt.start, odt.end, odt.take, max_bytes)
    odt.parts.extend(odt.notes)
    text, blocks = odt.parts.join()
    return text, blocks, [f"{path}: not read: {what} ({number_of(n, 'character')})." for what, n in odt.amounts.items()]
