"""The body of a text as its paragraphs, for those who count and need no places: quick where a text is plain.

`clean` looks at each line with a dozen patterns. Most lines of most texts are *plain*: they begin with a capital, end
in a stop, and hold no mark. What `clean` makes of such a line, or of such a paragraph of a hard-wrapped text, is known
beforehand, and nothing around it changes that. So plain ones are taken as they stand in the bytes of the file; only the
others are cleaned, together with their neighbours. A text for which this might not be the same is cleaned as a whole.

A body is bytes of UTF-8: its paragraphs, each with PARAGRAPH after it. A paragraph begins with GIVEN when its sentences
are parted already, by SENTENCE. The four signs are bytes that stand in no UTF-8, with a blank on both sides.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

import numpy as np

from crossread.corpus.cleaning import (
    LINES_TOLD,
    MOST,
    OPEN_SHARE,
    SHORT,
    WRAPPED_AT,
    Layout,
    clean,
    is_open,
)
from crossread.corpus.sentences import FULL_STOPS, LABELLED, RAISED, STOPS, begins_small, split_sentences
from crossread.corpus.spans import running_text
from crossread.corpus.tokens import quiet_capitals

PARAGRAPH, DOCUMENT, SENTENCE, GIVEN = (b" " + bytes([byte]) + b" " for byte in (0xFF, 0xFE, 0xFD, 0xFC))
PADDING = b" " * 8  # after the bytes of a text, so that the loops may look ahead
_PLAIN_BLANKS = bytes(32 if 9 <= byte <= 13 else byte for byte in range(256))
_CAPITALS_BEFORE_US = re.compile(rb" US\b(?<=[A-Z ] US)")
# A sentence may end there, but no chunk does; or whether one does depends on more than the chunks on both sides.
# The brackets after a stop are looked for from the start of its word: from each stop, a row of stops takes hours.
_UNUSUAL_BORDER = re.compile(
    rf"[^\S ]|[{FULL_STOPS}]|\s[»{RAISED}]|^\s*[0-9]{{1,3}}\.\s|(?<!\S)(?=\S*?[{STOPS}])\S*\s?\[[^\[\]]*\s"
    r"|[\u0370-\u03ff\u1f00-\u1fff];"
)
# Three chunks decide: the number of an item, and a capital that may be no initial (“Annex A. Japan”).
_NUMBER_OR_CAPITAL = re.compile(rb"\. (?:[0-9]{1,3}\. |(?<=[A-Za-z] [A-Z]\. )[A-Z])")
# What is decided by the text as a whole: a word broken at the end of a line, notes at the end (“1. Roe”), and what
# stands above the text.
_LOOKS_AROUND = re.compile(
    r"[-‐\u00ad¬][^\S\n]*+\n\s*+[^\W\d_]|^[ \t\u00a0]{0,3}(?:[\[(]?1(?:[.)]|\]\.?)[ \t\u00a0]|¹)|\A---", re.M
)


def body_of(text: str, hints: Sequence = (), rules: Sequence[dict[str, str]] = ()) -> bytes:
    """Clean a text as a whole and return its body.

    Parameters
    ----------
    text, hints, rules
        As in `crossread.corpus.cleaning.clean`.

    Examples
    --------
    >>> list(paragraphs_of(body_of("# Pay\\n\\nAllies pay. They talk.\\n\\n- A list.")))
    [['Allies pay.', 'They talk.'], ['A list.']]
    """
    return _join(running_text(text, unit).text for unit in clean(text, hints, rules).units if unit.kind == "body")


def _join(paragraphs: Iterable[str]) -> bytes:
    return b"".join(_encode(paragraph) + PARAGRAPH for paragraph in paragraphs)


def _encode(paragraph: str) -> bytes:
    if _UNUSUAL_BORDER.search(paragraph) or begins_small(paragraph):
        sentences = [paragraph[start:end] for start, end in split_sentences(paragraph)]
        return GIVEN + SENTENCE.join(sentence.encode("utf-8", "surrogatepass") for sentence in sentences)
    return paragraph.encode("utf-8", "surrogatepass")


def paragraphs_of(body: bytes) -> Iterator[list[str]]:
    """Give back the sentences of each paragraph of a body."""
    for paragraph in body.split(PARAGRAPH)[:-1]:
        if paragraph.startswith(GIVEN):
            parts = paragraph[len(GIVEN) :].split(SENTENCE)
            yield [part.decode("utf-8", "surrogatepass") for part in parts]
        else:
            text = paragraph.translate(_PLAIN_BLANKS).decode("utf-8", "surrogatepass")
            yield [text[start:end] for start, end in split_sentences(text)]


def _is_between_three(body: bytes) -> bool:
    """Tell whether the end of a sentence depends on more than the chunks on both sides of it."""
    return any(
        body[match.end() - 1] == 32
        or LABELLED.search(body[max(0, match.start() - 16) : match.start()].decode("latin-1"))
        for match in _NUMBER_OR_CAPITAL.finditer(body)
    )


def quiet_body(body: bytes) -> bytes:
    """Return a body in which the pronoun US of sentences in capitals is written Us, as `quiet_capitals` does.

    The sentences of a paragraph are given where an end of one depends on more than the chunks on both sides of it.

    Examples
    --------
    >>> list(paragraphs_of(quiet_body(body_of("JOIN US! WE LIKE THE US."))))
    [['JOIN Us!', 'WE LIKE THE US.']]
    """
    if not (_CAPITALS_BEFORE_US.search(body) or _is_between_three(body)):
        return body
    paragraphs = bytes(body).split(PARAGRAPH)
    for i, paragraph in enumerate(paragraphs):
        if _CAPITALS_BEFORE_US.search(paragraph) or _is_between_three(paragraph):
            (sentences,) = paragraphs_of(paragraph + PARAGRAPH)
            quiet = [quiet_capitals(sentence).encode("utf-8", "surrogatepass") for sentence in sentences]
            paragraphs[i] = GIVEN + SENTENCE.join(quiet)
    return PARAGRAPH.join(paragraphs)


@dataclass(frozen=True)
class Lines:
    """The lines of a plain text that are not blank: where each begins and ends (bytes), its characters, its flags."""

    starts: np.ndarray
    ends: np.ndarray
    n_characters: np.ndarray
    flags: np.ndarray

    def __len__(self) -> int:
        return len(self.starts)

    def has(self, flag: int) -> np.ndarray:
        """Tell of each line whether it has a flag."""
        return (self.flags & flag) != 0


@dataclass(frozen=True)
class Pieces:
    """The lines of an unwrapped text, or the paragraphs of a wrapped one, and which of them are plain."""

    starts: np.ndarray
    ends: np.ndarray
    plain: np.ndarray

    def inner(self) -> np.ndarray:
        """Tell of each piece whether it is plain and has no neighbour that is not."""
        padded = np.concatenate([[True], self.plain, [True]])
        return padded[:-2] & self.plain & padded[2:]


def find_lines(data: bytes) -> Lines | None:
    """Find the lines of a text, `PADDING` after it; None where they are not what `clean` takes for lines."""
    from crossread.corpus.compiled import scan_lines

    room = data.count(b"\n") + 1
    starts, ends, n_characters = (np.empty(room, dtype=np.int64) for _ in range(3))
    flags = np.empty(room, dtype=np.uint16)
    found = scan_lines(np.frombuffer(data, dtype=np.uint8), len(data) - len(PADDING), starts, ends, n_characters, flags)
    if found < 0:
        return None
    return Lines(*(column[:found].copy() for column in (starts, ends, n_characters, flags)))


def layout_of(lines: Lines, read: Callable[[int, int], bytes]) -> Layout:
    """Return the layout of a text, as `clean` finds it; only lines that leave a doubt are looked at as text.

    Parameters
    ----------
    lines : Lines
        All of the text.
    read : callable
        Gives the bytes from one place to another.
    """
    from crossread.corpus.compiled import ENDS, OPEN, SPACED

    def text_of(line: int) -> str:
        return read(int(lines.starts[line]), int(lines.ends[line])).decode("utf-8").rstrip()

    lengths = lines.n_characters
    spaced = np.flatnonzero(lines.has(SPACED))
    if len(spaced):  # such a line may be shorter than it seems, or blank
        lengths = lengths.copy()
        lengths[spaced] = [len(text_of(line)) for line in spaced]
    told = np.flatnonzero(lengths)
    lengths = lengths[told]
    n = len(told)
    if n < LINES_TOLD or (lengths <= WRAPPED_AT).sum() <= int(MOST * (n - 1)):
        return Layout(False, 0.0)
    long = lengths > SHORT
    long[-1] = False
    surely_open, doubtful = lines.has(OPEN)[told] & long, long & ~lines.has(ENDS | OPEN)[told]
    doubtful |= long & lines.has(SPACED)[told]
    n_open = int((surely_open & ~doubtful).sum()) + sum(is_open(text_of(line)) for line in told[doubtful])
    return Layout(n_open >= OPEN_SHARE * n, float(np.median(lengths)))


def find_pieces(lines: Lines, layout: Layout) -> Pieces:
    """Return the lines, or the paragraphs of a wrapped text, and say which of them `clean` takes as they stand."""
    from crossread.corpus.compiled import AFTER_BLANK, ENDS, INDENTED, INNER, LETTER, LOWER, ODD, UPPER

    odd, upper, ends = (lines.has(flag) for flag in (ODD, UPPER, ENDS))
    if not layout.wrapped or not len(lines):
        return Pieces(lines.starts, lines.ends, upper & ends & ~odd)
    first = np.flatnonzero(lines.has(AFTER_BLANK))
    last = np.append(first[1:], len(lines)) - 1
    is_first, is_last = np.zeros(len(lines), dtype=bool), np.zeros(len(lines), dtype=bool)
    is_first[first], is_last[last] = True, True
    good = ~odd & np.where(is_first, upper & ~lines.has(INDENTED), lines.has(LETTER))
    good &= np.where(is_last, ends, lines.has(INNER))
    # the first line of several could be a heading, unless it is long or the next one goes on in small letters
    goes_on = np.append(lines.has(LOWER)[1:], False) | (lines.n_characters > 0.75 * layout.width)
    good &= ~is_first | is_last | goes_on
    return Pieces(lines.starts[first], lines.ends[last], np.logical_and.reduceat(good, first))


def plain_body(data: bytes, layout: Layout | None = None) -> list[bytes] | None:
    """Return the body of a plain text (see above), or None where it has to be cleaned as a whole.

    Parameters
    ----------
    data : bytes
        The text in UTF-8, without a byte-order mark, `PADDING` after it.
    layout : Layout, optional
        Of the whole text, where this is a part of it that begins and ends with plain paragraphs.

    Returns
    -------
    list of bytes, or None
        Its pieces. The paragraphs are in another order: those that were cleaned come last.
    """
    from crossread.corpus.compiled import gather

    lines = find_lines(data)
    if lines is None:
        return None
    layout = layout or layout_of(lines, lambda start, end: data[start:end])
    pieces = find_pieces(lines, layout)
    inner = pieces.inner()
    rest = _clean_rest(data, pieces, inner, layout)
    if rest is None:
        return None
    starts, ends = pieces.starts[inner], pieces.ends[inner]
    plain = bytearray(int((ends - starts).sum()) + len(PARAGRAPH) * len(starts))
    given, between, written = (np.frombuffer(some, dtype=np.uint8) for some in (data, PARAGRAPH, plain))
    gather(given, starts, ends, between, written)
    return [plain, rest]


def quick_body(data: bytes) -> list[bytes]:
    """Return the body of a text in UTF-8 in pieces: as `plain_body` where it can be, else cleaned as a whole."""
    pieces = plain_body(data + PADDING)
    return [body_of(data.decode("utf-8"))] if pieces is None else pieces


def _clean_rest(data: bytes, pieces: Pieces, inner: np.ndarray, layout: Layout) -> bytes | None:
    """Clean what is not plain, and what is beside it; None where that depends on the rest of the text."""
    if inner.all():
        return b""
    borders = np.flatnonzero(np.diff(np.concatenate([[True], inner, [True]]).astype(np.int8)))
    bounds = np.append(pieces.starts, len(data) - len(PADDING))
    text = b"".join([data[bounds[a] : bounds[b]] for a, b in borders.reshape(-1, 2)]).decode("utf-8")
    if _LOOKS_AROUND.search(text):
        return None
    units = clean(text, layout=layout).units
    if any(unit.kind == "note" for unit in units):  # its mark may be glued to any word
        return None
    return _join(running_text(text, unit).text for unit in units if unit.kind == "body")


@dataclass(frozen=True)
class FileParts:
    """Where a large file may be cut so that its parts are counted as the whole would be."""

    layout: Layout  # of the whole text
    bounds: list[tuple[int, int]]  # the bytes of each part, a byte-order mark left out


def find_parts(path: Path, size: int) -> FileParts | None:
    """Find where to cut a large plain text, between two plain paragraphs; None where it has to be counted as a whole.

    Parameters
    ----------
    path : Path
        A file in UTF-8.
    size : int
        Bytes that a part should have.
    """
    with open(path, "rb") as file:
        begin = len(BOM_UTF8) if file.read(len(BOM_UTF8)) == BOM_UTF8 else 0
        found = _scan(file, begin, size)
        if found is None:
            return None
        lines, end = found

        def read(start: int, stop: int) -> bytes:
            file.seek(start)
            return file.read(stop - start)

        layout = layout_of(lines, read)
    pieces = find_pieces(lines, layout)
    places = pieces.starts[1:][pieces.plain[1:] & pieces.plain[:-1]]
    wanted = np.searchsorted(places, np.arange(begin + size, end, size))
    cuts = np.unique(places[wanted[wanted < len(places)]]).tolist()
    return FileParts(layout, list(pairwise([begin, *cuts, end])))


def _scan(file: BinaryIO, begin: int, size: int) -> tuple[Lines, int] | None:
    """Find all lines of a file block by block; return them with its length."""
    file.seek(begin)
    found, waiting, at, after_blank = [], b"", begin, True
    while True:
        block = file.read(size)
        waiting += block
        whole = waiting.rfind(b"\n") + 1 if block else len(waiting)
        if b"\0" in block or (lines := find_lines(waiting[:whole] + PADDING)) is None:
            return None
        found.append(_moved(lines, at, after_blank))
        after_blank = waiting.count(b"\n", int(lines.ends[-1]), whole) > 1 if len(lines) else after_blank or whole > 0
        at, waiting = at + whole, waiting[whole:]
        if not block:
            names = ("starts", "ends", "n_characters", "flags")
            return Lines(*(np.concatenate([getattr(part, name) for part in found]) for name in names)), at


def _moved(lines: Lines, by: int, after_blank: bool) -> Lines:
    """Return lines that were found in a later block, the first of them after a blank line or not."""
    from crossread.corpus.compiled import AFTER_BLANK

    if len(lines) and lines.starts[0] == 0 and not after_blank:
        lines.flags[0] &= ~np.uint16(AFTER_BLANK)
    return replace(lines, starts=lines.starts + by, ends=lines.ends + by)
