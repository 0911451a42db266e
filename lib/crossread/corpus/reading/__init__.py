"""A file to its text, with offsets into the source: txt, Markdown, HTML, PDF, Word, OpenDocument, RTF and XML."""

from __future__ import annotations

import re
from hashlib import sha256
from html import unescape
from pathlib import Path

from crossread.corpus.reading.encoding import GIVE, decode, name_spoiled
from crossread.corpus.reading.files import boundary, check_kind, read_bytes, readable_name
from crossread.corpus.reading.html import read_html
from crossread.corpus.reading.odt import read_odt
from crossread.corpus.reading.pdf import read_pdf
from crossread.corpus.reading.rtf import read_rtf
from crossread.corpus.reading.source import Block, SourceText
from crossread.corpus.reading.word import read_docx
from crossread.corpus.reading.xml import read_xml
from crossread.errors import CrossreadError

MAX_BYTES = 200_000_000
MEDIA_TYPES = {
    ".txt": "text/plain",
    ".md": "text/markdown",
    ".markdown": "text/markdown",
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "text/html",
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".fodt": "application/vnd.oasis.opendocument.text",
    ".rtf": "application/rtf",
    ".xml": "application/xml",
    ".tei": "application/tei+xml",
}
_ENTITY = re.compile(r"&(?:[A-Za-z][A-Za-z0-9]{1,31}|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});")
# Formats that say themselves what their characters are.
_STRUCTURED = {
    ".pdf": read_pdf,
    ".docx": read_docx,
    ".odt": read_odt,
    ".fodt": read_odt,
    ".rtf": read_rtf,
    ".xml": read_xml,
    ".tei": read_xml,
}


def read_text(path: str | Path, *, encoding: str | None = None, max_bytes: int = MAX_BYTES) -> SourceText:
    """Read the text of one file.

    Parameters
    ----------
    path : path
        A file that ends in .txt, .md, .html, .htm, .pdf, .docx, .odt, .fodt, .rtf, .xml or .tei (XML after the Text
        Encoding Initiative, or any other).
    encoding : str, optional
        How the characters of a .txt, .md or .html file are written. Left out, a file is read as UTF-8 (or UTF-16 with
        a byte-order mark), else as a page declares itself, else as what its letters, punctuation and money make the
        likeliest, which `notices` then says.
    max_bytes : int
        Larger files are refused.

    Returns
    -------
    SourceText
        Its text keeps the line ends of a .txt or .md file as they are. Entities of Markdown (&nbsp;, &#8217;) are the
        signs that they stand for.

    Raises
    ------
    CrossreadError
        "a.txt: not cp1252: line 3, byte 41 of the file is 0x81. Try another encoding, …", or another sentence that
        names the file and what to do: it is missing, empty, too large, not readable, encrypted, only pictures, only
        scripts, of an unknown kind, or not what its name says.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     page = Path(folder) / "page.html"
    ...     _ = page.write_text("<nav>Home</nav><h1>Tides</h1><p>Allies <b>pay</b>.</p>", encoding="utf-8")
    ...     source = read_text(page)
    >>> [(block.kind, source.text[block.start : block.end]) for block in source.blocks]
    [('furniture', 'Home'), ('heading', 'Tides'), ('body', 'Allies pay.')]
    """
    path = Path(path)
    with boundary(path):
        return _read(path, encoding, max_bytes)


def _read(path: Path, encoding: str | None, max_bytes: int) -> SourceText:
    name, suffix = readable_name(path), path.suffix.lower()
    data = read_bytes(path, max_bytes)
    if suffix not in MEDIA_TYPES:
        raise CrossreadError(
            f"{path}: files ending in “{suffix or name}” are not read. Save it as .txt, .md, .html, .pdf or .docx."
        )
    check_kind(path, suffix, data)
    found = ""
    blocks: tuple[Block, ...] = ()
    if suffix in _STRUCTURED:
        text, blocks, notices = _STRUCTURED[suffix](path, data, max_bytes)
        if suffix != ".pdf":
            notices = notices + name_spoiled(path, text)
    else:
        page = MEDIA_TYPES[suffix] == "text/html"
        text, found, notices = decode(name, data, encoding, page=page)
        notices += name_spoiled(name, text)
        if zeros := text.count("\0"):
            line = text.count("\n", 0, text.index("\0")) + 1
            notices.append(f"{name}: {zeros:,} zero byte{'s' if zeros > 1 else ''} (first in line {line}). Look there.")
        if "\x1b$" in text:
            notices.append(f"{name}: signs that part letters of seven bits, as in iso2022_jp. To read them so, {GIVE}.")
        if MEDIA_TYPES[suffix] == "text/markdown":
            text = _ENTITY.sub(_as_sign, text)
        if page:
            text, blocks, said = read_html(name, text)
            notices += said
    if not text.strip():
        raise CrossreadError(f"{path}: there is no text in this file, only blank space. Replace it or leave it out.")
    return SourceText(text, blocks, name, sha256(data).hexdigest(), found, MEDIA_TYPES[suffix], tuple(notices))


def _as_sign(entity: re.Match) -> str:
    """Return the sign that an entity of Markdown stands for; what would be a line or no sign stays as it is."""
    sign = unescape(entity[0])
    return entity[0] if sign < " " else sign
