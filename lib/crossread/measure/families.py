"""What was asked together is corrected together: Holm, Benjamini and Hochberg, Shaffer, step-down maxima, and draws."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from math import ceil

import numpy as np
from numpy.typing import ArrayLike

from crossread.errors import CrossreadError

SURE = 0.05  # the level of every verdict
ENOUGH_EXTREME = 50  # a test that was reached by so many draws is clearly not going to be supported
TOGETHER = 128  # statistics whose largest is taken at once
MOST_PARTED = 8  # documents whose partitions are looked through


def adjust(p: ArrayLike, method: str = "holm", n_tests: int | None = None) -> np.ndarray:
    """Return p-values adjusted for having been asked together.

    Parameters
    ----------
    p : array of float
        P-values; missing ones stay missing and are not counted.
    method : "holm" or "bh"
        Holm's step-down keeps the chance of any false finding, Benjamini and Hochberg's step-up the share of
        false findings.
    n_tests : int, optional
        How many were asked, where the largest p-values are not given.

    Returns
    -------
    array of float
        In the order of `p`, at most 1.

    References
    ----------
    Holm 1979, Scandinavian Journal of Statistics 6, 65-70; Benjamini and Hochberg 1995, JRSS B 57, 289-300.

    Examples
    --------
    >>> adjust([0.01, 0.04, 0.03]).round(3).tolist(), adjust([0.01, 0.04, 0.03], "bh").round(3).tolist()
    ([0.03, 0.06, 0.06], [0.03, 0.04, 0.04])
    """
    p = np.asarray(p, float)
    adjusted = np.full(p.shape, np.nan)
    known = np.flatnonzero(~np.isnan(p))
    order = known[np.argsort(p[known], kind="stable")]
    ranks, n_tests = np.arange(len(order)), len(order) if n_tests is None else n_tests
    if method == "holm":
        adjusted[order] = np.maximum.accumulate(p[order] * (n_tests - ranks))
    elif method == "bh":
        adjusted[order] = np.minimum.accumulate((p[order] * n_tests / (ranks + 1))[::-1])[::-1]
    else:
        raise CrossreadError(f"The adjustment “{method}” is not known; use “holm” or “bh”.")
    return np.minimum(adjusted, 1.0)


def holm_levels(p: ArrayLike) -> np.ndarray:
    """Return the level at which Holm's procedure tests each p-value.

    A row is supported exactly when its p-value is at most its level; limits at that level agree with the
    adjusted verdict.

    Examples
    --------
    >>> holm_levels([0.01, 0.04, 0.03]).round(4).tolist()
    [0.0167, 0.025, 0.025]
    """
    p = np.asarray(p, float)
    order = np.argsort(p, kind="stable")
    levels = SURE / (len(p) - np.arange(len(p)))
    failed = np.flatnonzero(p[order] > levels)
    if len(failed):
        levels[failed[0] :] = levels[failed[0]]
    result = np.empty(len(p))
    result[order] = levels
    return result


def levels_to_join(p: ArrayLike, method: str = "holm", n_tests: int | None = None) -> np.ndarray:
    """Return how small each p-value that is not supported would have to be to become so, the others being as they are.

    Parameters
    ----------
    p, method, n_tests
        As in `adjust`; none missing.

    Examples
    --------
    >>> [levels_to_join([0.001, 0.2, 0.03, 0.9], method).round(4).tolist()[1:] for method in ("holm", "bh")]
    [[0.0167, 0.0167, 0.0167], [0.0375, 0.025, 0.0375]]
    """
    p = np.asarray(p, float)
    n_tests = max(len(p) if n_tests is None else n_tests, 1)
    if method == "holm":
        supported = int((adjust(p, method, n_tests) <= SURE).sum())
        return np.full(p.shape, SURE / max(n_tests - supported, 1))
    # a rank is open to one more where all before it but one are taken; a p-value that is below it takes one itself
    ranks = np.arange(1, min(len(p) + 1, n_tests) + 1)
    limits = SURE * ranks / n_tests
    limits = limits[np.searchsorted(np.sort(p), limits, side="right") >= ranks - 1]
    return limits[np.maximum(np.searchsorted(limits, p) - 1, 0)]


@lru_cache
def possible_equalities(n: int) -> tuple[int, ...]:
    """Return how many of all pairs of n documents can be equal at once, given that equality is transitive.

    References
    ----------
    Shaffer 1986, Journal of the American Statistical Association 81, 826-831.

    Examples
    --------
    >>> possible_equalities(5)
    (0, 1, 2, 3, 4, 6, 10)
    """
    if n < 2:
        return (0,)
    alike = {size * (size - 1) // 2 + rest for size in range(1, n + 1) for rest in possible_equalities(n - size)}
    return tuple(sorted(alike))


def equalities_among(pairs: Sequence[tuple]) -> tuple[int, ...]:
    """Return how many of these pairs can be equal at once; of pairs of many documents any number is allowed for.

    Examples
    --------
    >>> equalities_among([("a", "b"), ("b", "c"), ("a", "c")]), equalities_among([("a", "b"), ("c", "d")])
    ((0, 1, 3), (0, 1, 2))
    """
    names = list(dict.fromkeys(name for pair in pairs for name in pair))
    if len(pairs) == len(names) * (len(names) - 1) // 2:
        return possible_equalities(len(names))
    if len(names) > MOST_PARTED:
        return tuple(range(len(pairs) + 1))
    place = {name: number for number, name in enumerate(names)}
    parts = np.array(_partitions(len(names)))
    first, second = np.array([[place[name] for name in pair] for pair in pairs]).T
    return tuple(np.unique((parts[:, first] == parts[:, second]).sum(axis=1)).tolist())


@lru_cache
def _partitions(n: int) -> tuple[tuple[int, ...], ...]:
    """All ways to put n things into groups, as the number of each one's group."""
    if n == 0:
        return ((),)
    return tuple((*part, group) for part in _partitions(n - 1) for group in range(max(part, default=-1) + 2))


def multipliers(n_tests: int, equalities: Sequence[int], *, after_omnibus: bool) -> np.ndarray:
    """Return by what the p-values of a family of equalities are multiplied, from the smallest to the largest.

    Each is multiplied by the most equalities that can still be true: as many as remain, or the next smaller number
    that is possible. Once the omnibus test has rejected that all are equal, the number of all of them is out.

    References
    ----------
    Shaffer 1986, Journal of the American Statistical Association 81, 826-831; Donoghue 2004, in Benjamini et al.
    (eds), Recent Developments in Multiple Comparison Procedures, 1-23.

    Examples
    --------
    >>> multipliers(10, possible_equalities(5), after_omnibus=True).tolist()
    [6, 6, 6, 6, 6, 4, 4, 3, 2, 1]
    """
    possible = np.array([count for count in sorted(equalities) if not after_omnibus or count < n_tests])
    remaining = n_tests - np.arange(n_tests)
    return np.maximum(possible[np.searchsorted(possible, remaining, side="right") - 1], 1)


def step_down(p: np.ndarray, factors: np.ndarray) -> np.ndarray:
    """Return p-values multiplied by the factors in the order of their size, never falling, at most 1.

    Parameters
    ----------
    p : array of float, n_tests or n_tests x n_families
    factors : array of int, n_tests
        From `multipliers`.

    Examples
    --------
    >>> step_down(np.array([0.02, 0.001, 0.6]), np.array([3, 1, 1])).tolist()
    [0.02, 0.003, 0.6]
    """
    p = np.asarray(p, float)
    order = np.argsort(p, axis=0, kind="stable")
    factors = np.asarray(factors).reshape(-1, *[1] * (p.ndim - 1))
    adjusted = np.minimum(np.maximum.accumulate(np.take_along_axis(p, order, 0) * factors, axis=0), 1.0)
    result = np.empty_like(p)
    np.put_along_axis(result, order, adjusted, 0)
    return result


def step_down_maxima(
    statistic: np.ndarray, nulls: Iterable[np.ndarray], enough: float = np.inf
) -> tuple[np.ndarray, np.ndarray]:
    """Return p-values of several statistics by chance, each by itself and adjusted by the largest of them.

    The largest statistic is held against the largest of all under each draw, the second against the largest of the
    others, and so on. That keeps the chance of any false finding where the law of what is truly equal does not
    depend on what differs.

    Parameters
    ----------
    statistic : array of float, n_tests
    nulls : iterable of arrays of float, n_draws x n_tests
        The statistics under chance, some draws at a time; the observed ones are to be among them.
    enough : float
        Once so many draws reach even what is reached most seldom, no more are asked for: nothing is near a limit.

    References
    ----------
    Westfall and Young 1993, Resampling-Based Multiple Testing, algorithm 2.8. Besag and Clifford 1991, Biometrika 78,
    301-304 (stopping).

    Examples
    --------
    >>> null = np.array([[3.0, 1.0], [1.0, 1.0], [0.0, 2.0], [1.0, 0.0]])
    >>> [part.tolist() for part in step_down_maxima([3.0, 1.0], [null])]
    [[0.25, 0.75], [0.25, 0.75]]
    """
    statistic = np.asarray(statistic, float)
    order = np.argsort(-statistic, kind="stable")
    in_order = bool((np.diff(order) == 1).all())
    sorted_down = statistic[order] - 1e-9
    reached, exceeded, draws = np.zeros(len(order), dtype=int), np.zeros(len(order), dtype=int), 0
    for null in nulls:
        part = null if in_order else null[:, order]
        reached += (part >= sorted_down).sum(axis=0)
        beyond = np.full(len(part), -np.inf)  # the largest of all that follow
        for last in range(len(order), 0, -TOGETHER):
            some = slice(max(0, last - TOGETHER), last)
            few = np.flatnonzero(beyond < sorted_down[some.start])  # in the other draws what follows exceeds them all
            running = np.maximum.accumulate(np.column_stack([beyond[few], part[few, some][:, ::-1]]), axis=1)
            exceeded[some] += len(part) - len(few) + (running[:, :0:-1] >= sorted_down[some]).sum(axis=0)
            beyond = np.maximum(beyond, part[:, some].max(axis=1))
        draws += len(part)
        if exceeded.min(initial=draws) >= enough:
            break
    p, p_adjusted = np.empty(len(order)), np.empty(len(order))
    p[order], p_adjusted[order] = reached / draws, np.maximum.accumulate(exceeded / draws)
    return p, p_adjusted


def draws_needed(multiplicity: float, level: float = SURE, extreme: int = 100) -> int:
    """Return how many draws let an adjusted p-value at the level be told within about 10 per cent.

    So many that `extreme` of them are expected to reach a statistic whose p-value is the level over the multiplicity.

    Examples
    --------
    >>> draws_needed(10), draws_needed(1, extreme=1)
    (20000, 20)
    """
    return ceil(extreme * multiplicity / level - 1e-9)


def check_draws(draws: int, multiplicity: float) -> None:
    """Refuse a number of draws with which no adjusted p-value could be supported.

    Examples
    --------
    >>> check_draws(599, 30)
    """
    fewest = draws_needed(multiplicity, extreme=1) - 1
    if draws < fewest:
        raise CrossreadError(
            f"With {draws:,} draws no adjusted p-value can reach {SURE:g} among {multiplicity:g} tests; "
            f"use at least {fewest:,}."
        )


def sequential_p(extreme: ArrayLike, draws: int, enough: int = ENOUGH_EXTREME) -> float:
    """Return the p-value of draws that stop once enough of them were at least as extreme as what was seen.

    Parameters
    ----------
    extreme : sequence of bool
        For each draw in turn, whether it was.
    draws : int
        The most that would have been made.
    enough : int
        Stop after so many extreme ones.

    Returns
    -------
    float
        enough / draws made where it stopped, else (1 + extreme ones) / (1 + draws).

    References
    ----------
    Besag and Clifford 1991, Biometrika 78, 301-304.

    Examples
    --------
    >>> sequential_p([0, 1, 0, 0, 1], 10, enough=2), round(sequential_p([0] * 10, 10, enough=2), 3)
    (0.4, 0.091)
    """
    reached = np.flatnonzero(np.cumsum(extreme) >= enough)
    if len(reached):
        return enough / int(reached[0] + 1)
    return (1 + int(np.sum(extreme))) / (1 + draws)
