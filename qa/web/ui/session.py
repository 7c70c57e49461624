"""What belongs to one visitor while the page is open: their documents, and which of all are asked."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from qa.errors import UserError
from qa.nlp.dates import Period
from qa.schema import Document
from qa.search import DocumentFilter
from qa.uploads.library import Library


@dataclass(frozen=True, slots=True)
class Scope:
    """The documents that questions are asked of: those chosen, of a span of time. Empty means all."""

    chosen: frozenset[str] = frozenset()
    since: datetime.date | None = None
    until: datetime.date | None = None

    @property
    def everything(self) -> bool:
        """Whether nothing is left out."""
        return not (self.chosen or self.since or self.until)

    @property
    def period(self) -> Period | None:
        """Of when those are; None for any time.

        Raises:
            UserError: it ends before it begins.
        """
        return Period(self.since, self.until) if self.since or self.until else None

    @property
    def document_filter(self) -> DocumentFilter:
        """The documents to search.

        Raises:
            UserError: the period ends before it begins.
        """
        return DocumentFilter(only=self.chosen or None, period=self.period)

    @property
    def fault(self) -> str:
        """What is wrong with the period; empty where nothing is."""
        try:
            Period(self.since, self.until)
        except UserError as error:
            return str(error)
        return ""


@dataclass(frozen=True, slots=True)
class Visit:
    """A visitor's library and scope; replaced, not changed."""

    library: Library
    shared: bool
    """Whether the library is everybody's, and outlives the visit."""
    scope: Scope = Scope()

    @property
    def documents(self) -> Mapping[str, Document]:
        """All documents that the visitor can ask, as they are now."""
        return self.library.pipeline.documents
