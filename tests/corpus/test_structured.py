"""Word, OpenDocument, rich text and XML: what is text, what is a note, what is left out and said to be."""

import importlib.util
import time
import zipfile
from pathlib import Path

import pytest

from crossread.corpus.cleaning import clean
from crossread.corpus.reading import read_text
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


def read(folder, suffix: str, content: bytes, **options):
    path = folder / f"a{suffix}"
    path.write_bytes(content)
    return read_text(path, **options)


def parts(source):
    return [(block.kind, source.text[block.start : block.end]) for block in source.blocks]


def texts_of(source, kind="body"):
    cleaned = clean(source.text, source.blocks)
    return [running_text(source.text, unit).text for unit in cleaned.units if unit.kind == kind]


def refusal(folder, suffix: str, content: bytes, **options) -> str:
    with pytest.raises(CrossreadError) as error:
        read(folder, suffix, content, **options)
    assert str(folder / f"a{suffix}") in str(error.value)
    return str(error.value)


# Word


def run(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t xml:space='preserve'>{text}</w:t></w:r>"


def paragraph(*runs: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{''.join(runs)}</w:p>"


def word_texts(folder, *paragraphs: str) -> list[str]:
    return texts_of(read(folder, ".docx", fuzz.docx_of("".join(paragraphs))))


RAISED = '<w:vertAlign w:val="superscript"/>'


def deleted(text: str) -> str:
    return f"<w:del w:id='2'><w:r><w:delText>{text}</w:delText></w:r></w:del>"


RUBY = f"<w:r><w:ruby><w:rt>{run('にほん')}</w:rt><w:rubyBase>{run('日本')}</w:rubyBase></w:ruby></w:r>"
SPACED = "<w:t>burden</w:t><w:tab/><w:t>sharing</w:t><w:br/><w:t>line</w:t><w:cr/><w:t>two</w:t><w:ptab/><w:t>end</w:t>"
MOVED = f"<w:moveFrom w:id='1'>{run('never ')}</w:moveFrom><w:moveTo w:id='2'>{run('now ')}</w:moveTo>"
HIDDEN = run("never ", "<w:vanish/>") + run("now ", "<w:vanish w:val='0'/>")


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        (run("In ") + f'<w:fldSimple w:instr="REF a">{run("Chapter 2")}</w:fldSimple>', "In Chapter 2"),
        (run("In ") + fuzz.FIELD % ("REF a", run("Chapter 2")), "In Chapter 2"),
        (RUBY + run("は"), "日本は"),
        (f"<w:r>{SPACED}</w:r>", "burden sharing line two end"),
        (f"<w:sdt><w:sdtPr/><w:sdtContent>{run('Controlled.')}</w:sdtContent></w:sdt>", "Controlled."),
        (run("Allies ") + f"<w:ins w:id='1'>{run('now ')}</w:ins>{deleted('never ')}{run('pay.')}", "Allies now pay."),
        (run("Allies ") + MOVED + run("pay."), "Allies now pay."),
        (run("Allies ") + HIDDEN + run("pay."), "Allies now pay."),
        (f"<w:hyperlink>{run('Linked')}</w:hyperlink><w:smartTag>{run(' text.')}</w:smartTag>", "Linked text."),
        ("<w:r><w:t>multi</w:t><w:noBreakHyphen/><w:t>lateral</w:t></w:r>", "multi‑lateral"),
        (
            run("Kept", f"<w:rPrChange><w:rPr><w:vanish/>{RAISED}</w:rPr></w:rPrChange>") + run(" as it is."),
            "Kept as it is.",
        ),
    ],
)
def test_no_text_of_a_word_file_is_left_out_unsaid(tmp_path, inner, expected):
    assert word_texts(tmp_path, paragraph(inner)) == [expected]


def test_a_deleted_end_of_a_paragraph_joins_it_to_the_next(tmp_path):
    first = paragraph(run("Allies "), properties="<w:rPr><w:del w:id='1'/></w:rPr>")
    assert word_texts(tmp_path, first, paragraph(run("pay."))) == ["Allies pay."]


def test_a_dropped_capital_belongs_to_its_paragraph_and_old_properties_to_none(tmp_path):
    first = paragraph(run("A"), properties='<w:framePr w:dropCap="drop"/>')
    old = "<w:pPrChange><w:pPr><w:outlineLvl w:val='0'/></w:pPr></w:pPrChange>"
    assert word_texts(tmp_path, first, paragraph(run("llies pay."), properties=old)) == ["Allies pay."]


def test_a_field_that_never_ends_loses_no_more_than_its_paragraph_and_that_is_said(tmp_path):
    body = paragraph("<w:r><w:fldChar w:fldCharType='begin'/><w:instrText>REF</w:instrText></w:r>", run("Lost."))
    source = read(tmp_path, ".docx", fuzz.docx_of(body + paragraph(run("Allies pay."))))
    assert texts_of(source) == ["Allies pay."] and "instruction of a field (5 characters)" in source.notices[0]


def test_a_short_line_in_bold_is_a_heading_unless_most_is_bold_or_it_stands_in_a_table(tmp_path):
    bold, body = run("Who pays", "<w:b/>"), paragraph(run("Allies pay for all of the bases."))
    cell = f"<w:tbl><w:tr><w:tc>{paragraph(bold)}</w:tc></w:tr></w:tbl>"
    off = paragraph(run("Nobody pays", '<w:b w:val="0"/>'))
    kinds = [kind for kind, _ in parts(read(tmp_path, ".docx", fuzz.docx_of(paragraph(bold) + body + cell + off)))]
    assert kinds == ["heading", "body", "body", "body"]
    assert [kind for kind, _ in parts(read(tmp_path, ".docx", fuzz.docx_of(paragraph(bold) * 3)))] == ["body"] * 3


def test_text_boxes_follow_their_paragraph_and_are_read_once(tmp_path):
    body = paragraph(run("Before."), fuzz.BOX % "Boxed allies pay.", run(" After."))
    assert word_texts(tmp_path, body) == ["Before. After.", "Boxed allies pay."]


def test_a_table_of_one_cell_is_body(tmp_path):
    assert word_texts(tmp_path, f"<w:tbl><w:tr><w:tc>{paragraph(run('Framed.'))}</w:tc></w:tr></w:tbl>") == ["Framed."]


@pytest.mark.parametrize(
    ("before", "raised", "after", "expected"),
    [
        ("The alliance", "1", " pays.", "the alliance pays"),
        ("The alliance", "1,2", " pays.", "the alliance pays"),
        ("In 2009", "3", " it paid.", "in 2009 it paid"),
        ("Its F-35", "3", " under Article 5", "its f 35 under article 5"),
        ("Article 5", "3", " holds", "article 5 holds"),
        ("The 19", "th", " treaty", "the 19th treaty"),
        ("Some 10", "6", " marks", "some 106 marks"),
        ("Some 5 m", "2", " each", "some 5 m2 each"),
    ],
)
def test_a_raised_number_is_a_note_mark_unless_it_is_a_power_or_an_ordinal(tmp_path, before, raised, after, expected):
    found = word_texts(tmp_path, paragraph(run(before), run(raised, RAISED), run(after)))
    assert words(" ".join(found)) == expected.split()


def test_a_number_is_raised_by_its_place_or_its_style_too_and_may_stand_in_brackets(tmp_path):
    styles = (
        '<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:style w:styleId="Up">'
        f'<w:rPr>{RAISED}</w:rPr></w:style><w:style w:styleId="Child"><w:basedOn w:val="Up"/></w:style></w:styles>'
    )
    body = paragraph(
        run("Allies"), run("7", '<w:rStyle w:val="Child"/>'), run(" pay"), run("8", '<w:position w:val="6"/>'),
        run(" for bases"), run("[9]", RAISED), run(" of 8", '<w:rStyle w:val="Up"/><w:vertAlign w:val="baseline"/>'),
    )  # fmt: skip
    relation = fuzz.RELATION % ("rId1", "styles", "styles.xml")
    source = read(tmp_path, ".docx", fuzz.docx_of(body, {"styles.xml": styles}, relation))
    assert source.text == "Allies[^7] pay[^8] for bases[^9] of 8"


def test_what_an_empty_field_asks_for_is_no_text_and_that_is_said(tmp_path):
    control = "<w:sdt><w:sdtPr>%s</w:sdtPr><w:sdtContent>%s</w:sdtContent></w:sdt>"
    asked = control % ("<w:showingPlcHdr/>", run("Enter text."))
    source = read(tmp_path, ".docx", fuzz.docx_of(paragraph(asked, control % ("", run("Given.")))))
    assert source.text == "Given." and "what an empty field asks for (11 characters)" in source.notices[0]


def test_notes_heads_and_comments_are_told_from_the_text(tmp_path):
    names = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    members = {
        "footnotes.xml": fuzz.FOOTNOTES % "A note.",
        "header1.xml": f"<w:hdr {names}>{paragraph(run('Draft'))}</w:hdr>",
        "comments.xml": f"<w:comments {names}><w:comment w:id='1'>{paragraph(run('Really?'))}</w:comment></w:comments>",
        "styles.xml": f"<w:styles {names}><w:style w:styleId='x'><w:name w:val='heading 1'/></w:style></w:styles>",
    }
    relations = "".join(
        fuzz.RELATION % (f"r{number}", kind, target)
        for number, (kind, target) in enumerate(
            zip(("footnotes", "header", "comments", "styles"), members, strict=True)
        )
    )
    body = paragraph(run("Title"), properties='<w:pStyle w:val="x"/>') + paragraph(
        run("Allies pay."), '<w:r><w:footnoteReference w:id="2"/></w:r>'
    )
    source = read(tmp_path, ".docx", fuzz.docx_of(body, members, relations))
    assert parts(source) == [
        ("heading", "Title"), ("body", "Allies pay.[^1]"), ("note", "[^1] A note."), ("running head", "Draft"),
        ("comment", "Really?"),
    ]  # fmt: skip
    assert (texts_of(source), texts_of(source, "note")) == (["Allies pay."], ["A note."])


def test_a_table_of_contents_is_not_body(tmp_path):
    body = paragraph(fuzz.FIELD % (r" TOC \o ", run("The Bill 3"))) + paragraph(run("Allies pay."))
    assert parts(read(tmp_path, ".docx", fuzz.docx_of(body)))[0] == ("table of contents", "The Bill 3")


@pytest.mark.parametrize(
    ("target", "content", "expected"),
    [
        ("chunk.html", "<html><body><p>Chunk allies pay.</p></body></html>", "Chunk allies pay."),
        ("chunk.txt", "Chunk allies pay.", "Chunk allies pay."),
        ("chunk.rtf", r"{\rtf1 Chunk allies pay.\par}", "Chunk allies pay."),
        ("chunk.mht", "MIME-Version: 1.0", None),
    ],
)
def test_files_within_a_word_file_are_read_or_named(tmp_path, target, content, expected):
    body = paragraph(run("Before.")) + '<w:altChunk r:id="rId7"/>'
    source = read(tmp_path, ".docx", fuzz.docx_of(body, {target: content}, fuzz.RELATION % ("rId7", "aFChunk", target)))
    assert texts_of(source) == ["Before.", *([expected] if expected else [])]
    assert bool(source.notices) == (expected is None)


def test_what_is_not_read_of_a_word_file_is_said(tmp_path):
    body = paragraph(
        run("Allies pay."), "<w:del w:id='2'><w:r><w:delText>never</w:delText></w:r></w:del>", run("x", "<w:vanish/>")
    )
    notices = read(tmp_path, ".docx", fuzz.docx_of(body)).notices
    assert [notice.partition("not read: ")[2] for notice in notices] == [
        "deleted text (5 characters).",
        "hidden text (1 character).",
    ]


def test_the_main_part_of_a_word_file_may_have_another_name(tmp_path):
    content = fuzz.docx_of(paragraph(run("Allies pay for bases.")), main="document2.xml")
    assert read(tmp_path, ".docx", content).text == "Allies pay for bases."


def test_headings_footnotes_and_boxes_of_word_are_told_apart():
    path = Path(__file__).parents[2] / "corpus" / "practice" / "texts" / "han_2033.docx"
    found = parts(read_text(path))
    assert found[0] == ("heading", "A Harbour Is Not a Hiding Place")
    assert ("body", "Length 96 metres, crew 74, speed 27 knots.") in found
    assert [text[:6] for kind, text in found if kind == "note"] == ["[^1] T", "[^2] A"]
    assert any(kind == "body" and "we sent a wreath.[^1]" in text for kind, text in found)
    assert ("running head", "Check against delivery") in found


def test_archives_made_to_harm_are_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.docx", "w") as archive:
        archive.writestr("readme.txt", "words")
    with pytest.raises(CrossreadError, match="no Word text in it"):
        read_text(tmp_path / "a.docx")
    for name in ("word/document.xml", "word/document.bin", "word/other"):
        content = fuzz.zip_of({"word/document.xml": fuzz.W % "", name: " " * 100_000})
        assert "unpacks to" in refusal(tmp_path, ".docx", content, max_bytes=10_000)
    pictures = fuzz.zip_of({"word/document.xml": fuzz.W % paragraph(run("Pay.")), "word/media/a.png": " " * 100_000})
    assert read(tmp_path, ".docx", pictures, max_bytes=10_000).text == "Pay."
    nested = fuzz.docx_of("<w:tbl>" * 3_000 + "</w:tbl>" * 3_000)
    assert "tags inside one another" in refusal(tmp_path, ".docx", nested)
    assert "not well-formed XML" in refusal(tmp_path, ".docx", fuzz.docx_of("<w:p>"))
    entities = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    bomb = fuzz.zip_of({"word/document.xml": entities + fuzz.W % paragraph(run("&b;"))})
    assert "the entity “b” unfolds" in refusal(tmp_path, ".docx", bomb)
    broken = bytearray(fuzz.docx_of(paragraph(run("Allies pay. " * 50))))
    broken[broken.index(b"word/document.xml") + 60] ^= 0xFF
    assert "damaged Word file" in refusal(tmp_path, ".docx", bytes(broken))


def test_many_tiny_runs_are_read_quickly(tmp_path):
    import time

    content = fuzz.docx_of(paragraph("<w:r><w:t>a</w:t></w:r>" * 40_000))
    begun = time.process_time()
    assert len(read(tmp_path, ".docx", content).text) == 40_000
    assert time.process_time() - begun < 2  # for .9 MB


# OpenDocument


def test_an_open_document_is_read_with_its_notes_and_without_what_was_deleted(tmp_path):
    body = (
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>gone</text:p></text:deletion>"
        "</text:changed-region></text:tracked-changes><text:h>One</text:h>"
        "<text:p>The alliance<text:span text:style-name='Raised'>1</text:span> pays 10<text:span "
        "text:style-name='Raised'>6</text:span><text:note text:note-class='footnote'><text:note-citation>1"
        "</text:note-citation><text:note-body><text:p>A note.</text:p></text:note-body></text:note> and<text:tab/>more"
        "<text:s text:c='3'/>of<text:line-break/>it <text:ruby><text:ruby-base>日本</text:ruby-base><text:ruby-text>x"
        "</text:ruby-text></text:ruby><text:span text:style-name='Hidden'>hid</text:span>.</text:p>"
        "<text:list><text:list-item><text:p>item</text:p></text:list-item></text:list>"
        "<text:table-of-content><text:index-body><text:p>One 3</text:p></text:index-body></text:table-of-content>"
        "<table:table><table:table-row><table:table-cell><text:p>cell</text:p></table:table-cell></table:table-row>"
        "</table:table><text:p>Before<draw:frame><draw:text-box><text:p>Boxed.</text:p></draw:text-box></draw:frame>"
        " after.</text:p>"
    )
    source = read(tmp_path, ".odt", fuzz.odt_of(body))
    assert parts(source) == [
        ("heading", "One"), ("body", "The alliance[^1] pays 106[^1] and more of\nit 日本."), ("list", "item"),
        ("table of contents", "One 3"), ("body", "cell"), ("body", "Before after."), ("body", "Boxed."),
        ("note", "[^1] A note."),
    ]  # fmt: skip
    assert [notice.partition("not read: ")[2].partition(" (")[0] for notice in source.notices] == [
        "deleted text", "reading aids", "hidden text",
    ]  # fmt: skip
    flat = (fuzz.OPEN_DOCUMENT % "<text:p>Allies pay.</text:p>").encode()
    assert read(tmp_path, ".fodt", flat).text == "Allies pay."


def test_a_zip_that_is_no_open_document_is_refused(tmp_path):
    assert "no OpenDocument text" in refusal(tmp_path, ".odt", fuzz.zip_of({"readme.txt": "words"}))
    locked = fuzz.zip_of({"content.xml": "x", "META-INF/manifest.xml": "<manifest:encryption-data/>"})
    assert "protected by a password" in refusal(tmp_path, ".odt", locked)


# Rich text


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (r"Allies\rquote  share is \'a35 \u8364?6.", "Allies’ share is £5 €6."),
        (r"{\f1 \'cc\'e8\'f0} and \u-10179?\u-8704?.", "Мир and 😀."),
        (r"The {\deleted late }{\v hid }alliance{\super 1} pays 10{\super 6}.", "The alliance pays 106."),
        (r"{\field{\*\fldinst HYPERLINK x}{\fldrslt linked}} text{\*\unknown foo}.", "linked text."),
        (r"{\pict\bin5 }}}}}}Allies\line pay\~now.", "Allies pay now."),
        (r"{\shp{\*\shpinst{\sp{\sn a}{\sv b}}{\shptxt Boxed.\par}}{\shprslt Boxed.}}", "Boxed."),
        (r"{\object{\*\objclass Word}{\*\objdata 00}{\result Shown.}}", "Shown."),
    ],
)
def test_the_words_of_rich_text_are_read(tmp_path, body, expected):
    assert texts_of(read(tmp_path, ".rtf", fuzz.rtf_of(body + r"\par"))) == [expected]


def test_headings_notes_and_heads_of_rich_text_are_told_apart(tmp_path):
    body = (
        r"{\header Running\par}\pard\s1 The Bill\par\pard\s0 Allies pay.{\super\chftn{\footnote \pard {\super\chftn} "
        r"A note.}} They do.\par"
    )
    assert parts(read(tmp_path, ".rtf", fuzz.rtf_of(body))) == [
        ("heading", "The Bill"), ("body", "Allies pay.[^1] They do."), ("running head", "Running"),
        ("note", "[^1] A note."),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "texts"),
    [
        (r"Allies pay", ["Allies pay"]),
        (r"Allies pay.\par They talk of {\b bases", ["Allies pay.", "They talk of bases"]),
        (r"Allies pay.\par They talk{\footnote of bas", ["Allies pay.", "They talk[^1]", "[^1] of bas"]),
        (r"Allies pay caf\'e9s {\pict\bin99 abc}}", ["Allies pay cafés"]),
    ],
)
def test_rich_text_that_breaks_off_keeps_all_that_is_there_and_says_so(tmp_path, body, texts):
    source = read(tmp_path, ".rtf", rb"{\rtf1\ansi " + body.encode())
    assert [text for _, text in parts(source)] == texts
    assert "breaks off" in source.notices[0] and "are not closed" in source.notices[0]


def test_rich_text_made_to_harm_is_refused(tmp_path):
    assert "braces inside one another" in refusal(tmp_path, ".rtf", b"{\\rtf1 " + b"{" * 5_000)


# XML


def test_the_text_of_tei_is_read_without_its_header(tmp_path):
    body = (
        "<div><head>One</head><p>Allies <hi>pay</hi><note n='1' place='foot'>A note.</note> for multi<lb break='no'/>"
        "lateral<lb/>bases, <choice><sic>teh</sic><corr>the</corr></choice> end.</p><list><item>one</item></list>"
        "<fw type='header'>HEAD</fw><lg><l>line a</l><l>line b</l></lg></div>"
    )
    source = read(tmp_path, ".xml", fuzz.tei_of(body))
    assert parts(source) == [
        ("heading", "One"), ("body", "Allies pay[^1] for multilateral\nbases, the end."), ("note", "[^1] A note."),
        ("list", "one"), ("furniture", "HEAD"), ("body", "line a"), ("body", "line b"),
    ]  # fmt: skip
    assert "left out with all that is in them: sic, teiHeader." in source.notices[0]


TEI = '<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader/><text><body>%s</body></text></TEI>'


@pytest.mark.parametrize(
    ("inner", "body"),
    [
        ("<p>See <title>Leviathan</title>, by <author>Roe</author> <gap/> of <date>1651</date>.</p>",
         ["See Leviathan, by Roe of 1651."]),
        ("<p><forename>Ann</forename> <surname>Roe</surname> <anchor/>paid <unclear>all</unclear>.</p>",
         ["Ann Roe paid all."]),
        ("<u><seg>They <gap/> pay.</seg><vocal><desc>Applause</desc></vocal><seg>We do.</seg></u>",
         ["They pay.", "We do."]),
        ("<u>They pay. <incident><desc>A door</desc></incident> We do.</u>", ["They pay. We do."]),
        ("<p>A <seg>phrase</seg> and <list><item>one <hi>two</hi></item></list></p>", ["A phrase and", "one two"]),
    ],
)  # fmt: skip
def test_what_stands_in_a_line_of_tei_parts_no_sentence(tmp_path, inner, body):
    source = read(tmp_path, ".xml", (TEI % inner).encode())
    kept = texts_of(source) + texts_of(source, "list")
    assert kept == body


@pytest.mark.parametrize(
    "inner", ["<p>" + "<x>" * 1900 + "a<y/>" * 100_000 + "</x>" * 1900 + "</p>", "<u>" + "a <vocal/>" * 50_000 + "</u>"]
)
def test_many_tags_in_one_paragraph_are_read_in_time(tmp_path, inner):
    begun = time.process_time()
    read(tmp_path, ".xml", (TEI % inner).encode())
    assert time.process_time() - begun < 8


def test_marks_of_notes_in_articles_are_no_part_of_a_word(tmp_path):
    article = '<article><body><p>Allies pay<xref ref-type="fn">1</xref> a lot.</p></body></article>'
    source = read(tmp_path, ".xml", article.encode())
    cleaned = clean(source.text, source.blocks)
    assert [running_text(source.text, unit).text for unit in cleaned.units] == ["Allies pay a lot."]


def test_marks_of_notes_in_tei_are_no_part_of_a_word(tmp_path):
    inner = '<p>Allies<hi rend="superscript">1</hi> pay.<ref target="#n2">2</ref> See <ref target="#s3">3</ref>.</p>'
    assert texts_of(read(tmp_path, ".xml", (TEI % inner).encode())) == ["Allies pay. See 3."]


@pytest.mark.parametrize("notes", [(("", "1. Roe."), ("", "2. Lee.")), (("1", " Roe."), ("2", " Lee."))])
def test_notes_that_word_knows_as_paragraphs_only(tmp_path, notes):
    typed = [paragraph(run(mark, RAISED), run(text)) for mark, text in notes]
    body = paragraph(run("Allies"), run("1", RAISED), run(" pay."), run("2", RAISED)) + paragraph(run("Notes"))
    source = read(tmp_path, ".docx", fuzz.docx_of(body + "".join(typed)))
    assert (texts_of(source), texts_of(source, "note")) == (["Allies pay.", "Notes"], ["Roe.", "Lee."])


def test_a_numbered_list_far_below_the_title_of_notes_is_none_and_names_keep_their_numbers(tmp_path):
    parts = ("Notes", "Mind the ns1 and sbp2 drivers.", "1. Count the ships.", "2. Ask who pays.")
    source = read(tmp_path, ".docx", fuzz.docx_of("".join(paragraph(run(part)) for part in parts)))
    assert texts_of(source, "note") == [] and "Mind the ns1 and sbp2 drivers." in texts_of(source)


def test_pages_within_a_feed_are_read_without_their_tags(tmp_path):
    escaped = "&lt;p&gt;Allies &lt;b&gt;pay&lt;/b&gt;.&lt;/p&gt;"
    item = f"<item><title>Bill</title><d>{escaped}</d><e><![CDATA[They<br/>talk.]]></e></item>"
    assert texts_of(read(tmp_path, ".xml", item.encode())) == ["Allies pay.", "They talk."]


def test_of_readings_in_tei_the_one_that_was_chosen_is_read(tmp_path):
    source = read(tmp_path, ".xml", (TEI % "<p>Allies <app><lem>pay</lem><rdg>paid</rdg></app>.</p>").encode())
    assert texts_of(source) == ["Allies pay."]
    assert source.notices[0].endswith(": rdg, teiHeader.")


def test_a_page_of_xhtml_is_a_page(tmp_path):
    page = '<html xmlns="http://www.w3.org/1999/xhtml"><body><p>Allies pay.</p></body></html>'
    assert texts_of(read(tmp_path, ".xhtml", page.encode())) == ["Allies pay."]


def test_plain_xml_is_read_and_entities_that_unfold_are_refused(tmp_path):
    plain = "<doc><title>Bill</title><s><para>Allies <b>pay</b> now.</para><para>And é.</para></s></doc>"
    source = read(tmp_path, ".xml", plain.encode())
    assert [text for _, text in parts(source)] == ["Bill", "Allies pay now.", "And é."]
    declared = "<?xml version='1.0' encoding='shift_jis'?><doc><p>日本</p></doc>"
    assert read(tmp_path, ".xml", declared.encode("shift_jis")).text == "日本"
    named = '<!DOCTYPE d SYSTEM "tei.dtd" [<!ENTITY c "é">]><d><p>Caf&c; &mdash; all.</p></d>'
    assert read(tmp_path, ".xml", named.encode()).text == "Café — all."
    laughs = '<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><d>&b;</d>'
    assert "the entity “b” unfolds" in refusal(tmp_path, ".xml", laughs.encode())
    long = f'<!DOCTYPE d [<!ENTITY a "{"ha" * 400}">]><d>{"&a;" * 400}</d>'
    assert "more than 100,000 characters" in refusal(tmp_path, ".xml", long.encode(), max_bytes=100_000)


# All of them, damaged


@pytest.mark.parametrize("reader", ["docx", "odt", "rtf", "xml", "txt", "csv", "jsonl", "lexicon", "liwc", "claims"])
def test_damaged_files_end_in_a_text_or_a_sentence(tmp_path, reader):
    for number in range(60):
        path = tmp_path / f"a{fuzz.READERS[reader].ending}"
        path.write_bytes(fuzz.make(reader, 7, number))
        fuzz.try_file(reader, path, thorough=number % 10 == 0)
