"""Checks and headers for every request: refuse what no visitor sends, add safe headers to every response.

The page's requests come through here like those to the API. Without ``--auth``, a server bound to this
machine answers only to the machine's own names. Otherwise a site in the visitor's browser could let its name
resolve to 127.0.0.1 and read the answers as if it were the server.
"""

import re
import secrets
from collections.abc import Collection
from contextvars import ContextVar
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.loopback import is_loopback
from qa.uploads.stored import PROGRAM
from qa.web.problems import problem_response
from qa.web.security.auth import Access, Program, caller
from qa.web.security.headers import HEADERS

MAX_BODY = 1_048_576
"""Most bytes of a request that is not an upload. A long conversation takes a tenth of it."""

request_name: ContextVar[str] = ContextVar("request_name", default="nobody")
"""A unique name of the request that is being answered."""

_SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
_UPLOAD_PATH = "/gradio_api/upload"
_API_ROUTES = (
    *("ask", "search", "diff", "documents", "health"),
    *("v1", "find", "conflicts", "overview", "grids", r"tracked(\.json)?", r"openapi\.json"),
)
_API_PATH = re.compile(rf"^(?!.*/(?:gradio_api|pages)/).*/({'|'.join(_API_ROUTES)})(/|$)")
MCP_PATH = "/gradio_api/mcp"
"""The path of the MCP tools: the one at which Gradio served them."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """The reason why a request is not answered, for a person, and its HTTP status."""

    status: int
    reason: str


def find_refusal(
    method: str,
    path: str,
    headers: Headers,
    private: bool,
    max_upload: int = MAX_BODY,
    origins: Collection[str] = (),
) -> Refusal | None:
    """Return why the request must be refused; None if it may be answered.

    A ``private`` server answers to this machine's names only. An upload may have ``max_upload`` bytes. Pages
    of the ``origins`` may use the API.
    """
    if private and not is_loopback(_hostname(headers.get("host", ""))):
        return Refusal(
            403, "This server answers to 127.0.0.1 and localhost only; start it with --auth for other names"
        )
    if method in _SAFE_METHODS:
        return None
    allowed = is_api(path) and headers.get("origin") in origins
    if not allowed and _is_foreign(headers):
        return Refusal(403, "Another site sent this request, so it was refused; use Attest's own page")
    if "transfer-encoding" in headers:
        return Refusal(411, "The request has no length; send it with a Content-Length header")
    limit = max_upload if _takes_files(path) else MAX_BODY
    length = headers.get("content-length", "0")
    if not length.isdecimal() or int(length) > limit:
        return Refusal(413, f"The request is too large ({length} bytes); the limit is {limit:,} bytes")
    return None


def is_api(path: str) -> bool:
    """Return whether ``path``, with or without a proxy's own, is of the HTTP API, which reads no cookies."""
    return _API_PATH.search(path) is not None


class ApiCors:
    """ASGI middleware: lets the pages of other origins read what the API answers, and nothing else.

    It answers a browser's preflight requests, and stands outside :class:`Guard`, so that such a page can read
    a refusal too. Cookies are never sent along: a page that needs a token sends it as a header.
    """

    def __init__(self, app: ASGIApp, origins: Collection[str]) -> None:
        """Wrap ``app`` for the pages of ``origins``."""
        self._app = app
        self._cors = CORSMiddleware(
            app,
            allow_origins=list(origins),
            allow_methods=["GET", "POST", "DELETE"],
            allow_headers=["Authorization", "Content-Type"],
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        app = self._cors if scope["type"] == "http" and is_api(scope["path"]) else self._app
        await app(scope, receive, send)


class Guard:
    """ASGI middleware: refuses requests, notes the caller's address, checks the token for the MCP tools, and
    adds :data:`~qa.web.security.headers.HEADERS`.
    """

    def __init__(
        self,
        app: ASGIApp,
        private: bool,
        access: Access | None,
        root_path: str,
        max_upload: int,
        origins: Collection[str] = (),
    ) -> None:
        """Wrap ``app``. With ``access``, the MCP tools, which have no check of their own, need a token.

        ``root_path`` is the path under which a proxy shows ``app``, whether or not the proxy strips it. An
        upload may have ``max_upload`` bytes. Pages of the ``origins`` may use the API.
        """
        self._origins = origins
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
        refusal = find_refusal(
            scope["method"], scope["path"], headers, self._private, self._max_upload, self._origins
        )
        if refusal is None and MCP_PATH in scope["path"] and not has_token(self._access, headers):
            refusal = Refusal(401, NO_TOKEN)
        if refusal:
            await problem_response(refusal.status, refusal.reason)(scope, receive, send_safely)
        else:
            await self._app({**scope, "root_path": self._root_path}, receive, send_safely)


NO_TOKEN = (
    "A token is needed; send it as Authorization: Bearer TOKEN, and make one with: attest token FILE NAME"  # noqa: S105  no secret
)


def has_token(access: Access | None, headers: Headers) -> bool:
    """Return whether the request carries the token of a program, or needs none."""
    return access is None or find_program(access, headers) is not None


def may_write(access: Access | None, headers: Headers) -> bool:
    """Return whether the request carries a token with which documents may be changed, or needs none."""
    program = find_program(access, headers) if access else None
    return access is None or (program is not None and program.may_write)


def find_program(access: Access, headers: Headers) -> Program | None:
    """Return the program whose token the request carries; None without one."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return access.find_program(token.strip()) if scheme.lower() == "bearer" else None


def program_reader(access: Access | None, headers: Headers) -> str:
    """Return whose grids and tracked questions the request is for: those of the program whose token it
    carries, or everybody's, an empty name.
    """
    program = find_program(access, headers) if access else None
    return f"{PROGRAM}{program.name}" if program else ""


def _is_foreign(headers: Headers) -> bool:
    """Return whether another origin sent the request, by Sec-Fetch-Site or else by Origin.

    A browser sends one of them with every unsafe request. What sends neither is a program, which has no
    visitor's rights to abuse.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in {"same-origin", "none"}
    origin = headers.get("origin")
    own = {headers.get("host"), headers.get("x-forwarded-host")}  # a page cannot set either
    return origin is not None and urlsplit(origin).netloc not in own


def _takes_files(path: str) -> bool:
    return path.endswith(_UPLOAD_PATH) or (is_api(path) and path.endswith("/documents"))


def _hostname(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
