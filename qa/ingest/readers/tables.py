"""Turn the rows of a table into lines that can be read, found and quoted by themselves.

A cell is never shown under a name that is not its own: where it is not clear what names it, nothing does.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, islice

from qa.errors import UserError
from qa.ingest.readers.base import MAX_CHARS
from qa.ingest.readers.table_grid import MAX_REPEATED, Cell, GridRow, Placed, grid_rows
from qa.ingest.readers.table_names import (
    MAX_DEPTH,
    MAX_NAME,
    Names,
    is_header,
    look_like_names,
    names_of,
    told_names,
)

__all__ = ["Cell", "row_lines", "table_lines"]

_AHEAD = MAX_DEPTH + 2
"""The rows that are looked at to tell which of them are names."""


def row_lines(rows: Iterable[Sequence[str]]) -> Iterator[tuple[int, str]]:
    """Yield the lines of a table that is likely to begin with a row of names (:func:`table_lines`). A row
    that is shorter than one before it lacks its last cells.
    """
    return table_lines(_padded(rows), guess=True)


def _padded(rows: Iterable[Sequence[str]]) -> Iterator[Sequence[Cell | str]]:
    width = 0
    for row in rows:
        width = max(width, len(row))
        yield [*row, Cell("", columns=width - len(row))] if len(row) < width else row


def table_lines(
    rows: Iterable[Sequence[Cell | str]], title: str = "", *, guess: bool = False
) -> Iterator[tuple[int, str]]:
    """Yield the number of each row that has text, from 1, and its line; ``title`` comes first, as number 1.

    A table may begin with rows of one cell, its title. Below rows of names, a row becomes
    ``Plant: Muruntau; Power: 54 MW``, so that its numbers can be understood by themselves; the rows of names
    have no lines then, since every other line repeats them. Names on several lines are joined, ``2018 Q1``.
    A cell that names a row stands before the others: ``Muruntau — Power: 54 MW``, or ``Power: 54 MW`` for a
    name and its value. Otherwise bars separate the cells: ``Muruntau | 54 MW``. A cell over several rows is
    in the line of each; one over several columns is said once, after all of their names.

    Names are those that the file says to be names; with ``guess``, also a first row that looks like names.

    Raises:
        UserError: the lines have more than ``MAX_CHARS`` characters, or cells cover too many rows.
    """
    size = 0
    for number, line in _titled(title, _lines(grid_rows(rows), guess)):
        size += len(line)
        if size > MAX_CHARS:
            raise UserError(f"it has more than {MAX_CHARS:,} characters of text; split it")
        yield number, line


def _titled(title: str, lines: Iterator[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    if line := " ".join(title.split()):
        yield 1, line
    yield from lines


def _lines(rows: Iterator[GridRow], guess: bool) -> Iterator[tuple[int, str]]:
    filled = (row for row in rows if row.shown)
    window = deque(islice(filled, _AHEAD))
    names, first = Names(), True
    while window:
        depth = _depth(window, first, guess)
        if depth:
            names = names_of(list(islice(window, depth)))
        elif not _is_said_below(window):
            yield window[0].number, _line(window[0], names)
        first = first and not depth and len(window[0].shown) == 1 and not window[0].shown[0].below
        for _ in range(depth or 1):
            window.popleft()
            window.extend(islice(filled, 1))


def _depth(window: deque[GridRow], first: bool, guess: bool) -> int:
    """Return how many of the next rows are names."""
    if _is_single(window[0]):
        return 0
    if is_header(window[0]):
        return told_names(list(window), first=first)
    return int(first and guess and len(window) > 1 and look_like_names(window[0]))


def _is_single(row: GridRow) -> bool:
    """Whether a row is one cell: a title, or the heading of the rows below."""
    return len(row.shown) == 1 and (row.shown[0].start == 0 or row.shown[0].stop - row.shown[0].start == 1)


def _is_said_below(window: deque[GridRow]) -> bool:
    """Whether the next row is nothing but cells that the row after it is going to have as well."""
    cells = window[0].shown
    return len(window) > 1 and all(cell.below and len(cell.text) <= MAX_REPEATED for cell in cells)


def _line(row: GridRow, names: Names) -> str:
    cells = [cell for cell in row.shown if cell.first or len(cell.text) <= MAX_REPEATED]
    if len(cells) == 1 and (cells[0].stop - cells[0].start > 1 or cells[0].header):
        return cells[0].text
    if names.width and cells and names.width <= row.width and cells[-1].stop <= names.starts[-1]:
        return _with_names(cells, names)
    return _with_keys(cells)


def _with_names(cells: Sequence[Placed], names: Names) -> str:
    """Return ``Muruntau — Power: 54 MW``; cells under one name stand together, as ``$`` and its number."""
    before: list[str] = []
    after: list[str] = []
    for runs, group in groupby(cells, names.over):
        name = ", ".join(dict.fromkeys(filter(None, (names.texts[run] for run in runs))))
        text = " ".join(cell.text for cell in group)
        if name and len(name) <= MAX_NAME:
            after.append(f"{name}: {text}")
        else:
            (after or before).append(text)
    return " — ".join(filter(None, (*before, "; ".join(after))))


def _with_keys(cells: Sequence[Placed]) -> str:
    """Return ``Power: 54 MW`` where the file says that the first names the second, else bars."""
    if not cells or not cells[0].header or all(cell.header for cell in cells):
        return " | ".join(cell.text for cell in cells)
    pairs: list[str] = []
    keys: list[str] = []
    for header, group in groupby(cells, lambda cell: cell.header):
        texts = [cell.text for cell in group]
        if header:
            keys = [text.rstrip(" :：") for text in texts]
        else:
            pairs.append(f"{' — '.join(keys)}: {' | '.join(texts)}")
            keys = []
    return "; ".join([*pairs, *keys])
