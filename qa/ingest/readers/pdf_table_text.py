"""Write each row of a table in a PDF as a line, with the names of its columns. Pure.

A cell gets the name of its column only where the geometry leaves no doubt: every column of figures has names
above it, and each name stands over columns that it fits. Otherwise the row keeps its order, with bars.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from qa.ingest.readers.pdf_layout import BAR, plain
from qa.ingest.readers.pdf_table_grid import (
    HEADERS,
    Interval,
    Span,
    TableRow,
    columns_of,
    is_figure,
    is_numeric,
    overlap,
    several_cells,
    spans_of,
)
from qa.ingest.readers.pdf_table_names import header_readings
from qa.ingest.readers.tables import Cell, table_lines

_REMARK = re.compile(
    r"\(.*\):?|(?:\w+ )?in (?:thousands|millions|billions)\b.*|[$€£¥]\s?\w{0,8}", re.IGNORECASE
)
"""What stands over the first column and is about all of them."""

_YEAR = re.compile(r"(?:FY\s?)?(?:19|20)\d\d[EAFB]?\*?", re.IGNORECASE)


def row_lines(rows: Sequence[TableRow], columns: Sequence[Interval]) -> Iterator[str]:
    """Yield the text of each row."""
    start = 0
    while start < len(rows):
        head, stop = _part(rows, start, columns, _numeric(rows, columns))
        yield from _part_lines(rows[start:stop], head - start, columns, again=start > 0)
        start = stop


def names_columns(rows: Sequence[TableRow], columns: Sequence[Interval]) -> bool:
    """Whether the first rows certainly name all columns of those below."""
    head, stop = _part(rows, 0, columns, _numeric(rows, columns))
    return _named(rows[:head], columns_of(rows[head:stop]) or columns, again=False) is not None


def _part_lines(
    rows: Sequence[TableRow], head: int, columns: Sequence[Interval], *, again: bool
) -> Iterator[str]:
    """Yield the text of each row below one set of names, which are in the first ``head`` rows."""
    body = rows[head:]
    # Tables that follow each other have columns of their own.
    columns = columns_of(body) or columns
    named = _named(rows[:head], columns, again) if _is_plain(body, columns) else None
    remark, headers = named or ("", [])
    cells: list[Sequence[Cell | str]] = list(headers)
    for row in body if headers else rows:
        spans = spans_of(row.pieces, columns) if headers else None
        cells.append(_cells(row, spans, len(columns)))
    yield from (line for _, line in table_lines(cells, remark))


def _numeric(rows: Sequence[TableRow], columns: Sequence[Interval]) -> list[int]:
    """Return the columns of figures, without the first, which names the rows."""
    return [i for i, column in enumerate(columns) if i and is_numeric(rows, column)]


def _part(
    rows: Sequence[TableRow], start: int, columns: Sequence[Interval], numeric: Sequence[int]
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
        first, rest = rows[start].pieces, several_cells(rows[start + 1 :])
        named = all(piece.bold for piece in first) and not any(
            all(p.bold for p in row.pieces) for row in rest
        )
        return (start + 1 if named and len(first) == len(columns) else start), len(rows)
    stop = below
    while stop < len(rows) and not _may_be_names(rows[stop], columns, numeric):
        stop += 1
    return head, max(stop, start + 1)


def _has_figures(row: TableRow, columns: Sequence[Interval], numeric: Sequence[int], *, first: bool) -> bool:
    """Whether a row has a figure in a column of figures that is not a year, the name of such a column."""
    over = [piece for piece in row.pieces if any(overlap(piece, columns[i]) for i in numeric)]
    if any(is_figure(piece) and not _YEAR.fullmatch(piece.text) for piece in over):
        return True
    years = [int(re.sub(r"\D", "", piece.text)) for piece in over if _YEAR.fullmatch(piece.text)]
    if not years or _has_no_label(row, columns):
        return False
    return not (first and all(abs(a - b) == 1 for a, b in pairwise(years)))


def _may_be_names(row: TableRow, columns: Sequence[Interval], numeric: Sequence[int]) -> bool:
    """Whether a row below figures may name the columns of the rows that follow."""
    over = [piece for piece in row.pieces if any(overlap(piece, columns[i]) for i in numeric)]
    words = [piece for piece in over if not is_figure(piece) or _YEAR.fullmatch(piece.text)]
    if not over or len(words) < len(over):
        return False
    return _has_no_label(row, columns) or not all(_YEAR.fullmatch(piece.text) for piece in words)


def _has_no_label(row: TableRow, columns: Sequence[Interval]) -> bool:
    """Whether a row has nothing in the first column, or only a remark such as "(in millions)"."""
    labels = [piece.text for piece in row.pieces if overlap(piece, columns[0])]
    return all(_REMARK.fullmatch(text) for text in labels)


def _is_plain(rows: Sequence[TableRow], columns: Sequence[Interval]) -> bool:
    """Whether no row has two figures in one column, which are then two columns."""
    for row in rows:
        figures = [piece for piece in row.pieces if is_figure(piece)]
        if any(sum(overlap(piece, column) for piece in figures) > 1 for column in columns):
            return False
    return True


def _named(
    rows: Sequence[TableRow], columns: Sequence[Interval], again: bool
) -> tuple[str, list[Sequence[Cell | str]]] | None:
    """Return a remark on the whole table, such as "(in millions)", and the cells of the names of all columns;
    None where it is not certain what they name. Names that come ``again``, below figures, have nothing to
    their left or are bold.
    """
    if not 0 < len(rows) <= HEADERS:
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


def _cells(
    row: TableRow, spans: Sequence[Span] | None, width: int, *, header: bool = False
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
