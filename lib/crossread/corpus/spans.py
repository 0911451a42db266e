"""Stretches of a source text: what is cut, what makes a unit, and the way from its running text back to the source."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

Span = tuple[int, int]  # from the first character to after the last

# One character for one character, so that offsets hold.
_BLANKS = "\n\r\t\f\v\u00a0\u2007\u202f\u2028\u2029\u0085"


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
    spans: tuple[Span, ...]


class Held:
    """Cuts in order of their start, with the furthest end so far: those about a place are found by bisection."""

    def __init__(self, cuts: Sequence[Cut]):
        spans = sorted([(cut.start, cut.end) for cut in cuts])
        self.starts = [start for start, _ in spans]
        self.ends = [end for _, end in spans]
        self.furthest = list(accumulate(self.ends, max))

    def covers(self, line: Span) -> bool:
        """Tell whether one cut holds the whole line."""
        before = bisect_right(self.starts, line[0])
        return before > 0 and self.furthest[before - 1] >= line[1]

    def outside(self, span: Span) -> list[Span]:
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


def subtract(spans: Iterable[Span], cuts: Sequence[Cut], reason: str) -> list[Cut]:
    """Return what of `spans` no earlier cut holds, so that no character is cut twice."""
    held = Held(cuts)
    return [Cut(a, b, reason) for span in spans for a, b in held.outside(span)]


def separate(marks: Sequence[Cut]) -> list[Cut]:
    """Return cuts of which no two hold the same character: of two that do, the first keeps it."""
    result: list[Cut] = []
    for mark in sorted(marks, key=lambda cut: (cut.start, -cut.end)):
        result.extend(subtract([(mark.start, mark.end)], result[-4:], mark.reason))
    return result


def trim(text: str, spans: Iterable[Span]) -> tuple[list[Span], list[Cut]]:
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


def merge_spans(spans: Iterable[Span]) -> list[Span]:
    """Make one of spans that follow each other without a gap, and drop empty ones."""
    merged: list[Span] = []
    for a, b in spans:
        if merged and merged[-1][1] == a:
            merged[-1] = (merged[-1][0], b)
        elif a < b:
            merged.append((a, b))
    return merged


def join_cuts(cuts: Sequence[Cut]) -> list[Cut]:
    """Make one of cuts that follow each other without a gap for the same reason."""
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

    def source_spans(self, start: int, end: int) -> list[Span]:
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
