"""Read rows of tables back from a text, as the readers of files write them. Pure.

A reader writes a row as ``Plant: Aktau; Power: 80 MW``, as ``Aktau — Power: 80 MW`` or as ``Aktau | 80 MW``
(:mod:`qa.ingest.readers.tables`); in Markdown rows stand between bars.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

MAX_NAME = 120
"""The longest name of a column, in characters; the readers write no longer one."""

_LINE = re.compile(r"[^\n]+\n{0,2}")
_RULE = re.compile(r"\|?(\s*:?-{3,}:?\s*\|)+(\s*:?-{3,}:?\s*)?")
"""The line of Markdown below the names of columns."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Characters of a row from ``start`` to ``stop``; those from ``shown`` to ``end`` are shown."""

    column: str
    start: int
    shown: int
    end: int
    stop: int


Row = tuple[Cell, ...]

_BAR = "|"
"""The beginning of what stands for the name of a column between bars that has none."""


def is_numbered(column: str) -> bool:
    """Return whether a column has no name but its number among others, as between bars."""
    return column.startswith(_BAR)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows that follow each other in a text."""

    names: dict[str, str]
    """The text of the head for each column, in their order; empty for nothing."""
    rows: tuple[Row, ...]
    has_head: bool = False
    """True if the first row has the names."""


def find_tables(text: str) -> list[Table]:
    """Return the tables of ``text``: at least two rows that have their columns in common."""
    tables: list[Table] = []
    rows: list[Row] = []
    columns: list[str] = []
    head = False

    def end() -> None:
        if len(rows) > 1 or head:
            names = {each: "" if is_numbered(each) else each for each in columns}
            if head:
                names = {cell.column: text[cell.shown : cell.end] for cell in rows[0]}
            tables.append(Table(names, tuple(rows), head))

    for line in _LINE.finditer(text):
        follows = bool(rows) and rows[-1][-1].stop == line.start()
        if follows and len(rows) == 1 and _RULE.fullmatch(line[0].strip()):
            rows[0] = (*rows[0][:-1], replace(rows[0][-1], stop=line.end()))
            head = True
            continue
        row = _read_row(text, line)
        if row and follows and have_columns(row, columns):
            columns = _merged(columns, row)
            rows.append(row)
            continue
        end()
        rows, columns, head = (
            ([row], [cell.column for cell in row], False) if len(row) > 1 else ([], [], False)
        )
    end()
    return tables


def have_columns(row: Row, columns: Sequence[str]) -> bool:
    """Return whether a row has the columns of a table: all between bars, else two, or its only one."""
    own = [cell.column for cell in row]
    if is_numbered(own[0]) or is_numbered(columns[0]):
        return own == list(columns)
    return len(set(own) & set(columns)) >= min(2, len(own))


def _merged(columns: Sequence[str], row: Row) -> list[str]:
    """Return the columns with those that only ``row`` has, each after the one it follows there."""
    merged, place = list(columns), 0
    for cell in row:
        if cell.column in merged:
            place = merged.index(cell.column) + 1
        else:
            merged.insert(place, cell.column)
            place += 1
    return merged


def _read_row(text: str, line: re.Match[str], *, repeated: bool = False) -> Row:
    return _barred_row(text, line) or _named_row(text, line, repeated=repeated)


def _named_row(text: str, line: re.Match[str], *, repeated: bool) -> Row:
    """Return the cells of ``Aktau — Power: 80 MW; Year: 1995``; none if the line is no such row."""
    start, end = line.start(), line.start() + len(line[0].rstrip("\n"))
    colon = text.find(": ", start, end)
    if colon < 0:
        return ()
    cells: list[Cell] = []
    dash = text.rfind(" — ", start, colon)
    if dash > start:
        cells.append(Cell("", start, start, dash, dash + 3))
        start = dash + 3
    while start < end:
        semicolon = text.find("; ", start, end)
        stop, after = (end, line.end()) if semicolon < 0 else (semicolon, semicolon + 2)
        colon = text.find(": ", start, stop)
        if start < colon <= start + MAX_NAME:
            cells.append(Cell(text[start:colon], start, colon + 2, stop, after))
        elif cells:  # the text of a cell may have a semicolon
            cells[-1] = replace(cells[-1], end=stop, stop=after)
        else:
            return ()
        start = after
    names = [cell.column for cell in cells]
    once = repeated or len(set(names)) == len(names)
    return tuple(cells) if once and not any(map(is_numbered, names)) else ()


def _barred_row(text: str, line: re.Match[str]) -> Row:
    """Return the cells of ``Aktau | 80 MW`` or ``| Aktau | 80 MW |``; none if the line is no such row."""
    body = line[0].rstrip("\n")
    framed = len(body) > 1 and body.startswith("|") and body.endswith("|")
    if not framed and " | " not in body:
        return ()
    bars = [line.start() + bar.start() for bar in re.finditer(r"\|" if framed else r" \| ", body)]
    starts = bars[:-1] if framed else [line.start(), *bars]
    cells: list[Cell] = []
    for i, (start, stop) in enumerate(zip(starts, [*starts[1:], line.end()], strict=True)):
        part = text[start:stop]
        shown = start + len(part) - len(part.lstrip(" |"))
        end = max(shown, start + len(part.rstrip(" |\n" if framed else " \n")))
        cells.append(Cell(f"{_BAR}{i}", start, shown, end, stop))
    return tuple(cells)


def read_row(text: str, *, repeated: bool = False) -> Row:
    """Return the cells of ``text``, which is one line; none if it is no row. A line in which a name comes
    again is one only if names may be ``repeated``.
    """
    line = _LINE.fullmatch(text)
    return _read_row(text, line, repeated=repeated) if line else ()
