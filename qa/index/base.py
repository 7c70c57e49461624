"""What an index asks of others, and what is asked of an index, as protocols."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from qa.embedding.base import EmbeddingIdentity, Encoder
from qa.index.snapshot import SegmentInfo, SegmentRef, SnapshotInfo, State
from qa.index.sources import SourceFile
from qa.schema import Candidate, Document, Passage
from qa.search import Query


class Searchable(Protocol):
    """An index, or a part of one, that can be searched alone or together with others."""

    @property
    def documents(self) -> Mapping[str, Document]:
        """The documents, by id, in their order."""

    def dates(self) -> Mapping[str, str | None]:
        """The date of each document, by id."""

    @property
    def words(self) -> Mapping[str, str]:
        """For every stem in them, the spelling that occurs most often."""

    @property
    def size(self) -> int:
        """How many passages words are counted over."""

    def frequency(self, term: str) -> int:
        """How many of those have a stemmed term."""

    def search(self, query: Query) -> list[Candidate]:
        """The best passages by words and the nearest by meaning, each once, with every score that ranking
        may want, in the order of the documents.
        """


class Part(Searchable, Protocol):
    """A build as it was opened: part of an index, without the documents that were removed from it."""

    @property
    def passage_count(self) -> int:
        """How many passages the documents have that are there."""

    @property
    def sentence_count(self) -> int:
        """How many sentences those have."""

    def passages(self) -> Iterator[Passage]:
        """The passages of the documents that are there, in their order."""

    def embedded(self, doc_ids: Collection[str] | None = None) -> Iterator[tuple[str, NDArray[np.float32]]]:
        """Every sentence of the documents ``doc_ids``, which must be there (None: of all that are), with its
        vector, as precise as it was stored.
        """


class Store(Protocol):
    """Where an index is kept. Builds are written once and never changed; a state says which are in force.

    Every method raises ``IndexUnavailableError`` where the store does not answer.
    """

    @property
    def identity(self) -> EmbeddingIdentity:
        """Which embedding model the vectors are of."""

    @property
    def home(self) -> Path:
        """The folder on this machine for its lock and for what is not finished. It may not exist yet."""

    def state(self) -> State:
        """The state in force.

        Raises:
            IndexMissingError: there is none.
            IndexDamagedError: it cannot be read, or is of another format.
        """

    def describe(self) -> SnapshotInfo:
        """What the index says of itself, without a look at what it says it of.

        Raises:
            IndexMissingError, IndexDamagedError: there is none, or it cannot be read.
        """

    def load_verified(self, texts: bool = False) -> SnapshotInfo:
        """The same, all of it as it was written. A store may leave a document's text until that is read, but
        not with ``texts``, as whoever writes wants it: what is damaged is to be made anew.

        Raises:
            IndexMissingError: there is none.
            IndexDamagedError: something is missing or changed, the format is another, or the vectors were
                made by another embedding model.
        """

    def open_segment(self, whole: SegmentInfo) -> Part:
        """Open a build that was checked.

        Raises:
            IndexDamagedError: it cannot be read, or holds other counts than its manifest states.
        """

    def documents(self) -> Mapping[str, Document]:
        """The documents in force, by id, without opening the rest.

        Raises:
            IndexMissingError, IndexDamagedError: there is none, or they cannot be read.
        """

    def writing(self, wait_seconds: float = 0.0) -> AbstractContextManager[None]:
        """Be the only one to write this index, once whoever writes it has finished, if that is within
        ``wait_seconds``. Builds are written and states put in force herein.

        Raises:
            UserError: another process is writing it; the message says which.
            OSError: the folder cannot be written.
        """

    def write(self, documents: Sequence[Document], encoder: Encoder) -> SegmentRef:
        """Write a build of ``documents`` that a state may name.

        Raises:
            OSError: the disk is full or the folder cannot be written; nothing is left of it then.
        """

    def commit(self, state: State, sources: Sequence[SourceFile]) -> None:
        """Make ``state``, made of the files ``sources``, what readers see, in one step."""
