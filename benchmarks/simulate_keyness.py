"""How often do two random halves of one document get “different” words? And do the limits of the log ratio cover?

    python benchmarks/simulate_keyness.py                    # halves of every document of the corpus
    python benchmarks/simulate_keyness.py --unit paragraph   # the same, whole paragraphs falling to one half
    python benchmarks/simulate_keyness.py --coverage         # limits, on made-up clustered words of known rate

Halves are drawn by segments of a document, or by its paragraphs, so that nothing differs but which passages fall where. A
test that keeps its level calls at most 5 per cent of the words different; Holm's adjustment at most 5 per cent of the halves.
"""

import argparse

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix

from crossread import load
from crossread.resampling import adjust
from crossread.terms.frequency import segment_inflation
from crossread.terms.keyness import _permutation_p, keyness_of
from crossread.tokens import TermMatrix

LEVEL = 0.05


def halves(corpus, doc_id, rounds, draws, minimum_count, seed, unit):
    counted = corpus.term_matrix("segment")
    rows = np.flatnonzero((counted.units["doc_id"] == doc_id).to_numpy())
    matrix = counted.matrix[rows]
    matrix = matrix[:, np.asarray(matrix.sum(axis=0)).ravel() >= minimum_count]
    sizes = counted.units["n_tokens"].to_numpy(float)[rows]
    body = corpus.sentences[(corpus.sentences["kind"] == "body") & (corpus.sentences["doc_id"] == doc_id)]
    block = np.arange(len(rows)) if unit == "segment" else body.groupby("segment")["paragraph"].first().to_numpy()
    blocks_of_text = np.unique(block)
    generator = np.random.default_rng(seed)
    found = {"permutation": [], "G2": [], "G2, Holm": [], "permutation, Holm": []}
    for number in range(rounds):
        first = np.isin(block, generator.permutation(blocks_of_text)[: len(blocks_of_text) // 2])
        sides = np.flatnonzero(first), np.flatnonzero(~first)
        units = counted.units.iloc[rows].assign(doc_id=np.where(np.isin(np.arange(len(rows)), sides[0]), "a", "b"))
        inflation = segment_inflation(TermMatrix(matrix, units, np.arange(matrix.shape[1])))
        blocks = [(matrix[side], sizes[side]) for side in sides]
        p = _permutation_p(*blocks, inflation, draws, [seed, number])
        counts = [np.asarray(block[0].sum(axis=0)).ravel() for block in blocks]
        if unit == "paragraph":  # the halves are made of these: deal them as wholes
            joined = [_joined(matrix[side], sizes[side], block[side]) for side in sides]
            p_joined = _permutation_p(*joined, inflation, draws, [seed, number])
            found.setdefault("by paragraph", []).append((p_joined < LEVEL).mean())
        g2 = keyness_of(counts[0], blocks[0][1].sum(), counts[1], blocks[1][1].sum())["p_g2"]
        found["permutation"].append((p < LEVEL).mean())
        found["G2"].append((g2 < LEVEL).mean())
        found["permutation, Holm"].append((adjust(p) < LEVEL).any())
        found["G2, Holm"].append((adjust(g2) < LEVEL).any())
    return matrix.shape[1], {name: float(np.mean(values)) for name, values in found.items()}


def _joined(matrix, sizes, block):
    number = np.unique(block, return_inverse=True)[1]
    join = csr_matrix((np.ones(len(number), dtype=np.int64), (number, np.arange(len(number)))))
    return (join @ matrix).tocsr(), join @ sizes


def coverage(rounds, seed):
    """Words whose rate in a segment is gamma distributed about that of its document, in documents of 15 and 70 segments."""
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
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--draws", type=int, default=1000)
    parser.add_argument("--minimum-count", type=int, default=5)
    parser.add_argument("--unit", choices=["segment", "paragraph"], default="segment")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--coverage", action="store_true")
    options = parser.parse_args()
    if options.coverage:
        return coverage(options.rounds, options.seed)
    corpus = load(options.corpus)
    print("share of words called different, and of halves with any such word after Holm's adjustment")
    print(f"{'document':24} words   G2      permutation   G2, Holm   permutation, Holm")
    for doc_id in corpus.documents.index:
        body = corpus.sentences[(corpus.sentences["kind"] == "body") & (corpus.sentences["doc_id"] == doc_id)]
        if body[options.unit].nunique() > 1:
            words, found = halves(
                corpus, doc_id, options.rounds, options.draws, options.minimum_count, options.seed, options.unit
            )
            print(
                f"{doc_id:24} {words:5}   {found['G2']:.3f}   {found['permutation']:11.3f}   {found['G2, Holm']:8.3f}   "
                f"{found['permutation, Holm']:.3f}"
                + (f"   dealt by paragraph: {found['by paragraph']:.3f}" if "by paragraph" in found else "")
            )


if __name__ == "__main__":
    main()
