"""The score on codes that nobody who wrote the lexicon had seen, and where it fires falsely."""

import numpy as np
import pandas as pd
import pytest

import crossread as cr
from crossread.corpus.places import shipped_file
from crossread.lexicon import make_lexicon, read_lexicon
from crossread.measure import headline
from crossread.measure.codes import lowest_mean


@pytest.fixture
def lexicon(tmp_path):
    path = tmp_path / "themes.yml"
    path.write_text("cost:\n  - {pattern: pay*, reason: the verb}\n", encoding="utf-8")
    return read_lexicon(path)


def write_scores(lexicon, sha256):
    row = dict.fromkeys(headline.SCORES, "") | {
        "lexicon": sha256, "file": "themes.yml", "texts": "forty speeches", "n": 180, "rule": "core", "theme": "cost",
        "precision": 0.5, "recall": 0.4, "f1": 0.44,
    }  # fmt: skip
    pd.DataFrame([row]).to_csv(lexicon.path.with_name("scores.csv"), index=False)


def test_a_changed_lexicon_says_so_beside_its_last_blind_score(lexicon):
    scores = pd.DataFrame({"key": ["cost", "cost"], "rule": ["core", "core or weak"]})
    write_scores(lexicon, headline.lexicon_sha256(lexicon))
    table = headline.add_blind_scores(scores, lexicon)
    assert table["blind_f1"].tolist()[0] == 0.44 and table["blind_f1"].isna().tolist() == [False, True]
    assert table["lexicon_changed"].tolist() == [False, False] and table["guided"].all()
    lexicon.path.write_text(lexicon.path.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
    changed = headline.add_blind_scores(scores, read_lexicon(lexicon.path))
    assert changed["lexicon_changed"].tolist() == [True, False]
    told = headline.describe_scores(changed.assign(n_coded=0), cr.wording.Labels())
    assert "F1 on 180 sentences that its authors had not seen: cost 0.44. " in told
    assert "forty speeches" in told and "the lexicon has changed since" in told


def test_what_is_found_is_told_beside_the_score_with_its_limits_and_what_is_missed():
    blind = {"key": "cost", "n_coded": 0, "blind_texts": "speeches", "blind_n": 90, "blind_coders": "two people",
             "lexicon_changed": False, "blind_precision": 0.75, "blind_f1": 0.29, "blind_f1_low": 0.1,
             "blind_f1_high": 0.5}  # fmt: skip
    table = pd.DataFrame(
        [blind | {"rule": "core or weak", "blind_recall": 0.18}, blind | {"rule": "core", "blind_recall": 0.6}]
    )
    told = headline.describe_scores(table, cr.wording.Labels())
    assert "had not seen: cost 0.29 (0.10 to 0.50)." in told
    assert "Of what it counts there, coders marked 75 % (cost)." in told
    assert "Of what they marked, it counts 18 % (cost); of what they marked as core, 60 %." in told
    missed = "What only touches a theme is missed more often than what is about it."
    assert missed in told
    assert missed not in headline.describe_scores(table.assign(blind_recall=0.6), cr.wording.Labels())


def test_line_ends_do_not_change_a_lexicon(lexicon):
    before = headline.lexicon_sha256(lexicon)
    lexicon.path.write_bytes(lexicon.path.read_bytes().replace(b"\n", b"\r\n"))
    assert headline.lexicon_sha256(read_lexicon(lexicon.path)) == before


def test_the_project_publishes_both_blind_scores_of_the_first_edition():
    scores = headline.read_scores(read_lexicon(shipped_file("themes.yml")).path.with_name("scores.csv"))
    first = scores[scores["version"].astype(str).str.contains("530eff1")]
    assert {132, 180} <= set(first["n"])  # those kept back of the five texts, and of US strategies
    speeches = first[(first["n"] == 180) & (first["rule"] == "core or weak")].set_index("theme")
    assert speeches["f1"].to_dict() == {"burden_sharing": 0.5, "china_rise": 0.8, "multilateralism": 0.69}
    assert scores["lexicon"].str.fullmatch("[0-9a-f]{64}").all()


@pytest.mark.parametrize(
    ("sample", "sentences", "rows"),
    [
        ("second", 205, 18),
        ("third", 301, 24),
    ],  # the editions frozen before it was drawn, and the one before it was seen
)
def test_the_scores_on_the_last_samples_follow_from_their_published_codes(sample, sentences, rows):
    place = read_lexicon(shipped_file("themes.yml")).path
    coded = pd.read_csv(place.with_name("blind_codes.csv"))
    coded = coded[coded["sample"] == sample]
    assert coded.groupby(["doc_id", "sentence"]).ngroups == sentences
    scores = headline.read_scores(place.with_name("scores.csv"))
    scores = scores[scores["texts"].str.contains(f"a {sample} new sample")]
    assert len(scores) == rows and (scores["n"] == sentences).all()
    for row in scores.itertuples():
        theme = coded[coded["theme"] == row.theme]
        marked = (theme["code"] >= lowest_mean(row.rule)).to_numpy()
        called = (theme[row.version.split(",")[0].replace(" ", "_")] == 1).to_numpy()
        weight = theme["weight"].to_numpy()
        right, marks, calls = ((weight * chosen).sum() for chosen in (marked & called, marked, called))
        assert (row.precision, row.recall, row.positives) == (
            round(right / calls, 3),
            round(right / marks, 3),
            marked.sum(),
        )
        assert row.f1 == round(2 * right / (marks + calls), 3)
        if sample == "third":
            assert (row.f1_low, row.f1_high) == pytest.approx(f1_limits(marked, called, weight), abs=0.001)


def f1_limits(marked, called, weight):
    """Limits of F1 from 2,000 samples, drawn anew among the sentences that weigh the same."""
    random = np.random.default_rng(0)
    strata = [np.flatnonzero(weight == each) for each in np.unique(weight)]
    drawn = np.array([np.concatenate([random.choice(at, len(at)) for at in strata]) for _ in range(2000)])
    right, both = (weight * (marked & called))[drawn].sum(1), (weight * (marked.astype(int) + called))[drawn].sum(1)
    return np.quantile(2 * right / both, [0.025, 0.975])


def test_the_score_in_the_headline_is_that_of_the_lexicon_as_it_is():
    scores = cr.study("alliances", texts=False).scores()
    assert not scores.frame["lexicon_changed"].any() and "a third new sample" in scores.finding


def test_neighbours_of_a_theme_are_counted_where_the_lexicon_fires():
    texts = pd.DataFrame(
        {"sentence": ["The city pays.", "Rain fell.", "Allies pay."], "neighbour_of": ["cost", "cost", "other"],
         "why": "no ally"}
    )  # fmt: skip
    table = headline.discriminate(make_lexicon("toy", {"cost": ["pay*"], "war": ["war"]}), texts)
    assert table[["key", "n", "fired", "entries"]].values.tolist() == [["cost", 2, 1, "pay* 1"]]
    study = cr.study("alliances", texts=False)
    shipped = study.discriminant().frame.set_index("key")
    assert {"burden_sharing", "china_rise", "multilateralism"} <= set(shipped.index) and (shipped["n"] >= 10).all()
    assert "fires falsely" in study.scores().finding


def test_a_score_out_of_range_is_named_by_its_row(lexicon):
    write_scores(lexicon, "x")
    path = lexicon.path.with_name("scores.csv")
    path.write_text(path.read_text(encoding="utf-8").replace("0.44", "1.44"), encoding="utf-8")
    with pytest.raises(cr.CrossreadError, match="scores.csv, row 2: “f1” is “1.44”, not a number from 0 to 1"):
        headline.read_scores(path)
