"""Where sentences end between chunks (what stands between white space), asked of `split_sentences` once for each kind.

Whether a sentence ends between two chunks depends on the first, and of the second only on how it begins: with what may
begin no sentence, a number, one of the words that often begin one, one that German numbers stand
before, or another word. So each chunk that ends
in a stop is tried once with an example of each; the sentences of a large text are then counted without looking at it
again.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from crossread.corpus.sentences import (
    FULL_STOPS,
    OPENERS,
    STOPS,
    first_of_next,
    is_numbered,
    split_sentences,
    starts_sentences,
)

NEVER, NUMBER, STARTER, NUMBERED, OTHER = range(5)  # how a chunk begins
EXAMPLES = {NUMBER: "7", STARTER: "The", NUMBERED: "Mai", OTHER: "Xylem"}
_OPENER = "—"


def endings_of(chunks: Sequence[str]) -> np.ndarray:
    """Tell of each chunk before which kinds of beginnings a sentence ends with it: one column a kind.

    Examples
    --------
    >>> endings_of(["pay.", "U.S.", "pay", "No.", "5."]).astype(int).tolist()
    [[0, 1, 1, 1, 1], [0, 0, 1, 0, 0], [0, 0, 0, 0, 0], [0, 0, 1, 1, 1], [0, 1, 1, 0, 1]]
    """
    ends = np.zeros((len(chunks), len(EXAMPLES) + 1), dtype=np.bool_)
    asked = [i for i, chunk in enumerate(chunks) if any(stop in chunk for stop in STOPS + FULL_STOPS)]
    if not asked:
        return ends
    for kind, example in EXAMPLES.items():
        pieces = [f"A {chunks[i]} {example}" for i in asked]
        lengths = np.array([len(piece) + 1 for piece in pieces])
        last = np.cumsum(lengths) - 1 - len(example) - 2  # the last character of each chunk
        found = {end - 1 for _, end in split_sentences(" ".join(pieces))}
        ends[asked, kind] = [place in found for place in last.tolist()]
    return ends


def beginnings_of(chunks: Sequence[str]) -> np.ndarray:
    """Tell how each chunk begins: after a stop, and after a stop and an opening quotation mark or dash by itself.

    Examples
    --------
    >>> beginnings_of(["The", "allies", "“Why", "1990", "—"]).tolist()
    [[2, 2], [0, 0], [2, 4], [1, 1], [0, 0]]
    """
    kinds = [_beginning(" " + chunk) for chunk in chunks]
    after = [_beginning(f" {_OPENER} {chunk}") if chunk[0] in OPENERS else kinds[i] for i, chunk in enumerate(chunks)]
    return np.array([kinds, after], dtype=np.int8).T


def _beginning(text: str) -> int:
    place = first_of_next(text, 0)
    if place is None:
        return NEVER
    if text[place].isdigit():
        return NUMBER
    if starts_sentences(text, place):
        return STARTER
    return NUMBERED if is_numbered(text, place) else OTHER


def is_opener(chunk: str) -> bool:
    """Tell whether a chunk is only marks that open what follows, so that the next chunk is the one that begins.

    Examples
    --------
    >>> is_opener("—"), is_opener("“He"), is_opener("…")
    (True, False, False)
    """
    return not chunk.strip(OPENERS)
