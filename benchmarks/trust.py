"""Damage the tables and lists of a corpus in seeded ways, and ask that no number changes without a word.

python benchmarks/trust.py                         twelve mutations of every file
python benchmarks/trust.py --mutations 500 --save  as many of each file as asked for; counts to results/damage.csv
python benchmarks/trust.py --minutes 1 --seed 7    as many as fit
python benchmarks/trust.py --report                trust.md from the saved results of this and the scripts it names

A mutated file ends in one of three ways: a sentence that names it, a warning that it was edited, or the very same
table. Anything else is printed with its seed and number, and the script returns 1.
"""

import argparse
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import pandas as pd

from crossread.corpus import FolderTables, corpus_folder, read_documents
from crossread.corpus.cleaning import read_rules
from crossread.corpus.load import edits
from crossread.corpus.sealing import SEAL
from crossread.corpus.tables import PUBLISHED_FORMS
from crossread.errors import CrossreadError
from crossread.files import write_whole
from crossread.lexicon import read_lexicon
from crossread.measure.claims import read_claims
from crossread.measure.codes import read_code_table
from crossread.measure.deeds import read_deeds
from crossread.measure.headline import read_scores
from crossread.measure.marks import read_sense_codes
from crossread.measure.readings import read_readings
from crossread.measure.spelling import read_folding, read_variants

RESULTS = Path(__file__).with_name("results")
PARTS = (  # heading, file of results, command, whether its numbers are added up
    ("Faults in files, by kind", "../causes.csv", "python run.py test", False),
    ("Files given to the readers", "fuzz.csv", "python benchmarks/fuzz.py --reader NAME --inputs 100000 --save", True),
    ("Tables and lists, damaged", "damage.csv", "python benchmarks/trust.py --mutations 500 --save", True),
    ("Commands, stopped", "kills.csv", "python benchmarks/kills.py --kills 21 --save", True),
    ("Expressions on 200,000 characters", "patterns.csv", "python benchmarks/patterns.py --save", False),
    ("The same everywhere", "same.csv", "python benchmarks/same.py --save", False),
    ("Changes of the library", "mutants.csv", "python tests/mutants.py --save", False),
)
ENDS = ("sentence", "warning", "the same")
READERS = {
    "codes.csv": read_code_table,
    "sense_codes.csv": read_sense_codes,
    "deeds_read.csv": read_deeds,
    "claims.yml": read_claims,
    "readings.yml": read_readings,
    **dict.fromkeys(("themes.yml", "actors.yml", "architectures.yml"), read_lexicon),
}
SHARED = {  # beside the corpora, read with those that have none of their own
    **{f"../{name}": read_lexicon for name in ("themes.yml", "actors.yml", "architectures.yml", "registers.yml")},
    "../deeds.yml": read_lexicon,
    "../scores.csv": read_scores,
    "../spelling.csv": read_folding,
    "../variants.csv": read_variants,
}


def quotation_mark(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data))
    return data[:at] + b'"' + data[at:]


def lost_row(data: bytes, chance: random.Random) -> bytes:
    rows = data.splitlines(keepends=True)
    del rows[chance.randrange(len(rows))]
    return b"".join(rows)


def doubled_row(data: bytes, chance: random.Random) -> bytes:
    rows = data.splitlines(keepends=True)
    at = chance.randrange(len(rows))
    return b"".join([*rows[:at], rows[at], *rows[at:]])


def swapped_columns(data: bytes, chance: random.Random) -> bytes:
    rows = [row.split(b",") for row in data.splitlines()]
    a, b = chance.sample(range(max(2, len(rows[0]))), 2)
    for row in rows[1:]:
        if len(row) == len(rows[0]) > max(a, b):
            row[a], row[b] = row[b], row[a]
    return b"\n".join(b",".join(row) for row in rows) + b"\n"


def negative(data: bytes, chance: random.Random) -> bytes:
    digits = [at for at in range(1, len(data)) if data[at : at + 1].isdigit() and data[at - 1 : at] in (b",", b" ")]
    at = chance.choice(digits or [0])
    return data[:at] + b"-" + data[at:]


def other_digit(data: bytes, chance: random.Random) -> bytes:
    digits = [at for at in range(len(data)) if data[at : at + 1].isdigit()]
    at = chance.choice(digits or [0])
    return data[:at] + chance.choice(b"0123456789").to_bytes(1, "big") + data[at + 1 :]


def other_encoding(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data))
    return data[:at] + "é".encode("latin-1") + data[at:]


def cut_short(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data) // 2, len(data))]


def empty(data: bytes, chance: random.Random) -> bytes:
    return b""


MUTATIONS = (
    quotation_mark, lost_row, doubled_row, swapped_columns, negative, other_digit, other_encoding, cut_short, empty,
)  # fmt: skip


def read(folder: Path, name: str) -> object:
    """Return what the library makes of a file of a corpus."""
    stem = name.removesuffix(".csv")
    if name == "documents.csv":
        return read_documents(folder)
    if stem in PUBLISHED_FORMS:
        return FolderTables(folder, read_documents(folder))[stem]
    return (read_rules if name.startswith("rules/") else (READERS | SHARED)[name])(folder / name)


def files_of(folder: Path) -> list[str]:
    """Return the files of a corpus that the library reads numbers or rules from."""
    known = [*(f"{name}.csv" for name in PUBLISHED_FORMS), *READERS]
    rules = sorted(path.relative_to(folder).as_posix() for path in folder.glob("rules/*.yml"))
    shared = SHARED if (folder / "claims.yml").is_file() else ()  # once, with the study's own
    return [name for name in [*known, *rules, *shared] if (folder / name).is_file()]


def place_of(corpus: str, name: str) -> str:
    return name.removeprefix("../") if name in SHARED else f"{corpus}/{name}"


def end_of(folder: Path, name: str, before: object) -> str:
    """Return how reading a damaged file ends: in a sentence, a warning, the same table, or a silent change."""
    try:
        after = read(folder, name)
    except CrossreadError as error:
        return "sentence" if Path(name).name in str(error) else "sentence without the file"
    same = after.equals(before) if isinstance(before, pd.DataFrame) else after == before
    if same:
        return "the same"
    return "warning" if any(name.removeprefix("../") in said for said in edits(folder)) else "silent"


def damage(corpus: str, mutations: int, seed: int, *, sealed: bool = True, until: float = float("inf")) -> pd.DataFrame:
    """Mutate every file of a corpus in a copy, one at a time.

    Returns
    -------
    DataFrame
        file, number (of the mutation), mutation, end.
    """
    rows = []
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "corpus" / corpus
        shutil.copytree(
            corpus_folder(corpus).parent, folder.parent, ignore=shutil.ignore_patterns("texts", ".crossread")
        )
        if not sealed:
            for seal in (folder / SEAL, folder.parent / SEAL):
                seal.unlink(missing_ok=True)
        for name in files_of(folder):
            path, whole, before = folder / name, (folder / name).read_bytes(), read(folder, name)
            for number in range(mutations):
                if time.monotonic() > until:
                    return pd.DataFrame(rows, columns=["file", "number", "mutation", "end"])
                mutate = MUTATIONS[number % len(MUTATIONS)]
                path.write_bytes(mutate(whole, random.Random(f"{corpus} {name} {seed} {number}")))
                rows.append((name, number, mutate.__name__, end_of(folder, name, before)))
            path.write_bytes(whole)
    return pd.DataFrame(rows, columns=["file", "number", "mutation", "end"])


def report() -> str:
    """Return trust.md: what was tried, how often, and how it ended, each with the command that tries it again."""
    parts = ["# What was tried against crossread", "Made by `python benchmarks/trust.py --report` from `results/`."]
    for title, name, command, sums in PARTS:
        if not (RESULTS / name).is_file():
            parts += [f"## {title}", f"`{command}`", "Not run yet."]
            continue
        table = pd.read_csv(RESULTS / name, keep_default_na=False)
        if name == "fuzz.csv":
            seeds = table.groupby("reader")["seed"].agg(lambda seeds: ", ".join(map(str, seeds)))
            table = table.groupby("reader").sum().assign(seed=seeds).reset_index()
        numbers = [column for column in table if sums and pd.api.types.is_numeric_dtype(table[column])]
        if name == "mutants.csv":
            ends = table.drop(columns=["file", "before", "after", "tests"]).melt().value_counts(sort=False)
            said = ", ".join(f"{suite} {count} {end}" for (suite, end), count in ends.items())
        elif name == "patterns.csv":
            said = ", ".join(f"{count} {time}" for time, count in table["time"].value_counts().items())
            table = table[table["time"] != "quick"]
        else:
            said = ", ".join(f"{column} {table[column].sum():,}" for column in numbers if column not in ("seed",))
        head = f"| {' | '.join(table.columns)} |\n|{'---|' * len(table.columns)}"
        rows = ["| " + " | ".join(str(cell).replace("|", "\\|") for cell in row) + " |" for row in table.to_numpy()]
        parts += [f"## {title}", f"`{command}`", f"In all: {said}." if said else "", "\n".join([head, *rows])]
    return "\n\n".join(part for part in parts if part) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mutations", type=int, default=12)
    parser.add_argument("--minutes", type=float, default=float("inf"))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--save", action="store_true", help="write benchmarks/results/damage.csv")
    parser.add_argument("--report", action="store_true", help="write benchmarks/trust.md from the saved results")
    options = parser.parse_args()
    if options.report:
        write_whole(Path(__file__).with_name("trust.md"), report())
        return 0
    wrong, lines = 0, []
    for corpus in ("practice", "alliances"):
        until = time.monotonic() + options.minutes * 30  # half of the time for each
        table = damage(corpus, options.mutations, options.seed, until=until)
        for name, ends in table.groupby("file", sort=False)["end"]:
            print(f"{place_of(corpus, name)}: {dict(Counter(ends).most_common())}")
            counted = [int((ends == end).sum()) for end in ENDS]
            lines.append((place_of(corpus, name), len(ends), *counted, len(ends) - sum(counted)))
        silent = table[~table["end"].isin(ENDS)]
        for row in silent.itertuples():
            where = f"{place_of(corpus, row.file)}, seed {options.seed}, number {row.number}"
            print(f"WRONG {where}: {row.mutation}: {row.end}")
        wrong += len(silent)
        print(f"{corpus}: {len(table):,} mutations, {len(silent)} that changed something without a word")
    if options.save:
        saved = pd.DataFrame(lines, columns=["file", "mutations", *ENDS, "silent"])
        write_whole(RESULTS / "damage.csv", saved.to_csv(index=False, lineterminator="\n"))
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
