"""Bytes to characters: UTF-8, then what declares itself; what an earlier program has spoiled is named."""

from __future__ import annotations

import re
from pathlib import Path

from crossread.corpus.reading.files import MARKS
from crossread.errors import CrossreadError


def decode(path: Path, data: bytes, encoding: str | None) -> tuple[str, str]:
    """Decode strictly: as asked, else by the byte-order mark, else as UTF-8."""
    if encoding is not None:
        try:
            return data.decode(encoding), encoding.lower()
        except LookupError:
            raise CrossreadError(f"{path}: there is no encoding “{encoding}”. Try utf-8, cp1252 or utf-16.") from None
        except UnicodeDecodeError as error:
            raise CrossreadError(
                f"{path}: not {encoding}: {_place(data, error.start)}. Try another encoding, or save it as UTF-8."
            ) from None
    name = next((name for mark, name in MARKS.items() if data.startswith(mark)), "utf-8")
    try:
        return data.decode(name), name
    except UnicodeDecodeError as error:
        if name == "utf-16":
            raise CrossreadError(
                f"{path}: begins with a mark of UTF-16 but is not: {_place(data, error.start)}. Save it as UTF-8."
            ) from None
        raise CrossreadError(f"{path}: {_what_encoding(data, error.start)}") from None


def _place(data: bytes, position: int) -> str:
    line = data.count(b"\n", 0, position) + 1
    return f"line {line}, byte {position + 1} of the file is 0x{data[position]:02X}"


def _what_encoding(data: bytes, bad: int) -> str:
    """Say what a file that is not UTF-8 probably is, from how many of its odd bytes are well-formed UTF-8."""
    decoded = data.decode("utf-8", "surrogateescape")
    odd = sum("\udc80" <= c <= "\udcff" for c in decoded)
    good = sum(c > "\x7f" for c in decoded) - odd
    place = _place(data, bad)
    if good and bad >= len(data.rstrip()) - 3:
        return f"the file breaks off in the middle of a character: {place}. Copy or download it again."
    if 4 * good >= odd and good:
        first = next(i for i, c in enumerate(decoded) if c > "\x7f" and not "\udc80" <= c <= "\udcff")
        line = decoded.count("\n", 0, first) + 1
        return (
            f"mixed encodings: “{decoded[first]}” in line {line} is UTF-8, but {place}, which is not "
            f"({odd:,} such bytes; they look like {_likely(data)}). Repair these places and save it as UTF-8."
        )
    likely = _likely(data)
    return f"not UTF-8: {place}. It is probably {likely}: save it as UTF-8, or read it with encoding=“{likely}”."


def _likely(data: bytes) -> str:
    """Name the likely encoding; curly quotes and dashes among plain letters are the mark of cp1252."""
    if re.search(
        rb"[a-z]\x92[a-z]|[ \n(][\x91\x93][A-Za-z]|[a-z.,!?][\x92\x94][\s,.;)]|[a-z0-9 ][\x96\x97][a-z0-9 ]",
        data,
    ):
        return "cp1252"
    from charset_normalizer import from_bytes

    # Its guess among the encodings that texts are really found in; the rare ones win too easily on short texts.
    usual = [
        "cp1252",
        "cp1250",
        "cp1251",
        "cp1253",
        "cp1254",
        "koi8_r",
        "shift_jis",
        "euc_jp",
        "euc_kr",
        "cp949",
        "big5",
        "gb18030",
    ]
    best = from_bytes(data[:200_000], cp_isolation=usual).best()
    return best.encoding if best else "cp1252"


_DECLARED = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w.:-]+)|<\?xml[^>]+encoding\s*=\s*[\"']([\w.:-]+)", re.I)


def decode_html(path: Path, data: bytes) -> tuple[str, str]:
    """Decode a page by its byte-order mark, as UTF-8, or as it declares itself."""
    declared = _DECLARED.search(data[:4096])
    name = (declared[1] or declared[2]).decode("ascii").lower() if declared else ""
    if name in ("iso-8859-1", "latin1", "latin-1", "us-ascii", "ascii"):
        name = "cp1252"  # as browsers do: encoding.spec.whatwg.org, section 4.2
    if not name or name in ("utf-8", "utf8") or data.startswith(tuple(MARKS)):
        return decode(path, data, None)
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return decode(path, data, name)


# Text that an earlier program read in the wrong encoding: “â€™” for “’”, “Ã©” for “é”.
_SUSPECT = re.compile(
    r"[\u00c2-\u00f4][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]{1,3}"
)


def name_spoiled(path: Path, text: str) -> list[str]:
    """Notice characters that were already wrong when the file was written."""
    found = []
    for match in _SUSPECT.finditer(text):
        for end in range(match.end(), match.start() + 1, -1):
            original = text[match.start() : end]
            raw = b"".join(bytes([ord(c)]) if ord(c) < 256 else c.encode("cp1252") for c in original)
            try:
                meant = raw.decode("utf-8")
            except UnicodeDecodeError:
                continue
            if len(meant) == 1:
                found.append((match.start(), original, meant))
            break
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
