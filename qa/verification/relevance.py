"""Check that a sentence or a quote is relevant to the question. Pure."""

from collections.abc import Sequence

from qa.nlp.entities import mentions, names_in
from qa.nlp.tokens import DECISIVE, is_content, tokens
from qa.query.types import wants_statement, wants_yes_or_no
from qa.schema import Quote


def irrelevance_reason(text: str, question: str) -> str:
    """Return why a sentence adds nothing to ``question``; the empty string when it does."""
    if wants_yes_or_no(question):
        return ""
    asked = {token.key for token in tokens(question)}
    new = (t for t in tokens(text) if is_content(t) and t.surface.lower() not in DECISIVE)
    return "" if any(token.key not in asked for token in new) else "it only repeats the question"


def is_outdone(quote: Quote, quotes: Sequence[Quote], question: str) -> bool:
    """Whether the question asks what somebody said about something, and another quote mentions every name of
    the question that ``quote`` mentions, and more: then ``quote`` lacks the speaker or the subject.
    """
    if not wants_statement(question):
        return False
    names = names_in(question)
    own, *others = (names & mentions(f"{each.text} {each.title}") for each in (quote, *quotes))
    return any(own < other for other in others)
