"""What was cut from the sources, and how the counts would move had it stayed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crossread.corpus import Corpus, cover, from_texts
from crossread.lexicon import Lexicon, find_hits
from crossread.tables import HITS, check_columns

ACCOUNT = ("doc_id", "held_as", "n_characters", "n_tokens", "share")
CUT_HITS = ("doc_id", "reason", "lexicon", "key", "count")
RATES_IF_KEPT = (
    "doc_id",
    "key",
    "count",
    "n_tokens",
    "per_1000",
    "count_if_kept",
    "n_tokens_if_kept",
    "per_1000_if_kept",
)


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


def count_cut_hits(corpus: Corpus, lexicon) -> pd.DataFrame:
    """Count what a lexicon finds in the parts that were cut: how the counts would move had they stayed.

    Parameters
    ----------
    corpus : Corpus
        With texts, or with a published table `cut_hits`.
    lexicon : Lexicon
        Its keys are counted.

    Returns
    -------
    DataFrame
        doc_id, reason (of the cut), lexicon, key, count (hits).

    Raises
    ------
    TextNeeded
        When neither is here.
    """
    if not corpus.attached:
        table = corpus.published("cut_hits")
        if table is None:
            corpus.require_text("a count in the parts that were cut")
        return table[table["lexicon"] == lexicon.name].reset_index(drop=True)
    rows = []
    cuts = corpus.cuts[corpus.cuts["n_tokens"] > 0]
    for (doc_id, reason), group in cuts.groupby(["doc_id", "reason"], sort=False):
        parts = [corpus.sources[doc_id][a:b] for a, b in zip(group["start"], group["end"], strict=True)]
        found = find_hits(from_texts({"cut": "\n\n".join(parts)}), lexicon)
        for key, count in found["key"].value_counts(sort=False).items():
            if count:
                rows.append((doc_id, reason, lexicon.name, key, int(count)))
    return pd.DataFrame(rows, columns=list(CUT_HITS))


def rates_if_kept(corpus: Corpus, lexicon: Lexicon) -> pd.DataFrame:
    """Compare the rate of each theme in the body with the rate had nothing been cut.

    Parameters
    ----------
    corpus : Corpus
        With texts, or with the published tables `hits` and `cut_hits`.
    lexicon : Lexicon
        Its keys are compared.

    Returns
    -------
    DataFrame
        doc_id, key, count (hits in the body), n_tokens (of the body), per_1000; then the same with headings, notes
        and all that was cut: count_if_kept, n_tokens_if_kept, per_1000_if_kept.

    Raises
    ------
    TextNeeded
        When neither the texts nor the published tables are here.
    """
    hits = check_columns(find_hits(corpus, lexicon), HITS, "the hits")
    body = corpus.sentences["kind"].reindex(hits["sentence_id"]).to_numpy() == "body"
    documents = corpus.documents.index
    index = pd.MultiIndex.from_product([documents, list(lexicon.keys)], names=["doc_id", "key"])

    def per_key(table: pd.DataFrame) -> pd.Series:
        return table.groupby(["doc_id", table["key"].astype(str)]).size().reindex(index, fill_value=0)

    cut = count_cut_hits(corpus, lexicon).groupby(["doc_id", "key"])["count"].sum().reindex(index, fill_value=0)
    kept_tokens = corpus.documents["n_tokens"]
    all_tokens = corpus.sentences.groupby("doc_id")["n_tokens"].sum() + corpus.cuts.groupby("doc_id")["n_tokens"].sum()
    table = pd.DataFrame({"count": per_key(hits[body]), "count_if_kept": per_key(hits) + cut}).reset_index()
    table["n_tokens"] = kept_tokens.reindex(table["doc_id"]).to_numpy()
    table["n_tokens_if_kept"] = all_tokens.reindex(table["doc_id"]).to_numpy()
    table["per_1000"] = 1000 * table["count"] / table["n_tokens"]
    table["per_1000_if_kept"] = 1000 * table["count_if_kept"] / table["n_tokens_if_kept"]
    return table[list(RATES_IF_KEPT)]
