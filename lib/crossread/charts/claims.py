"""Charts of claims: the ledger, the specification curve, and what a claim hangs on."""

import numpy as np

from crossread.charts import style
from crossread.corpus.tables import check_columns
from crossread.errors import CrossreadError
from crossread.measure.claims import CLAIMS, SPECIFICATIONS, _find_claim
from crossread.measure.contrasts import NOT_DISTINGUISHABLE, SUPPORTED, TOO_FEW

HOLDS, FAILS = "#1d4f91", "#b9b9b9"
_CHOICE_NAMES = {"kinds": "sentences", "lexicon": "lexicon", "unit": "unit", "length": "length"}


def _group_lexicons(column):
    return column.where(~column.str.startswith("without"), "one entry left out")


def _option_name(choice, option):
    return {
        "body": "body alone",
        "whole": "whole documents",
        "equal": "equal length",
    }.get(str(option), str(option))


@style.styled
def plot_ledger(table, ax=None):
    """Draw every claim's robustness: in what share of the ways of measuring it holds, with its verdict.

    Parameters
    ----------
    table : DataFrame
        From `claims.evaluate_claims`, with robustness.
    ax : Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> import pandas as pd
    >>> row = ("x", "A is.", "cost.per_1000", 5.0, 1.0, 9.0, "supported", 0.9, 200, "")
    >>> ledger = pd.DataFrame([row], columns=CLAIMS)
    >>> plot_ledger(ledger).get_yticklabels()[0].get_text()
    'x'
    """
    check_columns(table, CLAIMS, "the ledger")
    if ax is None:
        _, ax = style.figure(height=0.34 * len(table) + 0.85)
    looks = {SUPPORTED: (HOLDS, ""), NOT_DISTINGUISHABLE: ("white", ""), TOO_FEW: ("#e9e9e9", "////")}
    for place, row in enumerate(table.itertuples()):
        colour, hatch = looks.get(row.verdict, ("#b8500c", ""))
        ax.barh(place, 1, color="#f4f4f4", height=0.62, zorder=0)
        ax.barh(place, row.robustness, color=HOLDS, height=0.62, zorder=2)
        ax.scatter(
            [1.04], [place], marker="s", s=70, facecolor=colour, edgecolor=style.PALE, hatch=hatch, clip_on=False
        )
        ax.annotate(row.verdict, (1.085, place), xycoords="data", va="center", fontsize=8.5, annotation_clip=False)
        inside = row.robustness > 0.12
        ax.annotate(
            f"{100 * row.robustness:.0f}", (row.robustness, place),
            xytext=(-4 if inside else 4, 0), textcoords="offset points",
            va="center", ha="right" if inside else "left", color="white" if inside else style.INK,
            fontsize=8.5, zorder=3,
        )  # fmt: skip
    ax.set_yticks(range(len(table)), list(table["claim"]))
    ax.tick_params(axis="y", length=0)
    ax.set_xlim(0, 1)
    ax.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0", "25", "50", "75", "100"])
    ax.set_ylim(len(table) - 0.4, -0.6)
    ax.set_xlabel("holds in so many of 100 ways of measuring")
    ax.spines["left"].set_visible(False)
    return ax


@style.styled
def plot_specification_curve(table, claim, bins=60, ax=None):
    """Draw every way of measuring a claim, sorted by its estimate, and below where in that order each choice stands.

    Parameters
    ----------
    table : DataFrame
        From `claims.multiverse`.
    claim : str
        Id of the claim.
    bins : int
        Columns of the lower panel; a darker cell has more of the option's specifications.
    ax : pair of Axes, optional
        Upper and lower panel.

    Returns
    -------
    array of Axes

    Raises
    ------
    CrossreadError
        "There is no claim “…” here (there are …)."

    Examples
    --------
    >>> from crossread.measure.claims import Claim, multiverse
    >>> from crossread.measure.themes import _toy
    >>> claims = [Claim("cost-a", "{a} says more of cost than {b}", "cost", "per_1000", ("a", "b"), "higher")]
    >>> len(plot_specification_curve(multiverse(claims, *_toy()), "cost-a"))
    2
    """
    check_columns(table, SPECIFICATIONS, "the specifications")
    _find_claim(table, claim)
    own = table[table["claim"] == claim].assign(lexicon=lambda rows: _group_lexicons(rows["lexicon"]))
    own = own.sort_values(["relative", "specification"], kind="stable").reset_index(drop=True)
    listed = own.sort_values("specification", kind="stable")
    options = [(choice, option) for choice in _CHOICE_NAMES for option in dict.fromkeys(listed[choice])]
    axes = (
        style.figure(height=2.4 + 0.2 * len(options) + 0.5, rows=2, height_ratios=[2.4, 0.2 * len(options)])[1]
        if ax is None
        else ax
    )
    upper, lower = axes
    n = len(own)
    limits = own[["relative_low", "relative_high"]].replace([np.inf, -np.inf], np.nan)
    bottom, top = np.nanquantile(limits.to_numpy(float), [0.02, 0.98]) if limits.notna().any().any() else (-1, 1)
    bottom, top = min(bottom, own["relative"].min(), 0), max(top, own["relative"].max(), 0)
    for holds, colour in ((False, FAILS), (True, HOLDS)):
        where = np.flatnonzero(own["holds"].to_numpy(bool) == holds)
        low = limits["relative_low"].fillna(bottom).clip(bottom, top).to_numpy()[where]
        high = limits["relative_high"].fillna(top).clip(bottom, top).to_numpy()[where]
        upper.vlines(
            where, low, high, color=colour, linewidth=max(0.25, 300 / n), alpha=0.55, zorder=1, rasterized=False
        )
    upper.plot(range(n), own["relative"], color=style.INK, linewidth=1.6, zorder=3)
    upper.axhline(0, color=style.INK, linewidth=0.8, zorder=2)
    upper.set_xlim(-0.5, n - 0.5)
    upper.set_ylim(bottom - 0.04 * (top - bottom), top + 0.17 * (top - bottom))
    upper.set_xticks([])
    upper.set_ylabel("estimate, as a multiple of\nthe theme in all documents")
    upper.set_title(f"{claim}\nholds in {int(own['holds'].sum()):,} of {n:,} ways of measuring")
    handles = [
        upper.plot([], [], color=style.INK, linewidth=1.6, label="estimate")[0],
        upper.plot([], [], color=HOLDS, linewidth=4, alpha=0.55, label="limits where it holds")[0],
        upper.plot([], [], color=FAILS, linewidth=4, alpha=0.55, label="limits where it does not")[0],
    ]
    upper.legend(handles=handles, loc="upper left", ncols=3, handlelength=1.2, fontsize=8.5, columnspacing=1.2)
    edges = np.linspace(0, n, bins + 1)
    cells = np.zeros((len(options), bins))
    for row, (choice, option) in enumerate(options):
        places = np.flatnonzero((own[choice] == option).to_numpy())
        cells[row] = np.histogram(places, edges)[0] / np.maximum(np.diff(edges), 1)
        cells[row] /= max(cells[row].max(), 1e-9)
    lower.pcolormesh(edges - 0.5, np.arange(len(options) + 1) - 0.5, cells, cmap="Greys", vmin=0, vmax=1.2)
    lower.set_yticks(range(len(options)), [_option_name(*option) for option in options], fontsize=8.5)
    lower.tick_params(axis="y", length=0)
    for row in range(1, len(options)):
        if options[row][0] != options[row - 1][0]:
            lower.axhline(row - 0.5, color=style.INK, linewidth=0.8)
    lower.set_ylim(len(options) - 0.5, -0.5)
    lower.set_xlim(-0.5, n - 0.5)
    lower.set_xticks([])
    lower.set_xlabel("ways of measuring, from the lowest estimate to the highest")
    return np.array([upper, lower])


def switch_choices(table, claim=None):
    """Return a widget that switches the choices of the multiverse on and off; curve and count follow.

    Parameters
    ----------
    table : DataFrame
        From `claims.multiverse`.
    claim : str, optional
        The claim shown first.

    Returns
    -------
    ipywidgets.VBox
        With the attributes `claim` (Dropdown), `switches` (dict of choice to SelectMultiple), `summary` (HTML)
        and `chart` (Output).

    Raises
    ------
    CrossreadError
        "There is no specification to switch; run multiverse first."

    Examples
    --------
    >>> from crossread.measure.claims import Claim, multiverse
    >>> from crossread.measure.themes import _toy
    >>> claims = [Claim("cost-a", "{a} says more of cost than {b}", "cost", "per_1000", ("a", "b"), "higher")]
    >>> panel = switch_choices(multiverse(claims, *_toy()))
    >>> panel.switches["length"].value = ("whole",)
    >>> "of 30" in panel.summary.value
    True
    """
    import ipywidgets as widgets

    check_columns(table, SPECIFICATIONS, "the specifications")
    if table.empty:
        raise CrossreadError("There is no specification to switch; run multiverse first.")
    grouped = table.assign(lexicon=_group_lexicons(table["lexicon"]))
    names = list(dict.fromkeys(table["claim"]))
    chosen = widgets.Dropdown(options=names, value=claim or names[0], description="claim")
    switches = {}
    for choice, name in _CHOICE_NAMES.items():
        options = [(_option_name(choice, option), option) for option in dict.fromkeys(grouped[choice])]
        switches[choice] = widgets.SelectMultiple(
            options=options, value=[option for _, option in options], rows=max(2, len(options)), description=name,
            layout=widgets.Layout(width="21em"), tooltip=f"{name}: hold Ctrl or ⌘ to switch several on or off",
        )  # fmt: skip
    summary, chart = widgets.HTML(), widgets.Output()

    def follow(_=None):
        rows = grouped["claim"] == chosen.value
        for choice, switch in switches.items():
            rows &= grouped[choice].isin(switch.value)
        own = table[rows]
        summary.value = (
            f"<b>{chosen.value}</b> holds in {int(own['holds'].sum()):,} of {len(own):,} ways of measuring, "
            f"and the estimate points its way in {int(own['agrees'].sum()):,}."
            if len(own)
            else "No way of measuring is left: switch something on."
        )
        chart.outputs = (_curve_output(own, chosen.value, summary.value),) if len(own) else ()

    for control in (chosen, *switches.values()):
        control.observe(follow, names="value")
    follow()
    box = widgets.VBox(
        [chosen, widgets.HBox(list(switches.values()), layout=widgets.Layout(flex_flow="row wrap")), summary, chart]
    )
    box.claim, box.switches, box.summary, box.chart = chosen, switches, summary, chart
    return box


def _curve_output(own, claim, alt):
    import base64
    import io
    import re

    import matplotlib.pyplot as plt

    axes = plot_specification_curve(own, claim)
    buffer = io.BytesIO()
    axes[0].figure.savefig(buffer, format="png", dpi=110)
    plt.close(axes[0].figure)
    picture = base64.b64encode(buffer.getvalue()).decode("ascii")
    plain = re.sub("<.*?>", "", alt)
    html = f'<img alt="{plain}" src="data:image/png;base64,{picture}" style="max-width: 100%">'
    return {
        "output_type": "display_data",
        "data": {"text/html": html, "text/plain": f"[Figure: {plain}]"},
        "metadata": {},
    }
