"""Notebooks: executed whole and in their own kernel, failures in plain words, and kept clean in the repository."""

import ast
import asyncio
import contextlib
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
import tokenize
from pathlib import Path

import nbformat
import psutil
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

import crossread as cr
from crossread.charts import figures
from crossread.errors import CrossreadError
from crossread_press import kernels, notebooks

PROJECT = Path(__file__).resolve().parents[2]
STUDY = sorted((PROJECT / "notebooks").glob("[0-9]*.ipynb"))

DRAW = """
import pandas as pd
from crossread.charts import figures
from crossread.charts import style
ax = style.Sheet(2).canvas()
table = pd.DataFrame({"x": [1, 2], "y": [2.0, %s]})
ax.plot(table["x"], table["y"])
figures.save(ax, "%s", data=table, caption="Two points.", alt="It falls.", function="plot")
"""


def names_asked_for(code):
    """What a piece of code asks `cr` and the study for by name: study.lexicon.strict, cr.study."""
    for node in ast.walk(ast.parse(code)):
        names, part = [], node
        while isinstance(part, ast.Attribute):
            names, part = [part.attr, *names], part.value
        if names and isinstance(part, ast.Name) and part.id in ("cr", "study"):
            yield part.id, names


def test_what_the_prose_of_a_notebook_says_to_type_is_there():
    here, asked = {"cr": cr, "study": cr.study("alliances")}, 0
    for path in [*STUDY, *(PROJECT / "notebooks" / "seminar").glob("*.ipynb")]:
        prose = [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "markdown"]
        for code in re.findall(r"`((?:study|cr)\.[^`]*)`", "\n".join(prose)):
            for root, names in names_asked_for(code):
                found = here[root]
                for name in names:
                    assert hasattr(found, name), f"{path.name}: {code}"
                    found = getattr(found, name)
                asked += 1
    assert asked > 10


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
    assert not published.exists(), "nothing is replaced unless all notebooks ran"
    return place, published, summary, failures


@pytest.fixture(scope="module")
def drawn(study):
    """The one that draws, alone: published."""
    place, published, _, _ = study
    summary, failures = notebooks.make_figures(["01"], place=place, published=published)
    assert summary["result"].tolist() == ["changed: fig-01"] and failures == []
    return place, published


def test_the_summary_names_each_notebook(study):
    _, _, summary, _ = study
    assert tuple(summary.columns) == notebooks.SUMMARY
    assert summary[["notebook", "figures", "result"]].to_numpy().tolist() == [
        ["01-draws", 1, "not replaced"],
        ["02-breaks", 0, "failed"],
        ["03-says", 0, "failed"],
    ]
    assert (summary["seconds"] > 0).all()


def test_a_failure_gives_cell_and_error_in_plain_words(study):
    assert study[3] == [
        "02-breaks.ipynb stopped in the cell “step-b”: KeyError: 'fig-02' (in the line: figures['fig-02'])",
        "03-says.ipynb stopped in the cell “step-a”: No corpus “x”. (in the line: raise CrossreadError(words))",
    ]


def test_figures_of_the_notebook_that_ran_are_published(drawn):
    _, published = drawn
    row = figures.manifest(published).iloc[0]
    assert (row["figure"], row["notebook"]) == ("fig-01-line", "01-draws")
    assert figures.check(published).empty


def test_the_notebooks_themselves_are_not_written(study):
    assert notebooks.faults(study[0] / "01-draws.ipynb") == []


def test_a_notebook_runs_again_when_asked_or_when_what_it_rests_on_changed(drawn, monkeypatch):
    place, published = drawn

    def make(**options):
        summary, failures = notebooks.make_figures(["01"], place=place, published=published, **options)
        return failures or summary[["figures", "result"]].to_numpy().tolist()

    executed = []
    run = notebooks.Run("01-draws", 1.0)
    monkeypatch.setattr(notebooks, "execute", lambda paths, scratch, **_: executed.append(paths) or [run])
    monkeypatch.setattr(figures, "replace_published", lambda *_: None)
    assert make() == [[1, "nothing to do"]] and executed == []
    make(again=True)
    picture = published / "fig-01-line.svg"
    before = picture.read_bytes()
    picture.write_bytes(before + b" ")
    make()
    picture.write_bytes(before)
    monkeypatch.setattr(notebooks, "_shared_inputs", lambda: [b"another lock"])
    make()
    assert executed == [[place / "01-draws.ipynb"]] * 3
    make()
    assert len(executed) == 3, "and what ran is known"


def test_the_notebook_that_took_longest_begins_first(tmp_path):
    paths = [write(tmp_path / f"{name}.ipynb", "1" * size) for name, size in (("a", 9), ("b", 1), ("c", 5))]
    published = tmp_path / "figures"
    assert notebooks._long_first(paths, published) == [0, 2, 1]  # nothing is known of them: by their size
    runs = [notebooks.Run(name, seconds) for name, seconds in (("a", 1.0), ("b", 3.0), ("c", 2.0))]
    notebooks._note_runs(runs, dict.fromkeys("abc", "the same"), published)
    assert notebooks._long_first(paths, published) == [1, 2, 0]


def test_what_will_be_published_is_made_without_texts_and_own_codes(tmp_path):
    ask = "import os\nassert bool(os.environ.get('CROSSREAD_WITHOUT_TEXTS')) == %s"
    for texts in (True, False):
        path = write(tmp_path / f"01-{texts}.ipynb", ask % (not texts), "from pathlib import Path", "Path.cwd().name")
        (run,) = notebooks.execute([path], tmp_path / "figures", texts=texts, folder=tmp_path)
        assert run.failure == ""
        assert run.executed.cells[-1].outputs[0].data["text/plain"] == repr(tmp_path.name)


def test_again_nothing_changed_and_check_says_so_until_a_number_moves(drawn):
    place, published = drawn
    summary, failures = notebooks.make_figures(["01"], place=place, published=published, again=True)
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


SERVED = """
import time
from crossread_press import kernels
kernels.IMPORTED = ()
kernels._become_kernel = lambda order, parent: time.sleep(60)
kernels.serve()
"""


def _group(process):
    with contextlib.suppress(ProcessLookupError):
        return os.getpgid(process.pid)


@pytest.mark.skipif(not kernels.CAN_FORK, reason="kernels are forked where the system can")
def test_a_process_that_was_asked_for_no_kernel_ends_at_once():
    parent = kernels.Parent()
    parent.close()
    assert parent._process.returncode == -signal.SIGTERM


@pytest.mark.skipif(not kernels.CAN_FORK, reason="kernels are forked where the system can")
@pytest.mark.parametrize("listens", [True, False])
def test_kernels_end_with_the_process_that_asked_for_them_and_say_nothing(listens):
    server = subprocess.Popen(
        [sys.executable, "-c", SERVED],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=os.environ | {"PYTHONPATH": str(kernels.LIBRARY)}, start_new_session=True,
    )  # fmt: skip
    if not listens:
        server.stdout.close()
    server.stdin.write('{"arguments": []}\n')
    server.stdin.flush()
    if listens:
        assert psutil.Process(int(server.stdout.readline())).is_running()
    with contextlib.suppress(BrokenPipeError):
        server.stdin.write('{"argu')  # stopped in the middle of a line
        server.stdin.close()
    assert server.wait(timeout=30) == 0
    _, running = psutil.wait_procs([p for p in psutil.process_iter() if _group(p) == server.pid], timeout=5)
    assert not running
    assert server.stderr.read() == ""


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
    """Count the lines that do something: not the blank ones and the closing brackets."""
    return sum(1 for line in source.splitlines() if re.search(r"\w", line) and not line.startswith("#"))


@pytest.mark.parametrize("path", STUDY, ids=lambda path: path.stem)
def test_a_notebook_reads_as_one(path):
    prose, code = ([cell.source for cell in cells(path, kind)] for kind in ("markdown", "code"))
    assert re.fullmatch(r"# .+", prose[0].splitlines()[0])
    assert max(map(lines_of_code, code)) <= 4, "a cell is one question; the first also imports"
    assert not any(re.search(r"^\s*(def|class|%pip|!)\b|\.\./", source, re.MULTILINE) for source in code)
    assert sum(bool(re.match(r"(import|from) ", source)) for source in code) == 1, "one cell of imports"


def test_the_notebooks_are_short():
    """Together under 400 lines of code, at most a tenth inside strings: captions and alt texts are the library's."""
    code = "\n".join(cell.source for path in STUDY for cell in cells(path, "code"))
    assert lines_of_code(code) < 400
    tokens = tokenize.generate_tokens(io.StringIO(code).readline)
    inside = [len(one.string) for one in tokens if one.type == tokenize.STRING]  # with their quotation marks
    assert max(inside) <= 40
    assert sum(inside) <= sum(len(line.strip()) for line in code.splitlines()) / 10


def test_a_reading_that_no_longer_holds_is_named(tmp_path, monkeypatch):
    home = tmp_path / "corpus" / "toy"
    (home / "texts").mkdir(parents=True)
    (home / "documents.csv").write_text("doc_id,label,title,year\na,A 2001,On cost,2001\nb,B 2002,On rain,2002\n")
    (home / "texts" / "a.txt").write_text("They pay. They pay again.")
    (home / "texts" / "b.txt").write_text("It rained.")
    (home / "themes.yml").write_text("cost: [pay]\n")
    rows = "- {id: %s, title: T, text: 'It is {cost in a}.', holds: ['%s silent cost']}\n"
    (home / "readings.yml").write_text(rows % ("right", "b") + rows % ("wrong", "a"))
    monkeypatch.setenv("CROSSREAD_PROJECT", str(tmp_path))
    assert notebooks.stale_readings() == ["corpus/toy/readings.yml, “wrong”: no longer true: a silent cost."]


def test_a_claim_that_changes_or_does_not_exist_is_a_problem(tmp_path):
    made, published, place = (tmp_path / name for name in ("made", "published", "notebooks"))
    for folder in (made, published, place):
        (folder / "data").mkdir(parents=True)

    def publish(folder, verdict):
        header = ",".join(figures.MANIFEST)
        said = {"figure": "fig-17-claims", "function": "study.claims"}
        row = ",".join(said.get(name, "") for name in figures.MANIFEST)
        (folder / "figures.csv").write_text(f"{header}\n{row}\n")
        (folder / "data/fig-17-claims.csv").write_text(f"claim,verdict\na,{verdict}\n")

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
