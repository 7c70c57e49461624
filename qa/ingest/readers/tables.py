"""Turn the rows of a table into lines that can be read, found and quoted by themselves.

A cell is never shown under a name that is not its own: where it is not clear what names it, nothing does.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from qa.errors import UserError
from qa.ingest.readers.base import MAX_CHARS
from qa.ingest.readers.table_grid import MAX_REPEATED, Cell, GridCell, GridRow, grid_rows
from qa.ingest.readers.table_groups import with_groups, with_years
from qa.ingest.readers.table_header import (
    MAX_DEPTH,
    is_over_some,
    likely_names,
    names_below_title,
    new_names,
    stands_over_names,
    told_names,
)
from qa.ingest.readers.table_names import MAX_NAME, Names, is_header, names_of, titles_of_rows
from qa.ingest.readers.table_row_groups import RowLine, with_row_groups
from qa.ingest.readers.table_row_text import COLONS, row_text
from qa.ingest.readers.table_under_names import next_to
from qa.ingest.readers.table_values import Columns, is_dash, is_figure, may_name

__all__ = ["Cell", "TableLine", "read_table", "rows_text", "table_lines"]

_AHEAD = 2 * MAX_DEPTH
"""The rows that are looked at to tell which of them are names."""

_NOTE = 2
"""The most cells of a note above a table: a name and its value."""

_PAIR = 2
"""The cells of a line of a form: a name and its value."""


@dataclass(frozen=True, slots=True)
class TableLine:
    """The line of a row."""

    number: int
    """The number of the row, from 1; rows without text count."""
    text: str
    title: str
    """The text over the row's table in a row of its own; empty for nothing."""


def table_lines(
    rows: Iterable[Sequence[Cell | str]], title: str = "", *, guess: bool = False
) -> Iterator[tuple[int, str]]:
    """Yield the number of each row that has text, from 1, and its line (:func:`read_table`); ``title`` comes
    first, as number 1.

    Raises:
        UserError: the lines have more than ``MAX_CHARS`` characters, or cells cover too many rows.
    """
    if line := " ".join(title.split()):
        yield 1, line
    yield from ((line.number, line.text) for line in read_table(rows, guess=guess))


def rows_text(rows: Sequence[Sequence[Cell]], *, guess: bool = True) -> str:
    """Return the lines of a table that stands in a text; names are guessed where the file tells none, and it
    is no form.

    Raises:
        UserError: the lines have more than ``MAX_CHARS`` characters, or cells cover too many rows.
    """
    told = any(cell.header for row in rows for cell in row)
    return "\n".join(line.text for line in read_table(rows, guess=guess and not told and not _is_form(rows)))


def _is_form(rows: Iterable[Sequence[Cell]]) -> bool:
    """Return whether a table may be a form: two columns, and not all values of the second are figures.
    Nothing tells its first line, a name and its value, from names of columns then.
    """
    filled = [texts for row in rows if (texts := [cell.text for cell in row if cell.text.strip()])]
    values = [texts[-1].strip() for texts in filled if len(texts) > 1]
    return all(len(texts) <= _PAIR for texts in filled) and not all(map(is_figure, values[1:]))


def read_table(rows: Iterable[Sequence[Cell | str]], *, guess: bool = False) -> Iterator[TableLine]:
    """Yield the line of each row that has text.

    A table may begin with rows of one cell, its title. Below rows of names, a row becomes
    ``Plant: Muruntau; Power: 54 MW``, so that its numbers can be understood by themselves; the rows of names
    have no lines then, since the other lines repeat them. Names on several lines are joined, ``2018 Q1``.
    A cell that names a row stands before the others: ``Muruntau — Power: 54 MW``, or ``Power: 54 MW`` for a
    name and its value. Where rows of several groups have the same names, that of the group, a row of one
    cell, stands before them: ``Europe — Sales — 2018: 5``. Otherwise bars separate the cells: ``Muruntau |
    54 MW``. A cell over several rows is in the line of each; one over several columns is said once, after all
    of their names.

    Names are what the file says to be names, and what looks like them beyond doubt. With ``guess`` the rows
    are those of a sheet, which is likely to begin with names and may hold several tables, one below another.

    Raises:
        UserError: the lines have more than ``MAX_CHARS`` characters, or cells cover too many rows.
    """
    size = 0
    for line in with_row_groups(_row_lines(rows, guess=guess)):
        size += len(line.text)
        _check(size)
        yield TableLine(line.number, line.text, line.title)


def _check(size: int) -> None:
    if size > MAX_CHARS:
        raise UserError(f"it has more than {MAX_CHARS:,} characters of text; split it")


def _row_lines(rows: Iterable[Sequence[Cell | str]], *, guess: bool) -> Iterator[RowLine]:
    """Yield the lines of rows, without the names of their groups."""
    size = 0
    filled = (row for row in grid_rows(rows) if row.shown)
    table = _Table(guess)
    window = deque(islice(filled, _AHEAD))
    while window:
        rows_ahead = list(window)
        taken, lines = table.read(with_years(with_groups(rows_ahead)) if guess else rows_ahead)
        for line in lines:
            size += len(line.text)
            _check(size)  # before all lines of a table are held to tell its groups
            yield line
        for _ in range(taken):
            window.popleft()
        window.extend(islice(filled, taken))


@dataclass(slots=True)
class _Table:
    """The table that is being read: what its rows so far tell of those below."""

    guess: bool
    names: Names = field(default_factory=Names)
    columns: Columns = field(default_factory=Columns)
    first: bool = True
    """True if nothing but titles and notes came so far."""
    parted: bool = False
    """True if an empty row stands above, with nothing but titles since."""
    title: list[str] = field(default_factory=list)
    noted: bool = False
    """True if the row before is a note of several cells."""
    last: int = 0
    """The number of the row before."""
    single: str = ""
    """The text of the row before if it is one cell."""
    spans: bool = False
    """True if that cell covers all columns."""
    tables: int = 0
    """The tables that begun so far."""
    said: set[str] = field(default_factory=set)
    """The texts of the rows of names so far."""
    part_titles: dict[range, str] = field(default_factory=dict)
    """The titles of parts beside each other."""

    def read(self, window: Sequence[GridRow]) -> tuple[int, list[RowLine]]:
        """Return how many rows of ``window`` are read, and their lines."""
        row = window[0]
        if self.guess and row.number > self.last + 1 and (self.first or self.columns.figures):
            if not (self.first or self.parted):
                self.title = []
            self.parted = True
        note = (self.first or self.parted) and _is_preamble(
            window, self.noted and row.number == self.last + 1
        )
        depth = 0 if note else self._depth(window)
        self.noted = note and not _is_single(row)
        self.last = window[max(depth, 1) - 1].number
        if depth:
            return depth, self._name_columns(window[:depth], window[depth:])
        self.single, self.spans = "", False
        if _is_single(row):
            (cell,) = row.shown
            self.single, self.spans = cell.text, cell.stop - cell.start == row.width > 1
            return 1, [self._titled(row)]
        if self.parted and not self._goes_on(row):
            self._begin(Names())
        if not note:
            self.first = self.parted = False
        return 1, self._read_values(row, window[1:])

    def _name_columns(self, head: Sequence[GridRow], below: Sequence[GridRow]) -> list[RowLine]:
        """Take the names of the columns from the rows ``head``, and return the lines of these."""
        names, texts = names_of(head), {cell.text for row in head for cell in row.shown}
        if names == self.names and not self.parted:
            if texts <= self.said:
                return []
        else:
            if self.single and not (self.first or self.parted):
                self.title = [self.single]
            self.title += titles_of_rows(head)
            self.first = self.parted = False
            self._begin(names)
        self.said |= texts
        return self._unrepeated(head, below)

    def _read_values(self, row: GridRow, below: Sequence[GridRow]) -> list[RowLine]:
        """Return the lines of a row of values; none for one that tells the titles of parts."""
        if titles := _titles_of_parts(row, self.names.parts, first=not self.columns.figures):
            self.part_titles = titles
            return []
        self.columns.add(row)
        return [line for part in self._parts(row) for line in self._lines(part, self._text([part, *below]))]

    def _goes_on(self, row: GridRow) -> bool:
        """Return whether a row below an empty one is of the table above. A single figure below several tables
        may be the total of them all.
        """
        return self.columns.fit(row) and (self.tables == 1 or self.columns.fit_in_half(row))

    def _begin(self, names: Names) -> None:
        self.names, self.columns, self.part_titles = names, Columns(), {}
        self.tables += 1

    def _depth(self, window: Sequence[GridRow]) -> int:
        """Return how many rows at the start of ``window`` are names."""
        if _is_single(window[0]) and not is_over_some(window[0]):
            return 0
        if is_header(window[0]) and (depth := told_names(window, first=self.first)):
            return depth
        if self.first:
            return likely_names(window, expected=self.guess)
        if self.spans and (depth := names_below_title(window)):
            return depth
        if not self.guess:
            return 0
        return new_names(window, self.columns, self.names, parted=self.parted)

    def _parts(self, row: GridRow) -> list[GridRow]:
        """Return a row, divided where the names of the columns come again."""
        parts = [_part(row, columns) for columns in self.names.parts]
        whole = sum(len(part.shown) for part in parts) == len(row.shown)
        return [part for part in parts if part.shown] if whole and parts else [row]

    def _text(self, window: Sequence[GridRow]) -> str:
        """Return the line of the first row of ``window``; empty if other rows say it."""
        row = window[0]
        if _is_said_below(window):
            return ""
        if not _repeats(row, self.names):
            return row_text(row, self.names)
        named = all(self.names.joined(self.names.over(cell)) for cell in row.shown)
        return "" if named else row_text(row, Names())

    def _titled(self, row: GridRow) -> RowLine:
        text = row_text(row, Names())
        (cell,) = row.shown
        if self.first or self.parted:
            self.title.append(text)
            # It is of the table that begins below it.
            group = text if _may_head(cell, text) else ""
            return RowLine(row.number, text, "", self.tables + 1, start=cell.start, group=group)
        line = row_text(row, self.names)
        heads = _may_head(cell, line)
        return RowLine(
            row.number,
            line,
            " ".join(self.title),
            self.tables,
            start=cell.start,
            group=line if heads else "",
            spans=cell.header or cell.stop == max(self.names.width, row.width) > cell.start + 1,
        )

    def _unrepeated(self, head: Sequence[GridRow], below: Sequence[GridRow]) -> list[RowLine]:
        """Return the lines of rows of names that the next rows do not repeat."""
        rows = [row for row in next_to(head[-1], below) if not _repeats(row, self.names)]
        said = "\n".join(row_text(row, self.names) for row in rows)
        return [
            replace(line, is_head=True)
            for row in head
            if not all(is_dash(cell.text) or cell.text.rstrip(COLONS) in said for cell in row.shown)
            for line in self._lines(row, " | ".join(cell.text for cell in row.shown))
        ]

    def _lines(self, row: GridRow, text: str) -> list[RowLine]:
        first = row.shown[0]
        name = first.text if len(first.text) <= MAX_NAME else ""
        title = " ".join(self.title)
        part = next((part for part in self.part_titles if first.start in part), None)
        if part and text and row.shown[-1].start in part:
            text = f"{self.part_titles[part]} — {text}"
        return [RowLine(row.number, text, title, self.tables, name, first.start)] if text else []


def _part(row: GridRow, columns: range) -> GridRow:
    """Return a row of which no more is shown than what begins in ``columns``."""
    return replace(row, shown=tuple(cell for cell in row.shown if cell.start in columns))


def _titles_of_parts(row: GridRow, parts: Sequence[range], *, first: bool) -> dict[range, str]:
    """Return the title of each of the ``parts`` beside each other that ``row`` gives over all their columns,
    or alone in the ``first`` row below the names, as "Males" and "Females" below "Age | Rate | Age | Rate";
    none for another row.
    """
    cells = row.shown
    if not parts or len(cells) != len(parts) or len({cell.text for cell in cells}) < len(parts):
        return {}
    over = list(zip(parts, cells, strict=True))
    if not all(cell.start in part and may_name(cell.text) for part, cell in over):
        return {}
    whole = all(range(cell.start, cell.stop) == part for part, cell in over)
    return {part: cell.text for part, cell in over} if whole or first else {}


def _may_head(cell: GridCell, line: str) -> bool:
    """Return whether the only cell of a row, with its ``line``, may name the rows below."""
    return line == cell.text and len(line) <= MAX_NAME and may_name(line)


def _is_single(row: GridRow) -> bool:
    """Return whether a row is one cell: a title, or the heading of the rows below."""
    return len(row.shown) == 1 and not row.shown[0].below


def _is_preamble(window: Sequence[GridRow], below_note: bool) -> bool:
    """Return whether a first row is much narrower than the table below it: a note, such as ``Source |
    Eurostat``; or several words of which some columns have none, over the names of all.
    """
    if stands_over_names(window, below_note=below_note):
        return True
    cells = window[0].shown
    most = max(len(row.shown) for row in window)
    if len(cells) == _NOTE == most - 1 and cells[0].start == window[-1].shown[0].start + 1:
        # All columns have names, but that of the names of the rows.
        return False
    return len(cells) <= _NOTE < most and not any(cell.header or cell.stop - cell.start > 1 for cell in cells)


def _is_said_below(window: Sequence[GridRow]) -> bool:
    """Return whether a row is nothing but cells that the row below it has as well."""
    cells = window[0].shown
    return len(window) > 1 and all(cell.below and len(cell.text) <= MAX_REPEATED for cell in cells)


def _repeats(row: GridRow, names: Names) -> bool:
    """Return whether a row says the names of its columns again, as on a new page."""
    if not names.width:
        return False
    named = [(names.joined(names.over(cell)), cell.text) for cell in row.shown]
    return any(name for name, _ in named) and all(name == text.rstrip(COLONS) for name, text in named if name)
