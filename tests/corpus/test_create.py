"""A folder of mixed files or a table becomes a corpus: what can be read is made, the rest stands in the report."""

import os
from pathlib import Path

import pandas as pd
import pytest

from crossread import study
from crossread.corpus import load
from crossread.corpus.create import create
from crossread.corpus.describe import TO_FILL_IN
from crossread.corpus.report import CREATED, describe_report
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
    assert len(report) == 7 and (report["state"] == "fine").all() and (report["remark"] == "").all()
    corpus = load(tmp_path / "mine")
    by_document = report.set_index("doc_id").loc[corpus.documents.index]
    assert by_document["n_tokens"].tolist() == corpus.documents["n_tokens"].tolist()
    assert by_document["n_cut"].tolist() == corpus.cuts.groupby("doc_id", sort=False)["n_characters"].sum().tolist()
    assert by_document.loc["quay_2034", "cut"].startswith("page furniture 4")
    described = pd.read_csv(tmp_path / "mine" / "documents.csv")
    assert tuple(described.columns) == (*TO_FILL_IN, "file")
    row = described.set_index("doc_id").loc["davreli_2030"]
    assert row["title"] == "The Patient Neighbour: How Osmarra Grows"
    assert (row["year"], row["year_basis"], row["label"]) == (2030, "inferred", "Davreli 2030")
    assert (row["language"], by_document.loc["davreli_2030", "year_from"]) == ("English", "name")
    assert (tmp_path / "mine" / ".gitignore").read_text() == "texts/\nreport.csv\n"
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


def test_what_cannot_be_read_stands_in_the_report_and_the_rest_is_made(folder, tmp_path):
    (folder / "empty.txt").write_bytes(b"")
    (folder / "scan.pdf").write_bytes(b"no pdf")
    (folder / "stars.txt").write_text("* * *\n\n-----\n", encoding="utf-8")
    (folder / "good.txt").write_bytes(WORDS.encode())
    (folder / "same.txt").write_bytes(WORDS.encode())
    report = create("mine", folder, into=tmp_path)
    reasons = report[report["state"] == "not read"].set_index("file")["remark"]
    assert reasons["empty.txt"] == "the file is empty (0 bytes). Replace it or leave it out."
    assert reasons["scan.pdf"].startswith("called .pdf but is not a PDF")
    assert reasons["same.txt"] == "the same text as good.txt, which was kept"
    assert reasons["stars.txt"].startswith("nothing but headings, notes")
    assert list(load(tmp_path / "mine").documents.index) == ["good"]
    assert describe_report(report) == "1 of 5 texts read (20 tokens); 4 could not be read. No year is known."
    written = pd.read_csv(tmp_path / "mine" / "report.csv", keep_default_na=False)
    assert written["file"].tolist() == report["file"].tolist()


def test_where_nothing_can_be_read_nothing_is_made(folder, tmp_path):
    (folder / "empty.txt").write_bytes(b"")
    (folder / "scan.pdf").write_bytes(b"no pdf")
    message = refusal(folder, tmp_path)
    assert ": not one text could be read; nothing was made.\n" in message and "\n- scan.pdf: called" in message
    (folder / "empty.txt").write_text("* * *", encoding="utf-8")
    message = refusal(folder, tmp_path)
    assert message.startswith("Not one text could be counted; nothing was made.\n- scan.pdf: called")
    assert "\n- empty.txt: nothing but headings, notes" in message


def test_what_an_earlier_program_spoiled_is_in_the_report(folder, tmp_path):
    (folder / "a.txt").write_bytes(("The allyâ€™s share. " + WORDS).encode())
    report = create("mine", folder, into=tmp_path)
    assert report.loc[0, "state"] == "look" and "“â€™” in line 1 looks like “’”" in report.loc[0, "remark"]


def test_an_encoding_is_guessed_and_said_or_told_and_kept(folder, tmp_path):
    text = "Los años del pacto: España paga más que los otros. " + WORDS
    (folder / "old.txt").write_bytes(text.encode("cp1252"))
    report = create("guessed", folder, into=tmp_path)
    assert report.loc[0, "remark"].startswith("not UTF-8: line 1, byte") and "Read as" in report.loc[0, "remark"]
    report = create("told", folder, encoding="cp1252", into=tmp_path)
    assert report.loc[0, "remark"] == ""
    assert (tmp_path / "told" / "texts" / "old.txt").read_text(encoding="utf-8") == text
    (folder / "new.txt").write_bytes("über".encode() + b"\x81")
    report = create("mixed", folder, encoding="cp1252", into=tmp_path)
    assert report.loc[0, ["file", "state"]].tolist() == ["new.txt", "not read"]
    assert report.loc[0, "remark"].startswith("not cp1252: line 1, byte 6 of the file is 0x81")


def test_near_duplicates_are_named_whatever_their_format_and_both_are_kept(folder, tmp_path):
    text = " ".join(f"In year {n} the allies paid {n * 7} marks for ship number {n * 3}." for n in range(40))
    (folder / "long.txt").write_text(text + "\n\n" + OTHER * 3, encoding="utf-8")
    (folder / "part.html").write_text(f"<h1>Part</h1><p>{text.replace('year 7 ', 'winter 7 ')}</p>", encoding="utf-8")
    report = create("mine", folder, into=tmp_path).set_index("file")
    assert report.loc["long.txt", "remark"].startswith("near-duplicate of part.html (9")
    assert report.loc["part.html", "remark"].startswith("near-duplicate of long.txt (9")


def test_texts_that_share_a_paragraph_are_not_near_duplicates(folder, tmp_path):
    shared = " ".join(f"Ship {n} sails." for n in range(30))
    for name in "ab":
        own = " ".join(f"Harbour {name}{n} counts cod and herring." for n in range(30))
        (folder / f"{name}.txt").write_text(f"{shared}\n\n{own}", encoding="utf-8")
    assert (create("mine", folder, into=tmp_path)["remark"] == "").all()


def test_names_that_clash_are_numbered_and_links_out_of_the_folder_are_not_followed(folder, tmp_path):
    (folder / "Lee 2023.txt").write_text(WORDS, encoding="utf-8")
    (folder / "lee-2023.md").write_text(OTHER, encoding="utf-8")
    outside = tmp_path / "outside.txt"
    outside.write_text(OTHER + WORDS, encoding="utf-8")
    (folder / "link.txt").symlink_to(outside)
    report = create("mine", folder, into=tmp_path).set_index("file")
    assert report["doc_id"].to_dict() == {"link.txt": "", "lee-2023.md": "lee_2023_2", "Lee 2023.txt": "lee_2023"}
    assert report.loc["lee-2023.md", "remark"] == "“lee_2023” is the id of Lee 2023.txt: this text is lee_2023_2"
    assert "a link to a file outside the folder" in report.loc["link.txt", "remark"]


def test_names_that_are_none_of_a_corpus_are_refused(folder, tmp_path):
    (folder / "a.txt").write_text(WORDS, encoding="utf-8")
    for name in ("../mine", "a/b", "", ".", "-x"):
        assert "cannot be the name of a corpus" in refusal(folder, tmp_path, name)


def test_a_year_comes_from_the_name_or_the_head_and_never_from_a_hash(folder, tmp_path):
    names = {
        "speech 1999.txt": "1999", "1750-1775_plan.txt": "1750", "a1b2c3d4-2071-4e5f.txt": "", "x2071ab.txt": "",
        "1914 and 1939.txt": "", "plain.txt": "",
    }  # fmt: skip
    for number, name in enumerate(names):
        (folder / name).write_text(f"{WORDS} Ship {number} sailed.", encoding="utf-8")
    (folder / "dated.md").write_text(f"# Address of May 2004\n\n{OTHER}", encoding="utf-8")
    report = create("mine", folder, into=tmp_path)
    years = report.set_index("file")["year"].map(lambda year: "" if year == "" or year != year else f"{year:.0f}")
    assert years.to_dict() == {**names, "dated.md": "2004"}
    assert report.loc[0, "file"] == "dated.md"
    assert report.loc[0, "remark"] == "the year 2004 was inferred from its first lines"
    assert report.attrs["said"][0].startswith("1 year is the first of a span of years in the name of the file.")


def test_texts_in_another_language_are_named(folder, tmp_path):
    german = "Der Vertrag ist nicht mehr, was er war, und die Verbündeten werden auch für das Meer zu zahlen haben. "
    (folder / "de.txt").write_text(german * 3, encoding="utf-8")
    for number in range(3):
        (folder / f"en{number}.txt").write_text(f"{WORDS} {OTHER} It is ship {number}.", encoding="utf-8")
    report = create("mine", folder, into=tmp_path)
    assert report.loc[0, ["file", "remark"]].tolist() == ["de.txt", "it is German, most of the others are English"]
    assert "Not all texts are English: 1 German." in describe_report(report)


def test_texts_without_spaces_between_words_are_told_what_to_do_first(tmp_path):
    (tmp_path / "ja.txt").write_text("同盟国は基地の費用を払う。政府は何も言わない。" * 5, encoding="utf-8")
    assert "cut the texts into words first" in describe_report(create("mine", tmp_path / "ja.txt", into=tmp_path))


GERMAN = (
    "Der Vertrag mit den Verbündeten ist nicht mehr, was er war, z. B. auf See. Herr Dr. Öz wird ihn am 5. Mai prüfen. "
    "„Wer zahlt für das Bündnis?“, fragt er. Die Kosten sind für die Küste und auch für uns zu hoch. "
)
SPANISH = (
    "El tratado con los aliados ya no es lo que era, y el Sr. Núñez lo sabe. ¿Quién paga por la alianza? "
    "¡Nadie en la costa lo dice! Los costes son altos para la isla y también para nosotros. "
)


@pytest.mark.parametrize(
    ("text", "language", "words", "seldom"),
    [(GERMAN, "German", {"verbündeten", "öz", "küste"}, "kosten"), (SPANISH, "Spanish", {"núñez", "quién"}, "costes")],
)
def test_a_corpus_in_another_language_is_split_and_counted_and_says_what_is_for_english(text, language, words, seldom):
    opened = study({"a": text * 8, "b": text * 4}, lexicon={"cost": [seldom]})
    assert (opened.documents["language"] == language).all()
    assert opened.documents["n_sentences"].tolist() == [32, 16] and words <= set(
        opened.corpus.term_matrix("segment").terms
    )
    assert opened.rates().frame["count"].tolist() == [8, 4]
    notice = f"These texts are {language}: the function words that charts and topics leave out are those of English"
    assert opened.corpus.notices[0].startswith(notice) and "readability is not reckoned" in opened.corpus.notices[0]
    measured = set(opened.variety().frame["measure"])
    assert measured == {"mattr", "mtld", "type_token_ratio", "sentence_length"}
    assert "flesch" in set(study({"a": WORDS * 9, "b": OTHER * 9}).variety().frame["measure"])


def test_an_existing_corpus_is_not_touched(folder, tmp_path):
    (folder / "a.txt").write_text(WORDS, encoding="utf-8")
    (tmp_path / "home" / "mine").mkdir(parents=True)
    assert "a corpus “mine” already" in refusal(folder, tmp_path)


def test_an_empty_folder_a_missing_one_and_one_without_texts_are_refused(folder, tmp_path):
    assert "no text in this folder." in refusal(folder, tmp_path)
    (folder / "photo.jpg").write_bytes(b"\xff\xd8\xff")
    assert "photo.jpg: passed over: " in refusal(folder, tmp_path)
    assert "is no folder and no file" in refusal(folder / "gone", tmp_path)


def test_a_folder_without_permission_is_told(folder, tmp_path, monkeypatch):
    (folder / "a.txt").write_text(WORDS, encoding="utf-8")
    (folder / "closed").mkdir()
    scan = os.scandir

    def deny(path):
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", deny)  # the tests may run as root, who may read everything
    report = create("mine", folder, into=tmp_path)
    assert report.loc[0, "file"] == "closed" and report.loc[0, "remark"].startswith("this folder may not be read")


def test_a_full_disk_leaves_nothing_behind(folder, tmp_path, monkeypatch):
    (folder / "a.txt").write_text(WORDS, encoding="utf-8")

    def fill(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fill)  # the first file is half of the folder that is being made
    assert "No space left on device. What was there before is as it was." in refusal(folder, tmp_path)
