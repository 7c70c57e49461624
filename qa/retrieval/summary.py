"""Choose the main sentences of documents, for a question that asks what they are about. Pure.

A sentence is central if it has the words that the document uses most and others do not (Nenkova and
Vanderwende 2005, "The Impact of Frequency on Summarization", with rarity as the weight of a word). Nothing is
composed: a summary here is a choice of quotes.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

from qa.nlp.headings import states_nothing
from qa.nlp.sentences import sentences
from qa.nlp.terms import content_terms
from qa.retrieval.evidence import QUOTE_CHARS, number_quotes
from qa.schema import Document, Quote, Rarity, Span

MAX_DOCUMENTS = 6
"""Most documents that are summarised at once: more would not fit on a screen."""

SENTENCES = 3
"""Main sentences of each document."""

READ_CHARS = 60_000
"""Characters of a document that are looked at, from its start: about twenty pages."""

MIN_WORDS = 6
"""Words of substance that a main sentence has at least: with fewer it says too little by itself."""


def named_documents(question: str, documents: Mapping[str, Document], ids: Sequence[str]) -> list[str]:
    """Return those of ``ids`` that share most words of their title with the question; all of them where none
    shares any.
    """
    asked = content_terms(question)
    shared = {each: len(asked & content_terms(documents[each].title)) for each in ids}
    most = max(shared.values(), default=0)
    return [each for each in ids if shared[each] == most]


def select_main_sentences(
    ids: Sequence[str], documents: Mapping[str, Document], rarity: Rarity
) -> tuple[Quote, ...]:
    """Return the main sentences of the first ``MAX_DOCUMENTS`` documents of ``ids``, in their order."""
    spans: list[Span] = []
    room = QUOTE_CHARS
    for doc_id in ids[:MAX_DOCUMENTS]:
        own = sorted(_central(documents[doc_id], rarity), key=lambda span: span.start)
        for span in own:
            if span.end - span.start <= room or not spans:
                spans.append(span)
                room -= span.end - span.start
    return number_quotes(spans, documents)


def _central(document: Document, rarity: Rarity) -> list[Span]:
    text, language = document.text[:READ_CHARS], document.language
    spans = [Span(document.id, start, end) for start, end in sentences(text, language)]
    terms = {span: content_terms(document.text[span.start : span.end], language) for span in spans}
    counts = Counter(term for found in terms.values() for term in found)
    weights = {term: count * rarity(term) for term, count in counts.items()}
    chosen: list[Span] = []
    open_ = [span for span in spans if len(terms[span]) >= MIN_WORDS and not states_nothing(span, document)]
    while open_ and len(chosen) < SENTENCES:
        best = max(open_, key=lambda span: sum(weights[term] for term in terms[span]) / len(terms[span]))
        chosen.append(best)
        open_.remove(best)
        for term in terms[best]:  # what has been said counts less
            weights[term] *= 0.25
    return chosen
