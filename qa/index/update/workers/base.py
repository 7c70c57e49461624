"""The work of an update that can be divided: reading files and embedding sentences."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from qa.index.update.base import PendingFile
from qa.ingest.base import Failure
from qa.schema import Document


@dataclass(frozen=True, slots=True)
class ReadFile:
    """The documents of one file."""

    number: int
    """Of the file, among those that were to be read."""
    contents: tuple[Document | Failure, ...]


@dataclass(frozen=True, slots=True)
class EmbeddedBatch:
    """Sentences and their unit vectors, one row each."""

    texts: Sequence[str]
    vectors: NDArray[np.float32]


class WorkerPool(Protocol):
    """Reads files and embeds sentences for an update.

    Closing a generator early drops the work that has not begun.
    """

    def read(self, files: Sequence[PendingFile], ocr: str) -> Generator[ReadFile, None, None]:
        """Read files and yield each in any order, as soon as it has been read. A file that cannot be read
        does not affect the others.

        Pages that are pictures are recognised in the languages ``ocr``; an empty string leaves them out.

        Raises:
            WorkersUnavailableError: there are no workers.
        """

    def embed(self, batches: Sequence[Sequence[str]]) -> Generator[EmbeddedBatch, None, None]:
        """Embed batches of sentences and yield each in any order, as soon as it has its vectors.

        Raises:
            WorkersUnavailableError: there are no workers.
        """
