"""Tell under which rows the rows of a table stand, by the numbers or bullets before their names."""

import re
import string
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_DIGITS = "一二三四五六七八九"
_CHINESE = [
    tens + units
    for tens in ("", "十", *(f"{digit}十" for digit in _DIGITS[1:]))
    for units in ("", *_DIGITS)
    if tens + units
]
"""Chinese numerals from 1 to 99."""

_ROMAN = [
    tens + units
    for tens in ("", "X", "XX", "XXX")
    for units in ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
    if tens + units
]
"""Roman numerals from 1 to 39."""

_NUMERALS = {
    "chinese": _CHINESE,
    "roman": _ROMAN,
    "small roman": [each.lower() for each in _ROMAN],
    "capital": list(string.ascii_uppercase),
    "letter": list(string.ascii_lowercase),
    "figure": [str(number) for number in range(1, 100)],
}
"""The numerals of each kind, in their order from 1."""

_NUMBERED = re.compile(
    r"(?P<open>[(（]?)\s?(?P<numeral>\w{1,5}?)\s?(?P<close>[)）]|[、．]|\.(?!\d))\s*(?=\S)"
)
"""A numeral before a name: ``1. Cash``, ``(a) Cash``, ``（一）存款``; no decimal number."""

BULLETS = "•◦▪‣●○■"
"""The characters that a row with a bullet begins with."""


@dataclass(frozen=True, slots=True)
class _Number:
    """A number before the name of a row."""

    kind: tuple[str, bool, bool]
    """Its numerals, and whether a bracket stands before and behind it."""
    value: int


@dataclass(frozen=True, slots=True)
class _Level:
    """The row that the rows below it may stand under."""

    number: _Number
    name: str


def names_above(names: Sequence[str]) -> list[tuple[str, ...]]:
    """Return for each row of a table, given its ``names``, those of the rows that it stands under by its
    number, from the top down; none for a row whose name no other row has.

    Nothing is told of a table in which a number is missing or comes twice.
    """
    above: list[tuple[str, ...]] = []
    levels: list[_Level] = []
    for name in names:
        numbers = list(_numbers(name))
        if not numbers:
            above.append(())
            continue
        placed = _place(numbers, levels)
        if placed is None:
            return [()] * len(names)
        depth, number = placed
        levels = [*levels[:depth], _Level(number, name)]
        above.append(tuple(level.name for level in levels[:depth]))
    count = Counter(names)
    return [told if count[name] > 1 else () for name, told in zip(names, above, strict=True)]


def names_above_bullets(names: Sequence[str], valued: Sequence[bool]) -> list[tuple[str, ...]]:
    """Return for each row of a table, given its ``names``, that of the last row without a bullet if its own
    name begins with one: "Population" over "• 2018 census". Such a name is ``valued``, followed by its value:
    in other rows the items of lists may stand beside each other.
    """
    above: list[tuple[str, ...]] = []
    last = ""
    for name, has_value in zip(names, valued, strict=True):
        is_bullet = has_value and name.startswith(tuple(BULLETS))
        last = last if is_bullet else name
        above.append((last,) if is_bullet and last else ())
    return above


def _numbers(name: str) -> Iterator[_Number]:
    """Yield what the number before ``name`` may be: ``I.`` is Roman or a letter."""
    if found := _NUMBERED.match(name):
        for kind, numerals in _NUMERALS.items():
            if found["numeral"] in numerals:
                value = numerals.index(found["numeral"]) + 1
                yield _Number((kind, bool(found["open"]), found["close"] in ")）"), value)


def _place(numbers: Sequence[_Number], levels: Sequence[_Level]) -> tuple[int, _Number] | None:
    """Return the depth at which a row stands whose number is one of ``numbers``, and that number: on the
    level whose number comes before it, or on a new one if it is the first of its kind.
    """
    for depth in reversed(range(len(levels))):
        last = levels[depth].number
        for number in numbers:
            if number.kind == last.kind and number.value == last.value + 1:
                return depth, number
    kinds = {level.number.kind for level in levels}
    first = [number for number in numbers if number.value == 1 and number.kind not in kinds]
    return (len(levels), first[0]) if first else None
