"""Turn drafts into answers: the only door. No other module makes an :class:`~qa.schema.Answer`. Pure.

A drafted sentence reaches the reader only with quotes that support it. The numbers that the model wrote are
a hint where to look first; the code decides which quotes a sentence cites.
"""

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from itertools import chain

from pydantic import TypeAdapter, ValidationError

from qa.errors import AttestError
from qa.query.answer_type import expected_answer_type, leaves_time_open, missing_answer_type
from qa.query.types import asks_what_was_said
from qa.schema import (
    Answer,
    Conflict,
    Document,
    Evidence,
    Figure,
    Quote,
    QuotedWords,
    RejectedSentence,
    Sentence,
    ShortAnswer,
    Timings,
    cut_quote,
)
from qa.verification.citing import is_word_for_word, strip_citations, unquoted_spans
from qa.verification.claims import split_draft, verify_sentence
from qa.verification.continuation import find_continuation
from qa.verification.integrity import check_quotes, check_words, words_of
from qa.verification.policy import Checker, Verdict
from qa.verification.short_answer import gives_short_answer
from qa.verification.statements import select_statements
from qa.verification.translation import gives_numbers, language_of

NOTHING_SUPPORTED = "the quotes do not support any sentence of the draft"
"""The reason for abstaining when verification keeps nothing."""

OTHER_ANSWER = "it does not give the short answer"
"""The reason for leaving out sentences that are supported but answer otherwise."""

UNCLEAR = "the documents have answers for several things"
"""The reason for asking back which of them is meant."""

_ANSWER = TypeAdapter(Answer)


def verify(
    draft: str,
    evidence: Evidence,
    documents: Mapping[str, Document],
    verdict: Verdict,
    *,
    short: ShortAnswer | None = None,
    checker: Checker | None = None,
    word_for_word: bool = False,
) -> Answer:
    """Return an answer of the sentences of ``draft`` that the quotes support; abstain when there are none.

    A sentence that is not a copy needs the consent of the ``checker``, if there is one; ``word_for_word``
    lets copies pass alone. A ``short`` answer stands with the quote that it is cut from, whatever is left of
    the draft, unless a sentence of it gives that; what gives another number or name is left out. Where
    nothing is left and the question asks what somebody said, or is in another language than the quotes, these
    are shown as passages.

    Raises:
        AttestError: a quote differs from its document at its offsets.
    """
    check_quotes(evidence.quotes, documents)
    if short:
        check_words(short, evidence.quotes, documents)
    kept, rejected = _check_draft(draft, evidence, documents, checker)
    if word_for_word:
        kept, paraphrased = _copies(kept, evidence.quotes)
        rejected += paraphrased
    if short:
        is_given = any(_gives_short_answer(sentence, short, evidence) for sentence in kept)
        if not is_given and expected_answer_type(evidence.question):
            rejected += [RejectedSentence(sentence.text, OTHER_ANSWER) for sentence in kept]
            kept = []
        if not is_given or short.quote not in {number for sentence in kept for number in sentence.cites}:
            kept.insert(0, _as_sentence(evidence.quotes, short.quote))
    passages = [] if kept else select_statements(evidence)
    if not kept and not passages:
        return replace(abstain(evidence, documents, verdict, NOTHING_SUPPORTED), cut=tuple(rejected))
    kept += [_as_sentence(passages, quote.number) for quote in passages]
    quotes = evidence.quotes
    if asks_what_was_said(evidence.question):
        kept, quotes = _continue(kept, quotes, documents)
    cited = set(chain.from_iterable(sentence.cites for sentence in kept)) | (
        {short.quote} if short else set()
    )
    return Answer(
        question=evidence.question,
        resolved=evidence.question,
        sentences=tuple(kept),
        quotes=tuple(quote for quote in quotes if quote.number in cited),
        nearest=(),
        p_answerable=verdict.p_answerable,
        threshold=verdict.threshold,
        cut=tuple(rejected),
        short=short,
        passages_only=bool(passages),
    )


def present(evidence: Evidence, documents: Mapping[str, Document], verdict: Verdict) -> Answer:
    """Return the quotes themselves as passages to read, without a draft; abstain where there are none. Each
    of them has to have what the question asks for, such as a number or a name.

    Raises:
        AttestError: a quote differs from its document at its offsets.
    """
    fit = [q for q in evidence.quotes if not missing_answer_type(q.text, evidence.question, q.language)]
    answer = verify(quote_lines(fit), evidence, documents, verdict)
    return replace(answer, passages_only=answer.answered, cut=())


def present_all(evidence: Evidence, documents: Mapping[str, Document], verdict: Verdict) -> Answer:
    """Return each quote as a passage to read, whatever the others say; there is at least one.

    Raises:
        AttestError: a quote differs from its document at its offsets.
    """
    check_quotes(evidence.quotes, documents)
    return Answer(
        question=evidence.question,
        resolved=evidence.question,
        sentences=tuple(_as_sentence(evidence.quotes, quote.number) for quote in evidence.quotes),
        quotes=evidence.quotes,
        nearest=(),
        p_answerable=verdict.p_answerable,
        threshold=verdict.threshold,
        passages_only=True,
    )


def state_rows(evidence: Evidence, documents: Mapping[str, Document], verdict: Verdict) -> Answer:
    """Return an answer of rows of a table that have what is asked for; there is at least one.

    Raises:
        AttestError: a quote differs from its document at its offsets.
    """
    return replace(present_all(evidence, documents, verdict), passages_only=False)


def state_figures(
    figures: Sequence[Figure],
    quotes: Sequence[Quote],
    evidence: Evidence,
    documents: Mapping[str, Document],
    verdict: Verdict,
) -> Answer:
    """Return an answer of what code computed from ``quotes``, which stand below it word for word.

    Raises:
        AttestError: a quote differs from its document at its offsets, or a number is not in its quote.
    """
    check_quotes(quotes, documents)
    answer = Answer(
        question=evidence.question,
        resolved=evidence.question,
        sentences=tuple(_as_sentence(quotes, quote.number) for quote in quotes),
        quotes=tuple(quotes),
        nearest=(),
        p_answerable=verdict.p_answerable,
        threshold=verdict.threshold,
        figures=tuple(figures),
    )
    for words in words_of(answer):
        check_words(words, quotes, documents)
    return answer


def show_conflicts(
    answer: Answer, conflicts: Sequence[Conflict], evidence: Evidence, documents: Mapping[str, Document]
) -> Answer:
    """Return ``answer`` with the ``conflicts`` between quotes of ``evidence``, and with these quotes; an
    abstention, and an answer whose quotes none of them is about, as it is.

    Raises:
        AttestError: what a side says is not in its quote.
    """
    cited = {quote.number for quote in answer.quotes}
    about = [each for each in conflicts if cited & {side.quote for side in each.sides}]
    if not answer.answered or not about:
        return answer
    for side in chain.from_iterable(conflict.sides for conflict in about):
        check_words(side, evidence.quotes, documents)
        cited.add(side.quote)
    quotes = tuple(quote for quote in evidence.quotes if quote.number in cited)
    return replace(answer, quotes=quotes, conflicts=tuple(about))


def quote_lines(quotes: Sequence[Quote]) -> str:
    """Return ``quotes`` one a line, each citing itself."""
    return "\n".join(f"{quote.text} [{quote.number}]" for quote in quotes)


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


def join(question: str, answers: Sequence[Answer]) -> Answer:
    """Join the answers to the parts of ``question`` into one; each part is answered or refused by itself.

    The quotes are numbered through. The probability is that of the surest part.
    """
    if len(answers) == 1:
        return answers[0]
    answered = [answer for answer in answers if answer.answered]
    sentences: list[Sentence] = []
    quotes: list[Quote] = []
    conflicts: list[Conflict] = []
    figures: list[Figure] = []
    for answer in answered:
        numbers = {quote.number: len(quotes) + i for i, quote in enumerate(answer.quotes, start=1)}
        quotes += [replace(quote, number=numbers[quote.number]) for quote in answer.quotes]
        sentences += [
            replace(sentence, cites=tuple(numbers[n] for n in sentence.cites))
            for sentence in answer.sentences
        ]
        conflicts += [replace(each, sides=_renumbered(each.sides, numbers)) for each in answer.conflicts]
        figures += [replace(each, operands=_renumbered(each.operands, numbers)) for each in answer.figures]
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
        passages_only=bool(answered) and all(answer.passages_only for answer in answered),
        conflicts=tuple(conflicts),
        figures=tuple(figures),
    )


def _renumbered(words: Sequence[QuotedWords], numbers: Mapping[int, int]) -> tuple[QuotedWords, ...]:
    return tuple(replace(each, quote=numbers[each.quote]) for each in words)


def restore(record: object, documents: Mapping[str, Document]) -> Answer:
    """Read an answer back from its record (``dataclasses.asdict``) and check its quotes again. Which of its
    words are in no quote is told anew.

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
        for words in words_of(answer):
            check_words(words, answer.quotes, documents)
    except AttestError as error:
        raise AttestError("A document that this answer quotes has changed or is gone; ask again") from error
    return replace(answer, sentences=tuple(_account(each, answer.quotes) for each in answer.sentences))


def _account(sentence: Sentence, quotes: Sequence[Quote]) -> Sentence:
    """Return ``sentence`` with the places of its words that are in none of its ``quotes``."""
    cited = [quote for quote in quotes if quote.number in sentence.cites]
    return replace(sentence, unquoted=unquoted_spans(sentence.text, cited))


def _gives_short_answer(sentence: Sentence, short: ShortAnswer, evidence: Evidence) -> bool:
    """Return whether a sentence has the words of a short answer, or its numbers, if it translates them."""
    if not sentence.translated:
        return gives_short_answer(sentence.text, short, evidence.quotes)
    quote = next(quote for quote in evidence.quotes if quote.number == short.quote)
    return gives_numbers(sentence.text, evidence.asked_in, short, quote.language)


def _as_sentence(quotes: Sequence[Quote], number: int) -> Sentence:
    """Return the quote of that number as a sentence that cites itself."""
    quote = next(quote for quote in quotes if quote.number == number)
    return _account(Sentence(strip_citations(quote.text), (number,)), quotes)


def _continue(
    sentences: Sequence[Sentence], quotes: Sequence[Quote], documents: Mapping[str, Document]
) -> tuple[list[Sentence], tuple[Quote, ...]]:
    """Return ``sentences``, each with the one that goes on with its quote in the document, unless it is there
    already; and ``quotes`` with those that the new sentences cite.
    """
    known, kept = list(quotes), list[Sentence]()
    cited = {number for each in sentences for number in each.cites}
    alone = {each.cites[0] for each in sentences if len(each.cites) == 1}
    partly = [quote.span for quote in known if quote.number in cited]
    said = [quote.span for quote in known if quote.number in alone]
    for sentence in sentences:
        kept.append(sentence)
        for quote in [quote for quote in quotes if quote.number in sentence.cites]:
            span = find_continuation(quote, documents)
            if span is None or any(span.overlaps(each) for each in said):
                continue
            same = next((each for each in known if each.span.contains(span)), None)
            if same is None:
                if any(span.overlaps(each) for each in partly):
                    continue
                known.append(same := cut_quote(max(each.number for each in known) + 1, span, documents))
            said.append(span)
            kept.append(_account(Sentence(strip_citations(span.cut(documents)), (same.number,)), known))
    return kept, tuple(known)


def _copies(
    sentences: Sequence[Sentence], quotes: Sequence[Quote]
) -> tuple[list[Sentence], list[RejectedSentence]]:
    """Return the sentences that stand word for word in a quote they cite, and the others as rejected."""
    cited = {quote.number: quote for quote in quotes}
    copies = [s for s in sentences if any(is_word_for_word(s.text, cited[n]) for n in s.cites)]
    others = [s for s in sentences if s not in copies]
    return copies, [RejectedSentence(s.text, "it does not stand word for word in a quote") for s in others]


def _check_draft(
    draft: str, evidence: Evidence, documents: Mapping[str, Document], checker: Checker | None
) -> tuple[list[Sentence], list[RejectedSentence]]:
    """Return the sentences of ``draft`` to keep, each once, and those to reject."""
    kept: list[Sentence] = []
    rejected: list[RejectedSentence] = []
    language = language_of(draft, evidence)
    for written in split_draft(draft, language):
        for checked in verify_sentence(written, evidence, documents, checker):
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
        whole = {quote.number: _as_sentence(evidence.quotes, quote.number) for quote in evidence.quotes}
        kept = [replace(whole[sentence.cites[0]], cites=sentence.cites) for sentence in kept]
    return kept, rejected
