"""What an entry of a lexicon may say, and how its text becomes sequences of word patterns."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product

from crossread.corpus.tokens import UNSEEN, fold, is_address, token_pattern
from crossread.errors import CrossreadError

MOST_SEQUENCES = 5_000
MOST_NESTED = 20  # brackets within brackets
TIERS = ("core", "broad")

# Two letters that no text uses stand in for the wildcards while a pattern goes through the tokeniser.
_STAR, _MARK = "\ua66e", "\ua78f"
_TO_LETTERS = str.maketrans({"*": _STAR, "?": _MARK})
_TO_WILDCARDS = str.maketrans({_STAR: "*", _MARK: "?"})
_SILENT = set(" \t\n-‐‑–—'’‘\"“”.,")  # may stand in a pattern although no token holds them
_UNSEEN = re.compile(f"[{UNSEEN}]")
_COMPACT = re.compile(r"^(?P<pattern>[^~!]*?)(?:\s*~(?P<within>\d*)\s+(?P<with>[^~!]+?))?(?:\s*!\s+(?P<not>[^~!]+?))?$")


@dataclass(frozen=True)
class Entry:
    """One pattern of a lexicon: what is counted, near what, except where, and why.

    Attributes
    ----------
    key : str
        The key, nested names joined by dots ("china_rise.military").
    pattern : str
        What is counted. Words are separated by spaces; `*` stands for any number of letters, `?` for one, a `*`
        alone for any one word; `a|b` and, beside other words, `a (b|c d)` are alternatives.
    near : tuple of str
        Patterns of which one has to be near (`with:` in a file); empty when none is asked for.
    within : int or None
        How many words away it may lie at most, on either side; None means anywhere in the sentence.
    blocked : tuple of str
        Phrases of another sense (`not:` in a file). Inside them neither `pattern` nor `near` is seen.
    tier : {"core", "broad"}
        Whether the entry belongs to the strict form of the lexicon or only to the broad one.
    reason, source : str
        Why the entry is there, and where it is taken from.
    line : int
        The line of the file, 0 when it comes from no file.
    """

    key: str
    pattern: str
    near: tuple[str, ...] = ()
    within: int | None = None
    blocked: tuple[str, ...] = ()
    tier: str = "core"
    reason: str = ""
    source: str = ""
    line: int = 0

    @property
    def text(self) -> str:
        """The entry in one line, as the column `entry` of a hit table shows it: `cost* ~5 ally|allies ! war cost*`."""
        text = self.pattern
        if self.near:
            text += f" ~{'' if self.within is None else self.within} {', '.join(self.near)}"
        if self.blocked:
            text += f" ! {', '.join(self.blocked)}"
        return text


def parse_entry(text: str, key: str = "", **details: object) -> Entry:
    """Read an entry from one line.

    Parameters
    ----------
    text : str
        A pattern, then perhaps `~` (in one sentence) or `~5` (within five words) and the patterns of which one has to
        be near, then perhaps `!` and the phrases of another sense; several are separated by a comma and a space.
    key : str
        The key to which the entry belongs.
    **details
        Further attributes of `Entry`.

    Returns
    -------
    Entry

    Raises
    ------
    CrossreadError
        "the entry “a ~” cannot be read: …"

    Examples
    --------
    >>> parse_entry("cost* ~5 ally|allies, partner* ! war cost*").near
    ('ally|allies', 'partner*')
    """
    text = " ".join(text.split())
    match = _COMPACT.match(text)
    if match is None:
        raise CrossreadError(
            f"the entry “{text}” cannot be read: write a pattern, then “~ …” or “~5 …” for what has to be near, "
            "then “! …” for what must not be meant."
        )
    within = match["within"]
    return Entry(
        key=key,
        pattern=match["pattern"],
        near=tuple((match["with"] or "").split(", ")) if match["with"] else (),
        within=words_within(within) if within else None,
        blocked=tuple((match["not"] or "").split(", ")) if match["not"] else (),
        **details,
    )


@lru_cache(maxsize=20_000)
def sequences(pattern: str) -> tuple[tuple[str, ...], ...]:
    """Return the sequences of word patterns for which a pattern stands.

    Parameters
    ----------
    pattern : str
        As in `Entry.pattern`.

    Returns
    -------
    tuple of tuples of str
        Each a sequence of words folded as tokens are, `*` and `?` in them.

    Examples
    --------
    >>> sequences("free-(riding|rider*)")
    (('free', 'riding'), ('free', 'rider*'))
    >>> sequences("U.S. (ally|allies)")
    (('u.s.', 'ally'), ('u.s.', 'allies'))
    """
    if not pattern.strip():
        raise CrossreadError("the entry is empty: write a word, or delete the line.")
    found: dict[tuple[str, ...], None] = {}
    for text in _expand(pattern):
        tokens = tuple(_tokens(text, pattern))
        if not tokens:
            raise CrossreadError(f"“{pattern}” can never match: “{text.strip()}” holds no letter or number.")
        if not "".join(tokens).strip("*"):
            raise CrossreadError(f"“{pattern}” matches every word: name at least one.")
        found[tokens] = None
    return tuple(found)


_PREFIXES = frozenset("anti bi co counter inter mini multi non pluri post pre quadri semi tri uni".split())
_LITERALS = 3  # letters that must follow a prefix: of “counter*” nothing is known but the prefix


@lru_cache(maxsize=20_000)
def spellings(pattern: str) -> tuple[tuple[str, ...], ...]:
    """Return the sequences of a pattern in both spellings of words with a prefix: multilateral and multi-lateral.

    Parameters
    ----------
    pattern
        As in `sequences`.

    Returns
    -------
    tuple of tuples of str
        First those of `sequences`, then those parted, or joined, after multi, bi, tri, non, co, counter and the like.

    Examples
    --------
    >>> spellings("multilateral*"), spellings("non-proliferation")
    ((('multilateral*',), ('multi', 'lateral*')), (('non', 'proliferation'), ('nonproliferation',)))
    """
    known = dict.fromkeys(sequences(pattern))
    for words in list(known):
        known.update(dict.fromkeys(_respelt(words)))
    return tuple(known)


def _respelt(words: tuple[str, ...]):
    """Yield a sequence with one of its words written in one, or parted after its prefix."""
    for place, word in enumerate(words):
        head, tail = words[:place], words[place + 1 :]
        if word in _PREFIXES and tail and _has_letters(tail[0]):
            yield (*head, word + tail[0], *tail[1:])
        for length in range(2, len(word) - _LITERALS + 1):
            if word[:length] in _PREFIXES and _has_letters(word[length:]):
                yield (*head, word[:length], word[length:], *tail)


def _has_letters(word: str) -> bool:
    """Tell a word that begins with letters, as many as show what word it is."""
    return len(word) >= _LITERALS and word[:_LITERALS].isalpha()


def _tokens(text: str, pattern: str):
    letters = text.translate(_TO_LETTERS)
    end = 0
    for match in token_pattern().finditer(letters):
        _check_silent(letters[end : match.start()], pattern)
        end = match.end()
        word = fold(match.group()).translate(_TO_WILDCARDS)
        if is_address(word):
            raise CrossreadError(f"“{pattern}” can never match: “{word}” is an address, which no entry finds.")
        if not word:
            raise CrossreadError(f"“{pattern}” can never match: “{match.group()}” is money and no word.")
        yield word
    _check_silent(letters[end:], pattern)


def _check_silent(between: str, pattern: str) -> None:
    for character in between:
        if character not in _SILENT and not character.isspace() and not _UNSEEN.match(character):
            raise CrossreadError(f"“{pattern}” can never match: no token holds the character “{character}”.")


def _expand(pattern: str) -> list[str]:
    texts, position = _alternatives(pattern, 0, depth=0)
    if position < len(pattern):
        raise CrossreadError(f"“{pattern}” has a bracket that was never opened.")
    return texts


def _alternatives(pattern: str, position: int, depth: int) -> tuple[list[str], int]:
    """Expand what stands between two brackets, or the whole pattern, and say where it ends."""
    done: list[str] = []
    open_texts = [""]  # the alternatives of what was read since the last bar
    bar = space = False
    while position < len(pattern) and pattern[position] != ")":
        character = pattern[position]
        if character == "(":
            if depth == MOST_NESTED:
                raise CrossreadError(f"“{pattern}” has more than {MOST_NESTED} brackets within brackets: split it.")
            inner, position = _alternatives(pattern, position + 1, depth + 1)
            if position == len(pattern):
                raise CrossreadError(f"“{pattern}” has a bracket that is not closed.")
            open_texts = _joined(open_texts, inner, pattern)
        elif character == "|":
            bar = True
            done += _filled(open_texts, pattern)
            open_texts = [""]
        else:
            space = space or character.isspace()
            open_texts = [text + character for text in open_texts]
        position += 1
    if bar and space and not depth:
        raise CrossreadError(
            f"“{pattern}” can be read in two ways: put the alternatives in brackets, as in “fair (share|deal)”."
        )
    return done + (_filled(open_texts, pattern) if bar or depth else open_texts), position


def _filled(texts: list[str], pattern: str) -> list[str]:
    if any(not text.strip() for text in texts):
        raise CrossreadError(f"“{pattern}” has an empty alternative: “|” needs a word on both sides.")
    return [text.strip() for text in texts]


def _joined(left: list[str], right: list[str], pattern: str) -> list[str]:
    if len(left) * len(right) > MOST_SEQUENCES:
        raise CrossreadError(f"“{pattern}” stands for more than {MOST_SEQUENCES:,} phrases: split it into entries.")
    return [a + b for a, b in product(left, right)]


def words_within(text: str) -> int:
    """Return how many words away something may stand, as it is written in a file.

    Raises
    ------
    CrossreadError
        "“within” is “ten”; give a number of words up to 9,999, or “sentence”."
    """
    if not (text.isascii() and text.isdigit() and len(text) < 5):
        shown = text if len(text) < 30 else f"{text[:30]}…"
        raise CrossreadError(f"“within” is “{shown}”; give a number of words up to 9,999, or “sentence”.")
    return int(text)


def check_entry(entry: Entry) -> Entry:
    """Return an entry whose parts can all be read, its spaces tidied."""
    entry = replace(
        entry,
        pattern=" ".join(entry.pattern.split()),
        near=tuple(" ".join(text.split()) for text in entry.near),
        blocked=tuple(" ".join(text.split()) for text in entry.blocked),
    )
    for text in (entry.pattern, *entry.near, *entry.blocked):
        sequences(text)
    if entry.within is not None and entry.within < 1:
        raise CrossreadError(f"“{entry.pattern}”: “within” is {entry.within}; give a number of words, or “sentence”.")
    if entry.within is not None and not entry.near:
        raise CrossreadError(f"“{entry.pattern}”: “within” without “with”: say what has to be near.")
    if entry.tier not in TIERS:
        raise CrossreadError(f"“{entry.pattern}”: the tier is “{entry.tier}”; it is either “core” or “broad”.")
    return entry


@lru_cache(maxsize=100_000)
def glob_pattern(glob: str) -> re.Pattern:
    """Return the regular expression of a word with wildcards.

    Examples
    --------
    >>> bool(glob_pattern("contribut*").fullmatch("contributions"))
    True
    """
    return re.compile(_in_linear_time(glob, "."), re.DOTALL)


def _in_linear_time(glob: str, one: str) -> str:
    """Write a glob as an expression that takes what stands between stars where it first fits, and never goes back."""
    first, *others = ("".join(one if c == "?" else re.escape(c) for c in part) for part in re.split(r"\*+", glob))
    if not others:
        return first
    return first + "".join(f"(?>.*?{part})" for part in others[:-1]) + ".*" + others[-1]


def covers(general: tuple[str, ...], special: tuple[str, ...]) -> bool:
    """Tell whether one sequence of word patterns matches wherever the other does.

    Examples
    --------
    >>> covers(("contribut*",), ("contribution?",)), covers(("cost?",), ("cost*",))
    (True, False)
    """
    return len(general) == len(special) and all(_covers_word(a, b) for a, b in zip(general, special, strict=True))


@lru_cache(maxsize=100_000)
def _covers_word(general: str, special: str) -> bool:
    if general == special or general == "*":
        return True
    if "*" not in general and "?" not in general:
        return False
    return re.fullmatch(_in_linear_time(general, "[^*]"), special) is not None
