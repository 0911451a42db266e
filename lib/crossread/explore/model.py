"""What the explorer shows, as tables: four views over one selection. No widget is needed here."""

from __future__ import annotations

from collections import OrderedDict

import numpy as np
import pandas as pd

from crossread.corpus import Corpus
from crossread.errors import CrossreadError
from crossread.explore.state import State
from crossread.explore.working import edit_lexicon, working_diff
from crossread.lexicon import Lexicon, count_entry, find_hits, make_lexicon, read_lexicon
from crossread.lexicon.contexts import show_hits
from crossread.resampling import block_inflation, exact_limits
from crossread.themes import THEME_RATES, theme_contrasts, theme_rates, validate_lexicon

QUERY = "query"  # the key under which the pattern of the query box is counted
WINDOW = 5
WITH_WORDS = ("key", "term", "count", "expected", "ratio", "low", "high")
WITH_ACTORS = ("key", "actor", "sentences", "expected", "ratio", "low", "high")
MOST_COMPARED = 8  # documents; their pairs are 28
MOST_TIED = 100  # documents in which the ties of actors are measured
KEPT = 32  # queries and working copies remembered


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
        self.labels = dict(zip(self.doc_ids, map(str, corpus.documents["label"]), strict=True))
        sentences = corpus.sentences
        self._row_of = pd.Index(sentences.index)
        self._document_of = pd.Index(self.doc_ids).get_indexer(sentences["doc_id"])
        self._is_body = (sentences["kind"] == "body").to_numpy()
        lengths = sentences["n_tokens"].to_numpy()
        self.n_tokens = np.bincount(self._document_of, weights=lengths, minlength=len(self.doc_ids)).astype(np.int64)
        self._kept: OrderedDict = OrderedDict()

    # --- what is selected ---------------------------------------------------------------------------------------

    def documents(self, state: State) -> list[str]:
        """Return the selected documents in their order."""
        self._known(state.documents, self.doc_ids, "document")
        return [doc_id for doc_id in self.doc_ids if doc_id in set(state.documents)] or self.doc_ids

    def keys(self, state: State) -> list[str]:
        """Return the selected themes in their order, then the query's key if one is asked."""
        known = self.working_copy(state).keys
        chosen = [key for key in known if key in set(state.keys)] or list(known)
        return chosen + ([QUERY] if state.query else [])

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
        self._known(state.documents, self.doc_ids, "document")
        self._known([state.document] if state.document else (), self.doc_ids, "document")
        self._known([state.sentence] if state.sentence else (), self._row_of, "sentence")
        self.hits(state)
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

    def hits(self, state: State) -> pd.DataFrame:
        """Return the hits of the working copy, all kinds of sentences, with their row and document as numbers.

        Returns
        -------
        DataFrame
            As `find_hits`, and row (of `corpus.sentences`), document (number).
        """
        return self._remember("hits", state.edits, lambda: self._find(self.working_copy(state)))

    def query_hits(self, pattern: str) -> pd.DataFrame | None:
        """Return the hits of a pattern as `hits` does, or None where only its counts can be known."""

        def find():
            lexicon = make_lexicon(QUERY, {QUERY: [pattern]})
            if not self.corpus.attached:
                count_entry(self.corpus, pattern)  # raises TextNeeded for more than one word
                return None
            return self._find(lexicon)

        return self._remember("query", pattern, find)

    def _find(self, lexicon: Lexicon) -> pd.DataFrame:
        hits = find_hits(self.corpus, lexicon)
        row = self._row_of.get_indexer(hits["sentence_id"])
        return hits.assign(row=row, document=self._document_of[row])

    def shown_hits(self, state: State, body: bool = True) -> pd.DataFrame:
        """Return the hits of the selected documents and themes, and of the query, in the order of the texts."""

        def select():
            tables = [self.hits(state)]
            found = self.query_hits(state.query) if state.query else None
            tables += [] if found is None else [found]
            table = pd.concat([t.astype({"key": str, "entry": str, "lexicon": str}) for t in tables], ignore_index=True)
            keep = table["key"].isin(self.keys(state)).to_numpy(copy=True)
            if len(self.documents(state)) < len(self.doc_ids):
                keep &= np.isin(table["document"], pd.Index(self.doc_ids).get_indexer(self.documents(state)))
            if body:
                keep &= self._is_body[table["row"]]
            return table[keep].sort_values(["document", "start_token", "key"], ignore_index=True)

        key = (state.edits, state.query, state.documents, state.keys, body)
        return self._remember("shown", key, select)

    def query_rates(self, pattern: str) -> pd.DataFrame:
        """Return the rates of a pattern in every document, as `theme_rates`.

        Without texts a pattern of one word is counted by passage; the columns of sentences are then missing.

        Raises
        ------
        TextNeeded
            For more than one word without texts.
        CrossreadError
            What cannot be read in the pattern.
        """

        def measure():
            hits = self.query_hits(pattern)
            if hits is not None:
                return theme_rates(hits, self.corpus.sentences)
            return self._rates_by_passage(pattern)

        return self._remember("query rates", pattern, measure)

    def _rates_by_passage(self, pattern: str) -> pd.DataFrame:
        units = self.corpus.term_matrix("segment").units
        counts = count_entry(self.corpus, pattern).set_index(["doc_id", "segment"])["count"]
        places = pd.MultiIndex.from_frame(units[["doc_id", "segment"]])
        units = units.assign(count=counts.reindex(places, fill_value=0).to_numpy())
        parts = [units[units["doc_id"] == doc_id] for doc_id in self.doc_ids]
        measured = [(part[["count"]].to_numpy(float), part["n_tokens"].to_numpy(float)) for part in parts]
        inflation = block_inflation(measured, block=1)[0]
        count = np.array([part["count"].sum() for part in parts])
        n_tokens = np.array([part["n_tokens"].sum() for part in parts])
        low, high = exact_limits(count, n_tokens, inflation=inflation)
        table = pd.DataFrame(
            {
                "doc_id": self.doc_ids,
                "key": QUERY,
                "count": count,
                "n_tokens": n_tokens,
                "per_1000": 1000 * count / n_tokens,
                "low": 1000 * low,
                "high": 1000 * high,
            }
        ).reindex(columns=[*THEME_RATES, "verdict"])
        silent = np.where(1000 * high > 2.0, "not informative", "absent")
        return table.assign(verdict=np.where(count > 0, "present", silent))

    # --- where --------------------------------------------------------------------------------------------------

    def where(self, state: State) -> pd.DataFrame:
        """Return where each hit of the selection stands.

        Returns
        -------
        DataFrame
            doc_id, key, entry, sentence_id, position (tokens before it in the document), place (0 to 1).
        """
        hits = self.shown_hits(state)
        table = hits[["doc_id", "key", "entry", "sentence_id"]].copy()
        table["position"] = hits["start_token"]
        table["place"] = hits["start_token"] / np.maximum(self.n_tokens[hits["document"]], 1)
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
        length = int(self.n_tokens[self.doc_ids.index(doc_id)])
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
        rates = self._remember(
            "rates", state.edits, lambda: theme_rates(_named(self.hits(state)), self.corpus.sentences)
        )
        tables = [rates] if not state.query else [rates, self.query_rates(state.query)]
        table = pd.concat(tables, ignore_index=True)
        documents, keys = self.documents(state), self.keys(state)
        table = table[table["key"].isin(keys)]
        if len(documents) < len(self.doc_ids):
            table = table[table["doc_id"].isin(documents)]
        order = np.lexsort(
            (pd.Index(self.doc_ids).get_indexer(table["doc_id"]), pd.Index(keys).get_indexer(table["key"]))
        )
        return table.iloc[order].reset_index(drop=True)

    def contrasts(self, state: State) -> pd.DataFrame:
        """Compare the selected documents in pairs, as `theme_contrasts`; Holm over all rows returned.

        Raises
        ------
        CrossreadError
            "Choose two to eight documents to compare them in pairs; now there are …."
        """
        documents = self.documents(state)
        if not 2 <= len(documents) <= MOST_COMPARED:
            raise CrossreadError(
                f"Choose two to {MOST_COMPARED} documents to compare them in pairs; now there are {len(documents):,}."
            )

        def compare():
            hits = self.shown_hits(state)
            keys = [key for key in self.keys(state) if key != QUERY or self.query_hits(state.query) is not None]
            hits = hits.assign(key=pd.Categorical(hits["key"], keys))
            sentences = self.corpus.sentences
            sentences = sentences[sentences["doc_id"].isin(documents)]
            return theme_contrasts(hits, sentences, quantity=state.unit)

        key = (state.edits, state.query, state.documents, state.keys, state.unit)
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
        documents = self.documents(state)
        near = self._near(state)
        near = near[near["key"].isin(self.keys(state)) & near["doc_id"].isin(documents)]
        sizes = near[near["term"] == _ALL].groupby("key")["count"].sum()
        counts = near[near["term"] != _ALL].groupby(["key", "term"], sort=False)["count"].sum().reset_index()
        counts = counts[counts["count"] >= 3]
        of_term, total = self._term_counts(tuple(documents))
        expected = sizes.reindex(counts["key"]).to_numpy(float) * of_term.reindex(counts["term"]).to_numpy() / total
        table = _as_ratio(counts, expected)
        return _top(table, self.keys(state), top, "term")[list(WITH_WORDS)]

    def _near(self, state: State) -> pd.DataFrame:
        """doc_id, key, term, count within the window of the hits, and a row “(all)” with their sum."""
        from crossread.terms.collocation import count_near_hits

        def count(hits):
            table = count_near_hits(self.corpus, hits, WINDOW)
            whole = table.groupby(["doc_id", "key"], as_index=False)["count"].sum().assign(term=_ALL)
            return pd.concat([table, whole], ignore_index=True)

        def published():
            table = self.corpus.published("collocates")
            changed = {edit.key for edit in state.edits}
            wanted = {key for key in self.keys(state) if key != QUERY}
            if table is None or not wanted - changed <= set(table["key"]) or changed & wanted:
                self.corpus.require_text("a count of the words around hits like these")
            return table

        if not self.corpus.attached:
            return published()
        tables = [self._remember("near", state.edits, lambda: count(self.hits(state)))]
        if state.query:
            tables.append(self._remember("near query", state.query, lambda: count(self.query_hits(state.query))))
        return pd.concat(tables, ignore_index=True)

    def _term_counts(self, documents: tuple[str, ...]) -> tuple[pd.Series, int]:
        def count():
            counted = self._remember("matrix", "document", lambda: self.corpus.term_matrix("document"))
            rows = np.flatnonzero(counted.units["doc_id"].isin(documents))
            of_term = np.asarray(counted.matrix[rows].sum(axis=0)).ravel()
            return pd.Series(of_term, index=counted.terms), int(of_term.sum())

        return self._remember("terms", documents, count)

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
        actors = self.actor_hits()
        chosen = np.zeros(len(self.doc_ids), dtype=bool)
        chosen[pd.Index(self.doc_ids).get_indexer(self.documents(state))] = True
        in_play = self._is_body & chosen[self._document_of]
        n_sentences = int(in_play.sum())
        named = actors[in_play[actors["row"]]].drop_duplicates(["row", "key"])
        per_actor = named.groupby(named["key"].astype(str))["row"].size()
        tables = []
        for key, rows in self.shown_hits(state).groupby("key", sort=False)["row"]:
            rows = rows.unique()
            meet = named[named["row"].isin(rows)]
            count = meet.groupby(meet["key"].astype(str))["row"].size()
            count = count[count >= 3]
            table = pd.DataFrame({"key": key, "actor": count.index, "count": count.to_numpy()})
            expected = per_actor.reindex(count.index).to_numpy(float) * len(rows) / n_sentences
            tables.append(_as_ratio(table, expected))
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
            return comentions(self.actor_hits(), self.corpus.sentences, list(documents), minimum_sentences=2, draws=500)

        return self._remember("ties", documents, measure).head(top)

    def actor_hits(self) -> pd.DataFrame:
        """Return the hits of the actors."""

        def find():
            if self._actors is None:
                self._actors = read_lexicon(self.corpus.lexicon_path("actors"))
            return self._find(self._actors)

        return self._remember("actors", "", find)

    # --- read ---------------------------------------------------------------------------------------------------

    def listed_hits(self, state: State) -> pd.DataFrame:
        """Return the hits that are listed beside the text: of the selection, or of one bar of it."""
        hits = self.shown_hits(state)
        doc_id, key = state.listed
        if doc_id:
            hits = hits[hits["doc_id"] == doc_id]
        if key:
            hits = hits[hits["key"] == key]
        return hits.reset_index(drop=True)

    def listing(self, state: State, most: int | None = None) -> pd.DataFrame:
        """Return the concordance of the hits that are listed, sorted as the state says.

        Parameters
        ----------
        state : State
        most : int, optional
            Rows; sorting by context reads up to five times as many.

        Returns
        -------
        DataFrame
            As `concordance`; without texts the columns of the hits alone.
        """
        hits = self.listed_hits(state)
        if not self.corpus.attached:
            return hits.head(most or len(hits))
        if most is not None:
            hits = hits.head(most if state.sort == "position" else 5 * most)
        return show_hits(self.corpus, hits, window=WINDOW, sort=state.sort).head(most or len(hits))

    def step(self, state: State, forward: bool) -> str:
        """Return the sentence of the next, or the previous, hit of the selection; the first one at the end."""
        hits = self.shown_hits(state)
        if hits.empty:
            return ""
        rows = np.unique(hits["row"].to_numpy())
        if not state.sentence:
            return str(self._row_of[rows[0 if forward else -1]])
        here = self._row_of.get_loc(state.sentence)
        place = np.searchsorted(rows, here, side="right") if forward else np.searchsorted(rows, here) - 1
        return str(self._row_of[rows[place % len(rows)]])

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
        start = State()
        keys = list(dict.fromkeys(edit.key for edit in state.edits))
        now = self._all_rates(state)
        before = self._all_rates(start)
        rates = now[now["key"].isin(keys)].merge(before, how="left", on=["doc_id", "key"], suffixes=("", "_before"))
        rates = rates[
            [
                "doc_id",
                "key",
                "count_before",
                "count",
                "per_1000_before",
                "low_before",
                "high_before",
                "per_1000",
                "low",
                "high",
            ]
        ]
        return {
            "rates": rates.reset_index(drop=True),
            "contrasts": self._changed_contrasts(start, state),
            "validation": self._changed_scores(start, state, keys),
            "diff": working_diff(self.lexicon, state.edits),
        }

    def _all_rates(self, state: State) -> pd.DataFrame:
        return self.how_much(State(edits=state.edits))

    def _changed_contrasts(self, start: State, state: State) -> pd.DataFrame:
        columns = ["key", "doc_a", "doc_b", "verdict_before", "verdict"]
        if len(self.doc_ids) > MOST_COMPARED or len(self.doc_ids) < 2:
            return pd.DataFrame(columns=columns)
        now, before = self.contrasts(State(edits=state.edits)), self.contrasts(start)
        both = now.merge(before, how="left", on=["key", "doc_a", "doc_b"], suffixes=("", "_before"))
        both["verdict_before"] = both["verdict_before"].fillna("not asked")
        return both.loc[both["verdict"] != both["verdict_before"], columns].reset_index(drop=True)

    def _changed_scores(self, start: State, state: State, keys) -> pd.DataFrame:
        scores = []
        for moment in (state, start):
            hits = _named(self.hits(moment))
            coded = self.codes is not None and any(key in self.codes for key in hits["key"].cat.categories)
            table = validate_lexicon(hits, self.codes if coded else None, entries=False)
            scores.append(table[["key", "precision", "recall", "f1", "n_coded"]])
        both = scores[0].merge(scores[1], how="left", on="key", suffixes=("", "_before"))
        return both[both["key"].isin(keys)].reset_index(drop=True)


_ALL = "(all)"


def _named(hits: pd.DataFrame) -> pd.DataFrame:
    return hits.drop(columns=["row", "document"])


def _hits(count) -> str:
    return f"{int(count):,} hit{'' if count == 1 else 's'}"


def _as_ratio(table: pd.DataFrame, expected) -> pd.DataFrame:
    expected = np.asarray(expected, dtype=float)
    count = table["count"].to_numpy(float)
    low, high = exact_limits(count, expected) if len(table) else (count, count)
    return table.assign(expected=expected, ratio=count / expected, low=low, high=high)


def _top(table: pd.DataFrame, keys, top: int, name: str) -> pd.DataFrame:
    order = np.lexsort((table[name].astype(str), -table["low"].round(9), pd.Index(keys).get_indexer(table["key"])))
    return table.iloc[order].groupby("key", sort=False).head(top).reset_index(drop=True)
