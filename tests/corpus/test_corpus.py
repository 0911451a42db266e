"""Corpus folders: what loads, what is refused and in which words."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossread import CrossreadError, TextNeeded, from_texts, load
from crossread.corpus import corpus_folder, cover, pack
from crossread.corpus.tables import COUNTS, CUTS, DOCUMENTS, SENTENCES

HEADER = "doc_id,label,title,year\n"


@pytest.fixture
def make_corpus(tmp_path):
    def make(rows, texts, header=HEADER):
        (tmp_path / "texts").mkdir()
        (tmp_path / "documents.csv").write_text(header + rows, encoding="utf-8")
        for name, text in texts.items():
            (tmp_path / "texts" / name).write_text(text, encoding="utf-8")
        return tmp_path

    return make


def test_a_folder_loads_with_every_table_of_the_design(make_corpus):
    corpus = load(
        make_corpus(
            "a,A 2001,On pay,2001\nb,B 2002,On talk,2002\n", {"a.txt": "Allies pay.", "b.md": "# B\n\nThey talk."}
        )
    )
    assert corpus.attached and list(corpus.documents.index) == ["a", "b"]
    assert tuple(corpus.documents.columns) == DOCUMENTS
    assert tuple(corpus.sentences.columns) == (*SENTENCES, "text")
    assert tuple(corpus.counts.columns) == COUNTS and tuple(corpus.cuts.columns) == CUTS
    assert corpus.sentences.index.tolist() == ["a-001", "b-h01", "b-001"]
    assert corpus.documents["n_tokens"].tolist() == [2, 2]


def test_headings_and_notes_are_kept_and_not_counted():
    corpus = from_texts({"a": "# Costs\n\nAllies pay.[^1]\n\n[^1]: A note on costs."})
    assert corpus.sentences["kind"].tolist() == ["heading", "body", "note"]
    assert corpus.sentences["segment"].tolist() == [-1, 0, -1]
    assert corpus.counts["term"].tolist() == ["allies", "pay"]


def test_counts_and_matrix_agree_with_a_count_by_hand():
    corpus = from_texts({"a": "Pay, pay. Talk.", "b": "Talk."})
    by_document = corpus.term_matrix("document")
    assert by_document.terms.tolist() == ["pay", "talk"]
    assert by_document.matrix.toarray().tolist() == [[2, 1], [0, 1]]
    assert by_document.units["n_tokens"].tolist() == [3, 1]
    by_sentence = corpus.term_matrix("sentence")
    assert by_sentence.matrix.toarray().tolist() == [[2, 0], [0, 1], [0, 1]]
    with pytest.raises(CrossreadError, match="not “chapter”"):
        corpus.term_matrix("chapter")


@given(st.lists(st.tuples(st.integers(0, 80), st.booleans()), min_size=1, max_size=40), st.integers(1, 120))
def test_segments_are_long_enough_wherever_the_section_is(pieces, minimum):
    sizes = np.array([size for size, _ in pieces])
    keys = np.cumsum([new for _, new in pieces]).tolist()
    group = pack(sizes, keys, minimum)
    assert group[0] == 0 and set(np.diff(group)) <= {0, 1}
    totals, sections = np.bincount(group, weights=sizes), {}
    for number, key in zip(group, keys, strict=True):
        sections.setdefault(key, []).append(number)
    assert sum(len(set(numbers)) for numbers in sections.values()) == len(totals)  # none crosses a section
    for numbers in sections.values():
        assert len(set(numbers)) == 1 or all(totals[n] >= minimum for n in set(numbers))


def test_longer_segments_join_the_published_ones():
    text = "# One\n\n" + "The allies pay what they owe to one another. " * 30 + "\n\n# Two\n\n" + "They talk. " * 10
    corpus = from_texts({"a": text})
    short, long = corpus.term_matrix("segment"), corpus.term_matrix("segment", minimum_tokens=100)
    assert short.units["n_tokens"].tolist() == [54, 54, 54, 54, 54, 20]
    assert long.units["n_tokens"].tolist() == [108, 162, 20]
    assert long.units["segment"].tolist() == [0, 1, 2]
    assert short.matrix.sum() == long.matrix.sum()


def test_cover_says_which_character_is_lost_or_held_twice():
    corpus = from_texts({"a": "Yes. No."})
    with pytest.raises(CrossreadError, match="character 8 is held by no sentence"):
        cover(corpus.sentences, corpus.cuts, 9)
    with pytest.raises(CrossreadError, match="held by two sentences"):
        cover(pd.concat([corpus.sentences, corpus.sentences.iloc[:1]]), corpus.cuts, 8)
    with pytest.raises(CrossreadError, match="held by two cuts"):
        cover(corpus.sentences, pd.concat([corpus.cuts, corpus.cuts]), 8)


@pytest.mark.parametrize(
    ("rows", "header", "message"),
    [
        ("a,A,On pay\n", "doc_id,label,title\n", "the column “year” is missing (columns found: doc_id, label, title)"),
        ("a,A,X,1\na,B,Y,2\n", HEADER, "row 3: “a” is there twice (first in row 2)"),
        ("a b,A,X,1\n", HEADER, "row 2: the doc_id “a b” may hold only letters, digits and _"),
        (",A,X,1\n", HEADER, "row 2: “doc_id” is blank"),
        ("", HEADER, "no document in it"),
        ("a,A,X,1,../../x.txt\n", "doc_id,label,title,year,file\n", "row 2: the file “../../x.txt” leaves the folder"),
        ("a,A,X,1,b.txt\n", "doc_id,label,title,year,file\n", "row 2: there is no file"),
        ("z,A,X,1\n", HEADER, "no text of z (looked for DOC_ID.txt|"),
    ],
)  # fmt: skip
def test_a_bad_documents_file_is_named_with_its_row(make_corpus, rows, header, message):
    with pytest.raises(CrossreadError) as error:
        load(make_corpus(rows, {"a.txt": "Allies pay."}, header))
    assert message in str(error.value)


def test_two_texts_of_one_document_are_refused(make_corpus):
    folder = make_corpus("a,A,X,1\n", {"a.txt": "Allies pay."})
    (folder / "texts" / "a.md").write_text("x")
    with pytest.raises(CrossreadError, match="two texts of the document “a”; keep one"):
        load(folder)


def test_every_text_of_a_corpus_that_cannot_be_read_is_named(make_corpus):
    folder = make_corpus("a,A,X,1\nb,B,X,1\nc,C,X,1\n", {"a.txt": "Allies pay.", "b.pdf": "no pdf", "c.docx": "no"})
    with pytest.raises(CrossreadError) as error:
        load(folder)
    assert "b.pdf: called .pdf" in str(error.value) and "c.docx: called .docx" in str(error.value)
    for name in ("b", "c"):
        (folder / "texts" / f"{name}.txt").write_text("***")
    for bad in ("b.pdf", "c.docx"):
        (folder / "texts" / bad).unlink()
    with pytest.raises(CrossreadError, match=r"b.txt: nothing but headings(?s:.*)c.txt: nothing but headings"):
        load(folder)


def test_a_corpus_that_is_not_there_is_named_with_those_that_are(tmp_path):
    with pytest.raises(
        CrossreadError, match="There is no corpus “nowhere”. Corpora here: alliances, parties, practice"
    ):
        load("nowhere")
    with pytest.raises(CrossreadError, match="no documents.csv in this folder"):
        load(tmp_path)


def test_a_rule_file_belongs_to_its_document(make_corpus):
    folder = make_corpus("a,A,X,1\n", {"a.txt": "Allies pay.\n\nRead more of this elsewhere.\n"})
    (folder / "rules").mkdir()
    (folder / "rules" / "a.yml").write_text(
        "- cut: Read more\n  reason: teaser\n- cut: nowhere to be found\n  reason: x\n"
    )
    corpus = load(folder)
    assert corpus.documents["n_tokens"].tolist() == [2]
    assert corpus.notices == ("a: the cleaning rule on “nowhere to be found” found nothing.",)


def test_published_counts_serve_without_texts_and_say_what_needs_them():
    corpus = load("alliances", texts=False)
    assert not corpus.attached and "text" not in corpus.sentences
    assert corpus.term_matrix("document").matrix.sum() == corpus.documents["n_tokens"].sum()
    for demand in (
        lambda: corpus.tokens,
        lambda: corpus.term_matrix("sentence"),
    ):
        with pytest.raises(TextNeeded, match="needs the running texts of “alliances”.*crossread attach FOLDER"):
            demand()


def test_damaged_published_tables_are_named(tmp_path):
    source = corpus_folder("alliances")
    for name in ("documents", "sentences", "counts", "cuts"):
        (tmp_path / f"{name}.csv").write_bytes((source / f"{name}.csv").read_bytes())
    counts = (tmp_path / "counts.csv").read_text()
    (tmp_path / "counts.csv").write_text(counts.replace("tow_envall_2011,0,", "someone_else,0,", 1))
    with pytest.raises(CrossreadError, match="counts.csv, row 2: the doc_id “someone_else” is not in documents.csv"):
        load(tmp_path)
    (tmp_path / "counts.csv").write_text(counts.replace("term", "word", 1))
    with pytest.raises(CrossreadError, match="counts.csv: the column “term” is missing"):
        load(tmp_path)
    (tmp_path / "sentences.csv").unlink()
    with pytest.raises(CrossreadError, match="sentences.csv is missing"):
        load(tmp_path)
