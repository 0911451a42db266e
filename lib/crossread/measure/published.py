"""The tables of facts that stand in for running text: phrases, pairs of near words, sentences with a word."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crossread.measure.collocation import (
    ALL_NEAR,
    PAIRS_FROM,
    count_near_hits,
    count_pairs,
    phrase_cells,
)
from crossread.measure.frequency import LONGEST_PHRASE, PHRASES_FROM, segment_matrix
from crossread.measure.spelling import count_variants
from crossread.measure.variety import THRESHOLD, WINDOW, _ordered_variety


def published_tables(corpus) -> dict[str, pd.DataFrame]:
    """Compute the tables from which everything in `terms` can be made without the texts.

    None holds a phrase, or a pair of near words, that occurs but once in the corpus, and none holds an order beyond
    that of three words.

    Parameters
    ----------
    corpus : Corpus
        With texts.

    Returns
    -------
    dict of DataFrame
        ngrams (doc_id, segment, n, term, count: phrases of two and three words that the corpus has twice or more);
        phrases (doc_id, blank, term, size, count, cell_0 …: as `phrase_cells`); term_facts (doc_id, term, sentences,
        reach: for words that the corpus has twice or more, or that stand in pairs, the sentences with the word and
        the positions within five tokens of it); pairs (doc_id, term_a, term_b, count: words that the corpus has
        within five tokens of each other three times or more); collocates (doc_id, key, term, count: words within five
        tokens of the hits of a theme, three times or more, and their sum); variants (as `count_variants`); variety
        (the measures that depend on the order of words).

    Raises
    ------
    TextNeeded
    """
    corpus.require_text("publishing")
    return {
        "ngrams": _ngrams(corpus),
        "phrases": _phrase_table(corpus),
        "term_facts": _facts_of_pairs(corpus),
        "pairs": _pairs(corpus),
        "collocates": _collocates(corpus),
        "variants": count_variants(corpus),
        "variety": _ordered_variety(corpus, WINDOW, THRESHOLD, 2000, 0),
    }


def term_facts(corpus, n: int = 1, folding=None) -> pd.DataFrame | None:
    """Return for each word, or phrase, of each document the sentences with it (and, for words, its reach).

    Without texts, words that the corpus has once may be missing, and phrases and foldings are not known: the answer
    for these is None.
    """
    if not corpus.attached:
        if folding or n > 1:
            return None
        facts = corpus.published("term_facts")
        if facts is None:
            corpus.require_text("the number of sentences with a word")
        return facts
    if n > 1:
        return None
    reach = count_pairs(corpus, folding=folding)[1]
    sentences = count_pairs(corpus, None, folding=folding)[1].rename(columns={"reach": "sentences"})
    return sentences.merge(reach, how="left", on=["doc_id", "term"]).fillna({"reach": 0}).astype({"reach": np.int64})


def _facts_of_pairs(corpus) -> pd.DataFrame:
    facts, pairs = term_facts(corpus), _pairs(corpus)
    counted = segment_matrix(corpus)
    total = pd.Series(np.asarray(counted.matrix.sum(axis=0)).ravel(), index=counted.terms)
    known = set(pairs["term_a"]) | set(pairs["term_b"])
    return facts[(facts["term"].map(total) >= 2) | facts["term"].isin(known)].reset_index(drop=True)


def _ngrams(corpus) -> pd.DataFrame:
    tables = []
    for n in range(2, LONGEST_PHRASE + 1):
        counted = segment_matrix(corpus, n, minimum_count=PHRASES_FROM)
        cells = counted.matrix.tocoo()
        units = counted.units.iloc[cells.row]
        table = pd.DataFrame(
            {
                "doc_id": units["doc_id"].to_numpy(),
                "segment": units["segment"].to_numpy(),
                "n": n,
                "term": counted.terms[cells.col],
                "count": cells.data,
            }
        )
        tables.append(table.iloc[np.lexsort((table["term"].astype(str), cells.row))])
    return pd.concat(tables, ignore_index=True)


def _phrase_table(corpus) -> pd.DataFrame:
    tables = [phrase_cells(corpus, size, PHRASES_FROM) for size in range(2, LONGEST_PHRASE + 1)]
    table = pd.concat(tables, ignore_index=True)
    cells = [name for name in table if name.startswith("cell_")]
    table[cells] = table[cells].astype("Int64")
    table.insert(0, "doc_id", "")
    return table


def _pairs(corpus) -> pd.DataFrame:
    pairs = count_pairs(corpus)[0]
    total = pairs.groupby(["term_a", "term_b"])["count"].transform("sum")
    return pairs[total >= PAIRS_FROM].reset_index(drop=True)


def _collocates(corpus) -> pd.DataFrame:
    from crossread.lexicon import find_hits, read_lexicon

    hits = find_hits(corpus, read_lexicon(corpus.lexicon_path("themes")))
    near = count_near_hits(corpus, hits)
    sizes = near.groupby(["doc_id", "key"], sort=False, as_index=False)["count"].sum()
    sizes.insert(2, "term", ALL_NEAR)
    total = near.groupby(["key", "term"])["count"].transform("sum")
    return pd.concat([sizes, near[total >= PAIRS_FROM]], ignore_index=True)
