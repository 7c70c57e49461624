"""The work of an update that can be divided: reading files and embedding sentences."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from qa.index.sources import Seen
from qa.ingest.base import Failure
from qa.schema import Document


@dataclass(frozen=True, slots=True)
class Parsed:
    """What was read of one file."""

    number: int
    """Of the file, among those that were to be read."""
    found: tuple[Document | Failure, ...]


@dataclass(frozen=True, slots=True)
class Embedded:
    """Texts and their vectors, a row each, of unit length."""

    texts: Sequence[str]
    vectors: NDArray[np.float32]


class WorkerPool(Protocol):
    """Who does the work of an indexing that can be divided. Of a generator that is closed early, what has
    not begun is dropped.
    """

    def read(self, seen: Sequence[Seen], ocr: str) -> Generator[Parsed, None, None]:
        """What each file holds, in any order, once it is known; a file that cannot be read stops no other.

        Pages that are pictures are recognised in the languages ``ocr``, if there are any.

        Raises:
            WorkersUnavailableError: nobody is there to do it.
        """

    def embed(self, batches: Sequence[Sequence[str]]) -> Generator[Embedded, None, None]:
        """Every batch with its vectors, in any order, once they are made.

        Raises:
            WorkersUnavailableError: nobody is there to do it.
        """
