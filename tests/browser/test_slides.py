"""The slides of the seminar in a browser without a network, opened as files."""


def test_no_slide_is_wider_than_the_screen(open_page, tmp_path, monkeypatch):
    from crossread_seminar.handouts import make_handouts

    monkeypatch.setenv("CROSSREAD_BROWSER", "none")  # no PDF: a small session has those
    make_handouts(folder=tmp_path)
    decks = sorted(tmp_path.glob("*.slides.html"))
    assert [deck.name[0] for deck in decks] == ["1", "2", "3", "4", "5"]
    page, wide = open_page("about:blank", width=1280, height=720), []
    for deck in decks:
        page.goto(deck.as_uri())
        right = page.evaluate(
            "() => [...document.querySelectorAll('section')].map(slide =>"
            " Math.max(...[slide, ...slide.querySelectorAll('*')].map(part => part.getBoundingClientRect().right)))"
        )
        assert len(right) > 5
        wide += [(deck.name, number, edge) for number, edge in enumerate(right, 1) if edge > 1281]
    assert wide == []
