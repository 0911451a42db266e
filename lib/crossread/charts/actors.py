"""Charts of actors: the network of those named together, and how many sentences name what in each document."""

import numpy as np

from crossread.charts import style
from crossread.charts.labels import place_labels
from crossread.charts.terms import _bare, layout
from crossread.corpus.tables import check_columns
from crossread.measure.actors import COMENTIONS
from crossread.wording import spoken_name


def network_places(table, seed=1) -> dict:
    """Return a fixed place for each actor of a table of co-mentions, to be used by all panels that draw it.

    Examples
    --------
    >>> from crossread.measure.actors import _toy, comentions
    >>> sorted(network_places(comentions(*_toy(), minimum_mentions=1)))
    ['china', 'japan']
    """
    import networkx as nx

    graph = nx.Graph()
    for a, b, explained in zip(table["actor_a"], table["actor_b"], table["explained"], strict=True):
        graph.add_edge(a, b, length=1.7 if explained else 1.0)
    return layout(graph, seed)


@style.styled
def plot_comentions(table, places=None, seed=1, labels=True, title="", ax=None):
    """Draw actors as points and their common sentences as lines, grey and thin where chance explains them.

    Parameters
    ----------
    table : DataFrame
        From `actors.comentions`, with the ties to draw. The thicker a line, the more common sentences.
    places : dict, optional
        From `network_places`, so that several panels agree.
    seed : int
        Of the layout, if no places are given.
    labels : bool
        Whether to write the names of all actors, or only of those that have a tie here that chance does not explain.
    title : str
        Above the panel.
    ax : Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> from crossread.measure.actors import _toy, comentions
    >>> ax = plot_comentions(comentions(*_toy(), minimum_mentions=1))
    >>> sorted(text.get_text() for text in ax.texts)
    ['China', 'Japan']
    """
    check_columns(table, (*COMENTIONS, "explained", "sentences_a", "sentences_b"), "the co-mentions")
    places = network_places(table, seed) if places is None else places
    ax = style.figure(height=5.4)[1] if ax is None else ax
    size = {}
    for a, b, n_a, n_b in zip(
        *(table[name] for name in ("actor_a", "actor_b", "sentences_a", "sentences_b")), strict=True
    ):
        size[a], size[b] = n_a, n_b
    tied = set()
    for row in table.sort_values("explained", ascending=False, kind="stable").itertuples():
        if not row.explained:
            tied |= {row.actor_a, row.actor_b}
        ax.plot(
            *zip(places[row.actor_a], places[row.actor_b], strict=True),
            zorder=1 if row.explained else 2,
            color="#cfcfcf" if row.explained else "#2f5fb3",
            linewidth=0.7 if row.explained else 0.9 + 0.45 * row.sentences,
            linestyle=(0, (3, 2)) if row.explained else "-",
            solid_capstyle="round",
        )
    nodes = [node for node in sorted(places) if node in size]
    largest = max(size.values(), default=1)
    ax.scatter(
        [places[n][0] for n in nodes],
        [places[n][1] for n in nodes],
        s=[18 + 170 * np.sqrt(size[n] / largest) for n in nodes],
        color=["#f89c20" if n in tied else "white" for n in nodes],
        edgecolor=style.INK,
        linewidth=0.7,
        zorder=3,
    )
    _bare(ax, {node: places[node] for node in nodes})
    ax.set_title(title)
    named = nodes if labels is True else [n for n in nodes if n in tied]
    place_labels(
        ax,
        [places[n][0] for n in named],
        [places[n][1] for n in named],
        [spoken_name(n) for n in named],
        size=8.5,
        lines=False,
        avoid_x=[places[n][0] for n in nodes],
        avoid_y=[places[n][1] for n in nodes],
    )
    return ax


@style.styled
def plot_mentions(table, documents=None, ax=None):
    """Draw in how many sentences each document names each key, as a matrix of discs with their numbers.

    The area of a disc is the share of the document's sentences. A key that no document names keeps its row.

    Parameters
    ----------
    table : DataFrame
        From `actors.mentions`.
    documents : DataFrame, optional
        For labels.
    ax : Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> from crossread.measure.actors import _toy, mentions
    >>> ax = plot_mentions(mentions(*_toy()))
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['China', 'Japan', 'Peru (nowhere)']
    """
    check_columns(table, ("doc_id", "key", "count", "sentences", "n_sentences"), "the mentions")
    keys, ids = list(dict.fromkeys(table["key"])), list(dict.fromkeys(table["doc_id"]))
    colours = style.document_colours(ids if documents is None else documents)
    ax = style.figure(height=0.29 * len(keys) + 0.9)[1] if ax is None else ax
    share = table["sentences"] / table["n_sentences"]
    largest = max(share.max(), 1e-9)
    for key, doc_id, sentences, part in zip(table["key"], table["doc_id"], table["sentences"], share, strict=True):
        x, y = ids.index(doc_id), keys.index(key)
        if not sentences:
            ax.plot(x, y, ".", color=style.GRID, markersize=4)
            continue
        ax.scatter(x, y, s=380 * part / largest, color=colours[doc_id], edgecolor=style.INK, linewidth=0.6, zorder=2)
        ax.annotate(
            f"{sentences:.0f}",
            (x, y),
            xytext=(3 + np.sqrt(380 * part / largest) / 2, 0),
            textcoords="offset points",
            va="center",
            fontsize=8.5,
        )
    total = table.groupby("key")["sentences"].sum()
    ax.set_yticks(range(len(keys)), [spoken_name(key) + ("" if total[key] else " (nowhere)") for key in keys])
    from crossread.charts.proximity import _wrapped

    ax.set_xticks(range(len(ids)), [_wrapped(style.document_label(doc_id, documents)) for doc_id in ids])
    ax.xaxis.tick_top()
    ax.set(xlim=(-0.5, len(ids) - 0.35), ylim=(len(keys) - 0.4, -0.6))
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    ax.grid(axis="y", zorder=0)
    return ax
