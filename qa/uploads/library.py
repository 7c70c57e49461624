"""The uploaded documents of one visitor, or of all, searched together with the shared index."""

import hashlib
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Self

from qa.concurrency import StopToken
from qa.errors import AttestError, StoppedError, UserError
from qa.index.index import Index
from qa.index.prepare import by_id, cut_documents
from qa.index.snapshot import dump_snapshot
from qa.index.sources import SourceFile, Upload
from qa.index.update.base import Progress, Vectors, silent
from qa.index.update.embed import Embedder
from qa.index.update.workers.local import InProcessPool
from qa.ingest.base import Failure
from qa.pipeline import Pipeline
from qa.runtime import Runtime
from qa.schema import Document
from qa.uploads.actor import ANYBODY, Actor, NotAllowedError
from qa.uploads.admission import Admission, UploadedDocument, source_file
from qa.uploads.index import Revision, UploadIndex, sources_of
from qa.uploads.limits import LIMITS, Limits, Quota, files_text
from qa.uploads.listing import DocumentRow, list_documents
from qa.uploads.pending import PendingFiles
from qa.uploads.pipeline_cache import PipelineCache
from qa.uploads.private import PrivateUploads
from qa.uploads.space import Space, kept_bytes
from qa.uploads.staging import Staging

log = logging.getLogger(__name__)

ENDED = "This session has ended; start a new one to add documents"


@dataclass(frozen=True, slots=True)
class UploadResult:
    """The outcome of one :meth:`Library.add`: each file is a document, or a failure with its reason."""

    documents: tuple[Document, ...]
    failures: tuple[Failure, ...]


class Library:
    """Uploaded documents, searched together with those of the shared index.

    A visitor's own library costs next to nothing until a document is added, and its documents go with it
    (:class:`PrivateUploads`). A library of stored uploads (:class:`UploadIndex`), those of a reader with an
    account or those of everybody, leaves them where they are. What is kept is an index of the text and,
    within the limit, the files, which go with their documents.

    Every method may be called from any thread. A question that is asked while documents are added or removed
    sees the library as it was, and the next one as it is. Additions and removals wait for each other.

    Visitors with a library each never see each other's documents. To share them, give every session the same
    library: what one visitor adds, all can search, and the limits apply to all of them together.
    """

    def __init__(
        self,
        parts: Runtime,
        limits: Limits = LIMITS,
        quota: Quota | None = None,
        file_quota: Quota | None = None,
        *,
        stored: UploadIndex | None = None,
        shared: bool = False,
    ) -> None:
        """Begin without uploads beside the index of ``parts``, with space from the ``quota`` of all visitors
        for text and from their ``file_quota`` for files; or with uploads that are ``stored`` and last, to
        which no quota applies. If it is ``shared``, only who added a document may remove and download it.
        """
        self.limits = limits
        self.shared = shared
        self._parts = parts
        private = PrivateUploads(parts)
        self._private = None if stored else private
        self._uploads = stored or private
        self._admission = Admission(limits, parts)
        self._pending = PendingFiles()
        self._pipelines = PipelineCache(parts)
        self._changing = Lock()
        self._closed = StopToken()
        self._space = Space(limits, quota, file_quota)

    def __deepcopy__(self, memo: object) -> Self:
        """Return the same library: Gradio copies a session's initial values, and documents exist once."""
        return self

    @property
    def pipeline(self) -> Pipeline:
        """The pipeline over the shared and the uploaded documents as they are now. It goes on answering from
        these even when the library changes.
        """
        return self._pipelines.over(self._own)

    def refresh(self) -> None:
        """See what other servers have changed in the stored uploads."""
        self._uploads.refresh()

    @property
    def trouble(self) -> str:
        """The reason why documents that were uploaded before cannot be read; empty if they can."""
        return self._uploads.trouble

    @property
    def lasts(self) -> bool:
        """True if the documents stay when the server stops."""
        return self._private is None

    @property
    def visit_folder(self) -> Path | None:
        """The folder that goes with the documents of a visit; None without any, or where documents last."""
        return self._private.folder if self._private else None

    @property
    def left_out(self) -> tuple[Failure, ...]:
        """The files that were found with the shared documents and are left out, and why."""
        return self._parts.index.left_out

    @property
    def busy(self) -> bool:
        """True if files are being added."""
        return self._pending.busy

    @property
    def failures(self) -> tuple[Failure, ...]:
        """The files that could not be added the last time, and why."""
        return tuple(Failure(row.title, row.reason) for row in self._pending.failures)

    @property
    def keeps_originals(self) -> bool:
        """True if the files of uploads are kept, and not their text alone."""
        return self._uploads.keeps_originals

    def file(self, doc_id: str) -> Path | None:
        """Return the file of a document of the index that is unchanged since, or the copy of an uploaded one
        that is kept; None for others.
        """
        own = self._own
        return (own.file(doc_id) if own else None) or self._parts.index.file(doc_id)

    def original(self, doc_id: str, by: Actor = ANYBODY) -> Path | None:
        """Return the file of an uploaded document; None if it is not kept, or not for ``by``."""
        own = self._own
        source = sources_of(own).get(doc_id)
        return own.file(doc_id) if own and source and self._may_change(source, by) else None

    @property
    def version(self) -> str:
        """A digest of what :meth:`listing` shows; the same on all servers while none is adding anything."""
        opened = (self._parts.index, self._own)
        snapshots = [dump_snapshot(index.snapshot) for index in opened if index]
        return hashlib.sha256(repr((snapshots, self._pending.rows)).encode()).hexdigest()

    def listing(self, by: Actor = ANYBODY) -> tuple[DocumentRow, ...]:
        """Return a row for every document: shared, uploaded, being added, or failed in the last addition;
        with what ``by`` may do with it.
        """
        pending = self._pending.rows  # before the index, so that no file is missing from both
        may_change = partial(self._may_change, by=by)
        return list_documents(self._parts.index, self._own, pending, may_change)

    def add(self, files: Sequence[Path], on_progress: Progress = silent, by: Actor = ANYBODY) -> UploadResult:
        """Read ``files``, which are from ``by``, and index them, under ids made from their names.

        A file that cannot be read never stops the others. If indexing fails, the documents that were there
        stay, as they do if the library is closed meanwhile.

        Raises:
            UserError: the library is closed.
        """
        with self._changing:
            self._check_open()
            try:
                return self._add(files, on_progress, by)
            finally:
                self._pending.end()
                self._free_unused()

    def remove(self, doc_id: str, by: Actor = ANYBODY) -> None:
        """Remove an uploaded document, or a failed file from the listing, for ``by``.

        Raises:
            NotAllowedError: somebody else added it.
            UserError: there is neither, or the library is closed.
            AttestError: the rest could not be indexed without it; nothing has changed then.
        """

        def without(own: Index | None) -> Revision:
            if doc_id not in sources_of(own):
                raise UserError(f"{doc_id} is not one of your documents")
            source = sources_of(own)[doc_id]
            if not self._may_change(source, by):
                raise NotAllowedError(source)
            return Revision(tuple(file for other, file in sources_of(own).items() if other != doc_id))

        with self._changing:
            self._check_open()
            if self._pending.remove(doc_id):
                return
            try:
                self._change(without, {})
            finally:
                self._free_unused()

    def close(self) -> None:
        """End the session: stop an addition in progress, and remove the documents unless they last."""
        self._closed.stop()
        with self._changing:
            self._pending.clear()
            if self._private:
                self._private.clear()
            self._free_unused()

    @property
    def _own(self) -> Index | None:
        """The index of the uploaded documents; None without documents."""
        return self._uploads.index

    def _add(self, files: Sequence[Path], on_progress: Progress, by: Actor) -> UploadResult:
        ids = self._admission.assign_ids([path.name for path in files], self._own)
        self._pending.begin(ids)
        added: tuple[Document, ...] = ()
        staging = Staging()
        try:
            read = self._read(files, ids, staging)
            try:
                if read:
                    added = self._keep(read, on_progress, by)
            except AttestError as error:
                for each in read:
                    self._pending.fail(each.document.id, f"it was not indexed: {error}")
        finally:
            staging.remove()
        return UploadResult(added, self.failures)

    def _read(self, files: Sequence[Path], ids: Sequence[str], staging: Staging) -> list[UploadedDocument]:
        """Read the documents that are admitted; the others are failures."""
        read: list[UploadedDocument] = []
        for number, (doc_id, path) in enumerate(zip(ids, files, strict=True)):
            self._pending.start_reading(doc_id)
            try:
                if number >= self.limits.files:
                    raise UserError(f"at most {files_text(self.limits.files)} can be added at once")
                self._read_file(path, doc_id, read, staging)
            except UserError as error:
                self._pending.fail(doc_id, str(error))
            except Exception:  # whatever a stranger's file does to a parser, the others are read
                log.exception("%s could not be read", doc_id)
                self._pending.fail(doc_id, "it cannot be read")
        return read

    def _read_file(self, path: Path, doc_id: str, read: list[UploadedDocument], staging: Staging) -> None:
        """Append the admitted documents of a file to ``read``; the others are failures.

        Raises:
            UserError: there is no document in it, or none can be read.
        """
        found = False
        for each in self._admission.read(path, doc_id, staging):
            self._check_open()
            found = True
            if isinstance(each, Failure):
                self._pending.fail(each.path, each.reason)
                continue
            others = [other.document for other in read]
            try:
                admitted = self._admission.admit(each.document, self._own, others)
                self._reserve(self._own, [*others, admitted])
            except UserError as error:
                self._pending.fail(each.document.id, str(error))
            else:
                read.append(UploadedDocument(admitted, each.original))
        if not found:
            raise UserError("there are no documents in it")

    def _keep(
        self, read: Sequence[UploadedDocument], on_progress: Progress, by: Actor
    ) -> tuple[Document, ...]:
        """Index the documents that are still admitted when all are embedded: another server may have added
        some meanwhile.

        Raises:
            AttestError: the index cannot be written or opened, or the library was closed meanwhile.
        """
        vectors = self._embed([each.document for each in read], on_progress)
        admitted: list[Document] = []

        def with_new(own: Index | None) -> Revision:
            files = list(sources_of(own).values())
            originals: dict[str, Path] = {}
            for each in read:
                try:
                    admitted.append(self._admission.admit(each.document, own, admitted))
                except UserError as error:
                    self._pending.fail(each.document.id, str(error))
                    continue
                upload = replace(self._upload(each.original, files), uploader=by.name if self.shared else "")
                files.append(source_file(admitted[-1], upload))
                if each.original and upload.original:
                    originals[upload.original] = each.original
            return Revision(tuple(files), tuple(admitted), originals)

        self._change(with_new, vectors)
        return tuple(admitted)

    def _upload(self, original: Path | None, files: Sequence[SourceFile]) -> Upload:
        """Return what is noted of a file beside ``files``: it is kept if there is room for it."""
        if original is None or not self.keeps_originals:
            return Upload()
        return self._space.note_original(original, files, lasts=self.lasts)

    def _embed(self, documents: Sequence[Document], on_progress: Progress) -> Vectors:
        """Return the vector of every sentence of ``documents``. Those of the library are not embedded again.

        Raises:
            UserError: the library was closed meanwhile.
        """
        own, encoder = self._own, self._parts.encoder
        known = dict(own.sentence_vectors()) if own else {}
        sentences = cut_documents(by_id(documents)).sentences
        embedder = Embedder(
            InProcessPool(encoder), encoder.dimensions, on_sentence=on_progress, stop=self._closed
        )
        try:
            return dict(zip(sentences, embedder.embed(sentences, known)[:], strict=True))
        except StoppedError as error:
            raise UserError(ENDED) from error

    def _change(self, revise: Callable[[Index | None], Revision], vectors: Vectors) -> None:
        """Replace the index of the uploaded documents by what ``revise`` makes of it.

        Raises:
            UserError: what ``revise`` raises, or another server takes too long over a change.
            AttestError: the index cannot be written or opened; nothing has changed then.
        """
        try:
            self._uploads.change(revise, vectors)
        except OSError as error:
            raise AttestError(
                f"The index cannot be written ({error.strerror}); check that {self._uploads.home} is "
                "writable and has free space"
            ) from error

    def _reserve(self, own: Index | None, new: Iterable[Document] = ()) -> None:
        """Reserve the space of ``own`` and ``new`` documents. Those that last need none.

        Raises:
            UserError: it is more than before, and more than is free.
        """
        if self._private:
            self._space.reserve_text([*sources_of(own).values(), *map(source_file, new)])

    def _free_unused(self) -> None:
        """Free the space and the folder that the present documents do not need."""
        self._reserve(self._own)
        if self._private:
            self._space.reserve_files(kept_bytes(sources_of(self._own).values()))
            self._private.remove_if_empty()

    def _may_change(self, source: SourceFile, by: Actor) -> bool:
        """Return whether ``by`` may remove and download a document."""
        return not self.shared or by.may_change(source.upload.uploader if source.upload else "")

    @property
    def is_open(self) -> bool:
        """True if documents can be added."""
        return not self._closed.stopped

    def _check_open(self) -> None:
        if not self.is_open:
            raise UserError(ENDED)
