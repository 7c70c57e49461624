"""What of an index is in force: its builds, what was removed from them, and the files it was made of.

All of it is said by one record, which is replaced in one step. A change becomes visible with it; until then,
and whatever happens to the process, readers see the state before. Of two things that are in force together
none can be newer than the other, because the record has the digest of each build's manifest, of the list of
files, and of itself.
"""

import datetime
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError

from qa import __version__
from qa.errors import IndexDamagedError
from qa.index.manifest import FORMAT, REBUILD, Manifest
from qa.index.sources import SourceFile, sources_name


@dataclass(frozen=True, slots=True)
class SegmentRef:
    """A build that is in force, but for the documents that were removed since it was written."""

    name: str
    """Of its folder or collection."""
    manifest: str
    """The SHA-256 of its manifest, which has those of its other files."""
    removed: tuple[str, ...] = ()
    """Ids of documents."""


@dataclass(frozen=True, slots=True)
class State:
    """An index at one moment. Whatever else lies in its folder is left over or not finished."""

    format: int
    builds: tuple[SegmentRef, ...]
    written: str
    """When, in UTC (ISO 8601)."""
    by: str
    """The version of Attest that wrote it."""
    ocr: str = ""
    """The languages in which pages that are pictures were recognised; empty where they were not."""
    root: str = ""
    """The folder that the files were found under; empty for an index that was not made of files."""
    sources: str = ""
    """The name of the list of files, which is its SHA-256 too; empty without one."""

    @classmethod
    def now(
        cls, builds: Iterable[SegmentRef], ocr: str = "", root: str = "", sources: Sequence[SourceFile] = ()
    ) -> "State":
        """A state of this moment and this version."""
        moment = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        return cls(FORMAT, tuple(builds), moment, __version__, ocr, root, sources_name(sources))


@dataclass(frozen=True, slots=True)
class SegmentInfo:
    """A build in force, and what it says of itself."""

    held: SegmentRef
    manifest: Manifest


@dataclass(frozen=True, slots=True)
class SnapshotInfo:
    """A state with all that it names."""

    state: State
    builds: tuple[SegmentInfo, ...]
    sources: tuple[SourceFile, ...]
    """The files it was made of."""


_STATE = TypeAdapter(State)


def dump_state(state: State) -> bytes:
    """A state as a record: its SHA-256, a line feed, JSON."""
    said = _STATE.dump_json(state)
    return hashlib.sha256(said).hexdigest().encode() + b"\n" + said


def parse_state(record: bytes, where: str) -> State:
    """The state of a record that was read from ``where``.

    Raises:
        IndexDamagedError: it is not as it was written, or is of another format.
    """
    digest, _, said = record.partition(b"\n")
    if hashlib.sha256(said).hexdigest().encode() != digest:
        raise IndexDamagedError(f"{where} is not as Attest {__version__} writes it; {REBUILD}")
    try:
        state = _STATE.validate_json(said)
    except ValidationError as error:
        raise IndexDamagedError(f"{where} was written by another version of Attest; {REBUILD}") from error
    if state.format != FORMAT:
        raise IndexDamagedError(f"The index in {where} has format {state.format}, not {FORMAT}; {REBUILD}")
    return state
