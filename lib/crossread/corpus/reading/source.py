"""A text as it was read: its characters, what its format says of them, and where they came from."""

from __future__ import annotations

import re
from dataclasses import dataclass

# Letters of every script that has two cases, to stand in a class of a pattern.
_CASED = [chr(code) for code in (*range(0x41, 0x7B), *range(0xC0, 0x590), *range(0x1E00, 0x2000))]
SMALL = "".join(filter(str.islower, _CASED))
CAPITALS = "".join(filter(str.isupper, _CASED))
# What stands above notes at the end of a text.
NOTE_TITLES = "(?:end|foot)?notes?|references|sources|anmerkungen|endnoten|fu(?:ß|ss)noten|notas"
# What may close a quotation in some language, after a stop.
QUOTES_CLOSED = "’'”\"“»«›‹"


@dataclass(frozen=True)
class Block:
    """What a format says of the characters `start` to `end`.

    Their kind is heading, body, list or note, or what is not of the text: furniture, running head, page number, table
    of contents, turned text, beside the page, comment. `goes_on` is true of a paragraph that began in the body block
    before, in another column or on another page.
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
        blank line, pages apart by a form feed (pdf); note marks stand in it as [^1].
    blocks : tuple of Block
        What the format, or the place on the page, says of its parts, in order and without overlap; empty for txt and
        md.
    path : str
        The file.
    sha256 : str
        Of the file's bytes.
    encoding : str
        utf-8, utf-8-sig, utf-16, what an HTML page declares, or what was asked for; "" for the formats that say
        themselves what their characters are.
    media_type : str
        text/plain, text/markdown, text/html, application/pdf, or what else `MEDIA_TYPES` says of the ending.
    notices : tuple of str
        What a reader should look at: characters that an earlier program has spoiled, pages without text, letters
        without meaning, what a format holds and was not read.
    """

    text: str
    blocks: tuple[Block, ...]
    path: str
    sha256: str
    encoding: str
    media_type: str
    notices: tuple[str, ...] = ()


def looks_like_heading(line: str) -> bool:
    """Tell a line in title case, which ends in no stop; a sentence in sentence case without one remains a paragraph.

    Examples
    --------
    >>> [looks_like_heading(line) for line in ("Who Pays for Bases", "After COVID-19", "They Met in Tokyo.[^2]")]
    [True, True, False]
    """
    words = line.split()
    if not words or len(words) > 14 or _STOPPED.search(line) or not words[0][:1].isalnum():
        return False
    weighty = [word for word in words if len(word) > 3 and word[0].isalpha()]
    capitals = sum(word[0].isupper() for word in weighty)
    return bool(weighty) and capitals >= 0.6 * len(weighty) and (line[0].isupper() or line[0].isdigit())


# A stop at the end, or one before the mark of a note.
_STOPPED = re.compile(
    rf"[.!?…:;,\u00ad-]\s?[{QUOTES_CLOSED}]?$|[.!?…][{QUOTES_CLOSED}]?(?:\[\^?\w{{1,3}}\]|[¹²³⁰⁴-⁹*†‡]{{1,3}})$"
    rf"|[^\W\d_][.!?…][{QUOTES_CLOSED}]?\d{{1,3}}$"
)


_STOPPED_TITLE = re.compile(rf"[.!?…:;,]\s?[{QUOTES_CLOSED})\]]*$")


def is_title(text: str) -> bool:
    """Tell a paragraph all in bold that is a heading: short, and no sentence."""
    text = text.strip()
    return 0 < len(text.split()) <= 14 and "\n" not in text and not _STOPPED_TITLE.search(text)


class Parts:
    """The parts of a text as a reader comes upon them, each with its kind."""

    def __init__(self):
        self._parts: list[tuple[str, str]] = []

    def add(self, kind: str, text: str) -> None:
        """Add a part; white space becomes one space, or one line end where it holds one."""
        text = re.sub(r"[ \t\r\f]*\n[ \t\r\n\f]*", "\n", re.sub(r"[ \t\r\f]+", " ", text)).strip()
        if text:
            self._parts.append((kind, text))

    def extend(self, parts: Parts) -> None:
        self._parts.extend(parts._parts)

    def rename(self, kind: str, other: str) -> None:
        """Give all parts of a kind another one."""
        self._parts = [(other if known == kind else known, text) for known, text in self._parts]

    def add_blocks(self, text: str, blocks: tuple[Block, ...]) -> None:
        """Add the blocks of a text that was read already."""
        for block in blocks:
            self.add(block.kind, text[block.start : block.end])

    def __iter__(self):
        return iter(self._parts)

    def __len__(self) -> int:
        return len(self._parts)

    def join(self) -> tuple[str, tuple[Block, ...]]:
        """Return the text, parts apart by a blank line, and where each stands in it."""
        blocks, position = [], 0
        for kind, text in self._parts:
            blocks.append(Block(position, position + len(text), kind))
            position += len(text) + 2
        return "\n\n".join(text for _, text in self._parts), tuple(blocks)


_UNITS = re.compile(
    r"(?:^|[^\w.])(?:[A-Za-z]|[kcdmµn]m|mc|ft|feet|foot|in|inch|inches|yd|yards?|mi|miles?|(?:kilo|centi|milli)?"
    r"met(?:er|re)s?|sec|seconds?)\.?$"
)
_POWER_OF = re.compile(r"(?:^|[^\w.,/–-]|[x×·])(?:10|\d)$")  # 35 of F-35, 1,000 and 2009 bear the mark of a note
_LABELLED = re.compile(r"\b(?:[A-Z]\w+|[Nn]os?\.|[a-z]+ no\.)\s\d$")  # so does Article 5
_RAISED = re.compile(r"\s*[\[(]?(\d{1,3}(?:,\s?\d{1,3})*|[*†‡§]{1,3})(?=[\s,;.:)\]–-]|$)")


def raised_mark(before: str, raised: str) -> str:
    """Return the note mark that raised letters are, or "": in 19th, 10^6 and m^2 they are none.

    Examples
    --------
    >>> [raised_mark(*pair) for pair in (("The alliance", "1"), ("an F-35", "12"), ("of 10", "6"), ("5 km", "2"))]
    ['1', '12', '', '']
    """
    found = _RAISED.match(raised)
    if found is None:
        return ""
    mark = found[1].replace(" ", "")
    return mark if not mark[0].isdigit() or bears_mark(before, mark) else ""


def bears_mark(before: str, mark: str) -> bool:
    """Tell whether a raised number is the mark of a note, and no power or square, by what stands before it."""
    before = before[-40:].rstrip()
    if before[-1:].isdigit():
        return not _POWER_OF.search(before) or bool(_LABELLED.search(before))
    if re.search(r"\s[(“\"'‘\[]?[b-z]$", before):
        return False
    return not (mark in ("2", "3") and _UNITS.search(before))


def with_mark(before: str, raised: str) -> str:
    """Return raised letters, their note mark as [^1] where they are one."""
    mark = raised_mark(before, raised)
    written = re.escape(mark).replace(",", r",\s?")
    return re.sub(rf"\[{written}\]|\({written}\)|{written}", f"[^{mark}]", raised, count=1) if mark else raised
