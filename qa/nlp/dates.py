"""Calendar dates of any exactness, and periods to match documents with by the date they state. Pure."""

import datetime
import re
from calendar import monthrange
from dataclasses import dataclass

from qa.errors import UserError

MONTHS = "January February March April May June July August September October November December".split()

_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


@dataclass(frozen=True, slots=True, order=True)
class Days:
    """The days from ``first`` to ``last``, both included, as ``datetime.date.toordinal`` counts them."""

    first: int
    last: int


NEVER = Days(datetime.date.max.toordinal() + 1, 0)
"""The days of a document without a date: they begin after and end before every period."""


def days_of(date: str | None) -> Days:
    """Return the days that ``2024``, ``2024-05`` or ``2024-05-06`` names; ``NEVER`` without a date.

    Raises:
        ValueError: it has another form, or the day does not exist.
    """
    if date is None:
        return NEVER
    form = _DATE.fullmatch(date)
    if form is None:
        raise ValueError(f"{date!r} is not of the form 2024, 2024-05 or 2024-05-06")
    year, month, day = (int(part) if part else None for part in form.groups())
    assert year is not None
    first = datetime.date(year, month or 1, day or 1)
    last = datetime.date(year, month or 12, day or monthrange(year, month or 12)[1])
    return Days(first.toordinal(), last.toordinal())


def format_date(date: str) -> str:
    """Return ``2025-01-22`` as "22 January 2025", ``2025-01`` as "January 2025" and ``2025`` as "2025"."""
    year, *rest = map(int, date.split("-"))
    month = MONTHS[rest[0] - 1] if rest else ""
    return " ".join(filter(None, (*map(str, rest[1:]), month, str(year))))


@dataclass(frozen=True, slots=True)
class Period:
    """The days from ``since`` to ``until``, both included; None leaves an end open.

    A document belongs to the period when any day that its date names does: one dated ``2024`` belongs to May
    2024, as far as it says. One without a date belongs to no period, even if both ends are open.
    """

    since: datetime.date | None = None
    until: datetime.date | None = None

    def __post_init__(self) -> None:
        """Reject a period without days.

        Raises:
            UserError: it ends before it begins.
        """
        if self.since and self.until and self.until < self.since:
            raise UserError(
                f"The period ends on {self.until}, before it begins on {self.since}; "
                "give the earlier date as since and the later one as until"
            )

    @classmethod
    def of(cls, since: str | None, until: str | None) -> "Period | None":
        """Return the period from the first day that ``since`` names to the last that ``until`` names. Either
        may be a year or a month. None where neither is given.

        Raises:
            UserError: one is not a date, or the period ends before it begins.
        """
        if not since and not until:
            return None
        first = datetime.date.fromordinal(_parse(since).first) if since else None
        last = datetime.date.fromordinal(_parse(until).last) if until else None
        return cls(first, last)

    @property
    def days(self) -> Days:
        """The days of the period; an open end reaches as far as the calendar."""
        first, last = self.since or datetime.date.min, self.until or datetime.date.max
        return Days(first.toordinal(), last.toordinal())

    def matches(self, date: str | None) -> bool:
        """Return whether a document of this date is of the period."""
        document, days = days_of(date), self.days
        return document.first <= days.last and document.last >= days.first

    def __str__(self) -> str:
        """The period as people read it: ``2020-01-01 to 2020-12-31``."""
        if self.until is None:
            return f"{self.since} or later"
        if self.since is None:
            return f"{self.until} or earlier"
        return str(self.since) if self.since == self.until else f"{self.since} to {self.until}"


def _parse(date: str) -> Days:
    try:
        return days_of(date)
    except ValueError as error:
        raise UserError(f"{date!r} is not a date; write it as 2020-12-31, 2020-12 or 2020") from error
