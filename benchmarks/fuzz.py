"""Made and damaged files against the readers: each ends in a text, a sentence (`CrossreadError`) or a remark.

python benchmarks/fuzz.py                               every reader for ten seconds
python benchmarks/fuzz.py --minutes 1                   all readers in a minute, as in CI
python benchmarks/fuzz.py --reader pdf --inputs 100000 --seed 1 --save
python benchmarks/fuzz.py --again pdf 1 4711            one input once more, its bytes in fuzz-pdf-1-4711.pdf

What is never to happen, and is printed with its seed and number: another exception, more than ten seconds, more than
a gigabyte, a character that no sentence and no cut accounts for. A further reader is one row of `READERS`. `--save`
writes the counts to results/fuzz.csv.
"""

import argparse
import csv
import io
import json
import random
import re
import resource
import signal
import struct
import subprocess
import sys
import tempfile
import time
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pandas as pd

from crossread.corpus import from_texts
from crossread.corpus.cleaning import clean, read_rules
from crossread.corpus.gather import gather
from crossread.corpus.model import build, cover
from crossread.corpus.reading import glyphs, pdf, read_text
from crossread.errors import CrossreadError
from crossread.lexicon import find_hits, read_lexicon
from crossread.lexicon.imports import import_lexicon
from crossread.measure.claims import Claim, read_claims
from crossread.measure.readings import Reading, read_readings

_TEXT = from_texts(
    {"a": "The allies share the burden of common defence. The costs of U.S. bases rose, and a free ride ended."}
)
SECONDS, MEGABYTES = 10, 1_000
LIMIT = 20_000_000  # bytes that a file may unpack to
WORDS = (
    "allies share the burden of common defence China NATO U.S. multi-lateral alliance1 “fair” ofﬁcial 2*3*4 $49.9m "
    "Notes 1. 2) ¹ a@b.example https://x.example/y é ü 日本 한국 العربية שלום \u00ad \u200b \u202f \ufffd -\n \n "
    "\n\n . ; … — 12"
).split(" ")


def prose(chance: random.Random, n_words: int = 0) -> str:
    return " ".join(chance.choice(WORDS) for _ in range(n_words or chance.randrange(1, 40)))


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


# Makers of files


def make_txt(chance: random.Random) -> bytes:
    return "\n".join(prose(chance) + chance.choice(["", "\f", "\n"]) for _ in range(chance.randrange(1, 12))).encode()


def pdf_of(pages, *, more: bytes = b"", font: str = "Helvetica", to_unicode: str = "", compress: bool = False) -> bytes:
    """Return a PDF of pages; each is a list of (x, y, size, text) in WinAnsi, bold where the size is negative."""
    objects: list[bytes] = [b"", b""]

    def add(content: bytes) -> int:
        objects.append(content)
        return len(objects)

    def stream(content: bytes) -> bytes:
        extra = b""
        if compress:
            content, extra = zlib.compress(content), b"/Filter/FlateDecode"
        return b"<</Length %d%s>>stream\n%s\nendstream" % (len(content), extra, content)

    mapped = b"/ToUnicode %d 0 R" % add(stream(to_unicode.encode())) if to_unicode else b""
    fonts = [
        add(b"<</Type/Font/Subtype/Type1/BaseFont/%s/Encoding/WinAnsiEncoding%s>>" % (name.encode(), mapped))
        for name in (font, font + "-Bold")
    ]
    kids = []
    for page in pages:
        content = b"BT\n" + more
        for x, y, size, text in page:
            shown = text.encode("cp1252", "replace").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
            content += b"/F%d %.2f Tf 1 0 0 1 %.2f %.2f Tm (%s) Tj\n" % (1 + (size < 0), abs(size), x, y, shown)
        content += b"ET"
        number = add(stream(content))
        kids.append(
            add(
                b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents %d 0 R"
                b"/Resources<</Font<</F1 %d 0 R/F2 %d 0 R>>>>>>" % (number, *fonts)
            )
        )
    objects[0] = b"<</Type/Catalog/Pages 2 0 R>>"
    objects[1] = b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(kids), b" ".join(b"%d 0 R" % kid for kid in kids))
    return pdf_file(objects)


def pdf_file(objects: list[bytes], trailer: bytes = b"") -> bytes:
    """Return a PDF file of numbered objects, the first of them its catalogue."""
    out, places = bytearray(b"%PDF-1.5\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, trailer, start)
    return bytes(out)


def make_pdf(chance: random.Random) -> bytes:
    pages = []
    for _ in range(chance.randrange(1, 5)):
        page, y = [(72, 760, 9, "RUNNING HEAD")] if chance.random() < 0.5 else [], 730
        for _ in range(chance.randrange(1, 14)):
            size = chance.choice([11, 11, 11, 11, 8, 18, -11])
            page.append((chance.choice([72, 72, 90, 320]), y, size, prose(chance, 8)))
            if chance.random() < 0.2:
                page.append((280, y + 4, 7, str(chance.randrange(1, 30))))
            y -= chance.choice([13, 13, 13, 26, 0])
        pages.append(page)
    return pdf_of(pages, compress=chance.random() < 0.3)


W = (
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><w:body>%s</w:body></w:document>'
)
RELATIONS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">%s</Relationships>'
RELATION = (
    '<Relationship Id="%s" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/%s" Target="%s"/>'
)


def zip_of(members: dict[str, str | bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def docx_of(body: str, members: dict[str, str] | None = None, relations: str = "", main: str = "document.xml") -> bytes:
    """Return a Word file with this content of w:body, further members of word/, and what the main part refers to."""
    return zip_of(
        {
            "_rels/.rels": RELATIONS % (RELATION % ("rId1", "officeDocument", f"word/{main}")),
            f"word/{main}": W % body,
            f"word/_rels/{main}.rels": RELATIONS % relations,
            **{f"word/{name}": content for name, content in (members or {}).items()},
        }
    )


FIELD = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>%s</w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r>%s<w:r><w:fldChar w:fldCharType="end"/></w:r>'
)
BOX = (
    "<w:r><mc:AlternateContent><mc:Choice><w:txbxContent><w:p><w:r><w:t>%s</w:t></w:r></w:p></w:txbxContent>"
    "</mc:Choice><mc:Fallback><w:t>twice</w:t></mc:Fallback></mc:AlternateContent></w:r>"
)
_WORD_PIECES = (
    "<w:r><w:t>%s</w:t></w:r>",
    '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>%s</w:t></w:r>',
    '<w:fldSimple w:instr="REF a"><w:r><w:t>%s</w:t></w:r></w:fldSimple>',
    FIELD % ("TOC", "<w:r><w:t>%s</w:t></w:r>"),
    '<w:ins w:id="1"><w:r><w:t>%s</w:t></w:r></w:ins><w:del w:id="2"><w:r><w:delText>gone</w:delText></w:r></w:del>',
    "<w:r><w:ruby><w:rt><w:r><w:t>a</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>%s</w:t></w:r></w:rubyBase></w:ruby></w:r>",
    BOX,
    '<w:r><w:footnoteReference w:id="2"/></w:r><w:r><w:cr/><w:tab/><w:t>%s</w:t></w:r>',
)
_WORD_FRAMES = (
    "%s",
    "<w:tbl><w:tr><w:tc>%s</w:tc></w:tr></w:tbl>",
    "<w:sdt><w:sdtContent>%s</w:sdtContent></w:sdt>",
)
HEADING = '<w:pPr><w:pStyle w:val="Heading1"/></w:pPr>'
FOOTNOTES = (
    '<w:footnotes xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    '<w:footnote w:id="2"><w:p><w:r><w:t>%s</w:t></w:r></w:p></w:footnote></w:footnotes>'
)


def make_docx(chance: random.Random) -> bytes:
    body = ""
    for _ in range(chance.randrange(1, 8)):
        runs = "".join(chance.choice(_WORD_PIECES) % escaped(prose(chance)) for _ in range(chance.randrange(1, 4)))
        body += chance.choice(_WORD_FRAMES) % f"<w:p>{chance.choice(['', HEADING])}{runs}</w:p>"
    notes = FOOTNOTES % escaped(prose(chance))
    return docx_of(body, {"footnotes.xml": notes}, RELATION % ("rId1", "footnotes", "footnotes.xml"))


NAMES = "urn:oasis:names:tc:opendocument:xmlns"
OPEN_DOCUMENT = (
    f'<office:document-content xmlns:office="{NAMES}:office:1.0" xmlns:style="{NAMES}:style:1.0" '
    f'xmlns:text="{NAMES}:text:1.0" xmlns:draw="{NAMES}:drawing:1.0" xmlns:table="{NAMES}:table:1.0">'
    '<office:automatic-styles><style:style style:name="Raised" style:family="text"><style:text-properties '
    'style:text-position="super 58%%"/></style:style><style:style style:name="Hidden" style:family="text">'
    '<style:text-properties text:display="none"/></style:style></office:automatic-styles>'
    "<office:body><office:text>%s</office:text></office:body></office:document-content>"
)
_ODT_PIECES = (
    "%s",
    '<text:span text:style-name="Raised">%s</text:span>',
    '<text:span text:style-name="Hidden">%s</text:span>',
    '<text:note text:note-class="footnote"><text:note-citation>1</text:note-citation><text:note-body><text:p>'
    "%s</text:p></text:note-body></text:note>",
    "<text:ruby><text:ruby-base>%s</text:ruby-base><text:ruby-text>a</text:ruby-text></text:ruby>",
    "<text:s text:c='3'/><text:tab/><text:line-break/>%s",
    "<draw:frame><draw:text-box><text:p>%s</text:p></draw:text-box></draw:frame>",
)


def odt_of(body: str) -> bytes:
    return zip_of({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": OPEN_DOCUMENT % body})


def make_odt(chance: random.Random) -> bytes:
    body = ""
    for _ in range(chance.randrange(1, 8)):
        pieces = "".join(chance.choice(_ODT_PIECES) % escaped(prose(chance)) for _ in range(chance.randrange(1, 4)))
        around = chance.choice(
            [
                "<text:p>%s</text:p>",
                "<text:h>%s</text:h>",
                "<text:list><text:list-item><text:p>%s</text:p></text:list-item></text:list>",
                "<text:tracked-changes><text:p>%s</text:p></text:tracked-changes>",
                "<text:table-of-content><text:index-body><text:p>%s</text:p></text:index-body></text:table-of-content>",
                "<table:table><table:table-row><table:table-cell><text:p>%s</text:p></table:table-cell>"
                "</table:table-row></table:table>",
            ]
        )
        body += around % pieces
    return odt_of(body)


def rtf_of(body: str) -> bytes:
    head = (
        r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0 Helvetica;}{\f1\fcharset204 Arial;}}{\stylesheet{\s1 heading 1;}}"
    )
    return (head + body + "}").encode("cp1252", "replace")


def make_rtf(chance: random.Random) -> bytes:
    pieces = [
        r"\pard %s\par ", r"{\super %s}", r"{\deleted %s}", r"{\v %s}", r"{\footnote \pard %s\par}",
        r"{\field{\*\fldinst X}{\fldrslt %s}}",
        r"{\header %s\par}", r"\u8217?%s", r"{\f1 \'cc\'e8\'f0 %s}", r"{\*\unknown %s}", r"\trowd %s\cell\row ",
        r"{\pict\bin3 }}}%s}",
        r"\uc0\u-10179 \u-8704 %s", r"\s1 %s\par ",
    ]  # fmt: skip

    def shown(text):
        return "".join(c if c.isascii() and c not in "\\{}" else rf"\u{ord(c)}?" for c in text)

    return rtf_of("".join(chance.choice(pieces) % shown(prose(chance)) for _ in range(chance.randrange(1, 12))))


def tei_of(body: str) -> bytes:
    head = '<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><p>of the file</p></teiHeader><text><body>'
    return f"{head}{body}</body></text></TEI>".encode()


def make_xml(chance: random.Random) -> bytes:
    pieces = [
        "<p>%s</p>", "<head>%s</head>", "<note n='1'>%s</note>", "<p>a<note n='2'>%s</note>b</p>", "<!-- %s -->",
        "<list><item>%s</item></list>", "<fw>%s</fw>", "<p>multi<lb break='no'/>lateral %s</p>", "<div><p>%s</p></div>",
        "<lg><l>%s</l></lg>", "<p><choice><sic>x</sic><corr>%s</corr></choice></p>",
    ]  # fmt: skip
    body = "".join(
        chance.choice(pieces) % escaped(prose(chance)).replace("--", "") for _ in range(chance.randrange(1, 12))
    )
    return tei_of(body) if chance.random() < 0.7 else f"<doc><title>A</title>{body}</doc>".encode()


def make_html(chance: random.Random) -> bytes:
    pieces = [
        "<p>%s</p>", "<p>%s", "<h2>%s</h2>", "<li>%s", "<td>%s</td>", "<nav>%s</nav>", "<sup>%s</sup>", "a<br>%s",
        '<div class="entry no-sidebar"><p>%s</p></div>', '<p style="display:none">%s</p>', "<script>%s</script>",
        '<a href="#fn1"><sup>1</sup></a>%s', "<!-- %s -->", "<pre>%s</pre>", "<blockquote>%s</blockquote>",
        "&eacute;%s",
    ]  # fmt: skip
    body = "".join(chance.choice(pieces) % escaped(prose(chance)) for _ in range(chance.randrange(1, 25)))
    head = chance.choice(["", "<!doctype html><title>T</title>", "<html><head><meta charset=utf-8></head><body>"])
    return (head + body).encode()


CELLS = "a b 7 3,5 1.234,50 2011 2011-05-02 NA =1+1 -2 é 日本 nan True 1e999 [] {} \x1f".split(" ") + [
    "",
    "a\nb",
    'say "no"',
    "x;y",
    "x,y",
    "\t",
    "The allies share the burden of common defence.",
]
NAMES_OF_COLUMNS = "doc_id text year label party title file id sha256 n_tokens".split() + ["", " ", "a.b", "Text"]


def table_of(chance: random.Random) -> list[list[str]]:
    names = chance.sample(NAMES_OF_COLUMNS, chance.randrange(1, 6))
    rows = [
        [chance.choice(CELLS) if chance.random() < 0.7 else prose(chance) for _ in names]
        for _ in range(chance.randrange(0, 8))
    ]
    for row in rows:  # ragged
        if chance.random() < 0.05:
            row.append("more")
        elif chance.random() < 0.05:
            row.pop()
    return [names, *rows]


def make_csv(chance: random.Random, separators: str = ",,,;;\t|") -> bytes:
    file = io.StringIO()
    how = chance.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
    separator = chance.choice(separators)
    csv.writer(file, delimiter=separator, quoting=how, lineterminator=chance.choice(["\n", "\r\n"])).writerows(
        table_of(chance)
    )
    head = chance.choice(["", "", "", f"sep={separator}\n", "\n", "\ufeff"])
    return (head + file.getvalue()).encode(chance.choice(["utf-8", "utf-8", "utf-8-sig", "utf-16"]), "replace")


WORKBOOK = (
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>%s</sheets></workbook>'
)
SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'
)
STYLES = (  # the second is a date
    '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><fonts><font/></fonts><fills>'
    "<fill><patternFill/></fill></fills><borders><border/></borders><cellStyleXfs><xf/></cellStyleXfs><cellXfs><xf/>"
    '<xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>'
)
_KINDS = "application/vnd.openxmlformats-officedocument.spreadsheetml"
CONTENT_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Default Extension="xml" ContentType="{_KINDS}.worksheet+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_KINDS}.sheet.main+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_KINDS}.styles+xml"/></Types>'
)


def cell_of(content: str, chance: random.Random) -> str:
    if content == "2011-05-02":
        return '<c s="1"><v>40665</v></c>'
    if content.lstrip("-").isdecimal() and chance.random() < 0.8:
        return f"<c><v>{content}</v></c>"
    if content.startswith("="):
        return f"<c><f>{content[1:]}</f><v>2</v></c>"
    if not content:
        return "<c/>"
    shown = escaped(re.sub("[\x00-\x1f]", " ", content))
    return f'<c t="inlineStr"><is><t>{shown}</t></is></c>'


def make_xlsx(chance: random.Random) -> bytes:
    numbers = range(1, chance.choice([1, 1, 2]) + 1)
    members = {}
    for number in numbers:
        rows = table_of(chance) if chance.random() < 0.9 else []
        cells = ("".join(cell_of(cell, chance) for cell in row) for row in rows)
        members[f"xl/worksheets/sheet{number}.xml"] = SHEET % "".join(f"<row>{row}</row>" for row in cells)
    sheets = "".join(f'<sheet name="Sheet{number}" sheetId="{number}" r:id="rId{number}"/>' for number in numbers)
    parts = [RELATION % (f"rId{number}", "worksheet", f"worksheets/sheet{number}.xml") for number in numbers]
    parts.append(RELATION % ("rId9", "styles", "styles.xml"))
    return zip_of(
        {
            "[Content_Types].xml": CONTENT_TYPES,
            "_rels/.rels": RELATIONS % (RELATION % ("rId1", "officeDocument", "xl/workbook.xml")),
            "xl/workbook.xml": WORKBOOK % sheets,
            "xl/_rels/workbook.xml.rels": RELATIONS % "".join(parts),
            "xl/styles.xml": STYLES,
            **members,
        }
    )


def make_json(chance: random.Random) -> bytes:
    return json.dumps(
        chance.choice(
            [
                records_of(chance),
                {"data": records_of(chance), "n": 1},
                {prose(chance, 2): prose(chance) for _ in range(3)},
                [1, records_of(chance)],
                {"a": {"b": records_of(chance)}},
            ]
        ),
        ensure_ascii=chance.random() < 0.5,
    ).encode("utf-8", "replace")


def make_jsonl(chance: random.Random) -> bytes:
    return "\n".join(json.dumps(record) for record in records_of(chance)).encode()


def records_of(chance: random.Random) -> list[dict]:
    names, *rows = table_of(chance)
    others = [None, 3, 2.5, True, [1, "a"], {"year": 2011, "who": {"party": "A"}}, {}]
    return [
        {name: chance.choice(others) if chance.random() < 0.2 else cell for name, cell in zip(names, row, strict=False)}
        for row in rows
    ]


ENTRIES = (
    "cost* | burden sharing | free (ride*|riding) | U.S. | US | *lateral* | a?ly | fair share ~5 ally|allies ! war "
    "| :) | R&D | <of> | coöperate | 同盟 | multi-lateral | - | * | (a|b c) (d|e) | cost* ~3 | ! x | ' | don't | 1,000"
).split(" | ")
KEYS = "burden_sharing china_rise cost ally.name _labels a.b.c x-y ÜBER 1".split()


def entries_of(chance: random.Random) -> list[str]:
    return chance.sample(ENTRIES, chance.randrange(1, 6))


def make_lexicon(chance: random.Random) -> bytes:
    lines = []
    for key in chance.sample(KEYS, chance.randrange(1, 4)):
        lines.append(f"{key}:")
        for entry in entries_of(chance):
            plain = f"  - {entry}" if chance.random() < 0.5 else f"  - '{entry.replace(chr(39), '')}'"
            block = f"  - pattern: cost*\n    with: [{entry}]\n    within: {chance.choice([3, -1, 'x', 10**30])}"
            lines.append(
                chance.choice([plain, plain, plain, block, f"  - deeper:\n      - {entry}", "  - &a [b]\n  - *a"])
            )
    return "\n".join(lines).encode()


def make_liwc(chance: random.Random) -> bytes:
    categories = [f"{number}\t{key}" for number, key in enumerate(chance.sample(KEYS, 3), 1)]
    numbers = ("1", "01", "2\t3", "9", "", "1/2")
    terms = [f"{entry}\t{chance.choice(numbers)}" for entry in entries_of(chance)]
    return "\n".join(["%", *categories, "%", *terms]).encode()


def make_wordstat(chance: random.Random) -> bytes:
    return "\n".join(
        line
        for key in chance.sample(KEYS, 2)
        for line in [key, *(f"\t{entry.upper()} ({chance.choice([1, 0, -1, 0.5])})" for entry in entries_of(chance))]
    ).encode()


def make_lexicoder(chance: random.Random) -> bytes:
    return "\n".join(line for key in chance.sample(KEYS, 2) for line in [f"+{key}", *entries_of(chance)]).encode()


def make_yoshikoder(chance: random.Random) -> bytes:
    nodes = "".join(
        f'<cnode name="{key}">{"".join(f"<pnode name={quoteattr(entry)}/>" for entry in entries_of(chance))}</cnode>'
        for key in chance.sample(KEYS, 2)
    )
    return f'<?xml version="1.0"?><dictionary style="x">{nodes}</dictionary>'.encode()


def make_lexicon_table(chance: random.Random) -> bytes:
    file = io.StringIO()
    writer = csv.writer(file, delimiter=chance.choice(",;\t"))
    writer.writerow(chance.choice([["key", "entry"], ["Category", "Word"], KEYS[:2], ["entry", "key", "tier"]]))
    writer.writerows([chance.choice(KEYS), entry] for entry in entries_of(chance))
    return file.getvalue().encode()


def make_claims(chance: random.Random) -> bytes:
    return "\n".join(
        f"- id: c{number}\n  text: '{{a}} says more than {{b}}'\n  quantity: "
        f"{chance.choice(['cost.share', 'a.b', 'x', ''])}\n"
        f"  documents: {chance.choice(['[a, b]', '[a]', 'a', '[]', '{a: b}'])}\n"
        f"  direction: {chance.choice(['higher', 'first', 'absent', 'no difference', 'up'])}\n"
        f"  {chance.choice(['written: after', 'margin: 0.1', 'margin: x', 'lexicon: t', 'margin: 1e999'])}"
        for number in range(chance.randrange(1, 4))
    ).encode()


def make_readings(chance: random.Random) -> bytes:
    return "\n".join(
        f"- id: r{number}\n  title: {chance.choice(['Ships', '', '[x]'])}\n  text: >\n"
        f"    {{a}} has {{{chance.choice(['cost in a', 'all sentences', '', '{', 'sentences of a'])}}}.\n"
        f"  documents: {chance.choice(['[a, b]', 'a', '[]'])}\n  holds: {chance.choice(['[cost in a > 1]', 'x', '[]'])}"
        for number in range(chance.randrange(1, 4))
    ).encode()


def make_rules(chance: random.Random) -> bytes:
    pieces = [
        "- cut: first words\n  through: end\n  reason: page furniture", "- heading: words", "- body: words",
        "- cut: 2023-02-30\n  reason: 12:30", "- cut: ''\n  reason: x", "- drop: x", "- heading: a\n  body: b",
        "- cut: x\n  through: [a]\n  reason: y",
    ]  # fmt: skip
    return "\n".join(chance.sample(pieces, chance.randrange(1, 5))).encode()


def try_table(path: Path) -> object:
    """Take the texts of a table, and what it says of each."""
    gathered = gather(path)
    return [*gathered.said, *gathered.unread, *(said for remarks in gathered.remarks.values() for said in remarks)]


def try_lexicon(path: Path) -> object:
    """Read a lexicon as a study does, and as one that is brought; find its entries in a text."""
    brought = import_lexicon(path)
    find_hits(_TEXT, brought)
    return read_lexicon(path).notes


@dataclass(frozen=True)
class Reader:
    """A reader under trial: the ending of its files, what makes one, and what reads it (texts without)."""

    ending: str
    make: Callable[[random.Random], bytes]
    read: Callable[[Path], object] | None = None


READERS = {
    "txt": Reader(".txt", make_txt),
    "html": Reader(".html", make_html),
    "pdf": Reader(".pdf", make_pdf),
    "docx": Reader(".docx", make_docx),
    "odt": Reader(".odt", make_odt),
    "rtf": Reader(".rtf", make_rtf),
    "xml": Reader(".xml", make_xml),
    "csv": Reader(".csv", make_csv, try_table),
    "tsv": Reader(".tsv", lambda chance: make_csv(chance, "\t"), try_table),
    "xlsx": Reader(".xlsx", make_xlsx, try_table),
    "json": Reader(".json", make_json, try_table),
    "jsonl": Reader(".jsonl", make_jsonl, try_table),
    "lexicon": Reader(".yml", make_lexicon, try_lexicon),
    "lexicon-table": Reader(".csv", make_lexicon_table, try_lexicon),
    "liwc": Reader(".dic", make_liwc, try_lexicon),
    "wordstat": Reader(".cat", make_wordstat, try_lexicon),
    "lexicoder": Reader(".lc3", make_lexicoder, try_lexicon),
    "yoshikoder": Reader(".ykd", make_yoshikoder, try_lexicon),
    "claims": Reader(".yml", make_claims, read_claims),
    "readings": Reader(".yml", make_readings, read_readings),
    "rules": Reader(".yml", make_rules, read_rules),
}


# Damage


def damage(data: bytes, chance: random.Random) -> bytes:
    """Change, drop, double, move or add some bytes."""
    data = bytearray(data)
    for _ in range(chance.choice([1, 1, 2, 4, 16])):
        if not data:
            break
        at, length = chance.randrange(len(data)), chance.choice([1, 1, 2, 8, 100])
        kind = chance.randrange(6)
        if kind == 0:
            data[at] = chance.randrange(256)
        elif kind == 1:
            del data[at : at + length]
        elif kind == 2:
            data[at:at] = data[at : at + length] * chance.choice([1, 2, 50])
        elif kind == 3:
            data[at:at] = bytes(chance.randrange(256) for _ in range(length))
        elif kind == 4:
            data[at:at] = chance.choice(
                [b"0", b"-1", b"99999999999", b"\0", b"<", b">", b"&", b"(", b"{", b"\\", b"/", b"]]"]
            )
        else:
            del data[at:]
    return bytes(data)


def damage_members(data: bytes, chance: random.Random) -> bytes:
    """Damage what is in an archive, and pack it again, so that the damage reaches the reader of its XML."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    name = chance.choice(list(members))
    members[name] = damage(members[name], chance)
    return zip_of(members)


def make(reader: str, seed: int, number: int) -> bytes:
    """Return the input of a number: one in eight as it was made, the others damaged."""
    chance = random.Random(f"{reader} {seed} {number}")
    data = READERS[reader].make(chance)
    if chance.random() < 0.125:
        return data
    if data.startswith(b"PK") and chance.random() < 0.7:
        return damage_members(data, chance)
    return damage(data, chance)


# Trial


@dataclass
class Ended(BaseException):  # no boundary of a reader takes it for the file's problem
    what: str


SERVER = """
import io, struct, sys
sys.path[:0] = sys.argv[1:]
import glyphs
while head := sys.stdin.buffer.read(16):
    size, limit = struct.unpack("<QQ", head)
    content = io.BytesIO()
    code = glyphs.write_pages(sys.stdin.buffer.read(size), limit, content)
    sys.stdout.buffer.write(struct.pack("<qQ", code, content.tell()) + content.getvalue())
    sys.stdout.buffer.flush()
    glyphs.faulthandler.cancel_dump_traceback_later()
"""


class PdfServer:
    """Does what `run_pdfium` does, many files in one process: to start Python for each would take most of the time.

    A file at which the process ends is read once more, by `run_pdfium` itself.
    """

    FILES = 200  # in one process, which closes none

    def __init__(self):
        self.run_alone, self.served, self.process = pdf.run_pdfium, 0, None

    def __call__(self, data: bytes, max_glyphs: int) -> tuple[int, bytes]:
        if self.served % self.FILES == 0:
            self._start()
        self.served += 1
        try:
            self.process.stdin.write(struct.pack("<QQ", len(data), max_glyphs) + data)
            self.process.stdin.flush()
            code, size = struct.unpack("<qQ", self.process.stdout.read(16))
            return code, self.process.stdout.read(size)
        except (OSError, struct.error):
            self.served = 0
            return self.run_alone(data, max_glyphs)
        except Ended:  # an answer that comes late must not be taken for the next file's
            self.served = 0
            raise

    def _start(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
        places = [str(Path(glyphs.__file__).parent), str(Path(find_spec("pypdfium2_raw").origin).parents[1])]
        self.process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", SERVER, *places],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip


def try_file(reader: str, path: Path, thorough: bool = True) -> str:
    """Read a file, account for its characters, thoroughly of a corpus made of it; return how it ended."""
    read = READERS[reader].read
    try:
        source = read(path) if read else read_text(path, max_bytes=LIMIT)
    except CrossreadError as error:
        cause = error.__cause__
        if (path.name if read else str(path)) not in str(error):
            raise Ended(f"a sentence that does not name the file: {error}") from None
        return f"boundary: {type(cause).__name__}" if cause is not None else "sentence"
    if read:
        return "remark" if source and not isinstance(source[0], Claim | Reading | dict) else "text"
    cleaned = clean(source.text, source.blocks)
    spans = sorted([(c.start, c.end) for c in cleaned.cuts] + [span for unit in cleaned.units for span in unit.spans])
    ends = [0, *(end for _, end in spans)]
    if [start for start, _ in spans] != ends[:-1] or ends[-1] != len(source.text):
        raise Ended("a character unaccounted for")
    if any(cut.reason == "not in any block" for cut in cleaned.cuts):
        raise Ended("a character not in any block")
    if thorough:
        described = pd.DataFrame(index=pd.Index(["a"], name="doc_id"))
        corpus = build("fuzz", None, described, {"a": (source.text, source.blocks)})
        cover(corpus.sentences, corpus.cuts, len(source.text))
    return "remark" if source.notices else "text"


def run(reader: str, seed: int, inputs: int, seconds: float, folder: Path, first: int = 0) -> tuple[Counter, list[str]]:
    """Try inputs of a reader until they are done or the time is over; return how they ended and what went wrong."""

    def stop(*_):
        raise Ended(f"more than {SECONDS} s of the processor, or ten times as long by the clock")

    ends: Counter[str] = Counter()
    wrong: list[str] = []
    path = folder / f"a{READERS[reader].ending}"
    signal.signal(signal.SIGALRM, stop)
    signal.signal(signal.SIGPROF, stop)  # the machine may be busy with other things
    begun = time.monotonic()
    for number in range(first, inputs):
        if time.monotonic() - begun > seconds:
            break
        path.write_bytes(make(reader, seed, number))
        signal.alarm(10 * SECONDS)
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        try:
            end = try_file(reader, path, thorough=number % 10 == 0)
        except (Exception, Ended) as error:
            end = "WRONG"
            wrong.append(f"{reader}, seed {seed}, number {number}: {type(error).__name__}: {str(error)[:200]}")
            print(wrong[-1], flush=True)
        finally:
            signal.alarm(0)
            signal.setitimer(signal.ITIMER_PROF, 0)
        ends[end] += 1
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1000
    if peak > MEGABYTES:
        wrong.append(f"{reader}, seed {seed}: {peak:,.0f} MB at most")
    return ends, wrong


def save(reader: str, seed: int, ends: Counter, seconds: float) -> None:
    path = Path(__file__).parent / "results" / "fuzz.csv"
    rows = list(csv.DictReader(path.open(encoding="utf-8"))) if path.is_file() else []
    names = ["reader", "seed", "inputs", "text", "remark", "sentence", "boundary", "wrong", "seconds"]
    row = {"reader": reader, "seed": str(seed), "inputs": sum(ends.values()), "seconds": round(seconds)}
    row |= {name: ends[name] for name in ("text", "remark", "sentence")} | {"wrong": ends["WRONG"]}
    row["boundary"] = sum(count for end, count in ends.items() if end.startswith("boundary"))
    rows = [old for old in rows if (old["reader"], old["seed"]) != (reader, str(seed))] + [row]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(sorted(rows, key=lambda row: (row["reader"], int(row["seed"]))))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--reader", choices=READERS, action="append")
    parser.add_argument("--inputs", type=int, default=10**9)
    parser.add_argument("--seconds", type=float, help="for each reader")
    parser.add_argument("--minutes", type=float, help="for all readers together")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--save", action="store_true")
    parser.add_argument("--again", nargs=3, metavar=("READER", "SEED", "NUMBER"))
    options = parser.parse_args()
    if options.again:
        reader, seed, number = options.again
        path = Path(f"fuzz-{reader}-{seed}-{number}{READERS[reader].ending}")
        path.write_bytes(make(reader, int(seed), int(number)))
        print(try_file(reader, path))
        return 0
    pdf.run_pdfium = PdfServer()
    readers = options.reader or list(READERS)
    shared = 60 * options.minutes / len(readers) if options.minutes else None
    seconds = options.seconds or shared or (10 if options.inputs == 10**9 else 1e9)
    failed = False
    for reader in readers:
        begun = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            ends, wrong = run(reader, options.seed, options.inputs, seconds, Path(folder))
        print(
            f"{reader}: {sum(ends.values()):,} inputs in {time.monotonic() - begun:,.0f} s: {dict(ends.most_common())}"
        )
        print(*wrong[:20], sep="\n")
        if options.save:
            save(reader, options.seed, ends, time.monotonic() - begun)
        failed = failed or bool(wrong)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
