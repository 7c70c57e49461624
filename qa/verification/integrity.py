"""Check that what an answer shows is cut verbatim from the documents. Pure."""

from collections.abc import Mapping, Sequence
from itertools import chain

from qa.errors import AttestError
from qa.schema import Answer, Document, Highlight, Quote, QuotedWords, ShortAnswer


def check_quotes(quotes: Sequence[Quote], documents: Mapping[str, Document]) -> None:
    """Check that every quote is cut verbatim from the place it names.

    Raises:
        AttestError: one is not; the message names its document and offsets.
    """
    for quote in quotes:
        span = quote.span
        document = documents.get(span.doc_id)
        if document is None or not quote.text or document.text[span.start : span.end] != quote.text:
            raise AttestError(
                f"Quote {quote.number} differs from {span.doc_id} at {span.start}–{span.end}; "
                "rebuild the index with: attest index"
            )


def check_words(
    words: ShortAnswer | QuotedWords | Highlight,
    quotes: Sequence[Quote],
    documents: Mapping[str, Document],
) -> None:
    """Check that ``words`` are cut verbatim from inside the quote that they name, and the unit of a short
    answer from its document.

    Raises:
        AttestError: they are not.
    """
    quote = next((quote for quote in quotes if quote.number == words.quote), None)
    inside = quote and quote.span.doc_id == words.span.doc_id
    inside = inside and quote and quote.span.start <= words.span.start < words.span.end <= quote.span.end
    if not inside or words.span.cut(documents) != words.text:
        raise AttestError(f"“{words.text}” differs from quote {words.quote}; ask again")
    unit = words.unit if isinstance(words, ShortAnswer) else None
    if unit and (unit.span.doc_id != words.span.doc_id or unit.span.cut(documents) != unit.text):
        raise AttestError(f"“{unit.text}” differs from the document of quote {words.quote}; ask again")


def words_of(answer: Answer) -> list[ShortAnswer | QuotedWords | Highlight]:
    """Return all words of an answer that are cut from inside one of its quotes."""
    sides = chain.from_iterable(conflict.sides for conflict in answer.conflicts)
    operands = chain.from_iterable(figure.operands for figure in answer.figures)
    named = answer.highlights.all if answer.highlights else ()
    return [*([answer.short] if answer.short else []), *sides, *operands, *named]
