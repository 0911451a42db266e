"""Charts of words: what a document uses more and less, how often, and in which written form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from crossread.charts import style
from crossread.charts.intervals import Intervals, interval_panels
from crossread.charts.labels import SMALL, TEXT, shorten, text_width, widest, wrap
from crossread.charts.primitives import SUPPORTED, draw_heads, draw_row_label, heads_height, rule
from crossread.charts.style import INK, MARGIN, PALE, WIDTH, Sheet, chart, document_colours, tint
from crossread.wording import Labels, capital, number_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MORE, LESS, ALL = 8, 5, 40  # words used more and less, of each document; of many documents together
FURTHEST = 7.0  # log ratio at the end of the axis at most: 128 times as often


# --- frequencies ----------------------------------------------------------------------------------------------------


@chart("the term frequencies", "doc_id", "term", "count", "per_1000", "low", "high")
def plot_frequencies(
    table: pd.DataFrame, documents: pd.DataFrame | None, labels: Labels, title: str
) -> Axes | np.ndarray:
    """Draw how often each document uses each word, with limits, one panel a word.

    Parameters
    ----------
    table : DataFrame
        doc_id (or group), term, count, n_tokens, per_1000, low, high.

    Examples
    --------
    >>> from crossread import from_texts
    >>> from crossread.measure import term_frequencies
    >>> table = term_frequencies(from_texts({"a": "Allies pay. Allies talk."}), terms=["allies", "pay"])
    >>> [panel.get_title("left") for panel in plot_frequencies(table)]
    ['allies', 'pay']
    """
    ids = style.present_documents(table, documents)
    colours = document_colours(ids if documents is None else documents)
    panels = []
    for term, rates in table.groupby("term", sort=False, observed=True):
        rates = rates.set_index("doc_id").reindex(ids)
        rows = rates.rename(columns={"per_1000": "value"})[["value", "low", "high"]]
        rows = rows.assign(silent=rates["count"] == 0, beside=[f"{n:,.0f}" if n == n else "" for n in rates["count"]])
        panels.append(Intervals(labels.word(term), [colours[one] for one in ids], rows))
    return interval_panels(
        panels, [labels.document(one) for one in ids], title=title, form=_rate_text,
        unit="Occurrences per 1,000 tokens", beside="occurrences", hollow="Hollow: not used.", shared=False,
    )  # fmt: skip


def _rate_text(value: float) -> str:
    return number_text(value, 0 if value >= 2 or value == 0 else 1)


# --- keyness --------------------------------------------------------------------------------------------------------


@chart("the keyness table", "doc_id", "term", "count", "reference_count", "log_ratio", "low", "high", "verdict")
def plot_keyness(table: pd.DataFrame, documents: pd.DataFrame | None, labels: Labels, title: str) -> Axes | np.ndarray:
    """Draw the words that each document uses more, and less, than the others: two-sided bars with limits.

    Of each document those are shown whose limits leave out equal use, the farthest first; the bars are ranked by their
    length. With more than twelve documents the farthest words of all stand in one list.

    Parameters
    ----------
    table : DataFrame
        From `keyness`: doc_id (or group), term, count, reference_count, log_ratio, low, high, verdict.

    Examples
    --------
    >>> from crossread import from_texts
    >>> from crossread.measure import keyness
    >>> texts = {"a": "Ships sail the sea. " * 60, "b": "Men plough the soil. " * 60}
    >>> (ax,) = plot_keyness(keyness(from_texts(texts), "a"))
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['sail', 'sea', 'ships', 'men', 'plough', 'soil']
    """
    ids = style.present_documents(table, documents)
    if not ids:
        return np.array([style.nothing_drawn(title)])
    colours = document_colours(ids if documents is None else documents)
    if len(ids) > style.MOST_NAMED:
        chosen = choose_words(table, ALL, 0).assign(shade=style.MANY)
        chosen["name"] = chosen["term"].map(labels.word) + "  (" + chosen["doc_id"].map(labels.document) + ")"
        shown = [("", chosen)]
    else:
        alone = 2 if len(ids) == 1 else 1
        shown = [
            (labels.document(one), choose_words(table[table["doc_id"] == one], MORE * alone, LESS * alone).assign(
                shade=colours.get(one, style.MANY), name=lambda rows: rows["term"].map(labels.word)))
            for one in ids
        ]  # fmt: skip
    return _draw_bars(shown, title)


def choose_words(table: pd.DataFrame, more: int, less: int) -> pd.DataFrame:
    """Return the words to show: supported ones, then those whose own limits leave out equal use, by their effect.

    Examples
    --------
    >>> rows = pd.DataFrame({"term": ["a", "b", "c"], "log_ratio": [3.0, 1.0, -2.0], "low": [-1, 0.5, -3],
    ...     "high": [5, 2, -1], "verdict": ["not distinguishable", "supported", "supported"]})
    >>> choose_words(rows, 2, 1)["term"].tolist()
    ['b', 'c']
    """
    sides = []
    for side, number in ((1, more), (-1, less)):
        words = table[np.sign(table["log_ratio"]) == side]
        limit = words["low"] if side > 0 else -words["high"]
        order = pd.DataFrame({"sure": words["verdict"] == SUPPORTED, "limit": limit, "term": words["term"].astype(str)})
        order = order[order["sure"] | (order["limit"] > 0)]
        order = order.sort_values(["sure", "limit", "term"], ascending=[False, False, True], kind="stable")
        sides.append(words.loc[order.index[:number]])
    chosen = pd.concat(sides)
    chosen = chosen.assign(written=chosen["term"].astype(str))
    return chosen.sort_values(["log_ratio", "written"], ascending=[False, True], kind="stable").drop(columns="written")


def _draw_bars(shown: Sequence[tuple[str, pd.DataFrame]], title: str) -> np.ndarray:
    per_row = min(len(shown), 3)
    grid = -(-len(shown) // per_row)
    step = 0.172
    rows_of = [max(len(rows) for _, rows in shown[per_row * n : per_row * (n + 1)]) for n in range(grid)]
    tops = np.concatenate([[0], np.cumsum([step * max(n, 2) + 0.78 for n in rows_of])])
    words = min(max(widest(rows["name"], SMALL, "bold") for _, rows in shown) + 0.12, 3.0 if per_row == 1 else 1.1)
    wide = (WIDTH - 2 * MARGIN) / per_row
    sheet = Sheet(
        float(tops[-1]), title=title,
        below="How many times as often as in the others, on a scale of doublings, with 95 per cent limits. "
        "To the right: uses more; to the left: uses less.",
        note="Strong colour: supported when all words are looked at together, so more than chance makes in text of the "
        "same kind. Pale: only the limits of the word by itself leave out equal use.",
    )  # fmt: skip
    reach = min(max([*(rows["log_ratio"].abs().max() for _, rows in shown if len(rows)), 1.0]) + 0.4, FURTHEST)
    less = any((rows["log_ratio"] < 0).any() for _, rows in shown) or all(rows.empty for _, rows in shown)
    least = -reach if less else min(0.0, *(rows["low"].min() for _, rows in shown if len(rows))) - 0.3
    axes = []
    for number, (name, rows) in enumerate(shown):
        row, column = divmod(number, per_row)
        height = step * max(len(rows), 2) + 0.06
        ax = sheet.axes(MARGIN + wide * column + words, tops[row] + 0.3, wide - words - 0.12, height)
        _draw_words(ax, rows, reach, words, least)
        if rows.empty:
            ax.text(0.15, 0, "no word", ha="left", va="center", fontsize=SMALL, color=PALE)
        inches = wide - words - 0.12
        ax.text(-words / inches, 1 + 0.09 / height, shorten(name, wide - 0.1, TEXT, "bold"), weight="bold",
                transform=ax.transAxes, va="bottom")  # fmt: skip
        axes.append(ax)
    return np.array(axes)


def _draw_words(ax, rows: pd.DataFrame, reach: float, room: float, least: float) -> None:
    places = np.arange(len(rows))
    ratio = rows["log_ratio"].clip(-reach, reach)
    sure = rows["verdict"] == SUPPORTED
    shades = [colour if one else tint(colour, 0.4) for colour, one in zip(rows["shade"], sure, strict=True)]
    ax.barh(places, ratio, height=0.74, color=shades, zorder=2)
    ax.hlines(
        places, rows["low"].clip(-reach, reach), rows["high"].clip(-reach, reach), color=INK, linewidth=0.8, zorder=3
    )
    ax.axvline(0, color=INK, linewidth=0.8, zorder=4)
    ax.set(xlim=(max(least, -reach), reach), ylim=(max(len(rows), 2) - 0.4, -0.6))
    ax.set_yticks(places, [shorten(name, room - 0.1, SMALL, "bold") for name in rows["name"]], fontsize=SMALL)
    for label, one in zip(ax.get_yticklabels(), sure, strict=True):
        label.set_color(INK if one else PALE)
        label.set_fontweight("bold" if one else "normal")
    ax.tick_params(axis="y", length=0)
    power = 4 if reach > 4.5 else 2 if reach > 2.2 else 1
    ticks = {-power: f"1/{2**power}", 0: "equal", power: f"{2**power} ×"}
    ax.set_xticks([place for place in ticks if place >= ax.get_xlim()[0]])
    ax.set_xticklabels([ticks[place] for place in ticks if place >= ax.get_xlim()[0]])
    ax.spines["left"].set_visible(False)


# --- written forms --------------------------------------------------------------------------------------------------

FORM_SHADES = (0.92, 0.3, 0.0, 0.6)  # how dark the field of each written form is, in its order


@chart("the written forms", "doc_id", "group", "form", "count", "group_count", "share")
def plot_spelling(table: pd.DataFrame, documents: pd.DataFrame | None, labels: Labels, title: str) -> Axes:
    """Draw which of its written forms each document uses: the words themselves, a shade for each form.

    With more than twelve documents only the form that each uses most; with more than sixty how many use which.

    Parameters
    ----------
    table : DataFrame
        From `spelling_fingerprints`: doc_id, group, form, count, group_count, share.

    Examples
    --------
    >>> from crossread import from_texts
    >>> from crossread.measure import spelling_fingerprints
    >>> corpus = from_texts({"a": "Defence, not defense. Defence."})
    >>> table = spelling_fingerprints(corpus, {"d": ["defense", "defence"]})
    >>> [text.get_text() for text in plot_spelling(table).texts][-2:]
    ['defence 2', 'defense 1']
    """
    ids = style.present_documents(table, documents)
    used = table[table["count"] > 0]
    groups = [group for group in dict.fromkeys(table["group"]) if group in set(used["group"])]
    if not groups:
        return style.nothing_drawn(title)
    shades = {}
    for group in groups:
        forms = list(dict.fromkeys(table.loc[table["group"] == group, "form"]))
        shades |= {(group, form): FORM_SHADES[number % 4] for number, form in enumerate(forms)}
    draw = (
        _forms_by_column
        if len(ids) <= style.MOST_NAMED
        else _forms_by_row
        if len(ids) <= style.MOST_ROWS
        else _forms_counted
    )
    return draw(used, groups, ids, labels, shades, title)


BELOW_FORMS = "Written forms of one thing and how often each document uses them"


def _form_field(canvas, x, y, width, height, text, shade, bold=True):
    """Draw the name of a form on its shade."""
    from matplotlib.patches import Rectangle

    face = tint(style.MANY, shade) if shade else "white"
    canvas.add_patch(Rectangle((x, y - height / 2), width, height, fc=face, ec=tint(style.MANY, 0.5), lw=0.6, zorder=2))
    canvas.text(x + width / 2, y, shorten(text, width - 0.04, SMALL, "bold" if bold else "normal"), fontsize=SMALL,
                ha="center", va="center", color="white" if shade >= 0.55 else INK, weight="bold" if bold else "normal",
                zorder=3)  # fmt: skip


def _forms_by_column(used, groups, ids, labels, shades, title):
    left = min(widest(groups) + 0.3, 2.0)
    column = min((WIDTH - left - MARGIN) / max(len(ids), 1), 1.6)
    names = [labels.document(one) for one in ids]
    head, line = heads_height(names, column), 0.2
    most = {g: int(used[used["group"] == g].groupby("doc_id").size().max()) for g in groups}
    sheet = Sheet(
        head + sum(line * most[g] + 0.14 for g in groups) + 0.05, title=title,
        below=f"{BELOW_FORMS}; the most frequent first.", note="Shade: one for each form of a row. Empty: not named.",
    )  # fmt: skip
    canvas = sheet.canvas()
    draw_heads(canvas, head, [left + column * n for n in range(len(ids))], column, names)
    y = head
    for group in groups:
        rule(canvas, y + 0.02)
        height = line * most[group] + 0.14
        for number, text in enumerate(wrap(capital(group), left - MARGIN - 0.1)):
            canvas.text(MARGIN, y + 0.07 + line * 0.5 + 0.15 * number, text, fontsize=TEXT, va="center")
        for number, doc_id in enumerate(ids):
            counted = used[(used["group"] == group) & (used["doc_id"] == doc_id)]
            counted = counted.sort_values("count", ascending=False, kind="stable")
            for level, row in enumerate(counted.itertuples()):
                at = (left + column * number + 0.03, y + 0.08 + line * (level + 0.5), column - 0.08, line - 0.03)
                _form_field(canvas, *at, f"{row.form} {row.count:.0f}", shades[group, row.form], bold=level == 0)
        y += height
    return canvas


def _first_forms(used, group):
    """Return the form that each document uses most, the first of equals."""
    counted = used[used["group"] == group].sort_values("count", ascending=False, kind="stable")
    return counted.drop_duplicates("doc_id").set_index("doc_id")["form"]


def _forms_by_row(used, groups, ids, labels, shades, title):
    names = [labels.document(one) for one in ids]
    left = min(widest(names, SMALL) + 0.3, 2.2)
    column = min((WIDTH - left - MARGIN) / max(len(groups), 1), 1.3)
    heads = [capital(group) for group in groups]
    head, line = heads_height(heads, column), float(np.clip(10.5 / len(ids), 0.16, 0.22))
    sheet = Sheet(
        head + line * len(ids) + 0.08, title=title, below="The written form that each document uses most.",
        note="Shade: one for each form of a column. Empty: not named.",
    )  # fmt: skip
    canvas = sheet.canvas()
    draw_heads(canvas, head, [left + column * n for n in range(len(groups))], column, heads)
    for number, name in enumerate(names):
        draw_row_label(canvas, head + line * (number + 0.5), name, MARGIN, left - MARGIN - 0.1, fontsize=SMALL)
    for number, group in enumerate(groups):
        for doc_id, form in _first_forms(used, group).items():
            y = head + line * (ids.index(doc_id) + 0.5)
            at = (left + column * number + 0.02, y, column - 0.04, line - 0.02)
            _form_field(canvas, *at, form, shades[group, form], bold=False)
    return canvas


def _forms_counted(used, groups, ids, labels, shades, title):
    left, line = min(widest(groups) + 0.3, 2.2), 0.42
    wide = WIDTH - left - MARGIN - 1.2
    sheet = Sheet(line * len(groups) + 0.1, title=title, below=f"How many of {len(ids)} documents use which form most.")
    canvas = sheet.canvas()
    for number, group in enumerate(groups):
        y, x = line * (number + 0.5), left
        draw_row_label(canvas, y, capital(group), MARGIN, left - MARGIN - 0.1)
        counted = _first_forms(used, group).value_counts(sort=False)
        order = [form for (own, form) in shades if own == group and form in counted.index]
        for form in order:
            width = wide * counted[form] / len(ids)
            name = f"{form} {counted[form]}"
            inside = text_width(name, SMALL, "bold") < width - 0.06
            _form_field(canvas, x, y, width, 0.26, name if inside else "", shades[group, form])
            x += width
        rest = [f"{form} {counted[form]}" for form in order if text_width(f"{form} {counted[form]}", SMALL, "bold")
                >= wide * counted[form] / len(ids) - 0.06]  # fmt: skip
        canvas.text(x + 0.08, y, shorten(", ".join(rest), WIDTH - MARGIN - x - 0.08, SMALL), fontsize=SMALL,
                    va="center", color=PALE)  # fmt: skip
    return canvas
