"""The executed notebooks as a site: complete, offline, read aloud."""

import inspect

import nbformat
import pytest
from bs4 import BeautifulSoup

import crossread as cr
from crossread import CrossreadError
from crossread_press.reference import public_names
from crossread_press.site import build_site

CELLS = [
    ("markdown", "title", "# Who pays, & what?\n\n## First\n\nSee the [glossary](seminar/words.md#pay)."),
    (
        "code",
        "draw",
        "import pandas as pd\nfrom crossread.charts import figures\nfrom crossread.charts.style import Sheet\n"
        "table = pd.DataFrame({'doc_id': ['a', 'b'], 'n': [1, 2]})\nax = Sheet(2).canvas()\nax.plot(table['n'])\n"
        "figures.save(ax, 'fig-01-pay', data=table, caption='Who <pays>.', alt='B pays twice.', function='plot')",
    ),
    ("code", "table", "table"),
    (
        "code",
        "text",
        "from IPython.display import Markdown\nprint('<script>1</script>')\nMarkdown('**Two** documents')",
    ),
]


def write_notebook(place, name, cells):
    make = {"markdown": nbformat.v4.new_markdown_cell, "code": nbformat.v4.new_code_cell}
    notebook = nbformat.v4.new_notebook(
        cells=[make[kind](source, id=id_) for kind, id_, source in cells],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
    )
    nbformat.write(notebook, place / f"{name}.ipynb")


@pytest.fixture(scope="module")
def site(tmp_path_factory, library):
    place, target = tmp_path_factory.mktemp("notebooks"), tmp_path_factory.mktemp("out") / "site"
    write_notebook(place, "01-pay", CELLS)
    (place / "seminar").mkdir()
    (place / "seminar" / "words.md").write_text("# Words\n\n- **pay**: to give <money>.\n", encoding="utf-8")
    write_notebook(place, "explorer", [("code", "open", "raise RuntimeError")])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", library["PYTHONPATH"])
        pages = build_site(target, place=place)
    assert [page.name for page in pages] == ["index.html", "01-pay.html", "words.html", "reference.html"]
    return target


def parsed(site, name):
    return BeautifulSoup((site / name).read_text(encoding="utf-8"), "html.parser")


def test_nothing_is_asked_of_another_machine(site):
    for page in site.glob("*.html"):
        soup = parsed(site, page.name)
        assert not soup.find_all("script")
        for tag in soup.find_all(["img", "link", "a", "iframe"]):
            target = tag.get("src") or tag.get("href")
            assert not target.startswith(("http", "//")), target
            if not target.startswith(("#", "data:")):
                assert (site / target.split("#")[0]).is_file(), target
    assert "http" not in (site / "style.css").read_text()


def test_a_figure_names_its_table_and_what_makes_it(site):
    drawing = parsed(site, "01-pay.html").find("figure", id="fig-01-pay")
    assert drawing.img["alt"] == "B pays twice." and drawing.img["src"] == "figures/fig-01-pay.svg"
    assert drawing.figcaption.get_text() == "Who <pays>."
    links = [link["href"] for link in drawing.find_all("a")]
    assert "figures/data/fig-01-pay.csv" in links
    assert "run.py figures 01" in drawing.get_text() and 'study.why("fig-01", ROW)' in drawing.get_text()
    assert (site / "figures/data/fig-01-pay.csv").read_text().splitlines()[0] == "doc_id,n"


def test_tables_announce_their_headers_and_outputs_are_shown(site):
    page = parsed(site, "01-pay.html")
    assert page.html["lang"] == "en" and page.title.get_text() == "Who pays, & what? · crossread"
    (table,) = page.find_all("table")
    assert all(cell.get("scope") and cell.get_text(strip=True) for cell in table.find_all("th"))
    assert "Two" in [strong.get_text() for strong in page.find_all("strong")]
    assert "<script>1</script>" in page.get_text()


def test_a_text_that_is_linked_to_is_a_page(site):
    assert parsed(site, "01-pay.html").select_one("main a[href='words.html#pay']")
    page = parsed(site, "words.html")
    assert page.h1.get_text().startswith("Words") and page.find("a", href="01-pay.html")


def test_the_index_leads_to_every_page_and_figure(site):
    page = parsed(site, "index.html")
    assert {"01-pay.html", "01-pay.html#fig-01-pay", "reference.html"} <= {link["href"] for link in page.find_all("a")}
    assert page.select_one(".gallery img")["alt"] == "B pays twice."


def test_every_public_name_is_looked_up_with_its_columns(site):
    page = parsed(site, "reference.html")
    said = {head["id"]: head for head in page.find_all("h2", id=True)}
    rooms = {name: getattr(cr, name) for name in ("corpus", "lexicon", "measure", "topics")}
    names = {f"{room}.{name}" for room, module in rooms.items() for name in module.__all__}
    names |= {f"Study.{name}" for name in dir(cr.Study) if not name.startswith("_")}
    names |= {"Table.finding", "Table.sentences", "charts.plot_senses"} | set(cr.__all__) - {"charts", *rooms}
    assert names <= set(said)
    assert all(f"measure.{column}" in said for column in ("KEYNESS", "COLLOCATIONS"))
    for name, columns in (("measure.theme_rates", "share sentences_with_hit"), ("Study.rates", "share key")):
        below = "".join(str(part) for part in until_the_next(said[name]))
        assert all(column in below for column in columns.split()), name
    read, *_ = (part for part in until_the_next(said["Study.read"]) if part.name == "pre")
    assert read.kbd.text.startswith('>>> study.read("rival_rise"') and "⟦Osmarra⟧" in read.text.split("\n")[1]


def test_every_argument_of_a_public_function_has_a_type():
    untyped = {
        f"{name}({argument.name})"
        for name, value in public_names().items()
        if inspect.isfunction(value) or inspect.isclass(value)
        for argument in inspect.signature(value).parameters.values()
        if argument.annotation is argument.empty and argument.name != "self"
    }
    assert untyped == set()


def until_the_next(head):
    for part in head.next_siblings:
        if part.name == "h2":
            return
        yield part


def test_a_folder_of_something_else_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(CrossreadError, match="not a site"):
        build_site(tmp_path)
    assert (tmp_path / "mine.txt").read_text() == "mine"


def test_a_notebook_that_stops_is_named(tmp_path, library, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", library["PYTHONPATH"])
    write_notebook(tmp_path, "02-stops", [("code", "stop", "1 / 0")])
    with pytest.raises(CrossreadError, match="02-stops.ipynb stopped in the cell .*division by zero"):
        build_site(tmp_path / "out", place=tmp_path)
    assert not (tmp_path / "out").exists()
