"""PDF, read with PDFium."""

import math
import re
import sys
from collections.abc import Iterator

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from qa.errors import UserError
from qa.ingest.readers.base import MAX_CHARS, OCR_OFF, FileContent, ImagesError, Piece, within_limits
from qa.ingest.readers.pdf_layout import LIGATURES, Bit, Line, lines, paragraphs, words_of

MAX_PAGES = 5_000
"""The page limit of one document: five times the thickest of books."""

_GAP = 1.0
"""In heights of a line: a wider gap in it separates two fragments, cells or columns."""

_BACK = 3.0
"""In heights of a line: a wider step back begins a new fragment. Right-to-left text takes smaller ones."""

Box = tuple[float, float, float, float]
"""Left, bottom, right and top, in points from the left and from the bottom of the page."""

_DATE = re.compile(r"D:(\d{4})(\d\d)(\d\d)")
_TOOL = re.compile(r"^Microsoft (?:Word|PowerPoint|Excel) - ")
"""The text that printer drivers put before the title."""

_NOBODY = frozenset({"(anonymous)", "anonymous", "(unspecified)", "untitled"})
"""The title or author that programs write when they know none."""


def read(data: bytes, name: str) -> FileContent:
    """Return a piece for each page. Columns are read one after the other; wrapped lines and hyphenated words
    are joined.

    Raises:
        ImagesError: its pages are images.
        UserError: it is damaged, locked or too long.
    """
    document = open_pdf(data)
    if len(document) > MAX_PAGES:
        raise UserError(f"it has more than {MAX_PAGES:,} pages; split it")
    pages: list[list[Line]] = []
    size = 0
    for i in range(len(document)):
        bits = list(_bits(document, i))
        size += sum(len(bit.text) for bit in bits)
        if size > MAX_CHARS:
            raise UserError(f"it has more than {MAX_CHARS:,} characters of text; split it")
        pages.append(lines(bits))
    if not any(pages):
        raise ImagesError(OCR_OFF)
    hyphenated = words_of(pages)
    texts = enumerate((paragraphs(page, hyphenated) for page in pages), start=1)
    return FileContent(
        within_limits(Piece(f"page {number}", text) for number, text in texts), _metadata(document)
    )


def open_pdf(data: bytes) -> pdfium.PdfDocument:
    """Open a PDF.

    Raises:
        UserError: it is damaged or locked.
    """
    try:
        return pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if error.err_code == raw.FPDF_ERR_PASSWORD:
            raise UserError("it is locked with a password; save a copy without one") from error
        raise UserError("it is damaged, or not in PDF format") from error


def scale_of(page: pdfium.PdfPage, dots: int, most: int) -> float:
    """Return the pixels for each point of a page at a resolution of ``dots`` an inch, or at a lower one if
    the page would have more than ``most`` pixels.
    """
    width, height = page.get_size()
    return min(dots / 72, math.sqrt(most / max(width * height, 1)))


def _metadata(document: pdfium.PdfDocument) -> dict[str, object]:
    known = document.get_metadata_dict(skip_empty=True)
    made = _DATE.match(known.get("CreationDate", ""))
    title, author = (_TOOL.sub("", known.get(what, "")) for what in ("Title", "Author"))
    return {
        "title": "" if title.lower() in _NOBODY else title,
        "author": "" if author.lower() in _NOBODY else author,
        "date": "-".join(made.groups()) if made else None,
    }


def _bits(document: pdfium.PdfDocument, number: int) -> Iterator[Bit]:
    """Yield the fragments of text on a page, in the order of the file."""
    page = document[number]
    text = page.get_textpage()
    try:
        yield from _join(text)
    finally:
        text.close()
        page.close()


def _join(text: pdfium.PdfTextPage) -> Iterator[Bit]:
    """Join the characters that follow each other on one line."""
    bit: Bit | None = None
    space = False
    for char, box in characters(text):
        if box is None:
            if char == "\n" and bit:
                yield bit
                bit = None
            space = bit is not None
            continue
        left, bottom, right, top = box
        if bit and _follows(bit, char, left, bottom, right, top):
            bit = Bit(
                bit.text + (" " if space else "") + char,
                min(bit.left, left),
                min(bit.bottom, bottom),
                max(bit.right, right),
                max(bit.top, top),
            )
        else:
            if bit:
                yield bit
            bit = Bit(char, left, bottom, right, top)
        space = False
    if bit:
        yield bit


def _follows(bit: Bit, char: str, left: float, bottom: float, right: float, top: float) -> bool:
    """Whether a character continues a fragment: on its line, and next to it."""
    height = max(bit.height, top - bottom)
    if not (bottom < bit.top and top > bit.bottom):
        return False
    return left - bit.right <= _GAP * height and bit.left - right <= _BACK * height


def characters(text: pdfium.PdfTextPage) -> Iterator[tuple[str, Box | None]]:
    """Yield each character with its box. Spaces and ends of lines have none."""
    for i in range(text.count_chars()):
        code = ord("-") if raw.FPDFText_IsHyphen(text, i) == 1 else raw.FPDFText_GetUnicode(text, i)
        char = _char(code).translate(LIGATURES)
        if char in "\r\n":
            yield "\n", None
        elif char.isspace() or code == 0:
            yield " ", None
        else:
            yield char, _box(text, i)


def _char(code: int) -> str:
    """Return the character of a code point, or U+FFFD for an invalid one."""
    return chr(code) if code < 0xD800 or 0xE000 <= code <= sys.maxunicode else "\N{REPLACEMENT CHARACTER}"


def _box(text: pdfium.PdfTextPage, i: int) -> Box:
    """Return the box that the font gives a character, with the same height for all of a line; or, if the font
    does not define one, the box of its ink.
    """
    box: Box = text.get_charbox(i, loose=True)
    if box[3] <= box[1]:
        box = text.get_charbox(i)
    return box
