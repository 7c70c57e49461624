"""Twenty at once, over the API and on the page: each gets evidence at once, a place, and its own answer."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from threading import Event
from typing import Any

import httpx
import pytest
from langchain_core.messages import BaseMessage
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from playwright.sync_api import expect
from pydantic import PrivateAttr

from qa.embedding.encoder import TextEncoder
from qa.index.index import Index
from qa.index.stores.local import LocalStore
from qa.index.update.update import build_index
from qa.pipeline import Pipeline
from qa.retrieval.hybrid import HybridRetriever
from qa.runtime import StaticRuntime
from tests.support.browser import chromium, opened, served
from tests.support.fakes import IDENTITY, FakeChat, FakeEncoder, document

READERS, TABS = 20, 3

CROWD = 60
"""More than the 40 threads that anyio and Gradio have by default."""

SOON = 120
"""Seconds after which a test gives up on what should come at once."""

PLANTS = (
    *("Arholma", "Bornholm", "Cadiz", "Dundee", "Elista", "Fogo", "Gdansk", "Hobart", "Izmir", "Jijel"),
    *("Kotor", "Lomza", "Malmo", "Narvik", "Odessa", "Porto", "Quito", "Riga", "Sopot", "Tartu"),
    *("Uppsala", "Vaduz", "Wismar"),
)


class SlowChat(FakeChat):
    """A model that does nothing until it is released, and then repeats the first quote."""

    _released: Event = PrivateAttr(default_factory=Event)

    def _generate(self, messages: list[BaseMessage], *args: Any, **kwargs: Any) -> ChatResult:
        assert self._released.wait(SOON)
        return super()._generate(messages, *args, **kwargs)

    def _stream(
        self, messages: list[BaseMessage], *args: Any, **kwargs: Any
    ) -> Iterator[ChatGenerationChunk]:
        assert self._released.wait(SOON)
        asked = str(messages[-1].content).rpartition("Question: ")[2]
        plant = next((each for each in PLANTS if each in asked), "")
        self.says = f"The plant in {plant} has {capacity(plant)} MW."
        return super()._stream(messages, *args, **kwargs)


def capacity(plant: str) -> int:
    """A number that no other plant has."""
    return 100 + PLANTS.index(plant)


def question(plant: str) -> str:
    return f"What capacity has the plant in {plant}?"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    folder = tmp_path_factory.mktemp("plants")
    plants = [
        document(f"The plant in {plant} has {capacity(plant)} MW. It is new.", f"{plant}.txt")
        for plant in PLANTS
    ]
    build_index(LocalStore(folder, IDENTITY), plants, FakeEncoder())
    return Index.open(LocalStore(folder, IDENTITY))


@pytest.fixture
def model() -> Iterator[SlowChat]:
    chat = SlowChat()
    yield chat
    chat._released.set()


@pytest.fixture
def parts(index: Index, model: SlowChat) -> StaticRuntime:
    pipeline = Pipeline(HybridRetriever(source=index, encoder=FakeEncoder()), index.documents, model, 0.0)
    return StaticRuntime(index, FakeEncoder(), IDENTITY, pipeline)


@dataclass
class Reading:
    """A streamed answer as it comes."""

    lines: AsyncIterator[str]
    told: list[int] = field(default_factory=list)
    """The places that it was told."""

    async def until(self, key: str) -> Any:
        """What the next line with ``key`` says."""
        async for line in self.lines:
            ((name, value),) = json.loads(line).items()
            assert name != "error", value
            if name == "waiting":
                self.told.append(value)
            if name == key:
                return value
        raise AssertionError(f"there was no {key}")


@asynccontextmanager
async def asking(client: httpx.AsyncClient, plant: str) -> AsyncIterator[Reading]:
    asked = {"question": question(plant), "stream": True}
    async with client.stream("POST", "/ask", json=asked) as response:
        assert response.status_code == 200
        yield Reading(response.aiter_lines())


def client_of(address: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        base_url=address, trust_env=False, timeout=SOON, limits=httpx.Limits(max_connections=None)
    )


def stand_in_line(parts: StaticRuntime, waiting: int) -> None:
    """Return once so many questions wait for the model."""
    given_up = time.monotonic() + SOON
    while parts.pipeline.turns.waiting != waiting:
        assert time.monotonic() < given_up, f"{parts.pipeline.turns.waiting} wait, not {waiting}"
        time.sleep(0.01)


async def in_line(parts: StaticRuntime, waiting: int) -> None:
    """The same, beside what else the loop does."""
    await asyncio.to_thread(stand_in_line, parts, waiting)


def test_twenty_programs_at_once_are_each_answered(parts: StaticRuntime, model: SlowChat):
    async def all_at_once(address: str) -> None:
        async with client_of(address) as client, AsyncExitStack() as stay:
            plants = PLANTS[:READERS]
            readings = await asyncio.gather(*(stay.enter_async_context(asking(client, p)) for p in plants))
            found = await asyncio.gather(*(each.until("evidence") for each in readings))
            for plant, evidence in zip(plants, found, strict=True):
                assert f"{plant}.txt" in {quote["document"] for quote in evidence["quotes"]}
            await in_line(parts, READERS - 1)
            assert not model.written
            model._released.set()
            answers = await asyncio.gather(*(each.until("answer") for each in readings))
            for plant, answer in zip(plants, answers, strict=True):
                assert f"{capacity(plant)} MW" in answer["answer"]
                assert {quote["document"] for quote in answer["quotes"]} == {f"{plant}.txt"}
            told = sorted(each.told for each in readings)
            assert told[0] == []  # one had the model at once
            for each in told[1:]:
                assert each == sorted(each, reverse=True)
                assert each[-1] == 0 < each[0]

    with served(parts) as address:
        asyncio.run(all_at_once(address))
    assert parts.pipeline.turns.waiting == 0


def test_a_crowd_that_waits_keeps_nobody_else_from_evidence(parts: StaticRuntime, model: SlowChat):
    async def crowded(address: str) -> None:
        async with client_of(address) as client, AsyncExitStack() as stay:
            crowd = [PLANTS[i % READERS] for i in range(CROWD)]
            readings = await asyncio.gather(*(stay.enter_async_context(asking(client, p)) for p in crowd))
            await asyncio.gather(*(each.until("evidence") for each in readings))
            await in_line(parts, CROWD - 1)
            plain = [client.post("/ask", json={"question": question(PLANTS[0])}) for _ in range(CROWD)]
            asked = [asyncio.ensure_future(each) for each in plain]
            await in_line(parts, 2 * CROWD - 1)
            assert (await client.get("/health")).json()["status"] == "ok"
            assert (await client.post("/search", json={"query": "Riga"})).status_code == 200
            late = await stay.enter_async_context(asking(client, "Vaduz"))
            found = await late.until("evidence")
            assert "Vaduz.txt" in {quote["document"] for quote in found["quotes"]}
            model._released.set()
            assert {(await each).status_code for each in asked} == {200}
            assert "MW" in (await late.until("answer"))["answer"]

    with served(parts) as address:
        asyncio.run(crowded(address))


@pytest.mark.parametrize("streamed", [True, False])
def test_a_program_that_leaves_makes_room(parts: StaticRuntime, model: SlowChat, streamed: bool):
    async def leaving(address: str) -> None:
        async with client_of(address) as client, asking(client, PLANTS[0]) as first:
            await first.until("evidence")
            await in_line(parts, 0)
            asked = {"question": question(PLANTS[1]), "stream": streamed}
            second = asyncio.ensure_future(client.post("/ask", json=asked))
            await in_line(parts, 1)
            async with asking(client, PLANTS[2]) as third:
                assert await third.until("waiting") == 2
                second.cancel()
                while await third.until("waiting") != 1:
                    pass
                await in_line(parts, 1)
                model._released.set()
                assert f"{capacity(PLANTS[2])} MW" in (await third.until("answer"))["answer"]

    with served(parts) as address:
        asyncio.run(leaving(address))


def test_readers_on_the_page_and_programs_take_turns(parts: StaticRuntime, model: SlowChat):
    with served(parts) as address, chromium() as browser, ExitStack() as stay:
        tabs = [stay.enter_context(opened(browser, address)) for _ in range(TABS)]
        plants = PLANTS[READERS : READERS + TABS]
        with programs(parts, address, model) as finish:
            for tab, plant in zip(tabs, plants, strict=True):
                tab.begin(question(plant))
            for tab, plant in zip(tabs, plants, strict=True):
                expect(tab.page.locator("#quotes .card").first).to_contain_text(f"{capacity(plant)} MW")
                expect(tab.page.locator("#current")).to_contain_text("questions")
            model._released.set()
            for tab, plant in zip(tabs, plants, strict=True):
                expect(tab.exchanges.last).to_contain_text(f"{capacity(plant)} MW", timeout=SOON * 1_000)
                assert tab.troubles == []
            finish()


@contextmanager
def programs(parts: StaticRuntime, address: str, model: SlowChat) -> Iterator[Callable[[], None]]:
    """Twenty programs that have asked and wait; the function sees that all are answered."""

    def ask(plant: str) -> str:
        told = httpx.post(
            f"{address}ask", json={"question": question(plant)}, trust_env=False, timeout=SOON
        ).json()
        return str(told["answer"])

    with ThreadPoolExecutor(READERS) as pool:
        asked = [(plant, pool.submit(ask, plant)) for plant in PLANTS[:READERS]]
        stand_in_line(parts, READERS - 1)

        def finish() -> None:
            for plant, answer in asked:
                assert f"{capacity(plant)} MW" in answer.result(SOON)

        try:
            yield finish
        finally:
            model._released.set()


def test_many_threads_embed_at_once(encoder: TextEncoder, parts: StaticRuntime):
    texts = [f"{question(plant)} It was built in {2000 + i}." for i, plant in enumerate(PLANTS)]
    alone = [encoder.encode([text])[0] for text in texts]
    with ThreadPoolExecutor(READERS) as pool:
        together = list(pool.map(lambda text: encoder.encode([text])[0], texts))
    for one, other in zip(alone, together, strict=True):
        assert float(one @ other) == pytest.approx(1, abs=1e-3)
