"""Draw a page of a PDF as an image, with a quote of its text in a box."""

import ctypes
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import NamedTuple

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

_BETWEEN_CELLS = re.compile(r" — |; | \| |\n")
"""The text that a row of a table has between its cells, and the page does not."""

_NAMED = ": "
"""The text that it has between a cell and its name."""

_MOST = 0.5
"""The smallest share of the letters of a row that are found together. Set by hand: with fewer it is another
row."""

_BEGINNING = 0.25
"""The smallest share of a quote that is boxed where it continues on the next page."""

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
    if sought in all_:
        start = all_.index(sought)
        return start, start + len(sought)
    cells = list(_cells(quote))
    if len(cells) > 1 and (row := _find_row(cells, all_)):
        return row
    if sum(bool(cell.name) for cell in cells) > 1:
        return None
    # Only the beginning of a quote that continues on the next page is here.
    length = bisect_right(range(len(sought) + 1), False, key=lambda size: sought[:size] not in all_) - 1
    start = all_.find(sought[:length])
    return (start, start + length) if length and length >= _BEGINNING * len(sought) else None


class _Cell(NamedTuple):
    """The letters of a cell, and those of the name that its line has before it; empty for none."""

    letters: str
    name: str


def _cells(quote: str) -> Iterator[_Cell]:
    for part in _BETWEEN_CELLS.split(quote):
        name, named, text = part.partition(_NAMED)
        if letters := _letters(text if named else part):
            yield _Cell(letters, _letters(name) if named else "")


def _find_row(cells: Sequence[_Cell], all_: str) -> tuple[int, int] | None:
    """Return where most letters of a row's cells follow each other, each after its name or without: the names
    of columns are above them, and of other rows as well, so they do not count.
    """
    best = (0, 0, 0)
    for named in (False, True):
        texts = [
            text
            for cell in cells
            for text in ((cell.name, False), (cell.letters, True))
            if text[0] and (named or text[1])
        ]
        start = all_.find(texts[0][0])
        for _ in range(_MOST_PLACES):
            if start < 0:
                break
            end, score = start, 0
            for text, counts in texts:
                at = all_.find(text, end, end + len(text) + _APART)
                if at >= 0:
                    score += counts * len(text) - (at - end)
                    end = at + len(text)
            best = max(best, (score, start, end))
            start = all_.find(texts[0][0], start + 1)
    enough = _MOST * sum(len(cell.letters) for cell in cells)
    return best[1:] if best[0] >= enough else None


def _letters(text: str) -> str:
    return "".join(char for char in text if not char.isspace() and char not in "-\u00ad\u2010")


def _png(image: Image.Image) -> bytes:
    file = BytesIO()
    image.save(file, "PNG")
    return file.getvalue()
