"""Notebooks run to their end on a corpus fresh from its folder, and say in a sentence what is not there."""

import nbformat
import pytest

from crossread.corpus.create import create
from crossread_press.notebooks import on_corpus
from crossread_press.trials import run_on

CELLS = {
    "open": 'import crossread as cr\n\nstudy = cr.study("alliances")',
    "reading": 'study.readings("kinds")',
    "themes": "study.rates()",
    "account": 'study.account().save("fig-01-account")',
}


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.setenv("CROSSREAD_PROJECT", str(tmp_path))
    given = tmp_path / "given"
    given.mkdir()
    (given / "a.txt").write_text("Allies pay for the watch. They talk of it in the harbour.", encoding="utf-8")
    create("mine", given)
    notebook = nbformat.v4.new_notebook()
    for name, source in CELLS.items():
        notebook.cells.append(nbformat.v4.new_code_cell(source, id=name))
    (tmp_path / "notebooks").mkdir()
    nbformat.write(notebook, tmp_path / "notebooks" / "01-first.ipynb")
    return tmp_path


def test_what_is_not_there_is_told_and_the_rest_is_drawn(project):
    summary, told, failures = run_on("mine", place=project / "figures" / "mine")
    assert failures == []
    assert told["cell"].tolist() == ["reading", "themes"]
    written = "Readings are written by hand, into readings.yml of its folder."
    assert told["told"].iloc[0] == f"No reading “kinds” of “mine”. {written}"
    assert told["told"].iloc[1].startswith("themes.yml: there is no entry in it yet. Write keys with their words into ")
    assert summary[["notebook", "figures", "told"]].values.tolist() == [["01-first", 1, 2]]
    assert (project / "figures" / "mine" / "fig-01-account.svg").is_file()


def test_only_the_cell_that_opens_the_corpus_is_changed():
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [
        nbformat.v4.new_code_cell(CELLS["open"]),
        nbformat.v4.new_code_cell('cr.study("practice").search("US")'),
    ]
    on_corpus(notebook, "mine")
    assert notebook.cells[0].source.endswith('study = cr.study("mine")')
    assert notebook.cells[1].source == 'cr.study("practice").search("US")'
