"""The formulas on numbers, against numbers that others have published or computed; the source stands beside each."""

import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossread.errors import CrossreadError
from crossread.measure import (
    collocation_of,
    count_syllables,
    dispersion_of,
    frequency_of,
    keyness_of,
    log_likelihood_of,
    log_odds_of,
    mattr,
    mtld,
    phrase_strength_of,
    readability_of,
)

BURDEN = (18, 1200, 30, 9000)


def test_dispersion_of_gries_example():
    # Gries 2008 and 2020: v = (1, 2, 3, 4, 5) in parts of 9, 10, 10, 10, 11; D with the population standard deviation
    found = dispersion_of([1, 2, 3, 4, 5], [9, 10, 10, 10, 11])
    expected = {
        "range": 5,
        "sd": 1.414214,
        "vc": 0.471405,
        "juilland_d": 0.785150,
        "dp": 0.18,
        "dp_norm": 0.219512,
        "kld": 0.136972,
        "rosengren_s": 0.949816,
    }
    assert {name: found[name] for name in expected} == pytest.approx(expected, abs=2e-6)


def test_juillands_d_is_zero_when_one_of_equal_parts_has_all():
    # by hand: rates (1, 0, 0, 0, 0) / 2, population sd over mean 2, 1 - 2 / sqrt(4) = 0; the sample form gives -0.118
    assert dispersion_of([5, 0, 0, 0, 0], [10] * 5)["juilland_d"] == pytest.approx(0)


def test_dispersion_without_occurrence_or_parts():
    assert np.isnan(dispersion_of([0, 0], [10, 10])["dp"])
    assert np.isnan(dispersion_of([3], [10])["juilland_d"])
    with pytest.raises(CrossreadError, match="at least one token"):
        dispersion_of([1, 0], [10, 0])


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 200)), min_size=2, max_size=12))
def test_dispersion_stays_within_its_bounds(parts):
    counts, sizes = zip(*parts, strict=True)
    found = dispersion_of(counts, sizes)
    if sum(counts):
        assert 0 <= found["dp"] <= 1 + 1e-9 and 0 <= found["dp_norm"] <= 1 + 1e-9
        assert found["kld"] >= -1e-9 and found["rosengren_s"] <= 1 + 1e-9
        assert dispersion_of([7 * c for c in counts], sizes)["dp"] == pytest.approx(found["dp"])


def test_keyness_of_burden():
    # 18 of 1,200 against 30 of 9,000: quanteda.textstats 9fc2708 (chi2, lr, run from its C++), Evert's LRC by formula,
    # two-term G² as in Rayson's wizard, z as in Scattertext with four terms and a flat prior of 0.001
    found = keyness_of(*BURDEN)
    expected = {
        "log_ratio": 2.169925,
        "low": 1.240145,
        "high": 3.060,
        "lrc": 1.240145,
        "g2": 21.187354,
        "g2_two_terms": 21.042,
        "g2_quanteda": 21.187354,
        "chi2": 30.769799,
        "chi2_plain": 30.769799,
    }
    assert {name: found[name] for name in expected} == pytest.approx(expected, abs=6e-4)
    assert keyness_of(*BURDEN, comparisons=1000)["lrc"] == pytest.approx(0.215409, abs=1e-6)
    assert keyness_of(*BURDEN, alpha=0.001, alpha_total=0.003)["z"] == pytest.approx(5.057345, abs=1e-6)


@pytest.mark.parametrize(
    ("cells", "name", "expected"),
    [
        # quanteda.textstats tests: d1 b=7, a=3; d2 b=2, a=7. Default (conditional Yates) and none.
        ((7, 10, 2, 9), "chi2", 2.632438),
        ((7, 10, 2, 9), "chi2_plain", 4.337160),
        ((7, 10, 2, 9), "g2_quanteda", 2.702844),
        ((7, 10, 2, 9), "g2", 4.534939),
        # "aaabbccccccdefghh" against "aabccddddefh", the letter d
        ((1, 17, 4, 12), "g2_quanteda", -2.028084),
        ((1, 17, 4, 12), "g2", -3.779441),
    ],
)
def test_keyness_as_quanteda_has_it(cells, name, expected):
    assert keyness_of(*cells)[name] == pytest.approx(expected, abs=2e-6)


@pytest.mark.parametrize(
    ("count", "reference_count", "alpha", "total", "terms", "expected"),
    [
        # target burden 18, china 40, rest 1142; reference 30, 310, 8660. ConvoKit: two terms, alpha 0.1
        (18, 30, 0.1, 0.3, 2, 5.103254),
        (40, 310, 0.1, 0.3, 2, -0.190177),
        (1142, 8660, 0.1, 0.3, 2, -8.265602),
        # Scattertext, uninformative: four terms, alpha 0.001
        (18, 30, 0.001, 0.003, 4, 5.057345),
        (40, 310, 0.001, 0.003, 4, -0.198492),
        (1142, 8660, 0.001, 0.003, 4, -1.769359),
        # Scattertext, informative, scaled to 10 pseudo-words by pooled share
        (18, 30, 10 * 48 / 10200, 10, 4, 5.042099),
        (40, 310, 10 * 350 / 10200, 10, 4, -0.197870),
        # pooled counts as they are
        (18, 30, 48, 10200, 4, 2.123115),
        (1142, 8660, 9802, 10200, 4, -0.682395),
    ],
)
def test_log_odds_as_the_peers_have_them(count, reference_count, alpha, total, terms, expected):
    found = log_odds_of(count, 1200, reference_count, 9000, alpha, total, terms=terms)
    assert found["z"] == pytest.approx(expected, abs=2e-6)


def test_a_word_of_the_reference_only_is_negative_and_open_downwards():
    found = keyness_of(0, 1000, 20, 1000)
    assert found["log_ratio"] == pytest.approx(np.log2(0.5 / 20))  # half an occurrence, as Hardie has it
    assert found["low"] == -np.inf and found["high"] < 0 and found["g2"] < 0 and found["lrc"] < 0


def test_inflation_widens_the_limits_but_not_the_effect():
    plain, wide = keyness_of(*BURDEN), keyness_of(*BURDEN, inflation=3.0)
    assert wide["log_ratio"] == plain["log_ratio"] and wide["g2"] == plain["g2"]
    assert wide["low"] < plain["low"] and wide["high"] > plain["high"]


def test_a_count_cannot_exceed_its_total():
    with pytest.raises(CrossreadError, match="more often"):
        keyness_of(5, 4, 1, 10)


@given(st.integers(0, 50), st.integers(1, 5000), st.integers(0, 50), st.integers(1, 5000))
def test_log_likelihood_is_that_of_scipy(a, n1, b, n2):
    from scipy.stats import chi2_contingency

    a, b = min(a, n1), min(b, n2)
    ours = float(log_likelihood_of([a], n1, [b], n2)[0])
    if 0 < a + b < n1 + n2:
        cells = [[a, n1 - a], [b, n2 - b]]
        expected = chi2_contingency(cells, correction=False, lambda_="log-likelihood").statistic
        assert abs(ours) == pytest.approx(expected, abs=1e-6)
    else:
        assert ours == 0


def test_log_likelihood_is_the_same_piece_by_piece(monkeypatch):
    generator = np.random.default_rng(0)
    count, reference = generator.integers(0, 50, 5000), generator.integers(0, 500, 5000)
    whole = log_likelihood_of(count, 900, reference, 12_000)
    monkeypatch.setattr(sys.modules["crossread.measure.keyness"], "CACHED", 700)  # not the function of that name
    assert np.array_equal(whole, log_likelihood_of(count, 900, reference, 12_000))


@given(st.integers(0, 50), st.integers(60, 5000), st.integers(0, 50), st.integers(60, 5000))
def test_keyness_turns_its_sign_with_the_sides(a, n1, b, n2):
    one, other = keyness_of(a, n1, b, n2), keyness_of(b, n2, a, n1)
    assert one["log_ratio"] == pytest.approx(-other["log_ratio"], abs=1e-9)
    assert abs(one["g2"]) == pytest.approx(abs(other["g2"]), abs=1e-7)
    if a and b:
        assert one["low"] <= one["log_ratio"] + 1e-9 and one["log_ratio"] <= one["high"] + 1e-9


def test_frequency_of_limits():
    # Garwood: 0 of 266 allows up to 3.689 expected; 10 lie between 4.795 and 18.39
    assert frequency_of(0, 266)["high"] == pytest.approx(1000 * 3.688879 / 266, rel=1e-5)
    found = frequency_of(10, 1000)
    assert (found["low"], found["per_1000"], found["high"]) == pytest.approx((4.795389, 10, 18.390356), rel=1e-5)


def test_collocation_by_hand():
    # cells 8, 2, 12, 978: G² = 2 (8 ln 40 + 2 ln(2/9.8) + 12 ln(12/19.8) + 978 ln(978/970.2))
    found = collocation_of(8, 10, 20, 1000)
    g2 = 2 * (8 * np.log(40) + 2 * np.log(2 / 9.8) + 12 * np.log(12 / 19.8) + 978 * np.log(978 / 970.2))
    assert found["g2"] == pytest.approx(g2)
    assert found["log_dice"] == pytest.approx(14 + np.log2(16 / 30))  # Rychlý 2008
    assert found["npmi"] == pytest.approx(np.log(40) / np.log(125))  # ln(.008 / (.01 * .02)) / -ln(.008)
    # quanteda: lambda = ln(8.5 * 978.5 / (2.5 * 12.5)), z = lambda / sqrt(1/8.5 + 1/2.5 + 1/12.5 + 1/978.5)
    strength = np.log(8.5 * 978.5 / (2.5 * 12.5))
    assert found["lambda"] == pytest.approx(strength)
    assert found["z"] == pytest.approx(strength / np.sqrt(1 / 8.5 + 1 / 2.5 + 1 / 12.5 + 1 / 978.5))
    with pytest.raises(CrossreadError, match="cannot meet more often"):
        collocation_of(11, 10, 20, 1000)


def test_npmi_at_its_ends():
    assert collocation_of(0, 5, 5, 100)["npmi"] == -1
    assert collocation_of(5, 5, 5, 100)["npmi"] == pytest.approx(1)
    assert collocation_of(1, 10, 10, 100)["npmi"] == pytest.approx(0)


def test_phrase_strength_agrees_with_the_two_by_two_table():
    found, pair = phrase_strength_of([978, 12, 2, 8]), collocation_of(8, 10, 20, 1000)
    assert (found["lambda"], found["z"]) == pytest.approx((pair["lambda"], pair["z"]))


def test_three_independent_words_have_no_strength():
    # eight equal cells: every interaction is zero, whatever the counts
    assert phrase_strength_of([10] * 8)["lambda"] == pytest.approx(0)
    assert phrase_strength_of([10] * 7 + [100])["lambda"] == pytest.approx(np.log(100.5 / 10.5))


# Computed with lexicalrichness 0.5.1: mattr(window_size=25) and mtld(threshold=0.72) of these words.
DEFINITION = (
    "measure of textual lexical diversity computed as the mean length of sequential words in a text that maintains a "
    "minimum threshold ttr score iterates over words until ttr scores falls below a threshold then increase factor "
    "counter by 1 and start over mcarthy and jarvis 2010 pg 385 recommends a factor threshold in the range of 0 660 0 "
    "750"
).split()


def test_variety_against_an_independent_implementation():
    assert mattr(DEFINITION, 25) == pytest.approx(0.8633333333333335)
    assert mtld(DEFINITION) == pytest.approx(67.2)


def test_variety_by_hand():
    assert mattr("a b a b c".split(), 3) == pytest.approx((2 / 3 + 2 / 3 + 1) / 3)
    assert np.isnan(mattr("a b".split(), 3))
    # a b a (2/3) ends a factor, b a b another, a b is left with ratio 1: 8 / 2
    assert mtld("a b a b a b a b".split()) == pytest.approx(4)
    # a ratio that just reaches the threshold (1/2 after two words) does not yet end a factor
    assert mtld("a a a a".split(), threshold=0.5) == pytest.approx(4)
    # after 25 of 28 words the ratio is 0.72 itself: lexicalrichness 0.5.1 ends a factor there, and has 29.68
    assert mtld([*"abcdefghijklmnopqr", *"abcdefg", *"stu"]) == pytest.approx(28 / (0.25 / 0.28))
    # forwards the ratio never falls below 0.72: the rest is (1 - 3/4) / 0.28 of a factor, both ways
    assert mtld("a b c a".split()) == pytest.approx(4 / (0.25 / 0.28))


@given(st.lists(st.integers(0, 8), min_size=12, max_size=80), st.integers(1, 12))
def test_mattr_is_the_mean_over_all_windows(ids, window):
    runs = [len(set(ids[i : i + window])) / window for i in range(len(ids) - window + 1)]
    assert mattr(ids, window) == pytest.approx(np.mean(runs))


def test_readability_by_hand():
    # 20 words in 2 sentences, 30 syllables, 3 long words: 206.835 - 10.15 - 126.9; 3.9 + 17.7 - 15.59; 0.4 (10 + 15)
    found = readability_of(2, 20, 30, 3)
    assert found == pytest.approx({"flesch": 69.785, "flesch_kincaid": 6.01, "fog": 10.0})
    with pytest.raises(CrossreadError):
        readability_of(0, 10, 12, 0)


@pytest.mark.parametrize(
    ("word", "syllables"),
    [
        ("the", 1),
        ("shared", 1),
        ("wanted", 2),
        ("table", 2),
        ("alliances", 4),
        ("nation", 2),
        ("region", 2),
        ("regional", 3),
        ("china", 2),
        ("security", 4),
        ("u.s.", 2),
        ("21st", 2),
        ("forces", 2),
        ("states", 1),
        ("burden", 2),
        ("deter", 2),
    ],
)
def test_syllables(word, syllables):
    assert count_syllables(word) == syllables


def test_words_that_meet_less_than_by_chance_have_a_negative_likelihood():
    from crossread.measure.collocation import collocation_of

    assert collocation_of(1, 50, 40, 100)["g2"] < 0 < collocation_of(39, 50, 40, 100)["g2"]
