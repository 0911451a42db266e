"""Two tests for people: which word, and which topic, does not belong? For a seminar, with chance and interval."""

import numpy as np
import pandas as pd

from crossread.errors import CrossreadError
from crossread.tables import check_columns
from crossread.topics.models import TopicModel, top_terms

INTRUSION_QUESTIONS = ("question", "topic", "choices", "intruder")
INTRUSION_SCORES = ("test", "answered", "correct", "share", "low", "high", "chance", "p")
SHOWN = 5


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
        "An intruder comes from another topic: fit at least two topics."

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
        own = order[topic, : 2 * SHOWN]
        elsewhere = np.unique(np.delete(order, topic, axis=0)[:, : 2 * SHOWN])
        elsewhere = elsewhere[rank[topic, elsewhere] >= len(model.terms) // 2]
        for _ in range(per_topic if len(elsewhere) else 0):
            shown = generator.choice(own, min(SHOWN, len(own)), replace=False)
            intruder = generator.choice(elsewhere)
            choices = generator.permutation([*shown, intruder])
            rows.append((len(rows) + 1, topic + 1, " | ".join(model.terms[choices]), model.terms[intruder]))
    return pd.DataFrame(rows, columns=list(INTRUSION_QUESTIONS))


def topic_intrusion(model: TopicModel, *, questions: int = 10, seed: int = 0) -> pd.DataFrame:
    """Make questions: a segment, its three strongest topics, and one that it hardly has.

    Parameters
    ----------
    model : TopicModel
        At least four topics.
    questions : int
        Segments drawn, from those that have a clearly weakest topic.
    seed : int
        Seed of the draw and of the order.

    Returns
    -------
    DataFrame
        question (from 1), doc_id, segment, choices (four topics, each shown as "number: five words", separated by
        " | "), intruder (hide this column). Read the segment with `nearest_segments`-like access where the text is
        attached, or in the source.

    Raises
    ------
    CrossreadError
        "Topic intrusion shows four topics: fit at least four."

    Notes
    -----
    Chang et al. 2009, section 3.2.
    """
    if model.k < 4:
        raise CrossreadError("Topic intrusion shows four topics: fit at least four.")
    generator = np.random.default_rng(seed)
    words = model.terms[top_terms(model.topic_term, SHOWN)]
    names = [f"{i + 1}: {' '.join(own)}" for i, own in enumerate(words)]
    clear = np.flatnonzero(np.nan_to_num(model.shares, nan=1.0).min(1) < 0.05)
    rows = []
    for unit in generator.choice(clear, min(questions, len(clear)), replace=False):
        order = np.argsort(-np.round(model.shares[unit], 9), kind="stable")
        low = order[model.shares[unit, order] < 0.05]
        low = low[~np.isin(low, order[:3])]
        if not len(low):
            continue
        intruder = generator.choice(low)
        choices = generator.permutation([*order[:3], intruder])
        segment = int(model.units["segment"].iloc[unit]) if "segment" in model.units else -1
        rows.append((len(rows) + 1, model.units["doc_id"].iloc[unit], segment,
                     " | ".join(names[i] for i in choices), names[intruder]))  # fmt: skip
    return pd.DataFrame(rows, columns=["question", "doc_id", "segment", "choices", "intruder"])


def _check_topics(model):
    if model.k < 2:
        raise CrossreadError("An intruder comes from another topic: fit at least two topics.")


def score_intrusion(questions: pd.DataFrame, answers: pd.Series, test: str = "word intrusion") -> pd.DataFrame:
    """Score answers with an interval, beside what guessing would give.

    Parameters
    ----------
    questions : DataFrame
        From `word_intrusion` or `topic_intrusion`.
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
    asked = questions.set_index("question")
    answers = answers.dropna()
    unknown = [number for number in answers.index if number not in asked.index]
    if unknown:
        raise CrossreadError(f"The answers name question {unknown[0]}, which was not asked.")
    if not len(answers):
        raise CrossreadError("No question was answered yet.")
    correct = int((asked.loc[answers.index, "intruder"] == answers).sum())
    chance = 1 / asked["choices"].str.split(" | ", regex=False).str.len().mean()
    result = binomtest(correct, len(answers), chance, alternative="greater")
    limits = binomtest(correct, len(answers)).proportion_ci(method="exact")
    row = (test, len(answers), correct, correct / len(answers), limits.low, limits.high, chance, result.pvalue)
    return pd.DataFrame([row], columns=list(INTRUSION_SCORES))


def intrusion_widget(questions: pd.DataFrame, texts: pd.Series | None = None):
    """Return a widget that asks the questions one by one and shows the score at the end.

    Parameters
    ----------
    questions : DataFrame
        From `word_intrusion` or `topic_intrusion`.
    texts : Series, optional
        Index question, values what is shown above the choices, such as the segment's text.

    Returns
    -------
    ipywidgets.VBox
        Its `answers` is a dict from question to the choice taken, for `score_intrusion`.

    Raises
    ------
    CrossreadError
        "There is no question to ask."
    """
    import ipywidgets

    if questions.empty:
        raise CrossreadError("There is no question to ask.")
    head = ipywidgets.HTML()
    choice = ipywidgets.RadioButtons(options=[], layout=ipywidgets.Layout(width="max-content"))
    button = ipywidgets.Button(description="This one does not belong", layout=ipywidgets.Layout(width="max-content"))
    box = ipywidgets.VBox([head, choice, button])
    box.answers = {}
    rows = list(questions.itertuples())

    def show_question():
        import html

        row = rows[len(box.answers)]
        shown = "" if texts is None else f"<p>{html.escape(str(texts.get(row.question, '')))}</p>"
        head.value = f"<b>{len(box.answers) + 1} of {len(rows)}</b>: which one does not belong?{shown}"
        choice.options, choice.value = row.choices.split(" | "), None

    def take_answer(_):
        if choice.value is None:
            return
        box.answers[rows[len(box.answers)].question] = choice.value
        if len(box.answers) < len(rows):
            show_question()
            return
        score = score_intrusion(questions, pd.Series(box.answers)).iloc[0]
        head.value = (
            f"{score.correct} of {score.answered} found: {score.share:.0%} (95 per cent limits {score.low:.0%} to "
            f"{score.high:.0%}); guessing finds {score.chance:.0%}."
        )
        choice.layout.display = button.layout.display = "none"

    button.on_click(take_answer)
    show_question()
    return box
