"""Which documents are newer, or of some time? Told from their dates by code, for a model compares dates
badly. Pure.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from qa.nlp.dates import days_of
from qa.query.types import Order
from qa.schema import Document, Quote

MONTHS = "January February March April May June July August September October November December".split()


def spoken(date: str) -> str:
    """``2025-01-22`` as people write it: "22 January 2025"; of ``2025-01`` or ``2025``, what it says."""
    year, *rest = map(int, date.split("-"))
    month = MONTHS[rest[0] - 1] if rest else ""
    return " ".join(filter(None, (*map(str, rest[1:]), month, str(year))))


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
