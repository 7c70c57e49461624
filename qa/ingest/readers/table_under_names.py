"""Tell what stands under the names of a table's columns."""

from collections import Counter
from collections.abc import Sequence

from qa.ingest.readers.table_grid import GridRow
from qa.ingest.readers.table_names import is_header
from qa.ingest.readers.table_values import columns_of, is_period

_FEWEST = 2
"""The fewest columns of figures, or rows, that tell something."""


def next_to(row: GridRow, below: Sequence[GridRow]) -> list[GridRow]:
    """Return the rows ``below`` a row that no empty row parts from it, and that do not say what they name."""
    rows: list[GridRow] = []
    for each in below:
        names = is_header(each) and not any(cell.below for cell in each.cells)
        if names or each.number != row.number + len(rows) + 1:
            break
        rows.append(each)
    return rows


def first_rows(row: GridRow, below: Sequence[GridRow]) -> list[GridRow]:
    """Return the rows ``below`` a row of names until an empty one, which may also stand between them."""
    if rows := next_to(row, below):
        return rows
    return [below[0], *next_to(below[0], below[1:])] if below and below[0].number == row.number + 2 else []


def stand_over_most(row: GridRow, below: Sequence[GridRow]) -> bool:
    """Return whether there is something below most cells of ``row``, and figures below its years. Below half
    of them is enough where several rows fill the same ones: the others are still to be filled in.
    """
    starts = {cell.start for each in below for cell in each.shown}
    filled = sum(any(cell.start <= start < cell.stop for start in starts) for cell in row.shown)
    alike = len(below) > _FEWEST and len(starts) > 1 and all(len(each.shown) == len(starts) for each in below)
    years = [cell for cell in row.shown if is_period(cell.text)]
    return 2 * filled + alike > len(row.shown) and all(map(columns_of(below).have_figures, years))


def stand_over_half(rows: Sequence[GridRow], below: Sequence[GridRow]) -> bool:
    """Return whether ``rows`` have something over half of the columns behind the first that most rows
    ``below`` fill: a title in bold type, with a note beside it, has not.
    """
    cells = [cell for row in rows for cell in row.cells if cell.text]
    named = {start for cell in cells for start in range(cell.start, cell.stop)}
    counts = Counter(cell.start for each in below for cell in each.shown if cell.start)
    filled = {start for start, count in counts.items() if 2 * count > len(below)}
    return 2 * len(filled & named) >= len(filled)


def stand_over_all(row: GridRow, below: Sequence[GridRow]) -> bool:
    """Return whether ``row`` has a name over every cell below but those of the first column, and over several
    columns of figures: columns of which each row fills a few, as where tables of several years are joined.
    """
    named = {start for cell in row.shown for start in range(cell.start, cell.stop)}
    filled = {cell.start for each in below for cell in each.shown if cell.start}
    return len(row.shown) > _FEWEST and filled <= named and stand_over_figures(row, below) >= _FEWEST


def stand_over_figures(row: GridRow, below: Sequence[GridRow]) -> int:
    """Return over how many columns of figures ``row`` has words."""
    return columns_of(below).words_for_figures(row)
