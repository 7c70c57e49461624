"""Write a segment into a folder: documents, vectors if it has any, and the dense and lexical index."""

import json
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from qa.embedding.base import EmbeddingIdentity
from qa.errors import IndexDamagedError
from qa.index.arrays import array_writer
from qa.index.dense import write_dense
from qa.index.document_store import dump_document
from qa.index.files import flush, replace, sha256, vacant
from qa.index.lexical import write_lexical
from qa.index.manifest import MANIFEST, file_digests, verify_segment, write_manifest
from qa.index.prepare import PreparedSegment, corpus_digest, segment_digest
from qa.index.segment import DOCUMENTS, SPANS, VECTORS, WORDS
from qa.index.snapshot import SegmentRef
from qa.index.vectors import STORED, Rows

_ROWS = 10_000
"""Rows of an array that are in memory at a time: of vectors, 15 MB."""


def write_segment(folder: Path, prepared: PreparedSegment, identity: EmbeddingIdentity) -> SegmentRef:
    """Write a segment that a snapshot may name. Its files are flushed to the disk.

    A segment of the same documents that is already there and undamaged is kept, because the current snapshot
    may name it.

    Raises:
        OSError: the disk is full or the folder cannot be written; nothing of the segment is left then.
    """
    digest = corpus_digest(prepared.documents.values())
    segment = folder / f"build-{segment_digest(digest, identity, has_vectors=prepared.has_vectors)}"
    with suppress(IndexDamagedError):
        if verify_segment(segment, identity).corpus_sha256 == digest:
            return SegmentRef(segment.name, sha256(segment / MANIFEST))
    draft = segment.with_suffix(".new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir()
    try:
        _write_files(draft, prepared)
        write_manifest(draft, prepared.manifest(digest, identity, file_digests(draft)))
        for written in (*draft.rglob("*"), draft):
            flush(written)
        shutil.rmtree(segment, ignore_errors=True)
        segment = vacant(segment)  # on Windows, what somebody still reads cannot be removed
        replace(draft, segment)
    finally:
        shutil.rmtree(draft, ignore_errors=True)  # there is none after a success
    return SegmentRef(segment.name, sha256(segment / MANIFEST))


def _write_files(draft: Path, prepared: PreparedSegment) -> None:
    """Write every file but the manifest."""
    documents = prepared.documents
    with (draft / DOCUMENTS).open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(dump_document(document) for document in documents.values())
    words = json.dumps(prepared.spellings(), ensure_ascii=False)
    (draft / WORDS).write_text(words, encoding="utf-8", newline="\n")
    _write_rows(draft / SPANS, np.dtype("<i8"), prepared.passages.rows)
    if prepared.has_vectors:
        _write_rows(draft / VECTORS, STORED, prepared.vectors)
        write_dense(draft, len(prepared.passages), prepared.passage_vectors)
    write_lexical(draft, prepared.passage_terms())


def _write_rows(path: Path, kind: np.dtype[Any], rows: Rows) -> None:
    """Write rows as numbers of this ``kind``, some at a time."""
    with array_writer(path, kind, tuple(rows.shape)) as write:
        for first in range(0, len(rows), _ROWS):
            write(rows[first : first + _ROWS])
