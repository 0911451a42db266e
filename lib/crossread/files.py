"""Files written whole or not at all: the one way in which anything that lasts is saved."""

from __future__ import annotations

import os
import time
from pathlib import Path

from crossread.errors import CrossreadError

PART = ".part"  # what an unfinished file ends in; git ignores it
STALE = 3600  # seconds after which an unfinished file belongs to a process that was stopped


def write_whole(path: str | Path, content: str | bytes) -> Path:
    """Write a file under another name beside its place, and move it there when it is complete.

    Whoever reads the place at any moment finds what was there before or all of what is there now. A file that already
    holds the content is left as it is.

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

    Raises
    ------
    CrossreadError
        "figures/a.csv cannot be written: No space left on device. What was there before is as it was."

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_whole(Path(folder) / "new" / "a.txt", "Allies pay.").read_text()
    'Allies pay.'
    """
    path = Path(path)
    data = content.encode("utf-8") if isinstance(content, str) else content
    part = path.with_name(f".{path.name[:80]}.{os.getpid()}.{os.urandom(4).hex()}{PART}")
    try:
        if path.is_file() and path.stat().st_size == len(data) and path.read_bytes() == data:
            return path
        path.parent.mkdir(parents=True, exist_ok=True)
        remove_parts(path.parent)
        with open(part, "xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    except OSError as error:
        raise CrossreadError(
            f"{path} cannot be written: {error.strerror or error}. What was there before is as it was."
        ) from None
    finally:
        try:
            part.unlink(missing_ok=True)
        except OSError:
            pass  # a folder that became read-only keeps its part until the next writer comes
    return path


def remove_parts(folder: Path) -> None:
    """Remove the unfinished files that a stopped process left in a folder an hour ago or earlier."""
    for left in folder.glob(f".*{PART}"):
        try:
            if left.is_file() and left.stat().st_mtime < time.time() - STALE:
                left.unlink()
        except OSError:
            continue  # another process was quicker
