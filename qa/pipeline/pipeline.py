"""The way from a question to its answer: quotes, P(answerable), draft, verified sentences."""

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.runnables import Runnable, RunnableConfig

from qa.answering.extractive_draft import draft_dates
from qa.answering.judge import judge_without_model
from qa.answering.model_session import ModelSession
from qa.answering.stopwatch import Stopwatch
from qa.concurrency import Place, Turns
from qa.conflicts.conflicts import find_conflicts
from qa.embedding.question_cache import QuestionCache
from qa.errors import UserError
from qa.figures.compute import Computation, compute_figures
from qa.figures.stated_unit import state_unit
from qa.mentions.absence import Absence
from qa.mentions.refusal import describe_absence
from qa.overview.questions import StatedQuestion
from qa.pipeline.corpus import Corpus
from qa.pipeline.direct_answers import answer_directly, list_or_summarise, state_computed
from qa.pipeline.judging import Judgement, QuestionJudge, complete
from qa.pipeline.more_rows import count_unshown, remark_on_more
from qa.pipeline.refusals import NOT_ANSWERABLE, find_absence, refuse
from qa.query.decompose import split_question
from qa.query.document_filter import ALL_DOCUMENTS, Collection, DocumentFilter
from qa.query.rewriting import refers_back
from qa.query.types import wants_order
from qa.query.validation import validate_question
from qa.retrieval.ambiguity import find_choices
from qa.retrieval.evidence import select_quotes
from qa.retrieval.hybrid import CandidateSource, HybridRetriever
from qa.schema import (
    Answer,
    Conflict,
    Document,
    Draft,
    Evidence,
    FirstAnswer,
    QueuePosition,
    RetrievalResult,
    ShortAnswer,
    Turn,
    mark_changed,
)
from qa.verification.notes import foreign_quotes_note, join_notes, note_coverage
from qa.verification.policy import AnswerPolicy, Checker, Verdict
from qa.verification.short_answer import explains_itself
from qa.verification.verify import (
    UNCLEAR,
    abstain,
    join,
    present,
    show_conflicts,
    verify,
)
from qa.weights import SUPPORT, WEIGHTS, Judge

Event = QueuePosition | Evidence | FirstAnswer | Draft | Answer
"""An event of a stream: the evidence of each part of the question, its short answer where an explanation
follows, pieces of the draft, and the answer last; the question's position in the queue whenever the model is
busy with others."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A question, the conversation it belongs to, and the documents it is about."""

    question: str
    history: tuple[Turn, ...] = ()
    document_filter: DocumentFilter = ALL_DOCUMENTS
    background: bool = False
    """True if nobody waits for the answer, so that it waits behind every other question."""


class Pipeline(Corpus, Runnable[Ask, Event]):
    """The way from question to answer as a LangChain runnable: ``stream`` yields events, ``invoke`` returns
    the answer.
    """

    def __init__(
        self,
        retriever: HybridRetriever,
        documents: Mapping[str, Document],
        model: BaseChatModel | None,
        threshold: float | None = None,
        turns: Turns | None = None,
        changed: Callable[[str], bool] = lambda doc_id: False,
        judge: Judge = WEIGHTS.judge,
        support: Judge = SUPPORT,
        checker: Checker | None = None,
        word_for_word: bool = False,
        collections: Mapping[str, Collection] = MappingProxyType({}),
    ) -> None:
        """Join the stages. Without a ``model`` the quotes are shown as passages.

        ``threshold`` replaces the fitted ones. Pipelines that share a model share its ``turns``. ``changed``
        tells by id whether the file of a document has changed since it was indexed. ``judge`` calibrates the
        model's verdicts on questions, ``support`` those on sentences, unless a ``checker`` judges sentences
        in its place. ``word_for_word`` shows only sentences that stand word for word in a quote.
        ``collections`` are sets of documents by their names.
        """
        super().__init__(retriever, documents, changed, collections)
        self.model = model
        self.turns = turns or Turns()
        self._judge = judge
        self._support = support
        self._checker = checker
        self._chosen = threshold
        judges = (judge, retriever.weights.quotes_only)
        with_model, without = (each.threshold if threshold is None else threshold for each in judges)
        self.policy = AnswerPolicy(with_model, without, word_for_word)

    @property
    def threshold(self) -> float:
        """The least P(answerable) at which a question is answered, while the model does not fail."""
        return self.policy.verdict(0.0, with_model=self.model is not None).threshold

    def over(self, source: CandidateSource, changed: Callable[[str], bool] | None = None) -> "Pipeline":
        """Return this flow over another index, with the same models; None keeps ``changed`` as it is."""
        flow = copy(self)
        flow._retriever = self._retriever.over(source)
        flow.documents = source.documents
        flow.changed = changed or self.changed
        return flow

    def verbatim(self) -> "Pipeline":
        """Return this flow with sentences alone that stand word for word in a quote."""
        flow = copy(self)
        flow.policy = replace(self.policy, word_for_word=True)
        return flow

    def answered_by(
        self, model: BaseChatModel | None, turns: Turns, judge: Judge, support: Judge
    ) -> "Pipeline":
        """Return this flow with another language model, whose verdicts the other two calibrate, and which
        answers those who wait in ``turns``.
        """
        flow = copy(self)
        flow.model, flow.turns, flow._judge, flow._support = model, turns, judge, support
        if self._chosen is None:
            flow.policy = replace(self.policy, threshold=judge.threshold)
        return flow

    def without_model(self) -> "Pipeline":
        """Return this flow without the language model, and without its queue. A question that is asked of one
        document after the other is embedded once.
        """
        flow = copy(self)
        flow.model, flow.turns = None, Turns()
        encoder = QuestionCache(self._retriever.encoder)
        flow._retriever = self._retriever.model_copy(update={"encoder": encoder})
        return flow

    def invoke(self, input: Ask, config: RunnableConfig | None = None, **kwargs: Any) -> Answer:  # noqa: A002  LangChain's
        """Return the verified answer.

        Raises:
            UserError: the question is empty or too long, or asks nothing.
        """
        *_, answer = self.stream(input, config)
        assert isinstance(answer, Answer)
        return answer

    def stream(
        self,
        input: Ask,  # noqa: A002  LangChain's name
        config: RunnableConfig | None = None,
        **kwargs: Any,
    ) -> Generator[Event, None, None]:
        """Yield the evidence, the short answer if it needs explaining, then the draft as it is written, then
        the answer. Closing it stops the model.

        Raises:
            UserError: the question is empty or too long, or asks nothing.
        """
        question = validate_question(input.question)
        history = list(input.history)
        answers: list[Answer] = []
        model = ModelSession(self.model, self._support)
        with self.turns.place(background=input.background) as place:
            for part in split_question(question):
                for event in self._one(part, history, input, place, model):
                    if isinstance(event, Answer):
                        answers.append(event)
                        history.append(Turn(part, event.text))
                    else:
                        yield event
        answer = replace(join(question, answers), searched=self.describe(input.document_filter))
        yield note_coverage(answer, self._retriever.source.coverage)

    def absence(self, answer: Answer, document_filter: DocumentFilter = ALL_DOCUMENTS) -> Absence:
        """Return what a refusal of these documents rests on, after a sweep for its question.

        Raises:
            UserError: it is an answer, or asks back.
        """
        if answer.answered or answer.choices:
            raise UserError("There is an answer to this question, so there is no absence to prove")
        judge = self._judge if self.model else self._retriever.weights.quotes_only
        refuses = judge.refuses if self._chosen is None else {}
        mentions = self.find(answer.resolved, document_filter)
        return describe_absence(answer, mentions, self._retriever, document_filter, refuses)

    def _one(
        self, question: str, history: Sequence[Turn], ask: Ask, place: Place, model: ModelSession
    ) -> Iterator[Event]:
        """Yield the events of one part of the question in ``ask``, that part's own answer last."""
        clock = Stopwatch()
        direct = list_or_summarise(self, question, ask.document_filter, self.threshold)
        if direct:
            clock.lap("retrieve")
            evidence, answer = direct
            yield evidence
            yield replace(answer, question=question, timings=clock.timings())
            return
        if model.available and history and refers_back(question):
            yield from map(QueuePosition, place.wait())
            clock.lap("queue")
        retrieved = self._retriever.retrieve(model.resolve(question, history), ask.document_filter)
        found = select_quotes(retrieved.question, retrieved.hits, self.documents, retrieved.language)
        found = replace(found, quotes=mark_changed(found.quotes, self.changed))
        clock.lap("retrieve")
        yield found

        computed = compute_figures(found.question, found.quotes, self.documents, found.asked_in)
        conflicts = find_conflicts(found.question, found.quotes)
        one_document = len(ask.document_filter.only or ()) == 1
        if settled := self._settle(found, retrieved, computed, conflicts, model, one_document=one_document):
            yield replace(settled, question=question, timings=clock.timings())
            return
        if model.available:
            yield from map(QueuePosition, place.wait())
            clock.lap("queue")
        judged = self._judge_question(found, model)
        judged, found, remark = complete(judged, found, self.documents)
        verdict, short = judged.verdict, judged.short
        clock.lap("judge")
        if not verdict.answerable:
            answer = self._refuse(found, retrieved, computed, model, verdict)
            yield replace(answer, question=question, timings=clock.timings())
            return

        draft = ""
        for event in self._write(judged, model):
            draft += event.text if isinstance(event, Draft) else ""
            yield event
        if model.failed:
            draft = ""  # the rest of half a draft could have said anything
        answer = self._verify(found, verdict, draft, short, model)
        remark = remark or remark_on_more(count_unshown(answer, self.documents))
        answer = show_conflicts(answer, conflicts, found, self.documents)
        clock.lap("generate")
        answer = replace(answer, question=question, timings=clock.timings())
        note = join_notes(computed.refusal, remark, model.note or foreign_quotes_note(answer, found.asked_in))
        yield replace(answer, note=note, model_failed=model.failed)

    def _settle(
        self,
        found: Evidence,
        retrieved: RetrievalResult,
        computed: Computation,
        conflicts: Sequence[Conflict],
        model: ModelSession,
        *,
        one_document: bool,
    ) -> Answer | None:
        """Return the answer or the refusal that needs no judge; None for a question that does. Who asks
        ``one_document`` alone has said whom the question is about: a contract need not name its "Tenant".
        """
        refused = Verdict(0.0, self.threshold)
        if not one_document and (reason := find_absence(found, self.documents)):
            return self._refuse(found, retrieved, computed, model, refused, reason)
        if computed.figures:
            return state_computed(self, computed, found, self.threshold)
        choices = () if conflicts else find_choices(found)
        certain = answer_directly(self, found, self.threshold, with_cell=model.available and not choices)
        if certain:
            return show_conflicts(certain, conflicts, found, self.documents)
        if reason := retrieved.reason or (UNCLEAR if choices else ""):
            answer = abstain(found, self.documents, refused, reason)
            return replace(answer, choices=choices, note=model.note, model_failed=model.failed)
        return None

    def _refuse(
        self,
        found: Evidence,
        retrieved: RetrievalResult,
        computed: Computation,
        model: ModelSession,
        verdict: Verdict,
        reason: str = NOT_ANSWERABLE,
    ) -> Answer:
        """Return the refusal of a question, with the remarks that belong beside it."""
        answer = refuse(self, found, retrieved, verdict, reason)
        note = join_notes(computed.refusal, model.note or foreign_quotes_note(answer, found.asked_in))
        return replace(answer, note=note, model_failed=model.failed)

    def _judge_question(self, evidence: Evidence, model: ModelSession) -> Judgement:
        """Return the judgement on a question, its short answer with the unit that its table states."""
        judge = QuestionJudge(self.policy, self._judge, self._retriever.weights.quotes_only)
        judged = judge.judge(evidence, model)
        return replace(judged, short=state_unit(judged.short, self.documents) if judged.short else None)

    def answers_from(self, stated: StatedQuestion) -> bool:
        """Return whether a question is answered, judged without a language model, from the words that it was
        made of first of all.
        """
        retrieved = self._retriever.search(stated.text)
        found = select_quotes(retrieved.question, retrieved.hits, self.documents, retrieved.language)
        if not found.quotes or find_choices(found):
            return False
        overlaps = found.quotes[0].span.overlaps(stated.span)
        p = judge_without_model(found, self._retriever.weights.quotes_only)
        return overlaps and self.policy.verdict(p, with_model=False).answerable

    def _write(self, judged: Judgement, model: ModelSession) -> Iterator[FirstAnswer | Draft]:
        """Yield the short answer if its quote does not explain it, then the pieces of a draft; nothing if it
        does. A quote in another language than the question explains nothing.
        """
        short, evidence = judged.short, judged.explained_by
        is_translated = evidence.foreign_language and not self.policy.word_for_word
        if short and explains_itself(short, evidence.quotes) and not is_translated:
            return
        if short:
            yield FirstAnswer(self._verify(evidence, judged.verdict, "", short, model))
        yield from map(Draft, self._draft(evidence, model))

    def _draft(self, evidence: Evidence, model: ModelSession) -> Iterator[str]:
        """Yield a draft piece by piece; nothing without a model, unless the question asks for dates."""
        order = wants_order(evidence.question)
        dates = draft_dates(order, evidence.quotes, self.documents) if order else ""
        if dates:
            yield dates
        elif model.available:
            yield from model.draft(evidence)

    def _verify(
        self, evidence: Evidence, verdict: Verdict, draft: str, short: ShortAnswer | None, model: ModelSession
    ) -> Answer:
        if not draft and not model.available:
            return present(evidence, self.documents, verdict)
        return verify(
            draft,
            evidence,
            self.documents,
            verdict,
            short=short,
            checker=self._checker or (model if model.available else None),
            word_for_word=self.policy.word_for_word,
        )
