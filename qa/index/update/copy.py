"""An index to another place: from a folder to Milvus, or back. Nothing is embedded again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from qa.errors import IndexDamagedError, UserError
from qa.index.base import Part, Store
from qa.index.manifest import REBUILD
from qa.index.snapshot import SnapshotInfo
from qa.index.update.base import Progress, silent


@dataclass(frozen=True, slots=True)
class Amount:
    """How much an index holds."""

    documents: int
    passages: int
    sentences: int


def copy_index(source: Store, target: Store, on_build: Progress = silent) -> Amount:
    """Put in force in ``target`` what is in force in ``source``, in one step, and say how much that is.

    A copy that was stopped goes on with the build it had begun. Documents that were removed are not copied.
    ``on_build`` hears how many builds are copied, and of how many.

    Raises:
        IndexMissingError, IndexDamagedError: there is nothing to copy, it is not whole, or the copy is not.
        UserError: the models of the two differ, or another process is writing ``target``.
        IndexUnavailableError: either does not answer.
        OSError: the disk is full or the folder cannot be written.
    """
    if source.identity != target.identity:
        raise UserError("An index can be copied only to one of the same embedding model")
    opened = source.load_verified()
    with target.writing():
        builds = []
        for done, whole in enumerate(opened.builds):
            on_build(done, len(opened.builds))
            part = source.open_segment(whole)
            if part.passage_count:
                builds.append(target.write(list(part.documents.values()), _Recorded(part)))
        target.commit(replace(opened.state, builds=tuple(builds)), opened.sources)
        on_build(len(opened.builds), len(opened.builds))
    theirs, ours = _amount(source, opened), _amount(target, target.load_verified(texts=True))
    if theirs != ours:
        raise IndexDamagedError(f"The copy has {ours}, and what was copied {theirs}; copy it again")
    return ours


def _amount(store: Store, opened: SnapshotInfo) -> Amount:
    parts = [store.open_segment(whole) for whole in opened.builds]
    return Amount(
        sum(len(part.documents) for part in parts),
        sum(part.passage_count for part in parts),
        sum(part.sentence_count for part in parts),
    )


class _Recorded:
    """In place of an embedding model: the vectors that a build has."""

    def __init__(self, part: Part) -> None:
        self._vectors: Mapping[str, NDArray[np.float32]] = dict(part.embedded())

    @property
    def dimensions(self) -> int:
        return len(next(iter(self._vectors.values())))

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        try:
            return np.stack([self._vectors[text] for text in texts])
        except KeyError as error:
            raise IndexDamagedError(f"A sentence of the index has no vector; {REBUILD}") from error
