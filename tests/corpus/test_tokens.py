"""The tokeniser on a table of awkward cases, and the store against the plain function."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossread import from_texts
from crossread.corpus.matrices import count_matrix
from crossread.corpus.tokens import Tokenizer, fold, words

AWKWARD = [
    ("The U.S. allies and US forces asked us.", ["the", "u.s.", "allies", "and", "u.s.", "forces", "asked", "us"]),
    ("in the U.S.", ["in", "the", "u.s."]),
    ("the U.S.’s allies, the US’s bases", ["the", "u.s.", "allies", "the", "u.s.", "bases"]),
    ("U.S.-Japan ties", ["u.s.", "japan", "ties"]),
    ("non–U.S.-treaty countries", ["non", "u.s.", "treaty", "countries"]),
    ("the UK and the U.K.", ["the", "u.k.", "and", "the", "u.k."]),
    ("which the U. could endorse", ["which", "the", "u.", "could", "endorse"]),
    ("J. Smith; H. D. P. Envall", ["j.", "smith", "h.", "d.", "p.", "envall"]),
    ("e.g., Japan", ["e.g.", "japan"]),
    ("China’s rise, allies' fears", ["china", "rise", "allies", "fears"]),
    ("don’t, couldn't", ["don't", "couldn't"]),
    ("burden-sharing and burden sharing", ["burden", "sharing", "and", "burden", "sharing"]),
    ("‘major non-NATO allies’", ["major", "non", "nato", "allies"]),
    ("9/11, 2009–11, 21st, A2AD", ["9", "11", "2009", "11", "21st", "a2ad"]),
    ("$49.95 for 1,000.", ["49.95", "for", "1,000"]),
    ("Article 5. Over", ["article", "5", "over"]),
    ("co\u00adoperate", ["cooperate"]),
    ("cafe\u0301 and caf\u00e9", ["café", "and", "café"]),
    ("हिन्दी", ["हिन्दी"]),
    ("蔣介石 (Chiang)", ["蔣介石", "chiang"]),
    ("non-use—of power", ["non", "use", "of", "power"]),
    ("a_b … — ★", ["a", "b"]),
    ("", []),
]


@pytest.mark.parametrize(("text", "expected"), AWKWARD)
def test_awkward_words(text, expected):
    assert words(text) == expected


def test_the_country_is_never_the_pronoun():
    assert words("US us Us U.S. u.s.") == ["u.s.", "us", "us", "u.s.", "u.s."]


def test_hyphens_can_be_kept():
    assert words("burden-sharing, U.S.-led", hyphens="keep") == ["burden-sharing", "u.s.-led"]
    assert words("burden–sharing", hyphens="keep") == ["burden", "sharing"]


@given(st.text(max_size=200))
def test_the_store_holds_what_the_function_finds(text):
    tokenizer = Tokenizer()
    ids, *_ = tokenizer.add([(text, np.array([0]), np.array([0]))])
    assert [list(tokenizer.vocabulary)[i] for i in ids] == words(text)


@given(st.text(max_size=200))
def test_a_token_stands_where_the_store_says(text):
    tokenizer = Tokenizer()
    ids, starts, ends, _ = tokenizer.add([(text, np.array([0]), np.array([0]))])
    assert [fold(text[a:b]) for a, b in zip(starts, ends, strict=True)] == [list(tokenizer.vocabulary)[i] for i in ids]


@given(st.text(alphabet="aAbUS.’'- \u00ad\u0301é1,", max_size=60))
def test_tokens_are_lower_case_and_not_empty(text):
    for word in words(text):
        assert word and word == word.lower()


def test_offsets_lead_back_over_a_break_in_a_word():
    corpus = from_texts({"a": "# On pay\n\nThe alli\u00ad\nance pays."})
    table = corpus.tokens.table(corpus.sentences)
    row = table[table["token"] == "alliance"].iloc[0]
    assert (row["start"], row["end"], row["position"]) == (14, 24, 3)


def test_pointers_and_sentences_agree():
    store = from_texts({"a": "Yes. No way.", "b": "Perhaps."}).tokens
    assert store.sentence.tolist() == [0, 1, 1, 2]
    assert store.sentence_pointers.tolist() == [0, 1, 3, 4]
    assert store.document_pointers.tolist() == [0, 3, 4]


def test_the_matrix_counts_by_hand():
    matrix, terms = count_matrix(np.array([0, 0, 2]), np.array([2, 0, 2]), 3, ("pay", "never", "allies"))
    assert terms.tolist() == ["allies", "pay"]
    assert matrix.toarray().tolist() == [[1, 1], [0, 0], [1, 0]]
