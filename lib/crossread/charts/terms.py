"""Charts of words: ranking, Zipf's view, dispersion, keyness, two documents, collocations, written forms."""

import numpy as np

from crossread.charts import style
from crossread.charts.labels import place_labels
from crossread.corpus.tables import check_columns
from crossread.measure import FINGERPRINTS, KEYNESS, TERM_FREQUENCIES

SUPPORTED = "supported"


@style.styled
def plot_frequencies(table, documents=None, ax=None):
    """Draw how often each document uses each word, with limits, one row a word.

    Parameters
    ----------
    table : DataFrame
        From `terms.term_frequencies(corpus, terms=…)`: each word in each document, in the order to draw.
    documents : DataFrame, optional
        `Corpus.documents`, for order, labels and colours.
    ax : Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> from crossread import from_texts
    >>> from crossread.measure import term_frequencies
    >>> ax = plot_frequencies(term_frequencies(from_texts({"a": "Allies pay. Allies talk."}), terms=["allies", "pay"]))
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['allies', 'pay']
    """
    table, documents = style.groups_as_documents(table, documents)
    check_columns(table, TERM_FREQUENCIES, "the term frequencies")
    ids, words = style.present_documents(table, documents), list(dict.fromkeys(table["term"]))
    colours, markers = style.document_looks(ids, documents)
    if ax is None:
        ax = style.figure(height=0.13 * len(words) * (len(ids) + 1) + 1.0)[1]
    gap = 0.8 / max(len(ids), 1)
    for number, doc_id in enumerate(ids):
        own = table[table["doc_id"] == doc_id].set_index("term").reindex(words)
        places = np.arange(len(words)) - 0.4 + gap * (number + 0.5)
        style.draw_intervals(
            ax,
            own["per_1000"],
            own["low"],
            own["high"],
            places,
            [colours[doc_id]] * len(words),
            [markers[doc_id]] * len(words),
        )
    for edge in range(1, len(words)):
        ax.axhline(edge - 0.5, color=style.GRID, linewidth=0.6, zorder=1)
    ax.set_yticks(range(len(words)), words)
    ax.set_ylim(len(words) - 0.5, -0.5)
    ax.set_xlim(left=0)
    ax.tick_params(axis="y", length=0, pad=9)
    ax.set_xlabel("occurrences per 1,000 tokens, with 95 per cent limits")
    for line in ax.lines:  # a marker at zero is not to be cut in half by the axis
        line.set_clip_on(len(line.get_xdata()) > 1)
    if len(ids) > 1:
        from matplotlib.lines import Line2D

        handles = [
            Line2D(
                [],
                [],
                marker=markers[i],
                color=colours[i],
                markeredgecolor=style.INK,
                label=style.document_label(i, documents),
            )
            for i in ids
        ]
        ax.figure.legend(
            handles=handles, loc="outside upper center", ncols=min(3, len(ids)), handlelength=1.6, columnspacing=1.4
        )
    return ax


@style.styled
def plot_dispersion(table, documents=None, measures=None, ax=None):
    """Draw in which segments of each document words occur, one row for each word and document.

    A segment is drawn as wide as it is long, and the darker, the more occurrences it has (four and more alike).

    Parameters
    ----------
    table : DataFrame
        From `terms.occurrences`.
    documents : DataFrame, optional
        For order and labels.
    measures : DataFrame, optional
        From `terms.dispersion`: writes count and DP at the end of each row.
    ax : Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> from crossread import from_texts
    >>> from crossread.measure import occurrences
    >>> ax = plot_dispersion(occurrences(from_texts({"a": "Allies pay. Allies talk."}), ["pay"]))
    >>> len(ax.patches)
    1
    """
    check_columns(table, ("doc_id", "term", "segment", "count", "start", "end"), "the occurrences")
    words, ids = list(dict.fromkeys(table["term"])), style.present_documents(table, documents)
    rows = [(word, doc_id) for word in words for doc_id in ids]
    if ax is None:
        ax = style.figure(height=0.18 * len(rows) + 0.2 * len(words) + 0.8)[1]
    places, place = {}, 0.0
    for word in words:
        for doc_id in ids:
            places[word, doc_id] = place
            place += 1
        place += 0.9
    for row_place in places.values():
        ax.plot([0, 1], [row_place, row_place], color=style.GRID, linewidth=0.6, zorder=1)
    strongest = table["count"].max()
    columns = (table[name] for name in ("term", "doc_id", "count", "start", "end"))
    for word, doc_id, count, start, end in zip(*columns, strict=True):
        shade = 0.72 - 0.72 * min(count, 4) / min(strongest, 4) if strongest > 1 else 0.2
        ax.barh(
            places[word, doc_id],
            end - start,
            left=start,
            height=0.74,
            color=str(round(shade, 3)),
            edgecolor="white",
            linewidth=0.4,
            zorder=2,
        )
    known = {} if measures is None else measures.set_index(["term", "doc_id"])
    for (word, doc_id), row_place in places.items():
        if measures is None:
            continue
        if (word, doc_id) in known.index:
            row = known.loc[(word, doc_id)]
            text = f"{row['count']:.0f}×  DP {row['dp_norm']:.2f}"
        else:
            own = table[(table["term"] == word) & (table["doc_id"] == doc_id)]["count"].sum()
            text = f"{own:.0f}×" if own else "none"
        ax.annotate(
            text,
            (1, row_place),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
            fontsize=8,
            annotation_clip=False,
        )
    ax.set_yticks(list(places.values()), [style.document_label(doc_id, documents) for _, doc_id in places], fontsize=8)
    for word in words:
        first = places[word, ids[0]]
        ax.annotate(
            word,
            (0, first),
            xytext=(0, 11.5),
            textcoords="offset points",
            fontweight="bold",
            fontsize=8.5,
            va="center",
            annotation_clip=False,
        )
    ax.set_ylim(max(places.values()) + 0.6, -1.3)
    ax.set_xlim(0, 1)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.set_xticks([0, 0.25, 0.5, 0.75, 1], ["start", "25%", "50%", "75%", "end"])
    ax.set_xlabel("place in the document (darker: more occurrences in the segment)")
    return ax


@style.styled
def plot_keyness(table, documents=None, most_labels=26, ax=None):
    """Draw how strongly each word sets a document apart against how often it occurs, with limits for what is labelled.

    Parameters
    ----------
    table : DataFrame
        From `terms.keyness`, one comparison.
    documents : DataFrame, optional
        For labels.
    most_labels : int
        Supported words first, then those of largest G².
    ax : Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> from crossread import from_texts
    >>> from crossread.measure import keyness
    >>> texts = {"a": "Ships sail the sea. " * 60, "b": "Men plough the soil. " * 60}
    >>> ax = plot_keyness(keyness(from_texts(texts), "a"))
    >>> sorted(text.get_text() for text in ax.texts)[:3]
    ['men', 'plough', 'sail']
    """
    table, documents = style.groups_as_documents(table, documents)
    check_columns(table, (*KEYNESS, "reference"), "the keyness table")
    target, reference = table["doc_id"].iloc[0], table["reference"].iloc[0]
    colour = style.document_colours([target] if documents is None else documents).get(target, style.DOCUMENT_COLOURS[0])
    ax = style.figure(height=4.8)[1] if ax is None else ax
    pooled = table["count"] + table["reference_count"]
    supported = (table["verdict"] == SUPPORTED).to_numpy()
    order = np.lexsort((table["term"].astype(str), -table["g2"].abs(), ~supported))
    labelled = np.zeros(len(table), dtype=bool)
    labelled[order[:most_labels]] = True
    # every word of one count stands in one column: spread them a little, by rank and not by chance
    spread = table.groupby(pooled)["log_ratio"].rank(method="first") / table.groupby(pooled)["log_ratio"].transform(
        "size"
    )
    x = pooled * np.exp(0.16 * (spread - 0.5))
    edge = 1.12 * max(1.0, table["log_ratio"].abs().max()) + 0.5
    ax.set(xscale="log", xlim=(x.min() * 0.85, x.max() * 1.35), ylim=(-edge, edge))
    ax.axhline(0, color=style.INK, linewidth=0.8)
    quiet = ~supported
    ax.plot(x[quiet], table["log_ratio"][quiet], "o", color="#b5b5b5", markersize=3.5, zorder=4)
    for i in np.flatnonzero(supported):
        low, high = max(table["low"].iloc[i], -edge), min(table["high"].iloc[i], edge)
        ax.plot([x.iloc[i]] * 2, [low, high], color=colour, linewidth=1.2, alpha=0.75, zorder=2)
    ax.plot(
        x[supported],
        table["log_ratio"][supported],
        "D",
        color=colour,
        markeredgecolor=style.INK,
        markeredgewidth=0.6,
        markersize=5.5,
        zorder=5,
    )
    ticks = [
        t for t in (5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000) if x.min() * 0.85 <= t <= x.max() * 1.35
    ]
    ax.set_xticks(ticks, [f"{t:,}" for t in ticks])
    ax.minorticks_off()
    ax.set_xlabel("occurrences in both sides together")
    ax.set_ylabel("log ratio (1: twice as often)")
    name = style.document_label(target, documents)
    others = style.document_label(reference, documents) if " + " not in reference else "the others"
    ax.set_title(f"above 0: more in {name}; below: more in {others}")
    inks = [style.INK if s else style.PALE for s in supported[labelled]]
    place_labels(
        ax,
        x[labelled],
        table["log_ratio"][labelled],
        table["term"][labelled],
        colours=inks,
        large=supported[labelled],
        avoid_x=x[labelled | supported],
        avoid_y=table["log_ratio"][labelled | supported],
    )
    return ax


@style.styled
def plot_two_documents(table, documents=None, most_labels=22, ax=None):
    """Draw two documents against each other: the rate of each word in the one and in the other.

    Words on the diagonal are as frequent in both; the scale is logarithmic above, and even below, half a hit per
    1,000 tokens, so that words with no hit on one side are on the axis.

    Parameters
    ----------
    table : DataFrame
        From `terms.keyness`, one document against one.
    documents : DataFrame, optional
        For labels.
    most_labels : int
        Supported words first, then those of largest G².
    ax : Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> from crossread import from_texts
    >>> from crossread.measure import keyness
    >>> texts = {"a": "Ships sail the sea. " * 60, "b": "Men plough the soil. " * 60}
    >>> ax = plot_two_documents(keyness(from_texts(texts), "a", "b"))
    >>> ax.get_xlabel()
    'b: occurrences per 1,000 tokens'
    """
    check_columns(table, (*KEYNESS, "n_tokens", "reference_n_tokens", "reference"), "the keyness table")
    ax = style.figure(width=6.3, height=6.0)[1] if ax is None else ax
    x = 1000 * table["reference_count"] / table["reference_n_tokens"]
    y = 1000 * table["count"] / table["n_tokens"]
    supported = (table["verdict"] == SUPPORTED).to_numpy()
    order = np.lexsort((table["term"].astype(str), -table["g2"].abs(), ~supported))
    labelled = np.zeros(len(table), dtype=bool)
    labelled[order[:most_labels]] = True
    top = 1.5 * max(x.max(), y.max())
    for scale, limits in ((ax.set_xscale, ax.set_xlim), (ax.set_yscale, ax.set_ylim)):
        scale("symlog", linthresh=0.5, linscale=0.35)
        limits(-0.2, top)
    ticks = [t for t in (0, 0.5, 1, 2, 5, 10, 20, 50, 100) if t < top]
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_ticks(ticks, [f"{t:g}" for t in ticks])
        axis.set_ticks([], minor=True)
    line = np.concatenate([[0], np.geomspace(0.01, top, 200)])
    ax.plot(line, line, color=style.INK, linewidth=0.8, zorder=1)
    for factor in (0.5, 2):
        ax.plot(line, line * factor, color=style.PALE, linewidth=0.7, linestyle=(0, (4, 3)), zorder=1)
    target, reference = table["doc_id"].iloc[0], table["reference"].iloc[0]
    colours = style.document_colours([target, reference] if documents is None else documents)
    ax.plot(x[~supported], y[~supported], "o", color="#b5b5b5", markersize=3.5, zorder=4)
    for side, doc_id, marker in ((y > x, target, "D"), (y < x, reference, "s")):
        chosen = supported & side.to_numpy()
        ax.plot(
            x[chosen],
            y[chosen],
            marker,
            color=colours.get(doc_id, style.DOCUMENT_COLOURS[0]),
            markeredgecolor=style.INK,
            markeredgewidth=0.6,
            markersize=6,
            zorder=5,
        )
    ax.set_xlabel(f"{style.document_label(reference, documents)}: occurrences per 1,000 tokens")
    ax.set_ylabel(f"{style.document_label(target, documents)}: occurrences per 1,000 tokens")
    inks = [style.INK if s else "#5a5a5a" for s in supported[labelled]]
    place_labels(ax, x[labelled], y[labelled], table["term"][labelled], colours=inks, large=supported[labelled])
    return ax


def layout(graph, seed=1):
    """Return a place for each node of a graph, its components packed side by side, the same on every run.

    Examples
    --------
    >>> import networkx as nx
    >>> sorted(layout(nx.Graph([("a", "b"), ("c", "d")])))
    ['a', 'b', 'c', 'd']
    """
    import networkx as nx

    boxes = []
    for part in sorted(nx.connected_components(graph), key=lambda part: (-len(part), min(part))):
        nodes = sorted(part)
        own = nx.Graph()
        own.add_nodes_from(nodes)
        edges = (
            (min(a, b), max(a, b), data.get("length", 1.0)) for a, b, data in graph.subgraph(nodes).edges(data=True)
        )
        own.add_weighted_edges_from(sorted(edges), weight="length")
        if len(nodes) <= 2:
            points = np.array([[0.0, 0.75 * i] for i in range(len(nodes))])
        else:
            start = nx.circular_layout(own)
            found = nx.kamada_kawai_layout(own, pos=start, weight="length")
            if len(nodes) > 4:  # loosens crowded places
                found = nx.spring_layout(
                    own, pos=found, k=2.6 / np.sqrt(len(nodes)), iterations=15, weight=None, seed=seed
                )
            points = np.array([found[node] for node in nodes])
            points = (points - points.min(axis=0)) / max(np.ptp(points, axis=0).max(), 1e-9)
            points = points * np.array([2.0, 1.15]) * np.sqrt(len(nodes))
        label = 1.0 + 0.14 * max(len(str(node)) for node in nodes)  # room for names to the right
        boxes.append((nodes, points, np.ptp(points, axis=0) + np.array([label, 0.75])))
    return _packed(boxes)


def _packed(boxes):
    """Put boxes into rows, the largest first, and return the place of each node."""
    width = max(1.3 * np.sqrt(sum(extent[0] * extent[1] for _, _, extent in boxes)), boxes[0][2][0])
    places, left, bottom, tallest = {}, 0.0, 0.0, 0.0
    for nodes, points, extent in boxes:
        if left and left + extent[0] > width:
            left, bottom, tallest = 0.0, bottom - tallest, 0.0
        for node, point in zip(nodes, points, strict=True):
            places[node] = (round(float(left + point[0]), 6), round(float(bottom - extent[1] + point[1]), 6))
        left, tallest = left + extent[0], max(tallest, extent[1])
    return places


def _bare(ax, places):
    """Leave only the drawing: no axes, and room for the labels."""
    points = np.array(list(places.values()))
    low, high = points.min(axis=0), points.max(axis=0)
    room = np.maximum(high - low, 1e-6) * 0.08
    ax.set(xlim=(low[0] - 1.4 * room[0], high[0] + 1.4 * room[0]), ylim=(low[1] - room[1], high[1] + room[1]))
    ax.axis("off")


@style.styled
def plot_fingerprints(table, documents=None, groups=None, ax=None):
    """Draw which of its written forms each document uses, one panel for each group of forms.

    Parameters
    ----------
    table : DataFrame
        From `terms.spelling_fingerprints`.
    documents : DataFrame, optional
        For order and labels.
    groups : sequence of str, optional
        Which groups, in this order.
    ax : sequence of Axes, optional
        One for each group.

    Returns
    -------
    array of Axes

    Examples
    --------
    >>> from crossread import from_texts
    >>> from crossread.measure import spelling_fingerprints
    >>> table = spelling_fingerprints(from_texts({"a": "Defence, not defense."}), {"d": ["defense", "defence"]})
    >>> [panel.get_title("left") for panel in plot_fingerprints(table)]
    ['d']
    """
    check_columns(table, FINGERPRINTS, "the fingerprints")
    ids = style.present_documents(table, documents)
    groups = list(dict.fromkeys(table["group"])) if groups is None else list(groups)
    if ax is None:
        rows = -(-len(groups) // 2)
        drawing, ax = style.figure(
            height=rows * (0.27 * len(ids) + 0.85), rows=rows, columns=min(2, len(groups)), sharey=True, squeeze=False
        )
        for spare in ax.ravel()[len(groups) :]:
            spare.remove()
    panels = np.atleast_1d(ax).ravel()[: len(groups)]
    shades, hatches = ("#3b5998", "#f2b66d", "#d9d9d9", "white"), ("", "////", "....", "")
    for panel, group in zip(panels, groups, strict=True):
        own = table[table["group"] == group]
        forms = list(dict.fromkeys(own["form"]))
        for place, doc_id in enumerate(ids):
            counts = own[own["doc_id"] == doc_id].set_index("form")["count"].reindex(forms)
            total, left = counts.sum(), 0.0
            if not total:
                panel.annotate(
                    "none",
                    (0, place),
                    xytext=(3, 0),
                    textcoords="offset points",
                    va="center",
                    color=style.PALE,
                    fontsize=8,
                )
                continue
            for number, form in enumerate(forms):
                share = counts[form] / total
                if not share:
                    continue
                panel.barh(
                    place,
                    share,
                    left=left,
                    height=0.72,
                    color=shades[number % 4],
                    hatch=hatches[number % 4],
                    edgecolor=style.INK,
                    linewidth=0.6,
                )
                if share > 0.07:
                    panel.text(
                        left + share / 2,
                        place,
                        f"{counts[form]:.0f}",
                        ha="center",
                        va="center",
                        fontsize=8,
                        color="white" if number % 4 == 0 else style.INK,
                        bbox=None
                        if number % 4 in (0, 3)
                        else {"facecolor": shades[number % 4], "edgecolor": "none", "pad": 0.8},
                    )
                left += share
        from matplotlib.patches import Patch

        handles = [
            Patch(facecolor=shades[i % 4], hatch=hatches[i % 4], edgecolor=style.INK, linewidth=0.6, label=form)
            for i, form in enumerate(forms)
        ]
        panel.legend(
            handles=handles,
            loc="upper center",
            bbox_to_anchor=(0.5, -0.02),
            ncols=min(4, len(forms)),
            fontsize=8,
            handlelength=1.2,
            columnspacing=0.9,
            handletextpad=0.4,
            borderaxespad=0.2,
        )
        panel.set_title(group)
        panel.set_xlim(0, 1)
        panel.set_xticks([])
        panel.set_ylim(len(ids) - 0.5, -0.5)
        panel.set_yticks(range(len(ids)), [style.document_label(doc_id, documents) for doc_id in ids])
        panel.tick_params(axis="y", length=0)
        for spine in panel.spines.values():
            spine.set_visible(False)
    return panels
