"""An application that is made while its server answers: what waits for it, and what does not."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from threading import Event

import httpx
import pytest
from fastapi import FastAPI

from qa.web.lazy_app import LazyApp

LONG = 10


def greeting(lifespan: object = None) -> FastAPI:
    app = FastAPI(lifespan=lifespan)
    app.get("/page")(lambda: "here it is")
    return app


def client_of(lazy: LazyApp) -> httpx.AsyncClient:
    app = FastAPI()
    app.get("/health")(lambda: "well")
    app.mount("/", lazy)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1")


def test_the_rest_answers_while_it_is_made():
    let = Event()

    def make() -> FastAPI:
        assert let.wait(LONG)
        return greeting()

    async def asked() -> None:
        async with client_of(LazyApp(make)) as client:
            page = asyncio.create_task(client.get("/page"))
            assert (await client.get("/health")).json() == "well"
            assert not page.done()
            let.set()
            assert (await page).json() == "here it is"

    asyncio.run(asked())


def test_a_request_that_is_broken_off_takes_it_from_nobody():
    let = Event()

    def make() -> FastAPI:
        assert let.wait(LONG)
        return greeting()

    async def asked() -> None:
        async with client_of(LazyApp(make)) as client:
            first, second = (asyncio.create_task(client.get("/page")) for _ in range(2))
            await asyncio.sleep(0.1)
            first.cancel()
            await asyncio.gather(first, return_exceptions=True)
            let.set()
            assert (await second).json() == "here it is"

    asyncio.run(asked())


def test_it_is_made_once_and_lives_as_long_as_the_server():
    told: list[str] = []

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        told.append("begins")
        yield
        told.append("ends")

    def make() -> FastAPI:
        told.append("made")
        return greeting(life)

    lazy = LazyApp(make)

    async def asked() -> None:
        async with lazy.lifespan(), client_of(lazy) as client:
            for _ in range(3):
                assert (await client.get("/page")).status_code == 200
            assert told == ["made", "begins"]

    asyncio.run(asked())
    lazy.wait()
    assert told == ["made", "begins", "ends"]


def test_a_server_that_ends_at_once_ends_it_too():
    told: list[str] = []

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        told.append("begins")
        yield
        told.append("ends")

    lazy = LazyApp(lambda: greeting(life))

    async def ended() -> None:
        async with lazy.lifespan():
            pass

    asyncio.run(ended())
    assert told == ["begins", "ends"]


@pytest.mark.parametrize("lives", [True, False])
def test_whoever_waits_hears_that_it_cannot_be_made(lives: bool):
    def make() -> FastAPI:
        raise OSError("no room")

    lazy = LazyApp(make)

    async def asked() -> None:
        async with client_of(lazy) as client:
            if not lives:
                await client.get("/page")
            async with lazy.lifespan():
                await client.get("/page")

    with pytest.raises(OSError, match="no room"):
        asyncio.run(asked())
    with pytest.raises(OSError, match="no room"):
        lazy.wait()
