"""How well the body of web pages is found, against what people marked, beside trafilatura.

python benchmarks/pages.py TRUTH.json FOLDER … [--save]    the pages are FOLDER/NAME, plain or .html.gz

The truth has the form of the article-extraction-benchmark, `{NAME: {"articleBody": …}}`: then precision and recall are
of runs of four words, each counted as often as it stands there, as a mean over pages. Or it has that of trafilatura's
own evaluation, `{URL: {"file": NAME, "with": […], "without": […]}}`: then they are of these phrases, over all pages. A
page is lost when nothing of it is found. What crossread keeps are its paragraphs, headings and list items.
"""

import argparse
import gzip
import json
import re
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from unicodedata import normalize

import pandas as pd
import trafilatura

from crossread.corpus.cleaning import clean
from crossread.corpus.reading import read_text
from crossread.corpus.spans import running_text
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


def read_trafilatura(data: bytes) -> str:
    return trafilatura.extract(data, include_comments=False) or ""


def pages_of(truth: dict, folders: list[Path]) -> Iterator[tuple[bytes, dict]]:
    """Yield each page that is there with what people marked in it."""
    for name, marked in truth.items():
        file = marked.get("file", f"{name}.html.gz")
        path = next((folder / file for folder in folders if (folder / file).is_file()), None)
        if path is not None:
            data = path.read_bytes()
            yield gzip.decompress(data) if path.suffix == ".gz" else data, marked


def written_alike(text: str) -> str:
    """Return a text with its letters composed, without soft hyphens and characters that have no width, on one line."""
    return " ".join(re.sub("[\u00ad\u200b-\u200d\u2060\ufeff]", "", normalize("NFC", text)).split())


def in_runs(text: str, marked: dict) -> tuple[int, int, int]:
    """Return how many runs of four words were found and right, were found, and are right."""
    found, true = runs_of(written_alike(text)), runs_of(written_alike(marked["articleBody"]))
    return sum((found & true).values()), sum(found.values()), sum(true.values())


def in_phrases(text: str, marked: dict) -> tuple[int, int, int]:
    """Return the same of phrases, wherever they stand in the text."""
    text = written_alike(text)
    right, wrong = (sum(written_alike(phrase) in text for phrase in marked[of]) for of in ("with", "without"))
    return right, right + wrong, len(marked["with"])


def measure(truth: dict, folders: list[Path]) -> pd.DataFrame:
    """Return precision, recall, F1, pages lost and seconds of each engine."""
    by_runs = "articleBody" in next(iter(truth.values()))
    count: Callable = in_runs if by_runs else in_phrases
    rows = []
    with tempfile.TemporaryDirectory() as place:
        engines = {
            "crossread": lambda data: read_here(data, Path(place) / "page.html"),
            "trafilatura": read_trafilatura,
        }
        for data, marked in pages_of(truth, folders):
            for engine, body_of in engines.items():
                begun = time.perf_counter()
                text = body_of(data)
                rows.append((engine, *count(text, marked), time.perf_counter() - begun))
    table = pd.DataFrame(rows, columns=["engine", "right", "found", "true", "seconds"])
    table["lost"] = table["right"] == 0
    if by_runs:
        table["precision"], table["recall"] = (table["right"] / table[of].clip(lower=1) for of in ("found", "true"))
    by_engine = table.groupby("engine")
    if by_runs:
        result = by_engine[["precision", "recall"]].mean()
    else:
        sums = by_engine[["right", "found", "true"]].sum()
        result = pd.DataFrame({"precision": sums["right"] / sums["found"], "recall": sums["right"] / sums["true"]})
    result["f1"] = 2 * result["precision"] * result["recall"] / (result["precision"] + result["recall"])
    result["n_pages"], result["n_lost"] = by_engine.size(), by_engine["lost"].sum()
    result["seconds"] = by_engine["seconds"].sum()
    result.insert(0, "measured", "runs of four words" if by_runs else "phrases")
    return result.round({"precision": 4, "recall": 4, "f1": 4, "seconds": 1}).reset_index()


def save(table: pd.DataFrame) -> None:
    """Write rows to results/pages.csv in place of those measured alike on as many pages."""
    path = Path(__file__).parent / "results" / "pages.csv"
    old = pd.read_csv(path) if path.is_file() else table[:0]
    kept = old[~(old["measured"].isin(table["measured"]) & old["n_pages"].isin(table["n_pages"]))]
    pd.concat([kept, table]).sort_values(["n_pages", "engine"]).to_csv(path, index=False, lineterminator="\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("truth", type=Path)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--save", action="store_true")
    options = parser.parse_args()
    table = measure(json.loads(options.truth.read_text(encoding="utf-8")), options.folders)
    print(table.to_string(index=False))
    if options.save:
        save(table)


if __name__ == "__main__":
    main()
