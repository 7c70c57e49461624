"""The query that retrieval puts to an index, and the filter of the documents to search. Both packages import
this module, so that neither has to import the other.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa.errors import UserError
from qa.nlp.dates import Period
from qa.schema import Rarity

_AFTER_SLASH = chr(ord("/") + 1)
"""What sorts right after all that is in a folder."""


@dataclass(frozen=True, slots=True)
class DocumentFilter:
    """The documents to search; by default all of them."""

    only: frozenset[str] | None = None
    """Ids of the documents to search; None for all. An id that no document has matches nothing."""
    without: frozenset[str] = frozenset()
    """Ids of documents to leave out, even if ``only`` names them."""
    period: Period | None = None
    """When the documents are from; None for any time, dated or not."""

    @property
    def names_documents(self) -> bool:
        """Whether the ids of documents matter, not their dates alone."""
        return self.only is not None or bool(self.without)

    def matches_id(self, doc_id: str) -> bool:
        """Whether the document of this id may be searched, whatever its date."""
        return (self.only is None or doc_id in self.only) and doc_id not in self.without

    def matches(self, doc_id: str, date: str | None) -> bool:
        """Whether the document of this id and date may be searched."""
        return self.matches_id(doc_id) and (self.period is None or self.period.matches(date))


def find_documents(names: Sequence[str], ids: Iterable[str]) -> frozenset[str] | None:
    """Return those of ``ids`` that ``names`` mean, each a document or a folder or archive of documents; None,
    for all, without a name.

    Raises:
        UserError: a name means none of them.
    """
    if not names:
        return None
    known = sorted(ids)
    found: set[str] = set()
    for name in names:
        wanted = name.removeprefix("./").rstrip("/")
        first, last = (bisect_left(known, f"{wanted}{end}") for end in ("/", _AFTER_SLASH))
        matching = known[first:last]
        at = bisect_left(known, wanted)
        if at < len(known) and known[at] == wanted:
            matching.append(wanted)
        if not matching:
            raise UserError(f"There is no document or folder called {name}")
        found.update(matching)
    return frozenset(found)


ALL_DOCUMENTS = DocumentFilter()
"""The filter that every document matches."""


@dataclass(frozen=True, slots=True)
class Query:
    """A question as an index searches for it."""

    question: str
    vector: NDArray[np.float32]
    """The embedding of the question: unit length, shape ``(dimensions,)``."""
    pool: int
    """How many passages to find by words, and how many by meaning, of those once more in each language of the
    documents that is not the question's."""
    document_filter: DocumentFilter = ALL_DOCUMENTS
    """Applied before passages are searched, so that both pools hold matching documents alone."""
    rarity: Rarity | None = None
    """Weighs the words; None for the index's own counts."""
    language: str = ""
    """Of the question, in ISO 639-1; empty where it cannot be told."""


def other_languages(asked_in: str, languages: Iterable[str]) -> list[str]:
    """Return the known ones of ``languages`` that a question in the language ``asked_in`` is not in; none if
    its language is not known.
    """
    return sorted(each for each in languages if each and each != asked_in) if asked_in else []
