"""A folder of mixed files becomes a corpus, or nothing is made and everything that is wrong is said at once."""

import os
import shutil
from pathlib import Path

import pandas as pd
import pytest

from crossread.corpus import load
from crossread.corpus.create import CREATED, TO_FILL_IN, create
from crossread.errors import CrossreadError

PRACTICE = Path(__file__).parents[2] / "corpus" / "practice"
WORDS = "The allies agreed in spring that each would pay a part of what the watch on the northern sea costs. "
OTHER = "Nobody on the islands was asked whether the noise of the new runway should be counted as a payment. "


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "given"
    place.mkdir()
    return place


def refusal(folder, tmp_path, name="mine") -> str:
    home = tmp_path / "home"
    home.mkdir(exist_ok=True)
    before = sorted(home.rglob("*"))
    with pytest.raises(CrossreadError) as error:
        create(name, folder, into=home)
    assert sorted(home.rglob("*")) == before, "something was left behind"
    return str(error.value)


def test_the_practice_texts_make_a_corpus_in_every_format(tmp_path):
    report = create("mine", PRACTICE / "texts", into=tmp_path)
    assert tuple(report.columns) == CREATED
    assert len(report) == 7 and (report["remark"] == "").all()
    corpus = load(tmp_path / "mine")
    assert report["n_tokens"].tolist() == corpus.documents["n_tokens"].tolist()
    assert report["n_cut"].tolist() == corpus.cuts.groupby("doc_id", sort=False)["n_characters"].sum().tolist()
    assert report.set_index("doc_id").loc["quay_2034", "cut"].startswith("page furniture 4")
    described = pd.read_csv(tmp_path / "mine" / "documents.csv")
    assert tuple(described.columns) == TO_FILL_IN
    row = described.set_index("doc_id").loc["davreli_2030"]
    assert row["title"] == "The Patient Neighbour: How Osmarra Grows"
    assert (row["year"], row["year_basis"], row["label"]) == (2030, "inferred", "Davreli 2030")
    assert (tmp_path / "mine" / ".gitignore").read_text() == "texts/\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine"]


def test_the_texts_are_copied_as_they_are_and_other_files_left_out(folder, tmp_path):
    (folder / "Á là carte (2019).txt").write_bytes(WORDS.encode())
    (folder / "deeper").mkdir()
    (folder / "deeper" / "다섯.md").write_bytes(("# Head\n\n" + OTHER).encode())
    (folder / "photo.jpg").write_bytes(b"\xff\xd8\xff")
    (folder / ".DS_Store").write_bytes(b"\0\0")
    report = create("mine", folder, into=tmp_path).set_index("doc_id")
    assert report.index.tolist() == ["a_la_carte_2019", "text_2", ""]
    assert report.loc["", "file"] == "photo.jpg" and "“.jpg” are not read" in report.loc["", "remark"]
    assert (tmp_path / "mine" / "texts" / "a_la_carte_2019.txt").read_bytes() == WORDS.encode()
    assert load(tmp_path / "mine").documents.loc["text_2", "title"] == "Head"


def test_what_an_earlier_program_spoiled_is_in_the_report(folder, tmp_path):
    (folder / "a.txt").write_bytes(("The allyâ€™s share. " + WORDS).encode())
    report = create("mine", folder, into=tmp_path)
    assert "“â€™” in line 1 looks like “’”" in report.loc[0, "remark"]


def test_all_problems_are_told_together(folder, tmp_path):
    (folder / "empty.txt").write_bytes(b"")
    (folder / "scan.pdf").write_bytes(b"no pdf")
    (folder / "good.txt").write_bytes(WORDS.encode())
    (folder / "again.txt").write_bytes(WORDS.encode())
    message = refusal(folder, tmp_path)
    assert message.startswith("3 problems in")
    for name in ("empty.txt: the file is empty", "scan.pdf: called .pdf", "the same file twice"):
        assert name in message
    assert "again.txt and" in message


def test_the_encoding_that_was_guessed_is_in_the_report(folder, tmp_path):
    (folder / "old.txt").write_bytes(("The ally’s share. " + WORDS).encode("cp1252"))
    report = create("mine", folder, into=tmp_path)
    assert "old.txt: not UTF-8: line 1, byte 9" in report.loc[0, "remark"]
    assert "Read as cp1252" in report.loc[0, "remark"]


def test_near_duplicates_are_named_whatever_their_format(folder, tmp_path):
    text = " ".join(f"In year {n} the allies paid {n * 7} marks for ship number {n * 3}." for n in range(40))
    (folder / "long.txt").write_text(text + "\n\n" + OTHER * 3, encoding="utf-8")
    (folder / "part.html").write_text(f"<h1>Part</h1><p>{text.replace('year 7 ', 'winter 7 ')}</p>", encoding="utf-8")
    message = refusal(folder, tmp_path)
    assert "long.txt and" in message and "part.html: near-duplicates, 9" in message


def test_texts_that_share_a_paragraph_are_not_near_duplicates(folder, tmp_path):
    shared = " ".join(f"Ship {n} sails." for n in range(30))
    for name in "ab":
        own = " ".join(f"Harbour {name}{n} counts cod and herring." for n in range(30))
        (folder / f"{name}.txt").write_text(f"{shared}\n\n{own}", encoding="utf-8")
    assert len(create("mine", folder, into=tmp_path)) == 2


def test_names_that_clash_or_leave_the_folder_are_refused(folder, tmp_path):
    (folder / "Lee 2023.txt").write_text(WORDS, encoding="utf-8")
    (folder / "lee-2023.md").write_text(OTHER, encoding="utf-8")
    assert "both names give the doc_id “lee_2023”" in refusal(folder, tmp_path)
    for name in ("../mine", "a/b", "", ".", "-x"):
        assert "cannot be the name of a corpus" in refusal(folder, tmp_path, name)
    (folder / "lee-2023.md").unlink()
    outside = tmp_path / "outside.txt"
    outside.write_text(OTHER, encoding="utf-8")
    (folder / "link.txt").symlink_to(outside)
    assert "a link to a file outside the folder" in refusal(folder, tmp_path)


def test_an_existing_corpus_is_not_touched(folder, tmp_path):
    (folder / "a.txt").write_text(WORDS, encoding="utf-8")
    (tmp_path / "home" / "mine").mkdir(parents=True)
    assert "a corpus “mine” already" in refusal(folder, tmp_path)


def test_an_empty_folder_a_missing_one_and_one_without_texts_are_refused(folder, tmp_path):
    assert "no text in this folder." in refusal(folder, tmp_path)
    (folder / "photo.jpg").write_bytes(b"\xff\xd8\xff")
    assert "1 files of other kinds" in refusal(folder, tmp_path)
    assert "is not a folder" in refusal(folder / "gone", tmp_path)


def test_a_folder_without_permission_is_refused(folder, tmp_path, monkeypatch):
    (folder / "a.txt").write_text(WORDS, encoding="utf-8")
    (folder / "closed").mkdir()
    scan = os.scandir

    def deny(path):
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", deny)  # the tests may run as root, who may read everything
    assert "closed: this folder may not be read" in refusal(folder, tmp_path)


def test_a_text_of_which_nothing_is_left_is_refused(folder, tmp_path):
    (folder / "a.txt").write_text("* * *\n\n-----\n", encoding="utf-8")
    assert "nothing to count was left after cleaning" in refusal(folder, tmp_path)


def test_a_full_disk_leaves_nothing_behind(folder, tmp_path, monkeypatch):
    (folder / "a.txt").write_text(WORDS, encoding="utf-8")

    def fill(source, target):
        Path(target).write_bytes(b"half")
        raise OSError(28, "No space left on device", str(target))

    monkeypatch.setattr(shutil, "copyfile", fill)
    assert "No space left on device. Nothing was made." in refusal(folder, tmp_path)
