"""Copy an index to another store: from a folder to Milvus, or back. Nothing is embedded again."""

from dataclasses import replace

from qa.errors import IndexDamagedError, UserError
from qa.index.base import Store
from qa.index.passages import PassageTable
from qa.index.prepare import CutDocuments
from qa.index.snapshot import SnapshotInfo
from qa.index.sources import SourceFile, sources_name
from qa.index.stats import IndexStats, count_opened
from qa.index.update.base import Progress, silent
from qa.index.vectors import KnownVectors


def copy_index(source: Store, target: Store, on_segment: Progress = silent) -> IndexStats:
    """Copy the current snapshot of ``source`` to ``target``, in one step, and return how much that is.

    A copy that was stopped goes on with the segment it had begun. Documents that were removed are not copied.
    ``on_segment`` is told how many segments have been copied, and of how many.

    Raises:
        IndexMissingError, IndexDamagedError: there is nothing to copy, or it or the copy is damaged.
        UserError: the models of the two differ, or another process is writing ``target``.
        IndexUnavailableError: one of the stores does not answer.
        OSError: the disk is full or the folder cannot be written.
    """
    if source.identity != target.identity:
        raise UserError("An index can be copied only to one of the same embedding model")
    original = source.load_verified()
    if not original.coverage.complete:
        raise UserError("The index is not finished; finish it with: attest index")
    with target.write_lock():
        segments = []
        for done, each in enumerate(original.segments):
            on_segment(done, len(original.segments))
            segment = source.open_segment(each)
            if segment.passage_count:
                passages = PassageTable.of(segment.passages(), list(segment.documents))
                cut = CutDocuments(segment.documents, passages)
                vectors = KnownVectors(target.home, segment.sentence_vectors())
                segments.append(target.write(cut.with_known_vectors(vectors, target.home)))
        changes = tuple(
            replace(each, name=target.write_change(source.read_change(each.name)))
            for each in original.snapshot.changes
        )
        sources = tuple(_copy_original(each, source, target) for each in original.sources)
        snapshot = replace(
            original.snapshot,
            segments=tuple(segments),
            changes=changes,
            sources=sources_name(sources) if original.snapshot.sources else "",
        )
        target.commit(snapshot, sources)
        on_segment(len(original.segments), len(original.segments))
    expected, copied = _count(source, original), _count(target, target.load_verified(texts=True))
    if copied != expected:
        raise IndexDamagedError(
            f"The copy is not complete: it has {_described(copied)}, the original {_described(expected)}; "
            "copy it again"
        )
    return copied


def _copy_original(file: SourceFile, source: Store, target: Store) -> SourceFile:
    """Copy the file of an upload to ``target``, if both stores keep files, and return what is known of it."""
    if file.upload is None or not file.upload.original:
        return file
    original = source.original(file.upload.original) if target.keeps_originals else None
    if original is None:
        return replace(file, upload=replace(file.upload, original="", size=0))
    target.write_original(original, file.upload.original)
    return file


def _count(store: Store, info: SnapshotInfo) -> IndexStats:
    """Open every segment and count what it holds."""
    return count_opened([store.open_segment(each) for each in info.segments], store.identity)


def _described(stats: IndexStats) -> str:
    return f"{stats.documents} documents, {stats.passages} passages and {stats.sentences} sentences"
