"""Cells of spreadsheets in which text stays text. Pure."""

import csv
import io
from collections.abc import Iterable

from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

MAX_CELL_CHARS = 32_767
"""The characters of a cell (Microsoft, "Excel specifications and limits")."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""The first characters of a cell that a spreadsheet may run (OWASP, "CSV Injection")."""


def csv_text(rows: Iterable[Iterable[object]]) -> str:
    """Return ``rows`` in CSV (RFC 4180). Text that a spreadsheet could take for a formula has an apostrophe
    before it.
    """
    written = io.StringIO()
    csv.writer(written).writerows(map(_without_formula, row) for row in rows)
    return written.getvalue()


def text_cell(sheet: WriteOnlyWorksheet, text: str) -> Cell:
    """Return a cell of ``sheet`` with ``text``, whatever it begins with."""
    cell = WriteOnlyCell(sheet, plain_text(text))
    cell.data_type = "s"
    return cell


def plain_text(text: str) -> str:
    """Return ``text`` as a cell can have it: without control characters, and not longer."""
    return ILLEGAL_CHARACTERS_RE.sub(" ", text)[:MAX_CELL_CHARS]


def _without_formula(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
