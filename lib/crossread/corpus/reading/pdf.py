"""PDF to text with the kinds of its blocks: body, heading, list, note, and what stands on pages beside the text."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from importlib.util import find_spec
from itertools import groupby, pairwise
from pathlib import Path

from crossread.corpus.reading import glyphs
from crossread.corpus.reading.layout import Line, Page, read_pages, usual_steps
from crossread.corpus.reading.source import NOTE_TITLES, QUOTES_CLOSED, SMALL, Block, looks_like_heading
from crossread.errors import CrossreadError

_NUMBER = re.compile(
    r"(?:[-–—|]\s*)?(?:(?:page|seite|p\.|s\.)\s*)?(?:\d{1,4}|[ivxlc]{1,7})"
    r"(?:\s*(?:of|von|/|\|)\s*\d{1,4})?(?:\s*[-–—|])?",
    re.I,
)
_CONTENTS = re.compile(
    r"(?:table of )?contents|inhalt(?:sverzeichnis|sübersicht)?|sommaire|table des matières|[íi]ndice"
    r"|inhoud(?:sopgave)?|目次",
    re.I,
)
_NOTES = re.compile(NOTE_TITLES, re.I)
_NOTE_START = re.compile(  # not “(5) approximately”, nor the rest of an address, “20Fees%20Research”
    rf"(?!\(\d{{1,3}}\)\s*[{SMALL}])"
    r"(?:\[\^([^\]\s]+)\]|[\[(]?(\d{1,3})(?:[.)\]]|\s|(?=[A-Z][a-z]+(?:[\s,.;:’'-]|$)))|([*†‡§]{1,3})\s?)"
    r"\s*(?=[^\w\s]{0,2}[^\W\d_])"
)
_ITEM = re.compile(r"(?:[-*+•‣▪■◦·–—►➔→✓❖]|\(?\d{1,2}[.)]|\(?[a-z]\))\s+(?=\S)")
_CLOSED = rf"\s?[{QUOTES_CLOSED})\]]*\s*(?:\[\^[^\]\s]+\]\s*)*$"
_ENDS = re.compile(rf"[.!?…:;。！？؟]{_CLOSED}")
_STOPS = re.compile(rf"[.!?…。！？؟]{_CLOSED}")
_FEWEST = 3  # pages on which a head or foot stands
_EDGE = 3  # lines at the top and the bottom of a page that may be one


def read_pdf(path: Path, data: bytes, max_bytes: int) -> tuple[str, tuple[Block, ...], list[str]]:
    pages = read_pages(_glyphs(path, data, max_bytes))
    if not pages:
        raise CrossreadError(f"{path}: a PDF without pages. Download it again.")
    blank = [number for number, page in enumerate(pages, 1) if not page.lines]
    if len(blank) == len(pages) and not any(page.pictures for page in pages):
        raise CrossreadError(f"{path}: no text on {_pages(blank)} of {len(pages)}, and no picture. Download it again.")
    if len(blank) == len(pages):
        raise CrossreadError(
            f"{path}: no text on {_pages(blank)} of {len(pages)}: a PDF of pictures, as a scanner makes it. "
            "Run text recognition (OCR) on it first."
        )
    lines = [line for page in pages for line in page.lines]
    body = _body_size(lines)
    steps = usual_steps(lines)
    _mark_furniture(pages, body, steps)
    _mark_contents(pages)
    _mark_notes(lines, body, steps)
    _take_back_marks(lines)
    text, blocks = _join(pages, body, steps)
    notices = _lost(path, pages, lines)
    scanned = [number for number in blank if pages[number - 1].pictures]
    if scanned:
        notices.append(
            f"{path}: no text but a picture on {_pages(scanned)} of {len(pages)}: not read. OCR would read it."
        )
    return text, blocks, notices


def _glyphs(path: Path, data: bytes, max_bytes: int) -> bytes:
    """Return what PDFium reads, and say in a sentence how it ended where it did not end well."""
    code, content = run_pdfium(data, max_bytes)
    if code == glyphs.LOCKED:
        raise CrossreadError(
            f"{path}: the PDF is encrypted. Open it with its password and save an unprotected copy (print to PDF)."
        )
    if code == glyphs.TOO_MANY:
        raise CrossreadError(
            f"{path}: more than {glyphs.MAX_PAGES:,} pages, or {max_bytes:,} letters, are not read. Split the file."
        )
    if code != glyphs.DONE:
        more = "" if code == glyphs.DAMAGED else ", or one that takes too long or too much memory to read"
        raise CrossreadError(f"{path}: a damaged PDF{more}. Download it again, or print it to a new PDF.")
    return content


def run_pdfium(data: bytes, max_glyphs: int) -> tuple[int, bytes]:
    """Run `glyphs.py` on a PDF, and return how it ended and what it wrote."""
    place = str(Path(find_spec("pypdfium2_raw").origin).parents[1])
    command = [sys.executable, "-I", "-S", glyphs.__file__, place, str(max_glyphs)]
    done = subprocess.run(command, input=data, capture_output=True)
    if done.returncode == 1 and b"Error" in done.stderr and b"MemoryError" not in done.stderr:
        raise RuntimeError(done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2])
    return done.returncode, done.stdout


def _body_size(lines: list[Line]) -> float:
    """Return the size in which most letters are set."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(2 * line.size) / 2] += len(line.text)
    return max(sizes, key=lambda size: (sizes[size], size))


# What stands at the edge of pages


def _mark_furniture(pages: list[Page], body: float, steps: dict[int, float]) -> None:
    """Mark page numbers, heads and feet by their place, what is turned, and what lies beside the page."""
    edges: list[tuple[Line, bool]] = []  # with whether it stands apart from the text
    for page in pages:
        _mark_outside(page)
        straight = sorted((line for line in page.lines if not line.kind), key=lambda line: -line.height)
        highest: dict[str, float] = {}  # where a mark of a note stands first
        for line in straight:
            for mark in line.marks:
                highest.setdefault(mark, line.height)
        straight = [line for line in straight if not _is_note_below(line, highest)]
        for ordered in (straight, straight[::-1]):
            edges += _edge(ordered, body, steps)
    shapes: dict[tuple[str, int], set[int]] = {}
    places: dict[tuple[int, int], set[int]] = {}  # pages with a line at this height and of this size that stands apart
    for line, apart in edges:
        for near in (-1, 0, 1):
            shapes.setdefault((_shape(line), round(line.height / 3) + near), set()).add(line.page)
            if apart:
                places.setdefault((round(line.height / 2) + near, round(2 * line.size)), set()).add(line.page)
    reach = _reach_of_text(pages, steps)
    repeated: set[tuple[int, int]] = set()
    for line, apart in edges:
        n_alike = len(shapes[_shape(line), round(line.height / 3)])
        place = (round(line.height / 2), round(2 * line.size))
        if _is_within(line, reach) and 2 * n_alike <= len(pages):
            continue  # where other pages have text: a heading that begins a page
        if _is_head(line, apart, n_alike, len(places.get(place, ())), len(pages)):
            line.kind = "page number" if _NUMBER.fullmatch(line.text) else "running head"
            repeated.add(place)
    for line in [line for line, apart in edges if apart and not line.kind]:
        near = {(round(line.height / 2) + step, round(2 * line.size)) for step in (-1, 0, 1)}
        n_there = max(len(places.get(place, ())) for place in near)
        if _NUMBER.fullmatch(line.text):
            line.kind = "page number"
        elif n_there >= _FEWEST and not _is_within(line, reach):
            short = len(line.text) < 120 and not _STOPS.search(line.text)
            # where no page has text, and not large as the titles of slides are
            alone = reach is not None and 4 * n_there >= len(pages) and line.size <= 1.12 * body
            if alone or reach is None and short and near & repeated:
                line.kind = "running head"


def _is_within(line: Line, reach: tuple[float, float] | None) -> bool:
    return reach is not None and reach[1] <= line.height + 0.5 * line.size and line.height <= reach[0] + 0.5 * line.size


def _reach_of_text(pages: list[Page], steps: dict[int, float]) -> tuple[float, float] | None:
    """Return between which heights pages have text: full lines, close under one another."""
    highest, lowest = [], []
    for page in pages:
        heights: list[float] = []
        for _, column in groupby(page.lines, key=lambda line: line.column):
            lines = [line for line in column if not line.kind]
            width = max((line.right for line in lines), default=0) - min((line.left for line in lines), default=0)
            for before, after in pairwise(lines):
                close = 0 < before.height - after.height <= 1.35 * steps.get(round(2 * after.size), 1.2 * after.size)
                if close and before.right - before.left >= 0.8 * width:
                    heights += (before.height, after.height)
        if heights:
            highest.append(max(heights))
            lowest.append(min(heights))
    if len(highest) < _FEWEST:
        return None
    strange = max(1, len(highest) // 20)  # pages that are set in another way, as the first
    return sorted(highest)[-1 - strange], sorted(lowest)[strange]


def _is_note_below(line: Line, highest: Mapping[str, float]) -> bool:
    """Tell a footnote, whose mark stands above it on the page, however alike the notes of many pages are."""
    return _NOTE_START.match(line.text) is not None and highest.get(_mark_of(line), line.height) > line.height


def _mark_outside(page: Page) -> None:
    """Mark what is turned, and what lies beside the page."""
    for line in page.lines:
        across = page.left <= line.right and line.left <= page.right
        if line.turned:
            line.kind = "turned text"
        elif not (across and page.bottom < line.height + line.size) or line.height >= page.top:
            line.kind = "beside the page"


def _is_head(line: Line, apart: bool, n_alike: int, n_there: int, n_pages: int) -> bool:
    """Tell a head or foot, which stands alike on `n_alike` pages at its place, where `n_there` pages have a line."""
    if not apart and (not 2 * n_alike > n_pages > 5 or _STOPS.search(line.text) or line.text[:1].islower()):
        return False
    if _STOPS.search(line.text) and len(line.text.split()) > 3 and (n_alike < _FEWEST or 4 * n_alike < n_pages):
        return False  # a sentence
    return n_alike >= _FEWEST or n_alike > 1 and n_there >= _FEWEST


def _edge(ordered: list[Line], body: float, steps: dict[int, float]) -> list[tuple[Line, bool]]:
    """Return the lines at one edge of a page, and whether each stands apart from what comes next.

    Below what stands apart, and where it fills the page, a line that does not stand apart is text.
    """
    edge: list[tuple[Line, bool]] = []
    width = max((line.right for line in ordered), default=0) - min((line.left for line in ordered), default=0)
    rows = [list(row) for _, row in groupby(ordered, key=lambda line: round(line.height))]
    for number, row in enumerate(rows[:_EDGE]):
        after = next((other for later in rows[number + 1 :] for other in later), None)
        for line in row:
            usual = steps.get(round(2 * line.size), 1.2 * line.size)
            room = abs(line.height - after.height) if after is not None else 1e9
            apart = room > 1.35 * max(usual, 1.05 * line.size) or abs(line.size - body) > 0.08 * body
            if apart or line.right - line.left < 0.8 * width and not any(apart for _, apart in edge):
                edge.append((line, apart))
    return edge


def _shape(line: Line) -> str:
    return re.sub(r"\d+|\b[ivxlc]{1,7}\b", "0", " ".join(line.text.lower().split()))


def _mark_contents(pages: list[Page]) -> None:
    """Mark tables of contents: lines that end in the number of a page, one after another, each no less than before."""
    for page in pages:
        lines = [line for line in page.lines if not line.kind]
        entries = [number for number, line in enumerate(lines) if line.page_of and re.search(r"[^\W\d_]", line.text)]
        rising = [int(lines[number].page_of) for number in entries]
        falls = sum(after < before for before, after in zip(rising, rising[1:], strict=False))
        if len(entries) < 3 or falls > 0.1 * len(entries) or max(rising) > 3 * len(pages) + 200:
            continue
        first, last = entries[0], entries[-1]
        if 3 * len(entries) < last - first + 1:
            continue
        heading = next((n for n in range(first, max(-1, first - 6), -1) if _CONTENTS.fullmatch(lines[n].text)), first)
        for line in lines[heading : last + 1]:
            line.kind = "table of contents"


# Notes


def _mark_notes(lines: list[Line], body: float, steps: dict[int, float]) -> None:
    """Mark footnotes, small at the foot of a column or begun by a raised mark, and the notes at the end of a text."""
    text = [line for line in lines if not line.kind]
    raised = {mark for line in text for mark in line.marks}
    running = False  # whether the last note of the page before goes on
    for _, column in groupby(text, key=lambda line: line.column):
        running = _mark_footnotes(list(column), body, steps, raised, running)
    noted = {(line.page, _mark_of(line)) for line in text if line.kind and _NOTE_START.match(line.text)}
    _mark_endnotes([line for line in text if not line.kind], noted, body, steps)


def _mark_footnotes(column: list[Line], body: float, steps, raised: set[str], running: bool) -> bool:
    foot = len(column)
    while foot and column[foot - 1].size < 0.94 * body:
        foot -= 1
    start = next((n for n in range(foot, len(column)) if _NOTE_START.match(column[n].text)), len(column))
    begins = foot if running and foot and foot < len(column) else start
    for line in column[begins:]:
        line.kind = "note"
    noted = begins < len(column)
    for number, line in enumerate(column):  # a raised number begins a line in the size of the body
        match = _NOTE_START.match(line.text)
        if line.kind or not match or not match[1] or match[1] not in raised:
            continue
        if any(match[1] in other.marks for other in column[:number]) or line.page > 0:
            for follower in column[number:]:
                if follower is not line and _is_apart(column, follower, steps) and not _NOTE_START.match(follower.text):
                    break
                follower.kind, noted = "note", True
    return noted and not _ENDS.search(column[-1].text) and column[-1].kind == "note"


def _is_apart(column: list[Line], line: Line, steps) -> bool:
    before = column[column.index(line) - 1]
    return before.height - line.height > 1.4 * steps.get(round(2 * line.size), 1.2 * line.size)


def _mark_endnotes(lines: list[Line], noted: set[tuple[int, str]], body: float, steps: dict[int, float]) -> None:
    """Mark a series “1. Roe …”, “2. …” that comes after the last mark of its numbers, or right under “Notes”.

    Marks whose notes (`noted`: page and mark) stand at the foot of their page ask for no other.
    """
    place = {mark: n for n, line in enumerate(lines) for mark in line.marks if (line.page, mark) not in noted}
    headed = -1
    starts: list[int] = []
    for number, line in enumerate(lines):
        if _NOTES.fullmatch(line.text.strip(" :.")):
            headed, starts = number, []
        match = _NOTE_START.match(line.text)
        if not match:
            continue
        mark = _mark_of(line)
        expected = str(int(_mark_of(lines[starts[-1]])) + 1) if starts else "1"
        right_under = headed >= 0 and (starts or number - headed <= 2)
        if mark == expected and (right_under or place.get(mark, number) < number):
            starts.append(number)
        elif mark == "1" and place.get(mark, number) < number:
            starts = [number]
    if not starts:
        return
    known = [n for n in range(1, len(starts) + 1) if str(n) in place]
    after_marks = bool(known) and 2 * len(known) >= len(starts) and place[str(known[-1])] < starts[0]
    if not (after_marks or headed >= 0 and len(starts) > 1 and starts[0] > headed):
        return
    for number in range(starts[0], len(lines)):
        line, before = lines[number], lines[number - 1]
        if line.size > 1.1 * body or (number > starts[-1] and _begins_anew(before, line, steps)):
            break
        line.kind = "note"


def _take_back_marks(lines: list[Line]) -> None:
    """Make raised numbers numbers again where they do not run on as note marks do: in formulas they are powers."""
    noted = {(line.page, _mark_of(line)) for line in lines if line.kind == "note" and _NOTE_START.match(line.text)}
    text = [line for line in lines if line.kind != "note"]
    raised = [(line.page, int(mark)) for line in text for mark in line.marks if mark.isdecimal() and len(mark) < 5]
    in_order = sum(
        after == before + 1 or (after == 1 and page > page_before)
        for (page_before, before), (page, after) in pairwise(raised)
    )
    if 2 * in_order >= len(raised) - 1:
        return
    for line in lines:
        if line.marks and line.kind != "note" and not noted.issuperset((line.page, mark) for mark in line.marks):
            line.text, line.marks = re.sub(r"\[\^([\d,]+)\]", r"\1", line.text), ()


def _begins_anew(before: Line, line: Line, steps) -> bool:
    """Tell a line below more room than usual, on the same page."""
    room = before.height - line.height
    return line.column == before.column and room > 1.4 * steps.get(round(2 * line.size), 1.2 * line.size)


def _mark_of(line: Line) -> str:
    match = _NOTE_START.match(line.text)
    return match[1] or match[2] or match[3]


# Paragraphs


def _join(pages: list[Page], body: float, steps: dict[int, float]) -> tuple[str, tuple[Block, ...]]:
    """Write the lines, pages apart by a form feed and blocks by a blank line, and say where each block is."""
    parts: list[str] = []
    blocks: list[Block] = []
    position = 0
    plain_bold = _is_bold(pages)
    open_body: Line | None = None  # the last line of a paragraph that may go on, and the number of its block
    open_block = 0
    edge = 0.0
    for number, page in enumerate(pages):
        if number:
            parts.append("\f")
            position += 1
        groups = [
            group
            for _, column in groupby(page.lines, key=lambda line: line.column)
            for group in _paragraphs(list(column), body, steps, plain_bold)
        ]
        for place, (kind, group) in enumerate(groups):
            text = "\n".join(line.text for line in group)
            goes_on = False
            if kind in ("body", "heading", "list"):
                goes_on = kind == "body" and _goes_on(open_body, group[0], edge)
                if goes_on:  # the white space after the first part comes between its last word and the next
                    blocks[open_block] = replace(blocks[open_block], end=blocks[open_block].end + 1)
                open_block = len(blocks)
                open_body = None if kind == "heading" else group[-1]
                edge = max(line.right for line in group)
            if place:
                parts.append("\n\n")
                position += 2
            blocks.append(Block(position, position + len(text), kind, goes_on))
            parts.append(text)
            position += len(text)
    return "".join(parts), tuple(blocks)


def _is_bold(pages: list[Page]) -> bool:
    """Tell whether most of the text is bold, so that bold lines are no headings."""
    bold, total = 0, 1
    for page in pages:
        for line in page.lines:
            total += len(line.text)
            bold += line.bold * len(line.text)
    return 2 * bold > total


def _goes_on(before: Line | None, first: Line, edge: float) -> bool:
    """Tell whether a paragraph of another column or page goes on: its last line ends no sentence and is full."""
    if before is None or before.column == first.column or _ENDS.search(before.text) or _ITEM.match(first.text):
        return False
    starts = first.text.lstrip("“\"‘'([")[:1]
    return not starts.isupper() or before.right > edge - 3 * before.size or before.text.endswith(("-", "\u00ad", ","))


def _paragraphs(column: list[Line], body: float, steps, plain_bold: bool) -> list[tuple[str, list[Line]]]:
    """Part the lines of a column into paragraphs, headings, items, notes and what is none of the text."""
    if not column:
        return []
    right = sorted(line.right for line in column)[int(0.9 * (len(column) - 1))]
    groups: list[tuple[str, list[Line]]] = []
    for number, line in enumerate(column):
        kind = line.kind or _class_of(line, body, plain_bold)
        following = column[number + 1] if number + 1 < len(column) else None
        item = kind in ("body", "big", "bold") and bool(_ITEM.match(line.text))
        if groups and not _new(groups[-1], kind, line, following, right, steps, item):
            groups[-1][1].append(line)
        else:
            groups.append(("list" if item else kind, [line]))
    return [(_settled(kind, lines, right), lines) for kind, lines in groups]


def _class_of(line: Line, body: float, plain_bold: bool) -> str:
    if line.size > 1.12 * body:
        return "big"
    return "bold" if line.bold and not plain_bold else "body"


def _settled(kind: str, lines: list[Line], right: float) -> str:
    """Say what a group of lines is, once it is whole: bold or large lines are a heading unless they are sentences."""
    text = " ".join(line.text for line in lines)
    words = text.split()
    if kind in ("big", "bold"):
        longest = 24 if kind == "big" else 16
        short = len(words) <= longest and not re.search(r"[.,;:]$", text)
        return "heading" if short and re.search(r"[^\W\d_]", text) else "body"
    if kind in ("body", "list") and len(lines) == 1 and lines[0].right < right - 2 * lines[0].size:
        numbered = re.sub(r"^\d{1,2}[.)]\s+", "", text)
        if (kind == "body" or numbered != text) and looks_like_heading(numbered):
            return "heading"
    return kind


def _new(
    group: tuple[str, list[Line]], kind: str, line: Line, following: Line | None, right: float, steps, item
) -> bool:
    """Tell whether a line begins a new paragraph, by its room, its indent, its mark and how full the line before is."""
    before_kind, lines = group
    before = lines[-1]
    step = before.height - line.height
    usual = steps.get(round(2 * line.size), 1.25 * line.size)
    ended = bool(_ENDS.search(before.text))
    if line.kind == "note" and before.kind == "note":
        return bool(_NOTE_START.match(line.text)) and (ended or step > 1.2 * usual or line.text.startswith("[^"))
    if line.kind or before.kind:
        return line.kind != before.kind
    goes_on = line.text[:1].islower() or (line.text[:1].isalnum() and kind == before_kind)
    if re.search(r"[\w.][-‐\u00ad]$", before.text) and goes_on and 0 < step < 1.6 * usual:
        return False  # in the middle of a word no paragraph ends, nor in F-35 or U.S.-Japan
    if before_kind not in (kind, "list") or abs(line.size - before.size) > 0.12 * before.size:
        # a word in bold begins many a paragraph, and does not part the line from the next
        if not (
            kind == "body"
            and before_kind == "bold"
            and not ended
            and step < 1.2 * usual
            and before.right > right - 2 * line.size
        ):
            return True
    if step > 1.35 * usual or step < -0.5 * line.size:
        return True
    em = line.size
    if item and (ended or line.left > lines[0].left + 0.3 * em or (before_kind == "list" and _follows(lines[0], line))):
        return True
    indent = line.left - before.left
    if ended and 0.6 * em < indent < 6 * em and before_kind != "list":
        return following is None or following.left < line.left - 0.3 * em or following.height > line.height
    if (
        before_kind == "list"
        and indent < -0.6 * em
        and line.left < lines[0].left + 0.3 * em
        and (ended or len(lines) > 1)
    ):
        return True
    word = line.text.split(" ", 1)[0]
    width = (line.right - line.left) * len(word) / max(len(line.text), 1)
    early = before.right + width + em < right and before.right < right - 2 * em
    return early and (ended or not line.text[:1].islower() and kind == "body")


def _follows(before: Line, line: Line) -> bool:
    """Tell whether the mark of an item goes on from another: the same bullet, or the next number or letter."""
    first, second = (
        re.sub(r"[\s().]", "", _ITEM.match(each.text)[0]) if _ITEM.match(each.text) else "" for each in (before, line)
    )
    if first.isdigit() and second.isdigit():
        return int(second) == int(first) + 1
    return first == second or len(first) == len(second) == 1 and ord(second) == ord(first) + 1


# What was lost


def _lost(path: Path, pages: list[Page], lines: list[Line]) -> list[str]:
    """Say how many letters have no meaning in the file, and where, and whether the rest can be counted."""
    n_lost = sum(page.n_lost for page in pages)
    n_letters = sum(len(line.text) - line.text.count(" ") for line in lines)
    if not n_lost:
        return []
    where = _pages([number for number, page in enumerate(pages, 1) if page.n_lost])
    if 2 * n_lost > n_letters:
        return [
            f"{path}: unusable: {n_lost:,} of {n_letters:,} letters have no meaning in this file ({where}). "
            "Do not count it: run text recognition (OCR) on it first, or get another copy."
        ]
    sample = next(
        word
        for line in lines
        for word in line.text.split()
        if any(c == "\ufffd" or "\ue000" <= c <= "\uf8ff" or c >= "\U000f0000" for c in word)
    )
    return [
        f"{path}: {n_lost:,} letters have no meaning in this file ({where}), as “{sample}” shows: ligatures such as "
        "“fi”, or signs of a font of its own. Words with them are not found. Get another copy, or run text recognition "
        "(OCR)."
    ]


def _pages(numbers: list[int]) -> str:
    """Write page numbers as ranges: "page 3", "pages 1-4, 7"."""
    parts: list[list[int]] = []
    for number in numbers:
        if parts and parts[-1][1] == number - 1:
            parts[-1][1] = number
        else:
            parts.append([number, number])
    shown = ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in parts)
    return f"page {shown}" if len(numbers) == 1 else f"pages {shown}"
