"""Run cases through the pipeline and return the outcome of each, before any averaging."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from qa.errors import UserError
from qa.evaluation.datasets.base import Case
from qa.evaluation.metrics import contains_answer, f1, meets
from qa.pipeline import Ask, Pipeline
from qa.retrieval.evidence import select_quotes
from qa.retrieval.hybrid import HybridRetriever
from qa.schema import Answer, Document, Evidence, Hit, Quote, Sentence, Span
from qa.verification.claims import verify_sentence
from qa.verification.policy import Verdict
from qa.verification.verify import abstain


@dataclass(frozen=True, slots=True)
class RetrievalOutcome:
    """The results of retrieval and of the choice of quotes for one question."""

    case: Case
    rank: int | None
    """Rank of the first passage that holds the answer, from 1; None if it is not among the ten best."""
    quoted: bool
    """True if a quote has an accepted answer (for lists, whether the quotes have one of every group)."""
    quotes: int
    quote_precision: float
    """Share of the quotes that overlap a place of the answer."""
    characters: int
    """Length of all quotes together."""
    quote_rank: int | None = None
    """Rank of the first quote that overlaps a place of the answer, from 1; None if none does."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of one question."""

    retrieved: RetrievalOutcome
    answer: Answer
    abstained: bool
    right: bool
    """True if the answer, before abstaining, has what was asked for."""
    f1: float
    """Of the short answer, or of the whole one where there is no short one."""
    supported: tuple[bool, ...]
    """For each sentence, whether the quotes it cites support it by the words alone."""
    verbatim: tuple[bool, ...]
    """For each quote shown, whether the document has that text at its offsets."""
    on_gold: bool = False
    """True if a quote of the answer overlaps a place of the answer."""

    @property
    def case(self) -> Case:
        """The question."""
        return self.retrieved.case

    @property
    def confidence(self) -> float:
        """P(answerable); 0 if nothing of the draft passed verification, because then Attest abstains at any
        threshold.
        """
        return self.answer.p_answerable if self.answer.answered else 0.0

    @property
    def evidence_ms(self) -> float:
        """Milliseconds until the quotes were on the screen."""
        return self.answer.timings.retrieve


def retrieve(
    pipeline: Pipeline, retriever: HybridRetriever, cases: Iterable[Case]
) -> Iterator[RetrievalOutcome]:
    """Retrieve and choose quotes for every case, its spelling corrected as for a reader, without a language
    model.
    """
    for case in cases:
        found = retriever.retrieve(case.question, case.document_filter)
        yield _retrieved(case, found.hits, select_quotes(found.question, found.hits, pipeline.documents))


def run(
    pipeline: Pipeline, retriever: HybridRetriever, cases: Iterable[Case], threshold: float
) -> Iterator[Outcome]:
    """Ask every case and abstain where P(answerable) is below ``threshold``.

    A ``pipeline`` with the threshold 0 answers every question, so that there is an answer to score; one with
    another threshold has abstained by itself and needs none here.
    """
    for case in cases:
        evidence, answer = _ask(pipeline, case)
        hits = retriever.search(evidence.question, case.document_filter).hits
        shown = {sentence.text: sentence.cites for sentence in answer.sentences}
        quotes = {quote.number: quote for quote in answer.quotes}
        yield Outcome(
            retrieved=_retrieved(case, hits, evidence),
            answer=answer,
            abstained=not answer.answered or answer.p_answerable < threshold,
            right=case.answerable and is_right(answer, case.answers),
            f1=max((f1(shortest_text(answer), group) for group in case.answers), default=0.0),
            supported=tuple(
                _supported(text, evidence.question, [quotes[n] for n in cites], pipeline.documents)
                for text, cites in shown.items()
            ),
            verbatim=tuple(
                quote.span.cut(pipeline.documents) == quote.text
                for quote in (*evidence.quotes, *answer.quotes, *answer.nearest)
            ),
            on_gold=any(overlaps_any(quote.span, case.gold) for quote in answer.quotes),
        )


def _ask(pipeline: Pipeline, case: Case) -> tuple[Evidence, Answer]:
    evidence: Evidence | None = None
    try:
        for event in pipeline.stream(Ask(case.question, case.history, case.document_filter)):
            if isinstance(event, Evidence):
                evidence = event
            elif isinstance(event, Answer) and evidence:
                return evidence, event
    except UserError as error:  # it asks nothing, or is too long: a person is told so
        evidence = Evidence(case.question, ())
        verdict = Verdict(0.0, pipeline.threshold)
        return evidence, abstain(evidence, pipeline.documents, verdict, str(error))
    raise AssertionError("a stream ends with an answer")


def _supported(text: str, question: str, cited: Sequence[Quote], documents: Mapping[str, Document]) -> bool:
    evidence = Evidence(question, tuple(cited))
    return all(isinstance(v, Sentence) for v in verify_sentence(text, evidence, documents))


def is_right(answer: Answer, accepted: Sequence[Sequence[str]]) -> bool:
    """Return whether an answer has an accepted answer of every group, and a short answer, which is what
    people read first, shares words with one of them.
    """
    if not answer.answered or not meets(answer.text, accepted):
        return False
    return answer.short is None or any(f1(answer.short.text, group) > 0 for group in accepted)


def shortest_text(answer: Answer) -> str:
    """Return the short answer, or the text of an answer that has none."""
    return answer.short.text if answer.short else text_without_marks(answer)


def text_without_marks(answer: Answer) -> str:
    """Return the text of an answer without the numbers of its quotes."""
    return " ".join(sentence.text for sentence in answer.sentences)


def _retrieved(case: Case, hits: Sequence[Hit], evidence: Evidence) -> RetrievalOutcome:
    on_gold = [quote for quote in evidence.quotes if overlaps_any(quote.span, case.gold)]
    return RetrievalOutcome(
        case=case,
        rank=rank_of([hit.passage.span for hit in hits], case),
        quoted=_quoted(case, evidence.quotes),
        quotes=len(evidence.quotes),
        quote_precision=len(on_gold) / len(evidence.quotes) if evidence.quotes else 0.0,
        characters=sum(len(quote.text) for quote in evidence.quotes),
        quote_rank=rank_of([quote.span for quote in evidence.quotes], case),
    )


def rank_of(ranked: Sequence[Span], case: Case) -> int | None:
    """Return the rank, from 1, of the first of the passages ``ranked`` that holds the answer; None if none
    does.
    """
    if case.by_document:
        units = dict.fromkeys(span.doc_id for span in ranked)
        right = {span.doc_id for span in case.gold}
        return next((i for i, doc_id in enumerate(units, start=1) if doc_id in right), None)
    return next((i for i, span in enumerate(ranked, start=1) if overlaps_any(span, case.gold)), None)


def _quoted(case: Case, quotes: Sequence[Quote]) -> bool:
    dated = [f"{quote.text} {quote.date or ''}" for quote in quotes]
    return bool(case.answers) and all(
        any(contains_answer(text, group) for text in dated) for group in case.answers
    )


def overlaps_any(span: Span, others: Iterable[Span]) -> bool:
    """Return whether ``span`` shares a character with one of ``others``."""
    return any(
        span.doc_id == other.doc_id and span.start < other.end and other.start < span.end for other in others
    )
