"""A system's reaction to each question, beside the right one; pure."""

from collections import Counter
from collections.abc import Sequence
from enum import StrEnum

from qa.evaluation.datasets.mtrag import Answerability
from qa.evaluation.runner import Outcome
from qa.evaluation.summary import Floors, Summary, Table, estimate_line, of_every_run
from qa.schema import Answer


class Reaction(StrEnum):
    """A system's reaction to a question."""

    ANSWERED = "answered"
    ANSWERED_IN_PART = "answered in part"
    REFUSED = "refused"
    ASKED_BACK = "asked back"


RIGHT = {
    Answerability.ANSWERABLE: Reaction.ANSWERED,
    Answerability.PARTIAL: Reaction.ANSWERED_IN_PART,
    Answerability.UNANSWERABLE: Reaction.REFUSED,
    Answerability.UNDERSPECIFIED: Reaction.ASKED_BACK,
}
"""The right reaction to a question, by what the documents have for it."""


def reaction(answer: Answer) -> Reaction:
    """Return what a system did whose reply is ``answer``."""
    if not answer.answered:
        return Reaction.ASKED_BACK if answer.choices else Reaction.REFUSED
    return Reaction.ANSWERED_IN_PART if answer.refused else Reaction.ANSWERED


def describe_reaction(outcome: Outcome) -> str:
    """Return how a question went, in words for a report."""
    did, should = reaction(outcome.answer), RIGHT[Answerability(outcome.case.kind)]
    return "right" if did is should else f"{did}; right is: {should}"


def summarise_reactions(outcomes: Sequence[Outcome], floors: Floors) -> Summary:
    """Return how often the reaction was right, for each kind of question, and what was done instead."""
    asked = {kind: [reaction(o.answer) for o in outcomes if o.case.kind == kind] for kind in RIGHT}
    right = {kind: [float(did is RIGHT[kind]) for did in asked[kind]] for kind in RIGHT}
    lines = (
        estimate_line("right reaction", [each for kind in RIGHT for each in right[kind]]),
        *(estimate_line(f"right reaction, {kind}", right[kind]) for kind in RIGHT),
        *of_every_run(outcomes, floors),
    )
    counts = {kind: Counter(asked[kind]) for kind in RIGHT}
    confusion = Table(
        "What was done, by what the documents have for the question",
        ("question", "right is", *Reaction, "questions"),
        tuple(
            (kind, RIGHT[kind], *(str(counts[kind][did]) for did in Reaction), str(counts[kind].total()))
            for kind in RIGHT
        ),
    )
    return Summary(lines, tables=(confusion,))
