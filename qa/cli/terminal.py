"""Output on the terminal: answers and the state of an index as text, and progress bars."""

import io
import os
import signal
import sys
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from threading import Event
from typing import TYPE_CHECKING

from tqdm import tqdm

from qa.cli.invocation import plural
from qa.export.chance import DECIMALS, chance_and_threshold
from qa.export.text import (
    SEARCHED,
    choices_text,
    conflict_text,
    figure_text,
    highlight_lines,
    is_refusal,
    passages_heading,
    refusal_text,
    rejected_lines,
    short_answer_text,
    unquoted_notes,
)
from qa.ingest.base import Failure
from qa.ingest.left_out import NAMED, summary_lines
from qa.schema import Answer

if TYPE_CHECKING:
    from qa.cli.status import StatusRecord


def use_utf8() -> None:
    """Write UTF-8 to files and pipes, as Python 3.15 does everywhere; Windows would have its code page there,
    which lacks most letters. A terminal, and whoever sets ``PYTHONIOENCODING``, gets their own encoding, and
    escapes for what it lacks.
    """
    for stream in (sys.stdout, sys.stderr):
        if not isinstance(stream, io.TextIOWrapper):
            continue
        kept = stream.isatty() or "PYTHONIOENCODING" in os.environ
        stream.reconfigure(encoding=None if kept else "utf-8", errors="backslashreplace")


def left_out_lines(failures: Collection[Failure], new: Collection[Failure]) -> list[str]:
    """Return how many files are left out and, of those that were not before, how many for which reason."""
    if not failures:
        return []
    left_out = f"{plural(len(failures), 'file')} left out"
    where = "attest status --files names each"
    if not new:
        return [f"{left_out}, as before ({where})"]
    before = f", {len(failures) - len(new):,} of them as before" if len(new) < len(failures) else ""
    return [f"{left_out}{before} ({where}):", *(f"  {line}" for line in summary_lines(new))]


def answer_text(answer: Answer) -> str:
    """Return an answer with its quotes, or the reason why there is none with the nearest passages."""
    lines = [f"{answer.note}.", ""] if answer.note else []
    if answer.answered:
        lines += _said(answer)
    elif not is_refusal(answer):
        lines.append(" ".join(refusal_text(answer.reason)))
        lines += [choices_text(answer.choices), ""] if answer.choices else []
    else:
        chance, threshold = chance_and_threshold(answer, DECIMALS)
        lines += [
            " ".join(refusal_text(answer.reason)),
            f"(P(answerable) {chance}, threshold {threshold})",
            "",
        ]
        if answer.nearest:
            lines += ["Nearest passages (not an answer):"]
    lines += [line for each in highlight_lines(answer.highlights) for line in (each, "")]
    for quote in answer.quotes if answer.answered else answer.nearest:
        source = ", ".join(on_one_line(part) for part in quote.source)
        offsets = f"{quote.span.doc_id}:{quote.span.start}-{quote.span.end}"
        lines += [f"[{quote.number}] “{on_one_line(quote.text)}”", f"    {source} ({offsets})"]
    if answer.cut:
        lines += ["", *rejected_lines(answer.cut)]
    lines += ["", f"{SEARCHED}: {on_one_line(str(answer.searched))}"] if answer.searched else []
    return "\n".join(lines)


def _said(answer: Answer) -> list[str]:
    """Return an answer in words, or the heading of its passages."""
    refused = [f"The documents do not answer: {part}" for part in answer.refused]
    differ = [conflict_text(conflict, answer.quotes) for conflict in answer.conflicts]
    differ += [""] if differ else []
    if answer.figures:
        return [*(figure_text(figure) for figure in answer.figures), "", *differ, *refused]
    if answer.passages_only:
        return [*differ, *refused, passages_heading(answer)]
    short = [short_answer_text(answer.short), ""] if answer.short else []
    return [*short, *differ, answer.text, *unquoted_notes(answer.sentences), "", *refused]


def status_text(record: "StatusRecord", *, every_file: bool = False) -> str:
    """Return the state of an index as lines of text; with ``every_file``, each file that is left out."""
    origin = f"from the files in {record['root']}" if record["root"] else "not built from files"
    segments = plural(record["builds"], "segment")
    lines = [
        f"{plural(record['documents'], 'document')}, {origin}",
        f"Last updated {record['written']} by Attest {record['by']}, in {segments}",
        *_coverage_lines(record),
        *(f"  {same['path']} has the same content as {same['same_as']}" for same in record["duplicates"]),
        *(f"  {path} has changed since it was indexed" for path in record["changed"]),
    ]
    failures = [Failure(**failed) for failed in record["failed"]]
    if failures:
        hint = "" if every_file else " (attest status --files names each)"
        lines.append(f"{plural(len(failures), 'file')} left out{hint}:")
        lines += [f"  {line}" for line in summary_lines(failures, None if every_file else NAMED)]
    uploads = record["uploads"]
    if uploads["documents"]:
        lines.append(f"Uploaded to attest serve --shared: {plural(uploads['documents'], 'document')}")
    if uploads["trouble"]:
        lines.append(uploads["trouble"])
    return "\n".join(lines)


def _coverage_lines(record: "StatusRecord") -> list[str]:
    """Return how much can be searched, if that is not all."""
    c = record["coverage"]
    if c["searched"] == c["files"] and c["by_meaning"] == 1:
        return []
    return [
        f"Still growing: {c['searched']:,} of {plural(c['files'], 'file')} can be searched, "
        f"{int(100 * c['by_meaning'])}% of that also by meaning. If nothing is indexing, "
        "continue with: attest index"
    ]


def on_one_line(text: str) -> str:
    """Return ``text`` with every run of white space as one space."""
    return " ".join(text.split())


@contextmanager
def stop_on_signal() -> Iterator[Event]:
    """Yield an event that is set when the user or the system asks the process to end.

    Python's own way, KeyboardInterrupt wherever the process happens to be, is lost when it is raised while an
    object is finalised.
    """
    stop = Event()
    signals = (signal.SIGINT, signal.SIGTERM)
    former = [signal.signal(each, lambda *_: stop.set()) for each in signals]
    try:
        yield stop
    finally:
        for each, handler in zip(signals, former, strict=True):
            signal.signal(each, handler)


@contextmanager
def bar(label: str, unit: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """Show a progress bar on standard error after a second; call what it yields with each step's size."""
    with tqdm(
        desc=label, unit=unit, unit_scale=True, total=total, delay=1, leave=False, file=sys.stderr
    ) as progress:
        yield lambda step: (progress.update(step), None)[1]


@contextmanager
def counter(label: str, unit: str) -> Iterator[Callable[[int, int], None]]:
    """Show a progress bar on standard error; call what it yields with how much is done, and of how much."""
    with tqdm(
        desc=label, unit=unit, unit_scale=True, total=0, delay=1, leave=False, file=sys.stderr
    ) as progress:

        def update(done: int, of: int) -> None:
            progress.total = of
            progress.update(done - progress.n)

        yield update
