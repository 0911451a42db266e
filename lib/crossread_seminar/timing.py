"""How long a notebook takes: reading, code, tables and charts, and the minutes that it gives to exercises and talk."""

import ast
import re
from pathlib import Path

import pandas as pd

from crossread_seminar.students import is_check, is_solution, read_notebook

PLAN = ("step", "words", "cells", "shown", "declared", "minutes")
WORDS_A_MINUTE = 180  # careful reading of a foreign language; fluent readers manage 240 (Brysbaert 2019)
MINUTES_A_CELL = 0.5  # a code cell: one to three lines
MINUTES_A_PICTURE = 1.0  # a table or a chart
RUNNING = 1.0  # minutes for the computer in a whole session; the tests measure that it needs less
DECLARED = re.compile(r"\((?:[^()]*, )?(\d+) minutes(?:, [^()]*)?\)")


def plan_session(path: Path | str) -> pd.DataFrame:
    """Return the minutes that each step of a notebook needs.

    Minutes are words / 180 + half a minute for each code cell + one for each table or chart + what the text itself
    gives to exercises and talk, as in “(in pairs, 8 minutes)”. Answers and checks are part of the exercises; cells
    that need attached texts are left out.

    Parameters
    ----------
    path : path
        A notebook; of the seminar its solution.

    Returns
    -------
    DataFrame
        step (its heading; “Opening” before the first numbered step); words (of prose); cells (of code to read); shown
        (tables and charts); declared (minutes given in the text); minutes (rounded to 0.1).

    Examples
    --------
    >>> plan_session("notebooks/seminar/nowhere.ipynb")
    Traceback (most recent call last):
    FileNotFoundError: [Errno 2] No such file or directory: 'notebooks/seminar/nowhere.ipynb'
    """
    steps, name = {}, "Opening"
    for cell in read_notebook(Path(path))["cells"]:
        source = "".join(cell["source"])
        heading = re.match(r"## (?:(Step \d+)|What to take home|(?:\w+ )?[Ee]xercises)", source)
        if heading and cell["cell_type"] == "markdown":
            name = heading.group(1) or ("Home" if "take" in heading.group() else "Afterwards")
        row = steps.setdefault(name, dict.fromkeys(PLAN[1:], 0))
        if is_solution(cell) or is_check(cell) or "attached" in cell["metadata"].get("tags", []):
            continue
        row["words"] += len(re.findall(r"[^\W_]+(?:['’][^\W_]+)*", _prose(cell)))
        row["declared"] += sum(map(int, DECLARED.findall(source))) if cell["cell_type"] == "markdown" else 0
        if cell["cell_type"] == "code":
            row["cells"] += 1
            row["shown"] += _shows(source)
    table = pd.DataFrame(steps).T.rename_axis("step").reset_index()
    reading = table["words"] / WORDS_A_MINUTE + table["cells"] * MINUTES_A_CELL + table["shown"] * MINUTES_A_PICTURE
    return table.assign(minutes=(reading + table["declared"]).astype(float).round(1))[list(PLAN)]


def _shows(source: str) -> bool:
    """Whether a cell ends in a table or chart; a reading is a few lines of text, which half a minute is enough for."""
    last = ast.parse(source).body[-1]
    return isinstance(last, ast.Expr) and ".readings." not in ast.unparse(last)


def _prose(cell: dict) -> str:
    """What is read of a cell that holds text."""
    return re.sub(r"\]\([^)\]]*\)|[*#`|]", " ", "".join(cell["source"])) if cell["cell_type"] == "markdown" else ""
