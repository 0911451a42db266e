"""Checks for the seminar: each looks at an answer and says right, or gives a hint; none gives the answer.

A right answer counts in any form: a list, a dictionary or a table, rounded or not, in any order of documents. A wrong
answer of a kind that is often met gets the remark that a teacher would make.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from functools import cache
from numbers import Number

import numpy as np
import pandas as pd

from crossread.errors import CrossreadError
from crossread_seminar.remarks import AnswerMissing, NotYet, Right

COLUMN = "marsh_2031"  # the text that is read whole
WORD = "we"
KEY = "burden_sharing"
TOLERANCE = 0.06  # what rounding to one decimal may change, and a little more


@cache
def _practice():
    from crossread.corpus import load

    return load("practice")


def check_sentences(answer) -> Right:
    """Look at the number of sentences in the body of the text that is read whole.

    Raises
    ------
    AnswerMissing, NotYet
        "There is no answer yet. …", or a hint.

    Examples
    --------
    >>> check_sentences(...)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    crossread_seminar.remarks.AnswerMissing: There is no answer yet. ...
    """
    given = _number(answer)
    sentences = _practice().sentences
    own = sentences[sentences["doc_id"] == COLUMN]
    wanted = int((own["kind"] == "body").sum())
    if given == wanted:
        return Right("Right. The heading is kept, and not counted as part of the body.")
    if given == len(own):
        raise NotYet("You counted every row. One of them is a heading: look at the column “kind”.")
    if given == own.loc[own["kind"] == "body", "n_tokens"].sum():
        raise NotYet("These are tokens, the words. Asked for are the sentences: one row each.")
    if given in (len(sentences), (sentences["kind"] == "body").sum()):
        raise NotYet("This is the number for all texts together. Keep the rows of one document first.")
    if given == own["paragraph"].max():
        raise NotYet("These are paragraphs. Count the sentences in them.")
    raise NotYet("That is not it. Keep the rows whose kind is “body”, then count them with len( ).")


def check_tokens(answer, sentence: str) -> Right:
    """Look at the tokens into which a reader took a sentence apart.

    Parameters
    ----------
    answer : list of str
        The tokens; capitals and order of quotation marks do not matter.
    sentence : str
        What was taken apart.

    Raises
    ------
    AnswerMissing, NotYet
        "There is no answer yet. …", or a hint.

    Examples
    --------
    >>> check_tokens(["allies", "pay"], "Allies pay.")
    'Right: 2 tokens.'
    """
    from crossread.corpus.tokens import words

    _require(answer)
    if isinstance(answer, Number):
        raise NotYet("Give the tokens themselves, as a list of words in quotation marks, not their number.")
    if isinstance(answer, str):
        answer = answer.split()
    given = [str(token).strip().lower().replace("’", "'") for token in _listed(answer)]
    wanted = words(sentence)
    if given == wanted:
        return Right(f"Right: {len(wanted)} tokens.")
    if any(token and not any(letter.isalnum() for letter in token) for token in given):
        raise NotYet("Punctuation is not a token here. Leave the commas and points out, except inside an abbreviation.")
    if any(token.endswith((".", ",", ":", ";", "!", "?")) and token not in wanted for token in given):
        raise NotYet("A mark still clings to one of your words. Only an abbreviation keeps its points.")
    if any("-" in token for token in given):
        raise NotYet("A hyphen separates: a word with a hyphen is counted as two. Why might a lexicon want that?")
    if any(token.endswith("'s") for token in given):
        raise NotYet("The possessive ’s is dropped, so that a state is the same word in every case.")
    if "u.s." in wanted and "u.s." not in given:
        raise NotYet(
            "An abbreviation with points stays whole, points and all. Otherwise the country becomes a pronoun."
        )
    if sorted(set(given)) == sorted(set(wanted)):
        raise NotYet("These are the right words, but each occurrence counts, in the order of the text.")
    unknown = sum(token not in wanted for token in given)
    if unknown:
        raise NotYet(f"{unknown} of your tokens are not counted so. Go through the four rules above, one by one.")
    raise NotYet("A word of the sentence is missing. No word is too small to be counted.")


def check_counts(answer) -> Right:
    """Look at how often the first person plural occurs in each document of the practice corpus.

    Parameters
    ----------
    answer : Series, dict, table or list
        One count per document; documents without the word may be left out.

    Raises
    ------
    AnswerMissing, NotYet
        "There is no answer yet. …", or a hint.
    """
    counted, _ = _word_facts()
    given = _by_document(answer, counted.index, missing=0.0)
    if (given == counted).all():
        return Right("Right. A document in which the word does not occur has a count too: nought.")
    counts = _practice().counts
    cases = {
        "You counted rows, in how many segments the word occurs. Add up the column “count” instead.": _sizes(
            counts[counts["term"] == WORD]
        ),
        f"You counted other words along. Keep the rows whose term is exactly “{WORD}”.": _added(
            counts[counts["term"].isin([WORD, "us", "our", "ours"])]
        ),
        "These are all tokens of each document, not those of one word.": _added(counts),
    }
    _match(given, counted, cases)
    _name_wrong(given, counted, "counts")


def check_rates(answer) -> Right:
    """Look at the rate of the first person plural in each document, per 1,000 tokens of its body.

    Parameters
    ----------
    answer : Series, dict, table or list
        One rate per document, rounded to one decimal or finer; documents without the word may be left out.

    Raises
    ------
    AnswerMissing, NotYet
        "There is no answer yet. …", or a hint.
    """
    counted, sizes = _word_facts()
    wanted = 1000 * counted / sizes
    given = _by_document(answer, counted.index, missing=0.0)
    if _near(given, wanted):
        return Right("Right. Now texts of different length can stand side by side.")
    if (given == wanted.round()).all():
        raise NotYet("Rounded too far: keep at least one decimal, else different rates look the same.")
    sentences = _practice().sentences
    whole = sentences.groupby("doc_id", sort=False)["n_tokens"].sum().reindex(counted.index)
    cases = {
        "These are the counts. A long text has more of everything: divide by the tokens of the document.": counted,
        "This is a share of the tokens. Multiply it by 1,000, so that it can be read without noughts.": counted / sizes,
        "This is per cent, per 100 tokens. Rates here are per 1,000.": 100 * counted / sizes,
        "You divided by the tokens of all documents together. Divide each count by its own document.": 1000
        * counted
        / sizes.sum(),
        "You divided by headings and notes as well. The column n_tokens of the documents has the body alone.": 1000
        * counted
        / whole,
        "Upside down: divide the count by the tokens, not the tokens by the count.": 1000
        * sizes
        / counted.where(counted > 0, np.nan),
        "These are sentences. The rate is per 1,000 tokens.": 1000 * counted / _practice().documents["n_sentences"],
    }
    _match(given, wanted, cases)
    _name_wrong(given, wanted, "rates")


def check_codes(answer, sentence_ids: Iterable[str]) -> Right:
    """Look at the form of codes given by hand; what they say is the reader's own.

    Parameters
    ----------
    answer : list, dict or Series
        A code for each sentence: 0, 1 or 2.
    sentence_ids : iterable of str
        The sentences, in their order.

    Raises
    ------
    AnswerMissing, NotYet
        "There is no answer yet. …", or a hint.

    Examples
    --------
    >>> check_codes([0, 2], ["a-1", "a-2"])
    'Coded: 2 sentences, 1 of them core, 0 weak, 1 neither.'
    """
    codes = list(read_codes(answer, sentence_ids).values())
    if len(codes) > 3 and len(set(codes)) == 1:
        raise NotYet("Every sentence has the same code. Then nothing is told apart: read the rules again, and choose.")
    found = [sum(code == value for code in codes) for value in (2, 1, 0)]
    return Right(f"Coded: {len(codes)} sentences, {found[0]} of them core, {found[1]} weak, {found[2]} neither.")


def read_codes(answer, sentence_ids: Iterable[str]) -> dict[str, int]:
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
    _require(answer)
    ids = list(sentence_ids)
    if isinstance(answer, pd.Series):
        answer = dict(answer) if set(answer.index) & set(ids) else list(answer)
    if isinstance(answer, Mapping):
        missing = [name for name in ids if name not in answer]
        if missing:
            raise NotYet(f"{missing[0]} has no code yet.")
        codes = [answer[name] for name in ids]
    else:
        codes = _listed(answer)
    if len(codes) != len(ids):
        raise NotYet(f"{len(codes)} codes for {len(ids)} sentences: each sentence needs one, in their order.")
    read = []
    for name, code in zip(ids, codes, strict=True):
        _require(code)
        value = pd.to_numeric(code, errors="coerce")
        if value not in (0, 1, 2):
            raise NotYet(f"{name}: {code!r} is not a code. 0 is no, 1 weak, 2 core.")
        read.append(int(value))
    return dict(zip(ids, read, strict=True))


def check_entries(answer) -> Right:
    """Look at the entries of a lexicon: whether they can be read, and what they catch that they should not.

    Parameters
    ----------
    answer : list of str, or dict with one such list
        The entries, as in a lexicon's file.

    Raises
    ------
    AnswerMissing, NotYet
        "There is no answer yet. …", or a hint.
    """
    from crossread.lexicon import find_hits, make_lexicon

    _require(answer)
    if isinstance(answer, Mapping):
        answer = [entry for entries in answer.values() for entry in _listed(entries)]
    if isinstance(answer, str):
        raise NotYet('Write a list, each entry in quotation marks of its own: ["first", "second"].')
    entries = [str(entry).strip() for entry in _listed(answer)]
    if len(entries) < 4:
        raise NotYet("A theme needs more than a few words: write at least four entries.")
    if len(set(map(str.lower, entries))) < len(entries):
        raise NotYet("One of your entries stands there twice.")
    for entry in entries:
        bare = entry.split(" ")[0].rstrip("*")
        if "*" in entry and len(bare) < 3 and " " not in entry:
            raise NotYet(
                f"“{entry}” is too wide: it catches every word that begins so. Give more letters before the star."
            )
    try:
        lexicon = make_lexicon("ours", {KEY: entries})
    except CrossreadError as error:
        raise NotYet(f"An entry cannot be read. {error}") from None
    corpus = _practice()
    hits = find_hits(corpus, lexicon)
    if hits.empty:
        raise NotYet("None of your entries occurs in any of the texts. Take words from the sentences that you read.")
    idioms = {
        "marsh_2031-018": "the burden of proof is carried in court, not in an alliance",
        "marsh_2031-041": "somebody contributes to a debate, not to the common defence",
    }
    for sentence, why in idioms.items():
        caught = hits.loc[hits["sentence_id"] == sentence, "entry"]
        if len(caught):
            raise NotYet(
                f"“{caught.iloc[0]}” catches {sentence}: {why}. Keep the word and bar the idiom: after the entry write "
                "a space, an exclamation mark, a space, and the idiom."
            )
    silent = [entry for entry in entries if entry not in set(hits["entry"].astype(str))]
    note = f" Without a hit in these texts: {', '.join(silent)}." if silent else ""
    return Right(f"{len(entries)} entries, {len(hits)} hits in {hits['sentence_id'].nunique()} sentences.{note}")


def check_scores(answer, table: pd.DataFrame) -> Right:
    """Look at precision and recall counted by hand.

    Parameters
    ----------
    answer : dict, or pair of precision and recall
        Shares from 0 to 1, or per cent.
    table : DataFrame
        One row a sentence: coded (True where a person says that the theme is there), found (True where the lexicon
        does).

    Raises
    ------
    AnswerMissing, NotYet
        "There is no answer yet. …", or a hint.

    Examples
    --------
    >>> table = pd.DataFrame({"coded": [True, True, False], "found": [True, False, False]})
    >>> check_scores({"precision": 1, "recall": 0.5}, table)
    'Right. Precision is about what was found, recall about what was there.'
    """
    precision, recall = (_share(value) for value in _pair(answer, ("precision", "recall")))
    coded, found = table["coded"].astype(bool), table["found"].astype(bool)
    true, called, there = int((coded & found).sum()), int(found.sum()), int(coded.sum())
    wanted = true / called if called else math.nan, true / there if there else math.nan

    def is_(first, second):
        return abs(precision - first) < 0.006 and abs(recall - second) < 0.006

    if is_(*wanted):
        return Right("Right. Precision is about what was found, recall about what was there.")
    if is_(*wanted[::-1]):
        raise NotYet(
            "You have exchanged the two. Precision looks at what the lexicon found; recall at what the coder found."
        )
    accuracy = float((coded == found).mean())
    if abs(precision - accuracy) < 0.006 or abs(recall - accuracy) < 0.006:
        raise NotYet(
            "One of the two is the share of all sentences on which both agree. Leave those out where neither saw it."
        )
    n = len(table)
    if is_(true / n, true / n) or is_(called / n, there / n):
        raise NotYet("You divided by all sentences. Divide by those found (precision), or by those coded (recall).")
    if abs(precision - wanted[0]) < 0.006:
        raise NotYet("Precision is right. For recall divide the same number by the sentences that the coder marked.")
    if abs(recall - wanted[1]) < 0.006:
        raise NotYet("Recall is right. For precision divide the same number by the sentences that the lexicon found.")
    raise NotYet("Not yet. First count the rows in which both columns say True; that number stands above both lines.")


def check_intruders(answer, questions: pd.DataFrame) -> Right:
    """Look at whether every question about an intruder has an answer; how many are right is told, not which.

    Parameters
    ----------
    answer : dict, Series or list
        For each question the word that was taken for the intruder.
    questions : DataFrame
        From `topics.word_intrusion`.

    Raises
    ------
    AnswerMissing, NotYet
        "There is no answer yet. …", or a hint.
    """
    from crossread.topics import score_intrusion

    answers = read_intruders(answer, questions)
    row = score_intrusion(questions, pd.Series(answers)).iloc[0]
    return Right(
        f"{row['correct']} of {row['answered']} intruders found (95 per cent limits {row['low']:.0%} to "
        f"{row['high']:.0%}); guessing finds {row['chance']:.0%}."
    )


def read_intruders(answer, questions: pd.DataFrame) -> dict[int, str]:
    """Return for each question the word taken for the intruder, from a list in their order or a dictionary.

    Raises
    ------
    AnswerMissing, NotYet
        "There is no answer yet. …", "Question …: “…” is none of its words: …".
    """
    _require(answer)
    numbers = list(questions["question"])
    given = list(answer) if isinstance(answer, list | tuple) else None
    if given is not None:
        if len(given) != len(numbers):
            raise NotYet(f"{len(given)} answers to {len(numbers)} questions: give one word for each.")
        given = dict(zip(numbers, given, strict=True))
    elif isinstance(answer, Mapping | pd.Series):
        given = {int(number): word for number, word in dict(answer).items()}
    else:
        raise NotYet("Give a list of words, one for each question, in their order.")
    read = {}
    for number, choices in zip(numbers, questions["choices"], strict=True):
        if number not in given:
            raise NotYet(f"Question {number} has no answer yet. If in doubt, guess: guessing is part of the test.")
        _require(given[number])
        words = {word.lower(): word for word in choices.split(" | ")}
        word = str(given[number]).strip().lower()
        if word not in words:
            raise NotYet(f"Question {number}: “{given[number]}” is none of its words: {', '.join(words.values())}.")
        read[number] = words[word]
    return read


def check_supported(answer, stability: pd.DataFrame) -> Right:
    """Look at which numbers of topics come back more often than those of shuffled text.

    Parameters
    ----------
    answer : list, set or number
        Numbers of topics.
    stability : DataFrame
        From `topics.topic_stability`.

    Raises
    ------
    AnswerMissing, NotYet
        "There is no answer yet. …", or a hint.

    Examples
    --------
    >>> table = pd.DataFrame({"k": [2, 3], "agreement": [0.6, 0.5], "null_95": [0.7, 0.4]})
    >>> check_supported([3], table)
    'Right. An agreement says nothing by itself; what shuffled text reaches is the measure of it.'
    """
    given = _whole_numbers(answer)
    wanted = set(stability.loc[stability["agreement"] > stability["null_95"], "k"].astype(int))
    if given == wanted:
        return Right("Right. An agreement says nothing by itself; what shuffled text reaches is the measure of it.")
    unknown = given - set(stability["k"].astype(int))
    if unknown:
        raise NotYet(f"{min(unknown)} is not in the table. Asked for are values of its column k.")
    if given == set(stability["k"].astype(int)) - wanted:
        raise NotYet("The other way round: supported is what lies above its shuffled text.")
    if given == {int(stability.loc[stability["agreement"].idxmax(), "k"])}:
        raise NotYet("That one has the highest agreement. The question is another: which lie above their own null_95?")
    if given == set(stability["k"].astype(int)):
        raise NotYet("All of them? Compare the two columns row by row.")
    wrong = len(given ^ wanted)
    raise NotYet(f"Compare agreement with null_95 row by row. Not as you say: {wrong} of the rows.")


def check_fragile(answer, losses: Mapping[str, pd.DataFrame], limit: float = 0.5) -> Right:
    """Look at how many topics are not found again when one of the documents is left out, case by case.

    Parameters
    ----------
    answer : dict, Series or list
        For each case the number of topics that are lost.
    losses : dict of DataFrame
        Case to what `topics.leave_one_out` returns: topic, left_out, agreement.
    limit : float
        Agreement under which a topic is taken for lost.

    Raises
    ------
    AnswerMissing, NotYet
        "There is no answer yet. …", or a hint.

    Examples
    --------
    >>> table = pd.DataFrame({"topic": [1, 1, 2, 2], "agreement": [0.9, 0.2, 0.8, 0.7]})
    >>> check_fragile({"some texts": 1}, {"some texts": table})
    'Right. A topic that is in many texts comes through; one that is about a single text does not.'
    """
    given = _by_case(answer, list(losses))
    lowest = {case: table.groupby("topic")["agreement"].min() for case, table in losses.items()}
    means = {case: table.groupby("topic")["agreement"].mean() for case, table in losses.items()}
    wanted = {case: int((values < limit).sum()) for case, values in lowest.items()}
    if given == wanted:
        return Right("Right. A topic that is in many texts comes through; one that is about a single text does not.")
    sizes = {case: len(values) for case, values in lowest.items()}
    over = [case for case in given if not 0 <= given[case] <= sizes[case]]
    if over and all(given[case] == (losses[case]["agreement"] < limit).sum() for case in over):
        raise NotYet("You counted topics once for every document. A topic is lost or not: count each once.")
    if over:
        raise NotYet(f"{over[0]}: there are not so many topics. Count rows of the table.")
    if given == {case: sizes[case] - wanted[case] for case in wanted}:
        raise NotYet("These are the ones that stand. Asked for are those that fall.")
    if given == {case: int((values < limit).sum()) for case, values in means.items()}:
        raise NotYet("You looked at the average of a topic. One document is enough to carry it: take the lowest value.")
    wrong = [case for case in wanted if given[case] != wanted[case]]
    raise NotYet(f"Go down the column “{wrong[0]}” and count the values under {limit}.")


def check_hangs(answer, losses: pd.DataFrame) -> Right:
    """Look at which document each topic hangs on: the one without which least of the topic is found again.

    Parameters
    ----------
    answer : dict, Series or list
        For each topic a document, by its id or by the name under which it is drawn.
    losses : DataFrame
        From `topics.leave_one_out`: topic, left_out, agreement, share_held.

    Raises
    ------
    AnswerMissing, NotYet
        "There is no answer yet. …", or a hint.

    Examples
    --------
    >>> table = {"topic": [1, 1], "left_out": ["lee_2023", "b"], "agreement": [0.1, 0.9], "share_held": 0.5}
    >>> check_hangs({1: "Lee 2023"}, pd.DataFrame(table))
    'Right. The longest text need not be the one on which a topic hangs.'
    """
    table = losses.pivot(index="topic", columns="left_out", values="agreement")
    ids = {_plain_name(name): name for name in table.columns}
    given = {}
    for topic, name in _by_case(answer, [int(topic) for topic in table.index], numbers=False).items():
        fitting = [doc_id for plain, doc_id in ids.items() if plain == _plain_name(name)]
        fitting = fitting or [doc_id for plain, doc_id in ids.items() if plain.split()[0] == _plain_name(name)]
        if len(fitting) != 1:
            raise NotYet(f"Topic {topic}: “{name}” is not a document of this table.")
        given[topic] = fitting[0]
    lowest = table.min(axis=1)
    wrong = [topic for topic, name in given.items() if table.loc[topic, name] > lowest[topic]]
    if not wrong:
        return Right("Right. The longest text need not be the one on which a topic hangs.")
    if all(table.loc[topic, name] == table.loc[topic].max() for topic, name in given.items()):
        raise NotYet("These are the documents that each topic can best do without. Asked for is the smallest value.")
    held = losses.loc[losses.groupby("topic")["share_held"].idxmax()].set_index("topic")["left_out"]
    if all(held[topic] == name for topic, name in given.items()) or len(set(given.values())) == 1:
        raise NotYet("Not always the text that has most of a topic. Look along each row for its own smallest value.")
    raise NotYet(f"Look along the row of topic {wrong[0]} for its smallest value; the column's name is the answer.")


def check_limits(answer, draws) -> Right:
    """Look at the limits between which the middle 95 per cent of the draws lie, per 1,000 tokens.

    Parameters
    ----------
    answer : pair of numbers, or dict with low and high
        The limits.
    draws : array of float
        Hits per token in each resample.

    Raises
    ------
    AnswerMissing, NotYet
        "There is no answer yet. …", or a hint.

    Examples
    --------
    >>> check_limits((0.0, 1000.0), [0.0] * 500 + [1.0] * 500)
    'Right. Of 100 such intervals about 95 should hold the true rate, if nothing else is wrong.'
    """
    low, high = _pair(answer, ("low", "high"))
    draws = 1000 * np.asarray(draws, float)
    wanted = np.quantile(draws, [0.025, 0.975])
    spread = max(wanted[1] - wanted[0], 1e-9)

    def is_(values, scale=1.0):
        return np.allclose([low * scale, high * scale], values, atol=max(TOLERANCE, 0.01 * spread), rtol=0)

    if is_(wanted):
        return Right("Right. Of 100 such intervals about 95 should hold the true rate, if nothing else is wrong.")
    if low > high:
        raise NotYet("Your lower limit is above the upper one: exchange them.")
    if is_(wanted, 1000):
        raise NotYet("The right limits of hits per token. Multiply by 1,000, as everywhere.")
    if is_(np.quantile(draws, [0.05, 0.95])):
        raise NotYet("Between these lie 90 of 100 draws. For 95 leave out half of the remaining 5 at each end.")
    if is_([draws.min(), draws.max()]):
        raise NotYet(
            "These are the smallest and the largest draw, and grow with the number of draws. Leave out the ends."
        )
    if is_([draws.mean() - draws.std(), draws.mean() + draws.std()]):
        raise NotYet("Mean and standard deviation leave out about a third. Use quantiles of the draws themselves.")
    if is_(np.quantile(draws, [0.25, 0.75])):
        raise NotYet("Between these lies half of the draws. The quantiles of 95 per cent lie further out.")
    raise NotYet(
        "Not these. np.quantile(draws, [a, b]) gives both at once: which a and b leave out 2.5 in 100 on each side?"
    )


def check_ceiling(answer, n_tokens: int) -> Right:
    """Look at the highest rate per 1,000 tokens that a silence in so many tokens allows.

    Parameters
    ----------
    answer : number
        By the rule of three, or exact.
    n_tokens : int
        Length of the silent text.

    Raises
    ------
    AnswerMissing, NotYet
        "There is no answer yet. …", or a hint.

    Examples
    --------
    >>> check_ceiling(3, 1000)
    'Right. Silence is not absence: so much may have been there and not shown itself.'
    """
    given = _number(answer)
    if any(abs(given - 1000 * three / n_tokens) < TOLERANCE for three in (3, -math.log(0.05), -math.log(0.025))):
        return Right("Right. Silence is not absence: so much may have been there and not shown itself.")
    if given == 0:
        raise NotYet("Nought is the rate that was seen. Asked for is the highest rate that could still look like this.")
    if abs(given - 3 / n_tokens) < 1e-3 * TOLERANCE:
        raise NotYet("That is per token. Rates here are per 1,000 tokens.")
    if abs(given - 1000 / n_tokens) < TOLERANCE:
        raise NotYet("That is one hit in so many tokens. The rule says three.")
    if abs(given - n_tokens / 3) < 1:
        raise NotYet("Upside down: three divided by the tokens.")
    raise NotYet("Not yet. The rule of three: no hit in n tokens allows up to 3 / n. Then go from one token to 1,000.")


def check_comparisons(answer, contrasts: pd.DataFrame, level: float = 0.05) -> Right:
    """Look at how many comparisons pass the level before and after they are adjusted for their number.

    Parameters
    ----------
    answer : pair of numbers, or dict with before and after
        Rows at or under the level by p, and by p_adjusted.
    contrasts : DataFrame
        From `themes.theme_contrasts`.
    level : float
        The level.

    Raises
    ------
    AnswerMissing, NotYet
        "There is no answer yet. …", or a hint.

    Examples
    --------
    >>> check_comparisons((2, 1), pd.DataFrame({"p": [0.01, 0.04], "p_adjusted": [0.02, 0.08]}))
    'Right. Who looks often enough finds something; the adjustment takes that back.'
    """
    before, after = _pair(answer, ("before", "after"))
    wanted = (contrasts["p"] <= level).sum(), (contrasts["p_adjusted"] <= level).sum()
    if (before, after) == wanted:
        return Right("Right. Who looks often enough finds something; the adjustment takes that back.")
    if (after, before) == wanted:
        raise NotYet("Exchanged: adjusting never makes a p-value smaller.")
    n = len(contrasts)
    if (before, after) == (n - wanted[0], n - wanted[1]):
        raise NotYet("You counted those that do not pass. Small p-values are the ones that speak.")
    if before == wanted[0]:
        raise NotYet("Before is right. For after, ask the same of the column p_adjusted.")
    if after == wanted[1]:
        raise NotYet("After is right. For before, ask the same of the column p.")
    raise NotYet(
        f"Count the rows in which p is at most {level}, then those in which p_adjusted is. (column <= level).sum()"
    )


def check_robustness(answer, specifications: pd.DataFrame, claim: str) -> Right:
    """Look at the share of the ways of measuring in which a claim holds.

    Parameters
    ----------
    answer : number
        Share from 0 to 1, or per cent.
    specifications : DataFrame
        From `claims.multiverse`.
    claim : str
        Id of the claim.

    Raises
    ------
    AnswerMissing, NotYet
        "There is no answer yet. …", or a hint.

    Examples
    --------
    >>> table = pd.DataFrame({"claim": ["x", "x"], "holds": [True, False], "agrees": [True, True]})
    >>> check_robustness("50 %", table, "x")
    'Right. This number is about the choices of the analyst, not about the texts.'
    """
    given = _share(answer)
    own = specifications[specifications["claim"] == claim]
    wanted = own["holds"].astype(float).mean()
    if abs(given - wanted) < 0.006:
        return Right("Right. This number is about the choices of the analyst, not about the texts.")
    if _raw_number(answer) == own["holds"].sum():
        raise NotYet("That is their number. Divide it by all ways that were tried.")
    if abs(given - (1 - wanted)) < 0.006:
        raise NotYet("That is the share in which the claim fails.")
    if abs(given - specifications["holds"].astype(float).mean()) < 0.006:
        raise NotYet("That is the share over all claims together. Keep the rows of this one first.")
    if abs(given - own["agrees"].astype(float).mean()) < 0.006:
        raise NotYet(
            "In so many the difference has the right sign. Asked for is where it also holds: the column “holds”."
        )
    raise NotYet("Not yet. Keep the rows of this claim; the mean of a column of True and False is a share.")


def _require(answer) -> None:
    if answer is ... or answer is None or (isinstance(answer, str) and answer.strip() in ("", "...", "…")):
        raise AnswerMissing
    if isinstance(answer, list | tuple) and (not answer or any(value is ... for value in answer)):
        raise AnswerMissing
    if isinstance(answer, Mapping) and (not answer or any(value is ... for value in answer.values())):
        raise AnswerMissing


def _listed(answer) -> list:
    if isinstance(answer, pd.DataFrame) or not isinstance(answer, Iterable):
        raise NotYet(f"Give a list, in square brackets; this is a {type(answer).__name__}.")
    return list(answer)


def _raw_number(answer) -> float:
    _require(answer)
    if isinstance(answer, pd.DataFrame | pd.Series | np.ndarray | list | tuple):
        values = np.ravel(np.asarray(answer, dtype=object))
        if len(values) != 1:
            raise NotYet(f"Asked for is one number; these are {len(values)}.")
        answer = values[0]
    if isinstance(answer, str):
        answer = answer.strip().removesuffix("%").strip().replace(",", "")
    value = pd.to_numeric(answer, errors="coerce") if not isinstance(answer, Mapping | set) else math.nan
    if not np.isscalar(value) or math.isnan(value):
        raise NotYet("Asked for is one number.")
    return float(value)


def _number(answer) -> float:
    value = _raw_number(answer)
    if isinstance(answer, str) and answer.strip().endswith("%"):
        raise NotYet("Asked for is a number, not per cent.")
    return value


def _share(answer) -> float:
    value = _raw_number(answer)
    in_percent = isinstance(answer, str) and answer.strip().endswith("%")
    value = value / 100 if in_percent or value > 1 else value
    if not 0 <= value <= 1:
        raise NotYet("A share lies between 0 and 1 (or 0 and 100 per cent).")
    return value


def _pair(answer, names: tuple[str, str]) -> tuple:
    _require(answer)
    if isinstance(answer, pd.Series) and not set(names) <= set(answer.index):
        answer = list(answer)
    if isinstance(answer, Mapping | pd.Series):
        missing = [name for name in names if name not in answer]
        if missing:
            raise NotYet(f"“{missing[0]}” is missing: give both {names[0]} and {names[1]}.")
        answer = [answer[name] for name in names]
    values = _listed(answer) if not isinstance(answer, str) else [answer]
    if len(values) != 2:
        raise NotYet(f"Give two numbers, {names[0]} first and {names[1]} second.")
    return values[0] if isinstance(values[0], str) else _raw_number(values[0]), (
        values[1] if isinstance(values[1], str) else _raw_number(values[1])
    )


def _by_case(answer, cases: list, *, numbers: bool = True) -> dict:
    """The answer for each case, from a dictionary, a Series or a list in their order."""
    _require(answer)
    if isinstance(answer, pd.Series):
        answer = dict(answer) if set(answer.index) & set(cases) else list(answer)
    if isinstance(answer, Mapping):
        keys = {str(key).strip().lower(): value for key, value in answer.items()}
        missing = [case for case in cases if str(case).lower() not in keys]
        if missing:
            raise NotYet(f"“{missing[0]}” has no answer yet. Give one for each of: {', '.join(map(str, cases))}.")
        values = [keys[str(case).lower()] for case in cases]
    else:
        values = _listed(answer.split(",") if isinstance(answer, str) else answer)
    if len(values) != len(cases):
        raise NotYet(f"{len(values)} answers for {len(cases)}: give one for each of {', '.join(map(str, cases))}.")
    for value in values:
        _require(value)
    return dict(zip(cases, [int(_number(value)) for value in values] if numbers else values, strict=True))


def _plain_name(name) -> str:
    """A document's name without what is only writing: “Lee 2023”, lee_2023 and “lee 2023 ” are the same."""
    words = re.findall(r"[a-z]+|[0-9]+", str(name).lower().replace("et al", ""))
    return " ".join(words)


def _whole_numbers(answer) -> set[int]:
    _require(answer)
    values = (
        [answer] if isinstance(answer, Number) else _listed(answer.split(",") if isinstance(answer, str) else answer)
    )
    numbers = pd.to_numeric(pd.Series(values, dtype=object), errors="coerce")
    if numbers.isna().any() or (numbers % 1 != 0).any():
        raise NotYet("Give a list of whole numbers, such as [1, 2].")
    return set(numbers.astype(int))


@cache
def _word_facts() -> tuple[pd.Series, pd.Series]:
    corpus = _practice()
    return _added(corpus.counts[corpus.counts["term"] == WORD]), corpus.documents["n_tokens"].astype(float)


def _added(rows) -> pd.Series:
    return rows.groupby("doc_id")["count"].sum().reindex(_practice().documents.index, fill_value=0).astype(float)


def _sizes(rows) -> pd.Series:
    return rows.groupby("doc_id").size().reindex(_practice().documents.index, fill_value=0).astype(float)


def _by_document(answer, documents: pd.Index, missing: float) -> pd.Series:
    _require(answer)
    labels = {label: doc_id for doc_id, label in _practice().documents["label"].items()}
    if isinstance(answer, pd.DataFrame):
        table = answer.set_index("doc_id") if "doc_id" in answer.columns else answer
        numeric = table.select_dtypes("number")
        if numeric.shape[1] == 0:
            raise NotYet("The table has no column of numbers.")
        named = [name for name in ("per_1000", "rate", "rates", "count") if name in numeric.columns]
        answer = numeric[named[0]] if named else numeric.iloc[:, -1]
    if isinstance(answer, Number):
        raise NotYet("This is one number. Asked for is one for each document.")
    if isinstance(answer, Mapping):
        answer = pd.Series(dict(answer), dtype=object)
    if isinstance(answer, pd.Series):
        if isinstance(answer.index, pd.MultiIndex):
            raise NotYet("There is more than one row a document. Group by doc_id, then add up.")
        names = [labels.get(name, name) for name in answer.index]
        if set(names) & set(documents):
            answer = pd.Series(answer.to_numpy(), index=names)
            unknown = [name for name in names if name not in documents]
            if unknown:
                raise NotYet(f"“{unknown[0]}” is not a document of this corpus.")
            if answer.index.has_duplicates:
                raise NotYet("A document stands there more than once. Group by doc_id, then add up.")
            answer = answer.reindex(documents)
            return pd.to_numeric(answer, errors="coerce").fillna(missing).astype(float)
    values = _listed(answer)
    if len(values) != len(documents):
        raise NotYet(
            f"{len(values)} values for {len(documents)} documents: name the documents, or give all in their order."
        )
    return (
        pd.to_numeric(pd.Series(values, index=documents, dtype=object), errors="coerce").fillna(missing).astype(float)
    )


def _near(given: pd.Series, wanted: pd.Series) -> bool:
    return bool(np.allclose(given, wanted, atol=TOLERANCE, rtol=0.002))


def _match(given: pd.Series, wanted: pd.Series, cases: dict[str, pd.Series]) -> None:
    """Stop with the remark of the first case that the answer is like, where that differs from the right one."""
    for remark, values in cases.items():
        usual = values.notna() & np.isfinite(values)
        tight = 1e-6 + 0.006 * values[usual].abs()
        if (
            usual.any()
            and ((given[usual] - values[usual]).abs() <= tight).all()
            and not _near(values.fillna(0), wanted)
        ):
            raise NotYet(remark)


def _name_wrong(given: pd.Series, wanted: pd.Series, what: str) -> None:
    wrong = [name for name in wanted.index if abs(given[name] - wanted[name]) > TOLERANCE + 0.002 * abs(wanted[name])]
    if len(wrong) == 1:
        raise NotYet(f"Nearly: all but one of the {what} are right. Look again at {wrong[0]}.")
    raise NotYet(f"{len(wrong)} of {len(wanted)} {what} are not right yet. Work out one of them by hand: {wrong[0]}.")
