"""Make a corpus to measure on: Zipf-like prose from the words of the practice corpus, with phrases planted in it.

    python -m benchmarks.generate FOLDER --megabytes 10

No sentence means anything. What matters is there: frequent and rare words, sentences, paragraphs, headings, phrases at
a known rate in known documents, and a vocabulary that grows with the text. Words hold only letters, so that every
tokeniser that splits at what is not a letter counts alike.
"""

import argparse
import csv
import re
from functools import cache
from pathlib import Path

import numpy as np

DOCUMENT = 100_000  # characters of one document, about
EXPONENT = 1.07
OFFSET = 2.7
PLANTED = {
    "sharing": ("burden sharing", "sharing the load", "fair share", "shared costs"),
    "rising": ("rising power", "growing strength of neighbours", "rising costs", "new weight"),
    "together": ("acting together", "many partners at once", "joint forum", "common table"),
}
STEMS = ("re", "un", "inter", "over", "out", "fore", "mid", "sub", "trans", "co")
ENDINGS = ("s", "ed", "ing", "ness", "able", "ward", "ship", "ful", "less", "ism", "ist", "ity")
ENDS = (" ", ", ", ". ", "? ", ".\n\n")  # what may follow a word
SHARES = (0.88, 0.07, 0.0, 0.0, 0.0)


@cache
def practice_words() -> tuple[str, ...]:
    """The words of the practice corpus, the most frequent first; only those of plain letters."""
    from crossread import load

    counts = load("practice").counts.groupby("term")["count"].sum().sort_values(ascending=False, kind="stable")
    return tuple(word for word in counts.index if re.fullmatch(r"[a-z]+", word))


def vocabulary(size: int) -> list[str]:
    """The practice words, then words made of them with stems and endings, all different, `size` in all."""
    base = practice_words()
    words = dict.fromkeys(word for phrases in PLANTED.values() for phrase in phrases for word in phrase.split())
    words = dict.fromkeys([*base, *words])
    roots = [word for word in base if len(word) > 3]
    forms = ["{}" + ending for ending in ENDINGS] + [stem + "{}" for stem in STEMS]
    forms += [stem + "{}" + ending for stem in STEMS for ending in ENDINGS]
    for form in forms:
        words.update(dict.fromkeys(form.format(root) for root in roots))
        if len(words) >= size:
            break
    for i, first in enumerate(roots):
        if len(words) >= size:
            break
        words.update(dict.fromkeys(first + roots[(i * 31 + j) % len(roots)] for j in range(1, len(roots) // 4)))
    return list(words)[:size]


def write_corpus(folder: Path, n_bytes: int, seed: int = 0) -> dict[str, np.ndarray]:
    """Write a corpus folder of about `n_bytes`.

    Returns the times that each planted phrase was put into each document; chance adds a few more.
    """
    generator = np.random.default_rng(seed)
    n_documents = max(5, round(n_bytes / DOCUMENT))
    per_document = n_bytes / n_documents
    # the vocabulary grows with the square root of the text, as in prose (Heaps 1978), and starts with what is there
    words = vocabulary(int(max(2_000, 20 * np.sqrt(n_bytes / 6))))
    number = {word: i for i, word in enumerate(words)}
    weights = 1 / (np.arange(len(words)) + OFFSET) ** EXPONENT
    cumulative = np.cumsum(weights / weights.sum())
    mean_length = float(np.array([len(word) for word in words]) @ (weights / weights.sum())) + 1.12
    variants = np.array([word + end for end in ENDS for word in words], dtype=object)
    capital = np.array([word.capitalize() + end for end in ENDS for word in words], dtype=object)
    phrases = [(name, [number[word] for word in phrase.split()]) for names in PLANTED.values() for name in names
               for phrase in (name,)]  # fmt: skip
    planted = {name: np.zeros(n_documents, dtype=np.int64) for name, _ in phrases}
    (folder / "texts").mkdir(parents=True, exist_ok=True)
    rows = []
    for document in range(n_documents):
        n_tokens = int(per_document / mean_length)
        ids = np.searchsorted(cumulative, generator.random(n_tokens)).clip(max=len(words) - 1)
        taken = np.zeros(n_tokens + 8, dtype=bool)
        for name, sequence in phrases:
            rate = generator.gamma(1.0, 0.0004)
            for at in generator.integers(0, max(1, n_tokens - 8), generator.poisson(rate * n_tokens)):
                if not taken[at : at + len(sequence)].any():
                    ids[at : at + len(sequence)] = sequence
                    taken[at : at + len(sequence)] = True
                    planted[name][document] += 1
        end = generator.choice(len(ENDS), n_tokens, p=np.array(SHARES) / sum(SHARES))
        stops = np.cumsum(generator.integers(6, 35, n_tokens // 6 + 1))
        stops = stops[stops < n_tokens - 4]
        end[stops] = 2
        end[stops[generator.random(len(stops)) < 0.03]] = 3
        end[stops[generator.random(len(stops)) < 0.2]] = 4
        inside = np.flatnonzero(taken[1:n_tokens] & taken[: n_tokens - 1])
        end[inside] = 0  # nothing comes between the words of a phrase
        end[-1] = 4
        pieces = variants[ids + len(words) * end]
        first = np.concatenate([[0], np.flatnonzero(end[:-1] >= 2) + 1])
        pieces[first] = capital[ids[first] + len(words) * end[first]]
        name = f"text_{document:05d}"
        (folder / "texts" / f"{name}.txt").write_text("".join(pieces), encoding="utf-8", newline="\n")
        rows.append((name, name, f"Text {document}", 2000 + document % 25))
    with open(folder / "documents.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("doc_id", "label", "title", "year"))
        writer.writerows(rows)
    return planted


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--megabytes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    write_corpus(arguments.folder, int(arguments.megabytes * 1e6), arguments.seed)


if __name__ == "__main__":
    main()
