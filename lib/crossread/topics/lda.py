"""Inference for latent Dirichlet allocation on sparse counts, the same for any order of the documents.

`BatchLDA` is for small corpora. Every sweep computes, for each document d, topic k and term w with count n,

    r_dwk = θ_dk φ_wk / Σ_j θ_dj φ_wj
    θ_dk  = α + Σ_w n_dw r_dwk                  (a few times, φ held fixed)
    φ_wk  = (η + Σ_d n_dw r_dwk) / Σ_v (η + Σ_d n_dv r_dvk)

which is expectation-maximisation with Dirichlet priors (Asuncion, Welling, Smyth & Teh 2009, "On smoothing and
inference for topic models", UAI, 27-34).

`OnlineLDA` is for large ones. It differs in two ways. A token does not vote for its own topic: θ_dk is replaced by
max(θ_dk - r_dwk, α) in r, the exclusion of CVB0 (the same paper; Foulds, Boyles, DuBois, Smyth & Welling 2013,
"Stochastic collapsed variational Bayesian inference for latent Dirichlet allocation", KDD, 446-454), here for θ alone.
And the first passes renew φ after every few hundred documents, the sums of earlier ones weighted down by
1 - (t + 2)^-½: the stepwise form of Cappé & Moulines 2009, "On-line expectation-maximization algorithm for latent data
models", JRSS B 71, 593-613, which Liang & Klein 2009, "Online EM for unsupervised models", NAACL, 611-619, found to be
quicker and to end higher. Batch sweeps follow until one gains too little.

The documents are first put into an order that only their content and the seed decide, and sums are taken over blocks
whose number does not depend on the threads: so neither the order in which documents come nor the threads change a
digit.
"""

import hashlib
from functools import cache

import numpy as np
from scipy import sparse

CHUNK = 1 << 17  # products of counts and topics held at once by the path without numba: what a cache holds
BATCH = 250  # documents after which an online pass renews the topics, at most
BLOCKS = 4  # of a batch, each with sums of its own: as many threads can share it
SETTLED = 1e-5  # a document is left alone when no share moved by more


def has_numba() -> bool:
    """Say whether the compiled path (the `fast` extra) can be used."""
    from importlib.util import find_spec

    return find_spec("numba") is not None


def pick_engine(engine: str) -> str:
    """Return the engine asked for; of "auto", the compiled one where it can be used."""
    return ("numba" if has_numba() else "numpy") if engine == "auto" else engine


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
    """

    def __init__(self, counts, k, *, alpha=0.1, eta=0.01, seed=0, inner=2):
        self.counts = sparse.csr_matrix(counts, dtype=np.float64)
        self.counts.sum_duplicates()
        self.k, self.alpha, self.eta, self.inner = k, np.broadcast_to(np.float64(alpha), (k,)).copy(), eta, inner
        self.phi = first_topics(self.counts, k, seed)
        lengths = np.asarray(self.counts.sum(1)).ravel()
        self.theta = self.alpha + np.outer(lengths, np.full(k, 1 / k))
        self.total, self.done = lengths.sum(), 0

    @property
    def state(self) -> dict:
        """What a further run goes on from."""
        return {"theta": self.theta, "topics": self.phi, "done": np.array([float(self.done)])}

    @state.setter
    def state(self, state):
        self.theta, self.phi, self.done = state["theta"].copy(), state["topics"].copy(), int(state["done"][0])

    def sweep(self) -> float:
        """Do one sweep and return the log-likelihood per token of the topics as they were before it."""
        theta, ratios, likelihood = document_step(self.counts, self.theta, self.phi, self.alpha, self.inner)
        weights = sparse.csr_matrix((ratios, self.counts.indices, self.counts.indptr), shape=self.counts.shape)
        phi = self.phi * (weights.T @ theta[0])
        phi += self.eta
        phi /= phi.sum(0)
        self.phi, self.theta, self.done = phi, theta[1], self.done + 1
        return likelihood / self.total


class OnlineLDA:
    """The state of one online run: `sweep` improves it; interrupted, it stays as it was after the last whole sweep.

    Parameters
    ----------
    counts, k, alpha, eta, seed
        As for `BatchLDA`; the seed also shuffles the documents.
    passes : int
        Sweeps that renew the topics after every batch of documents; those after them do so once, at the end.
    inner : int
        Updates of a document's topics each time it is visited; two in the sweeps after the passes.
    engine : {"auto", "numba", "numpy"}
        Which path computes the updates.

    Notes
    -----
    Memory beyond the counts: a copy of them (16 bytes a stored count), 2 N·K numbers for the documents and 4 V·K for
    the terms, and what one batch needs. The compiled path computes with numbers of four bytes (about seven digits)
    and adds the topics up in eight.
    """

    def __init__(self, counts, k, *, alpha=0.05, eta=0.1, seed=0, passes=6, inner=16, engine="auto"):
        counts = sparse.csr_matrix(counts, dtype=np.float64)
        rows, n_terms = counts.shape
        self.kernels = ENGINES[pick_engine(engine)]
        self.alpha, self.eta = np.full(k, alpha, self.kernels.number), np.atleast_2d(np.float64(eta))
        self.passes, self.inner = passes, inner
        corpus = np.asarray(counts.sum(0)).ravel()
        self.total = corpus.sum()
        # topics that begin almost alike: they part slowly, and end higher
        self.sums = self.total * (0.98 * corpus[:, None] / self.total + 0.02 * first_topics(counts, k, seed))
        counts = counts[np.random.default_rng(seed).permutation(rows)]
        self.pointers, self.data, self.terms = counts.indptr, counts.data, counts.indices
        self.lengths = np.asarray(counts.sum(1)).ravel()
        self.theta = self.alpha + np.outer(self.lengths, np.full(k, 1 / k)).astype(self.alpha.dtype)
        self.prior = np.broadcast_to(self.eta, (n_terms, k)).sum(0)
        self.done, self.batches, place = 0, [], np.empty(n_terms, dtype=self.terms.dtype)
        size = max(1, min(BATCH, rows // 20))
        for first in range(0, rows, size):
            last = min(first + size, rows)
            span = slice(self.pointers[first], self.pointers[last])
            used = np.flatnonzero(np.bincount(self.terms[span], minlength=n_terms))
            place[used] = np.arange(len(used))
            self.terms[span] = place[self.terms[span]]  # within a batch, terms are numbered anew
            self.batches.append((first, last, used.astype(np.int32)))

    @property
    def phi(self) -> np.ndarray:
        """The topics, V×K; each one's weights sum to 1."""
        return (self.sums + self.eta) / (self.sums.sum(0) + self.prior)

    @property
    def state(self) -> dict:
        """What a further run goes on from."""
        return {"theta": self.theta, "topics": self.sums, "done": np.array([float(self.done)])}

    @state.setter
    def state(self, state):
        self.theta = state["theta"].astype(self.alpha.dtype)
        self.sums, self.done = state["topics"].copy(), int(state["done"][0])

    def sweep(self) -> float:
        """Visit every document once and return the log-likelihood per token along the way."""
        online = self.done < self.passes
        inner = self.inner if online else 2
        theta, sums = self.theta.copy(), self.sums.copy()
        fresh = sums if online else np.zeros_like(sums)
        totals, scale, likelihood = sums.sum(0), 1.0, 0.0
        for number, (first, last, used) in enumerate(self.batches):
            phi = self.kernels.weigh(sums, used, scale, self.eta, totals + self.prior)
            counts = self.pointers[first : last + 1], self.terms, self.data
            found, logs = self.kernels.update(*counts, theta[first:last], phi, self.alpha, inner)
            likelihood += logs
            factor = 1.0
            if online:
                rate = (self.done * len(self.batches) + number + 3) ** -0.5
                scale *= 1 - rate
                factor = rate * self.total / max(self.lengths[first:last].sum(), 1) / scale
                totals = (1 - rate) * totals + factor * scale * (theta[first:last] - self.alpha).sum(0, dtype=float)
            self.kernels.add(fresh, used, found, factor)
            if scale < 1e-100:
                sums *= scale
                scale = 1.0
        self.theta, self.sums, self.done = theta, fresh * scale, self.done + 1
        return likelihood / self.total


class _Plain:
    """What a sweep does with one batch, in numpy and scipy."""

    number = np.float64

    @staticmethod
    def weigh(sums, used, scale, eta, totals):
        return (sums[used] * scale + (eta[used] if len(eta) > 1 else eta)) / totals

    @staticmethod
    def update(pointers, terms, counts, theta, phi, alpha, inner):
        sums, likelihood = np.zeros_like(phi), 0.0
        for low, high in _row_chunks(pointers, phi.shape[1]):
            span = slice(pointers[low], pointers[high])
            used, numbers, new = terms[span], counts[span], theta[low:high].T
            places, rows = np.arange(len(used)), np.repeat(np.arange(high - low), np.diff(pointers[low : high + 1]))
            of_row = sparse.csc_matrix((np.ones(len(used)), rows, np.arange(len(used) + 1)), (high - low, len(used)))
            of_term = sparse.csr_matrix((np.ones(len(used)), (used, places)), (len(phi), len(used)))
            weights = phi.T[:, used]
            for _ in range(inner):
                old, shares = new, new[:, rows]
                found = shares * weights
                total = found.sum(0)
                found /= total
                np.maximum(shares - found, alpha[:, None], out=found)
                found *= weights
                found *= numbers / found.sum(0)
                new = alpha[:, None] + (of_row @ found.T).T
            sums += of_term @ found.T
            likelihood += numbers @ np.log(total / old.sum(0)[rows])
            theta[low:high] = new.T
        return sums, likelihood

    @staticmethod
    def add(sums, used, found, factor):
        sums[used] += factor * found


class _Compiled:
    """The same, compiled."""

    number = np.float32

    @staticmethod
    def weigh(sums, used, scale, eta, totals):
        phi = np.empty((len(used), sums.shape[1]), np.float32)
        _kernels().weigh_terms(sums, used, scale, eta, totals, phi)
        return phi

    @staticmethod
    def update(pointers, terms, counts, theta, phi, alpha, inner):
        found, likelihood = np.empty((BLOCKS, *phi.shape), phi.dtype), np.empty(len(theta))
        bounds = _row_blocks(pointers, BLOCKS)
        _kernels().update_documents(pointers, terms, counts, bounds, theta, phi, alpha, inner, found, likelihood)
        return found, likelihood.sum()

    @staticmethod
    def add(sums, used, found, factor):
        _kernels().add_found(sums, used, found, factor)


ENGINES = {"numpy": _Plain, "numba": _Compiled}


def document_step(counts, theta, phi, alpha, inner):
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
    alpha = np.broadcast_to(np.float64(alpha), (k,)).copy()
    theta = alpha + np.outer(np.asarray(counts.sum(1)).ravel(), np.full(k, 1 / k))
    if pick_engine(engine) == "numba":
        rows = counts.indptr, counts.indices, counts.data, _row_blocks(counts.indptr, 64)
        _kernels().infer_documents(*rows, theta, np.ascontiguousarray(phi), alpha, updates, SETTLED)
    else:
        theta = document_step(counts, theta, phi, alpha, updates)[0][1]
    return theta / theta.sum(1, keepdims=True)


def _row_chunks(pointers, k):
    """Yield ranges of rows whose counts times topics stay below CHUNK (a longer row is a chunk of its own)."""
    first, rows = 0, len(pointers) - 1
    while first < rows:
        last = int(np.searchsorted(pointers, pointers[first] + CHUNK // k, side="right")) - 1
        last = min(max(last, first + 1), rows)
        yield first, last
        first = last


def _row_blocks(pointers, blocks):
    """Return the bounds of blocks of rows with about as many counts each."""
    bounds = np.searchsorted(pointers, np.linspace(pointers[0], pointers[-1], blocks + 1))
    bounds[0], bounds[-1] = 0, len(pointers) - 1
    return bounds


@cache
def _kernels():
    """Import the compiled loops, on first use."""
    from crossread.topics import compiled

    return compiled
