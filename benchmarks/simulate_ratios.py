"""Is the smallest ratio that a text tells found in 80 of 100 other texts of its kind? Simulation.

    python -m benchmarks.simulate_ratios                half an hour on one core
    python -m benchmarks.simulate_ratios --texts 20     a first look
    python -m benchmarks.simulate_ratios --of others    only documents against all others; other rows stay

Texts are those of simulate_themes: documents as long as those studied, six kinds of clumping, of which the library
knows nothing. Each text with equal documents tells, for a pair, the smallest ratio that was sure to be seen. That
ratio is planted into new texts of the same kind, which are judged as the library does: clumping estimated anew, the
test over all documents, pairs corrected for each other and for the themes. What is asked about is three themes of
five documents, one theme of five documents, or one pair on one theme. Of ten documents each stands against all others,
and the ratio is planted above them or below them.

The table, benchmarks/results/ratios.csv: `told` (of 100 texts, how many tell a finite ratio), `ratio` (the median of
those), `found` (of 100 new texts with the ratios told, in how many the pair is supported; each ratio is planted as
often as it takes for so many new texts), and `most` (the largest of
the same where 60, 80 or 94 sentences of 100 of the one document have a hit, or below all others none: where that is
under 80, no ratio is sure to be seen, and none should be told).
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from benchmarks.simulate_themes import QUANTITIES, RESULTS, SIZES, TEXTS, TOKENS, several_in_one
from crossread.measure import contrasts
from crossread.measure.clumping import Clumping, estimate_clumping, sum_between
from crossread.measure.comparisons import Side
from crossread.measure.families import SURE
from crossread.measure.pairs import REST, judge_documents, make_family

NAMES = tuple("abcdefghij")
SHARES = {"pairs": (0.03, 0.15, 0.4), "others": (0.15, 0.4)}  # of rare themes hardly a text is silent for sure
MANY = (400, *[149] * 9)


class Pair(NamedTuple):
    """Which of so many documents is apart, from which other one or from all others, and whether it is below."""

    apart: int
    other: int | None = None
    below: bool = False
    sizes: tuple[int, ...] = SIZES

    @property
    def names(self) -> tuple[str, str]:
        """As in a family."""
        if self.other is None:
            return NAMES[self.apart], REST
        first, second = sorted((self.apart, self.other))
        return NAMES[first], NAMES[second]


PAIRS = {
    "pairs": {"149 against 29": Pair(4, 2), "29 against 149": Pair(2, 4), "38 against 29": Pair(1, 2)},
    "others": {
        f"{MANY[place]} {side} all others": Pair(place, below=side == "below", sizes=MANY)
        for place in (0, 1)
        for side in ("above", "below")
    },
}  # the first is the higher, unless it is said to be below
ASKED = {"three themes": 3, "one theme": 1, "one pair": 1}
HIGH = (0.6, 0.8, 0.94)  # shares of the one document, the last the highest that is planted
NONE = 1e-4  # the lowest
FEW_TOLD = 10  # of a hundred: with fewer, `found` says little


def family_of(counts: np.ndarray, share: bool, pair: Pair, *, alone: bool):
    """Return the family of all pairs, or of one, from hits of each sentence of texts, sentences x texts."""
    bounds, exposure = np.concatenate([[0], np.cumsum(pair.sizes)]), np.full(len(counts), float(TOKENS))
    with_hit = sum_between((counts > 0).astype(float), bounds)
    totals = with_hit if share else sum_between(counts, bounds)
    sentences = np.array(pair.sizes, float)
    clumping = estimate_clumping(counts, exposure, bounds, share=share)
    pairs, names = [pair.names] if alone else None, NAMES[: len(sentences)]
    return make_family(names, pairs, totals, sentences * (1 if share else TOKENS), clumping, with_hit, sentences)[0]


def judged(counts: np.ndarray, share: bool, asked: str, pair: Pair, seed):
    """Return the family, how it is judged, and the place of the pair in it."""
    family = family_of(counts, share, pair, alone=asked == "one pair")
    tested = judge_documents(family, share=share, n_themes=ASKED[asked], draws=1200, seed=seed)
    return family, tested, family.pairs.index(pair.names)


def told_ratios(counts: np.ndarray, share: bool, asked: str, pair: Pair, seed) -> np.ndarray:
    """Return what each text tells of the pair, of those in which it lies as asked."""
    _, tested, place = judged(counts[:, :1], share, asked, pair, seed)  # of what is judged only the level is needed
    family = family_of(counts, share, pair, alone=asked == "one pair")
    a, b = (Side(*(part[[place]] for part in side)) for side, *_ in (family.first(), family.second()))
    apart, other = (
        side.count[0] / side.units[0] for side in ((a, b) if pair.names[0] == NAMES[pair.apart] else (b, a))
    )
    as_asked = apart < other if pair.below else apart >= other
    family = replace(
        family, counts=family.counts[:, as_asked], clumping=Clumping(*(part[:, as_asked] for part in family.clumping))
    )
    a, b = (Side(*(part[:, as_asked] for part in side)) for side in (a, b))
    return contrasts._smallest_ratios(a, b, family, tested, share, True)[0]


class Kind:
    """A kind of text, with what it takes to have so many times the share, or the rate, of one of its shares."""

    def __init__(self, name: str, share: float, generator, *, lowest: float | None = None):
        self.share = share
        self.text = partial(several_in_one, like=share) if TEXTS[name] is several_in_one else TEXTS[name]
        above = share * np.exp(np.linspace(0, np.log(HIGH[-1] / share), 40))
        below = [] if lowest is None else share * np.exp(np.linspace(np.log(lowest / share), 0, 40))[:-1]
        self.shares = np.concatenate([below, above])
        rates = np.array([self.text(one, 200, 2000, generator).mean() for one in self.shares])
        self.rates = np.maximum.accumulate(rates) / rates[len(below)] + 1e-9 * np.arange(len(rates))

    def apart(self, ratio, share: bool, below: bool = False):
        """Return the share that gives this ratio of shares, or of rates: at most the highest, at least the lowest."""
        times = 1 / ratio if below else ratio
        return np.clip(self.share * times, NONE, HIGH[-1]) if share else np.interp(times, self.rates, self.shares)

    def draw(self, runs: int, generator, pair: Pair, apart=None) -> np.ndarray:
        """Return hits of each sentence of so many texts; in the one document with another share in each text."""
        shares = [self.share if apart is None or number != pair.apart else apart for number in range(len(pair.sizes))]
        return np.concatenate([self.text(own, n, runs, generator) for own, n in zip(shares, pair.sizes, strict=True)])


def simulate(texts: int, seed: int, names=tuple(TEXTS), of=tuple(PAIRS)) -> pd.DataFrame:
    """Return the table."""
    rows = []
    for against in of:
        others = against == "others"
        for name in names:
            for share in SHARES[against]:
                start = [seed, list(TEXTS).index(name), round(100 * share), *([1] if others else [])]
                generator = np.random.default_rng(start)
                kind = Kind(name, share, generator, lowest=NONE if others else None)
                made = rows_of(kind, PAIRS[against], texts, seed, generator)
                print(pd.DataFrame(made).round(1).to_string(), flush=True)
                rows += [{"text": name, "theme": share, **row} for row in made]
    return pd.DataFrame(rows)


def rows_of(kind: Kind, pairs: dict[str, Pair], texts: int, seed: int, generator) -> list[dict]:
    """Return the rows of a kind of text."""
    rows, equal = [], kind.draw(2 * texts, generator, next(iter(pairs.values())))
    for pair_name, pair in pairs.items():
        most = [kind.draw(texts, generator, pair, one) for one in ((NONE,) if pair.below else HIGH)]
        for quantity in QUANTITIES:
            of_shares = quantity == "share"
            for asked in ASKED:
                ratios = told_ratios(equal, of_shares, asked, pair, [seed])
                finite = ratios[np.isfinite(ratios)]
                finite = np.resize(finite, max(len(finite), texts) if len(finite) else 0)
                new = kind.draw(len(finite), generator, pair, kind.apart(finite, of_shares, pair.below))
                found = [
                    100 * float((tested.p_adjusted[place] <= SURE).mean()) if counts.size else np.nan
                    for counts in (new, *most)
                    for _, tested, place in [judged(counts, of_shares, asked, pair, [seed])]
                ]
                rows.append(
                    {
                        "quantity": quantity, "asked": asked, "pair": pair_name, "texts": len(ratios),
                        "told": 100 * float(np.isfinite(ratios).mean()),
                        "ratio": float(np.median(finite)) if len(finite) else np.inf,
                        "found": found[0], "most": max(found[1:]),
                    }
                )  # fmt: skip
    return rows


def summary(table: pd.DataFrame) -> pd.DataFrame:
    """Say of each kind of text how often a told ratio is found, where some could be and where none could."""
    told = table.assign(
        side=table["pair"].str.extract("(above|below)")[0].fillna("of a pair"),
        could=table["most"] >= 80,
        often=table["told"] >= FEW_TOLD,
    )
    told = told[told["often"]]
    found = told.groupby(["side", "quantity", "asked", "could"])["found"].describe()
    return found[["count", "min", "25%", "50%", "75%", "max"]]


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--texts", type=int, default=100, help="of each kind that tell a ratio, about")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", nargs="*", choices=list(TEXTS), default=list(TEXTS), help="kinds of text")
    parser.add_argument("--of", nargs="*", choices=list(PAIRS), default=list(PAIRS), help="which comparisons")
    parser.add_argument("--results", type=Path, default=RESULTS, help="the folder for the table")
    options = parser.parse_args()
    table = simulate(options.texts, options.seed, tuple(options.only), of=tuple(options.of))
    table, path = table.round(dict.fromkeys(("told", "ratio", "found", "most"), 1)), options.results / "ratios.csv"
    if path.is_file():  # rows that were not made anew stay
        old, row = pd.read_csv(path), ["text", "pair"]
        again = pd.MultiIndex.from_frame(old[row]).isin(pd.MultiIndex.from_frame(table[row]))
        table = pd.concat([old[~again], table], ignore_index=True)
    table.to_csv(path, index=False, lineterminator="\n")
    print(summary(table).round(0).to_string())


if __name__ == "__main__":
    main()
