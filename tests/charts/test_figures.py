"""Figures: what is written, what is refused, what `check` finds, and that bytes repeat."""

import os
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from crossread.charts import figures, style
from crossread.errors import CrossreadError

TABLE = pd.DataFrame({"doc_id": ["a", "b"], "rate": [1 / 3, 2 / 3], "n": [3, 4]})
NAME = "fig-97-toy"


def draw(table=TABLE, text=None, size=9, x=0.5):
    ax = style.Sheet(2.0).axes(1, 0, 6, 1.7)
    ax.plot(table["n"], figures.rounded(table)["rate"])
    if text:
        ax.text(x, 0.5, text, fontsize=size, transform=ax.transAxes)
    return ax


def save(name=NAME, ax=None, **changes):
    given = {"data": TABLE, "caption": "Two rates.", "alt": "B is twice A.", "function": "plot_toy"} | changes
    return figures.save(ax or draw(), name, **given)


def problems(*arguments, **options):
    return list(figures.check(*arguments, **options).itertuples(index=False, name=None))


def test_save_writes_picture_table_and_row(own_figures):
    save(parameters={"draws": 10, "axis": "n"})
    files = sorted(path.relative_to(own_figures).as_posix() for path in own_figures.rglob("*") if path.is_file())
    assert files == [f"data/{NAME}.csv", f"{NAME}.png", f"{NAME}.svg", "figures.csv"]
    assert (own_figures / "data" / f"{NAME}.csv").read_text() == "doc_id,rate,n\na,0.333333,3\nb,0.666667,4\n"
    row = figures.manifest(own_figures).iloc[0]
    assert row["caption"] == "Two rates." and row["alt"] == "B is twice A." and row["function"] == "plot_toy"
    assert row["parameters"] == '{"axis": "n", "draws": 10}'
    assert (row["width_inches"], row["height_inches"]) == ("8.0", "2.32")
    assert problems(own_figures) == []


def test_save_again_replaces_the_row_and_keeps_the_others(own_figures):
    save()
    save("fig-98-other")
    save(alt="Another finding.")
    assert list(figures.manifest(own_figures)["alt"]) == ["Another finding.", "B is twice A."]


def test_save_knows_the_notebook_from_the_executor(monkeypatch, own_figures):
    monkeypatch.setenv(figures.NOTEBOOK_VARIABLE, "02_words")
    save()
    assert figures.manifest(own_figures)["notebook"].item() == "02_words"


def test_save_writes_to_an_ignored_folder_when_run_by_hand(monkeypatch):
    monkeypatch.delenv(figures.FOLDER_VARIABLE)
    assert figures.folder() == figures.PUBLISHED / "mine"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"alt": " "}, "fig-97-toy: the alt text is empty"),
        ({"alt": None}, "fig-97-toy: the alt text is empty"),
        ({"caption": ""}, "fig-97-toy: the caption is empty"),
        ({"data": TABLE.iloc[:0]}, "fig-97-toy: the table is empty"),
        ({"name": "fig-7-toy"}, "“fig-7-toy” names no figure"),
        ({"name": "fig-07-Toy"}, "“fig-07-Toy” names no figure"),
    ],
)
def test_save_refuses_and_writes_nothing(own_figures, changes, message):
    with pytest.raises(CrossreadError, match=message):
        save(**changes)
    assert list(own_figures.iterdir()) == []


def test_save_refuses_lettering_too_small_or_cut_off(monkeypatch):
    monkeypatch.setenv(figures.STRICT_VARIABLE, "1")
    with pytest.raises(CrossreadError, match="the label “tiny” is set in 6 points, too small to read"):
        save(ax=draw(text="tiny", size=6))
    with pytest.raises(CrossreadError, match="the label “far too far to the right” runs out of the picture"):
        save(ax=draw(text="far too far to the right", x=0.98))
    with pytest.raises(CrossreadError, match="the label “a title a title .* runs out of the picture"):
        ax = draw()
        ax.set_title("a title " * 40)
        save(ax=ax)


def test_save_closes_the_figure_so_that_a_notebook_does_not_show_it_twice():
    import matplotlib.pyplot as plt

    before = plt.get_fignums()
    save()
    assert plt.get_fignums() == before


def test_nothing_half_written_stays(own_figures, monkeypatch):
    save()
    before = {path: path.read_bytes() for path in own_figures.rglob("*") if path.is_file()}

    def fail(source, target):
        raise OSError(28, "No space left on device", str(target))

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="No space left"):
        save(data=TABLE.assign(n=[8, 9]))
    assert {path: path.read_bytes() for path in own_figures.rglob("*") if path.is_file()} == before


def test_rounded_keeps_six_digits_and_leaves_the_rest():
    table = pd.DataFrame(
        {"x": [123456.789, -1.23456789e-9, -0.0, np.nan], "n": [10**9, 1, 2, 3], "s": list("abcd")},
        index=list("wxyz"),
    )
    result = figures.rounded(table)
    assert result["x"].tolist()[:3] == [123457.0, -1.23457e-9, 0.0]
    assert not np.signbit(result["x"].iloc[2]) and np.isnan(result["x"].iloc[3])
    assert result[["n", "s"]].equals(table[["n", "s"]]) and list(result.index) == list("wxyz")
    assert table["x"].iloc[0] == 123456.789
    assert figures.rounded(result).equals(result)


def test_a_named_index_becomes_a_column(own_figures):
    save(data=TABLE.set_index("doc_id"))
    assert (own_figures / "data" / f"{NAME}.csv").read_text().startswith("doc_id,rate,n\n")


def test_show_is_read_aloud_and_escaped():
    shown = save(alt='B is "twice" A & <more>.')
    page = figures.show(NAME)._repr_html_()
    assert page == shown._repr_html_()
    assert 'alt="B is &quot;twice&quot; A &amp; &lt;more&gt;."' in page
    assert 'src="data:image/svg+xml;base64,' in page and "<figcaption>Two rates.</figcaption>" in page
    assert repr(shown) == '[Figure: B is "twice" A & <more>.]'
    with pytest.raises(CrossreadError, match="There is no figure “fig-96-x”. There are: .*fig-97-toy"):
        figures.show("fig-96-x")


def test_svg_and_png_repeat_to_the_byte_in_another_process(tmp_path, library, own_figures):
    script = (
        "import pandas as pd; from crossread.charts import figures; from crossread.charts import style\n"
        "ax = style.Sheet(2.0).axes(1, 0, 6, 1); ax.plot([1, 2], label='é', marker='o'); ax.set_title('Zwölf')\n"
        "ax.legend(); ax.fill_between([1, 2], [1, 1], [2, 2], hatch='//')\n"
        "figures.save(ax, 'fig-97-toy', data=pd.DataFrame({'x': [1]}), caption='c', alt='a')"
    )
    exec(script)
    here = {path.name: path.read_bytes() for path in own_figures.rglob("fig*.*")}
    environment = library | {"PYTHONHASHSEED": "1", figures.FOLDER_VARIABLE: str(tmp_path)}
    subprocess.run([sys.executable, "-c", script], env=environment, check=True)
    there = {path.name: path.read_bytes() for path in tmp_path.rglob("fig*.*")}
    assert len(there) == 4 and there == here
    assert b"<dc:date>" not in there["fig-97-toy.svg"]


def test_the_readers_own_settings_do_not_reach_a_saved_figure(own_figures):
    import matplotlib

    save(ax=draw(text="beside the style", x=0.1))
    plain = (own_figures / f"{NAME}.svg").read_bytes()
    own = {"font.sans-serif": ["DejaVu Serif"], "savefig.bbox": "tight", "svg.fonttype": "none", "savefig.dpi": 30}
    with matplotlib.rc_context(own):
        save(ax=draw(text="beside the style", x=0.1))
    assert (own_figures / f"{NAME}.svg").read_bytes() == plain


def test_check_finds_each_fault_of_a_folder(own_figures):
    for number in range(91, 97):
        save(f"fig-{number}-toy")
    (own_figures / "fig-91-toy.svg").unlink()
    (own_figures / "fig-92-toy.png").write_bytes(b"")
    (own_figures / "data" / "fig-93-toy.csv").write_text("x\n1\n")
    (own_figures / "fig-90-orphan.svg").write_text("<svg/>")
    (own_figures / "data" / "left.csv").write_text("x\n")
    text = (own_figures / "figures.csv").read_text().splitlines()
    text = [line.replace("B is twice A.", "") if "fig-94" in line else line for line in text]
    text = [line.replace("Two rates.", " ") if "fig-95" in line else line for line in text]
    text += [line for line in text if "fig-96" in line]
    (own_figures / "figures.csv").write_text("\n".join(text) + "\n")
    assert problems(own_figures) == [
        ("data/left.csv", "is an orphan: no row of the manifest names it"),
        ("fig-90-orphan.svg", "is an orphan: no row of the manifest names it"),
        ("fig-91-toy", "fig-91-toy.svg is missing"),
        ("fig-92-toy", "fig-92-toy.png is not the file that the manifest describes"),
        ("fig-93-toy", "data/fig-93-toy.csv is not the file that the manifest describes"),
        ("fig-94-toy", "has no alt text"),
        ("fig-95-toy", "has no caption"),
        ("fig-96-toy", "has two rows in the manifest"),
    ]


def test_a_broken_manifest_is_named(own_figures):
    save()
    (own_figures / "figures.csv").write_text("figure,alt\nfig-97-toy,x\n")
    with pytest.raises(CrossreadError, match="figures.csv: line 2 does not have the columns of a manifest"):
        figures.check(own_figures)


@pytest.fixture
def two_folders(tmp_path, monkeypatch):
    def fill(folder, **changes):
        monkeypatch.setenv(figures.FOLDER_VARIABLE, str(tmp_path / folder))
        save(**changes)
        return tmp_path / folder

    return fill


def test_compare_says_what_differs_and_by_how_much(two_folders):
    published = two_folders("published")
    moved = TABLE.assign(rate=[1 / 3, 0.68])
    again = two_folders("again", data=moved, ax=draw(moved), alt="B is more than twice A.")
    found = [problem for _, problem in problems(published, again)]
    assert "alt: “B is twice A.” is now “B is more than twice A.”" in found
    table = "table: 1 of 6 cells differ, most of all rate in row 2: 0.666667 is now 0.68 (0.02 of its size)"
    assert table in found
    assert any(problem.startswith("svg: ") and problem.endswith(" lines differ") for problem in found)
    assert any(problem.startswith("png: ") and "per cent of the pixels differ" in problem for problem in found)
    without = [problem for _, problem in problems(published, again, images=False)]
    assert table in without and not any(problem.startswith(("svg", "png")) for problem in without)
    assert problems(published, two_folders("same")) == []


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (TABLE.iloc[:1], "table: 2 rows are now 1"),
        (TABLE.rename(columns={"n": "m"}), "table: the columns doc_id, rate, n are now doc_id, rate, m"),
        (TABLE.assign(doc_id=["a", "c"]), "table: 1 of 6 cells differ, most of all doc_id in row 2: b is now c"),
    ],
)
def test_compare_names_other_changes_of_a_table(two_folders, data, problem):
    published, again = two_folders("published"), two_folders("again", data=data)
    assert (NAME, problem) in problems(published, again)


def test_compare_finds_figures_on_one_side_only(two_folders):
    published = two_folders("published", name="fig-01-old")
    again = two_folders("again", name="fig-02-new")
    assert problems(published, again) == [
        ("fig-01-old", "is an orphan: no notebook makes it"),
        ("fig-02-new", "is not published yet"),
    ]


def test_compare_sees_another_corpus(two_folders, toy):
    from crossread import from_texts

    published = two_folders("published", corpus=toy)
    again = two_folders("again", corpus=from_texts({"long": "One ally."}))
    assert (NAME, "the corpus “texts” is not the one that it was drawn from") in problems(published, again)


def test_replace_published_touches_only_the_notebooks_that_ran(two_folders, monkeypatch):
    monkeypatch.setenv(figures.NOTEBOOK_VARIABLE, "ran")
    two_folders("published", name="fig-01-dropped")
    published = two_folders("published", name="fig-02-kept")
    monkeypatch.setenv(figures.NOTEBOOK_VARIABLE, "failed")
    two_folders("published", name="fig-03-of-another")
    monkeypatch.setenv(figures.NOTEBOOK_VARIABLE, "ran")
    again = two_folders("again", name="fig-02-kept", alt="New finding.")
    figures.replace_published(again, ["ran"], published)
    rows = figures.manifest(published).set_index("figure")["alt"].to_dict()
    assert rows == {"fig-02-kept": "New finding.", "fig-03-of-another": "B is twice A."}
    assert problems(published) == []


def test_collect_refuses_a_figure_made_twice(two_folders, tmp_path, monkeypatch):
    places = []
    for notebook in ("01_one", "02_two"):
        monkeypatch.setenv(figures.NOTEBOOK_VARIABLE, notebook)
        places.append(two_folders(notebook))
    with pytest.raises(CrossreadError, match="Two notebooks make fig-97-toy: 01_one and 02_two"):
        figures.collect(places, tmp_path / "all")


def test_published_figures_are_in_order():
    assert problems() == []
