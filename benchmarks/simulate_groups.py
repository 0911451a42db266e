"""How often are groups called different that say a thing equally often, where their documents differ in length?

    python -m benchmarks.simulate_groups

Documents are drawn whose shares scatter around one mean by a beta law (rho is how alike two sentences of one document
are), and their sentences by a binomial law; with clumps, half of the sentences come in pairs that both have the theme
or both not. Each row of benchmarks/results/groups.csv is a way in which groups may differ in the number and the length
of their documents: `false` is in how many of 100 collections the groups are called different on one theme where nothing
differs (p at most 0.05), `found` in how many where the first group has `ratio` times the share. Of two groups `told` is
the median of the smallest ratio that is sure to be seen, as the first collections tell it where they are not called
different, and `found_told` in how many of 100 other collections the group that was higher is then found, raised by the
ratio told. Rows with words ask of 200 words at once: in how many collections any of them is called different.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pandas as pd

from crossread.measure.comparisons import common_share, ratio_by_formula
from crossread.measure.groups import count_arrangements, deal_to_groups
from crossread.measure.pairs import varying_elsewhere
from crossread.measure.resampling import exact_limits

RESULTS = Path(__file__).parent / "results"
DESIGNS = [  # numbers of documents, and their sentences
    ((10, 10), (50, 50)),
    ((10, 10), (300, 30)),
    ((4, 4), (60, 60)),
    ((5, 5), (300, 30)),
    ((3, 40), (300, 30)),
    ((4, 20), (400, 40)),
    ((4, 20), (1000, 20)),
    ((20, 4), (1000, 20)),
    ((10, 40), (100, 40)),
    ((40, 10), (100, 40)),
    ((10, 30), (60, 40)),
    ((10, 10, 10), (40, 40, 40)),
    ((4, 10, 10), (300, 30, 30)),
    ((3, 3, 10), (30, 30, 300)),
]
SHARES, ALIKE, RATIO = (0.02, 0.1, 0.3), (0, 0.01, 0.05, 0.2), 2
WORDS, PER_SENTENCE = 200, 20


def draw(sizes: np.ndarray, shares: np.ndarray, alike: float, clumped: bool, generator) -> np.ndarray:
    """Return sentences with a theme, n_documents x rounds."""
    if alike:
        shares = generator.beta(shares * (1 / alike - 1), (1 - shares) * (1 / alike - 1))
    pairs = sizes // 4 if clumped else np.zeros_like(sizes)
    alone = generator.binomial((sizes - 2 * pairs)[:, None], shares)
    return (alone + 2 * generator.binomial(pairs[:, None], shares)).astype(float)


def draw_words(sizes: np.ndarray, generator) -> np.ndarray:
    """Return counts of words whose rates fall as Zipf's law has it, each at home in some documents more than others."""
    rates = 0.05 / np.arange(1, WORDS + 1)
    return generator.poisson(sizes[:, None] * PER_SENTENCE * rates * generator.gamma(4, 1 / 4, (len(sizes), WORDS)))


def simulate(numbers, lengths, rounds: int, draws: int, seed: int) -> list[dict]:
    """Return the rows of one way in which groups may differ."""
    generator, group = np.random.default_rng(seed), np.repeat(np.arange(len(numbers)), numbers)
    sizes, rows = np.repeat(lengths, numbers), []
    asked = {"documents": " v ".join(map(str, numbers)), "sentences": " v ".join(map(str, lengths))}
    for share in SHARES:
        for alike in ALIKE:
            for clumped in (False, True):
                scatter, within = (alike, clumped, generator), np.full(rounds, 1 + clumped / 2)

                def ask(shares, scatter=scatter, within=within):
                    """Counts of collections of documents with these shares, and whether groups are called different."""
                    counts = draw(sizes, np.broadcast_to(shares, (len(sizes), rounds)), *scatter)
                    p = deal_to_groups(counts, sizes, group, draws, [seed], within)[0]
                    return counts, p <= 0.05

                counts, called = ask(np.full((len(sizes), 1), share))
                found = ask(np.where(group == 0, RATIO, 1)[:, None] * share)[1].mean()
                how = {"share": share, "rho": alike, "clumps": clumped, "collections": rounds}
                row = asked | how | called_of(called.sum(), rounds) | {"ratio": RATIO, "found": 100 * found}
                rows.append(row | (again(counts, called, sizes, group, within, ask) if len(numbers) == 2 else {}))
    any_word, collections = 0, rounds // 10
    for _ in range(collections):
        counts = draw_words(sizes, generator)
        counts = counts[:, counts.sum(0) >= 5]
        any_word += deal_to_groups(counts, sizes * PER_SENTENCE, group, 600, [seed])[1].min() <= 0.05
    return [*rows, asked | {"share": "words", "collections": collections} | called_of(any_word, collections)]


def again(counts, called, sizes, group, within, ask) -> dict[str, float]:
    """Return the smallest ratio that collections tell, and how often other collections show it."""
    held, rounds = np.bincount(group, sizes), counts.shape[1]
    added = np.array([counts[group == number].sum(0) for number in (0, 1)])
    inflation = varying_elsewhere(counts, sizes, group, within).inflation
    common = common_share(added, np.repeat(held[:, None], rounds, axis=1), inflation)
    upper = (added[1] / held[1] > added[0] / held[0]).astype(int)
    one, other = ((held[side], inflation[side, np.arange(rounds)]) for side in (upper, 1 - upper))
    ways = count_arrangements(np.bincount(group)) // (1 + (np.ptp(np.bincount(group)) == 0))
    ratio = ratio_by_formula(common, *one, *other, level=np.floor(0.05 * ways) / ways, freedom=len(sizes) - 2)
    asked = ~called & np.isfinite(ratio)
    raised = np.where(asked & (group[:, None] == upper), np.minimum(ratio * common, 0.999), common)
    return {"told": np.median(ratio[asked]), "found_told": 100 * ask(raised)[1][asked].mean()}


def called_of(called: int, rounds: int) -> dict[str, float]:
    low, high = exact_limits(called, rounds, share=True)
    return {"false": 100 * called / rounds, "false_low": 100 * float(low), "false_high": 100 * float(high)}


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=1000)
    parser.add_argument("--draws", type=int, default=999)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--results", type=Path, default=RESULTS, help="the folder for the table")
    options = parser.parse_args()
    rows = []
    for numbers, lengths in DESIGNS:
        rows += simulate(numbers, lengths, options.rounds, options.draws, options.seed)
        print(pd.DataFrame(rows[-25:]).groupby("share")[["false", "found"]].agg(["mean", "max"]), flush=True)
    pd.DataFrame(rows).round(2).to_csv(options.results / "groups.csv", index=False, lineterminator="\n")


if __name__ == "__main__":
    main()
