"""Pages: what is body, heading, list and note in them, what is left out, and that no character is lost."""

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossread.corpus.cleaning import clean
from crossread.corpus.reading import html, read_text
from crossread.corpus.reading.main_text import find_lines
from crossread.corpus.sentences import split_sentences
from crossread.corpus.spans import running_text
from crossread.corpus.tokens import words
from crossread.errors import CrossreadError


def read(folder: Path, page: str | bytes):
    path = folder / "a.html"
    path.write_bytes(page.encode() if isinstance(page, str) else page)
    return read_text(path)


def parts(source):
    return [(block.kind, source.text[block.start : block.end]) for block in source.blocks]


def kinds(source):
    return [block.kind for block in source.blocks]


def body(source) -> list[str]:
    """The paragraphs of the body as they are counted."""
    cleaned = clean(source.text, source.blocks)
    return [running_text(source.text, unit).text for unit in cleaned.units if unit.kind == "body"]


LINE = "The allies share the cost of the harbour, and each of them says in the hall that it pays too much. "
ARTICLE = "".join(f"<p>{LINE * 2}Of part {number} they say that it is dear.</p>" for number in range(5))


def test_tags_say_what_is_heading_body_list_note_and_furniture(tmp_path):
    page = """<html><head><title>T</title><script>var body = "<p>no</p>"</script><style>p {}</style></head><body>
    <nav><ul><li>Home</li></ul></nav>
    <article><header><h1>Tides</h1></header>
    <p>Allies <em>pay</em>
       their&nbsp;share.<sup><a href="#fn1">1</a></sup> H<sub>2</sub>O and m<sup>2</sup></p>
    <ul><li>one;</li><li>two.</li></ul>
    <blockquote>quoted</blockquote>
    <table><tr><td>cell</td><td>other</td></tr></table>
    <figure><figcaption>caption</figcaption></figure>
    <section class="footnotes"><ol><li id="fn1"><p>The note. <a href="#fnref1">↩</a></p></li></ol></section>
    </article>
    <aside><h2>More</h2><p>A teaser</p></aside>
    <footer>© nobody</footer><form>Sign up</form></body></html>"""
    assert parts(read(tmp_path, page)) == [
        ("furniture", "Home"),
        ("heading", "Tides"),
        ("body", "Allies pay their\u00a0share.[^1] H2O and m2"),
        ("list", "one;"),
        ("list", "two."),
        ("body", "quoted"),
        ("body", "cell"),
        ("body", "other"),
        ("note", "caption"),
        ("note", "[^1] The note."),
        ("furniture", "More"),
        ("furniture", "A teaser"),
        ("furniture", "© nobody"),
        ("furniture", "Sign up"),
    ]


def test_pages_without_running_text_are_refused(tmp_path):
    with pytest.raises(CrossreadError, match="the page is all script"):
        read(tmp_path, "<html><body><script>draw()</script><nav>Home</nav></body></html>")
    for page in ("<html><body><nav>Home</nav></body></html>", "<!-- nothing -->", "<p></p>"):
        with pytest.raises(CrossreadError, match="no running text in this page"):
            read(tmp_path, page)


@pytest.mark.parametrize(
    "name",
    "no-sidebar with-sidebar-right left-navigation-wrapper no-share modal-enabled karma-below-banner comments "
    "has-cookies newsletter menu-open related downloads breadcrumb-off".split(),
)
def test_the_name_of_a_class_cuts_nothing(tmp_path, name):
    remarks = "<section id=replies>" + "<p>A reader writes a long remark of no account here.</p>" * 4 + "</section>"
    page = f"<body><div class='entry {name}'><p>The allies share the cost of bases. China rises.</p></div>{remarks}"
    assert parts(read(tmp_path, page))[0] == ("body", "The allies share the cost of bases. China rises.")
    source = read(tmp_path, f"<body class={name}><div class='{name}'>{ARTICLE}</div><div>Other pages</div></body>")
    assert kinds(source)[:5] == ["body"] * 5


def test_what_stands_around_an_article_is_furniture_whatever_it_is_called(tmp_path):
    links = "".join(f"<li><a href=/{i}>A headline of another page, number {i}</a></li>" for i in range(30))
    page = f"<div class=x1><ul>{links}</ul></div><div class=x2>{ARTICLE}</div><div class=x3><ul>{links}</ul></div>"
    source = read(tmp_path, page)
    assert kinds(source) == ["furniture"] * 30 + ["body"] * 5 + ["furniture"] * 30


def test_end_tags_may_be_left_out(tmp_path):
    page = (
        "<!doctype html><html><head><meta charset=utf-8><title>Costs</title><body><h1>Costs</h1><p>The allies pay.</p>"
    )
    assert parts(read(tmp_path, page)) == [("heading", "Costs"), ("body", "The allies pay.")]
    page = "<meta charset=utf-8><title>T</title><article><h2>Costs</h2><p>The allies pay.</article>"
    assert parts(read(tmp_path, page)) == [("heading", "Costs"), ("body", "The allies pay.")]
    page = (
        "<head><title>T</title><p>One.<p>Two.<ul><li>three<li>four</ul><table><tr><td>five<td>six</table><dl><dt>a<dd>b"
    )
    assert parts(read(tmp_path, page)) == [
        ("body", "One."), ("body", "Two."), ("list", "three"), ("list", "four"), ("body", "five"), ("body", "six"),
        ("list", "a"), ("list", "b"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        ("<p>The alliance<sup>1</sup> pays.</p>", "The alliance pays."),
        ("<p>Bases.<sup>2</sup> Japan agrees<sup>4,5</sup>.</p>", "Bases. Japan agrees."),
        ("<p>Japan<sup><a href='notes.html#n3'>3</a></sup> pays.</p>", "Japan pays."),
        ("<p>Allies<sup>[12]</sup> pay<sup>*</sup> much<sup>1–3</sup>.</p>", "Allies pay much."),
        ("<p>In 2011<sup>7</sup> and “so”<sup>2</sup> it was.</p>", "In 2011 and “so” it was."),
        ("<p>Allies<sup class=reference><a href='#cite_note-x'>[note 1]</a></sup> pay.</p>", "Allies pay."),
        ("<p>Allies<a href='#_ftn4'>[4]</a> pay.</p>", "Allies pay."),
        (
            "<p>Its F-35<sup>2</sup> cost 1,000<sup>5</sup> under Article 5<sup>6</sup>.</p>",
            "Its F-35 cost 1,000 under Article 5.",
        ),
        ("<p>Allies<span style='vertical-align: super'>1</span> pay<a href='a.html#r2'>2</a>.</p>", "Allies pay."),
        ("<p>Allies<span class='small superscript'>1</span> pay.</p>", "Allies pay."),
        ("<p>The 19<sup>th</sup> century, 10<sup>6</sup> men.</p>", "The 19th century, 106 men."),
        ("<p>It has 5 m<sup>2</sup>, 3 km<sup>2</sup> and x<sup>3</sup>.</p>", "It has 5 m2, 3 km2 and x3."),
        ("<p>M<sup>lle</sup> and the 1<sup>re</sup> and 4<sup>o</sup></p>", "Mlle and the 1re and 4o"),
        ("<p>See <a href='#p2'>2</a> and <a href=/x>3</a>.</p>", "See 2 and 3."),
    ],
)
def test_marks_of_notes_are_cut_and_powers_and_ordinals_stay(tmp_path, inner, expected):
    assert body(read(tmp_path, inner)) == [expected]


def test_a_raised_number_at_the_beginning_of_a_paragraph_makes_it_a_note(tmp_path):
    page = (
        "<p>The alliance<sup>1</sup> pays for bases.<sup>2</sup> Japan<sup><a href='notes.html#n3'>3</a></sup> "
        "agrees<sup>4,5</sup>.</p><p><sup>1</sup> Roe 2011.</p><p><sup>9</sup> not a note of this text</p>"
    )
    source = read(tmp_path, page)
    assert kinds(source) == ["body", "note", "body"]
    text = body(source)[0]
    assert words(text) == "the alliance pays for bases japan agrees".split() and len(split_sentences(text)) == 2


@pytest.mark.parametrize("tag", ["caption", "figcaption"])
def test_captions_that_are_most_of_the_text_are_body(tmp_path, tag):
    lines = [f"In the year {2000 + n} the allies paid more for their bases than the year before." for n in range(6)]
    shown = "".join(
        f"<figure><img src={n}.png><figcaption>{line}</figcaption></figure>" for n, line in enumerate(lines)
    )
    assert body(read(tmp_path, f"<article><h1>Bases, Year by Year</h1>{shown}</article>")) == lines
    one = shown[: shown.index("</figure>")]
    assert "note" in kinds(read(tmp_path, f"<div>{ARTICLE}{one}</figure>{ARTICLE}</div>"))


def test_notes_to_the_text_stay_when_the_page_is_judged(tmp_path):
    notes = "<ol>" + "".join(f'<li id="fn:{i}">Roe {i}. <a href="#fnref:{i}">↩</a></li>' for i in (1, 2)) + "</ol>"
    source = read(tmp_path, f"<div>{ARTICLE}<p>Paid<sup id='fnref:1'><a href='#fn:1'>1</a></sup>.</p>{notes}</div>")
    assert parts(source)[-3:] == [("body", "Paid[^1]."), ("note", "[^1] Roe 1."), ("note", "[^2] Roe 2.")]


@pytest.mark.parametrize("sign", ["<!--", "<script", "<style"])
def test_what_is_never_closed_takes_the_rest_and_that_is_said(tmp_path, sign):
    source = read(tmp_path, f"{ARTICLE}\n{sign} >{ARTICLE}")
    assert f"“{sign}” in line" in source.notices[0] and "are no text" in source.notices[0]
    closed = f"{ARTICLE}<!-- a --><script>if (a <!--b) {{}}</script><style>p {{}}</style>"
    assert read(tmp_path, closed).notices == ()


@pytest.mark.parametrize(
    "hidden",
    [
        "hidden",
        "style='position:absolute; left: -9999px'",
        "style='display:none'",
        "style='color:red; DISPLAY : none'",
        "style=visibility:hidden",
    ],
)
def test_hidden_text_is_not_counted(tmp_path, hidden):
    source = read(tmp_path, f"<p>Allies <span {hidden}>secretly</span> pay.</p><div {hidden}><p>A box.</p></div>")
    assert parts(source) == [("body", "Allies pay."), ("furniture", "secretly"), ("furniture", "A box.")]
    source = read(tmp_path, f"<div {hidden}>{ARTICLE}</div><div>{ARTICLE}</div>")
    assert kinds(source) == ["furniture"] * 5 + ["body"] * 5


def test_an_article_that_only_a_script_would_show_is_read_and_that_is_said(tmp_path):
    for page in (f"<div style='display:none'>{ARTICLE}</div><p>Wait.</p>", f"<p>Wait.</p><noscript>{ARTICLE}"):
        source = read(tmp_path, page)
        assert [kind for kind, text in parts(source) if LINE in text] == ["body"] * 5
        assert "hidden until a script shows it; it was read" in source.notices[0]
    assert kinds(read(tmp_path, f"<body style='display:none'>{ARTICLE}</body>")) == ["body"] * 5


def test_an_article_in_a_script_is_read_as_the_judge_finds_it(tmp_path):
    data = f'{{"@context": "https://schema.org", "@type": "NewsArticle", "articleBody": "{LINE * 6}"}}'
    source = read(tmp_path, f"<script type='application/ld+json'>{data}</script><p>Loading.</p>")
    assert parts(source) == [("furniture", "Loading."), ("body", (LINE * 6).strip())]
    assert "stands in a script of the page" in source.notices[0]


def test_breaks_entities_and_preformatted_text(tmp_path):
    assert parts(read(tmp_path, "<p>One line<br>goes on.<br><br>Next &amp; last &eacute;&#8217;&hellip;</p>")) == [
        ("body", "One line\ngoes on."),
        ("body", "Next & last é’…"),
    ]
    assert parts(read(tmp_path, "<pre>One  line\nand two\n\nthree</pre>")) == [
        ("body", "One line\nand two"),
        ("body", "three"),
    ]
    assert (
        body(read(tmp_path, "<p>alli<wbr>an&shy;ces of <b>w</b>ords</p>"))[0].replace("\u00ad", "")
        == "alliances of words"
    )


def test_a_short_paragraph_all_in_bold_is_a_heading(tmp_path):
    source = read(tmp_path, "<p><strong>Introduction</strong></p><p><b>Allies</b> pay.</p><p><b>They pay.</b></p>")
    assert kinds(source) == ["heading", "body", "body"]


def test_the_reading_aid_of_a_character_is_no_text(tmp_path):
    assert body(read(tmp_path, "<p><ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby>字</p>")) == ["漢字"]


def test_a_form_around_the_whole_page_is_the_page_and_controls_are_not(tmp_path):
    page = f"<form><p>{LINE}</p><button>Send</button><select><option>One</option></select></form>"
    assert kinds(read(tmp_path, page)) == ["body", "furniture", "furniture"]


def test_a_paragraph_that_is_one_link_is_furniture_and_a_link_in_a_sentence_is_not(tmp_path):
    page = "<p><a href='/x'>Read this next</a></p><p>It is <a href='/y'>known</a>.</p><h2><a href='/z'>Head</a></h2>"
    assert kinds(read(tmp_path, page)) == ["furniture", "body", "heading"]


def test_lines_are_found_again_in_the_order_of_the_page():
    menu = ["Costs", "Bases", "Costs"]
    texts = [*menu, "Allies pay for bases.", "Costs", "They do so gladly.", *menu]
    assert find_lines(["Allies pay for bases.", "- Costs", "They do so gladly."], texts) == (
        [False, False, False, True, True, True, False, False, False],
        1.0,
    )
    cells = ["Yes", "No"] * 300
    assert find_lines(cells, ["Menu", *cells]) == ([False, *[True] * 600], 1.0)
    assert find_lines(["nothing of it"], ["Other words"])[1] < 0.5


TAGS = st.sampled_from(
    "div p a sup b table tr td ul ol li form nav script style noscript template head body title br pre h1 rt".split()
)
WORD = st.integers(0, 99).map(lambda n: f"w{n}w")
PIECE = st.one_of(
    WORD.map(lambda word: f" {word} "),
    TAGS.map(lambda tag: f"<{tag}>"),
    TAGS.map(lambda tag: f"</{tag}>"),
    st.sampled_from(
        ["<div style='display:none'>", "<sup>1</sup>", "<a href='#fn1'>[1]</a>", "&amp;", "<!--", "-->", "<"]
    ),
)


@given(st.lists(PIECE, max_size=40).map("".join))
def test_blocks_of_any_page_are_ordered_and_hold_all_its_text(page):
    text, blocks = html.page_text(page)
    position = 0
    for block in blocks:
        assert text[position : block.start].strip() == "" and block.start < block.end
        assert text[block.start : block.end].strip()
        position = block.end
    assert text[position:] == ""


@given(st.lists(st.one_of(WORD, TAGS.filter(lambda tag: tag not in ("script", "style", "title", "head")).map(
    lambda tag: f"<{tag}>")), max_size=40))  # fmt: skip
def test_no_word_of_a_page_is_lost(pieces):
    text, _ = html.page_text("<body>" + " ".join(pieces))
    assert sorted(text.split()) == sorted(piece for piece in pieces if piece[0] != "<")


PAGE = "<p>The allies pay their share of the costs, they say.</p>"
LONG = {
    "nested links": PAGE + "<a>" * 20_000 + "deep",
    "nested raised": PAGE + "<sup>" * 20_000 + "1",
    "nested blocks": PAGE + "<div>" * 20_000 + "deep",
    "comments": PAGE + "<!--" * 300_000,
    "brackets": PAGE + "[" * 200_000,
    "angles": PAGE + "<" * 200_000,
    "marks": PAGE + "<p>" + "word<sup>1</sup> " * 5_000,
    "blanks": PAGE + " " * 1_000_000 + "x",
    "scripts": PAGE + "<script " * 20_000,
    "hidden": PAGE + "<div style='" + "display " * 30_000 + "'>x",
}


@pytest.mark.parametrize("name", LONG)
def test_a_page_made_to_take_long_takes_no_time(name):
    html.read_html("a.html", PAGE)  # imports what reads pages
    start = time.process_time()
    html.read_html("a.html", LONG[name])
    assert time.process_time() - start < 2  # twice the second that it may take on a machine at rest


def test_thirty_thousand_notes_take_as_long_for_each_as_three_thousand():
    def seconds(count: int) -> float:
        notes = "".join(f'<li id="fn{i}">Note {i} <a href="#ref{i}">back</a></li>' for i in range(count))
        start = time.process_time()
        text, blocks = html.page_text(f"{PAGE}<ol class=footnotes>{notes}</ol>")
        assert len(blocks) == count + 1 and text.endswith(f"[^{count}] Note {count - 1} back")
        return time.process_time() - start

    seconds(300)
    assert seconds(30_000) < 60 * seconds(3_000)  # a hundred where each note looks through all


def test_a_page_of_too_many_tags_is_read_by_its_tags_and_that_is_said(tmp_path):
    source = read(tmp_path, "<nav>Home</nav>" + "<p>Allies pay.</p>" * html.MOST_TAGS)
    assert kinds(source)[:2] == ["furniture", "body"] and len(source.blocks) == html.MOST_TAGS + 1
    assert "too many for its main text to be judged" in source.notices[0]


def test_the_title_above_the_text_and_terms_within_it_are_kept_whatever_the_judge_says(tmp_path):
    before = "<p>The allies pay for the bases, and they have done so since the treaty was signed in San Francisco.</p>"
    before += "<p>Congress wants them to pay more; nobody knows whether they will, or when, or how much of it.</p>"
    after = "<p>More text stands under it, which is a sentence and goes on for a while.</p>"
    page = f"<h1>T</h1>{before}<dl><dt>Burden sharing</dt><dd>What each ally pays.</dd></dl>{after}"
    (tmp_path / "a.html").write_text(page, encoding="utf-8")
    source = read_text(tmp_path / "a.html")
    kinds = {source.text[block.start : block.end]: block.kind for block in source.blocks}
    assert kinds["T"] == "heading"
    assert kinds["Burden sharing"] != "furniture" and kinds["What each ally pays."] != "furniture"
