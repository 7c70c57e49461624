"""Presentations of LibreOffice and related programs (ODP)."""

from collections.abc import Iterator
from typing import Final

from lxml import etree

from qa.ingest.readers.base import FileContent, Piece, within_limits
from qa.ingest.readers.odf import OdfFile, tag
from qa.ingest.readers.odf_text import COMMENT, TextReader

_CLASS: Final = tag("presentation:class")
_FURNITURE: Final = frozenset({"header", "footer", "date-time", "page-number", "page"})
"""Kinds of boxes that say the same on every slide, and the picture of the slide beside its notes."""


def read(data: bytes, name: str) -> FileContent:
    """Return a piece for each slide, its title first, one for its notes, and one for each comment on it. The
    place of a hidden slide says that it is hidden.

    Raises:
        UserError: it is damaged, locked or beyond the limits.
    """
    file = OdfFile(data)
    slides = list(file.body("office:presentation").iterchildren(tag("draw:page")))
    reader = TextReader(file)
    pieces = within_limits(_pieces(slides, reader))
    titles = (_texts([each for each in slide if each.get(_CLASS) == "title"], reader) for slide in slides[:1])
    heading = next((" ".join(" ".join(texts).split()) for texts in titles), "")
    return FileContent(pieces, {**file.properties(), "heading": heading})


def _pieces(slides: list[etree._Element], reader: TextReader) -> Iterator[Piece]:
    for number, slide in enumerate(slides, start=1):
        hidden = reader.is_hidden(slide, "drawing-page", "draw:style-name")
        label = f"slide {number}, hidden" if hidden else f"slide {number}"
        shapes = [each for each in slide if each.get(_CLASS) not in _FURNITURE and each.tag != COMMENT]
        shapes.sort(key=lambda each: each.get(_CLASS) != "title")
        yield Piece(label, "\n\n".join(_texts(shapes, reader)))
        for notes in slide.iterchildren(tag("presentation:notes")):
            boxes = [each for each in notes if each.get(_CLASS) not in _FURNITURE]
            yield Piece(f"{label}, notes", "\n\n".join(_texts(boxes, reader)))
        for each in slide.iterchildren(COMMENT):
            comment = reader.comment(each)
            yield Piece(f"{label}, {comment.aside}", comment.text)


def _texts(shapes: list[etree._Element], reader: TextReader) -> list[str]:
    return [text for block in reader.blocks(shapes) if (text := block.text.strip())]
