"""A file is read as it is, or refused in a sentence that names it and says what to do."""

from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossread.corpus.reading import files, html, read_text
from crossread.errors import CrossreadError


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def parts(source):
    return [(block.kind, source.text[block.start : block.end]) for block in source.blocks]


def refusal(path, **options) -> str:
    with pytest.raises(CrossreadError) as error:
        read_text(path, **options)
    assert str(path) in str(error.value)
    return str(error.value)


def test_plain_text_keeps_every_character_and_line_end(tmp_path):
    content = "One\r\ntwo\rthree\n\n“four” – 다섯\n"
    path = write(tmp_path, "a.txt", content)
    source = read_text(path)
    assert source.text == content
    assert source.blocks == () and source.notices == ()
    assert (source.encoding, source.media_type) == ("utf-8", "text/plain")
    assert source.sha256 == sha256(content.encode()).hexdigest()


def test_a_text_full_of_script_tags_stays_text(tmp_path):
    content = "<script>alert('pay')</script>\n<style>p {}</style>\n" * 40
    assert read_text(write(tmp_path, "a.txt", content)).text == content
    assert read_text(write(tmp_path, "a.md", content)).text == content


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_byte_order_marks_are_read_and_not_part_of_the_text(tmp_path, encoding):
    source = read_text(write(tmp_path, "a.txt", "Allies’ ships".encode(encoding)))
    assert (source.text, source.encoding) == ("Allies’ ships", encoding)


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", "The ally’s share\nis “fair” – so it is said of the caf\u00e9.\n"),
        ("cp1251", "Союзники делят расходы поровну, и каждый платит свою долю за общую оборону.\n" * 5),
        ("cp949", "동맹국들은 방위비를 공평하게 나누어 부담한다고 말했다. 바다는 넓고 배는 적다.\n" * 5),
    ],
)
def test_another_encoding_is_refused_with_its_likely_name_and_read_when_asked_for(tmp_path, encoding, text):
    path = write(tmp_path, "a.txt", text.encode(encoding))
    message = refusal(path)
    assert "not UTF-8: line 1, byte" in message
    assert f"encoding=“{encoding}”" in message
    assert read_text(path, encoding=encoding).text == text


def test_the_place_of_the_first_wrong_byte_is_told(tmp_path):
    path = write(tmp_path, "a.txt", b"one\ntwo\nthe ally\x92s part\n")
    assert "line 3, byte 17 of the file is 0x92" in refusal(path)


def test_mixed_encodings_are_named_as_such(tmp_path):
    path = write(tmp_path, "a.txt", "The ally’s share.\n".encode() + "The ally’s part.\n".encode("cp1252"))
    message = refusal(path)
    assert "mixed encodings" in message and "“’” in line 1 is UTF-8" in message
    assert "line 2" in message and "cp1252" in message


def test_a_file_that_breaks_off_in_a_character_is_told_apart(tmp_path):
    assert "breaks off" in refusal(write(tmp_path, "a.txt", "Café “pays”".encode()[:-1]))


def test_an_encoding_that_was_asked_for_must_fit(tmp_path):
    path = write(tmp_path, "a.txt", b"caf\xe9")
    assert "not utf-8: line 1, byte 4" in refusal(path, encoding="utf-8")
    assert "no encoding “utf-9”" in refusal(path, encoding="utf-9")


def test_spoiled_characters_are_noticed_not_repaired(tmp_path):
    text = "First line.\nThe allyâ€™s cafÃ© pays.\n"
    source = read_text(write(tmp_path, "a.txt", text))
    assert source.text == text
    assert "“â€™” in line 2 looks like “’” read in a wrong encoding (2 such places)" in source.notices[0]
    lost = read_text(write(tmp_path, "b.txt", "The ally\ufffds part"))
    assert "1 replacement characters (first in line 1)" in lost.notices[0]
    clean = read_text(write(tmp_path, "c.txt", "Café “à l’Élysée” – £5, São Paulo, Łódź, 한소라, ნინო"))
    assert clean.notices == ()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.txt", b"", "empty"),
        ("a.txt", b" \n\t\n", "no text in this file"),
        ("a.txt", b"%PDF-1.7 ...", "is a PDF"),
        ("a.txt", b"PK\x03\x04rest", "zip archive"),
        ("a.md", b"\x89PNG\r\n\x1a\n", "PNG picture"),
        ("a.txt", b"text\0text\x07", "binary file (a zero byte at byte 5)"),
        ("a.txt", "Allies pay their share.".encode("utf-16-le"), "encoding=“utf-16-le”"),
        ("a.txt", b"\xff\xfea", "begins with a mark of UTF-16"),
        ("a.pdf", b"just words", "not a PDF"),
        ("a.pdf", b"%PDF-1.4 and nothing more", "damaged PDF"),
        ("a.docx", b"just words", "not a Word file"),
        ("a.docx", b"PK\x03\x04 torn", "damaged Word file"),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1", "old .doc file, or one with a password"),
        ("a.doc", b"words", "“.doc” are not read"),
        ("a.rtf", b"just words", "no rich text"),
        ("a.odt", b"just words", "no OpenDocument"),
        ("a.odt", b"PK\x03\x04 torn", "damaged OpenDocument file"),
        ("a.xml", b"<a><b></a>", "not well-formed XML (mismatched tag: line 1, column 8)"),
        ("a.xml", b"<html><body>words</body></html>", "Give it the ending .html"),
        ("a.xml", b"<a><b/></a>", "no running text"),
        ("noending", b"words", "are not read"),
        ("a.html", b"<html><body><script>draw()</script><nav>Home</nav></body></html>", "all script"),
        ("a.html", b"<html><body><nav>Home</nav></body></html>", "no running text"),
    ],
)
def test_what_cannot_be_read_is_refused(tmp_path, name, content, said):
    assert said in refusal(write(tmp_path, name, content))


def test_missing_files_folders_and_large_files_are_refused(tmp_path):
    assert "no such file" in refusal(tmp_path / "gone.txt")
    assert "this is a folder" in refusal(tmp_path)
    path = write(tmp_path, "a.txt", "x" * 1001)
    assert "more than the limit" in refusal(path, max_bytes=1000)
    assert len(read_text(path, max_bytes=1001).text) == 1001


def test_a_file_without_permission_is_refused(tmp_path, monkeypatch):
    path = write(tmp_path, "a.txt", "words")

    def deny(self):
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(files.Path, "read_bytes", deny)  # the tests may run as root, who may read everything
    assert "no permission to read it" in refusal(path)


# HTML


def test_tags_say_what_is_heading_body_list_note_and_furniture(tmp_path):
    page = """<html><head><title>T</title><script>var body = "<p>no</p>"</script><style>p {}</style></head><body>
    <nav><ul><li>Home</li></ul></nav>
    <div class="cookie-consent">We use cookies</div>
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
    assert parts(read_text(write(tmp_path, "a.html", page))) == [
        ("furniture", "Home"),
        ("furniture", "We use cookies"),
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


def test_a_wrapper_named_after_a_sidebar_does_not_hide_the_article(tmp_path):
    page = "<div class='has-sidebar'><p>" + "Allies pay. " * 9 + "</p><div class='sidebar'>Older posts</div></div>"
    assert [kind for kind, _ in parts(read_text(write(tmp_path, "a.html", page)))] == ["body", "furniture"]


def test_a_section_whose_heading_gave_it_an_id_is_not_furniture(tmp_path):
    page = (
        "<section id='related-work'><h2 id='comments'>Related work</h2><p>Allies pay.</p></section>"
        "<p>They talk, and talk, and talk.</p><div id='comments'>Lovely!</div>"
    )
    found = parts(read_text(write(tmp_path, "a.html", page)))
    assert [kind for kind, _ in found] == ["heading", "body", "body", "furniture"]


def test_a_paragraph_that_is_one_link_is_furniture_and_a_link_in_a_sentence_is_not(tmp_path):
    page = "<p><a href='/x'>Read this next</a></p><p>It is <a href='/y'>known</a>.</p><h2><a href='/z'>Head</a></h2>"
    found = parts(read_text(write(tmp_path, "a.html", page)))
    assert [kind for kind, _ in found] == ["furniture", "body", "heading"]


def test_the_encoding_that_a_page_declares_is_used(tmp_path):
    page = "<meta charset='iso-8859-1'><p>“Café”</p>"
    source = read_text(write(tmp_path, "a.html", page.encode("cp1252")))
    assert (source.text, source.encoding) == ("“Café”", "cp1252")
    assert "not cp1251" in refusal(write(tmp_path, "b.html", b"<meta charset=cp1251><p>\x98</p>"))


def test_a_deeply_nested_page_is_read(tmp_path):
    page = "<div>" * 3000 + "deep" + "</div>" * 3000
    assert read_text(write(tmp_path, "a.html", page)).text == "deep"


@given(st.text(st.sampled_from("<>/&;!-= \n\"'pabdivscrtleh1x”"), max_size=60))
def test_blocks_of_any_page_are_ordered_and_hold_all_its_text(page):
    text, blocks = html.page_text(page)
    position = 0
    for block in blocks:
        assert text[position : block.start].strip() == "" and block.start < block.end
        assert text[block.start : block.end].strip()
        position = block.end
    assert text[position:] == ""
