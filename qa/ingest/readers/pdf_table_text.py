"""Write each row of a table in a PDF as a line, with the names of its columns. Pure.

A cell gets the name of its column only where the geometry leaves no doubt: every column of figures has names
above it, and each name stands over columns that it fits. Where that holds for most columns only, these have
their names and the others have none. Otherwise the row keeps its order, with bars.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from qa.ingest.readers.pdf_layout import plain
from qa.ingest.readers.pdf_table_certain_names import separate_lines, stretch_of
from qa.ingest.readers.pdf_table_grid import (
    COVERED,
    Interval,
    Span,
    TableRow,
    columns_of,
    is_figure,
    is_numeric,
    is_stacked,
    overlap,
    several_cells,
    spans_of,
)
from qa.ingest.readers.pdf_table_header import (
    YEAR,
    Header,
    certain_header,
    has_no_label,
    row_cells,
    whole_header,
)
from qa.ingest.readers.tables import Cell, table_lines


def row_lines(rows: Sequence[TableRow], columns: Sequence[Interval]) -> Iterator[str]:
    """Yield the text of each row."""
    start = 0
    while start < len(rows):
        head, stop = _part(rows, start, columns, _numeric(rows, columns))
        yield from _part_lines(rows[start:stop], head - start, columns, again=start > 0)
        start = stop


def rows_above(rows: Sequence[TableRow], columns: Sequence[Interval]) -> int:
    """Return how many of the first rows stand above the names of a table: headings, and the text before
    them.
    """
    head, stop = _part(rows, 0, columns, _numeric(rows, columns))
    body = rows[head:stop]
    named = whole_header(rows[:head], body, columns_of(body) or columns, again=False)
    return named.above if named else 0


def names_columns(rows: Sequence[TableRow], columns: Sequence[Interval]) -> bool:
    """Return whether the first rows certainly name all columns of those below."""
    head, stop = _part(rows, 0, columns, _numeric(rows, columns))
    body = rows[head:stop]
    return whole_header(rows[:head], body, columns_of(body) or columns, again=False) is not None


def _part_lines(
    rows: Sequence[TableRow], head: int, columns: Sequence[Interval], *, again: bool
) -> Iterator[str]:
    """Yield the text of each row below one set of names, which are in the first ``head`` rows."""
    body = rows[head:]
    # Tables that follow each other have columns of their own.
    columns = columns_of(body) or columns
    width = len(columns)
    names = list(separate_lines(rows[:head]))
    named: Header | None = None
    stretches: Sequence[Interval | None] = [None] * width
    if _are_plain(body, columns):
        named = whole_header(names, body, columns, again)
        if named is None:
            named = certain_header(names, body, columns, again)
            stretches = [None, *(stretch_of(body, column) for column in columns[1:])]
    if named is None:
        yield from (line for _, line in table_lines([row_cells(row, None, width) for row in rows]))
        return
    cells = [row_cells(row, None, width) for row in names[: named.above]]
    cells += named.cells
    for row in body:
        doubtful = _is_crowded(row, columns) or not _are_in_line(row, columns, stretches)
        spans = None if doubtful else spans_of(row.pieces, columns)
        if spans and len(spans) > 1 and _reads_as_label(spans, named.cells):
            spans = None
        if spans or len(row.pieces) == 1:
            cells.append(row_cells(row, spans, width))
        else:
            # Cells behind all names have none; one over all columns would be the name of the rows below.
            cells.append([Cell("", columns=width), *(plain(piece.text) for piece in row.pieces)])
    yield from (line for _, line in table_lines(cells, named.remark))


def _numeric(rows: Sequence[TableRow], columns: Sequence[Interval]) -> list[int]:
    """Return the columns of figures, without the first, which names the rows."""
    return [i for i, column in enumerate(columns) if i and is_numeric(rows, column)]


def _part(
    rows: Sequence[TableRow], start: int, columns: Sequence[Interval], numeric: Sequence[int]
) -> tuple[int, int]:
    """Return where the names end that begin at ``start``, and where the rows end that they name: before the
    next names, or before what may be such.
    """
    head = below = start
    while below < len(rows) and not _has_figures(rows[below], columns, numeric, first=below == start):
        below += 1
        # What stands in the first column only is the heading of the rows that follow.
        if any(overlap(piece, column) for piece in rows[below - 1].pieces for column in columns[1:]):
            head = below
    if not numeric:
        first, rest = rows[start].pieces, several_cells(rows[start + 1 :])
        named = all(piece.bold for piece in first) and not any(
            all(p.bold for p in row.pieces) for row in rest
        )
        return (start + 1 if named and len(first) == len(columns) else start), len(rows)
    stop = below
    while stop < len(rows) and not _may_be_names(rows[stop], columns, numeric):
        stop += 1
    return head, max(stop, start + 1)


def _has_figures(row: TableRow, columns: Sequence[Interval], numeric: Sequence[int], *, first: bool) -> bool:
    """Return whether a row has a figure in a column of figures that is no year, the name of such a column."""
    over = [piece for piece in row.pieces if any(overlap(piece, columns[i]) for i in numeric)]
    if is_stacked(row) and 2 * sum(map(is_figure, over)) < len(over):
        return False
    if any(is_figure(piece) and not YEAR.fullmatch(piece.text) for piece in over):
        return True
    years = [int(found[1][-4:]) for piece in over if (found := YEAR.fullmatch(piece.text))]
    if not years or has_no_label(row, columns):
        return False
    return not (first and all(abs(a - b) == 1 for a, b in pairwise(years)))


def _may_be_names(row: TableRow, columns: Sequence[Interval], numeric: Sequence[int]) -> bool:
    """Return whether a row below figures may name the columns of the rows that follow."""
    over = [piece for piece in row.pieces if any(overlap(piece, columns[i]) for i in numeric)]
    words = [piece for piece in over if not is_figure(piece) or YEAR.fullmatch(piece.text)]
    if len(row.pieces) == 1 and YEAR.fullmatch(row.pieces[0].text) and has_no_label(row, columns):
        return True
    if not over or len(words) < len(over):
        return False
    return has_no_label(row, columns) or not all(YEAR.fullmatch(piece.text) for piece in words)


def _are_plain(rows: Sequence[TableRow], columns: Sequence[Interval]) -> bool:
    """Return whether hardly a row has two figures in one column: otherwise those are two columns."""
    crowded = sum(_is_crowded(row, columns) for row in rows)
    return crowded <= COVERED * len(rows)


def _is_crowded(row: TableRow, columns: Sequence[Interval]) -> bool:
    """Return whether a row has two figures in one column."""
    figures = [piece for piece in row.pieces if is_figure(piece)]
    return any(sum(overlap(piece, column) for piece in figures) > 1 for column in columns)


def _are_in_line(row: TableRow, columns: Sequence[Interval], stretches: Sequence[Interval | None]) -> bool:
    """Return whether each cell of a row is where the others of its column are, if that is known."""
    return all(
        overlap(piece, stretch)
        for column, stretch in zip(columns, stretches, strict=True)
        if stretch
        for piece in row.pieces
        if overlap(piece, column)
    )


def _reads_as_label(spans: Sequence[Span], names: Sequence[Sequence[Cell | str]]) -> bool:
    """Return whether a cell of a column without a name, not the first, would stand before all names, as a
    label.
    """
    covered = {i for row in names for i in _named_columns(row)}
    first = next((span.start for span in spans if span.start), 0)
    return first not in covered | {0} and not (spans[0].start == 0 and 0 in covered)


def _named_columns(row: Sequence[Cell | str]) -> Iterator[int]:
    at = 0
    for cell in row:
        width, text = (cell.columns, cell.text) if isinstance(cell, Cell) else (1, cell)
        yield from range(at, at + width if text else at)
        at += width
