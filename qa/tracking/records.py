"""Kept questions as JSON records, the same for the command line, HTTP, MCP and the webhook."""

from collections.abc import Sequence
from typing import NotRequired

from typing_extensions import TypedDict  # pydantic reads typing's own from Python 3.12 on only

from qa.export.json import answer_record
from qa.export.records import AnswerRecord
from qa.tracking.store import TrackingStore
from qa.tracking.values import EVERYTHING, Change, KeptAnswer, Question
from qa.tracking.wording import change_text


class ScopeRecord(TypedDict):
    """The documents that a question searches: names, and the first and last date, empty for any."""

    documents: list[str]
    since: str
    until: str


class TrackedRecord(TypedDict):
    """A question that is tracked. ``answer`` is its newest answer, and ``asked`` when it was given; they are
    missing until it has been asked. ``due`` says whether it waits to be asked, ``scope`` what it searches
    unless that is everything.
    """

    id: str
    question: str
    added: str
    due: bool
    scope: NotRequired[ScopeRecord]
    asked: NotRequired[str]
    answer: NotRequired[AnswerRecord]


class KeptAnswerRecord(TypedDict):
    """An answer of a history, and when it was given (UTC)."""

    asked: str
    answer: AnswerRecord


class ChangeRecord(TypedDict):
    """A change of an answer: ``kind`` is ``changed``, ``answerable``, ``unanswerable``,
    ``other document``, ``reworded``, ``moved`` or ``conflict``. ``id`` is unique, and ``new``
    says whether it has not been seen.
    """

    id: str
    tracked: str
    question: str
    kind: str
    text: str
    found: str
    before: KeptAnswerRecord
    after: KeptAnswerRecord
    new: NotRequired[bool]


class TrackedListRecord(TypedDict):
    """All that a reader tracks, and what changed, the newest first."""

    tracked: list[TrackedRecord]
    changes: list[ChangeRecord]


class HistoryRecord(TypedDict):
    """A tracked question and its answers over time, the oldest first."""

    question: str
    answers: list[KeptAnswerRecord]


def tracked_record(question: Question, latest: KeptAnswer | None) -> TrackedRecord:
    """Return the record of ``question`` with its ``latest`` answer."""
    record: TrackedRecord = {
        "id": question.id,
        "question": question.text,
        "added": question.added,
        "due": question.due,
    }
    if question.scope != EVERYTHING:
        scope = question.scope
        record["scope"] = {"documents": list(scope.documents), "since": scope.since, "until": scope.until}
    if latest:
        record["asked"] = latest.asked
        record["answer"] = answer_record(latest.answer)
    return record


def kept_answer_record(kept: KeptAnswer) -> KeptAnswerRecord:
    """Return the record of an answer of a history."""
    return {"asked": kept.asked, "answer": answer_record(kept.answer)}


def history_record(question: Question, history: Sequence[KeptAnswer]) -> HistoryRecord:
    """Return the record of a question with its answers over time."""
    return {"question": question.text, "answers": [kept_answer_record(each) for each in history]}


def change_record(change: Change, seen: int | None = None) -> ChangeRecord:
    """Return the record of ``change``; with whether it is new to a reader who has seen all up to the number
    ``seen``.
    """
    record: ChangeRecord = {
        "id": change.id,
        "tracked": change.question.id,
        "question": change.question.text,
        "kind": change.kind.value,
        "text": change_text(change),
        "found": change.found,
        "before": kept_answer_record(change.before),
        "after": kept_answer_record(change.after),
    }
    if seen is not None:
        record["new"] = change.number > seen
    return record


def list_record(store: TrackingStore, reader: str = "") -> TrackedListRecord:
    """Return the record of all that ``reader`` tracks."""
    seen = store.seen(reader)
    return {
        "tracked": [tracked_record(each, store.latest(each)) for each in store.questions(reader)],
        "changes": [change_record(each, seen) for each in store.changes(reader)],
    }
