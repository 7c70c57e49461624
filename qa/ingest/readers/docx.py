"""Word documents (DOCX)."""

from collections.abc import Iterator
from io import BytesIO

import docx
from docx.document import Document
from docx.oxml.ns import qn
from lxml import etree

from qa.ingest.readers.base import FileContent, within_limits
from qa.ingest.readers.safe_zip import open_zip
from qa.ingest.readers.sections import Block, by_section
from qa.ingest.readers.tables import row_lines

_PARAGRAPH, _TABLE, _ROW, _CELL = qn("w:p"), qn("w:tbl"), qn("w:tr"), qn("w:tc")
_WRAPPERS = frozenset({qn("w:sdt"), qn("w:sdtContent"), qn("w:customXml"), qn("w:ins"), qn("w:moveTo")})
_TEXT = qn("w:t")
_SIGNS = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
_NOT_SHOWN = frozenset(
    {
        *(qn("w:del"), qn("w:moveFrom"), qn("w:pPr"), qn("w:rPr")),
        # The second of two forms of one drawing, for older programs.
        "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
    }
)


def read(data: bytes, name: str) -> FileContent:
    """Return a piece for each heading with the text below it.

    Tracked insertions are read and tracked deletions are not. Headers, footers, notes and comments are not
    read.

    Raises:
        UserError: it is damaged, locked or beyond the limits.
    """
    open_zip(data).close()
    document = docx.Document(BytesIO(data))
    pieces = within_limits(by_section(_blocks(document)))
    known = document.core_properties
    changed = known.modified or known.created
    date = changed.date().isoformat() if changed else None
    return FileContent(pieces, {"title": known.title, "author": known.author, "date": date})


def _blocks(document: Document) -> Iterator[Block]:
    names = {style.style_id: style.name or "" for style in document.styles}
    waiting: list[etree._Element] = [document.element.body]
    while waiting:
        element = waiting.pop()
        if element.tag == _PARAGRAPH:
            style = names.get(_style(element), "")
            text = _text(element)
            heading = style == "Title" or style.startswith("Heading")
            yield Block(f"- {text}" if style.startswith("List") and text.strip() else text, heading)
        elif element.tag == _TABLE:
            yield Block("\n".join(line for _, line in row_lines(_rows(element))))
        elif element.tag in _WRAPPERS or element is document.element.body:
            waiting += reversed(element)


def _style(paragraph: etree._Element) -> str:
    named = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
    return "" if named is None else str(named.get(qn("w:val")))


def _rows(table: etree._Element) -> Iterator[list[str]]:
    """Yield the cells of each row; a table inside a cell is read as part of it."""
    for row in table.iterchildren(_ROW):
        yield [_text(cell) for cell in row.iter(_CELL) if next(cell.iterancestors(_ROW)) is row]


def _text(element: etree._Element) -> str:
    """Return the visible text of ``element``; paragraphs inside it end with a line feed."""
    words: list[str] = []
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, inner in walk:
        if event == "end":
            if inner.tag == _PARAGRAPH and inner is not element:
                words.append("\n")
        elif inner.tag in _NOT_SHOWN:
            walk.skip_subtree()
        elif inner.tag == _TEXT:
            words.append(inner.text or "")
        elif inner.tag in _SIGNS:
            words.append(_SIGNS[inner.tag])
    return "".join(words)
