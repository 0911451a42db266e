"""A Table behaves like its frame where a pandas user expects it, and claims nothing once something is derived."""

import pickle
import re
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest

import crossread as cr
from crossread import table
from crossread.charts.figures import name_figure
from crossread.table import shorten

TEXTS = {
    "first": "Allies pay. They talk of costs. Nobody minds the costs of bases.",
    "second": "Rain fell. Allies came. They left.",
    "<b>third</b>": "Costs rise & fall.",
}


@pytest.fixture(scope="module")
def toy_study():
    return cr.study(TEXTS, lexicon={"cost": ["cost*", "pay*"], "ally": ["ally|allies"]})


@pytest.fixture
def rates(toy_study):
    return toy_study.rates()


def test_derived_frames_are_plain(rates):
    derived = [
        rates.head(2),
        rates[rates["count"] > 0],
        rates.query("count > 0"),
        rates.loc[0:1],
        rates.T,
        rates.assign(x=1),
        rates.merge(rates.frame, on=["doc_id", "key"]),
        pd.concat([rates, rates]),
        rates.groupby("key").agg({"count": "sum"}),
        rates.copy(),
        rates[["count", "per_1000"]] * 2,
    ]
    assert {type(frame) for frame in derived} == {pd.DataFrame}


def test_it_is_read_like_a_frame(rates):
    frame = pd.DataFrame(rates)
    assert type(frame) is pd.DataFrame and list(frame) == list(rates) == list(rates.frame)
    assert len(rates) == 6 and rates["count"].tolist() == [3, 1, 0, 1, 1, 0]
    assert rates.loc[0, "doc_id"] == "first"
    assert np.asarray(rates[["count"]]).shape == (6, 1)
    pd.testing.assert_frame_equal(frame, rates.frame)


def test_changing_it_changes_neither_frame_nor_finding(toy_study):
    rates = toy_study.rates()
    said = rates.finding
    rates["count"] = 0
    rates.loc[len(rates)] = rates.loc[0]
    assert rates.frame["count"].sum() == 6 and rates.finding == said
    assert toy_study.rates()["count"].sum() == 6


def test_a_pickle_holds_the_rows_alone(rates):
    back = pickle.loads(pickle.dumps(rates))
    assert type(back) is pd.DataFrame
    pd.testing.assert_frame_equal(back, rates.frame)


class _Cells(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.scopes = [], []

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        if tag == "th":
            self.scopes.append(dict(attributes).get("scope"))


def test_it_shows_itself_narrow_escaped_and_with_scopes(rates):
    page = rates._repr_html_()
    cells = _Cells()
    cells.feed(page)
    assert page == rates._repr_html_()  # no random ids
    assert set(cells.scopes) == {"col", "row"} and "script" not in cells.tags
    assert cells.tags.count("caption") == 1 and cells.tags.count("tr") == 7
    assert "&lt;b&gt;third&lt;/b&gt;" in page and "<b>third" not in page
    assert "per 1,000 tokens" in page and "per_1000" not in page and "max-width:780px" in page
    assert cells.scopes.count("col") <= 7


def test_a_long_table_says_what_it_leaves_out():
    texts = {f"d{n:02d}": f"Allies pay {n}." for n in range(30)}
    rates = cr.study(texts, lexicon={"cost": ["pay*"]}).rates()
    assert "20 of 30 rows; all in .frame" in rates._repr_html_()
    assert "20 of 30 rows; all in .frame" in repr(rates)
    assert len(rates.frame) == 30


def test_the_text_form_lines_up_and_ends_in_the_finding(rates):
    lines = repr(rates).splitlines()
    assert lines[0].startswith("document") and lines[-1] == rates.finding
    assert len(lines) == 8


def test_sentences_are_found_by_position_key_and_row(rates):
    ids = ["first-001", "first-002", "first-003"]
    for row in (0, ("first", "cost"), {"doc_id": "first", "key": "cost"}, rates.frame.iloc[0]):
        assert rates.sentences(row).tolist() == ids
    assert rates.sentences(("second", "cost")).tolist() == []
    with pytest.raises(cr.CrossreadError, match="No row has document “nobody”. There are: first, second"):
        rates.sentences("nobody")
    with pytest.raises(cr.CrossreadError, match="There is no row 6: this answer has 6 rows"):
        rates.sentences(6)


def test_what_stands_for_no_sentences_says_so(toy_study):
    with pytest.raises(cr.CrossreadError, match=re.escape("The rows of study.cuts() stand for no sentences.")):
        toy_study.cuts().sentences(0)


def test_reading_a_row_marks_its_hits(rates):
    assert rates.read(("first", "cost"))["marked_text"].tolist() == [
        "Allies ⟦pay⟧.",
        "They talk of ⟦costs⟧.",
        "Nobody minds the ⟦costs⟧ of bases.",
    ]
    assert "<mark>costs</mark>" in rates.read(("first", "cost"))._repr_html_()


def test_a_sentence_is_read_whole_and_without_it_the_entries_that_matched():
    long = "Allies pay, " + "and pay again, " * 30 + "for bases."
    read = cr.study({"a": long}, lexicon={"cost": ["pay ~ bases ! pay heed"]}).read("cost")._repr_html_()
    assert "for bases." in read and "entries" not in read
    counted = cr.study("alliances", texts=False).read("burden_sharing.money", "wesley_2017")._repr_html_()
    assert ">entries<" in counted and "blood and treasure" in counted and " ~" not in counted


def test_a_word_is_looked_up_without_any_lexicon():
    found = cr.study({"a": "Allies pay. They talk."}).search("pay")
    assert found["match"].tolist() == ["pay"] and found.finding == "1 place in a."


def test_a_word_is_found_whatever_its_capitals():
    asked = cr.study({"a": "China rises. China waits."}).frequencies(["China", "Taiwan"])
    assert asked.set_index("term")["count"].to_dict() == {"China": 2, "Taiwan": 0}


def test_an_answer_without_a_chart_says_so(toy_study):
    with pytest.raises(cr.CrossreadError, match="has no chart; its table is the answer"):
        toy_study.read("cost").plot()


def test_saving_writes_what_was_drawn_and_how_to_ask_again(toy_study, own_figures):
    shown = toy_study.rates().save("fig-01-rates")
    manifest = pd.read_csv(own_figures / "figures.csv").iloc[0]
    assert manifest["function"] == "study.rates" and manifest["alt"] == toy_study.rates().alt
    assert shown.caption == toy_study.rates().caption
    saved = pd.read_csv(own_figures / "data" / "fig-01-rates.csv")
    assert saved["count"].tolist() == toy_study.rates()["count"].tolist()
    other = toy_study.rates().save("fig-01-rates", caption="Ours.", alt="Better.")
    assert (other.caption, other.alt) == ("Ours.", "Better.")


def test_a_figure_is_named_by_its_number_and_its_question(toy_study, own_figures):
    assert toy_study.rates().save(7).name == "fig-07-rates"
    assert name_figure(12, "topic_sections") == "fig-12-topic-sections"
    for wrong in (0, -1, 100, True, "", "2", "fig-2-rates", None, 2.0):
        with pytest.raises(cr.CrossreadError, match=r"names no figure\. Type its number, from 1 to 99: \.save\(2\)"):
            toy_study.rates().save(wrong)
    assert [path.name for path in own_figures.glob("*.svg")] == ["fig-07-rates.svg"]


def test_of_nothing_there_is_no_figure_and_nothing_to_read(own_figures):
    none = cr.study({"a": "Rain fell. Allies pay."}, lexicon={"cost": ["pay*"]}).collocations()
    for act in (none.read, lambda: none.save("fig-01-none")):
        with pytest.raises(
            cr.CrossreadError, match=r"nothing to (read|draw)\. Of the words asked for no two stand near"
        ):
            act()


def test_every_column_that_is_shown_has_a_name_to_be_spoken():
    from crossread.questions import QUESTIONS
    from crossread.vocabulary import COLUMNS

    as_they_are = (
        "authors entries entry error group held_as kind length lexicon match measure name passage reason test text "
        "themes title unit verdict"
    )
    shown = {
        name
        for question in QUESTIONS.values()
        for column in question.shown
        for name in ([column] if isinstance(column, str) else column[:1])
    }
    assert sorted(shown - set(COLUMNS)) == as_they_are.split()


def test_long_cells_are_cut_at_a_word():
    assert shorten("one two three", 9) == "one two …"


def test_what_is_read_unasked_says_which_row_was_opened():
    answer = cr.study("practice").senses()
    row = answer.frame.iloc[answer.frame["sentences_with_hit"].to_numpy().argmax()]
    labels = cr.study("practice").labels
    opened = f"{labels.document(row['doc_id'])}, {labels.theme(row['key'])}: "
    assert answer.read().finding == opened + answer.read((row["doc_id"], row["key"])).finding


@pytest.mark.parametrize(("p", "shown"), [(0.0496, ".0496"), (0.0504, ".0504"), (0.05, ".050"), (0.0412, ".041")])
def test_a_p_value_shows_on_which_side_of_05_it_lies(p, shown):
    assert table._number(p, "p", 3) == shown
