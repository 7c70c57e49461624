"""Visitors' ratings of answers, in a file that the owner names. Without one, none are kept."""

import datetime
import errno
import json
import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from enum import StrEnum
from io import FileIO
from pathlib import Path

from filelock import lock_descriptor

from qa.export.evidence_sheet import text_sha256
from qa.schema import Answer, Document, Span

log = logging.getLogger(__name__)


class Thumb(StrEnum):
    """A visitor's rating of an answer."""

    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Feedback:
    """A rating of an answer, with the question and the quotes."""

    time: str
    """ISO 8601, with its offset from UTC."""
    thumb: Thumb
    question: str
    resolved: str
    """The question as it was searched."""
    answered: bool
    """False if the rated answer is an abstention."""
    answer: str
    """The text with its citations; empty for an abstention."""
    cited: tuple[Span, ...]
    """The places of the quotes, in the order of their numbers."""
    documents: Mapping[str, str]
    """SHA-256 of the text of every cited document, by its id."""


@dataclass(frozen=True, slots=True)
class FeedbackFile:
    """Feedback as JSON lines in a file."""

    path: Path

    def append(self, feedback: Feedback) -> bool:
        """Add a line. If that fails, return False and log why: the visitor is not disturbed."""
        try:
            with held(self.path) as file:
                add(file, asdict(feedback))
        except OSError as error:
            log.warning("A visitor's rating could not be written to %s: %s", self.path, error.strerror)
            return False
        return True


def feedback(
    answer: Answer, thumb: Thumb, documents: Mapping[str, Document], time: datetime.datetime
) -> Feedback:
    """Return the rating ``thumb`` of ``answer``, given at ``time``, which must have a time zone."""
    cited = tuple(quote.span for quote in answer.quotes)
    ids = dict.fromkeys(span.doc_id for span in cited if span.doc_id in documents)
    return Feedback(
        time=time.isoformat(timespec="seconds"),
        thumb=thumb,
        question=answer.question,
        resolved=answer.resolved,
        answered=answer.answered,
        answer=answer.text,
        cited=cited,
        documents={doc_id: text_sha256(documents[doc_id]) for doc_id in ids},
    )


@contextmanager
def held(path: Path) -> Iterator[FileIO]:
    """The file at ``path``, made if there is none, for reading and adding; others that hold it wait.

    Raises:
        OSError: it cannot be opened or made.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileIO(path, "a+") as file:
        lock_descriptor(file.fileno())
        yield file


def add(file: FileIO, record: Mapping[str, object]) -> None:
    """Write ``record`` as one line, with one write, at the end of a file that is held.

    A line that was left unfinished is ended first. When not all of the new one fits, none of it stays.

    Raises:
        OSError: it cannot be written.
    """
    # A lone surrogate becomes the escape that JSON has for it.
    line = json.dumps(record, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n"
    size = file.seek(0, os.SEEK_END)
    if size:
        file.seek(size - 1)
        line = line if file.read(1) == b"\n" else b"\n" + line
    if file.write(line) != len(line):
        file.truncate(size)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
