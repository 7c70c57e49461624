"""One process writes an index in Milvus at a time, on whichever machine; a dead one holds nobody up long."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest
from pymilvus import MilvusClient

from qa.errors import IndexUnavailableError, UserError
from qa.index.index import Index
from qa.index.prepare import PreparedSegment, by_id, cut_documents
from qa.index.snapshot import Snapshot
from qa.index.stores.milvus import lock
from qa.index.stores.milvus.connection import Address, Connection
from qa.index.stores.milvus.store import MilvusStore
from qa.index.update.update import build_index
from qa.schema import Document
from tests.support.fakes import IDENTITY, ROOT, FakeEncoder, document
from tests.support.milvus_lite_server import Milvus, running

GAS = document("Siemens installs four gas turbines in Uzbekistan.", "gas.md")
OIL = document("Oil is found near Baku.", "oil.md")
WATER = document("Water is scarce in Uzbekistan.", "water.md")

HOLDING = """
import sys, time
from pathlib import Path
from tests.support.fakes import IDENTITY
from qa.index.stores.milvus.connection import Address, Connection
from qa.index.stores.milvus.store import MilvusStore

with MilvusStore(Address(sys.argv[1], "", sys.argv[2]), IDENTITY, Path(sys.argv[3])).write_lock():
    print("writing", flush=True)
    time.sleep(600)
"""


@pytest.fixture(scope="module")
def milvus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Milvus]:
    with running(tmp_path_factory.mktemp("milvus")) as server:
        yield server


@pytest.fixture
def here(milvus: Milvus, tmp_path: Path, request: pytest.FixtureRequest) -> MilvusStore:
    return store(milvus, request.node.name, tmp_path / "here")


@pytest.fixture
def there(milvus: Milvus, tmp_path: Path, request: pytest.FixtureRequest) -> MilvusStore:
    """The same index, as another machine writes it."""
    return store(milvus, request.node.name, tmp_path / "there")


def store(milvus: Milvus, name: str, home: Path) -> MilvusStore:
    return MilvusStore(Address(milvus.uri, "", name), IDENTITY, home)


def prepared(document: Document) -> PreparedSegment:
    cut = cut_documents(by_id([document]))
    return cut.with_vectors(FakeEncoder().encode(cut.sentences))


def killed(milvus: Milvus, name: str, home: Path) -> None:
    """A process on the machine of ``home`` begins to write and is killed."""
    command = [sys.executable, "-c", HOLDING, milvus.uri, name, str(home)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as process:
        assert process.stdout
        assert process.stdout.readline() == b"writing\n"
        process.kill()


def leftovers(milvus: Milvus, name: str) -> list[str]:
    with closing(MilvusClient(milvus.uri)) as client:
        return [each for each in client.list_collections() if f"{name}_writ" in each]


def test_a_second_machine_is_told_who_writes(
    here: MilvusStore,
    there: MilvusStore,
    milvus: Milvus,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
):
    monkeypatch.setattr(lock, "BEAT_SECONDS", 0.2)
    build_index(here, [GAS], FakeEncoder())
    with (
        here.write_lock(),
        pytest.raises(UserError, match=r"Another process is writing the index .*process \d+ on"),
    ):
        build_index(there, [WATER], FakeEncoder())
    assert set(there.documents()) == {"gas.md"}
    build_index(there, [WATER], FakeEncoder())
    assert set(here.documents()) == {"water.md"}
    assert not leftovers(milvus, request.node.name)


def test_machines_that_begin_at_once_write_one_after_the_other(
    here: MilvusStore, there: MilvusStore, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(lock, "BEAT_SECONDS", 0.2)
    inside, most, refused = [0], [0], [0]

    def write(own: MilvusStore) -> None:
        for _ in range(6):
            try:
                with own.write_lock():
                    inside[0] += 1
                    most[0] = max(most[0], inside[0])
                    time.sleep(0.3)
                    inside[0] -= 1
            except UserError:
                refused[0] += 1

    threads = [Thread(target=write, args=(own,)) for own in (here, there)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1]
    assert refused[0] < 12


def test_what_a_killed_process_held_this_machine_takes_at_once(
    here: MilvusStore, milvus: Milvus, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
):
    monkeypatch.setattr(lock, "DEAD_SECONDS", 3_600)
    killed(milvus, request.node.name, here.home)
    build_index(here, [GAS], FakeEncoder())
    assert set(here.documents()) == {"gas.md"}
    assert not leftovers(milvus, request.node.name)


def test_what_a_killed_process_held_another_machine_takes_when_it_stays_silent(
    here: MilvusStore,
    there: MilvusStore,
    milvus: Milvus,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
):
    monkeypatch.setattr(lock, "DEAD_SECONDS", 2)
    killed(milvus, request.node.name, there.home)
    build_index(here, [GAS], FakeEncoder())
    assert set(there.documents()) == {"gas.md"}
    assert not leftovers(milvus, request.node.name)


def test_who_was_taken_for_dead_puts_nothing_in_force(
    here: MilvusStore, there: MilvusStore, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(lock, "BEAT_SECONDS", 3_600)
    monkeypatch.setattr(lock, "DEAD_SECONDS", 1)
    awake, taken = Event(), Event()

    def take_over() -> None:
        awake.wait(60)
        with there.write_lock():
            taken.set()
            done.wait(60)

    done = Event()
    other = Thread(target=take_over)
    other.start()
    with here.write_lock():
        segment = here.write(prepared(GAS))
        awake.set()
        assert taken.wait(60)
        with pytest.raises(UserError, match="had not heard from this one"):
            here.commit(Snapshot.now([segment]), ())
    done.set()
    other.join()
    build_index(there, [WATER], FakeEncoder())
    assert set(here.documents()) == {"water.md"}


Pause = Callable[[str, str, Callable[[], object]], AbstractContextManager[None]]


@pytest.fixture
def pause(here: MilvusStore, monkeypatch: pytest.MonkeyPatch) -> Pause:
    """Stop the writer ``here`` before it calls Milvus for ``what`` with a collection whose name contains
    ``collection``, for longer than a writer may be silent; let ``others`` write meanwhile, and then it go on.
    """
    monkeypatch.setattr(lock, "BEAT_SECONDS", 3_600)
    monkeypatch.setattr(lock, "DEAD_SECONDS", 1)
    original = Connection.__call__

    @contextmanager
    def pause(what: str, collection: str, others: Callable[[], object]) -> Iterator[None]:
        stopped = []

        def call(self: Connection, name: str, **given: object) -> object:
            if self is here._milvus and name == what and collection in str(given) and not stopped:
                stopped.append(name)
                others()
            return original(self, name, **given)

        with monkeypatch.context() as patch:
            patch.setattr(Connection, "__call__", call)
            yield
        assert stopped

    return pause


def test_who_stalls_between_confirming_its_lock_and_committing_undoes_nothing(
    here: MilvusStore, there: MilvusStore, pause: Pause
):
    build_index(here, [GAS], FakeEncoder())
    with (
        pause("rename_collection", "_snapshot_", lambda: build_index(there, [WATER], FakeEncoder())),
        pytest.raises(UserError, match=r"Another process has changed the index .* Try again"),
    ):
        build_index(here, [GAS, OIL], FakeEncoder())
    for store in (here, there):
        assert set(Index.open(store).documents) == {"water.md"}
    build_index(here, [GAS, OIL], FakeEncoder())
    assert set(Index.open(there).documents) == {"gas.md", "oil.md"}


def test_who_stalls_before_it_removes_a_former_segment_removes_none_that_others_have_made(
    here: MilvusStore, there: MilvusStore, pause: Pause
):
    """The others go back to the same documents, as when a file flips between two versions."""
    build_index(here, [WATER], FakeEncoder())
    (former,) = here.snapshot().segments
    build_index(here, [GAS], FakeEncoder())
    with pause("drop_collection", former.name, lambda: build_index(there, [WATER], FakeEncoder())):
        build_index(here, [OIL], FakeEncoder())
    for store in (here, there):
        assert set(Index.open(store).documents) == {"water.md"}


def test_an_index_whose_snapshots_have_no_numbers_yet_is_read_and_updated(
    here: MilvusStore, there: MilvusStore, milvus: Milvus, request: pytest.FixtureRequest
):
    build_index(here, [GAS], FakeEncoder())
    name, unnumbered = request.node.name, f"{request.node.name}_state_0123456789abcdef"
    with closing(MilvusClient(milvus.uri)) as client:
        client.rename_collection(f"{name}_snapshot_1", unnumbered)
        client.create_alias(unnumbered, name)
        assert set(Index.open(there).documents) == {"gas.md"}
        build_index(here, [WATER], FakeEncoder())
        assert set(Index.open(there).documents) == {"water.md"}
        assert not client.has_collection(name)
        build_index(here, [OIL], FakeEncoder())
        assert not client.has_collection(unnumbered)


def test_a_milvus_that_goes_away_is_one_sentence_and_the_next_run_writes(tmp_path: Path):
    with running(tmp_path / "milvus") as server:
        own = store(server, "gone", tmp_path / "home")
        with own.write_lock():
            server.kill()
            with pytest.raises(IndexUnavailableError):
                own.write(prepared(GAS))
        server.start()
        build_index(own, [GAS], FakeEncoder())
        assert set(own.documents()) == {"gas.md"}
        assert not leftovers(server, "gone")
