"""A table in a file to a DataFrame: CSV, TSV, an Excel sheet, JSON, or JSON by lines."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pandas as pd

from crossread.corpus.reading.encoding import decode
from crossread.corpus.reading.files import read_bytes, readable_name
from crossread.errors import CrossreadError

TABLE_TYPES = (".csv", ".tsv", ".tab", ".xlsx", ".json", ".jsonl", ".ndjson")
MAX_BYTES = 2_000_000_000
_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}


def read_table(path: str | Path, *, encoding: str | None = None) -> tuple[pd.DataFrame, list[str]]:
    """Read a table; its first row names the columns.

    Parameters
    ----------
    path : path
        A file that ends in .csv, .tsv, .tab, .xlsx (the first sheet), .json (a list of records, or records under one
        name, or a mapping of names to texts) or .jsonl, .ndjson.
    encoding : str, optional
        How the characters of a .csv, .tsv or .json file are written; as in `read_text` without it.

    Returns
    -------
    DataFrame, list of str
        The columns under the names of the file, rows numbered from 0 with blank ones left out; and what should be
        looked at: an encoding that was guessed, sheets that were not read.

    Raises
    ------
    CrossreadError
        "speeches.csv: not a readable table: Error tokenizing data. C error: Expected 2 fields in line 3, saw 5. …", and
        the like for a file that is missing, empty, not what its name says, or has no row under its header.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "speeches.csv"
    ...     _ = path.write_text("doc_id;text;n\\na;Allies pay;1\\nb;They talk;2\\n", encoding="utf-8")
    ...     table, remarks = read_table(path)
    >>> table.to_dict("list"), remarks
    ({'doc_id': ['a', 'b'], 'text': ['Allies pay', 'They talk'], 'n': [1, 2]}, [])
    """
    path = Path(path)
    suffix, data = path.suffix.lower(), read_bytes(path, MAX_BYTES)
    if suffix not in TABLE_TYPES:
        raise CrossreadError(f"{path}: tables end in {', '.join(TABLE_TYPES)}. Save it as one of these.")
    if suffix == ".xlsx":
        table, remarks = _read_xlsx(path, data)
    else:
        content, _, remarks = decode(readable_name(path), data, encoding)
        content = content.removeprefix("\ufeff")
        table = _read_json(path, content, suffix) if suffix.startswith((".j", ".n")) else _read_csv(path, content)
    table.columns = [str(name).strip() for name in table.columns]
    table = table.dropna(how="all").dropna(how="all", axis="columns")
    if table.empty:
        raise CrossreadError(f"{path}: no row under the names of the columns. Each text needs a row.")
    twice = table.columns[table.columns.duplicated()]
    if len(twice):
        raise CrossreadError(f"{path}: two columns are called “{twice[0]}”. Rename one.")
    return table, remarks


def _read_csv(path: Path, content: str) -> pd.DataFrame:
    separator = "\t" if path.suffix.lower() in (".tsv", ".tab") else separator_of(content)
    try:
        # “NA” and “None” are names of countries and of parties; only what is blank is missing
        lines = io.StringIO(content.lstrip("\r\n"), newline="")
        kinds = {"keep_default_na": False, "na_values": [""], "skip_blank_lines": False, "low_memory": False}
        return pd.read_csv(lines, sep=separator, **kinds)
    except (pd.errors.ParserError, pd.errors.EmptyDataError, ValueError) as error:
        what = " ".join(str(error).split()).rstrip(".")
        raise CrossreadError(
            f"{path}: not a readable table: {what}. It was read as columns apart by {_SEPARATORS[separator]}; a text "
            "that holds one of these, or a line end, must stand in quotation marks. Save it again as “CSV UTF-8”."
        ) from None


def separator_of(content: str) -> str:
    """Return what most often stands between the names of the columns."""
    header = re.sub(r'"[^"]*"', "", content[:20_000].split("\n", 1)[0])
    return max(_SEPARATORS, key=lambda mark: (header.count(mark), mark == ","))


def _read_xlsx(path: Path, data: bytes) -> tuple[pd.DataFrame, list[str]]:
    import warnings
    import zipfile

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl tells of styles and drop-down lists that no text needs
            with pd.ExcelFile(io.BytesIO(data), engine="openpyxl") as book:
                names = book.sheet_names
                table = book.parse(names[0], keep_default_na=False, na_values=[""])
    except (zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise CrossreadError(
            f"{path}: called .xlsx but is no Excel table ({type(error).__name__}). Save it again as .xlsx, or as "
            "“CSV UTF-8”."
        ) from None
    more = names[1:]
    return table, [f"{path.name}: only the first sheet was read, “{names[0]}”, not {', '.join(more)}."] if more else []


def _read_json(path: Path, content: str, suffix: str) -> pd.DataFrame:
    if suffix in (".jsonl", ".ndjson"):
        lines = [(number, line) for number, line in enumerate(content.splitlines(), 1) if line.strip()]
        records = [_parse_json(path, line, number) for number, line in lines]
        for (number, _), record in zip(lines, records, strict=True):
            if not isinstance(record, dict):
                raise CrossreadError(f"{path}, line {number}: not a record {{name: value, …}}.")
        return pd.DataFrame(records)
    found = _parse_json(path, content)
    if isinstance(found, dict):
        lists = [value for value in found.values() if isinstance(value, list) and value and isinstance(value[0], dict)]
        if len(lists) == 1:
            found = lists[0]
        elif found and all(isinstance(value, str) for value in found.values()):
            found = [{"doc_id": name, "text": value} for name, value in found.items()]
    if not isinstance(found, list) or not all(isinstance(record, dict) for record in found):
        raise CrossreadError(f"{path}: not a list of records [{{name: value, …}}, …], nor a mapping of names to texts.")
    return pd.DataFrame(found)


def _parse_json(path: Path, content: str, line: int | None = None):
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        where = line or getattr(error, "lineno", 1)
        what = getattr(error, "msg", "nested too deeply")
        raise CrossreadError(f"{path}, line {where}: not JSON: {what}.") from None
