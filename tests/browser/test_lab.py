"""The explorer in JupyterLab: run all, change a control, click through to a sentence; letters stay on the page."""

import pytest
from conftest import act

from crossread.explore import read_state

READY = """() => {
  const context = window.jupyterapp?.shell?.currentWidget?.sessionContext;
  const kernel = context?.session?.kernel;
  return Boolean(context?.isReady && kernel?.status === 'idle' && kernel?.connectionStatus === 'connected');
}"""
RUN = """() => Promise.race([
  window.jupyterapp.commands.execute('notebook:run-all-cells').then(() => 'ran'),
  new Promise(done => setTimeout(() => done('did not end'), 90000)),
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
    from crossread import figures

    entry = figures.manifest().set_index("figure").loc["fig-01-lengths"]
    page = run_all("figure.ipynb")
    page.wait_for_selector("figure#fig-01-lengths img", timeout=60_000)
    assert page.get_attribute("figure#fig-01-lengths img", "alt") == entry["alt"]
    assert page.inner_text("figure#fig-01-lengths figcaption") == entry["caption"]
    assert page.evaluate("document.querySelector('figure#fig-01-lengths img').src.startsWith('data:image/svg')")


def test_run_all_change_a_control_click_through_to_a_sentence(run_all):
    page = run_all("explorer.ipynb")
    page.wait_for_selector(".crossread #cr-files form", timeout=60_000)
    assert page.strangers == []
    row = "#cr-rates-burden_sharing tbody tr:nth-child(2)"
    number, picture = page.inner_text(f"{row} td:nth-of-type(3)"), page.inner_html(f"{row} svg")
    act(page, lambda: page.select_option("#cr-unit", "share"))
    assert page.inner_text(f"{row} td:nth-of-type(3)") != number and page.inner_html(f"{row} svg") != picture
    page.fill("#cr-pattern", "harbour*")
    act(page, lambda: page.press("#cr-pattern", "Enter"))
    assert "“harbour*”: " in page.inner_text("#cr-status")
    cells = page.evaluate("window.jupyterapp.shell.currentWidget.content.widgets.length")
    mark = page.query_selector_all(".lane .mark")[-1]
    sentence = mark.get_attribute("data-value")
    mark.focus()
    act(page, lambda: page.keyboard.press("Enter"))
    assert page.evaluate("document.activeElement.id") == f"s-{sentence}"
    # in the notebook these letters would insert, cut and delete cells
    for letter in "abxdd":
        page.keyboard.press(letter)
    act(page, lambda: page.keyboard.press("n"))
    assert page.evaluate("document.activeElement.id") != f"s-{sentence}"
    assert page.evaluate("window.jupyterapp.shell.currentWidget.content.widgets.length") == cells
    # JupyterLab's address stays its own; how to share the analysis is said, with the line that opens it
    address = page.url
    act(page, lambda: page.select_option("#cr-smoothing", "100"))
    assert page.url == address and page.is_visible(".in-notebook") and not page.is_visible(".in-address")
    opened = eval(page.inner_text("#cr-code"), {"explorer": lambda corpus, state: (corpus, state)})
    assert opened[0] == "practice" and read_state(opened[1]).query == "harbour*"
    assert page.errors == []
