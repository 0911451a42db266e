"""The corpus: documents, sentences, counts and cuts as tables, with or without the running texts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from crossread.corpus.columns import KINDS, MINIMUM_TOKENS, Facts, Memory, pack, read_documents_into
from crossread.corpus.matrices import count_matrix
from crossread.corpus.places import corpora_folders
from crossread.corpus.tables import COUNTS, CUTS, DOCUMENTS, SENTENCES
from crossread.corpus.tokens import TermMatrix, TokenStore, pointers, use_compiled
from crossread.errors import CrossreadError, TextNeeded


@dataclass(frozen=True)
class Corpus:
    """Documents to be read against one another.

    Attributes
    ----------
    name : str
        The folder's name.
    folder : Path or None
        Where it came from; None for texts given in memory.
    documents : DataFrame
        Index doc_id, in the order in which they are shown everywhere. label, title, authors, year, year_basis
        (stated, inferred or blank), genre, publisher, source, rights, sha256 (of the file), n_characters (of the
        source), n_paragraphs, n_sentences and n_tokens (of the body).
    sentences : DataFrame
        Index sentence_id. doc_id, section (0 before the first heading), paragraph and sentence (running numbers
        within the document and kind), segment (-1 outside the body), kind (body, heading, note), n_tokens, start and
        end (characters of the source; a note or cut inside a sentence lies within them); text when attached.
    counts : DataFrame
        doc_id, segment, term, count: the terms of the body.
    cuts : DataFrame
        doc_id, start, end, reason, n_characters, n_tokens: what is not counted.
    attached : bool
        Whether the running texts are here.
    notices : tuple of str
        What the reader should know: a rule that found nothing, a copy that differs.
    """

    name: str
    folder: Path | None
    documents: pd.DataFrame
    sentences: pd.DataFrame
    counts: pd.DataFrame
    cuts: pd.DataFrame
    attached: bool
    notices: tuple[str, ...] = ()
    sources: Mapping[str, str] = field(default_factory=dict, repr=False)
    _store: TokenStore | None = field(default=None, repr=False)
    _built: Built | None = field(default=None, repr=False)

    def __getattr__(self, name: str):
        # Asked for what is not there: a table of a corpus that was built from texts is made when it is first used.
        makers = {"sentences": _sentence_table, "counts": _count_table, "cuts": _cut_table}
        built = self.__dict__.get("_built")
        if built is None or name not in makers:
            raise AttributeError(f"a Corpus has no attribute “{name}”")
        self.__dict__[name] = makers[name](self, built)
        return self.__dict__[name]

    @property
    def tokens(self) -> TokenStore:
        """The token store; without texts, TextNeeded says how to attach them."""
        self.require_text("a token store")
        return self._store

    def require_text(self, what: str) -> None:
        """Raise `TextNeeded` in one sentence when the running texts are not here."""
        if not self.attached:
            raise TextNeeded(what, self.name)

    def published(self, name: str) -> pd.DataFrame | None:
        """Return a published table of this corpus, such as `hits`, or None where there is none."""
        path = self.folder / f"{name}.csv" if self.folder else None
        if path is None or not path.is_file():
            return None
        text = {"term": str, "entry": str, "key": str}
        return pd.read_csv(path, keep_default_na=False, na_values=[""], dtype=text)

    def lexicon_path(self, name: str) -> Path:
        """Return the file of a lexicon: the corpus's own, else the one beside all corpora."""
        places = [] if self.folder is None else [self.folder / f"{name}.yml", self.folder.parent / f"{name}.yml"]
        places += [folder / f"{name}.yml" for folder in corpora_folders()]
        for path in places:
            if path.is_file():
                return path
        raise CrossreadError(f"No lexicon “{name}”: looked for {' and '.join(map(str, places))}.")

    def term_matrix(self, unit: str = "segment", minimum_tokens: int = MINIMUM_TOKENS) -> TermMatrix:
        """Count the terms of the body by unit.

        Parameters
        ----------
        unit : {"segment", "document", "sentence"}
            What a row stands for. Sentences need the texts.
        minimum_tokens : int
            Segments are at least this long. A multiple of 50 or more works without texts, by joining the published
            segments of a section.

        Returns
        -------
        TermMatrix

        Examples
        --------
        >>> corpus = from_texts({"a": "Allies pay. Allies talk."})
        >>> corpus.term_matrix("document").matrix.toarray().tolist()
        [[2, 1, 1]]
        """
        if unit not in ("segment", "document", "sentence"):
            raise CrossreadError(f"The unit is “segment”, “document” or “sentence”, not “{unit}”.")
        if unit == "sentence":
            return self._sentence_matrix()
        if unit == "document" and self._built is not None:
            return self._document_matrix()
        base = self._segment_matrix
        if unit == "document":
            names = self.documents.index
            group = names.get_indexer(base.units["doc_id"])
            units = pd.DataFrame({"doc_id": names})
        elif minimum_tokens <= MINIMUM_TOKENS:
            return base
        else:
            group = self._joined_segments(base.units, minimum_tokens)
            first = pd.Series(group).drop_duplicates().index
            units = base.units.iloc[first][["doc_id"]].reset_index(drop=True)
            units["segment"] = units.groupby("doc_id", sort=False).cumcount()
        from scipy.sparse import csr_matrix

        join = csr_matrix(
            (np.ones(len(group), dtype=np.int64), (group, np.arange(len(group)))),
            shape=(len(units), len(group)),
        )
        matrix = (join @ base.matrix).tocsr()
        units["n_tokens"] = np.asarray(matrix.sum(axis=1)).ravel()
        return TermMatrix(matrix, units, base.terms)

    def _joined_segments(self, units: pd.DataFrame, minimum: int) -> np.ndarray:
        body = self.sentences[self.sentences["kind"] == "body"]
        section = body.groupby(["doc_id", "segment"], sort=False)["section"].first()
        keys = list(
            zip(
                units["doc_id"],
                section.loc[list(zip(units["doc_id"], units["segment"], strict=True))],
                strict=True,
            )
        )
        return pack(units["n_tokens"].to_numpy(), keys, minimum)

    @cached_property
    def _segment_matrix(self) -> TermMatrix:
        if self._built is not None:
            return self._built_segment_matrix()
        body = self.sentences[self.sentences["kind"] == "body"]
        units = body.groupby(["doc_id", "segment"], sort=False)["n_tokens"].sum().reset_index()
        from scipy.sparse import csr_matrix

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

    def _built_segment_matrix(self) -> TermMatrix:
        columns = self._built.columns
        body = np.flatnonzero(columns["kind"] == 0)
        document, segment = columns["document"][body], columns["segment"][body]
        first = np.concatenate([[True], (np.diff(document) != 0) | (np.diff(segment) != 0)])[: len(body)]
        row = np.full(len(columns["kind"]), -1, dtype=np.int32)
        row[body] = np.cumsum(first) - 1
        matrix, terms = self._count(row, int(first.sum()))
        units = pd.DataFrame(
            {
                "doc_id": self.documents.index.to_numpy()[document[first]],
                "segment": segment[first].astype(np.int64),
                "n_tokens": np.asarray(matrix.sum(axis=1), dtype=np.int64).ravel(),
            }
        )
        return TermMatrix(matrix, units, terms)

    def _document_matrix(self) -> TermMatrix:
        columns = self._built.columns
        matrix, terms = self._count(np.where(columns["kind"] == 0, columns["document"], -1), len(self.documents))
        units = pd.DataFrame({"doc_id": self.documents.index})
        units["n_tokens"] = np.asarray(matrix.sum(axis=1), dtype=np.int64).ravel()
        return TermMatrix(matrix, units, terms)

    def _count(self, row_of_sentence: np.ndarray, n_rows: int):
        """Count the tokens of the sentences that have a row (not -1)."""
        store = self.tokens
        rows = row_of_sentence[store.sentence]
        keep = rows >= 0
        return count_matrix(rows[keep], store.ids[keep], n_rows, store.types)

    def _sentence_matrix(self) -> TermMatrix:
        self.require_text("a matrix of sentences")
        body = (self.sentences["kind"] == "body").to_numpy()
        matrix, terms = self._count(np.where(body, np.cumsum(body) - 1, -1), int(body.sum()))
        units = self.sentences.loc[body, ["doc_id", "n_tokens"]].rename_axis("sentence_id").reset_index()
        return TermMatrix(matrix, units, terms)


def build(
    name: str,
    folder: Path | None,
    described: pd.DataFrame,
    sources: Mapping[str, tuple[str, Sequence]],
    rules: Mapping[str, list] | None = None,
    hyphens: str = "separate",
    notices: Sequence[str] = (),
) -> Corpus:
    """Build a corpus from source texts.

    Parameters
    ----------
    name, folder
        As in `Corpus`.
    described : DataFrame
        Index doc_id, the columns of documents.csv.
    sources : mapping
        doc_id to (source text, block hints of its reader).
    rules : mapping, optional
        doc_id to cleaning rules.
    hyphens : {"separate", "keep"}
        As in `crossread.corpus.tokens.words`.
    notices : sequence of str
        What the reader of the files had to say.

    Returns
    -------
    Corpus
    """
    sink = Memory()
    facts = read_documents_into(
        sink,
        list(described.index),
        sources.__getitem__,
        rules or {},
        hyphens,
        use_compiled(sum(len(sources[doc_id][0]) for doc_id in described.index)),
    )
    texts = {doc_id: text for doc_id, (text, _) in sources.items()}
    return assemble(name, folder, described, sink, facts, texts, hyphens, notices)


@dataclass(frozen=True)
class Built:
    """What the tables of a corpus are made of: columns of integers, and where the texts of the sentences are."""

    columns: Mapping[str, np.ndarray]
    reasons: Sequence[str]
    texts: Callable[[], list[str]]


def assemble(
    name: str,
    folder: Path | None,
    described: pd.DataFrame,
    sink,
    facts: Facts,
    sources: Mapping[str, str],
    hyphens: str,
    notices: Sequence[str],
) -> Corpus:
    """Return the corpus of some columns; its tables are made when they are first asked for."""
    columns = sink.columns()
    sentence_pointers = pointers(columns["n_tokens"])
    store = TokenStore(
        types=tuple(facts.types),
        ids=columns["ids"],
        starts=columns["starts"],
        ends=columns["ends"],
        sentence=columns["sentence"],
        sentence_pointers=sentence_pointers,
        document_pointers=pointers(facts.documents["all_tokens"]),
        hyphens=hyphens,
    )
    documents = described.copy()
    for column in DOCUMENTS:
        if column not in documents:
            documents[column] = ""
    for column in ("n_characters", "n_paragraphs", "n_sentences", "n_tokens"):
        documents[column] = np.array(facts.documents[column], dtype=np.int64)
    corpus = object.__new__(Corpus)
    corpus.__dict__.update(
        name=name,
        folder=folder,
        documents=documents[list(DOCUMENTS) + [c for c in documents if c not in DOCUMENTS]],
        attached=True,
        notices=(*notices, *facts.unmatched),
        sources=sources,
        _store=store,
        _built=Built(columns, tuple(facts.reasons), sink.texts),
    )
    return corpus


def _sentence_table(corpus: Corpus, built: Built) -> pd.DataFrame:
    columns = built.columns
    doc_ids = corpus.documents.index.to_numpy()[columns["document"]]
    marks = ("-{:03d}", "-h{:02d}", "-n{:02d}")
    names = [
        doc_id + marks[kind].format(number)
        for doc_id, kind, number in zip(
            doc_ids.tolist(), columns["kind"].tolist(), columns["number"].tolist(), strict=True
        )
    ]
    table = {
        "doc_id": doc_ids,
        "section": columns["section"],
        "paragraph": columns["paragraph"],
        "sentence": columns["number"],
        "segment": columns["segment"],
        "kind": np.array(KINDS, dtype=object)[columns["kind"]],
        "n_tokens": columns["n_tokens"],
        "start": columns["start"],
        "end": columns["end"],
        "text": built.texts(),
    }
    for name in ("section", "paragraph", "sentence", "segment", "n_tokens", "start", "end"):
        table[name] = table[name].astype(np.int64)
    return pd.DataFrame(table, columns=[*SENTENCES, "text"], index=pd.Index(names, name="sentence_id"))


def _count_table(corpus: Corpus, built: Built) -> pd.DataFrame:
    base = corpus._segment_matrix
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


def _cut_table(corpus: Corpus, built: Built) -> pd.DataFrame:
    columns = built.columns
    start, end = columns["cut_start"].astype(np.int64), columns["cut_end"].astype(np.int64)
    return pd.DataFrame(
        {
            "doc_id": corpus.documents.index.to_numpy()[columns["cut_document"]],
            "start": start,
            "end": end,
            "reason": np.array([*built.reasons, ""], dtype=object)[columns["cut_reason"]],
            "n_characters": end - start,
            "n_tokens": columns["cut_tokens"].astype(np.int64),
        },
        columns=list(CUTS),
    )


def from_texts(texts: Mapping[str, str], *, name: str = "texts", hyphens: str = "separate") -> Corpus:
    """Make a corpus of strings, for tests and for trying things out.

    Parameters
    ----------
    texts : mapping of str to str
        doc_id to text; each is cleaned like a plain text file.
    name : str
        What to call the corpus.
    hyphens : {"separate", "keep"}
        As in `crossread.corpus.tokens.words`.

    Returns
    -------
    Corpus
        With texts attached.

    Examples
    --------
    >>> from_texts({"a": "Allies pay. They talk."}).documents.loc["a", ["n_sentences", "n_tokens"]].tolist()
    [2, 4]
    """
    from hashlib import sha256

    described = pd.DataFrame({"label": list(texts), "title": list(texts)}, index=pd.Index(list(texts), name="doc_id"))
    described["sha256"] = [sha256(text.encode()).hexdigest() for text in texts.values()]
    return build(name, None, described, {doc_id: (text, ()) for doc_id, text in texts.items()}, hyphens=hyphens)


def cover(sentences: pd.DataFrame, cuts: pd.DataFrame, n_characters: int) -> np.ndarray:
    """Account for every character of one document: by which sentence or cut it is held.

    A sentence holds the characters from its start to its end but for the cuts, and the sentences of notes, that
    interrupt it.

    Parameters
    ----------
    sentences, cuts : DataFrame
        The rows of one document.
    n_characters : int
        The length of its source.

    Returns
    -------
    array of int
        For each character the row of the sentence that holds it, or -1 minus the row of the cut.

    Raises
    ------
    CrossreadError
        "character 12 is held by no sentence and no cut", or by two of them.

    Examples
    --------
    >>> corpus = from_texts({"a": "Yes. No."})
    >>> cover(corpus.sentences, corpus.cuts, 8).tolist()
    [0, 0, 0, 0, -1, 1, 1, 1]
    """
    free = np.iinfo(np.int64).min
    owner = np.full(n_characters, free, dtype=np.int64)
    for row, (start, end) in enumerate(zip(cuts["start"], cuts["end"], strict=True)):
        if (owner[start:end] != free).any():
            raise CrossreadError(f"character {start} is held by two cuts.")
        owner[start:end] = -1 - row
    # the innermost first: a note inside a sentence takes its characters before the sentence does
    lengths = (sentences["end"] - sentences["start"]).to_numpy()
    starts, ends = sentences["start"].to_numpy(), sentences["end"].to_numpy()
    kinds = sentences["kind"].to_numpy()
    for row in np.lexsort((lengths, kinds == "body")):
        stretch = owner[starts[row] : ends[row]]
        taken = np.unique(stretch[stretch >= 0])
        if any(starts[other] < starts[row] or ends[other] > ends[row] or kinds[other] != "note" for other in taken):
            raise CrossreadError(f"character {starts[row]} is held by two sentences.")
        stretch[stretch == free] = row
    missing = np.flatnonzero(owner == free)
    if len(missing):
        raise CrossreadError(f"character {missing[0]} is held by no sentence and no cut.")
    return owner
