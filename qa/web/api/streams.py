"""Take the events of a question to a client that may leave before the answer."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Generator
from contextlib import suppress

from anyio import CancelScope
from fastapi import Request
from fastapi.responses import StreamingResponse
from starlette.concurrency import iterate_in_threadpool

from qa.pipeline import Event
from qa.schema import Answer

EVENTS = "text/event-stream"
"""The media type of a stream of server-sent events."""

LINES = "application/x-ndjson"
"""The media type of a stream of one JSON object a line."""

PING_SECONDS = 15.0
"""The time between two comments of a stream without anything to say: nginx closes a connection after 60 quiet
seconds."""

CLIENT_LEFT = 499
"""The status of a response that nobody reads. HTTP has none; proxies log this one."""


async def await_answer(events: Generator[Event, None, None], request: Request) -> Answer | None:
    """Return the answer that ``events`` end with. If the client leaves, stop the model and return None."""
    try:
        async for event in iterate_in_threadpool(events):
            if isinstance(event, Answer) or await request.is_disconnected():
                return event if isinstance(event, Answer) else None
    finally:
        close(events)
    raise AssertionError("a stream ends with an answer")


def event_response(content: AsyncIterator[str] | AsyncIterator[bytes]) -> StreamingResponse:
    """Return a response of server-sent events, which no proxy keeps or holds back."""
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(content, headers=headers, media_type=EVENTS)


async def with_pings(events: Generator[Event, None, None]) -> AsyncGenerator[Event | None, None]:
    """Yield ``events``, and None whenever the next one takes :data:`PING_SECONDS` longer."""
    iterator = iterate_in_threadpool(events)
    while True:
        coming: asyncio.Future[Event | None] = asyncio.ensure_future(anext(iterator, None))
        try:
            while not (await asyncio.wait({coming}, timeout=PING_SECONDS))[0]:
                yield None
        finally:  # if the client leaves, nothing may run ``events`` any more
            with CancelScope(shield=True):
                await asyncio.wait({coming})
        event = coming.result()
        if event is None:
            return
        yield event


def close(events: Generator[Event, None, None]) -> None:
    """Stop what makes ``events``."""
    with suppress(ValueError):  # the server stops while a thread runs it; it closes when the thread is done
        events.close()
