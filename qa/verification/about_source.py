"""Sentences that speak of their source, not of what it says. Pure."""

from collections.abc import Sequence

from qa.nlp.terms import terms
from qa.nlp.tokens import Token, is_content, tokens
from qa.schema import Quote
from qa.verification.quote_context import QuoteContext
from qa.verification.speech import SPEECH_VERBS

NO_STATEMENT = "it makes no statement"

SOURCE_WORDS = frozenset(
    terms("article articles document documents quote quotes text source sources interview report")
)
"""Stems of words for the source of a quote."""

_QUOTES = frozenset(terms("quote quotes"))
"""Stems of what the prompt calls the passages."""

PUBLICATION_WORDS = frozenset(terms("publish published publication dated date issued"))
"""Stems of words in a sentence about its source, which may then use its title, publisher, place and date."""


def states_nothing(claimed: Sequence[Token]) -> bool:
    """Return whether a sentence has no word of substance but for those that speak of its source."""
    return not any(is_content(token) and token.key not in SPEECH_VERBS | SOURCE_WORDS for token in claimed)


def speaks_of_quotes(sentence: str, quotes: Sequence[Quote]) -> bool:
    """Return whether a sentence speaks of the quotes that the model was shown: that a plant "is mentioned in
    the quote" is no answer to where it stands. A quote may speak of quotes itself, of prices for example.
    """
    said, *shown = ({token.key for token in tokens(text)} for text in (sentence, *(q.text for q in quotes)))
    return bool(_QUOTES & said) and not any(_QUOTES & each for each in shown)


def states_publication(sentence: str, quote: QuoteContext) -> bool:
    """Return whether a sentence says when, where or by whom its source was published, and nothing else."""
    claimed = tokens(sentence, quote.language)
    known = {token.key for token in tokens(quote.metadata, quote.language)}
    allowed = PUBLICATION_WORDS | SOURCE_WORDS | known | {key.lstrip("0") for key in known}
    content = [token for token in claimed if is_content(token)]
    return (
        any(token.key in PUBLICATION_WORDS or (token.number and token.key in known) for token in content)
        and any(token.key in known for token in content)
        and all(token.key in allowed and not token.negated for token in content)
    )
