"""The default pool: this process reads and embeds everything itself."""

from collections.abc import Generator, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from itertools import islice

from qa.concurrency import usable_cores
from qa.embedding.base import Encoder
from qa.index.update.base import PendingFile
from qa.index.update.workers.base import EmbeddedBatch, ReadFile
from qa.ingest import discovery
from qa.ingest.readers.sandbox import reuse_processes

AHEAD = 32
"""Files that are read, or wait to be taken, at a time: enough that no core waits while others are written
into the index, and few enough to be in memory."""


class InProcessPool:
    """Reads as many files at a time as there are processor cores. Embeds batches one after the other, each on
    all cores.
    """

    def __init__(self, encoder: Encoder) -> None:
        """Embed with ``encoder``."""
        self._encoder = encoder

    def read(self, files: Sequence[PendingFile], ocr: str) -> Generator[ReadFile, None, None]:
        """Read files and yield each as soon as it has been read, so that none waits for a slow one."""

        def read(number: int) -> ReadFile:
            return ReadFile(number, tuple(discovery.read(files[number].file, ocr)))

        numbers = iter(range(len(files)))
        with reuse_processes():
            pool = ThreadPoolExecutor(usable_cores())
            try:
                waiting = {pool.submit(read, number) for number in islice(numbers, AHEAD)}
                while waiting:
                    done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                    waiting |= {pool.submit(read, number) for number in islice(numbers, len(done))}
                    while done:
                        yield done.pop().result()
            finally:
                pool.shutdown(cancel_futures=True)

    def embed(self, batches: Sequence[Sequence[str]]) -> Generator[EmbeddedBatch, None, None]:
        """Embed batches and yield them in their order."""
        for texts in batches:
            yield EmbeddedBatch(texts, self._encoder.encode(texts))
