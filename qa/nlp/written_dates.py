"""Dates as people write them, in figures and in the months of several languages. Pure."""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from qa.nlp.dates import days_of

_MONTHS = """
jan january januar janvier enero gennaio janeiro januari января stycznia
feb february februar février fevrier febrero febbraio fevereiro februari февраля lutego
mar march märz maerz mars marzo março marco maart марта marca
apr april avril abril aprile апреля kwietnia
may mai mayo maggio maio mei мая maja
jun june juni juin junio giugno junho июня czerwca
jul july juli juillet julio luglio julho июля lipca
aug august août aout agosto augustus августа sierpnia
sep sept september septembre septiembre settembre setembro сентября września
oct okt october oktober octobre octubre ottobre outubro октября października
nov november novembre noviembre novembro ноября listopada
dec dez december dezember décembre decembre diciembre dicembre dezembro декабря grudnia
"""
"""The months in English, German, French, Spanish, Italian, Portuguese, Dutch, Russian and Polish, and their
usual short forms: one line each."""

_NUMBER = {
    name: number for number, line in enumerate(_MONTHS.strip().splitlines(), 1) for name in line.split()
}
_MONTH = "(?P<m>" + "|".join(sorted(_NUMBER, key=len, reverse=True)) + r")\b\.?"
_YEAR = r"(?P<y>1[5-9]\d\d|20\d\d)(?!\d)"
_DAY = r"(?P<d>[0-3]?\d)"

_FORMS = tuple(
    re.compile(rf"(?<![\w.]){form}", re.IGNORECASE)
    for form in (
        rf"{_YEAR}[-/.](?P<m>[01]\d)[-/.](?P<d>[0-3]\d)(?!\d)",
        rf"{_YEAR}\s?[年년]\s?(?P<m>\d{{1,2}})\s?[月월](?:\s?{_DAY}\s?[日일])?",
        rf"{_DAY}(?:st|nd|rd|th|er|[.º])?[ -](?:de |of )?{_MONTH},?[ -](?:de |del )?{_YEAR}",
        rf"{_MONTH} {_DAY}(?:st|nd|rd|th)?,? {_YEAR}",
        rf"{_MONTH} (?P<d>[0-3]?\d) \d\d:\d\d(?::\d\d)?(?: [A-Z]{{3,4}})? {_YEAR}",
        rf"{_MONTH},?[ -](?:de )?{_YEAR}",
        rf"{_DAY}\. ?(?P<m>[01]?\d)\. ?{_YEAR}",
        rf"(?P<a>[0-3]?\d)/(?P<b>[0-3]?\d)/{_YEAR}",
    )
)


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """A date in a text."""

    start: int
    end: int
    iso: str
    """As exact as it is written: ``2025-01-22``, ``2025-01``, ``2025``."""

    def __len__(self) -> int:
        """The number of its characters."""
        return self.end - self.start


def date_at(text: str, start: int) -> WrittenDate | None:
    """Return the date that is written in ``text`` from ``start`` on; None if none begins there."""
    for form in _FORMS:
        if (match := form.match(text, start)) and (iso := _iso(match)):
            return WrittenDate(start, match.end(), iso)
    return None


def dates_in(text: str) -> Iterator[WrittenDate]:
    """Yield the dates in ``text``, in their order."""
    end = 0
    for start in sorted({match.start() for form in _FORMS for match in form.finditer(text)}):
        if start >= end and (found := date_at(text, start)):
            end = found.end
            yield found


def _iso(match: re.Match[str]) -> str:
    """Return a date in ISO 8601; empty if there is no such day. Of 3/5/2019, which is in March or in May,
    only the year is certain.
    """
    parts = match.groupdict()
    year, month, day = parts["y"], parts.get("m"), parts.get("d")
    if first := parts.get("a"):
        one, other = int(first), int(parts["b"])
        if one <= 12 and other <= 12 and one != other:
            return year
        day, month = (str(one), str(other)) if one > 12 else (str(other), str(one))
    number = _NUMBER.get((month or "").lower()) or int(month or 0)
    iso = f"{year}-{number:02}" + (f"-{int(day):02}" if day else "")
    with suppress(ValueError):
        days_of(iso)
        return iso
    return ""
