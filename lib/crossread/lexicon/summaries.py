"""What made a count: hits by entry and document, entries that never fired, and the words behind a hit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import numpy as np
import pandas as pd

from crossread.corpus import Corpus
from crossread.lexicon.formats import Lexicon
from crossread.lexicon.matching import find_matches, settle_matches
from crossread.tables import HITS, SENTENCES, check_columns

ENTRY_COUNTS = ("doc_id", "lexicon", "key", "entry", "count")
ENTRIES = ("key", "entry", "tier", "count", "documents", "passages", "passage_share", "from_one_passage", "reason")
WORDS_BEHIND = ("key", "entry", "words", "doc_id", "count")


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


def entries_table(hits: pd.DataFrame, lexicon: Lexicon, sentences: pd.DataFrame) -> pd.DataFrame:
    """Describe every entry of a lexicon by its hits in the body of the texts.

    Parameters
    ----------
    hits : DataFrame
        As `find_hits` returns them.
    lexicon : Lexicon
        Its entries make the rows, in the order of the file.
    sentences : DataFrame
        The `sentences` of the same corpus; a passage is one of its segments.

    Returns
    -------
    DataFrame
        key, entry, tier, count (hits in the body; 0 for an entry that never fired), documents and passages (in how
        many it occurs), passage_share (share of its hits in the passage with most of them, missing without hits),
        from_one_passage (at least three hits, half or more of them in one passage), reason.

    Examples
    --------
    >>> from crossread import from_texts
    >>> from crossread.lexicon import find_hits, make_lexicon
    >>> corpus = from_texts({"a": "Costs, costs and costs."})
    >>> lexicon = make_lexicon("demo", {"cost": ["cost*", "price*"]})
    >>> table = entries_table(find_hits(corpus, lexicon), lexicon, corpus.sentences)
    >>> table[["entry", "count", "from_one_passage"]].values.tolist()
    [['cost*', 3, True], ['price*', 0, False]]
    """
    check_columns(hits, HITS, "the hits")
    check_columns(sentences, SENTENCES, "the sentences")
    segment = sentences["segment"].reindex(hits["sentence_id"]).to_numpy()
    body = hits.astype({"key": str, "entry": str}).assign(segment=segment)
    body = body[body["segment"] >= 0]
    places: dict[tuple[str, str], Counter] = {}
    for key, text, *place in body[["key", "entry", "doc_id", "segment"]].itertuples(index=False):
        places.setdefault((key, text), Counter())[tuple(place)] += 1
    rows = []
    for entry in lexicon.entries:
        here = places.get((entry.key, entry.text), Counter())
        count, most = here.total(), max(here.values(), default=0)
        documents = len({doc_id for doc_id, _ in here})
        share = most / count if count else np.nan
        flag = count >= 3 and share >= 0.5
        rows.append((entry.key, entry.text, entry.tier, count, documents, len(here), share, flag, entry.reason))
    return pd.DataFrame(rows, columns=list(ENTRIES))


def words_behind(corpus: Corpus, hits: pd.DataFrame) -> pd.DataFrame:
    """Count the words by which the entries hit.

    Parameters
    ----------
    corpus : Corpus
        With its texts, since a wildcard does not tell which word it met.
    hits : DataFrame
        Hits in this corpus, as `find_hits` returns them.

    Returns
    -------
    DataFrame
        key, entry, words (as counted, in lower case), doc_id, count (hits), the most frequent words of an entry first.

    Raises
    ------
    TextNeeded
        "The words behind a count needs the running texts of …".

    Examples
    --------
    >>> from crossread import from_texts
    >>> from crossread.lexicon import find_hits, make_lexicon
    >>> corpus = from_texts({"a": "Costs rise; costly allies."})
    >>> words_behind(corpus, find_hits(corpus, make_lexicon("demo", {"cost": ["cost*"]}))).values.tolist()
    [['cost', 'cost*', 'costly', 'a', 1], ['cost', 'cost*', 'costs', 'a', 1]]
    """
    check_columns(hits, HITS, "the hits")
    corpus.require_text("the list of the words behind a count")
    store = corpus.tokens
    first = dict(zip(corpus.documents.index, store.document_pointers[:-1].tolist(), strict=True))
    shift = hits["doc_id"].map(first).to_numpy(dtype=np.int64)
    starts, ends = hits["start_token"].to_numpy() + shift, hits["end_token"].to_numpy() + shift
    words = [" ".join(store.types[i] for i in store.ids[a:b]) for a, b in zip(starts, ends, strict=True)]
    table = hits.astype({"key": str, "entry": str})[["key", "entry", "doc_id"]].assign(words=words)
    table = table.groupby(["key", "entry", "words", "doc_id"], sort=True).size().rename("count").reset_index()
    table["total"] = table.groupby(["key", "entry", "words"])["count"].transform("sum")
    order = ["key", "entry", "total", "words", "doc_id"]
    table = table.sort_values(order, ascending=[True, True, False, True, True], ignore_index=True)
    return table[list(WORDS_BEHIND)]


def published_tables(corpus: Corpus, lexicons: Iterable[Lexicon]) -> dict[str, pd.DataFrame]:
    """Return the tables from which hits can be settled anew, for any choice of entries, without texts.

    Parameters
    ----------
    corpus : Corpus
        With its texts.
    lexicons : iterable of Lexicon
        What to publish.

    Returns
    -------
    dict of DataFrame
        hits; matches, the same columns with what a longer match hides; entries, the counts of `count_by_entry`, which
        tell an entry that was looked for in vain from one that is new.

    Raises
    ------
    TextNeeded
        When the texts are not here.

    Examples
    --------
    >>> from crossread import from_texts
    >>> from crossread.lexicon import make_lexicon
    >>> lexicon = make_lexicon("demo", {"cost": ["war cost*", "cost*"]})
    >>> tables = published_tables(from_texts({"a": "War costs."}), [lexicon])
    >>> [(name, len(table)) for name, table in tables.items()]
    [('hits', 1), ('matches', 2), ('entries', 2)]
    """
    corpus.require_text("publishing")
    plain = {"lexicon": str, "key": str, "entry": str}
    hits, matches, entries = [], [], []
    for lexicon in lexicons:
        found = find_matches(corpus, lexicon)
        settled = settle_matches(found)
        matches.append(found.astype(plain))
        hits.append(settled.astype(plain))
        entries.append(count_by_entry(settled, lexicon, corpus.documents.index))
    tables = {"hits": hits, "matches": matches, "entries": entries}
    return {name: pd.concat(parts, ignore_index=True) for name, parts in tables.items()}
