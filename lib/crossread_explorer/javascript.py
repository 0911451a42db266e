"""A pattern of the module regex, as JavaScript reads it."""

import re

_SCRIPTS = re.compile(r"\\p\{(Han|Hangul|Hiragana|Katakana)\}")
_ANY_CASE = re.compile(r"\(\?i:([^()]*)\)")
_PARTS = re.compile(r"\\p\{[^}]*\}|\\.|--|\{\d+,?\d*\}|.", re.DOTALL)


def javascript_pattern(pattern: str) -> str:
    """Return a pattern as JavaScript reads it with its flag v.

    Quantifiers that give nothing back become usual ones. That changes nothing where nothing that could fail follows;
    of letters before something that must not stand there, a letter is put among what must not stand there.

    Parameters
    ----------
    pattern : str
        With character classes, scripts, `(?i:…)` and possessive quantifiers.

    Examples
    --------
    >>> print(javascript_pattern(r"(?i:ab)[(x-]++[[\\p{L}]--[|]]"))
    (?:[aA][bB])[\\(x\\-]+[[\\p{L}]--[\\|]]
    """
    pattern = _ANY_CASE.sub(lambda one: f"(?:{''.join(map(_either_case, one[1]))})", pattern)
    pattern = _SCRIPTS.sub(r"\\p{sc=\1}", pattern).replace(r"\p{L}*+(?!", r"\p{L}*(?!\p{L}|").replace(r"\"", '"')
    parts = _PARTS.findall(pattern)
    written, depth, repeats = [], 0, False
    for part, following in zip(parts, [*parts[1:], ""], strict=True):
        if repeats and part == "+":
            repeats = False
            continue
        repeats = not depth and (part in "*+?" or part.startswith("{"))
        depth += (part == "[") - (part == "]")
        sign = depth and (part in "(){}|/" or (part == "-" and following == "]"))
        written.append(f"\\{part}" if sign else part)
    return "".join(written)


def _either_case(letter: str) -> str:
    return f"[{letter}{letter.upper()}]" if letter.isalpha() else letter
