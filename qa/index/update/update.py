"""Change an index: to a list of documents, to what is in a folder, or by some documents more or less.

Every snapshot replaces the one before in one step. In the end at most one segment has been written; until
then, an index of many files is searched as far as it has come.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa import __version__
from qa.concurrency import StopToken
from qa.embedding.base import Encoder
from qa.errors import IndexDamagedError, IndexMissingError, UserError
from qa.index.base import Store
from qa.index.document_store import SpooledDocuments
from qa.index.multi_index import chain_mappings
from qa.index.prepare import by_id, corpus_digest, cut_documents
from qa.index.snapshot import Snapshot, SnapshotInfo
from qa.index.sources import SourceFile
from qa.index.stats import IndexStats, count_stored
from qa.index.update.base import Progress, Vectors, silent
from qa.index.update.checkpoint import EmbeddingCheckpoint
from qa.index.update.diff import diff_files, outside
from qa.index.update.embed import Embedder
from qa.index.update.grow import Growth, in_order, newest_first
from qa.index.update.merge import current_segments, plan_merge
from qa.index.update.read import read_files
from qa.index.update.record_change import ChangeRecorder
from qa.index.update.workers.base import WorkerPool
from qa.index.update.workers.local import InProcessPool
from qa.index.vectors import VectorFile
from qa.ingest.base import Failure, Survey
from qa.ingest.left_out import summary_lines
from qa.schema import Document

ENCODED = 60_000
"""Sentences of a list of documents that are embedded at a time: 90 MB of vectors."""

NO_TEXT = "There is no text to index; put documents into the corpus folder"


@dataclass(frozen=True, slots=True)
class UpdateResult:
    """The changes that an update made."""

    stats: IndexStats
    """Of the index as it is now."""
    added: int
    """Documents that were read."""
    removed: int
    """Documents that were replaced or removed."""
    failures: tuple[Failure, ...]
    """The files that are left out, and why."""
    new_failures: tuple[Failure, ...]
    """The files that were not left out for the same reason before."""


def build_index(store: Store, documents: Sequence[Document], encoder: Encoder) -> None:
    """Make ``documents`` the index in ``store``, in one step and in place of what was in it.

    An index of the same documents with the same model is kept as it is. If anything fails, the current
    snapshot stays.

    Raises:
        UserError: there are no documents, or another process is writing this index.
        OSError: the disk is full or the folder cannot be written.
    """
    if not documents:
        raise UserError(NO_TEXT)
    with store.write_lock():
        before = _load_verified(store)
        removed = [each.ref.removed for each in before.segments] if before else []
        digests = [each.manifest.corpus_sha256 for each in before.segments] if before else []
        if any(removed) or digests != [corpus_digest(documents)]:
            cut = cut_documents(by_id(documents))
            vectors = VectorFile(store.home, len(cut.sentences), encoder.dimensions)
            for first in range(0, len(vectors), ENCODED):
                rows = range(first, min(first + ENCODED, len(vectors)))
                vectors.put(rows, encoder.encode(cut.sentences[rows.start : rows.stop]))
            store.commit(Snapshot.now([store.write(cut.with_vectors(vectors))]), ())


def update_index(
    store: Store,
    survey: Survey,
    encoder: Encoder,
    on_file: Progress = silent,
    on_sentence: Progress = silent,
    ocr: str = "",
    workers: WorkerPool | None = None,
    stop: StopToken | None = None,
    keep_days: int = 0,
) -> UpdateResult:
    """Bring the index in ``store`` to the files of ``survey``, step by step (:mod:`qa.index.update.grow`).

    A file is known by the SHA-256 of its bytes: a file that has not changed is not read, one that was only
    renamed is not embedded again, and of several with the same bytes one is indexed. A damaged index is made
    anew. The index's own files are left out, where its folder is among what was surveyed.

    ``encoder`` makes the vectors that the index does not have yet, unless ``workers`` read and embed in place
    of this process. ``on_file`` and ``on_sentence`` are told how much was read and embedded. Pages that are
    pictures are recognised in the languages ``ocr``; an empty string leaves them out. What the update changes
    is kept for ``keep_days``, with the text of the documents that go.

    If anything fails, or ``stop`` was stopped, the last step stays. What had been read for it is not read
    again by the next update, and what had been embedded not embedded again.

    Raises:
        UserError: there is no document, or another process is writing this index.
        OSError: the disk is full or the folder cannot be written.
        StoppedError: ``stop`` was stopped.
        WorkersUnavailableError: there are no workers.
    """
    workers, stop = workers or InProcessPool(encoder), stop or StopToken()
    with store.write_lock():
        before = _load_verified(store)
        if before and not before.snapshot.sources:
            before = None  # it was not made of files
        known_failures = (
            {failure for source in before.sources for failure in source.failures} if before else set()
        )
        found = outside(store.home, survey)
        diff = diff_files(
            found.files,
            {each.path: each for each in before.sources} if before else {},
            retry_failed=before is None or (before.snapshot.by, before.snapshot.ocr) != (__version__, ocr),
        )
        unread = [SourceFile(each.path, "", 0, 0, failures=(each,)) for each in found.failures]
        settled = [*diff.unchanged, *diff.duplicates, *unread]
        current = current_segments(store, before.segments if before else ())
        recorder = ChangeRecorder(store, before.snapshot if before else None, current, keep_days)
        new = SpooledDocuments(store.home)
        growth = Growth(
            store,
            before.snapshot if before else Snapshot.now((), ocr, str(survey.root)),
            current,
            [*(before.sources if before else ()), *settled],
            [each.source.path for each in diff.to_read],
            recorder,
            new,
        )
        sources = settled
        for read in read_files(diff, workers, on_file, ocr, stop):
            for document in read.documents:
                new.add(document)
            growth.read(read.source)
            sources.append(read.source)
        sources.sort(key=lambda each: each.path)
        unchanged = {doc_id for source in diff.unchanged for doc_id in source.documents}
        failures = tuple(failure for source in sources for failure in source.failures)
        if not new and not unchanged:
            raise UserError("; ".join((NO_TEXT, *summary_lines(failures))))
        checkpoint = EmbeddingCheckpoint(store.home, store.identity, encoder.dimensions)
        embedder = Embedder(workers, encoder.dimensions, checkpoint, on_sentence, stop, store.home)
        retained = [each.retain(unchanged) for each in current]
        plan = plan_merge(retained, new)
        known = plan.known_vectors(store.home)
        words_only = [each.documents for each in retained if not each.manifest.has_vectors]
        growth.embed(newest_first(chain_mappings([new, *words_only]), sources), embedder, known)
        segments = [each.ref for each in plan.kept]
        if plan.documents:
            segments.append(store.write(embedder.prepare(in_order(plan.documents, sources), known)))
        leaving = {doc_id for each in current for doc_id in each.opened.documents} - unchanged
        after = Snapshot.now(segments, ocr, str(survey.root), sources)
        after = recorder.record(after, new, leaving)
        last = growth.snapshot or (before.snapshot if before else None)
        if last is None or replace(after, written=last.written) != last:
            store.commit(after, sources)
        checkpoint.discard()
        stats = count_stored(store, store.describe().segments)
    return UpdateResult(
        stats,
        added=len(new),
        removed=sum(each.remaining for each in current) - sum(each.remaining for each in retained),
        failures=failures,
        new_failures=tuple(each for each in failures if each not in known_failures),
    )


def put_documents(
    store: Store,
    documents: Sequence[Document],
    sources: Sequence[SourceFile],
    vectors: Vectors,
) -> None:
    """Make the documents that ``sources`` name the index in ``store``, in one step: ``documents``, which are
    new, and others that are in it, which are not embedded again. The caller holds the lock on ``store``.

    ``vectors`` has that of every sentence of the new documents. No segment keeps any text of a document that
    has left.

    Raises:
        IndexDamagedError: the index is damaged; it stays as it is.
        OSError: the disk is full or the folder cannot be written; the index stays as it is.
    """
    try:
        before = store.load_verified(texts=True).segments
    except IndexMissingError:
        before = ()
    staying = {doc_id for source in sources for doc_id in source.documents} - {each.id for each in documents}
    retained = [each.retain(staying) for each in current_segments(store, before)]
    plan = plan_merge(retained, by_id(documents), purge=True)
    segments = [each.ref for each in plan.kept]
    if plan.documents:
        known = plan.known_vectors(store.home, vectors.items())
        segments.append(store.write(plan.cut_as_stored().with_known_vectors(known, store.home)))
    store.commit(Snapshot.now(segments, sources=sources), sources)


def _load_verified(store: Store) -> SnapshotInfo | None:
    """Load the current snapshot, if all of it is undamaged and was made by this embedding model."""
    try:
        return store.load_verified(texts=True)
    except (IndexMissingError, IndexDamagedError, OSError):
        return None
