"""Arguments of the commands that serve people and programs, and that let them in."""

import argparse
from pathlib import Path

from qa.cli.arguments.base import CORPUS_HELP, Commands
from qa.cli.commands import accounts, mcp, serve


def add_server_commands(commands: Commands) -> None:
    """Add ``serve``, ``mcp``, ``password`` and ``token``."""
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
    serve.add_argument("--corpus", type=Path, metavar="DIR", help=CORPUS_HELP)
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
