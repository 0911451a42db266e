"""Hits read in their context: concordance, entries, words, and what other tools' defaults would do to them."""

import pytest

from crossread import CrossreadError, TextNeeded, from_texts, load, study
from crossread.corpus.places import shipped_file
from crossread.lexicon import (
    CONCORDANCE,
    concordance,
    make_lexicon,
    read_lexicon,
)
from crossread.lexicon.patterns import glob_pattern, sequences
from crossread.lexicon.stop_words import FUNCTION_WORDS

TEXTS = {
    "a": "Who pays? “The allies’ costs,” they say, rise. War costs\nmoney (a lot).",
    "b": "Cost-sharing is old.",
}


def lines(table):
    return table[["left", "match", "right"]].values.tolist()


# --- concordance


def test_concordance_gives_the_reading_form_across_sentences():
    table = concordance(from_texts(TEXTS), "cost*", window=2)
    assert tuple(table.columns) == CONCORDANCE
    assert lines(table) == [
        ["“The allies’", "costs", ",” they say,"],
        ["rise. War", "costs", "money (a"],
        ["", "Cost", "-sharing is"],
    ]


def test_left_match_and_right_in_a_row_are_the_running_text():
    corpus = load("practice")
    running = {
        doc_id: "".join("".join(rows["text"]).split())
        for doc_id, rows in corpus.sentences.groupby("doc_id", sort=False)
    }
    table = concordance(corpus, "burden*|cost*|the", window=4)
    assert len(table) > 100
    for row in table.itertuples():
        assert "".join(f"{row.left}{row.match}{row.right}".split()) in running[row.doc_id]


def test_offsets_lead_into_the_source():
    corpus = from_texts(TEXTS)
    for pattern in ("cost*", "war costs money", "allies"):
        for row in concordance(corpus, pattern).itertuples():
            shown = " ".join(corpus.source.source_texts()[row.doc_id][row.start : row.end].split())
            assert shown == row.match


def test_offsets_on_the_practice_corpus():
    corpus = load("practice")
    table = concordance(corpus, "burden*")
    assert len(table) > 3
    for row in table.itertuples():
        assert "burden" in corpus.source.source_texts()[row.doc_id][row.start : row.end].lower().replace("\n", "")


def test_a_pattern_without_a_hit_and_a_window_below_zero():
    assert concordance(from_texts(TEXTS), "snow").empty
    corpus = from_texts(TEXTS)
    with pytest.raises(CrossreadError, match="The window is -1 words; give 0 or more"):
        concordance(corpus, "cost", window=-1)


def test_concordance_without_texts(root):
    corpus = load("alliances", texts=False)
    with pytest.raises(TextNeeded, match="A concordance needs the running texts .* crossread attach FOLDER"):
        concordance(corpus, "burden*")


# --- what is behind a count


# --- stop lists and tokenizers


def test_the_stop_list_of_scikit_learn_deletes_a_country_and_a_system():
    corpus = from_texts({"a": "The US and the U.S. pay. The San Francisco system serves US interest. They told us."})
    lexicon = make_lexicon("demo", {"us": ["US"], "system": ["San Francisco system", "pay*"]})
    table = study(corpus, lexicon=lexicon).stop_words().frame.set_index("entry")
    assert table.loc["US", ["stop_words", "hits", "hits_lost"]].tolist() == ["us", 3, 2]
    assert table.loc["San Francisco system", ["stop_words", "hits", "hits_lost"]].tolist() == ["system", 1, 1]
    assert "pay*" not in table.index


def test_function_words_delete_no_entry_that_is_a_single_word_of_content():
    lexicons = [read_lexicon(shipped_file(f"{name}.yml")) for name in ("themes", "actors", "architectures")]
    words = {words[0] for one in lexicons for entry in one for words in sequences(entry.pattern) if len(words) == 1}
    assert len(words) > 100 and not any(glob_pattern(glob).fullmatch(word) for glob in words for word in FUNCTION_WORDS)


@pytest.mark.parametrize("name", ["practice", "spaced"])
def test_the_reader_finds_the_words_where_the_pattern_does(name):
    from crossread.corpus.tokens import fold
    from crossread.lexicon.contexts import Reader

    spaced = "One  line,\nand an-\nother: the U.S.’s share. Soft\u00adly said.\n\nMore words[1] here, *so* to say."
    corpus = load("practice") if name == "practice" else from_texts({"a": spaced})
    reader, as_in_source = Reader(corpus), 0
    for sentence in range(len(corpus.sentences)):
        spans, text = reader.sentence(sentence)
        assert spans == [match.span() for match in reader.pattern.finditer(text) if fold(match.group())]
        as_in_source += len(text) == reader.lengths[sentence]
    assert 0 < as_in_source < len(corpus.sentences)
