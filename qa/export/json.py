"""Write answers, passages and documents as JSON records, the same for the command line and HTTP. Pure."""

from collections.abc import Mapping

from qa.conflicts.corpus import CorpusConflicts
from qa.export.records import (
    AnswerRecord,
    ConflictRecord,
    ConflictsRecord,
    CoverageRecord,
    DocumentRecord,
    DocumentTextRecord,
    EvidenceRecord,
    FigureRecord,
    HighlightRecord,
    HighlightsRecord,
    HitRecord,
    OverviewRecord,
    QuoteRecord,
    SearchedRecord,
    SearchRecord,
    SentenceRecord,
    ShortAnswerRecord,
)
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
    SearchedDocuments,
    Sentence,
    ShortAnswer,
    location,
)


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
        record["short"] = _short_record(answer.short)
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


def _searched_record(searched: SearchedDocuments) -> SearchedRecord:
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


def _short_record(short: ShortAnswer) -> ShortAnswerRecord:
    record = _words_record(short)
    if unit := short.unit:
        record["unit"] = {"text": unit.text, "start": unit.span.start, "end": unit.span.end}
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
