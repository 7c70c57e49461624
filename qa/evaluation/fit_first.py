"""The decisions that the verdict on the best quote alone settles, fitted to those of all verdicts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from qa.answering.judge import combine
from qa.evaluation.fit import DIGITS, regress
from qa.retrieval import signals
from qa.weights import FirstVerdict, Judge, Linear

CHANGED = 0.01
"""Share of the verdicts that may change when the model is asked no more."""


@dataclass(frozen=True, slots=True)
class FitQuestion:
    """One question of the fit."""

    answerable: bool
    article: str
    signals: Mapping[str, float]
    told: Mapping[str, float]
    """All that the model tells of it, ``first`` included."""


@dataclass(frozen=True, slots=True)
class FirstFit:
    """The fit, and how it does on articles that it was not fitted on."""

    first: FirstVerdict
    settled: float
    """Share of the questions that the first verdict settles."""
    changed: float
    """Share whose verdict is another than that of everything told."""
    questions: int


def fit_first(questions: Sequence[FitQuestion], judge: Judge, quotes_only: Judge) -> FirstFit:
    """Fit P(answerable) to the first verdict and the signals, weighted as ``quotes_only`` weights them, and
    what settles a question to the verdicts of ``judge``.
    """
    alone = [quotes_only.calibration.probability(each.signals) for each in questions]
    x = np.column_stack([[each.told["first"] for each in questions], logit(alone)])
    answerable = np.asarray([each.answerable for each in questions])
    fit = regress(x, answerable, np.asarray([each.article for each in questions]))
    by_first, by_signals = map(float, fit.weights)
    p = expit(fit.unseen)
    answered = np.asarray([combine(q.told, q.signals, judge) >= judge.threshold for q in questions])
    refuses_below, answers_from = _bounds(p, answered, judge.threshold)
    settled = (p < refuses_below) | (p >= answers_from)
    weights = {"first": by_first} | {
        name: by_signals * quotes_only.calibration.weights[name] for name in signals.NAMES
    }
    means = {"first": float(x[:, 0].mean())} | dict(quotes_only.calibration.means)
    linear = Linear(
        {name: round(weight, DIGITS) for name, weight in weights.items()},
        round(fit.bias + by_signals * quotes_only.calibration.bias, DIGITS),
        {name: round(mean, DIGITS) for name, mean in means.items()},
    )
    return FirstFit(
        FirstVerdict(linear, round(refuses_below, DIGITS), round(answers_from + 10**-DIGITS, DIGITS)),
        float(settled.mean()),
        float((settled & ((p >= answers_from) != answered)).mean()),
        len(questions),
    )


def _bounds(p: NDArray[np.float64], answered: NDArray[np.bool_], threshold: float) -> tuple[float, float]:
    """Return below what and from what on ``p`` settles most of what was ``answered`` or not, while no more
    than ``CHANGED`` of it changes.
    """
    may_change = int(len(p) * CHANGED)
    yes, no = np.sort(p[answered]), np.sort(p[~answered])[::-1]
    bounds = [
        (min(float(yes[k]), threshold), max(float(np.nextafter(no[may_change - k], 1)), threshold))
        for k in range(may_change + 1)
    ]
    return max(bounds, key=lambda pair: int(((p < pair[0]) | (p >= pair[1])).sum()))
