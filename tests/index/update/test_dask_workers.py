"""Indexing that is spread over processes: the same index, whatever happens to them."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psutil
import pytest
from distributed import LocalCluster

from qa import assemble
from qa.concurrency import StopToken
from qa.config import Config
from qa.embedding.encoder import TextEncoder
from qa.errors import StoppedError, UserError, WorkersUnavailableError
from qa.index.index import Index
from qa.index.sources import SourceFile
from qa.index.stores.local import LocalStore
from qa.index.update.base import PendingFile
from qa.index.update.embed import STEP
from qa.index.update.workers import dask
from qa.index.update.workers.dask import AHEAD, FILES
from qa.ingest import discovery
from qa.ingest.base import Failure, File
from tests.support import dask_indexer
from tests.support.cli import Run

FEW, MANY = 2 * FILES + 3, 40 * FILES
"""Files, which make a few batches, and so many that something may happen in their midst."""


def fill(folder: Path, number: int) -> Path:
    folder.mkdir()
    for n in range(number):
        (folder / f"{n}.txt").write_text(f"Harbour {n} has {n * 7} berths.\n\nPilot {n} is its master there.")
    return folder


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which each process says what it embedded."""
    folder = tmp_path / "log"
    folder.mkdir()
    monkeypatch.setenv(dask_indexer.LOG, str(folder))
    return folder


def embedded(log: Path) -> "Counter[str]":
    return Counter(line for path in log.iterdir() for line in path.read_text().splitlines())


def texts(folder: Path) -> dict[str, str]:
    """What the index holds, which is whole."""
    index = Index.open(LocalStore(folder, dask_indexer.IDENTITY))
    assert index.faults() == []
    return {doc_id: each.text for doc_id, each in index.documents.items()}


def expected(corpus: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in sorted(corpus.iterdir())}


def started(process: psutil.Process) -> list[psutil.Process]:
    """The workers that a process has started."""
    below = process.children(recursive=True)
    return [each for each in below if any("spawn_main" in part for part in each.cmdline())]


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """The address of a cluster that was there before."""
    with LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=":0", memory_limit=0) as cluster:
        yield cluster.scheduler_address


def test_the_index_is_the_one_that_a_single_process_makes(
    tmp_path: Path, settings: Config, encoder: TextEncoder
):
    corpus = fill(tmp_path / "corpus", FEW)
    (corpus / "broken.pdf").write_bytes(b"%PDF-1.7 and nothing else")
    (corpus / "locked.txt").write_bytes(b"\x00\x01")
    ones, twos = (
        settings.model_copy(update={"index": tmp_path / name, "workers": name}) for name in ("", "2")
    )
    ones = ones.model_copy(update={"index": tmp_path / "alone"})
    brought = [assemble.index_corpus(each, [corpus]) for each in (ones, twos)]
    assert {each.path for each in brought[0].failures} == {"broken.pdf", "locked.txt"}
    assert brought[0] == brought[1]
    alone, spread = (assemble.open_index(each) for each in (ones, twos))
    assert spread.documents == alone.documents
    assert list(spread.documents) == list(alone.documents)
    assert spread.passages == alone.passages
    by_one, by_two = dict(alone.sentence_vectors()), dict(spread.sentence_vectors())
    assert by_one.keys() == by_two.keys()
    assert len(by_one) > STEP  # they were more than one batch
    # Cosines: as many threads as are computing decide the order of bfloat16's sums.
    assert min(float(by_one[text] @ by_two[text]) for text in by_one) > 0.999


def test_a_worker_that_is_killed_costs_what_it_was_working_on(tmp_path: Path, log: Path):
    corpus = fill(tmp_path / "corpus", MANY)
    killed: list[int] = []

    def kill(done: int, of: int) -> None:
        if done and not killed:
            victim = started(psutil.Process())[0]
            killed.append(victim.pid)
            victim.kill()

    brought = dask_indexer.index(corpus, tmp_path / "index", "2", on_sentence=kill)
    assert killed
    assert (brought.added, brought.failures) == (MANY, ())
    assert texts(tmp_path / "index") == expected(corpus)
    done = embedded(log)
    assert len(done) == 2 * MANY
    assert done.total() <= 2 * MANY + AHEAD * STEP


def test_what_was_stopped_goes_on_where_it_stopped(tmp_path: Path, log: Path):
    corpus, folder = fill(tmp_path / "corpus", MANY), tmp_path / "index"

    stop = StopToken()

    def listen(done: int, of: int) -> None:
        if done >= 3 * STEP:
            stop.stop()

    with pytest.raises(StoppedError):
        dask_indexer.index(corpus, folder, "2", on_sentence=listen, stop=stop)
    assert started(psutil.Process()) == []
    before = embedded(log)
    threads = max(2, len(os.sched_getaffinity(0)))
    assert before.total() <= (3 + 2 * AHEAD * threads) * STEP < 2 * MANY  # the others had not been sent
    dask_indexer.index(corpus, folder, "2")
    assert texts(folder) == expected(corpus)
    again = embedded(log) - before
    assert 2 * MANY - before.total() <= again.total() <= 2 * MANY - 3 * STEP


@pytest.mark.parametrize("how", ["Ctrl-C", "kill -9"])
def test_no_process_outlives_the_one_that_started_it(tmp_path: Path, log: Path, how: str):
    corpus = fill(tmp_path / "corpus", 5 * MANY)  # not finished before it is stopped, however slow the test
    command = [sys.executable, "-m", "tests.support.dask_indexer", str(corpus), str(tmp_path / "index")]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as indexing:
        assert indexing.stdout
        assert indexing.stderr
        assert indexing.stdout.readline() == "embedding\n"
        below = started(psutil.Process(indexing.pid))
        assert len(below) == 2
        if how == "Ctrl-C":
            os.killpg(indexing.pid, signal.SIGINT)  # as a terminal does, to everything that runs in it
            assert indexing.stdout.read() == "stopped\n"
            assert "Traceback" not in indexing.stderr.read()
        else:
            indexing.kill()
    _, left = psutil.wait_procs(below, timeout=30)
    assert left == []


def test_ctrl_c_ends_a_file_that_a_worker_is_reading():
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # as a worker does, whose children inherit it
    try:
        command = [sys.executable, "-m", "qa.ingest.readers", str(2**30)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as reading:
            while reading.poll() is None:  # it waits for the file's bytes
                reading.send_signal(signal.SIGINT)
                time.sleep(0.05)
    finally:
        signal.signal(signal.SIGINT, before)
    assert reading.returncode == -signal.SIGINT


def test_a_cluster_that_is_there_is_used_and_stays(tmp_path: Path, scheduler: str):
    corpus = fill(tmp_path / "corpus", FEW)
    for n in range(2):
        dask_indexer.index(corpus, tmp_path / str(n), scheduler)
        assert texts(tmp_path / str(n)) == expected(corpus)


def test_a_file_that_changed_since_it_was_found_is_read_as_it_is(tmp_path: Path, scheduler: str):
    seen = [_seen(path) for path in sorted(fill(tmp_path / "corpus", FEW).iterdir())]
    seen[3].file.path.write_text("The harbour was closed.")
    seen[4].file.path.unlink()
    with dask_indexer.pool(scheduler) as workers:
        found = {each.number: each.contents for each in workers.read(seen, "")}
    assert len(found) == FEW
    assert [each.text for each in found[3]] == ["The harbour was closed."]
    assert [type(each) for each in found[4]] == [Failure]


def test_a_worker_that_does_not_see_the_documents_is_no_failure_of_theirs(
    tmp_path: Path, scheduler: str, monkeypatch: pytest.MonkeyPatch
):
    corpus = fill(tmp_path / "corpus", FEW)
    monkeypatch.chdir(corpus)  # where the worker is not
    seen = [_seen(Path(path.name)) for path in sorted(corpus.iterdir())]
    with (
        dask_indexer.pool(scheduler) as workers,
        pytest.raises(UserError, match=r"does not see .*\.txt as it is"),
    ):
        list(workers.read(seen, ""))


def _seen(path: Path) -> PendingFile:
    file = File(path, path.name)
    return PendingFile(
        file, SourceFile(path.name, discovery.digest(file), path.stat().st_size, path.stat().st_mtime_ns)
    )


def test_a_worker_of_another_attest_is_refused(scheduler: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(dask, "_source_digest", lambda: "another")
    with (
        dask_indexer.pool(scheduler) as others,
        pytest.raises(UserError, match="differs from the one here; install"),
    ):
        list(others.embed([["a"], ["b"]]))


def test_a_scheduler_that_ends_meanwhile_ends_the_indexing_in_a_sentence(
    log: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(dask, "PATIENCE_SECONDS", 2.0)
    cluster = LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=":0", memory_limit=0)
    texts = [[f"harbour {n}"] for n in range(200)]
    with (
        cluster,
        dask_indexer.pool(cluster.scheduler_address) as others,
        closing(others.embed(texts)) as done,
    ):
        next(done)
        cluster.close()
        with pytest.raises(WorkersUnavailableError, match=r"tcp://.* was lost; run the same command again"):
            list(done)


@pytest.mark.parametrize(
    ("where", "status", "said"),
    [
        ("tcp://127.0.0.1:9", 1, "The Dask scheduler at tcp://127.0.0.1:9 cannot be reached"),
        ("carrier://pigeon", 1, "The Dask scheduler at carrier://pigeon cannot be reached"),
        ("many", 2, "neither a number of processes nor the address"),
        ("0", 2, "neither a number of processes nor the address"),
    ],
)
def test_workers_that_cannot_be_had_are_said_to_be_so(
    attest: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str, status: int, said: str
):
    monkeypatch.setattr(dask, "PATIENCE_SECONDS", 0.5)
    told = attest("index", str(fill(tmp_path / "harbours", FEW)), "--workers", where)
    assert told.status == status
    assert said in told.err
    assert len(told.err.splitlines()) == 1


def test_a_cluster_without_workers_is_said_to_have_none(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(dask, "PATIENCE_SECONDS", 0.5)
    none = LocalCluster(n_workers=0, dashboard_address=":0")
    with (
        none as cluster,
        dask_indexer.pool(cluster.scheduler_address) as others,
        pytest.raises(WorkersUnavailableError, match="has no workers; start some with: dask worker"),
    ):
        list(others.embed([["a"], ["b"]]))


def test_the_extra_is_named_where_it_is_missing(attest: Run, corpus: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    monkeypatch.delitem(sys.modules, "qa.index.update.workers.dask")
    told = attest("index", str(corpus), "--workers", "2")
    assert (told.status, "pip install 'attest-qa[dask]'" in told.err) == (2, True)
