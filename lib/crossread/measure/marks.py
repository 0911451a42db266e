"""What the lexicon counts beside what coders marked, sense by sense: in the same pages, sentence by sentence."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pandas as pd

from crossread.corpus.tables import HITS, Form, check_columns, read_table
from crossread.errors import CrossreadError
from crossread.measure.codes import lowest_mean, merge_codes, name_coders, themes_of, weights_of
from crossread.wording import Labels, join_names, join_sentences

SENSE_CODES = ("doc_id", "sentence_id", "key", "adjudicated")
SENSE_FORM = Form(
    SENSE_CODES,
    filled=("doc_id", "sentence_id", "key"),
    unique=("sentence_id", "key"),
    text=("doc_id", "sentence_id", "key"),
)
MARKS = (
    "doc_id", "key", "counted", "marked", "both", "only_counted", "only_marked", "n_sentences", "share_counted",
    "share_marked", "coder",
)  # fmt: skip


def read_sense_codes(path: str | Path) -> pd.DataFrame | None:
    """Read which sentences coders marked for which sense, or None where there is no such file.

    Parameters
    ----------
    path : path
        A table with the columns doc_id, sentence_id, key, a column for each coder, and adjudicated (0, 1 weak, 2
        core); a sentence and key without a row were coded 0 by all.

    Returns
    -------
    DataFrame or None

    Raises
    ------
    CrossreadError
        "sense_codes.csv: the column “adjudicated” is missing (columns found: …)"; "sense_codes.csv, row 7: the code 3
        is not 0, 1 or 2."

    Examples
    --------
    >>> from crossread.corpus import corpus_folder
    >>> codes = read_sense_codes(corpus_folder("alliances") / "sense_codes.csv")
    >>> len(codes), name_sense_coders(codes)
    (501, 'language model C and language model D, differences settled')
    """
    path = Path(path)
    if not path.is_file():
        return None
    table = read_table(path, SENSE_FORM)
    for name in (*coders_of(table), "adjudicated"):
        wrong = ~table[name].isin([0, 1, 2])
        if wrong.any():
            row = int(wrong.to_numpy().argmax())
            raise CrossreadError(f"{path}, row {row + 2}: the code “{table[name][row]}” is not 0, 1 or 2.")
    strange = table["sentence_id"].str.rsplit("-", n=1).str[0] != table["doc_id"]
    if strange.any():
        row = int(strange.to_numpy().argmax())
        raise CrossreadError(
            f"{path}, row {row + 2}: the sentence “{table['sentence_id'][row]}” is not of “{table['doc_id'][row]}”."
        )
    return table


def coders_of(codes: pd.DataFrame) -> list[str]:
    """Return the names of those who coded: the columns beside the required ones.

    Examples
    --------
    >>> coders_of(pd.DataFrame(columns=["doc_id", "sentence_id", "key", "Ann", "Ben", "adjudicated"]))
    ['Ann', 'Ben']
    """
    return [str(name) for name in codes.columns if name not in SENSE_CODES]


def name_sense_coders(codes: pd.DataFrame) -> str:
    """Return who coded the senses, as the columns say, and that they settled what they differed on.

    Parameters
    ----------
    codes : DataFrame
        From `read_sense_codes`.

    Returns
    -------
    str

    Examples
    --------
    >>> name_sense_coders(pd.DataFrame(columns=["doc_id", "sentence_id", "key", "Ann", "Ben", "adjudicated"]))
    'Ann and Ben, differences settled'
    """
    return f"{join_names(coders_of(codes))}, differences settled".lstrip(", ")


def merge_sense_codes(codes: pd.DataFrame, sentences: pd.DataFrame, *, rule: str = "core or weak") -> pd.DataFrame:
    """Return which sentences are marked for which sense, and for which theme: in any of its senses.

    Parameters
    ----------
    codes : DataFrame
        From `read_sense_codes`; sentences of the body without a row were coded 0.
    sentences : DataFrame
        `Corpus.sentences`.
    rule : {"core or weak", "core"}
        As in `merge_codes`, of what was adjudicated.

    Returns
    -------
    DataFrame
        One row per sentence of the body (index sentence_id), one column of True and False per sense and theme.

    Examples
    --------
    >>> from crossread.measure.themes import _toy
    >>> codes = pd.DataFrame({"doc_id": "a", "sentence_id": ["a-001"], "key": "cost.money", "adjudicated": [1]})
    >>> merge_sense_codes(codes, _toy()[1]).sum().to_dict()
    {'cost.money': 1, 'cost': 1}
    """
    check_columns(codes, SENSE_CODES, "the codes")
    body = sentences.index[sentences["kind"] == "body"]
    keys = list(dict.fromkeys(codes["key"].astype(str)))
    marked = pd.DataFrame(False, index=body, columns=keys)
    chosen = codes[codes["adjudicated"] >= lowest_mean(rule)]
    for key, rows in chosen.groupby("key", sort=False):
        marked.loc[marked.index.isin(rows["sentence_id"]), key] = True
    themes = list(dict.fromkeys(key.split(".")[0] for key in keys if "." in key))
    parents = {theme: marked[[key for key in keys if key.split(".")[0] == theme]].any(axis=1) for theme in themes}
    return marked.assign(**{theme: column for theme, column in parents.items() if theme not in keys})


class Marked(NamedTuple):
    """What coders marked for one theme or sense.

    Attributes
    ----------
    positive : Series of bool
        Coded sentences, index sentence_id: True where they are marked.
    weights : Series or None
        For how many sentences each coded one stands; None where nothing is said of how they were drawn.
    rule : str
        Which codes count as marked.
    coder : str
        Who coded.
    """

    positive: pd.Series
    weights: pd.Series | None
    rule: str
    coder: str


def gather_marks(
    codes: pd.DataFrame | None,
    sense_codes: pd.DataFrame | None,
    sentences: pd.DataFrame,
    *,
    rule: str = "core or weak",
) -> dict[str, Marked]:
    """Return what coders marked for each theme and sense; a theme coded by itself comes before its senses together.

    Parameters
    ----------
    codes : DataFrame or None
        From `read_codes`.
    sense_codes : DataFrame or None
        From `read_sense_codes`.
    sentences : DataFrame
        `Corpus.sentences`.
    rule : {"core or weak", "core"}

    Returns
    -------
    dict of str to Marked
        Empty where nobody coded.

    Examples
    --------
    >>> codes = pd.DataFrame({"doc_id": "a", "sentence_id": ["a-1", "a-2"], "coder": "x", "cost": [2, 0]})
    >>> gather_marks(codes, None, pd.DataFrame())["cost"].positive.tolist()
    [True, False]
    """
    marks = {}
    if sense_codes is not None:
        marked, coder = merge_sense_codes(sense_codes, sentences, rule=rule), name_sense_coders(sense_codes)
        marks = {key: Marked(marked[key], None, rule, coder) for key in marked}
    if codes is not None:
        marked, coder = merge_codes(codes, rule=rule), name_coders(codes)
        weights = weights_of(codes) if "probability" in codes else None
        marks |= {key: Marked(marked[key], weights, rule, coder) for key in themes_of(codes)}
    return marks


def compare_marks(
    hits: pd.DataFrame, codes: pd.DataFrame, sentences: pd.DataFrame, *, rule: str = "core or weak"
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
    rule : {"core or weak", "core"}
        Which codes count as marked.

    Returns
    -------
    DataFrame
        One row a document and key, documents in the order of `sentences`: doc_id; key; counted, marked (sentences of
        the body); both, only_counted, only_marked (sentences); n_sentences; share_counted, share_marked (0 to 1);
        coder (who coded, as the columns of the codes say).

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
        for name, table in (("counted", hits), ("marked", codes[codes["adjudicated"] >= lowest_mean(rule)]))
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
    return table.assign(coder=name_sense_coders(codes))[list(MARKS)]


def describe_marks(table: pd.DataFrame, labels: Labels) -> str:
    """Say in how many sentences lexicon and coders agree, and for which senses the lexicon misses most."""
    if table.empty:
        return "Nobody has coded the senses of this corpus."
    sums = table.groupby("key", sort=False)[["counted", "marked", "both", "only_marked", "only_counted"]].sum()
    both, counted, marked = (int(sums[name].sum()) for name in ("both", "counted", "marked"))
    missed = sums.sort_values("only_marked", ascending=False, kind="stable")
    rest = missed["only_marked"].iloc[3] if len(missed) > 3 else 0
    missed = missed[missed["only_marked"] > rest]  # at most three; what others equal is not missed most
    listed = [f"{labels.theme(key)} ({row.only_marked} of {row.marked})" for key, row in missed.iterrows()]
    return join_sentences(
        [
            f"Counting words finds {both} of the {marked} places that coders marked, and {counted - both} that they "
            "did not",
            "A place is a sentence in a sense",
            f"Most often it misses {join_names(listed)}" if listed else "",
            f"Coded by {table['coder'].iloc[0]}",
        ]
    )
