"""The numbers that were fitted to data, read from ``weights.json``, which says where each comes from.

It has a set of them for each embedding model that Attest brings, because the cosines of two models do not
compare. ``python -m eval.training`` writes that file; nobody edits it by hand.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from typing import Any

DEFAULT = "multilingual-e5-small"
"""The name of the default embedding model."""


FALSE_REFUSALS = 0.12
"""The share of answerable questions that are refused at the fitted thresholds."""


@dataclass(frozen=True, slots=True)
class Linear:
    """A fitted weighted sum: weights by feature name, in the order in which the features are computed."""

    weights: Mapping[str, float]
    bias: float = 0.0
    means: Mapping[str, float] = field(default_factory=dict)
    """The mean of features over the questions of the fit. It stands in for a feature that cannot be told."""

    def score(self, features: Sequence[float]) -> float:
        """Return the weighted sum of ``features``, given in the order of ``weights``."""
        return self.bias + sum(w * x for w, x in zip(self.weights.values(), features, strict=True))

    def moved(self, logit: float) -> "Linear":
        """Return the sum with ``logit`` added to it."""
        return replace(self, bias=self.bias + logit)

    def probability(self, features: Mapping[str, float]) -> float:
        """Return the probability that logistic regression gives to features by name.

        Raises:
            KeyError: a feature is missing that has no mean.
        """
        known = {**self.means, **features}
        logit = self.bias + sum(w * known[name] for name, w in self.weights.items())
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))


@dataclass(frozen=True, slots=True)
class FirstVerdict:
    """P(answerable) from the model's verdict on the best quote alone, and how low or high it has to be to
    settle the question, so that the model need not be asked again.
    """

    calibration: Linear
    refuses_below: float
    answers_from: float

    def settles(self, p_answerable: float, threshold: float) -> bool:
        """Return whether the rest of what the model could tell would hardly ever move ``p_answerable`` to the
        other side of ``threshold``, which is the one that this was fitted for or one as near to it.
        """
        if not self.refuses_below <= threshold <= self.answers_from:
            return False
        return not self.refuses_below <= p_answerable < self.answers_from


@dataclass(frozen=True, slots=True)
class Judge:
    """A calibrated P(answerable) and the threshold below which Attest abstains."""

    calibration: Linear
    threshold: float
    surest: Mapping[str, float] = field(default_factory=dict)
    """The highest value, over the questions of the fit, of each feature that takes the model more than its
    first verdict."""
    refuses: Mapping[str, float] = field(default_factory=dict)
    """The share of unanswerable questions of each kind, about articles that were not fitted on, that is
    refused where ``FALSE_REFUSALS`` of the answerable ones are, too. Empty where that was not measured."""
    first: FirstVerdict | None = None
    """The first verdict and what it settles; None where that was not fitted: then everything is asked."""
    yes_or_no: float = 0.0
    """What is added to the logit of P(answerable) where a question asks for yes or no: the model is less sure
    of such verdicts. 0 where that was not fitted."""

    def for_yes_or_no(self) -> "Judge":
        """Return the judge of questions for yes or no."""
        first = self.first and replace(self.first, calibration=self.first.calibration.moved(self.yes_or_no))
        return replace(self, calibration=self.calibration.moved(self.yes_or_no), first=first)


@dataclass(frozen=True, slots=True)
class Reranker:
    """The weights of late interaction, which decides between the best passages where scores are close."""

    added: Linear
    """Over the features of a passage and its late interaction with the question."""
    gap: float
    """The greatest distance of a passage below the best score."""
    most: int
    """The number of the best passages that are compared at most."""


@dataclass(frozen=True, slots=True)
class Weights:
    """All numbers that were fitted with one embedding model."""

    background: float
    """The mean cosine of questions and sentences that have nothing to do with each other."""
    passage: Linear
    sentence: Linear
    judge: Judge
    """For the verdict of the default language model together with the retrieval signals."""
    quotes_only: Judge
    """For the retrieval signals alone, without a language model."""
    foreign_passage: Linear | None = None
    """For passages in another language than the question, so that their scores compare with those of
    ``passage``. None where it was not fitted: then all are scored as if they were in the question's."""
    foreign_sentence: Linear | None = None
    """The weights of their sentences, beside ``sentence``."""
    reranker: Reranker | None = None
    """For passages whose scores are close. None where it was not fitted: then their order stays."""

    def similarity(self, cosine: float) -> float:
        """Return a cosine on a scale that models share: 0 for unrelated texts, 1 for equal ones."""
        return (cosine - self.background) / (1 - self.background)

    def cosine(self, similarity: float) -> float:
        """Return the cosine that :meth:`similarity` makes that value of."""
        return self.background + similarity * (1 - self.background)


@dataclass(frozen=True, slots=True)
class InDocument:
    """Weights of the place in a longer document: what it adds to the scores of passages and of their
    sentences. Words and places make it, so it holds for every embedding model.
    """

    passage: Linear
    sentence: Linear


def _linear(record: Mapping[str, object]) -> Linear:
    weights, bias, means = record["weights"], record.get("bias", 0.0), record.get("means", {})
    assert isinstance(weights, dict)
    assert isinstance(means, dict)
    assert isinstance(bias, float)
    return Linear(weights, bias, means)


def _judge(record: Mapping[str, object]) -> Judge:
    threshold, surest = record["threshold"], record.get("surest", {})
    assert isinstance(threshold, float)
    assert isinstance(surest, dict)
    unseen = record.get("on_unseen_articles", {})
    assert isinstance(unseen, dict)
    refuses = {kind: each[f"abstains_at_{FALSE_REFUSALS}_false"] for kind, each in unseen.items()}
    first = _first_verdict(record.get("first"))
    return Judge(_linear(record), threshold, surest, refuses, first, _added_for_yes_or_no(record))


def _first_verdict(record: object) -> FirstVerdict | None:
    if record is None:
        return None
    assert isinstance(record, dict)
    return FirstVerdict(_linear(record), record["refuses_below"], record["answers_from"])


def _added_for_yes_or_no(judge: Mapping[str, object]) -> float:
    record = judge.get("yes_or_no", {"added": 0.0})
    assert isinstance(record, dict)
    return float(record["added"])


@cache
def load_weights(embedding: str) -> Weights | None:
    """Return the numbers that were fitted with the embedding model of that name; None if there are none."""
    record = json.loads(files("qa").joinpath("weights.json").read_text(encoding="utf-8")).get(embedding)
    if record is None:
        return None
    return Weights(
        background=record["background"]["value"],
        passage=_linear(record["passage"]),
        sentence=_linear(record["sentence"]),
        judge=_judge(record["judge"]),
        quotes_only=_judge(record["quotes_only"]),
        foreign_passage=_linear(record["foreign_passage"]) if "foreign_passage" in record else None,
        foreign_sentence=_linear(record["foreign_sentence"]) if "foreign_sentence" in record else None,
        reranker=_reranker(record.get("reranker")),
    )


def _reranker(record: dict[str, Any] | None) -> Reranker | None:
    return Reranker(_linear(record), record["gap"], record["most"]) if record else None


def _load_default() -> Weights:
    weights = load_weights(DEFAULT)
    assert weights is not None
    return weights


def _record(name: str) -> dict[str, object]:
    record = json.loads(files("qa").joinpath("weights.json").read_text(encoding="utf-8"))[name]
    assert isinstance(record, dict)
    return record


def _load_in_document() -> InDocument:
    record = _record("in_document")
    passage, sentence = record["passage"], record["sentence"]
    assert isinstance(passage, dict)
    assert isinstance(sentence, dict)
    return InDocument(_linear(passage), _linear(sentence))


SUPPORT = _judge(_record("support"))
"""For the default language model's verdict on a sentence, together with what code can tell of it."""

WEIGHTS = _load_default()
"""With the default embedding model."""

IN_DOCUMENT = _load_in_document()
"""Beside the weights of any embedding model."""
