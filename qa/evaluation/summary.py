"""Outcomes summarised as the figures of a report; pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from qa.evaluation import metrics
from qa.evaluation.datasets.base import UNANSWERABLE_KINDS
from qa.evaluation.metrics import Estimate, RiskCoverage
from qa.evaluation.runner import Outcome, RetrievalOutcome
from qa.ingest.documents import SUFFIXES

FALSE_ABSTENTION = 0.12
"""The share of false abstentions at which correct abstention is compared between runs."""


@dataclass(frozen=True, slots=True)
class Line:
    """One figure: its name, its value, and the floor that it must reach if one is stated."""

    name: str
    value: float | None
    interval: tuple[float, float] | None = None
    n: int = 0
    floor: float | None = None
    at_most: bool = False
    """True if the floor is a ceiling."""

    @property
    def missed(self) -> bool:
        """True if a stated floor is not reached."""
        if self.floor is None or self.value is None:
            return False
        return self.value > self.floor if self.at_most else self.value < self.floor


@dataclass(frozen=True, slots=True)
class Floors:
    """The values that a run must reach for its exit status to be 0; None demands nothing."""

    accuracy: float | None = None
    correct_abstention: float | None = None
    false_abstention: float | None = None
    verbatim: float | None = 1.0


@dataclass(frozen=True, slots=True)
class Table:
    """Counts in rows and columns, where a list of figures would not show how they belong together."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """Every figure of a run."""

    lines: tuple[Line, ...]
    curve: RiskCoverage | None = None
    answerable: tuple[float, ...] = ()
    """P(answerable) of the answerable questions, for the plot."""
    unanswerable: dict[str, tuple[float, ...]] = field(default_factory=dict)
    """P(answerable) of the unanswerable questions, by condition."""
    tables: tuple[Table, ...] = ()

    @property
    def missed(self) -> tuple[Line, ...]:
        """The lines that miss their floor."""
        return tuple(line for line in self.lines if line.missed)


@dataclass(frozen=True, slots=True)
class Baseline:
    """The figures of another system that was asked the same questions, by the same names."""

    name: str
    lines: tuple[Line, ...]


def _retrieval(results: Sequence[RetrievalOutcome]) -> list[Line]:
    """Return the figures of retrieval over every question with a right passage, and of the quotes over the
    answerable ones.
    """
    placed = [r for r in results if r.case.gold and not r.case.without]
    ranks = [r.rank for r in placed]
    asked = [r for r in placed if r.case.answerable]
    return [
        *(estimate_line(f"recall@{k}", metrics.recall_at(ranks, k)) for k in (1, 3, 5, 10)),
        estimate_line("MRR@10", metrics.reciprocal_ranks(ranks)),
        estimate_line("quote recall", [float(r.quoted) for r in asked]),
        estimate_line("right place in the first quote", [float(r.quote_rank == 1) for r in asked]),
        estimate_line("right place in a quote", [float(r.quote_rank is not None) for r in asked]),
        estimate_line("quote precision", [r.quote_precision for r in asked]),
        estimate_line("quotes per question", [float(r.quotes) for r in asked]),
        estimate_line("characters quoted", [float(r.characters) for r in asked]),
    ]


def summarise(outcomes: Sequence[Outcome], retrieved: Sequence[RetrievalOutcome], floors: Floors) -> Summary:
    """Return every figure. Those of retrieval are for ``retrieved``, which may be more questions than were
    asked.
    """
    yes = [o for o in outcomes if o.case.answerable]
    no = [o for o in outcomes if not o.case.answerable]
    sure = [o.confidence for o in yes]
    by_kind = {
        kind: [o for o in no if _condition(o.case.kind) == kind]
        for kind in dict.fromkeys(_condition(o.case.kind) for o in no)
    }
    lines = [
        *_retrieval(retrieved),
        estimate_line("answer accuracy before abstaining", [float(o.right) for o in yes]),
        estimate_line("answer accuracy", [float(o.right and not o.abstained) for o in yes], floors.accuracy),
        estimate_line(
            "answer accuracy, quoting the right place",
            [float(o.right and not o.abstained and o.on_gold) for o in yes if o.case.gold],
        ),
        estimate_line("answer F1", [o.f1 for o in yes]),
        estimate_line(
            "false abstention", [float(o.abstained) for o in yes], floors.false_abstention, at_most=True
        ),
    ]
    # Another paragraph may answer a question whose own was taken away; these it surely does not.
    nowhere = [o for o in by_kind.get("absent", []) if not o.retrieved.quoted]
    for kind, asked in {**by_kind, **({"absent from every quote": nowhere} if nowhere else {})}.items():
        unsure = [o.confidence for o in asked]
        lines += [
            estimate_line(
                f"correct abstention, {kind}", [float(o.abstained) for o in asked], floors.correct_abstention
            ),
            Line(f"AUC of P(answerable), {kind}", metrics.auc(sure, unsure), n=len(yes) + len(asked)),
            Line(
                f"correct abstention, {kind}, at false abstention ≤ {FALSE_ABSTENTION}",
                metrics.abstention_at(sure, unsure, FALSE_ABSTENTION),
                n=len(asked),
            ),
        ]
    curve = metrics.risk_coverage(
        [o.confidence for o in outcomes], [o.right and o.case.answerable for o in outcomes]
    )
    lines += [
        estimate_line("refusal precision", [float(not o.case.answerable) for o in outcomes if o.abstained]),
        estimate_line("refusal recall", [float(o.abstained) for o in no]),
        estimate_line("coverage", [float(not o.abstained) for o in outcomes]),
        _right_of_shown(yes, no),
        Line("area under risk–coverage", curve.area if curve else None, n=len(outcomes)),
        *of_every_run(outcomes, floors),
    ]
    return Summary(
        tuple(lines),
        curve,
        tuple(sure),
        {kind: tuple(o.confidence for o in asked) for kind, asked in by_kind.items()},
        _by_ending(yes),
    )


def _by_ending(answerable: Sequence[Outcome]) -> tuple[Table, ...]:
    """Return a table of the kinds of files that state the answers; none if there is only one kind."""
    groups: dict[str, list[Outcome]] = {}
    for outcome in answerable:
        if outcome.case.gold and (ending := PurePosixPath(outcome.case.gold[0].doc_id).suffix) in SUFFIXES:
            groups.setdefault(ending, []).append(outcome)
    if len(groups) < 2:
        return ()
    rows = (
        (
            ending,
            len(asked),
            sum(o.retrieved.quote_rank == 1 for o in asked),
            sum(o.retrieved.quote_rank is not None for o in asked),
            sum(o.right and not o.abstained for o in asked),
        )
        for ending, asked in sorted(groups.items())
    )
    head = ("file", "questions", "right place in the first quote", "in a quote", "rightly answered")
    return (Table("By kind of file", head, tuple(tuple(map(str, row)) for row in rows)),)


_SHOWN, _RIGHT = 1.0, 2.0
"""Codes of an outcome, in place of 0 for a question that was refused."""


def _right_of_shown(yes: Sequence[Outcome], no: Sequence[Outcome]) -> Line:
    """Return the share of the answers shown that are right, over as many answerable as unanswerable
    questions: each half weighs the same, however many were asked.
    """

    def share(answerable: Sequence[float], unanswerable: Sequence[float]) -> float | None:
        right = sum(value == _RIGHT for value in answerable) / len(answerable)
        shown = sum(value >= _SHOWN for value in answerable) / len(answerable)
        shown += sum(value >= _SHOWN for value in unanswerable) / len(unanswerable)
        return right / shown if shown else None

    of_yes = [0.0 if o.abstained else _RIGHT if o.right else _SHOWN for o in yes]
    of_no = [0.0 if o.abstained else _SHOWN for o in no]
    value = share(of_yes, of_no) if yes and no else None
    interval = None if value is None else metrics.interval_of_both(share, of_yes, of_no)
    return Line("of answers shown, right", value, interval, len(yes) + len(no))


def of_every_run(outcomes: Sequence[Outcome], floors: Floors) -> list[Line]:
    """Return the figures that need no known answers: what holds for the quotes, and how long they took."""
    shown = [o for o in outcomes if not o.abstained]
    return [
        estimate_line("sentences supported by words alone", [float(s) for o in shown for s in o.supported]),
        estimate_line("verbatim quotes", [float(v) for o in outcomes for v in o.verbatim], floors.verbatim),
        *_latency("evidence", [o.evidence_ms / 1_000 for o in outcomes]),
        *_latency("whole answer", [o.answer.timings.total / 1_000 for o in outcomes]),
    ]


def _condition(kind: str) -> str:
    return kind if kind in UNANSWERABLE_KINDS else "unanswerable"


def estimate_line(
    name: str, values: Sequence[float], floor: float | None = None, at_most: bool = False
) -> Line:
    """Return the mean of ``values`` with its interval as a figure."""
    found: Estimate | None = metrics.estimate(values)
    if found is None:
        return Line(name, None)
    return Line(name, found.mean, (found.low, found.high), found.n, floor, at_most)


def line_of_both(
    name: str, statistic: metrics.OfBoth, positive: Sequence[float], negative: Sequence[float]
) -> Line:
    """Return a statistic of two samples with its interval as a figure."""
    interval = metrics.interval_of_both(statistic, positive, negative)
    return Line(name, statistic(positive, negative), interval, len(positive) + len(negative))


def _latency(name: str, seconds: Sequence[float]) -> list[Line]:
    return [Line(f"{name} p{q}, s", metrics.percentile(seconds, q), n=len(seconds)) for q in (50, 95)]
