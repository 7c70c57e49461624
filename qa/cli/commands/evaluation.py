"""The commands that measure: ``attest eval`` and ``attest calibrate``."""

import json
import sys
from argparse import Namespace
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from tqdm import tqdm

from qa.cli.invocation import FAILED, OK, Invocation
from qa.config import Config

if TYPE_CHECKING:
    from qa.evaluation.evaluate import RunBaseline

_T = TypeVar("_T")


def evaluate(invocation: Invocation) -> int:
    """Measure accuracy on questions whose answers are known."""
    return run_evaluation(invocation.args, invocation.config)


def run_evaluation(
    args: Namespace,
    settings: Config,
    run_baseline: "RunBaseline | None" = None,
    project: Path | None = None,
) -> int:
    """Measure against known answers; return 1 if a stated floor is missed, else 0.

    NoMIRACL's files are measured language by language: a table, or a line of JSON, for each.

    Raises:
        AttestError: a file, a model or the index is missing or cannot be read.
    """
    from qa.evaluation.arguments import dataset_names
    from qa.evaluation.datasets.select import split_by_language

    groups = split_by_language(dataset_names(args))
    return max(_measure(names, args, settings, run_baseline, project) for names in groups)


def _measure(
    names: list[str],
    args: Namespace,
    settings: Config,
    run_baseline: "RunBaseline | None",
    project: Path | None,
) -> int:
    from qa.evaluation import report
    from qa.evaluation.datasets.select import PROJECT
    from qa.evaluation.evaluate import evaluate

    run = evaluate(
        names,
        settings,
        questions=args.questions,
        limit=args.limit,
        seed=args.seed,
        track=_track,
        run_baseline=run_baseline,
        project=project or PROJECT,
    )
    for note in run.notes:
        print(note, file=sys.stderr)
    as_json, as_html = report.write(run, args.out)
    said = json.dumps(report.record(run), ensure_ascii=False) if args.json else report.table(run)
    print(said if args.json else f"{run.title}\n{said}")
    print(f"Every question with its outcome: {as_html} and {as_json}", file=sys.stderr)
    if run.summary.missed:
        print(f"Floors missed: {report.missed(run.summary.missed)}", file=sys.stderr)
        return FAILED
    return OK


def calibrate(invocation: Invocation) -> int:
    """Calibrate the confidence of the configured model, and show how well that works."""
    from qa.evaluation.arguments import dataset_names
    from qa.evaluation.calibrate import calibrate

    args = invocation.args
    if args.claims:
        return _calibrate_on_claims(invocation)
    done = calibrate(dataset_names(args), invocation.config, limit=args.limit, seed=args.seed, track=_track)
    known = done.calibration
    threshold = known.judge.threshold
    print(f"{known.model} is calibrated: Attest answers if P(answerable) is at least {threshold:.2f}")
    for kind, found in done.unseen.items():
        print(f"  {kind} questions, on articles that it was not fitted on: AUC {_number(found.auc)}")
    print(f"Saved in {done.path}", file=sys.stderr)
    return OK


def _calibrate_on_claims(invocation: Invocation) -> int:
    from qa.evaluation.calibrate import calibrate_on_claims

    args = invocation.args
    done = calibrate_on_claims(args.claims, invocation.config, limit=args.limit, seed=args.seed, track=_track)
    name = invocation.config.checker or invocation.config.model
    threshold = done.calibration.judge.threshold
    print(f"{name} is calibrated: a sentence is shown if it is supported with at least {threshold:.2f}")
    for file, passing in done.unseen.items():
        print(
            f"  {file}, {passing.claims} claims that it was not fitted on: {passing.supported:.1%} of the "
            f"supported ones pass, {passing.unsupported:.1%} of the others"
        )
    print(f"Saved in {done.path}", file=sys.stderr)
    return OK


def _track(items: Iterable[_T], label: str, total: int) -> Iterable[_T]:
    return tqdm(items, label, total, leave=False, file=sys.stderr)


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
