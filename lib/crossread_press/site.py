"""The notebooks executed as a site: pages that open without a server and ask nobody for anything."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from pathlib import Path

from crossread import study
from crossread.charts import figures
from crossread.corpus import project_folder
from crossread.errors import CrossreadError
from crossread.files import scratch, unfinished, write_whole
from crossread_press.notebooks import execute, find_notebooks
from crossread_press.reference import reference

TEMPLATE = Path(__file__).parent / "site_template"
NOT_PAGES = ("explorer",)  # shows the page that stands beside the notebooks
REFERENCE = {"file": "reference.html", "title": "Every function and its columns"}
EXPLORED = {"alliances": False, "practice": True}  # with the sentences of the texts?
LONG_WORD = 24  # letters; longer ones are broken, so that a table stays in the page
LONG_TEXT = 120  # letters; such cells are given room
NOTEBOOK_LINK = re.compile(r"\]\(([^()#:\s/]+)\.ipynb(#[^()\s]*)?\)")  # of one notebook to another beside it
LINK = re.compile(r"\]\(([^()#:\s]+\.md)(#[^()\s]*)?\)")


def build_site(
    target: Path | str | None = None,
    names: list[str] | None = None,
    *,
    place: Path | str | None = None,
    explored: Mapping[str, bool] | None = None,
    told: Callable[[str], object] = lambda line: None,
) -> list[Path]:
    """Execute notebooks and write them as a site, without a sentence of texts that are attached but not published.

    Parameters
    ----------
    target : path, optional
        The folder, site/ unless said otherwise; what an earlier run wrote there is replaced.
    names : list of str, optional
        Beginnings of notebooks' names; all without it.
    place : path, optional
        Another folder of notebooks than notebooks/.
    explored : mapping of str to bool, optional
        The corpora that get an explorer page, and whether it holds their sentences; those of EXPLORED where all the
        project's notebooks become pages.
    told : callable
        Gets a line for each notebook as it is done.

    Returns
    -------
    list of Path
        The pages, index.html first, then the notebooks, the texts that they link to, the explorers, and the reference.
    """
    target = Path(target or project_folder() / "site")
    if explored is None:
        explored = {} if names or place else EXPLORED
    paths = [path for path in find_notebooks(names, place, seminar=False) if path.stem not in NOT_PAGES]
    if not paths:
        raise CrossreadError("None of these notebooks becomes a page: the explorer needs a kernel.")
    if target.exists() and any(target.iterdir()) and not (target / "style.css").is_file():
        raise CrossreadError(f"{target} is not a site made by this command; name an empty folder.")
    with scratch() as place, unfinished(target, replace=True) as made:
        drawn = made / "figures"
        runs = execute(paths, place / "each", texts=False)
        for run in runs:
            told(run.failure or f"{run.notebook}: executed in {run.seconds:.0f} s")
        if failures := [run.failure for run in runs if run.error]:
            raise CrossreadError(" ".join(failures))
        figures.collect([place / "each" / run.notebook for run in runs], drawn)
        executed = [run.executed for run in runs]
        pages = [
            {"file": f"{path.stem}.html", "title": _title(nb, path)} for path, nb in zip(paths, executed, strict=True)
        ]
        manifest = {row["figure"]: row for row in figures.manifest(drawn).to_dict("records")}
        texts = _linked_texts(paths, executed)
        for page, notebook in zip(
            [*pages, *(page for page, _ in texts)], [*executed, *(nb for _, nb in texts)], strict=True
        ):
            write_whole(made / page["file"], _page(notebook, page, pages, manifest))
        explorers = [
            {"file": f"explorer-{Path(name).name}.html", "title": f"The texts of “{Path(name).name}”"}
            for name in explored
        ]
        for page, (name, with_texts) in zip(explorers, explored.items(), strict=True):
            study(name, texts=with_texts).page(made / page["file"], texts=with_texts)
            told(f"{page['file']}: written")
        write_whole(made / REFERENCE["file"], _reference(pages))
        write_whole(made / "index.html", _index(pages, explorers, manifest))
        write_whole(made / "style.css", (TEMPLATE / "style.css").read_bytes())
    made_pages = [{"file": "index.html"}, *pages, *(page for page, _ in texts), *explorers, REFERENCE]
    return [target / page["file"] for page in made_pages]


def _linked_texts(paths: list[Path], notebooks: list) -> list[tuple[dict, object]]:
    """Return a page for each text that notebooks link to, such as the glossary; the links then lead to the pages."""
    import nbformat

    pages: dict[Path, tuple[dict, object]] = {}
    for path, notebook in zip(paths, notebooks, strict=True):

        def lead(match, folder=path.parent):
            text = (folder / match.group(1)).resolve()
            if not text.is_file():
                return match.group()
            if text not in pages:
                cell = nbformat.v4.new_markdown_cell(text.read_text(encoding="utf-8"), id="text")
                made = nbformat.v4.new_notebook(cells=[cell])
                pages[text] = ({"file": f"{text.stem}.html", "title": _title(made, text)}, made)
            return f"]({pages[text][0]['file']}{match.group(2) or ''})"

        for cell in notebook.cells:
            if cell.cell_type == "markdown":
                cell.source = NOTEBOOK_LINK.sub(r"](\1.html\2)", LINK.sub(lead, cell.source))
    return list(pages.values())


def _reference(pages: list[dict]) -> str:
    import nbformat

    title = nbformat.v4.new_markdown_cell(f"# {REFERENCE['title']}", id="title")
    page = _page(nbformat.v4.new_notebook(cells=[title]), REFERENCE, pages, {})
    return page.replace("</main>", f"{reference()}</main>", 1)


def _title(notebook, path: Path) -> str:
    first = notebook.cells[0].source.splitlines() if notebook.cells else []
    return first[0].lstrip("# ").strip() if first and first[0].startswith("#") else path.stem


def _page(notebook, page: dict, pages: list[dict], manifest: dict) -> str:
    from nbconvert import HTMLExporter

    exporter = HTMLExporter(
        template_name="crossread", extra_template_basedirs=[str(TEMPLATE / "nbconvert" / "templates")]
    )
    resources = {"page_title": page["title"], "page_file": page["file"], "pages": pages}
    text, _ = exporter.from_notebook_node(notebook, resources=resources)
    return polish(text, manifest)


def polish(text: str, manifest: dict) -> str:
    """Return a page whose figures are files with their sources named, and whose tables announce their headers.

    Parameters
    ----------
    text : str
        The page as nbconvert makes it.
    manifest : dict
        Of each figure of the site its row in the manifest.
    """
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(text, "html.parser")
    for drawing in soup.find_all("figure", id=True):
        row = manifest.get(drawing["id"])
        if row is None:
            continue
        drawing.img["src"] = f"figures/{row['figure']}.svg"
        drawing.append(BeautifulSoup(_source(row), "html.parser"))
    for number, table in enumerate(soup.find_all("table"), 1):
        table.attrs.pop("border", None)
        for cell in table.select("thead th"):
            cell["scope"] = "col"
            if not cell.get_text(strip=True):
                cell.append(soup.new_tag("span", attrs={"class": "unseen"}))
                cell.span.string = "row"
        for cell in table.select("tbody th"):
            cell["scope"] = "row"
        for cell in table.select("tbody td, tbody th"):
            text = cell.get_text()
            if len(text) > LONG_TEXT:
                cell["class"] = "text"
            elif max(map(len, text.split()), default=0) > LONG_WORD:
                cell["class"] = "long"
        about = {"class": "table", "tabindex": "0", "role": "region", "aria-label": f"Table {number}"}
        table.wrap(soup.new_tag("div", attrs=about))
    for image in soup.find_all("img"):
        image.attrs.setdefault("alt", "")
    return str(soup)


def _source(row: dict) -> str:
    name = html.escape(row["figure"])
    short = "-".join(name.split("-")[:2])
    made = f"<code>{html.escape(row['function'])}</code> in " if row["function"] else ""
    return (
        f'<p class="source"><a href="figures/data/{name}.csv">Table behind {short}</a> · '
        f'<a href="figures/{name}.png">picture</a> · made by {made}<code>python3 run.py figures '
        f"{html.escape(row['notebook'].split('-')[0])}</code> · sentences of a row: "
        f'<code>study.why("{short}", ROW)</code></p>'
    )


def _index(pages: list[dict], explorers: list[dict], manifest: dict) -> str:
    import nbformat

    def escape(text):
        return html.escape(str(text), quote=True)

    items = "".join(
        f'<li><img src="figures/{escape(name)}.svg" alt="{escape(row["alt"])}">'
        f'<p><a href="{escape(row["notebook"])}.html#{escape(name)}">'
        f"Figure {escape(name.split('-', 2)[1].lstrip('0'))}</a>. "
        f"{escape(row['caption'])}</p></li>"
        for name, row in sorted(manifest.items())
    )
    cells = [
        nbformat.v4.new_markdown_cell("# crossread: what a handful of texts can tell\n\n## The questions", id="title"),
        nbformat.v4.new_markdown_cell(
            "\n".join(f"{n}. [{_plain(page['title'])}]({page['file']})" for n, page in enumerate(pages)), id="pages"
        ),
        _explorer_cell(explorers),
        nbformat.v4.new_markdown_cell("## The figures", id="figures"),
    ]
    notebook = nbformat.v4.new_notebook(cells=cells)
    page = {"file": "index.html", "title": "What a handful of texts can tell"}
    text = _page(notebook, page, pages, {})
    return text.replace("</main>", f'<ul class="gallery">{items}</ul></main>', 1)


def _explorer_cell(explorers: list[dict]):
    import nbformat

    listed = "\n".join(f"- [{_plain(page['title'])}]({page['file']})" for page in [*explorers, REFERENCE])
    return nbformat.v4.new_markdown_cell(f"## To explore and to look up\n\n{listed}", id="explore")


def _plain(title: str) -> str:
    return "".join(f"\\{c}" if c in "[]()*_`<>\\" else c for c in title)
