"""The protocols of an index: what can be searched, a segment, and the store that keeps segments."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from qa.embedding.base import EmbeddingIdentity
from qa.index.prepare import PreparedSegment
from qa.index.snapshot import SegmentInfo, SegmentRef, Snapshot, SnapshotInfo
from qa.index.sources import SourceFile
from qa.query.base import Query
from qa.query.document_filter import DocumentFilter
from qa.schema import Candidate, Coverage, Document, Passage, Span


class Searchable(Protocol):
    """An index, or a part of one, that can be searched alone or together with others."""

    @property
    def documents(self) -> Mapping[str, Document]:
        """The documents, by id, in their order."""

    @property
    def coverage(self) -> Coverage:
        """The part of it that can be searched, by words and by meaning."""

    def dates(self) -> Mapping[str, str | None]:
        """The date of each document, by id."""

    @property
    def words(self) -> Mapping[str, Mapping[str, str]]:
        """For each language of the documents and every stem in it, the spelling that occurs most often."""

    @property
    def size(self) -> int:
        """The number of passages over which words are counted."""

    def frequency(self, term: str) -> int:
        """The number of those that have a stemmed term."""

    def search(self, query: Query) -> list[Candidate]:
        """The best passages by words and the nearest by meaning, each once, with every score that ranking
        may want, in the order of the documents.
        """

    def passages_having(
        self, groups: Sequence[Collection[str]], document_filter: DocumentFilter
    ) -> Iterator[Passage]:
        """Yield every passage that has, with the headings over it, at least one term of each of ``groups``,
        in their order. There is at least one group.
        """

    def sentences_near(
        self, vector: NDArray[np.float32], least: float, document_filter: DocumentFilter
    ) -> Iterator[tuple[Span, float]]:
        """Yield the sentences whose cosine with ``vector`` is ``least`` or more, with it, in their order."""


class Segment(Searchable, Protocol):
    """An opened part of an index, without the documents that were removed from it."""

    @property
    def passage_count(self) -> int:
        """The number of passages of its documents, without those of removed ones."""

    @property
    def sentence_count(self) -> int:
        """The number of sentences in those passages."""

    def passages(self) -> Iterator[Passage]:
        """Yield the passages of its documents, in their order."""

    def sentence_vectors(
        self, doc_ids: Collection[str] | None = None
    ) -> Iterator[tuple[str, NDArray[np.float32]]]:
        """Yield every sentence of the documents ``doc_ids``, which must be in it (None: of all), with its
        vector, as precise as it was stored; nothing if they have no vectors.
        """


class Store(Protocol):
    """The place of an index. Segments are written once and never changed; a snapshot names the current ones.

    Every method raises ``IndexUnavailableError`` if the store does not answer.
    """

    @property
    def identity(self) -> EmbeddingIdentity:
        """The embedding model that made the vectors."""

    @property
    def grows(self) -> bool:
        """True if it keeps segments without vectors, so that an index is searched while it is made."""

    @property
    def keeps_originals(self) -> bool:
        """True if it keeps files that were uploaded, beside their text."""

    @property
    def home(self) -> Path:
        """The folder on this machine for the lock and for unfinished work. It need not exist yet."""

    def snapshot(self) -> Snapshot:
        """Return the current snapshot.

        Raises:
            IndexMissingError: there is no index.
            IndexDamagedError: the snapshot cannot be read, or is of another format.
        """

    def describe(self) -> SnapshotInfo:
        """Read what the index says of itself: the snapshot, the manifests and the list of files. Nothing else
        is opened or verified.

        Raises:
            IndexMissingError, IndexDamagedError: there is no index, or this cannot be read.
        """

    def load_verified(self, texts: bool = False) -> SnapshotInfo:
        """Read the same as :meth:`describe` and verify that every file is as it was written.

        A store may leave the text of a document until that is read. With ``texts`` it must not: an update
        asks for that, so that it can make anew whatever is damaged.

        Raises:
            IndexMissingError: there is no index.
            IndexDamagedError: something is missing or changed, the format is another, or the vectors were
                made by another embedding model.
        """

    def open_segment(self, segment: SegmentInfo) -> Segment:
        """Open a segment that was verified.

        Raises:
            IndexDamagedError: it cannot be read, or holds other counts than its manifest states.
        """

    def documents(self) -> Mapping[str, Document]:
        """Return the current documents, by id, without opening the rest.

        Raises:
            IndexMissingError, IndexDamagedError: there is no index, or they cannot be read.
        """

    def write_lock(self, wait_seconds: float = 0.0) -> AbstractContextManager[None]:
        """Hold the lock that every write needs. Wait for another writer for up to ``wait_seconds``.

        Raises:
            UserError: another process is still writing; the message says which.
            OSError: the folder cannot be written.
        """

    def write(self, prepared: PreparedSegment) -> SegmentRef:
        """Write a segment that a snapshot may name. An undamaged one of the same documents is kept instead.

        Raises:
            OSError: the disk is full or the folder cannot be written; nothing of the segment is left then.
        """

    def write_change(self, change: bytes) -> str:
        """Write a change that a snapshot may name, and return its name.

        Raises:
            OSError: the disk is full or the folder cannot be written.
        """

    def read_change(self, name: str) -> bytes:
        """Read a change that the current snapshot names.

        Raises:
            IndexDamagedError: it is missing.
        """

    def write_original(self, file: Path, name: str) -> None:
        """Keep a copy of ``file``, whose :func:`~qa.index.files.original_name` is ``name``, which a list of
        files may name. :meth:`keeps_originals` must be true.

        Raises:
            OSError: the disk is full or the folder cannot be written.
        """

    def original(self, name: str) -> Path | None:
        """Return the copy of an uploaded file; None if it is not there, or not as it was written."""

    def remove_unused(self) -> None:
        """Remove what a process that was killed in the middle of a change has left. The caller holds the
        lock. A store may leave that to the next change.

        Raises:
            IndexDamagedError: it is not known what the index needs.
        """

    def commit(self, snapshot: Snapshot, sources: Sequence[SourceFile]) -> None:
        """Make ``snapshot``, made of the files ``sources``, the current one, in one step."""
