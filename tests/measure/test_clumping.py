"""How much hits clump: expectations against brute force, estimates against what was simulated."""

import numpy as np
import pytest
from benchmarks.simulate_themes import SIZES, TEXTS, draw_documents
from hypothesis import given
from hypothesis import strategies as st

from crossread.measure import clumping

BOUNDS = np.concatenate([[0], np.cumsum(SIZES)])


@given(st.integers(1, 40), st.sampled_from(clumping.DECAYS.tolist()))
def test_expected_products_by_brute_force(n, r):
    apart = np.abs(np.subtract.outer(np.arange(n), np.arange(n)))
    centre = np.eye(n) - 1 / n
    matrices = (centre, centre @ np.where(apart > 0, r**apart, 0.0) @ centre)
    found = clumping.expected_products([n], r)
    for matrix, values in zip(matrices, found, strict=True):
        expected = [np.trace(matrix, lag) if lag < n else 0 for lag in range(clumping.LAGS + 1)]
        assert values[0] == pytest.approx(expected, abs=1e-9)


def test_products_never_cross_a_document():
    counts = np.array([[1.0], [0.0], [1.0], [1.0], [1.0], [0.0]])
    found = clumping.lagged_products(counts, np.ones(6), [0, 3, 6])
    assert found[0, :3, 0] == pytest.approx([2 / 3, -4 / 9, 1 / 9])  # centred on 2/3
    assert found.shape == (2, 21, 1) and not found[:, 3:].any()


def test_what_is_not_clumped_is_hardly_inflated_and_what_is_clumped_is():
    generator = np.random.default_rng(4)
    medians = {}
    for name in ("overdispersed, not clumped", "passages of 2", "passages of 8"):
        counts = draw_documents(TEXTS[name], 0.15, 400, generator)
        medians[name] = np.median(clumping.estimate_clumping(counts, np.ones(len(counts)), BOUNDS, share=True)[0][4])
    # of the longest document 1.0, 1.9 and 7.6 in truth
    assert medians["overdispersed, not clumped"] < 1.4
    assert 1.4 < medians["passages of 2"] < 2.4
    assert 4.5 < medians["passages of 8"] < 9


def test_an_even_chapter_does_not_vouch_for_short_texts():
    generator = np.random.default_rng(5)
    counts = draw_documents(TEXTS["chapter even, short texts clumped"], 0.15, 400, generator)
    found = clumping.estimate_clumping(counts, np.ones(len(counts)), BOUNDS, share=True)
    medians = np.median(found.inflation, axis=1)
    assert medians[3] > 1.5 * medians[4] and np.median(found.freedom[3]) < np.median(found.freedom[4])


def test_the_surest_estimate_of_a_short_text_is_not_that_of_long_ones():
    even, clumped = [int(i % 3 == 0) for i in range(300)], [1] * 10 + [0] * 20
    counts = np.array([[one] for one in even + even + clumped])
    found = clumping.estimate_clumping(counts, np.ones(630), [0, 300, 600, 630], share=True)
    alone = clumping.estimate_clumping(counts[600:], np.ones(30), [0, 30], share=True)
    assert found.inflation[2] == alone.inflation[0] and found.inflation[1] < 1.2
    assert found.freedom[2] == alone.freedom[0] < 10 < found.freedom[1]


def test_several_hits_in_a_sentence_inflate_rates_and_not_shares():
    generator = np.random.default_rng(6)
    counts = draw_documents(TEXTS["overdispersed, not clumped"], 0.15, 200, generator)
    rate, share = (
        clumping.estimate_clumping(counts, np.full(len(counts), 29.0), BOUNDS, share=s) for s in (False, True)
    )
    assert np.median(rate.inflation) > 2 * np.median(share.inflation)


def test_degenerate_documents_are_estimated_without_a_warning():
    counts = np.array([[0, 1, 1], [0, 1, 0], [0, 1, 0]])
    found = clumping.estimate_clumping(counts, np.ones(3), [0, 0, 1, 3], share=True)  # an empty one, one sentence, two
    assert (found.inflation >= 1).all() and (found.freedom == clumping.LEAST_FREEDOM).all()
    none = clumping.estimate_clumping(np.zeros((0, 2)), np.zeros(0), [0, 0], share=False)
    assert none.inflation.shape == (1, 2) and np.isfinite(none.inflation).all()


def test_the_order_of_documents_plays_no_part():
    generator = np.random.default_rng(7)
    counts = draw_documents(TEXTS["passages of 2"], 0.15, 5, generator)
    parts = np.split(counts, BOUNDS[1:-1])
    order = [4, 2, 0, 1, 3]
    moved = clumping.estimate_clumping(
        np.concatenate([parts[i] for i in order]), np.ones(len(counts)),
        np.concatenate([[0], np.cumsum([SIZES[i] for i in order])]), share=True,
    )  # fmt: skip
    found = clumping.estimate_clumping(counts, np.ones(len(counts)), BOUNDS, share=True)
    assert moved.inflation == pytest.approx(found.inflation[order])
