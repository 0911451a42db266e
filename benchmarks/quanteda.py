"""R's quanteda as a peer: quanteda.R does each task and times it, so that neither R's start nor reading counts.

One R process for what the tasks begin from ("text", "words" or "tokens") waits for as long as its material is needed.
"""

import json
import os
import shutil
import subprocess
import weakref
from dataclasses import dataclass
from functools import cache
from pathlib import Path

NAME = "Rscript with quanteda"
THREADS = min(2, os.cpu_count() or 1)
SCRIPT = Path(__file__).with_suffix(".R")
VERSIONS = (
    "suppressMessages(stringi::stri_locale_set('en_US')); suppressPackageStartupMessages(library(quanteda)); "
    f"quanteda_options(threads = {THREADS}); "
    "cat('\\n', as.character(packageVersion('quanteda')), ' (R ', as.character(getRversion()), ', ', "
    "quanteda_options('threads'), ' threads)', sep = '')"
)


@dataclass
class Timed:
    """A result with its own seconds, by the clock and of all processors."""

    result: object
    seconds: float
    cpu_seconds: float


@cache
def installed() -> str | None:
    """The versions of quanteda and R, and the threads it takes; None where either is missing."""
    rscript = shutil.which("Rscript")
    if rscript is None:
        return None
    done = subprocess.run([rscript, "-e", VERSIONS], capture_output=True, text=True)
    return done.stdout.splitlines()[-1] if done.returncode == 0 else None


def ask(material, given: str, task: str, **more) -> Timed:
    """Let R do one task, from "text", "words" or "tokens"."""
    waiting = material.__dict__.setdefault("_quanteda", {})
    if given not in waiting:
        waiting[given] = start(material, given)
    process = waiting[given]
    print(json.dumps({"task": task, **more}), file=process.stdin, flush=True)
    answer = process.stdout.readline()
    if not answer:
        raise RuntimeError(f"quanteda.R stopped at the task {task} from {given}; what R said stands above.")
    answer = json.loads(answer)
    return Timed(answer["result"], answer["seconds"], answer["cpu_seconds"])


def start(material, given: str) -> subprocess.Popen:
    process = subprocess.Popen(
        [shutil.which("Rscript"), str(SCRIPT), given],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    begin = {"paths": [str(path.resolve()) for path in material.paths], "threads": THREADS}
    print(json.dumps(begin), file=process.stdin, flush=True)
    weakref.finalize(material, process.communicate)  # R ends with its input
    return process


def counts(given: str, tokeniser: str):
    def run(material):
        timed = ask(material, given, "counts", tokeniser=tokeniser)
        found = timed.result
        both = zip(found["counts"], found["n_documents"], strict=True)
        timed.result = dict(zip(found["terms"], both, strict=True))
        return timed

    return run


def lexicon(given: str, tokeniser: str):
    def run(material):
        patterns = {}
        for entry in material.lexicon.entries:
            patterns.setdefault(entry.key, []).append(entry.pattern)
        return ask(material, given, "lexicon", tokeniser=tokeniser, lexicon=patterns)

    return run


def concordance(phrase: str):
    def run(material):
        return ask(material, "tokens", "concordance", phrase=phrase)

    return run
