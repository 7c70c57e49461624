"""One process that does all the work of an indexing, which is the default."""

from collections.abc import Generator, Sequence
from concurrent.futures import ThreadPoolExecutor

from qa.concurrency import usable_cores
from qa.embedding.base import Encoder
from qa.index.sources import Seen
from qa.index.update.workers.base import Embedded, Parsed
from qa.ingest import discovery


class InProcessPool:
    """As many files are read at a time as there are processor cores; batches are embedded one after the
    other, each on all cores.
    """

    def __init__(self, encoder: Encoder) -> None:
        """Embed with ``encoder``."""
        self._encoder = encoder

    def read(self, seen: Sequence[Seen], ocr: str) -> Generator[Parsed, None, None]:
        """What each file holds, in their order."""
        pool = ThreadPoolExecutor(usable_cores())
        try:
            held = pool.map(lambda each: tuple(discovery.read(each.file, ocr)), seen)
            yield from map(Parsed, range(len(seen)), held)
        finally:
            pool.shutdown(cancel_futures=True)

    def embed(self, batches: Sequence[Sequence[str]]) -> Generator[Embedded, None, None]:
        """Every batch with its vectors, in their order."""
        for texts in batches:
            yield Embedded(texts, self._encoder.encode(texts))
