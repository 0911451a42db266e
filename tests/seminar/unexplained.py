"""Which terms of a notebook the glossary does not explain.

A term is found without being listed: by its italics, its capitals, or by being a word that is neither in the practice
texts, nor in the five texts of the study, nor in the short list of plain words beside this file.
"""

import re
from functools import cache
from pathlib import Path

from crossread_seminar.glossary import ITALICS

CAPITALS = re.compile(r"\b(?:[A-Z]{2,}[0-9]?|[A-Z][0-9])\b")
CODE = re.compile(r"`[^`]*`|\]\([^)]*\)|https?://\S+|<[^>]*>|&\w+;")
WORD = re.compile(r"[^\W\d_]+[²]?(?:[’'][^\W\d_]+)*")
COLUMN = re.compile(r"[a-z]+[a-z0-9]*(?:_[a-z0-9]+)+")
PLAIN = Path(__file__).with_name("plain_words.txt")
ENDINGS = (
    "s", "es", "ed", "d", "ing", "ly", "er", "r", "est", "ness", "al", "ally", "ful", "less", "able", "ies:y", "ied:y",
    "ily:y", "ier:y", "iest:y", "ed:e", "ing:e", "er:e", "est:e", "able:e",
)  # fmt: skip

# Words of method and of the subject that a beginner cannot be expected to know, wherever they stand in a sentence.
WATCHED = (
    "abandonment", "alpha", "archive", "balancing", "bootstrap", "bilateral", "burden sharing", "chance agreement",
    "claim", "cluster", "codebook", "coder", "coherence", "collocation", "communiqué", "concordance", "confidence",
    "contrast", "corpus", "correspondence analysis", "dispersion", "entrapment", "estimate", "F1", "free rider",
    "free riding", "garrison", "held out", "hit", "hits", "Holm", "interval", "intervals", "intruder", "Jaccard",
    "keyness", "kernel", "lexicon", "limits", "log ratio", "minilateral", "multilateral", "multilateralism",
    "multiverse", "null", "odds", "overfitting", "p-value", "pandas", "permutation", "Poisson", "precision",
    "quantile", "quantiles", "rarefaction", "rate", "rates", "recall", "resample", "resamples",
    "segment", "segments", "shuffled", "significant", "specification", "stability", "stop list", "theme", "token",
    "tokens", "topic model", "variance", "verdict", "widget",
)  # fmt: skip
EVERYDAY = {"US", "UK", "PDF", "ID", "OK", "A", "B", "HTML", "I"}
EMPHASISED = {"less", "should", "us"}  # plain words that stand in italics for their own sake


@cache
def plain_words() -> frozenset[str]:
    """Return the words that want no explaining: those of the texts that students read, and those listed as plain."""
    from crossread.corpus import load
    from crossread.topics import FUNCTION_WORDS

    corpora = (load("practice"), load("alliances", texts=False))
    known = set(FUNCTION_WORDS).union(*(set(corpus.counts["term"]) for corpus in corpora))
    listed = (line for line in PLAIN.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    return frozenset(known | {word for line in listed for word in line.split()})


def find_terms(text: str) -> list[str]:
    """Return the terms of a text that want explaining: words in italics, in capitals, and watched ones.

    Examples
    --------
    >>> find_terms("The *agreement* of a topic model, by NMF, in the US.")
    ['agreement', 'nmf', 'topic model']
    """
    plain = CODE.sub(" ", text)
    terms = [term.strip().lower() for term in ITALICS.findall(plain) if term.lower() not in EMPHASISED]
    terms += [term.lower() for term in CAPITALS.findall(plain) if term not in EVERYDAY]
    terms += [term.lower() for term in WATCHED if re.search(rf"\b{re.escape(term)}\b", plain, re.IGNORECASE)]
    return list(dict.fromkeys(terms))


def find_strange_words(text: str, glossary: dict[str, str]) -> list[str]:
    """Return the words of a text that are neither plain nor part of a term that the glossary explains.

    Examples
    --------
    >>> find_strange_words("The logits of Burrows's Delta.", {"burrows's delta": "a distance"})
    ['logits']
    """
    plain = CODE.sub(" ", text).replace("*", "").lower()
    for term in sorted(glossary, key=len, reverse=True):
        if term in plain:
            plain = re.sub(rf"(?<!\w){re.escape(term)}s?(?!\w)", " ", plain)
    words = dict.fromkeys(re.sub(r"['’]s?$", "", word) for word in WORD.findall(plain))
    return [word for word in words if (len(word) > 1 or not word.isascii()) and not _is_plain(word)]


def find_unexplained(text: str, glossary: dict[str, str]) -> list[str]:
    """Return the terms and the strange words of a text that the glossary does not explain.

    Examples
    --------
    >>> find_unexplained("A *hit* of the lexicon.", {"hit": "a place"})
    ['lexicon']
    """
    missing = [term for term in find_terms(text) if term not in glossary and term.removesuffix("s") not in glossary]
    return list(dict.fromkeys(missing + find_strange_words(text, glossary)))


def find_unexplained_columns(columns, glossary: dict[str, str]) -> list[str]:
    """Return the columns of a table that the glossary does not explain and whose names are not plain words.

    Examples
    --------
    >>> find_unexplained_columns(["title", "z_score"], {})
    ['z_score']
    """
    return [
        name
        for name in columns
        if name not in glossary and (COLUMN.fullmatch(name) or find_strange_words(name, glossary))
    ]


def _is_plain(word: str) -> bool:
    known, forms = plain_words(), {word}
    for ending in ENDINGS:
        old, _, new = ending.partition(":")
        if word.endswith(old) and len(word) > len(old) + 2:
            stem = word[: -len(old)] + new
            forms |= {stem, stem[:-1]} if len(stem) > 3 and stem[-2:-1] == stem[-1] else {stem}
    return not forms.isdisjoint(known)
