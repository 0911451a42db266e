"""Which sentences to code: enough for the limits asked for, more where the theme is rare, chances kept."""

import numpy as np
import pandas as pd
import pytest
from test_themes import make_tables

import crossread as cr
from crossread.measure import estimates, planner
from crossread.measure.marks import Marked
from crossread.wording import Labels

KEYS = ["china", "cost"]


def rare(n=5000, share=0.01, seed=0):
    """A long document with a rare theme that coders mark, and a lexicon that finds most of it and errs."""
    generator = np.random.default_rng([seed, 77])  # not the numbers that the sample is drawn by
    truth = generator.random(n) < share
    called = np.where(truth, generator.random(n) < 0.7, generator.random(n) < 0.004)
    hits, sentences = make_tables({"a": [(20, {"cost": int(hit)}) for hit in called]}, ["cost"])
    return hits, sentences, pd.Series(truth, index=sentences.index)


def test_the_plan_gives_the_margin_that_it_promises():
    hits, sentences, truth = rare(400, 0.15)
    plan = planner.plan_coding(hits, {}, sentences, margin=0.05)
    assert plan["stratum"].tolist() == ["cost", "no hit"] and (plan["margin_then"] <= 0.05 + 1e-9).all()
    assert (plan["wanted"] <= plan["n_sentences"]).all() and (plan["more"] == plan["wanted"]).all()
    narrow, wide = (planner.plan_coding(hits, {}, sentences, margin=own)["more"].sum() for own in (0.03, 0.15))
    assert wide < plan["more"].sum() < narrow
    budget = planner.plan_coding(hits, {}, sentences, budget=100)
    assert 90 <= budget["more"].sum() <= 100


def test_half_an_hour_on_a_rare_theme_gives_a_usable_estimate():
    half_an_hour = 30 * 60 // planner.SECONDS
    inside, widths = [], []
    for seed in range(12):
        hits, sentences, truth = rare(seed=seed)
        plan = planner.plan_coding(hits, {}, sentences, budget=half_an_hour)
        sample = planner.draw_sample(plan, hits, sentences, keys=["cost"], seed=seed)
        assert len(sample) <= half_an_hour
        drawn = sample.set_index("sentence_id")
        marks = {"cost": Marked(truth.loc[drawn.index], 1 / drawn["probability"], "core", "x")}
        row = estimates.measure_shares(hits, marks, sentences).iloc[0]
        inside.append(row["measured_low"] <= truth.mean() <= row["measured_high"])
        widths.append(row["measured_high"] - row["measured_low"])
    assert sum(inside) >= 11 and np.mean(widths) < 0.06  # drawn at random, 150 sentences would hold one or two of them


def test_a_larger_plan_draws_the_same_sentences_and_more():
    hits, sentences, _ = rare(400, 0.15)
    plans = [planner.plan_coding(hits, {}, sentences, budget=budget) for budget in (40, 90)]
    few, many = (planner.draw_sample(plan, hits, sentences, keys=["cost"], seed=1) for plan in plans)
    assert set(few["sentence_id"]) < set(many["sentence_id"])
    later = planner.draw_sample(plans[1], hits, sentences, keys=["cost"], seed=1, before=few["sentence_id"])
    assert later["sentence_id"].tolist()[: len(few)] == few["sentence_id"].tolist()
    chance = many.groupby("stratum")["probability"].first()
    assert chance["cost"] > chance["no hit"] and many["probability"].between(0, 1).all()


def test_what_is_coded_counts_and_a_theme_that_is_not_there_is_named():
    hits, sentences, truth = rare(400, 0.15)
    marks = {"cost": Marked(truth, None, "core", "x")}
    plan = planner.plan_coding(hits, marks, sentences)
    assert plan["more"].sum() == 0 and (plan["margin_now"] == 0).all()
    with pytest.raises(cr.CrossreadError, match="There is no theme “war” to code. There are: cost."):
        planner.plan_coding(hits, {}, sentences, keys=["war"])
    with pytest.raises(cr.CrossreadError, match="lies between 0 and .5"):
        planner.plan_coding(hits, {}, sentences, margin=0.7)


def limits_of(hits, marks, sentences):
    """How far the limits of what is coded lie from the share, in each document."""
    table = estimates.measure_shares(hits, marks, sentences)
    return np.maximum(table["measured_high"] - table["measured"], table["measured"] - table["measured_low"])


def plan_and_code(hits, sentences, truth, marks, seed=0, **how):
    """Plan, draw the sample, and code it."""
    plan = planner.plan_coding(hits, marks, sentences, **how)
    before = list(marks["cost"].positive.index) if marks else []
    sample = planner.draw_sample(plan, hits, sentences, keys=["cost"], before=before, seed=seed)
    drawn = sample.set_index("sentence_id")
    assert len(drawn) == len(before) + plan["more"].sum()
    return {"cost": Marked(truth.loc[drawn.index], 1 / drawn["probability"], "core", "x")}, plan


def documents(sizes, shares, found=0.6, generator=None):
    """Documents whose sentences coders mark with such chances, and a lexicon that finds a part of them, and errs."""
    generator = generator or np.random.default_rng(77)
    truth = [generator.random(n) < share for n, share in zip(sizes, shares, strict=True)]
    called = [np.where(one, generator.random(len(one)) < found, generator.random(len(one)) < 0.05) for one in truth]
    by_document = {f"d{n}": [(20, {"cost": int(hit)}) for hit in one] for n, one in enumerate(called)}
    hits, sentences = make_tables(by_document, ["cost"])
    return hits, sentences, pd.Series(np.concatenate(truth), index=sentences.index)


def test_a_theme_that_is_nowhere_is_searched_for_until_so_many_zeros_say_so():
    """No hit, and none expected: old plans asked for ten sentences, then for no more, at limits of 51 points."""
    hits, sentences = make_tables({doc: [(20, {"cost": 0})] * 100 for doc in "ab"}, ["cost"])
    nowhere = pd.Series(False, index=sentences.index)
    marks, plan = plan_and_code(hits, sentences, nowhere, {}, budget=10)
    assert plan["more"].sum() == 10 and limits_of(hits, marks, sentences).max() > 0.5
    budget = planner.plan_coding(hits, marks, sentences, budget=60)
    assert budget["more"].sum() == 60 and budget["margin"].iloc[0] < 0.1
    said = planner.describe_plan(planner.plan_coding(hits, marks, sentences), Labels())
    assert "No more" not in said and "Now the widest limits reach ±51 points" in said and "then ±10 points" in said
    marks, plan = plan_and_code(hits, sentences, nowhere, marks)
    assert (limits_of(hits, marks, sentences) <= 0.1).all() and (plan["wanted"] <= 35).all()
    # as many as the hypergeometric limits ask for, and no more than two above that
    fewest = next(n for n in range(100) if estimates.hypergeometric_limits(0, n, 100)[1] <= 0.1)
    assert (plan["wanted"].between(fewest, fewest + 2)).all()
    assert "No more sentences need coding" in planner.describe_plan(
        planner.plan_coding(hits, marks, sentences), Labels()
    )


@pytest.mark.parametrize(
    ("sizes", "shares", "found"),
    [
        ((100, 100), (1.0, 1.0), 1.0),  # every sentence is marked and called
        ((100, 100), (0.02, 0.5), 0.6),
        ((149, 38, 9), (0.3, 0.3, 0.3), 0.2),  # most is missed
        ((1, 3, 5), (0.3, 0.3, 0.3), 0.6),
        ((60,), (0.15,), 0.6),
    ],
)
def test_no_more_are_needed_only_where_the_limits_are_as_narrow_as_wanted(sizes, shares, found):
    for seed in range(2):
        hits, sentences, truth = documents(sizes, shares, found, np.random.default_rng([seed, 77]))
        marks, more, rounds = {}, 1, 0
        while more:
            marks, plan = plan_and_code(hits, sentences, truth, marks, seed)
            more, reach = plan["more"].sum(), limits_of(hits, marks, sentences)
            assert bool(more) or (reach <= 0.1 + 1e-9).all()
            assert more or plan["margin_now"].max() == pytest.approx(reach.max())
            rounds += 1
        assert 2 <= rounds <= 8


def test_the_first_plan_is_mostly_enough_where_the_lexicon_is_as_good_as_guessed():
    within = []
    for seed in range(30):
        hits, sentences, truth = documents((200,), (0.2,), 0.6, np.random.default_rng([seed, 77]))
        marks, _ = plan_and_code(hits, sentences, truth, {}, seed)
        within.extend(limits_of(hits, marks, sentences) <= 0.1)
    assert np.mean(within) > 0.8  # .73 without care for samples that have more of the theme than expected


def test_a_budget_is_used_up_where_it_cannot_be_shared_out_evenly():
    """Sixty sentences for two hundred documents: a step that is one more in each of them would be too large."""
    hits, sentences = make_tables({f"d{n:03d}": [(20, {"cost": 0})] * 30 for n in range(200)}, ["cost"])
    first = sentences.groupby("doc_id").head(10).index
    marks = {"cost": Marked(pd.Series(False, index=first), None, "core", "x")}
    assert planner.plan_coding(hits, marks, sentences, budget=60)["more"].sum() == 60
    assert planner.plan_coding(hits, {}, sentences, budget=60)["more"].sum() == 5 * 200  # five at least


def test_a_sentence_counts_as_coded_once_all_themes_are():
    hits, sentences = make_tables({"a": [(20, {"china": 0, "cost": 0})] * 60}, KEYS)
    marks = {"cost": Marked(pd.Series(False, index=sentences.index), None, "core", "x")}
    plan = planner.plan_coding(hits, marks, sentences)
    assert plan["more"].sum() > 20 and plan["margin_now"].max() == 1


def test_a_document_that_is_coded_is_done_and_the_others_are_planned():
    hits, sentences, truth = documents((40, 80), (0.2, 0.2))
    coded = sentences.index[sentences["doc_id"] == "d0"]
    plan = planner.plan_coding(hits, {"cost": Marked(truth.loc[coded], None, "core", "x")}, sentences)
    done = plan["doc_id"] == "d0"
    assert (plan.loc[done, "more"] == 0).all() and (plan.loc[done, ["margin_now", "margin_then"]] == 0).all(axis=None)
    assert plan.loc[~done, "more"].sum() > 20 and (plan.loc[~done, "margin_then"] <= 0.1).all()


def test_two_coders_get_the_same_sample_agree_and_are_settled(tmp_path):
    folder = tmp_path / "mine"
    folder.mkdir()
    text = " ".join(f"Allies pay for ship {n}." if n % 7 == 0 else f"Rain falls on day {n}." for n in range(120))
    (folder / "texts").mkdir()
    (folder / "texts" / "a.txt").write_text(text, encoding="utf-8")
    (folder / "documents.csv").write_text("doc_id,label,title,year,file\na,A,A,2020,a.txt\n", encoding="utf-8")
    (folder / "themes.yml").write_text("cost:\n  - {pattern: pay, reason: the verb}\n", encoding="utf-8")
    first = cr.study(str(folder)).code("ann", sentences=20).session
    second = cr.study(str(folder)).code("ben", sentences=20).session
    assert first.order == second.order and 15 <= len(first.order) <= 20
    for session, odd in ((first, ""), (second, first.order[0])):
        while not session.is_done:
            marked = "pay" in session.text
            session.record({"cost": 2 * int(marked != (session.sentence_id == odd))})
    study = cr.study(str(folder))
    codes = study.codes
    assert set(codes["coder"]) == {"ann", "ben"} and codes["probability"].between(0, 1, inclusive="right").all()
    assert cr.measure.measure_agreement(codes)["n_coded"].tolist() == [len(first.order)]
    settling = study.code("cleo", settle=True).session
    assert settling.order == [first.order[0]]
    settling.record({"cost": 2 * int("pay" in settling.text)})
    row = cr.study(str(folder)).measured().frame.iloc[0]
    assert row["measured_low"] <= 18 / 120 <= row["measured_high"] and row["n_coded"] == len(first.order)
    scores = cr.study(str(folder)).scores().frame
    assert scores["precision"].iloc[0] == 1 and not scores["guided"].any()  # coded after the lexicon was made


def test_the_margin_is_that_of_the_farther_limit():
    from scipy.stats import beta

    margin = planner.expected_margin(np.array([10**9]), np.array([20]), np.array([0.05]), 0.95)
    assert margin == pytest.approx(beta.ppf(0.975, 2, 19) - 0.05, rel=1e-6)  # below lie 0.049 only
