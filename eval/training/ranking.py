"""Fit the weights of passages and sentences by listwise maximum likelihood.

The right candidate is compared with the others of the same question (Cao et al. 2007, ListNet's top-one).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from tqdm import tqdm

from qa.evaluation import metrics
from qa.evaluation.datasets.base import Case, article
from qa.retrieval.features import QuestionTerms, passage_features, sentence_features
from qa.retrieval.hybrid import HybridRetriever
from qa.retrieval.ranking import rescale
from qa.schema import Candidate
from qa.weights import WEIGHTS

RIDGE = 1e-4
"""Weight of the squared norm in the losses: enough to keep collinear weights finite."""

PAIRS = 200
"""Questions and sentences that the cosine of unrelated texts is the mean of."""

PASSAGES = 8
"""Best passages whose sentences the sentence weights are fitted on."""

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Choice:
    """The candidates of one question, one row each, and which of them are right."""

    features: Matrix
    right: NDArray[np.bool_]
    article: str
    given: Matrix | float = 0.0
    """The part of each candidate's score that is not fitted here."""


@dataclass(frozen=True)
class _Question:
    """A question with its candidate passages, and which of their sentences have an accepted answer."""

    terms: QuestionTerms
    candidates: list[Candidate]
    answers: list[list[bool]]
    passages: Choice


def fit_ranking(retriever: HybridRetriever, cases: Sequence[Case]) -> dict[str, dict[str, object]]:
    """Fit both, with the worth of each feature on articles that a fit has not seen."""
    retrieved = [retriever.candidates(case.question) for case in tqdm(cases, "Retrieving")]
    background = _background(retriever, cases)
    weights = replace(retriever.weights, background=background)
    asked = [
        _ask(retriever, case, [rescale(each, weights) for each in candidates])
        for case, candidates in zip(cases, retrieved, strict=True)
    ]
    pooled = float(np.mean([bool(each.passages.right.any()) for each in asked]))
    passages = [each.passages for each in asked]
    of_passages = fit_listwise(passages)
    sentences = [_sentences(each, of_passages) for each in asked]
    of_sentences = fit_listwise(sentences)
    return {
        "background": {"value": round(background, 4)},
        "passage": {
            "weights": by_name(WEIGHTS.passage.weights, of_passages),
            "candidates_hold_the_answer": round(pooled, 4),
            "on_unseen_articles": _ablation(list(WEIGHTS.passage.weights), passages, (1, 5)),
            "questions": len(cases),
        },
        "sentence": {
            "weights": by_name(WEIGHTS.sentence.weights, of_sentences),
            "recall_at": {str(k): recall_at(sentences, of_sentences, k) for k in range(1, 9)},
            "on_unseen_articles": _ablation(list(WEIGHTS.sentence.weights), sentences, (1, 4)),
            "questions": len(cases),
        },
    }


def _background(retriever: HybridRetriever, cases: Sequence[Case]) -> float:
    """Return the mean cosine of questions and sentences of articles that they are not about."""
    others = cases[len(cases) // 2 :]
    cosines = []
    for case, other in zip(cases, others, strict=False):
        if article(case) != article(other):
            place = other.gold[0]
            text = retriever.source.documents[place.doc_id].text[place.start : place.end]
            vector = retriever.encoder.encode([text])[0]
            cosines.append(float(retriever.encoder.encode_question(case.question) @ vector))
        if len(cosines) == PAIRS:
            break
    return float(np.mean(cosines))


def _ask(retriever: HybridRetriever, case: Case, candidates: list[Candidate]) -> _Question:
    terms = QuestionTerms(case.question, retriever.source.rarity)
    home = {span.doc_id for span in case.gold}
    at_home = [candidate.passage.span.doc_id in home for candidate in candidates]
    return _Question(
        terms,
        candidates,
        [
            [
                there and bool(case.answers) and metrics.meets(text, case.answers)
                for text in candidate.sentence_texts
            ]
            for there, candidate in zip(at_home, candidates, strict=True)
        ],
        Choice(
            np.asarray([passage_features(terms, candidate) for candidate in candidates]),
            np.asarray(at_home),
            article(case),
        ),
    )


def _sentences(asked: _Question, weights: Matrix) -> Choice:
    """Return the sentences of the best passages."""
    scores = asked.passages.features @ weights
    best = np.argsort(-scores)[:PASSAGES]
    rows: list[list[float]] = []
    right: list[bool] = []
    for number in best:
        lead = float(scores[number] - scores[best[0]])
        rows += sentence_features(asked.terms, asked.candidates[number], lead)
        right += asked.answers[number]
    return Choice(np.asarray(rows), np.asarray(right), asked.passages.article)


def _ablation(names: list[str], choices: Sequence[Choice], depths: Sequence[int]) -> dict[str, object]:
    """Measure recall with every feature, without each, and with each alone.

    The weights are fitted on one half of the articles, and recall is measured on the other.
    """
    halves = sorted({choice.article for choice in choices})[::2]
    seen = [choice for choice in choices if choice.article in halves]
    unseen = [choice for choice in choices if choice.article not in halves]

    def recall(columns: list[int]) -> dict[str, float]:
        weights = fit_listwise([_only(choice, columns) for choice in seen])
        tested = [_only(choice, columns) for choice in unseen]
        return {f"recall@{k}": recall_at(tested, weights, k) for k in depths}

    every = list(range(len(names)))
    return {
        "all": recall(every),
        "without": {name: recall([j for j in every if j != i]) for i, name in enumerate(names)},
        "alone": {name: recall([i]) for i, name in enumerate(names)},
    }


def _only(choice: Choice, columns: list[int]) -> Choice:
    return replace(choice, features=choice.features[:, columns])


def fit_listwise(choices: Sequence[Choice]) -> Matrix:
    """Return the weights under which the right candidates are likeliest; what is ``given`` stays."""
    answerable = [choice for choice in choices if choice.right.any()]
    given = [np.broadcast_to(choice.given, len(choice.right)) for choice in answerable]
    every = _Lists.of([choice.features for choice in answerable], given)
    right = _Lists.of(
        [choice.features[choice.right] for choice in answerable],
        [scores[choice.right] for choice, scores in zip(answerable, given, strict=True)],
    )

    def loss(weights: Matrix) -> tuple[float, Matrix]:
        of_every, towards_every = every.log_sum(weights)
        of_right, towards_right = right.log_sum(weights)
        ridge = RIDGE * float(weights @ weights)
        slope = (towards_every - towards_right) / len(answerable) + 2 * RIDGE * weights
        return (of_every - of_right) / len(answerable) + ridge, slope

    found: Matrix = minimize(loss, np.zeros(every.rows.shape[1]), jac=True, method="L-BFGS-B").x
    return found


@dataclass(frozen=True)
class _Lists:
    """The rows of many lists below each other, and the row at which each list begins."""

    rows: Matrix
    given: Matrix
    starts: NDArray[np.int64]

    @classmethod
    def of(cls, lists: Sequence[Matrix], given: Sequence[Matrix]) -> "_Lists":
        sizes = [len(each) for each in lists]
        return cls(np.vstack(lists), np.concatenate(given), np.cumsum([0, *sizes[:-1]]))

    def log_sum(self, weights: Matrix) -> tuple[float, Matrix]:
        """Return the sum over lists of the logarithm of their scores' exponentials, and its gradient."""
        scores = self.given + self.rows @ weights
        sizes = np.diff(self.starts, append=len(scores))
        highest = np.maximum.reduceat(scores, self.starts)
        exponentials = np.exp(scores - np.repeat(highest, sizes))
        sums = np.add.reduceat(exponentials, self.starts)
        shares = exponentials / np.repeat(sums, sizes)
        return float((np.log(sums) + highest).sum()), shares @ self.rows


def recall_at(choices: Sequence[Choice], weights: Matrix, k: int) -> float:
    """Return the share of the choices of which a right candidate is among the ``k`` best."""
    orders = [np.argsort(-(c.given + c.features @ weights), kind="stable")[:k] for c in choices]
    hits = [c.right[order].any() for c, order in zip(choices, orders, strict=True)]
    return round(float(np.mean(hits)), 4)


def by_name(names: Iterable[str], weights: Matrix) -> dict[str, float]:
    """Return ``weights`` by the names of their features."""
    return dict(zip(names, weights.round(4).tolist(), strict=True))
