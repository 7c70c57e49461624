"""Keep the answers to questions true: ask again when the index has changed in a way that can matter."""

import hashlib
import logging
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

from filelock import FileLock, Timeout

from qa.errors import AttestError
from qa.index.index import Index
from qa.index.snapshot import Snapshot, dump_snapshot
from qa.pipeline import Ask, Pipeline
from qa.query.validation import validate_question
from qa.runtime import Runtime
from qa.schema import Answer, Evidence
from qa.tracking.compare import compare
from qa.tracking.screening import keep_evidence, questions_to_ask
from qa.tracking.store import TrackingStore
from qa.tracking.values import KeptEvidence, Question

log = logging.getLogger(__name__)

LOOK_SECONDS = 2.0
"""How often a server looks for questions that are due."""

AGAIN_SECONDS = 600.0
"""How long a question waits that the language model failed to answer. A server that is down is often up again
within minutes, and each try takes a turn from the readers."""

PRUNE_SECONDS = 3_600.0
"""How often what is too old is removed: it is counted in days."""


class Tracker:
    """The kept questions over a runtime. One process asks at a time: the one that holds the lock of the
    operating system, which ends with the process, however that ends.
    """

    def __init__(
        self,
        store: TrackingStore,
        runtime: Runtime,
        current: Callable[[], Snapshot] | None = None,
        days: int = 0,
        *,
        delivers: bool = False,
    ) -> None:
        """Ask over the index of ``runtime``. ``current`` returns the snapshot in the index's store, so that
        nothing is asked of an index that has been replaced. Changes are kept for ``days``; 0 for ever.
        ``delivers`` says whether a webhook is to be told.
        """
        self.store = store
        self._runtime = runtime
        self._current = current
        self._days = days
        self._delivers = delivers
        self._failed: dict[str, float] = {}
        self._pruned = -PRUNE_SECONDS
        self._trouble = ""

    def add(self, text: str, reader: str = "") -> Question:
        """Keep a question of ``reader``. It is asked at the next :meth:`step`.

        Raises:
            UserError: it is empty, too long or none, or the reader has as many as may be.
        """
        return self.store.add(validate_question(text), reader)

    def update(self) -> bool:
        """Ask all that is due, and return whether nothing is left for another process that asks now."""
        while self.step():
            pass
        return not self._waiting()

    def step(self) -> bool:
        """Compare the questions with the index if it has changed, and ask one that is due. Return whether
        there may be more to do.

        Raises:
            AttestError: the index does not answer.
            sqlite3.Error: the file of questions cannot be read or written.
        """
        if not self.store.exists:
            return False
        try:
            with FileLock(self.store.folder / ".asking", timeout=0):
                index, pipeline = self._runtime.index, self._runtime.pipeline
                if self._current and self._current() != index.snapshot:
                    return False  # the runtime will have the new one in a moment
                if not index.coverage.complete:
                    return False
                self._check(index, pipeline)
                self._prune()
                if waiting := self._waiting():
                    self._ask(waiting[0], pipeline)
                return len(waiting) > 1
        except Timeout:
            return False

    @contextmanager
    def following(self) -> Iterator[None]:
        """Ask what is due, in the background, for as long as the context lasts."""
        stopped = Event()

        def follow() -> None:
            more = False
            while not stopped.wait(0.0 if more else LOOK_SECONDS):
                try:
                    more, self._trouble = self.step(), ""
                except (AttestError, OSError, sqlite3.Error) as error:
                    more = False
                    if str(error) != self._trouble:
                        log.warning("The tracked questions cannot be checked now: %s", error)
                    self._trouble = str(error)

        thread = Thread(target=follow, name="tracking", daemon=True)
        thread.start()
        try:
            yield
        finally:
            stopped.set()
            thread.join()

    def _waiting(self) -> list[Question]:
        """Return the questions that are due, without those that the model failed to answer just now."""
        now = time.monotonic()
        return [
            each
            for each in self.store.due()
            if now - self._failed.get(each.id, -AGAIN_SECONDS) >= AGAIN_SECONDS
        ]

    def _prune(self) -> None:
        now = time.monotonic()
        if self._days and now - self._pruned >= PRUNE_SECONDS:
            self.store.prune(self._days)
            self._pruned = now

    def _check(self, index: Index, pipeline: Pipeline) -> None:
        """Note which questions are due now that the index is as it is."""
        snapshot = dump_snapshot(index.snapshot).partition(b"\n")[0].decode()
        checked = self.store.checked()
        if checked == snapshot:
            return
        before, now = self.store.versions(), _versions(index)
        new = [each for each in now if now[each] != before.get(each)]
        gone = before.keys() - now.keys()
        due: set[str] = set()
        if checked is not None and (new or gone):
            due = questions_to_ask(self.store.evidence(), new, gone, index, pipeline.retriever)
        self.store.put_checked(snapshot, before, now, due)

    def _ask(self, question: Question, pipeline: Pipeline) -> None:
        """Ask a question, and keep its answer if it is another one."""
        parts: list[Evidence] = []
        answer: Answer | None = None
        for event in pipeline.stream(Ask(question.text)):
            if isinstance(event, Evidence):
                parts.append(event)
            elif isinstance(event, Answer):
                answer = event
        assert answer is not None
        if answer.model_failed:
            self._failed[question.id] = time.monotonic()
            return
        evidence: list[KeptEvidence] = [keep_evidence(each.question, pipeline.retriever) for each in parts]
        former = self.store.latest(question)
        kind = compare(former.answer, answer) if former else None
        if former and kind is None:
            self.store.put_unchanged(question, evidence)
        else:
            deliver = self._delivers and not question.reader
            self.store.put_answer(question, answer, pipeline.documents, evidence, kind, deliver=deliver)


def _versions(index: Index) -> dict[str, str]:
    """Return what tells a document from another version of it, by its id: the digest of its file, or of its
    text if it has none.
    """
    return {
        doc_id: index.sources[doc_id].sha256 if doc_id in index.sources else _text_version(index, doc_id)
        for doc_id in index.documents
    }


def _text_version(index: Index, doc_id: str) -> str:
    return hashlib.sha256(index.documents[doc_id].text.encode()).hexdigest()
