"""The command line of ``attest``: its commands, their arguments and examples.

Exit status: 0 done or answered, 3 the documents do not answer, 2 a mistake of the user, 1 a failure.
"""

import argparse
import logging
import sys
from collections.abc import Sequence

from qa import __version__, config
from qa.cli.arguments.base import Commands
from qa.cli.arguments.indexing import add_index_commands
from qa.cli.arguments.models import add_model_commands
from qa.cli.arguments.questions import add_question_commands, add_track_command
from qa.cli.arguments.serving import add_server_commands
from qa.cli.invocation import FAILED, Invocation, config_overrides, warn
from qa.errors import AttestError


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    arguments = sys.argv[1:] if argv is None else list(argv)
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s: %(message)s")
    parser = create_parser()
    args = parser.parse_args(arguments)
    try:
        settings = config.load(**config_overrides(args))
        status: int = args.run(Invocation(args, settings))
    except AttestError as error:
        warn(str(error))
        return error.exit_status
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        warn(f"{error.strerror or error}{where}")
        return FAILED
    except KeyboardInterrupt:
        warn("stopped; run the same command again to continue")
        return FAILED
    return status


def create_parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line. Parsed arguments hold their command under ``run``."""
    parser = argparse.ArgumentParser(
        prog="attest",
        description="Answer questions about your own documents, with a verbatim quote for every sentence.",
        epilog="example: attest ask 'What did Boyet say about Uzbekistan?'",
    )
    parser.add_argument("--version", action="version", version=f"attest {__version__}")
    commands = Commands(parser)
    add_index_commands(commands)
    add_question_commands(commands)
    add_track_command(commands)
    add_model_commands(commands)
    add_server_commands(commands)
    return parser
