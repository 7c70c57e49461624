"""The rows that a table has beside those that an answer shows."""

from collections.abc import Mapping

from qa.figures.tables import tables_around
from qa.query.types import asks_for_several, wants_list
from qa.schema import Answer, Document


def remark_on_more(rows: int) -> str:
    """Return the remark that a table has so many other ``rows``; empty if it has none."""
    return f"There may be more: the table has {rows:,} other row{'s' if rows > 1 else ''}" if rows else ""


def count_unshown(answer: Answer, documents: Mapping[str, Document]) -> int:
    """Return how many rows the table of an ``answer`` that lists several of them has beside these: of those
    that have a cell in common with all that it shows, if these have one.
    """
    if answer.short or not (wants_list(answer.question) or asks_for_several(answer.question)):
        return 0
    tables = tables_around(answer.quotes, documents)
    if len(answer.quotes) < 2 or len(tables) != 1:
        return 0
    text = tables[0].document.text
    rows = {
        span: {(cell.column, text[span.start + cell.shown : span.start + cell.end]) for cell in row}
        for span, row in tables[0].lines
    }
    shown = [span for span in rows if any(span.overlaps(quote.span) for quote in answer.quotes)]
    if len(shown) < 2:
        return 0
    common = set.intersection(*(rows[span] for span in shown))
    return sum(common <= cells for cells in rows.values()) - len(shown)
