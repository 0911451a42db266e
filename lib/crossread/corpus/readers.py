"""A file to its text, with offsets into the source: txt, Markdown, HTML, PDF and Word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from itertools import pairwise
from pathlib import Path

from crossread.errors import CrossreadError

MAX_BYTES = 200_000_000
MEDIA_TYPES = {
    ".txt": "text/plain",
    ".md": "text/markdown",
    ".markdown": "text/markdown",
    ".html": "text/html",
    ".htm": "text/html",
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@dataclass(frozen=True)
class Block:
    """What a format says of the characters `start` to `end`: heading, body, list, note or furniture."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True)
class Source:
    """A text as it was read.

    Attributes
    ----------
    text : str
        What offsets point into: the decoded file (txt, md), or the text extracted from it, paragraphs apart by a
        blank line (html, docx), pages apart by a form feed (pdf).
    blocks : tuple of Block
        What HTML and Word say of their parts, in order and without overlap; empty for the other formats.
    path : str
        The file.
    sha256 : str
        Of the file's bytes.
    encoding : str
        utf-8, utf-8-sig, utf-16, what an HTML page declares, or what was asked for; "" for PDF and Word.
    media_type : str
        text/plain, text/markdown, text/html, application/pdf or the long name of .docx.
    notices : tuple of str
        What a reader should look at: characters that an earlier program has spoiled, pages without text.
    """

    text: str
    blocks: tuple[Block, ...]
    path: str
    sha256: str
    encoding: str
    media_type: str
    notices: tuple[str, ...] = ()


def read_text(path: str | Path, *, encoding: str | None = None, max_bytes: int = MAX_BYTES) -> Source:
    """Read the text of one file.

    Parameters
    ----------
    path : path
        A file that ends in .txt, .md, .html, .htm, .pdf or .docx.
    encoding : str, optional
        How the characters of a .txt, .md or .html file are written, where that is not UTF-8 (or UTF-16 with a
        byte-order mark, or what the HTML page declares). Nothing is guessed: a file that cannot be read as UTF-8 is
        refused, with the encoding that it probably has.
    max_bytes : int
        Larger files are refused.

    Returns
    -------
    Source
        Its text keeps the line ends of a .txt or .md file as they are.

    Raises
    ------
    CrossreadError
        "a.txt: not UTF-8: line 3, byte 41 of the file is 0x92. It is probably cp1252: …", or another sentence that
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
    suffix = path.suffix.lower()
    data = _read_bytes(path, max_bytes)
    if suffix not in MEDIA_TYPES:
        raise CrossreadError(
            f"{path}: files ending in “{suffix or path.name}” are not read. Save it as .txt, .md, .html, .pdf or .docx."
        )
    _check_kind(path, suffix, data)
    found = ""
    blocks: tuple[Block, ...] = ()
    notices: list[str] = []
    if suffix == ".pdf":
        text, notices = _read_pdf(path, data)
    elif suffix == ".docx":
        text, blocks = _read_docx(path, data, max_bytes)
    else:
        if suffix in (".html", ".htm") and encoding is None:
            text, found = _decode_html(path, data)
        else:
            text, found = _decode(path, data, encoding)
        notices = _spoiled(path, text)
        if suffix in (".html", ".htm"):
            text, blocks = _read_html(path, text)
    if not text.strip():
        raise CrossreadError(f"{path}: there is no text in this file, only blank space. Replace it or leave it out.")
    return Source(text, blocks, str(path), sha256(data).hexdigest(), found, MEDIA_TYPES[suffix], tuple(notices))


# Bytes and what they are


def _read_bytes(path: Path, max_bytes: int) -> bytes:
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
_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


def _check_kind(path: Path, suffix: str, data: bytes) -> None:
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
    elif kind:
        raise CrossreadError(f"{path}: called {suffix} but is {kind}. Give it its right ending, or save it as text.")
    elif b"\0" in data and not data.startswith(tuple(_MARKS)):
        # Every second byte of English in UTF-16 is zero; in a binary file the zeros stand anywhere.
        sample = data[:10_000]
        for name, zeros in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[::2])):
            if zeros.count(0) > 0.8 * len(zeros) and sample.count(0) < 1.1 * zeros.count(0):
                raise CrossreadError(
                    f"{path}: UTF-16 without a byte-order mark. Save it as UTF-8, or read it with encoding=“{name}”."
                )
        raise CrossreadError(
            f"{path}: called {suffix} but is a binary file (a zero byte at byte {data.index(0) + 1}). Save it as text."
        )


def _decode(path: Path, data: bytes, encoding: str | None) -> tuple[str, str]:
    """Decode strictly: as asked, else by the byte-order mark, else as UTF-8."""
    if encoding is not None:
        try:
            return data.decode(encoding), encoding.lower()
        except LookupError:
            raise CrossreadError(f"{path}: there is no encoding “{encoding}”. Try utf-8, cp1252 or utf-16.") from None
        except UnicodeDecodeError as error:
            raise CrossreadError(
                f"{path}: not {encoding}: {_place(data, error.start)}. Try another encoding, or save it as UTF-8."
            ) from None
    name = next((name for mark, name in _MARKS.items() if data.startswith(mark)), "utf-8")
    try:
        return data.decode(name), name
    except UnicodeDecodeError as error:
        if name == "utf-16":
            raise CrossreadError(
                f"{path}: begins with a mark of UTF-16 but is not: {_place(data, error.start)}. Save it as UTF-8."
            ) from None
        raise CrossreadError(f"{path}: {_what_encoding(data, error.start)}") from None


def _place(data: bytes, position: int) -> str:
    line = data.count(b"\n", 0, position) + 1
    return f"line {line}, byte {position + 1} of the file is 0x{data[position]:02X}"


def _what_encoding(data: bytes, bad: int) -> str:
    """Say what a file that is not UTF-8 probably is, from how many of its odd bytes are well-formed UTF-8."""
    decoded = data.decode("utf-8", "surrogateescape")
    odd = sum("\udc80" <= c <= "\udcff" for c in decoded)
    good = sum(c > "\x7f" for c in decoded) - odd
    place = _place(data, bad)
    if good and bad >= len(data.rstrip()) - 3:
        return f"the file breaks off in the middle of a character: {place}. Copy or download it again."
    if 4 * good >= odd and good:
        first = next(i for i, c in enumerate(decoded) if c > "\x7f" and not "\udc80" <= c <= "\udcff")
        line = decoded.count("\n", 0, first) + 1
        return (
            f"mixed encodings: “{decoded[first]}” in line {line} is UTF-8, but {place}, which is not "
            f"({odd:,} such bytes; they look like {_likely(data)}). Repair these places and save it as UTF-8."
        )
    likely = _likely(data)
    return f"not UTF-8: {place}. It is probably {likely}: save it as UTF-8, or read it with encoding=“{likely}”."


def _likely(data: bytes) -> str:
    """Name the likely encoding; curly quotes and dashes among plain letters are the mark of cp1252."""
    if re.search(
        rb"[a-z]\x92[a-z]|[ \n(][\x91\x93][A-Za-z]|[a-z.,!?][\x92\x94][\s,.;)]|[a-z0-9 ][\x96\x97][a-z0-9 ]",
        data,
    ):
        return "cp1252"
    from charset_normalizer import from_bytes

    # Its guess among the encodings that texts are really found in; the rare ones win too easily on short texts.
    usual = [
        "cp1252",
        "cp1250",
        "cp1251",
        "cp1253",
        "cp1254",
        "koi8_r",
        "shift_jis",
        "euc_jp",
        "euc_kr",
        "cp949",
        "big5",
        "gb18030",
    ]
    best = from_bytes(data[:200_000], cp_isolation=usual).best()
    return best.encoding if best else "cp1252"


_DECLARED = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w.:-]+)|<\?xml[^>]+encoding\s*=\s*[\"']([\w.:-]+)", re.I)


def _decode_html(path: Path, data: bytes) -> tuple[str, str]:
    """Decode a page by its byte-order mark, as UTF-8, or as it declares itself."""
    declared = _DECLARED.search(data[:4096])
    name = (declared[1] or declared[2]).decode("ascii").lower() if declared else ""
    if name in ("iso-8859-1", "latin1", "latin-1", "us-ascii", "ascii"):
        name = "cp1252"  # as browsers do: encoding.spec.whatwg.org, section 4.2
    if not name or name in ("utf-8", "utf8") or data.startswith(tuple(_MARKS)):
        return _decode(path, data, None)
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return _decode(path, data, name)


# Text that an earlier program read in the wrong encoding: “â€™” for “’”, “Ã©” for “é”.
_SUSPECT = re.compile(
    r"[\u00c2-\u00f4][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]{1,3}"
)


def _spoiled(path: Path, text: str) -> list[str]:
    """Notice characters that were already wrong when the file was written."""
    found = []
    for match in _SUSPECT.finditer(text):
        for end in range(match.end(), match.start() + 1, -1):
            original = text[match.start() : end]
            raw = b"".join(bytes([ord(c)]) if ord(c) < 256 else c.encode("cp1252") for c in original)
            try:
                meant = raw.decode("utf-8")
            except UnicodeDecodeError:
                continue
            if len(meant) == 1:
                found.append((match.start(), original, meant))
            break
    notices = []
    if found:
        start, original, meant = found[0]
        line = text.count("\n", 0, start) + 1
        notices.append(
            f"{path}: “{original}” in line {line} looks like “{meant}” read in a wrong encoding "
            f"({len(found):,} such places). Get a clean copy, or repair them."
        )
    if "\ufffd" in text:
        line = text.count("\n", 0, text.index("\ufffd")) + 1
        notices.append(
            f"{path}: {text.count(chr(0xFFFD)):,} replacement characters (first in line {line}): "
            "letters were lost before the file came here. Get a clean copy, or repair them."
        )
    return notices


# PDF


def _read_pdf(path: Path, data: bytes) -> tuple[str, list[str]]:
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, PyPdfError

    protected = f"{path}: the PDF is encrypted. Open it with its password and save an unprotected copy (print to PDF)."
    try:
        reader = PdfReader(BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise CrossreadError(protected)
        pages = [_page_lines(page) for page in reader.pages]
        pictures = [_has_picture(page) for page in reader.pages]
    except CrossreadError:
        raise
    except DependencyError:
        raise CrossreadError(protected) from None
    except (PyPdfError, ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError) as error:
        raise CrossreadError(f"{path}: a damaged PDF ({error}). Download it again, or print it to a new PDF.") from None
    if not pages:
        raise CrossreadError(f"{path}: a PDF without pages. Download it again.")
    # pypdf gives letters outside the basic plane of some fonts as two halves
    pages = [page.encode("utf-16", "surrogatepass").decode("utf-16", "replace") for page in pages]
    blank = [number for number, page in enumerate(pages, 1) if not page.strip()]
    if len(blank) == len(pages):
        raise CrossreadError(
            f"{path}: no text on {_pages(blank)} of {len(pages)}: a PDF of pictures, as a scanner makes it. "
            "Run text recognition (OCR) on it first."
        )
    text = "\f".join(pages)
    notices = _spoiled(path, text)
    scanned = [number for number in blank if pictures[number - 1]]
    if scanned:
        notices.append(
            f"{path}: no text but a picture on {_pages(scanned)} of {len(pages)}: not read. OCR would read it."
        )
    return text, notices


def _page_lines(page) -> str:
    """Return the lines of a page, with a blank line where the page leaves room or indents a new paragraph."""
    lines = [["", None]]  # text; left edge, height and size of its first letters

    def take(text, transform, matrix, font, size):
        for part in re.split(r"(\n)", text):
            if part == "\n":
                lines.append(["", None])
                continue
            if part.strip() and lines[-1][1] is None:
                x, y = matrix[4], matrix[5]
                left = transform[0] * x + transform[2] * y + transform[4]
                height = transform[1] * x + transform[3] * y + transform[5]
                em = size * abs(matrix[3] or 1) * abs(transform[3] or 1)
                lines[-1][1] = (left, height, em)
            lines[-1][0] += part

    whole = page.extract_text(visitor_text=take)
    if "".join(text for text, _ in lines) != whole.replace("\n", ""):
        return whole
    placed = [(number, *place) for number, (_, place) in enumerate(lines) if place]
    steps = sorted(a[2] - b[2] for a, b in pairwise(placed) if 0 < a[2] - b[2] < 4 * max(a[3], 1))
    usual = steps[len(steps) // 2] if steps else 0
    blank_before = set()
    for place, (before, (number, left, height, em)) in enumerate(pairwise(placed), 1):
        step = before[2] - height
        ended = re.search(r"[.!?:][’”\")\]\d]*$", lines[before[0]][0].rstrip())
        indented = (
            0.6 * em < left - before[1] < 4 * em
            and place + 1 < len(placed)
            and abs(placed[place + 1][1] - before[1]) < 0.3 * em
            and not lines[number][0].lstrip()[:1].islower()
        )
        if step > 1.3 * usual > 0 or (ended and indented and step > 0):
            blank_before.add(number)
    return "\n".join("\n" + text if number in blank_before else text for number, (text, _) in enumerate(lines))


def _has_picture(page) -> bool:
    resources = page.get("/Resources")
    objects = resources.get_object().get("/XObject") if resources else None
    return bool(objects) and any(o.get_object().get("/Subtype") == "/Image" for o in objects.get_object().values())


def _pages(numbers: list[int]) -> str:
    """Write page numbers as ranges: "page 3", "pages 1-4, 7"."""
    parts: list[list[int]] = []
    for number in numbers:
        if parts and parts[-1][1] == number - 1:
            parts[-1][1] = number
        else:
            parts.append([number, number])
    shown = ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in parts)
    return f"page {shown}" if len(numbers) == 1 else f"pages {shown}"


# Word


def _read_docx(path: Path, data: bytes, max_bytes: int) -> tuple[str, tuple[Block, ...]]:
    from zipfile import BadZipFile, ZipFile

    import mammoth

    try:
        with ZipFile(BytesIO(data)) as archive:
            if "word/document.xml" not in archive.namelist():
                raise CrossreadError(f"{path}: called .docx but there is no Word text in it. Save it again as .docx.")
            size = sum(entry.file_size for entry in archive.infolist() if entry.filename.endswith(".xml"))
            if size > max_bytes:
                raise CrossreadError(f"{path}: unpacks to {size / 1e6:,.1f} MB of text, more than max_bytes allows.")
        page = mammoth.convert_to_html(
            BytesIO(data),
            style_map="p[style-name='Title'] => h1:fresh\np[style-name='Subtitle'] => h2:fresh",
            convert_image=mammoth.images.img_element(lambda image: {}),
        ).value
    except CrossreadError:
        raise
    except (BadZipFile, KeyError, ValueError, SyntaxError, AttributeError, NotImplementedError) as error:
        raise CrossreadError(f"{path}: a damaged Word file ({error}). Open it in Word and save it again.") from None
    return _page_text(page, boxes="note")


# HTML

_NOT_TEXT = set(
    "script style template noscript svg math iframe object embed canvas audio video head title meta link img".split()
)
_FURNITURE = {"nav", "footer", "aside", "form", "button", "select", "textarea", "address", "dialog", "menu"}
_BLOCK = _FURNITURE | set(
    "p div section article main header hgroup body html blockquote ul ol dl li dt dd table thead tbody tfoot tr td th "
    "caption figure figcaption pre details summary hr fieldset legend center h1 h2 h3 h4 h5 h6".split()
)
_KINDS = {f"h{level}": "heading" for level in range(1, 7)} | {"li": "list", "dt": "list", "dd": "list"}
_KINDS |= {"caption": "note", "figcaption": "note"}
_FURNITURE_WORDS = set(
    "cookie cookies consent gdpr nav navbar navigation menu breadcrumb breadcrumbs sidebar share social related teaser "
    "teasers newsletter subscribe advert advertisement promo popup modal banner masthead byline toolbar pagination "
    "comments comment download downloads tags".split()
)
_NOTE_WORDS = {"footnote", "footnotes", "endnote", "endnotes", "fn", "fnote"}


def _read_html(path: Path, page: str) -> tuple[str, tuple[Block, ...]]:
    text, blocks = _page_text(page)
    if not any(block.kind != "furniture" for block in blocks):
        if re.search(r"<script\b", page, re.I):
            raise CrossreadError(
                f"{path}: the page is all script: its text is loaded only in a browser. "
                "Open it there and save it as a complete page, or print it to PDF."
            )
        raise CrossreadError(f"{path}: there is no running text in this page. Save it again from the browser.")
    return text, blocks


def _page_text(page: str, boxes: str = "") -> tuple[str, tuple[Block, ...]]:
    """Take the running text out of a page, block by block, with what its tags say of each."""
    from bs4 import BeautifulSoup, NavigableString, Tag
    from bs4.element import PreformattedString

    soup = BeautifulSoup(page, "html.parser")
    whole = len(soup.get_text())
    parts: list[tuple[str, str]] = []
    words: list[str] = []
    number = ""  # of the note that has just begun
    linked = [0, 0]  # characters of the block so far: within links, and in all

    def flush(kind: str) -> None:
        nonlocal number
        text = re.sub(r"[ \t\r\n\f]*\n[ \t\r\n\f]*", "\n", re.sub(r"[ \t\r\f]+", " ", "".join(words))).strip()
        if text:
            only_links = kind in ("body", "list") and linked[0] == linked[1]
            parts.append((number + text, "furniture" if only_links else kind))
            number = ""
        words.clear()
        linked[:] = [0, 0]

    # A stack, not recursion: pages nest deeper than Python calls. The last flag marks the end of a tag.
    stack: list[tuple[object, str, bool, bool, bool]] = [(soup, "body", False, False, False)]
    while stack:
        node, kind, in_link, as_is, closing = stack.pop()
        if isinstance(node, NavigableString):
            if not isinstance(node, PreformattedString):
                string = str(node) if as_is else re.sub(r"[ \t\r\n\f]+", " ", str(node))
                words.append(string)
                count = len(string.strip())
                linked[0] += count if in_link else 0
                linked[1] += count
            continue
        if not isinstance(node, Tag):
            continue
        if closing:
            flush(kind)
            continue
        if node.name in _NOT_TEXT:
            continue
        if node.name == "br":
            words.append("\n")
            continue
        if node.name in ("a", "sup") and (mark := _note_mark(node)) is not None:
            words.append(mark)
            continue
        inner = _kind_of(node, kind, whole, boxes)
        if node.name in _BLOCK:
            flush(kind)
            if inner == "note" and node.name == "li":
                number = _note_number(node)
            stack.append((node, inner, False, False, True))
        state = (inner, in_link or node.name == "a", as_is or node.name == "pre", False)
        stack.extend((child, *state) for child in reversed(node.contents))
    flush("body")
    return _join(parts)


def _join(parts: list[tuple[str, str]]) -> tuple[str, tuple[Block, ...]]:
    blocks, position = [], 0
    for text, kind in parts:
        blocks.append(Block(position, position + len(text), kind))
        position += len(text) + 2
    return "\n\n".join(text for text, _ in parts), tuple(blocks)


def _names(node) -> set[str]:
    """Return the words of a tag's class and role, and its id: "site-nav navBar" gives site, nav, bar.

    An id is taken whole, for writers of pages make it of the heading: a section on “Related work” is no teaser.
    """
    given = [*(node.get("class") or []), node.get("role") or ""]
    words = {word.lower() for name in given for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+", name)}
    return words | {(node.get("id") or "").lower()}


def _kind_of(node, kind: str, whole: int, boxes: str) -> str:
    """Say what a tag makes of the text inside it, given what stands around it."""
    if kind == "furniture":
        return kind
    if node.name in _FURNITURE and not (node.name in ("form", "menu") and 2 * len(node.get_text()) > whole):
        return "note" if _names(node) & _NOTE_WORDS else "furniture"
    if node.name == "header" and node.find_parent(("article", "main")) is None:
        return "furniture"
    hidden = node.has_attr("hidden") or re.search(r"display\s*:\s*none", node.get("style") or "")
    if hidden or node.get("aria-hidden") == "true" and node.name in _BLOCK:
        return "furniture"
    if node.name not in _BLOCK or node.name in ("body", "html", "main", "article"):
        return kind
    names = set() if node.name[0] == "h" else _names(node)
    if names & _NOTE_WORDS:
        return "note"
    # A wrapper called “has-sidebar” holds the article itself: what has half of the page's text is not furniture.
    if names & _FURNITURE_WORDS and 2 * len(node.get_text()) <= whole:
        return "furniture"
    if node.name in _KINDS and kind != "note":
        return _KINDS[node.name]
    if boxes and node.name == "table" and len(node.find_all(("td", "th"))) == 1:
        return boxes
    if node.name == "ol" and node.find("li", id=re.compile("^(foot|end)note-"), recursive=False):
        return "note"
    return kind


def _note_mark(node) -> str | None:
    """Return the mark of a note as [^1] for a reference to it, "" for the way back from it, None for anything else."""
    link = node if node.name == "a" else node.find("a")
    target = (link.get("href") or "") if link is not None else ""
    said = node.get_text().strip()
    if re.match(r"#.*(ref|back)", target) and not re.search(r"\w", said):
        return ""
    number = re.fullmatch(r"[\[(]?(\d{1,3}|[*†‡]{1,3}|[a-z])[\])]?", said)
    if number is None:
        return None
    if node.name == "sup" and (
        target.startswith("#") or _names(node) & (_NOTE_WORDS | {"noteref", "ref", "reference"})
    ):
        return f"[^{number[1]}]"
    if node.name == "a" and re.match(r"#_?(fn|foot|end|note|ftn|edn)", target) and number[1].isdigit():
        return f"[^{number[1]}]"
    return None


def _note_number(node) -> str:
    """Return the mark of a note that stands in a numbered list, where its own text does not begin with it."""
    if re.match(r"\s*[\[(]?\d+[\])]?[\s.]", node.get_text()):
        return ""
    return f"[^{len(node.find_previous_siblings('li')) + 1}] "
