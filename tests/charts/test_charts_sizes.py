"""Every chart at one, five, thirty and three hundred documents: nothing runs out of the picture or covers another."""

import pandas as pd
import pytest

from crossread.charts import actors, corpus, places, proximity, senses, terms, themes, topics
from crossread.errors import CrossreadError

TITLE = "“Multilateralism” is counted most in Author & Author 2000 (8 of 9 sentences) and “China's rise” in another"
KEYS = ("cost.money", "cost.effort", "rise_named", "rise.power", "rise.conduct")

DRAWN = {
    "senses": lambda toys, n, given: senses.plot_senses(toys.rates(n, KEYS), **given),
    "registers": lambda toys, n, given: senses.plot_registers(toys.rates(n, ("must", "should")), **given),
    "marks": lambda toys, n, given: senses.plot_marks(toys.marks(n), **given),
    "rates": lambda toys, n, given: themes.plot_theme_rates(toys.rates(n), **given),
    "verdicts": lambda toys, n, given: themes.plot_verdicts(toys.contrasts(n), rates=toys.rates(n), **given),
    "places": lambda toys, n, given: places.plot_places(toys.places(n), **given),
    "frequencies": lambda toys, n, given: terms.plot_frequencies(toys.frequencies(n), **given),
    "keyness": lambda toys, n, given: terms.plot_keyness(toys.keyness(n), **given),
    "spelling": lambda toys, n, given: terms.plot_spelling(toys.spelling(n), **given),
    "documents": lambda toys, n, given: corpus.plot_documents(toys.account(n), **given),
    "similarity": lambda toys, n, given: proximity.plot_similarity(toys.similarity(n), **given),
    "map": lambda toys, n, given: proximity.plot_map(toys.map(n), **given),
    "architectures": lambda toys, n, given: actors.plot_architectures(toys.mentions(n), **given),
    "deeds": lambda toys, n, given: actors.plot_deeds(toys.deeds(n), **given),
    "topic sections": lambda toys, n, given: topics.plot_topic_sections(toys.topics(n), **given),
    "topic sensitivity": lambda toys, n, given: topics.plot_topic_sensitivity(toys.changes(n), title=given["title"]),
}
LONE = (
    "senses",
    "rates",
    "verdicts",
    "places",
    "keyness",
    "topic sections",
)  # one document: nothing to compare it with
NO_NEW_FORM = {("map", 300), ("rates per 1,000", 30), ("rates per 1,000", 300)}
SIZES = [(name, n) for name in DRAWN for n in (5, 30, 300) if (name, n) not in NO_NEW_FORM]
SIZES += [(name, 1) for name in LONE]


@pytest.mark.parametrize(("name", "n"), SIZES, ids=[f"{name}-{n}" for name, n in SIZES])
def test_every_word_has_its_place(name, n, toys, reading):
    drawing = DRAWN[name](toys, n, {"documents": toys.documents(n), "title": TITLE})
    reading.assert_laid_out(drawing)
    assert TITLE in " ".join(text.get_text() for text in reading.figure_of(drawing).texts)


@pytest.mark.parametrize("name", DRAWN)
def test_an_empty_table_is_a_title_and_nothing_else(name, toys, reading):
    drawing = DRAWN[name](toys, 0, {"documents": toys.documents(0), "title": "There is nothing to draw"})
    assert reading.figure_of(drawing).texts[0].get_text() == "There is nothing to draw"
    assert reading.figure_of(drawing).get_figheight() < 2


@pytest.mark.parametrize("name", DRAWN)
def test_a_table_that_is_not_the_right_one_is_refused_by_its_columns(name, toys, monkeypatch):
    for method in ("rates", "marks", "contrasts", "places", "frequencies", "keyness", "spelling", "account",
                   "similarity", "map", "mentions", "deeds", "topics", "changes"):  # fmt: skip
        monkeypatch.setattr(toys, method, lambda *_: pd.DataFrame({"x": [1]}))
    with pytest.raises(CrossreadError, match="the columns? .* (is|are) missing"):
        DRAWN[name](toys, 2, {"documents": toys.documents(2), "title": ""})


def test_the_same_table_drawn_twice_is_the_same_bytes(toys, monkeypatch):
    from crossread.charts.figures import show_drawing

    for name in ("senses", "map"):
        images = [
            show_drawing(
                DRAWN[name](toys, 6, {"documents": toys.documents(6), "title": TITLE}), "A caption.", "Words."
            ).svg
            for _ in range(2)
        ]
        assert images[0] == images[1] and b"<svg" in images[0]
