"""Several indexes searched as one: what everybody shares, and what one visitor has brought."""

from collections import ChainMap
from collections.abc import Mapping, MutableMapping, Sequence
from typing import TypeVar, cast

from qa.index import Encoder, Index
from qa.lexical import inverse_frequency
from qa.schema import Admits, Candidate, Document
from qa.spelling import correct

_T = TypeVar("_T")


class Joined:
    """A source of candidates over several indexes, none of which is copied or changed.

    Words are weighed by how many passages of all indexes have them, so that BM25 scores of different indexes
    can be compared: by its own count, a word that every passage of a small index has would weigh next to
    nothing there, however rare it is in the rest. What stays an index's own is the mean length of a passage,
    against which BM25 holds each; passages are cut alike everywhere, so it differs little.
    """

    def __init__(self, parts: Sequence[Index], encoder: Encoder) -> None:
        """Join ``parts``, whose vectors ``encoder`` made.

        Raises:
            ValueError: two parts have a document of the same id.
        """
        self.documents: Mapping[str, Document] = _chained([part.documents for part in parts])
        if len(self.documents) < sum(len(part.documents) for part in parts):
            raise ValueError("two indexes that are to be joined have a document of the same id")
        self._parts = tuple(parts)
        self._encoder = encoder
        self._passages = sum(len(part.passages) for part in parts)
        self._words = _chained([part.words for part in parts])

    def candidates(self, question: str, pool: int, admits: Admits | None = None) -> list[Candidate]:
        """The candidates of every part, ``pool`` by words and by meaning from each, in the parts' order."""
        vector = self._encoder.encode([question])[0]
        return [
            candidate
            for part in self._parts
            for candidate in part.near(question, vector, pool, admits, self.rarity)
        ]

    def rarity(self, term: str) -> float:
        """Inverse document frequency of a stemmed term over the passages of all parts."""
        return inverse_frequency(self._passages, sum(part.frequency(term) for part in self._parts))

    def corrected(self, question: str) -> str:
        """``question`` with misspelt words replaced by words of any part's documents."""
        return correct(question, self._words, self._encoder.knows)


def _chained(parts: Sequence[Mapping[str, _T]]) -> Mapping[str, _T]:
    """One view of all ``parts``, in their order; what several have is the last one's."""
    # A ChainMap goes through its maps from the last to the first. It is only ever read here.
    return ChainMap(*(cast(MutableMapping[str, _T], part) for part in reversed(parts)))
