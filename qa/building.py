"""Writing a build of an index into a folder, with every part of it."""

import hashlib
import json
import shutil
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa.builds import DOCUMENTS, SPANS, VECTORS, WORDS
from qa.chunking import split
from qa.dense import DenseIndex
from qa.errors import IndexDamagedError
from qa.lexical import LexicalIndex
from qa.manifest import (
    FORMAT,
    MANIFEST,
    EmbeddingIdentity,
    Manifest,
    checked_build,
    digests,
    flush,
    sha256,
    write_manifest,
)
from qa.ports import Encoder
from qa.schema import Document, Passage
from qa.state import Held
from qa.terms import terms, words_by_stem


def write_build(
    folder: Path, documents: Sequence[Document], encoder: Encoder, identity: EmbeddingIdentity
) -> Held:
    """Write a build of ``documents`` that a state may name. Its files are on the disk for good.

    Raises:
        OSError: the disk is full or the folder cannot be written; nothing is left of it then.
    """
    digest = corpus_digest(documents)
    content = hashlib.sha256(f"{FORMAT} {digest} {identity.sha256}".encode())
    build = folder / f"build-{content.hexdigest()[:16]}"
    with suppress(IndexDamagedError):
        if checked_build(build, identity).corpus_sha256 == digest:
            return Held(build.name, sha256(build / MANIFEST))  # it may be in force: it is not touched
    draft = build.with_suffix(".new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir()
    try:
        write_manifest(draft, _write_parts(draft, documents, encoder, identity, digest))
        for written in (*draft.rglob("*"), draft):
            flush(written)
        shutil.rmtree(build, ignore_errors=True)
        draft.rename(build)
    finally:
        shutil.rmtree(draft, ignore_errors=True)  # there is none where all went well
    return Held(build.name, sha256(build / MANIFEST))


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


def _write_parts(
    draft: Path, documents: Sequence[Document], encoder: Encoder, identity: EmbeddingIdentity, digest: str
) -> Manifest:
    passages = [passage for document in documents for passage in split(document)]
    texts = {document.id: document for document in documents}
    sentences = [span.cut(texts) for passage in passages for span in passage.sentences]
    vectors = encoder.encode(sentences)
    first = np.cumsum([0, *(len(passage.sentences) for passage in passages[:-1])])
    with (draft / DOCUMENTS).open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(asdict(document), ensure_ascii=False) + "\n" for document in documents)
    surfaces = words_by_stem(document.text for document in documents)
    (draft / WORDS).write_text(json.dumps(surfaces, ensure_ascii=False), encoding="utf-8")
    np.save(draft / SPANS, _span_table(passages, list(texts)), allow_pickle=False)
    np.save(draft / VECTORS, vectors.astype(np.float16), allow_pickle=False)
    DenseIndex.build(passage_vectors(vectors, first)).save(draft)
    # An untokenised passage still needs a row: one term that no question can hold keeps the count.
    words = [[t for span in p.sentences for t in terms(span.cut(texts))] or [""] for p in passages]
    LexicalIndex.build(words).save(draft)
    return Manifest(
        format=FORMAT,
        corpus_sha256=digest,
        embedding_model=identity.name,
        embedding_sha256=identity.sha256,
        dimensions=vectors.shape[1],
        documents=len(documents),
        passages=len(passages),
        sentences=len(sentences),
        files=digests(draft),
    )


def _span_table(passages: Sequence[Passage], doc_ids: Sequence[str]) -> NDArray[np.int64]:
    """A row a sentence: passage number, document number, start, end."""
    number = {doc_id: i for i, doc_id in enumerate(doc_ids)}
    rows = [
        (i, number[span.doc_id], span.start, span.end)
        for i, passage in enumerate(passages)
        for span in passage.sentences
    ]
    return np.asarray(rows, dtype=np.int64).reshape(-1, 4)
