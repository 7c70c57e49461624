"""Read the files that are new or changed, and record what became of each."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace

from qa.concurrency import StopToken
from qa.index.sources import SourceFile
from qa.index.update.base import PendingFile, Progress
from qa.index.update.diff import FileDiff
from qa.index.update.workers.base import ReadFile, WorkerPool
from qa.ingest import discovery
from qa.ingest.base import Failure
from qa.schema import Document


@dataclass(frozen=True, slots=True)
class FileRead:
    """The documents of a file, and its record."""

    documents: tuple[Document, ...]
    source: SourceFile


def read_files(
    diff: FileDiff, workers: WorkerPool, on_file: Progress, ocr: str, stop: StopToken
) -> Iterator[FileRead]:
    """Read the files ``diff.to_read``, the newest first, and yield each as soon as it has been read. A file
    that cannot be read is recorded with its failure.

    Raises:
        StoppedError: ``stop`` was stopped.
        WorkersUnavailableError: there are no workers.
    """
    files = sorted(diff.to_read, key=lambda each: -each.source.changed_ns)
    taken = {doc_id for source in diff.unchanged for doc_id in source.documents}
    stop.check()
    with closing(workers.read(files, ocr)) as reading:
        on_file(0, len(files))
        for done, read in enumerate(reading, start=1):
            yield _record(files[read.number], read, taken)
            on_file(done, len(files))
            stop.check()


def _record(pending: PendingFile, read: ReadFile, taken: set[str]) -> FileRead:
    """Return what was read of a file, but no document of an id that is ``taken``; those that stay take
    theirs.
    """
    documents: list[Document] = []
    failures: list[Failure] = []
    for each in read.contents:
        if isinstance(each, Document) and each.id in taken:
            failures.append(discovery.duplicate_id(each))
        elif isinstance(each, Document):
            taken.add(each.id)
            documents.append(each)
        else:
            failures.append(each)
    ids = tuple(each.id for each in documents)
    return FileRead(tuple(documents), replace(pending.source, documents=ids, failures=tuple(failures)))
