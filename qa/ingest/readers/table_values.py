"""Tell figures from words in the cells of a table, and what a column of them holds."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from qa.ingest.readers.table_grid import GridCell, GridRow

_SIGNS = r"[\s\d.,'’:/()%‰+\-–−$€£¥₹~≈<>*⁰¹²³⁴-⁹]"
_AMOUNT = re.compile(rf"(?:[A-Z]{{3}}\s)?{_SIGNS}*\d{_SIGNS}*(?:[^\W\d_]{{1,4}}\.?{_SIGNS}*)?")
"""A number, a date in figures, or an amount: a currency or unit of up to four letters before or after it."""

_ADDRESS = re.compile(r"\S+@\S+|\w+://\S+|www\.\S+")
_DASHES = re.compile(r"[-–—]+")
_NONE = re.compile(r"[\W_]*|n/?\s?[aAmM]\.?|nil|none|null", re.IGNORECASE)
"""Signs that stand where there is no value."""

_PERIOD = re.compile(
    r"(?:FY|CY|[HQ][1-4])?[\s-]?'?(?P<first>(?:19|20)\d\d)(?:/\d\d(?:\d\d)?|\s?[-–]\s?(?P<last>(?:19|20)\d\d))?"
    r"\s?[AEFPB]?(?:\s?[*†‡]{1,3})?",
    re.IGNORECASE,
)
"""A year, a quarter or half of one, or several years, whether actual, estimated, forecast, planned or
budgeted, and the mark of a note."""

_PART_OF_YEAR = re.compile(r"(?:1[0-2]|0?[1-9])\s?月(?:份)?|第?[1-4]季度?|[1-4]Q|[12]H", re.IGNORECASE)
"""A month, a quarter or half of a year that begins with its number, as an amount does."""


def is_figure(text: str) -> bool:
    """Return whether ``text`` is a number, date or amount."""
    return bool(_AMOUNT.fullmatch(text))


def is_blank(text: str) -> bool:
    """Return whether ``text`` is nothing, or a sign that there is no value."""
    return bool(_NONE.fullmatch(text))


def is_dash(text: str) -> bool:
    """Return whether ``text`` is nothing but dashes."""
    return bool(_DASHES.fullmatch(text))


def is_value(text: str) -> bool:
    """Return whether ``text`` is a value and no name: a figure or an address."""
    return is_figure(text) or bool(_ADDRESS.fullmatch(text))


def are_periods(cells: Iterable[GridCell]) -> bool:
    """Return whether ``cells`` are at least two different years, or parts of them, as columns are named
    after.

    Years follow each other; other columns of figures do not.
    """
    found = [_PERIOD.fullmatch(cell.text) for cell in cells]
    years = [(int(each["first"]), int(each["last"] or each["first"])) for each in found if each]
    if len(years) < len(found) or len({each.string for each in found if each}) < max(2, len(found)):
        return False
    return all(
        min(abs(one[0] - other[0]), abs(one[1] - other[0]), abs(one[0] - other[1])) <= 1
        for one, other in pairwise(years)
    )


def is_period(text: str) -> bool:
    """Return whether ``text`` is a year or a part of one."""
    return bool(_PERIOD.fullmatch(text))


def may_name(text: str) -> bool:
    """Return whether ``text`` may be a name: it is a period or a part of a year, or no value."""
    return is_period(text) or bool(_PART_OF_YEAR.fullmatch(text)) or not is_value(text)


@dataclass(slots=True)
class Columns:
    """The contents of a table's columns, by the places of their first cells."""

    figures: dict[int, bool] = field(default_factory=dict)
    """True if each column holds nothing but figures."""

    def add(self, row: GridRow) -> None:
        """Note the values of ``row``."""
        for cell in row.shown:
            if not is_blank(cell.text):
                known = self.figures.get(cell.start, True)
                self.figures[cell.start] = known and is_figure(cell.text)

    def words_for_figures(self, row: GridRow) -> int:
        """Return over how many columns of figures ``row`` has words."""
        return sum(
            self.have_figures(cell) and not is_figure(cell.text)
            for cell in row.shown
            if not is_blank(cell.text)
        )

    def have_figures(self, cell: GridCell) -> bool:
        """Return whether ``cell`` stands in columns of figures."""
        if cell.stop - cell.start == 1:
            return self.figures.get(cell.start, False)
        return any(holds for start, holds in self.figures.items() if cell.start <= start < cell.stop)

    def fit(self, row: GridRow) -> bool:
        """Return whether ``row`` has figures in columns of figures, no words there, and nothing in other
        columns.
        """
        known = all(cell.start in self.figures for cell in row.shown)
        return self._shared_figures(row) > 0 and known and not self.words_for_figures(row)

    def fit_in_half(self, row: GridRow) -> bool:
        """Return whether ``row`` has figures in half of the columns of figures."""
        return 2 * self._shared_figures(row) >= sum(self.figures.values())

    def _shared_figures(self, row: GridRow) -> int:
        return sum(self.have_figures(cell) and is_figure(cell.text) for cell in row.shown)


def columns_of(rows: Iterable[GridRow]) -> Columns:
    """Return what the columns of ``rows`` hold."""
    columns = Columns()
    for row in rows:
        columns.add(row)
    return columns
