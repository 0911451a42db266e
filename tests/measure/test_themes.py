import importlib.util
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from crossread.errors import CrossreadError
from crossread.measure import themes

SPEC = importlib.util.spec_from_file_location(
    "simulate_themes", Path(__file__).parents[2] / "benchmarks" / "simulate_themes.py"
)
simulation = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(simulation)


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


def test_rates_of_a_text_counted_by_hand():
    hits, sentences = make_tables(
        {"b": [(10, {"cost": 2}), (30, {}), (10, {"cost": 1})], "a": [(50, {})]}, ["cost", "war"]
    )
    table = themes.theme_rates(hits, sentences)
    assert tuple(table.columns[:12]) == themes.THEME_RATES
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


def test_a_short_silence_is_not_informative_and_a_long_one_is_absence():
    long_silence = [(29, {})] * 150
    hits, sentences = make_tables({"abstract": ABSTRACT, "report": REPORT, "silent": long_silence}, ["china"])
    table = themes.theme_rates(hits, sentences).set_index("doc_id")
    assert table["verdict"].to_dict() == {"abstract": "not informative", "report": "present", "silent": "absent"}
    # hits here do not cluster, so the silence of 262 tokens allows what Poisson's law allows
    assert table.loc["abstract", "n_tokens"] == 262
    assert table.loc["abstract", "high"] == pytest.approx(3.688879 / 0.262, rel=1e-6)
    assert table.loc["abstract", "low"] == 0


def test_the_contrast_with_a_short_silence_is_not_called_a_difference():
    seldom = [(29, {"china": int(i % 12 == 0)}) for i in range(150)]
    hits, sentences = make_tables({"abstract": ABSTRACT, "report": seldom}, ["china"])
    row = themes.theme_contrasts(hits, sentences).iloc[0]
    assert row["verdict"] == "not informative" and row["low"] <= 0 <= row["high"]


def test_two_documents_of_a_few_sentences_can_never_be_told_apart():
    hits, sentences = make_tables({"a": [(20, {"x": 2})] * 6, "b": [(20, {})] * 5 + [(20, {"x": 1})]}, ["x"])
    assert themes.theme_contrasts(hits, sentences)["verdict"].tolist() == ["not informative"]


def test_a_document_without_a_sentence_has_no_rate_and_cannot_be_compared():
    hits, sentences = make_tables({"a": REPORT, "b": ABSTRACT}, ["china"])
    sentences.loc[sentences["doc_id"] == "b", "kind"] = "heading"
    row = themes.theme_rates(hits, sentences).iloc[1]
    assert np.isnan(row["per_1000"]) and np.isinf(row["high"]) and row["verdict"] == "not informative"
    with pytest.raises(CrossreadError, match="“b” has no sentence to compare"):
        themes.theme_contrasts(hits, sentences)


@pytest.mark.parametrize("quantity", ["per_1000", "share"])
def test_verdicts_agree_with_family_limits_and_differences_are_exact(quantity):
    generator = np.random.default_rng(5)
    documents = [
        simulation.simulate_document(n, rates, 1.5, generator)
        for n, rates in ((40, (30, 1)), (60, (4, 1)), (50, (30, 8)), (120, (3, 1)))
    ]
    hits, sentences = simulation.make_tables(documents, ["common", "rare"])
    table = themes.theme_contrasts(hits, sentences, quantity=quantity)
    assert tuple(table.columns[:9]) == themes.THEME_CONTRASTS and len(table) == 12
    excluded = (table["family_low"] > 0) | (table["family_high"] < 0)
    assert (excluded == (table["verdict"] == "supported")).all()
    assert excluded.any() and not excluded.all()
    assert ((table["family_low"] <= table["low"]) & (table["high"] <= table["family_high"])).all()
    rates = themes.theme_rates(hits, sentences).set_index(["doc_id", "key"])[quantity]
    for row in table.itertuples():
        assert row.difference == pytest.approx(rates[row.doc_a, row.key] - rates[row.doc_b, row.key])


def test_holm_is_over_all_rows_shown():
    hits, sentences = make_tables({"a": REPORT, "b": REPORT[::2], "c": REPORT[:60]}, ["china"])
    whole = themes.theme_contrasts(hits, sentences)
    alone = themes.theme_contrasts(hits, sentences, pairs=[("a", "b")])
    assert len(whole) == 3 and len(alone) == 1
    assert alone["p_adjusted"].iloc[0] == alone["p"].iloc[0]
    assert whole["p_adjusted"].min() >= whole["p"].min()


def test_same_seed_same_table_and_the_order_of_hits_plays_no_part():
    generator = np.random.default_rng(9)
    documents = [simulation.simulate_document(n, (10, 3), 2, generator) for n in (20, 40)]
    hits, sentences = simulation.make_tables(documents, ["x", "y"])
    first = themes.theme_contrasts(hits, sentences, seed=3)
    shuffled = hits.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(first, themes.theme_contrasts(shuffled, sentences, seed=3))
    pd.testing.assert_frame_equal(themes.theme_rates(hits, sentences), themes.theme_rates(shuffled, sentences))


def test_limits_cover_in_simulated_documents_like_ours():
    rows, pairs = simulation.simulate_coverage(60, seed=12)
    assert (
        0.93 <= rows["covers"].mean() <= 0.98
    )  # 1,800 intervals in 60 sets: one set more or less moves this by a point
    assert 0.93 <= rows["share_covers"].mean() <= 0.98
    assert pairs["covers"].mean() >= 0.93
    assert pairs["wrong"].mean() < 0.002


def test_the_percentile_bootstrap_would_not_do():
    rows, _ = simulation.simulate_coverage(30, seed=12, limits="bootstrap", draws=300)
    assert rows["covers"].mean() < 0.93


@pytest.mark.parametrize("shuffle", ["same", "blocks"])
def test_shuffled_labels_seldom_give_a_supported_contrast(shuffle):
    # 40 runs of 30 contrasts; with a true chance of 5 in 100 six or more would come in 1 of 70 tries
    assert simulation.simulate_shuffles(40, seed=21, draws=1000, shuffle=shuffle) <= 5 / 40


def test_true_differences_are_found():
    generator = np.random.default_rng(4)
    documents = [simulation.simulate_document(n, (rate,), 1.3, generator) for n, rate in ((60, 40), (150, 3))]
    hits, sentences = simulation.make_tables(documents, ["x"])
    assert themes.theme_contrasts(hits, sentences)["verdict"].tolist() == ["supported"]


def test_rarefaction_keeps_the_rate_and_the_shortest_document_as_it_is():
    hits, sentences = make_tables({"short": ABSTRACT[:-1] + [(30, {"china": 1})], "report": REPORT}, ["china"])
    table = themes.equal_length_rates(hits, sentences, block=1).set_index("doc_id")
    assert (table["n_tokens"] == 262).all()
    short = table.loc["short"]
    assert short[["per_1000", "low", "high", "whole_per_1000"]].tolist() == pytest.approx([1000 / 262] * 4)
    assert short["silent"] == 0
    assert table.loc["report", "per_1000"] == pytest.approx(table.loc["report", "whole_per_1000"], rel=0.03)
    assert table.loc["report", "low"] < table.loc["report", "whole_per_1000"] < table.loc["report", "high"]
    with pytest.raises(CrossreadError, match="Samples of 300 tokens cannot be drawn from “short”, which has 262"):
        themes.equal_length_rates(hits, sentences, n_tokens=300)


def test_a_rare_theme_is_silent_in_many_short_samples():
    rare = [(29, {"china": int(i == 70)}) for i in range(150)]
    hits, sentences = make_tables({"short": ABSTRACT, "report": rare}, ["china"])
    silent = themes.equal_length_rates(hits, sentences).set_index("doc_id").loc["report", "silent"]
    assert silent == pytest.approx(1 - 9 / 150, abs=0.04)


def test_dominance_is_noted_and_only_then():
    hits, sentences = make_tables({"a": REPORT, "b": REPORT[:40]}, ["china"])
    assert themes.dominance_note(sentences).startswith("“a” holds 79 per cent")
    assert "“Report”" in themes.dominance_note(sentences, pd.DataFrame({"label": ["Report", "B"]}, index=["a", "b"]))
    assert themes.dominance_note(make_tables({"a": REPORT, "b": REPORT}, ["china"])[1]) == ""


def test_hits_of_another_corpus_are_refused():
    hits, sentences = make_tables({"a": REPORT}, ["china"])
    with pytest.raises(CrossreadError, match="which is not among the sentences"):
        themes.theme_rates(hits, sentences.iloc[:10])
    with pytest.raises(CrossreadError, match="“hpd” are not known|limits “hpd”"):
        themes.theme_rates(hits, sentences, limits="hpd")
    with pytest.raises(CrossreadError, match="the column “key” is missing"):
        themes.theme_rates(hits.drop(columns="key"), sentences)


def test_entries_add_up_to_their_theme_and_places_run_from_0_to_1():
    hits, sentences = make_tables({"a": REPORT, "b": REPORT[:30]}, ["china"])
    hits["entry"] = np.where(np.arange(len(hits)) % 4 == 0, "beijing", "china*")
    hits["start_token"] = hits["sentence_id"].str[-3:].astype(int) * 29
    table = themes.count_entries(hits, sentences)
    assert table["count"].sum() == len(hits) and table["share"].sum() == pytest.approx(1)
    assert table["entry"].tolist() == ["china*", "china*", "beijing", "beijing"]
    places = themes.locate_hits(hits, sentences)
    assert places["place"].between(0, 1, inclusive="left").all() and places["place"].iloc[0] == 0
