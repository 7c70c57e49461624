"""Owners, who may change the settings: those of the accounts, or without accounts who sits at the machine."""

from collections.abc import Callable
from urllib.parse import urlsplit

from fastapi import Request

from qa.config import Config
from qa.loopback import is_loopback
from qa.web.security.auth import Access

_PROXY_HEADERS = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip")
"""Headers that proxies add. A request with one of them may come from anywhere, whatever address it comes
from."""


class OwnerCheck:
    """Tells owners from visitors."""

    def __init__(
        self, config: Config, access: Access | None, find_user: Callable[[Request], str | None]
    ) -> None:
        """Look names up in ``access``; ``find_user`` returns who is logged in."""
        self._behind_proxy = bool(config.root_path)
        self._access = access
        self._accounts = config.auth
        self._find_user = find_user

    def refusal(self, request: Request) -> str:
        """Return why the settings are not for who sent ``request``; empty if they are."""
        if self._access:
            user = self._find_user(request)
            if self._access.is_owner(user):
                return ""
            if user is None:
                return "The settings are for owners of this server; log in on the first page"
            return (
                f"The settings are for owners of this server, and {user} is not one; whoever runs it makes "
                f"an owner with: attest password {self._accounts} {user} --owner"
            )
        if self._behind_proxy or any(name in request.headers for name in _PROXY_HEADERS):
            return "The settings can be changed on the machine itself only, without a proxy in between"
        client = request.client.host if request.client else ""
        if not (is_loopback(client) and is_loopback(_hostname(request))):
            return (
                "The settings can be changed on the machine itself only; to change them from elsewhere, "
                "start the server with --auth FILE and make an owner with: attest password FILE NAME --owner"
            )
        return ""


def _hostname(request: Request) -> str:
    try:
        return urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
    except ValueError:
        return ""
