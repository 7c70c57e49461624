"""The whole flow on one screen: question, quotes, P(answerable), draft, verified answer."""

import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.runnables import Runnable, RunnableConfig

from qa.answering.draft import tell_dates
from qa.answering.judge import quotes_only
from qa.answering.model_session import ModelSession
from qa.concurrency import Place, Turns
from qa.errors import UserError
from qa.query.decompose import parts
from qa.query.rewriting import refers_back
from qa.query.types import wants_order
from qa.retrieval.evidence import select_quotes
from qa.retrieval.hybrid import CandidateSource, HybridRetriever
from qa.schema import (
    Answer,
    Document,
    Draft,
    Evidence,
    Quote,
    RetrievalResult,
    Timings,
    Turn,
    Waiting,
    marked,
)
from qa.search import ALL_DOCUMENTS, DocumentFilter
from qa.verification.verify import Verdict, abstain, combine, verify
from qa.weights import FITTED, Judge

MAX_QUESTION_CHARS = 2_000

Event = Waiting | Evidence | Draft | Answer
"""What a stream yields: the evidence once a part, pieces of the draft, the answer last; and, whenever the
model works for others, the question's place in the queue."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A question, the conversation it belongs to, and the documents it is about."""

    question: str
    history: tuple[Turn, ...] = ()
    document_filter: DocumentFilter = ALL_DOCUMENTS


class Pipeline(Runnable[Ask, Event]):
    """Question to answer as a LangChain runnable: ``stream`` yields events, ``invoke`` the answer."""

    def __init__(
        self,
        retriever: HybridRetriever,
        documents: Mapping[str, Document],
        model: BaseChatModel | None,
        threshold: float | None = None,
        turns: Turns | None = None,
        changed: Callable[[str], bool] = lambda doc_id: False,
        fitted: Judge = FITTED.judge,
    ) -> None:
        """Join the stages; without a ``model`` the quotes themselves are the answer.

        Pipelines that share a model share its ``turns``. ``changed`` tells of a document whether its file is
        no longer as it was when it was indexed; ``fitted`` is what the model's verdicts are worth.
        """
        self.changed = changed
        self.documents = documents
        self.model = model
        self.turns = turns or Turns()
        self._retriever = retriever
        self._fitted = fitted
        self._chosen = threshold
        own = fitted if model else FITTED.quotes_only
        self.threshold = own.threshold if threshold is None else threshold
        self._threshold_alone = FITTED.quotes_only.threshold if threshold is None else threshold

    def over(self, source: CandidateSource, changed: Callable[[str], bool] | None = None) -> "Pipeline":
        """Return this flow over another index, with the same models; None keeps ``changed`` as it is."""
        return Pipeline(
            self._retriever.over(source),
            source.documents,
            self.model,
            self._chosen,
            self.turns,
            changed or self.changed,
            self._fitted,
        )

    def invoke(self, input: Ask, config: RunnableConfig | None = None, **kwargs: Any) -> Answer:  # noqa: A002
        """The verified answer.

        Raises:
            UserError: the question is empty or too long.
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
        """Evidence first, then the draft as it is written, then the answer. Closing it stops the model.

        Raises:
            UserError: the question is empty or too long.
        """
        question = checked_question(input.question)
        history = list(input.history)
        answers: list[Answer] = []
        model = ModelSession(self.model, self._fitted)
        with self.turns.place() as place:
            for part in parts(question):
                for event in self._one(part, history, input, place, model):
                    if isinstance(event, Answer):
                        answers.append(event)
                        history.append(Turn(part, event.text))
                    else:
                        yield event
        yield combine(question, answers)

    def search(self, query: str, k: int, document_filter: DocumentFilter = ALL_DOCUMENTS) -> RetrievalResult:
        """Return the ``k`` best passages for ``query`` as it is written, or the reason why there are none.

        Raises:
            UserError: the query is empty or too long.
        """
        retriever = self._retriever.model_copy(update={"k": k})
        return retriever.search(checked_question(query), document_filter)

    def _one(
        self, question: str, history: Sequence[Turn], ask: Ask, place: Place, model: ModelSession
    ) -> Iterator[Event]:
        """The events of one part of the question that ``ask`` asks, the part's own answer last."""
        clock = _Clock()
        if model.available and history and refers_back(question):
            yield from map(Waiting, place.wait())
            clock.lap("queue")
        retrieved = self._retriever.retrieve(model.resolve(question, history), ask.document_filter)
        found = select_quotes(retrieved.question, retrieved.hits, self.documents)
        found = replace(found, quotes=marked(found.quotes, self.changed))
        clock.lap("retrieve")
        yield found

        if retrieved.reason:
            verdict = Verdict(0.0, self.threshold)
            answer = self._abstain(question, found, verdict, retrieved.reason, clock.timings())
            yield replace(answer, note=model.note)
            return
        if model.available:
            yield from map(Waiting, place.wait())
            clock.lap("queue")
        verdict = self._judge(found, model)
        clock.lap("judge")
        if not verdict.answerable:
            reason = "no passage seems to state it"
            answer = self._abstain(question, found, verdict, reason, clock.timings())
            yield replace(answer, note=model.note)
            return

        written, speaking = "", model.available
        for piece in self._draft(found, model):
            written += piece
            yield Draft(piece)
        if speaking and not model.available:
            written = _as_draft(found.quotes)  # of half an answer nobody knows what the rest would have been
        clock.lap("generate")
        yield replace(self._verify(question, found, verdict, written, clock.timings()), note=model.note)

    def _judge(self, found: Evidence, model: ModelSession) -> Verdict:
        if not found.quotes:
            return Verdict(0.0, self.threshold)
        p = model.judge(found)
        if p is not None:
            return Verdict(p, self.threshold)
        return Verdict(quotes_only(found), self._threshold_alone if model.failed else self.threshold)

    def _draft(self, found: Evidence, model: ModelSession) -> Iterator[str]:
        order = wants_order(found.question)
        dated = tell_dates(order, found.quotes, self.documents) if order else ""
        if dated:
            yield dated
        elif model.available:
            yield from model.draft(found)
        else:
            yield _as_draft(found.quotes)

    def _abstain(
        self, question: str, found: Evidence, verdict: Verdict, reason: str, timings: Timings
    ) -> Answer:
        return abstain(
            question=question,
            resolved=found.question,
            nearest=found.quotes,
            documents=self.documents,
            verdict=verdict,
            reason=reason,
            timings=timings,
        )

    def _verify(
        self, question: str, found: Evidence, verdict: Verdict, written: str, timings: Timings
    ) -> Answer:
        return verify(
            written,
            question=question,
            resolved=found.question,
            quotes=found.quotes,
            documents=self.documents,
            verdict=verdict,
            timings=timings,
            quote_instead=True,
        )


def _as_draft(quotes: Sequence[Quote]) -> str:
    """The quotes themselves as the answer."""
    return "\n".join(f"{quote.text} [{quote.number}]" for quote in quotes)


def checked_question(question: str) -> str:
    """``question`` without surrounding white space.

    Raises:
        UserError: it is empty, or longer than ``MAX_QUESTION_CHARS``.
    """
    question = question.strip()
    if question != question.encode("utf-8", "replace").decode():
        raise UserError("The question is not valid Unicode text; type it again")
    if not any(char.isalnum() for char in question):
        raise UserError("The question is empty; ask something in words")
    if len(question) > MAX_QUESTION_CHARS:
        raise UserError(
            f"The question has {len(question):,} characters; at most {MAX_QUESTION_CHARS:,} can be read"
        )
    return question


class _Clock:
    """Wall-clock milliseconds between laps."""

    def __init__(self) -> None:
        self._start = self._last = time.perf_counter()
        self._laps: dict[str, float] = {}

    def lap(self, name: str) -> None:
        now = time.perf_counter()
        self._laps[name] = round(self._laps.get(name, 0.0) + (now - self._last) * 1_000, 1)
        self._last = now

    def timings(self) -> Timings:
        return Timings(**self._laps, total=round((time.perf_counter() - self._start) * 1_000, 1))
