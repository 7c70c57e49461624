"""Find months, parts of a year and years in a text, in the forms that tables and people give them. Pure."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from babel import Locale

from qa.nlp.locales import find_locale
from qa.nlp.periods import BARE_YEAR

_WORD = re.compile(r"[^\W\d_]+")
_ISO_MONTH = re.compile(r"(?<![\d-])(?:19|20)\d\d-(0[1-9]|1[0-2])(?!\d)")
_YEAR = re.compile(rf"(?:\b[FC]Y ?['’]?)?({BARE_YEAR.pattern})", re.IGNORECASE)
_SHORT_YEAR = re.compile(r"(?:\b[FC]Y ?['’]?|(?<!\w)['’])(\d\d)(?!\w)", re.IGNORECASE)
_CENTURY = 70
"""Years in two digits below this one are of the century from 2000 on, as POSIX reads them from 69 on."""

_ORDINALS = ("first", "second", "third", "fourth")
_ORDINAL = rf"(?P<word>{'|'.join(_ORDINALS)})|(?P<number>[1-4])(?:st|nd|rd|th)?"
_PART = re.compile(
    rf"\b(?:(?P<sign>[QH])(?P<after>[1-4])|(?:{_ORDINAL})[ -]?(?P<part>Q|H|quarter|half))\b", re.IGNORECASE
)
"""A quarter or half of a year in English: "Q3", "3Q", "3rd Q", "third quarter", "H1", "first half"."""


@lru_cache(maxsize=16_384)
def periods_in(text: str, language: str = "en") -> frozenset[str]:
    """Return the periods that ``text`` names, each in one form: ``2018`` also for "FY18", ``q3`` for "third
    quarter", ``m2`` for "Feb".
    """
    return frozenset(key for _, _, key in find_periods(text, language))


def find_periods(text: str, language: str = "en") -> Iterator[tuple[int, int, str]]:
    """Yield where ``text`` names periods, each with its one form (:func:`periods_in`). Names are those of the
    ``language`` of the text and of English.
    """
    months = _months(language)
    for word in _WORD.finditer(text):
        if month := months.get(word[0].lower()):
            yield *word.span(), f"m{month}"
    for match in _ISO_MONTH.finditer(text):
        yield *match.span(1), f"m{int(match[1])}"
    for match in _YEAR.finditer(text):
        yield *match.span(), match[1]
    for match in _SHORT_YEAR.finditer(text):
        yield *match.span(), f"{20 if int(match[1]) < _CENTURY else 19}{match[1]}"
    for match in _PART.finditer(text):
        sign = (match["sign"] or match["part"])[0].lower()
        number = match["after"] or match["number"] or _ORDINALS.index(match["word"].lower()) + 1
        yield *match.span(), f"{sign}{number}"
    if quarters := _quarters(language):
        lower = text.lower()
        for name, number in quarters.items():
            for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", lower):
                yield *match.span(), f"q{number}"


@cache
def _months(language: str) -> dict[str, int]:
    """Return the numbers of months by their full and short names (Unicode's CLDR)."""
    return {
        name.lower().rstrip("."): number
        for locale in _locales(language)
        for names in locale.months.values()
        for width in ("abbreviated", "wide")
        for number, name in names[width].items()
    }


@cache
def _quarters(language: str) -> dict[str, int]:
    """Return the numbers of quarters by their names in another language than English."""
    return {
        name.lower(): number
        for locale in _locales(language)
        if locale.language != "en"
        for names in locale.quarters.values()
        for width in ("abbreviated", "wide")
        for number, name in names[width].items()
    }


def _locales(language: str) -> Iterator[Locale]:
    return filter(None, map(find_locale, {"en", language}))
