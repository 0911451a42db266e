"""The slides of every session, in a browser: each fits on its page, with words for its pictures and no network."""

import subprocess
import sys

import pytest

OUTSIDE = """() => {
  const slide = Reveal.getCurrentSlide();
  const boxes = [slide, ...slide.querySelectorAll('*')].map(part => part.getBoundingClientRect());
  return [Math.min(...boxes.map(box => box.top)), Math.max(...boxes.map(box => box.bottom)),
          Math.max(...boxes.map(box => box.right))];
}"""


@pytest.fixture(scope="module")
def decks(library, tmp_path_factory):
    folder = tmp_path_factory.mktemp("handouts")
    command = [sys.executable, "-m", "crossread", "handouts", "--folder", str(folder)]
    subprocess.run(command, env=library | {"CROSSREAD_BROWSER": "none"}, check=True, capture_output=True)
    return sorted(folder.glob("*.slides.html"))


def test_every_slide_fits_on_its_page(decks, open_page):
    assert [deck.name[0] for deck in decks] == ["1", "2", "3", "4"]
    faults = []
    for deck in decks:
        page = open_page(deck.as_uri(), width=1280, height=720)
        page.wait_for_function("window.Reveal && Reveal.isReady()")
        for number in range(page.evaluate("Reveal.getTotalSlides()")):
            page.evaluate(f"Reveal.slide({number})")
            top, bottom, right = page.evaluate(OUTSIDE)
            if top < 0 or bottom > 720 or right > 1280:
                faults.append(f"{deck.name}, slide {number + 1}: {top:.0f} to {bottom:.0f} high, {right:.0f} wide")
        assert number >= 12 and page.locator("img:not([alt]), img[alt='']").count() == 0
        assert page.errors == [] and page.strangers == []
    assert faults == []
