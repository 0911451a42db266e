"""A corpus of one's own from a folder of mixed files or a table: all that can be read, and a report of the rest."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from crossread.corpus.describe import TO_FILL_IN, corpus_of
from crossread.corpus.gather import Gathered, gather
from crossread.corpus.places import project_folder
from crossread.corpus.report import report_of
from crossread.corpus.tables import csv_text
from crossread.errors import CrossreadError
from crossread.files import unfinished, write_whole

EMPTY_LEXICON = """\
# What counts as each theme of “{name}”. Every theme is a line that ends in a colon; under it stands one entry a line,
# a word or a phrase. Take the # away from the lines below, or write your own; `crossread lexicon {name} FILE` brings a
# dictionary that you have (quanteda, LIWC, WordStat, Lexicoder, Yoshikoder, CSV).
#
# burden_sharing:
#   - burden sharing            # a hyphen is a space, and case does not matter
#   - cost*                     # * stands for any ending, (a|b) for one of the two
#   - pattern: spend*           # counted only ...
#     with: [ally|allies]       # ... where one of these stands in the same sentence
#     reason: who pays
"""


def create(
    name: str,
    source: str | Path | pd.DataFrame,
    *,
    text: str | None = None,
    metadata: str | Path | pd.DataFrame | None = None,
    encoding: str | None = None,
    into: str | Path | None = None,
) -> pd.DataFrame:
    """Make a corpus of whatever holds texts, and say what was read, what was cut and what needs a look.

    What can be read is made; the rest stands in the report, which is also written to `report.csv` of the new folder.
    The texts are copied to `texts/`, and a documents.csv is written: the doc_id from the file's name or the table, the
    title from the first heading, the year where the name of the file or its first lines hold just one (marked
    "inferred"), the language, and every other column of the table or of the metadata. An empty themes.yml with an
    example waits for the themes. A .gitignore keeps the texts from being published by mistake. Folders inside the
    folder are searched too; hidden files are passed over.

    Parameters
    ----------
    name : str
        What to call the corpus: letters, digits, _ and -.
    source, text, metadata, encoding
        As in `gather`.
    into : path, optional
        The folder that gets the new one; by default `corpus/` of the project.

    Returns
    -------
    DataFrame
        As `report_of`: one row a file or row of the table, what needs a look first.

    Raises
    ------
    CrossreadError
        "There is a corpus “x” already (…). Choose another name, or delete it first: crossread delete x", or that not
        one text could be read, after which nothing has been made.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as place:
    ...     texts = Path(place) / "texts"
    ...     texts.mkdir()
    ...     _ = (texts / "Marsh 2031.md").write_text("# The Bill\\n\\nAllies pay. They talk.", encoding="utf-8")
    ...     report = create("mine", texts, into=place)
    >>> report[["doc_id", "n_sentences", "n_tokens", "cut"]].values.tolist()
    [['marsh_2031', 2, 4, 'markup 2, white space 3']]
    """
    home = Path(into).expanduser() if into is not None else project_folder() / "corpus"
    target = free_place(home, name)
    gathered = gather(source, text=text, metadata=metadata, encoding=encoding)
    corpus, year_from = corpus_of(gathered, name)
    report = report_of(corpus, gathered, year_from)
    report.attrs["said"] = tuple(gathered.said)
    documents = documents_table(corpus.documents, gathered)

    with unfinished(target) as part:
        # before any text is there: a process that is killed leaves nothing that git would add
        write_whole(part / ".gitignore", "texts/\nreport.csv\n")
        for doc_id, file in zip(documents["doc_id"], documents["file"], strict=True):
            write_whole(part / "texts" / file, source_of(gathered, doc_id))
        write_whole(part / "themes.yml", EMPTY_LEXICON.format(name=name))
        write_whole(part / "report.csv", csv_text(report))
        write_whole(part / "documents.csv", csv_text(documents))
    return report


def free_place(home: Path, name: str) -> Path:
    """Return where a corpus of this name would stand, if the name is one and nothing stands there."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", name):
        raise CrossreadError(f"“{name}” cannot be the name of a corpus: use letters, digits, _ and - only.")
    target = home / name
    if target.exists():
        raise CrossreadError(
            f"There is a corpus “{name}” already ({target}). Choose another name, or delete it first: "
            f"crossread delete {name}"
        )
    return target


def documents_table(documents: pd.DataFrame, gathered: Gathered) -> pd.DataFrame:
    """Return the documents.csv of some texts: the columns to fill in, then those that were given, then the file."""
    table = documents.reset_index()
    table["file"] = [f"{doc_id}{_suffix(gathered, doc_id)}" for doc_id in table["doc_id"]]
    counted = ("sha256", "n_characters", "n_paragraphs", "n_sentences", "n_tokens")
    others = [name for name in table if name not in (*TO_FILL_IN, *counted, "file")]
    return table[[*TO_FILL_IN, *others, "file"]].apply(_whole_numbers)


def _whole_numbers(column: pd.Series) -> pd.Series:
    """Return numbers that are whole but for blanks among them as such: 1999 and not 1999.0."""
    is_whole = pd.api.types.is_float_dtype(column) and (column.dropna() % 1 == 0).all()
    return column.astype("Int64") if is_whole else column


def _suffix(gathered: Gathered, doc_id: str) -> str:
    return gathered.files[doc_id].suffix.lower() if doc_id in gathered.files else ".txt"


def source_of(gathered: Gathered, doc_id: str) -> bytes:
    """Return the file of a text as it is; a text that has none, or whose encoding was told, in UTF-8."""
    file, source = gathered.files.get(doc_id), gathered.texts[doc_id]
    if file is None:
        return source.text.encode()
    if gathered.encoding and source.encoding:  # "" where the format says itself how its characters are written
        return file.read_bytes().decode(gathered.encoding).encode()
    return file.read_bytes()
