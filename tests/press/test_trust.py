"""What is saved is saved whole: one room writes, whoever is killed leaves nothing half-written, and nothing leaks."""

import ast
import base64
import gzip
import math
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from benchmarks import kills, patterns  # noqa: E402

import crossread as cr  # noqa: E402
from crossread.corpus import attach  # noqa: E402
from crossread.errors import NotWritten  # noqa: E402
from crossread.files import scratch, unfinished, write_whole  # noqa: E402
from crossread_press.commands import main  # noqa: E402
from crossread_press.notebooks import make_figures  # noqa: E402
from crossread_press.site import build_site  # noqa: E402
from crossread_seminar.bundle import copy_project  # noqa: E402

LIBRARY = ROOT / "lib"
WRITERS = {
    "copy", "copy2", "copyfile", "copytree", "make_archive", "move", "dump", "save", "savez", "savetxt", "savefig",
    "to_csv", "to_excel", "to_feather", "to_json", "to_parquet", "to_pickle", "tofile", "write_bytes", "write_text",
    "ExcelWriter", "ZipFile", "NamedTemporaryFile", "TemporaryDirectory", "mkdtemp", "mkstemp",
}  # fmt: skip
MODULES = {"copy": "shutil", "move": "shutil", "save": "np", "dump": "json"}  # names that mean something else elsewhere
ELSEWHERE = {
    ("crossread/corpus/store.py", "open"): "columns grow batch by batch, in a folder that is not finished",
    ("crossread_press/kernels.py", "dump"): "into a pipe to another process",
    ("crossread_seminar/bundle.py", "copytree"): "into a folder that is not finished",
    ("crossread_seminar/bundle.py", "ZipFile"): "to a name that is not finished",
}


def direct_writes(source: str) -> set[str]:
    """Return the names of calls that write to a path of their own, not to memory."""
    tree, found = ast.parse(source), set()
    buffers = {
        target.id
        for step in ast.walk(tree)
        if isinstance(step, ast.Assign) and ast.unparse(step.value) in ("io.BytesIO()", "io.StringIO()")
        for target in step.targets
        if isinstance(target, ast.Name)
    }
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        name = getattr(call.func, "attr", getattr(call.func, "id", ""))
        if not call.args and name.startswith("to_") or call.args and getattr(call.args[0], "id", "") in buffers:
            continue
        if name in MODULES and ast.unparse(getattr(call.func, "value", call.func)) != MODULES[name]:
            continue
        if name == "to_excel" or name == "ZipFile" and len(call.args) == 1:
            continue  # to a book whose writer is looked at; an archive that is read
        modes = [arg.value for arg in call.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
        writes = name in ("open", "fdopen") and any(set("wax+") & set(mode) for mode in modes if len(mode) < 4)
        if name in WRITERS or writes:
            found.add(name)
    return found


def test_everything_that_lasts_is_written_by_one_room():
    found = {
        (path.relative_to(LIBRARY).as_posix(), name)
        for path in LIBRARY.rglob("*.py")
        if path.relative_to(LIBRARY).as_posix() != "crossread/files.py"
        for name in direct_writes(path.read_text(encoding="utf-8"))
    }
    assert found == set(ELSEWHERE), "write with crossread.files.write_whole or unfinished"


@pytest.mark.parametrize(
    "source, found",
    [
        ("Path(a).write_text('b')", {"write_text"}),
        ("open(a, 'w')", {"open"}),
        ("a.open('xb')", {"open"}),
        ("open(a, encoding='utf-8')", set()),
        ("table.to_csv(a)", {"to_csv"}),
        ("text = table.to_csv(index=False)", set()),
        ("b = io.BytesIO()\nfigure.savefig(b, format='png')", set()),
        ("figure.savefig(place)", {"savefig"}),
        ("shutil.copy(a, b); table.copy()", {"copy"}),
    ],
)
def test_a_direct_write_is_seen(source, found):
    assert direct_writes(source) == found


def names(folder) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


@pytest.mark.skipif(os.name != "posix", reason="asks the system whether a process lives, as only POSIX can")
def test_what_a_dead_process_left_goes_and_what_a_living_one_writes_stays(tmp_path, library):
    code = """
import os, sys, time
from crossread.files import unfinished
with unfinished(sys.argv[1]) as part:
    part.mkdir()
    (part / "half.txt").write_text("half")
    print(part.name, flush=True)
    time.sleep(60)
"""
    started = [sys.executable, "-c", code, str(tmp_path / "store")]
    killed, living = (subprocess.Popen(started, env=library, stdout=subprocess.PIPE, text=True) for _ in range(2))
    try:
        parts = [process.stdout.readline().strip() for process in (killed, living)]
        killed.kill()
        killed.wait()
        assert set(parts) <= set(names(tmp_path))
        write_whole(tmp_path / "a.txt", "whole")
        assert names(tmp_path) == sorted(["a.txt", parts[1], f"{parts[1]}/half.txt"])
    finally:
        for process in (killed, living):
            process.kill()
            process.wait()
            process.stdout.close()


def test_a_folder_is_there_whole_or_as_it_was(tmp_path):
    for text in ("first", "second"):
        with unfinished(tmp_path / "site", replace=True) as part:
            write_whole(part / "deep" / "index.html", text)
    with pytest.raises(KeyboardInterrupt), unfinished(tmp_path / "site", replace=True) as part:
        write_whole(part / "index.html", "third")
        raise KeyboardInterrupt
    assert names(tmp_path) == ["site", "site/deep", "site/deep/index.html"]
    assert (tmp_path / "site/deep/index.html").read_text() == "second"
    with (
        pytest.raises(NotWritten, match="site cannot be written: Directory not empty"),
        unfinished(tmp_path / "site") as part,
    ):
        part.mkdir()
    assert len(names(tmp_path)) == 3


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such permissions")
def test_permissions_are_the_users(tmp_path, monkeypatch):
    before = os.umask(0o077)
    try:
        private = write_whole(tmp_path / "new" / "a.csv", "a")
        with scratch() as folder:
            assert folder.stat().st_mode & 0o777 == 0o700
    finally:
        os.umask(before)
    assert private.stat().st_mode & 0o777 == 0o600 and private.parent.stat().st_mode & 0o777 == 0o700
    assert write_whole(private, "b").stat().st_mode & 0o777 == 0o600
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(NotWritten, match="write-protected"):
        write_whole(private, "c")
    assert private.read_text() == "b" and names(tmp_path) == ["new", "new/a.csv"]


@pytest.fixture
def attached(tmp_path, monkeypatch, library):
    """A project with texts that belong to others: attached, one sentence of them marked, in a repository of git."""
    place = kills.make_project(tmp_path / "made")
    corpus = place / "project" / "corpus" / "harbours"
    monkeypatch.setenv("CROSSREAD_PROJECT", str(place / "project"))
    monkeypatch.setenv("PYTHONPATH", library["PYTHONPATH"])
    attach(place / "given", corpus)
    return place


def holding(folder: Path) -> list[str]:
    """Return the files of a folder that hold the marked sentence, packed data of pages included."""
    found = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        content = path.read_bytes()
        for packed in re.findall(rb'id="data"[^>]*>\s*([A-Za-z0-9+/=]+)', content):
            content += gzip.decompress(base64.b64decode(packed))
        if kills.MARKED.encode() in content:
            found.append(path.relative_to(folder).as_posix())
    return found


def test_what_is_published_holds_no_sentence_of_attached_texts(attached, tmp_path, capsys):
    project, corpus = attached / "project", attached / "project" / "corpus" / "harbours"
    cells = [
        f"import crossread as cr\nstudy = cr.study({str(corpus)!r})\nstudy",
        "study.read('ally')",
        "study.sentences",
        "import pandas as pd\nfrom crossread.charts import figures\nfrom crossread.charts.style import Sheet\n"
        "ax = Sheet(2).canvas()\nax.plot([1, 2])\nfigures.save(ax, 'fig-01-pay', data=study.sentences.reset_index(),"
        " caption='Who pays.', alt='B pays twice.', function='plot')",
    ]
    made = [nbformat.v4.new_code_cell(source, id=f"cell-{number}") for number, source in enumerate(cells)]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    notebook = nbformat.v4.new_notebook(cells=made, metadata=kernel)
    nbformat.write(notebook, project / "notebooks" / "01-pay.ipynb")
    out = tmp_path / "out"
    build_site(out / "site", ["01"], explored={str(corpus): False})
    assert make_figures(place=project / "notebooks", published=out / "figures")[1] == []
    copy_project(out / "bundle")
    study = cr.study(corpus)
    study.page(out / "page.html", texts=False)
    for wrong in (["publish", "none"], ["explore", str(corpus), "--lexicon", "none", "--no-browser"], ["code", "none"]):
        assert main(wrong) == 2
    said = "".join(capsys.readouterr())
    assert kills.MARKED not in said and "none" in said
    # that of one's own corpus goes with the project, which is one's own to give
    assert holding(out) == [name for name in holding(out) if name.startswith("bundle/corpus/own/")]
    for table in corpus.glob("*.csv"):
        assert kills.MARKED not in table.read_text(encoding="utf-8"), table.name
    study.page(tmp_path / "with.html")
    assert holding(tmp_path / "made") and "with.html" in holding(tmp_path), "the mark can be found"


def test_names_steer_no_terminal(tmp_path, capsys, monkeypatch):
    given = tmp_path / "given"
    write_whole(given / "a\x1b[31m.txt", "Allies pay. They talk of it.")
    write_whole(given / "b\x1b]0;c\x07.txt", "")
    write_whole(tmp_path / "corpus" / "x" / "documents.csv", "doc_id\n")
    monkeypatch.setenv("CROSSREAD_PROJECT", str(tmp_path))
    assert main(["new", "mine", str(given)]) == 1
    assert main(["new", "mine\x1b[2J", str(given)]) == 2
    said = "".join(capsys.readouterr())
    assert "\x1b" not in said and "\x07" not in said and "\\x1b" in said


@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks the process that is stopped")
def test_a_command_that_is_stopped_leaves_nothing_half_written(library):
    """One command of those that .ci/run stops."""
    command = [
        sys.executable,
        str(ROOT / "benchmarks" / "kills.py"),
        "--kills",
        "1",
        "--only",
        "attach",
    ]  # all others: .ci/run
    done = subprocess.run(command, env=library, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.skipif(os.name != "posix", reason="stops what comes to no end by a timer that only POSIX has")
def test_the_expressions_of_the_library_are_found_and_a_slow_one_is_seen(monkeypatch):
    found, unknown = patterns.patterns()
    assert len(found) > 150 and len(unknown) < 30
    assert set(patterns.BOUNDED) <= {one.place for one in found}, "named there, and not in the library any more"
    monkeypatch.setattr(patterns, "ENDLESS", 0.5)
    assert patterns.slow(patterns.Found("a", r"\s*$", 0, ("search",)), limit=0.3)
    assert patterns.slow(patterns.Found("a", r"[.]+(?:\*{1,4})*(?=\s)", 0, ("search",)))[0][2] == math.inf
    assert not patterns.slow(patterns.Found("b", r"[^\W\d_]+", 0, ("findall",)), limit=0.3)
