"""Texts to tokens, once, as integers: the one definition of a token and the store that everything counts from."""

from __future__ import annotations

import sys
import unicodedata
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.util import find_spec
from itertools import chain
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

LONGEST_COUNTRY = max(len(name) for name in COUNTRIES if name.isalpha())

COMPILED_FROM = 4_000_000  # characters: below, the plain loop is done before numba is imported
BATCH = 4_000_000  # characters that are worked on at once

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
    if word.isascii() and word.isalpha():
        return COUNTRIES.get(word) or word.lower()
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
    starts, ends : int32 arrays
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

    @cached_property
    def frequencies(self) -> np.ndarray:
        """How often each type occurs, headings and notes included."""
        return np.bincount(self.ids, minlength=len(self.types))

    @cached_property
    def alphabet(self) -> tuple[list[str], np.ndarray]:
        """The types in alphabetical order, and the id of each."""
        return alphabetical(self.types)

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


def alphabetical(types: Sequence[str]) -> tuple[list[str], np.ndarray]:
    """Return types in alphabetical order, and where each of them stood before.

    Examples
    --------
    >>> alphabetical(("pay", "allies"))
    (['allies', 'pay'], array([1, 0]))
    """
    order = sorted(range(len(types)), key=types.__getitem__)
    return [types[i] for i in order], np.asarray(order, dtype=np.int64)


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


def use_compiled(n_characters: int) -> bool:
    """Tell whether a text is long enough for the compiled loops, and numba there to compile them."""
    # the loops read eight bytes at once, the first of them lowest
    return n_characters >= COMPILED_FROM and sys.byteorder == "little" and find_spec("numba") is not None


class Tokenizer:
    """Numbers tokens batch by batch, with one vocabulary that grows in order of first appearance.

    Parameters
    ----------
    hyphens : {"separate", "keep"}
        As in `words`.
    compiled : bool
        Which of two ways to the same numbers to take.
    """

    def __init__(self, hyphens: str = "separate", compiled: bool = False):
        self.hyphens, self.compiled = hyphens, compiled
        self.vocabulary: dict[str, int] = {}
        self._pattern = token_pattern(hyphens)
        self._known: dict[str, int] = {}  # surface form -> type id, so that each distinct form is folded once
        self._of_chunk: dict[str, tuple[int, ...]] = {}
        self._chunks, self._words = (_Chunks(), _Chunks()) if compiled else (None, None)
        self._of_word = array("i")  # type id of each distinct plain word
        # what the pattern finds in each distinct chunk i: the tokens bounds[i] to bounds[i + 1], their types, first and
        # last characters; with room for more
        self._bounds, self._tokens = np.zeros(1 << 15, dtype=np.int32), np.zeros((3, 1 << 15), dtype=np.int32)
        self._n_chunks = 0  # of which the tokens are known

    def add(
        self, sentences: Sequence[tuple[str, Sequence[int], Sequence[int]]]
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Return type ids, starts and ends in the source of all tokens, and how many each sentence has."""
        if self._chunks is None or not sentences:
            return self._add_plain(sentences)
        from crossread.corpus.compiled import expand_chunks

        joined = "\n".join([text for text, _, _ in sentences])
        numbers, chunk_starts = self._intern(joined.encode("utf-8", "surrogatepass"))
        ends = np.cumsum(np.fromiter((len(text) + 1 for text, _, _ in sentences), np.int64, len(sentences)))
        begins = np.concatenate([[0], ends[:-1]])
        n_pieces = np.fromiter((len(clean) for _, clean, _ in sentences), np.int64, len(sentences))
        clean = np.fromiter(chain.from_iterable(clean for _, clean, _ in sentences), np.int64, int(n_pieces.sum()))
        source = np.fromiter(chain.from_iterable(source for _, _, source in sentences), np.int64, len(clean))
        return expand_chunks(numbers, chunk_starts, *self._tables(), ends, clean + np.repeat(begins, n_pieces), source)

    def types_of_text(self, text: str) -> list[int]:
        """Return the type ids of the tokens of a text; each distinct chunk between white space is looked at once."""
        return [number for chunk in text.split() for number in self._types_of(chunk)]

    def number_signs(self, signs: Sequence[bytes]) -> None:
        """Give the first numbers to chunks that are no text and hold no token."""
        self._chunks.add(b"".join(signs))
        self._n_chunks = len(signs)

    def chunk_numbers(self, data: bytes) -> np.ndarray:
        """Return the number of each chunk of some UTF-8, and learn the tokens of those that are new."""
        return self._intern(data, placed=False)[0]

    @property
    def n_chunks(self) -> int:
        """How many distinct chunks are known."""
        return len(self._chunks)

    def chunk_types(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the type ids of all chunks one after another, and before them where those of each chunk begin."""
        bounds = self._bounds[: self._n_chunks + 1]
        return bounds, self._tokens[0, : bounds[-1]]

    def chunk_bytes(self) -> tuple[np.ndarray, np.ndarray]:
        """Return where each chunk begins in the bytes of all, and these."""
        return self._chunks.begins, self._chunks.blob

    def read_chunks(self, numbers: Iterable[int]) -> list[str]:
        """Return the chunks with these numbers."""
        return self._chunks.read(numbers)

    def _add_plain(self, sentences):
        ids, starts, ends, sizes = array("i"), [], [], []
        for text, clean, source in sentences:
            begin, finish = [], []
            before = len(ids)
            for match in self._pattern.finditer(text):
                number = self._number(match.group())
                if number >= 0:
                    ids.append(number)
                    begin.append(match.start())
                    finish.append(match.end())
            sizes.append(len(ids) - before)
            clean, source = np.asarray(clean, dtype=np.int64), np.asarray(source, dtype=np.int64)
            starts.append(_to_source(np.asarray(begin, dtype=np.int64), clean, source))
            # the end is one past the last character, which may lie in an earlier piece than the position after it
            ends.append(_to_source(np.asarray(finish, dtype=np.int64) - 1, clean, source) + 1)
        none = np.zeros(0, dtype=np.int32)
        return (
            np.array(ids, dtype=np.int32),
            np.concatenate([none, *starts]).astype(np.int32),
            np.concatenate([none, *ends]).astype(np.int32),
            np.asarray(sizes, dtype=np.int64),
        )

    def _number(self, form: str) -> int:
        number = self._known.get(form)
        if number is None:
            word = fold(form)
            number = self._known[form] = self.vocabulary.setdefault(word, len(self.vocabulary)) if word else -1
        return number

    def _find(self, chunk: str) -> list[tuple[int, int, int]]:
        """Return type, start and end of each token of a chunk without white space."""
        word = chunk[:-1] if chunk[-1] in ".,;:?!" else chunk
        if word.isascii() and word.isalpha() and (len(word) > 1 or chunk[-1] != "."):
            return [(self._number(word), 0, len(word))]  # most chunks: a word and what ends a clause
        found = [(self._number(match.group()), *match.span()) for match in self._pattern.finditer(chunk)]
        return [token for token in found if token[0] >= 0]

    def _types_of(self, chunk: str) -> tuple[int, ...]:
        types = self._of_chunk.get(chunk)
        if types is None:
            types = self._of_chunk[chunk] = tuple([number for number, _, _ in self._find(chunk)])
        return types

    def _intern(self, data: bytes, *, placed: bool = True) -> tuple[np.ndarray, np.ndarray]:
        before = len(self._chunks)
        numbers, starts = self._chunks.add(data, placed=placed)
        # Most chunks are one word and what ends a clause. These are lowered and numbered in the compiled loop, as
        # `_find` and `fold` would; only what is left, and each distinct word once, is looked at here.
        lengths, lines = self._chunks.lower_words(before)
        plain, odd = np.flatnonzero(lengths), np.flatnonzero(lengths == 0)
        old = len(self._words)
        word_numbers, _ = self._words.add(lines, placed=False)
        new_words = self._words.read(range(old, len(self._words)))
        first = np.zeros(len(new_words), dtype=np.int64)
        new = np.flatnonzero(word_numbers >= old)[::-1]
        first[word_numbers[new] - old] = plain[new]  # the last to be written is the first to appear
        of_odd = []
        found = [(at, word, None) for at, word in zip(first.tolist(), new_words, strict=True)]
        found += [(at, None, chunk) for at, chunk in zip(odd.tolist(), self._chunks.read(odd + before), strict=True)]
        for _, word, chunk in sorted(found):  # types are numbered in order of first appearance
            if word is not None:
                self._of_word.append(self.vocabulary.setdefault(word, len(self.vocabulary)))
            else:
                of_odd.append(self._find(chunk))
        sizes = np.ones(len(lengths), dtype=np.int64)
        sizes[odd] = np.fromiter(map(len, of_odd), np.int64, len(of_odd))
        ends = np.cumsum(sizes)
        tokens = np.zeros((3, int(sizes.sum())), dtype=np.int32)
        places = ends[plain] - 1
        tokens[0, places] = np.array(self._of_word, dtype=np.int32)[word_numbers]
        tokens[2, places] = lengths[plain]
        places = np.ones(tokens.shape[1], dtype=bool)
        places[ends[plain] - 1] = False
        tokens[:, places] = np.array(list(chain.from_iterable(of_odd)), dtype=np.int32).reshape(-1, 3).T
        self._append(ends, tokens)
        return numbers, starts

    def _append(self, ends: np.ndarray, tokens: np.ndarray) -> None:
        known, n_tokens = self._n_chunks, int(self._bounds[self._n_chunks])
        while known + len(ends) >= len(self._bounds):
            self._bounds = _larger(self._bounds)
        while n_tokens + tokens.shape[1] > self._tokens.shape[1]:
            self._tokens = np.concatenate([self._tokens, np.zeros_like(self._tokens)], axis=1)
        self._bounds[known + 1 : known + 1 + len(ends)] = n_tokens + ends
        self._tokens[:, n_tokens : n_tokens + tokens.shape[1]] = tokens
        self._n_chunks += len(ends)

    def _tables(self) -> tuple[np.ndarray, ...]:
        bounds, _ = self.chunk_types()
        return (bounds, *(column[: bounds[-1]] for column in self._tokens))


class _Chunks:
    """The distinct chunks of text between white space, numbered by a compiled loop.

    No token of the pattern holds white space, and none depends on what is beyond it, so that a chunk has the same
    tokens wherever it stands.
    """

    def __init__(self):
        self._index = np.zeros(1 << 17, dtype=np.int32)
        self._forms = np.zeros((1 << 15, 3), dtype=np.uint64)
        self.begins = np.zeros(1 << 15, dtype=np.int64)
        self.blob = np.zeros(1 << 18, dtype=np.uint8)
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, text: bytes, *, placed: bool = True) -> tuple[np.ndarray, np.ndarray]:
        """Return for each chunk of a text its number and, where that is asked for, the character at which it begins."""
        from crossread.corpus.compiled import PADDING, fill_index, intern_chunks

        n = len(text)
        data = np.full((n + PADDING) // 8 * 8 + 8, ord(" "), dtype=np.uint8)
        data[:n] = np.frombuffer(text, dtype=np.uint8)
        numbers = np.empty(64 + n // 5, dtype=np.int32)
        starts = np.empty(len(numbers) if placed else 0, dtype=np.int32)
        at = (0, 0, 0, self._count)
        while True:
            table = (self._index, self._forms, self.begins, self.blob)
            at = intern_chunks(data.view(np.uint64), n, at, *table, numbers, starts)[:4]
            byte, _, found, self._count = at
            if byte >= n:
                return numbers[:found], starts[:found]
            if found == len(numbers):
                numbers, starts = _larger(numbers), _larger(starts)
            if self._count + 1 == len(self.begins):
                self.begins, self._forms = _larger(self.begins), _larger(self._forms)
            if len(self.blob) < self.begins[self._count] + n:
                self.blob = _larger(self.blob, n)
            if 4 * self._count >= len(self._index):
                self._index = np.zeros(2 * len(self._index), dtype=np.int32)
                fill_index(self._index, self._forms, self._count)

    def lower_words(self, first: int) -> tuple[np.ndarray, bytes]:
        """Return for each chunk from a number on the length of its word, 0 unless it is plain, and these words."""
        from crossread.corpus.compiled import lower_words

        lengths = np.empty(self._count - first, dtype=np.int32)
        lines = np.empty(self.begins[self._count] - self.begins[first] + len(lengths), dtype=np.uint8)
        used = lower_words(self.begins, self.blob, first, self._count, LONGEST_COUNTRY, lengths, lines)
        return lengths, lines[:used].tobytes()

    def read(self, numbers: Iterable[int]) -> list[str]:
        """Return the chunks with these numbers."""
        numbers = np.asarray(numbers, dtype=np.int64)
        starts, ends = self.begins[numbers].tolist(), self.begins[numbers + 1].tolist()
        held = memoryview(self.blob)
        return [str(held[a:b], "utf-8", "surrogatepass") for a, b in zip(starts, ends, strict=True)]


def _larger(values: np.ndarray, at_least: int = 0) -> np.ndarray:
    result = np.zeros((max(2 * len(values), len(values) + at_least), *values.shape[1:]), dtype=values.dtype)
    result[: len(values)] = values
    return result


def _to_source(positions: np.ndarray, clean: np.ndarray, source: np.ndarray) -> np.ndarray:
    piece = np.searchsorted(clean, positions, side="right") - 1
    return source[piece] + positions - clean[piece]


def pointers(sizes) -> np.ndarray:
    """Return where each of some consecutive pieces begins, with the total at the end."""
    return np.concatenate([[0], np.cumsum(np.asarray(sizes, dtype=np.int64))]).astype(np.int64)
