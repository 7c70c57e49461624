"""What a language model does for one question, which is answered without it where it fails."""

from collections.abc import Iterator, Sequence

from langchain_core.language_models import BaseChatModel

from qa.answering.draft import draft
from qa.answering.judge import judge
from qa.errors import ModelSilentError
from qa.query.rewriting import resolve
from qa.schema import Evidence, Turn
from qa.weights import Judge


class ModelSession:
    """The language model, if there is one, for one question: once it fell silent, it is not asked again."""

    def __init__(self, model: BaseChatModel | None, fitted: Judge) -> None:
        """None for no model; ``fitted`` is what its verdicts are worth."""
        self._fitted = fitted
        self._model = model
        self.note = ""
        """Why the answer is without it; empty where it is not."""

    @property
    def available(self) -> bool:
        """Whether it is there to be asked."""
        return self._model is not None

    @property
    def failed(self) -> bool:
        """Whether it was there and did not answer."""
        return bool(self.note)

    def resolve(self, question: str, history: Sequence[Turn]) -> str:
        """``question`` as it would be asked without ``history``."""
        try:
            return resolve(question, history, self._model)
        except ModelSilentError as error:
            self._fall_silent(error)
            return resolve(question, history, None)

    def judge(self, found: Evidence) -> float | None:
        """P(answerable); None where nobody is there to tell."""
        if self._model is None:
            return None
        try:
            return judge(self._model, found, self._fitted)
        except ModelSilentError as error:
            self._fall_silent(error)
            return None

    def draft(self, found: Evidence) -> Iterator[str]:
        """The draft of an answer, piece by piece; it ends where the model falls silent."""
        assert self._model is not None
        try:
            yield from draft(self._model, found)
        except ModelSilentError as error:
            self._fall_silent(error)

    def _fall_silent(self, error: ModelSilentError) -> None:
        self._model = None
        self.note = f"{error}; what follows are the documents' own words, chosen without it"
