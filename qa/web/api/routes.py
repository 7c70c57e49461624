"""The HTTP API: what the command line answers, in the same JSON, and what watches over the server."""

import json
import logging
from collections.abc import AsyncIterator, Generator
from contextlib import suppress

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, StreamingResponse
from fastapi.security import HTTPBearer
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.concurrency import iterate_in_threadpool
from starlette.exceptions import HTTPException as StarletteHTTPException

from qa.errors import AttestError, UserError
from qa.export.json import (
    AnswerRecord,
    DocumentTextRecord,
    SearchRecord,
    answer_record,
    document_record,
    document_text_record,
    evidence_record,
    search_record,
)
from qa.pipeline import Ask, Event, checked_question
from qa.runtime import Runtime
from qa.schema import Answer, Evidence, Turn, Waiting
from qa.web import metrics
from qa.web.api.models import (
    LINES,
    Documents,
    Health,
    Problem,
    Query,
    Question,
)
from qa.web.security.auth import Access
from qa.web.security.middleware import HEADERS, NO_TOKEN, error, permitted

log = logging.getLogger(__name__)

_STREAM = {
    LINES: {
        "schema": {
            "type": "string",
            "description": "One JSON object a line, each with one key: evidence (a question and its quotes), "
            "waiting (how many questions come before it), then draft (a piece of text, unchecked), then "
            "answer (the object that application/json has), or else error (a sentence).",
        }
    }
}

CLIENT_LEFT = 499
"""The status of what nobody is there to read; HTTP has none, and proxies log this one."""

FAILED = "Something went wrong; the server's log says what. Please try again."


def install(app: FastAPI, parts: Runtime, access: Access | None) -> None:
    """Add the API over ``parts`` to ``app``; with ``access``, all but ``/health`` wants a token."""

    def check(request: Request) -> None:
        if not permitted(access, request.headers):
            raise HTTPException(401, NO_TOKEN)

    guards = [Depends(HTTPBearer(auto_error=False)), Depends(check)] if access else []
    problems: dict[int | str, dict[str, object]] = {
        400: {"model": Problem},
        422: {"model": Problem},
        500: {"model": Problem},
        **({401: {"model": Problem}} if access else {}),
    }
    app.include_router(_open(parts))
    app.include_router(_closed(parts), dependencies=guards, responses=problems)
    app.add_exception_handler(AttestError, _attest_error)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(StarletteHTTPException, _http_error)
    app.add_exception_handler(Exception, _failure)


def _open(parts: Runtime) -> APIRouter:
    api = APIRouter(tags=["operation"])

    @api.get("/health")
    def health() -> Health:
        """Whether the server answers."""
        return Health(documents=len(parts.pipeline.documents))

    return api


def _closed(parts: Runtime) -> APIRouter:
    api = APIRouter()

    @api.post("/ask", response_model=AnswerRecord, responses={200: {"content": _STREAM}})
    async def ask(asked: Question, request: Request) -> AnswerRecord | Response:
        """Answer a question: the object that ``attest ask --json`` prints, or a stream on its way there."""
        history = tuple(Turn(each.question, each.answer) for each in asked.history)
        question = Ask(checked_question(asked.question), history, asked.document_filter)
        events = metrics.observed(parts.pipeline.stream(question))
        if asked.stream or LINES in request.headers.get("accept", ""):
            return StreamingResponse(_lines(events), media_type=LINES)
        answer = await _answer(events, request)
        return answer_record(answer) if answer else Response(status_code=CLIENT_LEFT)

    @api.post("/search")
    def search(sought: Query) -> SearchRecord:
        """The best passages: the object that ``attest search --json`` prints."""
        pipeline = parts.pipeline
        result = pipeline.search(sought.query, sought.k, sought.document_filter)
        return search_record(result, pipeline.documents)

    @api.get("/documents")
    def documents() -> Documents:
        """Every document, without its text."""
        found = sorted(parts.pipeline.documents.values(), key=lambda document: document.id)
        return Documents(documents=[document_record(document) for document in found])

    @api.get("/documents/{document_id:path}", responses={404: {"model": Problem}})
    def document(document_id: str) -> DocumentTextRecord:
        """One document with the text that offsets refer to."""
        found = parts.pipeline.documents.get(document_id)
        if found is None:
            raise HTTPException(
                404, f"There is no document {document_id}; GET /documents lists those there are"
            )
        return document_text_record(found)

    @api.get("/metrics", tags=["operation"], response_class=Response)
    def prometheus() -> Response:
        """Counts and times, in Prometheus's text format."""
        return Response(metrics.exposition(), media_type=CONTENT_TYPE_LATEST)

    return api


async def _answer(events: Generator[Event, None, None], request: Request) -> Answer | None:
    """The answer that ``events`` end with. When the client leaves, there is none, and the model stops."""
    try:
        async for event in iterate_in_threadpool(events):
            if isinstance(event, Answer) or await request.is_disconnected():
                return event if isinstance(event, Answer) else None
    finally:
        _close(events)
    raise AssertionError("a stream ends with an answer")


def _close(events: Generator[Event, None, None]) -> None:
    with suppress(ValueError):  # the server stops while a thread is in it; it closes once that lets go of it
        events.close()


async def _lines(events: Generator[Event, None, None]) -> AsyncIterator[str]:
    """``events`` as lines of JSON. When the client leaves, the model stops."""
    try:
        async for event in iterate_in_threadpool(events):
            yield _line(event)
    except AttestError as failure:
        yield json.dumps({"error": str(failure)}, ensure_ascii=False) + "\n"
    except Exception:
        log.exception("A question could not be answered")
        yield json.dumps({"error": FAILED}) + "\n"
    finally:
        _close(events)


def _line(event: Event) -> str:
    record: dict[str, object]
    if isinstance(event, Answer):
        record = {"answer": answer_record(event)}
    elif isinstance(event, Evidence):
        record = {"evidence": evidence_record(event)}
    elif isinstance(event, Waiting):
        record = {"waiting": event.ahead}
    else:
        record = {"draft": event.text}
    return json.dumps(record, ensure_ascii=False) + "\n"


def _attest_error(request: Request, failure: Exception) -> JSONResponse:
    if isinstance(failure, UserError):
        return error(400, str(failure))
    log.error("%s: %s", request.url.path, failure)
    return error(500, str(failure))


def _invalid(request: Request, failure: Exception) -> JSONResponse:
    assert isinstance(failure, RequestValidationError)
    first = failure.errors()[0]
    where = ".".join(str(part) for part in first["loc"][1:]) or "The request"
    return error(422, f"{where}: {str(first['msg']).lower()}; GET /openapi.json says what is read")


def _http_error(request: Request, failure: Exception) -> JSONResponse:
    assert isinstance(failure, StarletteHTTPException)
    return error(failure.status_code, str(failure.detail))


def _failure(request: Request, failure: Exception) -> JSONResponse:
    """Starlette logs the failure itself, and answers outside of every middleware."""
    response = error(500, FAILED)
    response.headers.update(HEADERS)
    return response
