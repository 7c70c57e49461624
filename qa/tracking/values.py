"""The values of tracking: a question that is kept, its answers, what changed between them. Frozen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from qa.nlp.dates import Period
from qa.schema import Answer, Document
from qa.uploads.stored import Uploads


@dataclass(frozen=True, slots=True)
class Scope:
    """The documents that a question searches. Names mean what they mean whenever it is asked: a folder, all
    that is in it then.
    """

    documents: tuple[str, ...] = ()
    """Names of documents, folders, archives or collections; empty for all."""
    since: str = ""
    until: str = ""
    """The first and the last day, month or year; empty for any."""

    @property
    def period(self) -> Period | None:
        """The time that the documents are from; None for any time, dated or not.

        Raises:
            UserError: one of the dates is none, or the last is before the first.
        """
        return Period.of(self.since, self.until)

    def __str__(self) -> str:
        """For a person: ``contracts/, since 2024``; empty for all documents."""
        ends = (f"{word} {date}" for word, date in (("since", self.since), ("until", self.until)) if date)
        return ", ".join([*self.documents, *ends])


EVERYTHING = Scope()
"""All documents."""


class ChangeKind(StrEnum):
    """The kind of change of an answer. An answer that stayed as it was, with its quotes, has none."""

    CHANGED = "changed"
    """It says something else."""
    ANSWERABLE = "answerable"
    """The documents answer now, and did not before."""
    UNANSWERABLE = "unanswerable"
    """The documents no longer answer."""
    OTHER_DOCUMENT = "other document"
    """It says the same, and its quotes are from other documents."""
    REWORDED = "reworded"
    """It says the same, and the same document says so in other words."""
    MOVED = "moved"
    """Its words stand elsewhere in the same document."""
    CONFLICT = "conflict"
    """The documents contradict each other, and did not before."""


@dataclass(frozen=True, slots=True)
class KeptEvidence:
    """The evidence for one part of a question, kept so that new evidence can be compared with it."""

    question: str
    """The part as it was searched."""
    language: str
    """Of the question, in ISO 639-1; empty where it cannot be told."""
    documents: frozenset[str]
    """Ids of the documents that the evidence is from."""
    floor: float
    """The ranking logit that a sentence must reach to be among the evidence; minus infinity for any."""
    vector: NDArray[np.float32]
    """The embedding of the question."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question that is kept."""

    id: str
    reader: str
    """Whose it is: a reader's name; empty for the owner of this machine."""
    text: str
    added: str
    """The time since when it is tracked, in UTC (ISO 8601)."""
    due: bool
    """True if it waits to be asked."""
    scope: Scope = EVERYTHING
    uploads: Uploads = Uploads.NONE

    @property
    def library(self) -> str:
        """The key of the uploads that it searches; empty without any."""
        return f"{self.uploads} {self.reader}" if self.uploads is Uploads.OWN else str(self.uploads)


@dataclass(frozen=True, slots=True)
class FirstAnswer:
    """An answer that a reader has seen already, so that its question need not be asked again."""

    answer: Answer
    state: str
    """Of the documents that it was given from."""


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer to a question, with what has to be kept of what it was found in."""

    answer: Answer
    documents: Mapping[str, Document]
    """All that were searched, by id; the texts of those that it quotes are kept."""
    evidence: Sequence[KeptEvidence]


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """An answer with the time at which it was given and the texts that it was cut from."""

    number: int
    """Of all kept answers, in the order in which they were given."""
    asked: str
    """The time of asking, in UTC (ISO 8601)."""
    answer: Answer
    texts: Mapping[str, str]
    """The key of the kept text of every document that it quotes, by the document's id."""


@dataclass(frozen=True, slots=True)
class Change:
    """A change of the answer to a kept question."""

    number: int
    """Of all changes, in the order in which they were found."""
    id: str
    """Unique everywhere, and the same at every delivery."""
    question: Question
    kind: ChangeKind
    found: str
    """The time of the check that found it, in UTC (ISO 8601)."""
    before: KeptAnswer
    after: KeptAnswer


@dataclass(frozen=True, slots=True)
class Delivery:
    """A change that the webhook has not been told of yet."""

    change: Change
    attempts: int
