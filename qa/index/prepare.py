"""Documents cut into passages, with a vector for every sentence: what a store needs to write a segment."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa.embedding.base import EmbeddingIdentity
from qa.errors import IndexDamagedError
from qa.index.manifest import FORMAT, REBUILD, Manifest
from qa.index.passages import PassageTable, Sentences
from qa.index.vectors import Rows, VectorFile, VectorLookup
from qa.ingest.chunking import split
from qa.nlp.terms import count_spellings, terms, words_by_stem
from qa.schema import Document, Passage, headings_at

BLOCK = 2_000
"""Passages whose vectors are in memory at a time: with ten sentences each, 30 MB of them."""


@dataclass(frozen=True, slots=True)
class CutDocuments:
    """Documents cut into passages of whole sentences, which have no vectors yet."""

    documents: Mapping[str, Document]
    """By id, in their order."""
    passages: PassageTable
    """In the order of the documents."""

    @property
    def sentences(self) -> Sentences:
        """The text of every sentence, in the order of the passages."""
        return Sentences(self.documents, self.passages)

    def with_vectors(self, vectors: Rows) -> "PreparedSegment":
        """Add the unit vectors of :attr:`sentences`, shape ``(sentences, dimensions)``."""
        return PreparedSegment(self.documents, self.passages, vectors)

    def without_vectors(self) -> "PreparedSegment":
        """Return a segment that is searched by words alone."""
        return self.with_vectors(np.empty((len(self.sentences), 0)))

    def with_known_vectors(self, known: VectorLookup, folder: Path | None = None) -> "PreparedSegment":
        """Add the vectors that ``known`` has of :attr:`sentences`, by their text. Until they are in
        the segment they are on the disk of ``folder``; None for the system's folder of temporary files.

        Raises:
            IndexDamagedError: a sentence has no vector.
            OSError: the folder cannot be written, or the disk is full.
        """
        try:
            sentences = self.sentences
            vectors = VectorFile(folder, len(sentences), len(known[sentences[0]]))
            for row, text in enumerate(sentences):
                vectors.put([row], known[text][np.newaxis])
            return self.with_vectors(vectors)
        except KeyError as error:
            raise IndexDamagedError(f"A sentence of the index has no vector; {REBUILD}") from error


@dataclass(frozen=True, slots=True)
class PreparedSegment:
    """Documents cut into passages, with the vectors of their sentences.

    The vectors are the one large part. Everything else that a store writes is derived from it when asked for.
    """

    documents: Mapping[str, Document]
    """By id, in their order."""
    passages: PassageTable
    """In the order of the documents."""
    vectors: Rows
    """Unit vectors, one row per sentence, in the order of the passages. They have no dimensions where the
    sentences have not been embedded."""

    @property
    def has_vectors(self) -> bool:
        """True if its sentences have been embedded."""
        return bool(self.vectors.shape[1])

    def passage_vectors(self) -> Iterator[NDArray[np.float32]]:
        """Yield unit vectors, one row per passage, ``BLOCK`` passages at a time."""
        edges = self.passages.first_rows
        for first in range(0, len(self.passages), BLOCK):
            rows = edges[first : first + BLOCK + 1]
            yield passage_vectors(self.vectors[int(rows[0]) : int(rows[-1])], rows[:-1] - rows[0])

    def passage_terms(self) -> Iterator[tuple[str, ...]]:
        """Yield the stemmed terms of each passage and of the headings over it. A passage without any has one
        empty term, which no question holds, so that the passage still counts.
        """
        for passage in self.passages:
            yield self._terms(passage) or ("",)

    def _terms(self, passage: Passage) -> tuple[str, ...]:
        document = self.documents[passage.span.doc_id]
        texts = [span.cut(self.documents) for span in passage.sentences]
        texts += headings_at(document.headings, passage.span.start)
        return tuple(term for text in texts for term in terms(text, document.language))

    def spellings(self) -> dict[str, dict[str, str]]:
        """For each language of the documents and every stem in it, the spelling that occurs most often."""
        spelt: dict[str, Counter[str]] = {}
        for document in self.documents.values():
            spelt.setdefault(document.language, Counter()).update(count_spellings(document.text))
        return {language: words_by_stem(each, language) for language, each in spelt.items()}

    def manifest(self, digest: str, identity: EmbeddingIdentity, files: dict[str, str]) -> Manifest:
        """The manifest of a segment with these ``files``. ``digest`` is the :func:`corpus_digest`."""
        return Manifest(
            format=FORMAT,
            corpus_sha256=digest,
            embedding_model=identity.name,
            embedding_sha256=identity.sha256,
            query_prompt=identity.query_prompt,
            document_prompt=identity.document_prompt,
            dimensions=self.vectors.shape[1],
            documents=len(self.documents),
            passages=len(self.passages),
            sentences=len(self.vectors),
            files=files,
        )


def cut_documents(documents: Mapping[str, Document]) -> CutDocuments:
    """Cut documents, which are given by id, into passages."""
    passages = (passage for document in documents.values() for passage in split(document))
    return CutDocuments(documents, PassageTable.of(passages, list(documents)))


def by_id(documents: Iterable[Document]) -> dict[str, Document]:
    """Return documents by id, in their order."""
    return {document.id: document for document in documents}


def passage_vectors(vectors: NDArray[np.float32], first_rows: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return the vectors of passages, shape ``(len(first_rows), dimensions)``: the direction of the mean of
    their sentences' ``vectors``, so that each sentence is embedded once. ``first_rows`` has the row of each
    passage's first sentence.
    """
    means: NDArray[np.float32] = np.add.reduceat(vectors, first_rows, axis=0)
    means /= np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-12)
    return means


def corpus_digest(documents: Iterable[Document]) -> str:
    """Return the SHA-256 over ids, metadata and texts: equal exactly when the documents are."""
    digest = hashlib.sha256()
    for document in documents:
        digest.update(json.dumps(asdict(document), sort_keys=True).encode())
    return digest.hexdigest()


def segment_digest(digest: str, identity: EmbeddingIdentity, *, has_vectors: bool = True) -> str:
    """Return the 16 hexadecimal digits that name a segment: of its format, its documents (``digest`` is their
    :func:`corpus_digest`) and the embedding model, if it ``has_vectors``.
    """
    model = f"{identity.sha256} {identity.query_prompt} {identity.document_prompt}" if has_vectors else ""
    return hashlib.sha256(f"{FORMAT} {digest} {model}".encode()).hexdigest()[:16]
