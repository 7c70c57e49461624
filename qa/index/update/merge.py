"""Which segments stay as they are and which are merged into a new one."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from qa.index.base import Part
from qa.index.manifest import Manifest
from qa.index.snapshot import SegmentRef
from qa.schema import Document

RATIO = 2
"""Each build holds at least so many times the documents of all that were written after it; where it would
not, it is merged with them. Of n documents there are then at most log2(n) builds, and each document is
written again as often (geometric partitioning: Lester, Moffat and Zobel 2008, "Efficient Online Index
Construction for Text Databases")."""


Vectors = Mapping[str, NDArray[np.float32]]
"""By the text that each is of."""


@dataclass(frozen=True, slots=True)
class _Former:
    """A build that was in force, and what of it is to be."""

    held: SegmentRef
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


def _written(
    parts: Sequence[_Former],
    documents: Sequence[Document],
    write: Callable[[Sequence[Document], Vectors], SegmentRef],
    *,
    purge: bool = False,
) -> list[SegmentRef]:
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
