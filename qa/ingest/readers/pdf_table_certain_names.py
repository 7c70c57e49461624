"""Tell which columns of a table in a PDF have a name that is certainly theirs, where not all have. Pure.

The cells of two columns never stand below each other, nor do their names. So what stands over one column
alone is its name, or that of a group that it is in. What else stands above is left out: over several columns,
or over none.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from qa.ingest.readers.pdf_layout import ITEM, Bit
from qa.ingest.readers.pdf_table_grid import (
    COVERED,
    HEADERS,
    Interval,
    TableRow,
    is_stacked,
    overlap,
)
from qa.ingest.readers.pdf_table_pieces import is_figure, merged

_NEAR = 2.0
"""In heights of a line: lines of names are no further apart. As of what stands above a table."""

_SPACE = 0.7
"""In heights of a line: the distance from which two pieces of a row are two names. Set by hand: spaces
between words are narrower, even on a line that is stretched to be filled."""


def certain_names(
    rows: Sequence[TableRow], body: Sequence[TableRow], columns: Sequence[Interval]
) -> dict[int, str]:
    """Return the names of the columns of ``body`` that are certain of those in the last of ``rows``, from top
    to bottom; nothing unless they are most columns. The name of a group is before those that other columns
    have as well.
    """
    lines = _lines_of_names(rows)
    names, unplaced = _names_over(lines, columns)
    names = {
        column: name
        for column, name in names.items()
        if (not column or stretch_of(body, columns[column]))
        and not any(_may_be(name, other, unplaced) for i, other in names.items() if i != column)
    }
    # What follows a label without a name would read as a part of it.
    if not {0, 1} & names.keys() or any(ITEM.match(piece.text) for row in lines for piece in row.pieces):
        return {}
    return names if len(names) > 1 and 2 * len(names) > len(columns) else {}


def _names_over(lines: Sequence[TableRow], columns: Sequence[Interval]) -> tuple[dict[int, str], bool]:
    """Return the words over each column alone, with the name of its group where others have the same; and
    whether some words have no place.
    """
    found: dict[int, list[str]] = {}
    groups: dict[int, list[str]] = {}
    unplaced = False
    for at, row in enumerate(lines):
        over = [_over(piece, columns) for piece in row.pieces]
        places = Counter(place[0] for place in over if len(place) == 1)
        for piece, place in zip(row.pieces, over, strict=True):
            if len(place) != 1:
                unplaced = True
            elif places[place[0]] > 1 or not _is_level(piece, columns[place[0]]):
                found[place[0]] = [""]
            elif _is_alone(row, lines[at:], columns[place[0]]):
                unplaced = True
            else:
                found.setdefault(place[0], []).append(piece.text)
        for piece, place in zip(row.pieces, over, strict=True):
            if len(place) != 1:
                _forget(found, piece, row, place, columns)
            for column in place if len(place) > 1 else ():
                groups.setdefault(column, []).append(piece.text)
    names = {column: " ".join(texts) for column, texts in found.items() if all(texts)}
    counts = Counter(map(str.casefold, names.values()))
    return {
        column: name if counts[name.casefold()] == 1 else " ".join([*groups.get(column, ()), name])
        for column, name in names.items()
    }, unplaced


def stretch_of(rows: Sequence[TableRow], column: Interval) -> Interval | None:
    """Return what nearly all cells of a column cover: one edge at least, if they are in line. None where they
    are not, as in two columns that a note joins.
    """
    cells = [piece for row in rows for piece in row.pieces if overlap(piece, column)]
    edges = sorted([(piece.left, 1) for piece in cells] + [(piece.right, -1) for piece in cells])
    depth, deepest, found = 0, 0, None
    for (place, step), (following, _) in pairwise(edges):
        depth += step
        if depth > deepest:
            deepest, found = depth, (place, following)
    return found if deepest >= (1 - COVERED) * len(cells) else None


def _lines_of_names(rows: Sequence[TableRow]) -> list[TableRow]:
    """Return the last of ``rows`` that are near to each other, without figures."""
    found = [rows[-1]]
    for row in rows[-2::-1]:
        below = found[0]
        height = max(piece.height for piece in below.pieces)
        if row.middle - below.middle > _NEAR * height or any(map(is_figure, row.pieces)):
            break
        found.insert(0, row)
    return found[-HEADERS:]


def _over(piece: Bit, columns: Sequence[Interval]) -> list[int]:
    return [i for i, column in enumerate(columns) if overlap(piece, column)]


def _forget(
    found: dict[int, list[str]], piece: Bit, row: TableRow, over: Sequence[int], columns: Sequence[Interval]
) -> None:
    """Take away what a piece of ``row`` may go on with: the names above it; if it is over no column, those to
    its side that have nothing else in the row.
    """
    space = _SPACE * piece.height
    apart = [other for other in row.pieces if other is not piece and _distance(other, piece) >= space]
    before = [i for i, column in enumerate(columns) if column[1] <= piece.left]
    after = [i for i, column in enumerate(columns) if piece.right <= column[0]]
    beside = [i for i in (*before[-1:], *after[:1]) if not any(overlap(other, columns[i]) for other in apart)]
    for i in over or beside:
        if i in found:
            found[i] = [""]


def _distance(a: Bit, b: Bit) -> float:
    return max(a.left, b.left) - min(a.right, b.right)


def _is_level(piece: Bit, column: Interval) -> bool:
    """Return whether a name is at an edge of its column, in its middle, or over most of it or inside it."""
    left, right = column
    near = piece.height / 2
    shared = min(piece.right, right) - max(piece.left, left)
    return (
        abs(piece.left - left) <= near
        or abs(piece.right - right) <= near
        or abs(piece.left + piece.right - left - right) / 2 <= near
        or 2 * shared >= min(piece.right - piece.left, right - left)
    )


def _is_alone(row: TableRow, lines: Sequence[TableRow], column: Interval) -> bool:
    """Return whether the only piece of a row stands over the name of a column, as a title or the name of a
    group.
    """
    return len(row.pieces) == 1 and any(overlap(piece, column) for line in lines[1:] for piece in line.pieces)


def _may_be(name: str, other: str, unplaced: bool) -> bool:
    """Return whether one name may be the ``other``: the same, or its end if some words have no place."""
    a, b = name.casefold(), other.casefold()
    return a == b or (unplaced and (a.endswith(f" {b}") or b.endswith(f" {a}")))


def lines_of_names(
    rows: Sequence[TableRow], body: Sequence[TableRow], columns: Sequence[Interval]
) -> Iterator[TableRow]:
    """Yield ``rows`` of names, one whose pieces stand over each other as the lines that it has. The words of
    a name are one piece if no more than a space is between them, with cells of the ``body`` below it.
    """
    for row in _separate_lines(rows):
        pieces = [row.pieces[0]]
        for piece in row.pieces[1:]:
            if _go_on(pieces[-1], piece, body, columns):
                piece = merged(pieces.pop(), piece)
            pieces.append(piece)
        yield TableRow(tuple(pieces), row.middle)


def _go_on(last: Bit, piece: Bit, body: Sequence[TableRow], columns: Sequence[Interval]) -> bool:
    """Return whether two pieces beside each other are words of one name: both stand over one column, whose
    cells are level with them together, and most of which are under the space between them.
    """
    over = _over(piece, columns)
    if _distance(piece, last) >= _SPACE * piece.height or len(over) != 1 or over != _over(last, columns):
        return False
    cells = [cell for row in body for cell in row.pieces if overlap(cell, columns[over[0]])]
    middle = (last.right + piece.left) / 2
    under = sum(cell.left < middle < cell.right for cell in cells)
    near = piece.height / 2
    level = (
        [abs(cell.left - last.left) <= near for cell in cells],
        [abs(cell.right - piece.right) <= near for cell in cells],
        [abs(cell.left + cell.right - last.left - piece.right) / 2 <= near for cell in cells],
    )
    return 2 * under > len(cells) and any(sum(each) >= (1 - COVERED) * len(cells) for each in level)


def _separate_lines(rows: Sequence[TableRow]) -> Iterator[TableRow]:
    for row in rows:
        if not is_stacked(row):
            yield row
            continue
        levels: list[list[Bit]] = []
        # A piece that joins a raised name with another is as high as both; it stands on the lower line.
        for piece in sorted(row.pieces, key=lambda piece: -piece.bottom):
            first = levels[-1][0] if levels else None
            if first and 2 * (first.bottom - piece.bottom) < min(first.height, piece.height):
                levels[-1].append(piece)
            else:
                levels.append([piece])
        for level in levels:
            pieces = tuple(sorted(level, key=lambda piece: piece.left))
            yield TableRow(pieces, level[0].middle)
