"""Actors named together, on sentences small enough to count."""

import numpy as np
import pandas as pd
import pytest
from benchmarks import simulate_ties
from hypothesis import given
from hypothesis import strategies as st

from crossread import from_texts, load
from crossread.errors import CrossreadError
from crossread.lexicon import find_hits, make_lexicon, read_lexicon
from crossread.measure import actors

STATES = {"japan": ["Japan"], "korea": ["Korea"], "peru": ["Peru"], "china": ["China"]}


def ties(text_or_texts, **options):
    texts = text_or_texts if isinstance(text_or_texts, dict) else {"a": text_or_texts}
    corpus = from_texts(texts)
    return actors.comentions(
        find_hits(corpus, make_lexicon("demo", STATES)), corpus.sentences, minimum_mentions=1, **options
    )


def test_counts_by_hand():
    table = ties(
        "Japan met Korea and Japan. Korea and Japan talked. China slept. Korea and China ate. Rain fell all day."
    )
    assert list(table.columns[:7]) == list(actors.COMENTIONS)
    rows = table.set_index(["actor_a", "actor_b"])
    assert rows.loc[
        ("japan", "korea"), ["count", "sentences", "sentences_a", "sentences_b", "n_sentences"]
    ].tolist() == [2, 2, 2, 3, 5]
    # ln(2 * 5 / (2 * 3)) / -ln(2 / 5)
    assert rows.loc[("japan", "korea"), "npmi"] == pytest.approx(np.log(5 / 3) / np.log(5 / 2))
    assert "peru" not in set(table["actor_a"]) | set(table["actor_b"])


def test_headings_and_notes_tie_nobody():
    corpus = from_texts({"a": "Japan met Korea. Japan slept. Korea and Japan ate."})
    hits = find_hits(corpus, make_lexicon("demo", STATES))
    sentences = corpus.sentences.copy()
    sentences.loc[sentences.index[0], "kind"] = "heading"
    table = actors.comentions(hits, sentences, minimum_mentions=1)
    assert table[["sentences", "n_sentences"]].values.tolist() == [[1, 2]]


def test_a_tie_that_chance_explains_is_flagged_and_one_that_it_does_not_is_not():
    together = "Japan and Korea signed. " * 12 + "Nobody else did anything there. " * 60
    apart = "Japan signed here. Nobody went there. Korea signed here. " * 12
    assert not ties(together)["explained"].iloc[0]
    assert ties({"a": apart + "Japan and Korea met. "})["explained"].iloc[0]


def test_long_sentences_are_expected_to_hold_more():
    long = (
        "Japan and Korea and very many others of whom nobody ever heard or will hear again went there together once. "
    )
    short = "Rain fell. " * 30
    even = "Rain fell on all and sundry there. " * 30
    assert (
        ties(long * 3 + short)["expected"].iloc[0] > 2 * ties("Japan saw Korea there. " * 3 + even)["expected"].iloc[0]
    )


@given(st.integers(1, 30), st.integers(1, 30), st.integers(0, 30), st.integers(60, 200))
def test_npmi_is_bounded_and_symmetric(a, b, both, n):
    both = min(a, b, both)
    value = actors.npmi_of(both, a, b, n)
    assert -1 - 1e-9 <= value <= 1 + 1e-9
    assert value == actors.npmi_of(both, b, a, n)


def test_limits_hold_the_estimate_and_results_repeat():
    text = ("Japan and Korea met. Rain fell. China and Korea talked. Snow fell. Japan left. ") * 8
    table = ties(text)
    assert ((table["low"] <= table["npmi"] + 1e-9) & (table["npmi"] <= table["high"] + 1e-9)).all()
    pd.testing.assert_frame_equal(table, ties(text))


def test_unknown_sentences_are_named():
    corpus = from_texts({"a": "Japan met Korea."})
    hits = find_hits(corpus, make_lexicon("demo", STATES))
    with pytest.raises(CrossreadError, match="not among the sentences"):
        actors.comentions(hits.assign(sentence_id="b-001"), corpus.sentences)


def test_mentions_keep_those_never_named():
    corpus = from_texts({"a": "Japan met Korea."})
    table = actors.mentions(find_hits(corpus, make_lexicon("demo", STATES)), corpus.sentences)
    assert table.set_index("key")["sentences"].to_dict() == {"japan": 1, "korea": 1, "peru": 0, "china": 0}


def test_the_actor_table_keeps_apart_what_must_be_apart():
    text = (
        "The US told us so. South Korea and North Korea talked. Ships crossed the South China Sea. "
        "Men fished the Sea of Japan. "
        "Boats sailed the Philippine Sea. Beijing and the Chinese answered."
    )
    corpus = from_texts({"a": text})
    hits = find_hits(corpus, read_lexicon(load("practice").folder.parent / "actors.yml"))
    counted = actors.mentions(hits, corpus.sentences).set_index("key")["count"]
    assert counted[["united_states", "south_korea", "north_korea", "china"]].tolist() == [1, 1, 1, 2]
    assert counted[["japan", "philippines", "korea"]].tolist() == [0, 0, 0]


def test_a_tie_that_no_draw_can_miss_has_a_p_of_one():
    table = ties(" ".join(["Japan met Korea."] * 6), draws=50)
    assert table["p"].tolist() == [1.0]


def test_limits_are_wider_where_actors_come_in_passages():
    table = simulate_ties.simulate(12, 1, ("passages of 15",)).set_index("blocks")
    assert table.loc["as texts ask", "width"] > 1.15 * table.loc["three sentences", "width"]
    assert table.loc["as texts ask", "coverage"] >= table.loc["three sentences", "coverage"]
