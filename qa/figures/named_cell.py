"""Find the one cell of a table, or line of a form, whose own names are all that a question asks. Pure.

A fitted judge is unsure of rows, which are no sentences. Where the row, the column, the headings and the
document together have every word of the question, and no other cell does, the cell answers without a judge.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from qa.nlp.periods import PART_OF_YEAR, YEAR
from qa.nlp.tables import is_numbered, read_row
from qa.nlp.terms import terms
from qa.nlp.tokens import SCALES, content_keys, tokens
from qa.quantities.units import UNITS
from qa.query.answer_type import (
    CURRENCIES,
    AnswerType,
    asks_when,
    expected_answer_type,
    missing_answer_type,
)
from qa.query.types import wants_short_answer
from qa.retrieval.evidence import number_quotes
from qa.retrieval.labelled_value import find_value
from qa.retrieval.scope import is_outside_scope, owner_words, rows_meant
from qa.schema import Document, Quote, ShortAnswer, Span, headings_at

_ASKED_EXTENT = re.compile(r"\bhow\s+\w+", re.IGNORECASE)
"""Words that ask for a number and are in no name of a cell: "how many", "how much"."""
_ASKED_YEAR = re.compile(r"\b(?:what|which)\s+year\b", re.IGNORECASE)

_MEASURES = UNITS | CURRENCIES | {key for scale in SCALES for key in terms(scale)}
"""Stems of words in the name of a row or column that say in which unit its figures are."""

_NUMBERS = {AnswerType.MONEY, AnswerType.NUMBER, AnswerType.PERCENTAGE}


def find_named_cell(
    question: str, quotes: Sequence[Quote], documents: Mapping[str, Document]
) -> ShortAnswer | None:
    """Return the cell among ``quotes`` that ``question`` names; None where it names none, or several that
    differ.

    A row may be of the parent company, of a segment or of a part of the year: such a cell is named only by
    a question that says so.
    """
    if not wants_short_answer(question) or any(token.negated for token in tokens(question)):
        return None
    found = list(_all_named(question, quotes, documents))
    more = list(_all_named(question, _rows_of_the_same(question, quotes, documents), documents))
    return found[0] if found and len({short.text for short in (*found, *more)}) == 1 else None


def _rows_of_the_same(
    question: str, quotes: Sequence[Quote], documents: Mapping[str, Document]
) -> tuple[Quote, ...]:
    """Return the rows with the names of those among ``quotes`` that ``question`` may mean as well."""
    spans = (rows_meant(question, quote.span.start, documents[quote.span.doc_id]) for quote in quotes)
    return number_quotes(list(dict.fromkeys(chain.from_iterable(spans))), documents)


def _all_named(
    question: str, quotes: Sequence[Quote], documents: Mapping[str, Document]
) -> Iterator[ShortAnswer]:
    for quote in quotes:
        document = documents[quote.span.doc_id]
        if value := find_value(question, quote.span, document):
            yield ShortAnswer(document.text[value.start : value.end], quote.number, value)
        elif not is_outside_scope(question, document, quote.span.start):
            yield from _named_cells(question, quote, document)


def _named_cells(question: str, quote: Quote, document: Document) -> Iterator[ShortAnswer]:
    row = read_row(quote.text)
    if len(row) < 2 or any(is_numbered(cell.column) for cell in row):
        return
    start = quote.span.start
    headings = headings_at(document.headings, start)
    over = content_keys("\n".join((document.title, document.file_words, *headings)), document.language)
    over |= owner_words(question, document)
    for cell in row[1:]:
        names = (quote.text[row[0].start : row[0].end], cell.column)
        value = quote.text[cell.shown : cell.end]
        if (
            _is_of_kind_asked(value, " ".join((quote.text, *headings)), question, document.language)
            and not _is_of_unasked_part(question, (*names, *headings))
            and _are_all_asked(question, names, over, document.language, is_only=len(row) == 2)
        ):
            span = Span(document.id, start + cell.shown, start + cell.end)
            yield ShortAnswer(value, quote.number, span)


def _are_all_asked(
    question: str, names: tuple[str, str], over: frozenset[str], language: str, *, is_only: bool
) -> bool:
    """Return whether the names of a row and of a column, with the words ``over`` the table, have every word
    of ``question``, and it has every word of theirs. The only column of a row may be called by its unit.
    """
    asked = content_keys(_ASKED_EXTENT.sub(" ", _ASKED_YEAR.sub(" ", question)), language)
    row, column = (content_keys(name, language) for name in names)
    known = asked | over | _MEASURES
    return bool(
        asked <= row | column | over
        and row & asked - over
        and row <= known
        and column <= known
        and (is_only or column & asked)
    )


def _is_of_kind_asked(value: str, around: str, question: str, language: str) -> bool:
    """Return whether a cell has what ``question`` asks for; its currency or unit may stand ``around`` it."""
    has_figure = any(map(str.isdigit, value))
    if _ASKED_YEAR.search(question):
        return bool(YEAR.search(value))
    kind = expected_answer_type(question)
    if kind in _NUMBERS:
        return has_figure and not missing_answer_type(f"{value} {around}", question, language)
    if asks_when(question):
        return has_figure
    return any(map(str.isalnum, value)) and not missing_answer_type(value, question, language)


def _is_of_unasked_part(question: str, names: Sequence[str]) -> bool:
    """Return whether a cell is of a part of a year, and the question does not say so."""
    return not PART_OF_YEAR.search(question) and any(map(PART_OF_YEAR.search, names))
