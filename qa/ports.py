"""What an index asks of others, and what is asked of an index, as protocols."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from qa.lexical import Rarity
from qa.schema import Admits, Candidate, Document


class Encoder(Protocol):
    """What an index needs of an embedding model."""

    @property
    def dimensions(self) -> int:
        """The length of a vector."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors, shape ``(len(texts), dimensions)``."""

    def knows(self, word: str) -> bool:
        """Whether a lower-cased word is a common one."""


@dataclass(frozen=True, slots=True)
class Query:
    """A question as indexes search for it."""

    question: str
    vector: NDArray[np.float32]
    """The question's, of unit length."""
    pool: int
    """How many passages to find by words, and how many by meaning."""
    admits: Admits | None = None
    """Lets in the documents to search, before anything is searched; None for all."""
    rarity: Rarity | None = None
    """Weighs the words; None for the index's own count."""


class Searchable(Protocol):
    """What can be searched, alone or joined with others."""

    @property
    def documents(self) -> Mapping[str, Document]:
        """The documents, by id, in their order."""

    @property
    def words(self) -> Mapping[str, str]:
        """For every stem in them, the spelling that occurs most often."""

    @property
    def size(self) -> int:
        """How many passages words are counted over."""

    def frequency(self, term: str) -> int:
        """How many of those have a stemmed term."""

    def near(self, query: Query) -> list[Candidate]:
        """The best passages by words and the nearest by meaning, each once, with every score that ranking
        may want, in the order of the documents.
        """
