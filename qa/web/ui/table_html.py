"""Rows of tables, as the readers of files write them, as HTML tables. Pure; no character is lost.

A reader writes a row as ``Plant: Aktau; Power: 80 MW``, as ``Aktau — Power: 80 MW`` or as ``Aktau | 80 MW``
(:mod:`qa.ingest.readers.tables`); in Markdown rows stand between bars. Names and separators are hidden where
the table shows what they say, and still there for whoever copies or counts characters.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from html import escape

MAX_NAME = 120
"""The longest name of a column, in characters; the readers write no longer one."""

_LINE = re.compile(r"[^\n]+\n{0,2}")
_RULE = re.compile(r"\|?(\s*:?-{3,}:?\s*\|)+(\s*:?-{3,}:?\s*)?")
"""The line of Markdown below the names of columns."""

Piece = Callable[[int, int, bool], str]
"""Returns the characters from a start to an end as HTML; the last argument says whether they are hidden."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Characters of a row from ``start`` to ``stop``; those from ``shown`` to ``end`` are shown."""

    column: str
    start: int
    shown: int
    end: int
    stop: int


Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows that follow each other in a text."""

    names: dict[str, str]
    """What the head shows for each column, in their order; empty for nothing."""
    rows: tuple[Row, ...]
    has_head: bool = False
    """Whether the first row has the names."""


def find_tables(text: str) -> list[Table]:
    """Return the tables of ``text``: at least two rows that have their columns in common."""
    tables: list[Table] = []
    rows: list[Row] = []
    columns: list[str] = []
    head = False

    def end() -> None:
        if len(rows) > 1 or head:
            names = {each: "" if each.isdecimal() else each for each in columns}
            if head:
                names = {cell.column: text[cell.shown : cell.end] for cell in rows[0]}
            tables.append(Table(names, tuple(rows), head))

    for line in _LINE.finditer(text):
        follows = bool(rows) and rows[-1][-1].stop == line.start()
        if follows and len(rows) == 1 and _RULE.fullmatch(line[0].strip()):
            rows[0] = (*rows[0][:-1], replace(rows[0][-1], stop=line.end()))
            head = True
            continue
        row = _barred_row(text, line) or _named_row(text, line)
        if row and follows and _fits(row, columns):
            columns = _merged(columns, row)
            rows.append(row)
            continue
        end()
        rows, columns, head = (
            ([row], [cell.column for cell in row], False) if len(row) > 1 else ([], [], False)
        )
    end()
    return tables


def _fits(row: Row, columns: Sequence[str]) -> bool:
    """Whether a row has the columns of a table: all of them between bars, else two, or its only one."""
    own = [cell.column for cell in row]
    if own[0].isdecimal() or columns[0].isdecimal():
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


def _named_row(text: str, line: re.Match[str]) -> Row:
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
    return tuple(cells) if len(set(names)) == len(names) and not any(map(str.isdecimal, names)) else ()


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
        cells.append(Cell(str(i), start, shown, end, stop))
    return tuple(cells)


def text_html(start: int, stop: int, tables: Sequence[Table], piece: Piece) -> str:
    """Return the characters from ``start`` to ``stop`` of a text with its ``tables`` as HTML, all of them
    through ``piece``, in their order.
    """
    html: list[str] = []
    position = start
    for table in tables:
        first = bisect_right(table.rows, start, key=lambda row: row[-1].stop)
        last = bisect_left(table.rows, stop, key=lambda row: row[0].start)
        rows = [_cut(row, start, stop) for row in table.rows[first:last]]
        if sum(cell.shown < cell.end for row in rows for cell in row) > 1:
            html += (piece(position, rows[0][0].start, False), _table(table, rows, piece, first == 0))
            position = rows[-1][-1].stop
    return "".join((*html, piece(position, stop, False)))


def _cut(row: Row, start: int, stop: int) -> Row:
    """Return a row with its characters from ``start`` to ``stop`` alone."""

    def within(place: int) -> int:
        return min(max(place, start), stop)

    return tuple(Cell(c.column, within(c.start), within(c.shown), within(c.end), within(c.stop)) for c in row)


def _table(table: Table, rows: Sequence[Row], piece: Piece, from_first: bool) -> str:
    filled = {cell.column for row in rows for cell in row if cell.shown < cell.end}
    columns = {column: name for column, name in table.names.items() if column in filled}
    has_head = table.has_head and from_first
    head = _row(rows[0], columns, piece, "col") if has_head else ""
    if not head and any(columns.values()):
        names = "".join(
            f'<th scope="col" aria-label="{escape(name)}" data-name="{escape(name)}"></th>'
            if name
            else "<td></td>"
            for name in columns.values()
        )
        head = f"<tr>{names}</tr>"
    body = "".join(_row(row, columns, piece) for row in rows[has_head:])
    head = f"<thead>{head}</thead>" if head else ""
    return (
        '<div class="table" role="group" aria-label="Table" tabindex="0">'
        f"<table>{head}<tbody>{body}</tbody></table></div>"
    )


def _row(row: Row, columns: dict[str, str], piece: Piece, scope: str = "") -> str:
    """Return a row of HTML. Its cells keep their order, which is that of the columns."""
    cells: dict[str, str] = {}
    hidden = ""
    for cell in row:
        around = (_unseen(piece, cell.start, cell.shown), _unseen(piece, cell.end, cell.stop))
        html = around[0] + piece(cell.shown, cell.end, False) + around[1]
        if cell.column in columns:
            cells[cell.column], hidden = hidden + html, ""
        elif cells:
            cells[next(reversed(cells))] += html
        else:
            hidden += html
    named = {column: (scope or "row") if scope or not column else "" for column in columns}
    return (
        "<tr>"
        + "".join(
            f'<th scope="{named[column]}">{cells.get(column, "")}</th>'
            if named[column]
            else f"<td>{cells.get(column, '')}</td>"
            for column in columns
        )
        + "</tr>"
    )


def _unseen(piece: Piece, start: int, stop: int) -> str:
    html = piece(start, stop, True)
    return f'<span class="unseen" aria-hidden="true">{html}</span>' if html else ""
