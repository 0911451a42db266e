"""What made a count: hits by entry and document, entries that never fired included."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from crossread.corpus.tables import HITS, check_columns
from crossread.lexicon.formats import Lexicon
from crossread.lexicon.matching import ENTRY_COUNTS
from crossread.wording import Labels, number_of


def count_by_entry(hits: pd.DataFrame, lexicon: Lexicon, documents: Iterable[str]) -> pd.DataFrame:
    """Count hits by entry and document, those that never fired included.

    Parameters
    ----------
    hits : DataFrame
        As `find_hits` returns them.
    lexicon : Lexicon
        Its entries make the rows.
    documents : iterable of str
        The doc_ids in their order.

    Returns
    -------
    DataFrame
        doc_id, lexicon, key, entry, count (hits of any kind of sentence, 0 where there is none).

    Examples
    --------
    >>> from crossread import from_texts
    >>> from crossread.lexicon import find_hits, make_lexicon
    >>> corpus = from_texts({"a": "Costs rise."})
    >>> lexicon = make_lexicon("demo", {"cost": ["cost*", "price*"]})
    >>> count_by_entry(find_hits(corpus, lexicon), lexicon, ["a"])[["entry", "count"]].values.tolist()
    [['cost*', 1], ['price*', 0]]
    """
    check_columns(hits, HITS, "the hits")
    found = hits.astype({"doc_id": str, "key": str, "entry": str}).groupby(["doc_id", "key", "entry"]).size()
    entries = list(dict.fromkeys((entry.key, entry.text) for entry in lexicon.entries))
    rows = [
        (doc, lexicon.name, key, text, found.get((doc, key, text), 0)) for doc in documents for key, text in entries
    ]
    return pd.DataFrame(rows, columns=list(ENTRY_COUNTS))


def count_entries(hits: pd.DataFrame, lexicon: Lexicon, documents: Iterable[str]) -> pd.DataFrame:
    """Count hits by entry, those that never fired included, with the reason of each entry.

    Parameters
    ----------
    hits, lexicon, documents
        As in `count_by_entry`.

    Returns
    -------
    DataFrame
        key, entry, tier, hits (in all documents), documents (with a hit), reason; in the order of the lexicon.

    Examples
    --------
    >>> from crossread import from_texts
    >>> from crossread.lexicon import find_hits, make_lexicon
    >>> lexicon = make_lexicon("demo", {"cost": ["cost*", "price*"]})
    >>> corpus = from_texts({"a": "Costs rise.", "b": "Costs fall."})
    >>> count_entries(find_hits(corpus, lexicon), lexicon, ["a", "b"])[["entry", "hits", "documents"]].values.tolist()
    [['cost*', 2, 2], ['price*', 0, 0]]
    """
    counted = count_by_entry(hits, lexicon, documents)
    grouped = counted.groupby(["key", "entry"], sort=False)["count"]
    table = lexicon.table().drop_duplicates(["key", "entry"])[["key", "entry", "tier", "reason"]]
    index = pd.MultiIndex.from_frame(table[["key", "entry"]])
    table["hits"] = grouped.sum().reindex(index).to_numpy()
    table["documents"] = grouped.agg(lambda counts: int((counts > 0).sum())).reindex(index).to_numpy()
    return table[["key", "entry", "tier", "hits", "documents", "reason"]].reset_index(drop=True)


def describe_entries(table: pd.DataFrame, labels: Labels) -> str:
    """Say how many entries fired, and how many never did."""
    found = int((table["hits"] > 0).sum())
    total = "1 entry" if len(table) == 1 else f"{len(table)} entries"
    return f"Of {total} in the lexicon, {found or 'none'} matched in these texts."


def describe_stop_words(table: pd.DataFrame, labels: Labels) -> str:
    """Say how many hits a stop list would break."""
    lost = table["hits_lost"].sum()
    if not lost:
        return "This stop list breaks no hit."
    worst = table.loc[table["hits_lost"].idxmax()]
    whose = f", most of “{worst['entry']}” ({int(worst['hits_lost'])})"
    if worst["hits_lost"] == lost:
        whose = f" of “{worst['entry']}”"
    return f"This stop list breaks {number_of(lost, 'hit')}{whose}."
