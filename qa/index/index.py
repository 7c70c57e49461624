"""An opened index: the segments of its snapshot, searched as one."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa.embedding.base import EmbeddingIdentity
from qa.errors import IndexDamagedError
from qa.index.base import Segment, Store
from qa.index.change import Change, ChangeRef, parse_change
from qa.index.manifest import REBUILD
from qa.index.multi_index import MultiIndex
from qa.index.snapshot import Snapshot, SnapshotInfo, count_coverage, dump_snapshot
from qa.index.sources import SourceFile, has_changed
from qa.index.stats import IndexStats, count_opened
from qa.schema import Coverage, Passage


def _no_original(name: str) -> None:
    return None


def _no_change(name: str) -> bytes:
    raise IndexDamagedError(f"The index has no change called {name}")


class Index(MultiIndex):
    """An opened index. It is read-only, and :meth:`open` has verified it."""

    def __init__(
        self,
        snapshot: Snapshot,
        segments: Sequence[Segment],
        sources: Sequence[SourceFile],
        model: EmbeddingIdentity,
        read_change: Callable[[str], bytes] = _no_change,
        find_original: Callable[[str], Path | None] = _no_original,
    ) -> None:
        """Join the ``segments`` and ``sources`` of ``snapshot``, whose vectors are of ``model``.
        ``read_change`` reads a change that the snapshot names, and ``find_original`` finds an uploaded file.

        Raises:
            ValueError: two of the segments have a document of the same id.
        """
        super().__init__(segments)
        self.snapshot = snapshot
        self._segments = tuple(segments)
        self.sources: Mapping[str, SourceFile] = {
            doc_id: source for source in sources for doc_id in source.documents
        }
        """The file that each document was read from, by the document's id, in the order of the list of
        files."""
        self.left_out = tuple(failure for source in sources for failure in source.failures)
        """The files that were found and are not in the index, and why."""
        self._model = model
        self._read_change = read_change
        self._find_original = find_original
        counted = super().coverage
        self._coverage = count_coverage(sources, counted.documents, counted.by_meaning)

    @property
    def coverage(self) -> Coverage:
        """The files found, those of them that can be searched, and the documents searched by meaning too."""
        return self._coverage

    @cached_property
    def state(self) -> str:
        """The SHA-256 of this snapshot, which tells it from every other."""
        return dump_snapshot(self.snapshot).partition(b"\n")[0].decode()

    @classmethod
    def open(cls, store: Store) -> "Index":
        """Open the current snapshot in ``store``.

        Raises:
            IndexMissingError: there is no index.
            IndexDamagedError: something is missing or changed, the format is another, or the vectors were
                made by another embedding model.
            IndexUnavailableError: the store does not answer.
        """
        while True:
            before = store.snapshot()
            try:
                return cls._open(store, store.load_verified())
            except (IndexDamagedError, OSError):
                if store.snapshot() == before:
                    raise  # otherwise another process has replaced it meanwhile, and removed its files

    @classmethod
    def empty(cls, model: EmbeddingIdentity) -> "Index":
        """Return an index without documents, for a server that waits for the first."""
        return cls(Snapshot.now(()), (), (), model)

    @classmethod
    def _open(cls, store: Store, info: SnapshotInfo) -> "Index":
        segments = [store.open_segment(each) for each in info.segments]
        try:
            return cls(
                *(info.snapshot, segments, info.sources, store.identity), store.read_change, store.original
            )
        except ValueError as error:
            raise IndexDamagedError(f"The index is damaged ({error}); {REBUILD}") from error

    @cached_property
    def stats(self) -> IndexStats:
        """The size of the index, and the model of its vectors."""
        return count_opened(self._segments, self._model)

    @cached_property
    def passages(self) -> Sequence[Passage]:
        """Every passage, in the order of the documents."""
        return [passage for segment in self._segments for passage in segment.passages()]

    @cached_property
    def passage_counts(self) -> Mapping[str, int]:
        """The number of passages of each document, by its id."""
        return Counter(passage.span.doc_id for passage in self.passages)

    def sentence_vectors(
        self, doc_ids: Collection[str] | None = None
    ) -> Iterator[tuple[str, NDArray[np.float32]]]:
        """Yield every sentence of the documents ``doc_ids`` (None: of all) with its vector, as precise as it
        was stored.
        """
        for segment in self._segments:
            here = None if doc_ids is None else [each for each in doc_ids if each in segment.documents]
            if here is None or here:
                yield from segment.sentence_vectors(here)

    def changed(self, doc_id: str) -> bool:
        """Return whether the file of a document has changed since it was indexed; False if it has no file."""
        source = self.sources.get(doc_id)
        return bool(self.snapshot.root and source and has_changed(Path(self.snapshot.root), source))

    def file(self, doc_id: str) -> Path | None:
        """Return the file that a document was read from, if it holds no other and has not changed since; of
        an uploaded document the copy that is kept.
        """
        source = self.sources.get(doc_id)
        if source and source.upload:
            return self._find_original(source.upload.original) if source.upload.original else None
        if not self.snapshot.root or source is None or source.path != doc_id or self.changed(doc_id):
            return None
        return Path(self.snapshot.root) / source.path

    def change(self, ref: ChangeRef) -> Change:
        """Read a change that its snapshot names.

        Raises:
            IndexDamagedError: it cannot be read. An update may have removed it since this index was opened.
            IndexUnavailableError: the store does not answer.
        """
        return parse_change(self._read_change(ref.name), ref.name)

    def faults(self) -> list[str]:
        """Check what :meth:`open` does not, that every sentence lies within its document, and return a
        message for each that does not.
        """
        spans = (span for passage in self.passages for span in passage.sentences)
        return [
            f"A sentence of {span.doc_id} is indexed at {span.start}–{span.end}, where it has no text"
            for span in spans
            if not 0 <= span.start < span.end <= len(self.documents[span.doc_id].text)
        ]
