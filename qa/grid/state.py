"""A grid as it fills, as a record for programs: how far it is, and a page of its rows. Pure."""

from typing_extensions import TypedDict

from qa.grid.background import Filling
from qa.grid.base import Grid, Table
from qa.grid.export import ProgressRecord, RowRecord, progress_record, row_record


class GridNameRecord(TypedDict):
    """A grid, without its cells."""

    id: str
    made: str
    within: list[str]
    questions: list[str]


class GridListRecord(TypedDict):
    """Grids, the latest first."""

    grids: list[GridNameRecord]


class GridStateRecord(TypedDict):
    """The progress of a grid. ``filling`` says whether cells are being filled, ``message`` why that ended
    early, and ``missing`` which of its names mean no document any more.
    """

    id: str
    filling: bool
    message: str
    missing: list[str]
    progress: ProgressRecord


class MadeGridRecord(GridStateRecord):
    """A grid that was asked for. ``left_out`` says which lines are not asked, and why."""

    left_out: list[str]


class GridRowsRecord(GridStateRecord):
    """A page of a grid's documents, all questions across. ``next`` is the ``first`` of the page that follows;
    None if it is the last.
    """

    questions: list[str]
    documents: int
    rows: list[RowRecord]
    next: int | None


def name_record(grid: Grid) -> GridNameRecord:
    """Return the record of a grid without its cells."""
    return {
        "id": grid.id,
        "made": grid.made,
        "within": list(grid.within),
        "questions": list(grid.questions),
    }


def state_record(table: Table, filling: Filling) -> GridStateRecord:
    """Return how far ``table`` is."""
    return {
        "id": table.grid.id,
        "filling": filling.running,
        "message": filling.message,
        "missing": list(table.missing),
        "progress": progress_record(table),
    }


def rows_record(table: Table, filling: Filling, first: int, limit: int) -> GridRowsRecord:
    """Return ``limit`` rows of ``table`` from the row ``first`` on, counted from 0."""
    end = first + limit
    return {
        **state_record(table, filling),
        "questions": list(table.grid.questions),
        "documents": len(table.rows),
        "rows": [row_record(table, row, table.grid.questions) for row in table.rows[first:end]],
        "next": end if end < len(table.rows) else None,
    }
