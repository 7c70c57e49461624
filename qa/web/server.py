"""The page, the API and the MCP tools as one application, and uvicorn to serve it."""

import socket
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager, nullcontext
from functools import partial
from threading import Event, Thread

import anyio.to_thread
import uvicorn
from fastapi import FastAPI

from qa import __version__, assemble, storage
from qa.config import Config
from qa.errors import AttestError, UserError
from qa.grid.grids import Grids
from qa.index.follower import refresh_regularly
from qa.loopback import is_loopback
from qa.runtime import Runtime
from qa.tracking.tracker import Tracker
from qa.tracking.webhook import Webhook
from qa.uploads.index import UploadIndex
from qa.uploads.libraries import Libraries
from qa.uploads.limits import LIMITS, Limits
from qa.uploads.stored import Uploads
from qa.uploads.temporary import remove_abandoned
from qa.web.api import routes
from qa.web.api.docs_page import add_docs
from qa.web.api.tracked import feed_routes
from qa.web.lazy_app import LazyApp
from qa.web.pages.access import CollectionsOf, DocumentsOf, ReaderCheck
from qa.web.pages.changes import changes_page
from qa.web.pages.conflicts import conflicts_page
from qa.web.pages.find import find_page
from qa.web.pages.grid import grid_page
from qa.web.pages.overview import overview_page
from qa.web.pages.tracked import tracked_page
from qa.web.problems import HANDLERS
from qa.web.security.auth import Access
from qa.web.security.middleware import ApiCors, Guard
from qa.web.security.owner import OwnerCheck
from qa.web.security.sessions import Sessions
from qa.web.security.visits import Visits
from qa.web.shutdown import EndingRequests
from qa.web.sweeps import Sweeps

CLOSING_SECONDS = 3
"""The longest time for which open pages may delay the end. Each keeps a connection that it never closes."""

GRACE_SECONDS = 3.0
"""Time between the page and the language model: llama.cpp stops all other threads of Python while it loads a
model. In this time a browser that was waiting has shown the page (docs/speed.md)."""

THREADS = 256
"""Threads for requests to the API. anyio's default, 40, is fewer than the streams that may wait for the model
at a time, and each keeps a thread most of the time. A sleeping thread costs next to nothing."""

_MULTIPART_BYTES = 1_000_000
"""Room for the names and headers between the files of an upload: a thousand of them."""


class Application(FastAPI):
    """The whole server: page, API and MCP tools."""

    page: LazyApp
    """The page and the MCP tools, which are made while the API answers."""


def create(parts: Runtime, settings: Config) -> Application:
    """Return the whole server over ``parts``. The API answers at once; the page is made in the background.

    Raises:
        UserError: the file of accounts or a setting of the index cannot be used.
    """
    access = Access(settings.auth) if settings.auth else None
    sessions = Sessions()
    visits = Visits()
    owner = OwnerCheck(settings, access, sessions.user)
    stored = assemble.open_stored_uploads(settings)
    limits = Limits(
        files=settings.max_upload_files,
        file_bytes=settings.max_upload * 1_000_000,
        upload_bytes=max(settings.max_upload * 1_000_000, LIMITS.upload_bytes),
        text_bytes=settings.max_reader_text * 1_000_000,
        all_visitors_text_bytes=settings.max_all_uploads * 1_000_000,
    )

    libraries = Libraries(parts, limits, stored, shared=settings.shared)
    shared_uploads = stored.index(Uploads.SHARED, "") if settings.shared else None
    tracker = assemble.open_tracker(settings, parts, stored)
    grids = Grids(lambda reader: storage.grid_folder(settings, reader))
    webhook = assemble.open_webhook(settings, tracker.store)
    sweeps = Sweeps()

    def page() -> FastAPI:
        from qa.web.ui.app import create_ui_app  # importing Gradio takes longer than everything else

        return create_ui_app(
            parts, limits, settings, access, sessions, owner, libraries, visits, tracker, grids, sweeps
        )

    lazy_page = LazyApp(page)
    app = Application(
        title="Attest",
        version=__version__,
        description="Answers over your own documents, every sentence tied to a verbatim quote.",
        docs_url=None,  # FastAPI's own loads its scripts from other sites; see qa.web.api.docs_page
        redoc_url=None,
        exception_handlers=HANDLERS,
        lifespan=_make_lifespan(lazy_page, shared_uploads, tracker, webhook),
    )
    app.page = lazy_page
    shared = libraries.shared
    routes.add_routes(app, parts, shared or parts, access, shared, tracker, grids, sweeps)
    reader_check = ReaderCheck(access, sessions, owner)
    documents_of = DocumentsOf(reader_check, libraries, visits)
    collections_of = CollectionsOf(reader_check, partial(storage.reader_collections, settings))
    app.include_router(overview_page(documents_of, collections_of))
    app.include_router(conflicts_page(documents_of, collections_of))
    app.include_router(feed_routes(tracker, access, reader_check))
    one_machine = settings.index == storage.MILVUS
    app.include_router(tracked_page(tracker, settings.track_days, reader_check, one_machine=one_machine))
    app.include_router(grid_page(grids, shared or parts, documents_of, collections_of))
    add_docs(app, access, sessions)
    app.include_router(changes_page(parts, settings.keep_days, reader_check))
    app.include_router(find_page(documents_of, collections_of, sweeps))
    remove_abandoned()
    for each in (*([shared_uploads] if shared_uploads else ()), *_reader_uploads(settings)):
        each.remove_unused()
    app.router.default = lazy_page  # a mounted page would take a wrong method of the API for its own
    private = access is None and is_loopback(settings.host)
    max_upload = limits.upload_bytes + _MULTIPART_BYTES
    app.add_middleware(
        Guard,
        private=private,
        access=access,
        root_path=settings.root_path,
        max_upload=max_upload,
        origins=settings.cors,
    )
    app.add_middleware(ApiCors, origins=settings.cors)
    return app


def _reader_uploads(settings: Config) -> list[UploadIndex]:
    return [UploadIndex(each) for each in storage.all_reader_uploads(settings)] if settings.auth else []


def _make_lifespan(
    page: LazyApp, uploaded: UploadIndex | None, tracker: Tracker, webhook: Webhook | None
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """Return a lifespan that runs the page's, follows what other servers change in ``uploaded``, asks the
    questions of ``tracker``, and tells the ``webhook``.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with page.lifespan():
            uploads = refresh_regularly(uploaded.refresh) if uploaded else nullcontext()
            delivering = webhook.follow() if webhook else nullcontext()
            with uploads, tracker.follow(), delivering:
                yield

    if uploaded:
        uploaded.refresh()
    return lifespan


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
def run_in_background(app: FastAPI, listener: socket.socket) -> Iterator[str]:
    """Run ``app`` at ``listener`` in the background while the context lasts, and yield its address.

    Raises:
        AttestError: it does not start.
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
        raise AttestError("The server did not start; its log says why")
    try:
        yield address
    finally:
        server.should_exit = True
        thread.join()


class _Server(uvicorn.Server):
    """uvicorn that calls ``on_ready`` when it answers."""

    def __init__(self, app: FastAPI, on_ready: Callable[[], object]) -> None:
        self._requests = EndingRequests(app)
        super().__init__(
            uvicorn.Config(
                self._requests,
                log_level="warning",
                access_log=False,
                server_header=False,
                ws="none",
                timeout_graceful_shutdown=2 * CLOSING_SECONDS,  # for what does not end when it is told to
            )
        )
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        anyio.to_thread.current_default_thread_limiter().total_tokens = THREADS
        await super().startup(sockets)
        if self.started:
            self._on_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._requests.end_after(CLOSING_SECONDS)
        await super().shutdown(sockets)


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"
