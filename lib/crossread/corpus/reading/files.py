"""The bytes of a file, checked: there, readable, not too large, and what its name says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crossread.errors import CrossreadError


@contextmanager
def boundary(path: Path) -> Iterator[None]:
    """Turn whatever a damaged file makes its reader raise into a sentence: that file's problem."""
    try:
        yield
    except CrossreadError:
        raise
    except (RecursionError, MemoryError):
        raise CrossreadError(
            f"{path}: too deeply nested or too large to be read. Save it again, or split it."
        ) from None
    except Exception as error:
        what = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        raise CrossreadError(f"{path}: cannot be read ({what}). Open it in its program and save it again.") from error


def read_bytes(path: Path, max_bytes: int) -> bytes:
    try:
        if path.is_dir():
            raise CrossreadError(f"{path}: this is a folder; give a file.")
        size = path.stat().st_size
        if size > max_bytes:
            raise CrossreadError(
                f"{path}: {size / 1e6:,.1f} MB is more than the limit of {max_bytes / 1e6:,.1f} MB for one text. "
                "Split the file, or raise max_bytes."
            )
        data = path.read_bytes()
    except FileNotFoundError:
        raise CrossreadError(f"{path}: there is no such file. Check the name.") from None
    except PermissionError:
        raise CrossreadError(
            f"{path}: no permission to read it. Change its permissions, or copy it elsewhere."
        ) from None
    except OSError as error:
        raise CrossreadError(f"{path}: cannot be read: {error.strerror or error}. Copy the file again.") from None
    if not data:
        raise CrossreadError(f"{path}: the file is empty (0 bytes). Replace it or leave it out.")
    return data


MARKS = {  # byte-order marks; that of UTF-32 begins as one of UTF-16 does
    b"\xff\xfe\0\0": "utf-32", b"\0\0\xfe\xff": "utf-32",
    b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16",
}  # fmt: skip
_SIGNATURES = {
    b"%PDF-": "a PDF",
    b"PK\x03\x04": "a zip archive, such as a Word file",
    b"\xd0\xcf\x11\xe0": "an old Word file, or one with a password",
    b"{\\rtf": "a rich text file",
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"GIF8": "a GIF picture",
    b"\x1f\x8b": "a gzip archive",
    b"\x7fELF": "a program",
}


def check_kind(path: Path, suffix: str, data: bytes) -> None:
    """Refuse a file that is not what its name says."""
    kind = next((name for mark, name in _SIGNATURES.items() if data.startswith(mark)), "")
    if suffix == ".pdf":
        if b"%PDF-" not in data[:1024]:
            raise CrossreadError(f"{path}: called .pdf but is {kind or 'not a PDF'}. Download or save it again.")
    elif suffix == ".docx":
        if data.startswith(b"\xd0\xcf\x11\xe0"):
            raise CrossreadError(
                f"{path}: an old .doc file, or one with a password. In Word, save it as .docx without one."
            )
        if not data.startswith(b"PK\x03\x04"):
            raise CrossreadError(f"{path}: called .docx but is {kind or 'not a Word file'}. Save it again as .docx.")
    elif suffix == ".odt":
        if not data.startswith(b"PK\x03\x04"):
            raise CrossreadError(f"{path}: called .odt but is {kind or 'no OpenDocument'}. Save it again as .odt.")
    elif suffix == ".rtf":
        if not data.lstrip().startswith(b"{\\rtf"):
            raise CrossreadError(f"{path}: called .rtf but is {kind or 'no rich text'}. Save it again as .rtf.")
    elif suffix in (".xml", ".tei", ".fodt") and not kind:
        return  # what is no XML is refused as such
    elif kind:
        raise CrossreadError(f"{path}: called {suffix} but is {kind}. Give it its right ending, or save it as text.")
    elif not data.startswith(tuple(MARKS)) and _is_binary(data):
        raise CrossreadError(
            f"{path}: called {suffix} but is a binary file (a zero byte at byte {data.index(0) + 1}). Save it as text."
        )


def _is_binary(data: bytes) -> bool:
    """Tell a binary file by its zero bytes: one in a thousand, unless they are every second byte, as in UTF-16."""
    zeros = data.count(0)
    return 1000 * zeros > len(data) and not looks_like_utf_16(data)


def looks_like_utf_16(data: bytes) -> str:
    """Name the UTF-16 of a text without a byte-order mark: its every second byte is zero. "" for any other."""
    sample = data[:10_000]
    for name, zeros in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[::2])):
        if len(zeros) > 3 and zeros.count(0) > 0.8 * len(zeros) and sample.count(0) < 1.1 * zeros.count(0):
            return name
    return ""


def readable_name(path: Path | str) -> str:
    """Return the name of a file for people: what is not UTF-8 in it, as Latin-1.

    Examples
    --------
    >>> readable_name("Jos\\udce9.txt")
    'José.txt'
    """
    pieces = re.split("([\udc80-\udcff]+)", str(path))
    pieces[1::2] = [piece.encode("utf-8", "surrogateescape").decode("latin-1") for piece in pieces[1::2]]
    return "".join(pieces).encode("utf-8", "replace").decode()
