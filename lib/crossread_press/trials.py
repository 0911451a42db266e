"""The notebooks on a corpus of one's own: every one runs to its end and says in a sentence what is not there."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from crossread.charts import figures
from crossread.corpus import load
from crossread.files import scratch
from crossread.notebook import is_refusal
from crossread_press.notebooks import execute, find_notebooks

SUMMARY = ("notebook", "figures", "seconds", "told")
TOLD = ("notebook", "cell", "told")
OF_THE_STUDY = "00-"  # the argument on the five texts is about no others


def run_on(
    corpus: str, names: list[str] | None = None, *, progress: bool = False, place: Path | str | None = None
) -> tuple[pd.DataFrame, pd.DataFrame, list[str]]:
    """Run notebooks on a corpus; their figures go to figures/NAME.

    Parameters
    ----------
    corpus : str
        The name of the corpus, or its folder.
    names : list of str, optional
        Beginnings of notebooks' names; all but the argument on the five texts without it.
    progress : bool
        Whether to show a bar for each notebook.
    place : path, optional
        Another folder for the figures.

    Returns
    -------
    summary, told, failures
        summary: notebook, figures (how many it made), seconds, told (how many parts said that something is missing);
        told: notebook, cell, told (the sentence); failures: a sentence for each notebook that stopped.
    """
    opened = load(corpus)
    paths = [path for path in find_notebooks(names, seminar=False) if names or not path.stem.startswith(OF_THE_STUDY)]
    target = Path(place) if place is not None else figures.folder(opened)
    with scratch() as made_in:
        runs = execute(paths, made_in, corpus=str(corpus), progress=progress)
        missing = pd.DataFrame([row for run in runs for row in _told(run)], columns=list(TOLD))
        places = [made_in / run.notebook for run in runs if (made_in / run.notebook / "figures.csv").is_file()]
        made = {folder.name: len(figures.manifest(folder)) for folder in places}
        if places:
            figures.collect(places, target)
    counts = missing["notebook"].value_counts()
    rows = [
        (run.notebook, made.get(run.notebook, 0), round(run.seconds, 1), counts.get(run.notebook, 0)) for run in runs
    ]
    return pd.DataFrame(rows, columns=list(SUMMARY)), missing, [run.failure for run in runs if run.error]


def _told(run) -> list[tuple[str, str, str]]:
    cells = [] if run.executed is None else run.executed.cells
    outputs = [(cell.get("id", ""), output) for cell in cells for output in cell.get("outputs", [])]
    return [
        (run.notebook, name, output["data"]["text/plain"])
        for name, output in outputs
        if is_refusal(output.get("data", {}).get("text/html", ""))
    ]
