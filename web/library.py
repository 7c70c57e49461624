"""A visitor's own documents beside those that everybody shares, for as long as a session lasts."""

import logging
import tempfile
import weakref
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from threading import Event, Lock
from typing import Self

from qa.assemble import Shared
from qa.documents import parse
from qa.errors import AttestError, UserError
from qa.files import Failure
from qa.index import Index
from qa.local_store import LocalStore
from qa.pipeline import Pipeline
from qa.recalling import Progress, Recalling
from qa.schema import Document
from qa.updating import build_index
from web.temporary import Folder
from web.uploads import FOLDER, LIMITS, Held, Limits, Room, read, unique_id

log = logging.getLogger(__name__)


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
class _Contents:
    """A library at one moment; replaced whole, so that nobody sees half of a change."""

    own: Index | None = None
    sizes: Mapping[str, int] = field(default_factory=dict)
    """The bytes of each own document's file."""
    underway: tuple[Row, ...] = ()
    """Files of the addition in progress, and those of the last one that failed."""


class Library:
    """One visitor's documents, searched together with the shared ones.

    A new library costs next to nothing: a folder for it is made in the system's temporary directory when its
    first document is added, and removed with its last, by :meth:`close`, when nothing refers to the library
    any more, or at the end of the process. The files that were given are read and not kept; what is kept is
    an index of their text.

    Every method may be called from any thread. A question asked while documents are added or removed sees
    the library as it was, and the next one sees it as it is; additions and removals wait for each other.

    Visitors who are given a library each never see each other's documents. Where all should have the same
    ones, give the same object to every session, and close it at the end of the program instead of a session:
    what one adds is then everybody's to search and to remove, and the limits hold for all of them together.
    """

    def __init__(self, parts: Shared, limits: Limits = LIMITS, room: Room | None = None) -> None:
        """A library without documents of its own over what ``parts`` shares; ``room`` is that of all
        libraries together.
        """
        self.limits = limits
        self._parts = parts
        self._contents = _Contents()
        self._flow = _Flow(parts.index, None, parts.pipeline)
        self._changing = Lock()
        self._closed = Event()
        self._folder: Folder | None = None
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
        shared, own, flow = self._parts.index, self._contents.own, self._flow
        if flow.shared is not shared or flow.own is not own:
            try:
                pipeline = self._parts.with_own(own) if own else self._parts.pipeline
            except ValueError:  # an update of the index has a document of a visitor's id
                log.warning("A shared document has the id of an uploaded one; its owner sees it not yet")
                pipeline = flow.pipeline
            flow = self._flow = _Flow(shared, own, pipeline)
        return flow.pipeline

    def file(self, doc_id: str) -> Path | None:
        """The file of a shared document, if it is there as it was indexed; an uploaded one is not kept."""
        return self._parts.index.file(doc_id)

    def listing(self) -> tuple[Row, ...]:
        """Every document: the shared, the visitor's, those being added, those that failed last."""
        now = self._contents
        own = _rows(now.own, own=True) if now.own else ()
        return (*_rows(self._parts.index, own=False), *own, *now.underway)

    def add(self, files: Sequence[Path], on_progress: Progress | None = None) -> Added:
        """Read ``files`` and index them; ids are made of the last parts of their names.

        One bad file never stops the others. If indexing fails, the documents that were there stay. What
        ``on_progress`` raises ends the addition, and leaves them too.

        Raises:
            UserError: the library is closed.
        """
        with self._changing:
            self._check_open()
            before = self._contents = replace(self._contents, underway=())
            try:
                return self._add(files, on_progress)
            except BaseException:
                self._contents = before
                raise
            finally:
                self._tidy()

    def remove(self, doc_id: str) -> None:
        """Take away one of the visitor's documents, or a failure from the listing.

        Raises:
            UserError: it is neither, or the library is closed.
            AttestError: the rest could not be indexed without it; nothing has changed then.
        """
        with self._changing:
            self._check_open()
            now = self._contents
            if any(row.id == doc_id for row in now.underway):
                rest = tuple(row for row in now.underway if row.id != doc_id)
                self._contents = replace(now, underway=rest)
                return
            if now.own is None or doc_id not in now.sizes:
                raise UserError(f"{doc_id} is none of your documents")
            documents = [document for document in now.own.documents.values() if document.id != doc_id]
            sizes = {other: size for other, size in now.sizes.items() if other != doc_id}
            self._hold(self._indexed(documents, None) if documents else None, sizes, now.underway)

    @property
    def busy(self) -> bool:
        """Whether files are being added."""
        return any(row.state is not State.FAILED for row in self._contents.underway)

    def close(self) -> None:
        """End the session: its documents are gone, and an addition in progress is given up."""
        self._closed.set()
        with self._changing:
            self._hold(None, {}, ())

    def _add(self, files: Sequence[Path], on_progress: Progress | None) -> Added:
        rows = self._waiting(files)
        documents: dict[str, Document] = {}
        sizes = dict(self._contents.sizes)
        for doc_id, path in zip(list(rows), files, strict=True):
            self._show(rows, replace(rows[doc_id], state=State.READING))
            try:
                data = read(path, self.limits, Held(len(sizes), sum(sizes.values())))
                document = self._new(parse(data, doc_id), documents)
                self._check_length(document)
                self._room.hold(self._share, sum(sizes.values()) + len(data))
                documents[doc_id] = document
                sizes[doc_id] = len(data)
            except UserError as error:
                self._fail(rows, doc_id, str(error))
            except Exception:  # whatever a stranger's file may do to a parser, the others are read
                log.exception("%s could not be read", doc_id)
                self._fail(rows, doc_id, "it cannot be read")
        try:
            if documents:
                own = self._indexed([*self._own().values(), *documents.values()], on_progress)
                failed = tuple(row for row in rows.values() if row.state is State.FAILED)
                self._hold(own, sizes, failed)
        except AttestError as error:
            for doc_id in documents:
                self._fail(rows, doc_id, f"it was not indexed: {error}")
            documents = {}
        failures = (row for row in rows.values() if row.state is State.FAILED)
        return Added(tuple(documents.values()), tuple(Failure(row.title, row.reason) for row in failures))

    def _waiting(self, files: Sequence[Path]) -> dict[str, Row]:
        """A row for each of ``files``, by its id."""
        taken = {doc_id.lower() for doc_id in self.pipeline.documents if doc_id.lower().startswith(FOLDER)}
        rows = {}
        for path in files:
            doc_id = unique_id(path.name, taken)
            taken.add(doc_id.lower())
            rows[doc_id] = Row(doc_id, doc_id.removeprefix(f"{FOLDER}/"), state=State.WAITING)
        self._contents = replace(self._contents, underway=tuple(rows.values()))
        return rows

    def _show(self, rows: dict[str, Row], row: Row) -> None:
        rows[row.id] = row
        self._contents = replace(self._contents, underway=tuple(rows.values()))

    def _fail(self, rows: dict[str, Row], doc_id: str, reason: str) -> None:
        self._show(rows, replace(rows[doc_id], state=State.FAILED, reason=reason))

    def _new(self, document: Document, others: Mapping[str, Document]) -> Document:
        """``document``, unless one of the visitor's, or of the ``others`` being added, has the same text."""
        for other in (*self._own().values(), *others.values()):
            if other.text == document.text:
                raise UserError(f"its text is that of {other.id}, which is there already")
        return document

    def _check_length(self, document: Document) -> None:
        """A small file may hold much text, and text is what takes time: it is bounded like a file of it."""
        if len(document.text) > self.limits.file_bytes:
            raise UserError(
                f"its text has {len(document.text):,} characters; {self.limits.file_bytes:,} is the most"
            )

    def _own(self) -> Mapping[str, Document]:
        return self._contents.own.documents if self._contents.own else {}

    def _indexed(self, documents: Sequence[Document], on_progress: Progress | None) -> Index:
        """An index of ``documents``; sentences of those that were indexed before are not embedded again.

        Raises:
            AttestError: it cannot be written or opened, or the library was closed meanwhile.
        """

        def advance(done: int, of: int) -> None:
            self._check_open()
            if on_progress:
                on_progress(done, of)

        known = dict(self._contents.own.embedded()) if self._contents.own else {}
        encoder = Recalling(self._parts.encoder, known, advance)
        try:
            if self._folder is None:
                self._folder = Folder()
            store = LocalStore(self._folder.path, self._parts.identity)
            build_index(store, documents, encoder)
            return Index.open(store, self._parts.encoder)
        except OSError as error:
            raise AttestError(
                f"The index cannot be written ({error.strerror}); make room in {tempfile.gettempdir()}"
            ) from error

    def _hold(self, own: Index | None, sizes: Mapping[str, int], underway: tuple[Row, ...]) -> None:
        """Put a new state in force."""
        self._contents = _Contents(own, sizes, underway)
        self._tidy()

    def _tidy(self) -> None:
        """Give up the room and the folder that the present documents do not need."""
        self._room.hold(self._share, sum(self._contents.sizes.values()))
        if self._contents.own is None and self._folder:
            self._folder.remove()
            self._folder = None

    def _check_open(self) -> None:
        if self._closed.is_set():
            raise UserError("This session has ended; start a new one to add documents")


def _rows(index: Index, own: bool) -> tuple[Row, ...]:
    return tuple(
        Row(each.id, each.title, each.date, len(each.text), index.passage_counts[each.id], own)
        for each in index.documents.values()
    )
