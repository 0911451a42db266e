"""A study opens on what people have, shows itself as a card, and leads from each number to its sentences."""

import re

import pandas as pd
import pytest

import crossread as cr
from crossread.errors import CrossreadError

LEXICON = {"cost": ["cost*", "pay*"]}
TEXTS = {"a": "Allies pay. They talk.", "b": "Costs rise."}


@pytest.mark.parametrize(
    "source",
    [
        TEXTS,
        pd.Series(TEXTS),
        pd.DataFrame({"doc_id": list(TEXTS), "body": list(TEXTS.values())}),
        cr.from_texts(TEXTS),
    ],
    ids=["dict", "series", "frame", "corpus"],
)
def test_a_study_opens_on_what_people_have(source):
    assert cr.study(source, lexicon=LEXICON).rates()["count"].tolist() == [1, 1]


def test_other_columns_of_a_table_describe_the_documents():
    frame = pd.DataFrame({"doc_id": ["a", "b"], "body": ["Allies pay.", "Costs rise."], "party": ["red", "blue"]})
    assert cr.study(frame, lexicon=LEXICON).documents["party"].tolist() == ["red", "blue"]


def test_what_cannot_be_opened_says_what_can():
    with pytest.raises(
        cr.CrossreadError, match="There is no corpus “nowhere”. Corpora here: alliances, parties, practice"
    ):
        cr.study("nowhere")
    with pytest.raises(cr.CrossreadError, match="No column “words” in this table. It has: doc_id, body"):
        cr.study(pd.DataFrame({"doc_id": ["a"], "body": ["x"]}), text="words")
    with pytest.raises(cr.CrossreadError, match="This table has no column of text"):
        cr.study(pd.DataFrame({"n": [1]}))


def test_rooms_are_there_and_a_wrong_name_leads_to_them():
    assert cr.measure.theme_rates and cr.charts and "topics" in dir(cr)
    with pytest.raises(AttributeError, match=re.escape("Its rooms: charts, corpus, lexicon, measure, topics")):
        cr.themes  # noqa: B018


def test_the_card_tells_and_gives_no_sentence_away():
    study = cr.study("practice")
    card = study._repr_html_()
    assert "7: " in card and "texts attached" in card and "coded" in card
    assert not any(text in card for text in study.sentences["text"] if len(text) > 40)
    assert "published counts, without the texts" in repr(cr.study("alliances", texts=False))
    assert "nobody yet" in repr(cr.study(TEXTS, lexicon=LEXICON))


def test_an_answer_is_computed_once_and_asked_by_its_arguments(monkeypatch):
    study, asked = cr.study(TEXTS, lexicon=LEXICON), []
    real = cr.measure.theme_contrasts
    monkeypatch.setattr(cr.measure, "theme_contrasts", lambda *a, **o: asked.append(o) or real(*a, **o))
    study.contrasts("share"), study.contrasts(), study.contrasts("per_1000")
    assert [one["quantity"] for one in asked] == ["share", "per_1000"]


@pytest.mark.parametrize(
    "corpus, theme, doc_id", [("practice", "rival_rise", "marsh_2031"), ("alliances", "china_rise", "lee_2023")]
)
def test_reading_by_sense_document_and_row(corpus, theme, doc_id, request):
    study = cr.study(request.getfixturevalue("alliances_with_texts") if corpus == "alliances" else corpus)
    every, one = study.read(theme), study.read(theme, doc_id)
    assert set(every["doc_id"]) > set(one["doc_id"]) == {doc_id}
    assert one["marked_text"].str.contains("⟦").all()
    if corpus == "alliances":
        without = cr.study(corpus, texts=False).read(theme, doc_id)
        assert without["sentence_id"].tolist() == one["sentence_id"].tolist() and "text" not in without
    with pytest.raises(cr.CrossreadError, match="No document “lee”. There are: "):
        study.read(theme, "lee")
    with pytest.raises(cr.CrossreadError, match="No theme or sense “china”. There are: "):
        study.read("china")


def test_a_sense_is_found_by_its_last_part():
    lexicon = {"burden.money": ["cost*"], "burden.other": ["base*"], "rise.other": ["grow*"]}
    study = cr.study({"a": "Costs grow. Bases close."}, lexicon=lexicon)
    assert (
        study.read("money")["sentence_id"].tolist() == study.read("burden.money")["sentence_id"].tolist() == ["a-001"]
    )
    with pytest.raises(cr.CrossreadError, match="called “other”: name one of burden.other and rise.other"):
        study.read("other")


def test_an_answer_opens_where_it_counts_most_and_marks_its_own_words(alliances_with_texts):
    study = cr.study(alliances_with_texts)
    named = study.architectures()
    most = named.frame["sentences"].idxmax()
    assert named.read()["sentence_id"].tolist() == named.read(most)["sentence_id"].tolist() and most > 0
    assert study.keyness().read()["sentence_id"].tolist() == study.keyness().read(0)["sentence_id"].tolist()
    topics = study.topics(3)
    marked = set(re.findall("⟦(.*?)⟧", " ".join(topics.read(1)["marked_text"])))
    terms = topics.frame["terms"].iloc[0].lower()
    assert "security" in terms and "security" in marked
    assert "public expectations" not in marked, "what the lexicon finds is another question"


def test_sections_with_text_stand_under_their_titles():
    from crossread.measure import locate_sections, read_titles

    study = cr.study("alliances", texts=False)
    placed = locate_sections(study.sentences, read_titles(study.corpus))
    assert placed.loc[placed["doc_id"] == "harold_2019", "heading"].tolist() == ["Research Questions", "Key Findings"]
    assert "Alliance Costs and Benefits" in placed["heading"].tolist()


def test_a_row_of_a_saved_figure_leads_back_to_its_sentences(own_figures, monkeypatch):
    from crossread.charts import figures

    study = cr.study("practice")
    rates = study.rates()
    rates.save(1)
    monkeypatch.setattr(figures, "PUBLISHED", own_figures)
    row = int(rates.frame["count"].to_numpy().argmax())
    assert study.why("fig-01", row + 1).index.tolist() == rates.sentences(row).tolist()
    with pytest.raises(cr.CrossreadError, match="No figure begins with “fig-77”"):
        study.why("fig-77", 1)
    with pytest.raises(cr.CrossreadError, match="fig-01-rates has .* rows, not 9999"):
        study.why("fig-01", 9999)
    rates.save("fig-01-rates-again")
    with pytest.raises(cr.CrossreadError, match="Several figures begin with “fig-01”: fig-01-rates, fig-01-rates"):
        study.why("fig-01", 1)
    assert study.why("fig-01-rates", row + 1).index.tolist() == rates.sentences(row).tolist()


def test_the_sentences_behind_an_answer_are_opened_without_naming_a_row():
    study = cr.study("practice")
    asked = ("rates", "senses", "contrasts", "omnibus", "trends", "places", "measured", "errors", "claims", "curve")
    for question in asked:
        assert len(getattr(study, question)().read()), question
    five = cr.study("alliances", texts=False)
    opened = five.marked().read().finding  # the cell in which most were marked
    assert opened == "Wesley 2017, Guarantee and credibility: 33 sentences in Wesley 2017."
    opened = five.keyness().read().finding  # five of these sentences hold the word: which ones only the text can tell
    assert opened == "Tow & Envall 2011, multilateral, the passages with it: 9 sentences in Tow & Envall 2011."
    readings = five.readings.table
    assert len(readings.read()) == len(str(readings["sentences"].replace("", None).dropna().iloc[0]).split())


def test_texts_without_a_folder_say_how_actors_are_given_to_them():
    texts = {"a": "Japan pays. Japan and China talk. China and Japan pay. " * 4, "b": "The sea is cold. Nobody talks."}
    study = cr.study(texts, lexicon=LEXICON)
    with pytest.raises(CrossreadError, match=r"has no actors of its own yet\. Give some: study\.actors\(\{"):
        study.actors()
    with pytest.raises(CrossreadError, match="has no architectures of its own yet. They are written into the folder"):
        study.architectures()
    named = study.actors({"japan": ["Japan"], "china": ["China"]}).frame
    assert named[["actor_a", "actor_b"]].to_numpy().tolist() == [["japan", "china"]]


def test_the_row_of_a_sense_is_found_by_its_last_part():
    marked = cr.study("alliances", texts=False).marked()
    behind = marked.sentences(("harold_2019", "ties"))
    assert len(behind) > 0 and behind.equals(marked.sentences(("harold_2019", "multilateralism.ties")))
    with pytest.raises(CrossreadError, match="No row has theme “tie”"):
        marked.sentences(("harold_2019", "tie"))
