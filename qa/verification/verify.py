"""Turn drafts into answers: the only door. No other module makes an :class:`~qa.schema.Answer`. Pure.

A drafted sentence reaches the reader only with quotes that support it. The numbers that the model wrote are
a hint where to look first; the code decides which quotes a sentence cites.
"""

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from itertools import chain

from pydantic import TypeAdapter, ValidationError

from qa.errors import AttestError
from qa.query.answer_type import leaves_time_open, missing_answer_type
from qa.schema import Answer, Document, Evidence, Quote, RejectedSentence, Sentence, Timings
from qa.verification.claims import split_draft, strip_citations, verify_sentence
from qa.verification.policy import Verdict
from qa.verification.substitute import best_quote

NOTHING_SUPPORTED = "the quotes do not support any sentence of the draft"
"""The reason for abstaining when verification keeps nothing."""

_ANSWER = TypeAdapter(Answer)


def verify(
    draft: str,
    evidence: Evidence,
    documents: Mapping[str, Document],
    verdict: Verdict,
    *,
    quote_may_answer: bool = False,
) -> Answer:
    """Return an answer of the sentences of ``draft`` that the quotes support; abstain when there are none.

    With ``quote_may_answer`` and a verdict of answerable, a quote that the draft leaned on replaces a draft
    of which nothing is left, if it mentions what the question names: the model may have found the right
    place and worded it badly.

    Raises:
        AttestError: a quote differs from its document at its offsets.
    """
    check_quotes(evidence.quotes, documents)
    kept, rejected = _check_draft(draft, evidence, documents)
    if not kept and quote_may_answer and verdict.answerable:
        quote = best_quote(draft, evidence, documents)
        if quote:
            kept = [Sentence(strip_citations(quote.text), (quote.number,))]
    if not kept:
        return replace(abstain(evidence, documents, verdict, NOTHING_SUPPORTED), cut=tuple(rejected))
    cited = set(chain.from_iterable(sentence.cites for sentence in kept))
    return Answer(
        question=evidence.question,
        resolved=evidence.question,
        sentences=tuple(kept),
        quotes=tuple(quote for quote in evidence.quotes if quote.number in cited),
        nearest=(),
        p_answerable=verdict.p_answerable,
        threshold=verdict.threshold,
        cut=tuple(rejected),
    )


def abstain(evidence: Evidence, documents: Mapping[str, Document], verdict: Verdict, reason: str) -> Answer:
    """Return an answer without sentences that gives a ``reason`` and shows the quotes as nearest passages.

    Raises:
        AttestError: a quote differs from its document at its offsets.
    """
    check_quotes(evidence.quotes, documents)
    return Answer(
        question=evidence.question,
        resolved=evidence.question,
        sentences=(),
        quotes=(),
        nearest=evidence.quotes,
        p_answerable=verdict.p_answerable,
        threshold=verdict.threshold,
        reason=reason,
    )


def combine(question: str, answers: Sequence[Answer]) -> Answer:
    """Join the answers to the parts of ``question`` into one; each part is answered or refused by itself.

    The quotes are numbered through. The probability is that of the surest part.
    """
    if len(answers) == 1:
        return answers[0]
    answered = [answer for answer in answers if answer.answered]
    sentences: list[Sentence] = []
    quotes: list[Quote] = []
    for answer in answered:
        numbers = {quote.number: len(quotes) + i for i, quote in enumerate(answer.quotes, start=1)}
        quotes += [replace(quote, number=numbers[quote.number]) for quote in answer.quotes]
        sentences += [
            replace(sentence, cites=tuple(numbers[n] for n in sentence.cites))
            for sentence in answer.sentences
        ]
    nearest = [] if answered else [quote for answer in answers for quote in answer.nearest]
    surest = max(answers, key=lambda answer: answer.p_answerable)
    return Answer(
        question=question,
        resolved=" ".join(answer.resolved for answer in answers),
        sentences=tuple(sentences),
        quotes=tuple(quotes),
        nearest=tuple(replace(quote, number=i) for i, quote in enumerate(nearest, start=1)),
        p_answerable=surest.p_answerable,
        threshold=surest.threshold,
        reason="" if answered else surest.reason,
        refused=tuple(answer.resolved for answer in answers if not answer.answered) if answered else (),
        cut=tuple(chain.from_iterable(answer.cut for answer in answers)),
        timings=Timings(*(sum(getattr(a.timings, f.name) for a in answers) for f in fields(Timings))),
        note=next((answer.note for answer in answers if answer.note), ""),
        model_failed=any(answer.model_failed for answer in answers),
    )


def restore(record: object, documents: Mapping[str, Document]) -> Answer:
    """Read an answer back from its record (``dataclasses.asdict``) and check its quotes again.

    Raises:
        AttestError: ``record`` is not that of an answer, or a quote differs from its document.
    """
    try:
        answer: Answer = _ANSWER.validate_python(record)
    except ValidationError as error:
        raise AttestError("This saved answer is damaged; ask again") from error
    numbers = {quote.number for quote in answer.quotes}
    if any(not set(sentence.cites) <= numbers for sentence in answer.sentences):
        raise AttestError("This saved answer is damaged; ask again")
    try:
        check_quotes([*answer.quotes, *answer.nearest], documents)
    except AttestError as error:
        raise AttestError("A document that this answer quotes has changed or is gone; ask again") from error
    return answer


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


def _check_draft(
    draft: str, evidence: Evidence, documents: Mapping[str, Document]
) -> tuple[list[Sentence], list[RejectedSentence]]:
    """Return the sentences of ``draft`` to keep, each once, and those to reject."""
    kept: list[Sentence] = []
    rejected: list[RejectedSentence] = []
    language = evidence.quotes[0].language if evidence.quotes else ""
    for written in split_draft(draft, language):
        for checked in verify_sentence(written, evidence, documents):
            if isinstance(checked, RejectedSentence):
                rejected.append(checked)
            elif checked.text not in {sentence.text for sentence in kept}:
                kept.append(checked)
    text = " ".join(sentence.text for sentence in kept)
    missing = missing_answer_type(text, evidence.question, language)
    if kept and missing:
        return [], [*rejected, *(RejectedSentence(sentence.text, missing) for sentence in kept)]
    if leaves_time_open(text, evidence.question, language):
        # The sentences are supported but leave out the time; their quotes may have it.
        texts = {quote.number: strip_citations(quote.text) for quote in evidence.quotes}
        kept = [replace(sentence, text=texts[sentence.cites[0]]) for sentence in kept]
    return kept, rejected
