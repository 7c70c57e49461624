"""Measures of answers in whole sentences, against people's with the sentences they rest on; pure."""

from collections.abc import Callable, Sequence

from qa.evaluation import metrics
from qa.evaluation.runner import Outcome, overlaps_any, text_without_marks
from qa.evaluation.summary import Floors, Summary, estimate_line, line_of_both, of_every_run


def summarise_long_answers(outcomes: Sequence[Outcome], floors: Floors) -> Summary:
    """Return what was answered and refused, and how the answers compare with those of people."""
    yes = [o for o in outcomes if o.case.answerable]
    no = [o for o in outcomes if not o.case.answerable]
    answered = [o for o in yes if not o.abstained]
    sure, unsure = ([o.answer.p_answerable for o in half] for half in (yes, no))
    quoted = [o for o in answered if o.case.gold]
    lines = (
        estimate_line("answerable questions answered", [float(not o.abstained) for o in yes]),
        estimate_line("unanswerable questions refused", [float(o.abstained) for o in no]),
        line_of_both("AUC of P(answerable)", metrics.auc, sure, unsure),
        estimate_line("sentence recall", [_sentence_recall(o) for o in quoted]),
        estimate_line("sentence precision", [_sentence_precision(o) for o in quoted]),
        estimate_line("answer F1", [_against_people(metrics.f1, o) for o in answered]),
        estimate_line("answer recall", [_against_people(metrics.token_recall, o) for o in answered]),
        estimate_line(
            "words of an answer", [float(len(text_without_marks(o.answer).split())) for o in answered]
        ),
        estimate_line(
            "words of a person's answer",
            [float(len(each.text.split())) for o in answered for each in o.case.long_answers],
        ),
        *of_every_run(outcomes, floors),
    )
    curve = metrics.risk_coverage(
        [o.answer.p_answerable for o in outcomes], [o.case.answerable for o in outcomes]
    )
    return Summary(lines, curve, tuple(sure), {"unanswerable": tuple(unsure)})


def _sentence_recall(outcome: Outcome) -> float:
    """Return the largest share of the sentences of one person's answer that the quotes shown overlap."""
    shown = [quote.span for quote in outcome.answer.quotes]
    shares = (
        sum(overlaps_any(place, shown) for place in answer.places) / len(answer.places)
        for answer in outcome.case.long_answers
        if answer.places
    )
    return max(shares, default=0.0)


def _sentence_precision(outcome: Outcome) -> float:
    """Return the share of the quotes shown that overlap a sentence of somebody's answer."""
    shown = outcome.answer.quotes
    return sum(overlaps_any(quote.span, outcome.case.gold) for quote in shown) / len(shown)


def _against_people(metric: Callable[[str, Sequence[str]], float], outcome: Outcome) -> float:
    people = [answer.text for answer in outcome.case.long_answers]
    return metric(text_without_marks(outcome.answer), people)
