"""The practice corpus: what its author counted in the manuscript is what `load` finds in the files."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from crossread.corpus import cover, load
from crossread.corpus.cleaning import clean, read_rules
from crossread.corpus.reading import read_text
from crossread.corpus.spans import running_text
from crossread.corpus.tokens import words
from crossread.lexicon import find_hits, read_lexicon
from crossread.measure.validation import validate_lexicon

FOLDER = Path(__file__).parents[2] / "corpus" / "practice"
THEMES = ["burden_sharing", "rival_rise", "multilateralism"]


@pytest.fixture(scope="module")
def corpus():
    return load(FOLDER)


@pytest.fixture(scope="module")
def body(corpus):
    return corpus.sentences[corpus.sentences["kind"] == "body"]


def read(name):
    return pd.read_csv(FOLDER / f"{name}.csv", keep_default_na=False)


def test_every_document_has_the_paragraphs_sentences_words_headings_and_notes_of_the_manuscript(corpus, body):
    expected = read("expected").set_index("doc_id")
    kinds = corpus.sentences.groupby(["doc_id", "kind"])["paragraph"].nunique().unstack(fill_value=0)
    found = pd.DataFrame(
        {
            "paragraphs": body.groupby("doc_id")["paragraph"].nunique(),
            "sentences": body.groupby("doc_id").size(),
            "words": body["text"].str.split().str.len().groupby(body["doc_id"]).sum(),
            "headings": kinds["heading"],
            "notes": kinds["note"],
        }
    ).loc[expected.index]
    pd.testing.assert_frame_equal(found, expected, check_dtype=False, check_names=False)
    assert expected["words"].between(400, 900).all()


def test_no_rule_of_the_rule_files_has_lost_its_words(corpus):
    assert corpus.notices == ()


def test_each_rule_of_cleaning_is_needed(corpus):
    """Take any one rule of a document away and what is counted changes."""
    for path in sorted((corpus.folder / "rules").glob("*.yml")):
        rules, text = read_rules(path), corpus.source.source_texts()[path.stem]
        whole = clean(text, rules=rules).units
        for i in range(len(rules)):
            assert clean(text, rules=rules[:i] + rules[i + 1 :]).units != whole, (path.name, rules[i])


def test_sentences_and_cuts_cover_every_character_once(corpus):
    for doc_id, source in corpus.source.source_texts().items():
        sentences = corpus.sentences[corpus.sentences["doc_id"] == doc_id]
        cuts = corpus.cuts[corpus.cuts["doc_id"] == doc_id]
        assert len(cover(sentences, cuts, len(source))) == len(source)


def test_every_sentence_of_the_body_is_coded_and_the_key_adds_the_codes_up(body):
    codes = read("codes")
    assert sorted(codes["sentence_id"]) == sorted(body.index)
    assert (codes["coder"] == "author of the texts").all()
    key = read("key").set_index(["doc_id", "key"])
    for theme in THEMES:
        by_document = codes.groupby("doc_id")[theme]
        for doc_id in codes["doc_id"].unique():
            row = key.loc[(doc_id, theme)]
            marks = by_document.get_group(doc_id)
            assert (row["sentences"], row["core"], row["weak"]) == (len(marks), (marks == 2).sum(), (marks == 1).sum())
    assert key.loc[("marsh_2031", "multilateralism"), ["core", "weak"]].tolist() == [0, 0]


@pytest.mark.parametrize(
    ("sentence_id", "words_of_it", "theme"),
    [
        ("marsh_2031-018", "burden of proof", "burden_sharing"),
        ("marsh_2031-041", "contribute nothing to the debate", "burden_sharing"),
        ("ostrand_2029-042", "burden of this chapter", "burden_sharing"),
        ("quay_2034-001", "called the Rising Sun", "rival_rise"),
        ("quay_2034-029", "contribute to the debate", "burden_sharing"),
        ("han_2033-040", "shares the watch", "burden_sharing"),
    ],
)
def test_idioms_that_look_like_a_theme_are_coded_as_none(body, sentence_id, words_of_it, theme):
    assert words_of_it in body.loc[sentence_id, "text"]
    assert read("codes").set_index("sentence_id").loc[sentence_id, theme] == 0


def test_the_lexicon_misses_and_errs_but_less_often_than_it_is_right(corpus):
    scores = validate_lexicon(find_hits(corpus, read_lexicon(FOLDER / "themes.yml")), read("codes"))
    scores = scores[(scores["entry"] == "") & (scores["rule"] == "core or weak")].set_index("key").loc[THEMES]
    assert (scores["precision"] > 0.9).all()
    assert scores["recall"].between(0.2, 0.7).all()
    assert scores.loc["burden_sharing", "false_positive"] > 0


def test_the_country_and_the_pronoun_are_two_tokens(corpus):
    text = next(t for t in corpus.sentences["text"] if "which has told us plainly" in t)
    assert [word for word in words(text) if word in ("u.s.", "us")] == ["u.s.", "us"]


def test_actors_and_arrangements_are_found_and_the_one_that_is_nowhere_is_known_too(corpus):
    actors = find_hits(corpus, read_lexicon(FOLDER / "actors.yml"))
    assert (actors["key"].value_counts() > 0).all()
    arrangements = find_hits(corpus, read_lexicon(FOLDER / "architectures.yml"))["key"].value_counts()
    assert arrangements.index[arrangements == 0].tolist() == ["mutual_guarantee"]


def test_words_of_teasers_scripts_comments_and_cookie_boxes_do_not_count(corpus, body):
    counted = set(corpus.counts["term"])
    assert not {"cookies", "teaser", "scholars", "salt", "tweet", "click", "fashion"} & counted
    assert "garrison" not in body.loc[body["doc_id"] == "davreli_2030", "text"].iloc[-1]
    assert {"ნინო", "დავრელი"} <= counted


def test_words_broken_at_a_line_end_are_joined_and_compounds_are_not(body):
    chapter = " ".join(body.loc[body["doc_id"] == "ostrand_2029", "text"])
    assert "courteous" in chapter and "security architecture" in chapter and "long-distance" in chapter
    assert "contributed least" in " ".join(body.loc[body["doc_id"] == "pellworth_2028", "text"])
    raw = (FOLDER / "texts" / "ostrand_2029.txt").read_text(encoding="utf-8")
    assert "cour-" in raw and "courteous" not in raw and "long-distance" not in raw


def test_numbered_headings_and_numbers_at_the_start_of_a_wrapped_line_are_no_lists():
    lines = [
        "The four allies agreed that the costs of the winter would be",
        "shared: Velland 38, Mirrowe 13 and Kessary",
    ]
    lines += ["8. What they paid in the end was something quite different and", "nobody had planned it."]
    text = "\n".join(["1. The Winter", *lines * 3, "", "2. The Shares", *lines * 3])
    cleaned = clean(text)
    assert [unit.kind for unit in cleaned.units] == ["heading", "body", "heading", "body"]
    assert running_text(text, cleaned.units[1]).text.count("Kessary 8. What") == 3


def test_planted_topics_are_recovered(corpus, body):
    from sklearn.decomposition import NMF
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, TfidfTransformer

    planted = read("topics").set_index(["doc_id", "paragraph"])["topic"]
    assert set(planted) == {"", "bases", "fishing", "shipyards", "winter_energy"}
    label = planted.loc[list(zip(body["doc_id"], body["paragraph"], strict=True))].to_numpy()
    matrix = corpus.term_matrix("segment")
    segment = body.assign(topic=label).groupby(["doc_id", "segment"], sort=False)["topic"].agg(lambda t: t.mode()[0])
    wanted = segment.loc[list(zip(matrix.units["doc_id"], matrix.units["segment"], strict=True))].to_numpy()
    kept = np.array([t not in ENGLISH_STOP_WORDS and len(t) > 2 for t in matrix.terms])
    kept &= np.asarray((matrix.matrix > 0).sum(axis=0)).ravel() >= 2
    weights = TfidfTransformer(sublinear_tf=True).fit_transform(matrix.matrix[:, kept])
    found = NMF(4, init="nndsvda", max_iter=1000).fit_transform(weights).argmax(axis=1)
    table = pd.crosstab(found[wanted != ""], wanted[wanted != ""])
    assert table.to_numpy().max(axis=0).sum() >= 0.9 * table.to_numpy().sum()
    assert len(set(table.to_numpy().argmax(axis=0))) == 4


def test_the_files_are_small_and_of_every_format():
    texts = sorted((FOLDER / "texts").iterdir())
    assert {path.suffix for path in texts} == {".txt", ".md", ".html", ".pdf", ".docx"}
    assert all(path.stat().st_size < 60_000 for path in texts)
    assert all(a.start < a.end <= b.start for path in texts for a, b in pairwise(read_text(path).blocks))
