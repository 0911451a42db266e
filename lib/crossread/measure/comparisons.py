"""Two documents compared, all of them at once, and how small a difference was sure to be seen.

Nothing here knows of themes or words: counts, units, how much they clump (see `clumping`), and numbers come back.
Sentences with a hit are beta-binomial, hits are compared as effective numbers of independent ones. Where the clumping
is unsure, what would be a normal deviate is looked up in Student's t.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from crossread.measure.clumping import LEAST_FREEDOM, freedom_at_best
from crossread.measure.families import ENOUGH_EXTREME, SURE, check_draws, draws_needed, sequential_p
from crossread.measure.resampling import LEVEL, rate_limits

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

LARGEST_LISTED = 1000  # sentences; the possible shares of a longer document are taken as continuous
AT_ONCE = 1 << 21  # cells of one step
GROUPED = 128  # outcomes of a side, where only a power is asked for
MOST_SIMULATED = 1 << 25  # cells of one omnibus test, unless .05 could not be reached with so few
POWER = 0.8
POWER_OF_EACH = 0.92  # of two tests that mostly, not always, see the same differences
# of that of a pair: it leans on the clumping of all documents at once; shares and rates, chosen by simulation
OMNIBUS_FREEDOM = {True: 0.5, False: 0.4}
ANEW = (np.arange(10) + 0.5) / 10  # parts of the texts
# of the clumping in other texts: how much higher it is than estimated here, over the root of the degrees of freedom
# (shares and rates that rise, and what falls); of what it is beyond 1, with which power of the ratio it grows (shares
# and rates); and with which multiple of the degrees of freedom an estimate of it varies; chosen by simulation
# (benchmarks/simulate_ratios.py)
HIGHER, HIGHER_BELOW, GROWTH, VARIES = {True: 1.5, False: 0.25}, 2.5, {True: 0.5, False: 1.0}, 2.0
FEW_HITS = 0.6
MOST_OFTEN = 1 / 3  # hits a unit, which here are tokens: no text has every third word of one theme
NONE_LEFT = 1000.0  # a share that falls to a thousandth is as good as none


class Side(NamedTuple):
    """One side of comparisons, all arrays of one shape: hits or sentences with one, units, inflation, freedom."""

    count: np.ndarray
    units: np.ndarray
    inflation: np.ndarray
    freedom: np.ndarray

    @property
    def effective(self) -> tuple[np.ndarray, np.ndarray]:
        """Counts and units, divided by the inflation."""
        return self.count / self.inflation, self.units / self.inflation


@dataclass(frozen=True)
class Comparison:
    """Two sides compared, for each of several pairs and keys.

    Attributes
    ----------
    a, b : Side
    share : bool
    p : array of float
        Of the difference, by itself.
    most : (array, array), optional
        The most hits that the sides could have had; their units unless given.
    """

    a: Side
    b: Side
    share: bool
    p: np.ndarray
    most: tuple | None = None

    @cached_property
    def best(self) -> np.ndarray:
        """The smallest that p could have been: all sentences of the one side with a hit, and none of the other.

        They clump as they do; but of how much, the side with all of them would tell something (`freedom_at_best`), of
        the other one too unless it is much shorter.
        """
        counts = self.a.count, self.b.count
        most = (self.a.units, self.b.units) if self.most is None else tuple(map(np.maximum, self.most, counts))
        nothing = np.zeros(self.p.shape)
        at_best = []
        for upper, n, lower, others in ((self.a, most[0], self.b, most[1]), (self.b, most[1], self.a, most[0])):
            freedom = freedom_at_best(n, upper.inflation, np.stack([upper.freedom, lower.freedom]), [n, others])
            sides = (part._replace(count=count, freedom=own) for part, count, own in
                     zip((upper, lower), (n, nothing), freedom, strict=True))  # fmt: skip
            at_best.append(_p_of(*sides, self.share))
        return np.minimum(*at_best)

    @property
    def difference(self) -> np.ndarray:
        """Per unit, the first side less the second."""
        return self.a.count / self.a.units - self.b.count / self.b.units

    def limits(self, level: float = LEVEL) -> tuple[np.ndarray, np.ndarray]:
        """Return the limits of the difference, which leave out zero exactly when p is at most 1 - level."""
        sides = [rate_limits(*side, share=self.share, level=level) for side in (self.a, self.b)]
        low, high = agree_with_test(self.difference, *limits_of_difference(*sides[0], *sides[1]), self.p, level)
        return (np.maximum(low, -1), np.minimum(high, 1)) if self.share else (low, high)


def compare(a: Side, b: Side, *, share: bool, most: tuple[np.ndarray, np.ndarray] | None = None) -> Comparison:
    """Compare two sides, arrays of any shape: shares by `compare_shares`, rates by `compare_rates`.

    Parameters
    ----------
    a, b : Side
    share : bool
    most : (array, array), optional
        The most hits that the sides could have had; their units unless given.

    Examples
    --------
    >>> a, b = (Side(*(np.array([v]) for v in side)) for side in ((9, 29, 1.0, np.inf), (15, 149, 1.0, np.inf)))
    >>> compared = compare(a, b, share=True)
    >>> compared.p.round(4).tolist(), [limit.round(3).tolist() for limit in compared.limits()]
    ([0.0036], [[0.069], [0.378]])
    """
    shape = np.broadcast_shapes(*(np.shape(part) for part in (*a, *b)))
    a, b = (Side(*(np.broadcast_to(np.asarray(part, float), shape) for part in side)) for side in (a, b))
    return Comparison(a, b, share, _p_of(a, b, share), most)


def _p_of(a: Side, b: Side, share: bool) -> np.ndarray:
    flat = [Side(*(np.ravel(part) for part in side)) for side in (a, b)]
    if not share:
        return compare_rates(*flat).reshape(a.count.shape)
    # what both would share were they equal: told by them alone, for others may differ from both
    hits, units = (x + y for x, y in zip(a.effective, b.effective, strict=True))
    return compare_shares(*flat, np.ravel((hits + 0.5) / (units + 1))).reshape(a.count.shape)


def student_tail(p: ArrayLike, freedom: ArrayLike) -> np.ndarray:
    """Return a two-sided normal p-value as Student's t has it when the variance has so many degrees of freedom.

    Examples
    --------
    >>> student_tail(np.array([0.05, 0.05]), np.array([5.0, np.inf])).round(3).tolist()
    [0.107, 0.05]
    """
    from scipy.special import ndtri, stdtr

    z = -ndtri(np.clip(p, 1e-300, 1) / 2)
    freedom = np.minimum(np.broadcast_to(freedom, np.shape(z)), 1e9)
    return np.where(np.asarray(p) >= 1, 1.0, 2 * stdtr(freedom, -z))


def common_share(counts: np.ndarray, units: np.ndarray, inflation: np.ndarray) -> np.ndarray:
    """Return the share that several documents have in common, each weighed by its effective units.

    Half a hit and half a miss are added, so that it is never 0 or 1.

    Parameters
    ----------
    counts, units, inflation : arrays of float, n_documents x n_keys

    Examples
    --------
    >>> common_share(np.array([[2.0], [0.0]]), np.array([[10.0], [10.0]]), np.array([[1.0], [2.0]])).round(3).tolist()
    [0.156]
    """
    return ((counts / inflation).sum(0) + 0.5) / ((units / inflation).sum(0) + 1)


def _beta_parameters(share, units, inflation):
    clumped = np.clip((inflation - 1) / np.maximum(units - 1, 1e-9), 1e-6, 0.98)
    size = (1 - clumped) / clumped
    return share * size, (1 - share) * size


def share_probabilities(share: np.ndarray, units: np.ndarray, inflation: np.ndarray) -> np.ndarray:
    """Return the probability of every number of sentences with a hit: a beta-binomial distribution in each row.

    Parameters
    ----------
    share, units, inflation : arrays, n
        Expected share, sentences, and how many times more the number varies than a binomial one.

    Returns
    -------
    array of float, n x (1 + largest units)

    Examples
    --------
    >>> share_probabilities(np.array([0.5]), np.array([2]), np.array([1.0])).round(3).tolist()
    [[0.25, 0.5, 0.25]]
    """
    from scipy.special import betaln

    units = np.asarray(units)
    a, b = (part[:, None] for part in _beta_parameters(share, units, inflation))
    n, hits = units[:, None].astype(float), np.arange(int(units.max(initial=0)) + 1)
    inside = hits <= n
    misses = np.where(inside, n - hits, 0)
    choices = -betaln(hits + 1, misses + 1) - np.log(n + 1)
    return np.where(inside, np.exp(choices + betaln(hits + a, misses + b) - betaln(a, b)), 0.0)


class _Shares:
    """The law of the difference of two shares, a row for each comparison; the first side has the fewer sentences."""

    def __init__(self, share_a, units_a, inflation_a, share_b, units_b, inflation_b, negligible=0.0):
        self.first = share_probabilities(share_a, units_a, inflation_a)
        self.places = np.minimum(np.arange(self.first.shape[1]) / units_a[:, None], 1)
        self.units_b, self.listed = units_b[:, None].astype(float), units_b.max(initial=0) <= LARGEST_LISTED
        if self.listed:
            second, nothing = share_probabilities(share_b, units_b, inflation_b), np.zeros((len(share_b), 1))
            self.below = np.concatenate([nothing, np.cumsum(second, axis=1)], axis=1)
            # added up from its own end: a far tail taken from 1 would be nothing but rounding
            self.above = np.concatenate([np.cumsum(second[:, ::-1], axis=1)[:, ::-1], nothing], axis=1)
        else:
            self.rows, column = np.nonzero(self.first > negligible)
            self.first, self.places = self.first[self.rows, column], self.places[self.rows, column]
            if negligible:
                self._group(column, len(units_a))
            size = np.maximum(units_b / inflation_b - 1, 1e-6)
            self.shape = (share_b * size)[self.rows], ((1 - share_b) * size)[self.rows]

    def _group(self, column, n_rows):
        """Take neighbouring outcomes of the first side for one, so many in each row: what comes of it is smooth."""
        begin, end = np.full(n_rows, column.max(initial=0)), np.zeros(n_rows, dtype=int)
        np.minimum.at(begin, self.rows, column)
        np.maximum.at(end, self.rows, column)
        width = (end - begin) // GROUPED + 1
        group = self.rows * GROUPED + ((column - begin[self.rows]) // width[self.rows])
        sums, places = np.bincount(group, self.first), np.bincount(group, self.first * self.places)
        there = np.flatnonzero(sums)
        self.rows, self.first, self.places = there // GROUPED, sums[there], places[there] / sums[there]

    def apart(self, distance):
        """Return how probable it is that the two shares are at least so far apart."""
        from scipy.special import betainc, betaincc

        if not self.listed:
            low, high = self.places - distance[self.rows], self.places + distance[self.rows]
            outside = betaincc(*self.shape, np.clip(high, 0, 1)) + betainc(*self.shape, np.clip(low, 0, 1))
            return np.clip(np.bincount(self.rows, self.first * outside, len(distance)), 0, 1)
        low, high = self.places - distance[:, None], self.places + distance[:, None]
        most = self.below.shape[1] - 1
        up_to = np.clip(np.floor(low * self.units_b + 1e-9) + 1, 0, most).astype(int)
        before = np.clip(np.ceil(high * self.units_b - 1e-9), 0, most).astype(int)
        outside = np.take_along_axis(self.below, up_to, 1) + np.take_along_axis(self.above, before, 1)
        return np.clip((self.first * outside).sum(1), 0, 1)


def _in_parts(function, order, width, *columns):
    """Apply a function to parts of columns that are small enough, in an order that puts like sizes together."""
    result = np.empty(len(order))
    at = 0
    while at < len(order):
        rows = order[at : at + max(1, AT_ONCE // int(width[order[min(at + 4096, len(order) - 1)]] + 2))][:4096]
        result[rows] = function(*(column[rows] for column in columns))
        at += len(rows)
    return result


def compare_shares(a: Side, b: Side, share: np.ndarray) -> np.ndarray:
    """Return the p-value of the difference of two shares, for each of several comparisons.

    All outcomes of two beta-binomial documents with a common share are listed, and those at least as far apart as
    the observed ones are added up; a document of more than 1,000 sentences has a beta distribution instead.

    Parameters
    ----------
    a, b : Side
    share : array of float
        The share that both would have, were they equal.

    Returns
    -------
    array of float
        Not a number where a side has no sentence.

    Examples
    --------
    >>> sides = ((9, 29, 1.0, np.inf), (15, 149, 1.0, np.inf))
    >>> often, seldom = (Side(*(np.array([value]) for value in side)) for side in sides)
    >>> compare_shares(often, seldom, np.array([24 / 178])).round(4).tolist()
    [0.0034]
    """
    first, second = _smaller_first(a, b)
    usable = first.units > 0
    distance = np.abs(a.count / np.maximum(a.units, 1) - b.count / np.maximum(b.units, 1)) - 1e-9

    def tail(share, n, inflation, others, inflation_others, distance):
        return _Shares(share, n, inflation, share, others, inflation_others).apart(distance)

    rows = np.flatnonzero(usable)
    width = np.where(second.units <= LARGEST_LISTED, second.units, first.units)
    order = rows[np.lexsort((first.units[rows], second.units[rows] > LARGEST_LISTED))]
    p = np.full(len(usable), np.nan)
    columns = share, first.units, first.inflation, second.units, second.inflation, distance
    picked = [column[order] for column in columns]
    p[order] = _in_parts(tail, np.arange(len(order)), width[order], *picked)
    return np.where(usable, student_tail(p, np.minimum(a.freedom, b.freedom)), np.nan)


def _smaller_first(a: Side, b: Side) -> tuple[Side, Side]:
    smaller = a.units <= b.units
    first = Side(*(np.where(smaller, x, y) for x, y in zip(a, b, strict=True)))
    second = Side(*(np.where(smaller, y, x) for x, y in zip(a, b, strict=True)))
    return first, second


def compare_rates(a: Side, b: Side) -> np.ndarray:
    """Return the p-value of the difference of two rates of hits, for each of several comparisons.

    Of the effective hits of both sides, the first has the part that its effective units would give it, were the
    rates equal: a binomial test, twice the smaller tail.

    Parameters
    ----------
    a, b : Side
        Hits and tokens.

    Returns
    -------
    array of float
        Not a number where a side has no tokens.

    References
    ----------
    Przyborowski and Wilenski 1940, Biometrika 31, 313-323.

    Examples
    --------
    >>> sides = ((8, 100, 1.0, np.inf), (2, 100, 1.0, np.inf))
    >>> often, seldom = (Side(*(np.array([value]) for value in side)) for side in sides)
    >>> compare_rates(often, seldom).round(4).tolist()
    [0.1094]
    """
    from scipy.special import betainc

    usable = (a.units > 0) & (b.units > 0)
    hits_a, hits_b = a.count / a.inflation, b.count / b.inflation
    units_a, units_b = np.where(usable, a.units / a.inflation, 1), np.where(usable, b.units / b.inflation, 1)
    part = units_a / (units_a + units_b)
    at_least = np.where(hits_a > 0, betainc(np.maximum(hits_a, 1e-12), hits_b + 1, part), 1.0)
    at_most = np.where(hits_b > 0, betainc(np.maximum(hits_b, 1e-12), hits_a + 1, 1 - part), 1.0)
    p = np.minimum(2 * np.minimum(at_least, at_most), 1)
    return np.where(usable, student_tail(p, np.minimum(a.freedom, b.freedom)), np.nan)


def omnibus(
    sides: Side, *, share: bool, draws: int | None = None, multiplicity: float = 1, seed: int | Sequence[int] = 0
) -> np.ndarray:
    """Return, for each key, the p-value of any difference among documents.

    Documents are drawn that have a common share, or rate, and clump as the texts do, each time as much as the
    estimate of the clumping leaves open. Their spread (squared distances from the mean, weighed by effective units)
    is held against the observed one. Keys that are clearly not different stop early.

    Parameters
    ----------
    sides : Side
        Arrays of n_documents x n_keys.
    share : bool
        Whether counts are sentences with a hit, or hits.
    draws : int, optional
        At most so many; unless given so many that an adjusted p-value of .05 is told within about 10 per cent.
    multiplicity : float
        By what the p-value will be multiplied.
    seed : int or sequence of int
        Where the random numbers start.

    Returns
    -------
    array of float, n_keys
        Not a number with fewer than two documents that have units.

    References
    ----------
    Besag and Clifford 1991, Biometrika 78, 301-304 (stopping).

    Examples
    --------
    >>> counts, units = np.array([[9.0], [15.0], [5.0]]), np.array([[29.0], [149.0], [38.0]])
    >>> omnibus(Side(counts, units, np.ones((3, 1)), np.full((3, 1), 50.0)), share=True).round(2).tolist()
    [0.02]
    """
    there = (sides.units > 0).all(axis=1)
    sides = Side(*(part[there] for part in sides))
    n_documents, n_keys = sides.count.shape
    if n_documents < 2:
        return np.full(n_keys, np.nan)
    if draws is None:
        fewest = draws_needed(multiplicity, extreme=20)
        draws = max(fewest, min(draws_needed(multiplicity), MOST_SIMULATED // max(n_documents * n_keys, 1)))
    check_draws(draws, multiplicity)
    seeds = [[*np.ravel(seed), key] for key in range(n_keys)]
    columns = [Side(*(part[:, key] for part in sides)) for key in range(n_keys)]
    return np.array([_omnibus_of(column, share, draws, start) for column, start in zip(columns, seeds, strict=True)])


def _omnibus_of(side: Side, share, draws, seed) -> float:
    generator = np.random.default_rng(seed)
    weights = side.units / side.inflation
    together = freedom_of_all(side)
    freedom = OMNIBUS_FREEDOM[bool(share)] * together
    # an error that all have together, but the less the more is known of a document
    exponent = np.sqrt(together / np.minimum(side.freedom, 1e9))
    common = common_share(side.count, side.units, side.inflation)

    def spread(counts):
        rates = counts / side.units
        mean = (rates * weights).sum(-1, keepdims=True) / weights.sum()
        return ((rates - mean) ** 2 * weights).sum(-1)

    observed = spread(side.count) - 1e-9
    extreme, made, batch = [], 0, 200
    while made < draws and sum(map(np.sum, extreme)) < ENOUGH_EXTREME:
        now = min(batch, draws - made, max(1, AT_ONCE // len(weights)))
        wider = np.maximum(side.inflation * (freedom / generator.chisquare(freedom, (now, 1))) ** exponent, 1)
        drawn = _draw_shares(common, side.units, wider, generator) if share else (
            _draw_hits(common * side.units, wider, generator))  # fmt: skip
        extreme.append(spread(drawn) >= observed)
        made, batch = made + now, 2 * batch
    return sequential_p(np.concatenate(extreme), draws)


def omnibus_by_formula(sides: Side, *, share: bool) -> np.ndarray:
    """Return about what `omnibus` returns, by an F law: too large where hits are rare, for they come in whole numbers.

    Its degrees of freedom are those of all documents together (`freedom_of_all`).

    Parameters
    ----------
    sides, share
        As in `omnibus`.

    Examples
    --------
    >>> counts, units = np.array([[9.0], [15.0], [5.0]]), np.array([[29.0], [149.0], [38.0]])
    >>> omnibus_by_formula(Side(counts, units, np.ones((3, 1)), np.full((3, 1), 50.0)), share=True).round(2).tolist()
    [0.02]
    """
    from scipy.special import fdtrc

    weights, rates = sides.units / sides.inflation, sides.count / sides.units
    common, free = common_share(*sides[:3]), len(rates) - 1
    spread = ((rates - (rates * weights).sum(0) / weights.sum(0)) ** 2 * weights).sum(0)
    variance = common * (1 - common) if share else common
    return fdtrc(free, OMNIBUS_FREEDOM[bool(share)] * freedom_of_all(sides), spread / variance / free)


def freedom_of_all(sides: Side) -> np.ndarray:
    """Return the degrees of freedom of the spread of several documents, whose errors are one, but not as large in each.

    Parameters
    ----------
    sides : Side
        Arrays of n_documents x n_keys.

    Examples
    --------
    >>> units, freedom = np.array([[10.0], [30.0]]), np.array([[4.0], [16.0]])
    >>> freedom_of_all(Side(units, units, np.ones((2, 1)), freedom)).round(2).tolist()
    [5.22]
    """
    weights = sides.effective[1]
    return mean_freedom(sides.freedom, weights.sum(0) - weights)


def mean_freedom(freedom: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the degrees of freedom of a sum of variances that err together: that of their mean error.

    Parameters
    ----------
    freedom, weights : arrays of float, n_documents x n_keys
        Of each variance, and how large it is.

    Examples
    --------
    >>> mean_freedom(np.array([[4.0], [16.0]]), np.ones((2, 1))).round(2).tolist()
    [7.11]
    """
    errors = (weights / np.sqrt(np.minimum(freedom, 1e9))).sum(0)
    return (weights.sum(0) / np.maximum(errors, 1e-300)) ** 2


def _draw_shares(share, units, inflation, generator):
    a, b = _beta_parameters(share, units, np.minimum(inflation, np.maximum(0.98 * units, 1)))
    return generator.binomial(units.astype(int), generator.beta(a, b))


def _draw_hits(expected, inflation, generator):
    clumped = np.maximum(inflation - 1, 1e-6)
    return generator.poisson(clumped * generator.gamma(np.maximum(expected, 1e-12) / clumped))


def omnibus_deviate(level: ArrayLike, freedom: ArrayLike, n_documents: int) -> np.ndarray:
    """Return how many standard errors one document has to be apart from all others for `omnibus` to see it, on average.

    Squared it is the median of a chi-squared law with n - 1 degrees of freedom, not central, that lies at the limit of
    the test; the limit is that of an F law with the degrees of freedom of the clumping.

    Parameters
    ----------
    level, freedom : arrays of float
        At which p-value a difference is supported, and the degrees of freedom that the test takes.
    n_documents : int

    Examples
    --------
    >>> omnibus_deviate(0.05, np.array([6.0, 1e6]), 5).round(2).tolist()
    [3.89, 2.55]
    """
    from scipy.special import betaincinv

    own = np.minimum(freedom, 1e9)
    part = betaincinv(own / 2, (n_documents - 1) / 2, level)
    return np.sqrt(np.maximum(own * (1 - part) / part - (n_documents - 2), 0))


def pair_deviate(level: ArrayLike, freedom: ArrayLike) -> np.ndarray:
    """Return how many standard errors two sides have to be apart to be supported.

    Parameters
    ----------
    level, freedom : arrays of float
        At which p-value a difference is supported, and the degrees of freedom.

    Examples
    --------
    >>> float(pair_deviate(0.05, 5.0).round(2))
    2.57
    """
    from scipy.special import stdtrit

    return -stdtrit(np.minimum(freedom, 1e9), np.asarray(level, float) / 2)


def _grown(inflation, ratio, growth):
    return 1 + (inflation - 1) * ratio**growth


def _apart(share, ratio, lowered, growth, *inflation):
    """Return both shares, the upper first, and the inflation of each side: it grows where a share is raised."""
    lower = share / np.where(lowered, ratio, 1)
    upper = np.minimum(ratio * lower, 1 - 1e-9)
    return upper, lower, *(_grown(own, np.where(lowered, 1, ratio), growth) for own in inflation)


def ratio_by_formula(
    share: ArrayLike,
    units_a: ArrayLike,
    inflation_a: ArrayLike,
    units_b: ArrayLike,
    inflation_b: ArrayLike,
    *,
    level: ArrayLike = SURE,
    freedom: ArrayLike = np.inf,
    power: float = POWER,
    deviate: ArrayLike | None = None,
    growth: float = 0.0,
    lowered: ArrayLike = False,
) -> np.ndarray:
    """Return the smallest ratio of two shares that a test would find, by the normal approximation.

    It solves p₁ - p₂ = z √(p̄(1 - p̄)(D₁/n₁ + D₂/n₂)) + z' √(p₁(1 - p₁)D₁/n₁ + p₂(1 - p₂)D₂/n₂), p̄ weighted by n/D.

    Parameters
    ----------
    share : array of float
        Of the lower side; the first one has `ratio` times it.
    units_a, inflation_a, units_b, inflation_b : arrays of float
    level, freedom : arrays of float
        At which p-value the difference is supported, and the degrees of freedom.
    power : float
        How probable it is that such a ratio is found.
    deviate : array of float, optional
        What z is; that of the level and the degrees of freedom unless given.
    growth : float
        With which power of the ratio D - 1 grows.
    lowered : array of bool
        Where the first, upper side has the share, and the other one the share divided by the ratio; D stays.

    Returns
    -------
    array of float
        1 or more; infinite where no share up to 1 (where lowered, down to 0) would be found.

    Examples
    --------
    >>> ratio_by_formula(0.15, 29, 1.793, 149, 1.833).round(3).tolist()
    3.165
    """
    from scipy.special import ndtri

    p, n_a, d_a, n_b, d_b, level, freedom, lowered = np.broadcast_arrays(
        *(np.asarray(x, float) for x in (share, units_a, inflation_a, units_b, inflation_b, level, freedom, lowered))
    )
    wanted, sure = pair_deviate(level, freedom) if deviate is None else deviate, ndtri(power)
    n_a, n_b = np.maximum(n_a, 1e-9), np.maximum(n_b, 1e-9)
    low, high = np.ones(p.shape), np.where(lowered, NONE_LEFT, 1 / p)

    def missing(ratio):
        upper, lower, grown_a, grown_b = _apart(p, ratio, lowered, growth, d_a, d_b)
        a, b = np.minimum(grown_a / n_a, 1), np.minimum(grown_b / n_b, 1)
        mean = (upper / a + lower / b) / (1 / a + 1 / b)
        apart = wanted * np.sqrt(mean * (1 - mean) * (a + b))
        return apart + sure * np.sqrt(upper * (1 - upper) * a + lower * (1 - lower) * b) - (upper - lower)

    never = missing(high) > 0
    for _ in range(50):
        middle = (low + high) / 2
        short = missing(middle) > 0
        low, high = np.where(short, middle, low), np.where(short, high, middle)
    return np.where(never, np.inf, high)


def likely_elsewhere(
    side: Side, common: float | np.ndarray, *, share: bool, lowered: bool | np.ndarray = False
) -> Side:
    """Return a side with the clumping that it is likely to have in another text of its kind.

    It is higher by 2.5 over the root of the degrees of freedom (shares that rise: by 1.5; hits that rise: by 0.25, for
    with them clumping grows), for of all texts of a kind those in which little clumping is seen name the smallest
    ratios. Degrees of freedom fall as it rises; those of shares as far as they would in a document that speaks of
    nothing else.

    Parameters
    ----------
    side : Side
    common : array of float
        Share or rate of the theme.
    share : bool
    lowered : array of bool
        Whether what is asked is how far a document would have to fall.

    Examples
    --------
    >>> [round(float(part), 2) for part in likely_elsewhere(Side(5.0, 40.0, 1.2, 25.0), 0.25, share=True)]
    [5.0, 40.0, 1.56, 14.15]
    """
    higher = np.where(lowered, HIGHER_BELOW, HIGHER[share])
    inflation = side.inflation * (1 + higher / np.sqrt(np.minimum(side.freedom, 1e9)))
    most = _grown(inflation, 1 / common, GROWTH[share]) if share else inflation
    return side._replace(inflation=inflation, freedom=np.maximum(side.freedom * side.inflation / most, LEAST_FREEDOM))


def deviate_anew(
    deviate: Callable[[np.ndarray], np.ndarray], freedom: ArrayLike, *, power: float = POWER
) -> np.ndarray:
    """Return how many standard errors apart two sides have to be for a test to see it where clumping is estimated anew.

    What is estimated varies as F does with twice the degrees of freedom; these fall as the estimate rises. What is
    asked for is solved from the mean of the powers that the test has under ten such estimates.

    Parameters
    ----------
    deviate : callable
        What the test asks for, given degrees of freedom.
    freedom : array of float
        Degrees of freedom of the estimate; where they are infinite, nothing varies.
    power : float
        How probable it is that a difference is seen.

    Examples
    --------
    >>> asked = lambda freedom: pair_deviate(0.05, freedom)
    >>> deviate_anew(asked, np.array([5.0, 20.0, np.inf])).round(2).tolist()
    [3.47, 2.18, 1.96]
    """
    from scipy.special import fdtri, ndtr, ndtri

    freedom = np.minimum(np.asarray(freedom, float), 1e9)[..., None]
    varied = fdtri(VARIES * freedom, VARIES * freedom, ANEW)
    asked = deviate(np.maximum(freedom / varied, LEAST_FREEDOM)) * np.sqrt(varied)
    low, high = asked.min(-1) - 8, asked.max(-1) + 8
    for _ in range(60):
        middle = (low + high) / 2
        enough = ndtr(middle[..., None] - asked).mean(-1) >= power
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    return high - ndtri(power)


def smallest_ratio(
    common: float | np.ndarray,
    upper: Side,
    lower: Side,
    *,
    share: bool,
    level: float | np.ndarray,
    power: float = POWER,
    lowered: bool | np.ndarray = False,
) -> np.ndarray:
    """Return the smallest ratio that a test of two sides is sure to see in other texts of their kind.

    The clumping there is `likely_elsewhere`, and estimated anew (`deviate_anew`). A document that says more of a theme
    clumps more: what its inflation is beyond 1 grows with the root of the ratio of shares, and with the ratio of
    rates, as it does where the intensity of a text drifts and as it need not do where passages only become more.

    Parameters
    ----------
    common : array of float
        Share or rate of the lower side; the upper one has `ratio` times it.
    upper, lower : Side
    share : bool
    level : float
        At which p-value a difference is supported.
    power : float
        How probable it is that such a ratio is seen.
    lowered : array of bool
        Where the upper side has `common`, and the lower one, which stands apart, has `common` divided by the ratio.

    Returns
    -------
    array of float
        Infinite where none can be named: a large one is often seen, but not surely in 80 of 100 texts.

    Examples
    --------
    >>> sides = [Side(*(np.array([part]) for part in (0, n, 1.2, 50.0))) for n in (29.0, 149.0)]
    >>> smallest_ratio(np.array([0.3]), *sides, share=True, level=0.05).round(1).tolist()
    [2.2]
    """
    upper, lower = (likely_elsewhere(side, common, share=share, lowered=lowered) for side in (upper, lower))
    freedom = np.minimum(upper.freedom, lower.freedom)
    deviate = deviate_anew(lambda anew: pair_deviate(level, anew), freedom, power=power)
    ratio = minimum_ratio if share else rate_ratio
    sides = (*upper[1:3], *lower[1:3])
    return ratio(common, *sides, deviate=deviate, power=power, growth=GROWTH[share], lowered=lowered)


def smallest_ratio_of_all(
    common: float | np.ndarray,
    one: Side,
    whole: Side,
    *,
    share: bool,
    level: float | np.ndarray,
    power: float = POWER,
    lowered: bool | np.ndarray = False,
    groups: bool = False,
) -> np.ndarray:
    """Return the smallest ratio that `omnibus` is sure to see in other texts: one document apart from all others.

    Parameters
    ----------
    common, share, level, power, lowered
        As in `smallest_ratio`; it is the one document that is raised or lowered.
    one : Side
        The document, arrays of n_pairs x n_keys.
    whole : Side
        All documents, arrays of n_documents x n_keys.
    groups : bool
        Whether they are groups, whose documents are dealt anew and scatter as they do.
    """
    n_documents, units = len(whole.units), whole.units.sum(0) - one.units
    raised, fallen = whole, whole
    if not groups:
        one = likely_elsewhere(one, common, share=share, lowered=lowered)
        raised, fallen = (likely_elsewhere(whole, common, share=share, lowered=falls) for falls in (False, True))
    freedom = np.where(lowered, freedom_of_all(fallen), freedom_of_all(raised))
    effective = np.where(lowered, fallen.effective[1].sum(0), raised.effective[1].sum(0))

    def asked(freedom):
        return omnibus_deviate(level, freedom if groups else OMNIBUS_FREEDOM[share] * freedom, n_documents)

    deviate = asked(freedom) if groups else deviate_anew(asked, freedom, power=power)
    inflation = units / (effective - one.effective[1])
    sides = ((one.units, units), (one.inflation, inflation))
    upper, lower = ([np.where(first, *pair) for pair in sides] for first in (np.logical_not(lowered), lowered))
    how = {"deviate": deviate, "power": power, "growth": 0.0 if groups and share else GROWTH[share], "lowered": lowered}
    # spread is squared: what falls adds less of it than square roots say; hits of a token are seldom more than one
    by_formula = ratio_by_formula(common, *upper, *lower, **how)
    return by_formula if share else np.where(lowered, by_formula, rate_ratio(common, *upper, *lower, **how))


def minimum_ratio(
    share: ArrayLike,
    units_a: ArrayLike,
    inflation_a: ArrayLike,
    units_b: ArrayLike,
    inflation_b: ArrayLike,
    *,
    deviate: ArrayLike,
    power: float = POWER,
    growth: float = 0.0,
    lowered: ArrayLike = False,
) -> np.ndarray:
    """Return the smallest ratio of two shares that `compare_shares` would find, listing all outcomes.

    Parameters
    ----------
    share, units_a, inflation_a, units_b, inflation_b, deviate, power, growth, lowered
        As in `ratio_by_formula`.

    Returns
    -------
    array of float
        As there, within about 1 per cent.

    Examples
    --------
    >>> one = [np.array([value]) for value in (0.15, 29, 1.793, 149, 1.833)]
    >>> minimum_ratio(*one, deviate=pair_deviate(0.05, np.inf)).round(1).tolist()
    [3.2]
    """
    given = (share, units_a, inflation_a, units_b, inflation_b, deviate, lowered)
    shape = np.broadcast_shapes(*(np.shape(part) for part in given))
    columns = np.stack([np.broadcast_to(part, shape).ravel() for part in given]).astype(float).round(6)
    columns, back = np.unique(columns, axis=1, return_inverse=True)
    columns[1:5] = np.maximum(columns[1:5], 1)
    width = np.maximum(columns[1], np.where(columns[3] <= LARGEST_LISTED, columns[3], 0))
    order = np.lexsort((width, columns[3] > LARGEST_LISTED))
    ratio = np.empty(len(order))
    ratio[order] = _in_parts(
        lambda *part: _search_ratio(*part, power, growth), np.arange(len(order)), width[order], *columns[:, order]
    )
    return ratio[back.ravel()].reshape(shape)


def _search_ratio(share, units_a, inflation_a, units_b, inflation_b, deviate, lowered, power, growth):
    from scipy.special import ndtr

    normal = 2 * ndtr(-deviate)
    swap = units_a > units_b

    def law(share_a, inflated_a, share_b, inflated_b):
        sides = ((share_a, units_a, inflated_a), (share_b, units_b, inflated_b))
        first = [np.where(swap, y, x) for x, y in zip(*sides, strict=True)]
        second = [np.where(swap, x, y) for x, y in zip(*sides, strict=True)]
        first[1], second[1] = first[1].astype(int), second[1].astype(int)
        return _Shares(*first, *second, negligible=1e-12)  # of a power, not of a p that may be as small

    def power_at(ratio):
        """Of the test whose critical distance two equal documents seldom reach."""
        upper, lower, inflated_a, inflated_b = _apart(share, ratio, lowered, growth, inflation_a, inflation_b)
        weight_a, weight_b = units_a / inflated_a, units_b / inflated_b
        mean = (upper * weight_a + lower * weight_b) / (weight_a + weight_b)
        equal = law(mean, inflated_a, mean, inflated_b)
        low, high = np.zeros(len(share)), np.ones(len(share))
        for _ in range(16):
            middle = (low + high) / 2
            often = equal.apart(middle) > normal
            low, high = np.where(often, middle, low), np.where(often, high, middle)
        return np.where(equal.apart(high) <= normal, law(upper, inflated_a, lower, inflated_b).apart(high), 0.0)

    low, high = np.ones(len(share)), np.where(lowered, NONE_LEFT, 1 / share)
    known = power_at(high) >= power
    if not known.all():
        found = np.full(len(share), np.inf)
        if known.any():
            sides = (share, units_a, inflation_a, units_b, inflation_b, deviate, lowered)
            found[known] = _search_ratio(*(part[known] for part in sides), power, growth)
        return found
    for _ in range(11):
        middle = np.sqrt(low * high)
        enough = power_at(middle) >= power
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    return high


def rate_ratio(
    rate: ArrayLike,
    units_a: ArrayLike,
    inflation_a: ArrayLike,
    units_b: ArrayLike,
    inflation_b: ArrayLike,
    *,
    level: ArrayLike = SURE,
    freedom: ArrayLike = np.inf,
    power: float = POWER,
    deviate: ArrayLike | None = None,
    growth: float = 0.0,
    lowered: ArrayLike = False,
) -> np.ndarray:
    """Return the smallest ratio of two rates of hits that `compare_rates` would find, by square roots of hits.

    Effective hits h = μn/D have a standard deviation of one half on that scale. With R the ratio and k the effective
    units of the first over those of the other it solves √(Rh₁) = √(k(h₂ + 0.6)) + (z + z')√(1 + k)/2;
    infinite where that is more than a hit in three units. Where lowered √h₁ = √(k(h₂/R + 0.6)) + (z + z')√(1 + k)/2;
    infinite where no hit at all would still be too many.

    Parameters
    ----------
    rate : array of float
        Hits per unit of the lower side.
    units_a, inflation_a, units_b, inflation_b, level, freedom, power, deviate, growth, lowered
        As in `ratio_by_formula`.

    Notes
    -----
    The 0.6 makes up for the exact test, which is more careful than its level where hits are few. Logarithms of rates,
    whose standard deviation is 1/√h, put the ratio far too high where the lower side is the shorter.

    References
    ----------
    Gu, Ng, Tang and Schucany 2008, Biometrical Journal 50, 283-298 (square roots).

    Examples
    --------
    >>> float(rate_ratio(0.01, 1000, 1.0, 1000, 1.0).round(1))
    2.7
    """
    from scipy.special import ndtri

    rate, n_a, d_a, n_b, d_b, level, freedom, lowered = np.broadcast_arrays(
        *(np.asarray(x, float) for x in (rate, units_a, inflation_a, units_b, inflation_b, level, freedom, lowered))
    )
    wanted = ndtri(power) + (pair_deviate(level, freedom) if deviate is None else deviate)

    def needed(ratio):
        """The ratio that would be found, did documents clump as at this one."""
        units, others = n_a / _grown(d_a, ratio, growth), n_b / _grown(d_b, ratio, growth)
        part, hits = units / others, rate * units
        apart = wanted * np.sqrt(1 + part) / 2
        left = np.maximum(np.sqrt(hits) - apart, 0) ** 2 - part * FEW_HITS
        fallen = np.where(left > 0, hits / left, np.inf)
        root = np.sqrt(part * (rate * others + FEW_HITS)) + apart
        return np.maximum(np.where(lowered, fallen, root**2 / hits), 1)

    with np.errstate(divide="ignore", invalid="ignore"):
        unchanged = needed(1)
        if not growth:
            return np.where((unchanged * rate <= MOST_OFTEN) | (lowered > 0), unchanged, np.inf)
        low, high = np.ones(rate.shape), np.maximum(MOST_OFTEN / rate, 1)
        never = ~(needed(high) <= high)
        for _ in range(18):
            middle = np.sqrt(low * high)
            short = needed(middle) > middle
            low, high = np.where(short, middle, low), np.where(short, high, middle)
        return np.where(lowered, unchanged, np.where(never, np.inf, high))


def limits_of_difference(
    estimate_a: float | np.ndarray,
    low_a: float | np.ndarray,
    high_a: float | np.ndarray,
    estimate_b: float | np.ndarray,
    low_b: float | np.ndarray,
    high_b: float | np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Return the limits of a difference from the limits of its two sides.

    References
    ----------
    Newcombe 1998, Statistics in Medicine 17, 873-890; Zou and Donner 2008, Statistics in Medicine 27, 1693-1702.

    Examples
    --------
    >>> [round(float(limit), 3) for limit in limits_of_difference(0.5, 0.3, 0.7, 0.2, 0.1, 0.4)]
    [0.017, 0.524]
    """
    difference = estimate_a - estimate_b
    below = np.hypot(estimate_a - low_a, high_b - estimate_b)
    above = np.hypot(high_a - estimate_a, estimate_b - low_b)
    return difference - below, difference + above


def agree_with_test(
    difference: float | np.ndarray,
    low: float | np.ndarray,
    high: float | np.ndarray,
    p: float | np.ndarray,
    level: float = LEVEL,
) -> tuple[np.ndarray, np.ndarray]:
    """Return limits that leave out zero exactly when p says so: those given, drawn out or in by what the test says.

    Examples
    --------
    >>> [round(float(limit), 3) for limit in agree_with_test(np.array(0.3), 0.05, 0.6, np.array(0.05))]
    [0.0, 0.66]
    """
    from scipy.special import ndtri

    towards = np.where(difference > 0, difference - low, high - difference)
    with np.errstate(divide="ignore", invalid="ignore"):
        reach = np.abs(difference) / towards
        factor = reach * -ndtri((1 - level) / 2) / -ndtri(np.clip(p, 1e-300, 1) / 2)
    factor = np.where(np.isfinite(factor) & (p < 0.6), np.clip(factor, 0.3, 3.0), 1.0)
    sure = p <= 1 - level
    factor = np.where(sure, np.minimum(factor, reach), np.maximum(factor, reach))
    return difference - factor * (difference - low), difference + factor * (high - difference)
