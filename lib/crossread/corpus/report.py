"""What was read of what somebody gave, and what needs a look, first."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crossread.corpus.gather import Gathered
from crossread.corpus.language import language_notices, main_language
from crossread.corpus.model import Corpus

CREATED = (
    "file", "doc_id", "state", "remark", "year", "year_from", "language", "n_characters", "n_paragraphs",
    "n_sentences", "n_tokens", "n_notes", "n_cut", "cut",
)  # fmt: skip
STATES = ("not read", "look", "fine", "passed over")
ALIKE = 0.9  # share of the five-word sequences of the shorter text that stand in the other
MOST_ALIKE = 3  # near-duplicates that are named
RUN = 5


def report_of(corpus: Corpus, gathered: Gathered, year_from: dict[str, str]) -> pd.DataFrame:
    """Say of each file or row what was read, what was cut and what to look at; what needs a look comes first.

    Returns
    -------
    DataFrame
        One row a file or row: file (its name), doc_id ("" for what was not read), state (not read, look, fine, passed
        over), remark (why it was not read, or what to look at), year, year_from (given, name, span in the name,
        first lines or blank),
        language, n_characters (of the source), n_paragraphs, n_sentences and n_tokens (of the body), n_notes (notes
        kept apart), n_cut (characters cut), cut (the reasons, with characters each).
    """
    alike = near_duplicates(corpus)
    main = main_language(corpus.documents["language"])
    notes = corpus.sentences[corpus.sentences["kind"] == "note"].groupby("doc_id")["paragraph"].nunique()
    cuts = corpus.cuts.groupby(["doc_id", "reason"], sort=False)["n_characters"].sum()
    words_cut = corpus.cuts.groupby("doc_id")["n_tokens"].sum()
    rows = []
    for doc_id, document in corpus.documents.iterrows():
        remarks = list(gathered.remarks[doc_id])
        sources = corpus.documents["source"]
        remarks += [f"near-duplicate of {sources[other]} ({share:.0%})" for other, share in alike[doc_id][:MOST_ALIKE]]
        if len(alike[doc_id]) > MOST_ALIKE:
            remarks.append(f"and of {len(alike[doc_id]) - MOST_ALIKE:,} more")
        if words_cut.get(doc_id, 0) > document["n_tokens"]:
            remarks.append("more words were cut than kept: read what was cut")
        if year_from[doc_id] == "first lines":
            remarks.append(f"the year {document['year']:.0f} was inferred from its first lines")
        if document["language"] not in ("", main):
            remarks.append(f"it is {document['language']}, most of the others are {main}")
        here = cuts[doc_id] if doc_id in cuts.index.get_level_values(0) else cuts.iloc[:0]
        rows.append(
            {
                "file": gathered.origins[doc_id],
                "doc_id": doc_id,
                "state": "look" if remarks else "fine",
                "remark": "; ".join(remark.removesuffix(".") for remark in remarks),
                "year": document["year"],
                "year_from": year_from[doc_id],
                **document[["language", "n_characters", "n_paragraphs", "n_sentences", "n_tokens"]],
                "n_notes": int(notes.get(doc_id, 0)),
                "n_cut": int(here.sum()),
                "cut": ", ".join(f"{reason} {count:,}" for reason, count in here.items()),
            }
        )
    for state, listed in (("not read", gathered.unread), ("passed over", gathered.passed_over)):
        rows += [{**_BLANK, "file": origin, "state": state, "remark": why} for origin, why in listed]
    table = pd.DataFrame(rows, columns=list(CREATED))
    order = table["state"].map(STATES.index).sort_values(kind="stable").index
    return table.loc[order].reset_index(drop=True)


_BLANK = {
    "doc_id": "", "year": "", "year_from": "", "language": "", "n_characters": 0, "n_paragraphs": 0, "n_sentences": 0,
    "n_tokens": 0, "n_notes": 0, "n_cut": 0, "cut": "",
}  # fmt: skip


def describe_report(report: pd.DataFrame) -> str:
    """Say in one line what was read, and what needs a look.

    Examples
    --------
    >>> row = {**_BLANK, "file": "a.txt", "doc_id": "a", "state": "fine", "remark": "", "n_tokens": 9}
    >>> describe_report(pd.DataFrame([row, {**_BLANK, "file": "b.pdf", "state": "not read", "remark": "empty"}]))
    '1 of 2 texts read (9 tokens); 1 could not be read. No year is known.'
    """
    count = report["state"].value_counts()
    read = report[report["doc_id"] != ""]
    total = len(read) + count.get("not read", 0)
    parts = [f"{len(read):,} of {total:,} text{'' if total == 1 else 's'} read ({read['n_tokens'].sum():,} tokens)"]
    if count.get("not read", 0):
        parts.append(f"{count['not read']:,} could not be read")
    if count.get("look", 0):
        parts.append(f"{count['look']:,} {'needs' if count['look'] == 1 else 'need'} a look")
    if count.get("passed over", 0):
        passed = count["passed over"]
        parts.append(f"{passed:,} file{'' if passed == 1 else 's'} of other kinds passed over")
    sentence = "; ".join(parts) + "."
    known = (read["year_from"] != "").sum()
    if known < len(read):
        sentence += f" {'No year is' if not known else f'The year of {known:,} only is'} known."
    return " ".join([sentence, *language_notices(read["language"])]) if len(read) else sentence


def near_duplicates(corpus: Corpus) -> dict[str, list[tuple[str, float]]]:
    """Return for each document those of which one holds nearly all of the other.

    Returns
    -------
    dict
        doc_id to pairs of another doc_id and the share of the five-word sequences of the shorter text that stand in
        the longer, .9 to 1.
    """
    from scipy.sparse import csr_matrix, triu

    store, doc_ids = corpus.tokens, list(corpus.documents.index)
    alike: dict[str, list[tuple[str, float]]] = {doc_id: [] for doc_id in doc_ids}
    is_body = (corpus.sentences["kind"] == "body").to_numpy()
    rows, runs = [], []
    factors = np.random.default_rng(5).integers(1, 2**63, RUN, dtype=np.uint64) | np.uint64(1)
    for number in range(len(doc_ids)):
        part = slice(*store.document_pointers[number : number + 2])
        ids = store.ids[part][is_body[store.sentence[part]]].astype(np.uint64) + np.uint64(1)
        if len(ids) < RUN:
            continue
        last = len(ids) - RUN + 1
        hashed = np.unique(sum(factor * ids[i : i + last] for i, factor in enumerate(factors)))
        runs.append(hashed)
        rows.append(np.full(len(hashed), number))
    if len(rows) < 2:
        return alike
    column = np.unique(np.concatenate(runs), return_inverse=True)[1]
    row = np.concatenate(rows)
    matrix = csr_matrix((np.ones(len(row), dtype=np.int32), (row, column)), shape=(len(doc_ids), column.max() + 1))
    size = np.asarray(matrix.sum(axis=1)).ravel()
    shared = triu(matrix @ matrix.T, k=1).tocoo()
    for a, b, count in sorted(zip(shared.row, shared.col, shared.data, strict=True)):
        share = float(count / min(size[a], size[b]))
        if share >= ALIKE:
            alike[doc_ids[a]].append((doc_ids[b], share))
            alike[doc_ids[b]].append((doc_ids[a], share))
    return alike
