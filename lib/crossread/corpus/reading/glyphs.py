"""The glyphs of a PDF and where they stand, read by PDFium in a process of its own.

PDFium is a library in C. A file made to harm it can end the process, fill the memory or never come to an end; as a
program of its own (`python glyphs.py FOLDER-OF-PDFIUM LIMIT < file.pdf`) it takes nothing with it. This file imports
nothing of crossread, so that it starts in a twentieth of a second.

What it writes, page by page, are numbers (`HEAD`, `RUN`, `GLYPH`): a page's size and counts; for each run of text its
size, angle and weight; for each glyph its character, left and right edge, baseline and run.
"""

from __future__ import annotations

import ctypes
import faulthandler
import math
import os
import struct
import sys
from contextlib import suppress
from types import ModuleType
from typing import BinaryIO

HEAD = struct.Struct("<ffffIII")  # left, bottom, right, top of the page; runs, glyphs, pictures
RUN = struct.Struct("<fff")  # size in points, angle in degrees, weight
PLAIN, BOLD, SIGNS = 400, 700, 0  # weights; the letters of a font of signs stand for bullets
GLYPH = struct.Struct("<IfffI")  # character, left, right, baseline, number of its run
UNKNOWN = 0x8000_0000  # added to the character where the font does not say what it is: then it is only a code
DONE, LOCKED, DAMAGED, TOO_MANY = 0, 3, 4, 5  # how the program ends
PATIENCE = 8  # seconds for a page
MEMORY = 1_500_000_000  # bytes of addresses
MAX_PAGES = 20_000
OVERHANG = 0.4  # of the size: ink does not reach farther beyond the width of a letter
_PASSWORD = 4  # FPDF_ERR_PASSWORD
_IMAGE = 3  # FPDF_PAGEOBJ_IMAGE


def main() -> int:
    sys.path.insert(0, sys.argv[1])
    return write_pages(sys.stdin.buffer.read(), int(sys.argv[2]), sys.stdout.buffer)


def write_pages(data: bytes, limit: int, out: BinaryIO) -> int:
    """Write the glyphs of a PDF, at most so many, and return how that ended."""
    with suppress(ImportError, ValueError, OSError):  # Windows has no such limit
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY + len(data), MEMORY + len(data)))
    import pypdfium2_raw as pdfium

    watch()
    pdfium.FPDF_InitLibrary()
    document = pdfium.FPDF_LoadMemDocument64(data, len(data), None)
    if not document:
        return LOCKED if pdfium.FPDF_GetLastError() == _PASSWORD else DAMAGED
    n_pages = pdfium.FPDF_GetPageCount(document)
    if n_pages > MAX_PAGES:
        return TOO_MANY
    for number in range(n_pages):
        watch()
        content = read_page(pdfium, document, number)
        limit -= len(content) // GLYPH.size
        if limit < 0:
            return TOO_MANY
        out.write(content)
    out.flush()
    return DONE


def watch() -> None:
    """End the program unless it is watched again in time: PDFium cannot be interrupted otherwise."""
    faulthandler.dump_traceback_later(PATIENCE, exit=True)


def read_page(pdfium: ModuleType, document: object, number: int) -> bytes:
    page = pdfium.FPDF_LoadPage(document, number)
    if not page:
        return HEAD.pack(0, 0, 0, 0, 0, 0, 0)
    text = pdfium.FPDFText_LoadPage(page)
    box = pdfium.FS_RECTF()
    pdfium.FPDF_GetPageBoundingBox(page, box)
    edges = box.left, box.bottom, box.right, box.top
    pictures = sum(
        pdfium.FPDFPageObj_GetType(pdfium.FPDFPage_GetObject(page, i)) == _IMAGE
        for i in range(min(pdfium.FPDFPage_CountObjects(page), 10_000))
    )
    runs, glyphs = bytearray(), bytearray()
    n_runs, known = 0, {}
    advances: dict[int, dict[int, float]] = {}  # font -> character -> its width in size 1
    width, ink, of_ligature = ctypes.c_float(), (ctypes.c_double * 4)(), math.nan
    matrix, x, y = pdfium.FS_MATRIX(), ctypes.c_double(), ctypes.c_double()
    # the same functions with plain pointers: four calls for each glyph take a third of the time
    get_code, get_object, get_box, get_origin, get_ink, is_unknown, is_made, get_font, get_width = (
        _plain(pdfium, name, *kinds)
        for name, *kinds in (
            ("Text_GetUnicode", ctypes.c_uint, ctypes.c_int),
            ("Text_GetTextObject", ctypes.c_void_p, ctypes.c_int),
            ("Text_GetLooseCharBox", ctypes.c_int, ctypes.c_int, ctypes.c_void_p),
            ("Text_GetCharOrigin", ctypes.c_int, ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p),
            ("Text_GetCharBox", ctypes.c_int, ctypes.c_int, *[ctypes.c_void_p] * 4),
            ("Text_HasUnicodeMapError", ctypes.c_int, ctypes.c_int),
            ("Text_IsGenerated", ctypes.c_int, ctypes.c_int),
            ("TextObj_GetFont", ctypes.c_void_p),
            ("Font_GetGlyphWidth", ctypes.c_int, ctypes.c_uint, ctypes.c_float, ctypes.c_void_p),
        )
    )
    handle, box_at = ctypes.cast(text, ctypes.c_void_p).value, ctypes.addressof(box)
    origin_at = ctypes.addressof(x), ctypes.addressof(y)
    ink_at = [ctypes.addressof(ink) + 8 * edge for edge in range(4)]
    add, pack = glyphs.extend, GLYPH.pack
    for k in range(pdfium.FPDFText_CountChars(text)):
        code = get_code(handle, k)
        if code in (10, 13, 32) and is_made(handle, k) == 1:
            continue
        place = get_object(handle, k)
        if place not in known:
            pdfium.FPDFText_GetMatrix(text, k, matrix)
            pdfium.FPDFText_GetCharOrigin(text, k, x, y)
            angle = math.atan2(matrix.b, matrix.a)
            points = pdfium.FPDFText_GetFontSize(text, k)
            runs += RUN.pack(points * math.hypot(matrix.c, matrix.d), math.degrees(angle), _weight(pdfium, text, k))
            across = points * math.hypot(matrix.a, matrix.b)
            widths = advances.setdefault(font := get_font(place), {})
            known[place] = n_runs, y.value, math.cos(angle), math.sin(angle), font, widths, across
            n_runs += 1
        run, height, cos, sin, font, widths, across = known[place]
        get_box(handle, k, box_at)
        left, right = box.left, box.right
        if code not in widths:
            widths[code] = width.value if font and get_width(font, code, 1.0, ctypes.addressof(width)) else 0.0
        advance = widths[code] * across
        if right - left - advance > 0.01 * across and cos > 0.9998:
            get_origin(handle, k, *origin_at)
            origin, ends = x.value, x.value + advance
            # the letters of a ligature all have the box of the whole
            if origin != of_ligature and 0 < right - ends < OVERHANG * across:
                get_ink(handle, k, *ink_at)
                if right - ink[1] < 0.001 * across:
                    right = ends
            if 0 < origin - left < OVERHANG * across:
                left = origin
            of_ligature = origin
        if cos < 0.9998:  # turned by more than a degree
            pdfium.FPDFText_GetCharOrigin(text, k, x, y)
            left, height = x.value * cos + y.value * sin, y.value * cos - x.value * sin
            right = left + (abs(box.top - box.bottom) if abs(sin) > 0.7 else abs(box.right - box.left))
        if code not in (9, 10, 13, 32, 160) and is_unknown(handle, k) == 1:
            code |= UNKNOWN
        elif code in (2, 0xFFFE):
            code = 0x2D  # what PDFium makes of a hyphen at the end of a line
        add(pack(code, left, right, height, run))
    pdfium.FPDFText_ClosePage(text)
    pdfium.FPDF_ClosePage(page)
    return HEAD.pack(*edges, n_runs, len(glyphs) // GLYPH.size, pictures) + bytes(runs) + bytes(glyphs)


def _weight(pdfium, text, k: int) -> int:
    """Return what the name of a font says of it: that it is bold, or one of signs."""
    name = ctypes.create_string_buffer(200)
    pdfium.FPDFText_GetFontInfo(text, k, name, 200, None)
    name = name.value.lower()
    if any(part in name for part in (b"wingdings", b"dingbats", b"webdings")):
        return SIGNS
    return BOLD if any(part in name for part in (b"bold", b"black", b"heavy", b"demi")) else PLAIN


def _plain(pdfium, name: str, returns, *more):
    address = ctypes.cast(getattr(pdfium, "FPDF" + name), ctypes.c_void_p).value
    return ctypes.CFUNCTYPE(returns, ctypes.c_void_p, *more)(address)


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    os._exit(code)  # PDFium's own tidying up can fail on a damaged file
