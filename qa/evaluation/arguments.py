"""The arguments of ``attest eval`` and ``attest calibrate``.

A module of its own that imports nothing else of the package, because every command builds the whole parser.
"""

import argparse
from pathlib import Path


def add_evaluation_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what ``attest eval`` takes, all but ``--json``."""
    _add_dataset(
        parser,
        "files in SQuAD format, of NoMIRACL's results, of claims with their evidence (FeverSymmetric, WiCE, "
        "FactCG), of CLAPnq or of MTRAG-UN, or .jsonl files of known answers about your own index, as the "
        "page saves them; in a checkout of the project also 'questions' (the default), 'conversations' or "
        "'office' with the folder that python -m eval.office writes. A "
        "format may be named before its files: squad, nomiracl, claims, clapnq or mtrag",
    )
    parser.add_argument(
        "--questions",
        type=Path,
        metavar="FILE",
        help="ask the questions of this file in SQuAD format instead, matched by their ids: the same "
        "questions in another language",
    )
    parser.add_argument(
        "--limit",
        type=int,
        metavar="N",
        help="ask a sample of N, half of it unanswerable (or check N claims, half of them unsupported)",
    )
    parser.add_argument(
        "--seed", type=int, default=1, metavar="N", help="the seed of the sample (default: 1)"
    )
    parser.add_argument("--model", help="as ATTEST_MODEL; 'none' measures the quotes alone")
    parser.add_argument(
        "--out",
        type=Path,
        default=Path("reports"),
        metavar="DIR",
        help="the folder for the reports (default: reports)",
    )


def add_calibration_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what ``attest calibrate`` takes."""
    _add_dataset(parser, "files in SQuAD 2.0 format, with unanswerable questions")
    parser.add_argument(
        "--claims",
        nargs="+",
        type=Path,
        default=[],
        metavar="FILE",
        help="calibrate the check of sentences instead, on claims in the format of FeverSymmetric, WiCE or "
        "FactCG: of ATTEST_CHECKER, or of ATTEST_MODEL without one",
    )
    parser.add_argument(
        "--limit",
        type=int,
        default=200,
        metavar="N",
        help="ask a sample of N questions, or of N claims of each file (default: 200)",
    )
    parser.add_argument(
        "--seed", type=int, default=7, metavar="N", help="the seed of the sample (default: 7)"
    )


def dataset_names(args: argparse.Namespace) -> list[str]:
    """Return what was given with ``--dataset`` and after it, in order."""
    return [*args.dataset, *args.files]


def _add_dataset(parser: argparse.ArgumentParser, help_: str) -> None:
    parser.add_argument("--dataset", nargs="+", default=[], metavar="FILE", help=help_)
    # ``--dataset squad FILE…``, also with other flags in between, is how it was given at first.
    parser.add_argument("files", nargs="*", metavar="FILE", help=argparse.SUPPRESS)
