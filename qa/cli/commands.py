"""What each command does, and what it prints. Every function returns an exit status."""

import argparse
import json
import os
import runpy
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from qa import config, model_files
from qa.cli.terminal import answer_text, bar, counter, on_one_line, status_text, stopping
from qa.config import Config
from qa.errors import AttestError, UserError
from qa.export.json import answer_record, search_record
from qa.nlp.dates import Period
from qa.schema import Document
from qa.search import DocumentFilter

if TYPE_CHECKING:
    from qa.index.update.update import Updated

ANSWERED, FAILED, MISTAKEN, ABSTAINED = 0, 1, 2, 3


@dataclass(frozen=True, slots=True)
class Call:
    """A parsed command line with the configuration it runs under."""

    args: argparse.Namespace
    config: Config
    rest: list[str]


def settings_of(args: argparse.Namespace) -> dict[str, object]:
    """The settings that the command line gives."""
    return {
        key: value for key, value in vars(args).items() if key in Config.model_fields and value is not None
    }


def index(call: Call) -> int:
    """Bring the index to what is at the paths."""
    _tell(call, _indexed(call, call.args.paths or [call.config.corpus]))
    return ANSWERED


def watch(call: Call) -> int:
    """Index the paths, and again whenever something changes, until stopped."""
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

    _fetch(call.config, model_files.EMBEDDING)
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


def status(call: Call) -> int:
    """Tell what is indexed, when, what failed and why."""
    from qa import assemble
    from qa.cli.status import status

    found = status(assemble.open_store(call.config), assemble.open_uploads(call.config))
    if call.args.json:
        print(json.dumps(found, ensure_ascii=False))
        return ANSWERED
    print(status_text(found, call.config.index))
    return ANSWERED


def ask(call: Call) -> int:
    """Answer one question."""
    from qa import assemble
    from qa.pipeline import Ask, checked_question

    ask = Ask(checked_question(call.args.question), document_filter=_document_filter(call))
    pipeline = assemble.open_pipeline(_fetched(call.config))
    answer = pipeline.invoke(ask)
    print(json.dumps(answer_record(answer), ensure_ascii=False) if call.args.json else answer_text(answer))
    return ANSWERED if answer.answered else ABSTAINED


def search(call: Call) -> int:
    """Show the best passages for a query."""
    from qa import assemble
    from qa.pipeline import checked_question

    query, document_filter = checked_question(call.args.query), _document_filter(call)
    _fetch(call.config, model_files.EMBEDDING)
    retriever = assemble.open_retriever(call.config, call.args.k)
    result = retriever.search(query, document_filter)
    if result.reason:
        _warn(result.reason)
    found = search_record(result, retriever.source.documents)
    if call.args.json:
        print(json.dumps(found, ensure_ascii=False))
    else:
        for r in found["results"]:
            place = f", {on_one_line(r['place'])}" if r["place"] else ""
            print(f"{r['rank']}. {r['document']}:{r['start']}-{r['end']}{place}  (score {r['score']})")
            print(f"   {on_one_line(r['text'])}\n")
    return ANSWERED


def _document_filter(call: Call) -> DocumentFilter:
    return DocumentFilter(period=Period.of(call.args.since, call.args.until))


def show(call: Call) -> int:
    """Print the text that a document's offsets refer to."""
    from qa import assemble

    documents = assemble.open_store(call.config).documents()
    print(_find(documents, call.args.document).text)
    return ANSWERED


def verify(call: Call) -> int:
    """Check the index, and evidence sheets against it."""
    from qa import assemble
    from qa.export.sheet_checker import check_sheet
    from qa.index.index import Index
    from qa.index.multi_index import chain_mappings
    from qa.uploads.index import Uploaded

    index = Index.open(assemble.open_store(call.config))
    uploaded = Uploaded(assemble.open_uploads(call.config))
    uploaded.look()
    whole = [uploaded.index, index] if uploaded.index else [index]
    faults = [fault for each in whole for fault in each.faults()]
    documents = chain_mappings([each.documents for each in whole])
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


def copy(call: Call) -> int:
    """Copy an index to another place."""
    from qa import assemble
    from qa.index.update.copy import copy_index

    _fetch(call.config, model_files.EMBEDDING)
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


def pull(call: Call) -> int:
    """Fetch the models and verify them."""
    for model in (model_files.EMBEDDING, model_files.GENERATION):
        model_files.verify(model, _fetch(call.config, model))
        print(f"{model.name}: {model.size / 1e6:,.0f} MB, verified ({model.licence})", file=sys.stderr)
    return ANSWERED


def evaluate(call: Call) -> int:
    """Measure against known answers."""
    return _run_module("eval", call)


def calibrate(call: Call) -> int:
    """Measure what the configured model's verdicts are worth."""
    return _run_module("qa.evaluation.calibrate", call)


def serve(call: Call) -> int:
    """Serve the chat and the API."""
    return _run_module("app", call)


def account(call: Call) -> int:
    """Keep a file of accounts."""
    return _run_module("qa.web.security.auth_cli", call, call.args.what, str(call.args.file), call.args.name)


def _run_module(name: str, call: Call, *argv: str) -> int:
    """Run ``python -m name``: a program of its own, which ``qa`` does not import."""
    os.environ |= {config.PREFIX + key.upper(): str(value) for key, value in settings_of(call.args).items()}
    flags = ["--json"] if getattr(call.args, "json", False) else []
    sys.argv = [name, *argv, *flags, *call.rest]
    sys.path.insert(0, str(Path.cwd()))
    try:
        runpy.run_module(name, run_name="__main__", alter_sys=True)
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else ANSWERED
    return ANSWERED


def _find(documents: Mapping[str, Document], doc_id: str) -> Document:
    if doc_id not in documents:
        raise UserError(
            f"There is no document {doc_id} in the index; there are: {', '.join(sorted(documents)[:20])}"
        )
    return documents[doc_id]


def _fetched(settings: Config) -> Config:
    """``settings``, once the models they need are in the cache (with a progress bar for the wait)."""
    _fetch(settings, model_files.EMBEDDING)
    if settings.model == "default":
        _fetch(settings, model_files.GENERATION)
    return settings


def _fetch(settings: Config, model: model_files.Model) -> Path:
    with bar(f"Fetching {model.name}", "B", model.size) as advance:
        return model_files.ensure(model, settings.cache, advance)


def _warn(text: str) -> None:
    print(f"attest: {text}", file=sys.stderr)
