"""Find the rows of a table that have in a cell what a question asks all of: "list the lawyers". Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from qa.figures.tables import table_at
from qa.nlp.tables import Row, is_numbered
from qa.nlp.tokens import content_keys, tokens
from qa.query.types import asks_for_several, wants_list
from qa.retrieval.evidence import QUOTE_CHARS, number_quotes
from qa.schema import Document, Quote, Span, headings_at

_ASKS = re.compile(r"^\W*(?:list|name|enumerate)\b", re.IGNORECASE)
"""The word by which a list is asked for."""


@dataclass(frozen=True, slots=True)
class NamedRows:
    """The rows that a question asks for."""

    quotes: tuple[Quote, ...]
    """As many as can be shown, numbered from 1."""
    more: int
    """How many others there are."""


def find_named_rows(
    question: str, quotes: Sequence[Quote], documents: Mapping[str, Document]
) -> NamedRows | None:
    """Return the rows with the cell by which ``question`` asks for several, if one of ``quotes`` is such a
    row: the words of the cell are asked, and with those of the columns, the headings and the document they
    are all that is asked. None where none is, or it is the only one, or the question denies something.
    """
    if not (wants_list(question) or asks_for_several(question)) or any(
        token.negated for token in tokens(question)
    ):
        return None
    for quote in quotes:
        if found := _rows_like(quote.span, question, documents[quote.span.doc_id]):
            return _shown(found, documents)
    return None


def _rows_like(span: Span, question: str, document: Document) -> list[Span]:
    """Return the rows of the table of the one at ``span`` with the cell that ``question`` asks for; none
    without such a cell, and where no other row has it.
    """
    table = table_at(document, span.start)
    rows = {line: _values(line, row, document) for line, row in table.lines} if table else {}
    own = next((values for line, values in rows.items() if line.overlaps(span)), {})
    over = _words_over(span, rows.values(), document)
    for column, value in list(own.items())[1:]:  # the first names the row
        alike = [line for line, values in rows.items() if values.get(column, "") == value]
        if len(alike) > 1 and _is_asked(question, value, over, document.language):
            return alike
    return []


def _values(span: Span, row: Row, document: Document) -> dict[str, str]:
    """Return what the cells of a row say, in small letters, by the name of their column."""
    return {
        cell.column: document.text[span.start + cell.shown : span.start + cell.end].casefold() for cell in row
    }


def _words_over(span: Span, rows: Iterable[Mapping[str, str]], document: Document) -> frozenset[str]:
    """Return the words that name the columns, and those over the table."""
    columns = {column for values in rows for column in values if not is_numbered(column)}
    over = (document.title, document.file_words, *headings_at(document.headings, span.start), *columns)
    return content_keys("\n".join(over), document.language)


def _is_asked(question: str, value: str, over: frozenset[str], language: str) -> bool:
    """Return whether ``question`` asks for what has ``value``, and nothing that is not said ``over`` it."""
    asked, own = content_keys(_ASKS.sub(" ", question), language), content_keys(value, language)
    return bool(own) and own <= asked <= own | over


def _shown(spans: Sequence[Span], documents: Mapping[str, Document]) -> NamedRows:
    """Return the rows at ``spans``, as many as fit on a screen."""
    shown: list[Span] = []
    for span in spans:
        if sum(each.end - each.start for each in (*shown, span)) > QUOTE_CHARS:
            break
        shown.append(span)
    return NamedRows(number_quotes(shown, documents), len(spans) - len(shown))
