"""Non-negative matrix factorisation that gives the same answer every time: exact start, fixed sweeps, fixed order.

Many matrices are factorised at once, as the blocks of one sparse matrix: stability asks for hundreds of small fits.
"""

import numpy as np
from scipy import sparse

SETTLED = 1e-9  # new rows are left alone when no loading moves by more, as a share of the largest
DENSE_LIMIT = 2_000  # up to this many rows or columns the singular vectors come from a dense matrix


def weight_counts(counts: sparse.csr_matrix, weighting: str = "tfidf", inverse=None) -> sparse.csr_matrix:
    """Weight counts for a factorisation, every row scaled to length 1.

    Parameters
    ----------
    counts : csr_matrix
        N×V counts.
    weighting : {"tfidf", "counts", "binary"}
        tfidf is n (ln((1+N)/(1+df)) + 1), scikit-learn's form; binary marks presence.
    inverse : ndarray, optional
        Weights of the terms from an earlier matrix, for new documents.

    Examples
    --------
    >>> weight_counts(sparse.csr_matrix([[3, 4]]), "counts").toarray()
    array([[0.6, 0.8]])
    """
    weighted = sparse.csr_matrix(counts, dtype=np.float64)
    if weighting == "binary":
        weighted.data[:] = 1.0
    if weighting == "tfidf":
        inverse = inverse_frequencies(counts) if inverse is None else inverse
        weighted = (weighted @ sparse.diags(inverse)).tocsr()
    lengths = np.sqrt(np.asarray(weighted.multiply(weighted).sum(1)).ravel())
    return (sparse.diags(1 / np.where(lengths > 0, lengths, 1)) @ weighted).tocsr()


def inverse_frequencies(counts: sparse.csr_matrix) -> np.ndarray:
    """Return ln((1+N)/(1+df)) + 1 for every column."""
    return np.log((1 + counts.shape[0]) / (1 + np.bincount(counts.indices, minlength=counts.shape[1]))) + 1


def leading_vectors(matrix: sparse.csr_matrix, k: int):
    """Return the k largest singular values with their vectors, exactly: U (N×k), s, V (V×k).

    They come from the eigenvectors of the smaller cross-product; of a large one the leading vectors only, from a
    fixed start, so that nothing is left to chance at any size.
    """
    turned = matrix.shape[0] > matrix.shape[1]
    if turned:
        matrix = matrix.T.tocsr()
    if matrix.shape[0] <= DENSE_LIMIT:
        values, left = np.linalg.eigh((matrix @ matrix.T).toarray())
        values, left = values[::-1][:k], left[:, ::-1][:, :k]
    else:
        from scipy.sparse.linalg import LinearOperator, eigsh

        rows, transposed = matrix.shape[0], matrix.T.tocsr()
        product = LinearOperator((rows, rows), matvec=lambda x: matrix @ (transposed @ x), dtype=np.float64)
        values, left = eigsh(product, k=k, v0=np.asarray(matrix.sum(1)).ravel() + 1e-3)
        values, left = values[::-1], left[:, ::-1]
    singular = np.sqrt(np.maximum(values, 0))
    right = (matrix.T @ left) / np.where(singular > 1e-10, singular, 1)
    return (right, singular, left) if turned else (left, singular, right)


def start_factors(mean: float, left, singular, right):
    """Return the NNDSVDa start W (N×k), H (V×k): Boutsidis & Gallopoulos 2008, Pattern Recognition 41, section 2."""
    w, h = np.empty_like(left), np.empty_like(right)
    for j, value in enumerate(singular):
        best = None
        for sign in (1, -1):
            x, y = np.maximum(sign * left[:, j], 0), np.maximum(sign * right[:, j], 0)
            size = np.linalg.norm(x) * np.linalg.norm(y)
            if best is None or size > best[0] * (1 + 1e-9):
                best = size, x, y
        size, x, y = best
        scale = np.sqrt(value * size)
        w[:, j] = scale * x / max(np.linalg.norm(x), 1e-12)
        h[:, j] = scale * y / max(np.linalg.norm(y), 1e-12)
    return np.where(w > 1e-9, w, mean), np.where(h > 1e-9, h, mean)


def factorise(blocks: list[sparse.csr_matrix], k: int, sweeps: int = 200, vectors=None, watch=None):
    """Factorise every block into W (N×k) and H (V×k) by hierarchical alternating least squares.

    Parameters
    ----------
    blocks : list of csr_matrix
        Weighted matrices of one shape.
    k : int
        Number of topics.
    sweeps : int
        Updates of both factors; a fixed number, since a tolerance could stop a sweep earlier on another machine.
    vectors : list of tuples, optional
        What `leading_vectors` gave for each block, for at least k.
    watch : callable, optional
        Wraps the range of sweeps; a progress bar. An interruption keeps the last whole sweep.

    Returns
    -------
    w : ndarray, B×N×k
    h : ndarray, B×V×k
    finished : bool
        False when it was interrupted.

    Notes
    -----
    Cichocki & Phan 2009, IEICE Transactions E92-A, algorithm 2, without the sparseness terms.
    """
    if vectors is None:
        vectors = [leading_vectors(block, k) for block in blocks]
    starts = [
        start_factors(block.mean(), left[:, :k], singular[:k], right[:, :k])
        for block, (left, singular, right) in zip(blocks, vectors, strict=True)
    ]
    w, h = (np.stack(part) for part in zip(*starts, strict=True))
    joined = sparse.block_diag(blocks, format="csr")
    turned = joined.T.tocsr()
    finished = True
    try:
        for _ in (watch or iter)(range(sweeps)):
            new_w = _solve(w, joined, h)
            w, h = new_w, _solve(h, turned, new_w)
    except KeyboardInterrupt:
        finished = False
    return w, h, finished


def descend(blocks: list[sparse.csr_matrix], k: int, sweeps: int = 40, watch=None):
    """Factorise one large matrix as `factorise` does, by scikit-learn's coordinate descent from the same start.

    Notes
    -----
    Cichocki & Phan 2009 in the form of Hsieh & Dhillon 2011, without shuffling; ten sweeps at a time, so that an
    interruption keeps what there is.
    """
    import warnings

    from sklearn.decomposition import non_negative_factorization
    from sklearn.exceptions import ConvergenceWarning

    (matrix,) = blocks
    w, h = start_factors(matrix.mean(), *leading_vectors(matrix, k))
    turned, finished = np.ascontiguousarray(h.T), True
    try:
        for left in (watch or iter)(range(sweeps, 0, -10)):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", ConvergenceWarning)
                w, turned, _ = non_negative_factorization(
                    matrix, W=w.copy(), H=turned.copy(), n_components=k, init="custom", max_iter=min(10, left), tol=0
                )
    except KeyboardInterrupt:
        finished = False
    return w[None], turned.T[None], finished


def _solve(factor, joined, other):
    """Update every column of one factor with the other held fixed."""
    k = factor.shape[2]
    products = np.ascontiguousarray((joined @ other.reshape(-1, k)).reshape(factor.shape).transpose(0, 2, 1))
    gram = other.transpose(0, 2, 1) @ other
    columns = np.ascontiguousarray(factor.transpose(0, 2, 1))
    for j in range(k):
        own = gram[:, j, j, None]
        step = products[:, j] - (gram[:, j, None, :] @ columns)[:, 0]
        np.maximum(columns[:, j] + step / np.maximum(own, 1e-12), 0, out=columns[:, j])
        columns[:, j][own[:, 0] <= 1e-12] = 0
    return np.ascontiguousarray(columns.transpose(0, 2, 1))


def fit_loadings(matrix: sparse.csr_matrix, h: np.ndarray, sweeps: int = 200) -> np.ndarray:
    """Return W (N×k) for new rows with the terms H (V×k) held fixed, each row updated until it settles.

    Examples
    --------
    >>> fit_loadings(sparse.csr_matrix([[2.0, 2.0, 0.0], [0.0, 0.0, 3.0]]), np.array([[1, 0], [1, 0], [0, 1]])).round(6)
    array([[2., 0.],
           [0., 3.]])
    """
    products, gram = matrix @ h, h.T @ h
    own = np.diag(gram)
    found = np.ones((matrix.shape[0], h.shape[1]))
    moving = np.arange(matrix.shape[0])
    for _ in range(sweeps):
        w, wanted = found[moving], products[moving]
        for j in np.flatnonzero(own > 1e-12):
            w[:, j] = np.maximum(w[:, j] + (wanted[:, j] - w @ gram[:, j]) / own[j], 0)
        w[:, own <= 1e-12] = 0
        moved = np.abs(w - found[moving]).max(1, initial=0)
        found[moving] = w
        moving = moving[moved > SETTLED * w.max(1, initial=0)]
    return found
