"""Downloads of uploaded files: the page asks for a ticket, and the ticket's address gives the file, once.

The page knows which documents its visitor has; the address of a file would not. A ticket is random, soon
ends, and counts only for the account that it was given to.
"""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from pathlib import Path
from threading import Lock

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import FileResponse

from qa.web.originals import original_response
from qa.web.security.auth import TOKEN_BYTES

TICKET_SECONDS = 60.0
"""The time for which a ticket counts. The page uses it at once."""

ENDED = "This download has expired; start it again from the list of documents"


@dataclass(frozen=True, slots=True)
class _Ticket:
    """A file that may be downloaded."""

    file: Path
    name: str
    reader: str | None
    """The account that it is for; None for a visitor without one."""
    until: float


class Downloads:
    """The tickets that have been given out. Safe to use from many threads."""

    def __init__(self) -> None:
        """No tickets yet."""
        self._tickets: dict[str, _Ticket] = {}
        self._changing = Lock()

    def offer(self, file: Path, name: str, reader: str | None) -> str:
        """Return the HTML of a link, which the page follows, to ``file`` under ``name``, for ``reader``."""
        ticket, now = secrets.token_urlsafe(TOKEN_BYTES), time.monotonic()
        with self._changing:
            self._tickets = {key: each for key, each in self._tickets.items() if each.until > now}
            self._tickets[ticket] = _Ticket(file, name, reader, now + TICKET_SECONDS)
        return f'<a href="original/{ticket}" download="{escape(name)}" hidden>{escape(name)}</a>'

    def take(self, ticket: str, reader: str | None) -> tuple[Path, str] | None:
        """Return the file of a ticket and its name, which ends the ticket; None if it is not for ``reader``,
        or has ended.
        """
        with self._changing:
            found = self._tickets.get(ticket)
            if found is None or found.reader != reader:
                return None
            del self._tickets[ticket]
        return (found.file, found.name) if found.until > time.monotonic() else None


def download_routes(downloads: Downloads, find_user: Callable[[Request], str | None]) -> APIRouter:
    """Return the route of tickets. ``find_user`` returns who is signed in."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/original/{ticket}")
    def download(ticket: str, request: Request) -> FileResponse:
        """Send an uploaded file as it was, to be saved and not shown."""
        found = downloads.take(ticket, find_user(request))
        if found is None or not found[0].is_file():
            raise HTTPException(404, ENDED)
        return original_response(*found)

    return routes
