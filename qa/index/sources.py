"""The files that an index was made of, as they were then, and whether they still are so."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from qa.errors import IndexDamagedError
from qa.index.manifest import REBUILD, flush
from qa.ingest import discovery
from qa.ingest.base import Failure, File
from qa.ingest.readers import suffix


@dataclass(frozen=True, slots=True)
class Content:
    """What a file holds. Two files with the same bytes and different endings are read differently."""

    sha256: str
    suffix: str


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that was found, and what came of it: documents, the same as another file's, or a failure."""

    path: str
    """Relative to the root, with forward slashes."""
    sha256: str
    """Of its bytes; empty where they could not be read."""
    size: int
    """In bytes."""
    changed_ns: int
    """When the file system last saw it changed, in nanoseconds."""
    documents: tuple[str, ...] = ()
    """Ids of the documents in it; none where another file with the same bytes was indexed in its place."""
    failures: tuple[Failure, ...] = ()
    """What of it could not be read."""

    @property
    def content(self) -> Content:
        """What another file has that holds the same documents: the bytes, and the ending they are read by."""
        return Content(self.sha256, suffix(self.path))


@dataclass(frozen=True, slots=True)
class Seen:
    """A file to read, and what was seen of it when it was found."""

    file: File
    source: SourceFile


_SOURCES = TypeAdapter(tuple[SourceFile, ...])


def read_sources(folder: Path, name: str) -> tuple[SourceFile, ...]:
    """What :func:`write_sources` wrote under ``name`` in ``folder``; nothing for the empty name.

    Raises:
        IndexDamagedError: it is missing or changed.
    """
    if not name:
        return ()
    path = folder / Path(name).name
    try:
        return parse_sources(path.read_bytes(), name)
    except OSError as error:
        raise IndexDamagedError(f"{path} cannot be read; {REBUILD}") from error


def write_sources(folder: Path, sources: Sequence[SourceFile]) -> None:
    """Write a list of files under the name that a state may have for it."""
    path = folder / sources_name(sources)
    path.write_bytes(dump_sources(sources))
    flush(path)


def sources_name(sources: Sequence[SourceFile]) -> str:
    """The name of a list of files, which its SHA-256 is part of; empty for no files."""
    return _name(dump_sources(sources)) if sources else ""


def dump_sources(sources: Sequence[SourceFile]) -> bytes:
    """A list of files as JSON."""
    return _SOURCES.dump_json(tuple(sources))


def parse_sources(data: bytes, name: str) -> tuple[SourceFile, ...]:
    """What :func:`dump_sources` made of the files that have ``name``.

    Raises:
        IndexDamagedError: it is not.
    """
    if _name(data) != name:
        raise IndexDamagedError(f"{name} has changed since it was written; {REBUILD}")
    try:
        return _SOURCES.validate_json(data)
    except ValidationError as error:
        raise IndexDamagedError(f"{name} cannot be read; {REBUILD}") from error


def has_changed(root: Path, source: SourceFile) -> bool:
    """Whether the file of ``source`` is not as it was when it was indexed, or is gone.

    Its bytes are looked at only where its size or time of change differ.
    """
    path = root / source.path
    try:
        found = path.stat()
    except OSError:
        return True
    if (found.st_size, found.st_mtime_ns) == (source.size, source.changed_ns):
        return False
    return _digest(path, found.st_size, found.st_mtime_ns) != source.sha256


@lru_cache(maxsize=1_024)
def _digest(path: Path, size: int, changed_ns: int) -> str:
    """Of a file as it was at a moment: one that was only touched is not read again for each of its quotes."""
    return discovery.digest(File(path, path.name))


def _name(data: bytes) -> str:
    return f"sources-{hashlib.sha256(data).hexdigest()}.json"
