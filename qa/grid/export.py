"""Write a grid as JSON, CSV and a workbook, each with its quotes and with what readers corrected. Pure."""

import io
from collections.abc import Iterator, Sequence
from typing import Any, NotRequired

from openpyxl import Workbook
from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.worksheet.properties import PageSetupProperties
from typing_extensions import TypedDict

from qa.export.spreadsheet import csv_text, plain_text, text_cell
from qa.grid.base import Cell, Correction, Row, Table

NOT_FOUND = "not found"
"""The text of an empty cell."""

COLUMNS = (
    *("document", "title", "date", "copy_of", "question", "answer", "found", "filled_by"),
    *("corrected_by", "corrected_on", "quote", "place", "start", "end"),
)
"""The columns of the table in CSV, which has a line for every cell."""

DATE_COLUMN = 2
"""The column of the workbook that has dates."""

_WIDTH = 36
"""Of a column, in characters: some words of an answer."""

_DATE_WIDTH = 12

_LINE_POINTS = 15.0
"""The height of a line in the usual font of workbooks."""

_MAX_POINTS = 409.0
"""The greatest height of a row (Microsoft, "Excel specifications and limits")."""

_PRINTED_COLUMNS = 7
"""Columns on a printed page, across which they can be read."""

_CORRECTED = PatternFill("solid", fgColor="FFF2CC")
_WRAPPED = Alignment(wrap_text=True, vertical="top")


class ExcerptRecord(TypedDict):
    """An excerpt of the row's document: ``text`` is its characters ``start`` to ``end`` (exclusive)."""

    text: str
    start: int
    end: int
    place: str


class CorrectionRecord(TypedDict):
    """A reader's own answer in a cell, with the reader and the time."""

    answer: str
    reader: str
    when: str


class CellRecord(TypedDict):
    """The answer of one document to a question. ``answer`` is empty where nothing was found; ``nearest`` is
    the nearest passage then. ``filled_by`` is ``words``, ``model``, ``reader``, or empty for a cell that is
    not filled yet. With ``correction``, a reader wrote the answer, and ``machine_answer`` is what was found.
    """

    question: str
    found: bool
    answer: str
    filled_by: str
    quotes: list[ExcerptRecord]
    nearest: list[ExcerptRecord]
    reason: NotRequired[str]
    correction: NotRequired[CorrectionRecord]
    machine_answer: NotRequired[str]


class RowRecord(TypedDict):
    """A document and its cells, in the order of the questions. ``copy_of`` names a document with the same
    text; it is empty if there is none before.
    """

    document: str
    title: str
    date: str | None
    sha256: str
    copy_of: str
    cells: list[CellRecord]


class ProgressRecord(TypedDict):
    """The numbers of cells: of all, the filled, those filled with the model, and the corrected."""

    cells: int
    filled: int
    by_model: int
    corrected: int


class GridRecord(TypedDict):
    """A grid. ``index`` is the digest of its documents' ids and texts, and ``missing`` has names that mean no
    document any more.
    """

    id: str
    made: str
    index: str
    within: list[str]
    missing: list[str]
    questions: list[str]
    progress: ProgressRecord
    rows: list[RowRecord]


def grid_record(table: Table) -> GridRecord:
    """Return the record of ``table``."""
    return {
        "id": table.grid.id,
        "made": table.grid.made,
        "index": table.index,
        "within": list(table.grid.within),
        "missing": list(table.missing),
        "questions": list(table.grid.questions),
        "progress": progress_record(table),
        "rows": [row_record(table, row, table.grid.questions) for row in table.rows],
    }


def progress_record(table: Table) -> ProgressRecord:
    """Return how far ``table`` is filled."""
    progress = table.progress
    return {
        "cells": progress.cells,
        "filled": progress.filled,
        "by_model": progress.by_model,
        "corrected": progress.corrected,
    }


def row_record(table: Table, row: Row, questions: Sequence[str]) -> RowRecord:
    """Return the record of a row with its cells of these questions."""
    return {
        "document": row.id,
        "title": row.title,
        "date": row.date,
        "sha256": row.digest,
        "copy_of": row.copy_of,
        "cells": [
            cell_record(each, table.cell(row, each), table.correction(row, each)) for each in questions
        ],
    }


def cell_record(question: str, cell: Cell | None, correction: Correction | None) -> CellRecord:
    """Return the record of a cell: what a reader made of it, or else what was found."""
    excerpts: list[ExcerptRecord] = [
        {"text": each.text, "start": each.start, "end": each.end, "place": each.place}
        for each in (cell.quotes if cell else ())
    ]
    found = cell is not None and cell.found
    record: CellRecord = {
        "question": question,
        "found": found,
        "answer": cell.text if cell else "",
        "filled_by": cell.source.value if cell else "",
        "quotes": excerpts if found else [],
        "nearest": [] if found else excerpts,
    }
    if cell and cell.reason:
        record["reason"] = cell.reason
    if correction:
        record["machine_answer"] = record["answer"]
        record["found"], record["answer"] = bool(correction.text), correction.text
        record["filled_by"] = "reader"
        record["correction"] = {
            "answer": correction.text,
            "reader": correction.reader,
            "when": correction.when,
        }
    return record


def grid_csv(table: Table) -> str:
    """Return ``table`` in CSV (RFC 4180), one cell a line, under its :data:`COLUMNS`. What a spreadsheet
    could take for a formula has an apostrophe before it.
    """
    return csv_text([COLUMNS, *_csv_rows(table)])


def _csv_rows(table: Table) -> Iterator[list[object]]:
    for row in grid_record(table)["rows"]:
        for cell in row["cells"]:
            correction = cell.get("correction")
            excerpt = next(iter([*cell["quotes"], *cell["nearest"]]), None)
            yield [
                *(row["document"], row["title"], row["date"] or "", row["copy_of"]),
                *(cell["question"], cell["answer"], "yes" if cell["found"] else "no", cell["filled_by"]),
                *((correction["reader"], correction["when"]) if correction else ("", "")),
                *(
                    (excerpt["text"], excerpt["place"], excerpt["start"], excerpt["end"])
                    if excerpt
                    else ("", "", "", "")
                ),
            ]


def grid_xlsx(table: Table) -> bytes:
    """Return ``table`` as a workbook of Excel: documents down, questions across, quotes as comments. Text
    stays text, whatever it begins with. What a reader corrected is yellow, and its comment says who did.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Grid")
    sheet.freeze_panes = "B2"
    columns = len(table.grid.questions) + 2
    for column in range(1, columns + 1):
        width = _DATE_WIDTH if column == DATE_COLUMN else _WIDTH
        sheet.column_dimensions[get_column_letter(column)].width = width
    _set_print(sheet, columns)
    heads = [_text_cell(sheet, head) for head in ("Document", "Date", *table.grid.questions)]
    for head in heads:
        head.font = Font(bold=True)
    _append(sheet, 1, heads)
    for number, row in enumerate(table.rows, start=2):
        name = _text_cell(sheet, row.title if row.title == row.id else f"{row.title}\n{row.id}")
        if row.copy_of:
            name.comment = _comment(f"The same text as {row.copy_of}")
        cells = [_answer_cell(sheet, table, row, question) for question in table.grid.questions]
        _append(sheet, number, [name, _text_cell(sheet, row.date or ""), *cells])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _set_print(sheet: Any, columns: int) -> None:  # its stubs lack what it shares with other sheets
    """Print across, with the questions above and the documents beside each page."""
    sheet.page_setup.orientation = "landscape"
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToWidth = -(-columns // _PRINTED_COLUMNS)
    sheet.page_setup.fitToHeight = 0  # as many as it takes
    sheet.print_title_rows, sheet.print_title_cols = "1:1", "A:A"


def _append(sheet: Any, number: int, cells: Sequence[SheetCell]) -> None:
    """Append the row of this number, high enough for what wraps: LibreOffice does not see to that."""
    lines = max(
        sum(-(-max(len(line), 1) // _WIDTH) for line in str(cell.value or "").split("\n")) for cell in cells
    )
    sheet.row_dimensions[number].height = min(lines * _LINE_POINTS, _MAX_POINTS)
    sheet.append(cells)


def _answer_cell(sheet: WriteOnlyWorksheet, table: Table, row: Row, question: str) -> SheetCell:
    correction = table.correction(row, question)
    record = cell_record(question, table.cell(row, question), correction)
    cell = _text_cell(sheet, record["answer"] or (NOT_FOUND if record["filled_by"] else ""))
    if note := _note(record, correction):
        cell.comment = _comment(note)
    if correction:
        cell.fill = _CORRECTED
    return cell


def _note(record: CellRecord, correction: Correction | None) -> str:
    """Return what stands beside a cell: its quotes and their places, and who corrected it."""
    lines: list[str] = []
    if correction:
        lines.append(f"{correction!s}. Found before: {record['machine_answer'] or NOT_FOUND}")
    for label, excerpts in (("", record["quotes"]), ("Nearest passage: ", record["nearest"])):
        for each in excerpts:
            place = f" ({each['place']})" if each["place"] else ""
            lines.append(f"{label}“{each['text']}”{place}, characters {each['start']}–{each['end']}")
    return "\n".join(lines)


def _text_cell(sheet: WriteOnlyWorksheet, text: str) -> SheetCell:
    """Return a cell with ``text`` as text, without the control characters that a workbook cannot have."""
    cell = text_cell(sheet, text)
    cell.alignment = _WRAPPED
    return cell


def _comment(text: str) -> Comment:
    return Comment(plain_text(text), "Attest", height=160, width=360)  # points: some lines are seen at once
