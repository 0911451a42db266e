"""A paragraph of running text to its sentences."""

from __future__ import annotations

import re

# Words before whose full stop no sentence ends, of English, then German, Dutch and Polish, then French, Spanish and
# Italian.
_ABBREVIATIONS = frozenset(
    """
    adm amb ambs assoc asst atty brig ca capt cdr cf cit cmdr col comdr cpl cpt dr drs emer esp et excl ext gen
    gov hon ibid incl insp lt maj messrs mr mrs ms mt para pfc pp pres prof profs pvt ref rep repr reps ret rev rt sen
    sens sgt st supt trans viz vol vs
    abs bijv blz bspw bv bzgl bzw dhr evtl exkl fr frl gem ggf hab hl hr hrn hrsg ing inkl insb mevr mgr mrd np nr sog
    tzn tzw vgl zzgl
    avv cfr chap cía dott dra éd ee env excma excmo fdo gral lic mlle mm mme mmes mons núm onor pág págs sig sra sras
    sres srta ste tel ud uds
    """.split()
)
# These too, unless a word follows that begins sentences: “the cost, the time etc. The allies”.
_MAY_END = frozenset(
    """
    al approx apr aug ave blvd bros co corp dec dept est etc ex feb ft inc jan jr jul jun ltd mar max min nov oct sec
    sep sept sr univ
    bzgl ecc enz mio mrd tsd usw uu
    """.split()
)
# These only before a number: “no. 5”, but “He said no. Japan agreed.”
_BEFORE_NUMBERS = frozenset(
    """
    app apps art arts bk ch chs cl cls ed eds eq eqs fig figs ll no nos op p par paras pt pts secs vols
    abb anh anl anm bd bde kap lit rdnr rn rz tab ziff afb hfdst cap caps pag pagg tav
    """.split()
)
_NEVER_LAST = ("e.g", "i.e", "n.b", "p.s", "d.h", "z.b", "p.ex", "t.ex")
# What a German number with a stop numbers: “am 5. Mai”, “im 21. Jahrhundert”
_NUMBERED = frozenset(
    """
    januar februar märz april mai juni juli august september oktober november dezember armee auflage ausgabe bundestag
    bundestages flotte gipfel halbjahr jahrestag jahrgang jahrhundert jahrhunderte jahrhunderts jahrtausend
    jahrtausends jänner klasse legislaturperiode quartal quartals runde sitzung stock tag tagung wahlperiode weltkrieg
    weltkriege weltkrieges weltkriegs
    """.split()
)
# “Annex A. Japan agreed”: after these a single capital is no initial.
_LABELS = (
    "annex|appendix|article|category|chapter|class|clause|exhibit|figure|grade|group|hepatitis|item|level|option|part|"
    "phase|plan|point|protocol|schedule|section|stage|table|team|tier|title|type|version|vitamin|volume|war|zone"
)
LABELLED = re.compile(rf"(?<![^\W_])(?:{_LABELS}) [A-Z]$", re.I)
STOPS = ".!?…؟۔।॥‽։።፧။។᠃\u037e"  # white space must follow
FULL_STOPS = "。！？｡"  # nothing need follow
# Marks of direction, joiners and the like may stand at either side of a stop, and part nothing.
_UNSEEN = "".join(
    map(chr, (*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFE0E, 0xFE0F, 0xFEFF))
)
_CLOSES = "’'”\")\\]»›" + _UNSEEN
# Marks of notes after a stop: “1949.[1] It”, “1949.¹ It”, “1949.* It”; and a number glued to it: “bases.2 The”.
_NUMBERS = r"[0-9]{1,3}(?:[,–-][0-9]{1,3}){0,9}"
RAISED = "¹²³⁰⁴-⁹"
_MARK = rf"\[[^\[\]]{{1,20}}\]|\({_NUMBERS}\)|[{RAISED}]{{1,3}}(?:[,⁻–-][{RAISED}]{{1,3}}){{0,9}}|[*†‡§‖]{{1,4}}"
# 「払わない。」と彼は言った: what is said goes on after the quotation.
_QUOTED = "[」』](?:と(?!ころ|もあれ|はいえ|にかく|きに|ても|りわけ)|って|など)"
# From the first of a row of stops, and what was passed is never gone back over: from each of 200,000 stops that would
# take hours, and thirty asterisks can be parted into marks of one to four in more ways than can be tried.
_END = re.compile(
    rf"(?<![{STOPS}])[{STOPS}]++[{_CLOSES}]*+(?:[“«‘‹](?=\s)|\s»(?=\s))?(?:{_MARK})*+(?:\s[{RAISED}]{{1,3}}|\s\[{_NUMBERS}\])?(?=\s|$)"
    rf"|(?:(?<=[^\W\d_]{{2}})[.!?][{_CLOSES}]*|[.!?][{_CLOSES}]+){_NUMBERS}(?=\s)"
    r"|(?<=[\u0370-\u03ff\u1f00-\u1fff]);(?=\s)"
    rf"|[{FULL_STOPS}]+(?!{_QUOTED})[{_CLOSES}」』》）]*"
    r"|;(?=\s*$)"
)
LONGEST_ABBREVIATION = 6  # letters
_QUOTES = "“\"‘'([«„「『《（"
OPENERS = _QUOTES + "‚¿¡—–-•▪◦‣●■" + _UNSEEN  # may stand before the first letter of a sentence
_NEXT = re.compile(rf"\s*[{re.escape(OPENERS)}]*\s*(\S)")


def split_sentences(text: str) -> list[tuple[int, int]]:
    """Return where each sentence of a paragraph begins and ends.

    A sentence ends at a full stop, question or exclamation mark, with the quotation marks, brackets and marks of notes
    that follow on it, when a capital, a letter of a script without capitals, a digit or an opening quotation mark
    comes next; in a paragraph that begins with a small letter, when a small one comes next. No sentence ends after an
    abbreviation (`Mr.`, `e.g.`, `pp.`), a number at the beginning (`2. Costs`) or of a day (`5. Mai`), nor after an
    initial (`J. Smith`), dotted initials such as `U.S.`, or `etc.` and the like, unless a word follows that begins
    sentences.

    Parameters
    ----------
    text : str
        One paragraph of running text.

    Returns
    -------
    list of (int, int)
        Character offsets into `text`; the white space between two sentences belongs to neither.

    Examples
    --------
    >>> text = "The U.S. allies agree, e.g., Japan. “We pay,” she said. “Why?” He left."
    >>> [text[a:b] for a, b in split_sentences(text)]
    ['The U.S. allies agree, e.g., Japan.', '“We pay,” she said.', '“Why?”', 'He left.']
    """
    bounds, start = [], len(text) - len(text.lstrip())
    small = begins_small(text)
    for match in _END.finditer(text):
        dot, end = match.span()
        only_stop = not text[dot + 1 : end].strip(_UNSEEN)
        first = first_of_next(text, end, small and only_stop)
        if first is None or dot < start:
            continue
        glued = text[end - 1].isascii() and text[end - 1].isdigit()
        if glued and text[first].isdigit():
            continue
        # a closing quotation mark or a note after the stop, or a second stop: the sentence is over
        alone = only_stop or glued or _BRACKETED.match(text, dot, end) is not None
        if alone and text[dot] == "." and _is_abbreviation(text, dot, first):
            continue
        if end - start < 5 and text[start:dot].isdigit() and text[max(0, start - 2) : start] in ("", ". "):
            continue
        bounds.append((start, end))
        opening = text[end:first]
        start = end + len(opening) - len(opening.lstrip())
    end = len(text.rstrip())
    if start < end:
        bounds.append((start, end))
    return bounds


def first_of_next(text: str, end: int, small: bool = False) -> int | None:
    """Return where what follows a stop begins, opening marks passed over, or None where no sentence may begin so.

    With a small letter none begins, unless `small` says so, the second letter is a capital (`iPhone`), or the letter
    numbers an item (`(b)`).

    Examples
    --------
    >>> first_of_next("He left. “Why?”", 8), first_of_next("the U.S. allies", 8)
    (10, None)
    """
    following = _NEXT.match(text, end)
    if following is None:
        return None
    first, at = following[1], following.end()
    if first.islower():
        after = text[at : at + 1]
        return at - 1 if small or after.isupper() or after == ")" else None
    return at - 1 if first.isalnum() or first in _QUOTES else None


def begins_small(text: str) -> bool:
    """Tell whether a paragraph begins with a small letter, as where people write no capitals.

    Examples
    --------
    >>> begins_small("allies pay. they talk."), begins_small("iPhones cost."), begins_small("(a) Allies pay.")
    (True, False, False)
    """
    return first_of_next(text, 0) is None and first_of_next(text, 0, small=True) is not None


def starts_sentences(text: str, first: int) -> bool:
    """Tell whether the word that begins at `first` is one that often begins a sentence.

    In a line of capitals no word shows it: “THE U.S. AND JAPAN”; nor does an initial: “J. A. Smith”.

    Examples
    --------
    >>> starts_sentences("The allies", 0), starts_sentences("AND JAPAN", 0), starts_sentences("A. Smith", 0)
    (True, False, False)
    """
    word = _FIRST_WORD.match(text, first)
    if word is None or word[0].lower() not in _STARTERS or word[0] == "I":
        return False
    return not word[0].isupper() or (len(word[0]) == 1 and text[word.end() : word.end() + 1] != ".")


def is_numbered(text: str, first: int) -> bool:
    """Tell whether the word that begins at `first` is one that German numbers stand before: “am 5. Mai”.

    Examples
    --------
    >>> is_numbered("Mai 2011", 0), is_numbered("Weltkrieg", 0), is_numbered("Japan", 0)
    (True, True, False)
    """
    word = _FIRST_WORD.match(text, first)
    return word is not None and word[0].lower() in _NUMBERED


# After dotted initials only words like these show that a new sentence has begun: “in the U.S. The allies …”.
_STARTERS = frozenset(
    """
    a according after all also although among an and another as at because before both but by despite during each even
    every finally first for from furthermore given he hence her here his how however i if in indeed instead it its many
    meanwhile moreover most my neither nevertheless no none nonetheless nor not now on once one only or other our
    perhaps rather second several she since so some such than that the their then there therefore these they this those
    though through throughout thus to today under unless unlike until we what when where whereas whether which while
    who whose why with within without yet you your
    aber auch dabei damit dann das den der deshalb die dies diese dieser doch ein eine er es ich im in sie und wir zwar
    ainsi ces cette elle elles ils les leurs mais nous vous estos las los pero también una anche gli questa questo
    """.split()
)


_FIRST_WORD = re.compile(r"[^\W_]+")
_BRACKETED = re.compile(r"(?<=\(\w{2})\.\)|(?<=\(\w{3})\.\)|(?<=\(\w{4})\.\)")  # “Col. (ret.) Roe”
_INITIALS = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]")
_LAST_WORD = re.compile(r"(?:[^\W_]\.)*[^\W_]*$")


def _is_abbreviation(text: str, dot: int, first: int) -> bool:
    space = text.rfind(" ", max(0, dot - 24), dot)
    word = text[space + 1 : dot] if space >= 0 else ""
    if not word.isalpha():
        if "@" in word or "/" in word:
            return False
        word = _LAST_WORD.search(text, max(0, dot - 24), dot)[0]
    if len(word) > LONGEST_ABBREVIATION and word.isalpha():
        return False
    starts, lower = starts_sentences(text, first) and not text[first].islower(), word.lower()
    if word.isdigit() and len(word) < 3:
        return is_numbered(text, first)
    alone = len(word) == 1 and word.isalpha() and word != "p" and text[max(0, dot - 2)] not in "'’"  # not “don't”
    if alone or lower in _MAY_END:
        # an initial, the article of a treaty, “Roe v. Wade”
        return not starts and not LABELLED.search(text, max(0, dot - 16), dot)
    if lower in _BEFORE_NUMBERS:
        return text[first].isdigit() or text[dot + 1].isdigit()
    if _INITIALS.fullmatch(word):  # U.S, e.g
        return lower in _NEVER_LAST or not starts
    return lower in _ABBREVIATIONS or lower in _NEVER_LAST
