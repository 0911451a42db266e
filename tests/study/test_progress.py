"""Whoever waits sees what for: bars at a notebook and in commands, and none where the library is called."""

import pytest
import tqdm.auto

import crossread as cr
from crossread import progress
from crossread.corpus.gather import gather


@pytest.fixture
def shown(monkeypatch):
    """The bars that were shown: what each says, of how many steps, how many were made, and whether it was closed."""
    made = []

    class Bar:
        def __init__(self, desc, total, **form):
            self.row = [desc, total, 0, False]
            assert form["delay"] == 2
            made.append(self.row)

        def update(self, n=1):
            self.row[2] += n

        def close(self):
            self.row[3] = True

    monkeypatch.setattr(tqdm.auto, "tqdm", Bar)
    return made


def test_the_library_shows_none(shown):
    assert list(progress.follow([1, 2], "counting", 2)) == [1, 2] and shown == []


def test_a_command_shows_how_many_files_are_read(shown, tmp_path):
    for name in "abc":
        (tmp_path / f"{name}.txt").write_text("Allies pay.", encoding="utf-8")
    with progress.bars():
        gather(tmp_path)
    assert shown == [["reading", 3, 3, True]]
    gather(tmp_path)
    assert len(shown) == 1


def test_a_bar_is_closed_when_a_step_fails_or_is_the_last_that_is_asked_for(shown):
    with progress.bars():
        for step in progress.follow("abc", "reading", 3):
            if step == "b":
                break
        with pytest.raises(ZeroDivisionError):
            list(progress.follow((1 / number for number in (1, 0)), "dividing"))
    assert shown == [["reading", 3, 1, True], ["dividing", None, 1, True]]


def test_at_a_notebook_every_long_question_says_what_it_does(shown, monkeypatch):
    monkeypatch.setattr(progress, "is_at_notebook", lambda: True)
    study = cr.study("practice")
    study.topic_stability([2, 3])
    study.topic_sensitivity(2)
    study.similarity()
    study.keyness(by="party" if "party" in study.documents else "genre")
    study.false_words(study.documents.index[0])
    said = {what for what, *_ in shown}
    assert said == {
        "drawing passages", "numbers of topics", "leaving documents out", "other decisions", "drawing passages anew",
        "halves of each document", "dealing documents", "halves of the document",
    }  # fmt: skip
    assert all(made == total and closed for what, total, made, closed in shown if what != "dealing documents")
