"""A source text to paragraphs, headings and notes, with an account of every character that is not among them."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate, pairwise
from pathlib import Path
from statistics import median
from unicodedata import normalize

from crossread.corpus.reading.source import bears_mark, looks_like_heading
from crossread.corpus.yaml_files import read_items
from crossread.errors import CrossreadError

# One character for one character, so that offsets hold.
_BLANKS = "\n\r\t\f\v\u00a0\u2007\u202f\u2028\u2029\u0085"
_FOLDED = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "‐": "-", "‑": "-", "\u00a0": " "})

_BULLET = re.compile(
    r"[ \t\u00a0]*(?:[-*+•‣▪◦·–●○■□►➢➤✓❖](?=[ \t\u00a0])"
    r"|\(?\d{1,2}[.)](?=[ \t\u00a0]{1,3}\S)|\(?[a-z]\)(?= ))[ \t\u00a0]+"
)
_MARKDOWN_HEADING = re.compile(r"[ ]{0,3}#{1,6}[ \t]+(?=\S)")
_MARKDOWN_NOTE = re.compile(r"[ ]{0,3}\[\^([^\]\s]+)\]:[ \t]*")
_RULE_LINE = re.compile(r"[ \t]*(?:(?:[-*_=][ \t]*){3,}|\[\s*\.\s*\.\s*\.\s*\][ \t]*)$")
_NOTE_START = re.compile(r"[ \t\u00a0]{0,3}(\d{1,3})[ \t\u00a0]{1,4}(?=\S)")
# “1. Roe”, “1) Roe”, “[1] Roe”, “¹ Roe”
_NUMBERED = r"(?:[\[(]?(\d{1,3})(?:[.)]|\]\.?)[ \t\u00a0]{1,4}|([¹²³⁰⁴-⁹]{1,3})[ \t\u00a0]{0,4})(?=\S)"
_NUMBERED_NOTE = re.compile(rf"[ \t\u00a0]{{0,3}}{_NUMBERED}")
_NUMBERED_LINE = re.compile(rf"^[ \t]{{0,3}}{_NUMBERED}", re.M)
_NOTES_HEADING = re.compile(
    r"^[#*_ \t]*(?:(?:end|foot)?notes|references|sources|anmerkungen|endnoten|fu(?:ß|ss)noten|notas|note)[:*_ \t]*$",
    re.I | re.M,
)
_BRACKETED_MARK = re.compile(r"(?<=\S)[ \u00a0]?\[(\d{1,3})\]")
_FIRST_UNDER_HEADING = re.compile(r"\s*^[ \t]{0,3}1[ \t\u00a0]{1,4}(?=\S)", re.M)
_FEWEST_PAGES = 3  # on which a running head stands
_RAISED_MARK = re.compile(r"(?<=[^\W\d_]|[.,;:!?’'”\")])([¹²³⁰⁴-⁹]{1,3})")
_LINK_LINE = re.compile(r"[ \t\u00a0]*(?:https?://|www\.)\S+[ \t\u00a0]*$")
_PAGE_NUMBER = re.compile(
    r"\s*(?:[-–—]\s*)?(?:page\s+)?(?:\d{1,4}|[ivxlc]{1,6})(?:\s*(?:of|/)\s*\d{1,4})?(?:\s*[-–—])?\s*$",
    re.I,
)
_ENDS_SENTENCE = re.compile(r"[.!?…:;][’'”\")\]*_]*\s*+(?:\d{1,2}|\[\^?\w+\])?\s*+$")
_OPEN_HYPHEN = re.compile(r"[\w.][-‐]\s*$")  # anti-, U.S.-: whatever comes next belongs to it
_LOWER_START = re.compile(r"[\s*_“\"‘'(]*[a-zß-öø-ÿ]")
_GLUED_MARK = re.compile(r"(?<=[^\W\d_]|[.,;:!?’'”\")\]])(\d{1,3})(?=[\s\u00a0,;:.)\]’”—–]|$)")

# Hard-wrapped is a text of so many lines, most of them no longer than this, so large a share of them left open.
LINES_TOLD, MOST, WRAPPED_AT, SHORT, OPEN_SHARE = 6, 0.9, 110, 35, 0.4

# What is cut within a line. Our own readers write marks of notes as [^1] too; a mail address is no part of a text.
_NOTE_OR_MAIL = (
    r"(?P<note>\[\^[^\]\s]{1,40}\])"
    r"|(?P<mail>(?<![\w.+-])\(?\[?[\w.+-]+@[\w-]+(?:\.[\w-]+)+\]?(?:\(mailto:[^)]{0,200}\))?\)?)"
)
_IN_LINE = re.compile(_NOTE_OR_MAIL)
# Inline Markdown: the marks are cut, the words stay. An image is cut whole.
_TARGET = r"\]\((?:[^()\s]|\([^()\s]{0,500}\)){0,2000}(?:\s{1,3}[\"'][^\"']{0,300}[\"'])?\)"
_MARKDOWN = re.compile(
    r"(?P<image>!\[[^\[\]]{0,1000}\]\([^()]{0,1000}\))"
    rf"|{_NOTE_OR_MAIL}"
    rf"|(?P<open>\[)(?=[^\[\]]{{1,1000}}{_TARGET})|(?P<close>{_TARGET})"
)
_EMPHASIS = re.compile(r"\*{1,3}|_{1,3}|`{1,3}")
_REASONS = {"mail": "mail address", "note": "note mark", "image": "picture"}


@dataclass(frozen=True)
class Cut:
    """A stretch of the source that is not counted: characters `start` to `end`, and why."""

    start: int
    end: int
    reason: str


@dataclass(frozen=True)
class Unit:
    """A paragraph, heading or note: the pieces of the source it is made of, in reading order."""

    kind: str
    section: int
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Layout:
    """How a text is broken into lines: hard-wrapped or a paragraph a line, and how long its lines are (median)."""

    wrapped: bool
    width: float


@dataclass(frozen=True)
class Cleaned:
    """A source text divided into units and cuts; `unmatched` names the rules whose words were not found."""

    units: tuple[Unit, ...]
    cuts: tuple[Cut, ...]
    unmatched: tuple[str, ...] = ()


@dataclass
class _Block:
    """Consecutive lines that belong together, before it is known whether they go on after a break."""

    kind: str
    spans: list[tuple[int, int]]
    opens: bool = True  # False where it only goes on from an earlier block
    note: str = ""
    cut: str = ""
    item: bool = False
    marks: list[Cut] = field(default_factory=list)


def read_rules(path: str | Path) -> list[dict[str, str]]:
    """Read the cleaning rules of one document.

    A rule file is a YAML list. Each rule is anchored on words of the text, never on line numbers, so that a copy
    saved in another way is cleaned alike. Three rules exist::

        - cut: first words          # the line that starts with these words …
          through: last words       # … to the end of the line with these (or `end`; left out: that line alone)
          reason: page furniture
        - heading: words of a heading that looks like a paragraph
        - body: words of a paragraph that looks like a heading

    Parameters
    ----------
    path : path
        The file; a file that does not exist means no rules.
    """
    path = Path(path)
    if not path.is_file():
        return []
    rules = read_items(path, "rules")
    for number, rule in enumerate(rules, 1):
        where = f"{path}, rule {number}"
        if not isinstance(rule, dict):
            raise CrossreadError(f"{where}: give exactly one of cut, heading, body (found: {str(rule)[:60]}).")
        named = [name for name in ("cut", "heading", "body") if rule.get(name)]
        if len(named) != 1 or set(rule) - {"cut", "heading", "body", "through", "reason"}:
            raise CrossreadError(f"{where}: give exactly one of cut, heading, body (found: {', '.join(rule)}).")
        strange = next((name for name, value in rule.items() if not isinstance(value, str) or not value.split()), None)
        if strange is not None and strange != "through":
            raise CrossreadError(f"{where}: “{strange}” is blank, or no text. Write the words where the rule begins.")
        if not isinstance(rule.get("through", ""), str):
            raise CrossreadError(f"{where}: “through” is no text.")
        if named == ["cut"] and not rule.get("reason"):
            raise CrossreadError(f"{where}: give the reason of the cut.")
    return rules


def clean(
    text: str, hints: Sequence = (), rules: Sequence[dict[str, str]] = (), layout: Layout | None = None
) -> Cleaned:
    """Divide a source text into paragraphs, headings and notes, and say what was cut.

    General rules come first: hard-wrapped lines are joined, running heads and page numbers between pages are cut,
    notes at the foot of a page are taken out of the sentence they interrupt and their marks cut from the words they
    are glued to, list marks and Markdown marks are cut, a paragraph broken by a page goes on after it. What is
    peculiar to one document stands in its rule file (`read_rules`). No character is lost: each one is in exactly
    one unit or one cut.

    Parameters
    ----------
    text : str
        The source, as read.
    hints : sequence of blocks with start, end and kind
        What a structured format (HTML, DOCX) says of its parts: heading, body, list, note or furniture.
    rules : sequence of dict
        From `read_rules`.
    layout : Layout, optional
        Of the whole text, where `text` is a part of it; found by the lengths of its lines unless given.

    Examples
    --------
    >>> cleaned = clean("# Title\\n\\nA first line\\nthat goes on.")
    >>> [(unit.kind, unit.spans) for unit in cleaned.units]
    [('heading', ((2, 7),)), ('body', ((9, 35),))]
    """
    ruled, headings, bodies, unmatched = _apply_rules(text, rules)
    lines = _lines(text)
    if hints:
        blocks = _hinted_blocks(text, hints, _Held(ruled))
    else:
        if front := _FRONT_MATTER.match(text):
            ruled = ruled + _minus([front.span()], ruled, "front matter")
        held = _Held(ruled)
        wrapped = layout.wrapped if layout else is_wrapped(text, [line for line in lines if not held.covers(line)])
        furniture = _page_furniture(text, lines)
        ruled = ruled + [Cut(a, b, cut.reason) for cut in furniture for a, b in held.outside((cut.start, cut.end))]
        blocks = _blocks(text, lines, _Held(ruled), wrapped, layout.width if layout else None)
    blocks = _continue_paragraphs(text, blocks, bool(hints))
    for block in blocks:
        start = block.spans[0][0]
        if any(a <= start < b for a, b in headings) and block.kind != "note":
            block.kind = "heading"
        if any(a <= start < b for a, b in bodies):
            block.kind = "body"
    return _finish(text, blocks, ruled, tuple(unmatched), markdown=not hints)


# What programs for Markdown write above a text: names and values between two lines of hyphens.
_FRONT_MATTER = re.compile(
    r"\ufeff?---[ \t]*\r?\n(?:(?:[A-Za-z][\w-]*:|[ \t]+\S|- |#).*\r?\n)+(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)"
)


def _lines(text: str) -> list[tuple[int, int]]:
    ends = [match.end() for match in re.finditer(r"\r\n|[\n\r\f\u2028\u2029]", text)]
    if not ends or ends[-1] < len(text):
        ends.append(len(text))
    return [pair for pair in pairwise([0, *ends]) if pair[0] < pair[1]]


def _find(text: str, anchor: str, start: int = 0) -> re.Match | None:
    """Find words whatever their spacing, quotes and dashes, first where they begin a line."""
    words = r"\s+".join(re.escape(word) for word in anchor.translate(_FOLDED).split())
    folded = text.translate(_FOLDED)
    at_start = re.compile(rf"^[^\w\n]*{words}", re.M).search(folded, start)
    return at_start or re.compile(words).search(folded, start)


def _apply_rules(text: str, rules: Sequence[dict[str, str]]):
    cuts: list[Cut] = []
    headings: list[tuple[int, int]] = []
    bodies: list[tuple[int, int]] = []
    unmatched: list[str] = []
    for rule in rules:
        anchor = rule.get("cut") or rule.get("heading") or rule.get("body") or ""
        match = _find(text, anchor)
        if match is None:
            unmatched.append(anchor)
            continue
        start = text.rfind("\n", 0, match.start()) + 1
        if "cut" not in rule:
            (headings if "heading" in rule else bodies).append((start, match.end()))
            continue
        last = match.end()
        through = rule.get("through", "")
        if through == "end":
            last = len(text)
        elif through:
            closing = _find(text, through, match.start())
            if closing is None:
                unmatched.append(through)
                continue
            last = closing.end()
        end = text.find("\n", last)
        end = len(text) if end < 0 else end + 1
        cuts.extend(_minus([(start, end)], cuts, rule["reason"]))
    return cuts, headings, bodies, unmatched


class _Held:
    """Cuts in order of their start, with the furthest end so far: those about a place are found by bisection."""

    def __init__(self, cuts: Sequence[Cut]):
        spans = sorted([(cut.start, cut.end) for cut in cuts])
        self.starts = [start for start, _ in spans]
        self.ends = [end for _, end in spans]
        self.furthest = list(accumulate(self.ends, max))

    def covers(self, line: tuple[int, int]) -> bool:
        """Tell whether one cut holds the whole line."""
        before = bisect_right(self.starts, line[0])
        return before > 0 and self.furthest[before - 1] >= line[1]

    def outside(self, span: tuple[int, int]) -> list[tuple[int, int]]:
        """Return the parts of a span that no cut holds."""
        position, end = span
        left = []
        for i in range(bisect_right(self.furthest, position), bisect_left(self.starts, end)):
            if position < self.starts[i]:
                left.append((position, self.starts[i]))
            position = max(position, self.ends[i])
        if position < end:
            left.append((position, end))
        return left


def _minus(spans, cuts: Sequence[Cut], reason: str) -> list[Cut]:
    """Return what of `spans` no earlier cut holds, so that no character is cut twice."""
    held = _Held(cuts)
    return [Cut(a, b, reason) for span in spans for a, b in held.outside(span)]


def is_wrapped(text: str, lines: Sequence[tuple[int, int]] | None = None) -> bool:
    """Tell hard-wrapped text: many lines of like length that mostly stop in the middle of a sentence.

    Examples
    --------
    >>> is_wrapped("A line that stops in the middle of what it says\\n" * 6)
    True
    """
    lines = _lines(text) if lines is None else lines
    full = [text[a:b].rstrip() for a, b in lines if text[a:b].strip()]
    if len(full) < LINES_TOLD or sorted(map(len, full))[int(MOST * (len(full) - 1))] > WRAPPED_AT:
        return False
    return sum(is_open(line) for line in full[:-1]) >= OPEN_SHARE * len(full)


def is_open(line: str) -> bool:
    """Tell a line of some length that does not end a sentence."""
    return len(line) > SHORT and not _ENDS_SENTENCE.search(line)


def _page_furniture(text: str, lines: Sequence[tuple[int, int]]) -> list[Cut]:
    """Cut page numbers beside a page break, and lines that stand at the same place on three pages or more.

    A sentence is not cut, unless it stands apart on half of the pages.
    """
    if "\f" not in text.strip("\f"):
        return []
    pages: list[list[tuple[int, int]]] = [[]]
    for line in lines:
        pages[-1].append(line)
        if text[line[1] - 1] == "\f":
            pages.append([])
    blank = {line for line in lines if not text[line[0] : line[1]].strip()}
    apart = {  # lines with a blank line, or the page's edge, on both sides
        line
        for page in pages
        for before, line, after in zip([None, *page], page, [*page[1:], None], strict=False)
        if (before is None or before in blank) and (after is None or after in blank)
    }
    pages = [kept for page in pages if (kept := [line for line in page if line not in blank])]
    edges = [
        (line, place)
        for page in pages
        for line, place in {
            line: place for place in (-2, 1, -1, 0) for line in page[place : place + 1 or None][:1]
        }.items()
    ]

    def shape(line: tuple[int, int]) -> str:
        return re.sub(r"\d+", "0", " ".join(text[line[0] : line[1]].split())).lower()

    seen = Counter((shape(line), place) for line, place in edges)
    cuts = []
    for line, place in edges:
        raw = text[line[0] : line[1]].strip()
        on = seen[shape(line), place]
        sentence = (_ENDS_SENTENCE.search(raw) and len(raw.split()) > 3) or raw[:1].islower()
        if _PAGE_NUMBER.match(raw):
            cuts.append(Cut(*line, "page number"))
        elif on >= _FEWEST_PAGES and len(raw) < 100 and (not sentence or (line in apart and 2 * on >= len(pages))):
            cuts.append(Cut(*line, "running head"))
    return sorted(cuts, key=lambda cut: cut.start)


def _endnotes_from(text: str) -> int:
    """Return where notes at the end of a text begin that look like “1. Roe”, or its length.

    They stand under a heading “Notes”, or after the last of the marks that are glued to the words of the text.
    """
    headings = [match.end() for match in _NOTES_HEADING.finditer(text)]
    for heading in headings:
        if first := _FIRST_UNDER_HEADING.match(text, heading):
            return first.end() - len(first[0].lstrip())
    numbered = [(match.start(), int(_number_of(match))) for match in _NUMBERED_LINE.finditer(text)]
    if not any(number == 1 for _, number in numbered):
        return len(text)
    marks: dict[int, int] = {}  # where each number is first glued to a word
    for glued in (_GLUED_MARK, _BRACKETED_MARK, _RAISED_MARK):
        for match in glued.finditer(text):
            marks.setdefault(int(normalize("NFKC", match[1])), match.start())
    for place, (start, number) in enumerate(numbered):
        if number != 1:
            continue
        before = bisect_right(headings, start) - 1
        if before >= 0 and not text[headings[before] : start].strip():
            return start
        wanted = range(1, min(len(numbered) - place, 3) + 1)
        if all(marks.get(mark, start) < start for mark in wanted):
            return start
    return len(text)


def _number_of(mark: re.Match) -> str:
    """Return the number with which a note begins, raised or not, in plain digits."""
    return normalize("NFKC", next(filter(None, mark.groups())))


def _looks_like_heading(line: str, following: str, wrapped: bool, width: float) -> bool:
    line = line.strip().strip("*_")
    if wrapped and (len(line) > 0.75 * width or (following and _LOWER_START.match(following))):
        return False
    return looks_like_heading(line)


@dataclass(frozen=True)
class _TextLine:
    """A line of plain text with what is known of its surroundings."""

    start: int
    end: int
    raw: str
    following: str
    previous: str  # the line before it, or none after a blank line at the beginning
    after_blank: bool
    new_page: bool
    page_start: bool  # indented as the first line of a page is
    wrapped: bool
    width: float

    @property
    def numbered(self) -> bool:
        """Tell “1. The Winter”, a heading, and “8. What” that goes on from “…, Mirrowe 13 and Kessary”, from items."""
        if not re.match(r"[ \t\u00a0]*\d{1,2}\.", self.raw):
            return False
        if self.after_blank and not _BULLET.match(self.following):
            if _looks_like_heading(self.raw, self.following, self.wrapped, self.width):
                return True
        return self.wrapped and not self.after_blank and not _ENDS_SENTENCE.search(self.previous)


def _lines_with_surroundings(text: str, kept, wrapped: bool, width: float) -> Iterator[_TextLine | None]:
    """Yield the lines that hold anything, and None for a blank one."""
    after_blank, previous = True, ""
    for number, (start, end) in enumerate(kept):
        raw = text[start:end]
        if not raw.strip():
            after_blank = True
            yield None
            continue
        following = text[slice(*kept[number + 1])] if number + 1 < len(kept) else ""
        page_start = raw[0] in " \u00a0" and not raw.startswith("   ") and wrapped
        new_page = text[start - 1 : start] == "\f"
        yield _TextLine(start, end, raw, following, previous, after_blank, new_page, page_start, wrapped, width)
        after_blank, previous = False, raw


def _opened_block(line: _TextLine, current: _Block | None, expected_note: int, endnotes: float) -> _Block | None:
    """Return the block that a line opens by what it looks like, or None where it is text like any other."""
    span = [(line.start, line.end)]
    if _LINK_LINE.match(line.raw.rstrip("\n")) and (line.after_blank or (current and current.cut)):
        return _Block("cut", span, cut="link on a line of its own")
    if _RULE_LINE.match(line.raw.rstrip("\r\n\f")):
        return _Block("cut", span, cut="ruled line")
    if mark := _MARKDOWN_HEADING.match(line.raw):
        return _Block("heading", span, marks=[Cut(line.start, line.start + mark.end(), "markup")])
    if mark := _MARKDOWN_NOTE.match(line.raw):
        note_mark = Cut(line.start, line.start + mark.end(), "note mark")
        return _Block("note", span, note="^" + mark[1], marks=[note_mark])
    if mark := _note_mark(line, current, expected_note, endnotes):
        note_mark = Cut(line.start, line.start + mark.end(), "note mark")
        return _Block("note", span, note=_number_of(mark), marks=[note_mark])
    if not line.numbered and (mark := _BULLET.match(line.raw)):
        return _Block("body", span, item=True, marks=[Cut(line.start, line.start + mark.end(), "list mark")])
    after_heading = current is not None and current.kind == "heading"
    may_be_heading = line.after_blank or line.page_start or line.new_page or not line.wrapped or after_heading
    following = line.following if line.wrapped else ""
    if may_be_heading and _looks_like_heading(line.raw, following, line.wrapped, line.width):
        return _Block("heading", span)
    return None


def _note_mark(line: _TextLine, current: _Block | None, expected: int, endnotes: float) -> re.Match | None:
    """Return the mark with which the next note begins, where notes may stand."""
    among_endnotes = line.start >= endnotes
    mark = ((line.wrapped or among_endnotes) and _NOTE_START.match(line.raw)) or (
        among_endnotes and _NUMBERED_NOTE.match(line.raw)
    )
    if not mark or int(_number_of(mark)) != expected:
        return None
    after_note = current is not None and current.kind == "note"
    return mark if line.after_blank or line.new_page or among_endnotes or after_note else None


def _goes_on(line: _TextLine, current: _Block | None) -> bool:
    """Tell whether a line that opens nothing belongs to the block before it."""
    if current is None:
        return False
    if current.kind == "note" and not line.page_start and not line.after_blank and not line.new_page:
        return True
    if current.kind != "body":
        return False
    if line.wrapped:
        return not line.page_start and not line.new_page
    if _OPEN_HYPHEN.search(line.previous) and line.raw[0].isalnum():
        return True
    return bool(_LOWER_START.match(line.raw)) and not _ENDS_SENTENCE.search(line.previous)


def _stays_open(block: _Block, wrapped: bool) -> bool:
    """Tell whether later lines may belong to a block that a line opened by what it looks like."""
    if block.cut == "ruled line" or (block.kind == "heading" and block.marks):
        return False
    return wrapped or block.kind != "heading"


def _blocks(text: str, lines, held: _Held, wrapped: bool, width: float | None = None) -> list[_Block]:
    kept = [line for line in lines if not held.covers(line)]
    if width is None:
        width = median([len(text[a:b].rstrip()) for a, b in kept if text[a:b].strip()] or [0])
    blocks: list[_Block] = []
    current: _Block | None = None
    expected_note, endnotes = 1, _endnotes_from(text)
    for line in _lines_with_surroundings(text, kept, wrapped, width):
        if line is None:
            current = None
            continue
        block = _opened_block(line, current, expected_note, endnotes)
        if block is not None:
            blocks.append(block)
            current = block if _stays_open(block, wrapped) else None
            expected_note += block.kind == "note" and not block.note.startswith("^")
        elif _goes_on(line, current):
            current.spans.append((line.start, line.end))
        else:
            current = _Block("body", [(line.start, line.end)], opens=not (line.page_start or line.new_page))
            blocks.append(current)
    return _joined_over_pages(text, blocks, 0.8 * width)


def _joined_over_pages(text: str, blocks: list[_Block], short: float) -> list[_Block]:
    """Say of the first block of a page whether it opens a paragraph, unless the page before ended on a short line."""
    body: _Block | None = None
    for block in blocks:
        # A page may start inside a paragraph: it does unless the page before ended on a short, finished line.
        if block.kind == "heading":
            body = None
        if block.kind != "body":
            continue
        if not block.opens and body is not None:
            last = text[slice(*body.spans[-1])].rstrip()
            block.opens = bool(_ENDS_SENTENCE.search(last)) and len(last) < short
        else:
            block.opens = True
        body = block
    return blocks


def _hinted_blocks(text: str, hints: Sequence, held: _Held) -> list[_Block]:
    blocks = []
    for hint in hints:
        for a, b in held.outside((hint.start, hint.end)):
            if not text[a:b].strip():
                continue
            if hint.kind not in ("body", "heading", "list", "note"):
                reason = "page furniture" if hint.kind == "furniture" else hint.kind
                blocks.append(_Block("cut", [(a, b)], cut=reason))
                continue
            kind = "body" if hint.kind == "list" else hint.kind
            block = _Block(kind, [(a, b)], item=hint.kind == "list", opens=not (hint.goes_on and a == hint.start))
            if block.kind == "note" and (
                mark := re.match(r"\s*(?:\[\^?([^\]\s]+)\]:?|(\d{1,3})[.)]?)[ \t\u00a0]*", text[a:b])
            ):
                block.note = mark[1] or mark[2]
                block.marks.append(Cut(a, a + mark.end(), "note mark"))
            elif block.item and (mark := _BULLET.match(text[a:b])):
                block.marks.append(Cut(a, a + mark.end(), "list mark"))
            blocks.append(block)
    return blocks


def _continue_paragraphs(text: str, blocks: list[_Block], hinted: bool) -> list[_Block]:
    """Join a block to the paragraph that it goes on from: over a page, over notes, over a break in a sentence."""
    result: list[_Block] = []
    body: _Block | None = None
    for block in blocks:
        if block.kind == "heading":
            body = None
        elif block.kind == "body":
            first = text[slice(*block.spans[0])]
            unfinished = body is not None and not _ENDS_SENTENCE.search(text[slice(*body.spans[-1])])
            broken = unfinished and not block.item and not hinted and bool(_LOWER_START.match(first))
            if body is not None and (broken or not block.opens):
                body.spans.extend(block.spans)
                body.marks.extend(block.marks)
                continue
            body = block
        result.append(block)
    return result


def _finish(
    text: str, blocks: list[_Block], ruled: Sequence[Cut], unmatched: tuple[str, ...], markdown: bool
) -> Cleaned:
    cuts: list[Cut] = list(ruled)
    notes = {block.note for block in blocks if block.kind == "note" and block.note}
    units: list[Unit] = []
    section = 0
    held, known = _Held(ruled), _Words(text)
    glued = _glued_marks(text, blocks, notes)
    for block in blocks:
        if block.kind == "cut":
            cuts.extend(Cut(a, b, block.cut) for span in block.spans for a, b in held.outside(span))
            continue
        marks = list(block.marks)
        spans = _merged(part for span in block.spans for part in held.outside(span))
        if block.kind == "heading":
            section += 1
        marks.extend(_marks_in(known, spans, notes, glued, marks, markdown))
        if marks:
            marked = _Held(marks)
            spans = [part for span in spans for part in marked.outside(span)]
        spans, blank = _trim(text, spans)
        if not spans:
            rest = [part for span in block.spans for part in held.outside(span)]
            cuts.extend(_minus(rest, marks, "white space"))
            cuts.extend(marks)
            continue
        cuts.extend(marks)
        cuts.extend(blank)
        units.append(Unit(block.kind, section, tuple(_merged(spans))))
    taken = sorted([(cut.start, cut.end) for cut in cuts] + [span for unit in units for span in unit.spans])
    position = 0
    for a, b in [*taken, (len(text), len(text))]:
        if position < a:
            cuts.append(Cut(position, a, "white space" if not text[position:a].strip() else "not in any block"))
        position = max(position, b)
    cuts.sort(key=lambda cut: cut.start)
    return Cleaned(tuple(units), tuple(_joined(cuts)), unmatched)


class _Words:
    """A text with the words that stand in it, gathered when the first broken word asks for them."""

    def __init__(self, text: str):
        self.text = text

    @cached_property
    def unbroken(self) -> str:
        """The text in small letters without the words that line ends break: their pieces are no words."""
        return _BROKEN_WORD.sub(" ", self.text.lower().translate(_HYPHENS))

    @cached_property
    def whole(self) -> set[str]:
        """The words, each part of a compound by itself."""
        return set(_WORD.findall(self.unbroken))

    @cached_property
    def alone(self) -> Counter[str]:
        """How often each word stands by itself, compounds with a hyphen as one."""
        return Counter(_COMPOUND.findall(self.unbroken))

    @cached_property
    def ordered(self) -> list[str]:
        """The words and compounds in the order of their letters, to find what begins alike."""
        return sorted(self.whole | set(self.alone))

    @cached_property
    def has_compounds(self) -> bool:
        """Tell whether any of the hyphens at line ends may be those of compounds, as in English; in German none is.

        A compound with a hyphen (`long-term`, small letters after it) falls on the end of a line as often as any word
        does. Where fewer than one broken word in a hundred can be one for this reason, none is taken for one; nor where
        of the broken words that stand in the text a second time, whole or with a hyphen, fewer than one in fifty has
        it: names of programs (`docbook-xsl`) are compounds of any language.
        """
        n_broken = whole = compound = 0
        for match in _BROKEN_HYPHEN.finditer(self.text):
            before, after = self.halves(match.start(), match.end())
            n_broken += 1
            whole += before + after in self.whole
            compound += self.alone[f"{before}-{after}"] > 0 and after not in _SUSPENDED
        n_compounds = len(_COMPOUND_INSIDE.findall(self.text))
        can_be = n_compounds * self.text.count("\n") >= 0.01 * n_broken * sum(self.alone.values())
        return n_broken < 50 or can_be and compound + 1 >= 0.02 * (whole + compound)

    def halves(self, start: int, end: int) -> tuple[str, str]:
        """Return the letters on either side of a stretch of the text, in small letters."""
        before = re.search(r"[^\W\d_]*$", self.text[max(0, start - 40) : start])
        after = re.match(r"[^\W\d_]*", self.text[end : end + 40])
        return before[0].lower(), after[0].lower()

    def begins(self, start: str) -> bool:
        """Tell whether a word or compound begins with these letters."""
        place = bisect_left(self.ordered, start)
        return place < len(self.ordered) and self.ordered[place].startswith(start)


_WORD = re.compile(r"\w+")
_COMPOUND = re.compile(r"[\w-]+")
_COMPOUND_INSIDE = re.compile(r"[^\W\d_]{2}-(?!und\b|oder\b|bzw\b)[a-zß-öø-ÿ]{2}")
_HYPHENS = str.maketrans("‐‑", "--")
_END_OF_LINE = r"(?:\r?\n\f?|\f)"
_CAPITALS, _BREAK = "[A-ZÀ-ÖØ-Þ]{2}", rf"[ \t]*{_END_OF_LINE}[ \t]*"
_BROKEN_HYPHEN = re.compile(  # before a small letter, or within a word of capitals
    rf"(?<=\w)[-‐](?:(?={_BREAK}[a-zß-öø-ÿ])|(?<={_CAPITALS}[-‐])(?={_BREAK}{_CAPITALS}))([ \t]*{_END_OF_LINE})[ \t]*"
)
_HYPHEN_LAST = re.compile(r"(?<=\w)[-‐\u00ad](\s*)$")
_BROKEN_WORD = re.compile(rf"(?<![\w-])[\w-]+(?<=\w-)[ \t]*{_END_OF_LINE}[ \t]*\w+")
_BROKEN_DASH = re.compile(rf"(?<=\w)[—–‐‑/][ \t]*{_END_OF_LINE}[ \t]*(?=\w)")
_BROKEN_SOFT = re.compile(rf"(?<=\w)[\u00ad¬][ \t]*{_END_OF_LINE}[ \t]*(?=\w)")


def _markup_in(part: str, markdown: bool) -> Iterator[tuple[int, int, str]]:
    """Yield what is cut within a line, with its reason; Markdown only where a text may be written in it."""
    for match in (_MARKDOWN if markdown else _IN_LINE).finditer(part):
        yield *match.span(), _REASONS.get(match.lastgroup, "markup")
    if not markdown:
        return
    opened: dict[str, list[list[int]]] = {"*": [], "_": [], "`": []}
    for match in _EMPHASIS.finditer(part):
        before, after = part[match.start() - 1 : match.start()], part[match.end() : match.end() + 1]
        waiting = opened[match[0][0]]
        # a star within a word or a number (2*3*4, Konsument*innen) is part of it
        start, end = match.span()
        if before.strip() and not after.isalnum():
            while waiting and start < end:  # “***two* of them**”: one run may end two, and be ended by two
                length = min(end - start, waiting[-1][1] - waiting[-1][0])
                yield waiting[-1][1] - length, waiting[-1][1], "markup"
                yield start, start + length, "markup"
                start += length
                waiting[-1][1] -= length
                if waiting[-1][0] == waiting[-1][1]:
                    waiting.pop()
        if start < end and start == match.start() and after.strip() and not before.isalnum():
            waiting.append([start, end])


def _glued_marks(text: str, blocks: Sequence[_Block], notes: set[str]) -> set[int]:
    """Return where the numbers stand that are glued to words of the text and are the marks of its notes.

    After a word that ends in a small letter, and after a stop, each is one, but a word that has it twice (ext3) is a
    name; nowhere in a text whose reader knows the mark of that note. After a capital or another number (G7, CO2, in
    2009.1) it is one only where no other mark of the note is known, the marks of the notes before and after stand
    around it, and no word of the kind is there twice.
    """
    if not notes:
        return set()
    spans = [span for block in blocks if block.kind not in ("cut", "note") for span in block.spans]
    first: dict[int, int] = {}  # note -> where its mark first stands for sure
    for start, end in spans:
        for match in _WRITTEN_MARK.finditer(text, start, end):
            first.setdefault(int(match[1]), match.start())
    written, sure, doubtful = set(first), set(), defaultdict(list)
    glued: dict[tuple[str, int], list[int]] = defaultdict(list)  # a word and its number -> where
    for start, end in spans:
        for match in _GLUED_MARK.finditer(text, start, end):
            number, place = match[1], match.start()
            before = text[max(start, place - 40) : place]
            if number not in notes or int(number) in written or not bears_mark(before, number):
                continue
            if _NUMBERED_THING.search(before):
                continue
            word = _LAST_WORD.search(before)[0]
            if _SURE_BEFORE.search(before):
                glued[word, int(number)].append(place)
            elif not _IN_DECIMAL.search(before):
                doubtful[int(number)].append((word, place))
    for (word, number), places in glued.items():
        if len(places) == 1 or not word[-1].isalpha():
            sure.update(places)
            first[number] = min(first.get(number, places[0]), places[0])
    for number, found in doubtful.items():
        times = Counter(word for word, _ in found)
        places = [place for word, place in found if times[word] == 1 and _in_order(first, number, place)]
        if number not in first and len(places) == 1:
            sure.add(places[0])
    return sure


_WRITTEN_MARK = re.compile(r"\[\^(\d{1,3})\]")
_SURE_BEFORE = re.compile(r"(?:[^\W\d_A-ZÀ-ÖØ-Þ]|[^\d\s][.,;:!?’'”\")\]]+|\d[;:!?’'”\")\]][.,;:!?’'”\")\]]*)$")
_NUMBERED_THING = re.compile(  # No.10 and Section B.4 bear no mark
    r"(?:\b(?:[Nn]os?|[Aa]rts?|pp?|[Vv]ols?|[Cc]hs?|[Ss]ecs?|[Ff]igs?)|(?<![\w.])[A-Z])\.$"
)
_IN_DECIMAL = re.compile(r"(?<![^\W_])(?!(?:1[5-9]|20)\d\d\D)\d+[.,]$")  # but a year ends sentences
_LAST_WORD = re.compile(r"\w*\W*$")


def _in_order(first: Mapping[int, int], number: int, place: int) -> bool:
    """Tell whether the marks of the notes around one stand around it, one of its neighbours among them."""
    before = max((other for other in first if other < number), default=0)
    after = min((other for other in first if other > number), default=0)
    near = number - before == 1 or after - number == 1
    return near and (not before or first[before] < place) and (not after or place < first[after])


def _marks_in(known: _Words, spans, notes: set[str], glued: set[int], cut: Sequence[Cut], markdown: bool) -> list[Cut]:
    marks: list[Cut] = []
    before = _Held(cut)
    for a, b in [part for span in spans for part in before.outside(span)]:
        part = known.text[a:b]
        # most paragraphs have none of these; to look for one character is much quicker than for a pattern
        if any(sign in part for sign in "[]@*_`"):
            marks.extend(Cut(a + start, a + end, reason) for start, end, reason in _markup_in(part, markdown))
        if "\n" in part or "\f" in part:
            if "-" in part or "‐" in part:
                for match in _BROKEN_HYPHEN.finditer(part):
                    marks.extend(_line_end_hyphen(known, a + match.start(), a + match.end(), a + match.start(1)))
            for match in _BROKEN_DASH.finditer(part) if any(sign in part for sign in "—–‐‑/") else ():
                marks.append(Cut(a + match.start() + 1, a + match.end(), "line break in a word"))
            if "\u00ad" in part or "¬" in part:
                for match in _BROKEN_SOFT.finditer(part):
                    marks.append(Cut(a + match.start(), a + match.end(), "hyphen at the end of a line"))
        for match in _BRACKETED_MARK.finditer(part) if notes and "[" in part else ():
            if match[1] in notes:
                marks.append(Cut(a + match.start(), a + match.end(), "note mark"))
        for match in _GLUED_MARK.finditer(part) if glued else ():
            if a + match.start() in glued:
                marks.append(Cut(a + match.start(), a + match.end(), "note mark"))
    marks.extend(_broken_between(known, spans))
    return sorted(_separate(marks), key=lambda cut: cut.start) if marks else marks


def _broken_between(known: _Words, spans) -> list[Cut]:
    """Mend words that the end of a page or a column breaks: a piece of a unit ends with a hyphen, the next goes on."""
    marks: list[Cut] = []
    for (start, end), (following, last) in pairwise(spans):
        match = _HYPHEN_LAST.search(known.text, max(start, end - 40), end)
        while following < last and known.text[following].isspace():
            following += 1
        if match is None:
            continue
        hyphen, goes_on = match.start(), known.text[following : following + 2]
        if not goes_on[:1].islower() and not (goes_on.isupper() and known.text[hyphen - 2 : hyphen].isupper()):
            continue
        if known.text[hyphen] == "\u00ad":
            marks.append(Cut(hyphen, end, "hyphen at the end of a line"))
            continue
        for cut in _line_end_hyphen(known, hyphen, following, match.start(1)):
            if cut.start < end:
                marks.append(Cut(cut.start, end, cut.reason))
    return marks


def _line_end_hyphen(known: _Words, start: int, end: int, newline: int) -> list[Cut]:
    """Decide whether a hyphen at the end of a line belongs to the word, by what the same text does elsewhere."""
    before, after = known.halves(start, end)
    if after in _SUSPENDED:  # “pre- and post-war”, “Bundes- und Landesmittel”
        return []
    if before and after and _is_syllable(before, after, known):
        return [Cut(start, end, "hyphen at the end of a line")]
    return [Cut(newline, end, "line break in a word")]


def _is_syllable(before: str, after: str, known: _Words) -> bool:
    """Tell a broken word from a compound: by the whole, then by what begins like it, then by its parts."""
    joined, compound = before + after, f"{before}-{after}"
    n_compound = known.alone[compound]
    if joined in known.whole or n_compound:
        return max(known.alone[joined], joined in known.whole) >= n_compound
    if before in _TENS and after.startswith(_UNITS) or before == "in" and after in _AFTER_IN:
        return False
    stem = after[: max(3, len(after) - 3)]
    alike, compound_alike = known.begins(before + stem), known.begins(f"{before}-{stem}")
    if alike != compound_alike:
        return alike
    if before in _BOUND or after in _ENDINGS or joined.startswith(_SOLID) or not known.has_compounds:
        return True
    stands = {half: known.alone[half] > 0 for half in (before, after)}
    if before in _PREFIXES:
        return not (stands[after] or len(after) > 3 and before in _FREE)
    return not (stands[before] and (stands[after] or after in _SECOND_HALVES))


_SUSPENDED = frozenset("and or und oder bzw beziehungsweise et ou".split())
# Prefixes that are hardly ever written with a hyphen; those that often are; and words that begin compounds.
_BOUND = frozenset(
    """
    any be bi de dis every extra hyper in inter intra micro mini mis mono multi out over poly re retro some sub supra
    sur there trans tri ultra un under uni where
    """.split()
)
_AFTER_IN = frozenset("built country depth flight group house kind law laws person service theater theatre".split())
_TENS = frozenset("twenty thirty forty fifty sixty seventy eighty ninety".split())
_UNITS = ("one", "first", "two", "second", "three", "third", "four", "five", "fif", "six", "seven", "eigh", "nin")
_ENDINGS = frozenset(
    "ability able ably age ally fully ing less ment ness ward".split()
)  # words too, but not in compounds
_SOLID = ("cooperat", "coordinat")
_FREE = frozenset(
    """
    cross cyber drug half high long low mid near neo one region security self short state three two war well
    """.split()
)
_PREFIXES = _FREE | frozenset("anti co counter ex fore non off post pre pro quasi semi".split())
_SECOND_HALVES = frozenset(
    """
    aged armed backed based bound building called centred centric century country day defined driven economic
    effective face fire free friendly funded grade growing haul held intensive keeping known land led level like
    long made maker makers making minded minister ministers money monger new old only oriented owned party people
    political power powered powers proof range ranging ranking reaching ready related right rise rising run scale
    sea sharing shore side sized speaking sponsored standing state states style supported term time torn trade
    trained trodden war wide wing world worthy year years
    """.split()
)


def _separate(marks: Sequence[Cut]) -> list[Cut]:
    result: list[Cut] = []
    for mark in sorted(marks, key=lambda cut: (cut.start, -cut.end)):
        result.extend(_minus([(mark.start, mark.end)], result[-4:], mark.reason))
    return result


def _trim(text: str, spans) -> tuple[list[tuple[int, int]], list[Cut]]:
    """Take white space off both ends of a unit; inside it stays, for it parts words."""
    spans, blank = list(spans), []
    while spans:
        a, b = spans[0]
        lead = len(text[a:b]) - len(text[a:b].lstrip())
        if lead:
            blank.append(Cut(a, a + lead, "white space"))
        if lead < b - a:
            spans[0] = (a + lead, b)
            break
        spans.pop(0)
    while spans:
        a, b = spans[-1]
        tail = len(text[a:b]) - len(text[a:b].rstrip())
        if tail:
            blank.append(Cut(b - tail, b, "white space"))
        if tail < b - a:
            spans[-1] = (a, b - tail)
            break
        spans.pop()
    return spans, blank


def _merged(spans) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for a, b in spans:
        if merged and merged[-1][1] == a:
            merged[-1] = (merged[-1][0], b)
        elif a < b:
            merged.append((a, b))
    return merged


def _joined(cuts: Sequence[Cut]) -> list[Cut]:
    joined: list[Cut] = []
    for cut in cuts:
        if joined and joined[-1].end == cut.start and joined[-1].reason == cut.reason:
            joined[-1] = Cut(joined[-1].start, cut.end, cut.reason)
        elif cut.start < cut.end:
            joined.append(cut)
    return joined


@dataclass(frozen=True)
class CleanText:
    """The running text of one unit, with the way back to the source.

    Attributes
    ----------
    text : str
        The unit's characters, line ends and odd spaces as plain spaces.
    clean, source : tuples of int
        Where each unbroken piece begins, in `text` and in the source.
    """

    text: str
    clean: tuple[int, ...]
    source: tuple[int, ...]

    def to_source(self, position: int) -> int:
        """Return the source offset of a character of the running text."""
        piece = self.piece(position)
        return self.source[piece] + position - self.clean[piece]

    def piece(self, position: int) -> int:
        """Return the number of the piece in which a character of the running text stands."""
        return bisect_right(self.clean, position) - 1

    def source_spans(self, start: int, end: int) -> list[tuple[int, int]]:
        """Return the stretches of the source that characters `start` to `end` of the running text come from."""
        bounds = [start, *self.clean[bisect_right(self.clean, start) : bisect_left(self.clean, end)], end]
        return [(self.to_source(a), self.to_source(b - 1) + 1) for a, b in pairwise(bounds) if a < b]


def running_text(text: str, unit: Unit) -> CleanText:
    """Join the pieces of a unit to the text that is read and counted.

    Examples
    --------
    >>> running_text("co-\\noperate", Unit("body", 0, ((0, 2), (4, 11)))).text
    'cooperate'
    """
    parts, clean, source, length = [], [], [], 0
    for a, b in unit.spans:
        parts.append(text[a:b])
        clean.append(length)
        source.append(a)
        length += b - a
    joined = "".join(parts)
    for blank in _BLANKS:
        joined = joined.replace(blank, " ")
    return CleanText(joined, tuple(clean), tuple(source))
