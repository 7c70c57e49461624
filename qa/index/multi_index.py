"""Several indexes searched as one: the segments of an index; shared documents and one visitor's uploads."""

from collections import ChainMap
from collections.abc import Collection, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import replace
from typing import TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from qa.index.base import Searchable
from qa.index.lexical import inverse_frequency
from qa.index.sources import SourceFile
from qa.ingest.base import Failure
from qa.query.base import Query
from qa.query.document_filter import DocumentFilter
from qa.schema import Candidate, Coverage, Document, Passage, Span

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
            raise ValueError("two indexes have a document with the same id")
        self.words: Mapping[str, Mapping[str, str]] = {
            language: chain_mappings([part.words[language] for part in parts if language in part.words])
            for language in sorted({language for part in parts for language in part.words})
        }
        self.size = sum(part.size for part in parts)
        self._parts = tuple(parts)
        self.left_out: tuple[Failure, ...] = tuple(
            failure for part in parts if isinstance(part, MultiIndex) for failure in part.left_out
        )
        """The files that were found and are in none of the parts, and why."""
        joined = [part.sources for part in parts if isinstance(part, MultiIndex)]
        self.sources: Mapping[str, SourceFile] = chain_mappings(joined) if joined else {}
        """The file that each document was read from, by the document's id."""

    @property
    def coverage(self) -> Coverage:
        """The coverage of all parts together."""
        return sum((part.coverage for part in self._parts), Coverage(0, 0, 0, 0))

    @property
    def state(self) -> str:
        """A string that changes whenever a document of any part does."""
        return "+".join(part.state for part in self._parts if isinstance(part, MultiIndex))

    def dates(self) -> Mapping[str, str | None]:
        """The date of each document, by id."""
        return chain_mappings([part.dates() for part in self._parts])

    def search(self, query: Query) -> list[Candidate]:
        """Return the candidates of every part, in the order of the parts."""
        if query.rarity is None and len(self._parts) > 1:
            query = replace(query, rarity=self.rarity)
        return [candidate for part in self._parts for candidate in part.search(query)]

    def passages_having(
        self, groups: Sequence[Collection[str]], document_filter: DocumentFilter
    ) -> Iterator[Passage]:
        """Yield the passages of every part that have at least one term of each of ``groups``."""
        for part in self._parts:
            yield from part.passages_having(groups, document_filter)

    def sentences_near(
        self, vector: NDArray[np.float32], least: float, document_filter: DocumentFilter
    ) -> Iterator[tuple[Span, float]]:
        """Yield the sentences of every part whose cosine with ``vector`` is ``least`` or more, with it."""
        for part in self._parts:
            yield from part.sentences_near(vector, least, document_filter)

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
