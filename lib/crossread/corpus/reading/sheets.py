"""A table in a file to a DataFrame: CSV, TSV, an Excel sheet, JSON, or JSON by lines."""

from __future__ import annotations

import csv
import io
import json
import re
import warnings
from pathlib import Path

import pandas as pd

from crossread.corpus.reading.archive import Archive
from crossread.corpus.reading.encoding import decode
from crossread.corpus.reading.files import boundary, read_bytes, readable_name
from crossread.errors import CrossreadError

TABLE_TYPES = (".csv", ".tsv", ".tab", ".xlsx", ".json", ".jsonl", ".ndjson")
OTHER_TABLES = (".parquet", ".feather", ".xls", ".xlsb", ".ods", ".dta", ".sav", ".rds", ".rdata", ".pkl", ".db")
MAX_BYTES = 2_000_000_000
LONGEST_NAME = 40  # characters of the name of a column below a title
LARGEST_SHEET = 500_000_000  # bytes that an Excel table may unpack to
# a backslash that is escaped, the two halves of a sign, and a half that stands alone
_HALF = r"\\u[dD][%s][0-9a-fA-F]{2}"
_ESCAPES = re.compile(rf"\\\\|{_HALF % '89abAB'}{_HALF % 'c-fC-F'}|(?P<half>{_HALF % '89a-fA-F'})")
_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}


def read_table(path: str | Path, *, encoding: str | None = None) -> tuple[pd.DataFrame, list[str]]:
    """Read a table; its first row names the columns.

    Parameters
    ----------
    path : path
        A file that ends in .csv, .tsv, .tab, .xlsx (the first sheet that is not empty), .json (a list of records, or
        records under one name, or a mapping of names to texts) or .jsonl, .ndjson. What stands under a name within a
        record is a column `name.inner`; numbers with decimal commas are numbers where no comma parts columns.
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
        "speeches.csv: not a readable table: row 3 has 5 cells, and there are 2 names. It was read as columns apart by
        commas, …", and the like for a file that is missing, empty, not what its name says, or has no row under its
        header.

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
    with boundary(path):
        return _read_table(path, encoding)


def _read_table(path: Path, encoding: str | None) -> tuple[pd.DataFrame, list[str]]:
    suffix, data = path.suffix.lower(), read_bytes(path, MAX_BYTES)
    if suffix not in TABLE_TYPES:
        raise CrossreadError(f"{path}: tables end in {', '.join(TABLE_TYPES)}. Save it as one of these.")
    if suffix == ".xlsx":
        table, remarks = _read_xlsx(path, data)
        table = _drop_title(table, path.name, remarks)
    else:
        content, _, remarks = decode(readable_name(path), data, encoding)
        content = content.removeprefix("\ufeff")
        if suffix.startswith((".j", ".n")):
            content, halves = _mend_halves(content)
            if halves:
                remarks = [
                    *remarks,
                    f"{path.name}: what is only half of a sign, as \\ud83d alone, became “�” ({halves:,}).",
                ]
            table = _read_json(path, content, suffix)
        else:
            table, separator = _read_csv(path, content)
            table = _drop_title(table, path.name, remarks)
            table = table.apply(_as_numbers, decimal="." if separator == "," else ",")
    table.columns = [str(name).strip() for name in table.columns]
    table = _without_row_names(table.dropna(how="all").dropna(how="all", axis="columns"))
    if table.empty:
        raise CrossreadError(f"{path}: no row under the names of the columns. Each text needs a row.")
    twice = table.columns[table.columns.duplicated()]
    if len(twice):
        raise CrossreadError(f"{path}: two columns are called “{twice[0]}”. Rename one.")
    return table, remarks


def _read_csv(path: Path, content: str) -> tuple[pd.DataFrame, str]:
    """Return the cells as text, numbered as the rows are, and what parts them."""
    told = _SAID_SEPARATOR.match(content)  # a first line for Excel
    content = content[told.end() if told else 0 :].lstrip("\r\n")
    separator = "\t" if path.suffix.lower() in (".tsv", ".tab") else separator_of(content)
    separator = told[1] if told else separator
    try:
        return _cells(content, separator).dropna(how="all"), separator
    except (pd.errors.ParserError, pd.errors.ParserWarning, pd.errors.EmptyDataError, ValueError) as error:
        what = _fault(content, separator) or " ".join(str(error).split()).rstrip(".")
        raise CrossreadError(
            f"{path}: not a readable table: {what}. It was read as columns apart by {_SEPARATORS[separator]}, under "
            "names in its first row; a text that holds one of these, or a line end, must stand in quotation marks. "
            "Save it again as “CSV UTF-8”."
        ) from None


def _cells(content: str, separator: str) -> pd.DataFrame:
    """Return the cells as text; a row with more cells than there are names is refused, unless these are blank."""
    # “NA” and “None” are names of countries and of parties; only what is blank is missing
    kinds = {"keep_default_na": False, "na_values": [""], "skip_blank_lines": False, "dtype": str, "index_col": False}
    with warnings.catch_warnings():
        warnings.simplefilter("error", pd.errors.ParserWarning)
        try:
            return pd.read_csv(io.StringIO(content, newline=""), sep=separator, **kinds)
        except pd.errors.ParserWarning:
            if _fault(content, separator):
                raise
        warnings.simplefilter("ignore", pd.errors.ParserWarning)
        return pd.read_csv(io.StringIO(content, newline=""), sep=separator, **kinds)


def _fault(content: str, separator: str) -> str:
    """Name the first row that is wrong, by its number in a spreadsheet; "" where none is."""
    limit = csv.field_size_limit(len(content) + 1)
    try:
        rows = csv.reader(io.StringIO(content, newline=""), delimiter=separator)
        n_names = len(next(rows, ()))
        for number, row in enumerate(rows, 2):
            if any(cell.strip() for cell in row[n_names:]):
                return f"row {number} has {len(row)} cells, and there are {n_names} names"
        number = 0
        for _ in csv.reader(io.StringIO(content, newline=""), delimiter=separator, strict=True):
            number += 1
    except csv.Error as error:
        if "unexpected end" in str(error):
            return f"a quotation mark that opens in row {number + 1} is never closed"
    finally:
        csv.field_size_limit(limit)
    return ""


def check_quotes(content: str, separator: str, file: str) -> None:
    """Refuse a table with a quotation mark that is never closed, within which all that follows would be one cell."""
    fault = _fault(content, separator)
    if fault.startswith("a quotation mark"):
        raise CrossreadError(f"{file}: {fault}. Close it, or delete it.")


def _drop_title(table: pd.DataFrame, name: str, remarks: list[str]) -> pd.DataFrame:
    """Return a table under the row that names its columns, where a title of one cell stands above that row."""
    titled = table.shape[1] > 1 and all(str(column).startswith("Unnamed: ") for column in table.columns[1:])
    full = (table.notna().sum(axis="columns") > 1).to_numpy()
    if not titled or not full.any():
        return table
    at = int(full.argmax())
    given = [cell for cell in table.iloc[at] if not pd.isna(cell)]
    if not all(isinstance(cell, str) and len(cell) <= LONGEST_NAME and not _NUMBER.fullmatch(cell) for cell in given):
        return table  # a row of values under columns of which only the first has a name
    remarks.append(
        f"{name}: row {table.index[at] + 2} was taken for the names of the columns, for what is above is a title."
    )
    names = [f"Unnamed: {i}" if pd.isna(cell) else str(cell) for i, cell in enumerate(table.iloc[at])]
    return table.iloc[at + 1 :].set_axis(names, axis="columns").infer_objects()


def _without_row_names(table: pd.DataFrame) -> pd.DataFrame:
    """Leave out a first column that only numbers the rows, as R and pandas write it; one that names them is doc_id."""
    if not len(table.columns) or table.columns[0] != "Unnamed: 0":
        return table
    cells = table["Unnamed: 0"]
    if pd.api.types.is_numeric_dtype(cells) and (cells.diff().iloc[1:] == 1).all() and cells.iloc[0] in (0, 1):
        return table.drop(columns="Unnamed: 0")
    if "doc_id" in table or not cells.is_unique or cells.isna().any():
        return table
    return table.rename(columns={"Unnamed: 0": "doc_id"})


_SAID_SEPARATOR = re.compile(r"[\r\n]*\"?sep=([,;\t|])\"?[ ,;]*\r?\n", re.I)
_NUMBER = re.compile(r"\s*[-+]?(?:0|[1-9]\d{0,14})(?:\.\d{1,17})?(?:[eE][-+]?\d{1,2})?\s*", re.A)
_DECIMAL_COMMA = re.compile(r"\s*[-+]?(?:0|[1-9]\d{0,2}(?:\.\d{3}){1,4}|[1-9]\d{0,14})(?:,\d{1,17})?\s*", re.A)


def _as_numbers(column: pd.Series, decimal: str) -> pd.Series:
    """Return a column of numbers as such, any other as it is: 007 is a name, and 2,011 may mean two things."""
    cells = column.dropna()
    if len(cells) and all(map(_NUMBER.fullmatch, cells)):
        return pd.to_numeric(column)
    if decimal == "." or not len(cells) or not all(map(_DECIMAL_COMMA.fullmatch, cells)):
        return column
    if all(len(cell.strip().partition(",")[2]) in (0, 3) for cell in cells):
        return column
    return column.str.replace(".", "").str.replace(",", ".").astype(float)


def separator_of(content: str) -> str:
    """Return what most often stands between the names of the columns."""
    header = re.sub(r'"[^"]*"', "", content[:20_000].split("\n", 1)[0])
    return max(_SEPARATORS, key=lambda mark: (header.count(mark), mark == ","))


def _read_xlsx(path: Path, data: bytes) -> tuple[pd.DataFrame, list[str]]:
    if sum(member.file_size for member in Archive(path, data, MAX_BYTES, "Excel table").zip.infolist()) > LARGEST_SHEET:
        raise CrossreadError(f"{path}: unpacks to more than {LARGEST_SHEET / 1e6:,.0f} MB. Save it as “CSV UTF-8”.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl tells of styles and drop-down lists that no text needs
            with pd.ExcelFile(io.BytesIO(data), engine="openpyxl") as book:
                names = book.sheet_names
                if not names:
                    raise ValueError("no sheet")
                for name in names:
                    table = book.parse(name, keep_default_na=False, na_values=[""], dtype=object).infer_objects()
                    if not table.empty:
                        break
    except Exception as error:  # openpyxl raises whatever its parsers do
        raise CrossreadError(
            f"{path}: called .xlsx but is no whole Excel table ({type(error).__name__}). Save it again as .xlsx, or as "
            "“CSV UTF-8”."
        ) from None
    more = [other for other in names if other != name]
    return table, [f"{path.name}: only the sheet “{name}” was read, not {', '.join(more)}."] if more else []


def _mend_halves(content: str) -> tuple[str, int]:
    """Put � for each escape that is half of a sign and stands alone, which no text can hold; and count them."""
    halves = 0

    def put(match: re.Match) -> str:
        nonlocal halves
        halves += match["half"] is not None
        return "\\ufffd" if match["half"] else match[0]

    return _ESCAPES.sub(put, content), halves


def _read_json(path: Path, content: str, suffix: str) -> pd.DataFrame:
    if suffix in (".jsonl", ".ndjson") or _is_by_lines(content):
        lines = [(number, line) for number, line in enumerate(content.split("\n"), 1) if line.strip()]
        records = [_parse_json(path, line, number) for number, line in lines]
        for (number, _), record in zip(lines, records, strict=True):
            if not isinstance(record, dict):
                raise CrossreadError(f"{path}, line {number}: not a record {{name: value, …}}.")
        return _flat(records)
    found = _parse_json(path, content)
    if isinstance(found, dict):
        lists = [value for value in found.values() if isinstance(value, list) and value and isinstance(value[0], dict)]
        if len(lists) == 1:
            found = lists[0]
        elif found and all(isinstance(value, str) for value in found.values()):
            found = [{"doc_id": name, "text": value} for name, value in found.items()]
        elif _is_by_columns(found):
            return pd.DataFrame({name: list(column.values()) for name, column in found.items()})
        elif found and all(isinstance(value, dict) for value in found.values()):
            found = [{"doc_id": name} | value for name, value in found.items()]
    if not isinstance(found, list) or not all(isinstance(record, dict) for record in found):
        raise CrossreadError(f"{path}: not a list of records [{{name: value, …}}, …], nor a mapping of names to texts.")
    return _flat(found)


def _is_by_lines(content: str) -> bool:
    """Tell whether a record stands whole in the first line and another one begins in the next."""
    first, _, rest = content.strip().partition("\n")
    if not (first.startswith("{") and rest.lstrip().startswith("{")):
        return False
    try:
        return isinstance(json.loads(first), dict)
    except (ValueError, RecursionError):
        return False


def _is_by_columns(found: dict) -> bool:
    """Tell whether it is names of columns to cells by running number, as pandas writes a table by default."""
    columns = list(found.values())
    if not columns or not all(isinstance(column, dict) and column for column in columns):
        return False
    return all(list(column) == [str(i) for i in range(len(columns[0]))] for column in columns)


def _flat(records: list[dict]) -> pd.DataFrame:
    nested = any(isinstance(value, dict) for record in records for value in record.values())
    return pd.json_normalize(records, max_level=3) if nested else pd.DataFrame(records)


def _parse_json(path: Path, content: str, line: int | None = None):
    def record(pairs: list[tuple[str, object]]) -> dict:
        found = dict(pairs)
        if len(found) < len(pairs):
            names = [name for name, _ in pairs]
            twice = next(name for name in names if names.count(name) > 1)
            where = f", line {line}" if line else ""
            raise CrossreadError(f"{path}{where}: the name “{twice}” is there twice in one record. Rename one.")
        return found

    try:
        return json.loads(content, object_pairs_hook=record)
    except CrossreadError:
        raise
    except (ValueError, RecursionError) as error:
        where = line or getattr(error, "lineno", 1)
        deep = "nested too deeply" if isinstance(error, RecursionError) else "a number has more than 4,300 digits"
        what = getattr(error, "msg", deep)
        raise CrossreadError(f"{path}, line {where}: not JSON: {what}. Mend this line, or leave it out.") from None
