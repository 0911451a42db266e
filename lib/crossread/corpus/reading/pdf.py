"""PDF to text, line by line, pages apart by a form feed."""

from __future__ import annotations

import re
from io import BytesIO
from itertools import pairwise
from pathlib import Path

from crossread.corpus.reading.encoding import name_spoiled
from crossread.errors import CrossreadError


def read_pdf(path: Path, data: bytes) -> tuple[str, list[str]]:
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
    notices = name_spoiled(path, text)
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
