"""The published tables of a folder: each is read when it is first asked for, and checked against the others.

The tables say the same things more than once: the words of a document are in documents.csv, add up over the sentences
and add up again over the counts. A table that was cut, doubled or put together of two versions disagrees somewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd

from crossread.corpus.columns import KINDS
from crossread.corpus.model import cover
from crossread.corpus.sealing import SEAL, hash_of, read_seal
from crossread.corpus.source import SENTENCE_MARKS
from crossread.corpus.tables import PUBLISHED_FORMS, Form, read_table, remedy_for
from crossread.errors import CrossreadError


class FolderTables(Mapping):
    """The published tables of a folder, each read and checked when it is first asked for: the one way to read them.

    Parameters
    ----------
    folder : Path
        Of a corpus.
    documents : DataFrame
        Its documents.csv, indexed by doc_id.
    """

    def __init__(self, folder: Path, documents: pd.DataFrame):
        self._folder, self._documents = folder, documents
        self._read: dict[str, pd.DataFrame] = {}
        self._sealed = read_seal(folder)

    def path(self, name: str) -> Path:
        """Return the file of a table, whether it is there or not."""
        return self._folder / f"{name}.csv"

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._read:
            path = self.path(name)
            if not path.is_file():
                raise KeyError(name)
            table = read_table(path, PUBLISHED_FORMS.get(name, Form(("doc_id",))))
            check_sums(name, Reader(path, table, self._documents, self))
            if self._sealed.get(path.name, "") not in ("", hash_of(path)):
                raise CrossreadError(
                    f"{path}: its form is sound, but it is not the table that was published (another hash stands in "
                    f"{SEAL}): somebody edited it. {remedy_for(path)} If the edit is meant: crossread seal "
                    f"{self._folder.name}."
                )
            self._read[name] = table
        return self._read[name]

    def __contains__(self, name: object) -> bool:
        return self.path(str(name)).is_file()

    def __iter__(self) -> Iterator[str]:
        return (name for name in PUBLISHED_FORMS if name in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def problems(self) -> list[str]:
        """Return what is wrong with the tables that are here, one sentence for each that is."""
        problems = []
        for name in self:
            try:
                self[name]
            except CrossreadError as error:
                problems.append(str(error))
        lost = [name for name in self._sealed if name.endswith(".csv") and not (self._folder / name).is_file()]
        made = [name for name in lost if name.removesuffix(".csv") in PUBLISHED_FORMS]
        return problems + [f"{self._folder / name} is missing. {remedy_for(self._folder / name)}" for name in made]


class Reader:
    """What a check may look at: the table, its file, the documents, and the other tables of the folder."""

    def __init__(self, path: Path, table: pd.DataFrame, documents: pd.DataFrame, others: Mapping[str, pd.DataFrame]):
        self.path, self.table, self.documents, self.others = path, table, documents, others
        self.rank = pd.factorize(table["doc_id"].fillna(""))[0]  # documents stand in any order, each in one piece

    def refuse(self, wrong: object, problem: str) -> None:
        """Say which row is the first for which `wrong` is true; {} in the problem stands for its doc_id."""
        wrong = np.asarray(wrong, dtype=bool)
        if wrong.any():
            row = int(np.argmax(wrong))
            shown = problem.replace("{}", str(self.table["doc_id"].iloc[row]))
            raise CrossreadError(f"{self.path}, row {self.table.index[row] + 2}: {shown} {remedy_for(self.path)}")

    def agree(self, here: pd.Series, there: pd.Series, problem: str) -> None:
        """Say where two sums differ that must be the same; the problem has places for both and for their key."""
        both = pd.concat([here, there], axis=1, keys=["here", "there"]).fillna(0)
        unequal = both[both["here"] != both["there"]]
        if len(unequal):
            key, row = unequal.index[0], unequal.iloc[0]
            name = ", ".join(map(str, key)) if isinstance(key, tuple) else key
            shown = problem.format(here=f"{int(row['here']):,}", there=f"{int(row['there']):,}", key=name)
            raise CrossreadError(f"{self.path}: {shown} Rows were lost, added or changed. {remedy_for(self.path)}")

    def in_order(self, *columns: str) -> None:
        """Say which row does not stand as rows are written, sorted by these columns."""
        keys = zip(*(self.rank if name == "doc_id" else self.table[name] for name in columns), strict=True)
        wrong = [False, *(b < a for a, b in pairwise(keys))]
        self.refuse(wrong[: len(self.table)], "a row of {} stands out of its order.")


def check_sums(name: str, reader: Reader) -> None:
    """Check a published table against the others.

    Parameters
    ----------
    name : str
        As in `tables.PUBLISHED_FORMS`.
    reader : Reader
    """
    doc_ids = reader.table["doc_id"]
    unknown = ~doc_ids.isin(reader.documents.index)
    if name == "phrases":
        unknown &= doc_ids.notna()  # blank: of the whole corpus
    reader.refuse(unknown, "the doc_id “{}” is not in documents.csv.")
    if name in _CHECKS:
        _CHECKS[name](reader)


def _check_sentences(reader: Reader) -> None:
    table, documents = reader.table, reader.documents
    marks = dict(zip(KINDS, SENTENCE_MARKS, strict=True))
    ids = [
        d + marks[kind].format(n) for d, kind, n in zip(table["doc_id"], table["kind"], table["sentence"], strict=True)
    ]
    reader.refuse(table["sentence_id"] != ids, "the sentence_id of a sentence of {} does not fit its number and kind.")
    reader.refuse(table["start"] >= table["end"], "a sentence of {} ends before it begins.")
    reader.refuse(
        (table["segment"] >= 0) != (table["kind"] == "body"), "a segment where {} has no body, or none where it has."
    )
    numbers = table.groupby(["doc_id", "kind"], sort=False).cumcount() + 1
    reader.refuse(table["sentence"] != numbers, "sentences of {} are not numbered one after another.")
    reader.in_order("doc_id")
    body = table[table["kind"] == "body"].groupby("doc_id")
    for column, here in (
        ("n_tokens", body["n_tokens"].sum()),
        ("n_sentences", body.size()),
        ("n_paragraphs", body["paragraph"].nunique()),
    ):
        what = column.removeprefix("n_")
        problem = f"{{key}} has {{here}} {what} here, and {{there}} in documents.csv."
        reader.agree(here, documents[column].astype(np.int64), problem)


def _check_cuts(reader: Reader) -> None:
    table, documents = reader.table, reader.documents
    reader.refuse(
        table["end"] - table["start"] != table["n_characters"], "the characters of a cut of {} are miscounted."
    )
    reader.refuse(table["n_tokens"] > table["n_characters"], "a cut of {} has more words than characters.")
    reader.in_order("doc_id", "start")
    sentences = reader.others["sentences"]
    for doc_id, n_characters in documents["n_characters"].astype(np.int64).items():
        of_document = sentences[sentences["doc_id"] == doc_id]
        try:
            if max(of_document["end"].max(), table.loc[table["doc_id"] == doc_id, "end"].max()) > n_characters:
                raise CrossreadError(f"there is more than its {n_characters:,} characters.")
            cover(of_document, table[table["doc_id"] == doc_id], n_characters)
        except CrossreadError as error:
            raise CrossreadError(
                f"{reader.path}: of {doc_id}, {error} Rows were lost, added or changed here, in sentences.csv or in "
                f"documents.csv. {remedy_for(reader.path)}"
            ) from None


def _check_counts(reader: Reader) -> None:
    table = reader.table
    sentences = reader.others["sentences"]
    reader.in_order("doc_id", "segment", "term")
    body = sentences[sentences["kind"] == "body"].groupby(["doc_id", "segment"])["n_tokens"].sum()
    problem = "the terms of segment {key} add up to {here}, and its sentences to {there}."
    reader.agree(table.groupby(["doc_id", "segment"])["count"].sum(), body, problem)


def _check_places(reader: Reader) -> None:
    table, sentences = reader.table, reader.others["sentences"]
    reader.refuse(~table["sentence_id"].isin(sentences["sentence_id"]), "a sentence_id of {} is not in sentences.csv.")
    place = pd.Index(sentences["sentence_id"]).get_indexer(table["sentence_id"])
    reader.refuse(
        sentences["doc_id"].to_numpy()[place] != table["doc_id"].to_numpy(), "a sentence of another document than {}."
    )
    last = sentences.groupby("doc_id", sort=False)["n_tokens"].cumsum().to_numpy()[place]
    first = last - sentences["n_tokens"].to_numpy()[place]
    outside = (
        (table["start_token"] < first) | (table["end_token"] > last) | (table["start_token"] >= table["end_token"])
    )
    reader.refuse(outside, "a hit in {} lies outside its sentence.")
    for _, of_lexicon in table.groupby("lexicon", sort=False):
        Reader(reader.path, of_lexicon, reader.documents, reader.others).in_order("doc_id", "start_token")


def _check_matches(reader: Reader) -> None:
    _check_places(reader)
    if "entries" in reader.others:
        names = ["lexicon", "key", "entry"]
        known = pd.MultiIndex.from_frame(reader.others["entries"][names].drop_duplicates())
        unknown = ~pd.MultiIndex.from_frame(reader.table[names]).isin(known)
        reader.refuse(unknown, "an entry of a match in {} is not in entries.csv.")
    if "hits" in reader.others:
        missing = ~pd.MultiIndex.from_frame(reader.others["hits"]).isin(pd.MultiIndex.from_frame(reader.table))
        if missing.any():
            row = int(np.argmax(missing)) + 2
            raise CrossreadError(
                f"{reader.path}: row {row} of hits.csv is not among the matches. {remedy_for(reader.path)}"
            )


def _check_entries(reader: Reader) -> None:
    names = ["doc_id", "lexicon", "key", "entry"]
    hits = reader.others["hits"].groupby(names).size() if "hits" in reader.others else None
    if hits is not None:
        problem = "“{key}” has {here} hits, and {there} rows in hits.csv."
        reader.agree(reader.table.set_index(names)["count"], hits, problem)
    each = reader.table.groupby(names[1:], sort=False).size()
    problem = "“{key}” has {here} rows for {there} documents."
    reader.agree(each, pd.Series(len(reader.documents), index=each.index), problem)


def _check_ngrams(reader: Reader) -> None:
    table = reader.table
    reader.in_order("n", "doc_id", "segment", "term")
    reader.refuse(table["term"].str.count(" ") + 1 != table["n"], "a phrase of {} has another number of words.")
    total = table.groupby(["n", "term"])["count"].transform("sum")
    reader.refuse(total < 2, "a phrase of {} that the corpus has but once.")
    counts = reader.others["counts"].groupby(["doc_id", "segment"])["count"].sum()
    pairs = pd.MultiIndex.from_frame(table[["doc_id", "segment"]])
    reader.refuse(~pairs.isin(counts.index), "a segment of {} that has no words in counts.csv.")
    reader.refuse(table["count"] > counts.reindex(pairs).to_numpy(), "more phrases than words in {}.")


def _check_phrases(reader: Reader) -> None:
    table = reader.table
    cells = table[[f"cell_{row}" for row in range(8)]]
    reader.refuse(table["term"].str.count(" ") + 1 != table["size"], "a phrase has another number of words.")
    reader.refuse(cells.notna().sum(axis=1) != 2 ** table["size"], "a phrase has too few or too many cells.")
    last = cells["cell_7"].where(table["size"] == 3, cells["cell_3"])
    reader.refuse(last != table["count"], "the count of a phrase is not in its last cell.")
    total = cells.sum(axis=1)
    usual = total.groupby([table["doc_id"].fillna(""), table["size"]]).transform("median")
    reader.refuse(total != usual, "the cells of a phrase do not add up as those of the others do.")


def _check_term_facts(reader: Reader) -> None:
    table = reader.table
    reader.in_order("doc_id", "term")
    pairs = pd.MultiIndex.from_frame(table[["doc_id", "term"]])
    counts = reader.others["counts"].groupby(["doc_id", "term"])["count"].sum().reindex(pairs).fillna(0).to_numpy()
    sentences = table["doc_id"].map(reader.documents["n_sentences"].astype(np.int64))
    reader.refuse(table["sentences"] > np.minimum(counts, sentences), "a word of {} in more sentences than there are.")
    reader.refuse(table["reach"] > 10 * counts, "the reach of a word of {} is more than five words on either side.")


def _check_pairs(reader: Reader) -> None:
    table = reader.table
    reader.in_order("doc_id", "term_a", "term_b")
    reader.refuse(table["term_a"] >= table["term_b"], "the words of a pair in {} stand in the wrong order.")
    total = table.groupby(["term_a", "term_b"])["count"].transform("sum")
    reader.refuse(total < 3, "a pair of {} that the corpus has less than three times.")
    if "term_facts" in reader.others:
        known = pd.MultiIndex.from_frame(reader.others["term_facts"][["doc_id", "term"]])
        for name in ("term_a", "term_b"):
            unknown = ~pd.MultiIndex.from_frame(table[["doc_id", name]]).isin(known)
            reader.refuse(unknown, "a word of a pair in {} is not in term_facts.csv.")


def _check_collocates(reader: Reader) -> None:
    table = reader.table
    is_sum = table["term"] == "(all)"
    sums = table[is_sum].set_index(["doc_id", "key"])["count"]
    pairs = pd.MultiIndex.from_frame(table[["doc_id", "key"]])
    parts = table[~is_sum].groupby(["doc_id", "key"])["count"].sum().reindex(pairs).fillna(0).to_numpy()
    reader.refuse(
        parts > sums.reindex(pairs).fillna(-1).to_numpy(), "the neighbours of a sense in {} are more than their sum."
    )


def _check_variety(reader: Reader) -> None:
    table = reader.table
    reader.refuse(
        (table["low"] > table["value"]) | (table["value"] > table["high"]), "a value of {} outside its limits."
    )


_CHECKS: dict[str, Callable[[Reader], None]] = {
    "sentences": _check_sentences,
    "cuts": _check_cuts,
    "counts": _check_counts,
    "hits": _check_places,
    "matches": _check_matches,
    "entries": _check_entries,
    "ngrams": _check_ngrams,
    "phrases": _check_phrases,
    "term_facts": _check_term_facts,
    "pairs": _check_pairs,
    "collocates": _check_collocates,
    "variety": _check_variety,
}
