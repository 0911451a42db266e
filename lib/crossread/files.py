"""Files and folders written whole or not at all: the one room in which anything that lasts is saved.

What is not finished stands beside its place under a name that ends in `.part`, which git ignores. The name holds the
process that writes it: what a stopped one left is removed by the next that writes there.
"""

from __future__ import annotations

import errno
import os
import platform
import re
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from zlib import crc32

from crossread.errors import CrossreadError, NotWritten

PART = ".part"
STALE = 86_400  # seconds after which an unfinished file belongs to nobody, whoever wrote it
_PART_NAME = re.compile(r"\..*\.([0-9a-f]{8})-(\d+)-[0-9a-f]{8}\.part", re.DOTALL)


def write_whole(path: str | Path, content: str | bytes) -> Path:
    """Write a file under another name beside its place, and move it there when it is complete.

    Whoever reads the place at any moment finds what was there before or all of what is there now. A file that already
    holds the content is left as it is; one that is replaced keeps its permissions.

    Parameters
    ----------
    path : path
        The file; its folder is made where it is missing.
    content : str or bytes
        A text is written as UTF-8 with the line ends that it has.

    Returns
    -------
    Path
        The file.

    Examples
    --------
    >>> with scratch() as folder:
    ...     write_whole(folder / "new" / "a.txt", "Allies pay.").read_text()
    'Allies pay.'
    """
    path = Path(path)
    data = content.encode("utf-8") if isinstance(content, str) else content
    with _named(path):
        if path.is_file() and path.stat().st_size == len(data) and path.read_bytes() == data:
            return path
    with unfinished(path) as part, _named(path), open(part, "xb") as file:
        if path.is_file():
            if not os.access(path, os.W_OK):
                raise PermissionError(13, "it is write-protected")
            with suppress(OSError):  # a file system without permissions
                os.chmod(part, stat.S_IMODE(path.stat().st_mode))
        file.write(data)
        if not _is_unfinished(path):
            file.flush()
            os.fsync(file.fileno())
    return path


@contextmanager
def unfinished(place: str | Path, *, replace: bool = False) -> Iterator[Path]:
    """Yield a path beside a place, for a file or a folder that is moved to the place when the block is done.

    Parameters
    ----------
    place : path
        A file there is replaced, and so is an empty folder.
    replace : bool
        Whether a folder that holds something is replaced too; it is put aside first.

    Yields
    ------
    Path
        Nothing is there yet. After an error nothing is there again, and the place is as it was.

    Raises
    ------
    NotWritten
        "site cannot be written: No space left on device. What was there before is as it was.",
        or "…: Directory not empty."

    Examples
    --------
    >>> with scratch() as folder:
    ...     with unfinished(folder / "site") as part:
    ...         part.mkdir()
    ...         _ = write_whole(part / "index.html", "<p>")
    ...     [path.name for path in folder.rglob("*")]
    ['site', 'index.html']
    """
    place = Path(place)
    part = _beside(place)
    try:
        with _named(place):
            place.parent.mkdir(parents=True, exist_ok=True)
            if not _is_unfinished(place):
                remove_parts(place.parent)
        yield part
        with _named(place):
            _move(part, place, replace)
    finally:
        _remove(part)


@contextmanager
def alone(folder: str | Path) -> Iterator[None]:
    """Let one process at a time change a folder; what a stopped one left does not stand in the way.

    Raises
    ------
    CrossreadError
        "corpus/mine is being changed by another run. Wait until it has ended."

    Examples
    --------
    >>> with scratch() as folder, alone(folder):
    ...     [path.name for path in folder.iterdir()]
    ['.changing.part']
    """
    mark = Path(folder) / f".changing{PART}"
    with _named(mark):
        if not _take(mark):
            raise CrossreadError(f"{folder} is being changed by another run. Wait until it has ended.")
    try:
        yield
    finally:
        _remove(mark)


def _take(mark: Path) -> bool:
    """Make a folder that nobody else has made, or only a process that is dead; in it stands who has made it."""
    part = _beside(mark)
    (part / f"{_machine()}-{os.getpid()}").mkdir(parents=True)
    try:
        for maker in [*mark.glob("*-*")]:
            if _is_dead(*maker.name.split("-")):
                maker.rmdir()
        os.rename(part, mark)  # only onto a folder that is not there, or is empty
    except OSError as error:
        if error.errno in (errno.EEXIST, errno.ENOTEMPTY) or isinstance(error, PermissionError) and mark.exists():
            return False
        raise
    finally:
        _remove(part)
    return True


@contextmanager
def scratch() -> Iterator[Path]:
    """Yield a folder among the temporary ones of the system, which only its owner can read, and remove it."""
    home = Path(tempfile.gettempdir())
    remove_parts(home)
    folder = _beside(home / "crossread")
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        _remove(folder)


def remove_parts(folder: Path) -> None:
    """Remove the unfinished files and folders that a stopped process left in a folder."""
    for left in folder.glob(f".*{PART}"):
        match = _PART_NAME.fullmatch(left.name)
        with suppress(OSError):  # another process was quicker
            if match and (_is_dead(*match.groups()) or left.lstat().st_mtime < time.time() - STALE):
                _remove(left)


def _beside(place: Path) -> Path:
    place = place.absolute()
    return place.with_name(f".{place.name[:40]}.{_machine()}-{os.getpid()}-{os.urandom(4).hex()}{PART}")


def _is_unfinished(place: Path) -> bool:
    """Return whether a place is in a folder that is not finished: nobody reads there, and what is left goes with it."""
    return any(_PART_NAME.fullmatch(parent.name) for parent in place.parents)


def _machine() -> str:
    """Return a mark of where the numbers of processes are counted: this computer, or this container on it."""
    try:
        counted = os.readlink("/proc/self/ns/pid")
    except OSError:
        counted = ""
    return f"{crc32(f'{platform.node()} {counted}'.encode()):08x}"


def _is_dead(machine: str, process: str) -> bool:
    if os.name != "posix" or machine != _machine():
        return False
    try:
        os.kill(int(process), 0)  # asks, and sends nothing
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):
        return False
    return False


@contextmanager
def _named(place: Path) -> Iterator[None]:
    try:
        yield
    except NotWritten:
        raise
    except OSError as error:
        raise NotWritten(place, error) from None


def _move(part: Path, place: Path, replace: bool) -> None:
    """Give what is complete its name; of two processes that finish at once the later one's stays."""
    aside = _beside(place)
    for attempt in range(9):
        if replace and place.is_dir():  # no system puts one folder in the place of another
            with suppress(FileNotFoundError):
                os.replace(place, aside)
        try:
            os.replace(part, place)
            break
        except OSError:
            if attempt == 8 or not replace:
                if aside.exists() and not place.exists():
                    os.replace(aside, place)
                raise
            _remove(aside)
    _remove(aside)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):  # in a folder that became read-only it stays until the next writer comes
            path.unlink(missing_ok=True)
