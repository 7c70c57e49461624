"""Cut numbered quotes, the sentences that may prove an answer, from ranked passages. Pure."""

import re
from collections.abc import Mapping, Sequence

from rapidfuzz.distance import Indel

from qa.nlp.headings import states_nothing
from qa.query.asked_row import is_another_row
from qa.query.types import wants_list, wants_order
from qa.retrieval.asked_column import prefer_asked_column
from qa.retrieval.asked_name import prefer_named_row
from qa.retrieval.document_date import prefer_dated
from qa.retrieval.labelled_value import prefer_labelled
from qa.retrieval.scope import prefer_meant
from qa.retrieval.signals import compute_signals
from qa.retrieval.whole_year import prefer_whole_year
from qa.schema import Document, Evidence, Hit, Quote, ScoredSentence, Span, cut_quote, nearest_headings

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

NEAR = 0.15
"""The largest share of words in which two sentences of a document may differ and say nearly the same. Set by
hand: over the mixed folder (``python -m eval.office``) it makes room for the evidence of one more of 40
questions; sentences of encyclopedias hardly ever come so near to each other."""

_WORD = re.compile(r"\w+")
_PRONOUN = re.compile(
    r"^\W*(he|she|it|they|this|these|those|his|her|its|their)\b"
    r"|\b(he|she|they) (said|says|added|noted|told|wrote)\b",
    re.IGNORECASE,
)


def select_quotes(
    question: str, hits: Sequence[Hit], documents: Mapping[str, Document], asked_in: str = ""
) -> Evidence:
    """Choose and number the quotes for ``question``, best first; none if no hit may be quoted.
    ``asked_in`` is the language of the question, empty where it cannot be told.

    A sentence that opens with a pronoun, or whose speaker is one, is quoted with the sentence before it, so
    that the quote says who is meant. A heading is never a quote by itself. No quote contains another, and
    what a document says twice, such as the words at the foot of its pages, is quoted once, unless a list is
    asked for: then what comes again with another name is an item of it. Of rows of one name the one that the
    question means comes first; rows that lack a number or the year of the question come last. Those with
    a column that the question names come before others of the name. A figure of a year comes before one of a
    part of it, and before all the line of a form that is called as the question says, or that dates the
    document which it asks the date of.
    """
    background = [each for hit in hits if hit.is_background for each in _stating(hit, documents)]
    hits = [hit for hit in hits if not hit.is_background]
    stating = [each for hit in hits for each in _stating(hit, documents)]
    others = {each.span for each in stating if _is_another_row(question, each.span, documents)}
    scored = sorted(stating, key=lambda each: (each.span in others, -each.score))
    scored = prefer_asked_column(question, _with_words(scored, documents), documents)
    scored = prefer_named_row(question, scored, documents)
    scored.sort(key=lambda each: each.span in others)
    if not scored:
        return Evidence(question, (), compute_signals(question, 0.0, (), (), ""), asked_in)
    limit, near = (MAX_LIST_QUOTES, 0.0) if wants_list(question) else (MAX_QUOTES, NEAR)
    previous = {
        sentence.span: hit.sentences[i - 1].span
        for hit in hits
        for i, sentence in enumerate(hit.sentences)
        if i and _PRONOUN.search(sentence.span.cut(documents))
    }
    spans: list[Span] = []
    best = _best_of_each_document(scored) if wants_order(question) else _near_best(scored)
    best = prefer_dated(question, prefer_labelled(question, best, scored, documents), scored, documents)
    meant = prefer_meant(question, best, documents)
    for sentence in prefer_whole_year(question, meant, documents):
        span = sentence.span
        if len(spans) == limit:
            break
        if span in previous:
            span = Span(span.doc_id, previous[span].start, span.end)
        if any(chosen.contains(span) or _repeats(chosen, span, documents, near) for chosen in spans):
            continue
        room = QUOTE_CHARS - sum(chosen.end - chosen.start for chosen in spans)
        if spans and span.end - span.start > room:
            continue
        spans = [chosen for chosen in spans if not span.contains(chosen)] + [span]
    quotes = number_quotes(spans, documents)
    context = _context(quotes[0], hits, documents)
    signals = compute_signals(question, hits[0].score, scored, quotes, context, asked_in, background)
    return Evidence(question, quotes, signals, asked_in)


def _stating(hit: Hit, documents: Mapping[str, Document]) -> list[ScoredSentence]:
    return [s for s in hit.sentences if not states_nothing(s.span, documents[s.span.doc_id])]


def _with_words(scored: list[ScoredSentence], documents: Mapping[str, Document]) -> list[ScoredSentence]:
    """Return ``scored`` without the marks that stand alone, such as a rule, unless there is nothing else."""
    return [each for each in scored if any(map(str.isalnum, each.span.cut(documents)))] or scored


def _is_another_row(question: str, span: Span, documents: Mapping[str, Document]) -> bool:
    document = documents[span.doc_id]
    over = "\n".join((document.title, *nearest_headings(document, span.start)))
    return is_another_row(question, span.cut(documents), over, document.language)


def _near_best(scored: Sequence[ScoredSentence]) -> list[ScoredSentence]:
    return [sentence for sentence in scored if sentence.score >= scored[0].score - MARGIN]


def _best_of_each_document(scored: Sequence[ScoredSentence]) -> list[ScoredSentence]:
    """Return the best sentence of each document, for a question that compares documents."""
    best: dict[str, ScoredSentence] = {}
    for sentence in scored:
        best.setdefault(sentence.span.doc_id, sentence)
    return list(best.values())


def number_quotes(
    spans: Sequence[Span], documents: Mapping[str, Document], first: int = 1
) -> tuple[Quote, ...]:
    """Cut ``spans`` out of their documents and number them from ``first``."""
    return tuple(cut_quote(i, span, documents) for i, span in enumerate(spans, start=first))


def _context(quote: Quote, hits: Sequence[Hit], documents: Mapping[str, Document]) -> str:
    """Return the passage that ``quote`` was cut from, followed by its document's metadata. A row that was
    found beside a hit of the same name has no passage, and stands for itself.
    """
    passages = (hit.passage.span for hit in hits if hit.passage.span.overlaps(quote.span))
    span = next(passages, quote.span)
    document = documents[span.doc_id]
    known = (document.title, document.author, document.publisher, document.place, document.date)
    return " ".join([span.cut(documents), *(part for part in known if part)])


def _repeats(a: Span, b: Span, documents: Mapping[str, Document], near: float) -> bool:
    """Return whether one document says the same at both places but for the share ``near`` of the words, none
    of them a number: a sentence that comes again with another name in it.
    """
    if a.doc_id != b.doc_id:
        return False
    one, other = (_WORD.findall(span.cut(documents).lower()) for span in (a, b))
    return Indel.normalized_distance(one, other) <= near and _numbers(one) == _numbers(other)


def _numbers(words: Sequence[str]) -> list[str]:
    return [word for word in words if any(map(str.isdigit, word))]
