"""Check that a sentence or a quote is relevant to the question. Pure."""

from collections.abc import Sequence

from qa.nlp.deciding_words import DECISIVE
from qa.nlp.entities import mentions, names_in
from qa.nlp.tables import read_row
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
    """Whether another quote is more to the point. Where the question asks what somebody said about something,
    it mentions every name of the question that ``quote`` mentions, and more: ``quote`` lacks the speaker or
    the subject. Of rows of tables, it has every word of the question that ``quote`` has, and more:
    "Operating profit" is not "Trading operating profit".
    """
    if wants_statement(question):
        own, *others = (_mentioned(question, each) for each in (quote, *quotes))
    elif _is_row(quote):
        own, *others = (_shared(question, each) for each in (quote, *filter(_is_row, quotes)))
    else:
        return False
    return any(own < other for other in others)


def _is_row(quote: Quote) -> bool:
    return len(read_row(quote.text)) > 1


def _shared(question: str, quote: Quote) -> frozenset[str]:
    """Return the words of substance of ``question`` that ``quote`` has."""
    asked, said = (
        {token.key for token in tokens(text, quote.language) if is_content(token)}
        for text in (question, quote.text)
    )
    return frozenset(asked & said)


def _mentioned(question: str, quote: Quote) -> frozenset[str]:
    """Return the names of ``question`` that ``quote`` or its document's title mentions."""
    language = quote.language
    return names_in(question, language) & mentions(f"{quote.text} {quote.title}", language)
