"""What the explorer shows, as tables: four views over one selection. No widget is needed here."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from crossread.corpus import Corpus
from crossread.errors import CrossreadError
from crossread.explore.passages import Passages
from crossread.explore.state import State
from crossread.explore.working import edit_lexicon, working_diff
from crossread.lexicon import Lexicon, find_hits, make_lexicon, read_lexicon
from crossread.lexicon.contexts import show_hits
from crossread.lexicon.matching import Places, find_spans
from crossread.resampling import block_inflation, exact_limits
from crossread.tables import HITS
from crossread.themes import THEME_RATES, Observations, contrasts_of, rates_of, theme_contrasts, validate_lexicon

QUERY = "query"  # the key under which the pattern of the query box is counted
WINDOW = 5
WITH_WORDS = ("key", "term", "count", "expected", "ratio", "low", "high")
WITH_ACTORS = ("key", "actor", "sentences", "expected", "ratio", "low", "high")
MOST_COMPARED = 8  # documents; their pairs are 28
MOST_TIED = 100  # documents in which the ties of actors are measured
MOST_SORTED = 50_000  # hits that are sorted by the words around them
KEPT = 24  # queries, working copies and selections remembered


@dataclass(frozen=True)
class Found:
    """Hits as numbers, in the order of the texts: millions of them are sifted in a moment.

    Attributes
    ----------
    keys, entries : tuple of str
        What the numbers in `key` and `entry` stand for.
    row, document : array of int
        Of `corpus.sentences` and of `corpus.documents`.
    key, entry : array of int
    start, end : array of int
        Tokens of the document, half open.
    """

    keys: tuple[str, ...]
    entries: tuple[str, ...]
    row: np.ndarray
    document: np.ndarray
    key: np.ndarray
    entry: np.ndarray
    start: np.ndarray
    end: np.ndarray

    def __len__(self) -> int:
        return len(self.row)

    def take(self, chosen) -> Found:
        """Return the hits at these places, or where the mask is true."""
        columns = (self.row, self.document, self.key, self.entry, self.start, self.end)
        return Found(self.keys, self.entries, *(column[chosen] for column in columns))


class Workbench:
    """A corpus, a lexicon and its codes, ready to be asked for any selection.

    Parameters
    ----------
    corpus : Corpus
        With or without texts.
    lexicon : Lexicon, optional
        Themes; by default the corpus's own themes.yml.
    actors : Lexicon, optional
        By default the corpus's own actors.yml.
    codes : DataFrame, optional
        Hand codes; by default the codes.csv beside the corpus.

    Examples
    --------
    >>> from crossread import from_texts
    >>> lexicon = make_lexicon("demo", {"cost": ["costs"]})
    >>> bench = Workbench(from_texts({"a": "Costs rise. Allies pay."}), lexicon)
    >>> bench.how_much(State())[["doc_id", "key", "count"]].values.tolist()
    [['a', 'cost', 1]]
    """

    def __init__(
        self,
        corpus: Corpus,
        lexicon: Lexicon | None = None,
        actors: Lexicon | None = None,
        codes: pd.DataFrame | None = None,
    ):
        self.corpus = corpus
        self.lexicon = lexicon if lexicon is not None else read_lexicon(corpus.lexicon_path("themes"))
        if QUERY in self.lexicon.keys:
            raise CrossreadError(f"The key “{QUERY}” of the lexicon “{self.lexicon.name}” is the query box's own.")
        self._actors, self._codes = actors, codes
        self.doc_ids = list(corpus.documents.index)
        self.number_of = {doc_id: number for number, doc_id in enumerate(self.doc_ids)}
        self.labels = dict(zip(self.doc_ids, map(str, corpus.documents["label"]), strict=True))
        sentences = corpus.sentences
        self._ids = sentences.index
        self._document_of = pd.Index(self.doc_ids).get_indexer(sentences["doc_id"]).astype(np.int32)
        self._bounds = np.searchsorted(self._document_of, np.arange(len(self.doc_ids) + 1))
        self._is_body = (sentences["kind"] == "body").to_numpy()
        lengths = sentences["n_tokens"].to_numpy()
        self.n_tokens = np.bincount(self._document_of, weights=lengths, minlength=len(self.doc_ids)).astype(np.int64)
        self._counted = np.flatnonzero(self._is_body & (lengths > 0))  # the sentences that rates are of
        self._counted_bounds = np.searchsorted(self._counted, self._bounds)
        self._counted_tokens = lengths[self._counted]
        self._kept: OrderedDict = OrderedDict()
        self._once: dict = {}

    # --- what is selected ---------------------------------------------------------------------------------------

    def documents(self, state: State) -> list[str]:
        """Return the selected documents in their order."""
        self._known(state.documents, self.number_of, "document")
        return sorted(set(state.documents), key=self.number_of.__getitem__) or self.doc_ids

    def keys(self, state: State) -> list[str]:
        """Return the selected themes in their order, then the query's key if one is asked."""
        known = self.working_copy(state).keys
        chosen = [key for key in known if key in set(state.keys)] or list(known)
        return chosen + ([QUERY] if state.query else [])

    def is_chosen(self, state: State) -> np.ndarray:
        """Tell for each document whether it is selected."""
        if not state.documents:
            return np.ones(len(self.doc_ids), dtype=bool)
        chosen = np.zeros(len(self.doc_ids), dtype=bool)
        chosen[[self.number_of[doc_id] for doc_id in self.documents(state)]] = True
        return chosen

    def sentences_of(self, documents) -> pd.DataFrame:
        """Return the sentences of some documents, all kinds."""
        pieces = [np.arange(*self._bounds[self.number_of[d] : self.number_of[d] + 2]) for d in documents]
        return self.corpus.sentences.iloc[np.concatenate(pieces)]

    def check(self, state: State) -> State:
        """Return the state if it fits this corpus and lexicon.

        Raises
        ------
        CrossreadError
            "This analysis is of the corpus “x”; open is “y”."; "There is no document “x” in …"; what is wrong in an
            entry or the query; `TextNeeded` where it asks for more than the published counts can tell.
        """
        if state.corpus and state.corpus != self.corpus.name:
            raise CrossreadError(f"This analysis is of the corpus “{state.corpus}”; open is “{self.corpus.name}”.")
        self._known(state.documents, self.number_of, "document")
        self._known([state.document] if state.document else (), self.number_of, "document")
        self._known([state.sentence] if state.sentence else (), self._ids, "sentence")
        self.found(state)
        self.added(state)
        self._known(state.keys, self.working_copy(state).keys, "theme")
        if state.query:
            self.query_rates(state.query)
        return state

    def _known(self, names, known, what: str) -> None:
        for name in names:
            if name not in known:
                raise CrossreadError(f"There is no {what} “{name}” in “{self.corpus.name}”.")

    # --- what is counted ----------------------------------------------------------------------------------------

    def _remember(self, what: str, key, make):
        if key == "":  # what depends on the corpus alone
            if what not in self._once:
                self._once[what] = make()
            return self._once[what]
        place = (what, key)
        if place not in self._kept:
            self._kept[place] = make()
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(place)
        return self._kept[place]

    def working_copy(self, state: State) -> Lexicon:
        """Return the lexicon with the edits of the state."""
        return self._remember("lexicon", state.edits, lambda: edit_lexicon(self.lexicon, state.edits))

    def found(self, state: State) -> Found:
        """Return the hits of the working copy that have a place, all kinds of sentences."""
        return self._remember(
            "found", state.edits, lambda: self._find(self._placed_lexicon(state), self.keys_of(state))
        )

    def keys_of(self, state: State) -> tuple[str, ...]:
        """Return all themes of the working copy."""
        return self.working_copy(state).keys

    def _new_entries(self, state: State) -> list:
        """The entries of the working copy whose places are not known without texts."""
        if self.corpus.attached:
            return []
        known = {(entry.key, entry.text) for entry in self.lexicon}
        return [entry for entry in self.working_copy(state) if (entry.key, entry.text) not in known]

    def _placed_lexicon(self, state: State) -> Lexicon:
        lexicon, new = self.working_copy(state), set(self._new_entries(state))
        return replace(lexicon, entries=tuple(e for e in lexicon if e not in new)) if new else lexicon

    def added(self, state: State) -> dict[str, np.ndarray]:
        """Return for each theme with entries that have no place without texts what they add to each passage."""

        def count():
            new = self._new_entries(state)
            if not new:
                return {}
            found = self.found(state)
            found = found.take(self._is_body[found.row])
            passage = self._passage_of()[found.row]
            added = {}
            for key in dict.fromkeys(entry.key for entry in new):
                own = found.key == found.keys.index(key)
                hits = pd.DataFrame(
                    {
                        "entry": np.array(found.entries, dtype=object)[found.entry[own]],
                        "start_token": found.start[own],
                        "end_token": found.end[own],
                        "passage": passage[own],
                    }
                )
                entries = [entry for entry in new if entry.key == key]
                old = list(self._placed_lexicon(state))
                added[key] = self.passages.add_entries(key, entries, old, hits)
            return added

        return self._remember("added", state.edits, count)

    def without_places(self, state: State) -> list[str]:
        """Return the selected themes, and the query, of which some hits have no known sentence."""
        keys = [key for key in self.keys(state) if key in self.added(state)]
        return keys + ([QUERY] if state.query and self.query_found(state.query) is None else [])

    @property
    def passages(self) -> Passages:
        """The passages of the corpus and what is counted in them."""
        return self._remember("passages", "", lambda: Passages(self.corpus))

    def _passage_of(self) -> np.ndarray:
        return self._remember("passage of", "", self.passages.of_sentences)

    def query_found(self, pattern: str) -> Found | None:
        """Return the hits of a pattern, or None where only its counts can be known."""

        def find():
            lexicon = make_lexicon(QUERY, {QUERY: [pattern]})
            if not self.corpus.attached:
                self.passages.count_entry(lexicon.entries[0])  # raises TextNeeded for what it cannot count
                return None
            return self._find(lexicon, (QUERY,))

        return self._remember("query", pattern, find)

    def _find(self, lexicon: Lexicon, keys: tuple[str, ...]) -> Found:
        entries = tuple(dict.fromkeys(entry.text for entry in lexicon))
        if not self.corpus.attached:
            hits = find_hits(self.corpus, lexicon)
            row = self._ids.get_indexer(hits["sentence_id"]).astype(np.int32)
            key = pd.Index(keys).get_indexer(hits["key"].astype(str))
            entry = pd.Index(entries).get_indexer(hits["entry"].astype(str))
            start, end = (hits[name].to_numpy() for name in ("start_token", "end_token"))
            return Found(keys, entries, row, self._document_of[row], key, entry, start, end)
        store = self.corpus.tokens
        places = self._remember("places", "", lambda: Places(store))
        start, end, number = find_spans(store, lexicon, places)
        row = store.sentence[start]
        document = self._document_of[row]
        first = store.document_pointers[document]
        key = np.array([keys.index(entry.key) for entry in lexicon], dtype=np.int16)[number]
        entry = np.array([entries.index(entry.text) for entry in lexicon], dtype=np.int32)[number]
        start, end = ((place - first).astype(np.int32) for place in (start, end))
        return Found(keys, entries, row, document, key, entry, start, end)

    def chosen_hits(self, state: State, body: bool = True) -> Found:
        """Return the hits of the selected documents and themes, and of the query, in the order of the texts."""

        def select():
            keys = tuple(self.keys(state))
            chosen = self.is_chosen(state)
            parts = [self.found(state)]
            parts += [found] if state.query and (found := self.query_found(state.query)) is not None else []
            kept, entries = [], ()
            for found in parts:
                number = pd.Index(keys).get_indexer(found.keys)[found.key]
                keep = number >= 0
                if state.documents:
                    keep &= chosen[found.document]
                if body:
                    keep &= self._is_body[found.row]
                found = replace(found, key=number, entry=found.entry + len(entries), keys=keys)
                kept.append(found.take(keep))
                entries += found.entries
            if len(kept) == 1:
                return replace(kept[0], entries=entries)
            columns = ("row", "document", "key", "entry", "start", "end")
            both = Found(keys, entries, *(np.concatenate([getattr(found, name) for found in kept]) for name in columns))
            place = np.concatenate([[0], np.cumsum(self.n_tokens)])[both.document] + both.start
            return both.take(np.argsort(place, kind="stable"))

        key = (state.edits, state.query, state.documents, state.keys, body)
        return self._remember("chosen", key, select)

    def as_table(self, found: Found) -> pd.DataFrame:
        """Return hits as `find_hits` does, and row (of `corpus.sentences`), document (number)."""
        return pd.DataFrame(
            {
                "doc_id": np.array(self.doc_ids, dtype=object)[found.document],
                "sentence_id": self._ids[found.row].to_numpy(),
                "lexicon": pd.Categorical.from_codes(np.zeros(len(found), dtype=np.int8), [self.lexicon.name]),
                "key": pd.Categorical.from_codes(found.key, list(found.keys)),
                "entry": np.array(found.entries, dtype=object)[found.entry],
                "start_token": found.start.astype(np.int64),
                "end_token": found.end.astype(np.int64),
                "row": found.row,
                "document": found.document,
            }
        )

    def shown_hits(self, state: State, body: bool = True) -> pd.DataFrame:
        """Return `chosen_hits` as a table."""
        return self.as_table(self.chosen_hits(state, body))

    def query_rates(self, pattern: str) -> pd.DataFrame:
        """Return the rates of a pattern in every document, as `theme_rates`.

        Without texts a pattern is counted by passage; the columns of sentences are then missing.

        Raises
        ------
        TextNeeded
            For what the published counts do not hold.
        CrossreadError
            What cannot be read in the pattern.
        """

        def measure():
            found = self.query_found(pattern)
            if found is None:
                return self._rates_by_passage({QUERY: self.passages.count(pattern)})
            return rates_of(self._observed(found))

        return self._remember("query rates", pattern, measure)

    def _observed(self, found: Found) -> Observations:
        """Hits counted sentence by sentence, as `observe` does."""
        number = np.full(len(self._ids), -1, dtype=np.int64)
        number[self._counted] = np.arange(len(self._counted))
        number = number[found.row]
        shape = len(self._counted), len(found.keys)
        cells = (number * shape[1] + found.key)[number >= 0]
        counts = np.bincount(cells, minlength=shape[0] * shape[1]).reshape(shape)
        return self._by_document(found.keys, counts, self._counted_tokens, self._counted_bounds)

    def _by_document(self, keys, counts, tokens, bounds) -> Observations:
        pieces = {d: slice(*bounds[number : number + 2]) for number, d in enumerate(self.doc_ids)}
        rows, sizes = ({d: values[p] for d, p in pieces.items()} for values in (counts, tokens))
        return Observations(tuple(self.doc_ids), tuple(keys), rows, sizes, {})

    def _observed_by_passage(self, counts: dict[str, np.ndarray]) -> Observations:
        document = pd.Index(self.doc_ids).get_indexer(self.passages.units["doc_id"])
        bounds = np.searchsorted(document, np.arange(len(self.doc_ids) + 1))
        return self._by_document(tuple(counts), np.column_stack(list(counts.values())), self.passages.n_tokens, bounds)

    def _counts_by_passage(self, state: State, keys) -> dict[str, np.ndarray]:
        """Return for themes, and the query, their hits in each passage."""
        found = self.found(state)
        passage = self._passage_of()[found.row]
        counts = {}
        for key in keys:
            if key == QUERY:
                counts[key] = self.passages.count(state.query)
                continue
            own = passage[(found.key == found.keys.index(key)) & (passage >= 0)] if key in found.keys else passage[:0]
            counts[key] = np.bincount(own, minlength=len(self.passages.units)) + self.added(state).get(key, 0)
        return counts

    def _rates_by_passage(self, counts: dict[str, np.ndarray]) -> pd.DataFrame:
        seen = self._observed_by_passage(counts)
        units = [seen.units(doc_id) for doc_id in seen.documents]
        inflation = block_inflation(units, block=1)
        count = np.array([own.sum(0) for own, _ in units])
        n_tokens = np.array([tokens.sum() for _, tokens in units])[:, None]
        low, high = exact_limits(count, np.maximum(n_tokens, 1), inflation=inflation)
        table = pd.DataFrame(
            {
                "doc_id": np.repeat(np.array(self.doc_ids, dtype=object), len(counts)),
                "key": list(counts) * len(self.doc_ids),
                "count": count.ravel().astype(int),
                "n_tokens": np.repeat(n_tokens.ravel().astype(int), len(counts)),
                "per_1000": (1000 * count / np.maximum(n_tokens, 1)).ravel(),
                "low": 1000 * low.ravel(),
                "high": 1000 * high.ravel(),
            }
        ).reindex(columns=[*THEME_RATES, "verdict"])
        silent = np.where(table["high"] > 2.0, "not informative", "absent")
        return table.assign(verdict=np.where(table["count"] > 0, "present", silent))

    # --- where --------------------------------------------------------------------------------------------------

    def hits_per_document(self, state: State) -> np.ndarray:
        """Return for each document of the corpus the hits of the selection that have a place."""
        return np.bincount(self.chosen_hits(state).document, minlength=len(self.doc_ids))

    def where(self, state: State, documents=None) -> pd.DataFrame:
        """Return where each hit of the selection stands.

        Parameters
        ----------
        state : State
        documents : list of str, optional
            Only these.

        Returns
        -------
        DataFrame
            doc_id, key, entry, sentence_id, position (tokens before it in the document), place (0 to 1).
        """
        found = self.chosen_hits(state)
        if documents is not None:
            bounds = np.searchsorted(found.document, [[self.number_of[d], self.number_of[d] + 1] for d in documents])
            found = found.take(np.concatenate([np.arange(*pair) for pair in bounds]))
        table = self.as_table(found)[["doc_id", "key", "entry", "sentence_id"]].astype({"key": str})
        table["position"] = found.start.astype(np.int64)
        table["place"] = found.start / np.maximum(self.n_tokens[found.document], 1)
        return table

    def curve(self, positions, doc_id: str, smoothing: int, steps: int = 80) -> np.ndarray:
        """Return hits per 1,000 tokens along a document, averaged over a moving window.

        Parameters
        ----------
        positions : sequence of int
            Of the hits, in tokens.
        doc_id : str
        smoothing : int
            Width of the window in tokens; at the ends of the document it stays inside.
        steps : int
            Places at which the rate is given, evenly spread from the first token to the last.

        Returns
        -------
        array of float, steps
        """
        length = int(self.n_tokens[self.number_of[doc_id]])
        centre = np.linspace(0, length, steps)
        width = min(smoothing, length)
        low = np.clip(centre - width / 2, 0, length - width)
        high = low + width
        positions = np.sort(np.asarray(positions))
        count = np.searchsorted(positions, high, side="right") - np.searchsorted(positions, low)
        return 1000 * count / max(width, 1)

    # --- how much -----------------------------------------------------------------------------------------------

    def how_much(self, state: State) -> pd.DataFrame:
        """Return the rates of the selection with their limits and verdicts.

        The limits do not depend on which documents are selected: how hits cluster is always asked of all of them.

        Returns
        -------
        DataFrame
            As `theme_rates`: one row per selected document and theme, themes first.
        """
        tables = [self._all_rates(state)] + ([self.query_rates(state.query)] if state.query else [])
        table = pd.concat(tables, ignore_index=True)
        keys, n_keys = self.keys(state), len(table) // len(self.doc_ids) if self.doc_ids else 0
        if not n_keys:
            return table
        # the tables are documents by themes: rows are found by their number, not by their names
        places = []
        names = [(number, tables[0], key) for number, key in enumerate(self.keys_of(state))]
        for key in keys:
            if key == QUERY:
                places.append(np.arange(len(tables[0]), len(table)))
            else:
                number = next(number for number, _, name in names if name == key)
                places.append(np.arange(number, len(tables[0]), len(names)))
        chosen = np.flatnonzero(self.is_chosen(state))
        return table.iloc[np.concatenate([place[chosen] for place in places])].reset_index(drop=True)

    def _all_rates(self, state: State, by_passage=()) -> pd.DataFrame:
        """The rates of all themes of the working copy, documents by themes; some by passage."""

        def measure():
            found = self.found(state)
            rates = rates_of(self._observed(found))
            keys = [key for key in self.keys_of(state) if key in by_passage or key in self.added(state)]
            if keys:
                other = self._rates_by_passage(self._counts_by_passage(state, keys))
                rows = np.flatnonzero(rates["key"].isin(keys))
                rates = rates.astype({"n_sentences": float, "sentences_with_hit": float})
                rates.iloc[rows] = other[rates.columns].to_numpy()
                rates = rates.astype({"count": int, "n_tokens": int})
            return rates

        return self._remember("rates", (state.edits, tuple(by_passage)), measure)

    def contrasts(self, state: State, by_passage: bool = False) -> pd.DataFrame:
        """Compare the selected documents in pairs, as `theme_contrasts`; Holm over all rows returned.

        Where hits of the selection have no known sentence, the passages are dealt instead of blocks of sentences.

        Raises
        ------
        CrossreadError
            "Choose two to eight documents to compare them in pairs; now there are …."; "Shares of sentences cannot be
            told …"
        """
        documents = self.documents(state)
        if not 2 <= len(documents) <= MOST_COMPARED:
            raise CrossreadError(
                f"Choose two to {MOST_COMPARED} documents to compare them in pairs; now there are {len(documents):,}."
            )
        by_passage = by_passage or bool(self.without_places(state))
        if by_passage and state.unit == "share":
            raise CrossreadError(
                "Shares of sentences cannot be told for these hits without the texts; hits per 1,000 tokens can."
            )

        def compare():
            if by_passage:
                seen = self._observed_by_passage(self._counts_by_passage(state, self.keys(state)))
                rows, sizes = ({d: values[d] for d in documents} for values in (seen.counts, seen.tokens))
                return contrasts_of(Observations(tuple(documents), seen.keys, rows, sizes, {}), block=1)
            hits = self.as_table(self.chosen_hits(state))
            return theme_contrasts(hits, self.sentences_of(documents), quantity=state.unit)

        key = (state.edits, state.query, state.documents, state.keys, state.unit, by_passage)
        return self._remember("contrasts", key, compare)

    # --- with what ----------------------------------------------------------------------------------------------

    def with_words(self, state: State, top: int = 10) -> pd.DataFrame:
        """Return the words that stand around the hits of each theme more often than chance would have it.

        Expected is what words strewn evenly over the selected documents would give; the limits are exact for a count
        (Garwood 1936, Biometrika 28, 437-442) and take meetings as independent of one another.

        Parameters
        ----------
        state : State
        top : int
            Words per theme, those first whose lower limit is highest.

        Returns
        -------
        DataFrame
            key; term; count (occurrences within five tokens of a hit, in its sentence); expected; ratio (count over
            expected); low, high (its 95 per cent limits).

        Raises
        ------
        TextNeeded
            Where neither the texts nor a published table of these themes is here.
        """

        def measure():
            of_term, total = self._term_counts(tuple(self.documents(state)))
            tables = []
            for key, counts, size in self._near(state):
                counts = counts[counts >= 3]
                expected = size * of_term.reindex(counts.index).to_numpy() / total
                tables.append(_as_ratio(pd.DataFrame({"key": key, "term": counts.index, "count": counts}), expected))
            if not tables:
                return pd.DataFrame(columns=list(WITH_WORDS))
            return _top(pd.concat(tables, ignore_index=True), self.keys(state), top, "term")[list(WITH_WORDS)]

        key = (state.edits, state.query, state.documents, state.keys, top)
        return self._remember("with words", key, measure)

    def _near(self, state: State):
        """Yield each theme, the counts of the terms within the window of its hits, and their sum."""
        if self.corpus.attached:
            found = self.chosen_hits(state)
            types = self._types()
            for number, key in enumerate(found.keys):
                ids = self._near_ids(found.take(found.key == number))
                counts = np.bincount(ids, minlength=len(types))
                some = np.flatnonzero(counts)
                yield key, pd.Series(counts[some], index=types[some]), len(ids)
            return
        table = self.corpus.published("collocates")
        changed = {edit.key for edit in state.edits}
        wanted = [key for key in self.keys(state) if key != QUERY and key not in changed]
        if table is None or not wanted or not set(wanted) <= set(table["key"]):
            self.corpus.require_text("a count of the words around hits like these")
        table = table[table["doc_id"].isin(self.documents(state))]
        for key in wanted:
            counts = table[table["key"] == key].groupby("term", sort=False)["count"].sum()
            yield key, counts.drop(_ALL, errors="ignore"), counts.get(_ALL, 0)

    def _types(self) -> np.ndarray:
        return self._remember("types", "", lambda: np.array(self.corpus.tokens.types, dtype=object))

    def _near_ids(self, found: Found) -> np.ndarray:
        """Return the types of the tokens within the window of hits of one theme, each token once, without the hits."""
        store = self.corpus.tokens
        offset = store.document_pointers[found.document]
        start, end = found.start + offset, found.end + offset
        first = np.maximum(store.sentence_pointers[found.row], start - WINDOW)
        last = np.minimum(store.sentence_pointers[found.row + 1], end + WINDOW)
        # the hits of a theme do not overlap, so their windows begin and end in their order: each adds what is new
        first[1:] = np.maximum(first[1:], last[:-1])
        sizes = np.maximum(last - first, 0)
        places = np.repeat(first - np.concatenate([[0], np.cumsum(sizes)[:-1]]), sizes) + np.arange(sizes.sum())
        own = np.zeros(len(store) + 1, dtype=bool)
        for step in range(int((end - start).max(initial=0))):
            own[np.minimum(start + step, end - 1)] = True
        return store.ids[places[~own[places]]]

    def _term_counts(self, documents: tuple[str, ...]) -> tuple[pd.Series, int]:
        def count():
            counted = self._remember("matrix", "", lambda: self.corpus.term_matrix("document"))
            whole = len(documents) == len(self.doc_ids)
            rows = slice(None) if whole else [self.number_of[doc_id] for doc_id in documents]
            of_term = np.asarray(counted.matrix[rows].sum(axis=0)).ravel()
            return pd.Series(of_term, index=pd.Index(counted.terms, dtype=object)), int(of_term.sum())

        return self._remember("terms", documents if len(documents) < len(self.doc_ids) else "", count)

    def with_actors(self, state: State, top: int = 8) -> pd.DataFrame:
        """Return the actors named in the sentences of each theme more often than chance would have it.

        Parameters
        ----------
        state : State
        top : int
            Actors per theme, those first whose lower limit is highest.

        Returns
        -------
        DataFrame
            key; actor; sentences (with a hit of the theme and of the actor); expected (were the actor's sentences
            strewn evenly over the selected documents); ratio, low, high as in `with_words`.
        """
        actors = self.actors_found()
        chosen = self.is_chosen(state)
        in_play = self._is_body & chosen[self._document_of]
        n_sentences = int(in_play.sum())
        n_actors = max(len(actors.keys), 1)
        pairs = self._remember("named", "", lambda: np.unique(actors.row.astype(np.int64) * n_actors + actors.key))
        row, actor = pairs // n_actors, pairs % n_actors
        row, actor = row[in_play[row]], actor[in_play[row]]
        per_actor = np.bincount(actor, minlength=n_actors)
        found = self.chosen_hits(state)
        without = set(self.without_places(state))
        tables = []
        for number, key in enumerate(found.keys):
            if key in without:
                continue
            hit = np.zeros(len(self._ids), dtype=bool)
            hit[found.row[found.key == number]] = True
            count = np.bincount(actor[hit[row]], minlength=n_actors)
            some = np.flatnonzero(count >= 3)
            table = pd.DataFrame({"key": key, "actor": np.array(actors.keys, dtype=object)[some], "count": count[some]})
            tables.append(_as_ratio(table, per_actor[some] * hit.sum() / max(n_sentences, 1)))
        if not tables:
            return pd.DataFrame(columns=list(WITH_ACTORS))
        table = pd.concat(tables, ignore_index=True).rename(columns={"count": "sentences"})
        return _top(table, self.keys(state), top, "actor")[list(WITH_ACTORS)]

    def ties(self, state: State, top: int = 10) -> pd.DataFrame:
        """Return the actors most often named together in the selected documents, as `actors.comentions`.

        Raises
        ------
        CrossreadError
            "Choose at most 100 documents to see which actors are named together; now there are …."
        """
        from crossread.actors import comentions

        documents = tuple(self.documents(state))
        if len(documents) > MOST_TIED:
            raise CrossreadError(
                f"Choose at most {MOST_TIED} documents to see which actors are named together; "
                f"now there are {len(documents):,}."
            )

        def measure():
            actors = self.actors_found()
            hits = self.as_table(actors.take(self.is_chosen(state)[actors.document]))
            sentences = self.sentences_of(documents)
            return comentions(hits, sentences, list(documents), minimum_sentences=2, draws=500)

        return self._remember("ties", documents, measure).head(top)

    def actors_found(self) -> Found:
        """Return the hits of the actors."""

        def find():
            if self._actors is None:
                self._actors = read_lexicon(self.corpus.lexicon_path("actors"))
            return self._find(self._actors, self._actors.keys)

        return self._remember("actors", "", find)

    # --- read ---------------------------------------------------------------------------------------------------

    def listed_hits(self, state: State) -> Found:
        """Return the hits that are listed beside the text: of the selection, or of one bar of it."""
        found = self.chosen_hits(state)
        doc_id, key = state.listed
        if doc_id:
            number = self.number_of.get(doc_id, -1)
            found = found.take(slice(*np.searchsorted(found.document, [number, number + 1])))
        if key:
            found = found.take(found.key == (found.keys.index(key) if key in found.keys else -1))
        return found

    def listing(self, state: State, first: int = 0, most: int | None = None) -> pd.DataFrame:
        """Return the concordance of the hits that are listed, sorted as the state says.

        Parameters
        ----------
        state : State
        first : int
            Lines that are passed over.
        most : int, optional
            Lines. Of more than 50,000 hits the first so many are sorted by their context.

        Returns
        -------
        DataFrame
            As `concordance`; without texts the columns of the hits alone.
        """
        found = self.listed_hits(state)
        last = len(found) if most is None else first + most
        if not self.corpus.attached or state.sort == "position":
            found = found.take(slice(first, last))
            table = self.as_table(found)[list(HITS)].astype({"key": str})
            return show_hits(self.corpus, table, window=WINDOW) if self.corpus.attached else table
        found = found.take(slice(0, MOST_SORTED))
        found = found.take(self._order_by_context(found, state.sort)[first:last])
        return show_hits(self.corpus, self.as_table(found)[list(HITS)].astype({"key": str}), window=WINDOW)

    def _order_by_context(self, found: Found, sort: str) -> np.ndarray:
        """Return the order of hits by the words before them (the nearest first), in them, or after them."""
        store = self.corpus.tokens
        rank = self._remember("rank of types", "", lambda: _ranks_of(self._types()))
        offset = store.document_pointers[found.document]
        begin, stop = offset, store.document_pointers[found.document + 1]
        start, end = found.start + offset, found.end + offset
        columns = []
        for step in range(WINDOW if sort != "match" else int((end - start).max(initial=0))):
            place = {"left": start - 1 - step, "match": start + step, "right": end + step}[sort]
            inside = (place >= begin) & (place < (end if sort == "match" else stop))
            columns.append(np.where(inside, rank[store.ids[np.clip(place, 0, len(store) - 1)]], -1))
        return np.lexsort(columns[::-1]) if columns else np.arange(len(found))

    def step(self, state: State, forward: bool) -> str:
        """Return the sentence of the next, or the previous, hit of the selection; the first one at the end."""
        rows = np.unique(self.chosen_hits(state).row)
        if not len(rows):
            return ""
        if not state.sentence:
            return str(self._ids[rows[0 if forward else -1]])
        here = self._ids.get_loc(state.sentence)
        place = np.searchsorted(rows, here, side="right") if forward else np.searchsorted(rows, here) - 1
        return str(self._ids[rows[place % len(rows)]])

    def hits_to_mark(self, state: State, document: str) -> Found:
        """Return the hits of the selected themes, and the query, in all kinds of sentences of one document."""
        return self.chosen_hits(state.change(documents=(document,)), body=False)

    def documents_named(self, text: str) -> list[str]:
        """Return the documents with a text in their label, title or authors, the case aside."""

        def words():
            about = self.corpus.documents
            parts = [about[name].fillna("").astype(str) for name in ("label", "title", "authors", "year")]
            return (parts[0] + "\n" + parts[1] + "\n" + parts[2] + "\n" + parts[3]).str.casefold().tolist()

        text = text.casefold().strip()
        return [d for d, said in zip(self.doc_ids, self._remember("names", "", words), strict=True) if text in said]

    def suggest(self, text: str, most: int = 8) -> list[tuple[str, str]]:
        """Return completions of the last word of a pattern, the most frequent first, each with its count.

        Examples
        --------
        >>> from crossread import from_texts
        >>> corpus = from_texts({"a": "Costs rise. Costs fall. A cost."})
        >>> bench = Workbench(corpus, make_lexicon("demo", {"x": ["rise"]}))
        >>> bench.suggest("the cos")
        [('the cos*', '3 hits in 2 words'), ('the costs', '2 hits'), ('the cost', '1 hit')]
        """
        start = max(text.rfind(mark) for mark in " (|~!,") + 1
        before, word = text[:start], text[start:].casefold()
        if len(word) < 2 or any(mark in word for mark in "*?)"):
            return []
        of_term, _ = self._term_counts(tuple(self.doc_ids))
        low, high = of_term.index.searchsorted(word), of_term.index.searchsorted(word + chr(0x10FFFF))
        found = of_term.iloc[low:high]
        found = found.iloc[np.lexsort((found.index, -found.to_numpy()))]
        told = [(before + term, _hits(count)) for term, count in found.head(most).items()]
        if len(found) > 1:
            told.insert(0, (f"{before}{word}*", f"{_hits(found.sum())} in {len(found):,} words"))
        return told[:most]

    # --- the working copy ---------------------------------------------------------------------------------------

    @property
    def codes(self) -> pd.DataFrame | None:
        """The hand codes of the corpus, None where there are none."""
        if self._codes is None and self.corpus.folder is not None:
            for path in (self.corpus.folder / "codes.csv", self.corpus.folder.parent / "codes.csv"):
                if path.is_file():
                    self._codes = pd.read_csv(path)
                    break
        return self._codes

    def effect(self, state: State) -> dict[str, pd.DataFrame | str]:
        """Return what the working copy changes.

        Returns
        -------
        dict
            rates: doc_id, key, per_1000 and per_1000_before with their limits, count, count_before, of the keys that
            were edited; contrasts: key, doc_a, doc_b, verdict_before, verdict, where they differ; validation: key,
            precision, recall and f1, each also _before; diff: what changes in the file.
        """
        return self._remember("effect", state.edits, lambda: self._effect(State(edits=state.edits)))

    def _effect(self, state: State) -> dict[str, pd.DataFrame | str]:
        start = State()
        keys = list(dict.fromkeys(edit.key for edit in state.edits))
        by_passage = tuple(self.added(state))
        now = self._all_rates(state)
        known = tuple(key for key in by_passage if key in self.lexicon.keys)
        before = self._all_rates(start, known)
        rates = now[now["key"].isin(keys)].merge(
            before[before["key"].isin(keys)], how="left", on=["doc_id", "key"], suffixes=("", "_before")
        )
        columns = ["count", "per_1000", "low", "high"]
        before = [f"{name}_before" for name in columns]
        return {
            "rates": rates[["doc_id", "key", before[0], columns[0], *before[1:], *columns[1:]]],
            "contrasts": self._changed_contrasts(start, state),
            "validation": self._changed_scores(start, state, keys),
            "diff": working_diff(self.lexicon, state.edits),
        }

    def _changed_contrasts(self, start: State, state: State) -> pd.DataFrame:
        columns = ["key", "doc_a", "doc_b", "verdict_before", "verdict"]
        if len(self.doc_ids) > MOST_COMPARED or len(self.doc_ids) < 2:
            return pd.DataFrame(columns=columns)
        by_passage = bool(self.added(state))
        now = self.contrasts(State(edits=state.edits), by_passage)
        before = self.contrasts(start, by_passage)
        both = now.merge(before, how="left", on=["key", "doc_a", "doc_b"], suffixes=("", "_before"))
        both["verdict_before"] = both["verdict_before"].fillna("not asked")
        return both.loc[both["verdict"] != both["verdict_before"], columns].reset_index(drop=True)

    def _changed_scores(self, start: State, state: State, keys) -> pd.DataFrame:
        scores = []
        for moment in (state, start):
            found = self.found(moment)
            coded = self.codes is not None and any(key in self.codes for key in found.keys)
            if coded:
                rows = self._ids.get_indexer(self.codes["sentence_id"])
                of_codes = np.zeros(len(self._ids), dtype=bool)
                of_codes[rows[rows >= 0]] = True
                found = found.take(of_codes[found.row])
            hits = self.as_table(found if coded else found.take(slice(0, 0)))
            table = validate_lexicon(hits[list(HITS)], self.codes if coded else None, entries=False)
            scores.append(table[["key", "precision", "recall", "f1", "n_coded"]])
        both = scores[0].merge(scores[1], how="left", on="key", suffixes=("", "_before"))
        unknown = both["key"].isin(list(self.added(state)))
        both.loc[unknown, ["precision", "recall", "f1"]] = np.nan
        return both[both["key"].isin(keys)].reset_index(drop=True)


_ALL = "(all)"


def _ranks_of(types: np.ndarray) -> np.ndarray:
    ranks = np.empty(len(types), dtype=np.int64)
    ranks[np.argsort(types, kind="stable")] = np.arange(len(types))
    return ranks


def _hits(count) -> str:
    return f"{int(count):,} hit{'' if count == 1 else 's'}"


def _as_ratio(table: pd.DataFrame, expected) -> pd.DataFrame:
    expected = np.asarray(expected, dtype=float)
    count = table["count"].to_numpy(float)
    low, high = exact_limits(count, expected) if len(table) else (count, count)
    return table.assign(expected=expected, ratio=count / expected, low=low, high=high)


def _top(table: pd.DataFrame, keys, top: int, name: str) -> pd.DataFrame:
    low, place = -table["low"].round(9).to_numpy(), pd.Index(keys).get_indexer(table["key"])
    near = np.zeros(len(table), dtype=bool)  # only what may be among the first is sorted by its name
    for number in range(len(keys)):
        own = np.flatnonzero(place == number)
        if len(own):
            near[own[low[own] <= np.partition(low[own], min(top, len(own)) - 1)[min(top, len(own)) - 1]]] = True
    table, low, place = table[near], low[near], place[near]
    order = np.lexsort((table[name].astype(str), low, place))
    return table.iloc[order].groupby("key", sort=False).head(top).reset_index(drop=True)
