"""Bytes to characters: UTF-8, then what declares itself, then a guess that is said; what is spoiled is named."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from crossread.corpus.reading.files import MARKS, looks_like_utf_16
from crossread.errors import CrossreadError

# Codecs of Python that are no encodings of texts, or that run differently from one system to another.
_NO_ENCODINGS = frozenset(
    "undefined unicode_escape raw_unicode_escape idna punycode mbcs oem charmap unicode_internal".split()
)
# What pages declare is read as browsers read it (encoding.spec.whatwg.org, section 4.2).
_AS_BROWSERS = {
    "ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254", "iso8859-11": "cp874", "tis-620": "cp874",
    "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949", "big5": "big5hkscs",
}  # fmt: skip
# names of browsers and of older programs that Python does not know
_OTHER_NAMES = {
    "x-mac-roman": "mac_roman", "macintosh": "mac_roman", "x-mac-cyrillic": "mac_cyrillic", "x-sjis": "cp932",
    "windows-31j": "cp932", "x-euc-jp": "euc_jp", "x-gbk": "gb18030", "x-x-big5": "big5hkscs", "windows-874": "cp874",
    "iso-8859-8-i": "iso8859_8", "x-cp1250": "cp1250", "x-cp1251": "cp1251", "x-cp1252": "cp1252",
    "ks_c_5601-1987": "cp949", "windows-949": "cp949", "unicode-1-1-utf-8": "utf-8",
}  # fmt: skip
_SEVEN_BIT = ("iso2022_", "hz", "utf_7", "utf-7")  # letters written as ASCII: only where that is declared
_DECLARED = re.compile(
    rb"<meta\b[^>]{0,500}?charset\s{0,20}=\s{0,20}[\"']?\s{0,20}([\w.:-]{1,40})"
    rb"|<\?xml\b[^>]{0,200}?encoding\s{0,20}=\s{0,20}[\"']([\w.:-]{1,40})",
    re.I,
)


def decode(path: Path | str, data: bytes, encoding: str | None, *, page: bool = False) -> tuple[str, str, list[str]]:
    """Decode a file: as asked, else by its byte-order mark, as UTF-8, as a page declares itself, or by a guess.

    Parameters
    ----------
    path : path
        The file, for what is said about it.
    data : bytes
        Its bytes.
    encoding : str or None
        What was asked for; the file must fit it.
    page : bool
        Whether it is HTML, which may declare its encoding.

    Returns
    -------
    text, encoding, notices
        The notices say what was guessed, and which bytes had no meaning.

    Raises
    ------
    CrossreadError
        "a.txt: there is no encoding “utf-9” for texts. Try utf-8, cp1252 or utf-16.", "a.txt: not cp1252: line 3, byte
        41 of the file is 0x81. …", or that nothing gives a text.
    """
    if encoding is not None:
        return *_decode_as_asked(path, data, encoding), []
    mark = next((name for sign, name in MARKS.items() if data.startswith(sign)), None)
    if mark in ("utf-16", "utf-32"):
        return *_decode_wide(path, data, mark), []
    if wide := looks_like_utf_16(data):
        said = f"{path}: read as {wide} by its zero bytes, for it has no byte-order mark."
        return data.decode(wide, "replace"), wide, [said]
    name, notices = _declared(path, data) if page else ("", [])
    if name.startswith(_SEVEN_BIT) and data.isascii():
        return data.decode(name, "replace"), name, notices
    try:
        return data.decode(mark or "utf-8"), mark or "utf-8", notices
    except UnicodeDecodeError as error:
        bad = error.start
    if name:
        try:
            text = data.decode(name)
            if not (other := _contradicted(data, name)):
                return text, name, notices
            return (
                data.decode(other, "replace"),
                other,
                [
                    *notices,
                    f"{path}: the page declares {name}, but its letters are {other}, as which it was read. "
                    f"If letters are wrong, {GIVE}.",
                ],
            )
        except UnicodeDecodeError as error:
            text, high = data.decode(name, "replace"), len(re.findall(rb"[\x80-\xff]", data))
            if 20 * text.count("\ufffd") <= high:  # a few bytes without meaning, which are noticed as lost letters
                return text, name, notices
            notices.append(f"{path}: the page declares {name} but is not: {_place(data, error.start)}.")
    if repaired := _mixed(path, data, bad):
        return *repaired[:2], [*notices, repaired[2]]
    text, name, said = _decode_by_guess(path, data, bad)
    return text, name, [*notices, said]


def _decode_as_asked(path: Path | str, data: bytes, encoding: str) -> tuple[str, str]:
    try:
        name = codecs.lookup(encoding).name
        if name.replace("-", "_") in _NO_ENCODINGS or not codecs.lookup(encoding)._is_text_encoding:
            raise LookupError
    except (LookupError, ValueError):  # a name with a zero byte is a ValueError
        raise CrossreadError(
            f"{path}: there is no encoding “{encoding}” for texts. Try utf-8, cp1252 or utf-16."
        ) from None
    try:
        return data.decode(name), encoding.lower()
    except UnicodeError as error:
        place = _place(data, error.start) if isinstance(error, UnicodeDecodeError) else str(error)
        raise CrossreadError(f"{path}: not {encoding}: {place}. Try another encoding, or save it as UTF-8.") from None


def _decode_wide(path: Path | str, data: bytes, name: str) -> tuple[str, str]:
    try:
        return data.decode(name), name
    except UnicodeDecodeError as error:
        place = _place(data, error.start)
        raise CrossreadError(
            f"{path}: begins with a mark of {name.upper()} but is not: {place}. Save it as UTF-8."
        ) from None


def _declared(path: Path | str, data: bytes) -> tuple[str, list[str]]:
    """Return the encoding that a page declares, as browsers take it; "" for UTF-8 and for what is none."""
    declared = _DECLARED.search(re.sub(rb"<!--.*?-->", b"", data[:4096], flags=re.S))
    if declared is None:
        return "", []
    said = (declared[1] or declared[2]).decode("ascii", "replace").lower()
    try:
        codec = codecs.lookup(_OTHER_NAMES.get(said, said))
        name = _AS_BROWSERS.get(codec.name, codec.name)
        known = codec._is_text_encoding and name.replace("-", "_") not in _NO_ENCODINGS
    except (LookupError, ValueError):
        known = False
    if not known:
        return "", [f"{path}: declares the encoding “{said}”, which is none; that was passed over."]
    # a page whose declaration could be read as ASCII is not UTF-16, whatever it says
    return ("" if name.startswith(("utf-8", "utf-16", "utf-32")) else name), []


def _contradicted(data: bytes, name: str) -> str:
    """Return the encoding of a page whose letters make no sense in the one that it declares, "" for any other page."""
    from crossread.corpus.reading.guess import guess_encoding, plausibility_in

    guess = guess_encoding(data)
    if guess is None or guess.encoding == name or guess.plausibility < _SURE:
        return ""
    return guess.encoding if guess.plausibility - plausibility_in(data, name) > 1 else ""


def _place(data: bytes, position: int) -> str:
    line = data.count(b"\n", 0, position) + 1
    return f"line {line}, byte {position + 1} of the file is 0x{data[position]:02X}"


def _mixed(path: Path | str, data: bytes, bad: int) -> tuple[str, str, str] | None:
    """Read a file that is UTF-8 but for some bytes: these as the encoding that they are likely to be."""
    decoded = data.decode("utf-8", "surrogateescape")
    odd = sum("\udc80" <= c <= "\udcff" for c in decoded)
    good = sum(c > "\x7f" for c in decoded) - odd
    if not good or 4 * good < odd:
        return None
    place = _place(data, bad)
    if odd <= 3 and bad >= len(data.rstrip()) - 3:
        raise CrossreadError(
            f"{path}: the file breaks off in the middle of a character: {place}. Copy or download it again."
        )
    from crossread.corpus.reading.guess import guess_encoding

    if good < 20 or good < 4 * odd:
        whole = guess_encoding(data)
        if whole and whole.plausibility > _SURE and whole.encoding not in _LATIN:
            return None  # two bytes of another script may look like a letter of UTF-8, but not most of them
    pieces = re.split("([\udc80-\udcff]+)", decoded)
    lines = b"\n".join(
        line.encode("utf-8", "surrogateescape")
        for line in re.findall("[^\n]{0,80}[\udc80-\udcff]+[^\n]{0,80}", decoded[:2_000_000])
    )
    # the letters that are UTF-8 already would speak for another encoding
    guess = guess_encoding(re.sub(rb"[\xc2-\xf4][\x80-\xbf]{1,3}", b"", lines))
    name = guess.encoding if guess and guess.encoding in _SINGLE else "cp1252"
    pieces[1::2] = [piece.encode("utf-8", "surrogateescape").decode(name, "replace") for piece in pieces[1::2]]
    text = "".join(pieces)
    said = (
        f"{path}: mixed encodings: UTF-8, but {place}, which is not ({odd:,} such "
        f"{'byte' if odd == 1 else 'bytes'}, read as {name}). Look at these places, or repair them."
    )
    return text, "utf-8", said


GIVE = "give another encoding: encoding=… in a notebook, --encoding on the command line"
_SURE = 0.75  # so plausible is what is taken for the encoding whatever else may be said
_LATIN = frozenset("cp1252 iso8859_15 mac_roman cp850 cp1250 iso8859_2 cp852 cp1254 iso8859_9 cp1257 cp1258".split())
_SINGLE = _LATIN | frozenset(
    "cp1251 koi8_u koi8_r cp866 iso8859_5 mac_cyrillic cp1253 iso8859_7 cp1255 cp1256 iso8859_6 cp874".split()
)


def _decode_by_guess(path: Path | str, data: bytes, bad: int) -> tuple[str, str, str]:
    from crossread.corpus.reading.guess import guess_encoding

    guess = guess_encoding(data)
    odd = len(re.findall(rb"[\x80-\xff]", data))
    place = _place(data, bad)
    if guess is None and 10 * odd > len(data):
        raise CrossreadError(
            f"{path}: not UTF-8: {place}, and in no other encoding a plausible text. Save it as UTF-8, or {GIVE}."
        )
    name = guess.encoding if guess else "cp1252"
    text = data.decode(name, "replace")
    first = next((c for c in text if c > "\x7f"), "")
    said = (
        f"{path}: not UTF-8: {place}. Read as {name}, the likeliest by its letters (that byte is “{first}” there). "
        f"If letters are wrong, {GIVE}."
    )
    return text, name, said


# Text that an earlier program read in the wrong encoding: “â€™” for “’”, “Ã©” for “é”. Which characters the bytes 80 to
# BF of UTF-8 become in cp1252; of the five that have no meaning there, what browsers make of them.
_CONTINUED = "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(0x80, 0xC0))
_BYTES = {character: bytes([byte]) for byte, character in enumerate(_CONTINUED, 0x80)}
_SUSPECT = re.compile(f"[\u00c2-\u00f4][{re.escape(_CONTINUED)}]{{1,3}}")
_CLOSING = "”’»“›\u00a0…"
_SPOILED = re.compile("[\u00a0-\u017f\u2010-\u2026\u2030\u2039\u203a\u20ac\u2122\ufb00-\ufb06\ufeff]")


def name_spoiled(path: Path | str, text: str) -> list[str]:
    """Notice characters that were already wrong when the file was written."""
    found = []
    for match in _SUSPECT.finditer(text):
        for end in range(match.end(), match.start() + 1, -1):
            meant = _meant(text[match.start() : end])
            if meant is None:
                continue
            if len(meant) == 1 and not _is_meant_so(text, match.start(), end):
                found.append((match.start(), text[match.start() : end], meant))
            break
    # Cyrillic, Greek and other letters show by their number: “Ð¡Ð¾ÑŽÐ·” is no word, and one “Ñ»” ends a Spanish one
    sure = [place for place in found if _SPOILED.match(place[2])]
    found = found if len(found) > 5 * len(sure) + 4 else sure
    notices = []
    if found:
        start, original, meant = found[0]
        line = text.count("\n", 0, start) + 1
        notices.append(
            f"{path}: “{original}” in line {line} looks like “{meant}” read in a wrong encoding "
            f"({len(found):,} such places). Get a clean copy, or repair them."
        )
    if "\ufffd" in text:
        line = text.count("\n", 0, text.index("\ufffd")) + 1
        notices.append(
            f"{path}: {text.count(chr(0xFFFD)):,} replacement characters (first in line {line}): "
            "letters were lost before the file came here. Get a clean copy, or repair them."
        )
    return notices


def _meant(original: str) -> str | None:
    raw = b"".join(_BYTES.get(character) or bytes([ord(character)]) for character in original)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _is_meant_so(text: str, start: int, end: int) -> bool:
    """Tell a word in capitals before a closing mark (“LIBERTÉ”, «MAÑANÃ») from two spoiled characters."""
    closed = text[end - 1] in _CLOSING and not text[end : end + 1].isalpha()
    return end - start == 2 and closed and text[start - 1 : start].isupper()
