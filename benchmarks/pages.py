"""How well the body of web pages is found: runs of four words against what people marked, beside trafilatura.

python benchmarks/pages.py GROUND_TRUTH.json FOLDER [--save]    the pages are FOLDER/NAME.html.gz

The file has the form of the article-extraction-benchmark: `{NAME: {"articleBody": …}}`. Precision and recall are of
runs of four words, each counted as often as it stands there, as a mean over pages; a page is lost when none is found.
"""

import argparse
import gzip
import json
import re
import tempfile
import time
from collections import Counter
from pathlib import Path

import pandas as pd
import trafilatura

from crossread.corpus.cleaning import clean, running_text
from crossread.corpus.reading import read_text
from crossread.errors import CrossreadError

RUN = 4


def runs_of(text: str) -> Counter:
    words = re.findall(r"\w+", text.lower())
    return Counter(tuple(words[i : i + RUN]) for i in range(max(1, len(words) - RUN + 1))) if words else Counter()


def read_here(data: bytes, path: Path) -> str:
    path.write_bytes(data)
    try:
        source = read_text(path)
    except CrossreadError:
        return ""
    units = clean(source.text, source.blocks).units
    return "\n".join(running_text(source.text, unit).text for unit in units if unit.kind in ("body", "heading"))


def measure(known: dict, folder: Path) -> pd.DataFrame:
    """Return precision, recall, F1, pages lost and seconds of each engine."""
    rows = []
    with tempfile.TemporaryDirectory() as place:
        engines = {
            "crossread": lambda data: read_here(data, Path(place) / "page.html"),
            "trafilatura": lambda data: trafilatura.extract(data, include_comments=False) or "",
        }
        for name, truth in known.items():
            path = folder / f"{name}.html.gz"
            if not path.is_file():
                continue
            data, true = gzip.decompress(path.read_bytes()), runs_of(truth["articleBody"])
            for engine, body_of in engines.items():
                begun = time.perf_counter()
                found = runs_of(body_of(data))
                seconds, common = time.perf_counter() - begun, sum((found & true).values())
                precision, recall = common / max(1, sum(found.values())), common / max(1, sum(true.values()))
                rows.append((engine, precision, recall, common == 0, seconds))
    table = pd.DataFrame(rows, columns=["engine", "precision", "recall", "lost", "seconds"]).groupby("engine")
    result = table[["precision", "recall"]].mean()
    result["f1"] = 2 * result["precision"] * result["recall"] / (result["precision"] + result["recall"])
    result["n_pages"], result["n_lost"], result["seconds"] = table.size(), table["lost"].sum(), table["seconds"].sum()
    return result.round({"precision": 4, "recall": 4, "f1": 4, "seconds": 1}).reset_index()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("truth", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--save", action="store_true")
    options = parser.parse_args()
    table = measure(json.loads(options.truth.read_text(encoding="utf-8")), options.folder)
    print(table.to_string(index=False))
    if options.save:
        table.to_csv(Path(__file__).parent / "results" / "pages.csv", index=False, lineterminator="\n")


if __name__ == "__main__":
    main()
