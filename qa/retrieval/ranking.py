"""Rank candidates by a fitted linear fusion of words and meaning. Pure.

Fusing scores by a weighted sum beats fusing ranks (Bruch, Gai and Ingber 2023, "An Analysis of Fusion
Functions for Hybrid Retrieval"). Here the sum also sees where inside a passage the question's words
stand: in one sentence, in two consecutive ones, as pairs in the question's order.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from qa.embedding.base import TokenEncoder
from qa.retrieval.evidence import MAX_QUOTES
from qa.retrieval.features import (
    QuestionTerms,
    foreign_passage_features,
    foreign_sentence_features,
    passage_features,
    sentence_features,
)
from qa.retrieval.in_document import passage_in_document, sentences_in_document
from qa.retrieval.late_interaction import rerank
from qa.schema import Candidate, Hit, Rarity, ScoredSentence
from qa.weights import IN_DOCUMENT, WEIGHTS, Weights

CLAIM_FROM = 21.0
CLAIM_SLOPE = 1.5
"""Points of meaning from which the nearest passage in the question's language has a claim to come first, and
what each of them costs those in other languages. Of 17 … 22 and 0 … 2 these are amid those that help where a
question has other words than its passage, and elsewhere cost a point or two of recall@1 at most (``python -m
eval.mixed``, docs/measurements.md)."""

IN_STATEMENT = 10.0
"""Added to the score of a passage in a financial statement that the question names. From 2 to 12 points rank
the same (``python -m eval.pages`` over annual reports, docs/measurements.md); with 4 a row of a note was
quoted for one of the statement."""


def rank(
    question: str,
    candidates: Sequence[Candidate],
    rarity: Rarity,
    k: int,
    asked_in: str = "en",
    weights: Weights = WEIGHTS,
    tokens: TokenEncoder | None = None,
    background: Collection[str] = (),
) -> list[Hit]:
    """Return the ``k`` best candidates for a question in the language ``asked_in``, best first, with scored
    sentences. Ties keep the given order. ``weights`` are those for the embedding model that made the
    cosines. With ``tokens``, passages with close scores are compared with the question token by token.
    Documents with the ids in ``background`` are about something else, and take no place of those to quote.

    Few of a question's words are in a passage in another language, even if it answers: such passages have
    weights of their own.
    """
    asked = {
        language: QuestionTerms(question, rarity, asked_in, language)
        for language in {candidate.language for candidate in candidates}
    }
    rescaled = [rescale(candidate, weights) for candidate in candidates]
    claim = claim_of_own(asked, rescaled, weights)
    scored = [
        (
            score_candidate(asked[c.language], c, weights)
            + IN_STATEMENT * c.is_in_statement
            - claim * asked[c.language].is_foreign,
            c,
        )
        for c in rescaled
    ]
    scored.sort(key=lambda pair: -pair[0])
    if tokens:
        scored = rerank(scored, asked, weights, tokens)
    scored = _choose(scored, background, k)
    best = max((score for score, c in scored if c.passage.span.doc_id not in background), default=0.0)
    hits = (_hit(asked[c.language], c, score, min(0.0, score - best), weights) for score, c in scored)
    return [replace(hit, is_background=hit.passage.span.doc_id in background) for hit in hits]


def claim_of_own(
    asked: Mapping[str, QuestionTerms], candidates: Sequence[Candidate], weights: Weights
) -> float:
    """Return by how much passages in another language than the question are to come after those in its own.

    Both kinds of scores were fitted on questions with the words of their passages. One in other words leaves
    the right passage in its own language fewer points than passages in other languages have for any meaning
    in common. How near in meaning the nearest one in its own language is tells the two cases apart.
    """
    if not weights.foreign_passage:
        return 0.0
    nearest = max(
        (
            weights.foreign_passage.score(foreign_passage_features(asked[each.language], each))
            for each in candidates
            if not asked[each.language].is_foreign
        ),
        default=0.0,
    )
    return CLAIM_SLOPE * max(0.0, nearest - CLAIM_FROM)


def _choose(
    scored: Sequence[tuple[float, Candidate]], background: Collection[str], k: int
) -> list[tuple[float, Candidate]]:
    """Return the ``k`` best of what is ``scored``, of which as many as may be quoted are no background."""
    numbers = [i for i, (_, each) in enumerate(scored) if each.passage.span.doc_id not in background]
    quotable = numbers[: min(k, MAX_QUOTES)]
    others = [i for i in range(len(scored)) if i not in quotable]
    return [scored[i] for i in sorted(quotable + others[: k - len(quotable)])]


def score_candidate(asked: QuestionTerms, candidate: Candidate, weights: Weights) -> float:
    """Return the score of a candidate whose cosines are rescaled."""
    if asked.is_foreign and weights.foreign_passage:
        return weights.foreign_passage.score(foreign_passage_features(asked, candidate))
    score = weights.passage.score(passage_features(asked, candidate))
    # Words tell where a passage in the language of the question stands in its document.
    return (
        score
        if asked.is_foreign
        else score + IN_DOCUMENT.passage.score(passage_in_document(asked, candidate))
    )


def rescale(candidate: Candidate, weights: Weights) -> Candidate:
    """Return ``candidate`` with its cosines on the scale that embedding models share."""
    return replace(
        candidate,
        passage_cosine=weights.similarity(candidate.passage_cosine),
        sentence_cosines=tuple(map(weights.similarity, candidate.sentence_cosines)),
    )


def _hit(asked: QuestionTerms, candidate: Candidate, score: float, lead: float, weights: Weights) -> Hit:
    rows = sentence_features(asked, candidate, lead)
    covered = [row[1] for row in rows]
    scores = [weights.sentence.score(row) for row in rows]
    if asked.is_foreign and weights.foreign_sentence:
        rows = foreign_sentence_features(asked, candidate, lead)
        scores = [weights.foreign_sentence.score(row) for row in rows]
    elif not asked.is_foreign:
        added = map(IN_DOCUMENT.sentence.score, sentences_in_document(asked, candidate))
        scores = [score + more for score, more in zip(scores, added, strict=True)]
    sentences = tuple(
        ScoredSentence(span, score, cosine, coverage)
        for span, score, cosine, coverage in zip(
            candidate.passage.sentences, scores, candidate.sentence_cosines, covered, strict=True
        )
    )
    return Hit(candidate.passage, score, sentences)
