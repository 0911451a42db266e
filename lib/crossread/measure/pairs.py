"""Families of comparisons: which documents or groups stand against which, tested and corrected together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from crossread.errors import CrossreadError
from crossread.measure.clumping import Clumping, freedom_at_best
from crossread.measure.comparisons import Side, compare, mean_freedom, omnibus, omnibus_by_formula
from crossread.measure.families import (
    SURE,
    check_draws,
    draws_needed,
    equalities_among,
    multipliers,
    step_down,
)
from crossread.measure.groups import (
    Groups,
    between_documents,
    count_arrangements,
    deal_to_groups,
    inflation_when_weighed,
    weigh_documents,
)
from crossread.measure.themes import Observations

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

HIGHER_OF_GROUPS = 1.0  # over the root of the degrees of freedom: how much more groups vary in other collections
MOST_PAIRED = 8  # documents or groups of which all pairs are compared unless asked otherwise
REST = "all others"


class Compared(NamedTuple):
    """One side of all comparisons, arrays of n_pairs x n_keys, and its sentences with a hit and of all."""

    side: Side
    sentences_with: np.ndarray
    sentences: np.ndarray


@dataclass(frozen=True)
class Family:
    """What is compared together on each key: documents or groups that have sentences, and in which pairs."""

    names: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]
    counts: np.ndarray  # of the quantity: n_names x n_keys
    units: np.ndarray  # n_names
    clumping: Clumping  # n_names x n_keys
    sentences_with: np.ndarray  # n_names x n_keys
    sentences: np.ndarray  # n_names

    @property
    def against_rest(self) -> bool:
        return any(pair[1] == REST for pair in self.pairs)

    def whole(self) -> Side:
        units = np.repeat(self.units[:, None].astype(float), self.counts.shape[1], axis=1)
        return Side(self.counts, units, *self.clumping)

    def first(self) -> Compared:
        return self._rows([pair[0] for pair in self.pairs])

    def second(self) -> Compared:
        if not self.against_rest:
            return self._rows([pair[1] for pair in self.pairs])
        own, sentences_with, sentences = self.first()
        whole = self.whole()
        units = whole.units.sum(0) - own.units
        known = np.isfinite(whole.inflation).all()
        variances = whole.units * whole.inflation
        variance = variances.sum(0) - own.units * own.inflation if known else np.inf
        freedom = mean_freedom(whole.freedom, variances if known else np.ones(variances.shape))
        freedom = np.broadcast_to(freedom, units.shape)
        side = Side(whole.count.sum(0) - own.count, units, variance / np.maximum(units, 1), freedom)
        return Compared(side, self.sentences_with.sum(0) - sentences_with, self.sentences.sum() - sentences)

    def _rows(self, names) -> Compared:
        place = {name: number for number, name in enumerate(self.names)}
        rows = np.array([place[name] for name in names], dtype=int)
        side = Side(*(part[rows] for part in self.whole()))
        return Compared(side, self.sentences_with[rows], np.repeat(self.sentences[rows, None], len(side.count[0]), 1))


class Weighed(NamedTuple):
    """What the test of groups makes of their documents, for the smallest ratio that it would see."""

    clumping: Clumping  # n_names x n_keys
    level: np.ndarray  # at which each pair is supported, as far as there are ways to deal its documents: n_pairs x 1
    freedom: np.ndarray  # n_pairs x 1


class Judged(NamedTuple):
    """What came out of the tests of a family: arrays of n_pairs x n_keys, of n_keys, and the level of a pair."""

    p: np.ndarray
    p_adjusted: np.ndarray
    best: np.ndarray  # the smallest that p_adjusted could have been
    n_units: np.ndarray
    p_omnibus: np.ndarray
    adjusted_omnibus: np.ndarray
    level: float
    weighed: Weighed | None = None  # of groups


def _pairs_of(names, pairs, everybody):
    """Return the pairs that can be compared and those of which a side is empty."""
    if pairs is not None:
        asked = [tuple(pair) for pair in pairs]
        unknown = next((name for pair in asked for name in pair if name not in (*everybody, REST)), None)
        if unknown is not None:
            raise CrossreadError(f"There is no “{unknown}” to compare. There are: {', '.join(everybody)}.")
        if any(pair[1] == REST for pair in asked) and any(pair[1] != REST for pair in asked):
            raise CrossreadError(f"Compare in pairs, or each with “{REST}”, not both in one table.")
    elif len(names) <= MOST_PAIRED:
        asked = list(combinations(everybody, 2))
    else:
        asked = [(name, REST) for name in everybody]
    there = {*names, REST} if len(names) > 1 else set()
    return [pair for pair in asked if set(pair) <= there], [pair for pair in asked if not set(pair) <= there]


def make_family(
    everybody: Sequence[str],
    pairs: Sequence[tuple[str, str]] | None,
    counts: np.ndarray,
    units: np.ndarray,
    clumping: Clumping,
    sentences_with: np.ndarray,
    sentences: np.ndarray,
) -> tuple[Family, list[tuple[str, str]]]:
    """Return what is compared, of those that have sentences, and the pairs of which a side is empty.

    Parameters
    ----------
    everybody : sequence of str
        Documents or groups.
    pairs : sequence of pairs of str or None
        Those asked for; else all, or each against the rest where there are many.
    counts, units, clumping, sentences_with, sentences
        As in `Family`, of everybody.
    """
    names = [name for name, held in zip(everybody, sentences, strict=True) if held > 0]
    chosen, empty = _pairs_of(names, pairs, everybody)
    if chosen and all(pair[1] != REST for pair in chosen):
        named = {name for pair in chosen for name in pair}
        names = [name for name in names if name in named]
    place = {name: number for number, name in enumerate(everybody)}
    rows = np.array([place[name] for name in names], dtype=int)
    clumping = Clumping(*(part[rows] for part in clumping))
    return Family(
        tuple(names), tuple(chosen), counts[rows], units[rows], clumping, sentences_with[rows], sentences[rows]
    ), empty


def documents_compared(
    seen: Observations, pairs: Sequence[tuple[str, str]] | None, share: bool
) -> tuple[Family, list[tuple[str, str]]]:
    """Return the family of documents, and the pairs of which a side is empty."""
    return make_family(seen.documents, pairs, *seen.totals(share), seen.clumping(share), *seen.totals(True))


def groups_compared(
    seen: Observations, by: Groups, pairs: Sequence[tuple[str, str]] | None, share: bool
) -> tuple[Family, list[tuple[str, str]]]:
    """Return the family of groups, and the pairs of which a side is empty."""
    counts, units = seen.totals(share)
    clumping, _ = between_documents(counts, units, by.places(seen.documents), len(by.names), share=share)
    added = (by.add_up(part, seen.documents) for part in (counts, units, *seen.totals(True)))
    counts, units, sentences_with, sentences = added
    return make_family(by.names, pairs, counts, units, clumping, sentences_with, sentences)


def factors_of(family: Family) -> np.ndarray:
    """Return by what the p-values of a theme are multiplied once its omnibus test is passed, from the smallest on."""
    n_pairs = len(family.pairs)
    if n_pairs == 1:
        return np.ones(1, dtype=int)
    if family.against_rest:  # were all but one like the rest, that one would be too
        whole = n_pairs == len(family.names)
        possible = [n for n in range(n_pairs + 1) if not whole or n != n_pairs - 1]
        return multipliers(n_pairs, possible, after_omnibus=whole)
    return multipliers(n_pairs, equalities_among(family.pairs), after_omnibus=_hang_together(family.pairs))


def _hang_together(pairs) -> bool:
    """Say whether all documents are equal when all pairs are: else the omnibus test rejects more than the pairs say."""
    reached, rest = set(pairs[0]), list(pairs[1:])
    while more := [pair for pair in rest if reached & set(pair)]:
        reached.update(*more)
        rest = [pair for pair in rest if pair not in more]
    return not rest


def judge_documents(
    family: Family, *, share: bool, n_themes: int | None = None, draws: int | None = None, seed: int | Sequence[int] = 0
) -> Judged:
    """Test whether documents differ on each key: all of them first, then in pairs.

    Two documents are tested both ways, too: the test over all allows for the clumping being another than estimated.

    Parameters
    ----------
    family : Family
    share : bool
        Whether counts are of sentences with a hit, or of hits.
    n_themes : int, optional
        How many themes are asked about together; all keys of the family unless given.
    draws, seed
        As in `omnibus`.
    """
    n_keys = family.counts.shape[1] if n_themes is None else n_themes
    (a, _, sentences_a), (b, _, sentences_b) = family.first(), family.second()
    whole = family.whole()
    most = None if share else (sentences_a, sentences_b)
    compared = compare(a, b, share=share, most=most)
    p, factors = compared.p, factors_of(family)
    p_omnibus = omnibus(whole, share=share, draws=draws, multiplicity=n_keys, seed=seed)
    adjusted_omnibus = np.minimum(n_keys * p_omnibus, 1)
    p_adjusted = np.minimum(np.maximum(n_keys * step_down(p, factors), adjusted_omnibus), 1)
    n_units = np.minimum(sentences_a / a.inflation, sentences_b / b.inflation)
    best = n_keys * _adjusted_alone(compared.best, p, factors)
    return Judged(p, p_adjusted, best, n_units, p_omnibus, adjusted_omnibus, SURE / (n_keys * factors[0]))


def best_omnibus(family: Family, asked: np.ndarray, *, share: bool, seed: int | Sequence[int] = 0) -> np.ndarray:
    """Return the smallest adjusted p-value that the test over all documents could have had, pair by pair.

    All sentences of the one document have a hit and none of the other; the others are as they are. For pairs it is
    simulated, where an F law does not put it far below .05; for many documents against the rest the law is enough.

    Parameters
    ----------
    family : Family
    asked : array of bool, n_pairs x n_keys
        Of which pairs and keys it is wanted; of the others it is 1.
    share, seed
        As in `judge_documents`.
    """
    whole, n_keys, names = family.whole(), family.counts.shape[1], np.array(family.names)
    most = whole.units if share else np.maximum(family.sentences[:, None], whole.count)
    best = np.ones(asked.shape)
    for row, key in zip(*np.nonzero(asked), strict=True):
        pair, sides = family.pairs[row], Side(*(part[:, [key]] for part in whole))
        for upper, lower in (pair, pair[::-1]):
            count = np.where(names == upper, most[:, key], np.where(names == lower, 0, whole.count[:, key]))
            own = sides._replace(count=count[:, None].astype(float))
            if upper != REST:
                at = family.names.index(upper)
                freedom = freedom_at_best(most[at, key], whole.inflation[at, key], sides.freedom[:, 0], most[:, key])
                own = own._replace(freedom=freedom[:, None])
            p = omnibus_by_formula(own, share=share)[0]
            if n_keys * p > SURE / 10 and not family.against_rest:
                p = omnibus(own, share=share, multiplicity=n_keys, seed=[*np.ravel(seed), key])[0]
            best[row, key] = min(best[row, key], n_keys * p)
    return best


def _adjusted_alone(best, p, factors):
    """Return what each p-value would be adjusted to, were it as small as can be and the others as they are."""
    ordered = np.sort(p, axis=0)
    before = np.maximum.accumulate(ordered * factors[:, None], axis=0)
    result = np.empty_like(best)
    for key in range(best.shape[1]):
        rank = np.minimum(np.searchsorted(ordered[:, key], best[:, key]), len(factors) - 1)
        earlier = np.where(rank > 0, before[np.maximum(rank - 1, 0), key], 0.0)
        result[:, key] = np.maximum(best[:, key] * factors[rank], earlier)
    return result


def judge_groups(
    family: Family, seen: Observations, by: Groups, *, share: bool, draws: int | None = None, seed: int = 0
) -> Judged:
    """Test whether groups of documents differ on each key, by dealing whole documents to them anew."""
    n_pairs, n_keys = len(family.pairs), family.counts.shape[1]
    factors = factors_of(family)
    multiplicity = 1 if n_pairs == 1 else int(n_keys * factors[0])
    draws = draws_needed(multiplicity) if draws is None else draws
    check_draws(draws, multiplicity)
    counts, units, number = dealt_documents(family.names, seen, by, share)
    # how many times more hits vary within documents than independent ones, in all text together
    inflation = np.average(seen.clumping(share).inflation, axis=0, weights=seen.totals(share)[1])
    p_omnibus, adjusted_omnibus = deal_to_groups(counts, units, number, draws, [seed, n_pairs], inflation)
    p, best, n_units = (np.empty((n_pairs, n_keys)) for _ in range(3))
    level, freedom = np.full((n_pairs, 1), SURE / (n_keys * factors[0])), np.empty((n_pairs, 1))
    for row, (one, other) in enumerate(family.pairs):
        first = number == family.names.index(one)
        second = ~first if other == REST else number == family.names.index(other)
        both = first | second
        side = second[both].astype(int)
        sizes = np.bincount(side)
        asked = counts[both], units[both], side, draws, [seed, row], inflation
        p[row] = p_omnibus if n_pairs == 1 else deal_to_groups(*asked)[0]
        smallest = (2 if sizes[0] == sizes[1] else 1) / count_arrangements(sizes)
        best[row], n_units[row], freedom[row] = smallest, sizes.min(), max(both.sum() - 2, 1)
        if smallest <= level[row]:
            level[row] = smallest * np.floor(level[row] / smallest + 1e-9)
    weighed = Weighed(varying_elsewhere(counts, units, number, inflation), level, freedom)
    if n_pairs == 1:
        # step by step the first theme is tested as Bonferroni would, or a little more easily
        return Judged(p, adjusted_omnibus[None], best, n_units, p_omnibus, adjusted_omnibus, SURE / n_keys, weighed)
    p_adjusted = np.minimum(np.maximum(n_keys * step_down(p, factors), adjusted_omnibus), 1)
    best = n_keys * _adjusted_alone(np.minimum(best, p), p, factors)
    return Judged(p, p_adjusted, best, n_units, p_omnibus, adjusted_omnibus, SURE / multiplicity, weighed)


def varying_elsewhere(counts: np.ndarray, units: np.ndarray, number: np.ndarray, inflation: ArrayLike) -> Clumping:
    """Return how much groups are likely to vary in other collections of their kind.

    By one over the root of the degrees of freedom more than here, for of all collections of a kind those in which
    documents happen to be alike name the smallest ratios; chosen by simulation (benchmarks/simulate_groups.py).

    Parameters
    ----------
    counts, units, number, inflation
        As in `deal_to_groups`.

    Examples
    --------
    >>> asked = np.array([[1.0], [3.0], [2.0], [6.0]]), np.full(4, 20.0), np.array([0, 0, 1, 1]), 1.0
    >>> varying_elsewhere(*asked).inflation.ravel().round(2).tolist()
    [4.51, 4.51]
    """
    here = inflation_when_weighed(weigh_documents(counts, units, inflation), units, number)
    freedom = max(len(units) - len(here), 1.0)
    return Clumping(here * (1 + HIGHER_OF_GROUPS / np.sqrt(freedom)), np.full(here.shape, freedom))


def dealt_documents(
    names: Sequence[str], seen: Observations, by: Groups, share: bool
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return counts and units of the documents that have any and are in these groups, and the place of their group."""
    counts, units = seen.totals(share)
    place = {name: number for number, name in enumerate(names)}
    number = np.array([place.get(by.names[g], -1) if g >= 0 else -1 for g in by.places(seen.documents)], dtype=int)
    there = (number >= 0) & (units > 0)
    return counts[there], units[there], number[there]
