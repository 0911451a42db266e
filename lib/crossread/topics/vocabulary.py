"""What a topic model counts: segments, terms that several documents use, names joined, function words left out."""

from collections.abc import Iterable

import numpy as np
import pandas as pd
from scipy import sparse

from crossread.corpus.tokens import TermMatrix
from crossread.errors import CrossreadError
from crossread.lexicon.stop_words import FUNCTION_WORDS

FEWEST_DOCUMENTS = 20


def join_names(counts: TermMatrix, hits: pd.DataFrame, sentences: pd.DataFrame) -> TermMatrix:
    """Count each name as one term under its normal form, instead of as the words that it is written with.

    Works on hits and counts alone, so that published counts and attached texts give the same matrix. Where hits overlap
    the longest is joined, then the first. Which words a hit took the place of is known from its entry where that leaves
    no choice; where it does, from the words that the segment has, the more frequent before the rarer.

    Parameters
    ----------
    counts : TermMatrix
        Counts by segment, as `corpus.term_matrix("segment")` gives them.
    hits : DataFrame
        Hits of lexicons of names: doc_id, sentence_id, key, entry, start_token, end_token. A column `name` says what
        each is counted as; without one it is the last part of the key, written with spaces.
    sentences : DataFrame
        The sentences of the corpus, which say in which segment each lies.

    Returns
    -------
    TermMatrix
        The same units; among the terms the normal forms, written with spaces ("united states").

    Examples
    --------
    >>> counts = TermMatrix(sparse.csr_matrix([[1, 1, 2]]), pd.DataFrame({"doc_id": ["a"], "segment": [0]}),
    ...                     np.array(["states", "u.s.", "united"]))
    >>> sentences = pd.DataFrame({"segment": [0]}, index=["a-1"])
    >>> hits = pd.DataFrame({"doc_id": "a", "sentence_id": "a-1", "key": "united_states",
    ...                      "entry": ["united states", "u.s."], "start_token": [0, 5], "end_token": [2, 6]})
    >>> joined = join_names(counts, hits, sentences)
    >>> dict(zip(joined.terms.tolist(), joined.matrix.toarray()[0].tolist()))
    {'united': 1, 'united states': 2}
    """
    if "name" not in hits:
        hits = hits.assign(name=[key.split(".")[-1].replace("_", " ") for key in hits["key"].astype(str)])
    hits = _apart(hits)
    segment = sentences["segment"].reindex(hits["sentence_id"]).to_numpy()
    place = pd.MultiIndex.from_frame(counts.units[["doc_id", "segment"]])
    rows = place.get_indexer(pd.MultiIndex.from_arrays([hits["doc_id"].astype(str), segment]))
    taken, added = [], []
    remaining, choices = {}, {}
    lengths = hits["end_token"] - hits["start_token"]
    for row, name, entry, length in zip(rows, hits["name"], hits["entry"], lengths, strict=True):
        if row < 0:
            continue
        if (entry, length) not in choices:
            choices[entry, length] = _spellings(entry, length, counts.terms)
        if row not in remaining:
            own = slice(counts.matrix.indptr[row], counts.matrix.indptr[row + 1])
            remaining[row] = dict(zip(counts.matrix.indices[own], counts.matrix.data[own], strict=True))
        words = _most_frequent(choices[entry, length], remaining[row])
        for place in words:
            remaining[row][place] -= 1
            taken.append((row, place))
        if words:
            added.append((row, name))
    names = sorted({name for _, name in added})
    terms = np.array(sorted(set(counts.terms.tolist()) | set(names)), dtype=object)
    where = {term: i for i, term in enumerate(terms)}
    moved = np.array([where[term] for term in counts.terms])
    old = counts.matrix.tocoo()
    pieces = [(old.row, moved[old.col], old.data)]
    for changes, sign in (([(r, moved[c]) for r, c in taken], -1), ([(r, where[n]) for r, n in added], 1)):
        if changes:
            pieces.append((*np.array(changes).T, np.full(len(changes), sign)))
    rows, columns, values = (np.concatenate(part) for part in zip(*pieces, strict=True))
    matrix = sparse.csr_matrix((values, (rows, columns)), shape=(counts.matrix.shape[0], len(terms)), dtype=np.int64)
    matrix.eliminate_zeros()
    used = np.asarray(matrix.sum(0)).ravel() > 0
    return TermMatrix(matrix[:, used].tocsr(), counts.units, terms[used])


def _apart(hits: pd.DataFrame) -> pd.DataFrame:
    """Keep hits that do not overlap: longest first, then the first in the text, then by key."""
    hits = hits.assign(length=hits["end_token"] - hits["start_token"])
    hits = hits.sort_values(["length", "doc_id", "start_token", "name"], ascending=[False, True, True, True])
    taken, kept = set(), []
    for doc_id, start, end in zip(hits["doc_id"].astype(str), hits["start_token"], hits["end_token"], strict=True):
        span = {(doc_id, position) for position in range(start, end)}
        kept.append(not span & taken)
        if kept[-1]:
            taken |= span
    return hits[np.array(kept, dtype=bool)]  # an empty list would choose columns


def _spellings(entry: str, length: int, terms: np.ndarray) -> list[tuple[int, ...]]:
    """Return every way in which a hit of this length can be spelled with the terms, as their places."""
    from itertools import product

    from crossread.lexicon.patterns import glob_pattern, parse_entry, sequences

    ways = set()
    for words in sequences(parse_entry(entry).pattern):
        if len(words) == length and "*" not in words:
            patterns = [glob_pattern(word) for word in words]
            ways |= set(product(*([i for i, term in enumerate(terms) if p.fullmatch(term)] for p in patterns)))
    return sorted(ways)


def _most_frequent(ways: list[tuple[int, ...]], remaining: dict) -> tuple[int, ...]:
    """Return the spelling whose rarest word is the most frequent, or nothing where none is there."""
    best, most = (), 0
    for way in ways:
        amount = min(remaining.get(place, 0) // way.count(place) for place in way)
        if amount > most:
            best, most = way, amount
    return best


def topic_counts(
    corpus,
    *,
    unit: str = "segment",
    minimum_tokens: int = 50,
    minimum_units: int = 2,
    minimum_documents: int = 2,
    stop_words: Iterable[str] = FUNCTION_WORDS,
    names: Iterable[str] = ("actors", "architectures"),
    phrases=None,
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
        Words left out after names were joined.
    names : iterable of str
        Lexicons of names whose hits are joined to one term each; those that the project does not have are passed over.
    phrases : Lexicon or str, optional
        Entries of two words and more of this lexicon are joined under their words, which is what seeded topics need; or
        its name, where the corpus or the project has it ("themes").

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
    found = [hits for name in names if (hits := _hits_of(corpus, name)) is not None]
    if phrases is not None:
        found.append(_phrases(corpus, _lexicon_of(corpus, phrases) if isinstance(phrases, str) else phrases))
    if found:
        counts = join_names(counts, pd.concat(found, ignore_index=True), corpus.sentences)
    kept = used_terms(counts, minimum_units, min(minimum_documents, n_documents), stop_words)
    if unit == "document" or minimum_tokens != 50:
        counts = _regroup(counts, corpus.term_matrix(unit, minimum_tokens), corpus, unit, minimum_tokens)
        kept &= used_terms(counts, min(minimum_units, counts.matrix.shape[0]), min(minimum_documents, n_documents), ())
    matrix = counts.matrix[:, kept]
    rows = np.diff(matrix.indptr) > 0
    return TermMatrix(matrix[rows].tocsr(), counts.units[rows].reset_index(drop=True), counts.terms[kept])


VOCABULARY = tuple(topic_counts.__kwdefaults__)


def _hits_of(corpus, name: str):
    """Return the hits of a lexicon of names, or None where there is no such lexicon."""
    from crossread.lexicon import find_hits, read_lexicon

    try:
        path = corpus.lexicon_path(name)
    except CrossreadError:
        return None
    hits = find_hits(corpus, read_lexicon(path))
    return hits.assign(name=[key.split(".")[-1].replace("_", " ") for key in hits["key"].astype(str)])


def _lexicon_of(corpus, name: str):
    """Return the lexicon of this name: a model that was saved remembers no more of it."""
    from crossread.lexicon import read_lexicon

    try:
        return read_lexicon(corpus.lexicon_path(name))
    except CrossreadError:
        raise CrossreadError(
            f"The topics started from the lexicon “{name}”, which is not a file of this project: give its phrases, "
            "vocabulary={'phrases': lexicon}."
        ) from None


def _phrases(corpus, lexicon):
    """Return the hits of a lexicon's longer entries, each named by its words."""
    from crossread.lexicon import find_hits

    hits = find_hits(corpus, lexicon)
    lengths = hits["end_token"] - hits["start_token"]
    kept = hits[lengths > 1]
    spelled = [_plain_words(entry, length) for entry, length in zip(kept["entry"], lengths[lengths > 1], strict=True)]
    return kept.assign(name=spelled)[[bool(words) for words in spelled]]


def _plain_words(entry: str, length: int) -> str:
    """Return the words of an entry that has one spelling of this length, else nothing."""
    from crossread.lexicon.patterns import parse_entry, sequences

    ways = [words for words in sequences(parse_entry(entry).pattern) if len(words) == length]
    return " ".join(ways[0]) if len(ways) == 1 and not any("*" in word or "?" in word for word in ways[0]) else ""


def used_terms(counts: TermMatrix, minimum_units: int, minimum_documents: int, stop_words) -> np.ndarray:
    """Say for every term whether enough units and documents use it, and whether it is a word of content.

    Numbers and single letters are left out with the stop words.
    """
    present = counts.matrix > 0
    documents, names = pd.factorize(counts.units["doc_id"])
    belongs = sparse.csr_matrix((np.ones(len(documents)), (documents, np.arange(len(documents)))))
    in_documents = np.asarray(((belongs @ present) > 0).sum(0)).ravel()
    in_units = np.asarray(present.sum(0)).ravel()
    stop_words = frozenset(stop_words)
    words = np.array([
        term not in stop_words and len(term) > 1 and not term[0].isdigit() for term in map(str, counts.terms)
    ], dtype=bool)  # fmt: skip
    return words & (in_units >= minimum_units) & (in_documents >= minimum_documents)


def _regroup(counts: TermMatrix, target: TermMatrix, corpus, unit: str, minimum_tokens: int) -> TermMatrix:
    """Add up the joined counts of the smallest segments to larger units."""
    from crossread.corpus.model import pack

    if unit == "document":
        group = corpus.documents.index.get_indexer(counts.units["doc_id"])
    else:
        body = corpus.sentences[corpus.sentences["kind"] == "body"]
        section = body.groupby(["doc_id", "segment"], sort=False)["section"].first()
        pairs = list(zip(counts.units["doc_id"], counts.units["segment"], strict=True))
        keys = [(doc_id, section.loc[(doc_id, segment)]) for doc_id, segment in pairs]
        group = pack(counts.units["n_tokens"].to_numpy(), keys, minimum_tokens)
    join = sparse.csr_matrix(
        (np.ones(len(group), dtype=np.int64), (group, np.arange(len(group)))), shape=(len(target.units), len(group))
    )
    return TermMatrix((join @ counts.matrix).tocsr(), target.units, counts.terms)
