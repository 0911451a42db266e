"""Texts to tokens, once, as integers: the one definition of a token and the store that everything counts from."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

# Letters, digits and combining marks make a word; an apostrophe or a soft hyphen may stand inside one.
_WORD = r"[\p{L}\p{N}\p{M}\u00ad]+(?:['’ʼ‘][\p{L}\p{M}\u00ad]+)*"
# U.S., U.K., e.g.; then a single initial (J. or the damaged “U.” of a bad scan); then 1,000 and 49.95; then words.
PATTERN = (
    r"(?<![\p{L}\p{N}])(?:(?:\p{L}\.){2,}|(?:\p{L}\.)+\p{L}(?![\p{L}\p{N}.]))(?:['’]s(?!\p{L}))?"
    r"|(?<![\p{L}\p{N}'’])\p{Lu}\.(?=\s|$|[’'\"”)\]])"
    r"|\p{N}+(?:[.,]\p{N}+)+(?![\p{L}\p{N}])"
    rf"|{_WORD}"
)
_PART = rf"(?:(?:\p{{L}}\.){{2,}}|{_WORD})"
_KEPT_HYPHENS = rf"{_PART}(?:[-‐‑]{_PART})+|{PATTERN}"

# Before case is folded these are countries; afterwards nothing would tell the country from the pronoun “us”.
COUNTRIES = {"US": "u.s.", "U.S": "u.s.", "U.S.": "u.s.", "UK": "u.k.", "U.K": "u.k.", "U.K.": "u.k."}

_APOSTROPHES = str.maketrans({"’": "'", "ʼ": "'", "‘": "'", "\u00ad": None, "‐": "-", "‑": "-"})


@lru_cache(maxsize=4)
def token_pattern(hyphens: str = "separate"):
    """Return the compiled pattern of a token, hyphens separating words or (`"keep"`) joining them."""
    import regex

    return regex.compile({"separate": PATTERN, "keep": _KEPT_HYPHENS}[hyphens])


def fold(word: str) -> str:
    """Return the form under which a word is counted.

    A possessive *'s* is dropped, apostrophes and hyphens are made straight, soft hyphens removed, `US` and `U.S.`
    become the one type `u.s.`, and case is folded last, so that the pronoun *us* stays apart.

    Parameters
    ----------
    word : str
        One match of the token pattern.

    Returns
    -------
    str
        The type; empty when nothing countable is left.

    Examples
    --------
    >>> [fold(word) for word in ("U.S.", "US", "us", "China’s", "Allies")]
    ['u.s.', 'u.s.', 'us', 'china', 'allies']
    """
    word = unicodedata.normalize("NFC", word.translate(_APOSTROPHES))
    if word[-2:] in ("'s", "'S"):
        word = word[:-2]
    if "-" in word:
        return "-".join(filter(None, map(fold, word.split("-"))))
    return COUNTRIES.get(word) or word.lower()


def words(text: str, hyphens: str = "separate") -> list[str]:
    """Split a string into tokens.

    This is the one tokeniser of crossread. A token is a run of Unicode letters, digits and combining marks.
    `U.S.`, `U.K.`, other dotted initials and a single capital initial stay whole; a possessive *'s* is dropped;
    straight and curly quotes and all hyphens and dashes are folded; a hyphen separates tokens (so `burden-sharing`
    and `burden sharing` are the same two tokens) unless `hyphens="keep"`; numbers are tokens, `1,000` one of them;
    punctuation is not. Case is folded last: before that `US` and `U.S.` become the type `u.s.`, never the
    pronoun *us*. Scripts without spaces between words stay in one token from space to space. No stop list is applied.

    Parameters
    ----------
    text : str
        Any text.
    hyphens : {"separate", "keep"}
        Whether a hyphen inside a word separates tokens; `"keep"` is for comparison with other tools.

    Returns
    -------
    list of str
        The tokens in order.

    Examples
    --------
    >>> words("The U.S. told us: China’s burden-sharing costs 1,000.")
    ['the', 'u.s.', 'told', 'us', 'china', 'burden', 'sharing', 'costs', '1,000']
    >>> words("burden-sharing", hyphens="keep")
    ['burden-sharing']
    """
    folded = (fold(match.group()) for match in token_pattern(hyphens).finditer(text))
    return [word for word in folded if word]


@dataclass(frozen=True)
class TokenStore:
    """Every token of a corpus as an integer, with where it stands.

    Attributes
    ----------
    types : tuple of str
        The vocabulary, in order of first appearance; `types[ids[i]]` is token `i`.
    ids : int32 array
        The type of each token, in the order of documents and sentences, headings and notes included.
    starts, ends : int64 arrays
        Character offsets of each token into the source text of its document.
    sentence : int32 array
        For each token the row of `corpus.sentences` in which it stands.
    sentence_pointers, document_pointers : int64 arrays
        Token offsets at which each sentence and each document begins, with the total at the end.
    hyphens : str
        `"separate"` or `"keep"`, as tokenised.
    """

    types: tuple[str, ...]
    ids: np.ndarray
    starts: np.ndarray
    ends: np.ndarray
    sentence: np.ndarray
    sentence_pointers: np.ndarray
    document_pointers: np.ndarray
    hyphens: str = "separate"

    def __len__(self) -> int:
        return len(self.ids)

    def table(self, sentences: pd.DataFrame) -> pd.DataFrame:
        """Return the tokens as a table.

        Parameters
        ----------
        sentences : DataFrame
            The `sentences` of the same corpus.

        Returns
        -------
        DataFrame
            doc_id, sentence_id, position (running number in the document), token, start and end (characters of
            the source).
        """
        document = np.repeat(np.arange(len(self.document_pointers) - 1), np.diff(self.document_pointers))
        return pd.DataFrame(
            {
                "doc_id": sentences["doc_id"].to_numpy()[self.sentence],
                "sentence_id": sentences.index.to_numpy()[self.sentence],
                "position": np.arange(len(self)) - self.document_pointers[document],
                "token": np.array(self.types, dtype=object)[self.ids],
                "start": self.starts,
                "end": self.ends,
            }
        )


@dataclass(frozen=True)
class TermMatrix:
    """Counts of terms in units of text, as a sparse matrix with its two margins named.

    Attributes
    ----------
    matrix : scipy.sparse.csr_matrix
        Counts, one row a unit, one column a term.
    units : DataFrame
        One row a unit: doc_id, segment or sentence_id where the unit is one, and n_tokens.
    terms : array of str
        The terms, sorted.
    """

    matrix: csr_matrix
    units: pd.DataFrame
    terms: np.ndarray


def tokenize(
    documents: Sequence[Sequence[tuple[str, np.ndarray, np.ndarray]]], hyphens: str = "separate"
) -> TokenStore:
    """Turn sentences into a store of integer tokens.

    Parameters
    ----------
    documents : sequence of sequences
        For each document its sentences; a sentence is its clean text with two arrays that lead back to the source:
        the positions in the clean text at which an unbroken piece of the source begins, and the source offset of each.
    hyphens : {"separate", "keep"}
        As in `words`.

    Returns
    -------
    TokenStore

    Examples
    --------
    >>> store = tokenize([[("No war. ", np.array([0]), np.array([100]))]])
    >>> [store.types[i] for i in store.ids], store.starts.tolist()
    (['no', 'war'], [100, 103])
    """
    pattern = token_pattern(hyphens)
    vocabulary: dict[str, int] = {}
    known: dict[str, int] = {}  # surface form -> type id, so that each distinct form is folded once
    ids: list[int] = []
    starts: list[np.ndarray] = []
    ends: list[np.ndarray] = []
    sentence_sizes: list[int] = []
    document_sizes: list[int] = []
    for sentences in documents:
        before = len(ids)
        for text, clean, source in sentences:
            first = len(ids)
            begin, finish = [], []
            for match in pattern.finditer(text):
                form = match.group()
                number = known.get(form)
                if number is None:
                    word = fold(form)
                    number = known[form] = vocabulary.setdefault(word, len(vocabulary)) if word else -1
                if number >= 0:
                    ids.append(number)
                    begin.append(match.start())
                    finish.append(match.end())
            starts.append(_to_source(np.asarray(begin, dtype=np.int64), clean, source))
            # the end is one past the last character, which may lie in an earlier piece than the position after it
            ends.append(_to_source(np.asarray(finish, dtype=np.int64) - 1, clean, source) + 1)
            sentence_sizes.append(len(ids) - first)
        document_sizes.append(len(ids) - before)
    sizes = np.asarray(sentence_sizes, dtype=np.int64)
    return TokenStore(
        types=tuple(vocabulary),
        ids=np.asarray(ids, dtype=np.int32),
        starts=np.concatenate(starts) if starts else np.zeros(0, dtype=np.int64),
        ends=np.concatenate(ends) if ends else np.zeros(0, dtype=np.int64),
        sentence=np.repeat(np.arange(len(sizes), dtype=np.int32), sizes),
        sentence_pointers=_pointers(sizes),
        document_pointers=_pointers(document_sizes),
        hyphens=hyphens,
    )


def _to_source(positions: np.ndarray, clean: np.ndarray, source: np.ndarray) -> np.ndarray:
    piece = np.searchsorted(clean, positions, side="right") - 1
    return source[piece] + positions - clean[piece]


def _pointers(sizes) -> np.ndarray:
    return np.concatenate([[0], np.cumsum(np.asarray(sizes, dtype=np.int64))]).astype(np.int64)


def count_matrix(rows: np.ndarray, ids: np.ndarray, n_rows: int, types: Sequence[str]) -> tuple[csr_matrix, np.ndarray]:
    """Count type ids by row, and return the matrix with its columns in alphabetical order.

    Parameters
    ----------
    rows, ids : int arrays
        For each token the unit it is in and its type.
    n_rows : int
        How many units there are, empty ones included.
    types : sequence of str
        The vocabulary.

    Returns
    -------
    matrix : csr_matrix of int64
        One row a unit, one column a type that occurs.
    terms : array of str
        The types that occur, sorted.

    Examples
    --------
    >>> matrix, terms = count_matrix(np.array([0, 0, 1]), np.array([1, 1, 0]), 2, ("b", "a"))
    >>> terms.tolist(), matrix.toarray().tolist()
    (['a', 'b'], [[2, 0], [0, 1]])
    """
    from scipy.sparse import csr_matrix

    present = np.bincount(ids, minlength=len(types)) > 0
    order = sorted(np.flatnonzero(present), key=types.__getitem__)
    column = np.full(len(types), -1, dtype=np.int64)
    column[order] = np.arange(len(order))
    matrix = csr_matrix(
        (np.ones(len(ids), dtype=np.int64), (rows, column[ids])), shape=(n_rows, len(order)), dtype=np.int64
    )
    return matrix, np.array([types[i] for i in order], dtype=object)
