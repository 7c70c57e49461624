"""Order passages with close scores by late interaction: token by token, as ColBERT compares them.

Khattab and Zaharia 2020, "ColBERT: Efficient and Effective Passage Search via Contextualized Late Interaction
over BERT". A vector for each token is too much to store for every passage, so they are made for the few
passages of a question that compete for the first places.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from qa.embedding.base import TokenEncoder
from qa.nlp.question_words import punctuate
from qa.retrieval.features import QuestionTerms, passage_features
from qa.schema import Candidate
from qa.weights import Weights

LATE_SCALE = 20.0
"""Multiplies late interaction, whose values lie close together: the fit is held back from large weights."""

Scored = tuple[float, Candidate]
"""A candidate with its score, its cosines on the scale that embedding models share."""


def rerank(
    scored: Sequence[Scored], asked: Mapping[str, QuestionTerms], weights: Weights, tokens: TokenEncoder
) -> list[Scored]:
    """Return ``scored``, best first, with those in another order that compete for the first place. ``asked``
    has the question as texts in each language have it.

    The scores stay where they are, so that the first passage has the same lead as before. Passages in another
    language than the question keep their places: nothing was fitted for them.
    """
    reranker = weights.reranker
    if reranker is None:
        return list(scored)
    near = [
        place
        for place, (score, candidate) in enumerate(scored[: reranker.most])
        if scored[0][0] - score < reranker.gap and not asked[candidate.language].is_foreign
    ]
    if len(near) < 2:
        return list(scored)
    question = tokens.encode_question_tokens(punctuate(next(iter(asked.values())).text))

    def score_again(place: int) -> float:
        score, candidate = scored[place]
        return score + reranker.added.score(
            close_features(asked[candidate.language], candidate, question, tokens)
        )

    with ThreadPoolExecutor() as threads:
        again = dict(zip(near, threads.map(score_again, near), strict=True))
    order = sorted(near, key=lambda place: -again[place])
    reranked = list(scored)
    for place, better in zip(near, order, strict=True):
        reranked[place] = (scored[place][0], scored[better][1])
    return reranked


def close_features(
    asked: QuestionTerms,
    candidate: Candidate,
    of_question: NDArray[np.float32],
    tokens: TokenEncoder,
) -> list[float]:
    """Return the features of a passage, and last its late interaction with the tokens ``of_question``."""
    passage = tokens.encode_tokens(" ".join(candidate.sentence_texts))
    return [*passage_features(asked, candidate), LATE_SCALE * late_interaction(of_question, passage)]


def late_interaction(question: NDArray[np.float32], passage: NDArray[np.float32]) -> float:
    """Return the mean, over the tokens of a question, of the greatest cosine to a token of a passage; 0 for
    a question without tokens.
    """
    return float((question @ passage.T).max(axis=1).mean()) if len(question) else 0.0
