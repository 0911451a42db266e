"""The few shapes that charts are made of: discs with numbers, intervals, dots in a row, names of documents.

All but `draw_intervals` draw on a canvas whose unit is the inch (`Sheet.canvas`), so that nothing has to be measured.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from crossread.charts.labels import SMALL, TEXT, shorten, text_width, wrap
from crossread.charts.style import GRID, INK, MARGIN, PALE, tint
from crossread.wording import per_cent

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.typing import ColorType
    from numpy.typing import ArrayLike

SUPPORTED, NOT_DISTINGUISHABLE = "supported", "not distinguishable"
FEW = 3  # sentences below which the largest share of a row is not coloured as a lead
DOTTED = (0, (2, 1.4))
MOST_HEAD_LINES = 4
PALE_PART = 0.36  # of a colour, where it does not lead


def draw_intervals(
    ax: Axes,
    values: ArrayLike,
    low: ArrayLike,
    high: ArrayLike,
    positions: ArrayLike,
    colours: Sequence[ColorType],
    silent: ArrayLike | None = None,
    size: float = 1.0,
) -> Axes:
    """Draw each estimate as a point on the line of its interval, across, and return the axes.

    Parameters
    ----------
    ax : Axes
    values, low, high : sequence of float
        Estimates and their limits, in the unit of the axis. An estimate that is not a number is left out.
    positions : sequence of float
        Place of each on the upright axis.
    colours : sequence of colour
        One for each estimate.
    silent : sequence of bool, optional
        Where nothing was counted: a hollow point, a dotted line up to what the silence still allows.
    size : float
        Of points and lines, 1 at large.

    Examples
    --------
    >>> from crossread.charts.style import Sheet
    >>> ax = Sheet(2.0).axes(1, 0, 6, 2)
    >>> colours = ["#5790fc", "#f89c20"]
    >>> lines, points = draw_intervals(ax, [1.0, 2.0], [0.5, 1.0], [1.5, 4.0], [0, 1], colours).collections
    >>> points.get_offsets().tolist()
    [[1.0, 0.0], [2.0, 1.0]]
    """
    values, low, high, positions = (np.asarray(part, float) for part in (values, low, high, list(positions)))
    silent = np.zeros(len(values), bool) if silent is None else np.asarray(silent, bool)
    known, colours = ~np.isnan(values), np.array(list(map(to_hex, colours)), dtype=object)
    for hollow, look in ((False, {"linewidth": 2.2 * size}), (True, {"linewidth": size, "linestyle": DOTTED})):
        chosen = known & (silent == hollow)
        if not chosen.any():
            continue
        own = list(colours[chosen])
        ax.hlines(positions[chosen], low[chosen], high[chosen], color=own, zorder=2, **look)
        ax.scatter(values[chosen], positions[chosen], s=34 * size**2, c="white" if hollow else own, zorder=3,
                   clip_on=False, edgecolor=own if hollow else "white", linewidth=0.9 * size)  # fmt: skip
    return ax


def to_hex(colour: ColorType) -> str:
    """Return a colour as six hexadecimal digits."""
    from matplotlib.colors import to_hex as hexadecimal

    return hexadecimal(colour)


def disc_radius(share: float, full: float, largest: float) -> float:
    """Return the radius of a disc whose area is the share, where `full` fills the largest.

    Examples
    --------
    >>> disc_radius(0.2, 0.8, 0.16)
    0.08
    """
    return largest * float(np.sqrt(max(share, 0) / full)) if full > 0 else 0.0


class Discs:
    """Discs and the dotted rings of silences, gathered while cells are laid out and drawn at once.

    Examples
    --------
    >>> from crossread.charts.style import Sheet
    >>> discs = Discs()
    >>> discs.add(1.0, 0.5, 0.1, "#253793")
    >>> discs.ring(2.0, 0.5, 0.1)
    >>> canvas = Sheet(1.0).canvas()
    >>> discs.draw(canvas)
    >>> [len(collection.get_offsets()) for collection in canvas.collections]
    [1, 1]
    """

    def __init__(self):
        self.filled, self.rings = [], []

    def add(self, x: float, y: float, radius: float, colour: ColorType) -> None:
        self.filled.append((x, y, radius, colour))

    def ring(
        self, x: float, y: float, radius: float, colour: str = PALE, dotted: bool = True, width: float = 0.8
    ) -> None:
        self.rings.append((x, y, radius, colour, dotted, width))

    def draw(self, canvas: Axes) -> None:
        if self.filled:
            x, y, radius, colour = zip(*self.filled, strict=True)
            canvas.scatter(x, y, s=_areas(radius), c=list(colour), linewidth=0, zorder=3)
        if self.rings:
            x, y, radius, colour, dotted, width = zip(*self.rings, strict=True)
            canvas.scatter(
                x, y, s=_areas(radius), facecolor="none", edgecolor=list(colour), linewidth=list(width), zorder=4,
                linestyle=[DOTTED if one else "-" for one in dotted],
            )  # fmt: skip


def _areas(radii) -> np.ndarray:
    """Return the sizes of marks, in square points, from radii in inches."""
    return (144 * np.asarray(radii, float)) ** 2


def leaders(table: pd.DataFrame, row: str) -> set:
    """Return the index of the largest share of each row, where it is alone and of three sentences or more.

    Examples
    --------
    >>> table = pd.DataFrame({"key": ["a", "a", "b"], "number": [4, 3, 2], "share": [0.2, 0.1, 0.9]})
    >>> leaders(table, "key")
    {0}
    """
    leading = set()
    for _, cells in table[table["share"].notna()].groupby(row, sort=False, observed=True):
        best = cells["share"].idxmax()
        if (cells["share"] == cells.loc[best, "share"]).sum() == 1 and cells.loc[best, "number"] >= FEW:
            leading.add(best)
    return leading


def draw_cell(
    canvas: Axes,
    discs: Discs,
    x: float,
    y: float,
    width: float,
    number: float,
    share: float,
    radius: Callable[[float], float],
    colour: str,
    lead: bool,
    *,
    one: float = 0.0,
    word: str = "0",
    write: bool = True,
    digits: float = 0.0,
) -> None:
    """Draw a cell of a matrix: disc, number and share, as many of them as there is room for.

    Parameters
    ----------
    canvas : Axes
    discs : Discs
    x, y : float
        The left edge and the middle of the cell, in inches.
    width : float
        Of the cell, in inches.
    number, share : float
        Sentences, and their share; silent where the number is 0.
    radius : callable
        Share to radius in inches.
    colour : str
    lead : bool
        Whether it is the largest of its row: in full colour.
    one : float
        The share that one sentence would be, as large as which the ring of a silence is drawn; none where it is 0.
    word : str
        Written where it is silent.
    write : bool
        Whether to write the number.
    digits : float
        The width of the widest number of all cells, in inches.
    """
    wide, numbered = write and width >= 0.98, write and width >= 0.44
    middle = x + (0.19 if wide else 0.17 if numbered else width / 2)
    if share != share:
        canvas.text(middle, y, "–", ha="center", va="center", fontsize=SMALL, color=PALE)
        return
    if number:
        discs.add(middle, y, radius(share), colour if lead else tint(colour, PALE_PART))
    elif one:
        discs.ring(middle, y, radius(one))
    if not numbered:
        return
    if wide and not number and word != "0":
        canvas.text(x + 0.84, y, word, ha="right", va="center", fontsize=TEXT, weight="bold")
        return
    right = max(0.62, 0.4 + digits) if wide else min(0.62, width - 0.04)
    canvas.text(x + right, y, f"{number:,.0f}", ha="right", va="center",
                fontsize=TEXT, color=INK if number else PALE, weight="bold" if lead else "normal")  # fmt: skip
    end = max(1.0, right + 0.34)
    if wide and number and end <= max(width, 1.0) + 0.02:  # where three digits just fit
        ink = INK if lead else PALE
        canvas.text(x + end, y, per_cent(share), ha="right", va="center", fontsize=SMALL, color=ink)


def largest_disc(digits: float, width: float, largest: float) -> float:
    """Return how large a disc may be that stands before a number; 0 where there is no room for both.

    Examples
    --------
    >>> largest_disc(0.1, 1.2, 0.17), largest_disc(0.25, 0.5, 0.17)
    (0.17, 0.0)
    """
    if width >= 0.98 or width < 0.44:
        return largest
    free = min(0.62, width - 0.04) - digits - 0.19
    return min(largest, free) if free >= 0.06 else 0.0


def draw_heads(
    canvas: Axes,
    bottom: float,
    places: Sequence[float],
    width: float,
    names: Sequence[str],
    facts: Sequence[Sequence[str]] = (),
) -> None:
    """Write names over columns, wrapped, or upright where a word is wider than its column, with facts below them.

    Parameters
    ----------
    canvas : Axes
    bottom : float
        Of the heads, in inches.
    places : sequence of float
        The left edge of each column.
    width : float
        Of a column.
    names : sequence of str
    facts : sequence of sequence of str
        For each column lines of small type; of several the last is pale.
    """
    lines, form = max((len(own) for own in facts), default=0), head_form(names, width)
    for number, (place, name) in enumerate(zip(places, names, strict=True)):
        own = list(facts[number]) if len(facts) else []
        for line, text in enumerate(own):
            canvas.text(place + 0.03, bottom - 0.155 * (lines - line - 0.5), shorten(text, width - 0.06, SMALL),
                        fontsize=SMALL, color=PALE if line == len(own) - 1 else INK, va="center")  # fmt: skip
        base = bottom - 0.155 * lines - 0.05
        if form is None:
            canvas.text(place + width / 2, base, shorten(name, 1.7, SMALL), fontsize=SMALL, rotation=90, ha="center",
                        va="bottom", weight="bold" if lines else "normal")  # fmt: skip
        else:
            canvas.text(place + 0.03, base, "\n".join(_head_lines(name, width - 0.09, form)), fontsize=form[0],
                        weight=form[1], va="bottom", linespacing=1.05)  # fmt: skip


def head_form(names: Sequence[str], width: float) -> tuple[float, str] | None:
    """Return size and weight in which every word of these names fits its column, None where they stand upright.

    Examples
    --------
    >>> head_form(["Tow & Envall"], 2.0), head_form(["Tow & Envall"], 0.2)
    ((9.0, 'bold'), None)
    """
    words = [word for name in names for word in str(name).split()]
    forms = ((TEXT, "bold"), (SMALL, "bold"), (SMALL, "normal"))
    return next((form for form in forms if all(text_width(word, *form) <= width - 0.09 for word in words)), None)


def _head_lines(name: str, width: float, form: tuple[float, str]) -> list[str]:
    """Return the lines of a head, the middle of a name left out that would need more than four."""
    lines = wrap(name, width, *form)
    return lines if len(lines) <= MOST_HEAD_LINES else wrap(shorten(name, 3 * width, *form), width, *form)


def heads_height(names: Sequence[str], width: float, n_facts: int = 0) -> float:
    """Return the height of the heads of columns, in inches.

    Examples
    --------
    >>> heads_height(["Tow & Envall 2011"], 0.3) > heads_height(["Tow & Envall 2011"], 2.0)
    True
    """
    form = head_form(names, width)
    if form is None:
        tall = max(text_width(shorten(name, 1.7, SMALL), SMALL, "bold") for name in names)
    else:
        tall = 0.0165 * form[0] * max((len(_head_lines(name, width - 0.09, form)) for name in names), default=0)
    return tall + 0.155 * n_facts + 0.1


def draw_swarm(
    canvas: Axes,
    values: Sequence[float],
    full: float,
    left: float,
    width: float,
    y: float,
    tall: float,
    colours: ColorType | Sequence[ColorType],
) -> None:
    """Draw shares as dots on a square-root scale, stacked where they stand close, so that none hides another.

    Parameters
    ----------
    canvas : Axes
    values : sequence of float
        From 0 to `full`.
    full : float
        The value at the end of the scale.
    left, width : float
        Where 0 stands, and how far the end is from it, in inches.
    y : float
        The line on which the stacks stand.
    tall : float
        Inches that the highest stack may take.
    colours : colour or sequence of colour
        Of all, or of each.
    """
    dot = 0.055
    bins = np.round(np.sqrt(np.asarray(values, float) / full) * width / dot).astype(int)
    level = pd.Series(bins).groupby(bins).cumcount().to_numpy()
    step = min(dot, tall / max(level.max(initial=0) + 1, 1))
    canvas.scatter(
        left + bins * dot, y - dot / 2 - level * step, s=(dot * 72 * 0.92) ** 2, c=colours, linewidth=0, zorder=3
    )


def draw_swarm_scale(
    canvas: Axes, full: float, left: float, width: float, y: float, form: Callable[[float], str] = per_cent
) -> None:
    """Write the marks of the square-root scale of `draw_swarm`.

    Examples
    --------
    >>> from crossread.charts.style import Sheet
    >>> canvas = Sheet(1.0).canvas()
    >>> draw_swarm_scale(canvas, 0.3, 1.0, 4.0, 0.5)
    >>> [text.get_text() for text in canvas.texts]
    ['0 %', '1 %', '5 %', '10 %', '25 %']
    """
    size = 1.0 if full <= 1 else 10.0 ** np.floor(np.log10(full))
    marks = [size * part for part in (0, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5) if size * part <= full * 1.001]
    edge, written = -np.inf, ""
    for mark in marks:
        x = left + width * np.sqrt(mark / full)
        if x < edge + 0.34 or form(mark) == written:
            continue
        edge, written = x, form(mark)
        canvas.plot([x, x], [y - 0.03, y + 0.01], color=PALE, linewidth=0.6)
        canvas.text(x, y + 0.1, form(mark), fontsize=SMALL, color=PALE, ha="center", va="center")


def draw_row_label(canvas: Axes, y: float, text: str, left: float, width: float, **look: Any) -> None:
    """Write the name of a row, shortened to its room.

    Examples
    --------
    >>> from crossread.charts.style import Sheet
    >>> canvas = Sheet(1.0).canvas()
    >>> draw_row_label(canvas, 0.5, "Money and cost", 0.2, 2.0)
    >>> canvas.texts[0].get_text()
    'Money and cost'
    """
    size = look.pop("fontsize", TEXT)
    short = shorten(text, width, size, look.get("weight", "normal"))
    canvas.text(left, y, short, va="center", fontsize=size, **look)


def rule(canvas: Axes, y: float, left: float = MARGIN, **look: Any) -> None:
    """Draw a line across, pale and thin unless asked otherwise.

    Examples
    --------
    >>> from crossread.charts.style import Sheet
    >>> canvas = Sheet(1.0).canvas()
    >>> rule(canvas, 0.5)
    >>> len(canvas.lines)
    1
    """
    canvas.plot([left, canvas.get_xlim()[1] - MARGIN], [y, y], **{"color": GRID, "linewidth": 0.5, "zorder": 0, **look})


def facts_of(doc_ids: Sequence[str], documents: pd.DataFrame | None, totals: Mapping[str, float]) -> list[list[str]]:
    """Return what stands under the name of each document: its genre, its sentences, and what one of them weighs.

    Examples
    --------
    >>> facts_of(["a"], pd.DataFrame({"genre": ["op-ed"]}, index=["a"]), {"a": 29})
    [['op-ed', '29 sentences', 'one is 3.4 %']]
    """
    genres = {} if documents is None or "genre" not in documents else documents["genre"].to_dict()
    told = any(isinstance(genres.get(doc_id), str) and genres[doc_id] for doc_id in doc_ids)
    facts = []
    for doc_id in doc_ids:
        total = totals.get(doc_id, 0)
        genre = genres.get(doc_id)
        weight = 100 / total if total else float("nan")
        size = f"{weight:.0f}" if weight >= 10 else f"{weight:.1f}" if weight >= 0.1 else "< 0.1"
        count = f"{total:,.0f} sentence{'' if total == 1 else 's'}"
        facts.append(
            [*([genre if isinstance(genre, str) else ""] if told else []), count, f"one is {size} %" if total else ""]
        )
    return facts
