"""A file is read as it is, or refused in a sentence that names it and says what to do."""

from hashlib import sha256
from pathlib import Path

import pytest

from crossread.corpus.reading import files, read_text
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


def test_entities_of_markdown_are_signs(tmp_path):
    content = "10&nbsp;km &mdash; it&#39;s 5 &lt; 6, R&D; AT&amp;T, &#x201C;&eacute;lite&#8221; &nosuch; a&#10;b &amp;c"
    said = "10\u00a0km — it's 5 < 6, R&D; AT&T, “élite” &nosuch; a&#10;b &c"
    assert read_text(write(tmp_path, "a.md", content)).text == said
    assert read_text(write(tmp_path, "a.txt", content)).text == content


def test_a_text_full_of_script_tags_stays_text(tmp_path):
    content = "<script>alert('pay')</script>\n<style>p {}</style>\n" * 40
    assert read_text(write(tmp_path, "a.txt", content)).text == content
    assert read_text(write(tmp_path, "a.md", content)).text == content


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.txt", b"", "empty"),
        ("a.txt", b" \n\t\n", "no text in this file"),
        ("a.txt", b"%PDF-1.7 ...", "is a PDF"),
        ("a.txt", b"PK\x03\x04rest", "zip archive"),
        ("a.md", b"\x89PNG\r\n\x1a\n", "PNG picture"),
        ("a.txt", b"text\0text\x07", "binary file (a zero byte at byte 5)"),
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
