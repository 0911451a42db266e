"""The static site in a browser without a network, opened as files."""

import pytest
from conftest import violations


@pytest.fixture(scope="module")
def pages(root, library, tmp_path_factory):
    from crossread.site import build_site

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", library["PYTHONPATH"])
        return build_site(tmp_path_factory.mktemp("site") / "site", ["01"])


@pytest.mark.parametrize("width", [1280, 640, 390])
def test_pages_are_complete_and_axe_finds_nothing(pages, open_page, width):
    for path in pages:
        page = open_page(path.as_uri(), width)
        assert page.strangers == [] and page.errors == []
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate("[...document.images].every(image => image.naturalWidth > 0)")
