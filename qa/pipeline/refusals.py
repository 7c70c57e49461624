"""Refusals of questions, with the passages that come nearest to them."""

from collections.abc import Mapping
from dataclasses import replace

from qa.mentions.cut_off import MOST_WORDS, load_cut_off
from qa.pipeline.corpus import Corpus
from qa.retrieval.named_document import find_absent_names
from qa.retrieval.nearest import select_nearest
from qa.schema import Answer, Document, Evidence, RetrievalResult, mark_changed
from qa.verification.policy import Verdict
from qa.verification.verify import abstain

NOT_ANSWERABLE = "no passage seems to contain the answer"
"""The reason for abstaining when P(answerable) is below the threshold."""

NOTHING_NEAR = "no passage comes near the question"
"""The reason for it where there is not even a passage to show."""


def find_absence(evidence: Evidence, documents: Mapping[str, Document]) -> str:
    """Return the reason to refuse a question that is about somebody or something whom no document near it
    names; empty for another question.
    """
    names = " or ".join(f"“{name}”" for name in find_absent_names(evidence, documents))
    return f"no document near the question mentions {names}" if names else ""


def refuse(
    corpus: Corpus,
    evidence: Evidence,
    retrieved: RetrievalResult,
    verdict: Verdict,
    reason: str,
) -> Answer:
    """Return the refusal of a question for ``reason``, with the passages that come nearest to it: as near in
    meaning as what mentions a thing that is described.
    """
    cut_off = load_cut_off(MOST_WORDS)
    assert cut_off is not None
    nearest = select_nearest(
        retrieved.question, retrieved.hits, corpus.documents, cut_off.similarity, evidence.asked_in
    )
    shown = replace(evidence, quotes=mark_changed(nearest, corpus.changed))
    if not nearest and reason == NOT_ANSWERABLE:
        reason = NOTHING_NEAR
    return abstain(shown, corpus.documents, verdict, reason)
