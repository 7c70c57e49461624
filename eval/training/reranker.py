"""Fit what late interaction adds to the scores of the best passages, by listwise maximum likelihood."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import numpy as np
from tqdm import tqdm

from eval.training.ranking import Choice, Matrix, by_name, fit_listwise
from qa.embedding.base import TokenEncoder
from qa.evaluation.datasets.base import Case, article
from qa.nlp.language import ENGLISH
from qa.nlp.question_words import punctuate
from qa.retrieval.features import QuestionTerms
from qa.retrieval.hybrid import HybridRetriever
from qa.retrieval.late_interaction import close_features
from qa.retrieval.ranking import rescale, score_candidate
from qa.weights import WEIGHTS

FEATURES = (*WEIGHTS.passage.weights, "late_interaction")

MOST = 10
"""Passages that are compared at most: each takes a pass of the embedding model."""

GAPS = (0.5, 1.0, 1.5, 2.5, 4.0)
"""The distances below the best score, in logits, that are tried on articles that a fit has not seen."""

GAP = 2.5
"""The one that is used: a wider one finds hardly more and compares more passages (``on_unseen_articles``)."""

FITTED_GAP = 1.5
"""Passages farther below the best are not fitted on: of those that the first scores tell apart, late
interaction learns what it need not know. With all ten, recall@1 of SQuADShifts was 0.889 instead of 0.890."""


class _OnceEach:
    """An encoder of tokens that reads each passage once: many questions have the same best passages."""

    def __init__(self, encoder: TokenEncoder) -> None:
        self.encode_tokens = cache(encoder.encode_tokens)
        self.encode_question_tokens = encoder.encode_question_tokens


def fit_reranker(
    retriever: HybridRetriever, encoder: TokenEncoder, cases: Sequence[Case]
) -> dict[str, dict[str, object]]:
    """Return the record of the fit, with recall and cost by gap on articles that a fit has not seen."""
    choices = compare(retriever, encoder, cases)
    return {
        "reranker": {
            "weights": by_name(FEATURES, _fit(choices)),
            "gap": GAP,
            "most": MOST,
            "on_unseen_articles": measure_unseen(choices),
            "questions": len(cases),
        }
    }


def compare(retriever: HybridRetriever, encoder: TokenEncoder, cases: Sequence[Case]) -> list[Choice]:
    """Return the best passages for each question, but for those with fewer than two."""
    tokens = _OnceEach(encoder)
    compared = [_compare(retriever, tokens, case) for case in tqdm(cases, "Comparing")]
    return [choice for choice in compared if choice is not None]


def measure_unseen(choices: Sequence[Choice]) -> dict[str, dict[str, float]]:
    """Return recall and cost without late interaction and by gap: fitted on one half of the articles, and
    measured on the other.
    """
    halves = sorted({choice.article for choice in choices})[::2]
    seen = _fit([choice for choice in choices if choice.article in halves])
    unseen = [choice for choice in choices if choice.article not in halves]
    gaps = {f"gap_{gap}": _measure(unseen, seen, gap) for gap in GAPS}
    return {"without": _measure(unseen, seen, 0.0), **gaps}


def _fit(choices: Sequence[Choice]) -> Matrix:
    """Return the weights that are fitted on the passages which compete for the first place, of which one at
    least is right; zeros where there are none.
    """
    close = [_cut(choice, _near(choice, FITTED_GAP)) for choice in choices]
    close = [choice for choice in close if len(choice.right) > 1 and choice.right.any()]
    return fit_listwise(close) if close else np.zeros(len(FEATURES))


def _near(choice: Choice, gap: float) -> int:
    """Return how many of the passages are less than ``gap`` below the best."""
    given = np.asarray(choice.given)
    return int((given[0] - given < gap).sum())


def _cut(choice: Choice, most: int) -> Choice:
    """Return ``choice`` with the ``most`` best passages alone."""
    given = np.asarray(choice.given)[:most]
    return replace(choice, features=choice.features[:most], right=choice.right[:most], given=given)


def _compare(retriever: HybridRetriever, tokens: TokenEncoder, case: Case) -> Choice | None:
    """Return the best passages for a question; None where there are not two."""
    weights = retriever.weights
    asked = QuestionTerms(case.question, retriever.source.rarity)
    found = [rescale(each, weights) for each in retriever.candidates(case.question)]
    scored = [(score_candidate(asked, each, weights), each) for each in found if each.language == ENGLISH]
    scored.sort(key=lambda pair: -pair[0])
    if len(scored) < 2:
        return None
    best = scored[:MOST]
    of_question = tokens.encode_question_tokens(punctuate(case.question))
    home = {span.doc_id for span in case.gold}
    return Choice(
        np.asarray([close_features(asked, each, of_question, tokens) for _, each in best]),
        np.asarray([each.passage.span.doc_id in home for _, each in best]),
        article(case),
        np.asarray([score for score, _ in best]),
    )


def _measure(choices: Sequence[Choice], weights: Matrix, gap: float) -> dict[str, float]:
    """Return recall@1 and recall@5, and how many passages are compared for each question."""
    right, compared = [], 0
    for choice in choices:
        near = _near(choice, gap)
        if near > 1:
            compared += near
            close = _cut(choice, near)
            again = close.given + close.features @ weights
            order = np.argsort(-again, kind="stable")
            right.append(np.concatenate([choice.right[order], choice.right[near:]]))
        else:
            right.append(choice.right)
    return {
        **{f"recall@{k}": round(float(np.mean([each[:k].any() for each in right])), 4) for k in (1, 5)},
        "passages_a_question": round(compared / len(choices), 2),
    }
