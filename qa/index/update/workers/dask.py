"""A pool of processes under Dask, on this machine or on others. Dask is imported here alone."""

import hashlib
import logging
import signal
import socket
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import ExitStack, closing, contextmanager
from functools import cache, partial
from itertools import islice
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Self, TypeVar

import dask.config
import numpy as np
from distributed import Client, Future, KilledWorker, LocalCluster, Worker, WorkerPlugin, get_worker, wait
from distributed.comm.core import CommClosedError
from numpy.typing import NDArray

import qa
from qa.concurrency import usable_cores
from qa.embedding.base import Encoder
from qa.errors import UserError, WorkersUnavailableError
from qa.index.update.base import PendingFile
from qa.index.update.workers.base import EmbeddedBatch, ReadFile, WorkerPool
from qa.ingest import discovery
from qa.ingest.base import Failure
from qa.ingest.readers.sandbox import reuse_processes
from qa.schema import Document

log = logging.getLogger("distributed")
log.setLevel(logging.WARNING)  # below that it logs every process that it starts
logging.getLogger("tornado.application").setLevel(logging.CRITICAL)  # a trace for Ctrl-C at some moments

FILES = 16
"""Files that are sent at a time: sending one takes as long as reading a short text."""

AHEAD = 2
"""Batches that are sent for each thread of the workers: the one at work, and the next. All others wait in
this process, so that memory does not grow with their number."""

PATIENCE_SECONDS = 30.0
"""The longest wait for a scheduler, and for a worker if there is none."""

Load = Callable[[int], Encoder]
"""Loads the embedding model in a worker, to compute with a number of threads. It must be importable, a
function of a module."""

_Batch = TypeVar("_Batch")
_Result = TypeVar("_Result")


class DaskPool:
    """A Dask cluster that is started, or connected to, when there is work for it; a context that ends it.

    Work that fits one batch is done in this process. What a worker was doing when it died, others do again.
    """

    def __init__(self, where: str, load: Load, local: WorkerPool) -> None:
        """``where`` is a number of processes to start on this machine, or the address of a scheduler. They
        embed with the model that ``load`` loads. ``local`` is the pool of this process.
        """
        self._where = where
        self._load = load
        self._local = local
        self._open = ExitStack()
        self._client: Client | None = None

    def __enter__(self) -> Self:
        """Nothing is started yet."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the processes that were started."""
        self._client = None
        self._open.close()

    def read(self, files: Sequence[PendingFile], ocr: str) -> Generator[ReadFile, None, None]:
        """Read files and yield each in any order.

        Raises:
            UserError: a worker does not see a file that is here, or runs another Attest.
            WorkersUnavailableError: there are no workers.
        """
        if len(files) <= FILES:
            yield from self._local.read(files, ocr)
            return
        batches = [range(len(files))[first : first + FILES] for first in range(0, len(files), FILES)]

        def work(numbers: range) -> "partial[list[_Contents | None]]":
            return partial(_read, _source_digest(), [files[number] for number in numbers], ocr)

        with closing(self._submit(work, batches)) as results:
            for numbers, read in results:
                for number, contents in zip(numbers, read, strict=True):
                    yield ReadFile(
                        number, self._read_changed(files[number], ocr) if contents is None else contents
                    )

    def embed(self, batches: Sequence[Sequence[str]]) -> Generator[EmbeddedBatch, None, None]:
        """Embed batches and yield each in any order.

        Raises:
            UserError: a worker runs another Attest.
            ModelUnavailableError: a worker cannot load the embedding model.
            WorkersUnavailableError: there are no workers.
        """
        if len(batches) <= 1:
            yield from self._local.embed(batches)
            return

        def work(texts: Sequence[str]) -> "partial[NDArray[np.float32]]":
            return partial(_embed, _source_digest(), self._load, texts)

        with closing(self._submit(work, batches)) as results:
            yield from (EmbeddedBatch(texts, vectors) for texts, vectors in results)

    def _read_changed(self, pending: PendingFile, ocr: str) -> "_Contents":
        """Read a file in this process that a worker found changed or missing.

        Raises:
            UserError: it has not changed here, so the worker sees other files.
        """
        if pending.source.sha256 and discovery.digest(pending.file) == pending.source.sha256:
            raise UserError(
                f"A worker of {self._where} does not see {pending.file.path} as it is here; the documents "
                "must be on every worker's machine, under the same path"
            )
        (read,) = self._local.read([pending], ocr)
        return read.contents

    def _submit(
        self, work: "Callable[[_Batch], partial[_Result]]", batches: Sequence[_Batch]
    ) -> Generator[tuple[_Batch, _Result], None, None]:
        """Yield each batch with a worker's result, in any order. Closing the generator gives up what is under
        way, because Dask cancels work that nobody waits for.
        """
        client = self._connect()
        waiting = iter(batches)
        under_way: dict[Future[_Result], _Batch] = {}
        while True:
            with self._readable_errors(OSError):
                room = AHEAD * sum(client.nthreads().values())
                for batch in islice(waiting, max(room - len(under_way), 0 if under_way else 1)):
                    under_way[client.submit(work(batch), pure=False)] = batch
                if not under_way:
                    return
                done = self._wait(client, list(under_way))
            with self._readable_errors(CommClosedError):
                made = client.gather(done)
            yield from ((under_way.pop(future), each) for future, each in zip(done, made, strict=True))

    def _wait(self, client: Client, under_way: list[Future[_Result]]) -> list[Future[_Result]]:
        """Wait until some of the work is done, and return that."""
        while True:
            try:
                return list(wait(under_way, timeout=PATIENCE_SECONDS, return_when="FIRST_COMPLETED").done)
            except TimeoutError:
                if not client.nthreads():
                    raise WorkersUnavailableError(
                        f"{self._where} has no Dask workers left; start some and run the same command "
                        "again to go on"
                    ) from None

    def _connect(self) -> Client:
        if self._client is None:
            cluster = _start(int(self._where)) if self._where.isdecimal() else _reach(self._where)
            self._client = self._open.enter_context(cluster)
        return self._client

    @contextmanager
    def _readable_errors(self, broken: type[OSError]) -> Iterator[None]:
        """Turn Dask's errors, and the one for a ``broken`` connection, into WorkersUnavailableError."""
        try:
            yield
        except KilledWorker as error:
            raise WorkersUnavailableError(
                f"{error.allowed_failures + 1} workers died one after the other over the same work; they may "
                "have run out of memory. Run the same command again to go on"
            ) from error
        except (CancelledError, broken) as error:
            raise WorkersUnavailableError(
                f"The connection to the Dask scheduler of {self._where} was lost; "
                "run the same command again to go on"
            ) from error


@contextmanager
def _start(processes: int) -> Iterator[Client]:
    """Start processes on this machine that share its cores and take work from this process alone."""
    threads = max(1, usable_cores() // processes)
    # Dask would have workers give freed memory back at once, which the model takes again at once: that
    # takes most of its time.
    as_usual: dict[str, dict[str, str]] = {"distributed.nanny.pre-spawn-environ": {}}
    with (
        dask.config.set(as_usual),
        LocalCluster(
            n_workers=processes,
            threads_per_worker=threads,
            security=True,
            memory_limit=0,  # the system's own: a worker that Dask kills for its memory dies again
            dashboard_address="127.0.0.1:0",  # not the port that another cluster may have
        ) as cluster,
        Client(cluster) as client,
    ):
        client.register_plugin(_IgnoreInterrupts())
        log.setLevel(logging.WARNING)
        try:
            yield client
        finally:
            log.setLevel(logging.ERROR)  # a worker that does not end by itself is killed, which does no harm


@contextmanager
def _reach(address: str) -> Iterator[Client]:
    """Connect to a scheduler that has workers."""
    try:
        client = Client(address, timeout=PATIENCE_SECONDS)
    except (OSError, ValueError) as error:
        raise WorkersUnavailableError(
            f"The Dask scheduler at {address} cannot be reached ({str(error).splitlines()[0]}); check that "
            "it is running, and ATTEST_WORKERS"
        ) from error
    with client:
        try:
            client.wait_for_workers(1, timeout=PATIENCE_SECONDS)
        except TimeoutError as error:
            raise WorkersUnavailableError(
                f"The Dask scheduler at {address} has no workers; start some with: dask worker {address}"
            ) from error
        yield client


# What follows runs in a worker.


class _IgnoreInterrupts(WorkerPlugin):
    """Leaves Ctrl-C, which a terminal sends to every process in it, to the process that started the worker.
    That one ends the worker.
    """

    def setup(self, worker: Worker) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        log.setLevel(logging.ERROR)


_Contents = tuple[Document | Failure, ...]

_model_lock = Lock()
"""The model uses all threads of the worker, and its tokeniser cannot be shared by threads."""


def _read(digest: str, files: Sequence[PendingFile], ocr: str) -> list[_Contents | None]:
    """Read files; None stands for a file that differs from its record."""
    _check_source(digest)
    with reuse_processes():
        return [
            tuple(discovery.read(each.file, ocr))
            if discovery.digest(each.file) == each.source.sha256
            else None
            for each in files
        ]


def _embed(digest: str, load: Load, texts: Sequence[str]) -> NDArray[np.float32]:
    _check_source(digest)
    with _model_lock:
        return _load_once(load, get_worker().state.nthreads).encode(texts)


@cache
def _load_once(load: Load, threads: int) -> Encoder:
    return load(threads)


def _check_source(digest: str) -> None:
    """Raise UserError if this is another Attest than the one that sends the work."""
    if _source_digest() != digest:
        raise UserError(
            f"Attest on the worker {socket.gethostname()} differs from the one here; install the same version"
        )


@cache
def _source_digest() -> str:
    """Return the SHA-256 of the source of this Attest, which has the digests of its models."""
    home = Path(qa.__file__).parent
    source = sorted(home.rglob("*.py"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in source)).hexdigest()
