"""A quote and what is known where it stands, as a sentence is compared with it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from qa.nlp.periods import YEAR
from qa.nlp.tokens import Token


@dataclass(frozen=True, slots=True)
class Surroundings:
    """A quote where it stands."""

    text: str
    over: str
    """The title and the date of its document, and the headings over it."""
    before: str
    """The text before it."""


@dataclass(frozen=True, slots=True)
class QuoteContext:
    """A quote and what else is known where it stands."""

    text: str
    document: str
    """The whole text of the quote's document, where a name may be given in full."""
    metadata: str
    """Title, publisher, place and date of the quote's document, for a sentence about its publication."""
    language: str = "en"
    """The language of the quote's document."""
    title: str = ""
    """The title of the quote's document, which stands above the quote and says what it is about."""
    quotes: tuple[Surroundings, ...] = ()
    """The quotes whose texts are joined in ``text``, if there are several, or more is known of where the one
    stands."""

    @property
    def parts(self) -> tuple[Surroundings, ...]:
        """The quotes, each where it stands."""
        return self.quotes or (Surroundings(self.text, self.title, ""),)


def without_years_above(
    claimed: Sequence[Token], quoted: Sequence[Token], quote: QuoteContext
) -> list[Token]:
    """Return ``claimed`` without the years that stand over a quote which names no year itself, in its title,
    its headings or its date: a report of 2022 says so once.
    """
    above = {year for part in quote.parts if not YEAR.search(part.text) for year in YEAR.findall(part.over)}
    there = {token.key for token in quoted}
    return [token for token in claimed if token.key in there or token.surface not in above]
