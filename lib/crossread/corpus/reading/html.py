"""HTML to text with the kinds of its blocks: body, heading, list, note, furniture."""

from __future__ import annotations

import re
from pathlib import Path

from crossread.corpus.reading.source import Block
from crossread.errors import CrossreadError

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


def read_html(path: Path, page: str) -> tuple[str, tuple[Block, ...]]:
    text, blocks = page_text(page)
    if not any(block.kind != "furniture" for block in blocks):
        if re.search(r"<script\b", page, re.I):
            raise CrossreadError(
                f"{path}: the page is all script: its text is loaded only in a browser. "
                "Open it there and save it as a complete page, or print it to PDF."
            )
        raise CrossreadError(f"{path}: there is no running text in this page. Save it again from the browser.")
    return text, blocks


def page_text(page: str, boxes: str = "") -> tuple[str, tuple[Block, ...]]:
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
