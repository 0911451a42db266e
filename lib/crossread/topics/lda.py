"""Batch inference for latent Dirichlet allocation on sparse counts: one set of updates, two ways to compute them.

Every sweep computes, for each document d, topic k and term w with count n,

    r_dwk = θ_dk φ_wk / Σ_j θ_dj φ_wj
    θ_dk  = α + Σ_w n_dw r_dwk                  (a few times, φ held fixed)
    φ_wk  = (η + Σ_d n_dw r_dwk) / Σ_v (η + Σ_d n_dv r_dvk)

which is expectation-maximisation with Dirichlet priors, the batch form of CVB0 (Asuncion, Welling, Smyth & Teh 2009,
"On smoothing and inference for topic models", UAI, eq. 4 and section 3.4). Terms are updated term by term and documents
document by document, so no two threads ever add to one number and the result does not depend on how many there are.
"""

import hashlib

import numpy as np
from scipy import sparse

CHUNK = 1 << 21  # products of counts and topics held at once by the path without numba
_KERNELS = None


def has_numba() -> bool:
    """Say whether the compiled path (the `fast` extra) can be used."""
    from importlib.util import find_spec

    return find_spec("numba") is not None


def canonical_order(counts: sparse.csr_matrix) -> np.ndarray:
    """Return the order of the rows by their content, so that sums do not depend on the order they came in.

    Parameters
    ----------
    counts : csr_matrix
        N×V counts, column indices sorted within each row.

    Returns
    -------
    ndarray of int
        Row numbers, sorted by a hash of the row's terms and counts; equal rows keep their order.

    Examples
    --------
    >>> rows = sparse.csr_matrix([[1, 0], [0, 2], [3, 3]])
    >>> order, turned = canonical_order(rows), canonical_order(rows[[2, 0, 1]])
    >>> bool((rows[order] != rows[[2, 0, 1]][turned]).nnz == 0)
    True
    """
    indices, data = counts.indices.astype("<i4"), counts.data.astype("<f8")
    keys = []
    for start, end in zip(counts.indptr[:-1], counts.indptr[1:], strict=True):
        content = hashlib.blake2b(indices[start:end].tobytes(), digest_size=8)
        content.update(data[start:end].tobytes())
        keys.append(content.digest())
    return np.argsort(np.array(keys, dtype="S8"), kind="stable")


def first_topics(counts: sparse.csr_matrix, k: int, seed: int) -> np.ndarray:
    """Draw the starting topics, a V×K matrix: each the terms of a few documents mixed with those of the corpus."""
    generator = np.random.default_rng(seed)
    rows = counts.shape[0]
    few = min(20, max(1, rows // (2 * k)))
    drawn = [generator.choice(rows, few, replace=False) for _ in range(k)]
    start = np.stack([np.asarray(counts[places].sum(0)).ravel() for places in drawn], axis=1)
    corpus = np.asarray(counts.sum(0)).ravel()[:, None] + 1e-3
    return (start / np.maximum(start.sum(0), 1e-300) + corpus / corpus.sum()) / 2


class BatchLDA:
    """The state of one batch run: `sweep` improves it, `phi` and `theta` are always those of the last whole sweep.

    Parameters
    ----------
    counts : csr_matrix
        N×V counts.
    k : int
        Number of topics.
    alpha : float or ndarray
        Pseudo-count of each topic in each document.
    eta : float or ndarray
        Pseudo-count of each term in each topic; a V×K matrix seeds topics with terms.
    seed : int
        Seed of the starting topics.
    inner : int
        Updates of a document's topics per sweep.
    engine : {"auto", "numba", "numpy"}
        Which path computes the updates.
    """

    def __init__(self, counts, k, *, alpha=0.1, eta=0.01, seed=0, inner=2, engine="auto"):
        self.counts = sparse.csr_matrix(counts, dtype=np.float64)
        self.counts.sum_duplicates()
        self.k, self.alpha, self.eta, self.inner = k, np.broadcast_to(np.float64(alpha), (k,)).copy(), eta, inner
        self.engine = ("numba" if has_numba() else "numpy") if engine == "auto" else engine
        by_term = sparse.csc_matrix(
            (np.arange(self.counts.nnz), self.counts.indices, self.counts.indptr), shape=self.counts.shape[::-1]
        ).tocsr()
        self.term_pointers, self.term_rows, self.term_places = by_term.indptr, by_term.indices, by_term.data
        self.phi = first_topics(self.counts, k, seed)
        lengths = np.asarray(self.counts.sum(1)).ravel()
        self.theta = self.alpha + np.outer(lengths, np.full(k, 1 / k))
        self.total = lengths.sum()

    def sweep(self) -> float:
        """Do one sweep and return the log-likelihood per token of the topics as they were before it."""
        theta, ratios, likelihood = document_step(
            self.counts, self.theta, self.phi, self.alpha, self.inner, self.engine
        )
        if self.engine == "numba":
            phi = np.empty_like(self.phi)
            _kernels()[1](self.term_pointers, self.term_rows, self.term_places, ratios, theta[0], self.phi, phi)
        else:
            weights = sparse.csr_matrix((ratios, self.counts.indices, self.counts.indptr), shape=self.counts.shape)
            phi = self.phi * (weights.T @ theta[0])
        phi += self.eta
        phi /= phi.sum(0)
        self.phi, self.theta = phi, theta[1]
        return likelihood / self.total


def document_step(counts, theta, phi, alpha, inner, engine):
    """Update the topics of every document `inner` times with the topics' terms held fixed.

    Returns
    -------
    (before, after) : tuple of ndarray
        θ before and after the last of the updates: the terms are updated with the former.
    ratios : ndarray
        n_dw / Σ_k θ_dk φ_wk for every stored count, at the last update.
    likelihood : float
        Σ n_dw ln Σ_k θ_dk φ_wk with θ as shares, at the last update.
    """
    if engine == "numba":
        before, after, ratios = theta.copy(), np.empty_like(theta), np.empty(counts.nnz)
        likelihood = np.empty(counts.shape[0])
        _kernels()[0](counts.indptr, counts.indices, counts.data, before, after, phi, alpha, inner, ratios, likelihood)
        return (before, after), ratios, float(likelihood.sum())
    before, after, ratios, likelihood = theta.copy(), np.empty_like(theta), np.empty(counts.nnz), 0.0
    for first, last in _row_chunks(counts.indptr, phi.shape[1]):
        part = counts[first:last]
        rows = np.repeat(np.arange(last - first), np.diff(part.indptr))
        new = theta[first:last]
        for _ in range(inner):
            old = new
            sums = np.einsum("ij,ij->i", old[rows], phi[part.indices])
            part_ratios = part.data / sums
            weights = sparse.csr_matrix((part_ratios, part.indices, part.indptr), shape=part.shape)
            new = alpha + old * (weights @ phi)
        before[first:last], after[first:last] = old, new
        ratios[counts.indptr[first] : counts.indptr[last]] = part_ratios
        likelihood += float(part.data @ np.log(sums / old.sum(1)[rows]))
    return (before, after), ratios, likelihood


def infer_shares(counts, phi, *, alpha=0.1, updates=50, engine="auto") -> np.ndarray:
    """Estimate the topics of new documents with the topics' terms held fixed: an N×K matrix of shares.

    Examples
    --------
    >>> topics = np.array([[0.9, 0.1], [0.1, 0.9]])
    >>> infer_shares(sparse.csr_matrix([[8, 0], [0, 8]]), topics).round(2)
    array([[0.99, 0.01],
           [0.01, 0.99]])
    """
    counts = sparse.csr_matrix(counts, dtype=np.float64)
    k = phi.shape[1]
    engine = ("numba" if has_numba() else "numpy") if engine == "auto" else engine
    alpha = np.broadcast_to(np.float64(alpha), (k,)).copy()
    theta = alpha + np.outer(np.asarray(counts.sum(1)).ravel(), np.full(k, 1 / k))
    theta = document_step(counts, theta, phi, alpha, updates, engine)[0][1]
    return theta / theta.sum(1, keepdims=True)


def _row_chunks(pointers, k):
    """Yield ranges of rows whose counts times topics stay below CHUNK (a longer row is a chunk of its own)."""
    first, rows = 0, len(pointers) - 1
    while first < rows:
        last = int(np.searchsorted(pointers, pointers[first] + CHUNK // k, side="right")) - 1
        last = min(max(last, first + 1), rows)
        yield first, last
        first = last


def _kernels():
    """Compile the two loops once, on first use."""
    global _KERNELS
    if _KERNELS is None:
        from crossread.topics import compiled

        _KERNELS = compiled.update_documents, compiled.update_terms
    return _KERNELS
