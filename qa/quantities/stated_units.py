"""Read the unit that a heading, or the name of a row or column, states for the numbers of a table. Pure."""

import re
from dataclasses import replace

from qa.quantities.quantities import NO_UNIT, Unit, magnitude_of, money_of, unit_of

_HEADED = re.compile(
    r"(?:\b(?:in|en|em|w|в|i)\b|[(\[]|(?<!\d),|^)\s*(?P<before>(?:(?:US|A|C)?[$€£¥₽₹]|[^\W\d_]+)\s+in\b"
    r"|(?:US|A|C)?[$€£¥₽₹]|[A-Za-z]{3}\b)?\s?"
    r"(?P<magnitude>['’]?000s?\b|[^\W\d_]+\.?)\s?(?:of\s|de\s|d['’]|di\s)?"
    r"(?P<after>[$€£¥₽₹]|[^\W\d_]+)?",
    re.IGNORECASE,
)
"""The magnitude in a heading of the numbers below it: "in millions of dollars", "(EUR million)", "(Dollars
in millions)"."""


_IN_BRACKETS = re.compile(r"\s*[(\[](?!\s*[abce]\s*[)\]])([^()\[\]]+)[)\]]\s*$")
"""What stands in brackets at the end of a name, but for the letter that marks a note, "Sales (a)": nobody
writes a year or an are so."""
_AT_END = re.compile(rf"{_IN_BRACKETS.pattern}|,\s*([^,]+)$")
"""The place of a unit in a name: "Power, MW", "Revenue (EUR m)"."""

_LAST_WORD = re.compile(r"[\s_]([^\W\d_]+|[%$€£¥₽₹])$")
"""The place of a unit in a name without a mark: "Price EUR", "height_m"."""
_VOWELS = frozenset("aeiouy")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


Place = tuple[Unit, int, int]
"""A unit, and from where to where the words for it are."""


def unit_named(name: str, language: str = "en") -> Unit:
    """Return the unit that the name of a row or column states at its end: "Power, MW", "Revenue (EUR m)"."""
    found = place_in_name(name, language)
    return found[0] if found else NO_UNIT


def unit_headed(heading: str, language: str = "en") -> Unit | None:
    """Return the magnitude and currency that a ``heading`` or caption states; None where it states none."""
    found = place_in_heading(heading, language)
    return found[0] if found else None


def place_in_name(name: str, language: str = "en") -> Place | None:
    """Return where :func:`unit_named` reads a unit; None where there is none."""
    match = _AT_END.search(name)
    if not match:
        return None
    group = 1 if match[1] else 2
    if headed := place_in_heading(f"({match[group]})", language):
        unit, start, end = headed
        outside = match.start(group) - 1  # the bracket that was put before it
        return unit, outside + start, outside + end
    words = match[group].strip().removeprefix("in ").split()
    unit = unit_of(words[0], language) if len(words) == 1 else NO_UNIT
    return None if unit == NO_UNIT or unit.counted else (unit, *match.span(group))


def place_in_heading(heading: str, language: str = "en") -> Place | None:
    """Return where :func:`unit_headed` reads a magnitude and a currency; None where there is none."""
    at = 0
    while match := _HEADED.search(heading, at):
        at = match.start() + 1  # in "(in millions)" the second match is the one
        word = match["magnitude"]
        scale = 10**3 if "000" in word else magnitude_of(word, language)
        before = money_of((match["before"] or "").removesuffix("in").strip())
        after = money_of(match["after"] or "")
        money = before or after
        if scale > 1:
            unit = replace(money, scale=scale) if money else Unit(scale=scale)
            start = match.start("before" if before else "magnitude")
            return unit, start, match.end("after" if after and not before else "magnitude")
        if money := money_of(word):
            return money, *match.span("magnitude")
    return None


def bare_unit_place(name: str, language: str = "en") -> tuple[int, int] | None:
    """Return from where to where the name of a column has a unit that is not to be computed with, or stands
    without a comma or brackets: "Price (EUR per metre)", "Length m"; None without one.
    """
    if match := _IN_BRACKETS.search(name):
        first = _WORD.match(match[1].strip())
        unit = unit_of(first[0], language) if first else NO_UNIT
        return None if unit == NO_UNIT or unit.counted else match.span(1)
    match = _LAST_WORD.search(name)
    if not match:
        return None
    word = match[1]
    is_unit = money_of(word) or unit_of(word, language).key == "percent" or _is_abbreviation(word, language)
    return match.span(1) if is_unit else None


def _is_abbreviation(word: str, language: str) -> bool:
    """Return whether ``word`` is the sign of a unit: "kg", unlike "day" and the "A" of "Group A"."""
    unit = unit_of(word, language)
    return (
        bool(unit.key)
        and not unit.counted
        and not (set(word.lower()) & _VOWELS)
        and not (len(word) == 1 and word.isupper())
    )


def without_unit(name: str, language: str = "en") -> str:
    """Return the name of a row or column without the unit at its end."""
    if unit_named(name, language) != NO_UNIT:
        return _AT_END.sub("", name)
    return _IN_BRACKETS.sub("", name)
