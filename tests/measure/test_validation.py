import numpy as np
import pandas as pd
import pytest

from crossread.errors import CrossreadError
from crossread.measure import validation

NAN = np.nan


def make_hits(rows):
    hits = pd.DataFrame(rows, columns=["sentence_id", "key", "entry"]).assign(
        doc_id="a", lexicon="toy", start_token=0, end_token=1
    )
    return hits.astype({"key": pd.CategoricalDtype(["cost", "war"])})


def make_codes(**themes_by_coder):
    """One keyword per coder: a list of (cost, war) codes for s0, s1 …"""
    rows = [
        ("a", f"s{number}", coder, *codes)
        for coder, given in themes_by_coder.items()
        for number, codes in enumerate(given)
    ]
    return pd.DataFrame(rows, columns=["doc_id", "sentence_id", "coder", "cost", "war"])


CODES = make_codes(x=[(2, 0), (2, 0), (1, 0), (0, 0), (0, 2)], y=[(2, 0), (1, 0), (0, 0), (0, 0), (0, 1)])
HITS = make_hits(
    [("s0", "cost", "pay"), ("s0", "cost", "cost*"), ("s2", "cost", "pay"), ("s9", "cost", "pay"), ("s4", "war", "war")]
)


def test_scores_counted_by_hand():
    table = validation.validate_lexicon(HITS, CODES)
    assert tuple(table.columns) == validation.VALIDATION
    # cost: s0 and s1 are positive (means 2 and 1.5), s2 is not (0.5); called are s0 and s2; s9 is not coded
    cost = table[(table["key"] == "cost") & (table["entry"] == "")].iloc[0]
    assert cost[["true_positive", "false_positive", "false_negative", "n_coded"]].tolist() == [1, 1, 1, 5]
    assert cost[["precision", "recall", "f1"]].tolist() == [0.5, 0.5, 0.5]
    assert cost["coder"] == "x and y"
    pay = table[table["entry"] == "pay"].iloc[0]
    assert pay[["true_positive", "false_positive", "false_negative"]].tolist() == [1, 1, 1]
    assert table[table["entry"] == "cost*"].iloc[0][["precision", "recall"]].tolist() == [1.0, 0.5]


def test_the_rule_decides_what_is_positive():
    table = validation.validate_lexicon(HITS, CODES, entries=False).set_index(["key", "rule"])
    assert {rule for _, rule in table.index} == {"core or weak", "core"}
    # at the core: both see it, one of them at least at the core (means 2 and 1.5); for war one coder's 2 and 1 are 1.5
    core = table.loc[("cost", "core")]
    assert core[["true_positive", "false_positive", "false_negative"]].tolist() == [1, 1, 1]


def test_sentences_drawn_with_a_smaller_chance_weigh_more():
    codes = make_codes(x=[(2, 0), (2, 0), (0, 0), (2, 0)]).assign(probability=[1.0, 0.25, 1.0, 1.0])
    hits = make_hits([("s0", "cost", "pay"), ("s2", "cost", "pay"), ("s3", "cost", "pay")])
    row = validation.validate_lexicon(hits, codes, entries=False).set_index(["key", "rule"]).loc[("cost", "core")]
    assert row["precision"] == pytest.approx(2 / 3) and row["recall"] == pytest.approx(2 / 6)  # the missed one is four
    assert row[["true_positive", "false_negative"]].tolist() == [2, 1]


def test_limits_of_f1_follow_from_the_exact_ones():
    # 8 true positives among 10 sentences in play: Clopper and Pearson 0.4439 to 0.9748, F1 = 2J / (1 + J)
    hits = make_hits([(f"s{n}", "cost", "pay") for n in range(9)])
    codes = make_codes(x=[(2, 0)] * 8 + [(0, 0), (2, 0)])
    row = validation.validate_lexicon(hits, codes, entries=False).iloc[0]
    assert row["f1"] == pytest.approx(16 / 18)
    assert row["f1_low"] == pytest.approx(2 * 0.4439 / 1.4439, abs=1e-4)
    assert row["f1_high"] == pytest.approx(2 * 0.9748 / 1.9748, abs=1e-4)


def test_without_codes_it_says_so():
    table = validation.validate_lexicon(HITS, None)
    assert table["coder"].tolist() == ["not validated here"] * 4 and table["precision"].isna().all()  # two rules
    assert validation.list_errors(HITS, None).empty and validation.measure_agreement(None).empty


def test_errors_are_named_with_their_text_when_it_is_here():
    table = validation.list_errors(HITS, CODES)
    assert table[["key", "sentence_id", "error", "entries"]].values.tolist() == [
        ["cost", "s1", "miss", ""], ["cost", "s2", "false positive", "pay"],
    ]  # fmt: skip
    assert "text" not in table
    with_text = validation.list_errors(HITS, CODES, pd.DataFrame({"text": ["Who pays?"]}, index=["s1"]))
    assert with_text["text"].tolist()[0] == "Who pays?"


def test_alpha_of_krippendorffs_own_example():
    # Krippendorff 2011, Computing Krippendorff's Alpha-Reliability, example C/D: four observers, twelve units
    ratings = np.array(
        [
            [1, 2, 3, 3, 2, 1, 4, 1, 2, NAN, NAN, NAN],
            [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NAN, 3],
            [NAN, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NAN],
            [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NAN],
        ]
    ).T
    found, low, high = validation.krippendorff_alpha(ratings)
    assert round(found, 3) == 0.815 and low < found < high


def test_alpha_of_one_coder_or_one_value_is_unknown():
    assert np.isnan(validation.krippendorff_alpha(np.array([[1.0], [2.0]]))[0])
    assert np.isnan(validation.krippendorff_alpha(np.zeros((5, 2)))[0])
    agreement = validation.measure_agreement(CODES)
    assert agreement["key"].tolist() == ["cost", "war"] and agreement["n_coded"].tolist() == [5, 5]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda codes: codes.assign(cost=3), "3 in column “cost” is not 0, 1 or 2"),
        (lambda codes: codes.assign(coder="x"), "s0 is coded twice by x"),
        (lambda codes: codes.drop(columns="coder"), "the column “coder” is missing"),
        (
            lambda codes: codes.rename(columns={"cost": "price", "war": "peace"}),
            "none of the themes cost, war is a column",
        ),
    ],
)
def test_bad_codes_are_named(change, message):
    with pytest.raises(CrossreadError, match=message):
        validation.validate_lexicon(HITS, change(CODES))
