"""Fit every number in ``qa/fitted.json``: ranking, choice of quotes, P(answerable), thresholds.

    python -m eval.fit ranking FILE…          weights of passages and sentences; a few minutes
    python -m eval.fit judge FILE… [--limit N]  calibration; asks the model 1.5 N questions

FILEs are in SQuAD format; the judge needs version 2.0, with unanswerable questions. Each fit is checked on
articles it did not see, and what it reached there is written beside the numbers.
"""

import argparse
import hashlib
import json
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import logsumexp, softmax
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from tqdm import tqdm

from eval import metrics
from eval.cases import Case, Dataset, absent, read_squad, sample
from qa import assemble, config, signals
from qa.evidence import select
from qa.fitted import FITTED
from qa.hybrid import POOL, HybridRetriever, QuestionTerms, passage_features, sentence_features
from qa.index import Index, build_index
from qa.judging import verdict_logit
from qa.schema import Evidence

TARGET = Path(__file__).parents[1] / "qa" / "fitted.json"

RIDGE = 1e-4
"""Weight of the squared norm in the ranking losses: enough to keep collinear weights finite."""

FALSE_ABSTENTION = 0.05
"""Share of answerable questions that the thresholds may refuse, on the questions they are fitted on.
Verification refuses about as many again."""

PASSAGES = 8
"""Best passages whose sentences the sentence weights are fitted on."""

Matrix = NDArray[np.float64]


def main() -> None:
    """Fit what the command line names and write it into ``qa/fitted.json``."""
    parser = argparse.ArgumentParser(prog="python -m eval.fit", description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=("ranking", "judge"))
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--limit", type=int, default=400, help="questions to fit on")
    parser.add_argument("--seed", type=int, default=7)
    args = parser.parse_args()
    dataset = read_squad(args.files)
    fitted = fit_ranking(dataset, args) if args.what == "ranking" else fit_judge(dataset, args)
    provenance = {
        "command": "python -m eval.fit "
        + " ".join([args.what, *(p.name for p in args.files), *_flags(args)]),
        "data_sha256": {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in args.files},
    }
    record = json.loads(TARGET.read_text(encoding="utf-8"))
    for name, part in fitted.items():
        record[name] = {**part, "fitted": provenance}
    TARGET.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(fitted, indent=2))


def fit_ranking(dataset: Dataset, args: argparse.Namespace) -> dict[str, dict[str, object]]:
    """Listwise maximum likelihood: the right passage (sentence) against the other candidates."""
    cases = sample(dataset, args.limit, args.seed).cases
    with _opened(dataset) as index:
        lists = [_candidates(index, case) for case in tqdm(cases, "Retrieving")]
    pooled = float(np.mean([bool(right.any()) for _, right, _ in lists]))
    passages = _listwise([(x, right) for x, right, _ in lists if right.any()], len(FITTED.passage.weights))
    names = list(FITTED.passage.weights)
    sentence_lists = []
    for features, _, candidates in lists:
        scores = features @ passages
        best = np.argsort(-scores)[:PASSAGES]
        rows, right = [], []
        for number in best:
            asked, candidate, answers = candidates[number]
            lead = float(scores[number] - scores[best[0]])
            rows += sentence_features(asked, candidate, lead)
            right += answers
        if any(right):
            sentence_lists.append((np.asarray(rows), np.asarray(right)))
    sentences = _listwise(sentence_lists, len(FITTED.sentence.weights))
    return {
        "passage": {
            "weights": dict(zip(names, passages.round(4).tolist(), strict=True)),
            "candidates_hold_the_answer": round(pooled, 4),
            "questions": len(cases),
        },
        "sentence": {
            "weights": dict(zip(FITTED.sentence.weights, sentences.round(4).tolist(), strict=True)),
            "recall_at": {
                str(k): round(_recall(sentence_lists, sentences, k) * len(sentence_lists) / len(cases), 4)
                for k in range(1, 9)
            },
            "questions": len(cases),
        },
    }


def fit_judge(dataset: Dataset, args: argparse.Namespace) -> dict[str, dict[str, object]]:
    """Two logistic regressions: the signals on every question, then verdict and signals on a sample."""
    settings = config.load()
    with _opened(dataset) as index:
        retriever = HybridRetriever(source=index)
        every = [*dataset.cases, *absent(sample(dataset, len(dataset.cases) // 2, args.seed).cases)]
        found = [_evidence(retriever, index, case) for case in tqdm(every, "Retrieving")]
        x = np.asarray([[e.signals[name] for name in signals.NAMES] for e in found])
        y = np.asarray([case.answerable for case in every])
        groups = np.asarray([_article(case) for case in every])
        alone = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1_000))
        unseen = cross_val_predict(alone, x, y, groups=groups, cv=GroupKFold(5), method="decision_function")
        weights, bias = _unscaled(alone.fit(x, y))

        chosen = sample(dataset, args.limit, args.seed).cases
        asked = [*chosen, *absent(chosen)]
        model = assemble.load_model(settings)
        assert model is not None
        evidence = [_evidence(retriever, index, case) for case in asked]
        verdicts = np.asarray([verdict_logit(model, e) for e in tqdm(evidence, "Judging")])
    truth = np.asarray([case.answerable for case in asked])
    where = {case.id: i for i, case in enumerate(every)}
    # The signals' logit comes from a fit that has not seen the question's article.
    held = np.zeros(len(asked))
    for i, (case, e) in enumerate(zip(asked, evidence, strict=True)):
        if case.id in where:
            held[i] = unseen[where[case.id]]
        else:
            row = np.asarray([e.signals[name] for name in signals.NAMES])
            held[i] = float(row @ weights + bias)
    both = np.column_stack([verdicts, held])
    balance = np.where(truth, 1.0, truth.sum() / max(1, (~truth).sum()))
    places = np.asarray([_article(case) for case in asked])
    refit = LogisticRegression(max_iter=1_000)
    checked = cross_val_predict(
        refit, both, truth, groups=places, cv=GroupKFold(5), method="predict_proba",
        params={"sample_weight": balance},
    )[:, 1]  # fmt: skip
    refit.fit(both, truth, sample_weight=balance)
    of_verdict, of_signals = refit.coef_[0]
    kinds = np.asarray([case.kind for case in asked])
    sure = 1 / (1 + np.exp(-(both @ refit.coef_[0] + refit.intercept_[0])))
    alone_p = 1 / (1 + np.exp(-held))
    return {
        "judge": {
            "weights": {
                "verdict": round(float(of_verdict), 4),
                **_named(weights * of_signals),
            },
            "bias": round(float(refit.intercept_[0] + of_signals * bias), 4),
            "threshold": _threshold(sure[truth]),
            "on_unseen_articles": _quality(checked, kinds),
            "verdict_alone": _quality(verdicts, kinds),
            "signals_alone": _quality(held, kinds),
            "questions": len(asked),
        },
        "quotes_only": {
            "weights": _named(weights),
            "bias": round(float(bias), 4),
            "threshold": _threshold(alone_p[truth]),
            "on_unseen_articles": _quality(alone_p, kinds),
            "questions": len(every),
        },
    }


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


def _unscaled(fitted: object) -> tuple[Matrix, float]:
    """The weights of a scaled logistic regression for features as they come."""
    scaler, regression = fitted[0], fitted[1]  # type: ignore[index]
    weights = regression.coef_[0] / scaler.scale_
    return weights, float(regression.intercept_[0] - weights @ scaler.mean_)


def _candidates(index: Index, case: Case) -> tuple[Matrix, NDArray[np.bool_], list]:  # type: ignore[type-arg]
    asked = QuestionTerms(case.question, index.rarity)
    home = {span.doc_id for span in case.gold}
    rows, right, kept = [], [], []
    for candidate in index.candidates(case.question, POOL):
        at_home = candidate.passage.span.doc_id in home
        answers = [
            at_home and metrics.meets(span.cut(index.documents), case.answers)
            for span in candidate.passage.sentences
        ]
        rows.append(passage_features(asked, candidate))
        right.append(at_home)
        kept.append((asked, candidate, answers))
    return np.asarray(rows), np.asarray(right), kept


def _listwise(lists: Sequence[tuple[Matrix, NDArray[np.bool_]]], size: int) -> Matrix:
    def loss(weights: Matrix) -> tuple[float, Matrix]:
        total, gradient = RIDGE * float(weights @ weights) * len(lists), 2 * RIDGE * weights * len(lists)
        for features, right in lists:
            scores = features @ weights
            total += float(logsumexp(scores) - logsumexp(scores[right]))
            gradient += softmax(scores) @ features - softmax(scores[right]) @ features[right]
        return total / len(lists), gradient / len(lists)

    found: Matrix = minimize(loss, np.zeros(size), jac=True, method="L-BFGS-B").x
    return found


def _recall(lists: Sequence[tuple[Matrix, NDArray[np.bool_]]], weights: Matrix, k: int) -> float:
    return float(np.mean([right[np.argsort(-(x @ weights))[:k]].any() for x, right in lists]))


def _evidence(retriever: HybridRetriever, index: Index, case: Case) -> Evidence:
    return select(case.question, retriever.hits(case.question, case.without), index.documents)


def _article(case: Case) -> str:
    return case.gold[0].doc_id.rpartition("/")[0] if case.gold else sorted(case.without)[0].rpartition("/")[0]


@contextmanager
def _opened(dataset: Dataset) -> Iterator[Index]:
    encoder = assemble.load_encoder(config.load())
    with tempfile.TemporaryDirectory() as scratch:
        build_index(Path(scratch), dataset.documents, encoder, assemble.embedding_identity())
        yield Index.open(Path(scratch), encoder, assemble.embedding_identity())


def _flags(args: argparse.Namespace) -> list[str]:
    return ["--limit", str(args.limit), "--seed", str(args.seed)]


if __name__ == "__main__":
    main()
