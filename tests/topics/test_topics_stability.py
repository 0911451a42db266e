"""Planted numbers of topics are found; shuffled text and mere differences between documents support none."""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from scipy.optimize import linear_sum_assignment
from test_topics_models import METHODS, PLANTED, planted_counts, turned

from crossread import load
from crossread.corpus.tokens import TermMatrix
from crossread.errors import CrossreadError
from crossread.topics import (
    choose_k,
    fit_topics,
    leave_one_out,
    match_topics,
    sensitivity,
    shuffle_tokens,
    stability,
    term_retention,
    top_terms,
    topic_counts,
    topic_stability,
)
from crossread.wording import Labels

sys.path.append(str(Path(__file__).resolve().parents[2]))
from benchmarks.simulate_topics import planted_texts  # noqa: E402

FEW = {"resamples": 10, "shuffles": 19}


@pytest.fixture(scope="module")
def practice():
    return load("practice")


@pytest.fixture(scope="module")
def counts():
    return planted_counts()


def test_the_planted_number_is_found_and_said(counts):
    path = topic_stability(counts, ks=[3, 4, 5], **FEW)
    row = path.set_index("k").loc[PLANTED]
    assert (
        choose_k(path) == row["k_factors"] == PLANTED
        and row["verdict"] == "supported"
        and row["agreement"] > 0.8 > row["null_95"]
    )
    assert row["excess"] == pytest.approx(row["agreement"] - row["null"]) and row["p_adjusted"] == 0.05
    assert path[["n_units", "n_documents"]].values.tolist() == [[80, 4]] * 3
    said = stability.describe_stability(path, Labels())
    assert said.startswith(f"{PLANTED} topics are supported within documents. With {PLANTED} the topics agree ")


@pytest.mark.parametrize("n_units", [40, 112, 200, 900])
def test_how_well_planted_numbers_are_found_in_as_many_passages_is_said(n_units):
    planted = pd.read_csv(stability.PLANTED).set_index(["passages", "planted"])["right"]
    size = {40: 112, 112: 112, 200: 160, 900: 300}[n_units]
    even, uneven = ([planted[size, f"{k} {shape}"] for k in (3, 5, 8)] for shape in ("even", "uneven"))
    said = stability.found_planted(n_units)
    here = {40: ", more than the 40 here,", 200: " (200 here)", 900: " (900 here)"}.get(n_units, "")
    assert said.startswith(
        f"In made texts of {size} passages{here} this method found 3, 5 and 8 planted topics of equal size in "
        f"{even[0]}, {even[1]} and {even[2]} of 10 texts, of unequal size in {uneven[0]}, {uneven[1]} and {uneven[2]}"
    )
    assert min(even + uneven) >= 8
    path = pd.DataFrame({"k": [2], "agreement": 0.5, "null": 0.4, "null_95": 0.6, "excess": 0.1, "p_adjusted": 0.3,
                         "verdict": "not distinguishable", "n_units": n_units, "n_documents": 5,
                         "k_factors": 2})  # fmt: skip
    for verdict in ("not distinguishable", "supported"):
        assert stability.describe_stability(path.assign(verdict=verdict), Labels()).endswith(f" {said}.")


def test_fingerprints_of_documents_are_refused():
    fingerprints = planted_texts((15,) * 4, 0, 1, style=0.7, on_topic=0.1)
    assert choose_k(topic_stability(fingerprints, ks=[3, 4], weighting="tfidf", **FEW)) is None
    path = topic_stability(fingerprints, ks=[3, 4], **FEW)
    said = stability.describe_stability(path, Labels())
    assert choose_k(path) is None and said.startswith("No number of topics is supported within documents. ")
    assert "differences between documents and nothing more" in said


def test_shuffled_text_supports_no_number_of_topics(counts):
    supported = 0
    for seed in range(4):
        noise = TermMatrix(shuffle_tokens(counts, "corpus", (7, seed)), counts.units, counts.terms)
        supported += choose_k(topic_stability(noise, ks=[3, 4], seed=seed, **FEW)) is not None
    assert supported <= 1


def test_the_verdict_by_hand():
    # 19 shuffled texts, of which none may reach what is supported; the mean of each row is 0.4
    null = np.tile(np.concatenate([[0.3, 0.5], np.full(17, 0.4)]), (2, 1))
    table = stability._judge([2, 3], np.array([0.51, 0.5]), null).set_index("k")
    assert table["null"].tolist() == pytest.approx([0.4, 0.4]) and table["null_95"].tolist() == pytest.approx(
        [0.5, 0.5]
    )
    assert table["p_adjusted"].tolist() == [1 / 20, 2 / 20]
    assert table["verdict"].tolist() == ["supported", "not distinguishable"]
    # a family: what one k reaches by chance counts for the other, too
    null[1, 0] = 0.6
    both = stability._judge([2, 3], np.array([0.51, 0.5]), null)
    assert set(both["verdict"]) == {"not distinguishable"} and both["null_95"].min() > 0.55
    # where shuffled text comes back always, nothing can come back more
    assert stability._judge([2], np.array([1.0]), np.ones((1, 19)))["verdict"].tolist() == ["too few units"]


@pytest.mark.parametrize(("k_factors", "chosen"), [(3, 3), (4, 4), (9, 4), (2, 3)])
def test_the_supported_number_nearest_to_that_of_the_factors_is_chosen(k_factors, chosen):
    path = pd.DataFrame({
        "k": [2, 3, 4], "agreement": 0.8, "null": [0.3, 0.4, 0.5], "null_95": 0.6, "excess": [0.5, 0.4, 0.3],
        "p_adjusted": 0.01, "verdict": ["not distinguishable", "supported", "supported"], "n_units": 112,
        "n_documents": 5, "k_factors": k_factors,
    })  # fmt: skip
    assert choose_k(path) == chosen
    said = stability.describe_stability(path, Labels())
    why = "so many" if chosen == k_factors else f"it is nearest to {k_factors}, the number of"
    assert f"Also supported: {7 - chosen}. {chosen} is named because {why} groups of words " in said
    alone = path.assign(verdict=["supported", "not distinguishable", "not distinguishable"])
    assert choose_k(alone) == 2 and "No other number is. That topics " in stability.describe_stability(alone, Labels())
    assert "other number" not in stability.describe_stability(alone[:1], Labels())
    # of two as near, the one that rises higher
    assert choose_k(path.assign(verdict=["supported", "not distinguishable", "supported"], k_factors=3)) == 2


def test_single_passages_are_too_few():
    texts = planted_texts((1,) * 30, 3, 0)
    path = topic_stability(texts, ks=[2, 3])
    assert path["verdict"].tolist() == ["too few units"] * 2 and path["agreement"].isna().all()
    assert choose_k(path) is None
    assert stability.describe_stability(path, Labels()).startswith("Too few passages to say how many topics there are")


def test_of_many_passages_whole_documents_are_drawn(monkeypatch, counts):
    monkeypatch.setattr(stability, "MOST_UNITS", 45)
    path, other = (topic_stability(each, ks=[3, 4], **FEW) for each in (counts, turned(counts)[0]))
    assert path[["n_units", "n_documents"]].values.tolist() == [[40, 2]] * 2
    pd.testing.assert_frame_equal(path, other)


def test_the_practice_corpus_recovers_its_planted_topics(practice):
    counts = topic_counts(practice)
    planted = pd.read_csv(practice.folder / "topics.csv").dropna()
    k = planted["topic"].nunique()
    path = topic_stability(counts, ks=range(2, 7), resamples=30, shuffles=39)
    assert k == 4 and choose_k(path) == k
    model = fit_topics(counts, k)
    body = practice.sentences[practice.sentences["kind"] == "body"].reset_index()
    body = body.merge(planted, on=["doc_id", "paragraph"])
    tokens = body.pivot_table(index=["doc_id", "segment"], columns="topic", values="n_tokens", aggfunc="sum").fillna(0)
    place = pd.MultiIndex.from_frame(model.units[["doc_id", "segment"]]).get_indexer(tokens.index)
    pure = (place >= 0) & (tokens.max(axis=1) >= 30).to_numpy()
    truth, found = tokens.to_numpy()[pure].argmax(1), model.shares[place[pure]].argmax(1)
    table = np.array([[((truth == i) & (found == j)).sum() for j in range(k)] for i in range(k)])
    right = table[linear_sum_assignment(-table)].sum()
    assert len(truth) >= 30 and right / len(truth) >= 0.85


def test_shuffling_keeps_lengths_and_frequencies_and_where_asked_documents(counts):
    first = (counts.units["doc_id"] == "d0").to_numpy()
    for within in ("corpus", "document"):
        shuffled = shuffle_tokens(counts, within, seed=1)
        assert (shuffled.sum(1) == counts.matrix.sum(1)).all() and (shuffled.sum(0) == counts.matrix.sum(0)).all()
        assert (shuffled != counts.matrix).nnz > 100
        kept = (shuffled[first].sum(0) == counts.matrix[first].sum(0)).all()
        assert kept == (within == "document")
    with pytest.raises(CrossreadError, match="not “page”"):
        shuffle_tokens(counts, "page")


def test_terms_of_planted_topics_are_retained():
    counts = planted_counts(purity=0.9)
    for method in METHODS:
        model = fit_topics(counts, PLANTED, method)
        retained = term_retention(counts, model, resamples=10)
        assert retained.shape == model.topic_term.shape and 0 <= retained.min() and retained.max() == 1
        assert np.take_along_axis(retained, top_terms(model.topic_term)[:, :5], axis=1).mean() > 0.9
        assert retained.sum(1) == pytest.approx(np.full(PLANTED, 10))  # ten terms are in every sample's top ten


def test_the_order_of_the_documents_changes_no_measure(counts):
    other = turned(counts)[0]
    pd.testing.assert_frame_equal(*(topic_stability(each, [3], **FEW) for each in (counts, other)))
    first, second = (fit_topics(each, 4) for each in (counts, other))
    assert (term_retention(counts, first, resamples=4) == term_retention(other, second, resamples=4)).all()
    left = [
        leave_one_out(each, model).sort_values(["topic", "left_out"], ignore_index=True)
        for each, model in ((counts, first), (other, second))
    ]
    pd.testing.assert_frame_equal(*left)


def test_a_topic_that_is_one_document_is_gone_without_it(counts):
    own = counts.units["doc_id"].copy()
    own[np.arange(80) % PLANTED == 0] = "alone"  # the first topic stands in one document only
    counts = TermMatrix(counts.matrix, counts.units.assign(doc_id=own), counts.terms)
    model = fit_topics(counts, PLANTED, weighting="tfidf")
    planted = np.arange(60).reshape(PLANTED, 15)[:, :10]
    alone = int(match_topics(planted, top_terms(model.topic_term))[0, 1]) + 1
    left = leave_one_out(counts, model).query("left_out == 'alone'").set_index("topic")
    assert left.loc[alone, "agreement"] < 0.3 and left.loc[alone, "share_held"] > 0.5
    assert left.drop(alone)["agreement"].min() > 0.5


def test_of_many_documents_only_those_that_hold_most_are_left_out():
    counts = planted_counts(120)
    units = counts.units.assign(doc_id=[f"d{i:03d}" for i in range(120)], n_tokens=np.arange(120) + 1)
    counts = TermMatrix(counts.matrix, units, counts.terms)
    model = fit_topics(counts, 4)
    left = leave_one_out(counts, model)
    names, most = stability.largest_holders(model)
    assert set(left["left_out"]) == set(names) and len(set(names)) <= 4
    held = left.set_index(["topic", "left_out"])["share_held"]
    assert [held[i + 1, name] for i, name in enumerate(names)] == pytest.approx(most)
    assert left["agreement"].tolist() == pytest.approx((left["terms_kept"] / (20 - left["terms_kept"])).tolist())


def test_shares_held_by_hand(counts):
    model = fit_topics(counts, 3)
    names, held = stability.held_shares(model)
    mass = model.shares * model.units["n_tokens"].to_numpy()[:, None]
    for name, share in zip(names, held, strict=True):
        assert share == pytest.approx(mass[model.units["doc_id"] == name].sum(0) / mass.sum(0))
    assert held.sum(0) == pytest.approx(np.ones(3))


def test_sensitivity_tells_documents_from_decisions(practice):
    model = fit_topics(practice, 4)
    table = sensitivity(practice, model, {"nothing": {}, "fewer": {"k": 3}, "too many": {"k": 1000}})
    rows = table.drop_duplicates("variation")
    labels = practice.documents["label"]
    assert rows["variation"].tolist() == [*(f"without {label}" for label in labels), "nothing", "fewer"]
    assert rows["left_out"].tolist() == [*labels.index, "", ""]
    by = table.set_index(["variation", "topic"])
    assert (by.loc["nothing", "terms_kept"] == 10).all() and (by.loc["nothing", "agreement"] == 1).all()
    assert (by.loc["fewer", "agreement"] == 0).sum() == 1  # one has no partner
    usual = sensitivity(practice, model)
    assert usual["variation"].nunique() == len(labels) + 7
    longer = usual[usual["variation"] == "passages of 100 tokens"]
    assert (longer["n_units"] < len(model.units)).all()


def test_sensitivity_in_words():
    table = pd.DataFrame({
        "variation": ["without A", "without A", "one topic more", "one topic more"], "topic": [1, 2, 1, 2],
        "name": ["sea, port", "cost, pay"] * 2, "agreement": [0.1, 1.0, 1.0, 0.6], "terms_kept": [2, 10, 10, 8],
    })  # fmt: skip
    assert stability.describe_sensitivity(table, Labels()) == (
        "Without A, 1 of 2 topics is lost. In all, 1 of 2 topics is lost by at least one of 2 changes. Topic 1 "
        "(sea, port) is lost by 1, most by “without A”: 2 of its 10 words are left. Always found again: topic 2 "
        "(cost, pay)."
    )
    kept = table.assign(agreement=1.0)
    assert stability.describe_sensitivity(kept, Labels()).startswith("No topic is lost by any of 2 changes.")


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"resamples": 0}, "no topics in 0 resamples"),
        ({"shuffles": 5}, "5 shuffled texts cannot support any number of topics at the level of 0.05: ask for 19"),
        ({"ks": [70]}, "Topics are resampled for k from 2 to 60 here \\(80 units\\); asked for were 70"),
        ({"ks": []}, "asked for were none"),
    ],
)
def test_what_cannot_be_drawn_is_refused(counts, asked, message):
    with pytest.raises(CrossreadError, match=message):
        topic_stability(counts, **{"ks": [3], **asked})


def test_a_model_of_other_terms_is_refused(counts):
    other = TermMatrix(sparse.csr_matrix(counts.matrix[:, :50]), counts.units, counts.terms[:50])
    with pytest.raises(CrossreadError, match="fitted to another vocabulary"):
        term_retention(other, fit_topics(counts, 3))
    with pytest.raises(CrossreadError, match="takes at least two"):
        leave_one_out(counts, fit_topics(TermMatrix(counts.matrix, counts.units.assign(doc_id="d"), counts.terms), 3))


def test_what_39_shuffled_texts_settle_needs_no_others(monkeypatch):
    noise = planted_texts((15,) * 4, 0, 3, style=0)
    drawn = []
    real = stability.shuffle_tokens
    monkeypatch.setattr(stability, "shuffle_tokens", lambda *given: drawn.append(given) or real(*given))
    path = topic_stability(noise, ks=[3, 4], resamples=4)
    assert len(drawn) == 39 and path["p_adjusted"].min() > 10 / 40
    monkeypatch.setattr(stability, "ENOUGH", 39)
    full = topic_stability(noise, ks=[3, 4], resamples=4)
    assert len(drawn) == 39 + 99
    assert full["verdict"].tolist() == path["verdict"].tolist() and choose_k(full) is None
