"""Charts of topics: how stable they are, which words they have, where along each document, what is left of them."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from crossread.charts import style
from crossread.charts.intervals import Intervals, interval_panels
from crossread.charts.labels import SMALL, TEXT, apart, shorten, stack_headings, text_width, widest, wrap
from crossread.charts.primitives import draw_heads, draw_row_label, heads_height
from crossread.charts.style import (
    BAND,
    GRID,
    INK,
    MARGIN,
    PALE,
    WIDTH,
    Sheet,
    chart,
    document_colours,
    theme_colours,
    tint,
)
from crossread.charts.years import draw_trend, years_of
from crossread.topics.stability import LOST, SUPPORTED
from crossread.wording import Labels, number_of, per_cent

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    pass

SHADE, GREYED = "#253793", "#b5b5b5"
LINE = 0.155  # inches of a line of small type
LEVEL = 0.14  # inches of a line of headings
TALLEST = 12.6  # inches of a figure's body
MOST_TOPICS = 6  # panels beside each other
MOST_CHANGES = 40  # rows of changes


@chart("the stability of the topics", "k", "agreement", "null", "null_95", "verdict")
def plot_topic_stability(table: pd.DataFrame, title: str) -> Axes:
    """Draw the stability of the topics for each number of them beside that of shuffled text.

    Parameters
    ----------
    table : DataFrame
        From `topic_stability`: k, agreement, null, null_95, verdict.

    Examples
    --------
    >>> path = pd.DataFrame({"k": [2, 3], "agreement": [0.8, 0.7], "null": 0.4, "null_95": 0.6, "verdict": "supported"})
    >>> [line.get_ydata().tolist() for line in plot_topic_stability(path).lines][0]
    [0.8, 0.7]
    """
    filled = (
        "Filled: supported." if (table["verdict"] == SUPPORTED).any() else "A filled point would be supported; none is."
    )
    sheet = Sheet(
        3.35, title=title,
        below="How far the ten top terms of the topics agree with those of samples of the passages (Jaccard, 0 to 1).",
        note=filled,
    )  # fmt: skip
    ax = sheet.axes(0.62, 0.05, WIDTH - 2.37, 2.85)
    k = table["k"].to_numpy()
    ax.set(xlabel="number of topics", ylim=(0, 1), xticks=k, xlim=(k.min() - 0.3, k.max() + 0.3))
    ax.grid(axis="y")
    if table["agreement"].isna().all():
        ax.text(0.5, 0.5, "too few passages", transform=ax.transAxes, ha="center", color=PALE)
        return ax
    ax.fill_between(k, table["null"], table["null_95"], color=BAND, linewidth=0, zorder=1)
    lines = (
        ("agreement", "these texts", SHADE, "-", 2.0),
        ("null_95", "needed to be supported", INK, "--", 1.0),
        ("null", "words shuffled within\neach document, mean", PALE, ":", 1.6),
    )
    ends = apart([table[name].iloc[-1] for name, *_ in lines], 0.1)
    for (name, label, colour, pattern, width), end in zip(lines, ends, strict=True):
        ax.plot(k, table[name], pattern, color=colour, linewidth=width, zorder=2)
        ax.annotate(
            label, (k[-1], end), xytext=(9, 0), textcoords="offset points", va="center", color=colour, fontsize=SMALL,
            annotation_clip=False,
        )  # fmt: skip
    above = (table["verdict"] == SUPPORTED).to_numpy()
    for chosen, inside in ((above, SHADE), (~above, "white")):
        ax.plot(k[chosen], table["agreement"][chosen], "o", color=SHADE, markerfacecolor=inside, zorder=3)
    return ax


# --- topics in words ------------------------------------------------------------------------------------------------


@chart(
    "the topics",
    "topic",
    "name",
    "terms",
    "steady",
    "doc_id",
    "document_holds",
    "document_tokens",
    "fingerprint",
    "sentences",
)
def plot_topics(table: pd.DataFrame, documents: pd.DataFrame | None, labels: Labels, title: str) -> Axes:
    """Draw each topic in words: those that stay, those that come and go, the document that holds most, where to read.

    Parameters
    ----------
    table : DataFrame
        From `topic_summary`: topic, name, terms, steady, doc_id, document_holds, document_tokens, fingerprint,
        sentences. A fingerprint of one document is grey.
    """
    colours = {} if documents is None else document_colours(documents)
    topics = [(row, _words_of(row), _passages(row.sentences, labels)) for row in table.itertuples()]
    heights = [0.24 + LINE * (len(words) + len(read)) + 0.42 for _, words, read in topics]
    shown = max(int((np.cumsum(heights) <= TALLEST).sum()), 1)
    note = "The bar: how much of the topic stands in the document that holds most of it; the line: how much of all "
    note += "text it is. Grey: a fingerprint of one document." + (
        f" {len(topics) - shown} more topics stand in the table." if shown < len(topics) else ""
    )
    canvas = Sheet(
        sum(heights[:shown]) + 0.05, title=title, note=note,
        below="Top terms of each topic: those that stay in half of the samples or more, in black; those that come "
        "and go, pale.",
    ).canvas()  # fmt: skip
    y = 0.0
    for (row, words, read), height in zip(topics[:shown], heights, strict=False):
        _draw_topic(canvas, y, row, words, read, labels, colours.get(row.doc_id, style.MANY))
        y += height
    return canvas


def _words_of(row) -> list[tuple[str, str]]:
    """Return the lines of words of a topic, each with its ink."""
    steady = row.steady.split(", ") if row.steady else []
    passing = [word for word in row.terms.split(", ") if word not in steady]
    parts = [(", ".join(steady) or "no word stays", INK)]
    parts += [(f"come and go: {', '.join(passing)}", PALE)] if passing else []
    return [(line, ink) for text, ink in parts for line in wrap(text, WIDTH - 2 * MARGIN - 0.1, SMALL)]


def _draw_topic(canvas, y, row, words, read, labels, colour):
    ink = PALE if row.fingerprint else SHADE
    canvas.text(MARGIN, y + 0.12, shorten(f"{row.topic}  {row.name}", WIDTH - 2 * MARGIN, TEXT, "bold"), va="center",
                weight="bold", color=ink)  # fmt: skip
    y += 0.24
    for line, shade in words:
        canvas.text(MARGIN, y + LINE / 2, line, fontsize=SMALL, va="center", color=shade)
        y += LINE
    bar, middle = 3.2, y + 0.13
    canvas.barh(middle, bar, left=MARGIN, height=0.11, color=BAND)
    canvas.barh(middle, bar * row.document_holds, left=MARGIN, height=0.11, color=GREYED if row.fingerprint else colour)
    canvas.plot([MARGIN + bar * row.document_tokens] * 2, [middle - 0.09, middle + 0.09], color=INK, linewidth=1.4)
    told = f" holds {per_cent(row.document_holds)} and is {per_cent(row.document_tokens)} of all text"
    name = shorten(labels.document(row.doc_id), WIDTH - 2 * MARGIN - bar - 0.2 - text_width(told, SMALL), SMALL)
    canvas.text(MARGIN + bar + 0.12, middle, name + told, fontsize=SMALL, va="center")
    y += 0.26
    for line in read:
        canvas.text(MARGIN, y + LINE / 2, line, fontsize=SMALL, va="center", color=PALE)
        y += LINE


def _passages(ids: str, labels: Labels) -> list[str]:
    """Write sentence ids as runs by document, the first and the last of each, in lines."""
    by_document: dict[str, list[str]] = {}
    for name, run in groupby(ids.split(), lambda one: one.rpartition("-")[0]):
        numbers = [int(one.rpartition("-")[2]) for one in run]
        for part in np.split(numbers, np.flatnonzero(np.diff(numbers) != 1) + 1):
            runs = by_document.setdefault(labels.document(name), [])
            runs.append(f"{part[0]}" + (f" to {part[-1]}" if len(part) > 1 else ""))
    told = "; ".join(f"{name} {', '.join(runs)}" for name, runs in by_document.items())
    return wrap(f"Read sentences: {told}", WIDTH - 2 * MARGIN - 0.1, SMALL) if told else []


# --- in groups ------------------------------------------------------------------------------------------------------


@chart("the topics of groups", "group", "topic", "name", "share", "share_low", "share_high", "n_documents")
def plot_group_topics(table: pd.DataFrame, title: str) -> Axes | np.ndarray:
    """Draw the share of each topic in each group with its limits, one panel a topic; over years along their axis.

    Parameters
    ----------
    table : DataFrame
        From `Study.topics` with groups: group, topic, name, share, share_low, share_high, n_documents.

    Examples
    --------
    >>> rows = {"group": ["red", "blue"], "topic": 1, "name": "allies, costs", "share": [0.2, 0.1], "share_low": 0.0}
    >>> panels = plot_group_topics(pd.DataFrame({**rows, "share_high": 0.4, "n_documents": 2}))
    >>> [panel.get_title("left") for panel in panels]
    ['1  allies, costs']
    """
    heads = table.drop_duplicates("topic").set_index("topic")["name"].to_dict()
    names = {f"topic_{topic}": f"{topic}  {name}" for topic, name in heads.items()}
    keyed = table.assign(key=[f"topic_{topic}" for topic in table["topic"]])
    if years_of(table["group"]):
        return draw_trend(keyed, Labels({}, names), title, unit="Share of the topic in the text of")
    groups = list(dict.fromkeys(table["group"].astype(str)))
    colours = theme_colours(list(names))
    panels = []
    for key, head in names.items():
        rows = keyed[keyed["key"] == key].set_index("group").reindex(groups)
        rows = rows.rename(columns={"share": "value", "share_low": "low", "share_high": "high"})
        rows["beside"] = [number_of(int(n), "document") if n == n else "" for n in rows["n_documents"]]
        panels.append(Intervals(head, colours[key], rows[["value", "low", "high", "beside"]]))
    return interval_panels(panels, groups, title=title, unit="Share of the text of a group", beside="its documents")


# --- along the documents --------------------------------------------------------------------------------------------


@chart("the places of the topics", "doc_id", "section", "segment", "topic", "name", "share")
def plot_topic_sections(
    table: pd.DataFrame,
    documents: pd.DataFrame | None,
    labels: Labels,
    title: str,
    sections: pd.DataFrame | None = None,
) -> Axes:
    """Draw the share of every topic in every segment, along the sections of each document.

    Each document fills the width. With more than twelve documents each is a line in a panel of each topic; with more
    than sixty the panels show the mean of all along their tenths.

    Parameters
    ----------
    table : DataFrame
        From `topic_places`: doc_id, section, segment, topic, name, share.
    """
    ids = style.present_documents(table, documents)
    names = table.drop_duplicates("topic").sort_values("topic").set_index("topic")["name"].to_dict()
    shares = {
        doc_id: own.pivot(index="topic", columns="segment", values="share") for doc_id, own in table.groupby("doc_id")
    }
    if len(ids) <= style.MOST_NAMED and ids:
        return _sections_by_document(table, ids, names, shares, labels, title, sections)
    return _sections_by_topic(ids, names, shares, labels, title)


def _sections_by_document(table, ids, names, shares, labels, title, titled):
    left = min(widest([labels.document(one) for one in ids], TEXT, "bold") + 0.3, 2.1)
    right = min(widest([f"{topic}  {name}" for topic, name in names.items()], SMALL) + 0.2, 2.2)
    wide = WIDTH - left - right - MARGIN
    sections = {doc_id: _stack_sections(table[table["doc_id"] == doc_id], titled, wide, right - 0.1) for doc_id in ids}
    lane = float(np.clip((TALLEST / len(ids) - 0.4) / len(names), 0.07, LINE))
    above = [LEVEL * (max((level for *_, level in sections[doc_id]), default=-1) + 1) for doc_id in ids]
    heights = [lane * len(names) + 0.2 + levels for levels in above]
    written = lane >= 0.13  # below that the names of topics do not fit their lanes
    numbered = "" if written else " Topics from the top: " + "; ".join(f"{n} {name}" for n, name in names.items()) + "."
    missing = any(grid.isna().any(axis=None) for grid in shares.values())
    canvas = Sheet(
        sum(heights) + 0.26, title=title,
        below="Share of each topic in every segment, along each document: the darker, the more.",
        note="Every document fills the width, whatever its length."
        + (" Grey: no word of the model." if missing else "")
        + (" Over the lanes: where each section begins." if any(above) else "") + numbered,
    ).canvas()  # fmt: skip
    y = 0.0
    for doc_id, height in zip(ids, heights, strict=True):
        top, grid = y + height - lane * len(names) - 0.08, shares[doc_id]
        unit = wide / grid.shape[1]
        _draw_sections(canvas, sections[doc_id], left, wide, top, lane * len(names))
        for number, topic in enumerate(names):
            _draw_lane(canvas, left, top + lane * number, unit, lane, grid.loc[topic])
            if written:
                name = shorten(f"{topic}  {names[topic]}", right - 0.1, SMALL)
                canvas.text(left + wide + 0.08, top + lane * (number + 0.5), name, fontsize=SMALL, va="center")
        middle = top + lane * len(names) / 2
        count = grid.shape[1]
        draw_row_label(canvas, middle - 0.07, labels.document(doc_id), MARGIN, left - MARGIN - 0.1, weight="bold")
        canvas.text(MARGIN, middle + 0.09, f"{count} segment{'' if count == 1 else 's'}", fontsize=SMALL, va="center",
                    color=PALE)  # fmt: skip
        y += height
    for share, name, side in ((0, "beginning", "left"), (1, "end", "right")):
        canvas.text(left + wide * share, y + 0.1, name, fontsize=SMALL, color=PALE, va="center", ha=side)
    return canvas


def _stack_sections(own: pd.DataFrame, titled: pd.DataFrame | None, wide: float, beyond: float):
    """Return each section's title, or number, its start and its line over the lanes; of a single section none."""
    first = own.drop_duplicates("section")
    if len(first) < 2:
        return []
    named = {} if titled is None else titled.set_index(["doc_id", "section"])["heading"].to_dict()
    places = zip(first["doc_id"], first["section"], strict=True)
    headings = [named.get(place, f"§ {place[1]}") for place in places]
    starts = first["segment"] / own["segment"].nunique()
    return stack_headings(pd.DataFrame({"heading": headings, "start": starts}), wide, beyond)


def _draw_sections(canvas, sections, left: float, wide: float, top: float, tall: float) -> None:
    for heading, start, level in sections:
        x, y = left + wide * start, top - 0.06 - LEVEL * (level + 0.5)
        canvas.plot([x, x], [y - 0.05, top + tall], color=INK, linewidth=0.8, zorder=4)
        canvas.text(x + 0.04, y, heading, fontsize=SMALL, style="italic", va="center")


def _draw_lane(canvas, left, top, unit, lane, shares: pd.Series) -> None:
    places = [(left + unit * number, unit) for number in range(len(shares))]
    faces = [BAND if share != share else tint(SHADE, float(share)) for share in shares]
    canvas.broken_barh(places, (top + 0.01, lane - 0.02), facecolors=faces, linewidth=0)
    width = unit * len(shares)
    canvas.plot([left, left + width], [top + lane, top + lane], color=GRID, linewidth=0.4, zorder=0)


def _sections_by_topic(ids, names, shares, labels, title):
    shown = list(names)[:MOST_TOPICS]
    single = len(ids) <= style.MOST_ROWS
    left = min(widest([labels.document(one) for one in ids], SMALL) + 0.25, 1.9) if single else 0.55
    wide = (WIDTH - left - MARGIN) / max(len(shown), 1)
    heads = [f"{topic}  {names[topic]}" for topic in shown]
    head = heads_height(heads, wide)
    lane = float(np.clip(10.4 / max(len(ids), 1), 0.15, 0.2))
    below = "Share of each topic in every segment, along each document: the darker, the more." if single else (
        f"Mean share of each topic along {len(ids):,} documents, in tenths of their length."
    )  # fmt: skip
    more = f" {len(names) - len(shown)} more topics stand in the table." if len(names) > len(shown) else ""
    sheet = Sheet(head + (lane * len(ids) if single else 1.4) + 0.3, title=title, below=below, note=more.strip())
    canvas = sheet.canvas()
    draw_heads(canvas, head, [left + wide * number for number in range(len(shown))], wide, heads)
    if not single:
        means = {topic: _tenths(shares, topic) for topic in shown}
        top = max((values.max() for values in means.values()), default=0) or 1.0
    for column, topic in enumerate(shown):
        x, across = left + wide * column + 0.03, wide - 0.12
        if single:
            for number, doc_id in enumerate(ids):
                of_topic = shares[doc_id].loc[topic]
                _draw_lane(canvas, x, head + lane * number, across / len(of_topic), lane, of_topic)
        else:
            base = head + 1.4
            canvas.bar(x + across * (np.arange(10) + 0.5) / 10, -1.3 * means[topic] / top, across / 10.6, bottom=base,
                       color=SHADE)  # fmt: skip
            canvas.plot([x, x + across], [base, base], color=PALE, linewidth=0.6)
        foot = head + (lane * len(ids) if single else 1.4) + 0.12
        for share, name, side in ((0, "beginning", "left"), (1, "end", "right")):
            if across > 0.9 or share == 0:
                canvas.text(x + across * share, foot, name, fontsize=SMALL, color=PALE, va="center", ha=side)
    if single:
        for number, doc_id in enumerate(ids):
            draw_row_label(canvas, head + lane * (number + 0.5), labels.document(doc_id), MARGIN, left - MARGIN - 0.08,
                           fontsize=SMALL)  # fmt: skip
    else:
        for share in (0.0, top):
            canvas.text(
                left - 0.06, head + 1.4 - 1.3 * share / top, per_cent(share), fontsize=SMALL, va="center", ha="right"
            )
    return canvas


def _tenths(shares: Mapping[str, pd.DataFrame], topic) -> np.ndarray:
    """Return the mean share of a topic in each tenth of the documents."""
    tenths: list[list[float]] = [[] for _ in range(10)]
    for grid in shares.values():
        own = grid.loc[topic].to_numpy(float)
        for tenth in range(10):
            value = own[min(int((tenth + 0.5) / 10 * len(own)), len(own) - 1)]
            if value == value:
                tenths[tenth].append(value)
    return np.array([np.mean(values) if values else 0.0 for values in tenths])


# --- sensitivity ----------------------------------------------------------------------------------------------------


@chart("the sensitivity", "variation", "left_out", "topic", "name", "agreement", "terms_kept")
def plot_topic_sensitivity(table: pd.DataFrame, title: str) -> Axes:
    """Draw how many of each topic's ten words are left without a document, and when a decision is taken otherwise.

    Parameters
    ----------
    table : DataFrame
        From `sensitivity`: variation, left_out, topic, name, agreement, terms_kept.
    """
    topics = table.drop_duplicates("topic")
    rows, dropped = _changes_of(table)
    counts = table.set_index(["variation", "topic"])[["terms_kept", "agreement"]]
    left = min(widest(rows["variation"], SMALL) + 0.3, 2.6)
    column = min((WIDTH - left - MARGIN) / max(len(topics), 1), 1.9)
    heads = [f"{row.topic}  {row.name}" if column > 0.7 else str(row.topic) for row in topics.itertuples()]
    head, line = heads_height(heads, column), float(np.clip(11.0 / max(len(rows), 1), 0.2, 0.27))
    gap = 0.12 if rows["left_out"].ne("").any() and rows["left_out"].eq("").any() else 0.0
    canvas = Sheet(
        head + line * len(rows) + gap + 0.06, title=title,
        below="How many of the ten words of each topic are found again, without each document and with each decision "
        "taken otherwise.",
        note="Framed: the topic is lost." + (f" {dropped} documents without which less changes stand in the table."
                                             if dropped else ""),
    ).canvas()  # fmt: skip
    draw_heads(canvas, head, [left + column * number for number in range(len(topics))], column, heads)
    y, before = head, ""
    for number, row in enumerate(rows.itertuples()):
        if number and bool(row.left_out) != bool(before):
            y += gap
        before = row.left_out
        draw_row_label(canvas, y + line / 2, row.variation, MARGIN, left - MARGIN - 0.1, fontsize=SMALL)
        for place, topic in enumerate(topics["topic"]):
            of_topic = counts.loc[(row.variation, topic)]
            _draw_count(
                canvas,
                left + column * place,
                y,
                column,
                line,
                int(of_topic["terms_kept"]),
                of_topic["agreement"] < LOST,
            )
        y += line
    return canvas


def _changes_of(table: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Return the changes to show and how many are left out: of very many documents those that matter most."""
    rows = table.drop_duplicates("variation").reset_index(drop=True)
    terms_kept = table.groupby("variation", sort=False)["terms_kept"].sum()
    documents = rows[rows["left_out"] != ""]
    room = MOST_CHANGES - (len(rows) - len(documents))
    if len(documents) <= room:
        return rows, 0
    least = documents.assign(kept=documents["variation"].map(terms_kept)).sort_values("kept", kind="stable").head(room)
    return rows[rows["left_out"].eq("") | rows["variation"].isin(least["variation"])], len(documents) - room


def _draw_count(canvas, x: float, y: float, width: float, tall: float, count: int, lost: bool) -> None:
    from matplotlib.patches import Rectangle

    part = 0.1 + 0.075 * count
    canvas.add_patch(
        Rectangle((x + 0.02, y + 0.015), width - 0.04, tall - 0.03, fc="white" if lost else tint(SHADE, part),
                  ec=PALE if lost else "none", lw=0.8)
    )  # fmt: skip
    canvas.text(x + width / 2, y + tall / 2, count, ha="center", va="center", fontsize=SMALL,
                color="white" if part > 0.55 and not lost else INK)  # fmt: skip
