"""A filter of documents to search, and the names of documents, folders and collections that mean one."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from types import MappingProxyType

from qa.errors import UserError
from qa.nlp.dates import Period

_AFTER_SLASH = chr(ord("/") + 1)
"""A character that sorts right after all that is in a folder."""


@dataclass(frozen=True, slots=True)
class DocumentFilter:
    """The documents to search; by default all of them."""

    only: frozenset[str] | None = None
    """Ids of the documents to search; None for all. An id that no document has matches nothing."""
    without: frozenset[str] = frozenset()
    """Ids of documents to leave out, even if ``only`` names them."""
    period: Period | None = None
    """The time that the documents are from; None for any, dated or not."""
    name: str = field(default="", compare=False)
    """The name that a person has for the documents of ``only``, such as the name of a collection; empty for
    nothing."""

    @property
    def names_documents(self) -> bool:
        """True if the ids of documents matter, not their dates alone."""
        return self.only is not None or bool(self.without)

    def matches_id(self, doc_id: str) -> bool:
        """Return whether the document of this id may be searched, whatever its date."""
        return (self.only is None or doc_id in self.only) and doc_id not in self.without

    def matches(self, doc_id: str, date: str | None) -> bool:
        """Return whether the document of this id and date may be searched."""
        return self.matches_id(doc_id) and (self.period is None or self.period.matches(date))

    def matching(self, dates: Mapping[str, str | None]) -> list[str]:
        """Return those of the ids in ``dates`` whose documents may be searched, sorted."""
        return sorted(each for each, date in dates.items() if self.matches(each, date))


@dataclass(frozen=True, slots=True)
class Collection:
    """A set of documents under a name of its own."""

    documents: tuple[str, ...] = ()
    """Names of documents, and of folders or archives of documents; empty for all."""
    period: Period | None = None
    """The time that its documents are from; None for any, dated or not."""


def find_documents(
    names: Sequence[str],
    dates: Mapping[str, str | None],
    collections: Mapping[str, Collection] = MappingProxyType({}),
) -> frozenset[str] | None:
    """Return the ids of the documents that ``names`` mean, each a document, a folder or archive of documents,
    or one of the ``collections``; None, for all, without a name. ``dates`` has the date of every document.

    A collection goes before a folder of the same name, which ``NAME/`` means.

    Raises:
        UserError: a name means none of them.
    """
    if not names:
        return None
    known = sorted(dates)
    return frozenset(chain.from_iterable(_meant(name, known, dates, collections) for name in names))


def find_present(
    names: Sequence[str],
    dates: Mapping[str, str | None],
    collections: Mapping[str, Collection] = MappingProxyType({}),
) -> tuple[frozenset[str], tuple[str, ...]]:
    """Return the ids of the documents that ``names`` mean (:func:`find_documents`), and the names that mean
    none, in their order.
    """
    known = sorted(dates)
    found: set[str] = set()
    missing: list[str] = []
    for name in names:
        try:
            found.update(_meant(name, known, dates, collections))
        except UserError:
            missing.append(name)
    return frozenset(found), tuple(missing)


def _meant(
    name: str, known: Sequence[str], dates: Mapping[str, str | None], collections: Mapping[str, Collection]
) -> Iterable[str]:
    if name in collections:
        return _of_collection(name, collections[name], known, dates)
    if matching := _called(name, known):
        return matching
    raise UserError(f"There is no document, folder or collection called {name}")


def _of_collection(
    name: str, collection: Collection, known: Sequence[str], dates: Mapping[str, str | None]
) -> set[str]:
    names, period = collection.documents, collection.period
    found = {each for part in names for each in _called(part, known)} if names else set(known)
    if period:
        found = {each for each in found if period.matches(dates[each])}
    if not found:
        raise UserError(
            f"The collection {name} is empty: none of the {len(known):,} documents is in it; change what "
            "[collections] in attest.toml says, or index its documents"
        )
    return found


def _called(name: str, known: Sequence[str]) -> Sequence[str]:
    """Return the document ``name`` and those in the folder of that name, of the sorted ids ``known``."""
    wanted = name.removeprefix("./").rstrip("/")
    first, last = (bisect_left(known, f"{wanted}{end}") for end in ("/", _AFTER_SLASH))
    at = bisect_left(known, wanted)
    return [*known[first:last], *([wanted] if wanted in known[at : at + 1] else [])]


ALL_DOCUMENTS = DocumentFilter()
"""The filter that every document matches."""
