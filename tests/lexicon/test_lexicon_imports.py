"""Dictionaries of other programs come in whole, with a note for each line that was passed over."""

import time

import pytest

from crossread import from_texts
from crossread.errors import CrossreadError
from crossread.lexicon import find_hits, read_lexicon
from crossread.lexicon.imports import bring_lexicon, import_lexicon

FILES = {
    "quanteda.yml": "GOOD:\n  - fine*\n  - fair share\nBAD:\n  DEEP:\n    - sick\n",
    "liwc.dic": "%\n1\tGOOD\n2\tBAD\n\t3\tDEEP\n%\nfine*\t1\nfair share\t01\nsick\t3\n",
    "wordstat.cat": "GOOD\n\tFINE* (1)\n\tFAIR_SHARE (1)\nBAD\n\tDEEP\n\t\tSICK (1)\n",
    "yoshi.ykd": '<dictionary style="x"><cnode name="GOOD"><pnode name="fine*"/><pnode name="fair share"/></cnode>'
    '<cnode name="BAD"><cnode name="DEEP"><pnode name="sick"/></cnode></cnode></dictionary>',
    "table.csv": "Category;Word\nGOOD;fine*\nGOOD;fair share\nBAD.DEEP;sick\n",
}


@pytest.mark.parametrize("name", FILES)
def test_the_same_dictionary_counts_the_same_from_every_program(tmp_path, name):
    (tmp_path / name).write_text(FILES[name], encoding="utf-8")
    lexicon = import_lexicon(tmp_path / name)
    assert lexicon.keys == ("GOOD", "BAD.DEEP") and lexicon.notes == ()
    corpus = from_texts({"a": "Fine allies pay a fair share. Finer ones are sick."})
    hits = find_hits(corpus, lexicon)["key"].astype(str)
    assert hits.value_counts().to_dict() == {"GOOD": 3, "BAD.DEEP": 1}


def test_a_table_with_a_column_for_each_key(tmp_path):
    (tmp_path / "wide.csv").write_text("GOOD,BAD\nfine*,sick\nfair share,\n", encoding="utf-8")
    lexicon = import_lexicon(tmp_path / "wide.csv")
    assert [(e.key, e.text, e.line) for e in lexicon] == [
        ("GOOD", "fine*", 2),
        ("BAD", "sick", 2),
        ("GOOD", "fair share", 3),
    ]


def test_what_a_dictionary_of_liwc_holds_beside_words_is_noted_line_by_line(tmp_path):
    path = tmp_path / "odd.dic"
    path.write_text(
        "%\n1\tI\n2\tbad\n2\tworse\n%\nfine\t1\n:)\t1\nsick\t2\n"
        "sick\t2\t1\nkind <of> 1\nlike (02 134)125/464\t1\nlost\nold\t9\n",
        encoding="utf-8",
    )
    lexicon = import_lexicon(path)
    assert [(e.key, e.text) for e in lexicon] == [("I", "fine"), ("bad", "sick"), ("I", "sick")]
    assert [note.removeprefix("odd.dic, ") for note in lexicon.notes] == [
        "line 4: “worse” was passed over: the number 2 is that of “bad” already.",
        "line 7: “:)” was passed over: there is no word in it.",
        "line 9: “sick” was left out: it is in line 8 already.",
        "line 10: “kind <of> 1” was passed over: conditions in brackets are not understood.",
        "line 11: “like (02 134)125/464\t1” was passed over: conditions in brackets are not understood.",
        "line 12: “lost” was passed over: it names no category by its number.",
        "line 13: “old” names the category 9, which is not listed.",
    ]


def test_lines_of_a_dictionary_of_liwc_without_end_are_read_once(tmp_path):
    path, digits, blanks = tmp_path / "long.dic", "1" * 5_000, "\t" * 200_000
    path.write_text(
        f"%\n1\tA\n{digits}\tB\n1{blanks}\n%\nx{' 1' * 100_000} y\ny{'(1' * 100_000}\nz\t{digits}\nfine\t1\n",
        encoding="utf-8",
    )
    begun = time.process_time()
    lexicon = import_lexicon(path)
    assert time.process_time() - begun < 3
    assert [entry.text for entry in lexicon] == ["fine"] and len(lexicon.notes) == 5


def test_entries_that_another_finds_anyhow_are_left_out_in_any_order(tmp_path):
    path = tmp_path / "twice.lc3"
    path.write_text("+A\ncosts\ncost*\nwar cost\n*\n+B\ncosts\n", encoding="utf-8")
    lexicon = import_lexicon(path)
    assert [(e.key, e.text) for e in lexicon] == [("A", "cost*"), ("A", "war cost"), ("B", "costs")]
    assert lexicon.notes[0] == "twice.lc3, line 2: “costs” was left out: “cost*” of the same key finds it."
    assert lexicon.notes[1].startswith("twice.lc3, line 5: “*” was passed over:")


def test_a_dictionary_is_brought_to_a_corpus_and_read_from_there(tmp_path):
    (tmp_path / "liwc.dic").write_text(FILES["liwc.dic"], encoding="utf-8")
    (tmp_path / "themes.yml").write_text("# nothing yet\n", encoding="utf-8")
    brought, path = bring_lexicon(tmp_path / "liwc.dic", tmp_path)
    assert path == tmp_path / "themes.yml"
    assert [(e.key, e.text) for e in read_lexicon(path)] == [(e.key, e.text) for e in brought]
    with pytest.raises(CrossreadError, match="themes.yml has entries already"):
        bring_lexicon(tmp_path / "liwc.dic", tmp_path)
    assert bring_lexicon(tmp_path / "liwc.dic", tmp_path, "mood")[1].name == "mood.yml"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["liwc.dic", "mood.yml", "themes.yml"]


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("a.dic", "fine 1\n", "no dictionary of LIWC: .* 0 of them were found"),
        ("a.cat", "GOOD\n\tfine\n", "no dictionary of WordStat: no line ends in a weight"),
        ("a.ykd", "<dictionary>", "no dictionary of Yoshikoder"),
        ("a.yml", "GOOD:\n  - *fine\n", "this is not YAML.*needs quotes"),
        ("a.yml", "A:\n  - {pattern: x, with: y, within: 1000000000000000000000}\n", "line 2: “within” is “1000"),
        ("a.yml", "A:\n  - {pattern: x, with: [[y]]}\n", "line 2: here a text is expected"),
        ("a.yml", "[a, b]: c\n", "line 1: the name of a category is a word"),
        ("a.yml", "A: &a [x]\nB: [*a]\nC: " + 30 * "[" + 30 * "]", "nested more than 20 deep"),
        ("a.yml", "A:\n  - {pattern: x, wiht: y}\n", "line 2: an entry has no “wiht”; it may have pattern, with"),
        ("a.yml", "A: x, y\n", "line 1: write several entries as a list"),
        ("a.csv", 'key,entry\na,"b\nc,d\n', "a quotation mark that opens in row 2 is never closed"),
        ("a.lc3", "+A\n:)\n", "no entry of it can be counted. The first remark: a.lc3, line 2"),
        ("a.doc", "x", "a dictionary ends in .yml"),
    ],
)
def test_what_is_no_dictionary_is_refused_in_a_sentence(tmp_path, name, content, problem):
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(CrossreadError, match=problem):
        import_lexicon(tmp_path / name)


def test_a_question_mark_by_itself_is_no_word(tmp_path):
    (tmp_path / "a.dic").write_text("%\n1\tasks\n%\n?\t1\nwhy\t1\n", encoding="utf-8")
    lexicon = import_lexicon(tmp_path / "a.dic")
    assert [entry.text for entry in lexicon] == ["why"]
    assert lexicon.notes == ("a.dic, line 4: “?” was passed over: there is no word in it.",)


def test_a_key_without_entries_is_noted(tmp_path):
    (tmp_path / "a.yml").write_text("A:\nB:\n  - x\n", encoding="utf-8")
    assert import_lexicon(tmp_path / "a.yml").notes == ("a.yml, line 1: “A” has a blank entry, or none.",)


def test_xml_that_declares_another_encoding_has_its_letters(tmp_path):
    xml = '<?xml version="1.0" encoding="ISO-8859-1"?><d><cnode name="Coût"><pnode name="dépens*"/></cnode></d>'
    (tmp_path / "a.ykd").write_bytes(xml.encode("latin-1"))
    assert [(entry.key, entry.text) for entry in read_lexicon(tmp_path / "a.ykd")] == [("Coût", "dépens*")]


def test_dictionaries_of_liwc_22_are_tables_with_a_mark_for_each_category(tmp_path):
    path = tmp_path / "a.dicx"
    path.write_text("DicTerm,Cost,Rise\npay*,X,\nburden sharing,X,X\nlost,,\n", encoding="utf-8")
    lexicon = read_lexicon(path)
    found = {(entry.key, entry.text) for entry in lexicon}
    assert found == {("Cost", "pay*"), ("Cost", "burden sharing"), ("Rise", "burden sharing")}
    assert lexicon.notes == ("a.dicx, line 4: “lost” was passed over: it is marked for no category.",)


def test_an_lcd_may_be_xml_and_what_a_table_was_taken_for_is_said(tmp_path):
    path = tmp_path / "a.lcd"
    path.write_text('<dictionary><cnode name="cost"><pnode name="pay*"/></cnode></dictionary>', encoding="utf-8")
    assert [(entry.key, entry.text) for entry in import_lexicon(path)] == [("cost", "pay*")]
    path = tmp_path / "a.csv"
    path.write_text("pay\ncost\n", encoding="utf-8")
    said = "a.csv: each column was taken for a key of its own (pay), for none is called key and none entry."
    assert import_lexicon(path).notes == (said,)


def test_weights_are_named_and_an_encoding_may_be_told(tmp_path):
    path = tmp_path / "a.cat"
    path.write_bytes("COÛT\n\tIMPÔT* (2.5)\n".encode("cp1252"))
    lexicon = import_lexicon(path, encoding="cp1252")
    assert [(entry.key, entry.text) for entry in lexicon] == [("COÛT", "IMPÔT*")]
    assert lexicon.notes == ("a.cat, line 2: “IMPÔT*” counts once: its weight, 2.5, is not used.",)


def test_an_entry_stays_where_another_finds_only_some_of_its_alternatives(tmp_path):
    path = tmp_path / "some.csv"
    path.write_text("key,entry\nA,cost*\nA,costs|pay\nA,costs|costly\n", encoding="utf-8")
    lexicon = import_lexicon(path)
    assert [entry.text for entry in lexicon] == ["cost*", "costs|pay"]
    assert lexicon.notes == ("some.csv, line 4: “costs|costly” was left out: “cost*” of the same key finds it.",)
