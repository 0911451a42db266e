"""How much a theme clumps, estimated from the texts: a text that has just said *China* is likely to say it again.

Sentences on a theme come in passages, so thirty of them tell less about further text than thirty drawn apart. The
*inflation* D says how many times more the count of a document varies than that of independent sentences would; a
document of n sentences tells as much as n / D independent ones. Short documents cannot tell how long passages are, so
documents are asked together; but long ones do not vouch for much shorter ones. Where documents that are about as
long, or shorter, tell of more clumping than all do, or are less sure of it, that holds (`length_groups`); and where the
estimate without the longest of them is higher, it holds for the others.

The estimate itself is unsure, the more so the fewer passages there are. Its *degrees of freedom* count how many
independent sentences, with and without the theme, stand beside each other in the documents; limits and tests widen as
Student's t does with so many. A document in which more than half is on a theme that is seldom elsewhere counts as one
of which half is: else the larger a difference were, the less would speak for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

LAGS = 20  # sentences apart
DECAYS = np.array([0.15, 0.3, 0.45, 0.55, 0.65, 0.72, 0.78, 0.83, 0.87, 0.9, 0.92, 0.94, 0.955, 0.97])
LAG_WEIGHT = 0.85  # of each lag over that of the one before
LEAST_FREEDOM = 3.0
MUCH_LONGER, WIDEST = 3.5, 4.5  # times as many sentences as the next shorter document, and as the shortest of a group
LARGEST_PART = 0.98  # of the sentences: the inflation of a share cannot reach their number


class Clumping(NamedTuple):
    """How much each key clumps in each document."""

    inflation: np.ndarray  # how many times more a count varies than that of independent hits would; 1 or more
    freedom: np.ndarray  # degrees of freedom of that estimate


def estimate_clumping(counts: np.ndarray, exposure: np.ndarray, bounds: np.ndarray, *, share: bool = False) -> Clumping:
    """Estimate how much each key clumps, from the products of neighbouring sentences in all documents.

    With e the sentences' counts less the mean of their own document, sums of e(t) e(t+k) within documents are fitted,
    by least squares with weights that fall by 0.85 a lag up to lag 20, to their exact expectation after centring when
    the correlation at lag k is c r^k. Then D = V (1 + 2c sum over k < n of r^k (1 - k/n)), where V is 1 for a share
    and, for hits, how many times more those of one sentence vary than Poisson's law says.

    Parameters
    ----------
    counts : array of int, n_sentences x n_keys
        Hits of each sentence, documents one after the other; for a share anything above 0 counts as 1.
    exposure : array of float, n_sentences
        Tokens of each sentence.
    bounds : array of int, n_documents + 1
        Where each document begins, and where the last one ends.
    share : bool
        Whether the share of sentences with a hit is meant, or hits per token.

    Notes
    -----
    Centring on a document's own mean makes products too small, the more so the shorter the document; the exact
    expectation mends that. Centring on a common mean instead would take real differences for clumping. How the rule
    was chosen among others, and what it costs, is in `benchmarks/simulate_themes.py`.

    Examples
    --------
    >>> apart, clumped = np.tile([1, 0, 0, 0], 30), np.repeat([1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0], 10)
    >>> estimate_clumping(np.stack([apart, clumped], axis=1), np.ones(120), [0, 120], share=True).inflation.round(1)
    array([[ 1. , 13.5]])
    """
    counts, bounds = np.asarray(counts, float), np.asarray(bounds)
    exposure = np.asarray(exposure, float)
    if share:
        counts, exposure = (counts > 0).astype(float), np.ones(len(counts))
    sizes = np.diff(bounds)
    totals = sum_between(counts, bounds)
    with_hit = totals if share else sum_between((counts > 0).astype(float), bounds)
    products = lagged_products(counts, exposure, bounds)

    def tell(asked):
        fit = _fit(products[asked], sizes[asked], totals[asked], share)
        return _spread(fit, sizes, with_hit, share, asked)

    inflation, freedom = tell(np.ones(len(sizes), dtype=bool))
    longest, groups = np.arange(len(sizes)) == np.argmax([*sizes, 0]), length_groups(sizes)
    for group in np.unique(groups):
        alike, here = groups <= group, (groups == group)[:, None]
        of_alike, freedom_of_alike = tell(alike)
        inflation = np.where(here, np.maximum(inflation, of_alike), inflation)
        freedom = np.where(here, np.minimum(freedom, freedom_of_alike), freedom)
        without, freedom_without = tell(alike & ~longest)
        higher = here & ~longest[:, None] & (without > inflation)
        inflation, freedom = np.where(higher, without, inflation), np.where(higher, freedom_without, freedom)
    return Clumping(inflation, np.maximum(freedom, LEAST_FREEDOM))


def length_groups(sentences: ArrayLike) -> np.ndarray:
    """Number the groups of documents that are about as long, from the shortest on.

    A group begins with a document that has more than three and a half times as many sentences as the next shorter one,
    or more than four and a half times as many as the shortest of its group would have.

    Parameters
    ----------
    sentences : array of int
        Of each document.

    Examples
    --------
    >>> length_groups([9, 38, 29, 30, 149]).tolist(), length_groups([29, 400, 149]).tolist()
    ([0, 0, 0, 0, 1], [0, 1, 1])
    """
    lengths = np.maximum(sentences, 1)
    groups, group, shortest, last = np.zeros(len(lengths), dtype=int), 0, np.inf, np.inf
    for place in np.argsort(lengths, kind="stable"):
        length = lengths[place]
        if length > MUCH_LONGER * last or length > WIDEST * shortest:
            group, shortest = group + 1, length
        groups[place], shortest, last = group, min(shortest, length), length
    return groups


def sum_between(values: np.ndarray, bounds: np.ndarray) -> np.ndarray:
    """Return the sum of each stretch of rows between two bounds.

    Examples
    --------
    >>> sum_between(np.array([1, 2, 3]), [0, 2, 2, 3]).tolist()
    [3.0, 0.0, 3.0]
    """
    before = np.concatenate([np.zeros((1, *values.shape[1:])), np.cumsum(values, axis=0, dtype=float)])
    bounds = np.asarray(bounds)
    return before[bounds[1:]] - before[bounds[:-1]]


def lagged_products(counts: np.ndarray, exposure: np.ndarray, bounds: np.ndarray, lags: int = LAGS) -> np.ndarray:
    """Return, for each document, lag and key, the sum of products of centred sentences that many apart.

    Parameters
    ----------
    counts : array of float, n_sentences x n_keys
    exposure, bounds
        As in `estimate_clumping`.
    lags : int
        The farthest.

    Returns
    -------
    array of float, n_documents x (1 + lags) x n_keys

    Examples
    --------
    >>> lagged_products(np.array([[1.0], [0.0], [1.0], [0.0]]), np.ones(4), [0, 4], lags=1).ravel().tolist()
    [1.0, -0.75]
    """
    sizes = np.diff(bounds)
    document = np.repeat(np.arange(len(sizes)), sizes)
    held = sum_between(exposure, bounds)
    rates = sum_between(counts, bounds) / np.where(held > 0, held, 1)[:, None]
    centred = counts - exposure[:, None] * rates[document]
    result = np.empty((len(sizes), lags + 1, counts.shape[1]))
    for lag in range(lags + 1):
        together = np.zeros_like(centred)
        here = len(centred) - lag
        if here > 0:
            same = document[lag:] == document[:here]
            together[:here] = centred[:here] * centred[lag:] * same[:, None]
        result[:, lag] = sum_between(together, bounds)
    return result


def _sum_of_means(r, n, first):
    """Return the sum, over the first rows, of the means of the rows of a matrix of r^|i-j| (0 on its diagonal)."""
    ends = (1 - r**first) / (1 - r)
    return r / (1 - r) / n * (2 * first - ends - r ** (n - first) * ends)


def expected_products(sizes: np.ndarray, r: float, lags: int = LAGS) -> tuple[np.ndarray, np.ndarray]:
    """Return what lagged products of n centred values are expected to be, for a variance of 1.

    The products of independent values, and what a correlation of r^k at lag k adds to them: sums along the k-th
    diagonal of H and of HRH, where H = I - 1/n.

    Parameters
    ----------
    sizes : array of int
        How many values.
    r : float
        Between 0 and 1.
    lags : int

    Returns
    -------
    independent, correlated : arrays of float, n_sizes x (1 + lags)

    Examples
    --------
    >>> [part.round(3).tolist() for part in expected_products([3], 0.5, lags=2)]
    [[[2.0, -0.667, -0.333]], [[-0.833, 0.389, 0.028]]]
    """
    n = np.asarray(sizes, float)[:, None]
    lag = np.arange(lags + 1.0)
    held = np.maximum(n - lag, 0)
    n = np.maximum(n, 1)
    independent = np.where(lag == 0, n - 1, -held / n)
    grand = _sum_of_means(r, n, n) / n
    correlated = held * (np.where(lag == 0, 0, r**lag) + grand) - 2 * _sum_of_means(r, n, held)
    return np.where(held > 0, independent, 0.0), np.where(held > 0, correlated, 0.0)


class _Fit(NamedTuple):
    strength: np.ndarray
    decay: np.ndarray
    excess: np.ndarray


def _fit(products, sizes, totals, share) -> _Fit:
    n_keys = products.shape[2]
    pooled = products.sum(axis=0)
    weights = LAG_WEIGHT ** np.arange(pooled.shape[0] - 1)[:, None]
    smallest = np.full(n_keys, np.inf)
    strength, decay, excess = np.zeros(n_keys), np.full(n_keys, DECAYS[0]), np.ones(n_keys)
    for r in DECAYS:
        independent, correlated = expected_products(sizes, r, pooled.shape[0] - 1)
        c = np.zeros(n_keys)
        for _ in range(3):  # the variance that goes with c, then c again
            variance = _variances(products, independent, correlated, c)
            seen = (pooled - independent.T @ variance)[1:]
            slope = (correlated.T @ variance)[1:]
            c = (weights * slope * seen).sum(0) / np.maximum((weights * slope**2).sum(0), 1e-12)
            c = np.clip(c, 0, 1)
        misfit = (weights * (seen - c * slope) ** 2).sum(0)
        better = misfit < smallest - 1e-12
        smallest = np.where(better, misfit, smallest)
        strength, decay = np.where(better, c, strength), np.where(better, r, decay)
        if not share:
            ratio = (variance * sizes[:, None]).sum(0) / np.maximum(totals.sum(0), 1e-12)
            excess = np.where(better, np.maximum(ratio, 1), excess)
    return _Fit(strength, decay, excess)


def _variances(products, independent, correlated, c):
    """Return the variance of one sentence in each document, for each key."""
    held = independent[:, :1] + c * correlated[:, :1]
    return np.where(held > 1e-9, products[:, 0] / np.where(held > 1e-9, held, 1), 0.0)


def _spread(fit, sizes, with_hit, share, asked):
    """Return the inflation of documents of these sizes, and the degrees of freedom that the documents asked give."""
    n = np.maximum(sizes, 1)[:, None].astype(float)
    inflation = fit.excess * (1 + fit.strength * _sum_of_means(fit.decay, n, n))
    if share:
        inflation = np.clip(inflation, 1, np.maximum(LARGEST_PART * n, 1))
    is_seldom = 2 * with_hit[asked].sum(0) <= sizes[asked].sum()
    fewer = np.minimum(np.where(is_seldom, with_hit, n - with_hit), n / 2)
    freedom = (fewer * (1 - fewer / n) / inflation)[asked].sum(0)
    return inflation, np.broadcast_to(freedom, inflation.shape)


def freedom_at_best(sentences: ArrayLike, inflation: ArrayLike, freedom: ArrayLike, others: ArrayLike) -> np.ndarray:
    """Return the degrees of freedom that documents would have were a theme in all sentences of one of them.

    Parameters
    ----------
    sentences, inflation : arrays of float
        Of that document.
    freedom, others : arrays of float
        Of the documents asked about, itself among them: what they have with the theme as it is, and their sentences.

    Examples
    --------
    >>> freedom_at_best(60.0, 1.0, np.array([3.0, 3.0, 20.0]), [60, 14, 35]).tolist()
    [15.0, 3.0, 20.0]
    """
    told = np.asarray(sentences) <= MUCH_LONGER * np.asarray(others)
    return np.where(told, np.maximum(freedom, np.divide(sentences, inflation) / 4), freedom)
