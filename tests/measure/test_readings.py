"""Readings are filled from the counts, and a sentence that the counts no longer carry is found out."""

import copy

import pandas as pd
import pytest
from IPython.core.completer import provisionalcompleter
from IPython.core.interactiveshell import InteractiveShell

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
        ("- {id: china-silence, title: t, text: s}", "reading 1: “china-silence” cannot .* Write: id: china_silence$"),
        ("- {id: 5 texts, title: t, text: s}", "“5 texts” cannot be typed .* id: reading_5_texts$"),
        ("- {id: class, title: t, text: s}", "id: reading_class$"),
        ("- {id: table, title: t, text: s}", "id: reading_table$"),
        ("- {id: _hidden, title: t, text: s}", "id: hidden$"),
        ("- {id: x, title: t, text: s, senses: money}", "“senses” is a list of words"),
    ],
)
def test_a_file_that_is_wrong_is_refused_in_a_sentence(tmp_path, text, problem):
    with pytest.raises(cr.CrossreadError, match=problem):
        written(tmp_path, text)


def test_a_corpus_without_readings_says_so():
    readings = cr.study({"a": "Allies pay."}, lexicon={"cost": ["pay"]}).readings
    assert len(readings.table) == 0 and "Nobody has written readings of this corpus yet" in repr(readings)
    with pytest.raises(
        cr.CrossreadError, match="into readings.yml of its folder. Until then skip the cells that ask for one"
    ):
        readings.money  # noqa: B018


def test_the_study_has_no_stale_reading_and_each_names_sentences_that_exist():
    study = cr.study("alliances", texts=False)
    readings = study.readings.table
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
    (reading,) = (one for one in read_readings(study.corpus.folder / "readings.yml") if one.id == "china_silence")
    totals = study.documents["n_sentences"]
    assert check_reading(reading, lambda key, lexicon: study.count_sentences(key), totals) == []
    assert check_reading(reading, lambda key, lexicon: moved, totals) == ["tow_envall_2011 silent china_named"]


@pytest.fixture
def named(tmp_path):
    """A study whose readings are called like what a table has, and like words of other languages."""
    home = tmp_path / "toy"
    (home / "texts").mkdir(parents=True)
    (home / "documents.csv").write_text("doc_id,label,title,year\na,A 2001,On cost,2001\n", encoding="utf-8")
    (home / "texts" / "a.txt").write_text("They pay. It rained.", encoding="utf-8")
    (home / "themes.yml").write_text("cost: [pay]\n", encoding="utf-8")
    names = ("title", "text", "shape", "frame", "read", "cafe\u0301")  # the last as some editors write it
    rows = "".join(f"- {{id: {name}, title: On {name}, text: 'It is {{cost in a}}.'}}\n" for name in names)
    (home / "readings.yml").write_text(rows, encoding="utf-8")
    return cr.study(home)


def test_a_reading_is_opened_by_its_name_whatever_the_name(named):
    readings = named.readings
    assert dir(readings) == sorted(["title", "text", "shape", "frame", "read", "café", "table"])
    for name in set(dir(readings)) - {"table"}:
        one = getattr(readings, name)
        assert isinstance(one, cr.Table) and one["reading"].tolist() == [name]
        assert one["text"].tolist() == ["It is 1 of 2 sentences."]
    assert readings.table["reading"].tolist() == ["title", "text", "shape", "frame", "read", "café"]
    assert readings._repr_html_() == readings.table._repr_html_() and repr(readings) == repr(readings.table)
    assert readings.table.finding.endswith("with numbers from the counts: title, text, shape, frame, read, café.")


def test_a_reading_that_is_not_there_names_the_nearest_and_all_that_are(named):
    said = "No reading “monye” of “alliances”. The nearest is money. There are: kinds, vantage, "
    with pytest.raises(cr.CrossreadError, match=said):
        cr.study("alliances", texts=False).readings.monye  # noqa: B018
    assert not hasattr(named.readings, "money") and not hasattr(named.readings, "_ipython_display_")
    assert dir(copy.copy(named.readings)) == dir(named.readings)
    with pytest.raises(cr.CrossreadError, match="without brackets: study.readings.NAME. There are: title, text"):
        named.readings("money")


def test_a_notebook_completes_the_names_of_readings_and_shows_them_once(named):
    shell = InteractiveShell.instance()
    try:
        shell.user_ns["study"] = named
        with provisionalcompleter():
            offered = {one.text.lstrip(".") for one in shell.Completer.completions("study.readings.", 15)}
        assert {"title", "shape", "café", "table"} <= offered and "_study" not in offered
        shown, _ = shell.display_formatter.format(named.readings)
        assert set(shown) == {"text/plain", "text/html"} and shown["text/html"].count("<h3") == 6
    finally:
        InteractiveShell.clear_instance()


def test_readings_of_another_lexicon_are_shown_with_what_is_wrong(named):
    other = cr.study(named.corpus.folder, lexicon={"rain": ["rain*"]}).readings
    assert repr(other).startswith("No theme or sense “cost”. There are: rain")
    assert "crossread-refusal" in other._repr_html_()
