"""Are planted numbers of topics found, and how often is a number found where there is none? Made-up passages.

    python -m benchmarks.simulate_topics --rounds 10 --save           # the committed table
    python -m benchmarks.simulate_topics --kinds "3 even,noise"       # some rows only

Every planted text has documents with a style of their own, and in all of them passages on 3, 5 or 8 topics: in equal
parts, or the largest four times as frequent as the smallest. Three kinds have no topic within documents: noise, style
alone, and style so strong that each document is a topic of its own ("fingerprints"). A passage has 25 counted tokens,
as in the study: half of them from its topic where there is one, 15 per cent from the style of its document, all others
from the words that every text has. `topic_stability` and `choose_k` are asked as for a real text. Beside it stands in
how many texts the planted number, given, has all topics, and how often the factors alone tell the number (1 where there
is none) in fifty texts more, as they are drawn and where a passage says its own words again and again.
"""

from __future__ import annotations

import argparse
from collections import Counter

import numpy as np
import pandas as pd
from scipy import sparse

from crossread.corpus.tokens import TermMatrix
from crossread.topics import choose_k, fit_topics, top_terms, topic_stability
from crossread.topics.factors import count_factors
from crossread.topics.models import in_order
from crossread.topics.stability import PLANTED

LENGTHS = {"study": (4, 15, 12, 12, 69), "8 of 20": (20,) * 8, "10 of 30": (30,) * 10}  # passages of each document
MORE, FURTHER = 50, 10_000  # texts for the factors alone, and the seed of the first
CLUMPED = 100.0  # four times the tokens of a passage
COLUMNS = ["documents", "planted", "rounds", "right", "has_all", "found", "factors_right", "factors_right_clumped"]
KINDS = {
    **{f"{k} {shape}": {"k": k, "ratio": ratio} for k in (3, 5, 8) for shape, ratio in (("even", 1), ("uneven", 4))},
    "noise": {"k": 0, "style": 0.0},
    "style": {"k": 0, "style": 0.3},
    "fingerprints": {"k": 0, "style": 0.6, "on_topic": 0.2},
}


def planted_texts(
    lengths: tuple[int, ...],
    k: int,
    seed: int,
    *,
    ratio: float = 1,
    tokens: int = 25,
    on_topic: float = 0.5,
    style: float = 0.15,
    terms: int = 400,
    words: int = 30,
    clumped: float | None = None,
) -> TermMatrix:
    """Draw passages of documents that speak of k topics, each of some words of its own.

    Parameters
    ----------
    lengths : tuple of int
        Passages of each document.
    k : int
        Number of topics; 0 for none.
    seed : int
    ratio : float
        How often the most frequent topic is there for once of the least frequent.
    tokens : int
        Mean number of counted tokens of a passage.
    on_topic, style : float
        Parts of the tokens that the topic and the document's style give.
    terms : int
        Terms of the vocabulary, as frequent as Zipf says.
    words : int
        Words of each topic and of each style.
    clumped : float, optional
        How little a passage says its own words again: its parts are drawn from a Dirichlet distribution that adds up to
        so many tokens. Without it they are the same in all passages of a topic.
    """
    generator = np.random.default_rng((seed, k))
    common = 1 / (np.arange(terms) + 10.0)
    common /= common.sum()
    topics = _planted_topics(generator, k, terms, words)
    sizes = ratio ** -np.linspace(0, 1, max(k, 1))
    rows, documents = [], []
    for number, length in enumerate(lengths):
        of_style = np.zeros(terms)
        of_style[generator.choice(terms, words, replace=False)] = generator.gamma(1.0, size=words)
        base = (1 - on_topic - style) * common + style * of_style / of_style.sum()
        mix = generator.dirichlet(50 * sizes / sizes.sum())
        for _ in range(length):
            own = 0.9 * topics[generator.choice(k, p=mix)] + 0.1 * topics.mean(0) if k else common
            parts = base + on_topic * own
            if clumped:
                parts = generator.dirichlet(clumped * parts)
            rows.append(generator.multinomial(max(8, generator.poisson(tokens)), parts))
            documents.append(f"d{number}")
    matrix = sparse.csr_matrix(np.array(rows))
    used = np.asarray((matrix > 0).sum(0)).ravel() > 1
    units = pd.DataFrame({"doc_id": documents, "segment": np.arange(len(documents))})
    return TermMatrix(
        matrix[:, used].tocsr(), units, np.array([f"t{i:03d}" for i in np.flatnonzero(used)], dtype=object)
    )


def _planted_topics(generator: np.random.Generator, k: int, terms: int = 400, words: int = 30) -> np.ndarray:
    order, topics = generator.permutation(terms), np.zeros((k, terms))
    for topic in range(k):
        topics[topic, order[topic * words : (topic + 1) * words]] = generator.gamma(1.0, size=words) + 0.2
    return topics / topics.sum(1, keepdims=True)


def has_all(lengths: tuple[int, ...], k: int, seed: int, **settings) -> bool:
    """Say whether k fitted topics have all that are planted: six of the top ten words of one are of its words."""
    counts = planted_texts(lengths, k, seed, **settings)
    planted = _planted_topics(np.random.default_rng((seed, k)), k) > 0
    tops = counts.terms[top_terms(fit_topics(counts, k).topic_term)]
    places = np.vectorize(lambda term: int(term[1:]))(tops)
    return bool((planted[:, places].sum(2).max(1) >= 6).all())


def numbers_found(lengths: tuple[int, ...], kind: str, rounds: int, first: int = 0, **asked) -> list[int | None]:
    """Return what `choose_k` says of so many texts of a kind."""
    settings = dict(KINDS[kind])
    k = settings.pop("k")
    texts = (planted_texts(lengths, k, seed, **settings) for seed in range(first, first + rounds))
    return [choose_k(topic_stability(counts, seed=seed, **asked)) for seed, counts in enumerate(texts, start=first)]


def factors_right(lengths: tuple[int, ...], kind: str, rounds: int, **more) -> int:
    """Return in how many further texts of a kind the factors alone tell the planted number."""
    settings = dict(KINDS[kind])
    k = settings.pop("k")
    texts = (in_order(planted_texts(lengths, k, seed, **settings, **more)) for seed in range(FURTHER, FURTHER + rounds))
    return sum(count_factors(text.matrix, text.units["doc_id"].to_numpy(), 10) == max(k, 1) for text in texts)


def main(asked: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--first", type=int, default=0, help="seed of the first round")
    parser.add_argument("--lengths", default=",".join(LENGTHS), help="of " + ", ".join(LENGTHS))
    parser.add_argument("--kinds", default=",".join(KINDS), help="of " + ", ".join(KINDS))
    parser.add_argument("--save", action="store_true", help="write the table, which the library reads")
    options = parser.parse_args(asked)
    rows = []
    for name in options.lengths.split(","):
        for kind in options.kinds.split(","):
            settings = dict(KINDS[kind])
            planted = settings.pop("k") or None
            seeds = range(options.first, options.first + options.rounds) if planted else ()
            whole = sum(has_all(LENGTHS[name], planted, seed, **settings) for seed in seeds)
            found = numbers_found(LENGTHS[name], kind, options.rounds, options.first)
            counted = sorted(Counter("none" if k is None else str(k) for k in found).items())
            said = ", ".join(f"{k}: {n}" for k, n in counted)
            right = sum(k == planted for k in found)
            by_factors = [factors_right(LENGTHS[name], kind, MORE, clumped=each) for each in (None, CLUMPED)]
            rows.append((name, kind, options.rounds, right, whole if planted else "", said, *by_factors))
            print(*rows[-1], sep=" | ", flush=True)
            if options.save:
                keep(rows)


def keep(rows: list[tuple]) -> None:
    """Write these rows into the table that the library reads; the others of it stay."""
    new = pd.DataFrame(rows, columns=COLUMNS).set_index(["documents", "planted"])
    table = pd.read_csv(PLANTED, dtype=object).drop(columns="passages").set_index(["documents", "planted"])
    table = new.astype(object).combine_first(table)
    order = pd.MultiIndex.from_product([LENGTHS, KINDS], names=table.index.names)
    table = table.reindex(order.intersection(table.index, sort=False)).reset_index()
    table.insert(1, "passages", [sum(LENGTHS[name]) for name in table["documents"]])
    table[["documents", "passages", *COLUMNS[1:]]].to_csv(PLANTED, index=False, lineterminator="\n")


if __name__ == "__main__":
    main()
