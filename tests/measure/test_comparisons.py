"""Two documents compared: listed outcomes against brute force, smallest ratios against gold values and simulation."""

import numpy as np
import pytest
from golds import golds, numbers
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import betabinom, binomtest

from crossread.errors import CrossreadError
from crossread.measure import comparisons
from crossread.measure.comparisons import Side


def side(*values, n=1):
    return Side(*(np.full(n, value, dtype=float) for value in values))


def brute_force(count_a, n_a, d_a, count_b, n_b, d_b, share):
    """Add up all outcomes at least as far apart, from scipy's beta-binomial."""
    laws = []
    for n, inflation in ((n_a, d_a), (n_b, d_b)):
        clumped = np.clip((inflation - 1) / (n - 1), 1e-6, 0.98)
        size = (1 - clumped) / clumped
        laws.append(betabinom.pmf(np.arange(n + 1), n, share * size, (1 - share) * size))
    apart = np.abs(np.subtract.outer(np.arange(n_a + 1) / n_a, np.arange(n_b + 1) / n_b))
    return np.outer(*laws)[apart >= abs(count_a / n_a - count_b / n_b) - 1e-9].sum()


@given(
    st.integers(2, 25), st.integers(2, 40), st.floats(0, 1), st.floats(0, 1), st.floats(1, 8), st.floats(1, 8),
    st.floats(0.02, 0.98),
)  # fmt: skip
def test_listing_outcomes_by_brute_force(n_a, n_b, part_a, part_b, d_a, d_b, share):
    count_a, count_b = round(part_a * n_a), round(part_b * n_b)
    found = comparisons.compare_shares(
        side(count_a, n_a, d_a, np.inf), side(count_b, n_b, d_b, np.inf), np.array([share])
    )
    expected = brute_force(count_a, n_a, d_a, count_b, n_b, d_b, share)
    assert found[0] == pytest.approx(min(expected, 1), abs=2e-5)


def test_a_long_document_is_compared_as_if_its_share_were_continuous(monkeypatch):
    pair = side(9, 29, 2.0, 9.0), side(90, 900, 3.0, 9.0)
    listed = comparisons.compare_shares(*pair, np.array([0.11]))
    monkeypatch.setattr(comparisons, "LARGEST_LISTED", 500)
    assert comparisons.compare_shares(*pair, np.array([0.11])) == pytest.approx(listed, rel=0.05)
    assert comparisons.compare_shares(*pair[::-1], np.array([0.11])) == pytest.approx(listed, rel=0.05)


def test_rates_are_a_binomial_test_when_nothing_clumps():
    found = comparisons.compare_rates(side(8, 100, 1.0, np.inf), side(2, 300, 1.0, np.inf))
    expected = 2 * binomtest(8, 10, 0.25, alternative="greater").pvalue
    assert found[0] == pytest.approx(expected)
    clumped = comparisons.compare_rates(side(16, 200, 2.0, np.inf), side(4, 600, 2.0, np.inf))
    assert clumped[0] == pytest.approx(expected)
    unsure = comparisons.compare_rates(side(8, 100, 1.0, 5.0), side(2, 300, 1.0, np.inf))
    assert unsure[0] > found[0]


def test_an_empty_side_has_no_p_value():
    for compare in (comparisons.compare_rates, lambda a, b: comparisons.compare_shares(a, b, np.array([0.5]))):
        assert np.isnan(compare(side(0, 0, 1.0, 3.0), side(2, 30, 1.0, 3.0))).all()


@given(st.integers(0, 29), st.integers(0, 80), st.floats(1, 6), st.booleans())
def test_limits_leave_out_zero_exactly_when_p_says_so(count_a, count_b, inflation, share):
    compared = comparisons.compare(side(count_a, 29, inflation, 8.0), side(count_b, 80, inflation, 8.0), share=share)
    for level in (0.95, 0.99):
        low, high = compared.limits(level)
        assert low[0] <= compared.difference[0] <= high[0]
        assert ((low[0] > 0) or (high[0] < 0)) == (compared.p[0] < 1 - level) or abs(compared.p[0] - 1 + level) < 1e-6
    assert compared.best[0] <= compared.p[0] + 1e-9


@given(
    st.integers(1, 12), st.integers(1, 12), st.floats(0, 1), st.floats(0, 1), st.floats(0, 0.98), st.floats(1, 60),
    st.floats(0.9, 0.999),
)  # fmt: skip
def test_shares_are_never_more_than_one_apart(n_a, n_b, part_a, part_b, clumped, freedom, level):
    """One of three sentences against none of three had limits up to 1.12."""
    a, b = (
        side(round(part * n), n, max(clumped * n, 1), freedom) for part, n in ((part_a, n_a), (part_b, n_b))
    )  # inflation is at most .98 of the sentences
    compared = comparisons.compare(a, b, share=True)
    low, high = compared.limits(level)
    assert -1 <= low[0] <= compared.difference[0] <= high[0] <= 1


@pytest.mark.parametrize("case", ["29v149_L2", "29v30_L2", "29v149_L8", "29v30_L8", "29v149_L15", "29v30_L15"])
def test_smallest_ratios_by_formula_and_by_listing(case):
    ((_, value),) = golds(f"mdr_approx_{case}")
    from csv import DictReader

    from golds import GOLDS

    with GOLDS.open(encoding="utf-8") as file:
        row = next(row for row in DictReader(file) if row["name"] == f"mdr_approx_{case}")
    share, d_a, d_b = (float(part.split("=")[1]) for part in row["input"].split(";"))
    n_a, n_b = 29, 149 if "149" in case else 30
    formula = float(comparisons.ratio_by_formula(share, n_a, d_a, n_b, d_b))
    one = [np.array([part]) for part in (share, n_a, d_a, n_b, d_b)]
    listed = float(comparisons.minimum_ratio(*one, deviate=comparisons.pair_deviate(0.05, np.inf))[0])
    if value == "nan":
        assert np.isinf(formula) and np.isinf(listed)
    else:
        assert formula == pytest.approx(float(value), abs=0.006)
        assert listed == pytest.approx(formula, rel=0.06)


@pytest.mark.parametrize(("growth", "lowered"), [(0.0, False), (0.5, False), (0.5, True)])
def test_the_smallest_ratio_is_found_in_eighty_of_a_hundred_texts(growth, lowered):
    generator = np.random.default_rng(3)
    runs, share, inflation = 4000, 0.4 if lowered else 0.15, 2.0
    known = np.array([comparisons.pair_deviate(0.05, np.inf)])
    sides = [np.array([value]) for value in (share, 40, inflation, 90, inflation)]
    ratio = comparisons.minimum_ratio(*sides, deviate=known, growth=growth, lowered=lowered)[0]

    def draw(own, n):
        clumped = (grown - 1) / (n - 1)
        size = (1 - clumped) / clumped
        return generator.binomial(n, generator.beta(own * size, (1 - own) * size, runs)).astype(float)

    grown = inflation if lowered else 1 + (inflation - 1) * ratio**growth
    upper, lower = (share, share / ratio) if lowered else (ratio * share, share)
    a, b = draw(upper, 40), draw(lower, 90)
    sides = [Side(count, np.full(runs, float(n)), np.full(runs, grown), np.full(runs, np.inf))
             for count, n in ((a, 40), (b, 90))]  # fmt: skip
    assert (comparisons.compare(*sides, share=True).p <= 0.05).mean() == pytest.approx(0.8, abs=0.04)


def test_no_ratio_is_told_where_not_even_silence_would_be_seen():
    sides = [np.array([value]) for value in (0.05, 150, 1.2, 29, 1.2)]
    assert np.isinf(comparisons.minimum_ratio(*sides, deviate=2.0, lowered=True)).all()
    assert np.isinf(comparisons.ratio_by_formula(*sides, lowered=True)).all()
    assert np.isinf(comparisons.rate_ratio(*sides, lowered=True)).all()
    assert np.isfinite(comparisons.minimum_ratio(*sides, deviate=2.0)).all()


@pytest.mark.parametrize(
    "case",
    [
        (0.02, 900, 2000, 1.0, False), (0.004, 300, 5000, 1.0, False), (0.001, 5000, 300, 1.0, False),
        (0.02, 5000, 2000, 1.2, False), (0.01, 2000, 900, 1.0, True), (0.02, 900, 2000, 1.0, True),
        (0.003, 90000, 9000, 2.0, True),
    ],
)  # fmt: skip
def test_the_smallest_ratio_of_rates_is_found_as_often(case):
    generator = np.random.default_rng(4)
    runs, (rate, n_a, n_b, inflation, lowered) = 4000, case
    ratio = float(comparisons.rate_ratio(rate, n_a, inflation, n_b, inflation, growth=1.0, lowered=lowered))
    grown = inflation if lowered else 1 + (inflation - 1) * ratio
    own = (n_a * rate, n_b * rate / ratio) if lowered else (n_a * rate * ratio, n_b * rate)
    a, b = (grown * generator.poisson(hits / grown, runs) for hits in own)
    sides = [
        Side(count, np.full(runs, n), np.full(runs, grown), np.full(runs, np.inf))
        for count, n in ((a, 1.0 * n_a), (b, 1.0 * n_b))
    ]
    assert (comparisons.compare(*sides, share=False).p <= 0.05).mean() == pytest.approx(0.8, abs=0.06)


@pytest.mark.parametrize("share", [True, False])
def test_the_omnibus_test_keeps_its_level_and_finds_what_differs(share):
    generator = np.random.default_rng(8)
    units = np.array([20.0, 30.0, 40.0, 60.0])[:, None] * (1 if share else 29)

    def draw(rates, n):
        expected = np.broadcast_to(rates, (4, n)) * units
        return (generator.binomial(units.astype(int), expected / units) if share else generator.poisson(expected)) * 1.0

    equal = draw(0.2 if share else 0.01, 150)
    ones, sure = np.ones((4, 150)), np.full((4, 150), 100.0)
    p = comparisons.omnibus(Side(equal, np.repeat(units, 150, 1), ones, sure), share=share, draws=400)
    assert (p <= 0.05).mean() < 0.11 and (p <= 0.5).mean() == pytest.approx(0.5, abs=0.15)
    unlike = draw(np.array([0.7, 0.1, 0.1, 0.1])[:, None] / (1 if share else 20), 20)
    found = comparisons.omnibus(Side(unlike, np.repeat(units, 20, 1), ones[:, :20], sure[:, :20]), share=share)
    assert (found <= 0.05).mean() > 0.9


def test_the_omnibus_test_says_when_no_draw_could_be_enough():
    two = Side(np.array([[3.0], [1.0]]), np.full((2, 1), 9.0), np.ones((2, 1)), np.full((2, 1), 9.0))
    with pytest.raises(CrossreadError, match="With 50 draws no adjusted p-value can reach 0.05 among 3 tests"):
        comparisons.omnibus(two, share=True, draws=50, multiplicity=3)
    one = Side(*(part[:1] for part in two))
    assert np.isnan(comparisons.omnibus(one, share=True)).all()


def test_numbers_of_golds_can_be_read():
    assert numbers("1 2.5") == [1.0, 2.5]


def test_the_omnibus_test_at_the_lengths_of_the_study():
    counts, units = np.array([[9.0], [15.0], [5.0]]), np.array([[29.0], [149.0], [38.0]])
    sides = [Side(counts, units, np.ones((3, 1)), np.full((3, 1), freedom)) for freedom in (50.0, 5.0)]
    found = [float(comparisons.omnibus(one, share=True)[0]) for one in sides]
    assert found == pytest.approx([0.0230, 0.1168], abs=2e-4)  # the less is known of the clumping, the larger


def test_the_test_over_all_documents_sees_half_of_what_lies_at_its_limit():
    generator = np.random.default_rng(6)
    runs, units, share, inflation = 600, np.array([20.0, 30.0, 30.0, 40.0, 90.0])[:, None], 0.2, 1.5
    weights = units[:, 0] / inflation
    deviate = float(comparisons.omnibus_deviate(0.05, 20.0 * comparisons.OMNIBUS_FREEDOM[True], 5))
    ratio = comparisons.ratio_by_formula(
        share, 40, inflation, weights.sum() - weights[3], 1.0, deviate=deviate, power=0.5
    )
    own = np.full((5, 1), share)
    own[3] *= ratio
    size = (units - 1) / (inflation - 1) - 1
    counts = generator.binomial(units.astype(int), generator.beta(own * size, (1 - own) * size, (5, runs))) * 1.0
    whole = np.ones((5, runs))
    sides = Side(counts, units * whole, inflation * whole, 20 * whole)
    assert (comparisons.omnibus(sides, share=True, draws=400) <= 0.05).mean() == pytest.approx(0.5, abs=0.12)


def test_outcomes_that_are_taken_together_give_the_same_ratio(monkeypatch):
    columns = [np.array(part) for part in ([0.03, 0.2], [900.0, 5000], [2.0, 1.3], [8000.0, 700], [1.5, 3])]
    grouped = comparisons.minimum_ratio(*columns, deviate=3.0, growth=0.5)
    monkeypatch.setattr(comparisons, "GROUPED", 100_000)
    calls, group = [], comparisons._Shares._group
    monkeypatch.setattr(comparisons._Shares, "_group", lambda *of: (calls.append(of[2]), group(*of)))
    assert grouped == pytest.approx(comparisons.minimum_ratio(*columns, deviate=3.0, growth=0.5), rel=0.005)
    assert calls


def test_one_text_of_which_little_is_known_does_not_blind_the_test_of_all():
    units, inflation = np.array([6.0, *[60.0] * 9])[:, None], np.full((10, 1), 1.5)
    counts = np.array([1.0, 30.0, *[6.0] * 8])[:, None]
    known, unsure, nothing = (
        Side(counts, units, inflation, np.array([first, *[others] * 9])[:, None])
        for first, others in ((60.0, 60.0), (3.0, 60.0), (3.0, 3.0))
    )
    for test in (comparisons.omnibus, comparisons.omnibus_by_formula):
        assert test(known, share=True)[0] <= test(unsure, share=True)[0] < 0.02
    assert comparisons.omnibus(nothing, share=True)[0] > 0.03
