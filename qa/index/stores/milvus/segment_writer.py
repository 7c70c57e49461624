"""A build on its way to Milvus: passages, their vectors beside Milvus' own BM25 function, and documents."""

import base64
import hashlib
import json
from collections import Counter
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from pymilvus import DataType, Function, FunctionType, MilvusClient

from qa.index.document_store import document_line
from qa.index.lexical import K1, B
from qa.index.segment_writer import Prepared
from qa.index.stores.milvus.blobs import Texts
from qa.index.stores.milvus.connection import BATCH, MAX_BYTES, Connection, batches, create
from qa.index.stores.milvus.schema import DATES, FIRST_DAY, LAST_DAY, OUTLINE, WORDS, document_name, texts_of
from qa.ingest.chunking import PASSAGE_CHARS
from qa.nlp.dates import days_of

GRAPH = {"M": 16, "efConstruction": 200}
"""Of the graph that finds what is near: hnswlib's own defaults. Malkov and Yashunin (2018, "Efficient and
Robust Approximate Nearest Neighbor Search Using Hierarchical Navigable Small World Graphs") advise an M of 5
to 48."""


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
    texts.write_all((document_name(n), line) for n, line in enumerate(lines))
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


def _fitting(text: str) -> str:
    """As much of the beginning of ``text`` as a field holds."""
    return text.encode()[:MAX_BYTES].decode(errors="ignore")


def _packed(vector: NDArray[np.float32]) -> str:
    return base64.b64encode(vector.astype("<f2").tobytes()).decode()
