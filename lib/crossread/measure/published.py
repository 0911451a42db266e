"""The tables that stand in for running text: which there are, what they hold, and how each is made of the texts.

`publish` writes them beside documents.csv, `verify` makes them again and compares. Whoever needs one asks the corpus's
`source`, which reads the file where the texts are not here (`crossread.corpus.source`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress

import numpy as np
import pandas as pd

from crossread.corpus import Corpus
from crossread.corpus.tables import COUNTS, CUTS, DOCUMENTS, HITS, SENTENCES
from crossread.errors import CrossreadError, NoEntries, TextNeeded
from crossread.lexicon import ENTRY_COUNTS, Lexicon, count_by_entry, find_hits, find_matches, read_lexicon
from crossread.measure.collocation import (
    ALL_NEAR,
    PAIRS_FROM,
    count_near_hits,
    count_pairs,
    phrase_cells,
    term_facts,
)
from crossread.measure.frequency import LONGEST_PHRASE, PHRASES_FROM, segment_matrix
from crossread.measure.spelling import VARIANTS, count_variants
from crossread.measure.variety import VARIETY, ordered_variety

LEXICONS = ("themes", "actors", "architectures", "registers", "deeds")
LONGEST_TITLE = 8  # words
CELLS = tuple(f"cell_{row}" for row in range(2**LONGEST_PHRASE))


def published_tables(corpus: Corpus, lexicons: Sequence[Lexicon] | None = None) -> dict[str, pd.DataFrame]:
    """Make the tables from which everything can be counted without the texts.

    None of them gives a sentence away: none holds a phrase, or a pair of near words, that occurs but once in the
    corpus, and none holds an order beyond that of three words.

    Parameters
    ----------
    corpus : Corpus
        With texts.
    lexicons : sequence of Lexicon, optional
        Whose hits to publish; those of `LEXICONS` unless given.

    Returns
    -------
    dict of DataFrame
        The tables of `PUBLISHED`, by their names.

    Raises
    ------
    TextNeeded
        "Publishing needs the running texts of “x”, …"

    Examples
    --------
    >>> from crossread import from_texts
    >>> from crossread.lexicon import make_lexicon
    >>> lexicon = make_lexicon("demo", {"cost": ["war cost*", "cost*"]})
    >>> tables = published_tables(from_texts({"a": "War costs."}), [lexicon])
    >>> [len(tables[name]) for name in ("hits", "matches", "entries")]
    [1, 2, 2]
    """
    corpus.source.tokens("publishing")
    if lexicons is None:
        lexicons = _lexicons_of(corpus)
    tables = {name: make(corpus, lexicons) for name, (_, make) in PUBLISHED.items()}
    for name, table in tables.items():
        columns = PUBLISHED[name][0]
        if tuple(table.columns[: len(columns)]) != columns or (
            len(table.columns) > len(columns) and name != "documents"
        ):
            raise CrossreadError(f"The table “{name}” has other columns than are published: {', '.join(table)}.")
    return tables


def _lexicons_of(corpus: Corpus) -> list[Lexicon]:
    """Return the lexicons whose hits are published: a corpus may have no themes, actors or architectures yet."""
    paths, lexicons = [], []
    for name in LEXICONS:
        with suppress(CrossreadError):
            paths.append(corpus.lexicon_path(name))
    for path in paths:
        with suppress(NoEntries):  # as a new corpus has it; a lexicon with a fault in it is an error
            lexicons.append(read_lexicon(path))
    return lexicons


def _hits(corpus: Corpus, lexicons: Sequence[Lexicon]) -> pd.DataFrame:
    return _plain([find_hits(corpus, lexicon) for lexicon in lexicons])


def _matches(corpus: Corpus, lexicons: Sequence[Lexicon]) -> pd.DataFrame:
    return _plain([find_matches(corpus, lexicon) for lexicon in lexicons])


def _plain(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    text = {"lexicon": str, "key": str, "entry": str}
    return pd.concat([table.astype(text) for table in tables], ignore_index=True)


def read_headings(corpus: Corpus) -> pd.Series:
    """Return the text of each heading by its sentence id: all beside the texts, else those that are published.

    Parameters
    ----------
    corpus : Corpus

    Returns
    -------
    Series of str
        Index sentence_id.

    Examples
    --------
    >>> from crossread import from_texts
    >>> read_headings(from_texts({"a": "# Costs\\n\\nAllies pay."})).to_dict()
    {'a-h01': 'Costs'}
    """
    with suppress(TextNeeded):  # nobody has published them
        return corpus.source.answer(
            "its headings",
            lambda: corpus.sentences.loc[corpus.sentences["kind"] == "heading", "text"].rename("heading"),
            ["headings"],
            lambda table: table.set_index("sentence_id")["heading"],
        )
    return pd.Series(dtype=str, name="heading")


def read_titles(corpus: Corpus) -> pd.Series:
    """Return the headings that are titles, not sentences, by their sentence ids: the same with and without texts.

    Parameters
    ----------
    corpus : Corpus

    Returns
    -------
    Series of str
        Index sentence_id.

    Examples
    --------
    >>> from crossread import load
    >>> read_titles(load("practice")).head(3)
    sentence_id
    pellworth_2028-h01    Who Pays for Warm Houses?
    pellworth_2028-h02                     Abstract
    pellworth_2028-h03                1. The Winter
    Name: heading, dtype: str
    """
    headings = read_headings(corpus)
    return headings[headings.str.split().str.len() <= LONGEST_TITLE]


def _headings(corpus: Corpus) -> pd.DataFrame:
    titles = read_titles(corpus).rename_axis("sentence_id").reset_index()
    titles.insert(0, "doc_id", corpus.sentences["doc_id"].reindex(titles["sentence_id"]).to_numpy())
    return titles


def _entries(corpus: Corpus, lexicons: Sequence[Lexicon]) -> pd.DataFrame:
    documents = corpus.documents.index
    tables = [count_by_entry(find_hits(corpus, lexicon), lexicon, documents) for lexicon in lexicons]
    return pd.concat(tables, ignore_index=True)


def _ngrams(corpus: Corpus, lexicons: Sequence[Lexicon]) -> pd.DataFrame:
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


def _phrases(corpus: Corpus, lexicons: Sequence[Lexicon]) -> pd.DataFrame:
    tables = [phrase_cells(corpus, size, PHRASES_FROM) for size in range(2, LONGEST_PHRASE + 1)]
    table = pd.concat(tables, ignore_index=True)
    table[list(CELLS)] = table[list(CELLS)].astype("Int64")
    table.insert(0, "doc_id", "")
    return table


def _facts(corpus: Corpus, lexicons: Sequence[Lexicon]) -> pd.DataFrame:
    facts, pairs = term_facts(corpus), _pairs(corpus, lexicons)
    counted = segment_matrix(corpus)
    total = pd.Series(np.asarray(counted.matrix.sum(axis=0)).ravel(), index=counted.terms)
    known = set(pairs["term_a"]) | set(pairs["term_b"])
    return facts[(facts["term"].map(total) >= 2) | facts["term"].isin(known)].reset_index(drop=True)


def _pairs(corpus: Corpus, lexicons: Sequence[Lexicon]) -> pd.DataFrame:
    pairs = count_pairs(corpus)
    total = pairs.groupby(["term_a", "term_b"])["count"].transform("sum")
    return pairs[total >= PAIRS_FROM].reset_index(drop=True)


def _collocates(corpus: Corpus, lexicons: Sequence[Lexicon]) -> pd.DataFrame:
    near = count_near_hits(corpus, find_hits(corpus, lexicons[0]))
    sizes = near.groupby(["doc_id", "key"], sort=False, as_index=False)["count"].sum()
    sizes.insert(2, "term", ALL_NEAR)
    total = near.groupby(["key", "term"])["count"].transform("sum")
    return pd.concat([sizes, near[total >= PAIRS_FROM]], ignore_index=True)


def _documents(corpus: Corpus) -> pd.DataFrame:
    further = [name for name in corpus.documents if name not in DOCUMENTS]
    return corpus.documents[[*DOCUMENTS, *further]].reset_index()


# Each table: its columns, and how it is made of a corpus and the lexicons.
PUBLISHED: dict[str, tuple[tuple[str, ...], Callable[[Corpus, Sequence[Lexicon]], pd.DataFrame]]] = {
    # one row a document; columns of its own, such as party, stand at the end
    "documents": (("doc_id", *DOCUMENTS), lambda corpus, _: _documents(corpus)),
    # one row a sentence, heading or note, without its text
    "sentences": (("sentence_id", *SENTENCES), lambda corpus, _: corpus.sentences[list(SENTENCES)].reset_index()),
    # the terms of each segment
    "counts": (COUNTS, lambda corpus, _: corpus.counts[list(COUNTS)]),
    # titles of up to eight words
    "headings": (("doc_id", "sentence_id", "heading"), lambda corpus, _: _headings(corpus)),
    # what of a source is not counted
    "cuts": (CUTS, lambda corpus, _: corpus.cuts[list(CUTS)]),
    "hits": (HITS, _hits),
    # every place where an entry fits, what a longer one hides too: any choice of entries is exact
    "matches": (HITS, _matches),
    # the hits of each entry, 0 too: it was looked for in vain
    "entries": (ENTRY_COUNTS, _entries),
    # phrases of two and three words, twice or more
    "ngrams": (("doc_id", "segment", "n", "term", "count"), _ngrams),
    # the same, with the cells of `phrase_cells`
    "phrases": (("doc_id", "term", "size", "count", *CELLS), _phrases),
    # for words that the corpus has twice, or that stand in pairs: the sentences with the word, its reach
    "term_facts": (("doc_id", "term", "sentences", "reach"), _facts),
    # words within five tokens of each other, three times or more
    "pairs": (("doc_id", "term_a", "term_b", "count"), _pairs),
    # words within five tokens of the hits of a theme, three times or more, and their sum
    "collocates": (("doc_id", "key", "term", "count"), _collocates),
    # the written forms of words with several spellings
    "variants": (VARIANTS, lambda corpus, _: count_variants(corpus)),
    # the measures of variety that depend on the order of words
    "variety": (VARIETY, lambda corpus, _: ordered_variety(corpus)),
}
