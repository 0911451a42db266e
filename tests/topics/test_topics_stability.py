"""Planted topics are stabler than shuffled text; shuffled text supports none, at its level."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from test_topics_models import PLANTED, planted_counts

from crossread import load
from crossread.corpus.tokens import TermMatrix
from crossread.errors import CrossreadError
from crossread.topics import (
    choose_k,
    fit_topics,
    leave_one_out,
    match_topics,
    models,
    nmf,
    sensitivity,
    shuffle_tokens,
    stability,
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


def turned(counts, seed=5):
    order = np.random.default_rng(seed).permutation(len(counts.units))
    return TermMatrix(counts.matrix[order], counts.units.iloc[order].reset_index(drop=True), counts.terms)


@pytest.mark.parametrize(("method", "settings"), [("nmf", {}), ("lda", {"sweeps": 5})])
def test_the_order_of_the_documents_changes_no_measure(method, settings):
    counts = planted_counts(40)
    paths = [topic_stability(c, [3, 4], method, resamples=4, **settings) for c in (counts, turned(counts))]
    pd.testing.assert_frame_equal(*paths)
    model, other = (
        fit_topics(c, 4, method, **({"runs": 2} if method == "lda" else {})) for c in (counts, turned(counts))
    )
    kept, again = term_retention(counts, model, resamples=4), term_retention(turned(counts), other, resamples=4)
    assert (kept == again).all() and kept.max() == 1
    by = ["topic", "left_out"]
    left = [
        leave_one_out(c, m).sort_values(by, ignore_index=True) for c, m in ((counts, model), (turned(counts), other))
    ]
    pd.testing.assert_frame_equal(*left)


@pytest.mark.parametrize("large", [False, True])
def test_what_is_fitted_together_changes_nothing(monkeypatch, large):
    counts = planted_counts(40)
    if large:
        monkeypatch.setattr(models, "LARGE", 1)
    model = fit_topics(counts, 4)
    whole = topic_stability(counts, [3, 4], resamples=5), term_retention(counts, model, resamples=5)
    monkeypatch.setattr(stability, "HELD", 1)  # one resample at a time
    fits, original = [], stability._fit_each
    monkeypatch.setattr(
        stability, "_fit_each", lambda each, *rest, **more: fits.append(len(each)) or original(each, *rest, **more)
    )
    pd.testing.assert_frame_equal(whole[0], topic_stability(counts, [3, 4], resamples=5))
    assert (whole[1] == term_retention(counts, model, resamples=5)).all()
    assert max(fits) == stability.OF_EACH_SHUFFLE and len(fits) == 2 + 2 * 5 * 3 + 5


def interrupt(monkeypatch, name, at):
    """Press Ctrl-C inside a solver, at its nth call."""
    calls, original = [], getattr(nmf, name)

    def interrupted(*arguments):
        calls.append(1)
        if len(calls) == at:
            raise KeyboardInterrupt
        return original(*arguments)

    monkeypatch.setattr(nmf, name, interrupted)
    return calls


def test_an_interruption_keeps_what_was_done_and_compares_nothing_half_fitted(monkeypatch):
    counts = planted_counts(40)
    model, whole = fit_topics(counts, 4), topic_stability(counts, [2, 3, 4], resamples=4)
    left, kept = leave_one_out(counts, model), term_retention(counts, model, resamples=4)
    assert whole.attrs["finished"] and left.attrs["finished"]
    sweeps = 2 * stability.RESAMPLE_SWEEPS  # updates of a factor in one fit, or in one fit of many together
    with monkeypatch.context() as patch:
        interrupt(patch, "_solve", 4 * sweeps + 2 * sweeps + 3)  # in the third of four fits for the second k
        part = topic_stability(counts, [2, 3, 4], resamples=4)
    assert not part.attrs["finished"]
    pd.testing.assert_frame_equal(part, whole.iloc[:1])
    with monkeypatch.context() as patch:
        calls = interrupt(patch, "_solve", sweeps + 3)  # in the second of four documents
        part = leave_one_out(counts, model)
        assert len(calls) == sweeps + 3
    assert not part.attrs["finished"] and set(part["left_out"]) == {"d0"}
    with monkeypatch.context() as patch:
        patch.setattr(stability, "HELD", 1)
        interrupt(patch, "_solve", 2 * sweeps + 3)  # in the third of four resamples
        part = term_retention(counts, model, resamples=4)
    assert set(np.unique(part)) <= {0, 0.5, 1} and (part != kept).any()
    for measure in (
        lambda: topic_stability(counts, [2], resamples=2),
        lambda: term_retention(counts, model, resamples=2),
    ):
        with monkeypatch.context() as patch:
            interrupt(patch, "_solve", 3)
            with pytest.raises(KeyboardInterrupt):  # there is nothing yet
                measure()


def test_interrupted_variations_are_those_that_were_done(monkeypatch, practice):
    model = fit_topics(practice, 4)
    interrupt(monkeypatch, "_solve", 2 * model.parameters["sweeps"] + 3)
    part = sensitivity(practice, model, {"same": {}, "more": {"k": 5}, "fewer": {"k": 3}})
    assert not part.attrs["finished"] and part["variation"].unique().tolist() == ["same"]


def test_an_interrupted_lda_is_not_compared_either(monkeypatch):
    from crossread.topics import lda

    counts = planted_counts(40)
    sweeps, original = [], lda.BatchLDA.sweep

    def interrupted(self):
        sweeps.append(1)
        if len(sweeps) == 30:
            raise KeyboardInterrupt
        return original(self)

    monkeypatch.setattr(lda.BatchLDA, "sweep", interrupted)
    with pytest.raises(KeyboardInterrupt):
        topic_stability(counts, [3], "lda", resamples=20, sweeps=5)
    assert len(sweeps) == 30


def test_seeded_topics_are_fitted_again_from_their_seeds(practice):
    from crossread.lexicon import read_lexicon
    from crossread.topics import topic_quality

    lexicon = read_lexicon(practice.lexicon_path("themes"))
    model = fit_topics(practice, 4, "seeded", lexicon=lexicon, runs=1)
    assert any(" " in term for term in model.terms)  # phrases of the lexicon, joined
    kept = term_retention(practice, model, resamples=3)
    seeds = [np.isin(model.terms.astype(str), words) for words in model.parameters["seeds"].values()]
    plain = term_retention(
        practice, dataclasses.replace(model, parameters={**model.parameters, "seeds": {}}), resamples=3
    )
    found, without = (np.mean([each[i, own].sum() for i, own in enumerate(seeds)]) for each in (kept, plain))
    assert found > without + 1
    assert len(leave_one_out(practice, model)) == 4 * 7 and len(topic_quality(practice, model, draws=10)) == 4
    renamed = dataclasses.replace(model, parameters={**model.parameters, "vocabulary": {"phrases": "nowhere"}})
    with pytest.raises(CrossreadError, match="the lexicon “nowhere”"):
        term_retention(practice, renamed)


def test_of_many_documents_only_those_that_hold_most_are_left_out():
    counts = planted_counts(120)
    units = counts.units.assign(doc_id=[f"d{i:03d}" for i in range(120)], n_tokens=np.arange(120) + 1)
    counts = TermMatrix(counts.matrix, units, counts.terms)
    model = fit_topics(counts, 4)
    left = leave_one_out(counts, model)
    names, most = stability.largest_holders(model)
    assert set(left["left_out"]) == set(names) and len(set(names)) <= 4
    own = left.set_index(["topic", "left_out"])["share_held"]
    assert [own[i + 1, name] for i, name in enumerate(names)] == pytest.approx(most)
    asked = leave_one_out(counts, model, documents=["d007", "d002"])
    assert asked["left_out"].drop_duplicates().tolist() == ["d007", "d002"]
    with pytest.raises(CrossreadError, match="no document “d999”"):
        leave_one_out(counts, model, documents=["d999"])


def test_terms_kept_are_those_that_the_index_counts():
    counts = planted_counts(40)
    left = leave_one_out(counts, fit_topics(counts, 4))
    assert left["agreement"].tolist() == pytest.approx((left["terms_kept"] / (20 - left["terms_kept"])).tolist())
    assert left["terms_kept"].between(0, 10).all() and left["terms_kept"].min() < 10


def test_shares_held_by_hand():
    counts = planted_counts(40)
    model = fit_topics(counts, 3)
    names, held = stability.held_shares(model)
    mass = model.shares * model.units["n_tokens"].to_numpy()[:, None]
    for name, own in zip(names, held, strict=True):
        assert own == pytest.approx(mass[model.units["doc_id"] == name].sum(0) / mass.sum(0))
    assert held.sum(0) == pytest.approx(np.ones(3))


def test_a_variation_keeps_what_it_does_not_change():
    counts = planted_counts(purity=0.5)
    model = fit_topics(counts, 6, weighting="binary")
    table = sensitivity(counts, model, {"same": {}, "counts": {"weighting": "counts"}})
    agreement = table.groupby("variation")["agreement"].mean()
    assert agreement["same"] == 1 > agreement["counts"]


@pytest.mark.parametrize(("resamples", "share"), [(0, 0.8), (5, 0), (5, 1.2)])
def test_resamples_that_cannot_be_drawn_are_refused(resamples, share):
    counts = planted_counts(40)
    for measure in (
        lambda **asked: topic_stability(counts, [3], **asked),
        lambda **asked: term_retention(counts, fit_topics(counts, 3), **asked),
    ):
        with pytest.raises(CrossreadError, match=f"no topics in {resamples} resamples of"):
            measure(resamples=resamples, share=share)
