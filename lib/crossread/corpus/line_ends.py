"""Words that the end of a line, a column or a page breaks: the hyphen of a compound stays, that of a syllable goes."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import pairwise

from crossread.corpus.reading.source import CAPITALS, SMALL
from crossread.corpus.spans import Cut, Span

_WORD = re.compile(r"\w+")
_COMPOUND = re.compile(r"[\w-]+")
_COMPOUND_INSIDE = re.compile(r"[^\W\d_]{2}-(?!und\b|oder\b|bzw\b)[" + SMALL + "]{2}")
_HYPHENS = str.maketrans("‐‑", "--")
_END_OF_LINE = r"(?:\r?\n\f?|\f)"
_CAPITALS, _BREAK = f"[{CAPITALS}]{{2}}", rf"[ \t]*{_END_OF_LINE}[ \t]*"
_BROKEN_HYPHEN = re.compile(  # before a small letter, or within a word of capitals
    rf"(?<=\w)[-‐](?:(?={_BREAK}[{SMALL}])|(?<={_CAPITALS}[-‐])(?={_BREAK}{_CAPITALS}))([ \t]*{_END_OF_LINE})[ \t]*"
)
_HYPHEN_LAST = re.compile(r"(?<=\w)[-‐\u00ad](\s*)$")
_BROKEN_WORD = re.compile(rf"(?<![\w-])[\w-]+(?<=\w-)[ \t]*{_END_OF_LINE}[ \t]*\w+")
_BROKEN_DASH = re.compile(rf"(?<=\w)[—–‐‑/][ \t]*{_END_OF_LINE}[ \t]*(?=\w)")
_BROKEN_SOFT = re.compile(rf"(?<=\w)[\u00ad¬][ \t]*{_END_OF_LINE}[ \t]*(?=\w)")
_SUSPENDED = frozenset("and or und oder bzw beziehungsweise et ou".split())
# Prefixes that are hardly ever written with a hyphen; those that often are; and words that begin compounds.
_BOUND = frozenset(
    """
    any be bi de dis every extra hyper in inter intra micro mini mis mono multi out over poly re retro some sub supra
    sur there trans tri ultra un under uni where
    """.split()
)
_AFTER_IN = frozenset("built country depth flight group house kind law laws person service theater theatre".split())
_TENS = frozenset("twenty thirty forty fifty sixty seventy eighty ninety".split())
_UNITS = ("one", "first", "two", "second", "three", "third", "four", "five", "fif", "six", "seven", "eigh", "nin")
_ENDINGS = frozenset(
    "ability able ably age ally fully ing less ment ness ward".split()
)  # words too, but not in compounds
_SOLID = ("cooperat", "coordinat")
_FREE = frozenset(
    """
    cross cyber drug half high long low mid near neo one region security self short state three two war well
    """.split()
)
_PREFIXES = _FREE | frozenset("anti co counter ex fore non off post pre pro quasi semi".split())
_SECOND_HALVES = frozenset(
    """
    aged armed backed based bound building called centred centric century country day defined driven economic
    effective face fire free friendly funded grade growing haul held intensive keeping known land led level like
    long made maker makers making minded minister ministers money monger new old only oriented owned party people
    political power powered powers proof range ranging ranking reaching ready related right rise rising run scale
    sea sharing shore side sized speaking sponsored standing state states style supported term time torn trade
    trained trodden war wide wing world worthy year years
    """.split()
)


class Words:
    """A text with the words that stand in it, gathered when the first broken word asks for them."""

    def __init__(self, text: str):
        self.text = text

    @cached_property
    def unbroken(self) -> str:
        """The text in small letters without the words that line ends break: their pieces are no words."""
        return _BROKEN_WORD.sub(" ", self.text.lower().translate(_HYPHENS))

    @cached_property
    def whole(self) -> set[str]:
        """The words, each part of a compound by itself."""
        return set(_WORD.findall(self.unbroken))

    @cached_property
    def alone(self) -> Counter[str]:
        """How often each word stands by itself, compounds with a hyphen as one."""
        return Counter(_COMPOUND.findall(self.unbroken))

    @cached_property
    def ordered(self) -> list[str]:
        """The words and compounds in the order of their letters, to find what begins alike."""
        return sorted(self.whole | set(self.alone))

    @cached_property
    def has_compounds(self) -> bool:
        """Tell whether any of the hyphens at line ends may be those of compounds, as in English; in German none is.

        A compound with a hyphen (`long-term`, small letters after it) falls on the end of a line as often as any word
        does. Where fewer than one broken word in a hundred can be one for this reason, none is taken for one; nor where
        of the broken words that stand in the text a second time, whole or with a hyphen, fewer than one in fifty has
        it: names of programs (`docbook-xsl`) are compounds of any language.
        """
        n_broken = whole = compound = 0
        for match in _BROKEN_HYPHEN.finditer(self.text):
            before, after = self.halves(match.start(), match.end())
            n_broken += 1
            whole += before + after in self.whole
            compound += self.alone[f"{before}-{after}"] > 0 and after not in _SUSPENDED
        n_compounds = len(_COMPOUND_INSIDE.findall(self.text))
        can_be = n_compounds * self.text.count("\n") >= 0.01 * n_broken * sum(self.alone.values())
        return n_broken < 50 or can_be and compound + 1 >= 0.02 * (whole + compound)

    def halves(self, start: int, end: int) -> tuple[str, str]:
        """Return the letters on either side of a stretch of the text, in small letters."""
        before = re.search(r"[^\W\d_]*$", self.text[max(0, start - 40) : start])
        after = re.match(r"[^\W\d_]*", self.text[end : end + 40])
        return before[0].lower(), after[0].lower()

    def begins(self, start: str) -> bool:
        """Tell whether a word or compound begins with these letters."""
        place = bisect_left(self.ordered, start)
        return place < len(self.ordered) and self.ordered[place].startswith(start)


def find_breaks(known: Words, start: int, end: int) -> Iterator[Cut]:
    """Mend the words that line ends break within a stretch of the text."""
    part = known.text[start:end]
    # most paragraphs have none of these; to look for one character is much quicker than for a pattern
    if "\n" not in part and "\f" not in part:
        return
    if "-" in part or "‐" in part:
        for match in _BROKEN_HYPHEN.finditer(part):
            yield from _line_end_hyphen(known, start + match.start(), start + match.end(), start + match.start(1))
    for match in _BROKEN_DASH.finditer(part) if any(sign in part for sign in "—–‐‑/") else ():
        yield Cut(start + match.start() + 1, start + match.end(), "line break in a word")
    if "\u00ad" in part or "¬" in part:
        for match in _BROKEN_SOFT.finditer(part):
            yield Cut(start + match.start(), start + match.end(), "hyphen at the end of a line")


def find_breaks_between(known: Words, spans: Sequence[Span]) -> list[Cut]:
    """Mend words that the end of a page or a column breaks: a piece of a unit ends with a hyphen, the next goes on."""
    marks: list[Cut] = []
    for (start, end), (following, last) in pairwise(spans):
        match = _HYPHEN_LAST.search(known.text, max(start, end - 40), end)
        while following < last and known.text[following].isspace():
            following += 1
        if match is None:
            continue
        hyphen, goes_on = match.start(), known.text[following : following + 2]
        if not goes_on[:1].islower() and not (goes_on.isupper() and known.text[hyphen - 2 : hyphen].isupper()):
            continue
        if known.text[hyphen] == "\u00ad":
            marks.append(Cut(hyphen, end, "hyphen at the end of a line"))
            continue
        for cut in _line_end_hyphen(known, hyphen, following, match.start(1)):
            if cut.start < end:
                marks.append(Cut(cut.start, end, cut.reason))
    return marks


def _line_end_hyphen(known: Words, start: int, end: int, newline: int) -> list[Cut]:
    """Decide whether a hyphen at the end of a line belongs to the word, by what the same text does elsewhere."""
    before, after = known.halves(start, end)
    if after in _SUSPENDED:  # “pre- and post-war”, “Bundes- und Landesmittel”
        return []
    if before and after and _is_syllable(before, after, known):
        return [Cut(start, end, "hyphen at the end of a line")]
    return [Cut(newline, end, "line break in a word")]


def _is_syllable(before: str, after: str, known: Words) -> bool:
    """Tell a broken word from a compound: by the whole, then by what begins like it, then by its parts."""
    joined, compound = before + after, f"{before}-{after}"
    n_compound = known.alone[compound]
    if joined in known.whole or n_compound:
        return max(known.alone[joined], joined in known.whole) >= n_compound
    if len(before) == 1 or len(after) == 1:  # no word is broken beside one letter: T-shirt, a-t-il, c'est-à-dire
        return False
    if before in _TENS and after.startswith(_UNITS) or before == "in" and after in _AFTER_IN:
        return False
    stem = after[: max(3, len(after) - 3)]
    alike, compound_alike = known.begins(before + stem), known.begins(f"{before}-{stem}")
    if alike != compound_alike:
        return alike
    if before in _BOUND or after in _ENDINGS or joined.startswith(_SOLID) or not known.has_compounds:
        return True
    stands = {half: known.alone[half] > 0 for half in (before, after)}
    if before in _PREFIXES:
        return not (stands[after] or len(after) > 3 and before in _FREE)
    return not (stands[before] and (stands[after] or after in _SECOND_HALVES))
