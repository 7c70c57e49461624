"""Arguments of the commands that answer, search and list."""

from pathlib import Path

from qa.cli.arguments.base import Commands, add_scope, positive
from qa.cli.commands import ask, conflicts, find, grid, overview, track
from qa.conflicts.corpus import MAX_SHOWN, SECONDS
from qa.export.files import ENDINGS

DEFAULT_K = 10
"""Passages that ``search`` shows."""

DEFAULT_MENTIONS = 100
"""Mentions that ``find`` shows at a time."""


def add_question_commands(commands: Commands) -> None:
    """Add the commands that take a question or a query, and those over all documents."""
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
        type=positive,
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
        help="match words and names only, not meaning; so does a query in quotation marks",
    )
    mentions.add_argument("--page", type=positive, default=1, metavar="N", help="the page to show (1)")
    mentions.add_argument(
        "--per-page",
        type=positive,
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
        type=positive,
        default=MAX_SHOWN,
        metavar="N",
        help=f"the most conflicts to show, the surest first (default: {MAX_SHOWN})",
    )
    disagreeing.add_argument(
        "--seconds",
        type=positive,
        default=int(SECONDS),
        metavar="N",
        help=f"the most seconds that documents are compared for (default: {int(SECONDS)})",
    )
    seen = commands.add(
        "overview",
        overview.overview,
        "Show what is in the documents: main sentences, names, dates and figures, in quotes.",
        "overview --in contracts/",
        json=True,
    )
    for each in (question, search, mentions, disagreeing, seen):
        add_scope(each)
    table = commands.add(
        "grid",
        grid.grid,
        "Ask every document every question of a file, and write the answers as a table.",
        "grid questions.txt --in contracts --xlsx answers.xlsx",
        json=True,
    )
    table.add_argument("questions", type=Path, metavar="FILE", help="a text file with one question per line")
    table.add_argument(
        "--in",
        dest="documents",
        action="append",
        default=[],
        metavar="DOCUMENT|FOLDER|COLLECTION",
        help="ask only this document, the documents of this folder or archive, or those of this collection "
        "of attest.toml; may be repeated",
    )
    for ending, form in (("xlsx", "a workbook, quotes as comments"), ("csv", "a table, one cell per line")):
        table.add_argument(f"--{ending}", type=Path, metavar="FILE", help=f"write {form}")
    show = commands.add(
        "show",
        ask.show,
        "Print the text of a document, exactly as offsets count it.",
        "show alstom-boyet-interview.md",
    )
    show.add_argument("document", metavar="DOCUMENT")


def add_track_command(commands: Commands) -> None:
    """Add ``track``."""
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
    add_scope(tracking)
