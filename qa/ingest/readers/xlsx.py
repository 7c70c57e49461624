"""Spreadsheets (XLSX)."""

import datetime
from collections.abc import Iterator
from io import BytesIO

from openpyxl import load_workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.workbook import Workbook

from qa.ingest.readers.base import FileContent, Piece, within_limits
from qa.ingest.readers.safe_zip import open_zip
from qa.ingest.readers.tables import row_lines

_DIGITS = 15
"""The significant digits that a spreadsheet keeps; more would show rounding errors of binary fractions."""


def read(data: bytes, name: str) -> FileContent:
    """Return a piece for each row, ``sheet Costs, row 12``. A formula has the value that was saved with it.

    Nothing is computed, no macro is run, and no linked file is opened.

    Raises:
        UserError: it is damaged, locked or beyond the limits.
    """
    open_zip(data).close()
    book = load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False)
    pieces = within_limits(_pieces(book))
    known = book.properties
    changed = known.modified or known.created
    date = changed.date().isoformat() if changed else None
    author = None if known.creator == "openpyxl" else known.creator
    return FileContent(pieces, {"title": known.title, "author": author, "date": date})


def _pieces(book: Workbook) -> Iterator[Piece]:
    for sheet in book.worksheets:
        sheet.reset_dimensions()  # the size that a sheet states may be wrong
        rows = ([_shown(cell) for cell in row] for row in sheet.iter_rows())
        for number, line in row_lines(rows):
            yield Piece(f"sheet {sheet.title}, row {number}", line)


def _shown(cell: Cell | MergedCell) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime.datetime):
        return (
            value.date().isoformat() if value.time() == datetime.time() else value.isoformat(" ", "minutes")
        )
    if isinstance(value, float | int):
        percent = "%" in (cell.number_format or "")
        return f"{value * 100:.{_DIGITS}g} %" if percent else f"{value:.{_DIGITS}g}"
    return str(value)
