"""Checks of answers: for each exercise what is right, what is often answered instead, and what a teacher would say.

`CHECKS` is the table, `check` looks an answer up in it. A check says right, or gives a hint; none gives the answer.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from crossread import CrossreadError, Study, study
from crossread_seminar import answers
from crossread_seminar.remarks import NotYet, Right

PRACTICE = "practice"
READ_WHOLE = "marsh_2031"  # the practice text that a session reads from its first to its last line
NAMED = "china_named"  # the name that a session counts in the five texts
THEME = "burden_sharing"
LEVEL = 0.05
LOST = 0.5  # a topic of which less is found again
NEARLY = 0.06  # what rounding to one decimal may change, and a little more
NEARLY_SHARE = 0.006


@dataclass(frozen=True)
class Mistake:
    """An answer that is often given, and what is said of it."""

    answer: Callable  # what somebody who makes this mistake answers; or True where it was made
    remark: str | Callable[..., str]  # what a teacher would say


@dataclass(frozen=True)
class Check:
    """An exercise: how its answer is read, what is right, and what is said of it.

    Functions get the answer and what the notebook hands over, here and in `Mistake`.
    """

    read: Callable  # the answer in one form
    right: Callable  # the right answer in that form; or True where the answer is right
    said: str | Callable[..., str]  # what is said of a right answer
    mistakes: tuple[Mistake, ...] = ()  # looked through in their order
    otherwise: str | Callable[..., str] = "That is not it yet."  # what is said where no mistake fits
    within: float = 1e-9  # how far a number may lie from the right one


def check(name: str, answer: object, *given: object) -> Right:
    """Look at the answer to an exercise.

    Parameters
    ----------
    name : str
        The exercise: a key of `CHECKS`.
    answer : object
        A number, list, table or dictionary, rounded or not, in any order of documents.
    *given : object
        What the exercise is about, where it is not the practice corpus.

    Returns
    -------
    Right
        What is said of a right answer.

    Raises
    ------
    AnswerMissing, NotYet
        "There is no answer yet. …", or a hint.

    Examples
    --------
    >>> check("tokens", ["allies", "pay"], "Allies pay.")
    'Right: 2 tokens.'
    """
    exercise = CHECKS[name]
    value = exercise.read(answer, *given)
    if _fits(exercise.right, value, given, exercise.within):
        return Right(_worded(exercise.said, value, given))
    for mistake in exercise.mistakes:
        if _fits(mistake.answer, value, given, exercise.within):
            raise NotYet(_worded(mistake.remark, value, given))
    raise NotYet(_worded(exercise.otherwise, value, given))


def _fits(wanted: Callable, value: object, given: tuple, within: float) -> bool:
    wanted = wanted(value, *given)
    return bool(wanted) if isinstance(wanted, bool | np.bool_) else _alike(value, wanted, within)


def _worded(text: str | Callable[..., str], value: object, given: tuple) -> str:
    return text if isinstance(text, str) else text(value, *given)


def _alike(value: object, wanted: object, within: float) -> bool:
    if isinstance(wanted, pd.Series):
        wanted = wanted.astype(float).reindex(value.index)
        usual = np.isfinite(wanted)
        return bool(usual.any() and np.allclose(value[usual], wanted[usual], atol=within, rtol=0.002))
    if isinstance(wanted, tuple):
        return all(_alike(one, other, within) for one, other in zip(value, wanted, strict=True))
    if isinstance(wanted, float | int | np.number) and not isinstance(value, str):
        return bool(abs(value - wanted) <= within)
    return bool(value == wanted)


TOO_FAR = "Rounded too far: keep at least two decimals."


def _one_decimal(right: Callable) -> Callable:
    """The right answer with one decimal, which is too few to tell shares apart."""

    def rounded(value: object, *given: object) -> object:
        wanted = right(value, *given)
        return tuple(round(one, 1) for one in wanted) if isinstance(wanted, tuple) else round(wanted, 1)

    return rounded


# --- what the corpora hold -------------------------------------------------------------------------------------------


@cache
def _practice():
    return study(PRACTICE)


def _sentences(kind: str | None = None, document: str | None = READ_WHOLE) -> pd.DataFrame:
    rows = _practice().sentences
    rows = rows if document is None else rows[rows["doc_id"] == document]
    return rows if kind is None else rows[rows["kind"] == kind]


@cache
def _five():
    return study("alliances")


@cache
def _counted(key: str | None = NAMED, *, places: bool = True) -> pd.Series:
    """How many hits of a theme, or of all, each of the five texts has, or how many sentences with one."""
    hits = _five().hits
    hits = hits if key is None else hits[hits["key"] == key]
    hits = hits if places else hits.drop_duplicates("sentence_id")
    return hits["doc_id"].value_counts().reindex(_five().documents.index, fill_value=0).astype(float)


def _sizes(column: str = "n_tokens") -> pd.Series:
    return _five().documents[column].astype(float)


def _rates(*, size: pd.Series | float | None = None) -> pd.Series:
    return 1000 * _counted() / (_sizes() if size is None else size)


def _by_document(answer: object) -> pd.Series:
    return answers.read_by_document(answer, _five().documents["label"].to_dict())


def _wrong_documents(value: pd.Series, wanted: pd.Series, what: str) -> str:
    far = (value - wanted).abs() > NEARLY + 0.002 * wanted.abs()
    wrong = list(far.index[far])
    if len(wrong) == 1:
        return f"Nearly: all but one of the {what} are right. Look again at {wrong[0]}."
    return f"{len(wrong)} of {len(wanted)} {what} are not right yet. Work out one of them by hand: {wrong[0]}."


# --- tokens and entries ----------------------------------------------------------------------------------------------


def _read_tokens(answer: object, sentence: str) -> list[str]:
    answers.require(answer)
    if isinstance(answer, int | float):
        raise NotYet("Give the tokens themselves, as a list of words in quotation marks, not their number.")
    listed = answer.split() if isinstance(answer, str) else answers.as_list(answer)
    return [str(token).strip().lower().replace("’", "'") for token in listed]


def _tokens_of(sentence: str) -> list[str]:
    from crossread.corpus.tokens import words

    return words(sentence)


def _read_entries(answer: object) -> tuple[str, ...]:
    answers.require(answer)
    if isinstance(answer, Mapping):
        answer = [entry for entries in answer.values() for entry in answers.as_list(entries)]
    if isinstance(answer, str):
        raise NotYet('Write a list, each entry in quotation marks of its own: ["first", "second"].')
    return tuple(str(entry).strip() for entry in answers.as_list(answer))


def _too_wide(entries: tuple[str, ...]) -> str:
    """The first entry that catches every word that begins with one or two letters."""
    return next((entry for entry in entries if "*" in entry and " " not in entry and len(entry.rstrip("*")) < 3), "")


@cache
def _hits_of(entries: tuple[str, ...]) -> pd.DataFrame:
    try:
        return Study(_practice().corpus, {THEME: list(entries)}).hits
    except CrossreadError as error:
        raise NotYet(f"An entry cannot be read. {error}") from None


IDIOMS = {
    "marsh_2031-018": "the burden of proof is carried in court, not in an alliance",
    "marsh_2031-041": "somebody contributes to a debate, not to the common defence",
}


def _idiom(entries: tuple[str, ...]) -> pd.DataFrame:
    hits = _hits_of(entries)
    return hits[hits["sentence_id"].isin(list(IDIOMS))]


def _say_idiom(entries: tuple[str, ...]) -> str:
    caught = _idiom(entries).iloc[0]
    return (
        f"“{caught['entry']}” catches {caught['sentence_id']}: {IDIOMS[caught['sentence_id']]}. Keep the word and bar "
        "the idiom: after the entry write a space, an exclamation mark, a space, and the idiom."
    )


def _say_entries(entries: tuple[str, ...]) -> str:
    hits = _hits_of(entries)
    silent = [entry for entry in entries if entry not in set(hits["entry"].astype(str))]
    note = f" Without a hit in these texts: {', '.join(silent)}." if silent else ""
    return f"{len(entries)} entries, {len(hits)} hits in {hits['sentence_id'].nunique()} sentences.{note}"


# --- codes and scores ------------------------------------------------------------------------------------------------


def _say_codes(codes: dict[str, int], _) -> str:
    core, weak, neither = (list(codes.values()).count(code) for code in (2, 1, 0))
    return f"Coded: {len(codes)} sentences, {core} of them core, {weak} weak, {neither} neither."


def _scores(divided_by: tuple[str, str]) -> Callable:
    """Right sentences over two of: coded, found, all."""

    def compute(_, table: pd.DataFrame) -> tuple[float, float]:
        coded, found = table["coded"].astype(bool), table["found"].astype(bool)
        sizes = {"coded": coded.sum(), "found": found.sum(), "all": len(table)}
        return tuple(float((coded & found).sum() / sizes[name]) if sizes[name] else math.nan for name in divided_by)

    return compute


def _accuracy(value: tuple[float, float], table: pd.DataFrame) -> bool:
    share = float((table["coded"].astype(bool) == table["found"].astype(bool)).mean())
    return any(abs(one - share) < NEARLY_SHARE for one in value)


def _only(place: int) -> Callable:
    """Whether the first or the second of precision and recall is right."""

    def compare(value: tuple[float, float], table: pd.DataFrame) -> bool:
        return abs(value[place] - _scores(("found", "coded"))(value, table)[place]) < NEARLY_SHARE

    return compare


# --- topics ----------------------------------------------------------------------------------------------------------


def _say_intruders(value: dict[int, str], questions: pd.DataFrame) -> str:
    from crossread.topics import score_intrusion

    row = score_intrusion(questions, pd.Series(value)).iloc[0]
    return (
        f"{row['correct']} of {row['answered']} intruders found (95 per cent limits {row['low']:.0%} to "
        f"{row['high']:.0%}); guessing finds {row['chance']:.0%}."
    )


def _above(stability: pd.DataFrame, column: str = "null_95") -> set[int]:
    return set(stability.loc[stability["agreement"] > stability[column], "k"].astype(int))


def _numbers_tried(stability: pd.DataFrame) -> set[int]:
    return set(stability["k"].astype(int))


def _left_out(changes: pd.DataFrame) -> pd.DataFrame:
    """What is left of each topic without each document: a row a topic, a column a document left out."""
    rows = changes[changes["left_out"] != ""] if "variation" in changes else changes
    return rows.pivot(index="topic", columns="left_out", values="agreement")


def _read_lost(answer: object, changes: Mapping[str, pd.DataFrame]) -> dict[str, int]:
    return answers.read_by_case(answer, list(changes), lambda value: int(answers.read_number(value)))


def _lost(over: Callable) -> Callable:
    """How many topics are lost in each case, by a rule that sees what is left of each topic."""
    return lambda _, changes: {case: int(over(_left_out(table))) for case, table in changes.items()}


def _say_lost(value: dict[str, int], changes: Mapping[str, pd.DataFrame]) -> str:
    too_many = [case for case, table in changes.items() if not 0 <= value[case] <= len(_left_out(table))]
    if too_many:
        return f"{too_many[0]}: there are not so many topics. Count rows of the table."
    wrong = [case for case, n in CHECKS["lost"].right(value, changes).items() if n != value[case]]
    return f"Look again at “{wrong[0]}”: in how many rows does at least one value lie under {LOST}?"


def _read_hangs(answer: object, changes: pd.DataFrame) -> dict[int, str]:
    left = _left_out(changes)
    labels = {name: name for name in left.columns}
    given = answers.read_by_case(answer, [int(topic) for topic in left.index], str)
    return {topic: answers.read_document(name, labels) for topic, name in given.items()}


def _hang_on(value: dict[int, str], changes: pd.DataFrame, worst: Callable) -> bool:
    """Whether each document named is one for which a topic's agreement is the worst by some measure."""
    left = _left_out(changes)
    return all(left.loc[topic, name] == worst(left.loc[topic]) for topic, name in value.items())


def _say_hangs(value: dict[int, str], changes: pd.DataFrame) -> str:
    left = _left_out(changes)
    wrong = next(topic for topic, name in value.items() if left.loc[topic, name] > left.loc[topic].min())
    return f"Look along the row of topic {wrong} for its smallest value; the column's name is the answer."


# --- limits and claims -----------------------------------------------------------------------------------------------


def _quantiles(low: float, high: float) -> Callable:
    return lambda _, draws: tuple(float(value) for value in np.quantile(np.asarray(draws, float), [low, high]))


def _spread(_, draws) -> tuple[float, float]:
    values = np.asarray(draws, float)
    return float(values.mean() - values.std()), float(values.mean() + values.std())


def _passing(before: str, after: str, *, below: bool = True) -> Callable:
    """How many rows lie at or under the level by two columns, or do not."""

    def count(_, contrasts: pd.DataFrame) -> tuple[float, float]:
        passed = [(contrasts[column] <= LEVEL).sum() for column in (before, after)]
        return tuple(float(n if below else len(contrasts) - n) for n in passed)

    return count


def _read_support(answer: object, _) -> float:
    """A share; a number over a hundred stays what it is, the number of ways."""
    in_percent = isinstance(answer, str) and "%" in answer
    is_count = not in_percent and answers.read_number(answer) > 100
    return answers.read_number(answer) if is_count else answers.read_share(answer)


def _share_of_ways(column: str, *, weighed: bool = True) -> Callable:
    """The share of the ways of measuring in which a column is true."""

    def share(_, ways: pd.DataFrame) -> float:
        true = ways[column].astype(float)
        return float((true * ways["weight"]).sum() / ways["weight"].sum() if weighed else true.mean())

    return share


# --- the five texts --------------------------------------------------------------------------------------------------


def _read_order(answer: object, counted: pd.Series, labels: Mapping[str, str]) -> list[str]:
    answers.require(answer)
    labels = dict(labels)
    names = answer.split(",") if isinstance(answer, str) else answers.as_list(answer)
    order = [answers.read_document(name, labels) for name in names]
    missing = [label for doc_id, label in labels.items() if doc_id not in order]
    if missing:
        raise NotYet(f"{missing[0]} has no place yet: name all {len(labels)}, the one with most first.")
    if len(order) != len(set(order)):
        raise NotYet("One document stands there twice.")
    return order


def _say_order(order: list[str], counted: pd.Series, labels: Mapping[str, str]) -> str:
    values = counted.reindex(order).to_numpy()
    pairs = [(a, b) for place, a in enumerate(values) for b in values[place + 1 :] if a != b]
    return f"Of {len(pairs)} pairs with different counts {sum(a > b for a, b in pairs)} stand in your order."


def _read_matrix(answer: object, table: pd.DataFrame, *_) -> dict[str, set[str]]:
    """The senses that a reader found in each document, from a dictionary of documents to lists of numbers."""
    answers.require(answer)
    labels = dict(zip(table["doc_id"], table["document"], strict=True))
    if not isinstance(answer, Mapping):
        raise NotYet('Write a dictionary: {"Lee 2023": [1, 2], …}; a text in which you found none gets [].')
    given = {answers.read_document(name, labels): marks for name, marks in answer.items()}
    missing = [label for doc_id, label in labels.items() if doc_id not in given]
    if missing:
        raise NotYet(f"{missing[0]} is missing. A text in which you found none of the senses gets an empty list: [].")
    numbers, read = set(table["number"]), {}
    for doc_id, marks in given.items():
        none = isinstance(marks, list | tuple | set) and not marks
        chosen = set() if none else answers.read_whole_numbers(marks)
        unknown = sorted(chosen - numbers)
        if unknown:
            raise NotYet(
                f"{labels[doc_id]}: there is no sense {unknown[0]}. They are numbered from 1 to {len(numbers)}."
            )
        read[doc_id] = chosen
    return read


def _say_matrix(value: dict[str, set[int]], table: pd.DataFrame) -> str:
    yours = np.array([row.number in value[row.doc_id] for row in table.itertuples()])
    counted, marked = (table["counted"] > 0).to_numpy(), (table["marked"] > 0).to_numpy()
    return (
        f"Of {len(table)} cells you and the word list agree on {(yours == counted).sum()}, you and the coders on "
        f"{(yours == marked).sum()}, the word list and the coders on {(counted == marked).sum()}."
    )


KINDS = ("counted", "measured", "general")


def _read_kinds(answer: object, statements: pd.DataFrame) -> dict[int, str]:
    given = answers.read_by_case(answer, list(statements["number"]), str)
    for number, kind in given.items():
        if kind.strip().lower() not in KINDS:
            raise NotYet(f"Statement {number}: “{kind}” is none of {', '.join(KINDS)}.")
    return {number: kind.strip().lower() for number, kind in given.items()}


def _wrong_kinds(value: dict[int, str], statements: pd.DataFrame) -> list[int]:
    return [row.number for row in statements.itertuples() if value[row.number] != row.kind]


def _mixed(first: str, second: str) -> Callable:
    """Whether the only mistakes are that one kind was taken for the other."""

    def mixed(value: dict[int, str], statements: pd.DataFrame) -> bool:
        kinds = statements.set_index("number")["kind"]
        return all((kinds[number], value[number]) == (first, second) for number in _wrong_kinds(value, statements))

    return mixed


def _say_kinds(value: dict[int, str], statements: pd.DataFrame) -> str:
    wrong = _wrong_kinds(value, statements)
    return (
        f"{len(statements) - len(wrong)} of {len(statements)} stand where they belong. Ask of statement {wrong[0]}: is "
        "it about these pages, about what a reader would mark in them, or about pages that nobody has seen?"
    )


# --- the table -------------------------------------------------------------------------------------------------------

CHECKS: dict[str, Check] = {
    "sentences": Check(
        read=lambda answer: answers.read_number(answer),
        right=lambda _: len(_sentences("body")),
        said="Right. The heading is kept, and not counted as part of the body.",
        mistakes=(
            Mistake(
                lambda _: len(_sentences()),
                "You counted every row. One of them is a heading: look at the column “kind”.",
            ),
            Mistake(
                lambda _: int(_sentences("body")["n_tokens"].sum()),
                "These are tokens, the words. Asked for are the sentences: one row each.",
            ),
            Mistake(
                lambda value: value in (len(_sentences(None, None)), len(_sentences("body", None))),
                "This is the number for all texts together. Keep the rows of one document first.",
            ),
            Mistake(
                lambda _: int(_sentences()["paragraph"].max()), "These are paragraphs. Count the sentences in them."
            ),
        ),
        otherwise="That is not it. Keep the rows whose kind is “body”, then count them with len( ).",
    ),
    "tokens": Check(
        read=_read_tokens,
        right=lambda _, sentence: _tokens_of(sentence),
        said=lambda value, _: f"Right: {len(value)} tokens.",
        mistakes=(
            Mistake(
                lambda value, _: any(token and not any(letter.isalnum() for letter in token) for token in value),
                "Punctuation is not a token here. Leave the commas and points out, except inside an abbreviation.",
            ),
            Mistake(
                lambda value, sentence: any(
                    token.endswith((".", ",", ":", ";", "!", "?")) and token not in _tokens_of(sentence)
                    for token in value
                ),
                "A mark still clings to one of your words. Only an abbreviation keeps its points.",
            ),
            Mistake(
                lambda value, _: any("-" in token for token in value),
                "A hyphen separates: a word with a hyphen is counted as two. Why might a lexicon want that?",
            ),
            Mistake(
                lambda value, _: any(token.endswith("'s") for token in value),
                "The possessive ’s is dropped, so that a state is the same word in every case.",
            ),
            Mistake(
                lambda value, sentence: "u.s." in _tokens_of(sentence) and "u.s." not in value,
                "An abbreviation with points stays whole, points and all. Otherwise the country becomes a pronoun.",
            ),
            Mistake(
                lambda value, sentence: sorted(set(value)) == sorted(set(_tokens_of(sentence))),
                "These are the right words, but each occurrence counts, in the order of the text.",
            ),
            Mistake(
                lambda value, sentence: not set(value) <= set(_tokens_of(sentence)),
                lambda value, sentence: (
                    f"{sum(token not in _tokens_of(sentence) for token in value)} of your tokens are not counted so. "
                    "Go through the four rules above, one by one."
                ),
            ),
        ),
        otherwise="A word of the sentence is missing. No word is too small to be counted.",
    ),
    "counts": Check(
        read=_by_document,
        right=lambda _: _counted(),
        said="Right. A document in which the name does not occur has a count too: nought.",
        mistakes=(
            Mistake(
                lambda _: _counted(places=False),
                "You counted sentences. In some of them the name stands twice: count the places.",
            ),
            Mistake(
                lambda _: _counted(None),
                "You counted the hits of every theme. The table `places` has those of the name alone.",
            ),
            Mistake(lambda _: _sizes(), "These are all tokens of each document, not those that name China."),
        ),
        otherwise=lambda value: _wrong_documents(value, _counted(), "counts"),
    ),
    "rates": Check(
        read=_by_document,
        right=lambda _: _rates(),
        said="Right. Now texts of different length can stand side by side.",
        mistakes=(
            Mistake(
                lambda value: bool((value == _rates().round()).all()),
                "Rounded too far: keep at least one decimal, else different rates look the same.",
            ),
            Mistake(
                lambda _: _counted(),
                "These are the counts. A long text has more of everything: divide by the tokens of the document.",
            ),
            Mistake(
                lambda value: bool(np.allclose(value, _rates() / 1000, atol=1e-4)) and value.any(),
                "This is a share of the tokens. Multiply it by 1,000, so that it can be read without noughts.",
            ),
            Mistake(lambda _: _rates() / 10, "This is per cent, per 100 tokens. Rates here are per 1,000."),
            Mistake(
                lambda _: _rates(size=_sizes().sum()),
                "You divided by the tokens of all documents together. Divide each count by its own document.",
            ),
            Mistake(
                lambda _: _rates(size=_five().sentences.groupby("doc_id")["n_tokens"].sum()),
                "You divided by headings and notes as well. The column n_tokens of the documents has the body alone.",
            ),
            Mistake(
                lambda _: 1000 * _sizes() / _counted().where(_counted() > 0),
                "Upside down: divide the count by the tokens, not the tokens by the count.",
            ),
            Mistake(
                lambda _: _rates(size=_sizes("n_sentences")), "These are sentences. The rate is per 1,000 tokens."
            ),
        ),
        otherwise=lambda value: _wrong_documents(value, _rates(), "rates"),
        within=NEARLY,
    ),
    "codes": Check(
        read=answers.read_codes,
        right=lambda codes, _: len(codes) <= 3 or len(set(codes.values())) > 1,
        said=_say_codes,
        otherwise="Every sentence has the same code. Then nothing is told apart: read the rules again, and choose.",
    ),
    "entries": Check(
        read=_read_entries,
        right=lambda entries: (
            len(entries) >= 4
            and len(set(map(str.lower, entries))) == len(entries)
            and not _too_wide(entries)
            and len(_hits_of(entries)) > 0
            and _idiom(entries).empty
        ),
        said=_say_entries,
        mistakes=(
            Mistake(
                lambda entries: len(entries) < 4, "A theme needs more than a few words: write at least four entries."
            ),
            Mistake(
                lambda entries: len(set(map(str.lower, entries))) < len(entries),
                "One of your entries stands there twice.",
            ),
            Mistake(
                lambda entries: bool(_too_wide(entries)),
                lambda entries: (
                    f"“{_too_wide(entries)}” is too wide: it catches every word that begins so. Give more letters "
                    "before the star."
                ),
            ),
            Mistake(
                lambda entries: _hits_of(entries).empty,
                "None of your entries occurs in any of the texts. Take words from the sentences that you read.",
            ),
        ),
        otherwise=_say_idiom,
    ),
    "scores": Check(
        read=lambda answer, _: answers.read_pair(answer, ("precision", "recall"), answers.read_share),
        right=_scores(("found", "coded")),
        said="Right. Precision is about what was found, recall about what was there.",
        mistakes=(
            Mistake(
                _scores(("coded", "found")),
                "You have exchanged the two. Precision looks at what the lexicon found; recall at what the coder "
                "found.",
            ),
            Mistake(
                _accuracy,
                "One of the two is the share of all sentences on which both agree. Leave those out where neither saw "
                "it.",
            ),
            Mistake(
                _scores(("all", "all")),
                "You divided by all sentences. Divide by those found (precision), or by those coded (recall).",
            ),
            Mistake(_one_decimal(_scores(("found", "coded"))), TOO_FAR),
            Mistake(
                _only(0),
                "Precision is right. For recall divide the same number by the sentences that the coder marked.",
            ),
            Mistake(
                _only(1),
                "Recall is right. For precision divide the same number by the sentences that the lexicon found.",
            ),
        ),
        otherwise="Not yet. First count the rows in which both columns say True; that number stands above both lines.",
        within=NEARLY_SHARE,
    ),
    "intruders": Check(read=answers.read_intruders, right=lambda *_: True, said=_say_intruders),
    "supported": Check(
        read=lambda answer, _: answers.read_whole_numbers(answer),
        right=lambda _, stability: _above(stability),
        said="Right. An agreement says nothing by itself; what shuffled text reaches is the measure of it.",
        mistakes=(
            Mistake(
                lambda value, stability: not value <= _numbers_tried(stability),
                lambda value, stability: (
                    f"{min(value - _numbers_tried(stability))} is not in the table. Asked for are values of its "
                    "column k."
                ),
            ),
            Mistake(
                lambda _, stability: _numbers_tried(stability) - _above(stability),
                "The other way round: supported is what lies above its shuffled text.",
            ),
            Mistake(
                lambda _, stability: _above(stability, "null"),
                "These lie above the average of shuffled text. That is half of all luck: the bar is null_95.",
            ),
            Mistake(
                lambda _, stability: {int(stability.loc[stability["agreement"].idxmax(), "k"])},
                "That one has the highest agreement. The question is another: which lie above their own null_95?",
            ),
        ),
        otherwise=lambda value, stability: (
            f"Compare agreement with null_95 row by row. Not as you say: {len(value ^ _above(stability))} of the rows."
        ),
    ),
    "lost": Check(
        read=_read_lost,
        right=_lost(lambda left: (left.min(axis=1) < LOST).sum()),
        said="Right. A topic that is in many texts comes through; one that is about a single text does not.",
        mistakes=(
            Mistake(
                _lost(lambda left: (left < LOST).sum().sum()),
                "You counted topics once for every document. A topic is lost or not: count each once.",
            ),
            Mistake(
                _lost(lambda left: (left.min(axis=1) >= LOST).sum()),
                "These are the ones that stand. Asked for are those that fall.",
            ),
            Mistake(
                _lost(lambda left: (left.mean(axis=1) < LOST).sum()),
                "You looked at the average of a topic. One document is enough to carry it: take the lowest value.",
            ),
        ),
        otherwise=_say_lost,
    ),
    "hangs": Check(
        read=_read_hangs,
        right=lambda value, changes: _hang_on(value, changes, lambda row: row.min()),
        said="Right. Least is left of each topic without that document.",
        mistakes=(
            Mistake(
                lambda value, changes: _hang_on(value, changes, lambda row: row.max()),
                "These are the documents that each topic can best do without. Asked for is the smallest value.",
            ),
        ),
        otherwise=_say_hangs,
    ),
    "interval": Check(
        read=lambda answer, _: answers.read_pair(answer, ("low", "high"), answers.read_share),
        right=_quantiles(0.025, 0.975),
        said="Right. Of 100 such intervals about 95 should hold the true share, if sentences came one by one.",
        mistakes=(
            Mistake(lambda value, _: value[0] > value[1], "Your lower limit is above the upper one: exchange them."),
            Mistake(_one_decimal(_quantiles(0.025, 0.975)), TOO_FAR),
            Mistake(
                _quantiles(0.05, 0.95),
                "Between these lie 90 of 100 draws. For 95 leave out half of the remaining 5 at each end.",
            ),
            Mistake(
                _quantiles(0, 1),
                "These are the smallest and the largest draw, and grow with the number of draws. Leave out the ends.",
            ),
            Mistake(
                _spread,
                "Mean and standard deviation leave out about a third. Use quantiles of the draws themselves.",
            ),
            Mistake(
                _quantiles(0.25, 0.75),
                "Between these lies half of the draws. The quantiles of 95 per cent lie further out.",
            ),
        ),
        otherwise="Not these. np.quantile(draws, [a, b]) gives both at once: which a and b leave out 2.5 in 100 on "
        "each side?",
        within=0.005,
    ),
    "ceiling": Check(
        read=lambda answer, _: (answers.read_share if "%" in str(answer) else answers.read_number)(answer),
        right=lambda value, n: any(abs(value - three / n) < NEARLY_SHARE for three in (3, -math.log(0.05))),
        said="Right. Silence is not absence: so much may have been there and not shown itself.",
        mistakes=(
            Mistake(
                lambda value, _: value == 0,
                "Nought is the share that was seen. Asked for is the highest share that could still look like this.",
            ),
            Mistake(lambda value, n: abs(value - 300 / n) < 1, "That is per cent: give a share, from 0 to 1."),
            Mistake(
                lambda value, n: abs(value - 1 / n) < NEARLY_SHARE, "That is one of so many sentences. The rule says "
                "three.",
            ),
            Mistake(lambda value, n: abs(value - n / 3) < NEARLY, "Upside down: three divided by the sentences."),
        ),
        otherwise="Not yet. The rule of three: no hit in n sentences allows a share up to 3 / n.",
    ),
    "comparisons": Check(
        read=lambda answer, _: answers.read_pair(answer, ("before", "after")),
        right=_passing("p", "p_adjusted"),
        said="Right. Who looks often enough finds something; the adjustment takes that back.",
        mistakes=(
            Mistake(_passing("p_adjusted", "p"), "Exchanged: adjusting never makes a p-value smaller."),
            Mistake(
                _passing("p", "p_adjusted", below=False),
                "You counted those that do not pass. Small p-values are the ones that speak.",
            ),
            Mistake(
                lambda value, contrasts: value[0] == _passing("p", "p_adjusted")(value, contrasts)[0],
                "Before is right. For after, ask the same of the adjusted p, the column “p_adjusted”.",
            ),
            Mistake(
                lambda value, contrasts: value[1] == _passing("p", "p_adjusted")(value, contrasts)[1],
                "After is right. For before, ask the same of the column “p”.",
            ),
        ),
        otherwise=f"Count the rows of all comparisons in which p is at most {LEVEL}, then those in which the adjusted "
        "p is: (column <= level).sum()",
    ),
    "support": Check(
        read=_read_support,
        right=_share_of_ways("holds"),
        said="Right. This number is about the choices of the analyst, not about the texts.",
        mistakes=(
            Mistake(
                lambda value, ways: round(100 * value) == ways["holds"].sum() or value == ways["holds"].sum(),
                "That is their number. Asked for is a share, each way taken by its weight.",
            ),
            Mistake(
                _share_of_ways("holds", weighed=False),
                "Here every way weighs the same, and a hundred ways that leave one entry out drown the others. "
                "Multiply by the column “weight” first.",
            ),
            Mistake(
                lambda value, ways: abs(value - 1 + _share_of_ways("holds")(value, ways)) < NEARLY_SHARE,
                "That is the share in which the claim is not supported.",
            ),
            Mistake(_one_decimal(_share_of_ways("holds")), TOO_FAR),
            Mistake(
                _share_of_ways("agrees"),
                "In so many the number points the right way. Asked for is where the claim is also supported: the "
                "column “holds”.",
            ),
        ),
        otherwise="Not yet. Multiply “weight” by “holds” and add up: what is false counts nothing.",
        within=NEARLY_SHARE,
    ),
    "order": Check(read=_read_order, right=lambda *_: True, said=_say_order),
    "matrix": Check(read=_read_matrix, right=lambda *_: True, said=_say_matrix),
    "kinds": Check(
        read=_read_kinds,
        right=lambda value, statements: not _wrong_kinds(value, statements),
        said="Right. Counted is true of these pages, measured is what a reader would mark in them, general is a "
        "statement about more than them.",
        mistakes=(
            Mistake(
                _mixed("measured", "counted"),
                "A number can be about these pages and still not be a count: who marked those sentences, a word list "
                "or a reader?",
            ),
            Mistake(
                _mixed("counted", "general"),
                "A difference in these pages is a fact, whether or not further pages would show it.",
            ),
            Mistake(
                _mixed("general", "counted"),
                "A sentence about further text of the same kind is never read off these pages alone.",
            ),
        ),
        otherwise=_say_kinds,
    ),
}  # fmt: skip
