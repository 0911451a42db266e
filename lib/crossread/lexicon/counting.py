"""Hits of a lexicon in strings as they stand, batch by batch, without cleaning and without sentences."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from crossread.corpus.matrices import map_batches
from crossread.corpus.tokens import Tokenizer, TokenStore, pointers
from crossread.lexicon.formats import Lexicon
from crossread.lexicon.matching import Vocabulary, find_spans
from crossread.lexicon.patterns import spellings


def count_hits(texts: Iterable[str], lexicon: Lexicon, *, compiled: bool | None = None) -> pd.DataFrame:
    """Count the hits of each key in strings as they stand.

    For millions of strings that need no cleaning. The rules are those of `find_hits`, but each string is one sentence:
    a phrase, or a word and its neighbour, may span what a sentence splitter would part.

    Parameters
    ----------
    texts : iterable of str
        Each is one row; they may be read as they are asked for.
    lexicon : Lexicon
        What to look for.
    compiled : bool, optional
        As in `crossread.corpus.matrices.count_texts`.

    Returns
    -------
    DataFrame
        One row a text, in order: a column of hits for each key, and n_tokens.

    Examples
    --------
    >>> from crossread.lexicon import make_lexicon
    >>> lexicon = make_lexicon("demo", {"cost": ["cost*", "share the cost*"], "war": ["war"]})
    >>> count_hits(["We share the costs. War costs.", "Peace."], lexicon).values.tolist()
    [[2, 1, 6], [0, 0, 1]]
    """
    keys = {key: number for number, key in enumerate(lexicon.keys)}
    key_of = np.array([keys[entry.key] for entry in lexicon.entries], dtype=np.int64)
    globs = sorted(
        {
            glob
            for entry in lexicon.entries
            for text in (entry.pattern, *entry.near, *entry.blocked)
            for sequence in spellings(text)
            for glob in sequence
        }
        - {"*"}
    )
    known: dict[int, _Relevant] = {}

    def work(tokenizer: Tokenizer, batch: list[str]) -> tuple[np.ndarray, np.ndarray]:
        relevant = known.setdefault(id(tokenizer), _Relevant(globs))
        ids, sizes = tokenizer.number(batch)
        store = relevant.store(tokenizer, ids, sizes)
        start, _, entry = find_spans(store, lexicon)
        cells = store.sentence[start].astype(np.int64) * len(keys) + key_of[entry]
        return np.bincount(cells, minlength=len(batch) * len(keys)).reshape(len(batch), len(keys)), sizes

    parts = [part for _, part in map_batches(work, texts, compiled=compiled)[1]]
    hits = np.concatenate([np.zeros((0, len(keys)), dtype=np.int64), *[hits for hits, _ in parts]])
    table = pd.DataFrame(hits, columns=list(keys))
    return table.assign(n_tokens=np.concatenate([np.zeros(0, dtype=np.int64), *[sizes for _, sizes in parts]]))


class _Relevant:
    """The few types that an entry could match, with numbers of their own: all others are one type, the empty word."""

    def __init__(self, globs: list[str]):
        self.globs = globs
        self.types = [""]
        self.numbers = np.zeros(0, dtype=np.int32)  # of each type of the tokenizer

    def store(self, tokenizer: Tokenizer, ids: np.ndarray, sizes: np.ndarray) -> TokenStore:
        known, old = list(tokenizer.vocabulary), len(self.numbers)
        new = Vocabulary(known[old:])
        found = np.unique(np.concatenate([np.zeros(0, dtype=np.int64), *map(new.find, self.globs)]))
        numbers = np.zeros(len(known), dtype=np.int32)
        numbers[:old] = self.numbers
        numbers[old + found] = len(self.types) + np.arange(len(found))
        self.types += [known[old + i] for i in found.tolist()]
        self.numbers = numbers
        bounds = pointers(sizes)
        nowhere = np.zeros(0, dtype=np.int32)
        return TokenStore(
            types=tuple(self.types),
            ids=numbers[ids],
            starts=nowhere,
            ends=nowhere,
            sentence=np.repeat(np.arange(len(sizes), dtype=np.int32), sizes),
            sentence_pointers=bounds,
            document_pointers=bounds,
        )
