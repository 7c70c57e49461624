"""The login page, and signing in and out. It works without JavaScript."""

from html import escape
from typing import Annotated

from fastapi import FastAPI, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from qa.web.addresses import is_address
from qa.web.security.auth import Access
from qa.web.security.sessions import Sessions
from qa.web.ui.assets import read_asset

WRONG = (
    "The name or the password is wrong, or you tried again too soon. Wait before you try again: a second at "
    "first, up to a minute later on."
)


class LoginPage:
    """ASGI middleware: shows the login page in place of a page to whoever is not signed in."""

    def __init__(self, app: ASGIApp, sessions: Sessions) -> None:
        """Wrap ``app``."""
        self._app = app
        self._sessions = sessions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "http" and scope["method"] == "GET":
            request = Request(scope)
            if _is_page(_path(request)) and self._sessions.user(request) is None:
                page = HTMLResponse(login_html(_root(request), _path(request)))
                await page(scope, receive, send)
                return
        await self._app(scope, receive, send)


def add_login(app: FastAPI, access: Access, sessions: Sessions) -> None:
    """Add the login page to ``app``, and the routes to which it and the button to sign out send."""

    @app.post("/login")
    async def login(
        request: Request,
        username: Annotated[str, Form()] = "",
        password: Annotated[str, Form()] = "",
        after: Annotated[str, Form()] = "/",
    ) -> Response:
        root, after = _root(request), after if _is_page(after) else "/"
        name = username.strip()
        if not await access.login(name, password):
            return HTMLResponse(login_html(root, after, name=name, message=WRONG), 401)
        response = RedirectResponse(f"{root}{after}", 303)
        sessions.begin(name, request, response)
        return response

    @app.post("/logout")
    def logout(request: Request) -> Response:
        response = RedirectResponse(f"{_root(request)}/", 303)
        sessions.end(request, response)
        return response

    app.add_middleware(LoginPage, sessions=sessions)


def login_html(root: str, after: str, *, name: str = "", message: str = "") -> str:
    """Return the login page of the server under the path ``root``, which leads on to the page ``after``.

    ``name`` and ``message`` are of an attempt that failed.
    """
    invalid = ' aria-invalid="true" aria-describedby="wrong"' if message else ""
    told = f'<p id="wrong" class="wrong" role="alert">{escape(message)}</p>' if message else ""
    focus = (" autofocus", "") if not message else ("", " autofocus")
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Sign in – Attest</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="icon" type="image/svg+xml" href="{escape(root)}/favicon.ico">'
        f"<style>{read_asset('page.css')}</style></head><body>"
        '<script>document.body.classList.toggle("dark", '
        'matchMedia("(prefers-color-scheme: dark)").matches)</script>'
        f'<main class="login"><form method="post" action="{escape(root)}/login">'
        "<h1>Attest</h1><p>Answers from documents, with a quote for every sentence.</p>"
        f'{told}<input type="hidden" name="after" value="{escape(after)}">'
        f'<label>Name <input name="username" value="{escape(name)}" autocomplete="username" '
        f'autocapitalize="none" required{invalid}{focus[0]}></label>'
        '<label>Password <input name="password" type="password" autocomplete="current-password" '
        f"required{invalid}{focus[1]}></label><button>Sign in</button></form></main>"
        # What the page is to show stands behind the #, which no server sees.
        "<script>document.forms[0].action += location.hash</script></body></html>"
    )


def account_html(name: str | None) -> str:
    """Return who is signed in, with a button to sign out; empty on a server without accounts."""
    if name is None:
        return ""
    return (
        f'<form id="account" method="post" action="logout"><span>Signed in as <b>{escape(name)}</b></span> '
        '<button class="act">Sign out</button></form>'
    )


def _path(request: Request) -> str:
    """Return the path of ``request`` without that under which a proxy shows the server."""
    return request.scope["path"].removeprefix(_root(request)) or "/"


def _root(request: Request) -> str:
    return str(request.scope.get("root_path", ""))


def _is_page(path: str) -> bool:
    """Return whether ``path`` is the address of a page, to which somebody may be led after the login."""
    return path == "/" or is_address(path.removeprefix("/"))
