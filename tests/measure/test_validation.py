import numpy as np
import pandas as pd
import pytest

from crossread import from_texts
from crossread.errors import CrossreadError
from crossread.measure import themes, validation

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
    assert cost["coder"] == "x, y"
    pay = table[table["entry"] == "pay"].iloc[0]
    assert pay[["true_positive", "false_positive", "false_negative"]].tolist() == [1, 1, 1]
    assert table[table["entry"] == "cost*"].iloc[0][["precision", "recall"]].tolist() == [1.0, 0.5]


def test_the_threshold_and_the_coder_decide_what_is_positive():
    strict = validation.validate_lexicon(HITS, CODES, threshold=2, entries=False).iloc[0]
    assert strict[["true_positive", "false_positive", "false_negative"]].tolist() == [1, 1, 0]
    mild = validation.validate_lexicon(HITS, CODES, coder="x", entries=False).iloc[0]
    assert mild[["true_positive", "false_positive", "false_negative"]].tolist() == [2, 0, 1] and mild["coder"] == "x"
    with pytest.raises(CrossreadError, match=r"no coder “z” \(they have x, y\)"):
        validation.validate_lexicon(HITS, CODES, coder="z")


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
    assert table["coder"].tolist() == ["not validated here"] * 2 and table["precision"].isna().all()
    assert validation.validation_note(table, "war") == "war: not validated here"
    assert "F1 0.50 (" in validation.validation_note(validation.validate_lexicon(HITS, CODES), "cost")
    assert validation.list_errors(HITS, None).empty and validation.measure_agreement(None).empty


def test_errors_are_named_with_their_text_when_it_is_here():
    table = validation.list_errors(HITS, CODES)
    assert table[["key", "sentence_id", "error", "entries"]].values.tolist() == [
        ["cost", "s1", "miss", ""], ["cost", "s2", "false positive", "pay"],
    ]  # fmt: skip
    assert "text" not in table
    with_text = validation.list_errors(HITS, CODES, pd.DataFrame({"text": ["Who pays?"]}, index=["s1"]))
    assert with_text["text"].tolist()[0] == "Who pays?"


@pytest.mark.parametrize(("metric", "alpha"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)])
def test_alpha_of_krippendorffs_own_example(metric, alpha):
    # Krippendorff 2011, Computing Krippendorff's Alpha-Reliability, example C/D: four observers, twelve units
    ratings = np.array(
        [
            [1, 2, 3, 3, 2, 1, 4, 1, 2, NAN, NAN, NAN],
            [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NAN, 3],
            [NAN, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NAN],
            [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NAN],
        ]
    ).T
    found, low, high = validation.krippendorff_alpha(ratings, metric=metric)
    assert round(found, 3) == alpha and low < alpha < high


def test_alpha_of_one_coder_or_one_value_is_unknown():
    assert np.isnan(validation.krippendorff_alpha(np.array([[1.0], [2.0]]))[0])
    assert np.isnan(validation.krippendorff_alpha(np.zeros((5, 2)))[0])
    agreement = validation.measure_agreement(CODES)
    assert agreement["key"].tolist() == ["cost", "war"] and agreement["n_coded"].tolist() == [5, 5]


def test_positives_needed_match_the_textbook():
    assert validation.positives_needed(0.8) == 62
    assert validation.positives_needed(0.5) == 97
    assert validation.positives_needed(0.8, 0.05) == 246
    needed = validation.sentences_needed(HITS, CODES).set_index("key")
    assert needed.loc["cost", "sentences"] == np.ceil(97 / (2 / 5))
    assert needed.loc["war", "positives"] == 97  # a recall of 1 in one sentence is not known to be 1


def test_cross_validation_takes_back_what_choosing_entries_gained():
    # twenty entries that fire once each and are right, and one that is always wrong
    codes = make_codes(x=[(2 * (n % 2), 0) for n in range(40)])
    lucky = make_hits(
        [(f"s{n}", "cost", f"word{n}") for n in range(1, 40, 2)] + [(f"s{n}", "cost", "noise") for n in range(0, 40, 2)]
    )
    whole = validation.validate_lexicon(lucky, codes, entries=False).iloc[0]
    fair = validation.cross_validate(lucky, codes).iloc[0]
    assert whole["false_positive"] == 20 and fair["false_positive"] == 0  # the useless entry is found out
    steady = make_hits([(f"s{n}", "cost", "pay") for n in range(1, 40, 2)])
    assert validation.cross_validate(steady, codes).iloc[0]["f1"] == 1
    # an entry that is wrong wherever it can be judged is dropped where it happens to be right
    rare = make_hits([("s1", "cost", "odd"), ("s2", "cost", "odd"), ("s4", "cost", "odd"), ("s6", "cost", "odd")])
    assert validation.cross_validate(rare, codes).iloc[0]["true_positive"] == 0
    with pytest.raises(CrossreadError, match=r"there are 5\)"):
        validation.cross_validate(HITS, CODES)


def shares(share, n=100, high=None):
    return pd.DataFrame(
        {"doc_id": ["a"], "key": ["cost"], "n_sentences": [n], "share": [share], "share_low": [max(share - 0.1, 0)],
         "share_high": [high or share + 0.1]}
    )  # fmt: skip


def test_rogan_and_gladen_by_hand():
    # 40 positives of which 32 are caught, 60 negatives of which 54 pass: Se 0.8, Sp 0.9
    codes = make_codes(x=[(2, 0)] * 40 + [(0, 0)] * 60)
    hits = make_hits([(f"s{n}", "cost", "pay") for n in [*range(32), *range(40, 46)]])
    row = validation.corrected_shares(shares(0.3), hits, codes).iloc[0]
    assert (row["sensitivity"], row["specificity"]) == (0.8, 0.9)
    assert row["corrected"] == pytest.approx((0.3 + 0.9 - 1) / (0.8 + 0.9 - 1))
    assert row["corrected_low"] < row["corrected"] < row["corrected_high"] and not row["withheld"]
    # a share under the false alarms is corrected to none at all
    assert validation.corrected_shares(shares(0.05), hits, codes).iloc[0]["corrected"] == 0


def test_corrected_limits_cover():
    generator = np.random.default_rng(7)
    covered = 0
    for _ in range(150):
        truth = generator.random(400) < 0.35
        called = np.where(truth, generator.random(400) < 0.8, generator.random(400) < 0.1)
        hits = make_hits([(f"s{n}", "cost", "pay") for n in np.flatnonzero(called)])
        codes = make_codes(x=[(2 * int(value), 0) for value in truth[:120]])
        share, se = called.mean(), np.sqrt(0.24 / 400)
        rates = shares(share, 400, share + 1.96 * se).assign(share_low=share - 1.96 * se)
        row = validation.corrected_shares(rates, hits, codes, draws=2000).iloc[0]
        covered += row["corrected_low"] <= 0.35 <= row["corrected_high"]
    assert covered / 150 >= 0.9


def test_the_correction_is_withheld_where_the_lexicon_knows_too_little():
    codes = make_codes(x=[(2, 0)] * 40 + [(0, 0)] * 60)
    guesses = make_hits([(f"s{n}", "cost", "pay") for n in [*range(20), *range(40, 70)]])  # Se 0.5, Sp 0.5
    row = validation.corrected_shares(shares(0.3), guesses, codes).iloc[0]
    assert row["withheld"] and np.isnan(row["corrected"]) and row["share"] == 0.3
    assert validation.corrected_shares(shares(0.3), guesses, None)["withheld"].all()


def test_scores_that_follow_the_length_are_seen():
    rates = pd.DataFrame(
        {"key": "cost", "n_tokens": [1, 2, 3, 4, 5], "per_1000": [5, 4, 3, 2, 1], "share": [1, 3, 2, 5, 4]}
    )
    table = validation.check_length(rates).set_index("score")
    assert table.loc["per_1000", "spearman"] == pytest.approx(-1)
    assert table.loc["per_1000", "p"] == pytest.approx(2 / 120)  # two of the 120 orders
    assert table.loc["share", "spearman"] == pytest.approx(0.8)


def test_scores_by_document_add_up_to_the_whole():
    hits, sentences = themes._toy()
    codes = pd.DataFrame(
        {"doc_id": ["a", "a", "b"], "sentence_id": ["a-000", "a-001", "b-000"], "coder": "x", "cost": [2, 0, 2]}
    )
    parts = validation.score_documents(hits, codes, sentences)
    whole = validation.validate_lexicon(hits, codes, entries=False).iloc[0]
    for column in ("true_positive", "false_positive", "false_negative", "n_coded"):
        assert parts[column].sum() == whole[column]
    assert parts["doc_id"].tolist() == ["a", "b"]


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


def test_codes_are_found_in_the_corpus_or_beside_it_or_not_at_all(tmp_path):
    from dataclasses import replace

    folder = tmp_path / "mine"
    folder.mkdir()
    corpus = replace(from_texts({"a": "Allies pay. Rain falls."}), folder=folder)
    assert validation.read_codes(corpus) is None
    codes = pd.DataFrame({"doc_id": "a", "sentence_id": corpus.sentences.index, "coder": "x", "cost": [2, 0]})
    codes.assign(sentence_id="other-001").to_csv(tmp_path / "codes.csv", index=False)
    assert validation.read_codes(corpus) is None  # codes of another corpus
    codes.assign(coder="widget").to_csv(folder / "codes-widget.csv", index=False)
    assert set(validation.read_codes(corpus)["coder"]) == {"widget"}
    codes.to_csv(tmp_path / "codes.csv", index=False)
    assert set(validation.read_codes(corpus)["coder"]) == {"x"}
    codes.assign(sentence_id=["a-001", "a-777"]).to_csv(folder / "codes.csv", index=False)
    with pytest.raises(CrossreadError, match="there is no sentence “a-777” in the corpus"):
        validation.read_codes(corpus)
