"""Arguments of the commands that make, check and compare an index."""

from pathlib import Path

from qa.cli.arguments.base import CORPUS_HELP, Commands
from qa.cli.commands import diff, index

_PATHS_HELP = (
    "folders or files (default: what --corpus says): PDF, web pages, Office files, tables, mails, books, "
    "text and source code, and .zip archives of them; docs/formats.md lists all formats"
)


def add_index_commands(commands: Commands) -> None:
    """Add ``index``, ``watch``, ``status``, ``verify``, ``diff`` and ``copy``."""
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
        each.add_argument("--corpus", type=Path, metavar="DIR", help=CORPUS_HELP)
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
