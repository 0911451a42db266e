"""Texts to tokens, once, as integers: the one definition of a token and the store that everything counts from."""

from __future__ import annotations

import re
import sys
import unicodedata
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.util import find_spec
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    import regex
    from numpy.typing import ArrayLike
    from scipy.sparse import csr_matrix

# Digits that are set above the line, or in a ring, are the marks of notes: they end a word and are none.
_RAISED = "¹²³⁰⁴-⁹①-⒛⓪-⓿❶-➓"
# Characters without width stand in a word and do not part it: soft hyphen, joiners, marks of direction, selectors;
# nor do fillers, and the strokes that stretch Arabic words.
UNSEEN = (
    "\u00ad\u034f\u061c\u0640\u115f\u1160\u3164\uffa0\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f"
)
UNSEEN += "\ufe00-\ufe0f\ufeff\u20dd-\u20e0\u20e2-\u20e4\U000e0100-\U000e01ef"
# Letters, digits and combining marks make a word, which begins with no mark; an apostrophe may stand inside one.
_DIGIT = rf"[\p{{N}}--[{_RAISED}]]"
_FIRST = rf"[[\p{{L}}\p{{N}}]--[{_RAISED}{UNSEEN}]]"
_LETTER = rf"[[\p{{L}}\p{{M}}]--[{UNSEEN}]]"
_INSIDE = rf"[[\p{{L}}\p{{N}}\p{{M}}]--[{_RAISED}{UNSEEN}]]"
_APOSTROPHES = "'’ʼ‘＇‛´′"
_WORD = (
    rf"{_FIRST}{_INSIDE}*+(?:(?=[{UNSEEN}{_APOSTROPHES}])(?:[{UNSEEN}]++{_INSIDE}++)*+"
    rf"(?:[{UNSEEN}]*[{_APOSTROPHES}][{UNSEEN}]*{_LETTER}++(?:[{UNSEEN}]++{_LETTER}++)*+)*+)?+"
)
_USUAL = r"[A-Za-z]{2,}+(?=[ ,;)\n]|$)"  # most words, known at a glance
# Addresses of pages, publications and people; a domain alone only with an ending that no sentence begins with.
_IN_ADDRESS = r"[^\s<>\"“”«»‹›„{}|\\^`…—、。！（）\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}" + f"{_RAISED}]"
_ENDS_ADDRESS = rf"[{_IN_ADDRESS}--[.,;:!?'’‘)\]*_]]"
_DOMAIN = r"(?:[\p{L}\p{N}-]{1,63}\.){1,8}"
_ADDRESS = (
    rf"(?<![\p{{L}}\p{{N}}])[A-Za-z][A-Za-z0-9+.-]{{1,15}}://{_IN_ADDRESS}*{_ENDS_ADDRESS}"
    rf"|(?i:www)\.{_IN_ADDRESS}*{_ENDS_ADDRESS}"
    rf"|(?i:doi:)?10\.[0-9]{{4,9}}/{_IN_ADDRESS}*{_ENDS_ADDRESS}"
    rf"|(?<![\p{{L}}\p{{N}}._%+-])(?:mailto:)?[\p{{L}}\p{{N}}._%+-]{{1,64}}+@{_DOMAIN}\p{{L}}{{2,24}}(?![\p{{L}}\p{{N}}])"
    rf"|(?<![\p{{L}}\p{{N}}.@-]){_DOMAIN}(?:ch|cn|com|cz|de|dk|edu|eu|fi|fr|gov|info|int|io|jp|kr|mil|net|nl|nz|org|pl|ru|tw|uk|(?:ac|co|com|edu|go|gov|net|org)\.[a-z]{{2}}|[a-z]{{2}}(?=/\w))"
    rf"(?![\p{{L}}\p{{N}}.-]\p{{L}}|\p{{L}})(?:/(?:{_IN_ADDRESS}*{_ENDS_ADDRESS})?)?"
)
# US$5, A$ and $US5: the letters say whose money it is.
_CURRENCIES = "$¢-¥֏؋߾߿৲৳৻૱௹฿៛₠-⃀꠸﷼﹩＄￠￡￥￦"
_MONEY = (
    rf"(?<![\p{{L}}\p{{N}}])(?:\p{{Lu}}{{1,3}}|us|Can|Mex)[{_CURRENCIES}]"
    rf"|[{_CURRENCIES}](?:US|AU|A|NZ|CAN|CA|C|HK|SG|S|NT)(?!\p{{L}})"
)
# U.S., U.K., e.g.; a single initial (J. or the damaged “U.” of a bad scan); 1,000, 49.95 and 1.5bn; then words.
_SPOKEN = (
    rf"{_USUAL}|(?<![\p{{L}}\p{{N}}])(?:(?:\p{{L}}\.){{2,}}|(?:\p{{L}}\.)+\p{{L}}(?!\p{{L}}|{_DIGIT}|\.))(?:['’][sS](?!\p{{L}}))?"
    r"|(?<![\p{L}\p{N}'’])\p{Lu}\.(?=\s|$|[’'\"”)\]])"
    rf"|{_DIGIT}+(?:[.,]{_DIGIT}+)+\p{{L}}*+(?!{_DIGIT})"
    rf"|(?<![\p{{L}}\p{{N}}])(?:AUD|CAD|CHF|CNY|DKK|EUR|GBP|HKD|INR|JPY|KRW|NOK|NTD|NZD|PLN|RMB|Rs|SEK|SGD|TWD|USD)(?={_DIGIT})"
    rf"|{_WORD}"
)
_SIGNS = re.compile(rf"[@/{_CURRENCIES}]|\.[^\s.]")  # without one of them there is no address and no money

# Before case is folded these are countries; afterwards nothing would tell the country from the pronoun “us”.
COUNTRIES = {"US": "u.s.", "U.S": "u.s.", "U.S.": "u.s.", "UK": "u.k.", "U.K": "u.k.", "U.K.": "u.k."}

LONGEST_COUNTRY = max(len(name) for name in COUNTRIES if name.isalpha())

COMPILED_FROM = 4_000_000  # characters: below, the plain loop is done before numba is imported
BATCH = 4_000_000  # characters that are worked on at once

_STRAIGHT = str.maketrans(dict.fromkeys(_APOSTROPHES, "'") | {"‐": "-", "‑": "-", "İ": "i"})
# Forms that stand for letters: ligatures, full and half width, letters of formulas, Roman numerals.
_FORMS = "ªº\u0132\u0133\u0149\u017f\u01c4-\u01cc\u01f1-\u01f3ʰ-ʸᴬ-ᵪ\u2080-\u2089\u2100-\u214f\u2160-\u2188"
_FORMS += "\ufb00-\ufb4f\ufb50-\ufdfb\ufe70-\ufefc\uff10-\uffdc\U0001d400-\U0001d7ff"


@lru_cache(maxsize=1)
def token_pattern() -> regex.Pattern:
    """Return the compiled pattern of a token."""
    import regex

    return regex.compile(f"{_ADDRESS}|{_MONEY}|{_SPOKEN}", regex.VERSION1)


@lru_cache(maxsize=1)
def _spoken_pattern():
    """Return the pattern for a text without addresses and money, which is twice as quick."""
    import regex

    return regex.compile(_SPOKEN, regex.VERSION1)


def find_tokens(text: str) -> Iterator:
    """Yield the matches of the token pattern in a text; what `fold` leaves nothing of is no token."""
    pattern = token_pattern() if _SIGNS.search(text) else _spoken_pattern()
    return pattern.finditer(text)


@lru_cache(maxsize=1)
def _forms() -> tuple[re.Pattern, re.Pattern]:
    """Return the patterns of characters without width, and of forms that stand for letters."""
    return re.compile(f"[{UNSEEN}]+"), re.compile(f"[{_FORMS}]+")


def fold(word: str) -> str:
    """Return the form under which a word is counted.

    A possessive *'s* is dropped, apostrophes and hyphens are made straight, characters without width removed,
    ligatures and other forms of letters made letters, `US` and `U.S.` become the one type `u.s.`, and case is folded
    last, so that the pronoun *us* stays apart. Of money (`US$`) nothing is left.

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
    >>> [fold(word) for word in ("U.S.", "US", "us", "China’s", "Allies", "oﬃcial")]
    ['u.s.', 'u.s.', 'us', 'china', 'allies', 'official']
    """
    if word.isascii() and word.isalpha():
        return COUNTRIES.get(word) or word.lower()
    if is_address(word):
        return word.lower()
    if "Sc" in (unicodedata.category(word[0]), unicodedata.category(word[-1])):
        return ""
    if not word.isascii():
        unseen, forms = _forms()
        word = forms.sub(lambda match: unicodedata.normalize("NFKC", match[0]), unseen.sub("", word))
        word = unicodedata.normalize("NFC", word).translate(_STRAIGHT)
    if word[-2:] in ("'s", "'S"):
        word = word[:-2]
    if "-" in word:
        return "-".join(filter(None, map(fold, word.split("-"))))
    return COUNTRIES.get(word) or word.lower()


_LABEL = re.compile(r"(?:^|\.)[^\W\d_][^\W_]")


def is_address(word: str) -> bool:
    """Tell the address of a page or a person, which is one token that no entry of a lexicon matches.

    Examples
    --------
    >>> [is_address(word) for word in ("https://a.example/x", "a@b.example", "rand.org", "u.s.", "1.5bn", "ally")]
    [True, True, True, False, False, False]
    """
    return "/" in word or "@" in word or ("." in word and _LABEL.search(word) is not None)


# In a line of capitals US is the pronoun after these words, as in CONTACT US, and before the end, as in WITH US.
_PRONOUN = re.compile(
    r"(?:\b(?:ABOUT|ASK|BLESS|CALL|CONTACT|DELIVER|E-?MAIL|FIND|FOLLOW|FORGIVE|GIVE|HEAR|HELP|HIRE|JOIN|LET|LIKE|MAIL|"
    r"MEET|PHONE|REACH|REMEMBER|SAVE|SEND|SHOW|SUPPORT|TEACH|TELL|TEXT|THANK|TRUST|VISIT|WATCH|WRITE|(?:ALL|ANY|BOTH|"
    r"EACH|FEW|MANY|MOST|NONE|ONE|REST|SOME|THREE|TWO) OF) +US\b(?![-$’']|\.\w| +(?:ALL(?:Y|IES)|ARM[SY]|BASES?|"
    r"CONGRESS|DEFEN[CS]E|DOLLARS?|FORCES|GOVERNMENT|INTERESTS|MILITARY|NAVY|POLICY|PRESIDENT|SANCTIONS|SECURITY|SENATE|"
    r"SOLDIERS|TRADE|TREASUR(?:Y|IES)|TROOPS|WARSHIPS?))"
    r"|\b(?:AMONG|BEHIND|BETWEEN|FOR|TO|WITH) +US(?=\W*$))"
)


def quiet_capitals(text: str) -> str:
    """Return a text in which the pronoun US of lines in capitals is written Us, character for character.

    Nothing but what stands before it tells CONTACT US from the country in such a line; elsewhere US is the country.

    Examples
    --------
    >>> quiet_capitals("CONTACT US, JAPAN AND THE US")
    'CONTACT Us, JAPAN AND THE US'
    """
    if " US" not in text:
        return text
    if "\n" in text:
        return "\n".join([quiet_capitals(line) for line in text.split("\n")])
    if not text.isupper():
        return text
    return _PRONOUN.sub(lambda match: match[0][:-1] + "s", text)


def words(text: str) -> list[str]:
    """Split a string into tokens.

    This is the one tokeniser of crossread. A token is a run of Unicode letters, digits and combining marks.
    `U.S.`, `U.K.`, other dotted initials and a single capital initial stay whole; a possessive *'s* is dropped;
    straight and curly quotes and all hyphens and dashes are folded; a hyphen separates tokens (so `burden-sharing`
    and `burden sharing` are the same two tokens); numbers are tokens, `1,000` and `1.5bn` one
    of them; punctuation is not. Ligatures and letters of full width are letters; raised digits are marks of notes and
    belong to no word; characters without width part no word. The address of a page or a person is one token. Of
    `US$5` the token is 5. Case is folded last: before that `US` and `U.S.` become the type `u.s.`, never the pronoun
    *us*, but for CONTACT US and the like in a line of capitals. Scripts without spaces between words stay in one token
    from space to space. No stop list is applied.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    list of str
        The tokens in order.

    Examples
    --------
    >>> words("The U.S. told us: China’s burden-sharing costs 1,000.")
    ['the', 'u.s.', 'told', 'us', 'china', 'burden', 'sharing', 'costs', '1,000']
    >>> words("Allies¹ pay US$1.5bn, says www.pay.example.")
    ['allies', 'pay', '1.5bn', 'says', 'www.pay.example']
    """
    folded = (fold(match.group()) for match in find_tokens(quiet_capitals(text)))
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
    """

    types: tuple[str, ...]
    ids: np.ndarray
    starts: np.ndarray
    ends: np.ndarray
    sentence: np.ndarray
    sentence_pointers: np.ndarray
    document_pointers: np.ndarray

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
    """Counts of terms in units of text, as a sparse matrix with its two margins named."""

    matrix: csr_matrix  # counts, one row a unit, one column a term
    units: pd.DataFrame  # one row a unit: doc_id, segment or sentence_id where the unit is one, and n_tokens
    terms: np.ndarray  # the terms, sorted


def use_compiled(n_characters: int) -> bool:
    """Tell whether a text is long enough for the compiled loops, and numba there to compile them."""
    # the loops read eight bytes at once, the first of them lowest
    return n_characters >= COMPILED_FROM and sys.byteorder == "little" and find_spec("numba") is not None


class Tokenizer:
    """Numbers tokens batch by batch, with one vocabulary that grows in order of first appearance.

    Parameters
    ----------
    compiled : bool
        Which of two ways to the same numbers to take.
    """

    def __init__(self, compiled: bool = False):
        self.compiled = compiled
        self.vocabulary: dict[str, int] = {}
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
        sentences = [(quiet_capitals(text), clean, source) for text, clean, source in sentences]
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
        return [number for chunk in quiet_capitals(text).split() for number in self._types_of(chunk)]

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
            for match in find_tokens(text):
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
        found = [(self._number(match.group()), *match.span()) for match in find_tokens(chunk)]
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


def pointers(sizes: ArrayLike) -> np.ndarray:
    """Return where each of some consecutive pieces begins, with the total at the end."""
    return np.concatenate([[0], np.cumsum(np.asarray(sizes, dtype=np.int64))]).astype(np.int64)
