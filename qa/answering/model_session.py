"""Ask the language model for everything that one question needs, and go on without it when it fails."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import TypeVar

from langchain_core.language_models import BaseChatModel

from qa.answering.checker import CalibratedChecker, support_logit
from qa.answering.draft import draft
from qa.answering.judge import ask_first_verdict, ask_short_verdict, ask_verdict
from qa.answering.short_answer import propose_short_answer
from qa.errors import ModelSilentError
from qa.query.rewriting import resolve
from qa.schema import Evidence, Quote, Turn
from qa.weights import SUPPORT, Judge

_T = TypeVar("_T")


class ModelSession:
    """The language model during one question, and a checker of sentences. After its first failure it is not
    asked again.
    """

    def __init__(self, model: BaseChatModel | None, support: Judge = SUPPORT) -> None:
        """Begin with ``model``, None for no model; ``support`` calibrates its verdicts on sentences."""
        self._model = model
        self._support = support
        self.threshold = support.threshold
        self.note = ""
        """The remark for the reader after the model has failed; empty before."""

    @property
    def available(self) -> bool:
        """True if there is a model that has not failed."""
        return self._model is not None

    @property
    def failed(self) -> bool:
        """True if there was a model and it failed."""
        return bool(self.note)

    def resolve(self, question: str, history: Sequence[Turn]) -> str:
        """Return ``question`` so that it can be understood without ``history``."""
        try:
            return resolve(question, history, self._model)
        except ModelSilentError as error:
            self._give_up(error)
            return resolve(question, history, None)

    def propose_short_answer(self, evidence: Evidence) -> str:
        """Return the few words that the model takes for the answer; empty when it is not available."""
        return self._ask(lambda model: propose_short_answer(model, evidence)) or ""

    def ask_first_verdict(self, evidence: Evidence) -> dict[str, float] | None:
        """Return the model's verdict on the best quote alone; None when it is not available."""
        return self._ask(lambda model: ask_first_verdict(model, evidence))

    def ask_verdict(self, evidence: Evidence, told: Mapping[str, float]) -> dict[str, float] | None:
        """Return the model's verdict on the question, after the first one, which it has ``told``; None when
        it is not available.
        """
        return self._ask(lambda model: ask_verdict(model, evidence, told))

    def ask_short_verdict(self, evidence: Evidence, short: str) -> dict[str, float] | None:
        """Return what a ``short`` answer, or its absence, says of the question; None when the model is not
        available.
        """
        return self._ask(lambda model: ask_short_verdict(model, evidence, short))

    def probability(self, claim: str, quotes: Sequence[Quote], features: Mapping[str, float]) -> float | None:
        """Return the probability that ``quotes`` support ``claim``; None when it cannot be told."""

        def ask(model: BaseChatModel) -> float | None:
            return CalibratedChecker(partial(support_logit, model), self._support).probability(
                claim, quotes, features
            )

        return self._ask(ask)

    def draft(self, evidence: Evidence) -> Iterator[str]:
        """Stream the draft of an answer, piece by piece; it ends early when the model fails."""
        assert self._model is not None
        try:
            yield from draft(self._model, evidence)
        except ModelSilentError as error:
            self._give_up(error)

    def _ask(self, ask: Callable[[BaseChatModel], _T]) -> _T | None:
        if self._model is None:
            return None
        try:
            return ask(self._model)
        except ModelSilentError as error:
            self._give_up(error)
            return None

    def _give_up(self, error: ModelSilentError) -> None:
        self._model = None
        self.note = f"{error}; the text below was taken from the documents without it"
