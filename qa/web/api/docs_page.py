"""The page that describes the API and lets people try it: Swagger UI, with all that it loads from here."""

from pathlib import Path

from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.staticfiles import StaticFiles

from qa.web.security.auth import Access
from qa.web.security.middleware import NO_TOKEN, has_token
from qa.web.security.sessions import Sessions

_PAGE = Path(__file__).with_name("docs.html")


def add_docs(app: FastAPI, access: Access | None, sessions: Sessions) -> None:
    """Add ``/docs`` to ``app``. With ``access``, it is for programs with a token and for people
    who have logged in; other people are sent to the login.
    """

    @app.get("/docs", include_in_schema=False)
    def docs(request: Request) -> Response:
        if has_token(access, request.headers) or sessions.user(request):
            return HTMLResponse(_PAGE.read_text(encoding="utf-8"))
        if "text/html" in request.headers.get("accept", ""):
            return RedirectResponse("./", 303)
        raise HTTPException(401, NO_TOKEN)

    # Not the package itself, which is another documentation page for FastAPI.
    app.mount("/docs/assets", StaticFiles(packages=[("fastapi_swagger", "resources")]))
