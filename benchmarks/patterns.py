"""Every regular expression of the library on 200,000 adversarial characters: under one second.

python benchmarks/patterns.py            all of them; prints what is slow
python benchmarks/patterns.py --save     counts to results/patterns.csv

The expressions are found, not listed: what the modules hold compiled, and what is written in their functions. Each is
used as the library uses it (search, match, sub …) on texts made of its own characters: one repeated, two repeated, a
start and a repetition, each with an end that cannot match. A further module needs no change here.
"""

import argparse
import ast
import math
import pkgutil
import re
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from itertools import islice
from pathlib import Path

import pandas as pd
import regex

from crossread.files import write_whole

ROOMS = ("crossread", "crossread_explorer", "crossread_press", "crossread_scale", "crossread_seminar")
LENGTH = 200_000
SECONDS = 1.0
SHORT = 6_000  # characters of a first try
ENDLESS = 5  # seconds
METHODS = ("search", "match", "fullmatch", "findall", "finditer", "split", "sub", "subn")
COMMON = ' \n\ta1Z.,;:!?-_*[]()<>"&#/\\|^{}’“=@'
BOUNDED = {  # where it is asked of a text that the library has cut short before
    r"crossread.corpus.line_ends: '[^\\W\\d_]*$'": "forty characters",
    "crossread.corpus.inline_marks._SURE_BEFORE": "forty characters",
    "crossread.corpus.describe._HASH": "the name of a file",
    "crossread.corpus.sentences.LABELLED": "sixteen characters",
    "crossread.corpus.sentences._LAST_WORD": "twenty-four characters",
    "crossread.lexicon.patterns._COMPACT": "runs of blanks are one blank by then",
    "crossread.corpus.reading.html._LINE": "runs of blanks are one blank by then",
    r"crossread.corpus.reading.source: '[ \\t\\r\\f]*\\n[ \\t\\r\\n\\f]*'": "runs of blanks are one blank by then",
}


@dataclass(frozen=True)
class Found:
    """An expression: where it stands, what it is, and how it is used."""

    place: str
    pattern: str | bytes
    flags: int
    methods: tuple[str, ...]
    module: str = "re"

    def compiled(self):
        return (regex if self.module == "regex" else re).compile(self.pattern, self.flags)


def modules() -> Iterator:
    for room in ROOMS:
        package = import_module(room)
        yield package
        for one in pkgutil.walk_packages(package.__path__, f"{room}."):
            if not one.name.endswith("__main__"):
                yield import_module(one.name)


def patterns() -> tuple[list[Found], list[str]]:
    """Return all expressions, and where one is made of what only a run knows."""
    found, unknown = {}, []
    for module in modules():
        tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
        uses: dict[str, set[str]] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in METHODS and isinstance(node.value, ast.Name):
                uses.setdefault(node.value.id, set()).add(node.attr)
        for name, value in vars(module).items():
            if isinstance(value, re.Pattern | regex.Pattern):
                kind = "re" if isinstance(value, re.Pattern) else "regex"
                key = (value.pattern, int(value.flags), kind)
                used = tuple(sorted(uses.get(name, ()))) or (found[key].methods if key in found else ())
                found[key] = Found(f"{module.__name__}.{name}", value.pattern, value.flags, used, kind)
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            one = _in_call(call, module)
            if isinstance(one, Found):
                found.setdefault((one.pattern, int(one.compiled().flags), one.module), one)
            elif one:
                unknown.append(one)
    return list(found.values()), unknown


def _in_call(call: ast.Call, module) -> Found | str | None:
    function = call.func
    if not isinstance(function, ast.Attribute) or getattr(function.value, "id", "") not in ("re", "regex"):
        return None
    if function.attr not in (*METHODS, "compile") or not call.args:
        return None
    place = f"{module.__name__}: {ast.unparse(call.args[0])[:60]}"
    given = [ast.unparse(keyword.value) for keyword in call.keywords if keyword.arg == "flags"]
    at = {"compile": 1, "sub": 4, "subn": 4, "split": 3}.get(function.attr, 2)
    given += [ast.unparse(argument) for argument in call.args[at : at + 1]]
    try:
        pattern = eval(ast.unparse(call.args[0]), dict(vars(module)))
        flags = int(eval(given[0], dict(vars(module)))) if given else 0
    except (NameError, TypeError, AttributeError):
        return place
    methods = METHODS[:1] if function.attr == "compile" else (function.attr,)
    return Found(place, pattern, flags, methods, function.value.id)


def characters(pattern: str) -> list[str]:
    """Return characters that a pattern speaks of, and some that any text has."""
    own = [c for c in re.sub(r"\\[dwsDWSbBAZ]|\(\?[a-z:=!<P]+", "", pattern) if c not in "^$|+?{}"]
    for name, shown in (("d", "1"), ("w", "a"), ("s", " "), ("D", "a"), ("W", "."), ("S", "a")):
        if f"\\{name}" in pattern:
            own.append(shown)
    return list(dict.fromkeys([*own[:40], *COMMON]))


def texts(found: Found, length: int) -> Iterator[str | bytes]:
    """Yield adversarial texts of a length for an expression."""
    plain = found.pattern.decode("latin-1") if isinstance(found.pattern, bytes) else found.pattern
    own = characters(plain)
    words = re.findall(r"[A-Za-z]{2,}", plain)[:6]
    for repeated in [*own, *words, *(a + b for a in own[:8] for b in own[:8] if a != b)]:
        body = (repeated * (length // len(repeated) + 1))[:length]
        for whole in (f"{body}\0", *(f"{start}{body}\0" for start in own[:4]), f"a{body}"):
            yield whole.encode("latin-1", "replace") if isinstance(found.pattern, bytes) else whole


def use(compiled, method: str, text: str | bytes) -> None:
    """Use an expression as the library does."""
    if method == "finditer":
        for _ in compiled.finditer(text):
            pass
    elif method in ("sub", "subn"):
        getattr(compiled, method)(text[:0], text)
    else:
        getattr(compiled, method)(text)


def seconds(compiled, method: str, text: str | bytes) -> float:
    """Return the seconds of the processor that a use takes; infinity where it had come to no end."""

    def stop(*_):
        raise TimeoutError

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, ENDLESS)
    begun = time.process_time()
    try:
        use(compiled, method, text)
    except TimeoutError:
        return math.inf
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
    return time.process_time() - begun


def slow(found: Found, length: int = LENGTH, limit: float = SECONDS) -> list[tuple[str, str, float]]:
    """Return the uses and texts with which an expression takes longer than the limit, and the seconds.

    The text that takes longest of many short ones is tried at full length.
    """
    wrong, compiled = [], found.compiled()
    for method in found.methods or METHODS[:1]:
        tried = []
        for text in texts(found, SHORT):
            tried.append(seconds(compiled, method, text))
            if tried[-1] == math.inf:
                break
        worst = max(range(len(tried)), key=tried.__getitem__)
        text = next(islice(texts(found, length), worst, None))
        taken = math.inf if tried[worst] == math.inf else seconds(compiled, method, text)
        if taken > limit:
            wrong.append((method, repr(text[:12]), taken))
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--save", action="store_true", help="write benchmarks/results/patterns.csv")
    options = parser.parse_args()
    found, unknown = patterns()
    rows, failed = [], 0
    for one in found:
        wrong = slow(one)
        bounded = BOUNDED.get(one.place, "")
        failed += bool(wrong) and not bounded
        for method, text, taken in wrong:
            long = f"{taken:.1f} s" if taken < math.inf else f"more than {ENDLESS} s"
            print(f"{'bounded' if bounded else 'WRONG'} {one.place}: {method} of {text} … takes {long}", flush=True)
        rows.append((one.place, " ".join(one.methods), "slow" if wrong else "quick", bounded))
    print(f"{len(found)} expressions, {failed} slow; {len(unknown)} are made of what only a run knows:")
    print(*unknown, sep="\n")
    if options.save:
        table = pd.DataFrame(rows, columns=["expression", "used by", "time", "bounded by"])
        write_whole(Path(__file__).parent / "results" / "patterns.csv", table.to_csv(index=False, lineterminator="\n"))
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
