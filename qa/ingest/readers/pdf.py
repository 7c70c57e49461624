"""PDF, read with PDFium."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from qa.errors import UserError
from qa.ingest.readers.base import MAX_CHARS, FileContent, ImagesError, Piece, ocr_off, within_limits
from qa.ingest.readers.pdf_chars import fragments, levelled
from qa.ingest.readers.pdf_forms import attachments, comments, fields
from qa.ingest.readers.pdf_furniture import PageParts, remove_furniture
from qa.ingest.readers.pdf_lattice import Lattice, find_lattices
from qa.ingest.readers.pdf_layout import Bit
from qa.ingest.readers.pdf_metadata import metadata
from qa.ingest.readers.pdf_paragraphs import Block, blocks, join_pages, page_blocks, words_of
from qa.ingest.readers.pdf_reading_order import lines
from qa.ingest.readers.pdf_rules import attach_rules, horizontal_rules, straight_lines

MAX_PAGES = 5_000
"""The page limit of one document: five times the thickest of books."""

_BETWEEN = "\n\n"
"""The blank line between two paragraphs."""


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
    pages = list(_within_limits(_pages(document)))
    if not any(page.bits or page.turned or page.fields for page in pages):
        raise ImagesError(ocr_off(len(document)))
    parts = remove_furniture([page.bits for page in pages])
    laid = [lines(part.bits) for part in parts]
    hyphenated = words_of(laid)
    texts = page_blocks(laid, hyphenated)
    join_pages(texts, hyphenated)
    pieces = [
        Piece(f"page {number}", _BETWEEN.join(_texts(page, part, text)))
        for number, (page, part, text) in enumerate(zip(pages, parts, texts, strict=True), start=1)
    ]
    if attached := attachments(document):
        pieces.append(Piece("attachments", "Attached, and not read here: " + ", ".join(attached)))
    return FileContent(within_limits(pieces), metadata(document, laid[0]))


def open_pdf(data: bytes) -> pdfium.PdfDocument:
    """Open a PDF, with its form if it has one.

    Raises:
        UserError: it is damaged or locked.
    """
    try:
        document = pdfium.PdfDocument(data)
        document.init_forms()
        return document
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


@dataclass(frozen=True, slots=True)
class _Page:
    """The writing on a page."""

    bits: list[Bit]
    """Its fragments of text, as the page is held to read most of it."""
    turned: list[str]
    """The paragraphs whose lines run in other directions, such as a stamp in the margin."""
    fields: list[str]
    comments: list[str]
    lattice: Lattice | None
    """The table with drawn cells with which it ends; None for none."""

    @property
    def size(self) -> int:
        """Its characters."""
        others = (*self.turned, *self.fields, *self.comments)
        return sum(len(bit.text) for bit in self.bits) + sum(map(len, others))


def _pages(document: pdfium.PdfDocument) -> Iterator[_Page]:
    last: Lattice | None = None
    for number in range(len(document)):
        page = _page(document, number, last)
        last = page.lattice
        yield page


def _page(document: pdfium.PdfDocument, number: int, before: Lattice | None) -> _Page:
    """Return the writing on a page; ``before`` is the drawn table with which the page before it ends."""
    page = document[number]
    try:
        turns = fragments(page)
        main = max(turns, key=lambda turn: sum(len(bit.text) for bit in turns[turn]), default=0)
        lattice = _read_lattices(page, turns, main, before)
        turned = [block.text for turn in turns if turn != main for block in blocks(lines(turns[turn]))]
        bits = turns.get(main, [])
        if not main:
            bits = attach_rules(bits, horizontal_rules(page))
        return _Page(bits, turned, fields(document, page), comments(page), lattice)
    finally:
        page.close()


def _read_lattices(
    page: pdfium.PdfPage, turns: dict[int, list[Bit]], main: int, before: Lattice | None
) -> Lattice | None:
    """Put the lines of the rows of tables whose cells are drawn in the place of their fragments, the ``main``
    ones and those that are turned by a quarter beside these. Return the table with which the page ends.
    """
    if main % 90 or main not in turns:
        return None
    sideways = {
        _moved(bit, main - turn): (turn, bit)
        for turn, bits in turns.items()
        if (main - turn) % 180 == 90
        for bit in bits
    }
    level, upright = straight_lines(page, main)
    found = sorted(
        find_lattices(turns[main], list(sideways), level, upright, before),
        key=lambda lattice: (-lattice.top, lattice.columns[0]),
    )
    last: Lattice | None = None
    for number, lattice in enumerate(found, start=1):
        if not lattice.bits.issubset(turns[main]):
            continue  # it is inside a cell of another
        rest = [bit for bit in turns[main] if bit not in lattice.bits]
        turns[main] = [*rest, *lattice.lines(number)]
        for turn, bit in map(sideways.__getitem__, lattice.sideways):
            turns[turn].remove(bit)
        last = lattice if not last or lattice.bottom < last.bottom else last
    return last if last and last.ends(turns[main]) else None


def _moved(bit: Bit, turn: int) -> Bit:
    """Return a fragment where it is when its page, turned anticlockwise, is level."""
    left, bottom, right, top = levelled((bit.left, bit.bottom, bit.right, bit.top), turn % 360)
    return replace(bit, left=left, bottom=bottom, right=right, top=top, cuts=())


def _within_limits(pages: Iterable[_Page]) -> Iterator[_Page]:
    """Yield the pages, without the turned paragraphs that a page before has as well.

    Raises:
        UserError: they have more than ``MAX_CHARS`` characters.
    """
    size = 0
    said: set[str] = set()
    for page in pages:
        size += page.size
        if size > MAX_CHARS:
            raise UserError(f"it has more than {MAX_CHARS:,} characters of text; split it")
        yield replace(page, turned=[text for text in page.turned if text not in said])
        said.update(page.turned)


def _texts(page: _Page, part: PageParts, text: Sequence[Block]) -> Iterator[str]:
    """Yield the paragraphs of a page; what does not belong to its running text comes last."""
    yield from (block.text for block in text)
    yield from page.turned
    yield from part.furniture
    if page.fields:
        yield "\n".join(page.fields)
    yield from page.comments
