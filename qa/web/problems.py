"""The shape of every error over HTTP but for the routes of OpenAI's API: RFC 9457's problem details."""

import logging
from collections.abc import Callable, Coroutine, Mapping
from http import HTTPStatus
from typing import Any

from fastapi import Request, Response
from fastapi.exception_handlers import http_exception_handler
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from qa.errors import AttestError, UserError
from qa.web.security.headers import HEADERS

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"

FAILED = "Something went wrong; please try again. The server's log has the details."


class Problem(BaseModel):
    """An error (RFC 9457). ``detail`` says in a sentence, for a person, what happened and what to do."""

    type: str = Field(default="about:blank", description="Always about:blank: the status says what it is.")
    title: str = Field(description="The name of the status.", examples=["Bad Request"])
    status: int = Field(examples=[400])
    detail: str = Field(examples=["The question is empty; type a question"])


def problem_of(status: int, detail: str) -> Problem:
    """Return the problem that ``status`` names and ``detail``, a sentence, explains."""
    return Problem(title=HTTPStatus(status).phrase, status=status, detail=detail)


def problem_response(status: int, detail: str, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """Return the response to a request that fails."""
    sent = {**({"WWW-Authenticate": "Bearer"} if status == 401 else {}), **(headers or {})}
    return JSONResponse(problem_of(status, detail).model_dump(), status, sent, MEDIA_TYPE)


def problem_of_error(error: AttestError) -> Problem:
    """Return what a client is told of ``error``. The log has it too, unless the client made the mistake."""
    if isinstance(error, UserError):
        return problem_of(400, str(error))
    log.error("%s", error)
    return problem_of(500, str(error))


def explain_invalid(failure: RequestValidationError) -> tuple[str, str]:
    """Return which part of a request is not valid, and a sentence that says why."""
    first = failure.errors()[0]
    where = ".".join(str(part) for part in first["loc"][1:]) or "The request"
    return where, f"{where}: {str(first['msg']).lower()}"


async def _handle_attest_error(request: Request, failure: Exception) -> Response:
    assert isinstance(failure, AttestError)
    problem = problem_of_error(failure)
    return problem_response(problem.status, problem.detail)


async def _handle_invalid_request(request: Request, failure: Exception) -> Response:
    assert isinstance(failure, RequestValidationError)
    _, reason = explain_invalid(failure)
    return problem_response(422, f"{reason}; see GET /openapi.json")


async def _handle_http_error(request: Request, failure: Exception) -> Response:
    """Return the response to an error that a route or the router raises."""
    assert isinstance(failure, HTTPException)
    if not isinstance(failure.detail, str):  # Gradio's own page reads more than a sentence
        return await http_exception_handler(request, failure)
    detail = failure.detail
    if detail == HTTPStatus(failure.status_code).phrase:  # the router says no more
        detail = _EXPLAINED.get(failure.status_code, "{phrase}").format(
            phrase=detail, method=request.method, path=request.url.path
        )
    return problem_response(failure.status_code, detail, failure.headers)


_EXPLAINED = {
    404: "There is nothing at {path}; GET /openapi.json lists what there is",
    405: "{path} does not take {method}; GET /openapi.json says what it takes",
}
"""The sentences where Starlette's router only names the status."""


async def _handle_failure(request: Request, failure: Exception) -> Response:
    """Return the answer to a failure that nothing else handles. Starlette logs it."""
    return problem_response(500, FAILED, HEADERS)  # Starlette sends this past every middleware


HANDLERS: dict[int | type[Exception], Callable[[Request, Any], Coroutine[Any, Any, Response]]] = {
    AttestError: _handle_attest_error,
    RequestValidationError: _handle_invalid_request,
    HTTPException: _handle_http_error,
    Exception: _handle_failure,
}
"""The handlers through which every error that an application raises leaves as a problem."""
