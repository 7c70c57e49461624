"""Word documents (DOCX), straight from their XML."""

import re
from collections.abc import Iterator
from typing import Final

from lxml import etree

from qa.ingest.readers.base import FileContent, Piece, within_limits
from qa.ingest.readers.docx_numbering import Numbering
from qa.ingest.readers.docx_remarks import Remarks
from qa.ingest.readers.docx_styles import Style, Styles
from qa.ingest.readers.docx_tables import WRAPPERS, GridCell, cells, is_frame, table_grid, within
from qa.ingest.readers.docx_text import (
    DRAWN_TEXT,
    PARAGRAPH,
    TABLE,
    TEXT_BOX,
    WORD_ART,
    Inline,
    NoteMarks,
    inline,
)
from qa.ingest.readers.encoding import decode
from qa.ingest.readers.html import html_pieces
from qa.ingest.readers.ooxml import Package, tag
from qa.ingest.readers.ooxml_drawing import paragraphs
from qa.ingest.readers.ooxml_graphics import graphic_texts
from qa.ingest.readers.sections import Block, by_section
from qa.ingest.readers.tables import Cell, rows_text

_IMPORTED: Final = tag("w:altChunk")
_LETTER: Final = re.compile(r"[^\W\d_]")


def read(data: bytes, name: str) -> FileContent:
    """Return a piece for each heading with the text below it, one for each comment, and one each for what
    stands at the top and the bottom of the pages.

    Headings and lists have the numbers that Word shows. A note follows the paragraph that it belongs to.
    Tracked insertions are read; tracked deletions and hidden text are not.

    Raises:
        UserError: it is damaged, locked or beyond the limits.
    """
    reader = _Reader(Package(data))
    pieces = within_limits(reader.pieces())
    return FileContent(pieces, reader.metadata())


class _Reader:
    """Reads one document. Lists and notes count while it goes on, so it reads once, in order."""

    def __init__(self, package: Package) -> None:
        root = package.root(package.main) if package.main else None
        body = None if root is None else root.find(tag("w:body"))
        if body is None:
            raise ValueError("it contains no text document")
        self._package = package
        self._body = body
        self._styles = Styles(self._first_root("styles"))
        self._numbering = Numbering(self._first_root("numbering"), self._styles)
        self._remarks = Remarks(package)
        self._marks = NoteMarks()
        self._title = self._heading = ""

    def pieces(self) -> Iterator[Piece]:
        yield from by_section(self._flow(self._body))
        for kind in ("header", "footer"):
            yield Piece(kind, "\n\n".join(self._margin(kind)))

    def metadata(self) -> dict[str, object]:
        return {**self._package.properties(), "heading": self._title or self._heading}

    def _first_root(self, kind: str) -> etree._Element | None:
        return next(self._package.related_roots(self._package.main, kind), None)

    def _margin(self, kind: str) -> list[str]:
        """Return the text at the top or bottom of the pages, each paragraph once, without page numbers."""
        texts: dict[str, None] = {}
        for root in self._package.related_roots(self._package.main, kind):
            texts |= {each.text.strip(): None for each in self._flow(root) if _LETTER.search(each.text)}
        return list(texts)

    def _flow(self, container: etree._Element) -> Iterator[Block]:
        """Yield the paragraphs and tables of a body, a text box or a note."""
        waiting = [container]
        while waiting:
            element = waiting.pop()
            if element.tag == PARAGRAPH:
                yield from self._paragraph(element)
            elif element.tag == TABLE:
                if is_frame(element):
                    waiting += reversed([child for cell in cells(element) for child in cell])
                else:
                    yield from self._table(element)
            elif element.tag == _IMPORTED:
                yield from self._imported(element)
            elif element.tag in WRAPPERS or element is container:
                waiting += reversed(element)

    def _paragraph(self, paragraph: etree._Element) -> Iterator[Block]:
        style, found, text = self._line(paragraph)
        if style.heading and text and not self._heading:
            self._heading = text
        if style.name.lower() == "title" and not self._title:
            self._title = text
        yield Block(text, style.heading)
        yield from self._attached(found)

    def _line(self, paragraph: etree._Element) -> tuple[Style, Inline, str]:
        """Return a paragraph's style, what it contains, and its text behind its number."""
        style = self._styles.of_paragraph(paragraph)
        if style.hidden:
            return style, Inline(), ""
        found = inline(paragraph, self._styles, self._marks)
        deleted = paragraph.find(f"{tag('w:pPr')}/{tag('w:rPr')}/{tag('w:del')}") is not None
        mark = "" if deleted else self._numbering.mark(style)
        return style, found, f"{mark} {found.text.lstrip()}" if mark and found.text.strip() else found.text

    def _attached(self, found: Inline) -> Iterator[Block]:
        """Yield what hangs on a paragraph: its drawings, its notes, the comments on it."""
        for box in found.boxes:
            yield from self._box(box)
        for kind, id_ in found.notes:
            note = self._remarks.take_note(kind, id_)
            if note is not None:
                text = self._all_text(note)
                yield Block(f"[{self._marks.mark(kind, id_)}] {text}" if text else "")
        for id_, about in found.comments.items():
            comment = self._remarks.take_comment(id_)
            if comment is not None:
                text = comment.remark.written(self._all_text(comment.body), about)
                yield Block(text, aside=comment.remark.label)

    def _all_text(self, container: etree._Element) -> str:
        return "\n".join(filter(None, (block.text.strip() for block in self._flow(container))))

    def _box(self, box: etree._Element) -> Iterator[Block]:
        if box.tag == TEXT_BOX:
            yield from self._flow(box)
        elif box.tag == DRAWN_TEXT:
            yield from map(Block, paragraphs(box))
        elif box.tag == WORD_ART:
            yield Block(box.get("string", ""))
        else:
            yield from map(Block, graphic_texts(self._package, self._package.main, box))

    def _imported(self, element: etree._Element) -> Iterator[Block]:
        """Yield the text of a page of HTML that the document takes in."""
        relation = self._package.relations(self._package.main).get(element.get(tag("r:id"), ""))
        if relation and relation.part.lower().endswith((".htm", ".html", ".xhtml")):
            yield from (Block(piece.text) for piece in html_pieces(decode(self._package.read(relation.part))))

    def _table(self, table: etree._Element) -> Iterator[Block]:
        attached: list[Inline] = []
        inner: list[etree._Element] = []
        rows = [
            [Cell(self._cell(each, attached, inner), each.rows, each.columns, each.header) for each in row]
            for row in table_grid(table)
        ]
        in_lines = any("\n" in cell.text.strip() for row in rows[:1] for cell in row)
        yield Block(rows_text(rows, guess=not in_lines))
        for found in attached:
            yield from self._attached(found)
        for each in inner:
            yield from self._table(each)

    def _cell(self, cell: GridCell, attached: list[Inline], inner: list[etree._Element]) -> str:
        """Return the text of a cell; what hangs on it, and tables inside it, follow the whole table."""
        texts: list[str] = []
        for element in within(cell.element, PARAGRAPH, TABLE) if cell.element is not None else ():
            if element.tag == TABLE:
                inner.append(element)
                continue
            _, found, text = self._line(element)
            texts.append(text)
            attached.append(found)
        return "\n".join(texts)
