"""Reports of a run: a table for the terminal, a JSON file for programs and an HTML page for people."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from jinja2 import Environment, PackageLoader
from tabulate import tabulate

from qa.evaluation.claims import ClaimOutcome
from qa.evaluation.runner import Outcome
from qa.evaluation.summary import Baseline, Line, Summary


def describe_outcome(outcome: Outcome) -> str:
    """Return how a question went, in words for a report."""
    if outcome.abstained:
        return "false abstention" if outcome.case.answerable else "correct abstention"
    if not outcome.case.answerable:
        return "answered the unanswerable"
    if not outcome.case.answers:  # the dataset does not tell what is right
        return "answered"
    return "right" if outcome.right else "wrong answer"


@dataclass(frozen=True, slots=True)
class Run:
    """An evaluation: how to repeat it, and its results."""

    title: str
    command: str
    machine: str
    model: str
    threshold: float | None
    """The least P(answerable) at which a question is answered; None where nothing is asked."""
    summary: Summary
    outcomes: tuple[Outcome, ...] = ()
    """Questions and how they went."""
    claims: tuple[ClaimOutcome, ...] = ()
    """Claims and how they went."""
    baseline: Baseline | None = None
    """A system that was asked the same questions now."""
    others: tuple[Baseline, ...] = ()
    """Systems whose replies to the same questions the dataset records."""
    notes: tuple[str, ...] = ()
    """Remarks on what of the dataset was left out, as sentences for a person."""
    describe: Callable[[Outcome], str] = describe_outcome
    """Says in words how a question went."""


def table(run: Run) -> str:
    """Return the figures as aligned text, with every missed floor marked."""
    other = {line.name: line for line in run.baseline.lines} if run.baseline else {}
    head = ["", "value", "95 % interval", "n", "floor"] + ([run.baseline.name] if run.baseline else [])
    rows = []
    for line in run.summary.lines:
        row = [line.name, _number(line.value), _interval(line), line.n or "", _floor(line)]
        if run.baseline:
            row.append(_number(other[line.name].value) if line.name in other else "–")
        rows.append(row)
    text = tabulate(rows, headers=head, disable_numparse=True)
    if run.others:
        others, systems = comparison(run)
        text += "\n\n" + tabulate(systems, headers=others, disable_numparse=True)
    for each in run.summary.tables:
        text += f"\n\n{each.title}\n" + tabulate(each.rows, headers=each.head, disable_numparse=True)
    return text


def comparison(run: Run) -> tuple[list[str], list[list[str]]]:
    """Return the head and the rows of a table with a row for Attest and for each of the other systems."""
    names = list(dict.fromkeys(line.name for other in run.others for line in other.lines))
    attest = Baseline(f"Attest, {run.model}", run.summary.lines)
    rows = []
    for system in (attest, *run.others):
        lines = {line.name: line for line in system.lines}
        rows.append([system.name, *(_with_interval(lines.get(name)) for name in names)])
    return ["system", *names], rows


def record(run: Run) -> dict[str, object]:
    """Return the run as JSON types."""
    return {
        "title": run.title,
        "command": run.command,
        "machine": run.machine,
        "model": run.model,
        "threshold": run.threshold,
        "metrics": {line.name: asdict(line) for line in run.summary.lines},
        "missed": [line.name for line in run.summary.missed],
        "baseline": {line.name: asdict(line) for line in run.baseline.lines} if run.baseline else None,
        "others": {other.name: {line.name: asdict(line) for line in other.lines} for other in run.others},
        "tables": [asdict(each) for each in run.summary.tables],
        "notes": list(run.notes),
        "questions": [_question(outcome, run.describe) for outcome in run.outcomes],
        "claims": [_claim(outcome) for outcome in run.claims],
    }


def write(run: Run, folder: Path) -> tuple[Path, Path]:
    """Write ``<title>.json`` and ``<title>.html`` into ``folder`` and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    as_json, as_html = folder / f"{run.title}.json", folder / f"{run.title}.html"
    as_json.write_text(json.dumps(record(run), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    environment = Environment(loader=PackageLoader("qa.evaluation"), autoescape=True)
    page = environment.get_template("report.html").render(
        run=run,
        lines=[(line, _number(line.value), _interval(line), _floor(line)) for line in run.summary.lines],
        baseline={line.name: _number(line.value) for line in run.baseline.lines} if run.baseline else {},
        comparison=comparison(run) if run.others else None,
        plots=_plots(run.summary),
        questions=[_question(outcome, run.describe) for outcome in run.outcomes],
        claims=[_claim(outcome) for outcome in run.claims],
    )
    as_html.write_text(page, encoding="utf-8")
    return as_json, as_html


def _plots(summary: Summary) -> list[str]:
    """Return the plots as SVG text; none where matplotlib is not installed."""
    try:
        from qa.evaluation.plots import plots
    except ImportError as error:
        if (error.name or "").partition(".")[0] != "matplotlib":
            raise
        return []
    return plots(summary)


def _question(outcome: Outcome, describe: Callable[[Outcome], str]) -> dict[str, object]:
    case, answer = outcome.case, outcome.answer
    accepted = case.answers or (
        (tuple(each.text for each in case.long_answers),) if case.long_answers else ()
    )
    return {
        "id": case.id,
        "kind": case.kind,
        "question": case.question,
        "resolved": answer.resolved,
        "answerable": case.answerable,
        "accepted": [list(group) for group in accepted],
        "abstained": outcome.abstained,
        "short": answer.short.text if answer.short else "",
        "answer": answer.text,
        "passages_only": answer.passages_only,
        "sentences": [asdict(sentence) for sentence in answer.sentences],
        "outcome": describe(outcome),
        "p_answerable": round(answer.p_answerable, 4),
        "rank": outcome.retrieved.rank,
        "quoted": outcome.retrieved.quoted,
        "quotes": [asdict(quote) for quote in (answer.quotes or answer.nearest)],
        "cut": [asdict(cut) for cut in answer.cut],
        "timings_ms": asdict(answer.timings),
    }


def _claim(outcome: ClaimOutcome) -> dict[str, object]:
    case = outcome.case
    return {
        "id": case.id,
        "claim": case.claim,
        "label": case.label,
        "supported": case.supported,
        "passed": outcome.passed,
        "reasons": list(outcome.reasons),
        "quotes": [asdict(quote) for quote in outcome.quotes],
    }


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.3f}" if abs(value) < 10 else f"{value:,.1f}"


def _interval(line: Line) -> str:
    return f"{_number(line.interval[0])} – {_number(line.interval[1])}" if line.interval else ""


def _with_interval(line: Line | None) -> str:
    if line is None:
        return ""
    return f"{_number(line.value)} ({_interval(line)})" if line.interval else _number(line.value)


def _floor(line: Line) -> str:
    if line.floor is None:
        return ""
    sign = "≤" if line.at_most else "≥"
    return f"{sign} {line.floor:.2f}" + ("  MISSED" if line.missed else "")


def missed(lines: Sequence[Line]) -> str:
    """Return the missed floors as one sentence."""
    return "; ".join(f"{line.name} is {_number(line.value)}, floor {_floor(line)}" for line in lines)
