"""Slides, sheets and handouts of the seminar, made from its notebooks; nothing in them needs a network.

nbconvert fills two templates of plain HTML: a page for reading and printing, and a deck with one screen for each slide.
PDF is printed by a Chromium or Chrome of this computer; where there is none, only HTML is made, and that is said.
"""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
from importlib import import_module
from pathlib import Path

import pandas as pd

from crossread import CrossreadError
from crossread.corpus import project_folder
from crossread.files import scratch, write_whole
from crossread_seminar.students import BLANK, SUFFIX, find_solutions, is_check, is_solution, make_student

HANDOUTS = ("session", "file", "pages", "kilobytes")
KINDS = ("slides", "sheet", "handout", "solution")
TEMPLATES = Path(__file__).parent / "templates"
REVEALING = "reveal"  # cells that give away what an exercise before them asks
TASK = re.compile(r"^\*\*(?:Exercise|Write)\b.*", re.DOTALL | re.MULTILINE)  # to the end of its cell
WITHHELD = "*The notebook shows this when your answer is there.*"
SEEN = re.compile(r"\*\*What we see\.\*\*.*?(?:\n\n|\Z)", re.DOTALL)  # what is said of an output that is not there
ATTACHED_ONLY = "attached"  # cells that show running text of the five texts, which is not ours to print
NODE = re.compile(rb"\(node[0-9]{8}\)")  # of the tree of a tagged PDF
LINES_TO_WRITE = '<div class="blanks">' + '<div class="blank"></div>' * 6 + "</div>"
BROWSERS = (
    "chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome",
    "msedge", "microsoft-edge",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)  # fmt: skip
NO_BROWSER = (
    "PDF left out: {names}. To make PDF a Chromium, Chrome or Edge has to be installed "
    "(Debian: apt install chromium); the HTML files print as well, from any browser."
)
WIDE, SHORT = 6, 14  # columns from which a table is set smaller; rows up to which it stays on one page


def make_handouts(
    names: list[str] | None = None, folder: Path | str | None = None, *, place: Path | str | None = None
) -> tuple[pd.DataFrame, list[str]]:
    """Make slides, a sheet of one page, a handout and the solutions of every session as HTML and PDF; and the glossary.

    Each notebook is executed. The handout is what students get: tables and charts, and room for their answers, without
    what would give an answer away.

    Parameters
    ----------
    names : list of str, optional
        Beginnings of the sessions' names; all by default.
    folder : path, optional
        Where to write; handouts/ of the project by default.
    place : path, optional
        Another folder than notebooks/seminar.

    Returns
    -------
    made, remarks
        made: session (or “glossary”), file, pages (of a PDF, or slides), kilobytes; remarks: what is missing, and why.
    """
    folder = Path(folder or project_folder() / "handouts")
    solutions = find_solutions(place)
    known = [path.name.removesuffix(SUFFIX) for path in solutions]
    for name in names or []:
        if not any(session.startswith(name) for session in known):
            raise CrossreadError(f"No session begins with “{name}”. There are: {', '.join(known)}.")
    chosen = [path for path, session in zip(solutions, known, strict=True) if session.startswith(tuple(names or [""]))]
    browser = find_browser()
    rows, left_out = [], []
    for path, notebook in zip(chosen, _executed(chosen), strict=True):
        session = path.name.removesuffix(SUFFIX)
        pages = {
            "slides": slides_page(notebook),
            "sheet": sheet_page(notebook),
            "handout": reading_page(_with_outputs_of(make_student(notebook), notebook)),
            "solution": reading_page(notebook, "solution", "With solutions: for the teacher."),
        }
        for kind in KINDS:
            file = folder / f"{session}.{kind}.html"
            write_whole(file, pages[kind])
            count = pages[kind].count("<section>") if kind == "slides" else None
            rows.append((session, file.name, count, round(file.stat().st_size / 1000)))
            if kind == "slides":
                continue
            printed = file.with_suffix(".pdf")
            if browser is None:
                left_out.append(printed.name)
                continue
            rows.append(
                (session, printed.name, print_pdf(file, printed, browser), round(printed.stat().st_size / 1000))
            )
    file = folder / "glossary.html"
    write_whole(file, glossary_page())
    rows.append(("glossary", file.name, None, round(file.stat().st_size / 1000)))
    if browser is None:
        left_out.append("glossary.pdf")
    else:
        printed = file.with_suffix(".pdf")
        rows.append(("glossary", printed.name, print_pdf(file, printed, browser), round(printed.stat().st_size / 1000)))
    made = pd.DataFrame(rows, columns=list(HANDOUTS)).astype({"pages": "Int64"})
    return made, [NO_BROWSER.format(names=", ".join(left_out))] if left_out else []


def find_browser() -> str | None:
    """Return a browser that prints PDF, or None. CROSSREAD_BROWSER names one."""
    wanted = os.environ.get("CROSSREAD_BROWSER")
    if wanted is not None:
        return shutil.which(wanted)
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


def print_pdf(page: Path, target: Path, browser: str) -> int:
    """Print an HTML file as a PDF with tags, and return its number of pages. What differs between runs is taken out."""
    from pypdfium2 import PdfDocument

    with scratch() as profile:
        printed = profile / target.name
        command = [
            browser, "--headless", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
            f"--user-data-dir={profile}",
            "--no-pdf-header-footer", "--generate-pdf-document-outline", "--export-tagged-pdf",
            f"--print-to-pdf={printed}", page.resolve().as_uri(),
        ]  # fmt: skip
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            command.insert(1, "--no-sandbox")  # Chromium refuses its sandbox to root, as in a container
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=120, errors="replace")
        except (OSError, subprocess.TimeoutExpired) as error:
            raise CrossreadError(f"The browser could not print {page.name}: {error}") from None
        if not printed.is_file():
            lines = [line for line in done.stderr.splitlines() if line.strip()]
            reason = lines[-1] if lines else "it gave no reason"
            raise CrossreadError(f"The browser could not print {page.name}: {reason}")
        content = printed.read_bytes()
    write_whole(target, without_chance(content))
    with PdfDocument(target) as pdf:
        return len(pdf)


def without_chance(printed: bytes) -> bytes:
    """Return a printed PDF without its dates, its nodes numbered without gaps: gaps depend on the browser's timing.

    Examples
    --------
    >>> without_chance(b"(D:20260101120000) (node00000042) (node00000047) (node00000042)")
    b'(D:19700101000000) (node00000001) (node00000002) (node00000001)'
    """
    undated = re.sub(rb"\(D:[0-9]{14}", b"(D:19700101000000", printed)
    ranks = {name: rank for rank, name in enumerate(sorted(set(NODE.findall(undated))), 1)}
    return NODE.sub(lambda name: b"(node%08d)" % ranks[name[0]], undated)


def slides_page(notebook: dict) -> str:
    """Return slides as one HTML file: a slide for each cell marked so, with the heading it stands under.

    A cell marked as a fragment goes on the slide of the one before it.

    Examples
    --------
    >>> cell = {"cell_type": "markdown", "id": "a", "metadata": {"slideshow": {"slide_type": "slide"}}}
    >>> slides_page({"cells": [cell | {"source": "# Who pays?"}]}).count("<section>")
    1
    """
    slides, heading = [], ""
    for cell in _printable(notebook):
        source = "".join(cell["source"])
        found = re.match(r"#+ (.+)", source) if cell["cell_type"] == "markdown" else None
        heading = found.group(1) if found else heading
        kind = cell["metadata"].get("slideshow", {}).get("slide_type")
        if kind == "slide" or (kind == "fragment" and not slides):
            slides.append([cell | {"metadata": {"opens": True, "heading": "" if found else heading}}])
        elif kind == "fragment":
            slides[-1].append(cell | {"metadata": {}})
    for slide in slides:
        slide[-1]["metadata"]["closes"] = True
    page = _rendered([cell for slide in slides for cell in slide], _title_of(notebook), template="deck")
    return page.replace('href="glossary.md"', 'href="glossary.html"')


def reading_page(notebook: dict, kind: str = "handout", note: str = "") -> str:
    """Return a notebook as one HTML page to be read or printed: text, code, tables, charts with their alt texts."""
    cells = [
        cell | {"source": LINES_TO_WRITE} if "".join(cell["source"]) == BLANK else cell for cell in _printable(notebook)
    ]
    page = _rendered(cells, _title_of(notebook), kind=kind, note=note)
    # on paper a link to another file is a path of the computer that printed it
    return re.sub(r'<a href="glossary.md">(.*?)</a>', r"\1", page)


def glossary_page() -> str:
    """Return the glossary as one HTML page."""
    text = (project_folder() / "notebooks" / "seminar" / "glossary.md").read_text(encoding="utf-8")
    return _rendered([_text_cell(text)], "Glossary", kind="glossary")


def sheet_page(notebook: dict) -> str:
    """Return the one-page sheet of a session: its aim, the exercises, what to take home, and the terms."""
    from crossread_seminar.glossary import ITALICS, read_entries

    cells = {cell["id"]: "".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "markdown"}
    given = [task for source in cells.values() for task in TASK.findall(source)]
    home = cells["exercises"].replace("## Three exercises for home", "## For home")
    entries, terms = read_entries(), {}
    for source in cells.values():
        for term in ITALICS.findall(source):
            if term.lower() in entries:
                name, words = entries[term.lower()]
                terms[name] = words
    listed = "\n".join(f"- **{name}**: {words}" for name, words in terms.items())
    parts = [cells["title"], "## In class", *given, cells["home"], home, "## Terms", listed]
    sheet = {"cells": [_text_cell("\n\n".join(parts))]}
    return reading_page(sheet, kind="sheet")


def _text_cell(text: str) -> dict:
    return {"cell_type": "markdown", "id": "text", "metadata": {}, "source": text}


def _printable(notebook: dict) -> list[dict]:
    """The cells of a notebook without those that show running text of others."""
    return [cell for cell in notebook["cells"] if ATTACHED_ONLY not in cell["metadata"].get("tags", [])]


def _rendered(cells: list[dict], title: str, *, template: str = "page", kind: str = "", note: str = "") -> str:
    import nbformat
    from nbconvert import HTMLExporter

    folders = [str(TEMPLATES)]
    exporter = HTMLExporter(template_name=template, extra_template_basedirs=folders, extra_template_paths=folders)
    exporter.register_filter("for_print", for_print)
    exporter.register_filter("without_anchors", lambda made: re.sub(r'<a class="anchor-link".*?</a>', "", made))
    plain = [cell | {"source": "".join(cell["source"])} for cell in cells]
    plain = [cell | {"outputs": [], "execution_count": None} | cell if cell["cell_type"] == "code" else cell
             for cell in plain]  # fmt: skip
    notebook = nbformat.from_dict({"cells": plain, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    resources = {"page_title": title, "page_kind": kind, "page_note": note}
    return exporter.from_notebook_node(notebook, resources=resources)[0]


def for_print(text: str) -> str:
    """Return a table or chart of a notebook for a page: in the page's own style, with names for a screen reader.

    pandas leaves the corner of a table empty, where a screen reader expects a name; and a browser prints `<figure>` as
    a picture of its own, which then has no alt text.

    Examples
    --------
    >>> for_print("<table><tr><th></th><th>count</th></tr></table>")
    '<table class="short"><tr><td></td><th>count</th></tr></table>'
    """
    text = re.sub(r'(<t[rhd][^>]*?) style="[^"]*"', r"\1", text).replace("<th></th>", "<td></td>")
    text = re.sub(r"<table.*?</table>", _sized, text, flags=re.DOTALL)
    text = re.sub(r"<figure[^>]*>", '<div class="figure">', text).replace("</figure>", "</div>")
    return text.replace("<figcaption>", '<p class="caption">').replace("</figcaption>", "</p>")


def _sized(found: re.Match) -> str:
    """A table that says whether it is wide, and whether it is short."""
    table = found.group()
    columns = len(re.findall(r"<t[hd]\b", re.search(r"<tr.*?</tr>", table, re.DOTALL).group()))
    marks = ["wide"] * (columns > WIDE) + ["short"] * (table.count("<tr") <= SHORT)
    return re.sub(r"<table[^>]*", f'<table class="{" ".join(marks)}"', table, count=1)


def _executed(paths: list[Path]) -> list:
    """The notebooks with their outputs, run in a folder that is thrown away."""
    # by its name: the rooms beside the library do not import one another
    execute = import_module("crossread_press.notebooks").execute
    with scratch() as folder:
        runs = execute(paths, folder, folder=folder)
    if failures := [run.failure for run in runs if run.error]:
        raise CrossreadError(" ".join(failures))
    return [run.executed for run in runs]


def _with_outputs_of(student: dict, executed: dict) -> dict:
    """What a student's page shows: not what answers, checks, and the cells that rest on an answer would tell."""
    telling, withheld = set(), False
    for cell, done in zip(student["cells"], executed["cells"], strict=True):
        if cell["cell_type"] != "code":
            if withheld:
                cell["source"] = SEEN.sub("", "".join(cell["source"]))
            withheld = False
            continue
        tells = REVEALING in done["metadata"].get("tags", [])
        for step in ast.parse("".join(done["source"])).body:
            names = [name for name in ast.walk(step) if isinstance(name, ast.Name)]
            made = {name.id for name in names if isinstance(name.ctx, ast.Store)}
            rests = any(name.id in telling for name in names if isinstance(name.ctx, ast.Load))
            telling = telling | made if rests or is_solution(done) else telling - made
            tells |= rests and isinstance(step, ast.Expr)
        withheld = tells and not is_solution(done) and not is_check(done)
        if is_solution(done) or is_check(done):
            cell["outputs"] = []
        elif tells:
            hidden = {"output_type": "display_data", "metadata": {}, "data": {"text/markdown": WITHHELD}}
            cell["outputs"] = [hidden]
    return student


def _title_of(notebook: dict) -> str:
    return re.sub(r"^#+ ", "", "".join(notebook["cells"][0]["source"]).splitlines()[0])
