"""Seconds from the start of the kernel to the first figure of each notebook, and to its last cell.

python -m benchmarks.notebooks              # every notebook, one after another
python -m benchmarks.notebooks 01 --rounds 5
"""

import argparse
import os
import tempfile
import time
from pathlib import Path

import pandas as pd

from crossread.charts import figures
from crossread_press.notebooks import ENVIRONMENT, LIBRARY, find_notebooks


def time_notebook(path: Path) -> tuple[float, float]:
    """Run a notebook in a kernel of its own: seconds to its first figure (nan without one), and in all."""
    import nbformat
    from nbclient import NotebookClient

    began, first = time.perf_counter(), []

    def look(cell, **_):
        if not first and any("<figure" in output.get("data", {}).get("text/html", "") for output in cell.outputs):
            first.append(time.perf_counter() - began)

    with tempfile.TemporaryDirectory() as scratch:
        environment = {**os.environ, **ENVIRONMENT, "PYTHONPATH": str(LIBRARY), figures.FOLDER_VARIABLE: scratch}
        environment[figures.NOTEBOOK_VARIABLE] = path.stem
        NotebookClient(
            nbformat.read(path, as_version=4),
            kernel_name="python3",
            extra_arguments=["--IPKernelApp.log_level=CRITICAL"],
            resources={"metadata": {"path": str(path.parent)}},
            on_cell_executed=look,
        ).execute(env=environment)
    return (first or [float("nan")])[0], time.perf_counter() - began


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
