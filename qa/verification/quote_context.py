"""A quote and what is known where it stands, as a sentence is compared with it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qa.nlp.dates import format_date
from qa.nlp.periods import YEAR
from qa.nlp.tokens import Token
from qa.schema import Document, Quote

BEFORE_CHARS = 600
"""Characters before a quote in which is looked for what a pronoun in it stands for: about three sentences."""


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


def context_of(quotes: Sequence[Quote], documents: Mapping[str, Document]) -> QuoteContext:
    """Return ``quotes`` as one context."""
    cited = [documents[doc_id] for doc_id in dict.fromkeys(quote.span.doc_id for quote in quotes)]
    known = [
        part
        for each in cited
        for part in (
            *(each.title, each.author, each.publisher, each.place, each.date),
            each.date and format_date(each.date),
        )
    ]
    return QuoteContext(
        "\n".join(quote.text for quote in quotes),
        "\n".join(document.text for document in cited),
        " ".join(part for part in known if part),
        cited[0].language,
        " ".join(document.title for document in cited),
        tuple(_surroundings(quote, documents[quote.span.doc_id]) for quote in quotes),
    )


def _surroundings(quote: Quote, document: Document) -> Surroundings:
    """Return a quote where it stands. The words of its file's name stand over it like the title: a company's
    report need not name the company on every page. The numbers of such a name may be anything.
    """
    start = quote.span.start
    words = [word for word in document.file_words.split() if not any(map(str.isdigit, word))]
    return Surroundings(
        quote.text, " ".join((quote.over, *words)), document.text[max(0, start - BEFORE_CHARS) : start]
    )


def without_years_above(
    claimed: Sequence[Token], quoted: Sequence[Token], quote: QuoteContext
) -> list[Token]:
    """Return ``claimed`` without the years that stand over a quote which names no year itself, in its title,
    its headings or its date: a report of 2022 says so once.
    """
    above = {year for part in quote.parts if not YEAR.search(part.text) for year in YEAR.findall(part.over)}
    there = {token.key for token in quoted}
    return [token for token in claimed if token.key in there or token.surface not in above]
