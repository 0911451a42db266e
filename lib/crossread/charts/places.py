"""The chart of places: where along each document a theme stands, with the sections named."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from crossread.charts import style
from crossread.charts.labels import SMALL, TEXT, shorten, stack_headings, widest, wrap
from crossread.charts.style import INK, MARGIN, PALE, WIDTH, Sheet, chart, theme_colours
from crossread.wording import Labels, capital, per_cent

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@chart("the places of hits", "doc_id", "key", "place", "n_tokens")
def plot_places(
    table: pd.DataFrame,
    documents: pd.DataFrame | None,
    labels: Labels,
    title: str,
    sections: pd.DataFrame | None = None,
) -> Axes:
    """Draw every hit as a stroke at its place along its document, a lane for each theme, the sections named.

    Each document fills the width whatever its length, and says how long it is. With more than twelve documents each is
    a line in a panel of each theme; with more than sixty the panels show how the places of all spread.

    Parameters
    ----------
    table : DataFrame
        From `locate_hits`: doc_id, key, place (0 to 1), n_tokens.
    documents, labels, title
        As in `plot_senses`; documents without any hit get their empty lanes.
    sections : DataFrame, optional
        doc_id, heading, start (0 to 1): where each section begins.

    Returns
    -------
    Axes
        Its unit is the inch; with more than twelve documents an array of Axes.
    """
    keys = list(table["key"].cat.categories) if hasattr(table["key"], "cat") else list(dict.fromkeys(table["key"]))
    ids = style.document_order(documents) if documents is not None else list(dict.fromkeys(table["doc_id"]))
    colours = theme_colours(keys, labels)
    if len(ids) > style.MOST_NAMED:
        return _places_of_many(table, keys, ids, labels, colours, title)
    left, right = min(widest([labels.document(one) for one in ids], TEXT, "bold") + 0.3, 1.6), 1.75
    start, wide, lane = left, WIDTH - left - right - MARGIN, 0.145
    headed = {} if sections is None else {doc: hits for doc, hits in sections.groupby("doc_id", sort=False)}
    levels = {doc: stack_headings(headed[doc], wide, right - 0.1) if doc in headed else [] for doc in ids}
    lanes = max(lane * len(keys) + 0.22, 0.68)  # a name takes up to three lines, and its length one
    heights = [0.14 * (max((row for *_, row in levels[doc]), default=-1) + 1) + lanes for doc in ids]
    tall = float(np.clip(12.6 / max(sum(heights), 1e-9), 0.5, 1))
    canvas = Sheet(
        sum(heights) * tall + 0.2, title=title, below="Each stroke is a hit, at its place along the document.",
        note="Every document fills the width, whatever its length. Numbers: hits." + (
            " Over the lanes: where each section begins." if headed else ""),
    ).canvas()  # fmt: skip
    y = 0.04
    for doc, height in zip(ids, heights, strict=True):
        hits = table[table["doc_id"] == doc]
        top = y + height * tall - lane * tall * len(keys) - 0.1
        _name_document(canvas, hits, labels.document(doc), documents, doc, top, lane * tall * len(keys), left)
        for heading, x, row in levels[doc]:
            level = top - 0.06 - 0.14 * (row + 0.5)
            tick = start + wide * x
            canvas.plot([tick, tick], [level - 0.05, top + lane * tall * len(keys)], color="#a8a8a8", lw=0.6, zorder=1)
            canvas.text(tick + 0.04, level, heading, fontsize=SMALL, va="center", style="italic")
        for number, key in enumerate(keys):
            middle = top + lane * tall * (number + 0.5)
            places = hits.loc[hits["key"] == key, "place"].to_numpy()
            canvas.plot([start, start + wide], [middle, middle], color=style.GRID, linewidth=0.6, zorder=1)
            half = 0.42 * lane * tall
            canvas.vlines(
                start + wide * places, middle - half, middle + half, color=colours[key], linewidth=1.2, zorder=2
            )
            name = shorten(capital(labels.theme(key)), right - 0.42, SMALL)
            canvas.text(start + wide + 0.08, middle, name, fontsize=SMALL, va="center",
                        color=colours[key] if len(places) else PALE)  # fmt: skip
            canvas.text(WIDTH - MARGIN, middle, str(len(places)), fontsize=SMALL, va="center", ha="right",
                        color=INK if len(places) else PALE)  # fmt: skip
        y += height * tall
    for share, name in ((0, "beginning"), (0.5, "middle"), (1, "end")):
        canvas.text(start + wide * share, y + 0.06, name, fontsize=SMALL, color=PALE, va="center",
                    ha="left" if share == 0 else "right" if share == 1 else "center")  # fmt: skip
    return canvas


def _name_document(canvas, own, name, documents, doc, top, height, left):
    lines = wrap(name, left - 0.26, TEXT, "bold")
    if len(lines) > 3:
        lines = wrap(shorten(name, 1.9 * (left - 0.26), TEXT, "bold"), left - 0.26, TEXT, "bold")
    y = top + height / 2 - 0.075 * (len(lines) + 1)
    for number, line in enumerate(lines):
        canvas.text(MARGIN, y + 0.15 * (number + 0.5), line, fontsize=TEXT, weight="bold", va="center")
    length = int(own["n_tokens"].iloc[0]) if len(own) else 0
    if documents is not None and "n_tokens" in documents:
        length = int(documents.loc[doc, "n_tokens"])
    text = f"{length:,} tokens" if length else "no hit"
    canvas.text(MARGIN, y + 0.15 * (len(lines) + 0.5), text, fontsize=SMALL, va="center", color=PALE)


def _places_of_many(table, keys, ids, labels, colours, title):
    per_row = min(len(keys), 6)
    grid_rows = -(-len(keys) // per_row)
    single = len(ids) <= style.MOST_ROWS
    left = min(widest([labels.document(one) for one in ids], SMALL) + 0.25, 1.9) if single else 0.5
    wide = (WIDTH - left - MARGIN) / per_row
    tall = len(ids) * float(np.clip(9.5 / len(ids), 0.13, 0.2)) if single else 1.5
    sheet = Sheet(
        grid_rows * (tall + 0.75), title=title,
        below="Each stroke is a hit, at its place along the document." if single else
        "Places of the hits along their documents, all documents together: share of the hits in each tenth.",
    )  # fmt: skip
    axes = []
    places = {doc: number for number, doc in enumerate(ids)}
    for number, key in enumerate(keys):
        row, column = divmod(number, per_row)
        ax = sheet.axes(left + wide * column + 0.04, row * (tall + 0.75) + 0.38, wide - 0.16, tall)
        hits = table[table["key"] == key]
        if single:
            y = hits["doc_id"].astype(str).map(places).to_numpy(float)
            ax.vlines(hits["place"], y - 0.42, y + 0.42, color=colours[key], linewidth=1.0)
            ax.set_ylim(len(ids) - 0.4, -0.6)
            names = [shorten(labels.document(one), left - 0.15, SMALL) for one in ids]
            ax.set_yticks([] if column else range(len(ids)), [] if column else names, fontsize=SMALL)
            ax.hlines(range(len(ids)), 0, 1, color=style.GRID, linewidth=0.4, zorder=0)
            ax.spines["left"].set_visible(False)
        else:
            heights, edges = np.histogram(hits["place"], np.linspace(0, 1, 11))
            ax.bar(
                edges[:-1], heights / max(heights.sum(), 1), 0.1, align="edge", color=colours[key], edgecolor="white"
            )
            ax.axhline(0.1, color=INK, linewidth=0.7, linestyle=":")
            ax.yaxis.set_major_formatter(lambda value, _: per_cent(value))
        ax.tick_params(axis="y", length=0)
        ax.set_xlim(0, 1)
        ax.set_xticks([0, 1], ["start", "end"] if wide > 0.9 else ["", ""])
        for tick, side in zip(ax.get_xticklabels(), ("left", "right"), strict=True):
            tick.set_horizontalalignment(side)
        ax.set_title("\n".join(wrap(capital(labels.theme(key)), wide - 0.04, SMALL, "bold")), fontsize=SMALL,
                     color=colours[key])  # fmt: skip
        axes.append(ax)
    if not single:
        _share_heights(axes)
    return np.array(axes)


def _share_heights(axes) -> None:
    """Give all panels the same height of scale, and write it at the first."""
    top = max(ax.get_ylim()[1] for ax in axes)
    for number, ax in enumerate(axes):
        ax.set_ylim(0, top)
        if number:
            ax.set_yticklabels([])
