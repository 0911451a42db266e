"""The tables and figures of a study in a folder, as a paper needs them, with a paragraph on how they were made."""

from __future__ import annotations

import importlib.metadata
import io
import platform
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from crossread.corpus.tables import csv_text
from crossread.errors import CrossreadError
from crossread.files import write_whole
from crossread.vocabulary import column_of
from crossread.wording import join_names, join_sentences

if TYPE_CHECKING:
    from crossread.study import Study
    from crossread.table import Table

ALONE = (
    "account", "cuts", "senses", "rates", "omnibus", "contrasts", "frequencies", "keyness", "places", "scores",
    "claims",
)  # fmt: skip
GROUPED = ("rates", "senses", "omnibus", "contrasts", "frequencies", "keyness")
MOST_DOCUMENTS = 8  # beyond, pairs of documents are not the default: groups, years and each against the rest are
PACKAGES = ("crossread", "numpy", "scipy", "pandas", "scikit-learn", "matplotlib")
LONGEST_SHEET = 31  # letters of the name of a sheet of Excel
MOST_ROWS = 1_000_000  # rows of a sheet of Excel, the head left room
UNITS = {
    "share": "share, 0 to 1",
    "p": "p-value",
    "count": "count",
    "year": "year",
    "ratio": "ratio",
    "number": "number",
}
# what the paragraph says where these tables are made
ESTIMATORS = {
    "rates": "Themes were counted by a lexicon; the share of sentences with a hit is the estimate. Its 95 per cent "
    "limits allow for how much a theme clumps in neighbouring sentences, estimated from the texts.",
    "omnibus": "Differences between documents were asked theme by theme with one test over all",
    "contrasts": "Pairs of documents were compared where that test had been passed, by Shaffer's procedure",
    "trends": "Lines over the years are weighted least squares, a document a point, with limits after Bell and "
    "McCaffrey (2002)",
}
ADJUSTED = "P-values are adjusted for all that is shown in one table: themes, and pairs or words"


def save_all(study: Study, folder: str | Path, by: str | None = None, bom: bool = False) -> pd.DataFrame:
    """Write the answers of a study: see `Study.save_all`."""
    place = Path(folder).expanduser()
    if place.exists() and not place.is_dir():
        raise CrossreadError(f"{place} is a file. Give a folder.")
    rows, made = [], {}
    for name, arguments in _questions(study, by):
        title = name if not arguments else f"{name}-by-{arguments['by']}"
        try:
            answer = getattr(study, name)(**arguments)
            if not len(answer.frame):
                rows.append((title, 0, "", answer.finding or "there is no row in it"))
                continue
            made[title] = answer
            rows.append((title, len(answer.frame), _draw(answer, place / "figures", title), ""))
        except CrossreadError as error:
            rows.append((title, 0, "", str(error)))
    for title, answer in made.items():
        content = csv_text(pd.DataFrame(answer.frame)).encode("utf-8-sig" if bom else "utf-8")
        write_whole(place / "tables" / f"{title}.csv", content)
    write_whole(place / "tables.xlsx", _book_of(made))
    report = pd.DataFrame(rows, columns=["table", "rows", "figure", "missing"])
    write_whole(place / "methods.md", methods(study, made, by))
    return report


def _questions(study: Study, by: str | None) -> list[tuple[str, dict]]:
    few = len(study.documents) <= MOST_DOCUMENTS
    asked = [(name, {}) for name in ALONE if few or name != "contrasts"]
    years = pd.to_numeric(study.documents["year"], errors="coerce").nunique()
    if years > 2:
        asked.append(("trends", {}))
    if by is not None:
        asked += [(name, {"by": by}) for name in GROUPED]
        asked += [("group_trends", {"by": by})] if years > 2 else []
    return asked


def _draw(answer: Table, place: Path, title: str) -> str:
    """Write the chart of an answer as PDF, SVG and PNG, where it has one; return its name."""
    import matplotlib.pyplot as plt
    import numpy as np

    if not answer._card.question.chart:
        return ""
    drawn = answer.plot()
    first = np.atleast_1d(drawn).ravel()[0]
    figure = getattr(first, "figure", first)
    for kind, details in (("pdf", {"CreationDate": None}), ("svg", {"Date": None}), ("png", {})):
        image = io.BytesIO()
        figure.savefig(image, format=kind, metadata=details, dpi=200, facecolor="white")
        write_whole(place / f"{title}.{kind}", image.getvalue())
    plt.close(figure)
    return title


def _book_of(made: dict[str, Table]) -> bytes:
    """Return all tables as one file of Excel, numbers as numbers, with a first sheet that says what each column is."""
    import openpyxl

    notes = []
    for title, answer in made.items():
        for name in answer.frame.columns:
            notes.append(
                (
                    title[:LONGEST_SHEET],
                    str(name),
                    column_of(str(name)).name,
                    _unit_of(answer.frame[name]),
                    answer.caption,
                )
            )
    about = pd.DataFrame(notes, columns=["sheet", "column", "meaning", "unit", "table"])
    book = openpyxl.Workbook(write_only=True)  # row by row, in a third of the time
    _add_sheet(book, "columns", about)
    for title, answer in made.items():
        _add_sheet(book, title[:LONGEST_SHEET], pd.DataFrame(answer.frame).head(MOST_ROWS))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _add_sheet(book, title: str, frame: pd.DataFrame) -> None:
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    sheet.append([str(name) for name in frame.columns])
    columns = [[_as_cell(value, sheet) for value in frame[name].astype(object)] for name in frame.columns]
    for row in zip(*columns, strict=True):
        sheet.append(row)


def _as_cell(value: object, sheet) -> object:
    """Return what a cell of Excel can hold: a number, a truth value, a date, a text that is no formula, or nothing."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    if isinstance(value, list | tuple | set | dict):
        return str(value)
    if value is None or value is pd.NA or value is pd.NaT or value != value:
        return None
    if not isinstance(value, str):
        return str(value) if value in (float("inf"), float("-inf")) else value
    if ILLEGAL_CHARACTERS_RE.search(value):
        value = ILLEGAL_CHARACTERS_RE.sub("\ufffd", value)
    if not value.startswith("="):
        return value
    cell = WriteOnlyCell(sheet, value)
    cell.data_type = "s"
    return cell


def _unit_of(column: pd.Series) -> str:
    """Say in which unit a column is, by its name or else by what it holds."""
    form = column_of(str(column.name)).form
    if form != "text" and pd.api.types.is_numeric_dtype(column):
        endless = pd.api.types.is_float_dtype(column) and bool((column.abs() == float("inf")).any())
        return f"{UNITS[form]}{'; inf: no limit' if endless else ''}"
    if pd.api.types.is_bool_dtype(column):
        return "true or false"
    return UNITS["number"] if pd.api.types.is_numeric_dtype(column) else "text"


def methods(study: Study, made: dict[str, Table], by: str | None) -> str:
    """Return the paragraph of a paper that says what was counted, by which estimators, in which versions."""
    documents = study.documents
    years = pd.to_numeric(documents["year"], errors="coerce").dropna()
    span = f", {years.min():.0f} to {years.max():.0f}" if len(years) else ""
    corpus = (
        f"The corpus holds {len(documents):,} documents{span}, {documents['n_tokens'].sum():,} tokens in "
        f"{documents['n_sentences'].sum():,} sentences; headings, notes and what was cut are not counted"
    )
    try:
        used = study.lexicon
        lexicon = f"The lexicon “{used.name}” has {len(used.themes)} themes and {len(used)} entries"
    except CrossreadError:
        lexicon = ""
    coders = "" if study.codes is None else f"Coded by {join_names(study.codes['coder'].astype(str).unique())}"
    seen = [answer.caption for answer in made.values()]
    versions = join_names(f"{name} {_version(name)}" for name in PACKAGES)
    captions = "\n".join(f"- {title}: {caption}" for title, caption in zip(made, seen, strict=True))
    told = [said for name, said in ESTIMATORS.items() if name in made or f"group_{name}-by-{by}" in made]
    tested = [
        title for title in made if title.startswith(("omnibus", "contrasts", "keyness", "trends", "group_trends"))
    ]
    groups = (
        f"Groups by “{by}” were compared with the document as the unit: documents are dealt anew to the groups, each "
        "weighed by what one of its length tells"
    )
    whole = join_sentences(
        [corpus, lexicon, coders, *told, groups if f"omnibus-by-{by}" in made else "", ADJUSTED if tested else ""]
    )
    return (
        f"# Methods\n\n{whole} Computed with {versions}, on Python {platform.python_version()}; every draw has the "
        f"seed 0.\n\n## Tables\n\n{captions}\n"
    )


def _version(name: str) -> str:
    import crossread

    try:
        return crossread.__version__ if name == "crossread" else importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "(not installed)"
