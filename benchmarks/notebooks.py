"""Seconds from the start of the kernel to the first figure of each notebook, and to its last cell.

python -m benchmarks.notebooks              # every notebook, one after another
python -m benchmarks.notebooks 01 --rounds 5
"""

import argparse
import tempfile
from pathlib import Path

import pandas as pd

from crossread_press.notebooks import execute, find_notebooks


def time_notebook(path: Path) -> tuple[float, float]:
    """Run a notebook: seconds from the start of its kernel to its first figure (nan without one), and in all."""
    with tempfile.TemporaryDirectory() as scratch:
        (run,) = execute([path], Path(scratch))
    return run.first_figure, run.seconds


def main(arguments: list[str] | None = None) -> pd.DataFrame:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="beginnings of names")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args(arguments)
    paths = find_notebooks(options.names or None, seminar=False)
    rows = [
        (path.stem, number, *time_notebook(path)) for number in range(options.rounds) for path in paths
    ]  # all once, then all again
    table = pd.DataFrame(rows, columns=["notebook", "round", "first_figure_seconds", "seconds"])
    median = table.groupby("notebook", sort=False)[["first_figure_seconds", "seconds"]].median().round(2)
    print(median.to_string())
    return median


if __name__ == "__main__":
    main()
