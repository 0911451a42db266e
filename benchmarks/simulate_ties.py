"""How often the limits of ties between actors hold, with blocks of three sentences and with blocks as texts ask.

    python -m benchmarks.simulate_ties              two minutes on one core
    python -m benchmarks.simulate_ties --runs 20    a first look

Two actors stand in passages of their own and in some that they share; three others have nothing to do with them. The
documents are as long as those studied. The truth is the npmi of 240,000 sentences of the same kind. The table,
benchmarks/results/ties.csv: in how many texts the 95 per cent limits of the two hold it (`coverage`), and how wide they
are, of npmi (`width`).
"""

from __future__ import annotations

import argparse
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pandas as pd

from benchmarks.simulate_themes import RESULTS, SIZES, TEXTS, Text, draw_documents
from crossread.measure import actors

KINDS = tuple(name for name in TEXTS if "chapter" not in name)
SHARE, DRAWS = 0.15, 1000
BLOCKS = ("three sentences", "as texts ask")


def draw_actors(text: Text, runs: int, generator, sizes=SIZES) -> np.ndarray:
    """Return whether each sentence names each of five actors, sentences x 5 x runs; the first two share passages."""
    shared, *own = (draw_documents(text, SHARE, runs, generator, sizes=sizes) > 0 for _ in range(6))
    return np.stack([shared | own[0], shared | own[1], *own[2:]], axis=1).astype(float)


def true_npmi(text: Text, generator) -> float:
    """Return the npmi of the first two actors in very much text."""
    named = draw_actors(text, 60, generator, (4000,))
    together = (named[:, 0] * named[:, 1]).sum()
    return float(actors.npmi_of(together, named[:, 0].sum(), named[:, 1].sum(), named[:, 0].size))


def tables_of(named: np.ndarray) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the hits and the sentences of a text."""
    ids = np.array([f"s{row}" for row in range(len(named))])
    sentences = pd.DataFrame(
        {"doc_id": np.repeat([f"d{place}" for place in range(len(SIZES))], SIZES), "section": 0, "paragraph": 0,
         "sentence": 0, "segment": 0, "kind": "body", "n_tokens": 20, "start": 0, "end": 0},
        index=pd.Index(ids, name="sentence_id"),
    )  # fmt: skip
    rows, keys = np.nonzero(named)
    hits = pd.DataFrame(
        {"doc_id": sentences["doc_id"].to_numpy()[rows], "sentence_id": ids[rows], "lexicon": "made",
         "key": pd.Categorical.from_codes(keys, list("abcde")), "entry": "", "start_token": 0, "end_token": 1}
    )  # fmt: skip
    return hits, sentences


def simulate(runs: int, seed: int, kinds: tuple[str, ...] = KINDS) -> pd.DataFrame:
    """Return the table."""
    rows = []
    for kind in kinds:
        generator = np.random.default_rng([seed, KINDS.index(kind)])
        truth, texts = true_npmi(TEXTS[kind], generator), draw_actors(TEXTS[kind], runs, generator)
        for blocks in BLOCKS:
            held, widths = [], []
            for run in range(runs):
                with patch.object(actors, "_blocks", actors._blocks if blocks == BLOCKS[1] else three_sentences):
                    table = actors.comentions(*tables_of(texts[:, :, run]), draws=DRAWS, seed=run)
                tie = table[(table["actor_a"] == "a") & (table["actor_b"] == "b")].iloc[0]
                held.append(tie["low"] <= truth <= tie["high"])
                widths.append(tie["high"] - tie["low"])
            row = {"text": kind, "blocks": blocks, "runs": runs, "coverage": np.mean(held), "width": np.mean(widths)}
            rows.append(row)
            print(pd.DataFrame(rows[-1:]).round(3).to_string(header=len(rows) == 1), flush=True)
    return pd.DataFrame(rows)


def three_sentences(present, rows_of, first, second) -> np.ndarray:
    """Return blocks of three sentences for every tie."""
    return np.full(len(first), 3)


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--results", type=Path, default=RESULTS, help="the folder for the table")
    options = parser.parse_args()
    simulate(options.runs, options.seed).round(3).to_csv(options.results / "ties.csv", index=False, lineterminator="\n")


if __name__ == "__main__":
    main()
