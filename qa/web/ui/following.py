"""The route by which an open page finds out whether it can look for changes."""

from collections.abc import Callable

from fastapi import APIRouter, Depends, Request


def following_routes(reader_check: Callable[[Request], str]) -> APIRouter:
    """Return the route. ``reader_check`` refuses who is not signed in, where that is needed."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/signed-in", status_code=204, dependencies=[Depends(reader_check)])
    def signed_in() -> None:
        """Answer whoever may use the page. Gradio would show an error each time that the page looked and the
        server had been stopped, or the reader signed out.
        """

    return routes
