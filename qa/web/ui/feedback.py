"""Visitors' ratings of answers, in a file that the owner names. Without one, none are kept."""

import datetime
import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

from qa.export.evidence_sheet import text_sha256
from qa.json_lines import append, open_locked
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
            with open_locked(self.path) as file:
                append(file, asdict(feedback))
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
