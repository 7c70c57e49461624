"""Write a segment into a folder: documents, vectors if it has any, and the dense and lexical index."""

import json
import shutil
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa.embedding.base import EmbeddingIdentity
from qa.errors import IndexDamagedError
from qa.index.dense import write_dense
from qa.index.document_store import dump_document
from qa.index.files import flush, replace, sha256, vacant
from qa.index.lexical import LexicalIndex
from qa.index.manifest import MANIFEST, file_digests, verify_segment, write_manifest
from qa.index.prepare import PreparedSegment, corpus_digest, segment_digest
from qa.index.segment import DOCUMENTS, SPANS, VECTORS, WORDS
from qa.index.snapshot import SegmentRef
from qa.index.vectors import STORED, Rows
from qa.schema import Passage

_ROWS = 10_000
"""Vectors that are in memory at a time: 15 MB."""


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
    np.save(draft / SPANS, _span_table(prepared.passages, list(documents)), allow_pickle=False)
    if prepared.has_vectors:
        _write_vectors(draft / VECTORS, prepared.vectors)
        write_dense(draft, len(prepared.passages), prepared.passage_vectors)
    LexicalIndex.build(prepared.passage_terms()).save(draft)


def _span_table(passages: Sequence[Passage], doc_ids: Sequence[str]) -> NDArray[np.int64]:
    """One row per sentence: passage number, document number, start, end."""
    number = {doc_id: i for i, doc_id in enumerate(doc_ids)}
    numbers = (
        each
        for i, passage in enumerate(passages)
        for span in passage.sentences
        for each in (i, number[span.doc_id], span.start, span.end)
    )
    return np.fromiter(numbers, dtype=np.int64).reshape(-1, 4)


def _write_vectors(path: Path, vectors: Rows) -> None:
    """Write vectors as NumPy would, some at a time."""
    with path.open("wb") as file:
        header = {"descr": STORED.str, "fortran_order": False, "shape": tuple(vectors.shape)}
        np.lib.format.write_array_header_1_0(file, header)
        for first in range(0, len(vectors), _ROWS):
            file.write(vectors[first : first + _ROWS].astype(STORED).tobytes())
