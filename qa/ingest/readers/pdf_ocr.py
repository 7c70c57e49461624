"""Recognise the text of scanned PDFs, where the owner has turned this on."""

from collections.abc import Iterator

import pypdfium2 as pdfium
from PIL import Image

from qa.errors import UserError
from qa.ingest.readers.base import FileContent, Piece, within_limits
from qa.ingest.readers.ocr import MAX_PAGES, MAX_PIXELS, recognise
from qa.ingest.readers.pdf import open_pdf, scale_of

DOTS = 300
"""Dots an inch, as Tesseract's manual recommends ("Improving the quality of the output")."""


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


def _drawn(document: pdfium.PdfDocument) -> Iterator[Image.Image]:
    """Yield each page as a picture in shades of grey."""
    for number in range(len(document)):
        page = document[number]
        yield page.render(scale=scale_of(page, DOTS, MAX_PIXELS), grayscale=True).to_pil()
        page.close()
