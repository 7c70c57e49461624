"""An application that is made in the background, while the server around it answers other requests."""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from threading import Lock

from fastapi import FastAPI
from starlette.types import Receive, Scope, Send


class LazyApp:
    """ASGI application that ``make`` makes in a thread, once. Requests wait until it is there.

    It is made when the server starts, or else at the first request or :meth:`wait`.
    """

    def __init__(self, make: Callable[[], FastAPI]) -> None:
        """Make nothing yet. What ``make`` raises later, every request and every :meth:`wait` raises."""
        self._make = make
        self._starting = Lock()
        self._made: Future[FastAPI] | None = None
        self._started: Future[FastAPI] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, once the application is made and, where the server has a lifespan, started."""
        app = await _result(self._started or self._start_making())
        await app(scope, receive, send)

    def wait(self) -> None:
        """Return when the application is made."""
        self._start_making().result()

    @asynccontextmanager
    async def lifespan(self) -> AsyncIterator[None]:
        """Run the application's lifespan within the server's, which does not wait for it to begin."""
        started: Future[FastAPI] = Future()
        over = asyncio.Event()

        async def live() -> None:
            async with AsyncExitStack() as stack:
                try:
                    app = await _result(self._start_making())
                    await stack.enter_async_context(app.router.lifespan_context(app))
                except BaseException as error:  # who waits for the page is told, and it goes on
                    started.set_exception(error)
                    raise
                started.set_result(app)
                await over.wait()

        self._started = started
        life = asyncio.create_task(live())
        try:
            yield
        finally:
            over.set()
            await life
            self._started = None

    def _start_making(self) -> Future[FastAPI]:
        with self._starting:
            if self._made is None:
                self._made = ThreadPoolExecutor(1).submit(self._make)
            return self._made


async def _result(future: Future[FastAPI]) -> FastAPI:
    # Shielded, or the first request that is cancelled would cancel it for all others.
    return await asyncio.shield(asyncio.wrap_future(future))
