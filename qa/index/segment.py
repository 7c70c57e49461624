"""A segment in a folder: documents with their dense and lexical index, written once and never changed."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property, partial, reduce
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa.errors import IndexDamagedError
from qa.index.dense import DenseIndex
from qa.index.document_head import document_head
from qa.index.document_store import dates_of, exclude, languages_of, open_documents
from qa.index.lexical import LexicalIndex
from qa.index.manifest import REBUILD, Manifest
from qa.index.passages import PassageTable
from qa.index.vectors import rows_near
from qa.nlp.dates import days_of
from qa.nlp.terms import search_terms, terms
from qa.query.base import Query, other_languages
from qa.query.document_filter import DocumentFilter
from qa.schema import Candidate, Coverage, Document, Passage, Span, headings_at

DOCUMENTS, WORDS = "documents.jsonl", "words.json"
SPANS, VECTORS = "spans.npy", "vectors.npy"
"""The files of a segment beside those of its dense and lexical index."""


class LocalSegment:
    """An opened segment without the documents that were removed since it was written.

    The rows of removed documents stay: passages are numbered, and words counted, as when it was written.
    ``words`` has, for each language of the documents and every stem in it, the most frequent spelling.
    """

    def __init__(
        self,
        documents: Mapping[str, Document],
        spans: NDArray[np.int64],
        vectors: NDArray[np.float16] | None,
        dense: DenseIndex | None,
        lexical: LexicalIndex,
        words: Mapping[str, Mapping[str, str]],
        removed: Collection[str] = (),
    ) -> None:
        """Join the parts. ``spans``, shape ``(sentences, 4)``, has one row per sentence: passage, document,
        start and end. ``vectors``, shape ``(sentences, dimensions)``, is in the same order; without them, and
        ``dense``, the segment is searched by words alone.
        """
        self.documents = exclude(documents, removed)
        self.words = words
        self._passages = PassageTable(list(documents), spans)
        self._vectors = vectors
        self._dense = dense
        self._lexical = lexical
        self._present: NDArray[np.bool_] | None = None
        if removed:
            self._present = np.asarray(
                [doc_id in self.documents for doc_id in self._passages.doc_ids], dtype=np.bool_
            )

    @classmethod
    def open(cls, folder: Path, manifest: Manifest, removed: Collection[str] = ()) -> "LocalSegment":
        """Open the segment in ``folder``, whose ``manifest`` was verified.

        Raises:
            IndexDamagedError: it cannot be read, or holds other counts than the manifest states.
        """
        try:
            documents = open_documents(folder / DOCUMENTS)
            spans = np.load(folder / SPANS, mmap_mode="r", allow_pickle=False)
            vectors = dense = None
            if manifest.has_vectors:
                vectors = np.load(folder / VECTORS, mmap_mode="r", allow_pickle=False)
                dense = DenseIndex.load(folder)
            lexical = LexicalIndex.load(folder)
            words = json.loads((folder / WORDS).read_text(encoding="utf-8"))
            opened = cls(documents, spans, vectors, dense, lexical, words, removed)
        except (OSError, ValueError, KeyError, IndexError, RuntimeError) as error:
            raise IndexDamagedError(f"{folder} cannot be read ({error}); {REBUILD}") from error
        shape = (len(spans), 0) if vectors is None else vectors.shape
        counted = (len(documents), opened.size, *shape, dense.size if dense else opened.size, lexical.size)
        stated = (manifest.documents, manifest.passages, manifest.sentences, manifest.dimensions)
        if counted != (*stated, manifest.passages, manifest.passages):
            raise IndexDamagedError(f"{folder} holds other counts than its manifest states; {REBUILD}")
        return opened

    @property
    def coverage(self) -> Coverage:
        """All of it, by meaning too if it has vectors."""
        count = len(self.documents)
        return Coverage(count, count, count, count if self._dense else 0)

    @property
    def size(self) -> int:
        """The number of passages it was written with."""
        return len(self._passages)

    @property
    def passage_count(self) -> int:
        """The number of passages of its documents, without those of removed ones."""
        return self.size if self._present is None else int(self._present[self._passages.documents].sum())

    @property
    def sentence_count(self) -> int:
        """The number of sentences in those passages."""
        if self._present is None:
            return len(self._passages.rows)
        return int(np.diff(self._passages.first_rows)[self._present[self._passages.documents]].sum())

    def passages(self) -> Iterator[Passage]:
        """Yield the passages of its documents, in their order."""
        for number in range(self.size):
            if self._passages.doc_ids[self._passages.documents[number]] in self.documents:
                yield self._passages[number]

    def sentence_vectors(
        self, doc_ids: Collection[str] | None = None
    ) -> Iterator[tuple[str, NDArray[np.float32]]]:
        """Yield every sentence of the documents ``doc_ids``, which must be in it (None: of all), with its
        vector, as precise as it was stored; nothing if they have no vectors.
        """
        if self._vectors is None:
            return
        wanted = self.documents if doc_ids is None else doc_ids
        numbers = [number for number, each in enumerate(self._passages.doc_ids) if each in wanted]
        for row in np.flatnonzero(np.isin(self._passages.rows[:, 1], numbers)):
            _, document, start, end = self._passages.rows[row].tolist()
            text = self.documents[self._passages.doc_ids[document]].text[start:end]
            yield text, self._vectors[row].astype(np.float32)

    def dates(self) -> Mapping[str, str | None]:
        """The date of each document, by id."""
        return dates_of(self.documents)

    def frequency(self, term: str) -> int:
        """The number of passages that have a stemmed term."""
        return self._lexical.frequency(term)

    def search(self, query: Query) -> list[Candidate]:
        """Return the best passages by words and the nearest by meaning, each once, with every score that
        ranking needs, in the order of the documents. Both pools hold documents that match the filter alone.

        An embedding model puts texts in the question's language nearer than others, so each other language
        of the documents has a pool by meaning of its own. A segment without vectors is searched by words
        alone, and its candidates have no cosines.
        """
        mask = self._mask(query.document_filter)
        if mask is not None and not mask.any():
            return []
        asked = search_terms(query.question, query.language, self.words)
        scores = self._lexical.scores(asked, query.rarity)
        if mask is not None:
            scores = np.where(mask, scores, np.float32(0))
        count = min(query.pool, len(scores))
        by_words = np.argpartition(-scores, count - 1)[:count]
        found = {int(n) for n in by_words if scores[n] > 0}
        if self._dense is None:
            return [self._candidate(number, query.vector, float(scores[number])) for number in sorted(found)]
        near = self._dense.search(query.vector, query.pool, mask)
        for language in other_languages(query.language, self.words):
            in_language = (self._languages == language)[self._passages.documents]
            if mask is not None:
                in_language &= mask
            near += self._dense.search(query.vector, query.pool, in_language)
        numbers = sorted(found.union(near))
        cosines = self._dense.cosines(query.vector, numbers)
        return [
            self._candidate(number, query.vector, float(scores[number]), cosine)
            for number, cosine in zip(numbers, cosines, strict=True)
        ]

    def passages_having(
        self, groups: Sequence[Collection[str]], document_filter: DocumentFilter
    ) -> Iterator[Passage]:
        """Yield the passages that have, with the headings over them, at least one term of each of ``groups``,
        in their order.
        """
        found = [self._lexical.passages_with(group) for group in groups]
        numbers = reduce(partial(np.intersect1d, assume_unique=True), found)
        mask = self._mask(document_filter)
        yield from map(
            self._passages.__getitem__, (numbers if mask is None else numbers[mask[numbers]]).tolist()
        )

    def sentences_near(
        self, vector: NDArray[np.float32], least: float, document_filter: DocumentFilter
    ) -> Iterator[tuple[Span, float]]:
        """Yield the sentences whose cosine with ``vector`` is ``least`` or more, with it, in their order;
        none if it has no vectors.
        """
        if self._vectors is None:
            return
        rows, cosines = rows_near(self._vectors, vector, least)
        mask = self._mask(document_filter)
        for (number, document, start, end), cosine in zip(
            self._passages.rows[rows].tolist(), cosines.tolist(), strict=True
        ):
            if mask is None or mask[number]:
                yield Span(self._passages.doc_ids[document], start, end), cosine

    @cached_property
    def _languages(self) -> NDArray[np.str_]:
        """The language of each document, shape ``(documents,)``."""
        languages = languages_of(self.documents)
        return np.asarray([languages.get(doc_id, "") for doc_id in self._passages.doc_ids], dtype=np.str_)

    @cached_property
    def _days(self) -> NDArray[np.int64]:
        """The first and last day of each document's date, shape ``(2, documents)``."""
        dates = self.dates()
        days = [days_of(dates.get(doc_id)) for doc_id in self._passages.doc_ids]
        return np.asarray([[each.first for each in days], [each.last for each in days]], dtype=np.int64)

    def _mask(self, document_filter: DocumentFilter) -> NDArray[np.bool_] | None:
        """For each passage, whether its document is present and matches; None when all do."""
        mask = self._present
        if document_filter.names_documents:
            matching = (
                document_filter.matches_id(each) and each in self.documents for each in self._passages.doc_ids
            )
            mask = np.fromiter(matching, np.bool_, len(self._passages.doc_ids))
        if document_filter.period is not None:
            first, last = self._days
            asked = document_filter.period.days
            dated = (first <= asked.last) & (last >= asked.first)
            mask = dated if mask is None else mask & dated
        return None if mask is None else mask[self._passages.documents]

    def _candidate(
        self, number: int, vector: NDArray[np.float32], bm25: float, cosine: float = 0.0
    ) -> Candidate:
        passage = self._passages[number]
        cosines: Sequence[float] = ()
        if self._vectors is not None:
            rows = self._vectors[self._passages.first_rows[number] : self._passages.first_rows[number + 1]]
            cosines = (rows.astype(np.float32) @ vector).tolist()
        document = self.documents[passage.span.doc_id]
        texts = tuple(span.cut(self.documents) for span in passage.sentences)
        language = document.language
        headings = headings_at(document.headings, passage.span.start)
        over = tuple(term for text in headings for term in terms(text, language))
        return Candidate(
            passage=passage,
            sentence_texts=texts,
            sentence_terms=tuple(terms(text, language) for text in texts),
            title_terms=terms(document_head(document), language) + over,
            bm25=bm25,
            passage_cosine=cosine,
            sentence_cosines=tuple(cosines),
            language=language,
            heading_terms=over,
            document_chars=len(document.text),
        )
