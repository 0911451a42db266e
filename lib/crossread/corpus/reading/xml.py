"""XML to text: events of expat for the formats made of it, and the text of TEI and of plain XML."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.entities import html5
from pathlib import Path
from xml.parsers import expat

from crossread.corpus.reading.html import page_text
from crossread.corpus.reading.source import Block, Parts, raised_mark
from crossread.errors import CrossreadError

_DEEPEST = 2_000
_DECLARED = re.compile(rb"\s*<\?xml[^>]*encoding\s*=\s*[\"']([\w.:-]+)")
_UNKNOWN_ENCODING = 18  # XML_ERROR_UNKNOWN_ENCODING


def parse(
    path: Path,
    data: bytes | str,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None],
    words: Callable[[str], None],
    max_characters: int,
) -> None:
    """Call `start`, `end` and `words` for the tags and the text of a file; the name of a tag is “space name”.

    Raises
    ------
    CrossreadError
        "a.xml: not well-formed XML (mismatched tag: line 2, column 4). …", or a file that unfolds: entities within
        entities, tags in one another beyond 2,000, or more characters than allowed.
    """
    depth = taken = 0

    def enter(tag, attributes):
        nonlocal depth
        depth += 1
        if depth > _DEEPEST:
            raise CrossreadError(f"{path}: more than {_DEEPEST:,} tags inside one another. Save it again, or as text.")
        start(tag, attributes)

    def leave(tag):
        nonlocal depth
        depth -= 1
        end(tag)

    def take(text):
        nonlocal taken
        taken += len(text)
        if taken > max_characters:
            raise CrossreadError(f"{path}: more than {max_characters:,} characters, which max_bytes does not allow.")
        words(text)

    def declare(name, is_parameter, value, base, system, public, notation):
        if value is not None and (len(value) > 1_000 or "&" in value or "%" in value):
            raise CrossreadError(f"{path}: the entity “{name}” unfolds into others. Save it without a document type.")

    def skip(name, is_parameter):
        if not is_parameter:
            take(html5.get(f"{name};", f"&{name};"))

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = enter, leave, take
    parser.EntityDeclHandler, parser.SkippedEntityHandler = declare, skip
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError) as error:
        declared = _DECLARED.match(data) if isinstance(data, bytes) else None
        # of encodings with several bytes a letter expat knows but UTF-8 and UTF-16
        if declared and (isinstance(error, ValueError) or error.code == _UNKNOWN_ENCODING):
            parse(path, _decoded(path, data, declared[1].decode()), start, end, words, max_characters)
            return
        raise CrossreadError(
            f"{path}: not well-formed XML ({error}). Open it in the program that made it and save it again."
        ) from None


def _decoded(path: Path, data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except (LookupError, UnicodeError) as error:
        raise CrossreadError(f"{path}: not {encoding}, as it says ({error}). Save it as UTF-8.") from None


def split_tag(tag: str) -> tuple[str, str]:
    """Return the name space and the name of a tag."""
    space, _, name = tag.rpartition(" ")
    return space, name


_TEI_SKIPPED = frozenset("teiHeader del sic orig abbr rdg facsimile sourceDoc standOff figDesc graphic rt rp".split())
_SKIPPED = frozenset(
    "script style meta metadata head-metadata front-stub article-meta journal-meta processing-meta".split()
)
_HEADINGS = frozenset("head title heading subtitle h1 h2 h3 h4 h5 h6 docTitle titlePart article-title".split())
_NOTES = frozenset("note footnote endnote fn ref-list bibliography listBibl caption figcaption".split())
_INTERRUPTING = frozenset("note fn footnote endnote".split())
_LISTS = frozenset("item li listitem list-item".split())
_FURNITURE = frozenset("fw".split())
_INLINE = frozenset(
    """
    hi emph term foreign name persName placeName orgName geogName date num ref q quote quoted mentioned soCalled
    choice corr reg expan ex add w pc c rs measure gloss bibl rend i b em strong italic bold sup sub
    span a code link xref ext-link underline sc styled-content named-content abbrev acronym s unclear supplied
    """.split()
)
# What holds running text, in which other tags part nothing, and what parts it still.
_PARAGRAPHS = frozenset("p para ab l u seg head title article-title speaker".split())
_BLOCKS = frozenset(
    """
    p para ab l u head speaker div div1 div2 div3 div4 sec section body text front back group list item li table row tr
    cell td th lg sp stage figure fig floatingText blockquote disp-quote epigraph salute signed closer opener trailer
    byline dateline address addrLine castList castItem listPerson
    """.split()
)
_TEI_NOTES = frozenset("vocal incident kinesic".split())  # what those who wrote a speech down add: (Applause)
_PAGE = re.compile(r"</(?:a|b|div|em|h[1-6]|i|li|p|span|strong)>|<br ?/?>")
_BREAKS = frozenset("lb br cb pb gb milestone break".split())


class _Text:
    """Takes the events of a file of TEI or other XML and makes parts of it."""

    def __init__(self):
        self.parts = Parts()
        # of each open tag: the kind within it, its name, that of the innermost block around what is in it, whether the
        # tag parts nothing, and how many words were there before
        self.stack: list[tuple[str, str, str, bool, int]] = []
        self.words: list[str] = []
        self.waiting: list[tuple[list[str], Parts, Parts]] = []  # what a note interrupts
        self.notes = Parts()  # notes of the paragraph now open: they follow it
        self.skipped = 0  # depth within what is left out
        self.left_out: set[str] = set()
        self.is_tei = False
        self.root = ""

    def kind(self) -> str:
        return self.stack[-1][0] if self.stack else "body"

    def flush(self) -> None:
        self.parts.add(self.kind(), "".join(self.words))
        self.words.clear()
        self.parts.extend(self.notes)
        self.notes = Parts()

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        space, name = split_tag(tag)
        if not self.root:
            self.root, self.is_tei = name, "tei-c.org" in space or name in ("TEI", "TEI.2", "teiCorpus")
        if self.skipped or name in (_TEI_SKIPPED if self.is_tei else _SKIPPED):
            if not self.skipped:
                self.left_out.add(name)
            self.skipped += 1
            return
        kind, goes_on, mark_of_note = self.kind(), False, self._may_be_mark(name, attributes)
        if name in _BREAKS:
            if attributes.get("break") != "no":
                self.words.append("\n" if name in ("lb", "br") else " ")
        elif self._interrupts(name) and any(map(str.strip, self.words)):
            number = attributes.get("n", "")
            mark = f"[^{number}]" if number.isalnum() else ""
            if mark:
                self.words.append(mark)
            self.waiting.append((self.words, self.parts, self.notes))
            self.words, self.parts, self.notes = [mark + " "], Parts(), Parts()
            kind, name = "note", "interrupting"
        elif not (goes_on := self._goes_on(name, kind)):
            self.flush()
            kind = self._kind_of(name, kind)
        block = self._around() if goes_on else name
        self.stack.append((kind, name, block, goes_on, len(self.words) if mark_of_note else -1))

    def _interrupts(self, name: str) -> bool:
        return name in _INTERRUPTING or (self.is_tei and name in _TEI_NOTES)

    def _may_be_mark(self, name: str, attributes: dict[str, str]) -> bool:
        """Tell a reference to a note, what is raised, and what leads elsewhere and is glued to a word."""
        glued = bool(self.words) and self.words[-1][-1:].strip() != ""
        return (
            attributes.get("ref-type") in ("fn", "table-fn")
            or name in ("sup", "superscript")
            or "sup" in attributes.get("rend", attributes.get("rendition", ""))
            or (name == "ref" and glued and attributes.get("target", "").startswith("#"))
        )

    def _around(self) -> str:
        return self.stack[-1][2] if self.stack else ""

    def _goes_on(self, name: str, kind: str) -> bool:
        """Tell whether a tag parts nothing: one of those within a line, or any within a paragraph that is no block."""
        if name in _INLINE:
            return bool(self.words) or kind != "body"
        if name in _BLOCKS or name in _NOTES or self._interrupts(name):
            return False
        around = self._around()
        return around in _PARAGRAPHS and (name, around) != ("seg", "u")

    def _kind_of(self, name: str, kind: str) -> str:
        if kind in ("note", "furniture"):
            return kind
        if self._interrupts(name):
            return "note"
        for names, meant in ((_NOTES, "note"), (_HEADINGS, "heading"), (_LISTS, "list"), (_FURNITURE, "furniture")):
            if name in names:
                return meant
        return "body" if kind == "heading" else kind

    def end(self, tag: str) -> None:
        if self.skipped:
            self.skipped -= 1
            return
        _, name, _, goes_on, words_before = self.stack[-1]
        if words_before >= 0:
            before, mark = "".join(self.words[:words_before][-3:]), "".join(self.words[words_before:])
            if re.fullmatch(r"[\s\d,*†‡§\[\]()]+", mark) and (found := raised_mark(before, mark)):
                self.words[words_before:] = [f"[^{found}]"]
        if name not in _BREAKS and name not in _INLINE and not goes_on:
            self.flush()
        self.stack.pop()
        if name == "interrupting":
            note = self.parts
            self.words, self.parts, self.notes = self.waiting.pop()
            self.notes.extend(note)

    def take(self, text: str) -> None:
        # of blank pieces in a row one is kept, so that whether anything was said shows at the first ones
        if not self.skipped and (text.strip() or not self.words or not self.words[-1].endswith(" ")):
            self.words.append(re.sub(r"\s+", " ", text))


def read_xml(path: Path, data: bytes, max_bytes: int) -> tuple[str, tuple[Block, ...], list[str]]:
    text = _Text()
    parse(path, data, text.start, text.end, text.take, max_bytes)
    text.flush()
    if text.root == "html":
        raise CrossreadError(f"{path}: a web page (XHTML). Give it the ending .html.")
    if not len(text.parts):
        raise CrossreadError(f"{path}: there is no running text in this XML, only tags. Save its text as .txt.")
    parts = Parts()
    for kind, words in text.parts:  # a feed or an export of a weblog holds pages as text
        if not text.is_tei and _PAGE.search(words):
            parts.add_blocks(*page_text(words))
        else:
            parts.add(kind, words)
    notices = []
    if text.left_out:
        notices.append(f"{path}: left out with all that is in them: {', '.join(sorted(text.left_out))}.")
    return *parts.join(), notices
