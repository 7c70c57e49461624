"""Documents to an index, all of them at once; or a folder that changes: what is new is read, what is gone
leaves, the rest stays.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa import __version__
from qa.errors import IndexDamagedError, IndexMissingError, UserError
from qa.index.base import Crew, Encoder, Parsed, Part, Store
from qa.index.index import Contents, Index
from qa.index.manifest import Manifest
from qa.index.segment_writer import corpus_digest
from qa.index.snapshot import Held, Opened, State
from qa.index.sources import Content, Seen, Source
from qa.index.update.cached_encoder import Progress, Recalling, silent
from qa.index.update.checkpoint import Unfinished
from qa.index.update.workers.local import Alone
from qa.ingest import discovery
from qa.ingest.discovery import Failure, File, Survey
from qa.schema import Document

NO_TEXT = "There is no text to index; put documents into the corpus folder"

RATIO = 2
"""Each build holds at least so many times the documents of all that were written after it; where it would
not, it is merged with them. Of n documents there are then at most log2(n) builds, and each document is
written again as often (geometric partitioning: Lester, Moffat and Zobel 2008, "Efficient Online Index
Construction for Text Databases")."""


Vectors = Mapping[str, NDArray[np.float32]]
"""By the text that each is of."""


@dataclass(frozen=True, slots=True)
class Updated:
    """What an update brought, in numbers of documents, and the files that could not be read."""

    contents: Contents
    """Of the index as it is now."""
    added: int
    removed: int
    failures: tuple[Failure, ...]


@dataclass(frozen=True, slots=True)
class _Sorted:
    """The files that were found, by what is to be done with them."""

    kept: tuple[Source, ...]
    to_read: tuple[Seen, ...]
    same: tuple[Source, ...]
    """Those with the bytes of another, which is read in their place."""


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
            store.put_in_force(State.now([store.write(documents, encoder)]), ())


def update_index(
    store: Store,
    survey: Survey,
    encoder: Encoder,
    on_file: Progress = silent,
    on_sentence: Progress = silent,
    ocr: str = "",
    crew: Crew | None = None,
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
    crew = crew or Alone(encoder)
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
        were = [_Former(each.held, each.manifest, store.part(each)) for each in wholes]
        parts = [part.keeping(kept) for part in were]
        unfinished = Unfinished(store.home, store.identity, encoder.dimensions)

        def write(documents: Sequence[Document], known: Vectors) -> Held:
            return store.write(documents, Recalling(encoder, known, on_sentence, unfinished, crew))

        builds = _written(parts, documents, write)
        after = State.now(builds, ocr, str(survey.root), sources)
        if before is None or replace(after, written=before.state.written) != before.state:
            store.put_in_force(after, sources)
        unfinished.discard()
    gone = sum(part.present for part in were) - sum(part.present for part in parts)
    failures = [failure for source in sources for failure in source.failures]
    contents = Index.open(store, encoder).contents
    return Updated(contents, len(documents), gone, (*survey.failures, *failures))


def put_documents(
    store: Store, documents: Sequence[Document], sources: Sequence[Source], encoder: Encoder
) -> None:
    """Put in force, in one step, the documents that ``sources`` name: ``documents``, which are new, and of
    those that were in force the others, which are not embedded again. No build in force has any text of what
    has left. Whoever calls it holds the lock on ``store``.

    Raises:
        IndexDamagedError: what is in force is not whole; it stays.
        OSError: the disk is full or the folder cannot be written; what was in force stays.
    """
    try:
        wholes = store.checked(texts=True).builds
    except IndexMissingError:
        wholes = ()
    kept = {doc_id for source in sources for doc_id in source.documents} - {each.id for each in documents}
    parts = [_Former(each.held, each.manifest, store.part(each)).keeping(kept) for each in wholes]

    def write(documents: Sequence[Document], known: Vectors) -> Held:
        return store.write(documents, Recalling(encoder, known))

    builds = _written(parts, documents, write, purge=True)
    store.put_in_force(State.now(builds, sources=sources), sources)


@dataclass(frozen=True, slots=True)
class _Former:
    """A build that was in force, and what of it is to be."""

    held: Held
    manifest: Manifest
    opened: Part
    """With the documents that were in force before."""

    @property
    def present(self) -> int:
        """How many documents of it are to be in force."""
        return self.manifest.documents - len(self.held.removed)

    def keeping(self, kept: Collection[str]) -> "_Former":
        """The same, to be in force with the documents that are ``kept``."""
        leaving = self.opened.documents.keys() - set(kept)
        removed = tuple(sorted({*self.held.removed, *leaving}))
        return replace(self, held=replace(self.held, removed=removed))

    @property
    def documents(self) -> list[Document]:
        """Those that are to be in force."""
        return [each for doc_id, each in self.opened.documents.items() if doc_id not in self.held.removed]


def _whole(store: Store) -> Opened | None:
    """What is in force, if all of it is whole and was made by this embedding model."""
    try:
        return store.checked(texts=True)
    except (IndexMissingError, IndexDamagedError, OSError):
        return None


def _outside(folder: Path, survey: Survey) -> list[File]:
    """The files of ``survey`` that are not the index's own, in ``folder``."""
    if not folder.resolve().is_relative_to(survey.root):
        return list(survey.files)
    own = folder.resolve().relative_to(survey.root).as_posix() + "/"
    return [file for file in survey.files if not file.id.startswith(own)]


def _sort(found: Sequence[File], known: Mapping[str, Source], *, again: bool) -> _Sorted:
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


def _seen(file: File) -> Source:
    try:
        status = file.path.stat()
    except OSError:
        return Source(file.id, "", 0, 0)
    return Source(file.id, discovery.digest(file), status.st_size, status.st_mtime_ns)


def _is_known(source: Source, known: Mapping[str, Source]) -> bool:
    """Whether it was read before, under this name and with these bytes."""
    old = known.get(source.path)
    return bool(source.sha256 and old and old.sha256 == source.sha256 and (old.documents or old.failures))


def _read(found: _Sorted, crew: Crew, on_file: Progress, ocr: str) -> tuple[list[Document], list[Source]]:
    documents: dict[str, Document] = {}
    taken = {doc_id for source in found.kept for doc_id in source.documents}
    sources = []
    for parsed in _parsed(found.to_read, crew, on_file, ocr):
        ids: list[str] = []
        failures: list[Failure] = []
        for each in parsed.found:
            if not isinstance(each, Failure) and (each.id in documents or each.id in taken):
                each = discovery.taken(each)
            if isinstance(each, Failure):
                failures.append(each)
            else:
                documents[each.id] = each
                ids.append(each.id)
        source = found.to_read[parsed.number].source
        sources.append(replace(source, documents=tuple(ids), failures=tuple(failures)))
    return list(documents.values()), sources


def _parsed(to_read: Sequence[Seen], crew: Crew, on_file: Progress, ocr: str) -> list[Parsed]:
    """What each file holds, in their order."""
    found: list[Parsed] = []
    with closing(crew.read(to_read, ocr)) as read:
        on_file(0, len(to_read))
        for each in read:
            found.append(each)
            on_file(len(found), len(to_read))
    return sorted(found, key=lambda each: each.number)


def _written(
    parts: Sequence[_Former],
    documents: Sequence[Document],
    write: Callable[[Sequence[Document], Vectors], Held],
    *,
    purge: bool = False,
) -> list[Held]:
    """The builds to put in force: those of ``parts`` that stay, and one of ``documents`` and the others,
    which ``write`` writes with the vectors that are known. With ``purge``, none stays that a document has
    left; else those of which half is there.
    """
    staying = [part for part in parts if part.present]
    merged: list[_Former] = []
    size = len(documents)
    for part in reversed(staying):
        thinned = part.present < part.manifest.documents / (1 if purge else 2)
        if thinned or 0 < part.present < RATIO * size:
            merged.insert(0, part)
            size += part.present
    rest = [part.held for part in staying if part not in merged]
    if not size:
        return rest
    known: dict[str, NDArray[np.float32]] = {}
    for part in parts:
        leaving = part.opened.documents.keys() & part.held.removed  # under another name, they may be back
        known |= part.opened.embedded(None if part in merged else leaving)
    again = [each for part in merged for each in part.documents]
    return [*rest, write([*again, *documents], known)]
