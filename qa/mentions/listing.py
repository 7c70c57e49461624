"""The answer to a question for every mention of something: the first of them, as passages. Pure."""

from collections.abc import Mapping
from dataclasses import replace

from qa.mentions.base import Mentions
from qa.mentions.text import count_text, limit_texts
from qa.schema import Answer, Document, Evidence
from qa.verification.policy import Verdict
from qa.verification.verify import abstain, present_all

LISTED = 20
"""Mentions that an answer quotes, so that they can be read; ``attest find`` has all of them."""

NOT_MENTIONED = "no sentence mentions it"
"""The reason for abstaining when there is no mention."""


def present_mentions(
    mentions: Mentions, found: Evidence, documents: Mapping[str, Document], threshold: float
) -> Answer:
    """Return ``found``, the first of ``mentions``, as passages, with how many there are and how they were
    counted; abstain where there are none.
    """
    if not found.quotes:
        answer = abstain(found, documents, Verdict(0.0, threshold), NOT_MENTIONED)
        return replace(answer, note=". ".join(limit_texts(mentions)))
    answer = present_all(found, documents, Verdict(1.0, threshold))
    more = len(mentions.mentions) - len(found.quotes)
    rest = f"These are the first {len(found.quotes)}; attest find shows all" if more else ""
    note = ". ".join(filter(None, (count_text(mentions), rest, *limit_texts(mentions))))
    return replace(answer, note=note)
