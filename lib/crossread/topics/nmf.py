"""Non-negative matrix factorisation without chance: scikit-learn's for one fit, loops of our own for hundreds at once.

Whether a number of topics is stable takes some two thousand fits of small matrices. One after the other they take
scikit-learn three times as long as one product of sparse matrices for all of them (benchmarks/topics.py, `--many`).
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from contextlib import AbstractContextManager

import numpy as np
import pandas as pd
from scipy import sparse

from crossread.errors import CrossreadError

WEIGHTINGS = ("within", "tfidf", "counts")
ITERATIONS, TOLERANCE = 400, 1e-5
HELD = 1 << 20  # numbers of all factors and matrices that are factorised together
EXACT = 200  # units up to which singular vectors are exact
SWEEPS = 40  # of each of many fits: the top ten terms have settled


def weigh(counts: sparse.csr_matrix, documents: np.ndarray, weighting: str = "within") -> sparse.csr_matrix:
    """Weight counts for a factorisation, every unit scaled to length 1.

    Parameters
    ----------
    counts : csr_matrix
        N×V counts.
    documents : array
        The document of each of the N units.
    weighting : {"within", "tfidf", "counts"}
        tfidf is scikit-learn's, n (ln((1+N)/(1+df)) + 1). within is that, less what the other units of the document
        have on average (0 where that is more): what a passage says beyond the rest of its document.

    Examples
    --------
    >>> rows = sparse.csr_matrix([[3, 4], [0, 1]])
    >>> weigh(rows, np.array(["a", "b"]), "counts").toarray().tolist()
    [[0.6, 0.8], [0.0, 1.0]]
    >>> weigh(rows, np.array(["a", "a"]), "within").toarray().round(1).tolist()
    [[1.0, 0.0], [0.0, 1.0]]
    """
    if weighting not in WEIGHTINGS:
        raise CrossreadError(f"There is no weighting “{weighting}”: choose {', '.join(WEIGHTINGS)}.")
    if weighting == "counts":
        return _scaled(sparse.csr_matrix(counts, dtype=np.float64, copy=True))
    weighted = sparse.csr_matrix(counts, dtype=np.float64, copy=True)
    used_by = np.bincount(weighted.indices, minlength=weighted.shape[1])
    weighted.data *= (np.log((1 + weighted.shape[0]) / (1 + used_by)) + 1)[weighted.indices]
    _scaled(weighted)
    if weighting == "tfidf":
        return weighted
    document, names = pd.factorize(documents)
    of_entry = np.repeat(document, np.diff(weighted.indptr))
    cell, where = np.unique(of_entry * np.int64(weighted.shape[1]) + weighted.indices, return_inverse=True)
    elsewhere = np.bincount(where, weighted.data, len(cell))[where] - weighted.data
    weighted.data -= elsewhere / np.maximum(np.bincount(document, minlength=len(names))[of_entry] - 1, 1)
    np.maximum(weighted.data, 0, out=weighted.data)
    return _scaled(weighted)


def _scaled(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    """Scale every row, in place, to length 1."""
    row = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    lengths = np.sqrt(np.bincount(row, matrix.data**2, matrix.shape[0]))
    matrix.data /= np.where(lengths > 0, lengths, 1)[row]
    return matrix


def factorise(weights: sparse.csr_matrix, k: int) -> tuple[np.ndarray, object]:
    """Return the terms of k topics (K×V, each summing to 1) and the fitted scikit-learn model.

    Notes
    -----
    Coordinate descent from the singular vectors (Cichocki & Phan 2009, IEICE Transactions E92-A; Boutsidis &
    Gallopoulos 2008, Pattern Recognition 41), so that nothing is left to chance.
    """
    from sklearn.decomposition import NMF
    from sklearn.exceptions import ConvergenceWarning

    if not weights.count_nonzero():
        raise CrossreadError("There are no topics where every passage of a document uses the same words.")
    model = NMF(k, init="nndsvda", max_iter=ITERATIONS, tol=TOLERANCE, random_state=0)
    with one_thread(), warnings.catch_warnings(), np.errstate(invalid="ignore"):
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(weights)
    return model.components_ / np.maximum(model.components_.sum(1, keepdims=True), 1e-300), model


def one_thread() -> AbstractContextManager:
    """Keep linear algebra to one thread: of small products more threads spend their time waiting for each other."""
    from threadpoolctl import threadpool_limits

    return threadpool_limits(1, "blas")


def singular_vectors(weights: sparse.csr_matrix, k: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the k leading singular vectors and values of a matrix: U (N×k), s, V (V×k).

    Of few units exactly, from the eigenvectors of their products; of many by scikit-learn's fixed random projection.
    """
    from sklearn.utils.extmath import randomized_svd

    k = min(k, *weights.shape)
    if weights.shape[0] > EXACT:
        left, values, right = randomized_svd(weights, k, random_state=0)
        return left, values, right.T
    squares, left = np.linalg.eigh((weights @ weights.T).toarray())
    values, left = np.sqrt(np.maximum(squares[::-1][:k], 0)), left[:, ::-1][:, :k]
    return left, values, (weights.T @ left) / np.where(values > 1e-10, values, 1)


def factorise_many(matrices: Sequence[sparse.csr_matrix], vectors: Sequence[tuple], k: int) -> np.ndarray:
    """Factorise matrices of one shape at once and return the terms of their topics, a B×K×V array.

    Parameters
    ----------
    matrices : sequence of csr_matrix
        Weighted counts.
    vectors : sequence of tuples
        What `singular_vectors` gave for each matrix, for at least k.
    k : int
        Number of topics.

    Notes
    -----
    Hierarchical alternating least squares from the same start as `factorise`: Cichocki & Phan 2009, algorithm 2.
    """
    size = matrices[0].nnz + k * sum(matrices[0].shape)
    together = max(1, HELD // size)
    if len(matrices) > together:
        parts = [slice(first, first + together) for first in range(0, len(matrices), together)]
        return np.concatenate([factorise_many(matrices[part], vectors[part], k) for part in parts])
    starts = [_start(matrix, k, *each) for matrix, each in zip(matrices, vectors, strict=True)]
    units, terms = (np.ascontiguousarray(np.stack(part)) for part in zip(*starts, strict=True))
    joined = _on_the_diagonal(matrices)
    turned = joined.T.tocsr()
    for _ in range(SWEEPS):
        _update(units, joined, terms)
        _update(terms, turned, units)
    return terms


def _on_the_diagonal(matrices: Sequence[sparse.csr_matrix]) -> sparse.csr_matrix:
    """Put matrices of one shape along the diagonal of one (scipy's block_diag takes six times as long)."""
    (rows, columns), entries = matrices[0].shape, np.cumsum([0, *(matrix.nnz for matrix in matrices)])
    starts = [matrix.indptr[:-1] + before for matrix, before in zip(matrices, entries, strict=False)]
    places = [matrix.indices + number * columns for number, matrix in enumerate(matrices)]
    parts = (
        np.concatenate([m.data for m in matrices]),
        np.concatenate(places),
        np.append(np.concatenate(starts), entries[-1]),
    )
    return sparse.csr_matrix(parts, shape=(rows * len(matrices), columns * len(matrices)))


def _start(matrix, k, left, values, right):
    """Return the NNDSVDa start (K×N and K×V): Boutsidis & Gallopoulos 2008, section 2."""
    left, right = left[:, :k].T, right[:, :k].T
    sides = [(np.maximum(sign * left, 0), np.maximum(sign * right, 0)) for sign in (1, -1)]
    norms = [[np.linalg.norm(side, axis=1, keepdims=True) for side in pair] for pair in sides]
    sizes = [first * second for first, second in norms]
    positive = sizes[0] >= sizes[1] * (1 - 1e-9)
    scale = np.sqrt(values[:k, None] * np.where(positive, *sizes))
    mean = matrix.data.sum() / (matrix.shape[0] * matrix.shape[1])
    start = []
    for first, second, *lengths in zip(*sides, *norms, strict=True):
        factor = scale * np.where(positive, first, second) / np.maximum(np.where(positive, *lengths), 1e-12)
        start.append(np.where(factor > 1e-9, factor, mean))
    return start


def _update(factor, joined, other):
    """Update every row of one factor (B×K×M) in place, with the other held fixed."""
    blocks, k, size = factor.shape
    products = joined @ np.ascontiguousarray(other.transpose(0, 2, 1)).reshape(-1, k)
    products = products.reshape(blocks, size, k)
    gram = other @ other.transpose(0, 2, 1)
    own = np.maximum(np.einsum("bkk->bk", gram), 1e-12)
    gram /= own[:, :, None]
    for topic in range(k):
        row = products[:, :, topic] / own[:, topic, None]
        row -= (gram[:, topic, None, :] @ factor)[:, 0]
        row += factor[:, topic]
        np.maximum(row, 0, out=factor[:, topic])
