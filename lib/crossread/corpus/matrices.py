"""Counts of types by row, as sparse matrices: from strings batch by batch, and from tokens numbered before."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np

from crossread.corpus import tokens
from crossread.corpus.tokens import Tokenizer, pointers, use_compiled

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

MOST_THREADS = 4  # beyond, what is left in Python is waited for


def count_texts(
    texts: Iterable[str], hyphens: str = "separate", compiled: bool | None = None
) -> tuple[csr_matrix, np.ndarray]:
    """Count the terms of strings as they stand, without cleaning and without sentences.

    Parameters
    ----------
    texts : iterable of str
        Each is one row; they may be read as they are asked for.
    hyphens : {"separate", "keep"}
        As in `words`.
    compiled : bool, optional
        As in `tokenize`; by default where numba is installed, from a few megabytes on.

    Returns
    -------
    matrix : csr_matrix of int64
        One row a text, one column a term.
    terms : array of str
        The terms, sorted.

    Examples
    --------
    >>> matrix, terms = count_texts(["Pay, allies, pay!", "No."])
    >>> terms.tolist(), matrix.toarray().tolist()
    (['allies', 'no', 'pay'], [[1, 0, 2], [0, 1, 0]])
    """
    tokenizers, parts = map_batches(Tokenizer.count, texts, hyphens, compiled)
    terms = sorted(set().union(*(tokenizer.vocabulary for tokenizer in tokenizers)))
    column = {term: i for i, term in enumerate(terms)}
    ranks = [
        np.fromiter(map(column.__getitem__, tokenizer.vocabulary), np.int32, len(tokenizer.vocabulary))
        for tokenizer in tokenizers
    ]
    matrix = _join_rows(
        [part for _, part in parts], [ranks[which] for which, _ in parts], len(terms), tokenizers[0].compiled
    )
    return matrix, _array_of(terms)


def map_batches(
    work: Callable[[Tokenizer, list[str]], Any], texts: Iterable[str], hyphens: str = "separate", compiled=None
) -> tuple[list[Tokenizer], list[tuple[int, Any]]]:
    """Do something with each batch of some strings, in as many threads as there are cores where that is quicker.

    Parameters
    ----------
    work : callable
        Gets a tokenizer, its own as long as it works, and the strings of a batch.
    texts, hyphens, compiled
        As in `count_texts`.

    Returns
    -------
    tokenizers : list of Tokenizer
        Each numbers types in its own way.
    parts : list of (int, object)
        For each batch, in order, which tokenizer did it, and what `work` returned.
    """
    from concurrent.futures import ThreadPoolExecutor
    from queue import SimpleQueue

    if compiled is None:
        texts = list(texts)
        compiled = use_compiled(sum(map(len, texts)))
    batches = _batches(texts)
    tokenizers = [Tokenizer(hyphens, compiled)]
    if not compiled:  # one thread: it is all Python
        return tokenizers, [(0, work(tokenizers[0], batch)) for batch in batches]
    parts = [(0, work(tokenizers[0], batch)) for batch in islice(batches, 1)]
    threads = min(MOST_THREADS, os.cpu_count() or 1)
    free: SimpleQueue[int] = SimpleQueue()
    for which in range(threads):
        free.put(which)

    def work_in_thread(batch):
        which = free.get()
        try:
            return which, work(tokenizers[which], batch)
        finally:
            free.put(which)

    waiting = deque()
    with ThreadPoolExecutor(threads) as pool:
        for batch in batches:
            if len(tokenizers) < threads:  # what the first batch has taught need not be learned again
                tokenizers += [tokenizers[0].copy() for _ in range(threads - 1)]
            waiting.append(pool.submit(work_in_thread, batch))
            if len(waiting) > threads:  # so that only a few batches are ever held
                parts.append(waiting.popleft().result())
        parts.extend(each.result() for each in waiting)
    return tokenizers, parts


def _batches(texts: Iterable[str]):
    waiting, length = [], 0
    for text in texts:
        waiting.append(text)
        length += len(text)
        if length >= tokens.BATCH:
            yield waiting
            waiting, length = [], 0
    if waiting:
        yield waiting


def _join_rows(parts: list[csr_matrix], ranks: list[np.ndarray], n_columns: int, compiled: bool) -> csr_matrix:
    """Put matrices below one another, each column at its rank, in order within a row."""
    from scipy.sparse import csr_matrix

    sizes = [np.diff(part.indptr) for part in parts]
    indptr = pointers(np.concatenate([np.zeros(0, dtype=np.int64), *sizes]))
    data, indices = np.empty(indptr[-1], dtype=np.int64), np.empty(indptr[-1], dtype=np.int32)
    at = 0
    for i, rank in enumerate(ranks):
        part, parts[i] = parts[i], None  # let go of what is copied
        span = slice(at, at + part.nnz)
        if compiled:
            from crossread.corpus.compiled import sort_rows

            sort_rows(part.indptr, part.indices, part.data, rank, n_columns, indices[span], data[span])
        else:
            indices[span], data[span] = rank[part.indices], part.data
        at += part.nnz
    result = csr_matrix((data, indices, indptr), shape=(len(indptr) - 1, n_columns))
    if compiled:
        result.has_sorted_indices = True
    else:
        result.sort_indices()
    return result


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
    result = _join_rows([matrix], [rank], len(order), use_compiled(matrix.nnz))
    return result, _array_of([types[i] for i in order])


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
