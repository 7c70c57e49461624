"""The page and the tools as an application, with everything of Gradio's that has no place in it shut off."""

from threading import Lock
from typing import Any

import gradio as gr
from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from qa.config import Config
from qa.errors import AttestError
from qa.runtime import Runtime
from qa.uploads.index import UploadIndex
from qa.uploads.limits import Limits
from qa.web.security.auth import Access
from qa.web.ui.feedback import FeedbackFile
from qa.web.ui.gradio_uploads import Uploads
from qa.web.ui.layout import head
from qa.web.ui.page import build

_building = Lock()
"""Held while a page is built: Gradio keeps the one that is being built in a global."""

_FONTS = ("system-ui", "-apple-system", "Segoe UI", "sans-serif")
_LOGIN = "After a wrong password, wait before the next attempt: longer each time, at most a minute."


def create_ui_app(
    parts: Runtime,
    limits: Limits,
    settings: Config,
    access: Access | None,
    shared_uploads: UploadIndex | None,
) -> FastAPI:
    """The page over ``parts`` and what is ``shared_uploads``, for whom ``access`` lets in.

    Raises:
        AttestError: its tools cannot be offered.
    """
    uploads = Uploads()
    verdicts = FeedbackFile(settings.verdicts) if settings.verdicts else None
    with _building:
        page = build(parts, limits, uploads=uploads, shared_uploads=shared_uploads, verdicts=verdicts)
    app = FastAPI(openapi_url=None)
    # Without this one, Gradio lets the pages of any site read what it answers.
    app.add_middleware(CORSMiddleware, allow_origins=[])
    gr.mount_gradio_app(
        app,
        page,
        path="/",
        server_name=settings.host,
        server_port=settings.port,
        footer_links=[],
        run_history=False,
        auth=access.login if access else None,
        auth_message=_LOGIN,
        root_path=settings.root_path or None,
        show_error=False,
        ssr_mode=False,
        enable_monitoring=False,
        pwa=False,
        mcp_server=True,
        theme=gr.themes.Base(font=_FONTS, font_mono=("ui-monospace", "monospace")),
        head=head(),  # Gradio's own css parameter rewrites selectors
    )
    mounted: Any = app.routes[-1]
    mounted.app.uploaded_file_dir = uploads  # where Gradio has a text, a path that makes itself
    tools = page.mcp_server_obj
    if tools is None:
        raise AttestError(f"The tools cannot be offered: {page.mcp_error}")
    # There are tools only. To read a resource Gradio would connect to whatever address the client names.
    tools.mcp_server.request_handlers.pop(tools.types.ReadResourceRequest)
    return app
