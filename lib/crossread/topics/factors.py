"""How many topics the words make that go together within documents: factors that stand out from shuffled passages."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import sparse

from crossread.topics import nmf

SHUFFLES = 19  # of each remainder
PRIOR = 1.0  # added to what is there of each word, lest the rarest weigh most


def count_factors(counts: sparse.csr_matrix, documents: np.ndarray, most: int, seed: int = 0) -> int:
    """Count the topics that keep the passages of a document apart: the factors that stand out, and one.

    What a passage has of each word beyond its document's share of it is taken apart into factors. The largest stands
    out where it is larger than the largest of passages in which each word has changed places within its document, in
    half of the shuffles; then the next, of what the first leaves, and so on. A word keeps how often it is there in each
    passage that has it, so that a word said again and again in one passage makes no factor.

    Parameters
    ----------
    counts : csr_matrix
        N×V counts.
    documents : array
        The document of each of the N units.
    most : int
        The largest number that is looked for.
    seed : int
        Seed of the shuffles.

    Returns
    -------
    int
        From 1 (no factor stands out) to `most`.

    Notes
    -----
    Parallel analysis (Horn 1965, Psychometrika 30) with what has been found taken out before the next is judged, since
    large factors hide small ones (Dobriban & Owen 2019, JRSS B 81, "Deterministic parallel analysis"); how much smaller
    the largest value of a smaller matrix of noise is, is Johnstone's (2001, Annals of Statistics 29). The residuals are
    those of correspondence analysis (Greenacre 1984) within documents, of the logarithms of 1 + counts. How often it
    finds planted numbers: benchmarks/simulate_topics.py.

    Examples
    --------
    >>> rows = np.kron(np.tile(np.eye(3, dtype=int), (4, 1)), np.ones((3, 8), dtype=int))
    >>> count_factors(sparse.csr_matrix(rows), np.repeat(["a", "b"], 18), most=6)
    3
    """
    document, names = pd.factorize(documents)
    rest = _beyond_document(counts, document, len(names))
    generator, free = np.random.default_rng(seed), np.array([len(rest) - len(names), rest.shape[1]], dtype=float)
    blocks = [np.flatnonzero(document == number) for number in range(len(names))]
    found, rounding = 1, 1e-12 * (rest**2).sum()
    with nmf.one_thread():
        while found < min(most, *free):
            value, left = _leading(rest)
            chance = np.median([_leading(_shuffle(rest, blocks, generator))[0] for _ in range(SHUFFLES)])
            # a remainder has lost rows and columns to the factors before it; shuffled, it fills all of them
            chance *= (np.sum((free - found + 1) ** -0.5) / np.sum(free**-0.5)) ** 2
            if value <= max(chance, rounding):
                break
            rest = rest - np.outer(left, left @ rest)
            found += 1
    return found


def _beyond_document(counts: sparse.csr_matrix, document: np.ndarray, n_documents: int) -> np.ndarray:
    """Return what each unit has of each word beyond its document's share, scaled as in correspondence analysis."""
    amounts = np.log1p(counts.toarray())
    is_of = np.eye(n_documents)[:, document]
    of_documents = is_of @ amounts
    shares = of_documents / np.maximum(of_documents.sum(1, keepdims=True), 1e-300)
    lengths, total = amounts.sum(1, keepdims=True), max(amounts.sum(), 1e-300)
    scale = np.sqrt(np.maximum(lengths, 1e-300) * (amounts.sum(0) + PRIOR) / total)
    scaled = (amounts - lengths * shares[document]) / scale
    return scaled - ((is_of @ scaled) / is_of.sum(1, keepdims=True))[document]


def _leading(matrix: np.ndarray) -> tuple[float, np.ndarray]:
    """Return the largest eigenvalue of the units' products with each other, and its vector."""
    from scipy.linalg import eigh

    last = len(matrix) - 1
    values, vectors = eigh(matrix @ matrix.T, subset_by_index=[last, last])
    return float(values[0]), vectors[:, 0]


def _shuffle(matrix: np.ndarray, blocks: list[np.ndarray], generator: np.random.Generator) -> np.ndarray:
    """Let every column change the places of its numbers within each block of rows."""
    shuffled = np.empty_like(matrix)
    for rows in blocks:
        shuffled[rows] = generator.permuted(matrix[rows], axis=0)
    return shuffled
