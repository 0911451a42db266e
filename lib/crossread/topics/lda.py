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

import numpy as np
from scipy import sparse

CHUNK = 1 << 21  # products of counts and topics held at once by the path without numba
BATCH = 250  # documents after which an online pass renews the topics, at most
BLOCKS = 4  # of a batch, each with sums of its own: as many threads can share it
SETTLED = 1e-5  # a document is left alone when no share moved by more
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
    the terms, and what one batch needs.
    """

    def __init__(self, counts, k, *, alpha=0.05, eta=0.1, seed=0, passes=6, inner=6, engine="auto"):
        counts = sparse.csr_matrix(counts, dtype=np.float64)
        rows, n_terms = counts.shape
        self.alpha, self.eta, self.passes, self.inner = np.full(k, float(alpha)), np.asarray(eta), passes, inner
        self.engine = ("numba" if has_numba() else "numpy") if engine == "auto" else engine
        corpus = np.asarray(counts.sum(0)).ravel()
        self.total = corpus.sum()
        # topics that begin almost alike: they part slowly, and end higher
        self.sums = self.total * (0.98 * corpus[:, None] / self.total + 0.02 * first_topics(counts, k, seed))
        counts = counts[np.random.default_rng(seed).permutation(rows)]
        self.pointers, self.data, self.terms = counts.indptr, counts.data, counts.indices
        self.lengths = np.asarray(counts.sum(1)).ravel()
        self.theta = self.alpha + np.outer(self.lengths, np.full(k, 1 / k))
        self.prior = np.broadcast_to(self.eta, (n_terms, k)).sum(0) if self.eta.ndim else self.eta * n_terms
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
        self.theta, self.sums, self.done = state["theta"].copy(), state["topics"].copy(), int(state["done"][0])

    def sweep(self) -> float:
        """Visit every document once and return the log-likelihood per token along the way."""
        online = self.done < self.passes
        inner = self.inner if online else 2
        theta, sums = self.theta.copy(), self.sums.copy()
        fresh = None if online else np.zeros_like(sums)
        totals, scale, likelihood = sums.sum(0), 1.0, 0.0
        for number, (first, last, used) in enumerate(self.batches):
            eta = self.eta[used] if self.eta.ndim else self.eta
            phi = (sums[used] * scale + eta) / (totals + self.prior)
            step = self._step_compiled if self.engine == "numba" else self._step_plain
            found, logs = step(theta, phi, first, last, inner)
            likelihood += logs
            if online:
                rate = (self.done * len(self.batches) + number + 3) ** -0.5
                found *= rate * self.total / max(self.lengths[first:last].sum(), 1)
                scale *= 1 - rate
                totals = (1 - rate) * totals + found.sum(0)
                sums[used] += found / scale
                if scale < 1e-100:
                    sums, scale = sums * scale, 1.0
            else:
                fresh[used] += found
        self.theta, self.sums, self.done = theta, sums * scale if online else fresh, self.done + 1
        return likelihood / self.total

    def _step_compiled(self, theta, phi, first, last, inner):
        ends = np.linspace(self.pointers[first], self.pointers[last], BLOCKS + 1)
        bounds = np.searchsorted(self.pointers[first : last + 1], ends) + first
        bounds[0], bounds[-1] = first, last
        sums, likelihood = np.empty((BLOCKS, *phi.shape)), np.empty(last)
        _kernels()[0](self.pointers, self.terms, self.data, bounds, theta, phi, self.alpha, inner, sums, likelihood)
        return sums.sum(0), likelihood[first:].sum()

    def _step_plain(self, theta, phi, first, last, inner):
        sums, likelihood = np.zeros_like(phi), 0.0
        for low, high in _row_chunks(self.pointers[first : last + 1], phi.shape[1]):
            span = slice(self.pointers[first + low], self.pointers[first + high])
            pointers = self.pointers[first + low : first + high + 1] - span.start
            terms, counts, new = self.terms[span], self.data[span], theta[first + low : first + high]
            rows = np.repeat(np.arange(high - low), np.diff(pointers))
            of_row = sparse.csr_matrix((np.ones(len(rows)), np.arange(len(rows)), pointers), (high - low, len(rows)))
            of_term = sparse.csr_matrix((np.ones(len(rows)), (terms, np.arange(len(rows)))), (len(phi), len(rows)))
            weights = phi[terms]
            for _ in range(inner):
                old = new
                shares = old[rows]
                total = np.einsum("ij,ij->i", shares, weights)
                found = np.maximum(shares - shares * weights / total[:, None], self.alpha) * weights
                found *= (counts / found.sum(1))[:, None]
                new = self.alpha + of_row @ found
            sums += of_term @ found
            likelihood += counts @ np.log(total / old.sum(1)[rows])
            theta[first + low : first + high] = new
        return sums, likelihood


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
    engine = ("numba" if has_numba() else "numpy") if engine == "auto" else engine
    alpha = np.broadcast_to(np.float64(alpha), (k,)).copy()
    theta = alpha + np.outer(np.asarray(counts.sum(1)).ravel(), np.full(k, 1 / k))
    if engine == "numba":
        phi = np.ascontiguousarray(phi)
        _kernels()[1](counts.indptr, counts.indices, counts.data, theta, phi, alpha, updates, SETTLED)
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


def _kernels():
    """Compile the two loops once, on first use."""
    global _KERNELS
    if _KERNELS is None:
        from crossread.topics import compiled

        _KERNELS = compiled.update_documents, compiled.infer_documents
    return _KERNELS
