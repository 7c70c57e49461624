"""Find tables in the lines of a page by the gaps that stand below each other. Pure.

A cell gets the name of its column only where the geometry leaves no doubt: every column of figures has names
above it, and each name stands over columns that it fits. Otherwise the row keeps its order, with bars.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from qa.ingest.readers.pdf_layout import BAR, BULLET, MARK, Bit, Line, is_leader, plain
from qa.ingest.readers.pdf_table_names import Interval, Span, header_readings, merged, overlap
from qa.ingest.readers.tables import Cell, table_lines

_HAIR = 0.5
"""In points: what is narrower is no column."""

_COVERED = 0.1
"""The share of rows that may cross the gap between two columns, such as a note among the figures."""

_HEADERS = 5
"""The most rows of names that are looked for."""

_ABOVE = 3
"""The most lines of one name each above the first row of several cells."""

_NEXT = 2.0
"""In heights of a line: such a line is not further from the one below it."""

_APART = 3
"""The most lines of one cell, such as the heading of a group of rows, between two rows of a table."""

_WIDE = 0.6
"""The share of a table's width from which a line of one cell is prose, and ends it."""

_PROSE = 25
"""The fewest characters of such a line."""

_PROSE_LINES = 6
"""The fewest lines in which columns of prose are told from wide spaces that happen to meet."""

_GOING_ON = 0.4
"""The share of lines whose last cell begins with a small letter from which they are prose. In tables whose
cells have one line each, few cells do."""

_FIGURES = 2
"""The fewest figures in a column of figures."""

_NUMERIC = 0.7
"""The smallest share of figures in a column of figures; the others may be words such as "nil"."""

_DENSER = 1.3
"""In the smallest distance of two lines of a table: a larger one separates rows whose cells are wrapped."""

_SPACE = 0.4
"""In heights: the gap from which two groups of digits are two figures, not parts of one."""

_THOUSANDS = re.compile(r"(?<![\d.,])\d{1,3}(?: \d{3})*$")
_GROUP = re.compile(r"\d{3}(?!\d)")

_CURRENCY = frozenset("$€£¥")
_AFTER = re.compile(r"[%)\]*†‡]+|\)\s*%")
"""What may stand apart after a figure that it belongs to."""

_FIGURE = re.compile(
    r"[($€£¥+\-–—−~<>≤≥±\s]*(?:(?:US|C|A)\$)?\s*\d[\d.,'\s]*(?:[)%]|[*†‡]|\(\w\))*(?:[a-z°/²³µ€£$]{1,3}\)?)?"
    r"|[-–—−]+\s*%?|n/?[am]\.?|nil",
    re.IGNORECASE,
)
_REMARK = re.compile(
    r"\(.*\):?|(?:\w+ )?in (?:thousands|millions|billions)\b.*|[$€£¥]\s?\w{0,8}", re.IGNORECASE
)
"""What stands over the first column and is about all of them."""

_YEAR = re.compile(r"(?:FY\s?)?(?:19|20)\d\d[EAFB]?\*?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Table:
    """The lines from ``start`` to ``stop`` of a page, and the text of each row; or, where they are columns of
    prose, the lines of one column after the other.
    """

    start: int
    stop: int
    rows: tuple[str, ...]
    prose: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class _Row:
    """The pieces of one row, and the number of its first line."""

    pieces: tuple[Bit, ...]
    at: int
    middle: float


def find_tables(page: Sequence[Line]) -> Iterator[Table]:
    """Yield the tables of a page from the top down."""
    rows = [_Row(_pieces(line), i, line.middle) for i, line in enumerate(page)]
    at = 0
    while at < len(rows):
        stop = _run(page, rows, at) if len(rows[at].pieces) > 1 else at + 1
        run = rows[at:stop]
        columns = _columns(run)
        if len(columns) < 2 or not _is_table(run, columns):
            # The lines after this one may be a table without it.
            at += 1
            continue
        body = _unwrapped(run, columns)
        if body is run and _is_prose(run, columns):
            if len(run) >= _PROSE_LINES:
                yield Table(at, stop, (), tuple(_by_column(run, columns)))
        else:
            above = _names_above(page, rows, at, body, columns)
            yield Table(at - len(above), stop, tuple(_lines([*above, *body], columns)))
        at = stop


def _pieces(line: Line) -> tuple[Bit, ...]:
    """Return the fragments of a line, divided at its wide gaps; signs of currency and percent stay with their
    figures.
    """
    pieces: list[Bit] = []
    for piece in (piece for bit in line.bits for piece in _split(bit)):
        last = pieces[-1] if pieces else None
        if last and _belongs(piece, last, first=len(pieces) == 1):
            pieces[-1] = merged(last, piece)
        else:
            pieces.append(piece)
    return tuple(piece for piece in pieces if plain(piece.text))


def _belongs(piece: Bit, last: Bit, *, first: bool) -> bool:
    """Whether a piece is of the same cell as the one before: after a bullet, or, if that is the ``first`` of
    its line, a number; after a sign of currency, before one of percent; in an entry of a table of contents.
    """
    if is_leader(last.text) or is_leader(piece.text) or BULLET.fullmatch(last.text):
        return True
    if last.text.strip("( ") in _CURRENCY or _AFTER.fullmatch(piece.text):
        return True
    return first and bool(MARK.fullmatch(last.text)) and any(map(str.isalpha, piece.text))


def _split(bit: Bit) -> Iterator[Bit]:
    start, left = 0, bit.left
    for cut in bit.cuts:
        grouped = _THOUSANDS.search(bit.text[start : cut.at]) and _GROUP.match(bit.text[cut.at + 1 :])
        if grouped and cut.right - cut.left < _SPACE * bit.height:
            continue
        yield replace(bit, text=bit.text[start : cut.at], left=left, right=cut.left, cuts=())
        start, left = cut.at + 1, cut.right
    yield replace(bit, text=bit.text[start:], left=left, cuts=())


def _run(page: Sequence[Line], rows: Sequence[_Row], start: int) -> int:
    """Return where the rows end that have a gap in common, each with the row before it."""
    last = start
    left, right = rows[start].pieces[0].left, rows[start].pieces[-1].right
    for i in range(start + 1, len(rows)):
        line, pieces = page[i], rows[i].pieces
        if (line.left, line.right) != (page[start].left, page[start].right) or line.middle >= page[
            i - 1
        ].middle:
            break
        if len(pieces) > 1:
            if not _share_gap(rows[last].pieces, pieces):
                break
            last = i
            left, right = min(left, pieces[0].left), max(right, pieces[-1].right)
        elif i - last > _APART or (line.width > _WIDE * (right - left) and len(line.text) > _PROSE):
            break
    return last + 1


def _share_gap(above: Sequence[Bit], below: Sequence[Bit]) -> bool:
    """Whether a gap between two pieces of one row continues one of the other's."""
    gaps = [[(a.right, b.left) for a, b in pairwise(pieces)] for pieces in (above, below)]
    return any(max(a[0], b[0]) < min(a[1], b[1]) for a in gaps[0] for b in gaps[1])


def _columns(run: Sequence[_Row]) -> list[Interval]:
    """Return left and right of each column. Rows at the top that span columns, such as names of groups of
    columns, do not count.
    """
    rows = [row for row in run if len(row.pieces) > 1]
    found = (_columns_of(rows[skipped:]) for skipped in range(min(_HEADERS, len(rows) - 1)))
    return max(found, key=len, default=[])


def _columns_of(rows: Sequence[_Row]) -> list[Interval]:
    """Return left and right of each column of rows none of which is a name."""
    several = [row for row in rows if len(row.pieces) > 1]
    intervals = [(piece.left, piece.right) for row in several for piece in row.pieces]
    return _covered(intervals, int(_COVERED * len(several)))


def _covered(intervals: Sequence[Interval], most: int) -> list[Interval]:
    """Return the stretches that more than ``most`` of the intervals cover."""
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


def _is_table(run: Sequence[_Row], columns: Sequence[Interval]) -> bool:
    """Whether a run of rows is a table, not lines of prose whose gaps happen to meet."""
    rows = [row for row in run if len(row.pieces) > 1]
    if any(_is_numeric(rows, column) for column in columns):
        return len(rows) > 1
    if len(rows) < 3:
        return False
    gaps = [b[0] - a[1] for a, b in pairwise(columns)]
    height = median(piece.height for row in rows for piece in row.pieces)
    return max(gaps) >= height


def _is_numeric(rows: Sequence[_Row], column: Interval) -> bool:
    """Whether a column has figures, below what names it."""
    cells = [piece for row in rows for piece in row.pieces if overlap(piece, column)]
    are_figures = [bool(_FIGURE.fullmatch(piece.text)) for piece in cells]
    names = next((i for i, is_figure in enumerate(are_figures) if is_figure), 0)
    below = are_figures[min(names, _HEADERS) :]
    return sum(below) >= _FIGURES and sum(below) >= _NUMERIC * len(below)


def _names_above(
    page: Sequence[Line], rows: Sequence[_Row], at: int, body: Sequence[_Row], columns: Sequence[Interval]
) -> Sequence[_Row]:
    """Return the lines above the first row of several cells that name a group of columns or all of them."""
    found: list[_Row] = []
    while at - len(found) > 0 and len(found) < _ABOVE:
        line, below = page[at - len(found) - 1], page[at - len(found)]
        apart = line.middle - below.middle
        if (line.left, line.right) != (below.left, below.right) or not 0 < apart < _NEXT * line.height:
            break
        row = rows[at - len(found) - 1]
        if len(row.pieces) > 1 or overlap(row.pieces[0], columns[0]):
            break
        found.insert(0, row)
    for first in range(len(found)):
        several = [*found[first:], *body]
        head, stop = _part(several, 0, columns, _numeric(several, columns))
        if _named(several[:head], _columns_of(several[head:stop]) or columns, again=False):
            return found[first:]
    return ()


def _is_prose(run: Sequence[_Row], columns: Sequence[Interval]) -> bool:
    """Whether lines of prose stand side by side: none are figures, and many go on in the middle of a
    sentence.
    """
    rows = [row for row in run if len(row.pieces) > 1]
    if any(_is_numeric(rows, column) for column in columns):
        return False
    going_on = sum(row.pieces[-1].text[:1].islower() for row in rows)
    return going_on >= _GOING_ON * len(rows)


def _by_column(run: Sequence[_Row], columns: Sequence[Interval]) -> Iterator[Line]:
    for left, right in columns:
        for row in run:
            pieces = tuple(piece for piece in row.pieces if left <= piece.left < right)
            if pieces:
                yield Line(pieces, left, right)


def _lines(rows: Sequence[_Row], columns: Sequence[Interval]) -> Iterator[str]:
    """Yield the text of each row."""
    start = 0
    while start < len(rows):
        head, stop = _part(rows, start, columns, _numeric(rows, columns))
        yield from _part_lines(rows[start:stop], head - start, columns, again=start > 0)
        start = stop


def _part_lines(
    rows: Sequence[_Row], head: int, columns: Sequence[Interval], *, again: bool
) -> Iterator[str]:
    """Yield the text of each row below one set of names, which are in the first ``head`` rows."""
    body = rows[head:]
    # Tables that follow each other have columns of their own.
    columns = _columns_of(body) or columns
    named = _named(rows[:head], columns, again) if _is_plain(body, columns) else None
    remark, headers = named or ("", [])
    cells: list[Sequence[Cell | str]] = list(headers)
    for row in body if headers else rows:
        spans = _spans(row.pieces, columns) if headers else None
        cells.append(_cells(row, spans, len(columns)))
    yield from (line for _, line in table_lines(cells, remark))


def _numeric(rows: Sequence[_Row], columns: Sequence[Interval]) -> list[int]:
    """Return the columns of figures, without the first, which names the rows."""
    return [i for i, column in enumerate(columns) if i and _is_numeric(rows, column)]


def _unwrapped(run: Sequence[_Row], columns: Sequence[Interval]) -> Sequence[_Row]:
    """Return the rows of a table whose lines are further apart between two rows than inside their cells, each
    cell on one line; the ``run`` itself where that is not certain.
    """
    down = [a.middle - b.middle for a, b in pairwise(run)]
    near = _DENSER * min(down)
    groups = [[run[0]]]
    for row, distance in zip(run[1:], down, strict=True):
        if distance > near:
            groups.append([])
        groups[-1].append(row)
    if len(groups) < 2 or len(groups) == len(run):
        return run
    merged = [_unwrapped_row(group, columns) for group in groups]
    return [row for row in merged if row] if all(merged) else run


def _unwrapped_row(group: Sequence[_Row], columns: Sequence[Interval]) -> _Row | None:
    """Return one row for the lines of ``group``; None if they are rows of their own."""
    cells: dict[int, Bit] = {}
    for row in group:
        spans = _spans(row.pieces, columns)
        if spans is None:
            return None
        wraps = len(spans) < len(columns) or any(span.text[:1].islower() for span in spans)
        for piece, column, _ in spans:
            above = cells.get(column)
            if above and (not wraps or _FIGURE.fullmatch(piece.text) or _FIGURE.fullmatch(above.text)):
                return None
            cells[column] = merged(above, piece, left=min(above.left, piece.left)) if above else piece
    return _Row(tuple(cells[column] for column in sorted(cells)), group[0].at, group[0].middle)


def _part(
    rows: Sequence[_Row], start: int, columns: Sequence[Interval], numeric: Sequence[int]
) -> tuple[int, int]:
    """Return where the names end that begin at ``start``, and where the rows end that they name: before the
    next names, or before what may be such.
    """
    head = below = start
    while below < len(rows) and not _has_figures(rows[below], columns, numeric, first=below == start):
        below += 1
        # What stands in the first column only is the heading of the rows that follow.
        if any(overlap(piece, column) for piece in rows[below - 1].pieces for column in columns[1:]):
            head = below
    if not numeric:
        first, rest = rows[start].pieces, [row for row in rows[start + 1 :] if len(row.pieces) > 1]
        named = all(piece.bold for piece in first) and not any(
            all(p.bold for p in row.pieces) for row in rest
        )
        return (start + 1 if named and len(first) == len(columns) else start), len(rows)
    stop = below
    while stop < len(rows) and not _may_be_names(rows[stop], columns, numeric):
        stop += 1
    return head, max(stop, start + 1)


def _has_figures(row: _Row, columns: Sequence[Interval], numeric: Sequence[int], *, first: bool) -> bool:
    """Whether a row has a figure in a column of figures that is not a year, the name of such a column."""
    over = [piece for piece in row.pieces if any(overlap(piece, columns[i]) for i in numeric)]
    if any(_FIGURE.fullmatch(piece.text) and not _YEAR.fullmatch(piece.text) for piece in over):
        return True
    years = [int(re.sub(r"\D", "", piece.text)) for piece in over if _YEAR.fullmatch(piece.text)]
    if not years or _has_no_label(row, columns):
        return False
    return not (first and all(abs(a - b) == 1 for a, b in pairwise(years)))


def _may_be_names(row: _Row, columns: Sequence[Interval], numeric: Sequence[int]) -> bool:
    """Whether a row below figures may name the columns of the rows that follow."""
    over = [piece for piece in row.pieces if any(overlap(piece, columns[i]) for i in numeric)]
    words = [piece for piece in over if not _FIGURE.fullmatch(piece.text) or _YEAR.fullmatch(piece.text)]
    if not over or len(words) < len(over):
        return False
    return _has_no_label(row, columns) or not all(_YEAR.fullmatch(piece.text) for piece in words)


def _has_no_label(row: _Row, columns: Sequence[Interval]) -> bool:
    """Whether a row has nothing in the first column, or only a remark such as "(in millions)"."""
    labels = [piece.text for piece in row.pieces if overlap(piece, columns[0])]
    return all(_REMARK.fullmatch(text) for text in labels)


def _is_plain(rows: Sequence[_Row], columns: Sequence[Interval]) -> bool:
    """Whether no row has two figures in one column, which are then two columns."""
    for row in rows:
        figures = [piece for piece in row.pieces if _FIGURE.fullmatch(piece.text)]
        if any(sum(overlap(piece, column) for piece in figures) > 1 for column in columns):
            return False
    return True


def _named(
    rows: Sequence[_Row], columns: Sequence[Interval], again: bool
) -> tuple[str, list[Sequence[Cell | str]]] | None:
    """Return a remark on the whole table, such as "(in millions)", and the cells of the names of all columns;
    None where it is not certain what they name. Names that come ``again``, below figures, have nothing to
    their left or are bold.
    """
    if not 0 < len(rows) <= _HEADERS:
        return None
    if again and not all(_has_no_label(row, columns) or all(p.bold for p in row.pieces) for row in rows):
        return None
    readings = [
        spans for spans in header_readings([row.pieces for row in rows], columns) if _is_whole(spans, columns)
    ]
    if len(readings) != 1:
        return None
    remarks: list[str] = []
    found: list[Sequence[Cell | str]] = []
    for row, spans in zip(rows, readings[0], strict=True):
        if spans[0].stop == 1 and _REMARK.fullmatch(spans[0].text):
            remarks.append(spans[0].text)
            spans = spans[1:]
        found.append(_cells(row, spans, len(columns), header=True))
    return " ".join(remarks), found


def _is_whole(reading: Sequence[Sequence[Span]], columns: Sequence[Interval]) -> bool:
    """Whether every column but the first has a name of its own."""
    names = [
        " ".join(span.text for row in reading for span in row if span.start <= i < span.stop)
        for i in range(1, len(columns))
    ]
    return all(names) and len(set(names)) == len(names)


def _spans(pieces: Sequence[Bit], columns: Sequence[Interval]) -> list[Span] | None:
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


def _cells(
    row: _Row, spans: Sequence[Span] | None, width: int, *, header: bool = False
) -> Sequence[Cell | str]:
    """Return the cells of a row; one for all of it where it is not certain which columns they are in."""
    if spans is None or (len(spans) == 1 and spans[0].start == 0 and not header):
        return [Cell(BAR.join(plain(piece.text) for piece in row.pieces), columns=width)]
    cells: list[Cell | str] = []
    at = 0
    for span in spans:
        cells += [Cell("", header=header)] * (span.start - at)
        cells.append(Cell(plain(span.text), columns=span.stop - span.start, header=header))
        at = span.stop
    return [*cells, *[Cell("", header=header)] * (width - at)]
