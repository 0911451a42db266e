"""run.py: what it says when something is missing, and that it makes, keeps, notices and remakes its environment."""

import ast
import importlib.util
import json
import os
import shutil
import subprocess
import sys

import pytest


@pytest.fixture(scope="module")
def source(root):
    return (root / "run.py").read_text(encoding="utf-8")


@pytest.fixture
def run(root):
    spec = importlib.util.spec_from_file_location("run_under_test", root / "run.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_an_old_python_can_read_it_as_far_as_its_message(source):
    ast.parse(source, feature_version=(3, 6))
    assert source.isascii(), "a console without UTF-8 could not print the messages"


def test_it_needs_the_standard_library_only(source):
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module.split(".")[0])
    assert names and names <= set(sys.stdlib_module_names)


def test_too_old_a_python_is_told_which_one_to_use(run, monkeypatch):
    monkeypatch.setattr(run.shutil, "which", lambda name: name if name == "python3.12" else None)
    monkeypatch.setattr(sys, "argv", ["run.py", "figures"])
    with pytest.raises(
        run.Stop, match=r"(?s)needs Python 3\.11 or newer; this is Python 3\.9 .*python3\.12 run.py figures"
    ):
        run.check_python((3, 9, 18))
    monkeypatch.setattr(run.shutil, "which", lambda name: None)
    with pytest.raises(run.Stop, match="Install a newer one"):
        run.check_python((3, 10, 0))
    run.check_python((3, 11, 0))


@pytest.mark.parametrize("missing", ["venv", "ensurepip"])
def test_a_missing_venv_module_names_debians_package(run, monkeypatch, missing):
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(run.Stop, match="(?s)no working venv module.*sudo apt install python3-venv"):
        run.check_venv_module()


def test_a_full_disk_is_noticed_before_the_download(run, monkeypatch):
    monkeypatch.setattr(run.shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(10**10, 10**10, 2 * 10**8))
    with pytest.raises(run.Stop, match=r"disk is full: .* needs 1\.5 GB, and 0\.2 GB are free"):
        run.check_disk()


# What pip and uv print: the lines that carry the reason, from runs without network and on a full disk.
SAID = {
    "No network": [
        "WARNING: Retrying (Retry(total=1, connect=None)) after connection broken by 'NewConnectionError('"
        "<pip._vendor.urllib3.connection.HTTPSConnection object>: Failed to establish a new connection: [Errno -3] "
        "Temporary failure in name resolution')': /simple/adjusttext/\n"
        "ERROR: No matching distribution found for adjusttext==1.4.0",
        "WARNING: Retrying after connection broken by 'ProxyError('Cannot connect to proxy.', "
        "ConnectionRefusedError(111, 'Connection refused'))': /simple/adjusttext/\n"
        "ERROR: No matching distribution found for adjusttext==1.4.0",
        "error: Failed to fetch: `adjusttext`\n  Caused by: error sending request\n"
        "  Caused by: dns error\n  Caused by: failed to lookup address information",
        "WARNING: Retrying after connection broken by 'NewConnectionError: [Errno 11001] getaddrinfo failed'",
    ],
    "The disk is full": [
        "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
        "error: Failed to install: numpy.whl\n  Caused by: failed to copy file: No space left on device (os error 28)",
        "OSError: [WinError 112] There is not enough space on the disk",
        "ERROR: Could not install packages due to an OSError: [Errno 122] Disk quota exceeded",
    ],
    "is not the one that requirements.lock names": [
        "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE. If you have updated ...",
        "error: Hash mismatch for `numpy==2.4.6`",
    ],
    "has no ready-made build": [
        "ERROR: Could not find a version that satisfies the requirement numpy==2.4.6\n"
        "ERROR: No matching distribution found for numpy==2.4.6",
        "  × No solution found when resolving dependencies",
    ],
    "The installer said:\n  something else": ["something else"],
}


@pytest.mark.parametrize(("reason", "output"), [(reason, line) for reason, lines in SAID.items() for line in lines])
def test_a_failed_installation_is_explained(run, reason, output):
    assert reason in run.explain(output)


def test_uv_is_used_when_it_is_on_the_path_and_pip_otherwise(run, monkeypatch, tmp_path):
    commands = []
    monkeypatch.setattr(run, "VENV", str(tmp_path / ".venv"))
    monkeypatch.setattr(run, "STAMP", str(tmp_path / "stamp.json"))
    monkeypatch.setattr(run, "check_disk", lambda: None)
    monkeypatch.setattr(run, "add_library", lambda: None)
    monkeypatch.setattr(run, "install", lambda command, what: commands.append(command))
    monkeypatch.setattr(run.shutil, "which", lambda name: "/usr/bin/uv" if name == "uv" else None)
    monkeypatch.setitem(sys.modules, "ensurepip", None)  # uv does without
    run.make_environment()
    assert [command[:2] for command in commands] == [["/usr/bin/uv", "venv"], ["/usr/bin/uv", "pip"]]
    commands.clear()
    monkeypatch.undo()
    run.check_disk = run.add_library = lambda: None
    run.install = lambda command, what: commands.append(command)
    run.VENV, run.STAMP = str(tmp_path / ".venv"), str(tmp_path / "stamp.json")
    monkeypatch.setattr(run.shutil, "which", lambda name: None)
    run.make_environment()
    assert commands[0][1:3] == ["-m", "venv"] and commands[1][1:4] == ["-m", "pip", "install"]
    for command in (commands[1],):
        assert {"--require-hashes", "--only-binary", run.LOCK} <= set(command)


def test_commands_run_where_the_user_is_and_tools_in_the_project(run, monkeypatch):
    attach = [run.PYTHON, "-m", "crossread_press", "attach", "my texts"]
    assert run.command_line(["attach", "my texts"]) == (attach, None)
    monkeypatch.setattr(run.os, "cpu_count", lambda: 2)
    several = ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]
    assert run.command_line(["test", "-x"]) == ([run.PYTHON, "-m", "pytest", *several, "-x"], run.ROOT)
    assert run.at_once(["-n", "0"]) == run.at_once(["tests/corpus/test_tokens.py"]) == run.at_once(["--pdb"]) == []
    monkeypatch.setattr(run.os, "cpu_count", lambda: 1)
    assert run.at_once([]) == []
    command, folder = run.command_line(["lab", "--no-browser"])
    assert command[1:3] == ["-m", "jupyterlab"] and command[-1] == "--no-browser" and folder == run.ROOT
    assert "--ServerApp.preferred_dir=" + os.path.join(run.ROOT, "notebooks") in command


def test_the_quick_tests_are_some_of_every_room(run, root):
    command, folder = run.command_line(["test", "--quick", "-x"])
    places = [root / place.partition("::")[0] for place in command if place.startswith("tests")]
    assert command[3] == "-q" and "-x" in command and folder == run.ROOT and all(place.is_file() for place in places)
    rooms = {path.name for path in (root / "tests").iterdir() if list(path.glob("test_*.py"))} - {"browser"}
    assert {place.parent.name for place in places} == rooms
    said = run.left_out()
    for path in (root / "tests").rglob("test_*.py"):
        words = next((line for line in said.splitlines() if line.startswith(f"  {path.parent.name}:")), "").split()
        assert (path.stem[len("test_") :] in words) == (path not in places or path.stem == "test_scale"), path


def test_on_windows_the_command_is_a_cmd_file(run, monkeypatch, tmp_path):
    packages = tmp_path / "Lib" / "site-packages"
    (tmp_path / "Scripts").mkdir()
    packages.mkdir(parents=True)
    monkeypatch.setattr(run, "WINDOWS", True)
    monkeypatch.setattr(run, "PYTHON", str(tmp_path / "Scripts" / "python.exe"))
    monkeypatch.setattr(run.subprocess, "check_output", lambda *_, **__: str(packages) + "\n")
    run.add_library()
    assert (tmp_path / "Scripts" / "crossread.cmd").read_bytes() == b'@"%~dp0python.exe" -m crossread_press %*\r\n'
    line = (packages / "crossread.pth").read_text().strip()
    assert (packages / line).resolve() == (run_root(run) / "lib")


def run_root(run):
    from pathlib import Path

    return Path(run.ROOT)


def test_variables_that_point_elsewhere_are_taken_out(run, monkeypatch):
    for name in ("PYTHONPATH", "PYTHONHOME", "PIP_TARGET", "PIP_USER"):
        monkeypatch.setenv(name, "elsewhere")
    assert not {"PYTHONPATH", "PYTHONHOME", "PIP_TARGET", "PIP_USER"} & set(run.clean_environment())
    assert run.clean_environment()["PATH"].startswith(os.path.dirname(run.PYTHON))


def test_who_wants_no_compiled_files_beside_the_sources_has_them_in_the_environment(run, monkeypatch):
    for name in ("PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX"):
        monkeypatch.delenv(name, raising=False)
    assert "PYTHONPYCACHEPREFIX" not in run.clean_environment()
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    made = run.clean_environment()
    assert "PYTHONDONTWRITEBYTECODE" not in made and made["PYTHONPYCACHEPREFIX"].startswith(run.VENV)


def test_without_a_command_it_says_what_it_can_do(root):
    done = subprocess.run([sys.executable, root / "run.py"], capture_output=True, text=True, check=True)
    for command in ("figures", "test", "lab", "doctor"):
        assert f"run.py {command}" in done.stdout


@pytest.fixture(scope="module")
def project(root, tmp_path_factory):
    """A project with run.py as it is, an empty lock, and a library that says where it is run."""
    folder = tmp_path_factory.mktemp("a folder with ünusual name") / "project"
    library = folder / "lib" / "crossread_press"
    library.mkdir(parents=True)
    shutil.copy(root / "run.py", folder)
    (folder / "requirements.lock").write_text("# no packages\n")
    for name in ("jupyterlab.py", "pytest.py", "crossread.py", "crossread_press/__init__.py"):
        (folder / "lib" / name).write_text("")
    say = (
        "import json, os, sys; print(json.dumps([sys.prefix, os.getcwd(), sys.argv[1:]])); sys.exit(len(sys.argv) - 2)"
    )
    (library / "__main__.py").write_text(say)
    return folder


def start(project, *arguments, cwd, environment=None):
    return subprocess.run(
        [sys.executable, str(project / "run.py"), *arguments],
        cwd=cwd,
        env={**os.environ, "PATH": os.path.dirname(sys.executable), **(environment or {})},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )


OFFLINE = {
    "HTTPS_PROXY": "http://127.0.0.1:9",
    "HTTP_PROXY": "http://127.0.0.1:9",
    "PIP_INDEX_URL": "http://127.0.0.1:9",
}


def test_the_environment_is_made_kept_noticed_and_remade(project, tmp_path):
    """One story, since each chapter needs the environment of the one before."""
    made = start(project, "hello", "there", cwd=tmp_path)
    assert "Making .venv" in made.stdout, made.stderr
    prefix, cwd, arguments = json.loads(made.stdout.splitlines()[-1])
    assert os.path.realpath(prefix) == os.path.realpath(project / ".venv")
    assert os.path.realpath(cwd) == os.path.realpath(tmp_path)
    assert arguments == ["hello", "there"] and made.returncode == 1  # the command's own exit code

    # Again: in a moment, offline, and nothing is made.
    again = start(project, "hello", cwd=tmp_path, environment=OFFLINE)
    assert again.stdout.count("\n") == 1 and again.returncode == 0

    # The command crossread, and the project moved to another place with its environment.
    moved = project.rename(project.with_name("moved here"))
    script = moved / ".venv" / ("Scripts/crossread.cmd" if os.name == "nt" else "bin/crossread")
    plain = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    said = subprocess.run([str(script), "x"], capture_output=True, text=True, check=True, cwd=tmp_path, env=plain)
    assert json.loads(said.stdout)[2] == ["x"]
    assert start(moved, "hello", cwd=tmp_path, environment=OFFLINE).stdout.count("\n") == 1

    # A half-made environment is noticed and made anew; without a network that leaves a message and no stamp.
    stamp = moved / ".venv" / "crossread.json"
    stamp.unlink()
    own = moved / ".venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    refused = subprocess.run([str(own), str(moved / "run.py"), "hello"], capture_output=True, text=True, cwd=tmp_path)
    assert refused.returncode and "with another Python, as in: python3 run.py hello" in refused.stdout + refused.stderr
    assert own.exists()
    (moved / "requirements.lock").write_text("numpy==2.4.6 --hash=sha256:" + "0" * 64 + "\n")
    environment = {**OFFLINE, "PIP_CONFIG_FILE": os.devnull, "PIP_FIND_LINKS": "", "PIP_NO_CACHE_DIR": "1"}
    remade = start(moved, "hello", cwd=tmp_path, environment=environment)
    assert "unfinished or out of date: making it anew" in remade.stdout
    assert remade.returncode == 1 and "No network" in remade.stderr and "Traceback" not in remade.stderr
    assert own.exists() and not stamp.exists()


def test_what_is_not_a_finished_environment(run, monkeypatch, tmp_path):
    (tmp_path / "lib").mkdir()
    lock, venv = tmp_path / "requirements.lock", tmp_path / ".venv"
    lock.write_bytes(b"a==1\n")
    venv.mkdir()
    stamp = venv / "crossread.json"
    for name, value in (("LOCK", lock), ("VENV", venv), ("STAMP", stamp), ("PYTHON", sys.executable)):
        monkeypatch.setattr(run, name, str(value))
    answers = []
    monkeypatch.setattr(run.subprocess, "call", lambda *_, **__: answers[0])
    answers[:] = [0]
    assert not run.is_ready(), "no stamp"
    stamp.write_text("{")
    assert not run.is_ready(), "a stamp cut short"
    stamp.write_text(json.dumps(run.wanted_stamp()))
    assert run.is_ready()
    lock.write_bytes(b"a==1\r\n")
    assert run.is_ready(), "line ends of another system"
    lock.write_bytes(b"a==2\n")
    assert not run.is_ready(), "another lock"
    lock.write_bytes(b"a==1\n")
    answers[:] = [1]
    assert not run.is_ready(), "packages not found"
    monkeypatch.undo()
    monkeypatch.setattr(run, "LOCK", str(lock))
    monkeypatch.setattr(run, "VENV", str(venv))
    monkeypatch.setattr(run, "STAMP", str(stamp))
    monkeypatch.setattr(run, "PYTHON", str(tmp_path / "gone"))
    assert not run.is_ready(), "no interpreter"
