"""The route of the addresses of documents and quotes (:mod:`qa.web.addresses`), which leads to the page."""

from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse


def address_routes() -> APIRouter:
    """Return the route."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/d/{address:path}")
    def open_address(address: str, request: Request) -> RedirectResponse:
        """Lead to the page, whether or not there is such a document, so that nobody learns what others have.
        The page opens it with the documents that its visitor may see.
        """
        root = str(request.scope.get("root_path", ""))
        return RedirectResponse(f"{root}/#d/{quote(address)}", 303)

    return routes
