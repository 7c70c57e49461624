"""Cut numbered quotes, the sentences that may prove an answer, from ranked passages. Pure."""

from collections.abc import Mapping, Sequence

from qa.query.types import wants_list, wants_order
from qa.retrieval.continuation import Continuations, find_continuations
from qa.retrieval.headings import states_nothing
from qa.retrieval.signals import compute_signals
from qa.schema import Document, Evidence, Hit, Quote, ScoredSentence, Span, place_at

MAX_QUOTES = 4
"""Quotes for an ordinary question: on SQuADShifts the fourth sentence adds 1.7 points of quote recall, the
fifth 1.0 (``recall_at`` in ``weights.json``), and each costs half a second of reading."""

MAX_LIST_QUOTES = 6
"""Quotes for a question that asks for a list."""

MARGIN = 5.0
"""A sentence is not quoted if its ranking logit is this far below the best one's. Set by hand, not fitted:
on the public SQuAD questions it leaves 3.2 quotes of 4 at a quote recall of 0.93."""

QUOTE_CHARS = 2_400
"""The most characters of all quotes together, about 600 tokens of prompt."""


def select_quotes(
    question: str, hits: Sequence[Hit], documents: Mapping[str, Document], asked_in: str = ""
) -> Evidence:
    """Choose and number the quotes for ``question``, best first; none if there are no hits. ``asked_in`` is
    the language of the question, empty where it cannot be told.

    A sentence that opens with a pronoun, or whose speaker is one, is quoted with the sentence before it, so
    that the quote says who is meant; a chosen sentence that goes on from a quote joins it. A heading is never
    a quote by itself. No quote contains another.
    """
    scored = sorted(
        (s for hit in hits for s in hit.sentences if not states_nothing(s.span, documents[s.span.doc_id])),
        key=lambda s: -s.score,
    )
    if not scored:
        return Evidence(question, (), compute_signals(question, 0.0, (), (), ""), asked_in)
    limit = MAX_LIST_QUOTES if wants_list(question) else MAX_QUOTES
    continuations = find_continuations(hits, documents)
    spans: list[Span] = []
    taken = 0
    for sentence in _best_of_each_document(scored) if wants_order(question) else _near_best(scored):
        if taken == limit:
            break
        span = sentence.span
        if before := continuations.needed.get(span):
            span = Span(span.doc_id, before.start, span.end)
        if any(_contains(chosen, span) for chosen in spans):
            continue
        others = [chosen for chosen in spans if not _contains(span, chosen)]
        longer = _with(span, others, continuations)
        if spans and sum(each.end - each.start for each in longer) > QUOTE_CHARS:
            continue
        taken += 1 + len(others) - len(spans)
        spans = longer
    quotes = number_quotes(spans, documents)
    context = _context(quotes[0], hits, documents)
    signals = compute_signals(question, hits[0].score, scored, quotes, context, asked_in)
    return Evidence(question, quotes, signals, asked_in)


def _with(span: Span, spans: Sequence[Span], continuations: Continuations) -> list[Span]:
    """Return ``spans`` and ``span``, joined with those that it goes on from or that go on from it."""
    result: list[Span] = []
    place: int | None = None
    for chosen in spans:
        joined = continuations.join(chosen, span)
        if joined is None:
            result.append(chosen)
            continue
        span = joined
        if place is None:
            place = len(result)
            result.append(joined)
        result[place] = joined
    return result if place is not None else [*result, span]


def _near_best(scored: Sequence[ScoredSentence]) -> list[ScoredSentence]:
    return [sentence for sentence in scored if sentence.score >= scored[0].score - MARGIN]


def _best_of_each_document(scored: Sequence[ScoredSentence]) -> list[ScoredSentence]:
    """Return the best sentence of each document, for a question that compares documents."""
    best: dict[str, ScoredSentence] = {}
    for sentence in scored:
        best.setdefault(sentence.span.doc_id, sentence)
    return list(best.values())


def number_quotes(spans: Sequence[Span], documents: Mapping[str, Document]) -> tuple[Quote, ...]:
    """Cut ``spans`` out of their documents and number them from 1."""
    return tuple(_quote(i, span, documents) for i, span in enumerate(spans, start=1))


def _quote(number: int, span: Span, documents: Mapping[str, Document]) -> Quote:
    document = documents[span.doc_id]
    place = place_at(document, span.start)
    text, language = span.cut(documents), document.language
    return Quote(number, span, text, document.title, document.date, place, language=language)


def _context(quote: Quote, hits: Sequence[Hit], documents: Mapping[str, Document]) -> str:
    """Return the passage that ``quote`` was cut from, followed by its document's metadata."""
    span = next(hit.passage.span for hit in hits if _overlap(hit.passage.span, quote.span))
    document = documents[span.doc_id]
    known = (document.title, document.author, document.publisher, document.place, document.date)
    return " ".join([span.cut(documents), *(part for part in known if part)])


def _overlap(a: Span, b: Span) -> bool:
    return a.doc_id == b.doc_id and a.start < b.end and b.start < a.end


def _contains(outer: Span, inner: Span) -> bool:
    return outer.doc_id == inner.doc_id and outer.start <= inner.start and inner.end <= outer.end
