"""Word files to text with the kinds of their paragraphs."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from crossread.corpus.reading.html import page_text
from crossread.corpus.reading.source import Block
from crossread.errors import CrossreadError


def read_docx(path: Path, data: bytes, max_bytes: int) -> tuple[str, tuple[Block, ...]]:
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
    return page_text(page, boxes="note")
