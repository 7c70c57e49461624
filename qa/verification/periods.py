"""Tell what holds for a year from what holds for a part of it, or for another year. Pure."""

import re
from collections.abc import Iterator

from qa.nlp.periods import PART_OF_YEAR, YEAR, years_in
from qa.nlp.sentences import sentences
from qa.nlp.tables import read_row
from qa.query.types import wants_short_answer
from qa.schema import Quote

_FIGURE = re.compile(r"\d[\d.,\u00a0\u202f']*\d|\d")
_CELLS = re.compile(r"; | \| | — ")
"""The separator of the cells of a row."""

_DECADE = re.compile(r"(?<!\d)((?:19|20)\d)0['’]?s\b")
"""A decade, with its first three digits: "the 1970s"."""


def is_of_other_years(question: str, quote: Quote) -> bool:
    """Return whether ``question`` names years, and ``quote``, with the headings and the title over it, names
    only others, all before or all after: the chief executive in a report of 2022 need not be that of 2012.

    Of the public questions of SQuAD 2.0 that name a year, none of 35 with the right place in their first
    quote would be lost, and 42 of 108 without an answer have such a quote.
    """
    asked = years_in(question)
    named = years_in(f"{quote.text} {quote.titles}")
    if not asked or not named or any(min(named) <= year <= max(named) for year in asked):
        return False
    decades = set(_DECADE.findall(question))
    return not any(year[:3] in decades for year in named)


def is_of_part_of_year(text: str, question: str, quote: Quote) -> bool:
    """Return whether ``text``, an answer to ``question``, gives a figure for a year, and ``quote`` has it for
    a part of a year alone. Where the words of the quote name no time, the headings over it or the title do;
    over a row of a table the headings also say which part of a year its columns are of. A text that says
    which part it means is no answer either where one figure was asked for.
    """
    asked = f"{question} {text}"
    figures = {each for each in _FIGURE.findall(text) if not YEAR.fullmatch(each)}
    if not figures or not YEAR.search(asked) or PART_OF_YEAR.search(question):
        return False
    if PART_OF_YEAR.search(text) and not wants_short_answer(question):
        return False
    over = (*reversed(quote.headings), quote.title)
    times = [
        next(filter(_has_time, (cell, first, *over)), "")
        for first, cell in _cells(quote)
        if figures & set(_FIGURE.findall(cell))
    ]
    # A year over a column is that of the quarter where the title of the table names one.
    table = next(filter(_has_time, reversed(quote.headings)), "") if len(read_row(quote.text)) > 1 else ""
    return bool(times) and all(PART_OF_YEAR.search(f"{time} {table}") for time in times)


def _cells(quote: Quote) -> Iterator[tuple[str, str]]:
    """Yield the sentences of a quote and the cells of its rows, each with the first cell of its row."""
    for start, end in sentences(quote.text, quote.language):
        first, *others = _CELLS.split(quote.text[start:end])
        yield from ((first, cell) for cell in (first, *others))


def _has_time(text: str) -> bool:
    return bool(YEAR.search(text) or PART_OF_YEAR.search(text))
