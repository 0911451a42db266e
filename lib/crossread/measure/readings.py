"""What a reader finds in the texts, written after reading and bound to counts, so that a stale sentence is found out.

A corpus may have a readings.yml. Each reading is a few sentences with places for numbers, the sentences of the texts
on which it rests, and what has to hold of the counts for it to stay true.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from keyword import iskeyword
from pathlib import Path

import pandas as pd

from crossread.corpus.yaml_files import read_items
from crossread.errors import CrossreadError
from crossread.wording import Labels, count_of, join_names, number_of, per_cent

READINGS = ("reading", "title", "text", "documents", "senses", "sentences", "stale")
_PLACE = re.compile(r"\{([^{}]+)\}")
_COUNTED = re.compile(r"(\S+) (in|share in) (\S+?)(?: of (\w+))?")


@dataclass(frozen=True)
class Reading:
    """A few sentences about the texts, and what they rest on.

    Attributes
    ----------
    id : str
        The word by which it is opened: study.readings.money.
    title : str
        The question that it answers, or the finding in a line.
    text : str
        With places for names ({wesley_2017}) and counts ({burden_sharing.money in wesley_2017} for "13 of 149
        sentences", {china_named share in lee_2023} for "28 %"; a key of another lexicon is followed by its name:
        {asean in lee_2023 of actors}; {sentences of wesley_2017} is a number, {all sentences} is "255 sentences").
    documents, senses, sentences : tuple of str
        Ids and keys on which it rests.
    holds : tuple of str
        What has to be true of the counts: see `check_reading`.
    """

    id: str
    title: str
    text: str
    documents: tuple[str, ...]
    senses: tuple[str, ...]
    sentences: tuple[str, ...]
    holds: tuple[str, ...]


Counts = Callable[[str, str], pd.Series]  # (key, name of a lexicon or "") → sentences with a hit, by document


def read_readings(path: str | Path) -> tuple[Reading, ...]:
    """Read the readings of a corpus.

    Parameters
    ----------
    path : path
        A YAML list of readings: id, title, text, documents, senses, sentences, holds.

    Returns
    -------
    tuple of Reading
        Empty where there is no such file.

    Raises
    ------
    CrossreadError
        "readings.yml, reading 3: “text” is missing."; "readings.yml, reading 3: “china-silence” cannot be typed after
        study.readings. Write: id: china_silence"

    Examples
    --------
    >>> from crossread.corpus import corpus_folder
    >>> [one.title for one in read_readings(corpus_folder("alliances") / "readings.yml")][:2]
    ['Five texts of five different kinds', 'They write from different places']
    """
    path = Path(path)
    if not path.is_file():
        return ()
    rows = read_items(path, "readings")
    readings = tuple(_reading_of(row, f"{path.name}, reading {number}") for number, row in enumerate(rows, 1))
    twice = next((one.id for i, one in enumerate(readings) if one.id in {other.id for other in readings[:i]}), None)
    if twice is not None:
        raise CrossreadError(f"{path.name}: the reading “{twice}” is there twice. Give one another id.")
    return readings


def _reading_of(row: object, where: str) -> Reading:
    if not isinstance(row, Mapping):
        raise CrossreadError(f"{where}: a reading is a block with id, title and text.")
    for name in ("id", "title", "text"):
        if not isinstance(row.get(name), str) or not row[name].strip():
            raise CrossreadError(f"{where}: “{name}” is missing.")
    unknown = set(row) - {"id", "title", "text", "documents", "senses", "sentences", "holds"}
    if unknown:
        raise CrossreadError(f"{where}: a reading has no “{min(unknown)}”.")
    lists = {}
    for name in ("documents", "senses", "sentences", "holds"):
        values = row.get(name) or []
        if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            raise CrossreadError(f"{where}: “{name}” is a list of words.")
        lists[name] = tuple(values)
    name = unicodedata.normalize("NFKC", row["id"].strip())  # as Python reads the names that are typed
    if not _can_be_typed(name):
        words = re.sub(r"\W+", "_", name).strip("_")
        written = words if _can_be_typed(words) else f"reading_{words}"
        raise CrossreadError(f"{where}: “{name}” cannot be typed after study.readings. Write: id: {written}")
    return Reading(name, " ".join(row["title"].split()), " ".join(row["text"].split()), **lists)


def _can_be_typed(name: str) -> bool:
    """Tell a word that may follow a dot: letters, digits, underscores, and nothing that means something there."""
    return name.isidentifier() and not name.startswith("_") and not iskeyword(name) and name != "table"


def fill_reading(text: str, counts: Counts, n_sentences: pd.Series, labels: Labels) -> str:
    """Write names and counts into their places.

    Parameters
    ----------
    text : str
        With places in braces, as in `Reading`.
    counts : function
        Key and lexicon ("" for that of the study) to sentences with a hit, by document.
    n_sentences : Series
        Sentences of each document.
    labels : Labels

    Examples
    --------
    >>> counts = lambda key, lexicon: pd.Series({"a": 3, "b": 0})
    >>> totals = pd.Series({"a": 9, "b": 4})
    >>> fill_reading("{a} counts it in {cost in a}, {cost share in a}.", counts, totals, Labels({"a": "Ann 2020"}))
    'Ann counts it in 3 of 9 sentences, 33 %.'
    """

    def fill(match: re.Match) -> str:
        place = match[1].strip()
        if place in n_sentences.index:
            return re.sub(r"(?<!\s)\s+\d{4}\w?$", "", labels.document(place))
        if place == "all sentences":
            return f"{int(n_sentences.sum()):,} sentences"
        if place.removeprefix("sentences of ") in n_sentences.index:
            return f"{int(n_sentences[place.removeprefix('sentences of ')]):,}"
        counted = _COUNTED.fullmatch(place)
        if not counted:
            raise CrossreadError(f"“{{{place}}}”: write a document, or KEY in DOCUMENT, or KEY share in DOCUMENT.")
        key, what, document, lexicon = counted.groups()
        if document not in n_sentences.index:
            raise CrossreadError(f"“{{{place}}}”: there is no document “{document}”.")
        number, total = int(counts(key, lexicon or "")[document]), int(n_sentences[document])
        return per_cent(number / total) if what == "share in" else count_of(number, total)

    return re.sub(r"(?<!\.)\.\.(?!\.)", ".", _PLACE.sub(fill, text))  # a name may end in a stop: "et al."


def check_reading(reading: Reading, counts: Counts, n_sentences: pd.Series) -> list[str]:
    """Say what a reading says that the counts no longer carry.

    Each line of `holds` is one of: "DOCUMENT most KEY" (the largest share of its sentences), "DOCUMENT silent KEY",
    "only DOCUMENT, DOCUMENT KEY" (all others are silent), "DOCUMENT above DOCUMENT KEY" (in share). A key of another
    lexicon is followed by "of NAME".

    Parameters
    ----------
    reading : Reading
    counts, n_sentences
        As in `fill_reading`.

    Returns
    -------
    list of str
        The lines that do not hold; none when all do.

    Examples
    --------
    >>> counts = lambda key, lexicon: pd.Series({"a": 3, "b": 0})
    >>> reading = Reading("x", "", "", (), (), (), ("a most cost", "b silent cost", "only a cost", "b above a cost"))
    >>> check_reading(reading, counts, pd.Series({"a": 9, "b": 4}))
    ['b above a cost']
    """
    return [line for line in reading.holds if not _holds(line, counts, n_sentences)]


def _holds(line: str, counts: Counts, n_sentences: pd.Series) -> bool:
    words, _, lexicon = line.partition(" of ")
    *said, key = words.split()
    number = counts(key, lexicon.strip())
    share = number / n_sentences
    names = [word.strip(",") for word in said if word not in ("most", "silent", "above", "only")]
    strange = next((name for name in names if name not in n_sentences.index), None)
    if strange is not None or not names:
        raise CrossreadError(f"“{line}”: there is no document “{strange or ''}”.")
    if said[0] == "only":
        return bool((number[names] > 0).all() and (number.drop(names) == 0).all())
    if said[1] == "most":
        return bool(share[names[0]] > share.drop(names[0]).max())
    if said[1] == "silent":
        return bool(number[names[0]] == 0)
    if said[1] == "above":
        return bool(share[names[0]] > share[names[1]])
    raise CrossreadError(
        f"“{line}”: say DOCUMENT most KEY, silent KEY, only DOCUMENT KEY, or DOCUMENT above DOCUMENT KEY."
    )


def readings_table(readings: Iterable[Reading], counts: Counts, n_sentences: pd.Series, labels: Labels) -> pd.DataFrame:
    """Return the readings with their numbers.

    Parameters
    ----------
    readings : iterable of Reading
        From `read_readings`.
    counts, n_sentences, labels
        As in `fill_reading`.

    Returns
    -------
    DataFrame
        reading (id), title, text (numbers filled in), documents, senses and sentences (ids with spaces between), stale
        (what no longer holds of the counts, "" where all does).

    Examples
    --------
    >>> one = Reading("cost", "Who pays?", "Cost: {cost in a}.", ("a",), ("cost",), (), ("a most cost",))
    >>> counts = lambda key, lexicon: pd.Series({"a": 3, "b": 0})
    >>> readings_table([one], counts, pd.Series({"a": 9, "b": 4}), Labels({}))[["title", "text", "stale"]]
           title                     text stale
    0  Who pays?  Cost: 3 of 9 sentences.
    """
    rows = []
    for one in readings:
        text = fill_reading(one.text, counts, n_sentences, labels)
        stale = "; ".join(check_reading(one, counts, n_sentences))
        lists = (" ".join(values) for values in (one.documents, one.senses, one.sentences))
        rows.append((one.id, one.title, text, *lists, stale))
    return pd.DataFrame(rows, columns=list(READINGS))


def describe_readings(table: pd.DataFrame, labels: Labels) -> str:
    """Say how many readings there are, and which no longer hold."""
    if table.empty:
        return "Nobody has written readings of this corpus yet. They stand in readings.yml of its folder."
    stale = table.loc[table["stale"] != "", "reading"]
    names = f": {', '.join(table['reading'])}" if len(table) > 1 else ""
    said = f"{number_of(len(table), 'reading')}, with numbers from the counts{names}."
    return said + (f" No longer true of the counts: {join_names(stale)}." if len(stale) else "")
