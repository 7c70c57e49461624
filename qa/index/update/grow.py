"""An index that is searched while it is made: each step of an update is a snapshot of its own.

What has been read is searched by words at once, and by meaning as it is embedded. Steps become longer, so
that the first comes soon and there are few. The update's own last step merges what they have written.
"""

import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain

from qa.index.base import Store
from qa.index.document_store import SelectedDocuments
from qa.index.prepare import PreparedSegment, cut_documents
from qa.index.snapshot import SegmentRef, Snapshot
from qa.index.sources import SourceFile
from qa.index.update.base import Progress
from qa.index.update.embed import Embedder
from qa.index.update.merge import CurrentSegment
from qa.index.update.record_change import ChangeRecorder
from qa.index.vectors import VectorLookup
from qa.schema import Document

FIRST_SECONDS = 1.0
"""The time for which files are read before they are searched by words."""

FIRST_CHARACTERS = 30_000
"""The text that is embedded in the first step: about 300 sentences, which take five seconds on two cores. An
update of no more than that has one step."""

LONGER = 1.5
"""The ratio of the length of a step to that of the one before. A third of what has been done is then not
searched yet, at most, and n times the first step takes about 2.5 ln(n) steps."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A segment of the current step, and the documents that it still has."""

    ref: SegmentRef
    documents: frozenset[str]

    def without(self, doc_ids: Collection[str]) -> "_Part":
        leaving = self.documents.intersection(doc_ids)
        if not leaving:
            return self
        removed = tuple(sorted({*self.ref.removed, *leaving}))
        return _Part(replace(self.ref, removed=removed), self.documents - leaving)


class Growth:
    """The snapshots of an update before its last. In a store whose segments all have vectors there are none.

    The documents of a file that has changed stay until it has been read again, and those of a file that is
    gone to the end of the update.
    """

    def __init__(
        self,
        store: Store,
        base: Snapshot,
        current: Iterable[CurrentSegment],
        sources: Iterable[SourceFile],
        waiting: Iterable[str],
        recorder: ChangeRecorder,
        new: Mapping[str, Document],
    ) -> None:
        """Begin with the segments ``current``. ``base`` has what else a snapshot says, ``sources`` the files
        that need not be read, and ``waiting`` the paths of those that must, if nothing is known of them.
        ``new`` has the documents of those that have been read.
        """
        self.snapshot: Snapshot | None = None
        """The last one that was made; None before the first."""
        self._store, self._base, self._recorder = store, base, recorder
        self._parts = [_Part(each.ref, frozenset(each.opened.documents)) for each in current]
        self._sources = {path: SourceFile(path, "", 0, 0) for path in waiting}
        self._sources |= {each.path: each for each in sources}
        self._new = new
        self._unwritten: list[str] = []
        self._replaced: set[str] = set()
        self._pause = FIRST_SECONDS
        self._due = time.monotonic() + self._pause

    def read(self, source: SourceFile) -> None:
        """Take the documents of a file that has been read; a step is made when it is time for one.

        Raises:
            OSError: the disk is full or the folder cannot be written.
        """
        if former := self._sources.get(source.path):
            self._replaced.update(former.documents)
        self._sources[source.path] = source
        self._unwritten += source.documents
        if time.monotonic() >= self._due:
            self._write_words()

    def embed(self, documents: Mapping[str, Document], embedder: Embedder, known: VectorLookup) -> None:
        """Embed ``documents`` step by step, in their order, but for those of the last step, which the update
        writes. The vectors are in the checkpoint of ``embedder``.

        Raises:
            As :meth:`Embedder.embed`.
        """
        *steps, last = _divide(documents)
        if not self._store.grows or not steps:
            return
        self._write_words()
        cut = [cut_documents(each) for each in steps]
        done, every = 0, sum(len(each.sentences) for each in (*cut, cut_documents(last)))
        for each in cut:
            telling = replace(embedder, on_sentence=_counting_on(embedder.on_sentence, done, every))
            self._write(each.with_vectors(telling.embed(each.sentences, known)))
            done += len(each.sentences)

    def _write_words(self) -> None:
        if self._unwritten and self._store.grows:
            self._write(cut_documents(SelectedDocuments(self._new, self._unwritten)).without_vectors())
            self._pause *= LONGER
        self._unwritten = []
        self._due = time.monotonic() + self._pause

    def _write(self, prepared: PreparedSegment) -> None:
        """Make a snapshot in which ``prepared`` takes the place of all other forms of its documents."""
        leaving = self._replaced.union(prepared.documents)
        parts = [left for each in self._parts if (left := each.without(leaving)).documents]
        parts.append(_Part(self._store.write(prepared), frozenset(prepared.documents)))
        sources = sorted(self._sources.values(), key=lambda each: each.path)
        base = self._base
        snapshot = Snapshot.now([each.ref for each in parts], base.ocr, base.root, sources)
        snapshot = self._recorder.record(snapshot, prepared.documents, self._replaced)
        self.snapshot = replace(snapshot, by=base.by)
        self._store.commit(self.snapshot, sources)
        self._parts, self._replaced = parts, set()


def _counting_on(listen: Progress, done: int, every: int) -> Progress:
    """Return a listener to one of several steps, of which ``done`` of ``every`` are over."""
    return lambda more, _: listen(done + more, every)


def newest_first(documents: Mapping[str, Document], sources: Iterable[SourceFile]) -> Mapping[str, Document]:
    """Return ``documents`` by when their files, which are among ``sources``, were changed."""
    changed = {doc_id: each.changed_ns for each in sources for doc_id in each.documents}
    return SelectedDocuments(documents, sorted(documents, key=lambda doc_id: -changed[doc_id]))


def in_order(documents: Mapping[str, Document], sources: Iterable[SourceFile]) -> Mapping[str, Document]:
    """Return ``documents`` in the order of their files, ``sources``: a segment of the same documents is then
    the same, whenever they were read.
    """
    places = {doc_id: place for place, doc_id in enumerate(chain.from_iterable(s.documents for s in sources))}
    return SelectedDocuments(documents, sorted(documents, key=places.__getitem__))


def _divide(documents: Mapping[str, Document]) -> Iterator[Mapping[str, Document]]:
    """Divide ``documents`` into steps, each of more text than the one before; at least one."""
    step: list[str] = []
    room = float(FIRST_CHARACTERS)
    longest = room
    for doc_id, each in documents.items():
        if step and room <= 0:
            yield SelectedDocuments(documents, step)
            step, longest = [], longest * LONGER
            room = longest
        step.append(doc_id)
        room -= len(each.text)
    yield SelectedDocuments(documents, step)
