"""Select the quotes that give a statement, for a question that asks what somebody said. Pure."""

from qa.nlp.entities import mentions, names_in
from qa.query.types import wants_statement
from qa.schema import Evidence, Quote
from qa.verification.relevance import is_outdone


def select_statements(evidence: Evidence) -> list[Quote]:
    """Return the quotes that may be what the question asks for: that mention its names, themselves or in
    their document's title, as far as any quote does. None where it asks for something else than a statement.
    """
    question, quotes = evidence.question, evidence.quotes
    if not wants_statement(question) or evidence.foreign_language:
        return []

    def lacks_names(quote: Quote) -> bool:
        named = mentions(f"{quote.text} {quote.title}", quote.language)
        return not names_in(question, quote.language) <= named

    return [q for q in quotes if not lacks_names(q) and not is_outdone(q, quotes, question)]
