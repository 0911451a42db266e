"""Charts over years: shares of groups along an axis of years, and how much each theme changes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from crossread.charts import style
from crossread.charts.intervals import Intervals, interval_panels
from crossread.charts.labels import TEXT, shorten, wrap
from crossread.charts.primitives import SUPPORTED
from crossread.charts.style import INK, MARGIN, WIDTH, Sheet, chart, theme_colours, tint
from crossread.wording import Labels, capital, number_text, per_cent

if TYPE_CHECKING:
    from matplotlib.axes import Axes

DASHED = (0, (4, 3))


def years_of(groups: Iterable) -> dict:
    """Return the year of each group where all are years or decades, else nothing.

    Examples
    --------
    >>> years_of(["1980s", "1990s"]), years_of(["left", "right"])
    ({'1980s': 1985.0, '1990s': 1995.0}, {})
    """
    years = {}
    for group in groups:
        match = re.fullmatch(r"([12]\d{3})(s?)(?:\.0)?", str(group))
        if not match:
            return {}
        years[group] = float(match[1]) + (5.0 if match[2] else 0.0)
    return years


def draw_trend(table: pd.DataFrame, labels: Labels, title: str, unit: str = "Share of sentences in") -> np.ndarray:
    """Draw the share of each key over the years, with limits, one panel a key.

    Parameters
    ----------
    table : DataFrame
        group (a year or decade), key, share, share_low, share_high, and the number of documents of each point,
        n_documents or n_units, where it is known.
    labels : Labels
    title : str
    unit : str
        What the shares are, up to the words “each year”.
    """
    years = years_of(table["group"])
    keys = list(dict.fromkeys(table["key"].astype(str)))
    colours = theme_colours(keys, labels)
    per_row = min(len(keys), 3)
    wide, tall = (WIDTH - 0.62 - MARGIN) / per_row, 1.45
    sheet = Sheet(
        -(-len(keys) // per_row) * (tall + 0.62), title=title,
        below=f"{unit} each year or group of years, with 95 per cent limits where there are several texts.",
        note=" ".join(_notes(table)),
    )  # fmt: skip
    limits = table[["share_low", "share_high"]]
    finite = limits.where(limits.notna() & (limits["share_high"] - limits["share_low"] < 0.999).to_numpy()[:, None])
    highest = table["share"].max()
    reached = min(finite["share_high"].max(), 3 * highest) if finite["share_high"].notna().any() else 0
    top = min(max(1.15 * highest, reached, 1e-9), 1)
    axes = []
    for number, key in enumerate(keys):
        row, column = divmod(number, per_row)
        ax = sheet.axes(0.62 + wide * column, row * (tall + 0.62) + 0.28, wide - 0.22, tall)
        points = table[table["key"] == key]
        x = points["group"].map(years).to_numpy(float)
        _draw_years(ax, points, x, finite.loc[points.index], colours[key], top)
        ax.set_title(shorten(capital(labels.theme(key)), wide - 0.2, TEXT, "bold"), color=colours[key])
        ax.set_ylim(0, top)
        ax.grid(axis="y")
        ax.locator_params(axis="y", nbins=4, steps=[1, 2, 5, 10])
        if len(set(years.values())) <= 3 * wide:
            ax.set_xticks(list(years.values()), [str(group) for group in years])
        else:
            ax.locator_params(axis="x", nbins=5, integer=True)
        ax.yaxis.set_major_formatter(lambda value, _: per_cent(value))
        if column:
            ax.set_yticklabels([])
        axes.append(ax)
    return np.array(axes)


def _notes(table: pd.DataFrame) -> list[str]:
    """Say what the points mean that are there."""
    sizes = _documents_of(table)
    told = ["The larger a point, the more documents."] if sizes is not None and sizes.nunique() > 1 else []
    return [*told, "Hollow: silent."] if (table["share"] == 0).any() else told


def _documents_of(table: pd.DataFrame) -> pd.Series | None:
    return next((table[name] for name in ("n_units", "n_documents") if name in table), None)


def _draw_years(ax, own, x, limits, colour, top):
    order = np.argsort(x, kind="stable")
    size = _documents_of(own)
    sizes = 16 if size is None else 10 + 8 * np.minimum(size.to_numpy(float), 12)
    for year, (lower, upper) in zip(x, limits.to_numpy(float), strict=True):
        if lower == lower:
            ax.plot([year, year], [lower, min(upper, top)], color=tint(colour, 0.45), linewidth=2.0, zorder=1)
    silent = (own["share"] == 0).to_numpy()
    ax.scatter(x, own["share"], s=sizes, c=["white" if one else colour for one in silent], zorder=3, clip_on=False,
               edgecolor=[colour if one else "white" for one in silent], linewidth=0.7)  # fmt: skip
    ax.plot(x[order], own["share"].to_numpy()[order], color=tint(colour, 0.5), linewidth=0.9, zorder=2)


@chart("the trends", "key", "first", "last", "fitted_first", "fitted_last", "per_decade", "low", "high", "verdict")
def plot_trends(table: pd.DataFrame, labels: Labels, title: str) -> Axes | np.ndarray:
    """Draw how much each theme changes in ten years, with limits; beside it what the line runs from and to.

    Parameters
    ----------
    table : DataFrame
        From `theme_trends`: key, first, last, fitted_first, fitted_last, per_decade, low, high, verdict.
    """
    keys = table["key"].astype(str).tolist()
    share = _is_of_shares(table)
    colours = theme_colours(keys, labels)
    rows = table.rename(columns={"per_decade": "value"})[["value", "low", "high"]].reset_index(drop=True)
    rows["strong"] = (table["verdict"] == SUPPORTED).to_numpy()
    form = per_cent if share else partial(number_text, digits=1)
    rows["beside"] = [
        f"{form(row.fitted_first)} ({row.first:g}) to {form(row.fitted_last)} ({row.last:g})"
        if row.fitted_first == row.fitted_first else str(row.verdict) for row in table.itertuples()
    ]  # fmt: skip
    scale = 100 if share else 1
    decimals = 0 if scale * table[["low", "high", "per_decade"]].abs().max().max() >= 5 else 1
    points = lambda value: f"{scale * value:+.{decimals}f}".replace("-", "−") if value else "0"  # noqa: E731
    return interval_panels(
        [Intervals("", [colours[key] for key in keys], rows)], [capital(labels.theme(key)) for key in keys],
        title=title,
        unit=f"Change in ten years, {'in points of share of sentences' if share else 'hits per 1,000 tokens'}",
        beside="the ends of the line",
        note="Strong colour: supported.", form=points, zero=False,
    )  # fmt: skip


def _is_of_shares(table: pd.DataFrame) -> bool:
    return "quantity" not in table or table.empty or table["quantity"].iloc[0] == "share"


MOST_COLUMNS, MOST_ROWS = 6, 12  # groups and themes with panels; a figure is no taller than two screens


@chart("the trends", "group", "key", "n_units", "first", "last", "fitted_first", "fitted_last", "verdict")
def plot_group_trends(
    table: pd.DataFrame, labels: Labels, title: str, points: pd.DataFrame | None = None
) -> np.ndarray:
    """Draw each theme over the years in each group: a row of panels a theme, a column a group, a point a document.

    Parameters
    ----------
    table : DataFrame
        From `group_trends`: group, key, n_units, first, last, fitted_first, fitted_last, verdict.
    points : DataFrame, optional
        One row a document and key: group, key, year, share (or hits per 1,000 tokens, as the table has it), and
        share_low and share_high where they are known.

    Returns
    -------
    array of Axes
        Row by row. The six groups with most documents are drawn, and the first twelve themes.

    Examples
    --------
    >>> line = {"group": "Red", "key": "cost", "n_units": 3, "first": 1990.0, "last": 2010.0}
    >>> table = pd.DataFrame([{**line, "fitted_first": 0.1, "fitted_last": 0.2, "verdict": "supported"}])
    >>> [ax.get_title("left") for ax in plot_group_trends(table)]
    ['Red']
    """
    if table.empty:
        return np.array([style.nothing_drawn(title)])
    all_keys = list(dict.fromkeys(table["key"].astype(str)))
    keys = all_keys[:MOST_ROWS]
    sizes = table.groupby("group", sort=False)["n_units"].max()
    groups = list(sizes.sort_values(ascending=False, kind="stable").index[:MOST_COLUMNS])
    groups = [group for group in sizes.index if group in groups]
    table = table[table["group"].isin(groups) & table["key"].astype(str).isin(keys)]
    colours = theme_colours(all_keys, labels)
    shown = pd.DataFrame(columns=["group", "key", "year", "share", "share_low", "share_high"])
    if points is not None:
        shown = points[points["group"].isin(groups)].assign(key=points["key"].astype(str))
    share = _is_of_shares(table)
    highest = max([*table[["fitted_first", "fitted_last"]].max().dropna(), *shown["share"].dropna(), 1e-9])
    years = [*table["first"].dropna(), *table["last"].dropna()]
    beside = min(max(1.2, 1.6 / len(groups)), 1.6)  # inches for the names of themes
    wide, tall = (WIDTH - MARGIN - beside - 0.5) / len(groups), 0.95 if len(keys) <= MOST_COLUMNS else 0.7
    heads = [wrap(str(group), wide - 0.06, TEXT, "bold") for group in groups]
    head = 0.18 * max(map(len, heads)) + 0.1
    sheet = Sheet(
        head + len(keys) * (tall + 0.2) + 0.2, title=title,
        below=f"{'Share of sentences' if share else 'Hits per 1,000 tokens'} in each document, with 95 per cent "
        "limits, and a line through the documents of a group.",
        note=" ".join([*_not_drawn(len(sizes) - len(groups), "smaller group", "smaller groups"),
                       *_not_drawn(len(all_keys) - len(keys), "further theme", "further themes"),
                       "Full line: supported; broken: not. Hollow: silent."]),
    )  # fmt: skip
    axes = []
    for row, key in enumerate(keys):
        for column, group in enumerate(groups):
            ax = sheet.axes(MARGIN + beside + 0.5 + wide * column, head + row * (tall + 0.2), wide - 0.2, tall)
            _draw_points(ax, shown[(shown["group"] == group) & (shown["key"] == key)], colours[key], 1.15 * highest)
            for fit in table[(table["group"] == group) & (table["key"] == key)].itertuples():
                ax.plot([fit.first, fit.last], [fit.fitted_first, fit.fitted_last], color=INK, linewidth=1.1,
                        linestyle="-" if fit.verdict == SUPPORTED else DASHED, zorder=4)  # fmt: skip
            _set_up(ax, years, min(1, 1.15 * highest) if share else 1.15 * highest, wide, share)
            if row == 0:
                ax.set_title("\n".join(heads[column]))
            if row < len(keys) - 1:
                ax.set_xticklabels([])
            if column:
                ax.set_yticklabels([])
            else:
                name = "\n".join(wrap(capital(labels.theme(key)), beside, TEXT, "bold"))
                ax.set_ylabel(name, rotation=0, ha="right", va="center", labelpad=6, color=colours[key], weight="bold")
            axes.append(ax)
    return np.array(axes)


def _not_drawn(number: int, one: str, many: str) -> list[str]:
    return [f"{number} {one if number == 1 else many} not drawn."] if number else []


def _set_up(ax, years: list[float], top: float, wide: float, share: bool) -> None:
    """Give a small panel the years, and the shares or rates, of all, with as many ticks as have room."""
    ax.set_ylim(0, top)
    ax.set_xlim(min(years) - 0.03 * np.ptp(years) - 0.5, max(years) + 0.03 * np.ptp(years) + 0.5)
    ax.grid(axis="y")
    ax.locator_params(axis="y", nbins=3, steps=[1, 2, 5, 10])  # 2.5 per cent would be written as 2
    ax.locator_params(axis="x", nbins=min(max(1, int(wide / 0.55)), 6), integer=True)
    ax.yaxis.set_major_formatter(lambda value, _: per_cent(value) if share else f"{value:g}")


def _draw_points(ax, own: pd.DataFrame, colour, top: float) -> None:
    for point in own.itertuples():
        if "share_low" in own and point.share_low == point.share_low:
            ax.plot([point.year, point.year], [point.share_low, min(point.share_high, top)], color=tint(colour, 0.55),
                    linewidth=1.4, zorder=1)  # fmt: skip
    silent = (own["share"] == 0).to_numpy(bool)
    ax.scatter(own["year"].to_numpy(float), own["share"].to_numpy(float), s=13, zorder=3, clip_on=False, linewidth=0.7,
               c=["white" if one else colour for one in silent], edgecolor=colour)  # fmt: skip
