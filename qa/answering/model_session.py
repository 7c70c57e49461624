"""Ask the language model for everything that one question needs, and go on without it when it fails."""

from collections.abc import Iterator, Sequence

from langchain_core.language_models import BaseChatModel

from qa.answering.draft import draft
from qa.answering.judge import judge
from qa.errors import ModelSilentError
from qa.query.rewriting import resolve
from qa.schema import Evidence, Turn
from qa.weights import Judge


class ModelSession:
    """The language model during one question. After its first failure it is not asked again."""

    def __init__(self, model: BaseChatModel | None, fitted: Judge) -> None:
        """Begin with ``model``, None for no model; ``fitted`` calibrates its verdicts."""
        self._model = model
        self._fitted = fitted
        self.note = ""
        """The remark for the reader after the model has failed; empty before."""

    @property
    def available(self) -> bool:
        """Whether there is a model that has not failed."""
        return self._model is not None

    @property
    def failed(self) -> bool:
        """Whether there was a model and it failed."""
        return bool(self.note)

    def resolve(self, question: str, history: Sequence[Turn]) -> str:
        """Return ``question`` so that it can be understood without ``history``."""
        try:
            return resolve(question, history, self._model)
        except ModelSilentError as error:
            self._give_up(error)
            return resolve(question, history, None)

    def judge(self, evidence: Evidence) -> float | None:
        """Return P(answerable) as the model judges it; None when it is not available."""
        if self._model is None:
            return None
        try:
            return judge(self._model, evidence, self._fitted)
        except ModelSilentError as error:
            self._give_up(error)
            return None

    def draft(self, evidence: Evidence) -> Iterator[str]:
        """Stream the draft of an answer, piece by piece; it ends early when the model fails."""
        assert self._model is not None
        try:
            yield from draft(self._model, evidence)
        except ModelSilentError as error:
            self._give_up(error)

    def _give_up(self, error: ModelSilentError) -> None:
        self._model = None
        self.note = f"{error}; the text below was taken from the documents without it"
