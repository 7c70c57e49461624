"""Read the files that are new or changed, and record what became of each."""

from collections.abc import Sequence
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
class FilesRead:
    """The documents of some files, and a record of each file."""

    documents: tuple[Document, ...]
    sources: tuple[SourceFile, ...]


def read_files(
    diff: FileDiff, workers: WorkerPool, on_file: Progress, ocr: str, stop: StopToken
) -> FilesRead:
    """Read the files ``diff.to_read``. A file that cannot be read is recorded with its failure.

    Raises:
        StoppedError: ``stop`` was stopped.
        WorkersUnavailableError: there are no workers.
    """
    documents: dict[str, Document] = {}
    taken = {doc_id for source in diff.unchanged for doc_id in source.documents}
    sources = []
    for pending, read in zip(diff.to_read, _read_all(diff.to_read, workers, on_file, ocr, stop), strict=True):
        ids: list[str] = []
        failures: list[Failure] = []
        for each in read.contents:
            if not isinstance(each, Failure) and (each.id in documents or each.id in taken):
                each = discovery.duplicate_id(each)
            if isinstance(each, Failure):
                failures.append(each)
            else:
                documents[each.id] = each
                ids.append(each.id)
        sources.append(replace(pending.source, documents=tuple(ids), failures=tuple(failures)))
    return FilesRead(tuple(documents.values()), tuple(sources))


def _read_all(
    files: Sequence[PendingFile], workers: WorkerPool, on_file: Progress, ocr: str, stop: StopToken
) -> list[ReadFile]:
    """Return what each file holds, in the order of ``files``."""
    read: list[ReadFile] = []
    stop.check()
    with closing(workers.read(files, ocr)) as reading:
        on_file(0, len(files))
        for each in reading:
            read.append(each)
            on_file(len(read), len(files))
            stop.check()
    return sorted(read, key=lambda each: each.number)
