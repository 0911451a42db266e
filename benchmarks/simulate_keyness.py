"""How often do two random halves of one document get “different” words? And do the limits of the log ratio cover?

    python benchmarks/simulate_keyness.py                    # halves of every document of the corpus
    python benchmarks/simulate_keyness.py --unit paragraph   # the same, whole paragraphs falling to one half
    python benchmarks/simulate_keyness.py --coverage         # limits, on made-up clustered words of known rate
    python benchmarks/simulate_keyness.py --ratios --rounds 1500    # is a ratio found that words say was sure to be?

Halves are drawn by segments of a document, or by its paragraphs, so that nothing differs but which passages fall
where. A test that keeps its level calls at most 5 per cent of the words different; Holm's adjustment at most 5 per
cent of the halves.
"""

import argparse

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix

from crossread import load
from crossread.corpus.tokens import TermMatrix
from crossread.errors import CrossreadError
from crossread.measure import false_words, keyness_of, segment_inflation
from crossread.measure.families import SURE
from crossread.measure.keyness import _Cells, _p_of, _ratios_of_documents


def made_words(rate, shape, factors, generator, segments=(15, 70)):
    """Draw words whose rate in a segment is gamma distributed, in two documents of so many segments."""
    counts, sizes = [], []
    for n_segments, factor in zip(segments, (factors, np.ones(len(factors))), strict=True):
        size = generator.integers(50, 90, n_segments)
        means = size[:, None] * rate * factor / 1000
        if np.isfinite(shape):
            means = means * generator.gamma(shape, 1 / shape, means.shape)
        counts.append(generator.poisson(means))
        sizes.append(size)
    units = pd.DataFrame({"doc_id": np.repeat(["a", "b"], segments), "n_tokens": np.concatenate(sizes)})
    words = np.array([f"w{number}" for number in range(len(factors))])
    return TermMatrix(csr_matrix(np.concatenate(counts)), units, words)


def coverage(rounds, seed):
    """Say how often the limits of the log ratio of such words hold the true one."""
    generator = np.random.default_rng(seed)
    print("rate per 1,000   variance of clusters   limits that cover log2(2)   limits without inflation")
    for rate, shape in ((2, np.inf), (2, 0.5), (5, np.inf), (5, 0.5), (10, 0.5), (10, 0.2)):
        made = made_words(rate, shape, np.full(rounds, 2.0), generator)
        a, b, n_a, n_b = sides_of(made)
        used = a + b > 0
        covered = []
        for widen in (segment_inflation(made)[used], 1.0):
            result = keyness_of(a[used], n_a, b[used], n_b, inflation=widen)
            covered.append(np.mean((result["low"] <= 1) & (1 <= result["high"])))
        print(f"{rate:14}   {1 / shape:20.1f}   {covered[0]:25.3f}   {covered[1]:24.3f}")


def sides_of(made):
    """Return the counts of both documents, and their tokens."""
    first = (made.units["doc_id"] == "a").to_numpy()
    tokens = made.units["n_tokens"].to_numpy()
    a, b = (np.asarray(made.matrix[rows].sum(0)).ravel() for rows in (first, ~first))
    return a, b, tokens[first].sum(), tokens[~first].sum()


def ratios_found(rate, shape, n_words, rounds, generator, *, below=False):
    """Return what part of so many words tells a ratio, its median, and in what part of other texts it is found.

    Asked are words that the first document has more of, or less; of the latter little is seen in a short one.
    """
    level, segments = SURE / n_words, (70, 280) if below else (15, 70)
    made = made_words(rate, shape, np.ones(rounds), generator, segments)
    a, b, n_a, n_b = sides_of(made)
    cells = _Cells(np.zeros(rounds, int), np.arange(rounds), a, b)
    told = _ratios_of_documents(cells, n_a, n_b, segment_inflation(made), level)
    as_asked = ((a * n_b < b * n_a) == below) & (a + b > 0)
    seen = as_asked & np.isfinite(told)
    times = 1 / told if below else told
    planted = made_words(rate, shape, np.where(seen, times, 1), generator, segments)
    a, b, n_a, n_b = sides_of(planted)
    found = _p_of(a, n_a, b, n_b, segment_inflation(planted))[seen] <= level
    ratio, share = (np.median(told[seen]), found.mean()) if seen.any() else (np.inf, np.nan)
    return seen.sum() / as_asked.sum(), ratio, share


def ratios(rounds, seed):
    """Say how often the smallest ratio that a word tells is found in other texts, among 20 and 300 words."""
    generator = np.random.default_rng(seed)
    print("side    words   rate per 1,000   variance of clusters   told   ratio   found")
    for below, n_words in ((False, 20), (False, 300), (True, 20), (True, 300)):
        for rate, shape in ((1, np.inf), (1, 0.5), (3, 2), (5, np.inf), (5, 0.5), (10, 0.2)):
            part, ratio, share = ratios_found(rate, shape, n_words, rounds, generator, below=below)
            side = "below" if below else "above"
            print(f"{side}   {n_words:5}   {rate:14}   {1 / shape:20.1f}   {part:4.2f}   {ratio:5.1f}   {share:5.2f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", default="alliances")
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--draws", type=int, default=1000)
    parser.add_argument("--minimum-count", type=int, default=5)
    parser.add_argument("--unit", choices=["segment", "paragraph"], default="segment")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--coverage", action="store_true")
    parser.add_argument("--ratios", action="store_true")
    options = parser.parse_args()
    if options.coverage:
        return coverage(options.rounds, options.seed)
    if options.ratios:
        return ratios(options.rounds, options.seed)
    corpus = load(options.corpus)
    tables = []
    for doc_id in corpus.documents.index:
        try:
            table = false_words(
                corpus,
                doc_id,
                unit=options.unit,
                rounds=options.rounds,
                minimum_count=options.minimum_count,
                draws=options.draws,
                seed=options.seed,
            )
            tables.append(table.assign(document=doc_id))
        except CrossreadError as reason:
            print(reason)
    table = pd.concat(tables)[["document", "test", "words", "share_different", "splits_with_any"]]
    print(table.to_string(index=False, float_format=lambda value: f"{value:.3f}"))


if __name__ == "__main__":
    main()
