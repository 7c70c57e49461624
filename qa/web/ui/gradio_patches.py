"""Changes to Gradio, and the only uses of what it does not document. Written for Gradio 6.31.0.

Each patch says what it changes, why, and where in Gradio the reason lies. For each, a test in
tests/web/test_gradio_patches.py fails once Gradio has no more need of it.
"""

import asyncio
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

import gradio as gr
from fastapi import FastAPI
from gradio import blocks, processing_utils, utils
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.web.problems import problem_response

Block = blocks.Block
"""The base class of everything that stands on a page. Gradio has no public name for it."""

JOIN_DELAY_SECONDS = 0.1
"""The time for which the answer to a question's joining the queue is held back. What the server wrote before
reaches the browser in that time, unless two of its connections differ by more."""

_JOIN = "/gradio_api/queue/join"

UNUSED_ROUTES = re.compile(r"/(file[=/]|proxy=|gradio_api/(deep_link|process_recording|run-history|vibe))")
"""Routes of Gradio that the page does not use. They read files, connect to any address that a client names,
or write to the disk."""

_building = Lock()


@contextmanager
def exclusive_build() -> Iterator[None]:
    """Build one page at a time.

    Gradio keeps the page that is being built in a class attribute (``gradio.context.Context.root_block``), so
    a component that another thread makes meanwhile lands on the wrong page.
    """
    with _building:
        yield


def allow_threads(page: gr.Blocks, threads: int) -> None:
    """Let ``threads`` event handlers of ``page`` run at a time. Call it before ``page.queue``.

    ``Blocks.launch`` takes ``max_threads``, ``mount_gradio_app`` does not: a mounted page has 40. Sets
    ``Blocks.max_threads``.
    """
    page.max_threads = threads


def refuse_foreign_paths(page: gr.Blocks) -> None:
    """Let the components of ``page`` read files from Gradio's upload folder only.

    Gradio checks the paths that clients name only after ``Blocks.launch``
    (``gradio.processing_utils._check_allowed``). A mounted page is never launched, so Gradio would copy any
    file of this machine. Sets ``Blocks.has_launched``.
    """
    page.has_launched = True


def refuse_downloads() -> None:
    """Let no component download a file, on any page of this process.

    Where a client sends an address in place of an uploaded file, Gradio fetches it
    (``gradio.blocks.Block.async_move_resource_to_block_cache``). There is no setting against it. Replaces
    ``gradio.processing_utils.async_ssrf_protected_download``.
    """
    processing_utils.async_ssrf_protected_download = _refuse_download


async def _refuse_download(url: str, cache_dir: str) -> str:
    raise gr.Error("Only files that were uploaded on this page can be read", print_exception=False)


def upload_folder() -> Path:
    """Return the folder in which Gradio expects uploaded files, whether it exists or not."""
    return Path(utils.get_upload_folder())


def separate_uploads(app: FastAPI, folder: os.PathLike[str]) -> None:
    """Put what is uploaded to the page that was mounted last in ``app`` into ``folder``.

    Gradio names an uploaded file by its content and its name alone. Two visitors who send the same file share
    it, and deleting one's deletes the other's. ``folder`` may be a path that differs from request to request;
    it must lie in :func:`upload_folder`. Sets ``gradio.routes.App.uploaded_file_dir``.
    """
    mounted: Any = app.routes[-1]
    mounted.app.uploaded_file_dir = folder


def refuse_other_origins(app: FastAPI) -> None:
    """Keep the pages of other sites from reading what Gradio answers in ``app``.

    Gradio's own middleware echoes any origin (gradio issue 10276). Since pull request 13741 it stands back
    where the app that it is mounted in has a ``CORSMiddleware``.
    """
    app.add_middleware(CORSMiddleware, allow_origins=[])


def close_unused_routes(app: FastAPI) -> None:
    """Answer 404 to requests for :data:`UNUSED_ROUTES` of ``app``. Gradio cannot leave them out."""
    app.add_middleware(UnusedRoutes)


def close_streams_before_joins(app: FastAPI) -> None:
    """Keep a question from being lost between two event streams of ``app``; see :class:`JoinDelay`."""
    app.add_middleware(JoinDelay)


class UnusedRoutes:
    """ASGI middleware: answers 404 to requests for :data:`UNUSED_ROUTES`."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap ``app``."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        unused = scope["type"] == "http" and UNUSED_ROUTES.search(scope["path"])
        app = problem_response(404, "There is nothing at this address") if unused else self._app
        await app(scope, receive, send)


class JoinDelay:
    """ASGI middleware: holds back the answer to ``/queue/join`` by :data:`JOIN_DELAY_SECONDS`.

    The browser hears of all its questions over one event stream, which Gradio closes after the last of them
    (``queue_data`` in gradio/routes.py). If a question joins the queue at that moment, its answer can arrive
    before the news that the stream is closed. Then the browser opens no new stream and waits forever
    (``submit.ts`` in Gradio's client). Held back, the answer arrives after the news. Meanwhile Gradio keeps
    what happens to the question for the next stream.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Wrap ``app``."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""

        async def send_later(message: Message) -> None:
            if message["type"] == "http.response.start":
                await asyncio.sleep(JOIN_DELAY_SECONDS)
            await send(message)

        joins = scope["type"] == "http" and scope["path"].endswith(_JOIN)
        await self._app(scope, receive, send_later if joins else send)
