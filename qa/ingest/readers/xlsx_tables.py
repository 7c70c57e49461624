"""Part a sheet into tables, and turn their rows into lines."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from qa.ingest.readers.table_values import is_figure, is_period, is_value
from qa.ingest.readers.tables import Cell, TableLine, read_table
from qa.ingest.readers.xlsx_layout import Layout

_HALF = 0.5


@dataclass(frozen=True, slots=True)
class Value:
    """The value that a cell shows."""

    text: str
    bold: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """The cells of a sheet that show something, by row and column from 1, and what they cover."""

    rows: Mapping[int, Mapping[int, Value]]
    merged: Mapping[tuple[int, int], tuple[int, int]]
    """The row and column of the last cell of each merged range, by those of its first."""
    hidden: Sequence[int]
    """The columns that are not shown, in order."""

    def columns_of(self, row: int) -> Iterator[int]:
        """Yield the columns that the cells of a row cover."""
        for column in self.rows[row]:
            yield from range(column, self.last_of(row, column)[1] + 1)

    def last_of(self, row: int, column: int) -> tuple[int, int]:
        """Return the row and column of the last cell that a cell covers."""
        return self.merged.get((row, column), (row, column))

    def count(self, first: int, last: int) -> int:
        """Return how many of the columns from ``first`` to ``last`` are shown."""
        return last + 1 - first - _count(self.hidden, first, last)


def sheet_of(rows: Mapping[int, Mapping[int, Value]], layout: Layout) -> Sheet:
    """Return a sheet of ``rows`` without what its layout hides, or merges into columns that hold nothing."""
    shown = {
        number: {column: value for column, value in row.items() if column not in layout.hidden_columns}
        for number, row in rows.items()
        if number not in layout.hidden_rows
    }
    width = max((column for row in shown.values() for column in row), default=0)
    merged = {
        first: (last[0], min(last[1], width))
        for first, last in layout.merged.items()
        if first[1] in shown.get(first[0], {})
    }
    hidden = sorted(column for column in layout.hidden_columns if column <= width)
    return Sheet({number: row for number, row in shown.items() if row}, merged, hidden)


def lines_of(sheet: Sheet) -> Iterator[TableLine]:
    """Yield the lines of a sheet, table by table, with the numbers of its rows.

    Tables beside each other are parted by an empty column, tables below each other in
    :func:`~qa.ingest.readers.tables.read_table`.
    """
    values = [value for row in sheet.rows.values() for value in row.values() if not is_value(value.text)]
    bold = 0 < sum(value.bold for value in values) < _HALF * len(values)
    for first, last, rows in _parts(sheet):
        numbers = _with_gaps(rows)
        for line in read_table(_rows(sheet, numbers, first, last, bold), guess=True):
            yield TableLine(numbers[line.number - 1], line.text, line.title)


def _parts(sheet: Sheet) -> Iterator[tuple[int, int, list[int]]]:
    """Yield the first column, the last one and the rows of each part of a sheet that is read by itself."""
    whole: list[int] = []
    for block in _blocks(sheet):
        spans = _side_by_side(sheet, block)
        if len(spans) == 1:
            whole += block
            continue
        yield from _as_part(sheet, whole)
        whole = []
        for first, last in spans:
            yield first, last, block
    yield from _as_part(sheet, whole)


def _as_part(sheet: Sheet, rows: list[int]) -> Iterator[tuple[int, int, list[int]]]:
    columns = [column for row in rows for column in sheet.columns_of(row)]
    if columns:
        yield min(columns), max(columns), rows


def _blocks(sheet: Sheet) -> Iterator[list[int]]:
    """Yield the rows that follow each other without an empty one between them."""
    block: list[int] = []
    for row in sorted(sheet.rows):
        if block and row > block[-1] + 1:
            yield block
            block = []
        block.append(row)
    if block:
        yield block


def _side_by_side(sheet: Sheet, block: list[int]) -> list[tuple[int, int]]:
    """Return the first and last columns of the tables in a block of rows.

    An empty column parts tables only if words begin the rows on both sides of it; otherwise it is room
    between the columns of one table.
    """
    spans: list[tuple[int, int]] = []
    for column in sorted({column for row in block for column in sheet.columns_of(row)}):
        if spans and column <= spans[-1][1] + 1:
            spans[-1] = (spans[-1][0], column)
        else:
            spans.append((column, column))
    parted: list[tuple[int, int]] = []
    for span in spans:
        if parted and not (_is_table(sheet, block, span) and _is_table(sheet, block, parted[-1])):
            parted[-1] = (parted[-1][0], span[1])
        else:
            parted.append(span)
    return parted


def _is_table(sheet: Sheet, block: list[int], span: tuple[int, int]) -> bool:
    """Return whether there are several columns, and several rows of them, most of which begin with words."""
    first = [sheet.rows[row][span[0]].text for row in block if span[0] in sheet.rows[row]]
    words = sum(not is_figure(text) and any(map(str.isalpha, text)) for text in first)
    return span[1] > span[0] and len(first) > 1 and words > _HALF * len(first)


def _with_gaps(rows: Sequence[int]) -> list[int]:
    """Return ``rows`` with the first row of each gap between them."""
    numbers: list[int] = []
    for row in rows:
        if numbers and row > numbers[-1] + 1:
            numbers.append(numbers[-1] + 1)
        numbers.append(row)
    return numbers


def _rows(sheet: Sheet, numbers: list[int], first: int, last: int, bold: bool) -> Iterator[list[Cell]]:
    """Yield the cells of the rows with ``numbers`` in the columns from ``first`` to ``last``.

    The columns of a row that a cell above covers have none, empty columns beside each other have one.
    """
    above: list[tuple[int, int, int]] = []
    for number in numbers:
        above = [each for each in above if each[2] >= number]
        row = sheet.rows.get(number, {})
        names = _bold_names(row)
        taken = [(start, end, None) for start, end, _ in above]
        own = [
            (column, min(sheet.last_of(number, column)[1], last), value)
            for column, value in row.items()
            if first <= column <= last
        ]
        cells: list[Cell] = []
        column = first
        for start, end, value in sorted([*taken, *own, (last + 1, last + 1, None)], key=lambda each: each[0]):
            if start < column:
                continue
            if empty := sheet.count(column, start - 1):
                cells.append(Cell("", columns=empty))
            column = end + 1
            if value:
                until = sheet.last_of(number, start)[0]
                down = _count(numbers, number, until)
                cells.append(Cell(value.text, down, sheet.count(start, end), bold and start in names))
                if down > 1:
                    above.append((start, end, until))
        yield cells


def _bold_names(row: Mapping[int, Value]) -> set[int]:
    """Return the columns in which a row has names in bold type: in all of its cells, or in the first."""
    bold = [
        column
        for column, value in row.items()
        if value.bold and (is_period(value.text) or not is_value(value.text))
    ]
    return set(bold) if len(bold) == len(row) or bold == [min(row)] else set()


def _count(numbers: Sequence[int], first: int, last: int) -> int:
    """Return how many of the sorted ``numbers`` are from ``first`` to ``last``."""
    return bisect_right(numbers, last) - bisect_left(numbers, first)
