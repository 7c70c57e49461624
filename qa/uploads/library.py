"""A visitor's own documents, or those that all visitors bring, beside the ones that the index has."""

import hashlib
import logging
import tempfile
import weakref
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from threading import Lock
from typing import Self

from qa.concurrency import StopToken
from qa.errors import AttestError, StoppedError, UserError
from qa.index.index import Index
from qa.index.prepare import cut_documents
from qa.index.sources import SourceFile
from qa.index.stores.local import LocalStore
from qa.index.update.base import Progress, Vectors, silent
from qa.index.update.embed import Embedder
from qa.index.update.workers.local import InProcessPool
from qa.ingest.base import Failure
from qa.ingest.documents import parse
from qa.pipeline import Pipeline
from qa.runtime import Runtime
from qa.schema import Document
from qa.uploads.index import Revision, UploadIndex, sources_of
from qa.uploads.limits import FOLDER, LIMITS, Limits, Room, check_room, read, unique_id
from qa.uploads.temporary import Folder

log = logging.getLogger(__name__)

ENDED = "This session has ended; start a new one to add documents"


class State(StrEnum):
    """What has become of a document."""

    WAITING = "waiting"
    READING = "reading"
    INDEXED = "indexed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Row:
    """A document as a list of documents shows it."""

    id: str
    title: str
    date: str | None = None
    characters: int = 0
    """Of the normalised text; 0 until it has been read."""
    passages: int = 0
    """0 until it is indexed."""
    own: bool = True
    """Whether it is the visitor's and can be removed."""
    state: State = State.INDEXED
    reason: str = ""
    """Why it failed, in words for its owner."""


@dataclass(frozen=True, slots=True)
class Added:
    """What came of the files of one :meth:`Library.add`: each is a document, or a failure with its reason."""

    documents: tuple[Document, ...]
    failures: tuple[Failure, ...]


@dataclass(frozen=True, slots=True)
class _Flow:
    """A flow, and the two indexes that it goes over."""

    shared: Index
    own: Index | None
    pipeline: Pipeline


@dataclass(frozen=True, slots=True)
class _New:
    """A document that is to be added, and what it was read from."""

    document: Document
    file: SourceFile


class Library:
    """Documents that were brought, searched together with the shared ones.

    A visitor's new library costs next to nothing: a folder for it is made in the system's temporary directory
    when its first document is added, and removed with its last, by :meth:`close`, when nothing refers to the
    library any more, or at the end of the process. A library over what is :class:`UploadIndex` for everybody
    is there as long as that is. The files that were given are read and not kept; what is kept is an index of
    their text.

    Every method may be called from any thread. A question asked while documents are added or removed sees
    the library as it was, and the next one sees it as it is; additions and removals wait for each other.

    Visitors who are given a library each never see each other's documents. Where all should have the same
    ones, give the same object to every session: what one adds is then everybody's to search and to remove,
    and the limits hold for all of them together.
    """

    def __init__(
        self,
        parts: Runtime,
        limits: Limits = LIMITS,
        room: Room | None = None,
        *,
        shared_uploads: UploadIndex | None = None,
    ) -> None:
        """A library without documents of its own over what ``parts`` shares, with ``room`` as that of all
        visitors' libraries together; or the one of what is ``shared_uploads``, which needs no room here.
        """
        self.limits = limits
        self._parts = parts
        self._everybodys = shared_uploads
        self._visitors: UploadIndex | None = None
        self._folder: Folder | None = None
        self._underway: tuple[Row, ...] = ()
        """Files of the addition in progress, and those of the last one that failed."""
        self._flow = _Flow(parts.index, None, parts.pipeline)
        self._changing = Lock()
        self._closed = StopToken()
        self._room = room or Room(limits.all_visitors_bytes)
        self._share = object()
        weakref.finalize(self, self._room.hold, self._share, 0)

    def __deepcopy__(self, memo: object) -> Self:
        """Itself: Gradio copies what a session begins with, and documents are there once."""
        return self

    @property
    def pipeline(self) -> Pipeline:
        """The flow over the shared and the visitor's documents as they are now. It goes on answering from
        those even when they change.
        """
        shared, own, flow = self._parts.index, self._own, self._flow
        if flow.shared is not shared or flow.own is not own:
            try:
                pipeline = self._parts.with_uploads(own) if own else self._parts.pipeline
            except ValueError:  # an update of the index has a document of a visitor's id
                log.warning(
                    "A document of the index has the id of an uploaded one; until one of them is gone, "
                    "questions are asked of what there was before"
                )
                pipeline = flow.pipeline
            flow = self._flow = _Flow(shared, own, pipeline)
        return flow.pipeline

    @property
    def trouble(self) -> str:
        """Why documents that were brought before cannot be read; empty if they can."""
        return self._everybodys.trouble if self._everybodys else ""

    def file(self, doc_id: str) -> Path | None:
        """The file of a shared document, if it is there as it was indexed; an uploaded one is not kept."""
        return self._parts.index.file(doc_id)

    def listing(self) -> tuple[Row, ...]:
        """Every document: the shared, the visitor's, those being added, those that failed last."""
        shared, own, underway = self._parts.index, self._own, self._underway
        theirs = _rows(own, sources_of(own), own=True) if own else ()
        waiting = (row for row in underway if row.state is State.FAILED or row.id not in sources_of(own))
        return (*_rows(shared, shared.documents, own=False), *theirs, *waiting)

    def add(self, files: Sequence[Path], on_progress: Progress = silent) -> Added:
        """Read ``files`` and index them; ids are made of the last parts of their names.

        One bad file never stops the others. If indexing fails, or the library is closed meanwhile, the
        documents that were there stay.

        Raises:
            UserError: the library is closed.
        """
        with self._changing:
            self._check_open()
            self._underway = ()
            try:
                return self._add(files, on_progress)
            finally:
                self._underway = _failed(self._underway)
                self._tidy()

    def remove(self, doc_id: str) -> None:
        """Take away one of the visitor's documents, or a failure from the listing.

        Raises:
            UserError: it is neither, or the library is closed.
            AttestError: the rest could not be indexed without it; nothing has changed then.
        """

        def without(own: Index | None) -> Revision:
            if doc_id not in sources_of(own):
                raise UserError(f"{doc_id} is none of your documents")
            return Revision(tuple(file for other, file in sources_of(own).items() if other != doc_id))

        with self._changing:
            self._check_open()
            rest = tuple(row for row in self._underway if row.id != doc_id)
            if len(rest) < len(self._underway):
                self._underway = rest
                return
            try:
                self._change(without, {})
            finally:
                self._tidy()

    @property
    def busy(self) -> bool:
        """Whether files are being added."""
        return any(row.state is not State.FAILED for row in self._underway)

    def close(self) -> None:
        """End the session: an addition in progress is given up, and the documents are gone, unless they are
        everybody's.
        """
        self._closed.stop()
        with self._changing:
            self._visitors, self._underway = None, ()
            self._tidy()

    def _add(self, given: Sequence[Path], on_progress: Progress) -> Added:
        rows = self._waiting(given)
        read: list[_New] = []
        for doc_id, path in zip(list(rows), given, strict=True):
            self._show(rows, replace(rows[doc_id], state=State.READING))
            try:
                new = self._read(path, doc_id, read)
                self._hold(self._own, [*read, new])
                read.append(new)
            except UserError as error:
                self._fail(rows, doc_id, str(error))
            except Exception:  # whatever a stranger's file may do to a parser, the others are read
                log.exception("%s could not be read", doc_id)
                self._fail(rows, doc_id, "it cannot be read")
        added: tuple[Document, ...] = ()
        try:
            if read:
                added = self._keep(read, rows, on_progress)
        except AttestError as error:
            for each in read:
                self._fail(rows, each.document.id, f"it was not indexed: {error}")
        return Added(added, tuple(Failure(row.title, row.reason) for row in _failed(rows.values())))

    def _waiting(self, given: Sequence[Path]) -> dict[str, Row]:
        """A row for each of the files that were ``given``, by its id."""
        taken = self._taken(self._own)
        rows = {}
        for path in given:
            doc_id = unique_id(path.name, taken)
            taken.add(doc_id.lower())
            rows[doc_id] = Row(doc_id, doc_id.removeprefix(f"{FOLDER}/"), state=State.WAITING)
        self._underway = tuple(rows.values())
        return rows

    def _show(self, rows: dict[str, Row], row: Row) -> None:
        rows[row.id] = row
        self._underway = tuple(rows.values())

    def _fail(self, rows: dict[str, Row], doc_id: str, reason: str) -> None:
        self._show(rows, replace(rows[doc_id], state=State.FAILED, reason=reason))

    def _read(self, path: Path, doc_id: str, others: Sequence[_New]) -> _New:
        """The document in the file at ``path``, if it can be taken beside ``others``."""
        data = read(path, self.limits)
        file = SourceFile(doc_id, hashlib.sha256(data).hexdigest(), len(data), 0, (doc_id,))
        self._check_room(file, self._own, others)
        document = parse(data, doc_id)
        # A small file may hold much text, and text is what takes time: it is bounded like a file of it.
        if len(document.text) > self.limits.file_bytes:
            raise UserError(
                f"its text has {len(document.text):,} characters; {self.limits.file_bytes:,} is the most"
            )
        _check_text(document, self._own, others)
        return _New(document, file)

    def _check_room(self, file: SourceFile, own: Index | None, others: Sequence[_New]) -> None:
        there = (*sources_of(own).values(), *(each.file for each in others), file)
        check_room([each.size for each in there], self.limits)

    def _admitted(self, new: _New, own: Index | None, others: Sequence[_New]) -> _New:
        """``new``, if it can be taken beside ``others``, under an id that no other document has."""
        self._check_room(new.file, own, others)
        _check_text(new.document, own, others)
        doc_id = new.document.id
        taken = self._taken(own) | {each.document.id.lower() for each in others}
        if doc_id.lower() in taken:
            doc_id = unique_id(doc_id, taken)
        file = replace(new.file, path=doc_id, documents=(doc_id,))
        return _New(replace(new.document, id=doc_id), file)

    def _taken(self, own: Index | None) -> set[str]:
        """The ids in lower case that no upload may get."""
        ids = {doc_id.lower() for doc_id in (*self._parts.index.documents, *sources_of(own))}
        return {each for each in ids if each.startswith(FOLDER)}

    def _keep(
        self, read: Sequence[_New], rows: dict[str, Row], on_progress: Progress
    ) -> tuple[Document, ...]:
        """Index what was ``read`` and can still be admitted when all of it is embedded: another server may
        have added documents meanwhile.

        Raises:
            AttestError: it cannot be written or opened, or the library was closed meanwhile.
        """
        vectors = self._embedded([each.document for each in read], on_progress)
        admitted: list[_New] = []

        def with_new(own: Index | None) -> Revision:
            for each in read:
                try:
                    admitted.append(self._admitted(each, own, admitted))
                except UserError as error:
                    self._fail(rows, each.document.id, str(error))
            sources = (*sources_of(own).values(), *(each.file for each in admitted))
            return Revision(sources, tuple(each.document for each in admitted))

        self._change(with_new, vectors)
        return tuple(each.document for each in admitted)

    def _embedded(self, documents: Sequence[Document], on_progress: Progress) -> Vectors:
        """The vector of every sentence of ``documents``; those that are there are not embedded again.

        Raises:
            UserError: the library was closed meanwhile.
        """
        own, encoder = self._own, self._parts.encoder
        known = dict(own.sentence_vectors()) if own else {}
        sentences = cut_documents(documents).sentences
        embedder = Embedder(
            InProcessPool(encoder), encoder.dimensions, on_sentence=on_progress, stop=self._closed
        )
        try:
            return dict(zip(sentences, embedder.embed(sentences, known), strict=True))
        except StoppedError as error:
            raise UserError(ENDED) from error

    @property
    def _own(self) -> Index | None:
        uploaded = self._everybodys or self._visitors
        return uploaded.index if uploaded else None

    def _change(self, revise: Callable[[Index | None], Revision], vectors: Vectors) -> None:
        """Put a new state in force.

        Raises:
            UserError: what ``revise`` raises, or another server does not come to an end.
            AttestError: it cannot be written or opened; nothing has changed then.
        """
        try:
            if self._everybodys:
                self._everybodys.change(revise, vectors)
                return
            if self._folder is None:
                self._folder = Folder()
            if self._visitors is None:
                store = LocalStore(self._folder.path, self._parts.identity)
                self._visitors = UploadIndex(store, self._parts.encoder)
            self._visitors.change(revise, vectors)
        except OSError as error:
            place = self._everybodys.home if self._everybodys else tempfile.gettempdir()
            raise AttestError(
                f"The index cannot be written ({error.strerror}); make room in {place}"
            ) from error

    def _hold(self, own: Index | None, new: Iterable[_New] = ()) -> None:
        """Take the room that ``own`` and ``new`` documents need, which everybody's need nowhere.

        Raises:
            UserError: it is more than before, and more than there is.
        """
        if self._everybodys is None:
            sources = (*sources_of(own).values(), *(each.file for each in new))
            self._room.hold(self._share, sum(file.size for file in sources))

    def _tidy(self) -> None:
        """Give up the room and the folder that the present documents do not need."""
        self._hold(self._own)
        if self._own is None and self._folder:
            self._folder.remove()
            self._folder = self._visitors = None

    def _check_open(self) -> None:
        if self._closed.stopped:
            raise UserError(ENDED)


def _failed(rows: Iterable[Row]) -> tuple[Row, ...]:
    return tuple(row for row in rows if row.state is State.FAILED)


def _check_text(document: Document, own: Index | None, others: Sequence[_New]) -> None:
    present = own.documents.values() if own else ()
    for other in (*present, *(each.document for each in others)):
        if other.text == document.text:
            raise UserError(f"its text is that of {other.id}, which is there already")


def _rows(index: Index, ids: Iterable[str], own: bool) -> tuple[Row, ...]:
    found = (index.documents[doc_id] for doc_id in ids)
    return tuple(
        Row(each.id, each.title, each.date, len(each.text), index.passage_counts[each.id], own)
        for each in found
    )
