"""Verdicts and limits on made text whose truth is known: a quick run, and the shipped table of the long run."""

import sys
from pathlib import Path

import numpy as np
import pytest

from crossread.measure import simulated
from crossread.measure.simulation import SIMULATED

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks import simulate_codes, simulate_themes  # noqa: E402


@pytest.mark.parametrize("text", ["passages of 2", "passages of 8"])
def test_clumped_text_gets_few_false_claims_and_limits_that_cover(text, tmp_path):
    table = simulate_themes.simulate_false_claims(60, 0, 5, tmp_path, texts=(text,), themes=("common",))
    assert len(table) == 2  # share and hits
    assert (table["families_with_false_claim"] <= 0.1).all()  # six of sixty, where three are allowed on average
    assert (table["coverage"] >= 0.93).all() and (table["coverage_from_30"] >= 0.9).all()
    assert table["times_as_wide_from_30"].between(1, 2).tolist() == [True, False]  # of shares alone


def test_two_short_documents_in_long_passages_are_seldom_called_different():
    row = simulate_themes.simulate_lengths(600, 3, ("passages of 15",), [(30, 30)]).iloc[0]
    assert row["sentences"] == "30 and 30" and row["false"] <= 0.06 < row["false_by_pair_alone"]
    assert row["found_by_pair_alone"] >= row["found"] > row["false"]


def test_long_even_documents_do_not_vouch_for_a_short_clumped_one():
    table = simulate_themes.simulate_lengths(
        300, 3, ("chapter even, short texts clumped",), [(29, 149), (29, 149, 150), (29, 149, 400)]
    )
    assert (table["false"] <= 0.05).all()  # 11, 18 and 17 of 100, were all asked together
    assert (table["found"] >= 0.7).all()


def test_what_differs_is_found_when_there_is_enough_text(tmp_path):
    table = simulate_themes.simulate_power(40, 0, 5, tmp_path, texts=("overdispersed, not clumped",), share=0.15)
    row = table[(table["pair"] == "29 against 149") & (table["ratio"] == 5)].iloc[0]
    assert row["share_alone"] >= row["share"] >= 0.5


def test_the_shipped_table_is_of_the_long_run_and_keeps_its_promises():
    table = simulated()
    assert tuple(table.columns) == SIMULATED and (table["runs"] >= 1000).all()
    assert set(table["text"]) == set(simulate_themes.TEXTS) and len(table) == 24
    assert (table["false_claims"] <= 0.05).all() and (table["false_high"] < 0.07).all()
    assert (table["coverage_from_30"].dropna() >= 0.93).all()
    assert np.allclose(table["false_claims"] * table["runs"], (table["false_claims"] * table["runs"]).round())


def test_measured_shares_are_nearer_than_codes_alone_and_their_limits_hold():
    table = simulate_codes.simulate(4, 0.5, 1).set_index("method")
    assert table.loc["post-stratified", "coverage"] >= 0.93 and table.loc["post-stratified", "no_width"] == 0
    assert table.loc["post-stratified", "error"] < table.loc["codes alone", "error"]
