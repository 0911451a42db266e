"""Charts of themes: rates, places, entries, co-occurrence, validation, corrected shares and verdicts."""

import numpy as np

from crossread.charts import style
from crossread.corpus.tables import check_columns
from crossread.measure.contrasts import NOT_DISTINGUISHABLE, SUPPORTED, THEME_CONTRASTS, TOO_FEW
from crossread.measure.pairs import REST
from crossread.measure.themes import THEME_RATES
from crossread.measure.trends import TRENDS
from crossread.measure.validation import VALIDATION
from crossread.wording import per_cent, spoken

_BY_QUANTITY = {
    "per_1000": ("per_1000", "low", "high", "hits per 1,000 tokens"),
    "share": ("share", "share_low", "share_high", "share of sentences with a hit"),
}


def _title(key):
    return spoken(key)[:1].upper() + spoken(key)[1:]


def _panels(keys, height, columns=3, **options):
    rows = -(-len(keys) // columns)
    drawing, axes = style.figure(height=height * rows + 0.35, rows=rows, columns=min(columns, len(keys)), **options)
    axes = np.atleast_1d(axes).ravel()
    for spare in axes[len(keys) :]:
        spare.remove()
    return axes[: len(keys)]


@style.styled
def plot_theme_rates(table, documents=None, quantity="per_1000", ax=None):
    """Draw each document's rate with its limits, one panel per theme.

    A silent document has a hollow marker and a dashed line up to the rate that its silence still allows.

    Parameters
    ----------
    table : DataFrame
        From `themes.theme_rates`, of documents or groups.
    documents : DataFrame, optional
        `Corpus.documents`, for order, labels and colours.
    quantity : "per_1000" or "share"
        Which of the two measures.
    ax : sequence of Axes, optional
        One per theme.

    Returns
    -------
    array of Axes

    Examples
    --------
    >>> from crossread.measure.themes import _toy, theme_rates
    >>> [panel.get_title("left") for panel in plot_theme_rates(theme_rates(*_toy()))]
    ['Cost']
    """
    table, documents = style.groups_as_documents(table, documents)
    check_columns(table, THEME_RATES, "the theme rates")
    value, low, high, unit = _BY_QUANTITY[quantity]
    keys, ids = list(dict.fromkeys(table["key"])), style.present_documents(table, documents)
    colours, markers = style.document_looks(ids, documents)
    axes = _panels(keys, 0.29 * len(ids) + 0.75, sharey=True) if ax is None else np.atleast_1d(ax)
    for number, (panel, key) in enumerate(zip(axes, keys, strict=True)):
        own = table[table["key"] == key].set_index("doc_id")
        limits = own[high][np.isfinite(own[high])]
        edge = min(1, limits.max() * 1.08) if quantity == "share" else max(limits.max(), own[value].max()) * 1.06
        edge = edge if edge > 0 else 1
        for place, doc in enumerate(ids):
            row = own.loc[doc]
            silent = row["silent"]
            panel.plot(
                [row[low], min(row[high], edge)], [place, place], color=style.PALE if silent else colours[doc],
                linewidth=1.4 if silent else 2.2, linestyle=(0, (3, 2)) if silent else "-", zorder=2,
                solid_capstyle="butt",
            )  # fmt: skip
            panel.plot(
                [row[value]], [place], marker=markers[doc], linestyle="none", markersize=6, zorder=3,
                markerfacecolor="white" if silent else colours[doc], markeredgecolor=style.INK, markeredgewidth=0.7,
            )  # fmt: skip
        panel.set_title(_title(key))
        panel.set_xlim(left=0, right=edge)
        panel.set_ylim(len(ids) - 0.4, -0.6)
        panel.grid(axis="x")
        panel.margins(x=0)
        panel.locator_params(axis="x", nbins=4)
        panel.set_yticks(range(len(ids)), [style.document_label(doc_id, documents) for doc_id in ids])
        panel.tick_params(axis="y", length=0)
        if number == len(keys) // 2 or len(axes) > 3:
            panel.set_xlabel(unit)
        # markers at zero are not to be cut in half by the axis
        for line in panel.lines:
            line.set_clip_on(False)
    return axes


@style.styled
def plot_hit_places(table, documents=None, keys=None, ax=None):
    """Draw every hit as a stroke at its place along its document, one lane per theme.

    Each document fills the width whatever its length, and says how long it is; so a text of 260 words and one
    of 4,800 can be read on the same page.

    Parameters
    ----------
    table : DataFrame
        From `themes.locate_hits`.
    documents : DataFrame, optional
        `Corpus.documents`; documents without any hit get their empty lanes.
    keys : sequence of str, optional
        The themes in their order; those of the table by default.
    ax : Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> from crossread.measure.themes import _toy, locate_hits
    >>> len(plot_hit_places(locate_hits(*_toy())).collections)
    1
    """
    check_columns(table, ("doc_id", "key", "place", "n_tokens"), "the places of hits")
    if keys is None:
        keys = table["key"].cat.categories if hasattr(table["key"], "cat") else dict.fromkeys(table["key"])
    keys = list(keys)
    ids = style.document_order(documents) if documents is not None else list(dict.fromkeys(table["doc_id"]))
    colours = style.theme_colours(keys)
    if ax is None:
        _, ax = style.figure(height=(0.23 * len(keys) + 0.2) * len(ids) + 0.75)
    lane = 1 / (len(keys) + 0.9)
    lengths = table.groupby("doc_id")["n_tokens"].first()
    for row, doc in enumerate(ids):
        for number, key in enumerate(keys):
            places = table.loc[(table["doc_id"] == doc) & (table["key"] == key), "place"]
            middle = row + (number - (len(keys) - 1) / 2) * lane
            ax.plot([0, 1], [middle, middle], color=style.GRID, linewidth=0.6, zorder=1)
            if len(places):
                ax.vlines(places, middle - 0.4 * lane, middle + 0.4 * lane, color=colours[key], linewidth=1.1, zorder=2)
        length = int(lengths[doc]) if doc in lengths else 0
        ax.text(1.015, row, f"{length:,}\ntokens" if length else "no hit", va="center", ha="left", fontsize=8.5)
    for key in keys:
        ax.plot([], [], color=colours[key], linewidth=3, label=spoken(key))
    ax.set_xlim(0, 1)
    ax.set_ylim(len(ids) - 0.45, -0.55)
    ax.set_xticks([0, 0.25, 0.5, 0.75, 1], ["beginning", "¼", "middle", "¾", "end"])
    ax.set_yticks(range(len(ids)), [style.document_label(doc_id, documents) for doc_id in ids])
    ax.tick_params(axis="y", length=0, pad=8)
    ax.spines["left"].set_visible(False)
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=len(keys), handlelength=1.2)
    return ax


@style.styled
def plot_validation(table, ax=None):
    """Draw precision, recall and F1 of each theme with their limits.

    Parameters
    ----------
    table : DataFrame
        From `validation.validate_lexicon`; rows of entries are left out.
    ax : Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> from crossread.measure.themes import _toy
    >>> from crossread.measure.validation import validate_lexicon
    >>> len(plot_validation(validate_lexicon(_toy()[0], None)).texts)
    1
    """
    check_columns(table, VALIDATION, "the validation")
    whole = table[table["entry"] == ""].reset_index(drop=True)
    if ax is None:
        _, ax = style.figure(height=0.75 * len(whole) + 0.9)
    scores = (
        ("precision", "o", style.THEME_COLOURS[3]),
        ("recall", "s", style.THEME_COLOURS[1]),
        ("f1", "D", style.INK),
    )
    for place, row in enumerate(whole.to_dict("records")):
        if not row["n_coded"]:
            ax.text(0.5, place, row["coder"], ha="center", va="center", color=style.PALE)
            continue
        for offset, (score, marker, colour) in zip((-0.24, 0, 0.24), scores, strict=True):
            if row[score] != row[score]:
                continue
            ax.plot([row[f"{score}_low"], row[f"{score}_high"]], [place + offset] * 2, color=colour, linewidth=2.2)
            ax.plot(
                [row[score]], [place + offset], marker=marker, color=colour, markeredgecolor=style.INK, linestyle="none"
            )
            name = {"f1": "F1"}.get(score, score)
            ax.annotate(
                f"{name} {row[score]:.2f}", (1.02, place + offset), xycoords=("axes fraction", "data"),
                va="center", fontsize=8.5,
                color=colour, annotation_clip=False,
            )  # fmt: skip
    ax.set_yticks(range(len(whole)), [spoken(key) for key in whole["key"]])
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(len(whole) - 0.5, -0.5)
    for edge in range(1, len(whole)):
        ax.axhline(edge - 0.5, color=style.GRID, linewidth=0.8)
    ax.set_xlim(0, 1)
    ax.grid(axis="x")
    ax.set_xlabel("score, 0 to 1, with 95 per cent limits")
    return ax


def _signed(value):
    return "0" if abs(value) < 0.5 else f"{value:+.0f}".replace("-", "−")


@style.styled
def plot_verdicts(table, documents=None, ax=None):
    """Draw the verdict on every pair of documents, one matrix per theme; on each against all others, its limits.

    Parameters
    ----------
    table : DataFrame
        From `contrasts.theme_contrasts`, of documents or groups.
    documents : DataFrame, optional
        `Corpus.documents`, for order and labels.
    ax : sequence of Axes, optional
        One per theme.

    Returns
    -------
    array of Axes

    Examples
    --------
    >>> from crossread.measure.contrasts import theme_contrasts
    >>> from crossread.measure.themes import _toy
    >>> [text.get_text() for text in plot_verdicts(theme_contrasts(*_toy()))[0].texts]
    ['+67']
    """
    from matplotlib.patches import Patch, Rectangle

    table, documents = style.groups_as_documents(table, documents)
    check_columns(table, THEME_CONTRASTS, "the contrasts")
    scale, unit = (1, "hits per 1,000 tokens") if "per_1000_a" in table else (100, "per cent of sentences")
    if (table["doc_b"] == REST).all() and len(table):
        return _plot_against_rest(table, documents, scale, unit, ax)
    keys = list(dict.fromkeys(table["key"]))
    present = list(dict.fromkeys([*table["doc_a"], *table["doc_b"]]))
    ids = [doc for doc in style.document_order(documents) if doc in present] if documents is not None else present
    labels = [style.document_label(doc_id, documents) for doc_id in ids]
    if ax is None:
        height = 0.32 * len(ids) + 0.075 * max(map(len, labels)) + 0.9
        _, axes = style.figure(height=height, columns=len(keys), sharey=True)
    else:
        axes = ax
    axes = np.atleast_1d(axes)
    rows, columns = {doc: i for i, doc in enumerate(ids[:-1])}, {doc: i for i, doc in enumerate(ids[1:])}
    looks = {
        "higher": dict(facecolor="#1d4f91"),
        "lower": dict(facecolor="#b8500c"),
        NOT_DISTINGUISHABLE: dict(facecolor="white"),
        TOO_FEW: dict(facecolor="#e9e9e9", hatch="////"),
    }
    for panel, key in zip(axes, keys, strict=True):
        for row in table[table["key"] == key].itertuples():
            a, b, difference = row.doc_a, row.doc_b, row.difference
            if np.isnan(difference):
                difference = 0.0
            if ids.index(a) > ids.index(b):
                a, b, difference = b, a, -difference
            look = row.verdict if row.verdict != SUPPORTED else "higher" if difference > 0 else "lower"
            x, y = columns[b], rows[a]
            panel.add_patch(Rectangle((x - 0.5, y - 0.5), 1, 1, edgecolor=style.PALE, linewidth=0.8, **looks[look]))
            panel.text(
                x, y, _signed(scale * difference), ha="center", va="center", fontsize=8.5,
                color="white" if row.verdict == SUPPORTED else style.INK,
                fontweight="bold" if row.verdict == SUPPORTED else "normal",
                bbox=dict(facecolor="#e9e9e9", edgecolor="none", pad=0.8) if look == TOO_FEW else None,
            )  # fmt: skip
        panel.set_xlim(-0.5, len(columns) - 0.5)
        panel.set_ylim(len(rows) - 0.5, -0.5)
        panel.set_xticks(range(len(columns)), labels[1:], rotation=90)
        panel.set_yticks(range(len(rows)), labels[:-1])
        panel.tick_params(length=0)
        panel.set_title(_title(key))
        panel.set_aspect("equal")
        for spine in panel.spines.values():
            spine.set_visible(False)
    names = (
        ("higher", "row higher than column"), ("lower", "row lower"), (NOT_DISTINGUISHABLE, NOT_DISTINGUISHABLE),
        (TOO_FEW, TOO_FEW),
    )  # fmt: skip
    handles = [Patch(edgecolor=style.PALE, label=name, **looks[look]) for look, name in names]
    axes[0].figure.legend(
        handles=handles,
        loc="outside lower center",
        ncols=4,
        title=f"row less column, {unit}",
        handlelength=1.2,
        columnspacing=1.2,
    )
    return axes


def _plot_against_rest(table, documents, scale, unit, ax):
    """Draw the difference of each document from all others, with its limits, one panel per theme."""
    keys, ids = list(dict.fromkeys(table["key"])), list(dict.fromkeys(table["doc_a"]))
    axes = _panels(keys, 0.16 * len(ids) + 0.9, sharey=True) if ax is None else np.atleast_1d(ax)
    for panel, key in zip(axes, keys, strict=True):
        own = table[table["key"] == key]
        sure = (own["verdict"] == SUPPORTED).to_numpy()
        places = [ids.index(doc) for doc in own["doc_a"]]
        colours = ["#1d4f91" if one else "#b5b5b5" for one in sure]
        style.draw_intervals(panel, scale * own["difference"], scale * own["low"], scale * own["high"], places, colours)
        panel.axvline(0, color=style.INK, linewidth=0.8)
        panel.set_title(_title(key))
        panel.set_ylim(len(ids) - 0.4, -0.6)
        panel.set_yticks(range(len(ids)), [style.document_label(doc, documents) for doc in ids])
        panel.tick_params(axis="y", length=0)
        panel.locator_params(axis="x", nbins=4)
        panel.set_xlabel(unit)
    return axes


@style.styled
def plot_trends(table, ax=None):
    """Draw the change of each theme in ten years, with its limits; the ends of the line stand beside it.

    Parameters
    ----------
    table : DataFrame
        From `trends.theme_trends`.
    ax : Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> import pandas as pd
    >>> row = {"key": "cost", "n_units": 9, "first": 1990, "last": 2020, "fitted_first": 0.1, "fitted_last": 0.4,
    ...        "per_decade": 0.1, "low": 0.05, "high": 0.15, "verdict": "supported"}
    >>> [text.get_text() for text in plot_trends(pd.DataFrame([row])).texts]
    ['10 % (1990) to 40 % (2020)']
    """
    check_columns(table, TRENDS[:9], "the trends")
    known = table[table["per_decade"].notna()]
    ax = style.figure(height=0.4 * max(len(known), 1) + 0.9)[1] if ax is None else ax
    share = len(known) == 0 or known[["fitted_first", "fitted_last"]].max().max() <= 1
    scale, unit = (100, "points of a percentage") if share else (1, "hits per 1,000 tokens")
    colours = ["#1d4f91" if verdict == SUPPORTED else "#b5b5b5" for verdict in known["verdict"]]
    values = [scale * known[name] for name in ("per_decade", "low", "high")]
    style.draw_intervals(ax, *values, range(len(known)), colours)
    ax.axvline(0, color=style.INK, linewidth=0.8)
    for place, row in enumerate(known.itertuples()):
        first, last = (per_cent(end) if share else f"{end:.1f}" for end in (row.fitted_first, row.fitted_last))
        ax.annotate(f"{first} ({row.first:g}) to {last} ({row.last:g})", (1.02, place),
                    xycoords=("axes fraction", "data"), va="center", fontsize=8.5, annotation_clip=False)  # fmt: skip
    ax.set_yticks(range(len(known)), [_title(key) for key in known["key"]])
    ax.set_ylim(len(known) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0)
    ax.set_xlabel(f"change in ten years, {unit}, with 95 per cent limits")
    return ax


@style.styled
def plot_equal_length(table, documents=None, ax=None):
    """Draw each document's rate in samples as long as the shortest one, beside that of the whole, one panel per theme.

    Parameters
    ----------
    table : DataFrame
        From `themes.equal_length_rates`.
    documents : DataFrame, optional
        `Corpus.documents`, for order, labels and colours.
    ax : sequence of Axes, optional
        One per theme.

    Returns
    -------
    array of Axes

    Examples
    --------
    >>> from crossread.measure.themes import _toy, equal_length_rates
    >>> len(plot_equal_length(equal_length_rates(*_toy())))
    1
    """
    check_columns(
        table, ("doc_id", "key", "per_1000", "low", "high", "silent_share", "whole_per_1000"), "the equal-length rates"
    )
    keys, ids = list(dict.fromkeys(table["key"])), style.present_documents(table, documents)
    colours, markers = style.document_looks(ids, documents)
    axes = _panels(keys, 0.32 * len(ids) + 0.75, sharey=True) if ax is None else np.atleast_1d(ax)
    for number, (panel, key) in enumerate(zip(axes, keys, strict=True)):
        own = table[table["key"] == key].set_index("doc_id")
        top = max(own["high"].max(), own["whole_per_1000"].max(), 1.0)
        for place, doc in enumerate(ids):
            row = own.loc[doc]
            panel.plot(
                [row["low"], row["high"]],
                [place, place],
                color=colours[doc],
                linewidth=5,
                alpha=0.45,
                solid_capstyle="butt",
            )
            panel.plot(
                [row["whole_per_1000"]], [place], marker=markers[doc], color=colours[doc], markeredgecolor=style.INK,
                markeredgewidth=0.7, linestyle="none", clip_on=False,
            )  # fmt: skip
            panel.annotate(
                f"{100 * row['silent_share']:.0f}%", (1.04, place), xycoords=("axes fraction", "data"),
                va="center", fontsize=8.5,
                annotation_clip=False,
            )  # fmt: skip
        panel.annotate(
            "silent",
            (1.04, -0.75),
            xycoords=("axes fraction", "data"),
            va="center",
            fontsize=8.5,
            annotation_clip=False,
        )
        panel.set_title(_title(key))
        panel.set_xlim(0, top * 1.08)
        panel.set_ylim(len(ids) - 0.4, -1.1)
        panel.set_yticks(range(len(ids)), [style.document_label(doc_id, documents) for doc_id in ids])
        panel.tick_params(axis="y", length=0)
        panel.grid(axis="x")
        panel.locator_params(axis="x", nbins=4)
        if number == len(keys) // 2:
            panel.set_xlabel("hits per 1,000 tokens")
    return axes
