"""Latent Dirichlet allocation that begins at the topics of NMF and not at chance.

scikit-learn's is not used: on 12,000 documents it takes three times the processor seconds for a held-out likelihood
that is lower by a tenth of a nat a word (benchmarks/results/topics-planted.csv). Beginning at a deterministic
factorisation instead of at random is what Roberts, Stewart & Tingley 2016, "Navigating the local modes of big data",
in Alvarez (ed.), Computational Social Science, recommend: a good local mode, and always the same one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from scipy import sparse

ALPHA, ETA = 0.05, 0.1  # pseudo-counts of each topic in a unit, and of each term in a topic
TOLERANCE, SWEEPS = 1e-3, 200  # nats a token; a sweep that gains less is the last
CHUNK = 1 << 17  # products of counts and topics held at once: what a cache holds

Update = Callable[[sparse.csr_matrix, np.ndarray, np.ndarray], tuple[np.ndarray, float]]


def learn_topics(
    counts: sparse.csr_matrix, start: np.ndarray, update: Update | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Improve topics by expectation-maximisation with Dirichlet priors.

    Parameters
    ----------
    counts : csr_matrix
        N×V counts.
    start : ndarray
        K×V topics to begin with, each summing to 1; they are mixed half and half with the whole corpus.
    update : callable, optional
        What computes a sweep; `update_units` by default.

    Returns
    -------
    topic_term : ndarray, K×V
    shares : ndarray, N×K
        The topics' shares of each unit, summing to 1.

    Notes
    -----
    Asuncion, Welling, Smyth & Teh 2009, "On smoothing and inference for topic models", UAI, 27-34: in turn
    θ_dk = α + Σ_w n_dw r_dwk (twice) and φ_kw ∝ η + Σ_d n_dw r_dwk, with r_dwk = θ_dk φ_kw / Σ_j θ_dj φ_jw.

    Examples
    --------
    >>> counts = sparse.csr_matrix([[8, 1, 0], [0, 1, 8]])
    >>> topics, shares = learn_topics(counts, np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]))
    >>> topics.argmax(1).tolist(), shares.round(2).tolist()
    ([0, 2], [[0.99, 0.01], [0.01, 0.99]])
    """
    update = update_units if update is None else update
    counts = sparse.csr_matrix(counts, dtype=np.float64)
    of_term = np.asarray(counts.sum(0)).ravel()
    total = of_term.sum()
    terms = (start.T + (of_term / total)[:, None]) / 2 + 1e-12
    terms /= terms.sum(0)
    lengths = np.asarray(counts.sum(1)).ravel()
    units = ALPHA + np.repeat(lengths[:, None] / len(start), len(start), axis=1)
    before = -np.inf
    for _ in range(SWEEPS):
        sums, likelihood = update(counts, units, terms)
        terms = sums + ETA
        terms /= terms.sum(0)
        if likelihood / total - before < TOLERANCE:
            break
        before = likelihood / total
    return terms.T.copy(), units / units.sum(1, keepdims=True)


def update_units(counts: sparse.csr_matrix, units: np.ndarray, terms: np.ndarray) -> tuple[np.ndarray, float]:
    """Update the topics of every unit twice, in place, and return what they give to the topics' terms (V×K).

    The second value is the log-likelihood of all tokens before the last update.
    """
    sums, likelihood = np.zeros_like(terms), 0.0
    for first, last in _row_chunks(counts.indptr, terms.shape[1]):
        part = counts[first:last]
        numbers, weights = part.data.copy(), terms[part.indices]
        rows = np.repeat(np.arange(last - first), np.diff(part.indptr))
        new = units[first:last]
        for _ in range(2):
            old = new
            fitted = np.einsum("ij,ij->i", old[rows], weights)
            part.data = numbers / fitted
            new = ALPHA + old * (part @ terms)
        sums += part.T @ old
        likelihood += float(numbers @ np.log(fitted / old.sum(1)[rows]))
        units[first:last] = new
    return sums * terms, likelihood


def _row_chunks(pointers: np.ndarray, k: int) -> Iterator[tuple[int, int]]:
    """Yield ranges of rows whose counts times topics stay below CHUNK (a longer row is a chunk of its own)."""
    first, rows = 0, len(pointers) - 1
    while first < rows:
        last = int(np.searchsorted(pointers, pointers[first] + CHUNK // k, side="right")) - 1
        last = min(max(last, first + 1), rows)
        yield first, last
        first = last
