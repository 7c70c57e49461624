"""Index a folder with processes under Dask and a slow encoder: ``python -m tests.support.dask_indexer``."""

import os
import sys
import time
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa.cli.terminal import stop_on_signal
from qa.concurrency import StopToken
from qa.embedding.base import EmbeddingIdentity
from qa.errors import StoppedError
from qa.index.stores.local import LocalStore
from qa.index.update.base import Progress, silent
from qa.index.update.update import UpdateResult, update_index
from qa.index.update.workers.dask import DaskPool
from qa.index.update.workers.local import InProcessPool
from qa.ingest.discovery import survey

LOG = "WORKERS_LOG"
"""The environment variable with the folder in which each process says what it embedded."""

SECONDS = 0.1
"""That a batch takes."""


IDENTITY = EmbeddingIdentity("slow", "1" * 64)


class SlowEncoder:
    """Writes down what it embeds, in its own time. Here and not with the other stand-ins, because a worker
    would have to import all that they do.
    """

    dimensions = 8

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        time.sleep(SECONDS)
        if log := os.environ.get(LOG):
            with (Path(log) / str(os.getpid())).open("a") as file:
                file.writelines(f"{text}\n" for text in texts)
        rows = [np.random.default_rng(zlib.crc32(text.encode())).normal(size=8) for text in texts]
        vectors = np.asarray(rows, dtype=np.float32)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    def encode_question(self, question: str) -> NDArray[np.float32]:
        vector: NDArray[np.float32] = self.encode([question])[0]
        return vector


def load(threads: int) -> SlowEncoder:
    return SlowEncoder()


@contextmanager
def pool(where: str) -> Iterator[DaskPool]:
    """Workers with slow encoders."""
    with DaskPool(where, load, InProcessPool(SlowEncoder())) as workers:
        yield workers


def index(
    corpus: Path,
    folder: Path,
    where: str,
    on_file: Progress = silent,
    on_sentence: Progress = silent,
    stop: StopToken | None = None,
) -> UpdateResult:
    """Do what ``attest index --workers`` does, with them."""
    store = LocalStore(folder, IDENTITY)
    with pool(where) as workers:
        return update_index(store, survey([corpus]), SlowEncoder(), on_file, on_sentence, "", workers, stop)


def main(corpus: str, folder: str) -> None:
    """Index with two processes, and say so once they embed."""
    told = False

    def tell(done: int, of: int) -> None:
        nonlocal told
        if done and not told:
            told = True
            print("embedding", flush=True)

    try:
        with stop_on_signal() as stopped:
            index(Path(corpus), Path(folder), "2", on_sentence=tell, stop=StopToken(stopped))
    except StoppedError:
        print("stopped", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
