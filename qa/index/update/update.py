"""Documents to an index, all of them at once; or a folder that changes: what is new is read, what is gone
leaves, the rest stays.
"""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from qa import __version__
from qa.embedding.base import Encoder
from qa.errors import IndexDamagedError, IndexMissingError, UserError
from qa.index.base import Store
from qa.index.index import Contents, Index
from qa.index.segment_writer import corpus_digest
from qa.index.snapshot import SegmentRef, SnapshotInfo, State
from qa.index.sources import Seen, SourceFile
from qa.index.update.base import Progress, silent
from qa.index.update.cached_encoder import CachingEncoder
from qa.index.update.checkpoint import EmbeddingCheckpoint
from qa.index.update.diff import _outside, _sort, _Sorted
from qa.index.update.merge import Vectors, _Former, _written
from qa.index.update.workers.base import Parsed, WorkerPool
from qa.index.update.workers.local import InProcessPool
from qa.ingest import discovery
from qa.ingest.base import Failure, Survey
from qa.schema import Document

NO_TEXT = "There is no text to index; put documents into the corpus folder"


@dataclass(frozen=True, slots=True)
class Updated:
    """What an update brought, in numbers of documents, and the files that could not be read."""

    contents: Contents
    """Of the index as it is now."""
    added: int
    removed: int
    failures: tuple[Failure, ...]


def build_index(store: Store, documents: Sequence[Document], encoder: Encoder) -> None:
    """Index ``documents`` and put them in force in one step, in place of all others.

    An index of the same documents with the same model is kept as it is. Whatever fails, what was in force
    stays in force.

    Raises:
        UserError: no documents, or another process is writing this index.
        OSError: the disk is full or the folder cannot be written.
    """
    if not documents:
        raise UserError(NO_TEXT)
    with store.writing():
        before = _whole(store)
        held = [each.held.removed for each in before.builds] if before else []
        digests = [each.manifest.corpus_sha256 for each in before.builds] if before else []
        if any(held) or digests != [corpus_digest(documents)]:
            store.commit(State.now([store.write(documents, encoder)]), ())


def update_index(
    store: Store,
    survey: Survey,
    encoder: Encoder,
    on_file: Progress = silent,
    on_sentence: Progress = silent,
    ocr: str = "",
    crew: WorkerPool | None = None,
) -> Updated:
    """Bring the index in ``store`` to what ``survey`` found, and put that in force in one step.

    A file is known by the SHA-256 of its bytes: of those that are as they were nothing is read, under another
    name they are not embedded again, and of several alike one is indexed. A damaged index is made anew. The
    index's own files are passed over, where its folder is among what was surveyed.
    ``encoder`` makes the vectors that the index does not have yet; ``on_file`` and ``on_sentence`` hear how
    much was read and embedded, and what they raise ends the work, which the next update takes up.
    Pages that are pictures are recognised in the languages ``ocr``, if there are any. A ``crew`` reads and
    embeds in this process's place.
    Whatever fails, what was in force stays in force.

    Raises:
        UserError: there is no document, or another process is writing this index.
        OSError: the disk is full or the folder cannot be written.
        WorkersUnavailableError: there is nobody in the crew.
    """
    crew = crew or InProcessPool(encoder)
    with store.writing():
        before = _whole(store)
        if before and not before.state.sources:
            before = None  # it was not made of files
        known = {each.path: each for each in before.sources} if before else {}
        again = before is None or (before.state.by, before.state.ocr) != (__version__, ocr)
        sorted_ = _sort(_outside(store.home, survey), known, again=again)
        documents, read = _read(sorted_, crew, on_file, ocr)
        sources = sorted((*sorted_.kept, *read, *sorted_.same), key=lambda each: each.path)
        kept = {doc_id for source in sorted_.kept for doc_id in source.documents}
        if not documents and not kept:
            raise UserError(NO_TEXT)
        wholes = before.builds if before else ()
        were = [_Former(each.held, each.manifest, store.open_segment(each)) for each in wholes]
        parts = [part.keeping(kept) for part in were]
        unfinished = EmbeddingCheckpoint(store.home, store.identity, encoder.dimensions)

        def write(documents: Sequence[Document], known: Vectors) -> SegmentRef:
            return store.write(documents, CachingEncoder(encoder, known, on_sentence, unfinished, crew))

        builds = _written(parts, documents, write)
        after = State.now(builds, ocr, str(survey.root), sources)
        if before is None or replace(after, written=before.state.written) != before.state:
            store.commit(after, sources)
        unfinished.discard()
    gone = sum(part.present for part in were) - sum(part.present for part in parts)
    failures = [failure for source in sources for failure in source.failures]
    contents = Index.open(store, encoder).contents
    return Updated(contents, len(documents), gone, (*survey.failures, *failures))


def put_documents(
    store: Store, documents: Sequence[Document], sources: Sequence[SourceFile], encoder: Encoder
) -> None:
    """Put in force, in one step, the documents that ``sources`` name: ``documents``, which are new, and of
    those that were in force the others, which are not embedded again. No build in force has any text of what
    has left. Whoever calls it holds the lock on ``store``.

    Raises:
        IndexDamagedError: what is in force is not whole; it stays.
        OSError: the disk is full or the folder cannot be written; what was in force stays.
    """
    try:
        wholes = store.load_verified(texts=True).builds
    except IndexMissingError:
        wholes = ()
    kept = {doc_id for source in sources for doc_id in source.documents} - {each.id for each in documents}
    parts = [_Former(each.held, each.manifest, store.open_segment(each)).keeping(kept) for each in wholes]

    def write(documents: Sequence[Document], known: Vectors) -> SegmentRef:
        return store.write(documents, CachingEncoder(encoder, known))

    builds = _written(parts, documents, write, purge=True)
    store.commit(State.now(builds, sources=sources), sources)


def _whole(store: Store) -> SnapshotInfo | None:
    """What is in force, if all of it is whole and was made by this embedding model."""
    try:
        return store.load_verified(texts=True)
    except (IndexMissingError, IndexDamagedError, OSError):
        return None


def _read(
    found: _Sorted, crew: WorkerPool, on_file: Progress, ocr: str
) -> tuple[list[Document], list[SourceFile]]:
    documents: dict[str, Document] = {}
    taken = {doc_id for source in found.kept for doc_id in source.documents}
    sources = []
    for parsed in _parsed(found.to_read, crew, on_file, ocr):
        ids: list[str] = []
        failures: list[Failure] = []
        for each in parsed.found:
            if not isinstance(each, Failure) and (each.id in documents or each.id in taken):
                each = discovery.duplicate_id(each)
            if isinstance(each, Failure):
                failures.append(each)
            else:
                documents[each.id] = each
                ids.append(each.id)
        source = found.to_read[parsed.number].source
        sources.append(replace(source, documents=tuple(ids), failures=tuple(failures)))
    return list(documents.values()), sources


def _parsed(to_read: Sequence[Seen], crew: WorkerPool, on_file: Progress, ocr: str) -> list[Parsed]:
    """What each file holds, in their order."""
    found: list[Parsed] = []
    with closing(crew.read(to_read, ocr)) as read:
        on_file(0, len(to_read))
        for each in read:
            found.append(each)
            on_file(len(found), len(to_read))
    return sorted(found, key=lambda each: each.number)
