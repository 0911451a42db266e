"""The seminar's notebooks: student files as made from the solutions, walked through by answer."""

import ast
import copy
import html
import json
import re
from functools import partial
from pathlib import Path

import pytest
import unexplained

from crossread import load, topics
from crossread.errors import CrossreadError
from crossread_press.notebooks import faults, find_notebooks
from crossread_seminar import glossary, students
from crossread_seminar.remarks import NO_ANSWER, AnswerMissing, NotYet, Right

SEMINAR = Path(__file__).resolve().parents[2] / "notebooks" / "seminar"
SOLUTIONS = sorted(SEMINAR.glob("*.solution.ipynb"))
SESSIONS = [path.name.removesuffix(".solution.ipynb") for path in SOLUTIONS]
EXPLAINED = [path for path in find_notebooks() if path.parent != SEMINAR] + SOLUTIONS
MOST_LINES = 3  # of a code cell, but for the first, which opens the study


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def source(cell):
    return "".join(cell["source"])


def test_there_are_five_sessions():
    assert [name[0] for name in SESSIONS] == ["1", "2", "3", "4", "5"]


def test_student_files_are_as_made_from_the_solutions():
    made = students.make_students(write=False)
    assert made["result"].tolist() == ["unchanged"] * 5, "run: python3 run.py students"
    assert (made["answers"] >= 4).all()


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
    for cell in cells:
        if cell["cell_type"] == "markdown" or students.is_check(cell):
            continue
        lines = [line for line in source(cell).splitlines() if line.strip() and not line.startswith("#")]
        assert len(lines) <= MOST_LINES + (cell["id"] == "open"), cell["id"]
        assert "../" not in source(cell), cell["id"]
        nodes = list(ast.walk(ast.parse(source(cell))))
        assert not any(isinstance(node, ast.FunctionDef | ast.JoinedStr) for node in nodes), cell["id"]
    assert source(cells[-1]).count("\n1. ") == 1 and "\n3. " in source(cells[-1]) and "\n4. " not in source(cells[-1])


def kind_of(cell):
    """What a cell is to a reader: text, what it shows (table or chart), or a step without anything to see."""
    if cell["cell_type"] == "markdown":
        return "text"
    last = ast.parse(source(cell)).body[-1]
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
        if "**Exercise" in source(before[-1]) or {"attached", "page"} & {*cell["metadata"].get("tags", []), cell["id"]}:
            continue  # what an exercise asks for is read by its answer; running texts are read by the reader
        if not after or kind_of(after[0]) != "text":
            faults.append(f"{cell['id']} is not read")
    return faults


@pytest.mark.parametrize("path", SOLUTIONS, ids=SESSIONS)
def test_every_table_and_chart_is_introduced_and_read(path):
    cells = read(path)["cells"]
    assert read_wrongly(cells) == []
    assert sum(kind_of(cell) == "shown" for cell in cells) >= 5
    text = "\n".join(source(cell) for cell in cells)
    assert text.count("**What we see.**") >= 3 and len(re.findall(r"\*\*What\s+it\s+does\s+not\s+show", text)) >= 3


@pytest.mark.parametrize("path", SOLUTIONS, ids=SESSIONS)
def test_nothing_is_announced_that_a_handout_leaves_out(path):
    """Running text of others is not printed; neither is the line that leads to it."""
    cells = read(path)["cells"]
    for before, shown in zip(cells, cells[1:], strict=False):
        if "attached" in shown["metadata"].get("tags", []) and before["cell_type"] == "markdown":
            assert "attached" in before["metadata"].get("tags", []) or not source(before).endswith((":", "?")), before[
                "id"
            ]


def test_a_table_that_nobody_reads_is_found():
    table = cell("seminar.show_table(a)", solution=False)
    text, reading = cell("Here is a table.", "markdown", False), cell("**What we see.** It.", "markdown", False)
    task = cell("**Exercise 1 (2 minutes).** Count.", "markdown", False)
    assert read_wrongly([text, table, reading]) == read_wrongly([task, table, cell("b = 2")]) == []
    assert read_wrongly([text, table]) == ["step is not read"]
    assert read_wrongly([text, table, table, reading]) == ["step is not read", "step is not introduced"]


@pytest.mark.parametrize("path", sorted(SEMINAR.glob("*.ipynb")), ids=lambda path: path.stem)
def test_notebooks_are_clean(path):
    assert faults(path) == []


@pytest.mark.parametrize("path", EXPLAINED, ids=lambda path: path.stem)
def test_no_term_is_left_unexplained(path):
    """A term found here is to be explained in the glossary; a word found that is plain goes to plain_words.txt."""
    words = glossary.read_entries()
    found = {cell["id"]: unexplained.find_unexplained(prose_of(cell), words) for cell in read(path)["cells"]}
    assert not {name: terms for name, terms in found.items() if terms}


@pytest.mark.parametrize("path", EXPLAINED, ids=lambda path: path.stem)
def test_every_notebook_states_its_time_and_links_the_glossary(path):
    opening = "\n".join(source(cell) for cell in read(path)["cells"][:2])
    assert re.search(r"\*\*Time\*\*: .*(minute|second)", opening) and "**You should know**" in opening
    links = re.findall(r"\[glossary\]\(([^)]+)\)", opening)
    assert len(links) == 1 and (path.parent / links[0]).resolve() == SEMINAR / "glossary.md"


@pytest.mark.parametrize("path", EXPLAINED, ids=lambda path: path.stem)
def test_columns_that_a_notebook_chooses_are_explained(path):
    words = glossary.read_entries()
    chosen = []
    for cell in read(path)["cells"]:
        if cell["cell_type"] == "code" and not students.is_solution(cell):
            lists = [node for node in ast.walk(ast.parse(source(cell))) if isinstance(node, ast.List)]
            chosen += [item.value for one in lists for item in one.elts if isinstance(item, ast.Constant)]
    names = [name for name in dict.fromkeys(map(str, chosen)) if re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name)]
    known = set(load("practice").documents.index) | {"burden_sharing", "china_rise"}
    assert not [name for name in unexplained.find_unexplained_columns(names, words) if name not in known]


def test_words_on_charts_are_explained():
    words, found = glossary.read_entries(), {}
    charts = SEMINAR.parents[1] / "lib" / "crossread" / "charts"
    for path in sorted(set(charts.glob("*.py")) - {charts / "figures.py"}):  # that one draws nothing
        tree = ast.parse(path.read_text(encoding="utf-8"))
        blocks = [node.body for node in ast.walk(tree) if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef)]
        docstrings = {id(body[0].value) for body in blocks if body and isinstance(body[0], ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
                text = node.value
                if " " in text.strip() and not re.search(r"<|base64|style=|^offset |^DejaVu", text):
                    found[text] = unexplained.find_strange_words(text, words)
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
    assert unexplained.find_unexplained(text, glossary.read_entries()) == missing


def test_a_column_that_the_glossary_lacks_is_found():
    words = glossary.read_entries()
    assert unexplained.find_unexplained_columns(["per_1000", "title", "z_score", "perplexity"], words) == [
        "z_score",
        "perplexity",
    ]


def test_what_the_glossary_cites_is_listed_and_nothing_else():
    entries, sources = (SEMINAR / "glossary.md").read_text(encoding="utf-8").split("## Sources")
    noted = [part for bracket in re.findall(r"\(([^()]* (?:1[89]|20)\d\d)\)", entries) for part in bracket.split("; ")]
    cited = {(re.split(r",| and | \d", part)[0], part[-4:]) for part in noted}
    listed = re.findall(r"^- ([^,]+),.*?\b((?:1[89]|20)\d\d)\.", sources, re.MULTILINE)
    assert cited == set(listed) and len(listed) == len(set(listed)) >= 40


def test_every_method_of_the_glossary_is_one_that_the_library_or_a_text_names():
    methods = re.findall(
        r"^- (\*\*.+?):", (SEMINAR / "glossary.md").read_text("utf-8").split("## Alliances")[0], re.MULTILINE
    )
    root = SEMINAR.parents[1]
    files = [path for folder in ("notebooks", "lib") for path in (root / folder).rglob("*")]
    texts = [path for path in files if path.suffix in (".py", ".ipynb", ".js", ".md") and path.name != "glossary.md"]
    told = "\n".join(path.read_text(encoding="utf-8") for path in texts).lower()
    assert len(methods) > 150 and len(texts) > 100

    def named(entry):
        names = re.sub(r"\*\*|\)", "", entry.lower()).replace(" (also ", ", ").split(", ")
        return any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", told) for name in names)

    assert [entry for entry in methods if not named(entry)] == []


def test_the_glossary_explains_nothing_twice(tmp_path):
    (tmp_path / "glossary.md").write_text("- **hit** (also hits): a.\n- **hits**: b.\n")
    with pytest.raises(CrossreadError, match="“hits” is explained twice"):
        glossary.read_entries(tmp_path / "glossary.md")


class Walk:
    """A student at a notebook: runs cell after cell and sees what the last line of each shows."""

    def __init__(self):
        self.names = {}

    def run(self, text):
        """Run a cell; return what it shows, or the error that it stops with."""
        tree = ast.parse(text)
        last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
        try:
            exec(compile(tree, "cell", "exec"), self.names)
            return eval(compile(ast.Expression(last.value), "cell", "eval"), self.names) if last else None
        except NotYet as stopped:
            return stopped


@pytest.fixture
def quick_stability(monkeypatch):
    """The session shows 99 shuffled texts; for its answers and checks fewer do."""
    monkeypatch.setattr(topics, "topic_stability", partial(topics.topic_stability, resamples=5, shuffles=19))
    monkeypatch.setattr(topics, "term_retention", partial(topics.term_retention, resamples=5))


def page_of(shown):
    return shown._repr_html_() if hasattr(shown, "_repr_html_") else str(shown)


@pytest.mark.parametrize("session", SESSIONS)
def test_a_student_walks_through_the_session(session, tmp_path, monkeypatch, quick_stability):
    """Each check stops with one friendly sentence while the answer is missing, and lets pass when it is there.

    On the way: charts have words, columns are explained, no sentence of the five texts is shown but where it says so.
    """
    words = glossary.read_entries()
    monkeypatch.chdir(tmp_path)
    solution = read(SEMINAR / f"{session}.solution.ipynb")["cells"]
    walk, stopped, pages, answer = Walk(), [], [], ""
    for cell, done in zip(read(SEMINAR / f"{session}.ipynb")["cells"], solution, strict=True):
        if cell["cell_type"] != "code":
            continue
        if students.is_solution(done):
            answer = source(done)
        shown = walk.run(source(cell))
        if students.is_check(done):
            assert isinstance(shown, AnswerMissing) and str(shown) == NO_ANSWER, cell["id"]
            stopped.append(cell["id"])
            walk.run(answer)
            shown = walk.run(source(cell))
            assert isinstance(shown, Right), f"{cell['id']}: {shown}"
        assert not isinstance(shown, NotYet), cell["id"]
        if "attached" not in cell["metadata"].get("tags", []):
            pages.append(page_of(shown))
    assert len(stopped) >= 3
    charts = [page for page in pages if "<figure" in page]
    assert charts and all(re.search(r'<img [^>]*alt="[^"]{20,}"', page) for page in charts)
    tops = [page.split("<tbody>")[0] for page in pages if "<tbody>" in page]
    spoken = {name for top in tops for name in re.findall(r"<th[^>]*>([^<]+)<", top)}
    assert not [name for name in spoken if "_" in name]  # the name in code stands below the spoken one
    heads = spoken | {name for top in tops for name in re.findall(r"<code>([^<]+)</code></th>", top)}
    documents = {name for corpus in ("practice", "alliances") for name in load(corpus).documents.index}
    names = [name for name in heads - documents if re.fullmatch(r"[a-z][a-z0-9_]*", name)]
    assert unexplained.find_unexplained_columns(names, words) == []
    alliances = load("alliances").sentences
    if "text" in alliances:
        long = [text for text in alliances.loc[alliances["kind"] == "body", "text"] if len(text.split()) > 8]
        assert not [text for text in long if any(text in html.unescape(page) for page in pages)]


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
    notebook = {"cells": [cell("x = 1"), cell("Because.", "markdown"), cell("seminar.check(x)", solution=False)]}
    before = copy.deepcopy(notebook)
    made = students.make_student(notebook)
    assert notebook == before
    assert [source(c) for c in made["cells"]] == ["x = ...", students.BLANK, "seminar.check(x)"]


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
        'rates = 1000 * counts / five.documents["n_tokens"]',
        "### END SOLUTION",
    ]
    assert check["metadata"]["nbgrader"] | {"grade_id": ""} == {
        "grade": True, "grade_id": "", "locked": True, "points": 1,
        "schema_version": 3, "solution": False, "task": False,
    }  # fmt: skip
    assert marked["lost"]["metadata"]["nbgrader"]["grade"] and marked["lost"]["metadata"]["nbgrader"]["solution"]


def test_nbgrader_takes_the_answers_out_of_its_source(tmp_path):
    """With nbgrader installed: what it releases to students has no answer."""
    preprocessors = pytest.importorskip("nbgrader.preprocessors", reason="needs nbgrader: pip install nbgrader")
    from nbgrader.nbgraderformat import read as read_source

    students.make_students(nbgrader=tmp_path)
    for session in SESSIONS:
        source_notebook = read_source(tmp_path / "source" / session / f"{session}.ipynb", as_version=4)
        release, _ = preprocessors.ClearSolutions().preprocess(source_notebook, {})
        for one, done in zip(release.cells, read(SEMINAR / f"{session}.solution.ipynb")["cells"], strict=True):
            if students.is_solution(done) and done["cell_type"] == "code":
                answers = [line for line in source(done).splitlines() if not line.startswith("#")]
                assert not [line for line in answers if line in one.source] and "SOLUTION" not in one.source, one.id
