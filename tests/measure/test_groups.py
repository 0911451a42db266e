"""Documents in groups and over the years: gold values, what columns may hold, and that random halves are alike."""

from itertools import combinations
from math import factorial

import numpy as np
import pandas as pd
import pytest
from golds import golds, numbers
from test_themes import make_tables

import crossread
from crossread.errors import CrossreadError
from crossread.measure import group_documents, groups, theme_contrasts, theme_trends, trends
from crossread.measure.groups import (
    between_documents,
    count_arrangements,
    deal_documents,
    deal_to_groups,
    spread_of_groups,
)

COUNTS, SENTENCES = np.array([1, 3, 4, 6, 12, 11]), np.array([20, 30, 25, 30, 40, 35])


def value_of(name):
    ((_, value),) = golds(name)
    return float(value)


def test_dealing_documents_to_two_groups():
    ((given_shares, value),) = golds("group_perm_exact")
    parts = [[float(one) for one in part.split("=")[1].split(",")] for part in given_shares.split(";")]
    shares, number = np.array([sum(parts, [])]).T, np.repeat([0, 1], [len(part) for part in parts])
    p, adjusted = deal_to_groups(shares, np.ones(7), number, 99, 0)
    assert p[0] == pytest.approx(float(value)) and adjusted[0] == p[0]


def test_documents_dealt_within_two_periods():
    ((given_shares, value),) = golds("group_perm_stratified")
    sides, weights = [], np.array([4, 3]) / 7
    for period in given_shares.split(";"):
        a, b = ([float(one) for one in part.split("=")[1].split(",")] for part in period.split()[1:])
        shares, number = np.array(a + b), np.repeat([0, 1], [len(a), len(b)])
        dealt = np.concatenate(list(deal_documents(number, 99, 0)))
        sides.append([shares[one == 0].mean() - shares[one == 1].mean() for one in (number, *dealt)])
    first, second = (weight * np.array(own) for weight, own in zip(weights, sides, strict=True))
    anew = np.abs(np.add.outer(first[1:], second[1:])).ravel()
    assert len(anew) == 18
    assert (anew >= abs(first[0] + second[0]) - 1e-12).mean() == pytest.approx(float(value))


def test_of_all_ways_to_halve_a_collection_at_most_five_in_a_hundred_tell_any_word_apart():
    counts = np.random.default_rng(3).negative_binomial(0.4, 0.2, (10, 40)).astype(float)
    units = np.linspace(200, 900, 10)
    called = []
    for chosen in combinations(range(10), 5):
        half = np.isin(np.arange(10), chosen).astype(int)
        called.append((deal_to_groups(counts, units, half, 600, 0)[1] <= 0.05).any())
    assert 0.03 < np.mean(called) <= 0.05


def blocks_of(text, length=3):
    """Sentences with a hit, and sentences, of each run of so many."""
    parts = [text[i : i + length] for i in range(0, len(text), length)]
    return [sum(map(int, part)) for part in parts], [len(part) for part in parts]


@pytest.mark.parametrize("name", ["exact_block_perm_9v30", "exact_block_perm_9v29"])
def test_whole_units_are_dealt_in_all_ways(name):
    ((texts, value),) = golds(name)
    (a, n_a), (b, n_b) = (blocks_of(text) for text in texts.split(";"))
    counts, units = np.array([[float(one)] for one in a + b]), np.array(n_a + n_b, dtype=float)
    p, _ = deal_to_groups(counts, units, np.repeat([0, 1], [len(a), len(b)]), 99, 0)
    assert p[0] == pytest.approx(float(value))


def test_pairs_of_two_units_each():
    ((texts, value),) = golds("pair_p_exact")
    counts = [blocks_of(text)[0] for text in texts.split(";")]
    for (one, other), p in zip(combinations(counts, 2), numbers(value), strict=True):
        both = np.array([[float(count)] for count in one + other])
        assert deal_to_groups(both, np.full(4, 3.0), np.array([0, 0, 1, 1]), 99, 0)[0][0] == pytest.approx(p, abs=1e-6)


def test_all_ways_are_held_against_each_other_however_few_are_held_at_once(monkeypatch):
    counts = np.random.default_rng(0).poisson(3, (12, 40)).astype(float)  # nothing differs: drawn ways would stop early
    asked = counts, np.full(12, 90.0), np.repeat([0, 1], 6), 99, 0
    whole = deal_to_groups(*asked)
    monkeypatch.setattr(groups, "AT_ONCE", 400)
    assert (np.array(deal_to_groups(*asked)) == np.array(whole)).all()


def test_a_line_through_documents():
    shares = (COUNTS / SENTENCES)[:, None]
    _, slope, error, freedom = trends.robust_slope(shares, SENTENCES, np.arange(6))
    assert slope[0] == pytest.approx(value_of("wls_slope"))
    assert error[0] == pytest.approx(value_of("wls_slope_se_hc2"))
    assert freedom == pytest.approx(value_of("satterthwaite_df"))
    assert trends.weighted_slopes(COUNTS[:, None], SENTENCES, np.arange(6))[0, 0] == pytest.approx(slope[0])
    orders = trends.deal_years(6, 10, 0)
    slopes = np.abs(trends.weighted_slopes(COUNTS[:, None], SENTENCES, np.arange(6)[orders]))[:, 0]
    assert len(orders) == factorial(6)
    assert (slopes >= slope[0] - 1e-12).mean() == pytest.approx(value_of("trend_perm_exact"))


def test_all_arrangements_or_so_many_draws():
    (dealt,) = deal_documents(np.array([0, 1, 1, 2, 2]), 99, 0)
    assert len(dealt) == count_arrangements([1, 2, 2]) == 30 == len(np.unique(dealt, axis=0))
    parts = list(deal_documents(np.array([0, 1, 1, 2, 2]), 99, 0, at_once=8))
    assert list(map(len, parts)) == [8, 8, 8, 6] and (np.concatenate(parts) == dealt).all()
    many = np.repeat([0, 1], 12)
    drawn, other = (np.concatenate([*deal_documents(many, 50, seed)]) for seed in (0, 1))
    assert drawn.shape == (51, 24) and (drawn[0] == many).all() and (drawn.sum(axis=1) == 12).all()
    assert (drawn == np.concatenate([*deal_documents(many, 50, 0, at_once=7)])).all() and (drawn[1:] != other[1:]).any()


def test_sparse_counts_give_what_dense_ones_give():
    from scipy.sparse import csr_matrix

    generator = np.random.default_rng(1)
    counts, units = generator.poisson(2, (9, 4)), generator.integers(20, 60, 9)
    number = np.array([0, 0, 0, 1, 1, 1, 1, -1, 0])
    dense, sparse = (between_documents(part, units, number, 2, share=False) for part in (counts, csr_matrix(counts)))
    assert dense[0].inflation == pytest.approx(sparse[0].inflation) and dense[0].freedom == pytest.approx(
        sparse[0].freedom
    )
    (dealt,) = deal_documents(np.array([0] * 4 + [1] * 5), 20, 0)
    dense, sparse = (
        spread_of_groups(groups.weigh_documents(part, units))(dealt) for part in (counts, csr_matrix(counts))
    )
    assert dense == pytest.approx(sparse)


def test_between_documents_by_hand():
    # two groups of two documents of 20: 9 and 1, 8 and 0. Squared residuals 16 + 16, times 2
    found, n = between_documents(np.array([[9], [1], [8], [0]]), np.full(4, 20), np.array([0, 0, 1, 1]), 2, share=True)
    observed, binomial = 2 * (2 * 4**2) * 2, 40 * 0.25 * 0.75 + 40 * 0.2 * 0.8
    correlation = (observed - binomial) / (19 * binomial)
    assert found.inflation[:, 0] == pytest.approx([1 + 19 * correlation] * 2) and n.tolist() == [2, 2]


def test_columns_hold_what_people_write():
    index = list("abcde")
    documents = pd.DataFrame(
        {
            "year": ["1987", "1991", "", "2002", "1999"],
            "party": ["D", " R ", np.nan, "D", "R"],
            "volume": pd.Categorical(["late", "early", "early", "late", None], ["early", "late", "never"]),
            "empty": ["", None, " ", np.nan, ""],
            "part": [10, 2, 2, 10, 2.5],
        },
        index=index,
    )
    assert group_documents(documents, "decade").names == ("1980s", "1990s", "2000s")
    assert group_documents(documents, "decade").left_out == ("c",)
    by_year = group_documents(documents, "year")
    assert (
        by_year.names == ("1987", "1991", "1999", "2002") and by_year.values[0] == 1987 and np.isnan(by_year.values[2])
    )
    party = group_documents(documents, "party")
    assert party.names == ("D", "R") and party.number.tolist() == [0, 1, -1, 0, 1] and party.values is None
    assert group_documents(documents, "volume").names == ("early", "late")
    assert group_documents(documents, "part").names == ("2", "2.5", "10")
    with pytest.raises(CrossreadError, match="The column “empty” says nothing of any document. Fill it in"):
        group_documents(documents, "empty")
    with pytest.raises(
        CrossreadError, match="There is no column “genre” in the table of documents. It has: year, party"
    ):
        group_documents(documents, "genre")
    with pytest.raises(CrossreadError, match="There is no column “decade”"):
        group_documents(documents.drop(columns="year"), "decade")


def over_years(shares, years):
    texts = {
        f"d{i}": [(20, {"china": int(j < round(share * 30))}) for j in range(30)] for i, share in enumerate(shares)
    }
    documents = pd.DataFrame({"year": years}, index=list(texts))
    return *make_tables(texts, ["china", "cost"]), group_documents(documents, "year")


def test_a_steady_rise_is_a_supported_trend_and_says_how_steep():
    hits, sentences, by = over_years(np.linspace(0.1, 0.6, 11), range(1990, 2001))
    row = theme_trends(hits, sentences, by).iloc[0]
    assert row["verdict"] == "supported" and row["per_decade"] == pytest.approx(0.5, abs=0.02)
    assert row["low"] < row["per_decade"] < row["high"] and row["n_units"] == 11
    assert (row["fitted_first"], row["fitted_last"]) == pytest.approx((0.1, 0.6), abs=0.02)
    rate = theme_trends(hits, sentences, by, quantity="per_1000").iloc[0]
    assert rate["per_decade"] == pytest.approx(1000 * row["per_decade"] / 20)


def test_trends_of_few_documents_or_of_words_say_so():
    hits, sentences, by = over_years([0, 0.3, 0.6, 0.9], [1990, 1991, 1992, 1993])
    row = theme_trends(hits, sentences, by).iloc[0]
    assert row["verdict"] == "too few units" and row["p"] == pytest.approx(2 / 24)
    same = over_years([0, 0.3, 0.6], [1990] * 3)
    assert theme_trends(*same)["verdict"].tolist() == ["too few units"] * 2
    parties = group_documents(pd.DataFrame({"party": ["x", "y", "x", "y"]}, index=[f"d{i}" for i in range(4)]), "party")
    with pytest.raises(CrossreadError, match="The column “party” is no number everywhere .*; a trend needs numbers"):
        theme_trends(hits, sentences, parties)


def test_documents_without_a_year_are_left_out_and_said_to_be():
    hits, sentences, by = over_years(np.linspace(0.1, 0.6, 12), [*range(1990, 2001), None])
    table = theme_trends(hits, sentences, by)
    assert (table["left_out"] == 1).all() and (table["n_units"] == 11).all()
    assert trends.describe_trends(table, __import__("crossread").wording.Labels()).endswith(
        "1 document without “year”."
    )


def test_groups_by_chance_are_seldom_called_different():
    # 60 documents that differ among themselves, halved at random 150 times: at most 5 in 100 families, here 15 at most
    generator = np.random.default_rng(12)
    shares = generator.beta(0.6, 3, (60, 3))
    sizes = generator.integers(15, 60, 60)
    counts = generator.binomial(sizes[:, None], shares)
    false = 0
    for run in range(150):
        number = (generator.permutation(60) < 30).astype(int)
        false += deal_to_groups(counts, sizes, number, 400, [run])[1].min() <= 0.05
    assert false <= 15


@pytest.mark.parametrize(
    ("numbers", "lengths", "fewest_found"),
    [((3, 40), (300, 30), 60), ((4, 20), (400, 40), 60), ((20, 4), (1000, 20), 40)],
)
def test_groups_whose_documents_differ_in_number_and_in_length(numbers, lengths, fewest_found):
    generator, called = np.random.default_rng(8), []
    number, sizes = np.repeat(np.arange(2), numbers), np.repeat(lengths, numbers)
    for ratio in (1, 2.5):  # each column is a collection of its own
        share = np.repeat((0.15 * np.where(number == 0, ratio, 1))[:, None], 400, axis=1)
        counts = generator.binomial(sizes[:, None], generator.beta(49 * share, 49 * (1 - share))).astype(float)
        called.append(100 * (deal_to_groups(counts, sizes, number, 999, 0)[0] <= 0.05).mean())
    assert called[0] < 8 and called[1] > fewest_found


def test_a_word_of_few_long_documents_is_not_called_theirs():
    # twenty short documents have a tenth of an occurrence each on average: none in all of them is no surprise
    generator, any_word = np.random.default_rng(9), 0
    number, tokens = np.repeat([0, 1], [4, 20]), np.repeat([20_000, 400], [4, 20])
    for _ in range(20):
        rates = 2.5e-4 * generator.gamma(4, 1 / 4, (24, 100))
        counts = generator.poisson(tokens[:, None] * rates)
        any_word += deal_to_groups(counts[:, counts.sum(0) > 4], tokens, number, 600, 0)[1].min() <= 0.05
    assert any_word <= 3


def test_contrasts_of_groups_do_not_depend_on_the_order_of_documents():
    hits, sentences, by = over_years(np.linspace(0.1, 0.6, 8), range(1996, 2004))
    documents = pd.DataFrame({"year": range(1996, 2004)}, index=[f"d{i}" for i in range(8)])
    first = theme_contrasts(hits, sentences, by=group_documents(documents, "decade"))
    moved = theme_contrasts(hits, sentences, by=group_documents(documents.iloc[::-1], "decade"))
    pd.testing.assert_frame_equal(first, moved)


@pytest.fixture(scope="module")
def parties():
    """Fifteen programmes: one party pays more, all speak more of a rival each year, and one theme is even."""
    return crossread.study("parties")


def test_a_planted_difference_between_parties_is_found_and_the_absent_one_is_not(parties):
    table = parties.contrasts("share", by="party").frame
    supported = table[table["verdict"] == "supported"]
    assert set(supported["key"]) == {"burden_sharing"} and len(supported) == 2
    assert ((supported["group_a"] == "Harbour Union") != (supported["group_b"] == "Harbour Union")).all()
    # eighteen sentences a programme, five programmes a party, and what the lexicon counts of those planted (7, 2, 2)
    assert (table[["n_a", "n_b"]] == 90).all(axis=None)
    others = table[table["verdict"] != "supported"]
    assert (others["verdict"] == "not distinguishable").all() and (others["minimum_ratio"] > 1).all()
    omnibus = parties.omnibus("share", by="party").frame.set_index("key")["verdict"]
    assert (omnibus == "supported").to_dict() == {"burden_sharing": True, "rival_rise": False, "multilateralism": False}


def test_a_planted_change_over_the_years_is_found_and_the_absent_one_is_not(parties):
    table = parties.trends().frame.set_index("key")
    assert (table["verdict"] == "supported").to_dict() == {
        "burden_sharing": False, "rival_rise": True, "multilateralism": False,
    }  # fmt: skip
    rise = table.loc["rival_rise"]
    # 0 of 18 sentences in 2022, 6 of 18 in 2038
    assert rise["low"] <= 10 * (6 / 18) / 16 <= rise["high"] and (rise["first"], rise["last"]) == (2022, 2038)


def test_words_of_parties_are_compared_by_programmes(parties):
    table = parties.keyness(by="party").frame
    assert set(table["group"]) == {"Harbour Union", "Shore League", "Green Current"} and table["folded"].all()
    assert (table["n_documents"] == 5).all() and (table["documents_with_term"] <= 5).all()


def test_limits_of_words_of_groups_agree_with_their_test(parties):
    table = parties.keyness(by="party").frame
    inside = (table["low"] < 0) & (table["high"] > 0)  # “regional” was supported with limits from -0.2 to 10.9
    assert inside.sum() > 100 and (table["verdict"] == "supported").sum() >= 5
    assert inside.tolist() == (table["p"] > 0.05).tolist()


def test_true_and_false_are_names_of_groups():
    assert group_documents(pd.DataFrame({"won": [True, False]}, index=["a", "b"]), "won").names == ("True", "False")


@pytest.mark.parametrize(
    ("values", "names"),
    [
        (pd.to_datetime(["2012-05-05", None, "2011-01-01"]), ("2011-01-01", "2012-05-05")),
        (pd.PeriodIndex(["2012", None, "2011"], freq="Y"), ("2011", "2012")),
        (pd.to_timedelta([10, None, 9], unit="D"), ("9 days", "10 days")),
        (pd.Categorical(["b", None, "a"], categories=["b", "a"]), ("b", "a")),
        ([True, None, False], ("True", "False")),
    ],
    ids=["dates", "periods", "spans", "kinds", "truths"],
)
def test_any_column_of_a_frame_makes_groups(values, names):
    found = group_documents(pd.DataFrame({"by": values}, index=list("abc")), "by")
    assert found.names == names and found.left_out == ("b",)


@pytest.mark.parametrize("by", [3, ["party", "year"]])
def test_groups_are_asked_for_by_the_name_of_one_column(by):
    with pytest.raises(CrossreadError, match="give the name of one column"):
        group_documents(pd.DataFrame({"party": ["a"]}), by)


def test_a_column_is_found_in_any_capitals_unless_two_are_called_so():
    documents = pd.DataFrame({"Party": ["red", "blue"], "Region": ["n", "s"], "REGION": ["n", "n"]}, index=["a", "b"])
    assert (group_documents(documents, "party").by, group_documents(documents, "REGION").names) == ("Party", ("n",))
    with pytest.raises(CrossreadError, match="There is no column “region” in .* It has: Party, Region, REGION"):
        group_documents(documents, "region")


def test_keyness_of_one_group_says_that_there_is_nothing_to_compare(parties):
    with pytest.raises(
        CrossreadError, match=r"All words stand in one group of “genre” \(.+\); keyness needs something"
    ):
        parties.keyness(by="genre")


def test_groups_are_as_near_as_their_joined_texts_and_one_document_has_no_limits():
    texts = ["Ships sail far. Ships sail on.", "Men plough soil.", "Ships sail home.", "Rain falls."]
    frame = pd.DataFrame({"text": texts, "party": ["red", "red", "blue", ""]})
    table = crossread.study(frame).similarity(by="party", how="cosine").frame.set_index(["group_a", "group_b"])
    # red: ships 2, sail 2 and far, on, men, plough, soil once; blue: ships, sail, home once
    assert table.loc[("red", "blue"), "value"] == pytest.approx(4 / (13 * 3) ** 0.5)
    assert table.loc[("red", "blue"), ["low", "high"]].isna().all() and np.isnan(table.loc[("blue", "blue"), "value"])
    assert table.loc[("red", "red"), "value"] == 0, "the two documents of the group have no word in common"
    assert (table["left_out"] == 1).all() and len(table) == 3


def test_delta_of_two_groups_is_not_the_same_whatever_they_say():
    texts = {
        "a": "Ships sail. Men rest.",
        "b": "Ships sail. Rain falls.",
        "c": "Men plough the soil all day. Men rest.",
    }
    frame = pd.DataFrame({"text": texts.values(), "party": ["red", "red", "blue"], "side": ["one", "two", "two"]})
    study = crossread.study(frame)
    found = [study.similarity(by=by).frame["value"].iloc[1] for by in ("party", "side")]
    assert found[0] != pytest.approx(found[1])


def test_topics_of_groups_are_the_tokens_of_their_documents_and_add_up(parties):
    model = parties.topic_model(2)
    table = parties.topics(2, by="party").frame
    assert table.groupby("group")["share"].sum().tolist() == pytest.approx([1, 1, 1])
    own = parties.documents.index[parties.documents["party"] == "Harbour Union"]
    mass = model.shares * model.units["n_tokens"].to_numpy()[:, None]
    held = mass[model.units["doc_id"].isin(own)].sum(axis=0)
    joined = table[table["group"] == "Harbour Union"]
    assert joined["share"].tolist() == pytest.approx((held / held.sum()).tolist())
    assert ((joined["share_low"] < joined["share"]) & (joined["share"] < joined["share_high"])).all()
    assert parties.topics(2, by="party").finding.startswith("Topic ") and parties.topics(2, by="year").plot().size == 2


def test_the_spread_of_groups_by_hand():
    from crossread.measure.groups import spread_of_groups

    dealt = np.array([[0, 0, 1], [0, 1, 0]])
    spread = spread_of_groups(groups.weigh_documents(np.array([[3.0], [3.0], [0.0]]), np.ones(3)))
    assert spread(dealt) == pytest.approx(np.array([[2.0], [0.5]]))


def test_no_line_is_supported_whose_adjusted_p_is_large(monkeypatch):
    rows = {
        name: [(20, {"cost": int(i < n)}) for i in range(20)]
        for n, name in zip((1, 4, 8, 12, 16), "abcde", strict=True)
    }
    hits, sentences = make_tables(rows, ["cost"])
    documents = pd.DataFrame({"year": [2001, 2002, 2003, 2004, 2005]}, index=list("abcde"))
    by = group_documents(documents, "year")
    before = theme_trends(hits, sentences, by)
    monkeypatch.setattr(trends, "_test_slopes", lambda counts, *_: (*(np.ones((2, counts.shape[1]))), 0.01))
    after = theme_trends(hits, sentences, by)
    assert (before["low"] > 0).any() and not (after["verdict"] == "supported").any()


def counted_in(shares, length, generator):
    """Hits and sentences of documents that scatter around shares, documents x themes."""
    scatter = 1 / 0.03 - 1
    own = generator.beta(shares * scatter, (1 - shares) * scatter)
    marked = generator.random((*shares.shape, length)) < own[:, :, None]
    texts = {
        f"d{doc:02d}": [(20, {f"t{theme}": int(hit) for theme, hit in enumerate(row)}) for row in rows.T]
        for doc, rows in enumerate(marked)
    }
    return make_tables(texts, [f"t{theme}" for theme in range(shares.shape[1])])


@pytest.mark.parametrize("what", ["groups", "trend"])
def test_the_smallest_ratio_is_found_in_eighty_of_a_hundred_where_three_themes_are_asked_about(what):
    generator, n, runs = np.random.default_rng(20), 24, 60
    half = np.repeat([1, 0], n // 2)
    documents = pd.DataFrame(
        {"party": np.where(half, "x", "y"), "year": np.arange(n) + 2000}, index=[f"d{doc:02d}" for doc in range(n)]
    )
    by = group_documents(documents, "party" if what == "groups" else "year")
    ask = theme_contrasts if what == "groups" else theme_trends

    def first_of(ratio):
        shares = np.full((n, 3), 0.2)
        along = 1 + (ratio - 1) * half if what == "groups" else 2 / (1 + ratio) * np.linspace(1, ratio, n)
        shares[:, 0] *= along
        return ask(*counted_in(shares, 30, generator), by=by).iloc[0]

    smallest = np.median([first_of(1.0)["minimum_ratio"] for _ in range(15)])
    found = np.mean([first_of(smallest)["verdict"] == "supported" for _ in range(runs)])
    assert found == pytest.approx(0.8, abs=0.12)


def test_limits_of_a_line_hold_where_the_last_document_is_twenty_times_as_long():
    # two hundred themes of which none changes; with each document weighed by its length 83 of 100 limits held zero
    generator, lengths = np.random.default_rng(7), [30] * 15 + [600]
    own = generator.beta(0.15 * 19, 0.85 * 19, (16, 200))
    texts = {
        f"d{doc:02d}": [
            (20, {f"t{theme}": 1 for theme in np.flatnonzero(row)})
            for row in generator.random((length, 200)) < own[doc]
        ]
        for doc, length in enumerate(lengths)
    }
    documents = pd.DataFrame({"year": range(2000, 2016)}, index=list(texts))
    tables = make_tables(texts, [f"t{theme}" for theme in range(200)])
    table = theme_trends(*tables, group_documents(documents, "year"))
    held = ((table["low"] <= 0) & (table["high"] >= 0)).mean()
    assert held >= 0.91


def test_of_many_groups_the_smallest_ratio_is_one_that_the_test_over_all_sees_too():
    generator, each = np.random.default_rng(5), 6
    documents = pd.DataFrame({"party": np.repeat(list("abcdefghi"), each)}, index=[f"d{doc:02d}" for doc in range(54)])
    by = group_documents(documents, "party")

    def first_of(ratio):
        shares = np.full((54, 1), 0.25)
        shares[:each] *= ratio
        return theme_contrasts(*counted_in(shares, 60, generator), by=by, draws=2000).iloc[0]

    rows = [first_of(1.0) for _ in range(10)]
    smallest = np.median([row["minimum_ratio"] for row in rows if row["difference"] > 0])
    found = [first_of(smallest)["verdict"] == "supported" for _ in range(30)]
    assert np.mean(found) >= 0.66  # by the pairs alone: 0.43


@pytest.mark.parametrize("numbers", [(2, 2), (3, 3), (1, 9)])
def test_where_documents_are_too_few_for_any_verdict_no_ratio_is_sure_to_be_seen(numbers):
    n, generator = sum(numbers), np.random.default_rng(2)
    documents = pd.DataFrame({"party": np.repeat(["x", "y"], numbers)}, index=[f"d{doc:02d}" for doc in range(n)])
    by = group_documents(documents, "party")
    row = theme_contrasts(*counted_in(np.full((n, 1), 0.3), 40, generator), by=by).iloc[0]
    assert row["verdict"] == "too few units" and np.isinf(row["minimum_ratio"])
    frame = documents.assign(text=[" ".join(["Ships sail. Men plough the soil."] * 20)] * n)
    words = crossread.study(frame, text="text").keyness(by="party").frame
    few = words["verdict"] == "too few units"
    assert few.all() and np.isinf(words["minimum_ratio"]).all()


def test_the_smallest_ratio_of_few_documents_and_of_unequal_ones_is_found_in_about_eighty_of_a_hundred():
    generator, found = np.random.default_rng(6), {}
    for sizes, lengths in [((4, 4), (60, 60)), ((8, 8), (200, 40)), ((20, 4), (60, 60))]:
        n, lengths = sum(sizes), np.repeat(lengths, sizes)
        documents = pd.DataFrame({"party": np.repeat(["x", "y"], sizes)}, index=[f"d{doc:02d}" for doc in range(n)])
        by = group_documents(documents, "party")

        def row_of(upper, ratio, lengths=lengths, by=by, documents=documents):
            shares = np.where(documents["party"] == upper, ratio, 1) * 0.15
            own = generator.beta(shares * 49, (1 - shares) * 49)
            texts = {
                doc: [(20, {"t": int(hit)}) for hit in generator.random(length) < share]
                for doc, length, share in zip(documents.index, lengths, own, strict=True)
            }
            return theme_contrasts(*make_tables(texts, ["t"]), by=by, draws=999).iloc[0]

        told = [row for row in (row_of("x", 1) for _ in range(25)) if row["verdict"] == "not distinguishable"]
        again = [row_of(row["group_a" if row["difference"] > 0 else "group_b"], row["minimum_ratio"]) for row in told]
        found[sizes] = np.mean([row["verdict"] == "supported" for row in again])
    assert all(0.6 < part for part in found.values()), found
