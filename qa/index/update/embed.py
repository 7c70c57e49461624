"""Make the vectors of a segment before it is written. Each sentence is embedded once."""

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from qa.concurrency import StopToken
from qa.index.prepare import PreparedSegment, cut_documents
from qa.index.update.base import Progress, Vectors, silent
from qa.index.update.checkpoint import EmbeddingCheckpoint
from qa.index.update.workers.base import WorkerPool
from qa.index.vectors import VectorFile
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
    folder: Path | None = None
    """On whose disk the vectors are until they are in the index; None for the system's folder for such
    files."""

    def prepare(self, documents: Sequence[Document], known: Vectors) -> PreparedSegment:
        """Cut documents and make their vectors. Arguments and errors as for :meth:`embed`."""
        cut = cut_documents(documents)
        return cut.with_vectors(self.embed(cut.sentences, known))

    def embed(self, sentences: Sequence[str], known: Vectors) -> VectorFile:
        """Return the unit vectors of sentences, shape ``(len(sentences), dimensions)``.

        Vectors are taken from ``known``, then from the checkpoint. What neither has is embedded, each text
        once however often it occurs.

        Raises:
            StoppedError: the token was stopped. The checkpoint has what was embedded until then.
            WorkersUnavailableError: there are no workers.
            OSError: the disk is full.
        """
        vectors = VectorFile(self.folder, len(sentences), self.dimensions)
        first_row: dict[str, int] = {}
        for row, text in enumerate(sentences):
            first_row.setdefault(text, row)
        for text, row in first_row.items():
            if text in known:
                vectors.put([row], known[text][np.newaxis])
        self._embed_new([text for text in first_row if text not in known], vectors, first_row)
        for row, text in enumerate(sentences):
            first = first_row[text]
            if first != row:
                vectors.put([row], vectors[first : first + 1])
        return vectors

    def _embed_new(self, texts: Sequence[str], vectors: VectorFile, row_of: Mapping[str, int]) -> None:
        """Write the vectors of ``texts`` into their rows of ``vectors``."""
        self.stop.check()
        left = []
        for text in texts:
            found = self.checkpoint.recall(text) if self.checkpoint else None
            if found is None:
                left.append(text)
            else:
                vectors.put([row_of[text]], found[np.newaxis])
        left.sort(key=len)  # a batch is padded to its longest text, so texts of like length go together
        done = len(texts) - len(left)
        self.on_sentence(done, len(texts))
        batches = [left[first : first + STEP] for first in range(0, len(left), STEP)]
        with closing(self.workers.embed(batches)) as embedded:
            for batch in embedded:
                if self.checkpoint:
                    self.checkpoint.keep(batch.texts, batch.vectors)
                vectors.put([row_of[text] for text in batch.texts], batch.vectors)
                done += len(batch.texts)
                self.on_sentence(done, len(texts))
                self.stop.check()
