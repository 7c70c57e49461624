"""The cells of a table in a Word document, and how many rows and columns each covers."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from lxml import etree

from qa.ingest.readers.docx_styles import is_on, value_of
from qa.ingest.readers.ooxml import tag
from qa.ingest.readers.safe_xml import whole

_ROW, _CELL = tag("w:tr"), tag("w:tc")

WRAPPERS: Final = frozenset(
    map(tag, ("w:sdt", "w:sdtContent", "w:customXml", "w:smartTag", "w:ins", "w:moveTo"))
)
"""Elements around text that leave no trace on the page."""


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell at the place where it begins. One without an element is a gap at the beginning of a row."""

    element: etree._Element | None
    start: int
    columns: int
    header: bool
    rows: int = 1
    goes_on: bool = False
    """True if it goes on with the cell above it."""


def table_grid(table: etree._Element) -> list[list[GridCell]]:
    """Return the cells of each row. A row whose deletion is tracked is left out."""
    grid = [_row(row) for row in within(table, _ROW) if row.find(f"{tag('w:trPr')}/{tag('w:del')}") is None]
    above: dict[int, tuple[int, int]] = {}
    for number, row in enumerate(grid):
        open_ = {}
        for index, cell in enumerate(row):
            place = above.get(cell.start) if cell.goes_on else (number, index)
            if place is None:
                row[index] = replace(cell, goes_on=False)
                place = (number, index)
            elif cell.goes_on:
                first = grid[place[0]][place[1]]
                grid[place[0]][place[1]] = replace(first, rows=number - place[0] + 1)
            open_[cell.start] = place
        above = open_
    return [[cell for cell in row if not cell.goes_on] for row in grid]


def within(element: etree._Element, *names: str) -> Iterator[etree._Element]:
    """Yield the children of some names, and those in wrappers."""
    waiting = list(reversed(element))
    while waiting:
        each = waiting.pop()
        if each.tag in names:
            yield each
        elif each.tag in WRAPPERS:
            waiting += reversed(each)


def cells(table: etree._Element) -> Iterator[etree._Element]:
    """Yield the elements of all cells of a table, without those of tables inside it."""
    return (cell for row in within(table, _ROW) for cell in within(row, _CELL))


def is_frame(table: etree._Element) -> bool:
    """Return whether a table is a frame around text: it has a single cell."""
    some = cells(table)
    return next(some, None) is not None and next(some, None) is None


def _row(row: etree._Element) -> list[GridCell]:
    properties = row.find(tag("w:trPr"))
    header = bool(is_on(properties, "w:tblHeader"))
    start = whole(value_of(properties, "w:gridBefore"), 0)
    found = [GridCell(None, 0, start, False)] if start else []
    for cell in within(row, _CELL):
        known = cell.find(tag("w:tcPr"))
        columns = whole(value_of(known, "w:gridSpan"), 1) or 1
        if found and value_of(known, "w:hMerge") == "continue":
            found[-1] = replace(found[-1], columns=found[-1].columns + columns)
        else:
            merged = None if known is None else known.find(tag("w:vMerge"))
            goes_on = merged is not None and merged.get(tag("w:val"), "continue") == "continue"
            found.append(GridCell(cell, start, columns, header, goes_on=goes_on))
        start += columns
    return found
