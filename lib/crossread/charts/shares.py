"""Shares of sentences by row and document: one picture, in the form that the number of documents allows.

Up to twelve documents stand as columns, with numbers; up to sixty as rows, small; of more the distribution is drawn,
with the highest by name.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from crossread.charts.labels import SMALL, TEXT, shorten, text_width, widest, wrap
from crossread.charts.primitives import (
    FEW,
    Discs,
    disc_radius,
    draw_cell,
    draw_heads,
    draw_row_label,
    draw_swarm,
    draw_swarm_scale,
    facts_of,
    head_form,
    heads_height,
    largest_disc,
    leaders,
    rule,
)
from crossread.charts.style import (
    INK,
    MARGIN,
    MOST_NAMED,
    MOST_ROWS,
    NAMED,
    PALE,
    WIDTH,
    Sheet,
    nothing_drawn,
    theme_colours,
    theme_of,
    tint,
)
from crossread.wording import Labels, capital, join_names, per_cent

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ROW, BLOCK = 0.295, 0.33  # inches: a row, the heading of a block
RING = (
    "Dotted ring: silent, as large as one sentence would have made the disc; a large ring is a silence of few "
    "sentences."
)
LEAD = f"Strong colour: the largest share of its row, {FEW} sentences or more."


@dataclass(frozen=True)
class Row:
    """A row of the picture."""

    key: str
    label: str
    colour: str
    block: str = ""  # the heading under which it stands; none without one
    name_only: bool = False  # whether it counts a name alone: in italics, and "never" where it is silent


def rows_of(table: pd.DataFrame, labels: Labels) -> list[Row]:
    """Return the rows of a table of senses: in blocks of their themes, a name alone at the head of its theme's.

    Examples
    --------
    >>> table = pd.DataFrame({"key": ["rise_named", "cost.money", "rise.power"]})
    >>> [(row.block, row.key) for row in rows_of(table, Labels())]
    [('Rise', 'rise_named'), ('Rise', 'rise.power'), ('Cost', 'cost.money')]
    """
    keys = list(dict.fromkeys(str(key) for key in table["key"]))
    written = dict(zip(table["key"].astype(str), table["label"], strict=True)) if "label" in table else {}
    colours = theme_colours(keys, labels)
    themes = list(dict.fromkeys(_home(key, keys) for key in keys))
    several = {theme for theme in themes if any(key.startswith(f"{theme}.") for key in keys)}
    heads = {theme: labels.theme(theme) if theme in several else "" for theme in themes}
    heads = {theme: head[:1].upper() + head[1:] for theme, head in heads.items()}
    return [
        Row(key, capital(written.get(key) or labels.theme(key)), colours[key], heads[theme], key.endswith(NAMED))
        for theme in themes
        for key in sorted((key for key in keys if _home(key, keys) == theme), key=lambda key: not key.endswith(NAMED))
    ]


def _home(key: str, keys: Sequence[str]) -> str:
    theme = theme_of(key)
    if not theme.endswith(NAMED):
        return theme
    stem = theme.removesuffix(NAMED)
    return next((theme_of(other) for other in keys if theme_of(other).startswith(stem) and "." in other), theme)


def draw_shares(
    table: pd.DataFrame,
    rows: Sequence[Row],
    documents: pd.DataFrame | None,
    labels: Labels,
    *,
    title: str = "",
    below: str = "",
    note: str = "",
    doc_ids: Sequence[str] | None = None,
    room: float = 0.0,
    decorate: Callable | None = None,
) -> Axes:
    """Draw the share of each row in each document, and return the canvas.

    Parameters
    ----------
    table : DataFrame
        doc_id, key, number (sentences), total (sentences of the document), share (0 to 1).
    rows : sequence of Row
    documents : DataFrame or None
        For genres.
    labels : Labels
    title, below, note : str
        As in `style.Sheet`.
    doc_ids : sequence of str, optional
        The documents in their order; those of the table by default.
    room : float
        Inches kept free left of the names of rows.
    decorate : callable, optional
        Called with the canvas and the middle of each row, in inches, for what stands beside the rows.

    Returns
    -------
    Axes
        Its unit is the inch.
    """
    doc_ids = list(dict.fromkeys(table["doc_id"])) if doc_ids is None else list(doc_ids)
    table = table[table["key"].isin([row.key for row in rows])].reset_index(drop=True)
    form = _columns if len(doc_ids) <= MOST_NAMED else _grid if len(doc_ids) <= MOST_ROWS else _swarms
    if form is not _columns:  # what nobody speaks of is said once
        spoken_of = set(table.loc[table["number"] > 0, "key"])
        nowhere = [row.label for row in rows if row.key not in spoken_of]
        rows = [row for row in rows if row.key in spoken_of]
        note = _note(note, f"In no document: {join_names(nowhere, most=5)}." if nowhere else "")
    given = {"title": title, "below": below, "note": note}
    if not rows or not doc_ids:
        return nothing_drawn(title, note if doc_ids else "")
    return form(table, list(rows), doc_ids, documents, labels, given, room, decorate)


def _totals(table: pd.DataFrame, documents: pd.DataFrame | None) -> dict:
    """Return the sentences of each document, of those too of which the table has no row."""
    known = {} if documents is None or "n_sentences" not in documents else documents["n_sentences"].to_dict()
    return {**known, **table.groupby("doc_id", observed=True)["total"].max().to_dict()}


def _cells(table: pd.DataFrame) -> dict:
    return {(row.key, row.doc_id): row for row in table.assign(place=table.index).itertuples()}


def _full(table: pd.DataFrame) -> float:
    one = (1 / table["total"].where(table["total"] > 0)).where(table["number"] == 0)
    return max(np.nanmax([*table["share"], *one, 0.0]), 1e-9)


def _blocks(rows: Sequence[Row]) -> dict[int, str]:
    """Return the place of each row before which a heading stands."""
    return {n: row.block for n, row in enumerate(rows) if row.block and (n == 0 or rows[n - 1].block != row.block)}


def _widest_number(table: pd.DataFrame) -> float:
    return widest([f"{number:,.0f}" for number in table["number"].unique()], TEXT, "bold")


def _note(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _columns(table, rows, doc_ids, documents, labels, given, room, decorate):
    """Documents as columns, each cell with its number."""
    most = float(np.clip(WIDTH - MARGIN - 0.99 * len(doc_ids), 2.7, 3.6))
    left = room + min(widest([row.label for row in rows]) + 0.34, most)
    column = min((WIDTH - left - MARGIN) / max(len(doc_ids), 1), 1.45)
    names = [labels.document(doc_id) for doc_id in doc_ids]
    totals = _totals(table, documents)
    facts = facts_of(doc_ids, documents, totals)
    narrow = column < 0.75 or widest([fact for own in facts for fact in own[-2:]], SMALL) > column - 0.06
    facts = [[f"{totals.get(doc_id, 0):,.0f}"] for doc_id in doc_ids] if narrow else facts
    head = heads_height(names, column, len(facts[0]) if facts else 0)
    blocks, lines = _blocks(rows), _line_height(rows)
    height = head + lines * len(rows) + BLOCK * len(blocks) + 0.05
    full, cells, first = _full(table), _cells(table), leaders(table, "key")
    given["note"] = _note(
        "Area of a disc: the share.",
        RING if (table["number"] == 0).any() else "",
        "Under a name: sentences." if narrow else "",
        given["note"],
    )
    sheet = Sheet(height, **given)
    canvas = sheet.canvas()
    places = [left + column * n for n in range(len(doc_ids))]
    draw_heads(canvas, head, places, column, names, facts)
    largest = min(0.5 * lines, 0.17, 0.4 * column)
    digits = _widest_number(table)
    beside = largest_disc(digits, column, largest)
    radius = partial(disc_radius, full=full, largest=beside or largest)
    y, middles, discs = head, {}, Discs()
    for number, row in enumerate(rows):
        if number in blocks:
            rule(canvas, y + 0.03, color=row_colour(rows, number), linewidth=1.6)
            canvas.text(room + MARGIN, y + 0.2, blocks[number], fontsize=TEXT + 1, weight="bold", va="center",
                        color=row_colour(rows, number))  # fmt: skip
            y += BLOCK
        y += lines / 2
        middles[row.key] = y
        inset = room + (MARGIN + 0.1 if row.block else MARGIN)
        draw_row_label(canvas, y, row.label, inset, left - inset - 0.06, style="italic" if row.name_only else "normal")
        for place, doc_id in zip(places, doc_ids, strict=True):
            cell = cells.get((row.key, doc_id))
            if cell is None:
                continue
            draw_cell(
                canvas, discs, place, y, column, cell.number, cell.share, radius, row.colour, cell.place in first,
                one=1 / cell.total if cell.total else 0, word="never" if row.name_only else "0",
                write=beside > 0, digits=digits,
            )  # fmt: skip
        y += lines / 2
        if number + 1 not in blocks:
            rule(canvas, y, room + MARGIN)
    discs.draw(canvas)
    if decorate:
        decorate(canvas, middles)
    return canvas


def row_colour(rows: Sequence[Row], number: int) -> str:
    """Return the colour of the block that begins with a row: that of its first row that counts more than a name."""
    block = rows[number].block
    return next((row.colour for row in rows[number:] if row.block == block and not row.name_only), rows[number].colour)


def _line_height(rows) -> float:
    return 0.34 if len(rows) <= 6 else float(np.clip(10.5 / len(rows), 0.16, ROW))


def _grid(table, rows, doc_ids, documents, labels, given, room, decorate):
    """Documents as rows in small type, the rows of the large form as columns."""
    names = [labels.document(doc_id) for doc_id in doc_ids]
    left = min(widest(names, SMALL) + 0.3, 2.2)
    totals = _totals(table, documents)
    column = min((WIDTH - left - MARGIN - 0.45) / max(len(rows), 1), 1.0)
    lines = float(np.clip(10.0 / len(doc_ids), 0.155, 0.24))
    blocks = _blocks(rows)
    heads = [row.label for row in rows]
    level = head_form(heads, column) is not None and not any(row.name_only for row in rows)
    head = heads_height(heads, column) if level else min(widest(heads, SMALL), 1.9) + 0.1
    head = max(head + (0.5 if blocks else 0), text_width("sentences", SMALL) + 0.1)
    full, cells, first = max(table["share"].max(), 1e-9), _cells(table), leaders(table, "key")
    biggest = f"Area of a disc: the share; the largest is {per_cent(full)} of a text. Blank: silent."
    given["note"] = _note(biggest, given["note"])
    given["below"] = given["below"].replace("its row", "its column")
    canvas = Sheet(head + lines * len(doc_ids) + 0.08, **given).canvas()
    places = [left + 0.45 + column * n for n in range(len(rows))]
    if level:
        draw_heads(canvas, head, places, column, heads)
    for place, row in zip(places, [] if level else rows, strict=False):
        canvas.text(place + column / 2, head - 0.06, shorten(row.label, 1.9, SMALL), fontsize=SMALL, rotation=90,
                    ha="center", va="bottom", style="italic" if row.name_only else "normal")  # fmt: skip
    _name_blocks(canvas, rows, blocks, places, column)
    canvas.text(left + 0.36, head - 0.06, "sentences", fontsize=SMALL, color=PALE, ha="right", va="bottom", rotation=90)
    largest, digits = min(0.5 * lines, 0.46 * column), _widest_number(table)
    beside = largest_disc(digits, column, largest) if lines >= 0.2 else 0.0
    radius, discs = partial(disc_radius, full=full, largest=beside or largest), Discs()
    for number, doc_id in enumerate(doc_ids):
        y = head + lines * (number + 0.5)
        if number % 5 == 0:
            rule(canvas, y - lines / 2)
        draw_row_label(canvas, y, names[number], MARGIN, left - MARGIN, fontsize=SMALL)
        canvas.text(left + 0.4, y, f"{totals.get(doc_id, 0):,.0f}", fontsize=SMALL, color=PALE, ha="right", va="center")
        for place, row in zip(places, rows, strict=True):
            cell = cells.get((row.key, doc_id))
            if cell is not None and cell.number:
                draw_cell(canvas, discs, place, y, column, cell.number, cell.share, radius, row.colour,
                          cell.place in first, write=beside > 0, digits=digits)  # fmt: skip
    discs.draw(canvas)
    return canvas


def _name_blocks(canvas, rows, blocks, places, column):
    """Write the names of blocks over their columns, each as far right as the next one lets it."""
    edge = WIDTH - MARGIN
    for number in sorted(blocks, reverse=True):
        width = column * sum(row.block == blocks[number] for row in rows)
        colour = row_colour(rows, number)
        room = max(width - 0.08, widest(blocks[number].split(), SMALL, "bold") + 0.02)
        lines = wrap(blocks[number], room, SMALL, "bold")
        x = min(places[number] + 0.03, edge - widest(lines, SMALL, "bold"))
        edge = x - 0.1
        canvas.plot([places[number] + 0.03, places[number] + width - 0.03], [0.42, 0.42], color=colour, linewidth=1.6)
        canvas.text(
            x, 0.37, "\n".join(lines), fontsize=SMALL, weight="bold", color=colour, va="bottom", linespacing=1.0
        )


def _swarms(table, rows, doc_ids, documents, labels, given, room, decorate):
    """Each row as the distribution of its documents, the highest by name."""
    left = min(widest([row.label for row in rows]) + 0.34, 2.6)
    blocks, lines = _blocks(rows), float(np.clip(11.0 / max(len(rows), 1), 0.26, 0.42))
    full, named = max(table["share"].max(), 1e-9), 2.1
    start = left + 0.9
    wide = WIDTH - start - named - MARGIN - 0.1
    given["below"] = given["below"].replace(LEAD, "").strip()
    given["note"] = _note("Each dot is a document, on a square-root scale.", given["note"])
    canvas = Sheet(0.3 + lines * len(rows) + BLOCK * len(blocks) + 0.28, **given).canvas()
    canvas.text(start - 0.14, 0.14, "silent", fontsize=SMALL, color=PALE, ha="right", va="center")
    canvas.text(start + wide + 0.12, 0.14, "highest", fontsize=SMALL, color=PALE, va="center")
    y = 0.3
    for number, row in enumerate(rows):
        if number in blocks:
            colour = row_colour(rows, number)
            rule(canvas, y + 0.03, color=colour, linewidth=1.6)
            canvas.text(MARGIN, y + 0.2, blocks[number], fontsize=TEXT + 1, weight="bold", va="center", color=colour)
            y += BLOCK
        cells = table[table["key"] == row.key]
        speaking = cells[cells["number"] > 0]
        base = y + lines - 0.05
        draw_row_label(canvas, y + lines / 2, row.label, MARGIN + (0.1 if row.block else 0), left - MARGIN - 0.16,
                       style="italic" if row.name_only else "normal")  # fmt: skip
        silent = f"{len(cells) - len(speaking)} of {len(cells)}"
        canvas.text(start - 0.14, y + lines / 2, silent, ha="right", va="center", fontsize=SMALL, color=PALE)
        canvas.plot([start, start + wide], [base, base], color=tint(PALE, 0.35), linewidth=0.6, zorder=1)
        draw_swarm(canvas, speaking["share"], full, start, wide, base, lines - 0.1, row.colour)
        if len(speaking):
            enough = speaking[speaking["number"] >= FEW]
            best = (enough if len(enough) else speaking).sort_values(["share", "number"], kind="stable").iloc[-1]
            count = f"  {best['number']:,.0f} of {best['total']:,.0f}"
            name = shorten(labels.document(best["doc_id"]), named - 0.05 - text_width(count, SMALL), SMALL)
            canvas.text(start + wide + 0.12, y + lines / 2, f"{name}{count}", fontsize=SMALL, va="center", color=INK)
        y += lines
    draw_swarm_scale(canvas, full, start, wide, y + 0.04)
    return canvas
