"""Writing a build of an index into a folder, with every part of it."""

import hashlib
import json
import shutil
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa.embedding.base import EmbeddingIdentity, Encoder
from qa.errors import IndexDamagedError
from qa.hashing import sha256
from qa.index.dense import DenseIndex
from qa.index.document_store import document_line
from qa.index.files import replace, vacant
from qa.index.lexical import LexicalIndex
from qa.index.manifest import FORMAT, MANIFEST, Manifest, checked_build, digests, flush, write_manifest
from qa.index.segment import DOCUMENTS, SPANS, VECTORS, WORDS
from qa.index.snapshot import SegmentRef
from qa.ingest.chunking import split
from qa.nlp.terms import terms, words_by_stem
from qa.schema import Document, Passage


def write_build(
    folder: Path, documents: Sequence[Document], encoder: Encoder, identity: EmbeddingIdentity
) -> SegmentRef:
    """Write a build of ``documents`` that a state may name. Its files are on the disk for good.

    Raises:
        OSError: the disk is full or the folder cannot be written; nothing is left of it then.
    """
    digest = corpus_digest(documents)
    content = hashlib.sha256(f"{FORMAT} {digest} {identity.sha256}".encode())
    build = folder / f"build-{content.hexdigest()[:16]}"
    with suppress(IndexDamagedError):
        if checked_build(build, identity).corpus_sha256 == digest:
            return SegmentRef(build.name, sha256(build / MANIFEST))  # it may be in force: it is not touched
    draft = build.with_suffix(".new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir()
    try:
        write_manifest(draft, _write_parts(draft, prepare(documents, encoder), identity))
        for written in (*draft.rglob("*"), draft):
            flush(written)
        shutil.rmtree(build, ignore_errors=True)
        build = vacant(build)  # on Windows, what somebody still reads cannot be removed
        replace(draft, build)
    finally:
        shutil.rmtree(draft, ignore_errors=True)  # there is none where all went well
    return SegmentRef(build.name, sha256(build / MANIFEST))


def corpus_digest(documents: Iterable[Document]) -> str:
    """SHA-256 over ids, metadata and texts: equal exactly when the documents are."""
    digest = hashlib.sha256()
    for document in documents:
        digest.update(json.dumps(asdict(document), sort_keys=True).encode())
    return digest.hexdigest()


def passage_vectors(sentences: NDArray[np.float32], first: NDArray[np.int64]) -> NDArray[np.float32]:
    """The vectors of passages, shape ``(len(first), dimensions)``, from those of their sentences, of which
    ``first`` numbers each passage's first: the direction of their mean, so that one reading of the text
    serves both.
    """
    means: NDArray[np.float32] = np.add.reduceat(sentences, first, axis=0)
    means /= np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-12)
    return means


@dataclass(frozen=True, slots=True)
class Prepared:
    """Documents cut into passages and sentences, and what searching them takes."""

    documents: Mapping[str, Document]
    passages: tuple[Passage, ...]
    sentences: NDArray[np.float32]
    """Unit vectors, a row a sentence, in the order of the passages."""
    first: NDArray[np.int64]
    """The row of each passage's first sentence."""
    terms: tuple[tuple[str, ...], ...]
    """Of each passage; one that has none has an empty one, which no question holds, so that it counts."""
    words: Mapping[str, str]
    """For every stem, the spelling that occurs most often."""

    @property
    def vectors(self) -> NDArray[np.float32]:
        """Unit vectors, a row a passage."""
        return passage_vectors(self.sentences, self.first)

    def manifest(self, identity: EmbeddingIdentity, files: dict[str, str]) -> Manifest:
        """What a build of it says of itself."""
        return Manifest(
            format=FORMAT,
            corpus_sha256=corpus_digest(self.documents.values()),
            embedding_model=identity.name,
            embedding_sha256=identity.sha256,
            dimensions=self.sentences.shape[1],
            documents=len(self.documents),
            passages=len(self.passages),
            sentences=len(self.sentences),
            files=files,
        )


def cut(document: Document) -> list[str]:
    """The sentences that a build embeds of ``document``."""
    only = {document.id: document}
    return [span.cut(only) for passage in split(document) for span in passage.sentences]


def prepare(documents: Sequence[Document], encoder: Encoder) -> Prepared:
    """Cut and embed ``documents``."""
    passages = tuple(passage for document in documents for passage in split(document))
    by_id = {document.id: document for document in documents}
    sentences = [span.cut(by_id) for passage in passages for span in passage.sentences]
    vectors = encoder.encode(sentences)
    first = np.cumsum([0, *(len(passage.sentences) for passage in passages[:-1])])
    words = (tuple(t for span in p.sentences for t in terms(span.cut(by_id))) or ("",) for p in passages)
    return Prepared(
        by_id, passages, vectors, first, tuple(words), words_by_stem(each.text for each in documents)
    )


def _write_parts(draft: Path, prepared: Prepared, identity: EmbeddingIdentity) -> Manifest:
    documents = prepared.documents
    with (draft / DOCUMENTS).open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(document_line(document) for document in documents.values())
    (draft / WORDS).write_text(json.dumps(prepared.words, ensure_ascii=False), "utf-8", newline="\n")
    np.save(draft / SPANS, _span_table(prepared.passages, list(documents)), allow_pickle=False)
    np.save(draft / VECTORS, prepared.sentences.astype(np.float16), allow_pickle=False)
    DenseIndex.build(prepared.vectors).save(draft)
    LexicalIndex.build(prepared.terms).save(draft)
    return prepared.manifest(identity, digests(draft))


def _span_table(passages: Sequence[Passage], doc_ids: Sequence[str]) -> NDArray[np.int64]:
    """A row a sentence: passage number, document number, start, end."""
    number = {doc_id: i for i, doc_id in enumerate(doc_ids)}
    rows = [
        (i, number[span.doc_id], span.start, span.end)
        for i, passage in enumerate(passages)
        for span in passage.sentences
    ]
    return np.asarray(rows, dtype=np.int64).reshape(-1, 4)
