"""Keeps a question from being lost between two of Gradio's event streams."""

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

SETTLING_SECONDS = 0.1
"""How long the answer to a question's joining the queue is held back. What the server wrote before reaches a
reader's browser in that time, unless two of its connections differ by more."""

_JOIN = "/gradio_api/queue/join"


class Joining:
    """ASGI middleware: a queue's answer to who joins it comes after the news that its stream has closed.

    Gradio's page hears of all its questions over one stream, which the server closes after the last of them.
    A question that joins just then is answered over a stream that the page still takes for open, and waits
    for ever, unless the page learns that it is closed first: on the answer to its joining it looks whether
    it must open another. What happens to the question meanwhile is kept for that one.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Wrap ``app``."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, in time or a little later."""

        async def send_later(message: Message) -> None:
            if message["type"] == "http.response.start":
                await asyncio.sleep(SETTLING_SECONDS)
            await send(message)

        joins = scope["type"] == "http" and scope["path"].endswith(_JOIN)
        await self._app(scope, receive, send_later if joins else send)
