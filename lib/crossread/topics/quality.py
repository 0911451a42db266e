"""What a topic is worth: do its words belong together, is it one document, which sentences carry it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import sparse

from crossread.corpus import Corpus
from crossread.corpus.tokens import TermMatrix
from crossread.errors import CrossreadError
from crossread.topics.models import Counted, TopicModel, counts_of, top_terms, topic_names, topic_sizes
from crossread.topics.stability import SUPPORTED, TOO_FEW, choose_k, largest_holders, read_unsupported
from crossread.wording import Labels, count_of, join_names, join_sentences, left_out_note, per_cent

EPSILON = 1e-12
WINDOWS = {"npmi": 10, "c_uci": 10, "c_v": 110, "u_mass": None}
NEAR = 15  # ranks of frequency within which a term of the null stands for one of the topic
ROWS = 20_000  # units whose terms are looked at together
FINGERPRINT = 0.8
STEADY = 0.5  # share of the resamples in which a term has to stay
SECTIONS = 8  # of a document whose strongest topics are told one by one
PASSAGES = 3  # that are named for each topic
TOPIC_SUMMARY = (
    "topic", "name", "terms", "steady", "share", "doc_id", "document_holds", "document_tokens", "fingerprint",
    "npmi", "npmi_null_95", "exclusivity", "sentences",
)  # fmt: skip


def coherence(
    topics: Sequence[Sequence[str]],
    texts: TermMatrix | Sequence[Sequence[str]],
    measure: str = "npmi",
    window: int | None = None,
) -> list[float]:
    """Score how often the words of each topic stand together.

    Parameters
    ----------
    topics : sequence of sequences of str
        The top words of each topic, the heaviest first.
    texts : TermMatrix or sequence of sequences of str
        Where co-occurrence is counted. Of lists of words, in sliding windows; of a matrix, in its units.
    measure : {"npmi", "u_mass", "c_uci", "c_v"}
        npmi is the mean over pairs of ln(p_ij / p_i p_j) / -ln p_ij; c_uci the mean of ln(p_ij / p_i p_j); u_mass the
        mean of ln(p_ij / p_j) with j ranked above i, over whole texts; c_v the mean cosine of each word's npmi values,
        with every word of the topic, and the sum of all of them.
    window : int, optional
        Words in a window: 10, and 110 for c_v. A shorter text is one window.

    Returns
    -------
    list of float
        One value a topic: npmi from -1 to 1, u_mass at most 0, c_v from -1 to 1 (a probability of 0 counts as 1e-12);
        not a number where a word is in no text.

    Warnings
    --------
    c_v is here because it is asked for. Its author advises against it: it goes against the other measures where words
    are rare or random, the figures of its paper cannot be reproduced, and “I wouldn't recommend to use C_V” (Röder
    2022, of Palmetto, github.com/dice-group/Palmetto, issues 12, 13 and 76).

    Notes
    -----
    Bouma 2009 for npmi, Newman et al. 2010 for c_uci, Mimno et al. 2011 for u_mass, Röder, Both & Hinneburg 2015 for
    c_v, all with the conventions of gensim 4.4 (`CoherenceModel`). One difference: gensim forgets a word that leaves
    the window at its edge even where it stands in it a second time; here a window holds every word that is in it.

    Examples
    --------
    >>> texts = [["alliance", "cost"], ["alliance", "cost"], ["trade", "port"], ["port"]]
    >>> [round(value, 3) for value in coherence([["alliance", "cost"], ["cost", "port"]], texts)]
    [1.0, -0.95]
    """
    if measure not in WINDOWS:
        raise CrossreadError(f"There is no coherence “{measure}”: choose {join_names(WINDOWS, 'or')}.")
    words = list(dict.fromkeys(word for topic in topics for word in topic))
    place = {word: i for i, word in enumerate(words)}
    if isinstance(texts, TermMatrix):
        column = {term: i for i, term in enumerate(texts.terms)}
        known = [word for word in words if word in column]
        present = sparse.csc_matrix(texts.matrix[:, [column[word] for word in known]] > 0, dtype=float)
    else:
        known = words
        present = _windows(texts, place, WINDOWS[measure] and (window or WINDOWS[measure]))
    together = np.zeros((len(words), len(words)))
    where = [place[word] for word in known]
    together[np.ix_(where, where)] = (present.T @ present).toarray() / max(present.shape[0], 1)
    return [_score(together, [place[word] for word in topic], measure) for topic in topics]


def _score(together: np.ndarray, places: Sequence[int], measure: str) -> float:
    joint = together[np.ix_(places, places)]
    alone = np.diag(joint)
    if len(places) < 2 or (alone == 0).any():
        return float("nan")
    if measure == "u_mass":
        lower = np.tril_indices(len(places), -1)
        return float(np.log((joint[lower] + EPSILON) / alone[lower[1]]).mean())
    if measure == "c_v":
        vectors = npmi_matrix(joint)
        whole = vectors.sum(0)
        cosines = vectors @ whole / (np.linalg.norm(vectors, axis=1) * np.linalg.norm(whole))
        return float(cosines.mean())
    values = npmi_matrix(joint) if measure == "npmi" else np.log((joint + EPSILON) / np.outer(alone, alone))
    return float(values[~np.eye(len(places), dtype=bool)].mean())


def npmi_matrix(joint: np.ndarray) -> np.ndarray:
    """Return the normalised pointwise mutual information of all pairs, from their joint probabilities."""
    alone = np.diag(joint)
    return np.log((joint + EPSILON) / np.outer(alone, alone)) / -np.log(joint + EPSILON)


def _windows(texts, place: dict[str, int], window: int | None) -> sparse.csc_matrix:
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


def topic_summary(
    corpus_or_counts: Counted,
    model: TopicModel,
    retained: np.ndarray | None = None,
    stability: pd.DataFrame | None = None,
    *,
    draws: int = 1000,
    seed: int = 0,
) -> pd.DataFrame:
    """Say of every topic what its words are, whether it is one document, what it is worth, and where to read it.

    Parameters
    ----------
    corpus_or_counts : Corpus, TermMatrix or sparse matrix
        What the model was fitted to.
    model : TopicModel
    retained : ndarray, optional
        From `term_retention`.
    stability : DataFrame, optional
        From `topic_stability`: whether so many topics are supported within documents.
    draws : int
        Sets of ten terms drawn for the null of the coherence, each term near in frequency to one of the topic's.
    seed : int
        Seed of the draws.

    Returns
    -------
    DataFrame
        topic (from 1), name (its three top terms), terms (the top ten), steady (those of them that stay in at least
        half of the resamples), share (of all tokens, 0 to 1), doc_id (the document that holds most of the topic),
        document_holds (its share of the topic's tokens), document_tokens (its share of all tokens, for comparison),
        fingerprint (whether one of several documents holds over 80 per cent), npmi (coherence of the top ten terms over
        the units, -1 to 1), npmi_null_95 (95th percentile over the drawn sets), exclusivity (mean over the top ten of
        the topic's part in all topics' weight of the term, 1/k to 1), sentences (of a corpus, the ids of the sentences
        of the three passages that carry most of it). With a stability also verdict (of this number of topics) and
        supported_k (the number that is supported within documents, missing where none is).

    Examples
    --------
    >>> from crossread.topics import fit_topics
    >>> counts = sparse.csr_matrix(np.kron(np.eye(2, dtype=int), np.ones((3, 11), dtype=int)))
    >>> topic_summary(counts, fit_topics(counts, 2))[["topic", "share", "npmi", "exclusivity", "fingerprint"]]
       topic  share  npmi  exclusivity  fingerprint
    0      1    0.5   1.0          1.0        False
    1      2    0.5   1.0          1.0        False
    """
    counts = counts_of(corpus_or_counts, model)
    places, sizes = top_terms(model.topic_term), topic_sizes(model)
    documents, most = largest_holders(model)
    lengths = model.units["n_tokens"].groupby(model.units["doc_id"].astype(str)).sum()
    weight = model.topic_term * sizes[:, None]
    part = weight / np.maximum(weight.sum(0), 1e-300)
    npmi, null = _coherence_with_null(counts, places, draws, seed)
    steady = places if retained is None else [
        [place for place in own if retained[topic, place] >= STEADY] for topic, own in enumerate(places)
    ]  # fmt: skip
    table = pd.DataFrame({
        "topic": range(1, model.k + 1), "name": topic_names(model),
        "terms": [", ".join(model.terms[own]) for own in places],
        "steady": [", ".join(model.terms[own]) for own in map(list, steady)],
        "share": sizes, "doc_id": documents, "document_holds": most,
        "document_tokens": (lengths / lengths.sum())[documents].to_numpy(),
        "fingerprint": (most > FINGERPRINT) & (len(lengths) > 1),
        "npmi": npmi, "npmi_null_95": null, "exclusivity": np.take_along_axis(part, places, 1).mean(1),
        "sentences": "",
    })  # fmt: skip
    if isinstance(corpus_or_counts, Corpus):
        nearest = [nearest_segments(corpus_or_counts, model, topic, PASSAGES) for topic in table["topic"]]
        table["sentences"] = [" ".join(sentences_of(corpus_or_counts, model, each)) for each in nearest]
    return table if stability is None else add_support(table, model.k, stability)


def add_support(table: pd.DataFrame, k: int, stability: pd.DataFrame) -> pd.DataFrame:
    """Put the verdict of a number of topics, and the number that is supported, into a table of its topics.

    Parameters
    ----------
    table : DataFrame
    k : int
    stability : DataFrame
        From `topic_stability`.

    Returns
    -------
    DataFrame
        With verdict (blank where this number was not tried) and supported_k (missing where none is).

    Examples
    --------
    >>> path = pd.DataFrame({"k": [2, 3], "excess": [0.1, 0.3], "verdict": ["not distinguishable", "supported"]})
    >>> add_support(pd.DataFrame({"topic": [1, 2]}), 2, path.assign(k_factors=3))
       topic              verdict  supported_k
    0      1  not distinguishable            3
    1      2  not distinguishable            3
    """
    best = pd.array([choose_k(stability)] * len(table), dtype="Int64")
    return table.assign(verdict=stability.set_index("k")["verdict"].get(k, ""), supported_k=best)


def _coherence_with_null(counts, places, draws, seed):
    """Return the npmi of each topic's terms, and the 95th percentile of that of terms near to them in frequency."""
    present = sparse.csc_matrix(counts.matrix > 0, dtype=float)
    frequency = np.asarray(present.sum(0)).ravel()
    by_frequency = np.lexsort((np.arange(len(frequency)), frequency))
    rank = np.argsort(by_frequency, kind="stable")
    generator = np.random.default_rng(seed)
    values = []
    for top in places:
        shift = generator.integers(-NEAR, NEAR + 1, size=(draws, len(top)))
        drawn = by_frequency[np.clip(rank[top] + shift, 0, len(rank) - 1)]
        used = np.union1d(top, drawn)
        joint = _together(present, used)
        null = [_score(joint, np.searchsorted(used, np.unique(terms)), "npmi") for terms in drawn]
        own = _score(joint, np.searchsorted(used, top), "npmi")
        values.append((own, float(np.nanquantile(null, 0.95)) if draws else np.nan))
    return np.array(values).T


def _together(present: sparse.csc_matrix, places: np.ndarray) -> np.ndarray:
    """Return for every two of some terms the share of units in which both stand, a few thousand units at a time."""
    counted = np.zeros((len(places), len(places)))
    chosen = present[:, places].tocsr()
    for first in range(0, chosen.shape[0], ROWS):
        part = chosen[first : first + ROWS].toarray()
        counted += part.T @ part
    return counted / present.shape[0]


def describe_topics(table: pd.DataFrame, labels: Labels) -> str:
    """Say what each topic holds, which are fingerprints of one document, and whether so many are supported."""
    k = len(table)
    sentences = [
        _support_of(table),
        f"They are {'; '.join(table['name'])}",
        *(_describe(row, labels) for row in table.itertuples()),
    ]
    alone = table[table["fingerprint"]]
    if len(alone):
        are = "is a fingerprint" if len(alone) == 1 else "are fingerprints"
        listed = join_names(str(topic) for topic in alone["topic"])
        sentences.append(f"{count_of(len(alone), k, 'topic')} {are} of one document: {listed}")
    return join_sentences([*sentences, _how_to_read(table, (table["document_tokens"] == 1).all())])


def describe_group_topics(table: pd.DataFrame, labels: Labels) -> str:
    """Say in which group each topic is largest and in which smallest, the topic with the widest difference first."""
    told = []
    for topic, rows in table[table["n_tokens"] > 0].groupby("topic", sort=True):
        rows = rows.sort_values("share", kind="stable")
        least, most = rows.iloc[0], rows.iloc[-1]
        if len(rows) == 1:
            said = f"topic {topic} ({most['name']}) is {per_cent(most['share'])} of {most['group']}"
        elif per_cent(least["share"]) == per_cent(most["share"]):
            said = f"topic {topic} ({most['name']}) is about {per_cent(most['share'])} of every group"
        else:
            said = (
                f"topic {topic} ({most['name']}) runs from {per_cent(least['share'])} ({least['group']}) to "
                f"{per_cent(most['share'])} ({most['group']})"
            )
        told.append((least["share"] - most["share"], said))
    told = [said for _, said in sorted(told, key=lambda pair: pair[0])]
    if not told:
        return "There is no text in any group."
    support = [_support_of(table), _how_to_read(table)] if "verdict" in table else []
    return join_sentences([*told, *support, left_out_note(table)])


def _how_to_read(table: pd.DataFrame, alone: bool = False) -> str:
    """Say what it means for reading topics that no such number of them is supported."""
    if "verdict" not in table or table["verdict"].iloc[0] in (SUPPORTED, TOO_FEW):
        return ""
    return read_unsupported(alone)


def _support_of(table: pd.DataFrame) -> str:
    """Say in a sentence whether so many topics are supported within documents."""
    k = table["topic"].nunique()
    if "verdict" not in table:
        return f"{k} topics"
    verdict, best = table[["verdict", "supported_k"]].iloc[0]
    if verdict == SUPPORTED:
        return f"{k} topics are supported within documents"
    if verdict == TOO_FEW:
        return f"{k} topics, from too few passages to say whether so many are there"
    if pd.isna(best):
        return f"{k} topics to look at, though no number of topics is supported within documents"
    return f"{k} topics are not distinguishable from text shuffled within documents; {best} are supported"


def _describe(row, labels: Labels) -> str:
    words = row.terms.split(", ")
    steady = row.steady.split(", ") if row.steady else []
    kept = "" if len(steady) == len(words) else f" ({len(steady)} of {len(words)} stay in half of the samples or more)"
    said = f"topic {row.topic}, {per_cent(row.share)} of the text: {', '.join(words)}{kept}"
    if row.document_tokens == 1:
        return said
    return (
        f"{said}; {labels.document(row.doc_id)} holds {per_cent(row.document_holds)} of it and is "
        f"{per_cent(row.document_tokens)} of the text"
    )


def nearest_segments(corpus_or_counts: Counted, model: TopicModel, topic: int, n: int = 3) -> pd.DataFrame:
    """Return the segments that carry most of a topic, with their text where it is attached.

    Parameters
    ----------
    corpus_or_counts : Corpus, TermMatrix or sparse matrix
        What the model was fitted to.
    model : TopicModel
    topic : int
        Number of the topic, from 1.
    n : int
        How many.

    Returns
    -------
    DataFrame
        doc_id, segment (-1 where the unit is a whole document), share (of the topic in the segment, 0 to 1), the
        segments with the most counted tokens of the topic first; of a corpus also first and last (sentence_id of its
        first and last sentence), and text when attached.

    Raises
    ------
    CrossreadError
        "There is no topic 5: the model has topics 1 to 4."

    Examples
    --------
    >>> from crossread import load
    >>> from crossread.topics import fit_topics
    >>> corpus = load("practice")
    >>> nearest_segments(corpus, fit_topics(corpus, 4), topic=2, n=2)[["doc_id", "share", "first"]].round(2)
               doc_id  share               first
    0  pellworth_2028   1.00  pellworth_2028-008
    1    ostrand_2029   0.99    ostrand_2029-019
    """
    if topic not in range(1, model.k + 1):
        raise CrossreadError(f"There is no topic {topic}: the model has topics 1 to {model.k}.")
    share = np.nan_to_num(model.shares[:, topic - 1])
    carried = np.round(share * model.units["n_counted"].to_numpy(), 9)
    best = np.lexsort((model.segments, model.units["doc_id"], -carried))[:n]
    units = pd.DataFrame({
        "doc_id": model.units["doc_id"].to_numpy()[best], "segment": model.segments[best], "share": share[best],
    })  # fmt: skip
    if not isinstance(corpus_or_counts, Corpus):
        return units
    return pd.concat([units, passages_of(corpus_or_counts, model, units)], axis=1)


def passages_of(corpus: Corpus, model: TopicModel, units: pd.DataFrame) -> pd.DataFrame:
    """Return the first and last sentence of each unit, and its text where the texts are attached."""
    rows = []
    for position in range(len(units)):
        ids = sentences_of(corpus, model, units.iloc[[position]])
        text = (" ".join(corpus.sentences.loc[ids, "text"]),) if "text" in corpus.sentences else ()
        rows.append((ids[0], ids[-1], *text))
    return pd.DataFrame(rows, columns=["first", "last", *(["text"] if "text" in corpus.sentences else [])])


def sentences_of(corpus: Corpus, model: TopicModel, units: pd.DataFrame) -> list[str]:
    """Return the ids of the sentences of some units (doc_id, segment), unit by unit."""
    minimum = model.parameters["vocabulary"].get("minimum_tokens", 50)
    if minimum != 50 and (units["segment"] >= 0).any():
        raise CrossreadError(
            f"The sentences of passages of {minimum} tokens are not known: fit the topics to segments of 50 tokens, "
            "or to whole documents."
        )
    body = corpus.sentences[corpus.sentences["kind"] == "body"]
    ids = []
    for doc_id, segment in zip(units["doc_id"], units["segment"], strict=True):
        ids += body.index[(body["doc_id"] == doc_id) & ((body["segment"] == segment) | (segment < 0))].tolist()
    return ids


def topic_places(corpus: Corpus, model: TopicModel) -> pd.DataFrame:
    """List the share of every topic in every segment, along the sections of each document.

    Parameters
    ----------
    corpus : Corpus
        What the model was fitted to, by segments.
    model : TopicModel

    Returns
    -------
    DataFrame
        doc_id, section (its number in the document), segment, topic (from 1), name, share (0 to 1; not a number where
        the segment has no term of the model), in the order of the text.

    Raises
    ------
    CrossreadError
        "A document's topics along its sections are those of segments of 50 tokens: …"

    Examples
    --------
    >>> from crossread import load
    >>> from crossread.topics import fit_topics
    >>> corpus = load("practice")
    >>> places = topic_places(corpus, fit_topics(corpus, 4))
    >>> places[places["share"] > 0.5][["doc_id", "section", "name"]].head(3)
               doc_id  section                    name
    1  pellworth_2028        2  gas, pressure, storage
    5  pellworth_2028        3  gas, pressure, storage
    9  pellworth_2028        3  gas, pressure, storage
    """
    if (model.segments < 0).any() or model.parameters["vocabulary"].get("minimum_tokens", 50) != 50:
        raise CrossreadError(
            "A document's topics along its sections are those of segments of 50 tokens: fit the topics to those."
        )
    body = corpus.sentences[corpus.sentences["kind"] == "body"]
    segments = body.groupby(["doc_id", "segment"], sort=False)["section"].first().reset_index()
    fitted = pd.MultiIndex.from_arrays([model.units["doc_id"], model.segments])
    row = fitted.get_indexer(pd.MultiIndex.from_frame(segments[["doc_id", "segment"]]))
    shares = np.where(row[:, None] < 0, np.nan, model.shares[row])
    table = segments.loc[np.repeat(segments.index, model.k), ["doc_id", "section", "segment"]].reset_index(drop=True)
    return table.assign(
        topic=np.tile(np.arange(1, model.k + 1), len(segments)), name=topic_names(model) * len(segments),
        share=shares.ravel(),
    )  # fmt: skip


def describe_places(table: pd.DataFrame, labels: Labels) -> str:
    """Say which documents change their strongest topic on the way, and which topic is strongest in each section."""
    strongest = table.dropna(subset="share").sort_values("share", kind="stable")
    strongest = strongest.groupby(["doc_id", "segment"], sort=False).last().reset_index()
    changing = strongest.groupby("doc_id")["topic"].nunique() > 1
    documents = table["doc_id"].drop_duplicates().tolist()
    names = table.drop_duplicates("topic").set_index("topic")["name"]
    change = "changes its" if changing.sum() == 1 else "change their"
    sentences = [f"{count_of(changing.sum(), len(documents), 'document')} {change} strongest topic on the way"]
    means = table.groupby(["doc_id", "section", "topic"], sort=False)["share"].mean().reset_index()
    for doc_id in documents[:12]:
        of_document = means[means["doc_id"] == doc_id].dropna(subset="share")
        if of_document.empty:
            continue
        best = of_document.loc[of_document.groupby("section")["share"].idxmax()]
        if len(best) <= SECTIONS:
            where = [f"section {row.section} " if len(best) > 1 else "" for row in best.itertuples()]
            shares = [f"{per_cent(row.share)} topic {row.topic} ({names[row.topic]})" for row in best.itertuples()]
            parts = map(str.__add__, where, shares)
        else:
            first = best["topic"].value_counts().sort_index()
            parts = [f"topic {topic} ({names[topic]}) is the strongest in {n:,} of {len(best):,} sections"
                     for topic, n in first.items()]  # fmt: skip
        sentences.append(f"{labels.document(doc_id)}: {'; '.join(parts)}")
    return join_sentences(sentences)
