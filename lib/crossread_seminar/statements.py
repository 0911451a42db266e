"""The five texts as a matrix to be filled in by hand, and statements about them, each with its kind."""

from __future__ import annotations

import pandas as pd

from crossread import Study
from crossread.errors import CrossreadError
from crossread.wording import per_cent

SENSES = (
    "burden_sharing.money", "burden_sharing.effort", "china_rise.deter", "china_rise.engage",
    "multilateralism.institutions", "multilateralism.ties", "bilateral_alliances.treaties",
)  # fmt: skip
MATRIX = ("number", "sense", "doc_id", "document", "counted", "marked")
STATEMENTS = ("number", "statement", "kind")


def reading_matrix(study: Study) -> pd.DataFrame:
    """Return the cells of a matrix of senses by documents, with what a word list counts and what coders marked.

    Parameters
    ----------
    study : Study
        One whose senses have been coded.

    Returns
    -------
    DataFrame
        number (of the sense, from 1); sense (its label); doc_id; document (its label); counted, marked (sentences).

    Raises
    ------
    CrossreadError
        "No sense “…” in this study. …", and as `Study.marked`.

    Examples
    --------
    >>> import crossread as cr
    >>> matrix = reading_matrix(cr.study("alliances"))
    >>> matrix.nlargest(3, "marked")[["sense", "doc_id", "counted", "marked"]]
                              sense       doc_id  counted  marked
    28  Ties among allies, partners  harold_2019       14      26
    2                Money and cost  wesley_2017       13      18
    27  Ties among allies, partners  wesley_2017        7      16
    """
    marks = study.marked().frame
    unknown = [key for key in SENSES if key not in set(marks["key"])]
    if unknown:
        raise CrossreadError(f"No sense “{unknown[0]}” in this study. There are: {', '.join(marks['key'].unique())}.")
    numbers = {key: number for number, key in enumerate(SENSES, start=1)}
    rows = marks[marks["key"].isin(SENSES)].assign(number=marks["key"].map(numbers), sense=marks["label"])
    rows["document"] = rows["doc_id"].map(study.labels.document)
    rows = rows.sort_values("number", kind="stable", ignore_index=True)
    return rows.astype({"number": int})[list(MATRIX)]


def statements_about(study: Study) -> pd.DataFrame:
    """Return six statements about the five texts, mixed, each with its kind; numbers come from the counts and codes.

    Parameters
    ----------
    study : Study
        The alliances.

    Returns
    -------
    DataFrame
        number (from 1); statement; kind ("counted", "measured" or "general").

    Examples
    --------
    >>> import crossread as cr
    >>> statements_about(cr.study("alliances")).loc[3, ["statement", "kind"]].tolist()
    ['Tow & Envall 2011 never names China: 0 of 9 sentences.', 'counted']
    """
    name = study.labels.document
    size = study.documents["n_sentences"]
    money, china = study.count_sentences("burden_sharing.money"), study.count_sentences("china_named")
    marked = study.measured().frame.set_index(["doc_id", "key"])["measured"]
    ties = study.marked().frame.set_index(["doc_id", "key"]).loc["harold_2019", "multilateralism.ties"]
    rows = (
        (
            f"{name('wesley_2017')} speaks of money and cost in {money['wesley_2017']} of {size['wesley_2017']} "
            f"sentences, {name('lee_2023')} in {money['lee_2023']} of {size['lee_2023']}.",
            "counted",
        ),
        (
            f"More pages in the manner of {name('lee_2023')} would again speak more of China's rise than more pages in "
            f"the manner of {name('wesley_2017')}.",
            "general",
        ),
        (
            f"Two language models, with the codebook before them, mark {per_cent(marked['lee_2023', 'china_rise'])} of "
            f"the sentences of {name('lee_2023')} as about China's rise.",
            "measured",
        ),
        (
            f"{name('tow_envall_2011')} never names China: {china['tow_envall_2011']} of {size['tow_envall_2011']} "
            "sentences.",
            "counted",
        ),
        (
            f"Abstracts such as that of {name('tow_envall_2011')} speak more of multilateralism than introductions "
            f"such as that of {name('wesley_2017')}.",
            "general",
        ),
        (
            f"In {name('harold_2019')} coders mark {ties['marked']} sentences on ties among allies and partners; "
            f"of these the word list misses {ties['marked'] - ties['both']}.",
            "measured",
        ),
    )
    table = pd.DataFrame(rows, columns=["statement", "kind"])
    table.insert(0, "number", range(1, len(table) + 1))
    return table[list(STATEMENTS)]
