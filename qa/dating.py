"""Which documents are newer, or of some time? Told from their dates by code, for a model compares dates
badly. Pure.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from qa.questions import Order
from qa.schema import Document, Quote

MONTHS = "January February March April May June July August September October November December".split()


def spoken(date: str) -> str:
    """``2025-01-22`` as people write it: "22 January 2025"."""
    year, month, day = date.split("-")
    return f"{int(day)} {MONTHS[int(month) - 1]} {year}"


def dated_between(
    documents: Mapping[str, Document], since: date | None = None, until: date | None = None
) -> frozenset[str]:
    """Ids of the documents dated from ``since`` to ``until``, both days included; None leaves an end open.

    A document without a date is in no span; with both ends open there is none, and every document is named.
    """
    if since is None and until is None:
        return frozenset(documents)
    first, last = (since or date.min).isoformat(), (until or date.max).isoformat()
    return frozenset(
        document.id for document in documents.values() if document.date and first <= document.date <= last
    )


def tell_dates(order: Order, quotes: Sequence[Quote], documents: Mapping[str, Document]) -> str:
    """A draft that names the quotes' documents by date, in ``order``; empty unless two dates differ."""
    first = {quote.span.doc_id: quote for quote in reversed(quotes) if quote.date}
    if len({quote.date for quote in first.values()}) < 2:
        return ""
    ordered = sorted(first.values(), key=lambda quote: quote.date or "", reverse=order is Order.NEWEST)
    return "\n".join(
        f"“{documents[quote.span.doc_id].title}” is dated {spoken(quote.date)} [{quote.number}]."
        for quote in ordered
        if quote.date
    )
