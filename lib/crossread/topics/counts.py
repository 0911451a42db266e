"""What a topic model counts: passages, terms that several documents use, names as one term, no function words."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product

import numpy as np
import pandas as pd
from scipy import sparse

from crossread.corpus import Corpus
from crossread.corpus.tokens import TermMatrix
from crossread.errors import CrossreadError
from crossread.lexicon import find_hits, read_lexicon
from crossread.lexicon.patterns import glob_pattern, parse_entry, sequences
from crossread.lexicon.stop_words import FUNCTION_WORDS
from crossread.wording import spoken_name, written

FEWEST_DOCUMENTS = 20


def topic_counts(
    corpus: Corpus,
    *,
    unit: str = "segment",
    minimum_tokens: int = 50,
    minimum_units: int = 2,
    minimum_documents: int = 2,
    stop_words: Iterable[str] = FUNCTION_WORDS,
    names: Iterable[str] = ("actors", "architectures"),
) -> TermMatrix:
    """Count what a topic model of this corpus is fitted to.

    A term that only one document uses can only ever tell that document from the others; leaving such terms out halves
    the documents' fingerprints and is the default.

    Parameters
    ----------
    corpus : Corpus
        With texts or with published counts alone: the result is the same.
    unit : {"segment", "document"}
        What is modelled; documents only where there are at least 20.
    minimum_tokens : int
        Tokens a segment has at least.
    minimum_units, minimum_documents : int
        In how many units, and in how many documents, a term has to occur. A corpus of one document asks for one.
    stop_words : iterable of str
        Words left out after names were joined; numbers and single letters are left out with them.
    names : iterable of str
        Lexicons of names whose hits are counted as one term each; those that the corpus does not have are passed over.

    Returns
    -------
    TermMatrix
        Units without a single term left are dropped.

    Raises
    ------
    CrossreadError
        "A topic model of whole documents needs at least 20 of them, and “toy” has 2: …, so use unit="segment" …"

    Examples
    --------
    >>> from crossread import from_texts
    >>> corpus = from_texts({"a": "Allies pay the costs.", "b": "The costs fall on allies."})
    >>> topic_counts(corpus, names=()).terms.tolist()
    ['allies', 'costs']
    """
    n_documents = len(corpus.documents)
    if unit == "document" and n_documents < FEWEST_DOCUMENTS:
        raise CrossreadError(
            f"A topic model of whole documents needs at least {FEWEST_DOCUMENTS} of them, and “{corpus.name}” has "
            f"{n_documents}: with so few, each topic would be little more than one document, so use "
            'unit="segment", passages of at least 50 tokens (those of one document are not independent either).'
        )
    if unit not in ("segment", "document"):
        raise CrossreadError(f"A topic model counts by “segment” or by “document”, not by “{unit}”.")
    counts = corpus.term_matrix("segment")
    hits = [named for name in names if (named := _hits_of(corpus, name)) is not None]
    if hits:
        counts = names_as_terms(counts, pd.concat(hits, ignore_index=True), corpus.sentences)
    minimum_documents = min(minimum_documents, n_documents)
    used = used_terms(counts, minimum_units, minimum_documents, stop_words)
    if unit == "document" or minimum_tokens != 50:
        counts = _regroup(counts, corpus, unit, minimum_tokens)
        used &= used_terms(counts, min(minimum_units, len(counts.units)), minimum_documents, ())
    matrix = counts.matrix[:, used]
    rows = np.diff(matrix.indptr) > 0
    terms = np.array([written(str(term)) for term in counts.terms[used]], dtype=counts.terms.dtype)
    return TermMatrix(matrix[rows].tocsr(), counts.units[rows].reset_index(drop=True), terms)


VOCABULARY = tuple(topic_counts.__kwdefaults__)


def _hits_of(corpus: Corpus, name: str) -> pd.DataFrame | None:
    """Return the hits of a lexicon of names, or None where there is no such lexicon."""
    try:
        path = corpus.lexicon_path(name)
    except CrossreadError:
        return None
    hits = find_hits(corpus, read_lexicon(path))
    return hits.assign(name=[spoken_name(key.split(".")[-1]) for key in hits["key"].astype(str)])


def names_as_terms(counts: TermMatrix, hits: pd.DataFrame, sentences: pd.DataFrame) -> TermMatrix:
    """Count each name as one term, instead of as the words that it is written with.

    Works on hits and counts alone, so that published counts and attached texts give the same matrix. Where hits overlap
    the longest is joined, then the first. Which words a hit took the place of is known from its entry where that leaves
    no choice; where it does, from the words that the segment has, the more frequent before the rarer.

    Parameters
    ----------
    counts : TermMatrix
        Counts by segment, as `corpus.term_matrix("segment")` gives them.
    hits : DataFrame
        Hits of lexicons of names: doc_id, sentence_id, name (what each is counted as), entry, start_token, end_token.
    sentences : DataFrame
        The sentences of the corpus, which say in which segment each lies.

    Returns
    -------
    TermMatrix
        The same units; among the terms the names ("United States").

    Examples
    --------
    >>> counts = TermMatrix(sparse.csr_matrix([[1, 1, 2]]), pd.DataFrame({"doc_id": ["a"], "segment": [0]}),
    ...                     np.array(["states", "u.s.", "united"]))
    >>> sentences = pd.DataFrame({"segment": [0]}, index=["a-1"])
    >>> hits = pd.DataFrame({"doc_id": "a", "sentence_id": "a-1", "name": "United States",
    ...                      "entry": ["united states", "u.s."], "start_token": [0, 5], "end_token": [2, 6]})
    >>> joined = names_as_terms(counts, hits, sentences)
    >>> dict(zip(joined.terms.tolist(), joined.matrix.toarray()[0].tolist()))
    {'United States': 2, 'united': 1}
    """
    hits = _apart(hits)
    segment = sentences["segment"].reindex(hits["sentence_id"]).to_numpy()
    units = pd.MultiIndex.from_frame(counts.units[["doc_id", "segment"]])
    rows = units.get_indexer(pd.MultiIndex.from_arrays([hits["doc_id"].astype(str), segment]))
    ways, remaining, places_of = {}, {}, _Places(counts.terms)
    replaced, named = [], []
    for row, hit in zip(rows, hits.itertuples(), strict=True):
        if row < 0:
            continue
        spelling = hit.entry, hit.end_token - hit.start_token
        if spelling not in ways:
            ways[spelling] = _spellings(*spelling, places_of)
        if row not in remaining:
            cells = slice(counts.matrix.indptr[row], counts.matrix.indptr[row + 1])
            remaining[row] = dict(zip(counts.matrix.indices[cells], counts.matrix.data[cells], strict=True))
        words = _most_frequent(ways[spelling], remaining[row])
        for word in words:
            remaining[row][word] -= 1
        replaced += [(row, word) for word in words]
        named += [(row, hit.name)] if words else []
    terms = np.array(sorted({*counts.terms.tolist(), *(name for _, name in named)}), dtype=object)
    place = {term: i for i, term in enumerate(terms)}
    moved = np.array([place[term] for term in counts.terms])
    old = counts.matrix.tocoo()
    changes = [(row, moved[word], -1) for row, word in replaced] + [(row, place[name], 1) for row, name in named]
    changed = np.array(changes, dtype=np.int64).reshape(-1, 3).T
    rows, columns, values = np.concatenate([[old.row, moved[old.col], old.data], changed], axis=1)
    matrix = sparse.csr_matrix((values, (rows, columns)), shape=(counts.matrix.shape[0], len(terms)), dtype=np.int64)
    matrix.eliminate_zeros()
    used = np.asarray(matrix.sum(0)).ravel() > 0
    return TermMatrix(matrix[:, used].tocsr(), counts.units, terms[used])


def _apart(hits: pd.DataFrame) -> pd.DataFrame:
    """Keep hits that do not overlap: longest first, then the first in the text, then by name."""
    hits = hits.assign(length=hits["end_token"] - hits["start_token"])
    hits = hits.sort_values(["length", "doc_id", "start_token", "name"], ascending=[False, True, True, True])
    taken, free = set(), []
    for doc_id, start, end in zip(hits["doc_id"].astype(str), hits["start_token"], hits["end_token"], strict=True):
        span = {(doc_id, position) for position in range(start, end)}
        free.append(not span & taken)
        if free[-1]:
            taken |= span
    return hits[np.array(free, dtype=bool)]  # an empty list would choose columns


class _Places(dict):
    """The places of the terms that fit a word of an entry, looked up once."""

    def __init__(self, terms: np.ndarray):
        super().__init__((term, (place,)) for place, term in enumerate(terms))
        self._terms = terms

    def __missing__(self, word: str) -> tuple[int, ...]:
        fits = glob_pattern(word).fullmatch if set(word) & set("*?") else None
        self[word] = tuple(place for place, term in enumerate(self._terms) if fits(term)) if fits else ()
        return self[word]


def _spellings(entry: str, length: int, places_of: _Places) -> list[tuple[int, ...]]:
    """Return every way in which a hit of this length can be spelled with the terms, as their places."""
    ways = set()
    for words in sequences(parse_entry(entry).pattern):
        if len(words) == length and "*" not in words:
            ways |= set(product(*(places_of[word] for word in words)))
    return sorted(ways)


def _most_frequent(ways: list[tuple[int, ...]], remaining: dict[int, int]) -> tuple[int, ...]:
    """Return the spelling whose rarest word is the most frequent, or nothing where none is there."""
    best, most = (), 0
    for way in ways:
        amount = min(remaining.get(place, 0) // way.count(place) for place in way)
        if amount > most:
            best, most = way, amount
    return best


def used_terms(counts: TermMatrix, minimum_units: int, minimum_documents: int, stop_words: Iterable[str]) -> np.ndarray:
    """Say for every term whether enough units and documents use it, and whether it is a word of content."""
    present = counts.matrix > 0
    document = pd.factorize(counts.units["doc_id"])[0]
    of_document = sparse.csr_matrix((np.ones(len(document)), (document, np.arange(len(document)))))
    in_documents = np.asarray(((of_document @ present) > 0).sum(0)).ravel()
    in_units = np.asarray(present.sum(0)).ravel()
    stop_words = frozenset(stop_words)
    words = np.array([
        term not in stop_words and len(term) > 1 and not term[0].isdigit() for term in map(str, counts.terms)
    ], dtype=bool)  # fmt: skip
    return words & (in_units >= minimum_units) & (in_documents >= minimum_documents)


def _regroup(counts: TermMatrix, corpus: Corpus, unit: str, minimum_tokens: int) -> TermMatrix:
    """Add up the joined counts of the smallest segments to larger units."""
    from crossread.corpus.model import pack

    units = corpus.term_matrix(unit, minimum_tokens).units
    if unit == "document":
        group = corpus.documents.index.get_indexer(counts.units["doc_id"])
    else:
        body = corpus.sentences[corpus.sentences["kind"] == "body"]
        section = body.groupby(["doc_id", "segment"], sort=False)["section"].first()
        pairs = zip(counts.units["doc_id"], counts.units["segment"], strict=True)
        group = pack(
            counts.units["n_tokens"].to_numpy(), [(pair[0], section.loc[pair]) for pair in pairs], minimum_tokens
        )
    ones = np.ones(len(group), dtype=np.int64)
    join = sparse.csr_matrix((ones, (group, np.arange(len(group)))), shape=(len(units), len(group)))
    return TermMatrix((join @ counts.matrix).tocsr(), units, counts.terms)
