"""``attest calibrate``: measure what the verdicts of the configured model are worth, and keep that."""

import argparse
import hashlib
import sys
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import cast

from eval.training.judge import fit_judge
from qa import assemble, config
from qa.answering.calibration import Calibration, write_calibration
from qa.answering.judge import verdict_logit
from qa.errors import AttestError, UserError
from qa.evaluation.datasets.base import sample
from qa.evaluation.datasets.index import indexed
from qa.evaluation.datasets.squad import read_squad
from qa.weights import judge_of


def main(argv: Sequence[str] | None = None) -> int:
    """Calibrate as the command line says."""
    given = list(sys.argv[1:] if argv is None else argv)
    args = _parser().parse_args(given)
    try:
        found, quality = calibrate(args.files, args.limit, args.seed, given)
        path = write_calibration(config.load().cache, found)
    except AttestError as error:
        print(f"attest calibrate: {error}", file=sys.stderr)
        return error.exit_status
    print(f"{found.model}: answers from P = {found.judge.threshold:.2f}; kept in {path}")
    for kind, figures in quality.items():
        print(f"  {kind}, on articles it was not fitted on: {figures}")
    return 0


def calibrate(
    files: Sequence[Path], limit: int, seed: int, given: Sequence[str]
) -> tuple[Calibration, Mapping[str, object]]:
    """The calibration of the configured model on a sample of ``limit`` questions, and how well it does.

    Raises:
        UserError: the default model or none is configured, or the questions do not suffice.
        AttestError: a model or a file cannot be had.
    """
    settings = config.load()
    if settings.model in {"default", "none"}:
        raise UserError(
            "The default model is calibrated already; name another, as in ATTEST_MODEL=openai:gpt-4.1-mini"
        )
    dataset = read_squad(files)
    chosen = sample(dataset, limit, seed).cases
    if len({each.answerable for each in chosen}) < 2:
        raise UserError("The questions must be of SQuAD 2.0, some of them without an answer")
    model = assemble.load_model(settings)
    assert model is not None
    encoder = assemble.load_encoder(settings)
    with indexed(dataset, encoder, settings) as index:
        retriever = assemble.create_retriever(settings, index, encoder)
        record = fit_judge(retriever, dataset.cases, chosen, partial(verdict_logit, model))["judge"]
    digests = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
    command = " ".join(["attest calibrate", *given])
    quality = cast(Mapping[str, object], record["on_unseen_articles"])
    return Calibration(settings.model, judge_of(record), command, digests), quality


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="attest calibrate", description=__doc__.splitlines()[0])
    parser.add_argument("--dataset", choices=("squad",), default="squad", help="the format of the files")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="questions in SQuAD 2.0 format")
    parser.add_argument("--limit", type=int, default=200, metavar="N", help="questions to ask (default: 200)")
    parser.add_argument("--seed", type=int, default=7, metavar="N")
    return parser


if __name__ == "__main__":
    sys.exit(main())
