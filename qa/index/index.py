"""An opened index: all builds in force, searched as one."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa.embedding.base import EmbeddingIdentity
from qa.errors import IndexDamagedError
from qa.index.base import Part, Store
from qa.index.manifest import REBUILD
from qa.index.multi_index import MultiIndex
from qa.index.snapshot import SnapshotInfo, State
from qa.index.sources import SourceFile, has_changed
from qa.schema import Passage


@dataclass(frozen=True, slots=True)
class Contents:
    """How much there is in an index, and whose vectors it has."""

    embedding_model: str
    embedding_sha256: str
    documents: int
    passages: int
    sentences: int


class Index(MultiIndex):
    """An opened index: read only, and whole, because :meth:`open` checked it."""

    def __init__(
        self,
        state: State,
        builds: Sequence[Part],
        sources: Sequence[SourceFile],
        model: EmbeddingIdentity,
    ) -> None:
        """The ``builds`` and ``sources`` of ``state``, whose vectors ``model`` made.

        Raises:
            ValueError: there is none, or two of them have a document of the same id.
        """
        super().__init__(builds)
        self.state = state
        self._builds = tuple(builds)
        self.sources: Mapping[str, SourceFile] = {
            doc_id: source for source in sources for doc_id in source.documents
        }
        """What each document was read from, by its id, in the order of the list of files."""
        self._model = model

    @classmethod
    def open(cls, store: Store) -> "Index":
        """Open what is in force in ``store``.

        Raises:
            IndexMissingError: there is none.
            IndexDamagedError: something is missing or changed, the format is another, or the vectors were
                made by another embedding model.
            IndexUnavailableError: the store does not answer.
        """
        while True:
            before = store.state()
            try:
                return cls._opened(store, store.load_verified())
            except IndexDamagedError:
                if store.state() == before:
                    raise  # otherwise a new state was put in force meanwhile, and this one's files removed

    @classmethod
    def _opened(cls, store: Store, opened: SnapshotInfo) -> "Index":
        builds = [store.open_segment(each) for each in opened.builds]
        try:
            return cls(opened.state, builds, opened.sources, store.identity)
        except ValueError as error:
            raise IndexDamagedError(f"The index is not whole ({error}); {REBUILD}") from error

    @cached_property
    def contents(self) -> Contents:
        """How much there is in it."""
        return Contents(
            embedding_model=self._model.name,
            embedding_sha256=self._model.sha256,
            documents=len(self.documents),
            passages=sum(build.passage_count for build in self._builds),
            sentences=sum(build.sentence_count for build in self._builds),
        )

    @cached_property
    def passages(self) -> Sequence[Passage]:
        """Every passage, in the order of the documents."""
        return [passage for build in self._builds for passage in build.passages()]

    @cached_property
    def passage_counts(self) -> Mapping[str, int]:
        """How many passages each document was cut into, by its id."""
        return Counter(passage.span.doc_id for passage in self.passages)

    def embedded(self) -> Iterator[tuple[str, NDArray[np.float32]]]:
        """Every sentence with its vector, as precise as it was stored."""
        for build in self._builds:
            yield from build.embedded()

    def changed(self, doc_id: str) -> bool:
        """Whether the file of a document is not as it was when it was indexed; False where it was no file."""
        source = self.sources.get(doc_id)
        return bool(self.state.root and source and has_changed(Path(self.state.root), source))

    def file(self, doc_id: str) -> Path | None:
        """The file that a document was read from, if it is one of its own and as it was."""
        source = self.sources.get(doc_id)
        if not self.state.root or source is None or source.path != doc_id or self.changed(doc_id):
            return None
        return Path(self.state.root) / source.path

    def faults(self) -> list[str]:
        """What opening the index does not look at: sentences that cut nothing from their document. Empty for
        a whole index; its files' digests were checked when it was opened.
        """
        spans = (span for passage in self.passages for span in passage.sentences)
        return [
            f"A sentence of {span.doc_id} is said to stand at {span.start}–{span.end}, where nothing is"
            for span in spans
            if not 0 <= span.start < span.end <= len(self.documents[span.doc_id].text)
        ]
