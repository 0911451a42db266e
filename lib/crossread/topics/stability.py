"""How much of a topic model would come back from other passages of the same texts, and how much comes from any text."""

from collections.abc import Iterable

import numpy as np
import pandas as pd
from scipy import sparse

from crossread.corpus.tables import check_columns
from crossread.corpus.tokens import TermMatrix
from crossread.errors import CrossreadError
from crossread.topics import lda, models, nmf
from crossread.topics.models import (
    DEFAULTS,
    RESAMPLE_SWEEPS,
    TopicModel,
    as_counts,
    match_topics,
    top_terms,
    watched,
)

TOPIC_STABILITY = ("k", "agreement", "null_95", "supported")
SHUFFLES = ("corpus", "document")
OF_EACH_SHUFFLE = 2  # resamples: the 95th percentile of fifty values alone hangs on the two or three largest
HELD = 1 << 24  # numbers held by fits that are done together
LEFT_OUT = 50  # up to this many documents each is left out in turn


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
    mean share (Jaccard) of top ten terms that the pairs have in common. The null is the same on as many texts in which
    the tokens were shuffled over the units, lengths and frequencies of terms kept, two resamples of each.

    The mean over the resamples is set against what 95 of 100 single ones of shuffled text do not reach: the topics have
    to be stabler by more than one resample differs from the next. This is strict: of 80 shuffles of the five documents
    none supported a k from 2 to 7 (benchmarks/simulate_topics.py).

    Parameters
    ----------
    corpus_or_matrix : Corpus, TermMatrix or sparse matrix
        As in `fit_topics`. The order of the documents changes nothing.
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
    progress : bool
        Show a progress bar. Each resample takes four fits for each k: of a large corpus, ask for fewer of both.
    vocabulary : dict, optional
        Arguments of `topic_counts`.
    **settings
        As in `fit_topics`.

    Returns
    -------
    DataFrame
        k, agreement (mean over the resamples, 0 to 1), null_95 (95th percentile over the shuffled texts), supported
        (whether agreement is above it). Interrupted with Ctrl-C it holds the k and the resamples that were done, and
        `attrs["finished"]` is False.

    Raises
    ------
    CrossreadError
        "Topics are resampled for k from 2 to …", "There are no topics in 0 resamples of …".

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
    counts = _in_order(as_counts(corpus_or_matrix, **(vocabulary or {})))
    settings = _settings(method, settings)
    _check_resamples(resamples, share)
    n_units = counts.matrix.shape[0]
    most = min(int(share * n_units), counts.matrix.shape[1])
    ks = list(range(2, min(10, most) + 1) if ks is None else ks)
    if not ks or min(ks) < 2 or max(ks) > most:
        raise CrossreadError(
            f"Topics are resampled for k from 2 to {most} here ({n_units} units); asked for were "
            f"{', '.join(map(str, ks)) or 'none'}."
        )
    if shuffle not in SHUFFLES:
        raise CrossreadError(f"Tokens are shuffled within the “corpus” or within each “document”, not “{shuffle}”.")
    drawn = _resamples(n_units, resamples, share, seed)
    together = _together(counts.matrix, max(ks), 2 + OF_EACH_SHUFFLE)
    parts = [range(first, min(first + together, resamples)) for first in range(0, resamples, together)]
    whole, real, null = {}, {k: [] for k in ks}, {k: [] for k in ks}
    finished, part_done, sets, vectors = True, None, {}, {}
    shared = method == "nmf" and counts.matrix.nnz * max(ks) < models.LARGE
    try:
        for part, k in watched(progress, "fits")([(part, k) for part in parts for k in ks]):
            if part is not part_done:
                sets, part_done = _sets(counts, part, drawn, share, shuffle, seed), part
                vectors = {name: _vectors(each, max(ks), settings) if shared else None for name, each in sets.items()}
            given = models._settings_for(counts.matrix, k, method, settings)
            large = counts.matrix.nnz * k >= models.LARGE
            if k not in whole:
                whole[k] = top_terms(_fit_each([counts.matrix], k, method, given, [seed], large)[0])
            tops = {}
            for name, each in sets.items():
                seeds = [seed + i for i in part for _ in range(len(each) // len(part))]
                tops[name] = [top_terms(fit) for fit in _fit_each(each, k, method, given, seeds, large, vectors[name])]
            pairs = [(tops["shuffled"][i // OF_EACH_SHUFFLE], top) for i, top in enumerate(tops["null"])]
            real[k] += [match_topics(whole[k], top)[:, 0].mean() for top in tops["real"]]
            null[k] += [match_topics(*pair)[:, 0].mean() for pair in pairs]
    except KeyboardInterrupt:
        finished = False
    rows = [(k, float(np.mean(real[k])), float(np.quantile(null[k], 0.95))) for k in ks if null[k]]
    if not rows:
        raise KeyboardInterrupt
    table = pd.DataFrame(rows, columns=list(TOPIC_STABILITY[:3]))
    table = table.assign(supported=table["agreement"] > table["null_95"])
    table.attrs["finished"] = finished
    return table


def _sets(counts, part, drawn, share, shuffle, seed):
    """Return the matrices of some resamples: of the texts, of shuffled ones, and the shuffled ones themselves."""
    shuffled = [shuffle_tokens(counts, shuffle, (seed, i)) for i in part]
    null = [
        matrix[rows]
        for i, matrix in zip(part, shuffled, strict=True)
        for rows in _resamples(matrix.shape[0], OF_EACH_SHUFFLE, share, (seed, 1, i))
    ]
    return {"real": [counts.matrix[drawn[i]] for i in part], "shuffled": shuffled, "null": null}


def _vectors(matrices, k, settings):
    """Return the singular vectors that small fits of every k can share."""
    with _one_thread():
        return [nmf.leading_vectors(nmf.weight_counts(matrix, settings["weighting"]), k) for matrix in matrices]


def _one_thread():
    """Keep linear algebra to one thread: of many small products, more threads spend their time waiting."""
    from threadpoolctl import threadpool_limits

    return threadpool_limits(1, "blas")


def _together(matrix, k, sets=1):
    """Say how many resamples are fitted at once, so that what they hold does not grow with the corpus."""
    return max(1, HELD // (4 * sets * (matrix.nnz + sum(matrix.shape) * k)))


def _fit_each(matrices, k, method, settings, seeds, large=False, vectors=None, keys=None) -> list:
    """Fit topics to matrices of one shape and return the K×V weights of each.

    An interruption is passed on: topics of a fit that was cut short are not compared with any.
    """
    found = []
    if method == "nmf":
        blocks = [nmf.weight_counts(matrix, settings["weighting"]) for matrix in matrices]
        sweeps = min(settings["sweeps"], RESAMPLE_SWEEPS)
        for some in [[block] for block in blocks] if large else [blocks]:
            with _one_thread():
                _, h, finished = nmf.descend(some, k, sweeps) if large else nmf.factorise(some, k, sweeps, vectors)
            if not finished:
                raise KeyboardInterrupt
            found += list(h.transpose(0, 2, 1))
        return found
    for matrix, seed in zip(matrices, seeds, strict=True):
        phi, interrupted = models._run_lda(matrix, k, settings, seed, seeds=keys)
        if interrupted is not None:
            raise KeyboardInterrupt
        found.append(phi.T)
    return found


def _fit_again(matrices, model, seeds, size) -> list:
    """Fit the topics of a model again to other rows; `size` is how many counts the whole has."""
    names = model.parameters.get("seeds", {})
    keys = {key: np.flatnonzero(np.isin(model.terms.astype(str), terms)) for key, terms in names.items()}
    large = size * model.k >= models.LARGE
    return _fit_each(matrices, model.k, model.method, model.parameters, seeds, large, keys=keys or None)


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
    progress: bool = False,
    vocabulary: dict | None = None,
) -> np.ndarray:
    """Return for every topic and term the share of resamples in which the term is among the topic's top ten.

    Parameters
    ----------
    corpus_or_matrix : Corpus, TermMatrix or sparse matrix
        What the model was fitted to.
    model : TopicModel
        Fitted topics; each resample's are paired with them.
    resamples, share, seed
        As for `topic_stability`.
    progress : bool
        Show a progress bar.

    Returns
    -------
    ndarray
        K×V, 0 to 1: the argument `retained` of `topic_terms`. Interrupted with Ctrl-C, over the resamples done.
    """
    counts = as_counts(corpus_or_matrix, **(vocabulary or _vocabulary_of(model, corpus_or_matrix)))
    _check_same_terms(counts, model)
    _check_resamples(resamples, share)
    counts = _in_order(counts)
    drawn = _resamples(counts.matrix.shape[0], resamples, share, seed)
    together = _together(counts.matrix, model.k)
    kept, done = np.zeros_like(model.topic_term), 0
    reference = top_terms(model.topic_term)
    try:
        for first in watched(progress, "resamples")(range(0, resamples, together)):
            part = [counts.matrix[rows] for rows in drawn[first : first + together]]
            for fit in _fit_again(part, model, range(seed + first, seed + first + len(part)), counts.matrix.nnz):
                top = top_terms(fit)
                for topic, partner in enumerate(match_topics(reference, top)[:, 1].astype(int)):
                    kept[topic, top[partner]] += 1
                done += 1
    except KeyboardInterrupt:
        if not done:
            raise
    return kept / done


def leave_one_out(
    corpus_or_matrix,
    model: TopicModel,
    *,
    documents: Iterable[str] | None = None,
    progress: bool = False,
    vocabulary: dict | None = None,
) -> pd.DataFrame:
    """Fit the topics again without each document in turn, and say what is left of every topic.

    Terms that the remaining documents do not share are not put back: the vocabulary is the model's.

    Parameters
    ----------
    corpus_or_matrix : Corpus, TermMatrix or sparse matrix
        What the model was fitted to.
    model : TopicModel
        Fitted topics.
    documents : iterable of str, optional
        The documents to leave out. Without it all of them, or, where there are more than fifty, for each topic the one
        that holds most of it: no topic hangs more on another.
    progress : bool
        Show a progress bar.

    Returns
    -------
    DataFrame
        topic, left_out (a doc_id), agreement (Jaccard index of the top ten terms with the paired topic, 0 to 1),
        terms_kept (how many of the ten they have in common), share_held (share of the topic that the document left out
        held). A document without which there are fewer units
        than topics is passed over. Interrupted with Ctrl-C it holds the documents that were done, and
        `attrs["finished"]` is False.

    Raises
    ------
    CrossreadError
        "To leave a document out takes at least two.", "There is no document “x” among the units of this model."
    """
    counts = as_counts(corpus_or_matrix, **(vocabulary or _vocabulary_of(model, corpus_or_matrix)))
    _check_same_terms(counts, model)
    names = list(dict.fromkeys(counts.units["doc_id"].astype(str)))
    counts = _in_order(counts)
    own = counts.units["doc_id"].astype(str).to_numpy()
    if len(names) < 2:
        raise CrossreadError("To leave a document out takes at least two.")
    reference, (holders, held) = top_terms(model.topic_term), held_shares(model)
    held = dict(zip(holders, held, strict=True))
    asked = names if documents is None else list(map(str, documents))
    if missing := [name for name in asked if name not in held]:
        raise CrossreadError(f"There is no document “{missing[0]}” among the units of this model.")
    if documents is None and len(names) > LEFT_OUT:
        most = set(largest_holders(model)[0])
        asked = [name for name in names if name in most]
    rows, finished = [], True
    try:
        for name in watched(progress, "documents")(asked):
            rest = counts.matrix[own != name]
            if rest.shape[0] < model.k:
                continue
            (fit,) = _fit_again([rest], model, [model.parameters["seed"]], counts.matrix.nnz)
            matched = match_topics(reference, top_terms(fit))[:, 0]
            kept = np.round(2 * reference.shape[1] * matched / (1 + matched)).astype(int)
            rows += [(i + 1, name, matched[i], kept[i], held[name][i]) for i in range(model.k)]
    except KeyboardInterrupt:
        finished = False
    table = pd.DataFrame(rows, columns=["topic", "left_out", "agreement", "terms_kept", "share_held"])
    table = table.sort_values("topic", kind="stable", ignore_index=True)
    table.attrs["finished"] = finished
    return table


def held_shares(model: TopicModel) -> tuple[list[str], np.ndarray]:
    """Return the documents in their order, and for each the share of every topic's tokens that it holds (D×K)."""
    lengths = model.units["n_tokens"].to_numpy(dtype=float)
    mass = np.nan_to_num(model.shares) * lengths[:, None]
    document, names = pd.factorize(model.units["doc_id"].astype(str))
    of_document = sparse.csr_matrix((np.ones(len(document)), (document, np.arange(len(document)))))
    return list(names), (of_document @ mass) / np.maximum(mass.sum(0), 1e-300)


def largest_holders(model: TopicModel) -> tuple[list[str], np.ndarray]:
    """Return for every topic the document that holds most of it, of equals the last by name, and how much it holds."""
    names, held = held_shares(model)
    best = [np.lexsort((names, np.round(held[:, topic], 12)))[-1] for topic in range(model.k)]
    return [names[i] for i in best], held[best, range(model.k)]


def sensitivity(
    corpus, model: TopicModel, variations: dict[str, dict], lexicon=None, progress: bool = False
) -> pd.DataFrame:
    """Fit variations of a model and say how much of each of its topics is found again.

    Parameters
    ----------
    corpus : Corpus, TermMatrix or sparse matrix
        What the model was fitted to.
    model : TopicModel
        The base.
    variations : dict
        Name of each variation to what it changes: arguments of `fit_topics` (k, method, weighting …), or, of a corpus,
        of `topic_counts` under "vocabulary".
    lexicon : Lexicon, optional
        For variations that are seeded.
    progress : bool
        Show a progress bar.

    Returns
    -------
    DataFrame
        variation, topic (of the base), agreement (Jaccard index of the top ten terms with the paired topic; 0 where a
        smaller k leaves it without one), n_terms, n_units. Interrupted with Ctrl-C it holds the variations that were
        done, and `attrs["finished"]` is False.
    """
    base = model.terms[top_terms(model.topic_term)]
    rows, finished = [], True
    try:
        for name in watched(progress, "variations")(variations):
            change = dict(variations[name])
            vocabulary = {**model.parameters["vocabulary"], **change.pop("vocabulary", {})}
            change = {"k": model.k, "method": model.method, "seed": model.parameters["seed"], **change}
            if change["method"] == model.method:
                usual = DEFAULTS[model.method]
                same = {each: model.parameters[each] for each in usual if model.parameters[each] != usual[each]}
                change = {**same, **change}
            other = models.fit_topics(corpus, vocabulary=vocabulary, lexicon=lexicon, **change)
            if not other.finished:
                raise KeyboardInterrupt
            found = match_topics(base, other.terms[top_terms(other.topic_term)])[:, 0]
            rows += [(name, i + 1, value, len(other.terms), len(other.units)) for i, value in enumerate(found)]
    except KeyboardInterrupt:
        finished = False
    table = pd.DataFrame(rows, columns=["variation", "topic", "agreement", "n_terms", "n_units"])
    table.attrs["finished"] = finished
    return table


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
    if within not in SHUFFLES:
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
        for place in np.split(np.argsort(document, kind="stable"), np.cumsum(np.bincount(document))[:-1]):
            columns[place] = columns[generator.permutation(place)]
    return sparse.csr_matrix((np.ones(len(rows), dtype=np.int64), (rows, columns)), shape=matrix.shape)


def _in_order(counts: TermMatrix) -> TermMatrix:
    """Return the units in an order that only their content decides, so that the same ones are drawn in any order."""
    order = lda.canonical_order(counts.matrix)
    return TermMatrix(counts.matrix[order], counts.units.iloc[order].reset_index(drop=True), counts.terms)


def _resamples(n_units, resamples, share, seed):
    """Draw the rows of each resample."""
    generator = np.random.default_rng(seed)
    size = int(share * n_units)
    return [np.sort(generator.choice(n_units, size, replace=False)) for _ in range(resamples)]


def _check_resamples(resamples, share):
    if resamples < 1 or not 0 < share <= 1:
        raise CrossreadError(
            f"There are no topics in {resamples} resamples of {share:.0%} of the units: ask for one or more, of more "
            "than 0 and at most 100 per cent."
        )


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
