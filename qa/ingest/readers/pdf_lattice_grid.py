"""Find the cells that are drawn with rules on a page, and the text in each. Pure.

A rule that is not drawn between figures is added where its place is certain.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, product
from typing import NamedTuple

from qa.ingest.readers.pdf_layout import Bit, Row, rows
from qa.ingest.readers.pdf_table_pieces import is_figure, pieces_of
from qa.ingest.readers.table_values import is_period

_NEAR = 3.0
"""In points: ends of rules that are no further apart meet, and text that reaches further over a rule crosses
it. Set by hand: less than a letter."""

SLIM = 5.0
"""In points: rules that are no further apart are one, as a double one is. Set by hand: no row or column of
text is so slim."""

_MOST_RULES = 1_000
"""The most rules of a page in each direction: drawings have more. Set by hand."""

_MOST_SLOTS = 10_000
"""The most rows of a grid times its columns. Set by hand: no page has room for more."""

_COVERED = 0.5
"""The share of the side of a cell that a rule covers which parts it from the next one. Set by hand."""

_LEVEL = 1.5
"""In points: what is no further apart is on one line. Set by hand: a label in the middle of two rows is half
a line away from both."""

_FEWEST = 3
"""The fewest lines of a cell that are rows of a table: two may be a label in the middle of two rows."""


class Segment(NamedTuple):
    """A straight rule: its place, in points from the page's left or bottom, and its two ends."""

    at: float
    begin: float
    end: float


class Slots(NamedTuple):
    """The rows and columns of a cell: the first of each, from 0, and the one after the last."""

    top: int
    left: int
    bottom: int
    right: int


Texts = dict[Slots, list[Bit]]
"""The fragments in each cell."""


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells between rules that touch each other, and where they are."""

    columns: Sequence[float]
    """Where columns begin and end, from left to right."""
    heights: Sequence[float]
    """Where rows begin and end, from the top down."""
    cells: Sequence[Slots]
    cell_at: Mapping[tuple[int, int], Slots]
    """The cell that covers a row and a column."""

    def holds(self, bit: Bit) -> bool:
        """Return whether the middle of a fragment is inside."""
        inside = self.columns[0] <= (bit.left + bit.right) / 2 <= self.columns[-1]
        return inside and self.heights[-1] <= bit.middle <= self.heights[0]

    def texts(self, bits: Iterable[Bit]) -> Texts | None:
        """Return the fragments in each cell; None where one crosses a rule."""
        found: Texts = {cell: [] for cell in self.cells}
        for bit in filter(self.holds, bits):
            for part in self._parts(bit):
                cell = self.cell_at[self._row_of(part), self._nearest_column(part)]
                if not self._is_between(part, cell.left, cell.right):
                    return None
                found[cell].append(part)
        return found

    def column_of(self, bit: Bit) -> int | None:
        """Return the column that a fragment inside is in; None where it reaches into another."""
        column = self._nearest_column(bit)
        return column if self._is_between(bit, column, column + 1) else None

    def _parts(self, bit: Bit) -> Iterator[Bit]:
        """Yield a fragment, divided at those of its gaps in which a column ends."""
        start, left = 0, bit.left
        for cut in bit.cuts:
            if any(cut.left - 1 <= column <= cut.right + 1 for column in self.columns):
                yield replace(bit, text=bit.text[start : cut.at], left=left, right=cut.left, cuts=())
                start, left = cut.at + 1, cut.right
        yield replace(bit, text=bit.text[start:], left=left, cuts=())

    def _nearest_column(self, bit: Bit) -> int:
        return max(bisect_right(self.columns, (bit.left + bit.right) / 2, hi=len(self.columns) - 1) - 1, 0)

    def _row_of(self, bit: Bit) -> int:
        down = [-height for height in self.heights]
        return max(bisect_right(down, -bit.middle, hi=len(down) - 1) - 1, 0)

    def _is_between(self, bit: Bit, left: int, right: int) -> bool:
        return self.columns[left] - _NEAR <= bit.left and bit.right <= self.columns[right] + _NEAR


def find_grids(
    bits: Sequence[Bit], horizontal: Sequence[Segment], vertical: Sequence[Segment]
) -> Iterator[tuple[Grid, Texts]]:
    """Yield the grids among the rules of a page, and which of its ``bits`` are in each cell. Rules that a
    text crosses are not those of cells, and neither are those around figures beside each other.
    """
    across, down = _joined(horizontal), _joined(vertical)
    if max(len(across), len(down)) > _MOST_RULES:
        return
    for rules in _connected(across, down):
        found = _filled(rules, bits)
        for undrawn in (_between_columns, _between_rows):
            more = found and undrawn(*found)
            if more:
                rules = _Rules((*rules.across, *more.across), (*rules.down, *more.down))
                found = _filled(rules, bits)
        if found and not any(map(_is_crowded, found[1].values())):
            yield found


@dataclass(frozen=True, slots=True)
class _Rules:
    """Rules that touch each other."""

    across: tuple[Segment, ...]
    down: tuple[Segment, ...]


def _joined(rules: Iterable[Segment]) -> list[Segment]:
    """Return ``rules`` with those joined that go on from each other."""
    level: list[Segment] = []
    for rule in sorted(rules):
        near = level and rule.at - level[-1].at <= _NEAR
        level.append(rule._replace(at=level[-1].at) if near else rule)
    found: list[Segment] = []
    for rule in sorted(level):
        if found and found[-1].at == rule.at and rule.begin - found[-1].end <= _NEAR:
            found[-1] = found[-1]._replace(end=max(found[-1].end, rule.end))
        else:
            found.append(rule)
    return found


def _connected(across: Sequence[Segment], down: Sequence[Segment]) -> Iterator[_Rules]:
    """Yield the groups of rules that touch each other, with rules in both directions."""
    rest = (list(across), list(down))
    while rest[0]:
        group: tuple[list[Segment], list[Segment]] = ([rest[0].pop()], [])
        waiting = [(0, group[0][0])]
        while waiting:
            side, rule = waiting.pop()
            touching = [other for other in rest[1 - side] if _touch(rule, other)]
            rest[1 - side][:] = [other for other in rest[1 - side] if not _touch(rule, other)]
            group[1 - side].extend(touching)
            waiting += [(1 - side, other) for other in touching]
        if group[1]:
            yield _Rules(tuple(group[0]), tuple(group[1]))


def _touch(a: Segment, b: Segment) -> bool:
    """Return whether two rules, one across and one down, meet."""
    return a.begin - _NEAR <= b.at <= a.end + _NEAR and b.begin - _NEAR <= a.at <= b.end + _NEAR


def _filled(rules: _Rules, bits: Sequence[Bit]) -> tuple[Grid, Texts] | None:
    """Return the cells between ``rules`` and the text of each; None where they are no cells."""
    grid = _grid(rules)
    texts = grid and grid.texts(bits)
    return (grid, texts) if grid and texts else None


def _grid(rules: _Rules) -> Grid | None:
    """Return the cells between rules; None where there are too few or too many, or they are no rectangles."""
    columns, heights = _edges(rules.down, rules.across), _edges(rules.across, rules.down)[::-1]
    width, height = len(columns) - 1, len(heights) - 1
    if min(width, height) < 2 or width * height > _MOST_SLOTS:
        return None
    down = [[rule for rule in rules.down if abs(rule.at - place) <= SLIM] for place in columns]
    across = [[rule for rule in rules.across if abs(rule.at - place) <= SLIM] for place in heights]

    def has_right(row: int, column: int) -> bool:
        return _cover(down[column + 1], heights[row + 1], heights[row])

    def has_bottom(row: int, column: int) -> bool:
        return _cover(across[row + 1], columns[column], columns[column + 1])

    cells: list[Slots] = []
    cell_at: dict[tuple[int, int], Slots] = {}
    for row, column in product(range(height), range(width)):
        if (row, column) in cell_at:
            continue
        right = next((x + 1 for x in range(column, width - 1) if has_right(row, x)), width)
        bottom = next((y + 1 for y in range(row, height - 1) if has_bottom(y, column)), height)
        slots = list(product(range(row, bottom), range(column, right)))
        if not cell_at.keys().isdisjoint(slots) or any(
            (x + 1 < right and has_right(y, x)) or (y + 1 < bottom and has_bottom(y, x)) for y, x in slots
        ):
            return None
        cells.append(Slots(row, column, bottom, right))
        cell_at |= dict.fromkeys(slots, cells[-1])
    return Grid(columns, heights, cells, cell_at)


def _edges(rules: Sequence[Segment], crossing: Sequence[Segment]) -> list[float]:
    """Return the places of ``rules``, and where those that cross them end, in order."""
    ends = (min(rule.begin for rule in crossing), max(rule.end for rule in crossing))
    found: list[float] = []
    for place in sorted([*(rule.at for rule in rules), *ends]):
        if not found or place - found[-1] > SLIM:
            found.append(place)
    return found


def _cover(rules: Sequence[Segment], begin: float, end: float) -> bool:
    """Return whether ``rules`` at one place cover most of the way between two others."""
    covered = sum(max(0.0, min(rule.end, end) - max(rule.begin, begin)) for rule in rules)
    return covered >= _COVERED * (end - begin)


def _between_columns(grid: Grid, texts: Texts) -> _Rules | None:
    """Return the rules that are not drawn between the cells of a row, each in a column of its own: figures,
    whose names are in drawn cells, or a text for each column.
    """
    found: list[Segment] = []
    for cell, bits in texts.items():
        columns = [grid.column_of(bit) for bit in bits]
        apart = cell.bottom - cell.top == 1 and None not in columns and len(set(columns)) > 1
        fills = len(bits) == len(set(columns)) == cell.right - cell.left
        if apart and (fills or any(is_figure(bit) and not is_period(bit.text) for bit in bits)):
            edges = grid.columns[cell.left + 1 : cell.right]
            found += [Segment(place, grid.heights[cell.bottom], grid.heights[cell.top]) for place in edges]
    return _Rules((), tuple(found)) if found else None


def _between_rows(grid: Grid, texts: Texts) -> _Rules | None:
    """Return the rules that are not drawn between rows: several figures are below each other in one cell,
    beside several lines in another; or the lines of a cell are level with drawn rows beside it.
    """
    found: list[Segment] = []
    for top, bottom in {(cell.top, cell.bottom) for cell in grid.cells}:
        beside = [cell for cell in grid.cells if (cell.top, cell.bottom) == (top, bottom)]
        several = [cell for cell in beside if len(rows(texts[cell])) > 1]
        if len(several) > 1 and any(_figures(texts[cell]) > 1 for cell in several):
            lines = rows([bit for cell in beside for bit in texts[cell]])
            places = [(_bottom(above) + _top(below)) / 2 for above, below in pairwise(lines)]
            parted = [cell for cell in beside if cell in several or _is_level(texts[cell], lines)]
        else:
            places = list(grid.heights[top + 1 : bottom])
            parted = [cell for cell in several if _are_rows(cell, texts)]
        for cell in parted:
            found += [Segment(place, grid.columns[cell.left], grid.columns[cell.right]) for place in places]
    return _Rules(tuple(found), ()) if found else None


def _figures(bits: Sequence[Bit]) -> int:
    """Return how many lines of a cell are figures."""
    return sum(all(map(is_figure, line)) for line in rows(bits))


def _bottom(line: Row) -> float:
    return min(bit.bottom for bit in line)


def _top(line: Row) -> float:
    return max(bit.top for bit in line)


def _is_level(bits: Sequence[Bit], lines: Sequence[Row]) -> bool:
    """Return whether the only line of a cell stands in one of ``lines`` with others: in the middle of several
    it is about all of them.
    """
    return any(len(line) > len(bits) for line in lines if bits and bits[0] in line)


def _are_rows(cell: Slots, texts: Texts) -> bool:
    """Return whether each line of a cell is level with text of a row that is drawn beside it."""
    lines = rows(texts[cell])
    places = [
        bit.middle
        for other, bits in texts.items()
        if cell.top <= other.top and other.bottom <= cell.bottom and other.bottom - other.top == 1
        for bit in bits
    ]
    return len(lines) >= _FEWEST and all(
        any(abs(line[0].middle - place) <= _LEVEL for place in places) for line in lines
    )


def _is_crowded(bits: Sequence[Bit]) -> bool:
    """Return whether figures stand beside each other in a cell: they are several columns then."""
    return any(sum(map(is_figure, pieces_of(line))) > 1 for line in rows(bits))
