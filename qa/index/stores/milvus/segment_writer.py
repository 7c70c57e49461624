"""Write a segment to Milvus: documents, passages and vectors, and Milvus' own BM25 over their words."""

import base64
import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import astuple
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from pymilvus import DataType, Function, FunctionType, MilvusClient

from qa.index.document_head import document_head
from qa.index.document_store import dump_document
from qa.index.lexical import K1, B
from qa.index.prepare import PreparedSegment
from qa.index.stores.milvus.blobs import TextCollection
from qa.index.stores.milvus.connection import BATCH, MAX_BYTES, Connection, batches, create
from qa.index.stores.milvus.schema import DATES, FIRST_DAY, LAST_DAY, OUTLINE, WORDS, document_name, texts_of
from qa.ingest.chunking import PASSAGE_CHARS
from qa.nlp.dates import days_of

GRAPH = {"M": 16, "efConstruction": 200}
"""Parameters of the HNSW graph: hnswlib's own defaults. Malkov and Yashunin (2018, "Efficient and
Robust Approximate Nearest Neighbor Search Using Hierarchical Navigable Small World Graphs") advise an M of 5
to 48."""


def write_segment(milvus: Connection, name: str, prepared: PreparedSegment) -> dict[str, str]:
    """Write everything of a segment but its manifest, and return the digests for that."""
    terms = list(prepared.passage_terms())
    texts = TextCollection.create(milvus, texts_of(name))
    lines = [dump_document(document) for document in prepared.documents.values()]
    outline = [
        {
            "id": document.id,
            "head": document_head(document),
            "chars": len(document.text),
            "language": document.language,
            "sha256": hashlib.sha256(line.encode()).hexdigest(),
            "headings": [astuple(each) for each in document.headings],
        }
        for document, line in zip(prepared.documents.values(), lines, strict=True)
    ]
    digests = {
        OUTLINE: texts.write(OUTLINE, json.dumps(outline, ensure_ascii=False)),
        WORDS: texts.write(WORDS, json.dumps(_words(prepared, terms), ensure_ascii=False)),
        DATES: texts.write(DATES, json.dumps([each.date for each in prepared.documents.values()])),
    }
    texts.write_all((document_name(n), line) for n, line in enumerate(lines))
    _write_passages(milvus, name, prepared, terms)
    return digests


def _write_passages(
    milvus: Connection, name: str, prepared: PreparedSegment, terms: Sequence[Sequence[str]]
) -> None:
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
    schema.add_field("vector", DataType.FLOAT_VECTOR, dim=prepared.vectors.shape[1])
    for field in ("starts", "ends"):
        schema.add_field(field, DataType.ARRAY, element_type=DataType.INT64, max_capacity=PASSAGE_CHARS)
    length = len(_packed(prepared.vectors[:1][0]))
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
    for rows in batches(_passage_rows(prepared, terms), BATCH):
        milvus("insert", collection_name=name, data=rows)
    milvus("flush", collection_name=name)


def _passage_rows(prepared: PreparedSegment, terms: Sequence[Sequence[str]]) -> Iterator[dict[str, object]]:
    number_of = {doc_id: n for n, doc_id in enumerate(prepared.documents)}
    edges = prepared.passages.first_rows.tolist()
    rows = zip(prepared.passages, terms, chain.from_iterable(prepared.passage_vectors()), strict=True)
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
            "vectors": [_packed(each) for each in prepared.vectors[edges[number] : edges[number + 1]]],
        }


def _words(prepared: PreparedSegment, terms: Sequence[Sequence[str]]) -> dict[str, object]:
    """Return the spelling of each stem, the passages that have each term, and a passage's mean length."""
    counts = Counter(term for words in terms for term in set(words))
    lengths = [len(words) for words in terms]
    return {"spelt": prepared.spellings(), "passages": counts, "mean_length": sum(lengths) / len(lengths)}


def _fitting(text: str) -> str:
    """Cut ``text`` after as many characters as a field holds."""
    return text.encode()[:MAX_BYTES].decode(errors="ignore")


def _packed(vector: NDArray[np.float32]) -> str:
    return base64.b64encode(vector.astype("<f2").tobytes()).decode()
