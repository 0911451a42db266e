"""The columns of every table that passes between rooms, and the check that they are there."""

import pandas as pd

from crossread.errors import CrossreadError

DOCUMENTS = (
    "label", "title", "authors", "year", "year_basis", "genre", "publisher", "source", "rights",
    "sha256", "n_characters", "n_paragraphs", "n_sentences", "n_tokens",
)  # fmt: skip
SENTENCES = ("doc_id", "section", "paragraph", "sentence", "segment", "kind", "n_tokens", "start", "end")
TOKENS = ("doc_id", "sentence_id", "position", "token", "start", "end")
COUNTS = ("doc_id", "segment", "term", "count")
HITS = ("doc_id", "sentence_id", "lexicon", "key", "entry", "start_token", "end_token")
CUTS = ("doc_id", "start", "end", "reason", "n_characters", "n_tokens")


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

    Raises
    ------
    CrossreadError
        "the hits: the column “key” is missing (columns found: …)".

    Examples
    --------
    >>> check_columns(pd.DataFrame({"doc_id": ["a"]}), ("doc_id",), "the hits").shape
    (1, 1)
    """
    missing = [name for name in columns if name not in table.columns]
    if missing:
        names = ", ".join(f"“{name}”" for name in missing)
        verb = "column {} is" if len(missing) == 1 else "columns {} are"
        found = ", ".join(map(str, table.columns)) or "none"
        raise CrossreadError(f"{what}: the {verb.format(names)} missing (columns found: {found}).")
    return table
