"""A reader's own copies of the texts, found by what is in them and put where `load` looks."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pandas as pd

from crossread.corpus.cleaning import read_rules
from crossread.corpus.load import SUFFIXES, corpus_folder, read_documents
from crossread.corpus.model import build
from crossread.corpus.published import FolderTables
from crossread.corpus.reading import read_text
from crossread.corpus.tables import check_columns
from crossread.errors import CrossreadError
from crossread.files import write_whole

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

    Examples
    --------
    >>> attach("my-copies")
    Traceback (most recent call last):
    crossread.errors.CrossreadError: my-copies is not a folder. Give the folder that holds your copies of the texts.
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
    remarks: dict[Path, str] = {}
    matched = _find_exact(files, documents, remarks)
    scored = _score_others(files, matched, documents, target, totals, remarks)
    for overlap, path, doc_id, score in sorted(scored, key=lambda item: (-item[0], item[1:3])):
        taken = {used for used, _ in matched.values()}
        if overlap >= ALIKE and doc_id not in matched and Path(path) not in taken:
            matched[doc_id] = (Path(path), {"match": "alike", **score})
    if not matched:
        raise CrossreadError(
            f"None of the {len(files)} files in {folder} is a text of “{target.name}”. "
            f"Looked for: {'; '.join(documents['label'])} (as {', '.join(SUFFIXES)})."
        )
    for doc_id, (path, _) in matched.items():
        _copy(path, target / "texts", doc_id)
    rows = [_row_of_document(doc_id, matched.get(doc_id), totals) for doc_id in documents.index]
    used = {path for path, _ in matched.values()}
    return pd.DataFrame(rows + _rows_of_unused([path for path in files if path not in used], scored, remarks))


def _find_exact(files: list[Path], documents: pd.DataFrame, remarks: dict[Path, str]) -> dict[str, tuple[Path, dict]]:
    """Return for each document the first file with its hash."""
    hashes = {row["sha256"]: doc_id for doc_id, row in documents.iterrows() if row["sha256"]}
    matched: dict[str, tuple[Path, dict]] = {}
    for path in files:
        doc_id = hashes.get(_hash(path, remarks))
        if doc_id and doc_id not in matched:
            matched[doc_id] = (path, {"match": "exact", "overlap": 1.0, "tokens_missing": 0, "tokens_added": 0})
    return matched


def _score_others(files, matched, documents, target, totals, remarks) -> list[tuple[float, str, str, dict]]:
    """Compare the files that are not known by their hash with the documents that are still missing."""
    used = {path for path, _ in matched.values()}
    scored = []
    for path in files:
        if path in used or path in remarks:
            continue
        for doc_id in documents.index.difference(list(matched)):
            score = _compare(path, doc_id, documents, target, totals.loc[doc_id], remarks)
            if score is None:
                break
            scored.append((score["overlap"], str(path), doc_id, score))
    return scored


def _row_of_document(doc_id: str, match: tuple[Path, dict] | None, totals: pd.Series) -> dict[str, object]:
    """Say of a document which file is its text, and whether it counts the same."""
    if match is None:
        missing = int(totals.loc[doc_id].sum())
        score = {"match": "missing", "overlap": 0.0, "tokens_missing": missing, "tokens_added": 0}
        return {"doc_id": doc_id, "file": "", **score, "remark": ""}
    path, score = match
    remark = ""
    if score["match"] == "alike":
        same = score["tokens_missing"] == score["tokens_added"] == 0
        how = "are the same" if same else "differ a little, and so may the figures"
        remark = f"not the copy published from; its counts {how}"
    return {"doc_id": doc_id, "file": str(path), **score, "remark": remark}


def _rows_of_unused(paths: list[Path], scored: list[tuple], remarks: dict[Path, str]) -> list[dict[str, object]]:
    """Say of each file that was not used why, and which document it is nearest to."""
    best: dict[str, tuple[float, str]] = {}
    for overlap, path, doc_id, _ in scored:
        best[path] = max(best.get(path, (0.0, "")), (overlap, doc_id))
    rows = []
    for path in paths:
        near = best.get(str(path))
        remark = remarks.get(path) or (f"nearest is {near[1]}" if near else "the same text as another file")
        overlap = near[0] if near else 0.0
        rows.append({"doc_id": "", "file": str(path), "match": "unused", "overlap": overlap, "tokens_missing": 0,
                     "tokens_added": 0, "remark": remark})  # fmt: skip
    return rows


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
    rules = {doc_id: read_rules(target / "rules" / f"{doc_id}.yml")}
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
    write_whole(texts / ".gitignore", "*\n")  # before any text is there
    goal = write_whole(texts / f"{doc_id}{path.suffix.lower()}", path.read_bytes())
    for suffix in SUFFIXES:  # an earlier copy in another format would be a second text of the document
        if (other := texts / f"{doc_id}{suffix}") != goal:
            other.unlink(missing_ok=True)
