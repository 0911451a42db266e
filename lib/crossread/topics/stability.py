"""How much of a topic model would come back from other passages of the same texts, and how much comes from any text."""

import numpy as np
import pandas as pd
from scipy import sparse

from crossread.errors import CrossreadError
from crossread.tables import check_columns
from crossread.tokens import TermMatrix
from crossread.topics import nmf
from crossread.topics.models import (
    DEFAULTS,
    TopicModel,
    as_counts,
    fit_many,
    match_topics,
    top_terms,
    watched,
)

TOPIC_STABILITY = ("k", "agreement", "null_95", "supported")


def topic_stability(
    corpus_or_matrix,
    ks=None,
    method: str = "nmf",
    *,
    resamples: int = 50,
    share: float = 0.8,
    shuffle: str = "corpus",
    seed: int = 0,
    progress: bool = False,
    vocabulary: dict | None = None,
    **settings,
) -> pd.DataFrame:
    """Measure for each number of topics how far the topics come back, on these texts and on shuffled ones.

    Each resample keeps `share` of the units; its topics are paired with those of all units, and the agreement is the
    mean share (Jaccard) of top ten terms that the pairs have in common. The null is the same, once on each of as many
    texts in which the tokens were shuffled over the units, lengths and frequencies of terms kept.

    Parameters
    ----------
    corpus_or_matrix : Corpus, TermMatrix or sparse matrix
        As in `fit_topics`.
    ks : iterable of int, optional
        Numbers of topics; 2 to 10, or as many as the units allow.
    method : {"nmf", "lda"}
        Method that is tested; lda with one seed for each fit.
    resamples : int
        Resamples, and shuffled texts.
    share : float
        Share of the units in a resample.
    shuffle : {"corpus", "document"}
        Tokens change places within the whole corpus, or only within their document: what is still more stable than the
        latter is more than a difference between documents.
    seed : int
        Seed of resamples and shuffles.

    Returns
    -------
    DataFrame
        k, agreement (mean over the resamples, 0 to 1), null_95 (95th percentile over the shuffled texts), supported
        (whether agreement is above it).

    Raises
    ------
    CrossreadError
        "Topics are resampled for k from 2 to …".

    Notes
    -----
    After Greene, O'Callaghan & Cunningham 2014, ECML PKDD, sections 3.2 and 3.3; the shuffled text is added here, since
    a method without chance is stable on noise as well.

    Examples
    --------
    >>> counts = sparse.csr_matrix(np.kron(np.eye(2, dtype=int), np.ones((20, 15), dtype=int)))
    >>> topic_stability(counts, ks=[2], resamples=10)[["k", "agreement", "supported"]]
       k  agreement  supported
    0  2        1.0       True
    """
    counts = as_counts(corpus_or_matrix, **(vocabulary or {}))
    settings = _settings(method, settings)
    most = min(int(share * counts.matrix.shape[0]), counts.matrix.shape[1])
    ks = list(range(2, min(10, most) + 1) if ks is None else ks)
    if not ks or min(ks) < 2 or max(ks) > most:
        raise CrossreadError(
            f"Topics are resampled for k from 2 to {most} here ({counts.matrix.shape[0]} units); asked for were "
            f"{', '.join(map(str, ks)) or 'none'}."
        )
    drawn = _resamples(counts.matrix, resamples, share, seed)
    shuffled = [shuffle_tokens(counts, shuffle, (seed, i)) for i in range(resamples)]
    null_drawn = [_resamples(matrix, 1, share, (seed, 1, i))[0] for i, matrix in enumerate(shuffled)]
    sets = {"full": [counts.matrix], "drawn": drawn, "null": shuffled, "null_drawn": null_drawn}
    vectors = dict.fromkeys(sets)
    if method == "nmf":
        for name, matrices in sets.items():
            weighted = (nmf.weight_counts(matrix, settings["weighting"]) for matrix in matrices)
            vectors[name] = [nmf.leading_vectors(matrix, max(ks)) for matrix in weighted]
    rows = []
    for k in watched(progress, "k")(ks):
        tops = {}
        for name, matrices in sets.items():
            fits = fit_many(matrices, k, method, settings, range(seed, seed + len(matrices)), vectors[name])
            tops[name] = [top_terms(fit) for fit in fits]
        real = [match_topics(tops["full"][0], top)[:, 0].mean() for top in tops["drawn"]]
        null = [match_topics(a, b)[:, 0].mean() for a, b in zip(tops["null"], tops["null_drawn"], strict=True)]
        rows.append((k, float(np.mean(real)), float(np.quantile(null, 0.95))))
    table = pd.DataFrame(rows, columns=list(TOPIC_STABILITY[:3]))
    return table.assign(supported=table["agreement"] > table["null_95"])


def choose_k(stability: pd.DataFrame) -> int | None:
    """Return the smallest number of topics that is stabler than chance, or None where no k is supported.

    Parameters
    ----------
    stability : DataFrame
        From `topic_stability`.

    Examples
    --------
    >>> path = pd.DataFrame({"k": [2, 3], "agreement": [0.4, 0.6], "null_95": [0.5, 0.5], "supported": [False, True]})
    >>> choose_k(path)
    3
    >>> choose_k(path.assign(supported=False)) is None
    True
    """
    check_columns(stability, TOPIC_STABILITY, "the stability path")
    supported = stability.loc[stability["supported"], "k"]
    return int(supported.min()) if len(supported) else None


def term_retention(
    corpus_or_matrix,
    model: TopicModel,
    *,
    resamples: int = 50,
    share: float = 0.8,
    seed: int = 0,
    vocabulary: dict | None = None,
) -> np.ndarray:
    """Return for every topic and term the share of resamples in which the term is among the topic's top ten.

    Parameters
    ----------
    corpus_or_matrix : Corpus, TermMatrix or sparse matrix
        What the model was fitted to.
    model : TopicModel
        Fitted topics; each resample's are paired with them.

    Returns
    -------
    ndarray
        K×V, 0 to 1: the argument `retained` of `topic_terms`.
    """
    counts = as_counts(corpus_or_matrix, **(vocabulary or _vocabulary_of(model, corpus_or_matrix)))
    _check_same_terms(counts, model)
    drawn = _resamples(counts.matrix, resamples, share, seed)
    fits = fit_many(drawn, model.k, model.method, model.parameters, range(seed, seed + resamples))
    kept = np.zeros_like(model.topic_term)
    reference = top_terms(model.topic_term)
    for fit in fits:
        top = top_terms(fit)
        for topic, partner in enumerate(match_topics(reference, top)[:, 1].astype(int)):
            kept[topic, top[partner]] += 1
    return kept / resamples


def leave_one_out(corpus_or_matrix, model: TopicModel, *, vocabulary: dict | None = None) -> pd.DataFrame:
    """Fit the topics again without each document in turn, and say what is left of every topic.

    Terms that the remaining documents do not share are not put back: the vocabulary is the model's.

    Returns
    -------
    DataFrame
        topic, left_out (a doc_id), agreement (Jaccard index of the top ten terms with the paired topic, 0 to 1),
        share_held (share of the topic that the document left out held). A document without which there are fewer units
        than topics is passed over.

    Raises
    ------
    CrossreadError
        "To leave a document out takes at least two."
    """
    counts = as_counts(corpus_or_matrix, **(vocabulary or _vocabulary_of(model, corpus_or_matrix)))
    _check_same_terms(counts, model)
    if counts.units["doc_id"].nunique() < 2:
        raise CrossreadError("To leave a document out takes at least two.")
    reference, held = top_terms(model.topic_term), held_shares(model)
    rows = []
    for name in counts.units["doc_id"].drop_duplicates():
        rest = counts.matrix[(counts.units["doc_id"] != name).to_numpy()]
        if rest.shape[0] < model.k:
            continue
        fit = fit_many([rest], model.k, model.method, model.parameters, [model.parameters["seed"]])[0]
        matched = match_topics(reference, top_terms(fit))[:, 0]
        rows += [(topic + 1, name, agreement, held[name][topic]) for topic, agreement in enumerate(matched)]
    table = pd.DataFrame(rows, columns=["topic", "left_out", "agreement", "share_held"])
    return table.sort_values("topic", kind="stable", ignore_index=True)


def held_shares(model: TopicModel) -> dict[str, np.ndarray]:
    """Return for every document the share of each topic's tokens that it holds."""
    lengths = model.units["n_tokens"].to_numpy(dtype=float)
    mass = np.nan_to_num(model.shares) * lengths[:, None]
    total = np.maximum(mass.sum(0), 1e-300)
    names = model.units["doc_id"].to_numpy()
    return {name: mass[names == name].sum(0) / total for name in model.units["doc_id"].drop_duplicates()}


def sensitivity(corpus, model: TopicModel, variations: dict[str, dict], lexicon=None) -> pd.DataFrame:
    """Fit variations of a model and say how much of each of its topics is found again.

    Parameters
    ----------
    corpus : Corpus
        What the model was fitted to.
    model : TopicModel
        The base.
    variations : dict
        Name of each variation to what it changes: arguments of `fit_topics` (k, method, weighting …), or of
        `topic_counts` under "vocabulary".

    Returns
    -------
    DataFrame
        variation, topic (of the base), agreement (Jaccard index of the top ten terms with the paired topic; 0 where a
        smaller k leaves it without one), n_terms, n_units.
    """
    base = model.terms[top_terms(model.topic_term)]
    rows = []
    for name, change in variations.items():
        change = dict(change)
        vocabulary = {**model.parameters["vocabulary"], **change.pop("vocabulary", {})}
        k, method = change.pop("k", model.k), change.pop("method", model.method)
        other = fit_topics_again(corpus, k, method, vocabulary, model.parameters["seed"], change, lexicon)
        found = match_topics(base, other.terms[top_terms(other.topic_term)])[:, 0]
        rows += [(name, i + 1, value, len(other.terms), len(other.units)) for i, value in enumerate(found)]
    return pd.DataFrame(rows, columns=["variation", "topic", "agreement", "n_terms", "n_units"])


def fit_topics_again(corpus, k, method, vocabulary, seed, change, lexicon):
    """Fit one variation."""
    from crossread.topics.models import fit_topics

    return fit_topics(corpus, k, method, vocabulary=vocabulary, seed=seed, lexicon=lexicon, **change)


def shuffle_tokens(counts: TermMatrix, within: str = "corpus", seed=0) -> sparse.csr_matrix:
    """Shuffle the tokens over the units, keeping each unit's length and each term's frequency.

    Parameters
    ----------
    counts : TermMatrix
        Counts.
    within : {"corpus", "document"}
        Whether tokens may change documents.
    seed : int
        Seed of the permutation.

    Examples
    --------
    >>> counts = as_counts(sparse.csr_matrix([[3, 0], [0, 2]]))
    >>> shuffled = shuffle_tokens(counts, seed=1)
    >>> shuffled.sum(1).ravel().tolist(), shuffled.sum(0).tolist()
    ([[3, 2]], [[3, 2]])
    """
    if within not in ("corpus", "document"):
        raise CrossreadError(f"Tokens are shuffled within the “corpus” or within each “document”, not “{within}”.")
    generator = np.random.default_rng(seed)
    matrix = sparse.csr_matrix(counts.matrix)
    amounts = matrix.data.astype(np.int64)
    rows = np.repeat(np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr)), amounts)
    columns = np.repeat(matrix.indices, amounts)
    if within == "corpus":
        columns = generator.permutation(columns)
    else:
        document = pd.factorize(counts.units["doc_id"])[0][rows]
        for number in np.unique(document):
            place = np.flatnonzero(document == number)
            columns[place] = columns[generator.permutation(place)]
    return sparse.csr_matrix((np.ones(len(rows), dtype=np.int64), (rows, columns)), shape=matrix.shape)


def _resamples(matrix, resamples, share, seed):
    generator = np.random.default_rng(seed)
    size = int(share * matrix.shape[0])
    return [matrix[np.sort(generator.choice(matrix.shape[0], size, replace=False))] for _ in range(resamples)]


def _settings(method, settings):
    if method not in ("nmf", "lda"):
        raise CrossreadError(f"Stability is measured for nmf and lda, not for “{method}”: seeded topics are told by "
                             "their seed-to-seed agreement.")  # fmt: skip
    unknown = sorted(set(settings) - set(DEFAULTS[method]))
    if unknown:
        raise CrossreadError(f"{method} has no setting “{unknown[0]}” (it has {', '.join(DEFAULTS[method])}).")
    return {**DEFAULTS[method], **settings}


def _vocabulary_of(model, corpus_or_matrix):
    return model.parameters["vocabulary"] if hasattr(corpus_or_matrix, "term_matrix") else {}


def _check_same_terms(counts, model):
    if len(counts.terms) != len(model.terms) or (counts.terms != model.terms).any():
        raise CrossreadError(
            "The model was fitted to another vocabulary than this: give the corpus or matrix that it was fitted to."
        )
