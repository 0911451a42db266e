"""A text as it was read: its characters, what its format says of them, and where they came from."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Block:
    """What a format says of the characters `start` to `end`.

    Their kind is heading, body, list or note, or what is not of the text: furniture, running head, page number, table of
    contents, turned text, beside the page. `goes_on` is true of a paragraph that began in the body block before, in another
    column or on another page.
    """

    start: int
    end: int
    kind: str
    goes_on: bool = False


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


def looks_like_heading(line: str) -> bool:
    """Tell a line in title case, which ends in no stop; a sentence in sentence case without one remains a paragraph."""
    words = line.split()
    if not words or len(words) > 14 or re.search(r"[.!?…:;,…]['’”\"]?$", line) or not words[0][:1].isalnum():
        return False
    weighty = [word for word in words if len(word) > 3 and word[0].isalpha()]
    capitals = sum(word[0].isupper() for word in weighty)
    return bool(weighty) and capitals >= 0.6 * len(weighty) and (line[0].isupper() or line[0].isdigit())
