"""Charts of nearness: similarity matrix, and map of words and documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from crossread.charts import style
from crossread.charts.labels import SMALL, TEXT, place_labels, shorten, widest
from crossread.charts.primitives import draw_heads, draw_row_label, draw_swarm, draw_swarm_scale, heads_height
from crossread.charts.style import GRID, INK, MARGIN, PALE, WIDTH, Sheet, chart, document_colours, tint
from crossread.measure.proximity import SIMILAR
from crossread.wording import Labels, per_cent

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    pass

MEASURES = {
    "cosine": "Cosine of counts (1: same shares of words)",
    "cosine_tfidf": "Cosine of tf-idf (1: same weighted words)",
    "jensen_shannon": "Jensen-Shannon distance (0: same shares)",
    "delta": "Burrows’s Delta (0: same habits)",
}
MOST_LABELS, MOST_TERMS = 44, 30  # documents and words on a map, those that contribute most
_DIAGONAL = {
    "segments": "On the diagonal: two random halves of one document.",
    "documents": "On the diagonal: two random halves of the documents of a group.",
}
ENDS = 12  # the nearest and the farthest pairs of very many documents


@chart("the similarity table", "doc_a", "doc_b", "measure", "value", "low", "high")
def plot_similarity(table: pd.DataFrame, documents: pd.DataFrame | None, labels: Labels, title: str) -> Axes:
    """Draw the similarity of each pair of documents as a matrix, with limits; of very many the nearest and farthest.

    On the diagonal stand two random halves of one document: what to expect where only the passage differs.

    Parameters
    ----------
    table : DataFrame
        From `similarity`, of documents or groups: doc_a, doc_b (or group_a, group_b), measure, value, low, high.

    Examples
    --------
    >>> from crossread import from_texts
    >>> from crossread.measure.proximity import similarity
    >>> canvas = plot_similarity(similarity(from_texts({"a": "Allies pay.", "b": "Allies talk."}), draws=50))
    >>> [text.get_text() for text in canvas.texts if text.get_text()][-4:]
    ['halves –', '0.50', '0.50 to 0.50', 'halves –']
    """
    whose = "documents" if "by" in table else "segments"
    if table.empty:
        return style.nothing_drawn(title)
    ids = list(dict.fromkeys([*table["doc_a"], *table["doc_b"]]))
    measure = str(table["measure"].iloc[0])
    if len(ids) > style.MOST_ROWS:
        return _draw_ends(table[table["doc_a"] != table["doc_b"]], measure, labels, title)
    return _draw_similarity(table, ids, measure, labels, title, whose)


def _nearness(table: pd.DataFrame, measure: str) -> pd.Series:
    """Return how near each pair is among all, 0 the farthest and 1 the nearest."""
    values = table["value"].where(table["doc_a"] != table["doc_b"])
    spread = values.max() - values.min()
    near = (values - values.min()) / spread if spread > 0 else values * 0 + 0.5
    return near if measure in SIMILAR else 1 - near


def _draw_similarity(table, ids, measure, labels, title, whose):
    from matplotlib.patches import Rectangle

    large = len(ids) <= style.MOST_NAMED
    names = [labels.document(one) for one in ids]
    left = min(widest(names, TEXT if large else SMALL) + 0.3, 2.2)
    column = min((WIDTH - left - MARGIN) / len(ids), 1.25)
    row = min(max(0.36 if column > 0.7 else 0.25, 0.0), 0.45) if large else max(column, 0.15)
    head = heads_height(names, column) if large else 0.05
    sheet = Sheet(
        head + row * len(ids) + 0.1, title=title,
        below=f"{MEASURES.get(measure, measure)}; the darker, the nearer."
        + (" Below each value its 95 per cent limits." if column > 0.7 else ""),
        note=_DIAGONAL[whose] if column > 0.7 else
        "" if large else "A name stands at the left of its row and over its column.",
    )  # fmt: skip
    canvas = sheet.canvas()
    if large:
        draw_heads(canvas, head, [left + column * n for n in range(len(ids))], column, names)
    for number, name in enumerate(names):
        y = head + row * (number + 0.5)
        if large:
            draw_row_label(canvas, y, name, MARGIN, left - MARGIN - 0.1)
        else:  # at the diagonal, where it serves row and column
            draw_row_label(
                canvas, y, name, left + column * number - 0.06, left - MARGIN - 0.1, fontsize=SMALL, ha="right"
            )
    for pair, near in zip(table.itertuples(), _nearness(table, measure), strict=True):
        x, y = left + column * ids.index(pair.doc_b), head + row * ids.index(pair.doc_a)
        halves = pair.doc_a == pair.doc_b
        face = "white" if halves or near != near else tint(style.MANY, 0.06 + 0.74 * near)
        gap = 0.02 if large else 0.005
        canvas.add_patch(
            Rectangle((x + gap, y + gap), column - 2 * gap, row - 2 * gap, fc=face, ec=GRID if halves else "none")
        )
        if large:
            _write_value(
                canvas, x + column / 2, y + row / 2, pair, column, "white" if near > 0.6 and not halves else INK
            )
    return canvas


def _write_value(canvas, x, y, pair, column, ink):
    value = "–" if pair.value != pair.value else f"{pair.value:.2f}"
    halves = pair.doc_a == pair.doc_b
    if column <= 0.7:
        canvas.text(x, y, value, fontsize=SMALL, ha="center", va="center", color=PALE if halves else ink)
        return
    limits = f"{pair.low:.2f} to {pair.high:.2f}" if pair.low == pair.low else ""
    canvas.text(x, y - 0.07 * bool(limits), f"halves {value}" if halves else value, fontsize=SMALL, ha="center",
                va="center", color=ink, style="italic" if halves else "normal",
                weight="normal" if halves else "bold")  # fmt: skip
    canvas.text(x, y + 0.08, limits, fontsize=SMALL, ha="center", va="center", color=PALE if halves else ink)


def _draw_ends(pairs, measure, labels, title):
    """Draw the distribution of all pairs, and name the nearest and the farthest."""
    ordered = pairs.assign(near=_nearness(pairs, measure)).sort_values("near", ascending=False, kind="stable")
    left = 2.2
    canvas = Sheet(
        1.5 + 0.19 * (2 * ENDS) + 0.4, title=title, below=f"{MEASURES.get(measure, measure)} of {len(pairs):,} pairs."
    ).canvas()  # fmt: skip
    full, wide = max(pairs["value"].max(), 1e-9), WIDTH - 2 * MARGIN - 0.2
    sample = ordered["value"].iloc[:: max(len(ordered) // 1500, 1)]
    draw_swarm(canvas, sample, full, MARGIN + 0.1, wide, 1.1, 1.0, style.MANY)
    draw_swarm_scale(canvas, full, MARGIN + 0.1, wide, 1.1, lambda value: f"{value:.2g}")
    y = 1.5
    for head, rows in (("Nearest", ordered.head(ENDS)), ("Farthest", ordered.tail(ENDS)[::-1])):
        canvas.text(MARGIN, y, head, weight="bold", va="center")
        for row in rows.itertuples():
            name = f"{labels.document(row.doc_a)}  –  {labels.document(row.doc_b)}"
            canvas.text(left - 1.0, y, f"{row.value:.2f}", fontsize=SMALL, va="center", ha="right")
            canvas.text(left - 0.9, y, shorten(name, WIDTH - left + 0.7, SMALL), fontsize=SMALL, va="center")
            y += 0.19
        y += 0.12
    return canvas


@chart(
    "the correspondence table",
    "kind",
    "name",
    "x",
    "y",
    "contribution_x",
    "contribution_y",
    "share_x",
    "share_y",
    "region_width",
)
def plot_map(table: pd.DataFrame, documents: pd.DataFrame | None, labels: Labels, title: str) -> Axes:
    """Draw the map of a correspondence analysis: documents with regions, and the words that make the axes.

    Parameters
    ----------
    table : DataFrame
        From `correspondence`.

    Examples
    --------
    >>> from crossread import from_texts
    >>> from crossread.measure.proximity import correspondence
    >>> corpus = from_texts({"a": "Ships sail.", "b": "Ships pay.", "c": "Allies pay."})
    >>> ax = plot_map(correspondence(corpus, minimum_count=1, draws=10))
    >>> ax.get_xlabel().startswith("axis 1: 75 %")
    True
    """
    if not (table["kind"] == "document").any():
        return style.nothing_drawn(title)
    sheet = Sheet(
        6.85, title=title,
        below="Documents that use the same words stand near each other, words near the documents that use them more "
        "than the others.",
        note="Shaded: where a document would lie in 95 of 100 resamples.",
    )  # fmt: skip
    ax = sheet.axes(0.75, 0.05, WIDTH - 0.95, 6.35)
    points, words = table[table["kind"] == "document"], table[table["kind"] == "term"]
    weight = words["contribution_x"] * words["share_x"] + words["contribution_y"] * words["share_y"]
    words = words.loc[weight.sort_values(ascending=False, kind="stable").index[:MOST_TERMS]]
    ids = list(points["name"].astype(str))
    colours = document_colours(ids if documents is None else documents)
    factor = _common_scale(points, words)
    many = len(ids) > style.MOST_NAMED
    _draw_regions(ax, points, colours, 0.06 if many else 0.22)
    ax.scatter(
        points["x"], points["y"], s=26 if many else 70, color=[colours[one] for one in ids], edgecolor="white", zorder=4
    )
    ax.scatter(words["x"] * factor, words["y"] * factor, s=5, color=PALE, zorder=3)
    ax.axhline(0, color=GRID, linewidth=0.8, zorder=0)
    ax.axvline(0, color=GRID, linewidth=0.8, zorder=0)
    ax.set_aspect("equal", adjustable="datalim")
    ax.margins(0.12)
    ax.autoscale_view()
    ax.set_xlabel(f"axis 1: {per_cent(table['share_x'].iloc[0])} of the differences")
    ax.set_ylabel(f"axis 2: {per_cent(table['share_y'].iloc[0])} of the differences")
    x = [*points["x"], *(words["x"] * factor)]
    y = [*points["y"], *(words["y"] * factor)]
    named = [
        *(shorten(labels.document(one), 1.6, SMALL) for one in ids),
        *words["name"],
    ]
    heavy = len(points)
    far = (
        np.argsort(-np.hypot(points["x"], points["y"]), kind="stable")[:MOST_LABELS] if many else np.arange(len(points))
    )
    order = [*far, *range(len(points), len(x))]
    place_labels(
        ax, [x[n] for n in order], [y[n] for n in order], [named[n] for n in order], bold=0 if many else heavy,
        colours=[INK if n < heavy else PALE for n in order],
        radii=[(3 if many else 5) if n < heavy else 1.5 for n in order],
    )  # fmt: skip
    return ax


def _common_scale(points, words) -> float:
    """Return the factor that brings words, whose coordinates have another scale, among the documents."""
    reach = max(np.abs(points[["x", "y"]].to_numpy()).max(), 1e-9)
    spread = max(np.abs(words[["x", "y"]].to_numpy()).max(initial=0), 1e-9)
    return 1.1 * reach / spread


def _draw_regions(ax, points, colours, strength):
    from matplotlib.patches import Ellipse

    for row in points.itertuples():
        if row.region_width == row.region_width:
            ax.add_patch(
                Ellipse((row.x, row.y), row.region_width, row.region_height, angle=row.region_angle,
                        fc=colours[row.name], ec=colours[row.name], alpha=strength, zorder=1)
            )  # fmt: skip
