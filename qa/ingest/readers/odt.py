"""Texts of LibreOffice and related programs (ODT)."""

from collections.abc import Iterator
from itertools import chain

from qa.ingest.readers.base import FileContent, Piece, within_limits
from qa.ingest.readers.odf import OdfFile, tag
from qa.ingest.readers.odf_text import TextReader
from qa.ingest.readers.sections import Block, by_section, first_heading


def read(data: bytes, name: str) -> FileContent:
    """Return a piece for each heading with the text below it, one for each comment, and one each for what
    stands at the top and the bottom of the pages.

    Headings and lists have the numbers that are shown. A note follows the paragraph that it belongs to.
    Tracked deletions and hidden text are not read.

    Raises:
        UserError: it is damaged, locked or beyond the limits.
    """
    file = OdfFile(data)
    body = file.body("office:text")
    reader = TextReader(file)
    headings: list[Block] = []
    blocks = _noting(reader.blocks(body), headings)
    pieces = within_limits(chain(by_section(blocks), _margins(file, reader)))
    return FileContent(pieces, {**file.properties(), "heading": reader.title or first_heading(headings)})


def _noting(blocks: Iterator[Block], headings: list[Block]) -> Iterator[Block]:
    """Yield ``blocks`` and keep the first heading among them."""
    for block in blocks:
        if block.heading and not headings:
            headings.append(block)
        yield block


def _margins(file: OdfFile, reader: TextReader) -> Iterator[Piece]:
    """Yield what stands at the top and bottom of the pages, each paragraph once, without page numbers."""
    styles = file.root("styles.xml")
    if styles is None:
        return
    for kind in ("header", "footer"):
        names = [tag(f"style:{kind}{which}") for which in ("", "-left", "-first")]
        blocks = (block.text.strip() for each in styles.iter(*names) for block in reader.blocks(each))
        texts = dict.fromkeys(text for text in blocks if any(map(str.isalpha, text)))
        yield Piece(kind, "\n\n".join(texts))
