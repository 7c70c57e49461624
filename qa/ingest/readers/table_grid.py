"""Lay the cells of a table on a grid, as a browser does, with the columns that each of them covers."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from qa.errors import UserError
from qa.ingest.readers.base import MAX_PIECES

MAX_REPEATED = 200
"""The longest cell, in characters, that is said again in each row it covers. Set by hand: more is a passage
of text beside the rows, and repeating it would make a long document of a short one."""

MAX_COVERING = 10 * MAX_PIECES
"""The most cells that reach down into further rows, counted in each row: ten in every row that a document may
have."""


_BEFORE = re.compile(r"[$€£¥₹(]+|[$€£¥₹]\s?\(")
_AFTER = re.compile(r"\s?[)\]%‰]+")
"""Signs that accounts put into cells of their own beside a number, so that the digits stand in line."""

_YEAR = re.compile(r"(?:19|20)\d\d")
_YEARS = 2
"""The fewest years in a row that has nothing else behind its first cell."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as its file states it."""

    text: str
    rows: int = 1
    """The rows that it covers, from its own down."""
    columns: int = 1
    """The columns that it covers, from its own to the right."""
    header: bool = False
    """True if the file itself says that it names a column or a row."""


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell of one row of the grid; one that covers several rows is placed in each."""

    text: str
    """On one line."""
    start: int
    """Its first column, from 0."""
    stop: int
    """The column after its last."""
    header: bool
    below: int
    """The rows that it covers further down."""
    first: bool
    """True if this is its uppermost row."""


@dataclass(frozen=True, slots=True)
class GridRow:
    """A row of the grid, its cells from left to right."""

    number: int
    """From 1; rows without text count."""
    cells: tuple[GridCell, ...]
    shown: tuple[GridCell, ...]
    """The cells that have text."""

    @property
    def width(self) -> int:
        """The column after the last one that any cell covers."""
        return self.cells[-1].stop if self.cells else 0


def grid_rows(rows: Iterable[Sequence[Cell | str]]) -> Iterator[GridRow]:
    """Yield the ``rows`` with every cell at its columns. Cells are never multiplied by the columns they
    cover, however many a file claims.

    Raises:
        UserError: merged cells would be repeated in too many rows.
    """
    covering: list[GridCell] = []
    repeated = 0
    for number, row in enumerate(rows, start=1):
        cells = tuple(_place(row, covering))
        yield GridRow(number, cells, tuple(_whole(cell for cell in cells if cell.text)))
        covering = [
            GridCell(cell.text, cell.start, cell.stop, cell.header, cell.below - 1, False)
            for cell in cells
            if cell.below > 0
        ]
        repeated += len(covering)
        if repeated > MAX_COVERING:
            raise UserError("its tables have merged cells over too many rows; unmerge them or split it")


def _place(row: Sequence[Cell | str], covering: Sequence[GridCell]) -> Iterator[GridCell]:
    """Yield the cells of a row, those that reach down into it (``covering``) included, from left to right."""
    waiting = list(reversed(covering))
    start = 0
    for each in row:
        cell = each if isinstance(each, Cell) else Cell(each)
        while waiting and waiting[-1].start <= start:
            start = waiting[-1].stop
            yield waiting.pop()
        stop = start + max(cell.columns, 1)
        if waiting:
            stop = min(stop, waiting[-1].start)
        text = " ".join(cell.text.split())
        yield GridCell(text, start, stop, cell.header, max(cell.rows, 1) - 1, True)
        start = stop
    yield from reversed(waiting)


def _whole(cells: Iterable[GridCell]) -> Iterator[GridCell]:
    """Yield ``cells``, those with a sign of the number beside them joined to it. One before nothing but years
    is the currency of all rows below.
    """
    cells = list(cells)
    if len(cells) > _YEARS and all(_YEAR.fullmatch(cell.text) for cell in cells[1:]):
        yield from cells
        return
    before: GridCell | None = None
    for cell in cells:
        if before and before.stop == cell.start and before.below == cell.below:
            if _BEFORE.fullmatch(before.text) and any(map(str.isdecimal, cell.text)):
                before = replace(before, text=f"{before.text} {cell.text}", stop=cell.stop)
                continue
            if _AFTER.fullmatch(cell.text) and before.text[-1].isdecimal():
                before = replace(before, text=before.text + cell.text, stop=cell.stop)
                continue
        if before:
            yield before
        before = cell
    if before:
        yield before
