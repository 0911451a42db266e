"""Student files are made from the solution notebooks: what is tagged `solution` is taken out."""

import ast
import copy
import json
from pathlib import Path

import pandas as pd

from crossread.corpus import project_folder
from crossread.errors import CrossreadError
from crossread.files import write_whole

STUDENTS = ("session", "file", "answers", "result")
TAG = "solution"
SUFFIX = ".solution.ipynb"
BLANK = "*Your answer:* double-click here and write."
BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"


def find_solutions(place: Path | str | None = None) -> list[Path]:
    """Return the solution notebooks of the seminar in their order.

    Parameters
    ----------
    place : path, optional
        Another folder than notebooks/seminar.
    """
    place = Path(place or project_folder() / "notebooks" / "seminar")
    paths = sorted(place.glob("*" + SUFFIX))
    if not paths:
        raise CrossreadError(f"{place}: no file ends in {SUFFIX}.")
    return paths


def blank_out(source: str) -> str:
    """Return a cell of a solution with its answers taken out: opening comments stay, each answer becomes three dots.

    Parameters
    ----------
    source : str
        Python. What it assigns is taken for an answer; a function keeps its name and arguments.

    Examples
    --------
    >>> print(blank_out("# Hits per 1,000 tokens.\\nrates = 1000 * counts / sizes"))
    # Hits per 1,000 tokens.
    rates = ...
    """
    lines = []
    for line in source.splitlines():
        if not line.startswith("#"):
            break
        lines.append(line)
    names = []
    for step in ast.parse(source).body:
        if isinstance(step, ast.FunctionDef):
            lines.append(f"def {step.name}({ast.unparse(step.args)}):\n    ...")
            names.append(step.name)
        elif isinstance(step, ast.Assign):
            for target in step.targets:
                names_set = [node.id for node in ast.walk(target) if isinstance(node, ast.Name)]
                names += [name for name in names_set if name not in names]
    lines += [f"{name} = ..." for name in names if not any(line.startswith(f"def {name}(") for line in lines)]
    if not names:
        raise CrossreadError(f"A solution has to give its answer a name (answer = …): {source.splitlines()[0]}")
    return "\n".join(lines)


def make_student(notebook: dict) -> dict:
    """Return a solution notebook as the student gets it.

    Parameters
    ----------
    notebook : dict
        The JSON of a notebook. Code cells tagged `solution` keep their comments and lose their answers; text cells so
        tagged become a place to write; the tag goes.

    Returns
    -------
    dict
        The JSON of the student's notebook; `notebook` stays as it was.
    """
    made = copy.deepcopy(notebook)
    for cell in made["cells"]:
        if not is_solution(cell):
            continue
        source = "".join(cell["source"])
        text = blank_out(source) if cell["cell_type"] == "code" else BLANK
        cell["source"] = text.splitlines(keepends=True)
        tags = [tag for tag in cell["metadata"].get("tags", []) if tag != TAG]
        cell["metadata"] = {k: v for k, v in cell["metadata"].items() if k != "tags"} | ({"tags": tags} if tags else {})
    return made


def make_nbgrader(notebook: dict) -> dict:
    """Return a solution notebook in nbgrader's source format; `nbgrader generate_assignment` makes a release of it.

    Answers stand between BEGIN SOLUTION and END SOLUTION; the check below each is a locked test worth one point;
    written answers are graded by hand.

    Parameters
    ----------
    notebook : dict
        The JSON of a solution notebook.

    Returns
    -------
    dict
        The JSON of nbgrader's notebook (schema 3).
    """
    made = copy.deepcopy(notebook)
    for cell in made["cells"]:
        source = "".join(cell["source"])
        if is_solution(cell) and cell["cell_type"] == "code":
            dots = blank_out(source)
            comments = [line for line in source.splitlines() if line.startswith("#")][
                : dots.count("\n#") + dots.startswith("#")
            ]
            rest = "\n".join(source.splitlines()[len(comments) :])
            text = "\n".join([*comments, BEGIN, rest, END])
            marks = {"grade": False, "solution": True, "locked": False}
        elif is_solution(cell):
            text, marks = source, {"grade": True, "solution": True, "locked": False, "points": 1}
        elif is_check(cell):
            text, marks = source, {"grade": True, "solution": False, "locked": True, "points": 1}
        else:
            continue
        cell["source"] = text.splitlines(keepends=True)
        cell["metadata"]["nbgrader"] = {"grade_id": cell["id"], "schema_version": 3, "task": False} | marks
    return made


def is_solution(cell: dict) -> bool:
    """Return whether a cell is tagged as a solution."""
    return TAG in cell["metadata"].get("tags", [])


def is_check(cell: dict) -> bool:
    """Return whether a cell checks an answer."""
    return cell["cell_type"] == "code" and "".join(cell["source"]).lstrip().startswith("seminar.check(")


def read_notebook(path: Path) -> dict:
    """Return the JSON of a notebook."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise CrossreadError(f"{path}: not a notebook: {error}") from None


def notebook_text(notebook: dict) -> str:
    """Return the text of a notebook's file."""
    return json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=False) + "\n"


def make_students(
    place: Path | str | None = None, *, write: bool = True, nbgrader: Path | str | None = None
) -> pd.DataFrame:
    """Make the student file of every session beside its solution, or say which differ from what would be made.

    Parameters
    ----------
    place : path, optional
        Another folder than notebooks/seminar.
    write : bool
        Whether files are written.
    nbgrader : path, optional
        A folder that gets nbgrader's files instead, as source/SESSION/SESSION.ipynb.

    Returns
    -------
    DataFrame
        session; file (its name); answers (cells taken out); result ("unchanged", "written", or "differs" where nothing
        is written).
    """
    rows = []
    for path in find_solutions(place):
        session = path.name.removesuffix(SUFFIX)
        notebook = read_notebook(path)
        if nbgrader is None:
            text, target = notebook_text(make_student(notebook)), path.with_name(f"{session}.ipynb")
        else:
            text = notebook_text(make_nbgrader(notebook))
            target = Path(nbgrader) / "source" / session / f"{session}.ipynb"
        same = target.is_file() and target.read_text(encoding="utf-8") == text
        if not same and write:
            write_whole(target, text)
        answers = sum(map(is_solution, notebook["cells"]))
        rows.append((session, target.name, answers, "unchanged" if same else "written" if write else "differs"))
    return pd.DataFrame(rows, columns=list(STUDENTS))
