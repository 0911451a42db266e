"""The encoding of a text that is not UTF-8, by its language and by what is plausible: letters, punctuation, money."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import lru_cache
from unicodedata import category

from crossread.corpus.reading.languages import ASIAN, CYRILLIC, ENCODINGS, GREEK

SAMPLE = 8_000  # bytes that are looked at, of lines that have a byte beyond ASCII
PLAUSIBLE = 0.35  # below, no encoding gives a text

# a preference where texts speak for two: what Windows wrote before what other systems did, cp1252 before all
_PRIOR = {"cp1252": 0.12, "mac_roman": -0.1, "cp850": -0.1, "cp852": -0.1, "cp866": -0.1, "mac_cyrillic": -0.03,
          "cp1258": -0.05, "iso8859_15": -0.02, "iso8859_2": -0.02, "iso8859_5": -0.05,
          "iso8859_9": -0.02, "koi8_r": -0.01}  # fmt: skip


@dataclass(frozen=True)
class Guess:
    """An encoding, the language that speaks for it, and how plausible the text is in it (1 is flawless)."""

    encoding: str
    language: str
    plausibility: float


def guess_encoding(data: bytes) -> Guess | None:
    """Name the encoding of bytes that are not UTF-8; None where none gives a plausible text."""
    sample = _sample(data)
    parts = _Parts(sample)
    guesses = [_latin_or_other(parts, encoding, languages) for encoding, languages in _by_encoding()]
    guesses += [_asian(sample, encoding, *known) for encoding, known in ASIAN.items()]
    best = max(guesses, key=lambda guess: guess.plausibility + _PRIOR.get(guess.encoding, 0.0))
    return best if best.plausibility >= PLAUSIBLE else None


def plausibility_in(data: bytes, encoding: str) -> float:
    """Say how plausible a text is in an encoding (1 is flawless); 1 for an encoding that no guess is made of."""
    sample = _sample(data)
    parts = _Parts(sample)
    known = [_latin_or_other(parts, name, languages) for name, languages in _by_encoding() if name == encoding]
    known += [_asian(sample, name, *of) for name, of in ASIAN.items() if name == encoding]
    return max((guess.plausibility for guess in known), default=1.0)


def _sample(data: bytes) -> bytes:
    """Take whole lines that have a byte beyond ASCII, without the tags and scripts of a page."""
    if b"<" in data[:2000]:
        # parts between the beginnings of scripts and styles, each without what comes before their end
        parts = re.split(rb"(?i)<(?=script\b|style\b)", data[: 50 * SAMPLE])
        parts[1:] = [re.split(rb"(?i)</(?:script|style)\b", part, maxsplit=1)[-1] for part in parts[1:]]
        data = re.sub(rb"<[^<>]*>", b" ", b" ".join(parts))
    lines, length = [], 0
    for line in data.splitlines():
        if not line.isascii():
            lines.append(line[:SAMPLE])
            length += len(lines[-1])
        if length > SAMPLE:
            break
    return b"\n".join(lines)


@lru_cache(maxsize=1)
def _by_encoding() -> list[tuple[str, list[tuple[str, dict[str, float], frozenset[str], bool]]]]:
    """Return for each encoding its languages: name, letters and their weights, usual words, of no Latin script."""
    result = []
    for encodings, languages in ENCODINGS:
        known = []
        for name, (letters, words) in languages.items():
            weights = dict.fromkeys(letters, 1.0)
            if languages in (CYRILLIC, GREEK):  # only how usual its letters are tells one encoding from another
                weights |= dict.fromkeys(letters[max(12, len(letters) // 2) :], 0.6)
            known.append((name, weights, frozenset(words.split()), min(letters) >= "\u0370"))
        result += [(encoding, known) for encoding in encodings.split()]
    return result


class _Parts:
    """What of a sample is the same in all encodings of single bytes, taken once, and what is to be decoded in each."""

    def __init__(self, sample: bytes):
        runs = Counter(_RUN.findall(sample))
        self.words: Counter[str] = Counter()  # of ASCII alone
        for run in [run for run in runs if run.isascii()]:
            self.words[run.decode().lower()] += runs.pop(run)
        self.n_words = self.words.total()
        self.n_letters = sum(times * len(word) for word, times in self.words.items())
        self.runs = b" ".join(runs)  # of letters and bytes beyond ASCII
        self.times_of_runs = list(runs.values())
        contexts = Counter(_BYTES_AROUND.findall(b"  %b " % sample))
        self.contexts = b"".join(contexts)  # each byte beyond ASCII with two before and one after
        self.times_of_contexts = list(contexts.values())
        self._known: dict[str, int] = {}

    def known(self, language: str, function_words: frozenset[str]) -> int:
        """Count the words of ASCII that a language has among its most usual ones."""
        if language not in self._known:
            self._known[language] = sum(self.words[word] for word in function_words.intersection(self.words))
        return self._known[language]


_RUN = re.compile(rb"[A-Za-z\x80-\xff]+")
_BYTES_AROUND = re.compile(rb"(?s)(?=(..[\x80-\xff].))")


def _latin_or_other(parts: _Parts, encoding: str, languages) -> Guess:
    letters: defaultdict[str, int] = defaultdict(int)
    alone: defaultdict[str, int] = defaultdict(int)  # letters that are a word by themselves
    total = 0.0
    contexts = parts.contexts.decode(encoding, "surrogateescape")
    for number, times in enumerate(parts.times_of_contexts):
        context = contexts[4 * number : 4 * number + 4]
        sign = _sign(context)
        if sign is not None:
            total += times * sign
        elif context[1].isalpha() or context[3].isalpha():
            letters[context[2].lower()] += times
            total -= 0.1 * times * (context[1].isupper() and context[2].isupper())  # rows of capitals are rare
        else:
            alone[context[2].lower()] += times
    words: defaultdict[str, int] = defaultdict(int)
    runs = parts.runs.decode(encoding, "surrogateescape").lower().split(" ")
    for run, times in zip(runs, parts.times_of_runs, strict=False):  # without any, one that is empty
        for word in _WORD.findall(run):
            words[word] += times
    n_words, count = parts.n_words + sum(words.values()), sum(parts.times_of_contexts)
    ascii_letters = parts.n_letters + sum(times * len(word) for word, times in words.items() if word.isascii())
    mostly_ascii = ascii_letters > 4 * sum(letters.values())
    best = Guess(encoding, "", -9.0)
    for name, weights, function_words, is_foreign in languages:
        of_letters = sum(times * weights.get(letter, -1.0) for letter, times in letters.items())
        of_letters += sum(times * (0.5 if letter in function_words else -0.5) for letter, times in alone.items())
        known = parts.known(name, function_words)
        for word in function_words.intersection(words):
            known += (1 if len(word) == 1 or word.isascii() else 2) * words[word]
        score = (total + of_letters) / max(1, count) + 1.5 * min(0.5, known / max(4, n_words))
        if mostly_ascii and is_foreign:
            score -= 0.5  # a letter of another script here and there among Latin ones
        if score > best.plausibility:
            best = Guess(encoding, name, score)
    return best


_WORD = re.compile(r"[^\W\d_]+")
_OPENING, _QUOTES = "“‘„‚", "“”‘«»„‚‹›"
_DASHES = "–—…•·\u00a0"
_MONEY = "€£¥¢"


def _sign(context: str) -> float | None:
    """Say how plausible a character beyond ASCII is where it stands; None for a letter, of which a language judges.

    The context is two characters, the character itself, and one more.
    """
    _, before, character, after = context
    inside = before.isalpha() and after.isalpha()
    if character in "ªº":  # to Python these two and µ are letters
        return 0.5 if before.isdigit() or before == "." else -1.0
    if character == "µ":
        return 1.2 if after in "mgsALVF" and not before.isalpha() else -1.0
    if character.isalpha() or category(character)[0] == "M":
        mixed_case = (before.islower() and character.isupper()) or (
            before.isupper() and after.isupper() and character.islower()
        )
        mixed_script = character >= "\u0370" and (_is_latin(before) or _is_latin(after))
        last_form_inside = character in "ςךםןףץ" and after.isalpha()
        return -1.5 if mixed_case or mixed_script or last_form_inside else None
    if character == "’":
        return 1.0 if before.isalnum() or not after.isalpha() else 0.7
    if character in _OPENING and not before.isalnum() and not after.isspace():
        return 1.0
    if character in _QUOTES:
        return -1.0 if inside else 0.8
    if character == "…" and not after.isalnum():
        return 1.0
    if character in _DASHES:
        return 0.2 if inside else 0.7
    if character in _MONEY:
        return 1.0 if re.search(r"\d", context) else 0.1
    if character in "¡¿":
        return 1.0 if not before.isalnum() and after.isalpha() else -1.0
    if character in "½¼¾" and before.isdigit() and not after.isalnum():
        return 1.1  # 5½ is written more often than 5¢
    if character in "§°²³½¼¾±×©®™µ¹№‰÷¶†‡":
        return -1.0 if inside else 0.5
    return -2.0 if character < "\u00a0" or "\udc80" <= character <= "\udcff" else -1.0


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalpha()


def _contexts(text: str) -> Counter[tuple[str, str]]:
    """Count the characters beyond ASCII with two before and one after each."""
    return Counter(_CONTEXT.findall(f"  {text} "))


_CONTEXT = re.compile(r"(?s)(?=(..([^\x00-\x7f]).))")


def _asian(sample: bytes, encoding: str, language: str, usual: frozenset[str]) -> Guess:
    total, count = 0.0, 0
    for (context, character), times in _contexts(sample.decode(encoding, "replace")).items():
        count += times
        beside_latin = _is_latin(context[1]) or _is_latin(context[3])
        total += times * (-1.0 if beside_latin else _asian_letter(character, language, usual))
    return Guess(encoding, language, 1.25 * total / max(1, count))


def _asian_letter(character: str, language: str, usual: frozenset[str]) -> float:
    if character in usual:
        return 1.0
    if character in "、。，！？「」『』（）《》・：；“”‘’—…　":
        return 0.8
    if "\u3041" <= character <= "\u30fe":
        return 1.0 if language == "Japanese" else -0.5
    if "\uac00" <= character <= "\ud7a3":
        return 0.7 if language == "Korean" else -0.5
    if "\u4e00" <= character <= "\u9fff":
        return -0.1 if language == "Korean" else 0.35
    return 0.3 if "\uff01" <= character <= "\uff5e" else -1.0
