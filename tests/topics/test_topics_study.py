"""Topics as a study answers for them: with titles, with sentences behind each row, the same with and without texts."""

import shutil
from functools import partial

import pandas as pd
import pytest

import crossread as cr
from crossread import topics
from crossread.corpus import corpus_folder
from crossread.errors import CrossreadError
from crossread_press.publishing import publish


@pytest.fixture(scope="module")
def few_draws():
    """Let stability draw as few texts as can support anything."""
    patch = pytest.MonkeyPatch()
    patch.setattr(topics, "topic_stability", partial(topics.topic_stability, resamples=8, shuffles=19))
    yield
    patch.undo()


@pytest.fixture(scope="module")
def practice(few_draws):
    return cr.study("practice")


def test_topics_lead_to_the_sentences_that_carry_them(practice):
    table = practice.topics(4)
    assert table["topic"].tolist() == [1, 2, 3, 4] and table["verdict"].nunique() == 1
    first = table["sentences"][0].split()
    assert table.sentences(1).tolist() == table.sentences("1").tolist() == table.sentences().tolist() == first
    assert table.sentences(2).tolist() == table["sentences"][1].split()
    read = table.read(1)
    assert set(read["sentence_id"]) == set(first)
    with pytest.raises(CrossreadError, match="No row has topic “9”"):
        table.sentences(9)


def test_titles_say_what_came_out(practice):
    chosen = topics.choose_k(practice.topic_stability().frame)
    assert practice.topic_stability()._card.title == f"{chosen} topics are supported within documents"
    assert practice.topics(4)._card.title.startswith("4 topics are supported within documents")
    assert practice.topic_sections(4)._card.title.endswith("their strongest topic on the way")
    assert "lost" in practice.topic_sensitivity(4)._card.title


def test_without_a_number_there_are_as_many_as_are_supported(practice):
    assert len(practice.topics()) == topics.choose_k(practice.topic_stability().frame)


def test_a_row_of_the_sections_is_its_passage(practice):
    table = practice.topic_sections(4)
    row = table.frame.iloc[9]
    body = practice.sentences[practice.sentences["kind"] == "body"]
    passage = body[(body["doc_id"] == row["doc_id"]) & (body["segment"] == row["segment"])]
    assert table.sentences(9).tolist() == passage.index.tolist()


def test_intruders_of_three_kinds(practice):
    for test, columns in (("words", {"topic"}), ("sets", {"topic"}), ("topics", {"passage", "segment"})):
        table = practice.topic_intruders(4, test, per_topic=1)
        assert columns | {"question", "choices", "intruder"} <= set(table) and 0 < len(table) <= 4
        assert "intruder" not in repr(table).splitlines()[0]  # who answers does not see it
    with pytest.raises(CrossreadError, match="no intruder test “letters”: choose words, sets or topics"):
        practice.topic_intruders(4, "letters")


def test_published_counts_give_the_topics_of_the_texts(practice, tmp_path):
    place = tmp_path / "practice"
    shutil.copytree(corpus_folder("practice"), place)
    publish(place)
    published = cr.study(cr.load(place, texts=False))
    assert practice.corpus.attached and not published.corpus.attached
    for question in ("topics", "topic_sections", "topic_sensitivity", "topic_stability"):
        first, second = (
            getattr(study, question)(*([] if "stab" in question else [4])) for study in (practice, published)
        )
        pd.testing.assert_frame_equal(first.frame, second.frame)
        assert first.finding == second.finding
