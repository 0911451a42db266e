"""The tokeniser on a table of awkward cases, and the store against the plain function."""

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossread import from_texts
from crossread.corpus.matrices import count_matrix
from crossread.corpus.tokens import Tokenizer, fold, is_address, quiet_capitals, words

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
    ("İttifak’ın yükü", ["ittifak'ın", "yükü"]),
    ("蔣介石 (Chiang)", ["蔣介石", "chiang"]),
    ("non-use—of power", ["non", "use", "of", "power"]),
    ("a_b … — ★", ["a", "b"]),
    ("", []),
    # forms that stand for letters
    ("The oﬃcial oversees coﬁnancing and beneﬁts.", ["the", "official", "oversees", "cofinancing", "and", "benefits"]),
    ("ＮＡＴＯ’ｓ ＵＳ allies, ２０１１", ["nato", "u.s.", "allies", "2011"]),
    ("𝐓he Ⅷ ℝ 19ᵗʰ 1ª", ["the", "viii", "r", "19th", "1a"]),
    ("H₂O ½ 2½ 2⅓ ĳs Straſse ﻻ", ["h2o", "½", "2½", "2⅓", "ijs", "strasse", "لا"]),
    # raised digits and digits in a ring are marks of notes
    ("The allies¹ pay². US³ U.S.⁴ 3.14⁵ 10⁶ m²", ["the", "allies", "pay", "u.s.", "u.s.", "3.14", "10", "m"]),
    ("¹ Roe ①Roe allies② Roe⁽³⁾", ["roe", "roe", "allies", "roe"]),
    # characters without width
    ("I ❤️ NATO ☎️. The multi\u200blateral order.", ["i", "nato", "the", "multilateral", "order"]),
    ("\ufeffThe \u2060end\u2060 al\u2060li\u200dance\u200b \ufe0f \u200b", ["the", "end", "alliance"]),
    ("\u202bAllies\u202c don\u200b’\u2060t pay 1️⃣", ["allies", "don't", "pay", "1"]),
    # money and numbers with their units
    ("US$5, A$5bn, $US40 million, NZ$ and £3m", ["5", "5bn", "40", "million", "and", "3m"]),
    ("The cost is $49.9m and 1.5bn, 2.4GHz.", ["the", "cost", "is", "49.9m", "and", "1.5bn", "2.4ghz"]),
    ("the $M (USA) in us$", ["the", "m", "usa", "in"]),
    ("USD49.9m, EUR5 and Can$1.5bn; EUROPE5", ["usd", "49.9m", "eur", "5", "and", "1.5bn", "europe5"]),
    # addresses are one token
    (
        "See https://example.org/multilateral-order?from=NATO for details.",
        ["see", "https://example.org/multilateral-order?from=nato", "for", "details"],
    ),
    (
        "(www.pay.example), a.b-c@d.example. Amazon.com; smh.com.au/x_y",
        ["www.pay.example", "a.b-c@d.example", "amazon.com", "smh.com.au/x_y"],
    ),
    (
        "doi:10.1162/isec.a_00001. 10.1017/S002; HTTP://X.EXAMPLE/A…",
        ["doi:10.1162/isec.a_00001", "10.1017/s002", "http://x.example/a"],
    ),
    (
        "https://x.example/を見る ships.in co.operate end.It 9.30am",
        ["https://x.example/", "を見る", "ships", "in", "co", "operate", "end", "it", "9.30am"],
    ),
    (
        "s3://pay/multilateral, multilateral.eu; zahlt.de, the end.so it",
        ["s3://pay/multilateral", "multilateral.eu", "zahlt.de", "the", "end", "so", "it"],
    ),
    # other apostrophes; fillers and strokes without a meaning
    ("Ally´s don′t l‛accord 5′ José′s", ["ally", "don't", "l'accord", "5", "josé"]),
    ("العـــربية ـ al\u3164ly \uffa0", ["العربية", "ally"]),
    # capitals
    ("THE U.S.’S, CHINA’S AND THE US'S BASES", ["the", "u.s.", "china", "and", "the", "u.s.", "bases"]),
    ("CONTACT US", ["contact", "us"]),
    ("FOLLOW US ON TWITTER", ["follow", "us", "on", "twitter"]),
    ("SOME OF US ARE HERE, PAY WITH US!", ["some", "of", "us", "are", "here", "pay", "with", "us"]),
    ("JAPAN AND THE US", ["japan", "and", "the", "u.s."]),
    ("SUPPORT US TROOPS, JOIN US-LED FORCES", ["support", "u.s.", "troops", "join", "u.s.", "led", "forces"]),
    ("Contact US or JOIN US", ["contact", "u.s.", "or", "join", "u.s."]),
    ("TRADE WITH US IS DEAR\nABOUT US\nThe US", ["trade", "with", "u.s.", "is", "dear", "about", "us", "the", "u.s."]),
]


@pytest.mark.parametrize(("text", "expected"), AWKWARD)
def test_awkward_words(text, expected):
    assert words(text) == expected


def test_the_country_is_never_the_pronoun():
    assert words("US us Us U.S. u.s.") == ["u.s.", "us", "us", "u.s.", "u.s."]


@given(st.text(max_size=200))
def test_the_store_holds_what_the_function_finds(text):
    tokenizer = Tokenizer()
    ids, *_ = tokenizer.add([(text, np.array([0]), np.array([0]))])
    assert [list(tokenizer.vocabulary)[i] for i in ids] == words(text)


@given(st.text(max_size=200))
def test_a_token_stands_where_the_store_says(text):
    tokenizer = Tokenizer()
    ids, starts, ends, _ = tokenizer.add([(text, np.array([0]), np.array([0]))])
    quiet = quiet_capitals(text)
    assert [fold(quiet[a:b]) for a, b in zip(starts, ends, strict=True)] == [list(tokenizer.vocabulary)[i] for i in ids]


@pytest.mark.parametrize("text", [
    "a-" * 100_000, "a." * 100_000, "1." * 100_000 + "x2", "a@" * 100_000, "a" * 200_000 + "@", "www." * 50_000,
    "http://" * 30_000, "’" * 200_000, "a’" * 100_000, "\u200b" * 200_000, "a\u200b" * 100_000, "$" * 200_000,
    "A$" * 100_000, "a_b.c" * 40_000, "x.com" * 40_000, "10.1234/" * 25_000, "US " * 60_000, "CONTACT US " * 20_000,
    "\u0301" * 200_000, "¹" * 200_000, "ﬁ" * 200_000, "a/b" * 60_000,
], ids=lambda text: repr(text[:8]))  # fmt: skip
def test_a_text_made_to_take_long_takes_no_time(text):
    start = time.process_time()
    words(text)
    assert time.process_time() - start < 2  # twice what it may take on a machine at rest


def test_an_address_matches_no_entry():
    from crossread.lexicon import find_hits, make_lexicon

    lexicon = make_lexicon("demo", {"a": ["*lateral*", "http*", "a*", "www* ", "* order"], "b": ["multilateral"]})
    texts = ["Http://a.example/multilateral www.lateral.example/ a@lateral.example lateral.com order", "multilateral"]
    hits = find_hits(from_texts({"a": texts[0], "b": texts[1]}), lexicon)
    assert hits[["doc_id", "key", "entry"]].values.tolist() == [
        ["a", "a", "* order"],
        ["b", "a", "*lateral*"],
        ["b", "b", "multilateral"],
    ]
    assert is_address("lateral.com") and not is_address("u.s.") and not is_address("12.5.2011")


@given(st.text(alphabet="aAbUS.’'- \u00ad\u0301é1,¹\u200bﬁ$@/", max_size=60))
def test_tokens_are_lower_case_and_not_empty(text):
    for word in words(text):
        assert word and word == word.lower()


def test_offsets_lead_back_over_a_break_in_a_word():
    corpus = from_texts({"a": "# On pay\n\nThe alli\u00ad\nance pays."})
    store = corpus.tokens
    place = store.ids.tolist().index(store.types.index("alliance"))
    assert (store.starts[place], store.ends[place], place) == (14, 24, 3)


def test_pointers_and_sentences_agree():
    store = from_texts({"a": "Yes. No way.", "b": "Perhaps."}).tokens
    assert store.sentence.tolist() == [0, 1, 1, 2]
    assert store.sentence_pointers.tolist() == [0, 1, 3, 4]
    assert store.document_pointers.tolist() == [0, 3, 4]


def test_the_matrix_counts_by_hand():
    matrix, terms = count_matrix(np.array([0, 0, 2]), np.array([2, 0, 2]), 3, ("pay", "never", "allies"))
    assert terms.tolist() == ["allies", "pay"]
    assert matrix.toarray().tolist() == [[1, 1], [0, 0], [1, 0]]
