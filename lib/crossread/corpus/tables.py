"""The tables that pass between rooms, and those in files: their columns, and the check that they are sound."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from crossread.errors import CrossreadError

DOCUMENTS = (
    "label", "title", "authors", "year", "year_basis", "genre", "publisher", "source", "rights",
    "sha256", "n_characters", "n_paragraphs", "n_sentences", "n_tokens",
)  # fmt: skip
SENTENCES = ("doc_id", "section", "paragraph", "sentence", "segment", "kind", "n_tokens", "start", "end")
COUNTS = ("doc_id", "segment", "term", "count")
HITS = ("doc_id", "sentence_id", "lexicon", "key", "entry", "start_token", "end_token")
CUTS = ("doc_id", "start", "end", "reason", "n_characters", "n_tokens")
TEXT_COLUMNS = (
    "doc_id", "label", "title", "authors", "year_basis", "genre", "language", "publisher", "source", "rights", "sha256",
    "file",
)  # fmt: skip
_FORMULA = re.compile(r"'*[=+\-@\t\r].", re.DOTALL)
_NUMBER = re.compile(r"[-+]?[\d.]+(?:[eE][-+]?\d+)?")
LARGEST = 10**12  # no count of words or characters is larger


def check_columns(table: pd.DataFrame, columns: tuple[str, ...], what: str) -> pd.DataFrame:
    """Return `table` unchanged when it has every one of `columns`, else say which are missing.

    Parameters
    ----------
    table : DataFrame
        Any table that comes into a room. Further columns are allowed.
    columns : tuple of str
        The names that must be there.
    what : str
        What the table is, as the user knows it ("the hits", "documents.csv").

    Examples
    --------
    >>> check_columns(pd.DataFrame({"doc_id": ["a"]}), ("doc_id",), "the hits").shape
    (1, 1)
    """
    missing = [name for name in columns if name not in table.columns]
    if missing:
        names = ", ".join(f"“{name}”" for name in missing)
        verb = "column {} is" if len(missing) == 1 else "columns {} are"
        columns_here = ", ".join(map(str, table.columns)) or "none"
        raise CrossreadError(f"{what}: the {verb.format(names)} missing (columns found: {columns_here}).")
    return table


@dataclass(frozen=True)
class Form:
    """What has to be true of a table in a file, row by row.

    Attributes
    ----------
    columns : tuple of str
        Those that must be there, none twice.
    whole, real : mapping of str to (smallest, largest)
        Columns of whole numbers, and of any numbers.
    words : mapping of str to tuple of str
        Columns that hold one of a few words.
    filled : tuple of str
        Columns with no blank cell. A blank number is allowed nowhere but in columns of `blank`.
    blank : tuple of str
        Columns of numbers that may be blank.
    unique : tuple of str
        No two rows agree in all of these.
    exact : bool
        No further columns are allowed.
    text : tuple of str, optional
        Columns that are text whatever they hold; all that are no numbers unless given, and then pandas judges the rest.
    lines : bool
        A cell may hold a line break.
    """

    columns: tuple[str, ...]
    whole: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    real: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    filled: tuple[str, ...] = ()
    blank: tuple[str, ...] = ()
    unique: tuple[str, ...] = ()
    exact: bool = False
    text: tuple[str, ...] | None = None
    lines: bool = False


def read_table(path: str | Path, form: Form) -> pd.DataFrame:
    """Read a CSV table and check its form: text, quotation marks, cells, numbers, rows that are there twice.

    Parameters
    ----------
    path : path
        The file.
    form : Form
        What has to be true of it.

    Returns
    -------
    DataFrame
        Columns of numbers as numbers, all others as text; blank cells as missing values.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as place:
    ...     path = Path(place) / "counts.csv"
    ...     _ = path.write_text("term,count\\nally,3\\npay,-2\\n", encoding="utf-8")
    ...     try:
    ...         read_table(path, Form(("term", "count"), whole={"count": (1, LARGEST)}))
    ...     except CrossreadError as error:
    ...         str(error).partition("counts.csv, ")[2].partition(".")[0]
    'row 3: “count” is “-2”, not a whole number of 1 or more'
    """
    path = Path(path)
    text = text_of_table(path)
    header, rows = _cells(text, path, form.lines)
    columns = dict(zip(header, zip(*rows, strict=True), strict=True)) if rows else {name: () for name in header}
    check_columns(pd.DataFrame(columns=header), form.columns, str(path))
    if form.exact and len(header) > len(form.columns):
        extra = next(name for name in header if name not in form.columns)
        raise CrossreadError(f"{path}: a column “{extra}” does not belong there. {remedy_for(path)}")
    for name in form.filled:
        _refuse(path, np.array([not cell.strip() for cell in columns[name]], dtype=bool), f"“{name}” is blank.")
    for name, allowed in form.words.items():
        wrong = np.array([cell not in allowed for cell in columns.get(name, ())], dtype=bool)
        _refuse(path, wrong, f"“{name}” is “{{}}”, not {' or '.join(allowed)}.", columns.get(name))
    for kind, limits in ((int, form.whole), (float, form.real)):
        for name, (smallest, largest) in limits.items():
            if name in columns:
                _check_numbers(path, name, columns[name], kind, smallest, largest, name in form.blank)
    if form.unique:
        _check_unique(path, form.unique, columns)
    numbers = {*form.whole, *form.real}
    as_text = form.text if form.text is not None else [name for name in header if name not in numbers]
    table = pd.read_csv(
        io.StringIO(text), keep_default_na=False, na_values=[""], dtype=dict.fromkeys([*as_text, *form.real], str)
    )
    return table.astype({name: float for name in form.real if name in table})


def csv_text(table: pd.DataFrame) -> str:
    """Return a table as CSV that runs nothing: text that a spreadsheet would take for a formula gets an apostrophe.

    Examples
    --------
    >>> csv_text(pd.DataFrame({"title": ["=1+1", "-0.5", "- a", "'=1"], "n": [-1, 2, 3, 4]})).split("\\n")[1:5]
    ["'=1+1,-1", '-0.5,2', "'- a,3", "''=1,4"]
    """
    table = table.copy(deep=False)
    for place, kind in enumerate(table.dtypes):
        if pd.api.types.is_string_dtype(kind) or pd.api.types.is_object_dtype(kind):
            table.isetitem(place, table.iloc[:, place].astype(object).map(_disarmed))
    return table.to_csv(index=False, lineterminator="\n")


def as_was(text: str) -> str:
    """Return a cell as it was before `csv_text`.

    Examples
    --------
    >>> [as_was(cell) for cell in ("'=1+1", "''=1", "'tis")]
    ['=1+1', "'=1", "'tis"]
    """
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def _disarmed(cell: object) -> object:
    if not isinstance(cell, str) or not _FORMULA.match(cell) or _NUMBER.fullmatch(cell):
        return cell
    return f"'{cell}"


def remedy_for(path: Path) -> str:
    """Return what to do about a file that is wrong."""
    if (path.parent / "SHA256SUMS").is_file():
        again = f", or write it anew from your texts: crossread publish {path.parent.name}"
        written_by_crossread = path.stem in PUBLISHED_FORMS and path.stem != "documents"
        made = again if written_by_crossread else ""
        return f"Correct it, or restore the file: git checkout {path.parent.name}/{path.name}{made}."
    return "Correct it, or restore the file from where you had it."


def text_of_table(path: Path) -> str:
    """Return a table that people edit as CSV with commas, whichever marks a spreadsheet has put between its columns."""
    from crossread.corpus.reading.sheets import separator_of

    text = _decoded(path)
    separator = separator_of(text)
    if separator == ",":
        return text
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    return written.getvalue()


def _decoded(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise CrossreadError(f"{path}: cannot be read ({error.strerror or error}).") from None
    if not data.strip():
        raise CrossreadError(f"{path}: the file is empty. {remedy_for(path)}")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = data[: error.start].count(b"\n") + 1
        raise CrossreadError(
            f"{path}, row {row}: not UTF-8 (byte {error.start}). Save it as “CSV UTF-8”. {remedy_for(path)}"
        ) from None
    if "\0" in text:
        row = text[: text.index("\0")].count("\n") + 1
        raise CrossreadError(f"{path}, row {row}: a zero byte. The file is damaged. {remedy_for(path)}")
    return text


def _cells(text: str, path: Path, lines: bool) -> tuple[list[str], list[list[str]]]:
    reader, rows = csv.reader(io.StringIO(text, newline=""), strict=True), []
    try:
        for cells in reader:
            if rows and not cells:  # a blank line is no row
                continue
            if rows and len(cells) != len(rows[0]):
                raise CrossreadError(
                    f"{path}, row {len(rows) + 1}: {len(cells)} cells, and the header has {len(rows[0])}. "
                    f"The file is damaged. {remedy_for(path)}"
                )
            rows.append(cells)
    except csv.Error as error:
        what = "a quotation mark is not closed, or stands where none belongs" if "end of data" in str(error) else error
        raise CrossreadError(f"{path}, row {len(rows) + 1}: {what}. The file is damaged. {remedy_for(path)}") from None
    header = rows[0]
    if len(set(header)) < len(header) or not all(name.strip() for name in header):
        raise CrossreadError(f"{path}, row 1: a column without a name, or two of one name. {remedy_for(path)}")
    if '"' in text and not lines:  # without one no cell holds a line break
        for number, cells in enumerate(rows, 1):
            if any("\n" in cell or "\r" in cell for cell in cells):
                raise CrossreadError(
                    f"{path}, row {number}: a line break inside a cell; a quotation mark stands where none belongs. "
                    f"{remedy_for(path)}"
                )
    return header, rows[1:]


def _refuse(path: Path, wrong: np.ndarray, problem: str, values=None) -> None:
    if wrong.any():
        row = int(np.argmax(wrong))
        shown = problem.replace("{}", values[row][:60]) if values is not None else problem
        raise CrossreadError(f"{path}, row {row + 2}: {shown} {remedy_for(path)}")


def _check_numbers(path, name, cells, kind, smallest, largest, may_be_blank) -> None:
    def wrong(cell: str) -> bool:
        if not cell:
            return not may_be_blank
        try:  # int() and float() read 1_000 and full-width digits too, which no other reader of the file does
            return not (cell.isascii() and "_" not in cell and cell == cell.strip() and len(cell) < 40) or not (
                smallest <= kind(cell) <= largest
            )
        except ValueError:
            return True

    whole = "a whole number" if kind is int else "a number"
    bounds = f"of {smallest:,} or more" if largest in (LARGEST, np.inf) else f"from {smallest:,} to {largest:,}"
    _refuse(
        path, np.array([wrong(cell) for cell in cells], dtype=bool), f"“{name}” is “{{}}”, not {whole} {bounds}.", cells
    )


def _check_unique(path: Path, names: tuple[str, ...], columns: Mapping[str, tuple[str, ...]]) -> None:
    seen: dict[tuple[str, ...], int] = {}
    for row, values in enumerate(zip(*(columns[name] for name in names), strict=True), 2):
        if values in seen:
            shown = ", ".join(value for value in values if value)[:100]
            raise CrossreadError(
                f"{path}, row {row}: “{shown}” is there twice (first in row {seen[values]}). {remedy_for(path)}"
            )
        seen[values] = row


_COUNTED, _MORE = (0, LARGEST), (1, LARGEST)


def _keyed(keys: str, **whole: tuple[int, int]) -> Form:
    """Return the form of a table whose rows are told apart by columns of text, with whole numbers behind them."""
    names = tuple(keys.split())
    return Form((*names, *whole), whole=whole, filled=names, unique=names, exact=True)


PUBLISHED_FORMS = {
    "documents": Form(
        ("doc_id", "label", "title", "year"),
        whole=dict.fromkeys(("n_characters", "n_paragraphs", "n_sentences", "n_tokens"), _COUNTED),
        filled=("doc_id",),
        unique=("doc_id",),
        text=TEXT_COLUMNS,
        lines=True,
    ),
    "sentences": Form(
        ("sentence_id", *SENTENCES),
        whole=dict.fromkeys(("section", "n_tokens", "start"), _COUNTED)
        | dict.fromkeys(("paragraph", "sentence", "end"), _MORE)
        | {"segment": (-1, LARGEST)},
        words={"kind": ("body", "heading", "note")},
        filled=("sentence_id", "doc_id"),
        unique=("sentence_id",),
        exact=True,
    ),
    "headings": Form(
        ("doc_id", "sentence_id", "heading"),
        filled=("doc_id", "sentence_id", "heading"),
        unique=("sentence_id",),
        text=("heading",),
        exact=True,
    ),
    "counts": Form(
        COUNTS,
        whole={"segment": _COUNTED, "count": _MORE},
        filled=COUNTS,
        unique=("doc_id", "segment", "term"),
        exact=True,
    ),
    "cuts": Form(
        CUTS,
        whole=dict.fromkeys(("start", "n_tokens"), _COUNTED) | dict.fromkeys(("end", "n_characters"), _MORE),
        filled=CUTS,
        unique=("doc_id", "start"),
        exact=True,
    ),
    "hits": Form(HITS, whole={"start_token": _COUNTED, "end_token": _MORE}, filled=HITS, unique=HITS, exact=True),
    "matches": Form(HITS, whole={"start_token": _COUNTED, "end_token": _MORE}, filled=HITS, unique=HITS, exact=True),
    "entries": _keyed("doc_id lexicon key entry", count=_COUNTED),
    "ngrams": Form(
        ("doc_id", "segment", "n", "term", "count"),
        whole={"segment": _COUNTED, "n": (2, 3), "count": _MORE},
        filled=("doc_id", "term"),
        unique=("doc_id", "segment", "n", "term"),
        exact=True,
    ),
    "phrases": Form(
        ("doc_id", "term", "size", "count", *(f"cell_{row}" for row in range(8))),
        whole={"size": (2, 3), "count": _MORE} | {f"cell_{row}": _COUNTED for row in range(8)},
        blank=tuple(f"cell_{row}" for row in range(4, 8)),
        filled=("term",),
        unique=("doc_id", "term", "size"),
        exact=True,
    ),
    "term_facts": _keyed("doc_id term", sentences=_MORE, reach=_COUNTED),
    "pairs": _keyed("doc_id term_a term_b", count=_MORE),
    "collocates": _keyed("doc_id key term", count=_MORE),
    "variants": _keyed("doc_id group form", count=_COUNTED),
    "variety": Form(
        ("doc_id", "measure", "value", "low", "high", "n", "unit"),
        whole={"n": _COUNTED},
        real=dict.fromkeys(("value", "low", "high"), (0, LARGEST)),
        blank=("value", "low", "high"),
        filled=("doc_id", "measure", "unit"),
        unique=("doc_id", "measure"),
        exact=True,
    ),
}
