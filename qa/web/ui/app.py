"""The page and the MCP tools as an application, with all that it does not use of Gradio shut off."""

from functools import partial

import gradio as gr
from fastapi import FastAPI

from qa import storage
from qa.config import Config
from qa.grid.grids import Grids
from qa.runtime import Runtime
from qa.tracking.tracker import Tracker
from qa.uploads.libraries import Libraries
from qa.uploads.limits import Limits
from qa.web.mcp import create_mcp_server
from qa.web.mcp_http import HttpTools, asking_reader
from qa.web.pages.access import ReaderCheck
from qa.web.problems import HANDLERS
from qa.web.security.auth import Access
from qa.web.security.owner import OwnerCheck
from qa.web.security.sessions import Sessions
from qa.web.security.visits import VisitBeginning, Visits
from qa.web.settings.routes import settings_routes
from qa.web.settings.settings import Settings
from qa.web.sweeps import Sweeps
from qa.web.tools import Tools
from qa.web.ui import gradio_patches
from qa.web.ui.address_routes import address_routes
from qa.web.ui.assets import ICON
from qa.web.ui.downloads import Downloads, download_routes
from qa.web.ui.feedback import FeedbackFile
from qa.web.ui.following import following_routes
from qa.web.ui.gradio_uploads import Uploads
from qa.web.ui.layout import page_head
from qa.web.ui.login import add_login
from qa.web.ui.page import build_page

_FONTS = ("system-ui", "-apple-system", "Segoe UI", "sans-serif")


def create_ui_app(
    parts: Runtime,
    limits: Limits,
    settings: Config,
    access: Access | None,
    sessions: Sessions,
    owner: OwnerCheck,
    libraries: Libraries,
    visits: Visits,
    tracker: Tracker,
    grids: Grids,
    sweeps: Sweeps,
) -> FastAPI:
    """Return the page and the tools over ``parts`` and ``libraries``. Questions are tracked with ``tracker``;
    the tools keep grids among ``grids``, and lists of mentions in ``sweeps``.

    With ``access``, visitors must log in, which begins one of the ``sessions``; without it, the page begins
    one of the ``visits``.
    """
    uploads, downloads = Uploads(), Downloads()

    verdicts = FeedbackFile(settings.verdicts) if settings.verdicts else None
    tools = Tools(parts, tracker, grids, libraries.shared, lambda: asking_reader(access), sweeps)
    http_tools = HttpTools(create_mcp_server(tools))
    app = FastAPI(openapi_url=None, lifespan=lambda _: http_tools.run())
    http_tools.add_to(app)
    with gradio_patches.exclusive_build():
        page = build_page(
            parts,
            limits,
            uploads=uploads,
            downloads=downloads,
            libraries=libraries,
            visits=visits,
            reader_collections=partial(storage.reader_collections, settings) if access else None,
            verdicts=verdicts,
            owner=owner,
            tracker=tracker,
        )
    gradio_patches.refuse_foreign_paths(page)
    gradio_patches.refuse_downloads()
    gradio_patches.refuse_other_origins(app)
    gradio_patches.close_unused_routes(app)
    gradio_patches.close_streams_before_joins(app)
    app.include_router(settings_routes(Settings(parts, settings), owner))
    app.include_router(address_routes())
    app.include_router(download_routes(downloads, sessions.user))
    app.include_router(following_routes(ReaderCheck(access, sessions, owner)))
    if access:
        add_login(app, access, sessions)
    elif not libraries.shared:
        app.add_middleware(VisitBeginning, visits=visits)
    gr.mount_gradio_app(
        app,
        page,
        path="/",
        server_name=settings.host,
        server_port=settings.port,
        footer_links=[],
        run_history=False,
        auth_dependency=sessions.user if access else None,
        favicon_path=str(ICON),
        root_path=settings.root_path or None,
        app_kwargs={"exception_handlers": HANDLERS},
        show_error=False,
        ssr_mode=False,
        enable_monitoring=False,
        pwa=False,
        mcp_server=False,
        theme=gr.themes.Base(font=_FONTS, font_mono=("ui-monospace", "monospace")),
        head=page_head(),  # Gradio's own css parameter rewrites selectors
    )
    gradio_patches.separate_uploads(app, uploads)
    return app
