"""Agreement and disagreement between the words of a question and a text. Pure."""

from collections.abc import Sequence

from qa.nlp.antonyms import opposites, stems
from qa.nlp.tokens import Token, is_content, tokens


def affirms(question: str, text: str, language: str = "en") -> bool | None:
    """Tell whether ``text`` answers a yes-or-no question with yes, as far as words can tell.

    False when it negates, or states the opposite of, a word of the question; True when it has every word
    of the question; None when neither is so.
    """
    asked = [token for token in tokens(question, language) if is_content(token)]
    shown = tokens(text, language)
    if any(negation_differs(token, shown) for token in asked) or count_opposites(asked, shown):
        return False
    return True if missing_share(asked, {token.key for token in shown}) == 0 else None


def missing_share(asked: Sequence[Token], keys: set[str]) -> float:
    """Return the share (0 to 1) of ``asked`` whose key is not among ``keys``."""
    return sum(token.key not in keys for token in asked) / len(asked) if asked else 0.0


def negation_differs(token: Token, shown: Sequence[Token]) -> bool:
    """Return whether ``shown`` has the word of ``token``, but never negated as ``token`` is."""
    negations = {other.negated for other in shown if other.key == token.key}
    return bool(negations) and token.negated not in negations


def count_opposites(asked: Sequence[Token], shown: Sequence[Token]) -> int:
    """Count the words of ``asked`` that ``shown`` lacks while it has an antonym of them: English words."""
    keys = {token.key for token in shown}
    shown_stems = {stem for token in shown for stem in stems(token.surface.lower())}
    return sum(
        token.key not in keys and bool(opposites(token.surface.lower()) & shown_stems)
        for token in asked
        if not token.number and token.language == "en"
    )
