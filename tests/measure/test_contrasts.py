"""Documents and groups compared on themes: what is counted, the family, the verdicts, and that sentences are true."""

import dataclasses
import re

import numpy as np
import pandas as pd
import pytest
from benchmarks import simulate_ratios
from hypothesis import given
from hypothesis import strategies as st
from test_themes import ABSTRACT, REPORT, make_tables

import crossread as cr
from crossread.errors import CrossreadError
from crossread.measure import contrasts, equivalent, group_documents, theme_contrasts, theme_omnibus, theme_rates
from crossread.measure.clumping import Clumping
from crossread.measure.pairs import REST, best_omnibus, documents_compared, judge_documents, make_family
from crossread.measure.themes import observe
from crossread.wording import Labels


def rows(share, n, seed=0, clumped=False):
    """Sentences of 29 tokens, that share of them with a hit of china, apart or all together."""
    hit = np.zeros(n, dtype=int)
    n_hits = round(share * n)
    places = np.arange(n_hits) if clumped else np.random.default_rng(seed).permutation(n)[:n_hits]
    hit[places] = 1
    return [(29, {"china": one} if one else {}) for one in hit.tolist()]


def test_what_is_counted_stands_in_the_table():
    hits, sentences = make_tables({"a": rows(0.3, 40), "b": rows(0.1, 60)}, ["china"])
    row = theme_contrasts(hits, sentences).iloc[0]
    assert row[["sentences_a", "n_a", "sentences_b", "n_b"]].tolist() == [12, 40, 6, 60]
    assert (row["share_a"], row["share_b"], row["difference"]) == pytest.approx((0.3, 0.1, 0.2))
    assert row["ratio"] == pytest.approx(3) and row["p_adjusted"] == max(row["p"], row["p_omnibus"])
    rate = theme_contrasts(hits, sentences, quantity="per_1000").iloc[0]
    assert rate[list(contrasts.COUNTED_HITS)].tolist() == pytest.approx([12, 1160, 12000 / 1160, 6, 1740, 6000 / 1740])
    assert rate["difference"] == pytest.approx(12000 / 1160 - 6000 / 1740)


def test_a_clear_difference_is_supported_however_many_documents():
    # a referee's case: in all sixty sentences of one, in none of another, nine documents and three themes
    texts = {f"d{i}": rows(0.3, 60, i) for i in range(8)} | {"all": rows(1, 60)}
    hits, sentences = make_tables(texts, ["china", "cost", "war"])
    table = theme_contrasts(hits, sentences)
    assert len(table) == 27 and (table["doc_b"] == REST).all()
    found = table[table["verdict"] == "supported"]
    assert found[["key", "doc_a"]].values.tolist() == [["china", "all"]]
    asked = theme_contrasts(hits, sentences, pairs=[("all", "d0")], keys=["china"]).iloc[0]
    assert asked["verdict"] == "supported" and asked["p_adjusted"] == max(asked["p"], asked["p_omnibus"]) <= 0.01


@pytest.mark.parametrize("n_documents", [2, 3, 9, 16])
@pytest.mark.parametrize("n_themes", [1, 20])
def test_more_of_a_difference_is_never_less_sure(n_documents, n_themes):
    # a referee's case: in so many of sixty sentences of one, in none of all others; in all of them it was not supported
    keys, adjusted = [f"k{i}" for i in range(n_themes)], []
    for share in (7 / 10, 19 / 20, 1):
        none = {f"d{i}": rows(0, 60) for i in range(1, n_documents)}
        hits, sentences = make_tables({"d0": rows(share, 60), **none}, ["china"])
        hits["key"] = pd.Categorical(hits["key"], categories=["china", *keys[1:]])
        table = theme_contrasts(hits, sentences)
        table = table[(table["key"] == "china") & (table["doc_a"] == "d0")]
        assert set(table["verdict"]) == {"supported"}
        adjusted.append(table["p_adjusted"].max())
    assert max(np.diff(adjusted)) < 0.005  # but for chance


def test_the_family_that_is_shown_is_the_family_that_is_corrected_for():
    texts = {name: rows(share, 60, i) for i, (name, share) in enumerate({"a": 0.5, "b": 0.2, "c": 0.2}.items())}
    hits, sentences = make_tables(texts, ["china", "cost"])
    both, one = (theme_contrasts(hits, sentences, keys=keys, draws=2000) for keys in (None, ["china"]))
    own = both[both["key"] == "china"].reset_index(drop=True)
    assert own["p"].tolist() == one["p"].tolist()
    assert own["p_adjusted"].tolist() == pytest.approx(np.minimum(2 * one["p_adjusted"], 1))
    omnibus = theme_omnibus(hits, sentences, keys=["china"], draws=2000)
    assert one["p_adjusted"].min() >= omnibus["p_adjusted"].iloc[0] == one["p_omnibus"].iloc[0]
    # of three equalities one at most is left once all three are not equal: the smallest is multiplied by one
    smallest = one["p"].idxmin()
    assert one.loc[smallest, "p_adjusted"] == max(one.loc[smallest, "p"], omnibus["p"].iloc[0])


def test_too_few_units_means_that_no_outcome_could_have_been_supported():
    hits, sentences = make_tables({"a": rows(1, 2), "b": rows(0, 3), "c": rows(0.3, 150)}, ["china"])
    verdicts = theme_contrasts(hits, sentences).set_index(["doc_a", "doc_b"])["verdict"].to_dict()
    assert verdicts["a", "b"] == "too few units"
    most = make_tables({"a": rows(1, 60), "b": rows(0, 60)}, ["china"])
    assert theme_contrasts(*most)["verdict"].tolist() == ["supported"]


def test_a_pair_of_which_the_test_over_all_can_never_be_passed_has_too_few_units():
    study = cr.study("alliances", texts=False)
    table, omnibus = study.contrasts("share").frame, study.omnibus().frame.set_index("key")
    own = table[table["key"] == "alliance_dilemma"]
    assert set(own["verdict"]) == {"too few units", "not distinguishable"}
    family, _ = documents_compared(observe(study.hits, study.sentences), None, True)
    place = omnibus.index.get_loc("alliance_dilemma")
    few, wanted = (own["verdict"] == "too few units").to_numpy(), np.arange(len(omnibus)) == place
    # by itself such a pair could have been supported
    assert (judge_documents(family, share=True).best[few, place] <= 0.05).any()
    assert (best_omnibus(family, few[:, None] & wanted, share=True)[few, place] > 0.05).all()
    assert (best_omnibus(family, ~few[:, None] & wanted, share=True)[~few, place] <= 0.05).all()


def test_of_many_documents_too_no_verdict_stands_that_no_data_could_change():
    # short texts on a common theme, a longer one among them: by itself each could differ from the rest
    texts = {f"d{i}": rows(0.6, 6, i) for i in range(19)} | {"long": rows(0.6, 60)}
    seen = observe(*make_tables(texts, ["china"]))
    family, _ = documents_compared(seen, None, True)
    verdicts = theme_contrasts(*make_tables(texts, ["china"]))["verdict"]
    assert verdicts.value_counts().to_dict() == {"too few units": 19, "not distinguishable": 1}
    assert (judge_documents(family, share=True).best <= 0.05).all()
    for number, verdict in enumerate(verdicts):
        ends = []
        for count in (0, family.units[number]):
            counts = family.counts.copy()
            counts[number] = count
            other = judge_documents(dataclasses.replace(family, counts=counts), share=True, seed=1)
            ends.append(other.p_adjusted[number, 0])
        assert (min(ends) > 0.05) == (verdict == "too few units")


@pytest.mark.filterwarnings("error")
def test_a_document_below_all_others_is_seen_no_sooner_for_clumping(monkeypatch):
    # of a document against the rest it is the document that stands apart, though the rest may have the larger share
    monkeypatch.setattr(contrasts, "smallest_ratio", lambda common, upper, *_, **__: np.ones(upper.units.shape))
    units = np.array([300.0, *[600] * 9])
    counts = np.array([50.0, *[120] * 9])[:, None]
    smallest = []
    for inflation in (np.ones(10), np.array([3, *[1, 5, 1] * 3])):
        clumping = Clumping(inflation[:, None], np.full((10, 1), 1e6))
        family, _ = make_family(tuple("abcdefghij"), None, counts, units, clumping, counts, units)
        tested = judge_documents(family, share=True, n_themes=3)
        (a, *_), (b, *_) = family.first(), family.second()
        smallest.append(contrasts._smallest_ratios(a, b, family, tested, True, True)[0, 0])
    assert 1.5 < smallest[0] < smallest[1]


def test_the_smallest_ratio_is_found_by_the_test_over_all_and_by_the_pairs():
    # five documents as long as those studied, whose clumping is known; the one has so many times the others' share
    generator, runs, theme = np.random.default_rng(2), 300, 0.14
    units, inflation, freedom = np.array([9.0, 38, 149, 30, 29])[:, None], 1.12, 1e6
    clumping = Clumping(np.full((5, 1), inflation), np.full((5, 1), freedom))
    counts = np.round(theme * units) + np.array([0, 0, 0, 0, 1])[:, None]
    family, _ = make_family(tuple("abcde"), None, counts, units[:, 0], clumping, counts, units[:, 0])
    tested = judge_documents(family, share=True, n_themes=3)
    (a, *_), (b, *_) = family.first(), family.second()
    place = family.pairs.index(("c", "e"))
    ratio = contrasts._smallest_ratios(a, b, family, tested, True, True)[place, 0]
    own = np.array([1, 1, 1, 1, ratio])[:, None] * theme
    size = (units - 1) / (inflation - 1) - 1
    drawn = generator.binomial(units.astype(int), generator.beta(own * size, (1 - own) * size, (5, runs))) * 1.0
    many = Clumping(*(np.repeat(part, runs, 1) for part in clumping))
    family, _ = make_family(tuple("abcde"), None, drawn, units[:, 0], many, drawn, units[:, 0])
    found = judge_documents(family, share=True, n_themes=3, draws=1200)
    assert (found.p_adjusted[place] <= 0.05).mean() >= 0.76  # more, where clumping does not grow with the share


@pytest.mark.parametrize("share", [True, False])
@pytest.mark.parametrize("below", [True, False])
def test_a_document_is_found_below_all_others_as_often_as_above(share, below):
    generator, runs = np.random.default_rng(3), 200
    sentences = np.array([150.0, *[400] * 9])[:, None]
    units, theme = (sentences, 0.2) if share else (20 * sentences, 0.014)
    inflation = np.array([1.5, *[1.2, 2.5, 1.2] * 3])[:, None]
    clumping = Clumping(inflation, np.full((10, 1), 1e6))
    expected = theme * units
    near = np.round(expected + (np.arange(10) == 0)[:, None] * (-2 if below else 2))

    def family_of(counts, clumping):
        with_hit = np.minimum(counts, sentences)
        return make_family(tuple("abcdefghij"), None, counts, units[:, 0], clumping, with_hit, sentences[:, 0])[0]

    family = family_of(near, clumping)
    tested = judge_documents(family, share=share, n_themes=3)
    (a, *_), (b, *_) = family.first(), family.second()
    ratio = contrasts._smallest_ratios(a, b, family, tested, share, True)[0, 0]
    expected[0] *= 1 / ratio if below else ratio
    size = ((units - 1) / (inflation - 1) - 1) / units
    if share:
        own = generator.beta(expected * size, (units - expected) * size, (10, runs))
        drawn = generator.binomial(units.astype(int), own) * 1.0
    else:
        drawn = generator.poisson((inflation - 1) * generator.gamma(expected / (inflation - 1), size=(10, runs))) * 1.0
    found = judge_documents(
        family_of(drawn, Clumping(*(np.repeat(part, runs, 1) for part in clumping))),
        share=share,
        n_themes=3,
        draws=1200,
    )
    assert (found.p_adjusted[0] <= 0.05).mean() >= 0.76


@pytest.mark.parametrize(
    ("text", "theme", "of_shares", "told"),
    [
        ("passages of 2", 0.4, True, 0.5),
        ("passages of 2", 0.4, False, 0.3),
    ],
)
def test_a_ratio_that_texts_tell_is_found_in_eighty_of_a_hundred_others(text, theme, of_shares, told):
    generator = np.random.default_rng(6)
    kind = simulate_ratios.Kind(text, theme, generator)
    pair = simulate_ratios.PAIRS["pairs"]["149 against 29"]
    ratios = simulate_ratios.told_ratios(kind.draw(400, generator, pair), of_shares, "one pair", pair, [0])
    finite = ratios[np.isfinite(ratios)]
    assert len(finite) > told * len(ratios)
    finite = np.resize(finite, 300)
    new = kind.draw(len(finite), generator, pair, kind.apart(finite, of_shares))
    _, tested, place = simulate_ratios.judged(new, of_shares, "one pair", pair, [0])
    assert (tested.p_adjusted[place] <= 0.05).mean() >= 0.76


def test_where_no_rate_is_sure_to_be_seen_hardly_any_text_tells_a_ratio():
    generator = np.random.default_rng(6)
    kind = simulate_ratios.Kind("log-Gaussian intensity", 0.15, generator)
    pair = simulate_ratios.PAIRS["pairs"]["29 against 149"]
    ratios = simulate_ratios.told_ratios(kind.draw(300, generator, pair), False, "one pair", pair, [0])
    assert np.isfinite(ratios).mean() < 0.1  # were the clumping the same at every rate: 0.9


def test_what_clumps_is_not_called_different():
    apart = make_tables({"a": rows(0.5, 160, 1), "b": rows(0.1, 480, 2)}, ["china"])
    clumped = make_tables({"a": rows(0.5, 160, clumped=True), "b": rows(0.1, 480, clumped=True)}, ["china"])
    found, lost = (theme_contrasts(*tables).iloc[0] for tables in (apart, clumped))
    assert found["verdict"] == "supported" and lost["verdict"] != "supported"
    assert lost["n_units"] < 0.3 * found["n_units"] and lost["minimum_ratio"] > found["minimum_ratio"]


def test_an_empty_document_has_rows_that_say_so():
    hits, sentences = make_tables({"a": REPORT, "b": ABSTRACT, "c": REPORT[:40]}, ["china"])
    sentences.loc[sentences["doc_id"] == "b", "kind"] = "heading"
    table = theme_contrasts(hits, sentences).set_index(["doc_a", "doc_b"])
    assert table.loc[("a", "b"), "verdict"] == "too few units" and table.loc[("a", "b"), "n_b"] == 0
    assert np.isnan(table.loc[("a", "b"), "p"])
    whole = theme_contrasts(hits, sentences[sentences["doc_id"] != "b"]).iloc[0]
    assert table.loc[("a", "c"), "p_adjusted"] == whole["p_adjusted"]
    alone = make_tables({"a": REPORT}, ["china"])
    assert theme_contrasts(*alone).empty and theme_omnibus(*alone)["verdict"].tolist() == ["too few units"]
    assert contrasts.describe_contrasts(theme_contrasts(*alone), Labels()) == "There is nothing to compare."


def test_what_is_asked_wrongly_is_refused_in_a_sentence():
    hits, sentences = make_tables({"a": REPORT, "b": REPORT[:40], "c": REPORT[:30]}, ["china"])
    with pytest.raises(CrossreadError, match="The quantity “count” is not known; use “share” or “per_1000”"):
        theme_contrasts(hits, sentences, quantity="count")
    with pytest.raises(CrossreadError, match="There is no “z” to compare. There are: a, b, c"):
        theme_contrasts(hits, sentences, pairs=[("a", "z")])
    with pytest.raises(CrossreadError, match="not both in one table"):
        theme_contrasts(hits, sentences, pairs=[("a", "b"), ("a", REST)])
    with pytest.raises(CrossreadError, match="With 15 draws no adjusted p-value can reach 0.05 among 1 tests"):
        theme_contrasts(hits, sentences, draws=15)
    with pytest.raises(CrossreadError, match="The margin must be above 0; it is 0"):
        equivalent(theme_contrasts(hits, sentences), 0)


def test_no_difference_is_said_only_within_a_margin():
    hits, sentences = make_tables({"a": rows(0.2, 400, 1), "b": rows(0.2, 400, 2), "c": rows(0.2, 12, 3)}, ["china"])
    table = theme_contrasts(hits, sentences)
    assert (table["verdict"] != "supported").all()
    assert equivalent(table, 0.15)[["doc_a", "doc_b"]].values.tolist() == [["a", "b"]]
    assert ((table["family_low"] <= table["low"]) & (table["high"] <= table["family_high"])).all()


@given(st.lists(st.tuples(st.integers(1, 40), st.floats(0, 1)), min_size=2, max_size=5), st.booleans())
def test_tables_hold_together_whatever_the_documents(documents, share):
    texts = {f"d{i}": rows(part, n, i, clumped=i % 2 == 0) for i, (n, part) in enumerate(documents)}
    table = theme_contrasts(*make_tables(texts, ["china"]), quantity="share" if share else "per_1000")
    assert len(table) == len(texts) * (len(texts) - 1) // 2
    assert table["p"].between(0, 1).all() and (table["p_adjusted"] >= table["p"] - 1e-9).all()
    assert ((table["low"] <= table["difference"] + 1e-9) & (table["difference"] <= table["high"] + 1e-9)).all()
    assert (table["minimum_ratio"] >= 1).all()
    supported = table["verdict"] == "supported"
    assert (supported == (table["p_adjusted"] <= 0.05)).all()
    assert ((table.loc[supported, "low"] > 0) | (table.loc[supported, "high"] < 0)).all()


def test_the_same_again_and_the_order_of_hits_plays_no_part():
    hits, sentences = make_tables({"a": REPORT, "b": rows(0.2, 50), "c": ABSTRACT}, ["china"])
    first = theme_contrasts(hits, sentences, seed=3)
    pd.testing.assert_frame_equal(first, theme_contrasts(hits.sample(frac=1, random_state=1), sentences, seed=3))


# --- groups ---------------------------------------------------------------------------------------------------------


def grouped(shares, n=30):
    """Documents with these shares of china, by group, and the groups."""
    texts = {f"{name}{i}": rows(share, n, i) for name, own in shares.items() for i, share in enumerate(own)}
    documents = pd.DataFrame({"party": [name for name, own in shares.items() for _ in own]}, index=list(texts))
    return *make_tables(texts, ["china", "cost"]), group_documents(documents, "party")


def test_groups_differ_by_their_documents():
    hits, sentences, by = grouped({"red": [0.6, 0.5, 0.7, 0.6, 0.5], "blue": [0.1, 0.2, 0.1, 0, 0.2]})
    table = theme_contrasts(hits, sentences, by=by)
    assert table[["key", "group_a", "group_b", "verdict"]].values.tolist() == [
        ["china", "red", "blue", "supported"], ["cost", "red", "blue", "not distinguishable"]
    ]  # fmt: skip
    first = table.iloc[0]
    assert first["p"] == pytest.approx(2 / 252)  # all ways to deal five of ten documents
    assert first["n_units"] == 5 and first["by"] == "party" and first["left_out"] == 0
    assert theme_omnibus(hits, sentences, by=by)["p_adjusted"].iloc[0] == first["p_adjusted"]
    # one document with everything is one document, not thirty sentences
    hits, sentences, by = grouped({"red": [1, 0, 0, 0, 0], "blue": [0] * 5})
    assert theme_contrasts(hits, sentences, by=by)["verdict"].iloc[0] != "supported"


def test_groups_that_are_too_small_are_said_to_be():
    hits, sentences, by = grouped({"red": [1, 1], "blue": [0, 0, 0]})
    row = theme_contrasts(hits, sentences, by=by).iloc[0]
    assert row["p"] == pytest.approx(1 / 10) and row["verdict"] == "too few units"
    single = grouped({"red": [1], "blue": [0]})
    assert theme_contrasts(*single[:2], by=single[2])["verdict"].tolist() == ["too few units"] * 2


def test_three_groups_are_compared_in_pairs_after_one_test():
    hits, sentences, by = grouped({"red": [0.7] * 5, "blue": [0.1, 0.2, 0.1, 0.2, 0.1], "green": [0.2, 0.1] * 3})
    table = theme_contrasts(hits, sentences, by=by, keys=["china"]).set_index(["group_a", "group_b"])
    assert table["verdict"].tolist() == ["supported", "supported", "not distinguishable"]
    assert (table["p_adjusted"] >= table["p_omnibus"]).all()


def test_a_group_without_sentences_is_not_compared():
    hits, sentences, by = grouped({"red": [0.6, 0.5, 0.7], "blue": [0.1, 0.2, 0.1], "green": [0.1]})
    sentences.loc[sentences["doc_id"] == "green0", "kind"] = "note"
    table = theme_contrasts(hits, sentences, by=by, keys=["china"]).set_index(["group_a", "group_b"])
    assert table["verdict"].tolist()[1:] == ["too few units"] * 2 and np.isnan(table["p"].iloc[1])


# --- what is said ---------------------------------------------------------------------------------------------------

COUNTED = re.compile(
    r"([^.;:]+): (\d+) of ([\d,]+) sentences? in (.+?) against (\d+) of ([\d,]+) in (.+?)"
    r"(?:; coders marked ([\d,]+) against ([\d,]+))?(?=; in general)"
)


def studies():
    """The five texts' published counts, the practice corpus, and texts of one's own with groups."""
    own = pd.DataFrame(
        {
            "text": [f"China rises. {'Rain falls. ' * n}{'Allies pay. ' * (12 - n)}" for n in range(12)],
            "party": ["red", "blue", ""] * 4,
            "year": range(1990, 2002),
        }
    )
    lexicon = {"china": ["china"], "cost": ["pay*"], "war": ["war*"]}
    return [cr.study("alliances", texts=False), cr.study("practice"), cr.study(own, lexicon=lexicon)]


@pytest.fixture(scope="module", params=range(3), ids=["alliances", "practice", "own"])
def study(request):
    return studies()[request.param]


def number(text):
    return int(text.replace(",", ""))


def test_every_sentence_about_a_contrast_is_true_of_its_row(study):
    table = study.contrasts("share").frame
    counted = table[table[["sentences_a", "sentences_b"]].any(axis="columns")]
    assert len(counted) > 3
    for place, row in counted.iterrows():
        said = contrasts.describe_contrasts(table.loc[[place]], study.labels)
        theme, with_a, n_a, first, with_b, n_b, second, *marked = COUNTED.search(said).groups()
        assert (number(with_a), number(n_a)) == (row["sentences_a"], row["n_a"])
        assert (number(with_b), number(n_b)) == (row["sentences_b"], row["n_b"])
        assert first == study.labels.document(row["doc_a"]) and second == study.labels.document(row["doc_b"])
        assert theme.lower() == study.labels.theme(row["key"]).lower()
        if study.marks():
            counts = [round(row[f"measured_{side}"] * row[f"n_{side}"]) for side in "ab"]
            assert [number(n) for n in marked] == counts
        general = said.split("; in general ")[1]
        assert general.startswith(row["verdict"])
        if row["verdict"] == "not distinguishable" and np.isfinite(row["minimum_ratio"]):
            assert float(re.search(r"not distinguishable: ([\d.,]+\d)", general)[1].replace(",", "")) == pytest.approx(
                row["minimum_ratio"], abs=0.06
            )


def test_the_finding_on_contrasts_is_true(study):
    answer = study.contrasts("share")
    table, said = answer.frame, answer.finding
    assert "do not show" not in said and "informative" not in said
    for verdict, n in re.findall(r"(\d+) (supported|not distinguishable|too few units)", said):
        assert (table["verdict"] == n).sum() == int(verdict)
    assert re.match(r"[^.;]+: \d+ of [\d,]+ sentences? in .* against .*; in general ", said)
    assert f"of {len(table)} difference" in said
    read = table[(table["n_a"] > 0) & (table["n_b"] > 0)]
    for _, own in read.groupby("key", observed=True):  # of each theme the widest difference, whichever side has more
        widest = own.loc[(own["share_a"] - own["share_b"]).abs().idxmax()]
        if not own[["sentences_a", "sentences_b"]].to_numpy().any():
            assert f"{study.labels.theme(widest['key'])}: nowhere".lower() in said.lower()
            continue
        assert f"{widest['sentences_a']} of {widest['n_a']:,} sentence" in said
        assert f"against {widest['sentences_b']} of {widest['n_b']:,} in" in said
    for with_a, n_a, with_b, n_b in re.findall(
        r"(\d+) of ([\d,]+) sentences? in [^.;]+? against (\d+) of ([\d,]+)", said
    ):
        four = [number(one) for one in (with_a, n_a, with_b, n_b)]
        assert (table[["sentences_a", "n_a", "sentences_b", "n_b"]].to_numpy() == four).all(axis=1).any()


def test_the_finding_on_rates_is_true(study):
    answer = study.rates()
    table, said = answer.frame, answer.finding
    assert "is most frequent in" in said
    counted = re.findall(r"(?<!marked )\b(\d+) of ([\d,]+) sentences? in", said)
    assert counted
    for hit, n in counted:
        assert ((table["sentences_with_hit"] == number(hit)) & (table["n_sentences"] == number(n))).any()
    for n, allowed in re.findall(r"\(([\d,]+) sentences?, which still allows? up to (\d+) %\)", said):
        silent = table[table["silent"] & (table["n_sentences"] == number(n))]
        assert (100 * silent["share_high"] - int(allowed)).abs().min() <= 0.5


def test_groups_are_told_with_those_left_out():
    study = studies()[2]
    for answer in (study.rates(by="party"), study.contrasts(by="party"), study.omnibus(by="party"),
                   study.frequencies(by="party"), study.senses(by="party"), study.keyness(by="party")):  # fmt: skip
        assert answer.finding.endswith("Left out: 4 documents without “party”.")
        assert (answer.frame["left_out"] == 4).all() and (answer.frame["by"] == "party").all()
    rates = study.rates(by="decade").frame
    assert rates["group"].drop_duplicates().tolist() == ["1990s", "2000s"]
    red = study.sentences[study.sentences["doc_id"].isin(["row_1", "row_4", "row_7", "row_10"])]
    behind = red.index[red["text"].str.contains("pay")]
    assert sorted(study.rates(by="party").sentences(("red", "cost"))) == sorted(behind)
    with pytest.raises(CrossreadError, match="There is no column “colour” in the table of documents. It has: "):
        study.rates(by="colour")


def test_answers_about_groups_have_charts_and_tables():
    study = studies()[2]
    for answer in (study.rates(by="party"), study.contrasts(by="party"), study.frequencies(by="party"), study.trends(),
                   study.contrasts()):  # fmt: skip
        answer.plot()
        assert "<table" in answer._repr_html_() and answer.caption and answer.alt
    assert study.contrasts()["doc_b"].eq(REST).all()  # twelve documents


def test_rates_and_contrasts_count_the_same(study):
    rates = study.rates().frame.set_index(["doc_id", "key"])
    table = study.contrasts("share").frame
    for row in table[table["doc_b"] != REST].itertuples():
        assert row.sentences_a == rates.loc[(row.doc_a, row.key), "sentences_with_hit"]
        assert row.difference == pytest.approx(rates["share"][row.doc_a, row.key] - rates["share"][row.doc_b, row.key])
    assert len(theme_rates(study.hits, study.sentences)) == len(rates)


def test_where_several_have_the_largest_share_the_table_over_all_names_them():
    parties = cr.study("parties")
    table = parties.omnibus(by="party")
    rates = parties.rates(by="party").frame
    for row in table.frame.itertuples():
        share = rates.loc[rates["key"] == row.key].set_index("group")["share"]
        assert set(row.highest.split(" = ")) == set(share.index[share == share.max()])
        assert set(row.lowest.split(" = ")) == set(share.index[share == share.min()])
    assert "counted most in Harbour Union and Shore League" in table.finding
