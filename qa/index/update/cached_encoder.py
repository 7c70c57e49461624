"""An encoder that remembers: what an index holds already is not embedded again."""

from collections.abc import Mapping, Sequence
from contextlib import closing

import numpy as np
from numpy.typing import NDArray

from qa.embedding.base import Encoder
from qa.index.update.base import Progress, silent
from qa.index.update.checkpoint import EmbeddingCheckpoint
from qa.index.update.workers.base import WorkerPool
from qa.index.update.workers.local import InProcessPool

STEP = 64
"""Sentences embedded between two reports of progress, and by a worker at a time: two forward passes, a second
or so on two cores."""


class CachingEncoder:
    """The encoder that indexes documents of which some were indexed before."""

    def __init__(
        self,
        encoder: Encoder,
        known: Mapping[str, NDArray[np.float32]],
        on_progress: Progress = silent,
        unfinished: EmbeddingCheckpoint | None = None,
        crew: WorkerPool | None = None,
    ) -> None:
        """Take vectors from ``known``, by their text, and others from ``encoder``, or from a ``crew`` that
        has the same, in steps that ``on_progress`` hears of; what it raises ends the work. With
        ``unfinished`` work that ended so is taken up.
        """
        self._encoder = encoder
        self._known = known
        self._on_progress = on_progress
        self._unfinished = unfinished
        self._crew = crew or InProcessPool(encoder)

    @property
    def dimensions(self) -> int:
        """The length of a vector."""
        return self._encoder.dimensions

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors, shape ``(len(texts), dimensions)``."""
        # Sorted by length, so that the texts of a step, which are padded to the longest, are alike.
        new = sorted({text for text in texts if text not in self._known}, key=len)
        vectors = dict(self._known)
        left = []
        for text in new:
            found = self._unfinished.recall(text) if self._unfinished else None
            if found is None:
                left.append(text)
            else:
                vectors[text] = found
        done = len(new) - len(left)
        self._on_progress(done, len(new))
        batches = [left[first : first + STEP] for first in range(0, len(left), STEP)]
        with closing(self._crew.embed(batches)) as embedded:
            for each in embedded:
                if self._unfinished:
                    self._unfinished.keep(each.texts, each.vectors)
                vectors.update(zip(each.texts, each.vectors, strict=True))
                done += len(each.texts)
                self._on_progress(done, len(new))
        return np.stack([vectors[text] for text in texts])
