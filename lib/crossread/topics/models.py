"""Fit topics to passages, the same ones every time, and list their words and where they are."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy import sparse

from crossread.corpus import Corpus
from crossread.corpus.tokens import TermMatrix
from crossread.errors import CrossreadError
from crossread.topics import lda, nmf
from crossread.topics.counts import VOCABULARY, topic_counts

TOPIC_TERMS = ("topic", "rank", "term", "weight", "retained")
TOPIC_SHARES = ("doc_id", "segment", "topic", "share")
METHODS = ("nmf", "lda")
TOP = 10
NAMED_BY = 3  # of a topic's terms
FEWEST = "let fewer terms be left out (minimum_units=1, minimum_documents=1)"

Counted = Corpus | TermMatrix | sparse.spmatrix


@dataclass(frozen=True, eq=False)
class TopicModel:
    """Topics fitted to the units of a corpus.

    Attributes
    ----------
    topic_term : ndarray
        K×V weights; each topic's sum to 1.
    shares : ndarray
        N×K shares of the topics in the units; each unit's sum to 1, or are not numbers where no topic fits it at all.
    terms : array of str
        The V terms.
    units : DataFrame
        The N units: doc_id, segment where there is one, n_tokens, and n_counted, the tokens that the topics are
        fitted to.
    parameters : dict
        k, method, weighting, vocabulary: enough to repeat the fit.
    """

    topic_term: np.ndarray
    shares: np.ndarray
    terms: np.ndarray
    units: pd.DataFrame
    parameters: dict

    @property
    def k(self) -> int:
        """The number of topics."""
        return len(self.topic_term)

    @property
    def segments(self) -> np.ndarray:
        """The segment of each unit, -1 where a unit is a whole document."""
        return self.units["segment"].to_numpy() if "segment" in self.units else np.full(len(self.units), -1)


def fit_topics(
    corpus_or_counts: Counted,
    k: int,
    method: str = "nmf",
    *,
    weighting: str = "within",
    vocabulary: dict | None = None,
) -> TopicModel:
    """Fit k topics. No chance is in it: the same texts give the same topics, in whatever order they come.

    Parameters
    ----------
    corpus_or_counts : Corpus, TermMatrix or sparse matrix
        Of a corpus, what `topic_counts` counts.
    k : int
        Number of topics. `choose_k` says which one the texts support.
    method : {"nmf", "lda"}
        nmf is scikit-learn's. lda begins at the topics of nmf.
    weighting : {"within", "tfidf", "counts"}
        How nmf weights the counts. within: tf-idf, less what the other passages of the document have on average, so
        that what a document says throughout makes no topic. Of whole documents it is plain tf-idf.
    vocabulary : dict, optional
        Arguments of `topic_counts`: `minimum_documents=1`, `unit="document"`, …

    Returns
    -------
    TopicModel
        Topics ordered by their share of the tokens. The shares of a unit are those of all its words (of their tf-idf
        or, for lda, their counts).

    Raises
    ------
    CrossreadError
        "k = 40 topics cannot be fitted to 12 units and 30 terms: …", "There is no method “hdp”: …".

    Examples
    --------
    >>> counts = sparse.csr_matrix([[2, 1, 0, 0], [1, 2, 0, 0], [0, 0, 1, 2], [0, 0, 2, 2]])
    >>> fit_topics(counts, 2).shares.round(2).tolist()
    [[0.0, 1.0], [0.0, 1.0], [1.0, 0.0], [1.0, 0.0]]
    """
    if method not in METHODS:
        raise CrossreadError(f"There is no method “{method}”: choose {' or '.join(METHODS)}.")
    counts = in_order(as_counts(corpus_or_counts, vocabulary))
    check_size(counts, k)
    documents = counts.units["doc_id"].to_numpy()
    topic_term, fitted = nmf.factorise(nmf.weigh(counts.matrix, documents, weighting), k)
    if method == "lda":
        topic_term, shares = lda.learn_topics(counts.matrix, topic_term)
    else:
        whole = nmf.weigh(counts.matrix, documents, "counts" if weighting == "counts" else "tfidf")
        with nmf.one_thread():
            shares = fitted.transform(whole) * fitted.components_.sum(1)
    shares = as_shares(shares, counts.matrix)
    settings = {"k": k, "method": method, "weighting": weighting, "vocabulary": dict(vocabulary or {})}
    model = TopicModel(topic_term, shares, counts.terms, counts.units, settings)
    largest = np.argsort(-np.round(topic_sizes(model), 9), kind="stable")
    back = np.argsort(counts.units["position"].to_numpy())
    units = counts.units.iloc[back].drop(columns="position").reset_index(drop=True)
    return replace(model, topic_term=topic_term[largest], shares=shares[back][:, largest], units=units)


def as_shares(loadings: np.ndarray, matrix: sparse.csr_matrix) -> np.ndarray:
    """Scale each unit's loadings to sum to 1; where there are none, or no terms, there is no share."""
    totals = loadings.sum(1, keepdims=True)
    totals[np.diff(matrix.indptr) == 0] = 0
    return np.where(totals > 0, loadings / np.where(totals > 0, totals, 1), np.nan)


def as_counts(corpus_or_counts: Counted, vocabulary: dict | None = None) -> TermMatrix:
    """Return what is modelled: a corpus's `topic_counts`, a TermMatrix as it is, a matrix with numbers for names."""
    if isinstance(corpus_or_counts, Corpus):
        if strange := sorted(set(vocabulary or {}) - set(VOCABULARY)):
            raise CrossreadError(f"The vocabulary has no setting “{strange[0]}” (it has {', '.join(VOCABULARY)}).")
        return as_counts(topic_counts(corpus_or_counts, **(vocabulary or {})))
    if isinstance(corpus_or_counts, TermMatrix):
        counts = corpus_or_counts
    elif sparse.issparse(corpus_or_counts):
        n_units, n_terms = corpus_or_counts.shape
        width = len(str(max(n_terms, n_units)))
        units = pd.DataFrame({"doc_id": [f"{i:0{width}d}" for i in range(n_units)]})
        counts = TermMatrix(corpus_or_counts, units, np.array([f"term_{i:0{width}d}" for i in range(n_terms)]))
    else:
        raise CrossreadError("Topics are fitted to a corpus, a TermMatrix or a scipy sparse matrix of counts.")
    matrix = sparse.csr_matrix(counts.matrix)
    if not matrix.has_canonical_format:
        matrix = matrix.copy()
        matrix.sum_duplicates()
    if matrix.nnz and (matrix.data.min() < 0 or not np.isfinite(matrix.data).all()):
        raise CrossreadError("Topics are fitted to counts: the matrix holds a negative or missing number.")
    counted = np.asarray(matrix.sum(1)).ravel().astype(np.int64)
    units = counts.units.reset_index(drop=True).assign(n_counted=counted)
    if "n_tokens" not in units:
        units = units.assign(n_tokens=counted)
    return TermMatrix(matrix, units, np.asarray(counts.terms, dtype=object))


def in_order(counts: TermMatrix) -> TermMatrix:
    """Sort the units by document and segment, so that nothing depends on the order in which documents come.

    A column `position` of the units says where each one came from.
    """
    keys = ["doc_id", "segment"] if "segment" in counts.units else ["doc_id"]
    units = counts.units.assign(position=np.arange(len(counts.units))).sort_values(keys, kind="stable")
    return TermMatrix(counts.matrix[units["position"].to_numpy()], units.reset_index(drop=True), counts.terms)


def check_size(counts: TermMatrix, k: int) -> None:
    """Refuse a number of topics that there are too few units or terms for."""
    n_units, n_terms = counts.matrix.shape
    if not n_units or not n_terms:
        raise CrossreadError(
            f"There are no topics in {n_units} units and {n_terms} terms: {FEWEST}, or give more text."
        )
    if not isinstance(k, int | np.integer) or not 1 <= k <= min(n_units, n_terms):
        raise CrossreadError(
            f"k = {k} topics cannot be fitted to {n_units} units and {n_terms} terms: choose a whole number between 1 "
            f"and {min(n_units, n_terms)}, or {FEWEST}."
        )


def refit(counts: TermMatrix, model: TopicModel) -> TopicModel:
    """Fit the topics of a model again to other units that are counted by the same terms."""
    settings = {name: model.parameters[name] for name in ("method", "weighting")}
    return fit_topics(counts, model.k, **settings)


def counts_of(corpus_or_counts: Counted, model: TopicModel) -> TermMatrix:
    """Return what a model was fitted to, or refuse what it was not fitted to."""
    counts = as_counts(corpus_or_counts, model.parameters["vocabulary"])
    if len(counts.terms) != len(model.terms) or (counts.terms != model.terms).any():
        raise CrossreadError(
            "The model was fitted to another vocabulary than this: give the corpus or counts that it was fitted to."
        )
    return counts


def top_terms(topic_term: np.ndarray, n: int = TOP) -> np.ndarray:
    """Return the places of each topic's n heaviest terms, a K×n matrix; equal weights stand in the order of the terms.

    Weights are compared to nine digits, so that two machines agree on what is equal.

    Parameters
    ----------
    topic_term : ndarray
        K×V weights, as `TopicModel.topic_term`.
    n : int
        Terms per topic.

    Returns
    -------
    ndarray of int

    Examples
    --------
    >>> top_terms(np.array([[0.2, 0.4, 0.4]]), 2)
    array([[1, 2]])
    """
    rounded = np.round(topic_term / np.maximum(topic_term.max(1, keepdims=True), 1e-300), 9)
    return np.argsort(-rounded, axis=1, kind="stable")[:, :n]


def overlap(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Return the Jaccard index of the top terms of every topic of one model with every topic of another.

    Parameters
    ----------
    first, second : ndarray of int
        What `top_terms` gave, over one vocabulary.

    Examples
    --------
    >>> overlap(np.array([[0, 1], [2, 3]]), np.array([[1, 2]])).round(3).tolist()
    [[0.333], [0.333]]
    """
    common = (first[:, None, :, None] == second[None, :, None, :]).sum((2, 3))
    return common / (first.shape[1] + second.shape[1] - common)


def match_topics(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Pair the topics of two models so that their top terms agree most.

    Parameters
    ----------
    first, second : ndarray of int
        What `top_terms` gave, over one vocabulary.

    Returns
    -------
    ndarray
        For every topic of the first model: the Jaccard index with its partner, and the partner's place (-1 for none).

    Notes
    -----
    Greene, O'Callaghan & Cunningham 2014, "How many topics? Stability analysis for topic models", section 3.2, with the
    Jaccard index of sets instead of its average over depths. The pairing is Kuhn's (Hungarian) assignment.

    Examples
    --------
    >>> match_topics(np.array([[0, 1], [2, 3]]), np.array([[3, 2], [0, 4]]))
    array([[0.33333333, 1.        ],
           [1.        , 0.        ]])
    """
    from scipy.optimize import linear_sum_assignment

    scores = overlap(first, second)
    rows, columns = linear_sum_assignment(-scores)
    result = np.column_stack([np.zeros(len(first)), np.full(len(first), -1.0)])
    result[rows] = np.column_stack([scores[rows, columns], columns])
    return result


def topic_sizes(model: TopicModel) -> np.ndarray:
    """Return each topic's share of the tokens of all units.

    Parameters
    ----------
    model : TopicModel

    Returns
    -------
    ndarray
        K shares, 0 to 1.

    Examples
    --------
    >>> model = fit_topics(sparse.csr_matrix([[2, 2, 0], [3, 3, 0], [0, 0, 5]]), 2)
    >>> topic_sizes(model).round(2).tolist()
    [0.67, 0.33]
    """
    lengths = np.where(np.isnan(model.shares[:, 0]), 0.0, model.units["n_tokens"].to_numpy(dtype=float))
    return np.nan_to_num(model.shares).T @ lengths / max(lengths.sum(), 1)


def topic_terms(model: TopicModel, n: int = TOP, retained: np.ndarray | None = None) -> pd.DataFrame:
    """List the heaviest terms of every topic.

    Parameters
    ----------
    model : TopicModel
    n : int
        Terms per topic.
    retained : ndarray, optional
        K×V shares of resamples in which a term stays among a topic's top ten, from `term_retention`.

    Returns
    -------
    DataFrame
        topic (from 1), rank (from 1), term, weight (share of the topic's weight), retained (share of resamples, 0 to 1;
        not a number where none were drawn).

    Examples
    --------
    >>> counts = sparse.csr_matrix([[2, 2, 0], [3, 3, 0], [0, 0, 4]])
    >>> topic_terms(fit_topics(counts, 2), n=1)
       topic  rank    term  weight  retained
    0      1     1  term_0     0.5       NaN
    1      2     1  term_2     1.0       NaN
    """
    places = top_terms(model.topic_term, n)
    topics, ranks = np.indices(places.shape) + 1
    return pd.DataFrame({
        "topic": topics.ravel(), "rank": ranks.ravel(), "term": model.terms[places.ravel()],
        "weight": model.topic_term[topics.ravel() - 1, places.ravel()],
        "retained": np.nan if retained is None else retained[topics.ravel() - 1, places.ravel()],
    })  # fmt: skip


def topic_names(model: TopicModel) -> list[str]:
    """Return the name of every topic: its three heaviest terms.

    Parameters
    ----------
    model : TopicModel

    Returns
    -------
    list of str

    Examples
    --------
    >>> topic_names(fit_topics(sparse.csr_matrix([[2, 2, 0], [3, 3, 0], [0, 0, 4]]), 2))
    ['term_0, term_1', 'term_2']
    """
    names = []
    for weights, places in zip(model.topic_term, top_terms(model.topic_term, NAMED_BY), strict=True):
        names.append(", ".join(model.terms[place] for place in places if weights[place] > 0))
    return names
