"""Remarks beside an answer, for its reader. Pure."""

from dataclasses import replace

from qa.nlp.language_names import name_language
from qa.schema import GROWING, Answer, Coverage, Evidence
from qa.verification.verify import NOTHING_SUPPORTED


def join_notes(*notes: str) -> str:
    """Return those of ``notes`` that say something as one."""
    return "; ".join(filter(None, notes))


def foreign_quotes_note(evidence: Evidence) -> str:
    """Return the remark that the quotes are in another language than the question; empty if they are not."""
    language = evidence.foreign_language
    if not language:
        return ""
    return (
        f"The passages found are in {name_language(language)} and are quoted as they stand. A question in "
        "another language cannot be compared with them word by word, so check the quotes yourself"
    )


def note_coverage(answer: Answer, coverage: Coverage) -> Answer:
    """Return ``answer`` with how much was searched, if that is not all. A refusal says that it is over a
    part.
    """
    if coverage.complete:
        return answer
    note = join_notes(f"{GROWING}: searched {coverage}", answer.note)
    reason = answer.reason
    if reason and not answer.choices and reason != NOTHING_SUPPORTED:
        reason = f"{reason}, in the part that has been searched so far"
    return replace(answer, note=note, reason=reason, coverage=coverage)
