"""Charts of claims: the ledger, and the curve of all ways of measuring one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from crossread.charts import style
from crossread.charts.labels import SMALL, TEXT, wrap
from crossread.charts.primitives import NOT_DISTINGUISHABLE, SUPPORTED, rule
from crossread.charts.style import INK, MARGIN, PALE, WIDTH, Sheet, chart, tint
from crossread.corpus.tables import check_columns
from crossread.errors import CrossreadError
from crossread.wording import capital, per_cent, ratio_text

if TYPE_CHECKING:
    from ipywidgets import VBox
    from matplotlib.axes import Axes

BINS = 72  # columns under the curve; a darker cell has more of the option's ways

SPECIFICATIONS = (
    "claim", "specification", "weight", "relative", "relative_low", "relative_high", "agrees", "holds",
)  # fmt: skip
HOLDS, FAILS = "#1d4f91", "#b9b9b9"
CHOICES = {"unit": "unit", "kinds": "sentences", "length": "length", "lexicon": "lexicon"}
DIRECTION_NOTE = (
    "Direction: in how many of 100 ways of measuring the number points the claim’s way. Support: in how many it is "
    "supported as well. Neither is the chance that a claim is true."
)
SIGNS = {SUPPORTED: "✓", "contradicted": "✗", NOT_DISTINGUISHABLE: "?"}  # of any other verdict: –
EXPLORATORY_NOTE = "All claims are exploratory: written after their numbers were seen."
SIGN_NOTES = {
    NOT_DISTINGUISHABLE: "?: some difference could have been told beyond these pages, and this one was not; sure is "
    "what 80 of 100 such texts show.",
    "too few units": "–: measured in the main way, no count in so few passages could have been supported.",
}
LEVELS = (("counted", "Counted"), ("measured", "Measured"))


# --- ledger ---------------------------------------------------------------------------------------------------------


@chart("the ledger", "claim", "text", "verdict")
def plot_ledger(table: pd.DataFrame, title: str) -> Axes:
    """Draw every claim in its full sentence, what was counted and measured, its verdict, direction and support.

    Parameters
    ----------
    table : DataFrame
        From `evaluate_claims`: claim, text, verdict; and where they are known counted and measured (in words),
        direction and support (0 to 1), minimum_ratio, and exploratory (True or False).

    Examples
    --------
    >>> row = {"claim": "x", "text": "A is.", "verdict": "supported", "direction": 0.9, "support": 0.4}
    >>> ledger = pd.DataFrame([row])
    >>> [text.get_text() for text in plot_ledger(ledger).texts][-4:]
    ['90', '40', '✓', 'supported']
    """
    bars = [
        (name, head) for name, head in (("direction", "points that way"), ("support", "is supported")) if name in table
    ]
    left, bar, verdict = 4.1, 0.82, 1.35
    left += (2 - len(bars)) * (bar + 0.35)
    rows = table.to_dict("records")
    all_exploratory = all(row.get("exploratory") is True for row in rows)
    entries = [_entry(row, left - MARGIN - 0.15) for row in rows]
    verdicts = [_verdict_lines(row, verdict - 0.2, all_exploratory) for row in rows]
    heights = [
        max(0.15 * len(lines) + 0.145 * len(details), 0.14 * len(said)) + 0.16
        for (lines, details), said in zip(entries, verdicts, strict=True)
    ]
    sheet = Sheet(
        0.45 + sum(heights) + 0.05, title=title,
        below="Each claim in the way it would be said; under it what is true of these pages; at the right what would "
        "hold beyond them." if any("counted" in row for row in table) else "",
        note=" ".join([*([DIRECTION_NOTE] if bars else []), *([EXPLORATORY_NOTE] if all_exploratory else []),
                       *(note for verdict, note in SIGN_NOTES.items() if verdict in set(table["verdict"]))]),
    )  # fmt: skip
    canvas = sheet.canvas()
    canvas.text(MARGIN, 0.25, "Claim", fontsize=SMALL, color=PALE, va="center")
    for number, (_, head) in enumerate(bars):
        canvas.text(left + (bar + 0.35) * number, 0.25, "\n".join(wrap(head, bar + 0.3, SMALL)), fontsize=SMALL,
                    color=PALE, va="center")  # fmt: skip
    canvas.text(WIDTH - MARGIN - verdict, 0.25, "general", fontsize=SMALL, color=PALE, va="center")
    y = 0.42
    for row, (lines, details), said, height in zip(rows, entries, verdicts, heights, strict=True):
        rule(canvas, y)
        _write_entry(canvas, y + 0.08, lines, details)
        for number, (name, _) in enumerate(bars):
            _draw_bar(canvas, left + (bar + 0.35) * number, y + 0.17, bar, row[name], tint(HOLDS, 1 if number else 0.5))
        _write_verdict(canvas, WIDTH - MARGIN - verdict, y + 0.17, str(row["verdict"]), said)
        y += height
    return canvas


def _entry(row: dict, width: float) -> tuple[list[str], list[tuple[str, str]]]:
    """Return the lines of a claim and those of what was counted and measured, each with its head."""
    lines = wrap(str(row["text"]).rstrip("."), width, TEXT, "bold")
    details = []
    for name, head in LEVELS:
        value = row.get(name)
        if isinstance(value, str) and value.strip():
            details += [
                (head if not n else "", line) for n, line in enumerate(wrap(capital(value), width - 0.72, SMALL))
            ]
    return lines, details


def _write_entry(canvas, y, lines, details):
    for number, line in enumerate(lines):
        canvas.text(MARGIN, y + 0.15 * (number + 0.5), line, fontsize=TEXT, va="center", weight="bold")
    for number, (head, line) in enumerate(details):
        at = y + 0.15 * len(lines) + 0.145 * (number + 0.5) + 0.02
        canvas.text(MARGIN, at, head, fontsize=SMALL, va="center", color=PALE)
        canvas.text(MARGIN + 0.72, at, line, fontsize=SMALL, va="center")


def _draw_bar(canvas, x, y, width, share, colour):
    canvas.barh(y, width, left=x, height=0.13, color=style.BAND)
    if share != share:
        canvas.text(x + width + 0.06, y, "–", fontsize=SMALL, va="center", color=PALE)
        return
    canvas.barh(y, width * share, left=x, height=0.13, color=colour)
    canvas.text(x + width + 0.06, y, f"{100 * share:.0f}", fontsize=SMALL, va="center", weight="bold")


def _verdict_lines(row: dict, width: float, all_exploratory: bool) -> list[str]:
    """Return the verdict in lines, with the ratio that was sure to be seen, and whether the claim is exploratory."""
    verdict, ratio = str(row["verdict"]), row.get("minimum_ratio")
    lines = wrap(verdict, width, SMALL)
    if verdict == NOT_DISTINGUISHABLE and ratio is not None and ratio == ratio:
        lines += wrap(ratio_text(ratio), width, SMALL)
    return lines + (["exploratory"] if row.get("exploratory") is True and not all_exploratory else [])


def _write_verdict(canvas, x, y, verdict, lines):
    colour = HOLDS if verdict == SUPPORTED else PALE
    canvas.text(x, y, SIGNS.get(verdict, "–"), fontsize=TEXT, va="center", color=colour, weight="bold")
    for number, line in enumerate(lines):
        strong = verdict == SUPPORTED and not number
        canvas.text(x + 0.18, y + 0.14 * number, line, fontsize=SMALL, va="center", color=INK if strong else PALE)


# --- curve ----------------------------------------------------------------------------------------------------------


@chart("the specifications", *SPECIFICATIONS)
def plot_curve(table: pd.DataFrame, title: str, statement: str = "") -> np.ndarray:
    """Draw a specification curve: all ways of measuring a claim by their estimate, and below where each choice stands.

    Parameters
    ----------
    table : DataFrame
        From `multiverse`: claim, specification, weight, relative, relative_low, relative_high, agrees, holds, and the
        columns of the choices.
    statement : str
        The claim in words.

    Returns
    -------
    array of Axes
        Upper and lower panel.
    """
    if table.empty:
        raise CrossreadError("There is no way of measuring to draw.")
    ways = group_lexicons(table)
    ways = ways.sort_values(["relative", "specification"], kind="stable").reset_index(drop=True)
    options = options_of(ways)
    left, row = 1.75, 0.19
    sheet = Sheet(
        2.75 + row * len(options) + 0.3, title=title or str(ways["claim"].iloc[0]),
        below=f"{statement} Upwards: the estimate, as a multiple of the theme in all documents; 0 is no difference. A "
        f"line for each of {len(ways):,} ways of measuring: its limits. Families of choices weigh the same.".lstrip(),
        note="Fields: how many of the ways with that choice stand there. At the right: what share of them supports the "
        "claim.",
    )  # fmt: skip
    wide = WIDTH - left - MARGIN - 0.55
    upper = sheet.axes(left, 0.1, wide, 2.45)
    lower = sheet.axes(left, 2.75, wide, row * len(options))
    _draw_estimates(upper, ways)
    _draw_options(lower, ways, options)
    return np.array([upper, lower])


def group_lexicons(table: pd.DataFrame) -> pd.DataFrame:
    """Put the lexicons that leave out one entry under one name.

    Examples
    --------
    >>> group_lexicons(pd.DataFrame({"lexicon": ["all", "without cost*"]}))["lexicon"].tolist()
    ['all', 'one entry left out']
    """
    if "lexicon" not in table:
        return table
    lexicon = table["lexicon"].astype(str)
    return table.assign(lexicon=lexicon.where(~lexicon.str.startswith("without"), "one entry left out"))


def options_of(table: pd.DataFrame) -> list[tuple[str, object]]:
    """Return the choices of a table with their options, those of which there are several.

    Examples
    --------
    >>> options_of(pd.DataFrame({"specification": [1, 2], "kinds": ["body", "all"], "length": "whole"}))
    [('kinds', 'body'), ('kinds', 'all')]
    """
    listed = table.sort_values("specification", kind="stable")
    options = [(choice, option) for choice in CHOICES if choice in table for option in dict.fromkeys(listed[choice])]
    return [pair for pair in options if sum(pair[0] == other for other, _ in options) > 1]


def option_name(choice: str, option: object) -> str:
    """Return what an option is called.

    Examples
    --------
    >>> option_name("unit", "share of 50-token segments"), option_name("kinds", "body")
    ('50-token segments', 'body alone')
    """
    if choice == "unit":
        return str(option).removeprefix("share of ") if str(option).endswith("segments") else str(option)
    return {"body": "body alone", "whole": "whole documents", "equal": "equal length"}.get(str(option), str(option))


def _weighted(ways: pd.DataFrame, name: str) -> float:
    """The share of ways of measuring in which something is so, each with its weight."""
    return float(ways.loc[ways[name], "weight"].sum() / max(ways["weight"].sum(), 1e-12))


def _draw_estimates(ax, ways: pd.DataFrame) -> None:
    n = len(ways)
    limits = ways[["relative_low", "relative_high"]].replace([np.inf, -np.inf], np.nan)
    bottom, top = np.nanquantile(limits.to_numpy(float), [0.02, 0.98]) if limits.notna().any().any() else (-1, 1)
    bottom, top = min(bottom, ways["relative"].min(), 0), max(top, ways["relative"].max(), 0)
    for holds, colour in ((False, FAILS), (True, HOLDS)):
        where = np.flatnonzero(ways["holds"].to_numpy(bool) == holds)
        low = limits["relative_low"].fillna(bottom).clip(bottom, top).to_numpy()[where]
        high = limits["relative_high"].fillna(top).clip(bottom, top).to_numpy()[where]
        ax.vlines(where, low, high, color=colour, linewidth=max(0.3, min(330 / n, 4)), alpha=0.55, zorder=1)
        if len(where):  # named at either end: in the middle of their lines one name can cover the other
            name, at, ha = ("supported", n - 0.5, "right") if holds else ("not supported", -0.5, "left")
            ax.annotate(name, (at, top), xytext=(0, 4), textcoords="offset points", ha=ha, va="bottom",
                        fontsize=SMALL, color=HOLDS if holds else PALE, weight="bold",
                        annotation_clip=False)  # fmt: skip
    ax.plot(range(n), ways["relative"], color=INK, linewidth=1.6, zorder=3)
    ax.axhline(0, color=INK, linewidth=0.8, zorder=2)
    ax.set_xlim(-0.5, n - 0.5)
    ax.set_ylim(bottom - 0.04 * (top - bottom), top + 0.02 * (top - bottom))
    ax.set_xticks([])
    ax.tick_params(axis="y", labelsize=SMALL)
    ax.spines["bottom"].set_visible(False)


def _draw_options(ax, ways: pd.DataFrame, options) -> None:
    n = len(ways)
    edges = np.linspace(0, n, BINS + 1)
    cells = np.zeros((len(options), BINS))
    for row, (choice, option) in enumerate(options):
        chosen = (ways[choice] == option).to_numpy()
        cells[row] = np.histogram(np.flatnonzero(chosen), edges)[0] / np.maximum(np.diff(edges), 1)
        cells[row] /= max(cells[row].max(), 1e-9)
        ax.annotate(per_cent(_weighted(ways[chosen], "holds")), (1, row), xycoords=("axes fraction", "data"),
                    xytext=(6, 0), textcoords="offset points", va="center", fontsize=SMALL,
                    annotation_clip=False)  # fmt: skip
    ax.pcolormesh(edges - 0.5, np.arange(len(options) + 1) - 0.5, cells, cmap="Greys", vmin=0, vmax=1.25)
    ax.set_yticks(range(len(options)), [option_name(*option) for option in options], fontsize=SMALL)
    ax.tick_params(axis="y", length=0)
    for row in range(1, len(options)):
        if options[row][0] != options[row - 1][0]:
            ax.axhline(row - 0.5, color=INK, linewidth=0.8)
    ax.set(ylim=(len(options) - 0.5, -0.5), xlim=(-0.5, n - 0.5))
    ax.set_xticks([])
    ax.set_xlabel("ways of measuring, from the lowest estimate to the highest")
    ax.spines[:].set_visible(False)


# --- switches -------------------------------------------------------------------------------------------------------


def switch_choices(table: pd.DataFrame, statements: Mapping[str, str], claim: str | None = None) -> VBox:
    """Return a widget that switches the choices of the multiverse on and off; curve and count follow.

    Parameters
    ----------
    table : DataFrame
        From `multiverse`, as in `plot_curve`.
    statements : mapping of str to str
        Each claim in words, by its id.
    claim : str, optional
        The id of the claim shown first.

    Returns
    -------
    ipywidgets.VBox
        With the attributes `claim` (Dropdown), `switches` (dict of choice to SelectMultiple), `summary` (HTML)
        and `chart` (Output).
    """
    try:
        import ipywidgets as widgets
    except ImportError:
        raise CrossreadError(
            "Switching choices needs ipywidgets. Install it with `python -m pip install ipywidgets` and start Jupyter "
            "anew; study.curve(CLAIM) shows all ways of measuring without it."
        ) from None

    check_columns(table, SPECIFICATIONS, "the specifications")
    if table.empty:
        raise CrossreadError("There is no specification to switch; run multiverse first.")
    grouped = group_lexicons(table)
    names = list(dict.fromkeys(table["claim"]))
    chosen = widgets.Dropdown(
        options=[(statements[name], name) for name in names], value=claim or names[0], description="claim",
        layout=widgets.Layout(width="56em", max_width="100%"),
    )  # fmt: skip
    switches = {}
    for choice in dict.fromkeys(choice for choice, _ in options_of(grouped)):
        known = list(dict.fromkeys(grouped[choice]))
        switches[choice] = widgets.SelectMultiple(
            options=[(option_name(choice, option), option) for option in known], value=known, rows=max(2, len(known)),
            description=CHOICES[choice], layout=widgets.Layout(width="21em"),
            tooltip=f"{CHOICES[choice]}: hold Ctrl or ⌘ to switch several on or off",
        )  # fmt: skip
    summary, chart = widgets.HTML(), widgets.Output()

    def follow(_=None):
        rows = grouped["claim"] == chosen.value
        for choice, switch in switches.items():
            rows &= grouped[choice].isin(switch.value)
        ways = table[rows]
        summary.value = (
            f"In {per_cent(_weighted(ways, 'agrees'))} of {len(ways):,} ways of measuring the number points as the "
            f"claim says, in {per_cent(_weighted(ways, 'holds'))} it is supported."
            if len(ways)
            else "No way of measuring is left: switch something on."
        )
        chart.outputs = (_curve_output(ways, statements[chosen.value], summary.value),) if len(ways) else ()

    for control in (chosen, *switches.values()):
        control.observe(follow, names="value")
    follow()
    box = widgets.VBox(
        [chosen, widgets.HBox(list(switches.values()), layout=widgets.Layout(flex_flow="row wrap")), summary, chart]
    )
    box.claim, box.switches, box.summary, box.chart = chosen, switches, summary, chart
    return box


def _curve_output(ways: pd.DataFrame, statement: str, summary: str) -> dict:
    import re

    from crossread.charts.figures import show_drawing

    plain = re.sub("<[^<>]*>", "", summary)
    shown = show_drawing(plot_curve(ways, title=statement.rstrip(".")), statement, plain)
    return {
        "output_type": "display_data",
        "data": {"text/html": shown._repr_html_(), "text/plain": f"[Figure: {plain}]"},
        "metadata": {},
    }
