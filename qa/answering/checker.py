"""Tell how probable it is that quotes support a sentence, by the language model's first token."""

from collections.abc import Mapping, Sequence

from langchain_core.language_models import BaseChatModel

from qa.answering.judge import yes_logit
from qa.llm.prompts import claim_messages
from qa.schema import Quote
from qa.weights import SUPPORT, Judge


def support_logit(model: BaseChatModel, claim: str, quotes: Sequence[Quote]) -> float | None:
    """Return ln P(yes)/P(no) of the model's first token, asked whether ``quotes`` state everything that
    ``claim`` says; None where its provider gives no probabilities.

    Raises:
        ModelSilentError: the model does not answer.
    """
    return yes_logit(model, claim_messages(claim, quotes))[0]


class ModelChecker:
    """A checker that asks a language model."""

    def __init__(self, model: BaseChatModel, fitted: Judge = SUPPORT) -> None:
        """Ask ``model``; ``fitted`` calibrates its verdicts together with what code can tell."""
        self._model = model
        self._fitted = fitted
        self.threshold = fitted.threshold

    def probability(self, claim: str, quotes: Sequence[Quote], features: Mapping[str, float]) -> float | None:
        """Return the probability that ``quotes`` support ``claim``; None without token probabilities.

        Raises:
            ModelSilentError: the model does not answer.
        """
        logit = support_logit(self._model, claim, quotes)
        if logit is None:
            return None
        return self._fitted.calibration.probability({**features, "verdict": logit})
