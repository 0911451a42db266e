"""A text as it was read: its characters, what its format says of them, and where they came from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Block:
    """What a format says of the characters `start` to `end`: heading, body, list, note or furniture."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True)
class SourceText:
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
