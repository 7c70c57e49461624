"""Read the tables of a page whose cells are drawn with rules. Pure.

Such a table is a lattice, as camelot and others call it. Its rules show which columns a name stands over,
wherever in its cell the text is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import zip_longest

from qa.ingest.readers.pdf_furniture import EDGE
from qa.ingest.readers.pdf_lattice_grid import SLIM, Grid, Segment, Texts, find_grids
from qa.ingest.readers.pdf_layout import CAPTION_LABEL, Bit, Row, plain, rows, without_leader
from qa.ingest.readers.pdf_paragraphs import continued
from qa.ingest.readers.pdf_table_header import is_share_of_one_before
from qa.ingest.readers.pdf_table_names import header_readings
from qa.ingest.readers.pdf_table_pieces import is_figure, pieces_of
from qa.ingest.readers.table_grid import GridCell, GridRow, grid_rows
from qa.ingest.readers.table_names import names_of, period
from qa.ingest.readers.table_values import columns_of, is_dash, is_period, is_value
from qa.ingest.readers.tables import Cell, read_table

_ABOVE = 2.0
"""In heights of a line: names that are not drawn in cells are no further above the table. As the lines above
other tables."""

_BELOW = 2
"""The fewest rows below a drawn table that are of it too, and the fewest cells of each: one row may be a
total. Set by hand."""

_COLUMNS = 2
"""The fewest columns of figures over which words are names: over one they may be a form's first pair."""


@dataclass(frozen=True, slots=True)
class LatticeRow:
    """A row of a table whose cells are drawn."""

    cells: tuple[Cell, ...]
    """Those that begin in it, from left to right."""
    place: Bit | None
    """A fragment without text, as wide as the table and where the first line of the row is; None for a row on
    another page."""
    is_bold: bool
    """True if all of it is bold."""


@dataclass(frozen=True, slots=True)
class Lattice:
    """A table whose cells are drawn."""

    columns: tuple[float, ...]
    """Where its columns begin and end, in points from the left."""
    names: tuple[LatticeRow, ...]
    """The names of its columns, with the titles above them."""
    rows: tuple[LatticeRow, ...]
    """The others, from the top down."""
    bits: frozenset[Bit]
    """The fragments of its text."""
    sideways: tuple[Bit, ...]
    """Those that run up or down."""

    @property
    def top(self) -> float:
        """The height of its first line, in points from the bottom of the page."""
        return max(row.place.top for row in (*self.names, *self.rows) if row.place)

    @property
    def bottom(self) -> float:
        """The height of its last line."""
        return min(row.place.bottom for row in self.rows if row.place)

    def ends(self, bits: Sequence[Bit]) -> bool:
        """Return whether no more stands below it, among the fragments of its page, than a footer."""
        return len(rows([bit for bit in bits if bit.middle < self.bottom])) <= EDGE

    def lines(self, number: int) -> Iterator[Bit]:
        """Yield the line of each row as a fragment of the table that has a ``number`` on its page."""
        table = [*self.names, *self.rows]
        for line in read_table([row.cells for row in table]):
            if place := table[line.number - 1].place:
                yield replace(place, text=line.text, table=number)


def find_lattices(
    bits: Sequence[Bit],
    sideways: Sequence[Bit],
    horizontal: Sequence[Segment],
    vertical: Sequence[Segment],
    before: Lattice | None = None,
) -> Iterator[Lattice]:
    """Yield the lattices among the rules of a page whose fragments are ``bits``; those of text that runs up
    or down it are ``sideways``, at their places. A table whose columns have no names is left out, unless it
    is at the top and goes on with the one ``before``, with which the last page ends.
    """
    for grid, texts in find_grids(bits, horizontal, vertical):
        turned = [bit for bit in sideways if grid.holds(bit)]
        upright = grid.texts(turned)
        if upright is None or _has_labels_outside(bits, grid, texts) or _goes_on_below(bits, grid):
            continue
        inside = [bit for bit in bits if grid.holds(bit)]
        table = list(_rows(grid, texts, upright))
        depth = _names(table)
        if not depth and (line := _line_above(bits, grid)) and (row := _row_above(line, grid, texts)):
            depth = _names([row, *table])
            if depth:
                inside, table = [*line, *inside], [row, *table]
        names = [_told(row) for row in table[:depth]]
        if not depth and before and _are_same(before.columns, grid.columns) and _is_at_top(bits, grid):
            going_on = [replace(row, place=None) for row in before.names]
            names = going_on if _names([*going_on, *table]) == len(going_on) else []
        if names:
            yield Lattice(
                tuple(grid.columns), tuple(names), tuple(table[depth:]), frozenset(inside), tuple(turned)
            )


def _has_labels_outside(bits: Sequence[Bit], grid: Grid, texts: Texts) -> bool:
    """Return whether a text to the left of a grid is level with figures that begin its rows, as a name is."""
    figures = [bit for cell, some in texts.items() if not cell.left for bit in some if is_figure(bit)]
    outside = [bit for bit in bits if bit.left + bit.right < 2 * grid.columns[0]]
    return any(bit.bottom < figure.middle < bit.top for bit in outside for figure in figures)


def _goes_on_below(bits: Sequence[Bit], grid: Grid) -> bool:
    """Return whether rows that are not drawn stand right below a grid, in its columns: it is part of them."""
    last = grid.heights[-1]
    below = rows([bit for bit in bits if bit.middle < last])[:_BELOW]
    for line in below:
        inside = [bit for bit in line if grid.columns[0] <= bit.left and bit.right <= grid.columns[-1]]
        columns = {grid.column_of(bit) for bit in inside}
        apart = last - max(bit.top for bit in line)
        if len(columns) < _BELOW or None in columns or apart > _ABOVE * line[0].height:
            return False
        last = line[0].bottom
    return len(below) == _BELOW


def _rows(grid: Grid, texts: Texts, upright: Texts) -> Iterator[LatticeRow]:
    """Yield the rows that have text, or are the first of a cell that covers several."""
    said = {cell: _text(rows(texts[cell]) or [tuple(upright[cell])]) for cell in grid.cells}
    full = sorted({cell.top for cell, text in said.items() if text or cell.bottom - cell.top > 1})
    for row in full:
        own = [cell for cell in grid.cells if cell.top == row]
        bits = [bit for cell in own for bit in texts[cell]]
        top = max((bit.top for bit in bits), default=grid.heights[row])
        size = min((bit.height for bit in bits), default=top - grid.heights[row + 1])
        yield LatticeRow(
            tuple(
                Cell(said[cell], sum(cell.top <= each < cell.bottom for each in full), cell.right - cell.left)
                for cell in own
            ),
            Bit("", grid.columns[0], top - size, grid.columns[-1], top),
            bool(bits) and all(bit.bold for bit in bits),
        )


def _text(lines: Sequence[Row]) -> str:
    """Return the text of the lines of a cell."""
    return reduce(
        continued, (" ".join(without_leader(bit.text) for bit in line) for line in lines), ""
    ).strip()


def _names(table: Sequence[LatticeRow]) -> int:
    """Return how many of the first rows of a table are the names of its columns, with the titles above them;
    0 where that is not certain.

    They are words or years over columns of nothing but figures, two at least; or bold, as most rows are not.
    """
    grid = list(grid_rows(row.cells for row in table))
    values = (
        i
        for i, row in enumerate(grid)
        if any(is_dash(c.text) or (is_value(c.text) and not is_period(c.text)) for c in row.shown[1:])
    )
    depth = _without_headings(grid, next(values, 0))
    holding = columns_of(grid[depth:]).figures.items()
    enough = sum(figures for start, figures in holding if start) >= _COLUMNS
    if enough and _name_all(grid[:depth], grid[depth:]):
        return depth
    depth = _without_headings(grid, next((i for i, row in enumerate(table) if not row.is_bold), 0))
    alone = 2 * sum(row.is_bold for row in table[depth:]) <= len(table) - depth
    return depth if alone and _name_all(grid[:depth], grid[depth:]) else 0


def _without_headings(grid: Sequence[GridRow], depth: int) -> int:
    """Return how many of the first ``depth`` rows are no headings, in the first column, of the others."""
    while depth and not any(cell.start for cell in grid[depth - 1].shown):
        depth -= 1
    return depth


def _name_all(head: Sequence[GridRow], below: Sequence[GridRow]) -> bool:
    """Return whether rows of names name all columns of several rows ``below`` but the first, each by a name
    of its own; a share may have that of others, behind the column that it is a share of, and all names may
    come again, where a list goes on to the right.
    """
    over = names_of(head)
    starts = sorted({0, *(cell.start for row in below for cell in row.shown)})
    first, *names = [
        over.joined(over.over(GridCell("", start, start + 1, False, 0, True))) for start in starts
    ]
    apart = all(names.count(name) == 1 or is_share_of_one_before(names, i) for i, name in enumerate(names))
    goes_on = period([first, *names]) <= len(names)
    return bool(head and names) and len(below) > 1 and all(names) and (apart or goes_on)


def _told(row: LatticeRow) -> LatticeRow:
    """Return a row of names whose cells say that they are."""
    cells = (replace(cell, text=cell.text.rstrip(" :"), header=True) for cell in row.cells)
    return replace(row, cells=tuple(cells))


def _line_above(bits: Sequence[Bit], grid: Grid) -> Row:
    """Return the line right above a grid, if all of it is over it; nothing otherwise."""
    near = [bit for bit in bits if 0 < bit.middle - grid.heights[0] < _ABOVE * bit.height]
    line = rows(near)[-1] if near else ()
    left, right = grid.columns[0] - SLIM, grid.columns[-1] + SLIM
    return line if all(left <= bit.left and bit.right <= right for bit in line) else ()


def _row_above(line: Row, grid: Grid, texts: Texts) -> LatticeRow | None:
    """Return a line above a grid as names that are not drawn in cells, each over those cells of the first row
    that it stands over; None where it is not certain which.
    """
    below = [cell for cell in grid.cells if cell.top == 0]
    columns = [(grid.columns[cell.left], grid.columns[cell.right]) for cell in below]
    names = [
        replace(line[0], text=_text(rows(texts[cell])), left=left, right=right)
        for cell, (left, right) in zip(below, columns, strict=True)
    ]
    readings = [way[0] for way in header_readings([pieces_of(line), names], columns)]
    if len(readings) != 1:
        return None
    (spans,) = readings
    cells = [Cell("", columns=below[spans[0].start].left)] if spans[0].start else []
    for span, after in zip_longest(spans, spans[1:]):
        stop = below[after.start].left if after else below[-1].right
        cells.append(Cell(plain(span.text), columns=stop - below[span.start].left))
    bottom, top = min(bit.bottom for bit in line), max(bit.top for bit in line)
    place = Bit("", grid.columns[0], bottom, grid.columns[-1], top)
    return LatticeRow(tuple(cells), place, all(bit.bold for bit in line))


def _is_at_top(bits: Sequence[Bit], grid: Grid) -> bool:
    """Return whether no more stands above a grid than a running head, and no caption."""
    above = rows([bit for bit in bits if bit.middle > grid.heights[0]])
    return len(above) <= EDGE and not any(CAPTION_LABEL.match(line[0].text) for line in above)


def _are_same(some: Sequence[float], others: Sequence[float]) -> bool:
    """Return whether columns begin and end at the same places."""
    return len(some) == len(others) and all(abs(a - b) <= SLIM for a, b in zip(some, others, strict=True))
