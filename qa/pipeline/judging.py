"""Judge a question with as few questions to the language model as its verdict needs."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from qa.answering.judge import combine, combine_at_best, judge_without_model
from qa.answering.model_session import ModelSession
from qa.figures.tables import table_at
from qa.pipeline.more_rows import remark_on_more
from qa.query.types import asks_for_several, wants_short_answer, wants_yes_or_no
from qa.schema import Document, Evidence, ShortAnswer
from qa.verification.policy import AnswerPolicy, Verdict
from qa.verification.several import complete_short_answer, complete_years
from qa.verification.short_answer import cut_short_answer
from qa.weights import FirstVerdict, Judge


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on a question, its short answer, and the evidence that an explanation is drafted from."""

    verdict: Verdict
    short: ShortAnswer | None
    explained_by: Evidence


class QuestionJudge:
    """The judge of whether evidence answers its question, which also finds the few words that do."""

    def __init__(self, policy: AnswerPolicy, judge: Judge, quotes_only: Judge) -> None:
        """Judge by the thresholds of ``policy``: with a model as ``judge``, without as ``quotes_only``."""
        self._policy = policy
        self._judge = judge
        self._quotes_only = quotes_only

    def judge(self, evidence: Evidence, model: ModelSession) -> Judgement:
        """Return the verdict on the question and its short answer, if it has one. None is looked for where
        even the surest would not make the question answerable.
        """
        if not evidence.quotes:
            return Judgement(self._policy.verdict(0.0, with_model=model.available), None, evidence)
        judge = self._judge_of(evidence)
        told = model.ask_first_verdict(evidence)
        settled = None if told is None else self._settle(evidence, told, model, judge.first)
        if settled:
            return settled
        short = None
        told = None if told is None else model.ask_verdict(evidence, told)
        if told is not None and wants_short_answer(evidence.question):
            at_best = combine_at_best(told, evidence.signals, judge)
            if self._policy.verdict(at_best, with_model=True).answerable:
                short = cut_short_answer(model.propose_short_answer(evidence), evidence)
                more = model.ask_short_verdict(evidence, short.text if short else "")
                told = None if more is None else told | more
        if told is None:
            p = judge_without_model(evidence, self._quotes_only)
            return Judgement(self._policy.verdict(p, with_model=False), None, evidence)
        p = combine(told, evidence.signals, judge)
        return Judgement(self._policy.verdict(p, with_model=True), short, evidence)

    def _judge_of(self, evidence: Evidence) -> Judge:
        """Return the judge for the kind of question; what was fitted for yes or no holds in one language."""
        is_yes_or_no = wants_yes_or_no(evidence.question) and not evidence.foreign_language
        return self._judge.for_yes_or_no() if is_yes_or_no else self._judge

    def _settle(
        self, evidence: Evidence, told: Mapping[str, float], model: ModelSession, first: FirstVerdict | None
    ) -> Judgement | None:
        """Return what the ``first`` verdict settles, which the model has ``told``; None if it has to be asked
        more, as where a certain verdict comes with no short answer.

        The short answer is looked for in the best quote alone, which the model has just read.
        """
        if first is None:
            return None
        p = first.calibration.probability({**evidence.signals, **told})
        if not first.settles(p, self._policy.threshold):
            return None
        verdict = self._policy.verdict(p, with_model=True)
        if not verdict.answerable or not wants_short_answer(evidence.question):
            return Judgement(verdict, None, evidence)
        best = replace(evidence, quotes=evidence.quotes[:1])
        short = cut_short_answer(model.propose_short_answer(best), best, evidence.quotes)
        return Judgement(verdict, short, best) if short else None


def complete(
    judged: Judgement, evidence: Evidence, documents: Mapping[str, Document]
) -> tuple[Judgement, Evidence, str]:
    """Return the judgement and the evidence with all that the quote of the short answer lists, where the
    question asks for several things, and a remark where there may be more. Where it names several years,
    the short answer has the cell of each.
    """
    short = judged.short
    if short is None:
        return judged, evidence, ""
    quote = next(quote for quote in evidence.quotes if quote.number == short.quote)
    short = complete_years(short, evidence.question, quote, documents) or short
    judged = replace(judged, short=short)
    if not asks_for_several(evidence.question):
        return judged, evidence, ""
    several = complete_short_answer(short, quote, documents)

    def completed(each: Evidence) -> Evidence:
        quotes = (several.quote if quote.number == short.quote else quote for quote in each.quotes)
        return replace(each, quotes=tuple(quotes))

    table = table_at(documents[quote.span.doc_id], quote.span.start)
    remark = remark_on_more(len(table.lines) - 1 if table else 0)
    judged = replace(judged, short=several.short, explained_by=completed(judged.explained_by))
    return judged, completed(evidence), remark or several.remark
