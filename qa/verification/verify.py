"""Draft to Answer: the only door. Pure; no other module makes an :class:`~qa.schema.Answer`.

A drafted sentence reaches the reader only with quotes that bear it out. The numbers the model wrote
are a hint where to look first; which quotes a sentence cites is decided here.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from itertools import chain

from pydantic import TypeAdapter, ValidationError

from qa.errors import AttestError
from qa.nlp.dates import spoken
from qa.nlp.entities import mentioned, named
from qa.nlp.polarity import says_so
from qa.nlp.sentences import sentences
from qa.nlp.terms import content_terms
from qa.query.answer_type import leaves_time_open, missing_answer_type
from qa.query.types import is_joint, wants_statement, wants_yes_or_no
from qa.schema import Answer, Cut, Document, Quote, Sentence, Timings
from qa.verification.relevance import irrelevance
from qa.verification.support import QuoteContext, clauses, stands_alone, unsupported_reason

NEARBY = 400
"""Characters before and after a quote within which the question's names must stand if the quote is to be
the answer by itself: two or three sentences, as far as a pronoun reaches. Set by hand."""

_ANSWER = TypeAdapter(Answer)

_MARK = re.compile(r"\s*\[\s*\d+(?:\s*[,;–-]\s*\d+)*\s*\]")
_DIGITS = re.compile(r"\d+")
_LEAD = re.compile(r"^\s*(?:[-*•]\s+|\d+[.)]\s+)")
_VERDICT = re.compile(r"^(yes|no)(?:\s*[,.:;—–]+\s*|\s*$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Verdict:
    """How sure the judge is that the quotes answer the question."""

    p_answerable: float
    threshold: float

    @property
    def answerable(self) -> bool:
        """Whether the probability reaches the threshold."""
        return self.p_answerable >= self.threshold


def verify(
    draft: str,
    *,
    question: str,
    resolved: str,
    quotes: Sequence[Quote],
    documents: Mapping[str, Document],
    verdict: Verdict,
    timings: Timings = Timings(),
    quote_instead: bool = False,
) -> Answer:
    """Keep the sentences of ``draft`` that ``quotes`` bear out; abstain when none is left.

    With ``quote_instead`` and a verdict of answerable, the quote that a draft leaned on takes the place
    of a draft of which nothing is left, if it names what the question names: the finding may be right
    where the wording was not.

    Raises:
        AttestError: a quote is not what its document says at its offsets.
    """
    check_quotes(quotes, documents)
    kept: list[Sentence] = []
    cut: list[Cut] = []
    for written in _draft_sentences(draft):
        for verified in verify_sentence(written, resolved, quotes, documents):
            if isinstance(verified, Cut):
                cut.append(verified)
            elif verified.text not in {sentence.text for sentence in kept}:
                kept.append(verified)
    missing = missing_answer_type(" ".join(sentence.text for sentence in kept), resolved)
    if kept and missing:
        cut += [Cut(sentence.text, missing) for sentence in kept]
        kept = []
    if kept and leaves_time_open(" ".join(sentence.text for sentence in kept), resolved):
        # The sentence is borne out and yet leaves out what was asked; its quote may have it.
        texts = {quote.number: _MARK.sub("", quote.text) for quote in quotes}
        kept = [replace(sentence, text=texts[sentence.cites[0]]) for sentence in kept]
    if not kept and quote_instead and verdict.answerable:
        speaking = _speaks_for_itself(draft, quotes, resolved, documents)
        if speaking:
            kept.append(Sentence(_MARK.sub("", speaking.text), (speaking.number,)))
    if not kept:
        answer = abstain(
            question=question,
            resolved=resolved,
            nearest=quotes,
            documents=documents,
            verdict=verdict,
            reason="nothing that the model wrote is borne out by the quotes",
            timings=timings,
        )
        return replace(answer, cut=tuple(cut))
    cited = set(chain.from_iterable(sentence.cites for sentence in kept))
    return Answer(
        question=question,
        resolved=resolved,
        sentences=tuple(kept),
        quotes=tuple(quote for quote in quotes if quote.number in cited),
        nearest=(),
        p_answerable=verdict.p_answerable,
        threshold=verdict.threshold,
        cut=tuple(cut),
        timings=timings,
    )


def abstain(
    *,
    question: str,
    resolved: str,
    nearest: Sequence[Quote],
    documents: Mapping[str, Document],
    verdict: Verdict,
    reason: str,
    timings: Timings = Timings(),
) -> Answer:
    """An answer that says it has none, and shows what came nearest.

    Raises:
        AttestError: a quote is not what its document says at its offsets.
    """
    check_quotes(nearest, documents)
    return Answer(
        question=question,
        resolved=resolved,
        sentences=(),
        quotes=(),
        nearest=tuple(nearest),
        p_answerable=verdict.p_answerable,
        threshold=verdict.threshold,
        reason=reason,
        timings=timings,
    )


def combine(question: str, answers: Sequence[Answer]) -> Answer:
    """The answers to the parts of ``question`` as one: each part answered or refused on its own.

    Quotes are numbered through; the probability is that of the surest part.
    """
    if len(answers) == 1:
        return answers[0]
    answered = [answer for answer in answers if answer.answered]
    sentences_: list[Sentence] = []
    quotes: list[Quote] = []
    for answer in answered:
        renumbered = {quote.number: len(quotes) + i for i, quote in enumerate(answer.quotes, start=1)}
        quotes += [replace(quote, number=renumbered[quote.number]) for quote in answer.quotes]
        sentences_ += [
            replace(sentence, cites=tuple(renumbered[n] for n in sentence.cites))
            for sentence in answer.sentences
        ]
    nearest = [] if answered else [quote for answer in answers for quote in answer.nearest]
    surest = max(answers, key=lambda answer: answer.p_answerable)
    return Answer(
        question=question,
        resolved=" ".join(answer.resolved for answer in answers),
        sentences=tuple(sentences_),
        quotes=tuple(quotes),
        nearest=tuple(replace(quote, number=i) for i, quote in enumerate(nearest, start=1)),
        p_answerable=surest.p_answerable,
        threshold=surest.threshold,
        reason="" if answered else surest.reason,
        refused=tuple(answer.resolved for answer in answers if not answer.answered) if answered else (),
        cut=tuple(chain.from_iterable(answer.cut for answer in answers)),
        timings=Timings(*(sum(getattr(a.timings, f.name) for a in answers) for f in fields(Timings))),
        note=next((answer.note for answer in answers if answer.note), ""),
    )


def restore(record: object, documents: Mapping[str, Document]) -> Answer:
    """An answer out of its record (``dataclasses.asdict``), if its quotes still stand in ``documents``.

    Raises:
        AttestError: they do not, or ``record`` is not that of an answer.
    """
    try:
        answer: Answer = _ANSWER.validate_python(record)
    except ValidationError as error:
        raise AttestError("This answer was not kept whole; ask again") from error
    numbers = {quote.number for quote in answer.quotes}
    if any(not set(sentence.cites) <= numbers for sentence in answer.sentences):
        raise AttestError("This answer was not kept whole; ask again")
    try:
        check_quotes([*answer.quotes, *answer.nearest], documents)
    except AttestError as error:
        raise AttestError("A document that this answer quotes has changed or is gone; ask again") from error
    return answer


def check_quotes(quotes: Sequence[Quote], documents: Mapping[str, Document]) -> None:
    """Make sure that every quote is cut verbatim from the place it names.

    Raises:
        AttestError: one is not; the message names document and offsets.
    """
    for quote in quotes:
        span = quote.span
        document = documents.get(span.doc_id)
        if document is None or not quote.text or document.text[span.start : span.end] != quote.text:
            raise AttestError(
                f"Quote {quote.number} is not what {span.doc_id} says at {span.start}–{span.end}; "
                "rebuild the index with: attest index"
            )


def _draft_sentences(draft: str) -> list[str]:
    """The sentences of a draft, each with the citation marks that follow it."""
    found: list[str] = []
    for line in draft.splitlines():
        line = _LEAD.sub("", line).strip()
        for start, end in sentences(line):
            written = line[start:end]
            bare = not _MARK.sub("", written).strip(" .")
            if found and (bare or _VERDICT.fullmatch(found[-1])):
                found[-1] += " " + written
            else:
                found.append(written)
    return found


def verify_sentence(
    written: str, question: str, quotes: Sequence[Quote], documents: Mapping[str, Document]
) -> list[Sentence | Cut]:
    """What becomes of one drafted sentence.

    A whole sentence rests on one quote; failing that, each of its clauses that rests on one of its own
    is kept, and the others are cut. Two fragments of different quotes never make one claim.
    """
    marked = {int(n) for mark in _MARK.findall(written) for n in _DIGITS.findall(mark)}
    text = _MARK.sub("", written).strip()
    if pointless := irrelevance(text, question):
        return [Cut(text, pointless)]
    ordered = sorted(quotes, key=lambda quote: (quote.number not in marked, quote.number))
    whole = _verify_claim(text, question, ordered, documents)
    parts = clauses(text)
    if isinstance(whole, Sentence) or len(parts) == 1:
        return [whole]
    verified = [_verify_claim(part, question, ordered, documents) for part in parts]
    if not any(isinstance(part, Sentence) for part in verified):
        return [whole]
    if all(isinstance(part, Sentence) for part in verified):
        return [Sentence(text, _cited(verified))]
    if any(isinstance(p, Sentence) and not stands_alone(p.text) for p in verified[1:]):
        return [whole]
    return verified


def _verify_claim(
    text: str, question: str, quotes: Sequence[Quote], documents: Mapping[str, Document]
) -> Sentence | Cut:
    """``text`` with the one quote that bears it out, or why none does."""
    verdict = _VERDICT.match(text)
    claim = text[verdict.end() :] if verdict else text
    said = content_terms(claim)
    supporter = next((q for q in quotes if q.text == text), None) or _supporter(claim, quotes, documents)
    if supporter is None:
        closest = max(quotes, key=lambda quote: len(said & content_terms(quote.text)), default=None)
        reason = (
            unsupported_reason(claim, _source(closest, documents)) if closest else "there is no quote for it"
        )
        return Cut(text, reason)
    if verdict and says_so(question, supporter.text) not in (None, verdict[1].lower() == "yes"):
        return Cut(text, f"quote {supporter.number} does not say “{verdict[1]}”")
    if _outdone(supporter, quotes, question):
        return Cut(text, f"quote {supporter.number} says less of what was asked about than another")
    return Sentence(text, (supporter.number,))


def _supporter(claim: str, quotes: Sequence[Quote], documents: Mapping[str, Document]) -> Quote | None:
    """The quote that bears ``claim`` out: of several, the first in order that shares most with it."""
    said = content_terms(claim)
    likely = sorted(quotes, key=lambda quote: -len(said & content_terms(quote.text)))
    return next((quote for quote in likely if not unsupported_reason(claim, _source(quote, documents))), None)


def _cited(parts: Sequence[Sentence | Cut]) -> tuple[int, ...]:
    return tuple(sorted({n for part in parts if isinstance(part, Sentence) for n in part.cites}))


def _speaks_for_itself(
    draft: str, quotes: Sequence[Quote], question: str, documents: Mapping[str, Document]
) -> Quote | None:
    """The quote to show in place of ``draft``: the one that shares most with what the draft adds to the
    question, of those that bring what is asked for and stand where the question's names are spoken of.
    To a yes or no a draft may add nothing; then the quote that names most of what was asked about.
    """
    about = frozenset() if is_joint(question) else named(question)
    yes_or_no = wants_yes_or_no(question)
    repeats = yes_or_no or wants_statement(question)
    said = content_terms(draft) if repeats else content_terms(draft) - content_terms(question)
    fit = [
        quote
        for quote in quotes
        if said & content_terms(quote.text)
        and about <= mentioned(f"{_around(quote, documents)} {quote.title}")
        and not missing_answer_type(quote.text, question)
        and not _outdone(quote, quotes, question)
    ]

    def likeness(quote: Quote) -> tuple[int, int]:
        own = len(about & mentioned(f"{quote.text} {quote.title}")) if yes_or_no else 0
        return own, len(said & content_terms(quote.text))

    return max(fit, key=likeness, default=None)


def _around(quote: Quote, documents: Mapping[str, Document]) -> str:
    span = quote.span
    return documents[span.doc_id].text[max(0, span.start - NEARBY) : span.end + NEARBY]


def _outdone(quote: Quote, quotes: Sequence[Quote], question: str) -> bool:
    """Whether the question is what somebody said about something, and another quote has all of its names
    that ``quote`` has, and more: then speaker and subject are not both honoured here.
    """
    if not wants_statement(question):
        return False
    about = named(question)
    has = [about & mentioned(f"{other.text} {other.title}") for other in (quote, *quotes)]
    return any(has[0] < other for other in has)


def _source(quote: Quote, documents: Mapping[str, Document]) -> QuoteContext:
    document = documents[quote.span.doc_id]
    date = document.date and spoken(document.date)
    known = (document.title, document.author, document.publisher, document.place, document.date, date)
    return QuoteContext(quote.text, document.text, " ".join(part for part in known if part))
