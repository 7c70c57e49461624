"""Measure Attest against the project's known answers or others: ``python -m eval``.

It takes what ``attest eval`` takes, finds the project's known answers from any folder, and can compare with
a chain of LangChain's. The exit status is 1 when a stated floor is missed.
"""

import argparse
import sys
from collections.abc import Sequence

from eval.known_answers import FOLDER
from qa import config
from qa.cli.commands.evaluation import run_evaluation
from qa.errors import AttestError, UserError
from qa.evaluation.arguments import add_evaluation_arguments
from qa.evaluation.evaluate import RunBaseline


def main(argv: Sequence[str] | None = None) -> int:
    """Run the evaluation that ``argv`` describes."""
    args = _parser().parse_args(argv)
    try:
        settings = config.load(model=args.model)
        return run_evaluation(args, settings, _langchain() if args.baseline else None, FOLDER)
    except AttestError as error:
        print(f"eval: {error}", file=sys.stderr)
        return error.exit_status


def _langchain() -> RunBaseline:
    try:
        from eval.bench.langchain_baseline import run_baseline
    except ImportError as error:
        raise UserError(
            f"--baseline needs the package {error.name}: pip install --editable '.[bench]'"
        ) from error
    return run_baseline


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m eval",
        description="Measure Attest against known answers.",
        epilog="example: python -m eval --dataset dev-v2.0.json --limit 300 --seed 1 --baseline",
    )
    add_evaluation_arguments(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON object on standard output")
    parser.add_argument(
        "--baseline", action="store_true", help="ask a chain of LangChain's the same questions as well"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
