"""What people hold (a folder, a file, a table, texts at hand) to texts with ids and what is known of each.

One way for all of them: whatever is opened in a notebook gives the same documents that `crossread new` writes down.
"""

from __future__ import annotations

import difflib
import os
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import pandas as pd

from crossread.corpus.reading import MEDIA_TYPES, SourceText, read_text
from crossread.corpus.reading.files import readable_name
from crossread.corpus.reading.sheets import OTHER_TABLES, TABLE_TYPES, read_table
from crossread.errors import CrossreadError
from crossread.progress import follow

TEXT_NAMES = (
    "text", "texts", "body", "content", "contents", "fulltext", "full_text", "document", "transcript", "speech",
    "abstract note", "abstract",
)  # fmt: skip
ID_NAMES = ("doc_id", "docname", "id", "key", "file", "filename", "file_name", "name")
# what other languages and programs call the year, or a date that holds it
YEARS = (
    "jahr", "année", "annee", "año", "anno", "ano", "jaar", "år", "rok", "datum", "fecha", "publication_year",
    "pub_year", "publication date", "publication_date", "date_published", "published_at", "pubdate", "created_at",
)  # fmt: skip
# what exports of other programs call the columns that crossread knows, Zotero's first
KNOWN_AS = {
    "publication year": "year", "author": "authors", "item type": "genre", "date": "year",
    **dict.fromkeys(YEARS, "year"),
    **{name: name for name in ("label", "title", "authors", "year", "genre", "language")},  # in any capitals
}  # fmt: skip
UNDATED = ("n.d.", "n. d.", "nd", "s.d.", "s. d.", "o.j.", "o. j.", "undated", "unknown", "n/a", "?", "-", "–", "—")
ATTACHED = "File Attachments"  # the column of an export of Zotero that names files
RESERVED = ("doc_id", "sha256", "file", "n_characters", "n_paragraphs", "n_sentences", "n_tokens")
LONGEST_NAME = 60  # characters: above, the name of a column is a text
SHORTEST = 20  # characters a cell on average: below, a column is not guessed to be the texts


@dataclass
class Gathered:
    """Texts, and what is known of them before they are counted.

    Attributes
    ----------
    name : str
        What the whole is called where nobody says otherwise.
    texts : dict of str to SourceText
        By doc_id, in the order in which they were given.
    origins : dict of str to str
        Where each came from, as its owner knows it: a file in the folder, a row of the table.
    columns : DataFrame
        Index doc_id: what a table or the metadata say of each.
    files : dict of str to Path
        Of texts that have one.
    remarks : dict of str to list of str
        What to look at in a text.
    unread : list of (str, str)
        What could not be read, and why.
    passed_over : list of (str, str)
        Files of other kinds, and what they are.
    said : list of str
        What was decided for all: the column of text, metadata that name no file here.
    encoding : str or None
        How the files are written, where that was told.
    """

    name: str
    texts: dict[str, SourceText] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)
    columns: pd.DataFrame = field(default_factory=pd.DataFrame)
    files: dict[str, Path] = field(default_factory=dict)
    remarks: dict[str, list[str]] = field(default_factory=dict)
    unread: list[tuple[str, str]] = field(default_factory=list)
    passed_over: list[tuple[str, str]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    encoding: str | None = None

    def add(self, wanted: str, origin: str, text: SourceText, file: Path | None = None) -> str | None:
        """Add a text under the id that its name gives, numbered where that is taken; None for the same file again.

        A copy of a file is left out and named. A row with the same text as another one may well be meant: it is kept,
        and there is a remark.
        """
        same = self._hashes.setdefault(text.sha256, origin)
        if same != origin and file is not None:
            self.unread.append((origin, f"the same text as {same}, which was kept"))
            return None
        doc_id, number = wanted, 1
        while doc_id in self.texts:
            number += 1
            doc_id = f"{wanted}_{number}"
        self.remarks[doc_id] = [_without_place(notice, text.path) for notice in text.notices]
        if same != origin:
            self.remarks[doc_id].append(f"the same text as {same}; both are counted")
        if number > 1:
            self.remarks[doc_id].append(f"“{wanted}” is the id of {self.origins[wanted]}: this text is {doc_id}")
        self.texts[doc_id], self.origins[doc_id] = text, origin
        if file is not None:
            self.files[doc_id] = file
        return doc_id

    def __post_init__(self):
        self._hashes: dict[str, str] = {}

    def reasons(self) -> str:
        """Say line by line what could not be read, and why."""
        listed = "".join(f"\n- {origin}: {why}" for origin, why in self.unread[:10])
        return listed + (f"\n- and {len(self.unread) - 10} more" if len(self.unread) > 10 else "")

    def drop(self, doc_id: str, why: str) -> None:
        """Take a text out again, and say why."""
        self.unread.append((self.origins.pop(doc_id), why))
        for held in (self.texts, self.files, self.remarks):
            held.pop(doc_id, None)
        self.columns = self.columns.drop(index=doc_id, errors="ignore")


def gather(
    source: object,
    *,
    text: str | None = None,
    metadata: str | Path | pd.DataFrame | None = None,
    encoding: str | None = None,
) -> Gathered:
    """Read whatever holds texts; what cannot be read is told, and the rest is read.

    Parameters
    ----------
    source : path, DataFrame, Series, mapping or sequence
        A folder of files, one file, a table in a file (CSV, TSV, Excel, JSON) or in memory with a row for each text; a
        mapping or Series of names to texts; a list of texts or of records.
    text : str, optional
        The column of a table that holds the texts; without it the one called text, body or content, else the one with
        the longest cells.
    metadata : path or DataFrame, optional
        A table with a row for each file of a folder; the column that names the files is found.
    encoding : str, optional
        How the characters of the files are written, where they do not say it themselves.

    Returns
    -------
    Gathered

    Raises
    ------
    CrossreadError
        "talks is no folder and no file.", "No column “body” in talks.csv. It has: …", or that not one text could be
        read, with the first reasons.

    Examples
    --------
    >>> gathered = gather(pd.DataFrame({"party": ["red", "blue"], "body": ["Allies pay.", "Rain falls."]}))
    >>> gathered.texts["row_1"].text, gathered.columns["party"].to_dict()
    ('Allies pay.', {'row_1': 'red', 'row_2': 'blue'})
    """
    if isinstance(source, str | Path):
        place = Path(source).expanduser()
        if not place.exists():
            raise CrossreadError(f"{place} is no folder and no file. Check the name.")
        if place.is_file() and place.suffix.lower() in OTHER_TABLES:
            raise CrossreadError(f"{place}: {_other_kind(place.suffix)}.")
        if place.is_file() and place.suffix.lower() in TABLE_TYPES:
            table, said = read_table(place, encoding=encoding)
            attached = [] if text else _attached(table, place.parent)
            if attached:
                gathered = _of_files(attached, place.parent, place.stem, encoding)
                gathered.said.append(f"The texts are the files that “{ATTACHED}” names.")
                metadata = table if metadata is None else metadata
            else:
                try:
                    gathered = _of_table(table, text, place.name, place.stem, rows=table.index + 2)
                except CrossreadError as error:  # perhaps the texts stand in what was not read
                    raise CrossreadError("\n".join([str(error), *said])) from None
            gathered.said[:0] = said
        else:
            gathered = _of_place(place, encoding)
    elif isinstance(source, pd.DataFrame):
        gathered = _of_table(source, text, "this table", "table")
    elif isinstance(source, Mapping | pd.Series):
        gathered = _of_pairs([(str(name), value) for name, value in source.items()])
    elif isinstance(source, Sequence) and source and all(isinstance(one, Mapping) for one in source):
        gathered = _of_table(pd.DataFrame(list(source)), text, "this table", "table")
    elif isinstance(source, Sequence) and not isinstance(source, bytes):
        gathered = _of_pairs([(f"text_{number}", value) for number, value in enumerate(source, 1)])
    else:
        raise CrossreadError(
            f"A {type(source).__name__} holds no texts that could be read. Give the name of a corpus, a folder, a "
            "table (a file or a DataFrame), a mapping of names to texts, or a list of texts."
        )
    if not gathered.texts:
        place = f"{source}: not" if isinstance(source, str | Path) else "Not"
        raise CrossreadError(f"{place} one text could be read; nothing was made.{gathered.reasons()}")
    if metadata is not None:
        join_metadata(gathered, metadata, encoding)
    return gathered


def slug_of(stem: str) -> str:
    """Return a doc_id made of a file's name: plain small letters, digits and _.

    Examples
    --------
    >>> slug_of("Été 2023 (final)")
    'ete_2023_final'
    """
    plain = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode()
    return "_".join(re.findall(r"[a-z0-9]+", plain.lower()))[:60].strip("_")


# --- folders and files ------------------------------------------------------------------------------------------


def _of_place(place: Path, encoding: str | None) -> Gathered:
    name = place.resolve().stem
    if not place.is_dir():
        return _of_files([place], place.parent, name, encoding)
    files, passed_over, unread = list_files(place)
    gathered = _of_files(files, place, name, encoding)
    gathered.passed_over, gathered.unread[:0] = passed_over, unread
    return gathered


def _attached(table: pd.DataFrame, home: Path) -> list[Path]:
    """Return the files that an export of Zotero names and that are here, of each row the first that can be read."""
    cells = [str(cell) for cell in table.get(ATTACHED, ()) if isinstance(cell, str)]
    named = [[home / part.strip().replace("\\", "/") for part in cell.split(";")] for cell in cells]
    here = [[path for path in paths if path.suffix.lower() in MEDIA_TYPES and path.is_file()] for paths in named]
    return list(dict.fromkeys(paths[0] for paths in here if paths))


def _of_files(files: Sequence[Path], home: Path, name: str, encoding: str | None) -> Gathered:
    gathered = Gathered(slug_of(name) or "texts", encoding=encoding)
    for number, path in enumerate(follow(files, "reading", len(files), " files"), 1):
        # outside of the folder the last two names, for Zotero keeps each file in a folder of its own
        place = path.relative_to(home) if path.is_relative_to(home) else Path(*path.parts[-2:])
        origin = readable_name(place)
        try:
            # a PDF or a Word file says itself how its characters are written
            source = read_text(path, encoding=encoding)
        except CrossreadError as error:
            gathered.unread.append((origin, _without_place(str(error), str(path))))
        else:
            gathered.add(slug_of(path.stem) or f"text_{number}", origin, source, path)
    return gathered


def _without_place(message: str, path: str) -> str:
    """Leave out the name of the file, which stands beside the message already."""
    return message.removeprefix(f"{path}: ").removeprefix(f"{readable_name(path)}: ")


def list_files(folder: Path) -> tuple[list[Path], list[tuple[str, str]], list[tuple[str, str]]]:
    """Return the files of a folder that can be read, those of other kinds, and what is wrong; not hidden ones.

    Returns
    -------
    files, passed_over, unread
        Paths; then pairs of a place in the folder and a reason.
    """
    if not folder.is_dir():
        raise CrossreadError(f"{folder} is not a folder. Give the folder that holds your texts.")
    files, passed_over, unread = [], [], []

    def refuse(error: OSError) -> None:
        place = readable_name(Path(error.filename).relative_to(folder))
        unread.append((place, "this folder may not be read. Change its permissions, or copy it."))

    for place, inner, names in os.walk(folder, onerror=refuse):
        inner[:] = sorted(name for name in inner if not name.startswith("."))
        for path in (Path(place) / name for name in sorted(names) if not name.startswith((".", "~$"))):
            origin = readable_name(path.relative_to(folder))
            if path.suffix.lower() not in MEDIA_TYPES:
                passed_over.append((origin, _other_kind(path.suffix)))
            elif not path.resolve().is_relative_to(folder.resolve()):
                unread.append(
                    (origin, f"a link to a file outside the folder ({path.resolve()}). Copy the file itself.")
                )
            else:
                files.append(path)
    if not files and not unread:
        others = "".join(f"\n{said}" for said in tell_passed_over(passed_over))
        raise CrossreadError(f"{folder}: no text in this folder. Texts end in {', '.join(MEDIA_TYPES)}.{others}")
    return files, passed_over, unread


def tell_passed_over(passed_over: Sequence[tuple[str, str]]) -> list[str]:
    """Name the files of other kinds, a sentence for each kind.

    Examples
    --------
    >>> tell_passed_over([("a.doc", "“.doc” is not read"), ("b.doc", "“.doc” is not read")])
    ['a.doc, b.doc: passed over: “.doc” is not read.']
    """
    kinds: dict[str, list[str]] = {}
    for origin, why in passed_over:
        kinds.setdefault(why, []).append(origin)
    return [
        f"{', '.join(names[:3])}{f' and {len(names) - 3:,} more' if len(names) > 3 else ''}: passed over: {why}."
        for why, names in kinds.items()
    ]


def _other_kind(suffix: str) -> str:
    if suffix.lower() in TABLE_TYPES:
        return f"“{suffix}” is a table: give it as the source if it holds texts, with --metadata if it tells of files"
    if suffix.lower() in OTHER_TABLES:
        return f"“{suffix}” is a table that is not read here. Save it as .csv, .xlsx or .json, and give that"
    if not suffix:
        return "files without an ending are not read. Give it the ending .txt if it is a text"
    return f"files ending in “{suffix}” are not read. Save what is text in it as .txt, .docx or .pdf"


# --- tables and texts at hand -----------------------------------------------------------------------------------


def _of_table(
    table: pd.DataFrame, text: str | None, what: str, name: str, rows: Sequence[int] | None = None
) -> Gathered:
    """Take each row as a text; `rows` says how they are numbered where the table was made, from 1 without it."""
    numbers = range(1, len(table) + 1) if rows is None else rows
    names = [" ".join(map(str, name)) if isinstance(name, tuple) else str(name) for name in table.columns]
    table = table.set_axis(names, axis="columns")
    if table.empty:
        raise CrossreadError("This table has no rows. Each text needs a row.")
    if twice := next(iter(table.columns[table.columns.duplicated()]), None):
        raise CrossreadError(f"{what}: two columns are called “{twice}”. Rename one.")
    gathered = Gathered(slug_of(name) or "table")
    column = _text_column(table, text, what, gathered)
    ids = _ids_of(table, column)
    positions, doc_ids = [], []
    for position, (number, value) in enumerate(zip(numbers, table[column], strict=True)):
        origin = f"row {number}"
        content, why = _text_of(value)
        if why:
            gathered.unread.append((origin, why))
            continue
        doc_id = gathered.add(_id_of(ids[position]) or f"row_{number}", origin, content)
        if doc_id is not None:
            positions.append(position)
            doc_ids.append(doc_id)
    described = table.drop(columns=column).iloc[positions].set_axis(pd.Index(doc_ids, name="doc_id", dtype=str))
    if "label" not in described and "title" not in described:
        described["label"] = [str(ids[row]) if ids[row] else doc for row, doc in zip(positions, doc_ids, strict=True)]
    gathered.columns = known_columns(described, gathered)
    return gathered


def _of_pairs(pairs: list[tuple[str, object]]) -> Gathered:
    gathered = Gathered("texts")
    labels = {}
    for name, value in pairs:
        content, why = _text_of(value)
        if why:
            gathered.unread.append((name, why))
            continue
        doc_id = gathered.add(_id_of(name) or f"text_{len(gathered.texts) + 1}", name, content)
        if doc_id is not None:
            labels[doc_id] = name
    index = pd.Index(list(labels), name="doc_id", dtype=str)
    gathered.columns = pd.DataFrame({"label": list(labels.values()), "title": list(labels.values())}, index=index)
    return gathered


def _id_of(value: str) -> str:
    return value if re.fullmatch(r"[A-Za-z0-9_]+", value) else slug_of(value)


def _is_blank(cell: object) -> bool:
    """Tell a missing value; a list in a cell is none, whatever is in it."""
    return cell is None or (pd.api.types.is_scalar(cell) and pd.isna(cell))


def _text_of(value: object) -> tuple[SourceText, str]:
    """Return a cell as a text, or why it is none."""
    content = value if isinstance(value, str) else ""
    nothing = SourceText("", (), "", "", "", "text/plain")
    if not isinstance(value, str) and not _is_blank(value):
        what = "a number" if isinstance(value, int | float) else f"of the type {type(value).__name__}"
        return nothing, f"{str(value)[:40]} is no text but {what}"
    if not content.strip():
        return nothing, "there is no text in it"
    content = re.sub("[\ud800-\udfff]", "\ufffd", content)  # half characters, which no file can hold
    return SourceText(content, (), "", sha256(content.encode()).hexdigest(), "", "text/plain"), ""


def _text_column(table: pd.DataFrame, text: str | None, what: str, gathered: Gathered) -> str:
    names = ", ".join(table.columns)
    if text is not None:
        if text not in table:
            raise CrossreadError(f"No column “{text}” in {what}. It has: {names}.")
        return text
    lengths = {
        name: table[name].dropna().astype(object).map(lambda cell: len(cell) if isinstance(cell, str) else 0).mean()
        for name in table.select_dtypes(["object", "string", "category"])
    }
    column = next((name for known in TEXT_NAMES for name in lengths if name.strip().lower() == known), None)
    if column is None:
        column = max(lengths, key=lengths.__getitem__, default=None)
        if column is None or not lengths[column] >= SHORTEST:
            raise CrossreadError(
                f"{'This table' if what == 'this table' else what} has no column of text (columns: "
                f"{names}). Name one: text=… in a notebook, --text COLUMN on the command line. If it is about the "
                "files of a folder, give the folder, and this table as metadata=… or --metadata TABLE."
            )
        gathered.said.append(
            f"The texts were taken from the column “{column}”, whose cells are the longest. If that is another one, "
            "name it: text=… in a notebook, --text COLUMN on the command line."
        )
    if len(column) > LONGEST_NAME:
        gathered.said.append(
            f"The first row of {what} was taken for the names of the columns, and “{column[:40]}…” looks like a text. "
            "If the columns have no names, write some into a row above: id, text, year."
        )
    return column


def _ids_of(table: pd.DataFrame, text: str) -> list[str]:
    """Return what names the rows, "" where nothing does: the first column called like an id that differs by row."""
    others = [name for name in table.columns if name != text]
    called = [name for known in ID_NAMES for name in others if name.strip().lower() == known]
    for name in [*called, *filter(_ENDS_IN_ID.search, others)]:
        values = table[name].map(_spoken_id)
        if values.is_unique or name.strip().lower() == "doc_id":
            return [Path(value).stem if Path(value).suffix.lower() in MEDIA_TYPES else value for value in values]
    if (
        not pd.api.types.is_numeric_dtype(table.index) and table.index.is_unique
    ):  # texts that are named beside the table
        return [_spoken_id(name) for name in table.index]
    return [""] * len(table)


_ENDS_IN_ID = re.compile(r"[\W_]id\s*$|[\W_a-z]ID\s*$")  # speech_id, Speech ID, SpeechID


def _spoken_id(cell: object) -> str:
    """Return a cell as the name of a row: a number that is whole without its .0, which a blank below it brings."""
    if _is_blank(cell):
        return ""
    return str(int(cell) if isinstance(cell, float) and cell.is_integer() else cell).strip()


def known_columns(described: pd.DataFrame, gathered: Gathered) -> pd.DataFrame:
    """Call the columns as crossread does, and keep those apart whose names it needs for itself."""
    if "doc_id" in described and described["doc_id"].astype(str).tolist() == described.index.tolist():
        described = described.drop(columns="doc_id")  # it names the rows as they are named
    renamed = {}
    for name in described.columns:
        plain = KNOWN_AS.get(name.strip().lower(), name.strip())
        if plain in ("label", "title", "authors", "year", "genre") and plain != name and plain in described:
            plain = name
        if plain in renamed.values():
            plain = name
        if plain == "year" and name.strip().lower() in (*YEARS, "date"):
            gathered.said.append(f"The year is that of the column “{name}”.")
        if plain in RESERVED:
            plain = f"given_{plain}"
            gathered.said.append(f"The column “{name}” is called “{plain}”, for crossread has a “{name}” of its own.")
        renamed[name] = plain
    described = described.rename(columns=renamed)
    described = described.loc[:, ~described.columns.duplicated()]
    for name in described:
        if described[name].dtype == object:
            described[name] = described[name].map(_written_cell)
    if "year" in described and not pd.api.types.is_numeric_dtype(described["year"]):
        described["year"] = years_of(described["year"])
    return described


def _written_cell(cell: object) -> object:
    """Return a list in a cell as a table can hold it."""
    return "; ".join(map(str, cell)) if isinstance(cell, list | tuple | set) else cell


def years_of(dates: pd.Series) -> pd.Series:
    """Return the years of a column of dates as numbers, where each that is not blank holds one; else as they are.

    What says that there is no date (n.d., unknown) is blank.

    Examples
    --------
    >>> years_of(pd.Series(["2011-05-02", "May 3, 2019"])).tolist(), years_of(pd.Series(["spring", "1999"])).tolist()
    ([2011, 2019], ['spring', '1999'])
    >>> years_of(pd.Series(["n.d.", "1999"])).tolist()
    [nan, 1999.0]
    """
    if pd.api.types.is_datetime64_any_dtype(dates):
        return dates.dt.year
    dates = dates.where(~dates.astype(str).str.strip().str.lower().isin(UNDATED))
    found = dates.map(lambda date: re.search(r"(?<!\d)(1\d|20)\d\d(?!\d)", str(date)), na_action="ignore")
    blank = dates.isna() | (dates.astype(str).str.strip() == "")
    if (found.isna() & ~blank).any():
        return dates
    years = found.map(lambda match: float(match[0]), na_action="ignore").astype(float)
    return years.astype(int) if years.notna().all() else years


# --- metadata ---------------------------------------------------------------------------------------------------


def join_metadata(gathered: Gathered, metadata: str | Path | pd.DataFrame, encoding: str | None = None) -> None:
    """Add to texts what a table says of them; the column of the table that names the files is found.

    A row belongs to a file where it holds its name, with or without the ending and the folders before it; in an
    export of Zotero the column “File Attachments” does.
    """
    what = "the metadata" if isinstance(metadata, pd.DataFrame) else Path(metadata).name
    table, said = (metadata, []) if isinstance(metadata, pd.DataFrame) else read_table(metadata, encoding=encoding)
    if not pd.api.types.is_numeric_dtype(table.index):  # a frame whose rows have the names of the files
        table = table.reset_index(names="row names")
    table = table.rename(columns=str)
    gathered.said += said
    wanted: dict[str, str] = {}
    for doc_id, origin in gathered.origins.items():
        for spelt in (origin, _last_two(origin), Path(origin).name, Path(origin).stem, doc_id):
            wanted.setdefault(_spelt(spelt), doc_id)
    matches = {name: [_file_named(cell, wanted) for cell in table[name]] for name in table.columns}
    column = max(matches, key=lambda name: sum(doc is not None for doc in matches[name]))
    named = matches[column]
    if not any(named):
        example = next(iter(gathered.origins.values()))
        raise CrossreadError(
            f"No column of {what} names the files (such as “{example}”). It has: {', '.join(table.columns)}."
        )
    rows: dict[str, int] = {}
    for row, doc_id in enumerate(named):
        if doc_id in rows:
            raise CrossreadError(
                f"{what}, rows {rows[doc_id] + 2} and {row + 2}: both name {gathered.origins[doc_id]}. Delete one."
            )
        if doc_id is not None:
            rows[doc_id] = row
    _take_alike(table[column], named, rows, gathered, what)
    strangers = [
        "a blank" if _is_blank(cell) else str(cell)
        for cell, doc_id in zip(table[column], named, strict=True)
        if doc_id is None
    ]
    if strangers:
        left = [origin for doc_id, origin in gathered.origins.items() if doc_id not in rows]
        shown = ", ".join(_with_guess(name, left) for name in strangers[:5]) + (", …" if len(strangers) > 5 else "")
        name = "row names" if len(strangers) == 1 else "rows name"
        gathered.said.append(f"{what}: {len(strangers)} {name} no text here ({shown}).")
    for doc_id in gathered.texts:
        if doc_id not in rows:
            gathered.remarks[doc_id].append(f"{what} says nothing of it")
    facts = table.drop(columns=column).reindex([rows.get(doc_id, -1) for doc_id in gathered.texts])
    facts = known_columns(facts.set_axis(pd.Index(list(gathered.texts), name="doc_id", dtype=str)), gathered)
    before = gathered.columns.reindex(facts.index)
    gathered.columns = pd.concat([before.drop(columns=[n for n in before if n in facts]), facts], axis="columns")


def _take_alike(cells: pd.Series, named: list[str | None], rows: dict[str, int], gathered: Gathered, what: str) -> None:
    """Give rows that name no file the one left whose name has the same letters and digits, and say so."""
    left: dict[str, list[str]] = {}
    for doc_id, origin in gathered.origins.items():
        if doc_id not in rows:
            left.setdefault(slug_of(Path(origin).stem), []).append(doc_id)
    for row, (cell, doc_id) in enumerate(zip(cells, named, strict=True)):
        alike = left.get(slug_of(Path(str(cell)).stem), []) if doc_id is None else []
        if len(alike) == 1 and alike[0] not in rows:
            named[row], rows[alike[0]] = alike[0], row
            gathered.said.append(f"{what}: “{cell}” was taken for {gathered.origins[alike[0]]}.")


def _with_guess(name: str, left: list[str]) -> str:
    """Return a name that is no file's with the one that is nearest to it, if any is near."""
    near = difflib.get_close_matches(name, left[:2_000], n=1, cutoff=0.75)
    return f"{name}: is it {near[0]}?" if near else name


def _last_two(path: str) -> str:
    return "/".join(path.split("/")[-2:])


def _spelt(name: str) -> str:
    return unicodedata.normalize("NFC", name).replace("\\", "/").strip().lower()


def _file_named(cell: object, wanted: Mapping[str, str]) -> str | None:
    if not isinstance(cell, str | int):
        return None
    for part in str(cell).split(";"):
        path = _spelt(part)
        name = path.rsplit("/", 1)[-1]
        for spelt in (path, _last_two(path), name, name.rsplit(".", 1)[0]):
            if spelt in wanted:
                return wanted[spelt]
    return None
