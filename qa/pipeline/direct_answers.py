"""Answers that code gives by itself, without a judge: lists, summaries, figures, cells of a table."""

from dataclasses import replace

from qa.conflicts.versions import find_versions
from qa.figures.compute import Computation
from qa.figures.named_cell import find_named_cell
from qa.figures.named_rows import find_named_rows
from qa.figures.stated_unit import state_unit
from qa.mentions.listing import LISTED, present_mentions
from qa.overview.main_sentences import named_documents
from qa.overview.overview import make_overview
from qa.overview.summary import present_summary
from qa.pipeline.corpus import Corpus
from qa.pipeline.more_rows import remark_on_more
from qa.query.document_filter import DocumentFilter
from qa.query.every import asks_for_every
from qa.query.types import wants_summary
from qa.retrieval.evidence import number_quotes
from qa.schema import Answer, Evidence, mark_changed
from qa.verification.policy import Verdict
from qa.verification.several import complete_years
from qa.verification.verify import present_all, state_figures, state_rows, verify


def list_or_summarise(
    corpus: Corpus, question: str, document_filter: DocumentFilter, threshold: float
) -> tuple[Evidence, Answer] | None:
    """Return the answer to a question for every mention of something, or for a summary, with the passages
    that it shows; None for another question.
    """
    if topic := asks_for_every(question):
        return _list_mentions(corpus, question, topic, document_filter, threshold)
    if wants_summary(question):
        return _summarise(corpus, question, document_filter, threshold)
    return None


def _list_mentions(
    corpus: Corpus, question: str, topic: str, document_filter: DocumentFilter, threshold: float
) -> tuple[Evidence, Answer]:
    """Show the first mentions of ``topic``, with how many there are and how they were counted; abstain where
    there are none.
    """
    mentions = corpus.find(topic, document_filter)
    quotes = number_quotes([each.span for each in mentions.mentions[:LISTED]], corpus.documents)
    language = corpus.retriever.language(question)
    shown = Evidence(topic, mark_changed(quotes, corpus.changed), asked_in=language)
    return shown, present_mentions(mentions, shown, corpus.documents, threshold)


def _summarise(
    corpus: Corpus, question: str, document_filter: DocumentFilter, threshold: float
) -> tuple[Evidence, Answer]:
    """Show the main sentences of the documents that the question names, or of all that may be searched."""
    source = corpus.retriever.source
    ids = named_documents(question, corpus.documents, document_filter.matching(source.dates()))
    overview = make_overview(ids, corpus.documents, source.rarity)
    overview = replace(overview, quotes=mark_changed(overview.quotes, corpus.changed))
    language = corpus.retriever.language(question)
    shown = Evidence(question, overview.quotes[: overview.main], asked_in=language)
    return shown, present_summary(overview, shown, corpus.documents, threshold)


def state_computed(corpus: Corpus, computed: Computation, evidence: Evidence, threshold: float) -> Answer:
    """Return what code computed as an answer."""
    quotes = mark_changed(computed.quotes, corpus.changed)
    return state_figures(computed.figures, quotes, evidence, corpus.documents, Verdict(1.0, threshold))


def answer_directly(corpus: Corpus, found: Evidence, threshold: float, *, with_cell: bool) -> Answer | None:
    """Return an answer of what code is certain of: each version of a clause that the question compares,
    the rows of a table with the cell that it asks all of, or the one cell whose names are all it asks.
    """
    documents, verdict = corpus.documents, Verdict(1.0, threshold)
    if versions := find_versions(found.question, found.quotes):
        return present_all(replace(found, quotes=versions), documents, verdict)
    if with_cell and (rows := find_named_rows(found.question, found.quotes, documents)):
        stated = replace(found, quotes=mark_changed(rows.quotes, corpus.changed))
        return replace(state_rows(stated, documents, verdict), note=remark_on_more(rows.more))
    cell = find_named_cell(found.question, found.quotes, documents) if with_cell else None
    if cell:
        quote = next(quote for quote in found.quotes if quote.number == cell.quote)
        cell = complete_years(cell, found.question, quote, documents)
    short = state_unit(cell, documents) if cell else None
    return verify("", found, documents, verdict, short=short) if short else None
