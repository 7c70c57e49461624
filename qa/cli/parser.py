"""The command line. Exit status: 0 an answer, 3 an abstention, 2 the user's mistake, 1 a failure."""

import argparse
import logging
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from qa import __version__, config
from qa.cli import commands
from qa.cli.commands import FAILED, Call, settings_of
from qa.errors import AttestError

DEFAULT_K = 10

_INDEX_HELP = (
    "the folder of the index (default: ./index if it exists, otherwise a folder of your own; attest status "
    "shows which)"
)
_CORPUS_HELP = "the folder of documents (default: corpus)"
_PATHS_HELP = (
    "folders or files (default: what --corpus says); supported are .txt .md .html .pdf .docx .pptx .xlsx "
    ".csv .json .jsonl .eml .epub .odt .rtf, and .zip archives of these"
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    arguments = sys.argv[1:] if argv is None else list(argv)
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s: %(message)s")
    args, rest = _parser().parse_known_args(arguments)
    if rest and args.run not in (commands.evaluate, commands.calibrate):
        _parser().error(f"unrecognized arguments: {' '.join(rest)}")
    try:
        settings = config.load(**settings_of(args))
        status: int = args.run(Call(args, settings, rest))
    except AttestError as error:
        print(f"attest: {error}", file=sys.stderr)
        return error.exit_status
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        print(f"attest: {error.strerror or error}{where}", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        print("attest: stopped; run the same command again to go on", file=sys.stderr)
        return FAILED
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="attest",
        description="Answers over your own documents, every sentence tied to a verbatim quote.",
        epilog="example: attest ask 'What did Boyet say about Uzbekistan?'",
    )
    parser.add_argument("--version", action="version", version=f"attest {__version__}")
    subparsers = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(
        name: str, run: Callable[[Call], int], help_: str, example: str, json_: bool = False
    ) -> argparse.ArgumentParser:
        sub = subparsers.add_parser(name, help=help_, description=help_, epilog=f"example: attest {example}")
        sub.add_argument("--index", type=Path, metavar="DIR", help=_INDEX_HELP)
        if json_:
            sub.add_argument("--json", action="store_true", help="print one JSON object on standard output")
        sub.set_defaults(run=run)
        return sub

    index = command(
        "index",
        commands.index,
        "Bring the index to what is in a folder.",
        "index ~/reports --exclude 'drafts/*'",
    )
    watch = command(
        "watch", commands.watch, "Index a folder, and again whenever it changes.", "watch ~/reports"
    )
    for reading in (index, watch):
        reading.add_argument("paths", nargs="*", type=Path, metavar="PATH", help=_PATHS_HELP)
        reading.add_argument("--corpus", type=Path, metavar="DIR", help=_CORPUS_HELP)
        for name, what in (("--include", "only"), ("--exclude", "no")):
            reading.add_argument(
                name,
                action="append",
                metavar="PATTERN",
                help=f"index {what} files whose paths match, such as 'drafts/*'",
            )
        reading.add_argument(
            "--workers",
            metavar="N|ADDRESS",
            help="read and embed in N processes, or in those of the Dask scheduler at tcp://…",
        )
    command("status", commands.status, "Tell what is indexed, when, what failed and why.", "status", True)
    ask = command(
        "ask", commands.ask, "Answer one question.", "ask 'How much is the contract worth?' --json", True
    )
    ask.add_argument("question", metavar="QUESTION")
    search = command(
        "search", commands.search, "Show the best passages for a query.", "search 'gas turbines' -k 3", True
    )
    search.add_argument("query", metavar="QUERY")
    search.add_argument("-k", type=_positive, default=DEFAULT_K, metavar="N", help="how many (default: 10)")
    for asking in (ask, search):
        for flag, what in (("--since", "on or after"), ("--until", "on or before")):
            asking.add_argument(
                flag,
                metavar="DATE",
                help=f"only in documents dated {what} this day, month or year: 2020-12-31, 2020-12 or 2020",
            )
    show = command(
        "show",
        commands.show,
        "Print the text that a document's offsets refer to.",
        "show alstom-boyet-interview.md",
    )
    show.add_argument("document", metavar="DOCUMENT")
    verify = command(
        "verify", commands.verify, "Check the index, and evidence sheets against it.", "verify evidence.html"
    )
    verify.add_argument(
        "sheets", nargs="*", type=Path, metavar="SHEET", help="evidence sheets, as the page exports them"
    )
    copy = command(
        "copy",
        commands.copy,
        "Copy an index to another place, such as Milvus.",
        "copy --from index --to milvus",
    )
    for flag, name, what in (("--from", "source", "to copy"), ("--to", "target", "to make it anew in")):
        copy.add_argument(
            flag,
            dest=name,
            type=Path,
            required=True,
            metavar="INDEX",
            help=f"what {what}: a folder, or milvus",
        )
    command("pull", commands.pull, "Fetch the models and verify them.", "pull")
    command(
        "eval",
        commands.evaluate,
        "Measure against known answers; more flags: python -m eval --help",
        "eval --json",
        True,
    )
    command(
        "calibrate",
        commands.calibrate,
        "Measure what the verdicts of the model that ATTEST_MODEL names are worth.",
        "calibrate --dataset squad dev-v2.0.json",
    )
    _serving(
        command("serve", commands.serve, "Serve the chat and the API.", "serve --port 8080 --auth accounts")
    )
    password = command(
        "password",
        commands.account,
        "Add a user to a file of accounts, or change a password.",
        "password accounts ada",
    )
    token = command(
        "token",
        commands.account,
        "Print a new token for a program and keep its hash.",
        "token accounts nightly",
    )
    for what, account in (("password", password), ("token", token)):
        account.add_argument("file", type=Path, metavar="FILE", help="made if it does not exist")
        account.add_argument("name", metavar="NAME")
        account.set_defaults(what=what)
    return parser


def _serving(serve: argparse.ArgumentParser) -> None:
    """The flags of ``serve``: settings, under their names."""
    serve.add_argument(
        "--corpus", type=Path, metavar="DIR", help=f"{_CORPUS_HELP}, indexed if there is no index yet"
    )
    serve.add_argument("--host", metavar="ADDRESS", help="the address to bind to (default: 127.0.0.1)")
    serve.add_argument("--port", metavar="N", help="the port; 0 for any that is free (default: 7860)")
    serve.add_argument(
        "--auth", type=Path, metavar="FILE", help="let in only whom this file of accounts names"
    )
    serve.add_argument("--max-upload", metavar="MB", help="the largest file to take (default: 5)")
    serve.add_argument("--root-path", metavar="PATH", help="the path a proxy shows the server under")
    uploads = serve.add_mutually_exclusive_group()
    uploads.add_argument(
        "--shared", action="store_const", const=True, help="an uploaded document is for every visitor"
    )
    uploads.add_argument(
        "--private",
        dest="shared",
        action="store_const",
        const=False,
        help="an uploaded document is for the visitor who brought it (default)",
    )


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of at least 1")
    return int(text)
