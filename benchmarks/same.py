"""The same tables everywhere: hashes of what a study answers, under other Pythons, locales, clocks, seeds and kernels.

python benchmarks/same.py                                 every condition that this computer offers
python benchmarks/same.py --save                          counts to results/same.csv
python benchmarks/same.py --python /usr/bin/python3.13    also a Python with the packages of the lock
"""

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd

ROOT = Path(__file__).resolve().parents[1]
RESULTS = Path(__file__).parent / "results" / "same.csv"
ASKED = {
    "alliances": ("rates", "senses", "omnibus", "keyness", "scores"),
    "practice": ("account", "rates", "keyness", "frequencies"),
}
WITHOUT_NUMBA = "import sys; sys.modules['numba'] = None"


def hashes(folder: str | None) -> dict[str, str]:
    """Return a hash of every table: of the study without its texts, of texts that are there, and of topics."""
    import crossread as cr

    studies = {"alliances": cr.study("alliances", texts=False), "practice": cr.study(folder or "practice")}
    found = {}
    for name, study in studies.items():
        for question in ASKED[name]:
            text = pd.DataFrame(getattr(study, question)().frame).round(9).to_csv(lineterminator="\n")
            found[f"{name} {question}"] = hashlib.sha256(text.encode()).hexdigest()
    topics = pd.DataFrame(studies["alliances"].topics(3).frame).round(6).to_csv(lineterminator="\n")
    return found | {"alliances topics": hashlib.sha256(topics.encode()).hexdigest()}


def conditions(pythons: list[str]) -> dict[str, tuple[list[str], dict[str, str]]]:
    """Return the command and the variables of each condition; the first is what the others are held against."""
    here = [sys.executable]
    made: dict[str, tuple[list[str], dict[str, str]]] = {"as it is": (here, {})}
    if shutil.which("taskset"):
        made["one processor"] = (["taskset", "-c", "0", *here], {})
    made |= {
        "locale C": (here, {"LC_ALL": "C", "PYTHONUTF8": "0"}),
        "locale Turkish": (here, {"LC_ALL": "tr_TR.UTF-8"}),
        "time zone Kiritimati": (here, {"TZ": "Pacific/Kiritimati"}),
        "hash seed 1": (here, {"PYTHONHASHSEED": "1"}),
        "hash seed 4711": (here, {"PYTHONHASHSEED": "4711"}),
        "kernels Haswell": (here, {"OPENBLAS_CORETYPE": "Haswell"}),
        "kernels Nehalem": (here, {"OPENBLAS_CORETYPE": "Nehalem"}),
        "two threads": (here, {"OPENBLAS_NUM_THREADS": "2", "OMP_NUM_THREADS": "2"}),
        "no numba": (here, {"CROSSREAD_SAME_BEFORE": WITHOUT_NUMBA}),
        "other order of files": (here, {"CROSSREAD_SAME_ORDER": "1"}),
    }
    version = ["-c", "import platform; print('Python', platform.python_version())"]
    return made | {subprocess.check_output([one, *version], text=True).strip(): ([one], {}) for one in pythons}


def ask(command: list[str], environment: dict[str, str]) -> dict[str, str] | str:
    """Return the hashes under a condition, or why there are none."""
    with tempfile.TemporaryDirectory() as place:
        folder = []
        if environment.get("CROSSREAD_SAME_ORDER"):  # the same files, written from the last to the first
            source, target = ROOT / "corpus" / "practice", Path(place) / "practice"
            for path in sorted((path for path in source.rglob("*") if path.is_file()), reverse=True):
                (target / path.relative_to(source)).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(path, target / path.relative_to(source))
            for path in source.parent.glob("*.*"):
                shutil.copy(path, place)
            folder = [str(target)]
        done = subprocess.run(
            [*command, str(Path(__file__).resolve()), "--hashes", *folder],
            env=os.environ | {"PYTHONPATH": str(ROOT / "lib"), "CROSSREAD_PROJECT": str(ROOT)} | environment,
            capture_output=True, text=True, start_new_session=True,
        )  # fmt: skip
    if done.returncode:
        return (done.stderr.strip().splitlines() or ["it did not run"])[-1]
    return json.loads(done.stdout.splitlines()[-1])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--hashes", nargs="?", const="", help=argparse.SUPPRESS)
    parser.add_argument("--python", action="append", default=[], help="another Python with the packages of the lock")
    parser.add_argument("--at-once", type=int, default=2, help="conditions tried at once")
    parser.add_argument("--save", action="store_true", help="write benchmarks/results/same.csv")
    options = parser.parse_args()
    if options.hashes is not None:
        exec(os.environ.get("CROSSREAD_SAME_BEFORE", ""))
        print(json.dumps(hashes(options.hashes or None)))
        return 0
    rows, first = [], None
    asked = conditions(options.python)
    with ThreadPoolExecutor(options.at_once) as pool:
        answers = list(pool.map(lambda condition: ask(*condition), asked.values()))
    for name, found in zip(asked, answers, strict=True):
        first = found if first is None else first
        other = found if isinstance(found, str) else ", ".join(key for key in first if found.get(key) != first[key])
        tables = 0 if isinstance(found, str) else len(found)
        rows.append((name, tables, tables - (other.count(",") + bool(other) if tables else 0), other))
        print(f"{name}: {tables} tables, {other or 'all the same'}", flush=True)
    table = pd.DataFrame(rows, columns=["condition", "tables", "same", "other"])
    if options.save:
        table.to_csv(RESULTS, index=False, lineterminator="\n")
    return int((table["other"] != "").any())


if __name__ == "__main__":
    sys.exit(main())
