"""Tell the row of a table that a question is about from others, by the numbers and years it names. Pure."""

import re

from qa.nlp.periods import YEAR, years_in
from qa.nlp.sentences import sentences
from qa.nlp.tables import read_row
from qa.nlp.tokens import content_keys, tokens
from qa.nlp.written_dates import dates_in
from qa.schema import Quote

_NUMBER = re.compile(r"(?<![\w.,-])\d+(?:[.,]\d+)*(?![\w-])")
"""A number that stands alone: neither part of a code nor of "top-20"."""
_PER = re.compile(
    r"\b(?:per|pro|je|auf|par|pour|por(?: cada)?|ogni|op|na|на)\s+10{0,2}(?:[., \u00a0\u202f]?000)+\b"
    r"|每\s*10{0,2}(?:,?000)+",
    re.IGNORECASE,
)
"""The round number of a measure, "deaths per 100,000 women": it stands over a table, if at all. Others may
tell rows apart, as the prices per 10 and per 20 litres."""
_NUMBERED_WORD = re.compile(r"(?<=\s)([^\W\d_]+)\s\d+(?![\w.,-]*\d)")
"""A word, not the first, and the number behind it."""
_EXPONENT = re.compile(r"(?<=[^\W\d_])\d+")
"""Figures after a letter, as in "cm2"."""


def is_named_in_full(question: str, row: str, language: str) -> bool | None:
    """Return whether ``question`` has every word of substance in the first cell of ``row``; None where it has
    none of them, or the line is no row.
    """
    cells = read_row(row)
    name = content_keys(row[cells[0].shown : cells[0].end], language) if len(cells) > 1 else frozenset()
    asked = content_keys(question, language)
    return name <= asked if name & asked else None


def is_of_another_row(question: str, quote: Quote) -> bool:
    """Return whether ``quote`` is rows of a table, and none is the one that ``question`` asks about."""
    rows = sentences(quote.text, quote.language)
    return all(
        is_another_row(question, quote.text[start:end], quote.titles, quote.language) for start, end in rows
    )


def is_another_row(question: str, text: str, over: str, language: str) -> bool:
    """Return whether ``text`` is a row of a table, and another one than ``question`` asks about: it and what
    stands ``over`` it lack a number of the question, or name years and none of the question's. Prose may say
    a number in other words; a row has no others.
    """
    if len(read_row(text)) < 2:
        return False
    return _lacks_number(question, text, over, language) or _is_of_other_years(question, text, over)


def _lacks_number(question: str, row: str, over: str, language: str) -> bool:
    text = f"{row}\n{over}"
    asked_of = question if any(dates_in(text)) else _without_dates(question)
    name = read_row(row)[0]
    if not any(map(str.isdigit, row[name.shown : name.end])):
        asked_of = _without_names(asked_of, text)
    asked = {
        token.key
        for each in _NUMBER.findall(_PER.sub("", YEAR.sub("", asked_of)))
        for token in tokens(each, language)
    }
    return not asked <= {token.key for token in tokens(_EXPONENT.sub("", text), language) if token.number}


def _without_dates(question: str) -> str:
    """Return ``question`` without its dates: rows that have none may be in a letter of that day."""
    for date in reversed(list(dates_in(question))):
        question = f"{question[: date.start]} {question[date.end :]}"
    return question


def _without_names(question: str, text: str) -> str:
    """Return ``question`` without the numbers of names of which ``text`` has no word: "PowerPoint 12" may
    name the whole document. "Unit 7" is another one than "Unit 8", and than a row that is called 8.
    """
    written = text.lower()

    def keep(word: re.Match[str]) -> str:
        is_name = word[1] != word[1].lower()
        return word[1] if is_name and word[1].lower() not in written else word[0]

    return _NUMBERED_WORD.sub(keep, question)


def _is_of_other_years(question: str, row: str, over: str) -> bool:
    first, *others = read_row(row)
    names = " ".join((row[: first.end], *(cell.column for cell in others)))  # other cells may have any year
    asked, named = years_in(question), years_in(names) or years_in(over)
    return bool(asked and named) and asked.isdisjoint(named)
