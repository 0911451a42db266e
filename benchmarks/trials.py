"""Corpora of all sizes: from file to a figure of themes over years by group, and what every notebook takes on them.

    python -m benchmarks.trials                         # the five texts, those of ../shared/trial, and made ones
    python -m benchmarks.trials essays --notebooks 03   # some
    python -m benchmarks.trials --save

Each corpus but the five texts is made by the command, gets a lexicon of three themes, and is asked for its figure by
the lines that the README gives; then each notebook runs on it cell by cell, in a process of its own with one thread.
Seconds are of the processor, since the machine is shared; a quiet one waits no longer. `--save` puts each row into
results/trials.csv as soon as it is measured, in the place of an older one, and at the end the table into README.md.
Growth is the slope of log seconds on log documents between the two made corpora.
"""

from __future__ import annotations

import argparse
import csv
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.waits import growth_of, made_texts, write_into_readme

HERE = Path(__file__).resolve().parent
SAVED = HERE / "results" / "trials.csv"
MARKS = ("<!-- trials -->", "<!-- /trials -->")
COLUMNS = ("corpus", "step", "cpu_seconds", "slowest_cell", "cell_seconds", "peak_mb")
THEMES = {
    "burden_sharing": ["burden*", "cost*", "pay*", "paid", "spend*"],
    "rivals": ["rival*", "threat*", "aggress*", "enem*"],
    "allies": ["allies", "ally", "alliance*", "partner*", "coalition*"],
}
MADE = {"made-60": 60, "made-1000": 1000}  # documents of 600 words
CORPORA = {  # what is read, the metadata, the groups, and the figure over years by group
    "alliances": (None, None, "kind", None),
    "strategies": ("strategies", "strategies.csv", "party", 'study.group_trends("party")'),
    "inaugurals": ("inaugurals", "inaugurals.csv", "party", 'study.group_trends("party")'),
    "essays": ("essays", None, "title", 'study.rates(by="decade")'),
    "table": ("table.csv", None, "party", 'study.group_trends("party")'),
    **{name: (f"{name}.csv", None, "party", 'study.group_trends("party")') for name in MADE},
}
FIGURE = """
import crossread as cr
study = cr.study("{name}")
{question}.save(1)
"""


def commands_of(name: str, place: Path) -> list[str]:
    """Return what is typed, from the files to a corpus with themes."""
    source, metadata, _, _ = CORPORA[name]
    about = f" --metadata {place / metadata}" if metadata else ""
    return [f"new {name} {place / source}{about}", f"lexicon {name} {place / 'themes.csv'}"]


def prepare(trial: Path, place: Path) -> None:
    """Put the corpora beside the lexicon and a table, as a stranger has them."""
    for path in trial.iterdir():
        (place / path.name).symlink_to(path)
    with open(place / "themes.csv", "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("key", "entry"), *((key, one) for key, some in THEMES.items() for one in some)])
    with open(place / "inaugurals.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with open(place / "table.csv", "w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(("speech", "year", "party"))
        for row in rows:
            text = (trial / "inaugurals" / row["file"]).read_text(encoding="utf-8")
            table.writerow((text, row["year"], row["party"]))
    for name, n_documents in MADE.items():
        made = made_texts(n_documents)
        with open(place / f"{name}.csv", "w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([tuple(made), *zip(*made.values(), strict=True)])


def measure(path: Path, corpus: str) -> None:
    """Run the cells of a notebook here; write seconds, the slowest cell, its seconds, megabytes."""
    import nbformat
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.capture import capture_output

    from crossread_press.notebooks import on_corpus

    notebook, shell, seconds = nbformat.read(path, as_version=4), InteractiveShell.instance(), {}
    on_corpus(notebook, corpus)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            begun = time.process_time()
            with capture_output():
                source = cell.source.replace('by = "party"', f'by = "{CORPORA[corpus][2]}"')
                shell.run_cell(source, store_history=False).raise_error()  # what is refused is told, and no error
            seconds[cell.id] = time.process_time() - begun
    slowest = max(seconds, key=seconds.get)
    _write(sum(seconds.values()), slowest, seconds[slowest])


def draw(corpus: str) -> None:
    """Run the lines from the study to the figure; write their seconds and megabytes."""
    begun = time.process_time()
    exec(FIGURE.format(name=corpus, question=CORPORA[corpus][3]), {})
    _write(time.process_time() - begun, "-", 0)


def _write(seconds: float, slowest: str, of_slowest: float) -> None:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(f"{seconds:.1f} {slowest} {of_slowest:.1f} {peak:.0f}\n")


def run(arguments: list[str], place: Path) -> tuple[list[str], float]:
    """Run Python in the stranger's folder: the words of its last line, and its seconds of the processor."""
    from crossread_press.kernels import ENVIRONMENT

    library = os.pathsep.join([str(HERE.parent / "lib"), str(HERE.parent)])
    environment = {**os.environ, **ENVIRONMENT, "PYTHONPATH": library, "CROSSREAD_PROJECT": str(place)}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, check=False, env=environment, cwd=place
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise RuntimeError(f"{' '.join(arguments)}: {done.stderr.strip().splitlines()[-1]}")
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return (done.stdout.strip().splitlines() or [""])[-1].split(), seconds


def rows_of(corpus: str, place: Path, names: list[str]) -> Iterator[tuple[str, ...]]:
    """Yield the rows of a corpus: from file to figure, then its notebooks."""
    from crossread_press.notebooks import find_notebooks

    if CORPORA[corpus][0] is not None:
        commands = commands_of(corpus, place)
        seconds = sum(run(["-m", "crossread_press", *line.split()], place)[1] for line in commands)
        (_, *others), drawing = run(["-m", "benchmarks.trials", "--draw", corpus], place)
        lines = len(commands) + len(FIGURE.strip().splitlines())
        yield (corpus, f"from file to figure, {lines} lines", f"{seconds + drawing:.1f}", *others)
    for path in find_notebooks(names or None, HERE.parent / "notebooks", seminar=False):
        if corpus == "alliances" or not path.stem.startswith("00-"):  # it is about the five texts
            yield (corpus, path.stem, *run(["-m", "benchmarks.trials", "--measure", str(path), corpus], place)[0])


def saved() -> list[tuple[str, ...]]:
    """Return the rows of results/trials.csv, corpora and steps in their order."""
    if not SAVED.is_file():
        return []
    with open(SAVED, encoding="utf-8", newline="") as file:
        _, *rows = csv.reader(file)
    order = list(CORPORA)
    return [tuple(row) for row in sorted(rows, key=lambda row: (order.index(row[0]), row[1][:1].isdigit(), row[1]))]


def keep(row: tuple[str, ...]) -> None:
    """Put a row into results/trials.csv, in the place of an older one on the same step."""
    rows = [other for other in saved() if other[:2] != row[:2]] + [row]
    with open(SAVED, "w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([COLUMNS, *rows])


def as_table(rows: list[tuple]) -> str:
    """Return the rows as a Markdown table, a column for each corpus."""
    corpora = list(dict.fromkeys(row[0] for row in rows))
    lines = ["| step | " + " | ".join(corpora) + " | growth |", "| --- |" + " ---: |" * (len(corpora) + 1)]
    for step in sorted({row[1] for row in rows}, key=lambda step: (step[:1].isdigit(), step)):
        own = {row[0]: row for row in rows if row[1] == step}
        cells = [f"{own[one][2]} s, {own[one][5]} MB" if one in own else "" for one in corpora]
        made = [(step, MADE[one], own[one][2], own[one][5]) for one in MADE if one in own]
        lines.append(f"| {step} | " + " | ".join([*cells, growth_of(made)]) + " |")
    return "\n".join(lines)


def main() -> None:
    """Measure, and save where it is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", nargs="*", default=list(CORPORA), help=", ".join(CORPORA))
    parser.add_argument("--trial", type=Path, default=HERE.parents[1] / "shared" / "trial")
    parser.add_argument("--notebooks", nargs="*", default=[], help="beginnings of names")
    parser.add_argument("--save", action="store_true")
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--draw", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        return measure(options.measure, options.corpora[0])
    if options.draw:
        return draw(options.draw)
    with tempfile.TemporaryDirectory(prefix="crossread-") as scratch:
        prepare(options.trial.resolve(), Path(scratch))
        for corpus in options.corpora:
            for row in rows_of(corpus, Path(scratch), options.notebooks):
                sys.stdout.write(" | ".join(row) + "\n")
                sys.stdout.flush()
                if options.save:
                    keep(row)
    if options.save:
        write_into_readme(MARKS, as_table(saved()))
    return None


if __name__ == "__main__":
    main()
