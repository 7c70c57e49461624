"""Find the names of the columns of a table in a PDF among the rows above its figures. Pure."""

import re
from calendar import month_name
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from qa.ingest.readers.pdf_layout import BAR, Bit, plain
from qa.ingest.readers.pdf_table_certain_names import certain_names
from qa.ingest.readers.pdf_table_grid import (
    HEADERS,
    Interval,
    Span,
    TableRow,
    covered,
    overlap,
    several_cells,
    stand_out,
)
from qa.ingest.readers.pdf_table_names import distance, header_readings, names_none, one_each
from qa.ingest.readers.pdf_table_pieces import has_digit, is_figure
from qa.ingest.readers.tables import Cell

_PERIOD = (
    r"(?:as of or )?(?:for )?(?:the )?(?:(?:fiscal|calendar) )?(?:\w+ )?"
    r"(?:years?|quarters?|months|weeks|periods?) end(?:ed|ing)\b.{0,30}"
    rf"|(?:(?:as )?(?:of|at) )?(?:{'|'.join(month_name[1:])}) \d{{1,2}},?"
)
_REMARK = re.compile(
    rf"(?:\([^()]*\)\s?)?(?:{_PERIOD})(?:\s?\([^()]*\):?)?|\(.*\):?"
    r"|(?:\w+ )?in (?:thousands|millions|billions)\b.*|[$€£¥]\s?\w{0,8}",
    re.IGNORECASE,
)
"""A remark on all columns, over the first one or in the middle: units, and the end of the periods."""

YEAR = re.compile(r"((?:FY\s?)?(?:19|20)\d\d)[EAFB]?\*?(?:\s?\(\w\))*", re.IGNORECASE)
"""A year as the name of a column: "FY 2023", "2024E", "2023 (a)"."""

_FEWEST_FIGURES = 2
"""The fewest columns of figures over which a row of different words, apart from what stands above, is one of
names."""

_APART = 1.5
"""How many times as far a row of names is from what stands above as from its figures, where that is no name.
Set by hand: the lines of names follow each other as those of the table do."""


class Header(NamedTuple):
    """The names of the columns of a table, and what stands with them."""

    above: int
    """The number of rows above the names: headings, and what comes before them."""
    remark: str
    """A remark on the whole table, such as "(in millions)"; empty for none."""
    cells: list[Sequence[Cell | str]]


def whole_header(
    rows: Sequence[TableRow], body: Sequence[TableRow], columns: Sequence[Interval], again: bool
) -> Header | None:
    """Return the names of all columns of ``body``, which end in the last of ``rows``; None where it is not
    certain what they name. Names that come ``again``, below figures, have nothing to their left or are bold.
    A remark between the names and the figures, such as "(in thousands)", is about all of them if it names no
    column.
    """
    for above in _beginnings(rows, body, columns):
        names = rows[above:]
        if len(names) > HEADERS:
            continue
        if again and not all(has_no_label(row, columns) or all(p.bold for p in row.pieces) for row in names):
            continue
        remarks = [row for row in names if len(row.pieces) == 1 and _REMARK.fullmatch(row.pieces[0].text)]
        ways = ([], remarks) if remarks else ([],)
        for left_out in sorted(ways, key=len, reverse=all(_is_centred(row, columns) for row in remarks)):
            kept = [row for row in names if row not in left_out]
            if _may_be_body(kept, body, columns):
                continue
            readings = header_readings([row.pieces for row in kept], columns) if kept else ()
            pairs = _pairs(body, columns)
            whole = [spans for spans in readings if _is_whole(spans, columns, pairs)]
            if len(whole) == 1:
                remark, cells = _names(kept, whole[0], len(columns))
                said = [remark, *(row.pieces[0].text for row in left_out)]
                return Header(above, " ".join(filter(None, said)), cells)
    return None


def scarce_columns(
    rows: Sequence[TableRow], body: Sequence[TableRow], columns: Sequence[Interval]
) -> list[Interval]:
    """Return the columns beside ``columns`` that hardly a row of ``body`` has a cell in, or none: what stands
    there is a name in the last of ``rows``.
    """
    apart = [piece for row in several_cells(body) for piece in row.pieces if _is_apart(piece, columns)]
    found = covered([(piece.left, piece.right) for piece in apart], 0)
    names = rows[-1].pieces if rows else ()
    for piece in names:
        every = sorted([*columns, *found])
        if one_each(names, every):
            break
        if _is_apart(piece, every) and (names_none(piece, every) or _is_beside_named(piece, names, every)):
            found.append((piece.left, piece.right))
    return found


def _is_beside_named(piece: Bit, names: Sequence[Bit], columns: Sequence[Interval]) -> bool:
    """Return whether the column nearest to a piece has another of ``names`` over it."""
    nearest = min(columns, key=lambda column: distance(piece, column))
    return any(overlap(name, nearest) for name in names if name is not piece)


def _is_apart(piece: Bit, columns: Sequence[Interval]) -> bool:
    return not any(overlap(piece, column) for column in columns)


def certain_header(
    rows: Sequence[TableRow], body: Sequence[TableRow], columns: Sequence[Interval], again: bool
) -> Header | None:
    """Return the names of those columns of ``body`` that are certain; None where most are not. All ``rows``
    stand above them as well, since not all of their words are in the names.
    """
    last = len(rows) if body else 0
    while last and (_is_heading(rows[last - 1], columns) or _is_beside(rows[last - 1], body[0])):
        last -= 1
    remarks = [row for row in rows if len(row.pieces) == 1 and _REMARK.fullmatch(row.pieces[0].text)]
    kept = [row for row in rows[:last] if row not in remarks]
    if not kept or _may_be_body(kept, body, columns):
        return None
    if again and not all(has_no_label(row, columns) or all(p.bold for p in row.pieces) for row in kept):
        return None
    names = certain_names(kept, body, columns)
    if _REMARK.fullmatch(names.get(0, "")):
        names.pop(0)
    if len(names) < 2:
        return None
    cells = [Cell(plain(names.get(i, "")), header=True) for i in range(len(columns))]
    return Header(len(rows), "", [cells])


def _is_beside(row: TableRow, below: TableRow) -> bool:
    """Return whether a row is so near above another that it is a line of a cell of that row."""
    return row.middle - below.middle < min(piece.height for piece in row.pieces)


def has_no_label(row: TableRow, columns: Sequence[Interval]) -> bool:
    """Return whether a row has nothing in the first column, or only a remark such as "(in millions)"."""
    labels = [piece.text for piece in row.pieces if overlap(piece, columns[0])]
    return all(_REMARK.fullmatch(text) for text in labels)


def _may_be_body(rows: Sequence[TableRow], body: Sequence[TableRow], columns: Sequence[Interval]) -> bool:
    """Return whether the last of the rows above figures may be one of the table, as with "closed" in place of
    a figure, or the first line of a form: it begins with a label, others stand above it or it has but one
    name to tell, or its label is a number, and nothing that is drawn parts it from the rows below.
    """
    if not rows or has_no_label(rows[-1], columns) or stand_out(rows, body):
        return False
    label = rows[-1].pieces[0]
    if is_figure(label) and not YEAR.fullmatch(label.text):
        return True
    return len(rows) > 1 or (len(columns) == 2 and not YEAR.fullmatch(rows[0].pieces[-1].text))


def _names_figures(row: TableRow, below: TableRow, columns: Sequence[Interval]) -> bool:
    """Return whether a row has words over each of the columns, all different, and the row ``below`` figures
    in all but the first. "Closed" in place of a figure would be the same in all.
    """
    texts = {piece.text for piece in row.pieces}
    words = not any(map(has_digit, row.pieces))
    over = all(overlap(piece, column) for piece, column in zip(row.pieces, columns, strict=False))
    figures = [piece for piece in below.pieces if is_figure(piece) and has_digit(piece)]
    each = len(row.pieces) == len(texts) == len(columns) == len(figures) + 1
    return each and len(figures) >= _FEWEST_FIGURES and words and over


def _is_centred(row: TableRow, columns: Sequence[Interval]) -> bool:
    """Return whether what stands alone in ``row`` is in the middle of all columns but the first."""
    piece = row.pieces[0]
    return abs(piece.left + piece.right - columns[1][0] - columns[-1][1]) / 2 <= piece.height


def _beginnings(
    rows: Sequence[TableRow], body: Sequence[TableRow], columns: Sequence[Interval]
) -> Iterator[int]:
    """Yield where the names among ``rows`` may begin, the likeliest first: below the last heading, which
    begins in the first column; below what stands alone in its row there; at the last row, if it is apart from
    those above; at the first row.
    """
    first = 1 + max((i for i, row in enumerate(rows[:-1]) if _is_heading(row, columns)), default=-1)
    for i in range(first, len(rows)):
        yield i
        if len(rows[i].pieces) > 1:
            break
    apart = len(rows) > 1 and body and _is_nearer_below(rows[-2], rows[-1], body[0])
    if apart and _names_figures(rows[-1], body[0], columns):
        yield len(rows) - 1
    if first:
        yield 0


def _is_nearer_below(above: TableRow, row: TableRow, below: TableRow) -> bool:
    """Return whether a row is much nearer to that below it than to that above it."""
    return above.middle - row.middle > _APART * (row.middle - below.middle)


def _is_heading(row: TableRow, columns: Sequence[Interval]) -> bool:
    return len(row.pieces) == 1 and row.pieces[0].left < columns[0][1]


def _names(
    rows: Sequence[TableRow], reading: Sequence[Sequence[Span]], width: int
) -> tuple[str, list[Sequence[Cell | str]]]:
    """Return the remark and the cells of rows of names."""
    remarks: list[str] = []
    found: list[Sequence[Cell | str]] = []
    alone: Sequence[Span] = ()
    for row, spans in zip(rows, reading, strict=True):
        if spans[0].stop == 1 and _REMARK.fullmatch(spans[0].text):
            remarks.append(spans[0].text)
            spans = spans[1:]
        if alone and not any(alone[0].start < span.stop and span.start < alone[0].stop for span in spans):
            # A name by itself, on two lines beside others of one, is of the row whose gap it fills.
            found.pop()
            spans = sorted([*alone, *spans], key=lambda span: span.start)
        alone = spans if len(spans) == 1 else ()
        found.append(row_cells(row, spans, width, header=True))
    return " ".join(remarks), found


def _is_whole(reading: Sequence[Sequence[Span]], columns: Sequence[Interval], pairs: Collection[int]) -> bool:
    """Return whether every column but the first has a name of its own, or that of the column before it with
    which it is one of ``pairs``. A share may have the name of others: it is one of the column before it. What
    is over the first column as well as others is the title of all.
    """
    over = [
        [span for row in reading for span in row if 0 < span.start <= i < span.stop]
        for i in range(1, len(columns))
    ]
    own = [spans for i, spans in enumerate(over) if not (i and i in pairs and spans == over[i - 1])]
    names = [" ".join(span.text for span in spans) for spans in own]
    return all(names) and all(
        names.count(name) == 1 or is_share_of_one_before(names, i) for i, name in enumerate(names)
    )


def is_share_of_one_before(names: Sequence[str], index: int) -> bool:
    """Return whether a column in per cent follows one that is not, whose name no other has."""
    if not index or "%" not in names[index]:
        return False
    before = names[index - 1]
    return "%" not in before and names.count(before) == 1


def _pairs(rows: Sequence[TableRow], columns: Sequence[Interval]) -> frozenset[int]:
    """Return the columns, the first of which names the rows, whose next one says the same in per cent."""
    shares = [
        any("%" in piece.text for row in rows for piece in row.pieces if overlap(piece, column))
        for column in columns
    ]
    return frozenset(i for i, (a, b) in enumerate(pairwise(shares)) if i and b and not a)


def row_cells(
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
