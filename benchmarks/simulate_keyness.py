"""How often do two random halves of one document get “different” words? And do the limits of the log ratio cover?

    python benchmarks/simulate_keyness.py                    # halves of every document of the corpus
    python benchmarks/simulate_keyness.py --unit paragraph   # the same, whole paragraphs falling to one half
    python benchmarks/simulate_keyness.py --coverage         # limits, on made-up clustered words of known rate

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


def coverage(rounds, seed):
    """Words whose rate in a segment is gamma distributed, in documents of 15 and 70 segments."""
    generator = np.random.default_rng(seed)
    print("rate per 1,000   variance of clusters   limits that cover log2(2)   limits without inflation")
    for rate, shape in ((2, np.inf), (2, 0.5), (5, np.inf), (5, 0.5), (10, 0.5), (10, 0.2)):
        hit, naive = [], []
        for _ in range(rounds):
            blocks = []
            for n_segments, factor in ((15, 2.0), (70, 1.0)):
                sizes = generator.integers(50, 90, n_segments)
                means = sizes * rate * factor / 1000
                if np.isfinite(shape):
                    means = means * generator.gamma(shape, 1 / shape, n_segments)
                blocks.append((generator.poisson(means), sizes))
            matrix = csr_matrix(np.concatenate([block[0] for block in blocks])[:, None])
            units = pd.DataFrame(
                {"doc_id": ["a"] * 15 + ["b"] * 70, "n_tokens": np.concatenate([block[1] for block in blocks])}
            )
            inflation = segment_inflation(TermMatrix(matrix, units, np.array(["w"])))[0]
            numbers = [value for block in blocks for value in (block[0].sum(), block[1].sum())]
            if numbers[0] + numbers[2] == 0:
                continue
            for kept, widen in ((hit, inflation), (naive, 1.0)):
                result = keyness_of(*numbers, inflation=widen)
                kept.append(result["low"] <= 1 <= result["high"])
        print(f"{rate:14}   {1 / shape:20.1f}   {np.mean(hit):25.3f}   {np.mean(naive):24.3f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", default="alliances")
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--draws", type=int, default=1000)
    parser.add_argument("--minimum-count", type=int, default=5)
    parser.add_argument("--unit", choices=["segment", "paragraph"], default="segment")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--coverage", action="store_true")
    options = parser.parse_args()
    if options.coverage:
        return coverage(options.rounds, options.seed)
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
