"""What a student wrote, brought into one form: a list, a table, a dictionary, rounded or not, in any order."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from numbers import Number

import numpy as np
import pandas as pd

from crossread_seminar.remarks import AnswerMissing, NotYet


def require(answer: object) -> None:
    """Stop where there is no answer yet: dots, nothing, an empty list, or a list with dots in it."""
    if answer is ... or answer is None or (isinstance(answer, str) and answer.strip() in ("", "...", "…")):
        raise AnswerMissing
    if isinstance(answer, list | tuple | set) and (not answer or any(value is ... for value in answer)):
        raise AnswerMissing
    if isinstance(answer, Mapping) and (not answer or any(value is ... for value in answer.values())):
        raise AnswerMissing


def as_list(answer: object) -> list:
    """Return the answer as a list."""
    if isinstance(answer, pd.DataFrame) or not isinstance(answer, Iterable):
        raise NotYet(f"Give a list, in square brackets; this is a {type(answer).__name__}.")
    return list(answer)


def read_number(answer: object) -> float:
    """Return one number.

    Examples
    --------
    >>> read_number("1,200")
    1200.0
    """
    value = _plain_number(answer)
    if isinstance(answer, str) and answer.strip().endswith("%"):
        raise NotYet("Asked for is a number, not per cent.")
    return value


def read_share(answer: object) -> float:
    """Return a share from 0 to 1, given so or in per cent.

    Examples
    --------
    >>> read_share("25 %"), read_share(25), read_share(0.25)
    (0.25, 0.25, 0.25)
    """
    value = _plain_number(answer)
    in_percent = isinstance(answer, str) and answer.strip().endswith("%")
    value = value / 100 if in_percent or value > 1 else value
    if not 0 <= value <= 1:
        raise NotYet("A share lies between 0 and 1 (or 0 and 100 per cent).")
    return value


def _plain_number(answer: object) -> float:
    require(answer)
    if isinstance(answer, pd.DataFrame | pd.Series | np.ndarray | list | tuple):
        values = np.ravel(np.asarray(answer, dtype=object))
        if len(values) != 1:
            raise NotYet(f"Asked for is one number; these are {len(values)}.")
        answer = values[0]
    if isinstance(answer, str):
        answer = answer.strip().removesuffix("%").strip().replace(",", "")
    value = math.nan if isinstance(answer, Mapping | set) else pd.to_numeric(answer, errors="coerce")
    if not np.isscalar(value) or math.isnan(value):
        raise NotYet("Asked for is one number.")
    return float(value)


def read_pair(
    answer: object, names: tuple[str, str], read: Callable[[object], float] = read_number
) -> tuple[float, float]:
    """Return two numbers, given in their order or by name.

    Examples
    --------
    >>> read_pair({"high": 3, "low": 1}, ("low", "high"))
    (1.0, 3.0)
    """
    require(answer)
    if isinstance(answer, pd.Series) and not set(names) <= set(map(plain_name, answer.index)):
        answer = list(answer)
    if isinstance(answer, Mapping | pd.Series):
        given = {plain_name(name): value for name, value in dict(answer).items()}
        missing = [name for name in names if name not in given]
        if missing:
            raise NotYet(f"“{missing[0]}” is missing: give both {names[0]} and {names[1]}.")
        answer = [given[name] for name in names]
    values = answer.split(",") if isinstance(answer, str) else as_list(answer)
    if len(values) != 2:
        raise NotYet(f"Give two numbers, {names[0]} first and {names[1]} second.")
    return read(values[0]), read(values[1])


def read_whole_numbers(answer: object) -> set[int]:
    """Return a set of whole numbers.

    Examples
    --------
    >>> sorted(read_whole_numbers("3, 4"))
    [3, 4]
    """
    require(answer)
    values = answer.split(",") if isinstance(answer, str) else answer
    numbers = pd.Series([values] if isinstance(values, Number) else as_list(values), dtype=object)
    said = numbers.map(lambda value: isinstance(value, bool | np.bool_)).any()  # yes and no are no numbers
    numbers = pd.to_numeric(numbers, errors="coerce")
    if said or numbers.isna().any() or (numbers % 1 != 0).any():
        raise NotYet("Give a list of whole numbers, such as [1, 2].")
    return set(numbers.astype(int))


def read_by_case(answer: object, cases: Sequence, read: Callable[[object], object] = lambda value: value) -> dict:
    """Return the answer for each case, from a dictionary, a Series or a list in their order.

    Examples
    --------
    >>> read_by_case({"B": 2, "a": 1}, ["a", "b"])
    {'a': 1, 'b': 2}
    """
    require(answer)
    if isinstance(answer, pd.Series):
        answer = dict(answer) if set(answer.index) & set(cases) else list(answer)
    if isinstance(answer, Mapping):
        given = {plain_name(name): value for name, value in answer.items()}
        missing = [case for case in cases if plain_name(case) not in given]
        if missing:
            raise NotYet(f"“{missing[0]}” has no answer yet. Give one for each of: {', '.join(map(str, cases))}.")
        values = [given[plain_name(case)] for case in cases]
    else:
        values = as_list(answer.split(",") if isinstance(answer, str) else answer)
    if len(values) != len(cases):
        raise NotYet(f"{len(values)} answers for {len(cases)}: give one for each of {', '.join(map(str, cases))}.")
    for value in values:
        require(value)
    return {case: read(value) for case, value in zip(cases, values, strict=True)}


def read_codes(answer: object, sentence_ids: Iterable[str]) -> dict[str, int]:
    """Return a code for each sentence, from a list in their order, a dictionary or a Series.

    Raises
    ------
    AnswerMissing, NotYet
        "There is no answer yet. …", "… codes for … sentences …", "… is not a code: 0 is no, 1 weak, 2 core."

    Examples
    --------
    >>> read_codes({"a-2": 2, "a-1": 0}, ["a-1", "a-2"])
    {'a-1': 0, 'a-2': 2}
    """
    require(answer)
    ids = list(sentence_ids)
    if isinstance(answer, pd.Series):
        answer = dict(answer) if set(answer.index) & set(ids) else list(answer)
    if isinstance(answer, Mapping):
        missing = [name for name in ids if name not in answer]
        if missing:
            raise NotYet(f"{missing[0]} has no code yet.")
        answer = [answer[name] for name in ids]
    codes = [code for code in as_list(answer) if code not in (",", " ")]
    if len(codes) != len(ids):
        raise NotYet(f"{len(codes)} codes for {len(ids)} sentences: each sentence needs one, in their order.")
    read = {}
    for name, code in zip(ids, codes, strict=True):
        require(code)
        value = pd.to_numeric(code, errors="coerce")
        if value not in (0, 1, 2):
            raise NotYet(f"{name}: {code!r} is not a code. 0 is no, 1 weak, 2 core.")
        read[name] = int(value)
    return read


def read_intruders(answer: object, questions: pd.DataFrame) -> dict[int, str]:
    """Return for each question the word taken for the intruder, from a list in their order or a dictionary."""
    require(answer)
    numbers = list(questions["question"])
    answer = answer.split(",") if isinstance(answer, str) else answer
    if isinstance(answer, list | tuple):
        if len(answer) != len(numbers):
            raise NotYet(f"{len(answer)} answers to {len(numbers)} questions: give one word for each.")
        given = dict(zip(numbers, answer, strict=True))
    elif isinstance(answer, Mapping | pd.Series):
        given = {int(number): word for number, word in dict(answer).items()}
    else:
        raise NotYet("Give a list of words, one for each question, in their order.")
    read = {}
    for number, choices in zip(numbers, questions["choices"], strict=True):
        if number not in given:
            raise NotYet(f"Question {number} has no answer yet. If in doubt, guess: guessing is part of the test.")
        require(given[number])
        words = {word.lower(): word for word in choices.split(" | ")}
        word = str(given[number]).strip().lower()
        if word not in words:
            raise NotYet(f"Question {number}: “{given[number]}” is none of its words: {', '.join(words.values())}.")
        read[number] = words[word]
    return read


def read_document(name: object, labels: Mapping[str, str]) -> str:
    """Return the id of a document that is named by its id, its label, or one of its authors.

    Examples
    --------
    >>> read_document("Lee", {"lee_2023": "Lee 2023", "wesley_2017": "Wesley 2017"})
    'lee_2023'
    """
    wanted = plain_name(name)
    names = {plain_name(text): doc_id for doc_id, label in labels.items() for text in (label, doc_id)}
    if wanted in names:
        return names[wanted]
    fitting = {doc_id for text, doc_id in names.items() if wanted and wanted.split()[0] in text.split()}
    if len(fitting) != 1:
        raise NotYet(f"“{name}” is not one of the documents: {', '.join(labels.values())}.")
    return fitting.pop()


def read_by_document(answer: object, labels: Mapping[str, str]) -> pd.Series:
    """Return one number for each document, from a table, a Series, a dictionary, or a list in their order.

    A document that is not named has nought. `labels` are those of the documents' ids, in their order.

    Examples
    --------
    >>> read_by_document({"Lee 2023": "3"}, {"lee_2023": "Lee 2023", "b": "B"}).to_dict()
    {'lee_2023': 3.0, 'b': 0.0}
    """
    require(answer)
    documents = list(labels)
    if isinstance(answer, pd.DataFrame):
        answer = _column_of_numbers(answer)
    if isinstance(answer, Number):
        raise NotYet("This is one number. Asked for is one for each document.")
    if isinstance(answer, Mapping):
        answer = pd.Series(dict(answer), dtype=object)
    if isinstance(answer, pd.Series) and isinstance(answer.index, pd.MultiIndex):
        raise NotYet("There is more than one row a document. Add them up by doc_id.")
    if isinstance(answer, pd.Series) and any(isinstance(name, str) for name in answer.index):
        answer = pd.Series(answer.to_numpy(), index=[read_document(name, labels) for name in answer.index])
        if answer.index.has_duplicates:
            raise NotYet("A document stands there more than once. Add its rows up by doc_id.")
        values = answer.reindex(documents)
    else:
        values = as_list(answer)
        if len(values) != len(documents):
            raise NotYet(
                f"{len(values)} values for {len(documents)} documents: name the documents, or give all in their order."
            )
        values = pd.Series(values, index=documents, dtype=object)
    return pd.to_numeric(values, errors="coerce").fillna(0.0).astype(float)


def _column_of_numbers(table: pd.DataFrame) -> pd.Series:
    table = table.set_index("doc_id") if "doc_id" in table.columns else table
    numeric = table.select_dtypes("number")
    if numeric.shape[1] == 0:
        raise NotYet("The table has no column of numbers.")
    named = [name for name in ("per_1000", "rate", "rates", "count") if name in numeric.columns]
    return numeric[named[0]] if named else numeric.iloc[:, -1]


def plain_name(name: object) -> str:
    """Return a name without what is only writing: “Lee 2023”, lee_2023 and “lee 2023 ” are the same.

    Examples
    --------
    >>> plain_name("Harold et al. 2019"), plain_name("harold_2019")
    ('harold 2019', 'harold 2019')
    """
    return " ".join(re.findall(r"[^\W\d_]+|\d+", str(name).lower().replace("et al", "")))
