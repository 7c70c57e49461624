"""Check that a sentence or a quote is relevant to the question. Pure."""

from collections.abc import Sequence

from qa.nlp.deciding_words import DECISIVE
from qa.nlp.entities import mentions, names_in
from qa.nlp.tokens import is_content, tokens
from qa.query.types import wants_statement, wants_yes_or_no
from qa.schema import Quote


def irrelevance_reason(text: str, question: str, language: str = "en") -> str:
    """Return why a sentence adds nothing to ``question``; the empty string when it does. ``language`` is that
    of the quotes.
    """
    if wants_yes_or_no(question):
        return ""
    asked = {token.key for token in tokens(question, language)}
    decisive = DECISIVE.get(language or "en", frozenset())
    new = (t for t in tokens(text, language) if is_content(t) and t.surface.lower() not in decisive)
    return "" if any(token.key not in asked for token in new) else "it only repeats the question"


def is_outdone(quote: Quote, quotes: Sequence[Quote], question: str) -> bool:
    """Whether the question asks what somebody said about something, and another quote mentions every name of
    the question that ``quote`` mentions, and more: then ``quote`` lacks the speaker or the subject.
    """
    if not wants_statement(question):
        return False
    own, *others = (_mentioned(question, each) for each in (quote, *quotes))
    return any(own < other for other in others)


def _mentioned(question: str, quote: Quote) -> frozenset[str]:
    """Return the names of ``question`` that ``quote`` or its document's title mentions."""
    language = quote.language
    return names_in(question, language) & mentions(f"{quote.text} {quote.title}", language)
