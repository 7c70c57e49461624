"""Does a sentence add anything to the question? Pure."""

from qa.nlp.tokens import DECISIVE, is_content, tokens
from qa.query.types import wants_yes_or_no


def irrelevance(text: str, question: str) -> str:
    """Why a sentence adds nothing to ``question``; the empty string when it does."""
    if wants_yes_or_no(question):
        return ""
    asked = {token.key for token in tokens(question)}
    new = (t for t in tokens(text) if is_content(t) and t.surface.lower() not in DECISIVE)
    return "" if any(token.key not in asked for token in new) else "it only repeats the question"
