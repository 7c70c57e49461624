"""Writing an index: every part of a build, its manifest, and putting it in force in one step."""

import hashlib
import json
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray

from qa.chunking import split
from qa.dense import DenseIndex
from qa.errors import IndexDamagedError, IndexMissingError, UserError
from qa.index import DOCUMENTS, SPANS, VECTORS, WORDS, Encoder
from qa.lexical import LexicalIndex
from qa.manifest import (
    FORMAT,
    EmbeddingIdentity,
    Manifest,
    checked_build,
    digests,
    flush,
    point_at,
    write_manifest,
)
from qa.schema import Document, Passage
from qa.terms import terms, words_by_stem

_LOCK = ".lock"


def build_index(
    folder: Path, documents: Sequence[Document], encoder: Encoder, identity: EmbeddingIdentity
) -> Manifest:
    """Index ``documents`` and put the build in force under ``folder``, in one step.

    A build of the same documents with the same model is kept as it is. Whatever fails, the former
    build stays in force.

    Raises:
        UserError: no documents, or another process is writing this index.
        OSError: the disk is full or the folder cannot be written.
    """
    if not documents:
        raise UserError("There is no text to index; put documents into the corpus folder")
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(folder / _LOCK, timeout=0):
            kept = _same_build(folder, corpus_digest(documents), identity)
            return kept or _replace_build(folder, documents, encoder, identity)
    except Timeout as error:
        raise UserError(f"Another process is writing {folder}; try again when it has finished") from error


def corpus_digest(documents: Iterable[Document]) -> str:
    """SHA-256 over ids, metadata and texts: equal exactly when the documents are."""
    digest = hashlib.sha256()
    for document in documents:
        digest.update(json.dumps(asdict(document), sort_keys=True).encode())
    return digest.hexdigest()


def _replace_build(
    folder: Path, documents: Sequence[Document], encoder: Encoder, identity: EmbeddingIdentity
) -> Manifest:
    passages = [passage for document in documents for passage in split(document)]
    texts = {document.id: document for document in documents}
    sentences = [span.cut(texts) for passage in passages for span in passage.sentences]
    vectors = encoder.encode(sentences)
    # A passage's vector is the direction of its sentences' mean: one reading of the text serves both.
    first = np.cumsum([0, *(len(passage.sentences) for passage in passages[:-1])])
    means = np.add.reduceat(vectors, first, axis=0)
    means /= np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-12)

    digest = corpus_digest(documents)
    content = hashlib.sha256(f"{FORMAT} {digest} {identity.sha256}".encode())
    name = f"build-{content.hexdigest()[:16]}"
    build, draft = folder / name, folder / f"{name}.new"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir()
    try:
        with (draft / DOCUMENTS).open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(asdict(document), ensure_ascii=False) + "\n" for document in documents)
        surfaces = words_by_stem(document.text for document in documents)
        (draft / WORDS).write_text(json.dumps(surfaces, ensure_ascii=False), encoding="utf-8")
        np.save(draft / SPANS, _span_table(passages, list(texts)), allow_pickle=False)
        np.save(draft / VECTORS, vectors.astype(np.float16), allow_pickle=False)
        DenseIndex.build(means).save(draft)
        # An untokenised passage still needs a row: one term that no question can hold keeps the count.
        LexicalIndex.build(
            [[t for span in p.sentences for t in terms(span.cut(texts))] or [""] for p in passages]
        ).save(draft)
        manifest = Manifest(
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
        write_manifest(draft, manifest)
        for written in draft.rglob("*"):
            flush(written)
        shutil.rmtree(build, ignore_errors=True)
        draft.rename(build)
        point_at(folder, name)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    for old in folder.glob("build-*"):
        if old != build:
            shutil.rmtree(old, ignore_errors=True)
    return manifest


def _same_build(folder: Path, digest: str, identity: EmbeddingIdentity) -> Manifest | None:
    try:
        _, manifest = checked_build(folder, identity)
    except (IndexMissingError, IndexDamagedError, OSError):
        return None
    return manifest if manifest.corpus_sha256 == digest else None


def _span_table(passages: Sequence[Passage], doc_ids: Sequence[str]) -> NDArray[np.int64]:
    """A row a sentence: passage number, document number, start, end."""
    number = {doc_id: i for i, doc_id in enumerate(doc_ids)}
    rows = [
        (i, number[span.doc_id], span.start, span.end)
        for i, passage in enumerate(passages)
        for span in passage.sentences
    ]
    return np.asarray(rows, dtype=np.int64).reshape(-1, 4)
