"""What a user waits for: each question of a study, on made documents of 600 words, as called by default.

    python -m benchmarks.waits              # 50 and 500 documents
    python -m benchmarks.waits --sizes 50,500,5000 --save

Each step runs in a process of its own, after the corpus was opened there, and is stopped after `--limit` seconds of the
processor, however busy the machine is. What is written down: seconds of the processor, all of its threads, and the peak
of memory. `--save` writes results/waits.csv and the table at the top of README.md.
"""

from __future__ import annotations

import argparse
import csv
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
MARKS = ("<!-- waits -->", "<!-- /waits -->")
STEPS = {
    "open (a table of texts)": "study",
    "theme rates": "study.rates()",
    "contrasts of themes": 'study.contrasts("share")',
    "contrasts of groups": 'study.contrasts("share", by="party")',
    "trends over years": "study.trends()",
    "frequencies": "study.frequencies()",
    "dispersion": "study.dispersion()",
    "keyness, one document": "study.keyness(study.documents.index[0])",
    "keyness, every document": "study.keyness()",
    "keyness, groups": 'study.keyness(by="party")',
    "account of characters": "study.account()",
    "variety": "study.variety()",
    "similarity": "study.similarity()",
    "map": "study.map()",
    "collocations of a word": 'study.collocations("allies")',
    "ten topics": "study.topic_model(10)",
    "ten topics, by LDA": 'cr.topics.fit_topics(study.topic_counts, 10, method="lda")',
    "stability of topics": "study.topic_stability()",
    "page": "study.page(PAGE)",
}


def made_texts(n_documents: int, n_words: int = 600, seed: int = 0) -> dict[str, list]:
    """Texts of words of the practice corpus, as frequent as Zipf says, with a party and a year."""
    from benchmarks.generate import practice_words

    words = np.array(practice_words())
    generator = np.random.default_rng(seed)
    weights = 1 / np.arange(1, len(words) + 1)
    table: dict[str, list] = {"doc_id": [], "text": [], "party": [], "year": []}
    for number in range(n_documents):
        drawn = generator.choice(words, n_words, p=weights / weights.sum())
        sentences = [" ".join(drawn[start : start + 20]).capitalize() + "." for start in range(0, n_words, 20)]
        paragraphs = [" ".join(sentences[start : start + 5]) for start in range(0, len(sentences), 5)]
        table["doc_id"].append(f"d{number:05d}")
        table["text"].append("\n\n".join(paragraphs))
        table["party"].append(f"party {number % 4}")
        table["year"].append(1990 + number % 30)
    return table


def measure(step: str, n_documents: int, limit: float) -> None:
    """Open the corpus, do one step, and write processor seconds and megabytes; end by a signal at the limit."""
    import tempfile

    import pandas as pd

    import crossread as cr

    table = pd.DataFrame(made_texts(n_documents))
    lexicon = {
        "burden": ["burden*", "cost*", "pay*"],
        "rival": ["rising", "claim*"],
        "many": ["coalition*", "network*"],
    }
    begun = time.process_time()
    study = cr.study(table, text="text", lexicon=lexicon)
    _ = study.hits
    if STEPS[step] != "study":
        most = int(time.process_time() + limit)
        resource.setrlimit(resource.RLIMIT_CPU, (most, most + 5))
        begun = time.process_time()
        page = Path(tempfile.mkdtemp()) / "page.html"
        eval(STEPS[step], {"cr": cr, "study": study, "PAGE": page})
    seconds = time.process_time() - begun
    sys.stdout.write(f"{seconds:.2f} {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f}\n")


def run(step: str, n_documents: int, limit: float) -> tuple[str, int, str, str]:
    """Run a step in a process of its own and return its seconds and megabytes, or that it was stopped."""
    command = [sys.executable, "-m", "benchmarks.waits", "--one", step, "--sizes", str(n_documents)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE.parent / "lib"), str(HERE.parent)])}
    command += ["--limit", str(limit)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment, cwd=HERE.parent)
    if done.returncode == -signal.SIGXCPU:
        return step, n_documents, f"> {limit:.0f} s", ""
    if done.returncode:
        return step, n_documents, "refused: " + done.stderr.strip().splitlines()[-1][:160], ""
    return step, n_documents, *done.stdout.split()


def as_table(rows: list[tuple]) -> str:
    """Return the rows as a Markdown table, a column for each number of documents, and how the seconds grow."""
    sizes = sorted({int(row[1]) for row in rows})
    lines = [
        "| step | " + " | ".join(f"{size:,} documents" for size in sizes) + " | growth |",
        "| --- |" + " ---: |" * (len(sizes) + 1),
    ]
    for step in dict.fromkeys(row[0] for row in rows):
        own = [row for row in rows if row[0] == step]
        cells = {int(row[1]): f"{row[2]} s, {row[3]} MB" if row[3] else row[2].split(":")[0] for row in own}
        shown = [*(cells.get(size, "") for size in sizes), growth_of(own)]
        lines.append(f"| {step} | " + " | ".join(shown) + " |")
    return "\n".join(lines)


def growth_of(rows: list[tuple]) -> str:
    """Return the slope of log seconds on log documents between the two largest sizes that were done; 1 is linear."""
    done = sorted((int(row[1]), float(row[2])) for row in rows if row[3])[-2:]
    if len(done) < 2 or min(done)[0] == max(done)[0]:
        return ""
    (fewer, before), (more, after) = done
    return f"{np.log(after / before) / np.log(more / fewer):.2f}"


def write_into_readme(marks: tuple[str, str], table: str) -> None:
    """Put a table between its marks in benchmarks/README.md, in place of the one that stands there."""
    path = HERE / "README.md"
    readme = path.read_text(encoding="utf-8")
    before, after = readme.split(marks[0])[0], readme.split(marks[1])[1]
    path.write_text(f"{before}{marks[0]}\n{table}\n{marks[1]}{after}", encoding="utf-8", newline="\n")


def main() -> None:
    """Measure, and save where it is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="50,500")
    parser.add_argument("--limit", type=float, default=60)
    parser.add_argument("--save", action="store_true")
    parser.add_argument("--one")
    options = parser.parse_args()
    sizes = [int(size) for size in options.sizes.split(",")]
    if options.one:
        return measure(options.one, sizes[0], options.limit)
    rows = []
    for step in STEPS:
        for size in sizes:
            rows.append(run(step, size, options.limit))
            sys.stdout.write(" | ".join(map(str, rows[-1])) + "\n")
            sys.stdout.flush()
    if options.save:
        with open(HERE / "results" / "waits.csv", "w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([("step", "documents", "cpu_seconds", "peak_mb"), *rows])
        write_into_readme(MARKS, as_table(rows))
    return None


if __name__ == "__main__":
    main()
