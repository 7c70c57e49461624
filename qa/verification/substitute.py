"""Choose the quote that answers by itself when verification keeps nothing of the draft. Pure."""

from collections.abc import Mapping

from qa.nlp.entities import mentions, names_in
from qa.nlp.terms import content_terms
from qa.query.answer_type import missing_answer_type
from qa.query.types import is_joint, wants_statement, wants_yes_or_no
from qa.schema import Document, Evidence, Quote
from qa.verification.relevance import is_outdone

NEARBY_CHARS = 400
"""Characters before and after a quote in which the question's names must be if the quote is to answer by
itself: two or three sentences, as far as a pronoun reaches. Set by hand."""


def best_quote(draft: str, evidence: Evidence, documents: Mapping[str, Document]) -> Quote | None:
    """Return the quote to show instead of ``draft``; None where none is fit.

    A quote is fit when it shares words with the draft, has what the question asks for, and stands where the
    question's names are mentioned. The best one shares most with what the draft adds to the question. A draft
    may add nothing to a yes-or-no question; then the best one mentions most of the question's names.

    Where the question is in another language than the quotes, neither its names nor the words of a draft
    need be in them, and the best one is the one that retrieval put first, unless the draft shares words with
    another.
    """
    question, quotes = evidence.question, evidence.quotes
    yes_or_no = wants_yes_or_no(question)
    may_repeat = yes_or_no or wants_statement(question)

    foreign = bool(evidence.foreign_language)

    def names(quote: Quote) -> frozenset[str]:
        return frozenset() if foreign or is_joint(question) else names_in(question, quote.language)

    def shared(quote: Quote) -> frozenset[str]:
        drafted = content_terms(draft, quote.language)
        added = drafted if may_repeat else drafted - content_terms(question, quote.language)
        return added & content_terms(quote.text, quote.language)

    def likeness(quote: Quote) -> tuple[int, int]:
        mentioned = mentions(f"{quote.text} {quote.title}", quote.language) if yes_or_no else frozenset()
        return len(names(quote) & mentioned), len(shared(quote))

    fit = [
        quote
        for quote in quotes
        if (foreign or shared(quote))
        and names(quote) <= mentions(f"{_surroundings(quote, documents)} {quote.title}", quote.language)
        and not missing_answer_type(quote.text, question, quote.language)
        and not is_outdone(quote, quotes, question)
    ]
    return max(fit, key=likeness, default=None)


def _surroundings(quote: Quote, documents: Mapping[str, Document]) -> str:
    """Return the quote with ``NEARBY_CHARS`` of its document on either side."""
    span = quote.span
    return documents[span.doc_id].text[max(0, span.start - NEARBY_CHARS) : span.end + NEARBY_CHARS]
