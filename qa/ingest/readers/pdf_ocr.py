"""Recognise the text of scanned PDFs, where the owner has turned this on."""

from collections.abc import Iterator
from io import BytesIO

import pypdfium2 as pdfium

from qa.errors import UserError
from qa.ingest.readers.base import FileContent, Piece, within_limits
from qa.ingest.readers.ocr import recognise
from qa.ingest.readers.pdf import open_pdf, scale_of

DOTS = 300
"""Dots an inch, as Tesseract's manual recommends ("Improving the quality of the output")."""

MAX_PIXELS = 40_000_000
"""The size limit of a page: one larger than A3 is drawn with fewer dots an inch."""

MAX_PAGES = 500
"""The page limit of one document: each page takes seconds."""


def read(data: bytes, languages: str) -> FileContent:
    """Return a piece for each page. ``languages`` are in Tesseract's names, such as ``eng+deu``, or
    ``auto``.

    Raises:
        UserError: there are too many pages, Tesseract is not installed or lacks a language, or it recognises
            no text.
    """
    document = open_pdf(data)
    if len(document) > MAX_PAGES:
        raise UserError(f"it has more than {MAX_PAGES:,} scanned pages; split it")
    texts = recognise(_drawn(document), languages)
    pieces = within_limits(Piece(f"page {number}", text) for number, text in enumerate(texts, start=1))
    if not pieces:
        raise UserError("its pages are images, and no text was recognised in them")
    return FileContent(pieces)


def _drawn(document: pdfium.PdfDocument) -> Iterator[bytes]:
    """Yield each page as a PNG."""
    for number in range(len(document)):
        page = document[number]
        picture = BytesIO()
        page.render(scale=scale_of(page, DOTS, MAX_PIXELS), grayscale=True).to_pil().save(picture, "PNG")
        page.close()
        yield picture.getvalue()
