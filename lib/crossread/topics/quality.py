"""What a topic is worth: do its words belong together, is it one document, would a lexicon do better."""

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from scipy import sparse

from crossread.errors import CrossreadError
from crossread.tables import check_columns
from crossread.topics.models import TopicModel, as_counts, top_terms
from crossread.topics.stability import held_shares

EPSILON = 1e-12
FINGERPRINT = 0.8
TOPIC_QUALITY = (
    "topic", "share", "npmi", "npmi_null_95", "exclusivity", "document", "document_holds", "document_tokens",
    "fingerprint", "nearest",
)  # fmt: skip
THEME_RECOVERY = ("key", "source", "topic", "auc", "low", "high", "n_units", "n_with_theme")


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
    corpus_or_matrix, model: TopicModel, *, draws: int = 1000, seed: int = 0, nearest: int = 3, vocabulary=None
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

    Returns
    -------
    DataFrame
        topic, share (of all tokens, 0 to 1), npmi (coherence of the top ten terms over the units, -1 to 1),
        npmi_null_95 (95th percentile over the drawn sets), exclusivity (mean over the top ten of the topic's part in
        all topics' weight of the term, 1/k to 1), document (the doc_id that holds most of the topic), document_holds
        (its share of the topic's tokens), document_tokens (its share of all tokens, for comparison), fingerprint
        (whether one document holds over 80 per cent), nearest (the units with most of the topic, doc_id:segment).

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
    tokens = counts.units.assign(n_tokens=lengths).groupby("doc_id", sort=False)["n_tokens"].sum() / lengths.sum()
    held, sizes = held_shares(model), topic_sizes(model)
    weight = model.topic_term * sizes[:, None]
    own = weight / np.maximum(weight.sum(0), 1e-300)
    rows = []
    for topic, top in enumerate(places):
        value = _set_npmi(present, top)
        shift = generator.integers(-15, 16, size=(draws, len(top)))
        drawn = by_frequency[np.clip(rank[top] + shift, 0, len(rank) - 1)]
        null = [_set_npmi(present, np.unique(terms)) for terms in drawn]
        document = max(held, key=lambda name: (round(held[name][topic], 12), name))
        near = _nearest(model, lengths, topic, nearest)
        rows.append((
            topic + 1, sizes[topic], value, float(np.nanquantile(null, 0.95)) if draws else np.nan,
            float(own[topic, top].mean()), document, held[document][topic], tokens[document],
            bool(held[document][topic] > FINGERPRINT), " ".join(near),
        ))  # fmt: skip
    return pd.DataFrame(rows, columns=list(TOPIC_QUALITY))


def _set_npmi(present, places):
    chosen = present[:, places]
    joint = (chosen.T @ chosen).toarray() / present.shape[0]
    return float(npmi_matrix(joint)[~np.eye(len(places), dtype=bool)].mean()) if len(places) > 1 else np.nan


def _nearest(model, lengths, topic, n):
    share = np.round(np.nan_to_num(model.shares[:, topic]), 9)
    best = np.lexsort((np.arange(len(share)), -lengths, -share))[:n]
    segment = model.units["segment"] if "segment" in model.units else None
    names = model.units["doc_id"]
    return [names.iloc[i] if segment is None else f"{names.iloc[i]}:{segment.iloc[i]}" for i in best]


def nearest_segments(corpus, model: TopicModel, topic: int, n: int = 3) -> pd.DataFrame:
    """Return the segments that hold most of a topic, with their text where it is attached.

    Parameters
    ----------
    corpus : Corpus
        What the model was fitted to.
    model : TopicModel
        Fitted to its segments.
    topic : int
        Number of the topic, from 1.
    n : int
        How many.

    Returns
    -------
    DataFrame
        doc_id, segment, share, first and last (sentence_id of the segment's first and last sentence); text when
        attached.
    """
    lengths = model.units["n_tokens"].to_numpy(dtype=float)
    share = np.round(np.nan_to_num(model.shares[:, topic - 1]), 9)
    best = np.lexsort((np.arange(len(share)), -lengths, -share))[:n]
    body = corpus.sentences[corpus.sentences["kind"] == "body"]
    rows = []
    for i in best:
        doc_id, segment = model.units["doc_id"].iloc[i], model.units["segment"].iloc[i]
        own = body[(body["doc_id"] == doc_id) & (body["segment"] == segment)]
        row = {"doc_id": doc_id, "segment": segment, "share": share[i], "first": own.index[0], "last": own.index[-1]}
        if "text" in own:
            row["text"] = " ".join(own["text"])
        rows.append(row)
    return pd.DataFrame(rows)


def document_shares(model: TopicModel, *, draws: int = 2000, seed: int = 0) -> pd.DataFrame:
    """Estimate the share of every topic in every document, its segments resampled within the document.

    Returns
    -------
    DataFrame
        doc_id, topic, share (mean over segments by length, 0 to 1), low, high (95 per cent limits, percentiles of the
        bootstrap; not numbers where a document has fewer than five segments), n_segments.
    """
    rows = []
    for number, name in enumerate(model.units["doc_id"].drop_duplicates()):
        own = (model.units["doc_id"] == name).to_numpy() & ~np.isnan(model.shares[:, 0])
        shares, lengths = model.shares[own], model.units["n_tokens"].to_numpy(dtype=float)[own]
        n = len(lengths)
        share = lengths @ shares / lengths.sum() if n else np.full(model.k, np.nan)
        low = high = np.full(model.k, np.nan)
        if n >= 5:
            weights = np.random.default_rng((seed, number)).multinomial(n, np.full(n, 1 / n), draws) * lengths
            low, high = np.quantile((weights @ shares) / weights.sum(1, keepdims=True), [0.025, 0.975], axis=0)
        rows += [(name, topic + 1, share[topic], low[topic], high[topic], n) for topic in range(model.k)]
    return pd.DataFrame(rows, columns=["doc_id", "topic", "share", "low", "high", "n_segments"])


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
    unit = pd.MultiIndex.from_frame(model.units[["doc_id", "segment"]])
    row_of = pd.Series(unit.get_indexer(pd.MultiIndex.from_frame(body[["doc_id", "segment"]])), index=body.index)
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
        for source, topic, value in (("lexicon", 0, values[0]), ("best topic", best + 1, values[best + 1])):
            rows.append((key, source, topic, value, *np.quantile(drawn[source], [0.025, 0.975]), *n))
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


def topic_map(model: TopicModel) -> pd.DataFrame:
    """Place topics in a plane by how their words differ. Distances in it are not findings.

    Returns
    -------
    DataFrame
        topic, x, y (principal coordinates of the Jensen-Shannon distances; no unit), share (of all tokens, 0 to 1),
        kept (share of the squared distances that the plane keeps, the same in every row).

    Raises
    ------
    CrossreadError
        "A map needs at least two topics."

    Notes
    -----
    Principal coordinates: Gower 1966, Biometrika 53. Signs are fixed by the first topic that is off the axis.
    """
    from crossread.topics.models import topic_sizes

    if model.k < 2:
        raise CrossreadError("A map needs at least two topics.")
    p = model.topic_term[:, None] + 1e-12
    q = model.topic_term[None] + 1e-12
    middle = (p + q) / 2
    squared = ((p * np.log(p / middle)).sum(2) + (q * np.log(q / middle)).sum(2)) / 2
    centre = np.eye(model.k) - 1 / model.k
    values, vectors = np.linalg.eigh(-centre @ squared @ centre / 2)
    values, vectors = values[::-1], vectors[:, ::-1]
    places = vectors[:, :2] * np.sqrt(np.maximum(values[:2], 0))
    for axis in range(2):
        off = np.flatnonzero(np.abs(places[:, axis]) > 1e-6)
        places[:, axis] *= np.sign(places[off[0], axis]) if len(off) else 1
    kept = float(values[:2].sum() / values[values > 0].sum())
    return pd.DataFrame(
        {
            "topic": np.arange(1, model.k + 1),
            "x": places[:, 0],
            "y": places[:, 1],
            "share": topic_sizes(model),
            "kept": kept,
        }
    )
