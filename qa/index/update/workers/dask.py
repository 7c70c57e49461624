"""A crew under Dask: processes of this machine, or of others. The only file that knows Dask."""

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
from qa.index.sources import Seen
from qa.index.update.workers.base import Embedded, Parsed, WorkerPool
from qa.ingest import discovery
from qa.ingest.base import Failure
from qa.schema import Document

log = logging.getLogger("distributed")
log.setLevel(logging.WARNING)  # below that it tells of every process that it starts
logging.getLogger("tornado.application").setLevel(logging.CRITICAL)  # a trace for Ctrl-C at some moments

FILES = 16
"""Files that are sent at a time: to send one takes as long as to read a short text."""

AHEAD = 2
"""Batches that are sent for each thread of the workers: the one at work, and the next. All others wait here,
so that no more memory is taken however many there are."""

PATIENCE_SECONDS = 30.0
"""How long a scheduler is waited for, and how long for a worker where there is none."""

Load = Callable[[int], Encoder]
"""Loads the embedding model in a worker, to compute with so many threads. A function of a module."""

_Batch = TypeVar("_Batch")
_Done = TypeVar("_Done")


class Workers:
    """A Dask cluster that is started, or connected to, when there is work for it; a context that ends it.

    What fits one batch is done in this process. A worker that dies costs what it was working on, which others
    do again.
    """

    def __init__(self, where: str, load: Load, here: WorkerPool) -> None:
        """``where`` is a number of processes to start on this machine, or the address of a scheduler; they
        embed with what ``load`` loads. ``here`` is this process.
        """
        self._where = where
        self._load = load
        self._here = here
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

    def read(self, seen: Sequence[Seen], ocr: str) -> Generator[Parsed, None, None]:
        """What each file holds, in any order.

        Raises:
            UserError: a worker does not see a file that is here, or is of another Attest.
            WorkersUnavailableError: no worker can be had.
        """
        if len(seen) <= FILES:
            yield from self._here.read(seen, ocr)
            return
        batches = [range(len(seen))[first : first + FILES] for first in range(0, len(seen), FILES)]

        def work(numbers: range) -> "partial[list[_Held | None]]":
            return partial(_read, _made_of(), [seen[number] for number in numbers], ocr)

        with closing(self._spread(work, batches)) as done:
            for numbers, held in done:
                for number, each in zip(numbers, held, strict=True):
                    yield Parsed(number, self._unseen(seen[number], ocr) if each is None else each)

    def embed(self, batches: Sequence[Sequence[str]]) -> Generator[Embedded, None, None]:
        """Every batch with its vectors, in any order.

        Raises:
            UserError: a worker is of another Attest.
            ModelUnavailableError: a worker cannot have the embedding model.
            WorkersUnavailableError: no worker can be had.
        """
        if len(batches) <= 1:
            yield from self._here.embed(batches)
            return

        def work(texts: Sequence[str]) -> "partial[NDArray[np.float32]]":
            return partial(_embed, _made_of(), self._load, texts)

        with closing(self._spread(work, batches)) as done:
            yield from (Embedded(texts, vectors) for texts, vectors in done)

    def _unseen(self, seen: Seen, ocr: str) -> "_Held":
        """What a file holds that a worker sees otherwise, or not at all, because it changed meanwhile."""
        if seen.source.sha256 and discovery.digest(seen.file) == seen.source.sha256:
            raise UserError(
                f"A worker of {self._where} does not see {seen.file.path} as it is here; the documents must "
                "be on every worker's machine, under the same path"
            )
        (here,) = self._here.read([seen], ocr)
        return here.found

    def _spread(
        self, work: "Callable[[_Batch], partial[_Done]]", batches: Sequence[_Batch]
    ) -> Generator[tuple[_Batch, _Done], None, None]:
        """Each batch with what a worker made of it. What is under way when this is closed is given up, as
        Dask does with what nobody waits for.
        """
        client = self._connected()
        waiting = iter(batches)
        under_way: dict[Future[_Done], _Batch] = {}
        while True:
            with self._told(OSError):
                room = AHEAD * sum(client.nthreads().values())
                for batch in islice(waiting, max(room - len(under_way), 0 if under_way else 1)):
                    under_way[client.submit(work(batch), pure=False)] = batch
                if not under_way:
                    return
                done = self._finished(client, list(under_way))
            with self._told(CommClosedError):
                made = client.gather(done)
            yield from ((under_way.pop(future), each) for future, each in zip(done, made, strict=True))

    def _finished(self, client: Client, under_way: list[Future[_Done]]) -> list[Future[_Done]]:
        while True:
            try:
                return list(wait(under_way, timeout=PATIENCE_SECONDS, return_when="FIRST_COMPLETED").done)
            except TimeoutError:
                if not client.nthreads():
                    raise WorkersUnavailableError(
                        f"{self._where} has no Dask worker any more; start some and run the same command "
                        "again to go on"
                    ) from None

    def _connected(self) -> Client:
        if self._client is None:
            cluster = _started(int(self._where)) if self._where.isdecimal() else _reached(self._where)
            self._client = self._open.enter_context(cluster)
        return self._client

    @contextmanager
    def _told(self, broken: type[OSError]) -> Iterator[None]:
        try:
            yield
        except KilledWorker as error:
            raise WorkersUnavailableError(
                f"{error.allowed_failures + 1} workers, one after the other, died over the same work; they "
                "may lack memory. Run the same command again to go on"
            ) from error
        except (CancelledError, broken) as error:
            raise WorkersUnavailableError(
                f"The connection to the Dask scheduler of {self._where} broke; run the same command again to "
                "go on"
            ) from error


@contextmanager
def _started(processes: int) -> Iterator[Client]:
    """Processes of this machine that share its cores, and that nobody else can send anything to."""
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
        client.register_plugin(_Deaf())
        log.setLevel(logging.WARNING)
        try:
            yield client
        finally:
            log.setLevel(logging.ERROR)  # a worker that does not end by itself is killed, which is no matter


@contextmanager
def _reached(address: str) -> Iterator[Client]:
    try:
        client = Client(address, timeout=PATIENCE_SECONDS)
    except (OSError, ValueError) as error:
        raise WorkersUnavailableError(
            f"The Dask scheduler at {address} cannot be reached ({str(error).splitlines()[0]}); check that "
            "it runs, and ATTEST_WORKERS"
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


class _Deaf(WorkerPlugin):
    """Ctrl-C in a terminal reaches every process there. The one that started the worker hears it, and ends
    the worker, which has nothing to say about that.
    """

    def setup(self, worker: Worker) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        log.setLevel(logging.ERROR)


_Held = tuple[Document | Failure, ...]

_one_at_a_time = Lock()
"""The model computes with all threads of the worker, and its tokeniser takes one text after the other."""


def _read(made_of: str, seen: Sequence[Seen], ocr: str) -> list[_Held | None]:
    """What each file holds; None for one that is not as it was seen."""
    _check(made_of)
    return [
        tuple(discovery.read(each.file, ocr)) if discovery.digest(each.file) == each.source.sha256 else None
        for each in seen
    ]


def _embed(made_of: str, load: Load, texts: Sequence[str]) -> NDArray[np.float32]:
    _check(made_of)
    with _one_at_a_time:
        return _loaded(load, get_worker().state.nthreads).encode(texts)


@cache
def _loaded(load: Load, threads: int) -> Encoder:
    return load(threads)


def _check(made_of: str) -> None:
    """Raise UserError where this is another Attest than the one that sends the work."""
    if _made_of() != made_of:
        raise UserError(f"Attest on the worker {socket.gethostname()} is not the one here; install the same")


@cache
def _made_of() -> str:
    """The SHA-256 of the source of this Attest, the digests of its models included."""
    home = Path(qa.__file__).parent
    source = sorted(home.rglob("*.py"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in source)).hexdigest()
