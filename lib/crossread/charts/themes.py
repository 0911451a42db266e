"""Charts of themes: shares with their limits, the verdict on each comparison, and the scores of the lexicon."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from crossread.charts import style
from crossread.charts.intervals import Intervals, interval_panels
from crossread.charts.labels import SMALL, TEXT, widest, wrap
from crossread.charts.primitives import NOT_DISTINGUISHABLE, SUPPORTED, draw_intervals, draw_row_label, rule
from crossread.charts.style import INK, MARGIN, PALE, WIDTH, Sheet, chart, theme_colours
from crossread.charts.years import draw_trend, years_of
from crossread.measure.headline import TOUCHED, misses_what_is_touched
from crossread.wording import Labels, capital, join_names, per_cent

if TYPE_CHECKING:
    from matplotlib.axes import Axes

REST = "all others"  # what a document is compared with where not every pair is
COMPARED = ("key", "doc_a", "doc_b", "share_a", "share_b", "sentences_a", "n_a", "verdict", "minimum_ratio")


@chart("the theme rates", "doc_id", "key", "share", "share_low", "share_high")
def plot_theme_rates(
    table: pd.DataFrame, documents: pd.DataFrame | None, labels: Labels, title: str
) -> Axes | np.ndarray:
    """Draw each document's share of sentences, or rate, with its limits, one panel a theme; over years as a line.

    A silent document has a hollow point and a dotted line up to what its silence still allows. Groups that are years or
    decades stand along an axis of years.

    Parameters
    ----------
    table : DataFrame
        From `theme_rates`, of documents or groups. Where it has the columns measured, measured_low and measured_high,
        what coders mark stands beside what was counted.

    Examples
    --------
    >>> from crossread.measure.themes import _toy, theme_rates
    >>> [panel.get_title("left") for panel in plot_theme_rates(theme_rates(*_toy()))]
    ['Cost']
    """
    if documents is None and years_of(table["doc_id"]):
        return draw_trend(table.rename(columns={"doc_id": "group"}), labels, title)
    ids, keys = style.present_documents(table, documents), list(dict.fromkeys(table["key"].astype(str)))
    colours = theme_colours(keys, labels)
    panels = []
    for key in keys:
        rates = table[table["key"] == key].set_index("doc_id").reindex(ids)
        rows = pd.DataFrame({"value": rates["share"], "low": rates["share_low"], "high": rates["share_high"]})
        rows["silent"] = rates["sentences_with_hit"] == 0
        rows["beside"] = _counts(rates["sentences_with_hit"], rates["n_sentences"])
        if "measured" in rates and rates["measured"].notna().any():
            names = {f"measured{end}": f"marked{end}" for end in ("", "_low", "_high")}
            rows = rows.join(rates[list(names)].rename(columns=names))
        panels.append(Intervals(capital(labels.theme(key)), colours[key], rows))
    marked = any("marked" in panel.rows for panel in panels) and len(ids) <= style.MOST_NAMED
    return interval_panels(
        panels, [labels.document(one) for one in ids], title=title,
        unit="Share of sentences", beside="sentences with a hit, of all",
        hollow="Hollow: silent; the dotted line reaches what the silence still allows.",
        note="Diamond: what coders mark in these same pages." if marked else "",
    )  # fmt: skip


def _counts(number, total) -> list[str]:
    return [f"{n:,.0f} of {of:,.0f}" if n == n else "" for n, of in zip(number, total, strict=True)]


@chart("the contrasts", *COMPARED)
def plot_verdicts(
    table: pd.DataFrame, documents: pd.DataFrame | None, labels: Labels, title: str, rates: pd.DataFrame | None = None
) -> Axes | np.ndarray:
    """Draw each document's share of sentences with its limits, theme by theme, and the verdict on every comparison.

    Beside the shares stands a field for each pair: filled where the difference is supported, with an arrow that says
    whether the row's document has more; else the smallest ratio that was sure to be seen. Where each document is
    compared with all others, those that differ are in strong colour.

    Parameters
    ----------
    table : DataFrame
        From `theme_contrasts`, of documents or groups: key, doc_a, doc_b, share_a, share_b, sentences_a, n_a,
        sentences_b, n_b, verdict, minimum_ratio.
    rates : DataFrame, optional
        From `theme_rates`: doc_id, key, share_low, share_high; the limits of the shares.

    Returns
    -------
    Axes, or array of Axes
        Of each theme; of documents compared in pairs one, whose unit is the inch.
    """
    if table.empty:
        return style.nothing_drawn(title)
    limits = _limits_of(rates)
    if (table["doc_b"] == REST).all():
        return _draw_against_rest(table, documents, labels, title, limits)
    return _draw_pairs(table, documents, labels, title, limits)


def _limits_of(rates) -> dict:
    if rates is None:
        return {}
    rates, _ = style.groups_as_documents(rates)
    return {(row.key, row.doc_id): (row.share_low, row.share_high) for row in rates.itertuples()}


def _shares_compared(table: pd.DataFrame) -> pd.DataFrame:
    """Return the share of each document on each theme as the comparisons have it."""
    sides = [
        table[["key", f"doc_{side}", f"sentences_{side}", f"n_{side}", f"share_{side}"]].set_axis(
            ["key", "doc_id", "sentences", "n", "share"], axis=1
        )
        for side in "ab"
    ]
    return pd.concat(sides, ignore_index=True).drop_duplicates(["key", "doc_id"])


def _draw_against_rest(table, documents, labels, title, limits):
    keys = list(dict.fromkeys(table["key"].astype(str)))
    named = table.rename(columns={"doc_a": "doc_id"})
    ids, colours = style.present_documents(named, documents), theme_colours(keys, labels)
    panels = []
    for key in keys:
        verdicts = named[named["key"] == key].set_index("doc_id").reindex(ids)
        known = [limits.get((key, doc), (np.nan, np.nan)) for doc in ids]
        rows = pd.DataFrame(
            {"value": verdicts["share_a"], "low": [low for low, _ in known], "high": [high for _, high in known]}
        )
        rows = rows.assign(silent=verdicts["sentences_a"] == 0, strong=verdicts["verdict"] == SUPPORTED)
        rows["beside"] = _counts(verdicts["sentences_a"], verdicts["n_a"])
        panels.append(Intervals(capital(labels.theme(key)), colours[key], rows))
    return interval_panels(
        panels, [labels.document(one) for one in ids], title=title,
        unit="Share of sentences", beside="sentences with a hit, of all",
        note="Strong colour: differs from all others together (supported). Pale: not distinguishable, or too few "
        f"units.{_of_hits(table)}",
    )  # fmt: skip


def _of_ratios(table: pd.DataFrame) -> str:
    """Say what stands in a field where documents are not distinguishable: a number in one or more, or in none."""
    open_rows = table.loc[table["verdict"] == NOT_DISTINGUISHABLE, "minimum_ratio"].astype(float)
    if len(open_rows) and np.isinf(open_rows).all():
        return "–: not distinguishable; no ratio can be named that was sure to be seen, in 80 of 100 such texts."
    return (
        "A number: not distinguishable; the smallest ratio of the two "
        f"{'rates' if 'per_1000_a' in table else 'shares'} that was sure to be seen, in 80 of 100 such texts "
        "(–: none can be named)."
    )


def _of_hits(table: pd.DataFrame) -> str:
    """Say where the verdicts are not on the shares that are drawn."""
    return " The verdicts are on hits per 1,000 tokens." if "per_1000_a" in table else ""


def _draw_pairs(table, documents, labels, title, limits):
    shares = _shares_compared(table)
    keys = list(dict.fromkeys(table["key"].astype(str)))
    ids, colours = style.present_documents(shares, documents), theme_colours(keys, labels)
    names = [labels.document(one) for one in ids]
    step, field = 0.2, 0.4
    left = min(widest(names) + 0.55, 2.5)
    pairs = field * (len(ids) - 1)
    wide = WIDTH - left - pairs - MARGIN - 0.95
    start, first = left, WIDTH - MARGIN - pairs
    block = step * len(ids) + 0.38
    canvas = Sheet(
        block * len(keys) + 0.3, title=title,
        below="Share of sentences with 95 per cent limits; beside it the sentences with a hit, of all. Fields: the "
        "verdict on each pair, the row against the number above.",
        note=f"▲ ▼ on colour: supported, the row has more, or less. {_of_ratios(table)} Few: too few units, the "
        f"passages are too few for any verdict. Hollow: silent.{_of_hits(table)}",
    ).canvas()  # fmt: skip
    known = {(row.key, row.doc_id): row for row in shares.itertuples()}
    most = max(shares["share"].max(), 1e-9)
    reach = max((limits.get(key, (0, 0))[1] for key in known), default=0)
    edge = next(part for part in (0.02, 0.05, 0.1, 0.2, 0.4, 1.0) if part >= min(max(most, reach), 3 * most, 1))
    verdicts = _verdict_of_pairs(table)
    y = 0.06
    for key in keys:
        rule(canvas, y, color=colours[key], linewidth=1.6)
        canvas.text(MARGIN, y + 0.17, capital(labels.theme(key)), fontsize=TEXT + 1, weight="bold", va="center",
                    color=colours[key])  # fmt: skip
        for column in range(len(ids) - 1):
            canvas.text(first + field * (column + 0.5), y + 0.2, column + 1, fontsize=SMALL, ha="center", va="center",
                        color=PALE)  # fmt: skip
        for number, doc in enumerate(ids):
            row_y = y + 0.3 + step * (number + 0.5)
            canvas.text(MARGIN + 0.1, row_y, number + 1, fontsize=SMALL, va="center", ha="center", color=PALE)
            draw_row_label(canvas, row_y, names[number], MARGIN + 0.24, left - MARGIN - 0.34)
            _draw_share(canvas, known[key, doc], limits.get((key, doc)), row_y, start, wide / edge, edge, colours[key])
            for column, other in enumerate(ids[:number]):
                at = (first + field * (column + 0.5), row_y, field, step)
                _draw_verdict(canvas, at, verdicts.get((key, doc, other)), colours[key])
        y += block
    _draw_scale(canvas, y - 0.02, start, wide, edge)
    return canvas


def _verdict_of_pairs(table) -> dict:
    """Return for each theme and pair, in both orders, the verdict, whether the first has more, and the ratio."""
    verdicts = {}
    for row in table.itertuples():
        more = row.share_a > row.share_b
        verdicts[row.key, row.doc_a, row.doc_b] = (row.verdict, more, row.minimum_ratio)
        verdicts[row.key, row.doc_b, row.doc_a] = (row.verdict, not more, row.minimum_ratio)
    return verdicts


def _draw_share(canvas, row, limits, y, start, unit, edge, colour):
    canvas.plot([start, start + unit * edge], [y, y], color=style.GRID, linewidth=0.5, zorder=0)
    if row.share == row.share:
        ends = (row.share, row.share) if limits is None else limits
        low, high = (start + unit * min(end, edge) for end in ends)
        draw_intervals(canvas, [start + unit * row.share], [low], [high], [y], [colour], silent=[row.sentences == 0])
    canvas.text(start + unit * edge + 0.1, y, f"{row.sentences:,.0f} of {row.n:,.0f}", fontsize=SMALL, va="center",
                color=INK if row.sentences else PALE)  # fmt: skip


def _draw_verdict(canvas, at, verdict, colour):
    from matplotlib.patches import Rectangle

    x, y, width, height = at
    if verdict is None:
        return
    name, more, ratio = verdict
    if name == SUPPORTED:
        canvas.add_patch(
            Rectangle((x - width / 2 + 0.02, y - height / 2 + 0.015), width - 0.04, height - 0.03, fc=colour)
        )
        canvas.text(x, y, "▲" if more else "▼", fontsize=SMALL, ha="center", va="center", color="white")
    elif name == NOT_DISTINGUISHABLE and np.isfinite(ratio):
        text = f"{ratio:.1f}" if ratio < 9.95 else f"{ratio:.0f}" if ratio < 99.5 else "> 99"
        canvas.text(x, y, text, fontsize=SMALL, ha="center", va="center", color=PALE)
    else:
        canvas.text(
            x, y, "–" if name == NOT_DISTINGUISHABLE else "few", fontsize=SMALL, ha="center", va="center", color=PALE
        )


def _draw_scale(canvas, y, start, wide, edge):
    canvas.plot([start, start + wide], [y, y], color=PALE, linewidth=0.8)
    for part in (0, 0.5, 1):
        canvas.plot([start + wide * part] * 2, [y, y + 0.04], color=PALE, linewidth=0.8)
        canvas.text(start + wide * part, y + 0.13, per_cent(edge * part), fontsize=SMALL, ha="center", va="center")


# --- scores ---------------------------------------------------------------------------------------------------------

SCORES = (("precision", "Precision"), ("recall", "Recall"), ("f1", "F1"))
SCORED = [f"{score}{end}" for score, _ in SCORES for end in ("", "_low", "_high")]
ASKS = {
    "precision": "of what it counts, how much did coders mark?",
    "recall": "of what coders marked, how much does it count?",
    "f1": "both in one number",
}


def _blind_note(scores: pd.DataFrame) -> str:
    """Say what the hollow diamonds are: scores on sentences that the authors of the lexicon had not seen."""
    known = scores.dropna(subset="blind_f1") if "blind_f1" in scores else scores.head(0)
    if known.empty:
        return ""
    of, coders, changed = *known.iloc[0][["blind_texts", "blind_coders"]], known["lexicon_changed"].any()
    told = (
        f"Diamond: on {int(known['blind_n'].iloc[0]):,} sentences that the authors of the lexicon had not seen ({of}; "
        f"coded by {coders})"
    )
    told = f"{told}; it has changed since." if changed else f"{told}."
    return f"{told} {TOUCHED}." if misses_what_is_touched(known) else told


@chart("the scores", "key", *SCORED, "n_coded", "coder")
def plot_scores(table: pd.DataFrame, labels: Labels, title: str) -> np.ndarray:
    """Draw precision, recall and F1 of the lexicon with their limits, by theme and, where there are several, by rule.

    Parameters
    ----------
    table : DataFrame
        From `validate_lexicon`: key, precision, recall, f1, each with _low and _high, n_coded, coder; and rule (which
        codes count as marked), where there are several. Rows of entries are left out.

    Returns
    -------
    array of Axes
        Of precision, recall and F1.
    """
    whole = table[table["entry"] == ""] if "entry" in table else table
    whole = whole.reset_index(drop=True)
    keys = list(dict.fromkeys(whole["key"].astype(str)))
    colours = theme_colours(keys, labels)
    ruled = "rule" in whole and whole["rule"].nunique() > 1
    heads = [capital(labels.theme(key)) for key in whole["key"]]
    rules = whole["rule"].astype(str).tolist() if ruled else [""] * len(whole)
    first = [n == 0 or heads[n] != heads[n - 1] for n in range(len(whole))]
    places = np.cumsum([0.35 if new and n else 0 for n, new in enumerate(first)]) + np.arange(len(whole))
    left = min(widest(heads, TEXT, "bold") + 0.3 + (widest(rules, SMALL) + 0.1 if ruled else 0), 3.4)
    wide, tall = (WIDTH - left - MARGIN) / 3, 0.27 * (places[-1] + 1 if len(places) else 1) + 0.1
    coders = list(dict.fromkeys(whole.loc[whole["n_coded"] > 0, "coder"]))
    sheet = Sheet(
        tall + 1.0, title=title, below="Scores of the lexicon on coded sentences, 0 to 1, with 95 per cent limits.",
        note=" ".join(filter(None, [f"{int(whole['n_coded'].max()):,} sentences, coded by {join_names(coders)}."
                                    if coders else "Nobody has coded these texts.", _blind_note(whole)])),
    )  # fmt: skip
    axes = []
    for number, (score, name) in enumerate(SCORES):
        ax = sheet.axes(left + wide * number, 0.62, wide - 0.5, tall)
        asked = "\n".join(wrap(ASKS[score], wide - 0.2, SMALL))
        ax.text(0, 1.0 + 0.38 / tall, asked, transform=ax.transAxes, fontsize=SMALL, color=PALE, va="top")
        ax.text(0, 1.0 + 0.42 / tall, name, transform=ax.transAxes, fontsize=TEXT + 1, weight="bold", va="bottom")
        coded = whole["n_coded"] > 0
        draw_intervals(ax, whole[score].where(coded), whole[f"{score}_low"], whole[f"{score}_high"], places,
                       [colours[key] for key in whole["key"]])  # fmt: skip
        for place, value in zip(places, whole[score].where(coded), strict=True):
            text = "–" if value != value else f"{value:.2f}".lstrip("0") if value < 1 else "1"
            ax.annotate(text, (1, place), xycoords=("axes fraction", "data"), xytext=(8, 0), va="center",
                        textcoords="offset points", fontsize=TEXT, weight="bold", annotation_clip=False)  # fmt: skip
        if f"blind_{score}" in whole:
            ax.scatter(whole[f"blind_{score}"], places, s=30, marker="D", c="white", zorder=4, clip_on=False,
                       edgecolor=[colours[key] for key in whole["key"]], linewidth=1.0)  # fmt: skip
        ax.hlines(places, 0, 1, color=style.GRID, linewidth=0.5, zorder=0)
        ax.set(xlim=(0, 1), ylim=(places[-1] + 0.6, -0.6))
        ax.set_xticks([0, 0.5, 1], ["0", ".5", "1"])
        ax.set_yticks([])
        ax.spines["left"].set_visible(False)
        axes.append(ax)
    for place, head, told, new in zip(places, heads, rules, first, strict=True):
        x = -(left - MARGIN) / (wide - 0.5)
        if new:
            axes[0].text(x, place, head, va="center", weight="bold", color=colours[whole["key"][heads.index(head)]])
        axes[0].text(-0.12 / (wide - 0.5), place, told, va="center", ha="right", fontsize=SMALL)
    return np.array(axes)
