"""Corrections for what was asked together, against other packages and against all rearrangements."""

from itertools import combinations, permutations

import numpy as np
import pytest
from golds import golds, numbers
from hypothesis import given
from hypothesis import strategies as st

from crossread.errors import CrossreadError
from crossread.measure import families

PAIRS = list(combinations(range(5), 2))
P_VALUES = st.lists(st.floats(0.0001, 1), min_size=10, max_size=10).map(np.array)


def test_adjustments_match_r():
    # R: p.adjust(c(0.01, 0.02, 0.03, 0.04, 0.05), "holm") and "BH"
    p = [0.01, 0.02, 0.03, 0.04, 0.05]
    assert families.adjust(p) == pytest.approx([0.05, 0.08, 0.09, 0.09, 0.09])
    assert families.adjust(p, "bh") == pytest.approx([0.05] * 5)
    assert families.adjust([0.5, np.nan, 0.02]) == pytest.approx([0.5, np.nan, 0.04], nan_ok=True)
    with pytest.raises(CrossreadError, match="“bonferroni” is not known"):
        families.adjust(p, "bonferroni")


def test_holm_as_statsmodels_has_it():
    ((given_p, value),) = golds("holm_m10")
    assert families.adjust(numbers(given_p)) == pytest.approx(numbers(value))


@pytest.mark.parametrize(("gold", "after"), [("shaffer_k5", False), ("shaffer_k5_after_omnibus", True)])
def test_shaffers_procedure(gold, after):
    ((given_p, value),) = golds(gold)
    factors = families.multipliers(10, families.possible_equalities(5), after_omnibus=after)
    found = np.maximum(families.step_down(numbers(given_p), factors), 0.001 if after else 0)
    assert found == pytest.approx(numbers(value))


def test_equality_is_transitive():
    ((_, value),) = golds("shaffer_possible_true_k5")
    assert list(families.possible_equalities(5)) == numbers(value)
    # of three pairs in a row any number can be equal; of a triangle not two
    assert families.equalities_among([(0, 1), (1, 2), (2, 3)]) == (0, 1, 2, 3)
    assert families.equalities_among([(0, 1), (1, 2), (0, 2)]) == (0, 1, 3)
    many = [(0, other) for other in range(1, 12)]
    assert families.equalities_among(many) == tuple(range(12))


@given(P_VALUES)
def test_shaffer_is_never_weaker_than_holm_nor_stronger_than_a_single_test(p):
    factors = families.multipliers(10, families.possible_equalities(5), after_omnibus=False)
    found = families.step_down(p, factors)
    assert (found <= families.adjust(p) + 1e-12).all() and (found >= p - 1e-12).all()


def test_largest_statistics_over_all_rearrangements():
    # five documents of two blocks of three sentences; all 113,400 ways to deal ten blocks, two a document
    ((texts, single),) = golds("maxT_single_step")
    ((_, stepwise),) = golds("maxT_step_down")
    sums = np.array([sum(map(int, text[i : i + 3])) for text in texts.split(";") for i in (0, 3)])
    free, sums_of = np.arange(10)[None], []
    for _ in range(5):
        left = free.shape[1]
        chosen = np.array(list(combinations(range(left), 2)))
        rest = np.array([[i for i in range(left) if i not in pair] for pair in chosen], dtype=int)
        sums_of = [np.repeat(part, len(chosen)) for part in sums_of] + [sums[free[:, chosen]].sum(axis=2).ravel()]
        free = free[:, rest].reshape(len(free) * len(chosen), left - 2)
    shares = np.stack(sums_of, axis=1) / 6
    assert len(shares) == 113400
    first, second = np.array(PAIRS).T
    null = np.abs(shares[:, first] - shares[:, second])
    documents = sums.reshape(5, 2).sum(axis=1) / 6
    observed = np.abs(documents[first] - documents[second])
    assert families.step_down_maxima(observed, [null[:50_000], null[50_000:]])[1] == pytest.approx(
        numbers(stepwise), abs=1e-6
    )
    largest = null.max(axis=1)
    assert [(largest >= one - 1e-9).mean() for one in observed] == pytest.approx(numbers(single), abs=1e-6)


def test_draws_follow_from_the_tests():
    for m in (10, 30, 19900):
        ((_, value),) = golds(f"min_draws_holm_m{m}")
        fewest = int(value)
        families.check_draws(fewest, m)
        with pytest.raises(CrossreadError, match=f"use at least {fewest:,}"):
            families.check_draws(fewest - 1, m)
    assert families.draws_needed(30) == 60_000


def test_stopping_early():
    for draws, value in golds("besag_clifford"):
        assert families.sequential_p([int(one) for one in draws], 10, enough=4) == pytest.approx(float(value))
    ((_, value),) = golds("mc_p")
    assert families.sequential_p([1] * 3 + [0] * 1996, 1999) == pytest.approx(float(value))


def test_levels_of_holm_give_the_verdicts_of_the_adjusted_values():
    generator = np.random.default_rng(2)
    for _ in range(200):
        p = generator.beta(0.3, 2, 12)
        assert ((p <= families.holm_levels(p)) == (families.adjust(p) <= 0.05)).all()


def test_step_down_keeps_the_order_of_documents_out_of_it():
    p = np.array([0.001, 0.2, 0.004])
    factors = np.array([3, 1, 1])
    for order in permutations(range(3)):
        assert families.step_down(p[list(order)], factors) == pytest.approx(families.step_down(p, factors)[list(order)])


def test_no_adjusted_value_is_over_one():
    for method in ("holm", "bh"):
        assert families.adjust([0.9, 0.8, 0.7], method).max() <= 1


@pytest.mark.parametrize("method", ["holm", "bh"])
def test_a_p_value_joins_what_is_supported_exactly_at_its_level(method):
    draw = np.random.default_rng(3)
    for n_tests in (1, 4, 7):
        for _ in range(60):
            p = (draw.random(4) ** 3).clip(1e-6)[: min(n_tests, 4)]
            open_rows = np.flatnonzero(families.adjust(p, method, n_tests) > 0.05)
            levels = families.levels_to_join(p, method, n_tests)
            for row in open_rows:
                for factor, supported in ((1 - 1e-9, True), (1 + 1e-6, False)):
                    instead = np.where(np.arange(len(p)) == row, levels[row] * factor, p)
                    assert (families.adjust(instead, method, n_tests)[row] <= 0.05) == supported


def stopping_bounds(draws, level, error):
    """Return, after each draw, at how few and at how many extreme ones to stop (Gandy 2009, JASA 104, 1504-1511)."""
    going_on, too_many, too_few, found = np.zeros(draws + 2), 0.0, 0.0, []
    going_on[0] = 1.0
    for n in range(1, draws + 1):
        going_on = (1 - level) * going_on + level * np.concatenate([[0], going_on[:-1]])
        spent = error * n / (1000 + n)
        most = int(np.argmax(np.cumsum(going_on[::-1])[::-1] + too_many <= spent))
        least = int((np.cumsum(going_on) + too_few <= spent).sum()) - 1
        too_many, too_few = too_many + going_on[most:].sum(), too_few + going_on[: least + 1].sum()
        going_on[most:], going_on[: least + 1] = 0, 0
        found.append((least, most))
    return found


def test_stopping_early_decides_as_bounds_do_that_hardly_ever_err():
    bounds = stopping_bounds(2000, 0.05, 0.001)
    for row, value in golds("gandy_bounds"):
        n = int(row.split("n=")[1])
        least, most = (int(part.split("=")[1]) for part in value.split(";"))
        assert bounds[n - 1] == (least, most)
    least, most = np.array(bounds).T
    generator, decided = np.random.default_rng(4), 0
    for chance in np.repeat([0.01, 0.03, 0.08, 0.3], 50):
        extreme = generator.random(2000) < chance
        so_far = np.cumsum(extreme)
        stops = np.flatnonzero((so_far <= least) | (so_far >= most))
        if len(stops):
            decided += 1
            assert (families.sequential_p(extreme, 2000) <= 0.05) == (so_far[stops[0]] <= least[stops[0]])
    assert decided > 180
