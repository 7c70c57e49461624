"""Draw a page of a PDF as an image, with a quote of its text in a box."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

import pypdfium2 as pdfium
from PIL import Image, ImageDraw

from qa.errors import UserError
from qa.ingest.readers.pdf import characters, open_pdf, scale_of

DOTS = 110
"""Dots an inch: an A4 page is 909 dots wide, as wide as the pane on a large screen."""

MAX_PIXELS = 4_000_000
"""The size limit of an image; a larger page is drawn with fewer dots an inch."""

_COLOUR = (180, 60, 30)


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
    height = found.get_height()
    scale = scale_of(found, DOTS, MAX_PIXELS)
    image = found.render(scale=scale).to_pil().convert("RGB")
    boxes = list(_boxes(found.get_textpage(), quote))
    draw = ImageDraw.Draw(image)
    for left, bottom, right, top in boxes:
        box = (left * scale - 2, (height - top) * scale - 2, right * scale + 2, (height - bottom) * scale + 2)
        draw.rectangle(box, outline=_COLOUR, width=2)
    return PageImage(_png(image), bool(boxes))


def _boxes(text: pdfium.PdfTextPage, quote: str) -> Iterator[tuple[float, float, float, float]]:
    """Yield left, bottom, right and top of each line of the quote, in points from the page's lower left."""
    letters: list[str] = []
    places: list[int] = []
    for i, (char, box) in enumerate(characters(text)):
        for letter in _letters(char) if box else "":
            letters.append(letter)
            places.append(i)
    sought, all_ = _letters(quote), "".join(letters)
    # Only the beginning of a quote that continues on the next page is here.
    length = next((n for n in (len(sought), len(sought) // 2, len(sought) // 4) if sought[:n] in all_), 0)
    if not length:
        return
    first = all_.index(sought[:length])
    begin, end = places[first], places[first + length - 1]
    for n in range(text.count_rects(begin, end - begin + 1)):
        yield text.get_rect(n)


def _letters(text: str) -> str:
    return "".join(char for char in text if not char.isspace() and char not in "-\u00ad\u2010")


def _png(image: Image.Image) -> bytes:
    file = BytesIO()
    image.save(file, "PNG")
    return file.getvalue()
