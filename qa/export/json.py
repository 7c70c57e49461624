"""Write answers, passages and documents as JSON records, the same for the command line and HTTP. Pure."""

from collections.abc import Mapping
from typing import NotRequired

from typing_extensions import TypedDict  # pydantic reads typing's own from Python 3.12 on only

from qa.conflicts.corpus import CorpusConflicts
from qa.schema import (
    Answer,
    Conflict,
    Coverage,
    Document,
    Evidence,
    Figure,
    Highlight,
    Highlights,
    Hit,
    Overview,
    Quote,
    QuotedWords,
    RetrievalResult,
    Searched,
    Sentence,
    ShortAnswer,
    location,
)


class ExcerptRecord(TypedDict):
    """An excerpt of a document: ``text`` is its characters ``start`` to ``end`` (exclusive).

    ``place`` is where it begins, such as ``page 3``; empty where that is not known.
    """

    text: str
    document: str
    title: str
    date: str | None
    place: str
    start: int
    end: int


class QuoteRecord(ExcerptRecord):
    """A quote, which the answer cites by its ``number``. ``changed`` is present, and true, when the file has
    changed since it was indexed.
    """

    number: int
    changed: NotRequired[bool]


class TimingsRecord(TypedDict):
    """Wall-clock milliseconds that each stage took."""

    retrieve: float
    judge: float
    generate: float
    total: float


class ShortAnswerRecord(TypedDict):
    """A few words, such as those that answer a question, cut from the quote of that number: ``text`` is the
    characters ``start`` to ``end`` (exclusive) of the quote's document, counted as the quote's own offsets
    are.
    """

    text: str
    quote: int
    start: int
    end: int


class ConflictRecord(TypedDict):
    """A fact that several documents state differently; which of them is right is not judged. ``kind`` is
    ``number``, ``date``, ``name`` or ``opposite``; ``sides`` are words of quotes, the newest document first.
    """

    kind: str
    sides: list[ShortAnswerRecord]


class FigureRecord(TypedDict):
    """A number that code computed from the ``operands``, words of quotes, in the order of the ``formula``."""

    kind: str
    formula: str
    result: str
    unit: str
    operands: list[ShortAnswerRecord]


class SentenceRecord(TypedDict):
    """A sentence of an answer, with the numbers of its quotes.

    ``unquoted`` has the start and end (exclusive), counted in the sentence's ``text``, of the words that are
    in none of its quotes. ``support`` is the probability that the quotes support the sentence; null where its
    words alone show it. ``translated`` is there, and true, where it says in the language of the question what
    its quote says in another.
    """

    text: str
    cites: list[int]
    support: float | None
    unquoted: list[tuple[int, int]]
    translated: NotRequired[bool]


class RejectedSentenceRecord(TypedDict):
    """A drafted sentence that was left out, and why."""

    text: str
    reason: str


class ChoiceRecord(TypedDict):
    """One of the things that a question could mean, in the words of the quote of that number."""

    text: str
    quote: int


class CoverageRecord(TypedDict):
    """How much was searched: ``searched`` of ``files`` by words, and ``by_meaning``, a share from 0 to 1 of
    the documents in those, by meaning too.
    """

    files: int
    searched: int
    by_meaning: float


class SearchedRecord(TypedDict):
    """How many documents were searched, ``of`` how many; ``name`` says which, where that is known."""

    documents: int
    of: int
    name: str


class AnswerRecord(TypedDict):
    """An answer.

    ``answer`` is its ``sentences`` as one text, each followed by the numbers of its quotes. ``short`` is
    present when a few words of a quote answer the question; ``passages_only``, and true, when the sentences
    are passages to read, from which nobody phrased an answer; ``cut`` when sentences of the draft did not
    pass the check; ``note`` when there is a remark on how the answer was made, as when the language model did
    not answer; ``refused`` when the documents do not answer some parts of the question; ``nearest`` and
    ``reason`` when Attest abstains; ``choices`` when it asks back which of several things the question is
    about; ``highlights`` when it asks what the documents are about; ``coverage`` when the index is still
    growing; ``conflicts`` where its quotes disagree; ``figures`` when code computed the answer from its
    quotes. An abstention whose draft was cut as a whole is no checked answer: the documents may answer the
    question.
    """

    question: str
    answered: bool
    answer: str
    sentences: list[SentenceRecord]
    p_answerable: float
    quotes: list[QuoteRecord]
    timings_ms: TimingsRecord
    searched: NotRequired[SearchedRecord]
    short: NotRequired[ShortAnswerRecord]
    passages_only: NotRequired[bool]
    cut: NotRequired[list[RejectedSentenceRecord]]
    note: NotRequired[str]
    refused: NotRequired[list[str]]
    nearest: NotRequired[list[QuoteRecord]]
    reason: NotRequired[str]
    choices: NotRequired[list[ChoiceRecord]]
    coverage: NotRequired[CoverageRecord]
    conflicts: NotRequired[list[ConflictRecord]]
    figures: NotRequired[list[FigureRecord]]
    highlights: NotRequired["HighlightsRecord"]


class ConflictsRecord(TypedDict):
    """Where documents disagree, the surest conflicts first; ``found`` is how many there are, of which these
    may be the first. ``quotes`` has the sentences of their sides. ``documents`` were compared; with
    ``complete`` false, the time did not suffice for all of what they say.
    """

    conflicts: list[ConflictRecord]
    quotes: list[QuoteRecord]
    found: int
    documents: int
    complete: bool


class HighlightRecord(TypedDict):
    """A name, date or figure, cut from the quote of that number: ``text`` is the characters ``start`` to
    ``end`` (exclusive) of the quote's document. It stands ``mentions`` times in ``documents`` documents.
    ``date`` is present for dates: the day, month or year.
    """

    text: str
    quote: int
    start: int
    end: int
    mentions: int
    documents: int
    date: NotRequired[str]


class HighlightsRecord(TypedDict):
    """What documents name and state: names that most have first, dates in the order of time, figures in the
    order of the documents.
    """

    names: list[HighlightRecord]
    dates: list[HighlightRecord]
    figures: list[HighlightRecord]


class OverviewRecord(TypedDict):
    """What is in documents. The first ``main`` of the ``quotes`` are their main sentences. ``whole`` is false
    where only a part of them was read.
    """

    searched: SearchedRecord
    whole: bool
    main: int
    highlights: HighlightsRecord
    quotes: list[QuoteRecord]


class EvidenceRecord(TypedDict):
    """The quotes found for a question, as it was searched, before the answer is written."""

    question: str
    quotes: list[QuoteRecord]


class HitRecord(ExcerptRecord):
    """A passage; its score orders the passages of one query and cannot be compared across queries."""

    rank: int
    score: float


class SearchRecord(TypedDict):
    """The best passages for a query, best first. ``reason`` says why there are none; else it is empty.
    ``coverage`` is present when the index is still growing.
    """

    query: str
    results: list[HitRecord]
    reason: str
    coverage: NotRequired[CoverageRecord]


class DocumentRecord(TypedDict):
    """A document; ``characters`` is the length of the text that offsets refer to. ``date_source`` says where
    the date was taken from; it is empty without a date.
    """

    id: str
    title: str
    date: str | None
    date_source: str
    characters: int


class DocumentTextRecord(DocumentRecord):
    """A document with the text that offsets refer to."""

    text: str


def answer_record(answer: Answer) -> AnswerRecord:
    """Return the record of ``answer``, with its quotes or the nearest passages."""
    record: AnswerRecord = {
        "question": answer.question,
        "answered": answer.answered,
        "answer": answer.text,
        "sentences": [_sentence_record(sentence) for sentence in answer.sentences],
        "p_answerable": round(answer.p_answerable, 4),
        "quotes": [quote_record(quote) for quote in answer.quotes],
        "timings_ms": {
            "retrieve": answer.timings.retrieve,
            "judge": answer.timings.judge,
            "generate": answer.timings.generate,
            "total": answer.timings.total,
        },
    }
    if searched := answer.searched:
        record["searched"] = _searched_record(searched)
    if answer.short:
        record["short"] = _words_record(answer.short)
    if answer.passages_only:
        record["passages_only"] = True
    if answer.cut:
        record["cut"] = [{"text": cut.text, "reason": cut.reason} for cut in answer.cut]
    if answer.note:
        record["note"] = answer.note
    if answer.refused:
        record["refused"] = list(answer.refused)
    if not answer.answered:
        _add_abstention(record, answer)
    if answer.coverage:
        record["coverage"] = coverage_record(answer.coverage)
    if answer.highlights:
        record["highlights"] = _highlights_record(answer.highlights)
    return _with_facts(record, answer)


def _add_abstention(record: AnswerRecord, answer: Answer) -> None:
    record["nearest"] = [quote_record(quote) for quote in answer.nearest]
    record["reason"] = answer.reason
    if answer.choices:
        record["choices"] = [{"text": choice.text, "quote": choice.quote} for choice in answer.choices]


def _with_facts(record: AnswerRecord, answer: Answer) -> AnswerRecord:
    """Return ``record`` with the conflicts and figures of ``answer``, if it has any."""
    if answer.conflicts:
        record["conflicts"] = [_conflict_record(conflict) for conflict in answer.conflicts]
    if answer.figures:
        record["figures"] = [_figure_record(figure) for figure in answer.figures]
    return record


def overview_record(overview: Overview) -> OverviewRecord:
    """Return the record of ``overview``."""
    return {
        "searched": _searched_record(overview.searched),
        "whole": overview.whole,
        "main": overview.main,
        "highlights": _highlights_record(overview.highlights),
        "quotes": [quote_record(quote) for quote in overview.quotes],
    }


def _searched_record(searched: Searched) -> SearchedRecord:
    return {"documents": searched.documents, "of": searched.of, "name": searched.name}


def _highlights_record(highlights: Highlights) -> HighlightsRecord:
    return {
        "names": [_highlight_record(each) for each in highlights.names],
        "dates": [_highlight_record(each) for each in highlights.dates],
        "figures": [_highlight_record(each) for each in highlights.figures],
    }


def _highlight_record(highlight: Highlight) -> HighlightRecord:
    record: HighlightRecord = {
        "text": highlight.text,
        "quote": highlight.quote,
        "start": highlight.span.start,
        "end": highlight.span.end,
        "mentions": highlight.mentions,
        "documents": highlight.documents,
    }
    if highlight.date:
        record["date"] = highlight.date
    return record


def _conflict_record(conflict: Conflict) -> ConflictRecord:
    return {"kind": conflict.kind, "sides": [_words_record(side) for side in conflict.sides]}


def conflicts_record(found: CorpusConflicts) -> ConflictsRecord:
    """Return the record of the conflicts of a corpus."""
    return {
        "conflicts": [_conflict_record(conflict) for conflict in found.conflicts],
        "quotes": [quote_record(quote) for quote in found.quotes],
        "found": found.found,
        "documents": found.documents,
        "complete": found.complete,
    }


def _figure_record(figure: Figure) -> FigureRecord:
    return {
        "kind": figure.kind,
        "formula": figure.formula,
        "result": figure.result,
        "unit": figure.unit,
        "operands": [_words_record(operand) for operand in figure.operands],
    }


def coverage_record(coverage: Coverage) -> CoverageRecord:
    """Return the record of ``coverage``."""
    return {
        "files": coverage.files,
        "searched": coverage.searched,
        "by_meaning": round(coverage.share_by_meaning, 4),
    }


def _sentence_record(sentence: Sentence) -> SentenceRecord:
    record: SentenceRecord = {
        "text": sentence.text,
        "cites": list(sentence.cites),
        "support": None if sentence.support is None else round(sentence.support, 4),
        "unquoted": list(sentence.unquoted),
    }
    if sentence.translated:
        record["translated"] = True
    return record


def _words_record(words: ShortAnswer | QuotedWords) -> ShortAnswerRecord:
    return {"text": words.text, "quote": words.quote, "start": words.span.start, "end": words.span.end}


def evidence_record(evidence: Evidence) -> EvidenceRecord:
    """Return the record of ``evidence``, its quotes by number."""
    return {"question": evidence.question, "quotes": [quote_record(quote) for quote in evidence.quotes]}


def quote_record(quote: Quote) -> QuoteRecord:
    """Return the record of ``quote``."""
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
    record: SearchRecord = {
        "query": result.question,
        "results": [_hit_record(rank, hit, documents) for rank, hit in enumerate(result.hits, start=1)],
        "reason": result.reason,
    }
    if result.coverage:
        record["coverage"] = coverage_record(result.coverage)
    return record


def document_record(document: Document) -> DocumentRecord:
    """Return the record of ``document`` without its text."""
    return {
        "id": document.id,
        "title": document.title,
        "date": document.date,
        "date_source": document.date_source,
        "characters": len(document.text),
    }


def document_text_record(document: Document) -> DocumentTextRecord:
    """Return the record of ``document`` with its text."""
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
        "place": location(document, span.start),
        "start": span.start,
        "end": span.end,
        "text": span.cut(documents),
    }
