"""Change the library in one place at a time, and see which tests notice.

    python tests/mutants.py [--save] [--unchanged] [NUMBER ...]

Each change is made in a copy of the project, never in the library itself. Three suites are asked: the quick one
(`run.py test --quick`), the tests of the room in a clone without the five texts ("bare"), and the same tests where the
five texts are ("whole"; what the bare clone catches, the whole one catches, so it is asked for the others only).
`--unchanged` runs the same tests on a copy in which nothing is changed: a test that fails there catches nothing.
`--save` writes the table to benchmarks/results/mutants.csv.
"""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from run import QUICK  # noqa: E402

COLUMNS = ("file", "before", "after", "tests", "quick", "bare", "whole")

# file under lib/crossread, what stands there, what is put in its place, the tests of its room
MUTANTS = (
    ("corpus/tokens.py", "return COUNTRIES.get(word) or word.lower()", "return word.lower()", "corpus/test_tokens.py"),
    ("corpus/tokens.py", "word = word[:-2]", "word = word[:-1]", "corpus/test_tokens.py"),
    ("corpus/tokens.py", "if not text.isupper():", "if text.isupper():", "corpus/test_tokens.py"),
    ("corpus/load.py", 'np.argsort(year.to_numpy(), kind="stable")', 'np.argsort(-year.to_numpy(), kind="stable")',
     "corpus/test_corpus.py"),
    ("corpus/inline_marks.py", '_REASONS.get(match.lastgroup, "markup")', '"markup"', "corpus/test_cleaning.py"),
    ("corpus/bodies.py", "if not (_CAPITALS_BEFORE_US.search(body) or", "if True or (True or", "corpus/test_bodies.py"),
    ("lexicon/finding.py", "np.maximum(first, starts - within)", "np.maximum(first, starts - within - 1)",
     "lexicon/test_lexicon_matching.py"),
    ("lexicon/finding.py", "return right | left", "return right", "lexicon/test_lexicon_matching.py"),
    ("lexicon/finding.py", "seen = ~_overlaps(starts, ends, hidden)", "seen = _overlaps(starts, ends, hidden)",
     "lexicon/test_lexicon_matching.py"),
    ("lexicon/finding.py", "numbers = numbers[~np.isin(numbers, self.addresses)]", "pass", "corpus/test_tokens.py"),
    ("lexicon/patterns.py", 'known = dict.fromkeys(sequences(pattern))', 'return sequences(pattern)',
     "lexicon"),
    ("measure/families.py", "p[order] * (n_tests - ranks)", "p[order] * n_tests", "measure/test_families.py"),
    ("measure/families.py", "np.maximum.accumulate(p[order]", "(p[order]", "measure/test_families.py"),
    ("measure/families.py", "return np.minimum(adjusted, 1.0)", "return adjusted", "measure/test_families.py"),
    ("measure/resampling.py", "low, high = limits_of(", "high, low = limits_of(", "measure/test_resampling.py"),
    ("measure/themes.py", "per_1000, low, high = (1000 * values.ravel() for values in rates)",
     "per_1000, low, high = (100 * values.ravel() for values in rates)", "measure/test_themes.py"),
    ("measure/themes.py", 'counts, tokens = counts > 0, tokens > 0', 'counts, tokens = counts, tokens > 0',
     "measure/test_themes.py"),
    ("measure/clumping.py", "np.maximum(freedom, LEAST_FREEDOM)", "freedom + 100", "measure/test_clumping.py"),
    ("measure/keyness.py", "np.where(b > 0, b, 0.5) / n2)", "np.where(b > 0, b, 1.0) / n2)",
     "measure/test_terms_numbers.py measure/test_terms_tables.py"),
    ("measure/contrasts.py", 'read["share_a"] - read["share_b"]).abs()', 'read["share_a"] - read["share_b"])',
     "measure/test_contrasts.py"),
    ("measure/marks.py", 'codes["adjudicated"] >= lowest_mean(rule)', 'codes["adjudicated"] > lowest_mean(rule)',
     "measure/test_marks.py"),
    ("measure/comparisons.py", "True: 0.6, False", "True: 6.0, False",
     "measure/test_comparisons.py measure/test_simulation.py"),
    ("topics/stability.py", "(largest[None] >= excess[:, None])", "(largest[None] < excess[:, None])",
     "topics/test_topics_stability.py"),
    ("topics/counts.py", "FEWEST_DOCUMENTS = 20", "FEWEST_DOCUMENTS = 1", "topics/test_topics_counts.py"),
    ("charts/style.py", "[str(name) for name in (documents.index", "[str(name) for name in sorted(documents.index",
     "charts/test_charts_style.py"),
    ("charts/primitives.py", "chosen = known & (silent == hollow)", "chosen = known & (silent != hollow)",
     "charts/test_charts_themes.py charts/test_charts_terms.py"),
    ("charts/figures.py", "DIGITS = 6", "DIGITS = 3", "charts/test_figures.py"),
    ("table.py", "return self.rows.copy(deep=False)", "return self.rows.head(5)", "study"),
    ("study.py", 'name == key or name.startswith(f"{key}.")', "name == key", "study measure/test_readings.py"),
    ("wording.py", "if len(text) <= letters", "if len(text) >= letters", "study measure/test_themes.py"),
    ("../crossread_seminar/answers.py", "<=", "<", "seminar/test_seminar_checks.py"),
    ("../crossread_press/publishing.py", "differing == 0 and a == b", "True", "press corpus/test_damage.py"),
    ("../crossread_explorer/build.py", "title=escape(title or study.corpus.name)", "title=title or study.corpus.name",
     "explorer"),
    ("../crossread_scale/counting.py", "sorted(", "list(", "scale"),
    ("corpus/sentences.py", "return text[first].isdigit() or text", "return text[first].isdigit() and text",
     "corpus/test_sentences.py"),
    ("corpus/sentences.py", "len(word) == 1 and word.isalpha()", "len(word) == 2 and word.isalpha()",
     "corpus/test_sentences.py"),
    ("corpus/tables.py", "if rows and len(cells) != len(rows[0])", "if rows and len(cells) < len(rows[0])",
     "corpus/test_damage.py"),
    ("corpus/tables.py", "smallest <= kind(cell) <= largest", "kind(cell) <= largest", "corpus/test_damage.py"),
    ("corpus/tables.py", """return f"'{cell}\"""", "return cell", "study/test_export.py"),
    ("corpus/yaml_files.py", "if len(opened) > DEEPEST:", "if len(opened) > 10**6:", "corpus/test_damage.py"),
    ("corpus/yaml_files.py", "parts += sizes.get(event.anchor, 1)", "parts += 1", "corpus/test_damage.py"),
    ("corpus/sealing.py", "elif hash_of(path) != digest:", "elif False:", "corpus/test_damage.py"),
    ("corpus/attach.py", "if overlap >= ALIKE", "if overlap >= 0", "corpus/test_attach.py"),
    ("corpus/attach.py", 'write_whole(texts / ".gitignore", "*\\n")', "pass", "corpus/test_attach.py"),
    ("corpus/store.py", 'if contents["key"] != place.name:', "if False:", "corpus/test_store.py"),
    ("corpus/store.py", "return crc32(file.read(_BLOCK)) == checks[name][i]", "return True", "corpus/test_store.py"),
    ("corpus/create.py", '"texts/\\nreport.csv\\n"', '"report.csv\\n"', "corpus/test_create.py"),
    ("corpus/reading/source.py", "capitals >= 0.6 * len(weighty)", "capitals >= 0.1 * len(weighty)",
     "corpus/test_cleaning.py"),
    ("files.py", "if match and (_is_dead(", "if match and (not _is_dead(", "press/test_trust.py"),
    ("files.py", "os.chmod(part, stat.S_IMODE(path.stat().st_mode))", "pass", "press/test_trust.py"),
    ("terminal.py", "print(shown(line), file=sys.stderr)", "print(line, file=sys.stderr)", "press/test_trust.py"),
    ("lexicon/contexts.py", "max(first, a - window)", "max(first, a - window + 1)", "lexicon/test_lexicon_reading.py"),
    ("lexicon/imports.py", "if all(wider):", "if any(wider):", "lexicon/test_lexicon_imports.py"),
    ("measure/actors.py", "p = (1 + (chance >= together)", "p = (1 + (chance > together)", "measure/test_actors.py"),
    ("measure/proximity.py", "/ 2 / np.log(2)", "/ 2", "measure/test_proximity.py"),
    ("measure/dispersion.py", "dp / (1 - s.min())", "dp", "measure/test_terms_numbers.py"),
    ("measure/trends.py", "sure = (adjusted <= SURE) & (", "sure = (", "measure/test_group_trends.py"),
    ("measure/groups.py", "max(len(units) - 1, 1)", "max(len(units), 1)", "measure/test_groups.py"),
    ("measure/validation.py", "1 - (n - 1) * observed / expected", "1 - n * observed / expected",
     "measure/test_validation.py"),
    ("measure/claims.py", 'return -1 if self.direction == "lower" else 1', "return 1", "measure/test_claims.py"),
    ("measure/estimates.py", "Estimate(float(share), float(share - half)", "Estimate(float(share), float(share)",
     "measure/test_estimates.py"),
    ("measure/variety.py", "float(types / (len(ids) - window + 1) / window)", "float(types / len(ids) / window)",
     "measure/test_terms_numbers.py"),
    ("measure/planner.py", "return np.maximum(*sides)", "return np.minimum(*sides)", "measure/test_planner.py"),
    ("measure/collocation.py", "np.where(n11 >= expected[0], 1.0, -1.0)", "np.where(n11 >= expected[0], 1.0, 1.0)",
     "measure/test_terms_numbers.py measure/test_terms_tables.py"),
    ("topics/quality.py", "/ -np.log(joint + EPSILON)", "/ np.log(joint + EPSILON)", "topics/test_topics_quality.py"),
    ("topics/intrusion.py", "order[shown:]] < HARDLY", "order[shown:]] < 1", "topics/test_topics_intrusion.py"),
    ("../crossread_press/site.py", 'execute(paths, place / "each", texts=False)',
     'execute(paths, place / "each", texts=True)', "press/test_trust.py"),
    ("../crossread_seminar/bundle.py", 'if here.parent == root / "corpus" and here.name != "practice":', "if False:",
     "press/test_trust.py"),
)  # fmt: skip


def copied_project(folder: Path, *, texts: bool) -> Path:
    """Return a copy of the project: as a clone has it, or with the five texts where they are attached here."""
    place = folder / ("whole" if texts else "bare") / "project"
    left_out = shutil.ignore_patterns("__pycache__", ".venv", ".git", *([] if texts else ["texts"]))
    of_others = str(ROOT / "corpus" / "alliances")
    return Path(shutil.copytree(ROOT, place, symlinks=True, ignore=lambda at, names: (
        set() if Path(at).parent == ROOT / "corpus" and str(at) != of_others else left_out(at, names)
    )))  # fmt: skip


def run_tests(project: Path, places: Sequence[str]) -> int:
    """Run tests in a copy of the project, and return how that ended: 0 where all pass."""
    environment = {**os.environ, "PYTHONPATH": str(project / "lib"), "CROSSREAD_PROJECT": str(project)}
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "--no-header"]
    command += [f"tests/{place}" for place in places]
    return subprocess.run(command, cwd=project, capture_output=True, check=False, env=environment).returncode


def judge(number: int, bare: Path, whole: Path) -> tuple[str, ...]:
    """Try one change: its file, the change, the tests, and what each suite says: "caught", "survived", "not there"."""
    name, before, after, tests = MUTANTS[number]
    paths = [project / "lib" / "crossread" / name for project in (bare, whole)]
    text = paths[0].read_text(encoding="utf-8")
    if before not in text:
        return (name, before, after, tests, *["not there"] * 3)
    try:
        for path in paths:
            path.write_text(text.replace(before, after, 1), encoding="utf-8")
        ends = {"quick": run_tests(bare, QUICK), "bare": run_tests(bare, tests.split())}
        ends["whole"] = ends["bare"] or run_tests(whole, tests.split())
    finally:
        for path in paths:
            path.write_text(text, encoding="utf-8")
    said = {0: "survived", 1: "caught"}
    return (name, before, after, tests, *(said.get(end, "caught: nothing runs") for end in ends.values()))


def save(rows: list[tuple[str, ...]]) -> None:
    """Write outcomes to the table of results, in the order of MUTANTS; what was not tried now keeps its row."""
    path = ROOT / "benchmarks" / "results" / "mutants.csv"
    with open(path, encoding="utf-8", newline="") as file:
        known = {tuple(row[:3]): tuple(row) for row in list(csv.reader(file))[1:] if len(row) == len(COLUMNS)}
    known |= {row[:3]: row for row in rows}
    ordered = [known[mutant[:3]] for mutant in MUTANTS if mutant[:3] in known]
    with open(path, "w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([COLUMNS, *ordered])


def main(arguments: list[str]) -> int:
    chosen = [int(one) for one in arguments if one.isdigit()] or range(len(MUTANTS))
    rows = []
    with tempfile.TemporaryDirectory() as scratch:
        bare, whole = (copied_project(Path(scratch), texts=texts) for texts in (False, True))
        if "--unchanged" in arguments:
            asked = {" ".join(QUICK): bare}
            asked |= {MUTANTS[number][3]: bare for number in chosen}
            for tests, project in asked.items():
                sys.stdout.write(f"{tests}: {'fails' if run_tests(project, tests.split()) else 'passes'}\n")
                sys.stdout.flush()
            return 0
        for number in chosen:
            rows.append(judge(number, bare, whole))
            sys.stdout.write(f"{number} {rows[-1][0]} | {rows[-1][2]} | {', '.join(rows[-1][4:])}\n")
            sys.stdout.flush()
    if "--save" in arguments:
        save(rows)
    return sum(row[-1] == "survived" for row in rows)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
