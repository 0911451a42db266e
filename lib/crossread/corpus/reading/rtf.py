"""Rich text (.rtf) to text with the kinds of its paragraphs."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, replace
from pathlib import Path

from crossread.corpus.reading.source import Block, Parts, with_mark
from crossread.errors import CrossreadError
from crossread.wording import number_of

_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})?[ ]?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|[\r\n]+"
    rb"|([^\\{}\r\n]+|\\$)"
)
_DEEPEST = 2_000
# What these hold is not of the text; what a group marked \* holds is not either, unless its word is known.
_APART = frozenset(
    """
    fonttbl colortbl stylesheet info pict objdata themedata colorschememapping datastore latentstyles listtable
    listoverridetable revtbl rsidtbl generator filetbl fldinst xe tc bkmkstart bkmkend pgdsctbl mmathPr xmlnstbl
    nonshppict shppict shprslt sp listtext pntext ftnsep ftnsepc ftncn aftnsep aftnsepc aftncn userprops docvar template
    """.split()
)
_KNOWN = frozenset("shptxt shpinst footnote fldrslt annotation shp do dptxbx dptxbxtext".split())
_SIGNS = {
    "emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "bullet": "•",
    "tab": "\t", "line": "\n", "lbr": "\n", "emspace": " ", "enspace": " ", "qmspace": " ", "page": "\n",
    "column": "\n",
}  # fmt: skip
_CHARSETS = {
    0: "cp1252", 77: "mac_roman", 128: "cp932", 129: "cp949", 130: "johab", 134: "gb18030", 136: "cp950", 161: "cp1253",
    162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874",
    238: "cp1250",
}  # fmt: skip
_HEADS = frozenset("header headerl headerr headerf footer footerl footerr footerf".split())


@dataclass(frozen=True)
class _State:
    """What holds within a group of braces."""

    kind: str = ""  # "" for the text, "note", "running head", "comment", or "apart" for what is not of the text
    raised: bool = False
    hidden: bool = False
    deleted: bool = False
    font: int = -1
    skip: int = 1  # characters that stand in for a character of Unicode
    table: str = ""  # fonttbl or stylesheet, where one is read


class _Rtf:
    def __init__(self, path: Path):
        self.path = path
        self.state, self.stack = _State(), []
        self.encoding = "cp1252"
        self.fonts: dict[int, str] = {}
        self.current_font = self.current_style = -1
        self.heads: set[int] = set()
        self.style_name: list[str] = []
        self.parts, self.notes = Parts(), Parts()
        self.words: dict[str, list[str]] = {"": []}  # of the paragraph now open, by kind
        self.raised: list[str] = []
        self.bytes = bytearray()  # single bytes that wait to be decoded together
        self.to_skip = self.n_notes = self.n_open = 0
        self.heading = self.listed = self.starred = False
        self.surrogate = 0
        self.amounts: dict[str, int] = {}

    def read(self, data: bytes) -> None:
        position, size = 0, len(data)
        while position < size:
            match = _TOKEN.match(data, position)
            if match is None:
                position += 1
                continue
            position = match.end()
            word, number, byte, sign, brace, plain = match.groups()
            if byte is not None:
                self._byte(int(byte, 16))
            elif plain is not None:
                self._plain(plain)
            elif brace:
                self._brace(brace == b"{")
            elif sign is not None:
                self._sign(sign.decode("latin-1"))
            elif word is not None:
                value = int(number) if number else None
                if word == b"bin" and value and value > 0:
                    position = match.end() + value
                else:
                    self._word(word.decode("ascii"), value)
        self.n_open = len(self.stack)
        while self.stack:
            self._brace(False)
        self._decode()
        self._end_paragraph()

    # Characters

    def _byte(self, value: int) -> None:
        if self.to_skip:
            self.to_skip -= 1
        else:
            self.bytes.append(value)

    def _plain(self, plain: bytes) -> None:
        taken = min(self.to_skip, len(plain))
        self.to_skip -= taken
        self.bytes += plain[taken:]

    def _decode(self) -> None:
        """Write the bytes that wait, in the encoding of their font."""
        if self.bytes:
            raw = bytes(self.bytes)
            self.bytes.clear()
            self._write(raw.decode(self.fonts.get(self.state.font, self.encoding), "replace"))

    def _write(self, text: str) -> None:
        state = self.state
        if state.table == "stylesheet":
            self.style_name.append(text)
        if state.kind == "apart":
            return
        if state.hidden or state.deleted:
            what = "deleted text" if state.deleted else "hidden text"
            self.amounts[what] = self.amounts.get(what, 0) + len(text)
        elif state.raised:
            self.raised.append(text)
        else:
            self._settle()
            self.words.setdefault(state.kind, []).append(text)

    def _settle(self) -> None:
        if self.raised:
            words = self.words.setdefault(self.state.kind, [])
            raised = "".join(self.raised)
            self.raised.clear()
            words.append(with_mark("".join(words[-8:]), raised))

    def _sign(self, sign: str) -> None:
        if sign in "\r\n":
            self._decode()
            self._end_paragraph()
        elif sign == "*":
            self.starred = True
        elif sign in "~_-\\{}":
            self._decode()
            self._write({"~": "\u00a0", "_": "\u2011", "-": "\u00ad"}.get(sign, sign))

    # Groups and words

    def _brace(self, opens: bool) -> None:
        self._decode()
        self.to_skip, self.starred = 0, False
        if opens:
            if len(self.stack) >= _DEEPEST:
                raise CrossreadError(f"{self.path}: more than {_DEEPEST:,} braces inside one another. Save it again.")
            self.stack.append(self.state)
            return
        if not self.stack:
            return
        inner, self.state = self.state, self.stack.pop()
        if inner.table == "stylesheet" and self.state.table == "stylesheet":
            self._name_style()
        if inner.kind not in ("apart", self.state.kind):
            outer, self.state = self.state, inner
            self._settle()
            self._end_paragraph()
            self.state = outer

    def _name_style(self) -> None:
        name = "".join(self.style_name).strip(" ;").lower()
        self.style_name.clear()
        if re.fullmatch(r"title|subtitle|(?:heading|überschrift|titre|título|kop) ?\d", name):
            self.heads.add(self.current_style)
        self.current_style = -1

    def _word(self, word: str, value: int | None) -> None:
        self._decode()
        starred, self.starred = self.starred, False
        if word == "u" and value is not None:
            self._unicode(value)
        elif self.to_skip and word not in ("par", "pard"):
            self.to_skip -= 1
        elif word in _APART or (starred and word not in _KNOWN):
            table = word if word in ("fonttbl", "stylesheet") else ""
            self.state = replace(self.state, kind="apart", table=table)
        elif self.state.table:
            self._define(word, value)
        elif word in _HEADS:
            self.state = replace(self.state, kind="running head", raised=False)
        elif word in ("footnote", "annotation"):
            self._begin_note(word)
        elif word in _SIGNS:
            self._write(_SIGNS[word])
        elif word in ("par", "sect", "row", "cell", "nestcell", "nestrow"):
            self._end_paragraph()
        else:
            self._format(word, value)

    def _define(self, word: str, value: int | None) -> None:
        """Take what a table of fonts or styles says."""
        if word == "f" and value is not None:
            self.current_font = value
        elif word == "fcharset" and value in _CHARSETS:
            self.fonts[self.current_font] = _CHARSETS[value]
        elif word in ("s", "ds", "cs", "ts") and value is not None:
            self.current_style = value if word == "s" else -1

    def _begin_note(self, word: str) -> None:
        if word == "annotation":
            self.state = replace(self.state, kind="comment", raised=False)
            return
        self.n_notes += 1
        self.raised.clear()  # the mark that the program set itself
        outer = self.words.setdefault(self.state.kind, [])
        if outer and outer[-1].strip() == str(self.n_notes):
            outer.pop()
        outer.append(f"[^{self.n_notes}]")
        self.state = replace(self.state, kind="note", raised=False)
        self.words["note"] = [f"[^{self.n_notes}] "]

    def _format(self, word: str, value: int | None) -> None:
        on = value != 0
        if word == "plain":
            self._settle()
            self.state = replace(self.state, raised=False, hidden=False, deleted=False)
        elif word in ("super", "nosupersub", "sub"):
            self.state = replace(self.state, raised=word == "super" and on)
        elif word == "up":
            self.state = replace(self.state, raised=bool(value))
        elif word == "v":
            self.state = replace(self.state, hidden=on)
        elif word == "deleted":
            self.state = replace(self.state, deleted=on)
        elif word == "f" and value is not None:
            self.state = replace(self.state, font=value)
        elif word == "uc" and value is not None:
            self.state = replace(self.state, skip=max(0, min(value, 8)))
        elif word == "pard":
            self.heading = self.listed = False
        elif word == "s":
            self.heading = value in self.heads
        elif word == "outlinelevel":
            self.heading = value is not None and value < 9
        elif word == "ls":
            self.listed = on
        elif word == "chftn" and self.state.kind == "":
            self.raised.clear()
        elif word == "ansicpg" and value:
            self._use(f"cp{value}")
        elif word in ("mac", "pc", "pca"):
            self._use({"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}[word])

    def _use(self, encoding: str) -> None:
        name = "utf-8" if encoding == "cp65001" else encoding
        try:
            codecs.lookup(name)
        except LookupError:
            return
        self.encoding = name

    def _unicode(self, value: int) -> None:
        value %= 0x10000
        self.to_skip = self.state.skip
        if 0xD800 <= value < 0xDC00:
            self.surrogate = value
        elif 0xDC00 <= value < 0xE000:
            pair, self.surrogate = self.surrogate, 0
            self._write(chr(0x10000 + ((pair - 0xD800) << 10) + value - 0xDC00) if pair else "\ufffd")
        else:
            self._write(chr(value))

    def _end_paragraph(self) -> None:
        self._settle()
        kind = self.state.kind
        if kind == "apart":
            return
        text = "".join(self.words.get(kind, ()))
        self.words[kind] = []
        if kind == "":
            self.parts.add("heading" if self.heading else "list" if self.listed else "body", text)
        else:
            self.notes.add(kind, text)


def read_rtf(path: Path, data: bytes, max_bytes: int) -> tuple[str, tuple[Block, ...], list[str]]:
    rtf = _Rtf(path)
    rtf.read(data)
    rtf.parts.extend(rtf.notes)
    text, blocks = rtf.parts.join()
    notices = [f"{path}: not read: {what} ({number_of(n, 'character')})." for what, n in rtf.amounts.items()]
    if rtf.n_open:
        notices.append(f"{path}: breaks off: {rtf.n_open:,} braces are not closed. Compare the end with another copy.")
    return text, blocks, notices
