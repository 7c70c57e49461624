"""The answer to a question for a summary: the main sentences of documents, as passages. Pure."""

from collections.abc import Mapping
from dataclasses import replace

from qa.schema import Answer, Document, Evidence, Overview
from qa.verification.policy import Verdict
from qa.verification.verify import present

SUMMARY = (
    "Attest does not write summaries. These are the sentences that say most of what the documents are about"
)
"""The remark beside the main sentences."""


def present_summary(
    overview: Overview, found: Evidence, documents: Mapping[str, Document], threshold: float
) -> Answer:
    """Return ``found``, the main sentences of ``overview``, as passages, with what the documents name and
    state.
    """
    answer = present(found, documents, Verdict(1.0, threshold))
    if answer.answered:
        answer = replace(answer, quotes=overview.quotes, highlights=overview.highlights)
    shown, of = len({quote.span.doc_id for quote in found.quotes}), overview.searched.of
    rest = (
        f". They are from {shown:,} of {of:,} documents; name a document, or choose some, to see what others "
        "say"
    )
    return replace(answer, note=SUMMARY if shown == of else SUMMARY + rest)
