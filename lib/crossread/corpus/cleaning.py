"""A source text to paragraphs, headings and notes, with an account of every character that is not among them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from statistics import median
from unicodedata import normalize

from crossread.corpus.inline_marks import BRACKETED_MARK, GLUED_MARK, RAISED_MARK, find_glued_marks, find_marks
from crossread.corpus.line_ends import Words
from crossread.corpus.reading.source import NOTE_TITLES, QUOTES_CLOSED, SMALL, looks_like_heading
from crossread.corpus.spans import Cut, Held, Unit, join_cuts, merge_spans, subtract, trim
from crossread.corpus.yaml_files import read_items
from crossread.errors import CrossreadError

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
_NOTES_HEADING = re.compile(rf"^[#*_ \t]*(?:{NOTE_TITLES})[:*_ \t]*$", re.I | re.M)
_FIRST_UNDER_HEADING = re.compile(r"\s*^[ \t]{0,3}1[ \t\u00a0]{1,4}(?=\S)", re.M)
_FEWEST_PAGES = 3  # on which a running head stands
_LINK_LINE = re.compile(  # or in Markdown the target of a link, with its title
    r"[ \t\u00a0]*(?:https?://|www\.)\S+[ \t\u00a0]*$"
    r"|[ ]{0,3}\[[^\[\]^][^\[\]]{0,200}\]:\s*<?(?:https?://|www\.)\S+\s*(?:[\"'(][^\"'()]{0,300}[\"')]\s*)?$"
)
_IN_WORDS = re.compile(r"[^\W_]")
_PAGE_NUMBER = re.compile(
    r"\s*(?:[-–—]\s*)?(?:page\s+)?(?:\d{1,4}|[ivxlc]{1,6})(?:\s*(?:of|/)\s*\d{1,4})?(?:\s*[-–—])?\s*$",
    re.I,
)
_ENDS_SENTENCE = re.compile(
    rf"(?:[.!?…:;؟۔।॥][{QUOTES_CLOSED})\]*_]*(?:\s[{QUOTES_CLOSED}])?|[。！？｡][」』》）]*)"
    r"\s*+(?:\d{1,2}|\[\^?\w+\])?\s*+$"
)
_OPEN_HYPHEN = re.compile(r"[\w.][-‐]\s*$")  # anti-, U.S.-: whatever comes next belongs to it
_LOWER_START = re.compile(rf"[\s*_“\"‘'(]*[{SMALL}]")

# Hard-wrapped is a text of so many lines, most of them no longer than this, so large a share of them left open.
LINES_TOLD, MOST, WRAPPED_AT, SHORT, OPEN_SHARE = 6, 0.9, 110, 35, 0.4


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
        blocks = _hinted_blocks(text, hints, Held(ruled))
    else:
        if front := _FRONT_MATTER.match(text):
            ruled = ruled + subtract([front.span()], ruled, "front matter")
        held = Held(ruled)
        wrapped = layout.wrapped if layout else is_wrapped(text, [line for line in lines if not held.covers(line)])
        furniture = _page_furniture(text, lines)
        ruled = ruled + [Cut(a, b, cut.reason) for cut in furniture for a, b in held.outside((cut.start, cut.end))]
        blocks = _blocks(text, lines, Held(ruled), wrapped, layout.width if layout else None)
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
        cuts.extend(subtract([(start, end)], cuts, rule["reason"]))
    return cuts, headings, bodies, unmatched


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
    for glued in (GLUED_MARK, BRACKETED_MARK, RAISED_MARK):
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
    if not line.after_blank and _OPEN_HYPHEN.search(line.previous):
        return None
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


def _blocks(text: str, lines, held: Held, wrapped: bool, width: float | None = None) -> list[_Block]:
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


def _notes_among(text: str, hints: Sequence) -> set[int]:
    """Return where paragraphs begin that are notes though the format does not say so.

    They begin with a mark that stands in an earlier paragraph, or are numbered from 1 on right below a title “Notes”.
    """
    expected, found = 0, set()  # 0: no title stands above
    marks: set[str] = set()
    for hint in hints:
        part = text[hint.start : hint.end]
        own = _OWN_MARK.match(part)
        if hint.kind == "heading" or _NOTES_HEADING.fullmatch(part.strip()):
            expected = int(_NOTES_HEADING.fullmatch(part.strip()) is not None)
        elif hint.kind in ("body", "list") and not hint.goes_on:
            numbered = _NUMBERED_NOTE.match(part) if expected else None
            is_next = numbered is not None and int(_number_of(numbered)) == expected
            if is_next or (own and own[1] in marks):
                found.add(hint.start)
                expected += is_next
                continue
            expected = 0 if expected == 1 else expected
        marks.update(re.findall(r"\[\^([^\]\s]{1,40})\]", part[own.end() if own else 0 :]))
    return found


_OWN_MARK = re.compile(r"\s*\[\^([^\]\s]{1,40})\]")


def _hinted_blocks(text: str, hints: Sequence, held: Held) -> list[_Block]:
    blocks, notes = [], _notes_among(text, hints)
    for hint in hints:
        for a, b in held.outside((hint.start, hint.end)):
            if not text[a:b].strip():
                continue
            if hint.kind not in ("body", "heading", "list", "note"):
                reason = "page furniture" if hint.kind == "furniture" else hint.kind
                blocks.append(_Block("cut", [(a, b)], cut=reason))
                continue
            kind = "note" if hint.start in notes else "body" if hint.kind == "list" else hint.kind
            block = _Block(kind, [(a, b)], item=hint.kind == "list", opens=not (hint.goes_on and a == hint.start))
            if block.kind == "note" and (
                mark := re.match(r"\s*(?:\[\^?([^\]\s]+)\]:?|\(?(\d{1,3})[.)]?)[ \t\u00a0]*", text[a:b])
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
    notes = Counter(block.note for block in blocks if block.kind == "note" and block.note)
    units: list[Unit] = []
    section = 0
    held, known = Held(ruled), Words(text)
    written = [span for block in blocks if block.kind not in ("cut", "note") for span in block.spans]
    glued = find_glued_marks(known, written, notes)
    for block in blocks:
        if block.kind == "cut":
            cuts.extend(Cut(a, b, block.cut) for span in block.spans for a, b in held.outside(span))
            continue
        marks = list(block.marks)
        spans = merge_spans(part for span in block.spans for part in held.outside(span))
        if block.kind == "heading":
            section += 1
        marks.extend(find_marks(known, spans, notes, glued, marks, markdown))
        if marks:
            marked = Held(marks)
            spans = [part for span in spans for part in marked.outside(span)]
        spans, blank = trim(text, spans)
        if not any(_IN_WORDS.search(text, start, end) for start, end in spans):  # “* * *”, “|---|”: no sentence
            rest = [part for span in block.spans for part in held.outside(span)]
            cuts.extend(subtract(rest, marks, "signs without words" if spans else "white space"))
            cuts.extend(marks)
            continue
        cuts.extend(marks)
        cuts.extend(blank)
        units.append(Unit(block.kind, section, tuple(merge_spans(spans))))
    taken = sorted([(cut.start, cut.end) for cut in cuts] + [span for unit in units for span in unit.spans])
    position = 0
    for a, b in [*taken, (len(text), len(text))]:
        if position < a:
            cuts.append(Cut(position, a, "white space" if not text[position:a].strip() else "not in any block"))
        position = max(position, b)
    cuts.sort(key=lambda cut: cut.start)
    return Cleaned(tuple(units), tuple(join_cuts(cuts)), unmatched)
