"""A sentence as what can be compared: its words in order, with its numbers, dates and names. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from qa.conflicts.locators import locators_in
from qa.nlp.deciding_words import NEGATORS
from qa.nlp.hedges import hedge
from qa.nlp.tokens import Token, is_content, tokens
from qa.nlp.written_dates import WrittenDate, dates_in
from qa.quantities.units import UNITS
from qa.query.answer_type import CURRENCIES

NUMBER, DATE, NAME, WORD, NEGATOR = "number", "date", "name", "word", "negator"

_FIRST_YEAR, _LAST_YEAR = 1_000, 2_100
"""A whole number of four digits in between, without a unit, is taken for a year."""


@dataclass(frozen=True, slots=True)
class Item:
    """A word, number or date of a sentence."""

    kind: str
    key: str
    """Items of one kind are equal when their keys are: a stem, the value of a number, a date in ISO 8601."""
    start: int
    """Its place in the sentence."""
    end: int
    hedge: str = ""
    surface: str = ""


@lru_cache(maxsize=16_384)
def items_of(text: str, language: str = "en") -> tuple[Item, ...]:
    """Return what ``text`` is made of, without the words that carry no meaning by themselves and the numbers
    that name a place in a document. All negators are one.
    """
    language = language or "en"
    found = tokens(text, language)
    dates = list(dates_in(text))
    locators = set(locators_in(text, language))
    items: list[Item] = []
    position = 0
    dated: WrittenDate | None = None
    for i, token in enumerate(found):
        start = text.find(token.surface, position)
        if start < 0:  # a character pair of a script without spaces
            start = position
        end = start + len(token.surface)
        position = start + 1 if len(token.surface) == 2 and not token.surface.isascii() else end
        date = next((each for each in dates if each.start <= start < each.end), None)
        if date:
            if date is not dated:
                items.append(Item(DATE, date.iso, date.start, date.end, surface=date.iso))
            dated = date
            continue
        if token.surface.lower() in NEGATORS.get(language, ()) and _is_negator(text, start, token.surface):
            items.append(Item(NEGATOR, "", start, end, surface=token.surface))
        elif is_content(token) and not any(first <= start < last for first, last in locators):
            items.append(_item(i, token, found, start, end))
    return tuple(items)


def _is_negator(text: str, start: int, surface: str) -> bool:
    """Return whether a letter that can be a negator is one: the "t" of "isn't", but not that of "T cells"."""
    return len(surface) > 1 or not surface.isascii() or text[max(0, start - 1) : start] in {"'", "’"}


def _item(i: int, token: Token, found: Sequence[Token], start: int, end: int) -> Item:
    if token.number:
        kind = DATE if _is_year(i, token, found) else NUMBER
        return Item(kind, token.key, start, end, hedge(i, found), token.surface)
    kind = NAME if token.name and not _is_measure(token.key) else WORD
    return Item(kind, token.key, start, end, surface=token.surface)


def _is_year(i: int, token: Token, found: Sequence[Token]) -> bool:
    year = len(token.surface) == 4 and token.surface.isdecimal()
    after = found[i + 1].key if i + 1 < len(found) else ""
    return year and _FIRST_YEAR <= int(token.surface) <= _LAST_YEAR and not _is_measure(after)


def _is_measure(key: str) -> bool:
    return key in UNITS or key in CURRENCIES


def is_measure(item: Item) -> bool:
    """Return whether an item is a unit or currency."""
    return item.kind == WORD and _is_measure(item.key)
