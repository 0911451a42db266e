"""What was aimed at, and by how much the saved run met or missed it: the table in benchmarks/README.md.

python -m benchmarks.targets      # writes it anew from benchmarks/results (--save does so too)
"""

import json
import re
from pathlib import Path

import pandas as pd

PLACE = Path(__file__).resolve().parent
MARKS = "<!-- {0} -->\n", "<!-- end of {0} -->"

# how many times as long as crossread the quickest of these peers should take, at which sizes (megabytes)
RATIOS = (
    ("term counts", ("scikit-learn",), {10: 5, 200: 5, 1000: 5}),
    ("term counts", ("polars",), {10: 3, 200: 3, 1000: 3}),
    ("term counts", ("quanteda, ready-made tokens",), {10: 4, 200: 4}),
    ("term counts", ("quanteda, default tokeniser",), {10: 20, 200: 20}),
    ("lexicon from text", ("quanteda, default tokeniser",), {10: 8, 200: 8}),
    ("lexicon from text", ("polars",), {10: 1, 200: 1, 1000: 1}),
    ("lexicon from the store", ("quanteda, ready-made tokens",), {10: 20, 200: 30}),
    ("concordance", ("quanteda, ready-made tokens",), {10: 4, 200: 4}),
    ("keyness of every document", ("scipy loop",), {10: 50, 200: 50}),
    ("bootstrap, 1,000 draws", ("scipy loop",), {10: 5, 200: 5}),
)
GROWING = ("term counts", "lexicon from text", "load", "folder")
SLOPE, HASHING, MEMORY, AGAIN, IMPORT, LDA = 1.05, 3.0, 2.5, 1.0, 1.2, 10.0
TOMOTOPY = "tomotopy 200"


def target_table(table: pd.DataFrame, slopes: pd.DataFrame, machine: dict) -> pd.DataFrame:
    """Return one row a target: target, wanted, measured (by the clock, processor seconds in brackets), met."""
    sizes = {round(size): size for size in table["megabytes"].unique()}
    value = table.set_index(["megabytes", "task", "who"])
    rows = []
    for task, peers, wanted in RATIOS:
        for size in sorted(set(wanted) & set(sizes)):
            at = [(sizes[size], task, who) for who in peers if (sizes[size], task, who) in value.index]
            found = value.loc[at].dropna(subset=["ratio"])
            if len(found):
                quickest = found.sort_values("ratio").iloc[0]
                name = f"{task}, {size:,} MB: {quickest.name[2]}"
                shown = f"{quickest['ratio']:.3g} times ({quickest['cpu_ratio']:.3g})"
                rows.append((name, f"{wanted[size]:g} times", shown, quickest["ratio"] >= wanted[size]))
    seconds = value["seconds"]
    for size in (size for size in sorted(sizes) if size >= 100):
        hashing = seconds.get((sizes[size], "limit", "one compiled pass that numbers the chunks"))
        if hashing:
            times = seconds[sizes[size], "term counts", "crossread"] / hashing
            rows.append(
                (
                    f"term counts, {size:,} MB: the hashing pass",
                    f"at most {HASHING:g}",
                    f"{times:.2g}",
                    times <= HASHING,
                )
            )
        again = seconds.get((sizes[size], "load", "crossread, again"))
        if again:
            rows.append((f"second load of {size:,} MB", f"under {AGAIN:g} s", f"{again:.2f} s", again < AGAIN))
        for task, who in (("term counts", "crossread"), ("load", "crossread, first time")):
            if (sizes[size], task, who) in value.index:
                times = value.loc[(sizes[size], task, who), "peak_mb"] / sizes[size]
                rows.append(
                    (f"memory, {task}, {size:,} MB", f"at most {MEMORY:g} of the text", f"{times:.1f}", times <= MEMORY)
                )
    for row in slopes[slopes["task"].isin(GROWING) & slopes["who"].str.startswith("crossread")].itertuples():
        if row.from_mb > 1 and "numba" not in row.who and "again" not in row.who:
            name = f"growth of {row.task} ({row.who}), {row.from_mb:,.0f} to {row.to_mb:,.0f} MB"
            rows.append((name, f"at most {SLOPE:g}", f"{row.slope:.2f} ({row.cpu_slope:.2f})", row.slope <= SLOPE))
    imports = machine.get("import_seconds") or {}
    if imports:
        times = imports["crossread"] / imports["pandas"]
        rows.append(("import crossread: import pandas", f"under {IMPORT:g}", f"{times:.2f}", times < IMPORT))
    return pd.DataFrame(rows, columns=["target", "wanted", "measured", "met"])


def as_markdown(targets: pd.DataFrame) -> str:
    lines = ["| against | wanted | measured | |", "| --- | --- | --- | --- |"]
    for row in targets.itertuples():
        lines.append(f"| {row.target} | {row.wanted} | {row.measured} | {'met' if row.met else '**missed**'} |")
    return "\n".join(lines) + "\n"


def topic_targets(runs: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return one row a corpus of benchmarks/topics.py: is LDA quicker than tomotopy, and its topics no worse?"""
    rows = []
    for kind, run in runs.items():
        methods = run.set_index("method")
        if TOMOTOPY in methods.index:
            own, other = methods.loc["crossread"], methods.loc[TOMOTOPY]
            times = other["seconds"] / own["seconds"]
            spent = other["processor_seconds"] / own["processor_seconds"]
            rows.append(
                (
                    f"LDA, {own['documents']:,.0f} documents, {kind}: {TOMOTOPY} sweeps",
                    f"{LDA:g} times, held-out likelihood no lower",
                    f"{times:.3g} times ({spent:.3g}), {own['held_out']:.3f} to {other['held_out']:.3f}",
                    times >= LDA and own["held_out"] >= other["held_out"],
                )
            )
    return pd.DataFrame(rows, columns=["target", "wanted", "measured", "met"])


def saved_topics(results: Path = PLACE / "results") -> dict[str, pd.DataFrame]:
    """Return the saved runs of benchmarks/topics.py by the kind of their corpus."""
    kinds = {"prose": "topics-folder.csv", "planted topics": "topics-planted.csv"}
    return {kind: pd.read_csv(results / name) for kind, name in kinds.items() if (results / name).is_file()}


def saved(results: Path = PLACE / "results") -> pd.DataFrame:
    """Return the targets of the saved runs."""
    machine = json.loads((results / "machine.json").read_text(encoding="utf-8"))
    table = target_table(pd.read_csv(results / "table.csv"), pd.read_csv(results / "growth.csv"), machine)
    return pd.concat([table, topic_targets(saved_topics(results))], ignore_index=True)


def topics_as_markdown(results: Path = PLACE / "results") -> str:
    """Return the saved runs of benchmarks/topics.py as one table."""
    lines = [
        "| documents | method | seconds | of all processors | held-out, per word: median (lowest to highest) | peak |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for kind, run in saved_topics(results).items():
        for row in run.itertuples():
            spread = f" ({row.lowest:.3f} to {row.highest:.3f})" if row.rounds > 1 else ""
            peak = f"{row.peak_mb:.0f} MB" if row.peak_mb > 0 else "not taken"
            lines.append(
                f"| {row.documents:,}, {kind} | {row.method} | {row.seconds:.1f} | {row.processor_seconds:.1f} | "
                f"{row.held_out:.3f}{spread} | {peak} |"
            )
    return "\n".join(lines) + "\n"


def write(results: Path = PLACE / "results", readme: Path = PLACE / "README.md") -> None:
    """Put the tables of the saved runs between their marks in the README."""
    text = readme.read_text(encoding="utf-8")
    for name, table in (("targets", as_markdown(saved(results))), ("topics", topics_as_markdown(results))):
        begin, end = (mark.format(name) for mark in MARKS)
        between = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.S)
        text = between.sub(lambda _, filled=begin + table + end: filled, text)
    readme.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write()
