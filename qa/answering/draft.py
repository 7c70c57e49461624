"""Quotes to a draft: the model phrases. What it writes is a proposal; verification decides."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from langchain_core.language_models import BaseChatModel

from qa.llm.client import stream
from qa.llm.prompts import ask
from qa.nlp.dates import days_of, spoken
from qa.query.types import Order, wants_list, wants_yes_or_no
from qa.schema import Document, Evidence, Quote

MAX_TOKENS = 160
"""Where a draft is broken off: four sentences."""


def draft(model: BaseChatModel, evidence: Evidence) -> Iterator[str]:
    """Stream the draft of an answer, piece by piece. Closing the iterator stops the model.

    Raises:
        ModelSilentError: the model does not answer, or not to the end.
    """
    asked = ask(_task(evidence.question), evidence.question, evidence.quotes)
    yield from stream(model, asked, max_tokens=MAX_TOKENS)


def _task(question: str) -> str:
    if wants_yes_or_no(question):
        return "answer_yes_or_no"
    return "answer_list" if wants_list(question) else "answer"


def tell_dates(order: Order, quotes: Sequence[Quote], documents: Mapping[str, Document]) -> str:
    """A draft that names the quotes' documents by date, in ``order``; empty unless two dates differ, and
    where one lies within another, as ``2025-01-22`` does within ``2025``: nobody knows which is newer.
    """
    first = {quote.span.doc_id: quote for quote in reversed(quotes) if quote.date}
    spans = sorted({days_of(quote.date) for quote in first.values()})
    if len(spans) < 2 or any(later.first <= earlier.last for earlier, later in pairwise(spans)):
        return ""
    ordered = sorted(first.values(), key=lambda quote: days_of(quote.date), reverse=order is Order.NEWEST)
    return "\n".join(
        f"“{documents[quote.span.doc_id].title}” is dated {spoken(quote.date)} [{quote.number}]."
        for quote in ordered
        if quote.date
    )
