import numpy as np
import pandas as pd
import pytest

from crossread.errors import CrossreadError
from crossread.measure import themes
from crossread.measure.groups import group_documents
from crossread.wording import join_within


def make_tables(documents, keys):
    """documents: {doc_id: list of (tokens, {key: hits})}, one entry per sentence."""
    sentences, hits = [], []
    for doc, rows in documents.items():
        for number, (tokens, found) in enumerate(rows):
            name = f"{doc}-{number:03d}"
            sentences.append((name, doc, number, tokens))
            hits += [(doc, name, key) for key, count in found.items() for _ in range(count)]
    sentences = pd.DataFrame(sentences, columns=["sentence_id", "doc_id", "sentence", "n_tokens"]).set_index(
        "sentence_id"
    )
    sentences = sentences.assign(section=0, paragraph=0, segment=0, kind="body", start=0, end=0)
    hits = pd.DataFrame(hits, columns=["doc_id", "sentence_id", "key"]).assign(
        lexicon="toy", entry="word", start_token=0, end_token=1
    )
    hits["key"] = pd.Categorical(hits["key"], categories=keys)
    return hits, sentences


ABSTRACT = [(29, {})] * 8 + [(30, {})]  # 262 tokens
REPORT = [(29, {"china": int(i % 3 == 0)}) for i in range(150)]
SHORT = REPORT[:31]


def test_rates_of_a_text_counted_by_hand():
    hits, sentences = make_tables(
        {"b": [(10, {"cost": 2}), (30, {}), (10, {"cost": 1})], "a": [(50, {})]}, ["cost", "war"]
    )
    table = themes.theme_rates(hits, sentences)
    assert tuple(table.columns) == themes.THEME_RATES
    assert list(zip(table["doc_id"], table["key"], strict=True)) == [
        ("b", "cost"),
        ("b", "war"),
        ("a", "cost"),
        ("a", "war"),
    ]
    row = table.iloc[0]
    assert (row["count"], row["n_tokens"], row["per_1000"]) == (3, 50, pytest.approx(60))
    assert (row["sentences_with_hit"], row["n_sentences"], row["share"]) == (2, 3, pytest.approx(2 / 3))
    assert (table["low"] <= table["per_1000"]).all() and (table["per_1000"] <= table["high"]).all()


def test_headings_and_notes_count_only_when_asked():
    hits, sentences = make_tables({"a": [(10, {"cost": 1}), (5, {"cost": 1}), (8, {"cost": 1})]}, ["cost"])
    sentences["kind"] = ["body", "heading", "note"]
    assert themes.theme_rates(hits, sentences)[["count", "n_tokens"]].values.tolist() == [[1, 10]]
    everything = themes.theme_rates(hits, sentences, kinds=("body", "heading", "note"))
    assert everything[["count", "n_tokens"]].values.tolist() == [[3, 23]]


def test_a_silence_is_a_fact_and_says_what_it_still_allows():
    long_silence = [(29, {})] * 150
    texts = {"abstract": ABSTRACT, **{f"brief {n}": SHORT for n in range(9)}, "silent": long_silence}
    hits, sentences = make_tables(texts, ["china"])
    table = themes.theme_rates(hits, sentences).set_index("doc_id")
    assert table.index[table["silent"]].tolist() == ["abstract", "silent"]
    # hits of texts that are not much longer do not clump and are many: 262 tokens allow little more than Poisson's law
    assert table.loc["abstract", "n_tokens"] == 262 and table.loc["abstract", "low"] == 0
    assert 1.0 < table.loc["abstract", "high"] / (3.688879 / 0.262) < 1.1
    hits, sentences = make_tables({"abstract": ABSTRACT, "report": REPORT, "silent": long_silence}, ["china"])
    alone = themes.theme_rates(hits, sentences).set_index("doc_id")  # of nine sentences long texts do not tell
    assert alone.loc["abstract", "high"] > 1.9 * (3.688879 / 0.262)
    assert table.loc["silent", "share_high"] < 0.03 < table.loc["abstract", "share_high"]


def test_effective_sentences_are_those_that_clumping_leaves():
    clumped = [(29, {"china": int(i % 60 < 20)}) for i in range(300)]
    apart = [(29, {"china": int(i % 3 == 0)}) for i in range(300)]
    for rows, few in ((clumped, True), (apart, False)):
        hits, sentences = make_tables({"a": rows}, ["china"])
        row = themes.theme_rates(hits, sentences).iloc[0]
        assert row["n_effective"] == pytest.approx(row["n_sentences"] / row["inflation"])
        assert (row["n_effective"] < 40) == few
        assert (row["share_high"] - row["share_low"] > 0.25) == few


def test_a_document_without_a_sentence_has_no_rate_and_allows_everything():
    hits, sentences = make_tables({"a": REPORT, "b": ABSTRACT}, ["china"])
    sentences.loc[sentences["doc_id"] == "b", "kind"] = "heading"
    row = themes.theme_rates(hits, sentences).iloc[1]
    assert np.isnan(row["per_1000"]) and np.isinf(row["high"]) and row["share_high"] == 1
    assert row["n_effective"] == 0 and not row["silent"]  # nothing was there to be silent


def test_a_corpus_without_hits_or_sentences_has_its_table():
    hits, sentences = make_tables({"a": REPORT[:3]}, ["china", "cost"])
    table = themes.theme_rates(hits.iloc[:0], sentences)
    assert table["silent"].all() and len(table) == 2
    none = themes.theme_rates(hits.iloc[:0], sentences.iloc[:0])
    assert len(none) == 0 and tuple(none.columns) == themes.THEME_RATES


def test_the_order_of_hits_plays_no_part():
    hits, sentences = make_tables({"a": REPORT, "b": ABSTRACT}, ["china"])
    shuffled = hits.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(themes.theme_rates(hits, sentences), themes.theme_rates(shuffled, sentences))


def test_groups_of_documents_add_up_and_their_limits_rest_on_documents():
    def document(share):
        return [(20, {"china": int(i < share * 40)}) for i in range(40)]

    alike = {f"r{i}": document(0.5) for i in range(4)} | {f"b{i}": document(0.5) for i in range(4)}
    unlike = {f"r{i}": document(i % 2) for i in range(4)} | {f"b{i}": document(i % 2) for i in range(4)}
    widths = []
    for texts in (alike, unlike):
        hits, sentences = make_tables(texts | {"x": document(1)}, ["china"])
        documents = pd.DataFrame({"party": ["red"] * 4 + ["blue"] * 4 + [None]}, index=[*texts, "x"])
        table = themes.theme_rates(hits, sentences, by=group_documents(documents, "party"))
        assert tuple(table.columns) == themes.GROUP_RATES
        assert table["group"].tolist() == ["red", "blue"] and (table["left_out"] == 1).all()
        assert table["sentences_with_hit"].tolist() == [80, 80] and (table["n_documents"] == 4).all()
        widths.append((table["share_high"] - table["share_low"]).iloc[0])
    assert widths[0] < 0.25 < 0.7 < widths[1]


def test_groups_of_one_document_each_have_no_limits():
    hits, sentences = make_tables({"a": REPORT, "b": REPORT[:30]}, ["china"])
    by = group_documents(pd.DataFrame({"party": ["red", "blue"]}, index=["a", "b"]), "party")
    table = themes.theme_rates(hits, sentences, by=by)
    assert (table["share_low"] == 0).all() and (table["share_high"] == 1).all() and np.isinf(table["high"]).all()


def test_hits_of_another_corpus_are_refused():
    hits, sentences = make_tables({"a": REPORT}, ["china"])
    with pytest.raises(CrossreadError, match="which is not among the sentences"):
        themes.theme_rates(hits, sentences.iloc[:10])
    with pytest.raises(CrossreadError, match="the column “key” is missing"):
        themes.theme_rates(hits.drop(columns="key"), sentences)


def test_places_run_from_0_to_1():
    hits, sentences = make_tables({"a": REPORT, "b": REPORT[:30]}, ["china"])
    hits["start_token"] = hits["sentence_id"].str[-3:].astype(int) * 29
    places = themes.locate_hits(hits, sentences)
    assert places["place"].between(0, 1, inclusive="left").all() and places["place"].iloc[0] == 0


def test_a_line_holds_as_many_parts_as_fit():
    parts = ["the first part", "the second", "a third"]
    assert join_within(parts, 100) == "the first part, the second and a third"
    assert join_within(parts, 30) == "the first part and the second"
    assert join_within(parts, 5) == "the first part"
