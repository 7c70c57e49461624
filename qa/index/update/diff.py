"""Which files are new, changed, unchanged or duplicates, by the digest of their bytes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from qa.index.sources import Content, Seen, SourceFile
from qa.ingest import discovery
from qa.ingest.base import File, Survey


@dataclass(frozen=True, slots=True)
class _Sorted:
    """The files that were found, by what is to be done with them."""

    kept: tuple[SourceFile, ...]
    to_read: tuple[Seen, ...]
    same: tuple[SourceFile, ...]
    """Those with the bytes of another, which is read in their place."""


def _outside(folder: Path, survey: Survey) -> list[File]:
    """The files of ``survey`` that are not the index's own, in ``folder``."""
    if not folder.resolve().is_relative_to(survey.root):
        return list(survey.files)
    own = folder.resolve().relative_to(survey.root).as_posix() + "/"
    return [file for file in survey.files if not file.id.startswith(own)]


def _sort(found: Sequence[File], known: Mapping[str, SourceFile], *, again: bool) -> _Sorted:
    """Which files are as they were; with ``again``, those that could not be read are to be read once more."""
    seen = [(file, _seen(file)) for file in found]
    # Of files with the same bytes the one stays that was indexed before, else the first by name.
    first: dict[Content, str] = {}
    for _, source in sorted(seen, key=lambda each: not _is_known(each[1], known)):
        first.setdefault(source.content, source.path)
    kept, to_read, same = [], [], []
    for file, source in seen:
        old = known.get(source.path)
        if source.sha256 and first[source.content] != source.path:
            same.append(source)
        elif old and _is_known(source, known) and not (again and old.failures):
            kept.append(replace(source, documents=old.documents, failures=old.failures))
        else:
            to_read.append(Seen(file, source))
    return _Sorted(tuple(kept), tuple(to_read), tuple(same))


def _seen(file: File) -> SourceFile:
    try:
        status = file.path.stat()
    except OSError:
        return SourceFile(file.id, "", 0, 0)
    return SourceFile(file.id, discovery.digest(file), status.st_size, status.st_mtime_ns)


def _is_known(source: SourceFile, known: Mapping[str, SourceFile]) -> bool:
    """Whether it was read before, under this name and with these bytes."""
    old = known.get(source.path)
    return bool(source.sha256 and old and old.sha256 == source.sha256 and (old.documents or old.failures))
