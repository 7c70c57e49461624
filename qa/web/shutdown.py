"""An ordinary end of the requests that are still being answered when the server stops."""

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.web.problems import problem_response

STOPPING = "The server is stopping; please ask again when it has started"


class EndingRequests:
    """ASGI middleware: ends its requests when told to, as if each had come to its own end.

    uvicorn cancels what is still being answered when it stops, and logs a stack trace for each. The event
    stream of an open page never ends by itself.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Wrap ``app``."""
        self._app = app
        self._tasks: set[asyncio.Task[object]] = set()
        self._ended = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or end its response where it is once all must end."""
        task = asyncio.current_task()
        if scope["type"] != "http" or task is None:
            await self._app(scope, receive, send)
            return
        begun = complete = False

        async def send_noting(message: Message) -> None:
            nonlocal begun, complete
            begun = True
            complete = message["type"] == "http.response.body" and not message.get("more_body", False)
            await send(message)

        self._tasks.add(task)
        try:
            await self._app(scope, receive, send_noting)
        except asyncio.CancelledError:
            if not self._ended:
                raise
            if not begun:
                await problem_response(503, STOPPING)(scope, receive, send)
            elif not complete:
                await send({"type": "http.response.body", "body": b""})
        finally:
            self._tasks.discard(task)

    def end_after(self, seconds: float) -> None:
        """End the requests that are still being answered ``seconds`` from now. Call it in the event loop."""
        asyncio.get_running_loop().call_later(seconds, self._end)

    def _end(self) -> None:
        self._ended = True
        for task in self._tasks:
            task.cancel()
