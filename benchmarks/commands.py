"""What a user waits for at the terminal: a bare clone to its figures, the page, the tests, a folder of texts.

    python -m benchmarks.commands                   # all, in a clone that is thrown away; a quarter of an hour
    python -m benchmarks.commands --only "figures"  # some, after whatever they stand on
    python -m benchmarks.commands --save

Each command runs as it is typed, one after another, in a clone of what is committed here. What is written down: seconds
by the clock and of all processors, and how much other work there was (the system's load before it began). `--save`
writes results/commands.csv and the table in README.md.
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
from pathlib import Path

from benchmarks.generate import write_corpus
from benchmarks.waits import write_into_readme

ROOT = Path(__file__).resolve().parents[1]
SAVED = ROOT / "benchmarks" / "results" / "commands.csv"
MARKS = ("<!-- commands -->", "<!-- /commands -->")
COLUMNS = ("what", "command", "seconds", "processor_seconds", "load")
COMMANDS = {
    "a bare clone to its figures": "figures",
    "figures, nothing changed": "figures",
    "every figure anew": "figures --all",
    "published tables and figures checked": "check",
    "the page of the five texts": "explore --no-browser",
    "the quick tests": "test --quick",
    "all tests": "test",
    "a corpus of 200 files": "new mine ../200",
    "a folder of 200 MB counted": "count ../large --top 1",
}


def run(command: str, clone: Path) -> tuple[float, float, int]:
    """Run a command of a clone: seconds by the clock, of all processors, and how it ended."""
    environment = {**os.environ}
    for name in ("PYTHONPATH", "CROSSREAD_PROJECT", "PYTHONDONTWRITEBYTECODE"):
        environment.pop(name, None)
    begun, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, "run.py", *command.split()], cwd=clone, env=environment, capture_output=True, check=False
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    worked = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.monotonic() - begun, worked, done.returncode


def prepare(folder: Path) -> Path:
    """Make the clone, and what two of the commands read."""
    clone = folder / "project"
    subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], check=True)
    write_corpus(folder / "large", 200_000_000)
    few = folder / "200"
    few.mkdir()
    for path in sorted((folder / "large" / "texts").iterdir())[:200]:
        (few / path.name).write_bytes(path.read_bytes()[:4_000])
    return clone


def as_table(rows: list[tuple]) -> str:
    """Return the rows as a Markdown table."""
    lines = ["| what | `python3 run.py …` | by the clock | of all processors |", "| --- | --- | ---: | ---: |"]
    lines += [f"| {what} | `{command}` | {seconds} s | {worked} s |" for what, command, seconds, worked, _ in rows]
    return "\n".join(lines)


def main() -> int:
    """Measure, and save where it is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="what stands in the command")
    parser.add_argument("--save", action="store_true")
    options = parser.parse_args()
    rows, failed = [], 0
    with tempfile.TemporaryDirectory(prefix="crossread-") as folder:
        clone = prepare(Path(folder))
        for what, command in COMMANDS.items():
            if options.only not in command:
                continue
            load = os.getloadavg()[0]
            seconds, worked, ended = run(command, clone)
            row = (what, command, f"{seconds:.1f}", f"{worked:.1f}", f"{load:.1f}")
            sys.stdout.write(" | ".join(row) + (f" | ended with {ended}, and is not saved" if ended else "") + "\n")
            sys.stdout.flush()
            rows += [] if ended else [row]
            failed += bool(ended)
    if options.save:
        with open(SAVED, "w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([COLUMNS, *rows])
        write_into_readme(MARKS, as_table(rows))
    return failed


if __name__ == "__main__":
    sys.exit(main())
