"""How well sentences are parted: their ends in texts that others have parted, beside pysbd and punkt.

python benchmarks/sentences.py FILE.conllu …           treebanks of Universal Dependencies, with sentences as they stand
python benchmarks/sentences.py FILE.conllu … --save    the numbers to results/sentences.csv

A paragraph (`# newpar`, or a document where none is marked) is given to each engine as one line. Counted are the ends
of sentences inside of paragraphs; what ends with its paragraph is no decision. pysbd and nltk are measured where they
are installed, punkt taught from the same texts without their marks, since its own models are no package.
"""

import argparse
import re
import time
from importlib.util import find_spec
from pathlib import Path

import pandas as pd

from crossread.corpus.sentences import split_sentences

Paragraph = tuple[str, set[int]]


def paragraphs_of(path: Path) -> list[Paragraph]:
    """Return the text of each paragraph, and the characters at which its sentences end, the last left out."""
    paragraphs: list[list[str]] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith(("# newdoc", "# newpar")):
            paragraphs.append([])
        elif line.startswith("# text = "):
            paragraphs[-1].append(line.removeprefix("# text = ").strip())
    marked = []
    for sentences in filter(None, paragraphs):
        ends, at = set(), 0
        for sentence in sentences[:-1]:
            at += len(sentence)
            ends.add(at)
            at += 1
        marked.append((" ".join(sentences), ends))
    return marked


def is_printed(text: str, end: int) -> bool:
    """Tell whether a sentence ends in a stop and the next begins with no small letter, as it does in print."""
    return re.search(r"[.!?…][^\w\s]*$", text[:end]) is not None and not text[end + 1 : end + 2].islower()


def ends_here(text: str) -> set[int]:
    return {end for _, end in split_sentences(text)}


def engines_for(paragraphs: list[Paragraph]) -> dict:
    """Return what parts a text, by the name of the engine."""
    engines = {"crossread": ends_here}
    if find_spec("pysbd"):
        from pysbd import Segmenter

        segmenter = Segmenter(language="en", clean=False, char_span=True)

        def ends_of_pysbd(text):
            return {span.start + len(span.sent.rstrip()) for span in segmenter.segment(text)}

        engines["pysbd"] = ends_of_pysbd
    if find_spec("nltk"):
        from nltk.tokenize.punkt import PunktSentenceTokenizer

        punkt = PunktSentenceTokenizer("\n\n".join(text for text, _ in paragraphs))
        engines["punkt"] = lambda text: {end for _, end in punkt.span_tokenize(text)}
    return engines


def measure(path: Path, only_printed: bool) -> list[dict]:
    """Return one row for each engine: precision and recall of all ends, or of those as in print."""
    paragraphs = paragraphs_of(path)
    rows = []
    for engine, ends_of in engines_for(paragraphs).items():
        begun = time.perf_counter()
        right = found = true = 0
        for text, ends in paragraphs:
            given = {end for end in ends_of(text) if end < len(text)}
            if only_printed:
                ends, given = ({end for end in some if is_printed(text, end)} for some in (ends, given))
            right, found, true = right + len(given & ends), found + len(given), true + len(ends)
        precision, recall = right / max(found, 1), right / max(true, 1)
        rows.append(
            {
                "texts": path.stem,
                "ends": "after a stop, before a capital" if only_printed else "all",
                "engine": engine,
                "n_ends": true,
                "precision": precision,
                "recall": recall,
                "f1": 2 * precision * recall / max(precision + recall, 1e-9),
                "seconds": time.perf_counter() - begun,
            }
        )
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--save", action="store_true")
    options = parser.parse_args()
    rows = [row for path in options.files for only_printed in (False, True) for row in measure(path, only_printed)]
    table = pd.DataFrame(rows).round({"precision": 4, "recall": 4, "f1": 4, "seconds": 2})
    print(table.to_string(index=False))
    if options.save:
        table.to_csv(Path(__file__).parent / "results" / "sentences.csv", index=False, lineterminator="\n")


if __name__ == "__main__":
    main()
