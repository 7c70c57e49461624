"""Measure retrieval by the number of passages: its time, its exactness and its memory."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from eval.bench import memory_probe
from eval.bench.corpus import Texts
from eval.bench.indexing import NEAREST
from eval.bench.startup import Start, time_start
from eval.bench.synthetic import (
    Shape,
    SyntheticEncoder,
    real_documents,
    sentences_of,
    synthetic_documents,
)
from qa.embedding.base import EmbeddingIdentity, Encoder
from qa.index.dense import DenseIndex
from qa.index.index import Index
from qa.index.lexical import LexicalIndex
from qa.index.prepare import passage_vectors
from qa.index.segment import DOCUMENTS, SPANS, VECTORS
from qa.index.stores.local import LocalStore
from qa.index.update.update import build_index
from qa.nlp.terms import is_stop, terms
from qa.retrieval.hybrid import POOL, HybridRetriever

WARM = 5
"""Questions asked before the first that is timed."""


@dataclass(frozen=True, slots=True)
class Stages:
    """Median milliseconds of the parts of a retrieval, each measured alone."""

    embed: float
    dense: float
    lexical: float


@dataclass(frozen=True, slots=True)
class Memory:
    """Bytes per passage."""

    attest: float
    """The dense and the lexical index, and of their files what searching reads."""
    flat: float
    """Float32 vectors and the passages' texts."""

    @property
    def ratio(self) -> float:
        """Attest's bytes as a fraction of those of vectors and texts."""
        return self.attest / self.flat


@dataclass(frozen=True, slots=True)
class Retrieval:
    """The results of retrieval from an index of one size."""

    passages: int
    real: int
    """The number of them that are real text; the others are synthetic."""
    kind: str
    """The format of the vectors in the dense index."""
    milliseconds: tuple[float, ...]
    """The time of each question: embedded, searched by meaning and by words, fused."""
    stages: Stages
    recall: float
    """Share of the ``NEAREST`` by exact search that are among the dense index's ``NEAREST``."""
    memory: Memory
    build: float
    """Seconds to write the index, without embedding."""
    start: Start | None
    """The start of a server; None if it was not measured."""

    @property
    def p50(self) -> float:
        """The median time, in milliseconds."""
        return float(np.percentile(self.milliseconds, 50))

    @property
    def p95(self) -> float:
        """The time, in milliseconds, that one question in twenty exceeds."""
        return float(np.percentile(self.milliseconds, 95))

    @property
    def label(self) -> str:
        """The numbers of real and synthetic passages."""
        synthetic = self.passages - self.real
        return f"{self.real:,} real + {synthetic:,} synthetic" if synthetic else "real"


@dataclass(frozen=True, slots=True)
class Material:
    """The texts and vectors for indexes of every size, with the model and the questions."""

    texts: Texts
    vectors: dict[str, NDArray[np.float32]]
    """The vectors of the real sentences."""
    shape: Shape
    encoder: Encoder
    identity: EmbeddingIdentity


def make_material(texts: Texts, shape: Shape, encoder: Encoder, identity: EmbeddingIdentity) -> Material:
    """Embed the sentences of ``texts``, once for all sizes."""
    sentences = sorted(set(sentences_of(real_documents(texts.paragraphs))))
    vectors = dict(zip(sentences, encoder.encode(sentences), strict=True))
    return Material(texts, vectors, shape, encoder, identity)


def measure_retrieval(material: Material, passages: int, *, start: bool) -> Retrieval:
    """Write an index of about so many ``passages``, and ask it every question of the material.

    With ``start``, a server is timed from its start; it opens the index with the embedding model of the
    settings, which must be that of the material.
    """
    real = real_documents(material.texts.paragraphs[:passages])
    documents = real + synthetic_documents(material.texts.paragraphs, passages - len(real), material.shape)
    questions = [each.text for each in material.texts.questions]
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "index"
        begun = time.perf_counter()
        encoder = SyntheticEncoder(material.vectors, material.shape.sentences)
        build_index(LocalStore(folder, material.identity), documents, encoder)
        took = time.perf_counter() - begun
        del documents
        index = Index.open(LocalStore(folder, material.identity))
        retriever = HybridRetriever(source=index, encoder=material.encoder)
        for question in questions[:WARM]:
            retriever.search(question)
        times = [_milliseconds(retriever.search, question) for question in questions]
        size = index.size
        build = folder / index.snapshot.segments[0].name
        synthetic = sum(1 for doc_id in index.documents if doc_id.startswith("synthetic/"))
        if start:
            # The server opens the index, which this process should not hold at the same time.
            del index, retriever
        vectors = np.stack([material.encoder.encode_question(each) for each in questions])
        flat = _exact_index(build)
        dense = DenseIndex.load(build)
        return Retrieval(
            passages=size,
            real=size - synthetic,
            kind=dense.kind,
            milliseconds=tuple(times),
            stages=_stages(material.encoder, dense, LexicalIndex.load(build), questions),
            recall=_recall(dense, flat, vectors),
            memory=_memory(build, Path(scratch), flat, vectors, questions),
            build=took,
            start=time_start(folder, questions[0]) if start else None,
        )


def _stages(encoder: Encoder, dense: DenseIndex, lexical: LexicalIndex, questions: Sequence[str]) -> Stages:
    embed, near, words = [], [], []
    for question in questions:
        vector = encoder.encode_question(question)
        asked = [term for term in terms(question) if not is_stop(term)]
        embed.append(_milliseconds(encoder.encode_question, question))
        near.append(_milliseconds(dense.search, vector, POOL))
        words.append(_milliseconds(lexical.scores, asked))
    return Stages(*(float(np.median(each)) for each in (embed, near, words)))


def _milliseconds(call: Callable[..., object], *given: object) -> float:
    begun = time.perf_counter()
    call(*given)
    return (time.perf_counter() - begun) * 1_000


def _exact_index(build: Path) -> faiss.IndexFlatIP:
    """Return an exact index of a segment's passages: float32 directions of the means of their sentences."""
    spans, vectors = np.load(build / SPANS, mmap_mode="r"), np.load(build / VECTORS, mmap_mode="r")
    first = np.append(np.flatnonzero(np.diff(spans[:, 0], prepend=-1)), len(spans))
    flat = faiss.IndexFlatIP(vectors.shape[1])
    step = 10_000
    for begin in range(0, len(first) - 1, step):
        edges = first[begin : begin + step + 1]
        rows = vectors[edges[0] : edges[-1]].astype(np.float32)
        flat.add(passage_vectors(rows, edges[:-1] - edges[0]))
    return flat


def _recall(dense: DenseIndex, flat: faiss.IndexFlatIP, vectors: NDArray[np.float32]) -> float:
    _, exact = flat.search(vectors, min(NEAREST, flat.ntotal))
    shares = [
        len(set(dense.search(vector, NEAREST)) & set(right)) / len(right)
        for vector, right in zip(vectors, exact.tolist(), strict=True)
    ]
    return float(np.mean(shares))


def _memory(
    build: Path,
    scratch: Path,
    flat: faiss.IndexFlatIP,
    vectors: NDArray[np.float32],
    questions: Sequence[str],
) -> Memory:
    faiss.write_index(flat, str(scratch / memory_probe.FLAT))
    np.save(scratch / memory_probe.VECTORS, vectors)
    (scratch / memory_probe.QUESTIONS).write_text(json.dumps(list(questions)), encoding="utf-8")
    # A document of a measurement is one passage, or nearly: its text is the passages' texts.
    with (
        (build / DOCUMENTS).open(encoding="utf-8") as documents,
        (scratch / memory_probe.TEXTS).open("w", encoding="utf-8") as texts,
    ):
        texts.writelines(json.dumps(json.loads(line)["text"]) + "\n" for line in documents)
    attest = float(_probe("attest", build, str(scratch)))
    other = float(_probe("flat", scratch, str(scratch)))
    return Memory(attest / flat.ntotal, other / flat.ntotal)


def _probe(what: str, folder: Path, asked: str) -> str:
    root = Path(memory_probe.__file__).parents[2]
    path = os.pathsep.join(filter(None, [str(root), os.environ.get("PYTHONPATH", "")]))
    done = subprocess.run(
        [sys.executable, "-m", "eval.bench.memory_probe", what, str(folder), asked],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": path},
    )
    return done.stdout.strip().splitlines()[-1]
