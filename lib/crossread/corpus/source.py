"""What a corpus is made of: running texts, or the tables published of them. No room above asks which of the two."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from crossread.corpus.columns import KINDS
from crossread.corpus.matrices import count_matrix
from crossread.corpus.tables import COUNTS, SENTENCES
from crossread.corpus.tokens import TermMatrix, TokenStore, pointers
from crossread.errors import TextNeeded

SENTENCE_MARKS = ("-{:03d}", "-h{:02d}", "-n{:02d}")  # what follows the doc_id in a sentence_id, for each of KINDS


class TextSource:
    """Running texts, as columns of integers; the tables are made when they are first asked for.

    Parameters
    ----------
    doc_ids : Index
        The documents in their order.
    columns : mapping of str to array
        As `crossread.corpus.columns.COLUMNS` names them.
    reasons : sequence of str
        Of the cuts, by their numbers.
    texts : callable
        Gives the text of each sentence.
    sources : mapping of str to str
        doc_id to source text.
    store : TokenStore
        The tokens of the same columns.
    """

    attached = True  # whether the running texts are here: for a card, not for a branch
    state = "texts attached"  # the same in words
    advice = ""  # what to do to have the texts

    def __init__(
        self,
        doc_ids: pd.Index,
        columns: Mapping[str, np.ndarray],
        reasons: Sequence[str],
        texts: Callable[[], list[str]],
        sources: Mapping[str, str],
        store: TokenStore,
    ):
        self._doc_ids, self._columns, self._reasons = doc_ids, columns, tuple(reasons)
        self._texts, self._sources, self._store = texts, sources, store

    @cached_property
    def sentences(self) -> pd.DataFrame:
        """The sentences, as in `Corpus`."""
        columns = self._columns
        doc_ids = self._doc_ids.to_numpy()[columns["document"]]
        number, kind = columns["number"], columns["kind"]
        sentence_ids = [
            doc_id + SENTENCE_MARKS[mark].format(running)
            for doc_id, mark, running in zip(doc_ids.tolist(), kind.tolist(), number.tolist(), strict=True)
        ]
        table = {"doc_id": doc_ids}
        for name in ("section", "paragraph", "sentence", "segment", "n_tokens", "start", "end"):
            table[name] = columns["number" if name == "sentence" else name].astype(np.int64)
        table["kind"] = np.array(KINDS, dtype=object)[kind]
        table["text"] = self._texts()
        return pd.DataFrame(table, columns=[*SENTENCES, "text"], index=pd.Index(sentence_ids, name="sentence_id"))

    @cached_property
    def counts(self) -> pd.DataFrame:
        """The counts, as in `Corpus`."""
        base = self.segment_matrix
        row = np.repeat(np.arange(base.matrix.shape[0]), np.diff(base.matrix.indptr))
        return pd.DataFrame(
            {
                "doc_id": base.units["doc_id"].to_numpy()[row],
                "segment": base.units["segment"].to_numpy()[row],
                "term": base.terms[base.matrix.indices],
                "count": base.matrix.data,
            },
            columns=list(COUNTS),
        )

    @cached_property
    def cuts(self) -> pd.DataFrame:
        """The cuts, as in `Corpus`."""
        columns = self._columns
        start, end = columns["cut_start"].astype(np.int64), columns["cut_end"].astype(np.int64)
        return pd.DataFrame(
            {
                "doc_id": self._doc_ids.to_numpy()[columns["cut_document"]],
                "start": start,
                "end": end,
                "reason": np.array(self._reasons, dtype=object)[columns["cut_reason"]],
                "n_characters": end - start,
                "n_tokens": columns["cut_tokens"].astype(np.int64),
            }
        )

    @property
    def sentence_pointers(self) -> np.ndarray:
        """The running number of the first token of each sentence, and of all tokens at the end."""
        return self._store.sentence_pointers

    @property
    def document_pointers(self) -> np.ndarray:
        """The same for documents."""
        return self._store.document_pointers

    @cached_property
    def segment_matrix(self) -> TermMatrix:
        """Segments of the body by terms."""
        columns = self._columns
        body = np.flatnonzero(columns["kind"] == 0)
        document, segment = columns["document"][body], columns["segment"][body]
        first = np.concatenate([[True], (np.diff(document) != 0) | (np.diff(segment) != 0)])[: len(body)]
        row = np.full(len(columns["kind"]), -1, dtype=np.int32)
        row[body] = np.cumsum(first) - 1
        matrix, terms = self._count(row, int(first.sum()))
        units = pd.DataFrame(
            {
                "doc_id": self._doc_ids.to_numpy()[document[first]],
                "segment": segment[first].astype(np.int64),
                "n_tokens": _row_sums(matrix),
            }
        )
        return TermMatrix(matrix, units, terms)

    def document_matrix(self) -> TermMatrix:
        """Documents by terms."""
        columns = self._columns
        matrix, terms = self._count(np.where(columns["kind"] == 0, columns["document"], -1), len(self._doc_ids))
        return TermMatrix(matrix, pd.DataFrame({"doc_id": self._doc_ids, "n_tokens": _row_sums(matrix)}), terms)

    def sentence_matrix(self) -> TermMatrix:
        """Sentences of the body by terms."""
        body = self._columns["kind"] == 0
        matrix, terms = self._count(np.where(body, np.cumsum(body) - 1, -1), int(body.sum()))
        units = self.sentences.loc[body, ["doc_id", "n_tokens"]].rename_axis("sentence_id").reset_index()
        return TermMatrix(matrix, units, terms)

    def _count(self, row_of_sentence: np.ndarray, n_rows: int):
        """Count the tokens of the sentences that have a row (not -1)."""
        rows = row_of_sentence[self._store.sentence]
        counted = rows >= 0
        return count_matrix(rows[counted], self._store.ids[counted], n_rows, self._store.types)

    def tokens(self, what: str = "a token store") -> TokenStore:
        """Return every token with its place, or say that `what` needs the running texts."""
        return self._store

    def sentence_texts(self, what: str) -> pd.Series:
        """Return the text of every sentence, or say that `what` needs the running texts."""
        return self.sentences["text"]

    def source_texts(self) -> Mapping[str, str]:
        """Return the source text of each document, or say that it needs the running texts."""
        return self._sources

    def either(self, with_texts: Callable[[], object], without: Callable[[], object]) -> Any:
        """Return what the first gives where the texts are here, else what the second gives."""
        return with_texts()

    def answer(
        self,
        what: str,
        from_texts: Callable[[], object],
        tables: Sequence[str],
        from_tables: Callable[..., object] | None = None,
        *,
        serves: bool | Callable[..., bool] = True,
    ) -> Any:
        """Answer a question from the texts where they are here, else from what is published of them.

        Parameters
        ----------
        what : str
            What is asked for, as the sentence about missing texts names it: "a count of …".
        from_texts : callable
            Gives the answer from the texts.
        tables : sequence of str
            The published tables that answer too.
        from_tables : callable, optional
            Makes the answer of these tables; by default the table, or the tables in a tuple, are the answer.
        serves : bool or callable
            Whether the published tables can answer the question as it is asked; a callable is given the tables.
        """
        return from_texts()


class PublishedSource:
    """Published tables without the texts, asked as a `TextSource` is.

    Parameters
    ----------
    corpus : str
        The name of the corpus, for what is said when its texts are needed.
    doc_ids : sequence of str
        The documents in their order.
    tables : mapping of str to DataFrame
        By their names: sentences, counts and cuts, and what else there is (`crossread.measure.published`).

    Examples
    --------
    >>> source = PublishedSource("demo", ["a"], {"pairs": pd.DataFrame({"term_a": ["allies"], "term_b": ["pay"]})})
    >>> source.answer("a count of pairs", lambda: 1 / 0, ["pairs"], len)
    1
    """

    attached = False
    state = "published counts, without the texts"
    advice = "For the running text attach your own copies: crossread attach FOLDER"

    def __init__(self, corpus: str, doc_ids: Sequence[str], tables: Mapping[str, pd.DataFrame]):
        self._corpus, self._doc_ids, self._tables = corpus, pd.Index(doc_ids, name="doc_id"), tables

    @cached_property
    def sentences(self) -> pd.DataFrame:
        return self._tables["sentences"].set_index("sentence_id")[list(SENTENCES)]

    @property
    def counts(self) -> pd.DataFrame:
        return self._tables["counts"]

    @property
    def cuts(self) -> pd.DataFrame:
        return self._tables["cuts"]

    @cached_property
    def sentence_pointers(self) -> np.ndarray:
        return pointers(self.sentences["n_tokens"])

    @cached_property
    def document_pointers(self) -> np.ndarray:
        document = self._doc_ids.get_indexer(self.sentences["doc_id"])
        return pointers(np.bincount(document, weights=self.sentences["n_tokens"], minlength=len(self._doc_ids)))

    @cached_property
    def segment_matrix(self) -> TermMatrix:
        from scipy.sparse import csr_matrix

        body = self.sentences[self.sentences["kind"] == "body"]
        units = body.groupby(["doc_id", "segment"], sort=False)["n_tokens"].sum().reset_index()
        row = pd.MultiIndex.from_frame(units[["doc_id", "segment"]]).get_indexer(
            pd.MultiIndex.from_frame(self.counts[["doc_id", "segment"]])
        )
        column, terms = pd.factorize(self.counts["term"], sort=True)
        matrix = csr_matrix(
            (self.counts["count"].to_numpy(dtype=np.int64), (row, column)),
            shape=(len(units), len(terms)),
            dtype=np.int64,
        )
        return TermMatrix(matrix, units, np.asarray(terms, dtype=object))

    def document_matrix(self) -> TermMatrix:
        base = self.segment_matrix
        group = self._doc_ids.get_indexer(base.units["doc_id"])
        return add_up(base, group, pd.DataFrame({"doc_id": self._doc_ids}))

    def sentence_matrix(self) -> TermMatrix:
        raise TextNeeded("a matrix of sentences", self._corpus)

    def tokens(self, what: str = "a token store") -> TokenStore:
        raise TextNeeded(what, self._corpus)

    def sentence_texts(self, what: str) -> pd.Series:
        raise TextNeeded(what, self._corpus)

    def source_texts(self) -> Mapping[str, str]:
        raise TextNeeded("the source of a document", self._corpus)

    def either(self, with_texts: Callable[[], object], without: Callable[[], object]) -> Any:
        return without()

    def answer(
        self,
        what: str,
        from_texts: Callable[[], object],
        tables: Sequence[str],
        from_tables: Callable[..., object] | None = None,
        *,
        serves: bool | Callable[..., bool] = True,
    ) -> Any:
        if not all(name in self._tables for name in tables):
            raise TextNeeded(what, self._corpus)
        read = tuple(self._tables[name] for name in tables)
        if not (serves(*read) if callable(serves) else serves):
            raise TextNeeded(what, self._corpus)
        if from_tables is not None:
            return from_tables(*read)
        return read if len(read) > 1 else read[0]


def add_up(base: TermMatrix, group: np.ndarray, units: pd.DataFrame) -> TermMatrix:
    """Return the counts of larger units: `group` says in which row of `units` each row of `base` is counted."""
    from scipy.sparse import csr_matrix

    join = csr_matrix(
        (np.ones(len(group), dtype=np.int64), (group, np.arange(len(group)))), shape=(len(units), len(group))
    )
    matrix = (join @ base.matrix).tocsr()
    return TermMatrix(matrix, units.assign(n_tokens=_row_sums(matrix)), base.terms)


def _row_sums(matrix) -> np.ndarray:
    return np.asarray(matrix.sum(axis=1), dtype=np.int64).ravel()


Source = TextSource | PublishedSource
