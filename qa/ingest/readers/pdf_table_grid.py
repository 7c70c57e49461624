"""Find the rows and columns of a table in a PDF by the gaps that stand below each other. Pure."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from qa.ingest.readers.pdf_layout import Bit, Line
from qa.ingest.readers.pdf_table_pieces import has_digit, is_figure, merged, pieces_of

Interval = tuple[float, float]
"""Left and right of a column, in points."""

HEADERS = 5
"""The most rows of names that are looked for."""

_HAIR = 0.5
"""In points: what is narrower is no column."""

COVERED = 0.1
"""The share of rows that may cross the gap between two columns, such as a note among the figures."""

_FURTHER = 1.3
"""In the largest distance of two rows: the least distance of names from the rows below them that parts them.
As between the lines of cells and of rows."""

_LINE = 2.0
"""In points: how much shorter than the rows a rule under all of them may be. Set by hand: a line's width."""

_FIGURES = 2
"""The fewest figures in a column of figures."""

_NUMERIC = 0.7
"""The smallest share of figures in a column of figures; the others may be words such as "nil"."""

_SPACES = 4
"""The fewest spaces of a line that is stretched to be filled."""

_ALIKE = 0.1
"""In heights: the largest difference of most such spaces."""

_MOST_ALIKE = 0.7
"""The share of such spaces that are alike."""

_WIDEST = 1.4
"""In heights: the widest of such spaces. Set by hand, as these: in justified reports of camelot's test files
they are up to 1.33 wide, and differ by less than 0.05."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """The pieces of one row, and how high it stands, in points."""

    pieces: tuple[Bit, ...]
    middle: float


class Span(NamedTuple):
    """A piece of a row, its first column, and the column after its last."""

    piece: Bit
    start: int
    stop: int

    @property
    def text(self) -> str:
        """The text of the piece."""
        return self.piece.text


def overlap(piece: Bit, column: Interval) -> bool:
    """Return whether a part of a piece is above or below a part of a column."""
    return piece.left < column[1] and column[0] < piece.right


def row_of(line: Line) -> TableRow:
    """Return the row of a table that a line may be."""
    return TableRow(pieces_of(line.bits), line.middle)


def rows_of(lines: Sequence[Line]) -> list[TableRow]:
    """Return the rows of a table that lines may be. The words of a line of prose that is stretched to be
    filled are joined, unless there is a gap below or above each of its spaces.
    """
    rows = list(map(row_of, lines))
    found = [TableRow(tuple(_without_spaces(row.pieces)), row.middle) for row in rows]
    return [
        row
        if any(_parts_all(row, rows[j]) for j in (i - 1, i + 1) if 0 <= j < len(rows) and found[j] == rows[j])
        else joined
        for i, (row, joined) in enumerate(zip(rows, found, strict=True))
    ]


def _parts_all(row: TableRow, other: TableRow) -> bool:
    """Return whether each gap of a row goes on in another."""
    gaps = [(a.right, b.left) for a, b in pairwise(other.pieces)]
    return all(
        any(max(a.right, left) < min(b.left, right) for left, right in gaps) for a, b in pairwise(row.pieces)
    )


def _without_spaces(pieces: Sequence[Bit]) -> Iterator[Bit]:
    """Yield the pieces of a line, the words of one that is stretched to be filled joined: its spaces are all
    alike, as those between cells of several lengths are not, and most of its words begin with small letters.
    """
    gaps = [b.left - a.right for a, b in pairwise(pieces)]
    small = sum(piece.text[:1].islower() for piece in pieces)
    if len(gaps) < _SPACES or 2 * small < len(pieces) or len({len(piece.text) for piece in pieces}) <= 2:
        yield from pieces
        return
    height = median(piece.height for piece in pieces)
    space, off = median(gaps), _ALIKE * height
    alike = sum(abs(gap - space) <= off for gap in gaps)
    if alike < _MOST_ALIKE * len(gaps) or not 0 < space <= _WIDEST * height:
        yield from pieces
        return
    last = pieces[0]
    for piece, gap in zip(pieces[1:], gaps, strict=True):
        # There are two spaces after a sentence.
        if gap <= 2 * space + off:
            last = merged(last, piece)
        else:
            yield last
            last = piece
    yield last


def is_stacked(row: TableRow) -> bool:
    """Return whether some pieces of a row stand over others: it is several lines that are not level, as of
    names.
    """
    return any(b.left < a.right for a, b in pairwise(row.pieces))


def several_cells(rows: Sequence[TableRow]) -> list[TableRow]:
    """Return the rows that have more than one cell."""
    return [row for row in rows if len(row.pieces) > 1]


def share_gap(above: Sequence[Bit], below: Sequence[Bit]) -> bool:
    """Return whether a gap between two pieces of one row continues one of the other's."""
    gaps = [[(a.right, b.left) for a, b in pairwise(pieces)] for pieces in (above, below)]
    return any(max(a[0], b[0]) < min(a[1], b[1]) for a in gaps[0] for b in gaps[1])


def table_columns(run: Sequence[TableRow]) -> list[Interval]:
    """Return left and right of each column. Rows at the top that span columns, such as names of groups of
    columns, do not count.
    """
    rows = several_cells(run)
    found = (columns_of(rows[skipped:]) for skipped in range(min(HEADERS, len(rows) - 1)))
    return max(found, key=len, default=[])


def columns_of(rows: Sequence[TableRow]) -> list[Interval]:
    """Return left and right of each column of rows none of which is a name."""
    several = several_cells(rows)
    intervals = [(piece.left, piece.right) for row in several for piece in row.pieces]
    return covered(intervals, int(COVERED * len(several)))


def covered(intervals: Sequence[Interval], most: int) -> list[Interval]:
    """Return the stretches that more than ``most`` of the intervals cover, from left to right."""
    edges = sorted([(left, 1) for left, _ in intervals] + [(right, -1) for _, right in intervals])
    found: list[Interval] = []
    depth, begin = 0, 0.0
    for place, step in edges:
        if depth <= most < depth + step:
            begin = place
        elif depth + step <= most < depth and place - begin > _HAIR:
            found.append((begin, place))
        depth += step
    return found


def stand_out(rows: Sequence[TableRow], body: Sequence[TableRow]) -> bool:
    """Return whether rows of names differ from the ``body`` below them in how they are drawn: they alone are
    bold, or have a rule under the last of them, or are further from it than any two rows of either.
    """
    several = several_cells(body)
    if not rows or not several:
        return False
    if all(map(_is_bold, rows)) and 2 * sum(map(_is_bold, several)) <= len(several):
        return True
    if stands_on_rule(rows, body):
        return True
    inside = [a.middle - b.middle for part in (rows, body) for a, b in pairwise(part)]
    return _FURTHER * max(inside, default=math.inf) <= rows[-1].middle - body[0].middle


def stands_on_rule(rows: Sequence[TableRow], body: Sequence[TableRow]) -> bool:
    """Return whether a rule under the last of ``rows``, none of the others, parts them from the ``body``."""
    several = several_cells(body)
    if not several:
        return False
    # The last row of a table has a rule as well, or of each group; in some tables all rows have.
    ruled = [_is_ruled(row, body) for row in (*rows, *several)]
    above, below = ruled[: len(rows) - 1], ruled[len(rows) :]
    return ruled[len(rows) - 1] and not any(above) and 2 * sum(below) <= len(below)


def _is_bold(row: TableRow) -> bool:
    return all(piece.bold for piece in row.pieces)


def _is_ruled(row: TableRow, body: Sequence[TableRow]) -> bool:
    """Return whether a rule under a row is as wide as all of the ``body``."""
    left = min(each.pieces[0].left for each in body) + _LINE
    right = max(each.pieces[-1].right for each in several_cells(body)) - _LINE
    return any(piece.rule and piece.rule[0] <= left and right <= piece.rule[-1] for piece in row.pieces)


def is_numeric(rows: Sequence[TableRow], column: Interval) -> bool:
    """Return whether a column has figures, below what names it."""
    cells = [piece for row in rows for piece in row.pieces if overlap(piece, column)]
    figures = list(map(is_figure, cells))
    names = figures.index(True) if True in figures else 0
    below = figures[min(names, HEADERS) :]
    return sum(below) >= _FIGURES and sum(below) >= _NUMERIC * len(below)


def has_digits(rows: Sequence[TableRow], column: Interval) -> bool:
    """Return whether a cell of a column that is a figure has digits: dashes alone may stand for words."""
    cells = (piece for row in rows for piece in row.pieces if overlap(piece, column))
    return any(is_figure(piece) and has_digit(piece) for piece in cells)


def spans_of(pieces: Sequence[Bit], columns: Sequence[Interval]) -> list[Span] | None:
    """Return the column of each piece of a row; None if one is in several or in none. Pieces in one column
    are joined.
    """
    found: list[Span] = []
    for piece in pieces:
        over = [i for i, column in enumerate(columns) if overlap(piece, column)]
        if len(over) != 1:
            return None
        if found and found[-1].start == over[0]:
            piece = merged(found.pop().piece, piece)
        found.append(Span(piece, over[0], over[0] + 1))
    return found
