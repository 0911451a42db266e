"""Slides, sheets and handouts of the seminar, made from its notebooks; nothing in them needs a network.

reveal.js 5.2.1 (MIT) stands in the folder reveal/ and is written into each file of slides, so that one file is enough.
PDF is printed by a Chromium or Chrome of this computer; where there is none, only HTML is made, and that is said.
"""

from __future__ import annotations

import ast
import html
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import pandas as pd

from crossread.corpus import project_folder
from crossread.errors import CrossreadError
from crossread_seminar.students import BLANK, SUFFIX, find_solutions, is_check, is_solution, make_student

HANDOUTS = ("session", "file", "pages", "kilobytes")
KINDS = ("slides", "sheet", "handout", "solution")
REVEAL = Path(__file__).parent / "reveal"
REVEALING = "reveal"  # cells that give away what an exercise before them asks
WITHHELD = "*The notebook shows this when your answer is there.*"
ATTACHED_ONLY = "attached"  # cells that show running text of the five texts, which is not ours to print
BROWSERS = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge", "microsoft-edge",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)  # fmt: skip
NO_BROWSER = (
    "PDF left out: {names}. To make PDF a Chromium, Chrome or Edge has to be installed "
    "(Debian: apt install chromium); the HTML files print as well, from any browser."
)
STYLE = """
body { font: 11pt/1.4 "DejaVu Sans", Verdana, sans-serif; color: #111; background: #fff; }
body { max-width: 46em; margin: 2em auto; }
h1 { font-size: 1.5em; line-height: 1.2; } h2 { font-size: 1.2em; margin-top: 1.4em; }
pre { background: #f3f3f3; padding: 0.6em; font-size: 0.85em; white-space: pre-wrap; overflow-wrap: anywhere; }
code { font-family: "DejaVu Sans Mono", monospace; font-size: 0.92em; }
table { border-collapse: collapse; font-size: 0.85em; margin: 0.6em 0; max-width: 100%; }
th, td { border-bottom: 1px solid #bbb; padding: 0.15em 0.6em; text-align: left; vertical-align: top; }
tbody th, td:first-child { white-space: nowrap; } table.short { break-inside: avoid; }
table.wide { font-size: 0.7em; } .wide th, .wide td { padding: 0.15em 0.3em; }
blockquote { border-left: 4px solid #777; margin-left: 0; padding-left: 1em; }
.figure { margin: 0.6em 0; break-inside: avoid; } .figure img { max-height: 150mm; } .caption { font-size: 0.85em; }
.blank { border-bottom: 1px dotted #555; height: 1.8em; } .blanks { break-inside: avoid; } a { color: #0b4a8f; }
@page { size: A4; margin: 18mm; @bottom-center { content: counter(page); font: 9pt "DejaVu Sans", sans-serif; } }
tr, pre { break-inside: avoid; } h2, h3 { break-after: avoid; } @media print { body { margin: 0; max-width: none; } }
"""
SHEET_STYLE = """
body { font-size: 10pt; line-height: 1.3; } h1 { font-size: 1.35em; margin: 0 0 0.3em; }
h2 { font-size: 1.05em; margin: 0.8em 0 0.2em; } p, ul, ol { margin: 0.25em 0; }
.terms { columns: 2; font-size: 0.88em; } .terms p { break-inside: avoid; } @page { margin: 14mm; }
"""
SLIDE_STYLE = """
.reveal { font: 30px/1.35 "DejaVu Sans", Verdana, sans-serif; color: #111; } .reveal-viewport { background: #fff; }
.reveal .slides { text-align: left; }
.reveal h1 { font-size: 1.5em; line-height: 1.2; } .reveal h2 { font-size: 1.1em; margin: 0 0 0.4em; }
.reveal table { border-collapse: collapse; font-size: 0.73em; line-height: 1.25; margin: 0.4em 0; }
.reveal tbody th, .reveal td:first-child { white-space: nowrap; } .reveal table.wide { font-size: 0.62em; }
.reveal li, .reveal p { margin: 0.35em 0; }
.reveal th, .reveal td { border-bottom: 1px solid #bbb; padding: 0.15em 0.6em; text-align: left; vertical-align: top; }
.reveal pre { font-size: 0.7em; line-height: 1.25; margin: 0.3em 0; }
.reveal .figure img { width: 100%; max-height: 590px; object-fit: contain; object-position: left; }
.reveal .caption { font-size: 0.6em; }
.reveal blockquote { border-left: 4px solid #777; margin-left: 0; padding-left: 0.8em; font-size: 0.88em; }
.reveal code { font-family: "DejaVu Sans Mono", monospace; font-size: 0.9em; } .reveal a { color: #0b4a8f; }
"""
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

    Raises
    ------
    CrossreadError
        "No session begins with “9”. There are: …", "… stopped in the cell …", "The browser could not print …"
    """
    folder = Path(folder or project_folder() / "handouts")
    solutions = find_solutions(place)
    known = [path.name.removesuffix(SUFFIX) for path in solutions]
    for name in names or []:
        if not any(session.startswith(name) for session in known):
            raise CrossreadError(f"No session begins with “{name}”. There are: {', '.join(known)}.")
    chosen = [path for path, session in zip(solutions, known, strict=True) if session.startswith(tuple(names or [""]))]
    folder.mkdir(parents=True, exist_ok=True)
    browser = find_browser()
    rows, left_out = [], []
    for path in chosen:
        session = path.name.removesuffix(SUFFIX)
        notebook = _executed(path)
        pages = {
            "slides": slides_page(notebook),
            "sheet": sheet_page(notebook),
            "handout": reading_page(_with_outputs_of(make_student(notebook), notebook)),
            "solution": reading_page(notebook, note="With solutions: for the teacher."),
        }
        for kind in KINDS:
            file = folder / f"{session}.{kind}.html"
            file.write_text(pages[kind], encoding="utf-8", newline="\n")
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
    file.write_text(glossary_page(), encoding="utf-8", newline="\n")
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
    """Print an HTML file as a PDF with tags, and return its number of pages. The dates in it are taken out.

    Raises
    ------
    CrossreadError
        "The browser could not print …: …"
    """
    from pypdfium2 import PdfDocument

    with tempfile.TemporaryDirectory() as profile:
        command = [
            browser, "--headless", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
            f"--user-data-dir={profile}",
            "--no-pdf-header-footer", "--generate-pdf-document-outline", "--export-tagged-pdf",
            f"--print-to-pdf={target.resolve()}", page.resolve().as_uri(),
        ]  # fmt: skip
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            command.insert(1, "--no-sandbox")  # Chromium refuses its sandbox to root, as in a container
        target.unlink(missing_ok=True)
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=120, errors="replace")
        except (OSError, subprocess.TimeoutExpired) as error:
            raise CrossreadError(f"The browser could not print {page.name}: {error}") from None
    if not target.is_file():
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        raise CrossreadError(f"The browser could not print {page.name}: {lines[-1] if lines else 'it gave no reason'}")
    content = re.sub(rb"\(D:[0-9]{14}", b"(D:19700101000000", target.read_bytes())
    target.write_bytes(content)
    with PdfDocument(target) as pdf:
        return len(pdf)


def slides_page(notebook: dict) -> str:
    """Return slides as one HTML file: a slide for each cell marked so, with the heading it stands under.

    A cell marked as a fragment goes on the slide of the one before it.

    Examples
    --------
    >>> cell = {"cell_type": "markdown", "metadata": {"slideshow": {"slide_type": "slide"}}, "source": "# Who pays?"}
    >>> slides_page({"cells": [cell]}).count("<section>")
    1
    """
    sections, heading = [], ""
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown" and (found := re.match(r"#+ (.+)", source)):
            heading = found.group(1)
        kind = cell["metadata"].get("slideshow", {}).get("slide_type")
        if kind not in ("slide", "fragment") or _is_unprintable(cell):
            continue
        content = _markdown(source) if cell["cell_type"] == "markdown" else _outputs(cell)
        if kind == "fragment" and sections:
            sections[-1] = sections[-1].removesuffix("</section>") + content + "</section>"
            continue
        if not re.search(r"<h[12]", content):
            content = f"<h2>{html.escape(heading)}</h2>{content}"
        sections.append(f"<section>{content}</section>")
    sections = [section.replace('href="glossary.md"', 'href="glossary.html"') for section in sections]
    script = (REVEAL / "reveal.js").read_text(encoding="utf-8").replace("//# sourceMappingURL=reveal.js.map", "")
    start = "Reveal.initialize({width: 1280, height: 720, hash: true, slideNumber: true, transition: 'none'});"
    return _page(
        _title_of(notebook),
        f'<div class="reveal"><div class="slides">\n{chr(10).join(sections)}\n</div></div>\n'
        f"<script>{script}</script><script>{start}</script>",
        (REVEAL / "reveal.css").read_text(encoding="utf-8") + SLIDE_STYLE,
        kind="slides",
    )


def reading_page(notebook: dict, note: str = "") -> str:
    """Return a notebook as one HTML page to be read or printed: text, code, tables, charts with their alt texts."""
    parts = [f"<p><strong>{html.escape(note)}</strong></p>"] if note else []
    for cell in notebook["cells"]:
        if _is_unprintable(cell):
            continue
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            blanks = '<div class="blanks">' + '<div class="blank"></div>' * 6 + "</div>"
            parts.append(blanks if source == BLANK else _markdown(source))
            continue
        is_prose = any("text/markdown" in output.get("data", {}) for output in cell.get("outputs", []))
        code = "" if is_prose else f'<pre tabindex="0"><code>{html.escape(source)}</code></pre>'
        parts.append(code + _outputs(cell))
    # on paper a link to another file is a path of the computer that printed it
    return _page(_title_of(notebook), re.sub(r'<a href="glossary.md">(.*?)</a>', r"\1", "\n".join(parts)), STYLE)


def glossary_page() -> str:
    """Return the glossary as one HTML page."""
    text = (project_folder() / "notebooks" / "seminar" / "glossary.md").read_text(encoding="utf-8")
    return _page("Glossary", _markdown(text), STYLE + ".figure, li { break-inside: avoid; } body { font-size: 9.5pt; }")


def sheet_page(notebook: dict) -> str:
    """Return the one-page sheet of a session: its aim, the exercises, what to take home, and the terms."""
    from crossread_seminar.glossary import ITALICS, read_entries

    cells = {cell["id"]: "".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "markdown"}
    given = [source for source in cells.values() if source.startswith(("**Exercise", "**Write"))]
    kept = [cells["title"].replace("glossary.md", ""), "## In class", *given]
    kept += [cells["home"], cells["exercises"].replace("## Three exercises for home", "## For home")]
    text = "\n\n".join(kept).replace("[glossary]()", "glossary")
    entries, terms = read_entries(), {}
    for cell in notebook["cells"]:
        for term in ITALICS.findall("".join(cell["source"])) if cell["cell_type"] == "markdown" else ():
            if term.lower() in entries:
                name, words = entries[term.lower()]
                terms[name] = words
    listed = "".join(f"<p><strong>{html.escape(name)}</strong>: {_inline(words)}</p>" for name, words in terms.items())
    body = f'{_markdown(text)}<h2>Terms</h2><div class="terms">{listed}</div>'
    return _page(_title_of(notebook), body, STYLE + SHEET_STYLE)


def _executed(path: Path) -> dict:
    """The notebook with its outputs, run in a folder that is thrown away."""
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    from crossread_press.notebooks import ENVIRONMENT, LIBRARY

    notebook = nbformat.reads(path.read_text(encoding="utf-8"), as_version=4)
    with tempfile.TemporaryDirectory() as folder:
        client = NotebookClient(
            notebook,
            kernel_name="python3",
            timeout=600,
            record_timing=False,
            resources={"metadata": {"path": folder}},
            extra_arguments=["--IPKernelApp.log_level=ERROR"],
        )
        try:
            client.execute(env=os.environ | ENVIRONMENT | {"PYTHONPATH": str(LIBRARY), "IPYTHONDIR": folder})
        except CellExecutionError as error:
            raise CrossreadError(f"{path.name} stopped in a cell: {error.ename}: {error.evalue}") from None
    return dict(notebook)


def _with_outputs_of(student: dict, executed: dict) -> dict:
    """What a student's page shows: not what answers, checks, and the cells that rest on an answer would tell."""
    telling = set()
    for cell, done in zip(student["cells"], executed["cells"], strict=True):
        if cell["cell_type"] != "code":
            continue
        tells = REVEALING in done["metadata"].get("tags", [])
        for step in ast.parse("".join(done["source"])).body:
            names = [name for name in ast.walk(step) if isinstance(name, ast.Name)]
            made = {name.id for name in names if isinstance(name.ctx, ast.Store)}
            rests = any(name.id in telling for name in names if isinstance(name.ctx, ast.Load))
            telling = telling | made if rests or is_solution(done) else telling - made
            tells |= rests and isinstance(step, ast.Expr)
        if is_solution(done) or is_check(done):
            cell["outputs"] = []
        elif tells:
            hidden = {"output_type": "display_data", "metadata": {}, "data": {"text/markdown": WITHHELD}}
            cell["outputs"] = [hidden]
    return student


def _is_unprintable(cell: dict) -> bool:
    return ATTACHED_ONLY in cell["metadata"].get("tags", [])


def _outputs(cell: dict) -> str:
    parts = []
    for output in cell.get("outputs", []):
        data = output.get("data", {})
        if "text/markdown" in data:
            parts.append(_markdown("".join(data["text/markdown"])))
        elif "text/html" in data:
            parts.append(_tidied("".join(data["text/html"])))
        elif "text/plain" in data:
            parts.append(f"<pre>{html.escape(''.join(data['text/plain']))}</pre>")
    return "".join(parts)


def _tidied(text: str) -> str:
    # pandas leaves the corner of a table empty, where a screen reader expects a name; and a browser prints <figure> as
    # a picture of its own, which then has no alt text
    text = re.sub(r'(<t[rhd]) style="text-align: \w+;?"', r"\1", text).replace("<th></th>", "<td></td>")
    text = re.sub(r"<table.*?</table>", _sized, text, flags=re.DOTALL)
    text = re.sub(r"<figure[^>]*>", '<div class="figure">', text).replace("</figure>", "</div>")
    return text.replace("<figcaption>", '<p class="caption">').replace("</figcaption>", "</p>")


def _sized(found: re.Match) -> str:
    """A table that says whether it is wide, and whether it is short."""
    table = found.group()
    columns = len(re.findall(r"<t[hd]", re.search(r"<tr.*?</tr>", table, re.DOTALL).group()))
    marks = ["wide"] * (columns > WIDE) + ["short"] * (table.count("<tr") <= SHORT)
    return re.sub(r"<table[^>]*", f'<table class="{" ".join(marks)}"', table, count=1)


def _markdown(text: str) -> str:
    from nbconvert.filters.markdown import markdown2html

    made = re.sub(r'<a class="anchor-link"[^>]*>.*?</a>', "", markdown2html(text))
    return made


def _inline(text: str) -> str:
    return re.sub(r"\*([^*]+)\*", r"<em>\1</em>", html.escape(text, quote=False))


def _title_of(notebook: dict) -> str:
    return re.sub(r"^#+ ", "", "".join(notebook["cells"][0]["source"]).splitlines()[0])


def _page(title: str, body: str, style: str, kind: str = "") -> str:
    main = body if kind == "slides" else f"<main>{body}</main>"
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head><meta charset="utf-8"><title>{html.escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{style}</style></head>\n'
        f"<body>\n{main}\n</body>\n</html>\n"
    )
