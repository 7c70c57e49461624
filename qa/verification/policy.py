"""Decide whether to answer: the thresholds for P(answerable), and what may replace a failed draft. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Verdict:
    """The judge's probability that the quotes answer the question, and the threshold it must reach."""

    p_answerable: float
    threshold: float

    @property
    def answerable(self) -> bool:
        """Whether the probability reaches the threshold."""
        return self.p_answerable >= self.threshold


@dataclass(frozen=True, slots=True)
class AnswerPolicy:
    """The rules by which Attest answers or abstains."""

    threshold: float
    """The least P(answerable), judged with the language model, at which Attest answers."""
    threshold_without_model: float
    """The least P(answerable), judged by the retrieval signals alone, at which Attest answers."""
    quote_may_answer: bool = True
    """Whether a quote may be the answer when verification keeps nothing of the draft."""

    def verdict(self, p_answerable: float, *, with_model: bool) -> Verdict:
        """Return the verdict for a probability that was judged with or without the language model."""
        return Verdict(p_answerable, self.threshold if with_model else self.threshold_without_model)
