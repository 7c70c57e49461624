"""What the command line shows: answers and states as text, and bars for the wait."""

import io
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from tqdm import tqdm

from qa.ingest.readers.base import OCR_OFF
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


def failure_text(path: str, reason: str) -> str:
    """Return the line about a file that was left out, with the setting that would change it."""
    remedy = "; turn it on with ATTEST_OCR=eng, or other languages" if reason == OCR_OFF else ""
    return f"{path} was left out: {reason}{remedy}"


def answer_text(answer: Answer) -> str:
    """An answer with its quotes, or why there is none with the nearest passages."""
    noted = [f"{answer.note}.", ""] if answer.note else []
    if answer.answered:
        lines = [*noted, answer.text, ""]
        shown = answer.quotes
    else:
        lines = [
            *noted,
            f"No answer: {answer.reason}.",
            f"(P(answerable) {answer.p_answerable:.2f}, threshold {answer.threshold:.2f})",
            "",
        ]
        shown = answer.nearest
        if shown:
            lines += ["Nearest passages, which are not an answer:"]
    lines += [f"The documents do not answer: {part}" for part in answer.refused]
    for quote in shown:
        source = ", ".join(on_one_line(part) for part in quote.source)
        offsets = f"{quote.span.doc_id}:{quote.span.start}-{quote.span.end}"
        lines += [f"[{quote.number}] “{on_one_line(quote.text)}”", f"    {source} ({offsets})"]
    return "\n".join(lines)


def status_text(found: "StatusRecord", index: Path) -> str:
    """The state of the index in the folder ``index``."""
    made = f"made of the files under {found['root']}" if found["root"] else "not made of files"
    lines = [
        f"{index}: {found['documents']} documents, {made}",
        f"Written {found['written']} by Attest {found['by']}, in {found['builds']} parts",
        *(f"  {same['path']} is the same as {same['same_as']}" for same in found["duplicates"]),
        *(f"  {path} has changed since" for path in found["changed"]),
        *(f"  {failure_text(failed['path'], failed['reason'])}" for failed in found["failed"]),
    ]
    uploads = found["uploads"]
    if uploads["documents"]:
        lines.append(f"{uploads['documents']} documents beside it were uploaded to attest serve --shared")
    if uploads["trouble"]:
        lines.append(uploads["trouble"])
    return "\n".join(lines)


def on_one_line(text: str) -> str:
    """``text`` on one line."""
    return " ".join(text.split())


@contextmanager
def stopping() -> Iterator[Event]:
    """An event that is set when the user or the system asks the process to end, in place of being interrupted
    wherever it is: what is raised while an object is taken apart is lost.
    """
    asked = Event()
    signals = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(each, lambda *_: asked.set()) for each in signals]
    try:
        yield asked
    finally:
        for each, handler in zip(signals, before, strict=True):
            signal.signal(each, handler)


@contextmanager
def bar(label: str, unit: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """A progress bar on standard error that shows only once there is a wait."""
    with tqdm(
        desc=label, unit=unit, unit_scale=True, total=total, delay=1, leave=False, file=sys.stderr
    ) as shown:
        yield lambda step: (shown.update(step), None)[1]


@contextmanager
def counter(label: str, unit: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar that is told how much is done, and of how much; with the rate and the time left."""
    with tqdm(
        desc=label, unit=unit, unit_scale=True, total=0, delay=1, leave=False, file=sys.stderr
    ) as shown:

        def tell(done: int, of: int) -> None:
            shown.total = of
            shown.update(done - shown.n)

        yield tell
