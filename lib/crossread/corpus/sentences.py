"""A paragraph of running text to its sentences."""

from __future__ import annotations

import re

# Words before whose full stop no sentence ends.
_ABBREVIATIONS = frozenset(
    """
    adm al app apr art aug brig capt ca cf ch cit cmdr co col corp dec dept dr ed eds esp est etc fig feb ft
    gen gov hon ibid inc jan jr jul jun lt ltd maj mar mr mrs ms mt no nos nov oct op para pp prof ref rep rev
    sen sept sep sgt sr st trans vol vols vs viz
    """.split()
)
_END = re.compile(r"[.!?…]+[’'”\")\]]*(?=\s)|;(?=\s*$)")
LONGEST_ABBREVIATION = 5  # letters
OPENERS = "“\"‘'([¿¡—–-"  # may stand before the first letter of a sentence
_NEXT = re.compile(rf"\s+[{re.escape(OPENERS)}]*\s*(\S)")


def split_sentences(text: str) -> list[tuple[int, int]]:
    """Return where each sentence of a paragraph begins and ends.

    A sentence ends at a full stop, question or exclamation mark, with the quotation marks that close on it, when a
    capital, a digit or an opening quotation mark follows. No sentence ends after an abbreviation (`Jr`, `e.g.`,
    `pp.`), an initial (`J. Smith`) or dotted initials such as `U.S.` unless a word follows that begins sentences.

    Parameters
    ----------
    text : str
        One paragraph of running text.

    Returns
    -------
    list of (int, int)
        Character offsets into `text`; the white space between two sentences belongs to neither.

    Examples
    --------
    >>> text = "The U.S. allies agree, e.g., Japan. “We pay,” she said. “Why?” He left."
    >>> [text[a:b] for a, b in split_sentences(text)]
    ['The U.S. allies agree, e.g., Japan.', '“We pay,” she said.', '“Why?”', 'He left.']
    """
    bounds, start = [], len(text) - len(text.lstrip())
    for match in _END.finditer(text):
        dot, end = match.span()
        first = first_of_next(text, end)
        if first is None or dot < start:
            continue
        # a closing quotation mark after the stop, or a second stop: the sentence is over
        if end == dot + 1 and text[dot] == "." and _is_abbreviation(text, dot, first):
            continue
        bounds.append((start, end))
        opening = text[end:first]
        start = end + len(opening) - len(opening.lstrip())
    end = len(text.rstrip())
    if start < end:
        bounds.append((start, end))
    return bounds


def first_of_next(text: str, end: int) -> int | None:
    """Return where what follows a stop begins, opening marks passed over, or None where no sentence may begin so.

    Examples
    --------
    >>> first_of_next("He left. “Why?”", 8), first_of_next("the U.S. allies", 8)
    (10, None)
    """
    following = _NEXT.match(text, end)
    if following is None:
        return None
    first = following[1]
    return None if first.islower() or not (first.isalnum() or first in "“\"‘'([") else following.end() - 1


def starts_sentences(text: str, first: int) -> bool:
    """Tell whether the word that begins at `first` is one that often begins a sentence."""
    word = _FIRST_WORD.match(text, first)
    return word is not None and word[0].lower() in _STARTERS and word[0] != "I"


# After dotted initials only words like these show that a new sentence has begun: “in the U.S. The allies …”.
_STARTERS = frozenset(
    """
    a after all although an and as at but by for he her his however i if in it its many moreover nor on one or
    our she since so some such that the their there these they this those to we what when while who why with
    yet you
    """.split()
)


_FIRST_WORD = re.compile(r"[^\W_]+")
_LAST_WORD = re.compile(r"(?:[^\W_]\.)*[^\W_]*$")


def _is_abbreviation(text: str, dot: int, first: int) -> bool:
    space = text.rfind(" ", max(0, dot - 24), dot)
    word = text[space + 1 : dot] if space >= 0 else ""
    if not word.isalpha():
        word = _LAST_WORD.search(text, max(0, dot - 24), dot)[0]
    if len(word) > LONGEST_ABBREVIATION and word.isalpha():
        return False
    starts = starts_sentences(text, first)
    if re.fullmatch(r"(?:[^\W\d_]\.)+[^\W\d_]", word):  # U.S, e.g
        return word.lower() in ("e.g", "i.e") or not starts
    if len(word) == 1 and word.isalpha() and word.isupper():  # an initial, or the article of a list
        return not (word == "I" and starts)
    if word.lower() in (
        "no",
        "nos",
        "pp",
        "vol",
        "vols",
        "art",
        "ch",
        "fig",
        "para",
        "p",
        "ca",
        "cf",
        "ed",
        "eds",
        "op",
    ):
        return text[first].isdigit() or word.lower() in ("cf", "ca", "pp", "vol")
    if word.lower() in ("etc", "jr", "sr", "inc", "ltd", "corp", "co", "al", "ft", "est"):
        return not starts
    return word.lower() in _ABBREVIATIONS and not (word[:1].islower() and word.lower() in ("may", "no"))
