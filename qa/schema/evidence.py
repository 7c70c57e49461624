"""The quotes that are offered as proof for a question."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from qa.schema.documents import Document, Span, location, nearest_headings

CHANGED = "changed since it was indexed"
"""The remark beside a quote from a document whose file has changed."""


@dataclass(frozen=True, slots=True)
class Quote:
    """Text cut verbatim from a document, under the number an answer cites it by (from 1)."""

    number: int
    span: Span
    text: str
    title: str
    date: str | None
    place: str = ""
    """The place in the document where it begins, for a person: ``page 3``; empty where that is not known."""
    changed: bool = False
    """True if the file has changed since it was indexed."""
    language: str = ""
    """Of its document."""
    headings: tuple[str, ...] = ()
    """The headings over it, outermost first."""
    date_source: str = field(default="", compare=False)
    """The source of the date, as in :class:`Document`."""

    @property
    def source(self) -> tuple[str, ...]:
        """The known facts about its source, for a person: title, date, place."""
        known = (self.title, self.date, self.place, CHANGED if self.changed else "")
        return tuple(part for part in known if part)

    @property
    def titles(self) -> str:
        """The title of its document and the headings over it, as one text."""
        return " ".join((self.title, *self.headings))

    @property
    def over(self) -> str:
        """The title, the headings and the date that stand over it, as one text."""
        return f"{self.titles} {self.date or ''}".rstrip()


def cut_quote(number: int, span: Span, documents: Mapping[str, Document]) -> Quote:
    """Return the characters of ``span`` as the quote of that ``number``."""
    document = documents[span.doc_id]
    return Quote(
        number,
        span,
        span.cut(documents),
        document.title,
        document.date,
        location(document, span.start),
        language=document.language,
        headings=nearest_headings(document, span.start),
        date_source=document.date_source,
    )


def mark_changed(quotes: tuple[Quote, ...], changed: Callable[[str], bool]) -> tuple[Quote, ...]:
    """Return ``quotes`` marked with whether their document, by id, has ``changed`` by now."""
    return tuple(replace(quote, changed=changed(quote.span.doc_id)) for quote in quotes)


@dataclass(frozen=True, slots=True)
class Evidence:
    """The quotes that code offers as proof for one question, before any model writes a word."""

    question: str
    """The question as it was searched."""
    quotes: tuple[Quote, ...]
    signals: Mapping[str, float] = field(default_factory=dict)
    """The strength of the evidence as retrieval sees it, by the names in :mod:`qa.retrieval.signals`."""
    asked_in: str = ""
    """The language of the question, in ISO 639-1; empty where it cannot be told."""

    @property
    def foreign_language(self) -> str:
        """The language of the first quote, if the question is in another; otherwise empty."""
        language = self.quotes[0].language if self.quotes else ""
        return language if self.asked_in and language != self.asked_in else ""
