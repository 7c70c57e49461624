"""What a build of an index is made of: its manifest, and the digests that hold it to that."""

import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

from qa.embedding.base import EmbeddingIdentity
from qa.errors import IndexDamagedError
from qa.hashing import sha256

FORMAT = 3
"""2 since documents have places and authors, 3 since an index may have several builds."""
REBUILD = "rebuild it with: attest index"

MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a build is made of. An index that differs from its manifest is refused."""

    format: int
    corpus_sha256: str
    embedding_model: str
    embedding_sha256: str
    dimensions: int
    documents: int
    passages: int
    sentences: int
    files: dict[str, str]
    """SHA-256 of every other file of the build, by its path in the build's folder."""


def checked_build(build: Path, identity: EmbeddingIdentity) -> Manifest:
    """The manifest of a build, every file of which is as it was written.

    Raises:
        IndexDamagedError: a file is missing or changed, the format is another, or the vectors were made
            by another embedding model than ``identity``.
    """
    manifest = read_manifest(build)
    if manifest.format != FORMAT:
        raise IndexDamagedError(f"{build} has format {manifest.format}, not {FORMAT}; {REBUILD}")
    if manifest.embedding_sha256 != identity.sha256:
        raise IndexDamagedError(
            f"{build} was made with {manifest.embedding_model}, but {identity.name} is configured; {REBUILD}"
        )
    with ThreadPoolExecutor() as pool:  # digests are made outside Python's lock
        found = pool.map(sha256, [build / name for name in manifest.files])
        for (name, digest), is_now in zip(manifest.files.items(), found, strict=True):
            if is_now != digest:
                raise IndexDamagedError(f"{build / name} has changed since it was written; {REBUILD}")
    return manifest


def flush(path: Path) -> None:
    """Ask the disk to have ``path`` for good, so that a power cut cannot undo what was announced.

    Windows flushes no folders (NTFS keeps a journal of their changes), and files only where they may be
    written.
    """
    if sys.platform == "win32" and path.is_dir():
        return
    descriptor = os.open(path, os.O_RDWR if sys.platform == "win32" else os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_manifest(build: Path, manifest: Manifest) -> None:
    """Write what :func:`read_manifest` reads."""
    (build / MANIFEST).write_text(
        json.dumps(asdict(manifest), indent=2) + "\n", encoding="utf-8", newline="\n"
    )


def read_manifest(build: Path) -> Manifest:
    """The manifest of a build that has the files it names, and no others.

    Raises:
        IndexDamagedError: it cannot be read, or a file is missing there or in the manifest.
    """
    try:
        manifest = Manifest(**json.loads((build / MANIFEST).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise IndexDamagedError(f"{build / MANIFEST} cannot be read; {REBUILD}") from error
    present = set(_files(build)) - {MANIFEST}
    if not isinstance(manifest.files, dict):
        raise IndexDamagedError(f"{build / MANIFEST} cannot be read; {REBUILD}")
    for name in sorted(present.symmetric_difference(manifest.files)):
        raise IndexDamagedError(f"{build / name} is missing, there or in the manifest; {REBUILD}")
    return manifest


def digests(build: Path) -> dict[str, str]:
    """SHA-256 of every file of a build that has no manifest yet."""
    return {name: sha256(path) for name, path in sorted(_files(build).items())}


def _files(build: Path) -> dict[str, Path]:
    return {file.relative_to(build).as_posix(): file for file in build.rglob("*") if file.is_file()}
