"""Arguments that several commands share."""

import argparse
from collections.abc import Callable
from pathlib import Path

from qa.cli.invocation import Invocation

_INDEX_HELP = (
    "the folder of the index (default: ./index if it exists, otherwise a folder of your own; attest status "
    "shows which)"
)
CORPUS_HELP = "the folder of documents (default: corpus)"


class Commands:
    """The commands of a parser, each with the flags that all of them have."""

    def __init__(self, parser: argparse.ArgumentParser) -> None:
        """Begin without commands."""
        self._subparsers = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(
        self, name: str, run: Callable[[Invocation], int], help_: str, example: str, json: bool = False
    ) -> argparse.ArgumentParser:
        """Add the command ``name``, which calls ``run``; with the flag ``--json`` if asked for."""
        added = self._subparsers.add_parser(
            name, help=help_, description=help_, epilog=f"example: attest {example}"
        )
        added.add_argument("--index", type=Path, metavar="DIR", help=_INDEX_HELP)
        if json:
            added.add_argument("--json", action="store_true", help="print one JSON object on standard output")
        added.set_defaults(run=run)
        return added


def add_scope(command: argparse.ArgumentParser) -> None:
    """Add the flags that say which documents are searched."""
    for flag, what in (("--since", "on or after"), ("--until", "on or before")):
        command.add_argument(
            flag,
            metavar="DATE",
            help=f"only documents dated {what} a day, month or year: 2020-12-31, 2020-12 or 2020",
        )
    command.add_argument(
        "--in",
        dest="documents",
        action="append",
        default=[],
        metavar="DOCUMENT|FOLDER|COLLECTION",
        help="only this document, the documents of this folder or archive, or those of this "
        "collection of attest.toml; may be repeated",
    )


def positive(text: str) -> int:
    """Read a whole number of 1 or more."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of 1 or more")
    return int(text)
