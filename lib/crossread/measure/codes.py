"""Codes: who marked which sentence for which theme, under which rule, and how the sentences were drawn.

Codes are a table with one row per sentence and coder: doc_id, sentence_id, coder, and one column per theme with
0 (no), 1 (weak) or 2 (core). What two coders leave open may be settled by a third row, whose coder is called
"adjudicated by …": it then stands alone for its sentence. Where sentences were drawn for coding, `probability` says
with which chance, and `lexicon` the SHA-256 of the lexicon at that time.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from crossread.corpus import Corpus
from crossread.corpus.load import UNPUBLISHED
from crossread.corpus.tables import Form, check_columns, read_table
from crossread.errors import CrossreadError
from crossread.wording import join_names

CODES = ("doc_id", "sentence_id", "coder")
NOT_THEMES = (*CODES, "codebook", "probability", "lexicon")  # columns of a code table that are no themes
RULES = {"core or weak": 1.0, "core": 1.5}  # the lowest mean code of a marked sentence
ADJUDICATED = "adjudicated by "
SAMPLE = "sample.csv"
CODE_FORM = Form(
    CODES,
    real={"probability": (0, 1)},
    blank=("probability",),
    filled=CODES,
    unique=("sentence_id", "coder"),
    text=(*CODES, "codebook", "lexicon"),
)
SAMPLE_FORM = Form(
    ("sentence_id", "probability"),
    real={"probability": (0, 1)},
    filled=("sentence_id",),
    unique=("sentence_id",),
    text=("doc_id", "sentence_id", "stratum", "lexicon"),
)


def read_codes(corpus: Corpus) -> pd.DataFrame | None:
    """Return the codes of a corpus, or None where nobody has coded it.

    Looked for are codes.csv in the folder of the corpus, codes.csv beside all corpora if it codes sentences of
    this one, and the codes-NAME.csv that coding writes into the folder of the corpus. Where sentences were drawn for
    coding, the chances in sample.csv count, for the sample may have grown since a coder stopped.

    Parameters
    ----------
    corpus : Corpus

    Returns
    -------
    DataFrame or None
        One row per sentence and coder: doc_id, sentence_id, coder, one column per theme (0, 1, 2), and where they are
        known `codebook`, `probability` (of being drawn, 0 to 1) and `lexicon`.

    Raises
    ------
    CrossreadError
        "codes.csv: there is no sentence “…” in the corpus “…”."

    Examples
    --------
    >>> from crossread import from_texts
    >>> read_codes(from_texts({"a": "Allies pay."})) is None
    True
    """
    if corpus.folder is None:
        return None
    known = set(corpus.sentences.index)
    of_corpus, shared = corpus.folder / "codes.csv", corpus.folder.parent / "codes.csv"
    if of_corpus.is_file():
        codes, path = read_code_table(of_corpus), of_corpus
    elif shared.is_file() and (codes := read_code_table(shared))["sentence_id"].isin(known).any():
        path = shared
    else:
        return read_coding_files(corpus)
    return _checked(codes, corpus, path.name)


def _checked(codes, corpus, file):
    doc_ids = codes["sentence_id"].map(corpus.sentences["doc_id"])
    unknown = doc_ids.isna()
    if unknown.any():
        row = int(unknown.to_numpy().argmax())
        raise CrossreadError(
            f"{file}, row {row + 2}: there is no sentence “{codes['sentence_id'][row]}” in the corpus “{corpus.name}”."
        )
    elsewhere = (doc_ids != codes["doc_id"]).to_numpy()
    if elsewhere.any():
        row = int(elsewhere.argmax())
        raise CrossreadError(
            f"{file}, row {row + 2}: the sentence “{codes['sentence_id'][row]}” is not of “{codes['doc_id'][row]}”."
        )
    return codes


def read_code_table(path: Path) -> pd.DataFrame:
    """Read a file of codes and check its form: every code is 0, 1, 2 or blank, no coder codes a sentence twice.

    Returns
    -------
    DataFrame
        As `read_codes`.
    """
    codes = read_table(path, CODE_FORM)
    for name in themes_of(codes):
        wrong = (codes[name].notna() & ~codes[name].isin([0, 1, 2])).to_numpy()
        if wrong.any():
            row = int(wrong.argmax())
            raise CrossreadError(f"{path}, row {row + 2}: the code “{codes[name][row]}” of “{name}” is not 0, 1 or 2.")
    return codes


def read_coding_files(corpus: Corpus) -> pd.DataFrame | None:
    """Return what coding has written into the folder of a corpus, codes-NAME.csv, or None where there is none.

    Returns
    -------
    DataFrame or None
        As `read_codes`.
    """
    folder = corpus.folder
    # they are ignored by git, and so is what is made from them
    is_hidden = folder is None or (os.environ.get(UNPUBLISHED) and (folder / "counts.csv").is_file())
    paths = [] if is_hidden else sorted(folder.glob("codes-*.csv"))
    if not paths:
        return None
    tables = [_checked(read_code_table(path), corpus, path.name) for path in paths]
    codes, sample = pd.concat(tables, ignore_index=True), read_sample(corpus)
    if sample is not None:
        drawn = codes["sentence_id"].map(sample.set_index("sentence_id")["probability"])
        codes["probability"] = drawn.fillna(codes["probability"]) if "probability" in codes else drawn
    return codes


def read_sample(corpus: Corpus) -> pd.DataFrame | None:
    """Return the sentences drawn for coding a corpus, or None where none were.

    Returns
    -------
    DataFrame or None
        The columns of `planner.SAMPLE_COLUMNS`.
    """
    path = corpus.folder / SAMPLE if corpus.folder is not None else None
    if path is None or not path.is_file():
        return None
    return read_table(path, SAMPLE_FORM)


def themes_of(codes: pd.DataFrame) -> list[str]:
    """Return the themes that are coded.

    Parameters
    ----------
    codes : DataFrame
        From `read_codes`.

    Returns
    -------
    list of str

    Examples
    --------
    >>> themes_of(pd.DataFrame(columns=["doc_id", "sentence_id", "coder", "codebook", "cost"]))
    ['cost']
    """
    return [str(name) for name in codes.columns if name not in NOT_THEMES]


def merge_codes(codes: pd.DataFrame, keys: Sequence[str] | None = None, *, rule: str = "core or weak") -> pd.DataFrame:
    """Return which coded sentences are marked for which theme.

    Parameters
    ----------
    codes : DataFrame
        One row per sentence and coder: doc_id, sentence_id, coder, one column per theme with 0, 1 or 2.
    keys : sequence of str, optional
        Themes; all by default.
    rule : {"core or weak", "core"}
        The mean code of a marked sentence is at least 1 (all see it at least touched, or one of two sees it at the
        core), or at least 1.5 (one of two sees it at the core and the other at least touched). What was adjudicated
        stands alone.

    Returns
    -------
    DataFrame
        One row per sentence (index sentence_id) and one column of True and False per theme.

    Raises
    ------
    CrossreadError
        "the codes: … is coded twice by …", "the codes: … in column “…” is not 0, 1 or 2", "There is no rule “…” …"

    Examples
    --------
    >>> codes = pd.DataFrame({"doc_id": "a", "sentence_id": ["a-1", "a-1"], "coder": ["x", "y"], "cost": [2, 0]})
    >>> bool(merge_codes(codes).loc["a-1", "cost"]), bool(merge_codes(codes, rule="core").loc["a-1", "cost"])
    (True, False)
    """
    return mean_codes(codes, keys) >= lowest_mean(rule)


def lowest_mean(rule: str) -> float:
    """Return the lowest mean code of a marked sentence under a rule."""
    if rule not in RULES:
        raise CrossreadError(f"There is no rule “{rule}” for codes. There are: {', '.join(RULES)}.")
    return RULES[rule]


def mean_codes(codes: pd.DataFrame, keys: Sequence[str] | None = None) -> pd.DataFrame:
    """Return the mean code of each sentence and theme, that of the adjudication where there is one.

    Parameters
    ----------
    codes, keys
        As in `merge_codes`.

    Returns
    -------
    DataFrame
        Index sentence_id, one column per theme, 0 to 2.
    """
    check_columns(codes, CODES, "the codes")
    keys = themes_of(codes) if keys is None else list(keys)
    check_columns(codes, tuple(keys), "the codes")
    twice = codes[codes.duplicated(["sentence_id", "coder"])]
    if len(twice):
        raise CrossreadError(
            f"the codes: {twice.iloc[0]['sentence_id']} is coded twice by {twice.iloc[0]['coder']}; keep one row."
        )
    for key in keys:
        wrong = ~codes[key].isin([0, 1, 2])
        if wrong.any():
            raise CrossreadError(f"the codes: {codes.loc[wrong, key].iloc[0]} in column “{key}” is not 0, 1 or 2.")
    settled = codes["coder"].astype(str).str.startswith(ADJUDICATED)
    settles = codes["sentence_id"].isin(codes.loc[settled, "sentence_id"])
    return codes[settled | ~settles].groupby("sentence_id", sort=False)[keys].mean()


def weights_of(codes: pd.DataFrame) -> pd.Series:
    """Return for how many sentences each coded one stands: one over the chance with which it was drawn.

    Where a code table says nothing of chances, all sentences weigh 1, as if they had been drawn with the same.

    Parameters
    ----------
    codes : DataFrame
        As in `merge_codes`, with a column `probability` or without.

    Returns
    -------
    Series
        Index sentence_id.

    Raises
    ------
    CrossreadError
        "the codes: the probability … of … is not above 0 and at most 1."

    Examples
    --------
    >>> codes = pd.DataFrame({"sentence_id": ["a-1", "a-2", "a-2"], "probability": [1.0, 0.25, 0.25]})
    >>> weights_of(codes).tolist()
    [1.0, 4.0]
    """
    if "probability" not in codes:
        return pd.Series(1.0, index=pd.Index(codes["sentence_id"].unique(), name="sentence_id"))
    chance = pd.to_numeric(codes["probability"], errors="coerce")
    wrong = chance.notna() & ~((chance > 0) & (chance <= 1))
    if wrong.any():
        row = codes[wrong].iloc[0]
        raise CrossreadError(
            f"the codes: the probability {row['probability']} of {row['sentence_id']} is not above 0 and at most 1."
        )
    return 1 / chance.groupby(codes["sentence_id"], sort=False).max().fillna(1.0)


def name_coders(codes: pd.DataFrame) -> str:
    """Return who coded, as the column says, and who settled what they differed on.

    Examples
    --------
    >>> name_coders(pd.DataFrame({"coder": ["adjudicated by x", "x", "y", "x"]}))
    'x and y, differences settled by x'
    """
    names = list(dict.fromkeys(codes["coder"].astype(str)))
    settled = [name.removeprefix(ADJUDICATED) for name in names if name.startswith(ADJUDICATED)]
    coders = join_names(name for name in names if not name.startswith(ADJUDICATED))
    return ", ".join(filter(None, (coders, f"differences settled by {join_names(settled)}" if settled else "")))
