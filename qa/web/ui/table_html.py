"""Rows of tables, as the readers of files write them, as HTML tables. Pure; no character is lost.

Names and separators are hidden where the table shows what they say, and still there for whoever copies or
counts characters.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from html import escape

from qa.nlp.tables import Cell, Row, Table

Piece = Callable[[int, int, bool], str]
"""Returns the characters from a start to an end as HTML; the last argument says whether they are hidden."""


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
