"""Shares that coders would mark: gold values, limits that cover on the study with codes hidden, words that are true."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from golds import golds, numbers

import crossread as cr
from crossread.measure import estimates
from crossread.measure.marks import Marked
from crossread.measure.themes import _toy


def given():
    """The coded and uncoded units of the gold values."""
    parts = dict(part.split("=") for part in golds("ppi_mean")[0][0].split(";"))
    return [np.array(list(map(int, parts[name]))) for name in ("Y", "Yhat", "Yhat_unlabelled")]


@pytest.mark.parametrize(("name", "power"), [("ppi", 1.0), ("classical", 0.0), ("ppi++", None)])
def test_prediction_powered_estimates_are_those_of_ppi_python(name, power):
    found = estimates.prediction_powered(*given(), power=power)
    assert found.share == pytest.approx(float(golds(f"{name}_mean")[0][1]), abs=1e-9)
    assert [found.low, found.high] == pytest.approx(numbers(golds(f"{name}_ci95")[0][1]), abs=1e-6)


def test_design_based_estimates_are_those_of_dsl():
    marked, called, _ = given()
    drawn = np.array(list(map(int, "10010100110000001000")))
    found = estimates.design_based(called, marked, drawn, np.where(called == 1, 0.6, 0.25))
    assert found.share == pytest.approx(float(golds("dsl_mean")[0][1]))
    assert (found.high - found.share) / 1.959964 == pytest.approx(float(golds("dsl_se")[0][1]), rel=1e-5)


def test_how_far_the_lexicon_is_trusted():
    marked, called, rest = given()
    found = estimates.prediction_powered(marked, called, rest)
    power = (found.share - marked.mean()) / (rest.mean() - called.mean())
    assert power == pytest.approx(float(golds("ppi++_lambda")[0][1]), abs=1e-8)


def test_a_text_of_which_some_sentences_were_drawn():
    marked, called, rest = given()
    whole, drawn = np.concatenate([called, rest]), np.arange(60) < 20
    found = estimates.design_based(whole, np.concatenate([marked, rest]), drawn, np.full(60, 20 / 60))
    assert found.share == pytest.approx(float(golds("fp_difference_mean")[0][1]))
    # over all samples of three of eight sentences the estimates have the true mean, and the variance of the formula
    texts, value = golds("fp_enumeration")[0]
    marked, called = (np.array(list(map(int, part.split("=")[1]))) for part in texts.split(";"))
    shares = [
        estimates.design_based(called, marked, np.isin(np.arange(8), chosen), np.full(8, 3 / 8)).share
        for chosen in combinations(range(8), 3)
    ]
    assert (np.mean(shares), np.var(shares)) == pytest.approx(tuple(numbers(value)[:2]), abs=1e-6)


def test_limits_that_are_also_of_further_text_are_never_narrower_than_those_of_these_pages():
    marked, called, rest = given()
    drawn, chance = np.array(list(map(int, "10010100110000001000"))), np.where(called == 1, 0.6, 0.25)
    errors = drawn * (1 - chance) / chance**2 * (marked - called) ** 2
    here = float(golds("dsl_var_fp_poisson")[0][1])
    assert errors.sum() / 20**2 == pytest.approx(here)
    found = estimates.design_based(called, marked, drawn, chance)
    assert ((found.high - found.share) / 1.959964) ** 2 > here
    whole, among = np.concatenate([called, rest]), np.arange(60) < 20
    here = float(golds("fp_difference_var")[0][1])
    assert (1 - 20 / 60) * (marked - called).var(ddof=1) / 20 == pytest.approx(here)
    found = estimates.design_based(whole, np.concatenate([marked, rest]), among, np.full(60, 20 / 60))
    assert ((found.high - found.share) / 1.959964) ** 2 > here


def test_hypergeometric_limits_are_those_of_the_inverted_test():
    for row, value in golds("hypergeom_limits95"):
        y, n, size = (int(part.split("=")[1]) for part in row.split(";"))
        found = estimates.hypergeometric_limits([y], [n], [size])
        assert [float(limit[0]) for limit in found] == pytest.approx(numbers(value), abs=1e-6)


def test_post_stratified_estimates_have_their_gold_values():
    marked, called, rest = given()
    cells = [
        ((called == what).sum() + (rest == what).sum(), (called == what).sum(), marked[called == what].sum())
        for what in (0, 1)
    ]
    found = estimates.post_stratified(*zip(*cells, strict=True))
    assert found.share == pytest.approx(float(golds("fp_poststrat_mean")[0][1]))
    assert [found.low, found.high] == pytest.approx(numbers(golds("fp_poststrat_limits95")[0][1]), abs=1e-6)


def test_limits_have_no_width_only_where_all_is_coded():
    done = estimates.post_stratified([20, 5], [20, 5], [0, 5])
    assert done.low == done.share == done.high == 0.2
    almost = estimates.post_stratified([20, 5], [19, 5], [0, 5])
    assert almost.low == pytest.approx(0.2) and almost.high == pytest.approx(6 / 25)
    assert estimates.post_stratified([20], [0], [0]) == (0.5, 0.0, 1.0)


@pytest.fixture(scope="module")
def study():
    return cr.study("alliances", texts=False)


def test_limits_cover_what_was_coded_when_half_of_the_codes_are_hidden(study):
    marks, hits, sentences = study.marks(), study.hits, study.sentences
    themes = ("burden_sharing", "china_rise", "multilateralism")
    truth = estimates.measure_shares(hits, marks, sentences).set_index(["doc_id", "key"])["measured"]
    generator, inside, wide = np.random.default_rng(3), [], []
    for _ in range(20):  # benchmarks/simulate_codes.py does it 200 times, with other methods beside
        drawn = marks["china_rise"].positive.index.to_series().groupby(lambda name: name.rsplit("-", 1)[0])
        kept = drawn.apply(lambda ids: ids.sample(frac=0.5, random_state=generator)).to_numpy()
        half = {key: marks[key]._replace(positive=marks[key].positive.loc[kept]) for key in themes}
        table = estimates.measure_shares(hits, half, sentences).set_index(["doc_id", "key"])
        true = truth.loc[table.index]
        inside.append(((table["measured_low"] <= true + 1e-9) & (true <= table["measured_high"] + 1e-9)).mean())
        wide.append((table["measured_high"] - table["measured_low"]).loc["wesley_2017"].mean())
    assert np.mean(inside) >= 0.95 and np.mean(wide) < 0.2


def test_where_all_is_coded_the_share_is_what_coders_marked(study):
    table = study.measured().frame
    assert (table["n_coded"] == table["n_sentences"]).all()
    assert (table["measured_low"] == table["measured"]).all() and (table["measured"] == table["measured_high"]).all()
    marked = table["both"] + table["only_marked"]
    assert np.allclose(table["measured"], marked / table["n_sentences"])
    assert np.array_equal(table["both"] + table["only_counted"], table["counted"])
    rates = study.rates().frame.dropna(subset=["measured"]).set_index(["doc_id", "key"])
    same = table.set_index(["doc_id", "key"]).loc[rates.index]
    assert np.array_equal(rates["measured"], same["measured"])


def test_what_is_said_of_measured_shares_is_true(study):
    finding = study.measured().finding
    assert "language model A" in finding and "all 255 sentences" in finding
    # China in Wesley: the lexicon finds fewer of what coders marked than elsewhere
    assert "The lexicon errs differently by document on" in finding
    row = study.measured().frame.set_index(["doc_id", "key"]).loc[("wesley_2017", "burden_sharing")]
    assert f"of 149 (counted {int(row['counted'])} of 149 sentences)" in finding


def test_groups_are_measured_together():
    hits, sentences = _toy()
    positive = pd.Series([True, True, False, True, False], index=sentences.index)
    marks = {"cost": Marked(positive, None, "core", "x")}
    groups = cr.measure.group_documents(pd.DataFrame({"kind": ["n", "n"]}, index=["a", "b"]), "kind")
    table = estimates.measure_shares(hits, marks, sentences, by=groups)
    assert table[["group", "counted", "n_coded"]].values.tolist() == [["n", 2, 5]]
    assert table["measured"].tolist() == pytest.approx([0.6])
    with pytest.raises(cr.CrossreadError, match="The method “guess” is not known"):
        estimates.measure_shares(hits, marks, sentences, method="guess")


def test_a_corpus_without_codes_says_how_to_begin():
    with pytest.raises(cr.CrossreadError, match=r"Nobody has coded “texts”. Begin with study.code\(NAME\)"):
        cr.study({"a": "Allies pay."}, lexicon={"cost": ["pay"]}).measured()
