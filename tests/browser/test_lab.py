"""Figures and the explorer in JupyterLab."""

import pytest

READY = """() => {
  const context = window.jupyterapp?.shell?.currentWidget?.sessionContext;
  const kernel = context?.session?.kernel;
  return Boolean(context?.isReady && kernel?.status === 'idle' && kernel?.connectionStatus === 'connected');
}"""
RUN = """() => Promise.race([
  window.jupyterapp.commands.execute('notebook:run-all-cells').then(() => 'ran'),
  new Promise(done => setTimeout(() => done('did not end'), 240000)),
])"""


@pytest.fixture
def run_all(lab, open_page):
    def run(notebook):
        page = open_page(lab.replace("explorer.ipynb", notebook))
        page.wait_for_function(READY, timeout=90_000)
        assert page.evaluate(RUN) == "ran"
        return page

    return run


def test_a_figure_is_shown_with_its_words(run_all):
    from crossread.charts import figures

    entry = figures.manifest().set_index("figure").loc["fig-01-documents"]
    page = run_all("figure.ipynb")
    page.wait_for_selector("figure#fig-01-documents img", timeout=60_000)
    assert page.get_attribute("figure#fig-01-documents img", "alt") == entry["alt"]
    assert page.inner_text("figure#fig-01-documents figcaption") == entry["caption"]
    assert page.evaluate("document.querySelector('figure#fig-01-documents img').src.startsWith('data:image/svg')")


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
