"""The one finder: where the entries of a lexicon stand in tokens, and which of the matches count, all in integers."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from crossread.corpus.tokens import TokenStore, alphabetical, is_address
from crossread.lexicon.formats import Lexicon
from crossread.lexicon.patterns import Entry, glob_pattern, spellings

Spans = tuple[np.ndarray, np.ndarray]  # starts and ends of matches, sorted by start, then end


@dataclass(frozen=True)
class Matches:
    """Where the entries of a lexicon match, in the order of the texts.

    Attributes
    ----------
    lexicon : Lexicon
        What was looked for.
    start, end : int64 arrays
        First token of each match and the one after its last, as offsets into the store. Matches that begin and end
        alike stand in the order of the keys, then of the entries.
    entry : int64 array
        Which of `lexicon.entries` matched.
    """

    lexicon: Lexicon
    start: np.ndarray
    end: np.ndarray
    entry: np.ndarray

    def __len__(self) -> int:
        return len(self.start)

    @property
    def key(self) -> np.ndarray:
        """Which of `lexicon.keys` each match belongs to."""
        number = {key: code for code, key in enumerate(self.lexicon.keys)}
        return np.array([number[entry.key] for entry in self.lexicon.entries], dtype=np.int64)[self.entry]

    def in_order(self) -> Matches:
        """Return the matches in the order of the texts."""
        return self._chosen(np.lexsort((self.entry, self.key, self.end, self.start)))

    def settled(self) -> Matches:
        """Return those that count: longest first, left to right, one token once per key."""
        rank = rank_entries(self.lexicon.entries)[self.entry]
        return self._chosen(settle_spans(self.start, self.end, self.key, rank))

    def _chosen(self, rows: np.ndarray) -> Matches:
        return replace(self, start=self.start[rows], end=self.end[rows], entry=self.entry[rows])


def match_tokens(store: TokenStore, lexicon: Lexicon) -> Matches:
    """Find every place where an entry of a lexicon matches, overlapping ones included, inside sentences only.

    Parameters
    ----------
    store : TokenStore
        Where to look; only types, ids, sentences and their pointers are needed.
    lexicon : Lexicon
        What to look for.

    Returns
    -------
    Matches

    Examples
    --------
    >>> from crossread import from_texts
    >>> from crossread.lexicon import make_lexicon
    >>> store = from_texts({"a": "Costs rise.", "b": "Shared costs fall."}).tokens
    >>> found = match_tokens(store, make_lexicon("demo", {"cost": ["cost*", "shared cost*"]}))
    >>> [column.tolist() for column in (found.start, found.end, found.entry)]
    [[0, 2, 3], [1, 4, 4], [0, 1, 0]]
    >>> found.settled().start.tolist()
    [0, 2]
    """
    finder = _Finder(store, lexicon.entries)
    spans = [finder.find_entry(entry) for entry in lexicon.entries]
    none = np.zeros(0, dtype=np.int64)
    start, end = (np.concatenate([none, *(span[side] for span in spans)]) for side in (0, 1))
    entry = np.repeat(np.arange(len(spans)), [len(starts) for starts, _ in spans])
    return Matches(lexicon, start, end, entry).in_order()


class Vocabulary:
    """Types, sorted so that a word pattern finds its own by bisection where it can."""

    def __init__(self, types: Sequence[str], alphabet: tuple[list[str], np.ndarray] | None = None):
        self.sorted, self.order = alphabet or alphabetical(types)

    def find(self, glob: str) -> np.ndarray:
        """Return the sorted ids of the types that match a word pattern; no address of a page or a person does."""
        literal = min((glob.find(c) for c in "*?" if c in glob), default=len(glob))
        prefix, rest = glob[:literal], glob[literal:]
        low = bisect_left(self.sorted, prefix)
        if not rest:
            high = low + (low < len(self.sorted) and self.sorted[low] == prefix)
        else:
            high = bisect_left(self.sorted, prefix + chr(0x10FFFF), low)
        numbers = self.order[low:high]
        if rest and rest != "*":
            match = glob_pattern(glob).fullmatch
            numbers = numbers[[i for i, word in enumerate(self.sorted[low:high]) if match(word)]]
        if rest and len(self.addresses):
            numbers = numbers[~np.isin(numbers, self.addresses)]
        return np.sort(numbers)

    @cached_property
    def addresses(self) -> np.ndarray:
        """The ids of the types that are addresses."""
        return self.order[[i for i, word in enumerate(self.sorted) if is_address(word)]]


class _Finder:
    """Finds patterns in one token store; what several entries share is looked up once."""

    def __init__(self, store: TokenStore, entries: Iterable[Entry]):
        self.store = store
        self.vocabulary = Vocabulary(store.types, store.alphabet)
        self._types: dict[str, np.ndarray] = {}
        self._found: dict[str, Spans] = {}
        self._found_any: dict[tuple[str, ...], Spans] = {}
        # one pass over the tokens collects the places of the rarest word of every sequence
        texts = {text for entry in entries for text in (entry.pattern, *entry.near, *entry.blocked)}
        self.anchors: dict[tuple[str, ...], int] = {}
        needed = np.zeros(len(store.types), dtype=bool)
        for text in texts:
            for sequence in spellings(text):
                sizes = [store.frequencies[self.types(glob)].sum() for glob in sequence]
                anchor = self.anchors[sequence] = int(np.argmin(sizes))
                if sizes[anchor]:
                    needed[self.types(sequence[anchor])] = True
        found = np.flatnonzero(needed[store.ids])
        ids = store.ids[found]
        order = np.argsort(ids, kind="stable")
        self._places = found[order]
        self._bounds = np.searchsorted(ids[order], np.arange(len(store.types) + 1))

    def types(self, glob: str) -> np.ndarray:
        if glob not in self._types:
            self._types[glob] = self.vocabulary.find(glob)
        return self._types[glob]

    def find_sequence(self, sequence: tuple[str, ...]) -> np.ndarray:
        """Return the sorted starts of a sequence of word patterns, inside sentences only."""
        store, length, anchor = self.store, len(sequence), self.anchors[sequence]
        pieces = [self._places[self._bounds[i] : self._bounds[i + 1]] for i in self.types(sequence[anchor])]
        starts = np.sort(np.concatenate(pieces)).astype(np.int64) - anchor if pieces else np.zeros(0, dtype=np.int64)
        if length == 1:
            return starts
        starts = starts[(starts >= 0) & (starts + length <= len(store.ids))]
        for offset, glob in enumerate(sequence):
            if offset != anchor and glob != "*":
                wanted = np.zeros(len(store.types), dtype=bool)
                wanted[self.types(glob)] = True
                starts = starts[wanted[store.ids[starts + offset]]]
        return starts[store.sentence[starts] == store.sentence[starts + length - 1]]

    def find(self, pattern: str) -> Spans:
        """Return all spans of a pattern."""
        if pattern not in self._found:
            by_length: dict[int, list[np.ndarray]] = {}
            for sequence in spellings(pattern):
                by_length.setdefault(len(sequence), []).append(self.find_sequence(sequence))
            starts = {
                n: pieces[0] if len(pieces) == 1 else np.unique(np.concatenate(pieces))
                for n, pieces in by_length.items()
            }
            self._found[pattern] = _merged([(begin, begin + n) for n, begin in starts.items()])
        return self._found[pattern]

    def find_any(self, patterns: tuple[str, ...]) -> Spans:
        if patterns not in self._found_any:
            self._found_any[patterns] = _merged([self.find(pattern) for pattern in patterns])
        return self._found_any[patterns]

    def find_entry(self, entry: Entry) -> Spans:
        """Return the spans of an entry for which its conditions hold."""
        starts, ends = self.find(entry.pattern)
        hidden = self.find_any(entry.blocked) if entry.blocked else None
        if hidden is not None:
            seen = ~_overlaps(starts, ends, hidden)
            starts, ends = starts[seen], ends[seen]
        if entry.near and len(starts):
            near_starts, near_ends = self.find_any(entry.near)
            if hidden is not None:
                seen = ~_overlaps(near_starts, near_ends, hidden)
                near_starts, near_ends = near_starts[seen], near_ends[seen]
            held = self._is_near(starts, ends, near_starts, near_ends, entry.within)
            starts, ends = starts[held], ends[held]
        return starts, ends

    def _is_near(self, starts, ends, near_starts, near_ends, within: int | None) -> np.ndarray:
        if not len(near_starts):
            return np.zeros(len(starts), dtype=bool)
        sentence = self.store.sentence[starts]
        first, last = self.store.sentence_pointers[sentence], self.store.sentence_pointers[sentence + 1]
        if within is not None:
            first, last = np.maximum(first, starts - within), np.minimum(last, ends + within)
        # to the right: of all spans that begin at or after the end, the one that ends first
        soonest_end = np.append(np.minimum.accumulate(near_ends[::-1])[::-1], np.iinfo(np.int64).max)
        right = soonest_end[np.searchsorted(near_starts, ends)] <= last
        # to the left: of all spans that end at or before the start, the one that begins last
        order = np.argsort(near_ends, kind="stable")
        latest_start = np.concatenate([[-1], np.maximum.accumulate(near_starts[order])])
        left = latest_start[np.searchsorted(near_ends[order], starts, side="right")] >= first
        return right | left


def _merged(spans: Sequence[Spans]) -> Spans:
    if len(spans) == 1:
        return spans[0]
    starts, ends = (np.concatenate(parts) for parts in zip(*spans, strict=True))
    order = np.lexsort((ends, starts))
    return starts[order], ends[order]


def _overlaps(starts: np.ndarray, ends: np.ndarray, others: Spans) -> np.ndarray:
    if not len(others[0]):
        return np.zeros(len(starts), dtype=bool)
    furthest = np.concatenate([[-1], np.maximum.accumulate(others[1])])
    return furthest[np.searchsorted(others[0], ends)] > starts


def settle_spans(starts: np.ndarray, ends: np.ndarray, key: np.ndarray, rank: np.ndarray) -> np.ndarray:
    """Return which matches count, as quanteda settles it: longest first, left to right, one token once per key.

    `rank` says which of several entries on one span is named.
    """
    counts = np.zeros(len(starts), dtype=bool)
    if not len(starts):
        return counts
    length = ends - starts
    taken = np.zeros(int(ends.max()) + 1, dtype=bool)
    for one_key in np.unique(key):
        members = np.flatnonzero(key == one_key)
        marked = []
        for size in np.unique(length[members])[::-1]:
            rows = members[length[members] == size]
            rows = rows[np.lexsort((rank[rows], starts[rows]))]
            rows = rows[np.concatenate([[True], np.diff(starts[rows]) > 0])]  # of entries on one span the closest
            free = ~np.logical_or.reduce([taken[starts[rows] + offset] for offset in range(size)])
            rows = rows[free]
            rows = rows[_left_to_right(starts[rows], size)]
            counts[rows] = True
            for offset in range(size):
                taken[starts[rows] + offset] = True
            marked.append(rows)
        for rows in marked:  # give the array back clean
            for offset in range(int(length[rows].max(initial=0))):
                taken[starts[rows] + offset] = False
    return counts


def _left_to_right(starts: np.ndarray, size: int) -> np.ndarray:
    keep = np.ones(len(starts), dtype=bool)
    if size == 1 or len(starts) < 2:
        return keep
    close = np.flatnonzero(np.diff(starts) < size) + 1  # may overlap the one before
    previous = -1
    for i in close:
        before = i - 1 if keep[i - 1] else previous
        if starts[i] < starts[before] + size:
            keep[i] = False
            previous = before
    return keep


def rank_entries(entries: Sequence[Entry]) -> np.ndarray:
    """Return an order of entries that does not depend on the file: fewer wildcards first, then by text."""
    order = sorted(range(len(entries)), key=lambda i: (sum(map(entries[i].pattern.count, "*?")), entries[i].text))
    ranks = np.empty(len(entries), dtype=np.int64)
    ranks[order] = np.arange(len(order))
    return ranks
