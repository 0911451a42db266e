"""What was cut from the sources, and how the counts would move had it stayed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crossread.corpus import Corpus, cover

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
    >>> account_for(from_texts({"a": "# Pay\\n\\nAllies pay."})).values.tolist()[0][1:4]
    ['body', 11, 2]
    """
    parts = []
    for doc_id, n_characters in corpus.documents["n_characters"].items():
        sentences = corpus.sentences[corpus.sentences["doc_id"] == doc_id]
        cuts = corpus.cuts[corpus.cuts["doc_id"] == doc_id]
        owner = cover(sentences, cuts, int(n_characters))
        for rows, kind, held in (
            (sentences, "kind", np.bincount(owner[owner >= 0], minlength=len(sentences))),
            (cuts, "reason", np.bincount(-1 - owner[owner < 0], minlength=len(cuts))),
        ):
            part = rows[["doc_id", "n_tokens"]].assign(held_as=rows[kind], n_characters=held)
            parts.append(part.groupby(["doc_id", "held_as"], sort=False)[["n_characters", "n_tokens"]].sum())
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
