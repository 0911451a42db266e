"""How often: counts of words and phrases by segment, rates with limits, and ranks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from crossread.corpus import Corpus
from crossread.corpus.matrices import count_matrix
from crossread.corpus.tokens import TermMatrix
from crossread.lexicon.stop_words import FUNCTION_WORDS
from crossread.measure.groups import Groups, between_documents
from crossread.measure.resampling import exact_limits, rate_limits
from crossread.measure.spelling import fold_matrix
from crossread.wording import Labels, join_names, join_sentences, left_out_note

TERM_FREQUENCIES = ("doc_id", "term", "count", "n_tokens", "per_1000", "low", "high")
PHRASES_FROM = 2  # a phrase is published, and counted by default, from this many occurrences in the corpus
LONGEST_PHRASE = 3


def frequency_of(
    count: ArrayLike, n_tokens: ArrayLike, *, inflation: ArrayLike = 1.0, freedom: ArrayLike = np.inf
) -> dict:
    """Return the rate of a word with its 95 per cent limits.

    Parameters
    ----------
    count : int or array
        Occurrences.
    n_tokens : int or array
        Tokens among which they were counted.
    inflation : float or array
        How many times more the counts of segments vary than those of independent words would; 1 is none.
    freedom : float or array
        Degrees of freedom with which the inflation is known, as in `exact_limits`.

    Returns
    -------
    dict
        count, n_tokens, per_1000 (occurrences per 1,000 tokens), low and high (its exact Poisson limits, the count
        and the tokens both divided by the inflation).

    References
    ----------
    Garwood 1936, Biometrika 28, 437-442.

    Examples
    --------
    >>> {name: round(value, 2) for name, value in frequency_of(18, 1200).items()}
    {'count': 18, 'n_tokens': 1200, 'per_1000': 15.0, 'low': 8.89, 'high': 23.71}
    """
    with np.errstate(invalid="ignore"):  # a document without a word has no rate
        per_1000 = 1000 * np.asarray(count) / n_tokens
    low, high = exact_limits(count, n_tokens, inflation=inflation, freedom=freedom)
    return plain(
        {
            "count": count,
            "n_tokens": n_tokens,
            "per_1000": per_1000,
            "low": 1000 * low,
            "high": 1000 * high,
        }
    )


def plain(statistics: Mapping) -> dict:
    """Return the same mapping with arrays of no dimension turned into Python numbers."""
    return {
        name: value.item() if isinstance(value, np.generic | np.ndarray) and np.ndim(value) == 0 else value
        for name, value in statistics.items()
    }


def segment_matrix(
    corpus: Corpus, n: int = 1, folding: Mapping[str, str] | None = None, minimum_count: int | None = None
) -> TermMatrix:
    """Count words, or phrases of `n` words, in the segments of the body.

    A phrase never crosses the end of a sentence. From the published counts phrases are known that occur at least
    twice in the corpus; with the texts the same ones are counted unless `minimum_count` asks for more.

    Parameters
    ----------
    corpus : Corpus
        Texts or published counts.
    n : int
        Words in a phrase, 1 to 3 without texts.
    folding : mapping, optional
        Word or phrase to the form under which it is counted, from `read_folding`; with n > 1 it needs the texts.
    minimum_count : int, optional
        Fewest occurrences of a phrase in the corpus; 1 for words and 2 for phrases unless said.

    Returns
    -------
    TermMatrix
        Rows segments (units: doc_id, segment, n_tokens, the tokens whatever is counted), columns terms.

    Raises
    ------
    TextNeeded
        For phrases that the published tables do not hold.

    Examples
    --------
    >>> from crossread import from_texts
    >>> segment_matrix(from_texts({"a": "Allies pay more. Allies pay less."}), 2).terms.tolist()
    ['allies pay']
    """
    if n == 1:
        phrases = [form for form in folding or () if " " in form]
        counted = fold_matrix(_join_phrases(corpus, corpus.term_matrix("segment"), phrases), folding)
    else:
        counted = corpus.source.answer(
            f"a count of phrases of {n} words like this",
            lambda: _phrases(corpus, n, folding),
            ["ngrams"],
            lambda table: _published_phrases(corpus, table[table["n"] == n]),
            serves=not folding and 1 < n <= LONGEST_PHRASE and (minimum_count or PHRASES_FROM) >= PHRASES_FROM,
        )
    fewest = minimum_count or (1 if n == 1 else PHRASES_FROM)
    if fewest > 1:
        kept = np.asarray(counted.matrix.sum(axis=0)).ravel() >= fewest
        counted = TermMatrix(counted.matrix[:, kept], counted.units, counted.terms[kept])
    return counted


def _phrases(corpus, n: int, folding) -> TermMatrix:
    store, sentences = corpus.tokens, corpus.sentences
    units = corpus.term_matrix("segment").units
    body = (sentences["kind"] == "body").to_numpy()
    row = pd.MultiIndex.from_frame(units[["doc_id", "segment"]]).get_indexer(
        pd.MultiIndex.from_frame(sentences[["doc_id", "segment"]])
    )
    types = [folding.get(word, word) for word in store.types] if folding else list(store.types)
    first = np.arange(max(0, len(store) - n + 1))
    first = first[(store.sentence[first] == store.sentence[first + n - 1]) & body[store.sentence[first]]]
    pieces = np.stack([store.ids[first + step] for step in range(n)])
    distinct, which = np.unique(pieces, axis=1, return_inverse=True)
    names = [" ".join(types[i] for i in column) for column in distinct.T]
    ids, phrases = pd.factorize(
        np.array(names, dtype=object)[which.ravel()] if len(first) else np.array([], dtype=object)
    )
    matrix, terms = count_matrix(row[store.sentence[first]], ids, len(units), list(phrases))
    return TermMatrix(matrix, units, terms)


def _join_phrases(corpus, counted: TermMatrix, phrases: Sequence[str]) -> TermMatrix:
    """Count phrases as terms, longer ones first, and their words that much less often."""
    from scipy.sparse import csr_matrix, hstack

    for n in sorted({len(phrase.split()) for phrase in phrases}, reverse=True):
        found = _count_phrases(corpus, n, [phrase for phrase in phrases if len(phrase.split()) == n])
        if not len(found.terms):
            continue
        place = pd.Index(counted.terms)
        words = np.concatenate([place.get_indexer(phrase.split()) for phrase in found.terms])
        of = np.repeat(np.arange(len(found.terms)), n)
        lost = csr_matrix((np.ones(len(words), dtype=np.int64), (of, words)), shape=(len(found.terms), len(place)))
        matrix = hstack([counted.matrix - found.matrix @ lost, found.matrix]).tocsr()
        left = np.asarray(matrix.sum(axis=0)).ravel() > 0  # a word may stand in phrases alone
        terms = np.concatenate([counted.terms, found.terms])
        counted = TermMatrix(matrix[:, left], counted.units, terms[left])
    return counted


def _count_phrases(corpus, n: int, phrases: Sequence[str]) -> TermMatrix:
    """Count some phrases of n words, those that are published: they occur twice in the corpus."""

    def from_texts() -> TermMatrix:
        store, sentences = corpus.tokens, corpus.sentences
        units = corpus.term_matrix("segment").units
        number = {word: place for place, word in enumerate(store.types)}
        row = pd.MultiIndex.from_frame(units[["doc_id", "segment"]]).get_indexer(
            pd.MultiIndex.from_frame(sentences[["doc_id", "segment"]])
        )
        body = (sentences["kind"] == "body").to_numpy()
        rows, ids = [], []
        for place, phrase in enumerate(phrases):
            words = [number.get(word, -1) for word in phrase.split()]
            first = np.flatnonzero(store.ids[: max(0, len(store) - n + 1)] == words[0])
            for step in range(1, n):
                first = first[store.ids[first + step] == words[step]]
            first = first[(store.sentence[first] == store.sentence[first + n - 1]) & body[store.sentence[first]]]
            rows.append(row[store.sentence[first]])
            ids.append(np.full(len(first), place))
        matrix, terms = count_matrix(np.concatenate(rows), np.concatenate(ids), len(units), list(phrases))
        return TermMatrix(matrix, units, terms)

    counted = corpus.source.answer(
        f"a count of phrases of {n} words like this",
        from_texts,
        ["ngrams"],
        lambda table: _published_phrases(corpus, table[(table["n"] == n) & table["term"].isin(phrases)]),
    )
    kept = np.asarray(counted.matrix.sum(axis=0)).ravel() >= PHRASES_FROM
    return TermMatrix(counted.matrix[:, kept], counted.units, counted.terms[kept])


def _published_phrases(corpus, table: pd.DataFrame) -> TermMatrix:
    units = corpus.term_matrix("segment").units
    row = pd.MultiIndex.from_frame(units[["doc_id", "segment"]]).get_indexer(
        pd.MultiIndex.from_frame(table[["doc_id", "segment"]])
    )
    repeated = np.repeat(np.arange(len(table)), table["count"])
    ids, phrases = pd.factorize(table["term"])
    matrix, terms = count_matrix(row[repeated], ids[repeated], len(units), list(phrases))
    return TermMatrix(matrix, units, terms)


def segment_inflation(counted: TermMatrix) -> np.ndarray:
    """Return, per term, how many times more its counts vary between segments than those of independent words would.

    The variance of a document's count is estimated from its segments (ratio estimator), and variances and expected
    variances are each summed over the documents before they are divided. A word whose occurrences stand together in
    one segment has an inflation of about its count; a word spread evenly has 1, the least.

    Parameters
    ----------
    counted : TermMatrix
        Segments by terms.

    Returns
    -------
    array of float
        1 or more for each term.

    References
    ----------
    Cochran 1977, Sampling Techniques, 3rd ed., 153-155 (ratio estimator); the same rule, sentence by sentence, is
    `clumping`, with correlations further apart.

    Examples
    --------
    >>> from crossread import from_texts
    >>> text = " ".join(["Ships " * 5 + "sail " * 45 + ". " + "Men sail " * 25 + ". "])
    >>> counted = from_texts({"a": text}).term_matrix("segment")
    >>> dict(zip(counted.terms, segment_inflation(counted).round(1).tolist()))["ships"]
    9.0
    """
    from scipy.sparse import csr_matrix

    document = pd.factorize(counted.units["doc_id"])[0]
    sizes = counted.units["n_tokens"].to_numpy(dtype=float)
    n_segments = np.bincount(document)
    join = csr_matrix(
        (np.ones(len(document)), (document, np.arange(len(document)))), shape=(len(n_segments), len(document))
    )
    held, largest = join @ sizes, join @ sizes**2
    counts = counted.matrix.astype(float).tocsr()
    totals, crossed = (join @ counts).tocsr(), (join @ counts.multiply(sizes[:, None]).tocsr()).tocsr()
    # one segment cannot tell how its words cluster; of several, the residuals from the document's rate are squared
    several = np.where(n_segments > 1, n_segments / np.maximum(n_segments - 1, 1), 0.0)
    rate = np.where(held > 0, 1 / np.where(held > 0, held, 1), 0.0)
    observed = counts.multiply(counts).T @ several[document]
    observed -= 2 * (totals.multiply(crossed).T @ (several * rate))
    observed += totals.multiply(totals).T @ (several * rate**2 * largest)
    observed += totals.T @ (n_segments < 2).astype(float)
    expected = np.asarray(totals.sum(axis=0)).ravel()
    ratio = np.maximum(1.0, observed / np.maximum(expected, 1e-12))
    # few hits hide their clusters
    return ratio * (1 + np.minimum(1.0, (ratio - 1) / np.maximum(expected, 1)))


def by_document(corpus: Corpus, counted: TermMatrix) -> tuple[np.ndarray, np.ndarray]:
    """Return counts and tokens of each document (documents x terms, documents), in the order of the corpus."""
    from scipy.sparse import csr_matrix

    row = corpus.documents.index.get_indexer(counted.units["doc_id"])
    join = csr_matrix(
        (np.ones(len(row), dtype=np.int64), (row, np.arange(len(row)))), shape=(len(corpus.documents), len(row))
    )
    tokens = np.bincount(row, weights=counted.units["n_tokens"], minlength=len(corpus.documents)).astype(np.int64)
    return (join @ counted.matrix).tocsr(), tokens


def term_frequencies(
    corpus: Corpus,
    n: int = 1,
    *,
    terms: Sequence[str] | None = None,
    folding: Mapping[str, str] | None = None,
    minimum_count: int | None = None,
) -> pd.DataFrame:
    """Count every word, or phrase of `n` words, in each document.

    Parameters
    ----------
    corpus : Corpus
        Texts or published counts.
    n : int
        1 for words, 2 or 3 for phrases, which never cross a sentence.
    terms : sequence of str, optional
        Only these, in this order, as they are written here; in every document, with 0 and its upper limit where one
        does not occur.
    folding : mapping, optional
        From `read_folding`: counts British with American spellings, plurals with singulars.
    minimum_count : int, optional
        Fewest occurrences in the corpus; 1 for words, 2 for phrases unless said.

    Returns
    -------
    DataFrame
        Sorted by document, then rank, then term (or as asked for): doc_id; term; count; n_tokens (of the document's
        body); per_1000 (occurrences per 1,000 tokens); low and high (its 95 per cent limits, exact Poisson with the
        inflation between segments); document_frequency (documents with the term); segment_frequency and n_segments
        (of this document); rank (by count within the document, 1 the most frequent; equal counts all take the best
        rank, so that counts of 11, 10, 10, 9 are ranked 1, 2, 2, 4).

    Raises
    ------
    TextNeeded
        For phrases that the published tables do not hold.

    Examples
    --------
    >>> from crossread import from_texts
    >>> table = term_frequencies(from_texts({"a": "Allies pay. Allies talk."}))
    >>> table[["term", "count", "per_1000", "rank"]].values.tolist()
    [['allies', 2, 500.0, 1], ['pay', 1, 250.0, 2], ['talk', 1, 250.0, 2]]
    """
    counted = segment_matrix(corpus, n, folding, minimum_count)
    inflation = segment_inflation(counted)
    counts, tokens = by_document(corpus, counted)
    document_of = corpus.documents.index.get_indexer(counted.units["doc_id"])
    segments = by_document(corpus, TermMatrix((counted.matrix > 0).astype(np.int64), counted.units, counted.terms))[0]
    document_frequency = np.asarray((counts > 0).sum(axis=0)).ravel()
    if terms is None:
        present = counts.tocoo()
        document, column, count = present.row, present.col, present.data
    else:
        known = pd.Index(counted.terms).get_indexer([str(term).lower() for term in terms])
        document = np.repeat(np.arange(len(tokens)), len(known))
        column = np.tile(known, len(tokens))
    # a term asked for that is nowhere has column -1: no count, and nothing known about its clustering
    absent = column < 0
    if terms is not None:
        count = np.asarray(counts[document, np.maximum(column, 0)]).ravel() if len(column) else np.zeros(0, int)
        count = np.where(absent, 0, count)
    names = np.tile(np.asarray(list(terms), dtype=object), len(tokens)) if terms is not None else counted.terms[column]
    spread = np.asarray(segments[document, np.maximum(column, 0)]).ravel() if len(column) else np.zeros(0, int)
    rates = frequency_of(count, tokens[document], inflation=np.where(absent, 1.0, inflation[np.maximum(column, 0)]))
    table = pd.DataFrame(
        {
            "doc_id": corpus.documents.index.to_numpy()[document],
            "term": names,
            **rates,
            "document_frequency": np.where(absent, 0, document_frequency[np.maximum(column, 0)]),
            "segment_frequency": np.where(absent, 0, spread),
            "n_segments": np.bincount(document_of, minlength=len(tokens))[document],
        }
    )
    all_ranks = {d: np.sort(counts[d].data)[::-1] for d in range(len(tokens))}
    ranks = (
        [1 + int((all_ranks[d] > c).sum()) for d, c in zip(document, count, strict=True)] if terms is not None else None
    )
    table["rank"] = (
        table.groupby("doc_id", sort=False)["count"].rank(method="min", ascending=False).astype(np.int64)
        if ranks is None
        else np.asarray(ranks, dtype=np.int64)
    )
    if terms is None:
        table = table.iloc[np.lexsort((table["term"].astype(str), table["rank"], document))]
    return table.reset_index(drop=True)


def common_frequencies(
    corpus: Corpus,
    terms: list[str] | None = None,
    top: int = 10,
    by: Groups | None = None,
    *,
    leave_out: Iterable[str] = (),
) -> pd.DataFrame:
    """Return the frequencies of the content words with the highest rates over all documents, or of given terms.

    Parameters
    ----------
    corpus : Corpus
    terms : list of str, optional
    top : int
        How many words, where none are given.
    leave_out : iterable of str
        Words that are not among them, besides function words.
    by : Groups, optional
        From `group_documents`.

    Returns
    -------
    DataFrame
        As `term_frequencies`, or with groups as `group_frequencies`.

    Examples
    --------
    >>> from crossread import from_texts
    >>> corpus = from_texts({"a": "The allies pay for the ships.", "b": "The ships and the rain."})
    >>> common_frequencies(corpus, top=1)[["doc_id", "term", "count"]].values.tolist()
    [['a', 'ships', 1], ['b', 'ships', 1]]
    """
    if terms is None:
        table = term_frequencies(corpus)
        content = table[~table["term"].isin(FUNCTION_WORDS.union(leave_out))]
        rates = content.groupby("term")["per_1000"].sum().sort_values(ascending=False, kind="stable")
        terms = list(rates.index[:top])
    return term_frequencies(corpus, terms=list(terms)) if by is None else group_frequencies(corpus, by, list(terms))


def group_frequencies(corpus: Corpus, by: Groups, terms: Sequence[str]) -> pd.DataFrame:
    """Return how often each group of documents uses words, with limits that rest on how its documents differ.

    Parameters
    ----------
    corpus : Corpus
        Texts or published counts.
    by : Groups
        From `group_documents`.
    terms : sequence of str
        The words, in this order.

    Returns
    -------
    DataFrame
        One row per group and term: group; term; count; n_tokens; per_1000, low, high (occurrences per 1,000 tokens,
        95 per cent limits; not known where no group has two documents); n_documents, documents_with_term
        (documents); by (the column); left_out (documents of which it says nothing).

    Examples
    --------
    >>> from crossread import from_texts
    >>> from crossread.measure.groups import group_documents
    >>> corpus = from_texts({"a": "Allies pay.", "b": "Allies talk.", "c": "Rain falls."})
    >>> corpus.documents["party"] = ["red", "red", "blue"]
    >>> table = group_frequencies(corpus, group_documents(corpus.documents, "party"), ["allies"])
    >>> table[["group", "count", "n_tokens", "documents_with_term"]].values.tolist()
    [['red', 2, 4, 2], ['blue', 0, 2, 0]]
    """
    counted = segment_matrix(corpus)
    counts, tokens = by_document(corpus, counted)
    column = pd.Index(counted.terms).get_indexer([str(term).lower() for term in terms])
    known = np.asarray(counts[:, np.maximum(column, 0)].todense()) * (column >= 0)
    documents = list(corpus.documents.index)
    clumping, n_documents = between_documents(known, tokens, by.places(documents), len(by.names), share=False)
    added, held = by.add_up(known, documents), by.add_up(tokens, documents)
    rate, low, high = rate_limits(added, held[:, None], *clumping, share=False)
    n_terms = len(terms)
    return pd.DataFrame(
        {
            "group": np.repeat(np.array(by.names, dtype=object), n_terms),
            "term": list(terms) * len(by.names),
            "count": added.ravel().astype(int),
            "n_tokens": np.repeat(held.astype(int), n_terms),
            "per_1000": 1000 * rate.ravel(),
            "low": 1000 * low.ravel(),
            "high": 1000 * high.ravel(),
            "n_documents": np.repeat(n_documents, n_terms),
            "documents_with_term": by.add_up(known > 0, documents).ravel().astype(int),
            "by": by.by,
            "left_out": len(by.left_out),
        }
    )


def describe_frequencies(table: pd.DataFrame, labels: Labels) -> str:
    """Say from which to which rate the first word runs."""
    if table.empty:
        return "No word is left to count."
    column, name = ("group", str) if "group" in table else ("doc_id", labels.document)
    rows = table[(table["term"] == table["term"].iloc[0]) & (table["n_tokens"] > 0)]
    rows = rows.sort_values("per_1000", kind="stable")
    if rows.empty:
        return "No word is left to count."
    word, low, high = labels.word(table["term"].iloc[0]), rows.iloc[0], rows.iloc[-1]
    runs = (
        f"“{word}” runs from {low['per_1000']:.1f} ({name(low[column])}) to {high['per_1000']:.1f} "
        f"({name(high[column])}) per 1,000 tokens"
    )
    if low["per_1000"] == high["per_1000"]:
        runs = f"“{word}”: {low['per_1000']:.1f} per 1,000 tokens in {join_names(map(name, rows[column]), most=3)}"
    return join_sentences([runs, left_out_note(table)])
