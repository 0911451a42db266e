"""What was cut from the sources, and how the counts would move had it stayed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crossread.corpus import Corpus, cover
from crossread.corpus.tables import check_columns
from crossread.wording import Labels, count_of, join_names, join_sentences, number_of, per_cent

_BLANK = ("white space", "markup", "list mark", "note mark", "line break in a word", "hyphen at the end of a line")
GROUPS = ("body", "headings and notes", "cut")
ACCOUNT = ("doc_id", "held_as", "n_characters", "n_tokens", "share")


def account_for(corpus: Corpus) -> pd.DataFrame:
    """Say for every document where its characters went: body, headings, notes, or a cut and its reason.

    Parameters
    ----------
    corpus : Corpus
        With or without texts.

    Returns
    -------
    DataFrame
        doc_id, held_as (body, heading, note, or the reason of a cut), n_characters (of the source), n_tokens,
        share (of the document's characters, 0 to 1). The characters of a document add up to its source.

    Examples
    --------
    >>> from crossread import from_texts
    >>> account_for(from_texts({"a": "# Pay\\n\\nAllies pay."})).values.tolist()[0][1:4]
    ['body', 11, 2]
    """
    tables = (corpus.sentences, "kind"), (corpus.cuts, "reason")
    rows_of = [rows.groupby("doc_id", sort=False, observed=True).indices for rows, _ in tables]
    held = [np.zeros(len(rows), dtype=int) for rows, _ in tables]
    for doc_id, n_characters in corpus.documents["n_characters"].items():
        sentences, cuts = (rows.get(doc_id, np.zeros(0, dtype=int)) for rows in rows_of)
        owner = cover(corpus.sentences.iloc[sentences], corpus.cuts.iloc[cuts], int(n_characters))
        held[0][sentences] = np.bincount(owner[owner >= 0], minlength=len(sentences))
        held[1][cuts] = np.bincount(-1 - owner[owner < 0], minlength=len(cuts))
    parts = [
        rows[["doc_id", "n_tokens"]].assign(held_as=rows[kind], n_characters=characters)
        .groupby(["doc_id", "held_as"], sort=False, observed=True)[["n_characters", "n_tokens"]].sum()
        for (rows, kind), characters in zip(tables, held, strict=True)
    ]  # fmt: skip
    table = pd.concat(parts).reset_index()
    table["share"] = table["n_characters"] / corpus.documents["n_characters"].reindex(table["doc_id"]).to_numpy()
    first = {"body": 0, "heading": 1, "note": 2}
    order = pd.DataFrame(
        {
            "document": corpus.documents.index.get_indexer(table["doc_id"]),
            "kind": table["held_as"].map(first).fillna(3),
            "size": -table["n_characters"],
        }
    ).sort_values(["document", "kind", "size"], kind="stable")
    return table.loc[order.index, list(ACCOUNT)].reset_index(drop=True)


def group_account(account: pd.DataFrame) -> pd.DataFrame:
    """Sum an account of characters into body, headings and notes, and cut; marks and white space are left out.

    Parameters
    ----------
    account : DataFrame
        From `crossread.corpus.account.account_for`.

    Returns
    -------
    DataFrame
        doc_id, held_as (body, headings and notes, cut), n_tokens, share (of the document's tokens, 0 to 1).

    Examples
    --------
    >>> table = pd.DataFrame({"doc_id": "a", "held_as": ["body", "note", "byline"], "n_characters": 1,
    ...     "n_tokens": [8, 1, 1], "share": 0.1})
    >>> group_account(table)["share"].tolist()
    [0.8, 0.1, 0.1]
    """
    check_columns(account, ACCOUNT, "the account of characters")
    words = account[~account["held_as"].isin(_BLANK)]
    kinds = {"body": "body", "heading": "headings and notes", "note": "headings and notes"}
    grouped = words.assign(held_as=words["held_as"].map(kinds).fillna("cut"))
    table = grouped.groupby(["doc_id", "held_as"], sort=False)["n_tokens"].sum().unstack(fill_value=0)
    table = table.reindex(columns=list(GROUPS), fill_value=0).stack().rename("n_tokens").reset_index()
    table["share"] = table["n_tokens"] / table.groupby("doc_id")["n_tokens"].transform("sum")
    return table


def list_cuts(account: pd.DataFrame) -> pd.DataFrame:
    """List what was cut from each source, the largest cut first; marks and white space are left out.

    Parameters
    ----------
    account : DataFrame
        From `account_for`.

    Returns
    -------
    DataFrame
        doc_id, reason, n_tokens, n_characters (of all cuts of this reason).

    Examples
    --------
    >>> table = pd.DataFrame({"doc_id": "a", "held_as": ["body", "byline"], "n_characters": [9, 3], "n_tokens": [2, 1],
    ...     "share": [0.75, 0.25]})
    >>> list_cuts(table).values.tolist()
    [['a', 'byline', 1, 3]]
    """
    check_columns(account, ACCOUNT, "the account of characters")
    cut = account[~account["held_as"].isin(["body", "heading", "note", *_BLANK]) & (account["n_tokens"] > 0)]
    table = cut.rename(columns={"held_as": "reason"})[["doc_id", "reason", "n_tokens", "n_characters"]]
    place = table["doc_id"].map({doc_id: number for number, doc_id in enumerate(account["doc_id"].unique())})
    return table.iloc[np.lexsort((table["reason"], -table["n_tokens"], place))].reset_index(drop=True)


def describe_cuts(table: pd.DataFrame, labels: Labels) -> str:
    """Say what the largest cut is."""
    if table.empty:
        return "Nothing but marks and white space was cut."
    largest = table.loc[table["n_tokens"].idxmax()]
    where = labels.document(largest["doc_id"])
    return f"The largest cut is “{largest['reason']}” in {where}: {number_of(largest['n_tokens'], 'token')}."


def describe_documents(table: pd.DataFrame, labels: Labels) -> str:
    """Say how many documents there are, of which years and kinds, and how much of all the longest is."""
    years = pd.to_numeric(table["year"], errors="coerce").dropna()
    kinds = len(set(table["genre"].dropna()) - {""})
    when = "" if years.empty else f" of {years.min():g}" + (f" to {years.max():g}" if years.nunique() > 1 else "")
    of_kinds = f", of {number_of(kinds, 'kind')}" if kinds else ""
    longest = table.loc[table["sentences"].idxmax()]
    most = f"{labels.document(longest['doc_id'])} has {count_of(longest['sentences'], table['sentences'].sum())}"
    return join_sentences([f"{number_of(len(table), 'document')}{when}{of_kinds}", most if len(table) > 1 else ""])


def describe_account(table: pd.DataFrame, labels: Labels) -> str:
    """Say from which document most was cut."""
    cut = table[table["held_as"] == "cut"].set_index("doc_id")["share"]
    if cut.empty or cut.max() == 0:
        return "Nothing was cut."
    most = [labels.document(doc_id) for doc_id in cut.index[cut == cut.max()]]
    whose = "its" if len(most) == 1 else "their"
    return f"Most was cut from {join_names(most, most=3)}: {per_cent(cut.max())} of {whose} tokens."
