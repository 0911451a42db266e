"""Charts of the corpus itself: how long its documents are, what was cut, and what the cuts change."""

from __future__ import annotations

import pandas as pd

from crossread.charts.style import INK, document_colours, figure, styled
from crossread.corpus.tables import check_columns

_SHADES = {"body": "#656364", "headings and notes": "#adad7d", "cut": "#ff5e02"}


@styled
def plot_lengths(documents: pd.DataFrame, ax=None):
    """Draw how many tokens each document has, with its share of the corpus.

    Parameters
    ----------
    documents : DataFrame
        The documents of a corpus: index doc_id, label, genre, n_tokens.
    ax : Axes, optional
        Where to draw; by default a new figure.

    Returns
    -------
    Axes

    Examples
    --------
    >>> columns = {"label": ["A", "B"], "genre": ["op-ed", ""], "n_tokens": [300, 100]}
    >>> documents = pd.DataFrame(columns, index=["a", "b"])
    >>> [text.get_text() for text in plot_lengths(documents).texts]
    ['300 tokens, 75 %', '100 tokens, 25 %']
    """
    check_columns(documents, ("label", "genre", "n_tokens"), "the documents")
    if ax is None:
        ax = figure(height=0.8 + 0.42 * len(documents))[1]
    places = range(len(documents))[::-1]
    colours = document_colours(documents)
    ax.barh(places, documents["n_tokens"], color=[colours[d] for d in documents.index], edgecolor=INK, linewidth=0.6)
    total = documents["n_tokens"].sum()
    for place, tokens in zip(places, documents["n_tokens"], strict=True):
        text = f"{tokens:,} tokens, {tokens / total:.0%}".replace("%", " %")
        ax.annotate(text, (tokens, place), xytext=(4, 0), textcoords="offset points", va="center")
    ax.set_yticks(places, [_with_genre(row) for row in documents.itertuples()])
    ax.tick_params(axis="y", length=0)
    ax.set_xlim(0, documents["n_tokens"].max() * 1.25)
    ax.set_xlabel("tokens of the body")
    return ax


def _with_genre(row) -> str:
    return f"{row.label}\n{row.genre}" if isinstance(row.genre, str) and row.genre else str(row.label)


@styled
def plot_account(table: pd.DataFrame, documents: pd.DataFrame, ax=None):
    """Draw the share of each source that is body, headings and notes, or cut.

    Parameters
    ----------
    table : DataFrame
        From `group_account`.
    documents : DataFrame
        For labels and order.
    ax : Axes, optional
        Where to draw; by default a new figure.

    Returns
    -------
    Axes
    """
    check_columns(table, ("doc_id", "held_as", "n_tokens", "share"), "the grouped account")
    if ax is None:
        ax = figure(height=1.3 + 0.36 * len(documents))[1]
    wide = table.pivot(index="doc_id", columns="held_as", values="share").reindex(documents.index)
    places = list(range(len(documents)))[::-1]
    left = pd.Series(0.0, index=documents.index)
    for kind, colour in _SHADES.items():
        hatch = "///" if kind == "cut" else ""
        ax.barh(places, wide[kind], left=left, color=colour, edgecolor="white", hatch=hatch, linewidth=0.6, label=kind)
        for place, start, share in zip(places, left, wide[kind], strict=True):
            if share >= 0.06:
                box = {"facecolor": colour, "edgecolor": "none", "pad": 1.5}
                ink = "white" if kind == "body" else INK
                ax.text(
                    start + share / 2,
                    place,
                    f"{share:.0%}".replace("%", " %"),
                    ha="center",
                    va="center",
                    color=ink,
                    bbox=box,
                )
        left = left + wide[kind]
    ax.set_yticks(places, documents["label"])
    ax.tick_params(axis="y", length=0)
    ax.set_xlim(0, 1)
    ax.set_xlabel("share of the tokens in the source file (0 to 1)")
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3)
    return ax
