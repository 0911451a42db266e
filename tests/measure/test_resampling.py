import numpy as np
import pytest

from crossread.errors import CrossreadError
from crossread.measure import resampling


def test_exact_limits_match_published_tables():
    # Garwood 1936 and any table of Poisson limits: 0, 1, 5 and 10 events
    low, high = resampling.exact_limits([0, 1, 5, 10], 1)
    assert low == pytest.approx([0, 0.0253, 1.6235, 4.7954], abs=1e-4)
    assert high == pytest.approx([3.6889, 5.5716, 11.6683, 18.3904], abs=1e-4)
    # Clopper and Pearson: 0 of 10, 3 of 10, 10 of 10
    low, high = resampling.exact_limits([0, 3, 10], 10, share=True)
    assert low == pytest.approx([0, 0.0667, 0.6915], abs=1e-4)
    assert high == pytest.approx([0.3085, 0.6525, 1], abs=1e-4)


def test_inflation_weighs_thirty_clustered_hits_as_ten():
    clustered = resampling.exact_limits(30, 3000, inflation=3)
    assert np.ravel(clustered) == pytest.approx(np.ravel(resampling.exact_limits(10, 1000)))


def test_more_hits_than_units_is_an_error():
    with pytest.raises(CrossreadError, match=r"more hits \(4\) than units \(3\)"):
        resampling.exact_limits(4, 3, share=True)


@pytest.mark.parametrize("n", [1, 2, 7, 30])
def test_bootstrap_weights_draw_whole_samples_in_runs(n):
    weights = resampling.block_weights(n, block=3, draws=200, seed=4)
    assert weights.shape == (200, n) and (weights.sum(1) == n).all()
    if n == 30:  # blocks: neighbours are drawn together far more often than strangers
        drawn = weights > 0
        assert (drawn[:, 4] & drawn[:, 5]).mean() > (drawn[:, 4] & drawn[:, 20]).mean() + 0.1


def test_inflation_sees_clusters_and_only_clusters():
    generator = np.random.default_rng(8)
    even = [(generator.poisson(0.5, (200, 1)), np.full(200, 20.0)) for _ in range(4)]
    clumped = [(np.repeat(generator.poisson(0.5, (50, 1)), 4, axis=0), np.full(200, 20.0)) for _ in range(4)]
    assert resampling.block_inflation(even)[0] < 1.3
    assert resampling.block_inflation(clumped)[0] > 2
    assert resampling.block_inflation([(np.zeros((5, 1)), np.ones(5))])[0] == 1


def test_permutation_of_unlike_documents_is_significant_and_of_like_ones_not():
    often, seldom = np.tile([1, 0], 30), np.tile([0, 0, 0, 0, 0, 1], 10)
    difference, p = resampling.permutation_test(often, np.full(60, 20), seldom, np.full(60, 20))
    assert difference[0] == pytest.approx(1 / 40 - 1 / 120) and p[0] < 0.01
    assert resampling.permutation_test(often, np.full(60, 20), often, np.full(60, 20))[1][0] > 0.5


@pytest.mark.parametrize("share", [False, True])
def test_limits_leave_out_zero_exactly_when_p_says_so(share):
    generator = np.random.default_rng(11)
    disagreements = tested = significant = 0
    for _ in range(40):
        documents = []
        for n, mean in ((20, 0.7), (60, 0.3)):
            counts = generator.poisson(mean, (n, 5))
            documents.append(
                ((counts > 0) if share else counts, np.ones(n) if share else generator.integers(10, 40, n))
            )
        inflation = resampling.block_inflation(documents, share=share)
        result = resampling.compare_rates(*documents, inflation, share=share, draws=400, seed=generator)
        for alpha in (0.05, 0.01):
            low, high = result.limits(alpha)
            excluded = (low > 0) | (high < 0)
            disagreements += (excluded != (result.p <= alpha)).sum()
            significant += excluded.sum()
            tested += 5
    assert disagreements == 0 and 0 < significant < tested


def test_the_same_seed_gives_the_same_permutations_and_another_one_others():
    documents = [(np.tile([[0], [2], [1]], (20, 1)), np.full(60, 25.0)), (np.ones((60, 1)), np.full(60, 25.0))]
    first, again, other = (
        resampling.compare_rates(*documents, np.ones(1), block=1, draws=100, seed=seed).null for seed in (5, 5, 6)
    )
    assert (first == again).all() and (first != other).any()


def test_adjustments_match_r():
    # R: p.adjust(c(0.01, 0.02, 0.03, 0.04, 0.05), "holm") and "BH"
    p = [0.01, 0.02, 0.03, 0.04, 0.05]
    assert resampling.adjust(p) == pytest.approx([0.05, 0.08, 0.09, 0.09, 0.09])
    assert resampling.adjust(p, "bh") == pytest.approx([0.05] * 5)
    assert resampling.adjust([0.5, np.nan, 0.02]) == pytest.approx([0.5, np.nan, 0.04], nan_ok=True)
    with pytest.raises(CrossreadError, match="“bonferroni” is not known"):
        resampling.adjust(p, "bonferroni")


def test_levels_of_holm_give_the_verdicts_of_the_adjusted_values():
    generator = np.random.default_rng(2)
    for _ in range(200):
        p = generator.beta(0.3, 2, 12)
        assert ((p <= resampling.holm_levels(p)) == (resampling.adjust(p) <= 0.05)).all()
