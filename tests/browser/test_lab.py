"""Figures and the explorer in JupyterLab; and the seminar from the student's side: answers typed in, checks read.

Answers and checks of all sessions are walked through in tests/seminar. Here one session shows that JupyterLab does as
the walk does.
"""

import json
from pathlib import Path

import pytest

from crossread_seminar import students
from crossread_seminar.remarks import NO_ANSWER

SEMINAR = Path(__file__).resolve().parents[2] / "notebooks" / "seminar"
SESSION = "1-reading-and-counting"

READY = """() => {
  const context = window.jupyterapp?.shell?.currentWidget?.sessionContext;
  const kernel = context?.session?.kernel;
  return Boolean(context?.isReady && kernel?.status === 'idle' && kernel?.connectionStatus === 'connected');
}"""
RUN = """command => Promise.race([
  window.jupyterapp.commands.execute(command).then(() => 'ran', () => 'stopped'),
  new Promise(done => setTimeout(() => done('did not end'), 120000)),
])"""
OUTPUTS = """() => Object.fromEntries(window.jupyterapp.shell.currentWidget.content.widgets
  .filter(cell => cell.model.type === 'code').map(cell => [cell.model.id, cell.model.outputs.toJSON()]))"""
GO_TO = """async id => {
  const notebook = window.jupyterapp.shell.currentWidget.content;
  const place = notebook.widgets.findIndex(cell => cell.model.id === id);
  notebook.activeCellIndex = place;
  await notebook.scrollToItem(place);
}"""
SOURCE = """id => window.jupyterapp.shell.currentWidget.content.widgets
  .find(cell => cell.model.id === id).model.sharedModel.getSource()"""


@pytest.fixture
def run_all(lab, open_page):
    def run(notebook):
        page = open_page(lab.replace("explorer.ipynb", notebook))
        page.wait_for_function(READY, timeout=90_000)
        assert page.evaluate(RUN, "notebook:run-all-cells") == "ran"
        return page

    return run


def test_a_figure_is_shown_with_its_words(run_all):
    from crossread.charts import figures

    entry = figures.manifest().set_index("figure").loc["fig-01-account"]
    page = run_all("figure.ipynb")
    page.wait_for_selector("figure#fig-01-account img", timeout=60_000)
    assert page.get_attribute("figure#fig-01-account img", "alt") == entry["alt"]
    assert page.inner_text("figure#fig-01-account figcaption") == entry["caption"]
    assert page.evaluate("document.querySelector('figure#fig-01-account img').src.startsWith('data:image/svg')")


def test_the_page_runs_in_a_cell(run_all):
    page = run_all("explorer.ipynb")
    page.wait_for_selector(".jp-OutputArea .crossread[data-ready]", timeout=120_000)
    page.locator('.cell[data-do="ask costs/b"]').click()
    assert page.locator(".pane .item").count() == 1 and "1 of 2 sentences" in page.locator(".pane").inner_text()
    assert page.strangers == []


def test_enter_in_a_cell_gives_the_contexts_and_opens_the_first(run_all):
    page = run_all("explorer.ipynb")
    page.wait_for_selector(".jp-OutputArea .crossread[data-ready]", timeout=120_000)
    cells = page.locator(".jp-Notebook .jp-Cell").count()
    page.locator("#q").click()
    page.keyboard.type("costs")  # among these are letters that are shortcuts of JupyterLab
    page.keyboard.press("Enter")
    assert page.locator(".kwic tbody tr").count() == 2
    assert page.locator(".item[aria-current=true] mark:not(.light)").inner_text() == "costs"
    page.keyboard.press("Shift+Enter")  # would run the cell
    page.locator('[data-do="view read"]').click()
    page.keyboard.type("xbd")  # would cut the cell, or add one
    assert page.locator(".jp-Notebook .jp-Cell").count() == cells
    assert page.locator("article.text mark:not(.light)").count() == 1 and page.strangers == []


def said(outputs):
    """What a reader sees below a cell."""
    parts = []
    for output in outputs:
        if output["output_type"] == "error":
            parts += output["traceback"]
        data = output.get("data", {})
        parts += [text for kind in ("text/markdown", "text/plain") for text in [data.get(kind)] if text][:1]
    return "".join("".join(part) for part in parts)


def type_answer(page, cell_id, text):
    page.evaluate(GO_TO, cell_id)
    cell = page.locator(".jp-Notebook-cell.jp-mod-active")
    cell.dblclick()
    editor = cell.locator(".cm-content").first
    editor.wait_for(state="visible")
    editor.click()
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.insert_text(text)
    page.wait_for_function(f"id => ({SOURCE})(id) === {json.dumps(text)}", arg=cell_id, timeout=10_000)
    page.keyboard.press("Shift+Enter")


def test_each_answer_is_typed_in_and_checked(lab, open_page):
    cells = json.loads((SEMINAR / f"{SESSION}.solution.ipynb").read_text(encoding="utf-8"))["cells"]
    answers = {cell["id"]: cell for cell in cells if students.is_solution(cell)}
    checks = [cell["id"] for cell in cells if students.is_check(cell)]
    page = open_page(lab.replace("explorer.ipynb", f"seminar/{SESSION}.ipynb"))
    page.wait_for_function(READY, timeout=90_000)
    assert page.evaluate(RUN, "notebook:run-all-cells") != "did not end"
    for name, cell in answers.items():
        type_answer(page, name, "".join(cell["source"]))
        page.wait_for_function(READY, timeout=90_000)
        if cell["cell_type"] == "markdown":
            continue
        check = checks[0]
        outputs = page.evaluate(OUTPUTS)
        assert said(outputs[check]) == NO_ANSWER, check
        # what lies below was dropped from the queue; a cell that reaches a busy kernel after that runs all the same
        assert {said(outputs[later]) for later in checks[1:]} <= {"", NO_ANSWER}
        page.evaluate(GO_TO, name)
        assert page.evaluate(RUN, "notebook:run-all-below") != "did not end"
        passed = page.evaluate(OUTPUTS)[check]
        assert [output["output_type"] for output in passed] == ["execute_result"], said(passed)
        checks.pop(0)
    assert not checks
    outputs = page.evaluate(OUTPUTS)
    assert not [name for name, shown in outputs.items() for output in shown if output["output_type"] == "error"]
    assert (
        page.evaluate("document.querySelectorAll('.jp-RenderedHTMLCommon img:not([alt]), img[alt=\"\"]').length") == 0
    )
    assert page.errors == [] and page.strangers == []
