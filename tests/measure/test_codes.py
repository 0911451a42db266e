"""Codes of several coders: where they are found, under which rule a sentence is marked, and what is settled."""

import pandas as pd
import pytest

import crossread as cr
from crossread.measure.codes import merge_codes, read_codes, weights_of


def opened(folder):
    (folder / "texts").mkdir()
    (folder / "texts" / "a.txt").write_text("Allies pay. Rain falls.", encoding="utf-8")
    (folder / "documents.csv").write_text("doc_id,label,title,year,file\na,A,A,2020,a.txt\n", encoding="utf-8")
    return cr.load(folder)


def test_codes_are_found_in_the_corpus_or_beside_it_or_not_at_all(tmp_path):
    folder = tmp_path / "mine"
    folder.mkdir()
    corpus = opened(folder)
    assert read_codes(corpus) is None
    codes = pd.DataFrame({"doc_id": "a", "sentence_id": corpus.sentences.index, "coder": "x", "cost": [2, 0]})
    codes.assign(sentence_id=["other-001", "other-002"]).to_csv(tmp_path / "codes.csv", index=False)
    assert read_codes(corpus) is None  # codes of another corpus
    codes.assign(coder="widget").to_csv(folder / "codes-widget.csv", index=False)
    assert set(read_codes(corpus)["coder"]) == {"widget"}
    codes.to_csv(tmp_path / "codes.csv", index=False, sep=";")  # as a spreadsheet of another country saves it
    assert set(read_codes(corpus)["coder"]) == {"x"}
    codes.assign(sentence_id=["a-001", "a-777"]).to_csv(folder / "codes.csv", index=False)
    with pytest.raises(cr.CrossreadError, match="there is no sentence “a-777” in the corpus"):
        read_codes(corpus)


@pytest.mark.parametrize(
    ("given", "weak", "core"),
    [((2, 2), True, True), ((2, 1), True, True), ((2, 0), True, False), ((1, 1), True, False), ((1, 0), False, False)],
)
def test_a_sentence_is_marked_under_a_rule(given, weak, core):
    codes = pd.DataFrame({"doc_id": "a", "sentence_id": "s", "coder": ["x", "y"], "cost": given})
    assert bool(merge_codes(codes)["cost"].iloc[0]) == weak
    assert bool(merge_codes(codes, rule="core")["cost"].iloc[0]) == core
    settled = pd.concat([codes, codes.iloc[:1].assign(coder="adjudicated by z", cost=0)])
    assert not merge_codes(settled)["cost"].iloc[0]  # what was settled stands alone


def test_a_rule_or_a_chance_that_is_none_is_named():
    codes = pd.DataFrame({"doc_id": "a", "sentence_id": ["s"], "coder": "x", "cost": [1], "probability": [0.0]})
    with pytest.raises(cr.CrossreadError, match="There is no rule “weak” for codes. There are: core or weak, core."):
        merge_codes(codes, ["cost"], rule="weak")
    with pytest.raises(cr.CrossreadError, match="the probability 0.0 of s is not above 0 and at most 1"):
        weights_of(codes)
