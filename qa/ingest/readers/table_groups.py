"""Tell over which columns the name of a group stands that is written in one cell, not in merged ones, and of
which year quarters are that stand before it.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from qa.ingest.readers.table_grid import GridCell, GridRow
from qa.ingest.readers.table_values import may_name

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")

_PARTS = re.compile(r"(?:[HQ][1-4] ){2,4}")
"""The halves or quarters of a year, each followed by a space."""


def with_groups(window: Sequence[GridRow]) -> Sequence[GridRow]:
    """Return ``window`` with the names of groups in its first row widened over their columns.

    Groups are told by the row below: its names come again in each of them, in the same order. A single cell
    over the last column that states a year is about all columns.
    """
    if len(window) < 2 or window[1].number != window[0].number + 1:
        return window
    row, below = window[:2]
    first = min(cell.start for each in window for cell in each.shown)
    labels = [cell for cell in row.shown if cell.start > first]
    names = [cell for cell in below.shown if cell.start > first]
    single = all(cell.stop - cell.start == 1 and not cell.below for cell in row.shown)
    if not single or not 0 < len(labels) < len(names) or not all(may_name(c.text) for c in (*labels, *names)):
        return window
    corner = len(names) == len(below.shown)
    groups = [names] if _is_about_all(row, labels, names, corner=corner) else _repeated(names)
    if len(groups) != len(labels):
        return window
    widened: list[GridCell] = []
    for label, group in zip(labels, groups, strict=True):
        if label.start not in {cell.start for cell in group}:
            return window
        widened.append(replace(label, start=group[0].start, stop=group[-1].stop))
    return [_replaced(row, widened), *window[1:]]


def with_years(window: Sequence[GridRow]) -> Sequence[GridRow]:
    """Return ``window`` with its year beside the name of each quarter or half of one in its first row, where
    each year stands behind its parts: "Q1 | Q2 | Q3 | Q4 | 2020 | Q1 | …". The last ones may lack their year.
    """
    cells = window[0].shown
    at = [i for i, cell in enumerate(cells) if _YEAR.fullmatch(cell.text)]
    steps = [
        (right - left, abs(int(cells[right].text) - int(cells[left].text))) for left, right in pairwise(at)
    ]
    if len(set(steps)) != 1 or steps[0][1] != 1 or (first := at[0] - steps[0][0] + 1) < 0:
        return window
    parts = [cells[start:i] for start, i in zip((first, *(i + 1 for i in at)), at, strict=False)]
    texts = {"".join(f"{cell.text} " for cell in each) for each in parts}
    if len(texts) > 1 or not _PARTS.fullmatch(texts.pop()):
        return window
    years = [cells[i].text for i in at]
    named = [
        replace(c, text=f"{c.text} {year}") for year, each in zip(years, parts, strict=True) for c in each
    ]
    return [_replaced(window[0], named), *window[1:]]


def _is_about_all(
    row: GridRow, labels: Sequence[GridCell], names: Sequence[GridCell], *, corner: bool
) -> bool:
    """Return whether the only name of a row is a period over the last column, and no column has a period of
    its own.

    Where there are cells before it, the ``corner`` below them is empty: they say what the rows are in, such
    as "In millions". Otherwise they are a note and its value.
    """
    if len(labels) != 1 or labels[0].start != names[-1].start or not _YEAR.search(labels[0].text):
        return False
    return (corner or len(row.shown) == 1) and not any(_YEAR.search(cell.text) for cell in names)


def _repeated(names: Sequence[GridCell]) -> list[Sequence[GridCell]]:
    """Return the groups of ``names``, which are alike; nothing if there are none."""
    texts = [cell.text for cell in names]
    size = len(set(texts))
    groups = [names[start : start + size] for start in range(0, len(names), size)]
    alike = all([cell.text for cell in a] == [cell.text for cell in b] for a, b in pairwise(groups))
    return groups if alike and len(groups) > 1 < size else []


def _replaced(row: GridRow, widened: Sequence[GridCell]) -> GridRow:
    """Return ``row`` with the ``widened`` cells instead of all that they cover."""
    kept = [c for c in row.cells if not any(w.start < c.stop and c.start < w.stop for w in widened)]
    cells = tuple(sorted([*kept, *widened], key=lambda cell: cell.start))
    return replace(row, cells=cells, shown=tuple(cell for cell in cells if cell.text))
