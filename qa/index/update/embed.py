"""Make the vectors of a segment before it is written. Each sentence is embedded once."""

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from qa.concurrency import StopToken
from qa.index.digest_table import DIGEST, digest_of
from qa.index.prepare import PreparedSegment, cut_documents
from qa.index.update.base import Progress, silent
from qa.index.update.checkpoint import EmbeddingCheckpoint
from qa.index.update.workers.base import WorkerPool
from qa.index.vectors import VectorFile, VectorLookup
from qa.schema import Document

STEP = 64
"""Sentences in a batch, which is what a worker embeds at a time and what progress is reported after: two
forward passes, about a second on two cores."""

WINDOW = 256 * STEP
"""Sentences that are sorted by length, and embedded, before others are looked at: a few megabytes of text."""


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

    def prepare(self, documents: Mapping[str, Document], known: VectorLookup) -> PreparedSegment:
        """Cut documents and make their vectors. Arguments and errors as for :meth:`embed`."""
        cut = cut_documents(documents)
        return cut.with_vectors(self.embed(cut.sentences, known))

    def embed(self, sentences: Sequence[str], known: VectorLookup) -> VectorFile:
        """Return the unit vectors of sentences, shape ``(len(sentences), dimensions)``.

        Vectors are taken from ``known``, then from the checkpoint. What neither has is embedded, each text
        once however often it occurs.

        Raises:
            StoppedError: the token was stopped. The checkpoint has what was embedded until then.
            WorkersUnavailableError: there are no workers.
            OSError: the disk is full.
        """
        vectors = VectorFile(self.folder, len(sentences), self.dimensions)
        digests = np.fromiter(map(digest_of, sentences), DIGEST, len(sentences))
        _, rows, which = np.unique(digests, return_index=True, return_inverse=True)
        first = rows[which]  # where each sentence occurs first
        repeats = first != np.arange(len(first))
        new = np.fromiter((text not in known for text in sentences), np.bool_, len(sentences)) & ~repeats
        done, every = 0, int(new.sum())
        self.stop.check()
        for begin in range(0, max(len(sentences), 1), WINDOW):
            texts = sentences[begin : begin + WINDOW]
            for row, text in enumerate(texts, start=begin):
                if not repeats[row] and not new[row]:
                    vectors.put([row], known[text][np.newaxis])
            row_of = {text: row for row, text in enumerate(texts, start=begin) if new[row]}
            done = self._embed_new(row_of, vectors, done, every)
        for row in np.flatnonzero(repeats).tolist():
            vectors.put([row], vectors[first[row] : first[row] + 1])
        return vectors

    def _embed_new(self, row_of: Mapping[str, int], vectors: VectorFile, done: int, every: int) -> int:
        """Write the vectors of texts into their rows of ``vectors``, and return how many of ``every`` are
        ``done`` then.
        """
        left = []
        for text, row in row_of.items():
            found = self.checkpoint.recall(text) if self.checkpoint else None
            if found is None:
                left.append(text)
            else:
                vectors.put([row], found[np.newaxis])
        left.sort(key=len)  # a batch is padded to its longest text, so texts of like length go together
        done += len(row_of) - len(left)
        self.on_sentence(done, every)
        batches = [left[first : first + STEP] for first in range(0, len(left), STEP)]
        with closing(self.workers.embed(batches)) as embedded:
            for batch in embedded:
                if self.checkpoint:
                    self.checkpoint.keep(batch.texts, batch.vectors)
                vectors.put([row_of[text] for text in batch.texts], batch.vectors)
                done += len(batch.texts)
                self.on_sentence(done, every)
                self.stop.check()
        return done
