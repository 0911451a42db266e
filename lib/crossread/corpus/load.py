"""A corpus folder to a `Corpus`: from its texts when they are attached, else from its published counts."""

from __future__ import annotations

import os
import re
import warnings
from hashlib import sha256
from pathlib import Path

import numpy as np
import pandas as pd

from crossread.corpus.cleaning import read_rules
from crossread.corpus.language import language_notices
from crossread.corpus.model import Corpus, build
from crossread.corpus.places import corpora_folders
from crossread.corpus.published import FolderTables
from crossread.corpus.reading import MEDIA_TYPES, SourceText, read_text
from crossread.corpus.sealing import SEAL, EditedWarning, changed_files
from crossread.corpus.source import PublishedSource
from crossread.corpus.store import STORED_FROM, open_or_build
from crossread.corpus.tables import DOCUMENTS, PUBLISHED_FORMS, TEXT_COLUMNS, as_was, check_columns, read_table
from crossread.errors import CrossreadError

SUFFIXES = tuple(MEDIA_TYPES)
NOTHING_LEFT = "nothing but headings, notes and what stands around a text was found in it; replace it or leave it out"
NOT_COUNTED = "is not in documents.csv and is not counted"  # what is said of a file that was laid into texts/
UNPUBLISHED = "CROSSREAD_WITHOUT_TEXTS"  # set where what is made will be published: no text that is not is opened


def corpus_folder(name: str | Path) -> Path:
    """Return the folder of a corpus given by name (under `corpus/`) or by path.

    Parameters
    ----------
    name : str or path

    Returns
    -------
    Path

    Raises
    ------
    CrossreadError
        "There is no corpus “x”. Corpora here: alliances, parties, practice. Make one with: crossread new x FOLDER".

    Examples
    --------
    >>> corpus_folder("practice").name
    'practice'
    """
    path = Path(name)
    homes = corpora_folders()
    for folder in (*(home / path for home in homes), path):
        if (folder / "documents.csv").is_file():
            return folder.resolve()
    if path.is_dir():
        raise CrossreadError(
            f"{path}: no documents.csv in this folder. Make a corpus of it with: crossread new NAME {path}"
        )
    here = sorted({place.parent.name for home in homes for place in home.glob("*/documents.csv")})
    raise CrossreadError(
        f"There is no corpus “{name}”. Corpora here: {', '.join(here) or 'none'}. "
        f"Make one with: crossread new {path.name} FOLDER"
    )


def read_documents(folder: Path) -> pd.DataFrame:
    """Read and check the documents.csv of a corpus.

    Parameters
    ----------
    folder : Path
        The folder of the corpus.

    Returns
    -------
    DataFrame
        Index doc_id, the columns of documents.csv as they stand there.

    Raises
    ------
    CrossreadError
        "corpus/x/documents.csv, row 3: the doc_id “a” is there twice (first in row 2)."

    Examples
    --------
    >>> read_documents(corpus_folder("practice"))[["year", "genre"]].head(2)
                    year          genre
    doc_id
    pellworth_2028  2028  working paper
    ostrand_2029    2029   book chapter
    """
    path = folder / "documents.csv"
    table = read_table(path, PUBLISHED_FORMS["documents"])
    if table.empty:
        raise CrossreadError(f"{path}: no document in it; give each one a row.")
    for row, doc_id in enumerate(table["doc_id"], 2):  # row 1 is the header, as a spreadsheet numbers them
        if not re.fullmatch(r"[A-Za-z0-9_]+", doc_id):
            raise CrossreadError(f"{path}, row {row}: the doc_id “{doc_id}” may hold only letters, digits and _.")
    if "file" in table:
        for row, name in enumerate(table["file"].fillna(""), 2):
            target = (folder / "texts" / name).resolve()
            if name and not target.is_relative_to((folder / "texts").resolve()):
                raise CrossreadError(f"{path}, row {row}: the file “{name}” leaves the folder {folder / 'texts'}.")
    for column in TEXT_COLUMNS:
        if column in table:
            table[column] = table[column].fillna("").map(as_was)
    table["label"] = table["label"].where(table["label"] != "", table["doc_id"])
    return in_order_of_time(table.set_index("doc_id"))


def in_order_of_time(documents: pd.DataFrame) -> pd.DataFrame:
    """Return documents by their year, those of one year as they stood, those without a year last.

    Examples
    --------
    >>> in_order_of_time(pd.DataFrame({"year": ["2023", "", "2011"]}, index=["a", "b", "c"])).index.tolist()
    ['c', 'a', 'b']
    """
    if "year" not in documents:
        return documents
    year = pd.to_numeric(documents["year"], errors="coerce").fillna(np.inf)
    return documents.iloc[np.argsort(year.to_numpy(), kind="stable")]


def text_paths(folder: Path, described: pd.DataFrame) -> dict[str, Path | None]:
    """Return for each document the file of its text, or None where it is not here.

    Parameters
    ----------
    folder : Path
        The folder of the corpus.
    described : DataFrame
        From `read_documents`.

    Returns
    -------
    dict
        doc_id to its file.

    Raises
    ------
    CrossreadError
        "texts/a.txt and texts/a.md: two texts of the document “a”; keep one."

    Examples
    --------
    >>> folder = corpus_folder("practice")
    >>> paths = text_paths(folder, read_documents(folder))
    >>> paths["pellworth_2028"].name, paths["marsh_2031"].name
    ('pellworth_2028.pdf', 'marsh_2031.txt')
    """
    paths: dict[str, Path | None] = {}
    for row, doc_id in enumerate(described.index, 2):
        name = described["file"].get(doc_id, "") if "file" in described else ""
        if isinstance(name, str) and name:
            path = folder / "texts" / name
            if not path.is_file() and not (folder / "counts.csv").is_file():
                raise CrossreadError(f"{folder / 'documents.csv'}, row {row}: there is no file {path}.")
            paths[doc_id] = path if path.is_file() else None
            continue
        paths_here = [p for suffix in SUFFIXES if (p := folder / "texts" / f"{doc_id}{suffix}").is_file()]
        if len(paths_here) > 1:
            raise CrossreadError(
                f"{paths_here[0]} and {paths_here[1]}: two texts of the document “{doc_id}”; keep one."
            )
        paths[doc_id] = paths_here[0] if paths_here else None
    return paths


def stray_files(folder: Path, paths: dict[str, Path | None]) -> list[Path]:
    """Return the files in `texts/` that are no document of the corpus."""
    listed = {path.name for path in paths.values() if path is not None}
    texts = folder / "texts"
    here = sorted(path for path in texts.iterdir() if path.is_file()) if texts.is_dir() else []
    return [path for path in here if path.suffix.lower() in SUFFIXES and path.name not in listed]


def load(name: str | Path, *, texts: bool | None = None, store: bool | None = None) -> Corpus:
    """Load a corpus.

    With the texts attached everything is computed from them; without, the published tables are read, and whatever
    needs no running text gives the same numbers.

    Parameters
    ----------
    name : str or path
        A folder under `corpus/`, or any folder with a documents.csv.
    texts : bool, optional
        True insists on the texts, False on the published counts; by default the texts when all of them are here,
        unless the variable CROSSREAD_WITHOUT_TEXTS is set.
    store : bool, optional
        Whether to keep the tokens in a folder `.crossread` beside the texts, from which the next load maps them into
        memory; by default where the texts have more than 8 MB. It is built anew when a text or the tokeniser changes.

    Returns
    -------
    Corpus

    Raises
    ------
    CrossreadError
        "There is no corpus “x”. …", or what is wrong in its documents.csv or with one of its files.
    TextNeeded
        With `texts=True` where the texts are not here.

    Examples
    --------
    >>> load("practice").attached
    True
    """
    folder = corpus_folder(name)
    described = read_documents(folder)
    notices = edits(folder)
    for notice in notices:
        warnings.warn(notice, EditedWarning, stacklevel=2)
    paths = text_paths(folder, described)
    complete = all(path is not None for path in paths.values())
    has_counts = (folder / "counts.csv").is_file()
    if texts is False or (texts is None and has_counts and (not complete or os.environ.get(UNPUBLISHED))):
        return _load_published(folder, described, notices)
    if not complete:
        missing = [doc_id for doc_id, path in paths.items() if path is None]
        if has_counts:
            _load_published(folder, described, notices).source.tokens(f"the text of {', '.join(missing)}")
        raise CrossreadError(
            f"{folder / 'texts'}: no text of {', '.join(missing)} (looked for DOC_ID{'|'.join(SUFFIXES)})."
        )
    return _load_texts(folder, described, paths, store, notices)


def _load_texts(
    folder: Path,
    described: pd.DataFrame,
    paths: dict[str, Path],
    store: bool | None,
    notices: list[str],
) -> Corpus:
    if store is None:
        store = sum(path.stat().st_size for path in paths.values()) >= STORED_FROM
    texts = {} if store else _read_all(paths)  # of a stored corpus only the hashes are asked for
    hashes = {
        doc_id: texts[doc_id].sha256 if texts else sha256(path.read_bytes()).hexdigest()
        for doc_id, path in paths.items()
    }
    notices = [
        *notices,
        *_twins(hashes),
        *(f"{path} {NOT_COUNTED}. Add it: crossread add {folder.name} {path}" for path in stray_files(folder, paths)),
    ]
    notices += language_notices(described["language"]) if "language" in described else []
    notices += _other_copies(described, hashes)
    described = described.assign(sha256=list(hashes.values()))
    corpus = None
    if store:
        try:
            corpus = open_or_build(folder, described, paths, hashes, notices)
        except OSError as error:
            notices.append(f"no store could be written in {folder}: {error}")
    if corpus is None:
        corpus = _build_in_memory(folder, described, texts or _read_all(paths), notices)
    empty = corpus.documents.index[corpus.documents["n_tokens"] == 0]
    if len(empty):
        raise CrossreadError("\n".join(f"{paths[doc_id]}: {NOTHING_LEFT}." for doc_id in empty))
    return corpus


def _twins(hashes: dict[str, str]) -> list[str]:
    """Name the documents that are the same text as an earlier one, as rows of a table may well be."""
    first: dict[str, str] = {}
    return [
        f"{doc_id}: the same text as {first[digest]}; both are counted."
        for doc_id, digest in hashes.items()
        if first.setdefault(digest, doc_id) != doc_id
    ]


def _other_copies(described: pd.DataFrame, hashes: dict[str, str]) -> list[str]:
    """Say of which documents the copy here is not the one whose hash documents.csv holds."""
    if "sha256" not in described:
        return []
    return [
        f"{doc_id}: this copy is not the one that was published from; crossread verify says what differs."
        for doc_id, published in described["sha256"].items()
        if published and published != hashes[doc_id]
    ]


def _read_all(paths: dict[str, Path]) -> dict[str, SourceText]:
    """Read all texts, or name every one that cannot be read."""
    texts, problems = {}, []
    for doc_id, path in paths.items():
        try:
            texts[doc_id] = read_text(path)
        except CrossreadError as error:
            problems.append(str(error))
    if problems:
        raise CrossreadError("\n".join(problems))
    return texts


def _build_in_memory(folder: Path, described: pd.DataFrame, texts: dict[str, SourceText], notices: list[str]) -> Corpus:
    rules = {doc_id: read_rules(folder / "rules" / f"{doc_id}.yml") for doc_id in texts}
    remarks = [f"{doc_id}: {remark}" for doc_id, source in texts.items() for remark in source.notices]
    sources = {doc_id: (source.text, source.blocks) for doc_id, source in texts.items()}
    return build(folder.name, folder, described, sources, rules, [*notices, *remarks])


def _load_published(folder: Path, described: pd.DataFrame, notices: list[str]) -> Corpus:
    check_columns(described, DOCUMENTS, str(folder / "documents.csv"))
    tables = FolderTables(folder, described)
    for name in ("sentences", "counts", "cuts"):
        if name not in tables:
            raise CrossreadError(
                f"{tables.path(name)} is missing: the published tables of “{folder.name}” are not complete."
            )
        tables[name]  # what is wrong with it is said now, not at the first question
    documents = described[list(DOCUMENTS) + [column for column in described if column not in DOCUMENTS]]
    source = PublishedSource(folder.name, documents.index, tables)
    return Corpus(folder.name, folder, documents, source, notices)


def edits(folder: Path) -> list[str]:
    """Say which files that people write are not as they were when they were sealed, in a corpus and beside it.

    Parameters
    ----------
    folder : Path
        Of a corpus.
    """
    said = []
    for place, name in ((folder, folder.name), (folder.parent, "")):
        for file, what in changed_files(place).items():
            made_of_texts = name and file.removesuffix(".csv") in PUBLISHED_FORMS and file != "documents.csv"
            if not made_of_texts:  # those are checked where they are read
                path = f"{folder.name}/{file}" if name else file
                verb = "was edited" if what == "edited" else "is missing"
                said.append(
                    f"{path} {verb} since its folder was sealed ({SEAL}). "
                    f"Meant: crossread seal{f' {name}' if name else ''}. Not meant: restore the file."
                )
    return said
