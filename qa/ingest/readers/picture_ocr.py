"""Recognise the text of pictures of pages, where the owner has turned this on."""

from collections.abc import Iterator
from io import BytesIO
from itertools import islice

from PIL import Image, ImageOps, ImageSequence

from qa.errors import UserError
from qa.ingest.readers.base import FileContent, Piece, within_limits
from qa.ingest.readers.ocr import MAX_PAGES, MAX_PIXELS, recognise

MAX_DECODED = 200_000_000
"""The size limit of a picture, in pixels: four times an A3 page at 600 dots an inch, of which a byte for each
colour of each pixel is in memory."""

_FORMATS = ("PNG", "JPEG", "TIFF", "WEBP")


def read(data: bytes, languages: str) -> FileContent:
    """Return a piece for each page; a TIFF may have many.

    Raises:
        UserError: it is too large, has too many pages or no text, or Tesseract fails.
    """
    # Pillow warns of large pictures and refuses larger ones; here every size is looked at before decoding.
    Image.MAX_IMAGE_PIXELS = None
    with Image.open(BytesIO(data), formats=_FORMATS) as picture:
        pages = getattr(picture, "n_frames", 1) if picture.format == "TIFF" else 1
        if pages > MAX_PAGES:
            raise UserError(f"it has more than {MAX_PAGES:,} scanned pages; split it")
        texts = recognise(_pages(picture, pages), languages)
        labels = [f"page {number}" if pages > 1 else "" for number in range(1, pages + 1)]
        pieces = within_limits(map(Piece, labels, texts))
    if not pieces:
        raise UserError("it is a picture, and no text was recognised in it")
    return FileContent(pieces)


def _pages(picture: Image.Image, pages: int) -> Iterator[Image.Image]:
    """Yield the first ``pages`` of a picture in shades of grey, upright."""
    for page in islice(ImageSequence.Iterator(picture), pages):
        width, height = page.size
        if width * height > MAX_DECODED:
            raise UserError(f"it has more than {MAX_DECODED:,} pixels; scan it with fewer dots per inch")
        shown = ImageOps.exif_transpose(page).convert("L")
        if width * height > MAX_PIXELS:
            scale = (MAX_PIXELS / (width * height)) ** 0.5
            shown = shown.resize((max(1, int(width * scale)), max(1, int(height * scale))))
        yield shown
