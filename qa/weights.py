"""The numbers that were fitted to data, read from ``fitted.json``, which says where each comes from.

``python -m eval.training`` writes that file; nobody edits it by hand.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Linear:
    """A fitted weighted sum: weights by feature name, in the order the features are computed in."""

    weights: Mapping[str, float]
    bias: float = 0.0

    def score(self, features: Sequence[float]) -> float:
        """The weighted sum of ``features``, which come in the order of ``weights``."""
        return self.bias + sum(w * x for w, x in zip(self.weights.values(), features, strict=True))

    def probability(self, features: Mapping[str, float]) -> float:
        """Logistic regression over features by name.

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
    """Everything fitted."""

    passage: Linear
    sentence: Linear
    judge: Judge
    """For the default language model's verdict together with the retrieval signals."""
    quotes_only: Judge
    """For the retrieval signals alone, when there is no language model to ask."""


def _linear(record: Mapping[str, object]) -> Linear:
    weights, bias = record["weights"], record.get("bias", 0.0)
    assert isinstance(weights, dict)
    assert isinstance(bias, float)
    return Linear(weights, bias)


def judge_of(record: Mapping[str, object]) -> Judge:
    """A judge out of its record, which has weights, a bias and a threshold."""
    threshold = record["threshold"]
    assert isinstance(threshold, float)
    return Judge(_linear(record), threshold)


def _load() -> Fitted:
    record = json.loads(files("qa").joinpath("weights.json").read_text(encoding="utf-8"))
    return Fitted(
        passage=_linear(record["passage"]),
        sentence=_linear(record["sentence"]),
        judge=judge_of(record["judge"]),
        quotes_only=judge_of(record["quotes_only"]),
    )


FITTED = _load()
