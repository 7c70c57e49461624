"""The record of what the first verdict settles, for ``qa/weights.json``."""

from collections.abc import Callable, Mapping, Sequence

from qa.evaluation.datasets.base import Case, absent, article
from qa.evaluation.fit import find_evidence
from qa.evaluation.fit_first import FitQuestion, fit_first
from qa.retrieval.hybrid import HybridRetriever
from qa.schema import Evidence


def first_record(
    retriever: HybridRetriever,
    chosen: Sequence[Case],
    verdicts: Callable[[Evidence], Mapping[str, float] | None],
) -> dict[str, object]:
    """Return the part ``first`` of a judge, fitted on the ``chosen`` questions, also asked without their
    paragraphs, for which there are ``verdicts``.
    """
    questions = []
    for case in [*chosen, *absent(chosen)]:
        evidence = find_evidence(retriever, case)
        told = verdicts(evidence) if evidence.quotes else None
        if told and len(evidence.signals) > 1:  # with one signal alone, languages differ
            questions.append(FitQuestion(case.answerable, article(case), evidence.signals, told))
    fit = fit_first(questions, retriever.weights.judge, retriever.weights.quotes_only)
    return {
        "weights": dict(fit.first.calibration.weights),
        "bias": fit.first.calibration.bias,
        "means": dict(fit.first.calibration.means),
        "refuses_below": fit.first.refuses_below,
        "answers_from": fit.first.answers_from,
        "settled_on_unseen_articles": round(fit.settled, 3),
        "changed_on_unseen_articles": round(fit.changed, 3),
        "questions": fit.questions,
    }
