"""Word files to text with the kinds of their paragraphs, read as WordprocessingML."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from pathlib import Path

from crossread.corpus.reading.archive import Archive
from crossread.corpus.reading.rtf import read_rtf
from crossread.corpus.reading.source import Block, Parts, is_title, with_mark
from crossread.corpus.reading.xml import parse, split_tag
from crossread.errors import CrossreadError
from crossread.wording import number_of

_OFF = ("0", "false", "off", "none")
_SPACES = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011", "softHyphen": "\u00ad"}
_SKIPPED = frozenset(
    "del moveFrom rt instrText delText delInstrText rubyPr tblPr tcPr trPr sectPr pPrChange rPrChange".split()
)
_LEFT_OUT = {"del": "deleted text", "moveFrom": "text moved elsewhere", "rt": "reading aids (ruby)"}


@dataclass
class _Paragraph:
    words: list[str] = field(default_factory=list)
    raised: list[str] = field(default_factory=list)  # letters set in superscript, not yet told from a note mark
    style: str = ""
    level: str = ""
    numbered: bool = False
    merged: bool = False  # its end was deleted: it goes on in the next
    contents: bool = False  # in a table of contents that the program made
    boxes: Parts = field(default_factory=Parts)  # text boxes anchored in it
    plain: bool = False  # not all of it is bold

    def settle(self) -> None:
        """Take the raised letters in, as a note mark where they are one."""
        if self.raised:
            raised = "".join(self.raised)
            self.raised.clear()
            self.words.append(with_mark("".join(self.words[-8:]), raised))


class _Styles:
    """What the styles of a Word file say of its paragraphs."""

    def __init__(self):
        self.names: dict[str, str] = {}
        self.parents: dict[str, str] = {}
        self.levels: dict[str, str] = {}
        self.lists: set[str] = set()
        self.bold: set[str] = set()
        self.raised: dict[str, bool] = {}  # styles that say whether letters are set above the line
        self._current = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name, value = split_tag(tag)[1], _value(attributes)
        if name == "style":
            self._current = _value(attributes, "styleId")
        elif name == "name":
            self.names[self._current] = value.lower()
        elif name == "basedOn":
            self.parents[self._current] = value
        elif name == "outlineLvl":
            self.levels[self._current] = value
        elif name == "numPr":
            self.lists.add(self._current)
        elif name == "b" and _is_on(value):
            self.bold.add(self._current)
        elif name == "vertAlign":
            self.raised[self._current] = value == "superscript"
        elif name == "position":
            self.raised[self._current] = _is_above(value)

    def raises(self, style: str) -> bool:
        """Tell whether a style, or the first of those it is based on that says so, raises letters."""
        seen = set()
        while style not in self.raised and style not in seen:
            seen.add(style)
            style = self.parents.get(style, "")
        return self.raised.get(style, False)

    def kind(self, paragraph: _Paragraph) -> str:
        style, seen, level, listed = paragraph.style, set(), paragraph.level, paragraph.numbered
        while style and style not in seen:
            seen.add(style)
            name = self.names.get(style, style.lower())
            if re.fullmatch(r"title|subtitle|heading ?\d|toc heading", name):
                return "heading"
            if re.fullmatch(r"toc ?\d|table of figures", name):
                return "table of contents"
            if name == "caption":
                return "note"
            level = level or self.levels.get(style, "")
            listed = listed or style in self.lists or name.startswith("list")
            style = self.parents.get(style, "")
        if level in set("012345678"):
            return "heading"
        return "list" if listed else "body"


def _is_on(value: str) -> bool:
    return value not in ("0", "false", "off")


def _is_above(position: str) -> bool:
    return position.isdecimal() and int(position[:6]) > 0


def _value(attributes: dict[str, str], wanted: str = "val") -> str:
    """Return an attribute by its name, whatever its name space."""
    return next((value for name, value in attributes.items() if split_tag(name)[1] == wanted), "")


class _Story:
    """Takes the events of one part of a Word file: the text, its notes, a head."""

    def __init__(self, word: _Word, part: str):
        self.word, self.part = word, part
        self.parts = Parts()
        self.open: list[_Paragraph] = []
        self.merging: _Paragraph | None = None
        self.skipped = 0
        self.counting = ""  # why what is skipped now is left out
        self.in_text = self.raised = self.hidden = self.bold = False
        self.tables = 0  # depth
        self.n_bold = self.n_letters = 0
        self.fields: list[str] = []  # of each open field: its instruction, “=” once its result has begun
        self.choices: list[bool] = []
        self.note = ""  # the number of the note that is read
        self.in_mark = False  # within the properties of a paragraph's end
        self.is_prompt = False  # the control that begins says what to write in it, and nobody has
        self.known: dict[str, tuple] = {}  # tag to its name and what to do where it begins and ends

    def _know(self, tag: str) -> tuple:
        space, name = split_tag(tag)
        white = _SPACES.get(name, "") if "wordprocessingml" in space else ""
        self.known[tag] = name, getattr(self, f"_begin_{name}", None), getattr(self, f"_end_{name}", None), white
        return self.known[tag]

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name, begin, _, white = self.known.get(tag) or self._know(tag)
        if self.skipped:
            self.skipped += 1
            if name == "instrText":
                self.in_text = True
            return
        if name == "del" and self.in_mark and self.open:
            self.open[-1].merged = True
            return
        if name in _SKIPPED or (name == "Fallback" and self.choices and self.choices[-1]):
            self.skipped, self.counting, self.in_text = 1, _LEFT_OUT.get(name, ""), name == "instrText"
            return
        if begin is not None:
            begin(attributes)
        elif white and self.open and not self.in_mark:
            self._write(white)

    def end(self, tag: str) -> None:
        if self.skipped:
            self.skipped -= 1
            self.in_text = False
            return
        finish = self.known[tag][2]
        if finish is not None:
            finish()

    def take(self, text: str) -> None:
        if self.skipped:
            if self.in_text and self.fields and not self.fields[-1].endswith("="):
                self.fields[-1] += text
            elif self.counting and text.strip():
                self.word.leave_out(self.counting, len(text))
        elif self.in_text and self.open:
            if self.hidden:
                self.word.leave_out("hidden text", len(text))
            elif all(field.endswith("=") for field in self.fields):
                self._write(text)
            else:
                self.word.leave_out("text within the instruction of a field", len(text))

    def _write(self, text: str) -> None:
        paragraph = self.open[-1]
        paragraph.plain |= not self.bold and bool(text.strip())
        self.n_letters += len(text)
        self.n_bold += self.bold * len(text)
        if self.raised:
            paragraph.raised.append(text)
        else:
            paragraph.settle()
            paragraph.words.append(text)

    # Paragraphs and runs

    def _begin_p(self, attributes) -> None:
        self.open.append(self.merging or _Paragraph())
        self.merging = None
        self.open[-1].contents = self._in_contents()
        if self.note:
            self.open[-1].words.append(f"[^{self.note}] ")
            self.note = ""

    def _end_p(self) -> None:
        if not self.open:
            return
        paragraph = self.open.pop()
        self.fields = [field for field in self.fields if field.endswith("=")]  # one that never ends loses no more
        if paragraph.merged:
            paragraph.merged, self.merging = False, paragraph
            return
        paragraph.settle()
        into = self.open[-1].boxes if self.open else self.parts
        kind = self.part or self.word.styles.kind(paragraph)
        if paragraph.contents and not self.part:
            kind = "table of contents"
        text = "".join(paragraph.words)
        if kind == "body" and not paragraph.plain and not self.tables and is_title(text):
            kind = "bold"
        into.add(kind, text)
        into.extend(paragraph.boxes)

    def finish(self) -> Parts:
        if self.merging is not None:
            self.open.append(self.merging)
            self._end_p()
        # a short line in bold is a heading, unless most is bold
        self.parts.rename("bold", "body" if 2 * self.n_bold > self.n_letters else "heading")
        return self.parts

    def _begin_pPr(self, attributes) -> None:
        self.in_mark = True

    def _end_pPr(self) -> None:
        self.in_mark = False

    def _begin_pStyle(self, attributes) -> None:
        if self.open:
            self.open[-1].style = _value(attributes)

    def _begin_outlineLvl(self, attributes) -> None:
        if self.open:
            self.open[-1].level = _value(attributes)

    def _begin_framePr(self, attributes) -> None:
        if self.open and _value(attributes, "dropCap") in ("drop", "margin"):
            self.open[-1].merged = True

    def _begin_numId(self, attributes) -> None:
        if self.open:
            self.open[-1].numbered = _value(attributes) != "0"

    def _begin_tbl(self, attributes) -> None:
        self.tables += 1

    def _end_tbl(self) -> None:
        self.tables -= 1

    def _begin_r(self, attributes) -> None:
        self.raised = self.hidden = self.bold = False

    def _end_r(self) -> None:
        self.raised = self.hidden = self.bold = False

    def _begin_b(self, attributes) -> None:
        self.bold = not self.in_mark and _is_on(_value(attributes))

    def _begin_vertAlign(self, attributes) -> None:
        self.raised = not self.in_mark and _value(attributes) == "superscript"

    def _begin_position(self, attributes) -> None:
        self.raised = not self.in_mark and (self.raised or _is_above(_value(attributes)))

    def _begin_rStyle(self, attributes) -> None:
        self.raised = not self.in_mark and self.word.styles.raises(_value(attributes))
        self.bold = not self.in_mark and _value(attributes) in self.word.styles.bold

    def _begin_sdt(self, attributes) -> None:
        self.is_prompt = False

    def _begin_showingPlcHdr(self, attributes) -> None:
        self.is_prompt = _value(attributes) not in _OFF

    def _begin_sdtContent(self, attributes) -> None:
        if self.is_prompt:
            self.skipped, self.counting, self.is_prompt = 1, "what an empty field asks for", False

    def _begin_vanish(self, attributes) -> None:
        self.hidden = not self.in_mark and _value(attributes) not in _OFF

    def _begin_t(self, attributes) -> None:
        self.in_text = True

    def _end_t(self) -> None:
        self.in_text = False

    def _begin_sym(self, attributes) -> None:
        self._begin_t(attributes)
        self.word.leave_out("signs of symbol fonts", 1)
        if self.open:
            self._write(" ")
        self._end_t()

    # Fields, choices, notes, other files

    def _begin_fldChar(self, attributes) -> None:
        kind = _value(attributes, "fldCharType")
        if kind == "begin":
            self.fields.append("")
        elif kind == "separate" and self.fields and not self.fields[-1].endswith("="):
            self.fields[-1] += "="
            if self.open and self._in_contents():
                self.open[-1].contents = True
        elif kind == "end" and self.fields:
            self.fields.pop()

    def _in_contents(self) -> bool:
        return any(field.lstrip().upper().startswith("TOC") for field in self.fields)

    def _begin_AlternateContent(self, attributes) -> None:
        self.choices.append(False)

    def _end_AlternateContent(self) -> None:
        self.choices.pop()

    def _begin_Choice(self, attributes) -> None:
        if self.choices:
            self.choices[-1] = True

    def _begin_footnoteReference(self, attributes) -> None:
        self._refer("footnote", attributes)

    def _begin_endnoteReference(self, attributes) -> None:
        self._refer("endnote", attributes)

    def _refer(self, kind: str, attributes) -> None:
        if self.open and not self.hidden:
            self.open[-1].settle()
            self.open[-1].words.append(f"[^{self.word.number_of(kind, _value(attributes, 'id'))}]")

    def _begin_footnote(self, attributes) -> None:
        self._begin_note("footnote", attributes)

    def _begin_endnote(self, attributes) -> None:
        self._begin_note("endnote", attributes)

    def _begin_note(self, kind: str, attributes) -> None:
        if _value(attributes, "type") in ("separator", "continuationSeparator", "continuationNotice"):
            self.skipped = 1
            self.counting = ""
        else:
            self.note = str(self.word.number_of(kind, _value(attributes, "id")))

    def _end_footnote(self) -> None:
        self.note = ""

    _end_endnote = _end_footnote

    def _begin_textpath(self, attributes) -> None:
        self.word.leave_out("letters that are drawn (WordArt)", len(_value(attributes, "string")))

    def _begin_subDoc(self, attributes) -> None:
        self.word.notices.append(f"{self.word.path}: a document that it refers to (subdocument) was not read.")

    def _begin_altChunk(self, attributes) -> None:
        self.parts.extend(self.word.read_chunk(_value(attributes, "id")))


class _Word:
    """A Word file on its way to text."""

    def __init__(self, path: Path, archive: Archive, depth: int):
        self.path, self.archive, self.depth = path, archive, depth
        self.styles = _Styles()
        self.numbers: dict[tuple[str, str], int] = {}
        self.amounts: dict[str, int] = {}
        self.notices: list[str] = []
        self.main = next(
            (target for kind, target in self._related("").values() if kind == "officeDocument"), "word/document.xml"
        )
        if self.main not in archive.names:
            raise CrossreadError(f"{path}: called .docx but there is no Word text in it. Save it again as .docx.")
        self.related = self._related(self.main)

    def _related(self, part: str) -> dict[str, tuple[str, str]]:
        """Return what a part of the file refers to: id to (kind, name of the member)."""
        folder, name = posixpath.split(part)
        place = posixpath.join(folder, "_rels", f"{name}.rels")
        found: dict[str, tuple[str, str]] = {}

        def start(tag, attributes):
            target = attributes.get("Target", "")
            if attributes.get("TargetMode") != "External" and target:
                target = (
                    target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
                )
                found[attributes.get("Id", "")] = (attributes.get("Type", "").rpartition("/")[2], target)

        if place in self.archive.names:
            self._parse(place, start, lambda tag: None, lambda text: None)
        return found

    def _parse(self, name: str, start, end, take) -> None:
        parse(self.path, self.archive.read(name), start, end, take, self.archive.max_bytes)

    def number_of(self, kind: str, name: str) -> int:
        """Return the number of a note: notes are counted as the text refers to them."""
        return self.numbers.setdefault((kind, name), len(self.numbers) + 1)

    def leave_out(self, what: str, n_characters: int) -> None:
        self.amounts[what] = self.amounts.get(what, 0) + n_characters

    def read(self) -> Parts:
        for kind, target in self.related.values():
            if kind == "styles" and target in self.archive.names:
                self._parse(target, self.styles.start, lambda tag: None, lambda text: None)
        parts = self._story(self.main, "")
        for kind in ("footnotes", "endnotes"):
            for target in self._parts_of(kind):
                parts.extend(self._story(target, "note"))
        for kind in ("header", "footer"):
            for target in self._parts_of(kind):
                parts.extend(self._story(target, "running head"))
        for target in self._parts_of("comments"):
            parts.extend(self._story(target, "comment"))
        self.notices += [
            f"{self.path}: not read: {what} ({number_of(n, 'character')})." for what, n in self.amounts.items()
        ]
        if drawn := [kind for kind, _ in self.related.values() if kind in ("chart", "diagramData")]:
            self.notices.append(f"{self.path}: the words in charts and diagrams ({len(drawn)}) were not read.")
        return parts

    def _parts_of(self, kind: str) -> list[str]:
        return [target for found, target in self.related.values() if found == kind and target in self.archive.names]

    def _story(self, name: str, kind: str) -> Parts:
        story = _Story(self, kind)
        self._parse(name, story.start, story.end, story.take)
        return story.finish()

    def read_chunk(self, name: str) -> Parts:
        """Read a file that Word would take in when it opens this one."""
        from crossread.corpus.reading.encoding import decode
        from crossread.corpus.reading.html import page_text

        _, target = self.related.get(name, ("", ""))
        parts = Parts()
        suffix = posixpath.splitext(target)[1].lower()
        if target not in self.archive.names or self.depth > 3:
            self.notices.append(f"{self.path}: a file within it ({target or name}) is not there and was not read.")
        elif suffix in (".html", ".htm", ".xhtml"):
            page, _, said = decode(self.path, self.archive.read(target), None, page=True)
            self.notices += said
            parts.add_blocks(*page_text(page))
        elif suffix == ".rtf":
            text, blocks, said = read_rtf(self.path, self.archive.read(target), self.archive.max_bytes)
            self.notices += said
            parts.add_blocks(text, blocks)
        elif suffix == ".txt":
            text, _, said = decode(self.path, self.archive.read(target), None)
            self.notices += said
            for line in text.splitlines():
                parts.add("body", line)
        elif suffix in (".docx", ".docm"):
            inner = _Word(
                self.path, Archive(self.path, self.archive.read(target), self.archive.max_bytes), self.depth + 1
            )
            parts = inner.read()
            self.notices += inner.notices
        else:
            self.notices.append(
                f"{self.path}: a file within it ({target}) was not read. Open it in Word and save it again."
            )
        return parts


def read_docx(path: Path, data: bytes, max_bytes: int) -> tuple[str, tuple[Block, ...], list[str]]:
    word = _Word(path, Archive(path, data, max_bytes), 0)
    text, blocks = word.read().join()
    return text, blocks, word.notices
