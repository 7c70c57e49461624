"""What Attest says in JSON, alike on the command line and over HTTP."""

from collections.abc import Mapping
from typing import NotRequired

from typing_extensions import TypedDict  # pydantic reads typing's own from Python 3.12 on only

from qa.schema import Answer, Document, Evidence, Hit, Quote, RetrievalResult, place_at


class CutRecord(TypedDict):
    """Words of a document: ``text`` is characters ``start`` to ``end`` (exclusive) of it.

    ``place`` is where they begin, such as ``page 3``; empty where that cannot be said.
    """

    text: str
    document: str
    title: str
    date: str | None
    place: str
    start: int
    end: int


class QuoteRecord(CutRecord):
    """A quote; ``number`` is what the answer cites it by. ``changed`` is there, and true, when the file is no
    longer as it was when it was indexed.
    """

    number: int
    changed: NotRequired[bool]


class TimingsRecord(TypedDict):
    """Wall-clock milliseconds that each stage took."""

    retrieve: float
    judge: float
    generate: float
    total: float


class AnswerRecord(TypedDict):
    """An answer.

    ``note`` is there when the reader should know how it was made, as when the language model did not answer;
    ``refused`` when the documents leave parts of the question open; ``nearest`` and ``reason``
    when Attest abstains.
    """

    question: str
    answered: bool
    answer: str
    p_answerable: float
    quotes: list[QuoteRecord]
    timings_ms: TimingsRecord
    note: NotRequired[str]
    refused: NotRequired[list[str]]
    nearest: NotRequired[list[QuoteRecord]]
    reason: NotRequired[str]


class EvidenceRecord(TypedDict):
    """What was found for a question, as it was searched, before a word of the answer is written."""

    question: str
    quotes: list[QuoteRecord]


class HitRecord(CutRecord):
    """A passage that was found; the score orders passages of one query and means nothing across queries."""

    rank: int
    score: float


class SearchRecord(TypedDict):
    """The best passages for a query, best first. ``reason`` says why there are none; else it is empty."""

    query: str
    results: list[HitRecord]
    reason: str


class DocumentRecord(TypedDict):
    """A document; ``characters`` is the length of the text that offsets refer to."""

    id: str
    title: str
    date: str | None
    characters: int


class DocumentTextRecord(DocumentRecord):
    """A document with the text that offsets refer to."""

    text: str


def answer_record(answer: Answer) -> AnswerRecord:
    """``answer`` with its quotes, or with what came nearest to one."""
    record: AnswerRecord = {
        "question": answer.question,
        "answered": answer.answered,
        "answer": answer.text,
        "p_answerable": round(answer.p_answerable, 4),
        "quotes": [quote_record(quote) for quote in answer.quotes],
        "timings_ms": {
            "retrieve": answer.timings.retrieve,
            "judge": answer.timings.judge,
            "generate": answer.timings.generate,
            "total": answer.timings.total,
        },
    }
    if answer.note:
        record["note"] = answer.note
    if answer.refused:
        record["refused"] = list(answer.refused)
    if not answer.answered:
        record["nearest"] = [quote_record(quote) for quote in answer.nearest]
        record["reason"] = answer.reason
    return record


def evidence_record(found: Evidence) -> EvidenceRecord:
    """``found``, its quotes by number."""
    return {"question": found.question, "quotes": [quote_record(quote) for quote in found.quotes]}


def quote_record(quote: Quote) -> QuoteRecord:
    """``quote`` and where it stands."""
    record: QuoteRecord = {
        "number": quote.number,
        "text": quote.text,
        "document": quote.span.doc_id,
        "title": quote.title,
        "date": quote.date,
        "place": quote.place,
        "start": quote.span.start,
        "end": quote.span.end,
    }
    if quote.changed:
        record["changed"] = True
    return record


def search_record(result: RetrievalResult, documents: Mapping[str, Document]) -> SearchRecord:
    """Return the passages of ``result``, cut from ``documents``, in their order."""
    return {
        "query": result.question,
        "results": [_hit_record(rank, hit, documents) for rank, hit in enumerate(result.hits, start=1)],
        "reason": result.reason,
    }


def document_record(document: Document) -> DocumentRecord:
    """``document`` without its text."""
    return {
        "id": document.id,
        "title": document.title,
        "date": document.date,
        "characters": len(document.text),
    }


def document_text_record(document: Document) -> DocumentTextRecord:
    """``document`` with its text."""
    return {**document_record(document), "text": document.text}


def _hit_record(rank: int, hit: Hit, documents: Mapping[str, Document]) -> HitRecord:
    span = hit.passage.span
    document = documents[span.doc_id]
    return {
        "rank": rank,
        "score": round(hit.score, 4),
        "document": span.doc_id,
        "title": document.title,
        "date": document.date,
        "place": place_at(document, span.start),
        "start": span.start,
        "end": span.end,
        "text": span.cut(documents),
    }
