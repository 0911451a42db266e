"""What is here, what is missing, and what to do about each."""

import importlib.metadata
import os
import platform
import re
import shutil
import sys
from pathlib import Path

import pandas as pd

from crossread.charts import figures
from crossread.corpus import FolderTables, load, project_folder, read_documents
from crossread.errors import CrossreadError
from crossread.wording import join_names, number_of

REPORT = ("check", "state", "found", "remedy")
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)(?: *; *([^\\]+))?", re.MULTILINE)
MOST_NAMED = 12  # documents of a corpus
LEAST_FREE = 0.5e9  # bytes
SETUP = "python3 run.py setup"
LONGEST_PLACE = 120  # characters; packages add up to 140, and Windows stops at 260
CLOUDS = ("OneDrive", "Dropbox", "iCloud", "Google Drive", "Mobile Documents", "CloudStorage")


def examine() -> pd.DataFrame:
    """Return what crossread finds on this machine, and what to do about each problem.

    Lock, figures, folders and notebooks are looked at in the project only, not where the package alone is installed.

    Returns
    -------
    DataFrame
        check: what was looked at; state: ok, note or problem; found: what it is; remedy: what to do, or blank.

    Examples
    --------
    >>> sorted(set(examine()["state"]) - {"ok", "note", "problem"})
    []
    """
    rows = [_python(), _kernel(), _fonts(), *_corpora(), _disk(), _place(project_folder()), _network()]
    if _in_the_project():
        rows += [_packages(), _figures(), *_folders(), _notebooks(project_folder() / "notebooks")]
    return pd.DataFrame(rows, columns=list(REPORT))


def lock_differences() -> list[str]:
    """Return in what the packages installed here differ from requirements.lock; nothing when they are its own."""
    from packaging.markers import Marker

    lock = project_folder() / "requirements.lock"
    if not lock.is_file():
        raise CrossreadError(f"{lock}: not found. Restore it from the repository.")
    differences = []
    for name, pinned, marker in PIN.findall(lock.read_text(encoding="utf-8")):
        if marker and not Marker(marker.strip()).evaluate():
            continue
        try:
            installed = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            installed = "none"
        if installed != pinned:
            differences.append(f"{name} {installed} instead of {pinned}")
    return differences


def _in_the_project() -> bool:
    return (project_folder() / "run.py").is_file()


def _python() -> tuple:
    version = platform.python_version()
    home = Path(sys.prefix).resolve()
    found = f"Python {version} on {platform.system()} {platform.machine()}, in {home}"
    if home == (project_folder() / ".venv").resolve() or not _in_the_project():
        return "python", "ok", found, ""
    return "python", "note", found + ", not the project's .venv", "Start it with: python3 run.py"


def _packages() -> tuple:
    try:
        different = lock_differences()
    except CrossreadError as error:
        return "packages", "problem", str(error), "Without it nothing says which versions drew the figures."
    if not different:
        main = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in ("numpy", "pandas", "matplotlib"))
        return "packages", "ok", f"as in requirements.lock ({main})", ""
    named = "; ".join(different[:4]) + (f"; and {len(different) - 4} more" if len(different) > 4 else "")
    remedy = f"Figures may differ from the published ones. For the very same packages: {SETUP}"
    return "packages", "note", named, remedy


def _kernel() -> tuple:
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    try:
        command = KernelSpecManager().get_kernel_spec("python3").argv[0]
    except NoSuchKernel:
        return "kernel", "problem", "Jupyter finds no kernel called python3", f"Run: {SETUP}"
    is_ours = command in ("python", "python3", f"python3.{sys.version_info[1]}") or (
        shutil.which(command) and Path(command).absolute() == Path(sys.executable).absolute()
    )
    if is_ours:
        return "kernel", "ok", f"notebooks run in {sys.executable}", ""
    remedy = "Open notebooks with: python3 run.py lab, or remove that kernel: jupyter kernelspec remove python3"
    return "kernel", "problem", f"the kernel python3 belongs to another Python: {command}", remedy


def _fonts() -> tuple:
    from matplotlib import font_manager

    try:
        font = font_manager.findfont("DejaVu Sans", fallback_to_default=False)
    except ValueError:
        return "font", "problem", "matplotlib's own DejaVu Sans is missing", f"Reinstall matplotlib: {SETUP}"
    return "font", "ok", f"DejaVu Sans ({Path(font).parent.parent.parent.name})", ""


def _corpora() -> list[tuple]:
    rows = []
    for path in sorted((project_folder() / "corpus").glob("*/documents.csv")):
        name = path.parent.name
        try:
            corpus = load(name)
        except (CrossreadError, OSError) as error:
            remedy = f"Put {path.parent} in order, or restore it from the repository."
            rows.append((f"corpus {name}", "problem", " ".join(str(error).split()), remedy))
            continue
        damaged = FolderTables(corpus.folder, read_documents(corpus.folder)).problems()
        if damaged:
            rows.append((f"corpus {name}", "problem", " ".join(damaged), "Do what each sentence says."))
            continue
        documents = join_names(corpus.documents.index, most=MOST_NAMED)
        remedies = list(corpus.notices)
        if corpus.source.advice:
            remedies.append(corpus.source.advice)
        found = f"{corpus.source.state}: {number_of(len(corpus.documents), 'document')} ({documents})"
        rows.append((f"corpus {name}", "note" if remedies else "ok", found, " ".join(remedies)))
    if not rows and not _in_the_project():
        return [("corpus", "note", "no corpus of your own here yet", "Make one: crossread new NAME FOLDER")]
    return rows or [("corpus", "problem", "no corpus in corpus/", "Restore corpus/ from the repository.")]


def _figures() -> tuple:
    try:
        problems, count = figures.check(), len(figures.manifest())
    except CrossreadError as error:
        return "figures", "problem", str(error), "Make them again: python3 run.py figures"
    if len(problems):
        first = problems.iloc[0]
        found = f"{len(problems)} problems, the first: {first['figure']} {first['problem']}"
        return "figures", "problem", found, "Make them again: python3 run.py figures"
    remedy = "" if count else "Make them: python3 run.py figures"
    return "figures", "ok" if count else "note", f"{count} figures, each with its table, caption and alt text", remedy


def _folders() -> list[tuple]:
    rows = []
    for name in ("figures", "corpus", "notebooks"):
        folder = project_folder() / name
        if not folder.is_dir():
            rows.append((f"folder {name}", "problem", f"{folder} is missing", "Restore it from the repository."))
        elif not os.access(folder, os.W_OK):
            remedy = "Change its permissions, or copy the project to a folder of your own."
            rows.append((f"folder {name}", "problem", f"{folder} cannot be written to", remedy))
        else:
            rows.append((f"folder {name}", "ok", "can be written to", ""))
    return rows


def _disk() -> tuple:
    free = shutil.disk_usage(project_folder()).free
    state, remedy = ("ok", "") if free > LEAST_FREE else ("problem", "Free some space.")
    return "disk", state, f"{free / 1e9:.1f} GB free", remedy


def _place(folder: Path) -> tuple:
    """Where the project lies: archives, deep folders and folders that a cloud service moves about make trouble."""
    name = str(folder)
    moved = [part for part in folder.parts if part.startswith(CLOUDS)]
    if any(part.lower().endswith((".zip", ".rar", ".7z")) for part in folder.parts[:-1]):
        return "place", "problem", f"{name} is inside an archive", "Unpack it into a folder of your own."
    if platform.system() == "Windows" and len(name) > LONGEST_PLACE:
        remedy = "Windows cuts long paths: move the project to a short one, such as C:\\crossread."
        return "place", "problem", f"{name} has {len(name)} characters", remedy
    if moved:
        remedy = "If files vanish or are locked, move the project to a folder of this computer only."
        return "place", "note", f"{moved[0]} moves files to a cloud", remedy
    return "place", "ok", name, ""


def _network() -> tuple:
    """Whether a program may listen on this computer, as JupyterLab has to, and whether a proxy leaves that alone."""
    import socket
    import urllib.request

    try:
        with socket.create_server(("127.0.0.1", 0)) as server:
            with socket.create_connection(server.getsockname(), timeout=5):
                pass
    except OSError as error:
        remedy = "Allow Python to listen on 127.0.0.1 (firewall), then: python3 run.py lab"
        return "network", "problem", f"no program can listen on this computer ({error.strerror or error})", remedy
    if urllib.request.getproxies().get("http") and not urllib.request.proxy_bypass("127.0.0.1"):
        remedy = "If the browser does not reach JupyterLab: except localhost and 127.0.0.1 from the proxy (no_proxy)."
        return "network", "note", "a proxy is set, for this computer's own address too", remedy
    return "network", "ok", "JupyterLab can be reached in a browser on this computer", ""


def _notebooks(folder: Path) -> tuple:
    """Whether every notebook can be read."""
    import json

    broken, paths = [], sorted(path for path in folder.rglob("*.ipynb") if ".ipynb_checkpoints" not in path.parts)
    for path in paths:
        try:
            if not isinstance(json.loads(path.read_text(encoding="utf-8"))["cells"], list):
                raise ValueError
        except (ValueError, KeyError, TypeError, OSError):
            broken.append(path.name)
    if broken:
        remedy = "Restore them from the repository; student files: python3 run.py students"
        return "notebooks", "problem", f"damaged, not JSON: {', '.join(broken)}", remedy
    return "notebooks", "ok", f"{len(paths)} notebooks can be read", ""
