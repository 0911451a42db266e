"""More text than memory or one machine holds: shards in, tables out, equal to the local ones to the last count."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from hashlib import blake2b
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from uuid import uuid4

import numpy as np
import pandas as pd

from crossread.corpus import Corpus, build, read_documents, text_paths
from crossread.corpus.cleaning import read_rules
from crossread.corpus.create import list_files, slug_of
from crossread.corpus.reading import read_text
from crossread.corpus.tables import SENTENCES
from crossread.errors import CrossreadError
from crossread.lexicon import Lexicon, find_hits

SHARD_BYTES = 16_000_000  # of files; a larger file is a shard by itself
PER_THREAD = 2  # shards that wait at each thread of a cluster

COUNTED_DOCUMENTS = ("file", "n_characters", "n_paragraphs", "n_sentences", "n_tokens")
TERMS = ("term", "count", "n_documents")
FAILURES = ("file", "problem")


@dataclass(frozen=True)
class FolderCounts:
    """What was counted in a folder.

    Attributes
    ----------
    documents : DataFrame
        Index doc_id: file, n_characters, n_paragraphs, n_sentences, n_tokens (of the body).
    terms : DataFrame
        term, count (in the body of all documents), n_documents; the most frequent first.
    failures : DataFrame
        file, problem: the files that could not be read or left nothing to count, and those with the text of another.
    tables : dict of str to DataFrame
        What was asked to be kept in memory: sentences, counts, hits.
    output : Path or None
        The folder with one folder of Parquet parts for each table.
    """

    documents: pd.DataFrame
    terms: pd.DataFrame
    failures: pd.DataFrame
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    output: Path | None = None


def count_folder(
    folder: str | Path,
    *,
    lexicon: Lexicon | None = None,
    keep: Sequence[str] = (),
    output: str | Path | None = None,
    client=None,
    on_error: str = "report",
    hyphens: str = "separate",
    shard_bytes: int = SHARD_BYTES,
) -> FolderCounts:
    """Count the texts of a folder shard by shard, here or on a Dask cluster, in bounded memory.

    Every text is read, cleaned, split and tokenised as `load` does it. In memory are one shard for each thread, the
    vocabulary and a row for each document, whatever the size of the folder. Nothing is done twice, and the result does
    not depend on how the folder was divided, on the number of workers, or on one that was lost on the way.

    Parameters
    ----------
    folder : path
        A corpus (its documents.csv names the texts and their cleaning rules apply), or any folder: then every text in
        it and its subfolders is a document named after its file.
    lexicon : Lexicon, optional
        Find its hits too.
    keep : sequence of str
        Which of sentences, counts and hits to return in memory.
    output : path, optional
        A folder to be made, for sentences, counts and hits as partitioned Parquet. It appears when it is complete.
    client : distributed.Client, optional
        Count on its cluster. The workers must see the folder, and the output, under the same path.
    on_error : {"report", "stop"}
        What to do about a file that cannot be read: name it in `failures` at the end, or stop.
    hyphens : {"separate", "keep"}
        As in `crossread.corpus.tokens.words`.
    shard_bytes : int
        How much text a task takes at once.

    Returns
    -------
    FolderCounts

    Raises
    ------
    CrossreadError
        "out: this folder is there already. Choose another one, or delete it first."; with `on_error="stop"` also what
        is wrong with the first bad file.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as place:
    ...     for name, text in {"a": "Allies pay.", "b": "Allies talk."}.items():
    ...         _ = Path(place, f"{name}.txt").write_text(text, encoding="utf-8")
    ...     counted = count_folder(place)
    >>> counted.terms.values.tolist()
    [['allies', 2, 2], ['pay', 1, 1], ['talk', 1, 1]]
    """
    if on_error not in ("report", "stop"):
        raise CrossreadError(f"on_error is “report” or “stop”, not “{on_error}”.")
    unknown = [name for name in keep if name not in ("sentences", "counts", "hits")]
    if unknown or ("hits" in keep and lexicon is None):
        raise CrossreadError(
            "keep names sentences, counts and, with a lexicon, hits; not " + ", ".join(unknown or keep)
        )
    draft = _start_output(Path(output).absolute()) if output is not None else None
    tasks = list(_shards(Path(folder).resolve(), shard_bytes))
    work = partial(
        _count_shard, lexicon=lexicon, hyphens=hyphens, keep=tuple(keep), draft=draft, stop=on_error == "stop"
    )
    merged = _Merged()
    try:
        for number, part in _run(work, tasks, client):
            merged.add(number, part)
        result = merged.result(lexicon)
        if on_error == "stop" and len(result.failures):
            raise CrossreadError(result.failures["problem"].iloc[0])
        if draft is not None:
            for name in ("documents", "terms", "failures"):
                table = getattr(result, name)
                _write_part(table.reset_index() if name == "documents" else table, draft / name, 0)
            for left in draft.rglob("*.tmp"):
                left.unlink()
            draft.rename(Path(output).absolute())
    except BaseException:
        if draft is not None:
            shutil.rmtree(draft, ignore_errors=True)
        raise
    return FolderCounts(
        result.documents, result.terms, result.failures, result.tables, Path(output) if output is not None else None
    )


def connect(address: str):
    """Return a client of the Dask scheduler at an address such as `tcp://10.0.0.1:8786`.

    Raises
    ------
    CrossreadError
        "Counting on a cluster needs the extra “scale”: pip install 'crossread[scale]'", or that nobody answers there.
    """
    _need("distributed", "Counting on a cluster")
    from distributed import Client

    try:
        return Client(address, timeout="10s")
    except (OSError, ValueError) as error:
        raise CrossreadError(f"{address}: no Dask scheduler answers there ({error}).") from None


# The work of one task


def _count_shard(
    shard: list[tuple[str, Path, Path | None]], number: int, *, lexicon, hyphens, keep, draft, stop
) -> dict:
    sources, rules, failures = {}, {}, []
    files, digests = {}, []
    for doc_id, path, rule_path in shard:
        try:
            source = read_text(path)
            rules[doc_id] = read_rules(rule_path) if rule_path is not None else []
            sources[doc_id] = (source.text, source.blocks)
            files[doc_id] = str(path)
            digests.append((blake2b(source.text.encode("utf-8", "surrogatepass"), digest_size=16).digest(), str(path)))
        except (CrossreadError, OSError) as error:
            if stop:
                raise CrossreadError(str(error)) from None
            failures.append((str(path), str(error)))
    described = pd.DataFrame(index=pd.Index(list(sources), name="doc_id", dtype=object))
    corpus = build("shard", None, described, sources, rules, hyphens)
    for doc_id in corpus.documents.index[corpus.documents["n_tokens"] == 0]:
        problem = f"{files[doc_id]}: nothing to count was left after cleaning."
        if stop:
            raise CrossreadError(problem)
        failures.append((files.pop(doc_id), problem))
    counted = corpus.term_matrix("document")
    documents = corpus.documents.loc[list(files)].assign(file=list(files.values()))[list(COUNTED_DOCUMENTS)]
    tables = {}
    for name in ("sentences", "counts", "hits"):
        if name in keep or (draft is not None and (name != "hits" or lexicon is not None)):
            tables[name] = _table(corpus, name, lexicon, list(files))
            if draft is not None:
                _write_part(tables[name], draft / name, number)
    return {
        "documents": documents,
        "terms": counted.terms,
        "counts": np.asarray(counted.matrix.sum(axis=0)).ravel(),
        "n_documents": np.bincount(counted.matrix.indices, minlength=len(counted.terms)),
        "failures": failures,
        "digests": digests,
        "tables": {name: tables[name] for name in keep},
    }


def _table(corpus: Corpus, name: str, lexicon: Lexicon | None, doc_ids: list[str]) -> pd.DataFrame:
    if name == "hits":
        return find_hits(corpus, lexicon)
    table = corpus.counts if name == "counts" else corpus.sentences[list(SENTENCES)].reset_index()
    return table[table["doc_id"].isin(doc_ids)].reset_index(drop=True)


def _write_part(table: pd.DataFrame, folder: Path, number: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f"{number:06d}.{uuid4().hex[:8]}.tmp"
    table.to_parquet(draft, index=False, engine="pyarrow")
    os.replace(draft, folder / f"part-{number:06d}.parquet")


# Shards and their order


def _shards(folder: Path, shard_bytes: int) -> Iterator[list[tuple[str, Path, Path | None]]]:
    if (folder / "documents.csv").is_file():
        found = text_paths(folder, read_documents(folder))
        documents = [
            (doc_id, path if path is not None else folder / "texts" / doc_id, folder / "rules" / f"{doc_id}.yml")
            for doc_id, path in found.items()
        ]
    else:
        files, _, problems = list_files(folder)
        if problems:
            raise CrossreadError("\n".join(problems))
        documents, taken = [], set()
        for number, path in enumerate(files, 1):
            name = slug_of(path.stem) or f"text_{number}"
            if name in taken:
                name = slug_of("_".join(path.relative_to(folder).with_suffix("").parts))
            if name in taken:
                name = f"{name}_{number}"
            taken.add(name)
            documents.append((name, path, None))
    shard, size = [], 0
    for document in documents:
        n_bytes = document[1].stat().st_size if document[1].is_file() else 0
        if shard and size + n_bytes > shard_bytes:
            yield shard
            shard, size = [], 0
        shard.append(document)
        size += n_bytes
    if shard:
        yield shard


_SENTENCE_COLUMNS = ("document", "section", "paragraph", "number", "segment", "kind", "start", "end", "n_tokens")


def _run(function: Callable, tasks: Iterable, client) -> Iterator[tuple[int, object]]:
    """Yield the number and result of each task, in order here, as they come from a cluster.

    A cluster has only so many tasks at once that neither it nor this process holds more than a few shards. Dask gives
    the tasks of a lost worker to another one.
    """
    waiting = enumerate(tasks)
    if client is None:
        for number, task in waiting:
            yield number, function(task, number)
        return
    from distributed import as_completed

    running = {}
    queue = as_completed()
    try:
        for number, task in islice(waiting, PER_THREAD * max(1, sum(client.nthreads().values()))):
            future = client.submit(function, task, number, pure=False)
            running[future] = number
            queue.add(future)
        for future in queue:
            result = future.result()  # an error of the task is raised here, or that of a worker lost again and again
            number = running.pop(future)
            for next_number, task in islice(waiting, 1):
                following = client.submit(function, task, next_number, pure=False)
                running[following] = next_number
                queue.add(following)
            yield number, result
    finally:
        client.cancel(list(running))


class _Merged:
    """Parts as they come, in whatever order; the result is in the order of the shards."""

    def __init__(self):
        self.numbers: dict[str, int] = {}
        self.counts = np.zeros(1024, dtype=np.int64)
        self.n_documents = np.zeros(1024, dtype=np.int64)
        self.parts: dict[int, dict] = {}

    def add(self, number: int, part: dict) -> None:
        setdefault, known = self.numbers.setdefault, self.numbers
        terms = part.pop("terms").tolist()
        at = np.fromiter((setdefault(term, len(known)) for term in terms), np.int64, len(terms))
        if len(known) > len(self.counts):
            room = max(len(known), 2 * len(self.counts)) - len(self.counts)
            self.counts = np.concatenate([self.counts, np.zeros(room, dtype=np.int64)])
            self.n_documents = np.concatenate([self.n_documents, np.zeros(room, dtype=np.int64)])
        self.counts[at] += part.pop("counts")
        self.n_documents[at] += part.pop("n_documents")
        self.parts[number] = part

    def result(self, lexicon: Lexicon | None) -> FolderCounts:
        parts = [self.parts[number] for number in sorted(self.parts)]
        n = len(self.numbers)
        terms = pd.DataFrame(
            {"term": list(self.numbers), "count": self.counts[:n], "n_documents": self.n_documents[:n]},
            columns=list(TERMS),
        )
        terms = terms.sort_values(["count", "term"], ascending=[False, True], ignore_index=True)
        failed = [row for part in parts for row in part["failures"]]
        first: dict[bytes, str] = {}
        for digest, file in (pair for part in parts for pair in part["digests"]):
            if first.setdefault(digest, file) != file:
                failed.append((file, f"{file}: the same text as {first[digest]}. Both are counted; take one away."))
        failures = pd.DataFrame(failed, columns=list(FAILURES))
        documents = pd.concat([part["documents"] for part in parts])
        tables = {
            name: pd.concat([part["tables"][name] for part in parts], ignore_index=True) for name in parts[0]["tables"]
        }
        if "sentences" in tables:
            tables["sentences"] = tables["sentences"].set_index("sentence_id")
        return FolderCounts(documents, terms, failures, tables)


def _start_output(output: Path) -> Path:
    _need("pyarrow", "Writing Parquet")
    if output.exists():
        raise CrossreadError(f"{output}: this folder is there already. Choose another one, or delete it first.")
    draft = output.with_name(f".{output.name}.{uuid4().hex[:8]}.part")
    draft.mkdir(parents=True)
    return draft


def _need(package: str, what: str) -> None:
    if find_spec(package) is None:
        raise CrossreadError(f"{what} needs the extra “scale”: pip install 'crossread[scale]'")
