"""Decide whether to answer and what to show: the thresholds, and what a checker of sentences is. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from qa.schema import Quote


class Checker(Protocol):
    """A judge of how probable it is that quotes support a sentence."""

    threshold: float
    """The least probability at which a sentence is shown."""

    def probability(self, claim: str, quotes: Sequence[Quote], features: Mapping[str, float]) -> float | None:
        """Return the probability that ``quotes`` support ``claim``; None where it cannot be told.

        ``features`` are what code can tell, by the names in
        :data:`qa.verification.support_features.FEATURES`.
        """


@dataclass(frozen=True, slots=True)
class Verdict:
    """The judge's probability that the quotes answer the question, and the threshold it must reach."""

    p_answerable: float
    threshold: float

    @property
    def answerable(self) -> bool:
        """True if the probability reaches the threshold."""
        return self.p_answerable >= self.threshold


@dataclass(frozen=True, slots=True)
class AnswerPolicy:
    """The rules by which Attest answers or abstains."""

    threshold: float
    """The least P(answerable), judged with the language model, at which Attest answers."""
    threshold_without_model: float
    """The least P(answerable), judged by the retrieval signals alone, at which Attest answers."""
    word_for_word: bool = False
    """True if only sentences are shown that stand word for word in a quote."""

    def verdict(self, p_answerable: float, *, with_model: bool) -> Verdict:
        """Return the verdict for a probability that was judged with or without the language model."""
        return Verdict(p_answerable, self.threshold if with_model else self.threshold_without_model)
