"""Read quantities from a text: numbers in any notation or in words, with their magnitude and unit. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from unicodedata import decimal

from text_to_num import text2num

from qa.nlp.hedges import hedge_start
from qa.nlp.scripts import UNSPACED
from qa.nlp.terms import is_unspaced, terms
from qa.nlp.tokens import DECIMAL_COMMA, SPACED_GROUPS
from qa.nlp.written_dates import dates_in
from qa.quantities.cldr import magnitude_at, unspaced_currency_at
from qa.quantities.currencies import CODES, MONEY, MONEY_STEMS
from qa.quantities.units import UNITS
from qa.query.answer_type import CURRENCIES

_WORDS_READ = frozenset("da de en es fr it nl pt".split())
"""Languages whose words for numbers text2num reads."""

_DIGITS = re.compile(
    rf"(?<![^\W{UNSPACED}])(?<![.,第])"
    r"(?P<sign>[-−–]|\()?(?P<currency>(?:US|A|C)?[$€£¥₽₹]|[A-Z]{3}(?=[\s\d]))?\s?"
    r"(?P<minus>[-−])?"
    r"(?P<number>\d{1,3}(?:(?P<group>[,.'’\u00a0\u2009\u202f\u066c ])\d{3})(?:(?P=group)\d{3})*(?!\d)"
    r"(?:[.,\u066b]\d+)?|\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d+)?|\d+(?:[.,\u066b]\d+)?)(?!\w*-\w)(?![\d])",
)
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_NEXT = re.compile(r"[\s\u00a0\u202f]*(?P<word>[%％٪$€£¥₽₹]|[^\W\d_]+(?:[.]|[²³])?)")
_RANGE = re.compile(r"\s?[–-]\s?\d|\s?(?:to|bis|à|до)\s\d")
_RANGE_BEFORE = re.compile(r"\d\s?[–-]\s?$|\d\s(?:to|bis|à|до)\s$")
_RANGE_CHARS = 8
"""Characters in which a range before a number ends: a figure, "to" in some language, and the spaces."""

_YEAR = re.compile(r"1[5-9]\d\d|20\d\d|2100")

_MAGNITUDES = {
    10**2: "hundred hundert cent cien",
    10**3: """thousand thousands k tausend tsd tsd. mille millier milliers mil mila mila. duizend тыс тыс.
        тысяч тысяча тысячи tys tys. tysięcy""",
    10
    ** 6: """million millions mn mln mio mio. millionen millón millones milione milioni milhão milhões miljoen
        млн млн. миллион миллиона миллионов mln. milionów""",
    10**9: """bn bln milliarde milliarden mrd mrd. milliard milliards miliardo miliardi miljard bilhão bilhões
        млрд млрд. миллиард миллиарда миллиардов mld mld. miliardów""",
    10**12: "tn billones biliões трлн трлн. триллион триллиона триллионов",
}
_MAGNITUDE = {word: value for value, names in _MAGNITUDES.items() for word in names.split()}
_LONG_SCALE = frozenset("da de es fr it nl no pl pt sv".split())
"""Languages in which a billion is a million millions."""

_OF = re.compile(r"[\s\u00a0]+(?:de\s+|di\s+|d['’])", re.IGNORECASE)
"""The words between a magnitude and its unit: "millions d'euros", "millones de euros"."""

_PERCENT = frozenset("% ％ ٪ percent pct prozent procent процент процента процентов".split())


@dataclass(frozen=True, slots=True)
class Unit:
    """The unit of a number, as one of a magnitude."""

    key: str = ""
    """The key by which units are compared: ``dollar``, ``percent``, the stem of a unit; empty where none is
    stated."""
    text: str = ""
    """As it is written."""
    scale: int = 1
    """The factor of the number: 1,000,000 for a million."""
    counted: bool = False
    """True if it is a thing that is counted, such as employees, and no unit of measure."""


NO_UNIT = Unit()


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in a text: its characters ``start`` to ``end``."""

    start: int
    end: int
    number: Decimal
    """As it is written, without its magnitude."""
    unit: Unit = NO_UNIT
    exact: bool = True
    """True if it is no "about 5", and no end of a range."""

    @property
    def value(self) -> Decimal:
        """The number times its magnitude."""
        return self.number * self.unit.scale

    def within(self, unit: Unit) -> "Quantity":
        """Return the quantity under a heading that states ``unit``; what it states itself goes before."""
        own = self.unit
        if own.scale == 1 and not own.key:
            return replace(self, unit=unit)
        scale = own.scale if own.scale > 1 or own.key == "percent" else unit.scale
        if own.key and not own.counted:
            return replace(self, unit=replace(own, scale=scale))
        return replace(self, unit=replace(unit, scale=scale) if unit.key else replace(own, scale=scale))


def is_year(text: str) -> bool:
    """Return whether ``text`` is a year and nothing else."""
    return bool(_YEAR.fullmatch(text.strip()))


def quantities_in(text: str, language: str = "en") -> Iterator[Quantity]:
    """Yield the quantities in ``text``, in their order: numbers in figures and in words, without dates."""
    dated = [(date.start, date.end) for date in dates_in(text)]
    found = [*_in_figures(text, language), *_in_words(text, language)]
    for each in sorted(found, key=lambda quantity: quantity.start):
        if not any(start < each.end and each.start < end for start, end in dated):
            yield each


def _in_figures(text: str, language: str) -> Iterator[Quantity]:
    for match in _DIGITS.finditer(text):
        written, start = match["number"], match.start()
        group = match["group"]
        if group == " " and language not in SPACED_GROUPS:
            continue_at = match.start("number")
            yield from (
                replace(each, start=each.start + continue_at, end=each.end + continue_at, exact=False)
                for each in _in_figures(written.replace(" ", "|"), language)
            )
            continue
        number = _value(written, group or "", language)
        bracketed = match["sign"] == "("
        closed = bracketed and text[match.end() :].lstrip().startswith(")")
        if match["minus"] or (match["sign"] and (closed or not bracketed)):
            number = -number
        if bracketed and not closed:
            start += 1
        before = text[max(0, match.start() - _RANGE_CHARS) : match.start()]
        ranged = bool(_RANGE.match(text[match.end() :]) or _RANGE_BEFORE.search(before))
        ranged |= match["sign"] == "–" and bool(re.search(r"\w\s?$", before))
        hedged = hedge_start(text, match.start()) < match.start()
        unit, end = _unit_after(text, match.end(), language, currency=match["currency"] or "")
        end += closed and text[end : end + 1] == ")"
        yield Quantity(start, end, number, unit, exact=not (ranged or hedged))


def _value(written: str, group: str, language: str) -> Decimal:
    """Return the value of a number in figures, by the notation of ``language``."""
    plain = "".join(str(decimal(char, char)) if char.isdecimal() else char for char in written)
    plain = plain.replace("\u066b", ".")
    comma = language in DECIMAL_COMMA
    if group in {",", "."} and plain.count(group) == 1 and len(plain.replace("-", "").split(group)) == 2:
        decimal_sign = "," if comma else "."
        tail = plain.partition(group)[2]
        if group == decimal_sign and len(tail) == 3:
            return Decimal(plain.replace(group, "."))
    if group:
        plain = plain.replace(group, "", plain.count(group))
        return Decimal(plain.replace(",", "."))
    if plain.count(",") > 1:
        return Decimal(plain.replace(",", ""))
    return Decimal(plain.replace(",", "."))


def _in_words(text: str, language: str) -> Iterator[Quantity]:
    """Yield the numbers in words. "One" and its like are left out: they are more often pronouns."""
    if language not in _WORDS_READ:
        return
    words = list(_WORD.finditer(text))
    first = 0
    while first < len(words):
        last, value = first, None
        while last < len(words) and last - first < _LONGEST:
            said = _spoken(text[words[first].start() : words[last].end()], language)
            if said is not None:
                value, reached = said, last
            elif value is None or last > reached + 1:
                break
            last += 1
        if value is None:
            first += 1
            continue
        start, end = words[first].start(), words[reached].end()
        if value > 1 and not re.search(r"\d\s?$", text[:start]):
            hedged = hedge_start(text, start) < start
            unit, stop = _unit_after(text, end, language)
            yield Quantity(start, stop, Decimal(value), unit, exact=not hedged)
        first = reached + 1


_LONGEST = 12
"""Words of the longest number that is read: nine hundred and ninety-nine million and so many thousand."""


def _spoken(words: str, language: str) -> int | None:
    try:
        return int(text2num(words.replace("-", " ") if language == "en" else words, language))
    except ValueError:
        return None


def _unit_after(text: str, end: int, language: str, currency: str = "") -> tuple[Unit, int]:
    """Return the unit of a number that ends at ``end``, and where it ends with it."""
    unit = money_of(currency) or NO_UNIT
    scale, stop = _scale_after(text, end, language, money=bool(unit.key))
    connected = _OF.match(text, stop) if scale > 1 else None
    after = connected.end() if connected else stop
    if unspaced := unspaced_currency_at(text, after):
        word, code = unspaced
        unit = unit if unit.key else Unit(MONEY[code.lower()], word)
        return replace(unit, scale=scale), after + len(word)
    if match := _NEXT.match(text, after):
        unit = unit if unit.key else unit_of(match["word"].rstrip("."), language)
        stop = match.end() if unit.key and not unit.counted and not currency else stop
    return replace(unit, scale=scale), stop


def _scale_after(text: str, end: int, language: str, *, money: bool) -> tuple[int, int]:
    """Return the magnitude after a number that ends at ``end``, 1 without one, and where it ends."""
    match = _NEXT.match(text, end)
    if match is None:
        return 1, end
    word = match["word"]
    known = magnitude_at(text, end, language)
    stop = known[2] if known else match.end()
    money = money or _is_money_next(text, stop)
    if known and (is_unspaced(word) or stop > match.end() or not magnitude_of(word, language)):
        is_letter = len(known[0]) == 1 and known[0].isascii()
        return (1, end) if is_letter and not money else (known[1], stop)
    magnitude = magnitude_of(word, language, money=money, beside=match.start("word") == end)
    return (magnitude, match.end()) if magnitude else (1, end)


def _is_money_next(text: str, at: int) -> bool:
    after = _NEXT.match(text, at)
    return bool(after and money_of(after["word"]))


def magnitude_of(word: str, language: str, *, money: bool = True, beside: bool = False) -> int:
    """Return what a word such as "million" multiplies by; 0 for another word."""
    lower = word.lower()
    if lower == "m":
        return 10**6 if money else 0
    if lower == "k":
        return 10**3 if money or beside else 0
    if lower in {"billion", "billions"}:
        return 10**12 if language in _LONG_SCALE else 10**9
    if lower in {"trillion", "trillions"}:
        return 10**18 if language in _LONG_SCALE else 10**12
    if is_unspaced(word):
        known = magnitude_at(word, 0, language)
        return known[1] if known else 0
    return _MAGNITUDE.get(lower, 0)


def money_of(word: str) -> Unit | None:
    """Return the currency of a sign, code or name: "€", "EUR" or "euros"; None for another word."""
    lower = word.strip().lower()
    if not lower:
        return None
    key = MONEY.get(lower, lower if lower in CODES else "") or MONEY_STEMS.get(_stem(lower), "")
    if not key and (stem := _stem(lower)) in CURRENCIES - {
        "free",
        "noth",
        "gold",
        "silver",
        "mark",
        "real",
        "sum",
    }:
        key = stem
    return Unit(key, word.strip()) if key else None


def unit_of(word: str, language: str) -> Unit:
    """Return what ``word`` after a number says it counts."""
    lower = word.lower()
    if lower in _PERCENT:
        return Unit("percent", "%")
    if money := money_of(word):
        return money
    stem = _stem(lower, language)
    if stem in UNITS:
        return Unit(stem.replace("metr", "met").replace("litr", "lit"), word)
    is_noun = len(lower) > 3 and lower.isalpha() and language == "en" and lower.endswith("s")
    return Unit(stem, word, counted=True) if is_noun else NO_UNIT


def _stem(word: str, language: str = "en") -> str:
    return next(iter(terms(word, language)), word)
