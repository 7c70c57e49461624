"""An index in a folder of this machine: what it is made of, in which order it is written, what is checked.

``CURRENT`` has the state in force, and is replaced in one step; each build has a folder, and its manifest
there the digest of every other file of it.
"""

import shutil
from collections.abc import Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from pathlib import Path

from qa.embedding.base import EmbeddingIdentity, Encoder
from qa.errors import IndexDamagedError, IndexMissingError
from qa.hashing import sha256
from qa.index.document_store import documents_of
from qa.index.files import read_bytes, replace
from qa.index.manifest import MANIFEST, REBUILD, checked_build, flush, read_manifest
from qa.index.segment import DOCUMENTS, Build
from qa.index.segment_writer import write_build
from qa.index.snapshot import SegmentInfo, SegmentRef, SnapshotInfo, State, dump_state, parse_state
from qa.index.sources import SourceFile, read_sources, write_sources
from qa.index.stores import lock
from qa.schema import Document

_CURRENT = "CURRENT"


@dataclass(frozen=True, slots=True)
class LocalStore:
    """The index in the folder ``home``, which is made when it is written."""

    home: Path
    identity: EmbeddingIdentity
    """Of the embedding model."""

    def state(self) -> State:
        """The state in force.

        Raises:
            IndexMissingError: there is none.
            IndexDamagedError: it cannot be read, or is of another format.
        """
        path = self.home / _CURRENT
        try:
            return parse_state(read_bytes(path), str(path))
        except FileNotFoundError as error:
            raise IndexMissingError(
                f"There is no index in {self.home}; make one with: attest index"
            ) from error
        except OSError as error:
            raise IndexDamagedError(f"{path} cannot be read ({error.strerror}); {REBUILD}") from error

    def describe(self) -> SnapshotInfo:
        """What the index says of itself; its files are not looked at.

        Raises:
            IndexMissingError, IndexDamagedError: there is none, or it cannot be read.
        """
        state = self.state()
        builds = tuple(SegmentInfo(held, read_manifest(self._folder(held))) for held in state.builds)
        return SnapshotInfo(state, builds, read_sources(self.home, state.sources))

    def load_verified(self, texts: bool = False) -> SnapshotInfo:
        """The same, every file of it as it was written; ``texts`` among them in any case.

        Raises:
            IndexMissingError: there is none.
            IndexDamagedError: a file is missing or changed, the format is another, or the vectors were
                made by another embedding model.
        """
        state = self.state()
        builds = []
        for held in state.builds:
            folder = self._folder(held)
            if not folder.is_dir():
                raise IndexDamagedError(
                    f"{self.home / _CURRENT} names {held.name}, which is missing; {REBUILD}"
                )
            manifest = checked_build(folder, self.identity)
            if sha256(folder / MANIFEST) != held.manifest:
                raise IndexDamagedError(f"{folder / MANIFEST} has changed since it was written; {REBUILD}")
            builds.append(SegmentInfo(held, manifest))
        return SnapshotInfo(state, tuple(builds), read_sources(self.home, state.sources))

    def open_segment(self, whole: SegmentInfo) -> Build:
        """Open a build that was checked.

        Raises:
            IndexDamagedError: it cannot be read, or holds other counts than its manifest states.
        """
        return Build.open(self._folder(whole.held), whole.manifest, whole.held.removed)

    def documents(self) -> dict[str, Document]:
        """The documents in force, by id, without opening the rest.

        Raises:
            IndexMissingError: there is none.
            IndexDamagedError: they cannot be read, or have changed since they were written.
        """
        documents: dict[str, Document] = {}
        for held in self.state().builds:
            path = self._folder(held) / DOCUMENTS
            try:
                if sha256(path) != read_manifest(self._folder(held)).files.get(DOCUMENTS):
                    raise IndexDamagedError(f"{path} has changed since it was written; {REBUILD}")
                found = documents_of(path)
            except (OSError, ValueError) as error:
                raise IndexDamagedError(f"{path} cannot be read; {REBUILD}") from error
            documents |= {doc_id: each for doc_id, each in found.items() if doc_id not in held.removed}
        return documents

    def writing(self, wait_seconds: float = 0.0) -> AbstractContextManager[None]:
        """Be the only one to write this index, once whoever writes it has finished, if that is within
        ``wait_seconds``.

        Raises:
            UserError: another process is writing it; the message says which.
            OSError: the folder cannot be written.
        """
        return lock.writing(self.home, wait_seconds)

    def write(self, documents: Sequence[Document], encoder: Encoder) -> SegmentRef:
        """Write a build of ``documents`` that a state may name.

        Raises:
            OSError: the disk is full or the folder cannot be written; nothing is left of it then.
        """
        return write_build(self.home, documents, encoder, self.identity)

    def commit(self, state: State, sources: Sequence[SourceFile]) -> None:
        """Make ``state`` what readers see, in one step; what no state needs any more is removed after it.

        Raises:
            OSError: the disk is full or the folder cannot be written.
        """
        if sources:
            write_sources(self.home, sources)
        draft = self.home / f"{_CURRENT}.new"
        draft.write_bytes(dump_state(state))
        flush(draft)
        replace(draft, self.home / _CURRENT)
        flush(self.home)
        self._tidy(state)

    def _folder(self, held: SegmentRef) -> Path:
        return self.home / Path(held.name).name

    def _tidy(self, state: State) -> None:
        """Remove builds and lists of files that ``state`` does not name. Whoever reads one has it open; on
        Windows it stays then, until the next change.
        """
        needed = {state.sources, *(held.name for held in state.builds)}
        for left in (*self.home.glob("build-*"), *self.home.glob("sources-*")):
            if left.name in needed:
                continue
            if left.is_dir():
                shutil.rmtree(left, ignore_errors=True)
            else:
                with suppress(PermissionError):
                    left.unlink(missing_ok=True)
