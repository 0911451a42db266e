"""HTML to text with the kinds of its blocks: body, heading, list, note, furniture."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from crossread.corpus.reading.main_text import find_lines, letters_of, main_lines
from crossread.corpus.reading.source import SMALL, Block, bears_mark, is_title
from crossread.errors import CrossreadError

_NOT_TEXT = frozenset(
    "script style svg math iframe object embed canvas audio video title meta link img map area".split()
)
_FURNITURE = frozenset("nav footer aside form dialog menu address".split())
_CONTROLS = frozenset("button select textarea datalist".split())
_BLOCK = (
    _FURNITURE
    | _CONTROLS
    | frozenset(
        "p div section article main header hgroup body html blockquote ul ol dl li dt dd table thead tbody tfoot tr td "
        "th caption figure figcaption pre details summary hr fieldset legend center h1 h2 h3 h4 h5 h6 noscript template"
        .split()
    )
)  # fmt: skip
_UNSEEN = frozenset("rt rp noscript template".split())
_KINDS = {f"h{level}": "heading" for level in range(1, 7)} | {"li": "list", "dt": "list", "dd": "list"}
_CAPTIONS = ("caption", "figcaption")
_KINDS |= dict.fromkeys(_CAPTIONS, "note")
_FURNITURE_ROLES = frozenset("navigation banner contentinfo complementary search dialog alertdialog menu".split())
_NOTE_NAMES = frozenset("footnote footnotes endnote endnotes fn fnote doc-footnote doc-endnote doc-endnotes".split())
_MARK_NAMES = _NOTE_NAMES | {"noteref", "ref", "reference", "doc-noteref", "footnote-ref", "footnoteref"}
_NOTE_IDS = re.compile(r"(foot|end)note-|cite_note|_?(fn|ftn|edn)[-:_]?\d", re.I)
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|\b(?:left|top|text-indent)\s*:\s*-\d{4}", re.I
)
_RAISED = re.compile(r"vertical-align\s*:\s*super", re.I)
_BLANKS, _SPACES = re.compile(r"[ \t\r\n\f]+"), re.compile(r"[ \t\r\f]+")
_BLANK_LINE, _LINE = re.compile(r"\n[ \n]*\n"), re.compile(r" *\n *")
_SENTENCE = re.compile(r"\w{3}[.!?](\s|$)")
# for the others the tag alone says what is inside, unless it has one of these attributes
_ASKED_ABOUT = _FURNITURE | {"header", "ol"}
_SAYING = frozenset("class role style hidden".split())

MOST_TAGS = 12_000  # a page with more, or nested deeper, is read by its tags alone: to judge it would take too long
DEEPEST = 200
SHORTEST = 150  # letters: where less is found in a small page, it is read by its tags alone
LARGEST_FURNITURE = 0.3  # share of the main text that tags may call furniture and be believed
ENOUGH = 0.5  # share of the main text that must be found again among the blocks


class _Tag:
    __slots__ = ("name", "attributes", "children", "size")

    def __init__(self, name: str, attributes: dict[str, str]):
        self.name, self.attributes = name, attributes
        self.children: list[_Tag | str] = []
        self.size = 0  # characters of text inside


class _Tree:
    """Takes the events of libxml2's parser, which knows what tags may be left out; as deep as the page is nested."""

    def __init__(self):
        self.root = _Tag("", {})
        self.tags = self.depth = 0
        self._open = [self.root]

    def start(self, name: str, attributes) -> None:
        tag = _Tag(name, dict(attributes))
        self._open[-1].children.append(tag)
        self._open.append(tag)
        self.tags += 1
        self.depth = max(self.depth, len(self._open))

    def end(self, name: str) -> None:
        tag = self._open.pop()
        self._open[-1].size += tag.size

    def data(self, text: str) -> None:
        tag = self._open[-1]
        tag.children.append(text)
        if tag.name not in _NOT_TEXT:
            tag.size += len(text.strip())

    def close(self) -> _Tree:
        while len(self._open) > 1:
            self.end("")
        return self


def _parse(page: str) -> _Tree:
    from lxml.etree import HTMLParser, ParserError

    parser = HTMLParser(target=_Tree(), encoding="utf-8", huge_tree=True)
    try:
        parser.feed(page.replace("\0", "").encode("utf-8", "replace"))
        return parser.close()
    except ParserError:  # nothing but comments
        return _Tree()


@dataclass
class Part:
    """A block of a page on its way to the text, and what its tags say of it."""

    text: str
    kind: str
    tag: str = ""
    furniture: bool = False
    hidden: bool = False
    only_links: bool = False
    number: str = ""  # of the note that begins here


def read_html(path: Path | str, page: str) -> tuple[str, tuple[Block, ...], list[str]]:
    """Read a page: its text, what each block of it is, and what a reader should know.

    What is body is judged by trafilatura; the text is our own, every character of it in one block. What its tags call
    furniture (nav, footer, aside and the like) and paragraphs of nothing but links are furniture too, unless that is
    a large part of what was judged to be body. The names of classes play no part.

    Parameters
    ----------
    path : path
        The file, for what is said about it.
    page : str
        The decoded file.

    Returns
    -------
    text, blocks, notices

    Raises
    ------
    CrossreadError
        "a.html: the page is all script: …" or "a.html: there is no running text in this page. …"
    """
    tree = _parse(page)
    parts, notices = _Layout(tree.root).parts, []
    if tree.tags > MOST_TAGS or tree.depth > DEEPEST:
        notices.append(
            f"{path}: the page has {tree.tags:,} tags, {tree.depth:,} deep: too many for its main text to be judged. "
            "Left out is only what its tags call furniture."
        )
    else:
        parts, notices = _judge(path, page, parts)
    notices += [f"{path}: {said}" for said in _never_closed(page)]
    text, blocks = _join(parts)
    if not any(block.kind != "furniture" for block in blocks):
        if re.search(r"<script\b", page, re.I):
            raise CrossreadError(
                f"{path}: the page is all script: its text is loaded only in a browser. "
                "Open it there and save it as a complete page, or print it to PDF."
            )
        raise CrossreadError(f"{path}: there is no running text in this page. Save it again from the browser.")
    return text, blocks, notices


def _never_closed(page: str) -> list[str]:
    """Say what takes the rest of a page out of the text because it has no end, as browsers do."""
    lower = page.lower()
    starts = {sign: lower.rfind(sign) for sign in ("<!--", "<script", "<style")}
    if lower.rfind("<script", 0, max(0, starts["<!--"])) > lower.rfind("</script", 0, max(0, starts["<!--"])):
        starts["<!--"] = -1  # in a script it begins nothing
    ends = {"<!--": "-->", "<script": "</script", "<style": "</style"}
    return [
        f"“{sign}” in line {page.count(chr(10), 0, at) + 1} has no “{ends[sign]}”: the {len(page) - at:,} characters "
        "after it are no text, as in a browser. Save the page again, or close it there."
        for sign, at in starts.items()
        if at >= 0 and ends[sign] not in lower[at:]
    ]


def page_text(page: str) -> tuple[str, tuple[Block, ...]]:
    """Take the running text out of a page, block by block, with what its tags say of each."""
    return _join(_Layout(_parse(page).root).parts)


def _judge(path: Path | str, page: str, parts: list[Part]) -> tuple[list[Part], list[str]]:
    """Keep of a page what is judged to be its main text, and the notes to it."""
    lines = main_lines(page)
    length = sum(len(letters_of(line)) for line in lines)
    if length < SHORTEST and sum(len(part.text) for part in parts) < 5 * SHORTEST or not lines:
        return parts, []
    notices = []
    seen = [number for number, part in enumerate(parts) if not part.hidden]
    flags, share = find_lines(lines, [parts[number].text for number in seen])
    kept = {number for number, flag in zip(seen, flags, strict=True) if flag}
    if share < ENOUGH:
        flags, share = find_lines(lines, [part.text for part in parts])
        kept = {number for number, flag in enumerate(flags) if flag}
        notices = [f"{path}: the main text of the page is hidden until a script shows it; it was read."]
    if share < ENOUGH:
        kept = set(range(len(parts), len(parts) + len(lines)))
        parts = [*parts, *(Part(line, "body") for line in lines)]
        notices = [f"{path}: the main text stands in a script of the page; it was read as trafilatura finds it there."]
    called_furniture = {number for number in kept if parts[number].furniture}
    if _length(parts, called_furniture) < LARGEST_FURNITURE * length:
        kept -= called_furniture
    kept |= {number for number in seen if _is_note_to(parts, number, kept)}
    kept.update(_title_and_terms(parts, seen, kept))
    captions = {number for number in kept if parts[number].tag in _CAPTIONS and parts[number].kind == "note"}
    if 2 * _length(parts, captions) > _length(parts, kept):  # a show of pictures, whose text they are
        parts = [replace(part, kind="body") if number in captions else part for number, part in enumerate(parts)]
    judged = [replace(part, furniture=number not in kept, hidden=False) for number, part in enumerate(parts)]
    return judged, notices


def _length(parts: list[Part], numbers: set[int]) -> int:
    return sum(len(letters_of(parts[number].text)) for number in numbers)


def _title_and_terms(parts: list[Part], seen: list[int], kept: set[int]) -> list[int]:
    """Name what the judge omits: the title right above what is kept, and lists of terms within it."""
    named: list[int] = []
    run: list[int] = []
    above = False  # whether what stands above the run is kept
    for number in seen:
        if number not in kept:
            run.append(number)
            continue
        ours = [not parts[one].furniture and not parts[one].only_links for one in run]
        if above and all(ours) and all(parts[one].kind == "heading" or parts[one].tag in ("dt", "dd") for one in run):
            named += run
        elif run and ours[-1] and parts[run[-1]].tag == "h1":
            named.append(run[-1])
        run, above = [], True
    return named


def _is_note_to(parts: list[Part], number: int, kept: set[int]) -> bool:
    """Tell a numbered note, and a caption that says a sentence between two blocks of the text; a credit is none."""
    part = parts[number]
    if part.kind != "note" or part.furniture:
        return False
    between = number - 1 in kept and number + 1 in kept
    return bool(part.number) or (between and part.tag == "figcaption" and bool(_SENTENCE.search(part.text)))


class _State(NamedTuple):
    """What stands around a piece of a page."""

    kind: str = "body"
    tag: str = ""  # the innermost block
    furniture: bool = False
    hidden: bool = False
    in_link: bool = False
    in_bold: bool = False
    as_is: bool = False
    in_article: bool = False


class _Layout:
    """Walks a page and lays its text out in blocks. A stack, not recursion: pages nest deeper than Python calls."""

    def __init__(self, root: _Tag):
        self.parts: list[Part] = []
        self.whole = root.size
        self._words: list[str] = []
        self._unseen: list[str] = []  # hidden inside a sentence that goes on
        self._number = ""  # of the note that has just begun
        self._is_written = False  # in the page, or only counted in a numbered list
        self._count = self._links = self._bold = 0  # characters of the block so far
        self._marks: set[str] = set()
        self._known: dict[tuple[str, _State], _State] = {}  # what a tag without attributes makes of what is around it
        self._walk(root)
        for part in self.parts:
            if part.kind in ("body", "list") and part.number in self._marks:
                part.kind = "note"

    def _walk(self, root: _Tag) -> None:
        stack: list[tuple[_Tag | str, _State, int]] = [(root, _State(), 0)]
        while stack:
            node, state, place = stack.pop()
            if isinstance(node, str):
                self._take(node, state)
            elif place < 0:  # the end of a tag
                self._flush(state)
            else:
                self._enter(node, state, place, stack)
        if self._is_written:  # a number without its note
            self.parts.append(Part(f"[^{self._number}]", "note"))
        self._flush(_State())

    def _enter(self, tag: _Tag, state: _State, place: int, stack: list) -> None:
        if tag.name in _NOT_TEXT:
            return
        if tag.name == "br":
            self._words.append("\n")
            return
        if tag.name in ("a", "sup") or (tag.name == "span" and _is_raised(tag)):
            mark = None if state.hidden else _note_mark(tag, self._words, self._marks)
            if mark is not None:
                self._take_mark(mark)
                return
        inner = self._inside(tag, state)
        if tag.name in _BLOCK:
            self._flush(state)
            if inner.kind == "note" and tag.name == "li" and not self._is_written and not _starts_with_number(tag):
                self._number = str(place)
            stack.append((tag, inner, -1))
        children, item = [], 0
        for child in tag.children:
            item += isinstance(child, _Tag) and child.name == "li"
            children.append((child, inner, item))
        stack.extend(reversed(children))

    def _take(self, text: str, state: _State) -> None:
        text = text if state.as_is else _BLANKS.sub(" ", text)
        if not self._words and not text.strip():
            return
        if state.hidden and state.tag not in _BLOCK:
            self._unseen.append(text)
            return
        self._words.append(text)
        count = len(text.strip())
        self._count += count
        self._links += count if state.in_link else 0
        self._bold += count if state.in_bold else 0

    def _take_mark(self, mark: str) -> None:
        """Take the mark of a note: a reference within a text, the number of the note at the beginning of a block."""
        if mark and not self._count and not self._is_written:
            self._number, self._is_written = mark, True
        elif mark:
            self._words.append(f"[^{mark}]")
            self._marks.update(re.split(r"[,–-]", mark))

    def _flush(self, state: _State) -> None:
        if not self._words and not self._unseen:
            return
        text = _SPACES.sub(" ", "".join(self._words))
        only_links = state.kind in ("body", "list") and self._links == self._count
        kind = state.kind
        if kind == "body" and state.tag in ("p", "div") and self._bold == self._count and is_title(text):
            kind = "heading"
        for piece in _BLANK_LINE.split(text) if "\n" in text else [text]:
            piece = _LINE.sub("\n", piece).strip() if "\n" in piece else piece.strip()
            if piece:
                head = f"[^{self._number}] " if self._number else ""
                part = Part(head + piece, kind, state.tag, state.furniture, state.hidden, only_links, self._number)
                self.parts.append(part)
                self._number, self._is_written = "", False
        if unseen := " ".join("".join(self._unseen).split()):
            self.parts.append(Part(unseen, "body", hidden=True))
        self._words.clear()
        self._unseen.clear()
        self._count = self._links = self._bold = 0

    def _inside(self, tag: _Tag, state: _State) -> _State:
        """Say what a tag makes of the text inside it, given what stands around it."""
        if (
            tag.name in _ASKED_ABOUT
            or not _SAYING.isdisjoint(tag.attributes)
            or tag.attributes.get("id") in _NOTE_NAMES
        ):
            return self._look_at(tag, state)
        key = (tag.name, state)
        if key not in self._known:
            self._known[key] = self._look_at(tag, state)
        return self._known[key]

    def _look_at(self, tag: _Tag, state: _State) -> _State:
        name, is_block = tag.name, tag.name in _BLOCK
        hidden = state.hidden or _is_hidden(tag)
        state = state._replace(
            tag=name if is_block or hidden else state.tag,
            hidden=hidden,
            in_link=name == "a" or (state.in_link and not is_block),
            in_bold=name in ("b", "strong") or (state.in_bold and not is_block),
            as_is=name == "pre" or (state.as_is and not is_block),
            in_article=state.in_article or name in ("article", "main"),
        )
        if not is_block:
            return state
        furniture = state.furniture or self._is_furniture(tag, state)
        return state._replace(kind=self._kind(tag, state.kind), furniture=furniture)

    def _is_furniture(self, tag: _Tag, state: _State) -> bool:
        role = tag.attributes.get("role", "").lower()
        if tag.name in _CONTROLS or tag.name in ("nav", "footer") or role in ("navigation", "contentinfo"):
            return not _names(tag) & _NOTE_NAMES
        # a form or an aside that holds half of the page's text is the page
        if 2 * tag.size > self.whole or _names(tag) & _NOTE_NAMES:
            return False
        return tag.name in _FURNITURE or role in _FURNITURE_ROLES or (tag.name == "header" and not state.in_article)

    def _kind(self, tag: _Tag, kind: str) -> str:
        name = tag.name
        if name in ("body", "html", "main", "article"):
            return kind
        if name[0] != "h" and _names(tag) & _NOTE_NAMES and 2 * tag.size <= self.whole:
            return "note"
        if name in _KINDS and kind != "note":
            return _KINDS[name]
        return "note" if name == "ol" and _is_list_of_notes(tag) else kind


def _is_raised(tag: _Tag) -> bool:
    return bool(_RAISED.search(tag.attributes.get("style", ""))) or bool(_names(tag) & {"sup", "superscript"})


def _is_hidden(tag: _Tag) -> bool:
    if tag.name in ("html", "body"):  # which scripts show when they have run
        return False
    return tag.name in _UNSEEN or "hidden" in tag.attributes or bool(_HIDDEN.search(tag.attributes.get("style", "")))


def _names(tag: _Tag) -> set[str]:
    """Return the classes of a tag, its role and its id, each whole."""
    attributes = tag.attributes
    given = " ".join(attributes.get(name) or "" for name in ("class", "role", "id"))
    return set(given.lower().split())


def _is_list_of_notes(tag: _Tag) -> bool:
    items = (child.attributes.get("id", "") for child in tag.children if isinstance(child, _Tag))
    return any(_NOTE_IDS.match(item) for item in items)


def _beginning(tag: _Tag, most: int) -> tuple[str, str, bool]:
    """Return the first text of a tag, where its first link leads, and whether that is all there is."""
    texts, target = [], ""
    stack: list[_Tag | str] = [tag]
    for _ in range(most):
        if not stack:
            break
        node = stack.pop()
        if isinstance(node, str):
            texts.append(node)
            continue
        if node.name == "a" and not target:
            target = node.attributes.get("href", "")
        stack.extend(reversed(node.children[:most]))
    return "".join(texts), target, not stack and len(tag.children) <= most


def _starts_with_number(tag: _Tag) -> bool:
    return bool(re.match(r"\s*[\[(]?\d+[\])]?[\s.]", _beginning(tag, 12)[0]))


_MARK = re.compile(
    r"[\[(]?((?:\d{1,3}|[*†‡§¶]{1,3}|[a-z])(?:\s?[,–-]\s?\d{1,3}){0,9})[\])]?|\[((?:note|nb|fn\.?)\s?\w{1,3})\]", re.I
)


def _note_mark(tag: _Tag, before: list[str], known: set[str]) -> str | None:
    """Return the mark of a note, "" for the way back from one, None for anything else; `known` are marks so far."""
    said, target, whole = _beginning(tag, 8)
    said = said.strip()
    if not whole or len(said) > 40:
        return None
    if re.match(r"#.*(ref|back)", target) and not re.search(r"\w", said):
        return ""
    mark = _MARK.fullmatch(said)
    if mark is None:
        return None
    name = re.sub(r"\s", "", mark[1] or mark[2])
    if tag.name == "a":
        # a number that leads to a place in the page and is glued to a word, or begins a note to one that was
        stands = name in known if not "".join(before).strip() else not before[-1][-1:].isspace()
        is_note = re.search(r"#_?(fn|foot|end|note|ftn|edn|cite_note)", target) or "#" in target and stands
        is_mark = bool(is_note) and bool(re.search(r"\d", name))
    else:
        is_mark = "#" in target or bool(_names(tag) & _MARK_NAMES) or _is_raised_mark(name, before)
    return name if is_mark else None


def _is_raised_mark(mark: str, before: list[str]) -> bool:
    """Tell the raised number of a note from a power, an ordinal, or the square of a unit or of a letter."""
    tail = "".join(before[-3:])
    if mark.isalpha():  # a letter after a word in small letters: not XVIIIe, Mme, 1er
        return bool(re.search(rf"[{SMALL}]{{3}}[.,;:!?’”\")]{{0,2}}$", tail.rstrip(" "))) and mark.islower()
    return bears_mark(tail, mark)


def _join(parts: list[Part]) -> tuple[str, tuple[Block, ...]]:
    blocks, position = [], 0
    for part in parts:
        kind = "furniture" if part.furniture or part.hidden or part.only_links else part.kind
        blocks.append(Block(position, position + len(part.text), kind))
        position += len(part.text) + 2
    return "\n\n".join(part.text for part in parts), tuple(blocks)
