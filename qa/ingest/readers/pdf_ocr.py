"""PDFs whose pages are pictures, read by Tesseract, where the owner asks for it."""

import re
import subprocess
from collections.abc import Iterator
from io import BytesIO

import pypdfium2 as pdfium

from qa.errors import UserError
from qa.ingest.readers.base import Piece, Read, bounded
from qa.ingest.readers.pdf import opened, scale_of

DOTS = 300
"""Dots an inch that a page is drawn with: what Tesseract's manual advises ("Improving the quality of the
output")."""

MAX_PIXELS = 40_000_000
"""Of a page: a larger one than A3 is drawn with fewer dots an inch."""

MAX_PAGES = 500
"""Pages that are recognised: each takes seconds."""

_PARTED = re.compile(r"(?<=\w)-\n(?=[a-zà-ÿ])")
_WRAPPED = re.compile(r"(?<!\n)\n(?!\n)")


def read(data: bytes, languages: str) -> Read:
    """A piece a page. ``languages`` are Tesseract's names, such as ``eng+deu``.

    Raises:
        UserError: there are too many pages, Tesseract is not there or does not know a language, or it finds
            no text.
    """
    document = opened(data)
    if len(document) > MAX_PAGES:
        raise UserError(f"it has more than {MAX_PAGES:,} pages that are pictures; split it")
    pieces = bounded(_pieces(document, languages))
    if not pieces:
        raise UserError("it has only pictures of pages, and no text is recognised in them")
    return Read(pieces)


def _pieces(document: pdfium.PdfDocument, languages: str) -> Iterator[Piece]:
    for number in range(len(document)):
        text = _recognised(_drawn(document[number]), languages)
        yield Piece(f"page {number + 1}", _WRAPPED.sub(" ", _PARTED.sub("", text)))


def _drawn(page: pdfium.PdfPage) -> bytes:
    """A page as a PNG."""
    picture = BytesIO()
    page.render(scale=scale_of(page, DOTS, MAX_PIXELS), grayscale=True).to_pil().save(picture, "PNG")
    page.close()
    return picture.getvalue()


def _recognised(picture: bytes, languages: str) -> str:
    command = ["tesseract", "stdin", "stdout", "-l", languages]
    try:
        done = subprocess.run(command, input=picture, capture_output=True, check=True)
    except FileNotFoundError as error:
        raise UserError("recognising its text needs Tesseract; install tesseract-ocr") from error
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode("utf-8", "replace").strip().splitlines()
        why = said[0] if said else f"exit status {error.returncode}"
        raise UserError(
            f"Tesseract cannot read it ({why}); are the languages of ATTEST_OCR={languages} installed?"
        ) from error
    return done.stdout.decode("utf-8", "replace")
