"""How well PDFs are read: runs of four words against known texts, beside other engines.

python benchmarks/reading.py FOLDER                    every FOLDER/NAME.pdf that has a FOLDER/NAME.txt or NAME.md
python benchmarks/reading.py FOLDER --other NAME=TEXTS texts of another engine, TEXTS/NAME.txt, measured too
python benchmarks/reading.py FOLDER --printed --save   every FOLDER/NAME.txt, typeset by groff first: in one and in two
                                                       columns, justified, hyphenated, with heads and page numbers

crossread is measured twice: with what it keeps as text, and with all that it reads (heads, page numbers and tables of
contents too). pdftotext is run where it is on the PATH, PDFium always, each plain and with the words joined that a
hyphen at a line end parts. Printed for each engine and document: precision and recall of the runs of four words (each
counted as often as it stands there), words split at a line end and words wrongly joined for each 10,000, and seconds of
the processor for each 100 pages, which the start of the engine makes many for short documents: `--printed` typesets all
texts as one document too. `--save` writes the means to results/reading.csv, of real reports the rows too.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import pandas as pd
import pypdfium2 as pdfium

from crossread.corpus.cleaning import clean
from crossread.corpus.reading import read_text
from crossread.corpus.spans import running_text

RUN = 4
MEASURES = ["precision", "recall", "split_per_10000", "joined_per_10000", "seconds_per_100_pages"]
KINDS = ("body", "heading", "note")


def parts_of(text):
    """Return the words of a text in small letters, and what stands between each two; addresses are left out.

    crossread cuts addresses, and others may break them.
    """
    parts = re.split(r"([^\W_]+)", re.sub(r"\w+://\S+|\S+@\S+", " ", text.replace("\u00ad", "").lower()))
    return parts[1::2], parts[2:-1:2]


def runs_of(words):
    return Counter(zip(*(words[place:] for place in range(RUN)), strict=False))


def compare(text, known):
    """Return precision, recall, and words split and joined for each 10,000."""
    words, between = parts_of(text)
    true_words, _ = parts_of(known)
    found, true = runs_of(words), runs_of(true_words)
    common = sum((found & true).values())
    vocabulary, pairs = Counter(true_words), set(zip(true_words, true_words[1:], strict=False))
    halves = [
        (a, b)
        for a, b, gap in zip(words, words[1:], between, strict=False)
        if (a, b) not in pairs and a + b in vocabulary and (a + b).isalpha() and not gap.strip(" \n\f-‐")
    ]
    glued = {a + b for a, b in pairs if (a + b).isalpha()} - set(vocabulary)
    return {
        "precision": common / max(sum(found.values()), 1),
        "recall": common / max(sum(true.values()), 1),
        "split_per_10000": 1e4 * len(halves) / max(len(words), 1),
        "joined_per_10000": 1e4 * sum(word in glued for word in words) / max(len(words), 1),
    }


def read_here(path, whole):
    """Return what crossread keeps as text, or with what it cuts where that stands, and the number of pages."""
    source = read_text(path)
    cleaned = clean(source.text, source.blocks)
    pieces = [(unit.spans[0][0], running_text(source.text, unit).text) for unit in cleaned.units if unit.kind in KINDS]
    if whole:
        pieces += [
            (cut.start, source.text[cut.start : cut.end]) for cut in cleaned.cuts if cut.reason != "beside the page"
        ]
    return "\n\n".join(text for _, text in sorted(pieces)), source.text.count("\f") + 1


def read_with_poppler(path):
    done = subprocess.run(["pdftotext", "-enc", "UTF-8", str(path), "-"], capture_output=True, check=True)
    return done.stdout.decode("utf-8", "replace")


def read_with_pdfium(path):
    with pdfium.PdfDocument(path) as document:
        # U+0002 and U+FFFE are what PDFium makes of a hyphen at a line end
        return "\n".join(re.sub("[\x02\ufffe]", "-\n", page.get_textpage().get_text_range()) for page in document)


def timed(read, *arguments):
    """Return what a reader returns, and the seconds of the processor that it took, its own programs' too."""
    before = sum(os.times()[:4])
    result = read(*arguments)
    return result, sum(os.times()[:4]) - before


def typeset(text, n_columns):
    """Return a text as a PDF that groff has made of it, a head and the number of the page on each."""
    lines = [".nr PO 1i", ".nr LL 6.5i", ".ds CH Papers on the Guard of the Coast", ".ds CF %", f".{n_columns}C"]
    for paragraph in re.split(r"\n\s*\n", text):
        if words := " ".join(paragraph.split()):
            lines += [".PP", "\\&" + words.replace("\\", "\\e")]
    done = subprocess.run(["groff", "-k", "-ms", "-Tpdf"], input="\n".join(lines).encode(), capture_output=True)
    return done.stdout


def print_all(texts, folder):
    """Typeset the texts of a folder in one and in two columns, each with its text beside it, and all of them as one."""
    known = {path.stem: path.read_text(encoding="utf-8") for path in sorted(texts.glob("*.txt"))}
    for name, text in {**known, "all": "\n\n".join(known.values())}.items():
        for n_columns in (1, 2):
            place = folder / f"{name}, {n_columns} columns{', one document' if name == 'all' else ''}.pdf"
            place.write_bytes(typeset(text, n_columns))
            place.with_suffix(".txt").write_text(text, encoding="utf-8")


def join_broken(text):
    return re.sub(r"(?<=[^\W\d_])[-\u00ad]\s*\n\s*(?=[^\W\d_])", "", text)


def measure(folder, others):
    """Return one row for each engine and document."""
    peers = {"PDFium": read_with_pdfium} | ({"pdftotext": read_with_poppler} if shutil.which("pdftotext") else {})
    rows = []
    for path in sorted(folder.glob("*.pdf")):
        known = next((p for end in (".txt", ".md") if (p := path.with_suffix(end)).is_file()), None)
        if known is None:
            continue
        true = known.read_text(encoding="utf-8")
        texts = {}
        for name, whole in (("crossread", False), ("crossread, all", True)):
            (text, n_pages), seconds = timed(read_here, path, whole)
            texts[name] = text, seconds
        for name, read in peers.items():
            text, seconds = timed(read, path)
            texts[name] = text, seconds
            texts[f"{name}, joined"] = join_broken(text), seconds
        for name, place in others.items():
            text = (place / f"{path.stem}.txt").read_text(encoding="utf-8")
            texts[name] = text, float("nan")
        for engine, (text, seconds) in texts.items():
            row = {"document": path.stem, "engine": engine, "n_pages": n_pages, **compare(text, true)}
            rows.append(row | {"seconds_per_100_pages": 100 * seconds / n_pages})
    return pd.DataFrame(rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--other", action="append", default=[], help="NAME=FOLDER of the texts of another engine")
    parser.add_argument("--printed", action="store_true", help="typeset the texts of the folder first")
    parser.add_argument("--save", action="store_true")
    options = parser.parse_args()
    others = {name: Path(place) for name, _, place in (given.partition("=") for given in options.other)}
    with tempfile.TemporaryDirectory() as place:
        if options.printed:
            print_all(options.folder, Path(place))
        table = measure(Path(place) if options.printed else options.folder, others)
    if table.empty:
        sys.exit(f"{options.folder}: no PDF with a text of the same name beside it.")
    print(table.round(3).to_string(index=False))
    printed = table["document"].str.extract(r", (\d columns(?:, one document)?)$")[0]
    means = pd.concat(
        [table.assign(layout=printed.fillna("as found")), table[printed.isna()].assign(layout=table["document"])]
    )
    means = means.groupby(["layout", "engine"]).agg(
        {name: "mean" for name in MEASURES} | {"n_pages": "sum", "document": "count"}
    )
    means = means.rename(columns={"document": "n_documents"}).round(4).astype({"n_pages": int, "n_documents": int})
    print(means.to_string())
    if options.save:
        place = Path(__file__).parent / "results" / "reading.csv"
        before = pd.read_csv(place, index_col=["layout", "engine"])  # what was measured on other documents stays
        before = before[~before.index.get_level_values("layout").isin(means.index.get_level_values("layout"))]
        pd.concat([before, means]).to_csv(place, lineterminator="\n")


if __name__ == "__main__":
    main()
