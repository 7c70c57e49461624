"""P(answerable) and its thresholds, fitted by logistic regression over logits (after Platt 1999)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from langchain_core.language_models import BaseChatModel
from numpy.typing import NDArray
from scipy.special import expit
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from qa.answering.judge import VERDICTS, ask_short_verdict, ask_verdict
from qa.answering.short_answer import propose_short_answer
from qa.evaluation import metrics, summary
from qa.evaluation.datasets.base import UNANSWERABLE_KINDS, Case, absent, article
from qa.evaluation.progress import Track, untracked
from qa.query.document_filter import DocumentFilter
from qa.query.types import wants_short_answer
from qa.retrieval import signals
from qa.retrieval.evidence import select_quotes
from qa.retrieval.hybrid import HybridRetriever
from qa.schema import Evidence
from qa.verification.short_answer import cut_short_answer
from qa.weights import Judge, Linear

FALSE_ABSTENTION = 0.1
"""Share of answerable questions that the thresholds may refuse, on the questions they are fitted on: with
0.07, 0.66 of the answers shown to SQuAD's public questions were right and 0.75 of the answerable ones were
rightly answered (docs/measurements.md has the curve); wrong answers cost more than refusals."""

FOLDS = 5
"""Groups of articles, each scored by a fit on the other groups."""

DIGITS = 4
"""Decimal places of every number that a fit returns."""

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Separation:
    """The separation, by a score, of answerable questions from unanswerable ones of one kind."""

    auc: float | None
    correct_abstention: float | None
    """Share of the unanswerable questions that a threshold refuses which also refuses
    ``summary.FALSE_ABSTENTION`` of the answerable ones."""


@dataclass(frozen=True, slots=True)
class JudgeFit:
    """A fitted judge, and how it does on articles that it was not fitted on."""

    judge: Judge
    unseen: Mapping[str, Separation]
    """By kind of unanswerable question."""
    questions: int
    """The number of questions that it was fitted on."""


@dataclass(frozen=True, slots=True)
class Fit:
    """Both judges, and what each input of the first is worth alone."""

    judge: JudgeFit
    """For the model's verdict together with the retrieval signals."""
    quotes_only: JudgeFit
    """For the retrieval signals alone."""
    verdict_alone: Mapping[str, Separation]
    signals_alone: Mapping[str, Separation]


def ask_verdicts(model: BaseChatModel, evidence: Evidence) -> dict[str, float]:
    """Return what ``model`` tells of a question and its quotes, its short answer included.

    Raises:
        ModelSilentError: the model does not answer.
    """
    told = ask_verdict(model, evidence)
    if not wants_short_answer(evidence.question):
        return told
    short = cut_short_answer(propose_short_answer(model, evidence), evidence)
    return told | ask_short_verdict(model, evidence, short.text if short else "")


def fit_judge(
    retriever: HybridRetriever,
    cases: Sequence[Case],
    chosen: Sequence[Case],
    verdicts: Callable[[Evidence], Mapping[str, float]],
    track: Track = untracked,
) -> Fit:
    """Fit the signals on every case, and verdict and signals together on the cases ``chosen``.

    Both kinds of unanswerable question count: ``adversarial`` ones, and answerable ones asked without the
    paragraph that answers them (``absent``). ``verdicts`` returns what the model tells
    (:func:`ask_verdicts`).
    """
    every = [*cases, *absent(cases)]
    evidence = {case.id: find_evidence(retriever, case) for case in track(every, "Retrieving", len(every))}
    asked = [*chosen, *absent(chosen)]
    told = _impute([verdicts(evidence[case.id]) for case in track(asked, "Judging", len(asked))], VERDICTS)

    row = {case.id: i for i, case in enumerate(every)}
    rows = [row[case.id] for case in asked]
    articles = np.asarray([article(case) for case in every])
    kinds = np.asarray([case.kind for case in every])
    answerable = kinds == "answerable"
    seen = _impute([evidence[case.id].signals for case in every], signals.NAMES)
    alone = regress(seen.rows, answerable, articles)
    # The signals' logit comes from a fit that has not seen the question's article.
    joint = regress(np.column_stack([told.rows, alone.unseen[rows]]), answerable[rows], articles[rows])
    *of_verdicts, of_signals = joint.weights
    return Fit(
        judge=JudgeFit(
            Judge(
                Linear(
                    _by_name(VERDICTS, of_verdicts) | _by_name(signals.NAMES, of_signals * alone.weights),
                    _round(joint.bias + float(of_signals) * alone.bias),
                    _by_name(VERDICTS, told.means) | _by_name(signals.NAMES, seen.means),
                ),
                _threshold(joint.seen[answerable[rows]]),
                surest={name: told.highest(name) for name in VERDICTS if name != "verdict"},
            ),
            _separation(joint.unseen, kinds[rows]),
            len(asked),
        ),
        quotes_only=JudgeFit(
            Judge(
                Linear(
                    _by_name(signals.NAMES, alone.weights),
                    _round(alone.bias),
                    _by_name(signals.NAMES, seen.means),
                ),
                _threshold(alone.seen[answerable]),
            ),
            _separation(alone.unseen, kinds),
            len(every),
        ),
        verdict_alone=_separation(told.rows[:, VERDICTS.index("verdict")], kinds[rows]),
        signals_alone=_separation(alone.unseen[rows], kinds[rows]),
    )


@dataclass(frozen=True)
class Regression:
    """A logistic regression, with its logits from fits that did and did not see a question's article."""

    weights: Matrix
    bias: float
    seen: Matrix
    unseen: Matrix


def regress(x: Matrix, answerable: NDArray[np.bool_], articles: NDArray[np.str_]) -> Regression:
    """Fit whether questions are ``answerable`` to the rows of ``x``, by all and by the other ``articles``."""
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1_000, class_weight="balanced"))
    unseen = cross_val_predict(
        model, x, answerable, groups=articles, cv=GroupKFold(FOLDS), method="decision_function"
    )
    scaler, regression = model.fit(x, answerable)
    weights = regression.coef_[0] / scaler.scale_
    bias = float(regression.intercept_[0] - weights @ scaler.mean_)
    return Regression(weights, bias, x @ weights + bias, unseen)


def _separation(scores: Matrix, kinds: NDArray[np.str_]) -> dict[str, Separation]:
    yes = scores[kinds == "answerable"].tolist()
    found = {}
    for kind in UNANSWERABLE_KINDS:
        no = scores[kinds == kind].tolist()
        auc = metrics.auc(yes, no)
        abstention = metrics.abstention_at(yes, no, summary.FALSE_ABSTENTION)
        found[kind] = Separation(
            None if auc is None else _round(auc), None if abstention is None else _round(abstention)
        )
    return found


def _threshold(logits_of_answerable: Matrix) -> float:
    return _round(expit(np.quantile(logits_of_answerable, FALSE_ABSTENTION)))


def _by_name(names: Iterable[str], weights: Iterable[float]) -> dict[str, float]:
    return {name: _round(w) for name, w in zip(names, weights, strict=True)}


@dataclass(frozen=True)
class _Features:
    """Features by row, with the mean of a column wherever one is unknown."""

    names: Sequence[str]
    rows: Matrix
    means: Matrix

    def highest(self, name: str) -> float:
        """Return the highest value of the feature of that name."""
        return _round(self.rows[:, self.names.index(name)].max())


def _impute(features: Sequence[Mapping[str, float]], names: Sequence[str]) -> _Features:
    """Return ``features`` in the order of ``names``."""
    rows = np.asarray([[each.get(name, np.nan) for name in names] for each in features])
    means = np.asarray([0.0 if np.isnan(column).all() else np.nanmean(column) for column in rows.T])
    return _Features(names, np.where(np.isnan(rows), means, rows), means)


def _round(value: float) -> float:
    return round(float(value), DIGITS)


def find_evidence(retriever: HybridRetriever, case: Case) -> Evidence:
    """Return the quotes and signals for the question of ``case``."""
    found = retriever.retrieve(case.question, DocumentFilter(without=case.without))
    return select_quotes(found.question, found.hits, retriever.source.documents, found.language)
