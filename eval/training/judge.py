"""P(answerable) and its thresholds, fitted by logistic regression over logits (after Platt 1999)."""

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from tqdm import tqdm

from qa.evaluation import metrics
from qa.evaluation.datasets.base import Case, absent, article
from qa.llm.prompts import ask
from qa.retrieval import signals
from qa.retrieval.evidence import select_quotes
from qa.retrieval.hybrid import HybridRetriever
from qa.schema import Evidence
from qa.search import DocumentFilter

FALSE_ABSTENTION = 0.07
"""Share of answerable questions that the thresholds may refuse, on the questions they are fitted on.
Verification refuses up to three in a hundred more (4 of the 150 it was tried on)."""

FOLDS = 5
"""Parts of the articles, each judged by a fit on the others."""

Matrix = NDArray[np.float64]


def fit_judge(
    retriever: HybridRetriever,
    cases: Sequence[Case],
    chosen: Sequence[Case],
    verdict: Callable[[Evidence], float],
    cache: Path | None = None,
) -> dict[str, dict[str, object]]:
    """Two logistic regressions: of the signals on every case, and of verdict and signals on those chosen.

    Both kinds of unanswerable question count: ``adversarial`` ones, and answerable ones asked without the
    paragraph that answers them (``absent``). ``verdict`` gives the logit of the model's verdict; ``cache``
    keeps those logits for the next fit.
    """
    every = [*cases, *absent(cases)]
    found = {case.id: _evidence(retriever, case) for case in tqdm(every, "Retrieving")}
    asked = [*chosen, *absent(chosen)]
    verdicts = _verdicts([found[case.id] for case in asked], verdict, cache)

    row = {case.id: i for i, case in enumerate(every)}
    rows = [row[case.id] for case in asked]
    articles = np.asarray([article(case) for case in every])
    kinds = np.asarray([case.kind for case in every])
    answerable = kinds == "answerable"
    x = np.asarray([[found[case.id].signals[name] for name in signals.NAMES] for case in every])
    alone = _fit(x, answerable, articles)
    # The signals' logit comes from a fit that has not seen the question's article.
    joined = _fit(np.column_stack([verdicts, alone.unseen[rows]]), answerable[rows], articles[rows])
    of_verdict, of_signals = joined.weights
    return {
        "judge": {
            "weights": {"verdict": round(float(of_verdict), 4), **_named(of_signals * alone.weights)},
            "bias": round(joined.bias + float(of_signals) * alone.bias, 4),
            "threshold": _threshold(joined.seen[answerable[rows]]),
            "on_unseen_articles": _quality(joined.unseen, kinds[rows]),
            "verdict_alone": _quality(verdicts, kinds[rows]),
            "signals_alone": _quality(alone.unseen[rows], kinds[rows]),
            "questions": len(asked),
        },
        "quotes_only": {
            "weights": _named(alone.weights),
            "bias": round(alone.bias, 4),
            "threshold": _threshold(alone.seen[answerable]),
            "on_unseen_articles": _quality(alone.unseen, kinds),
            "questions": len(every),
        },
    }


@dataclass(frozen=True)
class _Fit:
    """A logistic regression, with its logits from fits that did and did not see a question's article."""

    weights: Matrix
    bias: float
    seen: Matrix
    unseen: Matrix


def _fit(x: Matrix, answerable: NDArray[np.bool_], articles: NDArray[np.str_]) -> _Fit:
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1_000, class_weight="balanced"))
    unseen = cross_val_predict(
        model, x, answerable, groups=articles, cv=GroupKFold(FOLDS), method="decision_function"
    )
    scaler, regression = model.fit(x, answerable)
    weights = regression.coef_[0] / scaler.scale_
    bias = float(regression.intercept_[0] - weights @ scaler.mean_)
    return _Fit(weights, bias, x @ weights + bias, unseen)


def _verdicts(
    evidence: Sequence[Evidence], verdict: Callable[[Evidence], float], cache: Path | None
) -> Matrix:
    """The model's verdict on each; what ``cache`` holds is not asked again, and what is asked is added."""
    known: dict[str, float] = {}
    if cache and cache.is_file():
        known = dict(map(json.loads, cache.read_text().splitlines()))
    found = []
    for each in tqdm(evidence, "Judging"):
        prompt = "\n".join(str(m.content) for m in ask("judge", each.question, each.quotes))
        key = hashlib.sha256(prompt.encode()).hexdigest()
        if key not in known:
            known[key] = verdict(each)
            if cache:
                with cache.open("a", encoding="utf-8") as file:
                    file.write(json.dumps([key, known[key]]) + "\n")
        found.append(known[key])
    return np.asarray(found)


def _quality(scores: Matrix, kinds: NDArray[np.str_]) -> dict[str, object]:
    yes = scores[kinds == "answerable"].tolist()
    return {
        kind: {
            "auc": _round(metrics.auc(yes, scores[kinds == kind].tolist())),
            "abstains_at_0.12_false": _round(
                metrics.abstention_at(yes, scores[kinds == kind].tolist(), 0.12)
            ),
        }
        for kind in ("adversarial", "absent")
    }


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _threshold(logits_of_answerable: Matrix) -> float:
    return round(float(expit(np.quantile(logits_of_answerable, FALSE_ABSTENTION))), 4)


def _named(weights: Iterable[float]) -> dict[str, float]:
    return {name: round(float(w), 4) for name, w in zip(signals.NAMES, weights, strict=True)}


def _evidence(retriever: HybridRetriever, case: Case) -> Evidence:
    found = retriever.retrieve(case.question, DocumentFilter(without=case.without))
    return select_quotes(found.question, found.hits, retriever.source.documents)
