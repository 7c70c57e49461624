"""Draw a page of a PDF as an image, with a quote of its text in a box."""

import ctypes
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO

import pypdfium2 as pdfium
import pypdfium2.raw as raw
from PIL import Image, ImageDraw

from qa.errors import UserError
from qa.ingest.readers.pdf import open_pdf, scale_of
from qa.ingest.readers.pdf_chars import Box, characters

DOTS = 110
"""Dots an inch: an A4 page is 909 dots wide, as wide as the pane on a large screen."""

MAX_PIXELS = 4_000_000
"""The size limit of an image; a larger page is drawn with fewer dots an inch."""

_COLOUR = (180, 60, 30)

_BETWEEN_CELLS = re.compile(r" — |; |: | \| |\n")
"""What a row of a table has between its cells and their names, and the page does not."""

_APART = 40
"""The most letters between two cells of a row in the order of the file. Set by hand."""

_MOST_PLACES = 1_000
"""The most places on a page at which a row is looked for."""


@dataclass(frozen=True, slots=True)
class PageImage:
    """A page, and whether the quote is on it."""

    png: bytes
    boxed: bool


def draw_page(data: bytes, page: int, quote: str) -> PageImage:
    """Draw page number ``page`` (from 1) of a PDF with a box around each line of ``quote``, or of the part of
    it that is on the page.

    The quote is normalised text, so white space and hyphens do not count.

    Raises:
        UserError: it is damaged, locked, or has no such page.
    """
    document = open_pdf(data)
    if not 0 < page <= len(document):
        raise UserError(f"it has no page {page}")
    found = document[page - 1]
    scale = scale_of(found, DOTS, MAX_PIXELS)
    image = found.render(scale=scale, may_draw_forms=True).to_pil().convert("RGB")
    boxes = [_on_image(found, box, image.size) for box in _boxes(found.get_textpage(), quote)]
    draw = ImageDraw.Draw(image)
    for left, top, right, bottom in boxes:
        draw.rectangle((left - 2, top - 2, right + 2, bottom + 2), outline=_COLOUR, width=2)
    return PageImage(_png(image), bool(boxes))


def _on_image(page: pdfium.PdfPage, box: Box, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """Return left, top, right and bottom of a box in pixels, on the page as it is turned."""
    x, y = ctypes.c_int(), ctypes.c_int()
    corners: list[tuple[int, int]] = []
    for across, up in ((box[0], box[1]), (box[2], box[3])):
        raw.FPDF_PageToDevice(page.raw, 0, 0, *size, 0, across, up, ctypes.byref(x), ctypes.byref(y))
        corners.append((x.value, y.value))
    (left, right), (top, bottom) = (sorted(ends) for ends in zip(*corners, strict=True))
    return left, top, right, bottom


def _boxes(text: pdfium.PdfTextPage, quote: str) -> Iterator[Box]:
    """Yield left, bottom, right and top of each line of the quote, in points from the page's lower left."""
    letters: list[str] = []
    places: list[int] = []
    for char, i in characters(text):
        for letter in _letters(char):
            letters.append(letter)
            places.append(i)
    found = _find(quote, "".join(letters))
    if found:
        begin, end = places[found[0]], places[found[1] - 1]
        for n in range(text.count_rects(begin, end - begin + 1)):
            yield text.get_rect(n)


def _find(quote: str, all_: str) -> tuple[int, int] | None:
    """Return where the letters of a quote begin and end on a page."""
    sought = _letters(quote)
    # Only the beginning of a quote that continues on the next page is here.
    for length in (len(sought), len(sought) // 2, len(sought) // 4):
        if length and sought[:length] in all_:
            start = all_.index(sought[:length])
            return start, start + length
    cells = [cell for cell in map(_letters, _BETWEEN_CELLS.split(quote)) if cell]
    return _find_row(cells, all_) if len(cells) > 1 else None


def _find_row(cells: Sequence[str], all_: str) -> tuple[int, int] | None:
    """Return where most cells of a row follow each other; the names of its columns are elsewhere."""
    best: tuple[int, int, int] | None = None
    for first in range(min(2, len(cells))):
        start = all_.find(cells[first])
        for _ in range(_MOST_PLACES):
            if start < 0:
                break
            end, score = start + len(cells[first]), len(cells[first])
            for cell in cells[first + 1 :]:
                at = all_.find(cell, end, end + len(cell) + _APART)
                if at >= 0:
                    score += len(cell) - (at - end)
                    end = at + len(cell)
            best = max(best or (0, 0, 0), (score, start, end))
            start = all_.find(cells[first], start + 1)
    return best[1:] if best and best[0] > 0 else None


def _letters(text: str) -> str:
    return "".join(char for char in text if not char.isspace() and char not in "-\u00ad\u2010")


def _png(image: Image.Image) -> bytes:
    file = BytesIO()
    image.save(file, "PNG")
    return file.getvalue()
