"""Visits: what tells the browsers of visitors without accounts apart, by a random token in a cookie."""

import re
import secrets

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.web.security.auth import TOKEN_BYTES

_TOKEN = re.compile(r"[\w-]{43}")  # as token_urlsafe writes TOKEN_BYTES


class Visits:
    """The cookie of visits. It ends with the browser, and no script can read it."""

    def __init__(self) -> None:
        """Choose a name for the cookie: browsers send those of all ports of a machine to each server."""
        self._cookie = f"attest-visit-{secrets.token_hex(4)}"

    def token(self, request: HTTPConnection) -> str:
        """Return the token of the visit to which ``request`` belongs; empty before there is one."""
        token = request.cookies.get(self._cookie, "")
        return token if _TOKEN.fullmatch(token) else ""

    def begin(self, request: HTTPConnection, headers: MutableHeaders) -> None:
        """Begin a visit with ``headers``, which answer ``request``."""
        response = Response()
        secure = request.url.scheme == "https"
        token = secrets.token_urlsafe(TOKEN_BYTES)
        response.set_cookie(self._cookie, token, httponly=True, samesite="lax", secure=secure)
        headers.append("set-cookie", response.headers["set-cookie"])


class VisitBeginning:
    """ASGI middleware: begins a visit with the first page of the chat that a browser gets."""

    def __init__(self, app: ASGIApp, visits: Visits) -> None:
        """Wrap ``app``."""
        self._app = app
        self._visits = visits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""

        async def send_begun(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._visits.begin(HTTPConnection(scope), MutableHeaders(scope=message))
            await send(message)

        begins = _is_first_page(scope) and not self._visits.token(HTTPConnection(scope))
        await self._app(scope, receive, send_begun if begins else send)


def _is_first_page(scope: Scope) -> bool:
    root = str(scope.get("root_path", ""))
    return (
        scope["type"] == "http" and scope["method"] == "GET" and scope["path"].removeprefix(root) in {"", "/"}
    )
