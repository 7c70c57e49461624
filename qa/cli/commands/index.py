"""The commands that build, follow, describe, check and copy an index."""

import json
import sys
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from qa import config
from qa.cli.commands.models import fetch_embedding_model
from qa.cli.invocation import FAILED, OK, Invocation, plural, warn
from qa.cli.terminal import counter, left_out_lines, status_text, stop_on_signal
from qa.concurrency import StopToken
from qa.errors import AttestError, StoppedError, UserError

if TYPE_CHECKING:
    from qa.export.sheet_checker import QuoteState
    from qa.index.update.update import UpdateResult


def index(invocation: Invocation) -> int:
    """Index the paths, or update their index."""
    paths = invocation.args.paths or [invocation.config.corpus]
    fetch_embedding_model(invocation.config)  # before signals are caught: Ctrl-C ends a download at once
    with stop_on_signal() as stopped:
        update = _update(invocation, paths, StopToken(stopped))
    _report(invocation, update)
    return OK


def watch(invocation: Invocation) -> int:
    """Index the paths, and again whenever a file changes, until stopped."""
    from qa.ingest.watch import changes

    paths = invocation.args.paths or [invocation.config.corpus]
    fetch_embedding_model(invocation.config)
    with stop_on_signal() as stopped, suppress(StoppedError):  # the next run resumes what is unfinished
        stop = StopToken(stopped)
        _report(invocation, _update(invocation, paths, stop))
        print(f"Watching {', '.join(map(str, paths))}; press Ctrl-C to stop", file=sys.stderr)
        changed = changes(paths, invocation.config.index, stopped)
        next(changed)  # what there is has been indexed
        for _ in changed:
            try:
                update = _update(invocation, paths, stop)
                if update.added or update.removed:
                    _report(invocation, update)
            except StoppedError:
                raise
            except (AttestError, OSError) as error:  # the next change may repair it
                warn(str(error))
    return OK


def _update(invocation: Invocation, paths: Sequence[Path], stop: StopToken) -> "UpdateResult":
    """Index ``paths``.

    Raises:
        StoppedError: ``stop`` was stopped.
    """
    from qa import assemble

    with counter("Reading", " files") as read, counter("Embedding", " sentences") as embedded:
        return assemble.index_corpus(invocation.config, paths, read, embedded, stop)


def _report(invocation: Invocation, update: "UpdateResult") -> None:
    for line in left_out_lines(update.failures, update.new_failures):
        warn(line)
    c = update.stats
    print(
        f"{_amount(c.documents, c.passages, c.sentences)} in {invocation.config.index} "
        f"({update.added:,} read, {update.removed:,} replaced or removed)",
        file=sys.stderr,
    )


def _amount(documents: int, passages: int, sentences: int) -> str:
    return ", ".join(
        (plural(documents, "document"), plural(passages, "passage"), plural(sentences, "sentence"))
    )


def status(invocation: Invocation) -> int:
    """Show what is indexed and since when, and which files failed and why."""
    from qa import storage
    from qa.cli.status import status

    settings = invocation.config
    place = storage.index_place(settings)
    origin = config.index_origin(settings, flag=invocation.args.index is not None)
    if not invocation.args.json:
        print(f"Index: {place} ({origin})")  # even if there is none, or it cannot be read
    record = status(storage.open_store(settings), storage.open_uploads(settings))
    if invocation.args.json:
        print(json.dumps({"index": place, "index_origin": origin, **record}, ensure_ascii=False))
    else:
        print(status_text(record, every_file=invocation.args.files))
    return OK


def verify(invocation: Invocation) -> int:
    """Check that the index is intact, and that the quotes of evidence sheets are in its documents."""
    from qa import storage
    from qa.export.absence_checker import IndexNow, check_absence, is_absence_sheet
    from qa.export.sheet_checker import check_sheet, quote_fates
    from qa.index.index import Index
    from qa.index.multi_index import chain_mappings
    from qa.mentions.refusal import searched_files, unread_files
    from qa.mentions.sweep import count_words
    from qa.query.document_filter import ALL_DOCUMENTS
    from qa.uploads.index import UploadIndex

    index = Index.open(storage.open_store(invocation.config))
    uploads = UploadIndex(storage.open_uploads(invocation.config))
    uploads.look()
    indexes = [uploads.index, index] if uploads.index else [index]
    faults = [fault for each in indexes for fault in each.faults()]
    documents = chain_mappings([each.documents for each in indexes])
    now = IndexNow(
        documents,
        searched_files(index, ALL_DOCUMENTS),
        unread_files(index),
        partial(count_words, source=index),
    )
    held: dict[Path, str] = {}
    for sheet in invocation.args.sheets:
        try:
            html = sheet.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            raise UserError(f"{sheet} is not an evidence sheet: it is not UTF-8 text") from error
        found: Sequence[object]
        if is_absence_sheet(html):
            held[sheet] = "the same files were searched, and say the same"
            found = check_absence(html, now)
        else:
            held[sheet] = "every quote is where the sheet says"
            found = list(map(str, check_sheet(html, documents)))
        faults += [f"{sheet}: {fault}" for fault in found]
        if found and not is_absence_sheet(html):
            fates = quote_fates(html, documents)
            faults += [f"{sheet}: {each}" for each in fates]
            faults.append(f"{sheet}: {_count_states([each.state for each in fates])}")
    for fault in faults:
        warn(fault)
    if faults:
        return FAILED
    c = index.stats
    print(
        f"{invocation.config.index} is intact: {plural(c.documents, 'document')}, "
        f"{plural(c.sentences, 'sentence')}",
        file=sys.stderr,
    )
    if uploads.index:
        uploaded = plural(uploads.index.stats.documents, "uploaded document")
        print(f"The uploads beside it are intact: {uploaded}", file=sys.stderr)
    for sheet, holds in held.items():
        print(f"{sheet} is valid: {holds}", file=sys.stderr)
    return OK


def _count_states(states: "Sequence[QuoteState]") -> str:
    """Return how many quotes of a sheet hold, moved and are gone, for a person."""
    words = {"holds": ("holds", "hold"), "moved": ("moved", "moved"), "gone": ("is gone", "are gone")}
    counts = [(states.count(each), one, many) for each, (one, many) in words.items()]
    return ", ".join(f"{plural(n, 'quote')} {one if n == 1 else many}" for n, one, many in counts if n)


def copy(invocation: Invocation) -> int:
    """Copy an index to another place."""
    from qa import storage
    from qa.index.update.copy import copy_index

    fetch_embedding_model(invocation.config)
    source, target = (
        storage.open_store(invocation.config.model_copy(update={"index": path}))
        for path in (invocation.args.source, invocation.args.target)
    )
    with counter("Copying", " segments") as progress:
        c = copy_index(source, target, progress)
    print(
        f"Copied {invocation.args.source} to {invocation.args.target}: "
        f"{_amount(c.documents, c.passages, c.sentences)}",
        file=sys.stderr,
    )
    return OK
