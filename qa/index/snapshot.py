"""The current content of an index: its segments, the documents removed from them, and the files it was made
of.

One record says all of it, and is replaced in one step. A change becomes visible with that step; until then,
and whatever happens to the process, readers see the snapshot before. No part can be newer than another,
because the record has the digest of each segment's manifest, of the list of files, and of itself.
"""

import datetime
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError

from qa import __version__
from qa.errors import IndexDamagedError
from qa.index.change import ChangeRef
from qa.index.manifest import FORMAT, REBUILD, Manifest
from qa.index.sources import SourceFile, sources_name
from qa.schema import Coverage


@dataclass(frozen=True, slots=True)
class SegmentRef:
    """A segment of a snapshot, without the documents that were removed since it was written."""

    name: str
    """Of its folder or collection."""
    manifest: str
    """The SHA-256 of its manifest, which has those of its other files."""
    removed: tuple[str, ...] = ()
    """Ids of documents."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """An index at one moment. Anything else in its folder is left over or not finished."""

    format: int
    segments: Annotated[tuple[SegmentRef, ...], Field(alias="builds")]
    """On the disk they are called builds, as they were when this format was made."""
    written: str
    """The time of writing, in UTC (ISO 8601)."""
    by: str
    """The version of Attest that wrote it."""
    ocr: str = ""
    """The languages in which pages that are pictures were recognised; empty if they were left out."""
    root: str = ""
    """The folder that the files were found under; empty for an index that was not made of files."""
    sources: str = ""
    """The name of the list of files, which has its SHA-256; empty without one."""
    changes: tuple[ChangeRef, ...] = ()
    """The changes that led to it, as far as they are kept, oldest first."""

    @classmethod
    def now(
        cls,
        segments: Iterable[SegmentRef],
        ocr: str = "",
        root: str = "",
        sources: Sequence[SourceFile] = (),
    ) -> "Snapshot":
        """A snapshot of this moment and this version."""
        moment = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        return cls(FORMAT, tuple(segments), moment, __version__, ocr, root, sources_name(sources))


@dataclass(frozen=True, slots=True)
class SegmentInfo:
    """A segment of a snapshot with its manifest."""

    ref: SegmentRef
    manifest: Manifest

    @property
    def document_count(self) -> int:
        """The number of its documents, without those that were removed."""
        return self.manifest.documents - len(self.ref.removed)


@dataclass(frozen=True, slots=True)
class SnapshotInfo:
    """A snapshot with the manifests and the list of files that it names."""

    snapshot: Snapshot
    segments: tuple[SegmentInfo, ...]
    sources: tuple[SourceFile, ...]
    """The files it was made of."""

    @property
    def document_count(self) -> int:
        """The number of documents in the index."""
        return sum(each.document_count for each in self.segments)

    @property
    def coverage(self) -> Coverage:
        """The part of it that can be searched."""
        embedded = sum(each.document_count for each in self.segments if each.manifest.has_vectors)
        return count_coverage(self.sources, self.document_count, embedded)


def count_coverage(sources: Sequence[SourceFile], documents: int, by_meaning: int) -> Coverage:
    """Return the coverage of an index with so many ``documents``, which was made of the files ``sources``."""
    searched = sum(bool(each.documents) for each in sources)
    return Coverage(searched + sum(each.waits for each in sources), searched, documents, by_meaning)


_SNAPSHOT = TypeAdapter(Snapshot)


def dump_snapshot(snapshot: Snapshot) -> bytes:
    """Return a snapshot as a record: its SHA-256, a line feed, JSON."""
    json = _SNAPSHOT.dump_json(snapshot, by_alias=True)
    return hashlib.sha256(json).hexdigest().encode() + b"\n" + json


def parse_snapshot(record: bytes, where: str) -> Snapshot:
    """Parse a record that was read from ``where``.

    Raises:
        IndexDamagedError: it is not as it was written, or is of another format.
    """
    digest, _, json = record.partition(b"\n")
    if hashlib.sha256(json).hexdigest().encode() != digest:
        raise IndexDamagedError(f"{where} is not as Attest {__version__} writes it; {REBUILD}")
    try:
        snapshot = _SNAPSHOT.validate_json(json)
    except ValidationError as error:
        raise IndexDamagedError(f"{where} was written by another version of Attest; {REBUILD}") from error
    if snapshot.format != FORMAT:
        raise IndexDamagedError(f"The index in {where} has format {snapshot.format}, not {FORMAT}; {REBUILD}")
    return snapshot
