"""Find the figures of a text that have a unit or are of money: "72 million euros", "5,5 Kilometer". Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from qa.overview.words import figure_words

_NUMBER = re.compile(
    r"(?<![\d.,/])(?<![^\W\u0e00-\U0010ffff])"
    r"(?:\d{1,3}(?:[.,'’ \u00a0\u202f\u066c]\d{3})+(?!\d)(?:[.,\u066b]\d+)?"
    r"|\d+(?:[.,\u066b]\d+)?)(?![.,]?\d|/\d)"
)
"""A number with its groups of thousands and its decimals, in any digits; no part of a date, a fraction or a
name such as GT36. Scripts above U+0E00 write it beside their letters."""

_SIGN = re.compile(r"(?<![\w])[-−]$")
_RANGE = re.compile(r"(?<![\w.,/-])\d+(?:[.,]\d+)?\s?[-–]\s?$")
"""The first number of two, as in "27-30 %"."""
_RANGE_CHARS = 12
_BEFORE_CHARS = 6
"""The longest code of a currency with a space and a sign."""


@dataclass(frozen=True, slots=True)
class WrittenFigure:
    """A figure in a text, with its unit."""

    start: int
    end: int


def find_figures(text: str, language: str) -> Iterator[WrittenFigure]:
    """Yield the figures of ``text`` that have a unit, in order. Numbers without one are left out."""
    words = figure_words(language or "en")
    for number in _NUMBER.finditer(text):
        start, end = number.span()
        before = words.before.search(text[max(0, start - _BEFORE_CHARS) : start])
        if scale := words.scale.match(text, end):
            end = scale.end()
        after = words.money.match(text, end) or words.unit.match(text, end)
        if before is None and after is None:
            continue
        if before:
            start -= len(before[0])
        if after:
            end = after.end()
        if range_ := _RANGE.search(text, max(0, start - _RANGE_CHARS), start):
            start = range_.start()
        elif _SIGN.search(text, max(0, start - 2), start):
            start -= 1
        yield WrittenFigure(start, end)
