"""Write each row of a table in a PDF as a line, with the names of its columns. Pure.

A cell gets the name of its column only where the geometry leaves no doubt: every column of figures has names
above it, and each name stands over columns that it fits. Where that holds for most columns only, these have
their names and the others have none. Otherwise the row keeps its order, with bars.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from qa.ingest.readers.pdf_layout import Bit, plain
from qa.ingest.readers.pdf_table_certain_names import lines_of_names, stretch_of
from qa.ingest.readers.pdf_table_grid import (
    COVERED,
    Interval,
    Span,
    TableRow,
    columns_of,
    has_digits,
    is_numeric,
    is_stacked,
    overlap,
    several_cells,
    spans_of,
    stand_out,
    stands_on_rule,
)
from qa.ingest.readers.pdf_table_header import (
    YEAR,
    Header,
    certain_header,
    has_no_label,
    row_cells,
    scarce_columns,
    whole_header,
)
from qa.ingest.readers.pdf_table_pieces import is_figure
from qa.ingest.readers.tables import Cell, table_lines

_SAME = 1.0
"""In points: how far apart an edge of a column, or its middle, may be on two pages. Set by hand: a program
draws the cells of a table at the same places on all of them.
"""


_PAIR = 2
"""The columns of a form: a rule under its first line parts a name and its value from others."""


class ColumnNames(NamedTuple):
    """The names of the columns of a table, and where these stand."""

    header: Header
    columns: Sequence[Interval]
    numeric: Sequence[int]
    """The columns of figures."""
    in_line: bool
    """True if cells that are not in line with the others of their column have no names."""


class TableText(NamedTuple):
    """The text of each row of a table, and the names that its last rows have; None for none."""

    lines: list[str]
    names: ColumnNames | None


def table_text(
    rows: Sequence[TableRow], columns: Sequence[Interval], before: ColumnNames | None = None
) -> TableText:
    """Return the text of a table. Rows at its start that have no names of their own have those of the table
    ``before``, at the end of the last page, if they certainly go on with it.
    """
    lines: list[str] = []
    names: ColumnNames | None = None
    start = 0
    while start < len(rows):
        head, stop = _part(rows, start, columns, _numeric(rows, columns))
        part = rows[start:stop]
        goes_on = before is not None and head == start == 0 and _goes_on(part, columns, before)
        names = before if goes_on else _names_of(part, head - start, columns, again=start > 0)
        lines += _part_lines(part, 0 if goes_on else head - start, columns, names, say_names=not goes_on)
        start = stop
    return TableText(lines, names)


def _goes_on(rows: Sequence[TableRow], columns: Sequence[Interval], before: ColumnNames) -> bool:
    """Return whether rows without names go on with the table ``before``: each column has an edge where one
    of the same kind has it there, and the first row is not drawn as names are, nor has it years for figures.
    """
    columns = columns_of(rows) or columns
    first = rows[0]
    years = [piece for piece in first.pieces[1:] if YEAR.fullmatch(piece.text)]
    return (
        len(columns) == len(before.columns)
        and all(map(_is_same, columns, before.columns))
        and _numeric(rows, columns) == before.numeric
        and overlap(first.pieces[0], columns[0])
        and len(years) < len(first.pieces) - 1
        and not stand_out(rows[:1], rows[1:])
        and _are_plain(rows, columns)
    )


def _is_same(a: Interval, b: Interval) -> bool:
    """Return whether two columns have an edge or the middle in common."""
    return min(abs(a[0] - b[0]), abs(a[1] - b[1]), abs(a[0] + a[1] - b[0] - b[1]) / 2) <= _SAME


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


def _names_of(
    rows: Sequence[TableRow], head: int, columns: Sequence[Interval], *, again: bool
) -> ColumnNames | None:
    """Return the names that the first ``head`` of some rows give to the others; None where it is not certain
    what they name.
    """
    body = rows[head:]
    columns = columns_of(body) or columns
    if not _are_plain(body, columns) or any(map(_is_pair, several_cells(rows[:head])[-1:])):
        return None
    names = list(lines_of_names(rows[:head], body, columns))
    whole = whole_header(names, body, columns, again)
    if not whole and (scarce := scarce_columns(names, body, columns)):
        every = sorted([*columns, *scarce])
        if whole := whole_header(names, body, every, again):
            columns = every
    found = whole or certain_header(names, body, columns, again)
    return ColumnNames(found, columns, _numeric(body, columns), in_line=not whole) if found else None


def _is_pair(row: TableRow) -> bool:
    """Return whether a row is a name with a colon and its value, "Country of origin: | DE (Germany)", which
    name nothing below. A year may: "In millions: | 2018".
    """
    if len(row.pieces) != _PAIR:
        return False
    name, value = (piece.text.strip() for piece in row.pieces)
    return name.endswith((":", "：")) and not YEAR.search(value)


def _part_lines(
    rows: Sequence[TableRow],
    head: int,
    columns: Sequence[Interval],
    names: ColumnNames | None,
    *,
    say_names: bool,
) -> Iterator[str]:
    """Yield the text of each row below one set of names, which are in the first ``head`` rows. Where these do
    not ``say_names``, they are on the page before.
    """
    body = rows[head:]
    # Tables that follow each other have columns of their own.
    columns = names.columns if names and say_names else columns_of(body) or columns
    width = len(columns)
    if names is None:
        yield from (line for _, line in table_lines([row_cells(row, None, width) for row in rows]))
        return
    named = names.header
    stretches: Sequence[Interval | None] = [None] * width
    if names.in_line:
        stretches = [None, *(stretch_of(body, column) for column in columns[1:])]
    above = list(lines_of_names(rows[:head], body, columns))[: named.above]
    cells = [row_cells(row, None, width) for row in above]
    cells += named.cells
    unsaid = 0 if say_names else len(cells)
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
    remark = named.remark if say_names else ""
    yield from (line for number, line in table_lines(cells, remark) if number > unsaid)


def _numeric(rows: Sequence[TableRow], columns: Sequence[Interval]) -> list[int]:
    """Return the columns of figures, without the first, which names the rows."""
    return [
        i for i, column in enumerate(columns) if i and is_numeric(rows, column) and has_digits(rows, column)
    ]


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
        return start + _names_of_words(rows[start:], columns), len(rows)
    stop = below
    while stop < len(rows) and not _may_be_names(rows[stop], columns, numeric):
        stop += 1
    own = columns_of(rows[head:stop]) or columns
    # So is what does, though it reaches under a name of the second one: such as the first line of a label.
    while head > start + 1 and _is_in_first(rows[head - 1], own):
        head -= 1
    return head, max(stop, start + 1)


def _names_of_words(rows: Sequence[TableRow], columns: Sequence[Interval]) -> int:
    """Return how many of the first ``rows`` of a table without figures are names, 0 or 1: the only row in
    bold, or over more than a name and its value the only one with a rule under it, if it fills all columns.
    """
    rest = several_cells(rows[1:])
    first = next(lines_of_names(rows[:1], rest, columns))
    if len(first.pieces) != len(columns) or any(map(_is_of_figures, first.pieces)):
        return 0
    bold = all(piece.bold for piece in first.pieces) and not any(all(p.bold for p in r.pieces) for r in rest)
    return int(bold or (len(columns) > _PAIR and stands_on_rule(rows[:1], rows[1:])))


def _is_in_first(row: TableRow, columns: Sequence[Interval]) -> bool:
    """Return whether nothing but a label stands in a row, in the first column."""
    over = [i for i, column in enumerate(columns) if overlap(row.pieces[0], column)]
    return len(row.pieces) == 1 and over == [0] and not has_no_label(row, columns)


def _is_of_figures(piece: Bit) -> bool:
    """Return whether most words of a piece are figures, as in a row of totals; a year alone may be a name."""
    words = piece.text.split()
    return 2 * sum(any(map(str.isdigit, word)) for word in words) > len(words) > 1


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
