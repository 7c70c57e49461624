"""The probability that quotes support a sentence, and its threshold, fitted on claims that people judged."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from qa.answering.checker import SupportLogit
from qa.errors import UserError
from qa.evaluation.claims import check
from qa.evaluation.datasets.claims import ClaimCase
from qa.evaluation.progress import Track, untracked
from qa.schema import Quote
from qa.verification.support_features import FEATURES
from qa.weights import Judge, Linear

FALSE_SUPPORT = 0.03
"""Share of the unsupported claims of a file that the threshold may let pass, on claims that the fit has not
seen. The file for which it is strictest decides."""

NAMES = ("verdict", *FEATURES)
"""The features of a sentence, in the order in which they are fitted."""

FOLDS = 5
DIGITS = 4

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PassRates:
    """The shares of a file's claims that pass on a fit that has not seen them."""

    supported: float
    unsupported: float
    claims: int


@dataclass(frozen=True, slots=True)
class SupportFit:
    """A fitted check, and how it does on claims that it was not fitted on."""

    judge: Judge
    unseen: Mapping[str, PassRates]
    """By file."""
    asked: int
    """The number of claims that needed a verdict; the others are copies, or something forbids them."""


class _Recorder:
    """A checker that lets everything pass and keeps what it was told of each claim."""

    threshold = 0.0

    def __init__(self, verdict: SupportLogit) -> None:
        self._verdict = verdict
        self.told: list[Mapping[str, float]] = []

    def probability(self, claim: str, quotes: Sequence[Quote], features: Mapping[str, float]) -> float | None:
        logit = self._verdict(claim, quotes)
        if logit is not None:
            self.told.append({**features, "verdict": logit})
        return None if logit is None else 1.0


def fit_support(claims: Sequence[ClaimCase], verdict: SupportLogit, track: Track = untracked) -> SupportFit:
    """Fit the check of sentences on ``claims``, of which ``verdict`` gives the model's logit.

    A claim may be told in clauses; the least probable one decides. The regression sees every claim that needs
    a verdict; the threshold is set so that no file has more than ``FALSE_SUPPORT`` of its unsupported claims
    pass.

    Raises:
        UserError: the model gives no probabilities, or there are too few claims that need them.
    """
    rows: list[list[float]] = []
    passed_anyway: dict[str, bool] = {}
    owners: list[ClaimCase] = []
    recorder = _Recorder(verdict)
    for case in track(claims, "Checking", len(claims)):
        recorder.told.clear()
        (outcome,) = check([case], recorder)
        if outcome.passed and recorder.told:
            rows.append([recorder.told[-1][name] for name in NAMES])
            owners.append(case)
        else:
            passed_anyway[case.id] = outcome.passed
    x, y = np.asarray(rows), np.asarray([case.supported for case in owners])
    groups = np.asarray([case.document.text for case in owners])
    if len(set(y.tolist())) < 2 or len(set(groups.tolist())) < FOLDS:
        raise UserError(
            "Too few of these claims need the model's verdict, or it gives no token probabilities; give more "
            "claims, or choose another model"
        )
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1_000))
    unseen = expit(
        cross_val_predict(model, x, y, groups=groups, cv=GroupKFold(FOLDS), method="decision_function")
    )
    scaler, regression = model.fit(x, y)
    weights = regression.coef_[0] / scaler.scale_
    bias = float(regression.intercept_[0] - weights @ scaler.mean_)
    files = sorted({case.file for case in claims})
    threshold = max(
        _threshold([case for case in claims if case.file == file], owners, unseen, passed_anyway)
        for file in files
    )
    linear = Linear({name: _round(w) for name, w in zip(NAMES, weights, strict=True)}, _round(bias))
    probability = {case.id: float(p) for case, p in zip(owners, unseen, strict=True)}

    def passes(case: ClaimCase) -> bool:
        return passed_anyway.get(case.id, False) or probability.get(case.id, 0.0) >= threshold

    return SupportFit(
        Judge(linear, threshold),
        {file: _pass_rates([case for case in claims if case.file == file], passes) for file in files},
        len(owners),
    )


def _threshold(
    claims: Sequence[ClaimCase],
    owners: Sequence[ClaimCase],
    probabilities: Matrix,
    passed_anyway: Mapping[str, bool],
) -> float:
    """Return the least threshold that keeps ``FALSE_SUPPORT`` of a file's unsupported ``claims`` out."""
    wrong = {case.id for case in claims if not case.supported}
    allowed = int(FALSE_SUPPORT * len(wrong)) - sum(passed_anyway.get(each, False) for each in wrong)
    of_wrong = sorted(
        (float(p) for case, p in zip(owners, probabilities, strict=True) if case.id in wrong), reverse=True
    )
    if allowed >= len(of_wrong):
        return 0.5
    return max(0.5, _round(of_wrong[max(allowed, 0)] + 10**-DIGITS))


def _pass_rates(claims: Sequence[ClaimCase], passes: Callable[[ClaimCase], bool]) -> PassRates:
    def share(supported: bool) -> float:
        chosen = [passes(case) for case in claims if case.supported is supported]
        return _round(sum(chosen) / len(chosen)) if chosen else 0.0

    return PassRates(share(True), share(False), len(claims))


def _round(value: float) -> float:
    return round(float(value), DIGITS)
