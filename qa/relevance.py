"""Does a text answer what was asked? Checks on question and text that need no model. Pure.

Support is not enough: a sentence may stand in a quote word for word and still be about something else.
"""

from qa.claims import Token, is_content, tokens
from qa.questions import Sought, sought, wants_yes_or_no
from qa.terms import content_terms, terms

QUANTITIES = frozenset(
    terms(
        """hundred hundreds thousand thousands million millions billion billions dozen half third quarter
        twice double triple several few many most all none every single once majority minority entire
        annually daily weekly monthly yearly"""
    )
)
"""Words that tell how many or how much without a figure."""


def irrelevance(text: str, question: str) -> str:
    """Why a sentence adds nothing to ``question``; the empty string when it does."""
    if not wants_yes_or_no(question) and content_terms(text) <= content_terms(question):
        return "it only repeats the question"
    return ""


def lacks(text: str, question: str) -> str:
    """What the question asks for and ``text`` does not bring: a number, a name."""
    kind = sought(question)
    if kind is None:
        return ""
    asked = {token.key for token in tokens(question)}
    new = [token for token in tokens(text) if token.key not in asked]
    return "" if any(_is(kind, token) for token in new) else f"it does not give {kind}, which was asked for"


def named(question: str) -> frozenset[str]:
    """The names and figures that a question is about."""
    return frozenset(t.key for t in tokens(question) if is_content(t) and (t.name or t.number))


def mentioned(text: str) -> frozenset[str]:
    """What stands in ``text``, to be compared with :func:`named`."""
    return frozenset(token.key for token in tokens(text))


def _is(kind: Sought, token: Token) -> bool:
    if kind is Sought.NAME:
        return token.surface[0].isupper() and is_content(token)
    return token.number or token.key in QUANTITIES
