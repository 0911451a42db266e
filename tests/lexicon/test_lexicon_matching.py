"""Hits: quanteda's documented behaviour, texts counted by hand, and an independent matcher on random tokens."""

import re
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossread import Corpus, TextNeeded, from_texts
from crossread.corpus.source import PublishedSource
from crossread.lexicon import (
    HITS,
    Entry,
    count_by_entry,
    find_hits,
    find_matches,
    keys_of,
    make_lexicon,
    match_tokens,
    roll_up,
    settle_matches,
)
from crossread.lexicon.patterns import glob_pattern
from crossread.measure import published_tables

TIMES = "The New York Times is a New York paper"


def keys_and_spans(corpus, lexicon):
    hits = find_hits(corpus, lexicon)
    return list(zip(hits["key"], hits["start_token"], hits["end_token"], strict=True))


def counts(text, lexicon):
    hits = find_hits(from_texts({"a": text}), lexicon)
    return hits["key"].value_counts().to_dict()


# --- as quanteda does it


def test_new_york_times():
    assert counts(TIMES, make_lexicon("demo", {"paper": ["New York Times"], "city": ["New York"]})) == {
        "paper": 1,
        "city": 2,
    }


def test_a_nested_pattern_of_the_same_key_counts_once():
    assert counts(TIMES, make_lexicon("demo", {"paper": ["New York Times", "New York", "Times"]})) == {"paper": 2}


def test_overlapping_matches_of_one_key_go_left_to_right():
    corpus = from_texts({"a": "one two one two one"})
    lexicon = make_lexicon("demo", {"k": ["one two one"]})
    assert keys_and_spans(corpus, lexicon) == [("k", 0, 3)]


def test_case_hyphens_and_possessives_do_not_matter_but_the_pronoun_does():
    text = "BURDEN-sharing. Burden sharing! China's rise. The US asked us."
    lexicon = make_lexicon(
        "demo", {"b": ["burden-sharing"], "c": ["China’s rise"], "state": ["U.S."], "pronoun": ["us"]}
    )
    assert counts(text, lexicon) == {"b": 2, "c": 1, "state": 1, "pronoun": 1}


def test_wildcards():
    text = "cost costs costly cosy accost neighbour neighbor"
    assert counts(text, make_lexicon("demo", {"k": ["cost*"]})) == {"k": 3}
    assert counts(text, make_lexicon("demo", {"k": ["*cost"]})) == {"k": 2}
    assert counts(text, make_lexicon("demo", {"k": ["cost?"]})) == {"k": 1}
    assert counts(text, make_lexicon("demo", {"k": ["co*y"]})) == {"k": 2}
    assert counts(text, make_lexicon("demo", {"k": ["neighbo*r"]})) == {"k": 2}
    assert counts("share the cost, share cost", make_lexicon("demo", {"k": ["share * cost"]})) == {"k": 1}


def test_matches_never_cross_a_sentence():
    assert counts("They left New. York stayed.", make_lexicon("demo", {"k": ["new york"]})) == {"k": 0}


def test_a_key_without_a_hit_is_known():
    hits = find_hits(from_texts({"a": "Rain."}), make_lexicon("demo", {"k": ["snow"], "l.m": ["rain"]}))
    assert list(hits["key"].cat.categories) == ["k", "l.m"]
    assert list(hits["entry"].cat.categories) == ["snow", "rain"]
    assert tuple(hits.columns) == HITS


def test_nested_keys_can_be_pooled():
    lexicon = make_lexicon("demo", {"a.x": ["war cost*"], "a.y": ["cost*"], "b": ["war"]})
    assert counts("war costs", lexicon) == {"a.x": 1, "a.y": 1, "b": 1}
    rolled = settle_matches(roll_up(find_matches(from_texts({"a": "war costs"}), lexicon)))
    assert rolled["key"].value_counts().to_dict() == {"a": 1, "b": 1}
    assert lexicon.select("a").keys == ("a.x", "a.y")


def test_of_two_entries_on_one_span_the_plainer_is_named():
    lexicon = make_lexicon("demo", {"k": [Entry("k", "cost*", tier="broad"), Entry("k", "costs")]})
    hits = find_hits(from_texts({"a": "costs costly"}), lexicon)
    assert hits["entry"].tolist() == ["costs", "cost*"]


def test_positions_run_within_the_document_over_headings_and_notes(toy):
    hits = find_hits(toy, make_lexicon("demo", {"ally": ["ally"]}))
    assert hits[["doc_id", "sentence_id", "start_token"]].values.tolist() == [
        ["long", "long-001", 1],
        ["long", "long-002", 4],
        ["long", "long-003", 8],
        ["short", "short-001", 1],
    ]


# --- windows and other senses


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("cost* ~ ally", 2),  # anywhere in the sentence
        ("cost* ~1 ally", 0),
        ("cost* ~2 ally", 1),  # within two words, to the left
        ("cost* ~3 ally", 1),
        ("cost* ~5 ally", 2),  # or to the right
        ("ally ~2 cost*", 1),  # counted is the first part
        ("cost* ~2 an ally", 0),  # the whole phrase has to lie within
        ("cost* ~3 an ally", 1),
        ("cost* ~5 rain, ally", 2),
        ("cost* ~ cost*", 2),  # each of the two has the other
        ("cost* ~ rain", 0),
    ],
)
def test_window_entries(entry, expected):
    # 0:an 1:ally 2:pays 3:costs 4:and 5:the 6:costs | 7:rain
    text = "An ally pays costs and the costs. Rain."
    assert counts(text, make_lexicon("demo", {"k": [entry]})) == {"k": expected}


def test_a_word_is_not_near_itself():
    assert counts("cost", make_lexicon("demo", {"k": ["cost ~ cost*"]})) == {"k": 0}


def test_a_blocked_phrase_is_seen_neither_as_hit_nor_as_neighbour():
    text = "China claims the South China Sea. The South China Sea is rough."
    assert counts(text, make_lexicon("demo", {"k": ["China"]})) == {"k": 3}
    assert counts(text, make_lexicon("demo", {"k": ["China ! South China Sea"]})) == {"k": 1}
    assert counts(text, make_lexicon("demo", {"k": ["claim*|rough ~ China ! South China Sea"]})) == {"k": 1}


def test_a_window_hit_leaves_the_neighbour_free():
    lexicon = make_lexicon("demo", {"k": ["cost* ~ ally", "ally"]})
    assert counts("The ally has costs.", lexicon) == {"k": 2}


# --- an independent matcher, and properties

WORDS = ["a", "ab", "b", "ba", "aa", "us"]
GLOBS = ["a", "b", "ab", "a*", "*a", "?", "a?", "*b*", "us"]


def naive_find(sentence, pattern):
    """All spans of a pattern (words separated by spaces) in a list of words, by trying every place."""
    globs = [re.compile(re.escape(g).replace(r"\*", ".*").replace(r"\?", ".")) for g in pattern.split()]
    places = range(len(sentence) - len(globs) + 1)
    return [
        (i, i + len(globs))
        for i in places
        if all(glob.fullmatch(word) for glob, word in zip(globs, sentence[i : i + len(globs)], strict=True))
    ]


def naive_hits(sentences, entries):
    result, offset = set(), 0
    for sentence in sentences:
        matches = []
        for entry in entries:
            hidden = {t for p in entry.blocked for a, b in naive_find(sentence, p) for t in range(a, b)}
            near = [s for p in entry.near for s in naive_find(sentence, p) if not hidden & set(range(*s))]
            reach = len(sentence) if entry.within is None else entry.within
            for a, b in naive_find(sentence, entry.pattern):
                close = any((c >= b and d - b <= reach) or (d <= a and a - c <= reach) for c, d in near)
                if not hidden & set(range(a, b)) and (close or not entry.near):
                    matches.append((entry.key, a, b))
        taken = set()
        for key, a, b in sorted(matches, key=lambda m: (m[1] - m[2], m[1])):
            if not any((key, t) in taken for t in range(a, b)):
                taken |= {(key, t) for t in range(a, b)}
                result.add((key, a + offset, b + offset))
        offset += len(sentence)
    return result


patterns = st.lists(st.sampled_from(GLOBS), min_size=1, max_size=3).map(" ".join)
random_entries = st.lists(
    st.builds(
        Entry,
        key=st.sampled_from(["k", "l"]),
        pattern=patterns,
        near=st.lists(patterns, max_size=2).map(tuple),
        within=st.none(),
        blocked=st.lists(patterns, max_size=1).map(tuple),
        tier=st.sampled_from(["core", "broad"]),
    )
    | st.builds(
        Entry,
        key=st.sampled_from(["k", "l"]),
        pattern=patterns,
        near=st.lists(patterns, min_size=1, max_size=2).map(tuple),
        within=st.integers(1, 4),
    ),
    min_size=1,
    max_size=5,
)
random_sentences = st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=9), min_size=1, max_size=4)


def as_corpus(sentences):
    return from_texts({"d": " ".join(" ".join(["Zz", *words]) + "!" for words in sentences)})


def unchecked(entries):
    """A lexicon of entries that may swallow each other, which files may not hold."""
    return replace(make_lexicon("demo", {"k": ["zzz"]}), entries=tuple(entries))


@given(random_sentences, random_entries)
def test_the_matcher_agrees_with_a_naive_one(sentences, entries):
    corpus = as_corpus(sentences)
    assert len(corpus.sentences) == len(sentences)
    expected = naive_hits([["zz", *words] for words in sentences], entries)
    assert set(keys_and_spans(corpus, unchecked(entries))) == expected


@given(random_sentences, random_entries, st.randoms())
def test_the_order_of_entries_plays_no_part(sentences, entries, random):
    corpus = as_corpus(sentences)
    shuffled = list(entries)
    random.shuffle(shuffled)
    tables = [find_hits(corpus, unchecked(order)).astype(str) for order in (entries, shuffled)]
    pd.testing.assert_frame_equal(*(table.sort_values(list(HITS), ignore_index=True) for table in tables))


@given(random_sentences, random_entries)
def test_a_token_counts_once_per_key_and_hits_stay_in_sentences(sentences, entries):
    corpus = as_corpus(sentences)
    hits = find_hits(corpus, unchecked(entries))
    spans = zip(hits["key"], hits["start_token"], hits["end_token"], strict=True)
    taken = [(key, token) for key, start, end in spans for token in range(start, end)]
    assert len(taken) == len(set(taken))
    first = corpus.tokens.sentence[hits["start_token"].to_numpy(dtype=int)]
    last = corpus.tokens.sentence[hits["end_token"].to_numpy(dtype=int) - 1]
    assert (first == last).all()
    assert (corpus.sentences.index[first] == hits["sentence_id"]).all()


@given(random_sentences, random_entries)
def test_keys_do_not_see_each_other(sentences, entries):
    corpus = as_corpus(sentences)
    together = set(keys_and_spans(corpus, unchecked(entries)))
    alone = set()
    for key in ("k", "l"):
        alone |= set(keys_and_spans(corpus, unchecked([entry for entry in entries if entry.key == key])))
    assert together == alone


# --- without texts


def without_texts(corpus, lexicon):
    """The same corpus of which only the published tables are here."""
    tables = published_tables(corpus, [lexicon])
    source = PublishedSource(corpus.name, corpus.documents.index, tables)
    return Corpus(corpus.name, None, corpus.documents, source)


@pytest.fixture
def war():
    corpus = from_texts({"a": "War costs money. Costs rise.", "b": "War ends. The price of war costs us."}, name="demo")
    return corpus, make_lexicon("demo", {"cost.money": ["cost*", "war cost*"], "cost.price": ["price", "costs us"]})


def test_published_matches_serve_any_choice_of_entries_and_keys(war):
    corpus, lexicon = war
    published = without_texts(corpus, lexicon)
    fewer = [make_lexicon("demo", [entry for entry in lexicon if entry.text != out]) for out in ("war cost*", "cost*")]
    choices = (lexicon, *fewer, lexicon.select("cost.price"))
    for choice in (*choices, make_lexicon("demo", {"cost.price": ["costs us", "price"], "cost.money": ["war cost*"]})):
        for find in (find_matches, find_hits, lambda *asked: settle_matches(roll_up(find_matches(*asked)))):
            pd.testing.assert_frame_equal(find(published, choice), find(corpus, choice), check_index_type=False)
    assert len(find_hits(published, lexicon)) == 5  # “costs us” and “war costs” overlap and are of two senses
    assert len(settle_matches(roll_up(find_matches(published, lexicon)))) == 4


@given(random_sentences, random_entries)
def test_published_matches_are_the_matches(sentences, entries):
    corpus, lexicon = as_corpus(sentences), unchecked(entries)
    published = Corpus(
        "texts",
        None,
        corpus.documents,
        PublishedSource(
            "texts",
            corpus.documents.index,
            {
                "sentences": corpus.sentences.reset_index(),
                "matches": find_matches(corpus, lexicon).astype({"lexicon": str, "key": str, "entry": str}),
                "entries": count_by_entry(find_hits(corpus, lexicon), lexicon, ["d"]),
            },
        ),
    )
    if len({(entry.key, entry.text) for entry in entries}) == len(entries):
        pd.testing.assert_frame_equal(find_hits(published, lexicon), find_hits(corpus, lexicon))


def test_new_entries_without_texts(war):
    published = without_texts(*war)
    with pytest.raises(TextNeeded, match="new entry “money” of the key “cost” needs the running texts") as error:
        find_hits(published, make_lexicon("demo", {"cost": ["money"]}))
    assert "crossread attach FOLDER" in str(error.value)
    with pytest.raises(TextNeeded, match="new entry “costs money” of the key “cost” needs the running texts of “demo”"):
        find_hits(published, make_lexicon("demo", {"cost": ["costs money"]}))
    with pytest.raises(TextNeeded, match="The search for hits needs the running texts"):
        find_hits(Corpus("bare", None, published.documents, PublishedSource("bare", ["a", "b"], {})), war[1])


def test_matches_keep_what_hits_drop(war):
    corpus, lexicon = war
    matches = find_matches(corpus, lexicon)
    assert len(matches) == 7 and len(settle_matches(matches)) == 5
    assert settle_matches(matches[:0]).empty


def test_keys_without_a_hit_are_known_to_the_hits():
    hits = find_hits(from_texts({"a": "Rain."}), make_lexicon("demo", {"k": ["snow"], "b": ["rain"]}))
    assert keys_of(hits) == ("k", "b") and keys_of(hits.astype({"key": str})) == ("b",)


def test_integers_and_tables_say_the_same(toy):
    lexicon = make_lexicon("demo", {"ally": ["ally", "every ally"], "pay": ["pay*"]})
    settled, hits = match_tokens(toy.tokens, lexicon).settled(), find_hits(toy, lexicon)
    first = toy.tokens.document_pointers[toy.documents.index.get_indexer(hits["doc_id"])]
    assert settled.start.tolist() == (first + hits["start_token"]).tolist()
    assert [lexicon.entries[i].text for i in settled.entry] == hits["entry"].tolist()
    assert [lexicon.keys[i] for i in settled.key] == hits["key"].tolist()


def test_a_prefix_is_found_with_its_hyphen_and_without():
    lexicon = make_lexicon("demo", {"k": ["multilateral*", "non-proliferation", "nuclear"]})
    text = "A multi-lateral pact of nonproliferation. Multilateralism, non proliferation."
    hits = find_hits(from_texts({"a": text}), lexicon)
    assert hits["entry"].tolist() == ["multilateral*", "non-proliferation", "multilateral*", "non-proliferation"]


@given(st.text("ab*?", max_size=8), st.text("ab", max_size=8))
def test_a_word_pattern_matches_as_each_star_could_be_any_letters(glob, word):
    plain = re.compile("".join({"*": ".*", "?": "."}.get(letter, letter) for letter in glob))
    assert bool(glob_pattern(glob).fullmatch(word)) == bool(plain.fullmatch(word))


def test_many_stars_come_to_an_end():
    """With an expression that goes back over every star, none of these would."""
    assert not glob_pattern("*" * 60 + "lateral*").fullmatch("a" * 5000)
    assert not glob_pattern("*a" * 60 + "*b").fullmatch("a" * 5000)
    assert (
        len(
            find_hits(from_texts({"x": "An " + "a" * 500 + " pays."}), make_lexicon("stars", {"x": ["*a" * 30 + "*b"]}))
        )
        == 0
    )
