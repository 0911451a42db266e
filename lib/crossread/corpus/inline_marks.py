"""What is cut within a line: marks of notes, Markdown, mail addresses."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

from crossread.corpus.line_ends import Words, find_breaks, find_breaks_between
from crossread.corpus.reading.source import CAPITALS, SMALL, bears_mark
from crossread.corpus.spans import Cut, Held, Span, separate

BRACKETED_MARK = re.compile(r"(?<=\S)[ \u00a0]?\[(\d{1,3})\]")
RAISED_MARK = re.compile(r"(?<=[^\W\d_]|[.,;:!?’'”\")])([¹²³⁰⁴-⁹]{1,3})")
GLUED_MARK = re.compile(r"(?<=[^\W\d_]|[.,;:!?’'”\")\]])(\d{1,3})(?=[\s\u00a0,;:.)\]’”—–]|$)")
# What is cut within a line. Our own readers write marks of notes as [^1] too; a mail address is no part of a text.
_NOTE_OR_MAIL = (
    r"(?P<note>\[\^[^\]\s]{1,40}\])"
    r"|(?P<mail>(?<![\w.+-])\(?\[?[\w.+-]+@[\w-]+(?:\.[\w-]+)+\]?(?:\(mailto:[^)]{0,200}\))?\)?)"
)
_IN_LINE = re.compile(_NOTE_OR_MAIL)
# Inline Markdown: the marks are cut, the words stay. An image is cut whole.
_TARGET = r"\]\((?:[^()\s]|\([^()\s]{0,500}\)){0,2000}(?:\s{1,3}[\"'][^\"']{0,300}[\"'])?\)"
# Markdown may hold tags and entities: the words in them stay, and numbers that are raised are marks of notes. Of what
# alone stands between two words a sign is left, for it parts them.
_INNER = "[abiqsu]|big|cite|code|del|em|font|img|ins|kbd|mark|small|span|strike|strong|sub|sup|tt"
_PARTING = "p|blockquote|br|center|div|h[1-6]|hr|li|ol|table|tbody|td|th|thead|tr|ul"
_ENTITY = "amp|lt|gt|quot|apos|nbsp|[mn]dash|hellip|[lr][sd]quo|[lr]aquo|#[0-9]{1,6}|#x[0-9a-fA-F]{1,5}"
_REST = r"(?:\s[^<>]{0,2000})?/?"
_HTML = (
    rf"(?P<raised><sup>\s?\[?[0-9]{{1,3}}\]?\s?</sup>)|(?<=\S)(?P<parting></?(?:{_PARTING}){_REST})>(?=\S)"
    rf"|(?P<tag></?(?:{_INNER}|{_PARTING}){_REST}>|<!--[^<>]{{0,5000}}-->)|(?<=&)(?P<entity>(?:{_ENTITY});)"
)
_MARKDOWN = re.compile(
    rf"(?P<image>!\[[^\[\]]{{0,1000}}\]\([^()]{{0,1000}}\))|{_HTML}"
    rf"|{_NOTE_OR_MAIL}"
    rf"|(?P<open>\[)(?=[^\[\]]{{1,1000}}{_TARGET})|(?P<close>{_TARGET})"
)
_EMPHASIS = re.compile(r"\*{1,3}|_{1,3}|`{1,3}")
_REASONS = {"mail": "mail address", "note": "note mark", "image": "picture", "raised": "note mark"}
_WRITTEN_MARK = re.compile(r"\[\^(\d{1,3})\]")
_SURE_BEFORE = re.compile(rf"(?:[^\W\d_{CAPITALS}]|[^\d\s][.,;:!?’'”\")\]]+|\d[;:!?’'”\")\]][.,;:!?’'”\")\]]*)$")
_NUMBERED_THING = re.compile(  # No.10 and Section B.4 bear no mark
    r"(?:\b(?:[Nn]os?|[Aa]rts?|pp?|[Vv]ols?|[Cc]hs?|[Ss]ecs?|[Ff]igs?)|(?<![\w.])[A-Z])\.$"
)
_IN_POINTS = re.compile(r"[.,;:!?]\d+[.,;:]")  # in V:3, I:18 no sentence ends
_IN_DECIMAL = re.compile(r"(?<![^\W_])(?!(?:1[5-9]|20)\d\d\D)\d+[.,]$")  # but a year ends sentences
_LAST_WORD = re.compile(r"\w*\W*$")
_ENDS_BEFORE = re.compile(r"(?:^|\s)[^\s.]*[^\s.][.!?…][’'”\")\]]*$")  # not in librt.so.1
_BEGINS_AFTER = re.compile(rf"\s+[^{SMALL}\s]|\s*$")
_PLAIN_BEFORE = re.compile(rf"(?:^|\s)([{SMALL}]{{2,}})$")


def find_glued_marks(known: Words, spans: Sequence[Span], notes: Counter[str]) -> set[int]:
    """Return where the numbers stand that are glued to words of these spans and are the marks of its notes.

    After a word that ends in a small letter, and after a stop, each is one, but a word that has it twice (ext3) is a
    name; nowhere in a text whose reader knows the mark of that note. Of a number that stands there far more often than
    it numbers notes (imap2, aria2, I:2) those are marks that end a sentence, or a word that is there without it, too.
    After a capital or another number (G7, CO2, in 2009.1) it is one only where no other mark of the note is known, the
    marks of the notes before and after stand around it, and no word of the kind is there twice.
    """
    if not notes:
        return set()
    first: dict[int, int] = {}  # note -> where its mark first stands for sure
    bracketed: set[str] = set()
    for start, end in spans:
        for match in _WRITTEN_MARK.finditer(known.text, start, end):
            first.setdefault(int(match[1]), match.start())
        bracketed |= {match[1] for match in BRACKETED_MARK.finditer(known.text, start, end)} & notes.keys()
    if 2 * len(bracketed) > len(notes):  # marks of notes are written in brackets here
        return set()
    likely, doubtful = _glued_numbers(known.text, spans, notes.keys() - set(map(str, first)))
    sure: set[int] = set()
    for number, places in likely.items():
        if len(places) > 2 * notes[str(number)] + 1:
            places = [place for place in places if _is_no_name(known, place, place + len(str(number)))]
        if places:
            sure.update(places)
            first[number] = min(places)
    for number, found in doubtful.items():
        times = Counter(word for word, _ in found)
        places = [place for word, place in found if times[word] == 1 and _in_order(first, number, place)]
        if number not in first and len(places) == 1:
            sure.add(places[0])
    return sure


def _glued_numbers(
    text: str, spans: Sequence[Span], wanted: Collection[str]
) -> tuple[dict[int, list[int]], dict[int, list[tuple[str, int]]]]:
    """Return where numbers are glued to a word or a stop, and, with their words, where to a capital or a number."""
    glued: dict[tuple[str, int], list[int]] = defaultdict(list)
    doubtful: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for start, end in spans:
        for match in GLUED_MARK.finditer(text, start, end):
            number, place = match[1], match.start()
            before = text[max(start, place - 40) : place]
            if number not in wanted or not bears_mark(before, number):
                continue
            if _NUMBERED_THING.search(before) or _IN_POINTS.fullmatch(text, place - 1, match.end() + 1):
                continue
            word = _LAST_WORD.search(before)[0]
            if _SURE_BEFORE.search(before):
                glued[word, int(number)].append(place)
            elif not _IN_DECIMAL.search(before):
                doubtful[int(number)].append((word, place))
    likely: dict[int, list[int]] = defaultdict(list)
    for (word, number), places in glued.items():
        if len(places) == 1 or not word[-1].isalpha():
            likely[number] += places
    return likely, doubtful


def _is_no_name(known: Words, start: int, end: int) -> bool:
    """Tell a number after the end of a sentence, or after a word that is there without it, too."""
    before = known.text[max(0, start - 40) : start]
    if _ENDS_BEFORE.search(before):
        return _BEGINS_AFTER.match(known.text, end) is not None
    word = _PLAIN_BEFORE.search(before)
    return word is not None and known.alone[word[1]] > 0


def _in_order(first: Mapping[int, int], number: int, place: int) -> bool:
    """Tell whether the marks of the notes around one stand around it, one of its neighbours among them."""
    before = max((other for other in first if other < number), default=0)
    after = min((other for other in first if other > number), default=0)
    near = number - before == 1 or after - number == 1
    return near and (not before or first[before] < place) and (not after or place < first[after])


def _markup_in(part: str, markdown: bool) -> Iterator[tuple[int, int, str]]:
    """Yield what is cut within a line, with its reason; Markdown only where a text may be written in it."""
    for match in (_MARKDOWN if markdown else _IN_LINE).finditer(part):
        yield *match.span(match.lastgroup), _REASONS.get(match.lastgroup, "markup")
    if not markdown:
        return
    opened: dict[str, list[list[int]]] = {"*": [], "_": [], "`": []}
    for match in _EMPHASIS.finditer(part):
        before, after = part[match.start() - 1 : match.start()], part[match.end() : match.end() + 1]
        waiting = opened[match[0][0]]
        # a star within a word or a number (2*3*4, Konsument*innen) is part of it
        start, end = match.span()
        if before.strip() and not after.isalnum():
            while waiting and start < end:  # “***two* of them**”: one run may end two, and be ended by two
                length = min(end - start, waiting[-1][1] - waiting[-1][0])
                yield waiting[-1][1] - length, waiting[-1][1], "markup"
                yield start, start + length, "markup"
                start += length
                waiting[-1][1] -= length
                if waiting[-1][0] == waiting[-1][1]:
                    waiting.pop()
        if start < end and start == match.start() and after.strip() and not before.isalnum():
            waiting.append([start, end])


def find_marks(
    known: Words, spans: Sequence[Span], notes: set[str], glued: set[int], cut: Sequence[Cut], markdown: bool
) -> list[Cut]:
    """Return what is cut within the lines of a unit, words that lines break among it, and nothing twice."""
    marks: list[Cut] = []
    before = Held(cut)
    for a, b in [part for span in spans for part in before.outside(span)]:
        part = known.text[a:b]
        # most paragraphs have none of these; to look for one character is much quicker than for a pattern
        if any(sign in part for sign in "[]@*_`<&"):
            marks.extend(Cut(a + start, a + end, reason) for start, end, reason in _markup_in(part, markdown))
        marks.extend(find_breaks(known, a, b))
        for match in BRACKETED_MARK.finditer(part) if notes and "[" in part else ():
            if match[1] in notes:
                marks.append(Cut(a + match.start(), a + match.end(), "note mark"))
        for match in GLUED_MARK.finditer(part) if glued else ():
            if a + match.start() in glued:
                marks.append(Cut(a + match.start(), a + match.end(), "note mark"))
    marks.extend(find_breaks_between(known, spans))
    return sorted(separate(marks), key=lambda cut: cut.start) if marks else marks
