"""Estimates with their limits in panels, in the form that the number of rows allows.

Up to twelve rows stand at large, with what was counted beside each; up to sixty small; of more each panel shows how all
spread, with the highest and the lowest by name.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from crossread.charts.labels import SMALL, TEXT, shorten, text_width, widest, wrap
from crossread.charts.primitives import draw_intervals, draw_swarm, draw_swarm_scale
from crossread.charts.style import GRID, INK, MARGIN, MOST_NAMED, MOST_ROWS, PALE, WIDTH, Sheet, nothing_drawn, tint
from crossread.wording import per_cent


@dataclass(frozen=True)
class Intervals:
    """A panel of estimates.

    Attributes
    ----------
    title : str
    colour : str or sequence of str
        Of all rows, or one for each.
    rows : DataFrame
        One for each name, in their order: value, low, high; silent (bool), beside (what was counted), strong (bool:
        False is drawn pale), where they are there; and marked, marked_low, marked_high: a second estimate, drawn at
        large as a hollow diamond under the first.
    """

    title: str
    colour: str | Sequence[str]
    rows: pd.DataFrame

    def colours(self) -> list:
        each = [self.colour] * len(self.rows) if isinstance(self.colour, str) else list(self.colour)
        strong = self.rows["strong"] if "strong" in self.rows else [True] * len(each)
        return [colour if one else tint(colour, 0.45) for colour, one in zip(each, strong, strict=True)]


def interval_panels(
    panels: Sequence[Intervals],
    names: Sequence[str],
    *,
    title: str = "",
    unit: str = "",
    beside: str = "",
    hollow: str = "",
    note: str = "",
    form: Callable[[float], str] = per_cent,
    shared: bool = True,
    zero: bool = True,
) -> np.ndarray:
    """Draw panels of estimates with their limits, one row for each name.

    Parameters
    ----------
    panels : sequence of Intervals
    names : sequence of str
        What the rows are called.
    title : str
        What came out.
    unit : str
        What is estimated.
    beside : str
        What is written beside the rows, where they stand at large.
    hollow : str
        What a hollow point is, where rows are drawn.
    note : str
        How to read what is not plain.
    form : callable
        How a value of the axis is written.
    shared : bool
        Whether all panels have the same axis.
    zero : bool
        Whether the axes begin at 0.

    Returns
    -------
    array of Axes
        One for each panel.
    """
    if not len(panels) or not len(names):
        return np.array([nothing_drawn(title)])
    edge = edge_of(panels) if shared else None
    if len(names) > MOST_ROWS:
        given = {"title": title, "below": f"{unit}.", "note": note}
        return _spread(panels, names, given, form, max(panel.rows["value"].max() for panel in panels) or 1.0)
    large = len(names) <= MOST_NAMED
    told = large and all("beside" in panel.rows for panel in panels)
    below = f"{unit}, with 95 per cent limits." + (f" Beside them: {beside}." if told and beside else "")
    note = " ".join(filter(None, (hollow, note)))
    given = {"title": title, "below": below, "note": note}
    left = min(widest(names, TEXT if large else SMALL) + 0.34, 2.3)
    rows = -(-len(panels) // (3 if large else 9)) or 1
    per_row = min(len(panels), 3) if large else -(-len(panels) // rows)
    right = max((widest(panel.rows["beside"], SMALL) for panel in panels), default=0) + 0.12 if told else 0.1
    if large and (WIDTH - left) / per_row - right < 0.9:
        per_row = 2
    wide = (WIDTH - left - MARGIN) / per_row
    grid = -(-len(panels) // per_row)
    step = (
        (0.29 if any("marked" in panel.rows for panel in panels) else 0.24)
        if large
        else float(np.clip(10.4 / grid / len(names), 0.15, 0.2))
    )
    tall = step * len(names) + 0.08
    fitting = per_row * max(int(12.4 // (tall + 0.75)), 1)
    if fitting < len(panels):  # a figure is at most two screens high
        given["note"] = f"{note} {len(panels) - fitting} more stand in the table.".strip()
        panels, grid = panels[:fitting], -(-fitting // per_row)
    size = TEXT if large else SMALL
    upright = any(text_width(word, size, "bold") > wide - 0.1 for panel in panels for word in panel.title.split())
    heads = [[panel.title] if upright else wrap(panel.title, wide - 0.1, size, "bold") for panel in panels]
    head = (widest([lines[0] for lines in heads], size, "bold") if upright else 0.15 * max(map(len, heads))) + 0.1
    sheet = Sheet(grid * (head + tall + 0.36), **given)
    axes = []
    for number, (panel, lines) in enumerate(zip(panels, heads, strict=True)):
        row, column = divmod(number, per_row)
        ax = sheet.axes(left + wide * column, row * (head + tall + 0.36) + head, wide - right - 0.06, tall)
        _draw_panel(ax, panel, form, edge or edge_of([panel]), zero, large)
        _head(ax, lines, panel, size, upright)
        ax.set_ylim(len(names) - 0.4, -0.6)
        ax.set_yticks(range(len(names)), [shorten(name, left - 0.26, TEXT if large else SMALL) for name in names]
                      if column == 0 else [], fontsize=TEXT if large else SMALL)  # fmt: skip
        if column:
            ax.set_yticks([])
        ax.tick_params(axis="y", length=0, pad=8)
        if told:
            for place, text in enumerate(panel.rows["beside"]):
                ax.annotate(text, (1, place), xycoords=("axes fraction", "data"), xytext=(6, 0),
                            textcoords="offset points", va="center", fontsize=SMALL, color=PALE,
                            annotation_clip=False)  # fmt: skip
        axes.append(ax)
    return np.array(axes)


def _head(ax, lines, panel, size, upright):
    colour = panel.colour if isinstance(panel.colour, str) else INK
    if upright:
        ax.annotate(lines[0], (0, 1), xycoords="axes fraction", xytext=(0, 4), textcoords="offset points",
                    fontsize=size, rotation=90, color=colour, weight="bold", va="bottom",
                    annotation_clip=False)  # fmt: skip
    else:
        ax.set_title("\n".join(lines), fontsize=size, color=colour, pad=4)


def _draw_panel(ax, panel, form, edge, zero, large):
    rows = panel.rows
    low, high = (rows[name].fillna(rows["value"]).clip(upper=edge) for name in ("low", "high"))
    draw_intervals(ax, rows["value"], low, high, range(len(rows)), panel.colours(), size=1.0 if large else 0.62,
                   silent=rows["silent"] if "silent" in rows else None)  # fmt: skip
    if large and "marked" in rows:
        places = np.arange(len(rows)) + 0.27
        lower, upper = (rows[name].clip(upper=edge) for name in ("marked_low", "marked_high"))
        ax.hlines(places, lower, upper, color=INK, linewidth=0.9, zorder=2)
        ax.scatter(rows["marked"], places, s=13, marker="D", c="white", edgecolor=INK, linewidth=0.8, zorder=3,
                   clip_on=False)  # fmt: skip
    if zero:
        ax.set_xlim(0, edge)
        ticks = [0, nice_below(edge)]
        ticks = [0, ticks[1] / 2, ticks[1]] if large else ticks
    else:
        reach = max(abs(low.min()), abs(high.max()), 1e-9)
        ax.set_xlim(-1.05 * reach, 1.05 * reach)
        ax.axvline(0, color=INK, linewidth=0.8, zorder=1)
        ticks = [-nice_below(reach), 0, nice_below(reach)]
    ax.hlines(range(len(rows)), *ax.get_xlim(), color=GRID, linewidth=0.4, zorder=0)
    ax.set_xticks(ticks, [form(tick) for tick in ticks])
    if not large:
        for label, side in zip(ax.get_xticklabels(), ("left", "right"), strict=False):
            label.set_horizontalalignment(side)
    ax.spines["left"].set_visible(False)


def edge_of(panels: Sequence[Intervals]) -> float:
    """Return where the axis ends that several panels share: a little beyond what is there, not at a far limit.

    Examples
    --------
    >>> rows = pd.DataFrame({"value": [0.1], "low": [0.0], "high": [0.9]})
    >>> round(edge_of([Intervals("", "#000000", rows)]), 3)
    0.3
    """
    rows = pd.concat([panel.rows[["value", "low", "high"]] for panel in panels])
    second = max((panel.rows["marked"].max() for panel in panels if "marked" in panel.rows), default=0.0)
    reached, finite = np.nanmax([rows["value"].max(), second]), rows["high"].where(np.isfinite(rows["high"])).max()
    edge = min(finite if finite == finite else reached, 3 * reached if reached > 0 else np.inf)
    return float(edge) if edge > 0 and np.isfinite(edge) else 1.0


def nice_below(value: float) -> float:
    """Return the largest number up to a value that is read easily: one, two, four, five or eight of a power of ten.

    Examples
    --------
    >>> nice_below(0.37), nice_below(1.0), nice_below(66)
    (0.2, 1.0, 50.0)
    """
    size = 10.0 ** np.floor(np.log10(max(abs(value), 1e-12)))
    return float(max((part * size for part in (1, 2, 4, 5, 8, 10) if part * size <= value * 1.0001), default=value))


def _spread(panels, names, given, form, edge):
    """Each panel as a strip of dots, the highest and the lowest by name."""
    heads = [widest(wrap(panel.title, 1.9, TEXT, "bold"), TEXT, "bold") for panel in panels]
    left = min(max(*heads, widest([f"{len(names)} silent"], SMALL) + 0.2) + 0.3, 2.2)
    tall = float(np.clip(11.0 / len(panels), 0.5, 1.1))
    wide = WIDTH - left - MARGIN - 0.25
    told = f"Each dot is one of {len(names)}, on a square-root scale."
    sheet = Sheet(tall * len(panels) + 0.1, **{**given, "note": f"{told} {given['note']}".strip()})
    axes = []
    for number, panel in enumerate(panels):
        ax = sheet.canvas(tall * number, tall)
        rows = panel.rows.reset_index(drop=True)
        hushed = rows["silent"].astype(bool) if "silent" in rows else pd.Series(False, index=rows.index)
        there = rows[rows["value"].notna() & ~hushed]
        colours = panel.colours()
        base = tall - 0.3
        head = wrap(panel.title, left - 0.3, TEXT, "bold")
        ax.text(MARGIN, base - 0.05, "\n".join(head), weight="bold", va="center",
                color=panel.colour if isinstance(panel.colour, str) else INK)  # fmt: skip
        if hushed.any():
            ax.text(MARGIN, base + 0.12 + 0.07 * (len(head) - 1), f"{hushed.sum()} silent", fontsize=SMALL, color=PALE,
                    va="center")  # fmt: skip
        draw_swarm(
            ax, there["value"].clip(0, edge), edge, left, wide, base, base - 0.2, [colours[n] for n in there.index]
        )
        ax.plot([left, left + wide], [base, base], color=PALE, linewidth=0.6)
        draw_swarm_scale(ax, edge, left, wide, base, form)
        _name_ends(ax, there, names, left, wide, "lowest, the silent aside" if hushed.any() else "lowest")
        axes.append(ax)
    return np.array(axes)


def _name_ends(ax, there, names, left, wide, lowest_is):
    """Name the lowest at the left, where it is one, and the highest at the right."""
    ordered = there.sort_values("value", kind="stable")
    if ordered.empty:
        return
    lowest, highest = ordered.index[0], ordered.index[-1]
    ends = [("highest", highest, "right", left + wide)]
    if there["value"].eq(there["value"].min()).sum() == 1 and lowest != highest:
        ends.append((lowest_is, lowest, "left", left))
    for word, place, side, x in ends:
        name = shorten(names[place], wide / 2 - 0.3 - text_width(f"{word}: ", SMALL), SMALL)
        ax.text(x, 0.12, f"{word}: {name}", fontsize=SMALL, ha=side, va="center")
