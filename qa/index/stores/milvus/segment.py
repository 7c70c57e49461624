"""A segment in Milvus, searched and read: its passages and their documents."""

import base64
import hashlib
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from qa.errors import IndexDamagedError
from qa.index.document_store import LazyDocuments, dates_of, exclude, parse_document
from qa.index.lexical import bm25, inverse_frequency
from qa.index.manifest import REBUILD
from qa.index.snapshot import SegmentInfo
from qa.index.stores.milvus.blobs import TextCollection
from qa.index.stores.milvus.connection import BATCH, Connection, Row
from qa.index.stores.milvus.schema import (
    DATES,
    FIRST_DAY,
    LAST_DAY,
    OUTLINE,
    WORDS,
    document_name,
    texts_of,
    verify_text,
)
from qa.nlp.dates import Period
from qa.nlp.terms import search_terms, terms
from qa.query.base import Query, other_languages
from qa.query.document_filter import DocumentFilter
from qa.schema import Candidate, Coverage, Document, Heading, Passage, Span, headings_at

WIDER = 4
"""The multiple of the passages asked for that is looked at in the graph; docs/milvus.md has the recall."""


MOST = 16_384
"""The most passages that one search returns (Milvus' documentation, "Milvus Limits")."""

NEAREST = 2_000
"""Passages whose sentences are compared one by one where all sentences are gone through: 20 MB of vectors,
which would otherwise all have to come from Milvus."""


class _Documents:
    """The documents of a segment, in the order of its outline."""

    def __init__(
        self,
        texts: TextCollection,
        ids: Sequence[str],
        digests: Sequence[str],
        dates: Sequence[str | None],
        languages: Sequence[str],
    ) -> None:
        self.ids = ids
        self.dates = dates
        self.languages = languages
        self._digests = digests
        self._texts = texts

    def document(self, number: int) -> Document:
        """Read a document.

        Raises:
            IndexDamagedError: it is missing or has changed.
            IndexUnavailableError: Milvus does not answer.
        """
        found = self._texts.read(document_name(number))
        if hashlib.sha256(found).hexdigest() != self._digests[number]:
            raise IndexDamagedError(f"{self.ids[number]} has changed since it was indexed; {REBUILD}")
        return parse_document(found)


class MilvusSegment:
    """An opened segment in Milvus, without the documents that were removed since it was written.

    Milvus finds the candidates, by BM25 and by vectors. Their scores are those of a segment in a folder, so
    that ranking sees no difference.
    """

    def __init__(self, milvus: Connection, segment: SegmentInfo) -> None:
        """Read the outline and the words.

        Raises:
            IndexDamagedError: they cannot be read.
            IndexUnavailableError: Milvus does not answer.
        """
        self._milvus = milvus
        self._name, self._manifest = segment.ref.name, segment.manifest
        texts = TextCollection(milvus, texts_of(self._name))
        outline = json.loads(verify_text(texts.read(OUTLINE), self._manifest, self._name, OUTLINE))
        words = json.loads(verify_text(texts.read(WORDS), self._manifest, self._name, WORDS))
        dates = json.loads(verify_text(texts.read(DATES), self._manifest, self._name, DATES))
        self._ids = [each["id"] for each in outline]
        # Segments of former versions have the title alone, and no length.
        self._heads = [each.get("head") or each["title"] for each in outline]
        self._chars = [each.get("chars", 0) for each in outline]
        self._headings = [[Heading(*heading) for heading in each["headings"]] for each in outline]
        self._languages = [each["language"] for each in outline]
        digests = [each["sha256"] for each in outline]
        self._stored = _Documents(texts, self._ids, digests, dates, self._languages)
        self.documents: Mapping[str, Document] = exclude(LazyDocuments(self._stored), segment.ref.removed)
        self.words: Mapping[str, Mapping[str, str]] = words["spelt"]
        self._frequencies: Mapping[str, int] = words["passages"]
        self._mean_length: float = words["mean_length"]
        self._removed = frozenset(segment.ref.removed)

    @property
    def coverage(self) -> Coverage:
        """All of it: every passage in Milvus has a vector."""
        count = len(self.documents)
        return Coverage(count, count, count, count)

    @property
    def size(self) -> int:
        """The number of passages it was written with."""
        return self._manifest.passages

    @property
    def passage_count(self) -> int:
        """The number of passages of its documents, without those of removed ones."""
        return self._counts[0]

    @property
    def sentence_count(self) -> int:
        """The number of sentences in those passages."""
        return self._counts[1]

    def verify_texts(self) -> None:
        """Verify the digest of every document's text.

        Raises:
            IndexDamagedError: one is missing or has changed.
            IndexUnavailableError: Milvus does not answer.
        """
        for number in range(len(self._ids)):
            self._stored.document(number)

    def passages(self) -> Iterator[Passage]:
        """Yield the passages of its documents, in their order."""
        yield from map(self._passage, self._rows(self.documents, ["document", "starts", "ends"]))

    def sentence_vectors(
        self, doc_ids: Collection[str] | None = None
    ) -> Iterator[tuple[str, NDArray[np.float32]]]:
        """Yield every sentence of the documents ``doc_ids``, which must be in it (None: of all), with its
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
        """The number of passages that have a stemmed term."""
        return self._frequencies.get(term, 0)

    def search(self, query: Query) -> list[Candidate]:
        """Return the best passages by words and the nearest by meaning, each once, with every score that
        ranking needs, in the order of the documents. Both pools hold documents that match the filter alone,
        and each other language than the question's has a pool by meaning of its own.

        Raises:
            IndexUnavailableError: Milvus does not answer.
        """
        matching = self._matching(query.document_filter)
        if not matching:
            return []
        dated = _dated(query.document_filter.period)
        expression = _both(_among("document", matching, len(self._ids)), dated)
        asked = search_terms(query.question, query.language, self.words)
        found = self._search("vector", query.vector.tolist(), expression, query.pool)
        for language in other_languages(query.language, self.words):
            if in_language := [n for n in matching if self._languages[n] == language]:
                among = _both(_among("document", in_language, len(self._ids)), dated)
                found |= self._search("vector", query.vector.tolist(), among, query.pool)
        if any(map(self.frequency, asked)):
            found |= self._search("sparse", " ".join(asked), expression, query.pool)
        return [self._candidate(found[number], query, asked) for number in sorted(found)]

    def passages_having(
        self, groups: Sequence[Collection[str]], document_filter: DocumentFilter
    ) -> Iterator[Passage]:
        """Yield the passages that have, with the headings over them, at least one term of each of ``groups``,
        and maybe others that have one of the rarest group.

        Raises:
            IndexUnavailableError: Milvus does not answer.
        """
        rarest = min(groups, key=lambda group: sum(map(self.frequency, group)))
        having = sum(map(self.frequency, rarest))
        matching = self._matching(document_filter)
        if not having or not matching:
            return
        fields = ["document", "starts", "ends"]
        if having > MOST:  # than one search returns
            ids = {
                self._ids[n] for n in matching if document_filter.matches(self._ids[n], self._stored.dates[n])
            }
            yield from map(self._passage, self._rows(ids, fields))
            return
        among = _both(_among("document", matching, len(self._ids)), _dated(document_filter.period))
        found = self._search("sparse", " ".join(sorted(rarest)), among, having, ["number", *fields])
        yield from (self._passage(found[number]) for number in sorted(found))

    def sentences_near(
        self, vector: NDArray[np.float32], least: float, document_filter: DocumentFilter
    ) -> Iterator[tuple[Span, float]]:
        """Yield the sentences whose cosine with ``vector`` is ``least`` or more, with it, in their order, of
        the ``NEAREST`` passages.

        Raises:
            IndexUnavailableError: Milvus does not answer.
        """
        matching = self._matching(document_filter)
        if not matching:
            return
        among = _both(_among("document", matching, len(self._ids)), _dated(document_filter.period))
        fields = ["number", "document", "starts", "ends", "vectors"]
        found = self._search("vector", vector.tolist(), among, NEAREST, fields)
        for number in sorted(found):
            cosines = (_vectors(found[number]) @ vector).tolist()
            for span, cosine in zip(self._passage(found[number]).sentences, cosines, strict=True):
                if cosine >= least:
                    yield span, cosine

    def _matching(self, document_filter: DocumentFilter) -> list[int]:
        """Return the numbers of the documents that are present and that the filter matches by their ids."""
        return [
            n
            for n, doc_id in enumerate(self._ids)
            if doc_id in self.documents and document_filter.matches_id(doc_id)
        ]

    def _search(
        self,
        field: str,
        sought: str | list[float],
        expression: str,
        pool: int,
        fields: Sequence[str] = ("number", "document", "text", "starts", "ends", "vector", "vectors"),
    ) -> dict[int, Row]:
        """Return the ``fields`` of the passages nearest to ``sought`` among those that match the Milvus
        filter ``expression``, by number.
        """
        (hits,) = self._milvus.read(
            "search",
            self._name,
            anns_field=field,
            data=[sought],
            limit=min(pool, self.size),
            filter=expression,
            search_params={"params": {"ef": WIDER * pool}} if field == "vector" else {},
            output_fields=list(fields),
        )
        return {hit["entity"]["number"]: hit["entity"] for hit in hits}

    def _candidate(self, row: Row, query: Query, asked: Sequence[str]) -> Candidate:
        passage = self._passage(row)
        texts = self._texts_of(passage, row["text"])
        language = self._languages[row["document"]]
        words = tuple(terms(text, language) for text in texts)
        headings = headings_at(self._headings[row["document"]], passage.span.start)
        over = tuple(term for text in headings for term in terms(text, language))
        rarity = query.rarity or (lambda term: inverse_frequency(self.size, self.frequency(term)))
        return Candidate(
            passage=passage,
            sentence_texts=texts,
            sentence_terms=words,
            title_terms=terms(self._heads[row["document"]], language) + over,
            bm25=bm25(asked, [term for each in (*words, over) for term in each], self._mean_length, rarity),
            passage_cosine=float(np.asarray(row["vector"], dtype=np.float32) @ query.vector),
            sentence_cosines=tuple(float(value) for value in _vectors(row) @ query.vector),
            language=language,
            heading_terms=over,
            document_chars=self._chars[row["document"]],
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
        """Yield the rows of the passages of ``doc_ids``, in their order."""
        wanted = {n for n, doc_id in enumerate(self._ids) if doc_id in doc_ids}
        for first in range(0, self.size, BATCH):
            rows = self._milvus.read(
                "query",
                self._name,
                filter=f"number >= {first} and number < {first + BATCH}",
                output_fields=["number", *fields],
            )
            yield from sorted(
                (row for row in rows if row["document"] in wanted), key=lambda row: int(row["number"])
            )


def _vectors(row: Row) -> NDArray[np.float32]:
    """Unpack the vectors of a passage's sentences, shape ``(sentences, dimensions)``."""
    packed = b"".join(map(base64.b64decode, row["vectors"]))
    return np.frombuffer(packed, dtype="<f2").reshape(len(row["vectors"]), -1).astype(np.float32)


def _among(field: str, numbers: Sequence[int], of: int) -> str:
    """A filter that lets ``numbers`` in, of those from 0 to ``of``; empty where those are all."""
    if len(numbers) == of:
        return ""
    if 2 * len(numbers) <= of:
        return f"{field} in {list(numbers)}"
    return f"{field} not in {sorted(set(range(of)) - set(numbers))}"


def _both(one: str, other: str) -> str:
    """A filter of two, either of which may be empty."""
    return " and ".join(filter(None, (one, other)))


def _dated(period: Period | None) -> str:
    """A filter that lets in passages of documents of ``period``; empty for any time."""
    if period is None:
        return ""
    return f"{FIRST_DAY} <= {period.days.last} and {LAST_DAY} >= {period.days.first}"
