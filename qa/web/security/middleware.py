"""What is done for every request, whoever answers it: refuse what no reader sends, add safe headers.

Gradio's own routes go through here like Attest's. Without ``--auth`` a server bound to this machine answers
to the machine's own names alone: otherwise a site in the reader's browser could have its name resolve to
127.0.0.1 and read along as if it were the server.
"""

import re
import secrets
from contextvars import ContextVar
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.web.security.auth import Access, caller

HEADERS = {
    # Gradio's page runs scripts of its own making, but neither loads nor sends anything elsewhere.
    "Content-Security-Policy": (
        "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; object-src 'none'; "
        "base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""Added to every response."""

MAX_BODY = 1_048_576
"""Bytes of a request that is no upload: a long conversation takes a tenth of it."""

request_name: ContextVar[str] = ContextVar("request_name", default="nobody")
"""A name for the request that is being answered, which no other has."""

_UNUSED = re.compile(r"/(file[=/]|proxy=|gradio_api/(deep_link|process_recording|run-history|vibe))")
"""What Gradio offers besides, and the page has no use for: it reads files, connects to whatever address a
client names, or writes to the disk."""

_SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
_UPLOAD = "/gradio_api/upload"
_TOOLS = "/gradio_api/mcp"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is not answered, with its HTTP status."""

    status: int
    reason: str


def is_loopback(host: str) -> bool:
    """Whether ``host`` names this machine to itself and to nobody else."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def refusal(
    method: str, path: str, headers: Headers, private: bool, max_upload: int = MAX_BODY
) -> Refusal | None:
    """Why the request is refused, if it is. ``private`` servers answer to this machine's names alone; files
    may come in up to ``max_upload`` bytes at a time.
    """
    if private and not is_loopback(_hostname(headers.get("host", ""))):
        return Refusal(
            403, "This server answers to 127.0.0.1 and localhost alone; start it with --auth for other names"
        )
    if _UNUSED.search(path):
        return Refusal(404, "There is nothing of that name")
    if method in _SAFE_METHODS:
        return None
    if _foreign(headers):
        return Refusal(403, "Another site may not do this in your name; open Attest's own page")
    if "transfer-encoding" in headers:
        return Refusal(411, "The request does not say how long it is; send it with a Content-Length")
    most = max_upload if path.endswith(_UPLOAD) else MAX_BODY
    length = headers.get("content-length", "0")
    if not length.isdecimal() or int(length) > most:
        return Refusal(413, f"The request has {length} bytes; at most {most:,} are read")
    return None


class Guard:
    """ASGI middleware: refusals, the caller's address, a token for the tools, and :data:`HEADERS`."""

    def __init__(
        self, app: ASGIApp, private: bool, access: Access | None, root_path: str, max_upload: int
    ) -> None:
        """Wrap ``app``; with ``access``, Gradio's MCP routes, which it leaves open, want a token.

        ``root_path`` is where a proxy shows ``app``, whether or not it takes that off the path it asks for.
        Files may come in up to ``max_upload`` bytes at a time.
        """
        self._app = app
        self._private = private
        self._access = access
        self._root_path = root_path
        self._max_upload = max_upload

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        request_name.set(secrets.token_hex(8))
        caller.set(scope["client"][0] if scope.get("client") else "")
        headers = Headers(scope=scope)
        refused = refusal(scope["method"], scope["path"], headers, self._private, self._max_upload)
        if refused is None and _TOOLS in scope["path"] and not permitted(self._access, headers):
            refused = Refusal(401, NO_TOKEN)
        if refused:
            await error(refused.status, refused.reason)(scope, receive, send_safely)
        else:
            await self._app({**scope, "root_path": self._root_path}, receive, send_safely)


NO_TOKEN = "Give a token as Authorization: Bearer …; make one with: attest token FILE NAME"  # noqa: S105
"""What whoever has no token is told."""


def permitted(access: Access | None, headers: Headers) -> bool:
    """Whether the request carries the token of a program, or none is wanted."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return access is None or (scheme.lower() == "bearer" and access.program(token.strip()) is not None)


def error(status: int, reason: str) -> JSONResponse:
    """``reason``, one sentence, as every failure is told over HTTP."""
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    return JSONResponse({"error": reason}, status, headers)


def _foreign(headers: Headers) -> bool:
    """Whether another origin sent the request: as the browser says, or else by its Origin header.

    A browser sends one or the other with every unsafe request; what sends neither is a program, which has
    no reader's rights to abuse.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in {"same-origin", "none"}
    origin = headers.get("origin")
    own = {headers.get("host"), headers.get("x-forwarded-host")}  # a page cannot set either
    return origin is not None and urlsplit(origin).netloc not in own


def _hostname(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
