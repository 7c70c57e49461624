"""Each change to Gradio works, and is still needed: without it, Gradio does what the change is there for.

When a test "is still needed" fails, Gradio has changed. Then remove the patch, and the test with it.
"""

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Barrier, BrokenBarrierError, Event
from typing import Any

import gradio as gr
import httpx
import pytest
from fastapi import FastAPI
from gradio import processing_utils
from starlette.routing import Match
from starlette.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from qa.web.security.middleware import Guard
from qa.web.ui import gradio_patches
from qa.web.ui.gradio_uploads import Uploads

AT = "http://127.0.0.1"
STRANGER = {"Host": "attest.example", "Origin": "https://example.org"}
SOON = 30


@pytest.fixture(autouse=True)
def _unpatched_downloads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put back what a test replaces for the whole process."""
    replaced = "async_ssrf_protected_download"
    monkeypatch.setattr(processing_utils, replaced, getattr(processing_utils, replaced))


@pytest.fixture(autouse=True)
def uploaded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Gradio's folder of uploads."""
    folder = tmp_path / "uploads"
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(folder))
    return folder


def page_of(function: Callable[..., object], component: Callable[[], Any]) -> gr.Blocks:
    """A page that answers ``/run/go`` with ``function`` of what ``component`` holds."""
    with gradio_patches.exclusive_build(), gr.Blocks() as page:
        given, shown = component(), gr.Textbox()
        given.change(function, given, shown, api_name="go", queue=False)
        given.change(function, given, shown, api_name="queued")
        page.queue()
    return page


def mount(page: gr.Blocks, app: FastAPI | None = None, **settings: Any) -> FastAPI:
    app = app or FastAPI()
    gr.mount_gradio_app(app, page, path="/", ssr_mode=False, server_name="127.0.0.1", **settings)
    return app


def echo_page() -> gr.Blocks:
    return page_of(lambda text: text, gr.Textbox)


def read_page() -> gr.Blocks:
    return page_of(lambda path: Path(path).read_text(), gr.File)


def read(page: gr.Blocks, path: str) -> httpx.Response:
    """The answer to a client that names ``path`` in place of a file that it uploaded."""
    sent = {"path": path, "meta": {"_type": "gradio.FileData"}}
    with TestClient(mount(page, show_error=True), AT) as client:
        return client.post("/gradio_api/run/go", json={"data": [sent]})


# --- One page is built at a time.


def built_from_two_threads(build: Callable[[], Any], wait: float) -> int:
    """How many components a page has, in the middle of which another thread made one.

    The page is finished when the other thread is, or after ``wait`` seconds if that one is held back.
    """
    begun, done = Event(), Event()

    def other() -> None:
        begun.wait(SOON)
        with build(), gr.Blocks():
            gr.Textbox()
        done.set()

    thread = threading.Thread(target=other)
    thread.start()
    with build(), gr.Blocks() as page:
        begun.set()
        done.wait(wait)
        gr.Textbox()
    thread.join(SOON)
    return sum(isinstance(each, gr.Textbox) for each in page.blocks.values())


@contextmanager
def nothing() -> Iterator[None]:
    yield


def test_building_one_page_at_a_time_is_still_needed():
    assert built_from_two_threads(nothing, SOON) != 1


def test_a_page_has_the_components_of_its_own_thread():
    assert built_from_two_threads(gradio_patches.exclusive_build, 1) == 1


# --- More threads.


def at_once(page: gr.Blocks, barrier: Barrier) -> list[int]:
    """The statuses of as many requests as ``barrier`` waits for."""
    app = mount(page)

    async def ask_all() -> list[int]:
        async with app.router.lifespan_context(app):
            transport = httpx.ASGITransport(app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url=AT, timeout=None) as client:
                asked = [
                    client.post("/gradio_api/run/go", json={"data": ["x"]}) for _ in range(barrier.parties)
                ]
                return [told.status_code for told in await asyncio.gather(*asked)]

    return asyncio.run(ask_all())


@pytest.mark.parametrize(("threads", "enough"), [(None, False), (64, True)])
def test_more_threads_are_still_needed_and_given(threads: int | None, enough: bool):
    barrier = Barrier(50)

    def wait(text: str) -> str:
        try:
            barrier.wait(SOON if enough else 3)
        except BrokenBarrierError:
            raise gr.Error("too few threads", print_exception=False) from None
        return text

    page = page_of(wait, gr.Textbox)
    if threads:
        gradio_patches.allow_threads(page, threads)
    statuses = at_once(page, barrier)
    assert (set(statuses) == {200}) is enough


# --- Files and addresses that a client names.


def test_refusing_foreign_paths_is_still_needed(tmp_path: Path):
    (tmp_path / "secret.txt").write_text("xyzzy")
    assert "xyzzy" in read(read_page(), str(tmp_path / "secret.txt")).text


def test_a_file_that_was_not_uploaded_is_refused(tmp_path: Path):
    (tmp_path / "secret.txt").write_text("xyzzy")
    page = read_page()
    gradio_patches.refuse_foreign_paths(page)
    refused = read(page, str(tmp_path / "secret.txt"))
    assert refused.status_code == 500
    assert "xyzzy" not in refused.text


def test_refusing_downloads_is_still_needed(monkeypatch: pytest.MonkeyPatch, uploaded: Path):
    fetched: list[str] = []

    async def fetch(url: str, cache_dir: str) -> str:
        fetched.append(url)
        uploaded.mkdir()
        (uploaded / "fetched.txt").write_text("xyzzy")
        return str(uploaded / "fetched.txt")

    monkeypatch.setattr(processing_utils, "async_ssrf_protected_download", fetch)
    page = read_page()
    gradio_patches.refuse_foreign_paths(page)
    assert "xyzzy" in read(page, "https://example.org/a.txt").text
    assert fetched == ["https://example.org/a.txt"]


def test_an_address_is_refused():
    gradio_patches.refuse_downloads()
    page = read_page()
    gradio_patches.refuse_foreign_paths(page)
    refused = read(page, "https://example.org/a.txt")
    assert refused.status_code == 500
    assert "Only files that were uploaded" in refused.text


# --- Uploads of two visitors.


def paths_of_one_file_sent_twice(app: FastAPI) -> list[str]:
    app.add_middleware(Guard, private=False, access=None, root_path="", max_upload=1_000)
    with TestClient(app, AT) as client:
        files = {"files": ("a.txt", b"The same text.")}
        return [client.post("/gradio_api/upload", files=files).json()[0] for _ in range(2)]


def test_separating_uploads_is_still_needed():
    first, second = paths_of_one_file_sent_twice(mount(echo_page()))
    assert first == second


def test_the_same_file_sent_twice_is_there_twice():
    app = mount(echo_page())
    uploads = Uploads()
    gradio_patches.separate_uploads(app, uploads)
    first, second = map(Path, paths_of_one_file_sent_twice(app))
    assert first != second
    assert all(path.read_bytes() == b"The same text." and uploads.holds(path) for path in (first, second))


def test_uploads_are_where_gradio_reads_them(uploaded: Path):
    assert gradio_patches.upload_folder() == uploaded
    (path,) = set(paths_of_one_file_sent_twice(mount(echo_page())))
    assert Path(path).is_relative_to(uploaded)


# --- Other sites.


def test_refusing_other_origins_is_still_needed():
    with TestClient(mount(echo_page()), AT) as client:
        told = client.get("/config", headers=STRANGER)
        assert told.headers["access-control-allow-origin"] == STRANGER["Origin"]


def test_other_sites_can_read_nothing():
    app = FastAPI()
    gradio_patches.refuse_other_origins(app)
    with TestClient(mount(echo_page(), app), AT) as client:
        assert "access-control-allow-origin" not in client.get("/config", headers=STRANGER).headers


# --- Routes that the page does not use.

UNUSED = [
    *(("GET", "/gradio_api/file=/etc/hostname"), ("GET", "/gradio_api/file/etc/hostname")),
    *(("GET", "/gradio_api/proxy=http://127.0.0.1:9/"), ("GET", "/gradio_api/deep_link")),
    *(("POST", "/gradio_api/process_recording"), ("POST", "/gradio_api/run-history/connect")),
    *(("POST", "/gradio_api/vibe-edit"), ("GET", "/gradio_api/vibe-code")),
]


@pytest.mark.parametrize(("method", "path"), UNUSED)
def test_closing_a_route_is_still_needed(method: str, path: str):
    mounted: Any = mount(echo_page()).routes[-1]
    scope = {"type": "http", "method": method, "path": path, "root_path": "", "headers": []}
    assert Match.FULL in {route.matches(scope)[0] for route in mounted.app.routes}
    assert Match.FULL not in {
        route.matches({**scope, "path": "/gradio_api/unheard-of"})[0] for route in mounted.app.routes
    }


def test_a_closed_route_is_not_found_and_others_are():
    app = FastAPI()
    gradio_patches.close_unused_routes(app)
    with TestClient(mount(echo_page(), app), AT) as client:
        for method, path in UNUSED:
            told = client.request(method, path)
            assert (told.status_code, told.json()["detail"]) == (404, "There is nothing at this address")
        assert client.get("/config").status_code == 200


# --- The queue.


class Visitor:
    """A browser session over ASGI that hears of an event stream's end only after ``delay`` seconds."""

    def __init__(self, app: Any, delay: float) -> None:
        self._app = app
        self._delay = delay
        self.heard: list[str] = []

    async def join(self) -> None:
        """Join the queue with a question, and note when that is answered."""
        body = {"data": ["x"], "fn_index": 1, "session_hash": "visitor"}

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                assert message["status"] == 200
                self.heard.append("joined")

        await self._call("POST", "/gradio_api/queue/join", json.dumps(body).encode(), send)

    async def listen(self) -> None:
        """Hear of all questions until the server closes the stream. Join once more when it is about to."""
        joining: list[asyncio.Task[None]] = []

        async def send(message: Message) -> None:
            text = message.get("body", b"").decode()
            if "process_completed" in text:
                self.heard.append("completed")
            if "close_stream" in text:
                joining.append(asyncio.create_task(self.join()))
                await asyncio.sleep(self._delay)  # on its way to the browser
                self.heard.append("closed")

        await self._call("GET", "/gradio_api/queue/data", b"", send, b"session_hash=visitor")
        await asyncio.gather(*joining)

    async def _call(self, method: str, path: str, body: bytes, send: Send, query: bytes = b"") -> None:
        sent = False

        async def receive() -> Message:
            nonlocal sent
            if sent:
                await asyncio.sleep(SOON)
            sent = True
            return {"type": "http.request", "body": body}

        headers = [(b"host", b"127.0.0.1"), (b"content-type", b"application/json")]
        scope: Scope = {
            **{"type": "http", "method": method, "path": path, "query_string": query, "headers": headers},
            **{"http_version": "1.1", "scheme": "http", "server": ("127.0.0.1", 80), "root_path": ""},
            **{"client": ("127.0.0.1", 1), "raw_path": path.encode()},
        }
        await self._app(scope, receive, send)


def heard_at_the_end_of_a_stream(app: FastAPI) -> list[str]:
    async def visit() -> list[str]:
        async with app.router.lifespan_context(app):
            visitor = Visitor(app, delay=gradio_patches.JOIN_DELAY_SECONDS / 2)
            await visitor.join()
            await asyncio.wait_for(visitor.listen(), SOON)
            return visitor.heard

    return asyncio.run(visit())


def test_holding_back_the_answer_to_a_join_is_still_needed():
    heard = heard_at_the_end_of_a_stream(mount(echo_page()))
    assert heard == ["joined", "completed", "joined", "closed"]


def test_a_browser_hears_that_its_stream_is_closed_before_it_hears_that_it_has_joined():
    app = FastAPI()
    gradio_patches.close_streams_before_joins(app)
    heard = heard_at_the_end_of_a_stream(mount(echo_page(), app))
    assert heard == ["joined", "completed", "closed", "joined"]


async def _answer(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"{}"})


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/attest/gradio_api/queue/join", ["news", "http.response.start", "http.response.body"]),
        ("/ask", ["http.response.start", "http.response.body", "news"]),
    ],
)
def test_only_the_answer_to_a_join_is_held_back(path: str, expected: list[str]):
    order: list[str] = []

    async def send(message: Message) -> None:
        order.append(message["type"])

    async def receive() -> Message:
        return {"type": "http.request"}

    async def news() -> None:
        order.append("news")

    async def both() -> None:
        answering = gradio_patches.JoinDelay(_answer)({"type": "http", "path": path}, receive, send)
        await asyncio.gather(answering, news())

    asyncio.run(both())
    assert order == expected


# --- What type checkers do not see.


def test_the_names_are_those_of_gradio():
    assert issubclass(gr.Textbox, gradio_patches.Block)
    assert not hasattr(gr, "Block")
