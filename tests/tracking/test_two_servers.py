"""Two servers over one index, in a folder or in Milvus: one of them asks again, not both."""

import time
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from qa.index.base import Store
from qa.index.index import Index
from qa.index.stores.local import LocalStore
from qa.index.stores.milvus.connection import Address
from qa.index.stores.milvus.store import MilvusStore
from qa.index.update.update import update_index
from qa.ingest.discovery import survey
from qa.pipeline import Ask, Event, Pipeline
from qa.retrieval.hybrid import HybridRetriever
from qa.runtime import LiveRuntime, StaticRuntime
from qa.tracking.store import TrackingStore
from qa.tracking.tracker import Tracker
from tests.support.fakes import IDENTITY, FakeEncoder
from tests.support.milvus_lite_server import running
from tests.tracking.test_tracking import QUESTION, V1, V2


@pytest.fixture(params=["folder", "milvus"])
def open_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], Store]]:
    """Opens the index anew, as every server does."""
    if request.param == "folder":
        yield lambda: LocalStore(tmp_path / "index", IDENTITY)
        return
    with running(tmp_path / "milvus") as milvus:
        yield lambda: MilvusStore(Address(milvus.uri, "", "shared"), IDENTITY, tmp_path / "home")


@pytest.mark.usefixtures("quick_servers")
def test_one_of_two_servers_asks_again(
    open_store: Callable[[], Store], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    corpus = tmp_path / "corpus"
    corpus.mkdir()

    def write(text: str) -> None:
        (corpus / "contract.txt").write_text(text)
        (corpus / "rail.txt").write_text("Alstom builds electric locomotives in Astana.")
        update_index(open_store(), survey([corpus]), FakeEncoder())

    asked: list[str] = []
    stream = Pipeline.stream

    def counting(self: Pipeline, ask: Ask, *rest: Any) -> Generator[Event, None, None]:
        asked.append(ask.question)
        return stream(self, ask, *rest)

    monkeypatch.setattr(Pipeline, "stream", counting)

    def server() -> tuple[LiveRuntime, Tracker]:
        store = open_store()
        index, encoder = Index.open(store), FakeEncoder()
        pipeline = Pipeline(HybridRetriever(source=index, encoder=encoder), index.documents, None, 0.3)
        runtime = LiveRuntime(StaticRuntime(index, encoder, IDENTITY, pipeline), store)
        return runtime, Tracker(TrackingStore(store.home / "tracked"), runtime, store.snapshot)

    write(V1)
    servers = [server(), server()]
    tracked = servers[0][1].store
    with ExitStack() as stack:
        for runtime, tracker in servers:
            stack.enter_context(runtime.follow())
            stack.enter_context(tracker.follow())
        tracked.add(QUESTION)
        wait_for(lambda: not tracked.due())
        write(V2)
        wait_for(lambda: bool(tracked.changes()))
        index = open_store().snapshot()
        wait_for(lambda: all(runtime.index.snapshot == index for runtime, _ in servers))
        time.sleep(1)  # in which the other one looks a few times more
    assert asked == [QUESTION, QUESTION]  # when it was added, and when the contract changed
    (change,) = tracked.changes()
    assert "24 months" in change.before.answer.text
    assert "36 months" in change.after.answer.text
    assert len(tracked.history(change.question)) == 2


def wait_for(done: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not done():
        assert time.monotonic() < until
        time.sleep(0.05)
