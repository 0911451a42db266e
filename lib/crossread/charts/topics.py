"""Charts of topics: each takes a table of `crossread.topics` and returns the axes that it drew on."""

import numpy as np
import pandas as pd

from crossread.charts.style import (
    GRID,
    INK,
    PALE,
    document_colours,
    document_markers,
    draw_intervals,
    figure,
    present_documents,
    styled,
)
from crossread.corpus.tables import check_columns
from crossread.errors import CrossreadError
from crossread.wording import spoken

BAR, GREYED = "#253793", "#b5b5b5"
SHADES, NOTHING = "Blues", "#e3e3e3"
MAP_WARNING = "Distances in this map are not findings."
ROW_NAMES = {"left_out": "Document left out", "variation": "Decision changed"}
TICKS = {"xticks": (0, 0.5, 1), "xticklabels": ("0", "0.5", "1")}
LINE = 0.13  # inches that a line of small type needs


@styled
def plot_topic_terms(terms: pd.DataFrame, quality: pd.DataFrame, labels: dict | None = None, axes=None):
    """Draw each topic's top terms with the share of resamples in which each stays.

    Parameters
    ----------
    terms : DataFrame
        From `topic_terms` with `retained`: topic, rank, term, retained.
    quality : DataFrame
        From `topic_quality`: topic, share, document, document_holds, fingerprint; a topic that is a fingerprint of one
        document is grey.
    axes : array of Axes, optional
        One for each topic.

    Returns
    -------
    array of Axes
    """
    check_columns(terms, ("topic", "rank", "term", "retained"), "the terms of the topics")
    check_columns(quality, ("topic", "share", "document", "document_holds", "fingerprint"), "the quality of the topics")
    topics, names = quality["topic"].tolist(), {} if labels is None else labels
    axes = _panels(len(topics), 1.9, axes)
    for ax, row in zip(axes, quality.itertuples(), strict=True):
        own = terms[terms["topic"] == row.topic].sort_values("rank")
        places = np.arange(len(own))
        ax.barh(places, np.ones(len(own)), color="#f2f2f2", height=0.8)
        ax.barh(places, own["retained"].fillna(0), color=GREYED if row.fingerprint else BAR, height=0.8)
        ax.set_yticks(places, own["term"], fontsize=8)
        ax.invert_yaxis()
        ax.set(xlim=(0, 1), **TICKS)
        ax.tick_params(axis="y", length=0)
        ax.tick_params(axis="x", labelsize=8)
        ax.spines["left"].set_visible(False)
        title = f"Topic {row.topic}"
        if row.fingerprint:
            title += f"\n{row.document_holds:.0%} in {shorten(names.get(row.document, row.document), 24)}"
        narrow = row.fingerprint and len(topics) not in (1, 2, 4)  # then the title reaches over the names of the terms
        ax.set_title(title, fontsize=8, loc="right" if narrow else "left")
    _name_below(axes, "Share of resamples in which the term stays in the top ten")
    return axes


@styled
def plot_topic_shares(shares: pd.DataFrame, documents: pd.DataFrame, axes=None):
    """Draw the share of each topic in each document, with its interval.

    Parameters
    ----------
    shares : DataFrame
        From `document_shares`: doc_id, topic, share, low, high.
    documents : DataFrame
        The documents of the corpus, whose order, colours and labels are kept.
    axes : array of Axes, optional
        One for each topic.

    Returns
    -------
    array of Axes
    """
    check_columns(shares, ("doc_id", "topic", "share", "low", "high"), "the shares of the topics")
    names = present_documents(shares, documents)
    colours, markers = document_colours(documents), document_markers(documents)
    topics = sorted(shares["topic"].unique())
    height = 0.6 + (0.22 if len(names) <= 12 else LINE + 0.02) * len(names)
    axes = _panels(len(topics), height, axes, 4 if len(topics) > 12 else 3, sharey=True)
    for ax, topic in zip(axes, topics, strict=True):
        own = shares[shares["topic"] == topic].set_index("doc_id").reindex(names)
        draw_intervals(
            ax, own["share"], own["low"].fillna(own["share"]), own["high"].fillna(own["share"]), range(len(names)),
            [colours[name] for name in names], [markers[name] for name in names],
        )  # fmt: skip
        ax.set(xlim=(-0.06, 1.06), **TICKS)
        ax.set_yticks(range(len(names)), [shorten(documents.loc[name, "label"]) for name in names], fontsize=8)
        ax.tick_params(axis="x", labelsize=8)
        ax.set_ylim(len(names) - 0.5, -0.5)
        ax.grid(axis="x")
        ax.set_title(f"Topic {topic}", fontsize=8)
    _name_below(axes, "Share of the document’s tokens")
    return axes


@styled
def plot_topic_stability(path: pd.DataFrame, within: pd.DataFrame | None = None, ax=None):
    """Draw the stability of the topics for each k beside that of shuffled text.

    Parameters
    ----------
    path : DataFrame
        From `topic_stability`: k, agreement, null_95, supported.
    within : DataFrame, optional
        The same with tokens shuffled within each document.
    ax : Axes, optional
        Where to draw.

    Returns
    -------
    Axes
    """
    check_columns(path, ("k", "agreement", "null_95", "supported"), "the stability path")
    if ax is None:
        _, ax = figure(height=3.4)
    lines = [
        (path["agreement"], "these texts", BAR, "-", 2.0),
        (path["null_95"], "shuffled over all texts", INK, "--", 1.2),
    ]
    if within is not None:
        lines.append((within["null_95"], "shuffled within each text", PALE, ":", 1.6))
    ends = _apart([values.iloc[-1] for values, *_ in lines], 0.055)
    for (values, label, colour, style, width), end in zip(lines, ends, strict=True):
        ax.plot(path["k"], values, style, color=colour, linewidth=width)
        ax.annotate(
            label, (path["k"].iloc[-1], end), xytext=(7, 0), textcoords="offset points", va="center", color=colour,
            fontsize=8, annotation_clip=False,
        )  # fmt: skip
    above = path["supported"].astype(bool)
    ax.plot(path["k"][above], path["agreement"][above], "o", color=BAR)
    ax.plot(path["k"][~above], path["agreement"][~above], "o", color=BAR, markerfacecolor="white")
    ax.set(xlabel="Number of topics k", ylabel="Agreement of top ten terms (Jaccard)", ylim=(0, 1), xticks=path["k"])
    ax.set_xlim(path["k"].min() - 0.3, path["k"].max() + 0.3)
    ax.grid(axis="y")
    ax.set_title("Filled: above the 95th percentile of text shuffled over all documents", fontsize=8)
    return ax


@styled
def plot_topic_strips(shares: pd.DataFrame, documents: pd.DataFrame, ax=None):
    """Draw the share of every topic in every segment, along each document.

    Parameters
    ----------
    shares : DataFrame
        From `topic_shares`: doc_id, segment, topic, share.
    documents : DataFrame
        The documents of the corpus, for their order and labels.
    ax : Axes, optional
        Where to draw.

    Returns
    -------
    Axes
    """
    from matplotlib import colormaps
    from matplotlib.colors import Normalize

    check_columns(shares, ("doc_id", "segment", "topic", "share"), "the shares of the topics")
    names = present_documents(shares, documents)
    k = int(shares["topic"].max())
    room = len(names) * (k + 1)
    if ax is None:
        _, ax = figure(height=min(0.9 + len(names) * (k * 0.16 + 0.12), 16))
    step = int(np.ceil(LINE * room / max(ax.figure.get_figheight() - 0.8, 1)))  # write every second number, or third …
    shades = colormaps[SHADES].with_extremes(bad=NOTHING)
    first, last = shares["segment"].min(), shares["segment"].max() + 1
    top, ticks, empty = 0, [], False
    for name in names:
        own = shares[shares["doc_id"] == name].pivot(index="topic", columns="segment", values="share")
        own = own.reindex(columns=range(first, own.columns.max() + 1))  # a segment without a term keeps its place
        empty |= bool(own.isna().any(axis=None))
        picture = ax.pcolormesh(
            np.arange(first, own.columns.max() + 2), top + np.arange(k + 1), np.ma.masked_invalid(own.to_numpy()),
            cmap=shades, norm=Normalize(0, 1), edgecolors="white", linewidth=0.3 if last - first < 150 else 0,
        )  # fmt: skip
        ticks.append(top + k / 2)
        for topic in range(0, max(1, min(k, k + 2 - step)), step):  # and none that touches the next document's first
            ax.annotate(
                str(topic + 1), (own.columns.max() + 1, top + topic + 0.5), xytext=(3, 0), textcoords="offset points",
                va="center", fontsize=8, annotation_clip=False,
            )  # fmt: skip
        top += k + 1
    ax.set(xlabel="Segment of the document, in order", xlim=(first, last + 0.03 * (last - first)), ylim=(top - 1, 0))
    grey = ". Grey: no term of the model" if empty else ""
    ax.set_title(f"At the end of each row: number of the topic{grey}", fontsize=8)
    ax.set_yticks(ticks, [shorten(documents.loc[name, "label"]) for name in names], fontsize=8)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    bar = ax.figure.colorbar(picture, ax=ax, shrink=0.5, aspect=15, pad=0.01)
    bar.set_label("Share of the topic", fontsize=8)
    bar.ax.tick_params(labelsize=8)
    return ax


@styled
def plot_theme_recovery(recovery: pd.DataFrame, ax=None):
    """Draw how well the lexicon and the best topic recover each hand-coded theme.

    Parameters
    ----------
    recovery : DataFrame
        From `compare_with_codes`: key, source, topic, auc, low, high.
    ax : Axes, optional
        Where to draw.

    Returns
    -------
    Axes
    """
    check_columns(recovery, ("key", "source", "topic", "auc", "low", "high"), "the table of recovery")
    keys = recovery["key"].drop_duplicates().tolist()
    if ax is None:
        _, ax = figure(height=1.0 + 0.55 * len(keys))
    places, colours, markers, labels = [], [], [], []
    for row in recovery.itertuples():
        lexicon = row.source == "lexicon"
        places.append(keys.index(row.key) + (-0.17 if lexicon else 0.17))
        colours.append(INK if lexicon else BAR)
        markers.append("o" if lexicon else "s")
        labels.append("lexicon" if lexicon else f"best topic ({row.topic})")
    draw_intervals(ax, recovery["auc"], recovery["low"], recovery["high"], places, colours, markers)
    for row, place, label in zip(recovery.itertuples(), places, labels, strict=True):
        if row.auc == row.auc:
            ax.annotate(label, (1.0, place), xytext=(8, 0), textcoords="offset points", va="center", fontsize=8,
                        annotation_clip=False)  # fmt: skip
    if recovery["auc"].isna().all():
        ax.text(0.7, (len(keys) - 1) / 2, "nobody has coded these texts", ha="center", va="center")
    ax.axvline(0.5, color=PALE, linewidth=0.8, linestyle="--")
    ax.set_yticks(range(len(keys)), [shorten(spoken(key)) for key in keys])
    ax.set(xlim=(min(0.4, np.nanmin([*recovery["low"], 0.4])), 1.0), ylim=(len(keys) - 0.5, -0.5))
    ax.set_xlabel("Area under the curve (0.5 is chance)")
    ax.grid(axis="x", color=GRID)
    return ax


def shorten(label, length: int = 26) -> str:
    """Return a long name without its middle: its beginning and end tell it from others.

    Examples
    --------
    >>> shorten("Wesley 2017"), shorten("Report of the ministry, volume 7", 16)
    ('Wesley 2017', 'Report o…olume 7')
    """
    label = str(label)
    return label if len(label) <= length else label[: length // 2] + "…" + label[len(label) - (length - 1) // 2 :]


def _panels(n, height, axes, most=3, **options):
    """Return n axes in rows of two, three or what is the most, those that are not needed removed."""
    if axes is not None:
        axes = np.ravel(axes)
        if len(axes) != n:
            raise CrossreadError(f"{n} topics are drawn on as many axes, and {len(axes)} were given.")
        return axes
    columns = min(2 if n in (2, 4) else most, n)
    rows = -(-n // columns)
    drawing, grid = figure(height=height * rows + 0.35, rows=rows, columns=columns, squeeze=False, **options)
    for spare in grid.ravel()[n:]:
        spare.remove()
    return grid.ravel()[:n]


def _name_below(axes, label):
    axes[0].figure.supxlabel(label, fontsize=8)


def _apart(values, least):
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
