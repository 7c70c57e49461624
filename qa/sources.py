"""The files that an index was made of, as they were then, and whether they still are so."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from qa import files
from qa.errors import IndexDamagedError
from qa.files import File
from qa.manifest import REBUILD, flush


@dataclass(frozen=True, slots=True)
class Source:
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
    reasons: tuple[tuple[str, str], ...] = ()
    """What of it could not be read, by name, and why."""


_SOURCES = TypeAdapter(tuple[Source, ...])


def read_sources(folder: Path, name: str) -> tuple[Source, ...]:
    """What :func:`write_sources` wrote under ``name`` in ``folder``; nothing for the empty name.

    Raises:
        IndexDamagedError: it is missing or changed.
    """
    if not name:
        return ()
    path = folder / Path(name).name
    try:
        data = path.read_bytes()
        if _name(data) != name:
            raise IndexDamagedError(f"{path} has changed since it was written; {REBUILD}")
        return _SOURCES.validate_json(data)
    except (OSError, ValidationError) as error:
        raise IndexDamagedError(f"{path} cannot be read; {REBUILD}") from error


def write_sources(folder: Path, sources: Sequence[Source]) -> str:
    """Write a list of files that a state may name, and return its name, which its SHA-256 is part of."""
    data = _SOURCES.dump_json(tuple(sources))
    path = folder / _name(data)
    path.write_bytes(data)
    flush(path)
    return path.name


def has_changed(root: Path, source: Source) -> bool:
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
    return files.digest(File(path, source.path)) != source.sha256


def _name(data: bytes) -> str:
    return f"sources-{hashlib.sha256(data).hexdigest()}.json"
