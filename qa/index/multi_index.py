"""Several indexes searched as one: an index's builds; what everybody shares, and what one visitor brought."""

from collections import ChainMap
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import replace
from typing import TypeVar, cast

from qa.embedding.base import Encoder
from qa.index.base import Query, Searchable
from qa.index.lexical import inverse_frequency
from qa.nlp.dates import Period
from qa.query.spelling import correct
from qa.schema import Admits, Candidate, Document

_T = TypeVar("_T")


class MultiIndex:
    """A source of candidates over several indexes, none of which is copied or changed.

    Words are weighed by how many passages of all indexes have them, so that BM25 scores of different indexes
    can be compared: by its own count, a word that every passage of a small index has would weigh next to
    nothing there, however rare it is in the rest. What stays an index's own is the mean length of a passage,
    against which BM25 holds each; passages are cut alike everywhere, so it differs little.
    """

    def __init__(self, parts: Sequence[Searchable], encoder: Encoder) -> None:
        """Join ``parts``, whose vectors ``encoder`` made.

        Raises:
            ValueError: two parts have a document of the same id.
        """
        self.documents: Mapping[str, Document] = chained([part.documents for part in parts])
        if len(self.documents) < sum(len(part.documents) for part in parts):
            raise ValueError("two indexes that are to be joined have a document of the same id")
        self.words: Mapping[str, str] = chained([part.words for part in parts])
        self.size = sum(part.size for part in parts)
        self._parts = tuple(parts)
        self._encoder = encoder

    def dates(self) -> Mapping[str, str | None]:
        """The date of each document, by id."""
        return chained([part.dates() for part in self._parts])

    def candidates(
        self, question: str, pool: int, admits: Admits | None = None, period: Period | None = None
    ) -> list[Candidate]:
        """The candidates of every part, ``pool`` by words and by meaning from each, in the parts' order."""
        return self.search(Query(question, self._encoder.encode([question])[0], pool, admits, period))

    def search(self, query: Query) -> list[Candidate]:
        """The :meth:`candidates` of a question whose vector is known."""
        if query.rarity is None and len(self._parts) > 1:
            query = replace(query, rarity=self.rarity)
        return [candidate for part in self._parts for candidate in part.search(query)]

    def frequency(self, term: str) -> int:
        """How many passages of all parts have a stemmed term."""
        return sum(part.frequency(term) for part in self._parts)

    def rarity(self, term: str) -> float:
        """Inverse document frequency of a stemmed term over the passages of all parts."""
        return inverse_frequency(self.size, self.frequency(term))

    def corrected(self, question: str) -> str:
        """``question`` with misspelt words replaced by words of any part's documents."""
        return correct(question, self.words, self._encoder.knows)


def chained(parts: Sequence[Mapping[str, _T]]) -> Mapping[str, _T]:
    """One view of all ``parts``, in their order; what several have is the last one's."""
    if len(parts) == 1:
        return parts[0]
    # A ChainMap goes through its maps from the last to the first. It is only ever read here.
    return ChainMap(*(cast(MutableMapping[str, _T], part) for part in reversed(parts)))
