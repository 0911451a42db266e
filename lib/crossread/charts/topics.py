"""Charts of topics: each takes a table of `crossread.topics` and returns the axes that it drew on."""

from __future__ import annotations

from itertools import groupby
from textwrap import fill, wrap

import numpy as np
import pandas as pd

from crossread.charts.style import INK, PALE, document_colours, figure, present_documents, styled
from crossread.corpus.tables import check_columns
from crossread.topics.stability import LOST, SUPPORTED
from crossread.wording import Labels, per_cent

BAR, BAND, GREYED = "#253793", "#e9e9e9", "#b5b5b5"
SHADES, NOTHING = "Blues", "#e3e3e3"
LINE = 0.16  # inches that a line of small type needs
SMALL = 8
WIDE = 98  # letters of small type across the page


@styled
def plot_topic_stability(path: pd.DataFrame, title: str = "", ax=None):
    """Draw the stability of the topics for each k beside that of shuffled text.

    Parameters
    ----------
    path : DataFrame
        From `topic_stability`: k, agreement, null, null_95, verdict.
    title : str
        What came out.
    ax : Axes, optional
        Where to draw.

    Returns
    -------
    Axes
    """
    check_columns(path, ("k", "agreement", "null", "null_95", "verdict"), "the stability of the topics")
    ax = _axes(ax, 3.4, title)
    k = path["k"].to_numpy()
    ax.set(xlabel="Number of topics", ylabel="Agreement of top ten terms (Jaccard)", ylim=(0, 1), xticks=k)
    ax.set_xlim(k.min() - 0.3, k.max() + 0.3)
    ax.grid(axis="y")
    if path["agreement"].isna().all():
        ax.text(0.5, 0.5, "too few passages", transform=ax.transAxes, ha="center", color=PALE)
        return ax
    ax.fill_between(k, path["null"], path["null_95"], color=BAND, linewidth=0, zorder=1)
    lines = (
        ("agreement", "these texts", BAR, "-", 2.0),
        ("null_95", "needed to be supported", INK, "--", 1.0),
        ("null", "words shuffled within\neach document, mean", PALE, ":", 1.6),
    )
    ends = _apart([path[name].iloc[-1] for name, *_ in lines], 0.1)
    for (name, label, colour, pattern, width), end in zip(lines, ends, strict=True):
        ax.plot(k, path[name], pattern, color=colour, linewidth=width, zorder=2)
        ax.annotate(
            label, (k[-1], end), xytext=(9, 0), textcoords="offset points", va="center", color=colour, fontsize=SMALL,
            annotation_clip=False,
        )  # fmt: skip
    above = (path["verdict"] == SUPPORTED).to_numpy()
    for chosen, inside in ((above, BAR), (~above, "white")):
        ax.plot(k[chosen], path["agreement"][chosen], "o", color=BAR, markerfacecolor=inside, zorder=3)
    return ax


@styled
def plot_topics(table: pd.DataFrame, documents: pd.DataFrame, labels: Labels | None = None, title: str = "", ax=None):
    """Draw each topic in words: those that stay, those that come and go, the document that holds most, where to read.

    Parameters
    ----------
    table : DataFrame
        From `topic_summary`: topic, name, terms, steady, doc_id, document_holds, document_tokens, fingerprint,
        sentences. A fingerprint of one document is grey.
    documents : DataFrame
        The documents of the corpus, for their colours.
    labels : Labels, optional
        What documents are called.
    title : str
        What came out.
    ax : Axes, optional
        Where to draw.

    Returns
    -------
    Axes
    """
    named = ("topic", "name", "terms", "steady", "doc_id", "document_holds", "document_tokens", "fingerprint")
    check_columns(table, (*named, "sentences"), "the topics")
    labels, colours = Labels() if labels is None else labels, document_colours(documents)
    lines, bars, y = [], [], 0.0  # lines of type from the top, and what stands on them
    for row in table.itertuples():
        steady = row.steady.split(", ") if row.steady else []
        passing = [word for word in row.terms.split(", ") if word not in steady]
        lines.append((y, f"Topic {row.topic}: {row.name}", PALE if row.fingerprint else BAR, "bold"))
        y += 1.25
        parts = [(", ".join(steady) or "no word stays", INK)]
        parts += [(f"come and go: {', '.join(passing)}", PALE)] if passing else []
        for words, colour in parts:
            for line in wrap(words, WIDE):
                lines.append((y, line, colour, "normal"))
                y += 1
        bars.append((y + 0.6, row))
        y += 1.35
        for line in wrap(_passages(row.sentences), WIDE):
            lines.append((y, line, PALE, "normal"))
            y += 1
        y += 0.8
    ax = _axes(ax, LINE * y + 0.5, title)
    ax.set(xlim=(0, 1), ylim=(y - 0.8, -0.2), xticks=[], yticks=[])
    ax.spines[:].set_visible(False)
    for y, line, colour, weight in lines:
        ax.text(0, y, line, va="top", color=colour, fontweight=weight, fontsize=SMALL + 0.5 * (weight == "bold"))
    for y, row in bars:
        shade = GREYED if row.fingerprint else colours[row.doc_id]
        ax.barh(y, 0.42, height=0.7, color=BAND)
        ax.barh(y, 0.42 * row.document_holds, height=0.7, color=shade)
        ax.plot([0.42 * row.document_tokens] * 2, [y - 0.55, y + 0.55], color=INK, linewidth=1.4)
        holds = f"{shorten(labels.document(row.doc_id))} holds {per_cent(row.document_holds)}"
        ax.text(0.435, y, f"{holds} (line: its {per_cent(row.document_tokens)} of all text)", va="center",
                fontsize=SMALL)  # fmt: skip
    return ax


def _passages(ids: str) -> str:
    """Write sentence ids as runs: the first and the last of each passage."""
    found = []
    for name, run in groupby(ids.split(), lambda one: one.rpartition("-")[0]):
        numbers = [one.rpartition("-")[2] for one in run]
        parts = np.split(numbers, np.flatnonzero(np.diff([int(n) for n in numbers]) != 1) + 1)
        found += [f"{name}-{part[0]}" + (f" to {part[-1]}" if len(part) > 1 else "") for part in parts]
    return f"read {', '.join(found)}" if found else ""


@styled
def plot_topic_sections(table: pd.DataFrame, documents: pd.DataFrame, title: str = "", ax=None):
    """Draw the share of every topic in every segment, along the sections of each document.

    Parameters
    ----------
    table : DataFrame
        From `topic_places`: doc_id, section, segment, topic, name, share.
    documents : DataFrame
        The documents of the corpus, for their order and labels.
    title : str
        What came out.
    ax : Axes, optional
        Where to draw.

    Returns
    -------
    Axes
    """
    from matplotlib import colormaps
    from matplotlib.colors import Normalize

    check_columns(table, ("doc_id", "section", "segment", "topic", "name", "share"), "the places of the topics")
    ids, k = present_documents(table, documents), int(table["topic"].max())
    names = table.drop_duplicates("topic").sort_values("topic")
    ax = _axes(ax, min(1.1 + len(ids) * (k * 0.16 + 0.3) + LINE * k, 16), title)
    every = int(np.ceil(LINE * len(ids) * (k + 1.6) / max(ax.figure.get_figheight() - 1, 1)))  # write each nth number
    shades = colormaps[SHADES].with_extremes(bad=NOTHING)
    last = table["segment"].max() + 1
    top, ticks = 0.0, []
    for doc_id in ids:
        own = table[table["doc_id"] == doc_id]
        grid = own.pivot(index="topic", columns="segment", values="share")
        picture = ax.pcolormesh(
            np.arange(grid.shape[1] + 1), top + np.arange(k + 1), np.ma.masked_invalid(grid.to_numpy()), cmap=shades,
            norm=Normalize(0, 1), edgecolors="white", linewidth=0.3 if last < 150 else 0,
        )  # fmt: skip
        ticks.append(top + k / 2)
        starts = own.drop_duplicates("section").set_index("section")["segment"]
        for section, start in starts.items():
            if len(starts) > 1:
                ax.plot([start] * 2, [top - 0.45, top + k], color=INK, linewidth=0.8, clip_on=False)
                ax.text(start + 0.2, top - 0.08, f"§{section}", fontsize=SMALL,
                        color=PALE, va="bottom", clip_on=False)  # fmt: skip
        for topic in range(0, max(1, min(k, k + 2 - every)), every):
            ax.annotate(
                str(topic + 1), (grid.shape[1], top + topic + 0.5), xytext=(3, 0), textcoords="offset points",
                va="center", fontsize=SMALL, annotation_clip=False,
            )  # fmt: skip
        top += k + 1.6
    ax.set(xlabel="Segment of the document, in order (§: its sections)", xlim=(0, 1.03 * last), ylim=(top - 1.6, -0.6))
    ax.set_yticks(ticks, [shorten(documents.loc[doc_id, "label"]) for doc_id in ids], fontsize=SMALL)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.figure.supxlabel(
        "\n".join(f"{row.topic}  {row.name}" for row in names.itertuples()), fontsize=SMALL, x=0.02, ha="left"
    )
    bar = ax.figure.colorbar(picture, ax=ax, shrink=0.5, aspect=15, pad=0.01)
    bar.set_label("Share of the topic" + (" (grey: no term)" if table["share"].isna().any() else ""), fontsize=SMALL)
    bar.ax.tick_params(labelsize=SMALL)
    return ax


@styled
def plot_topic_sensitivity(table: pd.DataFrame, title: str = "", ax=None):
    """Draw how many of each topic's ten words are left without a document, and when a decision is taken otherwise.

    Parameters
    ----------
    table : DataFrame
        From `sensitivity`: variation, left_out, topic, name, agreement, terms_kept.
    title : str
        What came out.
    ax : Axes, optional
        Where to draw.

    Returns
    -------
    Axes
    """
    check_columns(table, ("variation", "left_out", "topic", "name", "agreement", "terms_kept"), "the sensitivity")
    rows = table.drop_duplicates("variation").reset_index(drop=True)
    topics = table.drop_duplicates("topic")
    grid = table.pivot(index="variation", columns="topic", values="terms_kept").loc[rows["variation"]]
    lost = table.pivot(index="variation", columns="topic", values="agreement").loc[rows["variation"]] < LOST
    places = rows.index + 0.5 * (rows["left_out"] == "")  # a gap between documents and decisions
    ax = _axes(ax, min(1.3 + 0.26 * len(rows), 16), title)
    for column, topic in enumerate(topics["topic"]):
        for place, count, gone in zip(places, grid[topic], lost[topic], strict=True):
            shade = "white" if gone else BAR
            ax.barh(place, 0.94, left=column + 0.03, height=0.9, color=shade, alpha=1 if gone else 0.1 + 0.075 * count,
                    edgecolor=PALE if gone else "none", linewidth=0.8)  # fmt: skip
            ax.text(column + 0.5, place, f"{count}", ha="center", va="center", fontsize=SMALL,
                    color="white" if count > 7 else INK)  # fmt: skip
    ax.set_yticks(places, [shorten(name, 40) for name in rows["variation"]], fontsize=SMALL)
    heads = [fill(f"{row.topic} {row.name}", 26 if len(topics) < 4 else 14) for row in topics.itertuples()]
    ax.set_xticks(np.arange(len(topics)) + 0.5, heads if len(topics) < 7 else topics["topic"], fontsize=SMALL)
    ax.xaxis.tick_top()
    ax.set(xlim=(0, len(topics)), ylim=(max(places) + 0.6, min(places) - 0.6))
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    ax.set_xlabel("Words found again, of ten; framed: the topic is lost", fontsize=SMALL)
    return ax


def shorten(label: object, length: int = 26) -> str:
    """Return a long name without its middle: its beginning and end tell it from others.

    Examples
    --------
    >>> shorten("Wesley 2017"), shorten("Report of the ministry, volume 7", 16)
    ('Wesley 2017', 'Report o…olume 7')
    """
    label = str(label)
    return label if len(label) <= length else label[: length // 2] + "…" + label[len(label) - (length - 1) // 2 :]


def _axes(ax, height: float, title: str):
    """Return the axes given, with their title, or those of a new figure, with its title over its whole width."""
    if ax is not None:
        ax.set_title(title, fontsize=10)
        return ax
    drawing, ax = figure(height=height)
    drawing.suptitle(fill(title, 84), fontsize=10, x=0.01, ha="left")
    return ax


def _apart(values: list[float], least: float) -> np.ndarray:
    """Move values that are nearer to each other than `least` apart, as little as possible, and leave all others."""
    order = np.argsort(values, kind="stable")
    groups = []  # [places, middle]
    for place in order:
        groups.append([[place], float(values[place])])
        while len(groups) > 1:
            (below, low), (above, high) = groups[-2:]
            if high - low >= least * (len(below) + len(above)) / 2 - 1e-12:
                break
            both = below + above
            groups[-2:] = [[both, float(np.mean([values[i] for i in both]))]]
    placed = np.empty(len(order))
    for places, middle in groups:
        placed[places] = middle + least * (np.arange(len(places)) - (len(places) - 1) / 2)
    return placed
