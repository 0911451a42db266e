"""Topics come out the same whatever the order, the threads or the engine, and as scikit-learn finds them."""

import dataclasses
import tracemalloc

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from crossread.corpus.tokens import TermMatrix
from crossread.errors import CrossreadError
from crossread.lexicon import make_lexicon
from crossread.topics import (
    fit_topics,
    lda,
    match_topics,
    models,
    nmf,
    top_terms,
)

PLANTED, WORDS = 4, 15
ENGINES = ("numpy", "numba")
RUNS = {"nmf": {}, "lda": {"runs": 2}}


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


@pytest.fixture(scope="module")
def counts():
    return planted_counts()


@pytest.mark.parametrize("method", ["nmf", "lda"])
def test_planted_topics_are_found(counts, method):
    model = fit_topics(counts, PLANTED, method)
    planted = np.arange(PLANTED * WORDS).reshape(PLANTED, WORDS)[:, :10]
    assert match_topics(planted, top_terms(model.topic_term))[:, 0].min() >= 0.6
    best = model.shares.argmax(1)
    truth = np.arange(80) % PLANTED
    assert sum(np.bincount(best[truth == i]).max() for i in range(PLANTED)) >= 78


def test_shares_and_weights_sum_to_one(counts):
    for method in ("nmf", "lda"):
        model = fit_topics(counts, 3, method)
        assert np.allclose(model.topic_term.sum(1), 1) and np.allclose(model.shares.sum(1), 1)
        sizes = model.shares.T @ model.units["n_tokens"]
        assert (np.diff(sizes) <= 1e-9).all()  # the largest topic is number 1


def test_nmf_reaches_the_error_of_scikit_learn(counts):
    from sklearn.decomposition import NMF

    weighted = nmf.weight_counts(counts.matrix)
    w, h, finished = nmf.factorise([weighted], 5, 400)
    own = np.linalg.norm(weighted.toarray() - w[0] @ h[0].T)
    peer = NMF(5, init="nndsvda", max_iter=2000, tol=1e-10, random_state=0).fit(weighted).reconstruction_err_
    assert finished and abs(own - peer) < 1e-6


def test_nmf_starts_without_a_zero_that_it_could_not_leave(counts):
    weighted = nmf.weight_counts(counts.matrix)
    w, h = nmf.start_factors(weighted.mean(), *nmf.leading_vectors(weighted, 5))
    assert w.min() > 0 and h.min() > 0
    from sklearn.decomposition._nmf import _initialize_nmf

    peer = _initialize_nmf(weighted, 5, init="nndsvda", random_state=0)
    assert np.allclose(w[:, :3], peer[0][:, :3], atol=1e-3) and np.allclose(h.T[:3], peer[1][:3], atol=1e-3)


def test_nmf_weights_as_scikit_learn_does(counts):
    from sklearn.feature_extraction.text import TfidfTransformer

    assert np.allclose(
        nmf.weight_counts(counts.matrix).toarray(), TfidfTransformer().fit_transform(counts.matrix).toarray()
    )


def test_many_factorisations_at_once_are_those_one_by_one(counts):
    blocks = [nmf.weight_counts(counts.matrix[i : i + 60]) for i in (0, 10, 20)]
    together = nmf.factorise(blocks, 3, 50)[1]
    for i, block in enumerate(blocks):
        assert np.allclose(together[i], nmf.factorise([block], 3, 50)[1][0], atol=1e-10)


def test_leading_vectors_of_a_large_matrix_are_those_of_a_small_one(counts, monkeypatch):
    small = nmf.leading_vectors(nmf.weight_counts(counts.matrix), 4)
    monkeypatch.setattr(nmf, "DENSE_LIMIT", 10)
    large = nmf.leading_vectors(nmf.weight_counts(counts.matrix), 4)
    assert np.allclose(small[1], large[1])
    assert np.allclose(np.abs(small[0]), np.abs(large[0]), atol=1e-6)


@pytest.mark.parametrize("method", ["nmf", "lda"])
def test_the_order_of_the_documents_changes_nothing(counts, method):
    order = np.random.default_rng(5).permutation(len(counts.units))
    turned = TermMatrix(counts.matrix[order], counts.units.iloc[order].reset_index(drop=True), counts.terms)
    first, second = (
        fit_topics(each, 4, method, **({"runs": 3} if method == "lda" else {})) for each in (counts, turned)
    )
    assert (first.topic_term == second.topic_term).all()
    assert (first.shares[order] == second.shares).all()


def test_the_same_seed_gives_the_same_topics_and_another_seed_others(counts):
    first, again, other = (fit_topics(counts, 6, "lda", runs=1, seed=seed).topic_term for seed in (3, 3, 4))
    assert (first == again).all() and not np.allclose(first, other)


def test_compiled_and_plain_updates_are_the_same(counts):
    pytest.importorskip("numba")
    plain, compiled = (lda.OnlineLDA(counts.matrix, 4, engine=engine, inner=3, passes=3) for engine in ENGINES)
    for _ in range(6):
        assert plain.sweep() == pytest.approx(compiled.sweep(), abs=1e-5)  # numbers of four bytes
    assert np.allclose(plain.phi, compiled.phi, rtol=1e-4) and np.allclose(plain.theta, compiled.theta, rtol=1e-3)
    shares = [lda.infer_shares(counts.matrix, plain.phi, engine=engine) for engine in ENGINES]
    assert np.allclose(*shares, atol=1e-3)


@pytest.mark.parametrize("engine", ENGINES)
def test_documents_of_any_length_are_updated_alike(engine):
    pytest.importorskip("numba")
    generator, phi = np.random.default_rng(0), np.random.default_rng(1).dirichlet(np.ones(100), 3).T
    rows = [generator.permutation(100)[:size] for size in (0, 1, 31, 32, 33, 64, 99)]
    matrix = sparse.csr_matrix([np.isin(np.arange(100), row) * 2.0 for row in rows])
    shares = lda.infer_shares(matrix, phi, updates=3, engine=engine)
    for number in range(len(rows)):  # each alone gives what it gives among others
        assert np.allclose(
            lda.infer_shares(matrix[[number]], phi, updates=3, engine="numpy"), shares[number], atol=1e-9
        )
    theta, kernels = np.ones((len(rows), 3), np.float32), lda.ENGINES[engine]
    theta, phi, alpha = (each.astype(kernels.number) for each in (theta, phi, np.full(3, 0.1)))
    found, _ = kernels.update(matrix.indptr, matrix.indices, matrix.data, theta, phi, alpha, 4)
    assert theta.sum(1) == pytest.approx(0.3 + matrix.sum(1).A1, rel=1e-5)  # α and one count for every count
    assert found.reshape(-1, *phi.shape).sum((0, 2)) == pytest.approx(matrix.sum(0).A1, rel=1e-5)


def test_the_number_of_threads_changes_nothing(counts):
    numba = pytest.importorskip("numba")
    before, results = numba.get_num_threads(), []
    for threads in (1, before):
        numba.set_num_threads(threads)
        state = lda.OnlineLDA(counts.matrix, 4, engine="numba", passes=2)
        results.append(([state.sweep() for _ in range(4)], state.phi))
    assert before > 1
    assert results[0][0] == results[1][0] and (results[0][1] == results[1][1]).all()


def test_a_large_fit_is_the_same_in_any_order_and_with_any_number_of_threads():
    numba = pytest.importorskip("numba")
    generator = np.random.default_rng(0)
    chances = generator.dirichlet(np.full(3000, 0.05), 20)
    rows = [generator.multinomial(130, generator.dirichlet(np.full(20, 0.1)) @ chances) for _ in range(3000)]
    counts, order = sparse.csr_matrix(np.array(rows)), generator.permutation(3000)
    assert counts.nnz * 20 >= models.LARGE
    before, results = numba.get_num_threads(), []
    for threads, turned in ((before, False), (1, False), (before, True)):
        numba.set_num_threads(threads)
        model = fit_topics(counts[order] if turned else counts, 20, "lda", runs=1, seed=4)
        results.append((model.topic_term, model.shares[np.argsort(order)] if turned else model.shares))
    assert model.parameters["passes"] == 6 and before > 1
    for topic_term, shares in results[1:]:
        assert (topic_term == results[0][0]).all() and (shares == results[0][1]).all()
    assert match_topics(top_terms(chances), top_terms(model.topic_term))[:, 0].mean() > 0.6


@pytest.mark.parametrize("method", ["lda", "nmf"])
def test_memory_grows_with_the_counts_and_no_faster(method, monkeypatch):
    monkeypatch.setattr(models, "LARGE", 1)
    generator, peaks = np.random.default_rng(0), []
    for n_units in (400, 4000, 16000):  # the first brings imports and compiled loops into memory
        counts = sparse.random(n_units, 400, 0.1, "csr", random_state=generator, data_rvs=np.ones)
        tracemalloc.start()
        fit_topics(counts, 10, method, sweeps=8, **({"runs": 1} if method == "lda" else {}))
        peaks.append(tracemalloc.get_traced_memory()[1] / counts.nnz)
        tracemalloc.stop()
    # 40 counts a unit: copies of the counts, and a few numbers for each of the ten topics of a unit
    assert peaks[2] < 1.05 * peaks[1] and peaks[2] < 3 * 16 + 4 * 8 * 10 / 40


@pytest.mark.parametrize("engine", ENGINES)
def test_an_online_run_finds_planted_topics_in_any_order(counts, engine):
    order = np.random.default_rng(5).permutation(len(counts.units))
    turned = TermMatrix(counts.matrix[order], counts.units.iloc[order].reset_index(drop=True), counts.terms)
    first, second = (fit_topics(each, 4, "lda", runs=3, passes=6, engine=engine) for each in (counts, turned))
    assert (first.topic_term == second.topic_term).all() and (first.shares[order] == second.shares).all()
    planted = np.arange(PLANTED * WORDS).reshape(PLANTED, WORDS)[:, :10]
    assert match_topics(planted, top_terms(first.topic_term))[:, 0].min() >= 0.6
    assert first.parameters["passes"] == 6 and first.parameters["alpha"] == 0.05


def test_large_matrices_are_learnt_online_and_by_coordinate_descent(counts, monkeypatch):
    small = {method: fit_topics(counts, 4, method, **RUNS[method]) for method in RUNS}
    monkeypatch.setattr(models, "LARGE", 1)
    for method, sweeps in (("nmf", 40), ("lda", 100)):
        large = fit_topics(counts, 4, method, **RUNS[method])
        assert match_topics(top_terms(small[method].topic_term), top_terms(large.topic_term))[:, 0].mean() > 0.8
        assert large.parameters["sweeps"] == sweeps
        order = np.random.default_rng(5).permutation(len(counts.units))
        turned = TermMatrix(counts.matrix[order], counts.units.iloc[order].reset_index(drop=True), counts.terms)
        other = fit_topics(turned, 4, method, **RUNS[method])
        assert (large.topic_term == other.topic_term).all() and (large.shares[order] == other.shares).all()


def test_coordinate_descent_ends_where_the_small_solver_does(counts):
    weighted = nmf.weight_counts(counts.matrix)
    own, theirs = nmf.factorise([weighted], 4, 400), nmf.descend([weighted], 4, 400)
    assert theirs[2] and np.allclose(own[0][0] @ own[1][0].T, theirs[0][0] @ theirs[1][0].T, atol=1e-4)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_token_does_not_vote_for_its_own_topic(engine):
    # one document of one token; two topics, θ = (.5 + .75, .5 + .25), φ = (.75, .25): without it θ is α, so r is φ's
    kernels = lda.ENGINES[engine]
    theta, phi, alpha = (np.array(x, kernels.number) for x in ([[1.25, 0.75]], [[0.75, 0.25]], [0.5, 0.5]))
    counts = np.array([0, 1]), np.array([0]), np.array([1.0])
    found, likelihood = kernels.update(*counts, theta, phi, alpha, 1)
    sums = found.reshape(-1, 1, 2).sum(0)
    # r with the token: (.9375, .1875) / 1.125 = (5/6, 1/6); θ without it: max(θ - θ r / θ…): θ(1 - φ/1.125)
    without = np.maximum(np.array([1.25, 0.75]) * (1 - np.array([0.75, 0.25]) / 1.125), 0.5) * [0.75, 0.25]
    assert np.allclose(sums, without / without.sum()) and np.allclose(theta, 0.5 + without / without.sum())
    assert likelihood == pytest.approx(np.log(1.125 / 2))


def test_chunks_of_documents_change_nothing(counts, monkeypatch):
    whole = lda.infer_shares(counts.matrix, lda.first_topics(counts.matrix, 4, 0), engine="numpy")
    monkeypatch.setattr(lda, "CHUNK", 300)  # three or four units at once
    chunks = lda.infer_shares(counts.matrix, lda.first_topics(counts.matrix, 4, 0), engine="numpy")
    assert np.allclose(whole, chunks, atol=1e-12)


def test_every_sweep_raises_the_likelihood_of_the_texts_and_topics(counts):
    state = lda.BatchLDA(counts.matrix, 4, alpha=1e-9, eta=1e-9, inner=1)
    path = [state.sweep() for _ in range(30)]
    assert (np.diff(path) > -1e-9).all() and path[-1] > path[0] + 0.1


def test_one_update_by_hand():
    # one document with 3 of term 0 and 1 of term 1; two topics; θ = (2, 2)
    phi = np.array([[0.75, 0.25], [0.25, 0.75]])
    (before, after), ratios, likelihood = lda.document_step(
        sparse.csr_matrix([[3.0, 1.0]]), np.array([[2.0, 2.0]]), phi, np.array([0.5, 0.5]), 1
    )
    # Σθφ = 2 for both terms; new θ = α + θ (3/2 φ_0 + 1/2 φ_1) = .5 + 2 (1.125 + .125), .5 + 2 (.375 + .375)
    assert after.tolist() == [[3.0, 2.0]] and before.tolist() == [[2.0, 2.0]]
    assert ratios.tolist() == [1.5, 0.5] and likelihood == pytest.approx(4 * np.log(0.5))


def test_interrupted_lda_gives_the_last_whole_sweep(counts, monkeypatch):
    plain = lda.BatchLDA(lda_rows(counts), 4, alpha=0.03, eta=0.1, inner=4)
    for _ in range(3):
        plain.sweep()
    sweeps, original = [], lda.BatchLDA.sweep

    def interrupted(self):
        sweeps.append(1)
        if len(sweeps) == 4:
            raise KeyboardInterrupt
        return original(self)

    monkeypatch.setattr(lda.BatchLDA, "sweep", interrupted)
    model = fit_topics(counts, 4, "lda", runs=20)
    assert not model.finished and len(sweeps) == 4
    assert sorted(map(tuple, model.topic_term.round(12))) == sorted(map(tuple, plain.phi.T.round(12)))


def lda_rows(counts):
    return counts.matrix[lda.canonical_order(counts.matrix)]


def test_interrupted_nmf_gives_what_it_has(counts, monkeypatch):
    calls, original = [], nmf._solve

    def interrupted(*arguments):
        calls.append(1)
        if len(calls) == 8:
            raise KeyboardInterrupt
        return original(*arguments)

    monkeypatch.setattr(nmf, "_solve", interrupted)
    model = fit_topics(counts, 4)
    assert not model.finished and np.allclose(model.topic_term.sum(1), 1)


def test_the_prototype_is_the_run_nearest_to_all_others():
    near, far = np.eye(20)[:2] + 0.001 * np.arange(20), np.eye(20)[::-1][:2] + 0.5 * (np.arange(20) < 9)
    chosen, agreement = models.prototype([far, near, near.copy()])
    assert chosen == 1 and 0.5 < agreement.mean() < 1


def test_lda_says_how_well_its_seeds_agree(counts):
    easy, hard = fit_topics(counts, 4, "lda", runs=5), fit_topics(counts, 9, "lda", runs=5)
    assert 0.9 < easy.agreement <= 1 and hard.agreement < easy.agreement
    assert len(hard.topic_agreement) == 9


def test_seeded_topics_follow_their_keys(counts):
    lexicon = make_lexicon("demo", {"second": ["t1?"], "first": ["t0a", "t0b"]})
    model = fit_topics(counts, 4, "seeded", lexicon=lexicon, runs=4)
    assert model.labels == ("second", "first", "", "")
    tops = model.terms[top_terms(model.topic_term)]
    assert all(term.startswith("t1") for term in tops[0]) and sum(term.startswith("t0") for term in tops[1]) >= 8
    assert model.parameters["seeds"]["first"] == ["t0a", "t0b"]
    assert 0 <= model.agreement <= 1


def test_loadings_of_new_rows_are_least_squares(counts):
    from scipy.optimize import nnls

    weighted = nmf.weight_counts(counts.matrix)
    h = fit_topics(counts, 4).topic_term.T
    found = nmf.fit_loadings(weighted, h, sweeps=2000)
    assert found[::9] == pytest.approx(np.array([nnls(h, row)[0] for row in weighted[::9].toarray()]), abs=1e-6)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"k": 0}, "k = 0 topics cannot be fitted to 80 units and 60 terms"),
        ({"k": 61}, "k = 61 topics cannot"),
        ({"k": 3, "method": "hdp"}, "no method “hdp”"),
        ({"k": 3, "sweps": 3}, "no setting “sweps”"),
        ({"k": 3, "vocabulary": {"minimum": 3}}, "The vocabulary has no setting “minimum” \\(it has unit, "),
        ({"k": 3, "method": "seeded"}, "needs a lexicon"),
        ({"k": 1, "method": "seeded", "lexicon": make_lexicon("x", {"a": ["t0a"], "b": ["t1a"]})}, "cannot hold 2"),
        ({"k": 3, "method": "seeded", "lexicon": make_lexicon("x", {"a": ["nothing"]})}, "No term .* of “a”"),
    ],
)
def test_what_cannot_be_fitted_is_said(counts, arguments, message):
    with pytest.raises(CrossreadError, match=message):
        fit_topics(counts, **arguments)


def test_nothing_to_fit_is_said():
    with pytest.raises(CrossreadError, match="There are no topics in 3 units and 0 terms: let fewer terms"):
        fit_topics(sparse.csr_matrix((3, 0)), 2)


def test_negative_counts_are_refused(counts):
    with pytest.raises(CrossreadError, match="negative or missing"):
        fit_topics(dataclasses.replace(counts, matrix=-counts.matrix), 2)
    with pytest.raises(CrossreadError, match="a corpus, a TermMatrix or a scipy sparse matrix"):
        fit_topics([[1, 2]], 2)
