"""The tables on texts small enough to count by hand."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from benchmarks import simulate_keyness

from crossread import from_texts, load
from crossread import measure as terms
from crossread.errors import CrossreadError, TextNeeded
from crossread.lexicon import find_hits, make_lexicon
from crossread.measure.collocation import count_pairs, count_reach
from crossread.measure.frequency import segment_inflation, segment_matrix

SEA, SOIL = "Ships sail the sea. " * 150, "Men plough the soil. " * 150


@pytest.fixture(scope="module")
def two():
    return from_texts({"a": SEA, "b": SOIL})


@pytest.fixture(scope="module")
def toy():
    return from_texts({"a": "Allies pay. Allies talk, allies pay.", "b": "Allies rest."})


def test_frequencies_by_hand(toy):
    table = terms.term_frequencies(toy)
    assert list(table.columns[:7]) == list(terms.TERM_FREQUENCIES)
    own = table[table["doc_id"] == "a"].set_index("term")
    assert own["count"].to_dict() == {"allies": 3, "pay": 2, "talk": 1}
    assert own["per_1000"].round(3).to_dict() == {"allies": 500.0, "pay": 333.333, "talk": 166.667}
    assert own["document_frequency"].to_dict() == {"allies": 2, "pay": 1, "talk": 1}
    assert (own["low"] <= own["per_1000"]).all() and (own["per_1000"] <= own["high"]).all()


def test_ranks_settle_ties_as_documented():
    table = terms.term_frequencies(from_texts({"a": "b b b a a c c d."})).set_index("term")
    assert table["rank"].to_dict() == {"b": 1, "a": 2, "c": 2, "d": 4}
    asked = terms.term_frequencies(from_texts({"a": "b b b a a c c d."}), terms=["d", "c"]).set_index("term")
    assert asked["rank"].to_dict() == {"d": 4, "c": 2}


def test_a_term_asked_for_is_zero_with_an_upper_limit_where_it_does_not_occur(toy):
    table = terms.term_frequencies(toy, terms=["talk", "war"])
    assert table[["doc_id", "term", "count"]].values.tolist() == [
        ["a", "talk", 1],
        ["a", "war", 0],
        ["b", "talk", 0],
        ["b", "war", 0],
    ]
    assert (table["high"] > 0).all() and (table.loc[table["count"] == 0, "low"] == 0).all()


def test_phrases_never_cross_a_sentence(toy):
    found = segment_matrix(toy, 2, minimum_count=1)
    counts = dict(zip(found.terms, np.asarray(found.matrix.sum(axis=0)).ravel().tolist(), strict=True))
    # not “pay allies”, which would join two sentences; “talk allies” stands within one
    assert counts == {"allies pay": 2, "allies talk": 1, "talk allies": 1, "allies rest": 1}
    assert segment_matrix(toy, 3, minimum_count=1).terms.tolist() == ["allies talk allies", "talk allies pay"]


def test_headings_and_notes_are_not_counted():
    corpus = from_texts({"a": "# Ships\n\nMen sail far. Men rest.\n"})
    if (corpus.sentences["kind"] == "heading").any():
        assert "ships" not in set(terms.term_frequencies(corpus)["term"])
        assert not any("ships" in term for term in segment_matrix(corpus, 2, minimum_count=1).terms)


def test_folding_counts_british_with_american_and_plural_with_singular():
    corpus = from_texts({"a": "Defence costs. Defense costs allies. An ally labours."})
    table = terms.term_frequencies(corpus, folding=terms.read_folding()).set_index("term")
    assert table.loc["defense", "count"] == 2 and table.loc["ally", "count"] == 2 and "defence" not in table.index


def test_names_of_one_state_are_counted_together_and_a_phrase_before_its_words():
    text = (
        "The United States and America and the US met. Latin America waits. Latin America pays. Two states stay united."
    )
    corpus = from_texts({"a": f"{text} The United States pay."})
    counted = terms.segment_matrix(corpus, folding=terms.read_folding())
    counts = dict(zip(counted.terms, counted.matrix.toarray()[0].tolist(), strict=True))
    assert [counts[word] for word in ("u.s.", "latin america", "states", "united")] == [4, 2, 1, 1]
    assert "america" not in counts and "latin" not in counts
    # a phrase that occurs once is not published, so it is not joined with the texts either
    once = terms.segment_matrix(from_texts({"a": "The United States pay."}), folding=terms.read_folding())
    assert once.terms.tolist() == ["pay", "states", "the", "united"]


def test_the_keyness_of_a_study_folds_spellings_and_leaves_names_to_other_figures():
    import crossread

    folded, written = (crossread.study("alliances", texts=False).keyness(fold=fold).frame for fold in (True, False))
    assert folded["folded"].all() and not written["folded"].any()
    assert {"defence", "alliances", "u.s.", "america", "china", "taiwan", "asia"}.isdisjoint(folded["term"])
    assert {"defence", "alliances", "u.s.", "taiwan"} <= set(written["term"])
    assert "alliance" in set(folded["term"]) and "american" not in set(folded["term"])


def test_the_folding_table_says_what_is_wrong_with_it(tmp_path):
    path = tmp_path / "spelling.csv"
    path.write_text("form,counted_as,reason\nDefence,defense,american\n", encoding="utf-8")
    with pytest.raises(CrossreadError, match="row 2: “Defence” is not a token as counted; write “defence”"):
        terms.read_folding(path)
    path.write_text("form,counted_as,reason\na,b,plural\nb,a,plural\n", encoding="utf-8")
    with pytest.raises(CrossreadError, match="leads back to itself"):
        terms.read_folding(path)
    path.write_text("form,counted_as,reason\na,b,plural\na,c,plural\n", encoding="utf-8")
    with pytest.raises(CrossreadError, match="row 3: the form “a” is there twice"):
        terms.read_folding(path)


def test_inflation_sees_words_that_stand_together():
    text = "Ships " * 30 + "sail. " + "Men rest. " * 60
    found = segment_matrix(from_texts({"a": text}))
    inflation = dict(zip(found.terms, segment_inflation(found), strict=True))
    assert inflation["ships"] > 10 and inflation["rest"] < 6


def test_dispersion_uses_true_segment_sizes(two):
    table = terms.dispersion(two).set_index(["doc_id", "term"])
    assert table.loc[("a", "the"), "dp"] == pytest.approx(0, abs=0.02)
    assert not table.loc[("a", "the"), "one_segment"]


def test_one_segment_is_flagged():
    text = "Ships " * 6 + "sail far over the sea. " + "Men rest at home. " * 60
    table = terms.dispersion(from_texts({"a": text})).set_index("term")
    assert table.loc["ships", "one_segment"] and table.loc["ships", "dp_norm"] > 0.8
    assert not table.loc["rest", "one_segment"]


def test_keyness_finds_what_differs_and_leaves_what_does_not(two):
    table = terms.keyness(two, "a")
    assert list(table.columns[:16]) == list(terms.KEYNESS)
    verdict = table.set_index("term")["verdict"].to_dict()
    assert verdict == {
        **dict.fromkeys(["ships", "sail", "sea", "men", "plough", "soil"], "supported"),
        "the": "not distinguishable",
    }
    by_term = table.set_index("term")
    assert by_term.loc["men", "log_ratio"] < 0 < by_term.loc["ships", "log_ratio"]
    assert by_term.loc["men", "low"] == -np.inf and by_term.loc["ships", "high"] == np.inf
    assert by_term.loc["the", "sentences_with_term"] == 150 and by_term.loc["men", "sentences_with_term"] == 0
    assert (table["prior"] == "Dirichlet, 500 pseudo-tokens by pooled share").all()


def test_a_word_of_one_passage_is_not_key():
    passage = "Whales " * 25 + "swim. "
    corpus = from_texts({"a": SEA + passage, "b": SEA})
    row = terms.keyness(corpus, "a").set_index("term").loc["whales"]
    assert row["one_segment"] and row["verdict"] != "supported"
    assert abs(row["g2"]) > 15  # which independent words would call significant beyond doubt


def test_few_occurrences_are_too_few_units_however_they_fall():
    corpus = from_texts({"a": "Ships sail. " * 40, "b": "Ships sail. " * 40 + "Rocks wait. " * 3})
    row = terms.keyness(corpus, "a", minimum_count=2).set_index("term").loc["rocks"]
    assert row["count"] == 0 and row["verdict"] == "too few units" and row["minimum_ratio"] > 3


@pytest.mark.parametrize("adjustment", ["holm", "bh"])
def test_too_few_occurrences_are_judged_with_the_other_words_as_they_are(adjustment):
    """Six occurrences, all on one side, have p = .03: enough once the other word is supported, of two words too few."""
    fillers = (
        "".join(letters) for letters in product("abcdefgh", repeat=4)
    )  # each stands once: too seldom to be tested

    def text(often, few="quux"):
        words = [[next(fillers) for _ in range(6)] for _ in range(60)]
        for n, sentence in enumerate(words):
            sentence += [often if n % 2 else next(fillers), few if n % 20 == 5 else next(fillers)]
        return " ".join(" ".join(sentence).capitalize() + "." for sentence in words)

    sure = terms.keyness(from_texts({"a": text("zork"), "b": text("")}), "a", minimum_count=6, adjustment=adjustment)
    assert sure.set_index("term")["verdict"].to_dict() == {"zork": "supported", "quux": "not distinguishable"}
    alike = terms.keyness(
        from_texts({"a": text("zork"), "b": text("zork")}), "a", minimum_count=6, adjustment=adjustment
    )
    assert alike.set_index("term")["verdict"].to_dict() == {"zork": "not distinguishable", "quux": "too few units"}


def test_the_words_of_the_whole_table_are_one_family():
    corpus = from_texts({"a": SEA, "b": SOIL, "c": "Rain fell on the town. " * 150})
    every, one = terms.keyness(corpus), terms.keyness(corpus, "a")
    own = every[every["doc_id"] == "a"].set_index("term")
    shared = one.set_index("term").loc[own.index]
    assert own["p"].tolist() == pytest.approx(shared["p"].tolist())
    assert (own["p_adjusted"] >= shared["p_adjusted"] - 1e-12).all()
    # words that a document does not have are listed where their absence is a surprise
    assert (every.loc[every["count"] == 0, "p"] < 0.05).all() and (every["count"] == 0).any()


def test_an_empty_document_has_no_words_and_no_rows():
    corpus = from_texts({"a": SEA, "b": SOIL, "c": "# Only a heading"})
    corpus.sentences.loc[corpus.sentences["doc_id"] == "c", "kind"] = "heading"
    corpus = from_texts({"a": SEA, "b": SOIL, "c": ""}) if corpus.documents["n_tokens"]["c"] else corpus
    table = terms.keyness(corpus)
    assert set(table["doc_id"]) == {"a", "b"}
    with pytest.raises(CrossreadError, match="“c” has no words to compare"):
        terms.keyness(corpus, "c")


def by_party(texts, parties):
    corpus = from_texts(texts)
    corpus.documents["party"] = parties
    return corpus, terms.group_documents(corpus.documents, "party")


def test_words_of_groups_are_told_apart_by_their_documents():
    texts = {f"r{i}": "Ships sail the sea. " * 20 for i in range(5)} | {
        f"b{i}": "Men till the soil. " * 20 for i in range(5)
    }
    corpus, by = by_party(texts | {"x": "Whales swim. " * 20}, ["red"] * 5 + ["blue"] * 5 + [""])
    table = terms.keyness(corpus, by=by)
    found = table.set_index("term")
    assert set(table["group"]) == {"red"} and (table["left_out"] == 1).all()  # two groups: one comparison
    assert found["verdict"].to_dict() == {
        **dict.fromkeys(["ships", "sail", "sea", "men", "till", "soil"], "supported"), "the": "not distinguishable"
    }  # fmt: skip
    assert found.loc["ships", "p"] == pytest.approx(2 / 252) and found.loc["ships", "documents_with_term"] == 5
    assert "whales" not in found.index
    # a word of one document is no word of its group, however often it stands there
    corpus, by = by_party({**texts, "r0": "Whales swim. " * 60}, ["red"] * 5 + ["blue"] * 5)
    assert "whales" not in set(terms.keyness(corpus, by=by)["term"])
    with pytest.raises(CrossreadError, match="There is no group “green” in “party”. There are: red, blue"):
        terms.keyness(corpus, "green", by=by)


def test_groups_of_few_documents_are_too_few_units():
    texts = {"a": SEA, "b": SEA, "c": SOIL, "d": SOIL}
    corpus, by = by_party(texts, ["red", "red", "blue", "blue"])
    assert set(terms.keyness(corpus, by=by)["verdict"]) == {"too few units"}


def test_random_groups_of_one_collection_have_no_words_of_their_own():
    # twenty documents with vocabularies of their own, put into two groups by chance, forty times
    generator = np.random.default_rng(5)
    words = np.array([f"w{i}" for i in range(120)])
    texts = {}
    for i in range(20):
        likely = generator.dirichlet(np.full(120, 0.1))
        texts[f"d{i}"] = " ".join(generator.choice(words, 300, p=likely)) + "."
    corpus, false = from_texts(texts), 0
    for _ in range(40):
        corpus.documents["party"] = generator.permutation(["red", "blue"] * 10)
        by = terms.group_documents(corpus.documents, "party")
        false += (terms.keyness(corpus, by=by, draws=300)["verdict"] == "supported").any()
    assert false <= 5


def test_keyness_says_what_cannot_be_compared(two):
    with pytest.raises(CrossreadError, match="in the target and in the reference"):
        terms.keyness(two, "a", "a")
    with pytest.raises(CrossreadError, match="one document"):
        terms.keyness(from_texts({"a": SEA}))
    with pytest.raises(CrossreadError, match="There is no document"):
        terms.keyness(two, "z")
    with pytest.raises(CrossreadError, match="“segment” or “paragraph”"):
        terms.keyness(two, "a", unit="page")


def test_keyness_is_the_same_again_and_groups_add_up():
    corpus = from_texts({"a": SEA, "b": SEA, "c": SOIL})
    one, other = (terms.keyness(corpus, ["a", "b"], "c") for _ in range(2))
    pd.testing.assert_frame_equal(one, other)
    assert one["doc_id"].iloc[0] == "a + b"
    assert one.set_index("term").loc["ships", "count"] == 300


def test_random_halves_get_few_false_words():
    # words drawn at random on both sides: nothing differs, and 5 per cent of them may seem to
    generator = np.random.default_rng(3)
    words = [f"w{i}" for i in range(30)]
    false = []
    for _ in range(12):
        texts = {
            name: " ".join(f"The {' '.join(generator.choice(words, 12))}." for _ in range(60)) for name in ("a", "b")
        }
        false.append((terms.keyness(from_texts(texts), "a")["p"] < 0.05).mean())
    assert np.mean(false) < 0.06


def test_pairs_by_hand():
    corpus = from_texts({"a": "Ships sail far. Ships rest."})
    pairs, reach = count_pairs(corpus, 1), count_reach(corpus, 1)
    assert pairs[["term_a", "term_b", "count"]].values.tolist() == [
        ["far", "sail", 1],
        ["rest", "ships", 1],
        ["sail", "ships", 1],
    ]
    assert reach.set_index("term")["reach"].to_dict() == {"far": 1, "rest": 1, "sail": 2, "ships": 2}
    table = terms.collocations(corpus, window=1, minimum_count=1)
    # pairs of neighbouring positions from both sides: 2 * (2 + 1); the margins add up to it
    assert (table["total"] == 6).all() and reach["reach"].sum() == 6
    assert terms.collocations(corpus, "ships", window=1, minimum_count=1)["term_b"].tolist() == ["rest", "sail"]


@pytest.mark.parametrize("window", [1, 3, None])
def test_the_pairs_of_a_word_are_those_of_all_words_that_have_it(window):
    practice = load("practice")
    every = count_pairs(practice, window)
    of_word = every[(every["term_a"] == "harbour") | (every["term_b"] == "harbour")].reset_index(drop=True)
    assert len(of_word) > 10
    assert count_pairs(practice, window, "harbour").equals(of_word)
    summed = of_word.groupby(["term_a", "term_b"], as_index=False)["count"].sum()
    assert count_pairs(practice, window, "harbour", by_document=False).equals(summed)
    assert count_pairs(practice, window, "Harbour").empty, "a word that no text has"


def test_pairs_stay_within_sentences_and_sentences_count_once():
    corpus = from_texts({"a": "Ships ships sail. Men rest."})
    table = terms.collocations(corpus, window=None, minimum_count=1)
    assert table[["term_a", "term_b", "count", "count_a", "total"]].values.tolist() == [
        ["men", "rest", 1, 1, 2],
        ["sail", "ships", 1, 1, 2],
    ]
    with pytest.raises(CrossreadError, match="at least 1 token"):
        terms.collocations(corpus, window=0)


def test_phrases_by_hand():
    corpus = from_texts({"a": "Burden sharing pays. No burden sharing today."})
    row = terms.phrases(corpus).iloc[0]
    # of five bigrams two are the phrase, three agree in no place: ln(2.5 * 3.5 / (0.5 * 0.5))
    assert row["term"] == "burden sharing" and row["lambda"] == pytest.approx(np.log(35))
    three = from_texts({"a": "Aa bb cc. Aa bb cc. Aa bb dd. Xx bb cc. Aa yy cc. Qq rr ss."})
    cells = terms.collocation.phrase_cells(three, 3).iloc[0]
    assert [cells[f"cell_{i}"] for i in range(8)] == [1, 0, 0, 1, 0, 1, 1, 2]


def test_words_around_hits_leave_out_the_hits():
    corpus = from_texts({"a": "We share the burden of war fairly. The sea is wide."})
    hits = find_hits(corpus, make_lexicon("demo", {"burden": ["burden of war"]}))
    table = terms.collocates(corpus, hits, minimum_count=1, window=2)
    assert set(table["term"]) == {"share", "the", "fairly"} and (table["n_near"] == 3).all()


def test_variants_are_counted_as_written():
    corpus = from_texts(
        {"a": "The U.S. told us that US defence, and the United States, trust us. U.S.-led. Indo–Pacific."}
    )
    groups = {"us": ["US", "U.S.", "United States"], "region": ["Asia-Pacific", "Indo-Pacific"]}
    table = terms.spelling_fingerprints(corpus, groups).set_index("form")
    assert table["count"].to_dict() == {"US": 1, "U.S.": 2, "United States": 1, "Asia-Pacific": 0, "Indo-Pacific": 1}
    assert table.loc["U.S.", "share"] == 0.5 and table.loc["U.S.", "low"] < 0.5 < table.loc["U.S.", "high"]


def test_a_longer_form_is_found_before_the_shorter_one_that_begins_it():
    corpus = from_texts({"a": "The Indo-Pacific region is wide. The Indo-Pacific is blue."})
    table = terms.spelling_fingerprints(corpus, {"sea": ["Indo-Pacific", "Indo-Pacific region"]}).set_index("form")
    assert table["count"].to_dict() == {"Indo-Pacific": 1, "Indo-Pacific region": 1}


def test_variety_tables(two):
    table = terms.variety(two).set_index(["doc_id", "measure"])
    assert list(terms.variety(two).columns) == list(terms.VARIETY)
    assert table.loc[("a", "sentence_length"), "value"] == 4
    assert table.loc[("a", "type_token_ratio"), "value"] == pytest.approx(4 / 600)
    assert table.loc[("a", "mattr"), "value"] == pytest.approx(4 / 50)
    assert np.isnan(table.loc[("a", "type_token_ratio"), "low"])


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """The practice corpus with its facts written and its texts gone."""
    from crossread_press.publishing import published_tables

    attached = load("practice")
    folder = tmp_path_factory.mktemp("corpora") / "facts"
    folder.mkdir()
    for name, table in published_tables(attached).items():
        table.to_csv(folder / f"{name}.csv", index=False)
    for name in ("themes", "actors", "architectures"):
        (folder / f"{name}.yml").write_bytes(attached.lexicon_path(name).read_bytes())
    return attached, load(folder, texts=False)


@pytest.mark.parametrize(
    "compute",
    [
        terms.term_frequencies,
        lambda corpus: terms.term_frequencies(corpus, 2),
        lambda corpus: terms.term_frequencies(corpus, 3),
        lambda corpus: terms.term_frequencies(corpus, folding=terms.read_folding()),
        terms.dispersion,
        lambda corpus: terms.keyness(corpus, corpus.documents.index[0]),
        terms.collocations,
        lambda corpus: terms.phrases(corpus, 2),
        lambda corpus: terms.phrases(corpus, 3),
        terms.variety,
        terms.spelling_fingerprints,
    ],
    ids=[
        "words",
        "pairs",
        "triples",
        "folded",
        "dispersion",
        "keyness",
        "collocations",
        "phrases2",
        "phrases3",
        "variety",
        "spelling",
    ],
)
def test_the_same_numbers_without_the_texts(published, compute):
    attached, facts = published
    assert attached.attached and not facts.attached
    pd.testing.assert_frame_equal(compute(attached), compute(facts), check_dtype=False, rtol=1e-12)


def test_what_needs_the_texts_says_so(published):
    facts = published[1]
    for ask in (
        lambda: terms.term_frequencies(facts, 4),
        lambda: terms.term_frequencies(facts, 2, minimum_count=1),
        lambda: terms.collocations(facts, window=3),
        lambda: terms.variety(facts, window=30),
        lambda: terms.spelling_fingerprints(facts, {"x": ["grey", "gray"]}),
    ):
        with pytest.raises(TextNeeded, match="crossread attach FOLDER"):
            ask()


def test_published_facts_give_no_passage_away(published):
    attached = published[0]
    tables = terms.published_tables(attached)
    assert tables["ngrams"].groupby("term")["count"].sum().min() >= 2
    assert tables["pairs"].groupby(["term_a", "term_b"])["count"].sum().min() >= 3
    assert (tables["pairs"]["term_a"] < tables["pairs"]["term_b"]).all()  # no order
    assert max(len(term.split()) for term in tables["ngrams"]["term"]) == 3


def test_the_title_of_keyness_names_a_word_and_no_debris_of_a_scan():
    from crossread.measure.keyness import describe_keyness
    from crossread.wording import Labels

    table = pd.DataFrame({"doc_id": "a", "term": ["s.", "the", "treaty"], "log_ratio": [3.0, 2.5, 2.0]})
    counts = {"count": 9, "n_tokens": 300, "reference_count": 1, "reference_n_tokens": 4000, "reference": "b"}
    said = describe_keyness(table.assign(verdict="supported", p=1e-6, **counts), Labels())
    assert said == (
        "“treaty”: 9 of 300 tokens in a against 1 of 4,000 in b; in general supported. "
        "Supported in a: more of “s.”, “the” and “treaty”."
    )


def test_a_ratio_that_words_tell_is_found_where_they_clump():
    found = simulate_keyness.ratios_found(5, 0.5, 20, 600, np.random.default_rng(3))
    assert found[0] > 0.2 and found[2] > 0.78  # were clumping the same at every rate: 0.45
    less = simulate_keyness.ratios_found(5, 0.5, 20, 600, np.random.default_rng(3), below=True)
    assert less[0] > 0.2 and less[2] > 0.78  # were the others taken to rise: 0.50
