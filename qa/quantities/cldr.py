"""The words for magnitudes and currencies, "Mio.", "mil millones", "美元", from Unicode's CLDR. Pure."""

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import cache

from babel import Locale
from babel.numbers import format_compact_decimal, get_currency_name

from qa.nlp.locales import find_locale
from qa.nlp.scripts import UNSPACED

_ZEROS = re.compile(r"0+")

_UNSPACED_LOCALES = ("zh", "zh_Hant", "ja")
"""Locales whose magnitudes the unit follows without a space."""

_CURRENCIES = ("USD", "EUR", "GBP", "JPY", "CNY", "RUB", "INR", "CHF")


_FRACTION_DIGITS = 6
"""Digits behind the point of "1.2345 billion"."""


def magnitude_at(text: str, at: int, language: str) -> tuple[str, int, int] | None:
    """Return the magnitude that ``text`` has at ``at``, perhaps after a space: its word, what it multiplies
    by, and where it ends. None where there is none.
    """
    for locale in (language, *_UNSPACED_LOCALES):
        if found := _pattern(locale).match(text, at):
            return found[1], _magnitudes(locale)[" ".join(found[1].lower().split())], found.end()
    return None


def with_magnitude(number: Decimal, language: str) -> str:
    """Return ``number`` with the word of ``language`` for its magnitude, such as "12,5 Millionen"; of a
    language that is not known, with the English one.
    """
    locale = find_locale(language) or Locale("en")
    return format_compact_decimal(number, format_type="long", locale=locale, fraction_digits=_FRACTION_DIGITS)


@cache
def _magnitudes(language: str) -> Mapping[str, int]:
    """Return what each word or abbreviation multiplies by, from the patterns of short numbers: "00 Mio'.'" is
    how ten million is written.
    """
    locale = find_locale(language or "en")
    if locale is None:
        return {}
    found: dict[str, int] = {}
    for plurals in (
        plurals for by_length in locale.compact_decimal_formats.values() for plurals in by_length.values()
    ):
        for size, pattern in plurals.items():
            zeros = _ZEROS.search(pattern.pattern)
            word = _ZEROS.sub("", pattern.pattern).replace("'", "").lower()
            word = " ".join(word.split())
            if zeros and word:
                found[word] = int(size) // 10 ** (len(zeros[0]) - 1)
    return found


@cache
def _pattern(language: str) -> re.Pattern[str]:
    words = sorted(_magnitudes(language), key=len, reverse=True)
    alternatives = "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in words) or r"(?!)"
    return re.compile(rf"[\s\u00a0\u202f]*({alternatives})(?![^\W\d_{UNSPACED}])", re.IGNORECASE)


def unspaced_currency_at(text: str, at: int) -> tuple[str, str] | None:
    """Return the currency that a run of characters without spaces has at ``at``: its word, and its code by
    ISO 4217. None where there is none.
    """
    found = _currency_pattern().match(text, at)
    return (found[0], _unspaced_currencies()[found[0]]) if found else None


@cache
def _unspaced_currencies() -> Mapping[str, str]:
    names = {get_currency_name(code, locale=each): code for each in _UNSPACED_LOCALES for code in _CURRENCIES}
    return names | {"元": "CNY", "円": "JPY"}


@cache
def _currency_pattern() -> re.Pattern[str]:
    return re.compile("|".join(sorted(map(re.escape, _unspaced_currencies()), key=len, reverse=True)))
