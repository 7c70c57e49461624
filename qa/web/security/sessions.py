"""Signed-in people, known by a cookie. Sessions end with the server."""

import secrets

from starlette.requests import Request
from starlette.responses import Response

from qa.web.security.auth import TOKEN_BYTES


class Sessions:
    """The signed-in browsers of this server, each by the random token in its cookie."""

    def __init__(self) -> None:
        """Nobody is signed in yet."""
        self._users: dict[str, str] = {}
        # Browsers send the cookies of all ports of a machine to each: two servers need two names.
        self._cookie = f"attest-session-{secrets.token_hex(4)}"

    def user(self, request: Request) -> str | None:
        """Return the account from which ``request`` comes; None if it is from nobody who is signed in."""
        return self._users.get(request.cookies.get(self._cookie, ""))

    def begin(self, name: str, request: Request, response: Response) -> None:
        """Sign the browser that sent ``request`` in as ``name``, by a cookie in ``response``."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        self._users[token] = name
        secure = request.url.scheme == "https"
        response.set_cookie(self._cookie, token, httponly=True, samesite="lax", secure=secure)

    def end(self, request: Request, response: Response) -> None:
        """Sign the browser that sent ``request`` out."""
        self._users.pop(request.cookies.get(self._cookie, ""), None)
        response.delete_cookie(self._cookie)
