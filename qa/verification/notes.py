"""Remarks beside an answer, for its reader. Pure."""

from dataclasses import replace

from qa.nlp.language_names import name_language
from qa.nlp.name_matching import tells_names
from qa.schema import GROWING, Answer, Coverage
from qa.verification.verify import NOTHING_SUPPORTED


def join_notes(*notes: str) -> str:
    """Return those of ``notes`` that say something as one."""
    return "; ".join(filter(None, notes))


def foreign_quotes_note(answer: Answer, asked_in: str) -> str:
    """Return the remark that quotes, or the nearest passages of a refusal, are in another language than the
    question, which was ``asked_in`` one, and what that means for the answer; empty if they are not.
    """
    shown = answer.quotes if answer.answered else answer.nearest
    languages = sorted({quote.language for quote in shown} - {"", asked_in})
    if not asked_in or not languages:
        return ""
    theirs, own = " and ".join(map(name_language, languages)), name_language(asked_in)
    if not answer.answered:
        which = "Some of the" if any(quote.language == asked_in for quote in shown) else "The"
        return f"{which} nearest passages are in {theirs}; the question is in {own}"
    if not any(sentence.translated for sentence in answer.sentences):
        return (
            f"The quotes are in {theirs}, and so is the answer, which is cut from them. No sentence in {own} "
            "could be checked against them"
        )
    compared = "Numbers, dates and names" if tells_names(asked_in) else "Numbers and dates, but no names,"
    return (
        f"The quotes are in {theirs}; the answer is in {own}. {compared} were compared with the quotes. The "
        "rest is the language model's translation, so check the quotes yourself"
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
