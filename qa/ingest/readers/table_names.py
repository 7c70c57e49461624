"""The names of a table's columns, and which of them stand over a cell."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from qa.ingest.readers.table_grid import GridCell, GridRow
from qa.ingest.readers.table_values import are_periods, is_dash

MAX_NAME = 120
"""The longest name of a column, in characters: longer text over a column is prose. Set by hand."""

_MOST_PARTS = 6
"""The most parts of a list that goes on to the right. Set by hand: where names come again more often,
something above tells the parts apart, such as years."""


_FEWEST_OF_A_PART = 2
"""The fewest columns of such a part: a name and a value."""


@dataclass(frozen=True, slots=True)
class Names:
    """The names of a table's columns: of each run of columns under the same cells, those cells' texts."""

    starts: tuple[int, ...] = ()
    """The beginning of each run of columns; it ends where the next one begins."""
    texts: tuple[str, ...] = ()
    """The name of each run, from top to bottom; empty for none."""

    @property
    def width(self) -> int:
        """The column after the last one that has a name."""
        named = [i for i, text in enumerate(self.texts) if text]
        return self.starts[named[-1] + 1] if named else 0

    @property
    def parts(self) -> list[range]:
        """The columns of each part of a table whose names come again beside themselves, as where a long list
        goes on to the right; none for other tables.
        """
        named = [run for run, text in enumerate(self.texts) if text]
        size = period([self.texts[run] for run in named])
        if size == len(named):
            return []
        edges = [0, *(self.starts[run] for run in named[size::size]), self.starts[-1]]
        return [range(start, stop) for start, stop in pairwise(edges)]

    def over(self, cell: GridCell) -> range:
        """Return the runs of columns that ``cell`` covers."""
        last = bisect_left(self.starts, cell.stop)
        return range(min(bisect_right(self.starts, cell.start) - 1, last - 1), last)

    def joined(self, runs: Iterable[int]) -> str:
        """Return the names of ``runs`` as one; that of a group does not stand beside those of its parts."""
        texts = dict.fromkeys(self.texts[run] for run in runs if self.texts[run])
        return ", ".join(text for text in texts if not any(each.startswith(f"{text} ") for each in texts))


def period(names: Sequence[str]) -> int:
    """Return after how few names all of them come again, two at least; the number of ``names`` for never,
    and for more parts than a list has that goes on to the right.
    """
    sizes = (size for size in range(_FEWEST_OF_A_PART, len(names)) if not len(names) % size)
    alike = (size for size in sizes if list(names) == [*names[:size]] * (len(names) // size))
    size = next(alike, len(names))
    return size if len(names) <= _MOST_PARTS * size else len(names)


def names_of(rows: Sequence[GridRow]) -> Names:
    """Return the names that header ``rows`` give, the texts over a column joined from top to bottom.

    Beside years that nothing but their look makes names, a word is the title of the rows, and so is a word
    over the first column that does not stand in the last of the rows: such as ``In millions``.
    """
    cells = [cell for row in rows for cell in row.cells if cell.first or row is rows[0]]
    starts = sorted({edge for cell in cells for edge in (cell.start, cell.stop)} | {0})
    stacks = _Stacks(starts)
    for index, row in enumerate(rows):
        periods = are_periods(row.shown[1:]) and not is_header(row) and not row.shown[0].below
        for cell in row.shown[1:] if periods else row.shown:
            if (cell.first or row is rows[0]) and not _is_title_of_rows(cell, rows, index):
                stacks.put(cell)
    return Names(tuple(starts), tuple(stacks.names()))


def titles_of_rows(rows: Sequence[GridRow]) -> list[str]:
    """Return what stands over the first column in header ``rows`` above the last, and names no column."""
    return [
        cell.text
        for index, row in enumerate(rows)
        for cell in row.shown[:1]
        if cell.first and _is_title_of_rows(cell, rows, index)
    ]


def _is_title_of_rows(cell: GridCell, rows: Sequence[GridRow], index: int) -> bool:
    last = len(rows) - 1
    return cell.start == 0 and index < last and cell.below < last - index


@dataclass(slots=True)
class _Stacks:
    """The header cells over each run of columns."""

    starts: Sequence[int]
    over: dict[int, list[str]] = field(default_factory=dict)

    def put(self, cell: GridCell) -> None:
        if is_dash(cell.text):  # the column has no name
            return
        for run in range(bisect_left(self.starts, cell.start), bisect_left(self.starts, cell.stop)):
            stack = self.over.setdefault(run, [])
            if cell.text not in stack[-1:]:
                stack.append(cell.text)

    def names(self) -> Iterator[str]:
        for run in range(len(self.starts)):
            name = " ".join(self.over.get(run, ())).rstrip(" :：")
            yield name if len(name) <= MAX_NAME else ""


def is_header(row: GridRow) -> bool:
    """Return whether the file says of every cell of ``row`` that it names something."""
    return bool(row.shown) and all(cell.header for cell in row.shown)
