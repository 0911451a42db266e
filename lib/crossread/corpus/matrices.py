"""Counts of types by row, as sparse matrices, from tokens numbered before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from crossread.corpus.tokens import use_compiled

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix


def sort_columns(matrix: csr_matrix, types: Sequence[str]) -> tuple[csr_matrix, np.ndarray]:
    """Return a matrix of counts with its columns in alphabetical order, those that are empty left out.

    Examples
    --------
    >>> from scipy.sparse import csr_matrix
    >>> sort_columns(csr_matrix([[1, 2, 0]]), ("b", "a", "c"))[1].tolist()
    ['a', 'b']
    """
    present = np.zeros(len(types), dtype=bool)
    present[matrix.indices] = True
    order = sorted(np.flatnonzero(present).tolist(), key=types.__getitem__)
    rank = np.full(len(types), -1, dtype=np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    return _rank_columns(matrix, rank, len(order)), _array_of([types[i] for i in order])


def _rank_columns(matrix: csr_matrix, rank: np.ndarray, n_columns: int) -> csr_matrix:
    """Return a matrix with each column at its rank, in order within a row."""
    from scipy.sparse import csr_matrix

    indices, data = np.empty(matrix.nnz, dtype=np.int32), np.empty(matrix.nnz, dtype=np.int64)
    if use_compiled(matrix.nnz):
        from crossread.corpus.compiled import sort_rows

        sort_rows(matrix.indptr, matrix.indices, matrix.data, rank, n_columns, indices, data)
    else:
        indices[:], data[:] = rank[matrix.indices], matrix.data
    ranked = csr_matrix((data, indices, matrix.indptr.copy()), shape=(matrix.shape[0], n_columns))
    ranked.sort_indices()  # finds at once that the compiled loop has left them in order
    return ranked


def _array_of(terms: list[str]) -> np.ndarray:
    result = np.empty(len(terms), dtype=object)
    result[:] = terms
    return result


def count_matrix(rows: np.ndarray, ids: np.ndarray, n_rows: int, types: Sequence[str]) -> tuple[csr_matrix, np.ndarray]:
    """Count type ids by row, and return the matrix with its columns in alphabetical order.

    Parameters
    ----------
    rows, ids : int arrays
        For each token the unit it is in and its type.
    n_rows : int
        How many units there are, empty ones included.
    types : sequence of str
        The vocabulary.

    Returns
    -------
    matrix : csr_matrix of int64
        One row a unit, one column a type that occurs.
    terms : array of str
        The types that occur, sorted.

    Examples
    --------
    >>> matrix, terms = count_matrix(np.array([0, 0, 1]), np.array([1, 1, 0]), 2, ("b", "a"))
    >>> terms.tolist(), matrix.toarray().tolist()
    (['a', 'b'], [[2, 0], [0, 1]])
    """
    from scipy.sparse import csr_matrix

    rows, ids = np.asarray(rows), np.asarray(ids)
    if use_compiled(len(ids)) and (rows[1:] >= rows[:-1]).all():
        from crossread.corpus.compiled import count_rows

        every = np.arange(len(types) + 1, dtype=np.int32)  # each chunk is one type
        indptr, indices, data = count_rows(
            np.searchsorted(rows, np.arange(n_rows + 1)), ids, every, every[:-1], len(types)
        )
        matrix = csr_matrix((data, indices, indptr), shape=(n_rows, len(types)))
    else:
        matrix = csr_matrix(
            (np.ones(len(ids), dtype=np.int64), (rows, ids)), shape=(n_rows, len(types)), dtype=np.int64
        )
    return sort_columns(matrix, types)
