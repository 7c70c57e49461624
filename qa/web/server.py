"""The page, the API and the tools as one application, and uvicorn to serve it."""

import socket
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager, nullcontext
from threading import Event, Thread

import anyio.to_thread
import uvicorn
from fastapi import FastAPI

from qa import __version__, assemble
from qa.config import Config
from qa.errors import AttestError, UserError
from qa.index.follower import refresh_regularly
from qa.runtime import Runtime
from qa.uploads.index import UploadIndex
from qa.uploads.limits import Limits
from qa.uploads.temporary import remove_abandoned
from qa.web.api import routes
from qa.web.lazy_app import Later
from qa.web.security.auth import Access
from qa.web.security.middleware import Guard, is_loopback
from qa.web.ui.gradio_queue import Joining

CLOSING_SECONDS = 3
"""How long open pages may hold up the end: each keeps a connection that it never closes."""

GRACE_SECONDS = 3.0
"""Time between the page and the language model: llama.cpp stops all other threads of Python while it loads a
model. In this time a browser that was waiting has shown the page (docs/speed.md)."""

THREADS = 256
"""For requests to the API. anyio's default, 40, is fewer than the streams that may wait for the model at a
time, each of which keeps one most of the time; one that sleeps costs next to nothing."""

_MULTIPART_BYTES = 1_000_000
"""Room for what stands between the files of an upload: a thousand times their names and headers."""


class Application(FastAPI):
    """Everything that is served."""

    page: Later
    """The part of it that is made while the rest answers."""


def create(parts: Runtime, settings: Config) -> Application:
    """Everything that is served, over ``parts``. The API answers at once; the page is made beside it.

    Raises:
        UserError: the file of accounts cannot be used, or a setting of the index.
    """
    access = Access(settings.auth) if settings.auth else None
    shared_uploads = UploadIndex(assemble.open_uploads(settings)) if settings.shared else None
    largest = settings.max_upload * 1_000_000
    most = settings.max_all_uploads * 1_000_000
    limits = Limits(file_bytes=largest, total_bytes=min(4 * largest, most), all_visitors_bytes=most)

    def page() -> FastAPI:
        from qa.web.ui.app import create_ui_app  # importing Gradio takes longer than all the rest

        return create_ui_app(parts, limits, settings, access, shared_uploads)

    later = Later(page)
    app = Application(
        title="Attest",
        version=__version__,
        description="Answers over your own documents, every sentence tied to a verbatim quote.",
        docs_url=None,  # FastAPI's pages of documentation load their scripts from elsewhere
        redoc_url=None,
        lifespan=_life(later, shared_uploads),
    )
    app.page = later
    routes.install(app, parts, access)
    remove_abandoned()
    app.mount("/", later)
    app.add_middleware(Joining)
    private = access is None and is_loopback(settings.host)
    sent = limits.files * limits.file_bytes + _MULTIPART_BYTES
    app.add_middleware(Guard, private=private, access=access, root_path=settings.root_path, max_upload=sent)
    return app


def _life(
    page: Later, uploaded: UploadIndex | None
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """The life of a server: of its page, and of what other servers add to ``uploaded``, and remove."""

    @asynccontextmanager
    async def alive(app: FastAPI) -> AsyncIterator[None]:
        async with page.living():
            with refresh_regularly(uploaded.refresh) if uploaded else nullcontext():
                yield

    if uploaded:
        uploaded.refresh()
    return alive


@contextmanager
def listen(host: str, port: int) -> Iterator[socket.socket]:
    """Yield a socket bound to ``port`` of ``host``; 0 for any free port.

    Raises:
        UserError: the port or the host cannot be used.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family)
    except OSError as error:
        reason = str(error.strerror).partition(" (")[0].lower()
        raise UserError(
            f"Port {port} of {host} cannot be used: {reason}; set ATTEST_PORT to another port, or to 0 for "
            "any free one, and ATTEST_HOST to an address of this machine"
        ) from error
    with listener:
        yield listener


def serve(
    app: Application,
    listener: socket.socket,
    on_ready: Callable[[str], object],
    warm_up: Callable[[], object] = lambda: None,
) -> None:
    """Answer at ``listener`` until interrupted, and call ``on_ready`` with the address once it does.

    Meanwhile the page is made, and then ``warm_up`` is called. What either raises ends the server and is
    raised here.
    """
    failures: list[BaseException] = []
    stopped = Event()

    def prepare() -> None:
        app.page.wait()
        if not stopped.wait(GRACE_SECONDS):
            warm_up()

    def check(done: Future[None]) -> None:
        if error := done.exception():
            failures.append(error)
            server.should_exit = True

    def ready() -> None:
        on_ready(_address(listener))
        background.submit(prepare).add_done_callback(check)

    server = _Server(app, ready)
    with ThreadPoolExecutor(1) as background:
        try:
            server.run(sockets=[listener])
        finally:
            stopped.set()
    if failures:
        raise failures[0]


@contextmanager
def running(app: FastAPI, listener: socket.socket) -> Iterator[str]:
    """The address of ``app``, answered at ``listener`` in the background for as long as the context lasts.

    Raises:
        AttestError: it does not start; the log says why.
    """
    ready = Event()
    server = _Server(app, ready.set)
    address = _address(listener)

    def run() -> None:
        try:
            server.run(sockets=[listener])
        finally:
            ready.set()

    thread = Thread(target=run, daemon=True)
    thread.start()
    ready.wait()
    if not server.started:
        raise AttestError("The server does not start; its log says why")
    try:
        yield address
    finally:
        server.should_exit = True
        thread.join()


class _Server(uvicorn.Server):
    """uvicorn, telling when it is ready."""

    def __init__(self, app: FastAPI, on_ready: Callable[[], object]) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                log_level="warning",
                access_log=False,
                server_header=False,
                ws="none",
                timeout_graceful_shutdown=CLOSING_SECONDS,
            )
        )
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        anyio.to_thread.current_default_thread_limiter().total_tokens = THREADS
        await super().startup(sockets)
        if self.started:
            self._on_ready()


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"
