"""The members of a zip archive, such as a Word file, unpacked one by one and never beyond a limit."""

from __future__ import annotations

import zlib
from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile, LargeZipFile, ZipFile

from crossread.errors import CrossreadError

_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".emf", ".wmf", ".tif", ".tiff", ".bmp", ".svg", ".mp4", ".wav", ".mp3")
_MOST_MEMBERS = 100_000


class Archive:
    """A zip archive; pictures in it are never unpacked."""

    def __init__(self, path: Path, data: bytes, max_bytes: int, what: str = "Word file"):
        self.what = what
        self.path, self.max_bytes, self.taken = path, max_bytes, 0
        try:
            self.zip = ZipFile(BytesIO(data))
            members = self.zip.infolist()
        except (BadZipFile, LargeZipFile, ValueError, OSError, NotImplementedError) as error:
            raise CrossreadError(f"{path}: a damaged {what} ({error}). Open it and save it again.") from None
        self.names = {member.filename for member in members}
        size = sum(m.file_size for m in members if not m.filename.lower().endswith(_PICTURES))
        if size > max_bytes or len(members) > _MOST_MEMBERS:
            raise self._too_large(size)

    def _too_large(self, size: int) -> CrossreadError:
        return CrossreadError(
            f"{self.path}: unpacks to {size / 1e6:,.1f} MB, more than max_bytes allows. Split the file."
        )

    def read(self, name: str) -> bytes:
        """Return a member; all that are read together stay under the limit."""
        try:
            size = self.zip.getinfo(name).file_size
            if self.taken + size > self.max_bytes:
                raise self._too_large(self.taken + size)
            self.taken += size
            return self.zip.read(name)
        except (
            BadZipFile,
            zlib.error,
            EOFError,
            KeyError,
            OSError,
            RuntimeError,
            NotImplementedError,
            ValueError,
        ) as error:
            raise CrossreadError(f"{self.path}: a damaged {self.what} ({error}). Open it and save it again.") from None
