"""Access to the pages beside the chat, and the documents that they show.

Who is signed in sees their own beside those of the index; without accounts, every visitor sees theirs.
"""

from collections.abc import Callable
from dataclasses import dataclass

from fastapi import HTTPException, Request

from qa.runtime import PipelineSource
from qa.uploads.collections import CollectionFile, Names
from qa.uploads.libraries import Libraries
from qa.web.security.auth import Access
from qa.web.security.owner import OwnerCheck
from qa.web.security.sessions import Sessions
from qa.web.security.visits import Visits

SIGNED_OUT = "You are not signed in, or the server was restarted; sign in on the first page"


class ReaderCheck:
    """Tells the readers of a server from strangers. As a dependency it returns a reader's name, and notes in
    the request's state whether its sender is an ``owner``.
    """

    def __init__(self, access: Access | None, sessions: Sessions, owner: OwnerCheck) -> None:
        """Look for who is signed in among ``sessions``; without ``access``, everybody is a reader."""
        self._access = access
        self._sessions = sessions
        self._owner = owner

    def __call__(self, request: Request) -> str:
        """Return the name of who sent ``request``; empty on a server without accounts.

        Raises:
            HTTPException: nobody is signed in. Browsers that ask for a page are led to the login.
        """
        request.state.owner = not self._owner.refusal(request)
        if self._access is None:
            return ""
        if name := self._sessions.user(request):
            return name
        if request.method == "GET" and "text/html" in request.headers.get("accept", ""):
            root = str(request.scope.get("root_path", ""))
            raise HTTPException(303, SIGNED_OUT, {"Location": f"{root}/"})
        raise HTTPException(401, SIGNED_OUT)


@dataclass(frozen=True, slots=True, eq=False)  # FastAPI looks dependencies up by their hash
class DocumentsOf:
    """Decides by a request which documents its page shows. As a dependency it returns where they are."""

    reader: ReaderCheck
    libraries: Libraries
    visits: Visits

    def __call__(self, request: Request) -> PipelineSource:
        """Return the documents of who sent ``request``.

        Raises:
            HTTPException: nobody is signed in (:class:`ReaderCheck`).
        """
        return self.libraries.find(self.reader(request), self.visits.token(request))


@dataclass(frozen=True, slots=True, eq=False)  # FastAPI looks dependencies up by their hash
class CollectionsOf:
    """Reads the collections of who sent a request. As a dependency it returns them."""

    reader: ReaderCheck
    file: Callable[[str], CollectionFile]
    """Returns the collections of the reader with an account of this name."""

    def __call__(self, request: Request) -> Names:
        """Return the collections of who sent ``request``; on a server without accounts nobody has any.

        Raises:
            HTTPException: nobody is signed in (:class:`ReaderCheck`).
        """
        name = self.reader(request)
        return self.file(name).read() if name else {}
