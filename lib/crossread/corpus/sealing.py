"""The hashes of a corpus's files, by which an edit is told from damage: SHA256SUMS, as `sha256sum` writes and checks.

A file whose form is broken is damaged, and reading it says so with the row. A file whose form is sound and whose hash
is another was edited. Of a table that is made of the texts that is an error, for nobody corrects a count by hand; of a
file that people write (codes, claims, lexicons) it is their right, and is said.
"""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path

from crossread.errors import CrossreadError
from crossread.files import write_whole

SEAL = "SHA256SUMS"
_LINE = re.compile(r"([0-9a-f]{64}) [ *]([^/\\\x00-\x1f][^\\\x00-\x1f]*)")
_SEALED = ("*.csv", "*.yml", "rules/*.yml")
_OWN = "codes-*.csv"  # what a reader codes for herself is hers to change


class EditedWarning(UserWarning):
    """A file that people write is not as it was when its folder was sealed."""


def hash_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    return sha256(path.read_bytes()).hexdigest()


def read_seal(folder: Path) -> dict[str, str]:
    """Return the sealed files of a folder with their hashes; nothing where it was never sealed.

    Returns
    -------
    dict of str to str
        Name, with / between folders, to SHA-256.
    """
    path = folder / SEAL
    if not path.is_file():
        return {}
    sealed = {}
    for number, line in enumerate(path.read_bytes().decode("utf-8", "replace").splitlines(), 1):
        match = _LINE.fullmatch(line)
        if match is None or ".." in match[2].split("/") or match[2] in sealed:
            raise CrossreadError(
                f"{path}, line {number}: not a hash and a file name. Restore the file (git checkout {SEAL}), or make "
                "it anew with: crossread seal"
            )
        sealed[match[2]] = match[1]
    return sealed


def changed_files(folder: Path) -> dict[str, str]:
    """Return the sealed files of a folder that are not as they were: name to "edited" or "missing"."""
    changed = {}
    for name, digest in read_seal(folder).items():
        path = folder / name
        if not path.is_file():
            changed[name] = "missing"
        elif hash_of(path) != digest:
            changed[name] = "edited"
    return changed


def seal(folder: str | Path) -> Path:
    """Write the hashes of a corpus's tables, lists and rules, and of its texts where they belong to the project.

    Parameters
    ----------
    folder : path
        A corpus, or the folder of all corpora with the lexicons that they share.

    Returns
    -------
    Path
        The file SHA256SUMS in it.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as place:
    ...     _ = write_whole(Path(place) / "claims.yml", "- id: a")
    ...     seal(place).read_text().split()[1:], changed_files(Path(place))
    (['claims.yml'], {})
    """
    folder = Path(folder)
    patterns = list(_SEALED)
    if (folder / "documents.csv").is_file() and not (folder / "counts.csv").is_file():
        patterns.append("texts/*")  # the texts stand in the project: nothing is published in their place
    files = {path for pattern in patterns for path in folder.glob(pattern) if path.is_file()}
    files -= set(folder.glob(_OWN)) | {path for path in files if path.name.startswith(".")}
    names = sorted(path.relative_to(folder).as_posix() for path in files)
    return write_whole(folder / SEAL, "".join(f"{hash_of(folder / name)}  {name}\n" for name in names))
