"""The files that an index was made of, as they were then, and whether they have changed since."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from qa.errors import IndexDamagedError
from qa.index.files import write_whole
from qa.index.manifest import REBUILD
from qa.ingest import discovery
from qa.ingest.base import Failure, File
from qa.ingest.readers import suffix


@dataclass(frozen=True, slots=True)
class FileContent:
    """The bytes of a file and the ending that decides how they are read. Files that are equal in both hold
    the same documents.
    """

    sha256: str
    suffix: str


@dataclass(frozen=True, slots=True)
class Upload:
    """The facts about an uploaded document, besides its text."""

    uploader: str = ""
    """The account or the program that uploaded it; empty if that is not known."""
    original: str = ""
    """The name under which the store keeps the file; empty if it does not."""
    size: int = 0
    """Of the file that is kept, in bytes."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that was found, and what became of it: documents, a duplicate of another file, or a failure. One
    that was left out unread, or that waits to be read, has neither digest nor size.
    """

    path: str
    """Relative to the root, with forward slashes."""
    sha256: str
    """Of its bytes; empty if they could not be read."""
    size: int
    """In bytes."""
    changed_ns: int
    """The time at which the file system last saw it changed, in nanoseconds."""
    documents: tuple[str, ...] = ()
    """Ids of the documents in it; none if another file with the same bytes was indexed in its place."""
    failures: tuple[Failure, ...] = ()
    """The parts of it that could not be read, or the whole."""
    upload: Upload | None = None
    """None for a file of an indexed folder, and for one that was uploaded before anything but
    its text was kept."""

    @property
    def waits(self) -> bool:
        """True if it has not been read yet, by an update that is under way or was stopped."""
        return not (self.sha256 or self.failures)

    @property
    def content(self) -> FileContent:
        """The key by which duplicates are found."""
        return FileContent(self.sha256, suffix(self.path))


_SOURCES = TypeAdapter(tuple[SourceFile, ...])


def read_sources(folder: Path, name: str) -> tuple[SourceFile, ...]:
    """Read the list of files ``name`` in ``folder``; the empty name stands for an empty list.

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
    """Write a list of files under its :func:`sources_name`."""
    write_whole(folder / sources_name(sources), dump_sources(sources))


def sources_name(sources: Sequence[SourceFile]) -> str:
    """Return the name of a list of files, which includes its SHA-256; empty for no files."""
    return _name(dump_sources(sources)) if sources else ""


def dump_sources(sources: Sequence[SourceFile]) -> bytes:
    """Return a list of files as JSON."""
    # Without None, a list of files of a folder has the name that it had before uploads were noted.
    return _SOURCES.dump_json(tuple(sources), exclude_none=True)


def parse_sources(data: bytes, name: str) -> tuple[SourceFile, ...]:
    """Parse what :func:`dump_sources` made of the list of files ``name``.

    Raises:
        IndexDamagedError: ``data`` is something else.
    """
    if _name(data) != name:
        raise IndexDamagedError(f"{name} has changed since it was written; {REBUILD}")
    try:
        return _SOURCES.validate_json(data)
    except ValidationError as error:
        raise IndexDamagedError(f"{name} cannot be read; {REBUILD}") from error


def has_changed(root: Path, source: SourceFile) -> bool:
    """Return whether a file has changed since it was indexed, or is gone.

    Its bytes are read only if its size or its time of change differ.
    """
    if not source.sha256:
        return False
    path = root / source.path
    try:
        status = path.stat()
    except OSError:
        return True
    if (status.st_size, status.st_mtime_ns) == (source.size, source.changed_ns):
        return False
    return _digest(path, status.st_size, status.st_mtime_ns) != source.sha256


@lru_cache(maxsize=1_024)
def _digest(path: Path, size: int, changed_ns: int) -> str:
    """Cached by size and time, so that a file that was only touched is not read for each of its quotes."""
    return discovery.digest(File(path, path.name))


def _name(data: bytes) -> str:
    return f"sources-{hashlib.sha256(data).hexdigest()}.json"
