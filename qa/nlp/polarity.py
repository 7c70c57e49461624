"""Does a text say yes or no to a question? Pure."""

from collections.abc import Sequence

from qa.nlp.antonyms import opposites, stems
from qa.nlp.tokens import Token, is_content, tokens


def says_so(question: str, text: str) -> bool | None:
    """Whether ``text`` affirms what a yes-or-no question asks, as far as words can tell.

    False when it negates, or states the opposite of, a word of the question; True when it has every word
    of the question; None when neither is so.
    """
    asked = [token for token in tokens(question) if is_content(token)]
    shown = tokens(text)
    if any(_negated_otherwise(token, shown) for token in asked) or _opposed(asked, shown):
        return False
    return True if _missing(asked, {token.key for token in shown}) == 0 else None


def _missing(asked: Sequence[Token], found: set[str]) -> float:
    return sum(token.key not in found for token in asked) / len(asked) if asked else 0.0


def _negated_otherwise(token: Token, shown: Sequence[Token]) -> bool:
    ways = {other.negated for other in shown if other.key == token.key}
    return bool(ways) and token.negated not in ways


def _opposed(asked: Sequence[Token], shown: Sequence[Token]) -> int:
    keys = {token.key for token in shown}
    found = {stem for token in shown for stem in stems(token.surface.lower())}
    return sum(
        token.key not in keys and bool(opposites(token.surface.lower()) & found)
        for token in asked
        if not token.number
    )
