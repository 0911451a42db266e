"""Damaged and edited files of a corpus: no number changes without a word, and the word names the file."""

import shutil
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from benchmarks import trust  # noqa: E402

import crossread as cr  # noqa: E402
from crossread.corpus import FolderTables, corpus_folder, read_documents, seal  # noqa: E402
from crossread.corpus.sealing import EditedWarning, changed_files  # noqa: E402
from crossread.corpus.tables import PUBLISHED_FORMS, Form, read_table  # noqa: E402
from crossread.corpus.yaml_files import compose, read_items  # noqa: E402
from crossread.files import write_whole  # noqa: E402
from crossread.measure.published import PUBLISHED  # noqa: E402


@pytest.fixture
def alliances(tmp_path):
    """A copy of the published tables, to be damaged."""
    folder = tmp_path / "alliances"
    shutil.copytree(corpus_folder("alliances"), folder, ignore=shutil.ignore_patterns("texts"))
    return folder


@pytest.mark.parametrize("corpus", ["alliances", "practice"])
def test_no_mutation_changes_a_number_without_a_word(corpus):
    table = trust.damage(corpus, len(trust.MUTATIONS), seed=3)
    assert len(table) >= 60
    silent = table[~table["end"].isin(["sentence", "warning", "the same"])]
    assert silent.empty, silent.to_string()


def test_the_tables_of_the_project_are_sealed_and_sound():
    folder = corpus_folder("alliances")
    assert FolderTables(folder, read_documents(folder)).problems() == []
    stale = {place.name: changed_files(place) for place in (*folder.parent.glob("*/"), folder.parent)}
    assert not any(stale.values()), f"{stale}: run crossread seal after an edit that is meant"


def test_the_forms_of_the_tables_have_the_columns_that_are_published():
    for name, form in PUBLISHED_FORMS.items():
        assert set(form.columns) <= set(PUBLISHED[name][0]), name
        assert not form.exact or form.columns == PUBLISHED[name][0], name


def test_a_count_that_was_changed_is_told_by_its_sum_and_by_its_hash(alliances):
    counts = alliances / "counts.csv"
    rows = counts.read_text().splitlines()
    rows[4] = rows[4].rsplit(",", 1)[0] + ",4000"
    counts.write_text("\n".join(rows) + "\n")
    with pytest.raises(
        cr.CrossreadError, match=r"counts\.csv: the terms of segment .* Rows were lost, added or changed"
    ):
        cr.load(alliances, texts=False)


def test_an_edit_that_is_sound_in_form_is_told_from_damage(alliances):
    rules = alliances / "variants.csv"
    rules.write_text(rules.read_text().replace("U.S.,1\n", "U.S.,2\n", 1))
    tables = FolderTables(alliances, read_documents(alliances))
    with pytest.raises(cr.CrossreadError, match="its form is sound, but it is not the table that was published"):
        tables["variants"]
    seal(alliances)
    assert len(FolderTables(alliances, read_documents(alliances))["variants"])


def test_an_edited_list_is_read_with_a_warning_until_it_is_sealed(alliances):
    path = alliances / "claims.yml"
    path.write_text("# mine\n" + path.read_text())
    with pytest.warns(EditedWarning, match=r"alliances/claims\.yml was edited since its folder was sealed"):
        corpus = cr.load(alliances, texts=False)
    assert "crossread seal alliances" in corpus.notices[0]


@pytest.mark.parametrize(
    "text, said",
    [
        ("[" * 100_000, "nested more than 20 deep"),
        ("- " * 100_000, "nested more than 20 deep"),
        ("a: &a [*a]", "stands inside what it refers to"),
        ("a0: &a0 x\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 9)), "parts"),
        ("- {cut: x, cut: y, reason: z}", "“cut” is there twice"),
        ("a: 1", "write the rules as a list"),
    ],
)  # fmt: skip
def test_a_yaml_file_stays_within_its_budget(tmp_path, text, said):
    path = write_whole(tmp_path / "rules.yml", text)
    with pytest.raises(cr.CrossreadError, match=said) as error:
        read_items(path, "rules")
    assert "rules.yml" in str(error.value)


def test_scalars_stay_the_text_that_they_are(tmp_path):
    path = write_whole(tmp_path / "rules.yml", "- {cut: 12:30, through: 0777, reason: 2023-02-30}\n- {body: null}")
    assert read_items(path, "rules") == [{"cut": "12:30", "through": "0777", "reason": "2023-02-30"}, {"body": "null"}]
    assert compose("", "a.yml") is None


def test_a_file_that_cannot_be_written_leaves_what_was_there(tmp_path, monkeypatch):
    path = write_whole(tmp_path / "a.csv", "before")
    monkeypatch.setattr("os.replace", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(cr.CrossreadError, match="a.csv cannot be written: No space left on device"):
        write_whole(path, "after")
    assert path.read_text() == "before" and list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    "text, said",
    [
        ("term,count\nally,3,4\n", "row 2: 3 cells, and the header has 2"),
        ("term,count\nally\n", "row 2: 1 cells, and the header has 2"),
        ("term,count\nally,-1\n", "row 2: “count” is “-1”, not a whole number from 0 to 9"),
        ("term,count\nally,10\n", "row 2: “count” is “10”, not a whole number from 0 to 9"),
    ],
)
def test_the_form_of_a_table_that_no_hash_guards(tmp_path, text, said):
    path = write_whole(tmp_path / "a.csv", text)
    with pytest.raises(cr.CrossreadError, match=said):
        read_table(path, Form(("term", "count"), whole={"count": (0, 9)}))
