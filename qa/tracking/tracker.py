"""Keep the answers to questions true: ask again when the index has changed in a way that can matter."""

import hashlib
import logging
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread

from filelock import FileLock, Timeout

from qa.errors import AttestError, UserError
from qa.index.index import Index
from qa.index.snapshot import Snapshot
from qa.pipeline import Ask
from qa.query.decompose import split_question
from qa.query.document_filter import ALL_DOCUMENTS
from qa.query.every import asks_for_every
from qa.query.validation import validate_question
from qa.runtime import Runtime
from qa.schema import Answer, Evidence
from qa.tracking.compare import compare
from qa.tracking.screening import find_evidence, keep_evidence, questions_to_ask
from qa.tracking.store import TrackingStore
from qa.tracking.values import (
    EVERYTHING,
    Finding,
    FirstAnswer,
    KeptEvidence,
    Question,
    Scope,
)
from qa.tracking.view import UploadsOf, View, library_state
from qa.uploads.stored import uploads_of

log = logging.getLogger(__name__)

LOOK_SECONDS = 2.0
"""The time between two looks of a server for questions that are due."""

AGAIN_SECONDS = 600.0
"""The wait of a question that the language model failed to answer. A server that is down is often up again
within minutes, and each try takes a turn from the readers."""

PRUNE_SECONDS = 3_600.0
"""The time between two removals of what is too old: it is counted in days."""


NOT_LASTING = (
    "This answer quotes a document that you added and that is deleted when you leave, "
    "so its question cannot be tracked; "
    "whoever runs this server can give readers accounts, whose documents stay"
)


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
        shared: bool = False,
        uploads_of: UploadsOf = lambda question: None,
    ) -> None:
        """Ask over the index of ``runtime``. ``current`` returns the snapshot in the index's store, so that
        nothing is asked of an index that has been replaced. Changes are kept for ``days``; 0 for ever.
        ``delivers`` says whether a webhook is to be told, and ``shared`` whether all visitors share their
        uploads, which ``uploads_of`` opens.
        """
        self.store = store
        self._runtime = runtime
        self._current = current
        self._days = days
        self._delivers = delivers
        self._shared = shared
        self._uploads_of = uploads_of
        self._failed: dict[str, float] = {}
        self._pruned = -PRUNE_SECONDS
        self._trouble = ""

    def add(
        self, text: str, reader: str = "", scope: Scope = EVERYTHING, first: FirstAnswer | None = None
    ) -> Question:
        """Keep a question of ``reader`` about the documents of ``scope``. Its ``first`` answer is kept if
        nothing has changed since it was given; otherwise it is asked at the next :meth:`step`.

        Raises:
            UserError: it is empty or too long, or asks nothing, a name or date of the scope means nothing,
                the first answer quotes what goes with a visit, or the reader has as many questions as may
                be.
        """
        text = validate_question(text)
        uploads = uploads_of(reader, shared=self._shared)
        asked = Question("", reader, text, "", due=True, scope=scope, uploads=uploads)
        view = self.view()
        pipeline = view.pipeline(asked)
        pipeline.document_filter(scope.documents, scope.period)  # a name that means nothing is refused
        if first and any(doc_id not in pipeline.documents for doc_id in _quoted(first.answer)):
            raise UserError(NOT_LASTING)
        found = self._keep_first(asked, first, view) if first else None
        return self.store.add(text, reader, scope, uploads, found, view.states(asked) if found else {})

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
                view = self.view()
                if not self._is_current(view):
                    return False
                self._check_all(view)
                self._prune()
                if waiting := self._waiting():
                    self._ask(waiting[0], view)
                return len(waiting) > 1
        except Timeout:
            return False

    @contextmanager
    def follow(self) -> Iterator[None]:
        """Ask what is due, in the background, for as long as the context lasts."""
        stopped = Event()

        def look() -> None:
            more = False
            while not stopped.wait(0.0 if more else LOOK_SECONDS):
                try:
                    more, self._trouble = self.step(), ""
                except (AttestError, OSError, sqlite3.Error) as error:
                    more = False
                    if str(error) != self._trouble:
                        log.warning("The tracked questions cannot be checked now: %s", error)
                    self._trouble = str(error)

        thread = Thread(target=look, name="tracking", daemon=True)
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

    def view(self) -> View:
        """Return what the questions search at this moment."""
        return View(self._runtime.index, self._runtime.pipeline, self._uploads_of)

    def _is_current(self, view: View) -> bool:
        """Return whether the index is whole, and the newest; the runtime will have the newest in a moment."""
        newest = self._current is None or self._current() == view.index.snapshot
        return newest and view.index.coverage.complete

    def _keep_first(self, question: Question, first: FirstAnswer, view: View) -> Finding | None:
        """Return what is to be kept of an answer that was given already; None if it has to be given again."""
        pipeline = view.pipeline(question)
        answer = first.answer
        if first.state != pipeline.state or answer.model_failed or not self._is_current(view):
            return None
        try:
            self.store.folder.mkdir(parents=True, exist_ok=True)
            with FileLock(self.store.folder / ".asking", timeout=0):
                self._check_all(view, question)
        except Timeout:
            pass  # another process asks, and has compared the questions with the index before that
        parts = [asks_for_every(part) or part for part in split_question(question.text)]
        evidence = [keep_evidence(part, pipeline.retriever, view.document_filter(question)) for part in parts]
        return Finding(answer, pipeline.documents, evidence)

    def _check_all(self, view: View, *added: Question) -> None:
        """Note which questions are due now that the documents are as they are. Those that are to be
        ``added`` may search other uploads.
        """
        self._check("", view.index, view)
        for question in (*self.store.libraries(), *added):
            if question.library:
                with suppress(AttestError):  # uploads that cannot be read, as the log says, keep no others
                    self._check(question.library, view.uploads(question), view)

    def _check(self, library: str, index: Index | None, view: View) -> None:
        """Compare with ``index`` the questions that search it: that of a ``library``, None if it is empty."""
        state = library_state(index)
        checked = self.store.checked_state(library)
        if checked == state:
            return
        asked, kept = self.store.asked_questions(), self.store.evidence()
        before, now = self.store.versions(library), _versions(index) if index else {}
        new = [each for each in now if now[each] != before.get(each)]
        gone = before.keys() - now.keys()

        def find(id_: str, part: KeptEvidence) -> Evidence:
            question = asked[id_]
            try:
                pipeline, document_filter = view.pipeline(question), view.document_filter(question)
            except AttestError:  # the uploads cannot be read: what the index says may matter all the same
                pipeline, document_filter = view.without_uploads, ALL_DOCUMENTS
            return find_evidence(part, pipeline.retriever, document_filter)

        due: set[str] = set()
        if checked is not None and (new or gone):
            searching = {
                id_: parts
                for id_, parts in kept.items()
                if id_ in asked and (not library or asked[id_].library == library)
            }
            weights = view.without_uploads.retriever.weights
            due = questions_to_ask(searching, new, gone, index or view.index, weights, find)
        self.store.put_checked(library, state, before, now, kept, due)

    def _ask(self, question: Question, view: View) -> None:
        """Ask a question, and keep its answer if it is another one."""
        try:
            pipeline = view.pipeline(question)
        except AttestError:  # the uploads cannot be read, as the log says
            self._failed[question.id] = time.monotonic()
            return
        document_filter = view.document_filter(question)
        parts: list[Evidence] = []
        answer: Answer | None = None
        for event in pipeline.stream(Ask(question.text, document_filter=document_filter)):
            if isinstance(event, Evidence):
                parts.append(event)
            elif isinstance(event, Answer):
                answer = event
        assert answer is not None
        if answer.model_failed:
            self._failed[question.id] = time.monotonic()
            return
        evidence = [keep_evidence(each.question, pipeline.retriever, document_filter) for each in parts]
        former = self.store.latest(question)
        kind = compare(former.answer, answer) if former else None
        if former and kind is None:
            self.store.put_unchanged(question, evidence)
        else:
            deliver = self._delivers and not question.reader
            found = Finding(answer, pipeline.documents, evidence)
            self.store.put_answer(question, found, kind, deliver=deliver)


def _quoted(answer: Answer) -> set[str]:
    return {each.span.doc_id for each in (*answer.quotes, *answer.nearest)}


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
