"""Readings are filled from the counts, and a sentence that the counts no longer carry is found out."""

import pandas as pd
import pytest

import crossread as cr
from crossread.measure.readings import check_reading, fill_reading, read_readings
from crossread.wording import Labels

TOTALS = pd.Series({"a": 9, "b": 4, "c": 10})
NUMBERS = {"cost": {"a": 3, "b": 0, "c": 0}, "ally": {"a": 1, "b": 2, "c": 1}}


def counts(key, lexicon):
    return pd.Series(NUMBERS[key])


def written(tmp_path, text):
    path = tmp_path / "readings.yml"
    path.write_text(text, encoding="utf-8")
    return read_readings(path)


def test_names_and_counts_go_into_their_places():
    labels = Labels({"a": "Ann and others 2020", "b": "Ben et al. 2021"})
    text = (
        "{a} counts it in {cost in a} ({cost share in a}), {b} in {cost in b}; {all sentences}, "
        "{b} has {sentences of b}."
    )
    assert fill_reading(text, counts, TOTALS, labels) == (
        "Ann and others counts it in 3 of 9 sentences (33 %), Ben et al. in 0 of 4 sentences; 23 sentences, "
        "Ben et al. has 4."
    )


@pytest.mark.parametrize("place", ["{cost in nobody}", "{nobody}", "{cost of a}"])
def test_a_place_that_cannot_be_filled_is_named(place):
    with pytest.raises(cr.CrossreadError, match="“.*nobody|write a document, or KEY in DOCUMENT"):
        fill_reading(place, counts, TOTALS, Labels())


@pytest.mark.parametrize(
    ("line", "holds"),
    [
        ("a most cost", True),
        ("b most cost", False),
        ("b silent cost", True),
        ("a silent cost", False),
        ("only a cost", True),
        ("only a, b ally", False),
        ("b above a ally", True),  # 2 of 4 against 1 of 9
        ("c above a ally", False),  # 1 of 10 against 1 of 9
    ],
)
def test_what_a_reading_rests_on_is_held_against_the_counts(tmp_path, line, holds):
    (reading,) = written(tmp_path, f"- {{id: x, title: t, text: s, holds: ['{line}']}}")
    assert check_reading(reading, counts, TOTALS) == ([] if holds else [line])


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("- {id: x, title: t}", "reading 1: “text” is missing"),
        ("- {id: x, title: t, text: s, colour: red}", "has no “colour”"),
        ("- {id: x, title: t, text: s}\n- {id: x, title: t, text: s}", "“x” is there twice"),
        ("id: x", "write the readings as a list"),
        ("- just words", "a reading is a block"),
        ("- {id: x", "this is not YAML"),
        ("- {id: x, title: t, text: s, senses: money}", "“senses” is a list of words"),
    ],
)
def test_a_file_that_is_wrong_is_refused_in_a_sentence(tmp_path, text, problem):
    with pytest.raises(cr.CrossreadError, match=problem):
        written(tmp_path, text)


def test_a_corpus_without_readings_says_so():
    table = cr.study({"a": "Allies pay."}, lexicon={"cost": ["pay"]}).readings()
    assert len(table) == 0 and "Nobody has written readings of this corpus yet" in table.finding


def test_the_study_has_no_stale_reading_and_each_names_sentences_that_exist():
    study = cr.study("alliances", texts=False)
    readings = study.readings()
    assert len(readings) >= 12 and (readings["stale"] == "").all(), readings.frame.loc[readings["stale"] != ""]
    ids = {one for row in readings["sentences"] for one in row.split()}
    assert ids and ids <= set(study.sentences.index)
    documents = {one for row in readings["documents"] for one in row.split()}
    assert documents == set(study.documents.index)
    senses = {one for row in readings["senses"] for one in row.split()}
    assert senses <= set(study.lexicon.keys)
    assert "{" not in " ".join(readings["text"])


def test_a_reading_goes_stale_when_a_count_changes():
    study = cr.study("alliances", texts=False)
    moved = study.count_sentences("china_named").replace({0: 1})
    (reading,) = (one for one in read_readings(study.corpus.folder / "readings.yml") if one.id == "china-silence")
    totals = study.documents["n_sentences"]
    assert check_reading(reading, lambda key, lexicon: study.count_sentences(key), totals) == []
    assert check_reading(reading, lambda key, lexicon: moved, totals) == ["tow_envall_2011 silent china_named"]


def test_a_reading_that_is_not_there_names_those_that_are():
    with pytest.raises(cr.CrossreadError, match="No reading “money-2” of “alliances”. There are: kinds, vantage"):
        cr.study("alliances", texts=False).readings("money-2")
