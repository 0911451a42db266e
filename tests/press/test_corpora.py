"""The commands on corpora of one's own, as they are typed."""

import shutil

import pandas as pd
import pytest

from crossread.corpus import project_folder
from crossread.errors import CrossreadError
from crossread_press.commands import main

WORDS = "The allies agreed in spring that each would pay a part of what the watch on the northern sea costs."
OTHER = "Nobody on the islands was asked whether the noise of the new runway should be counted as a payment."


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.setenv("CROSSREAD_PROJECT", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "talks.csv").write_text(
        f'doc_id,speech,party\na,"{WORDS}",Red\nb,"{OTHER}",Blue\nc,,Blue\n', encoding="utf-8"
    )
    return tmp_path


def test_from_a_table_to_a_corpus_and_back(project, capsys, monkeypatch):
    assert main(["new", "talks", "talks.csv", "--text", "speech"]) == 1, "one row was not read"
    out = capsys.readouterr().out.splitlines()
    assert out[0] == "2 of 3 texts read (39 tokens); 1 could not be read. No year is known."
    assert out[2].split(maxsplit=4) == ["not", "read", "row", "4", "there is no text in it"]
    assert not any("called by their rows" in line for line in out)
    (project / "rows.csv").write_text(f'speech,party\n"{WORDS}",Red\n"{OTHER}",Blue\n', encoding="utf-8")
    assert main(["new", "unnamed", "rows.csv", "--text", "speech"]) == 0
    assert "No column names the texts, so they are called by their rows. Give the table a column" in " ".join(
        capsys.readouterr().out.split()
    )
    (project / "late.txt").write_text("Ships sail in the morning. " * 3, encoding="utf-8")
    assert main(["add", "talks", "late.txt"]) == 0
    assert main(["remove", "talks", "late"]) == 0
    (project / "moral.dic").write_text("%\n1\tcost\n%\npay*\t1\n:)\t1\n", encoding="utf-8")
    capsys.readouterr()
    assert main(["lexicon", "talks", "moral.dic"]) == 0
    said = capsys.readouterr()
    assert said.err == "moral.dic, line 5: “:)” was passed over: there is no word in it.\n"
    assert said.out.startswith("1 entry under 1 key: ") and "; 1 remark above." in said.out
    assert main(["rename", "talks", "speeches"]) == 0
    monkeypatch.setattr("builtins.input", lambda question: "no")
    assert main(["delete", "speeches"]) == 1 and (project / "corpus" / "speeches").is_dir()
    monkeypatch.setattr("builtins.input", lambda question: "speeches")
    assert main(["delete", "speeches"]) == 0 and not (project / "corpus" / "speeches").exists()


def test_a_corpus_is_made_where_the_user_stands_and_not_where_the_package_lies(project, monkeypatch):
    monkeypatch.delenv("CROSSREAD_PROJECT")
    assert main(["new", "talks", "talks.csv", "--text", "speech"]) == 1, "one row was not read"
    assert (project / "corpus" / "talks" / "documents.csv").is_file()


def test_what_cannot_be_done_is_said_in_a_sentence(project, capsys):
    assert main(["new", "talks", "gone"]) == 2
    assert capsys.readouterr().err == "gone is no folder and no file. Check the name.\n"
    assert main(["new", "talks", "talks.csv", "--text", "body"]) == 2
    assert "No column “body” in talks.csv. It has: doc_id, speech, party." in capsys.readouterr().err
    assert not (project / "corpus").exists() or not list((project / "corpus").iterdir())


def test_what_is_published_keeps_its_own_columns_and_what_the_texts_do_not_give_is_told_by_its_document(tmp_path):
    from crossread.corpus import seal
    from crossread_press.publishing import publish, verify

    place = tmp_path / "parties"
    shutil.copytree(project_folder() / "corpus" / "parties", place)
    publish(place)
    table = pd.read_csv(place / "documents.csv", dtype=str)
    assert set(table["party"]) == {"Green Current", "Harbour Union", "Shore League"}
    assert verify(place)["agrees"].all()
    table = pd.read_csv(place / "entries.csv")
    row = int(table.index[table["count"] > 0][0])
    table.loc[row, "count"] += 1
    table.to_csv(place / "entries.csv", index=False, lineterminator="\n")
    seal(place)
    report = verify(place)
    wrong = report[(report["table"] == "entries") & ~report["agrees"]]
    assert wrong["doc_id"].tolist() == [table.loc[row, "doc_id"]] and wrong["differing_rows"].tolist() == [2]


def test_a_corpus_whose_themes_are_still_to_be_written_is_published(project, capsys):
    from crossread_press.publishing import publish, verify

    assert main(["new", "talks", "talks.csv", "--text", "speech"]) == 1
    place = project / "corpus" / "talks"
    publish(place)
    assert verify(place)["agrees"].all() and "themes" not in set(pd.read_csv(place / "entries.csv")["lexicon"])
    (place / "themes.yml").write_text("cost:\n- [", encoding="utf-8")
    with pytest.raises(CrossreadError, match="themes.yml"):
        publish(place)


def test_sentences_are_coded_in_the_terminal_and_kept(project, capsys, monkeypatch):
    assert main(["new", "talks", "talks.csv", "--text", "speech"]) == 1
    (project / "corpus" / "talks" / "themes.yml").write_text(
        "cost:\n  - {pattern: pay*|cost*, reason: what it costs}\n"
    )
    typed = iter(["7", "a", "2", "s", "b", "q"])
    monkeypatch.setattr("builtins.input", lambda asked: next(typed))
    capsys.readouterr()
    assert main(["code", "talks", "--coder", "Ann"]) == 0
    said = capsys.readouterr().out
    assert "A digit for each theme (0 no, 1 weak, 2 core)" in said and "Themes: cost." in said
    assert "Nobody else has coded these sentences." in said
    assert "A code is 0, 1 or 2 for each of cost." in said  # of 7
    assert said.rstrip().endswith("Stopped. 1 of 2 sentences are coded and saved.")
    codes = pd.read_csv(project / "corpus" / "talks" / "codes-ann.csv")
    assert codes[["coder", "cost"]].values.tolist() == [["Ann", 2]] and codes["probability"].notna().all()
    monkeypatch.setattr("builtins.input", lambda asked: "0")
    assert main(["code", "talks", "--coder", "Ann"]) == 0
    assert "All 2 sentences are coded." in capsys.readouterr().out
