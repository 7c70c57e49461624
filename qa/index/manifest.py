"""The manifest of a segment: its counts, its model and the digests of its files, which are verified."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

from qa.embedding.base import EmbeddingIdentity
from qa.errors import IndexDamagedError
from qa.index.files import sha256

FORMAT = 6
"""2 since documents have places and authors, 3 since an index may have several segments, 4 since
documents have a language, 5 since they have headings, 6 since they say where their date was taken from."""
REBUILD = "rebuild it with: attest index"

MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Manifest:
    """The description of a segment. A segment that differs from it is refused."""

    format: int
    corpus_sha256: str
    embedding_model: str
    embedding_sha256: str
    query_prompt: str
    document_prompt: str
    """The texts that the model puts in front of a question and of a sentence."""
    dimensions: int
    """0 where the sentences have not been embedded."""
    documents: int
    passages: int
    sentences: int
    files: dict[str, str]
    """SHA-256 of every other file of the segment, by its path in the segment's folder."""

    @property
    def has_vectors(self) -> bool:
        """True if its sentences have been embedded."""
        return self.dimensions > 0


def verify_segment(segment: Path, identity: EmbeddingIdentity) -> Manifest:
    """Verify that every file in the folder of a segment is as it was written, and return its manifest.

    Raises:
        IndexDamagedError: a file is missing or changed, the format is another, or the vectors were made
            by another embedding model than ``identity``.
    """
    manifest = read_manifest(segment)
    if manifest.format != FORMAT:
        raise IndexDamagedError(f"{segment} has format {manifest.format}, not {FORMAT}; {REBUILD}")
    verify_model(manifest, identity, str(segment))
    with ThreadPoolExecutor() as pool:  # digests are made outside Python's lock
        found = pool.map(sha256, [segment / name for name in manifest.files])
        for (name, digest), is_now in zip(manifest.files.items(), found, strict=True):
            if is_now != digest:
                raise IndexDamagedError(f"{segment / name} has changed since it was written; {REBUILD}")
    return manifest


def verify_model(manifest: Manifest, identity: EmbeddingIdentity, segment: str) -> None:
    """Verify that the vectors of ``segment`` were made as ``identity`` makes them.

    Raises:
        IndexDamagedError: they were made by another embedding model, or with other prompts.
    """
    made_with = EmbeddingIdentity(
        manifest.embedding_model, manifest.embedding_sha256, manifest.query_prompt, manifest.document_prompt
    )
    if not made_with.is_equivalent(identity):
        raise IndexDamagedError(
            f"{segment} was made with the embedding model {made_with.name}, but {identity.name} is "
            f"configured; set ATTEST_EMBEDDING back, or {REBUILD}"
        )


def write_manifest(segment: Path, manifest: Manifest) -> None:
    """Write the manifest of a segment into its folder."""
    (segment / MANIFEST).write_text(
        json.dumps(asdict(manifest), indent=2) + "\n", encoding="utf-8", newline="\n"
    )


def read_manifest(segment: Path) -> Manifest:
    """Read the manifest of a segment whose folder has the files it names, and no others.

    Raises:
        IndexDamagedError: it cannot be read, or a file is missing in the folder or in the manifest.
    """
    try:
        manifest = Manifest(**json.loads((segment / MANIFEST).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise IndexDamagedError(f"{segment / MANIFEST} cannot be read; {REBUILD}") from error
    present = set(_files(segment)) - {MANIFEST}
    if not isinstance(manifest.files, dict):
        raise IndexDamagedError(f"{segment / MANIFEST} cannot be read; {REBUILD}")
    for name in sorted(present.symmetric_difference(manifest.files)):
        raise IndexDamagedError(f"{segment / name} is missing, in the folder or in the manifest; {REBUILD}")
    return manifest


def file_digests(segment: Path) -> dict[str, str]:
    """Return the SHA-256 of every file of a segment that has no manifest yet."""
    return {name: sha256(path) for name, path in sorted(_files(segment).items())}


def _files(segment: Path) -> dict[str, Path]:
    return {file.relative_to(segment).as_posix(): file for file in segment.rglob("*") if file.is_file()}
