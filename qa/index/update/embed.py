"""Make the vectors of a segment before it is written. Each sentence is embedded once."""

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from qa.concurrency import StopToken
from qa.errors import IndexDamagedError
from qa.index.manifest import REBUILD
from qa.index.prepare import PreparedSegment, cut_documents
from qa.index.update.base import Progress, Vectors, silent
from qa.index.update.checkpoint import EmbeddingCheckpoint
from qa.index.update.workers.base import WorkerPool
from qa.schema import Document

STEP = 64
"""Sentences in a batch, which is what a worker embeds at a time and what progress is reported after: two
forward passes, about a second on two cores."""


@dataclass(frozen=True, slots=True)
class Embedder:
    """Makes the vectors of sentences with a pool of workers."""

    workers: WorkerPool
    dimensions: int
    """The length of a vector."""
    checkpoint: EmbeddingCheckpoint | None = None
    """Keeps the vectors that are made, and has those of an update that was stopped."""
    on_sentence: Progress = silent
    """Is called with the number of new sentences that have been embedded, and of all of them."""
    stop: StopToken = field(default_factory=StopToken)

    def prepare(self, documents: Sequence[Document], known: Vectors) -> PreparedSegment:
        """Cut documents and make their vectors. Arguments and errors as for :meth:`embed`."""
        cut = cut_documents(documents)
        return cut.with_vectors(self.embed(cut.sentences, known))

    def embed(self, sentences: Sequence[str], known: Vectors) -> NDArray[np.float32]:
        """Return the unit vectors of sentences, shape ``(len(sentences), dimensions)``.

        Vectors are taken from ``known``, then from the checkpoint. What neither has is embedded, each text
        once however often it occurs.

        Raises:
            StoppedError: the token was stopped. The checkpoint has what was embedded until then.
            WorkersUnavailableError: there are no workers.
        """
        vectors = np.empty((len(sentences), self.dimensions), dtype=np.float32)
        first_row: dict[str, int] = {}
        for row, text in enumerate(sentences):
            first_row.setdefault(text, row)
        for text, row in first_row.items():
            if text in known:
                vectors[row] = known[text]
        self._embed_new([text for text in first_row if text not in known], vectors, first_row)
        rows = np.fromiter((first_row[text] for text in sentences), np.int64, len(sentences))
        repeated = np.flatnonzero(rows != np.arange(len(rows)))
        vectors[repeated] = vectors[rows[repeated]]
        return vectors

    def _embed_new(
        self, texts: Sequence[str], vectors: NDArray[np.float32], row_of: Mapping[str, int]
    ) -> None:
        """Write the vectors of ``texts`` into their rows of ``vectors``."""
        self.stop.check()
        left = []
        for text in texts:
            found = self.checkpoint.recall(text) if self.checkpoint else None
            if found is None:
                left.append(text)
            else:
                vectors[row_of[text]] = found
        left.sort(key=len)  # a batch is padded to its longest text, so texts of like length go together
        done = len(texts) - len(left)
        self.on_sentence(done, len(texts))
        batches = [left[first : first + STEP] for first in range(0, len(left), STEP)]
        with closing(self.workers.embed(batches)) as embedded:
            for batch in embedded:
                if self.checkpoint:
                    self.checkpoint.keep(batch.texts, batch.vectors)
                vectors[[row_of[text] for text in batch.texts]] = batch.vectors
                done += len(batch.texts)
                self.on_sentence(done, len(texts))
                self.stop.check()


def prepare_known(documents: Sequence[Document], known: Vectors) -> PreparedSegment:
    """Cut documents that were embedded before, with the vectors that are ``known``.

    Raises:
        IndexDamagedError: a sentence has no vector.
    """
    cut = cut_documents(documents)
    try:
        return cut.with_vectors(np.stack([known[text] for text in cut.sentences]))
    except KeyError as error:
        raise IndexDamagedError(f"A sentence of the index has no vector; {REBUILD}") from error
