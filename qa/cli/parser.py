"""The command line of ``attest``: its commands, their arguments and examples.

Exit status: 0 done or answered, 3 the documents do not answer, 2 a mistake of the user, 1 a failure.
"""

import argparse
import logging
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from qa import __version__, config
from qa.cli.commands import (
    accounts,
    ask,
    conflicts,
    diff,
    evaluation,
    find,
    grid,
    index,
    mcp,
    models,
    overview,
    serve,
    track,
)
from qa.cli.invocation import FAILED, Invocation, config_overrides, warn
from qa.conflicts.corpus import MAX_SHOWN, SECONDS
from qa.errors import AttestError
from qa.evaluation.arguments import add_calibration_arguments, add_evaluation_arguments
from qa.export.files import ENDINGS

DEFAULT_K = 10
"""Passages that ``search`` shows."""

DEFAULT_MENTIONS = 100
"""Mentions that ``find`` shows at a time."""

_INDEX_HELP = (
    "the folder of the index (default: ./index if it exists, otherwise a folder of your own; attest status "
    "shows which)"
)
_CORPUS_HELP = "the folder of documents (default: corpus)"
_PATHS_HELP = (
    "folders or files (default: what --corpus says): PDF, web pages, Office files, tables, mails, books, "
    "text and source code, and .zip archives of them; docs/formats.md lists all formats"
)


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
    commands = _Commands(parser)
    _add_index_commands(commands)
    _add_question_commands(commands)
    _add_track_command(commands)
    commands.add("pull", models.pull, "Download the models and verify them.", "pull")
    local = commands.add(
        "models",
        models.models,
        "List the models of Ollama, llama.cpp, LM Studio and vLLM on this machine, try one, or use one.",
        "models try ollama:llama3.2",
    )
    local.add_argument("action", nargs="?", choices=("list", "try", "use"), default="list")
    local.add_argument(
        "name", nargs="?", metavar="NAME", help="a model, as listed or as ATTEST_MODEL takes it"
    )
    _add_measuring_commands(commands)
    _add_server_commands(commands)
    return parser


class _Commands:
    """The commands of a parser, each with the flags that all of them have."""

    def __init__(self, parser: argparse.ArgumentParser) -> None:
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


def _add_index_commands(commands: _Commands) -> None:
    build = commands.add(
        "index",
        index.index,
        "Index a folder, or update its index.",
        "index ~/reports --exclude 'drafts/*'",
    )
    watch = commands.add(
        "watch",
        index.watch,
        "Index a folder, and update the index whenever a file changes.",
        "watch ~/reports",
    )
    for each in (build, watch):
        each.add_argument("paths", nargs="*", type=Path, metavar="PATH", help=_PATHS_HELP)
        each.add_argument("--corpus", type=Path, metavar="DIR", help=_CORPUS_HELP)
        each.add_argument(
            "--include",
            action="append",
            metavar="PATTERN",
            help="index only files whose paths match, such as 'reports/*'; may be repeated",
        )
        each.add_argument(
            "--exclude",
            action="append",
            metavar="PATTERN",
            help="skip files whose paths match, such as 'drafts/*'; may be repeated",
        )
        each.add_argument(
            "--workers",
            metavar="N|ADDRESS",
            help="read and embed in N processes, or on the Dask scheduler at tcp://…",
        )
    status = commands.add(
        "status",
        index.status,
        "Show what is indexed and since when, and how many files are left out and why.",
        "status --files",
        json=True,
    )
    status.add_argument("--files", action="store_true", help="name every file that is left out")
    verify = commands.add(
        "verify",
        index.verify,
        "Check that the index is intact, and that evidence sheets quote it word for word.",
        "verify evidence.html",
    )
    verify.add_argument(
        "sheets", nargs="*", type=Path, metavar="SHEET", help="evidence sheets exported from the chat page"
    )
    changed = commands.add(
        "diff",
        diff.diff,
        "Show which documents came, went and changed, and which of their sentences.",
        "diff --since 2026-11-01",
        json=True,
    )
    for flag, which in (("--since", "before"), ("--until", "after")):
        changed.add_argument(
            flag,
            default="",
            metavar="DATE|STATE",
            help=f"compare the state {which} the changes of this day, month or year, or a state that --list "
            "names (default: the last update)",
        )
    changed.add_argument("--list", action="store_true", help="list the states that are known")
    copy = commands.add(
        "copy",
        index.copy,
        "Copy an index to another place, such as Milvus.",
        "copy --from index --to milvus",
    )
    for flag, name, what in (
        ("--from", "source", "the index to copy"),
        ("--to", "target", "where to create the copy"),
    ):
        copy.add_argument(
            flag, dest=name, type=Path, required=True, metavar="INDEX", help=f"{what}: a folder, or milvus"
        )


def _add_question_commands(commands: _Commands) -> None:
    question = commands.add(
        "ask", ask.ask, "Answer one question.", "ask 'How much is the contract worth?' --json", json=True
    )
    question.add_argument("question", metavar="QUESTION")
    question.add_argument(
        "-o",
        "--output",
        type=Path,
        metavar="FILE",
        help="also write the answer, an evidence sheet or the documents cited to a file, as its ending says: "
        f"{ENDINGS}",
    )
    question.add_argument(
        "--absence",
        type=Path,
        metavar="FILE",
        help="if there is no answer, write what was searched to this HTML file, which attest verify checks",
    )
    search = commands.add(
        "search", ask.search, "Show the best passages for a query.", "search 'gas turbines' -k 3", json=True
    )
    search.add_argument("query", metavar="QUERY")
    search.add_argument(
        "-k",
        type=_positive,
        default=DEFAULT_K,
        metavar="N",
        help=f"how many passages (default: {DEFAULT_K})",
    )
    mentions = commands.add(
        "find",
        find.find,
        "Find every sentence that mentions something.",
        "find 'penalties for late delivery' -o mentions.xlsx",
        json=True,
    )
    mentions.add_argument("query", metavar="QUERY", help="a name, a term or a description, in words")
    mentions.add_argument(
        "--words",
        action="store_true",
        help="go by words and names alone, and not by meaning; so does a query in quotation marks",
    )
    mentions.add_argument("--page", type=_positive, default=1, metavar="N", help="the page to show (1)")
    mentions.add_argument(
        "--per-page",
        type=_positive,
        default=DEFAULT_MENTIONS,
        metavar="N",
        help=f"mentions on a page (default: {DEFAULT_MENTIONS})",
    )
    mentions.add_argument(
        "--below", action="store_true", help="show the sentences just below the cut-off, too"
    )
    mentions.add_argument(
        "-o",
        "--output",
        type=Path,
        metavar="FILE",
        help="also write all mentions to a file: .csv, .xlsx or .json",
    )
    disagreeing = commands.add(
        "conflicts",
        conflicts.conflicts,
        "Show where documents disagree on a number, a date or a name, or say the opposite of each other.",
        "conflicts --in contracts/",
        json=True,
    )
    disagreeing.add_argument(
        "--limit",
        type=_positive,
        default=MAX_SHOWN,
        metavar="N",
        help=f"the most conflicts to show, the surest first (default: {MAX_SHOWN})",
    )
    disagreeing.add_argument(
        "--seconds",
        type=_positive,
        default=int(SECONDS),
        metavar="N",
        help=f"how long documents are compared at most (default: {int(SECONDS)})",
    )
    seen = commands.add(
        "overview",
        overview.overview,
        "Show what is in the documents: main sentences, names, dates and figures, in quotes.",
        "overview --in contracts/",
        json=True,
    )
    for each in (question, search, mentions, disagreeing, seen):
        _add_scope(each)
    table = commands.add(
        "grid",
        grid.grid,
        "Ask every document every question of a file, and write the answers as a table.",
        "grid questions.txt --in contracts --xlsx answers.xlsx",
        json=True,
    )
    table.add_argument("questions", type=Path, metavar="FILE", help="a text file with one question a line")
    table.add_argument(
        "--in",
        dest="documents",
        action="append",
        default=[],
        metavar="DOCUMENT|FOLDER|COLLECTION",
        help="ask only this document, the documents of this folder or archive, or those of this collection "
        "of attest.toml; may be repeated",
    )
    for ending, form in (("xlsx", "a workbook, quotes as comments"), ("csv", "a table, one cell a line")):
        table.add_argument(f"--{ending}", type=Path, metavar="FILE", help=f"write {form}")
    show = commands.add(
        "show",
        ask.show,
        "Print the text of a document, exactly as offsets count it.",
        "show alstom-boyet-interview.md",
    )
    show.add_argument("document", metavar="DOCUMENT")


def _add_scope(command: argparse.ArgumentParser) -> None:
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


def _add_track_command(commands: _Commands) -> None:
    tracking = commands.add(
        "track",
        track.track,
        "Track a question: see when its answer changes, and why.",
        "track add 'What is the term of the contract?'",
        json=True,
    )
    tracking.add_argument(
        "action",
        nargs="?",
        choices=track.ACTIONS,
        default="new",
        help="new shows what changed since the last time (default)",
    )
    tracking.add_argument(
        "what", nargs="?", default="", metavar="QUESTION|ID", help="the question to add, or the id of one"
    )
    tracking.add_argument(
        "-o",
        "--output",
        type=Path,
        metavar="FILE",
        help="the evidence sheet that export writes (default: tracked-ID.html)",
    )
    _add_scope(tracking)


def _add_measuring_commands(commands: _Commands) -> None:
    measuring = commands.add(
        "eval",
        evaluation.evaluate,
        "Measure accuracy on questions whose answers are known.",
        "eval --dataset dev-v2.0.json --limit 300 --seed 1",
        json=True,
    )
    add_evaluation_arguments(measuring)
    calibrating = commands.add(
        "calibrate",
        evaluation.calibrate,
        "Calibrate the confidence of the model that ATTEST_MODEL names.",
        "calibrate --dataset dev-v2.0.json",
    )
    add_calibration_arguments(calibrating)


def _add_server_commands(commands: _Commands) -> None:
    _add_serve_flags(
        commands.add("serve", serve.serve, "Start the chat page and the API.", "serve ~/reports")
    )
    commands.add("mcp", mcp.mcp, "Answer an assistant over MCP on standard input and output.", "mcp")
    password = commands.add(
        "password",
        accounts.password,
        "Add a user to a file of accounts, or change their password.",
        "password accounts ada",
    )
    password.add_argument("--owner", action="store_true", help="let them change the settings, at /settings")
    token = commands.add(
        "token",
        accounts.token,
        "Create an API token for a program; it is printed once, and only its hash is stored.",
        "token accounts nightly",
    )
    for each, whose in ((password, "user"), (token, "program")):
        each.add_argument("file", type=Path, metavar="FILE", help="created if it does not exist")
        each.add_argument("name", metavar="NAME", help=f"the {whose}'s name")
    token.add_argument(
        "--write", action="store_true", help="let the program add and remove documents of a --shared server"
    )


def _add_serve_flags(serve: argparse.ArgumentParser) -> None:
    """Add the settings that ``serve`` takes as flags, under their names in :class:`Config`."""
    serve.add_argument(
        "folder",
        nargs="?",
        type=Path,
        metavar="FOLDER",
        help="index this folder while serving, and follow its changes; it may be empty, or not there yet",
    )
    serve.add_argument("--corpus", type=Path, metavar="DIR", help=_CORPUS_HELP)
    serve.add_argument("--host", metavar="ADDRESS", help="the address to listen on (default: 127.0.0.1)")
    serve.add_argument(
        "--port", metavar="N", help="the port to listen on; 0 takes any free one (default: 7860)"
    )
    serve.add_argument(
        "--auth", type=Path, metavar="FILE", help="require a login or token from this file of accounts"
    )
    serve.add_argument(
        "--max-upload", metavar="MB", help="the largest file that can be uploaded, in megabytes (default: 5)"
    )
    serve.add_argument(
        "--root-path", metavar="PATH", help="the path under which a proxy serves Attest, such as /attest"
    )
    uploads = serve.add_mutually_exclusive_group()
    uploads.add_argument(
        "--shared", action="store_const", const=True, help="uploaded documents are available to every visitor"
    )
    uploads.add_argument(
        "--private",
        dest="shared",
        action="store_const",
        const=False,
        help="uploaded documents are available only to the visitor who uploaded them (default)",
    )


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of 1 or more")
    return int(text)
