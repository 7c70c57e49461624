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
    """Return whether another quote is more to the point. Where the question asks what somebody said about
    something, it mentions every name of the question that ``quote`` mentions, and more: ``quote`` lacks the
    speaker or the subject. Of rows of tables, it has every word of the question that ``quote`` has, and more,
    or as many with fewer others in its name: "Operating profit" is not "Trading operating profit", nor the
    reverse.
    """
    if wants_statement(question):
        own, *others = (_mentioned(question, each) for each in (quote, *quotes))
        return any(own < other for other in others)
    name = _row_name(quote)
    if not name:
        return False
    own = _shared(question, quote)
    return any(
        own < shared or (own == shared and other_name < name)
        for other in quotes
        if (other_name := _row_name(other))
        for shared in [_shared(question, other)]
    )


def _row_name(quote: Quote) -> frozenset[str]:
    """Return the words of the first cell of a row; none for what is no row of several cells."""
    row = read_row(quote.text)
    name = quote.text[: row[0].end] if len(row) > 1 else ""
    return frozenset(token.key for token in tokens(name, quote.language))


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
