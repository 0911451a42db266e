"""What is saved is saved whole: one room writes, whoever is killed leaves nothing half-written, and nothing leaks."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from crossread.errors import NotWritten
from crossread.files import scratch, unfinished, write_whole

LIBRARY = Path(__file__).resolve().parents[2] / "lib"
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
    ("crossread_seminar/bundle.py", "make_archive"): "to a name that is not finished",
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
