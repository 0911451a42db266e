"""The slides of the seminar, in a browser: none is wider than the screen."""

import subprocess
import sys

import pytest


@pytest.fixture(scope="module")
def decks(library, tmp_path_factory):
    folder = tmp_path_factory.mktemp("handouts")
    command = [sys.executable, "-m", "crossread_press", "handouts", "--folder", str(folder)]
    subprocess.run(command, env=library | {"CROSSREAD_BROWSER": "none"}, check=True, capture_output=True)
    return sorted(folder.glob("*.slides.html"))


def test_no_slide_is_wider_than_the_screen(decks, open_page):
    assert [deck.name[0] for deck in decks] == ["1", "2", "3", "4", "5"]
    wide = []
    for deck in decks:
        page = open_page(deck.as_uri(), width=1280, height=720)
        right = page.evaluate(
            "() => [...document.querySelectorAll('section')].map(slide =>"
            " Math.max(...[slide, ...slide.querySelectorAll('*')].map(part => part.getBoundingClientRect().right)))"
        )
        assert len(right) > 5
        wide += [(deck.name, number, edge) for number, edge in enumerate(right, 1) if edge > 1281]
    assert wide == []
