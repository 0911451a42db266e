"""A reader's own copies of the texts, found by what is in them and put where `load` looks."""

from __future__ import annotations

import os
import shutil
from hashlib import sha256
from pathlib import Path

import pandas as pd

from crossread.corpus import cleaning
from crossread.corpus.load import SUFFIXES, corpus_folder, read_documents
from crossread.corpus.model import build
from crossread.corpus.published import FolderTables
from crossread.corpus.reading import read_text
from crossread.corpus.tables import check_columns
from crossread.errors import CrossreadError

ALIKE = 0.9  # share of the published tokens that a copy must hold
LARGEST = 20_000_000  # bytes; a larger file is none of a handful of documents


def attach(folder: str | Path, name: str | Path = "alliances") -> pd.DataFrame:
    """Find the texts of a corpus in a folder, whatever the files are called, and copy them to its `texts/`.

    A file is known by its hash; failing that, by its words: once cleaned, it must hold at least nine tenths of the
    published tokens of the document.

    Parameters
    ----------
    folder : path
        Where your copies are; folders inside it are searched too.
    name : str or path
        The corpus they belong to.

    Returns
    -------
    DataFrame
        doc_id, file, match (exact, alike, missing or unused), overlap (share of the published tokens found, 0 to 1),
        tokens_missing, tokens_added (against the published counts), remark. One row a document, then one for each
        file that was not used.

    Raises
    ------
    CrossreadError
        "None of the 3 files in FOLDER is a text of “alliances”. Looked for: …", "FOLDER is not a folder."
    """
    folder = Path(folder).expanduser()
    target = corpus_folder(name)
    if not folder.is_dir():
        raise CrossreadError(f"{folder} is not a folder. Give the folder that holds your copies of the texts.")
    documents = read_documents(target)
    check_columns(documents, ("sha256",), str(target / "documents.csv"))
    tables = FolderTables(target, documents)
    if "counts" not in tables:
        raise CrossreadError(f"{tables.path('counts')} is missing: nothing was published of “{target.name}”.")
    published = tables["counts"]
    totals = published.groupby(["doc_id", "term"])["count"].sum()
    try:
        files = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix.lower() in SUFFIXES)
        files = [path for path in files if not path.resolve().is_relative_to(target / "texts")]
    except PermissionError as error:
        raise CrossreadError(
            f"{error.filename}: this folder may not be read. Change its permissions or copy it."
        ) from None
    found: dict[str, tuple[Path, dict]] = {}
    remarks: dict[Path, str] = {}
    hashes = {row["sha256"]: doc_id for doc_id, row in documents.iterrows() if row["sha256"]}
    for path in files:
        doc_id = hashes.get(_hash(path, remarks))
        if doc_id and doc_id not in found:
            found[doc_id] = (path, {"match": "exact", "overlap": 1.0, "tokens_missing": 0, "tokens_added": 0})
    used = {path for path, _ in found.values()}
    scored = []
    for path in files:
        if path in used or path in remarks:
            continue
        for doc_id in documents.index.difference(found):
            score = _compare(path, doc_id, documents, target, totals.loc[doc_id], remarks)
            if score is None:
                break
            scored.append((score["overlap"], str(path), doc_id, score))
    for overlap, path, doc_id, score in sorted(scored, key=lambda item: (-item[0], item[1:3])):
        if overlap >= ALIKE and doc_id not in found and Path(path) not in used:
            found[doc_id] = (Path(path), {"match": "alike", **score})
            used.add(Path(path))
    if not found:
        raise CrossreadError(
            f"None of the {len(files)} files in {folder} is a text of “{target.name}”. "
            f"Looked for: {'; '.join(documents['label'])} (as {', '.join(SUFFIXES)})."
        )
    for doc_id, (path, _) in found.items():
        _copy(path, target / "texts", doc_id)
    rows = []
    for doc_id in documents.index:
        path, score = found.get(
            doc_id,
            (
                "",
                {
                    "match": "missing",
                    "overlap": 0.0,
                    "tokens_missing": int(totals.loc[doc_id].sum()),
                    "tokens_added": 0,
                },
            ),
        )
        remark = ""
        if score["match"] == "alike":
            remark = "not the copy published from; its counts " + (
                "are the same"
                if score["tokens_missing"] == score["tokens_added"] == 0
                else "differ a little, and so may the figures"
            )
        rows.append({"doc_id": doc_id, "file": str(path), **score, "remark": remark})
    best = {}
    for overlap, path, doc_id, _ in scored:
        best[path] = max(best.get(path, (0.0, "")), (overlap, doc_id))
    for path in files:
        if path not in used:
            near = best.get(str(path))
            remark = remarks.get(path) or (f"nearest is {near[1]}" if near else "the same text as another file")
            rows.append(
                {
                    "doc_id": "",
                    "file": str(path),
                    "match": "unused",
                    "overlap": near[0] if near else 0.0,
                    "tokens_missing": 0,
                    "tokens_added": 0,
                    "remark": remark,
                }
            )
    return pd.DataFrame(rows)


def _hash(path: Path, remarks: dict[Path, str]) -> str:
    try:
        if path.stat().st_size > LARGEST:
            remarks[path] = f"larger than {LARGEST // 1_000_000} MB, not read"
            return ""
        return sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        remarks[path] = f"not readable: {error.strerror}"
        return ""


def _compare(
    path: Path, doc_id: str, documents: pd.DataFrame, target: Path, published: pd.Series, remarks
) -> dict | None:
    try:
        source = read_text(path)
    except CrossreadError as error:
        remarks[path] = str(error)
        return None
    rules = {doc_id: cleaning.read_rules(target / "rules" / f"{doc_id}.yml")}
    copy = build("copy", None, documents.loc[[doc_id]], {doc_id: (source.text, source.blocks)}, rules)
    counts = copy.counts.groupby("term")["count"].sum()
    both = pd.concat([published, counts], axis=1, keys=["published", "copy"]).fillna(0)
    shared = int(both.min(axis=1).sum())
    return {
        "overlap": shared / int(published.sum()),
        "tokens_missing": int(published.sum()) - shared,
        "tokens_added": int(counts.sum()) - shared,
    }


def _copy(path: Path, texts: Path, doc_id: str) -> None:
    texts.mkdir(parents=True, exist_ok=True)
    goal = texts / f"{doc_id}{path.suffix.lower()}"
    partial = goal.with_name(goal.name + ".part")
    try:
        shutil.copyfile(path, partial)
        os.replace(partial, goal)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise CrossreadError(f"{goal} cannot be written: {error.strerror}.") from None
    for suffix in SUFFIXES:  # an earlier copy in another format would be a second text of the document
        if (other := texts / f"{doc_id}{suffix}") != goal:
            other.unlink(missing_ok=True)
