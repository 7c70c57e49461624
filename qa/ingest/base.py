"""The values of reading a folder: its files, their documents, and the files that could not be read."""

from dataclasses import dataclass
from pathlib import Path

from qa.schema import Document


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that could not be read, and why, in words for a person."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class LoadResult:
    """The documents of a folder, and the files that could not be read: a bad file never stops the others."""

    documents: tuple[Document, ...]
    failures: tuple[Failure, ...]


@dataclass(frozen=True, slots=True)
class File:
    """A file to read. ``id`` is its path relative to the root, with forward slashes."""

    path: Path
    id: str


@dataclass(frozen=True, slots=True)
class Survey:
    """The files to read at and under some paths, in a stable order, and those that are left out unread."""

    root: Path
    """The folder that contains all of them."""
    files: tuple[File, ...]
    failures: tuple[Failure, ...]
    """The files of kinds that are not read, and those with unusable names."""
