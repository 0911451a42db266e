"""Glyphs on pages to lines in reading order: columns one after another, raised marks as [^1]."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from crossread.corpus.reading.glyphs import BOLD, GLYPH, HEAD, RUN, SIGNS, UNKNOWN
from crossread.corpus.reading.source import raised_mark, with_mark

_SPACES = frozenset("\t\n\r \u00a0\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000")
_LOST = "\ufffd"
_BULLETS = {0xF0B7, 0xF0A7, 0xF0A8, 0xF0D8, 0xF0FC, 0xF06E, 0xF076, 0xF0AE, 0xF0E0, 0x2022}  # of Symbol and Wingdings
_TURNED = 3  # degrees
_WORD_GAP = 0.13  # of the size: more room than this parts two words
_PIECE_GAP = 1.0  # of the size: more room than this may be the room between two columns


@dataclass(slots=True)
class Line:
    """A line of text on a page."""

    text: str
    left: float
    right: float
    height: float  # of its baseline
    size: float
    bold: bool = False
    page: int = 0
    column: int = 0  # the running number of the column it stands in
    turned: bool = False
    marks: tuple[str, ...] = ()  # note marks raised in it
    page_of: str = ""  # the number at its end, apart from the rest by leaders or room
    inner: float = 0.0  # where what comes after a number at its beginning stands, if there is room between them
    kind: str = ""


@dataclass(slots=True)
class Page:
    """A page: its lines in reading order and what was seen on it."""

    left: float
    bottom: float
    right: float
    top: float
    n_glyphs: int
    n_lost: int
    pictures: int
    lines: list[Line] = field(default_factory=list)


@dataclass(slots=True)
class _Piece:
    """Glyphs that stand close together on a line; `parts` are (text, height, size, bold)."""

    parts: list[list]
    left: float
    right: float
    height: float
    size: float
    turned: bool = False
    right_to_left: bool = False

    def text(self) -> str:
        return "".join(part[0] for part in self.parts)


_RUNS = np.dtype([("size", "<f4"), ("angle", "<f4"), ("weight", "<f4")])
_GLYPHS = np.dtype([("code", "<u4"), ("left", "<f4"), ("right", "<f4"), ("height", "<f4"), ("run", "<u4")])


def read_pages(content: bytes) -> list[Page]:
    """Return the pages that `glyphs.py` wrote, their lines in reading order."""
    pages, column, expected = [], 0, set()  # with which numbers the lines of a page begin, after one that has some
    parts = list(_parts(content))
    unknown = [glyphs["code"][glyphs["code"] >= UNKNOWN] & ~np.uint32(UNKNOWN) for _, _, glyphs in parts]
    is_text = _is_text(np.concatenate(unknown)) if unknown else True
    for head, runs, glyphs in parts:
        left, bottom, right, top, _, n_glyphs, pictures = head
        codes = glyphs["code"]
        codes = np.where(codes < UNKNOWN, codes, codes & ~np.uint32(UNKNOWN) if is_text else 0)
        page = Page(left, bottom, right, top, n_glyphs, 0, pictures)
        pieces = _pieces(codes, glyphs, runs)
        straight = [piece for piece in pieces if not piece.turned]
        regions = _columns(_merged(straight)) + [[piece] for piece in pieces if piece.turned]
        for region in regions:
            lines = _lines(region)
            for line in lines:
                line.page, line.column = len(pages), column
            page.lines.extend(lines)
            column += 1
        if numbers := _take_line_numbers(page, expected):
            page.lines.append(numbers)
            first, last = int(numbers.text.split()[0]), int(numbers.text.split()[-1])
            expected = {first, last + 1, 2 * last - int(numbers.text.split()[-2])}
            numbers.page, numbers.column, column = len(pages), column, column + 1
        page.n_lost = sum(line.text.count(_LOST) + _private(line.text) for line in page.lines)
        pages.append(page)
    return pages


_NUMBERED = re.compile(r"(\d{1,4})(?:\s+(?=\S)|$)")


def _longest_chain(found: list[tuple[int, re.Match]], step: int) -> list[tuple[int, re.Match]]:
    """Return the longest series of numbers that rise by a step, five of them with as many lines between."""
    lengths, before = [], []
    last: dict[int, int] = {}  # number -> the latest place in `found` that has it
    for n, (place, match) in enumerate(found):
        earlier = last.get(int(match[1]) - step, -1)
        if earlier >= 0 and step > 1 and place - found[earlier][0] != step:
            earlier = -1
        lengths.append(lengths[earlier] + 1 if earlier >= 0 else 1)
        before.append(earlier)
        last[int(match[1])] = n
    n = max(range(len(found)), key=lengths.__getitem__, default=-1)
    chain = []
    while n >= 0:
        chain.append(found[n])
        n = before[n]
    return chain[::-1]


def _take_line_numbers(page: Page, expected: set[int]) -> Line | None:
    """Take the numbers of lines, as bills have them in the margin, out of a page, and return them as one line."""
    lines = sorted((line for line in page.lines if not line.turned), key=lambda line: -line.height)
    found = [(place, match) for place, line in enumerate(lines) if (match := _NUMBERED.match(line.text))]
    for step in (1, 5):
        chain = _longest_chain(found, step)
        texts = [match.string[match.end() :] for _, match in chain]
        goes_on = len(chain) > 1 and int(chain[0][1][1]) in expected
        enough = (
            len(chain) >= (2 if goes_on else 8 if step == 1 else 3) and step * len(chain) >= 0.6 * len(lines) - step
        )
        # the lines of a list or of notes begin with capitals
        if enough and 3 * sum(text[:1].islower() for text in texts) >= sum(map(bool, texts)):
            break
    else:
        return None
    for (place, match), text in zip(chain, texts, strict=True):
        line, numbered = lines[place], len(match.string)
        line.left = line.inner or line.left + (line.right - line.left) * match.end() / numbered
        line.text = text
    page.lines = [line for line in page.lines if line.text]
    first = lines[chain[0][0]]
    return Line(
        " ".join(match[1] for _, match in chain), first.left, first.right, first.height, first.size, kind="line number"
    )


def _parts(content: bytes) -> Iterator[tuple[tuple, np.ndarray, np.ndarray]]:
    """Yield the head, the runs and the glyphs of each page."""
    position = 0
    while position < len(content):
        head = HEAD.unpack_from(content, position)
        position += HEAD.size
        runs = np.frombuffer(content, _RUNS, head[4], position)
        position += head[4] * RUN.size
        glyphs = np.frombuffer(content, _GLYPHS, head[5], position)
        position += head[5] * GLYPH.size
        yield head, runs, glyphs


def _is_text(codes: np.ndarray) -> bool:
    """Tell whether the codes of unknown glyphs happen to be letters: mostly small ones, with vowels among them."""
    shown = codes[codes != 32]
    small = shown[(shown >= 97) & (shown <= 122)]
    vowels = np.isin(small, [ord(letter) for letter in "aeiou"]).sum()
    return len(small) > 0.6 * len(shown) and 0.2 * len(small) < vowels < 0.7 * len(small)


def _private(text: str) -> int:
    return 0 if text.isascii() else sum(unicodedata.category(letter) == "Co" for letter in text)


def _letter(code: int) -> str:
    """Return the character of a code: spaces as one, lost ones as U+FFFD, bullets of symbol fonts as bullets."""
    if code in _BULLETS:
        return "•"
    if code < 32 and code not in (9, 10, 13) or 0x7F <= code < 0xA0 or 0xD800 <= code < 0xE000 or code > 0x10FFFF:
        return _LOST
    letter = chr(code)
    if letter in _SPACES:
        return " "
    return _LOST if code & 0xFFFE == 0xFFFE else letter


def _pieces(codes: np.ndarray, glyphs: np.ndarray, runs: np.ndarray) -> list[_Piece]:
    """Put glyphs that follow one another, in the order of the file and on the page, into pieces of lines."""
    if not len(glyphs):
        return []
    finite = np.isfinite(glyphs["left"]) & np.isfinite(glyphs["right"]) & np.isfinite(glyphs["height"])
    left, right, height = (np.where(finite, glyphs[name], 0.0) for name in ("left", "right", "height"))
    run = glyphs["run"]
    sizes = np.clip(np.nan_to_num(runs["size"].astype(float), nan=1.0), 0.1, 1e4)
    angles = np.nan_to_num(runs["angle"].astype(float))
    usual = _usual_angle(angles[run])
    if _is_vertical(left, height, sizes[run]):  # lines run down the page, from right to left
        left, right, height = -height - sizes[run], -height, left.copy()
    turned = (np.abs((angles - usual + 180) % 360 - 180) > _TURNED).tolist()
    bold = (runs["weight"] == BOLD).tolist()
    signs = (runs["weight"] == SIGNS).tolist()
    sizes = sizes.tolist()
    pieces: list[_Piece] = []
    piece, part = None, None
    spaced, last_run, last_right, last_left = False, -1, 0.0, 0.0
    letters: dict[int, str] = {}
    for code, x0, x1, y, number in zip(
        codes.tolist(), left.tolist(), right.tolist(), height.tolist(), run.tolist(), strict=True
    ):
        letter = letters.get(code) or letters.setdefault(code, _letter(code))
        if letter == " ":
            spaced = True
            continue
        if signs[number]:
            letter = "•"
        size = sizes[number]
        backwards = "\u0590" <= letter <= "\u08ff"
        larger = max(size, piece.size) if piece is not None else size
        gap = last_left - x1 if backwards else x0 - last_right
        follows = (
            piece is not None
            and turned[number] == piece.turned
            and abs(y - piece.height) <= 0.5 * larger
            and -0.6 * larger <= gap <= _PIECE_GAP * larger
        )
        if not follows:
            part = [letter, y, size, bold[number]]
            piece = _Piece([part], x0, x1, y, size, turned[number], backwards)
            pieces.append(piece)
        else:
            if (spaced and gap > -0.3 * size) or gap > _WORD_GAP * size:
                part[0] += " "
            if number == last_run:
                part[0] += letter
            else:
                part = [letter, y, size, bold[number]]
                piece.parts.append(part)
                if size > piece.size * 1.05:
                    piece.height, piece.size = y, size
            piece.left, piece.right = min(piece.left, x0), max(piece.right, x1)
        spaced, last_run, last_right, last_left = False, number, x1, x0
    return pieces


def _usual_angle(angles: np.ndarray) -> float:
    """Return the angle in which most glyphs of a page stand."""
    rounded = np.round(angles).astype(int) % 360
    return float(np.bincount(rounded, minlength=360).argmax())


def _is_vertical(left: np.ndarray, height: np.ndarray, size: np.ndarray) -> bool:
    """Tell Japanese or Chinese that is written down the page: most glyphs stand right under the one before."""
    if len(left) < 20:
        return False
    down = (np.abs(np.diff(left)) < 0.3 * size[1:]) & (np.abs(np.diff(height) + size[1:]) < 0.6 * size[1:])
    return bool(down.mean() > 0.6)


def _merged(pieces: list[_Piece]) -> list[_Piece]:
    """Join pieces that touch on one line although the file has them apart."""
    pieces = sorted(pieces, key=lambda piece: (-round(piece.height), piece.left))
    merged: list[_Piece] = []
    for piece in pieces:
        before = merged[-1] if merged else None
        if (
            before is not None
            and abs(before.height - piece.height) <= 0.25 * min(before.size, piece.size)
            and -0.3 * piece.size <= piece.left - before.right <= _PIECE_GAP * min(before.size, piece.size)
            and not (before.right_to_left or piece.right_to_left)
        ):
            _append(before, piece)
        else:
            merged.append(piece)
    return merged


def _append(before: _Piece, piece: _Piece) -> None:
    if piece.left - before.right > _WORD_GAP * piece.size:
        before.parts[-1][0] += " "
    before.parts.extend(piece.parts)
    before.left, before.right = min(before.left, piece.left), max(before.right, piece.right)
    if piece.size > before.size * 1.05:
        before.height, before.size = piece.height, piece.size


def _columns(pieces: list[_Piece], depth: int = 0) -> list[list[_Piece]]:
    """Part a page into columns in reading order; lines across a gap between columns part it from top to bottom."""
    if len(pieces) < 6 or depth > 8:
        return [pieces] if pieces else []
    gutter = _gutter(pieces)
    if gutter is None:
        return [pieces]
    regions: list[list[_Piece]] = []
    across: list[_Piece] = []
    for crossing, left, right in _bands(pieces, gutter):
        if _are_columns(left, right):
            if across:
                regions.append(across)
                across = []
            regions += _columns(left, depth + 1) + _columns(right, depth + 1)
        else:
            across += left + right
        across += crossing
    return regions + ([across] if across else [])


def _gutter(pieces: list[_Piece]) -> float | None:
    """Return the middle of the gap between columns that parts most lines, or None."""
    size = float(np.median([piece.size for piece in pieces]))
    left, right = min(piece.left for piece in pieces), max(piece.right for piece in pieces)
    width = min(int(right - left) + 2, 20_000)
    cover = np.zeros(width + 1)
    for piece in pieces:
        cover[min(width, max(0, int(piece.left - left)))] += 1
        cover[min(width, max(0, int(np.ceil(piece.right - left))))] -= 1
    cover = np.cumsum(cover)[:width]
    best, best_held = None, 5
    for level in sorted({0, 1, 2, int(0.1 * len(pieces)), int(0.2 * len(pieces)), int(0.35 * len(pieces))}):
        free = np.flatnonzero(np.diff(np.concatenate([[0], (cover <= level).astype(int), [0]])))
        gaps = []
        for start, end in zip(free[::2], free[1::2], strict=True):
            if end - start >= max(0.7 * size, 5) and start > 0 and end < width - 1:
                middle = left + (start + end) / 2
                held = sum(len(a) + len(b) for _, a, b in _bands(pieces, middle) if _are_columns(a, b))
                gaps.append((end - start, held, middle))
        most = max((held for _, held, _ in gaps), default=0)
        if most > best_held * 1.1:  # the widest: page numbers of a table of contents stand apart from its lines too
            _, best_held, best = max(gap for gap in gaps if gap[1] >= 0.9 * most)
    return best


def _bands(pieces: list[_Piece], gutter: float) -> Iterator[tuple[list[_Piece], list[_Piece], list[_Piece]]]:
    """Yield from top to bottom: the lines on either side of a gap, and then the line across it that ends them."""
    left: list[_Piece] = []
    right: list[_Piece] = []
    for piece in sorted(pieces, key=lambda piece: -piece.height):
        if piece.left < gutter < piece.right:
            yield [piece], left, right
            left, right = [], []
        else:
            (left if piece.right <= gutter else right).append(piece)
    yield [], left, right


def _are_columns(left: list[_Piece], right: list[_Piece]) -> bool:
    """Tell two columns of text from the cells of a table or a list and its numbers."""
    if len(left) < 3 or len(right) < 3:
        return False
    for side in (left, right):
        if sum(len(part[0]) for piece in side for part in piece.parts) < 14 * len(side):
            return False
    top, bottom = (
        min(max(piece.height for piece in side) for side in (left, right)),
        max(min(piece.height for piece in side) for side in (left, right)),
    )
    return top > bottom


def _lines(region: list[_Piece]) -> list[Line]:
    """Put the pieces of a column on their lines, from top to bottom."""
    capitals = [piece for piece in region if _is_drop_capital(piece, region)]
    rest = [piece for piece in region if piece not in capitals] if capitals else region
    rows: list[list[_Piece]] = []
    for piece in sorted(rest, key=lambda piece: -piece.height):
        row = rows[-1] if rows else None
        if row and abs(row[0].height - piece.height) <= 0.4 * max(row[0].size, piece.size):
            row.append(piece)
        else:
            rows.append([piece])
    lines = [_line(row) for row in rows]
    for capital in capitals:
        beside = [
            line for line in lines
            if capital.height - 0.3 * line.size <= line.height <= capital.height + capital.size
            and -0.5 * line.size <= line.left - capital.right < 2 * line.size
        ]  # fmt: skip
        if beside:
            first = max(beside, key=lambda line: line.height)
            first.text, first.left = capital.text() + first.text, capital.left
        else:
            lines.append(_line([capital]))
    return lines


def _is_drop_capital(piece: _Piece, region: list[_Piece]) -> bool:
    text = piece.text()
    if len(text) > 2 or not text[-1:].isupper() or len(region) < 3:
        return False
    return piece.size > 1.7 * float(np.median([other.size for other in region]))


def _line(row: list[_Piece]) -> Line:
    backwards = sum(piece.right_to_left for piece in row) * 2 > len(row)
    row = sorted(row, key=lambda piece: -piece.right if backwards else piece.left)
    weight: dict[tuple[float, float], int] = {}
    for piece in row:
        for text, height, size, _ in piece.parts:
            key = (round(size, 1), height)
            weight[key] = weight.get(key, 0) + len(text)
    size, height = max(weight, key=lambda key: (weight[key] * key[0], key))
    marks: list[str] = []
    text, n_bold, gap = "", 0, 0.0
    for before, piece in pairwise([None, *row]):
        if before is not None:
            gap = before.left - piece.right if backwards else piece.left - before.right
            if gap > _WORD_GAP * min(before.size, piece.size):
                text = text.rstrip() + " "
        for part, part_height, part_size, bold in piece.parts:
            n_bold += bold * len(part)
            if part_height > height + 0.12 * size and part_size < 0.92 * size:
                marks.extend(re.findall(r"\w+|[^\w,]+", raised_mark(text, part)))
                part = with_mark(text, part)
            text += part
    last = row[-1].text().strip()
    alone = len(row) > 1 and gap > 1.5 * size and last.isdecimal() and len(last) < 6
    leader = re.search(r"(?:[.·…_]\s?){3}\s*(\d{1,4})$", text.rstrip()[-80:])  # the end alone: a rule of a million dots
    text = text.strip()
    return Line(
        text, row[0].left if not backwards else row[-1].left, max(piece.right for piece in row), height, size,
        2 * n_bold > len(text), turned=row[0].turned, marks=tuple(marks),
        page_of=leader[1] if leader else last if alone else "",
        inner=row[1].left if len(row) > 1 and not backwards and row[0].text().strip().isdecimal() else 0.0,
    )  # fmt: skip


def usual_steps(lines: Sequence[Line]) -> dict[int, float]:
    """Return the usual distance between two baselines for each size of letters (rounded to half points)."""
    steps: dict[int, list[float]] = {}
    for before, after in pairwise(lines):
        step = before.height - after.height
        same = before.page == after.page and before.column == after.column and abs(before.size - after.size) < 0.3
        if same and 0 < step < 3 * after.size:
            steps.setdefault(round(2 * after.size), []).append(step)
    return {size: float(np.percentile(found, 40)) for size, found in steps.items() if len(found) > 2}
