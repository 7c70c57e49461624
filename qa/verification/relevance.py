"""Check that a sentence or a quote is relevant to the question. Pure."""

import re
from collections.abc import Sequence

from qa.nlp.deciding_words import DECISIVE
from qa.nlp.entities import mentions, names_in
from qa.nlp.tables import Cell, read_row
from qa.nlp.tokens import content_keys, is_content, tokens
from qa.nlp.written_dates import dates_in
from qa.query.answer_type import AnswerType, asks_when, expected_answer_type
from qa.query.asked_row import is_named_in_full
from qa.query.types import wants_short_answer, wants_statement, wants_yes_or_no
from qa.schema import Quote

_PAST = re.compile(r"\b(?:did|was|were)\b", re.IGNORECASE)

_BLANK = re.compile(r"(?<!\w)_{2,}(?!\w)|(?<!\w)\[[ _.…*]{2,}\]|\.{5,}(?![ .]*\d)|…{2,}")
"""A place of a form that nobody has filled in, "$[____]", "dated ..........", but no name of a program's,
"__init__", no box to tick, "[ ]", and no dots that lead to a page."""


def irrelevance_reason(text: str, question: str, language: str = "en") -> str:
    """Return why a sentence adds nothing to ``question``; the empty string when it does. ``language`` is that
    of the quotes.
    """
    if wants_yes_or_no(question):
        return ""
    if _BLANK.search(text) and wants_short_answer(question):
        return "it has a blank where the answer would be"
    asked = {token.key for token in tokens(question, language)}
    decisive = DECISIVE.get(language or "en", frozenset())
    new = (t for t in tokens(text, language) if is_content(t) and t.surface.lower() not in decisive)
    return "" if any(token.key not in asked for token in new) else "it only repeats the question"


def is_outdone(quote: Quote, quotes: Sequence[Quote], question: str) -> bool:
    """Return whether another quote is more to the point. Where the question asks what somebody said about
    something, it mentions every name of the question that ``quote`` mentions, and more: ``quote`` lacks the
    speaker or the subject. Of rows of tables, it has every word of the question that ``quote`` has, and more,
    or as many with fewer others in its name: "Operating profit" is not "Trading operating profit", nor the
    reverse. A row of the same table that is named in full outdoes one that is named in part.
    """
    if wants_statement(question):
        own, *others = (_mentioned(question, each) for each in (quote, *quotes))
        return any(own < other for other in others)
    name = _row_name(quote)
    if not name:
        return False
    beside = [other for other in quotes if other.number != quote.number and _are_of_one_table(quote, other)]
    if any(_has_more_of_event(other, quote, question) for other in beside):
        return True
    if _is_named_in_full(quote, question) is False and any(_is_named_in_full(o, question) for o in beside):
        return True
    own = _shared(question, quote)
    return any(
        own < shared or (own == shared and other_name < name)
        for other in quotes
        if (other_name := _row_name(other))
        for shared in [_shared(question, other)]
    )


def _are_of_one_table(one: Quote, other: Quote) -> bool:
    """Return whether two rows stand in one document and have the first of their columns in common."""
    rows = read_row(one.text), read_row(other.text)
    return (
        one.span.doc_id == other.span.doc_id
        and all(len(row) > 1 for row in rows)
        and rows[0][0].column == rows[1][0].column
        and bool({cell.column for cell in rows[0][1:]} & {cell.column for cell in rows[1][1:]})
    )


def _has_more_of_event(other: Quote, quote: Quote, question: str) -> bool:
    """Return whether the row ``other`` is called as ``question`` calls what it is about, and ``quote`` is
    not, or less so, unless the name is what is asked for; or whether it has a column that is asked for, and
    ``quote`` has nothing there. "Design approved" says nothing of when the baths reopened, whatever its
    column "Actual" has. Where it has one date more, such as the actual one beside the planned one, ``quote``
    does not say when what is past happened, unless the question names the column of its date.
    """
    asked = content_keys(question, quote.language)
    own, others = _row_name(quote) & asked, _row_name(other) & asked
    if own < others and expected_answer_type(question) not in {AnswerType.NAME, AnswerType.PROPER_NAME}:
        return True
    here = {cell.column for cell in read_row(quote.text)}
    missing = [cell for cell in read_row(other.text) if cell.column not in here]
    if any(
        words and words <= asked for words in (content_keys(each.column, quote.language) for each in missing)
    ):
        return True
    dated = [content_keys(cell.column, quote.language) for cell in _dates(quote)]
    is_past = asks_when(question) and bool(_PAST.search(question))
    has_date_more = any(cell in missing for cell in _dates(other))
    return is_past and has_date_more and bool(dated) and not any(words & asked for words in dated)


def _dates(quote: Quote) -> list[Cell]:
    """Return the cells of a row that have a date."""
    return [cell for cell in read_row(quote.text) if any(dates_in(quote.text[cell.shown : cell.end]))]


def _is_named_in_full(quote: Quote, question: str) -> bool | None:
    return is_named_in_full(question, quote.text, quote.language)


def _row_name(quote: Quote) -> frozenset[str]:
    """Return the words of the first cell of a row; none for what is no row of several cells."""
    row = read_row(quote.text)
    name = quote.text[: row[0].end] if len(row) > 1 else ""
    return frozenset(token.key for token in tokens(name, quote.language))


def _shared(question: str, quote: Quote) -> frozenset[str]:
    """Return the words of substance of ``question`` that ``quote`` has."""
    return content_keys(question, quote.language) & content_keys(quote.text, quote.language)


def _mentioned(question: str, quote: Quote) -> frozenset[str]:
    """Return the names of ``question`` that ``quote`` or its document's title mentions."""
    language = quote.language
    return names_in(question, language) & mentions(f"{quote.text} {quote.title}", language)
