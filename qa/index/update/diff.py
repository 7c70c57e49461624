"""Sort files into new, changed, unchanged and duplicates, by the digest of their bytes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from qa.index.sources import FileContent, SourceFile
from qa.index.update.base import PendingFile
from qa.ingest import discovery
from qa.ingest.base import File, Survey
from qa.ingest.readers.base import NEEDS_PROGRAM


@dataclass(frozen=True, slots=True)
class FileDiff:
    """The files that were found, by what is to be done with them."""

    unchanged: tuple[SourceFile, ...]
    to_read: tuple[PendingFile, ...]
    duplicates: tuple[SourceFile, ...]
    """Files with the same bytes as another one, which is indexed in their place."""


def diff_files(found: Sequence[File], known: Mapping[str, SourceFile], *, retry_failed: bool) -> FileDiff:
    """Compare the files that were found with those that are indexed, which ``known`` has by their paths.

    With ``retry_failed``, unchanged files that could not be read are to be read once more; without, those
    that a program was missing for.
    """
    current = [(file, _record(file)) for file in found]
    # Of files with the same bytes the one stays that was indexed before, else the first by name.
    indexed: dict[FileContent, str] = {}
    for _, source in sorted(current, key=lambda each: not _was_read(each[1], known)):
        indexed.setdefault(source.content, source.path)
    unchanged, to_read, duplicates = [], [], []
    for file, source in current:
        old = known.get(source.path)
        if source.sha256 and indexed[source.content] != source.path:
            duplicates.append(source)
        elif old and _was_read(source, known) and not (old.failures and (retry_failed or _waits(old))):
            unchanged.append(replace(source, documents=old.documents, failures=old.failures))
        else:
            to_read.append(PendingFile(file, source))
    return FileDiff(tuple(unchanged), tuple(to_read), tuple(duplicates))


def _waits(source: SourceFile) -> bool:
    return any(failure.reason in NEEDS_PROGRAM for failure in source.failures)


def outside(folder: Path, survey: Survey) -> Survey:
    """Return ``survey`` without the files in ``folder``, which has the index's own."""
    if not folder.resolve().is_relative_to(survey.root):
        return survey
    own = folder.resolve().relative_to(survey.root).as_posix() + "/"
    files = tuple(file for file in survey.files if not file.id.startswith(own))
    failures = tuple(failure for failure in survey.failures if not failure.path.startswith(own))
    return Survey(survey.root, files, failures)


def _record(file: File) -> SourceFile:
    """Digest a file; a record without a digest is one of a file that cannot be read."""
    try:
        status = file.path.stat()
    except OSError:
        return SourceFile(file.id, "", 0, 0)
    return SourceFile(file.id, discovery.digest(file), status.st_size, status.st_mtime_ns)


def _was_read(source: SourceFile, known: Mapping[str, SourceFile]) -> bool:
    """Return whether a file was read before, under this path and with these bytes."""
    old = known.get(source.path)
    return bool(source.sha256 and old and old.sha256 == source.sha256 and (old.documents or old.failures))
