"""All tables and figures of a study in a folder, with the paragraph that a paper needs."""

import pandas as pd
import pytest

import crossread as cr
from crossread.errors import CrossreadError

HOSTILE = ['=HYPERLINK("http://a.example")', "@SUM(1)", "-1+cmd", "'=1"]
BELL = "a title that rings \x07"


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """A study of four documents with hostile titles, two and two of groups with hostile names, and all its answers."""
    texts = {f"d{n}": "Allies pay. They talk of the sea. " * (n + 1) + f"Ship {n} sails." for n in range(4)}
    frame = pd.DataFrame({"doc_id": list(texts), "text": list(texts.values()), "year": [1, 2, 3, 4]})
    frame = frame.assign(title=HOSTILE, party=HOSTILE[:1] * 2 + HOSTILE[1:2] * 2)
    study, folder = cr.study(frame, lexicon={"cost": ["pay*"]}), tmp_path_factory.mktemp("paper") / "paper"
    return frame, study, folder, study.save_all(folder, by="party").set_index("table")


def test_tables_figures_and_methods_are_written_and_what_is_missing_is_said(saved):
    _, study, folder, report = saved
    assert report.loc["rates", ["rows", "figure"]].tolist() == [4, "rates"]
    assert report.loc["cuts", ["rows", "missing"]].tolist() == [0, "Nothing but marks and white space was cut."]
    assert "cuts.csv" not in {path.name for path in (folder / "tables").iterdir()}
    assert {f"rates.{kind}" for kind in ("pdf", "svg", "png")} <= {path.name for path in (folder / "figures").iterdir()}
    book = pd.read_excel(folder / "tables.xlsx", sheet_name=None)
    assert book["rates"]["count"].tolist() == study.rates().frame["count"].tolist()
    assert "95" not in book["columns"]["column"].tolist() and "n_sentences" in book["columns"]["column"].tolist()
    methods = (folder / "methods.md").read_text(encoding="utf-8")
    assert "The corpus holds 4 documents, 1 to 4," in methods and f"crossread {cr.__version__}" in methods
    assert "Groups by “party” were compared with the document as the unit" in methods
    units = book["columns"].set_index(["sheet", "column"])["unit"]
    assert units["rates", "share_low"] == "share, 0 to 1" and units["rates", "silent"] == "true or false"
    assert units["claims", "measured"] == "text"
    assert units["keyness", "high"].startswith("number") and units["rates", "doc_id"] == "text"


def test_the_paragraph_tells_only_of_what_was_asked(saved):
    from crossread.export import methods

    _, study, _, _ = saved
    one, pairs = "one test over all", "Pairs of documents were compared"
    told = methods(study, {"omnibus": study.omnibus()}, None)
    assert one in told and pairs not in told and "Lines over" not in told and "P-values are adjusted" in told
    told = methods(study, {"rates": study.rates()}, None)
    assert one not in told and "P-values" not in told and "Groups by" not in told
    assert pairs in methods(study, {"contrasts": study.contrasts()}, None)
    assert "Lines over" in methods(study, {"group_trends-by-party": study.rates()}, "party")


def test_a_sheet_holds_what_excel_can_hold():
    from io import BytesIO

    from openpyxl import Workbook, load_workbook

    from crossread.export import _add_sheet

    book, content = Workbook(write_only=True), BytesIO()
    held = [1, 0.5, float("inf"), float("nan"), None, pd.NA, True, "=1", BELL, ["a", "b"]]
    _add_sheet(book, "one", pd.DataFrame({"held": pd.Series(held, dtype=object)}))
    book.save(content)
    (_, *cells) = load_workbook(content)["one"]["A"]
    shown = [1, 0.5, "inf", None, None, None, True, "=1", BELL.replace("\x07", "\ufffd"), "['a', 'b']"]
    assert [cell.value for cell in cells] == shown and "f" not in {cell.data_type for cell in cells}


def test_csv_for_excel_begins_with_a_mark_where_asked(tmp_path, monkeypatch):
    monkeypatch.setattr("crossread.export.ALONE", ("rates",))
    study = cr.study({"Grün": "Allies pay."}, lexicon={"cost": ["pay*"]})
    for asked, begins in ((True, b"\xef\xbb\xbfdoc_id"), (False, b"doc_id")):
        study.save_all(tmp_path, bom=asked)
        assert (tmp_path / "tables" / "rates.csv").read_bytes().startswith(begins)


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "x").write_text("")
    with pytest.raises(CrossreadError, match="x is a file. Give a folder.$"):
        cr.study({"a": "Allies pay."}, lexicon={"cost": ["pay*"]}).save_all(tmp_path / "x")


def test_no_cell_is_a_formula_and_a_title_is_read_as_it_was(saved, tmp_path):
    from openpyxl import load_workbook

    from crossread.corpus.create import create

    frame, _, folder, _ = saved
    sheets = load_workbook(folder / "tables.xlsx").worksheets
    cells = [cell for sheet in sheets for row in sheet.iter_rows() for cell in row]
    assert HOSTILE[0] in {cell.value for cell in cells} and not {"f"} & {cell.data_type for cell in cells}
    groups = pd.read_csv(folder / "tables" / "rates-by-party.csv")["group"]
    assert groups.tolist() == [f"'{name}" for name in HOSTILE[:2]]
    create("mine", frame, into=tmp_path)
    lines = (tmp_path / "mine" / "documents.csv").read_text()
    assert "'=HYPERLINK" in lines and ",=HYPERLINK" not in lines and ',"=HYPERLINK' not in lines
    assert sorted(cr.load(tmp_path / "mine").documents["title"]) == sorted(HOSTILE)
