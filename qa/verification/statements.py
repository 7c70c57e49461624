"""Select the quotes to read where no sentence about them can be checked. Pure."""

from qa.nlp.entities import mentions, names_in
from qa.query.types import wants_statement
from qa.schema import Evidence, Quote
from qa.verification.relevance import is_outdone


def select_statements(evidence: Evidence) -> list[Quote]:
    """Return the quotes that give what the question asks for by themselves: what somebody said, if they
    mention the question's names, or in their document's title. Quotes in another language than the question
    cannot be compared with it by their words, so all of them may. None for other questions.
    """
    question, quotes = evidence.question, evidence.quotes
    if evidence.foreign_language:
        return list(quotes)
    if not wants_statement(question):
        return []

    def lacks_names(quote: Quote) -> bool:
        named = mentions(f"{quote.text} {quote.title}", quote.language)
        return not names_in(question, quote.language) <= named

    return [q for q in quotes if not lacks_names(q) and not is_outdone(q, quotes, question)]
