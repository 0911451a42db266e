"""Limits, permutation tests and adjusted p-values for counts that come sentence by sentence.

Words cluster: a text that has just said *China* is likely to say it again. So nothing here treats single words
or single sentences as independent draws. The unit is a short block of consecutive sentences within one
document, and the *inflation* says by how much blocks vary more than independent hits would: 1 is none, 3 means
that thirty hits tell as much as ten.
"""

from typing import NamedTuple

import numpy as np

from crossread.errors import CrossreadError

BLOCK = 3
LEVEL = 0.95
CACHED = 1 << 16  # sentences drawn at once
_Z = 1.959963984540054


def exact_limits(count, exposure, *, share=False, inflation=1.0, level=LEVEL):
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
    level : float
        Coverage, between 0 and 1.

    Returns
    -------
    low, high : arrays of float
        Hits per unit of exposure.

    Raises
    ------
    CrossreadError
        "A share cannot have more hits (…) than units (…)."

    References
    ----------
    Garwood 1936, Biometrika 28, 437-442; Clopper and Pearson 1934, Biometrika 26, 404-413.

    Examples
    --------
    >>> low, high = exact_limits([0, 10], [262, 1000])
    >>> (1000 * low).round(2).tolist(), (1000 * high).round(2).tolist()
    ([0.0, 4.8], [14.08, 18.39])
    """
    from scipy.stats import beta, gamma

    count, exposure, inflation = np.broadcast_arrays(
        np.asarray(count, float), np.asarray(exposure, float), np.asarray(inflation, float)
    )
    if share and (count > exposure).any():
        worst = int(np.argmax(count - exposure))
        raise CrossreadError(
            f"A share cannot have more hits ({count.flat[worst]:g}) than units ({exposure.flat[worst]:g})."
        )
    hits, units = count / inflation, exposure / inflation
    tail = (1 - level) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        if share:
            low = np.where(hits > 0, beta.ppf(tail, hits, units - hits + 1), 0.0)
            high = np.where(hits < units, beta.ppf(1 - tail, hits + 1, units - hits), 1.0)
        else:
            low = np.where(hits > 0, gamma.ppf(tail, hits), 0.0) / units
            high = gamma.ppf(1 - tail, hits + 1) / units
    return low, high


def jeffreys_limits(count, units, *, inflation=1.0, level=LEVEL):
    """Return Jeffreys's limits of a share, exact where nothing or everything was hit.

    Clopper and Pearson's limits are never too narrow and so, on average, too wide; these cover at their level
    on average.

    Parameters
    ----------
    count, units, inflation, level
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
    from scipy.stats import beta

    low, high = exact_limits(count, units, share=True, inflation=inflation, level=level)
    hits, total = np.asarray(count, float) / inflation, np.asarray(units, float) / inflation
    tail = (1 - level) / 2
    inside = (hits > 0) & (hits < total)
    low = np.where(inside, beta.ppf(tail, hits + 0.5, total - hits + 0.5), low)
    return low, np.where(inside, beta.ppf(1 - tail, hits + 0.5, total - hits + 0.5), high)


def block_weights(n_units, *, block=BLOCK, draws=2000, seed=0):
    """Return how often each sentence is drawn in each block-bootstrap sample of one document.

    Blocks are runs of `block` consecutive sentences; the last sentence is followed by the first, so that every
    sentence is drawn equally often. The last block of a sample is cut so that each sample has exactly `n_units`
    sentences.

    Parameters
    ----------
    n_units : int
        Sentences in the document.
    block : int
        Sentences in a block.
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


def bootstrap_rates(counts, exposure, *, block=BLOCK, draws=2000, seed=0):
    """Return the rate in each block-bootstrap sample of one document.

    Quantiles of the draws are the percentile limits. They are too narrow for rare themes and [0, 0] for a
    silent document; `exact_limits` with the inflation of `block_inflation` is what the tables use.

    Parameters
    ----------
    counts : array of int, n_units or n_units x n_keys
        Hits in each sentence of one document, in reading order.
    exposure : array of float, n_units
        Tokens of each sentence; ones for a share.
    block, draws, seed
        As in `block_weights`.

    Returns
    -------
    array of float, draws or draws x n_keys
        Hits per unit of exposure.

    Raises
    ------
    CrossreadError
        "A bootstrap needs at least one sentence with tokens."

    Examples
    --------
    >>> rates = bootstrap_rates([0, 2, 1, 0, 0, 1], [20] * 6)
    >>> rates.shape, bool(abs(rates.mean() - 4 / 120) < 0.001)
    ((2000,), True)
    """
    counts, exposure = np.asarray(counts), np.asarray(exposure, float)
    if not exposure.sum() > 0:
        raise CrossreadError("A bootstrap needs at least one sentence with tokens.")
    sums = np.column_stack([exposure, counts]).astype(float)
    drawn = np.empty((draws, sums.shape[1]))
    for rows, weights in _draw_weights(len(exposure), block, draws, np.random.default_rng(seed)):
        drawn[rows] = weights.astype(float) @ sums  # sums of integers: the same in any order
    rates = drawn[:, 1:] / drawn[:, :1]
    return rates[:, 0] if counts.ndim == 1 else rates


def _block_variances(counts, exposure, bounds, totals, units, block):
    """Return the sum of `block_variance` over documents that lie one after the other, all at once."""
    sizes = np.diff(bounds)
    usable = (sizes >= 2) & (units > 0)
    widths = np.maximum(1, np.minimum(block, sizes // 2))
    n_blocks = sizes / widths
    weights = np.where(usable, n_blocks / np.where(usable, n_blocks - 1, 1) / widths, 0.0)
    document = np.repeat(np.arange(len(sizes)), sizes)
    rates = totals / np.where(units > 0, units, 1)[:, None]
    residuals = counts - exposure[:, None] * rates[document]
    sums = np.vstack([np.zeros(counts.shape[1]), np.cumsum(residuals, axis=0)])
    # a run that leaves its document goes on at its beginning; the residuals of a document sum to zero
    ends = np.arange(len(exposure)) + widths[document]
    ends = np.where(ends > bounds[1:][document], ends - sizes[document], ends)
    runs = sums[ends] - sums[:-1]
    return weights[document] @ runs**2


def block_inflation(documents, *, share=False, block=BLOCK):
    """Return, per key, how many times more the counts vary than independent hits would, pooled over documents.

    A short document cannot tell how its hits cluster, so all documents are asked together: the sum of their
    block variances over the sum of the variances that independent hits would have, times 1 + that ratio / hits
    (few hits hide their clusters), not below 1.

    Parameters
    ----------
    documents : list of (counts, exposure)
        Per document: hits, n_units x n_keys, and tokens or ones, n_units.
    share : bool
        Whether the counts are 0 or 1 per sentence and a share is wanted.
    block : int
        Sentences in a block.

    Returns
    -------
    array of float, n_keys
        1 or more.

    Examples
    --------
    >>> clustered = np.repeat([[0], [2], [0], [2]], 6, axis=0)
    >>> bool(block_inflation([(clustered, np.ones(24))])[0] > 2)
    True
    """
    if not documents:
        return np.ones(0)
    counts = np.concatenate([np.asarray(counts, float) for counts, _ in documents])
    bounds = np.concatenate([[0], np.cumsum([len(exposure) for _, exposure in documents])])
    exposure = np.concatenate([np.asarray(exposure, float) for _, exposure in documents])
    return inflation_of(counts, exposure, bounds, share=share, block=block)


def inflation_of(counts, exposure, bounds, *, share=False, block=BLOCK):
    """Return what `block_inflation` returns, of documents that lie one after the other in the same arrays.

    Parameters
    ----------
    counts, exposure : arrays
        Of all units of all documents.
    bounds : array of int, n_documents + 1
        Where each document begins, and where the last one ends.
    share, block
        As in `block_inflation`.

    Returns
    -------
    array of float, n_keys

    Examples
    --------
    >>> clustered = np.repeat([[0], [2], [0], [2]], 6, axis=0)
    >>> bool(inflation_of(clustered, np.ones(24), [0, 24])[0] == block_inflation([(clustered, np.ones(24))])[0])
    True
    """
    counts, exposure, bounds = np.asarray(counts, float), np.asarray(exposure, float), np.asarray(bounds)
    before = np.vstack([np.zeros(counts.shape[1]), np.cumsum(counts, axis=0)])
    totals = before[bounds[1:]] - before[bounds[:-1]]
    units = np.diff(np.concatenate([[0.0], np.cumsum(exposure)])[bounds])
    observed = _block_variances(counts, exposure, bounds, totals, units, block)
    hits = totals.sum(0)
    if share:
        totals = totals * (1 - totals / np.where(units > 0, units, 1)[:, None])
    expected = totals.sum(0)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(expected > 0, observed / np.maximum(expected, 1e-12), 1.0)
        ratio = np.maximum(ratio, 1.0)
        return np.where(hits > 0, ratio * (1 + np.minimum(1.0, (ratio - 1) / np.maximum(hits, 1))), 1.0)


class Comparison(NamedTuple):
    """Two documents compared, per key.

    The difference, the distances to its lower and upper plain limit, the test statistic, the statistic under each
    permutation (draws x keys), and in how many ways the blocks can be dealt.
    """

    difference: np.ndarray
    below: np.ndarray
    above: np.ndarray
    statistic: np.ndarray
    null: np.ndarray
    arrangements: float

    @property
    def p(self):
        """Two-sided p per key: (1 + permutations as extreme) / (1 + draws), but not under that of the plain limits."""
        from scipy.special import ndtr

        permuted = (1 + (self.null >= self.statistic).sum(0)) / (1 + len(self.null))
        return np.maximum(permuted, 2 * ndtr(-_Z * self.statistic))

    def limits(self, alpha=1 - LEVEL):
        """Return lower and upper limits which leave out zero exactly when p <= alpha."""
        from scipy.special import ndtri

        draws, n_keys = self.null.shape
        alpha = np.broadcast_to(alpha, n_keys)
        rank = np.floor(alpha * (draws + 1) + 1e-9).astype(int)
        places = draws - np.clip(rank, 1, draws)
        ordered = np.partition(self.null, np.unique(places), axis=0)
        critical = ordered[places, np.arange(n_keys)]
        critical = np.where(rank < 1, np.inf, np.maximum(critical, -ndtri(alpha / 2) / _Z))
        with np.errstate(invalid="ignore"):
            low, high = self.difference - critical * self.below, self.difference + critical * self.above
        low, high = np.where(np.isnan(low), -np.inf, low), np.where(np.isnan(high), np.inf, high)
        # a statistic that ties with the critical value reaches zero, whatever the last digits of the product say
        tied = np.isclose(self.statistic, critical, rtol=1e-9, atol=0)
        low, high = np.where(tied & (self.difference > 0), 0, low), np.where(tied & (self.difference < 0), 0, high)
        reaches = self.statistic <= critical
        return np.where(reaches, np.minimum(low, 0), low), np.where(reaches, np.maximum(high, 0), high)


def _centre_and_width(count, exposure, share):
    # of Wilson's limits of a share, and of their Poisson counterpart
    half = _Z**2 / 2
    if share:
        spread = np.maximum(count * (1 - count / exposure), 0)
        return (count + half) / (exposure + 2 * half), _Z * np.sqrt(spread + half / 2) / (exposure + 2 * half)
    return (count + half) / exposure, _Z * np.sqrt(count + half / 2) / exposure


def _distances(count_a, exposure_a, count_b, exposure_b, share):
    rate_a, rate_b = count_a / exposure_a, count_b / exposure_b
    centre_a, width_a = _centre_and_width(count_a, exposure_a, share)
    centre_b, width_b = _centre_and_width(count_b, exposure_b, share)
    lean_a, lean_b = rate_a - centre_a, rate_b - centre_b

    def distance(side):
        return np.sqrt((lean_a + side * width_a) ** 2 + (lean_b - side * width_b) ** 2)

    return rate_a - rate_b, distance


def count_blocks(n_units, block=BLOCK):
    """Return into how many blocks a document of so many sentences is cut.

    Examples
    --------
    >>> count_blocks(9), count_blocks(40)
    (3, 13)
    """
    return max(1, round(n_units / block))


def _block_sums(counts, exposure, block):
    n_blocks = count_blocks(len(exposure), block)
    edges = np.linspace(0, len(exposure), n_blocks + 1).round().astype(int)[:-1]
    return np.add.reduceat(counts, edges, axis=0), np.add.reduceat(exposure, edges)


def draw_halves(n_a, n_b, *, draws=2000, seed=0):
    """Return which of n_a + n_b blocks fall to the first document in each permutation.

    Examples
    --------
    >>> draw_halves(2, 3, draws=4).sum(axis=1).tolist()
    [2.0, 2.0, 2.0, 2.0]
    """
    keys = np.random.default_rng(seed).random((draws, n_a + n_b))
    chosen = np.argpartition(keys, n_a - 1, axis=1)[:, :n_a]
    first = np.zeros((draws, n_a + n_b))
    np.put_along_axis(first, chosen, 1.0, axis=1)
    return first


def compare_rates(
    document_a,
    document_b,
    inflation,
    *,
    share=False,
    block=BLOCK,
    draws=2000,
    seed=0,
    thin=(1.0, 1.0),
    first=None,
    null=None,
):
    """Compare the rates, or shares, of two documents for every key at once.

    The statistic is the difference over its distance to the plain limit on the side of zero. That distance
    combines the score limits of the two documents (Newcombe's method 10, called MOVER for rates), with counts
    and exposures divided by the inflation. Blocks of consecutive sentences are dealt anew to the two documents
    to see how large the statistic gets by chance. The limits use the quantile of those permutations, so limit
    and p-value always agree. With a handful of hits permutations are all alike, so limits are never narrower,
    and p-values never smaller, than the plain ones.

    Parameters
    ----------
    document_a, document_b : (counts, exposure)
        Hits, n_units x n_keys, and tokens or ones, n_units.
    inflation : array of float, n_keys
        From `block_inflation`.
    share, block, draws, seed
        As elsewhere in this module.
    thin : (float, float)
        The share of each document that is supposed known, 1 for all of it; for comparison at equal length.
        Chance is measured on the whole documents all the same.
    first : array, draws x blocks, optional
        From `draw_halves`, when the same permutations serve several comparisons.
    null : array, draws x n_keys, optional
        From the comparison of the same documents at full length, when it was made already.

    Returns
    -------
    Comparison
        Differences in hits per unit of exposure, first document less second.

    References
    ----------
    Newcombe 1998, Statistics in Medicine 17, 873-890; Zou and Donner 2008, Statistics in Medicine 27, 1693-1702;
    Chung and Romano 2013, Annals of Statistics 41, 484-507 (studentised permutation).

    Examples
    --------
    >>> often, seldom = np.ones((30, 1)), np.eye(30, 1)
    >>> result = compare_rates((often, np.full(30, 20.0)), (seldom, np.full(30, 20.0)), np.ones(1))
    >>> bool(result.p[0] < 0.01), bool(result.limits()[0][0] > 0)
    (True, True)
    """
    sums_a, units_a = _block_sums(np.asarray(document_a[0], float), np.asarray(document_a[1], float), block)
    sums_b, units_b = _block_sums(np.asarray(document_b[0], float), np.asarray(document_b[1], float), block)
    sums, units = np.vstack([sums_a, sums_b]), np.concatenate([units_a, units_b])
    n_a, n_b = len(units_a), len(units_b)
    inflation = np.asarray(inflation, float)

    def distances(counts_a, total_a, kept=(1.0, 1.0)):
        counts_b, total_b = sums.sum(0) - counts_a, units.sum() - total_a
        scale_a, scale_b = kept[0] / inflation, kept[1] / inflation
        return _distances(scale_a * counts_a, scale_a * total_a, scale_b * counts_b, scale_b * total_b, share)

    with np.errstate(divide="ignore", invalid="ignore"):
        difference, distance = distances(sums_a.sum(0), units_a.sum(), thin)
        below, above = distance(1), distance(-1)
        statistic = np.abs(difference) / np.where(difference > 0, below, above)
        if null is None:
            if first is None:
                first = draw_halves(n_a, n_b, draws=draws, seed=seed)
            drawn, distance = distances(first @ sums, (first @ units)[:, None])
            null = np.abs(drawn) / distance(np.where(drawn > 0, 1, -1))
    # equal arrangements reach the same statistic by sums in another order: let them tie
    null, statistic = np.nan_to_num(null).round(9), np.nan_to_num(statistic).round(9)
    return Comparison(difference, below, above, statistic, null, count_arrangements(n_a, n_b))


def count_arrangements(n_a, n_b):
    """Return in how many ways n_a + n_b blocks can be dealt to two documents.

    Examples
    --------
    >>> count_arrangements(2, 3)
    10
    """
    from math import comb

    return comb(n_a + n_b, n_a)


def permutation_test(counts_a, exposure_a, counts_b, exposure_b, *, share=False, block=BLOCK, draws=2000, seed=0):
    """Return the difference of two documents' rates and its two-sided permutation p-value, per key.

    Parameters
    ----------
    counts_a, counts_b : arrays of int, n_units or n_units x n_keys
        Hits in each sentence of the two documents, in reading order.
    exposure_a, exposure_b : arrays of float, n_units
        Tokens of each sentence; ones for a share.
    share, block, draws, seed
        As in `compare_rates`.

    Returns
    -------
    difference, p : arrays of float, n_keys
        Hits per unit of exposure, first document less second; p between 1 / (1 + draws) and 1.

    Examples
    --------
    >>> difference, p = permutation_test([1] * 30, [20] * 30, [0] * 30, [20] * 30)
    >>> difference.round(3).tolist(), bool(p[0] < 0.01)
    ([0.05], True)
    """
    documents = [
        (np.asarray(counts, float).reshape(len(exposure), -1), np.asarray(exposure, float))
        for counts, exposure in ((counts_a, exposure_a), (counts_b, exposure_b))
    ]
    inflation = block_inflation(documents, share=share, block=block)
    result = compare_rates(*documents, inflation, share=share, block=block, draws=draws, seed=seed)
    return result.difference, result.p


def adjust(p, method="holm"):
    """Return p-values adjusted for having been asked together.

    Parameters
    ----------
    p : array of float
        P-values; missing ones stay missing and are not counted.
    method : "holm" or "bh"
        Holm's step-down keeps the chance of any false finding, Benjamini and Hochberg's step-up the share of
        false findings.

    Returns
    -------
    array of float
        In the order of `p`, at most 1.

    Raises
    ------
    CrossreadError
        "The adjustment “…” is not known; use “holm” or “bh”."

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
    ranks, n_tests = np.arange(len(order)), len(order)
    if method == "holm":
        adjusted[order] = np.maximum.accumulate(p[order] * (n_tests - ranks))
    elif method == "bh":
        adjusted[order] = np.minimum.accumulate((p[order] * n_tests / (ranks + 1))[::-1])[::-1]
    else:
        raise CrossreadError(f"The adjustment “{method}” is not known; use “holm” or “bh”.")
    return np.minimum(adjusted, 1.0)


def holm_levels(p, alpha=1 - LEVEL):
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
    levels = alpha / (len(p) - np.arange(len(p)))
    failed = np.flatnonzero(p[order] > levels)
    if len(failed):
        levels[failed[0] :] = levels[failed[0]]
    result = np.empty(len(p))
    result[order] = levels
    return result
