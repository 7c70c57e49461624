"""The routes of the HTTP API: the JSON of the command line, and the server's health and metrics."""

import json
import logging
from collections.abc import AsyncIterator, Generator

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
from qa.pipeline import Ask, Event, validate_question
from qa.runtime import Runtime
from qa.schema import Answer, Evidence, QueuePosition, Turn
from qa.web import metrics
from qa.web.api.chat_completions import chat_routes
from qa.web.api.models import LINES, Documents, Health, Problem, Query, Question
from qa.web.api.streams import CLIENT_LEFT, FAILED, await_answer, close
from qa.web.security.auth import Access
from qa.web.security.middleware import HEADERS, NO_TOKEN, error_response, has_token

log = logging.getLogger(__name__)

_STREAM = {
    LINES: {
        "schema": {
            "type": "string",
            "description": "One JSON object a line, each with one key: evidence (a question and its quotes), "
            "waiting (how many questions are ahead of it), then draft (a piece of text, unchecked), then "
            "answer (the same object as in application/json), or else error (a sentence).",
        }
    }
}


def add_routes(app: FastAPI, parts: Runtime, access: Access | None) -> None:
    """Add the API over ``parts`` to ``app``. With ``access``, all routes but ``/health`` need a token."""

    def check(request: Request) -> None:
        if not has_token(access, request.headers):
            raise HTTPException(401, NO_TOKEN)

    guards = [Depends(HTTPBearer(auto_error=False)), Depends(check)] if access else []
    problems: dict[int | str, dict[str, object]] = {
        400: {"model": Problem},
        422: {"model": Problem},
        500: {"model": Problem},
        **({401: {"model": Problem}} if access else {}),
    }
    app.include_router(_public_routes(parts))
    app.include_router(_protected_routes(parts), dependencies=guards, responses=problems)
    app.include_router(chat_routes(parts), dependencies=guards)
    app.add_exception_handler(AttestError, _handle_attest_error)
    app.add_exception_handler(RequestValidationError, _handle_invalid_request)
    app.add_exception_handler(StarletteHTTPException, _handle_http_error)
    app.add_exception_handler(Exception, _handle_failure)


def _public_routes(parts: Runtime) -> APIRouter:
    api = APIRouter(tags=["operation"])

    @api.get("/health")
    def health() -> Health:
        """Whether the server answers."""
        return Health(documents=len(parts.pipeline.documents))

    return api


def _protected_routes(parts: Runtime) -> APIRouter:
    api = APIRouter()

    @api.post("/ask", response_model=AnswerRecord, responses={200: {"content": _STREAM}})
    async def ask(asked: Question, request: Request) -> AnswerRecord | Response:
        """Answer a question: the object that ``attest ask --json`` prints, or a stream that ends with it."""
        history = tuple(Turn(each.question, each.answer) for each in asked.history)
        pipeline = parts.pipeline
        document_filter = asked.document_filter(pipeline.documents)
        question = Ask(validate_question(asked.question), history, document_filter)
        events = metrics.observe(pipeline.stream(question))
        if asked.stream or LINES in request.headers.get("accept", ""):
            return StreamingResponse(_stream_lines(events), media_type=LINES)
        answer = await await_answer(events, request)
        return answer_record(answer) if answer else Response(status_code=CLIENT_LEFT)

    @api.post("/search")
    def search(sought: Query) -> SearchRecord:
        """Find the best passages: the object that ``attest search --json`` prints."""
        pipeline = parts.pipeline
        result = pipeline.search(sought.query, sought.k, sought.document_filter(pipeline.documents))
        return search_record(result, pipeline.documents)

    @api.get("/documents")
    def documents() -> Documents:
        """List all documents, without their text."""
        found = sorted(parts.pipeline.documents.values(), key=lambda document: document.id)
        return Documents(documents=[document_record(document) for document in found])

    @api.get("/documents/{document_id:path}", responses={404: {"model": Problem}})
    def document(document_id: str) -> DocumentTextRecord:
        """Return one document with the text that offsets refer to."""
        found = parts.pipeline.documents.get(document_id)
        if found is None:
            raise HTTPException(
                404, f"There is no document called {document_id}; GET /documents lists all documents"
            )
        return document_text_record(found)

    @api.get("/metrics", tags=["operation"], response_class=Response)
    def prometheus() -> Response:
        """Return counts and times in Prometheus's text format."""
        return Response(metrics.exposition(), media_type=CONTENT_TYPE_LATEST)

    return api


async def _stream_lines(events: Generator[Event, None, None]) -> AsyncIterator[str]:
    """Yield ``events`` as lines of JSON. If the client leaves, stop the model."""
    try:
        async for event in iterate_in_threadpool(events):
            yield _json_line(event)
    except AttestError as failure:
        yield json.dumps({"error": str(failure)}, ensure_ascii=False) + "\n"
    except Exception:
        log.exception("A question could not be answered")
        yield json.dumps({"error": FAILED}) + "\n"
    finally:
        close(events)


def _json_line(event: Event) -> str:
    record: dict[str, object]
    if isinstance(event, Answer):
        record = {"answer": answer_record(event)}
    elif isinstance(event, Evidence):
        record = {"evidence": evidence_record(event)}
    elif isinstance(event, QueuePosition):
        record = {"waiting": event.ahead}
    else:
        record = {"draft": event.text}
    return json.dumps(record, ensure_ascii=False) + "\n"


def _handle_attest_error(request: Request, failure: Exception) -> JSONResponse:
    if isinstance(failure, UserError):
        return error_response(400, str(failure))
    log.error("%s: %s", request.url.path, failure)
    return error_response(500, str(failure))


def _handle_invalid_request(request: Request, failure: Exception) -> JSONResponse:
    assert isinstance(failure, RequestValidationError)
    first = failure.errors()[0]
    where = ".".join(str(part) for part in first["loc"][1:]) or "The request"
    return error_response(422, f"{where}: {str(first['msg']).lower()}; see GET /openapi.json")


def _handle_http_error(request: Request, failure: Exception) -> JSONResponse:
    assert isinstance(failure, StarletteHTTPException)
    return error_response(failure.status_code, str(failure.detail))


def _handle_failure(request: Request, failure: Exception) -> JSONResponse:
    """Return the answer to a failure that nothing else handles. Starlette logs it."""
    response = error_response(500, FAILED)
    response.headers.update(HEADERS)  # Starlette sends this past every middleware
    return response
