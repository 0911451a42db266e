"""What a topic is worth: do its words belong together, is it one document, would a lexicon do better."""

from collections.abc import Iterable, Sequence
from zlib import crc32

import numpy as np
import pandas as pd
from scipy import sparse

from crossread.corpus.tables import check_columns
from crossread.errors import CrossreadError
from crossread.topics.models import TopicModel, as_counts, top_terms, watched
from crossread.topics.stability import held_shares, largest_holders

EPSILON = 1e-12
NEAR = 15  # ranks of frequency within which a term of the null stands for one of the topic
ROWS = 20_000  # units whose terms are looked at together
FINGERPRINT = 0.8
FEWEST_SEGMENTS = 5  # of a document, for limits
TOPIC_QUALITY = (
    "topic", "share", "npmi", "npmi_null_95", "exclusivity", "document", "document_holds", "document_tokens",
    "fingerprint", "nearest",
)  # fmt: skip
THEME_RECOVERY = (
    "key", "source", "topic", "auc", "low", "high", "lead", "lead_low", "lead_high", "n_units", "n_with_theme",
)  # fmt: skip


def coherence(topics: Sequence[Sequence[str]], texts, measure: str = "npmi", window: int | None = 10) -> list[float]:
    """Score how often the words of each topic stand together.

    Parameters
    ----------
    topics : sequence of sequences of str
        The top words of each topic, the heaviest first.
    texts : TermMatrix or sequence of sequences of str
        Where co-occurrence is counted. Of lists of words, in sliding windows; of a matrix, in its units.
    measure : {"npmi", "u_mass"}
        npmi is the mean over pairs of ln(p_ij / p_i p_j) / -ln p_ij; u_mass the mean of ln(p_ij / p_j) with j ranked
        above i, over whole texts.
    window : int
        Words in a window; a shorter text is one window.

    Returns
    -------
    list of float
        One value a topic: npmi from -1 to 1, u_mass at most 0 (a probability of 0 counts as 1e-12); not a number where
        a word is in no text.

    Notes
    -----
    Bouma 2009 for npmi, Mimno et al. 2011 for u_mass, both with the conventions of gensim 4.4 (`CoherenceModel`). One
    difference: gensim forgets a word that leaves the window at its edge even where it stands in it a second time; here
    a window holds every word that is in it.

    Examples
    --------
    >>> texts = [["alliance", "cost"], ["alliance", "cost"], ["trade", "port"], ["port"]]
    >>> [round(value, 3) for value in coherence([["alliance", "cost"], ["cost", "port"]], texts)]
    [1.0, -0.95]
    """
    if measure not in ("npmi", "u_mass"):
        raise CrossreadError(f"There is no coherence “{measure}”: choose npmi or u_mass.")
    words = list(dict.fromkeys(word for topic in topics for word in topic))
    if hasattr(texts, "terms"):
        place = {term: i for i, term in enumerate(texts.terms)}
        known = [word for word in words if word in place]
        present = sparse.csc_matrix(texts.matrix[:, [place[word] for word in known]] > 0, dtype=float)
    else:
        known = words
        present = _windows(texts, {word: i for i, word in enumerate(words)}, None if measure == "u_mass" else window)
    together = np.zeros((len(words), len(words)))
    where = np.array([words.index(word) for word in known], dtype=int)
    if len(where):
        together[np.ix_(where, where)] = (present.T @ present).toarray() / max(present.shape[0], 1)
    row = {word: i for i, word in enumerate(words)}
    return [_score(together, [row[word] for word in topic], measure) for topic in topics]


def _score(together, places, measure):
    joint = together[np.ix_(places, places)]
    alone = np.diag(joint)
    if len(places) < 2 or (alone == 0).any():
        return float("nan")
    if measure == "u_mass":
        lower = np.tril_indices(len(places), -1)
        return float(np.log((joint[lower] + EPSILON) / alone[lower[1]]).mean())
    return float(npmi_matrix(joint)[~np.eye(len(places), dtype=bool)].mean())


def npmi_matrix(joint: np.ndarray) -> np.ndarray:
    """Return the normalised pointwise mutual information of all pairs, from their joint probabilities."""
    alone = np.diag(joint)
    return np.log((joint + EPSILON) / np.outer(alone, alone)) / -np.log(joint + EPSILON)


def _windows(texts, place, window):
    """Mark which of the wanted words stand in each sliding window of each text."""
    rows, columns, count = [], [], 0
    for text in texts:
        where = [(i, place[word]) for i, word in enumerate(text) if word in place]
        last = max(len(text) - window, 0) if window else 0
        for i, column in where:
            for start in range(max(i - window + 1, 0) if window else 0, min(i, last) + 1):
                rows.append(count + start)
                columns.append(column)
        count += last + 1
    marks = sparse.csc_matrix((np.ones(len(rows)), (rows, columns)), shape=(count, len(place)))
    marks.data[:] = 1.0
    return marks


def topic_quality(
    corpus_or_matrix,
    model: TopicModel,
    *,
    draws: int = 1000,
    seed: int = 0,
    nearest: int = 3,
    progress: bool = False,
    vocabulary: dict | None = None,
) -> pd.DataFrame:
    """Say for every topic what it is worth.

    Parameters
    ----------
    corpus_or_matrix : Corpus, TermMatrix or sparse matrix
        What the model was fitted to.
    model : TopicModel
        Fitted topics.
    draws : int
        Sets of ten terms drawn for the null of the coherence, each term near in frequency to one of the topic's.
    seed : int
        Seed of the draws.
    nearest : int
        How many units are named.
    progress : bool
        Show a progress bar.

    Returns
    -------
    DataFrame
        topic, share (of all tokens, 0 to 1), npmi (coherence of the top ten terms over the units, -1 to 1),
        npmi_null_95 (95th percentile over the drawn sets), exclusivity (mean over the top ten of the topic's part in
        all topics' weight of the term, 1/k to 1), document (the doc_id that holds most of the topic), document_holds
        (its share of the topic's tokens), document_tokens (its share of all tokens, for comparison), fingerprint
        (whether one document holds over 80 per cent), nearest (the units with most of the topic, doc_id:segment).
        Interrupted with Ctrl-C it holds the topics that were done, and `attrs["finished"]` is False.

    Examples
    --------
    >>> counts = sparse.csr_matrix(np.kron(np.eye(2, dtype=int), np.ones((3, 11), dtype=int)))
    >>> from crossread.topics import fit_topics
    >>> topic_quality(counts, fit_topics(counts, 2))[["topic", "share", "npmi", "exclusivity", "fingerprint"]]
       topic  share  npmi  exclusivity  fingerprint
    0      1    0.5   1.0          1.0        False
    1      2    0.5   1.0          1.0        False
    """
    from crossread.topics.models import topic_sizes
    from crossread.topics.stability import _check_same_terms, _vocabulary_of

    counts = as_counts(corpus_or_matrix, **(vocabulary or _vocabulary_of(model, corpus_or_matrix)))
    _check_same_terms(counts, model)
    places = top_terms(model.topic_term)
    present = sparse.csc_matrix(counts.matrix > 0, dtype=float)
    frequency = np.asarray(present.sum(0)).ravel()
    by_frequency = np.lexsort((np.arange(len(frequency)), frequency))
    rank = np.argsort(by_frequency, kind="stable")
    generator = np.random.default_rng(seed)
    lengths = counts.units["n_tokens"].to_numpy(dtype=float)
    names, held = held_shares(model)
    tokens = np.bincount(pd.factorize(counts.units["doc_id"].astype(str))[0], weights=lengths) / lengths.sum()
    sizes, of_document = topic_sizes(model), dict(zip(names, tokens, strict=True))
    documents, most = largest_holders(model)
    weight = model.topic_term * sizes[:, None]
    own = weight / np.maximum(weight.sum(0), 1e-300)
    rows, finished = [], True
    try:
        for topic in watched(progress, "topics")(range(model.k)):
            top = places[topic]
            shift = generator.integers(-NEAR, NEAR + 1, size=(draws, len(top)))
            drawn = by_frequency[np.clip(rank[top] + shift, 0, len(rank) - 1)]
            used = np.union1d(top, drawn)
            joint = _together(present, used)
            null = [_set_npmi(joint, np.searchsorted(used, np.unique(terms))) for terms in drawn]
            near = _nearest(model, lengths, topic, nearest)
            rows.append((
                topic + 1, sizes[topic], _set_npmi(joint, np.searchsorted(used, top)),
                float(np.nanquantile(null, 0.95)) if draws else np.nan, float(own[topic, top].mean()),
                documents[topic], most[topic], of_document[documents[topic]], bool(most[topic] > FINGERPRINT),
                " ".join(near),
            ))  # fmt: skip
    except KeyboardInterrupt:
        finished = False
    table = pd.DataFrame(rows, columns=list(TOPIC_QUALITY))
    table.attrs["finished"] = finished
    return table


def _together(present, places):
    """Return for every two of some terms the share of units in which both stand, a few thousand units at a time."""
    counted = np.zeros((len(places), len(places)))
    chosen = present[:, places].tocsr()
    for first in range(0, chosen.shape[0], ROWS):
        part = chosen[first : first + ROWS].toarray()
        counted += part.T @ part
    return counted / present.shape[0]


def _set_npmi(joint, places):
    if len(places) < 2:
        return np.nan
    return float(npmi_matrix(joint[np.ix_(places, places)])[~np.eye(len(places), dtype=bool)].mean())


def _nearest(model, lengths, topic, n):
    segment = model.units["segment"] if "segment" in model.units else None
    names = model.units["doc_id"]
    best = _best(model, lengths, topic, n)
    return [names.iloc[i] if segment is None else f"{names.iloc[i]}:{segment.iloc[i]}" for i in best]


def _best(model, lengths, topic, n):
    """Return the places of the units with most of a topic, the longest of equals first."""
    share = np.round(np.nan_to_num(model.shares[:, topic]), 9)
    return np.lexsort((np.arange(len(share)), -lengths, -share))[:n]


def nearest_segments(corpus_or_matrix, model: TopicModel, topic: int, n: int = 3) -> pd.DataFrame:
    """Return the segments that hold most of a topic, with their text where it is attached.

    Parameters
    ----------
    corpus_or_matrix : Corpus, TermMatrix or sparse matrix
        What the model was fitted to.
    model : TopicModel
        Fitted topics.
    topic : int
        Number of the topic, from 1.
    n : int
        How many.

    Returns
    -------
    DataFrame
        doc_id, segment (-1 where the unit is a whole document), share (of the topic in the segment, 0 to 1); of a
        corpus also first and last (sentence_id of its first and last sentence), and text when attached.

    Raises
    ------
    CrossreadError
        "There is no topic 5: the model has topics 1 to 4."
    """
    if topic not in range(1, model.k + 1):
        raise CrossreadError(f"There is no topic {topic}: the model has topics 1 to {model.k}.")
    lengths = model.units["n_tokens"].to_numpy(dtype=float)
    best = _best(model, lengths, topic - 1, n)
    table = model.units.iloc[best][["doc_id"]].reset_index(drop=True)
    table["segment"] = model.units["segment"].to_numpy()[best] if "segment" in model.units else -1
    table["share"] = np.nan_to_num(model.shares[best, topic - 1])
    sentences = getattr(corpus_or_matrix, "sentences", None)
    return table if sentences is None else pd.concat([table, passages_of(table, sentences)], axis=1)


def passages_of(units: pd.DataFrame, sentences: pd.DataFrame) -> pd.DataFrame:
    """Return the first and last sentence of each unit, and its text where the sentences have it."""
    body = sentences[sentences["kind"] == "body"]
    rows = []
    for doc_id, segment in zip(units["doc_id"], units["segment"], strict=True):
        own = body[(body["doc_id"] == doc_id) & ((body["segment"] == segment) | (segment < 0))]
        text = (" ".join(own["text"]),) if "text" in own else ()
        rows.append((own.index[0], own.index[-1], *text))
    return pd.DataFrame(rows, columns=["first", "last", *(["text"] if "text" in body else [])])


def document_shares(model: TopicModel, *, draws: int = 2000, seed: int = 0, progress: bool = False) -> pd.DataFrame:
    """Estimate the share of every topic in every document, its segments resampled within the document.

    Returns
    -------
    DataFrame
        doc_id, topic, share (mean over segments by length, 0 to 1), low, high (95 per cent limits, percentiles of the
        bootstrap; not numbers where a document has fewer than five segments), n_segments. What is drawn for a document
        does not depend on the others. Interrupted with Ctrl-C, documents that were not reached have no limits, and
        `attrs["finished"]` is False.
    """
    fits = ~np.isnan(model.shares[:, 0])
    document, names = pd.factorize(model.units["doc_id"].astype(str))
    lengths = np.where(fits, model.units["n_tokens"].to_numpy(dtype=float), 0)
    of_document = sparse.csr_matrix((np.ones(len(document)), (document, np.arange(len(document)))))
    sums = np.asarray(of_document @ lengths)[:, None]
    share = np.divide(
        of_document @ (np.nan_to_num(model.shares) * lengths[:, None]), sums,
        out=np.full((len(names), model.k), np.nan), where=sums > 0,
    )  # fmt: skip
    limits, finished = np.full((2, len(names), model.k), np.nan), True
    rows = np.lexsort((model.units["segment"] if "segment" in model.units else lengths, document))
    rows = rows[fits[rows]]
    n_segments = np.bincount(document[rows], minlength=len(names))
    pieces = np.split(rows, np.cumsum(n_segments)[:-1])
    try:
        for number in watched(progress, "documents")(np.flatnonzero(n_segments >= FEWEST_SEGMENTS)):
            own, n = pieces[number], n_segments[number]
            generator = np.random.default_rng((seed, crc32(names[number].encode())))
            weights = generator.multinomial(n, np.full(n, 1 / n), draws) * lengths[own]
            drawn = (weights @ model.shares[own]) / weights.sum(1, keepdims=True)
            limits[:, number] = np.quantile(drawn, [0.025, 0.975], axis=0)
    except KeyboardInterrupt:
        finished = False
    table = pd.DataFrame({
        "doc_id": np.repeat(names, model.k), "topic": np.tile(np.arange(1, model.k + 1), len(names)),
        "share": share.ravel(), "low": limits[0].ravel(), "high": limits[1].ravel(),
        "n_segments": np.repeat(n_segments, model.k),
    })  # fmt: skip
    table.attrs["finished"] = finished
    return table


def compare_with_codes(
    corpus,
    model: TopicModel,
    codes: pd.DataFrame | None,
    hits: pd.DataFrame,
    *,
    keys: Iterable[str],
    draws=2000,
    seed=0,
) -> pd.DataFrame:
    """Say how well the best topic, and the lexicon, tell the segments that were coded with a theme from the others.

    A segment has the theme when one of its coded sentences has. The topic is the best of all k, chosen with the codes
    in view, which flatters it; the lexicon's score is its hits per token. Both are areas under the curve: the chance
    that a segment with the theme scores higher than one without.

    Parameters
    ----------
    corpus : Corpus
        What the model was fitted to.
    model : TopicModel
        Fitted to its segments.
    codes : DataFrame or None
        sentence_id (column or index), and for each key a column of True and False, as `merge_codes` gives them;
        None where nobody coded the corpus, and then no area is a number.
    hits : DataFrame
        Hits of the lexicon of themes.
    keys : iterable of str
        The themes.
    draws, seed : int
        Bootstrap of segments, within theme and rest; the best topic is chosen anew in each draw.

    Returns
    -------
    DataFrame
        key, source ("lexicon" or "best topic"), topic (0 for the lexicon), auc (0 to 1; 0.5 is chance), low, high,
        lead (of the lexicon: its auc less that of the best topic), lead_low, lead_high (both on the same draws),
        n_units (segments with a coded sentence), n_with_theme.
    """
    keys = list(keys)
    if codes is None:
        codes = pd.DataFrame(False, index=[], columns=keys)
    codes = codes.set_index("sentence_id") if "sentence_id" in codes else codes
    check_columns(codes, tuple(keys), "the codes")
    check_columns(hits, ("sentence_id", "key"), "the hits")
    body = corpus.sentences[corpus.sentences["kind"] == "body"]
    codes = codes[codes.index.isin(body.index)]
    named = ["doc_id", "segment"] if "segment" in model.units else ["doc_id"]
    unit = pd.MultiIndex.from_frame(model.units[named])
    row_of = pd.Series(unit.get_indexer(pd.MultiIndex.from_frame(body[named])), index=body.index)
    coded_rows = row_of[codes.index].to_numpy()
    coded = np.unique(coded_rows[coded_rows >= 0])
    lengths = model.units["n_tokens"].to_numpy(dtype=float)
    inside = hits[hits["sentence_id"].isin(body.index)]
    rows = []
    for number, key in enumerate(keys):
        gold = np.zeros(len(unit), dtype=bool)
        gold[coded_rows[(codes[key].to_numpy() > 0) & (coded_rows >= 0)]] = True
        names = inside["key"].astype(str)
        places = row_of[inside.loc[(names == key) | names.str.startswith(key + "."), "sentence_id"]].to_numpy()
        lexicon = np.bincount(places[places >= 0], minlength=len(unit)) / lengths
        scores = np.column_stack([lexicon, np.nan_to_num(model.shares)])[coded]
        values, draws_of = _areas(scores, gold[coded], draws, (seed, number))
        n = (len(coded), int(gold[coded].sum()))
        best = int(values[1:].argmax()) if n[1] else 0
        drawn = {"lexicon": draws_of[:, 0], "best topic": draws_of[:, 1:].max(1)}
        lead = drawn["lexicon"] - drawn["best topic"]
        lead = (values[0] - values[best + 1], *np.quantile(lead, [0.025, 0.975]))
        for source, topic, value in (("lexicon", 0, values[0]), ("best topic", best + 1, values[best + 1])):
            rows.append((key, source, topic, value, *np.quantile(drawn[source], [0.025, 0.975]), *lead, *n))
    return pd.DataFrame(rows, columns=list(THEME_RECOVERY))


def _areas(scores, gold, draws, seed):
    """Return the area under the curve of each column, and its bootstrap draws."""
    positive, negative = scores[gold], scores[~gold]
    if not len(positive) or not len(negative):
        return np.full(scores.shape[1], np.nan), np.full((draws, scores.shape[1]), np.nan)
    wins = (positive[:, None] > negative[None]) + 0.5 * (positive[:, None] == negative[None])
    generator = np.random.default_rng(seed)
    left = generator.multinomial(len(positive), np.full(len(positive), 1 / len(positive)), draws) / len(positive)
    right = generator.multinomial(len(negative), np.full(len(negative), 1 / len(negative)), draws) / len(negative)
    drawn = np.stack([((left @ wins[:, :, j]) * right).sum(1) for j in range(scores.shape[1])], axis=1)
    return wins.mean((0, 1)), drawn
