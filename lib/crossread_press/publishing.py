"""Write the tables that stand in for the texts of a corpus (`crossread.measure.published`), and prove them."""

from __future__ import annotations

import io
from pathlib import Path

import pandas as pd

from crossread.corpus import FolderTables, load, read_documents, seal
from crossread.errors import CrossreadError
from crossread.files import write_whole
from crossread.measure import published_tables


def publish(name: str | Path) -> pd.DataFrame:
    """Write the published tables of a corpus beside its documents.csv.

    Parameters
    ----------
    name : str or path
        The corpus; its texts must be attached.

    Returns
    -------
    DataFrame
        table, file, rows, changed (whether the file differs from the one before).
    """
    corpus = load(name, texts=True)
    rows = []
    for table, content in published_tables(corpus).items():
        path = corpus.folder / f"{table}.csv"
        data = _csv(content)
        before = path.read_bytes() if path.is_file() else b""
        if data != before:
            write_whole(path, data)
        rows.append((table, str(path), len(content), data != before))
    seal(corpus.folder)
    return pd.DataFrame(rows, columns=["table", "file", "rows", "changed"])


def verify(name: str | Path = "alliances") -> pd.DataFrame:
    """Recompute the published tables from the attached texts and say, document by document, whether they agree.

    Parameters
    ----------
    name : str or path
        The corpus; its texts must be attached.

    Returns
    -------
    DataFrame
        doc_id (blank for what is said of the whole corpus), table, published_rows, recomputed_rows,
        differing_rows (rows of one that are not in the other), agrees, remark.
    """
    corpus = load(name, texts=True)
    if not (corpus.folder / "counts.csv").is_file():
        raise CrossreadError(
            f"“{corpus.name}” has no published tables to verify. Write them with: crossread publish {corpus.name}"
        )
    read = {"dtype": str, "keep_default_na": False}
    rows = []
    for table, content in published_tables(corpus).items():
        path = corpus.folder / f"{table}.csv"
        new = pd.read_csv(io.BytesIO(_csv(content)), **read)
        try:
            old = pd.read_csv(path, **read) if path.is_file() else new.iloc[:0]
        except ValueError:  # what is wrong with it is said below, with its row
            old = new.iloc[:0]
        remark = "" if path.is_file() else "not published"
        if list(old.columns) != list(new.columns):
            remark, old = f"other columns: {', '.join(old.columns)}", new.iloc[:0]
        old, new = _by_document(old), _by_document(new)
        whole = [""] if (new["doc_id"] == "").any() or (old["doc_id"] == "").any() else []
        both = old.merge(new.drop_duplicates(), how="outer", indicator=True)
        counted = [frame["doc_id"].value_counts() for frame in (old, new, both[both["_merge"] != "both"])]
        for doc_id in [*corpus.documents.index, *whole]:
            a, b, differing = (int(counts.get(doc_id, 0)) for counts in counted)
            rows.append((doc_id, table, a, b, differing, differing == 0 and a == b, remark))
    for problem in FolderTables(corpus.folder, read_documents(corpus.folder)).problems():
        rows.append(("", "", 0, 0, 0, False, problem))
    columns = ["doc_id", "table", "published_rows", "recomputed_rows", "differing_rows", "agrees", "remark"]
    report = pd.DataFrame(rows, columns=columns)
    order = {doc_id: i for i, doc_id in enumerate([*corpus.documents.index, ""])}
    return report.sort_values("doc_id", key=lambda ids: ids.map(order), kind="stable", ignore_index=True)


def _by_document(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with the document of each row, which the id of a sentence begins with."""
    if "doc_id" in table:
        return table
    return table.assign(doc_id=[str(name).rpartition("-")[0] for name in table["sentence_id"]])


def _csv(table: pd.DataFrame) -> bytes:
    return table.to_csv(index=False, lineterminator="\n").encode("utf-8")
