"""Spreadsheets (XLSX)."""

import datetime
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import load_workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.chartsheet import Chartsheet
from openpyxl.workbook import Workbook

from qa.errors import UserError
from qa.ingest.readers.base import MAX_CHARS, MAX_PIECES, FileContent, Piece, within_limits
from qa.ingest.readers.number_format import shown_value
from qa.ingest.readers.ooxml import Package, tag
from qa.ingest.readers.xlsx_layout import layout_of
from qa.ingest.readers.xlsx_remarks import charts_of, comments_of
from qa.ingest.readers.xlsx_tables import Sheet, Value, lines_of, sheet_of
from qa.schema import TABLE

_NUMBERS = (float, int, datetime.datetime, datetime.date, datetime.time, datetime.timedelta)


def read(data: bytes, name: str) -> FileContent:
    """Return a piece for each row, ``sheet Costs, row 12``, each comment on a cell and each chart.

    A cell is as it is shown: numbers and dates in its number format, a formula with the value that was saved
    with it. Hidden sheets, rows and columns are not read. Nothing is computed, no macro is run, and no linked
    file is opened.

    Raises:
        UserError: it is damaged, locked or beyond the limits.
    """
    package = Package(data)
    book = load_workbook(BytesIO(_usual(data, package)), read_only=True, data_only=True, keep_links=False)
    pieces = within_limits(_pieces(package, book))
    return FileContent(pieces, package.properties())


def _usual(data: bytes, package: Package) -> bytes:
    """Return a workbook in the usual form: the library does not know the names of the strict one."""
    if not package.strict:
        return data
    usual = BytesIO()
    with ZipFile(BytesIO(data)) as old, ZipFile(usual, "w", ZIP_DEFLATED) as new:
        for info in old.infolist():
            if info.filename.endswith((".xml", ".rels")):
                new.writestr(info.filename, package.read(info.filename))
    return usual.getvalue()


def _pieces(package: Package, book: Workbook) -> Iterator[Piece]:
    parts = package.relations(package.main)
    root = package.root(package.main)
    for sheet in () if root is None else root.iter("{*}sheet"):
        title, part = sheet.get("name", ""), parts.get(sheet.get(tag("r:id"), ""))
        if part is None or sheet.get("state") in {"hidden", "veryHidden"}:
            continue
        pieces = (piece for piece in _pieces_of(package, book, title, part.part) if piece.text.strip())
        if first := next(pieces, None):
            yield Piece(f"sheet {title}", title)
            yield first
            yield from pieces


def _pieces_of(package: Package, book: Workbook, title: str, part: str) -> Iterator[Piece]:
    """Yield the pieces of one sheet, which may be nothing but a chart."""
    if title in book.sheetnames and not isinstance(book[title], Chartsheet):
        book[title].reset_dimensions()  # the size that a sheet states may be wrong
        for line in lines_of(_sheet(book[title].iter_rows(), package.read(part))):
            table = f"{TABLE}{line.title}" if line.title else ""
            yield Piece(f"sheet {title}, row {line.number}{table}", line.text)
    for cell, text in comments_of(package, part):
        yield Piece(f"sheet {title}, comment on {cell}", text)
    for text in charts_of(package, part):
        yield Piece(f"sheet {title}, chart", text)


def _sheet(cells_of_rows: Iterable[Sequence[Cell | MergedCell]], data: bytes) -> Sheet:
    """Return the cells of a sheet.

    Raises:
        UserError: they are beyond the limits of a document.
    """
    rows: dict[int, dict[int, Value]] = {}
    size = 0
    for cells in cells_of_rows:
        values = {cell.column or 0: Value(text, _is_bold(cell)) for cell in cells if (text := _shown(cell))}
        if not values:
            continue
        rows[next(cell.row for cell in cells if cell.value is not None)] = values
        size += sum(len(value.text) for value in values.values())
        if size > MAX_CHARS:
            raise UserError(f"it has more than {MAX_CHARS:,} characters of text; split it")
        if len(rows) > MAX_PIECES:
            raise UserError(f"it has more than {MAX_PIECES:,} rows, pages or sections; split it")
    return sheet_of(rows, layout_of(data))


def _is_bold(cell: Cell | MergedCell) -> bool:
    return bool(cell.font and cell.font.b)


def _shown(cell: Cell | MergedCell) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, _NUMBERS):
        return shown_value(value, cell.number_format or "General")
    return " ".join(str(value).split())
