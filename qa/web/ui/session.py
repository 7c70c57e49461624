"""The state of one visitor while the page is open: their documents, and which of them questions search."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

from qa.errors import UserError
from qa.nlp.dates import Period
from qa.query.document_filter import DocumentFilter
from qa.schema import Document
from qa.tracking.values import Scope
from qa.uploads.actor import ANYBODY, Actor
from qa.uploads.collections import find_members
from qa.uploads.library import Library
from qa.web.ui.document_view import ListView

MAX_NAMED = 200
"""Documents ticked one by one that are stored with each question, in some ten thousand characters. A browser
sends a conversation of up to a million (assets/store.js)."""


@dataclass(frozen=True, slots=True)
class SearchScope:
    """The documents that questions search: those selected, dated in a period. Empty means all."""

    selected: frozenset[str] = frozenset()
    since: datetime.date | None = None
    until: datetime.date | None = None
    chosen: str = ""
    """The collection or folder whose documents are selected; empty where they are ticked one by one."""
    own: tuple[str, ...] = ()
    """The documents and folders of the collection that was chosen, if it is the reader's own."""
    outcome: str = ""
    """What became of the last change of a collection, shown until something else is searched."""

    @property
    def is_everything(self) -> bool:
        """True if all documents are searched."""
        return not (self.selected or self.since or self.until or self.chosen)

    @property
    def period(self) -> Period | None:
        """The period of the documents to search; None for any.

        Raises:
            UserError: it ends before it begins.
        """
        return Period(self.since, self.until) if self.since or self.until else None

    @property
    def named(self) -> Scope | None:
        """The scope by the names of what was chosen; None if too many documents were ticked one by one."""
        names = self.own or ((self.chosen,) if self.chosen else tuple(sorted(self.selected)))
        if len(names) > MAX_NAMED:
            return None
        since, until = (each.isoformat() if each else "" for each in (self.since, self.until))
        return Scope(names, since, until)

    @property
    def error(self) -> str:
        """The fault of the period, for the visitor; empty if there is none."""
        try:
            Period(self.since, self.until)
        except UserError as error:
            return str(error)
        return ""


@dataclass(frozen=True, slots=True)
class Session:
    """A visitor's library and search scope. It is replaced, never changed."""

    library: Library
    actor: Actor = ANYBODY
    """The reader who opened the session; their rights are looked up again whenever they do something."""
    scope: SearchScope = SearchScope()
    view: ListView = field(default_factory=ListView)
    """The content of the list of documents."""

    @property
    def documents(self) -> Mapping[str, Document]:
        """All documents that the visitor can ask about, as they are now, by id."""
        return self.library.pipeline.documents

    @property
    def document_filter(self) -> DocumentFilter:
        """The documents that questions search.

        Raises:
            UserError: the period ends before it begins, or what was chosen is empty by now.
        """
        scope = self.scope
        if scope.own:
            return DocumentFilter(
                self.members(scope.chosen, scope.own), period=scope.period, name=scope.chosen
            )
        if scope.chosen:
            return self.library.pipeline.document_filter([scope.chosen], scope.period)
        return DocumentFilter(only=scope.selected or None, period=scope.period)

    def members(self, name: str, names: Sequence[str]) -> frozenset[str]:
        """Return the documents of the reader's own collection ``name``, which is made of ``names``.

        Raises:
            UserError: there are none any more.
        """
        return find_members(name, names, self.documents)

    def __deepcopy__(self, memo: object) -> Self:
        """Return the session itself: Gradio copies initial values, and the documents must not be copied."""
        return self
