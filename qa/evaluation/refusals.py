"""Measures of refusals, for a dataset that tells only which questions cannot be answered; pure.

Attest stands beside the systems whose replies to the same questions the dataset records.
"""

from collections.abc import Sequence
from functools import partial

from qa.evaluation import metrics
from qa.evaluation.datasets.base import Reply
from qa.evaluation.runner import Outcome
from qa.evaluation.summary import Baseline, Floors, Line, Summary, estimate_line, line_of_both, of_every_run

FALSE_REFUSAL = 0.05
"""The share of answerable questions that may be refused where correct refusals are compared: the project's
aim for questions in any language."""

FALSE, CORRECT = "false abstention", "correct abstention"
"""The figures that other systems have too."""

NEITHER = "neither yes nor no"


def summarise_refusals(outcomes: Sequence[Outcome], floors: Floors) -> Summary:
    """Return the figures of refusals, and those that every run has."""
    yes = [o for o in outcomes if o.case.answerable]
    no = [o for o in outcomes if not o.case.answerable]
    sure, unsure = [o.confidence for o in yes], [o.confidence for o in no]
    at_most = partial(metrics.abstention_at, false_abstention=FALSE_REFUSAL)
    curve = metrics.risk_coverage([o.confidence for o in outcomes], [o.case.answerable for o in outcomes])
    lines = (
        estimate_line(FALSE, [float(o.abstained) for o in yes], floors.false_abstention, at_most=True),
        estimate_line(CORRECT, [float(o.abstained) for o in no], floors.correct_abstention),
        line_of_both("AUC of P(answerable)", metrics.auc, sure, unsure),
        line_of_both(f"{CORRECT} at {FALSE} ≤ {FALSE_REFUSAL}", at_most, sure, unsure),
        *of_every_run(outcomes, floors),
    )
    return Summary(lines, curve, tuple(sure), {"unanswerable": tuple(unsure)})


def other_systems(outcomes: Sequence[Outcome]) -> tuple[Baseline, ...]:
    """Return how often each of the other systems refused, in the order in which the dataset names them."""
    systems: dict[str, list[tuple[bool, Reply]]] = {}
    for outcome in outcomes:
        for reply in outcome.case.replies:
            systems.setdefault(reply.system, []).append((outcome.case.answerable, reply))
    return tuple(Baseline(name, _refusals(replies)) for name, replies in systems.items())


def _refusals(replies: Sequence[tuple[bool, Reply]]) -> tuple[Line, ...]:
    yes = [float(reply.refused is True) for answerable, reply in replies if answerable]
    no = [float(reply.refused is True) for answerable, reply in replies if not answerable]
    unclear = [float(reply.refused is None) for _, reply in replies]
    return estimate_line(FALSE, yes), estimate_line(CORRECT, no), estimate_line(NEITHER, unclear)
