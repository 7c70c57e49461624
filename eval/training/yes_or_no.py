"""Fit what is added to the judge's logit where a question asks for yes or no.

The model says less surely that quotes answer such a question, above all where they say no. The number makes
P(answerable) right on average over as many answerable questions as absent ones (recalibration of the
intercept; Steyerberg 2009, "Clinical Prediction Models", chapter 20). More of the absent ones pass the judge
with it; what is drafted for them has still to pass the check of sentences.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import expit, logit
from tqdm import tqdm

from qa.answering.judge import combine
from qa.evaluation.datasets.base import Case, absent, article
from qa.evaluation.fit import DIGITS, find_evidence
from qa.query.types import wants_yes_or_no
from qa.retrieval.hybrid import HybridRetriever
from qa.schema import Evidence
from qa.weights import Judge

_WIDEST = 10.0
"""The bounds of the number, in logits."""


@dataclass(frozen=True, slots=True)
class _Judged:
    answerable: bool
    article: str
    logit: float


def asks_for_yes_or_no(cases: Sequence[Case]) -> tuple[Case, ...]:
    """Return the answerable questions for yes or no among ``cases``."""
    return tuple(case for case in cases if case.answerable and wants_yes_or_no(case.question))


def yes_or_no_record(
    retriever: HybridRetriever,
    chosen: Sequence[Case],
    verdicts: Callable[[Evidence], Mapping[str, float] | None],
) -> dict[str, object]:
    """Return the part ``yes_or_no`` of a judge, fitted on the ``chosen`` questions, each also asked without
    its paragraph. What it changes is told on each half of the articles with the number of the other half.
    """
    judge = retriever.weights.judge
    asked = list(_judge(retriever, chosen, verdicts, judge))
    halves = sorted({each.article for each in asked})[::2]
    seen = [each for each in asked if each.article in halves]
    unseen = [each for each in asked if each.article not in halves]
    moved = [
        (each, each.logit + added)
        for half, added in ((seen, _fit(unseen)), (unseen, _fit(seen)))
        for each in half
    ]
    return {
        "added": round(_fit(asked), DIGITS),
        "refused_on_unseen_articles": {
            "without": _refusals([(each, each.logit) for each in asked], judge.threshold),
            "with": _refusals(moved, judge.threshold),
        },
        "questions": len(asked),
    }


def _judge(
    retriever: HybridRetriever,
    chosen: Sequence[Case],
    verdicts: Callable[[Evidence], Mapping[str, float] | None],
    judge: Judge,
) -> Iterator[_Judged]:
    for case in tqdm([*chosen, *absent(chosen)], "Judging"):
        evidence = find_evidence(retriever, case)
        told = verdicts(evidence) if evidence.quotes else None
        if told:
            p = combine(told, evidence.signals, judge)
            yield _Judged(case.answerable, article(case), float(logit(p)))


def _fit(asked: Sequence[_Judged]) -> float:
    """Return the number with which the mean of P is 0.5, both kinds of questions weighing the same."""
    yes, no = _logits(asked, answerable=True), _logits(asked, answerable=False)
    return float(brentq(lambda x: expit(yes + x).mean() + expit(no + x).mean() - 1, -_WIDEST, _WIDEST))


def _logits(asked: Sequence[_Judged], *, answerable: bool) -> NDArray[np.float64]:
    return np.asarray([each.logit for each in asked if each.answerable is answerable])


def _refusals(judged: Sequence[tuple[_Judged, float]], threshold: float) -> dict[str, float]:
    """Return the share that the judge refuses of the answerable questions, and of the absent ones."""
    return {
        name: round(
            float(np.mean([moved < logit(threshold) for each, moved in judged if each.answerable is kind])), 3
        )
        for name, kind in (("answerable", True), ("absent", False))
    }
