"""How the library writes numbers, shares and names in its sentences, and what it calls documents and themes."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

import pandas as pd

HEADLINE = 116  # letters of the first sentence of a finding at most: it is the title of the chart
BOTH = " + "  # between documents, or groups, that are taken together
TIED = " = "  # between those that have the same share or rate
REGIONS = frozenset("africa asia atlantic eurasia europe pacific".split())  # counted in small letters, written so
INITIALS = frozenset("nato asean anzus aukus eu un us uk usa prc rok dprk ii iii".split())


@dataclass(frozen=True)
class Labels:
    """What people call the documents and themes of a study.

    Attributes
    ----------
    documents, themes : mapping of str to str
        Id or key to label. What has none is spoken as its id or key is written.
    names : container of str
        The words, as they are counted, that are names by themselves.

    Examples
    --------
    >>> labels = Labels({"lee_2023": "Lee 2023"}, {"china_rise": "China's rise"})
    >>> labels.document("lee_2023"), labels.theme("china_rise"), labels.theme("burden_sharing")
    ('Lee 2023', "China's rise", 'burden sharing')
    """

    documents: Mapping[str, str] = field(default_factory=dict)
    themes: Mapping[str, str] = field(default_factory=dict)
    names: Container[str] = ()

    def document(self, doc_id: str) -> str:
        """Return the label of a document, or of several that are tied.

        Examples
        --------
        >>> labels = Labels({"a": "Ann 2020", "b": "Bo 2021"})
        >>> labels.document("a"), labels.document("a = b")
        ('Ann 2020', 'Ann 2020 and Bo 2021')
        """
        if doc_id in self.documents or TIED not in str(doc_id):
            return str(self.documents.get(doc_id, doc_id))
        return join_names([self.document(one) for one in doc_id.split(TIED)], most=3)

    def theme(self, key: str) -> str:
        """Return the label of a theme or sense."""
        return str(self.themes.get(key, spoken(key)))

    def actor(self, key: str) -> str:
        """Return the name of an actor, as its list gives it."""
        known = next((one for one in (f"group.{key}", key) if one in self.themes), None)
        return capital(str(self.themes[known])) if known else spoken_name(key)

    def word(self, term: str) -> str:
        """Return a counted word as people write it.

        Examples
        --------
        >>> labels = Labels(names=["taiwan", "u.s."])
        >>> [labels.word(term) for term in ("taiwan", "u.s.", "pacific", "treaty")]
        ['Taiwan', 'U.S.', 'Pacific', 'treaty']
        """
        term = str(term)
        return written(term) if term not in self.names else term.upper() if "." in term else spoken_name(term)


def count_of(count: int, total: int, unit: str = "sentence") -> str:
    """Write a count with its denominator: never a share alone.

    Examples
    --------
    >>> count_of(9, 29), count_of(0, 1), count_of(1, 1)
    ('9 of 29 sentences', '0 of 1 sentence', '1 of 1 sentence')
    """
    return f"{int(count):,} of {int(total):,} {unit}{'' if total == 1 else 's'}"


def is_coded(low: float, high: float) -> bool:
    """Tell by the limits of a measured share whether any sentence was coded: where none was, all is open.

    Examples
    --------
    >>> is_coded(0.2, 0.6), is_coded(0.0, 1.0), is_coded(float("nan"), float("nan"))
    (True, False, False)
    """
    return low > 0 or high < 1


def measured_text(share: float, low: float, high: float, total: int) -> str:
    """Write what coders marked of so many sentences: a count where all were coded, else a share with its limits.

    Examples
    --------
    >>> measured_text(0.25, 0.25, 0.25, 8), measured_text(0.25, 0.1, 0.4, 8)
    ('2 of 8 sentences', '25 % (10 % to 40 %)')
    """
    if low == high:
        return count_of(round(share * total), total)
    return f"{per_cent(share)} ({per_cent(low)} to {per_cent(high)})"


def number_of(count: int, unit: str) -> str:
    """Write a number of things, a single one without the plural.

    Examples
    --------
    >>> number_of(1, "sentence"), number_of(1200, "sentence")
    ('1 sentence', '1,200 sentences')
    """
    return f"{int(count):,} {unit}{'' if count == 1 else 's'}"


def per_cent(share: float) -> str:
    """Write a share of 0 to 1 in per cent, in whole numbers, small ones as less than one.

    Examples
    --------
    >>> per_cent(0.307), per_cent(0.004), per_cent(0.0), per_cent(1.0)
    ('31 %', '<1 %', '0 %', '100 %')
    """
    rounded = round(100 * share)
    return "<1 %" if share > 0 and rounded == 0 else f"{rounded} %"


def join_names(names: Iterable[str], word: str = "and", most: int | None = None) -> str:
    """Write names as a list in a sentence; beyond `most` the rest is counted.

    Examples
    --------
    >>> join_names(["a"]), join_names(["a", "b", "c"]), join_names("abcde", most=2)
    ('a', 'a, b and c', 'a, b and 3 more')
    """
    listed = [str(name) for name in names]
    if most is not None and len(listed) > most + 1:
        listed = [*listed[:most], f"{len(listed) - most} more"]
    if len(listed) < 2:
        return "".join(listed)
    return f"{', '.join(listed[:-1])} {word} {listed[-1]}"


def join_within(parts: Iterable[str], letters: int, word: str = "and") -> str:
    """Join as many parts as a line of so many letters holds, the first in any case; the others are left out.

    Examples
    --------
    >>> join_within(["one", "three", "five"], 13), join_within(["one", "three", "five"], 5)
    ('one and three', 'one')
    """
    listed = list(parts)
    fitting = (join_names(listed[:number], word) for number in range(len(listed), 1, -1))
    return next((text for text in fitting if len(text) <= letters), "".join(listed[:1]))


def join_sentences(parts: Iterable[str]) -> str:
    """Write parts as sentences, each with a capital and a stop; empty parts are left out.

    Examples
    --------
    >>> join_sentences(["three texts", "", "None is silent."])
    'Three texts. None is silent.'
    """
    written = [part.strip() for part in parts if part and part.strip()]
    return " ".join(part[:1].upper() + part[1:] + ("" if part[-1] in ".?!" else ".") for part in written)


def left_out_note(table: pd.DataFrame) -> str:
    """Say how many documents a table of groups leaves out, because its column says nothing of them.

    Examples
    --------
    >>> left_out_note(pd.DataFrame({"by": ["party"], "left_out": [2]})), left_out_note(pd.DataFrame({"doc_id": ["a"]}))
    ('Left out: 2 documents without “party”', '')
    """
    if "left_out" not in table or table.empty or not table["left_out"].iloc[0]:
        return ""
    n = int(table["left_out"].iloc[0])
    return f"Left out: {number_of(n, 'document')} without “{table['by'].iloc[0]}”"


def ratio_text(ratio: float) -> str:
    """Say which ratio of two documents would not have been missed: it stands beside what is not distinguishable.

    Examples
    --------
    >>> ratio_text(3.14), ratio_text(float("inf"))
    ('only a ratio of 3.1 or more was sure to be seen', 'no ratio can be named that was sure to be seen')
    """
    seen = f"only a ratio of {number_text(ratio)} or more" if ratio < float("inf") else "no ratio can be named that"
    return f"{seen} was sure to be seen"


def number_text(value: float, digits: int = 1) -> str:
    """Write a number with so many decimals, a missing one as a dash.

    Examples
    --------
    >>> number_text(4.25), number_text(1234.0, 0), number_text(float("nan")), number_text(float("inf"))
    ('4.2', '1,234', '–', 'no limit')
    """
    if pd.isna(value):
        return "–"
    if value in (float("inf"), float("-inf")):
        return "no limit"
    return f"{value:,.{digits}f}"


def capital(text: str) -> str:
    """Return a text with its first letter as a capital, the others as they are.

    Examples
    --------
    >>> capital("the U.S. rise")
    'The U.S. rise'
    """
    return text[:1].upper() + text[1:]


def spoken(key: str) -> str:
    """Return a key as words.

    Examples
    --------
    >>> spoken("china_rise.military")
    'china rise: military'
    """
    return str(key).replace("_", " ").replace(".", ": ")


def spoken_name(key: object) -> str:
    """Return the name to print for a key: words with capitals, known initials in full capitals.

    Examples
    --------
    >>> [spoken_name(key) for key in ("south_korea", "nato", "hub_and_spoke")]
    ['South Korea', 'NATO', 'Hub and spoke']
    """
    words = str(key).replace("_", " ").split()
    small = {"and", "of", "the"}
    if small & set(words):  # a phrase, not a name
        return " ".join(w.upper() if w in INITIALS else w for w in [words[0].capitalize(), *words[1:]])
    return " ".join(w.upper() if w in INITIALS else w.capitalize() for w in words)


def written(term: str) -> str:
    """Write a counted word as people do.

    Examples
    --------
    >>> [written(term) for term in ("pacific", "treaty", "nato")]
    ['Pacific', 'treaty', 'NATO']
    """
    return term.capitalize() if term in REGIONS else term.upper() if term in INITIALS - {"us", "un"} else term


def card_text(title: str, facts: Sequence[tuple[str, str]]) -> str:
    """Write a card of facts as lines of text.

    Examples
    --------
    >>> print(card_text("Corpus “demo”", [("documents", "2")]))
    Corpus “demo”
      documents: 2
    """
    return "\n".join([title, *(f"  {name}: {value}" for name, value in facts)])


def card_html(title: str, facts: Sequence[tuple[str, str]]) -> str:
    """Write a card of facts as a narrow table for a notebook."""
    left = 'style="text-align:left"'
    rows = "".join(
        f'<tr><th scope="row" {left}>{escape(name)}</th><td {left}>{escape(value)}</td></tr>' for name, value in facts
    )
    return (
        f'<table class="dataframe crossread" style="max-width:780px"><caption style="text-align:left">'
        f"<b>{escape(title)}</b></caption><tbody>{rows}</tbody></table>"
    )
