"""What can be counted without texts: words and published phrases, passage by passage, where no place is known."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crossread.corpus import Corpus
from crossread.errors import TextNeeded
from crossread.lexicon import Entry, parse_entry
from crossread.lexicon.matching import Vocabulary
from crossread.lexicon.patterns import sequences

LONGEST_PHRASE = 3  # words of a phrase whose counts are published


class Passages:
    """The passages of a corpus, and the counts of words and phrases in each of them.

    Parameters
    ----------
    corpus : Corpus

    Examples
    --------
    >>> from crossread import from_texts
    >>> passages = Passages(from_texts({"a": "Costs rise. The cost is shared."}))
    >>> passages.count("cost*").tolist()
    [2]
    """

    def __init__(self, corpus: Corpus):
        self.corpus = corpus
        counted = corpus.term_matrix("segment")
        self.units, self.n_tokens = counted.units, counted.units["n_tokens"].to_numpy()
        self._by_term = counted.matrix.tocsc()
        self._vocabulary = Vocabulary([str(term) for term in counted.terms])
        self._places = pd.MultiIndex.from_frame(self.units[["doc_id", "segment"]])
        self._ngrams: pd.DataFrame | None = None

    def of_sentences(self) -> np.ndarray:
        """Return for each sentence the number of its passage, -1 outside the body."""
        return self._places.get_indexer(pd.MultiIndex.from_frame(self.corpus.sentences[["doc_id", "segment"]]))

    def count(self, pattern: str) -> np.ndarray:
        """Return how often a pattern stands in each passage.

        Raises
        ------
        TextNeeded
            "The entry “pay* ~ ally”, which asks what stands near its words, needs the running texts of …";
            likewise a phrase with * or ?, of four words, or found fewer than twice in the corpus.
        CrossreadError
            What cannot be read in the pattern.
        """
        return self.count_entry(parse_entry(pattern, "query"))

    def count_entry(self, entry: Entry) -> np.ndarray:
        """Return the same for an entry."""
        if entry.near or entry.blocked:
            self._refuse(entry, "which asks what stands near its words")
        wanted = sequences(entry.pattern)
        if all(len(sequence) == 1 for sequence in wanted):
            return self._sum(self._types(wanted, 0))
        for sequence in wanted:
            if len(sequence) > LONGEST_PHRASE:
                self._refuse(entry, f"a phrase of more than {LONGEST_PHRASE} words")
            if len(sequence) > 1 and any(mark in word for word in sequence for mark in "*?"):
                self._refuse(entry, "a phrase of more than one word with * or ?")
        if len(set(map(len, wanted))) > 1 or self._meets_itself(wanted):
            self._refuse(entry, "a phrase that may overlap itself")
        return sum(self._phrase(entry, " ".join(sequence)) for sequence in wanted)

    def add_entries(self, key: str, new: list[Entry], old: list[Entry], hits: pd.DataFrame) -> np.ndarray:
        """Return how many hits new entries add to a key in each passage; no word counts twice in a key.

        Parameters
        ----------
        key : str
        new, old : list of Entry
            What is added, and the entries whose hits are published.
        hits : DataFrame
            Published hits of the old entries in the body: entry, start_token, end_token and passage.

        Raises
        ------
        TextNeeded
            As `count`; "The entry “fair*” beside “fair (share|deal)”, which may count the same words, needs …".
        """
        found = [(entry, sequences(entry.pattern), self.count_entry(entry)) for entry in new]  # refuses what it cannot
        words = [(entry, wanted) for entry, wanted, _ in found if len(wanted[0]) == 1]
        phrases = [(entry, wanted, count) for entry, wanted, count in found if len(wanted[0]) > 1]
        types = self._types([sequence for _, wanted in words for sequence in wanted], 0)
        counts = self._sum(types)
        kept = {entry.text: entry for entry in old if entry.key == key}
        groups = hits.assign(length=hits["end_token"] - hits["start_token"])
        for (text, length), rows in groups.groupby(["entry", "length"], observed=True, sort=False):
            other = kept[text]
            patterns = [sequence for sequence in sequences(other.pattern) if len(sequence) == length]
            there = np.bincount(rows["passage"], minlength=len(counts))
            for place in range(length):
                own = self._types(patterns, place)
                # of the words that these hits may be, how many of the passage are asked for, and how many are not
                both, rest = self._sum(own & types), self._sum(own - types)
                taken, at_most = np.maximum(0, there - rest), np.minimum(there, both)
                if (taken < at_most).any():
                    entry = next(entry for entry, wanted in words if own & self._types(wanted, 0))
                    self._refuse_beside(entry, other)
                counts = counts - taken
                for entry, wanted, count in phrases:
                    if (there * count)[self._sum(own & self._all_types(wanted)) > 0].any():
                        self._refuse_beside(entry, other)
        for number, (entry, wanted, count) in enumerate(phrases):
            others = words + [(other, sequences_) for other, sequences_, _ in phrases[:number]]
            for other, sequences_ in others:
                if self._all_types(wanted) & self._all_types(sequences_):
                    self._refuse_beside(entry, other)
            counts = counts + count
        return counts

    def _types(self, wanted, place: int) -> set[int]:
        return {number for sequence in wanted for number in self._vocabulary.find(sequence[place]).tolist()}

    def _all_types(self, wanted) -> set[int]:
        return {
            number for sequence in wanted for place in range(len(sequence)) for number in self._types([sequence], place)
        }

    def _sum(self, types: set[int]) -> np.ndarray:
        return np.asarray(self._by_term[:, sorted(types)].sum(axis=1)).ravel().astype(np.int64)

    @staticmethod
    def _meets_itself(wanted) -> bool:
        firsts = {sequence[0] for sequence in wanted}
        return any(word in firsts for sequence in wanted for word in sequence[1:])

    def _phrase(self, entry: Entry, phrase: str) -> np.ndarray:
        if any(not len(self._vocabulary.find(word)) for word in phrase.split()):
            return np.zeros(len(self.units), dtype=np.int64)  # one of its words is nowhere
        if self._ngrams is None:
            published = self.corpus.published("ngrams")
            self._ngrams = published if published is not None else pd.DataFrame(columns=["doc_id", "segment", "term"])
        rows = self._ngrams[self._ngrams["term"] == phrase]
        if rows.empty:
            self._refuse(entry, "a phrase of more than one word that no published table counts (it is rare, or absent)")
        place = self._places.get_indexer(pd.MultiIndex.from_frame(rows[["doc_id", "segment"]]))
        return np.bincount(place, weights=rows["count"], minlength=len(self.units)).astype(np.int64)

    def _refuse(self, entry: Entry, what: str):
        raise TextNeeded(f"the entry “{entry.text}”, {what},", self.corpus.name)

    def _refuse_beside(self, entry: Entry, other: Entry):
        text = other.text if len(other.text) <= 60 else other.text[:59] + "…"
        raise TextNeeded(f"the entry “{entry.text}” beside “{text}”, which may count the same words,", self.corpus.name)
