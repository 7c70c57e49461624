"""Tell how probable it is that quotes support a sentence: a verdict, calibrated with what code can tell."""

from collections.abc import Callable, Mapping, Sequence

from langchain_core.language_models import BaseChatModel

from qa.answering.judge import yes_logit
from qa.llm.prompts import claim_messages
from qa.schema import Quote
from qa.weights import SUPPORT, Judge

SupportLogit = Callable[[str, Sequence[Quote]], float | None]
"""The logit of the probability that quotes support a claim, as a model sees it; None where it cannot tell."""


def support_logit(model: BaseChatModel, claim: str, quotes: Sequence[Quote]) -> float | None:
    """Return ln P(yes)/P(no) of the first token of a chat model, asked whether ``quotes`` state everything
    that ``claim`` says; None where its provider gives no probabilities.

    Raises:
        ModelSilentError: the model does not answer.
    """
    return yes_logit(model, claim_messages(claim, quotes))[0]


class CalibratedChecker:
    """A checker by the verdicts of a model."""

    def __init__(self, verdict: SupportLogit, judge: Judge = SUPPORT) -> None:
        """Ask for a ``verdict``; ``judge`` turns it and what code can tell into a probability."""
        self._verdict = verdict
        self._judge = judge
        self.threshold = judge.threshold

    def probability(self, claim: str, quotes: Sequence[Quote], features: Mapping[str, float]) -> float | None:
        """Return the probability that ``quotes`` support ``claim``; None where the model cannot tell.

        Raises:
            ModelSilentError: a chat model does not answer.
        """
        logit = self._verdict(claim, quotes)
        if logit is None:
            return None
        return self._judge.calibration.probability({**features, "verdict": logit})
