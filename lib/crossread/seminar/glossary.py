"""The glossary of the seminar, and which terms of a notebook it does not explain."""

import re
from pathlib import Path

from crossread.corpus import project_folder
from crossread.errors import CrossreadError

ENTRY = re.compile(r"^\*\*(?P<term>[^*]+)\*\*(?: \(also (?P<forms>[^)]*)\))?: (?P<text>.+)$")
ITALICS = re.compile(r"(?<![*\w])\*(?![*\s])([^*\n]+?)\*(?![*\w])")
CAPITALS = re.compile(r"\b(?:[A-Z]{2,}[0-9]?|[A-Z][0-9])\b")
CODE = re.compile(r"`[^`]*`")

# Words of method and of the subject that a beginner cannot be expected to know, wherever they stand in a sentence.
WATCHED = (
    "abandonment", "alpha", "archive", "balancing", "bootstrap", "bilateral", "burden sharing", "chance agreement",
    "claim", "cluster", "codebook", "coder", "coherence", "collocation", "communiqué", "concordance", "confidence",
    "contrast", "corpus", "correspondence analysis", "dispersion", "entrapment", "estimate", "F1", "free rider",
    "free riding", "garrison", "held out", "hit", "hits", "Holm", "interval", "intervals", "intruder", "Jaccard",
    "keyness", "kernel", "lexicon", "limits", "log ratio", "minilateral", "multilateral", "multilateralism",
    "multiverse", "null", "odds", "overfitting", "p-value", "pandas", "permutation", "Poisson", "precision",
    "quantile", "quantiles", "rarefaction", "rate", "rates", "recall", "resample", "resamples", "robustness",
    "segment", "segments", "shuffled", "significant", "specification", "stability", "stop list", "theme", "token",
    "tokens", "topic model", "variance", "verdict", "widget",
)  # fmt: skip
EVERYDAY = {"US", "UK", "PDF", "ID", "OK", "A", "B", "HTML", "I"}


def read_glossary(path: Path | str | None = None) -> dict[str, str]:
    """Return the explanation of every term and of its other forms, in small letters.

    Parameters
    ----------
    path : path, optional
        Another file than notebooks/seminar/glossary.md. A line **term** (also form, form): explanation.

    Raises
    ------
    CrossreadError
        "glossary.md: “…” is explained twice."
    """
    path = Path(path or project_folder() / "notebooks" / "seminar" / "glossary.md")
    found = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        entry = ENTRY.match(line.strip().removeprefix("- "))
        if not entry:
            continue
        for form in [entry["term"], *(entry["forms"] or "").split(", ")]:
            form = form.strip().lower()
            if form and form in found:
                raise CrossreadError(f"{path.name}: “{form}” is explained twice.")
            if form:
                found[form] = entry["text"]
    return found


def find_terms(text: str) -> list[str]:
    """Return the terms of a text that want explaining: words in italics, in capitals, and watched ones.

    Examples
    --------
    >>> find_terms("The *agreement* of a topic model, by NMF, in the US.")
    ['agreement', 'nmf', 'topic model']
    """
    plain = CODE.sub(" ", text)
    found = [term.strip().lower() for term in ITALICS.findall(plain)]
    found += [term.lower() for term in CAPITALS.findall(plain) if term not in EVERYDAY]
    found += [term.lower() for term in WATCHED if re.search(rf"\b{re.escape(term)}\b", plain, re.IGNORECASE)]
    return list(dict.fromkeys(found))


def find_unexplained(text: str, glossary: dict[str, str]) -> list[str]:
    """Return the terms of a text that the glossary does not explain.

    Examples
    --------
    >>> find_unexplained("A *hit* of the lexicon.", {"hit": "a place"})
    ['lexicon']
    """
    return [term for term in find_terms(text) if term not in glossary and term.removesuffix("s") not in glossary]
