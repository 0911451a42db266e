"""The explorer as Voilà serves it, in a browser without a network: seen, clicked, typed into, saved, attacked."""

import json
from urllib.parse import unquote

import pytest
from conftest import act, violations

from crossread.tokens import words

WIDTHS = {"1280 pixels": 1280, "1280 pixels at 200 per cent": 640, "390 pixels": 390}


@pytest.fixture(scope="module")
def open_explorer(explorer_page, open_page):
    def open_(corpus="practice", width=1280, after=""):
        page = open_page(explorer_page(corpus) + after, width)
        page.wait_for_selector("#cr-files form", timeout=60_000)
        return page

    return open_


@pytest.fixture(scope="module")
def one_page(open_explorer):
    return open_explorer()


@pytest.fixture
def page(one_page):
    """The one page of this module, as it is at the start."""
    one_page.set_viewport_size({"width": 1280, "height": 900})
    one_page.fill("#cr-json", "{}")
    act(one_page, lambda: one_page.click("text=Open this JSON"))
    return one_page


def status(page) -> str:
    return page.inner_text("#cr-status")


def test_it_asks_no_other_machine_for_anything(page):
    assert page.strangers == [] and page.errors == []
    assert page.title() == "crossread: explore and read"


def test_without_the_token_there_is_no_page(explorer_page, open_page):
    page = open_page(explorer_page("practice").split("?")[0])
    page.wait_for_timeout(1000)
    assert page.query_selector(".crossread") is None and "login" in page.url


def test_a_control_changes_number_and_picture(page):
    row = "#cr-rates-burden_sharing tbody tr:nth-child(2)"
    number, picture = page.inner_text(f"{row} td:nth-of-type(3)"), page.inner_html(f"{row} svg")
    act(page, lambda: page.select_option("#cr-unit", "share"))
    assert page.inner_text(f"{row} td:nth-of-type(3)") != number and page.inner_html(f"{row} svg") != picture
    curve = page.get_attribute(".lane svg polyline >> nth=0", "points")
    act(page, lambda: page.select_option("#cr-smoothing", "400"))
    assert page.get_attribute(".lane svg polyline >> nth=0", "points") != curve
    act(page, lambda: page.uncheck("#cr-document-marsh_2031"))
    assert page.query_selector("#cr-bar-marsh_2031-burden_sharing") is None
    assert page.errors == []


def test_a_click_on_a_mark_opens_its_sentence(page):
    mark = page.query_selector_all(".lane .mark")[-1]
    sentence = mark.get_attribute("data-value")
    act(page, mark.click)
    assert sentence in status(page)
    assert page.evaluate("document.activeElement.id") == f"s-{sentence}"
    assert page.query_selector(f"[id='s-{sentence}'] mark") is not None
    inside = page.evaluate(
        "id => { const s = document.getElementById(id).getBoundingClientRect(),"
        " p = document.querySelector('.text').getBoundingClientRect(); return s.top >= p.top - 1 && s.top < p.bottom }",
        f"s-{sentence}",
    )
    assert inside


def test_a_click_on_a_bar_lists_its_sentences_and_a_line_opens_one(page):
    count = int(page.inner_text("tr:has(#cr-bar-marsh_2031-burden_sharing) td:nth-of-type(2)"))
    act(page, lambda: page.click("#cr-bar-marsh_2031-burden_sharing"))
    lines = page.query_selector_all("#cr-lines tbody tr")
    assert len(lines) == count and f"{count} hits of burden sharing and Marsh 2031" in page.inner_text(
        "#cr-lines caption"
    )
    act(page, lambda: page.click("#cr-sort-right"))
    after = [words(row) for row in page.locator("#cr-lines tbody td:last-child").all_inner_texts()]
    assert after == sorted(after)
    act(page, lambda: page.click("#cr-lines tbody button >> nth=0"))
    assert "is open" in status(page)


def test_a_typed_query_is_suggested_and_counted(page):
    page.click("#cr-pattern")
    page.keyboard.type("harb", delay=20)
    page.wait_for_selector("#cr-suggestions option[value='harbour']", state="attached")
    page.keyboard.type("our*")
    act(page, lambda: page.keyboard.press("Enter"))
    assert "“harbour*”: " in status(page) and page.query_selector("#cr-rates-query") is not None
    assert page.evaluate("document.activeElement.id") == "cr-pattern"
    page.fill("#cr-add-key", "multilateralism")
    act(page, lambda: page.click("text=Add to the working copy"))
    assert "The working copy changes" in page.inner_text("#cr-working")
    page.fill("#cr-pattern", "(open")
    act(page, lambda: page.press("#cr-pattern", "Enter"))
    assert "bracket" in status(page)


def test_an_analysis_is_in_the_address_and_saved_and_opened_again(page, open_explorer):
    page.fill("#cr-pattern", "winter*")
    act(page, lambda: page.press("#cr-pattern", "Enter"))
    act(page, lambda: page.uncheck("#cr-key-rival_rise"))
    asked = json.loads(unquote(page.url.split("#", 1)[1]))
    assert asked["query"] == "winter*" and "rival_rise" not in asked["keys"]
    page.fill("#cr-save-name", "winters")
    act(page, lambda: page.click("text=Save this analysis"))
    again = open_explorer(after="#" + page.url.split("#", 1)[1])
    assert again.input_value("#cr-pattern") == "winter*" and not again.is_checked("#cr-key-rival_rise")
    fresh = open_explorer()
    assert fresh.input_value("#cr-pattern") == ""
    fresh.select_option("#cr-open-name", "winters")
    act(fresh, lambda: fresh.click("#cr-files button:text-is('Open')"))
    assert fresh.input_value("#cr-pattern") == "winter*"


def test_the_list_and_a_view_are_exported(page):
    with page.expect_download() as saved:
        page.click("#cr-list-save")
    assert saved.value.suggested_filename == "hits.csv"
    page.select_option("#cr-export-view", "how-much")
    act(page, lambda: page.click("text=Export this view"))
    assert "fig-98-how-much.svg" in status(page) and "fig-98-how-much.ipynb" in status(page)


def test_the_keyboard_suffices(page):
    page.focus("#cr-smoothing")
    for _ in range(10):  # from the last control of the selection to the first mark, over the query
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.classList.contains('mark')"):
            break
    first = page.evaluate("document.activeElement.dataset.value")
    assert first
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("ArrowRight")
    second = page.evaluate("document.activeElement.dataset.value")
    assert second != first
    act(page, lambda: page.keyboard.press("Enter"))
    assert page.evaluate("document.activeElement.id") == f"s-{second}"
    act(page, lambda: page.keyboard.press("n"))
    third = page.evaluate("document.activeElement.id")
    assert third != f"s-{second}"
    act(page, lambda: page.keyboard.press("p"))
    assert page.evaluate("document.activeElement.id") == f"s-{second}"


def test_everything_reached_by_tab_shows_its_focus(page):
    act(page, lambda: page.check("#cr-compare"))
    page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")
    seen = set()
    for _ in range(150):
        page.keyboard.press("Tab")
        name, outline = page.evaluate(
            "(() => { const e = document.activeElement, s = getComputedStyle(e);"
            " return [e.closest('.crossread') ? e.outerHTML.slice(0, 90) : '', s.outlineStyle] })()"
        )
        if name:
            seen.add(name)
            assert outline != "none", name
    assert len(seen) > 40


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
def test_axe_finds_nothing_and_nothing_is_wider_than_the_page(page, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.fill("#cr-pattern", "harbour*")
    act(page, lambda: page.press("#cr-pattern", "Enter"))
    act(page, lambda: page.check("#cr-compare"))
    page.fill("#cr-add-key", "multilateralism")
    act(page, lambda: page.click("text=Add to the working copy"))
    act(page, page.query_selector_all(".lane .mark")[-1].click)
    page.click("summary")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    scrolled = "e => e.scrollWidth > e.clientWidth + 1"
    assert page.evaluate(f"[...document.querySelectorAll('.crossread .scroll')].filter({scrolled}).length") == 0
    beyond = "e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest('.scroll, pre')"
    assert page.evaluate(f"[...document.querySelectorAll('.crossread *')].filter({beyond}).length") == 0


@pytest.fixture(scope="session")
def many_documents(tmp_path_factory):
    """Forty documents, so many that they are found by name and shown page by page."""
    folder = tmp_path_factory.mktemp("corpora") / "many"
    (folder / "texts").mkdir(parents=True)
    for number in range(40):
        text = "The costs of winter rise. Nobody pays them gladly. " * (number + 2)
        (folder / "texts" / f"text_{number:02d}.txt").write_text(text, encoding="utf-8")
    rows = [f"text_{number:02d},Text {number},Title {number},{1990 + number}" for number in range(40)]
    (folder / "documents.csv").write_text("\n".join(["doc_id,label,title,year", *rows, ""]), encoding="utf-8")
    (folder / "themes.yml").write_text("cost:\n  - costs\npaying:\n  - pays\n", encoding="utf-8")
    (folder / "actors.yml").write_text("nobody:\n  - nobody\n", encoding="utf-8")
    return str(folder)


def test_many_documents_are_found_turned_over_and_chosen_by_keyboard(open_explorer, many_documents):
    page = open_explorer(many_documents)
    assert "1 to 12 of 40" in page.inner_text("#cr-page-where")
    page.focus("#cr-turn-where-on")
    act(page, lambda: page.keyboard.press("Enter"))
    assert "13 to 24 of 40" in page.inner_text("#cr-page-where")
    assert page.evaluate("document.activeElement.id") == "cr-page-where"
    page.focus("#cr-find")
    page.keyboard.type("200")
    act(page, lambda: page.keyboard.press("Enter"))
    assert "10 documents found" in status(page) and len(page.query_selector_all("[id^=cr-document-]")) == 10
    page.focus("#cr-document-text_12")
    act(page, lambda: page.keyboard.press("Space"))
    assert "1 document selected" in status(page) and page.query_selector("#cr-bar-text_12-cost") is not None
    assert page.evaluate("document.activeElement.id") == "cr-document-text_12"
    act(page, lambda: page.click("#cr-read-text_15"))
    assert "Title 15" in page.inner_text("#cr-read")
    act(page, lambda: page.click("#cr-all"))
    for width in WIDTHS.values():
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(page) == [] and page.errors == []


@pytest.fixture(scope="session")
def without_texts(tmp_path_factory):
    """The practice corpus as its published tables alone."""
    import shutil

    from crossread.corpus import corpus_folder
    from crossread.publishing import publish

    folder = tmp_path_factory.mktemp("published") / "practice"
    shutil.copytree(corpus_folder("practice"), folder)
    publish(folder)
    shutil.rmtree(folder / "texts")
    return str(folder)


def test_without_texts_what_can_be_counted_works_and_the_rest_is_said(open_explorer, without_texts):
    page = open_explorer(without_texts)
    assert "crossread attach FOLDER" in page.inner_text("#cr-read")
    page.fill("#cr-pattern", "harbour*")
    act(page, lambda: page.press("#cr-pattern", "Enter"))
    assert "“harbour*”: " in status(page) and page.query_selector("#cr-rates-query") is not None
    page.fill("#cr-add-key", "multilateralism")
    act(page, lambda: page.click("text=Add to the working copy"))
    assert "counted by passage" in page.inner_text("#cr-how-much")
    assert "The working copy changes" in page.inner_text("#cr-working")
    page.fill("#cr-pattern", "pay* ~5 harbour")
    act(page, lambda: page.press("#cr-pattern", "Enter"))
    assert "asks what stands near" in status(page) and "crossread attach FOLDER" in status(page)
    assert violations(page) == [] and page.errors == []


@pytest.fixture(scope="session")
def hostile_corpus(tmp_path_factory):
    """Script in a text, HTML in a title and label, quotes in a file name, more script in the lexicons."""
    folder = tmp_path_factory.mktemp("corpora") / "hostile"
    (folder / "texts").mkdir(parents=True)
    attack = '<script>window.attacked = 1</script><img src=x onerror="window.attacked = 2">'
    name = 'it\'s "quoted" & <b>bold<b>.txt'
    text = f"Costs {attack} rise. Costs fall in the </textarea><svg onload='window.attacked = 3'> night.\n\n"
    (folder / "texts" / name).write_text(text * 6, encoding="utf-8")
    (folder / "texts" / "second.txt").write_text("Costs rest. Allies pay costs. " * 6, encoding="utf-8")
    quoted = [cell.replace('"', '""') for cell in (attack, name)]
    (folder / "documents.csv").write_text(
        "doc_id,label,title,authors,year,year_basis,genre,publisher,source,rights,file\n"
        f'first,"{quoted[0]}","{quoted[0]}",,,,,,,,"{quoted[1]}"\nsecond,Second,,,,,,,,,second.txt\n',
        encoding="utf-8",
    )
    (folder / "themes.yml").write_text(
        "cost:\n  - {pattern: costs, reason: \"<img src=x onerror='window.attacked = 4'>\"}\n  - script\n",
        encoding="utf-8",
    )
    (folder / "actors.yml").write_text("allies:\n  - allies\nattacked:\n  - window attacked\n", encoding="utf-8")
    return str(folder)


def test_a_hostile_document_runs_nothing(open_explorer, hostile_corpus):
    page = open_explorer(hostile_corpus)
    page.fill("#cr-pattern", "onerror|onload")
    act(page, lambda: page.press("#cr-pattern", "Enter"))
    page.fill("#cr-add-key", "cost")
    page.fill("#cr-add-reason", "</pre><img src=x onerror='window.attacked = 5'>")
    act(page, lambda: page.click("text=Add to the working copy"))
    page.fill("#cr-pattern", "<img src=x onerror='window.attacked = 6'>")
    act(page, lambda: page.press("#cr-pattern", "Enter"))
    page.fill("#cr-json", '{"query": "</textarea><script>window.attacked = 7</script>"}')
    act(page, lambda: page.click("text=Open this JSON"))
    act(page, page.query_selector_all(".lane .mark")[0].click)
    page.wait_for_timeout(500)
    assert page.evaluate("window.attacked") is None and page.errors == []
    assert "window.attacked = 1" in page.inner_text("#cr-text")
    assert (
        page.evaluate("document.querySelectorAll('.crossread script, .crossread img, .crossread iframe').length") == 0
    )
