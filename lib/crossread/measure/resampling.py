"""Limits of counts, and samples of consecutive sentences.

Nothing here treats single words or single sentences as independent draws: counts and exposures are divided by an
*inflation*, which says by how much they vary more than independent hits would (`clumping` estimates it). 1 is none, 3
means that thirty hits tell as much as ten.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from crossread.errors import CrossreadError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

LEVEL = 0.95
CACHED = 1 << 16  # sentences drawn at once


def _tail(level, freedom):
    """Return what the limits leave out on each side: as the normal law has it, or Student's t."""
    from scipy.special import ndtr, stdtrit

    return ndtr(stdtrit(np.minimum(freedom, 1e9), (1 - np.asarray(level, float)) / 2))


def exact_limits(
    count: ArrayLike,
    exposure: ArrayLike,
    *,
    share: bool = False,
    inflation: ArrayLike = 1.0,
    freedom: ArrayLike = np.inf,
    level: ArrayLike = LEVEL,
) -> tuple[np.ndarray, np.ndarray]:
    """Return the exact lower and upper limits of a rate or of a share.

    With a count of zero the lower limit is zero and the upper one is the rate that such a silence still allows.
    An inflation above 1 divides count and exposure alike, so that clustered hits weigh as the smaller number of
    independent ones.

    Parameters
    ----------
    count : array of int
        Hits, or for a share the sentences with a hit.
    exposure : array of float
        Tokens, or for a share all sentences; broadcast against `count`.
    share : bool
        False gives Garwood's limits of a Poisson rate, True those of Clopper and Pearson for a binomial share.
    inflation : array of float
        How many times the variance exceeds that of independent hits (1 or more).
    freedom : array of float
        Degrees of freedom with which the inflation is known: the limits widen as Student's t does against the normal
        law.
    level : float
        Coverage, between 0 and 1.

    Returns
    -------
    low, high : arrays of float
        Hits per unit of exposure.

    References
    ----------
    Garwood 1936, Biometrika 28, 437-442; Clopper and Pearson 1934, Biometrika 26, 404-413.

    Examples
    --------
    >>> low, high = exact_limits([0, 10], [262, 1000])
    >>> (1000 * low).round(2).tolist(), (1000 * high).round(2).tolist()
    ([0.0, 4.8], [14.08, 18.39])
    """
    from scipy.special import betainccinv, betaincinv, gammainccinv, gammaincinv

    count, exposure, inflation = np.broadcast_arrays(
        np.asarray(count, float), np.asarray(exposure, float), np.asarray(inflation, float)
    )
    if share and (count > exposure).any():
        worst = int(np.argmax(count - exposure))
        raise CrossreadError(
            f"A share cannot have more hits ({count.flat[worst]:g}) than units ({exposure.flat[worst]:g})."
        )
    hits, units, tail = count / inflation, exposure / inflation, _tail(level, freedom)
    with np.errstate(divide="ignore", invalid="ignore"):
        if share:
            low = np.where(hits > 0, betaincinv(hits, units - hits + 1, tail), 0.0)
            high = np.where(hits < units, betainccinv(hits + 1, units - hits, tail), 1.0)
        else:
            low = np.where(hits > 0, gammaincinv(hits, tail), 0.0) / units
            high = gammainccinv(hits + 1, tail) / units
    return low, high


def jeffreys_limits(
    count: ArrayLike,
    units: ArrayLike,
    *,
    inflation: ArrayLike = 1.0,
    freedom: ArrayLike = np.inf,
    level: ArrayLike = LEVEL,
) -> tuple[np.ndarray, np.ndarray]:
    """Return Jeffreys's limits of a share, exact where nothing or everything was hit.

    Clopper and Pearson's limits are never too narrow and so, on average, too wide; these cover at their level
    on average.

    Parameters
    ----------
    count, units, inflation, freedom, level
        As in `exact_limits`.

    Returns
    -------
    low, high : arrays of float
        Shares, 0 to 1.

    References
    ----------
    Brown, Cai and DasGupta 2001, Statistical Science 16, 101-133.

    Examples
    --------
    >>> low, high = jeffreys_limits([0, 5], 10)
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([0.0, 0.224], [0.308, 0.776])
    """
    from scipy.special import betainccinv, betaincinv

    low, high = exact_limits(count, units, share=True, inflation=inflation, freedom=freedom, level=level)
    hits, total = np.asarray(count, float) / inflation, np.asarray(units, float) / inflation
    tail = _tail(level, freedom)
    inside = (hits > 0) & (hits < total)
    with np.errstate(invalid="ignore"):
        low = np.where(inside, betaincinv(hits + 0.5, total - hits + 0.5, tail), low)
        return low, np.where(inside, betainccinv(hits + 0.5, total - hits + 0.5, tail), high)


def rate_limits(
    counts: ArrayLike, units: ArrayLike, inflation: ArrayLike, freedom: ArrayLike, *, share: bool, level: float = LEVEL
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return rates, or shares, with the limits that tables print: Garwood's of a rate, Jeffreys's of a share.

    Parameters
    ----------
    counts, units, inflation, freedom : arrays, broadcast against each other
        As in `exact_limits`.
    share : bool
    level : float

    Returns
    -------
    rate, low, high : arrays of float
        Per unit. What has no units allows everything; so does what has an infinite inflation, which is not known.

    Examples
    --------
    >>> [part.round(3).tolist() for part in rate_limits(np.array([0, 0]), np.array([10, 0]), 1.0, np.inf, share=True)]
    [[0.0, nan], [0.0, 0.0], [0.308, 1.0]]
    """
    counts, units, inflation, freedom = np.broadcast_arrays(
        *(np.asarray(part, float) for part in (counts, units, inflation, freedom))
    )
    known = (units > 0) & np.isfinite(inflation)
    limits_of = jeffreys_limits if share else exact_limits
    low, high = limits_of(
        counts,
        np.where(known, units, counts + 1),
        inflation=np.where(known, inflation, 1),
        freedom=freedom,
        level=level,
    )
    rate = np.where(units > 0, counts / np.where(units > 0, units, 1), np.nan)
    return rate, np.where(known, low, 0.0), np.where(known, high, 1.0 if share else np.inf)


def block_length(centred: np.ndarray, bounds: ArrayLike) -> np.ndarray:
    """Return how many consecutive sentences a block should have, for each of several series, as their clumping asks.

    The rule of Politis and White for the circular bootstrap: (2 G² n / D)^⅓ with G = Σ λ |k| γ(k), D = 4/3 (Σ λ γ(k))²
    and λ the flat-top window. Products of sentences that lie k apart are added up within documents, never across.

    Parameters
    ----------
    centred : array of float, n_sentences x n_series
        Documents one after the other, each less its own mean.
    bounds : array of int, n_documents + 1
        Where each document begins, and where the last one ends.

    Returns
    -------
    array of float
        Sentences, not rounded, at most a third of all or three times the root; not a number where nothing varies.

    References
    ----------
    Politis and White 2004, Econometric Reviews 23, 53-70; Patton, Politis and White 2009, Econometric Reviews 28,
    372-375.

    Examples
    --------
    >>> text = np.repeat([1.0, 0, 0, 1, 0, 1, 1, 0, 0, 0], 6)
    >>> block_length((text - text.mean())[:, None], [0, 60]).round(1).tolist()
    [5.8]
    """
    n = len(centred)
    in_a_row = max(5, int(np.log10(max(n, 1))))
    n_lags = int(np.ceil(np.sqrt(n))) + in_a_row
    together = np.zeros((n_lags + 1, centred.shape[1]))
    reach = np.zeros_like(together)
    longest = int(np.diff(bounds).max(initial=0))
    for lag in range(min(n_lags + 1, longest)):  # no two sentences of a document lie farther apart
        first, last = np.zeros(centred.shape[1]), np.zeros(centred.shape[1])
        for start, end in pairwise(bounds):
            own = centred[start:end]
            together[lag] += (own[lag:] * own[: max(len(own) - lag, 0)]).sum(0)
            first += (own[lag + 1 :] ** 2).sum(0)
            last += (own[: max(len(own) - lag - 1, 0)] ** 2).sum(0)
        reach[lag] = np.sqrt(first * last)
    inside = np.abs(together) <= 2 * np.sqrt(np.log10(max(n, 2)) / max(n, 1)) * reach
    lengths = np.array([_length_of(*series, in_a_row) for series in zip(together.T, inside.T, strict=True)])
    return np.minimum(lengths * n ** (1 / 3), np.ceil(min(3 * np.sqrt(n), n / 3)))


def _length_of(together, inside, in_a_row):
    """Return the block length of one series, over the cube root of its length."""
    if not together[0] > 0:
        return np.nan
    n_lags = len(together) - 1
    quiet = (lag for lag in range(n_lags - in_a_row + 1) if inside[lag : lag + in_a_row].all())
    most = min(2 * max(next(quiet, n_lags), 1), n_lags)
    lag = np.arange(1, most + 1)
    window = np.where(lag / most <= 0.5, 1, 2 * (1 - lag / most))
    slope, spread = 2 * (window * lag * together[lag]).sum(), together[0] + 2 * (window * together[lag]).sum()
    return (1.5 * slope**2 / spread**2) ** (1 / 3) if spread > 0 else np.inf


def block_weights(n_units: int, *, block: int, draws: int = 2000, seed: int | np.random.Generator = 0) -> np.ndarray:
    """Return how often each sentence is drawn in each block-bootstrap sample of one document.

    Blocks are runs of `block` consecutive sentences; the last sentence is followed by the first, so that every
    sentence is drawn equally often. The last block of a sample is cut so that each sample has exactly `n_units`
    sentences.

    Parameters
    ----------
    n_units : int
        Sentences in the document.
    block : int
        Sentences in a block (`block_length`).
    draws : int
        Samples.
    seed : int or numpy Generator
        Where the random numbers start.

    Returns
    -------
    array of int32, draws x n_units
        Weights; each row sums to `n_units`.

    References
    ----------
    Politis and Romano 1992, in LePage and Billard (eds), Exploring the Limits of Bootstrap, 263-270.

    Examples
    --------
    >>> block_weights(4, block=2, draws=100).sum(axis=1).tolist() == [4] * 100
    True
    """
    weights = np.empty((draws, n_units), dtype=np.int32)
    for rows, drawn in _draw_weights(n_units, block, draws, np.random.default_rng(seed)):
        weights[rows] = drawn
    return weights


def _draw_weights(n_units, block, draws, generator):
    """Yield the weights of `block_weights` some samples at a time, few enough to stay in the processor's cache."""
    at_once = max(1, CACHED // max(1, n_units))
    n_blocks = -(-n_units // block)
    for first in range(0, draws, at_once):
        samples = min(at_once, draws - first)
        drawn = generator.integers(0, n_units, size=(samples, n_blocks))
        if block > 1:
            drawn = (drawn[:, :, None] + np.arange(block)).reshape(samples, -1)[:, :n_units]
            drawn %= n_units
        drawn += n_units * np.arange(samples)[:, None]
        weights = np.bincount(drawn.ravel(), minlength=samples * n_units)
        yield slice(first, first + samples), weights.reshape(samples, n_units)
