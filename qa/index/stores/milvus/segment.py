"""A build in Milvus, searched and read: its passages and their documents."""

import base64
import hashlib
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from qa.errors import IndexDamagedError
from qa.index.document_store import StoredDocuments, dates_of, document_of, without
from qa.index.lexical import bm25, inverse_frequency
from qa.index.manifest import REBUILD
from qa.index.snapshot import SegmentInfo
from qa.index.stores.milvus.blobs import Texts
from qa.index.stores.milvus.connection import BATCH, Connection, Row
from qa.index.stores.milvus.schema import (
    DATES,
    FIRST_DAY,
    LAST_DAY,
    OUTLINE,
    WORDS,
    checked,
    document_name,
    texts_of,
)
from qa.nlp.dates import Period
from qa.nlp.terms import is_stop, terms
from qa.schema import Candidate, Document, Passage, Span
from qa.search import Query

WIDER = 4
"""Times the passages that are sought, so many are looked at in the graph; docs/milvus.md has the recall."""


class _Lines:
    """The documents of a build, in the order of its outline."""

    def __init__(
        self, texts: Texts, ids: Sequence[str], digests: Sequence[str], dates: Sequence[str | None] | None
    ) -> None:
        self.ids = ids
        self._digests = digests
        self._texts = texts
        self._dates = dates

    @cached_property
    def dates(self) -> Sequence[str | None]:
        """Of the documents, each of which is read for it where the build does not say."""
        if self._dates is None:
            return [self.document(line).date for line in range(len(self.ids))]
        return self._dates

    def document(self, line: int) -> Document:
        """The document on a line, counted from 0.

        Raises:
            IndexDamagedError: there is none on it, or it has changed.
            IndexUnavailableError: Milvus does not answer.
        """
        found = self._texts.read(document_name(line))
        if hashlib.sha256(found).hexdigest() != self._digests[line]:
            raise IndexDamagedError(f"{self.ids[line]} has changed since it was indexed; {REBUILD}")
        return document_of(found)


class MilvusBuild:
    """An opened build in Milvus, without the documents that were removed since it was written.

    Milvus finds the candidates, by BM25 and by vectors; their scores are those that a build in a folder has,
    so that ranking sees no difference.
    """

    def __init__(self, milvus: Connection, whole: SegmentInfo) -> None:
        """Read the outline and the words.

        Raises:
            IndexDamagedError: they cannot be read.
            IndexUnavailableError: Milvus does not answer.
        """
        self._milvus = milvus
        self._name, self._manifest = whole.held.name, whole.manifest
        texts = Texts(milvus, texts_of(self._name))
        outline = json.loads(checked(texts.read(OUTLINE), self._manifest, self._name, OUTLINE))
        words = json.loads(checked(texts.read(WORDS), self._manifest, self._name, WORDS))
        self._days_known = DATES in self._manifest.files
        dates = None
        if self._days_known:
            dates = json.loads(checked(texts.read(DATES), self._manifest, self._name, DATES))
        self._ids = [doc_id for doc_id, _, _ in outline]
        self._titles = [title for _, title, _ in outline]
        self._lines = _Lines(texts, self._ids, [digest for _, _, digest in outline], dates)
        self.documents: Mapping[str, Document] = without(StoredDocuments(self._lines), whole.held.removed)
        self.words: Mapping[str, str] = words["spelt"]
        self._frequencies: Mapping[str, int] = words["passages"]
        self._mean_length: float = words["mean_length"]
        self._removed = frozenset(whole.held.removed)

    @property
    def size(self) -> int:
        """How many passages it was written with."""
        return self._manifest.passages

    @property
    def passage_count(self) -> int:
        """How many passages the documents have that are there."""
        return self._counts[0]

    @property
    def sentence_count(self) -> int:
        """How many sentences those have."""
        return self._counts[1]

    def check_texts(self) -> None:
        """Hold every document's text against its digest.

        Raises:
            IndexDamagedError: one is missing or has changed.
            IndexUnavailableError: Milvus does not answer.
        """
        for line in range(len(self._ids)):
            self._lines.document(line)

    def passages(self) -> Iterator[Passage]:
        """The passages of the documents that are there, in their order."""
        yield from map(self._passage, self._rows(self.documents, ["document", "starts", "ends"]))

    def embedded(self, doc_ids: Collection[str] | None = None) -> Iterator[tuple[str, NDArray[np.float32]]]:
        """Every sentence of the documents ``doc_ids``, which must be there (None: of all that are), with its
        vector, as precise as it was stored.
        """
        wanted = self.documents if doc_ids is None else doc_ids
        for row in self._rows(wanted, ["document", "starts", "ends", "vectors"]):
            vectors = _vectors(row)
            for span, vector in zip(self._passage(row).sentences, vectors, strict=True):
                yield span.cut(self.documents), vector

    def dates(self) -> Mapping[str, str | None]:
        """The date of each document, by id.

        Raises:
            IndexUnavailableError: Milvus does not answer.
        """
        return dates_of(self.documents)

    def frequency(self, term: str) -> int:
        """How many passages have a stemmed term."""
        return self._frequencies.get(term, 0)

    def search(self, query: Query) -> list[Candidate]:
        """Return the best passages by words and the nearest by meaning, each once, with every score that
        ranking needs, in the order of the documents. Both pools hold documents that match the filter alone.

        Raises:
            IndexUnavailableError: Milvus does not answer.
        """
        document_filter = query.document_filter
        matching = [
            n
            for n, doc_id in enumerate(self._ids)
            if doc_id in self.documents and document_filter.matches_id(doc_id)
        ]
        period = document_filter.period
        if period and not self._days_known:
            matching = [n for n in matching if period.matches(self._lines.dates[n])]
            period = None
        if not matching:
            return []
        expression = " and ".join(
            filter(None, (_among("document", matching, len(self._ids)), _dated(period)))
        )
        asked = terms(query.question)
        asked = tuple(term for term in asked if not is_stop(term)) or asked
        found = self._search("vector", query.vector.tolist(), expression, query.pool)
        if any(map(self.frequency, asked)):
            found |= self._search("sparse", " ".join(asked), expression, query.pool)
        return [self._candidate(found[number], query, asked) for number in sorted(found)]

    def _search(self, field: str, sought: str | list[float], expression: str, pool: int) -> dict[int, Row]:
        """Return the passages nearest to ``sought`` among those that match the Milvus filter ``expression``,
        by number.
        """
        (hits,) = self._milvus.ask(
            "search",
            self._name,
            anns_field=field,
            data=[sought],
            limit=min(pool, self.size),
            filter=expression,
            search_params={"params": {"ef": WIDER * pool}} if field == "vector" else {},
            output_fields=["number", "document", "text", "starts", "ends", "vector", "vectors"],
        )
        return {hit["entity"]["number"]: hit["entity"] for hit in hits}

    def _candidate(self, row: Row, query: Query, asked: Sequence[str]) -> Candidate:
        passage = self._passage(row)
        texts = self._texts_of(passage, row["text"])
        words = tuple(terms(text) for text in texts)
        rarity = query.rarity or (lambda term: inverse_frequency(self.size, self.frequency(term)))
        return Candidate(
            passage=passage,
            sentence_texts=texts,
            sentence_terms=words,
            title_terms=terms(self._titles[row["document"]]),
            bm25=bm25(asked, [term for each in words for term in each], self._mean_length, rarity),
            passage_cosine=float(np.asarray(row["vector"], dtype=np.float32) @ query.vector),
            sentence_cosines=tuple(float(value) for value in _vectors(row) @ query.vector),
        )

    def _texts_of(self, passage: Passage, text: str) -> tuple[str, ...]:
        begin, end = passage.span.start, passage.span.end
        if len(text) < end - begin:  # it is longer than a field holds
            return tuple(span.cut(self.documents) for span in passage.sentences)
        return tuple(text[span.start - begin : span.end - begin] for span in passage.sentences)

    def _passage(self, row: Row) -> Passage:
        doc_id = self._ids[row["document"]]
        spans = zip(row["starts"], row["ends"], strict=True)
        sentences = tuple(Span(doc_id, start, end) for start, end in spans)
        return Passage(Span(doc_id, sentences[0].start, sentences[-1].end), sentences)

    @cached_property
    def _counts(self) -> tuple[int, int]:
        if not self._removed:
            return self._manifest.passages, self._manifest.sentences
        lengths = [len(passage.sentences) for passage in self.passages()]
        return len(lengths), sum(lengths)

    def _rows(self, doc_ids: Collection[str], fields: Sequence[str]) -> Iterator[Row]:
        """The passages of ``doc_ids``, in their order."""
        wanted = {n for n, doc_id in enumerate(self._ids) if doc_id in doc_ids}
        for first in range(0, self.size, BATCH):
            rows = self._milvus.ask(
                "query",
                self._name,
                filter=f"number >= {first} and number < {first + BATCH}",
                output_fields=["number", *fields],
            )
            yield from sorted(
                (row for row in rows if row["document"] in wanted), key=lambda row: int(row["number"])
            )


def _vectors(row: Row) -> NDArray[np.float32]:
    """The vectors of a passage's sentences, shape ``(sentences, dimensions)``."""
    packed = b"".join(map(base64.b64decode, row["vectors"]))
    return np.frombuffer(packed, dtype="<f2").reshape(len(row["vectors"]), -1).astype(np.float32)


def _among(field: str, numbers: Sequence[int], of: int) -> str:
    """A filter that lets ``numbers`` in, of those from 0 to ``of``; empty where those are all."""
    if len(numbers) == of:
        return ""
    if 2 * len(numbers) <= of:
        return f"{field} in {list(numbers)}"
    return f"{field} not in {sorted(set(range(of)) - set(numbers))}"


def _dated(period: Period | None) -> str:
    """A filter that lets in passages of documents of ``period``; empty for any time."""
    if period is None:
        return ""
    return f"{FIRST_DAY} <= {period.days.last} and {LAST_DAY} >= {period.days.first}"
