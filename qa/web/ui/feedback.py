"""What readers think of their answers, kept in a file that the owner names, and nowhere without one."""

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
    """A reader's verdict."""

    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Feedback:
    """A verdict on an answer, and what it was an answer to and from."""

    time: str
    """ISO 8601, with its offset from UTC."""
    thumb: Thumb
    question: str
    resolved: str
    """The question as it was searched."""
    answered: bool
    """False for a verdict on a refusal."""
    answer: str
    """With its citations; empty for a refusal."""
    cited: tuple[Span, ...]
    """Where the quotes stand that the answer rests on, in the order of their numbers."""
    documents: Mapping[str, str]
    """SHA-256 of the text of every cited document, by its id."""


@dataclass(frozen=True, slots=True)
class FeedbackFile:
    """Feedback as JSON lines in a file."""

    path: Path

    def append(self, feedback: Feedback) -> bool:
        """Add a line. When that fails, the reader goes on undisturbed, and the log says why."""
        try:
            with held(self.path) as file:
                add(file, asdict(feedback))
        except OSError as error:
            log.warning("A reader's verdict could not be kept in %s: %s", self.path, error.strerror)
            return False
        return True


def feedback(
    answer: Answer, thumb: Thumb, documents: Mapping[str, Document], time: datetime.datetime
) -> Feedback:
    """``thumb`` on ``answer``, given at ``time``, which knows its time zone."""
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
