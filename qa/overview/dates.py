"""Find the dates that a long text states, days, months and years, quickly. Pure."""

import re
from collections.abc import Iterator

from qa.nlp.written_dates import WrittenDate, date_at

_YEAR = re.compile(r"(?<!\d)(?:1[5-9]\d\d|20\d\d)(?!\d)")
_BEFORE_CHARS = 30
"""Characters before a year in which a date that ends with it begins: "Wednesday the 30th of September of"."""
_STARTS = 4
"""Words before a year with which such a date can begin: day, "of", month, "of"."""
_WORD = re.compile(r"(?<![\w.])\w+")

_YEAR_ALONE = re.compile(
    r"\b(?:in|since|until|by|from|during|year|im jahr|im jahre|seit|bis|anno|en|depuis|desde|em|nel|dal"
    r"|in het jaar|sinds|w|od)\s+$",
    re.IGNORECASE,
)
"""Words before a year that stands alone, in the languages of :mod:`qa.nlp.written_dates`."""
_BEFORE_YEAR_ALONE = 15
_AFTER_YEAR_ALONE = re.compile(r"[ \t]*(?:[,.;:)!?。，、]|\n|$)|\s?(?:年|년|г\.|году|года|год\b)")
"""Signs that a number such as 2019 counts nothing: the end of a clause, or the word for a year."""
_YEAR_WORD = re.compile(r"\s?(?:年|년|г\.|году|года|год\b)")


def find_dates(text: str) -> Iterator[WrittenDate]:
    """Yield the dates in ``text``, in order, each with a year. A number that may count something is none."""
    end = 0
    for year in _YEAR.finditer(text):
        if year.start() < end:
            continue
        if found := _date_around(text, year.start(), end):
            end = found.end
            yield found


def _date_around(text: str, year: int, since: int) -> WrittenDate | None:
    """Return the longest date with the year that begins at ``year``; None where there is none for certain."""
    words = _WORD.finditer(text, max(since, year - _BEFORE_CHARS), year)
    starts = [word.start() for word in words][-_STARTS:]
    for start in (*starts, year):
        found = date_at(text, start)
        if found and found.start <= year < found.end:
            return found
    word = _YEAR_WORD.match(text, year + 4)
    after = _AFTER_YEAR_ALONE.match(text, year + 4)
    before = _YEAR_ALONE.search(text, max(since, year - _BEFORE_YEAR_ALONE), year)
    if word or (before and after):
        return WrittenDate(year, year + 4, text[year : year + 4])
    return None
