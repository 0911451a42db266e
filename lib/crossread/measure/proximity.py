"""How near the documents are to one another: similarity, a map of words and documents, a tree, each with its doubt."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from crossread.corpus import Corpus
from crossread.corpus.tokens import TermMatrix
from crossread.errors import CrossreadError
from crossread.measure.frequency import by_document, segment_matrix
from crossread.measure.groups import Groups
from crossread.progress import follow
from crossread.wording import Labels, join_sentences, left_out_note, per_cent

SIMILARITY = ("doc_a", "doc_b", "measure", "value", "low", "high", "n_terms")
GROUP_SIMILARITY = ("group_a", "group_b", *SIMILARITY[2:], "by", "left_out")
CORRESPONDENCE = (
    "kind", "name", "x", "y", "mass", "quality", "contribution_x", "contribution_y",
    "region_width", "region_height", "region_angle", "share_x", "share_y",
)  # fmt: skip
CLUSTER = ("node", "left", "right", "height", "members", "support", "measure")

MEASURES = ("cosine", "cosine_tfidf", "jensen_shannon", "delta")
NO_DIFFERENCE = 1e-12  # inertia of tables whose rows are alike, but for rounding
FREQUENT = 150  # words of Burrows's Delta
MOST_COMPARED = 200  # documents
SIMILAR = ("cosine", "cosine_tfidf")  # 1 is equal; the other two are distances, 0 is equal


def similarity_of(counts: ArrayLike, measure: str = "cosine") -> np.ndarray:
    """Return how similar, or how far apart, the rows of a table of counts are.

    Parameters
    ----------
    counts : array of int, n_documents x n_terms
        Occurrences.
    measure : {"cosine", "cosine_tfidf", "jensen_shannon", "delta"}
        "cosine" of the counts; "cosine_tfidf" of counts times ln((1 + N) / (1 + df)) + 1; "jensen_shannon", the square
        root of the divergence in bits between the relative frequencies (0 equal, 1 no word in common); "delta",
        Burrows's: the mean absolute difference of standardised relative frequencies (sample standard deviation over
        the documents).

    Returns
    -------
    array of float, n_documents x n_documents
        1 for equal rows with the cosines, 0 with the others.

    References
    ----------
    Salton and McGill 1983 (cosine); Lin 1991, IEEE Transactions on Information Theory 37, 145-151; Endres and
    Schindelin 2003 (its root is a metric); Burrows 2002, Literary and Linguistic Computing 17, 267-287.

    Examples
    --------
    >>> similarity_of([[1, 1, 0], [1, 0, 1]]).round(3).tolist()
    [[1.0, 0.5], [0.5, 1.0]]
    >>> similarity_of([[1, 0], [0, 1]], "jensen_shannon").tolist()
    [[0.0, 1.0], [1.0, 0.0]]
    """
    if measure not in MEASURES:
        raise CrossreadError(f"The measure “{measure}” is not known; use {', '.join(MEASURES[:-1])} or {MEASURES[-1]}.")
    counts = np.asarray(counts, dtype=float)[None]
    return _between(counts, measure, _weights(counts, measure))[0]


def _weights(counts, measure):
    """Return what each term weighs in each table of a stack (draws x documents x terms): idf, or one by its spread."""
    if measure == "cosine_tfidf":
        return np.log((1 + counts.shape[1]) / (1 + (counts > 0).sum(axis=1, keepdims=True))) + 1
    if measure == "delta" and counts.shape[1] > 1:
        spread = (counts / counts.sum(axis=2, keepdims=True)).std(axis=1, ddof=1, keepdims=True)
        return np.where(spread > 0, 1 / np.where(spread > 0, spread, 1), 0.0)
    return np.ones((1, 1, 1))


def _between(counts, measure, weights):
    """Return the measure between all rows, for a stack of tables at once (draws x documents x terms)."""
    n_documents = counts.shape[1]
    with np.errstate(divide="ignore", invalid="ignore"):
        if measure in SIMILAR:
            counts = counts * weights
            unit = counts / np.sqrt((counts**2).sum(axis=2, keepdims=True))
            return np.minimum(unit @ unit.transpose(0, 2, 1), 1.0)
        shares = counts / counts.sum(axis=2, keepdims=True) * weights
    if measure == "delta":
        from scipy.spatial.distance import pdist, squareform

        return np.array([squareform(pdist(table, "cityblock")) for table in shares]) / shares.shape[2]
    result = np.zeros((len(counts), n_documents, n_documents))
    for a in range(n_documents):
        for b in range(a):
            value = np.sqrt(np.maximum(_divergence(shares[:, a], shares[:, b]), 0))
            result[:, a, b] = result[:, b, a] = value
    return result


def _divergence(p, q):
    from scipy.special import xlogy

    middle = (p + q) / 2
    safe = np.where(middle > 0, middle, 1)
    return (xlogy(p, p / safe) + xlogy(q, q / safe)).sum(axis=1) / 2 / np.log(2)


def _chosen(corpus, measure):
    counted = segment_matrix(corpus)
    if measure == "delta":
        totals = np.asarray(counted.matrix.sum(axis=0)).ravel()
        order = np.lexsort((counted.terms.astype(str), -totals))
        kept = np.zeros(len(totals), dtype=bool)
        kept[order[:FREQUENT]] = True
    else:
        kept = np.ones(len(counted.terms), dtype=bool)
    return counted.matrix[:, kept], counted.units, counted.terms[kept]


def _with_words(corpus) -> pd.Index:
    """Return the documents that have a word: an empty one is near to nothing and far from nothing."""
    return corpus.documents.index[corpus.documents["n_tokens"] > 0]


def _drawn_tables(names, matrix, units, draws, seed):
    """Yield stacks of tables, each row made of units drawn with replacement within their document or group."""
    generator = np.random.default_rng(seed)
    rows = [np.flatnonzero((units["doc_id"] == name).to_numpy()) for name in names]
    step = max(1, min(draws, 4_000_000 // max(1, len(rows) * matrix.shape[1])))
    for start in follow(range(0, draws, step), "drawing passages anew", -(-draws // step)):
        now = min(step, draws - start)
        stack = np.empty((now, len(rows), matrix.shape[1]))
        for place, own in enumerate(rows):
            drawn = generator.integers(0, len(own), size=(now, len(own)))
            weights = np.zeros((now, len(own)))
            np.add.at(weights, (np.repeat(np.arange(now), len(own)), drawn.ravel()), 1)
            stack[:, place] = (matrix[own].T @ weights.T).T
        yield stack


def _table_of(names, matrix, units, what="document"):
    rows = [np.flatnonzero((units["doc_id"] == name).to_numpy()) for name in names]
    for name, own in zip(names, rows, strict=True):
        if not len(own) or not matrix[own].sum():
            raise CrossreadError(f"The {what} “{name}” has none of the words that are compared.")
    return np.stack([np.asarray(matrix[own].sum(axis=0)).ravel() for own in rows]).astype(float)


def similarity(
    corpus: Corpus,
    measure: str = "cosine",
    *,
    by: Groups | None = None,
    draws: int = 2000,
    seed: int = 0,
) -> pd.DataFrame:
    """Measure how similar, or how far apart, the documents are, with limits, and how a document compares with itself.

    Two halves of one document, drawn by segments, say what to expect where nothing differs but the passage; they are
    the rows in which doc_a and doc_b are the same. With `by` the documents of a group are joined into one text, so that
    long ones weigh more; limits draw whole documents, and the halves are halves of a group's documents. Delta then
    divides by the spread over the documents, not over the groups.

    Parameters
    ----------
    corpus : Corpus
        Texts or published counts.
    measure : str
        As in `similarity_of`; "cosine" and "cosine_tfidf" are similarities, "jensen_shannon" and "delta" distances.
    by : Groups, optional
        From `group_documents`.
    draws, seed : int
        Bootstrap samples, and random halves.

    Returns
    -------
    DataFrame
        One row for each pair, and for each document with itself, in the order of the corpus: doc_a, doc_b, measure,
        value (for a document with itself the median of random halves; missing with fewer than two segments), low and
        high (95 per cent: how far other passages of the same length would move the value, the bootstrap's spread put
        about it; for a document with itself the middle 95 per cent of the halves), n_terms (words compared). Short
        texts look further apart than long ones whatever they say: no limit undoes that. With `by` group_a and group_b
        stand for doc_a and doc_b, a group of one document has no limits and no halves, and by (the column) and
        left_out (documents of which it says nothing) are added.

    Raises
    ------
    CrossreadError
        "The measure “…” is not known; …"; "Similarity sets every document beside every other, and there are 5,000 …"

    Examples
    --------
    >>> from crossread import from_texts
    >>> table = similarity(from_texts({"a": "Allies pay. Ships sail.", "b": "Allies pay."}), draws=100)
    >>> table[["doc_a", "doc_b", "value"]].round(3).values.tolist()
    [['a', 'a', nan], ['a', 'b', 0.707], ['b', 'b', nan]]
    """
    if measure not in MEASURES:
        similarity_of([[1]], measure)  # says so
    names = list(_with_words(corpus) if by is None else by.names)
    if len(names) > MOST_COMPARED:
        raise CrossreadError(
            f"Similarity sets every document beside every other, and there are {len(names):,}; it is done for "
            f"{MOST_COMPARED} at most. Compare groups of documents instead (similarity, keyness and contrasts with "
            "by=…), look for topics, or open fewer documents."
        )
    matrix, units, terms = _chosen(corpus, measure)
    scale = None  # by which Delta divides: of groups it is that of all documents, of documents that of each sample
    if by is not None:
        matrix, units, scale = _documents_as_units(corpus, matrix, units, terms, by, measure)
    table = _table_of(names, matrix, units, "document" if by is None else "group")
    weights, pairs = _weights(table[None], measure) if scale is None else scale, np.triu_indices(len(names), 1)
    value = _between(table[None], measure, weights)[0]
    samples = np.concatenate(
        [
            _between(stack, measure, _weights(stack, measure) if scale is None else scale)[:, *pairs]
            for stack in _drawn_tables(names, matrix, units, draws, seed)
        ]
    )
    lower, middle, upper = np.quantile(samples, [0.025, 0.5, 0.975], axis=0)
    low, high = (np.clip(value[pairs] + q - middle, 0, 1 if measure != "delta" else np.inf) for q in (lower, upper))
    if by is not None:  # a group of one document cannot be drawn anew
        alone = (units["doc_id"].value_counts().reindex(names) < 2).to_numpy()
        low, high = (np.where(alone[pairs[0]] | alone[pairs[1]], np.nan, ends) for ends in (low, high))
    limits = {(a, b): (value[a, b], *ends) for a, b, *ends in zip(*pairs, low, high, strict=True)}
    for a, name in follow(enumerate(names), "halves of each document", len(names)):
        own = matrix[np.flatnonzero((units["doc_id"] == name).to_numpy())]
        halves = _halves(own, weights, measure, min(draws, 500), seed)
        limits[a, a] = np.quantile(halves, [0.5, 0.025, 0.975]) if len(halves) else [np.nan] * 3
    rows = [(names[a], names[b], measure, *limits[a, b], len(terms)) for a, b in sorted(limits)]
    if by is None:
        return pd.DataFrame(rows, columns=list(SIMILARITY))
    return pd.DataFrame([(*row, by.by, len(by.left_out)) for row in rows], columns=list(GROUP_SIMILARITY))


def _documents_as_units(corpus, matrix, units, terms, by, measure):
    """Return a row of counts for each document of a group, its group, and by what Delta divides, if it is asked."""
    counts, tokens = by_document(corpus, TermMatrix(matrix, units, terms))
    number = by.places(corpus.documents.index)
    counted = np.flatnonzero((number >= 0) & (np.asarray(counts.sum(axis=1)).ravel() > 0))
    groups = pd.DataFrame({"doc_id": [by.names[place] for place in number[counted]], "n_tokens": tokens[counted]})
    scale = _weights(counts[counted].toarray()[None], measure) if measure == "delta" else None
    return counts[counted], groups, scale


def _halves(segments, weights, measure, draws, seed):
    """Return the measure between random halves of a document; terms weigh what they weigh beside the others."""
    n_segments = segments.shape[0]
    generator = np.random.default_rng(seed)
    first = np.argsort(generator.random((draws, n_segments)), axis=1) < n_segments // 2
    total, values = np.asarray(segments.sum(axis=0)).ravel(), [np.zeros(0)]
    step = max(1, 2_000_000 // max(1, len(total)))
    for start in range(0, draws, step):
        one = (segments.T @ first[start : start + step].T.astype(float)).T
        halves = np.stack([one, total - one], axis=1)
        halves = halves[halves.any(axis=2).all(axis=1)]
        if len(halves):
            values.append(_between(halves, measure, weights)[:, 0, 1])
    return np.concatenate(values)


def correspondence_of(table: ArrayLike) -> dict:
    """Return the correspondence analysis of a table of counts.

    Parameters
    ----------
    table : array, n_rows x n_columns
        Counts; every row and column has some.

    Returns
    -------
    dict
        inertia (of each axis, largest first); rows (principal coordinates, n_rows x n_axes); columns (standard
        coordinates, n_columns x n_axes); axes (the columns' shares in each axis, signed and rooted: squares are
        contributions); row_mass and column_mass. Each axis points so that the row farthest out on it is positive.

    References
    ----------
    Greenacre 2017, Correspondence Analysis in Practice, 3rd ed., appendix A.

    Examples
    --------
    >>> found = correspondence_of([[4, 2, 3, 2], [4, 3, 7, 4], [25, 10, 12, 4], [18, 24, 33, 13], [10, 6, 7, 2]])
    >>> found["inertia"].round(6).tolist(), found["rows"][:, 0].round(3).tolist()
    ([0.074759, 0.010017, 0.000414], [0.066, -0.259, 0.381, -0.233, 0.201])
    """
    shares = np.asarray(table, dtype=float) / np.sum(table)
    row_mass, column_mass = shares.sum(axis=1), shares.sum(axis=0)
    residual = (shares - np.outer(row_mass, column_mass)) / np.sqrt(np.outer(row_mass, column_mass))
    left, singular, right = np.linalg.svd(residual, full_matrices=False)
    real = singular > 1e-9 * max(singular[0], 1e-300)  # the last axis of a centred table is none
    left, singular, right = left[:, real], singular[real], right[real]
    rows = left * singular / np.sqrt(row_mass)[:, None]
    sign = np.sign(rows[np.abs(rows.round(9)).argmax(axis=0), np.arange(len(singular))])
    return {
        "inertia": singular**2,
        "rows": rows * sign,
        "columns": right.T * sign / np.sqrt(column_mass)[:, None],
        "axes": right.T * sign,
        "row_mass": row_mass,
        "column_mass": column_mass,
    }


def correspondence(
    corpus: Corpus,
    *,
    minimum_count: int = 10,
    draws: int = 1000,
    seed: int = 0,
) -> pd.DataFrame:
    """Put documents and words on one map by correspondence analysis.

    Documents stand in principal coordinates: their distances on the whole set of axes are chi-squared distances
    between their profiles. Words stand in standard coordinates shrunk by the root of their mass, so that frequent and
    telling ones lie far out (Greenacre's contribution biplot): the direction counts, not the distance to a document.
    Regions come from segments drawn within documents and put on the map as supplementary rows (partial bootstrap).

    Parameters
    ----------
    corpus : Corpus
        Texts or published counts; two documents or more, two of them differing along one axis.
    minimum_count : int
        Fewest occurrences of a word.
    draws, seed : int
        Bootstrap samples.

    Returns
    -------
    DataFrame
        kind ("document" or "term"); name; x and y (coordinates; an axis points so that the document
        farthest out on it is positive); mass (share of the table); quality (share of its distance from the average
        that the two axes show); contribution_x and contribution_y (share of the axis that it makes); region_width,
        region_height and region_angle (full axes of the 95 per cent ellipse and its turn in degrees; documents only);
        share_x and share_y (of all inertia, the same in every row).

    Raises
    ------
    CrossreadError
        "A map needs two documents or more; this corpus has one."; "A map is drawn of 200 documents at most, …".

    References
    ----------
    Greenacre 2017, Correspondence Analysis in Practice, 3rd ed., chs. 8, 12 and 29; Greenacre 2013, Journal of
    Computational and Graphical Statistics 22, 107-122 (contribution biplot); Lebart 2007 (partial bootstrap).

    Examples
    --------
    >>> from crossread import from_texts
    >>> corpus = from_texts({"a": "Ships sail.", "b": "Ships pay.", "c": "Allies pay."})
    >>> table = correspondence(corpus, minimum_count=1, draws=10)
    >>> table.loc[table["kind"] == "document", "x"].round(2).abs().tolist()
    [1.06, 0.0, 1.06]
    """
    documents = _with_words(corpus)
    if len(documents) < 2:
        raise CrossreadError("A map needs two documents or more; this corpus has one.")
    if len(documents) > MOST_COMPARED:
        raise CrossreadError(
            f"A map is drawn of {MOST_COMPARED} documents at most, and there are {len(documents):,}. Compare groups of "
            "documents instead (keyness and contrasts with by=…), look for topics, or open fewer documents."
        )
    matrix, units, names = _chosen(corpus, "all")
    frequent = np.asarray(matrix.sum(axis=0)).ravel() >= minimum_count
    if frequent.sum() < 3:  # two axes need three columns
        raise CrossreadError(f"Fewer than three words occur {minimum_count} times or more: lower minimum_count.")
    matrix, names = matrix[:, frequent], names[frequent]
    table = _table_of(documents, matrix, units)
    found = correspondence_of(table)
    row_mass, column_mass = found["row_mass"], found["column_mass"]
    # two documents differ along one axis; the second is then empty
    spare = ((0, 0), (0, max(0, 2 - len(found["inertia"]))))
    rows, standard, right = (
        np.pad(found["rows"], spare),
        np.pad(found["columns"], spare),
        np.pad(found["axes"], spare).T,
    )
    inertia = np.pad(found["inertia"], spare[1])
    if inertia.sum() < NO_DIFFERENCE:
        raise CrossreadError("The documents use these words alike: there is no difference to map.")
    singular = np.sqrt(inertia)
    share = inertia / inertia.sum()

    def entry(kind, name, at, mass, quality, parts, region=(np.nan,) * 3):
        return (kind, name, at[0], at[1], mass, quality, *parts, *region, share[0], share[1])

    regions = _regions(documents, matrix, units, standard[:, :2], rows[:, :2], draws, seed)
    result = []
    for place, doc_id in enumerate(documents):
        squares = rows[place] ** 2
        parts = row_mass[place] * squares[:2] / np.where(inertia[:2] > 0, inertia[:2], np.inf)
        result.append(
            entry(
                "document",
                doc_id,
                rows[place],
                row_mass[place],
                squares[:2].sum() / squares.sum(),
                parts,
                regions[place],
            )
        )
    column_squares = (right.T * singular) ** 2
    for place in np.lexsort((names.astype(str), -column_squares[:, :2].sum(axis=1).round(12))):
        squares = column_squares[place]
        quality = squares[:2].sum() / squares.sum() if squares.sum() > 0 else 0.0
        result.append(entry("term", names[place], right[:2, place], column_mass[place], quality, right[:2, place] ** 2))
    return pd.DataFrame(result, columns=list(CORRESPONDENCE))


def _regions(documents, matrix, units, standard, centres, draws, seed):
    """Return width, height and angle of each document's 95 per cent ellipse."""
    clouds = []
    for stack in _drawn_tables(documents, matrix, units, draws, seed):
        with np.errstate(divide="ignore", invalid="ignore"):
            clouds.append((stack / stack.sum(axis=2, keepdims=True)) @ standard)
    clouds = np.concatenate(clouds)
    regions = []
    for place in range(len(centres)):
        cloud = clouds[np.isfinite(clouds[:, place]).all(axis=1), place] - centres[place]
        segments = (units["doc_id"] == documents[place]).sum()
        if segments < 2 or len(cloud) < 3:
            regions.append((np.nan,) * 3)
            continue
        # drawing from n segments shows (n - 1) / n of the variance
        covariance = np.cov(cloud.T) * segments / (segments - 1)
        values, vectors = np.linalg.eigh(covariance)
        width, height = 2 * np.sqrt(np.maximum(values[::-1], 0) * 5.991464547107979)  # chi-squared, 2 df, 0.95
        angle = np.degrees(np.arctan2(vectors[1, 1], vectors[0, 1])) % 180
        regions.append((width, height, angle))
    return regions


def describe_similarity(table: pd.DataFrame, labels: Labels) -> str:
    """Say which two documents, or groups, are nearest and which farthest."""
    grouped = "group_a" in table
    (first, second), name = (("group_a", "group_b"), str) if grouped else (("doc_a", "doc_b"), labels.document)
    pairs = table[table[first] != table[second]].sort_values("value", ascending=table["measure"].iloc[0] not in SIMILAR)
    if pairs.empty:
        return "There is nothing to compare."
    near, far = pairs.iloc[0], pairs.iloc[-1]
    told = [f"{name(row[first])} and {name(row[second])} ({row['value']:.2f})" for row in (near, far)]
    what = "similarity" if table["measure"].iloc[0] in SIMILAR else "distance"
    if near["value"] == far["value"]:
        every = "groups" if grouped else "documents"
        whose = told[0] if len(pairs) == 1 else f"any two {every} is the same, {near['value']:.2f}"
        return join_sentences([f"The {what} of {whose}", left_out_note(table)])
    overlap = near["low"] <= far["high"] and far["low"] <= near["high"]
    said = f"Nearest are {told[0]}, farthest {told[1]}{', with limits that overlap' if overlap else ''}"
    return join_sentences([said, left_out_note(table)])


def describe_correspondence(table: pd.DataFrame, labels: Labels) -> str:
    """Say which documents the first axis sets against each other."""
    documents = table[table["kind"] == "document"].sort_values("x")
    first, last = (labels.document(documents["name"].iloc[i]) for i in (0, -1))
    share = per_cent(table["share_x"].iloc[0])
    return f"On the first axis, with {share} of all differences in words, {first} stands farthest from {last}."
