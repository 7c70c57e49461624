"""Which build of an index is in force, and what it is made of: pointer, manifest, digests.

A build is a folder of its own beside the others; the one-line file ``CURRENT`` names the build in
force. A new build becomes visible when ``CURRENT`` is replaced, in one step; until then, and whatever
happens to the process, readers see the old one.
"""

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from qa.errors import IndexDamagedError, IndexMissingError

FORMAT = 2
"""2 since documents have places and authors."""
REBUILD = "rebuild it with: attest index"

_CURRENT, _MANIFEST = "CURRENT", "manifest.json"


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


@dataclass(frozen=True, slots=True)
class EmbeddingIdentity:
    """Which model made the vectors: its name and the SHA-256 of its weights."""

    name: str
    sha256: str


def checked_build(folder: Path, identity: EmbeddingIdentity) -> tuple[Path, Manifest]:
    """The build in force under ``folder``, every file of it as it was written.

    Raises:
        IndexMissingError: there is none.
        IndexDamagedError: a file is missing or changed, the format is another, or the vectors were made
            by another embedding model than ``identity``.
    """
    build = current(folder)
    manifest = read_manifest(build)
    if manifest.format != FORMAT:
        raise IndexDamagedError(
            f"The index in {folder} has format {manifest.format}, not {FORMAT}; {REBUILD}"
        )
    if manifest.embedding_sha256 != identity.sha256:
        raise IndexDamagedError(
            f"The index in {folder} was made with {manifest.embedding_model}, "
            f"but {identity.name} is configured; {REBUILD}"
        )
    for name, digest in manifest.files.items():
        if sha256(build / name) != digest:
            raise IndexDamagedError(f"{build / name} has changed since it was written; {REBUILD}")
    return build, manifest


def point_at(folder: Path, name: str) -> None:
    """Put the build ``name`` in force, in one step."""
    pointer = folder / f"{_CURRENT}.new"
    pointer.write_text(name + "\n", encoding="utf-8")
    flush(pointer)
    pointer.replace(folder / _CURRENT)
    flush(folder)


def flush(path: Path) -> None:
    """Ask the disk to have ``path`` for good, so that a power cut cannot undo what was announced."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def current(folder: Path) -> Path:
    """The folder of the build in force.

    Raises:
        IndexMissingError: there is none.
        IndexDamagedError: what names it cannot be read, or names no build.
    """
    try:
        name = (folder / _CURRENT).read_text(encoding="utf-8").strip()
    except FileNotFoundError as error:
        raise IndexMissingError(f"There is no index in {folder}; make one with: attest index") from error
    except (OSError, UnicodeDecodeError) as error:
        raise IndexDamagedError(f"{folder / _CURRENT} cannot be read; {REBUILD}") from error
    if not name.startswith("build-") or Path(name).name != name or not (folder / name).is_dir():
        raise IndexDamagedError(f"{folder / _CURRENT} names no build of this index; {REBUILD}")
    return folder / name


def write_manifest(build: Path, manifest: Manifest) -> None:
    """Write what :func:`read_manifest` reads."""
    (build / _MANIFEST).write_text(json.dumps(asdict(manifest), indent=2) + "\n", encoding="utf-8")


def read_manifest(build: Path) -> Manifest:
    """The manifest of a build that has the files it names, and no others.

    Raises:
        IndexDamagedError: it cannot be read, or a file is missing there or in the manifest.
    """
    try:
        manifest = Manifest(**json.loads((build / _MANIFEST).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise IndexDamagedError(f"{build / _MANIFEST} cannot be read; {REBUILD}") from error
    present = set(_files(build)) - {_MANIFEST}
    if not isinstance(manifest.files, dict):
        raise IndexDamagedError(f"{build / _MANIFEST} cannot be read; {REBUILD}")
    for name in sorted(present.symmetric_difference(manifest.files)):
        raise IndexDamagedError(f"{build / name} is missing, there or in the manifest; {REBUILD}")
    return manifest


def digests(build: Path) -> dict[str, str]:
    """SHA-256 of every file of a build that has no manifest yet."""
    return {name: sha256(path) for name, path in sorted(_files(build).items())}


def _files(build: Path) -> dict[str, Path]:
    return {file.relative_to(build).as_posix(): file for file in build.rglob("*") if file.is_file()}


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
