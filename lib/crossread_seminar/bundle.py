"""A folder with the project and all its packages, from which a room full of computers installs without a network."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from crossread.corpus import project_folder
from crossread.errors import CrossreadError
from crossread.files import scratch, unfinished, write_whole

PYTHONS = ("3.11", "3.12", "3.13", "3.14")
LEFT_OUT = (
    ".git", ".venv", ".crossread", "__pycache__", "*.pyc", "*.nbc", "*.nbi", ".ipynb_checkpoints", ".pytest_cache",
    ".hypothesis", ".ruff_cache", "*.part",
)  # fmt: skip
_LINUX = [f"manylinux_2_{minor}_x86_64" for minor in range(34, 4, -1)]
_LINUX += [f"manylinux{year}_x86_64" for year in (2014, 2010, 1)]
# what pip calls a platform, and what the markers of the lock ask of it
PLATFORMS = {
    "linux": (
        _LINUX,
        {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix", "platform_machine": "x86_64"},
    ),
    "mac-arm": (
        ["macosx_14_0_arm64"],
        {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix", "platform_machine": "arm64"},
    ),
    "mac-intel": (
        ["macosx_14_0_x86_64"],
        {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix", "platform_machine": "x86_64"},
    ),
    "windows": (
        ["win_amd64"],
        {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt", "platform_machine": "AMD64"},
    ),
}
START = """This folder holds crossread and every package that it needs, for {platform} and Python {python}.
It installs without a network. Copy the folder to the computer; then, in it:

    {start} run.py setup     (once, one to two minutes)
    {start} run.py lab       opens the notebooks

Python {python} has to be on the computer. If something does not start: notebooks/seminar/it-does-not-start.md
"""


def make_bundle(
    folder: Path | str, platform: str | None = None, python: str | None = None, *, pack: bool = False
) -> str:
    """Copy the project into a folder, put beside it the wheels of requirements.lock, and say how large it is.

    Attached texts are left out: only those of the practice corpus may be given on.

    Parameters
    ----------
    folder : path
        Where to make it: a new or empty folder.
    platform : str, optional
        linux, mac-arm, mac-intel or windows; this computer's by default.
    python : str, optional
        The Python of those computers, 3.11 to 3.14; this one's by default.
    pack : bool
        Whether to write FOLDER.zip as well.

    Returns
    -------
    str
        What was made, for whom, and its size.
    """
    platform, python = platform or this_platform(), python or f"{sys.version_info[0]}.{sys.version_info[1]}"
    if platform not in PLATFORMS:
        raise CrossreadError(f"There is no platform “{platform}”: it is one of {', '.join(PLATFORMS)}.")
    if python not in PYTHONS:
        raise CrossreadError(f"There is no Python {python} in the lock: it is one of {', '.join(PYTHONS)}.")
    folder = Path(folder).resolve()
    if folder.is_dir() and any(folder.iterdir()):
        raise CrossreadError(f"{folder} is not empty. Name a new folder.")
    start = "py" if platform == "windows" else f"python{python}"
    with unfinished(folder) as made, scratch() as place:
        copy_project(made)
        (made / "wheels").mkdir()
        lock = (project_folder() / "requirements.lock").read_text(encoding="utf-8")
        wanted = write_whole(place / "wanted.txt", chosen_pins(lock, platform, python))
        _download(wanted, made / "wheels", platform, python, place)
        write_whole(made / "START.txt", START.format(platform=platform, python=python, start=start))
        if pack:  # before the folder has its name: a run that finds neither makes both
            with (
                unfinished(folder.with_name(f"{folder.name}.zip")) as packed,
                ZipFile(packed, "w", ZIP_DEFLATED) as file,
            ):
                for path in sorted(made.rglob("*")):
                    file.write(path, Path(folder.name, path.relative_to(made)))
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6
    n = len(list((folder / "wheels").iterdir()))
    return f"{folder}: {size:.0f} MB with {n} wheels, for {platform} and Python {python}. See START.txt in it."


def this_platform() -> str:
    """Return the name of this computer's platform.

    Examples
    --------
    >>> this_platform() in PLATFORMS
    True
    """
    import platform as here

    for name, (_, markers) in PLATFORMS.items():
        if (markers["platform_system"], markers["platform_machine"]) == (here.system(), here.machine()):
            return name
    raise CrossreadError(
        f"No bundle is made for this computer ({here.system()} {here.machine()}): name the platform it is meant for."
    )


def chosen_pins(lock: str, platform: str, python: str) -> str:
    r"""Return the pins of a lock that hold on a platform, each with its hashes and without its marker.

    Examples
    --------
    >>> lock = "a==1 ; sys_platform == 'win32' \\\n    --hash=sha256:00\nb==2 \\\n    --hash=sha256:01\n"
    >>> chosen_pins(lock, "linux", "3.12")
    'b==2 --hash=sha256:01\n'
    """
    from packaging.markers import Marker

    environment = PLATFORMS[platform][1] | {
        "python_version": python,
        "python_full_version": f"{python}.0",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
    }
    chosen = []
    for line in lock.replace("\\\n", " ").splitlines():
        pin, *hashes = re.split(r"(?<!\s)\s+(?=--hash=)", line.strip())
        if not pin or pin.startswith("#"):
            continue
        name, _, marker = pin.partition(";")
        if not marker or Marker(marker.strip()).evaluate(environment):
            chosen.append(" ".join([name.strip(), *hashes]))
    return "\n".join(chosen) + "\n"


def copy_project(folder: Path) -> None:
    """Copy the project without its environment, its caches, and all texts but those of the practice corpus."""
    root = project_folder()
    patterns = shutil.ignore_patterns(*LEFT_OUT)

    def left_out(place: str, names: list[str]) -> set[str]:
        here = Path(place)
        names_out = set(patterns(place, names))
        if here.parent == root / "corpus" and here.name != "practice":
            names_out |= {"texts"} & set(names)
        if here == root:
            names_out |= {"handouts", "site", "handed-in", "wheels", "pages"} & set(names)
        return names_out | {name for name in names if (here / name).resolve() == folder}

    shutil.copytree(root, folder, ignore=left_out, dirs_exist_ok=True)


def _download(wanted: Path, wheels: Path, platform: str, python: str, scratch: Path) -> None:
    tags = [part for tag in PLATFORMS[platform][0] for part in ("--platform", tag)]
    abis = [part for abi in (f"cp{python.replace('.', '')}", "abi3", "none") for part in ("--abi", abi)]
    command = [
        _python_with_pip(scratch), "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
        "--only-binary", ":all:", "--require-hashes", "--implementation", "cp", "--python-version", python,
        *abis, *tags, "--dest", str(wheels), "-r", str(wanted),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", cwd=scratch)
    if done.returncode:
        lines = [line for line in (done.stderr + done.stdout).splitlines() if line.strip()]
        raise CrossreadError("The wheels could not be downloaded: " + " ".join(lines[-2:]))


def _python_with_pip(scratch: Path) -> str:
    """This Python if it has pip, else one made for the purpose: uv makes environments without pip."""
    if subprocess.run([sys.executable, "-m", "pip", "--version"], capture_output=True).returncode == 0:
        return sys.executable
    made = scratch / "with-pip"
    done = subprocess.run([sys.executable, "-m", "venv", str(made)], capture_output=True, text=True, errors="replace")
    programs = [path for path in (made / "bin" / "python", made / "Scripts" / "python.exe") if path.is_file()]
    if done.returncode or not programs:
        raise CrossreadError("The wheels could not be downloaded: this Python has neither pip nor a venv module.")
    return str(programs[0])
