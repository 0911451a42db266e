"""Hits as tables: where the entries of a lexicon stand in a corpus, from its texts or from its published matches."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import pandas as pd

from crossread.corpus import Corpus
from crossread.corpus.tables import HITS, check_columns
from crossread.errors import TextNeeded
from crossread.lexicon.finding import Matches, match_tokens, rank_entries, settle_spans
from crossread.lexicon.formats import Lexicon
from crossread.lexicon.patterns import parse_entry

ENTRY_COUNTS = ("doc_id", "lexicon", "key", "entry", "count")


def find_matches(corpus: Corpus, lexicon: Lexicon) -> pd.DataFrame:
    """Find every place where an entry of a lexicon matches, overlapping ones included.

    `find_hits` settles the overlaps. A corpus that publishes its matches (`matches.csv`, `entries.csv`) gives the
    right hits, without texts, for any choice among the published entries.

    Parameters
    ----------
    corpus : Corpus
        With texts attached, or with published matches.
    lexicon : Lexicon
        The entries.

    Returns
    -------
    DataFrame
        doc_id, sentence_id, lexicon (its name), key (categorical, all keys of the lexicon its categories), entry
        (categorical, all entries), start_token and end_token (half open; running numbers of tokens in the document),
        in the order of the texts.

    Raises
    ------
    TextNeeded
        "The new entry “x” of the key “y” needs the running texts of …", when it is not among the published.

    Examples
    --------
    >>> from crossread import from_texts
    >>> from crossread.lexicon import make_lexicon
    >>> corpus = from_texts({"a": "Allies share costs. War costs money."})
    >>> lexicon = make_lexicon("demo", {"cost": ["cost*", "share cost*"]})
    >>> find_matches(corpus, lexicon)[["entry", "start_token", "end_token"]].values.tolist()
    [['share cost*', 1, 3], ['cost*', 2, 3], ['cost*', 4, 5]]
    """
    return _table(_match(corpus, lexicon), corpus)


def find_hits(corpus: Corpus, lexicon: Lexicon) -> pd.DataFrame:
    """Find the hits of a lexicon: where its entries match, each token counted once per key.

    The rules are quanteda's (`tokens_lookup` with `nested_scope = "key"`): case does not matter, the longest match goes
    first, then the leftmost, and a match of which a token is already taken under its key is dropped. Matches never
    cross a sentence, and keys do not see each other. When two entries of a key match the same words, the one with
    fewer wildcards is named. Of a window entry only the counted words are the hit; the words near it are a condition
    and stay free. The order of the entries plays no part.

    Parameters
    ----------
    corpus : Corpus
        Where to look, headings and notes included; with texts attached, or with published matches.
    lexicon : Lexicon
        What to look for.

    Returns
    -------
    DataFrame
        As `find_matches`.

    Raises
    ------
    TextNeeded
        As `find_matches`.

    Examples
    --------
    >>> from crossread import from_texts
    >>> from crossread.lexicon import make_lexicon
    >>> corpus = from_texts({"a": "The New York Times is a New York paper"})
    >>> lexicon = make_lexicon("demo", {"paper": ["New York Times"], "city": ["New York"]})
    >>> find_hits(corpus, lexicon)["key"].value_counts().to_dict()
    {'city': 2, 'paper': 1}
    """
    return _table(_match(corpus, lexicon).settled(), corpus)


def _match(corpus: Corpus, lexicon: Lexicon) -> Matches:
    return corpus.source.answer(
        "the search for hits",
        lambda: match_tokens(corpus.tokens, lexicon),
        ["matches", "entries"],
        lambda rows, entries: _read_matches(corpus, lexicon, rows, entries),
    )


def _read_matches(corpus: Corpus, lexicon: Lexicon, rows: pd.DataFrame, entries: pd.DataFrame) -> Matches:
    """Choose from the published matches those of a lexicon whose entries are all among the published."""
    rows = check_columns(rows, HITS, "the published matches")
    entries = check_columns(entries, ENTRY_COUNTS, "the published entries")
    entries = entries[entries["lexicon"] == lexicon.name]
    published = set(zip(entries["key"], entries["entry"], strict=True))
    number: dict[tuple[str, str], int] = {}
    for i, entry in enumerate(lexicon.entries):
        if (entry.key, entry.text) not in published:
            raise TextNeeded(f"the new entry “{entry.text}” of the key “{entry.key}”", corpus.name)
        number.setdefault((entry.key, entry.text), i)
    rows = rows[rows["lexicon"] == lexicon.name]
    which = np.array([number.get(pair, -1) for pair in zip(rows["key"], rows["entry"], strict=True)], dtype=np.int64)
    rows, which = rows[which >= 0], which[which >= 0]
    offset = corpus.source.document_pointers[corpus.documents.index.get_indexer(rows["doc_id"])]
    start, end = (offset + rows[name].to_numpy(dtype=np.int64) for name in ("start_token", "end_token"))
    return Matches(lexicon, start, end, which).in_order()


def _table(matches: Matches, corpus: Corpus) -> pd.DataFrame:
    lexicon, source = matches.lexicon, corpus.source
    texts = list(dict.fromkeys(entry.text for entry in lexicon.entries))
    number = {text: code for code, text in enumerate(texts)}
    text_of_entry = np.array([number[entry.text] for entry in lexicon.entries], dtype=np.int64)
    sentence = np.searchsorted(source.sentence_pointers, matches.start, side="right") - 1
    document = np.searchsorted(source.document_pointers, matches.start, side="right") - 1
    first = source.document_pointers[document]
    return pd.DataFrame(
        {
            "doc_id": corpus.sentences["doc_id"].array.take(sentence),
            "sentence_id": corpus.sentences.index.array.take(sentence),
            "lexicon": pd.Categorical.from_codes(np.zeros(len(matches), dtype=np.int8), [lexicon.name]),
            "key": pd.Categorical.from_codes(matches.key, list(lexicon.keys)),
            "entry": pd.Categorical.from_codes(text_of_entry[matches.entry], texts),
            "start_token": matches.start - first,
            "end_token": matches.end - first,
        }
    )


def settle_matches(matches: pd.DataFrame) -> pd.DataFrame:
    """Keep of all matches those that count: longest first, left to right, one token once per key.

    Parameters
    ----------
    matches : DataFrame
        As `find_matches` returns them, all or those of some entries or keys, or as `roll_up` does.

    Returns
    -------
    DataFrame
        The rows that count, columns as before.

    Raises
    ------
    CrossreadError
        "the matches: the column “key” is missing (columns found: …)."

    Examples
    --------
    >>> from crossread import from_texts
    >>> from crossread.lexicon import make_lexicon
    >>> matches = find_matches(from_texts({"a": "War costs."}), make_lexicon("demo", {"k": ["cost*", "war cost*"]}))
    >>> len(matches), settle_matches(matches)["entry"].tolist()
    (2, ['war cost*'])
    """
    check_columns(matches, HITS, "the matches")
    if matches.empty:
        return matches.reset_index(drop=True)
    document = pd.factorize(matches["doc_id"])[0]
    start, end = (matches[name].to_numpy(dtype=np.int64) for name in ("start_token", "end_token"))
    longest = pd.Series(end).groupby(document).max().sort_index().to_numpy()
    shift = np.concatenate([[0], np.cumsum(longest)])[document]  # documents stand one after another
    key = matches["key"].astype("category").cat.codes.to_numpy()
    texts = matches["entry"].astype("category")
    rank = _ranks(tuple(texts.cat.categories))[texts.cat.codes.to_numpy()]
    return matches[settle_spans(start + shift, end + shift, key, rank)].reset_index(drop=True)


@lru_cache(maxsize=64)
def _ranks(entries: tuple[str, ...]) -> np.ndarray:
    return rank_entries([parse_entry(text) for text in entries])


def roll_up(matches: pd.DataFrame) -> pd.DataFrame:
    """Return matches with their keys cut to the first name: senses become the theme that they are senses of.

    Parameters
    ----------
    matches : DataFrame
        As `find_matches` returns them.

    Returns
    -------
    DataFrame
        The same rows and columns. Settle them (`settle_matches`), for two senses may have matched the same words.

    Examples
    --------
    >>> from crossread import from_texts
    >>> from crossread.lexicon import make_lexicon
    >>> lexicon = make_lexicon("demo", {"burden.cost": ["war cost*"], "burden.war": ["war"]})
    >>> len(settle_matches(roll_up(find_matches(from_texts({"a": "War costs."}), lexicon))))
    1
    """
    keys = matches["key"].astype("category")
    short = [str(key).split(".")[0] for key in keys.cat.categories]
    names = list(dict.fromkeys(short))
    codes = pd.Series(short).map({name: i for i, name in enumerate(names)}).to_numpy(dtype=np.int64)
    return matches.assign(key=pd.Categorical.from_codes(codes[keys.cat.codes.to_numpy()], categories=names))


def concat_matches(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Put the matches of several lexicons one after another; keys and lexicons without a match stay known.

    Parameters
    ----------
    tables : sequence of DataFrame
        As `find_matches` returns them.

    Returns
    -------
    DataFrame
        Their rows and columns.

    Examples
    --------
    >>> from crossread import from_texts
    >>> from crossread.lexicon import make_lexicon
    >>> lexicons = [make_lexicon(name, {name: [word]}) for name, word in (("one", "war"), ("other", "peace"))]
    >>> keys_of(concat_matches([find_matches(from_texts({"a": "War costs."}), lexicon) for lexicon in lexicons]))
    ('one', 'other')
    """
    if len(tables) == 1:
        return tables[0]
    named = {
        name: pd.api.types.union_categoricals([table[name].astype("category") for table in tables])
        for name in ("lexicon", "key", "entry")
    }
    return pd.concat([table.drop(columns=list(named)) for table in tables], ignore_index=True).assign(**named)[
        list(tables[0].columns)
    ]


def keys_of(hits: pd.DataFrame) -> tuple[str, ...]:
    """Return the keys of a table of hits, in the order of the lexicon where the table knows it.

    Parameters
    ----------
    hits : DataFrame
        As `find_hits` returns them: its categories name the keys without a hit too.

    Returns
    -------
    tuple of str

    Examples
    --------
    >>> keys_of(pd.DataFrame({"key": ["pay", "cost"]})), keys_of(pd.DataFrame({"key": pd.Categorical([], ["pay"])}))
    (('cost', 'pay'), ('pay',))
    """
    keys = hits["key"]
    if isinstance(keys.dtype, pd.CategoricalDtype):
        return tuple(map(str, keys.cat.categories))
    return tuple(sorted(set(keys)))
