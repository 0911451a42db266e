"""Slides, sheets, handouts and bundles: nothing from the network, alt texts kept, the same bytes twice."""

import json
import re
import subprocess
import zipfile
from pathlib import Path

import pytest

from crossread.errors import CrossreadError
from crossread_seminar import bundle, handouts
from crossread_seminar.students import read_notebook

PROJECT = Path(__file__).resolve().parents[2]
SOLUTIONS = sorted((PROJECT / "notebooks" / "seminar").glob("*.solution.ipynb"))
FETCHES = re.compile(r"""(?:src|href)=["']?(https?:|//)|@import|url\((?!["']?data:)[^)]""")
LOCK = (PROJECT / "requirements.lock").read_text(encoding="utf-8")

SLIDE = {"slideshow": {"slide_type": "slide"}}
WIDE = """import pandas as pd
from IPython.display import HTML
HTML(pd.DataFrame([range(9)]).to_html())"""
SMALL = [
    ("markdown", "title", "# Is it small?\n\nYou will\n\n- see some *tokens* ([glossary](glossary.md)).", SLIDE),
    ("code", "chart", None, {"slideshow": {"slide_type": "slide"}}),
    ("markdown", "more", "A line below the chart.", {"slideshow": {"slide_type": "fragment"}}),
    ("code", "one-answer", "# A number.\nanswer = 42", {"tags": ["solution"]}),
    ("code", "half", "half = answer / 2\nother = 10 + 3\nhalf", {}),
    ("code", "free", "half = other * 4\nhalf + other", {}),
    ("code", "key", "'the key ' + 'to it'", {"tags": ["reveal"]}),
    ("markdown", "key-read", "**What we see.** A key. **What it does not show.** A door.\n\nAnd a table:", {}),
    ("code", "table", WIDE, {}),
    ("markdown", "table-read", "**What we see.** A wide table.", {}),
    ("code", "texts", "'not to be printed'", {"tags": ["attached"]}),
    ("markdown", "why", "Because of forty-two.", {"tags": ["solution"]}),
    ("markdown", "home", "## What to take home\n\n- Little.", {"slideshow": {"slide_type": "slide"}}),
    ("markdown", "exercises", "## Three exercises for home\n\n1. **Read.** It.", {}),
]
CHART = """from matplotlib.figure import Figure
from crossread.charts.figures import show_drawing
show_drawing(Figure(figsize=(2, 1)), "Nothing.", "An empty page, on purpose.")"""


def notebook_of(rows):
    cells = []
    for kind, name, text, metadata in rows:
        cell = {"cell_type": kind, "id": name, "metadata": metadata, "source": text or CHART}
        cells.append(cell | ({"outputs": [], "execution_count": None} if kind == "code" else {}))
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return {"cells": cells, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A session of a few cells, made into everything; and once more on a computer without a browser."""
    place = tmp_path_factory.mktemp("seminar")
    (place / "1-small.solution.ipynb").write_text(json.dumps(notebook_of(SMALL)))
    made, remarks = handouts.make_handouts(folder=place / "once", place=place)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CROSSREAD_BROWSER", "no-such-browser")
        without = handouts.make_handouts(folder=place / "twice", place=place)
    return place, made, remarks, without


def read(small, kind):
    return (small[0] / "once" / f"1-small.{kind}.html").read_text(encoding="utf-8")


def test_everything_is_made(small):
    made = small[1]
    names = [name for name in made["file"] if name.endswith(".html")]
    assert names == [*(f"1-small.{kind}.html" for kind in handouts.KINDS), "glossary.html"]
    assert made.set_index("file").loc["1-small.slides.html", "pages"] == 3


def test_nothing_is_fetched_and_pictures_have_words(small):
    for kind in handouts.KINDS:
        page = read(small, kind)
        bare = re.sub(r"<script>.*?</script>|/\*.*?\*/", "", page, flags=re.DOTALL)
        assert not FETCHES.search(bare), kind
        assert '<html lang="en">' in page and "<title>Is it small?</title>" in page
        for picture in re.findall(r"<img [^>]*>", bare):
            assert 'alt="An empty page, on purpose."' in picture
    assert "<img" in read(small, "slides") and "<img" in read(small, "handout")


def test_students_get_room_and_the_teacher_the_solution(small):
    student, teacher = read(small, "handout"), read(small, "solution")
    assert "42" not in student and "forty-two" not in student
    assert "answer = ..." in student and 'class="blank"' in student
    assert "answer = 42" in teacher and "forty-two" in teacher and "for the teacher" in teacher


def test_what_rests_on_an_answer_is_not_given_away(small):
    """Half of the answer, and the key of a blind test; but not what was made anew since."""
    student, teacher = read(small, "handout"), read(small, "solution")
    assert student.count(handouts.WITHHELD.strip("*")) == 2
    assert "21.0" in teacher and "21.0" not in student and "65" in teacher and "65" in student
    assert "key to it" in teacher and "key to it" not in student
    assert "A door." in teacher and "A door." not in student, "nothing is said of what is not there"
    assert "And a table:" in student and "A wide table." in student


def test_the_glossary_is_linked_where_it_can_be_followed(small):
    assert 'href="glossary.html"' in read(small, "slides") and "glossary.md" not in read(small, "slides")
    for kind in ("sheet", "handout", "solution"):
        assert "glossary" in read(small, kind) and "glossary.md" not in read(small, kind)
    assert "<strong>token</strong>" in (small[0] / "once" / "glossary.html").read_text(encoding="utf-8")


def test_wide_tables_are_set_smaller_and_short_ones_kept_together():
    made = handouts.for_print("<table border='1'><tr>" + "<th>a</th>" * 9 + "</tr></table>")
    assert '<table class="wide short"' in made
    long = '<table border="1" class="dataframe"><tr><td>a</td></tr>' + "<tr><td>b</td></tr>" * 30 + "</table>"
    assert '<table class=""' in handouts.for_print(long)


def test_running_text_of_others_is_not_printed(small):
    for kind in handouts.KINDS:
        assert "not to be printed" not in read(small, kind)


def test_the_sheet_lists_exercises_and_terms(small):
    sheet = read(small, "sheet")
    assert "For home" in sheet and "<strong>token</strong>: one word as it is counted." in sheet  # of *tokens*


@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.name[0])
def test_the_sheet_has_every_exercise_also_one_below_a_heading(path):
    notebook = read_notebook(path)
    text = "\n".join("".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "markdown")
    numbers = re.findall(r"\*\*Exercise (\d)", text)
    assert numbers == re.findall(r"<strong>Exercise (\d)", handouts.sheet_page(notebook)) and len(numbers) > 4


@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.name[0])
def test_a_table_that_a_slide_leads_to_is_on_the_slides(path):
    cells = read_notebook(path)["cells"]
    for before, cell in zip(cells, cells[1:], strict=False):
        if "slideshow" in before["metadata"] and before["cell_type"] == "markdown":
            assert "slideshow" in cell["metadata"] or "show_table(" not in "".join(cell["source"]), cell["id"]


def test_slides_carry_the_heading_that_they_stand_under():
    cells = [
        {"cell_type": "markdown", "id": "s", "metadata": {}, "source": "## Step 1: <read>"},
        {
            "cell_type": "code",
            "id": "a",
            "metadata": {"slideshow": {"slide_type": "slide"}},
            "source": "x",
            "outputs": [
                {"output_type": "execute_result", "data": {"text/plain": "a < b"}, "metadata": {}, "execution_count": 1}
            ],
        },
    ]
    more = {
        "cell_type": "markdown",
        "id": "m",
        "metadata": {"slideshow": {"slide_type": "fragment"}},
        "source": "And more.",
    }
    page = handouts.slides_page({"cells": [*cells, more]})
    assert page.count("<section>") == 1 and re.search(r"<p>And more.</p>\s*</section>", page)
    assert re.search(r"<h2>Step 1: &lt;read&gt;</h2>\s*<pre[^>]*>a &lt; b</pre>", page)


def test_two_runs_give_the_same_bytes(small, tmp_path):
    once, twice = ({path.name: path.read_bytes() for path in (small[0] / name).iterdir()} for name in ("once", "twice"))
    assert {name for name in once if name.endswith(".html")} == set(twice)
    assert [name for name in twice if once[name] != twice[name]] == []
    if browser := handouts.find_browser():
        handouts.print_pdf(small[0] / "once" / "1-small.handout.html", tmp_path / "again.pdf", browser)
        assert (tmp_path / "again.pdf").read_bytes() == once["1-small.handout.pdf"]


def test_pdf_is_tagged_and_its_pictures_have_words(small):
    from pypdf import PdfReader

    if handouts.find_browser() is None:
        assert "PDF left out: 1-small.sheet.pdf" in small[2][0]
        return
    reader = PdfReader(small[0] / "once" / "1-small.handout.pdf")
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and root["/Lang"] == "en" and root["/Outlines"]
    assert reader.metadata.title == "Is it small?"
    pictures = []

    def look(part):
        part = part.get_object() if hasattr(part, "get_object") else part
        for child in part if isinstance(part, list) else [part.get("/K", [])] if isinstance(part, dict) else []:
            look(child)
        if isinstance(part, dict) and part.get("/S") == "/Figure":
            pictures.append(part.get("/Alt"))

    look(root["/StructTreeRoot"])
    assert pictures == ["An empty page, on purpose."]
    assert len(PdfReader(small[0] / "once" / "1-small.sheet.pdf").pages) == 1


def test_without_a_browser_pdf_is_left_out_by_name(small):
    made, remarks = small[3]
    assert not [name for name in made["file"] if name.endswith(".pdf")]
    assert remarks[0].startswith(
        "PDF left out: 1-small.sheet.pdf, 1-small.handout.pdf, 1-small.solution.pdf, glossary.pdf. To make PDF"
    )


def test_a_browser_that_fails_is_said(tmp_path, monkeypatch):
    page = tmp_path / "a.html"
    page.write_text("<p>a</p>")
    failing = tmp_path / "browser"
    failing.write_text("#!/bin/sh\necho it is broken >&2\nexit 1\n")
    failing.chmod(0o755)
    with pytest.raises(CrossreadError, match="could not print a.html: it is broken"):
        handouts.print_pdf(page, tmp_path / "a.pdf", str(failing))


def test_sessions_are_chosen_by_name(small):
    with pytest.raises(CrossreadError, match="No session begins with “9”. There are: 1-small."):
        handouts.make_handouts(["9"], place=small[0])


@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.name[0])
def test_every_session_has_slides_of_its_exercises(path):
    cells = read_notebook(path)["cells"]
    tasks = [cell for cell in cells if "".join(cell["source"]).startswith("**Exercise")]
    marked = [cell for cell in cells if "slideshow" in cell["metadata"]]
    assert len(tasks) >= 4 and all(cell in marked for cell in tasks)
    assert "solution" not in {tag for cell in marked for tag in cell["metadata"].get("tags", [])}


# -- the bundle ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("platform", bundle.PLATFORMS)
@pytest.mark.parametrize("python", bundle.PYTHONS)
def test_pins_of_a_platform_are_those_whose_markers_hold(platform, python):
    pins = bundle.chosen_pins(LOCK, platform, python)
    names = [line.split("==")[0] for line in pins.splitlines()]
    assert len(names) == len(set(names)) > 100
    assert ("pywinpty" in names) == (platform == "windows")
    assert ("appnope" in names) == platform.startswith("mac")
    assert all("--hash=sha256:" in line and ";" not in line for line in pins.splitlines())


def test_the_copy_holds_the_project_and_no_text_of_others(tmp_path):
    bundle.copy_project(tmp_path / "copy")
    copied = {str(path.relative_to(tmp_path / "copy")) for path in (tmp_path / "copy").rglob("*") if path.is_file()}
    assert {"run.py", "requirements.lock", "lib/crossread/__init__.py", "corpus/alliances/counts.csv"} <= copied
    assert "corpus/practice/texts/marsh_2031.txt" in copied
    assert not [name for name in copied if "/texts/" in name and "practice" not in name]
    assert not [name for name in copied if name.startswith((".git/", ".venv/", "handouts/")) or "__pycache__" in name]
    tracked = subprocess.run(["git", "ls-files", "lib"], cwd=PROJECT, capture_output=True, text=True)
    if tracked.returncode == 0:
        assert set(tracked.stdout.split()) <= copied


def test_a_bundle_is_copied_filled_and_packed(tmp_path, monkeypatch):
    def download(wanted, wheels, platform, python, scratch):
        (wheels / "a.whl").write_text(wanted.read_text())

    monkeypatch.setattr(bundle, "_download", download)
    said = bundle.make_bundle(tmp_path / "room", "windows", "3.12", pack=True)
    assert "with 1 wheels, for windows and Python 3.12" in said
    assert "pywinpty==" in (tmp_path / "room" / "wheels" / "a.whl").read_text()
    assert "py run.py setup" in (tmp_path / "room" / "START.txt").read_text()
    assert "room/run.py" in zipfile.ZipFile(tmp_path / "room.zip").namelist()
    with pytest.raises(CrossreadError, match="room is not empty"):
        bundle.make_bundle(tmp_path / "room")


def test_what_cannot_be_bundled_is_said(tmp_path):
    with pytest.raises(CrossreadError, match="no platform “amiga”: it is one of linux, mac-arm, mac-intel, windows"):
        bundle.make_bundle(tmp_path / "x", "amiga")
    with pytest.raises(CrossreadError, match="no Python 3.9 in the lock"):
        bundle.make_bundle(tmp_path / "x", "linux", "3.9")


def test_a_download_that_fails_gives_the_reason(tmp_path):
    wanted = tmp_path / "wanted.txt"
    wanted.write_text("no-such-package-anywhere==1 --hash=sha256:" + "0" * 64 + "\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PIP_NO_INDEX", "1")
        with pytest.raises(CrossreadError, match="could not be downloaded: .*no-such-package-anywhere"):
            bundle._download(wanted, tmp_path, "linux", "3.12", tmp_path)


def test_run_py_installs_from_the_wheels_of_a_bundle(tmp_path, monkeypatch):
    """Where wheels/ stands beside the lock, the installer is told to look nowhere else."""
    import importlib.util

    found = importlib.util.spec_from_file_location("run_of_bundle", PROJECT / "run.py")
    run = importlib.util.module_from_spec(found)
    found.loader.exec_module(run)
    commands = []
    monkeypatch.setattr(run, "install", lambda command, what: commands.append(command))
    for name in ("check_disk", "check_venv_module", "add_library"):
        monkeypatch.setattr(run, name, lambda: None)
    monkeypatch.setattr(run, "VENV", str(tmp_path / ".venv"))
    monkeypatch.setattr(run, "STAMP", str(tmp_path / "stamp"))
    monkeypatch.setattr(run, "WHEELS", str(tmp_path / "wheels"))
    run.make_environment()
    assert not any("--no-index" in command for command in commands)
    (tmp_path / "wheels").mkdir()
    commands.clear()
    run.make_environment()
    place = commands[-1].index("--no-index")
    assert commands[-1][place : place + 3] == ["--no-index", "--find-links", str(tmp_path / "wheels")]
