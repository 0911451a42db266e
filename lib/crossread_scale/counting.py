"""More text than memory or one machine holds: shards in, tables out, equal to the local ones to the last count."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import repeat
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from crossread.corpus.tokens import use_compiled
from crossread.errors import CrossreadError
from crossread.files import PART, unfinished, write_whole
from crossread.lexicon import Lexicon
from crossread.progress import progress_bar
from crossread_scale.runs import ShardQueue, need, open_processes, run
from crossread_scale.shards import (
    FACTS,
    TABLES,
    Shard,
    ShardCounts,
    Work,
    count_shard,
    list_documents,
    make_shards,
    prepare,
    text_digest,
)

if TYPE_CHECKING:
    from distributed import Client

SHARD_BYTES = 32_000_000  # of files; a plain text of more than half of it is cut inside

# To start processes takes as long as to count so many shards, in compiled loops or where tables are written.
QUICK_SHARDS, SLOW_SHARDS = 8, 2

COUNTED_DOCUMENTS = ("file", *FACTS)
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
    hits : DataFrame
        Index doc_id: one column for each key of the lexicon, its hits in the body; no column without a lexicon.
    failures : DataFrame
        file, problem: the files that could not be read or left nothing to count, and those with the text of another.
    """

    documents: pd.DataFrame
    terms: pd.DataFrame
    hits: pd.DataFrame
    failures: pd.DataFrame


def count_folder(
    folder: str | Path,
    *,
    lexicon: Lexicon | None = None,
    output: str | Path | None = None,
    processes: int | None = None,
    client: Client | None = None,
    on_error: str = "report",
    shard_bytes: int = SHARD_BYTES,
    progress: bool = False,
) -> FolderCounts:
    """Count the texts of a folder shard by shard, in the processors of this machine or on a Dask cluster.

    Every text is read, cleaned, split and tokenised as `load` does it. In memory are one shard for each process, the
    vocabulary and a row for each document, whatever the size of the folder; a large plain text is cut between two
    paragraphs. Nothing is done twice, and the result does not depend on how the folder was divided, on the number of
    processes, or on one that was lost on the way.

    Parameters
    ----------
    folder : path
        A corpus (its documents.csv names the texts and their cleaning rules apply), or any folder: then every text in
        it and its subfolders is a document named after its file.
    lexicon : Lexicon, optional
        Count its hits in each document too.
    output : path, optional
        A folder to be made, for sentences, counts and hits, each with its place, as partitioned Parquet. It appears
        when it is complete. Then no text is cut inside.
    processes : int, optional
        How many processes of this machine count; as many as there are processors unless given, and one for a folder
        that is counted sooner than they are started (eight shards, or two with `output`). In a script put the call
        under `if __name__ == "__main__":`, as for every library that starts processes.
    client : distributed.Client, optional
        Count on its cluster. The workers must see the folder, and the output, under the same path.
    on_error : {"report", "stop"}
        What to do about a file that cannot be read: name it in `failures` at the end, or stop.
    shard_bytes : int
        How much text a process takes at once.
    progress : bool
        Whether to show a bar.

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
    documents, problems = list_documents(Path(folder).resolve())
    if problems and on_error == "stop":
        raise CrossreadError(problems[0][1])
    n_bytes = sum(document.n_bytes for document in documents)
    made = tuple(name for name in TABLES if output is not None and (name != "hits" or lexicon))
    work = Work(lexicon, made, on_error == "stop", use_compiled(n_bytes))
    shards = ShardQueue(make_shards(documents, shard_bytes, cut=work.compiled and not made))
    merged = _Merged()
    with _draft(output) as draft:
        write = partial(_write_part, draft) if draft is not None else None
        is_quick = work.compiled and not made
        processes = _how_many(processes, client, n_bytes / shard_bytes, is_quick)
        if work.compiled and client is None:
            prepare(work)
        count = partial(count_shard, work=work, write=write)
        bar = progress_bar("counting", n_bytes, "B", shown=progress)
        with open_processes(processes) as pool, closing(bar):
            for shard, counts in run(count, shards, pool, client, processes=processes):
                if counts.cannot_be_cut:
                    merged.drop(shard)
                    shards.put(Shard(shard.number, shard.documents))
                elif merged.add(shard, counts):
                    bar.update(shard.n_bytes)
        result = merged.result(lexicon, problems)
        if on_error == "stop" and len(result.failures):
            raise CrossreadError(result.failures["problem"].iloc[0])
        if draft is not None:
            _finish_output(result, draft)
    return result


def _how_many(processes: int | None, client, n_shards: float, is_quick: bool) -> int:
    if client is not None:
        return 1
    if processes is not None:
        return max(1, processes)
    available = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    worth_it = QUICK_SHARDS if is_quick else SLOW_SHARDS
    return available if n_shards > worth_it else 1


class _Merged:
    """Counts as they come, in whatever order; the result is in the order of the shards."""

    def __init__(self):
        self.totals = _Totals()
        self.shards: dict[int, ShardCounts] = {}
        self.open: dict[int, _InParts] = {}  # documents of which not all parts are counted
        self.dropped: set[int] = set()

    def add(self, shard: Shard, counts: ShardCounts) -> bool:
        """Add what was counted; False for a part of a document that was dropped meanwhile."""
        if shard.part is None:
            self.totals.add(counts.terms, counts.counts, counts.n_documents)
            self.shards[shard.number] = counts
            return True
        if shard.number in self.dropped:
            return False
        document = self.open.setdefault(shard.number, _InParts())
        document.add(counts)
        if document.n_parts == shard.part.n_parts:
            del self.open[shard.number]
            self.totals.add(*document.terms())
            self.shards[shard.number] = document.counts
        return True

    def drop(self, shard: Shard) -> None:
        """Forget the parts of a document that cannot be cut."""
        self.open.pop(shard.number, None)
        self.dropped.add(shard.number)

    def result(self, lexicon: Lexicon | None, problems: list[tuple[str, str]]) -> FolderCounts:
        shards = [self.shards[number] for number in sorted(self.shards)]
        columns = {
            name: [value for counts in shards for value in counts.documents[name]] for name in ShardCounts().documents
        }
        doc_ids = pd.Index(columns["doc_id"], name="doc_id", dtype=object)
        documents = pd.DataFrame({name: columns[name] for name in COUNTED_DOCUMENTS}, index=doc_ids)
        keys = list(lexicon.keys) if lexicon is not None else []
        hits = pd.DataFrame(np.array(columns["hits"]).reshape(len(doc_ids), len(keys)), index=doc_ids, columns=keys)
        failed = [*problems, *(row for counts in shards for row in counts.failures)]
        failed += _name_twins(documents)
        failures = pd.DataFrame(failed, columns=list(FAILURES))
        return FolderCounts(documents, self.totals.table(), hits, failures)


def _name_twins(documents: pd.DataFrame) -> list[tuple[str, str]]:
    """Name the files with the text of another; only those of which all facts are alike are read again."""
    failed, first = [], {}
    for file in documents.loc[documents.duplicated(list(FACTS), keep=False), "file"]:
        earlier = first.setdefault(text_digest(Path(file)), file)
        if earlier != file:
            failed.append((file, f"{file}: the same text as {earlier}. Both are counted; take one away."))
    return failed


class _Totals:
    """How often each term occurs, and in how many documents, as shards come in."""

    def __init__(self):
        self.numbers: dict[str, int] = {}
        self.counts = np.zeros(1024, dtype=np.int64)
        self.n_documents = np.zeros(1024, dtype=np.int64)

    def add(self, terms: Sequence[str], counts: np.ndarray, n_documents: np.ndarray) -> None:
        known = self.numbers
        at = np.fromiter(map(known.get, terms, repeat(-1)), np.int64, len(terms))
        new = np.flatnonzero(at < 0)
        at[new] = len(known) + np.arange(len(new))
        known.update(zip([terms[i] for i in new.tolist()], at[new].tolist(), strict=True))
        room = max(len(known), 2 * len(self.counts)) - len(self.counts) if len(known) > len(self.counts) else 0
        self.counts, self.n_documents = (
            np.concatenate([values, np.zeros(room, dtype=np.int64)]) if room else values
            for values in (self.counts, self.n_documents)
        )
        self.counts[at] += counts
        self.n_documents[at] += n_documents

    def table(self) -> pd.DataFrame:
        n = len(self.numbers)
        values = (list(self.numbers), self.counts[:n], self.n_documents[:n])
        table = pd.DataFrame(dict(zip(TERMS, values, strict=True)))
        return table.sort_values(["count", "term"], ascending=[False, True], ignore_index=True)


class _InParts:
    """A document of which the parts come one after another, in whatever order."""

    def __init__(self):
        self.totals = _Totals()
        self.counts = ShardCounts()
        self.n_parts = 0

    def add(self, part: ShardCounts) -> None:
        self.n_parts += 1
        self.totals.add(part.terms, part.counts, part.n_documents)
        if self.n_parts == 1:
            self.counts = part
            return
        for name in (*FACTS, "hits"):
            self.counts.documents[name][0] = self.counts.documents[name][0] + part.documents[name][0]

    def terms(self) -> tuple[list[str], np.ndarray, np.ndarray]:
        """Return the terms of the whole, how often each occurs, and that this is one document."""
        n = len(self.totals.numbers)
        return list(self.totals.numbers), self.totals.counts[:n], np.ones(n, dtype=np.int64)


# --- output -------------------------------------------------------------------------------------------------------


@contextmanager
def _draft(output: str | Path | None) -> Iterator[Path | None]:
    if output is None:
        yield None
        return
    need("pyarrow", "Writing Parquet")
    output = Path(output).absolute()
    if output.exists():
        raise CrossreadError(f"{output}: this folder is there already. Choose another one, or delete it first.")
    with unfinished(output) as draft:
        yield draft


def _write_part(draft: Path, table: pd.DataFrame, name: str, number: int) -> None:
    content = io.BytesIO()
    table.to_parquet(content, index=False, engine="pyarrow")
    write_whole(draft / name / f"part-{number:06d}.parquet", content.getvalue())


def _finish_output(result: FolderCounts, draft: Path) -> None:
    _write_part(draft, result.documents.reset_index(), "documents", 0)
    _write_part(draft, result.terms, "terms", 0)
    _write_part(draft, result.failures, "failures", 0)
    for left in draft.rglob(f".*{PART}"):  # of a worker that was lost
        left.unlink()
