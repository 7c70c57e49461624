"""The words of a language for units, currencies, large numbers, months and languages, from Unicode's CLDR."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Literal

from babel import Locale
from babel.numbers import get_currency_name
from babel.units import format_unit

from qa.nlp.locales import find_locale
from qa.nlp.stopwords import stop_words

_LENGTHS: tuple[Literal["long", "short"], ...] = ("long", "short")

_UNITS = """
angle-degree area-acre area-hectare area-square-foot area-square-kilometer area-square-meter
area-square-mile concentr-percent concentr-permille digital-bit digital-byte digital-gigabyte digital-kilobyte
digital-megabyte digital-terabyte duration-century duration-day duration-decade duration-hour
duration-minute duration-month duration-second duration-week duration-year electric-ampere electric-volt
energy-calorie energy-joule energy-kilocalorie energy-kilojoule energy-kilowatt-hour
frequency-gigahertz frequency-hertz frequency-kilohertz frequency-megahertz
length-centimeter length-foot length-inch length-kilometer length-light-year length-meter length-mile
length-millimeter length-nanometer length-yard mass-gram mass-kilogram mass-milligram
mass-ounce mass-pound mass-ton power-gigawatt power-horsepower power-kilowatt power-megawatt power-watt
pressure-bar pressure-kilopascal pressure-pound-force-per-square-inch speed-kilometer-per-hour
speed-knot speed-meter-per-second speed-mile-per-hour temperature-celsius temperature-fahrenheit
temperature-kelvin volume-barrel volume-cubic-kilometer volume-cubic-meter volume-gallon volume-hectoliter
volume-liter volume-megaliter volume-milliliter
""".split()
"""The units that texts measure in, by CLDR's names."""

_CURRENCIES = """
USD EUR GBP JPY CNY CHF INR RUB KRW BRL CAD AUD NZD MXN SEK NOK DKK PLN CZK HUF RON BGN TRY ILS
AED SAR QAR KWD EGP ZAR NGN KES IDR MYR SGD HKD THB VND PHP PKR BDT UAH KZT UZS GEL AMD AZN ARS CLP COP
""".split()

_PLAIN_ENGLISH = frozenset(
    "dollar dollars cent cents euro euros yen yuan franc francs rupee rupees ruble rubles rouble roubles "
    "bn m mn".split()
)
"""English names of money and, after it, of large numbers, as newspapers shorten them; CLDR has only the long
names."""

_LARGE = frozenset({"bn", "m", "mn"})

_COUNTS = (1, 2, 3, 5, 10, 21)
"""Numbers that take every plural form of a unit in the languages of CLDR, but for zero."""

_SYMBOLS = "€ £ ¥ ￥ ₽ ₹ ₺ ₩ ₪ ₴ ₸ ฿ ₫ ₦ US$ C$ A$ NZ$ R$ HK$ S$ $".split()
_SIGNS = "% ％ ٪ ‰ ° °C °F".split()
_SHORTEST = 2
"""Letters of the shortest unit that is known for one: "m" may be metres or millions."""

_DIGIT = re.compile(r"[\d\u0660-\u0669\u06f0-\u06f9\u0966-\u096f]")


@dataclass(frozen=True, slots=True)
class FigureWords:
    """The words that may stand around a number in one language."""

    before: re.Pattern[str]
    """Money before the number, at the end of the text before it."""
    scale: re.Pattern[str]
    """A word such as "million" after the number."""
    unit: re.Pattern[str]
    """A unit after the number, or after its scale."""
    money: re.Pattern[str]
    """Money after the number, or after its scale."""


@cache
def figure_words(language: str) -> FigureWords:
    """Return the words around numbers in texts in ``language``; of an unknown one, signs and codes alone."""
    locale = find_locale(language)
    money = {*_SYMBOLS, *_CURRENCIES}
    units, scales = set(_SIGNS), set[str]()
    if locale:
        units.update(_units(locale))
        money.update(_currency_names(locale))
        scales.update(_scales(locale))
    if language == "en":
        money |= _PLAIN_ENGLISH - _LARGE
        scales |= _LARGE
    units -= {each for each in units if each.lower() in stop_words(language)}
    codes = [re.escape(each) for each in (*_SYMBOLS, *_CURRENCIES)]
    codes.sort(key=len, reverse=True)
    return FigureWords(
        before=re.compile(rf"(?:(?<!\w)(?:{'|'.join(codes)}))[ \u00a0\u202f]?$"),
        scale=_after(scales),
        unit=_after(units),
        money=_after(money),
    )


@cache
def not_names(language: str) -> frozenset[str]:
    """Return the words of ``language``, in lower case, that have a capital letter without being a name:
    months, days and languages.
    """
    locale = find_locale(language)
    if locale is None:
        return frozenset()
    calendar = chain.from_iterable(
        each[width].values() for each in (locale.months["format"], locale.days["format"]) for width in each
    )
    return frozenset(word.lower().rstrip(".") for word in (*calendar, *locale.languages.values()))


@cache
def territories(language: str) -> frozenset[str]:
    """Return the names of countries and continents in ``language``."""
    locale = find_locale(language)
    return frozenset(locale.territories.values()) if locale else frozenset()


def _units(locale: Locale) -> Iterator[str]:
    for unit in _UNITS:
        for length in _LENGTHS:
            for count in _COUNTS:
                written = format_unit(count, unit, length, locale=locale)
                word = _DIGIT.sub("", written).strip(" \u00a0\u202f\u200e\u200f")
                if len(word) >= _SHORTEST or not word.isalpha():
                    yield word


def _currency_names(locale: Locale) -> Iterator[str]:
    for code in _CURRENCIES:
        yield from (get_currency_name(code, count, locale) for count in _COUNTS)


def _scales(locale: Locale) -> Iterator[str]:
    for by_size in locale.compact_decimal_formats["long"].values():
        for pattern in by_size.values():
            yield pattern.pattern.replace("0", "").strip(" \u00a0\u202f'¤")


def _after(words: set[str]) -> re.Pattern[str]:
    """Return the pattern of any of ``words`` after a number, as in "3 millions d’euros". One in letters is
    not followed by a letter.
    """
    longest_first = sorted(filter(None, words), key=lambda word: (-len(word), word))
    either = "|".join(
        re.escape(word) + (r"(?!\w)" if word[-1].isalpha() and word[-1] < "\u0e00" else "")
        for word in longest_first
    )
    return re.compile(rf"[ \u00a0\u202f-]?(?:d[’']|d[ei] )?(?:{either or '(?!)'})")
