"""How near are measured shares, and how often do their limits hold, when half of the codes of the study are hidden?

    python -m benchmarks.simulate_codes              200 random halves of the 255 coded sentences, two minutes
    python -m benchmarks.simulate_codes --part 0.25  a quarter coded

All sentences of the five texts are coded, so what coders mark is known. Of each document a random part of the codes is
kept, the shares of every theme and document are estimated by each method, and held against those of all codes. By
“lexicon” is meant the share that the lexicon counts, with limits as if it never erred; “codes alone” takes the coded
sentences for a sample and does not ask the lexicon. The table, benchmarks/results/codes.csv: error is the root
mean square of estimate less truth; coverage and width are those of the limits; no_width is how many have none, negative
how many lower ones lie below 0.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pandas as pd

import crossread
from crossread.measure import measure_shares
from crossread.measure.estimates import METHODS, hypergeometric_limits
from crossread.measure.resampling import exact_limits

THEMES = ("burden_sharing", "china_rise", "multilateralism")
RESULTS = Path(__file__).parent / "results"


def keep_part(ids: pd.Index, part: float, generator: np.random.Generator) -> np.ndarray:
    """Return a random part of the sentences of each document, one at least."""
    document = pd.Series(ids, index=ids).str.rsplit("-", n=1).str[0]
    drawn = document.groupby(document).apply(
        lambda own: generator.choice(own.index, max(1, round(part * len(own))), replace=False)
    )
    return np.concatenate(drawn.to_list())


def codes_alone(table: pd.DataFrame) -> pd.DataFrame:
    """Return estimates from the coded sentences of each document, without the lexicon."""
    marked = table["both"] + table["only_marked"]
    low, high = hypergeometric_limits(marked, table["n_coded"], table["n_sentences"])
    return table.assign(measured=marked / table["n_coded"], measured_low=low, measured_high=high)


def lexicon_alone(table: pd.DataFrame) -> pd.DataFrame:
    """Return the share that the lexicon counts, with Clopper and Pearson's limits."""
    low, high = exact_limits(table["counted"], table["n_sentences"], share=True)
    return table.assign(measured=table["share"], measured_low=low, measured_high=high)


def simulate(runs: int, part: float, seed: int) -> pd.DataFrame:
    """Return a row for each method: error, coverage and width of limits, over runs, documents and themes."""
    study = crossread.study("alliances")
    marks = {theme: study.marks()[theme] for theme in THEMES}
    truth = measure_shares(study.hits, marks, study.sentences).set_index(["doc_id", "key"])["measured"]
    generator, parts = np.random.default_rng(seed), {}
    for _ in range(runs):
        kept = keep_part(marks[THEMES[0]].positive.index, part, generator)
        partly = {theme: mark._replace(positive=mark.positive.loc[kept]) for theme, mark in marks.items()}
        tables = {name: measure_shares(study.hits, partly, study.sentences, method=name) for name in METHODS}
        first = tables[METHODS[0]]
        for name, table in (tables | {"codes alone": codes_alone(first), "lexicon": lexicon_alone(first)}).items():
            parts.setdefault(name, []).append(table.set_index(["doc_id", "key"]))
    rows = []
    for name, tables in parts.items():
        table = pd.concat(tables)
        true = truth.loc[table.index].to_numpy()
        low, high = table["measured_low"].to_numpy(), table["measured_high"].to_numpy()
        rows.append(
            {
                "method": name,
                "part_coded": part,
                "runs": runs,
                "error": np.sqrt(((table["measured"].to_numpy() - true) ** 2).mean()),
                "coverage": ((low <= true + 1e-9) & (true <= high + 1e-9)).mean(),
                "width": (high - low).mean(),
                "no_width": (high - low < 1e-9).mean(),
                "negative": (low < 0).mean(),
            }
        )
    return pd.DataFrame(rows)


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--part", type=float, nargs="*", default=[0.5, 0.25], help="which part of the codes is kept")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--results", type=Path, default=RESULTS, help="the folder for the table")
    options = parser.parse_args()
    table = pd.concat([simulate(options.runs, part, options.seed) for part in options.part], ignore_index=True)
    table.round(4).to_csv(options.results / "codes.csv", index=False, lineterminator="\n")
    print(table.round(3).to_string(index=False))


if __name__ == "__main__":
    main()
