"""What one process counts at once: some documents, or a part of a large one; and the work itself."""

from __future__ import annotations

import threading
from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path

import numpy as np
import pandas as pd

from crossread.corpus import Corpus, build, read_documents, text_paths
from crossread.corpus.bodies import PADDING, body_of, find_parts, plain_body, quick_body
from crossread.corpus.cleaning import Layout, read_rules
from crossread.corpus.counting import BodyCounter, DocumentCounts
from crossread.corpus.gather import list_files, slug_of
from crossread.corpus.load import NOTHING_LEFT
from crossread.corpus.reading import MAX_BYTES, read_text
from crossread.corpus.reading.files import check_kind, read_bytes
from crossread.corpus.tables import SENTENCES
from crossread.errors import CrossreadError
from crossread.lexicon import Lexicon, find_hits, match_tokens
from crossread.lexicon.finding import Vocabulary
from crossread.lexicon.patterns import sequences

PLAIN = (".txt", ".md", ".markdown")
BATCH = 4_000_000  # bytes of documents that are counted together
TABLES = ("sentences", "counts", "hits")
FACTS = ("n_characters", "n_paragraphs", "n_sentences", "n_tokens")


@dataclass(frozen=True)
class Document:
    """A document of a folder: its id, its file, the file of its cleaning rules where there is one, and its size."""

    doc_id: str
    path: Path
    rules: Path | None
    n_bytes: int


def text_digest(path: Path) -> bytes:
    """Return the hash of a text, the same whatever the format of its file."""
    if path.stat().st_size <= MAX_BYTES:
        return blake2b(read_text(path).text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
    digest = blake2b(digest_size=16)
    with open(path, "rb") as file:  # a plain text, or it would have been refused
        digest.update(file.read(len(BOM_UTF8)).removeprefix(BOM_UTF8))
        while block := file.read(BATCH):
            digest.update(block)
    return digest.digest()


@dataclass(frozen=True)
class Part:
    """Some of the bytes of a document, with the layout of the whole, and of how many parts it is one."""

    bounds: tuple[tuple[int, int], ...]
    layout: Layout
    n_parts: int


@dataclass(frozen=True)
class Shard:
    """What one process counts at once; shards have numbers in the order of the folder."""

    number: int
    documents: tuple[Document, ...]
    part: Part | None = None

    @property
    def n_bytes(self) -> int:
        """How many bytes there are to read."""
        if self.part is not None:
            return sum(end - start for start, end in self.part.bounds)
        return sum(document.n_bytes for document in self.documents)


@dataclass(frozen=True)
class Work:
    """What to count, and how: the same for every shard.

    Attributes
    ----------
    lexicon : Lexicon or None
        Count its hits in each document.
    tables : tuple of str
        Which of `TABLES` to make.
    stop : bool
        Whether a file that cannot be read is an error.
    compiled : bool
        Whether to count in compiled loops.
    """

    lexicon: Lexicon | None
    tables: tuple[str, ...]
    stop: bool
    compiled: bool


@dataclass
class ShardCounts:
    """What was counted in a shard.

    Attributes
    ----------
    documents : dict of list
        doc_id, file, the facts of each document, and the hits of each key of the lexicon.
    terms, counts, n_documents
        The terms, how often each occurs, and in how many of the documents.
    failures : list of (str, str)
        Files, and what is wrong with each.
    cannot_be_cut : bool
        Whether the document has to be counted as a whole after all; then there is nothing else.
    """

    documents: dict[str, list] = field(
        default_factory=lambda: {name: [] for name in ("doc_id", "file", *FACTS, "hits")}
    )
    terms: list[str] = field(default_factory=list)
    counts: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    n_documents: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    failures: list[tuple[str, str]] = field(default_factory=list)
    cannot_be_cut: bool = False

    def add(self, document: Document, facts: tuple[int, ...], hits: np.ndarray) -> None:
        """Add the row of a document."""
        row = (document.doc_id, str(document.path), *facts, hits)
        for name, value in zip(self.documents, row, strict=True):
            self.documents[name].append(value)

    def fail(self, document: Document, problem: str, stop: bool) -> None:
        """Note that a document could not be counted; an error where the work is to stop at once."""
        if stop:
            raise CrossreadError(problem)
        self.failures.append((str(document.path), problem))


# --- shards -------------------------------------------------------------------------------------------------------


def list_documents(folder: Path) -> tuple[list[Document], list[tuple[str, str]]]:
    """Return the documents of a corpus, or of any folder: then every text in it is one, named after its file.

    And what may not be read of the folder: a place, and what is wrong.
    """
    if (folder / "documents.csv").is_file():
        texts = text_paths(folder, read_documents(folder))
        return [
            _document(doc_id, path or folder / "texts" / doc_id, folder / "rules" / f"{doc_id}.yml")
            for doc_id, path in texts.items()
        ], []
    files, _, problems = list_files(folder)
    documents: dict[str, Document] = {}
    for number, path in enumerate(files, 1):
        name = slug_of(path.stem) or f"text_{number}"
        if name in documents:
            name = slug_of("_".join(path.relative_to(folder).with_suffix("").parts))
        if name in documents:
            name = f"{name}_{number}"
        documents[name] = _document(name, path, None)
    return list(documents.values()), [(str(folder / place), f"{folder / place}: {why}") for place, why in problems]


def _document(doc_id: str, path: Path, rules: Path | None) -> Document:
    has_rules = rules is not None and rules.is_file()
    return Document(doc_id, path, rules if has_rules else None, path.stat().st_size if path.is_file() else 0)


def make_shards(documents: Iterable[Document], shard_bytes: int, cut: bool) -> Iterator[Shard]:
    """Divide documents into shards, large plain texts into several where that changes no count.

    Parameters
    ----------
    documents : iterable of Document
        In their order.
    shard_bytes : int
        How many bytes a shard should have.
    cut : bool
        Whether large files may be cut inside.

    Yields
    ------
    Shard
    """
    number, waiting, size = 0, [], 0
    for document in documents:
        parts = _parts_of(document, shard_bytes) if cut and document.n_bytes > shard_bytes // 2 else None
        if waiting and (parts or size + document.n_bytes > shard_bytes):
            yield Shard(number, tuple(waiting))
            number, waiting, size = number + 1, [], 0
        if parts:
            for part in parts:
                yield Shard(number, (document,), part)
            number += 1
        else:
            waiting.append(document)
            size += document.n_bytes
    if waiting:
        yield Shard(number, tuple(waiting))


def _parts_of(document: Document, shard_bytes: int) -> list[Part] | None:
    if document.path.suffix.lower() not in PLAIN or document.rules is not None:
        return None
    parts = find_parts(document.path, min(BATCH, max(1, shard_bytes // 2)))
    if parts is None or len(parts.bounds) < 2:
        return None
    together = max(1, shard_bytes // BATCH)
    groups = [tuple(parts.bounds[i : i + together]) for i in range(0, len(parts.bounds), together)]
    return [Part(group, parts.layout, len(groups)) for group in groups]


# --- the work -----------------------------------------------------------------------------------------------------


def count_shard(shard: Shard, work: Work, write: Callable[[pd.DataFrame, str, int], None] | None = None) -> ShardCounts:
    """Count one shard.

    Parameters
    ----------
    shard, work
        As `make_shards` makes them, and what is to be counted.
    write : callable, optional
        Gets each table, its name and the number of the shard.
    """
    if work.tables:
        return _count_with_tables(shard, work, write)
    counter = _counter_of(work)
    counts = _count_part(shard, work, counter) if shard.part else _count_documents(shard, work, counter)
    counts.terms, counts.counts, counts.n_documents = counter.take()
    return ShardCounts(cannot_be_cut=True) if counts.cannot_be_cut else counts


def prepare(work: Work) -> None:
    """Compile the loops, or load them, before processes start that all would do it."""
    counter = _counter_of(work)
    counter.count([plain_body(b"Allies pay. They talk.\n" + PADDING)])
    counter.take()


_HERE = threading.local()


def _counter_of(work: Work) -> BodyCounter:
    """Return the counter of this thread: what it has learned of the words of one shard serves for the next."""
    wanted = (work.compiled, work.lexicon and work.lexicon.entries)
    if getattr(_HERE, "wanted", None) != wanted:
        choose = _types_of(work.lexicon) if work.lexicon else None
        _HERE.counter, _HERE.wanted = BodyCounter(work.compiled, choose), wanted
    return _HERE.counter


def _types_of(lexicon: Lexicon) -> Callable[[list[str]], np.ndarray]:
    """Return a function that finds among some types those that an entry of a lexicon may match."""
    patterns = {text for entry in lexicon.entries for text in (entry.pattern, *entry.near, *entry.blocked)}
    globs = sorted({glob for text in patterns for sequence in sequences(text) for glob in sequence} - {"*"})

    def choose(types: list[str]) -> np.ndarray:
        vocabulary = Vocabulary(types)
        return np.unique(np.concatenate([np.zeros(0, dtype=np.int64), *map(vocabulary.find, globs)]))

    return choose


@dataclass(frozen=True)
class _Read:
    """A document on its way from its file to its counts."""

    document: Document
    pieces: Iterable[bytes]
    n_characters: int


def _count_documents(shard: Shard, work: Work, counter: BodyCounter) -> ShardCounts:
    counts = ShardCounts()
    batch: list[_Read] = []
    for document in shard.documents:
        try:
            batch.append(_read(document, work.compiled))
        except (CrossreadError, OSError) as error:
            counts.fail(document, str(error), work.stop)
        if sum(read.document.n_bytes for read in batch) >= BATCH:
            _count_batch(batch, work, counter, counts)
            batch = []
    _count_batch(batch, work, counter, counts)
    return counts


def _count_batch(batch: list[_Read], work: Work, counter: BodyCounter, counts: ShardCounts) -> None:
    counted = counter.count([read.pieces for read in batch])
    hits = _hits_by_document(counted, work.lexicon)
    facts = zip(counted.n_paragraphs, counted.n_sentences, counted.n_tokens, strict=True)
    for read, (n_paragraphs, n_sentences, n_tokens), row in zip(batch, facts, hits, strict=True):
        if n_tokens == 0:
            problem = f"{read.document.path}: {NOTHING_LEFT}."
            counts.fail(read.document, problem, work.stop)
        else:
            counts.add(read.document, (read.n_characters, n_paragraphs, n_sentences, n_tokens), row)


def _hits_by_document(counted: DocumentCounts, lexicon: Lexicon | None) -> np.ndarray:
    """Return how often each key of a lexicon hits in each document: one row a document."""
    n_documents = len(counted.n_tokens)
    if lexicon is None:
        return np.zeros((n_documents, 0), dtype=np.int64)
    hits = match_tokens(counted.store, lexicon).settled()
    document = np.searchsorted(counted.store.document_pointers, hits.start, side="right") - 1
    n_keys = len(lexicon.keys)
    return np.bincount(document * n_keys + hits.key, minlength=n_documents * n_keys).reshape(n_documents, n_keys)


def _read(document: Document, compiled: bool) -> _Read:
    if compiled and document.rules is None and document.path.suffix.lower() in PLAIN:
        read = _read_plain(document)
        if read is not None:
            return read
    source = read_text(document.path)  # says too what is wrong with a file that is not plain
    rules = read_rules(document.rules) if document.rules is not None else []
    return _Read(document, [body_of(source.text, source.blocks, rules)], len(source.text))


def _read_plain(document: Document) -> _Read | None:
    data = read_bytes(document.path, MAX_BYTES)
    check_kind(document.path, document.path.suffix.lower(), data)
    data = data.removeprefix(BOM_UTF8)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    if not text or text.isspace():
        return None
    return _Read(document, quick_body(data), len(text))


class _CannotBeCut(Exception):
    """A part of a document depends on the rest of it."""


def _count_part(shard: Shard, work: Work, counter: BodyCounter) -> ShardCounts:
    document, part = shard.documents[0], shard.part
    n_characters = 0

    def pieces() -> Iterator[bytes]:
        nonlocal n_characters
        with open(document.path, "rb") as file:
            for start, end in part.bounds:
                file.seek(start)
                data = file.read(end - start)
                n_characters += len(data.decode("utf-8"))
                body = plain_body(data + PADDING, part.layout)
                if body is None:
                    raise _CannotBeCut
                yield from body

    try:
        counted = counter.count([pieces()])
    except (_CannotBeCut, UnicodeDecodeError, OSError):
        return ShardCounts(cannot_be_cut=True)
    counts = ShardCounts()
    facts = (counted.n_paragraphs[0], counted.n_sentences[0], counted.n_tokens[0])
    counts.add(document, (n_characters, *facts), _hits_by_document(counted, work.lexicon)[0])
    return counts


def _count_with_tables(shard: Shard, work: Work, write: Callable[[pd.DataFrame, str, int], None] | None) -> ShardCounts:
    counts = ShardCounts()
    documents, sources, rules = {}, {}, {}
    for document in shard.documents:
        try:
            source = read_text(document.path)
            rules[document.doc_id] = read_rules(document.rules) if document.rules is not None else []
        except (CrossreadError, OSError) as error:
            counts.fail(document, str(error), work.stop)
            continue
        documents[document.doc_id] = document
        sources[document.doc_id] = (source.text, source.blocks)
    described = pd.DataFrame(index=pd.Index(list(sources), name="doc_id", dtype=object))
    corpus = build("shard", None, described, sources, rules)
    for doc_id in corpus.documents.index[corpus.documents["n_tokens"] == 0]:
        document = documents.pop(doc_id)
        counts.fail(document, f"{document.path}: {NOTHING_LEFT}.", work.stop)
    hits = find_hits(corpus, work.lexicon) if work.lexicon else None
    by_document = _body_hits(corpus, hits, work.lexicon)
    for doc_id, document in documents.items():
        facts = tuple(corpus.documents.loc[doc_id, list(FACTS)].tolist())
        counts.add(document, facts, by_document[corpus.documents.index.get_loc(doc_id)])
    counted = corpus.term_matrix("document")
    counts.terms, counts.counts = counted.terms.tolist(), np.asarray(counted.matrix.sum(axis=0)).ravel()
    counts.n_documents = np.bincount(counted.matrix.indices, minlength=len(counts.terms))
    for name in work.tables:
        table = hits if name == "hits" else _table(corpus, name, list(documents))
        write(table, name, shard.number)
    return counts


def _body_hits(corpus: Corpus, hits: pd.DataFrame | None, lexicon: Lexicon | None) -> np.ndarray:
    counts = np.zeros((len(corpus.documents), len(lexicon.keys) if lexicon else 0), dtype=np.int64)
    if hits is not None:
        body = (corpus.sentences["kind"].reindex(hits["sentence_id"]) == "body").to_numpy()
        rows = corpus.documents.index.get_indexer(hits["doc_id"])[body]
        np.add.at(counts, (rows, hits["key"].cat.codes.to_numpy()[body]), 1)
    return counts


def _table(corpus: Corpus, name: str, doc_ids: list[str]) -> pd.DataFrame:
    table = corpus.counts if name == "counts" else corpus.sentences[list(SENTENCES)].reset_index()
    return table[table["doc_id"].isin(doc_ids)].reset_index(drop=True)
