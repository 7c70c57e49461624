"""Tell whether a passage answers a question by itself, where no language model is there to say so. Pure.

In an answer, a reader sees several passages and judges them; a cell of a table is taken for the answer.
"""

import re
from collections.abc import Sequence

from qa.nlp.periods import YEAR
from qa.nlp.tables import read_row
from qa.nlp.terms import terms
from qa.nlp.tokens import SCALES, Token, is_content, tokens
from qa.nlp.written_dates import dates_in
from qa.quantities.units import UNITS
from qa.query.answer_type import CURRENCIES, AnswerType, asks_when, expected_answer_type
from qa.query.asked_row import is_of_another_row
from qa.schema import Quote
from qa.verification.periods import is_of_part_of_year
from qa.verification.relevance import is_outdone
from qa.verification.short_answer import BRIEF_CHARS

_ASKED_EXTENT = re.compile(r"\bhow\s+\w+", re.IGNORECASE)
"""Words that ask for a number and are in no answer: "how many", "how long"."""
_STATES = re.compile(r"[.!?…。！？؟।]['\"”’»）)\]]*\s*$|\S[:：]\s*\S")
"""The end of a sentence, or of a name and its value: headings and captions have neither."""
_WHOLE = frozenset(
    terms("total totals totalled overall altogether gesamt insgesamt totale ensemble conjunto итого всего")
)
_LEAST_CELLS = 2

MIN_PROBABILITY = 0.5
"""The least P(answerable) of a passage that stands as an answer: it is more likely one than not. Of the 23
passages
of reports and contracts that passed the other tests (docs/grid.md), the wrong one had 0.36."""


def answers_alone(quote: Quote, quotes: Sequence[Quote], question: str) -> bool:
    """Return whether ``quote``, one of ``quotes``, is an answer to ``question`` as it stands: it is brief,
    names all that is asked, and no other says it better.
    """
    if (
        len(quote.text) > BRIEF_CHARS
        or (asks_when(question) and not _has_date(quote.text))
        or is_of_part_of_year(quote.text, question, quote)
        or is_of_another_row(question, quote)
        or is_outdone(quote, quotes, question)
    ):
        return False
    rows = [line for line in quote.text.splitlines() if len(read_row(line)) >= _LEAST_CELLS]
    if rows:
        return any(_row_answers(row, quote, question) for row in rows)
    return bool(_STATES.search(quote.text)) and _names_asked(quote, question)


def _has_date(text: str) -> bool:
    return any(True for _ in dates_in(text)) or bool(YEAR.search(text))


def _names_asked(quote: Quote, question: str) -> bool:
    """Return whether a sentence has every word of the question, but for names that the title has: a report
    does not repeat whose it is.
    """
    asked, said, titled = (
        _content(text, quote.language) for text in (_kept(question), quote.text, quote.title)
    )
    known = {token.key for token in titled}
    return {token.key for token in asked if not (token.name and token.key in known)} <= {
        token.key for token in said
    }


def _row_answers(row: str, quote: Quote, question: str) -> bool:
    """Return whether a row, with what stands over it, has every word of the question. Unless who or where is
    asked, its own name is what is asked for, not something else that has a cell of it: "Employees" is not
    "Aktau plant - Employees: 124", and "Revenue" not "Cost of revenue".
    """
    language = quote.language
    over = _words(quote.titles, language)
    asked = _content(_kept(question), language)
    keys = frozenset(token.key for token in asked)
    if not keys <= _words(row, language) | over:
        return False
    if expected_answer_type(question) in {AnswerType.NAME, AnswerType.PROPER_NAME}:
        return True
    name = _words(row[: read_row(row)[0].end], language)
    measures = UNITS | CURRENCIES | _WHOLE | {key for scale in SCALES for key in terms(scale)}
    named = {token.key for token in asked if not token.number}
    return bool(name & named) and named <= name | over and name <= keys | over | measures


def _kept(question: str) -> str:
    """Return ``question`` without what asks for a number."""
    return _ASKED_EXTENT.sub(" ", question)


def _content(text: str, language: str) -> list[Token]:
    return [token for token in tokens(text, language) if is_content(token)]


def _words(text: str, language: str) -> frozenset[str]:
    return frozenset(token.key for token in _content(text, language))
