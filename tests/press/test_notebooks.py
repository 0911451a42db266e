"""Notebooks: executed whole and in their own kernel, failures in plain words, and kept clean in the repository."""

import asyncio
import json
import re
import time
from pathlib import Path

import nbformat
import psutil
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from crossread.charts import figures
from crossread.errors import CrossreadError
from crossread_press import notebooks

PROJECT = Path(__file__).resolve().parents[2]
STUDY = sorted((PROJECT / "notebooks").glob("[0-9]*.ipynb"))

DRAW = """
import pandas as pd
from crossread.charts import figures
from crossread.charts import style
_, ax = style.figure(height=2)
table = pd.DataFrame({"x": [1, 2], "y": [2.0, %s]})
ax.plot(table["x"], table["y"])
figures.save(ax, "%s", data=table, caption="Two points.", alt="It falls.", function="plot")
"""


def write(path, *cells, **metadata):
    made = [new_markdown_cell("# Does it run?", id="title")]
    made += [new_code_cell(source, id=f"step-{'abcdef'[i]}") for i, source in enumerate(cells)]
    notebook = new_notebook(
        cells=made, metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}} | metadata
    )
    notebook.nbformat_minor = 5
    nbformat.write(notebook, path)
    return path


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """Three small notebooks executed once: one that draws, one that breaks, one that says a sentence of ours."""
    place = tmp_path_factory.mktemp("study") / "notebooks"
    place.mkdir()
    published = place.parent / "figures"
    environment = (
        "import os, sys; from pathlib import Path\n"
        "from crossread.errors import CrossreadError\n"
        "assert os.environ['PYTHONHASHSEED'] == '0' and os.environ['SOURCE_DATE_EPOCH'] == '0'\n"
        "assert Path.cwd().name == 'notebooks'\n"
        f"assert sys.executable == {__import__('sys').executable!r}"
    )
    write(place / "01-draws.ipynb", environment, DRAW % (1.0, "fig-01-line"))
    write(place / "02-breaks.ipynb", "figures = {}", "x = 1\nfigures['fig-02']\ny = 2")
    write(
        place / "03-says.ipynb",
        "from crossread import CrossreadError\nwords = 'No corpus “x”.'\nraise CrossreadError(words)",
    )
    summary, failures = notebooks.make_figures(place=place, published=published)
    return place, published, summary, failures


def test_the_summary_names_each_notebook(study):
    _, _, summary, _ = study
    assert tuple(summary.columns) == notebooks.SUMMARY
    assert summary[["notebook", "figures", "result"]].to_numpy().tolist() == [
        ["01-draws", 1, "changed: fig-01"],
        ["02-breaks", 0, "failed"],
        ["03-says", 0, "failed"],
    ]
    assert (summary["seconds"] > 0).all()


def test_a_failure_gives_cell_and_error_in_plain_words(study):
    assert study[3] == [
        "02-breaks.ipynb stopped in the cell “step-b”: KeyError: 'fig-02' (in the line: figures['fig-02'])",
        "03-says.ipynb stopped in the cell “step-a”: No corpus “x”. (in the line: raise CrossreadError(words))",
    ]


def test_figures_of_the_notebook_that_ran_are_published(study):
    _, published, _, _ = study
    row = figures.manifest(published).iloc[0]
    assert (row["figure"], row["notebook"]) == ("fig-01-line", "01-draws")
    assert figures.check(published).empty


def test_the_notebooks_themselves_are_not_written(study):
    assert notebooks.faults(study[0] / "01-draws.ipynb") == []


def test_again_nothing_changed_and_check_says_so_until_a_number_moves(study):
    place, published, _, _ = study
    summary, failures = notebooks.make_figures(["01"], place=place, published=published)
    assert summary["result"].tolist() == ["unchanged"] and failures == []
    only = place.parent / "only"
    only.mkdir(exist_ok=True)
    write(only / "01-draws.ipynb", DRAW % (1.5, "fig-01-line"))
    problems, failures = notebooks.check_figures(place=only, published=published)
    assert failures == []
    found = problems.set_index("figure")["problem"].groupby("figure").agg(list)["fig-01-line"]
    assert "table: 1 of 4 cells differ, most of all y in row 2: 1.0 is now 1.5 (0.5 of its size)" in found
    assert len(found) == 3  # and svg and png
    assert figures.manifest(published).iloc[0]["alt"] == "It falls."


def test_a_notebook_can_execute_others(study, tmp_path):
    async def as_in_a_notebook():
        return notebooks.execute([study[0] / "03-says.ipynb"], tmp_path)

    assert [run.cell for run in asyncio.run(as_in_a_notebook())] == ["step-a"]


def test_stopped_by_hand_the_kernels_are_shut_down(tmp_path, monkeypatch):
    def interrupt(futures, timeout):
        end = time.perf_counter() + 60
        while not (tmp_path / "begun").exists() and time.perf_counter() < end:
            time.sleep(0.1)
        raise KeyboardInterrupt

    sleeper = "import os, time\nopen('begun', 'w').write(str(os.getpid()))\ntime.sleep(100)"
    monkeypatch.setattr(notebooks, "wait", interrupt)
    with pytest.raises(KeyboardInterrupt):
        notebooks.execute([write(tmp_path / "01-sleeps.ipynb", sleeper)], tmp_path / "figures")
    assert not psutil.pid_exists(int((tmp_path / "begun").read_text()))


def test_notebooks_are_found_by_the_beginning_of_their_name(study):
    place = study[0]
    assert [path.stem for path in notebooks.find_notebooks(["02", "01-draws.ipynb"], place)] == [
        "01-draws",
        "02-breaks",
    ]
    with pytest.raises(CrossreadError, match="No notebook begins with “09”. There are: 01-draws, 02-breaks, 03-says."):
        notebooks.find_notebooks(["09"], place)
    with pytest.raises(CrossreadError, match="no notebook in this folder"):
        notebooks.find_notebooks(None, place.parent / "figures")


def spoil(change):
    def prepare(path):
        notebook = nbformat.read(write(path, "1", "2"), as_version=4)
        change(notebook)
        path.write_text(json.dumps(notebook))  # nbformat would mend it
        return path

    return prepare


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (
            lambda n: n.cells[1].update(outputs=[nbformat.v4.new_output("stream", text="1")]),
            "outputs in the cell “step-a”",
        ),
        (lambda n: n.cells[1].update(execution_count=3), "outputs in the cell “step-a”"),
        (lambda n: n.cells[1].update(id="3f2a9c1e"), "cell id “3f2a9c1e”; give it one that says"),
        (lambda n: n.cells[1].update(id="0d5e7a52-11aa-4c1f"), "cell id “0d5e7a52-11aa-4c1f”"),
        (lambda n: n.cells[1].update(id="step-b"), "the cell id “step-b” more than once"),
        (lambda n: n.metadata.update(language_info={"name": "python", "version": "3.11.7"}), "traces of a machine"),
        (lambda n: n.metadata.update(widgets={}), "traces of a machine in its metadata: widgets"),
        (lambda n: n.metadata.update(kernelspec={"name": "my-kernel", "display_name": "x"}), "the kernel “my-kernel”"),
        (lambda n: n.update(nbformat_minor=4), "has format 4.4; cell ids need 4.5"),
    ],
)
def test_each_fault_of_a_notebook_is_named(tmp_path, change, fault):
    assert notebooks.faults(write(tmp_path / "clean.ipynb", "1", "2")) == []
    found = notebooks.faults(spoil(change)(tmp_path / "spoiled.ipynb"))
    assert any(fault in line for line in found), found


def test_a_file_that_is_no_notebook_is_named(tmp_path):
    (tmp_path / "torn.ipynb").write_text("{")
    with pytest.raises(CrossreadError, match="torn.ipynb: not a notebook"):
        notebooks.faults(tmp_path / "torn.ipynb")


# The notebooks of the study, as they stand in the repository.


def cells(path, kind):
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == kind]


@pytest.mark.parametrize("path", notebooks.find_notebooks(), ids=lambda path: path.stem)
def test_every_notebook_is_clean(path):
    assert notebooks.faults(path) == []


def lines_of_code(source):
    """Count the lines that do something: not the blank ones, the closing brackets and the lines of prose in quotes."""
    prose = re.compile(r"""^\s*[fr]{0,2}["'].*["'],?$""")
    return sum(1 for line in source.splitlines() if re.search(r"\w", line) and not prose.match(line))


@pytest.mark.parametrize("path", STUDY, ids=lambda path: path.stem)
def test_a_notebook_reads_as_one(path):
    whole = [cell.source for cell in nbformat.read(path, as_version=4).cells]
    prose, code = ([cell.source for cell in cells(path, kind)] for kind in ("markdown", "code"))
    assert re.fullmatch(r"# .+\?", prose[0].splitlines()[0]), "the title is a question"
    assert 25 <= len(whole) <= 50
    for part in ("**Time**", "**You should know**", "What we see", "What it does not show"):
        assert any(part in source for source in whole), part
    exercises = re.split(r"^#+ .*exercises$", "\n".join(prose), flags=re.MULTILINE | re.IGNORECASE)[-1]
    assert re.findall(r"^([0-9])\. ", exercises, re.MULTILINE) == ["1", "2", "3"], "three exercises, numbered"
    assert max(map(lines_of_code, code)) <= 8
    assert not any(re.search(r"^\s*(def|class|%pip|!)\b|\.\./", source, re.MULTILINE) for source in code)
    assert sum(bool(re.match(r"(import|from) ", source)) for source in code) == 1, "one cell of imports"
    assert sum(source.startswith("CORPUS = ") for source in code) == 1, "one cell names the corpus"


def test_a_claim_that_changes_or_does_not_exist_is_a_problem(tmp_path):
    made, published, place = (tmp_path / name for name in ("made", "published", "notebooks"))
    for folder in (made, published, place):
        (folder / "data").mkdir(parents=True)

    def publish(folder, verdict):
        header = ",".join(figures.MANIFEST)
        said = {"figure": "fig-17-ledger", "function": "study.claims"}
        row = ",".join(said.get(name, "") for name in figures.MANIFEST)
        (folder / "figures.csv").write_text(f"{header}\n{row}\n")
        (folder / "data/fig-17-ledger.csv").write_text(f"claim,verdict\na,{verdict}\n")

    assert notebooks.claim_problems(made, published, place) == []
    publish(published, "supported")
    assert "no notebook makes it" in notebooks.claim_problems(made, published, place)[0]
    publish(made, "not distinguishable")
    assert "the verdict was “supported”" in notebooks.claim_problems(made, published, place)[0]
    publish(made, "supported")
    cell = {"cell_type": "markdown", "id": "x", "metadata": {}, "source": "See claim:b."}
    book = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (place / "1.ipynb").write_text(json.dumps(book))
    assert "b" in notebooks.claim_problems(made, published, place)[0]
