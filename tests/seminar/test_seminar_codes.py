"""Class work together: codes handed in, merged, and what each group's lexicon does to the claims."""

import pandas as pd
import pytest

from crossread import from_texts, load
from crossread.errors import CrossreadError, TextNeeded
from crossread.lexicon import make_lexicon, read_lexicon
from crossread_press.commands import main
from crossread_seminar import codes
from crossread_seminar.remarks import AnswerMissing

TEN = [f"marsh_2031-{number:03}" for number in range(1, 11)]
ENTRIES = ["free rider", "pay*", "cost*", "rent"]


@pytest.fixture
def handed_in(tmp_path):
    """Three groups: two alike, one that saw nothing in the first sentences."""
    for group, given, entries in (
        ("Group A", [2, 0, 1, 2, 0, 1, 2, 0, 1, 2], ENTRIES),
        ("Group B", [2, 0, 1, 2, 0, 1, 2, 0, 1, 2], ()),
        ("Group C", [0, 0, 1, 2, 0, 1, 2, 0, 1, 1], ["Osmarra*", "Belisk", "sea", "winter"]),
    ):
        codes.hand_in(codes.as_codes(given, TEN, group), entries, tmp_path / "handed-in")
    return tmp_path / "handed-in"


def test_files_are_named_after_the_group(handed_in):
    assert sorted(path.name for path in handed_in.iterdir()) == [
        "codes-group-a.csv", "codes-group-b.csv", "codes-group-c.csv", "lexicon-group-a.yml", "lexicon-group-c.yml",
    ]  # fmt: skip
    read = pd.read_csv(handed_in / "codes-group-a.csv")
    assert read.columns.tolist() == ["doc_id", "sentence_id", "coder", "burden_sharing"]
    assert read.iloc[0].tolist() == ["marsh_2031", "marsh_2031-001", "Group A", 2]
    assert [entry.text for entry in read_lexicon(handed_in / "lexicon-group-a.yml")] == ENTRIES


def test_the_class_is_merged(handed_in):
    merged = codes.merge_groups([handed_in], ["practice"])
    row = merged["agreement"].iloc[0]
    assert (row["key"], row["n_coded"], row["coders"]) == ("burden_sharing", 10, "Group A, Group B, Group C")
    assert 0 < row["low"] <= row["alpha"] < row["high"] <= 1
    divided = merged["divided"]
    assert divided[["sentence_id", "lowest", "highest"]].to_numpy().tolist() == [
        ["marsh_2031-001", 0, 2],
        ["marsh_2031-010", 1, 2],
    ]
    assert divided.iloc[0]["codes"] == "Group A 2, Group B 2, Group C 0"
    assert divided.iloc[0]["text"] == load("practice").sentences.loc["marsh_2031-001", "text"]
    effect = merged["effect practice"]
    assert effect.columns.tolist() == list(codes.EFFECT)
    assert set(effect["group"]) == {"group-a", "group-c"}
    assert effect["changed"][effect["before"] != effect["verdict"]].all()


def test_only_a_lexicon_that_differs_changes_a_claim():
    corpus = load("practice")
    own = read_lexicon(corpus.lexicon_path("themes"))
    same = make_lexicon("same", list(own.select("burden_sharing").entries))
    effect = codes.effect_of_lexicons(corpus, {"same": same})
    assert len(effect) and not effect["changed"].any()
    assert set(effect["claim"]) == {"draft-burden-sharing-highest"}
    silent = make_lexicon("silent", {"burden_sharing": ["xylophone"]})
    assert codes.effect_of_lexicons(corpus, {"silent": silent})["changed"].all()


def test_new_entries_on_the_study_need_its_texts():
    corpus = load("alliances", texts=False)
    base = make_lexicon("new", {"burden_sharing": ["a phrase that is new"]})
    with pytest.raises(TextNeeded):
        codes.effect_of_lexicons(corpus, {"new": base})


def test_files_that_cannot_be_merged_are_named(tmp_path, handed_in):
    with pytest.raises(CrossreadError, match="Nothing to merge"):
        codes.merge_groups([])
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(CrossreadError, match="no file codes-….csv in this folder"):
        codes.merge_groups([empty])
    (empty / "codes-x.csv").write_text("a,b\n1,2\n")
    with pytest.raises(CrossreadError, match="codes-x.csv: the columns “doc_id”, “sentence_id”, “coder” are missing"):
        codes.merge_groups([empty])
    (empty / "codes-x.csv").write_text("doc_id,sentence_id,coder,cost\na,a-001,x,3\n")
    with pytest.raises(CrossreadError, match="codes-x.csv: .*3 in column “cost” is not 0, 1 or 2"):
        codes.merge_groups([empty])
    with pytest.raises(CrossreadError, match="“Group A” handed in twice"):
        codes.merge_groups([handed_in, handed_in / "codes-group-a.csv"])


def test_a_group_hands_in_its_own_codes_only(tmp_path):
    both = pd.concat([codes.as_codes([0], TEN[:1], "a"), codes.as_codes([0], TEN[:1], "b")])
    with pytest.raises(CrossreadError, match="those of a, b"):
        codes.hand_in(both, folder=tmp_path)
    with pytest.raises(AnswerMissing):
        codes.as_codes(..., TEN, "a")


def test_groups_that_coded_other_themes_merge(tmp_path):
    codes.hand_in(codes.as_codes([0, 2], TEN[:2], "a"), folder=tmp_path)
    codes.hand_in(codes.as_codes([2, 2], TEN[:2], "b", key="rival_rise"), folder=tmp_path)
    merged = codes.merge_groups([tmp_path])
    assert merged["agreement"].set_index("key")["n_coded"].to_dict() == {"burden_sharing": 0, "rival_rise": 0}
    assert merged["divided"].empty


def test_disagreement_without_texts_has_no_text():
    table = pd.concat([codes.as_codes([0], ["a-001"], "x"), codes.as_codes([1], ["a-001"], "y")])
    assert codes.list_divided(table)["text"].tolist() == [""]
    corpus = from_texts({"a": "Who pays?"})
    assert codes.list_divided(table, corpus)["text"].tolist() == ["Who pays?"]


def test_the_command_prints_and_saves(handed_in, tmp_path, capsys):
    assert main(["codes", "merge", str(handed_in), "--corpus", "practice", "--save", str(tmp_path / "merged")]) == 0
    out = capsys.readouterr().out
    assert "AGREEMENT" in out and "DIVIDED" in out and "EFFECT PRACTICE" in out and "marsh_2031-010" in out
    assert sorted(path.name for path in (tmp_path / "merged").iterdir()) == [
        "agreement.csv",
        "divided.csv",
        "effect-practice.csv",
    ]
    assert main(["codes", "merge", str(tmp_path / "nothing")]) == 2
