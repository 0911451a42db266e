"""Change a corpus of one's own: add texts, take one out, rename it, delete it. What is wrong changes nothing."""

from __future__ import annotations

import io
import os
import shutil
from hashlib import sha256
from pathlib import Path

import pandas as pd

from crossread.corpus.create import documents_table, free_place, source_of
from crossread.corpus.describe import corpus_of
from crossread.corpus.gather import Gathered, gather
from crossread.corpus.load import corpus_folder, read_documents, text_paths
from crossread.corpus.places import project_folder
from crossread.corpus.report import report_of
from crossread.corpus.tables import as_was, csv_text, text_of_table
from crossread.errors import CrossreadError
from crossread.files import alone, write_whole

REMOVED = "removed"


def add_texts(
    name: str,
    source: str | Path | pd.DataFrame,
    *,
    text: str | None = None,
    metadata: str | Path | pd.DataFrame | None = None,
    encoding: str | None = None,
) -> pd.DataFrame:
    """Add texts to a corpus: a file, a folder, or a table; a file that lies in its `texts/` already is only listed.

    Parameters
    ----------
    name : str
        The corpus.
    source, text, metadata, encoding
        As in `gather`.

    Returns
    -------
    DataFrame
        As `report_of`, of what was added.
    """
    folder = _own_folder(name)
    gathered = gather(source, text=text, metadata=metadata, encoding=encoding)
    with alone(folder):
        return _add(folder, name, gathered)


def _add(folder: Path, name: str, gathered: Gathered) -> pd.DataFrame:
    described = read_documents(folder)
    texts = folder / "texts"
    paths = text_paths(folder, described)
    known = {path.name for path in paths.values() if path is not None}
    _keep_apart(gathered, paths, texts)
    if not gathered.texts:
        listed = "".join(f"\n- {origin}: {why}" for origin, why in gathered.unread)
        raise CrossreadError(f"Nothing was added to “{name}”.{listed}")
    corpus, year_from = corpus_of(gathered, name)
    report = report_of(corpus, gathered, year_from)
    report.attrs["said"] = tuple(gathered.said)
    before = _as_written(folder)
    spelt = {column.lower(): column for column in before}
    added = documents_table(corpus.documents, gathered)
    others = [column for column in added if column not in before and spelt.get(column.lower(), "") not in added]
    added = added.rename(columns={column: spelt.get(column.lower(), column) for column in others})
    written: list[Path] = []
    try:
        texts.mkdir(exist_ok=True)
        for row, (doc_id, file) in enumerate(zip(added["doc_id"], added["file"], strict=True)):
            given = gathered.files.get(doc_id)
            if given is not None and given.resolve().parent == texts.resolve() and not gathered.encoding:
                added.loc[row, "file"] = given.name
                continue
            path, content = texts / file, source_of(gathered, doc_id)
            # what an earlier call wrote that was stopped before it was listed is the same text
            if file in known or (path.exists() and path.read_bytes() != content):
                raise CrossreadError(f"{path}: there is a file of this name already. Rename the new one.")
            written.append(write_whole(path, content))
        _write_documents(folder, pd.concat([before, added.astype(object)], ignore_index=True))
    except (OSError, CrossreadError) as error:
        for path in written:
            path.unlink(missing_ok=True)
        if isinstance(error, CrossreadError):
            raise
        raise CrossreadError(f"{folder} cannot be written: {error.strerror or error}. Nothing was added.") from None
    return report


def remove_text(name: str, document: str) -> Path | None:
    """Take a document out of a corpus; its text goes to the folder `removed/`, from which it can be added again.

    Returns
    -------
    Path or None
        Where the text is now; None where there was none.
    """
    folder = _own_folder(name)
    with alone(folder):
        return _remove(folder, name, document)


def _remove(folder: Path, name: str, document: str) -> Path | None:
    described = read_documents(folder)
    if document not in described.index:
        raise CrossreadError(f"There is no document “{document}” in “{name}”. There are: {', '.join(described.index)}.")
    if len(described) == 1:
        raise CrossreadError(f"“{document}” is the only document of “{name}”. Delete all: crossread delete {name}")
    path = text_paths(folder, described)[document]
    table = _as_written(folder)
    target = None
    if path is not None:
        target = folder / REMOVED / path.name
        write_whole(target.parent / ".gitignore", "*\n")
    _write_documents(folder, table[table["doc_id"] != document])
    if path is not None:
        os.replace(path, target)
    return target


def rename_corpus(name: str, new: str) -> Path:
    """Give a corpus another name, and return its folder."""
    folder = _own_folder(name)
    target = free_place(folder.parent, new)
    os.replace(folder, target)
    return target


def delete_corpus(name: str) -> list[str]:
    """Delete a corpus with its texts, codes and lexicons, and return what was in its folder."""
    folder = _own_folder(name)
    held = sorted(path.name for path in folder.iterdir())
    shutil.rmtree(folder)
    return held


def _own_folder(name: str) -> Path:
    """Return the folder of a corpus that its owner may change."""
    folder = corpus_folder(name)
    if folder.parent != (project_folder() / "corpus").resolve():
        raise CrossreadError(f"{folder} is not in {project_folder() / 'corpus'}: change it there by hand.")
    if (folder / "counts.csv").is_file() or (folder / "README.md").is_file():
        raise CrossreadError(
            f"“{name}” belongs to the project: its tables and tests count its documents as they are. Make a corpus of "
            f"your own of them: crossread new NAME {folder / 'texts'}"
        )
    return folder


def _keep_apart(gathered: Gathered, paths: dict[str, Path | None], texts: Path) -> None:
    """Leave out what the corpus has already, and give new texts ids that are free."""
    held = {sha256(path.read_bytes()).hexdigest(): doc for doc, path in paths.items() if path is not None}
    for doc_id in list(gathered.texts):
        if gathered.texts[doc_id].sha256 in held:
            gathered.drop(doc_id, f"the corpus has this text already: {held[gathered.texts[doc_id].sha256]}")
    for doc_id in [doc_id for doc_id in gathered.texts if doc_id in paths]:
        number = 2
        while f"{doc_id}_{number}" in paths or f"{doc_id}_{number}" in gathered.texts:
            number += 1
        _rename(gathered, doc_id, f"{doc_id}_{number}")


def _rename(gathered: Gathered, doc_id: str, new: str) -> None:
    for held in (gathered.texts, gathered.origins, gathered.remarks, gathered.files):
        if doc_id in held:
            held[new] = held.pop(doc_id)
    gathered.remarks[new].append(f"“{doc_id}” is a document of the corpus: this text is {new}")
    gathered.columns = gathered.columns.rename(index={doc_id: new})


def _as_written(folder: Path) -> pd.DataFrame:
    """Read documents.csv with every cell as it stands there."""
    text = text_of_table(folder / "documents.csv")
    return pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False).map(as_was)


def _write_documents(folder: Path, table: pd.DataFrame) -> None:
    write_whole(folder / "documents.csv", csv_text(table))
