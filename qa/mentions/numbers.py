"""Other notations of a number that is looked for: "1234.5" for "1,234.5", "3,000,000" for "three million".

Pure.
"""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from qa.nlp.terms import words
from qa.quantities.cldr import with_magnitude
from qa.quantities.quantities import Quantity, is_year, quantities_in

_FIGURES = re.compile(r"\d(?:[\d.,'’\u00a0\u2009\u202f ]*\d)?")

_ROUND = range(10**6, 10**15)
"""Numbers that are looked for in the words of their magnitude: people write 12,000 in figures, and no larger
ones are counted in words.
"""


def other_notations(query: str, language: str, languages: Iterable[str]) -> list[str]:
    """Return ``query``, which is in ``language``, with its number in the other notations that documents in
    ``languages`` may have; nothing where it has no number, several, or a year alone.
    """
    found = list(quantities_in(query, language))
    if len(found) != 1 or is_year(query[found[0].start : found[0].end]):
        return []
    own = tuple(words(query))
    forms = {tuple(words(form)): form for form in _forms(query, found[0], sorted({language, *languages}))}
    return [form for key, form in forms.items() if key != own]


def _forms(query: str, quantity: Quantity, languages: Iterable[str]) -> Iterator[str]:
    """Yield ``query`` with another notation of ``quantity``, beside its magnitude and as one number."""
    figures = _FIGURES.search(query, quantity.start, quantity.end)
    if figures:
        for written in _in_figures(abs(quantity.number)):
            yield f"{query[: figures.start()]}{written}{query[figures.end() :]}"
    value = abs(quantity.value)
    if quantity.unit.scale == 1 and figures and value < _ROUND.start:
        return
    unit = "" if quantity.unit.counted or not quantity.unit.text else f" {quantity.unit.text}"
    for written in [*_in_figures(value), *_in_words(value, languages)]:
        yield f"{query[: quantity.start]}{written}{unit}{query[quantity.end :]}"


def _in_figures(number: Decimal) -> Iterator[str]:
    plain = number.normalize()
    yield f"{plain:f}"
    yield f"{plain:,f}"


def _in_words(number: Decimal, languages: Iterable[str]) -> Iterator[str]:
    """Yield ``number`` with the words of each language for its magnitude, which stand next to each other,
    unless that would round it.
    """
    for language in languages if _ROUND.start <= number < _ROUND.stop else ():
        written = with_magnitude(number, language)
        if [each.value for each in quantities_in(written, language)] == [number]:
            yield f'"{written}"'
