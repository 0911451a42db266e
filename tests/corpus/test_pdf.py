"""PDFs: lines in reading order, what stands at the edge of pages, notes, broken words, and files made to harm."""

import importlib.util
import random
import re
import sys
import zlib
from pathlib import Path

import pandas as pd
import pytest

from crossread.corpus.cleaning import clean
from crossread.corpus.model import build, cover
from crossread.corpus.reading import pdf, read_text
from crossread.corpus.spans import running_text
from crossread.corpus.tokens import words
from crossread.errors import CrossreadError


def load_fuzz():
    place = Path(__file__).parents[2] / "benchmarks" / "fuzz.py"
    spec = importlib.util.spec_from_file_location("fuzz", place)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


fuzz = load_fuzz()
FILLER = "the harbour states agreed to share what the long guard of the coast would cost them"


def read(folder, content: bytes):
    path = folder / "a.pdf"
    path.write_bytes(content)
    return read_text(path)


def parts(source):
    return [(block.kind, source.text[block.start : block.end]) for block in source.blocks]


def texts_of(source, kind="body"):
    cleaned = clean(source.text, source.blocks)
    return [" ".join(running_text(source.text, u).text.split()) for u in cleaned.units if u.kind == kind]


def reasons(source):
    return {source.text[cut.start : cut.end].strip(): cut.reason for cut in clean(source.text, source.blocks).cuts}


def lines_of(text: list[str], x=72, y=720, size=11, step=14):
    return [(x, y - step * number, size, line) for number, line in enumerate(text)]


def refusal(folder, content: bytes) -> str:
    with pytest.raises(CrossreadError) as error:
        read(folder, content)
    assert str(folder / "a.pdf") in str(error.value)
    return str(error.value)


def test_lines_become_paragraphs_and_pages_are_apart_by_a_form_feed(tmp_path):
    first = lines_of(["Allies pay their", "share of it.", "They do.", "", "Nobody counts", "the ships at sea."])
    source = read(tmp_path, fuzz.pdf_of([[line for line in first if line[3]], lines_of(["Page two."])]))
    assert source.text == "Allies pay their\nshare of it.\nThey do.\n\nNobody counts\nthe ships at sea.\fPage two."
    assert [kind for kind, _ in parts(source)] == ["body"] * 3
    assert (source.encoding, source.media_type) == ("", "application/pdf")


def test_columns_are_read_one_after_the_other_even_where_the_file_has_them_row_by_row(tmp_path):
    left = [f"left {n} the allies pay for the" for n in range(12)]
    right = [f"right {n} bases that they use now" for n in range(12)]
    rows = [line for a, b in zip(left, right, strict=True) for line in (a, b)]
    page = [(72 if n % 2 == 0 else 320, 700 - 14 * (n // 2), 11, text) for n, text in enumerate(rows)]
    title = [(72, 750, 18, "A Title That Runs Across Both Of The Columns")]
    source = read(tmp_path, fuzz.pdf_of([title + page]))
    assert [line for line in source.text.split("\n") if line] == [title[0][3], *left, *right]


def test_the_cells_of_a_table_are_read_row_by_row(tmp_path):
    page = [(x, 700 - 14 * row, 11, text) for row in range(8) for x, text in ((72, f"Year {row}"), (320, f"{row}.5"))]
    assert read(tmp_path, fuzz.pdf_of([page])).text.split("\n")[:2] == ["Year 0 0.5", "Year 1 1.5"]


def pages_with(head: str, n_pages: int, last: str = "They all went home.", gap: int = 40):
    pages = []
    for number in range(n_pages):
        body = [f"Page {'abcdefgh'[number]} says that {FILLER}"] + [FILLER] * 5 + [last]
        pages.append([(72, 700 + gap, 11, head), *lines_of(body, y=700), (300, 40, 11, str(11 + number))])
    return pages


def test_heads_and_page_numbers_are_cut_by_their_place_on_three_pages(tmp_path):
    found = reasons(read(tmp_path, fuzz.pdf_of(pages_with("HARBOUR REVIEW 7", 3))))
    assert found["HARBOUR REVIEW 7"] == "running head"
    assert [found[str(number)] for number in (11, 12, 13)] == ["page number"] * 3
    two = read(tmp_path, fuzz.pdf_of(pages_with("HARBOUR REVIEW 7", 2)))
    assert "HARBOUR REVIEW 7" not in reasons(two)


def test_a_sentence_of_the_body_at_the_edge_of_pages_is_no_running_head(tmp_path):
    source = read(tmp_path, fuzz.pdf_of(pages_with("HARBOUR REVIEW 7", 4, last="We shall not fail our friends.")))
    assert " ".join(texts_of(source)).count("We shall not fail our friends.") == 4
    first = read(tmp_path, fuzz.pdf_of(pages_with("We shall not fail our friends here.", 4, gap=14)))
    assert " ".join(texts_of(first)).count("We shall not fail our friends here.") == 4


def test_headings_that_begin_pages_under_a_head_are_text(tmp_path):
    pages = pages_with("HARBOUR REVIEW", 8)
    for number in (1, 3, 5):
        pages[number][1:3] = [(72, 700, 11, f"{number}.2. Purpose")]
    found = reasons(read(tmp_path, fuzz.pdf_of(pages)))
    assert {words for words, reason in found.items() if reason == "running head"} == {"HARBOUR REVIEW"}


def test_heads_that_differ_on_every_page_are_cut_where_no_page_has_text(tmp_path):
    heads = ["Why Guards?", "What they cost", "Who pays?", "In the long run", "How it went on", "The end."]
    pages = [page for head in heads for page in pages_with(head, 1)]
    found = reasons(read(tmp_path, fuzz.pdf_of(pages)))
    assert {words for words, reason in found.items() if reason == "running head"} == set(heads)
    slides = [[(x, y, 22 if words in heads else size, words) for x, y, size, words in page] for page in pages]
    assert "running head" not in reasons(read(tmp_path, fuzz.pdf_of(slides))).values()  # their titles are text


def test_lines_that_stand_alike_on_every_page_are_text_unless_they_stand_apart(tmp_path):
    text = ["Harbour states agreed to pay on page 1", *[FILLER] * 4, "and ended it here."]
    head = ["Harbour Papers", "The Cost of Guards"]
    pages = [[(72, 770, 9, head[number % 2]), *lines_of(text)] for number in range(6)]
    source = read(tmp_path, fuzz.pdf_of(pages))
    assert len(texts_of(source)) == 6
    assert {words for words, reason in reasons(source).items() if reason == "running head"} == set(head)


@pytest.mark.parametrize(("step", "gap"), [(1, 22), (1, 8), (5, 22)])
def test_numbers_of_lines_in_the_margin_are_cut_and_words_over_them_are_joined(tmp_path, step, gap):
    text = ["The harbour states agreed to share what the long guard costs, and minis-", "ters had said so."]
    text = [line for _ in range(10) for line in text] + ["The end of it."]
    pages = [
        [
            placed
            for number, line in enumerate(text, start)
            for placed in [(72, 720 - 14 * (number - start), 11, line)]
            + (
                [(72 - gap - 6 * len(str(number)), 720 - 14 * (number - start), 11, str(number))]
                if number % step == 0
                else []
            )
        ]
        for start in (1, 22)
    ]
    source = read(tmp_path, fuzz.pdf_of(pages))
    body = " ".join(texts_of(source))
    assert not re.search(r"\d", body) and body.count("ministers had said so.") == 20
    assert {reason for cut, reason in reasons(source).items() if cut[:1].isdigit()} == {"line number"}
    points = lines_of(
        [f"{number} The {word} of the sea" for number, word in enumerate("cost gain fear hope".split() * 5, 1)]
    )
    assert "line number" not in reasons(read(tmp_path, fuzz.pdf_of([points]))).values()


def test_a_table_of_contents_is_kept_out_of_the_body(tmp_path):
    entries = [
        f"{n} The {word} of the Alliance {'.' * 30} {5 * n}" for n, word in enumerate("Cost Gain Fear Hope".split(), 1)
    ]
    source = read(tmp_path, fuzz.pdf_of([lines_of(["Contents", "", *entries]), lines_of([FILLER] * 4 + ["End."])]))
    assert len(texts_of(source)) == 1
    assert {reason for text, reason in reasons(source).items() if "Alliance" in text} == {"table of contents"}


def test_a_table_of_figures_is_no_table_of_contents(tmp_path):
    rows = [
        (x, 700 - 14 * n, 11, text)
        for n, year in enumerate((2031, 2029, 2030, 2028))
        for x, text in ((72, "Spending in Sund"), (400, str(year)))
    ]
    assert "table of contents" not in reasons(read(tmp_path, fuzz.pdf_of([rows]))).values()


@pytest.mark.parametrize("last", ["¹", "9" * 5_000])
def test_what_looks_like_a_number_at_the_end_of_a_line_is_no_page(tmp_path, last):
    rows = [(x, 700 - 14 * n, 11, text) for n in range(4) for x, text in ((72, FILLER[:39]), (400, last))]
    assert FILLER[:39] in read(tmp_path, fuzz.pdf_of([rows])).text


def with_marks(notes, n_pages=1):
    body = lines_of([f"All of {FILLER}"] + [FILLER] * 3 + ["and so on for long. That is the end of it."])
    raised = [(72 + 5.5 * 60, 724, 7, "1"), (72 + 5.5 * 60, 710, 7, "2")]
    return fuzz.pdf_of([body + raised + notes])


@pytest.mark.parametrize("mark", ["{}. ", "{} ", "{}) ", "({}) ", "[{}] "])
def test_endnotes_are_notes_and_their_raised_marks_leave_the_words(tmp_path, mark):
    notes = lines_of(["Notes", mark.format(1) + "Roe, The Alliance, 2011, p. 5.", mark.format(2) + "Poe, 2012."], y=600)
    source = read(tmp_path, with_marks(notes))
    assert texts_of(source, "note") == ["Roe, The Alliance, 2011, p. 5.", "Poe, 2012."]
    assert not re.search(r"\d", " ".join(texts_of(source)))


def test_notes_alike_at_the_foot_of_many_pages_are_no_running_foot(tmp_path):
    pages = []
    for number in range(1, 6):
        line = [(72, 700, 11, f"{FILLER} and the alliance")]
        end = pdf.read_pages(pdf.run_pdfium(fuzz.pdf_of([line]), 10**6)[1])[0].lines[0].right
        foot = [(72, 100, 7, str(number)), (78, 98, 9, f"Ibid., p. {number}.")]
        pages.append([*line, (end + 0.2, 704, 7, str(number)), *lines_of([FILLER] * 3, y=686), *foot])
    source = read(tmp_path, fuzz.pdf_of(pages))
    assert texts_of(source, "note") == [f"Ibid., p. {number}." for number in range(1, 6)]


def test_no_paragraph_ends_within_a_word(tmp_path):
    item = [
        "1. the harbour states must do more for the guards",
        "who build what they need for a world of ter-",
        "rorists.",
    ]
    page = [(90 if number == 1 else 72, 700 - 14 * number, 11, line) for number, line in enumerate(item)]
    page += lines_of([FILLER] * 6, y=600)
    assert "terrorists" in words(texts_of(read(tmp_path, fuzz.pdf_of([page])))[0])


def test_a_line_that_ends_in_a_hyphen_goes_on_in_the_next(tmp_path):
    page = lines_of(["The cost of the F-", "35 and of the EU-", "Japan ties."]) + lines_of([FILLER] * 6, y=600)
    first = texts_of(read(tmp_path, fuzz.pdf_of([page])))[0]
    assert words(first) == "the cost of the f 35 and of the eu japan ties".split()


@pytest.mark.parametrize("marks", [("1", "2"), ("* ", "** ")])
def test_footnotes_begin_with_marks_glued_to_them_or_repeated(tmp_path, marks):
    small = lines_of([f"{marks[0]}Roe, The Alliance, 2011.", f"{marks[1]}Poe, 2012."], y=100, size=8, step=10)
    body = lines_of([f"All of {FILLER}"] + [FILLER] * 3 + ["and so on for long. That is the end of it."])
    raised = [(72 + 5.5 * 60, 724, 7, marks[0].strip()), (72 + 5.5 * 60, 710, 7, marks[1].strip())]
    notes = texts_of(read(tmp_path, fuzz.pdf_of([body + raised + small])), "note")
    assert [note.lstrip("* ") for note in notes] == ["Roe, The Alliance, 2011.", "Poe, 2012."]


@pytest.mark.parametrize("line", ["(5) approximately as the others do.", "20Fees%20Research.pdf is the place."])
def test_a_small_line_that_goes_on_with_a_number_begins_no_footnote(tmp_path, line):
    body = lines_of([FILLER] * 6)
    small = lines_of(["as it is told in equation", line], y=100, size=8, step=10)
    assert texts_of(read(tmp_path, fuzz.pdf_of([body + small])), "note") == []


def test_small_notes_at_the_foot_of_a_page_are_notes_and_a_numbered_list_is_none(tmp_path):
    small = lines_of(
        ["1 Roe, The Alliance, 2011, and more", "of what he wrote.", "2 Poe, 2012."], y=100, size=8, step=10
    )
    source = read(tmp_path, with_marks(small))
    assert texts_of(source, "note") == ["Roe, The Alliance, 2011, and more of what he wrote.", "Poe, 2012."]
    points = lines_of([f"Three points of what {FILLER}:", "1. The first of them.", "2. The second of them."])
    assert texts_of(read(tmp_path, fuzz.pdf_of([points])), "note") == []


@pytest.mark.parametrize("before", ["Note", "They did so."])
def test_a_numbered_list_after_footnotes_of_its_numbers_or_far_below_a_note_is_no_series_of_endnotes(tmp_path, before):
    small = lines_of(["1 Roe, The Alliance, 2011.", "2 Poe, 2012."], y=100, size=8, step=10)
    points = ["1. Count the ships that are there.", "2. Count the guards."]
    text = [before, f"All of {FILLER}", FILLER, "Three things come next.", *points]
    marks = [(72 + 5.5 * 60, 724, 7, "1"), (72 + 5.5 * 60, 710, 7, "2")] if before != "Note" else []
    first = [*lines_of([f"All of {FILLER}"] + [FILLER] * 3 + ["It ends."]), *marks, *(small if marks else [])]
    source = read(tmp_path, fuzz.pdf_of([first, lines_of(text)]))
    assert texts_of(source, "note") == (["Roe, The Alliance, 2011.", "Poe, 2012."] if marks else [])


@pytest.mark.parametrize(
    ("before", "raised", "kept"),
    [
        ("in the year 19", "th", "19th"),
        ("some 10", "6", "106"),
        ("wide 5 km", "2", "km2"),
        ("the alliance", "1", "alliance"),
    ],
)
def test_powers_and_ordinals_are_no_note_marks(tmp_path, before, raised, kept):
    line = [(72, 700, 11, f"{FILLER} and {before}")]
    end = pdf.read_pages(pdf.run_pdfium(fuzz.pdf_of([line]), 10**6)[1])[0].lines[0].right
    source = read(tmp_path, fuzz.pdf_of([[*line, (end + 0.2, 704, 7, raised), *lines_of([FILLER] * 3, y=686)]]))
    assert kept in words(" ".join(texts_of(source)))


def test_raised_numbers_that_do_not_run_on_are_powers(tmp_path):
    shapes = lines_of([f"the sum of cos and sin and {FILLER}"] * 6)
    raised = [(62 + 5.45 * 60, 724 - 14 * number, 7, power) for number, power in enumerate("223252")]
    tokens = words(" ".join(texts_of(read(tmp_path, fuzz.pdf_of([shapes + raised])))))
    assert sum(any(letter.isdigit() for letter in token) for token in tokens) == 6


def test_words_broken_over_a_page_and_over_its_head_are_joined(tmp_path):
    pages = pages_with("HARBOUR REVIEW 7", 3, last="and nobody in all of the harbour states liked what the minis-")
    for page in pages[1:]:
        page[1] = (72, 700, 11, f"ters had said and that {FILLER}")
    body = " ".join(texts_of(read(tmp_path, fuzz.pdf_of(pages))))
    assert body.count("what the ministers had said") == 2


def test_ligatures_of_unicode_are_letters_and_those_mapped_to_nothing_are_named(tmp_path):
    table = (
        "/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <00> <FF> endcodespacerange\n"
        "2 beginbfrange <20> <22> <0020> <24> <7e> <0024> endbfrange 1 beginbfchar <23> <{}> endbfchar endcmap"
    )
    page = [lines_of(["The of#cial pays for bene#ts."])]
    for mapped, seen, n_notices in (("FB01", "official", 0), ("0000", "of\ufffdcial", 1), ("E000", "of\ue000cial", 1)):
        source = read(tmp_path, fuzz.pdf_of(page, to_unicode=table.format(mapped)))
        assert source.text.split()[1] == seen
        assert len(source.notices) == n_notices
    assert "2 letters have no meaning in this file (page 1), as “of\ue000cial” shows" in source.notices[0]


@pytest.mark.parametrize(
    ("word", "width", "after"), [("of", 0.778, "them"), ("our", 1.389, "job"), ("all", 1.056, "of")]
)
def test_ink_that_reaches_over_a_narrow_space_does_not_join_two_words(tmp_path, word, width, after):
    shown = [
        read(
            tmp_path,
            fuzz.pdf_of([[(72, 700, 10, word), (72 + 10 * (width + space), 700, 10, after)]], font="Times-Italic"),
        )
        for space in (0.18, 0.15, 0.03)  # as justified lines are set; and pulled apart by less than a space
    ]
    assert [source.text for source in shown] == [f"{word} {after}", f"{word} {after}", word + after]


def japanese(encoding: bytes, content: bytes, ordering: bytes) -> bytes:
    return fuzz.pdf_file(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
            b"<</Length 80>>stream\nBT /F1 11 Tf 72 720 Td <%s> Tj ET\nendstream" % content.hex().encode(),
            b"<</Type/Font/Subtype/Type0/BaseFont/Ryumin/Encoding/%s/DescendantFonts[6 0 R]>>" % encoding,
            b"<</Type/Font/Subtype/CIDFontType0/BaseFont/Ryumin/DW 1000"
            b"/CIDSystemInfo<</Registry(Adobe)/Ordering(%s)/Supplement 0>>>>" % ordering,
        ]
    )


def test_japanese_without_a_table_of_characters_is_read_or_marked_unusable(tmp_path):
    assert read(tmp_path, japanese(b"90ms-RKSJ-H", "日本の同盟".encode("cp932"), b"Japan1")).text == "日本の同盟"
    source = read(tmp_path, japanese(b"Identity-H", b"\x03\x2a\x05\x10\x07\x11\x09\x99", b"Identity"))
    assert source.text == "\ufffd" * 4
    assert "unusable: 4 of 4 letters have no meaning" in source.notices[0]


def test_pictures_and_passwords_are_told(tmp_path):
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</XObject<</X 5 0 R>>>>>>"
    dot = b"<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Length 1>>"
    tree = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 2/Kids[3 0 R 3 0 R]>>"]
    drawn = b"<</Length 5>>stream\n/X Do\nendstream"
    scan = fuzz.pdf_file([*tree, page, drawn, dot + b"stream\nx\nendstream"])
    assert "no text on pages 1-2 of 2: a PDF of pictures" in refusal(tmp_path, scan)
    tree[1] = b"<</Type/Pages/Count 2/Kids[3 0 R 6 0 R]>>"
    text = b"<</Length 47>>stream\nBT /F1 11 Tf 1 2 Td (Allies pay.) Tj ET\nendstream"
    other = page.replace(b"4 0 R", b"7 0 R").replace(b"/XObject<</X 5 0 R>>", b"/Font<</F1 8 0 R>>")
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
    mixed = fuzz.pdf_file([*tree, page, drawn, dot + b"stream\nx\nendstream", other, text, font])
    assert "no text but a picture on page 1 of 2: not read" in read(tmp_path, mixed).notices[0]
    for name in ("aes-128", "aes-256"):  # encrypted with an empty password
        assert read_text(Path(__file__).parent / "data" / f"{name}.pdf").text == "Allies pay their share."
    assert "the PDF is encrypted" in refusal(tmp_path, (Path(__file__).parent / "data" / "locked.pdf").read_bytes())


def page_of(stream: bytes, *more: bytes) -> bytes:
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</XObject<</X 5 0 R>>>>>>"
    return fuzz.pdf_file(
        [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 1/Kids[3 0 R]>>", page, stream, *more]
    )


def with_limits(folder, monkeypatch, before: str, after: str) -> None:
    """Let PDFium run with other limits than those of the reader."""
    from crossread.corpus.reading import glyphs

    program = Path(glyphs.__file__).read_text(encoding="utf-8")
    assert before in program
    (folder / "glyphs.py").write_text(program.replace(before, after), encoding="utf-8")
    monkeypatch.setattr(glyphs, "__file__", str(folder / "glyphs.py"))


def test_page_trees_made_to_harm_end_in_a_sentence(tmp_path):
    catalogue, page = b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"
    circle = b"<</Type/Pages/Count 5/Kids[2 0 R 2 0 R]>>"
    assert "no text" in refusal(tmp_path, fuzz.pdf_file([catalogue, circle]))
    many = b"<</Type/Pages/Count 90000000/Kids[%s]>>" % (b"3 0 R " * 30_000)
    assert "more than 20,000 pages" in refusal(tmp_path, fuzz.pdf_file([catalogue, many, page]))
    assert "a damaged PDF" in refusal(tmp_path, b"%PDF-1.4 and nothing more")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit of memory")
def test_a_page_that_unpacks_beyond_the_memory_is_refused(tmp_path, monkeypatch):
    with_limits(tmp_path, monkeypatch, "MEMORY = 1_500_000_000", "MEMORY = 250_000_000")
    packer = zlib.compressobj(1)
    packed = zlib.compress(b"".join(packer.compress(b" " * 10_000_000) for _ in range(30)) + packer.flush(), 9)
    bomb = b"<</Length %d/Filter[/FlateDecode/FlateDecode]>>stream\n%s\nendstream" % (len(packed), packed)
    assert "too much memory" in refusal(tmp_path, page_of(bomb))


def test_a_page_that_never_ends_is_stopped(tmp_path, monkeypatch):
    with_limits(tmp_path, monkeypatch, "PATIENCE = 8", "PATIENCE = 0.3")
    twice = b"/Resources<</XObject<</X %d 0 R>>>>/Length 23>>stream\n/X Do /X Do /X Do /X Do\nendstream"
    forms = [b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]" + twice % (6 + number) for number in range(28)]
    last = b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Length 0>>stream\n\nendstream"
    bomb = page_of(b"<</Length 5>>stream\n/X Do\nendstream", *forms, last)
    assert "takes too long" in refusal(tmp_path, bomb)


@pytest.mark.parametrize("seed", range(12))
def test_every_character_of_any_pdf_is_accounted_for(tmp_path, seed):
    source = read(tmp_path, fuzz.make_pdf(random.Random(seed)))
    described = pd.DataFrame(index=pd.Index(["a"], name="doc_id"))
    corpus = build("a", None, described, {"a": (source.text, source.blocks)})
    cover(corpus.sentences, corpus.cuts, len(source.text))
    assert "not in any block" not in set(corpus.cuts["reason"])
