"""Recognise the text of scanned PDFs with Tesseract, where the owner has turned this on."""

import re
import subprocess
from collections.abc import Iterator
from io import BytesIO

import pypdfium2 as pdfium

from qa.errors import UserError
from qa.ingest.readers.base import FileContent, Piece, within_limits
from qa.ingest.readers.pdf import open_pdf, scale_of

DOTS = 300
"""Dots an inch, as Tesseract's manual recommends ("Improving the quality of the output")."""

MAX_PIXELS = 40_000_000
"""The size limit of a page: one larger than A3 is drawn with fewer dots an inch."""

MAX_PAGES = 500
"""The page limit of one document: each page takes seconds."""

_PARTED = re.compile(r"(?<=\w)-\n(?=[a-zà-ÿ])")
_WRAPPED = re.compile(r"(?<!\n)\n(?!\n)")


def read(data: bytes, languages: str) -> FileContent:
    """Return a piece for each page. ``languages`` are in Tesseract's names, such as ``eng+deu``.

    Raises:
        UserError: there are too many pages, Tesseract is not installed or lacks a language, or it recognises
            no text.
    """
    document = open_pdf(data)
    if len(document) > MAX_PAGES:
        raise UserError(f"it has more than {MAX_PAGES:,} scanned pages; split it")
    pieces = within_limits(_pieces(document, languages))
    if not pieces:
        raise UserError("its pages are images, and no text was recognised in them")
    return FileContent(pieces)


def _pieces(document: pdfium.PdfDocument, languages: str) -> Iterator[Piece]:
    for number in range(len(document)):
        text = _recognise(_draw(document[number]), languages)
        yield Piece(f"page {number + 1}", _WRAPPED.sub(" ", _PARTED.sub("", text)))


def _draw(page: pdfium.PdfPage) -> bytes:
    """Return a page as a PNG."""
    picture = BytesIO()
    page.render(scale=scale_of(page, DOTS, MAX_PIXELS), grayscale=True).to_pil().save(picture, "PNG")
    page.close()
    return picture.getvalue()


def _recognise(picture: bytes, languages: str) -> str:
    command = ["tesseract", "stdin", "stdout", "-l", languages]
    try:
        done = subprocess.run(command, input=picture, capture_output=True, check=True)
    except FileNotFoundError as error:
        raise UserError("text recognition needs Tesseract; install tesseract-ocr") from error
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode("utf-8", "replace").strip().splitlines()
        why = said[0] if said else f"exit status {error.returncode}"
        raise UserError(
            f"Tesseract failed ({why}); check that the languages of ATTEST_OCR={languages} are installed"
        ) from error
    return done.stdout.decode("utf-8", "replace")
