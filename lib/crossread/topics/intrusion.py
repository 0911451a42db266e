"""Three tests for people: which word, which set of words, which topic does not belong? With chance and interval."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crossread.corpus import Corpus
from crossread.corpus.tables import check_columns
from crossread.errors import CrossreadError
from crossread.topics.models import TopicModel, top_terms
from crossread.topics.quality import passages_of
from crossread.wording import Labels, join_sentences, number_of, number_text

INTRUSION_QUESTIONS = ("question", "topic", "choices", "intruder")
INTRUSION_SCORES = ("test", "answered", "correct", "share", "low", "high", "chance", "p")
SHOWN = 5
OF_A_SET, SETS, DRAWN_FROM = 4, 3, 20  # words of a set, sets of the topic, top terms that they are drawn from
HARDLY = 0.05  # share below which a segment hardly has a topic


def word_intrusion(model: TopicModel, *, per_topic: int = 1, seed: int = 0) -> pd.DataFrame:
    """Make questions: five of a topic's top words, and one that is common in another topic and rare in this one.

    Parameters
    ----------
    model : TopicModel
        At least two topics.
    per_topic : int
        Questions for each topic.
    seed : int
        Seed of the words shown and of their order.

    Returns
    -------
    DataFrame
        question (from 1), topic (from 1), choices (six words, separated by " | "), intruder (the one that was put in:
        hide this column from whoever answers).

    Raises
    ------
    CrossreadError
        "An intruder is, or comes from, another topic: fit at least two topics."

    Notes
    -----
    Chang, Boyd-Graber, Gerrish, Wang & Blei 2009, "Reading tea leaves", NIPS 22, section 3.1.

    Examples
    --------
    >>> from scipy import sparse
    >>> from crossread.topics import fit_topics
    >>> model = fit_topics(sparse.csr_matrix(np.kron(np.eye(2, dtype=int), np.ones((3, 11), dtype=int))), 2)
    >>> questions = word_intrusion(model, seed=1)
    >>> [len(choices.split(" | ")) for choices in questions["choices"]]
    [6, 6]
    """
    _check_topics(model)
    generator = np.random.default_rng(seed)
    order = top_terms(model.topic_term, len(model.terms))
    rank = np.argsort(order, axis=1, kind="stable")
    rows = []
    for topic in range(model.k):
        terms_of_topic = order[topic, : 2 * SHOWN]
        elsewhere = np.unique(np.delete(order, topic, axis=0)[:, : 2 * SHOWN])
        elsewhere = elsewhere[rank[topic, elsewhere] >= len(model.terms) // 2]
        for _ in range(per_topic if len(elsewhere) else 0):
            shown = generator.choice(terms_of_topic, min(SHOWN, len(terms_of_topic)), replace=False)
            intruder = generator.choice(elsewhere)
            choices = generator.permutation([*shown, intruder])
            rows.append((len(rows) + 1, topic + 1, " | ".join(model.terms[choices]), model.terms[intruder]))
    return pd.DataFrame(rows, columns=list(INTRUSION_QUESTIONS))


def word_set_intrusion(model: TopicModel, *, per_topic: int = 1, seed: int = 0) -> pd.DataFrame:
    """Make questions: three sets of four words from one topic, and one set from another.

    A single word can be told by its rarity or by its kind; a set asks whether the topic has a meaning that holds across
    its words.

    Parameters
    ----------
    model : TopicModel
        At least two topics.
    per_topic : int
        Questions for each topic.
    seed : int
        Seed of the words drawn and of their order.

    Returns
    -------
    DataFrame
        As of `word_intrusion`: each choice is four words, joined by ", ". Words are drawn from the twenty heaviest of
        the topic, by their weight and each but once; the intruding set from those of another topic that are not among
        them.

    Raises
    ------
    CrossreadError
        "An intruder is, or comes from, another topic: fit at least two topics."

    Notes
    -----
    Ying, Montgomery & Stewart 2022, "Topics, concepts, and measurement: a crowdsourced procedure for validating topics
    as measures", Political Analysis 30, 570-589: random four-word-set intrusion.

    Examples
    --------
    >>> from scipy import sparse
    >>> from crossread.topics import fit_topics
    >>> model = fit_topics(sparse.csr_matrix(np.kron(np.eye(2, dtype=int), np.ones((3, 20), dtype=int))), 2)
    >>> questions = word_set_intrusion(model, seed=1)
    >>> [len(choice.split(", ")) for choice in questions.loc[0, "choices"].split(" | ")]
    [4, 4, 4, 4]
    """
    _check_topics(model)
    generator = np.random.default_rng(seed)
    tops = top_terms(model.topic_term, min(DRAWN_FROM, len(model.terms)))
    rows = []
    for topic in range(model.k):
        for _ in range(per_topic):
            other = generator.choice(np.delete(np.arange(model.k), topic))
            sets_of_topic = _draw(generator, model, topic, tops[topic], OF_A_SET * SETS)
            strange = _draw(generator, model, other, np.setdiff1d(tops[other], tops[topic]), OF_A_SET)
            if len(sets_of_topic) < OF_A_SET * SETS or len(strange) < OF_A_SET:
                continue
            sets = [", ".join(model.terms[part]) for part in [*np.split(sets_of_topic, SETS), strange]]
            choices = " | ".join(sets[place] for place in generator.permutation(len(sets)))
            rows.append((len(rows) + 1, topic + 1, choices, sets[-1]))
    return pd.DataFrame(rows, columns=list(INTRUSION_QUESTIONS))


def _draw(generator, model: TopicModel, topic: int, terms: np.ndarray, n: int) -> np.ndarray:
    """Draw n of some terms by their weight in a topic, or as many as have any."""
    weights = np.round(model.topic_term[topic, terms], 9)
    terms, weights = terms[weights > 0], weights[weights > 0]
    return (
        generator.choice(terms, min(n, len(terms)), replace=False, p=weights / weights.sum()) if len(terms) else terms
    )


def topic_intrusion(
    model: TopicModel, corpus: Corpus | None = None, *, questions: int = 10, seed: int = 0
) -> pd.DataFrame:
    """Make questions: a segment, its strongest topics, and one that it hardly has.

    Parameters
    ----------
    model : TopicModel
        At least two topics.
    corpus : Corpus, optional
        What the model was fitted to, so that the passage can be read above the question.
    questions : int
        Segments drawn, from those that have a clearly weakest topic.
    seed : int
        Seed of the draw and of the order.

    Returns
    -------
    DataFrame
        question (from 1), doc_id, segment (-1 where the unit is a whole document), choices (four topics, or
        as many as there are, each shown as "number: five words", separated by " | "), intruder (hide this column);
        with a corpus also passage (its text when attached, else which sentences to read), which the widget shows.

    Raises
    ------
    CrossreadError
        "An intruder is, or comes from, another topic: fit at least two topics."

    Notes
    -----
    Chang et al. 2009, section 3.2.

    Examples
    --------
    >>> from scipy import sparse
    >>> from crossread.topics import fit_topics
    >>> model = fit_topics(sparse.csr_matrix(np.kron(np.eye(2, dtype=int), np.ones((3, 5), dtype=int))), 2)
    >>> questions = topic_intrusion(model, questions=1)
    >>> questions.loc[0, ["choices", "intruder"]].tolist()
    ['1: term_00 term_01 term_02 term_03 term_04 | 2: term_05 term_06 term_07 term_08 term_09', '1: term_00 term_01
    term_02 term_03 term_04']
    """
    _check_topics(model)
    generator = np.random.default_rng(seed)
    words = model.terms[top_terms(model.topic_term, SHOWN)]
    names = [f"{i + 1}: {' '.join(own)}" for i, own in enumerate(words)]
    segments = model.segments
    clear = np.lexsort((segments, model.units["doc_id"]))  # the same draw in any order of the documents
    clear = clear[np.nan_to_num(model.shares[clear], nan=1.0).min(1) < HARDLY]
    rows = []
    for unit in generator.permutation(clear):
        order = np.argsort(-np.round(model.shares[unit], 9), kind="stable")
        shown = min(3, model.k - 1)
        low = order[shown:][model.shares[unit, order[shown:]] < HARDLY]
        if len(rows) == questions or not len(low):
            continue
        intruder = generator.choice(low)
        choices = generator.permutation([*order[:shown], intruder])
        rows.append((len(rows) + 1, model.units["doc_id"].iloc[unit], int(segments[unit]),
                     " | ".join(names[i] for i in choices), names[intruder]))  # fmt: skip
    table = pd.DataFrame(rows, columns=["question", "doc_id", "segment", "choices", "intruder"])
    if corpus is None or table.empty:
        return table
    passages = passages_of(corpus, model, table)
    read = "Read the sentences " + passages["first"] + " to " + passages["last"] + "."
    return table.assign(passage=passages.get("text", read))


def _check_topics(model: TopicModel) -> None:
    if model.k < 2:
        raise CrossreadError("An intruder is, or comes from, another topic: fit at least two topics.")


def describe_intrusion(table: pd.DataFrame, labels: Labels) -> str:
    """Say what is asked, and what guessing would find."""
    if table.empty:
        return "There is nothing to ask: the topics share their words, or no passage clearly lacks one."
    chance = (1 / (table["choices"].str.count(r" \| ") + 1)).mean()
    asked = f"{number_of(len(table), 'question')}: which choice does not belong"
    return join_sentences(
        [asked, f"guessing is right once in {number_text(1 / chance)} on average".replace(".0 ", " ")]
    )


def score_intrusion(questions: pd.DataFrame, answers: pd.Series, test: str = "word intrusion") -> pd.DataFrame:
    """Score answers with an interval, beside what guessing would give.

    Parameters
    ----------
    questions : DataFrame
        From `word_intrusion`, `word_set_intrusion` or `topic_intrusion`.
    answers : Series
        Index question, values the choice that was taken for the intruder; unanswered questions are left out.
    test : str
        Name of the row.

    Returns
    -------
    DataFrame
        One row: test, answered, correct, share (of the answered, 0 to 1), low, high (95 per cent limits, Clopper &
        Pearson 1934, exact), chance (1 / choices), p (chance of as many correct by guessing, one-sided).

    Raises
    ------
    CrossreadError
        "No question was answered yet.", "The answers name question 9, which was not asked."

    Examples
    --------
    >>> questions = pd.DataFrame({"question": [1, 2], "topic": [1, 2], "choices": ["a | b", "c | d"],
    ...                           "intruder": ["a", "d"]})
    >>> score_intrusion(questions, pd.Series({1: "a", 2: "d"})).round(3).values.tolist()
    [['word intrusion', 2, 2, 1.0, 0.158, 1.0, 0.5, 0.25]]
    """
    from scipy.stats import binomtest

    check_columns(questions, ("question", "choices", "intruder"), "the questions")
    by_question = questions.set_index("question")
    answers = answers.dropna()
    unknown = [number for number in answers.index if number not in by_question.index]
    if unknown:
        raise CrossreadError(f"The answers name question {unknown[0]}, which was not asked.")
    if not len(answers):
        raise CrossreadError("No question was answered yet.")
    correct = int((by_question.loc[answers.index, "intruder"] == answers).sum())
    chance = 1 / by_question["choices"].str.split(" | ", regex=False).str.len().mean()
    result = binomtest(correct, len(answers), chance, alternative="greater")
    limits = binomtest(correct, len(answers)).proportion_ci(method="exact")
    row = (test, len(answers), correct, correct / len(answers), limits.low, limits.high, chance, result.pvalue)
    return pd.DataFrame([row], columns=list(INTRUSION_SCORES))
