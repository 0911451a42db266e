"""The chart that only the explorer draws: how much more often than by chance something stands with a theme."""

from __future__ import annotations

from crossread.charts.style import INK, PALE, draw_intervals, figure, styled, theme_colours
from crossread.tables import check_columns


@styled
def plot_company(table, column: str = "term", ax=None):
    """Draw how many times as often as by chance each word, or actor, stands with a theme, with limits.

    Parameters
    ----------
    table : DataFrame
        From `explore.Workbench.with_words` or `with_actors`.
    column : "term" or "actor"
        What stands with the themes.
    ax : Axes, optional
        Where to draw; by default a new figure.

    Returns
    -------
    Axes

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"key": ["cost"], "term": ["share"], "ratio": [4.0], "low": [2.0], "high": [8.0]})
    >>> [label.get_text() for label in plot_company(table).get_yticklabels()]
    ['share (cost)']
    """
    check_columns(table, ("key", column, "ratio", "low", "high"), "the words or actors of the themes")
    if ax is None:
        ax = figure(height=1.0 + 0.26 * len(table))[1]
    places = list(range(len(table)))[::-1]
    colours = theme_colours(dict.fromkeys(table["key"]))
    draw_intervals(ax, table["ratio"], table["low"], table["high"], places, [colours[key] for key in table["key"]])
    ax.axvline(1, color=PALE, linewidth=1, zorder=1)
    ax.set_xscale("log")
    ticks = [
        t
        for t in (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)
        if table["low"].min() * 0.8 <= t <= table["high"].max() * 1.2
    ]
    ax.set_xticks(ticks, [f"{t:g}" for t in ticks])
    ax.minorticks_off()
    names = [
        f"{str(row[column]).replace('_', ' ')} ({str(row['key']).replace('_', ' ')})" for _, row in table.iterrows()
    ]
    ax.set_yticks(places, names, color=INK)
    ax.tick_params(axis="y", length=0)
    ax.set_xlabel("times as often as by chance (1 is chance)")
    return ax
