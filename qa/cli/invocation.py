"""A parsed command line with its configuration, and the exit statuses of every command."""

import argparse
import sys
from dataclasses import dataclass

from qa.config import Config

OK = 0
"""The command did what it was asked; ``ask`` found an answer."""
FAILED = 1
"""Something went wrong that is not the user's mistake; ``verify`` found a fault."""
ABSTAINED = 3
"""The documents do not answer the question. 2, a mistake of the user, comes from the error itself."""


@dataclass(frozen=True, slots=True)
class Invocation:
    """A parsed command line and the configuration it runs under."""

    args: argparse.Namespace
    config: Config


def config_overrides(args: argparse.Namespace) -> dict[str, object]:
    """Return the settings that the command line gives, by their names in :class:`Config`."""
    return {
        key: value for key, value in vars(args).items() if key in Config.model_fields and value is not None
    }


def warn(text: str) -> None:
    """Print a line on standard error."""
    print(f"attest: {text}", file=sys.stderr)


def plural(count: int, noun: str) -> str:
    """Return ``count`` with its noun: ``1 document``, ``2,000 documents``."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
