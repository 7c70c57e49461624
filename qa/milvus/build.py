"""A build in Milvus: passages, with their vectors beside Milvus' own BM25 function, and their documents."""

import base64
import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from pymilvus import DataType, Function, FunctionType, MilvusClient

from qa.building import Prepared
from qa.chunking import PASSAGE_CHARS
from qa.errors import IndexDamagedError
from qa.lexical import K1, B, bm25, inverse_frequency
from qa.manifest import REBUILD, Manifest
from qa.milvus.connection import BATCH, MAX_BYTES, Connection, Row, batches, create
from qa.milvus.texts import Texts
from qa.period import Period, days_of
from qa.ports import Query
from qa.schema import Candidate, Document, Passage, Span
from qa.state import Whole
from qa.stored import StoredDocuments, dates_of, document_line, document_of, without
from qa.terms import is_stop, terms

OUTLINE, WORDS, DATES = "outline", "words", "dates"
"""The texts of a build beside its documents and its manifest. A build that was written before documents were
sought by date has no ``DATES``, and its passages no ``FIRST_DAY`` and ``LAST_DAY``.
"""

FIRST_DAY, LAST_DAY = "first_day", "last_day"
"""Of the date of a passage's document (:class:`qa.period.Days`)."""

GRAPH = {"M": 16, "efConstruction": 200}
"""Of the graph that finds what is near: hnswlib's own defaults. Malkov and Yashunin (2018, "Efficient and
Robust Approximate Nearest Neighbor Search Using Hierarchical Navigable Small World Graphs") advise an M of 5
to 48."""

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
        found = self._texts.read(_document(line))
        if hashlib.sha256(found).hexdigest() != self._digests[line]:
            raise IndexDamagedError(f"{self.ids[line]} has changed since it was indexed; {REBUILD}")
        return document_of(found)


class MilvusBuild:
    """An opened build in Milvus, without the documents that were removed since it was written.

    Milvus finds the candidates, by BM25 and by vectors; their scores are those that a build in a folder has,
    so that ranking sees no difference.
    """

    def __init__(self, milvus: Connection, whole: Whole) -> None:
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

    def near(self, query: Query) -> list[Candidate]:
        """The best passages by words and the nearest by meaning, each once, with every score that ranking
        may want, in the order of the documents. Both pools are of the documents that are let in alone.

        Raises:
            IndexUnavailableError: Milvus does not answer.
        """
        let_in = [
            n
            for n, doc_id in enumerate(self._ids)
            if doc_id in self.documents and (query.admits is None or query.admits(doc_id))
        ]
        period = query.period
        if period and not self._days_known:
            let_in = [n for n in let_in if period.admits(self._lines.dates[n])]
            period = None
        if not let_in:
            return []
        let = " and ".join(filter(None, (_among("document", let_in, len(self._ids)), _dated(period))))
        asked = terms(query.question)
        asked = tuple(term for term in asked if not is_stop(term)) or asked
        found = self._search("vector", query.vector.tolist(), let, query.pool)
        if any(map(self.frequency, asked)):
            found |= self._search("sparse", " ".join(asked), let, query.pool)
        return [self._candidate(found[number], query, asked) for number in sorted(found)]

    def _search(self, field: str, sought: str | list[float], let: str, pool: int) -> dict[int, Row]:
        """The passages found among those that the filter ``let`` lets in, by number."""
        (hits,) = self._milvus.ask(
            "search",
            self._name,
            anns_field=field,
            data=[sought],
            limit=min(pool, self.size),
            filter=let,
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


def write_build(milvus: Connection, name: str, prepared: Prepared) -> dict[str, str]:
    """Write a build but for its manifest, and return the digests that are to stand in that."""
    texts = Texts.make(milvus, texts_of(name))
    lines = [document_line(document) for document in prepared.documents.values()]
    outline = [
        [document.id, document.title, hashlib.sha256(line.encode()).hexdigest()]
        for document, line in zip(prepared.documents.values(), lines, strict=True)
    ]
    digests = {
        OUTLINE: texts.write(OUTLINE, json.dumps(outline, ensure_ascii=False)),
        WORDS: texts.write(WORDS, json.dumps(_words(prepared), ensure_ascii=False)),
        DATES: texts.write(DATES, json.dumps([each.date for each in prepared.documents.values()])),
    }
    texts.write_all((_document(n), line) for n, line in enumerate(lines))
    _write_passages(milvus, name, prepared)
    return digests


def _write_passages(milvus: Connection, name: str, prepared: Prepared) -> None:
    schema = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
    schema.add_field("number", DataType.INT64, is_primary=True)
    for field in ("document", FIRST_DAY, LAST_DAY):
        schema.add_field(field, DataType.INT64)
    schema.add_field("text", DataType.VARCHAR, max_length=MAX_BYTES)
    schema.add_field(
        "terms",
        DataType.VARCHAR,
        max_length=MAX_BYTES,
        enable_analyzer=True,
        analyzer_params={"tokenizer": "standard"},
    )
    schema.add_field("sparse", DataType.SPARSE_FLOAT_VECTOR)
    schema.add_field("vector", DataType.FLOAT_VECTOR, dim=prepared.sentences.shape[1])
    for field in ("starts", "ends"):
        schema.add_field(field, DataType.ARRAY, element_type=DataType.INT64, max_capacity=PASSAGE_CHARS)
    length = len(_packed(prepared.sentences[0]))
    schema.add_field(
        "vectors",
        DataType.ARRAY,
        element_type=DataType.VARCHAR,
        max_capacity=PASSAGE_CHARS,
        max_length=length,
    )
    schema.add_function(Function("bm25", FunctionType.BM25, ["terms"], ["sparse"]))
    index = MilvusClient.prepare_index_params()
    index.add_index(
        "sparse",
        index_type="SPARSE_INVERTED_INDEX",
        metric_type="BM25",
        params={"bm25_k1": K1, "bm25_b": B},
    )
    index.add_index("vector", index_type="HNSW", metric_type="IP", params=GRAPH)
    create(milvus, name, schema, index)
    for rows in batches(_passage_rows(prepared), BATCH):
        milvus("insert", collection_name=name, data=rows)
    milvus("flush", collection_name=name)


def _passage_rows(prepared: Prepared) -> Iterator[dict[str, object]]:
    number_of = {doc_id: n for n, doc_id in enumerate(prepared.documents)}
    edges = [*prepared.first.tolist(), len(prepared.sentences)]
    rows = zip(prepared.passages, prepared.terms, prepared.vectors, strict=True)
    for number, (passage, words, vector) in enumerate(rows):
        days = days_of(prepared.documents[passage.span.doc_id].date)
        yield {
            "number": number,
            "document": number_of[passage.span.doc_id],
            FIRST_DAY: days.first,
            LAST_DAY: days.last,
            "text": _fitting(passage.span.cut(prepared.documents)),
            "terms": _fitting(" ".join(words)),
            "vector": vector,
            "starts": [span.start for span in passage.sentences],
            "ends": [span.end for span in passage.sentences],
            "vectors": [_packed(each) for each in prepared.sentences[edges[number] : edges[number + 1]]],
        }


def _words(prepared: Prepared) -> dict[str, object]:
    """What is known of the words of a build: spellings, how many passages have each, a passage's length."""
    counts = Counter(term for words in prepared.terms for term in set(words))
    lengths = [len(words) for words in prepared.terms]
    return {"spelt": dict(prepared.words), "passages": counts, "mean_length": sum(lengths) / len(lengths)}


def checked(found: bytes, manifest: Manifest, name: str, file: str) -> bytes:
    """``found``, which is the text ``file`` of the build ``name``.

    Raises:
        IndexDamagedError: it is not what its manifest says.
    """
    if hashlib.sha256(found).hexdigest() != manifest.files.get(file):
        raise IndexDamagedError(f"The {file} of {name} has changed since it was written; {REBUILD}")
    return found


def texts_of(build: str) -> str:
    """The collection with the texts of a build."""
    return "_texts_".join(build.rsplit("_build_", 1))


def _document(number: int) -> str:
    return f"document/{number}"


def _fitting(text: str) -> str:
    """As much of the beginning of ``text`` as a field holds."""
    return text.encode()[:MAX_BYTES].decode(errors="ignore")


def _packed(vector: NDArray[np.float32]) -> str:
    return base64.b64encode(vector.astype("<f2").tobytes()).decode()


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
