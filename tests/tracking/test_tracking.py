"""A tracked question is asked again when the index changes in a way that can matter, and not otherwise."""

import re
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from qa.errors import UserError
from qa.index.index import Index
from qa.index.stores.local import LocalStore
from qa.index.update.update import update_index
from qa.ingest.discovery import survey
from qa.pipeline import Ask, Event, Pipeline
from qa.retrieval.hybrid import HybridRetriever
from qa.runtime import StaticRuntime
from qa.schema import Answer, Coverage
from qa.tracking.store import TrackingStore
from qa.tracking.tracker import Tracker
from qa.tracking.values import ChangeKind
from tests.support.fakes import IDENTITY, FakeEncoder

QUESTION = "What is the term of the supply contract?"
V1 = "The term of the supply contract is 24 months. It ends by notice."
V2 = "The term of the supply contract is 36 months. It ends by notice."


class Counting(Pipeline):
    """Counts what it is asked."""

    asked: list[str]

    def stream(self, input: Ask, config: Any = None, **kwargs: Any) -> Generator[Event, None, None]:  # noqa: A002  LangChain's
        self.asked.append(input.question)
        return super().stream(input, config, **kwargs)


class Folder:
    """A folder that is indexed, and the questions that are tracked over it."""

    def __init__(self, at: Path) -> None:
        self.corpus = at / "corpus"
        self.corpus.mkdir()
        self.store = LocalStore(at / "index", IDENTITY)
        self.tracked = TrackingStore(at / "index" / "tracked")
        self.asked: list[str] = []
        for n in range(30):
            self.put(f"harbour-{n}.txt", f"Harbour {n} has {n * 7} berths. Its master is number {n}.")

    def put(self, name: str, text: str) -> None:
        (self.corpus / name).write_text(text)

    def tracker(self) -> Tracker:
        """Over the index as it is now."""
        update_index(self.store, survey([self.corpus]), FakeEncoder())
        index, encoder = Index.open(self.store), FakeEncoder()
        pipeline = Counting(HybridRetriever(source=index, encoder=encoder), index.documents, None, 0.3)
        pipeline.asked = self.asked
        runtime = StaticRuntime(index, encoder, IDENTITY, pipeline)
        return Tracker(self.tracked, runtime, self.store.snapshot)

    def update(self) -> list[ChangeKind]:
        """Ask what can have changed, and return what did, all of it, the oldest first."""
        self.asked.clear()
        self.tracker().update()
        return [each.kind for each in reversed(self.tracked.changes())]


def test_nothing_is_asked_when_nothing_that_matters_changes(tracked: Folder):
    assert tracked.update() == []
    assert tracked.asked == []
    tracked.put("harbour-3.txt", "Harbour 3 was closed. Nobody knows why.")
    tracked.put("new.txt", "Gulls nest on the old lighthouse.")
    (tracked.corpus / "harbour-4.txt").unlink()
    assert tracked.update() == []
    assert tracked.asked == []


def test_a_quoted_document_that_changes_is_told_with_both_quotes(tracked: Folder):
    tracked.put("contract.txt", V2)
    assert tracked.update() == [ChangeKind.CHANGED]
    assert tracked.asked == [QUESTION]
    (change,) = tracked.tracked.changes()
    assert "24 months" in change.before.answer.quotes[0].text
    assert "36 months" in change.after.answer.quotes[0].text
    (former,) = [
        each for each in tracked.tracked.documents(change.before).values() if each.id == "contract.txt"
    ]
    assert former.text == V1
    assert tracked.update() == [ChangeKind.CHANGED]
    assert tracked.asked == []


def test_a_document_that_goes_leaves_no_answer_and_its_text_is_kept(tracked: Folder):
    (tracked.corpus / "contract.txt").unlink()
    assert tracked.update() == [ChangeKind.UNANSWERABLE]
    (change,) = tracked.tracked.changes()
    quote = change.before.answer.quotes[0]
    assert tracked.tracked.documents(change.before)["contract.txt"].text == V1
    assert quote.span.cut(tracked.tracked.documents(change.before)) == quote.text


def test_a_question_that_is_refused_at_first_is_asked_when_a_document_may_answer_it(folder: Folder):
    folder.tracker().add(QUESTION)
    assert folder.update() == []
    assert folder.asked == [QUESTION]
    folder.put("contract.txt", V1)
    assert folder.update() == [ChangeKind.ANSWERABLE]


def test_a_new_passage_that_would_be_evidence_is_noticed(tracked: Folder):
    tracked.put("amendment.txt", "By amendment the term of the supply contract is 48 months.")
    tracked.update()
    assert tracked.asked == [QUESTION]


def test_the_same_words_in_another_document(tracked: Folder):
    (tracked.corpus / "contract.txt").rename(tracked.corpus / "agreement.txt")
    assert tracked.update() == [ChangeKind.OTHER_DOCUMENT]


def test_the_same_words_elsewhere_in_the_document(tracked: Folder):
    tracked.put("contract.txt", f"This document has a preamble now. {V1}")
    assert tracked.update() == [ChangeKind.MOVED]


def test_a_file_that_flips_is_told_once_for_each_flip_that_was_seen(tracked: Folder):
    for text in (V2, V1):
        tracked.put("contract.txt", text)
        tracked.update()
    tracked.put("contract.txt", V2)
    tracked.put("contract.txt", V1)  # back before anybody looked
    assert tracked.update() == [ChangeKind.CHANGED, ChangeKind.CHANGED]


def test_a_folder_that_changes_faster_than_it_is_asked(tracked: Folder, monkeypatch: pytest.MonkeyPatch):
    terms = iter((36, 48, 60))
    stream = Counting.stream

    def stream_while_it_changes(self: Counting, *args: Any) -> Generator[Event, None, None]:
        events = list(stream(self, *args))
        if term := next(terms, None):
            tracked.put("contract.txt", V1.replace("24", str(term)))
        yield from events

    monkeypatch.setattr(Counting, "stream", stream_while_it_changes)
    tracked.put("contract.txt", V2.replace("36", "30"))
    for _ in range(6):
        tracked.update()
    (question,) = tracked.tracked.questions()
    said = [each.answer.text[:60] for each in tracked.tracked.history(question)]
    assert ["24" in said[0], "60" in said[-1], len(said)] == [True, True, len(set(said))]
    changes = tracked.tracked.changes()[::-1]
    assert [each.after.number for each in changes[:-1]] == [each.before.number for each in changes[1:]]
    assert tracked.asked == []
    assert not tracked.tracked.due()


def test_a_replaced_index_is_not_asked(tracked: Folder):
    tracked.put("contract.txt", V2)
    late = tracked.tracker()
    tracked.put("contract.txt", V1)
    tracked.tracker()
    tracked.asked.clear()
    late.update()  # a server that has not opened the newest index yet
    assert tracked.asked == []
    assert tracked.update() == []


def test_who_holds_the_lock_asks_and_nobody_else(tracked: Folder):
    tracked.put("contract.txt", V2)
    tracker = tracked.tracker()
    tracked.asked.clear()
    with FileLock(tracked.tracked.folder / ".asking"):
        assert not tracker.step()
    assert tracked.asked == []
    tracker.update()
    assert tracked.asked == [QUESTION]


def test_a_clock_that_goes_back_loses_and_repeats_nothing(tracked: Folder, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("qa.tracking.store._now", lambda: "1999-12-31T00:00:00+00:00")
    tracked.put("contract.txt", V2)
    assert tracked.update() == [ChangeKind.CHANGED]
    (question,) = tracked.tracked.questions()
    latest = tracked.tracked.latest(question)
    assert latest
    assert "36 months" in latest.answer.text
    assert tracked.update() == [ChangeKind.CHANGED]


def test_what_is_too_old_goes_but_never_the_newest_answer(tracked: Folder):
    tracked.put("contract.txt", V2)
    tracked.update()
    tracked.tracked.prune(days=1)
    assert len(tracked.tracked.changes()) == 1
    tracked.tracked.prune(days=-1)
    assert tracked.tracked.changes() == []
    (question,) = tracked.tracked.questions()
    (kept,) = tracked.tracked.history(question)
    assert "36 months" in kept.answer.text
    assert tracked.tracked.documents(kept)["contract.txt"].text == V2


def test_what_a_reader_tracks_is_theirs(tracked: Folder):
    tracked.tracked.add(QUESTION, "ada")
    tracked.update()
    tracked.put("contract.txt", V2)
    tracked.update()
    (own,), (hers,) = tracked.tracked.questions(), tracked.tracked.questions("ada")
    assert own.id != hers.id
    assert [each.question.reader for each in tracked.tracked.changes("ada")] == ["ada"]
    with pytest.raises(UserError, match=re.escape(own.id)):
        tracked.tracked.remove(own.id, "ada")


def test_of_ten_thousand_questions_none_is_asked_for_documents_of_something_else(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
):
    folder.put("contract.txt", V1)
    folder.tracker().add(QUESTION)
    folder.update()
    ((evidence,),) = folder.tracked.evidence().values()
    others = {
        f"q{n}": [replace(evidence, question=f"Who rules kingdom {n}?", documents=frozenset(), floor=6.0)]
        for n in range(9_999)
    }
    kept = {**folder.tracked.evidence(), **others}
    monkeypatch.setattr(TrackingStore, "evidence", lambda self: kept)
    for n in range(10):
        folder.put(f"harbour-{n}.txt", f"Harbour {n} was closed. Its master left.")
    tracker = folder.tracker()
    folder.asked.clear()
    tracker.update()
    assert folder.asked == []


def test_more_questions_than_may_be_are_refused(folder: Folder, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("qa.tracking.store.MAX_QUESTIONS", 2)
    for text in ("One?", "Two?", "Two?"):
        folder.tracked.add(text)
    with pytest.raises(UserError, match="remove one first"):
        folder.tracked.add("Three?")
    folder.tracked.add("Three?", "ada")


def test_a_model_that_fails_leaves_the_question_due(tracked: Folder, monkeypatch: pytest.MonkeyPatch):
    stream = Counting.stream
    failing = [True]

    def stream_of_a_model_that_fails(self: Counting, *args: Any) -> Generator[Event, None, None]:
        for event in stream(self, *args):
            yield replace(event, model_failed=failing[0]) if isinstance(event, Answer) else event

    monkeypatch.setattr(Counting, "stream", stream_of_a_model_that_fails)
    tracked.put("contract.txt", V2)
    assert tracked.update() == []
    assert [each.text for each in tracked.tracked.due()] == [QUESTION]
    failing[0] = False
    assert tracked.update() == [ChangeKind.CHANGED]


def test_an_index_that_is_still_growing_is_not_asked(tracked: Folder, monkeypatch: pytest.MonkeyPatch):
    tracked.put("contract.txt", V2)
    with monkeypatch.context() as growing:
        growing.setattr(Index, "coverage", Coverage(2, 1, 1, 1))
        assert tracked.update() == []
        assert tracked.asked == []
    assert tracked.update() == [ChangeKind.CHANGED]


def test_a_question_without_capital_and_mark_is_compared_as_it_is_searched(folder: Folder):
    folder.put("contract.txt", V1)
    tracker = folder.tracker()
    for text in (QUESTION, QUESTION[0].lower() + QUESTION[1:-1]):
        tracker.add(text)
    folder.update()
    (one,), (other,) = folder.tracked.evidence().values()
    assert one.question != other.question
    assert (one.vector == other.vector).all()
    assert one.floor == other.floor
