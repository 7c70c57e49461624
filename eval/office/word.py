"""Contracts, an offer and a handbook as Word documents, with clauses that Word numbers by itself."""

from typing import Any

import docx
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.text.paragraph import Paragraph

from eval.office.packages import save_as
from eval.office.source import Block, Kind, blocks

_NUMBERS_ID = 90
"""Of the list of clauses among those of python-docx's template."""


def word_document(name: str, day: str, author: str) -> bytes:
    """Return the source ``name`` as a Word document that ``author`` saved on ``day``, in ISO 8601."""
    document = docx.Document()
    _add_numbering(document)
    for block in blocks(name):
        _add(document, block)
    _add_furniture(document)
    return save_as(document, day, author, title="")


def _add(document: Document, block: Block) -> None:
    match block.kind:
        case Kind.TITLE:
            document.add_heading(block.text, 0)
        case Kind.HEADING:
            _number(document.add_heading(block.text, 1), level=0)
        case Kind.CLAUSE:
            _number(document.add_paragraph(block.text), level=1)
        case Kind.TABLE:
            table = document.add_table(len(block.rows), len(block.rows[0]), "Table Grid")
            for row, texts in zip(table.rows, block.rows, strict=True):
                for cell, text in zip(row.cells, texts, strict=True):
                    cell.text = text
        case _:
            document.add_paragraph(block.text)


def _add_numbering(document: Document) -> None:
    """Add a list whose headings are "1." and whose clauses are "1.1"."""
    levels = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="{text}"/>'
        f'<w:lvlJc w:val="left"/></w:lvl>'
        for level, text in enumerate(("%1.", "%1.%2"))
    )
    numbering = document.part.numbering_part.element
    abstract = parse_xml(
        f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{_NUMBERS_ID}">'
        f'<w:multiLevelType w:val="multilevel"/>{levels}</w:abstractNum>'
    )
    first = numbering.find(qn("w:num"))
    first.addprevious(abstract)
    numbering.append(
        parse_xml(
            f'<w:num {nsdecls("w")} w:numId="{_NUMBERS_ID}"><w:abstractNumId w:val="{_NUMBERS_ID}"/></w:num>'
        )
    )


def _number(paragraph: Paragraph, level: int) -> None:
    known: Any = paragraph._p.get_or_add_pPr()  # python-docx adds its methods while it is loaded
    properties = known.get_or_add_numPr()
    properties.get_or_add_ilvl().val = level
    properties.get_or_add_numId().val = _NUMBERS_ID


def _add_furniture(document: Document) -> None:
    """Add a running head and foot."""
    section = document.sections[0]
    section.header.paragraphs[0].text = "CONFIDENTIAL"
    section.footer.paragraphs[0].text = "Execution copy"
