"""Charts of nearness: similarity matrix, map of words and documents, tree of documents."""

import numpy as np

from crossread.charts import style
from crossread.charts.labels import place_labels
from crossread.corpus.tables import check_columns
from crossread.measure.proximity import CORRESPONDENCE, SIMILAR, SIMILARITY
from crossread.wording import spoken

_NAMES = {
    "cosine": "cosine of counts (1: same shares of words)",
    "cosine_tfidf": "cosine of tf-idf (1: same weighted words)",
    "jensen_shannon": "Jensen-Shannon distance (0: same shares)",
    "delta": "Burrows's Delta (0: same habits)",
}


@style.styled
def plot_similarity(table, documents=None, ax=None):
    """Draw the similarity of each pair of documents as a matrix with its values, limits below them.

    On the diagonal stand two random halves of one document: what to expect where only the passage differs.

    Parameters
    ----------
    table : DataFrame
        From `proximity.similarity`.
    documents : DataFrame, optional
        For labels.
    ax : Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> from crossread import from_texts
    >>> from crossread.measure.proximity import similarity
    >>> ax = plot_similarity(similarity(from_texts({"a": "Allies pay.", "b": "Allies talk."}), draws=50))
    >>> [text.get_text().split()[0] for text in ax.texts]
    ['halves:', '0.50', 'halves:']
    """
    check_columns(table, SIMILARITY, "the similarity table")
    ids = list(dict.fromkeys([*table["doc_a"], *table["doc_b"]]))
    ax = style.figure(height=0.62 * len(ids) + 1.0)[1] if ax is None else ax
    measure = table["measure"].iloc[0]
    values = table.loc[table["doc_a"] != table["doc_b"], "value"]
    low, high = values.min(), values.max()
    for a, b, value, lower, upper in zip(
        *(table[name] for name in ("doc_a", "doc_b", "value", "low", "high")), strict=True
    ):
        x, y = ids.index(a), ids.index(b)
        near = (value - low) / (high - low) if high > low else 0.5
        near = near if measure in SIMILAR else 1 - near
        shade = 0.5 if a == b or value != value else 0.97 - 0.34 * min(max(near, 0), 1)
        face = "white" if a == b else str(round(shade, 3))
        from matplotlib.patches import Rectangle

        ax.add_patch(Rectangle((x - 0.48, y - 0.46), 0.96, 0.92, facecolor=face, edgecolor=style.PALE, linewidth=0.6))
        limits = f"{lower:.2f} to {upper:.2f}" if lower == lower else ""
        top = "halves: –" if value != value else f"halves: {value:.2f}" if a == b else f"{value:.2f}"
        ax.text(
            x,
            y,
            f"{top}\n{limits}".strip(),
            ha="center",
            va="center",
            fontsize=8 if a == b else 8.5,
            linespacing=1.25,
            color=style.INK,
            style="italic" if a == b else "normal",
        )
    ax.set(xlim=(-0.55, len(ids) - 0.45), ylim=(len(ids) - 0.5, -0.5))
    ax.set_xticks(range(len(ids)), [_wrapped(style.document_label(doc_id, documents)) for doc_id in ids])
    ax.set_yticks(range(len(ids)), [style.document_label(doc_id, documents) for doc_id in ids])
    ax.tick_params(length=0)
    for spine in ax.spines.values():
        spine.set_visible(False)
    ax.set_title(f"{_NAMES[measure]}; the darker, the nearer")
    return ax


def _wrapped(text):
    from textwrap import fill

    return fill(text, 12, break_long_words=False)


@style.styled
def plot_correspondence(table, documents=None, most_terms=24, ax=None):
    """Draw the map of a correspondence analysis: documents with regions, the words that make the axes, and themes.

    Parameters
    ----------
    table : DataFrame
        From `proximity.correspondence`.
    documents : DataFrame, optional
        For labels and colours.
    most_terms : int
        Words, those that contribute most to the two axes.
    ax : Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> from crossread import from_texts
    >>> from crossread.measure.proximity import correspondence
    >>> corpus = from_texts({"a": "Ships sail.", "b": "Ships pay.", "c": "Allies pay."})
    >>> ax = plot_correspondence(correspondence(corpus, minimum_count=1, draws=10))
    >>> ax.get_xlabel().startswith("axis 1: 75 %")
    True
    """
    from matplotlib.patches import Ellipse

    check_columns(table, CORRESPONDENCE, "the correspondence table")
    ax = style.figure(height=5.6)[1] if ax is None else ax
    points = table[table["kind"] == "document"]
    words = table[table["kind"] == "term"]
    weight = words["contribution_x"] * words["share_x"] + words["contribution_y"] * words["share_y"]
    words = words.loc[weight.sort_values(ascending=False, kind="stable").index[:most_terms]]
    themes = table[table["kind"] == "supplementary"]
    ids = list(points["name"])
    colours = style.document_colours(ids if documents is None else documents)
    markers = style.document_markers(ids if documents is None else documents)
    # words have coordinates of another scale: one common factor fits them to the documents
    reach = max(np.abs(points[["x", "y"]].to_numpy()).max(), 1e-9)
    spread = max([np.abs(part[["x", "y"]].to_numpy()).max() for part in (words, themes) if len(part)] + [1e-9])
    factor = 1.1 * reach / spread
    for row in points.itertuples():
        if row.region_width == row.region_width:
            ax.add_patch(
                Ellipse(
                    (row.x, row.y),
                    row.region_width,
                    row.region_height,
                    angle=row.region_angle,
                    facecolor=colours[row.name],
                    edgecolor=colours[row.name],
                    alpha=0.22,
                    zorder=1,
                )
            )
        ax.plot(
            row.x, row.y, markers[row.name], color=colours[row.name], markeredgecolor=style.INK, markersize=8, zorder=6
        )
    ax.plot(words["x"] * factor, words["y"] * factor, ".", color=style.PALE, markersize=4, zorder=5)
    ax.plot(themes["x"] * factor, themes["y"] * factor, "*", color=style.INK, markersize=9, zorder=6)
    ax.axhline(0, color=style.GRID, linewidth=0.8, zorder=0)
    ax.axvline(0, color=style.GRID, linewidth=0.8, zorder=0)
    ax.set_aspect("equal", adjustable="datalim")
    ax.margins(0.12)
    ax.autoscale_view()
    share_x, share_y = table["share_x"].iloc[0], table["share_y"].iloc[0]
    ax.set_xlabel(f"axis 1: {100 * share_x:.0f} % of the inertia")
    ax.set_ylabel(f"axis 2: {100 * share_y:.0f} % of the inertia")
    x = [*points["x"], *(themes["x"] * factor), *(words["x"] * factor)]
    y = [*points["y"], *(themes["y"] * factor), *(words["y"] * factor)]
    labels = (
        [style.document_label(n, documents) for n in ids] + [spoken(n) for n in themes["name"]] + list(words["name"])
    )
    inks = [style.INK] * (len(points) + len(themes)) + ["#5a5a5a"] * len(words)
    n_bold = len(points) + len(themes)
    place_labels(ax, x, y, labels, colours=inks, bold=n_bold, large=[i < n_bold for i in range(len(x))])
    return ax
