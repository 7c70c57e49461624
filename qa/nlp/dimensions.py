"""The dimension of a number's unit, a length or a speed, from the English names in Unicode's CLDR. Pure."""

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from itertools import product
from typing import Literal

from babel import Locale
from babel.units import format_unit

_TIME = "duration"
_SPEED = "speed"
_RATE = "rate"
"""What has something else than a time below its fraction bar: "7 g/km". No length, mass or speed is such."""

_LENGTHS: tuple[Literal["long", "short", "narrow"], ...] = ("long", "short", "narrow")

_PER = re.compile(r"[\s-]?[^\W\d_][\w²³]*(?:/|\s(?:per|an?)\s)([^\W\d_]+)")
"""A unit of a number below another unit: the "km" of "g/km", the "year" of "cm per year" and "cm a year"."""


def dimensions_after(text: str, at: int) -> frozenset[str]:
    """Return the dimensions, by CLDR's names, that the unit may have of the number that ends in ``text`` at
    ``at``: "m" is a length or a duration. Empty where there is no unit that CLDR knows.
    """
    if per := _PER.match(text, at):
        below = _dimensions().get(per[1], frozenset())
        if below:
            return frozenset({_SPEED if _TIME in below else _RATE})
    unit = _unit_pattern().match(text, at)
    return _dimensions()[unit[1]] if unit else frozenset()


def is_unit(word: str) -> bool:
    """Return whether ``word`` is the name or the sign of a unit, perhaps with the "s" of a plural: "hrs"."""
    return word in _dimensions() or word.removesuffix("s") in _dimensions()


@cache
def _dimensions() -> Mapping[str, frozenset[str]]:
    """Return the dimensions of every name and sign of a unit, in the singular and in the plural, but for
    single capitals: of "25F" the letter is rather a person's sex than a farad.
    """
    found: dict[str, set[str]] = defaultdict(set)
    ways = product((Locale("en"), Locale("en", "GB")), (1, 2), _LENGTHS)
    for (locale, count, length), unit in product(ways, Locale("en").unit_display_names):
        number, name = str(count), format_unit(count, unit, length, locale=locale)
        sign = name.removeprefix(number).strip()
        if name.startswith(number) and not (len(sign) == 1 and sign.isupper()):
            found[sign].add(unit.partition("-")[0])
    return {name: frozenset(dimensions) for name, dimensions in found.items()}


@cache
def _unit_pattern() -> re.Pattern[str]:
    names = "|".join(map(re.escape, sorted(_dimensions(), key=len, reverse=True)))
    return re.compile(rf"[\s\u00a0\u202f-]?({names})(?![\w/])")
