"""The command line. Exit status: 0 an answer, 3 an abstention, 2 the user's mistake, 1 a failure."""

import argparse
import json
import logging
import os
import runpy
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from qa import __version__, config, models
from qa.config import Config
from qa.errors import AttestError, UserError
from qa.period import Period
from qa.records import answer_record, search_record
from qa.schema import Document
from qa.terminal import answer_text, bar, counter, on_one_line, status_text, stopping

if TYPE_CHECKING:
    from qa.updating import Updated

ANSWERED, FAILED, MISTAKEN, ABSTAINED = 0, 1, 2, 3

DEFAULT_K = 10

_PATHS_HELP = (
    "folders or files (default: corpus); read are .txt .md .html .pdf .docx .pptx .xlsx .csv .json .jsonl "
    ".eml .epub .odt .rtf, and .zip archives of them"
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    arguments = sys.argv[1:] if argv is None else list(argv)
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s: %(message)s")
    args, rest = _parser().parse_known_args(arguments)
    if rest and args.run not in (_eval, _calibrate):
        _parser().error(f"unrecognized arguments: {' '.join(rest)}")
    try:
        settings = config.load(**_settings(args))
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


@dataclass(frozen=True, slots=True)
class Call:
    """A parsed command line with the configuration it runs under."""

    args: argparse.Namespace
    config: Config
    rest: list[str]


def _index(call: Call) -> int:
    _tell(call, _indexed(call, call.args.paths or [call.config.corpus]))
    return ANSWERED


def _watch(call: Call) -> int:
    from watchfiles import DefaultFilter, watch

    paths = call.args.paths or [call.config.corpus]
    theirs = DefaultFilter(ignore_paths=[call.config.index.resolve()])  # indexing is no change
    with stopping() as stopped, suppress(KeyboardInterrupt):  # in the middle, which the next run takes up
        _tell(call, _indexed(call, paths, stopped))
        print(f"Following {', '.join(map(str, paths))}; Ctrl-C ends it", file=sys.stderr)
        changes = watch(
            *paths, watch_filter=theirs, stop_event=stopped, yield_on_timeout=True, rust_timeout=1_000
        )
        for turn, changed in enumerate(changes):
            if turn and not changed:
                continue
            try:  # the first time for what changed before it was being watched
                brought = _indexed(call, paths, stopped)
                if brought.added or brought.removed:
                    _tell(call, brought)
            except (AttestError, OSError) as error:  # it may be mended with the next change
                _warn(str(error))
    return ANSWERED


def _indexed(call: Call, paths: Sequence[Path], stopped: Event | None = None) -> "Updated":
    """Index ``paths``; KeyboardInterrupt once it is ``stopped``."""
    from qa import assemble

    def unless_stopped(tell: Callable[[int, int], None]) -> Callable[[int, int], None]:
        def told(done: int, of: int) -> None:
            if stopped and stopped.is_set():
                raise KeyboardInterrupt
            tell(done, of)

        return told

    _fetch(call.config, models.EMBEDDING)
    with counter("Reading", " files") as read, counter("Embedding", " sentences") as embedded:
        return assemble.index_corpus(call.config, paths, unless_stopped(read), unless_stopped(embedded))


def _tell(call: Call, brought: "Updated") -> None:
    for failure in brought.failures:
        _warn(f"{failure.path} was left out: {failure.reason}")
    c = brought.contents
    print(
        f"{c.documents} documents, {c.passages} passages, {c.sentences} sentences in {call.config.index} "
        f"({brought.added} read, {brought.removed} replaced or removed)",
        file=sys.stderr,
    )


def _status(call: Call) -> int:
    from qa import assemble
    from qa.status import status

    found = status(assemble.open_store(call.config), assemble.open_uploads(call.config))
    if call.args.json:
        print(json.dumps(found, ensure_ascii=False))
        return ANSWERED
    print(status_text(found, call.config.index))
    return ANSWERED


def _ask(call: Call) -> int:
    from qa import assemble
    from qa.pipeline import Ask, checked_question

    ask = Ask(checked_question(call.args.question), period=_period(call))
    pipeline = assemble.open_pipeline(_fetched(call.config))
    answer = pipeline.invoke(ask)
    print(json.dumps(answer_record(answer), ensure_ascii=False) if call.args.json else answer_text(answer))
    return ANSWERED if answer.answered else ABSTAINED


def _search(call: Call) -> int:
    from qa import assemble
    from qa.hybrid import HybridRetriever
    from qa.pipeline import checked_question

    query, period = checked_question(call.args.query), _period(call)
    _fetch(call.config, models.EMBEDDING)
    index = assemble.open_index(call.config)
    retriever = HybridRetriever(source=index, k=call.args.k)
    hits = retriever.hits(query, period=period)
    if period and not hits and (why := retriever.none_dated(period)):
        _warn(why)
    found = search_record(query, hits, index.documents)
    if call.args.json:
        print(json.dumps(found, ensure_ascii=False))
    else:
        for r in found["results"]:
            place = f", {on_one_line(r['place'])}" if r["place"] else ""
            print(f"{r['rank']}. {r['document']}:{r['start']}-{r['end']}{place}  (score {r['score']})")
            print(f"   {on_one_line(r['text'])}\n")
    return ANSWERED


def _period(call: Call) -> Period | None:
    return Period.of(call.args.since, call.args.until)


def _show(call: Call) -> int:
    from qa import assemble

    documents = assemble.open_store(call.config).documents()
    print(_find(documents, call.args.document).text)
    return ANSWERED


def _verify(call: Call) -> int:
    from qa import assemble
    from qa.checking import check_sheet
    from qa.index import Index
    from qa.joined import chained
    from qa.uploaded import Uploaded

    _fetch(call.config, models.EMBEDDING)
    encoder = assemble.load_encoder(call.config)
    index = Index.open(assemble.open_store(call.config), encoder)
    uploaded = Uploaded(assemble.open_uploads(call.config), encoder)
    uploaded.look()
    whole = [uploaded.index, index] if uploaded.index else [index]
    faults = [fault for each in whole for fault in each.faults()]
    documents = chained([each.documents for each in whole])
    for sheet in call.args.sheets:
        try:
            html = sheet.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            raise UserError(f"{sheet} is no evidence sheet: it is not UTF-8") from error
        faults += [f"{sheet}: {fault}" for fault in check_sheet(html, documents)]
    for fault in faults:
        print(f"attest: {fault}", file=sys.stderr)
    if faults:
        return FAILED
    c = index.contents
    print(f"{call.config.index} is whole: {c.documents} documents, {c.sentences} sentences", file=sys.stderr)
    if uploaded.index:
        print(f"So are {uploaded.index.contents.documents} uploaded documents beside it", file=sys.stderr)
    for sheet in call.args.sheets:
        print(f"{sheet} holds: every quote stands where it says", file=sys.stderr)
    return ANSWERED


def _copy(call: Call) -> int:
    from qa import assemble
    from qa.copying import copy_index

    _fetch(call.config, models.EMBEDDING)
    source, target = (
        assemble.open_store(call.config.model_copy(update={"index": path}))
        for path in (call.args.source, call.args.target)
    )
    with counter("Copying", " builds") as progress:
        amount = copy_index(source, target, progress)
    print(
        f"{call.args.target} has all of {call.args.source}: {amount.documents} documents, "
        f"{amount.passages} passages, {amount.sentences} sentences",
        file=sys.stderr,
    )
    return ANSWERED


def _pull(call: Call) -> int:
    for model in (models.EMBEDDING, models.GENERATION):
        models.verify(model, _fetch(call.config, model))
        print(f"{model.name}: {model.size / 1e6:,.0f} MB, verified ({model.licence})", file=sys.stderr)
    return ANSWERED


def _eval(call: Call) -> int:
    return _run_module("eval", call)


def _calibrate(call: Call) -> int:
    return _run_module("eval.calibrate", call)


def _serve(call: Call) -> int:
    return _run_module("app", call)


def _account(call: Call) -> int:
    return _run_module("web.accounts", call, call.args.what, str(call.args.file), call.args.name)


def _run_module(name: str, call: Call, *argv: str) -> int:
    """Run ``python -m name``: a program of its own, which ``qa`` does not import."""
    os.environ |= {config.PREFIX + key.upper(): str(value) for key, value in _settings(call.args).items()}
    flags = ["--json"] if getattr(call.args, "json", False) else []
    sys.argv = [name, *argv, *flags, *call.rest]
    sys.path.insert(0, str(Path.cwd()))
    try:
        runpy.run_module(name, run_name="__main__", alter_sys=True)
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else ANSWERED
    return ANSWERED


def _settings(args: argparse.Namespace) -> dict[str, object]:
    """The settings that the command line gives."""
    return {
        key: value for key, value in vars(args).items() if key in Config.model_fields and value is not None
    }


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="attest",
        description="Answers over your own documents, every sentence tied to a verbatim quote.",
        epilog="example: attest ask 'What did Boyet say about Uzbekistan?'",
    )
    parser.add_argument("--version", action="version", version=f"attest {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(
        name: str, run: Callable[[Call], int], help_: str, example: str, json_: bool = False
    ) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=help_, description=help_, epilog=f"example: attest {example}")
        sub.add_argument("--index", type=Path, metavar="DIR", help="the folder of the index (default: index)")
        if json_:
            sub.add_argument("--json", action="store_true", help="print one JSON object on standard output")
        sub.set_defaults(run=run)
        return sub

    index = command(
        "index", _index, "Bring the index to what is in a folder.", "index ~/reports --exclude 'drafts/*'"
    )
    watch = command("watch", _watch, "Index a folder, and again whenever it changes.", "watch ~/reports")
    for reading in (index, watch):
        reading.add_argument("paths", nargs="*", type=Path, metavar="PATH", help=_PATHS_HELP)
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
    command("status", _status, "Tell what is indexed, when, what failed and why.", "status", True)
    ask = command("ask", _ask, "Answer one question.", "ask 'How much is the contract worth?' --json", True)
    ask.add_argument("question", metavar="QUESTION")
    search = command(
        "search", _search, "Show the best passages for a query.", "search 'gas turbines' -k 3", True
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
        "show", _show, "Print the text that a document's offsets refer to.", "show alstom-boyet-interview.md"
    )
    show.add_argument("document", metavar="DOCUMENT")
    verify = command(
        "verify", _verify, "Check the index, and evidence sheets against it.", "verify evidence.html"
    )
    verify.add_argument(
        "sheets", nargs="*", type=Path, metavar="SHEET", help="evidence sheets, as the page exports them"
    )
    copy = command(
        "copy", _copy, "Copy an index to another place, such as Milvus.", "copy --from index --to milvus"
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
    command("pull", _pull, "Fetch the models and verify them.", "pull")
    command(
        "eval", _eval, "Measure against known answers; more flags: python -m eval --help", "eval --json", True
    )
    command(
        "calibrate",
        _calibrate,
        "Measure what the verdicts of the model that ATTEST_MODEL names are worth.",
        "calibrate --dataset squad dev-v2.0.json",
    )
    _serving(command("serve", _serve, "Serve the chat and the API.", "serve --port 8080 --auth accounts"))
    password = command(
        "password",
        _account,
        "Add a user to a file of accounts, or change a password.",
        "password accounts ada",
    )
    token = command(
        "token", _account, "Print a new token for a program and keep its hash.", "token accounts nightly"
    )
    for what, account in (("password", password), ("token", token)):
        account.add_argument("file", type=Path, metavar="FILE", help="made if it does not exist")
        account.add_argument("name", metavar="NAME")
        account.set_defaults(what=what)
    return parser


def _serving(serve: argparse.ArgumentParser) -> None:
    """The flags of ``serve``: settings, under their names."""
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


def _find(documents: Mapping[str, Document], doc_id: str) -> Document:
    if doc_id not in documents:
        raise UserError(
            f"There is no document {doc_id} in the index; there are: {', '.join(sorted(documents)[:20])}"
        )
    return documents[doc_id]


def _fetched(settings: Config) -> Config:
    """``settings``, once the models they need are in the cache (with a progress bar for the wait)."""
    _fetch(settings, models.EMBEDDING)
    if settings.model == "default":
        _fetch(settings, models.GENERATION)
    return settings


def _fetch(settings: Config, model: models.Model) -> Path:
    with bar(f"Fetching {model.name}", "B", model.size) as advance:
        return models.ensure(model, settings.cache, advance)


def _warn(text: str) -> None:
    print(f"attest: {text}", file=sys.stderr)
