"""Planted topics are stabler than shuffled text; shuffled text supports none, at its level."""

import numpy as np
import pandas as pd
import pytest
from test_topics_models import PLANTED, planted_counts

from crossread import load
from crossread.errors import CrossreadError
from crossread.tokens import TermMatrix
from crossread.topics import (
    choose_k,
    fit_topics,
    leave_one_out,
    match_topics,
    sensitivity,
    shuffle_tokens,
    term_retention,
    top_terms,
    topic_counts,
    topic_stability,
)


@pytest.fixture(scope="module")
def practice():
    return load("practice")


def test_planted_topics_are_supported_and_chosen():
    path = topic_stability(planted_counts(), ks=[3, 4, 5], resamples=20)
    assert choose_k(path) in (3, 4)
    row = path.set_index("k").loc[PLANTED]
    assert row["supported"] and row["agreement"] > 0.8 > row["null_95"]


def test_shuffled_text_supports_no_number_of_topics():
    counts = planted_counts()
    supported = 0
    for seed in range(4):
        noise = TermMatrix(shuffle_tokens(counts, seed=(7, seed)), counts.units, counts.terms)
        supported += choose_k(topic_stability(noise, ks=[3, 4], resamples=10, seed=seed)) is not None
    assert supported <= 1


def test_a_difference_between_documents_is_not_supported_within_them():
    # every document has its own vocabulary and nothing else: stable over all texts, no more than that within them
    generator = np.random.default_rng(0)
    chance = np.kron(np.eye(3), np.ones(20)) + 0.1
    rows = [generator.multinomial(60, chance[i] / chance[i].sum()) for i in np.repeat(np.arange(3), 25)]
    from scipy import sparse

    units = pd.DataFrame(
        {"doc_id": np.repeat(["a", "b", "c"], 25), "segment": np.tile(np.arange(25), 3), "n_tokens": 60}
    )
    terms = np.array([f"t{i:02d}" for i in range(60)], dtype=object)
    counts = TermMatrix(sparse.csr_matrix(rows), units, terms)
    over, within = (topic_stability(counts, ks=[3], resamples=20, shuffle=where) for where in ("corpus", "document"))
    assert over["supported"].all() and not within["supported"].any()


def test_the_practice_corpus_recovers_its_planted_topics(practice):
    counts = topic_counts(practice)
    planted = pd.read_csv(practice.folder / "topics.csv").dropna()
    k = planted["topic"].nunique()
    path = topic_stability(counts, ks=range(2, 7)).set_index("k")
    assert k == 4 and path.loc[k, "supported"]
    assert (path["agreement"] - path["null_95"]).idxmax() == k
    model = fit_topics(counts, k)
    body = practice.sentences[practice.sentences["kind"] == "body"].reset_index()
    body = body.merge(planted, on=["doc_id", "paragraph"])
    tokens = body.pivot_table(index=["doc_id", "segment"], columns="topic", values="n_tokens", aggfunc="sum").fillna(0)
    place = pd.MultiIndex.from_frame(model.units[["doc_id", "segment"]]).get_indexer(tokens.index)
    pure = (place >= 0) & (tokens.max(axis=1) >= 30).to_numpy()
    truth, found = tokens.to_numpy()[pure].argmax(1), model.shares[place[pure]].argmax(1)
    table = np.array([[((truth == i) & (found == j)).sum() for j in range(k)] for i in range(k)])
    from scipy.optimize import linear_sum_assignment

    right = table[linear_sum_assignment(-table)].sum()
    assert len(truth) >= 30 and right / len(truth) >= 0.85


def test_the_practice_corpus_shuffled_recovers_none(practice):
    counts = topic_counts(practice)
    noise = TermMatrix(shuffle_tokens(counts, seed=11), counts.units, counts.terms)
    assert choose_k(topic_stability(noise, ks=range(2, 7))) is None


def test_shuffling_keeps_lengths_and_frequencies_and_where_asked_documents():
    counts = planted_counts()
    for within in ("corpus", "document"):
        shuffled = shuffle_tokens(counts, within, seed=1)
        assert (shuffled.sum(1) == counts.matrix.sum(1)).all() and (shuffled.sum(0) == counts.matrix.sum(0)).all()
        assert (shuffled != counts.matrix).nnz > 100
    first = (counts.units["doc_id"] == "d0").to_numpy()
    assert (shuffled[first].sum(0) == counts.matrix[first].sum(0)).all()
    assert (shuffle_tokens(counts, seed=1)[first].sum(0) != counts.matrix[first].sum(0)).any()


def test_terms_of_planted_topics_are_retained():
    counts = planted_counts(purity=0.9)
    model = fit_topics(counts, PLANTED)
    kept = term_retention(counts, model, resamples=20)
    assert kept.shape == model.topic_term.shape and 0 <= kept.min() and kept.max() == 1
    top = top_terms(model.topic_term)
    assert np.take_along_axis(kept, top[:, :5], axis=1).min() > 0.9
    assert kept.sum(1) == pytest.approx(np.full(PLANTED, 10))  # ten of the terms are in every sample's top ten


def test_a_topic_that_is_one_document_is_gone_without_it():
    counts = planted_counts()
    own = counts.units["doc_id"].copy()
    own[np.arange(80) % PLANTED == 0] = "alone"  # the first topic stands in one document only
    counts = TermMatrix(counts.matrix, counts.units.assign(doc_id=own), counts.terms)
    model = fit_topics(counts, PLANTED)
    planted = np.arange(60).reshape(PLANTED, 15)[:, :10]
    alone = int(match_topics(planted, top_terms(model.topic_term))[0, 1]) + 1
    left = leave_one_out(counts, model).query("left_out == 'alone'").set_index("topic")
    assert left.loc[alone, "agreement"] < 0.3 and left.loc[alone, "share_held"] > 0.5
    assert left.drop(alone)["agreement"].min() > 0.5


def test_a_variation_that_changes_nothing_agrees_with_the_model(practice):
    model = fit_topics(practice, 4)
    table = sensitivity(practice, model, {"same": {}, "fewer": {"k": 3}})
    assert table[table["variation"] == "same"]["agreement"].tolist() == [1] * 4
    assert table[table["variation"] == "fewer"]["agreement"].min() == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"ks": [1, 2]}, "for k from 2 to 60"),
        ({"ks": [70]}, "for k from 2 to 60 here"),
        ({"ks": []}, "asked for were none"),
        ({"ks": [3], "method": "seeded"}, "seed-to-seed agreement"),
        ({"ks": [3], "shuffle": "page"}, "not “page”"),
        ({"ks": [3], "alpha": 1}, "no setting “alpha”"),
    ],
)
def test_what_cannot_be_measured_is_said(arguments, message):
    with pytest.raises(CrossreadError, match=message):
        topic_stability(planted_counts(), resamples=2, **arguments)


def test_a_model_of_other_texts_is_refused():
    model = fit_topics(planted_counts(), 4)
    other = planted_counts()
    other.terms[0] = "other"
    with pytest.raises(CrossreadError, match="another vocabulary"):
        term_retention(other, model)
