"""Presentations (PPTX)."""

from collections.abc import Iterable, Iterator
from io import BytesIO

from pptx import Presentation
from pptx.shapes.autoshape import Shape
from pptx.shapes.base import BaseShape
from pptx.shapes.graphfrm import GraphicFrame
from pptx.slide import Slide

from qa.ingest.readers.base import FileContent, Piece, within_limits
from qa.ingest.readers.safe_zip import open_zip
from qa.ingest.readers.tables import row_lines


def read(data: bytes, name: str) -> FileContent:
    """Return a piece for each slide, its title first, and one for its notes. Charts and images are not read.

    Raises:
        UserError: it is damaged, locked or beyond the limits.
    """
    open_zip(data).close()
    presentation = Presentation(BytesIO(data))
    pieces = within_limits(_pieces(presentation.slides))
    known = presentation.core_properties
    changed = known.modified or known.created
    date = changed.date().isoformat() if changed else None
    return FileContent(pieces, {"title": known.title, "author": known.author, "date": date})


def _pieces(slides: Iterable[Slide]) -> Iterator[Piece]:
    for number, slide in enumerate(slides, start=1):
        title = slide.shapes.title
        first = title.text_frame.text if title is not None else ""
        others = (text for shape in slide.shapes if shape != title for text in _texts(shape))
        yield Piece(f"slide {number}", "\n\n".join(_lines(text) for text in (first, *others) if text.strip()))
        notes = slide.notes_slide.notes_text_frame if slide.has_notes_slide else None
        if notes is not None:
            yield Piece(f"slide {number}, notes", _lines(notes.text))


def _texts(shape: BaseShape) -> Iterator[str]:
    """Yield the text of a shape and of the shapes grouped in it."""
    waiting = [shape]
    while waiting:
        each = waiting.pop()
        if hasattr(each, "shapes"):
            waiting += reversed(list(each.shapes))
        elif isinstance(each, GraphicFrame) and each.has_table:
            rows = ([cell.text for cell in row.cells] for row in each.table.rows)
            yield "\n".join(line for _, line in row_lines(rows))
        elif isinstance(each, Shape):
            yield each.text_frame.text


def _lines(text: str) -> str:
    """Put a blank line after each line, which is a separate point on a slide."""
    return "\n\n".join(line for line in text.replace("\v", "\n").split("\n") if line.strip())
