"""The numbers that word processors write before headings and items of lists: 4, iv, d, IV, ④."""

from collections.abc import Callable, Mapping
from typing import Final

_ROMAN: Final = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc")),
    *((50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
_LATIN: Final = "abcdefghijklmnopqrstuvwxyz"
_RUSSIAN: Final = "абвгдежзиклмнопрстуфхцчшщыэюя"
_CHINESE: Final = "〇一二三四五六七八九"
_MOST: Final = 10_000
"""No list is longer in these forms: a damaged file may ask for a number of a million letters."""


def write_number(value: int, form: str) -> str | None:
    """Return ``value`` in a form named as in Office Open XML; None where the form is not known here.

    ``none`` is a form: it shows nothing.
    """
    write = _FORMS.get(form)
    return write(value) if write and 0 <= value < _MOST else None


def _roman(value: int) -> str:
    written = ""
    for size, letters in _ROMAN:
        count, value = divmod(value, size)
        written += letters * count
    return written


def _letters(value: int, alphabet: str) -> str:
    """Return the letter of that number; after the last one they are doubled (``aa``), as Word does."""
    times, index = divmod(value - 1, len(alphabet))
    return alphabet[index] * (times + 1) if value > 0 else ""


def _ordinal(value: int) -> str:
    teen = value % 100 in {11, 12, 13}
    return f"{value}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(value % 10, 'th')}"


def _chinese(value: int) -> str:
    """Return a number as it is counted in Chinese and Japanese; from a hundred on, its digits."""
    if value >= 100 or value < 10:
        return "".join(_CHINESE[int(digit)] for digit in str(value))
    tens, units = divmod(value, 10)
    return (_CHINESE[tens] if tens > 1 else "") + "十" + (_CHINESE[units] if units else "")


def _enclosed(value: int) -> str:
    return chr(ord("①") + value - 1) if 0 < value <= 20 else str(value)


def _wide(value: int) -> str:
    return str(value).translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"})


_FORMS: Final[Mapping[str, Callable[[int], str]]] = {
    "decimal": str,
    "decimalZero": "{:02}".format,
    "numberInDash": "- {} -".format,
    "lowerLetter": lambda value: _letters(value, _LATIN),
    "upperLetter": lambda value: _letters(value, _LATIN).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda value: _roman(value).upper(),
    "russianLower": lambda value: _letters(value, _RUSSIAN),
    "russianUpper": lambda value: _letters(value, _RUSSIAN).upper(),
    "ordinal": _ordinal,
    "decimalEnclosedCircle": _enclosed,
    "decimalFullWidth": _wide,
    "japaneseCounting": _chinese,
    "chineseCounting": _chinese,
    "chineseCountingThousand": _chinese,
    "none": lambda _: "",
}
