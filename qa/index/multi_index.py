"""Several indexes searched as one: the segments of an index; shared documents and one visitor's uploads."""

from collections import ChainMap
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import replace
from typing import TypeVar, cast

from qa.index.base import Searchable
from qa.index.lexical import inverse_frequency
from qa.schema import Candidate, Coverage, Document
from qa.search import Query

_T = TypeVar("_T")


class MultiIndex:
    """Several indexes as one source of candidates; none of them is copied or changed.

    Words are weighed by how many passages of all indexes have them, so that BM25 scores of different indexes
    can be compared: by its own count, a word that every passage of a small index has would weigh next to
    nothing there, however rare it is in the rest. The mean length of a passage, which BM25 compares each
    passage with, stays an index's own; passages are cut alike everywhere, so it differs little.
    """

    def __init__(self, parts: Sequence[Searchable]) -> None:
        """Join ``parts``, whose vectors one embedding model made.

        Raises:
            ValueError: two parts have a document of the same id.
        """
        self.documents: Mapping[str, Document] = chain_mappings([part.documents for part in parts])
        if len(self.documents) < sum(len(part.documents) for part in parts):
            raise ValueError("two indexes that are to be joined have a document of the same id")
        self.words: Mapping[str, Mapping[str, str]] = {
            language: chain_mappings([part.words[language] for part in parts if language in part.words])
            for language in sorted({language for part in parts for language in part.words})
        }
        self.size = sum(part.size for part in parts)
        self._parts = tuple(parts)

    @property
    def coverage(self) -> Coverage:
        """How much of the parts can be searched."""
        return sum((part.coverage for part in self._parts), Coverage(0, 0, 0, 0))

    def dates(self) -> Mapping[str, str | None]:
        """The date of each document, by id."""
        return chain_mappings([part.dates() for part in self._parts])

    def search(self, query: Query) -> list[Candidate]:
        """Return the candidates of every part, in the order of the parts."""
        if query.rarity is None and len(self._parts) > 1:
            query = replace(query, rarity=self.rarity)
        return [candidate for part in self._parts for candidate in part.search(query)]

    def frequency(self, term: str) -> int:
        """Return how many passages of all parts have a stemmed term."""
        return sum(part.frequency(term) for part in self._parts)

    def rarity(self, term: str) -> float:
        """Return the inverse document frequency of a stemmed term over the passages of all parts."""
        return inverse_frequency(self.size, self.frequency(term))


def chain_mappings(parts: Sequence[Mapping[str, _T]]) -> Mapping[str, _T]:
    """Return one view of all ``parts`` in their order. If several have a key, the last one's value counts."""
    if len(parts) == 1:
        return parts[0]
    # A ChainMap goes through its maps from the last to the first. It is only ever read here.
    return ChainMap(*(cast(MutableMapping[str, _T], part) for part in reversed(parts)))
