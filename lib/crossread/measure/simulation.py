"""What simulation found of verdicts and limits: a table that benchmarks/simulate_themes.py writes, shipped as it is."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from crossread.wording import Labels

SIMULATED = (
    "text", "themes", "quantity", "runs", "false_claims", "false_low", "false_high", "coverage", "coverage_from_30",
)  # fmt: skip
TABLE = Path(__file__).with_name("simulated.csv")


def simulated() -> pd.DataFrame:
    """Return how often something was claimed that is not there, and how often limits held the truth, on made text.

    Documents as long as the five studied, of one process, so that nothing differs; families of three themes and thirty
    comparisons.

    Returns
    -------
    DataFrame
        One row per kind of text, themes and quantity: text (passages on one theme of so many sentences, or another
        kind of clumping); themes ("common", 5 to 40 per cent of sentences; "rare", 2 to 5); quantity; runs (families);
        false_claims, false_low, false_high (share of families in which any pair is called supported, with its 95 per
        cent limits, 0 to 1); coverage (share of limits of documents that hold the true value); coverage_from_30 (the
        same, of documents worth thirty independent sentences or more; missing where none is).

    References
    ----------
    `python -m benchmarks.simulate_themes` in the project's folder writes it; what it costs in power is in
    benchmarks/results/themes-power.csv.

    Examples
    --------
    >>> table = simulated()
    >>> bool((table["false_claims"] <= 0.05).all()), bool((table["coverage"] > 0.9).all())
    (True, True)
    """
    return pd.read_csv(TABLE)


def describe_simulated(table: pd.DataFrame, labels: Labels) -> str:
    """Say how often at most something was claimed that is not there, and how often at least limits held the truth."""
    false, held = table["false_claims"].max(), table["coverage"].min()
    return (
        f"Where nothing differs, something was claimed in {100 * false:.1f} % of the runs at most. Limits held the "
        f"truth in {100 * held:.1f} % of the cases at least; they say 95 %."
    )
