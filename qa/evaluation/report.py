"""A run as a table for the terminal, a JSON file for programs and an HTML page for people."""

import io
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import matplotlib as mpl
from jinja2 import Environment, PackageLoader
from matplotlib.figure import Figure
from tabulate import tabulate

from qa.evaluation.baseline import Baseline
from qa.evaluation.runner import Outcome
from qa.evaluation.summary import Line, Summary

mpl.rcParams["svg.hashsalt"] = "attest"  # the same figures give the same bytes


@dataclass(frozen=True, slots=True)
class Run:
    """What was run, with its command, and what came of it."""

    title: str
    command: str
    machine: str
    model: str
    threshold: float
    summary: Summary
    outcomes: tuple[Outcome, ...]
    baseline: Baseline | None = None


def table(run: Run) -> str:
    """The figures as aligned text; a missed floor is marked."""
    other = {line.name: line for line in run.baseline.lines} if run.baseline else {}
    head = ["", "value", "95 % interval", "n", "floor"] + (["plain chain"] if run.baseline else [])
    rows = []
    for line in run.summary.lines:
        row = [line.name, _number(line.value), _interval(line), line.n or "", _floor(line)]
        if run.baseline:
            row.append(_number(other[line.name].value) if line.name in other else "–")
        rows.append(row)
    return tabulate(rows, headers=head, disable_numparse=True)


def record(run: Run) -> dict[str, object]:
    """The run as JSON types."""
    return {
        "title": run.title,
        "command": run.command,
        "machine": run.machine,
        "model": run.model,
        "threshold": run.threshold,
        "metrics": {line.name: asdict(line) for line in run.summary.lines},
        "missed": [line.name for line in run.summary.missed],
        "baseline": {line.name: asdict(line) for line in run.baseline.lines} if run.baseline else None,
        "questions": [_outcome(outcome) for outcome in run.outcomes],
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
        plots=plots(run.summary),
        questions=[_outcome(outcome) for outcome in run.outcomes],
    )
    as_html.write_text(page, encoding="utf-8")
    return as_json, as_html


def plots(summary: Summary) -> list[str]:
    """The plots as SVG text: the risk–coverage curve, and P(answerable) by what is right."""
    drawn = []
    if summary.curve:
        figure = Figure(figsize=(5, 3.2), layout="constrained")
        axes = figure.subplots()
        axes.plot(summary.curve.coverage, summary.curve.risk)
        axes.set(xlabel="coverage (share answered)", ylabel="risk (share wrong)", xlim=(0, 1), ylim=(0, 1))
        axes.set_title(f"Risk–coverage, area {summary.curve.area:.3f}")
        drawn.append(_svg(figure))
    if summary.answerable:
        figure = Figure(figsize=(5, 3.2), layout="constrained")
        axes = figure.subplots()
        bins = [i / 20 for i in range(21)]
        axes.hist(summary.answerable, bins=bins, alpha=0.6, label="answerable")
        for condition, values in summary.unanswerable.items():
            axes.hist(values, bins=bins, alpha=0.6, label=condition)
        axes.set(xlabel="P(answerable)", ylabel="questions", title="How sure Attest was")
        axes.legend()
        drawn.append(_svg(figure))
    return drawn


def _svg(figure: Figure) -> str:
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None})
    text = buffer.getvalue()
    return text[text.index("<svg") :]


def _outcome(outcome: Outcome) -> dict[str, object]:
    case, answer = outcome.case, outcome.answer
    verdict = _verdict(outcome)
    return {
        "id": case.id,
        "kind": case.kind,
        "question": case.question,
        "resolved": answer.resolved,
        "answerable": case.answerable,
        "accepted": [list(group) for group in case.answers],
        "abstained": outcome.abstained,
        "answer": answer.text,
        "outcome": verdict,
        "p_answerable": round(answer.p_answerable, 4),
        "rank": outcome.retrieved.rank,
        "quoted": outcome.retrieved.quoted,
        "quotes": [asdict(quote) for quote in (answer.quotes or answer.nearest)],
        "cut": [asdict(cut) for cut in answer.cut],
        "timings_ms": asdict(answer.timings),
    }


def _verdict(outcome: Outcome) -> str:
    if outcome.abstained:
        return "false abstention" if outcome.case.answerable else "correct abstention"
    if not outcome.case.answerable:
        return "answered the unanswerable"
    return "right" if outcome.right else "wrong answer"


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.3f}" if abs(value) < 10 else f"{value:,.1f}"


def _interval(line: Line) -> str:
    return f"{_number(line.interval[0])} – {_number(line.interval[1])}" if line.interval else ""


def _floor(line: Line) -> str:
    if line.floor is None:
        return ""
    sign = "≤" if line.at_most else "≥"
    return f"{sign} {line.floor:.2f}" + ("  MISSED" if line.missed else "")


def missed(lines: Sequence[Line]) -> str:
    """The missed floors in one sentence."""
    return "; ".join(f"{line.name} is {_number(line.value)}, floor {_floor(line)}" for line in lines)
