"""The numbers that were fitted to data, read from ``weights.json``, which says where each comes from.

``python -m eval.training`` writes that file; nobody edits it by hand.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Linear:
    """A fitted weighted sum: weights by feature name, in the order in which the features are computed."""

    weights: Mapping[str, float]
    bias: float = 0.0

    def score(self, features: Sequence[float]) -> float:
        """Return the weighted sum of ``features``, given in the order of ``weights``."""
        return self.bias + sum(w * x for w, x in zip(self.weights.values(), features, strict=True))

    def probability(self, features: Mapping[str, float]) -> float:
        """Return the probability that logistic regression gives to features by name.

        Raises:
            KeyError: a feature is missing.
        """
        logit = self.bias + sum(w * features[name] for name, w in self.weights.items())
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))


@dataclass(frozen=True, slots=True)
class Judge:
    """A calibrated P(answerable) and the threshold below which Attest abstains."""

    calibration: Linear
    threshold: float


@dataclass(frozen=True, slots=True)
class Fitted:
    """All numbers of the package that were fitted."""

    passage: Linear
    sentence: Linear
    judge: Judge
    """For the verdict of the default language model together with the retrieval signals."""
    quotes_only: Judge
    """For the retrieval signals alone, without a language model."""


def _linear(record: Mapping[str, object]) -> Linear:
    weights, bias = record["weights"], record.get("bias", 0.0)
    assert isinstance(weights, dict)
    assert isinstance(bias, float)
    return Linear(weights, bias)


def _judge(record: Mapping[str, object]) -> Judge:
    threshold = record["threshold"]
    assert isinstance(threshold, float)
    return Judge(_linear(record), threshold)


def _load() -> Fitted:
    record = json.loads(files("qa").joinpath("weights.json").read_text(encoding="utf-8"))
    return Fitted(
        passage=_linear(record["passage"]),
        sentence=_linear(record["sentence"]),
        judge=_judge(record["judge"]),
        quotes_only=_judge(record["quotes_only"]),
    )


FITTED = _load()
