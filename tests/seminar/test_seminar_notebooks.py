"""The seminar's notebooks: student files as made from the solutions, walked through by answer in a real kernel."""

import ast
import copy
import json
import re
from pathlib import Path

import nbformat
import psutil
import pytest

from crossread import load
from crossread.errors import CrossreadError
from crossread_press.notebooks import ENVIRONMENT, faults, find_notebooks
from crossread_seminar import glossary, students, timing
from crossread_seminar.remarks import NO_ANSWER

SEMINAR = Path(__file__).resolve().parents[2] / "notebooks" / "seminar"
SOLUTIONS = sorted(SEMINAR.glob("*.solution.ipynb"))
SESSIONS = [path.name.removesuffix(".solution.ipynb") for path in SOLUTIONS]
EXPLAINED = [path for path in find_notebooks() if path.parent != SEMINAR] + SOLUTIONS
SHORTEST, LONGEST = 3, 8  # lines of a code cell


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def source(cell):
    return "".join(cell["source"])


def test_there_are_four_sessions():
    assert [name[0] for name in SESSIONS] == ["1", "2", "3", "4"]


def test_student_files_are_as_made_from_the_solutions():
    made = students.make_students(write=False)
    assert made["result"].tolist() == ["unchanged"] * 4, "run: python3 run.py students"
    assert (made["answers"] >= 5).all()


@pytest.mark.parametrize("session", SESSIONS)
def test_no_answer_is_left_in_a_student_file(session):
    solution, student = read(SEMINAR / f"{session}.solution.ipynb"), read(SEMINAR / f"{session}.ipynb")
    text = json.dumps(student)
    assert "solution" not in text.lower()
    for before, after in zip(solution["cells"], student["cells"], strict=True):
        assert before["id"] == after["id"]
        if not students.is_solution(before):
            assert before == after
        elif before["cell_type"] == "code":
            lines = [line for line in source(after).splitlines() if not line.startswith("#")]
            assert lines and all(re.fullmatch(r"\w+ = \.\.\.", line) for line in lines), before["id"]
        else:
            assert source(after) == students.BLANK


@pytest.mark.parametrize("session", SESSIONS)
def test_every_answer_in_code_is_checked_at_once(session):
    cells = [c for c in read(SEMINAR / f"{session}.solution.ipynb")["cells"] if c["cell_type"] == "code"]
    for cell, following in zip(cells, [*cells[1:], None], strict=True):
        if students.is_solution(cell):
            assert following and students.is_check(following), cell["id"]


@pytest.mark.parametrize("path", SOLUTIONS, ids=SESSIONS)
def test_a_session_is_made_for_beginners(path):
    cells = read(path)["cells"]
    assert re.match(r"# .+\?", source(cells[0]))
    for cell, following in zip(cells, [*cells[1:], None], strict=True):
        if cell["cell_type"] == "markdown" or students.is_check(cell):
            continue
        # an answer and the check below it are one thing to read
        code = source(cell) + ("\n" + source(following) if students.is_solution(cell) else "")
        assert SHORTEST <= len([line for line in code.splitlines() if line.strip()]) <= LONGEST, cell["id"]
        assert "../" not in code, cell["id"]
        if not students.is_solution(cell):
            assert not any(isinstance(node, ast.FunctionDef) for node in ast.walk(ast.parse(code))), cell["id"]
    assert source(cells[-1]).count("\n1. ") == 1 and "\n3. " in source(cells[-1]) and "\n4. " not in source(cells[-1])


def kind_of(cell):
    """What a cell is to a reader: text, what it shows (table or chart), or a step without anything to see."""
    text = source(cell)
    if cell["cell_type"] == "markdown" or re.search(r"^Markdown\(", text, re.MULTILINE):
        return "text"
    last = ast.parse(text).body[-1]
    return "shown" if isinstance(last, ast.Expr) and not students.is_check(cell) else "step"


def read_wrongly(cells):
    """The tables and charts that nothing introduces, or that nothing reads before the next is shown."""
    faults = []
    for number, cell in enumerate(cells):
        if kind_of(cell) != "shown":
            continue
        before = [other for other in cells[:number] if kind_of(other) != "step"]
        if not before or kind_of(before[-1]) != "text":
            faults.append(f"{cell['id']} is not introduced")
        after = [other for other in cells[number + 1 :] if kind_of(other) != "step" and not students.is_check(other)]
        if "**Exercise" in source(before[-1]) or "attached" in cell["metadata"].get("tags", []):
            continue  # what an exercise asks for is read by its answer; attached texts are introduced by a question
        if not after or not re.search(r"\*\*What we see\.\*\*|^\*\*(Exercise|Write)", source(after[0]), re.MULTILINE):
            faults.append(f"{cell['id']} is not read")
    return faults


@pytest.mark.parametrize("path", SOLUTIONS, ids=SESSIONS)
def test_every_table_and_chart_is_introduced_and_read(path):
    cells = read(path)["cells"]
    assert read_wrongly(cells) == []
    assert sum(kind_of(cell) == "shown" for cell in cells) >= 5
    for cell in cells:
        if "show_chart(" in source(cell):
            assert "caption" in source(cell) and "alt" in source(cell), cell["id"]


def test_a_table_that_nobody_reads_is_found():
    table = cell("HTML(a)", solution=False)
    text, reading = cell("Here is a table.", "markdown", False), cell("**What we see.** It.", "markdown", False)
    task = cell("**Exercise 1 (2 minutes).** Count.", "markdown", False)
    made = cell('Markdown(\n    f"**What we see.** {a}."\n)', solution=False)
    assert read_wrongly([text, table, reading]) == read_wrongly([text, table, made]) == []
    assert read_wrongly([text, table, task]) == read_wrongly([task, table, cell("b = 2")]) == []
    assert read_wrongly([text, table, text]) == read_wrongly([text, table]) == ["step is not read"]
    assert read_wrongly([text, table, table, reading]) == ["step is not read", "step is not introduced"]


@pytest.mark.parametrize("path", sorted(SEMINAR.glob("*.ipynb")), ids=lambda path: path.stem)
def test_notebooks_are_clean(path):
    assert faults(path) == []


@pytest.mark.parametrize("path", EXPLAINED, ids=lambda path: path.stem)
def test_no_term_is_left_unexplained(path):
    """A term found here is to be explained in the glossary; a word found that is plain goes to plain_words.txt."""
    words = glossary.read_glossary()
    found = {cell["id"]: glossary.find_unexplained(prose_of(cell), words) for cell in read(path)["cells"]}
    assert not {name: terms for name, terms in found.items() if terms}


@pytest.mark.parametrize("path", EXPLAINED, ids=lambda path: path.stem)
def test_every_notebook_states_its_time_and_links_the_glossary(path):
    opening = "\n".join(source(cell) for cell in read(path)["cells"][:2])
    assert re.search(r"\*\*Time\*\*: .*(minute|second)", opening) and "**You should know**" in opening
    links = re.findall(r"\[glossary\]\(([^)]+)\)", opening)
    assert len(links) == 1 and (path.parent / links[0]).resolve() == SEMINAR / "glossary.md"


@pytest.mark.parametrize("path", EXPLAINED, ids=lambda path: path.stem)
def test_columns_that_a_notebook_chooses_are_explained(path):
    words = glossary.read_glossary()
    chosen = []
    for cell in read(path)["cells"]:
        if cell["cell_type"] == "code" and not students.is_solution(cell):
            lists = [node for node in ast.walk(ast.parse(source(cell))) if isinstance(node, ast.List)]
            chosen += [item.value for one in lists for item in one.elts if isinstance(item, ast.Constant)]
    names = [name for name in dict.fromkeys(map(str, chosen)) if re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name)]
    known = set(load("practice").documents.index) | {"burden_sharing", "china_rise"}
    assert not [name for name in glossary.find_unexplained_columns(names, words) if name not in known]


def test_words_on_charts_are_explained():
    words, found = glossary.read_glossary(), {}
    for path in sorted((SEMINAR.parents[1] / "lib" / "crossread" / "charts").glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        blocks = [node.body for node in ast.walk(tree) if isinstance(node, ast.Module | ast.FunctionDef)]
        docstrings = {id(body[0].value) for body in blocks if body and isinstance(body[0], ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
                text = node.value
                if " " in text.strip() and not re.search(r"<|base64|style=|^offset |^DejaVu", text):
                    found[text] = glossary.find_strange_words(text, words)
    assert len(found) > 50 and not {text: missing for text, missing in found.items() if missing}


def prose_of(cell):
    """The text of a cell that is read: of code what stands in long strings."""
    if cell["cell_type"] == "markdown":
        return source(cell)
    values = [node.value for node in ast.walk(ast.parse(source(cell))) if isinstance(node, ast.Constant)]
    return "\n".join(text for text in values if isinstance(text, str) and " " in text)


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("Fit an *autoencoder* with PCA and odds.", ["autoencoder", "pca"]),
        ("The perplexity falls.", ["perplexity"]),  # no italics, no capitals, on no list
        ("Kendall's tau of the ranks, after Scheffé.", ["kendall", "tau", "scheffé"]),
        ("A posterior with κ and a kernel-density plot", ["posterior", "κ", "density"]),
        ("A lexicon has *entries*; `PCA` is code; see [here](https://example.org/isomap).", []),
        ("Each *hit* counts, and G² and MATTR too; Burrows's Delta is small.", []),
    ],
)
def test_a_term_that_nobody_listed_is_found(text, missing):
    assert glossary.find_unexplained(text, glossary.read_glossary()) == missing


def test_a_column_that_the_glossary_lacks_is_found():
    words = glossary.read_glossary()
    assert glossary.find_unexplained_columns(["per_1000", "title", "z_score", "perplexity"], words) == [
        "z_score",
        "perplexity",
    ]


def test_what_the_glossary_cites_is_listed_and_nothing_else():
    entries, sources = (SEMINAR / "glossary.md").read_text(encoding="utf-8").split("## Sources")
    noted = [part for bracket in re.findall(r"\(([^()]* (?:1[89]|20)\d\d)\)", entries) for part in bracket.split("; ")]
    cited = {(re.split(r",| and | \d", part)[0], part[-4:]) for part in noted}
    listed = re.findall(r"^- ([^,]+),.*?\b((?:1[89]|20)\d\d)\.", sources, re.MULTILINE)
    assert cited == set(listed) and len(listed) == len(set(listed)) > 40


def test_the_glossary_explains_nothing_twice(tmp_path):
    (tmp_path / "glossary.md").write_text("- **hit** (also hits): a.\n- **hits**: b.\n")
    with pytest.raises(CrossreadError, match="“hits” is explained twice"):
        glossary.read_glossary(tmp_path / "glossary.md")


class Walk:
    """A student at a notebook: runs cell after cell, in a kernel of this very Python."""

    def __init__(self, session, folder, library):
        from nbclient import NotebookClient

        self.notebook = nbformat.read(SEMINAR / f"{session}.ipynb", as_version=4)
        self.client = NotebookClient(
            self.notebook,
            kernel_name="python3",
            timeout=300,
            allow_errors=True,
            resources={"metadata": {"path": str(folder)}},
            extra_arguments=["--IPKernelApp.log_level=ERROR"],
        )
        self.environment = library | ENVIRONMENT | {"IPYTHONDIR": str(folder / "ipython")}

    def run(self, number):
        """Run one cell; return the error that it stopped with, or None."""
        cell = self.client.execute_cell(self.notebook.cells[number], number)
        errors = [output for output in cell.outputs if output.output_type == "error"]
        return errors[0] if errors else None


@pytest.mark.parametrize("session", SESSIONS)
def test_a_student_walks_through_the_session(session, tmp_path, library):
    """Each check stops with one friendly sentence while the answer is missing, and lets pass when it is there."""
    solution = read(SEMINAR / f"{session}.solution.ipynb")["cells"]
    walk = Walk(session, tmp_path, library)
    stopped = []
    with walk.client.setup_kernel(env=walk.environment):
        answer = None
        for number, cell in enumerate(walk.notebook.cells):
            if cell.cell_type != "code":
                continue
            if students.is_solution(solution[number]):
                answer = number
            error = walk.run(number)
            if students.is_check(solution[number]):
                assert error is not None, cell.id
                assert (error.ename, error.traceback) == ("AnswerMissing", [NO_ANSWER]), cell.id
                stopped.append(cell.id)
                walk.notebook.cells[answer].source = source(solution[answer])
                assert walk.run(answer) is None, source(solution[answer])
                error = walk.run(number)
            assert error is None, f"{cell.id}: {error.evalue}"
        used = psutil.Process(walk.client.km.provisioner.pid).cpu_times()
        assert 1 < used.user + used.system < 60 * timing.RUNNING, "the guide gives the computer one minute"
        shown = [output for cell in walk.notebook.cells for output in cell.get("outputs", [])]
    assert len(stopped) >= 3
    tables = [o["data"]["text/html"] for o in shown if "<thead>" in str(o.get("data", {}).get("text/html", ""))]
    heads = {name for table in tables for name in re.findall(r"<th[^>]*>([^<]+)</th>", table.split("<tbody>")[0])}
    names = [name for name in heads if re.fullmatch(r"[a-z][a-z0-9_]*", name)]
    assert len(names) > 8 and glossary.find_unexplained_columns(names, glossary.read_glossary()) == []
    charts = [o for o in shown if "<figure" in str(o.get("data", {}).get("text/html", ""))]
    assert charts and all(re.search(r'<img alt="[^"]{20,}"', o["data"]["text/html"]) for o in charts)


def test_the_study_is_executed_without_the_seminar(tmp_path):
    (tmp_path / "seminar").mkdir()
    for path in (tmp_path / "01-a.ipynb", tmp_path / "seminar" / "1-b.ipynb"):
        path.write_text("{}")
    assert [path.stem for path in find_notebooks(None, tmp_path, seminar=False)] == ["01-a"]
    assert [path.stem for path in find_notebooks(None, tmp_path)] == ["01-a", "1-b"]


def test_a_notebook_that_differs_is_named_and_mended(tmp_path):
    for path in SOLUTIONS[:1]:
        (tmp_path / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    assert students.make_students(tmp_path, write=False)["result"].tolist() == ["differs"]
    assert students.make_students(tmp_path)["result"].tolist() == ["written"]
    assert students.make_students(tmp_path)["result"].tolist() == ["unchanged"]


def cell(text, kind="code", solution=True):
    return {
        "cell_type": kind,
        "id": "step",
        "metadata": {"tags": ["solution"]} if solution else {},
        "source": text.splitlines(keepends=True),
    }


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("# A number.\nx = 1\ny = x + 1", "# A number.\nx = ...\ny = ..."),
        ("low, high = f(x)", "low = ...\nhigh = ..."),
        ("x = 1\nx = 2", "x = ..."),
        ("def rate(count, n=1000):\n    return count / n", "def rate(count, n=1000):\n    ..."),
        ("# Keep.\n\nx = 1  # not this\n# nor this", "# Keep.\nx = ..."),
    ],
)
def test_answers_become_dots(before, after):
    assert students.blank_out(before) == after
    made = students.make_student({"cells": [cell(before)]})["cells"][0]
    assert source(made) == after and made["metadata"] == {}


def test_a_solution_without_a_name_is_refused():
    with pytest.raises(CrossreadError, match="has to give its answer a name"):
        students.blank_out("print(1)")


def test_the_solution_stays_as_it_was():
    notebook = {"cells": [cell("x = 1"), cell("Because.", "markdown"), cell("check_x(x)", solution=False)]}
    before = copy.deepcopy(notebook)
    made = students.make_student(notebook)
    assert notebook == before
    assert [source(c) for c in made["cells"]] == ["x = ...", students.BLANK, "check_x(x)"]


def test_no_solution_in_a_folder_is_said(tmp_path):
    with pytest.raises(CrossreadError, match="no file ends in .solution.ipynb"):
        students.make_students(tmp_path)
    (tmp_path / "1-x.solution.ipynb").write_text("{")
    with pytest.raises(CrossreadError, match="not a notebook"):
        students.make_students(tmp_path)


def test_nbgrader_gets_solutions_between_marks_and_locked_checks(tmp_path):
    students.make_students(nbgrader=tmp_path)
    made = read(tmp_path / "source" / SESSIONS[0] / f"{SESSIONS[0]}.ipynb")
    marked = {c["id"]: c for c in made["cells"] if "nbgrader" in c["metadata"]}
    answer, check = marked["rate-answer"], marked["rate-check"]
    assert source(answer).splitlines()[1:] == [
        "### BEGIN SOLUTION",
        'rates = 1000 * we / documents["n_tokens"]',
        "### END SOLUTION",
    ]
    assert check["metadata"]["nbgrader"] | {"grade_id": ""} == {
        "grade": True, "grade_id": "", "locked": True, "points": 1,
        "schema_version": 3, "solution": False, "task": False,
    }  # fmt: skip
    assert marked["lost"]["metadata"]["nbgrader"]["grade"] and marked["lost"]["metadata"]["nbgrader"]["solution"]


def test_nbgrader_makes_a_release_and_grades_it(tmp_path, library):
    """With the extra `nbgrader` installed: the release has no answer, and the solution gets every point."""
    pytest.importorskip("nbgrader", reason="needs the extra nbgrader: pip install nbgrader")
    import subprocess
    import sys

    session = SESSIONS[0]
    students.make_students(nbgrader=tmp_path)
    for other in SESSIONS[1:]:
        (tmp_path / "source" / other / f"{other}.ipynb").unlink()
        (tmp_path / "source" / other).rmdir()
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 'crossread'\n")
    path = str(Path(sys.executable).parent)

    def nbgrader(*arguments):
        environment = library | ENVIRONMENT | {"PATH": path + ":" + library.get("PATH", "")}
        command = [sys.executable, "-m", "nbgrader", *arguments]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr

    nbgrader("generate_assignment", session)
    release = read(tmp_path / "release" / session / f"{session}.ipynb")
    assert "SOLUTION" not in json.dumps(release) and "1000 * we" not in json.dumps(release)
    handed = tmp_path / "submitted" / "a-student" / session
    handed.mkdir(parents=True)
    submitted = copy.deepcopy(release)
    answers = {c["id"]: source(c) for c in read(SOLUTIONS[0])["cells"] if students.is_solution(c)}
    for one in submitted["cells"]:
        name = one["metadata"].get("nbgrader", {}).get("grade_id")
        if name in answers and name != "rate-answer":
            one["source"] = answers[name]
    (handed / f"{session}.ipynb").write_text(json.dumps(submitted))
    nbgrader("autograde", session)
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{tmp_path}/gradebook.db") as book:
        graded = book.find_submission_notebook(session, session, "a-student")
        scores = {grade.name: grade.auto_score for grade in graded.grades if grade.auto_score is not None}
    assert scores == {"sentences-check": 1.0, "tokens-check": 1.0, "count-check": 1.0, "rate-check": 0.0}
