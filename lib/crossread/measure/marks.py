"""What the lexicon counts beside what coders marked, sense by sense: in the same pages, sentence by sentence."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from crossread.corpus.tables import HITS, check_columns
from crossread.errors import CrossreadError
from crossread.wording import Labels, join_names, join_sentences

SENSE_CODES = ("doc_id", "sentence_id", "key", "adjudicated")
MARKS = (
    "doc_id", "key", "counted", "marked", "both", "only_counted", "only_marked", "n_sentences", "share_counted",
    "share_marked",
)  # fmt: skip


def read_sense_codes(path: str | Path) -> pd.DataFrame | None:
    """Read which sentences coders marked for which sense, or None where there is no such file.

    Parameters
    ----------
    path : path
        A table with the columns doc_id, sentence_id, key, a column for each coder, and adjudicated (0, 1 weak, 2
        core); a
        sentence and key without a row were coded 0 by all.

    Returns
    -------
    DataFrame or None

    Raises
    ------
    CrossreadError
        "sense_codes.csv: the column “adjudicated” is missing (columns found: …)"; "sense_codes.csv, row 7: the code 3
        is
        not 0, 1 or 2."
    """
    path = Path(path)
    if not path.is_file():
        return None
    table = check_columns(pd.read_csv(path), SENSE_CODES, path.name)
    wrong = ~table["adjudicated"].isin([0, 1, 2])
    if wrong.any():
        row = int(wrong.to_numpy().argmax())
        raise CrossreadError(f"{path.name}, row {row + 2}: the code {table['adjudicated'][row]} is not 0, 1 or 2.")
    return table


def coders_of(codes: pd.DataFrame) -> list[str]:
    """Return the names of those who coded: the columns beside the required ones.

    Examples
    --------
    >>> coders_of(pd.DataFrame(columns=["doc_id", "sentence_id", "key", "Ann", "Ben", "adjudicated"]))
    ['Ann', 'Ben']
    """
    return [str(name) for name in codes.columns if name not in SENSE_CODES]


def compare_marks(
    hits: pd.DataFrame, codes: pd.DataFrame, sentences: pd.DataFrame, *, threshold: int = 1
) -> pd.DataFrame:
    """Count by document and sense what the lexicon counts, what the coders marked, and where the two part.

    Parameters
    ----------
    hits : DataFrame
        From `lexicon.find_hits`.
    codes : DataFrame
        From `read_sense_codes`.
    sentences : DataFrame
        `Corpus.sentences`.
    threshold : int
        The code from which a sentence is marked: 1 core or weak, 2 core alone.

    Returns
    -------
    DataFrame
        One row a document and key, documents in the order of `sentences`: doc_id; key; counted, marked (sentences of
        the
        body); both, only_counted, only_marked (sentences); n_sentences; share_counted, share_marked (0 to 1).

    Examples
    --------
    >>> from crossread.measure.themes import _toy
    >>> hits, sentences = _toy()
    >>> codes = pd.DataFrame({"doc_id": "a", "sentence_id": ["a-000", "a-001"], "key": "cost", "adjudicated": [2, 1]})
    >>> compare_marks(hits, codes, sentences)[["counted", "marked", "both", "only_marked"]].values.tolist()
    [[2, 2, 1, 1], [0, 0, 0, 0]]
    """
    check_columns(hits, HITS, "the hits")
    check_columns(codes, SENSE_CODES, "the codes")
    body = sentences[sentences["kind"] == "body"]
    total = body.groupby("doc_id", sort=False).size()
    keys = [key for key in hits["key"].astype("category").cat.categories if key in set(codes["key"])]
    pairs = {
        name: set(zip(table["sentence_id"], table["key"].astype(str), strict=True))
        for name, table in (("counted", hits), ("marked", codes[codes["adjudicated"] >= threshold]))
    }
    document = body["doc_id"].to_dict()
    rows = {(doc_id, key): dict.fromkeys(("counted", "marked", "both"), 0) for doc_id in total.index for key in keys}
    for name, chosen in (*pairs.items(), ("both", pairs["counted"] & pairs["marked"])):
        for sentence_id, key in chosen:
            if (document.get(sentence_id), key) in rows:
                rows[document[sentence_id], key][name] += 1
    table = pd.DataFrame([{"doc_id": doc_id, "key": key, **counts} for (doc_id, key), counts in rows.items()])
    table["only_counted"] = table["counted"] - table["both"]
    table["only_marked"] = table["marked"] - table["both"]
    table["n_sentences"] = table["doc_id"].map(total)
    for name in ("counted", "marked"):
        table[f"share_{name}"] = table[name] / table["n_sentences"]
    return table[list(MARKS)]


def describe_marks(table: pd.DataFrame, labels: Labels) -> str:
    """Say in how many sentences lexicon and coders agree, and for which senses the lexicon misses most."""
    if table.empty:
        return "Nobody has coded the senses of this corpus."
    sums = table.groupby("key", sort=False)[["counted", "marked", "both", "only_marked", "only_counted"]].sum()
    both, counted, marked = (int(sums[name].sum()) for name in ("both", "counted", "marked"))
    missed = sums[sums["only_marked"] > 0].sort_values("only_marked", ascending=False, kind="stable").head(3)
    listed = [f"{labels.theme(key)} ({row.only_marked} of {row.marked})" for key, row in missed.iterrows()]
    return join_sentences(
        [
            f"Of {counted} places that the lexicon counts, the coders marked {both}; they marked {marked}",
            f"It misses most of {join_names(listed)}" if listed else "",
        ]
    )
