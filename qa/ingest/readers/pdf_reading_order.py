"""Arrange the fragments of text on a page into lines in reading order, column after column. Pure."""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from statistics import median

from qa.ingest.readers.pdf_layout import STRETCHED, UNKNOWN, Bit, Line, Row, rows

_STEP = 2.0
"""The distance between two places at which a gutter is looked for, in points."""

_MOST_STEPS = 500
"""The most such places; on a very wide page they are further apart."""

_LINES_A_COLUMN = 3
"""The fewest lines side by side that count as columns."""

_CROSSING = 0.2
"""The largest share of the lines beside each other in two columns that may cross the gutter, such as a
heading or a table as wide as the page."""

_FILLED = 0.5
"""The smallest share of a column's width that lines of prose fill, by the median; tables fill less."""

_WORDS = 16
"""The fewest letters of a line in a column, by the median: a column of figures is part of a table."""


def lines(bits: Iterable[Bit]) -> list[Line]:
    """Arrange the fragments of one page into lines in reading order, column after column."""
    ordered: list[Line] = []
    for column in _columns([bit for bit in bits if bit.text.strip()]):
        left, right = min(bit.left for bit in column), max(bit.right for bit in column)
        known = [row for each in rows(column) if (row := _known(each))]
        ordered += [Line(row, left, right) for row in _with_whole_tables(known)]
    return ordered


def _with_whole_tables(column: Sequence[Row]) -> Iterator[Row]:
    """Yield the rows of a column with those of a table one after the other, where others stand beside it."""
    numbers = dict.fromkeys(row[0].table for row in column)
    tables = {number: [row for row in column if row[0].table == number] for number in numbers}
    for row in column:
        if not row[0].table:
            yield row
        else:
            yield from tables.pop(row[0].table, ())


def _known(row: Row) -> Row:
    """Return a line without the signs whose characters are unknown, except before text: those are bullets."""
    unknown = [not UNKNOWN.sub("", bit.text).strip() for bit in row]
    return tuple(
        bit for i, bit in enumerate(row) if not unknown[i] or (i + 1 < len(row) and not unknown[i + 1])
    )


def _columns(bits: list[Bit]) -> list[list[Bit]]:
    """Group fragments into columns, to be read one after the other, each from top to bottom."""
    gutter = _gutter(bits)
    if gutter is None:
        return [bits] if bits else []
    groups: list[list[Bit]] = []
    band: list[Bit] = []
    for bit in sorted(bits, key=lambda bit: -bit.middle):
        if bit.left < gutter < bit.right:
            groups += _sides(band, gutter)
            band = []
            if groups and _crosses(groups[-1], gutter):
                groups[-1].append(bit)
            else:
                groups.append([bit])
        else:
            band.append(bit)
    return groups + _sides(band, gutter)


def _sides(band: list[Bit], gutter: float) -> list[list[Bit]]:
    left, right = [b for b in band if b.right <= gutter], [b for b in band if b.left >= gutter]
    return [*_columns(left), *_columns(right)]


def _crosses(group: Sequence[Bit], gutter: float) -> bool:
    return any(bit.left < gutter < bit.right for bit in group)


def _gutter(bits: Sequence[Bit]) -> float | None:
    """Return where a page of prose is divided into columns; None for a single column, or for a table. Of
    several places it is the one that the fewest fragments cross, then the one nearest to the middle of all.
    """
    if len(bits) < 2 * _LINES_A_COLUMN:
        return None
    begin, end = min(bit.left for bit in bits), max(bit.right for bit in bits)
    step = max(_STEP, (end - begin) / _MOST_STEPS)
    every = rows(bits)
    lefts, rights = sorted(bit.left for bit in bits), sorted(bit.right for bit in bits)
    best: tuple[float, int, int, float] | None = None
    seen: tuple[int, int] | None = None
    place = begin + step
    while place < end:
        beside = (bisect_right(rights, place), len(bits) - bisect_left(lefts, place))
        if seen != (seen := beside):
            left = [part for row in every if (part := tuple(bit for bit in row if bit.right <= place))]
            right = [part for row in every if (part := tuple(bit for bit in row if bit.left >= place))]
            crossing = [bit for bit in bits if bit.left < place < bit.right]
            share = _crossing(left, right, crossing)
            if share <= _CROSSING:
                found = (share, len(crossing), abs(beside[0] - beside[1]), place)
                best = min(best, found) if best else found
        place += step
    return best[-1] if best else None


def _crossing(left: Sequence[Row], right: Sequence[Row], bits: Sequence[Bit]) -> float:
    """Return the share of the lines beside each other in two columns that cross from one to the other; 1 if
    they are not columns. What crosses above the columns and below them does not count, such as a title.
    """
    if not _is_prose(left) or not _is_prose(right):
        return 1.0
    sides = [sorted(row[0].middle for row in side if _is_full(row)) for side in (left, right)]
    crossing = sorted(row[0].middle for row in rows(bits))
    bands = [
        [bisect_right(side, upper) - bisect_left(side, lower) for side in sides]
        for lower, upper in pairwise([-math.inf, *crossing, math.inf])
    ]
    beside = {i: max(counts) for i, counts in enumerate(bands) if min(counts) >= _LINES_A_COLUMN}
    if not beside:
        return 1.0
    over = max(beside) - min(beside)
    return over / (over + sum(beside.values()))


def _is_prose(rows: Sequence[Row]) -> bool:
    if len(rows) < _LINES_A_COLUMN:
        return False
    width = max(row[-1].right for row in rows) - min(row[0].left for row in rows)
    filled = median(row[-1].right - row[0].left for row in rows) >= _FILLED * width
    return filled and median(map(_fewest_letters, rows)) >= _WORDS


def _fewest_letters(row: Row) -> int:
    """Return the letters of the shortest part of a line between gaps that are wider than any in prose: codes
    beside their meanings are a table.
    """
    parts = [row[:1]]
    for before, bit in pairwise(row):
        wide = bit.left - before.right >= STRETCHED * bit.height
        parts = [*parts, (bit,)] if wide else [*parts[:-1], (*parts[-1], bit)]
    return min(map(_letters, parts))


def _is_full(row: Row) -> bool:
    """Return whether a line has as many letters as one of prose."""
    return _letters(row) >= _WORDS


def _letters(row: Row) -> int:
    return sum(map(str.isalpha, "".join([bit.text for bit in row])))
