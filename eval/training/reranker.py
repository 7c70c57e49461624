"""Fit what late interaction adds to the scores of the best passages, by listwise maximum likelihood."""

from collections.abc import Sequence
from functools import cache

import numpy as np
from tqdm import tqdm

from eval.training.ranking import Choice, Matrix, by_name, fit_listwise
from qa.embedding.base import TokenEncoder
from qa.evaluation.datasets.base import Case, article
from qa.nlp.language import ENGLISH
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

GAP = 1.5
"""The one that is used: a wider one finds hardly more and compares more passages (``on_unseen_articles``)."""


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
            "weights": by_name(FEATURES, fit_listwise(choices)),
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
    seen = fit_listwise([choice for choice in choices if choice.article in halves])
    unseen = [choice for choice in choices if choice.article not in halves]
    gaps = {f"gap_{gap}": _measure(unseen, seen, gap) for gap in GAPS}
    return {"without": _measure(unseen, seen, 0.0), **gaps}


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
    of_question = tokens.encode_question_tokens(case.question)
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
        given = np.asarray(choice.given)
        near = int((given[0] - given < gap).sum())
        if near > 1:
            compared += near
            again = given[:near] + choice.features[:near] @ weights
            order = np.argsort(-again, kind="stable")
            right.append(np.concatenate([choice.right[order], choice.right[near:]]))
        else:
            right.append(choice.right)
    return {
        **{f"recall@{k}": round(float(np.mean([each[:k].any() for each in right])), 4) for k in (1, 5)},
        "passages_a_question": round(compared / len(choices), 2),
    }
