"""Charts of senses: what each document speaks of and how much, what it prescribes, what coders mark beside it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from crossread.charts import style
from crossread.charts.labels import SMALL, TEXT, text_width, widest
from crossread.charts.primitives import Discs, disc_radius, draw_heads, draw_row_label, heads_height, rule
from crossread.charts.shares import BLOCK, LEAD, Row, draw_shares, row_colour, rows_of
from crossread.charts.style import INK, MARGIN, PALE, WIDTH, Sheet, chart, tint
from crossread.wording import Labels

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COUNTS = ("counted", "marked", "both", "only_counted", "only_marked", "n_sentences")
PARTED = 3  # sentences that lexicon and coders must disagree on, and half of all, before a cell is set bold


@chart("the senses", "doc_id", "key", "sentences_with_hit", "n_sentences", "share")
def plot_senses(table: pd.DataFrame, documents: pd.DataFrame | None, labels: Labels, title: str) -> Axes:
    """Draw in what sense each document speaks of each theme: number and share of sentences, silence as a ring.

    Parameters
    ----------
    table : DataFrame
        From `theme_rates` of senses: doc_id (or group), key, sentences_with_hit, n_sentences, share.
    documents : DataFrame, optional
        `Corpus.documents`, for order and genres.
    labels : Labels, optional
        What people call documents, themes and senses.

    Examples
    --------
    >>> row = ("a", "cost.money", 3, 9, 1 / 3)
    >>> table = pd.DataFrame([row], columns=["doc_id", "key", "sentences_with_hit", "n_sentences", "share"])
    >>> [text.get_text() for text in plot_senses(table).texts][-3:]
    ['Cost: money', '3', '33 %']
    """
    cells = table.rename(columns={"sentences_with_hit": "number", "n_sentences": "total"})
    return draw_shares(
        cells, rows_of(table, labels), documents, labels, title=title,
        below=f"Sentences in each sense, their number and share of the text’s sentences. {LEAD}",
        note="In italics: the name alone." if any(row.name_only for row in rows_of(table, labels)) else "",
        doc_ids=style.present_documents(table, documents),
    )  # fmt: skip


@chart("the registers", "doc_id", "key", "sentences_with_hit", "n_sentences", "share")
def plot_registers(table: pd.DataFrame, documents: pd.DataFrame | None, labels: Labels, title: str) -> Axes:
    """Draw in how many of its sentences each document uses each word of prescription.

    Parameters
    ----------
    table : DataFrame
        doc_id, key, sentences_with_hit, n_sentences, share.
    """
    cells = table.rename(columns={"sentences_with_hit": "number", "n_sentences": "total"})
    rows = [_plain_row(row, style.MANY) for row in rows_of(table, labels)]
    return draw_shares(
        cells, rows, documents, labels, title=title, doc_ids=style.present_documents(table, documents),
        below=f"Sentences with each word, their number and share of the text’s sentences. {LEAD}",
    )  # fmt: skip


def _plain_row(row: Row, colour: str) -> Row:
    words = row.label[:1].lower() + row.label[1:]
    return replace(row, colour=colour, block="", label="“" + words.replace(", ", "”, “") + "”")


@chart("the marks", "doc_id", "key", *COUNTS, "share_counted", "share_marked")
def plot_marks(table: pd.DataFrame, documents: pd.DataFrame | None, labels: Labels, title: str) -> Axes:
    """Draw what the lexicon counts beside what coders marked, by sense and document, and where the two part.

    A disc is what is counted, a ring what is marked. At the right stand the sentences of all documents: only counted,
    both, only marked. With more than twelve documents those bars are all.

    Parameters
    ----------
    table : DataFrame
        From `compare_marks`: doc_id, key, counted, marked, both, only_counted, only_marked, n_sentences,
        share_counted, share_marked.
    """
    if table.empty:
        return style.nothing_drawn(title)
    rows, ids = rows_of(table, labels), style.present_documents(table, documents)
    shown = ids if len(ids) <= style.MOST_NAMED else []
    left, bars = min(widest([row.label for row in rows]) + 0.34, 2.6), 1.6
    column = min((WIDTH - left - bars - MARGIN) / max(len(shown), 1), 1.0)
    bars = WIDTH - left - column * len(shown) - MARGIN - 0.25
    names, totals = [labels.document(doc_id) for doc_id in shown], table.groupby("doc_id")["n_sentences"].max()
    facts = [[f"of {totals[doc_id]:,}"] for doc_id in shown]
    head = max(heads_height(names, column, 1) if shown else 0, 0.62)
    line = float(np.clip(10.5 / len(rows), 0.2, 0.295))
    blocks = {n for n, row in enumerate(rows) if row.block and (n == 0 or rows[n - 1].block != row.block)}
    sheet = Sheet(
        head + line * len(rows) + BLOCK * len(blocks) + 0.05, title=title,
        below="Sentences that the lexicon counts (disc, first number) and that coders marked (ring, second number)."
        if shown else "Sentences that the lexicon counts and that coders marked.",
        note="Where disc and ring are alike in area, lexicon and coders find as many sentences; the bars say whether "
        f"they are the same. Bold: the two part on {PARTED} sentences or more, and on more than half." if shown else "",
    )  # fmt: skip
    canvas, discs = sheet.canvas(), Discs()
    places = [left + column * n for n in range(len(shown))]
    draw_heads(canvas, head, places, column, names, facts)
    scale = _MarkBars(canvas, WIDTH - MARGIN - bars, bars, table, head)
    full = max(table[["share_counted", "share_marked"]].max().max(), 1e-9)
    radius = partial(disc_radius, full=full, largest=min(0.5 * line, 0.14, 0.25 * column))
    cells = table.set_index(["key", "doc_id"])
    y = head
    for number, row in enumerate(rows):
        if number in blocks:
            colour = row_colour(rows, number)
            rule(canvas, y + 0.03, color=colour, linewidth=1.6)
            canvas.text(MARGIN, y + 0.2, row.block, fontsize=TEXT + 1, weight="bold", va="center", color=colour)
            y += BLOCK
        y += line / 2
        inset = MARGIN + (0.1 if row.block else 0)
        draw_row_label(canvas, y, row.label, inset, left - inset - 0.06, style="italic" if row.name_only else "normal")
        for place, doc_id in zip(places, shown, strict=True):
            _draw_mark(canvas, discs, place, y, column, cells.loc[(row.key, doc_id)], row.colour, radius)
        scale.draw(y, line, row)
        y += line / 2
        if number + 1 not in blocks:
            rule(canvas, y)
    discs.draw(canvas)
    return canvas


def _draw_mark(canvas, discs, x, y, width, cell, colour, radius):
    if cell["counted"]:
        discs.add(x + 0.2, y, radius(cell["share_counted"]), tint(colour, 0.45))
    if cell["marked"]:
        discs.ring(x + 0.2, y, radius(cell["share_marked"]), INK, dotted=False, width=1.1)
    apart_on = cell["only_counted"] + cell["only_marked"]
    parted = apart_on >= PARTED and apart_on > cell["both"]
    look = {"va": "center", "fontsize": TEXT if width > 0.7 else SMALL, "weight": "bold" if parted else "normal"}
    middle = x + min(0.64, width - 0.24)
    for text, place, side in ((cell["counted"], middle - 0.03, "right"), (cell["marked"], middle + 0.06, "left")):
        canvas.text(place, y, f"{text:.0f}", ha=side, color=INK if text else PALE, **look)
    canvas.plot([middle + 0.015] * 2, [y - 0.07, y + 0.07], color=PALE, linewidth=0.6)


class _MarkBars:
    """Bars of all documents: only counted, both, only marked."""

    def __init__(self, canvas, left, width, table, head):
        self.canvas, self.left, self.width = canvas, left, width
        self.sums = table.groupby("key", observed=True)[["only_counted", "both", "only_marked"]].sum()
        self.most = max(self.sums.sum(axis=1).max(), 1)
        names = (("only counted", 0.45), ("both", 1.0), ("only marked", 0.0))
        canvas.text(left, head - 0.53, "All documents", fontsize=TEXT, weight="bold", va="center")
        for number, (name, part) in enumerate(names):
            y = head - 0.37 + 0.14 * number
            self._box(left, y, 0.14, 0.09, style.MANY, part)
            canvas.text(left + 0.2, y, name, fontsize=SMALL, va="center")

    def _box(self, x, y, width, height, colour, part):
        from matplotlib.patches import Rectangle

        face = tint(colour, part) if part else "white"
        self.canvas.add_patch(
            Rectangle((x, y - height / 2), width, height, fc=face, ec=INK if not part else "none", lw=0.7, zorder=3)
        )

    def draw(self, y, line, row):
        x, room = self.left, self.width - 0.05
        for name, part in (("only_counted", 0.45), ("both", 1.0), ("only_marked", 0.0)):
            count = int(self.sums.loc[row.key, name])
            width = room * count / self.most
            if not count:
                continue
            self._box(x, y, width, min(0.16, line - 0.06), row.colour, part)
            if text_width(str(count), SMALL) < width - 0.02:
                self.canvas.text(x + width / 2, y, count, fontsize=SMALL, ha="center", va="center",
                                 color="white" if part == 1 else INK, zorder=4)  # fmt: skip
            x += width
