"""How much of a topic model would come back from other passages of the same texts, and how much comes from any text."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import sparse

from crossread.corpus import Corpus
from crossread.corpus.tables import check_columns
from crossread.corpus.tokens import TermMatrix
from crossread.errors import CrossreadError
from crossread.progress import follow
from crossread.topics import lda, nmf
from crossread.topics.factors import count_factors
from crossread.topics.models import (
    TOP,
    Counted,
    TopicModel,
    as_counts,
    check_size,
    counts_of,
    fit_topics,
    in_order,
    match_topics,
    refit,
    top_terms,
    topic_names,
)
from crossread.wording import Labels, count_of, join_names, join_sentences, number_text

TOPIC_STABILITY = (
    "k", "agreement", "null", "null_95", "excess", "p_adjusted", "verdict", "n_units", "n_documents", "k_factors",
)  # fmt: skip
SENSITIVITY = ("variation", "left_out", "topic", "name", "agreement", "terms_kept", "n_terms", "n_units")
SUPPORTED, UNDECIDED, TOO_FEW = "supported", "not distinguishable", "too few units"
LEVEL = 0.05
SHARE = 0.8  # of the units, in a resample
OF_EACH_SHUFFLE = 2  # resamples
MOST_UNITS = 600  # of a larger corpus so many are looked at, in whole documents
MOST_TERMS = 1500  # of a richer one the most frequent: top ten terms are hardly ever rarer
AT_ONCE = 2  # numbers of topics that are tried side by side
LEFT_OUT = 50  # up to this many documents each is left out in turn
FIRST_LOOK, ENOUGH = 39, 10  # after so many shuffled texts, so many that reach the best excess settle that it is chance
PLANTED = Path(__file__).with_name("planted.csv")  # of made texts: benchmarks/simulate_topics.py
LOST = 0.5  # a topic of which less is found again


def topic_stability(
    corpus_or_counts: Counted,
    ks: Iterable[int] | None = None,
    *,
    resamples: int = 50,
    shuffles: int = 99,
    weighting: str = "within",
    seed: int = 0,
    vocabulary: dict | None = None,
) -> pd.DataFrame:
    """Measure for each number of topics how far the topics come back, on these texts and on shuffled ones.

    Each resample keeps 80 per cent of the units; its topics are paired with those of all units, and the agreement is
    the mean share (Jaccard) of top ten terms that the pairs have in common. The null is the same on texts in which the
    tokens have changed places within their document, so that the documents differ as before and their passages no
    longer do. A number of topics is supported when its agreement rises further above the null's mean than the largest
    rise, over all numbers that were tried, does in 95 of 100 shuffled texts (Westfall & Young 1993, "Resampling-based
    multiple testing", the maximum as statistic).

    Parameters
    ----------
    corpus_or_counts : Corpus, TermMatrix or sparse matrix
        As in `fit_topics`. The order of the documents changes nothing. Of a corpus of more than 600 units some
        documents are drawn, whole, until there are so many; of more than 1,500 terms the most frequent are taken.
    ks : iterable of int, optional
        Numbers of topics; 2 to 10, or as many as the units allow.
    resamples, shuffles : int
        How many resamples of the texts there are, and how many shuffled texts (with two resamples each); at least 19
        of these, for fewer can never support anything. Where ten of the first 39 reach the best excess, no others are
        made: with all of them hardly any number of topics could be supported.
    weighting : {"within", "tfidf", "counts"}
        As in `fit_topics`.
    seed : int
        Seed of resamples and shuffles.
    vocabulary : dict, optional
        Arguments of `topic_counts`.

    Returns
    -------
    DataFrame
        k, agreement (mean over the resamples, 0 to 1), null (mean over the shuffled texts), null_95 (the agreement
        above which k would be supported), excess (agreement less null), p_adjusted (over all k), verdict ("supported",
        "not distinguishable", or "too few units" where no agreement could be high enough), n_units, n_documents,
        k_factors (the number of topics that `count_factors` counts, up to the largest k; none where no k is supported).

    Raises
    ------
    CrossreadError
        "Topics are resampled for k from 2 to …"; "5 shuffled texts cannot support any number of topics …".

    Notes
    -----
    After Greene, O'Callaghan & Cunningham 2014, ECML PKDD, sections 3.2 and 3.3; the shuffled text is added here, since
    a method without chance is stable on noise as well. What it finds of planted topics, and how often it finds what is
    not there: benchmarks/simulate_topics.py.

    Examples
    --------
    >>> rows = np.kron(np.eye(2, dtype=int), np.ones((20, 15), dtype=int))
    >>> units = pd.DataFrame({"doc_id": ["a", "b"] * 20, "segment": range(40)})
    >>> counts = TermMatrix(sparse.csr_matrix(rows), units, np.array([f"t{i}" for i in range(30)]))
    >>> topic_stability(counts, ks=[2], shuffles=19)[["k", "agreement", "verdict"]]
       k  agreement    verdict
    0  2        1.0  supported
    """
    if resamples < 1:
        raise CrossreadError(f"There are no topics in {resamples} resamples: ask for one or more.")
    if shuffles < 1 / LEVEL - 1:
        raise CrossreadError(
            f"{shuffles} shuffled texts cannot support any number of topics at the level of {LEVEL:.2f}: ask for "
            f"{1 / LEVEL - 1:.0f} or more."
        )
    counts = _some_documents(in_order(as_counts(corpus_or_counts, vocabulary)), seed)
    check_size(counts, 1)
    n_units = len(counts.units)
    most = min(int(SHARE * n_units), counts.matrix.shape[1])
    ks = list(range(2, min(10, most) + 1) if ks is None else ks)
    if not ks or min(ks) < 2 or max(ks) > most:
        raise CrossreadError(
            f"Topics are resampled for k from 2 to {most} here ({n_units} units); asked for were "
            f"{', '.join(map(str, ks)) or 'none'}."
        )
    sizes = {"n_units": n_units, "n_documents": counts.units["doc_id"].nunique()}
    if 2 * counts.units["doc_id"].duplicated(keep=False).sum() < n_units:
        empty = dict.fromkeys(TOPIC_STABILITY, np.nan)
        return pd.DataFrame([{**empty, "k": k, "verdict": TOO_FEW, **sizes} for k in ks]).astype({"k_factors": "Int64"})
    documents = counts.units["doc_id"].to_numpy()

    def null_of(numbers: range) -> np.ndarray:
        shuffled = [
            (shuffle_tokens(counts, "document", (seed, number)), OF_EACH_SHUFFLE, (seed, 1, number))
            for number in numbers
        ]
        return _agreements(shuffled, documents, weighting, ks)

    agreement = _agreements([(counts.matrix, resamples, seed)], documents, weighting, ks)[:, 0]
    null = null_of(range(min(FIRST_LOOK, shuffles)))
    judged = _judge(ks, agreement, null)
    if judged["p_adjusted"].min() * (1 + null.shape[1]) <= ENOUGH and null.shape[1] < shuffles:
        judged = _judge(ks, agreement, np.concatenate([null, null_of(range(null.shape[1], shuffles))], 1))
    is_supported = (judged["verdict"] == SUPPORTED).any()
    k_factors = count_factors(counts.matrix, documents, max(ks), seed) if is_supported else pd.NA
    return judged.assign(**sizes, k_factors=pd.array([k_factors] * len(judged), dtype="Int64"))


def _judge(ks: list[int], agreement: np.ndarray, null: np.ndarray) -> pd.DataFrame:
    """Hold the excess of each k against the largest excess of every shuffled text."""
    mean = null.mean(1)
    excess = np.round(agreement - mean, 12)
    largest = np.round((null - mean[:, None]).max(0), 12)
    at_most = int(LEVEL * (len(largest) + 1)) - 1  # so many shuffled texts may reach what is supported
    needed = mean + np.sort(largest)[::-1][at_most]
    p_adjusted = (1 + (largest[None] >= excess[:, None]).sum(1)) / (1 + len(largest))
    verdict = np.where(p_adjusted <= LEVEL, SUPPORTED, np.where(needed >= 1, TOO_FEW, UNDECIDED))
    return pd.DataFrame({
        "k": ks, "agreement": agreement, "null": mean, "null_95": needed, "excess": excess, "p_adjusted": p_adjusted,
        "verdict": verdict,
    })  # fmt: skip


def _some_documents(counts: TermMatrix, seed: int) -> TermMatrix:
    """Draw whole documents until there are MOST_UNITS units, or take all; then the most frequent terms of these."""
    if len(counts.units) <= MOST_UNITS:
        return _frequent_terms(counts)
    sizes = counts.units.groupby("doc_id").size().sample(frac=1, random_state=seed).cumsum()
    drawn = sizes.index[: max(2, int((sizes <= MOST_UNITS).sum()))]
    rows = np.flatnonzero(counts.units["doc_id"].isin(drawn))
    return _frequent_terms(
        TermMatrix(counts.matrix[rows], counts.units.iloc[rows].reset_index(drop=True), counts.terms)
    )


def _frequent_terms(counts: TermMatrix) -> TermMatrix:
    if len(counts.terms) <= MOST_TERMS:
        return counts
    total = np.asarray(counts.matrix.sum(0)).ravel()
    kept = np.sort(np.argsort(-total, kind="stable")[:MOST_TERMS])
    return TermMatrix(counts.matrix[:, kept].tocsr(), counts.units, counts.terms[kept])


def _agreements(texts, documents, weighting, ks) -> np.ndarray:
    """Return for each k (rows) the mean agreement of the topics of each text (columns) with those of its resamples.

    A text is its counts, the number of its resamples, and their seed.
    """

    drawn = [
        (matrix, rows)
        for matrix, resamples, seed in texts
        for rows in (np.arange(len(documents)), *_resamples(len(documents), resamples, seed))
    ]
    of_each = len(drawn) // len(texts)

    def prepare(draw):
        weights = nmf.weigh(draw[0][draw[1]], documents[draw[1]], weighting)
        return weights, nmf.singular_vectors(weights, max(ks))

    long_first = sorted(ks, reverse=True)
    with nmf.one_thread(), ThreadPoolExecutor(min(AT_ONCE, os.cpu_count() or 1)) as pool:
        ready = list(follow(pool.map(prepare, drawn), "drawing passages", len(drawn)))
        prepared = [ready[first : first + of_each] for first in range(0, len(ready), of_each)]
        agreements = pool.map(lambda k: _agreement(prepared, k), long_first)
        of_k = dict(zip(long_first, follow(agreements, "numbers of topics", len(ks)), strict=True))
    return np.array([of_k[k] for k in ks])


def _agreement(prepared, k: int) -> list[float]:
    """Return the mean agreement of k topics of each text with those of its resamples."""
    whole = nmf.factorise_many(*zip(*(first for first, *_ in prepared), strict=True), k)
    again = nmf.factorise_many(*zip(*(one for _, *rest in prepared for one in rest), strict=True), k)
    tops = np.reshape([top_terms(terms) for terms in again], (len(prepared), -1, k, min(TOP, again.shape[2])))
    return [
        np.mean([match_topics(top_terms(terms), top)[:, 0].mean() for top in resampled])
        for terms, resampled in zip(whole, tops, strict=True)
    ]


def choose_k(stability: pd.DataFrame) -> int | None:
    """Return the supported number of topics nearest to the number that factors tell, or None where no k is supported.

    Topics that come back say that a number is no chance, and not that it is the right one: two topics that the texts
    keep apart come back as one as well, and one that is rare is lost in one that is not. So the number is that of the
    factors that stand out (`count_factors`). Of two as near it is the one that rises higher above the null.

    Parameters
    ----------
    stability : DataFrame
        From `topic_stability`.

    Examples
    --------
    >>> path = pd.DataFrame({"k": [2, 3], "excess": [0.3, 0.1], "verdict": ["not distinguishable", "supported"]})
    >>> choose_k(path.assign(k_factors=2))
    3
    >>> choose_k(path.assign(k_factors=2, verdict="supported"))
    2
    >>> choose_k(path.assign(k_factors=None, verdict="not distinguishable")) is None
    True
    """
    check_columns(stability, ("k", "excess", "verdict", "k_factors"), "the stability of the topics")
    supported = stability[stability["verdict"] == SUPPORTED]
    if not len(supported):
        return None
    apart = (supported["k"] - supported["k_factors"]).abs()
    return int(supported[apart == apart.min()].nlargest(1, "excess")["k"].iloc[0])


def describe_stability(table: pd.DataFrame, labels: Labels) -> str:
    """Say how many topics are supported within documents, and what that means for reading them."""
    tried = f"{table['k'].min()} to {table['k'].max()}" if len(table) > 1 else str(table["k"].iloc[0])
    chosen = choose_k(table)
    if table["agreement"].isna().all():
        return join_sentences([
            "Too few passages to say how many topics there are",
            "most documents are a single passage, and what makes a topic within documents is the difference between "
            "passages of one",
        ])  # fmt: skip
    nearest = table.loc[table["excess"].idxmax() if chosen is None else table.index[table["k"] == chosen][0]]
    figures = (
        f"the topics agree with themselves to {number_text(nearest['agreement'], 2)}; with the "
        f"words shuffled within each document {number_text(nearest['null'], 2)} on average, and more than "
        f"{number_text(nearest['null_95'], 2)} is needed (adjusted p {number_text(nearest['p_adjusted'], 2)})"
    )
    if chosen is None:
        return join_sentences([
            "No number of topics is supported within documents",
            f"of the numbers from {tried}, none makes topics that come back more than those of shuffled text",
            f"with {nearest['k']}, which comes nearest, {figures}",
            read_unsupported(table["n_documents"].iloc[0] == 1),
            found_planted(int(table["n_units"].iloc[0])),
        ])  # fmt: skip
    others = [str(k) for k in table.loc[(table["verdict"] == SUPPORTED) & (table["k"] != chosen), "k"]]
    return join_sentences([
        f"{chosen} topics are supported within documents",
        f"with {chosen} {figures}",
        *_why_this_number(chosen, int(nearest["k_factors"]), others, len(table)),
        "that topics come back does not say that they mean anything",
        found_planted(int(table["n_units"].iloc[0])),
    ])  # fmt: skip


def _why_this_number(chosen: int, k_factors: int, others: list[str], n_tried: int) -> list[str]:
    """Say which other numbers are supported, and why the chosen one is named."""
    if not others:
        return ["no other number is"] if n_tried > 1 else []
    so_many = "so many" if chosen == k_factors else f"it is nearest to {k_factors}, the number of"
    groups = "groups of words that keep" if chosen != k_factors else "groups of words keep"
    return [
        f"also supported: {join_names(others)}",
        f"{chosen} is named because {so_many} {groups} passages of a document apart",
    ]


def found_planted(n_units: int) -> str:
    """Say in how many made texts of about so many passages a number of topics was found that had been planted.

    Examples
    --------
    >>> found_planted(200)  # doctest: +ELLIPSIS
    'In made texts of 160 passages (200 here) this method found 3, 5 and 8 planted topics of equal size in ...'
    """
    planted = pd.read_csv(PLANTED)
    sizes = planted["passages"].unique()
    size = max((own for own in sizes if own <= n_units), default=min(sizes))
    rows = planted[planted["passages"] == size]
    rows = rows.join(rows["planted"].str.extract(r"^(?P<k>\d+) (?P<shape>even|uneven)$")).dropna(subset="shape")
    even, uneven = (rows[rows["shape"] == shape] for shape in ("even", "uneven"))
    of = int(rows["rounds"].iloc[0])
    here = f", more than the {n_units} here," if n_units < size else f" ({n_units} here)" if n_units > size else ""
    return (
        f"In made texts of {size} passages{here} this method found {join_names(even['k'])} planted topics of equal "
        f"size in {join_names(even['right'])} of {of} texts, of unequal size in {join_names(uneven['right'])}"
    )


def read_unsupported(alone: bool) -> str:
    """Say how to read topics of which no number is supported, of several documents or of one alone."""
    if alone:
        return (
            "so topics of this text may be chance: read each as words that stand together in some passages, not as a "
            "theme that runs through them"
        )
    return (
        "so topics of these texts may be differences between documents and nothing more: read each as a description of "
        "the documents that hold it, not as a theme that runs through them"
    )


def term_retention(corpus_or_counts: Counted, model: TopicModel, *, resamples: int = 50, seed: int = 0) -> np.ndarray:
    """Return for every topic and term the share of resamples in which the term is among the topic's top ten.

    Parameters
    ----------
    corpus_or_counts : Corpus, TermMatrix or sparse matrix
        What the model was fitted to.
    model : TopicModel
        Fitted topics; each resample's are paired with them.
    resamples, seed
        As for `topic_stability`.

    Returns
    -------
    ndarray
        K×V, 0 to 1: the argument `retained` of `topic_terms`.

    Examples
    --------
    >>> counts = sparse.csr_matrix(np.kron(np.eye(2, dtype=int), np.ones((10, 12), dtype=int)))
    >>> term_retention(counts, fit_topics(counts, 2), resamples=5)[:, [0, 12]].tolist()
    [[0.0, 1.0], [1.0, 0.0]]
    """
    counts = in_order(counts_of(corpus_or_counts, model))
    documents = counts.units["doc_id"].to_numpy()
    drawn = _resamples(len(documents), resamples, seed)
    with nmf.one_thread():
        weights = [nmf.weigh(counts.matrix[rows], documents[rows], model.parameters["weighting"]) for rows in drawn]
        fits = nmf.factorise_many(weights, [nmf.singular_vectors(each, model.k) for each in weights], model.k)
    if model.parameters["method"] == "lda":
        starts = fits / np.maximum(fits.sum(2, keepdims=True), 1e-300)
        fits = [lda.learn_topics(counts.matrix[rows], start)[0] for rows, start in zip(drawn, starts, strict=True)]
    retained, reference = np.zeros_like(model.topic_term), top_terms(model.topic_term)
    for top in map(top_terms, fits):
        for topic, partner in enumerate(match_topics(reference, top)[:, 1].astype(int)):
            retained[topic, top[partner]] += 1
    return retained / resamples


def leave_one_out(corpus_or_counts: Counted, model: TopicModel) -> pd.DataFrame:
    """Fit the topics again without each document in turn, and say what is left of every topic.

    Terms that the remaining documents do not share are not put back: the vocabulary is the model's. Of more than fifty
    documents only those are left out that hold most of a topic: it hangs more on no other.

    Parameters
    ----------
    corpus_or_counts : Corpus, TermMatrix or sparse matrix
        What the model was fitted to.
    model : TopicModel

    Returns
    -------
    DataFrame
        topic, left_out (a doc_id), agreement (Jaccard index of the top ten terms with the paired topic, 0 to 1),
        terms_kept (how many of the ten they have in common), share_held (share of the topic that the document left out
        held). A document without which there are fewer units than topics is passed over.

    Raises
    ------
    CrossreadError
        "To leave a document out takes at least two."

    Examples
    --------
    >>> from crossread import load
    >>> corpus = load("practice")
    >>> left = leave_one_out(corpus, fit_topics(corpus, 4))
    >>> left.nsmallest(2, "agreement")[["topic", "left_out", "terms_kept", "share_held"]].round(2)
       topic      left_out  terms_kept  share_held
    8      2  ostrand_2029           6        0.17
    2      1  davreli_2030           7        0.15
    """
    counts = counts_of(corpus_or_counts, model)
    names, held = held_shares(model)
    if len(names) < 2:
        raise CrossreadError("To leave a document out takes at least two.")
    pairs = list(zip(names, held, strict=True))
    if len(names) > LEFT_OUT:
        most = set(largest_holders(model)[0])
        pairs = [pair for pair in pairs if pair[0] in most]
    document, rows = counts.units["doc_id"].astype(str).to_numpy(), []
    for name, share in follow(pairs, "leaving documents out", len(pairs)):
        rest = np.flatnonzero(document != name)
        if len(rest) >= model.k:
            units = counts.units.iloc[rest].reset_index(drop=True)
            other = refit(TermMatrix(counts.matrix[rest], units, counts.terms), model)
            found = zip(*_found_again(model, other), share, strict=True)
            rows += [(topic, name, *values) for topic, values in enumerate(found, start=1)]
    table = pd.DataFrame(rows, columns=["topic", "left_out", "agreement", "terms_kept", "share_held"])
    return table.sort_values("topic", kind="stable", ignore_index=True)


def _found_again(model: TopicModel, other: TopicModel) -> tuple[np.ndarray, np.ndarray]:
    """Return for each topic its agreement with the other model's partner, and how many top terms they share."""
    first, second = (each.terms[top_terms(each.topic_term)] for each in (model, other))
    agreement = match_topics(first, second)[:, 0]
    together = first.shape[1] + second.shape[1]
    return agreement, np.round(together * agreement / (1 + agreement)).astype(int)


def document_topics(model: TopicModel) -> pd.DataFrame:
    """Return how many tokens of each document belong to each topic.

    Parameters
    ----------
    model : TopicModel

    Returns
    -------
    DataFrame
        Index doc_id, in the order of the units; a column for each topic, from 1. A passage that no topic fits counts
        for none.

    Examples
    --------
    >>> units = pd.DataFrame({"doc_id": ["a", "a", "b"], "segment": [0, 1, 0]})
    >>> counts = TermMatrix(sparse.csr_matrix([[2, 0], [0, 3], [0, 1]]), units, np.array(["cod", "gas"]))
    >>> document_topics(fit_topics(counts, 2)).round(1).to_dict("index")
    {'a': {1: 3.0, 2: 2.0}, 'b': {1: 1.0, 2: 0.0}}
    """
    mass = np.nan_to_num(model.shares) * model.units["n_tokens"].to_numpy(dtype=float)[:, None]
    table = pd.DataFrame(mass, columns=range(1, model.k + 1))
    return table.groupby(model.units["doc_id"].astype(str).to_numpy(), sort=False).sum().rename_axis("doc_id")


def held_shares(model: TopicModel) -> tuple[list[str], np.ndarray]:
    """Return the documents in their order, and for each the share of every topic's tokens that it holds (D×K)."""
    tokens = document_topics(model)
    return list(tokens.index), tokens.to_numpy() / np.maximum(tokens.sum().to_numpy(), 1e-300)


def largest_holders(model: TopicModel) -> tuple[list[str], np.ndarray]:
    """Return for every topic the document that holds most of it, of equals the last by name, and how much it holds."""
    names, held = held_shares(model)
    best = [np.lexsort((names, np.round(held[:, topic], 12)))[-1] for topic in range(model.k)]
    return [names[i] for i in best], held[best, range(model.k)]


def usual_variations(model: TopicModel) -> dict[str, dict]:
    """Return the decisions that might have been taken otherwise: what each changes in `fit_topics`.

    Parameters
    ----------
    model : TopicModel

    Returns
    -------
    dict
        The name of each change to the arguments that it takes.

    Examples
    --------
    >>> counts = sparse.csr_matrix([[2, 2, 0], [3, 3, 0], [0, 0, 4]])
    >>> list(usual_variations(fit_topics(counts, 2)).items())[:2]
    [('one topic more', {'k': 3}), ('plain tf-idf', {'weighting': 'tfidf'})]
    """
    variations = {
        "one topic fewer": {"k": model.k - 1},
        "one topic more": {"k": model.k + 1},
        "plain tf-idf": {"weighting": "tfidf"},
        "plain counts": {"weighting": "counts"},
        "LDA instead of NMF": {"method": "lda"},
        "passages of 100 tokens": {"vocabulary": {"minimum_tokens": 100}},
        "words of one document too": {"vocabulary": {"minimum_documents": 1}},
    }
    return {name: change for name, change in variations.items() if change.get("k", 2) > 1}


def sensitivity(corpus: Corpus, model: TopicModel, variations: Mapping[str, dict] | None = None) -> pd.DataFrame:
    """Say how much of each topic is found again without a document, and when a decision is taken otherwise.

    Parameters
    ----------
    corpus : Corpus
        What the model was fitted to.
    model : TopicModel
        The base.
    variations : mapping, optional
        Name of each variation to what it changes: arguments of `fit_topics` (k, method, weighting), or of
        `topic_counts` under "vocabulary". Without it the `usual_variations`.

    Returns
    -------
    DataFrame
        variation ("without …" or its name), left_out (a doc_id or nothing), topic and name (of the base), agreement
        (Jaccard index of the top ten terms with the paired topic, 0 to 1; 0 where a smaller k leaves it without one),
        terms_kept (how many of the ten they have in common), n_terms and n_units (of the variation). What there are too
        few units for is passed over.

    Notes
    -----
    A topic is called lost where less than half of it is found again (agreement under 0.5: six of ten terms or fewer).

    Examples
    --------
    >>> from crossread import load
    >>> corpus = load("practice")
    >>> table = sensitivity(corpus, fit_topics(corpus, 4), {"one topic fewer": {"k": 3}})
    >>> table[table["variation"] == "one topic fewer"][["name", "terms_kept"]]
                              name  terms_kept
    28    herring, boats, skippers           7
    29      gas, pressure, storage          10
    30  garrison, harbour, Mirrowe          10
    31            dock, dry, steel           0
    """
    labels = corpus.documents["label"]
    base = counts_of(corpus, model)
    left = leave_one_out(base, model) if len(corpus.documents) > 1 else pd.DataFrame(columns=["left_out"])
    counted = model.units["doc_id"].astype(str).value_counts()
    names = topic_names(model)
    rows = [
        (f"without {labels[row.left_out]}", row.left_out, row.topic, names[row.topic - 1], row.agreement,
         row.terms_kept, len(model.terms), len(model.units) - counted[row.left_out])
        for row in left.sort_values("left_out", key=labels.index.get_indexer, kind="stable").itertuples()
    ]  # fmt: skip
    variations = usual_variations(model) if variations is None else variations
    for name, change in follow(variations.items(), "other decisions", len(variations)):
        asked = {**model.parameters, **change}
        asked["vocabulary"] = {**model.parameters["vocabulary"], **change.get("vocabulary", {})}
        is_same = asked["vocabulary"] == model.parameters["vocabulary"]
        counts = base if is_same else as_counts(corpus, asked["vocabulary"])
        if asked["k"] <= min(counts.matrix.shape):
            other = fit_topics(counts, asked["k"], asked["method"], weighting=asked["weighting"])
            found = zip(names, *_found_again(model, other), strict=True)
            sizes = len(other.terms), len(other.units)
            rows += [(name, "", topic, *values, *sizes) for topic, values in enumerate(found, start=1)]
    return pd.DataFrame(rows, columns=list(SENSITIVITY))


def describe_sensitivity(table: pd.DataFrame, labels: Labels) -> str:
    """Say which topics are lost, and without which document or by which decision."""
    lost = table[table["agreement"] < LOST]
    topics = table.drop_duplicates("topic")
    always = topics[~topics["topic"].isin(lost["topic"])]
    changes = f"{table['variation'].nunique()} changes"
    sentences = [f"no topic is lost by any of {changes}"]
    if len(lost):
        worst = lost["variation"].value_counts(sort=False).sort_values(ascending=False, kind="stable")
        how = worst.index[0] if worst.index[0].startswith("without") else f"with {worst.index[0]}"
        n_lost = count_of(len(topics) - len(always), len(topics), "topic")
        sentences = [
            f"{how}, {count_of(worst.iloc[0], len(topics), 'topic')} {'is' if worst.iloc[0] == 1 else 'are'} lost",
            f"In all, {n_lost} {'is' if len(topics) - len(always) == 1 else 'are'} lost by at least one of {changes}",
        ]
    for topic, rows in lost.groupby("topic", sort=False):
        worst = rows.sort_values(["terms_kept", "agreement"], kind="stable").iloc[0]
        sentences.append(
            f"topic {topic} ({worst['name']}) is lost by {len(rows)}, most by “{worst['variation']}”: "
            f"{worst['terms_kept']} of its 10 words {'is' if worst['terms_kept'] == 1 else 'are'} left"
        )
    if len(always):
        named = [f"topic {topic} ({name})" for topic, name in zip(always["topic"], always["name"], strict=True)]
        sentences.append(f"always found again: {join_names(named)}")
    return join_sentences(sentences)


def shuffle_tokens(counts: TermMatrix, within: str = "corpus", seed: int | tuple = 0) -> sparse.csr_matrix:
    """Shuffle the tokens over the units, keeping each unit's length and each term's frequency.

    Parameters
    ----------
    counts : TermMatrix
    within : {"corpus", "document"}
        Whether tokens may change documents.
    seed : int or tuple of int
        Seed of the permutation.

    Examples
    --------
    >>> counts = as_counts(sparse.csr_matrix([[3, 0], [0, 2]]))
    >>> shuffled = shuffle_tokens(counts, seed=1)
    >>> shuffled.sum(1).ravel().tolist(), shuffled.sum(0).tolist()
    ([[3, 2]], [[3, 2]])
    """
    if within not in ("document", "corpus"):
        raise CrossreadError(f"Tokens are shuffled within each “document” or within the “corpus”, not “{within}”.")
    generator = np.random.default_rng(seed)
    matrix = sparse.csr_matrix(counts.matrix)
    amounts = matrix.data.astype(np.int64)
    rows = np.repeat(np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr)), amounts)
    columns = np.repeat(matrix.indices, amounts)
    place = generator.permutation(len(columns))
    if within == "document":
        document = pd.factorize(counts.units["doc_id"])[0][rows]
        place = place[np.argsort(document[place], kind="stable")]
        rows = rows[np.argsort(document, kind="stable")]
    ones = np.ones(len(rows), dtype=np.int64)
    return sparse.csr_matrix((ones, (rows, columns[place])), shape=matrix.shape)


def _resamples(n_units: int, resamples: int, seed) -> list[np.ndarray]:
    """Draw the rows of each resample."""
    generator = np.random.default_rng(seed)
    size = int(SHARE * n_units)
    return [np.sort(generator.choice(n_units, size, replace=False)) for _ in range(resamples)]
