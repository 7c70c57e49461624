"""An index in a folder of this machine: which files it has, the order they are written in, what is verified.

``CURRENT`` has the current snapshot, and is replaced in one step. Each segment has a folder, and its manifest
the digest of every other file there.
"""

import shutil
from collections.abc import Collection, Iterable, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from pathlib import Path

from qa.embedding.base import EmbeddingIdentity
from qa.errors import IndexDamagedError, IndexMissingError
from qa.index.change import change_name
from qa.index.document_store import read_documents
from qa.index.files import copy_whole, flush, original_name, read_bytes, sha256, write_whole
from qa.index.manifest import MANIFEST, REBUILD, read_manifest, verify_segment
from qa.index.prepare import PreparedSegment
from qa.index.segment import DOCUMENTS, LocalSegment
from qa.index.segment_writer import write_segment
from qa.index.snapshot import (
    SegmentInfo,
    SegmentRef,
    Snapshot,
    SnapshotInfo,
    dump_snapshot,
    parse_snapshot,
)
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

    @property
    def grows(self) -> bool:
        """True: a segment need not have vectors."""
        return True

    @property
    def keeps_originals(self) -> bool:
        """True: they are files in the folder."""
        return True

    def snapshot(self) -> Snapshot:
        """Return the current snapshot.

        Raises:
            IndexMissingError: there is no index.
            IndexDamagedError: the snapshot cannot be read, or is of another format.
        """
        path = self.home / _CURRENT
        try:
            return parse_snapshot(read_bytes(path), str(path))
        except FileNotFoundError as error:
            raise IndexMissingError(
                f"There is no index in {self.home}; make one with: attest index"
            ) from error
        except OSError as error:
            raise IndexDamagedError(f"{path} cannot be read ({error.strerror}); {REBUILD}") from error

    def describe(self) -> SnapshotInfo:
        """Read the snapshot, the manifests and the list of files; no other file is read.

        Raises:
            IndexMissingError, IndexDamagedError: there is no index, or this cannot be read.
        """
        snapshot = self.snapshot()
        segments = tuple(SegmentInfo(ref, read_manifest(self._folder(ref))) for ref in snapshot.segments)
        return SnapshotInfo(snapshot, segments, read_sources(self.home, snapshot.sources))

    def load_verified(self, texts: bool = False) -> SnapshotInfo:
        """Read the same as :meth:`describe` and verify every file, with or without ``texts``.

        Raises:
            IndexMissingError: there is no index.
            IndexDamagedError: a file is missing or changed, the format is another, or the vectors were
                made by another embedding model.
        """
        snapshot = self.snapshot()
        segments = []
        for ref in snapshot.segments:
            folder = self._folder(ref)
            if not folder.is_dir():
                raise IndexDamagedError(
                    f"{self.home / _CURRENT} names {ref.name}, which is missing; {REBUILD}"
                )
            manifest = verify_segment(folder, self.identity)
            if sha256(folder / MANIFEST) != ref.manifest:
                raise IndexDamagedError(f"{folder / MANIFEST} has changed since it was written; {REBUILD}")
            segments.append(SegmentInfo(ref, manifest))
        return SnapshotInfo(snapshot, tuple(segments), read_sources(self.home, snapshot.sources))

    def open_segment(self, segment: SegmentInfo) -> LocalSegment:
        """Open a segment that was verified.

        Raises:
            IndexDamagedError: it cannot be read, or holds other counts than its manifest states.
        """
        return LocalSegment.open(self._folder(segment.ref), segment.manifest, segment.ref.removed)

    def documents(self) -> dict[str, Document]:
        """Return the current documents, by id, without opening the rest.

        Raises:
            IndexMissingError: there is no index.
            IndexDamagedError: they cannot be read, or have changed since they were written.
        """
        documents: dict[str, Document] = {}
        for ref in self.snapshot().segments:
            path = self._folder(ref) / DOCUMENTS
            try:
                if sha256(path) != read_manifest(self._folder(ref)).files.get(DOCUMENTS):
                    raise IndexDamagedError(f"{path} has changed since it was written; {REBUILD}")
                found = read_documents(path)
            except (OSError, ValueError) as error:
                raise IndexDamagedError(f"{path} cannot be read; {REBUILD}") from error
            documents |= {doc_id: each for doc_id, each in found.items() if doc_id not in ref.removed}
        return documents

    def write_lock(self, wait_seconds: float = 0.0) -> AbstractContextManager[None]:
        """Hold the lock that every write needs. Wait for another writer for up to ``wait_seconds``.

        Raises:
            UserError: another process is still writing; the message says which.
            OSError: the folder cannot be written.
        """
        return lock.write_lock(self.home, wait_seconds)

    def write(self, prepared: PreparedSegment) -> SegmentRef:
        """Write a segment that a snapshot may name. An undamaged one of the same documents is kept instead.

        Raises:
            OSError: the disk is full or the folder cannot be written; nothing of the segment is left then.
        """
        return write_segment(self.home, prepared, self.identity)

    def write_change(self, change: bytes) -> str:
        """Write a change that a snapshot may name, and return its name.

        Raises:
            OSError: the disk is full or the folder cannot be written.
        """
        path = self.home / change_name(change)
        write_whole(path, change)
        return path.name

    def read_change(self, name: str) -> bytes:
        """Read a change that the current snapshot names.

        Raises:
            IndexDamagedError: it is missing.
        """
        path = self.home / Path(name).name
        try:
            return path.read_bytes()
        except OSError as error:
            raise IndexDamagedError(
                f"{path}, which has the text of earlier documents, cannot be read ({error.strerror})"
            ) from error

    def write_original(self, file: Path, name: str) -> None:
        """Keep a copy of ``file`` under its :func:`~qa.index.files.original_name`, unless it is there.

        Raises:
            OSError: the disk is full or the folder cannot be written.
        """
        if self.original(name) is None:
            copy_whole(file, self.home / Path(name).name)

    def original(self, name: str) -> Path | None:
        """Return the copy of an uploaded file; None if it is not there, or not as it was written."""
        path = self.home / Path(name).name
        try:
            return path if original_name(path) == name else None
        except OSError:
            return None

    def commit(self, snapshot: Snapshot, sources: Sequence[SourceFile]) -> None:
        """Make ``snapshot`` the current one, in one step, then remove what it does not need.

        Raises:
            OSError: the disk is full or the folder cannot be written.
        """
        if sources:
            write_sources(self.home, sources)
        write_whole(self.home / _CURRENT, dump_snapshot(snapshot))
        flush(self.home)
        self._remove_unused(snapshot, sources)

    def remove_unused(self) -> None:
        """Remove what a process that was killed in the middle of a change has left. The caller holds the
        lock. Without an index, only uploaded files are removed.

        Raises:
            IndexDamagedError: it is not known what the index needs.
        """
        try:
            snapshot = self.snapshot()
        except IndexMissingError:
            self._remove_except((), ["original-*"])
        else:
            self._remove_unused(snapshot, read_sources(self.home, snapshot.sources))

    def _folder(self, ref: SegmentRef) -> Path:
        return self.home / Path(ref.name).name

    def _remove_unused(self, snapshot: Snapshot, sources: Sequence[SourceFile]) -> None:
        """Remove segments, lists of files and changes that ``snapshot`` does not name, and uploaded files
        that ``sources`` do not. A reader of one has it open; on Windows it then stays until the next change.
        """
        named = [*(each.name for each in snapshot.segments), *(each.name for each in snapshot.changes)]
        originals = [each.upload.original for each in sources if each.upload]
        needed = {snapshot.sources, *named, *originals}
        self._remove_except(needed, ["build-*", "sources-*", "changes-*", "original-*"])

    def _remove_except(self, needed: Collection[str], kinds: Iterable[str]) -> None:
        """Remove the files and folders of these ``kinds`` whose names are not ``needed``."""
        for kind in kinds:
            for left in self.home.glob(kind):
                if left.name in needed:
                    continue
                if left.is_dir():
                    shutil.rmtree(left, ignore_errors=True)
                else:
                    with suppress(PermissionError):
                        left.unlink(missing_ok=True)
