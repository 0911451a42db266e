"""Words on a chart: how wide they are, how they are wrapped, and where they stand so that none covers another.

Widths come from the font's own measures, not from a drawing, so that everything is laid out before anything is drawn,
and the same on every machine.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.text import Annotation

TEXT, SMALL = 9.0, 8.0  # points; nothing is set smaller
SMALLEST_TYPE = SMALL
LINE = 1.18  # of a line of type, in sizes
REACH = 64.0  # points from a point to its label at most
PALE_LINE = "#8a8a8a"
DIRECTIONS = ((1, 0), (1, 1), (1, -1), (-1, 0), (-1, 1), (-1, -1), (0, 1), (0, -1))


@functools.lru_cache(maxsize=1 << 14)
def text_width(text: str, size: float = TEXT, weight: str = "normal") -> float:
    """Return how many inches a line of text is wide.

    Examples
    --------
    >>> 0.4 < text_width("Wesley") < 0.6, text_width("Wesley", 18) == 2 * text_width("Wesley")
    (True, True)
    """
    return _measure()(str(text), _font(weight)) * size / 100 / 72


@functools.lru_cache(maxsize=1)
def _measure():
    from matplotlib.textpath import TextToPath

    ruler = TextToPath()
    return lambda text, font: ruler.get_text_width_height_descent(text, font, ismath=False)[0]


@functools.lru_cache(maxsize=2)
def _font(weight: str):
    from matplotlib.font_manager import FontProperties

    return FontProperties(family="DejaVu Sans", weight=weight, size=100)


def wrap(text: str, inches: float, size: float = TEXT, weight: str = "normal") -> list[str]:
    """Return a text in lines that are at most so many inches wide.

    A word that is too long for a line is broken after its hyphens, and shortened where that is not enough.

    Examples
    --------
    >>> wrap("Tow & Envall 2011", 0.9), wrap("Democratic-Republican", 1.0)
    (['Tow & Envall', '2011'], ['Democratic-', 'Republican'])
    >>> wrap("", 1.0)
    []
    """
    lines: list[str] = []
    for word in str(text).split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size, weight) <= inches:
            lines[-1] = longer
        elif text_width(word, size, weight) <= inches:
            lines.append(word)
        else:
            lines += [shorten(part, inches, size, weight) for part in re.findall("[^-]*-+|[^-]+", word)]
    return lines


def shorten(text: str, inches: float, size: float = TEXT, weight: str = "normal") -> str:
    """Return a name without its middle where it is too wide: its beginning and end tell it from others.

    Examples
    --------
    >>> shorten("Wesley 2017", 2.0), shorten("Report of the ministry, volume 7", 1.2)
    ('Wesley 2017', 'Report o…olume 7')
    """
    text = str(text)
    if text_width(text, size, weight) <= inches:
        return text
    for length in range(len(text) - 1, 1, -1):
        cut = text[: (length + 1) // 2].rstrip() + "…" + text[len(text) - length // 2 :].lstrip()
        if text_width(cut, size, weight) <= inches:
            return cut
    return "…"


def widest(texts: Sequence[str], size: float = TEXT, weight: str = "normal") -> float:
    """Return the width of the widest of some lines, in inches.

    Examples
    --------
    >>> widest(["a", "Wesley"]) == text_width("Wesley"), widest([])
    (True, 0.0)
    """
    return max((text_width(str(text), size, weight) for text in texts), default=0.0)


def apart(places: Sequence[float], least: float) -> np.ndarray:
    """Move places that are nearer to each other than `least` apart, as little as possible, and leave all others.

    Examples
    --------
    >>> apart([0.0, 0.5, 9.0], 1.0).tolist()
    [-0.25, 0.75, 9.0]
    """
    order = np.argsort(places, kind="stable")
    groups: list[tuple[list[int], float]] = []  # members and their middle
    for place in order:
        groups.append(([place], float(places[place])))
        while len(groups) > 1:
            (below, low), (above, high) = groups[-2:]
            if high - low >= least * (len(below) + len(above)) / 2 - 1e-12:
                break
            both = below + above
            groups[-2:] = [(both, float(np.mean([places[i] for i in both])))]
    moved = np.empty(len(order))
    for members, middle in groups:
        moved[members] = middle + least * (np.arange(len(members)) - (len(members) - 1) / 2)
    return moved


def place_labels(
    ax: Axes,
    x: Sequence[float],
    y: Sequence[float],
    labels: Sequence[str],
    *,
    colours: Sequence[str] | None = None,
    bold: int = 0,
    radii: Sequence[float] | float = 3.0,
) -> list[Annotation]:
    """Write a label beside each point where it covers nothing, joined by a line where it stands farther off.

    The first come first: a label that finds no free place within reach is left out. One pass, no drawing.

    Parameters
    ----------
    ax : Axes
        Its place, limits and scales must be final.
    x, y : sequence of float
        The points, in the unit of the axes.
    labels : sequence of str
        One for each, the most important first.
    colours : sequence of str, optional
        One for each.
    bold : int
        How many of the first labels are set bold.
    radii : float or sequence of float
        Of the marks of the points, in points.

    Returns
    -------
    list of Annotation
        Those that found a place.

    Examples
    --------
    >>> from crossread.charts.style import Sheet
    >>> ax = Sheet(2.0).axes(1, 0, 6, 2)
    >>> [text.get_text() for text in place_labels(ax, [0.5, 0.5], [0.5, 0.52], ["war", "peace"])]
    ['war', 'peace']
    """
    from matplotlib.patheffects import withStroke

    ax.apply_aspect()
    scale = 72 / ax.figure.dpi
    points = ax.transData.transform(np.column_stack([x, y]).astype(float)) * scale if len(x) else np.empty((0, 2))
    marks = np.broadcast_to(np.asarray(radii, float), len(points))
    taken = _Taken(ax.get_window_extent().extents * scale)
    for point, radius in zip(points, marks, strict=True):
        taken.add(_box(point, radius, radius))
    written = []
    for number, (point, label, radius) in enumerate(zip(points, labels, marks, strict=True)):
        weight = "bold" if number < bold else "normal"
        half = np.array([72 * text_width(label, SMALL, weight) / 2 + 1, SMALL * 0.58])
        middle = _free_place(point, half, radius, taken)
        if middle is None:
            continue
        taken.add(_box(middle, *half))
        offset = middle - point
        near = np.maximum(np.abs(offset) - half, 0)
        line = {"arrowstyle": "-", "color": PALE_LINE, "linewidth": 0.6, "shrinkA": 0, "shrinkB": radius}
        text = ax.annotate(
            label, (x[number], y[number]), xytext=tuple(offset.round(3)), textcoords="offset points", ha="center",
            va="center", fontsize=SMALL, fontweight=weight, zorder=6,
            color=None if colours is None else colours[number],
            arrowprops=line if np.hypot(*near) > radius + 5 else None, annotation_clip=False,
        )  # fmt: skip
        text.set_in_layout(False)
        text.set_path_effects([withStroke(linewidth=1.6, foreground="white")])
        written.append(text)
    return written


def _box(middle, half_width, half_height):
    return (middle[0] - half_width, middle[1] - half_height, middle[0] + half_width, middle[1] + half_height)


class _Taken:
    """Boxes that are taken, in a coarse grid, so that a question touches only what is near."""

    CELL = 40.0

    def __init__(self, frame):
        self.frame, self.cells = frame, {}

    def _around(self, box):
        left, bottom, right, top = (int(edge // self.CELL) for edge in box)
        return ((i, j) for i in range(left, right + 1) for j in range(bottom, top + 1))

    def add(self, box) -> None:
        for cell in self._around(box):
            self.cells.setdefault(cell, []).append(box)

    def outside(self, box) -> bool:
        left, bottom, right, top = self.frame
        return box[0] < left - 2 or box[1] < bottom - 2 or box[2] > right + 2 or box[3] > top + 2

    def covers(self, box) -> bool:
        near = (other for cell in self._around(box) for other in self.cells.get(cell, ()))
        return any(box[0] < o[2] and o[0] < box[2] and box[1] < o[3] and o[1] < box[3] for o in near)


def _free_place(point, half, radius, taken):
    """Return the middle of the nearest free place around a point, None where there is none within reach."""
    distance = radius + 1.5
    while distance <= REACH:
        for across, up in DIRECTIONS:
            lean = 1.0 if across == 0 or up == 0 else 0.75
            middle = point + lean * distance * np.array([across, up]) + half * np.array([across, up])
            if across and up and distance > radius + 8:  # a farther corner is reached from the side
                middle = point + np.array([across, up]) * (lean * distance + half * np.array([1.0, 0.2]))
            box = _box(middle, *half)
            if not taken.outside(box) and not taken.covers(box):
                return middle
        distance += 4.0
    return None


def stack_headings(sections: pd.DataFrame, wide: float, beyond: float) -> list[tuple[str, float, int]]:
    """Return for each section its heading, its start, and the line over the lanes on which it is written."""
    placed: list[tuple[str, float, int]] = []
    begun: list[float] = []  # from the last section to the first: no line crosses a heading that stands lower
    for row in sections.sort_values("start", ascending=False, kind="stable").itertuples():
        x = wide * row.start
        heading = shorten(" ".join(str(row.heading).split()), min(3.4, wide + beyond - x), SMALL)
        end = x + text_width(heading, SMALL) + 0.1
        level = next((n for n, left in enumerate(begun) if end <= left), len(begun))
        begun[: level + 1] = [x] * (level + 1)
        placed.append((heading, row.start, level))
    return placed[::-1]
