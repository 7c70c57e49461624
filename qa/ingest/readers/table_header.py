"""Tell which rows of a table name its columns."""

import re
from collections.abc import Sequence
from itertools import groupby, takewhile

from qa.ingest.readers.table_grid import GridCell, GridRow
from qa.ingest.readers.table_names import MAX_NAME, Names, is_header, names_of, period
from qa.ingest.readers.table_under_names import (
    first_rows,
    stand_over_all,
    stand_over_figures,
    stand_over_half,
    stand_over_most,
)
from qa.ingest.readers.table_values import (
    Columns,
    are_periods,
    columns_of,
    is_period,
    is_value,
    may_name,
)

MAX_DEPTH = 6
"""The most rows that name the columns of one table. Set by hand."""

_YEAR_OF = re.compile(r"(?:19|20)\d\d [^\W\d_]{5,}.*")
_YEAR_AND_SHORT = re.compile(r"(?:19|20)\d\d [A-Z]{2,4}")
"""A year with a word, "2020 Budget", beside which "2020 BOS" is no amount in a currency."""

_FEWEST = 2
"""The fewest names: over one column, words are its title."""

_FEWEST_STEPS = 3
"""The fewest steps of a scale: a first row of values may well be 1 and 2."""


def told_names(window: Sequence[GridRow], *, first: bool) -> int:
    """Return how many rows at the start of ``window`` the file itself says to be names of columns.

    Rows further down than the ``first`` of a table name its columns anew, unless they have numbers: those
    are totals. Some ways to write tables, as Markdown, have no other first row: it may be the first of the
    names and values below it.
    """
    if is_header(window[0]) and _is_first_of_pairs(window[0], window[1:]):
        return 0
    depth = 0
    for index, row in enumerate(window[: MAX_DEPTH + 1]):
        if not is_header(row) and not (index and _names_parts(window[index - 1 :])):
            break
        if index + 1 < len(window) and not any(cell.below for cell in row.cells):
            depth = index + 1
    head = window[:depth]
    if not depth or all(map(is_header, window)) or sum(map(bool, names_of(head).texts)) < _FEWEST:
        return 0
    if not stand_over_half(head, window[depth:]):
        return 0
    return depth if first or all(may_name(cell.text) for row in head for cell in row.shown) else 0


def is_key(cell: GridCell) -> bool:
    """Return whether a cell ends as what stands before its value does."""
    return cell.text.endswith((":", "："))


def _is_first_of_pairs(row: GridRow, below: Sequence[GridRow]) -> bool:
    """Return whether a row has a name and its value, as those ``below`` have: a colon ends its name and one
    below, or its value is a year, the only one, over a column that has words.
    """
    cells = [cell for each in below for cell in each.shown]
    for cell in filter(is_key, row.shown):
        if any(is_key(each) for each in cells if each.start == cell.start):
            return True
    years = [cell for cell in row.shown if is_period(cell.text)]
    return len(years) == 1 < len(row.shown) and any(
        not is_value(each.text) and not is_period(each.text) and any(map(str.isalpha, each.text))
        for each in cells
        if each.start == years[0].start
    )


def _names_parts(window: Sequence[GridRow]) -> bool:
    """Return whether the second row names the parts of the groups of the first, a row of names."""
    return _are_parts(*window[:2]) or (len(window) > 2 and _are_parts_by_corner(*window[:3]))


def _are_parts_by_corner(above: GridRow, row: GridRow, below: GridRow) -> bool:
    """Return whether ``row`` has several names under each group of the row ``above``, and both leave the
    first column empty, in which the row ``below`` has its own name. All have to look like names, but only
    most under names that are written several times: "0–12 months" may be one.
    """
    groups = _groups_of(above)
    if not groups or not above.shown[0].start or not row.shown[0].start or below.shown[0].start:
        return False
    parts = [{cell.text for cell in row.shown if cell.start in group} for group in groups]
    inside = all(cell.stop <= group.stop for group in groups for cell in row.shown if cell.start in group)
    named = sum(may_name(cell.text) for cell in row.shown)
    is_repeated = len({cell.text for cell in above.shown}) < len(above.shown)
    enough = 2 * named > len(row.shown) if is_repeated else named == len(row.shown)
    return inside and enough and all(len(names) > 1 for names in parts)


def _groups_of(row: GridRow) -> list[range]:
    """Return the columns of each group that ``row`` names: under a cell over several, or under the same name
    several times in a row, which is how tables are written that cannot join cells.
    """
    runs = (list(cells) for _, cells in groupby(row.shown, lambda cell: cell.text))
    columns = (range(cells[0].start, cells[-1].stop) for cells in runs)
    return [each for each in columns if len(each) > 1]


def _are_parts(above: GridRow, row: GridRow) -> bool:
    """Return whether a row of names reaches down into ``row``, which names the parts of its groups."""
    parts = [cell for cell in row.shown if cell.first]
    reaches = any(cell.below for cell in above.cells) and _has_groups(above)
    return reaches and len(parts) < len(row.shown) and all(may_name(cell.text) for cell in parts)


def likely_names(window: Sequence[GridRow], *, expected: bool) -> int:
    """Return how many rows at the start of ``window`` look like names of columns, though nothing says so.

    They look like names if they are words, all different, and figures stand below them; or years. Where a row
    of names is ``expected`` the figures need not be there, and an empty row ends what is below.
    """
    row = window[0]
    below = first_rows(row, window[1:]) if expected else list(window[1:])
    if not below and are_periods(row.shown[1:]):  # over a group's name in bold type
        below = [each for each in window[1:2] if each.number == row.number + 1]
    corner = expected and row.shown[0].header
    if any(cell.header for cell in row.shown[corner:]) or not below:
        return 0
    if len(row.shown) == 1:  # such as "Year ended 31 December", over the years
        is_group = is_over_some(row) and below[0].number == row.number + 1  # over an empty row it is a title
        depth = likely_names(below, expected=expected) if is_group else 0
        return depth and depth + 1
    are_parts = len(window) > 2 and _stand_under_groups(below[0], row)
    grouped = are_parts or (_has_groups(row) and len(window) > 2 and _are_words(below[0]))
    depth = 1 + (grouped or (_are_words(row) and (_are_second_lines(row, below) or _ends_below(row, below))))
    if corner and not (stand_over_all(row, below) or _are_over_figures(row, below)):
        return 0  # in bold type: the name of its row
    if depth > 1 and expected:
        below = [below[0], *first_rows(below[0], window[2:])]
    if depth == 1 and (are_periods(row.shown[1:]) or are_periods(row.shown)):
        return int(not are_periods(below[0].shown[1:]))
    head, below = [row, *below[: depth - 1]], below[depth - 1 :]
    if (
        not all(map(_are_mostly_words if grouped else _are_words, head))
        or _share_years(head[-1], below)
        or _reach_below(head)
    ):
        return 0
    over = names_of(head)
    names = [name for cell in head[-1].shown if (name := over.joined(over.over(cell)))]
    if len(set(names)) < max(period(names), _FEWEST):
        return 0
    if expected:
        return depth if stand_over_most(head[-1], below) or stand_over_all(head[-1], below) else 0
    return depth if len(names) > _FEWEST and stand_over_figures(head[-1], below) else 0


def _are_over_figures(row: GridRow, below: Sequence[GridRow]) -> bool:
    """Return whether each cell of ``row`` but the first has words over a column of figures."""
    return len(row.shown) > _FEWEST and stand_over_figures(row, below) == len(row.shown) - 1


def _are_second_lines(row: GridRow, below: Sequence[GridRow]) -> bool:
    """Return whether the first row ``below`` has the second lines of names in ``row``: words over figures,
    each under one name, and nothing in the first column, in which ``row`` has a name.
    """
    names = {(cell.start, cell.stop) for cell in row.shown}
    lines, values = below[0], columns_of(below[1:])
    return (
        row.shown[0].start < lines.shown[0].start
        and _are_loose_words(lines)
        and all((cell.start, cell.stop) in names and values.have_figures(cell) for cell in lines.shown)
    )


def _ends_below(row: GridRow, below: Sequence[GridRow]) -> bool:
    """Return whether names in ``row`` reach down into the next row, which has a name of the first column
    alone; below others there may be nothing.
    """
    reach = [cell for cell in row.shown if cell.start]
    own = [cell for cell in below[0].shown if cell.first]
    return (
        any(cell.below for cell in reach)
        and all(cell.below <= 1 for cell in reach)
        and all(not cell.start and may_name(cell.text) for cell in own)
    )


def stands_over_names(window: Sequence[GridRow], *, below_note: bool = False) -> bool:
    """Return whether a first row of words is a note over the names of the columns: a later row has words in
    each of its cells, figures below several of them, and a name over a column for which the first row has
    none; the rows between are words too. Years are names themselves, and so are cells over several columns,
    unless the row goes on ``below_note``.
    """
    row = window[0]
    loose = [cell.start for cell in row.shown if below_note or cell.stop - cell.start == 1]
    if len(loose) < len(row.shown) or not _are_loose_words(row):
        return False
    for index, each in enumerate(window[1:], start=1):
        if not _are_loose_words(each):
            return False
        more = {cell.start for cell in each.shown if cell.start} - set(loose)
        if len(each.shown) > len(loose) and more and _are_words(each):
            return stand_over_figures(each, first_rows(each, window[index + 1 :])) >= _FEWEST
    return False


def _are_loose_words(row: GridRow) -> bool:
    """Return whether ``row`` has words alone, of which nothing says that they name something."""
    return not any(
        cell.header or is_period(cell.text) or not may_name(cell.text) or cell.below for cell in row.shown
    )


def is_over_some(row: GridRow) -> bool:
    """Return whether a row is one cell over several columns, but not over the first."""
    return len(row.shown) == 1 and row.shown[0].start > 0 and row.shown[0].stop - row.shown[0].start > 1


def _reach_below(rows: Sequence[GridRow]) -> bool:
    """Return whether a cell of ``rows`` covers a row below them as well."""
    return any(cell.below >= len(rows) - i for i, row in enumerate(rows) for cell in row.cells)


def _has_groups(row: GridRow) -> bool:
    """Return whether a cell of ``row`` covers several columns, and not all of them."""
    return any(1 < cell.stop - cell.start < row.width for cell in row.shown)


def _are_words(row: GridRow) -> bool:
    """Return whether ``row`` may be names: two or more, all different, none long, no figures but years and
    the steps of a scale.
    """
    if _is_scale(row):
        return True
    texts = [cell.text for cell in row.shown]
    of_years = any(map(_YEAR_OF.fullmatch, texts))
    return len(texts) > 1 and all(
        len(text) <= MAX_NAME and (may_name(text) or (of_years and _YEAR_AND_SHORT.fullmatch(text)))
        for text in texts
    )


def _stand_under_groups(row: GridRow, above: GridRow) -> bool:
    """Return whether all that ``row`` has of its own stands under cells over several columns, and most of it
    may be names: the parts of groups.
    """
    groups = [cell for cell in above.shown if cell.stop - cell.start > 1]
    own = [cell for cell in row.shown if cell.first]
    inside = all(any(group.start <= cell.start < group.stop for group in groups) for cell in own)
    return bool(own) and inside and _are_mostly_words(row)


def _are_mostly_words(row: GridRow) -> bool:
    """Return whether ``row`` may be names of groups or of their parts: "18–24" may be one among words. So may
    the steps of a scale.
    """
    if _is_scale(row):
        return True
    named = sum(may_name(cell.text) for cell in row.shown)
    return (
        len(row.shown) > 1 and 2 * named > len(row.shown) and all(len(c.text) <= MAX_NAME for c in row.shown)
    )


def _is_scale(row: GridRow) -> bool:
    """Return whether a row counts its columns from 0 or 1 behind a name, as a questionnaire's marks."""
    name, *steps = (cell.text for cell in row.shown)
    counts = [[str(first + i) for i in range(len(steps))] for first in (0, 1)]
    return len(steps) >= _FEWEST_STEPS and may_name(name) and steps in counts and row.shown[0].start == 0


def _share_years(row: GridRow, below: Sequence[GridRow]) -> bool:
    """Return whether a column has years in ``row`` and ``below`` it: they are its values then."""
    places = {cell.start for cell in row.shown if is_period(cell.text)}
    return any(cell.start in places and is_period(cell.text) for each in below for cell in each.shown)


def names_below_title(window: Sequence[GridRow]) -> int:
    """Return how many rows at the start of ``window``, below a row that is one cell over all columns, begin
    another table of which that cell is the title. They have words over several columns of figures.
    """
    window = list(takewhile(lambda row: len(row.shown) > 1, window))  # up to the next title
    depth = likely_names(window, expected=True) if window else 0
    if not depth:
        return 0
    head = window[depth - 1]
    return depth if stand_over_figures(head, first_rows(head, window[depth:])) >= _FEWEST else 0


def new_names(window: Sequence[GridRow], columns: Columns, names: Names, *, parted: bool) -> int:
    """Return how many rows at the start of ``window`` begin another table, below one of ``columns`` and
    ``names``.

    One that is not ``parted`` from it by an empty row must have words in several columns of figures: a word
    in one of them may be ``unknown``.
    """
    row = window[0]
    years = are_periods(row.shown[1:]) or are_periods(row.shown)
    fewest = 1 if parted else _FEWEST
    if not parted and not (
        any(map(is_period, names.texts)) if years else columns.words_for_figures(row) >= fewest
    ):
        return 0
    depth = likely_names(window, expected=True)
    head = window[depth - 1]
    if not depth or years or are_periods(head.shown[1:]) or are_periods(head.shown):
        return depth
    return depth if stand_over_figures(head, first_rows(head, window[depth:])) >= fewest else 0
