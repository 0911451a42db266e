"""The static site in a browser without a network, opened as files."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from conftest import violations


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """All pages, executed once for all widths."""
    from crossread_press.site import build_site

    return build_site(tmp_path_factory.mktemp("site") / "site", explored={"alliances": False})


@pytest.fixture(scope="module")
def one_page(pages, open_page):
    return open_page(pages[0].as_uri(), 390)


def test_pages_are_complete_and_axe_finds_nothing(pages, one_page):
    written = [path for path in pages if not path.name.startswith("explorer-")]  # these have tests of their own
    assert len(written) == 11 and len(pages) == 12  # index, eight notebooks, glossary, reference
    for path in written:
        one_page.goto(path.as_uri())
        assert one_page.evaluate("[...document.images].every(image => image.naturalWidth > 0)")
        assert violations(one_page) == [], path.name
        leads = "a => !a.getAttribute('href').startsWith('#')"
        links = one_page.evaluate(f"[...document.links].filter({leads}).map(a => a.href.split('#')[0])")
        missing = [link for link in links if not Path(unquote(urlsplit(link).path)).is_file()]
        assert missing == [], path.name
        for figure in one_page.query_selector_all("figure[id^='fig-']"):
            source = figure.query_selector(".source")
            assert source.query_selector("a[href$='.csv']") and 'study.why("fig-' in source.inner_text()
    assert one_page.strangers == [] and one_page.errors == []


def test_nothing_is_wider_than_the_page(pages, one_page):
    for path in pages:
        one_page.goto(path.as_uri())
        for width in (1280, 640, 390):
            one_page.set_viewport_size({"width": width, "height": 900})
            assert one_page.evaluate("document.documentElement.scrollWidth") <= width, (path.name, width)
