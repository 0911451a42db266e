"""In which language a text is written, by its most usual words or its script; and what of crossread is for English."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from crossread.corpus.reading.languages import ENCODINGS

ENGLISH = "English"
LEAST = 0.12  # share of a text's words that are among the most usual of its language; of running text .2 to .45
SAMPLE = 30_000  # characters
_WORD = re.compile(r"[^\W\d_]+")
# scripts that tell the language by themselves; the first that makes up a fifth of the letters
_SCRIPTS = (
    ("Japanese", "\u3041-\u30ff"), ("Korean", "\uac00-\ud7a3"), ("Chinese", "\u4e00-\u9fff"), ("Thai", "\u0e01-\u0e5b"),
)  # fmt: skip
WITHOUT_SPACES = ("Japanese", "Chinese", "Thai")


def language_of(text: str) -> str:
    """Name the language of a text, "" where its words do not say.

    Parameters
    ----------
    text : str
        Its first 30,000 characters are looked at.

    Examples
    --------
    >>> language_of("The price of the alliance is what it was, and it is to be paid by all of us on the day.")
    'English'
    >>> language_of("Der Preis ist nicht, was er war, und er wird auch von uns zu zahlen sein, wie es sich gehört.")
    'German'
    >>> language_of("Tides 2031")
    ''
    """
    sample = text[:SAMPLE]
    letters = len(_WORD.findall(sample)) and sum(map(len, _WORD.findall(sample)))
    for name, script in _SCRIPTS:
        if letters and len(re.findall(f"[{script}]", sample)) > 0.2 * letters:
            return name
    words = Counter(_WORD.findall(sample.lower()))
    if words.total() < 12:
        return ""
    shares = {name: sum(words[word] for word in usual) / words.total() for name, usual in _usual_words().items()}
    best = max(shares, key=shares.__getitem__)
    return best if shares[best] >= LEAST else ""


@lru_cache(maxsize=1)
def _usual_words() -> dict[str, frozenset[str]]:
    return {
        name: frozenset(words.split()) for _, languages in ENCODINGS for name, (_, words) in languages.items() if words
    }


def main_language(languages: Iterable[str]) -> str:
    """Return the language of most documents; English where none says one.

    Examples
    --------
    >>> main_language(["German", "", "German", "French"]), main_language(["", ""])
    ('German', 'English')
    """
    counted = Counter(str(name) for name in languages if isinstance(name, str) and name)
    return counted.most_common(1)[0][0] if counted else ENGLISH


def language_notices(languages: Iterable[str]) -> list[str]:
    """Say what does not follow the languages of a corpus."""
    names = [str(name) for name in languages if isinstance(name, str) and name]
    main, counted = main_language(names), Counter(names)
    notices = []
    if main != ENGLISH:
        notices.append(
            f"These texts are {main}: the function words that charts and topics leave out are those of English, and "
            "readability is not reckoned. Counting by a lexicon, rates, groups and years do not rest on them."
        )
    if main in WITHOUT_SPACES:
        notices.append(
            f"{main} has no spaces between words, and a token here is what stands between spaces and marks: cut the "
            "texts into words first (such as with jieba, MeCab or PyThaiNLP), else no word list finds anything."
        )
    others = {name: count for name, count in counted.items() if name != main}
    if others:
        told = ", ".join(f"{count} {name}" for name, count in sorted(others.items(), key=lambda item: -item[1]))
        notices.append(f"Not all texts are {main}: {told}. A lexicon in one language finds nothing in another.")
    return notices
