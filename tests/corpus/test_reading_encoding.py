"""The characters of a file: as asked, as it declares itself, or as its letters make likely, which is said."""

import os
from pathlib import Path
from random import Random

import pytest

import crossread as cr
from crossread.corpus.reading import read_text
from crossread.corpus.reading.encoding import name_spoiled
from crossread.corpus.reading.files import readable_name
from crossread.corpus.reading.guess import guess_encoding
from crossread.errors import CrossreadError


def write(folder: Path, name: str, content: bytes | str) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def refusal(path, **options) -> str:
    with pytest.raises(CrossreadError) as error:
        read_text(path, **options)
    assert str(path) in str(error.value)
    return str(error.value)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_byte_order_marks_are_read_and_not_part_of_the_text(tmp_path, encoding):
    source = read_text(write(tmp_path, "a.txt", "Allies’ ships".encode(encoding)))
    assert (source.text, source.encoding, source.notices) == ("Allies’ ships", encoding, ())


def test_seven_bit_letters_are_named_and_read_only_as_told(tmp_path):
    path = write(tmp_path, "a.txt", "同盟国は払う。".encode("iso2022_jp"))
    assert (
        "a.txt: signs that part letters of seven bits, as in iso2022_jp. To read them so, "
        in read_text(path).notices[0]
    )
    assert read_text(path, encoding="iso2022_jp").text == "同盟国は払う。"


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", "The ally’s share\nis “fair” – so it is said of the café.\n"),
        ("cp1252", "The café on Avenue Foch."),
        ("cp1252", "Cost is £5 million. Allies pay."),
        ("cp1252", "Los aliados pagan cada año más."),
        ("cp1252", "La défense des alliés européens à l’été."),
        ("cp1252", "Het bondgenootschap is één geheel, geen coördinatie."),
        ("cp1252", "Wir zahlen 5 € für die Verbündeten, größer als nötig."),
        ("cp1252", "SEÑOR NIÑO. ¿Qué? It’s ½ of §3."),
        ("cp1250", "Sojusznicy płacą swoją część, że nie jest to dużo."),
        ("cp1250", "Spojenci platí svůj díl a nejsou spokojeni, že je to málo."),
        ("cp1254", "Müttefikler bir bütün olarak payını öder ve bu çok değil, şimdi ağır."),
        ("cp1251", "Союзники делят расходы поровну, и каждый платит свою долю."),
        ("koi8_r", "Союзники делят расходы поровну, и каждый платит свою долю."),
        ("mac_cyrillic", "Союзники делят расходы поровну, и каждый платит свою долю."),
        ("cp1253", "Οι σύμμαχοι πληρώνουν το μερίδιό τους για την άμυνα."),
        ("cp1255", "בעלות הברית משלמות את חלקן של כל אחת"),
        ("cp1256", "الحلفاء يدفعون حصتهم من التكاليف في كل عام"),
        ("cp949", "동맹국들은 방위비를 공평하게 나누어 부담한다고 말했다."),
        ("cp932", "同盟国は防衛費を公平に分担していると言われている。"),
        ("gb18030", "盟国公平分担防务费用,这是他们在会上说的。"),
        ("mac_roman", "The allies’ “fair share” isn’t paid in the café."),
        ("cp1252", "The allies pay…"),
        ("cp1252", "Ça va?"),
        ("cp1252", "2 µm"),
        ("cp1252", "It rose 5½ per cent."),
        ("cp1251", "%\t1\tоборона\t%\tоборон*\t1\tрасход*\t1"),
        ("koi8_r", "оборона расход союз"),
        ("euc_jp", "同盟国は防衛のためにもっと支払う。日本は同意した。"),
        ("gb18030", "盟国为防务支付更多的费用。日本同意了。"),
        ("cp874", "พันธมิตรจ่ายเงินมากขึ้นเพื่อการป้องกันประเทศ"),
    ],
)
def test_a_file_that_is_not_utf_8_is_read_by_its_letters_and_that_is_said(tmp_path, encoding, text):
    source = read_text(write(tmp_path, "a.txt", text.encode(encoding)))
    assert source.text == text
    assert len(source.notices) == 1
    assert f"Read as {source.encoding}, the likeliest by its letters" in source.notices[0]
    assert (
        "line 1, byte" in source.notices[0]
        and "give another encoding: encoding=… in a notebook, --encoding on" in source.notices[0]
    )
    assert read_text(tmp_path / "a.txt", encoding=encoding).text == text


def test_the_guess_can_be_overruled(tmp_path):
    path = write(tmp_path, "a.txt", "Škoda".encode("cp1250"))
    assert read_text(path, encoding="cp1250").text == "Škoda"
    assert read_text(path, encoding="cp1250").notices == ()


def test_the_place_of_the_first_byte_beyond_utf_8_is_told(tmp_path):
    source = read_text(write(tmp_path, "a.txt", b"one\ntwo\nthe ally\x92s part\n"))
    assert "line 3, byte 17 of the file is 0x92. Read as cp1252" in source.notices[0]
    assert "that byte is “’” there" in source.notices[0]


def test_no_encoding_makes_a_text_of_noise(tmp_path):
    noise = bytes(Random(1).choices(range(128, 256), k=2000))
    assert guess_encoding(noise) is None
    assert "in no other encoding a plausible text" in refusal(write(tmp_path, "a.txt", noise))


def test_mixed_encodings_are_read_and_named_as_such(tmp_path):
    path = write(tmp_path, "a.txt", "The ally’s share.\n".encode() + "The ally’s part.\n".encode("cp1252"))
    source = read_text(path)
    assert source.text == "The ally’s share.\nThe ally’s part.\n"
    assert (
        "mixed encodings: UTF-8, but line 2" in source.notices[0] and "1 such byte, read as cp1252" in source.notices[0]
    )


def test_a_file_that_breaks_off_in_a_character_is_told_apart(tmp_path):
    assert "breaks off" in refusal(write(tmp_path, "a.txt", "Café “pays”".encode()[:-1]))


NO_ENCODINGS = "utf-9 undefined unicode_escape raw_unicode_escape idna rot13 base64 punycode hex charmap"


@pytest.mark.parametrize("name", [*NO_ENCODINGS.split(), "a\0b"])
def test_what_is_no_encoding_of_texts_is_refused(tmp_path, name):
    assert f"there is no encoding “{name}” for texts" in refusal(write(tmp_path, "a.txt", b"caf\xe9"), encoding=name)


def test_an_encoding_that_was_asked_for_must_fit(tmp_path):
    path = write(tmp_path, "a.txt", b"caf\xe9")
    assert "not utf-8: line 1, byte 4" in refusal(path, encoding="utf-8")


def test_utf_16_without_a_mark_is_read_and_said(tmp_path):
    for name in ("utf-16-le", "utf-16-be"):
        source = read_text(write(tmp_path, "a.txt", "Allies pay their share.".encode(name)))
        assert source.text == "Allies pay their share." and f"read as {name}" in source.notices[0]


def test_one_zero_byte_in_a_long_text_does_not_make_it_a_picture(tmp_path):
    text = "Allies pay their share. " * 100
    source = read_text(write(tmp_path, "a.txt", text + "\0" + text))
    assert "1 zero byte (first in line 1)" in source.notices[0]
    assert "\0" not in read_text(write(tmp_path, "a.html", f"<p>{text}\0{text}</p>")).text


# what a page declares


@pytest.mark.parametrize(
    ("declared", "encoding", "text"),
    [
        ("windows-1252", "cp1251", "Союзники платят больше за оборону."),
        ("shift_jis", "euc_jp", "同盟国は防衛のためにもっと支払う。"),
        ("iso-8859-1", "cp1253", "Οι σύμμαχοι πληρώνουν περισσότερα"),
    ],
)
def test_a_declaration_that_the_letters_contradict_is_passed_over_and_that_is_said(tmp_path, declared, encoding, text):
    page = f"<meta charset={declared}><p>{text}</p>"
    source = read_text(write(tmp_path, "a.html", page.encode(encoding)))
    assert text in source.text and source.encoding == encoding
    assert "the page declares" in source.notices[0] and f"its letters are {encoding}" in source.notices[0]


@pytest.mark.parametrize(
    ("declared", "encoding", "text"),
    [
        ("windows-1252", "cp1252", "§ 5 ¶ × ÷ ¤"),
        ("x-mac-roman", "mac_roman", "The café “pays”"),
        ("x-sjis", "cp932", "同盟国は支払う。"),
    ],
)
def test_a_declaration_that_may_be_true_is_followed_without_a_word(tmp_path, declared, encoding, text):
    source = read_text(write(tmp_path, "a.html", f"<meta charset={declared}><p>{text}</p>".encode(encoding)))
    assert (source.text, source.encoding.replace("-", "_"), source.notices) == (text, encoding, ())


def test_the_encoding_that_a_page_declares_is_used(tmp_path):
    page = "<meta charset='iso-8859-1'><p>“Café”</p>"
    source = read_text(write(tmp_path, "a.html", page.encode("cp1252")))
    assert (source.text, source.encoding, source.notices) == ("“Café”", "cp1252", ())


def test_a_seven_bit_encoding_is_read_where_it_is_declared_and_only_there(tmp_path):
    text = "同盟国は費用を分担する。"
    page = f"<meta charset=iso-2022-jp><p>{text}</p>".encode("iso2022_jp")
    source = read_text(write(tmp_path, "a.html", page))
    assert (source.text, source.encoding) == (text, "iso2022_jp")
    assert read_text(write(tmp_path, "a.txt", "A letter ~{ and +AGE-")).text == "A letter ~{ and +AGE-"
    page = write(tmp_path, "b.html", "<meta charset='iso-8859-1'><p>A letter ~{ and +AGE-</p>")
    assert read_text(page).text == "A letter ~{ and +AGE-"


@pytest.mark.parametrize("name", ["undefined", "unicode_escape", "x-user-defined", "none", "rot13"])
def test_a_declaration_that_is_none_is_passed_over_and_said(tmp_path, name):
    source = read_text(write(tmp_path, "a.html", f"<meta charset={name}><p>Café \\u00e9</p>"))
    assert source.text == "Café \\u00e9" and source.encoding == "utf-8"
    assert f"declares the encoding “{name}”, which is none" in source.notices[0]
    plain = write(tmp_path, "b.html", f"<meta charset={name}><p>A café in the town".encode("cp1252"))
    assert read_text(plain).text == "A café in the town"


def test_a_page_that_is_not_what_it_declares_is_read_by_its_letters(tmp_path):
    page = "<meta charset=utf-16><p>Naïve</p>"  # a page whose declaration can be read as ASCII is not UTF-16
    assert read_text(write(tmp_path, "a.html", page)).text == "Naïve"
    page = "<meta charset=euc-jp><p>La défense des alliés européens</p>".encode("cp1252")
    source = read_text(write(tmp_path, "b.html", page))
    assert source.text == "La défense des alliés européens" and "declares euc_jp but is not" in source.notices[0]


def test_one_byte_without_meaning_does_not_overturn_a_declaration(tmp_path):
    text = "Союзники делят расходы поровну, и каждый платит."
    page = f"<meta charset=windows-1251><p>{text}</p>".encode("cp1251") + b"\x98"
    source = read_text(write(tmp_path, "a.html", page))
    assert source.text.startswith(text) and source.encoding == "cp1251"
    assert "1 replacement characters" in source.notices[0]


# what an earlier program has spoiled


def test_spoiled_characters_are_noticed_not_repaired(tmp_path):
    text = "First line.\nThe allyâ€™s cafÃ© pays.\n"
    source = read_text(write(tmp_path, "a.txt", text))
    assert source.text == text
    assert "“â€™” in line 2 looks like “’” read in a wrong encoding (2 such places)" in source.notices[0]
    lost = read_text(write(tmp_path, "b.txt", "The ally\ufffds part"))
    assert "1 replacement characters (first in line 1)" in lost.notices[0]


@pytest.mark.parametrize(
    "text",
    [
        "Café “à l’Élysée” – £5, São Paulo, Łódź, 한소라, ნინო",
        "Vive la liberté\u202f! Les alliés paient\u202f; é\u202f» «\u202fà",
        "José\u2032s and é\u2028 and Î\u2010 and Ä\u2011 Ð\u2030",
        "«LIBERTÉ» and “MENÜ” and ‘AÑO’ and IRMÃ»",
        "Î\u00a0 Ñ» Ð”",
    ],
)
def test_clean_letters_are_not_called_spoiled(text):
    assert name_spoiled("a.txt", text) == []


@pytest.mark.parametrize(("text", "encoding"), [("Союзники платят свою долю", "cp1252"), ("Élan à l’été", "cp1252")])
def test_text_read_in_a_wrong_encoding_is_found_in_any_script(text, encoding):
    spoiled = text.encode().decode(encoding, "ignore") if encoding != "cp1252" else "".join(
        bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in text.encode()
    )  # fmt: skip
    assert "read in a wrong encoding" in name_spoiled("a.txt", spoiled)[0]


def test_a_file_name_in_latin_1_is_readable(tmp_path):
    name = os.fsdecode(b"Jos\xe9.txt")
    assert readable_name(name) == "José.txt"
    try:
        (tmp_path / name).write_text("Allies pay.")
    except OSError:
        pytest.skip("this file system takes only UTF-8 names")
    source = read_text(tmp_path / name)
    assert source.path.endswith("José.txt")
    source.path.encode()
    assert cr.study(tmp_path).documents["label"].tolist() == ["José"]
    (tmp_path / name).write_bytes(b"")
    with pytest.raises(CrossreadError, match="Jos\ufffd.txt: the file is empty"):
        read_text(tmp_path / name)
