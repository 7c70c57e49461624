"""Draft an answer from what is known of the documents: their dates in order. Pure."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from qa.nlp.dates import days_of, format_date
from qa.query.types import Order
from qa.schema import Document, Quote


def draft_dates(order: Order, quotes: Sequence[Quote], documents: Mapping[str, Document]) -> str:
    """Return a draft that gives the dates of the quotes' documents, in ``order``.

    Empty unless there are two different dates, and where one date contains another, as ``2025`` contains
    ``2025-01-22``: then it is unknown which document is newer.
    """
    first = {quote.span.doc_id: quote for quote in reversed(quotes) if quote.date}
    spans = sorted({days_of(quote.date) for quote in first.values()})
    if len(spans) < 2 or any(later.first <= earlier.last for earlier, later in pairwise(spans)):
        return ""
    ordered = sorted(first.values(), key=lambda quote: days_of(quote.date), reverse=order is Order.NEWEST)
    return "\n".join(
        f"“{documents[quote.span.doc_id].title}” is dated {format_date(quote.date)} [{quote.number}]."
        for quote in ordered
        if quote.date
    )
