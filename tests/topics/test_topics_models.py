"""Topics come out the same whatever the order of the documents, and as scikit-learn finds them."""

import dataclasses
import tracemalloc

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from crossread.corpus.tokens import TermMatrix
from crossread.errors import CrossreadError
from crossread.topics import fit_topics, lda, match_topics, nmf, top_terms, topic_names

PLANTED, WORDS = 4, 15
METHODS = ("nmf", "lda")


def planted_counts(n_units=80, n_documents=4, purity=0.8, seed=0):
    """Draw units of 40 tokens, each from one of four topics of 15 words, the topics spread over all documents."""
    generator = np.random.default_rng(seed)
    topic = np.arange(n_units) % PLANTED
    chance = np.full((PLANTED, PLANTED * WORDS), (1 - purity) / (PLANTED * WORDS))
    for i in range(PLANTED):
        chance[i, i * WORDS : (i + 1) * WORDS] += purity * 2 * np.arange(WORDS, 0, -1) / (WORDS * (WORDS + 1))
    matrix = sparse.csr_matrix([generator.multinomial(40, chance[i]) for i in topic])
    document = (np.arange(n_units) // PLANTED) % n_documents
    units = pd.DataFrame({"doc_id": [f"d{i}" for i in document]})
    units["segment"] = units.groupby("doc_id").cumcount()
    units["n_tokens"] = 40
    terms = np.array([f"t{i}{chr(97 + j)}" for i in range(PLANTED) for j in range(WORDS)], dtype=object)
    return TermMatrix(matrix, units, terms)


def turned(counts, seed=5):
    """Return the same units in another order, and the order."""
    order = np.random.default_rng(seed).permutation(len(counts.units))
    return TermMatrix(counts.matrix[order], counts.units.iloc[order].reset_index(drop=True), counts.terms), order


@pytest.fixture(scope="module")
def counts():
    return planted_counts()


@pytest.mark.parametrize("weighting", nmf.WEIGHTINGS)
@pytest.mark.parametrize("method", METHODS)
def test_planted_topics_are_found_in_any_order(counts, method, weighting):
    model = fit_topics(counts, PLANTED, method, weighting=weighting)
    planted = np.arange(PLANTED * WORDS).reshape(PLANTED, WORDS)[:, :10]
    assert match_topics(planted, top_terms(model.topic_term))[:, 0].min() >= 0.6
    best, truth = model.shares.argmax(1), np.arange(80) % PLANTED
    assert sum(np.bincount(best[truth == i]).max() for i in range(PLANTED)) >= 78
    other, order = turned(counts)
    again = fit_topics(other, PLANTED, method, weighting=weighting)
    assert (again.topic_term == model.topic_term).all() and (again.shares == model.shares[order]).all()
    assert again.units["doc_id"].tolist() == other.units["doc_id"].tolist()


@pytest.mark.parametrize("method", METHODS)
def test_shares_and_weights_sum_to_one_and_the_largest_topic_is_the_first(counts, method):
    model = fit_topics(counts, 3, method)
    assert np.allclose(model.topic_term.sum(1), 1) and np.allclose(model.shares.sum(1), 1)
    assert (np.diff(model.shares.T @ model.units["n_tokens"]) <= 1e-9).all()
    first = model.terms[top_terms(model.topic_term, 3)[0]]
    assert topic_names(model)[0] == ", ".join(first)


def test_a_unit_without_a_term_has_no_share(counts):
    matrix = counts.matrix.tolil()
    matrix[3] = 0
    for method in METHODS:
        shares = fit_topics(dataclasses.replace(counts, matrix=matrix.tocsr()), 3, method).shares
        assert np.isnan(shares[3]).all() and not np.isnan(np.delete(shares, 3, axis=0)).any()


def test_weights_within_documents_by_hand():
    # tf-idf of one document: both terms are in all units of it, so both weigh 1 and only the counts remain
    rows = sparse.csr_matrix([[3, 4], [4, 3], [1, 1]])
    alone = nmf.weigh(rows[:2], np.array(["a", "a"]), "within").toarray()
    assert alone.tolist() == [[0, 1], [1, 0]]  # .6 - .8 is under nothing, .8 - .6 is over
    unit = np.array([[3, 4], [4, 3]]) / 5
    expected = np.array([unit[0] - (unit[1] + [2**-0.5] * 2) / 2])
    expected = np.maximum(expected, 0) / np.linalg.norm(np.maximum(expected, 0))
    assert nmf.weigh(rows, np.array(["a"] * 3), "within").toarray()[0] == pytest.approx(expected[0])
    single = nmf.weigh(rows, np.array(["a", "b", "c"]), "within")
    assert single.toarray() == pytest.approx(nmf.weigh(rows, np.array(["a", "b", "c"]), "tfidf").toarray())


def test_what_a_document_says_throughout_makes_no_topic():
    # two stories run through four documents, each of which has five words that stand in all of its passages
    generator = np.random.default_rng(3)
    rows, names = [], []
    for i in range(80):
        chance = np.full(40, 0.2)
        chance[10 * (i % 2) : 10 * (i % 2) + 10] += 1.0
        chance[20 + 5 * (i // 20) : 25 + 5 * (i // 20)] += 6.0
        rows.append(generator.multinomial(40, chance / chance.sum()))
        names.append(f"d{i // 20}")
    units = pd.DataFrame({"doc_id": names, "segment": range(80)})
    counts = TermMatrix(sparse.csr_matrix(rows), units, np.array([f"w{i:02d}" for i in range(40)], dtype=object))
    within, plain = (fit_topics(counts, 2, weighting=weighting) for weighting in ("within", "tfidf"))
    stories = np.arange(20).reshape(2, 10)
    assert match_topics(stories, top_terms(within.topic_term))[:, 0].min() > 0.8
    assert match_topics(stories, top_terms(plain.topic_term))[:, 0].min() < 0.5


def test_one_fit_is_that_of_scikit_learn(counts):
    from sklearn.decomposition import NMF

    weights = nmf.weigh(counts.matrix, counts.units["doc_id"].to_numpy(), "tfidf")
    topic_term, model = nmf.factorise(weights, 5)
    peer = NMF(5, init="nndsvda", max_iter=2000, tol=1e-10, random_state=0).fit(weights)
    assert model.reconstruction_err_ == pytest.approx(peer.reconstruction_err_, abs=1e-3)
    assert (top_terms(topic_term) == top_terms(peer.components_)).mean() > 0.95


def test_many_fits_at_once_are_those_one_by_one_and_near_scikit_learn(counts, monkeypatch):
    weights = nmf.weigh(counts.matrix, counts.units["doc_id"].to_numpy())
    parts = [weights[i : i + 60] for i in (0, 10, 20)]
    vectors = [nmf.singular_vectors(part, 4) for part in parts]
    together = nmf.factorise_many(parts, vectors, 3)
    for part, own, terms in zip(parts, vectors, together, strict=True):
        assert nmf.factorise_many([part], [own], 3)[0] == pytest.approx(terms, abs=1e-10)
        assert match_topics(top_terms(nmf.factorise(part, 3)[0]), top_terms(terms))[:, 0].mean() > 0.9
    monkeypatch.setattr(nmf, "HELD", 1)  # one at a time
    assert nmf.factorise_many(parts, vectors, 3) == pytest.approx(together, abs=1e-10)


def test_every_sweep_raises_the_likelihood_of_texts_and_topics(counts, monkeypatch):
    monkeypatch.setattr(lda, "ALPHA", 1e-9)
    matrix, path = counts.matrix.astype(float), []
    units, terms = np.full((80, 4), 10.0), np.random.default_rng(0).dirichlet(np.ones(60), 4).T.copy()
    for _ in range(20):
        sums, likelihood = lda.update_units(matrix, units, terms)
        terms = (sums + 1e-9) / (sums + 1e-9).sum(0)
        path.append(likelihood)
    assert (np.diff(path) > -1e-6).all() and path[-1] > path[0] + 100


def test_one_update_by_hand(monkeypatch):
    # one document with 3 of term 0 and 1 of term 1; two topics; θ = (2, 2), α = ½
    monkeypatch.setattr(lda, "ALPHA", 0.5)
    phi, units = np.array([[0.75, 0.25], [0.25, 0.75]]), np.array([[2.0, 2.0]])
    sums, likelihood = lda.update_units(sparse.csr_matrix([[3.0, 1.0]]), units, phi)
    # first: Σθφ = 2 for both; θ = .5 + 2 (1.5 · .75 + .5 · .25), .5 + 2 (1.5 · .25 + .5 · .75) = (3, 2)
    # then: Σθφ = (2.75, 2.25)
    first, second = 3 / 2.75, 1 / 2.25
    assert units[0] == pytest.approx([
        0.5 + 3 * (first * 0.75 + second * 0.25), 0.5 + 2 * (first * 0.25 + second * 0.75)
    ])  # fmt: skip
    assert sums == pytest.approx(phi * [[3 * first, 2 * first], [3 * second, 2 * second]])
    assert likelihood == pytest.approx(3 * np.log(2.75 / 5) + np.log(2.25 / 5))


def test_chunks_of_units_change_nothing(counts, monkeypatch):
    start = nmf.factorise(nmf.weigh(counts.matrix, np.arange(80)), 4)[0]
    whole = lda.learn_topics(counts.matrix, start)
    monkeypatch.setattr(lda, "CHUNK", 300)  # three or four units at once
    for first, second in zip(whole, lda.learn_topics(counts.matrix, start), strict=True):
        assert np.allclose(first, second, atol=1e-9)


def test_memory_grows_with_the_counts_and_no_faster():
    generator, peaks = np.random.default_rng(0), []
    for n_units in (200, 1500, 6000):  # the first brings imports into memory
        matrix = sparse.random(n_units, 400, 0.1, "csr", random_state=generator, data_rvs=np.ones)
        tracemalloc.start()
        fit_topics(matrix, 3, "lda")
        peaks.append(tracemalloc.get_traced_memory()[1] / matrix.nnz)
        tracemalloc.stop()
    assert peaks[2] < 1.1 * peaks[1] and peaks[2] < 150  # bytes a count: some copies of it


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"k": 0}, "k = 0 topics cannot be fitted to 80 units and 60 terms"),
        ({"k": 61}, "k = 61 topics cannot"),
        ({"k": 3, "method": "hdp"}, "no method “hdp”"),
        ({"k": 3, "weighting": "loud"}, "no weighting “loud”"),
    ],
)
def test_what_cannot_be_fitted_is_said(counts, arguments, message):
    with pytest.raises(CrossreadError, match=message):
        fit_topics(counts, **arguments)


def test_nothing_to_fit_is_said():
    with pytest.raises(CrossreadError, match="There are no topics in 3 units and 0 terms: let fewer terms"):
        fit_topics(sparse.csr_matrix((3, 0)), 2)


def test_what_is_no_count_is_refused(counts):
    from crossread import load

    with pytest.raises(CrossreadError, match="negative or missing"):
        fit_topics(dataclasses.replace(counts, matrix=-counts.matrix), 2)
    with pytest.raises(CrossreadError, match="a corpus, a TermMatrix or a scipy sparse matrix"):
        fit_topics([[1, 2]], 2)
    with pytest.raises(CrossreadError, match="The vocabulary has no setting “minimum” \\(it has unit, "):
        fit_topics(load("practice"), 2, vocabulary={"minimum": 3})
