"""The choice of segments that stay as they are and segments that are merged into a new one."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa.index.base import Segment, Store
from qa.index.document_store import exclude
from qa.index.manifest import Manifest
from qa.index.multi_index import chain_mappings
from qa.index.passages import PassageTable
from qa.index.prepare import CutDocuments, cut_documents
from qa.index.snapshot import SegmentInfo, SegmentRef
from qa.index.vectors import KnownVectors
from qa.schema import Document

RATIO = 2
"""Each segment holds at least so many times the documents of all that were written after it; where it would
not, it is merged with them. Of n documents there are then at most log2(n) segments, and each document is
written again as often (geometric partitioning: Lester, Moffat and Zobel 2008, "Efficient Online Index
Construction for Text Databases")."""


@dataclass(frozen=True, slots=True)
class CurrentSegment:
    """A segment of the current snapshot, and which of its documents the next one is to have."""

    ref: SegmentRef
    """For the next snapshot."""
    manifest: Manifest
    opened: Segment
    """With the documents of the current snapshot."""

    @property
    def remaining(self) -> int:
        """The number of its documents that the next snapshot is to have."""
        return self.manifest.documents - len(self.ref.removed)

    @property
    def documents(self) -> Mapping[str, Document]:
        """The documents that the next snapshot is to have, by id."""
        return exclude(self.opened.documents, self.ref.removed)

    def retain(self, doc_ids: Collection[str]) -> "CurrentSegment":
        """Remove every document but those in ``doc_ids`` from the next snapshot."""
        leaving = self.opened.documents.keys() - set(doc_ids)
        removed = tuple(sorted({*self.ref.removed, *leaving}))
        return replace(self, ref=replace(self.ref, removed=removed))


@dataclass(frozen=True, slots=True)
class MergePlan:
    """The segments of the next snapshot: those that stay, and at most one that is to be written."""

    segments: tuple[CurrentSegment, ...]
    """All that there were."""
    kept: tuple[CurrentSegment, ...]
    merged: tuple[CurrentSegment, ...]
    new: Mapping[str, Document]
    documents: Mapping[str, Document]
    """The documents of the segment that is to be written, by id: those of ``merged``, then ``new``. Empty if
    nothing is to be written."""

    def cut_as_stored(self) -> CutDocuments:
        """Cut the documents of the segment that is to be written. Those of ``merged`` stay cut as they are,
        so that each of their sentences has a vector, even if an earlier version of Attest has cut them.
        """
        stored = (
            passage
            for each in self.merged
            for passage in each.opened.passages()
            if passage.span.doc_id not in each.ref.removed
        )
        passages = chain(stored, cut_documents(self.new).passages)
        return CutDocuments(self.documents, PassageTable.of(passages, list(self.documents)))

    def known_vectors(
        self, folder: Path, new: Iterable[tuple[str, NDArray[np.float32]]] = ()
    ) -> KnownVectors:
        """Read the vectors that need not be made, to the disk of ``folder``: those of ``merged``, those
        of documents that leave, because a renamed file leaves under one id and comes back under another, and
        ``new`` ones, by the text of each.

        Raises:
            OSError: the disk is full.
        """
        return KnownVectors(folder, chain(self._known(), new))

    def _known(self) -> Iterator[tuple[str, NDArray[np.float32]]]:
        for each in self.segments:
            leaving = each.opened.documents.keys() & each.ref.removed
            if each in self.merged:
                yield from each.opened.sentence_vectors()
            elif leaving:
                yield from each.opened.sentence_vectors(leaving)


def current_segments(store: Store, segments: Iterable[SegmentInfo]) -> list[CurrentSegment]:
    """Open the segments of a snapshot, all of whose documents stay."""
    return [CurrentSegment(each.ref, each.manifest, store.open_segment(each)) for each in segments]


def plan_merge(
    segments: Sequence[CurrentSegment], documents: Mapping[str, Document], *, purge: bool = False
) -> MergePlan:
    """Decide which of ``segments`` stay and which are merged with the new ``documents``.

    A segment also goes when more than half of its documents have left, or, with ``purge``, any, and when an
    update that was stopped has left it without vectors.
    """
    filled = [each for each in segments if each.remaining]
    merged: list[CurrentSegment] = []
    size = len(documents) + sum(each.remaining for each in filled if not each.manifest.has_vectors)
    for each in reversed(filled):
        thinned = each.remaining < each.manifest.documents / (1 if purge else 2)
        if not each.manifest.has_vectors:
            merged.insert(0, each)
        elif thinned or each.remaining < RATIO * size:
            merged.insert(0, each)
            size += each.remaining
    kept = tuple(each for each in filled if each not in merged)
    every = chain_mappings([*(each.documents for each in merged), documents])
    return MergePlan(tuple(segments), kept, tuple(merged), documents, every)
