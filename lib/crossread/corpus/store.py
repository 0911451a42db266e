"""The columns of a large corpus on disk, mapped into memory: built once, opened in a moment, in files that run no code.

A store is a folder `.crossread/KEY` beside the texts. Its key is made of the texts, the cleaning rules and the code
that reads, cleans and tokenises them, so that a store never answers for another text or another tokeniser. It is
written under another name and renamed when it is complete: two processes may build it at once, and either wins.
"""

from __future__ import annotations

import json
import os
import shutil
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from hashlib import sha256
from pathlib import Path
from zlib import crc32

import numpy as np
import pandas as pd

from crossread.corpus.cleaning import read_rules
from crossread.corpus.columns import COLUMNS, Facts, read_documents_into
from crossread.corpus.model import Corpus, assemble
from crossread.corpus.reading import read_text
from crossread.corpus.tokens import use_compiled
from crossread.errors import CrossreadError, NotWritten
from crossread.files import PART, unfinished, write_whole

STORED_FROM = 8_000_000  # bytes of text
KEPT = 2  # stores of one corpus; older ones go
_FILES = {**COLUMNS, "sentence": np.int32, "texts": np.uint8}
_HEADER = 128  # bytes
_BLOCK = 1 << 20  # bytes under one checksum
_CHECKED_WHOLE = 1024  # blocks: a store up to this size is checked to the last byte when it is opened
_SAMPLE = 48  # blocks that are checked of a larger one, which would take seconds to read


def open_or_build(
    folder: Path,
    described: pd.DataFrame,
    paths: Mapping[str, Path],
    hashes: Mapping[str, str],
    notices: Sequence[str] = (),
) -> Corpus:
    """Return the corpus of a folder from its store, which is built when it is not there or is damaged.

    Parameters
    ----------
    folder : Path
        Of the corpus; the store is in its subfolder `.crossread`.
    described : DataFrame
        From documents.csv, indexed by doc_id.
    paths, hashes : mapping
        For each document its file, and the SHA-256 of the file.
    notices : sequence of str
        What is already known to be said about the corpus.

    Returns
    -------
    Corpus
        Its tables are made, and its texts read, when they are first asked for.
    """
    home = folder / ".crossread"
    rules = {doc_id: read_rules(folder / "rules" / f"{doc_id}.yml") for doc_id in paths}
    place = home / _key(paths, hashes, rules)
    stored = _open(place)
    if stored is None:
        stored = _build(home, place, paths, hashes, rules)
    disk, facts, remarks = stored
    notices = [*notices, *(f"{doc_id}: {remark}" for doc_id in paths for remark in remarks.get(doc_id, ()))]
    return assemble(folder.name, folder, described, disk, facts, FileTexts(paths), notices)


class FileTexts(Mapping):
    """The source texts of documents, each read from its file when it is asked for."""

    def __init__(self, paths: Mapping[str, Path]):
        self._paths = dict(paths)

    def __getitem__(self, doc_id: str) -> str:
        return read_text(self._paths[doc_id]).text

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)


class Disk:
    """Columns in `.npy` files of a folder: grows batch by batch when new, is mapped into memory when complete."""

    def __init__(self, folder: Path):
        self.folder = folder
        self._mapped: dict[str, np.ndarray] | None = None

    @contextmanager
    def started(self) -> Iterator[None]:
        self.folder.mkdir(parents=True)
        with ExitStack() as stack:
            self._files = {name: stack.enter_context(open(self.folder / f"{name}.npy", "wb")) for name in _FILES}
            for file in self._files.values():
                file.write(bytes(_HEADER))
            self._lengths = dict.fromkeys(_FILES, 0)
            self._checks = {name: _Checks() for name in _FILES}
            yield

    def add(self, columns: Mapping[str, Iterable], texts: list[str]) -> None:
        encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
        sizes = np.fromiter(map(len, encoded), np.int64, len(encoded))
        before = self._lengths["n_tokens"]
        rows = np.arange(before, before + len(encoded), dtype=np.int32)
        self._append("text_end", self._lengths["texts"] + np.cumsum(sizes))
        self._append("texts", np.frombuffer(b"".join(encoded), dtype=np.uint8))
        self._append("sentence", np.repeat(rows, columns["n_tokens"]))
        for name, values in columns.items():
            self._append(name, values)

    def _append(self, name: str, values) -> None:
        data = np.ascontiguousarray(values, dtype=_FILES[name]).view(np.uint8)
        self._files[name].write(data)
        self._checks[name].add(data)
        self._lengths[name] += len(values)

    def finish(self, facts: Facts, remarks: Mapping[str, Sequence[str]], key: str) -> None:
        for name, file in self._files.items():
            kind = np.dtype(_FILES[name]).newbyteorder("<").str
            head = (
                f"{{'descr': '{kind}', 'fortran_order': False, 'shape': ({self._lengths[name]},), }}".ljust(117) + "\n"
            )
            file.seek(0)
            file.write(b"\x93NUMPY\x01\x00" + len(head).to_bytes(2, "little") + head.encode("ascii"))
        contents = {
            "types": facts.types,
            "reasons": facts.reasons,
            "unmatched": facts.unmatched,
            "documents": facts.documents,
            "remarks": remarks,
            "key": key,
            "lengths": self._lengths,
            "checks": {name: checks.finish() for name, checks in self._checks.items()},
        }
        text = json.dumps(contents, ensure_ascii=True)
        check = f"{crc32(text.encode()):08x}\n"
        write_whole(self.folder / "facts.json", check + text)

    def open(self, lengths: Mapping[str, int], checks: Mapping[str, list[int]]) -> None:
        """Map the files; a ValueError or OSError says that one is not as it was written."""
        mapped = {}
        for name, kind in _FILES.items():
            path = self.folder / f"{name}.npy"
            size = lengths[name] * np.dtype(kind).itemsize
            if path.stat().st_size != _HEADER + size:
                raise ValueError(f"{path} has another size than when it was written")
            # an empty file cannot be mapped
            values = np.load(path, mmap_mode="r" if size else None, allow_pickle=False).view(np.ndarray)
            if values.dtype != kind or values.shape != (lengths[name],):
                raise ValueError(f"{path} holds something else")
            mapped[name] = values
        blocks = [(name, i) for name in _FILES for i in range(len(checks[name]))]
        if len(blocks) > _CHECKED_WHOLE:
            blocks = [blocks[i] for i in np.linspace(0, len(blocks) - 1, _SAMPLE).astype(int)]

        def is_whole(block: tuple[str, int]) -> bool:
            name, i = block
            with open(self.folder / f"{name}.npy", "rb") as file:  # read, not mapped: what is mapped stays in memory
                file.seek(_HEADER + i * _BLOCK)
                return crc32(file.read(_BLOCK)) == checks[name][i]

        with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:
            for (name, _), whole in zip(blocks, pool.map(is_whole, blocks), strict=True):
                if not whole:
                    raise ValueError(f"{self.folder / name}.npy was changed")
        self._mapped = mapped

    def columns(self) -> Mapping[str, np.ndarray]:
        return self._mapped

    def texts(self) -> list[str]:
        ends = self._mapped["text_end"].tolist()
        held = self._mapped["texts"].tobytes()
        result, start = [], 0
        for end in ends:
            result.append(held[start:end].decode("utf-8", "surrogatepass"))
            start = end
        return result


class _Checks:
    """Checksums of data that comes in pieces, one for each block."""

    def __init__(self):
        self._done: list[int] = []
        self._value = self._filled = 0

    def add(self, data: np.ndarray) -> None:
        at = 0
        while at < len(data):
            part = data[at : at + _BLOCK - self._filled]
            self._value = crc32(part, self._value)
            self._filled += len(part)
            at += len(part)
            if self._filled == _BLOCK:
                self._done.append(self._value)
                self._value = self._filled = 0

    def finish(self) -> list[int]:
        return [*self._done, self._value] if self._filled else self._done


def _key(paths: Mapping[str, Path], hashes: Mapping[str, str], rules: Mapping[str, list]) -> str:
    from importlib.metadata import version

    room = Path(__file__).resolve().parent  # every line that makes a token or a sentence stands in this room
    suffixes = {path.suffix.lower() for path in paths.values()}
    programs = {".pdf": "pypdfium2", ".html": "trafilatura", ".htm": "trafilatura", ".xhtml": "trafilatura"}
    parts = {
        "code": [sha256(path.read_bytes()).hexdigest() for path in sorted(room.rglob("*.py"))],
        "unicode": unicodedata.unidata_version,
        "programs": sorted(
            {f"{name} {version(name)}" for name in ("regex", *(programs.get(s, "regex") for s in suffixes))}
        ),
        "documents": [(doc_id, path.suffix.lower(), hashes[doc_id], rules[doc_id]) for doc_id, path in paths.items()],
    }
    return sha256(json.dumps(parts).encode()).hexdigest()[:32]


def _open(place: Path) -> tuple[Disk, Facts, dict] | None:
    try:
        check, _, text = (place / "facts.json").read_text(encoding="ascii").partition("\n")
        if check != f"{crc32(text.encode()):08x}":
            return None
        contents = json.loads(text)
        if contents["key"] != place.name:
            return None  # of another corpus, moved here
        disk = Disk(place)
        disk.open(contents["lengths"], contents["checks"])
    except (OSError, ValueError, KeyError):
        return None
    facts = Facts()
    for name in ("types", "reasons", "unmatched", "documents"):
        setattr(facts, name, contents[name])
    return disk, facts, contents["remarks"]


def _build(home: Path, place: Path, paths, hashes, rules) -> tuple[Disk, Facts, dict]:
    remarks: dict[str, tuple[str, ...]] = {}

    def read(doc_id: str):
        source = read_text(paths[doc_id])
        if source.sha256 != hashes[doc_id]:
            raise CrossreadError(f"{paths[doc_id]} was changed while it was read; load the corpus again.")
        remarks[doc_id] = source.notices
        return source.text, source.blocks

    try:
        write_whole(home / ".gitignore", "*\n")  # a store holds the texts
        shutil.rmtree(place, ignore_errors=True)  # what is there could not be opened
        with unfinished(place) as draft:
            disk = Disk(draft)
            with disk.started():
                compiled = use_compiled(sum(path.stat().st_size for path in paths.values()))
                facts = read_documents_into(disk, list(paths), read, rules, compiled)
                disk.finish(facts, remarks, place.name)
    except NotWritten:
        if (stored := _open(place)) is not None:  # another process was quicker
            return stored
        raise
    _tidy(home, place)
    stored = _open(place)
    if stored is None:
        raise OSError(f"{place}: what was written cannot be read back")
    return stored


def _tidy(home: Path, place: Path) -> None:
    """Remove all but the newest stores."""
    stores = [p for p in home.iterdir() if p.is_dir() and p != place and p.suffix != PART]
    for folder in sorted(stores, key=lambda p: p.stat().st_mtime)[: max(0, len(stores) - KEPT + 1)]:
        shutil.rmtree(folder, ignore_errors=True)
