"""crossread against installed peers on the same texts: medians and spread of paired runs, memory, growth with size.

    python -m benchmarks                              # 60 KB and 10 MB, two minutes
    python -m benchmarks --sizes 0.06,10,200 --save   # the committed table and chart (benchmarks/results/)
    python -m benchmarks --folder FOLDER              # any corpus folder, or any folder of .txt files

All runs of one task take turns in one process. Before anything is timed the results are compared; how far each peer is
from crossread stands in the table. A peer that is not installed is named and left out.
"""

import argparse
import json
import os
import platform
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks import quanteda, targets, tasks
from benchmarks.generate import write_corpus

MEASURED = (  # whose peak memory is taken, each in a process of its own
    "crossread", "scikit-learn", "polars", "crossread, first time", "crossread, again",
)  # fmt: skip
ROOT = Path(__file__).resolve().parents[1]
RESULTS = Path(__file__).resolve().parent / "results"
PACKAGES = (
    "numpy", "scipy", "pandas", "numba", "regex", "scikit-learn", "polars", "duckdb", "pyarrow", "gensim", "nltk",
    "tomotopy", "ahocorasick-rs", "pyahocorasick",
)  # fmt: skip
COLUMNS = (
    "megabytes",
    "task",
    "who",
    "seconds",
    "spread",
    "ratio",
    "cpu_seconds",
    "cpu_ratio",
    "seconds_per_gb",
    "peak_mb",
    "differs",
    "remark",
)
QUICK = 15.0  # seconds by the clock: on a large corpus what takes longer is run once
LONGEST = 120.0  # seconds of processor time: what would take longer on the next size is left out there
ONCE_FROM = 100  # megabytes: from here on the first run counts too, and the slow ones have no other


class Material:
    """One corpus and what the tasks need of it, made when it is first asked for and not timed."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.paths = sorted((folder / "texts").glob("*.txt")) or sorted(folder.rglob("*.txt"))
        self.megabytes = sum(path.stat().st_size for path in self.paths) / 1e6

    @cached_property
    def texts(self) -> list[str]:
        return [path.read_text(encoding="utf-8", errors="replace") for path in self.paths]

    @cached_property
    def types(self) -> list[str]:
        return sorted(tasks.counts_crossread(self))

    @cached_property
    def corpus(self):
        from crossread import from_texts, load

        if (self.folder / "documents.csv").is_file():
            return load(self.folder)
        return from_texts({f"d{i:06d}": text for i, text in enumerate(self.texts)})

    @cached_property
    def lexicon(self):
        return tasks.make_lexicon(self)

    @cached_property
    def hits(self):
        from crossread.lexicon import find_hits

        return find_hits(self.corpus, self.lexicon)


def measure(material: Material, rounds: int, chosen, fastest: dict, memory: bool) -> list[dict]:
    rows = []
    for name, task in tasks.TASKS.items():
        if chosen and not any(part in name for part in chosen):
            continue
        if not task.suits(material):
            continue
        missing = [who for who, run in task.runs.items() if not all(map(installed, run.needs))]
        rows += [
            {"task": name, "who": who, "remark": f"not installed: {', '.join(task.runs[who].needs)}"} for who in missing
        ]
        runs = {}
        for who, run in task.runs.items():
            longest = LONGEST if material.megabytes < tasks.LOADED else LONGEST / 2
            if fastest.get((name, who), 0.0) * material.megabytes > longest and run.share(material) == 1:
                rows.append({"task": name, "who": who, "remark": f"left out: would take more than {longest:g} s"})
            elif material.megabytes > run.until:
                rows.append({"task": name, "who": who, "remark": f"left out: more than {run.until:g} MB"})
            elif who not in missing:
                runs[who] = run
        if not runs:
            continue
        seconds, work = {who: [] for who in runs}, {who: [] for who in runs}
        results = {}

        ours = next(iter(runs))
        _ = material.texts
        if material.megabytes >= ONCE_FROM and name not in tasks.FROM_FOLDER:
            runs[ours].function(material)  # makes what the task takes for granted: the corpus, its tables, the hits
        for who, run in runs.items():
            results[who], wall, cpu = timed(run, material)
            seconds[who].append(wall)
            work[who].append(cpu)
        differs = {who: task.differs(results[ours], result) for who, result in results.items()}
        results.clear()
        again = list(runs)
        if material.megabytes < ONCE_FROM:
            for times in (*seconds.values(), *work.values()):
                times.clear()  # what was compared has also warmed up
        else:
            again = [who for who in runs if seconds[who][0] <= QUICK or runs[who].share(material) != 1]
        for _ in range(rounds - (material.megabytes >= ONCE_FROM)):
            for who in again:
                _, wall, cpu = timed(runs[who], material)
                seconds[who].append(wall)
                work[who].append(cpu)
        for who, times in seconds.items():
            median = float(np.median(times))
            extrapolated = runs[who].share(material) != 1
            if material.megabytes >= 1:  # of less, what is waited for is the start
                fastest[name, who] = 0.0 if extrapolated else float(np.median(work[who])) / material.megabytes
            rows.append(
                {
                    "task": name,
                    "who": who,
                    "seconds": median,
                    "spread": (max(times) - min(times)) / median,
                    "ratio": median / float(np.median(seconds[ours])),
                    "cpu_seconds": float(np.median(work[who])),
                    "cpu_ratio": float(np.median(work[who]) / max(np.median(work[ours]), 1e-9)),
                    "seconds_per_gb": median / material.megabytes * 1000,
                    "peak_mb": peak_memory(material, name, who)
                    if memory and task.memory and material.megabytes > 1 and who in MEASURED
                    else np.nan,
                    "differs": differs[who],
                    "remark": runs[who].remark,
                }
            )
            shown = "  ".join(f"{k} {v:.3g}" for k, v in rows[-1].items() if isinstance(v, float) and v == v)
            print(f"{material.megabytes:8.2f} MB  {name}: {who}  {shown}", flush=True)
    return [{"megabytes": round(material.megabytes, 2), **row} for row in rows]


def installed(name: str) -> bool:
    return quanteda.installed() is not None if name == quanteda.NAME else find_spec(name) is not None


def timed(run, material: Material) -> tuple[object, float, float]:
    """Result, seconds by the clock and of all processors; of the whole where a peer does only a part."""
    share, began, before = run.share(material), time.perf_counter(), _worked()
    result = run.function(material)
    if isinstance(result, quanteda.Timed):
        return result.result, result.seconds, result.cpu_seconds
    return result, (time.perf_counter() - began) * share, (_worked() - before) * share


def _worked() -> float:
    """Seconds of all processors so far, of this process and of those that it started and that have ended."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def peak_memory(material: Material, task: str, who: str) -> float:
    """Run it once in a process of its own: megabytes at the peak beyond what the imports and the texts take."""
    command = [sys.executable, "-m", "benchmarks.run", "--once", task, who, "--folder", str(material.folder)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "lib"), *sys.path])}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=ROOT)
    if done.returncode:
        raise RuntimeError(f"{task}, {who}: {done.stderr.strip().splitlines()[-1]}")
    return float(done.stdout.strip().splitlines()[-1])


def run_once(material: Material, task: str, who: str) -> None:
    """Print the megabytes in use at the peak of one run, less those in use before (Linux only: nan elsewhere)."""
    status, reset = Path("/proc/self/status"), Path("/proc/self/clear_refs")
    run = tasks.TASKS[task].runs[who]
    small = Material(material.folder)
    small.paths = small.paths[:1]
    tasks.warm_up(small.texts)  # imports and compiled loops take memory, but no more for more text
    if task not in tasks.FROM_FOLDER:
        run.function(small)
        _ = material.texts
    if not reset.exists():
        print("nan")
        return
    reset.write_text("5")  # the peak starts anew; the one that `resource` tells comes from the parent process
    before = _kilobytes(status, "VmRSS")
    run.function(material)
    print((_kilobytes(status, "VmHWM") - before) / 1000)


def _kilobytes(status: Path, name: str) -> int:
    return int(re.search(rf"{name}:\s+(\d+)", status.read_text(encoding="ascii"))[1])


def import_times(rounds: int = 9) -> dict[str, float]:
    """Seconds of `import crossread` and of `import pandas`, each in a new process, taking turns, bytecode cached."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "lib"), *sys.path])}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    code = "import time; t = time.perf_counter(); import {}; print(time.perf_counter() - t)"
    seconds = {"crossread": [], "pandas": []}
    with tempfile.TemporaryDirectory() as cache:
        environment["PYTHONPYCACHEPREFIX"] = cache
        for _ in range(rounds + 1):
            for module, times in seconds.items():
                done = subprocess.run(
                    [sys.executable, "-c", code.format(module)], capture_output=True, text=True, env=environment
                )
                times.append(float(done.stdout))
    return {module: float(np.median(times[1:])) for module, times in seconds.items()}  # the first one writes bytecode


def describe_machine() -> dict:
    """Cores, memory and versions in general words; no name and no path."""
    machine = {"cores": os.cpu_count(), "processor": platform.machine(), "system": platform.system()}
    if hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        machine["memory_gb"] = round(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1e9)
    machine["python"] = platform.python_version()
    for package in PACKAGES:
        try:
            machine[package] = version(package)
        except PackageNotFoundError:
            machine[package] = "not installed"
    machine["quanteda"] = quanteda.installed() or "not installed"
    return machine


def put_in(saved: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """Put the rows of a run of some tasks in the place of those that an earlier run of all tasks saved."""
    place = ["megabytes", "task"]
    table = table.assign(megabytes=[float(f"{size:.4g}") for size in table["megabytes"]])  # as they are saved
    again = pd.MultiIndex.from_frame(saved[place]).isin(pd.MultiIndex.from_frame(table[place].drop_duplicates()))
    order = {name: number for number, name in enumerate(tasks.TASKS)}
    joined = pd.concat([saved[~again], table], ignore_index=True)
    return joined.sort_values(place, key=lambda x: x if x.name == "megabytes" else x.map(order), kind="stable")


def growth(table: pd.DataFrame) -> pd.DataFrame:
    """The slope of log seconds on log size from one size to the next, by the clock and of processors: 1 is linear."""
    rows = []
    for (task, who), group in table.dropna(subset=["seconds"]).groupby(["task", "who"], sort=False):
        for before, after in pairwise(group.sort_values("megabytes").itertuples()):
            wider = np.log(after.megabytes / before.megabytes)
            slopes = [
                round(float(np.log(getattr(after, name) / getattr(before, name)) / wider), 3)
                for name in ("seconds", "cpu_seconds")
            ]
            rows.append((task, who, before.megabytes, after.megabytes, *slopes))
    return pd.DataFrame(rows, columns=["task", "who", "from_mb", "to_mb", "slope", "cpu_slope"])


def draw(table: pd.DataFrame, path: Path) -> None:
    """Seconds of every task on the corpus on which most could be compared, on logarithmic scales."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt
    from matplotlib.ticker import NullFormatter

    table = table.dropna(subset=["seconds"])
    shown = {}
    for name, of_task in table.groupby("task", sort=False):
        sizes = of_task.groupby("megabytes").size()
        chosen = sizes[sizes == sizes.max()].index.max()
        shown[name] = of_task[of_task["megabytes"] == chosen].sort_values("seconds", ascending=False)
    bars = [len(rows) + 0.6 for rows in shown.values()]
    size = (8, 0.5 + 0.26 * sum(bars) + 0.75 * len(shown))
    figure, axes = plt.subplots(len(shown), 1, figsize=size, gridspec_kw={"height_ratios": bars})
    for axis, (name, rows) in zip(np.atleast_1d(axes), shown.items(), strict=True):
        for i, (who, value) in enumerate(zip(rows["who"], rows["seconds"], strict=True)):
            axis.plot(value, i, "o", color="#1b6f8a" if "crossread" in who else "#8a9096")
            axis.annotate(
                f"{value:,.0f} s" if value >= 100 else f"{value:.3g} s",
                (value, i),
                (6, 0),
                textcoords="offset points",
                va="center",
                fontsize=8,
            )
        axis.set_xscale("log")
        axis.xaxis.set_minor_formatter(NullFormatter())
        spread = rows["seconds"].max() / rows["seconds"].min()
        axis.set_xlim(rows["seconds"].min() / 2, rows["seconds"].max() * 2 * spread**0.15)
        axis.set_ylim(-0.6, len(rows) - 0.4)
        axis.set_yticks(range(len(rows)), rows["who"])
        axis.grid(axis="y", color="#e5e5e5")
        axis.set_title(f"{name}, {rows['megabytes'].iloc[0]:g} MB", fontsize=9, loc="left")
        axis.tick_params(labelsize=8, length=0)
        for side in ("top", "right", "left"):
            axis.spines[side].set_visible(False)
    np.atleast_1d(axes)[-1].set_xlabel("seconds, logarithmic", fontsize=8)
    figure.tight_layout()
    figure.savefig(path, dpi=110, metadata={"Software": None})
    plt.close(figure)


def main(arguments: list[str] | None = None) -> pd.DataFrame | None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="0.06,10", help="megabytes, separated by commas: 0.06,10,200,1000")
    parser.add_argument("--folder", type=Path, help="a corpus folder, or a folder of .txt files, in place of made ones")
    parser.add_argument("--tasks", default="", help="only those whose name has one of these words, separated by commas")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--no-memory", action="store_true", help="do not measure peak memory")
    parser.add_argument(
        "--save",
        action="store_true",
        help="write table, chart and machine to benchmarks/results; with --tasks, the rows of other tasks stay",
    )
    parser.add_argument("--into", type=Path, default=RESULTS, help=argparse.SUPPRESS)
    parser.add_argument("--once", nargs=2, metavar=("TASK", "WHO"), help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.once:
        return run_once(Material(options.folder), *options.once)
    chosen = [part.strip() for part in options.tasks.split(",") if part.strip()]
    rows, fastest = [], {}
    with tempfile.TemporaryDirectory() as scratch:
        sizes = [] if options.folder else sorted(float(size) for size in options.sizes.split(","))
        for folder in [options.folder] if options.folder else [Path(scratch, f"{size:g}") for size in sizes]:
            if not options.folder:
                write_corpus(folder, int(float(folder.name) * 1e6))
            rows += measure(Material(folder), options.rounds, chosen, fastest, not options.no_memory)
            if not options.folder:
                shutil.rmtree(folder)
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    if options.save and chosen and (options.into / "table.csv").is_file():
        table = put_in(pd.read_csv(options.into / "table.csv"), table)
    slopes = growth(table)
    machine = describe_machine()
    machine["import_seconds"] = import_times() if not options.no_memory else {}
    shown = table.drop(columns="remark").round(
        {"seconds": 4, "spread": 2, "ratio": 2, "cpu_seconds": 4, "cpu_ratio": 2, "seconds_per_gb": 1, "peak_mb": 0}
    )
    print(shown.to_string(index=False))
    print(slopes.to_string(index=False))
    print(json.dumps(machine, indent=1))
    if options.save:
        options.into.mkdir(exist_ok=True)
        table.to_csv(options.into / "table.csv", index=False, float_format="%.4g", lineterminator="\n")
        slopes.to_csv(options.into / "growth.csv", index=False, lineterminator="\n")
        (options.into / "machine.json").write_text(json.dumps(machine, indent=1) + "\n", encoding="utf-8")
        draw(table, options.into / "chart.png")
        if options.into == RESULTS:
            targets.write()
    return table


if __name__ == "__main__":
    main()
