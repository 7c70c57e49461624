"""The values of reading a folder: the files found, the documents read, and what failed."""

from dataclasses import dataclass
from pathlib import Path

from qa.schema import Document


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that could not be read, and why, in words for its owner."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a reading brought: one bad file never stops the others."""

    documents: tuple[Document, ...]
    failures: tuple[Failure, ...]


@dataclass(frozen=True, slots=True)
class File:
    """A file to read. ``id`` is its path relative to the root, with forward slashes."""

    path: Path
    id: str


@dataclass(frozen=True, slots=True)
class Survey:
    """The files to read at and under some paths, in a stable order, and those whose names cannot be."""

    root: Path
    """What all of them lie under."""
    files: tuple[File, ...]
    failures: tuple[Failure, ...]
