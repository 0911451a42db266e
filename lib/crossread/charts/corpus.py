"""The chart of the documents: how long each is, and what of its source is body, headings and notes, or was cut."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from crossread.charts import style
from crossread.charts.labels import SMALL, TEXT, widest
from crossread.charts.primitives import draw_row_label, draw_swarm, draw_swarm_scale
from crossread.charts.style import INK, MARGIN, PALE, WIDTH, Sheet, chart, document_colours, tint
from crossread.wording import Labels, per_cent

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PARTS = ("body", "headings and notes", "cut")
KEYED = 5  # colours in the key
FEW = 20  # the longest and the shortest of very many


@chart("the grouped account", "doc_id", "held_as", "n_tokens", "share")
def plot_documents(table: pd.DataFrame, documents: pd.DataFrame | None, labels: Labels, title: str) -> Axes:
    """Draw how many tokens of each source are body, headings and notes, or were cut.

    With more than twelve documents the longest stand first; with more than sixty only the longest and the shortest.

    Parameters
    ----------
    table : DataFrame
        From `group_account`: doc_id, held_as (body, headings and notes, cut), n_tokens, share (0 to 1).

    Examples
    --------
    >>> table = pd.DataFrame({"doc_id": "a", "held_as": ["body", "cut"], "n_tokens": [300, 100], "share": [0.75, 0.25]})
    >>> [text.get_text() for text in plot_documents(table).texts]
    ['body', 'cut', 'a', '300', '25 % cut']
    """
    ids = style.present_documents(table, documents)
    colours = document_colours(ids if documents is None else documents)
    tokens = table.pivot_table(index="doc_id", columns="held_as", values="n_tokens", aggfunc="sum", fill_value=0)
    tokens = tokens.reindex(index=ids, columns=list(PARTS), fill_value=0)
    large, note = len(ids) <= style.MOST_NAMED, ""
    if not large:
        tokens = tokens.sort_values("body", ascending=False, kind="stable")
    if len(ids) > style.MOST_ROWS:
        half, everybody = FEW, tokens["body"]
        note = f"The {half} longest and the {half} shortest of {len(ids)}; above them a dot for each, on a square-root "
        note += "scale."
        tokens = pd.concat([tokens.head(half), tokens.tail(half)])
    names = [labels.document(one) for one in tokens.index]
    step = 0.46 if large else float(np.clip(10.5 / len(tokens), 0.165, 0.24))
    size = TEXT if large else SMALL
    left, right = min(widest(names, size, "bold" if large else "normal") + 0.3, 2.3), 1.5
    gap, strip = (0.16, 1.1) if note else (0.0, 0.0)
    sheet = Sheet(
        0.32 + strip + step * len(tokens) + gap, title=title, note=note,
        below="Tokens of each source. Beside the bars: tokens and sentences of the body, which is what is counted; and "
        "what was cut.",
    )  # fmt: skip
    canvas = sheet.canvas()
    unit = (WIDTH - left - right - MARGIN) / max(tokens.sum(axis=1).max(), 1)
    _name_parts(canvas, left, tokens, colours)
    if strip:
        wide, full = WIDTH - left - right - MARGIN, max(everybody.max(), 1)
        draw_swarm(canvas, everybody, full, left, wide, 1.1, 0.68, style.MANY)
        canvas.plot([left, left + wide], [1.1, 1.1], color=PALE, linewidth=0.6)
        draw_swarm_scale(canvas, full, left, wide, 1.1, lambda value: f"{value:,.0f}")
    y = 0.32 + strip
    for number, (doc_id, parts) in enumerate(tokens.iterrows()):
        if gap and number == len(tokens) // 2:
            y += gap
        _draw_document(canvas, y + step / 2, step, parts, colours[doc_id], left, unit, large)
        _name_document(canvas, y + step / 2, names[number], doc_id, documents, left, large)
        _write_counts(canvas, y + step / 2, parts, doc_id, documents, left + unit * parts.sum() + 0.08, large)
        y += step
    return canvas


def _looks(colour) -> dict[str, dict]:
    return {
        "body": {"color": colour},
        "headings and notes": {"color": tint(colour, 0.5)},
        "cut": {"facecolor": "white", "edgecolor": PALE, "hatch": "/////", "linewidth": 0.6},
    }


def _draw_document(canvas, y, step, parts, colour, left, unit, large):
    x = left
    for part, look in _looks(colour).items():
        if parts[part]:
            canvas.barh(y, unit * parts[part], left=x, height=step * (0.52 if large else 0.72), **look)
        x += unit * parts[part]


def _name_document(canvas, y, name, doc_id, documents, left, large):
    genre = documents["genre"].get(doc_id) if large and documents is not None and "genre" in documents else None
    told = isinstance(genre, str) and bool(genre)
    draw_row_label(canvas, y - 0.08 * told, name, MARGIN, left - MARGIN - 0.1, fontsize=TEXT if large else SMALL,
                   weight="bold" if large else "normal")  # fmt: skip
    if told:
        draw_row_label(canvas, y + 0.08, genre, MARGIN, left - MARGIN - 0.1, fontsize=SMALL, color=PALE)


def _write_counts(canvas, y, parts, doc_id, documents, x, large):
    sentences = documents["n_sentences"].get(doc_id) if documents is not None and "n_sentences" in documents else None
    cut = parts["cut"] / max(parts.sum(), 1)
    counted = f"{parts['body']:,.0f}" + (f" in {sentences:,.0f} sentences" if large and sentences is not None else "")
    lost = f"{per_cent(cut)} cut" if parts["cut"] else "nothing cut"
    if large:
        canvas.text(x, y - 0.08, counted, fontsize=SMALL, va="center", weight="bold")
        canvas.text(x, y + 0.08, lost, fontsize=SMALL, va="center", color=PALE)
    else:
        canvas.text(x, y, f"{counted}, {lost}" if parts["cut"] else counted, fontsize=SMALL, va="center", color=PALE)


def _name_parts(canvas, left, tokens, colours):
    """Say over the bars what the parts are: a key in stripes of the documents' own colours, full and pale."""
    from matplotlib.patches import Rectangle

    x = left
    shown = list(dict.fromkeys(colours[doc_id] for doc_id in tokens.index))[:KEYED]
    for part in PARTS:
        if not tokens[part].sum():
            continue
        stripes = shown if part != "cut" else shown[:1]
        for number, colour in enumerate(stripes):
            wide = 0.22 / len(stripes)
            canvas.add_patch(Rectangle((x + number * wide, 0.08), wide, 0.11, **_looks(colour)[part]))
        canvas.text(x + 0.28, 0.135, part, fontsize=SMALL, va="center", color=INK)
        x += 0.45 + widest([part], SMALL)
