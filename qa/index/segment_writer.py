"""Write a segment into a folder: documents, vectors, and the dense and lexical index over them."""

import json
import shutil
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa.embedding.base import EmbeddingIdentity
from qa.errors import IndexDamagedError
from qa.index.dense import DenseIndex
from qa.index.document_store import dump_document
from qa.index.files import replace, sha256, vacant
from qa.index.lexical import LexicalIndex
from qa.index.manifest import MANIFEST, file_digests, flush, verify_segment, write_manifest
from qa.index.prepare import PreparedSegment, corpus_digest, segment_digest
from qa.index.segment import DOCUMENTS, SPANS, VECTORS, WORDS
from qa.index.snapshot import SegmentRef
from qa.schema import Passage


def write_segment(folder: Path, prepared: PreparedSegment, identity: EmbeddingIdentity) -> SegmentRef:
    """Write a segment that a snapshot may name. Its files are flushed to the disk.

    A segment of the same documents that is already there and undamaged is kept, because the current snapshot
    may name it.

    Raises:
        OSError: the disk is full or the folder cannot be written; nothing of the segment is left then.
    """
    digest = corpus_digest(prepared.documents.values())
    segment = folder / f"build-{segment_digest(digest, identity)}"
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
    np.save(draft / VECTORS, prepared.vectors.astype(np.float16), allow_pickle=False)
    DenseIndex.build(prepared.passage_vectors()).save(draft)
    LexicalIndex.build(prepared.passage_terms()).save(draft)


def _span_table(passages: Sequence[Passage], doc_ids: Sequence[str]) -> NDArray[np.int64]:
    """One row per sentence: passage number, document number, start, end."""
    number = {doc_id: i for i, doc_id in enumerate(doc_ids)}
    rows = [
        (i, number[span.doc_id], span.start, span.end)
        for i, passage in enumerate(passages)
        for span in passage.sentences
    ]
    return np.asarray(rows, dtype=np.int64).reshape(-1, 4)
