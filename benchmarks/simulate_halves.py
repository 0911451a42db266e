"""How often are two random halves of one collection called different? Halves of its documents differ in nothing.

    python -m benchmarks.simulate_halves strategies=FOLDER addresses=FOLDER essays=FOLDER

Each collection, a folder of texts, is halved at random 100 times, each time all questions that know groups are asked
as by default: themes (share of sentences, hits per 1,000 tokens), senses, words, and the ten most frequent words. The
themes are those of the study. The table, benchmarks/results/halves.csv, says in how many halvings anything was called
supported; frequencies have limits and no verdict, so there it is in how many the limits of any word do not overlap.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

import crossread
from crossread import measure
from crossread.measure.groups import Groups
from crossread.measure.resampling import exact_limits

RESULTS = Path(__file__).parent / "results"


def questions(study: crossread.Study) -> dict[str, Callable[[Groups], int]]:
    """Return what is asked of two halves, each with how many rows it calls different."""
    folding, names = measure.read_folding(), measure.name_words(study.corpus, None)

    def themes(hits: pd.DataFrame, quantity: str) -> Callable[[Groups], int]:
        return lambda by: supported(measure.theme_contrasts(hits, study.sentences, quantity=quantity, by=by))

    return {
        "themes, share of sentences": themes(study.hits, "share"),
        "themes, per 1,000 tokens": themes(study.hits, "per_1000"),
        "senses, share of sentences": themes(study.sense_hits, "share"),
        "senses, per 1,000 tokens": themes(study.sense_hits, "per_1000"),
        "keyness": lambda by: supported(measure.keyness(study.corpus, by=by, folding=folding, leave_out=names)),
        "frequencies": lambda by: apart(measure.common_frequencies(study.corpus, by=by)),
    }


def supported(table: pd.DataFrame) -> int:
    """Return how many rows have a verdict that says so."""
    return int((table["verdict"] == "supported").sum())


def apart(table: pd.DataFrame) -> int:
    """Return of how many words the limits of the groups do not overlap."""
    limits = table.groupby("term").agg({"low": "max", "high": "min"})
    return int((limits["low"] > limits["high"]).sum())


def halve(documents: pd.DataFrame, generator: np.random.Generator) -> Groups:
    """Put the documents into two halves by chance."""
    halves = np.where(generator.permutation(len(documents)) < len(documents) // 2, "one", "other")
    return measure.group_documents(documents.assign(half=halves), "half")


def simulate(name: str, folder: Path, lexicon: Path, rounds: int, seed: int, only: str = "") -> pd.DataFrame:
    """Return a row for each question that begins so: in how many of so many halvings anything was called different."""
    study = crossread.study(folder, lexicon=lexicon)
    generator = np.random.default_rng(seed)
    halves = [halve(study.documents, generator) for _ in range(rounds)]
    rows = []
    for question, ask in questions(study).items():
        if not question.startswith(only):
            continue
        called = np.array([ask(half) for half in halves])
        low, high = exact_limits(int((called > 0).sum()), rounds, share=True)
        rows.append(
            {
                "collection": name,
                "documents": len(study.documents),
                "question": question,
                "halvings": rounds,
                "with_any": int((called > 0).sum()),
                "with_any_low": 100 * float(low),
                "with_any_high": 100 * float(high),
                "rows_called": int(called.sum()),
            }
        )
        print(*rows[-1].values(), sep=" | ", flush=True)
    return pd.DataFrame(rows)


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("collections", nargs="+", metavar="NAME=FOLDER")
    parser.add_argument("--lexicon", type=Path, default=Path("corpus/themes.yml"))
    parser.add_argument("--only", default="", help="questions that begin so, such as themes")
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--results", type=Path, default=RESULTS, help="the folder for the table")
    options = parser.parse_args()
    given = [one.partition("=") for one in options.collections]
    tables = [
        simulate(name, Path(folder), options.lexicon, options.rounds, options.seed, options.only)
        for name, _, folder in given
    ]
    path, key = options.results / "halves.csv", ["collection", "question"]
    before = pd.read_csv(path) if path.is_file() else None  # what was not asked now keeps its row
    table = pd.concat([before, *tables], ignore_index=True).drop_duplicates(key, keep="last")
    table.round(1).to_csv(path, index=False, lineterminator="\n")


if __name__ == "__main__":
    main()
