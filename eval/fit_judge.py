"""P(answerable) and its thresholds, fitted by logistic regression over logits (after Platt 1999)."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from tqdm import tqdm

from eval import metrics
from eval.cases import Case, absent, article
from qa import assemble, config, signals
from qa.evidence import select
from qa.hybrid import HybridRetriever
from qa.index import Index
from qa.judging import verdict_logit
from qa.prompting import ask
from qa.schema import Evidence

FALSE_ABSTENTION = 0.05
"""Share of answerable questions that the thresholds may refuse, on the questions they are fitted on.
Verification refuses about as many again."""

ADVERSARIAL_WEIGHT = 1 / 3
"""Of an adversarial question against an absent one in the fit of P(answerable): people more often ask what
no document says than what a document says of something else. Chosen on the cross-validated figures that
the fit writes beside its numbers: 1 is better on adversarial questions and worse on absent ones."""

FOLDS = 5
"""Parts of the articles, each judged by a fit on the others."""

Matrix = NDArray[np.float64]


def fit_judge(
    index: Index, cases: Sequence[Case], chosen: Sequence[Case], cache: Path | None
) -> dict[str, dict[str, object]]:
    """Logistic regressions: two on the signals of every question, one that joins them with the verdict.

    The signals are weighed against each kind of unanswerable question apart (``adversarial``, ``absent``),
    for they tell the two by different things; the verdict is asked for on a sample only.
    """
    retriever = HybridRetriever(source=index)
    every = [*cases, *absent(cases)]
    found = {case.id: _evidence(retriever, index, case) for case in tqdm(every, "Retrieving")}
    asked = [*chosen, *absent(chosen)]
    verdicts = _verdicts([found[case.id] for case in asked], cache)

    kinds = np.asarray([case.kind for case in every])
    articles = np.asarray([article(case) for case in every])
    x = np.asarray([[found[case.id].signals[name] for name in signals.NAMES] for case in every])
    heads = {kind: _Head.fit(x, kinds, articles, kind) for kind in ("adversarial", "absent")}
    row = {case.id: i for i, case in enumerate(every)}
    rows = [row[case.id] for case in asked]

    features = np.column_stack([verdicts, *(head.unseen[rows] for head in heads.values())])
    judged = _join(features, kinds[rows], articles[rows])
    alone = _join(features[:, 1:], kinds[rows], articles[rows])
    return {
        "judge": {
            **_collapse(judged.weights[1:], judged.bias, list(heads.values()), verdict=judged.weights[0]),
            "threshold": _threshold(judged.fitted[kinds[rows] == "answerable"]),
            "on_unseen_articles": _quality(judged.unseen, kinds[rows]),
            "verdict_alone": _quality(verdicts, kinds[rows]),
            "signals_alone": _quality(alone.unseen, kinds[rows]),
            "questions": len(asked),
        },
        "quotes_only": {
            **_collapse(alone.weights, alone.bias, list(heads.values())),
            "threshold": _threshold(alone.fitted[kinds[rows] == "answerable"]),
            "on_unseen_articles": _quality(alone.unseen, kinds[rows]),
            "questions": len(every),
        },
    }


@dataclass(frozen=True)
class _Head:
    """The signals weighed against one kind of unanswerable question."""

    weights: Matrix
    bias: float
    unseen: Matrix
    """The logit of every question, from a fit that did not see the question's article."""

    @classmethod
    def fit(cls, x: Matrix, kinds: NDArray[np.str_], articles: NDArray[np.str_], kind: str) -> "_Head":
        """Fit answerable questions against those of ``kind``."""
        used = (kinds == "answerable") | (kinds == kind)
        unseen = np.zeros(len(x))
        for train, test in GroupKFold(FOLDS).split(x, groups=articles):
            rows = train[used[train]]
            model = _scaled().fit(x[rows], kinds[rows] == "answerable")
            unseen[test] = model.decision_function(x[test])
        return cls(*_unscaled(_scaled().fit(x[used], kinds[used] == "answerable")), unseen)


@dataclass(frozen=True)
class _Joined:
    """A logistic regression over a few logits, and what it says of questions, seen and unseen."""

    weights: Matrix
    bias: float
    fitted: Matrix
    unseen: Matrix


def _join(x: Matrix, kinds: NDArray[np.str_], articles: NDArray[np.str_]) -> _Joined:
    answerable = kinds == "answerable"
    weight = np.where(kinds == "adversarial", ADVERSARIAL_WEIGHT, 1.0)
    weight[answerable] = weight[~answerable].sum() / answerable.sum()
    model = LogisticRegression(max_iter=1_000)
    unseen = cross_val_predict(
        model, x, answerable, groups=articles, cv=GroupKFold(FOLDS), method="decision_function",
        params={"sample_weight": weight},
    )  # fmt: skip
    model.fit(x, answerable, sample_weight=weight)
    return _Joined(model.coef_[0], float(model.intercept_[0]), model.predict_proba(x)[:, 1], unseen)


def _collapse(
    of_heads: Matrix, bias: float, heads: Sequence[_Head], verdict: float | None = None
) -> dict[str, object]:
    """A weighted sum of heads as one weight a signal."""
    weights = sum(w * head.weights for w, head in zip(of_heads, heads, strict=True))
    total = bias + sum(float(w) * head.bias for w, head in zip(of_heads, heads, strict=True))
    first = {} if verdict is None else {"verdict": round(float(verdict), 4)}
    return {"weights": {**first, **_named(np.asarray(weights))}, "bias": round(total, 4)}


def _verdicts(evidence: Sequence[Evidence], cache: Path | None) -> Matrix:
    """The model's verdict on each; what ``cache`` holds is not asked again, and what is asked is added."""
    known: dict[str, float] = {}
    if cache and cache.is_file():
        known = dict(map(json.loads, cache.read_text().splitlines()))
    model = assemble.load_model(config.load())
    assert model is not None
    found = []
    for each in tqdm(evidence, "Judging"):
        prompt = "\n".join(str(m.content) for m in ask("judge", each.question, each.quotes))
        key = hashlib.sha256(prompt.encode()).hexdigest()
        if key not in known:
            known[key] = verdict_logit(model, each)
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


def _threshold(p_of_answerable: Matrix) -> float:
    return round(float(np.quantile(p_of_answerable, FALSE_ABSTENTION)), 4)


def _named(weights: Iterable[float]) -> dict[str, float]:
    return {name: round(float(w), 4) for name, w in zip(signals.NAMES, weights, strict=True)}


def _scaled() -> Pipeline:
    return make_pipeline(StandardScaler(), LogisticRegression(max_iter=1_000, class_weight="balanced"))


def _unscaled(fitted: object) -> tuple[Matrix, float]:
    """The weights of a scaled logistic regression for features as they come."""
    scaler, regression = fitted[0], fitted[1]  # type: ignore[index]
    weights = regression.coef_[0] / scaler.scale_
    return weights, float(regression.intercept_[0] - weights @ scaler.mean_)


def _evidence(retriever: HybridRetriever, index: Index, case: Case) -> Evidence:
    return select(case.question, retriever.hits(case.question, case.without), index.documents)
