"""An opened index: the documents, the dense and the lexical index, and what joins them, read from disk."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from functools import cached_property
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from qa.dense import DenseIndex
from qa.errors import IndexDamagedError
from qa.lexical import LexicalIndex, Rarity
from qa.manifest import (
    REBUILD,
    EmbeddingIdentity,
    Manifest,
    checked_build,
    current,
    read_manifest,
    sha256,
)
from qa.schema import Admits, Candidate, Document, Passage, Place, Span
from qa.spelling import correct
from qa.terms import is_stop, terms

DOCUMENTS, WORDS = "documents.jsonl", "words.json"
SPANS, VECTORS = "spans.npy", "vectors.npy"
"""The files of a build beside those of its dense and lexical index."""


class Encoder(Protocol):
    """What the index needs of an embedding model."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors, shape ``(len(texts), dimensions)``."""

    def knows(self, word: str) -> bool:
        """Whether a lower-cased word is a common one."""


class Index:
    """An opened index: read only, and whole, because :meth:`open` checked it.

    ``words`` has, for every stem in its documents, the spelling that occurs most often.
    """

    def __init__(
        self,
        manifest: Manifest,
        documents: Mapping[str, Document],
        passages: Sequence[Passage],
        vectors: NDArray[np.float16],
        dense: DenseIndex,
        lexical: LexicalIndex,
        words: Mapping[str, str],
        encoder: Encoder,
    ) -> None:
        """Join the parts; ``vectors`` has a row a sentence, in the order of the passages."""
        self.manifest = manifest
        self.documents = documents
        self.passages = passages
        self._vectors = vectors
        self._dense = dense
        self._lexical = lexical
        self.words = words
        self._encoder = encoder
        counts = [len(passage.sentences) for passage in passages]
        self._first_sentence = np.concatenate([[0], np.cumsum(counts, dtype=np.int64)])
        row = {doc_id: i for i, doc_id in enumerate(documents)}
        self._document = np.asarray([row[passage.span.doc_id] for passage in passages], dtype=np.int64)

    @classmethod
    def open(cls, folder: Path, encoder: Encoder, identity: EmbeddingIdentity) -> "Index":
        """Open the build in force under ``folder``.

        Raises:
            IndexMissingError: there is none.
            IndexDamagedError: a file is missing or changed, the format is another, or the vectors were
                made by another embedding model than ``identity``.
        """
        build, manifest = checked_build(folder, identity)
        try:
            documents = _read_documents(build / DOCUMENTS)
            passages = _read_passages(build / SPANS, list(documents))
            vectors = np.load(build / VECTORS, mmap_mode="r", allow_pickle=False)
            dense, lexical = DenseIndex.load(build), LexicalIndex.load(build)
            words = json.loads((build / WORDS).read_text(encoding="utf-8"))
        except (OSError, ValueError, KeyError, RuntimeError) as error:
            raise IndexDamagedError(f"{build} cannot be read ({error}); {REBUILD}") from error
        counted = (len(documents), len(passages), *vectors.shape, dense.size, lexical.size)
        stated = (manifest.documents, manifest.passages, manifest.sentences, manifest.dimensions)
        if counted != (*stated, manifest.passages, manifest.passages):
            raise IndexDamagedError(f"{build} holds other counts than its manifest states; {REBUILD}")
        return cls(manifest, documents, passages, vectors, dense, lexical, words, encoder)

    @cached_property
    def passage_counts(self) -> Mapping[str, int]:
        """How many passages each document was cut into, by its id."""
        return Counter(passage.span.doc_id for passage in self.passages)

    def embedded(self) -> Iterator[tuple[str, NDArray[np.float32]]]:
        """Every sentence with its vector, as precise as it was stored."""
        spans = (span for passage in self.passages for span in passage.sentences)
        for span, vector in zip(spans, self._vectors, strict=True):
            yield span.cut(self.documents), vector.astype(np.float32)

    def faults(self) -> list[str]:
        """What opening the index does not look at: sentences that cut nothing from their document. Empty for
        a whole index; its files' digests were checked when it was opened.
        """
        spans = (span for passage in self.passages for span in passage.sentences)
        return [
            f"A sentence of {span.doc_id} is said to stand at {span.start}–{span.end}, where nothing is"
            for span in spans
            if not 0 <= span.start < span.end <= len(self.documents[span.doc_id].text)
        ]

    def corrected(self, question: str) -> str:
        """``question`` with misspelt words replaced by words of the documents."""
        return correct(question, self.words, self._encoder.knows)

    def rarity(self, term: str) -> float:
        """Inverse document frequency of a stemmed term over the passages."""
        return self._lexical.rarity(term)

    def frequency(self, term: str) -> int:
        """How many passages have a stemmed term."""
        return self._lexical.frequency(term)

    def candidates(self, question: str, pool: int, admits: Admits | None = None) -> list[Candidate]:
        """The ``pool`` best passages by words and the ``pool`` nearest by meaning, each once, with
        every score that ranking may want, in the order of the documents.

        Only the documents that ``admits`` lets in are searched (None: all), so that each of both pools is
        theirs alone.
        """
        return self.near(question, self._encoder.encode([question])[0], pool, admits)

    def near(
        self,
        question: str,
        vector: NDArray[np.float32],
        pool: int,
        admits: Admits | None = None,
        rarity: Rarity | None = None,
    ) -> list[Candidate]:
        """The :meth:`candidates` of a question whose ``vector`` is known. ``rarity`` weighs the words in
        place of this index's own.
        """
        admitted = self._admitted(admits)
        if admitted is not None and not admitted.any():
            return []
        asked = terms(question)
        scores = self._lexical.scores([term for term in asked if not is_stop(term)] or asked, rarity)
        if admitted is not None:
            scores = np.where(admitted, scores, np.float32(0))
        count = min(pool, len(scores))
        by_words = np.argpartition(-scores, count - 1)[:count]
        near = self._dense.search(vector, pool, admitted)
        numbers = sorted({*near, *(int(n) for n in by_words if scores[n] > 0)})
        cosines = self._dense.cosines(vector, numbers)
        return [
            self._candidate(number, vector, float(scores[number]), cosine)
            for number, cosine in zip(numbers, cosines, strict=True)
        ]

    def _admitted(self, admits: Admits | None) -> NDArray[np.bool_] | None:
        """For each passage, whether its document is let in; None when all are."""
        if admits is None:
            return None
        return np.asarray([admits(doc_id) for doc_id in self.documents], dtype=np.bool_)[self._document]

    def _candidate(self, number: int, vector: NDArray[np.float32], bm25: float, cosine: float) -> Candidate:
        passage = self.passages[number]
        rows = self._vectors[self._first_sentence[number] : self._first_sentence[number + 1]]
        cosines = rows.astype(np.float32) @ vector
        texts = tuple(span.cut(self.documents) for span in passage.sentences)
        return Candidate(
            passage=passage,
            sentence_texts=texts,
            sentence_terms=tuple(terms(text) for text in texts),
            title_terms=terms(self.documents[passage.span.doc_id].title),
            bm25=bm25,
            passage_cosine=cosine,
            sentence_cosines=tuple(float(value) for value in cosines),
        )


def read_documents(folder: Path) -> dict[str, Document]:
    """The documents of the build in force, by id, without opening the rest.

    Raises:
        IndexMissingError: there is none.
        IndexDamagedError: they cannot be read, or have changed since they were written.
    """
    build = current(folder)
    path = build / DOCUMENTS
    try:
        if sha256(path) != read_manifest(build).files.get(DOCUMENTS):
            raise IndexDamagedError(f"{path} has changed since it was written; {REBUILD}")
        return _read_documents(path)
    except (OSError, ValueError) as error:
        raise IndexDamagedError(f"{path} cannot be read; {REBUILD}") from error


def _read_documents(path: Path) -> dict[str, Document]:
    with path.open(encoding="utf-8") as file:
        documents = [_document(json.loads(line)) for line in file]
    return {document.id: document for document in documents}


def _document(record: object) -> Document:
    """The document of a line; ValueError unless it has exactly the fields that are written."""
    names = {each.name for each in fields(Document)}
    if not isinstance(record, dict) or set(record) != names:
        raise ValueError("a document has other fields than this version writes")
    places = record["places"]
    if not isinstance(places, list) or not all(isinstance(each, dict) for each in places):
        raise ValueError("the places of a document are no list")
    try:
        read = tuple(Place(**each) for each in places)
    except TypeError as error:
        raise ValueError("a place has other fields than this version writes") from error
    starts = [each.start for each in read]
    if starts != sorted(starts):
        raise ValueError("the places of a document are out of order")
    return Document(**{**record, "places": read})


def _read_passages(path: Path, doc_ids: Sequence[str]) -> list[Passage]:
    table = np.load(path, allow_pickle=False)
    grouped: list[list[Span]] = []
    for passage, document, start, end in table.tolist():
        if passage == len(grouped):
            grouped.append([])
        grouped[passage].append(Span(doc_ids[document], start, end))
    return [Passage(Span(s[0].doc_id, s[0].start, s[-1].end), tuple(s)) for s in grouped]
