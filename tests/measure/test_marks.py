"""What the lexicon counts beside what coders marked."""

import pandas as pd
import pytest

import crossread as cr
from crossread.lexicon import find_hits, make_lexicon
from crossread.measure.marks import coders_of, compare_marks, describe_marks, merge_sense_codes, read_sense_codes
from crossread.wording import Labels


@pytest.fixture
def small():
    corpus = cr.from_texts({"a": "Allies pay. They talk. Costs rise.", "b": "Rain fell."})
    return find_hits(corpus, make_lexicon("demo", {"cost": ["pay|costs"], "rain": ["rain"]})), corpus.sentences


def test_counted_marked_both_and_where_they_part(small):
    codes = pd.DataFrame(
        [("a", "a-001", "cost", 2), ("a", "a-002", "cost", 1), ("a", "a-003", "cost", 0)],
        columns=["doc_id", "sentence_id", "key", "adjudicated"],
    )
    table = compare_marks(*small[:1], codes, small[1])
    first = table.iloc[0]
    assert first[["counted", "marked", "both", "only_counted", "only_marked"]].tolist() == [2, 2, 1, 1, 1]
    assert (first["share_counted"], first["n_sentences"]) == (2 / 3, 3)
    assert list(table["key"].unique()) == ["cost"]  # a key that nobody coded is not compared
    core = compare_marks(small[0], codes, small[1], rule="core").iloc[0]
    assert core[["marked", "both"]].tolist() == [1, 1]


def test_the_study_is_coded_whole_and_both_coders_are_named():
    study = cr.study("alliances", texts=False)
    codes = study.sense_codes
    assert coders_of(codes) == ["language model C", "language model D"]
    assert set(codes["key"]) <= set(study.lexicon.keys) and codes["sentence_id"].isin(study.sentences.index).all()
    assert not codes.duplicated(["sentence_id", "key"]).any()
    between = codes[["language model C", "language model D"]]
    assert ((codes["adjudicated"] >= between.min(axis=1)) & (codes["adjudicated"] <= between.max(axis=1))).all()
    table = study.marked().frame
    assert len(table) == 5 * len(study.lexicon.keys)
    assert (table["both"] <= table[["counted", "marked"]].min(axis=1)).all()
    assert "language model C and language model D, differences settled" in study.marked().caption


def test_a_code_out_of_range_is_named_by_its_row(tmp_path):
    path = tmp_path / "sense_codes.csv"
    path.write_text("doc_id,sentence_id,key,X,adjudicated\na,a-001,cost,2,3\n", encoding="utf-8")
    with pytest.raises(cr.CrossreadError, match="sense_codes.csv, row 2: the code “3” is not 0, 1 or 2"):
        read_sense_codes(path)
    assert read_sense_codes(tmp_path / "none.csv") is None


def test_a_corpus_without_codes_says_how_to_make_them():
    with pytest.raises(cr.CrossreadError, match="Nobody has coded the senses of “texts”"):
        cr.study({"a": "Allies pay."}, lexicon={"cost": ["pay"]}).marked()


def test_what_is_weakly_on_a_sense_is_marked_unless_the_core_alone_is_asked_for():
    sentences = pd.DataFrame({"doc_id": "a", "kind": "body"}, index=pd.Index(["a-001", "a-002"], name="sentence_id"))
    codes = pd.DataFrame({"doc_id": "a", "sentence_id": ["a-001", "a-002"], "key": "cost.money", "adjudicated": [1, 2]})
    assert merge_sense_codes(codes, sentences)["cost.money"].tolist() == [True, True]
    assert merge_sense_codes(codes, sentences, rule="core")["cost.money"].tolist() == [False, True]


@pytest.mark.parametrize(
    ("missed", "said"),
    [
        ([5, 4, 3, 2], "Most often it misses A (5 of 9), B (4 of 9) and C (3 of 9)."),
        ([5, 4, 2, 2], "Most often it misses A (5 of 9) and B (4 of 9)."),  # of two alike none comes third
        ([2, 2, 2, 2], "did not. A place is a sentence in a sense. Coded by"),
        ([0, 0, 4, 0], "Most often it misses C (4 of 9)."),
    ],
)
def test_a_sense_is_not_told_as_missed_most_where_another_is_missed_as_often(missed, said):
    rows = pd.DataFrame({"key": list("abcd"), "only_marked": missed, "counted": 9, "marked": 9, "only_counted": 0})
    rows["both"] = rows["marked"] - rows["only_marked"]
    assert said in describe_marks(rows.assign(coder="X"), Labels({}, dict(zip("abcd", "ABCD", strict=True))))
