"""Rows of tables in a Rich Text file: cells are given by the places where they end, in twips."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from qa.ingest.readers.tables import Cell, rows_text

_APART: Final = 30
"""Edges of cells that are closer, in twips (twentieths of a point), are one edge. Set by hand: half a
millimetre, less than any cell."""


@dataclass(slots=True)
class Edge:
    """The right edge of a cell, and how the cell goes on."""

    place: int
    goes_on: bool = False
    """With the cell to its left."""
    below: bool = False
    """With the cell above it."""


@dataclass(slots=True)
class Row:
    """A row as the file defines it, and the texts of its cells."""

    left: int = 0
    header: bool = False
    edges: list[Edge] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)


def table_text(rows: Sequence[Row]) -> str:
    """Return a line for each row of one table."""
    grid = _Grid(rows)
    return rows_text([list(grid.cells(number)) for number in range(len(rows))])


class _Grid:
    """The columns that the edges of all rows make."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows = rows
        places = sorted({place for row in rows for place in (row.left, *(edge.place for edge in row.edges))})
        self._columns: dict[int, int] = {}
        for number, place in enumerate(places):
            near = number and place - places[number - 1] < _APART
            last = self._columns[places[number - 1]] if number else -1
            self._columns[place] = last if near else last + 1

    def cells(self, number: int) -> Iterator[Cell]:
        """Yield the cells of a row that begin in it."""
        row = self._rows[number]
        if len(row.texts) > len(row.edges):  # the file defines fewer cells than it has
            yield from (Cell(text, header=row.header) for text in row.texts)
            return
        start = self._columns[row.left]
        if start:
            yield Cell("", columns=start)
        for span in _spans(row):
            columns = self._columns[span.right] - self._columns[span.left]
            if not span.below or number == 0:
                yield Cell(span.text, self._height(number, span.left), max(columns, 1), row.header)

    def _height(self, number: int, left: int) -> int:
        """Return how many rows a cell covers: those below it whose cells there go on with it."""
        height = 1
        while number + height < len(self._rows) and self._goes_on(self._rows[number + height], left):
            height += 1
        return height

    def _goes_on(self, row: Row, left: int) -> bool:
        return any(span.below and self._columns[span.left] == self._columns[left] for span in _spans(row))


@dataclass(slots=True)
class _Span:
    """A cell with its edges."""

    text: str
    left: int
    right: int
    below: bool


def _spans(row: Row) -> list[_Span]:
    spans: list[_Span] = []
    left = row.left
    texts = iter(row.texts)
    for edge in row.edges:
        text = next(texts, "")
        if edge.goes_on and spans:
            spans[-1].right = edge.place
        else:
            spans.append(_Span(text, left, edge.place, edge.below))
        left = edge.place
    return spans
