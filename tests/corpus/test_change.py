"""Texts are added, taken out and renamed; what is wrong changes nothing."""

import subprocess
import sys

import pandas as pd
import pytest

import crossread
from crossread.corpus import load
from crossread.corpus.change import add_texts, delete_corpus, remove_text, rename_corpus
from crossread.corpus.create import create
from crossread.errors import CrossreadError
from crossread.files import _machine, alone

WORDS = "The allies agreed in spring that each would pay a part of what the watch on the northern sea costs."
OTHER = "Nobody on the islands was asked whether the noise of the new runway should be counted as a payment."
THIRD = "Ships sail in the morning, and the harbour counts what they bring home from the fishing grounds."


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A project of its own with the corpus “mine” of two texts."""
    monkeypatch.setenv("CROSSREAD_PROJECT", str(tmp_path))
    given = tmp_path / "given"
    given.mkdir()
    (given / "a.txt").write_text(WORDS, encoding="utf-8")
    (given / "b 2001.txt").write_text(OTHER, encoding="utf-8")
    create("mine", given)
    return tmp_path / "corpus" / "mine"


def files_of(folder) -> dict:
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_file_is_added_under_an_id_of_its_own_and_a_text_that_is_there_is_not(home, tmp_path):
    more = tmp_path / "more"
    more.mkdir()
    (more / "a.md").write_text(THIRD, encoding="utf-8")
    (more / "again.txt").write_text(OTHER, encoding="utf-8")
    report = add_texts("mine", more).set_index("file")
    assert report.loc["again.txt", "remark"] == "the corpus has this text already: b_2001"
    assert report.loc["a.md", "remark"] == "“a” is a document of the corpus: this text is a_2"
    assert list(load("mine").documents.index) == ["b_2001", "a", "a_2"]
    assert (home / "texts" / "a_2.md").read_text(encoding="utf-8") == THIRD


def test_what_was_filled_in_stays_and_new_columns_are_added(home, tmp_path):
    table = pd.read_csv(home / "documents.csv", dtype=str, keep_default_na=False)
    table.assign(party=["Red", "Blue"]).to_csv(home / "documents.csv", index=False)
    add_texts("mine", pd.DataFrame({"doc_id": ["c"], "text": [THIRD], "region": ["North"], "Party": ["Green"]}))
    documents = load("mine").documents
    assert documents["party"].tolist() == ["Red", "Blue", "Green"] and "Party" not in documents
    assert documents["region"].fillna("").tolist() == ["", "", "North"]


@pytest.mark.parametrize("separator", [";", "\t"])
def test_a_table_of_documents_may_be_saved_by_a_spreadsheet_of_another_country(home, separator):
    table = pd.read_csv(home / "documents.csv", dtype=str, keep_default_na=False).assign(party=["Grün", "a, b"])
    table.to_csv(home / "documents.csv", index=False, sep=separator, encoding="utf-8-sig")
    assert load("mine").documents["party"].tolist() == ["Grün", "a, b"]
    add_texts("mine", pd.DataFrame({"doc_id": ["c"], "text": [THIRD]}))
    assert load("mine").documents["party"].fillna("").tolist() == ["Grün", "a, b", ""]


def test_a_file_laid_into_the_folder_is_noticed_and_added_where_it_lies(home):
    stray = home / "texts" / "Late One.txt"
    stray.write_text(THIRD, encoding="utf-8")
    assert load("mine").notices == (
        f"{stray} is not in documents.csv and is not counted. Add it: crossread add mine {stray}",
    )
    assert "Late One.txt is not in documents.csv and is not counted" in repr(crossread.study("mine"))
    add_texts("mine", stray)
    corpus = load("mine")
    assert corpus.notices == () and list(corpus.documents.index) == ["b_2001", "a", "late_one"]
    assert sorted(path.name for path in (home / "texts").iterdir()) == ["Late One.txt", "a.txt", "b_2001.txt"]


def test_a_document_is_taken_out_and_its_text_is_kept(home):
    kept = remove_text("mine", "a")
    assert kept == home / "removed" / "a.txt" and kept.read_text(encoding="utf-8") == WORDS
    assert list(load("mine").documents.index) == ["b_2001"] and load("mine").notices == ()
    with pytest.raises(CrossreadError, match="^There is no document “a” in “mine”. There are: b_2001.$"):
        remove_text("mine", "a")
    with pytest.raises(CrossreadError, match="the only document of “mine”"):
        remove_text("mine", "b_2001")
    add_texts("mine", kept)
    assert list(load("mine").documents.index) == ["b_2001", "a"]


def test_a_corpus_is_renamed_and_deleted(home):
    assert rename_corpus("mine", "yours").name == "yours"
    assert load("yours").name == "yours"
    assert delete_corpus("yours") == [".gitignore", "documents.csv", "report.csv", "texts", "themes.yml"]
    with pytest.raises(CrossreadError, match="There is no corpus “yours”"):
        load("yours")


def test_what_is_wrong_changes_nothing(home, tmp_path):
    before = files_of(home)
    (tmp_path / "scan.pdf").write_bytes(b"no pdf")
    with pytest.raises(CrossreadError, match="called .pdf but is not a PDF"):
        add_texts("mine", tmp_path / "scan.pdf")
    with pytest.raises(
        CrossreadError, match="^Nothing was added to “mine”.\n- a.txt: the corpus has this text already"
    ):
        add_texts("mine", tmp_path / "given" / "a.txt")
    with pytest.raises(CrossreadError, match="cannot be the name of a corpus"):
        rename_corpus("mine", "../out")
    assert files_of(home) == before


def test_the_corpora_of_the_project_are_not_changed():
    for change in (lambda: remove_text("practice", "davreli_2030"), lambda: delete_corpus("alliances")):
        with pytest.raises(CrossreadError, match="belongs to the project"):
            change()


def test_what_a_stopped_add_wrote_is_taken_up_by_the_next(home, tmp_path):
    new = tmp_path / "more.txt"
    new.write_text("The allies talk of a new harbour, and nobody pays.", encoding="utf-8")
    (home / "texts" / "more.txt").write_bytes(new.read_bytes())
    add_texts("mine", new)
    assert "more" in load("mine").documents.index
    (home / "texts" / "other.txt").write_bytes(b"something else")
    (tmp_path / "other.txt").write_text("Another text of which nobody spoke before.", encoding="utf-8")
    with pytest.raises(CrossreadError, match="there is a file of this name already"):
        add_texts("mine", tmp_path / "other.txt")


def test_one_at_a_time_changes_a_corpus_and_what_a_dead_process_left_is_no_hindrance(home, tmp_path):
    more = pd.DataFrame({"doc_id": ["c"], "text": [THIRD]})
    before = files_of(home)
    with alone(home):
        for change in (lambda: add_texts("mine", more), lambda: remove_text("mine", "a")):
            with pytest.raises(
                CrossreadError, match=r"mine is being changed by another run\. Wait until it has ended\."
            ):
                change()
    assert files_of(home) == before
    dead = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, text=True)
    (home / ".changing.part" / f"{_machine()}-{int(dead.stdout)}").mkdir(parents=True)
    add_texts("mine", more)
    assert "c" in load("mine").documents.index and not (home / ".changing.part").exists()
