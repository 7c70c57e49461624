"""Spreadsheets of LibreOffice and related programs (ODS)."""

from collections.abc import Iterator

from lxml import etree

from qa.ingest.readers.base import FileContent, Piece, within_limits
from qa.ingest.readers.odf import OdfFile, tag
from qa.ingest.readers.odf_text import TextReader
from qa.ingest.readers.sections import Block
from qa.ingest.readers.tables import Cell, read_table
from qa.schema import TABLE


def read(data: bytes, name: str) -> FileContent:
    """Return a piece for each row, ``sheet Costs, row 12``, with the values that were shown when it was
    saved, and one for each comment, chart and drawing of a sheet. Nothing is computed.

    Raises:
        UserError: it is damaged, locked or beyond the limits.
    """
    file = OdfFile(data)
    sheets = list(file.body("office:spreadsheet").iterchildren(tag("table:table")))
    reader = TextReader(file)
    return FileContent(within_limits(_pieces(sheets, reader)), file.properties())


def _pieces(sheets: list[etree._Element], reader: TextReader) -> Iterator[Piece]:
    for sheet in sheets:
        label = f"sheet {sheet.get(tag('table:name'), '')}".strip()
        if reader.is_hidden(sheet, "table", "table:style-name"):
            label += ", hidden"
        numbers: list[int] = []
        attached: list[tuple[int, Block]] = []
        for line in read_table(_rows(sheet, reader, numbers, attached), guess=True):
            table = f"{TABLE}{line.title}" if line.title else ""
            yield Piece(f"{label}, row {numbers[line.number - 1]}{table}", line.text)
        for number, block in attached:
            yield Piece(f"{label}, row {number}{f', {block.aside}' if block.aside else ''}", block.text)
        for shapes in sheet.iterchildren(tag("table:shapes")):
            for block in reader.blocks(shapes):
                yield Piece(label, block.text)


def _rows(
    sheet: etree._Element, reader: TextReader, numbers: list[int], attached: list[tuple[int, Block]]
) -> Iterator[list[Cell]]:
    """Yield the rows of a sheet; ``numbers`` gets the number of each, ``attached`` what hangs on its cells.

    Empty rows are yielded once: a sheet says of a million rows that they are empty.
    """
    number = 1
    blocks: list[Block] = []
    for cells, times in reader.rows(sheet, blocks):
        attached += [(number, block) for block in blocks]
        blocks.clear()
        for repeat in range(times if cells else 1):
            numbers.append(number + repeat)
            yield cells
        number += times
