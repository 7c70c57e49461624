"""Find tables in the lines of a page. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from qa.ingest.readers.pdf_layout import Bit, Line, go_on
from qa.ingest.readers.pdf_table_grid import (
    Interval,
    TableRow,
    is_numeric,
    overlap,
    rows_of,
    several_cells,
    share_gap,
    spans_of,
    table_columns,
)
from qa.ingest.readers.pdf_table_pieces import is_figure, merged
from qa.ingest.readers.pdf_table_text import ColumnNames, names_columns, rows_above, table_text

_ABOVE = 3
"""The most lines of one name each above the first row of several cells."""

_NEXT = 2.0
"""In heights of a line: such a line is not further from the one below it."""

_FULL = 0.9
"""The share of its column that a line of a caption fills if the next one goes on with it. Set by hand."""

_APART = 3
"""The most lines of one cell, such as the heading of a group of rows, between two rows of a table."""

_WIDE = 0.6
"""The share of a table's width from which a line of one cell is prose, and ends it."""

_PROSE = 25
"""The fewest characters of such a line."""

_PROSE_LINES = 6
"""The fewest lines in which columns of prose are told from wide spaces that happen to meet."""

_DENSER = 1.3
"""In the smallest distance of two lines of a table: a larger one separates rows whose cells are wrapped."""


@dataclass(frozen=True, slots=True)
class Table:
    """The lines from ``start`` to ``stop`` of a page, and the text of each row; or, where they are columns of
    prose, the lines of one column after the other.
    """

    start: int
    stop: int
    rows: tuple[str, ...]
    prose: tuple[Line, ...] = ()
    names: ColumnNames | None = None
    """Those of the columns of its last rows; None for none."""


def find_tables(page: Sequence[Line], before: ColumnNames | None = None) -> Iterator[Table]:
    """Yield the tables of a page from the top down. The first may go on with the one ``before``, with which
    the last page ends.
    """
    rows = rows_of(page)
    at = free = 0
    while at < len(rows):
        stop = _run(page, rows, at) if len(rows[at].pieces) > 1 else at + 1
        run = rows[at:stop]
        columns = table_columns(run)
        if len(columns) < 2 or not _is_table(run, columns):
            # The lines after this one may be a table without it.
            at += 1
            continue
        body = _unwrapped(run, columns)
        if body is run and _is_prose(run, columns):
            if len(run) >= _PROSE_LINES:
                yield Table(at, stop, (), tuple(_by_column(run, columns)))
        else:
            above: Sequence[TableRow] = ()
            if body is run and (skipped := rows_above(run, columns)):
                at, body = at + skipped, run[skipped:]
            else:
                above = _names_above(page, rows, free, at, body, columns)
            text = table_text([*above, *body], columns, before if at == 0 else None)
            yield Table(at - len(above), stop, tuple(text.lines), names=text.names)
        at = free = stop


def _run(page: Sequence[Line], rows: Sequence[TableRow], start: int) -> int:
    """Return where the rows end that have a gap in common, each with the row before it."""
    last = start
    left, right = rows[start].pieces[0].left, rows[start].pieces[-1].right
    labels = rows[start].pieces[1].left
    for i in range(start + 1, len(rows)):
        line, pieces = page[i], rows[i].pieces
        if not _in_one_column(line, page[start]) or line.middle >= page[i - 1].middle:
            break
        if len(pieces) > 1:
            if not share_gap(rows[last].pieces, pieces):
                break
            last = i
            left, right = min(left, pieces[0].left), max(right, pieces[-1].right)
            labels = min(labels, pieces[1].left)
        elif i - last > _APART or (
            line.width > _WIDE * (right - left) and len(line.text) > _PROSE and pieces[0].right > labels
        ):
            break
    return last + 1


def _in_one_column(a: Line, b: Line) -> bool:
    return (a.left, a.right) == (b.left, b.right)


def _is_table(run: Sequence[TableRow], columns: Sequence[Interval]) -> bool:
    """Return whether a run of rows is a table, not lines of prose whose gaps happen to meet."""
    rows = several_cells(run)
    if any(is_numeric(rows, column) for column in columns):
        return len(rows) > 1
    if len(rows) < 3:
        return False
    gaps = [b[0] - a[1] for a, b in pairwise(columns)]
    height = median(piece.height for row in rows for piece in row.pieces)
    return max(gaps) >= height


def _is_prose(run: Sequence[TableRow], columns: Sequence[Interval]) -> bool:
    """Return whether lines of prose stand side by side: none are figures, and many go on in the middle of a
    sentence.
    """
    rows = several_cells(run)
    if any(is_numeric(rows, column) for column in columns):
        return False
    return go_on([row.pieces[-1].text for row in rows])


def _by_column(run: Sequence[TableRow], columns: Sequence[Interval]) -> Iterator[Line]:
    for left, right in columns:
        for row in run:
            pieces = tuple(piece for piece in row.pieces if left <= piece.left < right)
            if pieces:
                yield Line(pieces, left, right)


def _names_above(
    page: Sequence[Line],
    rows: Sequence[TableRow],
    free: int,
    at: int,
    body: Sequence[TableRow],
    columns: Sequence[Interval],
) -> Sequence[TableRow]:
    """Return the lines above the first row of several cells that name columns, groups of them or all of them;
    those from ``free`` on are in no other table.
    """
    found: list[TableRow] = []
    while at - len(found) > free and len(found) < _ABOVE:
        line, below = page[at - len(found) - 1], page[at - len(found)]
        apart = line.middle - below.middle
        if not _in_one_column(line, below) or not 0 < apart < _NEXT * line.height:
            break
        row = rows[at - len(found) - 1]
        is_full = line.width >= _FULL * (line.right - line.left)
        if _is_labelled(row, columns) and (is_full or len(row.pieces) == 1):
            if is_full:
                found = found[1:]  # the end of a caption that goes on from this line
            break
        found.insert(0, row)
    for first, row in enumerate(found):
        if not _is_labelled(row, columns) and names_columns([*found[first:], *body], columns):
            return found[first:]
    return ()


def _is_labelled(row: TableRow, columns: Sequence[Interval]) -> bool:
    """Return whether a row begins over the first column."""
    return overlap(row.pieces[0], columns[0])


def _unwrapped(run: Sequence[TableRow], columns: Sequence[Interval]) -> Sequence[TableRow]:
    """Return the rows of a table whose lines are further apart between two rows than inside their cells, each
    cell on one line; the ``run`` itself where that is not certain.
    """
    down = [a.middle - b.middle for a, b in pairwise(run)]
    near = _DENSER * min(down)
    groups = [[run[0]]]
    for row, distance in zip(run[1:], down, strict=True):
        if distance > near:
            groups.append([])
        groups[-1].append(row)
    if len(groups) < 2 or len(groups) == len(run):
        return run
    found = [_unwrapped_row(group, columns) for group in groups]
    return [row for row in found if row] if all(found) else run


def _unwrapped_row(group: Sequence[TableRow], columns: Sequence[Interval]) -> TableRow | None:
    """Return one row for the lines of ``group``; None if they are rows of their own."""
    cells: dict[int, Bit] = {}
    for row in group:
        spans = spans_of(row.pieces, columns)
        if spans is None:
            return None
        wraps = len(spans) < len(columns) or any(span.text[:1].islower() for span in spans)
        for piece, column, _ in spans:
            above = cells.get(column)
            if above and (not wraps or is_figure(piece) or is_figure(above)):
                return None
            cells[column] = merged(above, piece) if above else piece
    return TableRow(tuple(cells[column] for column in sorted(cells)), group[0].middle)
