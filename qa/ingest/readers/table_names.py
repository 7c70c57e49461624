"""Tell which rows of a table name its columns, and which name stands over which cell."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from qa.ingest.readers.table_grid import GridRow, Placed

MAX_NAME = 120
"""The longest name of a column, in characters: longer text over a column is prose. Set by hand."""

MAX_DEPTH = 6
"""The most rows that name the columns of one table. Set by hand."""

_NUMBER = re.compile(r"[-+]?[\d.,\s%]+")
_PERIOD = re.compile(r"(?:FY|CY)?\s?'?(?:19|20)\d\d(?:/\d\d(?:\d\d)?)?\s?[A-Z]?", re.IGNORECASE)
"""A year, as the name of a column."""


@dataclass(frozen=True, slots=True)
class Names:
    """The names of a table's columns: of each run of columns under the same cells, those cells' texts."""

    starts: tuple[int, ...] = ()
    """Where each run of columns begins; it ends where the next one begins."""
    texts: tuple[str, ...] = ()
    """The name of each run, from top to bottom; empty for none."""

    @property
    def width(self) -> int:
        """The column after the last one that has a name."""
        named = [i for i, text in enumerate(self.texts) if text]
        return self.starts[named[-1] + 1] if named else 0

    def over(self, cell: Placed) -> range:
        """Return the runs of columns that ``cell`` covers."""
        last = bisect_left(self.starts, cell.stop)
        return range(min(bisect_right(self.starts, cell.start) - 1, last - 1), last)


def names_of(rows: Sequence[GridRow]) -> Names:
    """Return the names that header ``rows`` give, the texts over a column joined from top to bottom."""
    cells = [cell for row in rows for cell in row.cells if cell.first or row is rows[0]]
    starts = sorted({edge for cell in cells for edge in (cell.start, cell.stop)} | {0})
    stacks = _Stacks(starts)
    for cell in cells:
        if cell.text:
            stacks.put(cell)
    return Names(tuple(starts), tuple(stacks.names()))


@dataclass(slots=True)
class _Stacks:
    """The header cells over each run of columns."""

    starts: Sequence[int]
    over: dict[int, list[str]] = field(default_factory=dict)

    def put(self, cell: Placed) -> None:
        for run in range(bisect_left(self.starts, cell.start), bisect_left(self.starts, cell.stop)):
            stack = self.over.setdefault(run, [])
            if cell.text not in stack[-1:]:
                stack.append(cell.text)

    def names(self) -> Iterator[str]:
        for run in range(len(self.starts)):
            name = " ".join(self.over.get(run, ())).rstrip(" :：")
            yield name if len(name) <= MAX_NAME else ""


def told_names(window: Sequence[GridRow], *, first: bool) -> int:
    """Return how many rows at the start of ``window`` the file itself says to be names of columns.

    Rows further down than the ``first`` of a table name its columns anew, unless they have numbers: those
    are totals.
    """
    depth = 0
    for index, row in enumerate(window[: MAX_DEPTH + 1]):
        if not is_header(row):
            break
        if index + 1 < len(window) and not any(cell.below for cell in row.cells):
            depth = index + 1
    head = window[:depth]
    if not depth or all(map(is_header, window)) or sum(map(bool, names_of(head).texts)) < 2:
        return 0
    return depth if first or all(_may_name(cell.text) for row in head for cell in row.shown) else 0


def is_header(row: GridRow) -> bool:
    """Whether the file says of every cell of ``row`` that it names something."""
    return bool(row.shown) and all(cell.header for cell in row.shown)


def look_like_names(row: GridRow) -> bool:
    """Whether a first row looks like names: at least two, all different, none long, and no numbers."""
    texts = [cell.text for cell in row.shown]
    if not 1 < len(texts) == len(set(texts)) or any(len(text) > MAX_NAME for text in texts):
        return False
    return not any(map(_NUMBER.fullmatch, texts))


def _may_name(text: str) -> bool:
    return bool(_PERIOD.fullmatch(text)) or not _NUMBER.fullmatch(text)
