"""The values of tracking: a question that is kept, its answers, what changed between them. Frozen."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from qa.schema import Answer


class ChangeKind(StrEnum):
    """What became of an answer. An answer that stayed as it was, with its quotes, has none."""

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
    """The same words stand elsewhere in the same document."""
    CONFLICT = "conflict"
    """The documents contradict each other, and did not before."""


@dataclass(frozen=True, slots=True)
class KeptEvidence:
    """What was found for one part of a question, so that what is new can be compared with it."""

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
    """When, in UTC (ISO 8601)."""
    due: bool
    """Whether it waits to be asked."""


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """An answer with the time at which it was given and the texts that it was cut from."""

    number: int
    """Of all kept answers, in the order in which they were given."""
    asked: str
    """When, in UTC (ISO 8601)."""
    answer: Answer
    texts: Mapping[str, str]
    """The key of the kept text of every document that it quotes, by the document's id."""


@dataclass(frozen=True, slots=True)
class Change:
    """What became of the answer to a kept question."""

    number: int
    """Of all changes, in the order in which they were found."""
    id: str
    """Unique everywhere, and the same at every delivery."""
    question: Question
    kind: ChangeKind
    found: str
    """When, in UTC (ISO 8601)."""
    before: KeptAnswer
    after: KeptAnswer


@dataclass(frozen=True, slots=True)
class Delivery:
    """A change that the webhook has not been told of yet."""

    change: Change
    attempts: int
