"""An application that is made while the server it belongs to answers other requests."""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from threading import Lock

from fastapi import FastAPI
from starlette.types import Receive, Scope, Send


class Later:
    """ASGI application: the one that ``make`` makes, in a thread. Requests wait until it is there.

    It is made once, when the server begins to live, or when it is first asked or waited for.
    """

    def __init__(self, make: Callable[[], FastAPI]) -> None:
        """Begin with nothing. What ``make`` raises, every request and every :meth:`wait` raises."""
        self._make = make
        self._begun = Lock()
        self._made: Future[FastAPI] | None = None
        self._alive: Future[FastAPI] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, once the application is there, and alive where the server is."""
        app = await _of(self._alive or self._begin())
        await app(scope, receive, send)

    def wait(self) -> None:
        """Return when it is made."""
        self._begin().result()

    @asynccontextmanager
    async def living(self) -> AsyncIterator[None]:
        """Its life (in ASGI: lifespan) within the server's, which does not wait for it to begin."""
        alive: Future[FastAPI] = Future()
        over = asyncio.Event()

        async def live() -> None:
            async with AsyncExitStack() as life:
                try:
                    app = await _of(self._begin())
                    await life.enter_async_context(app.router.lifespan_context(app))
                except BaseException as error:
                    alive.set_exception(error)
                    raise
                alive.set_result(app)
                await over.wait()

        self._alive = alive
        life = asyncio.create_task(live())
        try:
            yield
        finally:
            over.set()
            await life
            self._alive = None

    def _begin(self) -> Future[FastAPI]:
        with self._begun:
            if self._made is None:
                self._made = ThreadPoolExecutor(1).submit(self._make)
            return self._made


async def _of(future: Future[FastAPI]) -> FastAPI:
    # Shielded, or the first request to be broken off would take it from all others.
    return await asyncio.shield(asyncio.wrap_future(future))
