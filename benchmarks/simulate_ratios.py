"""Is the smallest ratio that a text tells found in 80 of 100 other texts of its kind? Simulation.

    python -m benchmarks.simulate_ratios                a quarter of an hour on one core
    python -m benchmarks.simulate_ratios --texts 20     a first look

Texts are those of simulate_themes: documents as long as those studied, six kinds of clumping, of which the library
knows nothing. Each text with equal documents tells, for a pair, the smallest ratio that was sure to be seen. That
ratio is planted into new texts of the same kind, which are judged as the library does: clumping estimated anew, the
test over all documents, pairs corrected for each other and for the themes. What is asked about is three themes of
five documents, one theme of five documents, or one pair on one theme.

The table, benchmarks/results/ratios.csv: `told` (of 100 texts, how many tell a finite ratio), `ratio` (the median of
those), `found` (of 100 new texts with the ratios told, in how many the pair is supported; each ratio is planted as
often as it takes for so many new texts), and `most` (the largest of
the same where 60, 80 or 94 sentences of 100 of the one document have a hit: where that is under 80, no ratio is sure to
be seen, and none should be told).
"""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.simulate_themes import QUANTITIES, RESULTS, SIZES, TEXTS, TOKENS, several_in_one
from crossread.measure import contrasts
from crossread.measure.clumping import estimate_clumping, sum_between
from crossread.measure.comparisons import Side
from crossread.measure.families import SURE
from crossread.measure.pairs import judge_documents, make_family

NAMES = tuple("abcde")
SHARES = (0.03, 0.15, 0.4)
PAIRS = {"29 against 149": (4, 2), "149 against 29": (2, 4), "38 against 149": (1, 2)}  # the first is the higher
ASKED = {"three themes": 3, "one theme": 1, "one pair": 1}
HIGH = (0.6, 0.8, 0.94)  # shares of the one document, the last the highest that is planted
FEW_TOLD = 10  # of a hundred: with fewer, `found` says little


def family_of(counts: np.ndarray, share: bool, pair=None):
    """Return the family of all pairs, or of one, from hits of each sentence of texts, sentences x texts."""
    bounds, exposure = np.concatenate([[0], np.cumsum(SIZES)]), np.full(len(counts), float(TOKENS))
    with_hit = sum_between((counts > 0).astype(float), bounds)
    totals = with_hit if share else sum_between(counts, bounds)
    units = np.array(SIZES, float) * (1 if share else TOKENS)
    clumping = estimate_clumping(counts, exposure, bounds, share=share)
    pairs = None if pair is None else [_named(pair)]
    return make_family(NAMES, pairs, totals, units, clumping, with_hit, np.array(SIZES, float))[0]


def _named(pair) -> tuple[str, ...]:
    return tuple(NAMES[place] for place in sorted(pair))


def judged(counts: np.ndarray, share: bool, asked: str, pair, seed):
    """Return the family, how it is judged, and the place of the pair in it."""
    family = family_of(counts, share, pair if asked == "one pair" else None)
    tested = judge_documents(family, share=share, n_themes=ASKED[asked], draws=1200, seed=seed)
    return family, tested, family.pairs.index(_named(pair))


def told_ratios(counts: np.ndarray, share: bool, asked: str, pair, seed) -> np.ndarray:
    """Return what each text tells of the pair, of those in which its first document is the higher one."""
    family, tested, place = judged(counts, share, asked, pair, seed)
    high, low = (rates[family.names.index(NAMES[number])] for number in pair
                 for rates in [family.counts / family.units[:, None]])  # fmt: skip
    a, b = (Side(*(part[[place]] for part in side)) for side, *_ in (family.first(), family.second()))
    return contrasts._smallest_ratios(a, b, family, tested, share, True)[0, high >= low]


class Kind:
    """A kind of text, with what it takes to have so many times the share, or the rate, of one of its shares."""

    def __init__(self, name: str, share: float, generator):
        self.share = share
        self.text = partial(several_in_one, like=share) if TEXTS[name] is several_in_one else TEXTS[name]
        self.shares = share * np.exp(np.linspace(0, np.log(HIGH[-1] / share), 40))
        rates = np.array([self.text(one, 200, 2000, generator).mean() for one in self.shares])
        self.rates = np.maximum.accumulate(rates) / rates[0] + 1e-9 * np.arange(len(rates))

    def raised(self, ratio, share: bool):
        """Return the share that gives this ratio of shares, or of rates: at most the highest."""
        return np.minimum(self.share * ratio, HIGH[-1]) if share else np.interp(ratio, self.rates, self.shares)

    def draw(self, runs: int, generator, place: int | None = None, raised=None) -> np.ndarray:
        """Return hits of each sentence of so many texts; in one document with another share in each text."""
        shares = [raised if number == place else self.share for number in range(len(SIZES))]
        return np.concatenate([self.text(own, n, runs, generator) for own, n in zip(shares, SIZES, strict=True)])


def simulate(texts: int, seed: int, names=tuple(TEXTS), shares=SHARES) -> pd.DataFrame:
    """Return the table."""
    rows = []
    for name in names:
        for share in shares:
            generator = np.random.default_rng([seed, list(TEXTS).index(name), round(100 * share)])
            kind = Kind(name, share, generator)
            equal = kind.draw(2 * texts, generator)
            for pair_name, pair in PAIRS.items():
                most = [kind.draw(texts, generator, pair[0], one) for one in HIGH]
                for quantity in QUANTITIES:
                    of_shares = quantity == "share"
                    for asked in ASKED:
                        ratios = told_ratios(equal, of_shares, asked, pair, [seed])
                        finite = ratios[np.isfinite(ratios)]
                        finite = np.resize(finite, max(len(finite), texts) if len(finite) else 0)
                        new = kind.draw(len(finite), generator, pair[0], kind.raised(finite, of_shares))
                        found = [
                            100 * float((tested.p_adjusted[place] <= SURE).mean()) if counts.size else np.nan
                            for counts in (new, *most)
                            for _, tested, place in [judged(counts, of_shares, asked, pair, [seed])]
                        ]
                        rows.append(
                            {
                                "text": name, "theme": share, "quantity": quantity, "asked": asked, "pair": pair_name,
                                "texts": len(ratios), "told": 100 * float(np.isfinite(ratios).mean()),
                                "ratio": float(np.median(finite)) if len(finite) else np.inf,
                                "found": found[0], "most": max(found[1:]),
                            }
                        )  # fmt: skip
            print(pd.DataFrame(rows[-len(PAIRS) * len(QUANTITIES) * len(ASKED) :]).round(1).to_string(), flush=True)
    return pd.DataFrame(rows)


def summary(table: pd.DataFrame) -> pd.DataFrame:
    """Say of each kind of text how often a told ratio is found, where some could be and where none could."""
    told = table.assign(could=table["most"] >= 80, often=table["told"] >= FEW_TOLD)
    told = told[told["often"]]
    found = told.groupby(["quantity", "asked", "could"])["found"].describe()
    return found[["count", "min", "25%", "50%", "75%", "max"]]


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--texts", type=int, default=100, help="of each kind that tell a ratio, about")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", nargs="*", choices=list(TEXTS), default=list(TEXTS), help="kinds of text")
    parser.add_argument("--results", type=Path, default=RESULTS, help="the folder for the table")
    options = parser.parse_args()
    table = simulate(options.texts, options.seed, tuple(options.only))
    measured = dict.fromkeys(("told", "ratio", "found", "most"), 1)
    table.round(measured).to_csv(options.results / "ratios.csv", index=False, lineterminator="\n")
    print(summary(table).round(0).to_string())


if __name__ == "__main__":
    main()
