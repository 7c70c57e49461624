"""A page of a PDF as a picture, with a quote of its text in a box."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

import pypdfium2 as pdfium
from PIL import Image, ImageDraw

from qa.errors import UserError
from qa.ingest.readers.pdf import characters, opened, scale_of

DOTS = 110
"""Dots an inch: an A4 page is 909 wide, the width that the pane has on a large screen."""

MAX_PIXELS = 4_000_000
"""Of a picture; a larger page has fewer dots an inch."""

_COLOUR = (180, 60, 30)


@dataclass(frozen=True, slots=True)
class Pictured:
    """A page, and whether the quote was found on it."""

    png: bytes
    boxed: bool


def picture(data: bytes, page: int, quote: str) -> Pictured:
    """Page number ``page`` (from 1) of a PDF with ``quote``, or as much of it as is there, in boxes.

    The quote is text as Attest normalises it, so white space and hyphens do not count.

    Raises:
        UserError: damaged, locked, or without such a page.
    """
    document = opened(data)
    if not 0 < page <= len(document):
        raise UserError(f"it has no page {page}")
    found = document[page - 1]
    height = found.get_height()
    scale = scale_of(found, DOTS, MAX_PIXELS)
    image = found.render(scale=scale).to_pil().convert("RGB")
    lines = list(_lines(found.get_textpage(), quote))
    draw = ImageDraw.Draw(image)
    for left, bottom, right, top in lines:
        box = (left * scale - 2, (height - top) * scale - 2, right * scale + 2, (height - bottom) * scale + 2)
        draw.rectangle(box, outline=_COLOUR, width=2)
    return Pictured(_png(image), bool(lines))


def _lines(text: pdfium.PdfTextPage, quote: str) -> Iterator[tuple[float, float, float, float]]:
    """Left, bottom, right and top of each line of the quote, in points from the left and the bottom."""
    letters: list[str] = []
    places: list[int] = []
    for i, (char, box) in enumerate(characters(text)):
        for letter in _letters(char) if box else "":
            letters.append(letter)
            places.append(i)
    sought, all_ = _letters(quote), "".join(letters)
    # A quote that goes on overleaf has only its beginning here.
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
