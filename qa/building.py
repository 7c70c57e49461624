"""Writing an index: a build with every part of it, and an index that is made of documents at once."""

import datetime
import hashlib
import json
import os
import shutil
import socket
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray

from qa import __version__
from qa.builds import DOCUMENTS, SPANS, VECTORS, WORDS, Encoder
from qa.chunking import split
from qa.dense import DenseIndex
from qa.errors import IndexDamagedError, IndexMissingError, UserError
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
from qa.schema import Document, Passage
from qa.state import Held, State, checked_state, put_in_force
from qa.terms import terms, words_by_stem

NO_TEXT = "There is no text to index; put documents into the corpus folder"

_LOCK, _OWNER = ".lock", ".writer"


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Be the only one to write the index in ``folder``, which is made if need be.

    The lock is the system's: it ends with the process, however that ends.

    Raises:
        UserError: another process is writing it; the message says which.
        OSError: the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / _LOCK, timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise UserError(
            f"Another process is writing {folder}{_owner(folder)}; try again when it has finished"
        ) from error
    try:
        since = datetime.datetime.now().astimezone().isoformat(sep=" ", timespec="seconds")
        command = " ".join([Path(sys.argv[0]).name, *sys.argv[1:2]])
        (folder / _OWNER).write_text(
            f"process {os.getpid()} on {socket.gethostname()}, {command}, since {since}", encoding="utf-8"
        )
        yield
    finally:
        (folder / _OWNER).unlink(missing_ok=True)
        lock.release()


def build_index(
    folder: Path, documents: Sequence[Document], encoder: Encoder, identity: EmbeddingIdentity
) -> None:
    """Index ``documents`` and put them in force under ``folder`` in one step, in place of all others.

    An index of the same documents with the same model is kept as it is. Whatever fails, what was in force
    stays in force.

    Raises:
        UserError: no documents, or another process is writing this index.
        OSError: the disk is full or the folder cannot be written.
    """
    if not documents:
        raise UserError(NO_TEXT)
    with writing(folder):
        if not _holds(folder, corpus_digest(documents), identity):
            put_in_force(folder, state_of([write_build(folder, documents, encoder, identity)]))


def state_of(builds: Iterable[Held], ocr: str = "", root: str = "", sources: str = "") -> State:
    """A state of this moment and this version."""
    now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    return State(FORMAT, tuple(builds), now, __version__, ocr, root, sources)


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
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return Held(build.name, sha256(build / MANIFEST))


def corpus_digest(documents: Iterable[Document]) -> str:
    """SHA-256 over ids, metadata and texts: equal exactly when the documents are."""
    digest = hashlib.sha256()
    for document in documents:
        digest.update(json.dumps(asdict(document), sort_keys=True).encode())
    return digest.hexdigest()


def _write_parts(
    draft: Path, documents: Sequence[Document], encoder: Encoder, identity: EmbeddingIdentity, digest: str
) -> Manifest:
    passages = [passage for document in documents for passage in split(document)]
    texts = {document.id: document for document in documents}
    sentences = [span.cut(texts) for passage in passages for span in passage.sentences]
    vectors = encoder.encode(sentences)
    # A passage's vector is the direction of its sentences' mean: one reading of the text serves both.
    first = np.cumsum([0, *(len(passage.sentences) for passage in passages[:-1])])
    means = np.add.reduceat(vectors, first, axis=0)
    means /= np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-12)
    with (draft / DOCUMENTS).open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(asdict(document), ensure_ascii=False) + "\n" for document in documents)
    surfaces = words_by_stem(document.text for document in documents)
    (draft / WORDS).write_text(json.dumps(surfaces, ensure_ascii=False), encoding="utf-8")
    np.save(draft / SPANS, _span_table(passages, list(texts)), allow_pickle=False)
    np.save(draft / VECTORS, vectors.astype(np.float16), allow_pickle=False)
    DenseIndex.build(means).save(draft)
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


def _holds(folder: Path, digest: str, identity: EmbeddingIdentity) -> bool:
    """Whether what is in force is one whole build of the documents of ``digest``."""
    try:
        opened = checked_state(folder, identity)
    except (IndexMissingError, IndexDamagedError, OSError):
        return False
    whole = not any(held.removed for held in opened.state.builds)
    return whole and [manifest.corpus_sha256 for _, manifest in opened.builds] == [digest]


def _span_table(passages: Sequence[Passage], doc_ids: Sequence[str]) -> NDArray[np.int64]:
    """A row a sentence: passage number, document number, start, end."""
    number = {doc_id: i for i, doc_id in enumerate(doc_ids)}
    rows = [
        (i, number[span.doc_id], span.start, span.end)
        for i, passage in enumerate(passages)
        for span in passage.sentences
    ]
    return np.asarray(rows, dtype=np.int64).reshape(-1, 4)


def _owner(folder: Path) -> str:
    try:
        return f" ({(folder / _OWNER).read_text(encoding='utf-8')})"
    except (OSError, UnicodeDecodeError):
        return ""
