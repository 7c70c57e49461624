"""What the server said before it answers who joins its queue is heard before that answer."""

import asyncio

from starlette.types import Message, Receive, Scope, Send

from qa.web.ui.gradio_queue import Joining


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers at once."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"{}"})


def heard(path: str) -> list[str]:
    """In which order an answer and news of the same moment come."""
    order: list[str] = []

    async def send(message: Message) -> None:
        order.append(message["type"])

    async def receive() -> Message:
        return {"type": "http.request"}

    async def news() -> None:
        order.append("news")

    async def both() -> None:
        answering = Joining(app)({"type": "http", "path": path}, receive, send)
        await asyncio.gather(answering, news())

    asyncio.run(both())
    return order


def test_news_comes_before_the_answer_to_joining():
    assert heard("/attest/gradio_api/queue/join") == ["news", "http.response.start", "http.response.body"]


def test_other_answers_are_not_held_back():
    assert heard("/ask") == ["http.response.start", "http.response.body", "news"]
