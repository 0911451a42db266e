"""Where the entries of a lexicon stand in the tokens, and which of the overlapping matches count as hits."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import cached_property

import numpy as np
import pandas as pd

from crossread.corpus import Corpus
from crossread.corpus.tables import COUNTS, HITS, check_columns
from crossread.corpus.tokens import TokenStore, alphabetical, is_address
from crossread.errors import CrossreadError, TextNeeded
from crossread.lexicon.formats import Lexicon
from crossread.lexicon.patterns import Entry, glob_pattern, parse_entry, sequences, spellings

Spans = tuple[np.ndarray, np.ndarray]  # starts and ends of matches, sorted by start, then end


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
        found = self.order[low:high]
        if rest and rest != "*":
            match = glob_pattern(glob).fullmatch
            found = found[[i for i, word in enumerate(self.sorted[low:high]) if match(word)]]
        if rest and len(self.addresses):
            found = found[~np.isin(found, self.addresses)]
        return np.sort(found)

    @cached_property
    def addresses(self) -> np.ndarray:
        """The ids of the types that are addresses."""
        return self.order[[i for i, word in enumerate(self.sorted) if is_address(word)]]


class Places:
    """Where each type stands in a store: made once, it answers one pattern after another without a pass over all.

    Examples
    --------
    >>> from crossread import from_texts
    >>> store = from_texts({"a": "Costs rise. Costs fall."}).tokens
    >>> places = Places(store)
    >>> [places.order[a:b].tolist() for a, b in zip(places.bounds, places.bounds[1:])]
    [[0, 2], [1], [3]]
    """

    def __init__(self, store: TokenStore):
        self.order = np.argsort(store.ids, kind="stable").astype(np.int32)
        self.bounds = np.concatenate([[0], np.cumsum(store.frequencies)])


class _Finder:
    """Finds patterns in one token store; what several entries share is looked up once."""

    def __init__(self, store: TokenStore, entries: Iterable[Entry], places: Places | None = None):
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
            for sequence in spellings(text, store.hyphens):
                sizes = [store.frequencies[self.types(glob)].sum() for glob in sequence]
                anchor = self.anchors[sequence] = int(np.argmin(sizes))
                if sizes[anchor]:
                    needed[self.types(sequence[anchor])] = True
        if places:
            self._places, self._bounds = places.order, places.bounds
            return
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
            for sequence in spellings(pattern, self.store.hyphens):
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


def _match(
    store: TokenStore, entries: Sequence[Entry], places: Places | None = None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return start, end and entry number of every match."""
    finder = _Finder(store, entries, places)
    spans = [finder.find_entry(entry) for entry in entries]
    sizes = [len(starts) for starts, _ in spans]
    if not spans:
        empty = np.zeros(0, dtype=np.int64)
        return empty, empty, empty
    return (
        np.concatenate([starts for starts, _ in spans]),
        np.concatenate([ends for _, ends in spans]),
        np.repeat(np.arange(len(spans)), sizes),
    )


# --- overlaps -----------------------------------------------------------------------------------------------------


def _settle(starts, ends, key, rank, scope: str) -> np.ndarray:
    """Return which matches count, as quanteda settles it: longest first, left to right, one token once per key."""
    if scope not in ("key", "dictionary"):
        raise CrossreadError(f"nested_scope is “key” or “dictionary”, not “{scope}”.")
    counts = np.zeros(len(starts), dtype=bool)
    if not len(starts):
        return counts
    length = ends - starts
    if scope == "dictionary":
        return _settle_all_keys(starts, ends, key, rank, counts)
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


def _settle_all_keys(starts, ends, key, rank, counts) -> np.ndarray:
    order = np.lexsort((rank, key, starts, -(ends - starts)))
    anywhere: set[int] = set()
    within_key: set[tuple[int, int]] = set()
    i = 0
    while i < len(order):
        start, end = int(starts[order[i]]), int(ends[order[i]])
        j = i
        while j < len(order) and starts[order[j]] == start and ends[order[j]] == end:
            j += 1
        span = range(start, end)
        if not all(token in anywhere for token in span):
            for row in order[i:j]:
                places = [(int(key[row]), token) for token in span]
                if not any(place in within_key for place in places):
                    counts[row] = True
                    within_key.update(places)
                    anywhere.update(span)
        i = j
    return counts


def _ranks(entries: Sequence[Entry]) -> np.ndarray:
    """Return an order of entries that does not depend on the file: fewer wildcards first, then by text."""
    order = sorted(range(len(entries)), key=lambda i: (sum(map(entries[i].pattern.count, "*?")), entries[i].text))
    ranks = np.empty(len(entries), dtype=np.int64)
    ranks[order] = np.arange(len(order))
    return ranks


# --- tables -------------------------------------------------------------------------------------------------------


def find_spans(
    store: TokenStore, lexicon: Lexicon, places: Places | None = None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Find the hits of a lexicon as numbers only, for millions of them: the hits of `find_hits`.

    Parameters
    ----------
    store : TokenStore
        Of a corpus with texts.
    lexicon : Lexicon
        What to look for.
    places : Places, optional
        Of the same store, where one lexicon is asked for after another.

    Returns
    -------
    start, end : arrays of int
        First token of each hit and the one after its last, as offsets into the store, in its order.
    entry : array of int
        Which of `lexicon.entries` hit; hits that begin and end alike stand in the order of the keys.

    Examples
    --------
    >>> from crossread import from_texts
    >>> from crossread.lexicon import make_lexicon
    >>> corpus = from_texts({"a": "Costs rise.", "b": "Shared costs fall."})
    >>> [found.tolist() for found in find_spans(corpus.tokens, make_lexicon("demo", {"cost": ["cost*"]}))]
    [[0, 3], [1, 4], [0, 0]]
    """
    start, end, number = _match(store, lexicon.entries, places)
    codes = {key: code for code, key in enumerate(lexicon.keys)}
    key = np.array([codes[entry.key] for entry in lexicon.entries], dtype=np.int64)[number]
    counts = _settle(start, end, key, _ranks(lexicon.entries)[number], "key")
    start, end, key, number = start[counts], end[counts], key[counts], number[counts]
    order = np.lexsort((number, key, end, start)) if len(codes) > 1 or len(lexicon) > 1 else slice(None)
    return start[order], end[order], number[order]


def find_matches(corpus: Corpus, lexicon: Lexicon) -> pd.DataFrame:
    """Find every place where an entry of a lexicon matches, overlapping ones included.

    `find_hits` settles the overlaps. A corpus that publishes its matches (`matches.csv`, `entries.csv`) gives the
    right hits, without texts, for any choice among the published entries.

    Parameters
    ----------
    corpus : Corpus
        With texts attached, or with published matches.
    lexicon : Lexicon
        The entries.

    Returns
    -------
    DataFrame
        doc_id, sentence_id, lexicon (its name), key (categorical, all keys of the lexicon its categories), entry
        (categorical, all entries), start_token and end_token (half open; running numbers of tokens in the document),
        in the order of the texts.

    Raises
    ------
    TextNeeded
        "The new entry “x” of the key “y” needs the running texts of …", when it is not among the published.

    Examples
    --------
    >>> from crossread import from_texts
    >>> from crossread.lexicon import make_lexicon
    >>> corpus = from_texts({"a": "Allies share costs. War costs money."})
    >>> lexicon = make_lexicon("demo", {"cost": ["cost*", "share cost*"]})
    >>> find_matches(corpus, lexicon)[["entry", "start_token", "end_token"]].values.tolist()
    [['share cost*', 1, 3], ['cost*', 2, 3], ['cost*', 4, 5]]
    """
    if not corpus.attached:
        return _published_matches(corpus, lexicon)
    store = corpus.tokens
    start, end, number = _match(store, lexicon.entries)
    entries = lexicon.entries
    key_codes = {key: code for code, key in enumerate(lexicon.keys)}
    labels = list(dict.fromkeys(entry.text for entry in entries))
    label_codes = {text: code for code, text in enumerate(labels)}
    key = np.array([key_codes[entry.key] for entry in entries], dtype=np.int64)[number]
    label = np.array([label_codes[entry.text] for entry in entries], dtype=np.int64)[number]
    order = np.lexsort((number, key, end, start))
    start, end, key, label = start[order], end[order], key[order], label[order]
    sentence = store.sentence[start]
    document_start = store.document_pointers[np.searchsorted(store.document_pointers, start, side="right") - 1]
    return pd.DataFrame(
        {
            "doc_id": corpus.sentences["doc_id"].array.take(sentence),
            "sentence_id": corpus.sentences.index.array.take(sentence),
            "lexicon": pd.Categorical.from_codes(np.zeros(len(start), dtype=np.int8), [lexicon.name]),
            "key": pd.Categorical.from_codes(key, list(lexicon.keys)),
            "entry": pd.Categorical.from_codes(label, labels),
            "start_token": start - document_start,
            "end_token": end - document_start,
        }
    )


def settle_matches(matches: pd.DataFrame, *, nested_scope: str = "key") -> pd.DataFrame:
    """Keep of all matches those that count: longest first, left to right, one token once per key.

    Parameters
    ----------
    matches : DataFrame
        As `find_matches` returns them, all or those of some entries.
    nested_scope : {"key", "dictionary"}
        With "key" keys do not see each other. With "dictionary" a match is also dropped when every one of its tokens
        was taken by longer matches, or by matches of the same length further left, of any key.

    Returns
    -------
    DataFrame
        The rows that count, columns as before.

    Raises
    ------
    CrossreadError
        "nested_scope is “key” or “dictionary”, not “x”."
    """
    check_columns(matches, HITS, "the matches")
    document = pd.factorize(matches["doc_id"])[0]
    start, end = (matches[name].to_numpy(dtype=np.int64) for name in ("start_token", "end_token"))
    longest = (
        pd.Series(end).groupby(document).max().sort_index().to_numpy() if len(matches) else np.zeros(0, dtype=np.int64)
    )
    shift = np.concatenate([[0], np.cumsum(longest)])[document] if len(matches) else 0
    key = matches["key"].astype("category").cat.codes.to_numpy()
    texts = matches["entry"].astype("category")
    ranks = _ranks([parse_entry(text) for text in texts.cat.categories])
    rank = ranks[texts.cat.codes.to_numpy()] if len(matches) else np.zeros(0, dtype=np.int64)
    return matches[_settle(start + shift, end + shift, key, rank, nested_scope)].reset_index(drop=True)


def roll_up(matches: pd.DataFrame, level: int = 1) -> pd.DataFrame:
    """Return matches with their keys cut to the first names: senses become the theme that they are senses of.

    Parameters
    ----------
    matches : DataFrame
        As `find_matches` returns them.
    level : int
        How many names of a key are kept.

    Returns
    -------
    DataFrame
        The same rows and columns. Settle them (`settle_matches`), for two senses may have matched the same words.

    Examples
    --------
    >>> from crossread import from_texts
    >>> from crossread.lexicon import make_lexicon
    >>> lexicon = make_lexicon("demo", {"burden.cost": ["war cost*"], "burden.war": ["war"]})
    >>> len(settle_matches(roll_up(find_matches(from_texts({"a": "War costs."}), lexicon))))
    1
    """
    keys = matches["key"].astype("category")
    short = [".".join(str(key).split(".")[:level]) for key in keys.cat.categories]
    names = list(dict.fromkeys(short))
    codes = pd.Series(short).map({name: i for i, name in enumerate(names)}).to_numpy(dtype=np.int64)
    return matches.assign(key=pd.Categorical.from_codes(codes[keys.cat.codes.to_numpy()], categories=names))


def find_hits(corpus: Corpus, lexicon: Lexicon, *, nested_scope: str = "key") -> pd.DataFrame:
    """Find the hits of a lexicon: where its entries match, each token counted once per key.

    The rules are quanteda's (`tokens_lookup`): case does not matter, the longest match goes first, then the leftmost,
    and a match of which a token is already taken under its key is dropped. Matches never cross a sentence. When two
    entries of a key match the same words, the one with fewer wildcards is named. Of a window entry only the counted
    words are the hit; the words near it are a condition and stay free. The order of the entries plays no part.

    Without texts the hits come from the published tables. Which hits of an entry count depends on the other entries of
    its key, so published *hits* serve a key only when it differs from the published one by entries that never hit;
    where all *matches* are published, any choice among the published entries is settled anew and exact.

    Parameters
    ----------
    corpus : Corpus
        Where to look, headings and notes included.
    lexicon : Lexicon
        What to look for.
    nested_scope : {"key", "dictionary"}
        Whether keys are blind to each other, or a longer match of one key hides shorter ones of all keys within it.

    Returns
    -------
    DataFrame
        doc_id, sentence_id, lexicon (its name), key (categorical, all keys of the lexicon its categories, nested names
        joined by dots), entry (categorical, all entries in one line), start_token and end_token (half open; running
        numbers of tokens in the document, headings and notes counted), in the order of the texts.

    Raises
    ------
    TextNeeded
        "The new entry “x” of the key “y” needs the running texts of …". An entry of one word can still be counted by
        `count_entry`.

    Examples
    --------
    >>> from crossread import from_texts
    >>> from crossread.lexicon import make_lexicon
    >>> corpus = from_texts({"a": "The New York Times is a New York paper"})
    >>> lexicon = make_lexicon("demo", {"paper": ["New York Times"], "city": ["New York"]})
    >>> find_hits(corpus, lexicon)["key"].value_counts().to_dict()
    {'city': 2, 'paper': 1}
    >>> find_hits(corpus, lexicon, nested_scope="dictionary")["key"].value_counts().to_dict()
    {'paper': 1, 'city': 1}
    """
    if corpus.attached or corpus.published("matches") is not None:
        return settle_matches(find_matches(corpus, lexicon), nested_scope=nested_scope)
    if nested_scope != "key":
        raise TextNeeded(f"the nested scope “{nested_scope}”", corpus.name)
    return _published_hits(corpus, lexicon)


def _published_matches(corpus: Corpus, lexicon: Lexicon) -> pd.DataFrame:
    published = corpus.published("matches")
    if published is None:
        raise TextNeeded("the search for all matches", corpus.name)
    rows = check_columns(published, HITS, "the published matches")
    rows = rows[rows["lexicon"] == lexicon.name]
    known = _known_entries(corpus, lexicon, rows)
    for entry in lexicon.entries:
        if (entry.key, entry.text) not in known:
            _refuse_new(corpus, entry)
    return _published_rows(rows, lexicon)


def _published_hits(corpus: Corpus, lexicon: Lexicon) -> pd.DataFrame:
    published = corpus.published("hits")
    if published is None:
        raise TextNeeded("the search for hits", corpus.name)
    rows = check_columns(published, HITS, "the published hits")
    rows = rows[rows["lexicon"] == lexicon.name]
    known = _known_entries(corpus, lexicon, rows)
    asked = {(entry.key, entry.text) for entry in lexicon.entries}
    for entry in lexicon.entries:
        if (entry.key, entry.text) not in known:
            _refuse_new(corpus, entry)
    for key, text in dict.fromkeys(zip(rows["key"], rows["entry"], strict=True)):
        if key in lexicon.keys and (key, text) not in asked:
            raise TextNeeded(
                f"the key “{key}” without its published entry “{text}”, which may have hidden others,", corpus.name
            )
    return _published_rows(rows, lexicon)


def _known_entries(corpus: Corpus, lexicon: Lexicon, rows: pd.DataFrame) -> set[tuple[str, str]]:
    entries = corpus.published("entries")
    if entries is not None:
        rows = entries[entries["lexicon"] == lexicon.name]
    return set(zip(rows["key"], rows["entry"], strict=True))


def _refuse_new(corpus: Corpus, entry: Entry) -> None:
    what = f"the new entry “{entry.text}” of the key “{entry.key}”"
    one_word = all(len(sequence) == 1 for sequence in sequences(entry.pattern)) and not entry.near and not entry.blocked
    if one_word:
        what += " (as one word it can be counted without its places: count_entry)"
    raise TextNeeded(what, corpus.name)


def _published_rows(rows: pd.DataFrame, lexicon: Lexicon) -> pd.DataFrame:
    keys = list(lexicon.keys)
    labels = list(dict.fromkeys(entry.text for entry in lexicon.entries))
    asked = {(entry.key, entry.text) for entry in lexicon.entries}
    wanted = [pair in asked for pair in zip(rows["key"], rows["entry"], strict=True)]
    table = rows.loc[wanted, list(HITS)].reset_index(drop=True)
    table["lexicon"] = pd.Categorical(table["lexicon"], [lexicon.name])
    table["key"] = pd.Categorical(table["key"], keys)
    table["entry"] = pd.Categorical(table["entry"], labels)
    return table


def count_entry(corpus: Corpus, pattern: str) -> pd.DataFrame:
    """Count a one-word pattern by segment from the counts, with or without texts.

    Parameters
    ----------
    corpus : Corpus
        Where to count; headings and notes are not in its counts.
    pattern : str
        One word, wildcards and alternatives allowed.

    Returns
    -------
    DataFrame
        doc_id, segment (running number in the document) and count (tokens), one row a segment in which it occurs.

    Raises
    ------
    TextNeeded
        "The entry “fair share”, of more than one word, needs the running texts of …", when they are not here.

    Examples
    --------
    >>> from crossread import from_texts
    >>> count_entry(from_texts({"a": "Costs rise. The cost is shared."}), "cost*").values.tolist()
    [['a', 0, 2]]
    """
    wanted = sequences(pattern)
    if any(len(sequence) > 1 for sequence in wanted):
        if not corpus.attached:
            raise TextNeeded(f"the entry “{pattern}”, of more than one word,", corpus.name)
        raise CrossreadError(f"“{pattern}” has more than one word: find_hits finds it.")
    counts = check_columns(corpus.counts, COUNTS, "the counts")
    terms = counts["term"].unique()
    vocabulary = Vocabulary([str(term) for term in terms])
    found = terms[np.unique(np.concatenate([vocabulary.find(sequence[0]) for sequence in wanted]))]
    rows = counts[counts["term"].isin(list(found))]
    return rows.groupby(["doc_id", "segment"], sort=False, observed=True)["count"].sum().reset_index()
