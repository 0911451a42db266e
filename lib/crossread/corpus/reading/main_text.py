"""The main text of a page, as trafilatura judges it, found again in the blocks of the page."""

from __future__ import annotations

import logging
import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from unicodedata import normalize

_NO_LETTER = re.compile(r"[\W_]+")
_SHORT = 4  # letters: what is shorter says nothing about where it stands
_LONG = 20  # letters: what is longer stands in one place
_PLACES = 12  # of a stretch that stands in a page again and again, so many are looked at
_PIECES = 50  # a line that falls into more pieces is not of this page


def main_lines(page: str) -> list[str]:
    """Return the lines of a page that are its main text, as trafilatura judges; none where it cannot tell."""
    from trafilatura import external, extract

    logger = logging.getLogger("trafilatura")
    level = logger.level
    logger.setLevel(logging.CRITICAL)  # what it has to say is for those who crawl the web
    try:
        chosen = extract(page, fast=False, include_comments=False, include_tables=True, include_formatting=False)
    except Exception:  # a page that stops it is read by its tags alone
        return []
    finally:
        logger.setLevel(level)
    if isinstance(external.JT_STOPLIST, tuple):  # 154,484 words, which would be hashed anew for each page
        external.JT_STOPLIST = frozenset(external.JT_STOPLIST)
    return [line for line in (chosen or "").splitlines() if letters_of(line)]


def letters_of(text: str) -> str:
    """Return the letters and digits of a text, which are the same however it is spaced and marked."""
    return _NO_LETTER.sub("", text if text.isascii() else normalize("NFC", text))


def find_lines(lines: Sequence[str], texts: Sequence[str]) -> tuple[list[bool], float]:
    """Find lines again in the blocks of the page that they were taken from.

    Only letters and digits are compared. Of several places where a line stands the one is chosen that keeps most
    letters in the order of the page.

    Parameters
    ----------
    lines : sequence of str
        From `main_lines`.
    texts : sequence of str
        The blocks of the page, in order.

    Returns
    -------
    kept, share
        For each block whether half of it or more stands in the lines; what share of the letters of the lines was found.

    Examples
    --------
    >>> find_lines(["Allies pay.", "They do."], ["Home", "Allies  pay.", "They", "do.", "Allies pay."])
    ([False, True, True, True, False], 1.0)
    """
    blocks = [letters_of(text) for text in texts]
    begins = [0, *accumulate(map(len, blocks))]
    taken = [0] * len(blocks)
    wanted = [letters_of(line) for line in lines]
    for start, end in _in_order(_pieces(wanted, "".join(blocks))):
        number = bisect_right(begins, start) - 1
        while start < end:
            upto = min(end, begins[number + 1])
            taken[number] += upto - start
            start, number = upto, number + 1
    kept, before = [], False
    for block, count in zip(blocks, taken, strict=True):
        before = 2 * count >= len(block) if block else before
        kept.append(before)
    return kept, sum(taken) / max(1, sum(map(len, wanted)))


def _pieces(lines: Sequence[str], whole: str) -> list[tuple[int, list[int]]]:
    """Part lines into stretches that stand in the page, each with its length and the places where it may stand."""
    result: list[tuple[int, list[int]]] = []
    cursor = 0  # where the stretch before ended, if all stand in order
    for line in lines:
        at = 0
        for _ in range(_PIECES):
            if at == len(line):
                break
            length = _longest_found(line, at, whole)
            stretch = line[at : at + length]
            at += max(1, length)
            if length < _SHORT and length < len(line):
                continue
            places = _places(stretch, whole, 0, _PLACES)
            if len(places) == _PLACES:
                places = sorted({*places, *_places(stretch, whole, cursor, _PLACES)})
            result.append((length, places))
            following = places[min(bisect_right(places, cursor - 1), len(places) - 1)]
            if length >= _LONG or 0 <= following - cursor < 50 * _LONG:
                cursor = following + length
    return result


def _longest_found(line: str, at: int, whole: str) -> int:
    """Return how many letters of a line, from one on, stand in the page as they are."""
    if whole.find(line[at:]) >= 0:
        return len(line) - at
    low, high = 0, len(line) - at
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if whole.find(line[at : at + middle]) >= 0 else (low, middle)
    return low


def _places(stretch: str, whole: str, start: int, most: int) -> list[int]:
    places, at = [], whole.find(stretch, start)
    while at >= 0 and len(places) < most:
        places.append(at)
        at = whole.find(stretch, at + 1)
    return places


def _in_order(pieces: list[tuple[int, list[int]]]) -> list[tuple[int, int]]:
    """Choose a place for each stretch so that as many letters as can be stand in the order of the page.

    For each position the best chain of places that ends at or before it is held in two lists in step, as for the
    longest increasing subsequence. A long stretch that fits nowhere in the chain keeps its first place.
    """
    places = [(number, start, start + length) for number, (length, starts) in enumerate(pieces) for start in starts]
    before = [-1] * len(places)
    ends: list[int] = []
    best: list[tuple[int, int]] = []  # letters of the chain, and its last place
    first = 0
    for _, starts in pieces:
        chains = []
        for place in range(first, first + len(starts)):
            _, start, end = places[place]
            last = bisect_right(ends, start) - 1
            letters, before[place] = best[last] if last >= 0 else (0, -1)
            chains.append((end, letters + end - start, place))
        for chain in chains:
            _improve(ends, best, *chain)
        first += len(starts)
    chosen, spans = set(), []
    place = best[-1][1] if best else -1
    while place >= 0:
        number, start, end = places[place]
        chosen.add(number)
        spans.append((start, end))
        place = before[place]
    spans += [
        (starts[0], starts[0] + length)
        for number, (length, starts) in enumerate(pieces)
        if number not in chosen and length >= _LONG
    ]
    return spans


def _improve(ends: list[int], best: list[tuple[int, int]], end: int, letters: int, place: int) -> None:
    """Hold a chain that ends at a position, unless one that ends no later has as many letters."""
    after = bisect_right(ends, end)
    if after and best[after - 1][0] >= letters:
        return
    stop = after
    while stop < len(ends) and best[stop][0] <= letters:
        stop += 1
    start = after - 1 if after and ends[after - 1] == end else after
    ends[start:stop] = [end]
    best[start:stop] = [(letters, place)]
