"""Attaching a reader's own copies: by hash, by their words, or not at all, and the proof that they agree."""

import shutil

import pandas as pd
import pytest

from crossread import CrossreadError, load
from crossread.corpus import attach
from crossread_press.publishing import publish, verify

A = "The harbour states share the cost of the coast guard. Two of them pay more than the others do. " * 4
B = "A rival fleet has grown. The small ports watch it from the mole and count its ships in the morning. " * 4


@pytest.fixture
def published_corpus(tmp_path):
    """A corpus whose tables are published and whose texts are gone."""
    folder = tmp_path / "harbours"
    (folder / "texts").mkdir(parents=True)
    (folder / "texts" / "a.txt").write_text(A)
    (folder / "texts" / "b.txt").write_text(B)
    (folder / "documents.csv").write_text("doc_id,label,title,year\na,A 2001,On cost,2001\nb,B 2002,On ships,2002\n")
    publish(folder)
    shutil.rmtree(folder / "texts")
    assert not load(folder).attached
    return folder


@pytest.fixture
def copies(tmp_path):
    place = tmp_path / "my papers" / "inner"
    place.mkdir(parents=True)
    (place / "downloaded (3).txt").write_text(A)
    (place / "ships.md").write_text(B.replace("fleet", "navy", 1).replace(" The", "\nThe"))
    (place / "shopping.txt").write_text("Bread, milk and a new lamp for the kitchen. Perhaps two lamps would do.")
    return place.parent


def test_copies_are_found_by_hash_and_by_their_words(published_corpus, copies):
    report = attach(copies, published_corpus).set_index("doc_id")
    assert report.loc["a", "match"] == "exact" and report.loc["b", "match"] == "alike"
    assert report.loc["b", ["tokens_missing", "tokens_added"]].tolist() == [1, 1]
    assert 0.97 < report.loc["b", "overlap"] < 1 and "differ a little" in report.loc["b", "remark"]
    assert report.loc["", "file"].endswith("shopping.txt") and report.loc["", "match"] == "unused"
    corpus = load(published_corpus)
    assert corpus.attached
    assert corpus.notices == (
        "b: this copy is not the one that was published from; crossread verify says what differs.",
    )


def test_verify_says_document_by_document_what_agrees(published_corpus, copies):
    attach(copies, published_corpus)
    report = verify(published_corpus).set_index(["doc_id", "table"])
    assert report.loc["a", "agrees"].all()
    assert not report.loc[("b", "counts"), "agrees"]
    assert report.loc[("b", "counts"), "differing_rows"] > 0


def test_what_is_missing_is_said(published_corpus, copies):
    (copies / "inner" / "ships.md").unlink()
    report = attach(copies, published_corpus).set_index("doc_id")
    assert report.loc["b", "match"] == "missing"
    assert not load(published_corpus).attached


def test_a_folder_without_any_text_of_the_corpus_changes_nothing(published_corpus, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    (other / "x.txt").write_text("Nothing of it is here, not one word.")
    with pytest.raises(
        CrossreadError, match="None of the 1 files in .* is a text of “harbours”. Looked for: A 2001; B 2002"
    ):
        attach(other, published_corpus)
    assert not (published_corpus / "texts").exists()
    with pytest.raises(CrossreadError, match="is not a folder"):
        attach(other / "x.txt", published_corpus)


def test_a_second_copy_in_another_format_takes_the_place_of_the_first(published_corpus, copies):
    attach(copies, published_corpus)
    (copies / "inner" / "ships.md").unlink()
    (copies / "inner" / "ships.txt").write_text(B)
    report = attach(copies, published_corpus).set_index("doc_id")
    assert report.loc["b", "match"] == "exact"
    # git adds no text, wherever the corpus is
    assert sorted(path.name for path in (published_corpus / "texts").iterdir()) == [".gitignore", "a.txt", "b.txt"]
    assert (published_corpus / "texts" / ".gitignore").read_text() == "*\n"


def test_an_unreadable_file_among_the_copies_is_reported_not_fatal(published_corpus, copies):
    (copies / "empty.txt").write_bytes(b"")
    report = attach(copies, published_corpus)
    remark = report.loc[report["file"].str.endswith("empty.txt"), "remark"].iloc[0]
    assert "empty" in remark


def test_publishing_twice_changes_nothing_and_leaves_no_part_behind(published_corpus, copies):
    attach(copies, published_corpus)
    publish(published_corpus)
    assert not publish(published_corpus)["changed"].any()
    assert list(published_corpus.glob("*.part")) == []
    report = verify(published_corpus)
    assert report["agrees"].all(), report[~report["agrees"]].to_dict("records")


def test_a_table_that_was_edited_by_hand_is_found(published_corpus, copies):
    attach(copies, published_corpus)
    publish(published_corpus)
    path = published_corpus / "counts.csv"
    table = pd.read_csv(path)
    table.loc[0, "count"] += 1
    table.to_csv(path, index=False)
    report = verify(published_corpus).set_index(["doc_id", "table"])
    assert report.loc[("a", "counts"), "differing_rows"] == 2
    wrong = report[~report["agrees"]]
    assert set(wrong.index) <= {("a", "counts"), ("", "")}  # and the tables that are checked against the counts
    assert "add up to" in wrong["remark"].str.cat()
