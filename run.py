#!/usr/bin/env python3
"""Make the environment of crossread once, then run something in it.

    python3 run.py figures       execute every notebook and write every figure
    python3 run.py test          run all tests, several at once
    python3 run.py test --quick  run the quick ones of every room, in seconds
    python3 run.py lab           open JupyterLab on notebooks/
    python3 run.py explore       open the explorer as a page in the browser
    python3 run.py doctor        what is installed, what is missing, what to do about it
    python3 run.py setup         only make the environment
    python3 run.py COMMAND ...   any other command of crossread ("run.py help" lists them)

It needs Python 3.11 or newer with its venv module and nothing else, works from any folder, and needs
the network only the first time. uv is used when it is on the PATH. This file uses the standard library
only, and no syntax that an older Python would stumble over before it could say so.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

OLDEST = (3, 11)
NEWEST = (3, 14)  # the newest Python that requirements.lock was resolved for
NEEDED_BYTES = 1500 * 1000 * 1000
WINDOWS = os.name == "nt"

ROOT = os.path.dirname(os.path.realpath(__file__))
LIBRARY = os.path.join(ROOT, "lib")
LOCK = os.path.join(ROOT, "requirements.lock")
WHEELS = os.path.join(ROOT, "wheels")  # there in a folder made by `run.py bundle`, which installs without a network
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "Scripts", "python.exe") if WINDOWS else os.path.join(VENV, "bin", "python")
STAMP = os.path.join(VENV, "crossread.json")

AT_ONCE = 4  # tests at once at most; each process takes half a gigabyte
# The tests that need no kernel, no browser, no other process and no simulation; some of every room.
QUICK = """
corpus/test_tokens.py corpus/test_sentences.py lexicon/test_lexicon_matching.py measure/test_resampling.py
measure/test_families.py measure/test_readings.py topics/test_topics_counts.py charts/test_charts_terms.py
study/test_table.py explorer/test_explorer_data.py seminar/test_seminar_checks.py press/test_project_files.py
scale/test_scale.py::test_bad_files_are_named_at_the_end
""".split()

DISK_FULL = r"No space left on device|not enough space on the disk|Disk quota exceeded|Errno 28\b|os error (28|112)\b"
NO_NETWORK = (
    r"NewConnectionError|ConnectTimeout|ReadTimeout|ProxyError|Max retries exceeded|Connection refused"
    r"|name resolution|getaddrinfo failed|Name or service not known|nodename nor servname"
    r"|dns error|error sending request|tcp connect error|client error \(Connect\)|Network is unreachable"
)


class Stop(Exception):
    """What stands in the way, and what to do about it."""


def check_python(version=sys.version_info):
    """Stop unless this Python is new enough, and name one on the PATH that is."""
    if tuple(version[:2]) >= OLDEST:
        return
    message = "crossread needs Python {}.{} or newer; this is Python {}.{} ({}).".format(
        OLDEST[0], OLDEST[1], version[0], version[1], sys.executable
    )
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        name = "python3.{}".format(minor)
        if shutil.which(name):
            raise Stop("{}\nA newer one is here: {} run.py {}".format(message, name, " ".join(sys.argv[1:])))
    raise Stop(message + "\nInstall a newer one from your system's packages or python.org, then use it to run run.py.")


def check_venv_module():
    """Stop when this Python cannot make environments (Debian and Ubuntu ship that part separately)."""
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError as error:
        raise Stop(
            "This Python ({}) has no working venv module ({}).\n"
            "On Debian and Ubuntu it is a package of its own: sudo apt install python3-venv\n"
            "(for a Python beside the system's: python{}.{}-venv). Then run the same command again.".format(
                sys.executable, error, sys.version_info[0], sys.version_info[1]
            )
        ) from None


def check_disk(needed=NEEDED_BYTES):
    """Stop before the download when the disk is too full for the environment."""
    free = shutil.disk_usage(ROOT).free
    if free < needed:
        raise Stop(disk_message(free))


def disk_message(free):
    return (
        "The disk is full: the environment in {} needs {:.1f} GB, and {:.1f} GB are free.\n"
        "Free some space, then run the same command again.".format(VENV, NEEDED_BYTES / 1e9, free / 1e9)
    )


def clean_environment():
    """The variables for a child process, less those that would point it at another Python or folder."""
    environment = dict(os.environ)
    for name in (
        "PYTHONHOME",
        "PYTHONPATH",
        "__PYVENV_LAUNCHER__",
        "PIP_TARGET",
        "PIP_PREFIX",
        "PIP_USER",
        "UV_TARGET",
    ):
        environment.pop(name, None)
    if environment.pop("PYTHONDONTWRITEBYTECODE", ""):
        # Every start would compile pandas and the rest anew: four times as long. Sources stay free of compiled files.
        environment.setdefault("PYTHONPYCACHEPREFIX", os.path.join(VENV, "compiled"))
    environment.update(
        PYTHONNOUSERSITE="1",
        VIRTUAL_ENV=VENV,
        PATH=os.path.dirname(PYTHON) + os.pathsep + environment.get("PATH", ""),
        JUPYTER_PREFER_ENV_PATH="1",
        CROSSREAD_PROJECT=ROOT,
    )
    return environment


def wanted_stamp():
    """What a finished environment says of itself: made from this lock, by this way of making it."""
    digest = hashlib.sha256()
    with open(LOCK, "rb") as lock:
        digest.update(lock.read().replace(b"\r\n", b"\n"))
    return {"lock": digest.hexdigest(), "layout": 2}


def is_ready():
    """True when .venv was finished from this very lock and its Python still finds what was installed."""
    try:
        with open(STAMP, encoding="utf-8") as stamp:
            if json.load(stamp) != wanted_stamp():
                return False
        names = ("crossread", "crossread_press", "jupyterlab", "pytest")
        probe = "import importlib.util as u, sys; sys.exit(not all(map(u.find_spec, {})))".format(names)
        return subprocess.call([PYTHON, "-c", probe], env=clean_environment(), cwd=VENV, stderr=subprocess.DEVNULL) == 0
    except (OSError, ValueError):
        return False


def install(command, what):
    """Run an installer with a running count of packages; on failure stop with its reason in plain words."""
    print(what, flush=True)
    process = subprocess.Popen(
        command,
        env=clean_environment(),
        cwd=tempfile.gettempdir(),  # in the project uv would apply the settings for making the lock
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        universal_newlines=True,
        encoding="utf-8",
        errors="replace",
    )
    lines, packages = [], 0
    for line in process.stdout:
        lines.append(line.rstrip())
        if line.startswith("Collecting ") and sys.stdout.isatty():
            packages += 1
            print("\r  {} packages".format(packages), end="", flush=True)
    if packages:
        print()
    if process.wait() != 0:
        raise Stop(explain("\n".join(lines)))


def explain(output):
    """Say in plain words why an installer failed, from what it printed."""
    if re.search(DISK_FULL, output):
        return disk_message(shutil.disk_usage(ROOT).free)
    if re.search(NO_NETWORK, output):
        return (
            "No network: the packages of requirements.lock could not be downloaded.\n"
            "The first run needs a connection to the Python package index (or a mirror that pip knows of); "
            "later runs need none. Run the same command again when you are connected."
        )
    if "DO NOT MATCH THE HASHES" in output or "Hash mismatch" in output:
        return (
            "A downloaded package is not the one that requirements.lock names, so it was not installed.\n"
            "Run the same command again; if it repeats, something alters files on their way to you."
        )
    tail = "\n".join("  " + line for line in output.splitlines()[-15:])
    if "No matching distribution found" in output or "No solution found" in output:
        return (
            "A package of requirements.lock has no ready-made build for this Python ({}.{}) or computer.\n"
            "The lock is for Python {}.{} to {}.{} on Linux, macOS and Windows. The installer said:\n{}".format(
                *(tuple(sys.version_info[:2]) + OLDEST + NEWEST + (tail,))
            )
        )
    return "The packages of requirements.lock could not be installed. The installer said:\n" + tail


def make_environment():
    """Make .venv afresh from requirements.lock and put the library on its path."""
    uv = shutil.which("uv")
    if not uv:
        check_venv_module()
    check_disk()
    if os.path.realpath(sys.prefix) == os.path.realpath(VENV):
        raise Stop(
            "The environment in .venv is unfinished or out of date, and this is its own Python.\n"
            "Run the same command with another Python, as in: python3 run.py {}".format(" ".join(sys.argv[1:]))
        )
    if os.path.lexists(VENV):
        print("The environment in .venv is unfinished or out of date: making it anew.", flush=True)
        remove_environment()
    pinned = ["--require-hashes", "--only-binary", ":all:", "-r", LOCK]
    if os.path.isdir(WHEELS):
        pinned = ["--no-index", "--find-links", WHEELS] + pinned
    what = "Installing the packages of requirements.lock into .venv (once; one to two minutes) ..."
    if uv:
        install([uv, "venv", "--quiet", "--python", sys.executable, VENV], "Making .venv with uv ...")
        install([uv, "pip", "install", "--python", PYTHON] + pinned, what)
    else:
        install([sys.executable, "-m", "venv", VENV], "Making .venv ...")
        # Modules are compiled when first imported: compiling all of them now takes as long as the rest.
        install([PYTHON, "-m", "pip", "install", "--no-compile", "--retries", "2", "--no-input"] + pinned, what)
    add_library()
    temporary = STAMP + ".part"
    with open(temporary, "w", encoding="utf-8") as stamp:
        json.dump(wanted_stamp(), stamp)
    os.replace(temporary, STAMP)


def remove_environment():
    try:
        if os.path.isdir(VENV) and not os.path.islink(VENV):
            shutil.rmtree(VENV)
        else:
            os.remove(VENV)
    except OSError as error:
        raise Stop(
            "The old environment could not be removed ({}).\n"
            "Close JupyterLab and anything else that runs from {}, then run this again.".format(error, VENV)
        ) from None


def add_library():
    """Let everything in the environment import crossread, and give it the command `crossread`."""
    place = subprocess.check_output(
        [PYTHON, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        universal_newlines=True,
        env=clean_environment(),
    ).strip()
    with open(os.path.join(place, "crossread.pth"), "w", encoding="utf-8") as pointer:
        # Relative, so that the project folder may be moved or renamed.
        pointer.write(os.path.relpath(os.path.realpath(LIBRARY), os.path.realpath(place)) + "\n")
    script = os.path.join(os.path.dirname(PYTHON), "crossread" + (".cmd" if WINDOWS else ""))
    with open(script, "w", encoding="utf-8", newline="") as file:
        if WINDOWS:
            file.write('@"%~dp0python.exe" -m crossread_press %*\r\n')
        else:
            file.write('#!/bin/sh\nexec "$(dirname "$0")/python" -m crossread_press "$@"\n')
    os.chmod(script, 0o755)


def hold_lock():
    """Keep a second run.py from making .venv at the same time; the system lets go when this process ends."""
    folder = os.path.join(ROOT, ".crossread")
    os.makedirs(folder, exist_ok=True)
    handle = open(os.path.join(folder, "setup.lock"), "a+")
    try:
        if WINDOWS:
            import msvcrt

            handle.seek(0)
            msvcrt.locking(handle.fileno(), msvcrt.LK_LOCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX)
    except OSError:
        pass  # a file system without locks: go on as if alone
    return handle


def ensure_environment():
    if is_ready():
        return
    if not os.access(ROOT, os.W_OK):
        raise Stop("The folder {} cannot be written to. Copy the project to a folder of your own.".format(ROOT))
    with hold_lock():
        if not is_ready():
            make_environment()


def at_once(options):
    """How many tests to run at once: as many as there are processors, unless that or single tests are asked for."""
    processors = min(os.cpu_count() or 1, AT_ONCE)
    asked = [one for one in options if re.match(r"-n|--numprocesses|--pdb|[^-].*(::|\.py)", one)]
    return [] if asked or processors < 2 else ["-n", str(processors), "--dist", "loadfile", "--no-loadscope-reorder"]


def left_out():
    """Say which tests the quick ones leave out, room by room."""
    lines = ["Left out (python3 run.py test runs all): the examples in lib, and of tests"]
    tests = os.path.join(ROOT, "tests")
    for room in sorted(os.listdir(tests)):
        files = sorted(os.listdir(os.path.join(tests, room))) if os.path.isdir(os.path.join(tests, room)) else []
        names = [file[len("test_") : -len(".py")] for file in files if file.startswith("test_")]
        missing = [name for name in names if "{}/test_{}.py".format(room, name) not in QUICK]
        if missing:
            lines.append("  {}: {}".format(room, " ".join(missing)))
    return "\n".join(lines)


def command_line(arguments):
    """The command to run inside the environment, and the folder to run it in (None: where the user is)."""
    name, rest = arguments[0], arguments[1:]
    if name == "test" and "--quick" in rest:
        places = [os.path.join("tests", *one.split("/")) for one in QUICK]
        asked = [one for one in rest if one != "--quick"]
        return [PYTHON, "-m", "pytest", "-q"] + at_once(asked) + asked + places, ROOT
    if name == "test":
        return [PYTHON, "-m", "pytest"] + at_once(rest) + rest, ROOT
    if name == "lab":
        folders = [
            "--ServerApp.root_dir=" + ROOT,
            "--ServerApp.preferred_dir=" + os.path.join(ROOT, "notebooks"),
        ]
        first = os.path.join(ROOT, "notebooks", "00-the-five-texts-in-one-argument.ipynb")
        return [PYTHON, "-m", "jupyterlab", first] + folders + rest, ROOT
    return [PYTHON, "-m", "crossread_press"] + arguments, None


def run(command, folder):
    """Run a program to its end; Ctrl-C reaches it directly, so here it is only waited for."""
    process = subprocess.Popen(command, cwd=folder, env=clean_environment())
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue


def main(arguments):
    if not arguments or arguments[0] in ("-h", "--help"):
        print(__doc__.strip())
        return 0
    try:
        check_python()
        ensure_environment()
    except Stop as stop:
        print(str(stop), file=sys.stderr)
        return 1
    except OSError as error:
        full = error.errno == 28
        print(disk_message(shutil.disk_usage(ROOT).free) if full else "{}".format(error), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. The next run begins anew with an unfinished .venv.", file=sys.stderr)
        return 130
    if arguments[0] == "setup":
        print("The environment in {} is ready.".format(VENV))
        return 0
    if arguments[0] == "test" and "--quick" in arguments:
        print(left_out(), flush=True)
    return run(*command_line(arguments))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
