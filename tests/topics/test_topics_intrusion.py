"""Questions for people: one word, one set of words, one topic does not belong; scored against guessing."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from test_topics_models import planted_counts

from crossread import load, topics
from crossread.errors import CrossreadError
from crossread.topics import intrusion
from crossread.wording import Labels


@pytest.fixture(scope="module")
def model():
    return topics.fit_topics(planted_counts(), 4)


def test_word_intrusion_puts_in_one_word_of_another_topic(model):
    questions = topics.word_intrusion(model, per_topic=3, seed=2)
    assert len(questions) == 12 and questions.equals(topics.word_intrusion(model, per_topic=3, seed=2))
    top = model.terms[topics.top_terms(model.topic_term)]
    for row in questions.itertuples():
        choices = row.choices.split(" | ")
        own = top[row.topic - 1]
        assert len(set(choices)) == 6 and sum(word in own for word in choices) == 5
        assert row.intruder in choices and row.intruder not in own
    places = [row.choices.split(" | ").index(row.intruder) for row in questions.itertuples()]
    assert len(set(places)) > 2  # it is not always in the same place


def test_word_set_intrusion_puts_in_a_set_of_another_topic(model):
    questions = topics.word_set_intrusion(model, per_topic=3, seed=2)
    assert len(questions) == 12 and questions.equals(topics.word_set_intrusion(model, per_topic=3, seed=2))
    top = [set(model.terms[places]) for places in topics.top_terms(model.topic_term, 20)]
    for row in questions.itertuples():
        sets = [choice.split(", ") for choice in row.choices.split(" | ")]
        words = [word for one in sets for word in one]
        assert [len(one) for one in sets] == [4] * 4 and len(set(words)) == 16
        strange = row.intruder.split(", ")
        assert not set(strange) & top[row.topic - 1] and set(words) - set(strange) <= top[row.topic - 1]
        assert any(set(strange) <= own for own in top)
    assert len({row.choices.split(" | ").index(row.intruder) for row in questions.itertuples()}) > 2


def test_topics_of_the_same_words_make_no_sets(model):
    same = dataclasses.replace(model, topic_term=model.topic_term[[0, 0]], shares=model.shares[:, :2])
    questions = topics.word_set_intrusion(same)
    assert questions.empty and list(questions) == list(topics.INTRUSION_QUESTIONS)
    assert intrusion.describe_intrusion(questions, Labels()).startswith("There is nothing to ask")


def test_topic_intrusion_puts_in_a_topic_that_the_segment_lacks():
    model = topics.fit_topics(planted_counts(), 5, "lda")
    questions = topics.topic_intrusion(model, questions=5, seed=1)
    assert len(questions) == 5
    for row in questions.itertuples():
        unit = (model.units["doc_id"] == row.doc_id) & (model.units["segment"] == row.segment)
        shown = [int(choice.split(":")[0]) - 1 for choice in row.choices.split(" | ")]
        assert len(set(shown)) == 4
        assert model.shares[unit.to_numpy()][0, int(row.intruder.split(":")[0]) - 1] < 0.05
    reversed_units = model.units[::-1].reset_index(drop=True)
    other = dataclasses.replace(model, shares=model.shares[::-1], units=reversed_units)
    pd.testing.assert_frame_equal(questions, topics.topic_intrusion(other, questions=5, seed=1))


@pytest.mark.parametrize(("k", "shown"), [(2, 2), (3, 3), (5, 4)])
def test_topic_intrusion_shows_as_many_topics_as_there_are(k, shown):
    model = topics.fit_topics(planted_counts(purity=0.9), k, "lda")
    questions = topics.topic_intrusion(model, questions=4)
    assert len(questions) == 4 and questions["choices"].str.split(" | ", regex=False).str.len().eq(shown).all()


def test_one_topic_has_no_intruder():
    alone = topics.fit_topics(planted_counts(), 1)
    for test in (topics.word_intrusion, topics.word_set_intrusion, topics.topic_intrusion):
        with pytest.raises(CrossreadError, match="at least two topics"):
            test(alone)


def test_topic_intrusion_shows_the_passage_or_says_where_it_is():
    practice = load("practice")
    model = topics.fit_topics(practice, 4)
    questions = topics.topic_intrusion(model, practice, questions=3)
    body = practice.sentences[practice.sentences["kind"] == "body"]
    row = questions.iloc[0]
    passage = body[(body["doc_id"] == row["doc_id"]) & (body["segment"] == row["segment"])]
    assert row["passage"] == " ".join(passage["text"])
    published = load("alliances", texts=False)
    questions = topics.topic_intrusion(topics.fit_topics(published, 3), published, questions=1)
    body = published.sentences[published.sentences["kind"] == "body"]
    row = questions.iloc[0]
    passage = body[(body["doc_id"] == row["doc_id"]) & (body["segment"] == row["segment"])]
    assert row["passage"] == f"Read the sentences {passage.index[0]} to {passage.index[-1]}."


def test_answers_are_scored_with_an_exact_interval():
    questions = pd.DataFrame({"question": range(1, 11), "choices": "a | b | c | d | e | f", "intruder": "a"})
    answers = pd.Series({**{i: "a" for i in range(1, 8)}, 8: "b", 9: "c", 10: None})
    score = topics.score_intrusion(questions, answers).iloc[0]
    assert (score["answered"], score["correct"]) == (9, 7)
    limits = (0.399906, 0.971855)  # Clopper & Pearson for 7 of 9
    assert (score["low"], score["high"]) == pytest.approx(limits, abs=1e-6)
    assert score["chance"] == pytest.approx(1 / 6) and score["p"] < 0.001
    said = intrusion.describe_intrusion(questions, Labels())
    assert said == "10 questions: which choice does not belong. Guessing is right once in 6 on average."
    with pytest.raises(CrossreadError, match="question 99"):
        topics.score_intrusion(questions, pd.Series({99: "a"}))
    with pytest.raises(CrossreadError, match="No question was answered"):
        topics.score_intrusion(questions, pd.Series({1: None}))


def test_a_segment_that_every_topic_fits_is_not_asked_about(model):
    shares = np.full_like(model.shares, 1 / model.k)
    shares[1] = np.eye(model.k)[0]
    questions = topics.topic_intrusion(dataclasses.replace(model, shares=shares), questions=5)
    assert questions["doc_id"].tolist() == [model.units["doc_id"].iloc[1]]


def test_a_topic_that_a_segment_has_some_of_is_no_intruder():
    fitted = topics.fit_topics(planted_counts(), 5)
    shares = np.tile([0.4, 0.3, 0.2, 0.08, 0.02], (len(fitted.shares), 1))
    questions = topics.topic_intrusion(dataclasses.replace(fitted, shares=shares), questions=12)
    assert len(questions) == 12 and questions["intruder"].str.startswith("5:").all()
