"""A span of time, and which documents are of it: told from the dates they state themselves, never from the
wording of a question. Pure.
"""

import datetime
import re
from calendar import monthrange
from dataclasses import dataclass

from qa.errors import UserError

_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


@dataclass(frozen=True, slots=True, order=True)
class Days:
    """The days ``first`` to ``last``, both included, as ``datetime.date.toordinal`` counts them."""

    first: int
    last: int


NEVER = Days(datetime.date.max.toordinal() + 1, 0)
"""The days of a document without a date: it begins after and ends before every period."""


def days_of(date: str | None) -> Days:
    """The days that ``2024``, ``2024-05`` or ``2024-05-06`` names; ``NEVER`` without a date.

    Raises:
        ValueError: it has another form, or there is no such day.
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


@dataclass(frozen=True, slots=True)
class Period:
    """The days from ``since`` to ``until``, both included; None leaves an end open.

    A document is of it when any day that its date names is: one dated ``2024`` is of May 2024, as far as it
    says. One without a date is of no period, not even of one with both ends open.
    """

    since: datetime.date | None = None
    until: datetime.date | None = None

    def __post_init__(self) -> None:
        """Refuse a period without days.

        Raises:
            UserError: it ends before it begins.
        """
        if self.since and self.until and self.until < self.since:
            raise UserError(
                f"The time asked for ends on {self.until}, before it begins on {self.since}; "
                "give the earlier date as since and the later one as until"
            )

    @classmethod
    def of(cls, since: str | None, until: str | None) -> "Period | None":
        """The period from the first day that ``since`` names to the last that ``until`` names, either of
        which may be a year or a month; None where neither is given.

        Raises:
            UserError: one is no date, or the period ends before it begins.
        """
        if not since and not until:
            return None
        first = datetime.date.fromordinal(_named(since).first) if since else None
        last = datetime.date.fromordinal(_named(until).last) if until else None
        return cls(first, last)

    @property
    def days(self) -> Days:
        """Its days, an open end as far off as a calendar goes."""
        first, last = self.since or datetime.date.min, self.until or datetime.date.max
        return Days(first.toordinal(), last.toordinal())

    def matches(self, date: str | None) -> bool:
        """Whether a document of this date is of the period."""
        document, days = days_of(date), self.days
        return document.first <= days.last and document.last >= days.first

    def __str__(self) -> str:
        """As it is told to people: ``2020-01-01 to 2020-12-31``."""
        if self.until is None:
            return f"{self.since} or later"
        if self.since is None:
            return f"{self.until} or earlier"
        return str(self.since) if self.since == self.until else f"{self.since} to {self.until}"


def _named(date: str) -> Days:
    try:
        return days_of(date)
    except ValueError as error:
        raise UserError(f"{date!r} is no date; write it as 2020-12-31, 2020-12 or 2020") from error


MONTHS = "January February March April May June July August September October November December".split()


def spoken(date: str) -> str:
    """``2025-01-22`` as people write it: "22 January 2025"; of ``2025-01`` or ``2025``, what it says."""
    year, *rest = map(int, date.split("-"))
    month = MONTHS[rest[0] - 1] if rest else ""
    return " ".join(filter(None, (*map(str, rest[1:]), month, str(year))))
